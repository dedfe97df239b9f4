//! `CONT004`: a part of content that the target does not take.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{Place, messages};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::{Content, Role};
use crate::target::Trained;
use crate::text::json::kind;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT004",
        name: "invalid-content-part",
        severity: Severity::Error,
        summary: "a part of a list as content is malformed, or of a type that has no place there",
        why: "services refuse the file; pictures in answers cannot be learned, sound and files cannot be \
              trained on",
        remedy: "keep text parts anywhere, `image_url` parts in messages of the user; leave other parts out",
    },
    good: r#"{"messages":[{"role":"user","content":[{"type":"text","text":"Where is this?"},{"type":"image_url","image_url":{"url":"https://example.com/box.png","detail":"low"}}]},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":[{"type":"image_url","image_url":{"url":"https://example.com/box.png"}}]}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, \
             2025-07-04); https://platform.openai.com/docs/guides/vision-fine-tuning (no images in \
             answers; read 2026-11-21)",
    build: |spec, _| {
        // A row that is one text has no roles: what a question may hold it may hold.
        let role = (spec.trained == Trained::Everything).then_some(Role::User);
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(role.as_ref(), item, report);
        spec.content_parts.then(|| Check::row(RULE.def.severity, rule).only_with(Marks::PARTS))
    },
};

fn check(role: Option<&Role>, item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        let Content::Parts(parts) = &message.content else { continue };
        // There a list is wrong as a whole, which `content-not-text` says.
        if matches!(message.role, Role::Tool | Role::Function) {
            continue;
        }
        if parts.is_empty() {
            report.push(place.finding_at(&RULE.def, "content", "the list of parts is empty"));
        }
        for (index, part) in parts.iter().enumerate() {
            if let Some((step, what)) = fault(part, role.unwrap_or(&message.role), parts.len()) {
                report.push(at(place, index, step, what));
            }
        }
    }
}

fn at(place: Place, index: usize, step: &str, what: String) -> Finding {
    place.finding_at(&RULE.def, format_args!("content[{index}]{step}"), what)
}

/// What is wrong with a part, and where in it.
fn fault(part: &Value, role: &Role, parts: usize) -> Option<(&'static str, String)> {
    let Value::Object(part) = part else { return Some(("", format!("the part is {}", kind(part)))) };
    let Some(name) = part.get("type").and_then(Value::as_str) else {
        return Some(("", "the part has no `type`".to_owned()));
    };
    match (name, role) {
        ("text", _) => match part.get("text") {
            Some(Value::String(_)) => None,
            Some(other) => Some((".text", format!("`text` is {}", kind(other)))),
            None => Some(("", "the text part has no `text`".to_owned())),
        },
        ("image_url", Role::User) => image_fault(part.get("image_url")),
        ("image_url", _) => {
            Some(("", format!("a picture in a message of role `{}`", excerpt(role.name(), 40))))
        }
        ("refusal", Role::Assistant) if parts > 1 => {
            Some(("", "a refusal part stands beside other parts".to_owned()))
        }
        ("refusal", Role::Assistant) => match part.get("refusal") {
            Some(Value::String(_)) => None,
            _ => Some(("", "the refusal part has no `refusal`".to_owned())),
        },
        ("input_audio" | "file", _) => Some((".type", format!("`{name}` parts cannot be trained on"))),
        _ => Some((".type", format!("`{}` is no type of part here", excerpt(name, 40)))),
    }
}

fn image_fault(image: Option<&Value>) -> Option<(&'static str, String)> {
    let Some(Value::Object(image)) = image else {
        return Some(("", "`image_url` is no object with a `url`".to_owned()));
    };
    let scheme = |url: &str| ["https://", "http://", "data:image/"].iter().any(|head| url.starts_with(head));
    match (image.get("url").and_then(Value::as_str), image.get("detail")) {
        (None, _) => Some((".image_url", "the picture has no `url`".to_owned())),
        (Some(url), _) if !scheme(url) => Some((
            ".image_url.url",
            "the `url` of the picture is neither a web address nor `data:image/`".to_owned(),
        )),
        (_, Some(detail)) if !matches!(detail.as_str(), Some("auto" | "low" | "high")) => {
            Some((".image_url.detail", "`detail` is none of `auto`, `low` and `high`".to_owned()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_are_judged_by_role() {
        let said =
            |part: Value, role: Role| fault(&part, &role, 1).map(|(step, what)| format!("{step} {what}"));
        let image = json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}});
        assert_eq!(said(image.clone(), Role::User), None);
        assert_eq!(said(image, Role::System).unwrap(), " a picture in a message of role `system`");
        assert_eq!(said(json!("Hi"), Role::User).unwrap(), " the part is a string");
        assert_eq!(said(json!({"type": "text", "text": 1}), Role::User).unwrap(), ".text `text` is a number");
        assert_eq!(
            said(json!({"type": "video"}), Role::User).unwrap(),
            ".type `video` is no type of part here"
        );
        assert_eq!(said(json!({"type": "refusal", "refusal": "No"}), Role::Assistant), None);
        let file = json!({"type": "image_url", "image_url": {"url": "file:///box.png"}});
        assert!(said(file, Role::User).unwrap().starts_with(".image_url.url "));
    }
}
