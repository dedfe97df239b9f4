//! What differs between two JSON values, by path.

use serde::Serialize;
use serde_json::Value;

/// Something that differs: a value taken out, put in, or changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Edit {
    /// Its path in the old value; in the new one where it was put in.
    pub path: String,
    /// The value before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// The value after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

/// Pairs of elements that are compared to find those that stayed, at most; above it all between the first and the last
/// difference counts as changed. A list of a thousand on both sides is below.
const MOST_PAIRS: usize = 1 << 20;

/// What must be done to `old` to make it `new`. The order of keys is no difference.
pub fn edits(old: &Value, new: &Value) -> Vec<Edit> {
    let mut found = Vec::new();
    compare(String::new(), old, new, &mut found);
    found
}

fn compare(path: String, old: &Value, new: &Value, found: &mut Vec<Edit>) {
    match (old, new) {
        _ if old == new => {}
        (Value::Object(old), Value::Object(new)) => {
            let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            for (key, value) in old {
                match new.get(key) {
                    Some(other) => compare(below(key), value, other, found),
                    None => found.push(Edit { path: below(key), old: Some(value.clone()), new: None }),
                }
            }
            for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                found.push(Edit { path: below(key), old: None, new: Some(value.clone()) });
            }
        }
        (Value::Array(old), Value::Array(new)) => elements(&path, old, new, found),
        _ => found.push(Edit { path, old: Some(old.clone()), new: Some(new.clone()) }),
    }
}

fn elements(path: &str, old: &[Value], new: &[Value], found: &mut Vec<Edit>) {
    let mut hunk = Hunk { path, old, new, from: (0, 0) };
    for (before, after) in kept(old, new) {
        hunk.until(before, after, found);
        hunk.from = (before + 1, after + 1);
    }
    hunk.until(old.len(), new.len(), found);
}

/// Elements between two that stayed.
struct Hunk<'a> {
    path: &'a str,
    old: &'a [Value],
    new: &'a [Value],
    from: (usize, usize),
}

impl Hunk<'_> {
    fn until(&self, old_end: usize, new_end: usize, found: &mut Vec<Edit>) {
        let (old_start, new_start) = self.from;
        let removed = self.old.get(old_start..old_end).unwrap_or_default();
        let added = self.new.get(new_start..new_end).unwrap_or_default();
        if removed.len() == added.len() {
            for (offset, (one, other)) in removed.iter().zip(added).enumerate() {
                compare(format!("{}[{}]", self.path, old_start + offset), one, other, found);
            }
            return;
        }
        for (offset, one) in removed.iter().enumerate() {
            let path = format!("{}[{}]", self.path, old_start + offset);
            found.push(Edit { path, old: Some(one.clone()), new: None });
        }
        for (offset, one) in added.iter().enumerate() {
            let path = format!("{}[{}]", self.path, new_start + offset);
            found.push(Edit { path, old: None, new: Some(one.clone()) });
        }
    }
}

/// The elements that stayed, as pairs of indices: a longest common subsequence.
fn kept(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let head = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail =
        old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(one, other)| one == other).count();
    let (rows, columns) = (old_rest.len() - tail, new_rest.len() - tail);
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|index| (index, index)).collect();
    if rows.saturating_mul(columns) <= MOST_PAIRS {
        // lengths[i][j]: how much of old[i..] and new[j..] is common.
        let mut lengths = vec![vec![0u32; columns + 1]; rows + 1];
        for row in (0..rows).rev() {
            for column in (0..columns).rev() {
                lengths[row][column] = if old_rest[row] == new_rest[column] {
                    lengths[row + 1][column + 1] + 1
                } else {
                    lengths[row + 1][column].max(lengths[row][column + 1])
                };
            }
        }
        let (mut row, mut column) = (0, 0);
        while row < rows && column < columns {
            if old_rest[row] == new_rest[column] {
                pairs.push((head + row, head + column));
                (row, column) = (row + 1, column + 1);
            } else if lengths[row + 1][column] >= lengths[row][column + 1] {
                row += 1;
            } else {
                column += 1;
            }
        }
    }
    pairs.extend((0..tail).map(|index| (old.len() - tail + index, new.len() - tail + index)));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> Vec<String> {
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let side = |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), Value::to_string);
        edits(&value(old), &value(new))
            .iter()
            .map(|edit| format!("{} {} {}", edit.path, side(&edit.old), side(&edit.new)))
            .collect()
    }

    #[test]
    fn keys_and_elements_are_named() {
        assert!(shown(r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#).is_empty());
        assert_eq!(
            shown(r#"{"m":[{"r":"x","c":1},2],"k":0}"#, r#"{"m":[{"r":"y","c":1},2],"n":3}"#),
            ["m[0].r \"x\" \"y\"", "k 0 -", "n - 3"]
        );
        assert_eq!(shown("[1,2,3,4]", "[1,9,4]"), ["[1] 2 -", "[2] 3 -", "[1] - 9"]);
        assert_eq!(shown("[1,2,3]", "[2,3]"), ["[0] 1 -"]);
        assert_eq!(shown("[1,7,2,8,3]", "[1,2,3]"), ["[1] 7 -", "[3] 8 -"]);
        assert_eq!(shown("1", "[]"), [" 1 []"]);
    }

    #[test]
    fn long_lists_take_no_long_time() {
        let list = |shift: u64| Value::Array((0..100_000u64).map(|n| Value::from(n * 2 + shift)).collect());
        assert_eq!(edits(&list(0), &list(1)).len(), 100_000);
    }
}
