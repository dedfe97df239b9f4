//! OpenAI preference fine-tuning: `{"input": {"messages"}, "preferred_output", "non_preferred_output"}`.

use serde_json::Value;

use super::json_line as line;
use super::openai_chat::{CONTROL_TOKENS, MESSAGE_KEYS, decode_messages, kind};
use super::spec::{Adjacent, Last, Limits, Shape, SystemPlace, TargetSpec, ToolResults};
use super::{Target, codes};
use crate::diagnostic::{Finding, Rejection, Severity};
use crate::model::{Body, Extra, Preference, Role};

static SPEC: TargetSpec = TargetSpec {
    name: "openai-dpo",
    title: "OpenAI preference fine-tuning (DPO)",
    shape: Shape::Preference,
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
    system: SystemPlace::Anywhere,
    user_first: false,
    adjacent: Adjacent::Allowed,
    last: Last::NotAssistant,
    tool_results: ToolResults::Answered,
    blank_content_refused: true,
    content_parts: false,
    // `parallel_tool_calls` stands in `input`, beside `messages` and `tools`.
    row_keys: &["input", "preferred_output", "non_preferred_output", "parallel_tool_calls"],
    message_keys: MESSAGE_KEYS,
    forbidden_text: CONTROL_TOKENS,
    limits: Limits {
        examples_min: Some(10),
        examples_recommended: Some(50),
        examples_max: None,
        file_bytes: Some(512 << 20),
        tools_max: Some(128),
    },
    severities: &[("ROLE002", Severity::Warning), ("WGT001", Severity::Warning)],
    sentences: &[
        ("CONT005", "Invalid file format. Example N message contains an invalid token: TOKEN."),
        ("KEY001", "Invalid file format. Example N contains an extra \"KEY\"."),
        ("SET001", "Training file has N example(s), but must have at least 10 examples"),
        ("SHAPE002", "Invalid file format. Example N is missing key 'input'."),
    ],
    checked: "2026-11-21",
    sources: &[
        "https://github.com/openai/openai-openapi/pull/465 (schema FineTunePreferenceRequestInput, 2025-07-04)",
        "https://platform.openai.com/docs/guides/direct-preference-optimization (read 2026-11-21)",
    ],
};

/// OpenAI preference fine-tuning.
pub struct OpenAiDpo;

impl Target for OpenAiDpo {
    fn spec(&self) -> &'static TargetSpec {
        &SPEC
    }

    fn encode(&self, body: &Body, out: &mut Vec<u8>) -> Result<(), Rejection> {
        let Body::Preference(preference) = body else {
            return Err(Rejection::new(
                &codes::NOT_EXPRESSIBLE,
                "the record has no rejected answer, which preference fine-tuning needs",
            ));
        };
        out.push(b'{');
        line::key("input", out);
        out.push(b'{');
        line::key("messages", out);
        line::messages(&preference.prompt, out);
        if let Some(tools) = &preference.tools {
            line::key("tools", out);
            line::value(&Value::Array(tools.clone()), out);
        }
        if let Some(parallel) = preference.extra.get("parallel_tool_calls") {
            line::key("parallel_tool_calls", out);
            line::value(parallel, out);
        }
        out.push(b'}');
        line::key("preferred_output", out);
        line::messages(&preference.chosen, out);
        line::key("non_preferred_output", out);
        line::messages(&preference.rejected, out);
        out.push(b'}');
        for (name, value) in preference.extra.iter().filter(|(name, _)| *name != "parallel_tool_calls") {
            line::key(name, out);
            line::value(value, out);
        }
        Ok(())
    }

    fn decode(&self, row: Value) -> Result<Body, Vec<Finding>> {
        decode_preference(row).map(Body::Preference).map_err(|mut faults| {
            SPEC.quote(&mut faults);
            faults
        })
    }
}

/// Reads a row of OpenAI's preference format.
pub fn decode_preference(row: Value) -> Result<Preference, Vec<Finding>> {
    let Value::Object(mut row) = row else {
        return Err(vec![Finding::new(&codes::ROW_NOT_OBJECT, "", format!("the row is {}", kind(&row)))]);
    };
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
    let tools = match input.get_mut("tools") {
        Some(Value::Array(tools)) => Some(std::mem::take(tools)),
        _ => None,
    };
    if tools.is_some() {
        input.shift_remove("tools");
    }
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
        let body = OpenAiDpo.decode(serde_json::from_str(text).unwrap()).unwrap();
        let mut out = Vec::new();
        OpenAiDpo.encode(&body, &mut out).unwrap();
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
