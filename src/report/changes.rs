//! What fixes change, as people read it: like a unified diff, with turns for lines.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use crate::diagnostic::Change;
use crate::text::json::Edit;
use crate::text::sanitize::excerpt;

const BOLD: Style = Style::new().bold();
const CYAN: Style = AnsiColor::Cyan.on_default();
const RED: Style = AnsiColor::Red.on_default();
const GREEN: Style = AnsiColor::Green.on_default();

/// Most changes shown of one row; JSON has all.
const MOST_EDITS: usize = 20;
/// Longest text shown, in characters; how much of it stands before the first difference, and how much is the end of a
/// text that has no other side, since what was joined to it stands there.
const TEXT: usize = 100;
const BEFORE: usize = 24;
const END: usize = 40;
/// Longest path shown, in characters.
const PATH: usize = 80;

/// Changes one after another; each file is named once.
#[derive(Debug, Default)]
pub struct Changes {
    path: Option<String>,
}

impl Changes {
    /// One change, with the file's name before its first one.
    pub fn render(&mut self, change: &Change) -> String {
        let mut out = String::new();
        if self.path.as_ref() != Some(&change.path) {
            let path = excerpt(&change.path, 200);
            let _ = writeln!(out, "{BOLD}--- {path}{BOLD:#}\n{BOLD}+++ {path}, fixed{BOLD:#}");
            self.path = Some(change.path.clone());
        }
        let codes: Vec<String> =
            change.fixed.iter().map(|fixed| format!("{} {}", fixed.name, fixed.code)).collect();
        let line = if change.line > 0 { format!("line {}: ", change.line) } else { String::new() };
        let _ = writeln!(out, "{CYAN}@@ {line}{} @@{CYAN:#}", codes.join(", "));
        if change.edits.is_empty() {
            let what = if change.removed { "(the line)" } else { "(the mark)" };
            let _ = writeln!(out, "{RED}- {what}{RED:#}");
        }
        for edit in change.edits.iter().take(MOST_EDITS) {
            let (old, new) = sides(edit);
            if let Some(old) = old {
                let _ = writeln!(out, "{RED}- {old}{RED:#}");
            }
            if let Some(new) = new {
                let _ = writeln!(out, "{GREEN}+ {new}{GREEN:#}");
            }
        }
        if change.edits.len() > MOST_EDITS {
            let _ = writeln!(out, "  … and {} more in this row", change.edits.len() - MOST_EDITS);
        }
        out
    }
}

/// Both sides of an edit, the texts cut around the first difference.
fn sides(edit: &Edit) -> (Option<String>, Option<String>) {
    let path = excerpt(&edit.path, PATH);
    let [old, new] = [&edit.old, &edit.new].map(|value| value.as_ref().map(shown));
    let equal = match (&old, &new) {
        (Some(old), Some(new)) => {
            old.text.chars().zip(new.text.chars()).take_while(|(one, other)| one == other).count()
        }
        _ => 0,
    };
    let both = old.is_some() && new.is_some();
    let side = |shown: Option<Shown>| {
        shown.map(|shown| {
            let length = shown.text.chars().count();
            let text = if !both && length > TEXT {
                let end: String = shown.text.chars().skip(length - END).collect();
                format!("{}{}", excerpt(&shown.text, TEXT - END), excerpt(&end, END))
            } else {
                let skipped = equal.saturating_sub(BEFORE);
                let text: String = shown.text.chars().skip(skipped).collect();
                format!("{}{}", if skipped > 0 { "…" } else { "" }, excerpt(&text, TEXT))
            };
            format!("{path}{}: {text}", shown.speaker)
        })
    };
    (side(old), side(new))
}

/// A value in words: a message by its speaker, a text as it is, anything else as JSON.
struct Shown {
    speaker: String,
    text: String,
}

fn shown(value: &Value) -> Shown {
    let plain = |text: String| Shown { speaker: String::new(), text };
    match value {
        Value::String(text) => plain(text.clone()),
        Value::Object(object) if object.len() == 2 => {
            match (object.get("role").and_then(Value::as_str), object.get("content").and_then(Value::as_str))
            {
                (Some(role), Some(text)) => {
                    Shown { speaker: format!(" {}", excerpt(role, 40)), text: text.to_owned() }
                }
                _ => plain(value.to_string()),
            }
        }
        other => plain(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::without_colour;
    use crate::text::json::edits;

    fn rendered(old: &Value, new: &Value) -> String {
        let change = Change {
            path: "a.jsonl".into(),
            line: 3,
            fixed: Vec::new(),
            removed: false,
            edits: edits(old, new),
        };
        let text = Changes::default().render(&change);
        without_colour(&text)
    }

    #[test]
    fn turns_are_shown_by_speaker_and_long_texts_around_the_difference() {
        let turn = |role: &str, text: &str| json!({"role": role, "content": text});
        let old =
            json!({"messages": [turn("user", "Hello"), turn("user", "Where?"), turn("assistant", "Here")]});
        let new = json!({"messages": [turn("user", "Hello\n\nWhere?"), turn("assistant", "Here")]});
        assert_eq!(
            rendered(&old, &new),
            "--- a.jsonl\n+++ a.jsonl, fixed\n@@ line 3:  @@\n- messages[0] user: Hello\n\
             - messages[1] user: Where?\n+ messages[0] user: Hello⏎⏎Where?\n"
        );
        let long = "x".repeat(500);
        let text = rendered(&json!({"t": format!("{long}a{long}")}), &json!({"t": format!("{long}b{long}")}));
        assert!(text.contains(&format!("- t: …{}a{}…\n", "x".repeat(24), "x".repeat(75))), "{text}");
    }

    #[test]
    fn strangers_text_stays_on_its_line() {
        let text = rendered(&json!({"a\n+ b": "x\n- y\x1b[2J"}), &json!({"a\n+ b": "z"}));
        assert_eq!(text.lines().count(), 5, "{text}");
        assert!(!text.contains('\x1b'));
    }
}
