//! Names in the texts of one conversation: mentions, custom emoji.

use std::collections::BTreeMap;

use memchr::memchr;
use serde_json::Value;

use crate::model::Extra;
use crate::read::people::scalar;

/// The names that messages give for identifiers.
#[derive(Default)]
pub(super) struct Names {
    people: BTreeMap<String, String>,
    roles: BTreeMap<String, String>,
}

impl Names {
    /// Those of authors, of people mentioned and of their roles.
    pub fn of(messages: &[Extra]) -> Self {
        let mut names = Self::default();
        for message in messages {
            let mentioned = message.get("mentions").and_then(Value::as_array).into_iter().flatten();
            for person in message.get("author").into_iter().chain(mentioned) {
                if let (Some(id), Some(name)) = (person.get("id").and_then(scalar), account(person)) {
                    names.people.insert(id, name);
                }
                for role in person.get("roles").and_then(Value::as_array).into_iter().flatten() {
                    if let (Some(id), Some(name)) =
                        (role.get("id").and_then(scalar), role.get("name").and_then(Value::as_str))
                    {
                        names.roles.insert(id, name.to_owned());
                    }
                }
            }
        }
        names
    }

    /// The text as people saw it. What the exporter has resolved already has no such marks left.
    pub fn resolve(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = memchr(b'<', rest.as_bytes()) {
            let (plain, marked) = rest.split_at(at);
            out.push_str(plain);
            let inside = marked.get(1..).unwrap_or_default();
            let end = inside.find(['>', '<', '\n']).filter(|end| inside[*end..].starts_with('>'));
            let named = end.and_then(|end| Some((self.mark(inside.get(..end)?)?, inside.get(end + 1..)?)));
            if let Some((name, behind)) = named {
                out.push_str(&name);
                rest = behind;
            } else {
                out.push('<');
                rest = inside;
            }
        }
        out.push_str(rest);
        out
    }

    /// What a mark reads as (<https://discord.com/developers/docs/reference#message-formatting>).
    fn mark(&self, inside: &str) -> Option<String> {
        if let Some(id) = inside.strip_prefix("@&") {
            return self.roles.get(id).map(|name| format!("@{name}"));
        }
        if let Some(id) = inside.strip_prefix('@') {
            return self.people.get(id.trim_start_matches('!')).map(|name| format!("@{name}"));
        }
        let (kind, rest) = inside.split_once(':')?;
        let (name, id) = rest.split_once(':')?;
        let custom =
            matches!(kind, "" | "a") && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        custom.then(|| format!(":{name}:"))
    }
}

/// The name of an account: with the number behind it that accounts had until 2023.
pub(super) fn account(person: &Value) -> Option<String> {
    let text = |key: &str| person.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name = text("name").or_else(|| text("nickname"))?;
    Some(match text("discriminator").filter(|number| number.bytes().any(|digit| digit != b'0')) {
        Some(number) => format!("{name}#{number}"),
        None => name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn marks_become_names() {
        let message = json!({"author": {"id": "6", "name": "ana", "roles": [{"id": "7", "name": "Support"}]},
            "mentions": [{"id": "5", "name": "kim", "discriminator": "1234"}]});
        let names = Names::of(&[message.as_object().unwrap().clone()]);
        assert_eq!(
            names.resolve("<@5> <@!6> <@&7> <:ok:12> <a:go:3> <@9> <#4> a < b <<@6>> <"),
            "@kim#1234 @ana @Support :ok: :go: <@9> <#4> a < b <@ana> <"
        );
        assert_eq!(account(&json!({"name": "a", "discriminator": "0000"})).unwrap(), "a");
    }
}
