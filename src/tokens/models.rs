//! The models that can be tuned, as far as counting and billing need to know them.
//!
//! One sorted list; what their tokens cost is in the price book of `cost`.

use super::frame::{CL100K_FRAME, Frame, O200K_FRAME};
use super::images::Images;
use crate::error::{Error, Result};
use crate::text::{sanitize, similar};

/// A model that can be tuned, as far as counting needs to know it.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    /// Full name with date.
    pub name: &'static str,
    /// Other names it is asked for by.
    pub aliases: &'static [&'static str],
    /// Who tunes it.
    pub provider: &'static str,
    /// Name of its vocabulary: `o200k_base`, `cl100k_base`.
    pub encoding: &'static str,
    /// Most tokens of one training example; more is cut from the end.
    pub example_tokens: u64,
    /// What the chat costs beyond its texts.
    pub frame: Frame,
    /// First day (ISO) on which its provider no longer serves it, tuned versions included; `None` when not announced.
    pub shutdown: Option<&'static str>,
}

/// Last day on which OpenAI starts a fine-tuning job
/// (<https://developers.openai.com/api/docs/deprecations>, read 2026-11-21). Azure is not bound by it.
pub const LAST_JOB: &str = "2027-01-06";

/// gpt-4o and gpt-4.1 families, announced 2026-10-14 (same page).
const GPT_4O_GONE: Option<&str> = Some("2027-01-14");
/// gpt-3.5-turbo, gpt-4 and gpt-4.1-nano (same page).
const GPT_4_GONE: Option<&str> = Some("2026-10-23");

// Vocabularies: tiktoken `model.py` (2026-08-16). Most tokens of an example: OpenAI's fine-tuning guide and Azure's
// table of models (both read 2026-11-21), where Azure has 32,768 for gpt-4.1-nano; 8,192 for gpt-4-0613 is the
// model's whole context. The legacy completion models (babbage-002, davinci-002) have no chat frame and are left out.
const fn gpt_4o(
    name: &'static str,
    aliases: &'static [&'static str],
    images: Images,
    shutdown: Option<&'static str>,
) -> Model {
    let frame = Frame { images, ..O200K_FRAME };
    Model {
        name,
        aliases,
        provider: "openai",
        encoding: "o200k_base",
        example_tokens: 65_536,
        frame,
        shutdown,
    }
}

const fn gpt_4(name: &'static str, aliases: &'static [&'static str], example_tokens: u64) -> Model {
    Model {
        name,
        aliases,
        provider: "openai",
        encoding: "cl100k_base",
        example_tokens,
        frame: CL100K_FRAME,
        shutdown: GPT_4_GONE,
    }
}

/// Every model, sorted by name.
pub static MODELS: &[Model] = &[
    gpt_4("gpt-3.5-turbo-0125", &["gpt-3.5-turbo"], 16_385),
    gpt_4("gpt-3.5-turbo-0613", &[], 4_096),
    gpt_4("gpt-3.5-turbo-1106", &[], 16_385),
    gpt_4("gpt-4-0613", &["gpt-4"], 8_192),
    gpt_4o("gpt-4.1-2025-04-14", &["gpt-4.1"], Images::TILES, GPT_4O_GONE),
    gpt_4o("gpt-4.1-mini-2025-04-14", &["gpt-4.1-mini"], Images::patches(162), GPT_4O_GONE),
    gpt_4o("gpt-4.1-nano-2025-04-14", &["gpt-4.1-nano"], Images::patches(246), GPT_4_GONE),
    gpt_4o("gpt-4o-2024-08-06", &["gpt-4o"], Images::TILES, GPT_4O_GONE),
    gpt_4o("gpt-4o-mini-2024-07-18", &["gpt-4o-mini"], Images::TILES_OF_4O_MINI, GPT_4O_GONE),
];

/// The model of that name or alias; a tuned model (`ft:base:organisation:suffix:id`) is its base.
pub fn model(name: &str) -> Result<&'static Model> {
    let typed = name.trim();
    let base = match typed.strip_prefix("ft:") {
        Some(tuned) => tuned.split(':').next().unwrap_or(tuned),
        None => typed,
    };
    let is_it = |known: &str| known.eq_ignore_ascii_case(base);
    MODELS
        .iter()
        .find(|model| is_it(model.name) || model.aliases.iter().copied().any(is_it))
        .ok_or_else(|| unknown(base))
}

fn unknown(typed: &str) -> Error {
    // Aliases first: of two names equally near, the short one is what people type.
    let aliases = MODELS.iter().flat_map(|model| model.aliases.iter().copied());
    let names = aliases.chain(MODELS.iter().map(|model| model.name));
    let message = if typed.is_empty() {
        "the name of the model is empty".to_owned()
    } else {
        format!("unknown model `{}`", sanitize::excerpt(typed, 60))
    };
    // A name beyond all reason is not compared: the distance is quadratic.
    let compared = if typed.len() <= 100 { typed } else { "" };
    Error::usage(message).with_hint(similar::suggestion(compared, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_every_name_is_one_models() {
        assert!(MODELS.is_sorted_by(|a, b| a.name < b.name));
        let mut names: Vec<&str> =
            MODELS.iter().flat_map(|model| model.aliases.iter().copied().chain([model.name])).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
        for model in MODELS {
            assert!(super::super::encoding(model.encoding).is_ok(), "{}", model.name);
        }
    }

    #[test]
    fn names_lead_to_models() {
        assert_eq!(model("gpt-4o-mini").unwrap().name, "gpt-4o-mini-2024-07-18");
        assert_eq!(model("GPT-4.1 ").unwrap().name, "gpt-4.1-2025-04-14");
        assert_eq!(model("ft:gpt-4o-mini-2024-07-18:acme::AbC123").unwrap().name, "gpt-4o-mini-2024-07-18");
        assert_eq!(model("ft:gpt-3.5-turbo-0125:acme:desk:x1").unwrap().example_tokens, 16_385);
    }

    #[test]
    fn unknown_names_get_the_nearest() {
        let error = model("gpt4o-mini").unwrap_err();
        assert_eq!(error.to_string(), "unknown model `gpt4o-mini`");
        assert_eq!(error.hint(), Some("did you mean `gpt-4o-mini`?"));
        assert!(model("zebra").unwrap_err().hint().unwrap().starts_with("known are `gpt-3.5-turbo`, "));
        assert_eq!(model("ft:").unwrap_err().to_string(), "the name of the model is empty");
        assert!(model(&"g".repeat(1 << 20)).unwrap_err().to_string().len() < 200);
    }
}
