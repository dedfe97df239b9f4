//! Cues: what stands on the screen from when to when.

/// One cue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cue<'a> {
    /// When it appears, in milliseconds from the beginning.
    pub start: i64,
    /// When it goes.
    pub end: i64,
    /// Its lines as they stand in the file.
    pub lines: Vec<&'a str>,
}

/// Whether a text begins as WebVTT does: the word alone, or with a title behind it.
pub(super) fn is_web_vtt(text: &str) -> bool {
    text.strip_prefix("WEBVTT")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// Whether a text begins as SubRip does: a number and a line of two times.
pub(super) fn is_subrip(text: &str) -> bool {
    let mut lines = lines(text).filter(|line| !line.trim().is_empty());
    let numbered = lines.next().is_some_and(|line| line.trim().bytes().all(|byte| byte.is_ascii_digit()));
    numbered && lines.next().is_some_and(|line| times(line).is_some())
}

/// The lines of a text, ended by LF, CR LF, or CR where there is no LF at all.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let end = if text.contains('\n') { '\n' } else { '\r' };
    text.split(end).map(|line| line.strip_suffix('\r').unwrap_or(line))
}

/// Every cue, in the order of the file. What is no cue (the head, notes, styles, regions, identifiers) is passed over.
pub(super) fn cues(text: &str) -> Vec<Cue<'_>> {
    let mut found: Vec<Cue<'_>> = Vec::new();
    let mut within = false;
    let mut blank = false;
    // In a block that is no cue, up to its blank line or to a time.
    let mut outside = false;
    for line in lines(text) {
        if let Some((start, end)) = times(line) {
            if !blank && within {
                drop_identifier(&mut found);
            }
            found.push(Cue { start, end, lines: Vec::new() });
            within = true;
            outside = false;
        } else if line.trim().is_empty() {
            // SubRip may hold a blank line within a cue; what follows one and is no identifier belongs to the text.
            blank = true;
            within = false;
            outside = false;
            continue;
        } else if within && let Some(cue) = found.last_mut() {
            cue.lines.push(line.trim());
        } else if outside || is_outside(line) {
            outside = true;
        } else if let Some(cue) = found.last_mut() {
            // Text after a blank line: a cue's text, unless a time follows and makes it an identifier.
            cue.lines.push(line.trim());
            within = true;
            blank = false;
            continue;
        }
        blank = false;
    }
    found
}

/// The line before a time is the identifier of its cue, which was taken for text of the cue before.
fn drop_identifier(found: &mut [Cue<'_>]) {
    if let Some(cue) = found.last_mut() {
        cue.lines.pop();
    }
}

/// Whether a block that begins with this line is no cue.
fn is_outside(line: &str) -> bool {
    let word = line.split([' ', '\t']).next().unwrap_or(line);
    matches!(word, "NOTE" | "STYLE" | "REGION" | "WEBVTT" | "X-TIMESTAMP-MAP")
}

/// `00:04:01.680 --> 00:04:02.770 align:start`, with a comma for the point, without hours.
pub(super) fn times(line: &str) -> Option<(i64, i64)> {
    let (start, rest) = line.split_once("-->")?;
    let end = rest.trim_start().split([' ', '\t']).next()?;
    Some((time(start.trim())?, time(end)?))
}

fn time(text: &str) -> Option<i64> {
    let (clock, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |part: &str| {
        let fits = !part.is_empty() && part.len() <= 6 && part.bytes().all(|byte| byte.is_ascii_digit());
        if fits { part.parse::<i64>().ok() } else { None }
    };
    let mut parts = clock.split(':').rev();
    let seconds = digits(parts.next()?)?;
    let minutes = digits(parts.next()?)?;
    let hours = parts.next().map_or(Some(0), digits)?;
    if parts.next().is_some() || seconds > 60 || minutes > 59 {
        return None;
    }
    let mut fraction: String = fraction.chars().take(3).collect();
    while fraction.len() < 3 {
        fraction.push('0');
    }
    Some(((hours * 60 + minutes) * 60 + seconds) * 1000 + digits(&fraction)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        cues(text).iter().map(|cue| format!("{}-{} {}", cue.start, cue.end, cue.lines.join("|"))).collect()
    }

    #[test]
    fn web_vtt_with_all_that_is_no_cue() {
        let text = "WEBVTT - title\r\nKind: captions\r\n\r\nNOTE a\r\nnote --\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n\
                    1\r\n00:04.680 --> 00:05.000 align:start position:0%\r\nHi\r\nthere\r\n\r\nuuid/12-0\r\n\
                    01:00:00.5 --> 01:00:01.000\r\nBye\r\n";
        assert_eq!(shown(text), ["4680-5000 Hi|there", "3600500-3601000 Bye"]);
    }

    #[test]
    fn blocks_between_cues_end_with_their_blank_line() {
        let text = "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n\nNOTE rude\nand owes us\nmoney\n\n2\n00:03.000 --> 00:04.000\n\
                    Bye\n\nSTYLE\n::cue {\n  color: red\n}\n\nNOTE a\n00:05.000 --> 00:06.000\nNo\n";
        assert_eq!(shown(text), ["1000-2000 Hi", "3000-4000 Bye", "5000-6000 No"]);
    }

    #[test]
    fn subrip_with_blank_lines_and_without() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\nHi\n\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\nBye\n3\n\
                    00:00:05,000 --> 00:00:06,000\n\n";
        assert_eq!(shown(text), ["1000-2000 Hi|there", "3000-4000 Bye", "5000-6000 "]);
        assert!(is_subrip(text) && !is_web_vtt(text));
    }

    #[test]
    fn times_that_are_none() {
        for line in [
            "a --> b",
            "1 --> 2",
            "00:99.000 --> 00:01.000",
            "00:00:00:00.1 --> 1:2",
            "-->",
            "x",
            "١:٢ --> ٣:٤",
        ] {
            assert_eq!(times(line), None, "{line}");
        }
        assert!(!is_subrip("1\nhello") && !is_web_vtt("WEBVTTX\n"));
    }
}
