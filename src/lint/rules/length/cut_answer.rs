//! `LEN002`: an example whose last answer lies beyond the limit.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, LintSettings, Needs, RuleDef};
use crate::model::{Message, Role};
use crate::target::{Overlong, Shape};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "LEN002",
        name: "cut-answer",
        severity: Severity::Error,
        summary: "the last answer begins where the example is cut",
        why: "the whole answer is cut away: what is paid for is a question",
        remedy: "split the conversation, or shorten what comes before the answer",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Hello?"},{"role":"assistant","content":"Hello!"},{"role":"user","content":"It left our house today and will be with you on Tuesday or Wednesday of next week, if the weather holds"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::TOKENS,
    fix: None,
    source: "https://platform.openai.com/docs/guides/supervised-fine-tuning (cut from the end; read in a \
             copy, 2026-11-21)",
    build: |spec, settings| {
        // What is left out or refused as a whole is not cut.
        let cuts = matches!(spec.length.overlong, Overlong::CutAtEnd | Overlong::Unsaid);
        let limit = settings.example_tokens.filter(|_| cuts && spec.shape == Shape::Example)?;
        // What a setting of the user's own trainer decides is for the user to say.
        let severity = if spec.length.setting.is_some() { Severity::Warning } else { RULE.def.severity };
        let settings = settings.clone();
        let pairs = spec.cuts_pairs;
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| {
            // Of a single pair something of the answer is left.
            if !pairs || answers(item) > 1 {
                check(limit, &settings, item, report);
            }
        };
        Some(Check::row(severity, rule))
    },
};

fn answers(item: &Item<'_>) -> usize {
    conversation(item.body).1.iter().filter(|message| message.role == Role::Assistant).count()
}

fn check(limit: u64, settings: &LintSettings, item: &Item<'_>, report: &mut Vec<Finding>) {
    // Where nothing is left to learn at all, another rule says so.
    let cut = item.tokens.filter(|tokens| tokens.total > limit && tokens.before < limit);
    let Some(total) = cut.map(|tokens| tokens.total) else { return };
    let (part, messages) = conversation(item.body);
    // Of an answer that is not learned nothing is lost.
    let Some(last) = messages.last().filter(|last| last.is_trained_answer()) else { return };
    let begin = total.saturating_sub(tokens_of(last, total, messages, settings));
    if begin >= limit {
        let what = format!("the answer begins after about {begin} tokens, and the limit is {limit}");
        report.push(part.at(messages.len() - 1).finding(&RULE.def, what));
    }
}

/// Tokens of the last message: counted where a counter is at hand, else its share of the bytes.
fn tokens_of(last: &Message, total: u64, messages: &[Message], settings: &LintSettings) -> u64 {
    if let Some(counter) = &settings.counter {
        return texts(last).map(|text| counter.count(text)).sum();
    }
    let bytes = |message: &Message| texts(message).map(str::len).sum::<usize>() as u128;
    let all = messages.iter().map(bytes).sum::<u128>().max(1);
    u64::try_from(u128::from(total) * bytes(last) / all).unwrap_or(total)
}

fn texts(message: &Message) -> impl Iterator<Item = &str> {
    let of_calls = message.tool_calls.iter().flat_map(|call| [call.name.as_str(), call.arguments.as_str()]);
    let refusal = message.extra.get("refusal").and_then(serde_json::Value::as_str);
    message.texts().chain(refusal).chain(of_calls)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{Body, Example, TokenCount};
    use crate::tokens::Counter;

    struct Words;

    impl Counter for Words {
        fn count(&self, text: &str) -> u64 {
            text.split_whitespace().count() as u64
        }
    }

    #[test]
    fn the_answer_may_begin_on_the_last_token_that_is_kept() {
        // Ten words asked, four answered.
        let messages = vec![
            Message::text(Role::User, "a ".repeat(10)),
            Message::text(Role::Assistant, "long long long long"),
        ];
        let body = Body::Example(Example { messages, ..Example::default() });
        let tokens = Some(TokenCount { total: 14, high: 14, ..TokenCount::default() });
        let said = |limit: u64, counter: Option<Arc<dyn Counter>>| {
            let settings = LintSettings { counter, ..LintSettings::default() };
            let mut report = Vec::new();
            check(limit, &settings, &Item::new(&body, tokens), &mut report);
            report.pop().map(|finding| finding.message)
        };
        let counter = || Some(Arc::new(Words) as Arc<dyn Counter>);
        assert_eq!(
            said(10, counter()).unwrap(),
            "the answer begins after about 10 tokens, and the limit is 10"
        );
        assert_eq!(said(11, counter()), None);
        // By bytes the answer, half of the text, seems longer than it is.
        assert_eq!(said(10, None), None);
        assert!(said(7, None).is_some());
    }

    #[test]
    fn a_refusal_is_an_answer_and_what_is_masked_is_none() {
        let found = |change: fn(&mut Message)| {
            let mut answer = Message::text(Role::Assistant, "no");
            change(&mut answer);
            let messages = vec![Message::text(Role::User, "a ".repeat(10)), answer];
            let body = Body::Example(Example { messages, ..Example::default() });
            let tokens = Some(TokenCount { total: 30, high: 30, ..TokenCount::default() });
            let settings = LintSettings { counter: Some(Arc::new(Words)), ..LintSettings::default() };
            let mut report = Vec::new();
            check(12, &settings, &Item::new(&body, tokens), &mut report);
            report.len()
        };
        assert_eq!(found(|_| ()), 1);
        assert_eq!(found(|answer| answer.weight = Some(0)), 0);
        let refuse = |answer: &mut Message| {
            answer.extra.insert("refusal".to_owned(), "no ".repeat(19).into());
        };
        assert_eq!(found(refuse), 0);
    }
}
