//! Paths into JSON values: keys joined by dots, matched as written first and without regard to case otherwise.

use std::fmt;

use serde_json::Value;

use crate::text::sanitize::excerpt;

/// Deepest level whose keys are named to the user.
const LEVELS_NAMED: usize = 3;
/// Most keys named to the user.
const MOST_NAMED: usize = 60;
/// Longest path shown, in characters.
const SHOWN: usize = 80;

/// Keys from a value to a value inside it; empty for the value itself. A number may stand for an index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Path(Vec<String>);

impl Path {
    /// A path as typed.
    pub fn parse(text: &str) -> Self {
        Self(text.split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect())
    }

    /// This path and one step more.
    pub fn then(&self, step: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(step.to_owned());
        Self(steps)
    }

    /// The keys.
    pub fn steps(&self) -> &[String] {
        &self.0
    }

    /// Whether it leads nowhere but to the value itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The path for people: keys come from strangers.
    pub fn shown(&self) -> String {
        excerpt(&self.to_string(), SHOWN)
    }

    /// The value it leads to.
    pub fn get<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(value, |value, step| child(value, step))
    }

    /// Moves the value it leads to out, together with its key.
    pub fn take(&self, value: &mut Value) -> Option<Value> {
        let Some((end, parents)) = self.0.split_last() else { return Some(std::mem::take(value)) };
        let parent = parents.iter().try_fold(value, |value, step| child_mut(value, step))?;
        match parent {
            Value::Object(map) => {
                if let Some(found) = map.shift_remove(end) {
                    return Some(found);
                }
                let key = map.keys().find(|key| key.eq_ignore_ascii_case(end))?.clone();
                map.shift_remove(&key)
            }
            Value::Array(list) => list.get_mut(end.parse::<usize>().ok()?).map(Value::take),
            _ => None,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("."))
    }
}

fn child<'a>(value: &'a Value, step: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) => map
            .get(step)
            .or_else(|| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(step)).map(|(_, value)| value)),
        Value::Array(list) => list.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}

fn child_mut<'a>(value: &'a mut Value, step: &str) -> Option<&'a mut Value> {
    match value {
        Value::Object(map) => {
            let key = if map.contains_key(step) {
                step.to_owned()
            } else {
                map.keys().find(|key| key.eq_ignore_ascii_case(step))?.clone()
            };
            map.get_mut(&key)
        }
        Value::Array(list) => list.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    }
}

/// The paths that exist in some values, for a hint: keys down to the third level, in order of first sight.
pub(super) fn existing<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let mut found = Vec::new();
    for value in values {
        collect(value, &Path::default(), &mut found);
    }
    found
}

fn collect(value: &Value, at: &Path, found: &mut Vec<String>) {
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        if found.len() >= MOST_NAMED {
            return;
        }
        let path = at.then(key);
        let name = path.shown();
        if !found.contains(&name) {
            found.push(name);
        }
        if path.steps().len() < LEVELS_NAMED {
            collect(value, &path, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_in_and_take_out() {
        let mut value = json!({"a": {"B": [{"c": 1}, 2]}, "d": 3});
        assert_eq!(Path::parse("a.b.0.c").get(&value), Some(&json!(1)));
        assert_eq!(Path::parse("a.x").get(&value), None);
        assert_eq!(Path::parse("a.b").take(&mut value), Some(json!([{"c": 1}, 2])));
        assert_eq!(value, json!({"a": {}, "d": 3}));
        assert_eq!(existing([&value].into_iter()), ["a", "d"]);
        assert_eq!(Path::default().take(&mut value), Some(json!({"a": {}, "d": 3})));
    }
}
