//! Tags of advertisers and newsletters in links: `?utm_source=…&fbclid=…`. The link stays and leads to the same page.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::diagnostic::{Def, Severity};

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK133`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK133",
        name: "cut-tracking",
        severity: Severity::Info,
        summary: "tracking tags were cut off links",
        why: "the model would learn to write tags that name a person or a campaign",
        remedy: "`--no-mend cut-tracking` keeps them",
    },
    on_by_default: true,
};

/// Query keys that say where a visitor came from and nothing about the page, sorted: the click identifiers of Google,
/// Facebook, Microsoft, Yandex, Twitter, `LinkedIn`, `TikTok`, Instagram; Mailchimp, `HubSpot`, Marketo, Vero, Olytics.
const KEYS: &[&str] = &[
    "_hsenc",
    "_hsmi",
    "_openstat",
    "dclid",
    "fbclid",
    "gbraid",
    "gclid",
    "gclsrc",
    "hsctatracking",
    "igshid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "oly_anon_id",
    "oly_enc_id",
    "ttclid",
    "twclid",
    "vero_conv",
    "vero_id",
    "wbraid",
    "yclid",
];
/// … and those that begin so.
const BEGINNINGS: &[&str] = &["utm_"];

static LINK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("://"));

/// Cuts them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.reword(&MENDING, |said| match cut(&said.turn.text) {
            Cow::Owned(text) => Some(text),
            Cow::Borrowed(_) => None,
        });
    }
}

/// The text without tracking tags in its links.
fn cut(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut from = 0;
    while let Some(found) = LINK.find(&text.as_bytes()[from..]) {
        let start = from + found + 3;
        let end = text[start..].find(ends_link).map_or(text.len(), |length| start + length);
        from = end;
        let link = &text[start..end];
        let Some((page, rest)) = link.split_once('?') else { continue };
        let (query, fragment) =
            rest.split_once('#').map_or((rest, None), |(query, part)| (query, Some(part)));
        // A full stop or a bracket behind the link belongs to the sentence.
        let solid = query.trim_end_matches(['.', ',', ';', ':', '!', ')', ']', '*', '_']);
        let tail = if fragment.is_some() { "" } else { &query[solid.len()..] };
        let query = if fragment.is_some() { query } else { solid };
        let kept: Vec<&str> = query.split('&').filter(|pair| !is_tracking(pair)).collect();
        if kept.len() == query.split('&').count() {
            continue;
        }
        out.push_str(&text[copied..start]);
        out.push_str(page);
        if !kept.is_empty() {
            out.push('?');
            out.push_str(&kept.join("&"));
        }
        if let Some(fragment) = fragment {
            out.push('#');
            out.push_str(fragment);
        }
        out.push_str(tail);
        copied = end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

fn ends_link(character: char) -> bool {
    character.is_whitespace() || matches!(character, '<' | '>' | '"' | '|' | '`')
}

fn is_tracking(pair: &str) -> bool {
    let pair = pair.strip_prefix("amp;").unwrap_or(pair);
    let key = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
    KEYS.binary_search(&key.as_str()).is_ok() || BEGINNINGS.iter().any(|begin| key.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_stays_and_the_tags_go() {
        for (text, wanted) in [
            ("see https://x.example/a?utm_source=mail&id=5#top now", "see https://x.example/a?id=5#top now"),
            ("https://x.example/?fbclid=Iw", "https://x.example/"),
            ("(https://x.example/?a=1&amp;utm_medium=b).", "(https://x.example/?a=1)."),
            ("[KB](https://x.example/5?utm_id=7)", "[KB](https://x.example/5)"),
            (
                "https://a.example?gclid=1\nhttps://b.example?UTM_X=1&q=2",
                "https://a.example\nhttps://b.example?q=2",
            ),
        ] {
            assert_eq!(cut(text), wanted);
            assert_eq!(cut(wanted), wanted);
        }
    }

    #[test]
    fn nothing_else_goes() {
        for text in [
            "https://x.example/a?id=5&source=mail",
            "utm_source=mail",
            "what is ?fbclid=1",
            "://?",
            "a://b?c&d",
            "://",
            "ü://ü?ü=utm_",
            "https://x.example/order?utm",
        ] {
            assert!(matches!(cut(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(KEYS.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
