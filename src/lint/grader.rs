//! What a grader of reinforcement fine-tuning reads of a row: `{{item.reference}}` in its templates, `item["reference"]`
//! in its Python.

use std::collections::BTreeSet;

/// Most fields of one grader; one that reads more is no grader.
const FIELDS: usize = 256;

/// The fields of a row that `grader` reads, sorted; nested ones joined by dots. Text in any form will do: what is looked
/// for looks the same in JSON.
pub fn fields(grader: &str) -> Vec<String> {
    let templates = grader.split("{{").skip(1).filter_map(|rest| {
        let inside = rest.split("}}").next()?.trim_start();
        Some(path(inside.strip_prefix("item.")?))
    });
    let python = grader.split("item").skip(1).filter_map(|rest| {
        let rest = rest.strip_prefix('[').or_else(|| rest.strip_prefix(".get("))?;
        // Within a string of JSON its quotes are escaped.
        let key = rest.strip_prefix("\\\"").or_else(|| rest.strip_prefix(['"', '\'']))?;
        Some(path(key))
    });
    let found: BTreeSet<&str> = templates.chain(python).filter(|path| !path.is_empty()).collect();
    // The messages are the row's own, and checked as such.
    let other = found.into_iter().filter(|path| *path != "messages" && *path != "tools");
    other.take(FIELDS).map(str::to_owned).collect()
}

/// The keys at the beginning of a text, joined by dots.
fn path(text: &str) -> &str {
    let end = text.find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default().trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_in_templates_and_in_code() {
        let grader = r#"{"type": "multi", "graders": {
            "a": {"type": "string_check", "input": "{{sample.output_text}}", "reference": "{{ item.reference_answer }}"},
            "b": {"type": "text_similarity", "reference": "{{item.meta.topic}}, {{item.reference_answer}}"},
            "c": {"type": "python", "source": "def grade(sample, item):\n    return item[\"code\"] == item.get('other-key') + item[0]"}}}"#;
        assert_eq!(fields(grader), ["code", "meta.topic", "other-key", "reference_answer"]);
        assert_eq!(fields("{{item.messages}} {{sample.item.x}} {{item.}} items['x'] {{item"), [""; 0]);
    }
}
