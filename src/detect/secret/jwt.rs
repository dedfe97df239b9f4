//! JSON web tokens, which log somebody in.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::detect::{Class, Detector, Spec, Sureness, Text};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "jwt",
        title: "web token",
        class: Class::Secret,
        sureness: Sureness::Checked,
        found_by: "three parts in base 64 with full stops between them, of which the first is a JSON object with `alg`",
        left_out: "tokens without signature, and the one of the front page of jwt.io",
        example: "`eyJ`, letters and digits, a full stop, and so on twice more",
        source: "RFC 7515, 3.1; RFC 7519 (read 2026-11-22)",
        words: &["eyJ"],
        mask: |_| "eyJ…".to_owned(),
    },
    find,
};

/// The signature of the token that jwt.io shows.
const SHOWN: &str = "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let mut behind = 0;
    for start in memchr::memmem::find_iter(text.bytes(), "eyJ") {
        if start < behind
            || text.byte_before(start).is_ascii_alphanumeric()
            || text.byte_before(start) == b'.'
        {
            continue;
        }
        let length =
            text.bytes().get(start..).map_or(0, |rest| rest.iter().take_while(|byte| part(byte)).count());
        behind = start + length;
        let token = text.text.get(start..behind).unwrap_or_default().trim_end_matches('.');
        if is_token(token) {
            found.push(start..start + token.len());
        }
    }
}

fn is_token(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { return false };
    let decoded = URL_SAFE_NO_PAD.decode(header).ok();
    let header: Option<serde_json::Value> = decoded.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    header.is_some_and(|header| header.get("alg").is_some_and(serde_json::Value::is_string))
        && claims.len() > 2
        && signature.len() > 20
        && *signature != SHOWN
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::tests::found_by;

    #[test]
    fn tokens() {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"7"}"#);
        let token = format!("{header}.{claims}.{}", "kQ3v9Z".repeat(7));
        assert_eq!(found_by(&DETECTOR, &format!("Bearer {token}.")), [token.as_str()]);
        for text in [
            format!("{header}.{claims}.{SHOWN}"),
            format!("{header}.{claims}."),
            format!("{header}.{claims}"),
            format!("{claims}.{claims}.{}", "kQ3v9Z".repeat(7)),
            "eyJ eyJxyz.eyJ.x".to_owned(),
        ] {
            assert_eq!(found_by(&DETECTOR, &text), [""; 0], "{text}");
        }
    }
}
