//! Folders that hold a dataset in files for its sides.

use std::path::Path;

use crate::config::Job;
use crate::split::Side;
use crate::write::MANIFEST;

/// The side that a file of a divided dataset holds, by the first word of its name.
pub(super) fn side_of(file_name: &str) -> Option<Side> {
    Side::of_word(file_name.split(|letter: char| !letter.is_ascii_alphabetic()).next()?)
}

/// The files that a path stands for: those of the sides, for a folder that has a training file. What else lies there (what
/// was rejected, where rows came from) is no part of the dataset.
pub(super) fn files_of(path: &str) -> (Vec<String>, bool) {
    let mut files: Vec<(String, Side)> = Vec::new();
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type().is_ok_and(|kind| !kind.is_dir());
        if let Some(side) = side_of(&name).filter(|_| is_file) {
            files.push((Path::new(path).join(name).display().to_string(), side));
        }
    }
    if !files.iter().any(|(_, side)| *side == Side::Train) {
        let kept = Path::new(path).join(Job::Dedup.file(Side::Train));
        let of_dedup = kept.is_file() && Path::new(path).join(MANIFEST).is_file();
        let whole = if of_dedup { kept.display().to_string() } else { path.to_owned() };
        return (vec![whole], false);
    }
    files.sort();
    (files.into_iter().map(|(name, _)| name).collect(), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_known_by_the_first_word() {
        let cases = [
            ("train.jsonl", Some(Side::Train)),
            ("Train-00000-of-00001.parquet", Some(Side::Train)),
            ("validation.csv", Some(Side::Valid)),
            ("test_rows.json", Some(Side::Test)),
            ("trainer.jsonl", None),
            ("rejected.jsonl", None),
        ];
        for (name, side) in cases {
            assert_eq!(side_of(name), side, "{name}");
        }
    }

    #[test]
    fn of_a_run_its_rows_are_taken() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().display().to_string();
        let names = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| home.path().join(name).display().to_string()).collect()
        };
        let make = |name: &str| std::fs::write(home.path().join(name), "").unwrap();
        ["provenance.jsonl", "kept.jsonl"].into_iter().for_each(make);
        assert_eq!(files_of(&folder), (vec![folder.clone()], false));
        make(MANIFEST);
        assert_eq!(files_of(&folder), (names(&["kept.jsonl"]), false));
        ["valid.jsonl", "train.jsonl"].into_iter().for_each(make);
        assert_eq!(files_of(&folder), (names(&["train.jsonl", "valid.jsonl"]), true));
        assert_eq!(files_of("nowhere"), (vec!["nowhere".to_owned()], false));
    }
}
