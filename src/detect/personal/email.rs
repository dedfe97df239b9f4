//! Mail addresses.

use std::ops::Range;

use crate::detect::{Class, Detector, Spec, Sureness, Text};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "email",
        title: "e-mail address",
        class: Class::Personal,
        sureness: Sureness::Form,
        found_by: "its form: a local part, `@`, and a domain whose last label is letters; also in full-width characters",
        left_out: "addresses at domains that are reserved (RFC 2606, RFC 6761) or stand for one (`yourdomain.com`), mailboxes \
                   of functions (`support@`, `info@`, `noreply@` and the like: RFC 2142), local parts that stand for one \
                   (`your.name`), names of pictures (`icon@2x.png`), and addresses in words (`ana at blautopf dot com`)",
        example: "ana.lind@blautopf-werk.de",
        source: "RFC 5321, 4.1.2; RFC 2142; RFC 2606; RFC 6761 (read 2026-11-22)",
        words: &["@"],
        mask: |address| {
            let first = address.chars().next().filter(char::is_ascii_alphanumeric);
            let local = address.find('@').unwrap_or_default();
            // Of the shortest ones the first letter would be all.
            format!("{}…@…", first.filter(|_| local > 2).map_or_else(String::new, String::from))
        },
    },
    find,
};

/// Longest local part and longest domain (RFC 5321, 4.5.3.1).
const LOCAL: usize = 64;
const DOMAIN: usize = 255;

/// Top-level domains that nobody can register, and what looks like one and is the end of a file's name.
const NO_DOMAIN: &[&str] = &[
    "example",
    "test",
    "invalid",
    "localhost",
    "local",
    "internal",
    "onion",
    "arpa",
    "alt",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "svg",
    "webp",
    "css",
    "js",
    "ts",
    "json",
    "html",
    "htm",
    "xml",
    "yml",
    "yaml",
    "txt",
    "csv",
    "pdf",
    "exe",
    "dll",
    "tld",
];

/// Domains that are reserved for examples or stand for one.
const NOBODY: &[&str] = &[
    "example.com",
    "example.net",
    "example.org",
    "domain.com",
    "yourdomain.com",
    "yourcompany.com",
    "mydomain.com",
    "company.com",
    "yoursite.com",
    "email.tld",
];

/// Mailboxes of functions (RFC 2142, and what mail systems and shops call theirs).
const FUNCTIONS: &[&str] = &[
    "abuse",
    "accounts",
    "admin",
    "administrator",
    "billing",
    "bookings",
    "care",
    "careers",
    "contact",
    "contactus",
    "cs",
    "customer",
    "customercare",
    "customerservice",
    "customer-service",
    "customersupport",
    "donotreply",
    "do-not-reply",
    "enquiries",
    "feedback",
    "ftp",
    "git",
    "hello",
    "help",
    "helpdesk",
    "hostmaster",
    "hr",
    "info",
    "jobs",
    "kontakt",
    "mail",
    "mailer-daemon",
    "marketing",
    "news",
    "newsletter",
    "noc",
    "no-reply",
    "noreply",
    "no_reply",
    "notifications",
    "office",
    "orders",
    "postmaster",
    "press",
    "privacy",
    "refunds",
    "returns",
    "root",
    "sales",
    "security",
    "service",
    "shop",
    "support",
    "team",
    "usenet",
    "uucp",
    "webmaster",
    "www",
];

/// Local parts that stand for one.
const STANDS_FOR: &[&str] = &[
    "address",
    "email",
    "example",
    "firstname.lastname",
    "first.last",
    "jane.doe",
    "john.doe",
    "johndoe",
    "janedoe",
    "me",
    "myname",
    "name",
    "someone",
    "somebody",
    "test",
    "user",
    "username",
    "you",
    "your",
    "your.email",
    "your.name",
    "your-email",
    "youremail",
    "yourname",
    "xxx",
    "xxxx",
];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    for at in memchr::memchr_iter(b'@', text.bytes()) {
        if let Some(range) = address(text, at) {
            found.push(range);
        }
    }
}

fn address(text: &Text<'_>, at: usize) -> Option<Range<usize>> {
    let before = text.bytes().get(at.saturating_sub(LOCAL + 1)..at)?;
    let length = before.iter().rev().take_while(|byte| is_local(**byte)).count();
    let start = at - length;
    // Quotes and full stops around it are none of its own.
    let lead = before
        .get(before.len() - length..)?
        .iter()
        .take_while(|byte| matches!(byte, b'.' | b'\'' | b'-'))
        .count();
    let start = start + lead;
    let local = text.text.get(start..at)?;
    if local.is_empty()
        || local.len() > LOCAL
        || local.ends_with('.')
        || local.contains("..")
        || in_credentials(text, start)
    {
        return None;
    }
    let rest = text.text.get(at + 1..)?;
    let end = rest.char_indices().take_while(|(at, character)| *at < DOMAIN && is_domain(*character)).last();
    let domain = rest.get(..end.map_or(0, |(at, character)| at + character.len_utf8()))?;
    let domain = real_domain(domain)?;
    is_somebody(local, domain).then_some(start..at + 1 + domain.len())
}

/// Characters of local parts (RFC 5321: atext), without those that are more often around an address than in it.
fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'')
}

fn is_domain(character: char) -> bool {
    // Labels may be of any script; where words have no spaces between them, nothing tells where an address ends.
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '\u{df}'..='\u{24f}')
}

/// The domain without what stands behind it, if it can be one.
fn real_domain(domain: &str) -> Option<&str> {
    let domain = domain.trim_end_matches(['.', '-']);
    // A sentence may begin right behind an address: `ana@blautopf.de.Thanks`.
    let labels = domain.split('.');
    let fits = |label: &str| {
        !label.is_empty() && label.len() < 64 && !label.starts_with('-') && !label.ends_with('-')
    };
    if !labels.clone().all(fits) {
        return None;
    }
    let top = labels.clone().next_back()?;
    let is_top = top.len() > 1 && (top.chars().all(char::is_alphabetic) || top.starts_with("xn--"));
    (is_top && labels.count() > 1).then_some(domain)
}

/// Whether somebody may have the address.
fn is_somebody(local: &str, domain: &str) -> bool {
    let (local, domain) = (local.to_ascii_lowercase(), domain.to_lowercase());
    let top = domain.rsplit('.').next().unwrap_or_default();
    let is_nobody =
        |one: &str| domain == one || domain.strip_suffix(one).is_some_and(|rest| rest.ends_with('.'));
    // `support+123@` is still the function's.
    let mailbox = local.split('+').next().unwrap_or_default();
    !NO_DOMAIN.contains(&top)
        && !NOBODY.iter().any(|one| is_nobody(one))
        && !FUNCTIONS.contains(&mailbox)
        && !STANDS_FOR.contains(&local.as_str())
}

/// Whether what stands before the `@` is a password in an address of a machine: `https://user:pass@host`.
fn in_credentials(text: &Text<'_>, start: usize) -> bool {
    if !matches!(text.byte_before(start), b':' | b'/') {
        return false;
    }
    let head = text.bytes().get(start.saturating_sub(2 * LOCAL)..start).unwrap_or_default();
    let word = memchr::memrchr3(b' ', b'\n', b'\t', head).and_then(|at| head.get(at..)).unwrap_or(head);
    memchr::memmem::find(word, b"://").is_some()
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn addresses() {
        let found = |text: &str| found_by(&super::DETECTOR, text);
        for (text, address) in [
            ("Write to ana.lind@blautopf-werk.de.", "ana.lind@blautopf-werk.de"),
            ("<Ana+x_1@Mail.Blautopf.CO.UK>,", "Ana+x_1@Mail.Blautopf.CO.UK"),
            ("mailto:kim@blautopf.io?subject=x", "kim@blautopf.io"),
            ("'o'neil@blautopf.de'", "o'neil@blautopf.de"),
            ("ana＠blautopf．de", "ana＠blautopf．de"),
            ("a\u{200b}na@blautopf.de", "a\u{200b}na@blautopf.de"),
            ("名前はana@blautopf.jpです", "ana@blautopf.jp"),
            ("mail=ana@müller-topf.de", "ana@müller-topf.de"),
        ] {
            assert_eq!(found(text), [address], "{text}");
        }
    }

    #[test]
    fn what_is_nobodys() {
        for text in [
            "user@example.com you@mail.example.org ana@shop.example ana@x.test",
            "support@blautopf.de noreply@blautopf.de Support+1@blautopf.de",
            "your.name@blautopf.de name@yourdomain.com",
            "icon@2x.png lodash@4.17.21 @ana ana@ a@b ana@blautopf ana@.de .@blautopf.de",
            "https://ana:pass@blautopf.de/ git@github.com:x/y.git [EMAIL] <email@domain>",
            "@media @Override fn@x..de",
        ] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
