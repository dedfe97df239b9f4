//! A template as it is rendered: what Hugging Face's has beside Jinja's, and what bounds it, put into its tags.

use std::collections::BTreeSet;

use super::bounds::{EACH, HELD};

/// The function that marks what it is given; see [`prepared`].
pub(super) const GENERATION: &str = "__generation";

/// The template as it is rendered, and whether it marks what is generated.
///
/// - `{% generation %}` is a block of Hugging Face's own, which Jinja knows as a call.
/// - All that it sets, and all that its macros are given, is measured.
/// - What it goes through may not be `None`.
/// - Line feeds are read as Jinja reads what was written on Windows.
pub(super) fn prepared(template: &str) -> (String, bool) {
    let template = template.replace("\r\n", "\n").replace('\r', "\n");
    let names = names(&template);
    let mut marked = false;
    let mut out = String::with_capacity(template.len());
    let mut rest = template.as_str();
    while let Some((before, tag, after)) = next_tag(rest) {
        out.push_str(before);
        let changed = Tag::of(tag).and_then(|tag| {
            marked |= tag.name == "generation";
            tag.prepared(&names)
        });
        out.push_str(changed.as_deref().unwrap_or(tag));
        rest = after;
    }
    (out + rest, marked)
}

/// What stands before the next tag of any kind, the tag, and what stands after it.
fn next_tag(text: &str) -> Option<(&str, &str, &str)> {
    let is_begin = |at: &usize| matches!(text.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#'));
    let begin = text.match_indices('{').map(|(at, _)| at).find(is_begin)?;
    let (before, tag) = text.split_at(begin);
    let end = match tag.as_bytes().get(1) {
        Some(b'#') => tag.find("#}")? + 2,
        Some(b'%') if name_of(tag).is_some_and(|(name, _)| name == "raw") => {
            let body = tag.find("%}")?;
            // What is raw holds no tags but the one at its end.
            let is_end = |at: &usize| {
                name_of(tag.get(*at..).unwrap_or_default()).is_some_and(|(name, _)| name == "endraw")
            };
            tag.match_indices("{%").map(|(at, _)| at).find(|at| *at >= body && is_end(at))?
        }
        Some(b'%') => end_of(tag, "%}")?,
        _ => end_of(tag, "}}")?,
    };
    let (tag, after) = tag.split_at(end);
    Some((before, tag, after))
}

/// Where a tag ends: not inside a text.
fn end_of(tag: &str, sign: &str) -> Option<usize> {
    let bare = |at: &usize| tag.as_bytes().get(*at..).is_some_and(|rest| rest.starts_with(sign.as_bytes()));
    bare_places(tag, 2).map(|(at, _)| at).find(bare).map(|at| at + sign.len())
}

/// The places of an expression from `from` on that are in no text, with how many brackets are open there.
fn bare_places(text: &str, from: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    let (mut quote, mut open) = (None, 0_usize);
    let mut bytes = text.bytes().enumerate().skip(from);
    std::iter::from_fn(move || {
        loop {
            let (at, byte) = bytes.next()?;
            match (quote, byte) {
                (Some(_), b'\\') => drop(bytes.next()),
                (Some(opened), _) if byte == opened => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'(' | b'[' | b'{') => {
                    open += 1;
                    return Some((at, open - 1));
                }
                (None, b')' | b']' | b'}') => {
                    open = open.saturating_sub(1);
                    return Some((at, open));
                }
                (None, _) => return Some((at, open)),
            }
        }
    })
}

/// The first word of a `{% … %}` tag, and where that ends.
fn name_of(tag: &str) -> Option<(&str, usize)> {
    let inner = tag.strip_prefix("{%")?.trim_start_matches(['-', '+']).trim_start();
    let name = inner.split(|sign: char| !is_of_name(sign)).next()?;
    Some((name, tag.len() - inner.len() + name.len()))
}

fn is_of_name(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_of_name) && !text.starts_with(|sign: char| sign.is_ascii_digit())
}

/// A `{% … %}` tag, in parts that make it up.
struct Tag<'a> {
    /// `{%- name`.
    head: &'a str,
    name: &'a str,
    body: &'a str,
    /// `-%}`.
    closing: &'a str,
}

impl<'a> Tag<'a> {
    fn of(tag: &'a str) -> Option<Self> {
        let (name, begin) = name_of(tag)?;
        let inner = ["-%}", "+%}", "%}"].into_iter().find_map(|closing| tag.strip_suffix(closing))?;
        let closing = tag.get(inner.len()..)?;
        let (head, body) = inner.split_at_checked(begin)?;
        Some(Self { head, name, body, closing })
    }

    /// The names that it sets or goes through.
    fn sets(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let names = match self.name {
            "set" => self.body.split_once('=').map_or(self.body, |(names, _)| names),
            "for" => self.body.split_once(" in ").map_or("", |(names, _)| names),
            _ => "",
        };
        names.split(',').map(str::trim).filter(|name| is_name(name))
    }

    /// As it is rendered; `None`: as it stands. Line feeds stay, for errors name the line.
    fn prepared(&self, names: &str) -> Option<String> {
        let Self { head, name, body, closing } = self;
        let sign = |tag: &str, name: &str| tag.strip_suffix(name).unwrap_or(tag).to_owned();
        match *name {
            "generation" => {
                let head = sign(head, name);
                Some(format!("{head}call {GENERATION}(){body}%}}{{% if false %}}{names}{{% endif {closing}"))
            }
            "endgeneration" => Some(format!("{}endcall{body}{closing}", sign(head, name))),
            "set" => match body.split_once('=') {
                Some((names, value)) if names.split(',').all(|name| name.trim().split('.').all(is_name)) => {
                    let grows = value.contains(['~', '+', '*', '|', '(']);
                    grows.then(|| format!("{head}{names}={HELD}(({value})){closing}"))
                }
                // A block, perhaps with filters that take arguments by name.
                _ => Some(format!("{head}{body}|{HELD} {closing}")),
            },
            "for" => {
                let begin = body.find(" in ")? + " in ".len();
                let (names, rest) = body.split_at(begin);
                let end = end_of_list(rest);
                let (list, rest) = rest.split_at(end);
                Some(format!("{head}{names}{EACH}(({list})){rest}{closing}"))
            }
            "macro" => {
                let arguments = body.split_once('(')?.1.rsplit_once(')')?.0.split(',');
                let names = arguments.filter_map(|one| Some(one.split('=').next()?.trim()));
                let sets = names
                    .filter(|name| is_name(name))
                    .map(|name| format!("{{% set {name} = {HELD}({name}) {closing}"));
                Some(std::iter::once(format!("{head}{body}{closing}")).chain(sets).collect())
            }
            _ => None,
        }
    }
}

/// Where the list of a loop ends: before its condition.
fn end_of_list(text: &str) -> usize {
    let begins = |at: usize| {
        let rest = text.get(at..)?;
        let word = rest.trim_start();
        let word = word.strip_prefix("if").or_else(|| word.strip_prefix("recursive"))?;
        (rest.starts_with(char::is_whitespace) && !word.starts_with(is_of_name)).then_some(at)
    };
    bare_places(text, 0).filter(|(_, open)| *open == 0).find_map(|(at, _)| begins(at)).unwrap_or(text.len())
}

/// Whatever the template sets or goes through, named: a call sees only what it names, and neither a namespace that it sets
/// alone nor what it only slices counts as named (minijinja 3.0.5, `compiler/meta.rs`).
fn names(template: &str) -> String {
    let mut names = BTreeSet::new();
    let mut rest = template;
    while let Some((_, tag, after)) = next_tag(rest) {
        names.extend(Tag::of(tag).iter().flat_map(Tag::sets));
        rest = after;
    }
    names.into_iter().flat_map(|name| ["{{ ", name, " }}"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_measured_and_nothing_else_changes() {
        for (template, wanted) in [
            ("a{% set x = 'b' %}c", "a{% set x = 'b' %}c"),
            ("{%- set ns.x = ns.x ~ '%}' -%}d", "{%- set ns.x =__held(( ns.x ~ '%}' ))-%}d"),
            ("{% set a, b = 1 + 1, 2 %}", "{% set a, b =__held(( 1 + 1, 2 ))%}"),
            ("{% set x %}y{% endset %}", "{% set x |__held %}y{% endset %}"),
            ("{% set x | upper -%}y{% endset %}", "{% set x | upper |__held -%}y{% endset %}"),
            (
                "{% macro f(a, b='x, y', c=1) -%} {% endmacro %}",
                "{% macro f(a, b='x, y', c=1) -%}{% set a = __held(a) -%}{% set b = __held(b) -%}{% set c = __held(c) -%} {% endmacro %}",
            ),
            ("{% macro f() %}x{% endmacro %}", "{% macro f() %}x{% endmacro %}"),
            ("{{ '{% set x = a ~ a %}' }}", "{{ '{% set x = a ~ a %}' }}"),
            ("{# {% set x = a ~ a %} #}", "{# {% set x = a ~ a %} #}"),
            ("{% raw %}{% set x = a ~ a %}{%- endraw %}", "{% raw %}{% set x = a ~ a %}{%- endraw %}"),
            ("{% set x = a ~ \"it's\" %}", "{% set x =__held(( a ~ \"it's\" ))%}"),
            ("{% set x = a ~ a", "{% set x = a ~ a"),
            ("{ {% x", "{ {% x"),
            ("é{%é", "é{%é"),
            (
                "{% set x | indent(width=(2), first=true) %}y{% endset %}",
                "{% set x | indent(width=(2), first=true) |__held %}y{% endset %}",
            ),
            ("{% for a, b in c.items() -%}", "{% for a, b in __each((c.items() ))-%}"),
            ("{% for a in b if a in 'x if y' %}", "{% for a in __each((b)) if a in 'x if y' %}"),
            (
                "{% for a in (b if c else d) recursive %}",
                "{% for a in __each(((b if c else d))) recursive %}",
            ),
            ("{% for a in gifted %}", "{% for a in __each((gifted ))%}"),
            (
                "{%- set ns = 1 %}{%- generation -%}for not more{% endgeneration %}",
                "{%- set ns = 1 %}{%- call __generation() %}{% if false %}{{ ns }}{% endif -%}for not more{% endcall %}",
            ),
        ] {
            assert_eq!(prepared(template).0, wanted, "{template}");
        }
    }
}
