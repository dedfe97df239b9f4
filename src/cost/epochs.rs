//! How often the examples are gone through when nobody says: the default of OpenAI's cookbook.

/// Passes that are aimed at; this and the following four: OpenAI cookbook, `Chat_finetuning_data_prep` (read
/// 2026-11-21). The service picks for itself when a job says `auto`; this is its documented approximation.
const TARGET_EPOCHS: u64 = 3;
const MIN_TARGET_EXAMPLES: u64 = 100;
const MAX_TARGET_EXAMPLES: u64 = 25_000;
const MIN_DEFAULT_EPOCHS: u64 = 1;
const MAX_DEFAULT_EPOCHS: u64 = 25;

/// Most epochs a job may ask for (openai-openapi, `n_epochs`, 2026-08: 1 to 50).
pub const EPOCHS_MAX: u64 = 50;

/// The default for a file of so many examples, from 1 to 25.
///
/// Small files are gone through until about 100 examples were seen, large ones until about 25,000. For no examples,
/// where the cookbook divides by zero, it is the target of 3.
pub fn heuristic(examples: u64) -> u64 {
    let seen = examples.saturating_mul(TARGET_EPOCHS);
    if examples == 0 {
        TARGET_EPOCHS
    } else if seen < MIN_TARGET_EXAMPLES {
        MAX_DEFAULT_EPOCHS.min(MIN_TARGET_EXAMPLES / examples)
    } else if seen > MAX_TARGET_EXAMPLES {
        MIN_DEFAULT_EPOCHS.max(MAX_TARGET_EXAMPLES / examples)
    } else {
        TARGET_EPOCHS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_are_the_cookbooks() {
        let steps = [
            (0, 3),
            (1, 25),
            (4, 25),
            (5, 20),
            (10, 10),
            (20, 5),
            (33, 3),
            (34, 3),
            (8_333, 3),
            (8_334, 2),
            (10_000, 2),
            (12_500, 2),
            (12_501, 1),
            (25_001, 1),
            (u64::MAX, 1),
        ];
        for (examples, epochs) in steps {
            assert_eq!(heuristic(examples), epochs, "{examples} examples");
        }
    }
}
