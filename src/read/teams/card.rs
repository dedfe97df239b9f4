//! The words on a card that an application posted: title, texts and facts, in the order in which they are shown.

use serde_json::Value;

/// Deepest nesting that is looked into; the designer of Microsoft goes no deeper than some 10.
const DEEPEST: usize = 24;
/// Keys whose lists hold what is shown.
static INSIDE: &[&str] =
    &["sections", "body", "items", "columns", "rows", "cells", "facts", "inlines", "card", "content"];
/// Keys whose texts are shown, in that order.
static SHOWN: &[&str] = &["title", "subtitle", "activityTitle", "activitySubtitle", "activityText", "text"];

/// The words of a card: its content, as an object or as JSON in a text.
pub(super) fn words(content: &Value) -> String {
    let parsed;
    let card = match content {
        Value::String(text) => match crate::text::json::parse(text.as_bytes()) {
            Ok(card) => {
                parsed = card.value;
                &parsed
            }
            Err(_) => return String::new(),
        },
        card => card,
    };
    let mut lines = Vec::new();
    collect(card, 0, &mut lines);
    lines.join("\n")
}

fn collect(value: &Value, depth: usize, lines: &mut Vec<String>) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, depth + 1, lines)),
        Value::Object(item) => {
            let text = |key: &str| {
                item.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
            };
            // Facts have a name and a value.
            if let (Some(name), Some(value)) = (text("title").or_else(|| text("name")), text("value")) {
                lines.push(format!("{name}: {value}"));
                return;
            }
            lines.extend(SHOWN.iter().filter_map(|key| text(key)).map(shown));
            INSIDE.iter().filter_map(|key| item.get(*key)).for_each(|inner| collect(inner, depth + 1, lines));
        }
        _ => {}
    }
}

/// The older cards hold HTML.
fn shown(text: &str) -> String {
    if crate::text::html::looks_like_html(text) { crate::text::html::to_text(text) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_in_the_order_shown() {
        let card = json!({"type": "AdaptiveCard", "body": [
            {"type": "TextBlock", "text": "Ticket 7"},
            {"type": "ColumnSet", "columns": [{"items": [{"type": "TextBlock", "text": "open"}]}]},
            {"type": "FactSet", "facts": [{"title": "From", "value": "Kim"}]}
        ], "actions": [{"type": "Action.OpenUrl", "title": "Open"}]});
        assert_eq!(words(&card), "Ticket 7\nopen\nFrom: Kim");
        assert_eq!(words(&Value::from(card.to_string())), "Ticket 7\nopen\nFrom: Kim");
        assert_eq!(
            words(&json!({"title": "T", "subtitle": "S", "text": "<p>a</p><p>b</p>"})),
            "T\nS\na\n\nb"
        );
        assert_eq!(words(&json!("no card")), "");
        assert_eq!(words(&json!(7)), "");
    }
}
