//! "Did you mean": the known name nearest to what was typed.

/// The name among `known` that is nearly `typed`, if one is near enough to be what was meant.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&typed, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= (name.chars().count().max(typed.chars().count()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// At most `most` names that are nearly `typed` or hold it, the nearest first, in the order of `known` among equals.
pub fn nearest_of<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let typed = typed.to_lowercase();
    let far = |name: &str| {
        let distance = strsim::damerau_levenshtein(&typed, name);
        let near = distance <= (name.chars().count().max(typed.chars().count()) / 3).max(1);
        let holds = typed.chars().count() >= HELD && name.contains(&typed);
        (near || holds).then_some(distance)
    };
    let mut found: Vec<(usize, &str)> =
        known.into_iter().filter_map(|name| Some((far(&name.to_lowercase())?, name))).collect();
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().map(|(_, name)| name).take(most).collect()
}

/// Fewer characters stand in too many names to mean one.
const HELD: usize = 3;

/// Names that begin so, the nearest name, or the whole list of names where none is near, for a hint.
pub fn suggestion<'a>(typed: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let quoted = |name: &str| format!("`{name}`");
    let beginning = typed.to_lowercase();
    let begin = known.clone().into_iter().filter(|name| name.to_lowercase().starts_with(&beginning));
    let begin: Vec<String> = begin.take(BEGIN_SO + 1).map(quoted).collect();
    if typed.chars().count() >= HELD && (1..=BEGIN_SO).contains(&begin.len()) {
        return format!("did you mean {}?", begin.join(" or "));
    }
    if let Some(name) = nearest(typed, known.clone()) {
        format!("did you mean `{name}`?")
    } else {
        let names: Vec<String> = known.into_iter().map(quoted).collect();
        format!("known are {}", names.join(", "))
    }
}

/// More names that begin so are no help.
const BEGIN_SO: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_near() {
        assert_eq!(nearest("convresation_id", ["text", "conversation_id"]), Some("conversation_id"));
        assert_eq!(nearest("zebra", ["text", "conversation_id"]), None);
        assert_eq!(nearest_of("id", ["text", "ids", "conversation_id", "is"], 2), ["ids", "is"]);
        assert_eq!(nearest_of("conversation", ["text", "conversation_id"], 2), ["conversation_id"]);
        assert_eq!(suggestion("txt", ["text", "id"]), "did you mean `text`?");
        let gpus = ["h100-pcie", "h100-sxm", "h200", "l4"];
        assert_eq!(suggestion("H100", gpus), "did you mean `h100-pcie` or `h100-sxm`?");
        assert_eq!(suggestion("h201", gpus), "did you mean `h200`?");
    }
}
