//! Whether a value is a JSON Schema of Draft 7: the types that its meta-schema wants, and patterns that are none.

use serde_json::Value;

use crate::text::json::kind;
use crate::text::sanitize::excerpt;

/// What a keyword must be.
enum Want {
    Schema,
    /// One schema, or a list of at least one.
    SchemaOrList,
    /// A list of at least one schema.
    Schemas,
    /// An object whose values are schemas.
    Named,
    /// An object whose values are schemas, and whose keys are patterns.
    Patterns,
    /// An object whose values are schemas or lists of names.
    Dependencies,
    Text,
    Pattern,
    Flag,
    List,
    /// A list of texts, each once.
    Names,
    Number,
    AboveZero,
    /// A whole number that is not negative.
    Count,
    Type,
}

/// Types that a value can have.
const TYPES: &[&str] = &["array", "boolean", "integer", "null", "number", "object", "string"];

/// The keywords of the meta-schema; any other is free.
fn want(keyword: &str) -> Option<Want> {
    Some(match keyword {
        "additionalItems"
        | "contains"
        | "additionalProperties"
        | "propertyNames"
        | "if"
        | "then"
        | "else"
        | "not" => Want::Schema,
        "items" => Want::SchemaOrList,
        "allOf" | "anyOf" | "oneOf" => Want::Schemas,
        "definitions" | "properties" => Want::Named,
        "patternProperties" => Want::Patterns,
        "dependencies" => Want::Dependencies,
        "$id" | "$schema" | "$ref" | "$comment" | "title" | "description" | "format" | "contentMediaType"
        | "contentEncoding" => Want::Text,
        "pattern" => Want::Pattern,
        "readOnly" | "uniqueItems" => Want::Flag,
        "examples" | "enum" => Want::List,
        "required" => Want::Names,
        "maximum" | "exclusiveMaximum" | "minimum" | "exclusiveMinimum" => Want::Number,
        "multipleOf" => Want::AboveZero,
        "maxLength" | "minLength" | "maxItems" | "minItems" | "maxProperties" | "minProperties" => {
            Want::Count
        }
        "type" => Want::Type,
        _ => return None,
    })
}

/// Where in the schema something is wrong, and what.
type Fault = (String, String);

/// The first thing that is wrong; `.properties.id.type` is where. Depth is bounded by the parser of JSON.
pub(super) fn fault(schema: &Value) -> Option<Fault> {
    let keywords = match schema {
        Value::Object(keywords) => keywords,
        Value::Bool(_) => return None,
        other => return Some(here(format!("the schema is {}", kind(other)))),
    };
    keywords.iter().find_map(|(keyword, value)| {
        let wanted = want(keyword)?;
        value_fault(&wanted, value)
            .map(|(step, what)| (format!(".{keyword}{step}"), what.replace("KEYWORD", keyword)))
    })
}

fn here(what: impl Into<String>) -> Fault {
    (String::new(), what.into())
}

fn value_fault(want: &Want, value: &Value) -> Option<Fault> {
    let wrong = |wanted: &str| Some(here(format!("`KEYWORD` is {} and must be {wanted}", kind(value))));
    match (want, value) {
        (Want::Schema, _) | (Want::SchemaOrList, Value::Object(_) | Value::Bool(_)) => fault(value),
        (Want::SchemaOrList | Want::Schemas, Value::Array(list)) if list.is_empty() => {
            Some(here("`KEYWORD` is an empty list"))
        }
        (Want::SchemaOrList | Want::Schemas, Value::Array(list)) => of_list(list),
        (Want::SchemaOrList, _) => wrong("a schema or a list of schemas"),
        (Want::Schemas, _) => wrong("a list of schemas"),
        (Want::Named, Value::Object(named)) => {
            named.iter().find_map(|(name, schema)| inside(name, fault(schema)))
        }
        (Want::Patterns, Value::Object(named)) => named
            .iter()
            .find_map(|(name, schema)| pattern_fault(name).map(here).or_else(|| inside(name, fault(schema)))),
        (Want::Dependencies, Value::Object(named)) => named.iter().find_map(|(name, value)| match value {
            Value::Array(names) => inside(name, names_fault(names)),
            schema => inside(name, fault(schema)),
        }),
        (Want::Named | Want::Patterns | Want::Dependencies, _) => wrong("an object of schemas"),
        (Want::Text, Value::String(_))
        | (Want::Flag, Value::Bool(_))
        | (Want::List, Value::Array(_))
        | (Want::Number, Value::Number(_)) => None,
        (Want::Pattern, Value::String(pattern)) => pattern_fault(pattern).map(here),
        (Want::Text | Want::Pattern, _) => wrong("a string"),
        (Want::Flag, _) => wrong("true or false"),
        (Want::List, _) => wrong("a list"),
        (Want::Names, Value::Array(names)) => names_fault(names),
        (Want::Names, _) => wrong("a list of names"),
        (Want::Number, _) => wrong("a number"),
        (Want::AboveZero, Value::Number(number)) if number.as_f64().is_some_and(|number| number > 0.0) => {
            None
        }
        (Want::AboveZero, _) => Some(here("`KEYWORD` must be a number above 0")),
        (Want::Count, Value::Number(number)) if is_count(number) => None,
        (Want::Count, _) => Some(here("`KEYWORD` must be a whole number that is not negative")),
        (Want::Type, Value::String(name)) => type_fault(name),
        (Want::Type, Value::Array(names)) if names.is_empty() => Some(here("`KEYWORD` is an empty list")),
        (Want::Type, Value::Array(names)) => {
            names_fault(names).or_else(|| names.iter().filter_map(Value::as_str).find_map(type_fault))
        }
        (Want::Type, _) => wrong("the name of a type or a list of such"),
    }
}

fn of_list(list: &[Value]) -> Option<Fault> {
    list.iter()
        .enumerate()
        .find_map(|(index, schema)| fault(schema).map(|(step, what)| (format!("[{index}]{step}"), what)))
}

/// The fault with the name before it where a path can have it.
fn inside(name: &str, found: Option<Fault>) -> Option<Fault> {
    let (step, what) = found?;
    match crate::lint::place::step(name) {
        // What would be no step ends the path at what is around it.
        "" => Some((String::new(), what)),
        name => Some((format!(".{name}{step}"), what)),
    }
}

fn names_fault(names: &[Value]) -> Option<Fault> {
    let mut seen = std::collections::BTreeSet::new();
    names.iter().find_map(|name| match name {
        Value::String(name) if seen.insert(name) => None,
        Value::String(name) => Some(here(format!("`{}` stands twice in a list", excerpt(name, 40)))),
        other => Some(here(format!("a name in a list is {}", kind(other)))),
    })
}

fn type_fault(name: &str) -> Option<Fault> {
    if TYPES.contains(&name) {
        return None;
    }
    Some(here(format!("`{}` is no type; there are `{}`", excerpt(name, 40), TYPES.join("`, `"))))
}

fn is_count(number: &serde_json::Number) -> bool {
    let whole = || number.as_f64().is_some_and(|number| number >= 0.0 && number.fract() == 0.0);
    number.as_u64().is_some() || whole()
}

/// Brackets that do not close and repetitions of nothing. Which escapes there are differs from language to language, so
/// that no more than this is said.
fn pattern_fault(pattern: &str) -> Option<String> {
    let (mut depth, mut class, mut repeatable) = (0u32, None, false);
    let mut signs = pattern.chars().enumerate();
    while let Some((at, sign)) = signs.next() {
        if let Some(start) = class {
            match sign {
                '\\' => _ = signs.next()?,
                // The first sign of a class is a sign, also when it is its end.
                ']' if at > start => class = None,
                '^' if at == start => class = Some(start + 1),
                _ => {}
            }
            repeatable = true;
            continue;
        }
        match sign {
            '\\' => {
                if signs.next().is_none() {
                    return Some("the pattern ends with a backslash".to_owned());
                }
                repeatable = true;
            }
            '[' => class = Some(at + 1),
            '(' => {
                depth += 1;
                repeatable = false;
                // `(?:`, `(?=` and the like are no repetition.
                if signs.clone().next().is_some_and(|(_, sign)| sign == '?') {
                    signs.next();
                }
            }
            ')' if depth == 0 => return Some("the pattern closes a group that is not open".to_owned()),
            ')' => {
                depth -= 1;
                repeatable = true;
            }
            '|' => repeatable = false,
            '*' | '+' | '?' if !repeatable => return Some("the pattern repeats nothing".to_owned()),
            _ => repeatable = true,
        }
    }
    (depth > 0 || class.is_some()).then(|| "the pattern has a bracket that is not closed".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_meta_schema_refuses() {
        for (schema, wanted) in [
            (json!({"type": "objekt"}), ".type `objekt` is no type"),
            (json!({"type": []}), ".type `type` is an empty list"),
            (json!({"type": ["string", "string"]}), ".type `string` stands twice"),
            (json!({"properties": []}), ".properties `properties` is a list and must be an object"),
            (json!({"properties": {"a": 5}}), ".properties.a the schema is a number"),
            (
                json!({"properties": {"a": {"required": true}}}),
                ".properties.a.required `required` is a boolean",
            ),
            (json!({"required": ["a", "a"]}), ".required `a` stands twice"),
            (json!({"required": [1]}), ".required a name in a list is a number"),
            (json!({"minimum": "1"}), ".minimum `minimum` is a string"),
            (json!({"minLength": -1}), ".minLength `minLength` must be a whole number"),
            (json!({"multipleOf": 0}), ".multipleOf `multipleOf` must be a number above 0"),
            (json!({"pattern": "("}), ".pattern the pattern has a bracket"),
            (json!({"enum": "a"}), ".enum `enum` is a string"),
            (json!({"items": 5}), ".items `items` is a number"),
            (json!({"items": [{}, 5]}), ".items[1] the schema is a number"),
            (json!({"anyOf": []}), ".anyOf `anyOf` is an empty list"),
            (json!({"not": 1}), ".not the schema is a number"),
            (json!({"title": null}), ".title `title` is null"),
            (json!({"uniqueItems": 1}), ".uniqueItems `uniqueItems` is a number"),
            (json!({"dependencies": {"a": [1]}}), ".dependencies.a a name in a list"),
        ] {
            let found = fault(&schema).map(|(step, what)| format!("{step} {what}"));
            assert!(found.as_deref().is_some_and(|found| found.starts_with(wanted)), "{schema}: {found:?}");
        }
    }

    #[test]
    fn what_it_takes() {
        for schema in [
            json!({}),
            json!({"enum": [], "required": [], "$ref": "#/nowhere", "unknown": 5, "$defs": 7}),
            json!({"properties": {"a": true, "b": {"type": ["string", "null"], "minLength": 2.0}}}),
            json!({"pattern": "^(?:[]a]|[^]]|\\(x)+?$", "patternProperties": {"^x": {}}, "default": null}),
        ] {
            assert_eq!(fault(&schema), None, "{schema}");
        }
    }
}
