//! Where a link leads, and how it is written.

/// A link worth writing down.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// An address of the web, or of another kind with `//`.
    Web(Vec<u8>),
    /// A mail address, without subject and text.
    Mail(Vec<u8>),
    /// A number to call or to write to, with its scheme.
    Phone(Vec<u8>),
}

/// What becomes of a link's label.
#[derive(Debug, PartialEq, Eq)]
pub enum Form {
    /// The label says it all.
    Label,
    /// The label is the address cut short (`https://shop.example/or…`): the address takes its place.
    Address(Vec<u8>),
    /// Both, as `[label](address)`.
    Both(Vec<u8>),
}

/// Where `href` leads, if a reader of plain text could follow it: nothing for scripts, parts of the page, parts of the
/// mail (`cid:`), paths without a host, and Apple's marks for dates and places.
pub fn target(href: &[u8]) -> Option<Target> {
    // A browser takes line breaks out of addresses.
    let href: Vec<u8> =
        href.trim_ascii().iter().copied().filter(|byte| !matches!(byte, b'\t' | b'\n' | b'\r')).collect();
    if href.starts_with(b"//") || prefix_is(&href, b"www.") {
        return Some(Target::Web(href));
    }
    let colon = href.iter().position(|byte| *byte == b':')?;
    let (scheme, rest) = (href.get(..colon)?.to_ascii_lowercase(), href.get(colon + 1..)?);
    if !scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) {
        return None;
    }
    match scheme.as_slice() {
        b"mailto" => {
            let address = rest.split(|byte| *byte == b'?').next().unwrap_or_default().trim_ascii();
            (!address.is_empty()).then(|| Target::Mail(address.to_vec()))
        }
        b"tel" | b"sms" | b"callto" => rest.iter().any(u8::is_ascii_digit).then_some(Target::Phone(href)),
        b"file" | b"javascript" | b"x-apple-data-detectors" => None,
        _ => rest.starts_with(b"//").then_some(Target::Web(href)),
    }
}

/// How to write a link of this label.
pub fn form(label: &[u8], target: &Target) -> Form {
    match target {
        Target::Mail(address) => {
            if contains_ignoring_case(label, address) {
                Form::Label
            } else {
                Form::Both([b"mailto:", address.as_slice()].concat())
            }
        }
        Target::Phone(address) => {
            let digits = |text: &[u8]| text.iter().copied().filter(u8::is_ascii_digit).collect::<Vec<_>>();
            if digits(label) == digits(address) { Form::Label } else { Form::Both(written(address)) }
        }
        Target::Web(address) => {
            let (bare_label, bare) = (bare(label), bare(address));
            if bare_label.eq_ignore_ascii_case(bare) {
                return Form::Label;
            }
            let stem = bare_label.strip_suffix("…".as_bytes()).or_else(|| bare_label.strip_suffix(b"..."));
            match stem {
                Some(stem) if stem.len() >= 8 && prefix_is(bare, stem) => Form::Address(address.clone()),
                _ => Form::Both(written(address)),
            }
        }
    }
}

/// The address without scheme, `www.` and the slash at the end.
fn bare(address: &[u8]) -> &[u8] {
    let mut rest = address.trim_ascii();
    for prefix in [b"https:".as_slice(), b"http:", b"//", b"www."] {
        if prefix_is(rest, prefix) {
            rest = rest.get(prefix.len()..).unwrap_or_default();
        }
    }
    rest.strip_suffix(b"/").unwrap_or(rest)
}

fn prefix_is(text: &[u8], prefix: &[u8]) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Whether `part` stands in `text`; of a long text only the beginning is searched.
fn contains_ignoring_case(text: &[u8], part: &[u8]) -> bool {
    const SEARCHED: usize = 4096;
    part.len() <= SEARCHED
        && text
            .get(..text.len().min(SEARCHED))
            .is_some_and(|text| text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part)))
}

/// The address as it may stand between the parentheses of `[label](address)`.
fn written(address: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(address.len() + 2);
    let wrap = address.iter().any(|byte| matches!(byte, b'(' | b')'));
    if wrap {
        out.push(b'<');
    }
    for byte in address {
        match byte {
            b' ' => out.extend_from_slice(b"%20"),
            b'<' => out.extend_from_slice(b"%3C"),
            b'>' => out.extend_from_slice(b"%3E"),
            _ => out.push(*byte),
        }
    }
    if wrap {
        out.push(b'>');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(label: &str, href: &str) -> String {
        let Some(target) = target(href.as_bytes()) else { return format!("{label}!") };
        match form(label.as_bytes(), &target) {
            Form::Label => label.to_owned(),
            Form::Address(address) => String::from_utf8(address).unwrap(),
            Form::Both(address) => format!("[{label}]({})", String::from_utf8(address).unwrap()),
        }
    }

    #[test]
    fn an_address_is_written_once() {
        assert_eq!(shown("here", "https://shop.example/a"), "[here](https://shop.example/a)");
        assert_eq!(shown("https://shop.example", "https://shop.example/"), "https://shop.example");
        assert_eq!(shown("www.shop.example", "http://shop.example/"), "www.shop.example");
        assert_eq!(
            shown("shop.example/orders…", "https://shop.example/orders/7"),
            "https://shop.example/orders/7"
        );
        assert_eq!(
            shown("shop.example/other…", "https://shop.example/orders"),
            "[shop.example/other…](https://shop.example/orders)"
        );
    }

    #[test]
    fn mail_and_telephone() {
        assert_eq!(shown("Ana@Shop.example", "mailto:ana@shop.example?subject=Hi"), "Ana@Shop.example");
        assert_eq!(
            shown("write us", "MAILTO:ana@shop.example?subject=Hi"),
            "[write us](mailto:ana@shop.example)"
        );
        assert_eq!(shown("+1 (555) 0100", "tel:+15550100"), "+1 (555) 0100");
        assert_eq!(shown("call", "tel:+15550100"), "[call](tel:+15550100)");
    }

    #[test]
    fn what_leads_nowhere_is_its_label() {
        for href in [
            "#top",
            "javascript:void(0)",
            "cid:part1",
            "/orders",
            "",
            "data:text/html,x",
            "mailto:",
            "a b:c",
            "x-apple-data-detectors://0",
            "file:///C:/x",
        ] {
            assert_eq!(shown("x", href), "x!", "{href}");
        }
    }

    #[test]
    fn addresses_fit_between_the_parentheses() {
        assert_eq!(shown("x", " https://a.example/b c\n(d) "), "[x](<https://a.example/b%20c(d)>)");
    }
}
