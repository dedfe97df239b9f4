//! Rules about what should leave the house with no data.

pub(super) mod personal_data;
pub(super) mod secret;

use std::fmt::Write as _;

use serde_json::Value;

use crate::detect::{Class, Finder, Found, Spec};
use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{Place, messages};
use crate::lint::{Check, Item, LintSettings, Marks, Rule};
use crate::model::{Content, Message};
use crate::text::number::count;

/// A rule about all that is found of one class.
struct Held {
    def: &'static Def,
    finder: Finder,
}

/// The rule made ready; none where nothing of the class is looked for.
fn build(def: &'static Def, class: Class, settings: &LintSettings) -> Option<Check> {
    let finder = Finder::new(&[class], settings.personal.clone());
    let marks = Marks::in_text(finder.signs());
    let wanted = marks != Marks::default();
    wanted.then(|| Check::row(Severity::Warning, Held { def, finder }).only_with(marks))
}

/// All of one kind in a row.
struct Kind {
    spec: &'static Spec,
    count: u64,
    messages: u64,
    /// Where the first stands, and what of it may be shown.
    first: Finding,
    shown: String,
    last: Place,
}

impl Rule for Held {
    /// One finding for each kind, at the first of it: a row of a support desk may hold dozens.
    fn check(&self, item: &Item<'_>, report: &mut Vec<Finding>) {
        let mut kinds: Vec<Kind> = Vec::new();
        let mut found = Vec::new();
        for (place, message) in messages(item.body) {
            each_text(message, &mut |text, path| {
                self.finder.find(text, &mut found);
                for one in found.drain(..) {
                    self.add(&mut kinds, place, text, path, &one);
                }
            });
        }
        report.extend(kinds.into_iter().map(Kind::finding));
    }
}

impl Held {
    fn add(&self, kinds: &mut Vec<Kind>, place: Place, text: &str, path: &dyn Fn() -> String, found: &Found) {
        if let Some(kind) = kinds.iter_mut().find(|kind| kind.spec.name == found.spec.name) {
            kind.count += 1;
            kind.messages += u64::from(kind.last != place);
            kind.last = place;
            return;
        }
        let shown = text.get(found.range.clone()).map_or_else(String::new, found.spec.mask);
        let first = place.finding_at(self.def, path(), "").within(found.range.clone());
        kinds.push(Kind { spec: found.spec, count: 1, messages: 1, first, shown, last: place });
    }
}

impl Kind {
    fn finding(self) -> Finding {
        let mut message = count(self.count, self.spec.title);
        if self.messages > 1 {
            let _ = write!(message, " in {}", count(self.messages, "message"));
        }
        if self.shown.chars().any(char::is_alphanumeric) {
            let _ = write!(message, ", {}`{}`", if self.count > 1 { "the first " } else { "" }, self.shown);
        }
        let _ = write!(message, " ({})", self.spec.name);
        Finding { message, ..self.first }
    }
}

/// Every text of a message and where it stands: its content, and the arguments of its calls.
fn each_text(message: &Message, take: &mut dyn FnMut(&str, &dyn Fn() -> String)) {
    match &message.content {
        Content::Text(text) => take(text, &|| "content".to_owned()),
        Content::Parts(parts) => {
            for (index, part) in parts.iter().enumerate() {
                if let Some(Value::String(text)) = part.get("text") {
                    take(text, &|| format!("content[{index}].text"));
                }
            }
        }
        Content::Absent | Content::Null => {}
    }
    for (index, call) in message.tool_calls.iter().enumerate() {
        take(&call.arguments, &|| format!("tool_calls[{index}].function.arguments"));
    }
}
