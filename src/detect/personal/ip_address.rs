//! Addresses of machines on the internet, which lead to a household or a person.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use crate::detect::context::{Words, words};
use crate::detect::numerals::Stretch;
use crate::detect::{Class, Detector, Spec, Sureness, Text};
use crate::text::signs::Signs;

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "ip-address",
        title: "IP address",
        class: Class::Personal,
        sureness: Sureness::Form,
        found_by: "four numbers up to 255 with full stops between them (version 4), or groups of hexadecimal digits with colons that \
                   are an address of version 6",
        left_out: "addresses that lead to nobody: private, loopback, link-local, multicast, reserved and those of documentation (RFC \
                   6890, RFC 5737, RFC 3849, RFC 9637), public name servers, networks (`34.64.0.0/10`), `123.45.67.89`, four numbers of one digit each, and what follows \
                   `version` and the like",
        example: "89.183.27.146",
        source: "RFC 6890, RFC 5737, RFC 3849, RFC 9637, RFC 4291 (read 2026-11-22)",
        words: &[],
        mask: |address| {
            let end = address.find(['.', ':']).map_or(0, |at| at + 1);
            format!("{}…", address.get(..end).unwrap_or_default())
        },
    },
    find,
};

static VERSIONS: Words = words![
    "version",
    "versions",
    "v",
    "ver",
    "build",
    "release",
    "firmware",
    "driver",
    "update",
    "patch",
    "chrome",
    "firefox",
    "safari",
    "edge",
    "section",
    "chapter",
    "paragraph",
    "clause",
    "table",
    "figure",
    "oid",
];

/// Numbers that count up, and name servers that everybody may use: they are in many guides and nobody's home.
const PUBLIC: &[[u8; 4]] = &[
    [12, 34, 56, 78],
    [123, 45, 67, 89],
    [8, 8, 4, 4],
    [1, 0, 0, 1],
    [1, 1, 1, 2],
    [9, 9, 9, 10],
    [149, 112, 112, 112],
    [208, 67, 222, 222],
    [208, 67, 220, 220],
    [94, 140, 14, 14],
    [94, 140, 15, 15],
    [76, 76, 2, 0],
    [4, 2, 2, 1],
    [64, 6, 64, 6],
    [114, 114, 114, 114],
];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    if !text.signs.has_any(Signs::ADDRESS) {
        return;
    }
    for four in text.numerals().rows().flat_map(|groups| groups.windows(4)) {
        let stretch = Stretch { groups: four, whole: false };
        let range = stretch.range();
        let alone = |byte: u8, beyond: u8| {
            !(byte.is_ascii_alphanumeric()
                || byte == b'_'
                || (byte == b'.' && beyond.is_ascii_alphanumeric()))
        };
        if stretch.between(text).all(|between| between == ".")
            && alone(text.byte_before(range.start), text.byte_before(range.start.saturating_sub(1)))
            && alone(text.byte(range.end), text.byte(range.end + 1))
            && text.text.get(range.clone()).and_then(|four| four.parse().ok()).is_some_and(is_somewhere)
            && !is_version(text, range.start)
            && !is_network(text, range.end)
        {
            found.push(range);
        }
    }
    version_6(text, found);
}

fn is_somewhere(address: Ipv4Addr) -> bool {
    let octets = address.octets();
    let [first, second, third, _] = octets;
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || matches!(first, 0 | 224..)
        || (first == 100 && second & 0xc0 == 64)
        || (first == 192 && second == 0 && third == 0)
        || (first == 198 && second & 0xfe == 18)
        || octets.iter().all(|octet| *octet < 10)
        || PUBLIC.contains(&octets))
}

/// Whether what ends here is a network: `34.64.0.0/10`.
fn is_network(text: &Text<'_>, end: usize) -> bool {
    text.byte(end) == b'/' && text.byte(end + 1).is_ascii_digit()
}

/// Whether what begins here is called a version, or is part of a product's name: `Chrome/120.0.6099.71`.
fn is_version(text: &Text<'_>, at: usize) -> bool {
    text.byte_before(at) == b'/' || VERSIONS.before(text, at).is_some_and(|near| near < 12)
}

fn version_6(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    let bytes = text.bytes();
    let part = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let mut at = 0;
    while let Some(colon) = bytes.get(at..).and_then(|rest| memchr::memchr(b':', rest)).map(|skip| at + skip)
    {
        let before =
            bytes.get(at..colon).unwrap_or_default().iter().rev().take_while(|byte| part(byte)).count();
        let behind = bytes.get(colon..).unwrap_or_default().iter().take_while(|byte| part(byte)).count();
        let start = colon - before;
        at = colon + behind;
        let alone =
            !text.byte_before(start).is_ascii_alphanumeric() && !text.byte(at).is_ascii_alphanumeric();
        let word = text.text.get(start..at).unwrap_or_default();
        // A full stop or a colon behind it is the sentence's.
        let word = word.trim_end_matches('.');
        let word = if word.ends_with("::") { word } else { word.trim_end_matches(':') };
        if alone && word.len() > 6 && word.parse().is_ok_and(|address| is_somewhere_6(address, word)) {
            found.push(start..start + word.len());
        }
    }
}

fn is_somewhere_6(address: Ipv6Addr, written: &str) -> bool {
    let segments = address.segments();
    let [first, second, ..] = segments;
    let documentation = (first == 0x2001 && second == 0xdb8) || first & 0xfff0 == 0x3ff0;
    // Written short it may be a name in a program (`add::face`), unless it is in the range that is given out.
    let whole = written.matches(':').count() == 7 && !written.contains("::");
    let given_out = first & 0xe000 == 0x2000 && first > 0x2000;
    let local = first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80 || first >= 0xff00 || first == 0;
    !documentation && !local && (whole || given_out)
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn addresses() {
        for text in [
            "89.183.27.146",
            "from 89.183.27.146:8080.",
            "IP=89.183.27.146",
            "6e40:4041:c617:e898:c11:40d2:c669:2eb4",
            "at 2a02:8108:9640:1a2b::7.",
            "[2a02:8108::7]:443",
        ] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in [
            "192.168.0.1 10.1.2.3 127.0.0.1 172.16.20.30 100.64.1.1 169.254.10.20 0.0.0.0 255.255.255.0",
            "203.0.113.7 198.51.100.20",
            "8.8.8.8 8.8.4.4 1.1.1.1",
            "version 120.10.6099.71 v10.20.30.40",
            "Chrome/120.0.99.71",
            "1.2.3.4.5",
            "89.183.27.256",
            "89.183.27",
            "::1 fe80::1 fd00::12:1 2001:db8::7 std::vector add::face 10:20:30 00:1b:44:11:3a:b7",
            "build 10.20.30.40",
            "a89.183.27.146",
            "89.183.27.146.nip.io",
            "34.64.0.0/10",
            "123.45.67.89",
        ] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
