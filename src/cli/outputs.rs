//! Single files that a command writes: never an input, never one for two things.

use std::path::Path;

use chatmill::pipeline::Plan;
use chatmill::{Error, Result};

/// Whether two paths lead to one file, there or not yet; devices may be shared.
pub fn same_file(a: &Path, b: &Path) -> bool {
    if a.exists() && !a.is_file() {
        return false;
    }
    let whole = |path: &Path| {
        path.canonicalize().ok().or_else(|| {
            let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            Some(folder.unwrap_or(Path::new(".")).canonicalize().ok()?.join(path.file_name()?))
        })
    };
    whole(a).is_some_and(|a| Some(a) == whole(b))
}

/// What a run reads it does not write.
pub fn refuse_input_as_output(plan: &Plan, output: &Path) -> Result<()> {
    let Ok(output) = output.canonicalize() else { return Ok(()) };
    let same = plan.sources.iter().find(|planned| {
        planned.source.path().is_some_and(|path| path.canonicalize().is_ok_and(|path| path == output))
    });
    match same {
        Some(planned) => Err(Error::usage(format!("`{}` is input and output at once", planned.source.name))
            .with_hint("write to another file; inputs are never changed")),
        None => Ok(()),
    }
}
