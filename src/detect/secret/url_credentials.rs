//! Names and passwords in the addresses of machines: `https://ana:pass@host`.

use std::ops::Range;

use crate::detect::placeholder::is_placeholder;
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "url-credentials",
        title: "URL password",
        class: Class::Secret,
        sureness: Sureness::Checked,
        found_by: "`://`, a name, a colon, a password and `@` before the name of a host",
        left_out: "passwords that stand for one, such as `pass` or `<password>`",
        example: "`https://`, a name, `:`, a password, `@` and a host",
        source: "RFC 3986, 3.2.1 (read 2026-11-22)",
        words: &["://"],
        mask: nothing,
    },
    find,
};

/// Longest name or password.
const LONGEST: usize = 200;

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    for scheme in memchr::memmem::find_iter(text.bytes(), "://") {
        let start = scheme + 3;
        let Some(rest) = text.text.get(start..) else { continue };
        let end = rest
            .bytes()
            .take(2 * LONGEST)
            .take_while(|byte| {
                byte.is_ascii_graphic() && !matches!(byte, b'/' | b'"' | b'<' | b'>' | b'?' | b'#')
            })
            .count();
        let Some((info, host)) = rest.get(..end).and_then(|authority| authority.rsplit_once('@')) else {
            continue;
        };
        let Some((name, password)) = info.split_once(':') else { continue };
        let has_host = host.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'[');
        if has_host && password.len() > 2 && !stands_for(password) && name != password {
            let from = start + name.len() + 1;
            found.push(from..from + password.len());
        }
    }
}

fn stands_for(password: &str) -> bool {
    const WORDS: [&str; 7] = ["pass", "pwd", "pw", "passwd", "p4ssw0rd", "hunter2", "pass123"];
    WORDS.iter().any(|word| password.eq_ignore_ascii_case(word)) || is_placeholder(password)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::tests::found_by;

    #[test]
    fn passwords() {
        assert_eq!(found_by(&DETECTOR, "postgres://ana:Kq7r-Pz2m@db.blautopf.de:5432/x"), ["Kq7r-Pz2m"]);
        assert_eq!(found_by(&DETECTOR, "(https://ana:Kq7@Pz2m@blautopf.de/)"), ["Kq7@Pz2m"]);
        for text in [
            "https://user:password@host",
            "https://blautopf.de:8080/@ana",
            "https://ana@blautopf.de",
            "ftp://<user>:<pass>@host",
            "https://x.de/a:b@c",
            "https://ana:$PASS@host",
            "mailto://",
            "http://a:@b.c",
        ] {
            assert_eq!(found_by(&DETECTOR, text), [""; 0], "{text}");
        }
    }
}
