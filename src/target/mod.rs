//! Targets: where a file goes, and what is accepted there.
//!
//! A target's rules are data in its [`TargetSpec`]; lint rules read the spec. Adding a target is one file here and one
//! line in [`TARGETS`].

mod adapt;
mod alpaca;
mod axolotl;
mod azure;
mod azure_rft;
pub mod bedrock_claude;
mod bedrock_llama;
pub mod bedrock_nova;
mod buffer;
pub mod call_ids;
pub mod chatml;
pub mod codes;
mod fireworks;
mod fireworks_preference;
mod fit;
mod llama_factory;
mod llama_factory_alpaca;
mod llama_factory_openai;
mod llama_factory_sharegpt;
mod mistral;
pub mod openai_chat;
pub mod openai_dpo;
mod registration;
pub mod rows;
mod sharegpt;
mod spec;
pub mod strict;
mod together;
mod together_chat;
mod together_instruction;
mod together_preference;
mod together_text;
mod trl;
mod trl_chat;
mod trl_kto;
mod trl_preference;
mod trl_prompt_completion;
mod trl_text;
mod unsloth;
pub mod vertex;
pub mod vertex_preference;

use crate::diagnostic::{Finding, Rejection};
use crate::model::Body;

pub use adapt::adapt;
pub use buffer::RowBuffer;
pub use call_ids::is_nine;
pub use fit::fit;
pub use registration::Registration;
pub use spec::{
    Adjacent, CallIds, InlineImages, Last, Length, Limits, OnFault, Overlong, Packed, Packing, Shape,
    SystemPlace, TargetSpec, ToolResults, Trained, Validation,
};

/// A format, both directions.
pub trait Target: Sync {
    /// The description: names, rules and limits as data.
    fn spec(&self) -> &'static TargetSpec;

    /// Appends `body` as one line without its line feed, with everything it has: [`fit`] takes away before what the
    /// target does not take. A body that cannot be expressed at all is a rejection.
    fn encode(&self, body: &Body, out: &mut Vec<u8>) -> Result<(), Rejection>;

    /// Reads one row of this format; every structural fault is named. What is merely against a rule is kept.
    fn decode(&self, row: serde_json::Value) -> Result<Body, Vec<Finding>>;

    /// Reads one row straight from its bytes into `row`, the quick way for rows of the usual shape. `false` when it has
    /// to be parsed and decoded instead: always where a format has no such way, and for whatever is unusual, above all
    /// every fault. Otherwise the body is the one that decoding gives, and there is nothing to be said of the parsing.
    fn read_line(&self, line: &[u8], row: &mut RowBuffer) -> bool {
        let _ = (line, row);
        false
    }

    /// Where in a row of this format stands what rules call `path` (`messages[3].content`).
    fn place(&self, body: &Body, path: String) -> String {
        let _ = body;
        path
    }
}

/// Every target, sorted by name.
pub static TARGETS: &[&dyn Target] = &[
    &alpaca::TARGET,
    &axolotl::TARGET,
    &azure::TARGET,
    &azure_rft::TARGET,
    &bedrock_claude::TARGET,
    &bedrock_llama::TARGET,
    &bedrock_nova::TARGET,
    &chatml::TARGET,
    &fireworks::TARGET,
    &fireworks_preference::TARGET,
    &llama_factory_alpaca::TARGET,
    &llama_factory_openai::TARGET,
    &llama_factory_sharegpt::TARGET,
    &mistral::TARGET,
    &openai_chat::TARGET,
    &openai_dpo::TARGET,
    &sharegpt::TARGET,
    &strict::TARGET,
    &together_chat::TARGET,
    &together_instruction::TARGET,
    &together_preference::TARGET,
    &together_text::TARGET,
    &trl_chat::TARGET,
    &trl_kto::TARGET,
    &trl_preference::TARGET,
    &trl_prompt_completion::TARGET,
    &trl_text::TARGET,
    &unsloth::TARGET,
    &vertex::TARGET,
    &vertex_preference::TARGET,
];

/// The target of that name.
pub fn by_name(name: &str) -> Option<&'static dyn Target> {
    TARGETS.iter().copied().find(|target| target.spec().name == name)
}
