//! The chat frames of the families of models: what a message costs beyond its texts, with sources.
//!
//! The templates were read on 2026-11-21 in <https://github.com/huggingface/trl> (f2cd577, `trl/chat_templates`), where
//! nothing else is named. Each control token is one token of its model's vocabulary, and so is each role and `\n`.

use super::frame::Frame;
use super::images::{Images, Span};
use super::tools::{ToolFrame, Tools};

const fn exactly(tokens: u64) -> Span {
    Span { low: tokens, high: tokens }
}

const fn span(low: u64, high: u64) -> Span {
    Span { low, high }
}

/// Models of OpenAI with the vocabulary `o200k_base`: `<|im_start|>role<|im_sep|>content<|im_end|>`, which agrees with
/// billed tokens (<https://amitness.com/notes/openai-finetuning-cost>, 2025-03-15). Three tokens of priming are counted
/// by OpenAI's cookbook (`Chat_finetuning_data_prep`, `num_tokens_from_messages`) and not by the dashboard: once an
/// example, in the upper bound alone.
pub(super) static OPENAI_O200K: Frame = Frame {
    name: "openai",
    once: span(0, 3),
    system: exactly(4),
    message: exactly(4),
    answer: exactly(4),
    end: 1,
    // OpenAI cookbook, `How_to_count_tokens_with_tiktoken`, section 6.
    names: Some(1),
    certain: true,
    tools: Tools::Formula(ToolFrame::GPT_4O),
    images: Images::TILES,
};
/// gpt-4o-mini, whose pictures cost more.
pub(super) static OPENAI_4O_MINI: Frame = Frame { images: Images::TILES_OF_4O_MINI, ..OPENAI_O200K };
/// gpt-4.1-mini.
pub(super) static OPENAI_41_MINI: Frame = Frame { images: Images::patches(162), ..OPENAI_O200K };
/// gpt-4.1-nano.
pub(super) static OPENAI_41_NANO: Frame = Frame { images: Images::patches(246), ..OPENAI_O200K };
/// o4-mini (multiplier of OpenAI's page on pictures, read in <https://github.com/openai/openai-python/issues/2851>).
pub(super) static OPENAI_O4_MINI: Frame = Frame { images: Images::patches(172), ..OPENAI_O200K };
/// Models of OpenAI with the vocabulary `cl100k_base`.
pub(super) static OPENAI_CL100K: Frame =
    Frame { tools: Tools::Formula(ToolFrame::GPT_4), images: Images::None, ..OPENAI_O200K };

/// Nothing is published: from the leanest to the richest of the other frames here.
pub(super) static UNPUBLISHED: Frame = Frame {
    name: "not published",
    once: span(0, 61),
    system: span(0, 10),
    message: span(1, 10),
    answer: span(1, 12),
    end: 1,
    names: None,
    certain: false,
    tools: Tools::Json,
    images: Images::Unpublished,
};

/// ChatML of Qwen 2 to 3: `<|im_start|>role\ncontent<|im_end|>\n`. Qwen 2.5 puts a prompt of 21 tokens where there is none;
/// Qwen 3 puts four tokens of empty thought before the last answer, its training templates before each.
pub(super) static CHATML: Frame = Frame {
    name: "chatml",
    once: span(0, 21),
    system: exactly(5),
    message: exactly(5),
    answer: span(5, 9),
    ..UNPUBLISHED
};
/// `DeepSeek` V3: `<|User|>content`, `<|Assistant|>content<|end of sentence|>`; V3.1 adds `</think>` to answers.
pub(super) static DEEPSEEK: Frame = Frame {
    name: "deepseek",
    once: exactly(1),
    system: span(0, 1),
    message: exactly(1),
    answer: span(2, 3),
    ..UNPUBLISHED
};
/// Gemma: `<start_of_turn>role\ncontent<end_of_turn>\n` after `<bos>`; instructions go before the first question with a
/// blank line. Gemma 3 makes 256 tokens of a picture, between two marks
/// (<https://ai.google.dev/gemma/docs/core/model_card_3>).
pub(super) static GEMMA: Frame = Frame {
    name: "gemma",
    once: exactly(1),
    system: span(1, 6),
    message: exactly(5),
    answer: exactly(5),
    images: Images::Fixed { tokens: 258 },
    ..UNPUBLISHED
};
/// GLM 4: `[gMASK]<sop>` once, then `<|user|>\ncontent`, `<|assistant|>\n<think></think>\ncontent`.
pub(super) static GLM: Frame = Frame {
    name: "glm",
    once: span(2, 3),
    system: span(2, 3),
    message: span(2, 4),
    answer: span(2, 6),
    ..UNPUBLISHED
};
/// Harmony of gpt-oss: `<|start|>role<|message|>content<|end|>`, instructions under a heading of three, answers with
/// `<|channel|>final`. The template begins every chat with a system message of 61 tokens; no provider says whether it trains,
/// or bills, that.
pub(super) static HARMONY: Frame = Frame {
    name: "harmony",
    once: span(0, 61),
    system: span(7, 8),
    message: exactly(4),
    answer: exactly(6),
    // As TypeScript, which the formula follows.
    tools: Tools::Formula(ToolFrame::GPT_4O),
    ..UNPUBLISHED
};
/// Kimi K2: `<|im_user|>user<|im_middle|>content<|im_end|>`, and a prompt of 18 tokens where there is none
/// (`chat_template.jinja` of <https://huggingface.co/moonshotai/Kimi-K2-Instruct>, read in the copy that a test of
/// llama.cpp's chat templates carries, 2026-11-21).
pub(super) static KIMI: Frame = Frame {
    name: "kimi",
    once: span(0, 18),
    system: exactly(4),
    message: exactly(4),
    answer: exactly(4),
    ..UNPUBLISHED
};
/// Llama 3: `<|start_header_id|>role<|end_header_id|>\n\ncontent<|eot_id|>` after `<|begin_of_text|>`; 3.1 and later always
/// have a system message with two dates, 20 tokens and a header where there is none.
pub(super) static LLAMA_3: Frame = Frame {
    name: "llama-3",
    once: span(1, 26),
    system: exactly(5),
    message: exactly(5),
    answer: exactly(5),
    ..UNPUBLISHED
};
/// Llama 4: as Llama 3 with other names (`<|header_start|>`), and without dates.
pub(super) static LLAMA_4: Frame = Frame { name: "llama-4", once: exactly(1), ..LLAMA_3 };
/// Mistral: `[INST]content[/INST]answer</s>` after `<s>` (<https://github.com/mistralai/mistral-common>, version 3 to 7);
/// instructions before the last question with a blank line, or between two marks.
pub(super) static MISTRAL: Frame = Frame {
    name: "mistral",
    once: exactly(1),
    system: span(1, 3),
    message: span(2, 4),
    answer: span(1, 2),
    ..UNPUBLISHED
};

/// Every frame that has a name of its own, sorted.
#[cfg(test)]
pub(super) static FRAMES: &[&Frame] = &[
    &CHATML,
    &DEEPSEEK,
    &GEMMA,
    &GLM,
    &HARMONY,
    &KIMI,
    &LLAMA_3,
    &LLAMA_4,
    &MISTRAL,
    &UNPUBLISHED,
    &OPENAI_O200K,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_published_is_as_wide_as_all_that_is() {
        for frame in FRAMES {
            for (span, widest) in [
                (frame.once, UNPUBLISHED.once),
                (frame.system, UNPUBLISHED.system),
                (frame.message, UNPUBLISHED.message),
                (frame.answer, UNPUBLISHED.answer),
            ] {
                assert!(
                    widest.low <= span.low && span.low <= span.high && span.high <= widest.high,
                    "{}",
                    frame.name
                );
            }
            assert!(frame.end <= frame.answer.low, "{}", frame.name);
        }
    }
}
