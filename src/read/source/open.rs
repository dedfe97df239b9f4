//! Opening a source as a stream of UTF-8.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use flate2::read::{DeflateDecoder, MultiGzDecoder};

use super::limit::{Checked, Counted, Limited};
use super::transcode::Transcoder;
use super::{Place, Source};
use crate::error::{Error, Result};
use crate::read::settings::ReadSettings;

/// What opening found at the beginning of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Beginning {
    /// A UTF-8 byte order mark, taken away.
    pub byte_order_mark: bool,
    /// The stream was converted to UTF-8 from this encoding.
    pub converted_from: Option<&'static str>,
}

impl Source {
    /// The stream from its first byte: unpacked, converted to UTF-8, without a byte order mark.
    pub fn open(&self, settings: &ReadSettings) -> Result<Box<dyn Read + Send>> {
        Ok(self.open_noting(settings)?.0)
    }

    /// Like [`Source::open`], and what stood at the beginning.
    pub fn open_noting(&self, settings: &ReadSettings) -> Result<(Box<dyn Read + Send>, Beginning)> {
        let (stream, beginning) = self.open_all(settings)?;
        Ok(match self.only {
            Some(bytes) => (Box::new(stream.take(bytes)), beginning),
            None => (stream, beginning),
        })
    }

    fn open_all(&self, settings: &ReadSettings) -> Result<(Box<dyn Read + Send>, Beginning)> {
        let cannot = |error: std::io::Error| Error::input(format!("cannot open `{}`: {error}", self.name));
        // What was a table is UTF-8 by now, whatever encoding was asked for the others.
        match &self.place {
            Place::Converted { text, .. } => {
                let file = File::open(text.as_ref()).map_err(cannot)?;
                return Ok((Box::new(Counted::new(file, &self.progress)), Beginning::default()));
            }
            #[cfg(feature = "parquet")]
            Place::Parquet { file, .. } => {
                let rows = file.open(settings, &self.progress).map_err(cannot)?;
                return Ok((Box::new(rows), Beginning::default()));
            }
            _ => {}
        }
        let mut unpacked = self.unpack(settings).map_err(cannot)?;
        let mut head = [0; 256];
        let filled = fill(&mut unpacked, &mut head).map_err(|error| {
            Error::input(format!("cannot read `{}`: {error}", self.name))
                .with_hint("the file is cut short or damaged")
        })?;
        let head = &head[..filled];
        let mut beginning = Beginning::default();
        let forced = settings.encoding.as_deref().map(known_encoding).transpose()?;
        let (mark, utf16) = match head {
            [0xef, 0xbb, 0xbf, ..] => (3, None),
            [0xff, 0xfe, ..] => (2, Some(UTF_16LE)),
            [0xfe, 0xff, ..] => (2, Some(UTF_16BE)),
            _ => (0, utf16_without_mark(head)),
        };
        beginning.byte_order_mark = mark == 3;
        let rest = std::io::Cursor::new(head[mark..].to_vec()).chain(unpacked);
        let encoding = utf16.or(forced).filter(|encoding| *encoding != encoding_rs::UTF_8);
        Ok(match encoding {
            None => (Box::new(rest), beginning),
            Some(encoding) => {
                beginning.converted_from = Some(encoding.name());
                (Box::new(Transcoder::new(rest, encoding)), beginning)
            }
        })
    }

    /// Whether the file is neither packed nor a member of an archive.
    pub(super) fn stored_as_is(&self) -> std::io::Result<bool> {
        let Place::File(path) = &self.place else { return Ok(false) };
        let mut magic = [0; 4];
        let filled = fill(&mut File::open(path)?, &mut magic)?;
        Ok(!is_packed(&magic[..filled]))
    }

    /// The stored bytes, unpacked, with bounds on expansion.
    pub(super) fn unpack(&self, settings: &ReadSettings) -> std::io::Result<Box<dyn Read + Send>> {
        let ratio = settings.limits.ratio;
        let mut file = match &self.place {
            Place::File(path) => File::open(path)?,
            Place::Stream(file) => file.reopen()?,
            Place::Converted { text, .. } => File::open(text.as_ref())?,
            #[cfg(feature = "parquet")]
            Place::Parquet { file, .. } => return Ok(Box::new(file.open(settings, &self.progress)?)),
            Place::ZipMember { archive, start, packed, deflated, crc } => {
                let mut file = File::open(archive)?;
                file.seek(SeekFrom::Start(*start))?;
                let stored = Counted::new(BufReader::new(file.take(*packed)), &self.progress);
                let mut checked: Box<dyn Read + Send> = if *deflated {
                    Box::new(Checked::new(DeflateDecoder::new(stored), *crc))
                } else {
                    Box::new(Checked::new(stored, *crc))
                };
                // A packed file may lie in the archive.
                let mut magic = [0; 4];
                let filled = fill(&mut checked, &mut magic)?;
                let whole = std::io::Cursor::new(magic).take(filled as u64).chain(checked);
                let unpacked = unpacked(whole, &magic[..filled])?;
                return Ok(Box::new(Limited::new(unpacked, &self.progress, ratio)));
            }
        };
        let mut magic = [0; 4];
        let filled = fill(&mut file, &mut magic)?;
        file.rewind()?;
        let stored = Counted::new(file, &self.progress);
        if !is_packed(&magic[..filled]) {
            return Ok(Box::new(stored));
        }
        Ok(Box::new(Limited::new(unpacked(stored, &magic[..filled])?, &self.progress, ratio)))
    }
}

/// The stream without its packing, if it has any; it begins with `magic`.
fn unpacked<'a>(stored: impl Read + Send + 'a, magic: &[u8]) -> std::io::Result<Box<dyn Read + Send + 'a>> {
    Ok(if magic.starts_with(&GZIP) {
        Box::new(MultiGzDecoder::new(BufReader::new(stored)))
    } else if magic.starts_with(&ZSTANDARD) {
        let mut unpacked = zstd::Decoder::new(stored)?;
        // Frames that want a window above 128 MiB are refused by the library as hostile.
        unpacked.window_log_max(27)?;
        Box::new(unpacked)
    } else {
        Box::new(stored)
    })
}

/// How files packed with gzip begin.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// How files packed with zstandard begin.
const ZSTANDARD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

fn is_packed(head: &[u8]) -> bool {
    head.starts_with(&GZIP) || head.starts_with(&ZSTANDARD)
}

/// Reads until `buffer` is full or the stream ends.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// UTF-16 without a mark shows as a NUL in every second byte of Western text.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    if head.len() < 4 {
        return None;
    }
    let pairs = head.len() / 2;
    let zeros = |at: usize| head.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 >= pairs * 8 && even == 0 {
        Some(UTF_16LE)
    } else if even * 10 >= pairs * 8 && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn known_encoding(label: &str) -> Result<&'static Encoding> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        Error::usage(format!("unknown encoding `{label}`"))
            .with_hint("known are the labels of the WHATWG list, such as `utf-8`, `windows-1252`, `iso-8859-2`, `utf-16le`, `shift_jis`")
    })
}
