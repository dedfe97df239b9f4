//! The words in attachments and blocks, for messages that say nothing in their `text`.
//!
//! Apps post what they say there: in an attachment the lines above it, the title, the text and the fields are what
//! people saw; `fallback` says the same once more for notifications and counts only where there is nothing else.

use serde_json::Value;

use super::directory::Directory;
use super::mark_up::resolve;
use crate::model::Extra;

/// Deepest nesting of blocks that is looked into; Slack's own editor goes no deeper than 4.
const DEEPEST: usize = 8;

/// Words found so far, with the entities in them that were escaped twice.
pub(super) struct Words<'a> {
    names: &'a Directory,
    parts: Vec<String>,
    /// How many entities were escaped twice.
    pub twice: u64,
}

impl<'a> Words<'a> {
    /// None yet.
    pub fn new(names: &'a Directory) -> Self {
        Self { names, parts: Vec::new(), twice: 0 }
    }

    /// All of them, a line each.
    pub fn into_text(self) -> String {
        self.parts.join("\n")
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Adds what an app posted as attachments; previews of links and of other messages are nobody's words here.
    pub fn attachments(&mut self, list: &Value) {
        for attachment in list.as_array().into_iter().flatten().filter_map(Value::as_object) {
            let preview = ["from_url", "original_url", "is_msg_unfurl", "is_share"];
            if preview.iter().any(|key| attachment.get(*key).is_some_and(is_set)) {
                continue;
            }
            let before = self.parts.len();
            self.marked(attachment.get("pretext"));
            self.title(attachment);
            self.marked(attachment.get("text"));
            for field in attachment.get("fields").and_then(Value::as_array).into_iter().flatten() {
                self.field(field);
            }
            if let Some(blocks) = attachment.get("blocks") {
                self.blocks(blocks);
            }
            if self.parts.len() == before {
                self.marked(attachment.get("fallback"));
            }
        }
    }

    fn title(&mut self, attachment: &Extra) {
        let Some(title) = attachment.get("title").and_then(Value::as_str) else { return };
        match attachment.get("title_link").and_then(Value::as_str) {
            Some(link) if !title.contains('<') => self.add(&format!("<{link}|{title}>")),
            _ => self.add(title),
        }
    }

    fn field(&mut self, field: &Value) {
        let text = |key: &str| field.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        match (text("title"), text("value")) {
            (Some(title), Some(value)) => self.add(&format!("{title}: {value}")),
            (title, value) => title.or(value).into_iter().for_each(|text| self.add(text)),
        }
    }

    /// Adds the words of blocks.
    pub fn blocks(&mut self, list: &Value) {
        for block in list.as_array().into_iter().flatten() {
            match kind(block) {
                "rich_text" => {
                    for element in elements(block) {
                        let mut text = String::new();
                        self.rich(element, 0, &mut text);
                        self.plain(text);
                    }
                }
                "section" | "header" => {
                    self.marked(block.get("text"));
                    for field in block.get("fields").and_then(Value::as_array).into_iter().flatten() {
                        self.marked(Some(field));
                    }
                }
                "context" => elements(block).for_each(|element| self.marked(element.get("text"))),
                "markdown" | "message" => self.marked(block.get("text")),
                _ => {}
            }
        }
    }

    /// Writes one element of a rich text; its texts are plain, without entities.
    fn rich(&self, element: &Value, depth: usize, out: &mut String) {
        if depth > DEEPEST {
            return;
        }
        let text = |key: &str| element.get(key).and_then(Value::as_str).unwrap_or_default();
        match kind(element) {
            "text" => out.push_str(text("text")),
            "link" => match text("text") {
                "" => out.push_str(text("url")),
                label if label == text("url") => out.push_str(label),
                label => out.extend(["[", label, "](", text("url"), ")"]),
            },
            "emoji" => out.extend([":", text("name"), ":"]),
            "user" => {
                let id = text("user_id");
                out.push('@');
                out.push_str(self.names.mentioned(id).unwrap_or(id));
            }
            "channel" => {
                let id = text("channel_id");
                out.extend(["#", self.names.room(id).unwrap_or(id)]);
            }
            "usergroup" => out.extend(["@", text("usergroup_id")]),
            "broadcast" => out.extend(["@", text("range")]),
            "date" => out.push_str(text("fallback")),
            "rich_text_section" => elements(element).for_each(|inner| self.rich(inner, depth + 1, out)),
            "rich_text_preformatted" => {
                out.push_str("```\n");
                elements(element).for_each(|inner| self.rich(inner, depth + 1, out));
                out.push_str("\n```");
            }
            "rich_text_quote" => {
                let mut quoted = String::new();
                elements(element).for_each(|inner| self.rich(inner, depth + 1, &mut quoted));
                lines(&quoted, "> ", out);
            }
            "rich_text_list" => {
                let indent = element.get("indent").and_then(Value::as_u64).unwrap_or(0).min(DEEPEST as u64);
                let ordered = text("style") == "ordered";
                let offset = element.get("offset").and_then(Value::as_u64).unwrap_or(0);
                for (number, inner) in (offset.saturating_add(1)..).zip(elements(element)) {
                    if !out.is_empty() {
                        out.push('\n');
                    }
                    out.extend((0..indent).map(|_| "   "));
                    let mark = if ordered { format!("{number}. ") } else { "- ".to_owned() };
                    out.push_str(&mark);
                    self.rich(inner, depth + 1, out);
                }
            }
            _ => {}
        }
    }

    /// Adds a text with mark-up: a string, or an object that holds one.
    fn marked(&mut self, text: Option<&Value>) {
        match text {
            Some(Value::String(text)) => self.add(text),
            Some(Value::Object(object)) => {
                if let Some(Value::String(text)) = object.get("text") {
                    self.add(text);
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, text: &str) {
        let resolved = resolve(text, self.names);
        self.twice += resolved.twice;
        self.plain(resolved.text.into_owned());
    }

    fn plain(&mut self, text: String) {
        if !text.trim().is_empty() {
            self.parts.push(text);
        }
    }
}

fn is_set(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

fn kind(value: &Value) -> &str {
    value.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.get("elements").and_then(Value::as_array).into_iter().flatten()
}

/// Appends lines, each behind a mark.
fn lines(text: &str, mark: &str, out: &mut String) {
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        out.push_str(mark);
        out.push_str(line);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(fill: impl FnOnce(&mut Words<'_>)) -> String {
        let mut names = Directory::default();
        names.add_room(json!({"id": "C1", "name": "help"}).as_object().unwrap());
        let mut words = Words::new(&names);
        fill(&mut words);
        words.into_text()
    }

    #[test]
    fn attachments_say_what_was_seen_once() {
        let list = json!([
            {"pretext": "Build 7", "title": "failed", "title_link": "https://ci.example/7", "text": "see <#C1>",
             "fields": [{"title": "Branch", "value": "a &amp; b"}, {"value": "x"}], "fallback": "Build 7 failed"},
            {"fallback": "only &lt;this&gt;"},
            {"from_url": "https://x.example", "text": "a preview"},
            {"text": "", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "in a block"}}]},
            7
        ]);
        assert_eq!(
            words(|words| words.attachments(&list)),
            "Build 7\n[failed](https://ci.example/7)\nsee #help\nBranch: a & b\nx\nonly <this>\nin a block"
        );
    }

    #[test]
    fn blocks_of_every_kind() {
        let text = |text: &str| json!({"type": "text", "text": text});
        let section = |text: Value| json!({"type": "rich_text_section", "elements": [text]});
        let list = json!([
            {"type": "header", "text": {"type": "plain_text", "text": "Title"}},
            {"type": "rich_text", "elements": [
                {"type": "rich_text_section", "elements": [text("hi <b> "), {"type": "user", "user_id": "U1"},
                    {"type": "emoji", "name": "wave"}, {"type": "channel", "channel_id": "C1"},
                    {"type": "link", "url": "https://x.example", "text": "x"}, {"type": "broadcast", "range": "here"}]},
                {"type": "rich_text_list", "style": "ordered", "elements": [section(text("a")), section(text("b"))]},
                {"type": "rich_text_quote", "elements": [text("q\nr")]},
                {"type": "rich_text_preformatted", "elements": [text("code")]}
            ]},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "small &amp; fine"}, {"type": "image"}]},
            {"type": "divider"}, null
        ]);
        assert_eq!(
            words(|words| words.blocks(&list)),
            "Title\nhi <b> @U1:wave:#help[x](https://x.example)@here\n1. a\n2. b\n> q\n> r\n```\ncode\n```\nsmall & fine"
        );
    }
}
