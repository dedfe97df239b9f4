//! A file written again with some rows replaced: everything else is copied as it stands, line ends included.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::Settings;
use crate::diagnostic::FixedFile;
use crate::error::{Error, Result};
use crate::model::Origin;
use crate::read::Source;
use crate::read::source::unchanged;
use crate::write::Replacing;

/// The bytes of a UTF-8 byte order mark.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The source, opened a second time and copied up to the rows that change. Nothing is opened or written before the
/// first change.
pub(super) struct Copy<'a> {
    settings: &'a Settings,
    source: Source,
    path: PathBuf,
    /// The source begins with a byte order mark, which opening takes away.
    mark: bool,
    open: Option<Open>,
}

struct Open {
    original: Box<dyn Read + Send>,
    name: String,
    /// Bytes of the original that are written or passed over.
    at: u64,
    out: Replacing,
    buffer: Vec<u8>,
}

impl<'a> Copy<'a> {
    pub(super) fn new(settings: &'a Settings, source: &Source, path: PathBuf, mark: bool) -> Self {
        // Two readers of one source must not count for one another: what is packed is held to a ratio by that count.
        let source = Source { progress: Arc::default(), ..source.clone() };
        Self { settings, source, path, mark, open: None }
    }

    /// Begins, and leaves out the byte order mark.
    pub(super) fn begin_without_mark(&mut self) -> Result<()> {
        self.mark = false;
        self.open().map(|_| ())
    }

    /// Writes `row` in the place of the row at `origin`.
    pub(super) fn replace(&mut self, origin: Origin, row: &[u8]) -> Result<()> {
        let open = self.open()?;
        open.until(origin.offset, true)?;
        open.out.write(row)?;
        open.until(origin.offset + origin.length, false)
    }

    /// Passes over the row at `origin` and its line end.
    pub(super) fn take_out(&mut self, origin: Origin) -> Result<()> {
        let open = self.open()?;
        open.until(origin.offset, true)?;
        open.until(origin.offset + origin.length, false)?;
        open.skip_line_end()
    }

    /// Copies the rest, and gives the file its name.
    pub(super) fn finish(mut self) -> Result<()> {
        let open = self.open.take().map_or_else(|| self.begin(), Ok)?;
        let out = open.finish()?;
        self.unchanged()?;
        out.finish()
    }

    /// Copies the rest and puts the file in the place of the original, with a backup where one is wanted; `None` when
    /// nothing was changed.
    pub(super) fn finish_in_place(mut self, backup: bool) -> Result<Option<FixedFile>> {
        let Some(open) = self.open.take() else { return Ok(None) };
        let out = open.finish()?;
        self.unchanged()?;
        let backup = if backup {
            Some(out.finish_with_backup()?.display().to_string())
        } else {
            out.finish_without_backup()?;
            None
        };
        Ok(Some(FixedFile { path: self.source.name.clone(), backup }))
    }

    /// What somebody appends while we copy must not be lost.
    fn unchanged(&self) -> Result<()> {
        match self.source.path() {
            Some(path) => unchanged(path, self.source.stamp, &self.source.name, ("fixed", "it is as it was")),
            None => Ok(()),
        }
    }

    fn open(&mut self) -> Result<&mut Open> {
        let open = self.open.take().map_or_else(|| self.begin(), Ok)?;
        Ok(self.open.insert(open))
    }

    fn begin(&self) -> Result<Open> {
        // A link leads to the file that is meant; replacing the link would leave that one as it was.
        let path = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        let mut out = Replacing::create(&path)?;
        if self.mark {
            out.write(MARK)?;
        }
        let original = self.source.open(&self.settings.read)?;
        Ok(Open { original, name: self.source.name.clone(), at: 0, out, buffer: Vec::new() })
    }
}

/// Bytes copied at once.
const PIECE: usize = 256 << 10;

impl Open {
    /// Goes on in the original to `offset`, writing what is passed or not.
    fn until(&mut self, offset: u64, write: bool) -> Result<()> {
        while self.at < offset {
            let piece = usize::try_from(offset - self.at).unwrap_or(PIECE).min(PIECE);
            if self.piece(piece)? == 0 {
                return Err(self.shorter());
            }
            if write {
                self.out.write(&self.buffer)?;
            }
        }
        Ok(())
    }

    /// Passes over bytes up to and with the next line feed.
    fn skip_line_end(&mut self) -> Result<()> {
        while self.piece(1)? > 0 && self.buffer != b"\n" {}
        Ok(())
    }

    fn finish(mut self) -> Result<Replacing> {
        while self.piece(PIECE)? > 0 {
            self.out.write(&self.buffer)?;
        }
        Ok(self.out)
    }

    /// Reads at most `most` bytes into the buffer; 0 at the end.
    fn piece(&mut self, most: usize) -> Result<usize> {
        self.buffer.resize(most, 0);
        let read = loop {
            match self.original.read(&mut self.buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let read =
            read.map_err(|error| Error::input(format!("cannot read `{}` again: {error}", self.name)))?;
        self.buffer.truncate(read);
        self.at += read as u64;
        Ok(read)
    }

    fn shorter(&self) -> Error {
        Error::input(format!("`{}` was cut while it was being fixed", self.name))
            .with_hint("run it again when nobody writes to the file")
    }
}
