//! Keys of services, which say by their beginning whose they are.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::detect::arithmetic::crc32;
use crate::detect::placeholder::bits;
use crate::detect::{Class, Detector, Spec, Sureness, Text};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "api-key",
        title: "API key",
        class: Class::Secret,
        sureness: Sureness::Checked,
        found_by: "a beginning that only keys of one service have, and the length and alphabet of what follows; those of GitHub and \
                   npm by their checksum, too",
        left_out: "keys of documentation (`…EXAMPLE`), keys with fewer kinds of characters than chance gives, `sk_test_…` of Stripe",
        example: "`ghp_` and 36 letters and digits",
        source: "https://github.com/gitleaks/gitleaks config/gitleaks.toml at b58d3f10 (MIT) for lengths and alphabets; \
                 https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/ for checksums (read 2026-11-22)",
        words: &MARKS,
        mask: |key| {
            // What all keys of a service begin with is no secret.
            let shown = KEYS
                .iter()
                .filter(|shape| key.starts_with(shape.prefix))
                .map(|shape| shape.prefix)
                .max_by_key(|prefix| prefix.len());
            format!("{}…", shown.unwrap_or_default())
        },
    },
    find,
};

/// What may follow the beginning of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// Letters and digits.
    Alphanumeric,
    /// Capitals and digits from 2 to 7 (RFC 4648, base 32).
    Base32,
    /// Small hexadecimal digits.
    Hex,
    /// Letters.
    Letters,
    /// Letters, digits, `-` and `_` (RFC 4648, base 64 for addresses).
    Url,
    /// Letters, digits, `-`, `_` and `.`.
    Dotted,
    /// Letters, digits, `+` and `/`.
    Base64,
}

impl Alphabet {
    fn has(self, byte: u8) -> bool {
        match self {
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::Base32 => byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte),
            Self::Hex => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
            Self::Letters => byte.is_ascii_alphabetic(),
            Self::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
            Self::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'),
            Self::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'),
        }
    }

    /// What it is called on the page about it.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Alphanumeric => "letters and digits",
            Self::Base32 => "capitals and digits from 2 to 7",
            Self::Hex => "hexadecimal digits",
            Self::Letters => "letters",
            Self::Url => "letters, digits, `-`, `_`",
            Self::Dotted => "letters, digits, `-`, `_`, `.`",
            Self::Base64 => "letters, digits, `+`, `/`",
        }
    }
}

/// The shape of the keys of a service.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Whose they are.
    pub service: &'static str,
    /// What they begin with.
    pub prefix: &'static str,
    /// What follows.
    pub alphabet: Alphabet,
    /// Least and most characters of what follows.
    pub length: (usize, usize),
    /// What must stand in it.
    holds: &'static str,
    /// The last six characters are a checksum of the thirty before.
    checksum: bool,
}

const fn shape(
    service: &'static str,
    prefix: &'static str,
    alphabet: Alphabet,
    least: usize,
    most: usize,
) -> Shape {
    Shape { service, prefix, alphabet, length: (least, most), holds: "", checksum: false }
}

const fn checked(service: &'static str, prefix: &'static str) -> Shape {
    Shape { checksum: true, ..shape(service, prefix, Alphabet::Alphanumeric, 36, 36) }
}

const fn with(holds: &'static str, shape: Shape) -> Shape {
    Shape { holds, ..shape }
}

use Alphabet::{Alphanumeric, Base32, Base64, Dotted, Hex, Letters, Url};

/// The shapes, by service.
pub static KEYS: &[Shape] = &[
    shape("age", "AGE-SECRET-KEY-1", Alphanumeric, 58, 58),
    shape("AWS", "ABIA", Base32, 16, 16),
    shape("AWS", "ACCA", Base32, 16, 16),
    shape("AWS", "AKIA", Base32, 16, 16),
    shape("AWS", "ASIA", Base32, 16, 16),
    shape("Anthropic", "sk-ant-", Url, 80, 130),
    shape("Azure storage", "AccountKey=", Base64, 86, 86),
    shape("Brevo", "xkeysib-", Url, 81, 81),
    shape("Databricks", "dapi", Hex, 32, 32),
    shape("DigitalOcean", "doo_v1_", Hex, 64, 64),
    shape("DigitalOcean", "dop_v1_", Hex, 64, 64),
    shape("DigitalOcean", "dor_v1_", Hex, 64, 64),
    checked("GitHub", "gho_"),
    checked("GitHub", "ghp_"),
    checked("GitHub", "ghr_"),
    checked("GitHub", "ghs_"),
    checked("GitHub", "ghu_"),
    with("_", shape("GitHub", "github_pat_", Url, 82, 82)),
    shape("GitLab", "glcbt-", Url, 20, 40),
    shape("GitLab", "gldt-", Url, 20, 20),
    shape("GitLab", "glpat-", Dotted, 20, 320),
    shape("GitLab", "glptt-", Hex, 40, 40),
    shape("GitLab", "glrt-", Dotted, 20, 320),
    shape("Google", "AIza", Url, 35, 35),
    shape("Google", "GOCSPX-", Url, 28, 28),
    shape("Google", "ya29.", Url, 60, 2_000),
    shape("Grafana", "glsa_", Url, 41, 41),
    shape("Groq", "gsk_", Alphanumeric, 52, 52),
    shape("HashiCorp Vault", "hvs.", Url, 90, 120),
    shape("Hugging Face", "hf_", Letters, 34, 34),
    shape("Linear", "lin_api_", Alphanumeric, 40, 40),
    shape("Mailgun", "key-", Hex, 32, 32),
    shape("Notion", "ntn_", Alphanumeric, 46, 46),
    shape("OpenAI", "sk-admin-", Url, 40, 200),
    shape("OpenAI", "sk-proj-", Url, 40, 200),
    shape("OpenAI", "sk-svcacct-", Url, 40, 200),
    with("T3BlbkFJ", shape("OpenAI", "sk-", Alphanumeric, 48, 48)),
    shape("Perplexity", "pplx-", Alphanumeric, 48, 48),
    shape("Postman", "PMAK-", Url, 59, 59),
    shape("PyPI", "pypi-AgEIcHlwaS5vcmc", Url, 50, 1_000),
    shape("Replicate", "r8_", Alphanumeric, 37, 37),
    shape("RubyGems", "rubygems_", Hex, 48, 48),
    with(".", shape("SendGrid", "SG.", Dotted, 66, 66)),
    shape("Sentry", "sntrys_", Dotted, 60, 500),
    shape("Sentry", "sntryu_", Hex, 64, 64),
    shape("Shopify", "shpat_", Hex, 32, 32),
    shape("Shopify", "shpca_", Hex, 32, 32),
    shape("Shopify", "shppa_", Hex, 32, 32),
    shape("Shopify", "shpss_", Hex, 32, 32),
    with("/", shape("Slack", "hooks.slack.com/services/", Base64, 43, 60)),
    with("-", shape("Slack", "xapp-", Url, 60, 150)),
    with("-", shape("Slack", "xoxa-", Url, 20, 200)),
    with("-", shape("Slack", "xoxb-", Url, 24, 200)),
    with("-", shape("Slack", "xoxe-", Url, 24, 200)),
    with("-", shape("Slack", "xoxo-", Url, 20, 200)),
    with("-", shape("Slack", "xoxp-", Url, 24, 200)),
    with("-", shape("Slack", "xoxr-", Url, 20, 200)),
    with("-", shape("Slack", "xoxs-", Url, 20, 200)),
    shape("Stripe", "rk_live_", Alphanumeric, 16, 250),
    shape("Stripe", "sk_live_", Alphanumeric, 16, 250),
    shape("Stripe", "whsec_", Alphanumeric, 32, 64),
    shape("Twilio", "SK", Hex, 32, 32),
    checked("npm", "npm_"),
    shape("xAI", "xai-", Alphanumeric, 70, 90),
];

/// A mark inside of a secret, and what finds the secret around one that begins at a byte.
type Inside = (&'static str, fn(&Text<'_>, usize) -> Option<Range<usize>>);

/// Secrets that do not say by their beginning whose they are.
static INSIDE: &[Inside] = &[("Q~", azure_secret), (":AA", telegram_token)];

/// Of these one stands in every text that holds a key: the beginnings of [`KEYS`] in their order, then the marks of [`INSIDE`].
static MARKS: [&str; KEYS.len() + INSIDE.len()] = {
    let mut marks = [""; KEYS.len() + INSIDE.len()];
    let mut at = 0;
    while at < marks.len() {
        marks[at] = if at < KEYS.len() { KEYS[at].prefix } else { INSIDE[at - KEYS.len()].0 };
        at += 1;
    }
    marks
};

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    // One pass for all of them; overlapping, as `sk-` stands in what begins with `sk-ant-`.
    static AUTOMATON: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(MARKS).ok());
    let marks = AUTOMATON.iter().flat_map(|automaton| automaton.find_overlapping_iter(text.bytes()));
    found.extend(marks.filter_map(|mark| {
        let index = mark.pattern().as_usize();
        if let Some(shape) = KEYS.get(index) {
            return key(text, shape, mark.start());
        }
        let (_, secret) = INSIDE.get(index - KEYS.len())?;
        secret(text, mark.start())
    }));
}

/// The key of a shape that begins at `start`.
fn key(text: &Text<'_>, shape: &Shape, start: usize) -> Option<Range<usize>> {
    let alone = !text.byte_before(start).is_ascii_alphanumeric();
    let body = start + shape.prefix.len();
    let rest = text.bytes().get(body..)?;
    let length = rest.iter().take(shape.length.1 + 1).take_while(|byte| shape.alphabet.has(**byte)).count();
    let next = rest.get(length).copied().unwrap_or_default();
    // A full stop or a hyphen at the end is the sentence's.
    let length =
        length - rest.get(..length)?.iter().rev().take_while(|byte| matches!(byte, b'.' | b'-')).count();
    let fits = alone && (shape.length.0..=shape.length.1).contains(&length) && !next.is_ascii_alphanumeric();
    let value = text.text.get(body..body + length).filter(|_| fits)?;
    let is_made_up =
        value.ends_with("EXAMPLE") || value.to_ascii_lowercase().contains("xxxx") || bits(value) < 2.5;
    (!is_made_up && value.contains(shape.holds) && (!shape.checksum || has_checksum(value)))
        .then_some(start..body + length)
}

/// Whether the last six of 36 characters are the CRC-32 of the others in base 62, with leading zeros.
fn has_checksum(value: &str) -> bool {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let Some((random, check)) = value.split_at_checked(30) else { return false };
    let mut rest = crc32(random.as_bytes());
    check.bytes().rev().all(|byte| {
        let digit = DIGITS.get(rest as usize % 62);
        rest /= 62;
        digit == Some(&byte)
    })
}

/// Client secrets of Microsoft Entra have their mark inside: three characters, a digit, `Q~` and 31 to 34 more.
fn azure_secret(text: &Text<'_>, mark: usize) -> Option<Range<usize>> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'~' | b'.' | b'-');
    let start = mark.checked_sub(4)?;
    let head = text.bytes().get(start..mark)?;
    let rest = text.bytes().get(mark + 2..)?;
    let length = rest.iter().take(40).take_while(|byte| part(byte)).count();
    let fits = head.iter().all(part)
        && head.last().is_some_and(u8::is_ascii_digit)
        && (31..=34).contains(&length)
        && !part(&text.byte_before(start));
    fits.then_some(start..mark + 2 + length)
}

/// Tokens of Telegram bots: the number of the bot, `:AA` and 33 more characters.
fn telegram_token(text: &Text<'_>, mark: usize) -> Option<Range<usize>> {
    let before = text.bytes().get(..mark)?;
    let rest = text.bytes().get(mark + 1..)?;
    let digits = before.iter().rev().take(11).take_while(|byte| byte.is_ascii_digit()).count();
    let length = rest.iter().take(40).take_while(|byte| Alphabet::Url.has(**byte)).count();
    let fits = (8..=10).contains(&digits)
        && length == 35
        && !text.byte_before(mark - digits).is_ascii_alphanumeric();
    fits.then_some(mark - digits..mark + 1 + length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::tests::found_by;

    /// Characters as chance gives them, so that no key stands in this file.
    fn random(alphabet: Alphabet, length: usize) -> String {
        let letters: Vec<char> = (0..128u8)
            .filter(|byte| alphabet.has(*byte) && byte.is_ascii_alphanumeric())
            .map(char::from)
            .collect();
        let mut state = 7usize;
        (0..length)
            .map(|_| {
                state = (state * 1_103 + 12_345) % 65_521;
                letters[state % letters.len()]
            })
            .collect()
    }

    #[test]
    fn every_shape_is_found_and_hidden() {
        for shape in KEYS.iter().filter(|shape| !shape.checksum) {
            let mut body = random(shape.alphabet, shape.length.0);
            if !shape.holds.is_empty() {
                body.replace_range(10..10 + shape.holds.len(), shape.holds);
            }
            let key = format!("{}{body}", shape.prefix);
            assert_eq!(
                found_by(&DETECTOR, &format!("use {key}, please")),
                [key.as_str()],
                "{}",
                shape.service
            );
            let masked = (DETECTOR.spec.mask)(&key);
            assert!(!masked.contains(&body[..6]), "{masked}");
            assert_eq!(found_by(&DETECTOR, &format!("use x{key}")), [""; 0]);
            assert_eq!(
                found_by(&DETECTOR, &format!("use {}", &key[..key.len() - 1])),
                [""; 0],
                "{}",
                shape.service
            );
        }
    }

    #[test]
    fn checksums_tell_keys_from_chance() {
        // GitHub's own example, in two pieces.
        let value = format!("{}{}", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17");
        assert!(has_checksum(&value) && !has_checksum(&value.replace('z', "y")));
        assert_eq!(found_by(&DETECTOR, &format!("ghp_{value}")).len(), 1);
        assert_eq!(found_by(&DETECTOR, &format!("ghp_{}", value.replace('z', "y"))), [""; 0]);
    }

    #[test]
    fn what_has_its_mark_inside() {
        let azure = format!("abc8Q~{}", random(Alphabet::Alphanumeric, 34));
        let telegram = format!("482137650:AA{}", random(Alphabet::Alphanumeric, 33));
        assert_eq!(found_by(&DETECTOR, &format!("{azure} {telegram}")), [azure, telegram]);
    }

    #[test]
    fn one_pass_finds_all_that_stand_side_by_side() {
        let anthropic = format!("sk-ant-{}", random(Alphabet::Alphanumeric, 90));
        let project = format!("sk-proj-{}", random(Alphabet::Alphanumeric, 60));
        let twilio = format!("SK{}", random(Alphabet::Hex, 32));
        let text = format!("sk- {anthropic} ask {project},{twilio} desk");
        assert_eq!(found_by(&DETECTOR, &text), [anthropic, project, twilio]);
        assert!(MARKS.iter().all(|mark| !mark.is_empty()));
    }

    #[test]
    fn what_is_no_key() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "a risk-averse task-force",
            "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "npm_config_cache",
            "hf_home",
            "key-value pairs",
            "SKU 48213765",
            "SG.com",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "xoxo-hugs",
            "Q~",
            ":AA",
        ] {
            assert_eq!(found_by(&DETECTOR, text), [""; 0], "{text}");
        }
    }
}
