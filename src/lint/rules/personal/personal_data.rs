//! `PII001`: how to reach, bill or identify a person.

use crate::detect::Class;
use crate::diagnostic::{Def, Severity};
use crate::lint::{Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "PII001",
        name: "personal-data",
        severity: Severity::Warning,
        summary: "a text holds a mail address, a telephone or card number, or another number of a person",
        why: "a model repeats what it learned to whoever asks, a provider keeps the file, and much of it in a file sets off the \
              provider's own filters; names and postal addresses are not looked for, so a file without findings may still hold them",
        remedy: "take it out or put something invented in its place before the file leaves the house; `[personal] allow` in \
                 `chatmill.toml` lets pass what is the company's own, `kinds` says what is looked for (`chatmill list detectors`)",
    },
    good: r#"{"messages":[{"role":"user","content":"Order 4821376509 of 2026-11-22, ana@example.com, [PHONE]"},{"role":"assistant","content":"Write to support@blautopf-werk.de or 0800 328 4719."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Reach me: ana.lind@blautopf-werk.de, +49 221 8429 3517"},{"role":"assistant","content":"Card 5392 1847 0653 2915 is safe."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "OpenAI, fine-tuning best practices; OWASP LLM02:2025, sensitive information disclosure; what is found and how: \
             `chatmill list detectors`",
    build: |_, settings| super::build(&RULE.def, Class::Personal, settings),
};
