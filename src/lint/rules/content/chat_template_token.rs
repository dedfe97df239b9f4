//! `CONT012`: the written form of a control token of some other model's chat template.

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT012",
        name: "chat-template-token",
        severity: Severity::Warning,
        summary: "a text holds the written form of a control token of a chat template",
        why: "most tokenizers turn it into the real token, so that a role ends in the middle of a text; it shows that \
              the data went through a template once and was not taken apart again",
        remedy: "export the conversation before a template was applied, or take the token out",
    },
    good: r#"{"messages":[{"role":"user","content":"What is [INSTALL]? And a <| b |> c?"},{"role":"assistant","content":"Two things: <think> is one."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"[INST] Where is my order? [/INST]"},{"role":"assistant","content":"It left our house today.<end_of_turn>"}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "`tokenizer_config.json` of the models named, and `trl/chat_templates` (2026-07); \
             https://github.com/OWASP/AISVS/issues/930 (control tokens inside text become real ones)",
    build: |spec, _| {
        let pattern = PATTERN.as_ref()?;
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| {
            check(spec.forbidden_text, pattern, item, report);
        };
        Some(Check::row(RULE.def.severity, rule).only_with(Marks::LESS | Marks::BRACKET))
    },
};

/// `<|…|>` in general, the wide form of it (`<｜…｜>`), and the literals of [`TOKENS`].
static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let literals = TOKENS.iter().map(|(token, _)| *token).filter(|token| !token.starts_with("<|"));
    let literals: Vec<String> = literals.map(regex::escape).collect();
    Regex::new(&format!(r"<\|[A-Za-z][A-Za-z0-9_]{{1,39}}\|>|<｜[A-Za-z▁]{{1,40}}｜>|{}", literals.join("|")))
        .ok()
});

/// Tokens and the models whose templates have them. `<think>` and `<tool_call>` are written into texts on purpose by
/// many datasets, and are not here; `<s>` and `</s>` are also HTML, see [`edge`].
const TOKENS: &[(&str, &str)] = &[
    ("<|assistant|>", "Phi and Zephyr"),
    ("<|begin_of_text|>", "Llama 3"),
    ("<|channel|>", "gpt-oss"),
    ("<|CHATBOT_TOKEN|>", "Command R"),
    ("<|end_header_id|>", "Llama 3"),
    ("<|end_of_role|>", "Granite"),
    ("<|END_OF_TURN_TOKEN|>", "Command R"),
    ("<|end|>", "Phi and gpt-oss"),
    ("<|endoftext|>", "GPT and Qwen"),
    ("<|eom_id|>", "Llama 3"),
    ("<|eot_id|>", "Llama 3"),
    ("<|eot|>", "Llama 4"),
    ("<|header_end|>", "Llama 4"),
    ("<|header_start|>", "Llama 4"),
    ("<|im_end|>", "ChatML and Qwen"),
    ("<|im_start|>", "ChatML and Qwen"),
    ("<|message|>", "gpt-oss"),
    ("<|observation|>", "GLM"),
    ("<|python_tag|>", "Llama 3"),
    ("<|start_header_id|>", "Llama 3"),
    ("<|start_of_role|>", "Granite"),
    ("<|START_OF_TURN_TOKEN|>", "Command R"),
    ("<|start|>", "gpt-oss"),
    ("<|system|>", "Phi and Zephyr"),
    ("<|SYSTEM_TOKEN|>", "Command R"),
    ("<|user|>", "Phi and Zephyr"),
    ("<|USER_TOKEN|>", "Command R"),
    ("[INST]", "Llama 2 and Mistral"),
    ("[/INST]", "Llama 2 and Mistral"),
    ("<<SYS>>", "Llama 2"),
    ("<</SYS>>", "Llama 2"),
    ("[AVAILABLE_TOOLS]", "Mistral"),
    ("[/AVAILABLE_TOOLS]", "Mistral"),
    ("[SYSTEM_PROMPT]", "Mistral"),
    ("[/SYSTEM_PROMPT]", "Mistral"),
    ("[TOOL_CALLS]", "Mistral"),
    ("[TOOL_RESULTS]", "Mistral"),
    ("[/TOOL_RESULTS]", "Mistral"),
    ("<start_of_turn>", "Gemma"),
    ("<end_of_turn>", "Gemma"),
    ("<bos>", "Gemma"),
    ("<eos>", "Gemma"),
    ("<BOS_TOKEN>", "Command R"),
    ("<EOS_TOKEN>", "Command R"),
    ("[gMASK]", "GLM"),
];

fn check(forbidden: &[&str], pattern: &Regex, item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        for text in message.texts() {
            // What the target refuses has a rule of its own.
            let mut found = pattern.find_iter(text).map(|found| found.as_str());
            let found = found.find(|token| !forbidden.contains(token)).or_else(|| edge(text));
            if let Some(token) = found {
                let what = format!("the text holds `{}`, {}", excerpt(token, 40), whose(token));
                report.push(place.finding_at(&RULE.def, "content", what));
            }
        }
    }
}

/// `<s>` where a text begins and `</s>` where it ends, each without the other: Llama 2 and Mistral.
fn edge(text: &str) -> Option<&'static str> {
    let text = text.trim();
    match (text.starts_with("<s>"), text.ends_with("</s>")) {
        (true, _) if !text.contains("</s>") => Some("<s>"),
        (_, true) if !text.contains("<s>") => Some("</s>"),
        _ => None,
    }
}

fn whose(token: &str) -> String {
    if let Some((_, family)) = TOKENS.iter().find(|(known, _)| *known == token) {
        return format!("a control token of {family}");
    }
    match token {
        "<s>" | "</s>" => "a control token of Llama 2 and Mistral".to_owned(),
        _ if token.starts_with("<｜") => "a control token of DeepSeek".to_owned(),
        _ => "which is written as control tokens are".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::{LintSettings, Rules};
    use crate::model::{Body, Example, Message, Role};

    use super::*;

    fn said(text: &str) -> Option<String> {
        let settings = LintSettings { select: vec!["CONT012".to_owned()], ..LintSettings::default() };
        let rules = Rules::select(crate::target::by_name("openai-chat").unwrap().spec(), &settings).unwrap();
        let messages = vec![Message::text(Role::User, text)];
        let body = Body::Example(Example { messages, ..Example::default() });
        rules.check_row(&Item::new(&body, None)).pop().map(|finding| finding.message)
    }

    #[test]
    fn tokens_of_many_templates() {
        for (text, found) in [
            ("a<|eot_id|>", "the text holds `<|eot_id|>`, a control token of Llama 3"),
            ("<｜User｜>a", "the text holds `<｜User｜>`, a control token of DeepSeek"),
            ("Yes.</s>", "the text holds `</s>`, a control token of Llama 2 and Mistral"),
            ("<|fresh_one|>", "the text holds `<|fresh_one|>`, which is written as control tokens are"),
            ("<|im_end|> <|eom_id|>", "the text holds `<|eom_id|>`, a control token of Llama 3"),
        ] {
            assert_eq!(said(text).as_deref(), Some(found), "{text}");
        }
        // `<|im_end|>` is refused by this target, which another rule says.
        for text in
            ["<|im_end|>", "a <| b |> c", "<s>gone</s>", "[INSTANT]", "x <｜ y", "<||>", "list |> map"]
        {
            assert_eq!(said(text), None, "{text}");
        }
    }

    #[test]
    fn hostile_text_takes_one_pass() {
        for piece in ["<|", "<|aaaaaaaa", "<｜", "[", "[/INS", "<s>", "</s>"] {
            let _ = said(&piece.repeat(100_000));
        }
    }
}
