//! `CONT006`: a place in a template that nobody filled.

use memchr::{memchr3, memmem};

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::text::markdown;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT006",
        name: "unfilled-placeholder",
        severity: Severity::Warning,
        summary: "a text holds a placeholder of a template that was not filled in",
        why: "the model learns to answer customers with `{{name}}` or `{product_purchased}`",
        remedy: "fill the template before exporting, or leave the example out; if it is meant, ignore this \
                 rule",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"Call `greet(f\"{user_name}\")` or send {\"order_id\": 7}."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"Dear {{customer_name}}, it left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "seen in public support data (2026-11): `{product_purchased}` in ticket texts, `{{Order \
             Number}}` and `[Your Name]` in written answers",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::BRACE | Marks::BRACKET)),
};

// What is a placeholder, outside Markdown code (between backticks or fences):
//
// - `{{word}}`, `{{ Two Words }}`, `{{customer.name}}`: two braces around a name, not after `$`;
// - `{snake_case}`: one brace around lower-case words joined by underscores, at least one. `{name}` alone is too often
//   a set, a formula or a message format. Not after a letter or one of `$%#@\_/{`, where it is code, a formula or the
//   path of an address; not on a line with an f-string or `.format(`;
// - `[Your Name]`, `[Insert date here]`, `[Company Name]`: brackets around words that begin with `your` or `insert`, or
//   end with `name` (`[COMPANY_NAME]` in capitals only), if they are not the text of a link. `[EMAIL]` and the like are
//   marks of redaction, and meant.

/// Longest name looked for, in bytes.
const NAME: usize = 60;

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        for text in message.texts() {
            if let Some(found) = find(text) {
                let what = format!("`{}` was not filled in", excerpt(found, NAME));
                report.push(place.finding_at(&RULE.def, "content", what));
            }
        }
    }
}

/// The first placeholder of a text; one pass.
fn find(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(skip) = memchr3(b'{', b'[', b'`', bytes.get(at..)?) {
        at += skip;
        let rest = bytes.get(at..)?;
        let length = match rest {
            [b'`', ..] => {
                at += markdown::code_length(rest)?;
                continue;
            }
            [b'{', b'{', ..] => double_brace(bytes, at),
            [b'{', ..] => single_brace(bytes, at),
            _ => bracket(rest),
        };
        if let Some(length) = length {
            return text.get(at..at + length);
        }
        // Past the whole run, so that `{{{` is not looked at from its second brace.
        at += rest.iter().take_while(|byte| Some(*byte) == rest.first()).count();
    }
    None
}

fn double_brace(bytes: &[u8], at: usize) -> Option<usize> {
    let inside = bytes.get(at + 2..).filter(|_| before(bytes, at) != Some(b'$'))?;
    let inside = inside.get(..inside.len().min(NAME))?;
    let end = memmem::find(inside, b"}}")?;
    let name = inside.get(..end)?.trim_ascii();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b' ');
    let named = name.first().is_some_and(u8::is_ascii_alphabetic) && name.iter().all(plain);
    (named && inside.get(end + 2) != Some(&b'}')).then_some(end + 4)
}

fn single_brace(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at + 1..)?;
    let length = rest.iter().take(NAME).take_while(|byte| is_snake(**byte)).count();
    let name = rest.get(..length)?;
    // One word at least is a word: `{x_n}` is a formula.
    let joined = name.contains(&b'_') && name.split(|byte| *byte == b'_').any(|word| word.len() > 2);
    let closed = rest.get(length) == Some(&b'}') && rest.get(length + 1) != Some(&b'}');
    if !(joined && closed && name.first().is_some_and(u8::is_ascii_lowercase)) {
        return None;
    }
    let glued = |byte: u8| byte.is_ascii_alphanumeric() || b"$%#@\\_/{".contains(&byte);
    (!before(bytes, at).is_some_and(glued) && !is_format_line(bytes, at)).then_some(length + 2)
}

fn before(bytes: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).and_then(|before| bytes.get(before)).copied()
}

fn is_snake(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

/// Bytes to either side in which signs of a format string are looked for: a line of code, and a bound on the work.
const LINE: usize = 200;

fn is_format_line(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(at.saturating_sub(LINE)..at).unwrap_or_default();
    let before = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let after = bytes.get(at..bytes.len().min(at + LINE)).unwrap_or_default();
    let after = after.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let f_string = |quote: &[u8]| {
        memmem::find_iter(before, quote).any(|found| {
            let letter = found.checked_sub(1).and_then(|letter| before.get(letter));
            !letter.is_some_and(u8::is_ascii_alphanumeric)
        })
    };
    f_string(b"f\"") || f_string(b"f'") || memmem::find(after, b".format(").is_some()
}

fn bracket(rest: &[u8]) -> Option<usize> {
    let inside = rest.get(1..)?;
    let words = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'\'' | b'/');
    let length = inside.iter().take(NAME).take_while(|byte| words(byte)).count();
    let name = inside.get(..length)?;
    let head = |word: &[u8]| name.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let tail = |word: &[u8]| {
        length
            .checked_sub(word.len())
            .and_then(|at| name.get(at..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(word))
    };
    // `[COMPANY_NAME]` only in capitals: `[column_name]` is SQL.
    let constant = name.ends_with(b"_NAME") && !name.iter().any(u8::is_ascii_lowercase);
    let asks = head(b"your ") || head(b"your_") || head(b"insert ") || tail(b" name") || constant;
    let link = matches!(inside.get(length + 1), Some(b'(' | b'[' | b':'));
    (asks && inside.get(length) == Some(&b']') && !link).then_some(length + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_template_left() {
        for (text, found) in [
            ("Dear {{name}},", "{{name}}"),
            ("Dear {{ Customer Name }},", "{{ Customer Name }}"),
            ("code `x` and {{order.id}}", "{{order.id}}"),
            ("I bought the {product_purchased}.", "{product_purchased}"),
            ("```\n{{a}}\n```\n{first_name}", "{first_name}"),
            ("Regards, [Your Name]", "[Your Name]"),
            ("[Insert date here]", "[Insert date here]"),
            ("[COMPANY_NAME] thanks you", "[COMPANY_NAME]"),
            ("a ` alone, {{name}}", "{{name}}"),
        ] {
            assert_eq!(find(text), Some(found), "{text}");
        }
    }

    #[test]
    fn leaves_code_data_and_marks_alone() {
        for text in [
            r#"{"order_id": 7, "a": {"b": {}}}"#,
            r#"{{"a": 1}}"#,
            r#"print(f"Hello {user_name}")"#,
            r#""Hello {user_name}".format(user_name=1)"#,
            "`{{name}}` and ```{{name}}",
            "```\n{{ user.name }}\n```",
            "const a = `${user_name}`;",
            "echo ${user_name}",
            "\\text{some_thing} x_{max_len}",
            "GET /orders/{order_id}",
            "the set {a} and {name}",
            "{_} {a_} {_a} {x_n} {{}} {{{a_b}}} {",
            "repo: ${{ github.repository }} curl -w %{http_code} #{user_name}",
            "[EMAIL] [PHONE] [REDACTED] [1] [customer laughs]",
            "[Your account](https://example.com) [Your order]: x",
            "[[ -f $file_name ]]",
            "ALTER TABLE t ADD [column_name] INT",
            "",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn hostile_text_takes_one_pass() {
        for piece in ["{", "[", "`", "{{", "{a_b", "`{", "[your ", "``` ", "{a_b}}"] {
            let text = piece.repeat(200_000);
            assert!(find(&text).is_none_or(|found| found.len() < 100));
        }
    }
}
