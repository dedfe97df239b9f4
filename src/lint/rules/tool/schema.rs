//! A value against a JSON Schema, as far as definitions of tools use it.
//!
//! Checked are `type`, `nullable`, `enum`, `const`, `required`, `properties`, `additionalProperties: false`, `items`. Other
//! keywords are not looked at, so that nothing is called wrong that a full validator would accept; below `anyOf`, `$ref` and
//! the like nothing is checked. A validator of the whole standard (`jsonschema`, `boon`) compiles a schema before it is
//! used, refuses rows whose schema is a little wrong, and brings dozens of crates; definitions are of a row each.

use serde_json::{Map, Value};

use crate::text::json::kind;
use crate::text::sanitize::excerpt;

/// Steps after which a value is taken to be right: a list of a thousand values, each against an `enum` of a thousand, is no
/// call that anybody wrote.
const STEPS: u32 = 100_000;

/// The first place where `value` does not fit `schema`, as a path below the arguments, and why.
pub(super) fn fault(schema: &Value, value: &Value) -> Option<String> {
    Walk { path: String::new(), steps: STEPS }.value(schema, value)
}

struct Walk {
    path: String,
    steps: u32,
}

impl Walk {
    /// Counts work; `None` when there was too much of it.
    fn step(&mut self, work: usize) -> Option<()> {
        self.steps = self.steps.checked_sub(u32::try_from(work).unwrap_or(u32::MAX))?;
        Some(())
    }

    fn value(&mut self, schema: &Value, value: &Value) -> Option<String> {
        let schema = schema.as_object()?;
        self.step(1)?;
        if schema.contains_key("$ref") {
            return None;
        }
        let nullable = value.is_null() && schema.get("nullable").is_some_and(|nullable| nullable == true);
        if nullable {
            return None;
        }
        if let Some(wanted) = schema.get("type").and_then(|types| wrong_type(types, value)) {
            return Some(format!("{} is {} and must be {wanted}", self.name(), kind(value)));
        }
        if let Some(one_of) = schema.get("enum").and_then(Value::as_array) {
            self.step(one_of.len())?;
            if !one_of.iter().any(|known| same(known, value)) {
                return Some(format!("{} is `{}`, which is not in its `enum`", self.name(), shown(value)));
            }
        }
        if let Some(known) = schema.get("const").filter(|known| !same(known, value)) {
            return Some(format!("{} is `{}` and must be `{}`", self.name(), shown(value), shown(known)));
        }
        match value {
            Value::Object(object) => self.object(schema, object),
            Value::Array(items) => {
                let each = schema.get("items")?;
                items.iter().enumerate().find_map(|(index, item)| {
                    self.inside(&format!("[{index}]"), |walk| walk.value(each, item))
                })
            }
            _ => None,
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, object: &Map<String, Value>) -> Option<String> {
        let required = schema.get("required").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        self.step(required.len() + object.len())?;
        let missing = required.iter().filter_map(Value::as_str).find(|key| !object.contains_key(*key));
        if let Some(key) = missing {
            let key = excerpt(key, 40);
            return Some(if self.path.is_empty() {
                format!("`{key}` is required and missing")
            } else {
                format!("{} has no `{key}`, which is required", self.name())
            });
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        // Patterns and parts of other schemas may name more.
        let closed = schema.get("additionalProperties").is_some_and(|more| more == false)
            && !["patternProperties", "allOf", "anyOf", "oneOf"].iter().any(|key| schema.contains_key(*key));
        object.iter().find_map(|(key, value)| match properties.and_then(|properties| properties.get(key)) {
            Some(schema) => {
                let step =
                    if self.path.is_empty() { excerpt(key, 40) } else { format!(".{}", excerpt(key, 40)) };
                self.inside(&step, |walk| walk.value(schema, value))
            }
            None if closed => Some(format!("`{}` is not among the parameters", excerpt(key, 40))),
            None => None,
        })
    }

    fn inside(&mut self, step: &str, check: impl FnOnce(&mut Self) -> Option<String>) -> Option<String> {
        let length = self.path.len();
        self.path.push_str(step);
        let fault = check(self);
        self.path.truncate(length);
        fault
    }

    fn name(&self) -> String {
        if self.path.is_empty() { "the whole".to_owned() } else { format!("`{}`", excerpt(&self.path, 60)) }
    }
}

/// What must be, where a value is of none of the types; unknown names of types are no fault of the value.
fn wrong_type(types: &Value, value: &Value) -> Option<String> {
    let names: Vec<&str> = match types {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let fits = |name: &&str| match name.to_ascii_lowercase().as_str() {
        "string" => value.is_string(),
        "number" => value.is_number(),
        // JSON has one kind of numbers: `1.0` is an integer (JSON Schema, 6.1.1).
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => true,
    };
    if names.is_empty() || names.iter().any(fits) {
        return None;
    }
    let names: Vec<String> = names.iter().take(4).map(|name| format!("`{}`", excerpt(name, 20))).collect();
    Some(names.join(" or "))
}

/// Whether two values are the same; numbers by what they are worth.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => excerpt(text, 40),
        Value::Array(_) | Value::Object(_) => kind(value).to_owned(),
        other => excerpt(&other.to_string(), 40),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_the_first_place_that_does_not_fit() {
        let schema = json!({
            "type": "object",
            "properties": {
                "order": {"type": "integer"},
                "speed": {"type": "string", "enum": ["slow", "fast"]},
                "note": {"type": ["string", "null"]},
                "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "STRING"}}, "required": ["sku"]}},
                "any": {"anyOf": [{"type": "string"}]},
                "named": {"$ref": "#/$defs/x", "type": "string"},
            },
            "required": ["order"],
            "additionalProperties": false,
        });
        for (value, wanted) in [
            (
                json!({"order": 7, "speed": "slow", "note": null, "lines": [{"sku": "a"}], "any": 3, "named": 3}),
                None,
            ),
            (json!({"order": 7.0}), None),
            (json!({}), Some("`order` is required and missing")),
            (json!([]), Some("the whole is a list and must be `object`")),
            (json!({"order": "7"}), Some("`order` is a string and must be `integer`")),
            (json!({"order": 7.5}), Some("`order` is a number and must be `integer`")),
            (json!({"order": 7, "speed": "slower"}), Some("`speed` is `slower`, which is not in its `enum`")),
            (json!({"order": 7, "note": 1}), Some("`note` is a number and must be `string` or `null`")),
            (
                json!({"order": 7, "lines": [{"sku": "a"}, {}]}),
                Some("`lines[1]` has no `sku`, which is required"),
            ),
            (
                json!({"order": 7, "lines": [{"sku": 1}]}),
                Some("`lines[0].sku` is a number and must be `STRING`"),
            ),
            (json!({"order": 7, "colour": 1}), Some("`colour` is not among the parameters")),
        ] {
            assert_eq!(fault(&schema, &value).as_deref(), wanted, "{value}");
        }
    }

    #[test]
    fn schemas_that_are_none_say_nothing() {
        for schema in [
            json!(null),
            json!([]),
            json!({"type": 7}),
            json!({"type": []}),
            json!({"properties": 1, "required": "a", "items": 3, "enum": "x"}),
        ] {
            assert_eq!(fault(&schema, &json!({"a": [1]})), None, "{schema}");
        }
    }

    #[test]
    fn work_is_bounded() {
        let schema = json!({"type": "array", "items": {"enum": (0..10_000).collect::<Vec<_>>()}});
        assert_eq!(fault(&schema, &json!(vec![9_999; 100_000])), None);
    }
}
