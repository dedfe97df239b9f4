//! Hugging Face's tokenizers with the vocabularies of tiktoken: a `tokenizer.json` made from the ranks.

use std::collections::HashMap;

use serde_json::json;
use tiktoken_rs::CoreBPE;
use tokenizers::pipeline::{EncodeOptions, PipelineToken};

/// The patterns as `tokenizer.json` files of these vocabularies have them.
const CL100K: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const O200K: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// What counts a text.
pub fn tokenizer(vocabulary: &CoreBPE, o200k: bool) -> super::Count {
    let tokens: Vec<Vec<u8>> = (0..).map_while(|rank| vocabulary.decode_bytes(&[rank]).ok()).collect();
    let ranks: HashMap<&[u8], usize> = tokens.iter().map(Vec::as_slice).zip(0..).collect();
    let names: Vec<String> =
        tokens.iter().map(|bytes| bytes.iter().map(|byte| name(*byte)).collect()).collect();
    let merges: Vec<String> = (tokens.iter())
        .filter_map(|bytes| split(bytes, &ranks))
        .map(|(left, right)| format!("{} {}", names[left], names[right]))
        .collect();
    let vocabulary: HashMap<&String, usize> = names.iter().zip(0..).collect();
    let file = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
        "pre_tokenizer": { "type": "Sequence", "pretokenizers": [
            { "type": "Split", "pattern": { "Regex": if o200k { O200K } else { CL100K } }, "behavior": "Isolated", "invert": false },
            { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false },
        ] },
        "post_processor": null,
        "decoder": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true },
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null, "end_of_word_suffix": null,
            "fuse_unk": false, "byte_fallback": false, "ignore_merges": true, "vocab": vocabulary, "merges": merges,
        },
    });
    let path = std::env::temp_dir().join(format!("chatmill-peers-{}.json", std::process::id()));
    std::fs::write(&path, file.to_string()).unwrap();
    let canonical = tokenizers::canonicalize_file(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let tokenizer = tokenizers::from_json(&canonical).unwrap();
    let options = EncodeOptions { add_special_tokens: false, ..EncodeOptions::default() };
    let out = std::sync::Mutex::new(Vec::<PipelineToken>::new());
    Box::new(move |text| {
        let mut out = out.lock().unwrap();
        out.clear();
        tokenizer.encode_into(text, &options, &mut out).unwrap();
        out.len()
    })
}

/// The character that stands for a byte in such files (GPT-2's `bytes_to_unicode`).
fn name(byte: u8) -> char {
    let is_itself = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    if is_itself(byte) {
        return byte.into();
    }
    let before = (0..byte).filter(|byte| !is_itself(*byte)).count();
    char::from_u32(256 + u32::try_from(before).unwrap()).unwrap()
}

/// The two tokens that a token is merged from last.
fn split(bytes: &[u8], ranks: &HashMap<&[u8], usize>) -> Option<(usize, usize)> {
    let own = ranks[bytes];
    let mut ends: Vec<usize> = (0..=bytes.len()).collect();
    loop {
        let pairs = ends.windows(3).enumerate();
        let best = pairs.filter_map(|(at, ends)| Some((*ranks.get(&bytes[ends[0]..ends[2]])?, at))).min();
        match best {
            Some((rank, at)) if rank < own => drop(ends.remove(at + 1)),
            _ => break,
        }
    }
    let [begin, middle, end] = ends[..] else { return None };
    Some((ranks[&bytes[begin..middle]], ranks[&bytes[middle..end]]))
}
