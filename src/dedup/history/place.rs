//! Where folders lie, seen from the index: so that index and folders may be moved together, and the bytes of an index do not
//! depend on where both lie.

use std::path::{Component, Path, PathBuf};

use crate::disk::folder_of;

/// The path from the root, links followed as far as it is there.
fn settled(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut missing = Vec::new();
    let mut at = absolute.as_path();
    loop {
        if let Ok(found) = at.canonicalize() {
            return missing.iter().rev().fold(found, |path, name| path.join(name));
        }
        let (Some(parent), Some(name)) = (at.parent(), at.file_name()) else { return absolute };
        missing.push(name);
        at = parent;
    }
}

/// The folder in which an index lies.
pub(super) fn home(index: &Path) -> PathBuf {
    folder_of(&settled(index)).to_owned()
}

/// The way from one folder to another, `/` between steps; from the root where they have nothing in common.
pub(super) fn between(from: &Path, to: &Path) -> String {
    let (from, to) = (settled(from), settled(to));
    let (mut from_steps, mut to_steps) = (from.components().peekable(), to.components().peekable());
    if from_steps.peek() != to_steps.peek() {
        return to.to_string_lossy().into_owned();
    }
    while from_steps.peek().is_some() && from_steps.peek() == to_steps.peek() {
        from_steps.next();
        to_steps.next();
    }
    let up = from_steps.map(|_| Component::ParentDir);
    let steps = up.chain(to_steps).map(|step| step.as_os_str().to_string_lossy().into_owned());
    steps.collect::<Vec<String>>().join("/")
}

/// Whether a file lies in a folder, or would.
pub fn lies_in(file: &Path, folder: &Path) -> bool {
    settled(file).starts_with(settled(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_one_folder_to_another() {
        let home = tempfile::tempdir().unwrap();
        let at = |path: &str| home.path().join(path);
        std::fs::create_dir_all(at("a/b")).unwrap();
        assert_eq!(between(&at("a"), &at("a/b")), "b");
        assert_eq!(between(&at("a/b"), &at("c/d")), "../../c/d");
        assert_eq!(between(&at("a"), &at("a")), "");
        assert!(lies_in(&at("a/b/index"), &at("a")) && lies_in(&at("x/y"), &at("x")));
        assert!(!lies_in(&at("ab"), &at("a")));
    }
}
