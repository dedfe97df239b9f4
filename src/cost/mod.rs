//! The bill: per epoch and in all, as an interval with its assumptions.
