//! One output file: counted, hashed, synced.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use crate::error::{Error, Result};

/// A file being written under a temporary name.
pub struct OutFile {
    /// What is not handed on yet.
    buffer: Vec<u8>,
    hand: Hand,
    path: PathBuf,
    name: String,
    bytes: u64,
    rows: u64,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its final name, without folder.
    pub name: String,
    /// Rows in it.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// Its BLAKE3 digest, in hexadecimal.
    pub blake3: String,
}

/// Buffer of a writer: large enough that the system is asked some thousand times a gigabyte. Hashed in one go, too:
/// BLAKE3 takes many blocks at once several times faster.
pub(super) const BUFFER: usize = 256 << 10;
/// Full buffers that may wait for the disk.
const WAITING: usize = 4;
/// Bytes after which a file is synced on the way, so that the disk works while rows come and not when all is done; beside
/// the writing, which would wait for the disk otherwise.
const SYNCED: usize = 16 << 20;

/// Who hashes and writes.
enum Hand {
    /// The thread that has the rows: most files are small.
    Own(Box<Pen>),
    /// A thread of the file's own, from the first full buffer on.
    Helper(Helper),
    /// Nobody any more: the file could not be written.
    Nobody,
}

/// Hashes and writes.
struct Pen {
    file: File,
    hasher: blake3::Hasher,
    /// Bytes written since the file was last synced on the way, and how many may be.
    loose: usize,
    most_loose: usize,
    /// A sync on the way that has not been waited for.
    syncing: Option<JoinHandle<std::io::Result<()>>>,
}

impl Pen {
    fn new(file: File) -> Box<Self> {
        let hasher = blake3::Hasher::new();
        Box::new(Self { file, hasher, loose: 0, most_loose: SYNCED, syncing: None })
    }

    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hasher.update(bytes);
        self.file.write_all(bytes)?;
        self.loose += bytes.len();
        // A disk that is slower than the rows is not asked twice at once.
        if self.loose >= self.most_loose && self.syncing.as_ref().is_none_or(JoinHandle::is_finished) {
            self.synced()?;
            match self.sync_beside() {
                Ok(syncing) => self.syncing = Some(syncing),
                // Where there is no room for a thread or a handle.
                Err(_) => self.file.sync_data()?,
            }
            self.loose = 0;
        }
        Ok(())
    }

    fn sync_beside(&self) -> std::io::Result<JoinHandle<std::io::Result<()>>> {
        let file = self.file.try_clone()?;
        std::thread::Builder::new().name("sync".to_owned()).spawn(move || file.sync_data())
    }

    /// Waits for the sync on the way, if there is one: what fails on the disk may be told to that one alone.
    fn synced(&mut self) -> std::io::Result<()> {
        let ended = self.syncing.take().map(JoinHandle::join);
        ended.unwrap_or(Ok(Ok(()))).map_err(|_| std::io::Error::other("a syncing thread met a defect"))?
    }

    /// The file is whole on the disk after that.
    fn sync(mut self) -> std::io::Result<blake3::Hash> {
        self.synced()?;
        self.file.sync_all()?;
        Ok(self.hasher.finalize())
    }
}

impl Drop for Pen {
    fn drop(&mut self) {
        // Nothing is open in a folder that is being taken away.
        let _ = self.synced();
    }
}

/// A thread with a pen.
struct Helper {
    /// Closed when nothing more comes.
    full: Option<SyncSender<Order>>,
    empty: Receiver<Vec<u8>>,
    thread: Option<JoinHandle<std::io::Result<Option<blake3::Hash>>>>,
}

/// What a helper is told.
enum Order {
    Write(Vec<u8>),
    Sync,
}

impl Helper {
    /// Hands the pen on.
    fn start(pen: Box<Pen>, name: &str) -> std::io::Result<Self> {
        let (full, orders) = sync_channel(WAITING);
        let (emptied, empty) = channel();
        let thread = std::thread::Builder::new()
            .name(format!("write-{name}"))
            .spawn(move || follow(pen, &orders, &emptied))?;
        Ok(Self { full: Some(full), empty, thread: Some(thread) })
    }

    /// Gives an order; `false` when the thread has ended already.
    fn order(&self, order: Order) -> bool {
        self.full.as_ref().is_some_and(|full| full.send(order).is_ok())
    }

    /// What the thread ended with.
    fn end(&mut self) -> std::io::Result<Option<blake3::Hash>> {
        self.full = None;
        let ended = self.thread.take().map(JoinHandle::join);
        ended
            .transpose()
            .map_err(|_| std::io::Error::other("a writing thread met a defect"))?
            .unwrap_or(Ok(None))
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        // Nobody writes into a folder that is being taken away.
        let _ = self.end();
    }
}

fn follow(
    mut pen: Box<Pen>,
    orders: &Receiver<Order>,
    emptied: &Sender<Vec<u8>>,
) -> std::io::Result<Option<blake3::Hash>> {
    while let Ok(order) = orders.recv() {
        match order {
            Order::Write(mut buffer) => {
                pen.write(&buffer)?;
                buffer.clear();
                if buffer.capacity() <= 2 * BUFFER {
                    let _ = emptied.send(buffer);
                }
            }
            Order::Sync => return pen.sync().map(Some),
        }
    }
    Ok(None)
}

impl OutFile {
    /// Creates `folder/name`; must not exist.
    pub(super) fn create(folder: &Path, name: &str) -> Result<Self> {
        let path = folder.join(name);
        let file = File::create_new(&path).map_err(|error| write_error(&path, &error))?;
        Ok(Self {
            buffer: Vec::new(),
            hand: Hand::Own(Pen::new(file)),
            path,
            name: name.to_owned(),
            bytes: 0,
            rows: 0,
        })
    }

    /// Writes one row and its line feed.
    pub fn row(&mut self, row: &[u8]) -> Result<()> {
        self.row_of(&[row])
    }

    /// Writes one row that comes in pieces, and its line feed.
    pub fn row_of(&mut self, pieces: &[&[u8]]) -> Result<()> {
        pieces.iter().for_each(|piece| self.buffer.extend_from_slice(piece));
        self.buffer.push(b'\n');
        self.rows += 1;
        self.flush_if_full()
    }

    /// Writes rows as they are, each with its line feed.
    pub fn lines(&mut self, lines: &[u8]) -> Result<()> {
        self.buffer.extend_from_slice(lines);
        self.rows += memchr::memchr_iter(b'\n', lines).count() as u64;
        self.flush_if_full()
    }

    fn flush_if_full(&mut self) -> Result<()> {
        if self.buffer.len() < BUFFER {
            return Ok(());
        }
        self.hand = match std::mem::replace(&mut self.hand, Hand::Nobody) {
            Hand::Own(pen) => {
                Hand::Helper(Helper::start(pen, &self.name).map_err(|error| write_error(&self.path, &error))?)
            }
            other => other,
        };
        self.flush()
    }

    /// Hands on what is held.
    fn flush(&mut self) -> Result<()> {
        self.bytes += self.buffer.len() as u64;
        match &mut self.hand {
            Hand::Own(pen) => pen.write(&self.buffer).map_err(|error| write_error(&self.path, &error)),
            Hand::Helper(helper) => {
                let next =
                    helper.empty.try_recv().unwrap_or_else(|_| Vec::with_capacity(BUFFER + BUFFER / 4));
                if helper.order(Order::Write(std::mem::replace(&mut self.buffer, next))) {
                    return Ok(());
                }
                Err(self.broken())
            }
            Hand::Nobody => Err(self.broken()),
        }
    }

    /// Why the helper ended before it was told to.
    fn broken(&mut self) -> Error {
        let ended = match &mut self.hand {
            Hand::Helper(helper) => helper.end().err(),
            Hand::Own(_) | Hand::Nobody => None,
        };
        write_error(&self.path, &ended.unwrap_or_else(|| std::io::Error::other("the file is closed")))
    }

    /// Ends the file: what is held is written, and the disk begins to take it. Several files can be ended and then waited for.
    pub fn end(mut self) -> Result<Ending> {
        if let Hand::Helper(_) = self.hand {
            self.flush()?;
        }
        let waits = match std::mem::replace(&mut self.hand, Hand::Nobody) {
            Hand::Own(mut pen) => {
                self.bytes += self.buffer.len() as u64;
                pen.write(&self.buffer).map_err(|error| write_error(&self.path, &error))?;
                Waits::Own(pen)
            }
            Hand::Helper(helper) if helper.order(Order::Sync) => Waits::Helper(helper),
            broken => {
                self.hand = broken;
                return Err(self.broken());
            }
        };
        Ok(Ending { waits, path: self.path, name: self.name, bytes: self.bytes, rows: self.rows })
    }
}

/// A file that takes no more rows and is not whole on the disk yet.
pub struct Ending {
    waits: Waits,
    path: PathBuf,
    name: String,
    bytes: u64,
    rows: u64,
}

enum Waits {
    /// For the sync of a small file, which is not begun.
    Own(Box<Pen>),
    /// For the thread of a large one.
    Helper(Helper),
}

impl Ending {
    /// Waits until the file is whole on the disk.
    pub(super) fn wait(self) -> Result<Written> {
        let digest = match self.waits {
            Waits::Own(pen) => pen.sync().map(Some),
            Waits::Helper(mut helper) => helper.end(),
        };
        let digest = digest.map_err(|error| write_error(&self.path, &error))?;
        let digest = digest.ok_or_else(|| Error::internal("a file was ended without being synced"))?;
        Ok(Written {
            name: self.name,
            rows: self.rows,
            bytes: self.bytes,
            blake3: digest.to_hex().to_string(),
        })
    }
}

/// The error for a write that failed, with the way out for the usual reasons.
pub(super) fn write_error(path: &Path, error: &std::io::Error) -> Error {
    let message = format!("cannot write `{}`: {error}", path.display());
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Error::output(message)
            .with_hint("make room or choose another folder with `-o`; nothing was left under a final name"),
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            Error::output(message).with_hint("choose a folder you may write to with `-o`")
        }
        _ => Error::output(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `most_loose`: bytes after which the file is synced on the way.
    fn written(rows: &[Vec<u8>], most_loose: usize) -> (Written, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let mut file = OutFile::create(folder.path(), "rows.jsonl").unwrap();
        if let Hand::Own(pen) = &mut file.hand {
            pen.most_loose = most_loose;
        }
        rows.iter().for_each(|row| file.row(row).unwrap());
        let written = file.end().unwrap().wait().unwrap();
        (written, std::fs::read(folder.path().join("rows.jsonl")).unwrap())
    }

    #[test]
    fn small_and_large_files_are_whole_counted_and_hashed() {
        for (count, length) in [(0, 0), (3, 5), (40, BUFFER / 3), (2, 5 * BUFFER), (30_000, 100)] {
            let rows = vec![vec![b'x'; length]; count];
            for most_loose in [1, 3 * BUFFER, SYNCED] {
                let (written, bytes) = written(&rows, most_loose);
                let wanted: Vec<u8> = rows.iter().flat_map(|row| [row, &b"\n"[..]].concat()).collect();
                assert!(bytes == wanted, "{count} rows of {length} bytes, synced after {most_loose}");
                assert_eq!((written.rows, written.bytes), (count as u64, bytes.len() as u64));
                assert_eq!(written.blake3, blake3::hash(&bytes).to_hex().as_str());
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_with_a_way_out() {
        let file = File::options().write(true).open("/dev/full").unwrap();
        let mut out = OutFile {
            buffer: Vec::new(),
            hand: Hand::Own(Pen::new(file)),
            path: "full".into(),
            name: "full".to_owned(),
            bytes: 0,
            rows: 0,
        };
        let row = vec![b'x'; BUFFER];
        let error = (0..100).find_map(|_| out.row(&row).err()).unwrap();
        assert!(error.hint().unwrap().contains("make room"), "{error}");
        assert!(out.end().is_err());
    }
}
