//! What occurs in a row at all: one quick look at it, for which most rules need no look of their own.

use std::ops::BitOr;

use super::refusal;
use crate::model::{Body, Content, Message, Role};

/// A set of things that may occur in a row. A rule that speaks only where one of some marks is says so
/// ([`super::Check::only_with`]) and is not asked about rows that have none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks(u32);

impl Marks {
    /// `<` in a text.
    pub const LESS: Self = Self(1);
    /// `{` in a text.
    pub const BRACE: Self = Self(1 << 1);
    /// `[` in a text.
    pub const BRACKET: Self = Self(1 << 2);
    /// `&` in a text.
    pub const AMPERSAND: Self = Self(1 << 3);
    /// `:` in a text.
    pub const COLON: Self = Self(1 << 4);
    /// A line feed in a text.
    pub const LINE_FEED: Self = Self(1 << 5);
    /// A control character of ASCII in a text, other than tab, line feed and carriage return.
    pub const CONTROL: Self = Self(1 << 6);
    /// Anything but ASCII in a text.
    pub const NON_ASCII: Self = Self(1 << 7);
    /// A tool, a call, a result, or what is meant as one.
    pub const TOOLS: Self = Self(1 << 8);
    /// Content in parts.
    pub const PARTS: Self = Self(1 << 9);
    /// A key of a message that is kept without being understood, also one whose value is of the wrong kind.
    pub const MESSAGE_EXTRA: Self = Self(1 << 10);
    /// A key of the row that is kept without being understood.
    pub const ROW_EXTRA: Self = Self(1 << 11);
    /// Any key of a message that is understood, other than `role` and `content`.
    pub const MESSAGE_KEY: Self = Self(1 << 12);
    /// A role other than `system`, `user`, `assistant` and `tool`.
    pub const ODD_ROLE: Self = Self(1 << 13);
    /// Instructions behind the first message.
    pub const LATER_SYSTEM: Self = Self(1 << 14);
    /// A message without content, or with `null`.
    pub const NO_CONTENT: Self = Self(1 << 15);
    /// What refusals are made of, at the beginning of an answer.
    pub const REFUSAL: Self = Self(1 << 16);
    /// In every row.
    const EVERY_ROW: Self = Self(1 << 17);
    /// All of these: what a rule has that looks at every row.
    pub const ALL: Self = Self(u32::MAX);

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
        marks.when(tools.is_some(), Self::TOOLS);
        // Unknown keys may be meant as tools.
        marks.when(!extra.is_empty(), Self::ROW_EXTRA | Self::TOOLS);
        marks
    }

    fn of_message(message: &Message) -> Self {
        let mut marks = Self::default();
        match &message.content {
            Content::Text(text) => marks.0 |= u32::from(of_bytes(text.as_bytes())),
            Content::Parts(_) => {
                marks.0 |= Self::PARTS.0;
                for text in message.texts() {
                    marks.0 |= u32::from(of_bytes(text.as_bytes()));
                }
            }
            Content::Absent | Content::Null => marks.0 |= Self::NO_CONTENT.0,
        }
        for call in &message.tool_calls {
            marks.0 |= u32::from(of_bytes(call.arguments.as_bytes()));
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
            let of_literal = u32::from(of_bytes(literal.as_bytes())) & !Self::NON_ASCII.0;
            let first = of_literal & of_literal.wrapping_neg();
            marks | if first == 0 { Self::ALL } else { Self(first) }
        })
    }

    /// Whether one of `others` is among these.
    #[must_use]
    pub fn has_any(self, others: Self) -> bool {
        self.0 & others.0 != 0
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

/// The marks of bytes, one bit each. Without branches over blocks of one length, which the compiler turns into vectors;
/// most blocks have none, which is seen in half the time.
fn of_bytes(bytes: &[u8]) -> u8 {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let marks = blocks.iter().fold(0, |marks, block| marks | of_block(block));
    // A text without a mark is not changed by blanks behind it.
    let mut last = [b' '; BLOCK];
    if let Some(start) = last.get_mut(..rest.len()) {
        start.copy_from_slice(rest);
    }
    marks | of_block(&last)
}

const BLOCK: usize = 32;

fn of_block(block: &[u8; BLOCK]) -> u8 {
    if block.iter().fold(0, |any, byte| any | has_mark(*byte)) == 0 {
        return 0;
    }
    block.iter().fold(0, |marks, byte| marks | of_byte(*byte))
}

/// Whether a byte may have a mark: whether it is none of those of plain text.
fn has_mark(byte: u8) -> u8 {
    // `[` and `{` differ in one bit; the last are all but printable ASCII.
    u8::from(byte & !0x20 == b'[')
        | u8::from(byte == b'<')
        | u8::from(byte == b':')
        | u8::from(byte == b'&')
        | u8::from(byte.wrapping_sub(b' ') >= 0x7f - b' ')
}

fn of_byte(byte: u8) -> u8 {
    let bit = |there: bool, place: u8| u8::from(there) << place;
    bit(byte == b'<', 0)
        | bit(byte == b'{', 1)
        | bit(byte == b'[', 2)
        | bit(byte == b'&', 3)
        | bit(byte == b':', 4)
        | bit(byte == b'\n', 5)
        | bit((byte < 0x20 && byte != b'\n' && byte != b'\t' && byte != b'\r') || byte == 0x7f, 6)
        | (byte & 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_wherever_they_stand() {
        for length in [1, 2, 15, 16, 17, 31, 32, 33, 70] {
            for place in 0..length {
                for byte in 0..=255u8 {
                    let mut text = vec![b'a'; length];
                    text[place] = byte;
                    assert_eq!(of_bytes(&text), of_byte(byte), "{byte} at {place} of {length}");
                }
            }
        }
        assert_eq!(of_bytes(b""), 0);
        assert_eq!(of_bytes("The plain text, of no note; \t\r!?.)/\\\"'}]>|`#*_-+=~@%$^ 0".as_bytes()), 0);
        assert_eq!(of_bytes(b"\x00\x1b\x7f\n<{[&:\x80"), 0xff);
    }

    #[test]
    fn literals_are_known_by_a_mark_each_has() {
        assert_eq!(Marks::in_literals(&["<|im_end|>", "[INST]"]), Marks::LESS | Marks::BRACKET);
        assert_eq!(Marks::in_literals(&["<image>", "User:"]), Marks::LESS | Marks::COLON);
        for without in ["plain", "K\u{212a}", ""] {
            assert_eq!(Marks::in_literals(&["<s>", without]), Marks::ALL, "{without}");
        }
    }
}
