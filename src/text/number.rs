//! Numbers for people.

/// `1234567` as `1,234,567`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The whole part of a number, from 0 to the most there is; of what is no number 0.
pub fn whole(number: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates at both ends")]
    let whole = number as u64;
    whole
}

/// A size in bytes with a decimal unit: `512 B`, `1.3 kB`, `2.0 GB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1_000.0;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

/// A count with its noun in the right number: `1 record`, `2,000 records`.
pub fn count(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{} {}", thousands(number), plural(noun)) }
}

/// A pause of that many milliseconds: `30 minutes`, `45 seconds`.
pub fn pause(milliseconds: i64) -> String {
    let seconds = milliseconds.unsigned_abs() / 1000;
    if seconds.is_multiple_of(60) { count(seconds / 60, "minute") } else { count(seconds, "second") }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if noun.ends_with("ss") => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// A share of a whole in percent, without claiming 0 % or 100 % for what is not.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 || part == 0 {
        return "0 %".into();
    }
    if part == whole {
        return "100 %".into();
    }
    let share = part as f64 * 100.0 / whole as f64;
    if share < 0.1 {
        "< 0.1 %".into()
    } else if share > 99.9 {
        "> 99.9 %".into()
    } else if share < 10.0 {
        format!("{share:.1} %")
    } else {
        format!("{share:.0} %")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_these() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([512, 1_300, 999_960, 2_000_000_000].map(size), ["512 B", "1.3 kB", "1.0 MB", "2.0 GB"]);
        assert_eq!([-1.0, 2.9, f64::NAN, f64::INFINITY].map(whole), [0, 2, 0, u64::MAX]);
        assert_eq!(count(1, "record"), "1 record");
        assert_eq!(count(2_000, "reply"), "2,000 replies");
        assert_eq!(count(2, "address"), "2 addresses");
        assert_eq!(percent(1, 100_000), "< 0.1 %");
        assert_eq!(percent(99_999, 100_000), "> 99.9 %");
        assert_eq!((percent(1, 3), percent(1, 20)), ("33 %".into(), "5.0 %".into()));
    }
}
