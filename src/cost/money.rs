//! Amounts and counts as people read them.

/// `amount` with its currency, rounded to cents: `$1,234.50`, `12.00 EUR`; what is above nothing and below a cent is
/// `under $0.01`, so that no cost is shown as none.
pub fn money(amount: f64, currency: &str) -> String {
    let (under, shown) = if amount > 0.0 && amount < 0.01 { ("under ", 0.01) } else { ("", amount) };
    let digits = format!("{shown:.2}");
    let number = match digits.split_once('.') {
        Some((whole, cents)) => format!("{}.{cents}", group(whole)),
        None => digits,
    };
    match currency {
        "USD" => format!("{under}${number}"),
        other => format!("{under}{number} {other}"),
    }
}

/// A whole number with a comma before every three digits.
pub fn grouped(number: u64) -> String {
    group(&number.to_string())
}

fn group(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        let after = digits.len() - at;
        if at > 0 && after.is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_well() {
        let shown = [0.0, 0.004, 0.01, 1.005, 2.999, 999.0, 1_234.5, 1_234_567.891, -1_234.0];
        let shown: Vec<String> = shown.iter().map(|amount| money(*amount, "USD")).collect();
        let wanted = [
            "$0.00",
            "under $0.01",
            "$0.01",
            "$1.00", // 1.005 is a little less in binary
            "$3.00",
            "$999.00",
            "$1,234.50",
            "$1,234,567.89",
            "$-1,234.00",
        ];
        assert_eq!(shown, wanted);
        assert_eq!(money(12.0, "EUR"), "12.00 EUR");
        assert_eq!(money(f64::INFINITY, "USD"), "$inf");
        assert_eq!(grouped(16_385), "16,385");
        assert_eq!(grouped(100), "100");
    }
}
