//! Rows that judge one answer: the messages so far as JSON in a string, what a machine said next, and its reward.

use serde_json::Value;

use super::steps::{Step, messages};
use crate::diagnostic::Finding;
use crate::model::{Example, Extra, Raw, Role};
use crate::read::codes;
use crate::read::json::Misfit;
use crate::read::json::dialogue::take_string;
use crate::read::reader::Decoded;

/// Whether a row is one of these.
pub(super) fn known(record: &Extra) -> bool {
    record.get("context").and_then(Value::as_str).is_some_and(|context| context.trim_start().starts_with('['))
        && record.contains_key("generation")
        && record.contains_key("reward")
}

/// Reads a row.
pub(super) fn read(mut record: Extra) -> Result<Decoded, Misfit> {
    let context = take_string(&mut record, "context").unwrap_or_default();
    let said: Vec<Value> = serde_json::from_str(&context).map_err(|error| {
        Misfit::new(&codes::JSON_INVALID, "", format!("`context` is no list of messages in JSON ({error})"))
    })?;
    let mut steps = Vec::new();
    for (index, message) in said.into_iter().enumerate() {
        add(message, &mut steps)
            .map_err(|why| Misfit::shape("", format!("`context`, message {}: {why}", index + 1)))?;
    }
    let mut findings = Vec::new();
    let rewarded = record.get("reward").and_then(Value::as_f64).is_some_and(|reward| reward >= 1.0);
    if rewarded {
        let generation = match record.shift_remove("generation") {
            Some(Value::String(text)) => serde_json::from_str(&text).map_err(|error| {
                Misfit::new(&codes::JSON_INVALID, "", format!("`generation` is no message in JSON ({error})"))
            })?,
            Some(other) => other,
            None => Value::Null,
        };
        add(generation, &mut steps).map_err(|why| Misfit::shape("generation", why))?;
    } else {
        let reward = record.get("reward").map(Value::to_string).unwrap_or_default();
        let reward = crate::text::sanitize::excerpt(&reward, 20);
        let results = without_open_results(&mut steps);
        if !is_answered(&steps) {
            let says = format!("the one answer, `generation`, has the reward {reward}");
            return Err(Misfit::new(&codes::NO_ANSWERS, "", says));
        }
        let says = match results {
            0 => format!("`generation` has the reward {reward}"),
            1 => format!(
                "`generation` has the reward {reward}; the result that it answers is left out with it"
            ),
            many => format!(
                "`generation` has the reward {reward}; the {many} results that it answers are left out with it"
            ),
        };
        findings.push(Finding::new(&codes::REFUSED_ANSWER, "generation", says));
    }
    let example = Example { messages: messages(steps), extra: record, ..Example::default() };
    Ok(Decoded { raw: Raw::Example(example), findings })
}

/// Takes away the results at the end, which only the refused answer would follow; how many.
fn without_open_results(steps: &mut Vec<Step>) -> usize {
    let open = steps.iter().rev().take_while(|step| matches!(step, Step::Returned(..))).count();
    steps.truncate(steps.len() - open);
    open
}

/// Whether the agent said or called something after the user spoke.
fn is_answered(steps: &[Step]) -> bool {
    let is_user = |step: &Step| matches!(step, Step::Said(Role::User, _));
    steps.iter().skip_while(|step| !is_user(step)).any(|step| !is_user(step))
}

/// Adds what one message says, calls or returns.
fn add(message: Value, steps: &mut Vec<Step>) -> Result<(), String> {
    let Value::Object(mut message) = message else { return Err("no object".to_owned()) };
    let role = take_string(&mut message, "role").unwrap_or_default();
    let object = |message: &mut Extra, key: &str| match message.shift_remove(key) {
        Some(Value::Object(map)) => Ok(map),
        Some(_) => Err(format!("`{key}` is no object")),
        None => Err(format!("neither `text` nor `{key}`")),
    };
    let text = take_string(&mut message, "text");
    let before = steps.len();
    match role.as_str() {
        "user" => steps.push(Step::Said(Role::User, text.ok_or("no `text`")?)),
        "agent" | "assistant" => {
            let calls = message.contains_key("api");
            if let Some(text) = text {
                steps.push(Step::Said(Role::Assistant, text));
            }
            if calls || steps.len() == before {
                steps.push(Step::Called(object(&mut message, "api")?.into_iter().collect()));
            }
        }
        "api" => {
            let mut returned = object(&mut message, "response")?;
            if returned.is_empty() {
                // An answer all the same.
                returned.insert(String::new(), Value::Object(Extra::new()));
            }
            steps.extend(returned.into_iter().map(|(name, value)| Step::Returned(name, value)));
        }
        other => {
            return Err(format!("the role `{}` is not known", crate::text::sanitize::excerpt(other, 20)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn decoded(context: &Value, generation: &Value, reward: f64) -> (Vec<String>, usize) {
        let Value::Object(record) = json!({"conversation_id": "d", "context": context.to_string(),
            "generation": generation.to_string(), "reward": reward})
        else {
            panic!("no object")
        };
        let decoded = read(record).unwrap();
        let Raw::Example(example) = decoded.raw else { panic!("no example") };
        let shown = |message: &crate::model::Message| {
            let calls: Vec<String> =
                message.tool_calls.iter().map(|call| format!("{}{}", call.name, call.arguments)).collect();
            let id = message.tool_call_id.clone().unwrap_or_default();
            format!("{} {}{}{id}", message.role, message.texts().collect::<String>(), calls.join(" "))
        };
        (example.messages.iter().map(shown).collect(), decoded.findings.len())
    }

    #[test]
    fn calls_results_and_the_judged_answer() {
        let context = json!([{"role": "user", "text": "Tickets"}, {"role": "agent", "api": {"find": {"what": "t"}}},
            {"role": "api", "response": {"find": {"found": 2}}}]);
        let answer = json!({"role": "agent", "text": "Two."});
        let so_far = ["user Tickets", r#"assistant find{"what":"t"}"#, r#"tool {"found":2}call_1"#];
        let (good, none) = decoded(&context, &answer, 1.0);
        assert_eq!(
            (good[..3].to_vec(), good[3].as_str(), none),
            (so_far.map(String::from).to_vec(), "assistant Two.", 0)
        );
        assert_eq!(
            decoded(&context, &answer, 0.0),
            (so_far[..2].iter().map(|&one| one.to_owned()).collect(), 1)
        );
    }

    #[test]
    fn a_row_whose_one_answer_is_refused_has_none() {
        let Value::Object(record) = json!({"context": r#"[{"role":"agent","text":"Hi"},{"role":"user","text":"a"}]"#,
            "generation": "{}", "reward": 0.5})
        else {
            panic!("no object")
        };
        assert!(read(record).is_err());
    }

    #[test]
    fn what_is_no_message_is_named() {
        for context in [
            "[",
            "[7]",
            r#"[{"role":"user"}]"#,
            r#"[{"role":"agent"}]"#,
            r#"[{"role":"api","response":1}]"#,
            r#"[{"role":"x"}]"#,
        ] {
            let Value::Object(record) = json!({"context": context, "generation": "{}", "reward": 0}) else {
                panic!("no object")
            };
            assert!(read(record).is_err(), "{context}");
        }
    }
}
