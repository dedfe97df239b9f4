//! Bounds on what a template holds on its way.
//!
//! Steps and output are bounded where they happen, but texts that a template builds from texts are not: eight steps double
//! one (`{% set ns.text = ns.text ~ ns.text %}`). What grows without end has to pass through a name, in a loop by `set` or in
//! calls by the arguments of a macro: so the values of both are measured. A single expression can still be as large as
//! whoever wrote it made it.

use std::sync::atomic::{AtomicUsize, Ordering};

use minijinja::value::{Object, Value};
use minijinja::{Error, ErrorKind, State};

/// The function and filter that measures a value; a name that no template has.
pub(super) const HELD: &str = "__held";
/// The variable with the [`Budget`] of a rendering.
pub(super) const BUDGET: &str = "__budget";
/// Items of a list that one name may hold: a chat has not so many messages.
const ITEMS: usize = 1 << 20;
/// How often the longest text may be made again: one that grows by each message of a thousand is made five hundred times.
const COPIES: usize = 1 << 10;

/// What one rendering may hold.
#[derive(Debug)]
pub(super) struct Budget {
    /// Bytes of one text.
    pub(super) most: usize,
    /// Bytes of all texts so far, gone ones among them: each was made from others, which takes time.
    made: AtomicUsize,
}

impl Object for Budget {}

impl Budget {
    pub(super) const fn new(most: usize) -> Self {
        Self { most, made: AtomicUsize::new(0) }
    }

    fn take(&self, bytes: usize) -> bool {
        let made = self.made.fetch_add(bytes, Ordering::Relaxed);
        bytes <= self.most && made <= self.most.saturating_mul(COPIES)
    }
}

/// Gives back what it is given, where that is not too large.
pub(super) fn held(state: &State, value: Value) -> Result<Value, Error> {
    let too_large = |what: String| Err(Error::new(ErrorKind::InvalidOperation, what));
    if let Some(text) = value.as_str() {
        let budget = state.lookup(BUDGET);
        if let Some(budget) = budget.as_ref().and_then(|budget| budget.downcast_object_ref::<Budget>())
            && !budget.take(text.len())
        {
            return too_large(format!("it builds texts of more than {} bytes", budget.most));
        }
    } else if value.as_object().is_some() && value.len().is_some_and(|items| items > ITEMS) {
        return too_large(format!("it builds a list of more than {ITEMS} items"));
    }
    Ok(value)
}

/// The template with all that it sets, and all that its macros are given, measured.
pub(super) fn bounded(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, tag, after)) = next_tag(rest) {
        out.push_str(before);
        out.push_str(&measured(tag).unwrap_or_else(|| tag.to_owned()));
        rest = after;
    }
    out + rest
}

/// What stands before the next tag of any kind, the tag, and what stands after it.
fn next_tag(text: &str) -> Option<(&str, &str, &str)> {
    let begin = text
        .match_indices('{')
        .map(|(at, _)| at)
        .find(|at| matches!(text.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#')))?;
    let (before, tag) = text.split_at(begin);
    let end = match tag.as_bytes().get(1) {
        Some(b'#') => tag.find("#}")? + 2,
        Some(b'%') if name_of(tag).is_some_and(|(name, _)| name == "raw") => {
            let body = tag.find("%}")?;
            // What is raw holds no tags but the one at its end.
            let ends = |at: &usize| {
                name_of(tag.get(*at..).unwrap_or_default()).is_some_and(|(name, _)| name == "endraw")
            };
            tag.match_indices("{%").map(|(at, _)| at).find(|at| *at >= body && ends(at))?
        }
        Some(b'%') => end_of(tag, "%}")?,
        _ => end_of(tag, "}}")?,
    };
    let (tag, after) = tag.split_at(end);
    Some((before, tag, after))
}

/// Where a tag ends: not inside a text.
fn end_of(tag: &str, sign: &str) -> Option<usize> {
    let mut quote = None;
    let mut bytes = tag.bytes().enumerate().skip(2);
    while let Some((at, byte)) = bytes.next() {
        match (quote, byte) {
            (Some(_), b'\\') => drop(bytes.next()),
            (Some(open), _) if byte == open => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, _) if tag.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(sign.as_bytes())) => {
                return Some(at + sign.len());
            }
            _ => {}
        }
    }
    None
}

/// The first word of a `{% … %}` tag, and where that ends.
fn name_of(tag: &str) -> Option<(&str, usize)> {
    let inner = tag.strip_prefix("{%")?.trim_start_matches(['-', '+']).trim_start();
    let name = inner.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next()?;
    Some((name, tag.len() - inner.len() + name.len()))
}

/// A tag with its value measured, where it sets one that can grow or takes arguments.
fn measured(tag: &str) -> Option<String> {
    let (name, begin) = name_of(tag)?;
    let closing = ["-%}", "+%}", "%}"].into_iter().find(|closing| tag.ends_with(closing))?;
    let (head, body) = tag.get(..tag.len() - closing.len())?.split_at_checked(begin)?;
    match name {
        "set" => match body.split_once('=') {
            Some((target, value)) if value.contains(['~', '+', '*', '|', '(']) => {
                // As it stands, line feeds and all: errors name the line.
                Some(format!("{head}{target}={HELD}(({value})){closing}"))
            }
            Some(_) => None,
            None => Some(format!("{head}{body}|{HELD} {closing}")),
        },
        "macro" => {
            let arguments = body.split_once('(')?.1;
            let names = arguments.rsplit_once(')')?.0.split(',');
            let names: Vec<&str> = names
                .filter_map(|one| Some(one.split('=').next()?.trim()))
                .filter(|one| is_name(one))
                .collect();
            let sets = names.iter().map(|name| format!("{{% set {name} = {HELD}({name}) {closing}"));
            Some(std::iter::once(tag.to_owned()).chain(sets).collect())
        }
        _ => None,
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|sign| sign.is_alphanumeric() || sign == '_')
        && !text.starts_with(|sign: char| sign.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_set_or_given_to_a_macro_is_measured() {
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
        ] {
            assert_eq!(bounded(template), wanted, "{template}");
        }
    }
}
