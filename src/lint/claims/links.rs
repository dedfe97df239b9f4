//! Where answers send people.

use std::sync::LazyLock;

use regex::Regex;

use super::{Claim, Relation, Said};

/// Most links of an answer that are compared: more are a list of sources.
const MOST: usize = 3;

/// The links of a text as they are written.
pub(super) fn all(text: &str) -> impl Iterator<Item = String> {
    let found = pattern().into_iter().flat_map(move |pattern| pattern.find_iter(text));
    found.map(|found| found.as_str().to_owned())
}

fn pattern() -> Option<&'static Regex> {
    static LINK: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?i)(?:https?://|\bwww\.)[^\s<>"'`\]）」】\u{3000}-\u{303f}]+"#).ok());
    LINK.as_ref()
}

/// The links of an answer, as one claim.
pub(super) fn find(answer: &str, claims: &mut Vec<Claim>) {
    let Some(pattern) = pattern() else { return };
    let mut links: Vec<String> = pattern
        .find_iter(answer)
        .filter(|found| !in_code(answer, found.start()))
        .filter_map(|found| place(found.as_str()))
        .collect();
    links.sort();
    links.dedup();
    if links.is_empty() || links.len() > MOST {
        return;
    }
    claims.push(Claim {
        topic: Box::default(),
        is_asked: false,
        shown: links.join(", "),
        clause: String::new(),
        said: Said::Links(links.into()),
    });
}

/// Whether a link is a value in code: `get('https://…`, `href="https://…`.
fn in_code(answer: &str, start: usize) -> bool {
    let before = answer.get(..start).unwrap_or_default();
    ["('", "(\"", "='", "=\"", "= '", "= \"", "curl "].iter().any(|code| before.ends_with(code))
}

/// Host and path of a link that is the same for all customers.
fn place(link: &str) -> Option<String> {
    let link = link.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '*', '_', '/']);
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next()?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.to_lowercase();
    let host = host.rsplit('@').next()?.trim_start_matches("www.");
    let path = path.trim_end_matches('/');
    let own = |part: &str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        digits >= 6 || digits >= 2 && part.len() >= 12 && !part.contains(['-', '.'])
    };
    let known = host.contains('.') && !path.split('/').any(own);
    known.then(|| if path.is_empty() { host.to_owned() } else { format!("{host}/{path}") })
}

/// Answers that share a link agree; one that names the site and one that names a page of it can both be right.
pub(super) fn relation(one: &[String], other: &[String]) -> Relation {
    if one == other {
        return Relation::Same;
    }
    let leads = |one: &String, other: &String| {
        let at_root = |link: &String, other: &String| {
            !link.contains('/') && other.strip_prefix(link.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        one == other || at_root(one, other) || at_root(other, one)
    };
    let shared = one.iter().any(|one| other.iter().any(|other| leads(one, other)));
    if shared { Relation::Compatible } else { Relation::Opposed }
}
