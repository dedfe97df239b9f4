//! Subjects without what programs put before them, so that an answer has the subject of what it answers.

/// Words before a subject that programs write on answers and forwarded mail, folded and sorted: English, German, French,
/// Spanish, Portuguese, Italian, Dutch, Danish, Norwegian, Swedish, Finnish, Polish, Czech, Hungarian, Romanian, Greek,
/// Turkish, Vietnamese, Indonesian, Hebrew, Russian, Chinese.
const PREFIXES: &[&str] = &[
    "ant",
    "antw",
    "antwort",
    "atb",
    "aw",
    "bls",
    "bsv",
    "doorst",
    "enc",
    "fs",
    "fw",
    "fwd",
    "i",
    "ilt",
    "iltt",
    "ket",
    "nl",
    "odp",
    "odpoved",
    "pd",
    "r",
    "rcv",
    "re",
    "ref",
    "reen",
    "res",
    "rif",
    "rv",
    "rép",
    "sv",
    "tr",
    "trs",
    "továbbítás",
    "vb",
    "vl",
    "vs",
    "wg",
    "yml",
    "yml̇",
    "ynt",
    "απ",
    "πρθ",
    "σχετ",
    "на",
    "ответ",
    "הועבר",
    "השב",
    "تمت إعادة التوجيه",
    "رد",
    "回复",
    "回覆",
    "答复",
    "答覆",
    "转发",
    "轉寄",
];

/// A subject without prefixes, tags of lists and numbers of tickets, in lower case with single spaces; and whether it was
/// that of an answer or a forwarded mail.
pub fn normalized(subject: &str) -> (String, bool) {
    let folded = subject.to_lowercase();
    let mut rest = folded.trim();
    let mut answers = false;
    loop {
        if let Some(after) = after_tag(rest) {
            rest = after;
        } else if let Some(after) = after_prefix(rest) {
            rest = after;
            answers = true;
        } else {
            break;
        }
    }
    let mut words = String::with_capacity(rest.len());
    while let Some(open) = rest.find(['[', '(']) {
        let (before, tag) = rest.split_at(open);
        words.push_str(before);
        if let Some(after) = after_ticket(tag) {
            rest = after;
        } else {
            let width = tag.chars().next().map_or(0, char::len_utf8);
            words.push_str(tag.get(..width).unwrap_or_default());
            rest = tag.get(width..).unwrap_or_default();
        }
    }
    words.push_str(rest);
    (words.split_whitespace().collect::<Vec<_>>().join(" "), answers)
}

/// What follows `[anything]` at the beginning, unless nothing does.
fn after_tag(text: &str) -> Option<&str> {
    let (tag, rest) = text.strip_prefix('[')?.split_once(']')?;
    let rest = rest.trim_start();
    (!tag.contains('[') && !rest.is_empty()).then_some(rest)
}

/// What follows `re:`, `re[2]:`, `re (2):`, `aw：`.
fn after_prefix(text: &str) -> Option<&str> {
    // No prefix is longer than some twenty letters.
    let colon = text.char_indices().take(30).find(|(_, letter)| matches!(letter, ':' | '：'))?.0;
    let (word, rest) = text.split_at(colon);
    let word = word.trim_end();
    let word = word.strip_suffix([']', ')']).map_or(word, |counted| {
        counted.trim_end_matches(|letter: char| letter.is_ascii_digit()).trim_end_matches(['[', '('])
    });
    let word = word.trim_end().trim_end_matches(|letter: char| letter.is_ascii_digit()).trim_end_matches('^');
    let rest = rest.strip_prefix([':', '：'])?.trim_start();
    PREFIXES.contains(&word).then_some(rest)
}

/// What follows `[ticket #12]`, `(#12)`, `[case:12]`.
fn after_ticket(text: &str) -> Option<&str> {
    let end = text.char_indices().take(40).find(|(_, letter)| matches!(letter, ']' | ')'))?.0;
    let (tag, rest) = text.split_at(end);
    let inside = tag.get(1..)?;
    let has_number = inside.contains(|letter: char| letter.is_ascii_digit());
    let is_ticket = inside.contains('#')
        || ["ticket", "case", "request", "issue", "anfrage", "vorgang", "ref"]
            .iter()
            .any(|word| inside.starts_with(word));
    (has_number && is_ticket).then(|| rest.get(1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_the_subject_of_what_they_answer() {
        for subject in [
            "Broken cup",
            "Re: Broken cup",
            "RE: AW: WG: broken  cup",
            "Re[2]: Broken cup",
            "Re (3): Broken cup",
            "Antw: Broken cup",
            "SV: RV: TR: VS: Broken cup",
            "回复：Broken cup",
            "答复: Broken cup",
            "Re: [ticket #12] Broken cup",
            "[Shop] Re: Broken cup [ticket #12]",
            "Broken cup (#12)",
            "Odp: Broken cup",
        ] {
            assert_eq!(normalized(subject).0, "broken cup", "{subject}");
        }
    }

    #[test]
    fn words_of_the_subject_stay() {
        for (subject, wanted) in [
            ("Question: where is it", "question: where is it"),
            ("Re", "re"),
            ("[urgent]", "[urgent]"),
            ("size (42) or [43]", "size (42) or [43]"),
            ("Reply: yes", "reply: yes"),
            ("", ""),
            ("((((", "(((("),
        ] {
            assert_eq!(normalized(subject), (wanted.into(), false), "{subject}");
        }
        assert!(normalized("AW: x").1);
    }
}
