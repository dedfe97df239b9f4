//! A database as it may be opened: nothing beside or in it changes, and it may not change meanwhile.

use std::fmt::Write as _;
use std::io::Read;
use std::path::PathBuf;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::DAMAGED;
use crate::error::{Error, Result};
use crate::read::settings::ReadSettings;
use crate::read::source::Stamp;
use crate::read::source::table::Packed;

/// Longest cell in bytes, at least: what SQLite itself takes by default is a thousand times more.
const CELL_BYTES: usize = 1 << 20;

/// A database as it may be opened.
pub(super) struct Held {
    path: PathBuf,
    /// The folder of the copy, and the files that were copied, where there is a log beside the database.
    copy: Option<tempfile::TempDir>,
    originals: Vec<(PathBuf, Option<Stamp>)>,
}

impl Held {
    /// The database where it is, or copied with its log: what stands in the log is part of the data, and reading it in
    /// place would write beside it.
    pub(super) fn of(file: &Packed) -> Result<Self> {
        let cannot = |error: std::io::Error| {
            Error::input(format!("cannot read the database `{}`: {error}", file.name)).with_hint(DAMAGED)
        };
        let path = file.path().to_owned();
        std::fs::metadata(&path).map_err(cannot)?;
        let mut originals = vec![(path.clone(), Stamp::of(&path))];
        for suffix in ["-wal", "-journal"] {
            let mut log = path.clone().into_os_string();
            log.push(suffix);
            let log = PathBuf::from(log);
            if std::fs::metadata(&log).is_ok_and(|metadata| metadata.len() > 0) {
                let stamp = Stamp::of(&log);
                originals.push((log, stamp));
            }
        }
        if originals.len() == 1 {
            whole(file).map_err(cannot)?;
            return Ok(Self { path, copy: None, originals });
        }
        let folder = tempfile::tempdir().map_err(cannot)?;
        let copy = folder.path().join("copy");
        for (original, _) in &originals {
            let suffix = original.as_os_str().as_encoded_bytes().get(path.as_os_str().len()..);
            let suffix = suffix.and_then(|suffix| std::str::from_utf8(suffix).ok()).unwrap_or_default();
            std::fs::copy(original, folder.path().join(format!("copy{suffix}"))).map_err(cannot)?;
        }
        let held = Self { path: copy, copy: Some(folder), originals };
        held.unchanged(&file.name)?;
        Ok(held)
    }

    pub(super) fn open(&self, settings: &ReadSettings) -> rusqlite::Result<Connection> {
        let (mut uri, mut flags) = (String::from("file:"), OpenFlags::SQLITE_OPEN_URI);
        for byte in self.path.as_os_str().as_encoded_bytes() {
            match byte {
                b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                    uri.push(char::from(*byte));
                }
                other => {
                    let _ = write!(uri, "%{other:02x}");
                }
            }
        }
        if self.copy.is_some() {
            // Ours, and its log has to be worked in.
            flags |= OpenFlags::SQLITE_OPEN_READ_WRITE;
        } else {
            flags |= OpenFlags::SQLITE_OPEN_READ_ONLY;
            uri.push_str("?mode=ro&immutable=1");
        }
        let database = Connection::open_with_flags(uri, flags)?;
        for (what, on) in [
            (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
            // Views may not call what touches the world, whoever wrote them.
            (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        ] {
            database.set_db_config(what, on)?;
        }
        let longest = settings.limits.record_bytes.max(CELL_BYTES);
        database.set_limit(Limit::SQLITE_LIMIT_LENGTH, i32::try_from(longest).unwrap_or(i32::MAX))?;
        database.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        database.pragma_update(None, "query_only", true)?;
        database.pragma_update(None, "cell_size_check", true)?;
        // The first look at the file, so that what is no database shows here.
        database.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(database)
    }

    /// Nobody wrote while it was read.
    pub(super) fn unchanged(&self, name: &str) -> Result<()> {
        if self.originals.iter().all(|(path, before)| *before == Stamp::of(path)) {
            return Ok(());
        }
        Err(Error::input(format!("`{name}` changed while it was read"))
            .with_hint("stop the program that writes into it, or copy it with `sqlite3 FILE .backup COPY`"))
    }
}

/// A database that is cut short is an error, even where the query asks for nothing that is missing. Its first page says
/// how many pages there are ("Database File Format", 1.3, sqlite.org).
fn whole(file: &Packed) -> std::io::Result<()> {
    let mut opened = std::fs::File::open(file.path())?;
    let mut head = [0; 100];
    opened.read_exact(&mut head)?;
    let number = |at: usize| {
        head.get(at..at + 4).map_or(0, |bytes| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    let page = match number(16) >> 16 {
        1 => 65_536,
        bytes => bytes,
    };
    // Only believed where the program that wrote last kept it.
    if number(24) == number(92) && number(28) * page > opened.metadata()?.len() {
        return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it is cut short"));
    }
    Ok(())
}
