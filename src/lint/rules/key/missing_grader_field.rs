//! `KEY004`: a row without what the grader reads.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::columns::is_empty;
use crate::lint::place::row_extra;
use crate::lint::{Check, Item, Needs, RuleDef};
use crate::text::json::kind;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "KEY004",
        name: "missing-grader-field",
        severity: Severity::Warning,
        summary: "the row lacks a field that the grader reads, or it is empty",
        why: "the grader stops at the row or grades it against nothing, and the model learns from that grade",
        remedy: "fill the field in, or leave the row out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"}],"reference":"It left our house today."}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"}],"reference":""}
{"messages":[{"role":"user","content":"Where is my order?"}]}"#,
    target: "azure-rft",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneReinforcementRequestInput: other keys are \
             the grader's, as `{{item.KEY}}`; 2025-07-04)",
    build: |spec, settings| {
        let fields = settings.grader_fields.clone();
        let read = spec.keeps_other_keys && !fields.is_empty();
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(&fields, item, report);
        read.then(|| Check::row(RULE.def.severity, rule))
    },
};

fn check(fields: &[String], item: &Item<'_>, report: &mut Vec<Finding>) {
    let extra = row_extra(item.body);
    for field in fields {
        let mut keys = field.split('.');
        let first = keys.next().and_then(|key| extra.get(key));
        let what = match keys.fold(first, |value, key| value?.get(key)) {
            None => "is missing".to_owned(),
            Some(value) if is_empty(value) => format!("is {}", empty(value)),
            Some(_) => continue,
        };
        let message = format!("the grader reads `{}`, which {what}", excerpt(field, 60));
        report.push(Finding::new(&RULE.def, "", message));
    }
}

fn empty(value: &Value) -> String {
    if value.is_null() { kind(value).to_owned() } else { format!("an empty {}", kind_of(value)) }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "list",
        Value::Object(_) => "object",
        _ => "string",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Body, Example};

    #[test]
    fn nested_fields_are_followed() {
        let row = json!({"a": {"b": " ", "c": 0}, "d": [], "e": null});
        let extra = row.as_object().unwrap().clone();
        let body = Body::Example(Example { extra, ..Example::default() });
        let fields = ["a.b", "a.c", "a.x", "d", "e", "f"].map(str::to_owned);
        let mut report = Vec::new();
        check(&fields, &Item::new(&body, None), &mut report);
        let said: Vec<&str> = report.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(
            said,
            [
                "the grader reads `a.b`, which is an empty string",
                "the grader reads `a.x`, which is missing",
                "the grader reads `d`, which is an empty list",
                "the grader reads `e`, which is null",
                "the grader reads `f`, which is missing",
            ]
        );
    }
}
