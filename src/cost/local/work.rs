//! How many floating-point operations training takes.

use serde::Serialize;

use super::architecture::Architecture;
use super::memory::{Span, Training};
use crate::cost::billing::Tokens;

/// Operations of a job.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Work {
    /// Operations for each parameter that a token is multiplied with.
    pub each: f64,
    /// In all.
    pub operations: Span,
}

impl Work {
    /// The operations of going over `tokens`, all passes together, in sequences of at most `training.sequence`.
    ///
    /// Forward 2 for each parameter and token, backward 4: for what is trained and for what flows on
    /// (<https://arxiv.org/abs/2001.08361>, 2.1). Where the weights are frozen nothing is computed for them: 2 instead of 4, and
    /// the adapters' own 6, "slightly more than two thirds" (<https://thinkingmachines.ai/blog/lora/>, 2025-09-29). Computing
    /// activations again adds a forward pass, 2. The reference of preferences adds another, in every pass over the rows or once
    /// before all of `epochs`. Attention adds 4 forward for each pair of tokens and width of the heads, and twice that
    /// backward, whatever is frozen: 12 in all (<https://arxiv.org/abs/2204.02311>, appendix B); at least none, for short rows,
    /// at most every pair of sequences of full length.
    pub fn of(architecture: &Architecture, training: &Training, tokens: Tokens, epochs: u64) -> Self {
        let again = if training.checkpointing { 2.0 } else { 0.0 };
        let reference = if training.pairs { 2.0 } else { 0.0 };
        let each = if training.rank.is_some() { 4.0 } else { 6.0 } + again;
        let active = architecture.active() as f64;
        let (adapters_low, adapters_high) = training.rank.map_or((0, 0), |rank| architecture.adapters(rank));
        let passes = 3.0 + again / 2.0 + reference / 2.0;
        let widths = architecture.layers as f64 * architecture.queries() as f64;
        let attention = passes * 4.0 * widths * training.sequence as f64;
        let a_token = Span {
            low: (each + reference / epochs.max(1) as f64) * active + 6.0 * adapters_low as f64,
            high: (each + reference) * active + 6.0 * adapters_high as f64 + attention,
        };
        let each = each + reference;
        let operations =
            Span { low: a_token.low * tokens.low as f64, high: a_token.high * tokens.high as f64 };
        Self { each, operations }
    }
}

#[cfg(test)]
mod tests {
    use super::super::architecture::architecture;
    use super::super::memory::LORA;
    use super::*;

    const TOKENS: Tokens = Tokens { low: 1_000_000, high: 1_000_000 };

    fn work(rank: Option<u64>, checkpointing: bool) -> Work {
        let training = Training { rank, checkpointing, ..LORA };
        Work::of(&architecture("llama-3.1-8b").unwrap(), &training, TOKENS, 1)
    }

    #[test]
    fn six_for_each_parameter_and_token() {
        // A token is multiplied with 7.50 billion (8.03 without the matrix that reads): 6 * 7.50e9 * 1e6 = 4.50e16.
        let full = work(None, false);
        assert!((full.operations.low / 4.503e16 - 1.0).abs() < 0.001, "{}", full.operations.low);
        // Attention over sequences of 2048: 12 * 32 layers * 4096 * 2048 = 3.22e9 a token, of all 1e6 tokens 3.22e15.
        let attention = full.operations.high - full.operations.low;
        assert!((attention / 3.221e15 - 1.0).abs() < 0.001, "{attention}");
    }

    #[test]
    fn a_reference_is_one_more_forward_pass() {
        let llama = architecture("llama-3.1-8b").unwrap();
        let of = |pairs, epochs| {
            Work::of(&llama, &Training { rank: None, pairs, checkpointing: false, ..LORA }, TOKENS, epochs)
                .operations
        };
        // 8 for 6 where it is asked in every pass; once before 4 passes it is 6.5 for 6.
        assert!((of(true, 1).low / of(false, 1).low - 8.0 / 6.0).abs() < 1e-9);
        assert!((of(true, 4).low / of(false, 4).low - 6.5 / 6.0).abs() < 1e-9);
        // Forward over every pair of 2048: 4 * 32 * 4096 * 2048 a token besides, and 2 for each of 7.505e9 parameters.
        let more = of(true, 4).high - of(false, 4).high;
        assert!((more / (1.0737e15 + 1.501e16) - 1.0).abs() < 0.001, "{more}");
    }

    #[test]
    fn adapters_take_slightly_more_than_two_thirds() {
        let share = work(Some(16), false).operations.low / work(None, false).operations.low;
        assert!((0.667..0.68).contains(&share), "{share}");
        let each = [(None, false), (None, true), (Some(16), false), (Some(16), true)];
        assert_eq!(each.map(|(rank, again)| work(rank, again).each.to_string()), ["6", "8", "4", "6"]);
    }
}
