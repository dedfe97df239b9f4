//! What training holds in the memory of GPUs: weights, gradients, states of the optimizer, activations, logits.
//!
//! Each part is an interval: at least what careful trainers need, at most what plain ones do.

use serde::{Deserialize, Serialize};

use super::architecture::Architecture;

/// In what the weights are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// 16 bits.
    Bf16,
    /// 8 bits, embeddings 16 (bitsandbytes `LLM.int8()`, <https://arxiv.org/abs/2208.07339>).
    #[serde(rename = "8bit")]
    Eight,
    /// 4 bits and their constants, embeddings 16 (`QLoRA`, <https://arxiv.org/abs/2305.14314>).
    #[serde(rename = "4bit")]
    Four,
}

impl Precision {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bf16 => "bf16",
            Self::Eight => "8bit",
            Self::Four => "4bit",
        }
    }

    /// Bytes of a weight of a layer, at least and at most. The constants of blocks of 64 weights are 0.127 bits a weight
    /// with double quantization and 0.5 without (`QLoRA`, section 3).
    fn bytes(self) -> (f64, f64) {
        match self {
            Self::Bf16 => (2.0, 2.0),
            Self::Eight => (1.0, 1.0),
            Self::Four => (4.127 / 8.0, 4.5 / 8.0),
        }
    }
}

/// How it is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Training {
    /// Rank of the adapters; `None`: all weights are trained.
    pub rank: Option<u64>,
    /// In what the weights are kept.
    pub precision: Precision,
    /// Tokens of a sequence.
    pub sequence: u64,
    /// Sequences on a GPU at once.
    pub batch: u64,
    /// Whether activations are computed again in the backward pass instead of kept.
    pub checkpointing: bool,
    /// Whether rows are packed into sequences; otherwise each is a sequence of its own.
    pub packed: bool,
    /// Whether rows are preference pairs (DPO): both answers are gone through side by side, and once more by the model as it
    /// was before training, the reference.
    pub pairs: bool,
}

impl Training {
    /// Sequences that are gone through side by side.
    fn beside(&self) -> f64 {
        self.batch as f64 * if self.pairs { 2.0 } else { 1.0 }
    }
}

/// An interval of a figure that is an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Span {
    /// At least.
    pub low: f64,
    /// At most.
    pub high: f64,
}

impl Span {
    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }
}

/// Bytes in the memory of GPUs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Memory {
    /// The weights of the model.
    pub weights: Span,
    /// What is trained: gradients and the optimizer's states, and adapters themselves.
    pub trained: Span,
    /// What the backward pass needs of the forward pass.
    pub activations: Span,
    /// The scores of all tokens of the vocabulary.
    pub logits: Span,
    /// The context of the driver and what lies fragmented.
    pub overhead: Span,
}

/// The context of the driver and of its libraries, in bytes: half a gigabyte to one and a half (ours).
const CONTEXT: Span = Span { low: 0.5e9, high: 1.5e9 };
/// What is lost to fragmentation, in parts of the rest, at most (ours).
const FRAGMENTED: f64 = 0.1;

impl Memory {
    /// The memory of training; sharding over GPUs is not counted yet.
    pub fn of(architecture: &Architecture, training: &Training) -> Self {
        let parameters = architecture.parameters() as f64;
        let embeddings = architecture.embeddings() as f64;
        let (weight_low, weight_high) = training.precision.bytes();
        let (weights, trained) = match training.rank {
            // At least the weights in 16 bits: each gradient is used as soon as it is there, and let go, and the states of the
            // optimizer wait in the memory of the machine (torchtune, `optimizer_in_bwd` and a paged optimizer: a full
            // finetuning of Llama 3.1 8B in 18.9 GiB, <https://github.com/pytorch/torchtune>, README at 0031bfb). At most
            // mixed precision with a copy of the weights, momentum and variance in 32 bits: 16 bytes a parameter (ZeRO,
            // <https://arxiv.org/abs/1910.02054>, 3.1). The reference of preferences is a second model, unless what it says
            // of the rows is computed before (TRL, `precompute_ref_log_probs`).
            None => {
                let models = if training.pairs { 2.0 } else { 1.0 };
                (
                    Span { low: 2.0 * parameters, high: 2.0 * models * parameters },
                    Span { low: 0.0, high: 14.0 * parameters },
                )
            }
            // At least adapters and gradients in 16 bits, momentum and variance in 8 (<https://arxiv.org/abs/2110.02861>): 6
            // bytes a parameter; at most 16, as above.
            // The reference is the same model without its adapters.
            Some(rank) => {
                let (least, most) = architecture.adapters(rank);
                let layers = parameters - embeddings;
                (
                    Span {
                        low: weight_low * layers + 2.0 * embeddings,
                        high: weight_high * layers + 2.0 * embeddings,
                    },
                    Span { low: 6.0 * least as f64, high: 16.0 * most as f64 },
                )
            }
        };
        let tokens = training.sequence as f64 * training.beside();
        let layer = kept_of_a_layer(architecture);
        let scores = 5.0 * architecture.heads as f64 * training.sequence as f64;
        let layers = architecture.layers as f64;
        let activations = if training.checkpointing {
            // At most the input of every layer, and one layer at a time whole. At least one layer at a time: the inputs wait
            // in the memory of the machine (<https://unsloth.ai/blog/long-context>), and the feed-forward is computed a few
            // tokens at a time (<https://arxiv.org/abs/2506.13996>).
            let inputs = 2.0 * architecture.hidden as f64 * layers;
            let least = kept_of_attention(architecture);
            Span { low: tokens * least, high: tokens * (inputs + layer + scores) }
        } else {
            Span { low: tokens * layers * layer, high: tokens * layers * (layer + scores) }
        };
        // At most 16 bits and their gradient, with a copy in 32 bits and the gradient of that; at least none, where the loss is
        // computed a few tokens at a time (<https://arxiv.org/abs/2411.09009>).
        let vocabulary = tokens * architecture.vocabulary as f64;
        let logits = Span { low: 0.0, high: 10.0 * vocabulary };
        let parts = Self { weights, trained, activations, logits, overhead: Span::default() };
        Self { overhead: parts.beside(1), ..parts }
    }

    /// All of it, on one GPU.
    pub fn total(&self) -> Span {
        self.on(1)
    }

    /// What one of so many GPUs holds, weights and what is trained shared between them (`ZeRO-3`, FSDP).
    pub fn on(&self, gpus: u64) -> Span {
        self.parts(gpus).plus(self.beside(gpus))
    }

    fn parts(&self, gpus: u64) -> Span {
        let share = gpus.max(1) as f64;
        let shared = self.weights.plus(self.trained);
        let shared = Span { low: shared.low / share, high: shared.high / share };
        shared.plus(self.activations).plus(self.logits)
    }

    /// What is held beside the parts.
    fn beside(&self, gpus: u64) -> Span {
        Span { low: CONTEXT.low, high: CONTEXT.high + FRAGMENTED * self.parts(gpus).high }
    }
}

/// Bytes that the backward pass needs of one token in one layer, in 16 bits: the inputs of both norms and of what comes after
/// them, queries, keys, values and what attention gives, both branches of the feed-forward, the gate and their product. The
/// scores of attention, 5 bytes a head and token before it, are kept besides where no `FlashAttention` is used. The way of
/// counting is that of <https://arxiv.org/abs/2205.05198>, section 4.1.
fn kept_of_a_layer(architecture: &Architecture) -> f64 {
    let feed_forward = 4 * architecture.feed_forward * architecture.experts.1;
    kept_of_attention(architecture) + 2.0 * feed_forward as f64
}

/// The same without the feed-forward.
fn kept_of_attention(architecture: &Architecture) -> f64 {
    let attention = 2 * architecture.queries() + 2 * architecture.keys();
    2.0 * (4 * architecture.hidden + attention) as f64
}

/// Adapters of rank 16 over sequences of 2,048, for tests.
#[cfg(test)]
pub(super) const LORA: Training = Training {
    rank: Some(16),
    precision: Precision::Bf16,
    sequence: 2_048,
    batch: 1,
    checkpointing: true,
    packed: true,
    pairs: false,
};

#[cfg(test)]
mod tests {
    use super::super::architecture::architecture;
    use super::*;
    use crate::text::number::whole;

    /// In tenths of a gigabyte.
    fn tenths(span: Span) -> (u64, u64) {
        (whole((span.low / 1e8).round()), whole((span.high / 1e8).round()))
    }

    #[test]
    fn full_tuning_by_hand() {
        // Llama 3.1 8B: 8.03 billion; 2 to 2 + 14 bytes each: 16.1 to 128.5 GB before activations.
        let full = Training { rank: None, ..LORA };
        let memory = Memory::of(&architecture("llama-3.1-8b").unwrap(), &full);
        assert_eq!(tenths(memory.weights), (161, 161));
        assert_eq!(tenths(memory.weights.plus(memory.trained)), (161, 1_285));
        let on_eight = memory.on(8);
        assert!(on_eight.high < memory.total().high / 4.0);
    }

    #[test]
    fn adapters_by_hand() {
        // 41,943,040 of them (rank 16): 6 to 16 bytes, 0.25 to 0.67 GB.
        let memory = Memory::of(&architecture("llama-3.1-8b").unwrap(), &LORA);
        assert_eq!(tenths(memory.trained), (3, 7));
        // At least one layer without its feed-forward: 2048 tokens * 2 * (16384 + 10240). At most 32 inputs of 4096 in 2 bytes,
        // a layer of 2 * (16384 + 10240 + 57344), and scores of 32 heads, 5 bytes for each of 2048 tokens.
        assert_eq!(whole(memory.activations.low), 2_048 * 53_248);
        assert_eq!(whole(memory.activations.high), 2_048 * (262_144 + 167_936 + 327_680));
        // Logits: none to 2048 * 128256 * 10 bytes.
        assert_eq!(tenths(memory.logits), (0, 26));
    }

    #[test]
    fn four_bits_take_a_third_of_sixteen() {
        // QLoRA: a model of 65 billion in 48 GB; here 70 billion: 36 to 39 GB of layers and 4.2 of embeddings.
        let four = Training { precision: Precision::Four, ..LORA };
        let memory = Memory::of(&architecture("llama-3.3-70b").unwrap(), &four);
        let (low, high) = tenths(memory.weights);
        assert!((390..410).contains(&low) && (420..445).contains(&high), "{low} {high}");
    }

    #[test]
    fn the_lower_bound_holds_what_was_reached() {
        // https://unsloth.ai/blog/llama3-3: QLoRA of rank 32 of the 8B over 342,000 tokens on one GPU of 80 GB.
        let llama = architecture("llama-3.1-8b").unwrap();
        let reached = Training { rank: Some(32), precision: Precision::Four, sequence: 342_000, ..LORA };
        let least = Memory::of(&llama, &reached).total().low;
        assert!(least < 80e9 && least > 20e9, "{least}");
    }

    #[test]
    fn the_lower_bound_is_below_what_torchtune_reached() {
        // README of torchtune at 0031bfb: Llama 3.1 8B, batches of 2, packed to 2,048, GiB on one GPU of 24 GB and of 48.
        let llama = architecture("llama-3.1-8b").unwrap();
        let total = |rank, precision| {
            let training = Training { rank, precision, batch: 2, ..LORA };
            Memory::of(&llama, &training).total()
        };
        for (reached, rank, precision) in [
            ([18.9, 37.4], None, Precision::Bf16),
            ([16.2, 30.3], Some(8), Precision::Bf16),
            ([7.4, 7.4], Some(8), Precision::Four),
        ] {
            let least = total(rank, precision).low;
            for bytes in reached.map(|gibibytes| gibibytes * f64::from(1 << 30)) {
                assert!(least <= bytes, "{bytes}: at least {least}");
            }
        }
        // On one GPU of 24 GB, and not far from the bound.
        let least = total(None, Precision::Bf16).low;
        assert!(least > 15.5 * f64::from(1 << 30), "{least}");
    }

    #[test]
    fn preferences_keep_a_reference_and_go_over_two_answers() {
        let llama = architecture("llama-3.1-8b").unwrap();
        let pairs = |rank| Memory::of(&llama, &Training { rank, pairs: true, ..LORA });
        let rows = |rank| Memory::of(&llama, &Training { rank, ..LORA });
        // All weights: a second model of 16.1 GB, or none where its answers were computed before. Adapters: the same model.
        assert_eq!(tenths(pairs(None).weights), (161, 321));
        assert_eq!(pairs(Some(16)).weights, rows(Some(16)).weights);
        // Both answers side by side: twice the tokens.
        assert_eq!(whole(pairs(Some(16)).activations.high), 2 * whole(rows(Some(16)).activations.high));
        assert_eq!(whole(pairs(Some(16)).logits.high), 2 * whole(rows(Some(16)).logits.high));
    }

    #[test]
    fn longer_sequences_and_kept_activations_take_more() {
        let llama = architecture("llama-3.1-8b").unwrap();
        let total = |training: Training| Memory::of(&llama, &training).total().high;
        assert!(total(Training { sequence: 8_192, ..LORA }) > total(LORA));
        assert!(total(Training { checkpointing: false, ..LORA }) > total(LORA));
        assert!(total(Training { batch: 8, ..LORA }) > total(LORA));
        assert!(total(Training { sequence: u64::MAX, batch: u64::MAX, ..LORA }).is_finite());
    }
}
