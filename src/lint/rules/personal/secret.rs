//! `PII002`: what opens something for whoever has it.

use crate::detect::Class;
use crate::diagnostic::{Def, Severity};
use crate::lint::{Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "PII002",
        name: "secret",
        severity: Severity::Warning,
        summary: "a text holds a password, a key or a token",
        why: "whoever can ask the model may get it, and so may whoever can read the file at the provider",
        remedy: "change the secret where it opens something, for it was in a file; then take it out, or put something invented in its \
                 place",
    },
    good: r#"{"messages":[{"role":"user","content":"Which password: <your password> or API_KEY=xxxxxxxxxxxxxxxx?"},{"role":"assistant","content":"Open https://user:pass@host/ once."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"My login fails. The password: Kq7r-Pz2m"},{"role":"assistant","content":"Try postgres://ana:Kq7r-Pz2m@db.blautopf-werk.de/shop instead."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "OWASP LLM02:2025, sensitive information disclosure; https://github.com/gitleaks/gitleaks at b58d3f10 (MIT); what is found \
             and how: `chatmill list detectors`",
    build: |_, settings| super::build(&RULE.def, Class::Secret, settings),
};
