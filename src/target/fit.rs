//! Taking away what a target does not take, by name, before rules look and rows are written.

use serde_json::Value;

use super::codes;
use super::spec::{TargetSpec, Trained};
use crate::diagnostic::Rejection;
use crate::model::{Body, Extra, Message, Role};

/// Removes keys of the row and of messages that `spec` does not list, and names them in `left_out`, sorted, each once.
///
/// A mask or a call of a tool that the target cannot express is a rejection: without the one an answer that was not meant
/// would be learned, without the other half of one.
pub fn fit(spec: &TargetSpec, body: &mut Body, left_out: &mut Vec<String>) -> Result<(), Rejection> {
    let takes = Takes::of(spec);
    match body {
        Body::Example(_) if spec.keeps_other_keys => {}
        Body::Example(example) => keep(&mut example.extra, spec.row_keys, "", left_out),
        Body::Preference(preference) => {
            fit_input(&mut preference.extra, spec.row_keys, left_out);
            keep(&mut preference.extra, spec.row_keys, "", left_out);
        }
    }
    for message in body.messages_mut() {
        if !takes.weight && message.weight == Some(0) && message.role == Role::Assistant {
            return Err(Rejection::new(
                &codes::NOT_EXPRESSIBLE,
                format!("an answer is masked (`weight` 0), which `{}` cannot say", spec.name),
            ));
        }
        if !takes.tool_calls && !message.tool_calls.is_empty() {
            return Err(Rejection::new(
                &codes::NOT_EXPRESSIBLE,
                format!("a message calls a tool, which `{}` cannot say", spec.name),
            ));
        }
        fit_message(spec, &takes, message, left_out);
    }
    left_out.sort();
    left_out.dedup();
    Ok(())
}

/// What stood in the input of a preference where nobody looks: what another target knows goes to the row's keys.
fn fit_input(extra: &mut Extra, keys: &[&str], left_out: &mut Vec<String>) {
    if !extra.get("input").is_some_and(Value::is_object) {
        return;
    }
    let Some(Value::Object(input)) = extra.shift_remove("input") else { return };
    for (key, value) in input {
        if keys.contains(&key.as_str()) {
            extra.insert(key, value);
        } else {
            left_out.push(format!("input.{key}"));
        }
    }
}

/// Keys of messages that are understood, and whether a target takes them: looked up once a row and not once a message.
struct Takes {
    name: bool,
    weight: bool,
    tool_calls: bool,
    tool_call_id: bool,
}

impl Takes {
    fn of(spec: &TargetSpec) -> Self {
        let takes = |key: &str| spec.message_keys.contains(&key);
        Self {
            name: takes("name"),
            weight: takes("weight"),
            tool_calls: takes("tool_calls"),
            tool_call_id: takes("tool_call_id"),
        }
    }
}

fn fit_message(spec: &TargetSpec, takes: &Takes, message: &mut Message, left_out: &mut Vec<String>) {
    let mut leave = |key: &str, there: bool| {
        if there {
            left_out.push(format!("messages[].{key}"));
        }
    };
    if !takes.name {
        leave("name", message.name.take().is_some());
    }
    if !takes.weight {
        // Where answers are learned and nothing else is, what is left here says no more than its absence.
        leave("weight", message.weight.take().is_some() && spec.trained == Trained::Everything);
    }
    if !takes.tool_call_id {
        leave("tool_call_id", message.tool_call_id.take().is_some());
    }
    if message.extra.is_empty() {
        return;
    }
    // Kept for rules only: it says what a missing weight says.
    if message.extra.get("weight").is_some_and(Value::is_null) {
        message.extra.shift_remove("weight");
    }
    keep(&mut message.extra, spec.message_keys, "messages[].", left_out);
}

/// Keeps the keys that are listed.
fn keep(extra: &mut Extra, keys: &[&str], prefix: &str, left_out: &mut Vec<String>) {
    if extra.keys().all(|key| keys.contains(&key.as_str())) {
        return;
    }
    extra.retain(|key, _| {
        let kept = keys.contains(&key.as_str());
        if !kept {
            left_out.push(format!("{prefix}{key}"));
        }
        kept
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Target, openai_chat, strict};

    fn fitted(target: &dyn Target, row: serde_json::Value) -> Result<(String, Vec<String>), Rejection> {
        let mut body = target.decode(row).unwrap();
        let (mut out, mut left_out) = (Vec::new(), Vec::new());
        fit(target.spec(), &mut body, &mut left_out)?;
        target.encode(&body, &mut out)?;
        Ok((String::from_utf8(out).unwrap(), left_out))
    }

    #[test]
    fn what_is_not_taken_is_named_and_misfits_stay() {
        let row = serde_json::json!({"id": 7, "messages": [{"role": "assistant", "content": "x", "weight": 1.5, "time": 3}]});
        let (out, left_out) = fitted(&openai_chat::TARGET, row).unwrap();
        assert_eq!(out, r#"{"messages":[{"role":"assistant","content":"x","weight":1.5}]}"#);
        assert_eq!(left_out, ["id", "messages[].time"]);
    }

    #[test]
    fn what_one_target_does_not_look_at_another_may_know() {
        let row = serde_json::json!({"input": {"messages": [{"role": "user", "content": "a", "weight": null}],
            "parallel_tool_calls": false, "note": 7},
            "preferred_output": [{"role": "assistant", "content": "b"}],
            "non_preferred_output": [{"role": "assistant", "content": "c"}]});
        let together = crate::target::by_name("together-preference").unwrap();
        let (out, left_out) = fitted(together, row.clone()).unwrap();
        assert!(out.starts_with(r#"{"input":{"messages":[{"role":"user","content":"a"}]},"#), "{out}");
        assert_eq!(left_out, ["input.note", "input.parallel_tool_calls"]);
        let mut body = together.decode(row).unwrap();
        let openai = crate::target::by_name("openai-dpo").unwrap();
        let (mut out, mut left_out) = (Vec::new(), Vec::new());
        fit(openai.spec(), &mut body, &mut left_out).unwrap();
        openai.encode(&body, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains(r#""parallel_tool_calls":false},"preferred_output""#), "{out}");
        assert_eq!(left_out, ["input.note"]);
    }

    #[test]
    fn a_mask_is_never_lost() {
        let row = |weight: u8| serde_json::json!({"messages": [{"role": "assistant", "content": "x", "weight": weight}]});
        assert_eq!(fitted(&strict::TARGET, row(1)).unwrap().1, [""; 0]);
        assert_eq!(fitted(&strict::TARGET, row(0)).unwrap_err().def.code, "SHAPE005");
    }
}
