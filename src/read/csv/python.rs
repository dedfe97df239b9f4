//! Lists as Python prints them: `[{'role': 'user', 'content': "it's"}]`.
//!
//! What ends in a table's cell when a data frame with lists is saved: single quotes, `True`, `None`, tuples,
//! and `NumPy` arrays, whose elements have no commas between them. Anything else is no list and `None`.

use serde_json::{Map, Value};

/// Deeper nesting is no conversation.
const DEPTH: usize = 32;

/// The value that `text` prints, if all of it is one.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut parser = Parser { rest: text };
    let value = parser.value(0)?;
    parser.space();
    parser.rest.is_empty().then_some(value)
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, mark: &str) -> bool {
        self.space();
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEPTH {
            return None;
        }
        self.space();
        match self.rest.chars().next()? {
            '[' => self.list(']', depth),
            '(' => self.list(')', depth),
            '{' => self.dict(depth),
            '\'' | '"' => self.string().map(Value::String),
            first if first.is_ascii_digit() || first == '-' => self.number(),
            _ => self.word(depth),
        }
    }

    fn list(&mut self, close: char, depth: usize) -> Option<Value> {
        self.rest = self.rest.get(1..)?;
        let mut items = Vec::new();
        loop {
            self.space();
            if let Some(rest) = self.rest.strip_prefix(close) {
                self.rest = rest;
                return Some(Value::Array(items));
            }
            items.push(self.value(depth + 1)?);
            // `NumPy` prints no commas.
            self.take(",");
        }
    }

    fn dict(&mut self, depth: usize) -> Option<Value> {
        self.rest = self.rest.get(1..)?;
        let mut entries = Map::new();
        loop {
            if self.take("}") {
                return Some(Value::Object(entries));
            }
            let key = match self.value(depth + 1)? {
                Value::String(key) => key,
                other => other.to_string(),
            };
            if !self.take(":") {
                return None;
            }
            let value = self.value(depth + 1)?;
            entries.insert(key, value);
            if !self.take(",") && !self.rest.trim_start().starts_with('}') {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.rest.chars().next()?;
        let mut characters = self.rest.get(1..)?.chars();
        let mut text = String::new();
        loop {
            match characters.next()? {
                end if end == quote => break,
                '\\' => match characters.next()? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    '\n' => {}
                    'x' => text.push(code(&mut characters, 2)?),
                    'u' => text.push(code(&mut characters, 4)?),
                    'U' => text.push(code(&mut characters, 8)?),
                    kept @ ('\\' | '\'' | '"') => text.push(kept),
                    other => {
                        text.push('\\');
                        text.push(other);
                    }
                },
                other => text.push(other),
            }
        }
        self.rest = characters.as_str();
        Some(text)
    }

    fn number(&mut self) -> Option<Value> {
        let end = self
            .rest
            .find(|character: char| {
                !(character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '+'))
            })
            .unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        serde_json::from_str(number).ok().or_else(|| Some(Value::String(number.to_owned())))
    }

    fn word(&mut self, depth: usize) -> Option<Value> {
        let end = self
            .rest
            .find(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '.')))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word {
            "True" | "true" => Some(Value::Bool(true)),
            "False" | "false" => Some(Value::Bool(false)),
            "None" | "nan" | "null" => Some(Value::Null),
            "array" | "np.array" if self.take("(") => {
                let value = self.value(depth + 1)?;
                if self.take(",") {
                    self.take("dtype=object");
                }
                self.take(")").then_some(value)
            }
            _ => None,
        }
    }
}

fn code(characters: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let mut value = 0;
    for _ in 0..digits {
        value = value * 16 + characters.next()?.to_digit(16)?;
    }
    Some(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_as_python_prints_them() {
        assert_eq!(
            parse(r#"[{'role': 'user', 'content': "it's \x41\n"}, {'n': None, 'b': True, 'x': (1, 2.5)}]"#),
            Some(json!([{"role": "user", "content": "it's A\n"}, {"n": null, "b": true, "x": [1, 2.5]}]))
        );
        assert_eq!(
            parse("array([{'a': 'b'},\n       {'a': 'c'}], dtype=object)"),
            Some(json!([{"a": "b"}, {"a": "c"}]))
        );
        assert_eq!(parse("[{'a': 'b'}\n {'a': 'c'}]"), Some(json!([{"a": "b"}, {"a": "c"}])));
    }

    #[test]
    fn anything_else_is_none() {
        for text in
            ["", "[", "['a", "{'a'}", "[1] x", "hello", "[a]", "{'a': }", "['\\x4'", &"[".repeat(100_000)]
        {
            assert_eq!(parse(text), None, "{}", &text[..text.len().min(20)]);
        }
    }
}
