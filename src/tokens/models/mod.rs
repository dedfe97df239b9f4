//! The models that can be tuned, as far as counting and billing need to know them.
//!
//! [`MODELS`] is one sorted list (`list`): how a model's tokens are counted, how its chat is rendered, who tunes it and
//! up to which length. What that costs is in the price book of `cost`.

mod list;
mod provider;

use super::families::Family;
use super::frame::Frame;
use crate::error::{Error, Result};
use crate::text::{sanitize, similar};

pub use list::MODELS;
pub use provider::{PROVIDERS, Provider, provider_of};

/// Last day on which OpenAI starts a fine-tuning job
/// (<https://developers.openai.com/api/docs/deprecations>, read 2026-11-21). Azure is not bound by it.
pub const LAST_JOB: &str = "2027-01-06";

/// How the tokens of a model are counted.
#[derive(Debug, Clone, Copy)]
pub enum Vocabulary {
    /// A vocabulary that comes with the program: counts are exact.
    Encoding(&'static str),
    /// One that does not: counts are estimates, unless the user gives the model's own tokenizer.
    Family(&'static Family),
    /// That of a tokenizer which the user gives for a model of the user's own.
    Own,
}

impl Vocabulary {
    /// Its name: `o200k_base`, `llama-3`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Encoding(name) => name,
            Self::Family(family) => family.name,
            Self::Own => "own",
        }
    }

    /// Whether texts are counted exactly without a file of the user's.
    pub const fn is_exact(self) -> bool {
        matches!(self, Self::Encoding(_))
    }
}

/// What one provider offers for a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Name of the provider, one of [`PROVIDERS`].
    pub provider: &'static str,
    /// Most tokens of one training example; `None` where nothing is published.
    pub example_tokens: Option<u64>,
    /// First day (ISO) on which the provider no longer serves the model, tuned versions included; `None` when not
    /// announced.
    pub shutdown: Option<&'static str>,
    /// Last day (ISO) on which it starts a job; `None` when not announced.
    pub last_job: Option<&'static str>,
}

/// A model that can be tuned.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    /// Its name, in small letters; with the date where its maker gives one.
    pub name: &'static str,
    /// Other names it is asked for by: without date, as on Hugging Face, as its providers call it.
    pub aliases: &'static [&'static str],
    /// How its tokens are counted.
    pub vocabulary: Vocabulary,
    /// How its chat is rendered: what it costs beyond its texts.
    pub frame: &'static Frame,
    /// Nominal parameters in millions, all experts of a mixture together, as its maker names them; `None` when not
    /// published.
    pub parameters: Option<u32>,
    /// Who tunes it, each once. Each one's limits are its own: what one takes says nothing of another, or of a trainer on
    /// machines of one's own.
    pub offers: &'static [Offer],
}

impl Model {
    /// What `provider` offers; `None` where it does not tune the model.
    pub fn offer(&self, provider: &str) -> Option<&'static Offer> {
        self.offers.iter().find(|offer| offer.provider == provider)
    }

    /// Most tokens of one training example there; `None` where nothing is published.
    pub fn example_tokens(&self, provider: &str) -> Option<u64> {
        self.offer(provider)?.example_tokens
    }

    /// First day on which it is no longer served there; `None` when not announced.
    pub fn shutdown(&self, provider: &str) -> Option<&'static str> {
        self.offer(provider)?.shutdown
    }
}

/// A model of the user's own, of which only the tokenizer is known: no provider limits it, and its chat frame is not
/// published here.
pub static OWN: Model = Model {
    name: "own model",
    aliases: &[],
    vocabulary: Vocabulary::Own,
    frame: &super::frames::UNPUBLISHED,
    parameters: None,
    offers: &[],
};

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

/// How many names are put before somebody whose model is not known.
const NEAREST: usize = 4;
/// How to count a model that is not known.
const OTHERS: &str = "a model that is not known is counted with its own tokenizer: `--tokenizer tokenizer.json` without `--model`";

fn unknown(typed: &str) -> Error {
    let message = if typed.is_empty() {
        "the name of the model is empty".to_owned()
    } else {
        format!("unknown model `{}`", sanitize::excerpt(typed, 60))
    };
    // A name beyond all reason is not compared: the distance is quadratic.
    let compared = if typed.len() <= 100 { typed } else { "" };
    let names = MODELS.iter().flat_map(|model| model.aliases.iter().copied().chain([model.name]));
    let near = similar::nearest_of(compared, names, NEAREST);
    let first = match near.as_slice() {
        [] => format!("`chatmill list models` names all that are known; {OTHERS}"),
        names => format!("did you mean `{}`? {OTHERS}", names.join("`, `")),
    };
    Error::usage(message).with_hint(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_every_name_is_one_models() {
        assert!(MODELS.is_sorted_by(|a, b| a.name < b.name));
        let mut names: Vec<String> = MODELS
            .iter()
            .flat_map(|model| model.aliases.iter().copied().chain([model.name]))
            .map(str::to_ascii_lowercase)
            .collect();
        names.sort_unstable();
        let twice: Vec<&String> =
            names.iter().zip(names.iter().skip(1)).filter(|(a, b)| a == b).map(|p| p.0).collect();
        assert!(twice.is_empty(), "{twice:?}");
        for model in MODELS {
            assert_eq!(model.name, model.name.to_ascii_lowercase());
            match model.vocabulary {
                Vocabulary::Encoding(name) => assert!(super::super::encoding(name).is_ok(), "{}", model.name),
                Vocabulary::Own => panic!("{}", model.name),
                Vocabulary::Family(family) => {
                    assert!(
                        super::super::FAMILIES.iter().any(|known| known.name == family.name),
                        "{}",
                        model.name
                    );
                }
            }
            assert!(!model.offers.is_empty(), "{}", model.name);
            for (index, offer) in model.offers.iter().enumerate() {
                assert!(
                    !model.offers[..index].iter().any(|other| other.provider == offer.provider),
                    "{}",
                    model.name
                );
                assert!(PROVIDERS.iter().any(|known| known.name == offer.provider), "{}", offer.provider);
            }
        }
    }

    #[test]
    fn names_lead_to_models() {
        assert_eq!(model("gpt-4o-mini").unwrap().name, "gpt-4o-mini-2024-07-18");
        assert_eq!(model("GPT-4.1 ").unwrap().name, "gpt-4.1-2025-04-14");
        assert_eq!(model("ft:gpt-4o-mini-2024-07-18:acme::AbC123").unwrap().name, "gpt-4o-mini-2024-07-18");
        assert_eq!(
            model("ft:gpt-3.5-turbo-0125:acme:desk:x1").unwrap().example_tokens("openai"),
            Some(16_385)
        );
        assert_eq!(model("Qwen/Qwen3-8B").unwrap().name, "qwen3-8b");
        assert_eq!(model("amazon.nova-lite-v1:0").unwrap().name, "nova-lite");
    }

    #[test]
    fn limits_are_the_providers() {
        let nano = model("gpt-4.1-nano").unwrap();
        assert_eq!(nano.example_tokens("azure"), Some(32_768));
        assert_eq!(nano.example_tokens("openai"), Some(65_536));
        assert_eq!((nano.shutdown("azure"), nano.shutdown("openai")), (None, Some("2026-10-23")));
        let llama = model("llama-3.1-8b-instruct").unwrap();
        assert_eq!(llama.example_tokens("together"), Some(131_072));
        assert_eq!(llama.example_tokens("vertex"), Some(4_096));
        assert_eq!(llama.example_tokens("fireworks"), None);
        // A provider that does not tune it has no limit for it, and certainly not another one's.
        assert_eq!(llama.example_tokens("openai"), None);
        assert_eq!(model("qwen3-30b-a3b").unwrap().example_tokens("fireworks"), None);
    }

    #[test]
    fn unknown_names_get_the_nearest() {
        let error = model("gpt4o-mini").unwrap_err();
        assert_eq!(error.to_string(), "unknown model `gpt4o-mini`");
        assert!(error.hint().unwrap().starts_with("did you mean `gpt-4o-mini`"), "{:?}", error.hint());
        let far = model("zebra").unwrap_err();
        assert!(far.hint().unwrap().starts_with("`chatmill list models` names all"), "{:?}", far.hint());
        assert_eq!(model("ft:").unwrap_err().to_string(), "the name of the model is empty");
        assert!(model(&"g".repeat(1 << 20)).unwrap_err().to_string().len() < 200);
    }
}
