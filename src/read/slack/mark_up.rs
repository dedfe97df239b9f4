//! The mark-up of a Slack text as what people saw: mentions by name, links as Markdown, entities decoded once.
//!
//! Slack writes `&`, `<` and `>` of people as entities, everywhere and in code too, so every `<` in a text is its own.
//! Emphasis, code fences and `:emoji:` are what people typed and stay. The forms:
//! <https://docs.slack.dev/messaging/formatting-message-text>.

use std::borrow::Cow;

use memchr::memchr2;

use super::directory::Directory;

/// A text as people saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resolved<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// How many entities are escaped twice (`&amp;gt;`): one layer of each is left.
    pub twice: u64,
}

/// Resolves a text.
pub(super) fn resolve<'a>(text: &'a str, names: &Directory) -> Resolved<'a> {
    if memchr2(b'<', b'&', text.as_bytes()).is_none() {
        return Resolved { text: Cow::Borrowed(text), twice: 0 };
    }
    let mut out = String::with_capacity(text.len());
    let mut twice = 0;
    let mut rest = text;
    while let Some(at) = memchr2(b'<', b'&', rest.as_bytes()) {
        let (plain, marked) = rest.split_at(at);
        out.push_str(plain);
        rest = match element(marked) {
            Some((inside, behind)) => {
                write_element(inside, names, &mut out, &mut twice);
                behind
            }
            None => entity(marked, &mut out, &mut twice),
        };
    }
    out.push_str(rest);
    Resolved { text: Cow::Owned(out), twice }
}

/// What stands between `<` and `>`, and what follows; on one line and without another `<`.
fn element(marked: &str) -> Option<(&str, &str)> {
    let inside = marked.strip_prefix('<')?;
    let end = inside.find(['>', '<', '\n'])?;
    let (inside, behind) = inside.split_at(end);
    Some((inside, behind.strip_prefix('>')?)).filter(|(inside, _)| !inside.is_empty())
}

/// Writes the entity or character at the beginning of `marked`; what follows.
fn entity<'a>(marked: &'a str, out: &mut String, twice: &mut u64) -> &'a str {
    for (written, meant) in [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&')] {
        if let Some(rest) = marked.strip_prefix(written) {
            out.push(meant);
            let again = ["amp;", "lt;", "gt;", "quot;", "#39;", "nbsp;"];
            *twice += u64::from(meant == '&' && again.iter().any(|name| rest.starts_with(name)));
            return rest;
        }
    }
    let mut characters = marked.chars();
    out.extend(characters.next());
    characters.as_str()
}

fn write_element(inside: &str, names: &Directory, out: &mut String, twice: &mut u64) {
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
        None => (inside, None),
    };
    let mut sign = |sign: char, name: &str| {
        out.push(sign);
        decode(name.strip_prefix(sign).unwrap_or(name), out, twice);
    };
    if let Some(id) = target.strip_prefix('@') {
        match names.mentioned(id) {
            Some(name) => {
                out.push('@');
                out.push_str(name);
            }
            None => sign('@', label.unwrap_or(id)),
        }
    } else if let Some(id) = target.strip_prefix('#') {
        sign('#', label.or_else(|| names.room(id)).unwrap_or(id));
    } else if let Some(command) = target.strip_prefix('!') {
        match (command.split_once('^'), label) {
            // `<!date^…|as shown>`.
            (Some(("date", _)), Some(label)) => decode(label, out, twice),
            (Some((_, id)), label) => sign('@', label.unwrap_or(id)),
            (None, label) => sign('@', label.unwrap_or(command)),
        }
    } else if target.contains(':') {
        write_link(target, label, out, twice);
    } else {
        out.push('<');
        decode(inside, out, twice);
        out.push('>');
    }
}

/// A link in Markdown; the label alone where it is the address, as when somebody typed `shop.example`.
fn write_link(target: &str, label: Option<&str>, out: &mut String, twice: &mut u64) {
    let Some(label) = label else { return decode(target, out, twice) };
    if bare(label) == bare(target) {
        return decode(label, out, twice);
    }
    out.push('[');
    decode(label, out, twice);
    out.push_str("](");
    decode(target, out, twice);
    out.push(')');
}

/// An address without its scheme and closing slash.
fn bare(address: &str) -> &str {
    let address = ["https://", "http://", "mailto:", "tel:"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme))
        .unwrap_or(address);
    address.trim_end_matches('/')
}

/// Appends a text with its entities decoded.
pub(super) fn decode(text: &str, out: &mut String, twice: &mut u64) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (plain, marked) = rest.split_at(at);
        out.push_str(plain);
        rest = entity(marked, out, twice);
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::read::people::People;

    fn names() -> Directory {
        let mut people = People::default();
        people.add(json!({"id": "U1", "name": "Ana"}).as_object().unwrap());
        let mut names = Directory::of(people);
        names.add_room(json!({"id": "C1", "name": "general"}).as_object().unwrap());
        names
    }

    #[test]
    fn what_people_saw() {
        for (written, seen) in [
            ("plain *bold* :wave: `x`", "plain *bold* :wave: `x`"),
            ("<@U1> and <@U1|ana_p> and <@U9|kim> and <@U8>", "@Ana and @Ana and @kim and @U8"),
            ("<#C1> <#C1|> <#C2|help> <#C3>", "#general #general #help #C3"),
            ("<!here> <!channel> <!here|@here> <!everyone|everyone>", "@here @channel @here @everyone"),
            ("<!subteam^S1|@team> <!subteam^S1>", "@team @S1"),
            ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
            ("<https://x.example/a?b=1&amp;c=2>", "https://x.example/a?b=1&c=2"),
            ("<https://x.example|the &lt;page&gt;>", "[the <page>](https://x.example)"),
            ("<http://shop.example|shop.example>", "shop.example"),
            ("<mailto:a@b.example|a@b.example>", "a@b.example"),
            ("a &lt;b&gt; &amp;amp; c &nbsp; & <", "a <b> &amp; c &nbsp; & <"),
            ("```if a &lt; b: <https://x.example>```", "```if a < b: https://x.example```"),
            ("< b <@U1> <a\nb> <> <odd>", "< b @Ana <a\nb> <> <odd>"),
        ] {
            assert_eq!(resolve(written, &names()).text, seen, "{written}");
        }
    }

    #[test]
    fn entities_escaped_twice_are_counted() {
        assert_eq!(resolve("&amp;gt; &amp;lt; &amp; &gt;", &names()).twice, 2);
        assert_eq!(resolve("<https://x.example?a=1&amp;amp;b|l>", &names()).twice, 1);
    }
}
