//! What occurs in a row at all: one quick look at it, for which most rules need no look of their own.

use std::ops::BitOr;

use super::place::is_blank;
use super::refusal;
use crate::model::{Body, Content, Message, Role};
use crate::text::signs::Signs;

/// A set of things that may occur in a row. A rule that speaks only where one of some marks is says so
/// ([`super::Check::only_with`]) and is not asked about rows that have none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks(u32);

impl Marks {
    /// `<` in a text.
    pub const LESS: Self = Self::in_text(Signs::LESS);
    /// `{` in a text.
    pub const BRACE: Self = Self::in_text(Signs::BRACE);
    /// `[` in a text.
    pub const BRACKET: Self = Self::in_text(Signs::BRACKET);
    /// `&` in a text.
    pub const AMPERSAND: Self = Self::in_text(Signs::AMPERSAND);
    /// `:` in a text.
    pub const COLON: Self = Self::in_text(Signs::COLON);
    /// A line feed in a text.
    pub const LINE_FEED: Self = Self::in_text(Signs::LINE_FEED);
    /// A control character of ASCII in a text, other than tab, line feed and carriage return.
    pub const CONTROL: Self = Self::in_text(Signs::CONTROL);
    /// Anything but ASCII in a text.
    pub const NON_ASCII: Self = Self::in_text(Signs::NON_ASCII);
    /// A tool, a call, a result, or what is meant as one.
    pub const TOOLS: Self = Self(1 << Signs::BITS);
    /// Content in parts.
    pub const PARTS: Self = Self(1 << (Signs::BITS + 1));
    /// A key of a message that is kept without being understood, also one whose value is of the wrong kind.
    pub const MESSAGE_EXTRA: Self = Self(1 << (Signs::BITS + 2));
    /// A key of the row that is kept without being understood.
    pub const ROW_EXTRA: Self = Self(1 << (Signs::BITS + 3));
    /// Any key of a message that is understood, other than `role` and `content`.
    pub const MESSAGE_KEY: Self = Self(1 << (Signs::BITS + 4));
    /// A role other than `system`, `user`, `assistant` and `tool`.
    pub const ODD_ROLE: Self = Self(1 << (Signs::BITS + 5));
    /// Instructions behind the first message.
    pub const LATER_SYSTEM: Self = Self(1 << (Signs::BITS + 6));
    /// A message without content, or with `null`.
    pub const NO_CONTENT: Self = Self(1 << (Signs::BITS + 7));
    /// What refusals are made of, at the beginning of an answer.
    pub const REFUSAL: Self = Self(1 << (Signs::BITS + 8));
    /// Anything but pairs of a user's and the assistant's message, one pair at least, behind one message of instructions at
    /// most; in every preference.
    pub const TURNS: Self = Self(1 << (Signs::BITS + 9));
    /// A text with nothing to be seen.
    pub const BLANK: Self = Self(1 << (Signs::BITS + 10));
    /// In every row.
    const EVERY_ROW: Self = Self(1 << (Signs::BITS + 11));
    /// All of these: what a rule has that looks at every row.
    pub const ALL: Self = Self(u32::MAX);

    /// Signs in a text.
    pub const fn in_text(signs: Signs) -> Self {
        Self(signs.bits())
    }

    /// What occurs in `body`. Texts are those of contents and the arguments of calls.
    pub fn of(body: &Body) -> Self {
        let (messages, tools, extra) = match body {
            Body::Example(example) => ([&*example.messages, &[], &[]], &example.tools, &example.extra),
            Body::Preference(preference) => {
                let lists = [&*preference.prompt, &*preference.chosen, &*preference.rejected];
                (lists, &preference.tools, &preference.extra)
            }
        };
        let mut marks = Self::EVERY_ROW;
        for list in messages {
            for (index, message) in list.iter().enumerate() {
                marks.0 |= Self::of_message(message).0;
                marks.when(index > 0 && message.role.is_instruction(), Self::LATER_SYSTEM);
            }
        }
        marks.when(!matches!(body, Body::Example(example) if in_turn(&example.messages)), Self::TURNS);
        marks.when(tools.is_some(), Self::TOOLS);
        // Unknown keys may be meant as tools.
        marks.when(!extra.is_empty(), Self::ROW_EXTRA | Self::TOOLS);
        marks
    }

    fn of_message(message: &Message) -> Self {
        let mut marks = Self::default();
        match &message.content {
            Content::Text(text) => marks.text(text),
            Content::Parts(_) => {
                marks.0 |= Self::PARTS.0;
                message.texts().for_each(|text| marks.text(text));
            }
            Content::Absent | Content::Null => marks.0 |= Self::NO_CONTENT.0,
        }
        for call in &message.tool_calls {
            marks.0 |= Signs::of(call.arguments.as_bytes()).bits();
        }
        let of_tools = matches!(message.role, Role::Tool | Role::Function)
            || message.tool_call_id.is_some()
            || !message.tool_calls.is_empty();
        marks.when(of_tools, Self::TOOLS);
        marks.when(!message.extra.is_empty(), Self::MESSAGE_EXTRA | Self::TOOLS);
        marks.when(of_tools || message.weight.is_some() || message.name.is_some(), Self::MESSAGE_KEY);
        let answer = (message.role == Role::Assistant).then(|| message.texts().next()).flatten();
        marks.when(answer.is_some_and(refusal::may_begin), Self::REFUSAL);
        let odd = matches!(message.role, Role::Developer | Role::Function | Role::Other(_));
        marks.when(odd, Self::ODD_ROLE);
        marks
    }

    /// Marks of which one is in every text that holds one of `literals`, in whatever case; all, when one of these has no
    /// mark of its own.
    pub fn in_literals(literals: &[&str]) -> Self {
        literals.iter().fold(Self::default(), |marks, literal| {
            // The case of letters beyond ASCII may lead into it.
            let of_literal =
                Signs::of(literal.as_bytes()).bits() & Signs::OF_BYTES.bits() & !Self::NON_ASCII.0;
            let first = of_literal & of_literal.wrapping_neg();
            marks | if first == 0 { Self::ALL } else { Self(first) }
        })
    }

    /// Whether one of `others` is among these.
    #[must_use]
    pub fn has_any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    fn text(&mut self, text: &str) {
        self.0 |= Signs::of(text.as_bytes()).bits();
        // Nearly every text begins with a letter.
        let begins_blank = !text.as_bytes().first().is_some_and(u8::is_ascii_graphic);
        self.when(begins_blank && is_blank(text), Self::BLANK);
    }

    fn when(&mut self, there: bool, marks: Self) {
        self.0 |= if there { marks.0 } else { 0 };
    }
}

impl BitOr for Marks {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Whether a user and the assistant speak in turn, behind one message of instructions at most, and nobody else does.
fn in_turn(messages: &[Message]) -> bool {
    let talk = match messages {
        [first, talk @ ..] if first.role.is_instruction() => talk,
        talk => talk,
    };
    let (pairs, rest) = talk.as_chunks();
    let answered = |[one, other]: &[Message; 2]| one.role == Role::User && other.role == Role::Assistant;
    !pairs.is_empty() && rest.is_empty() && pairs.iter().all(answered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_known_by_a_mark_each_has() {
        assert_eq!(Marks::in_literals(&["<|im_end|>", "[INST]"]), Marks::LESS | Marks::BRACKET);
        assert_eq!(Marks::in_literals(&["<image>", "User:"]), Marks::LESS | Marks::COLON);
        for without in ["plain", "K\u{212a}", ""] {
            assert_eq!(Marks::in_literals(&["<s>", without]), Marks::ALL, "{without}");
        }
    }
}
