//! `format=flowed` (RFC 3676): lines that end with a space go on in the next.

/// The text with its flowed lines joined. `delsp`: the space at the end of a line is no part of the text.
///
/// Lines are joined only where both are quoted equally deep; `-- ` before a signature ends with a space and is whole.
pub fn join(text: &str, delsp: bool) -> String {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let words = line.get(depth..).unwrap_or_default();
        // A space that keeps lines from looking quoted, or like the separator of a mailbox.
        let words = words.strip_prefix(' ').unwrap_or(words);
        let is_signature = words == "-- ";
        let flows = words.ends_with(' ') && !is_signature;
        let words = if flows && delsp { words.strip_suffix(' ').unwrap_or(words) } else { words };
        match lines.last_mut() {
            // A blank line ends a paragraph, whatever the line before it ends with.
            Some((open, line)) if goes_on && *open == depth && !is_signature && !words.is_empty() => {
                line.push_str(words);
            }
            _ => lines.push((depth, words.to_owned())),
        }
        goes_on = flows;
    }
    let mut out = String::with_capacity(text.len());
    for (index, (depth, line)) in lines.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        out.extend(std::iter::repeat_n('>', *depth));
        if *depth > 0 && !line.is_empty() {
            out.push(' ');
        }
        // A space before the end of a paragraph only says that the line could go on.
        out.push_str(if line == "-- " { line } else { line.trim_end_matches(' ') });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on_where_they_say_so() {
        for (written, wanted) in [
            ("a long \nline\nnext", "a long line\nnext"),
            ("> quoted \n> line\nmine", "> quoted line\nmine"),
            (">> deep \n> other\n>\n", ">> deep\n> other\n>\n"),
            ("  stuffed\n From here", " stuffed\nFrom here"),
            ("words \n-- \nAna", "words\n-- \nAna"),
            ("last ", "last"),
            ("paragraph. \n\nanother", "paragraph.\n\nanother"),
            ("\none\r\ntwo \r\nthree", "\none\ntwo three"),
            ("", ""),
        ] {
            assert_eq!(join(written, false), wanted);
        }
        assert_eq!(join("nihon \ngo\n", true), "nihongo\n");
    }
}
