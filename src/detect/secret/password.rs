//! Passwords and keys that their own name stands before: `password: …`, `API_KEY=…`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::detect::placeholder::{bits, is_placeholder};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "password",
        title: "password",
        class: Class::Secret,
        sureness: Sureness::Context,
        found_by: "a name such as `password`, `api_key` or `client_secret`, then `:`, `=` or `is`, then a value with letters and digits or \
                   signs and with the entropy of one; after `is` of 8 characters and more",
        left_out: "words, values that stand for one (`changeme`, `<password>`, `$PASS`, `***`), calls and names in programs, and values \
                   of digits alone",
        example: "`password:` and a value",
        source: "own list of names; entropy: Shannon 1948; after https://github.com/gitleaks/gitleaks generic-api-key at b58d3f10 (MIT)",
        words: &[
            "pass",
            "pwd",
            "passcode",
            "kennwort",
            "contraseña",
            "senha",
            "mot de passe",
            "secret",
            "token",
            "api",
            "apikey",
            "access_key",
            "access-key",
            "accesskey",
            "auth",
            "credential",
            "private_key",
            "wachtwoord",
            "lösenord",
        ],
        mask: nothing,
    },
    find,
};

/// Bits of entropy of a whole value below which it is a word or a pattern: of six characters that all differ there
/// are 15.5 by this measure.
const LEAST_BITS: f64 = 15.0;

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let passwords = r"pass(?:word|wort|wd|code|phrase)?|pwd|kennwort|contrase(?:ñ|n)a|senha|mot de passe|wachtwoord|lösenord";
        let keys = r"(?:api|access|auth|secret|private|client|encryption|signing|account|service|app)[ _.-]?(?:key|token|secret)|secret|token|credentials?|secret[_-]access[_-]key";
        let is = r#"["'`]?\s{0,2}(?:(?P<sign>:=|=>|[:=])|\s(?:is|was|ist|lautet|es|est|é|är):?\s)\s{0,3}["'`*]{0,2}"#;
        Regex::new(&format!(
            r#"(?i)(?:^|[^a-z])(?P<name>{passwords}|{keys}){is}(?P<value>[^\s"'`<>,;]{{6}})"#
        ))
        .ok()
    });
    let Some(named) = NAMED.as_ref() else { return };
    let mut at = 0;
    while let Some(captures) = named.captures_at(text.text, at) {
        let (Some(name), Some(value)) = (captures.name("name"), captures.name("value")) else { break };
        let (start, value) = (value.start(), whole_value(text.text, value.start()));
        at = start + value.len();
        // A full stop or a bracket behind it is the sentence's, unless quotes say where it ends.
        let quoted = matches!(text.byte(at), b'"' | b'\'' | b'`');
        let ends: &[char] =
            if quoted { &['\\'] } else { &['.', ')', ']', '}', '!', '?', '*', ':', '&', '\\'] };
        let word = value.trim_end_matches(ends);
        let is_password = name.as_str().chars().next().is_some_and(|first| "pPkKcCmMwWlL".contains(first))
            || name.as_str().eq_ignore_ascii_case("senha");
        if is_secret(word, is_password, captures.name("sign").is_some()) {
            found.push(start..start + word.len());
        }
    }
}

/// Most characters of a value.
const LONGEST: usize = 200;

/// The value that begins at a place. The pattern knows only how it begins: counting to [`LONGEST`], its automaton would
/// have thousands of states to find.
fn whole_value(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or_default();
    let ends = |character: char| {
        character.is_whitespace() || matches!(character, '"' | '\'' | '`' | '<' | '>' | ',' | ';')
    };
    let end = rest.char_indices().take(LONGEST).find(|(_, character)| ends(*character)).map(|(at, _)| at);
    let end = end.or_else(|| rest.char_indices().nth(LONGEST).map(|(at, _)| at));
    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
}

fn is_secret(value: &str, is_password: bool, after_sign: bool) -> bool {
    let has = |is: fn(&u8) -> bool| value.bytes().any(|byte| is(&byte));
    let (letters, digits) = (has(u8::is_ascii_alphabetic), has(u8::is_ascii_digit));
    // A call, an index, a path, an address, a place in a program.
    let is_code = value.contains(['(', '{', '[', '|', '\\'])
        || value.contains("::")
        || value.contains("->")
        || value.contains("://");
    let is_path = value.matches(['/', '.']).count() > 1 && !value.contains(['+', '=']);
    let least = if is_password { 6 } else { 16 };
    let length = value.len() >= if after_sign { least } else { least.max(8) };
    length
        && letters
        && digits
        && !is_code
        && !is_path
        && !is_placeholder(value)
        && bits(value) * value.len() as f64 >= LEAST_BITS
        && !is_word(value)
}

/// Words with a number at their end are names of versions and steps: `token2`, `step-10`.
fn is_word(value: &str) -> bool {
    let stem = value.trim_end_matches(|character: char| {
        character.is_ascii_digit() || matches!(character, '-' | '_' | '.')
    });
    let plain = stem.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_'));
    plain && stem.len() > 3 && value.len() - stem.len() < 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::tests::found_by;

    #[test]
    fn values_with_their_name() {
        for (text, value) in [
            ("password: Kq7r-Pz2m", "Kq7r-Pz2m"),
            ("My password is Kq7rPz2m!", "Kq7rPz2m"),
            ("DB_PASSWORD=\"hT9!kd0s\"", "hT9!kd0s"),
            ("\"api_key\": \"4f8a1c9e2b7d6053\"", "4f8a1c9e2b7d6053"),
            ("client_secret = 9aK2mQ7xZ4vB8nL1", "9aK2mQ7xZ4vB8nL1"),
            ("contraseña: Blau77topf", "Blau77topf"),
            ("AWS_SECRET_ACCESS_KEY=q7Kr2mPz9vB4nL1xT6cY8dW3sF5hJ0gA", "q7Kr2mPz9vB4nL1xT6cY8dW3sF5hJ0gA"),
            ("pwd=Zx81kd", "Zx81kd"),
            ("{\"password\": \"Kq7rPz2m!\"}", "Kq7rPz2m!"),
        ] {
            assert_eq!(found_by(&DETECTOR, text), [value], "{text}");
        }
    }

    #[test]
    fn what_is_no_secret() {
        for text in [
            "password: changeme",
            "password: ********",
            "password = <your password>",
            "password=$PASSWORD",
            "the password is incorrect",
            "your password is at least 8 characters",
            "reset your password: https://x.example/reset/4f8a1c9e",
            "password: string",
            "token: tokenizer.next_token()",
            "api_key=os.environ[\"KEY2\"]",
            "secret=config.SECRET_KEY1",
            "The token is 12345678",
            "passport: C01X00T47",
            "password: 12345678",
            "tokens: 1024",
            "token = 3.141592653589793",
            "max_tokens=2048",
            "password: Password123",
            "pass: step-10",
            "password field1",
            "secret: abc",
            "access token: see section 4.2.1",
            "password: {password1}",
            "compass: N34W118x",
        ] {
            assert_eq!(found_by(&DETECTOR, text), [""; 0], "{text}");
        }
    }
}
