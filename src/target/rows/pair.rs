//! `{"prompt": …, "completion": …}`: one question and its answer, as texts or as lists of messages.

use serde_json::Value;

use super::super::{Target, TargetSpec};
use super::chat::{decode_messages, example_of, quoted};
use super::turns::cannot;
use super::{json_line as line, take};
use crate::diagnostic::{Finding, Rejection};
use crate::model::{Body, Example, Message, Role};
use crate::text::json::kind;
use crate::text::sanitize::excerpt;

/// A target whose rows are these.
pub struct Pairs {
    /// What it takes.
    pub spec: &'static TargetSpec,
    /// Whether both are lists of messages.
    pub lists: bool,
    /// Whether `label` says that the answer is wanted.
    pub label: bool,
}

impl Pairs {
    fn label(&self, example: &Example, out: &mut Vec<u8>) -> Result<(), Rejection> {
        if self.label {
            let label = example.label.ok_or_else(|| cannot(self.spec, "an answer that nobody judged"))?;
            line::key("label", out);
            line::value(&Value::Bool(label), out);
        }
        Ok(())
    }

    /// Where the answer begins: the last messages of the assistant, which alone are learned. Texts and judgements are of one
    /// message.
    fn answer_at(&self, messages: &[Message]) -> usize {
        let learned = |one: &&Message| one.role == Role::Assistant && one.weight != Some(0);
        let most = if self.lists && !self.label { messages.len() } else { 1 };
        messages.len() - messages.iter().rev().take(most).take_while(learned).count()
    }

    /// The messages before the answer, and the answer.
    fn parts<'a>(&self, example: &'a Example) -> Result<(&'a [Message], &'a [Message]), Rejection> {
        let (prompt, answer) = example.messages.split_at(self.answer_at(&example.messages));
        if prompt.last().is_some_and(|last| last.role == Role::Assistant) && answer.is_empty() {
            return Err(cannot(self.spec, "a row whose last answer is masked (`weight` 0)"));
        }
        if let (Some(last), true) = (prompt.last(), answer.is_empty()) {
            let what = format!("a row that ends with a message of role `{}`", excerpt(last.role.name(), 40));
            return Err(cannot(self.spec, &what));
        }
        if prompt.is_empty() {
            return Err(cannot(self.spec, "a row that is not a question and its answer"));
        }
        let also = prompt.iter().filter(|one| one.role == Role::Assistant && one.weight != Some(0)).count();
        // A judgement is of the last answer; those before it are what was asked.
        if also > 0 && !self.label {
            let what = format!("{} answers in one row, of which only the last would be learned,", also + 1);
            return Err(cannot(self.spec, &what));
        }
        Ok((prompt, answer))
    }
}

impl Target for Pairs {
    fn spec(&self) -> &'static TargetSpec {
        self.spec
    }

    fn encode(&self, body: &Body, out: &mut Vec<u8>) -> Result<(), Rejection> {
        let example = example_of(body, self.spec)?;
        let (prompt, answer) = self.parts(example)?;
        out.push(b'{');
        if self.lists {
            line::key("prompt", out);
            line::messages_unweighted(prompt, out);
            line::key("completion", out);
            line::messages_unweighted(answer, out);
            self.label(example, out)?;
            line::tools(example.tools.as_deref(), out);
        } else {
            let ([question], [answer]) = (prompt, answer) else {
                return Err(cannot(self.spec, "more than one message before the answer"));
            };
            if question.role != Role::User {
                return Err(cannot(self.spec, "an answer to nobody's question"));
            }
            if example.tools.is_some() || !answer.tool_calls.is_empty() {
                return Err(cannot(self.spec, "a row with tools"));
            }
            line::key("prompt", out);
            line::content(question, self.spec, out)?;
            line::key("completion", out);
            line::content(answer, self.spec, out)?;
            self.label(example, out)?;
        }
        line::members(&example.extra, out);
        out.push(b'}');
        Ok(())
    }

    fn decode(&self, row: Value) -> Result<Body, Vec<Finding>> {
        let read = || {
            let mut row = take::object(row)?;
            let mut faults = Vec::new();
            let mut side = |key: &str, role: Role| {
                if self.lists {
                    let list = take::list(&mut row, key);
                    return list.map(|list| decode_messages(list, key, &mut faults));
                }
                let content = take::content(&mut row, key, self.spec.content_parts);
                content.map(|content| vec![Message { content, ..Message::text(role, "") }])
            };
            let (prompt, answer) = (side("prompt", Role::User), side("completion", Role::Assistant));
            let (mut messages, answer) = match (prompt, answer) {
                (Ok(prompt), Ok(answer)) if faults.is_empty() => (prompt, answer),
                (prompt, answer) => {
                    faults.extend(prompt.err());
                    faults.extend(answer.err());
                    return Err(faults);
                }
            };
            for message in messages.iter_mut().filter(|message| message.role == Role::Assistant) {
                message.weight = Some(0);
            }
            messages.extend(answer);
            let label = match row.get("label") {
                Some(Value::Bool(label)) if self.label => Some(*label),
                Some(other) if self.label => {
                    let says = format!("`label` is {}, not true or false", kind(other));
                    return Err(vec![Finding::new(&super::super::codes::MESSAGES_MISSING, "label", says)]);
                }
                _ => None,
            };
            if label.is_some() {
                row.shift_remove("label");
            }
            let tools = if self.lists { take::tools(&mut row, "tools") } else { None };
            Ok(Body::Example(Example { messages, tools, label, extra: row }))
        };
        read().map_err(|faults| quoted(self.spec, faults))
    }

    fn place(&self, body: &Body, path: String) -> String {
        let (Body::Example(example), Some((index, rest))) = (body, super::message_index(&path)) else {
            return path;
        };
        let answer = self.answer_at(&example.messages).min(example.messages.len().saturating_sub(1));
        match (self.lists, index.checked_sub(answer)) {
            (true, Some(index)) => format!("completion[{index}]{rest}"),
            (true, None) => format!("prompt[{index}]{rest}"),
            (false, Some(_)) => "completion".to_owned(),
            (false, None) => "prompt".to_owned(),
        }
    }
}
