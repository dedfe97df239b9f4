//! A tokenizer of the user's: `tokenizer.json` (Hugging Face), `tekken.json` (Mistral), `SentencePiece` models and
//! tiktoken files.
//!
//! What the file is, is seen from what it holds, not from its name. Texts are counted without control tokens, so that
//! look-alikes are ordinary text; what a chat template rendered is counted with them, each as one. Files are strangers':
//! their size is bounded, and a defect of the library that reads them is an error about the file.

use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use kitoken::convert::{
    ConversionError, convert_sentencepiece, convert_tekken, convert_tiktoken, convert_tokenizers,
};
use kitoken::{Definition, Kitoken};
use serde_json::Value;

use super::{Counter, Span};
use crate::error::{Error, Result};
use crate::text::cut::floor;
use crate::text::memory::Shared;
use crate::text::sanitize::excerpt;

/// The largest tokenizers (Gemma 3) have 33 MB.
const FILE_BYTES: u64 = 256 << 20;

/// Texts that are remembered, since these tokenizers take their time: up to 32 MiB.
const REMEMBERED: usize = 1_024;

/// Tokens of the tiktoken files whose way of splitting texts is known; the files do not say it. `cl100k_base`, Llama 3,
/// Qwen 2 to 3, Kimi K2, `o200k_base`, Llama 4.
const TIKTOKEN_SIZES: &[usize] = &[100_256, 128_000, 151_643, 163_584, 199_998, 200_000];

/// A text in several scripts that any tokenizer can encode.
const PROBE: &str = "Where is my order 48213?\n\tПривет, 你好, مرحبا 👍 é {\"a\": 1}";

/// What counts by the file.
struct Tokenizer {
    /// Without control tokens.
    plain: Kitoken,
    /// With control tokens; made when the first chat is rendered.
    whole: OnceLock<Option<Kitoken>>,
    definition: Definition,
    memory: Shared<Span>,
}

impl Counter for Tokenizer {
    fn count(&self, text: &str) -> u64 {
        self.span(text).low
    }

    fn span(&self, text: &str) -> Span {
        self.memory.recall(text, || tokens(&self.plain, text))
    }

    fn span_rendered(&self, text: &str) -> Span {
        match self.whole.get_or_init(|| made(&self.definition).ok()) {
            Some(whole) => tokens(whole, text),
            // Not reached: the same definition made `plain`.
            None => self.span(text),
        }
    }
}

/// Longer texts are counted in pieces, for the patterns of tokenizers go back over each blank of a run and give up (the
/// library with a panic) beyond about a million.
const PIECE: usize = 512 << 10;

/// Tokens of a text; each cut may have cost one.
fn tokens(tokenizer: &Kitoken, mut text: &str) -> Span {
    let (mut sum, mut cuts) = (Span::default(), 0);
    while text.len() > PIECE {
        let (piece, rest) = text.split_at(end_of_piece(text));
        sum = sum + tokens_of_piece(tokenizer, piece);
        cuts += 1;
        text = rest;
    }
    let sum = sum + tokens_of_piece(tokenizer, text);
    Span { low: sum.low.saturating_sub(cuts), high: sum.high }
}

/// Of a text that cannot be encoded it is only known that it has no more tokens than bytes.
fn tokens_of_piece(tokenizer: &Kitoken, text: &str) -> Span {
    let (low, high) = match tokenizer.encode(text, true) {
        Ok(tokens) => (tokens.len(), tokens.len()),
        Err(_) => (0, text.len()),
    };
    Span { low: low as u64, high: high as u64 }
}

/// Before the last word that begins in the piece, where every pattern cuts, or else at its last character.
fn end_of_piece(text: &str) -> usize {
    let before_word = |at: &usize| match text.as_bytes().get(at - 1..=*at) {
        Some([letter, b' ']) => letter.is_ascii_alphanumeric(),
        _ => false,
    };
    (PIECE / 2..=PIECE).rev().find(before_word).unwrap_or_else(|| floor(text, PIECE))
}

fn made(definition: &Definition) -> std::result::Result<Kitoken, String> {
    let made = catch_unwind(AssertUnwindSafe(|| Kitoken::from_definition(definition.clone())));
    made.map_err(|_| "it holds what its format does not".to_owned())?.map_err(|error| error.to_string())
}

/// Reads a tokenizer.
pub fn load(path: &Path) -> Result<Arc<dyn Counter>> {
    let name = excerpt(&path.display().to_string(), 200);
    let bytes = read(path, &name)?;
    let damaged = |why: String| {
        Error::input(format!("the tokenizer `{name}` cannot be used: {}", excerpt(&why, 300)))
            .with_hint("give the model's `tokenizer.json`, `tekken.json`, SentencePiece `tokenizer.model` or tiktoken file")
    };
    let mut definition = definition(&bytes).map_err(damaged)?;
    // Marks that the library would put around every text; a chat template says where they stand.
    definition.config.templates.clear();
    let mut without = definition.clone();
    without.specials.clear();
    let plain = made(&without).map_err(damaged)?;
    match plain.encode(PROBE, true) {
        Ok(tokens) if (1..=PROBE.len() + 1).contains(&tokens.len()) => {}
        Ok(tokens) => {
            return Err(damaged(format!("it makes {} tokens of {} bytes", tokens.len(), PROBE.len())));
        }
        Err(error) => return Err(damaged(format!("it cannot encode a text: {error}"))),
    }
    Ok(Arc::new(Tokenizer { plain, whole: OnceLock::new(), definition, memory: Shared::new(REMEMBERED) }))
}

fn read(path: &Path, name: &str) -> Result<Vec<u8>> {
    let unreadable =
        |error: std::io::Error| Error::input(format!("the tokenizer `{name}` cannot be read: {error}"));
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.take(FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(Error::input(format!("the tokenizer `{name}` is larger than {} MiB", FILE_BYTES >> 20)));
    }
    Ok(bytes)
}

fn definition(bytes: &[u8]) -> std::result::Result<Definition, String> {
    type Convert = fn(&[u8]) -> std::result::Result<Definition, ConversionError>;
    let (format, convert): (&str, Convert) = match bytes.trim_ascii_start().first() {
        None => return Err("the file is empty".to_owned()),
        Some(b'{') => match json_format(bytes)? {
            Json::HuggingFace => ("tokenizer.json", |bytes| convert_tokenizers(bytes)),
            Json::Tekken => ("tekken.json", |bytes| convert_tekken(bytes)),
        },
        Some(_) if is_tiktoken(bytes) => {
            let lines =
                bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
            if !TIKTOKEN_SIZES.contains(&lines) {
                return Err(format!(
                    "a tiktoken file does not say how texts are split, and one of {lines} tokens is not known"
                ));
            }
            ("tiktoken file", |bytes| convert_tiktoken(bytes))
        }
        // Field 1 of a protocol buffer, the pieces of a SentencePiece model.
        Some(_) if bytes.first() == Some(&0x0a) => {
            ("SentencePiece model", |bytes| convert_sentencepiece(bytes))
        }
        Some(_) => return Err("it is in no format that is known".to_owned()),
    };
    match catch_unwind(AssertUnwindSafe(|| convert(bytes))) {
        Ok(Ok(definition)) => Ok(definition),
        Ok(Err(error)) => Err(format!("as a {format}: {error}")),
        Err(_) => Err(format!("as a {format} it holds what the format does not")),
    }
}

enum Json {
    HuggingFace,
    Tekken,
}

fn json_format(bytes: &[u8]) -> std::result::Result<Json, String> {
    let object: Value = serde_json::from_slice(bytes).map_err(|error| format!("it is not JSON: {error}"))?;
    let has = |key: &str| object.get(key).is_some();
    if object.pointer("/model/vocab").is_some() {
        Ok(Json::HuggingFace)
    } else if has("vocab") && object.pointer("/config/pattern").is_some() {
        Ok(Json::Tekken)
    } else if has("chat_template") || has("tokenizer_class") {
        Err("it is a `tokenizer_config.json`, which has no vocabulary; `tokenizer.json` beside it has"
            .to_owned())
    } else {
        Err("it is JSON, but no tokenizer: there is no `model.vocab`".to_owned())
    }
}

/// Whether the first line is a token in Base64 and its rank.
fn is_tiktoken(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let mut halves = line.splitn(2, |byte| *byte == b' ');
    let (token, rank) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    !token.is_empty() && token.iter().all(base64) && !rank.is_empty() && rank.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vocabulary of the 256 bytes and two words, as byte-level tokenizers of Hugging Face write it.
    pub(in crate::tokens) fn small() -> String {
        let mut vocab = serde_json::Map::new();
        let letters = (0..=255_u8).map(|byte| match byte {
            b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff => char::from(byte),
            // The others stand from U+0100 on, in order.
            0..=0x20 => char::from_u32(0x100 + u32::from(byte)).unwrap(),
            0x7f..=0xa0 => char::from_u32(0x100 + u32::from(byte) - 0x7f + 0x21).unwrap(),
            0xad => char::from_u32(0x143).unwrap(),
        });
        let pieces = letters.map(String::from).chain(["Ġo".to_owned(), "Ġor".to_owned()]);
        for (rank, piece) in pieces.enumerate() {
            vocab.insert(piece, rank.into());
        }
        let special = serde_json::json!({"id": 258, "content": "<|end|>", "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false, "special": true});
        let byte_level = serde_json::json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true});
        serde_json::json!({
            "version": "1.0", "truncation": null, "padding": null, "added_tokens": [special], "normalizer": null,
            "pre_tokenizer": byte_level, "post_processor": byte_level, "decoder": byte_level,
            "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
                "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "vocab": vocab,
                "merges": ["Ġ o", "Ġo r"]}
        })
        .to_string()
    }

    fn loaded(bytes: &[u8]) -> Result<Arc<dyn Counter>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokenizer");
        std::fs::write(&path, bytes).unwrap();
        load(&path)
    }

    #[test]
    fn texts_are_counted_without_control_tokens_and_chats_with_them() {
        let counter = loaded(small().as_bytes()).unwrap();
        assert!(counter.is_exact());
        // `an`, ` or`, `der`: a token a letter but for ` or`.
        assert_eq!(counter.count("an order"), 2 + 1 + 3);
        assert_eq!((counter.span("<|end|>"), counter.span_rendered("<|end|>")), (exactly(7), exactly(1)));
        assert_eq!((counter.span(""), counter.span_rendered("")), (exactly(0), exactly(0)));
    }

    fn exactly(tokens: u64) -> Span {
        Span { low: tokens, high: tokens }
    }

    /// A `SentencePiece` model (`sentencepiece_model.proto`) of a few pieces and all bytes; 1 is a unigram model, 2 pairs.
    fn sentence_pieces(model_type: u8) -> Vec<u8> {
        fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
            let length = u8::try_from(bytes.len()).unwrap();
            assert!(length < 128, "longer lengths take two bytes");
            [&[number << 3 | 2, length], bytes].concat()
        }
        let piece = |text: &str, score: f32, kind: u8| {
            let score = [&[2 << 3 | 5][..], &score.to_le_bytes()].concat();
            field(1, &[field(1, text.as_bytes()), score, vec![3 << 3, kind]].concat())
        };
        let controls = [("<unk>", 2), ("<s>", 3), ("</s>", 3)].map(|(text, kind)| piece(text, 0.0, kind));
        let bytes = (0..=255_u8).map(|byte| piece(&format!("<0x{byte:02X}>"), 0.0, 6));
        let words = ["▁or", "▁o", "an", "▁", "o", "r", "d", "e", "a", "n"];
        let words = (1_u8..).zip(words).map(|(rank, word)| piece(word, -f32::from(rank), 1));
        // The kind of model, and bytes for what has no piece; a blank before the text, and blanks kept.
        let trainer = field(2, &[3 << 3, model_type, 0x98, 0x02, 1]);
        let normalizer = field(3, &[field(1, b"identity"), vec![3 << 3, 1, 4 << 3, 0, 5 << 3, 1]].concat());
        controls.into_iter().chain(bytes).chain(words).chain([trainer, normalizer]).flatten().collect()
    }

    #[test]
    fn sentence_pieces_are_counted_as_their_library_counts_them() {
        for model_type in [1, 2] {
            let counter = loaded(&sentence_pieces(model_type)).unwrap();
            // By sentencepiece 0.2.3 in Python: `▁ an ▁or d e r` and so on.
            for (text, tokens) in
                [("an order", 6), ("order", 4), ("An order é", 10), ("  a  ", 6), ("<s>", 4), ("", 0)]
            {
                assert_eq!(counter.span(text), exactly(tokens), "{model_type}: {text:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_encoded_is_not_exact() {
        // Without the letter, and without anything to take for it.
        let text = small().replace("\"Q\":", "\"ĠQ\":");
        let mut definition = definition(text.as_bytes()).unwrap();
        definition.config.fallback.clear();
        let tokenizer = made(&definition).unwrap();
        assert_eq!(tokens(&tokenizer, "an order"), exactly(6));
        assert_eq!(tokens(&tokenizer, "FAQ"), Span { low: 0, high: 3 });
    }

    #[test]
    fn long_texts_are_counted_in_pieces() {
        let counter = loaded(small().as_bytes()).unwrap();
        // A token a blank and one a letter; two million blanks break the pattern.
        let blanks = " ".repeat(2_000_000) + "x";
        let cut = |tokens: u64, cuts: u64| Span { low: tokens - cuts, high: tokens };
        assert_eq!(counter.span(&blanks), cut(2_000_001, 3));
        assert_eq!(counter.span(&"an order ".repeat(100_000)), cut(100_000 * 6 + 100_000, 1));
        assert_eq!(counter.span(&"é".repeat(600_000)), cut(1_200_000, 2));
        assert_eq!(counter.span(&"é".repeat(200_000)), exactly(400_000));
    }

    #[test]
    fn what_is_no_tokenizer_is_said() {
        let said = |bytes: &[u8]| loaded(bytes).err().unwrap().to_string();
        assert!(said(b" \n").ends_with("the file is empty"));
        assert!(said(b"{").contains("it is not JSON"));
        assert!(said(b"{}").contains("no tokenizer: there is no `model.vocab`"));
        assert!(said(br#"{"chat_template": ""}"#).contains("`tokenizer.json` beside it"));
        assert!(said(br#"{"model": {"vocab": 3}}"#).contains("as a tokenizer.json"));
        assert!(said(br#"{"config": {"pattern": "("}, "vocab": []}"#).contains("as a tekken.json"));
        assert!(said(b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff").contains("as a SentencePiece model"));
        assert!(said(b"IQ== 0\nIg== 1\n").contains("one of 2 tokens is not known"));
        assert!(said(b"GIF89a").contains("in no format that is known"));
        let cut = small();
        assert!(said(&cut.as_bytes()[..cut.len() / 2]).contains("it is not JSON"));
        let error = load(Path::new("/nowhere/tokenizer.json")).err().unwrap();
        assert!(error.to_string().starts_with("the tokenizer `/nowhere/tokenizer.json` cannot be read"));
    }

    #[test]
    fn merges_that_lie_are_an_error_or_count_within_bytes() {
        for (from, to) in [
            ("\"Ġo r\"", "\"zz qq\""),
            ("\"Ġo r\"", "\"\""),
            ("\"ByteLevel\"", "\"Unheard\""),
            ("\"type\":\"BPE\"", "\"type\":\"Unigram\""),
            ("\"special\":true", "\"special\":7"),
        ] {
            let text = small().replace(from, to);
            assert_ne!(text, small(), "{from}");
            if let Ok(counter) = loaded(text.as_bytes()) {
                assert!(counter.count("an order") <= 9, "{to}");
            }
        }
    }
}
