//! How numbers are spread, drawn with text.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::text::number::{percent, thousands};

const BAR: Style = AnsiColor::Cyan.on_default();
/// Characters of the longest bar.
const WIDTH: usize = 40;

/// Bars over ranges that double (1, 2, 4, 8 …), which suits lengths: a few are very long. `sorted` ascending.
pub fn doubling(sorted: &[u32], noun: &str) -> String {
    let (Some(&first), Some(&last)) = (sorted.first(), sorted.last()) else { return String::new() };
    let mut out = String::new();
    let mut bins: Vec<(u64, u64, u64)> = Vec::new();
    let mut low = if first == 0 { 0 } else { 1u64 << first.ilog2() };
    let mut rest = sorted;
    while !rest.is_empty() {
        let high = if low == 0 { 1 } else { low * 2 };
        let end = rest.partition_point(|number| u64::from(*number) < high);
        bins.push((low, high - 1, end as u64));
        rest = &rest[end..];
        low = high;
    }
    let tallest = bins.iter().map(|bin| bin.2).max().unwrap_or(1).max(1);
    let label_width = thousands(u64::from(last).next_power_of_two()).len();
    for (low, high, count) in bins {
        #[expect(clippy::cast_possible_truncation, reason = "at most WIDTH * 8")]
        let eighths = (count * WIDTH as u64 * 8).div_ceil(tallest) as usize;
        let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
        let bar = "█".repeat(eighths / 8) + partial;
        let _ = writeln!(
            out,
            "{:>label_width$} to {:>label_width$} {noun}  {BAR}{bar}{BAR:#} {} ({})",
            thousands(low),
            thousands(high),
            thousands(count),
            percent(count, sorted.len() as u64)
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_in_one_bar() {
        let drawn = doubling(&[0, 1, 1, 3, 4, 7, 8, 100], "tokens");
        let counts: Vec<&str> = drawn.lines().filter_map(|line| line.rsplit(' ').nth(2)).collect();
        assert_eq!(counts, ["1", "2", "1", "2", "1", "0", "0", "1"]);
        assert_eq!(doubling(&[], "tokens"), "");
    }
}
