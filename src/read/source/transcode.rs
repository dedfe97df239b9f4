//! A stream converted to UTF-8 on the way.

use std::io::Read;

use encoding_rs::{CoderResult, Decoder, Encoding};

/// Bytes read at once; the output may be up to three times as long.
const CHUNK: usize = 16 << 10;

/// Converts while reading; what is not valid in the encoding becomes U+FFFD.
pub(super) struct Transcoder<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    input_at: usize,
    output: Vec<u8>,
    output_at: usize,
    ended: bool,
}

impl<R: Read> Transcoder<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_without_bom_handling(),
            input: Vec::new(),
            input_at: 0,
            output: Vec::new(),
            output_at: 0,
            ended: false,
        }
    }

    fn refill(&mut self) -> std::io::Result<()> {
        if self.input_at == self.input.len() {
            self.input.resize(CHUNK, 0);
            let read = self.inner.read(&mut self.input)?;
            self.input.truncate(read);
            self.input_at = 0;
            self.ended = read == 0;
        }
        self.output.resize(CHUNK * 3 + 16, 0);
        let (result, read, written, _) =
            self.decoder.decode_to_utf8(&self.input[self.input_at..], &mut self.output, self.ended);
        self.input_at += read;
        if result == CoderResult::OutputFull {
            // The rest follows with the next call; a stream that has ended is asked again until it is dry.
            self.ended = false;
        }
        self.output.truncate(written);
        self.output_at = 0;
        Ok(())
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.output_at == self.output.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.output.len() - self.output_at);
        buffer[..count].copy_from_slice(&self.output[self.output_at..self.output_at + count]);
        self.output_at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_becomes_utf8_whatever_the_chunks() {
        let text = "Grüße, 世界 🎉\n".repeat(5_000);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut read = String::new();
        Transcoder::new(std::io::Cursor::new(bytes), encoding_rs::UTF_16LE)
            .read_to_string(&mut read)
            .unwrap();
        assert_eq!(read, text);
    }
}
