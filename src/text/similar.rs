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

/// The nearest name, or the whole list of names where none is near, for a hint.
pub fn suggestion<'a>(typed: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(name) = nearest(typed, known.clone()) {
        format!("did you mean `{name}`?")
    } else {
        let names: Vec<String> = known.into_iter().map(|name| format!("`{name}`")).collect();
        format!("known are {}", names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_near() {
        assert_eq!(nearest("convresation_id", ["text", "conversation_id"]), Some("conversation_id"));
        assert_eq!(nearest("zebra", ["text", "conversation_id"]), None);
        assert_eq!(suggestion("txt", ["text", "id"]), "did you mean `text`?");
    }
}
