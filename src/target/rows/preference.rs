//! `{"input": {"messages"}, "preferred_output", "non_preferred_output"}`: the preference rows of OpenAI.

use serde_json::Value;

use super::super::{Target, TargetSpec, codes};
use super::chat::{decode_messages, drop_null, null_weights, quoted, restore_null_weights};
use super::{json_line as line, take};
use crate::diagnostic::{Finding, Rejection};
use crate::model::{Body, Extra, Preference};
use crate::text::json::kind;

/// A target whose rows are these.
pub struct Preferences(pub &'static TargetSpec);

impl Target for Preferences {
    fn spec(&self) -> &'static TargetSpec {
        self.0
    }

    fn encode(&self, body: &Body, out: &mut Vec<u8>) -> Result<(), Rejection> {
        let preference = preference_of(body)?;
        out.push(b'{');
        line::key("input", out);
        out.push(b'{');
        line::key("messages", out);
        line::messages(&preference.prompt, out);
        line::tools(preference.tools.as_deref(), out);
        if let Some(parallel) = preference.extra.get("parallel_tool_calls") {
            line::key("parallel_tool_calls", out);
            line::value(parallel, out);
        }
        if let Some(Value::Object(unlooked)) = preference.extra.get("input") {
            line::members(unlooked, out);
        }
        out.push(b'}');
        line::key("preferred_output", out);
        line::messages(&preference.chosen, out);
        line::key("non_preferred_output", out);
        line::messages(&preference.rejected, out);
        let apart = |name: &str, value: &Value| {
            name == "parallel_tool_calls" || (name == "input" && value.is_object())
        };
        for (name, value) in preference.extra.iter().filter(|(name, value)| !apart(name, value)) {
            line::member(name, value, out);
        }
        out.push(b'}');
        Ok(())
    }

    fn decode(&self, row: Value) -> Result<Body, Vec<Finding>> {
        let mut row = row;
        let nulls = null_weights(self.0, row.get("input").and_then(|input| input.get("messages")));
        if let Some(input) = row.get_mut("input").filter(|_| self.0.null_tools) {
            drop_null(input, "tools");
        }
        let unlooked = if self.0.open_input { take_unlooked(&mut row) } else { Extra::new() };
        decode_preference(row)
            .map(|mut preference| {
                restore_null_weights(&mut preference.prompt, &nulls);
                if !unlooked.is_empty() {
                    preference.extra.insert("input".to_owned(), Value::Object(unlooked));
                }
                Body::Preference(preference)
            })
            .map_err(|faults| quoted(self.0, faults))
    }
}

/// Takes what stands in `input` beside messages and tools, which nobody looks at.
fn take_unlooked(row: &mut Value) -> Extra {
    let Some(Value::Object(input)) = row.get_mut("input") else { return Extra::new() };
    let looked_at = |key: &str, value: &Value| key == "messages" || (key == "tools" && value.is_array());
    let (kept, unlooked) = std::mem::take(input).into_iter().partition(|(key, value)| looked_at(key, value));
    *input = kept;
    unlooked
}

/// The preference that `body` is, or why there is no row for it.
pub fn preference_of(body: &Body) -> Result<&Preference, Rejection> {
    match body {
        Body::Preference(preference) => Ok(preference),
        Body::Example(_) => Err(Rejection::new(
            &codes::NOT_EXPRESSIBLE,
            "the record has no rejected answer, which preference fine-tuning needs",
        )),
    }
}

/// Reads a row of OpenAI's preference format.
pub fn decode_preference(row: Value) -> Result<Preference, Vec<Finding>> {
    let mut row = take::object(row)?;
    let mut faults = Vec::new();
    let mut list = |value: Option<Value>, path: &str| match value {
        Some(Value::Array(messages)) if !messages.is_empty() => decode_messages(messages, path, &mut faults),
        other => {
            let what = other.as_ref().map_or("missing", kind);
            let what = if matches!(other, Some(Value::Array(_))) { "empty" } else { what };
            faults.push(Finding::new(&codes::MESSAGES_MISSING, "", format!("`{path}` is {what}")));
            Vec::new()
        }
    };
    let mut input = match row.shift_remove("input") {
        Some(Value::Object(input)) => input,
        _ => Extra::new(),
    };
    let prompt = list(input.shift_remove("messages"), "input.messages");
    let chosen = list(row.shift_remove("preferred_output"), "preferred_output");
    let rejected = list(row.shift_remove("non_preferred_output"), "non_preferred_output");
    if !faults.is_empty() {
        return Err(faults);
    }
    let tools = take::tools(&mut input, "tools");
    let mut extra = input;
    extra.extend(row);
    Ok(Preference { prompt, chosen, rejected, tools, extra })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back() {
        let text = r#"{"input":{"messages":[{"role":"user","content":"a"}],"tools":[],"parallel_tool_calls":true},"preferred_output":[{"role":"assistant","content":"b"}],"non_preferred_output":[{"role":"assistant","content":"c"}]}"#;
        let target = crate::target::by_name("openai-dpo").unwrap();
        let body = target.decode(serde_json::from_str(text).unwrap()).unwrap();
        let mut out = Vec::new();
        target.encode(&body, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), text);
    }

    #[test]
    fn missing_parts_are_named() {
        let faults = decode_preference(serde_json::json!({"input": {"messages": []}})).unwrap_err();
        let said: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(
            said,
            [
                "`input.messages` is empty",
                "`preferred_output` is missing",
                "`non_preferred_output` is missing"
            ]
        );
    }
}
