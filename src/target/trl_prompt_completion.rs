//! TRL, prompts and completions: the way to learn the last answer only.

use super::rows::Pairs;
use super::spec::TargetSpec;
use super::trl;

static SPEC: TargetSpec = TargetSpec {
    name: "trl-prompt-completion",
    title: "Hugging Face TRL, prompts and completions",
    message_keys: &["role", "content", "name", "weight", "tool_calls", "tool_call_id", "thinking"],
    one_answer: true,
    row_keys: &["prompt", "completion", "tools", "chat_template_kwargs"],
    // `Dropping fully masked examples`, when rows are not packed.
    drops_unlearned: true,
    packing: trl::PACKING,
    ..trl::COMMON
};

/// TRL, prompts and completions.
pub static TARGET: Pairs = Pairs { spec: &SPEC, lists: true, label: false };
