//! The head of an index: what it is, on what terms its rows are recorded, and up to where it counts.
//!
//! ```text
//!    0  magic, version, terms, BLAKE3 of the head
//!  512  slot: where the runs that count end, BLAKE3
//! 1024  the same slot again
//! 1536  runs, one behind the other
//! ```
//!
//! Head and slots lie in disk sectors of their own (512 bytes are written whole or not at all by the disks in use), and the
//! second slot is written when the first is on the disk: one of them is always whole.

use std::fs::File;

use super::fault::Fault;
use super::segment::Digest;
use crate::disk::{Packed, packed, read_at, write_at};

/// The first bytes of every index. The line feed behind the carriage return tells a file that was copied as text.
const MAGIC: [u8; 16] = *b"chatmill index\r\n";

/// Version of this layout.
pub(super) const VERSION: u32 = 1;

/// Bytes of the head, and of each slot.
const SECTOR: usize = 512;

/// Where the slots lie.
const SLOTS: [u64; 2] = [SECTOR as u64, 2 * SECTOR as u64];

/// Where runs begin.
pub(super) const START: u64 = 3 * SECTOR as u64;

/// Bytes for the terms.
const TERMS: usize = 384;

/// What comes first.
#[derive(Clone, Copy)]
struct Head {
    magic: [u8; 16],
    version: u32,
    terms_bytes: u32,
    terms: [u8; TERMS],
    check: Digest,
}
packed!(Head { magic: [u8; 16], version: u32, terms_bytes: u32, terms: [u8; TERMS], check: Digest });

impl Head {
    /// The digest of everything before it.
    fn sum(self) -> Digest {
        let mut bytes = Vec::with_capacity(SECTOR);
        self.append(&mut bytes);
        bytes.truncate(Self::BYTES - size_of::<Digest>());
        *blake3::hash(&bytes).as_bytes()
    }
}

/// Up to where the index counts.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Slot {
    end: u64,
    check: Digest,
}
packed!(Slot { end: u64, check: Digest });

impl Slot {
    fn new(end: u64) -> Self {
        let check = *blake3::keyed_hash(b"chatmill: end of an index's runs", &end.to_le_bytes()).as_bytes();
        Self { end, check }
    }

    fn sector(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SECTOR);
        self.append(&mut bytes);
        bytes.resize(SECTOR, 0);
        bytes
    }
}

/// The bytes of an index without rows; `None` where the terms are too long to be written down.
pub(super) fn fresh(terms: &str) -> Option<Vec<u8>> {
    let mut head = Head {
        magic: MAGIC,
        version: VERSION,
        terms_bytes: u32::try_from(terms.len()).ok()?,
        terms: [0; TERMS],
        check: [0; 32],
    };
    head.terms.get_mut(..terms.len())?.copy_from_slice(terms.as_bytes());
    head.check = head.sum();
    let mut bytes = Vec::new();
    head.append(&mut bytes);
    bytes.resize(SECTOR, 0);
    for _ in SLOTS {
        bytes.extend(Slot::new(START).sector());
    }
    Some(bytes)
}

/// The terms of an index of `length` bytes, and where the runs that count end.
pub(super) fn read(file: &File, length: u64) -> Result<(String, u64), Fault> {
    let mut bytes = vec![0; SECTOR.min(usize::try_from(length).unwrap_or(SECTOR))];
    read_at(file, &mut bytes, 0)?;
    if !bytes.starts_with(&MAGIC) {
        return Err(Fault::NoIndex);
    }
    let version = bytes.get(MAGIC.len()..).and_then(u32::unpack);
    if let Some(version) = version.filter(|version| *version != VERSION) {
        return Err(Fault::Version(version));
    }
    if length < START {
        return Err(Fault::Short { length, end: START });
    }
    let head = Head::unpack(&bytes).filter(|head| head.sum() == head.check);
    let head = head.ok_or(Fault::Damaged("its head"))?;
    let terms = usize::try_from(head.terms_bytes).ok().and_then(|length| head.terms.get(..length));
    let terms = terms.and_then(|terms| String::from_utf8(terms.to_vec()).ok());
    let terms = terms.ok_or(Fault::Damaged("its terms"))?;
    let mut end = None;
    for at in SLOTS {
        let mut bytes = vec![0; Slot::BYTES];
        read_at(file, &mut bytes, at)?;
        let slot = Slot::unpack(&bytes).filter(|slot| *slot == Slot::new(slot.end));
        // An index only grows: of two ends the later one was written later.
        end = end.max(slot.map(|slot| slot.end));
    }
    let end = end.filter(|end| *end >= START).ok_or(Fault::Damaged("where its runs end"))?;
    if length < end {
        return Err(Fault::Short { length, end });
    }
    Ok((terms, end))
}

/// Has the index count up to `end`. It counted up to there or to where it did before, whenever this breaks off.
pub(super) fn count_up_to(file: &File, end: u64) -> std::io::Result<()> {
    for at in SLOTS {
        write_at(file, &Slot::new(end).sector(), at)?;
        file.sync_all()?;
    }
    Ok(())
}
