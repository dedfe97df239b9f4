//! LLaMA-Factory, `formatting: openai`.

use super::llama_factory as common;
use super::registration::Registration;
use super::rows::Chat;
use super::spec::TargetSpec;

static SPEC: TargetSpec = TargetSpec {
    name: "llama-factory-openai",
    title: "LLaMA-Factory, formatting openai",
    row_keys: &["messages", "tools", "images", "videos", "audios"],
    message_keys: &["role", "content", "tool_calls", "tool_call_id"],
    // For models of Nemotron, and yet for all (`converter.py`, since 2025-09-14); with tools it adds a line end only.
    adds_instructions: Some("detailed thinking off"),
    registration: Some(Registration {
        file: common::DATASET_INFO,
        formatting: "openai",
        columns: &[
            ("messages", "messages"),
            ("tools", "tools"),
            ("images", "images"),
            ("videos", "videos"),
            ("audios", "audios"),
        ],
        tags: &[
            ("role_tag", "role"),
            ("content_tag", "content"),
            ("user_tag", "user"),
            ("assistant_tag", "assistant"),
            ("observation_tag", "tool"),
            ("function_tag", "function_call"),
            ("system_tag", "system"),
        ],
    }),
    ..common::COMMON
};

/// LLaMA-Factory, `formatting: openai`.
pub static TARGET: Chat = Chat(&SPEC);
