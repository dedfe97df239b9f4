//! Amazon Bedrock, Llama and other open models: prompts and completions.

use super::rows::Pairs;
use super::spec::{Limits, TargetSpec, Trained, Validation};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "bedrock-llama",
    title: "Amazon Bedrock fine-tuning of Llama and other open models",
    roles: &[Role::User, Role::Assistant],
    blank_content_refused: true,
    row_keys: &["prompt", "completion"],
    message_keys: &["role", "content"],
    trained: Trained::LastAnswer,
    limits: Limits {
        examples_recommended: Some(100),
        examples_max: Some(10_000),
        validation: Validation { examples_max: Some(1_000), ..Validation::NONE },
        ..Limits::NONE
    },
    // A row with another key was answered with the sentence below.
    severities: &[("FILE001", Severity::Warning), ("KEY001", Severity::Error)],
    sentences: &[(
        "SHAPE002",
        "Input data at … must follow '{\"prompt\": \"<input text>\", \"completion\": \"<output text>\"}' format",
    )],
    checked: "2026-11-21",
    sources: &[
        "aws-samples/amazon-bedrock-samples, `dataset_validation.py` of its Llama example (2026)",
        "https://github.com/aws-samples/amazon-bedrock-workshop/issues/266",
    ],
    ..TargetSpec::CHAT
};

/// Amazon Bedrock, Llama.
pub static TARGET: Pairs = Pairs { spec: &SPEC, lists: false, label: false };
