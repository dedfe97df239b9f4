//! `LEN001`: an example of which the end is cut.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, Needs, RuleDef};
use crate::target::{Length, Overlong};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "LEN001",
        name: "too-long-example",
        severity: Severity::Warning,
        summary: "the example has more tokens than the model takes",
        why: "services and trainers cut the end or leave the example out without a word: of the answer to be learned, the \
              end or all is lost",
        remedy: "split the conversation before a message of the user and repeat the system message, or \
                 leave early messages out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today and will be with you on Tuesday or Wednesday of next week, if the weather holds"}]}"#,
    target: "openai-chat",
    needs: Needs::TOKENS,
    fix: None,
    source: "https://platform.openai.com/docs/guides/supervised-fine-tuning (cut from the end; read in a \
             copy, 2026-11-21)",
    build: |spec, settings| {
        let limit = settings.example_tokens?;
        let severity = match spec.length.overlong {
            Overlong::Refused => Severity::Error,
            _ => RULE.def.severity,
        };
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(limit, spec.length, item, report);
        Some(Check::row(severity, rule))
    },
};

fn check(limit: u64, length: Length, item: &Item<'_>, report: &mut Vec<Finding>) {
    let Some(tokens) = item.tokens.map(|tokens| tokens.sequence()) else { return };
    if tokens.high <= limit {
        return;
    }
    let count = match (tokens.exact, tokens.low > limit) {
        (true, _) => format!("{} tokens", tokens.low),
        (false, true) => format!("at least {} tokens", tokens.low),
        // The rendering of tools and pictures is not published: it may or may not be cut.
        (false, false) => format!("between {} and {} tokens", tokens.low, tokens.high),
    };
    let (part, _) = conversation(item.body);
    let over = tokens.low.saturating_sub(limit);
    let happens = match (length.overlong, over) {
        (Overlong::Dropped, 0) => "it may be left out".to_owned(),
        (Overlong::Dropped, _) => "it is left out".to_owned(),
        (Overlong::Refused, 0) => "it may be refused".to_owned(),
        (Overlong::Refused, _) => "it is refused".to_owned(),
        (Overlong::CutAtEnd, 0) => "the end may be cut".to_owned(),
        (Overlong::CutAtEnd, 1) => "the last one is cut".to_owned(),
        (Overlong::CutAtEnd, more) => format!("the last {more} are cut"),
        (Overlong::Unsaid, 0) => {
            "it may be too long, and what becomes of it then is not published".to_owned()
        }
        (Overlong::Unsaid, _) => "what becomes of it is not published".to_owned(),
    };
    let set = length.setting.map_or_else(String::new, |setting| format!(" unless `{setting}` is set"));
    report.push(Finding::new(
        &RULE.def,
        part.path(),
        format!("{count}, and the limit is {limit}{set}: {happens}"),
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, Example, Sequence, TokenCount};

    const CUT: Length = Length { tokens: None, setting: None, overlong: Overlong::CutAtEnd, parts: 1 };

    #[test]
    fn of_a_preference_the_longer_sequence_is_held_against_the_limit() {
        let body = Body::Example(Example::default());
        let said = |high: u64| {
            let limited = Some(Sequence { low: high, high, exact: true });
            let tokens = Some(TokenCount { total: 150, high: 190, limited, ..TokenCount::default() });
            let mut report = Vec::new();
            check(100, CUT, &Item::new(&body, tokens), &mut report);
            report.pop().map(|finding| finding.message)
        };
        assert_eq!(said(100), None);
        assert_eq!(said(102).unwrap(), "102 tokens, and the limit is 100: the last 2 are cut");
    }

    #[test]
    fn what_is_not_published_is_not_said_to_be_cut() {
        let body = Body::Example(Example::default());
        let tokens = Some(TokenCount { total: 150, high: 150, exact: true, ..TokenCount::default() });
        let mut report = Vec::new();
        check(100, Length { overlong: Overlong::Unsaid, ..CUT }, &Item::new(&body, tokens), &mut report);
        assert_eq!(
            report.pop().unwrap().message,
            "150 tokens, and the limit is 100: what becomes of it is not published"
        );
    }

    #[test]
    fn bounds_are_told_apart_from_counts() {
        let body = Body::Example(Example::default());
        let said = |total: u64, high: u64, exact: bool| {
            let tokens = Some(TokenCount { total, high, exact, ..TokenCount::default() });
            let mut report = Vec::new();
            check(100, CUT, &Item::new(&body, tokens), &mut report);
            report.pop().map(|finding| finding.message)
        };
        assert_eq!(said(100, 100, true), None);
        assert_eq!(said(101, 101, true).unwrap(), "101 tokens, and the limit is 100: the last one is cut");
        assert_eq!(
            said(150, 170, false).unwrap(),
            "at least 150 tokens, and the limit is 100: the last 50 are cut"
        );
        assert_eq!(
            said(90, 110, false).unwrap(),
            "between 90 and 110 tokens, and the limit is 100: the end may be cut"
        );
    }
}
