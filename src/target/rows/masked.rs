//! Chat rows whose messages say with `train` whether they are learned: Axolotl's `message_field_training`.

use serde_json::Value;

use super::super::{Target, TargetSpec};
use super::chat::{decode_example, encode_example, example_of, quoted};
use crate::diagnostic::{Finding, Rejection};
use crate::model::Body;

/// The key, as Axolotl's documentation names it.
pub const TRAIN: &str = "train";

/// A target whose rows are these.
pub struct Masked(pub &'static TargetSpec);

impl Target for Masked {
    fn spec(&self) -> &'static TargetSpec {
        self.0
    }

    fn encode(&self, body: &Body, out: &mut Vec<u8>) -> Result<(), Rejection> {
        let mut example = example_of(body, self.0)?.clone();
        for message in &mut example.messages {
            if let Some(weight) = message.weight.take() {
                message.extra.insert(TRAIN.to_owned(), Value::Bool(weight > 0));
            }
        }
        encode_example(&example, out);
        Ok(())
    }

    fn decode(&self, row: Value) -> Result<Body, Vec<Finding>> {
        let mut example = decode_example(row).map_err(|faults| quoted(self.0, faults))?;
        for message in &mut example.messages {
            if let Some(Value::Bool(train)) = message.extra.get(TRAIN) {
                message.weight = Some(u8::from(*train));
                message.extra.shift_remove(TRAIN);
            }
        }
        Ok(Body::Example(example))
    }

    fn place(&self, _body: &Body, path: String) -> String {
        match path.strip_suffix(".weight") {
            Some(message) => format!("{message}.{TRAIN}"),
            None => path,
        }
    }
}
