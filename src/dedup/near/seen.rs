//! Which numbers were met since the last beginning: a byte each, cleared now and then only.

/// Marks for the numbers of one search; each thread has its own.
#[derive(Default)]
pub(super) struct Seen {
    /// Equal to the present round: met.
    rounds: Vec<u8>,
    round: u8,
}

impl Seen {
    /// Forgets all; numbers are below `count`.
    pub(super) fn begin(&mut self, count: usize) {
        self.rounds.resize(count, 0);
        self.round = self.round.checked_add(1).unwrap_or_else(|| {
            self.rounds.fill(0);
            1
        });
    }

    /// Whether a number is met for the first time.
    pub(super) fn is_new(&mut self, number: u32) -> bool {
        std::mem::replace(&mut self.rounds[number as usize], self.round) != self.round
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_round_begins_anew() {
        let mut seen = Seen::default();
        for _ in 0..600 {
            seen.begin(3);
            assert!(seen.is_new(2) && seen.is_new(0) && !seen.is_new(2));
        }
    }
}
