//! The tree of messages of one conversation. Walked with loops and a mark on each node: a file may hold circles, and
//! chains as long as it likes.

use std::collections::HashMap;

use serde_json::Value;

use crate::model::Extra;
use crate::read::json::branches::path_to;

/// The nodes of a conversation in the order of the file.
pub(super) struct Tree {
    messages: Vec<Value>,
    parents: Vec<Option<usize>>,
    /// Of each node the last of its children that is there.
    last_children: Vec<Option<usize>>,
    by_id: HashMap<String, usize>,
    /// Nodes that name a parent which is not there.
    orphans: Vec<bool>,
}

impl Tree {
    /// The tree of a `mapping`.
    pub fn new(mapping: Extra) -> Self {
        let (mut messages, mut ids, mut links) = (Vec::new(), Vec::new(), Vec::new());
        for (id, node) in mapping {
            ids.push(id);
            let mut node = match node {
                Value::Object(node) => node,
                // No node, and so on no path: it is counted with what stands elsewhere.
                other => Extra::from_iter([("message".to_owned(), other)]),
            };
            messages.push(node.shift_remove("message").unwrap_or(Value::Null));
            links.push((node.shift_remove("parent"), node.shift_remove("children")));
        }
        let by_id: HashMap<String, usize> =
            ids.into_iter().enumerate().map(|(index, id)| (id, index)).collect();
        let find = |value: &Value| by_id.get(value.as_str()?).copied();
        let named: Vec<Option<&Value>> =
            links.iter().map(|(parent, _)| parent.as_ref().filter(|parent| !parent.is_null())).collect();
        let mut parents: Vec<Option<usize>> = named.iter().map(|parent| parent.and_then(find)).collect();
        let orphans: Vec<bool> =
            named.iter().zip(&parents).map(|(named, found)| named.is_some() && found.is_none()).collect();
        let mut last_children = vec![None; messages.len()];
        for (index, parent) in parents.iter().enumerate() {
            if let Some(slot) = parent.and_then(|parent| last_children.get_mut(parent)) {
                *slot = Some(index);
            }
        }
        for (index, (_, children)) in links.iter().enumerate() {
            let children = children.as_ref().and_then(Value::as_array);
            let known = children.into_iter().flatten().filter_map(find);
            let mut last = None;
            for child in known {
                last = Some(child);
                // A child that does not say whose it is.
                let says_nothing = links.get(child).is_some_and(|(parent, _)| parent.is_none());
                if let Some(slot) =
                    parents.get_mut(child).filter(|slot| slot.is_none() && says_nothing && child != index)
                {
                    *slot = Some(index);
                }
            }
            if let Some(slot) = last_children.get_mut(index).filter(|_| last.is_some()) {
                *slot = last;
            }
        }
        Self { messages, parents, last_children, by_id, orphans }
    }

    /// The path that was shown last, from the root, and what is wrong with the links on it.
    pub fn path(&self, current: Option<&str>) -> (Vec<usize>, Vec<String>) {
        let mut faults = Vec::new();
        let leaf = current.and_then(|id| self.by_id.get(id).copied()).or_else(|| {
            faults.push("`current_node` names no message: the last child of each is taken".to_owned());
            self.leaf()
        });
        let Some(leaf) = leaf else { return (Vec::new(), Vec::new()) };
        let (path, circle) = path_to(leaf, &self.parents);
        if circle {
            faults.push("the links go in a circle: the path begins where it closes".to_owned());
        }
        if path.first().is_some_and(|first| self.orphans.get(*first) == Some(&true)) {
            faults.push("the parent of the first message is not there: the beginning is missing".to_owned());
        }
        (path, faults)
    }

    /// From the first root with children down over the last child of each; without any root the last node.
    fn leaf(&self) -> Option<usize> {
        let is_root = |index: &usize| self.parents.get(*index) == Some(&None);
        let has_child = |index: &usize| matches!(self.last_children.get(*index), Some(Some(_)));
        let roots = || (0..self.parents.len()).filter(is_root);
        let Some(mut at) = roots().find(has_child).or_else(|| roots().next()) else {
            return self.parents.len().checked_sub(1);
        };
        let mut seen = vec![false; self.parents.len()];
        while let Some(Some(child)) = self.last_children.get(at).copied() {
            match seen.get_mut(child) {
                Some(seen) if !*seen => *seen = true,
                _ => break,
            }
            at = child;
        }
        Some(at)
    }

    /// Takes a message out of the tree.
    pub fn take_message(&mut self, index: usize) -> Value {
        self.messages.get_mut(index).map(Value::take).unwrap_or_default()
    }

    /// How many messages were not taken.
    pub fn messages_left(&self) -> usize {
        self.messages.iter().filter(|message| !message.is_null()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Nodes `id>parent:child,child`; the path as ids, and the number of faults.
    fn path(nodes: &[&str], current: Option<&str>) -> (String, usize) {
        let mut mapping = Extra::new();
        for node in nodes {
            let (links, children) = node.split_once(':').unwrap_or((node, ""));
            let (id, parent) = links.split_once('>').unwrap_or((links, ""));
            let children: Vec<&str> = children.split(',').filter(|child| !child.is_empty()).collect();
            let mut value = json!({"message": {"id": id}, "children": children});
            match parent {
                "?" => {}
                "" => value["parent"] = Value::Null,
                parent => value["parent"] = json!(parent),
            }
            mapping.insert(id.into(), value);
        }
        let mut tree = Tree::new(mapping);
        let (path, faults) = tree.path(current);
        let ids: Vec<String> = path
            .into_iter()
            .map(|index| tree.take_message(index)["id"].as_str().unwrap_or_default().to_owned())
            .collect();
        (ids.join(" "), faults.len())
    }

    #[test]
    fn up_from_the_current_node() {
        let nodes = ["r:a", "a>r:b,c", "b>a", "c>a"];
        assert_eq!(path(&nodes, Some("b")), ("r a b".into(), 0));
        assert_eq!(path(&nodes, Some("c")), ("r a c".into(), 0));
    }

    #[test]
    fn down_over_the_last_child_where_nothing_is_current() {
        assert_eq!(path(&["r:a", "a>r:c,b,nobody", "b>a", "c>a"], None), ("r a b".into(), 1));
        assert_eq!(path(&["r:a", "a>r", "b>a"], Some("unknown")), ("r a b".into(), 1));
        // Children that do not say whose they are, and parents that do not say who is theirs.
        assert_eq!(path(&["r:a", "a>?:b", "b>?"], Some("b")), ("r a b".into(), 0));
        assert_eq!(path(&["r", "a>r", "b>r"], None), ("r b".into(), 1));
        assert_eq!(path(&["x", "r:a", "a>r"], None), ("r a".into(), 1));
    }

    #[test]
    fn broken_links_end_the_path_and_are_said() {
        assert_eq!(path(&["a>b", "b>a"], Some("a")), ("b a".into(), 1));
        assert_eq!(path(&["a>b:b", "b>a:a"], None), ("a b".into(), 2));
        assert_eq!(path(&["a>gone:b", "b>a"], Some("b")), ("a b".into(), 1));
        assert_eq!(path(&["a>a:a"], Some("a")), ("a".into(), 1));
        assert_eq!(path(&["r:r"], None), ("r".into(), 1));
        assert_eq!(path(&[], Some("a")), (String::new(), 0));
    }

    #[test]
    fn depth_costs_no_stack() {
        let mut mapping = Extra::new();
        for index in 0..100_000_u32 {
            let parent = index.checked_sub(1).map(|parent| parent.to_string());
            let children = [(index + 1).to_string()];
            mapping.insert(index.to_string(), json!({"message": {}, "parent": parent, "children": children}));
        }
        let tree = Tree::new(mapping);
        assert_eq!(tree.path(Some("99999")).0.len(), 100_000);
        assert_eq!(tree.path(None).0.len(), 100_000);
    }
}
