//! Files that appear under their names when they are whole, and stay there.

use std::io;
use std::path::Path;

/// A temporary file in the folder of `path`, which is made where it is not there, as open to others as any file the user
/// makes.
///
/// # Errors
///
/// What the system says, without the name of the temporary file: nobody asked for that.
pub fn temporary_beside(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = folder_of(path);
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".chatmill-").tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))
}

/// The folder that holds `path`.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Renames in a folder are on the disk only when the folder is.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
