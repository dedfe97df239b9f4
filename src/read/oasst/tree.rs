//! A tree of messages, built without recursion from `replies` or from `parent_id`.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde_json::Value;

use crate::model::{Extra, Role, Turn};
use crate::read::json::branches::drop_times_out_of_order;
use crate::read::json::dialogue::{event, take_string};
use crate::read::people::side;
use crate::text::time;

/// The messages of a tree, each with those that answer it.
#[derive(Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    root: Option<usize>,
    /// Messages whose parent is not there.
    pub orphans: usize,
}

struct Node {
    message: Value,
    replies: Vec<usize>,
}

impl Tree {
    /// From a message with its `replies`.
    pub fn of_prompt(prompt: Extra) -> Self {
        let mut tree = Self::default();
        let mut open: Vec<(Value, Option<usize>)> = vec![(Value::Object(prompt), None)];
        while let Some((mut message, parent)) = open.pop() {
            let replies = match message.get_mut("replies").map(Value::take) {
                Some(Value::Array(replies)) => replies,
                _ => Vec::new(),
            };
            if let Some(message) = message.as_object_mut() {
                message.shift_remove("replies");
            }
            let index = tree.add(message, parent);
            // The last one put down is taken first: the order of the source.
            open.extend(replies.into_iter().rev().map(|reply| (reply, Some(index))));
        }
        tree.root = (!tree.nodes.is_empty()).then_some(0);
        tree
    }

    /// From messages that name their parents, in any order.
    pub fn of_messages(messages: Vec<Extra>) -> Self {
        let mut tree = Self::default();
        let mut by_id: HashMap<String, usize> = HashMap::new();
        for message in messages {
            let id = message.get("message_id").and_then(Value::as_str).map(str::to_owned);
            let index = tree.add(Value::Object(message), None);
            if let Some(id) = id {
                by_id.entry(id).or_insert(index);
            }
        }
        for index in 0..tree.nodes.len() {
            let parent = tree.nodes.get(index).and_then(|node| node.message.get("parent_id"));
            match parent {
                None | Some(Value::Null) => tree.root = tree.root.or(Some(index)),
                Some(parent) => {
                    let found = parent.as_str().and_then(|id| by_id.get(id).copied());
                    match found.and_then(|parent| tree.nodes.get_mut(parent)) {
                        Some(parent) => parent.replies.push(index),
                        None => tree.orphans += 1,
                    }
                }
            }
        }
        tree
    }

    fn add(&mut self, message: Value, parent: Option<usize>) -> usize {
        let index = self.nodes.len();
        self.nodes.push(Node { message, replies: Vec::new() });
        if let Some(parent) = parent.and_then(|parent| self.nodes.get_mut(parent)) {
            parent.replies.push(index);
        }
        index
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The path ranked best: empty when the first message is out, `None` when nothing is first. A message has one parent
    /// and the first none, so no path comes back to where it was.
    pub fn best_path(&self) -> Option<Vec<usize>> {
        let root = self.root?;
        let mut path = Vec::new();
        let mut next = Some(root).filter(|root| self.is_in(*root));
        while let Some(index) = next {
            path.push(index);
            let replies = self.nodes.get(index).map_or(&[][..], |node| &node.replies);
            next = replies
                .iter()
                .copied()
                .filter(|reply| self.is_in(*reply))
                .min_by_key(|reply| self.standing(*reply));
        }
        Some(path)
    }

    /// Whether a message is neither deleted nor refused by its reviewers.
    fn is_in(&self, index: usize) -> bool {
        let says = |key: &str, value: bool| {
            self.nodes.get(index).and_then(|node| node.message.get(key)) == Some(&Value::Bool(value))
        };
        !says("deleted", true) && !says("review_result", false)
    }

    /// What decides among the replies to one message, smallest first: answered questions before others, then ranked
    /// before unranked, then the rank, then the order of the source.
    fn standing(&self, index: usize) -> (Reverse<bool>, bool, i64, usize) {
        let Some(node) = self.nodes.get(index) else { return (Reverse(false), true, 0, index) };
        let question = node.message.get("role").is_some_and(|role| role == "prompter");
        let answered = question && node.replies.iter().any(|reply| self.is_in(*reply));
        #[expect(clippy::cast_possible_truncation, reason = "ranks are small; a larger one sorts last")]
        let rank = node.message.get("rank").and_then(Value::as_f64).map(|rank| rank as i64);
        (Reverse(answered), rank.is_none(), rank.unwrap_or(0), index)
    }

    /// The turns of a path, and what stays beside them: the language and the labels of each message.
    pub fn turns(&mut self, path: &[usize]) -> (Vec<Turn>, Extra) {
        let (mut turns, mut labels) = (Vec::new(), Vec::new());
        let mut about = Extra::new();
        for index in path {
            let Some(message) = self.nodes.get_mut(*index).map(|node| node.message.take()) else { continue };
            let Value::Object(mut message) = message else {
                turns.push(event(String::new(), &message));
                labels.push(Value::Null);
                continue;
            };
            if let Some(lang) = message.shift_remove("lang") {
                about.entry("lang").or_insert(lang);
            }
            labels.push(message.shift_remove("labels").unwrap_or(Value::Null));
            turns.push(turn(message));
        }
        if labels.iter().any(|label| !label.is_null()) {
            about.insert("labels".into(), Value::Array(labels));
        }
        drop_times_out_of_order(&mut turns);
        (turns, about)
    }
}

fn turn(mut message: Extra) -> Turn {
    let speaker = take_string(&mut message, "role").unwrap_or_default();
    let role = match speaker.as_str() {
        "prompter" => Some(Role::User),
        "assistant" => Some(Role::Assistant),
        other => side(other),
    };
    let time = message.get("created_date").and_then(time::of_json);
    match take_string(&mut message, "text") {
        Some(text) => Turn { speaker, role, text, time, ..Turn::default() },
        None => Turn { time, ..event(speaker, &Value::Object(message)) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn texts(tree: &mut Tree) -> String {
        let Some(path) = tree.best_path() else { return "no root".into() };
        tree.turns(&path).0.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn of_prompt(prompt: Value) -> Tree {
        let Value::Object(prompt) = prompt else { panic!("no object") };
        Tree::of_prompt(prompt)
    }

    fn of_messages(messages: Value) -> Tree {
        let Value::Array(messages) = messages else { panic!("no list") };
        Tree::of_messages(messages.into_iter().filter_map(|one| one.as_object().cloned()).collect())
    }

    fn reply(text: &str, role: &str, more: &Value, replies: &Value) -> Value {
        let mut message = json!({"text": text, "role": role, "replies": replies});
        message.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        message
    }

    #[test]
    fn ranks_decide_and_what_is_out_is_not_followed() {
        let answer = |text: &str, more: &Value| reply(text, "assistant", more, &json!([]));
        let tree = |replies: &Value| texts(&mut of_prompt(reply("q", "prompter", &json!({}), replies)));
        assert_eq!(
            tree(&json!([answer("a", &json!({"rank": 1})), answer("b", &json!({"rank": 0.0}))])),
            "q b"
        );
        assert_eq!(
            tree(&json!([answer("a", &json!({"rank": null})), answer("b", &json!({"rank": 2}))])),
            "q b"
        );
        assert_eq!(tree(&json!([answer("a", &json!({})), answer("b", &json!({}))])), "q a");
        let out = json!({"rank": 0, "deleted": true});
        assert_eq!(tree(&json!([answer("a", &out), answer("b", &json!({"rank": 1}))])), "q b");
        let refused = json!({"rank": 0, "review_result": false});
        assert_eq!(tree(&json!([answer("a", &refused)])), "q");
        let gone = reply("q", "prompter", &json!({"deleted": true}), &json!([answer("a", &json!({}))]));
        assert_eq!(of_prompt(gone).best_path(), Some(vec![]));
    }

    #[test]
    fn questions_that_were_answered_come_first() {
        let follow_up = reply(
            "q2",
            "prompter",
            &json!({"rank": 1}),
            &json!([reply("a2", "assistant", &json!({}), &json!([]))]),
        );
        let dead = reply("q3", "prompter", &json!({"rank": 0}), &json!([]));
        let first = reply("a", "assistant", &json!({}), &json!([dead, follow_up]));
        assert_eq!(texts(&mut of_prompt(reply("q", "prompter", &json!({}), &json!([first])))), "q a q2 a2");
    }

    #[test]
    fn flat_messages_in_any_order() {
        let mut tree = of_messages(json!([
            {"message_id": "c", "parent_id": "b", "text": "c", "role": "prompter"},
            {"message_id": "b", "parent_id": "a", "text": "b", "role": "assistant", "rank": 0, "lang": "de"},
            {"message_id": "x", "parent_id": "gone", "text": "x", "role": "assistant"},
            {"message_id": "a", "parent_id": null, "text": "a", "role": "prompter"},
            {"message_id": "r2", "text": "second root", "role": "prompter"},
        ]));
        assert_eq!((tree.len(), tree.orphans), (5, 1));
        assert_eq!(texts(&mut tree), "a b c");
    }

    #[test]
    fn circles_and_depth() {
        let circle = json!([{"message_id": "a", "parent_id": "b"}, {"message_id": "b", "parent_id": "a"}]);
        assert_eq!(texts(&mut of_messages(circle)), "no root");
        let circle_beside = json!([{"message_id": "r", "text": "r"}, {"message_id": "a", "parent_id": "a"}]);
        assert_eq!(texts(&mut of_messages(circle_beside)), "r");
        let chain: Vec<Value> = (0..100_000u32)
            .map(|index| json!({"message_id": index.to_string(), "parent_id": index.checked_sub(1).map(|p| p.to_string())}))
            .collect();
        assert_eq!(of_messages(Value::Array(chain)).best_path().map(|path| path.len()), Some(100_000));
    }
}
