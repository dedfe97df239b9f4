//! Bounds on what a template holds on its way, and functions of ours in it.
//!
//! Steps and output are bounded where they happen, but texts that a template builds from texts are not: eight steps double
//! one (`{% set ns.text = ns.text ~ ns.text %}`). What grows without end has to pass through a name, in a loop by `set` or in
//! calls by the arguments of a macro: so the values of both are measured. A single expression can still be as large as
//! whoever wrote it made it.

use std::sync::atomic::{AtomicUsize, Ordering};

use minijinja::value::{Object, Value};
use minijinja::{Error, ErrorKind, State};

/// The function and filter that measures a value; a name that no template has.
pub(super) const HELD: &str = "__held";
/// The variable with the [`Budget`] of a rendering.
pub(super) const BUDGET: &str = "__budget";
/// The function that what is gone through passes.
pub(super) const EACH: &str = "__each";
/// Items of a list that one name may hold: a chat has not so many messages.
const ITEMS: usize = 1 << 20;
/// How often the longest text may be made again: one that grows by each message of a thousand is made five hundred times.
const COPIES: usize = 1 << 10;

/// What one rendering may hold.
#[derive(Debug)]
pub(super) struct Budget {
    /// Bytes of one text.
    pub(super) most: usize,
    /// Bytes of all texts so far, gone ones among them: each was made from others, which takes time.
    made: AtomicUsize,
}

impl Object for Budget {}

impl Budget {
    pub(super) const fn new(most: usize) -> Self {
        Self { most, made: AtomicUsize::new(0) }
    }

    fn take(&self, bytes: usize) -> bool {
        let made = self.made.fetch_add(bytes, Ordering::Relaxed);
        bytes <= self.most && made <= self.most.saturating_mul(COPIES)
    }
}

/// Gives back what it is given, where that is not too large.
pub(super) fn held(state: &State, value: Value) -> Result<Value, Error> {
    let too_large = |what: String| Err(Error::new(ErrorKind::InvalidOperation, what));
    if let Some(text) = value.as_str() {
        let budget = state.lookup(BUDGET);
        if let Some(budget) = budget.as_ref().and_then(|budget| budget.downcast_object_ref::<Budget>())
            && !budget.take(text.len())
        {
            return too_large(format!("it builds texts of more than {} bytes", budget.most));
        }
    } else if value.as_object().is_some() && value.len().is_some_and(|items| items > ITEMS) {
        return too_large(format!("it builds a list of more than {ITEMS} items"));
    }
    Ok(value)
}

/// Gives back what is gone through. Python goes through nothing where a name is not known, and not through `None`.
pub(super) fn each(value: Value) -> Result<Value, Error> {
    if value.is_none() {
        return Err(Error::new(ErrorKind::InvalidOperation, "'NoneType' object is not iterable"));
    }
    Ok(value)
}
