//! Earlier mail quoted in a mail: where it begins, and the text without it.
//!
//! Three forms exist. Lines with `> ` before them, most with a line above that names writer and date (`attribution`): the
//! lines go, what is written below and between them stays. Everything behind a mark (`separator`: `-----Original
//! Message-----`; a block of `From:`, `Sent:`, `To:`, `Subject:`; a line that names writer and date with nothing quoted
//! below it): the rest goes, but only if something is said before it, since a forwarded mail looks the same. And forwarded
//! mail that says so: it stays, since it stands nowhere else.
//!
//! Answers between quoted lines mean nothing without what they answer, so there the paragraph above each answer stays.
//! Nothing that is not quoted is cut: a broken-off end of a quoted line stays for an answer.

mod attribution;
mod separator;
mod words;

use super::signature;
use separator::Separator;

/// Lines that a quotation has at least where nothing else shows that it is one: prompts of a shell look the same.
const LEAST_UNANNOUNCED: usize = 3;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The writer's own, or not known to be anything else.
    Own,
    /// Without a letter.
    Blank,
    /// Names writer and date of the quotation below.
    Attribution,
    /// Quoted, or blank between quoted lines.
    Quoted,
}

/// `text` without the earlier mail that it quotes, or `None` where it quotes none; `author` as in [`signature::cut`].
///
/// Empty where the mail is nothing but a quotation. Time grows with the length of the text only.
pub fn cut(text: &str, author: &str) -> Option<String> {
    let lines: Vec<&str> = text.split('\n').flat_map(apart).collect();
    let (mut marks, mut end) = mark(&lines);
    if let Some(at) = end
        && !has_own_words(&lines[..at], &marks[..at], author)
    {
        // Nothing else is said: it is forwarded, and what the mail says.
        marks.resize(lines.len(), Mark::Own);
        end = None;
    }
    let end = end.unwrap_or(lines.len());
    let kept = kept(&lines[..end], &marks[..end]);
    if end == lines.len() && kept.iter().all(|kept| *kept) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut blanks = 0;
    let mut gap = false;
    for (line, kept) in lines.iter().zip(kept) {
        if !kept {
            gap = true;
        } else if line.trim().is_empty() {
            blanks += 1;
        } else {
            if !out.is_empty() {
                // One blank line where something was cut.
                let breaks = if gap { blanks.min(1) } else { blanks } + 1;
                out.extend(std::iter::repeat_n('\n', breaks));
            }
            out.push_str(line);
            (blanks, gap) = (0, false);
        }
    }
    out.truncate(out.trim_end().len());
    Some(out)
}

/// The line that announces earlier mail in `text`; `None` where there is none, where nothing else is said, and where
/// quoted lines stand without a line that names who wrote them: people quote other things than mail, too.
pub fn find(text: &str) -> Option<&str> {
    if !text.contains('\n') || !text.split('\n').any(may_announce) {
        return None;
    }
    let lines: Vec<&str> = text.split('\n').flat_map(apart).collect();
    let (marks, end) = mark(&lines);
    let at = end.or_else(|| marks.iter().position(|mark| *mark == Mark::Attribution))?;
    let line = lines.get(at..)?.iter().find(|line| line.contains(char::is_alphanumeric))?;
    cut(text, "").is_some().then(|| line.trim())
}

/// Whether a line may be one that announces earlier mail; cheap, and never wrongly not.
fn may_announce(line: &str) -> bool {
    let bare = line.trim().trim_end_matches(['\u{200f}', '\u{202c}', '\u{200e}', '*', ' ']);
    let digits = || bare.bytes().filter(u8::is_ascii_digit).take(3).count() == 3;
    let names = || bare.contains('@') || digits();
    is_quoted(line)
        || ["--", "__", "==", "~~", "##-", "—", "–"].iter().any(|rule| bare.starts_with(rule))
        || ((bare.ends_with([':', '：', '-', ')']) || bare.ends_with(" wrote")) && names())
        || separator::is_field(line)
}

/// A line, or two where own words and the line of a program share one.
fn apart(line: &str) -> impl Iterator<Item = &str> {
    let shared = (!is_quoted(line)).then(|| attribution::within(line)).flatten();
    let (own, rest) = match shared.and_then(|at| line.split_at_checked(at)) {
        Some((own, rest)) => (own.trim_end_matches(['-', ' ']), Some(rest)),
        None => (line, None),
    };
    std::iter::once(own).chain(rest)
}

/// What each line is, and where the rest is an earlier mail; the marks end there.
fn mark(lines: &[&str]) -> (Vec<Mark>, Option<usize>) {
    let mut marks = Vec::with_capacity(lines.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if is_quoted(line) {
            let end = run_end(lines, at);
            // What is forwarded within a quotation's marks (Gmail, Apple Mail) is no earlier mail of this thread, unless
            // the earlier mail was nothing but that.
            let announced = marks.iter().rfind(|mark| **mark != Mark::Blank) == Some(&Mark::Attribution);
            let first = lines[at..end].iter().map(|line| unquoted(line)).find(|line| !line.trim().is_empty());
            let forwarded = !announced && first.and_then(separator::of) == Some(Separator::Forward);
            let mark = if forwarded { Mark::Own } else { Mark::Quoted };
            marks.resize(end, mark);
            at = end;
            continue;
        }
        if line.trim().is_empty() {
            marks.push(Mark::Blank);
            at += 1;
            continue;
        }
        match separator::of(line) {
            Some(Separator::Forward) => {
                marks.resize(lines.len(), Mark::Own);
                return (marks, None);
            }
            Some(Separator::Reply) => return (marks, Some(at)),
            None => {}
        }
        if separator::is_header_block(&lines[at..]) {
            let above = separator::rules_above(&lines[..at]);
            return (marks, Some(above));
        }
        match attribution::at(lines, at) {
            Some(count) if quotation_below(lines, at + count) => {
                marks.resize(at + count, Mark::Attribution);
                at += count;
            }
            Some(_) => return (marks, Some(at)),
            None => {
                marks.push(Mark::Own);
                at += 1;
            }
        }
    }
    (marks, None)
}

fn is_quoted(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\u{a0}']);
    // `>From ` is a line of a mailbox, `>>> x <<<` an ornament.
    line.starts_with('>') && !line.trim_end().ends_with("<<<") && !line.starts_with(">From ")
}

/// A quoted line without its marks.
fn unquoted(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\u{a0}'])
}

/// Where the quoted lines that begin at `at` end; blank lines between them belong to them.
fn run_end(lines: &[&str], at: usize) -> usize {
    let mut end = at;
    let mut next = at;
    while let Some(line) = lines.get(next) {
        if is_quoted(line) {
            end = next + 1;
        } else if !line.trim().is_empty() {
            break;
        }
        next += 1;
    }
    end
}

/// Whether the next line that is not blank is quoted.
fn quotation_below(lines: &[&str], at: usize) -> bool {
    lines
        .get(at..)
        .unwrap_or_default()
        .iter()
        .find(|line| !line.trim().is_empty())
        .is_some_and(|line| is_quoted(line))
}

/// Whether anything of the writer's own is there besides a signature.
fn has_own_words(lines: &[&str], marks: &[Mark], author: &str) -> bool {
    let own = lines.iter().zip(marks).filter(|(_, mark)| matches!(mark, Mark::Own | Mark::Blank));
    let own = own.map(|(line, _)| *line).collect::<Vec<_>>().join("\n");
    let said = signature::cut(&own, author).unwrap_or(&own);
    said.contains(char::is_alphanumeric)
}

/// Which lines stay.
fn kept(lines: &[&str], marks: &[Mark]) -> Vec<bool> {
    let mut kept: Vec<bool> = marks.iter().map(|mark| matches!(mark, Mark::Own | Mark::Blank)).collect();
    let runs = runs(marks);
    let last_own = marks.iter().rposition(|mark| *mark == Mark::Own);
    let any_announced = marks.contains(&Mark::Attribution);
    // Own words between two quotations: answers, one by one.
    let answers = match (runs.first(), runs.last()) {
        (Some(first), Some(last)) if runs.len() > 1 => {
            marks.get(first.1..last.0).unwrap_or_default().contains(&Mark::Own)
        }
        _ => false,
    };
    for (start, end) in runs {
        let quoted = lines[start..end].iter().filter(|line| !unquoted(line).trim().is_empty()).count();
        let above = marks[..start].iter().rposition(|mark| *mark != Mark::Blank);
        let announced =
            above.is_some_and(|above| marks[above] == Mark::Attribution) || is_announced(&lines[start..end]);
        // `The page says:` announces a quotation of something else than mail.
        let introduced = above
            .is_some_and(|above| marks[above] == Mark::Own && lines[above].trim_end().ends_with([':', '：']));
        let answered = last_own.is_some_and(|last| last >= end);
        // Under answers to a quotation that is announced, a short rest of it is its end.
        let short = !announced && quoted < LEAST_UNANNOUNCED && (answered || !(answers && any_announced));
        let stays = if introduced || short {
            start
        } else if answers && answered {
            last_paragraph(lines, start, end)
        } else {
            end
        };
        for kept in &mut kept[stays..end] {
            *kept = true;
        }
    }
    kept
}

/// Whether quoted lines begin with the line that names writer and date, as HTML of Gmail and Yahoo has it, or with an empty
/// one, as the HTML reader writes what a mail program marks as the earlier mail.
fn is_announced(run: &[&str]) -> bool {
    let inner: Vec<&str> = run.iter().map(|line| unquoted(line)).collect();
    let Some(first) = inner.iter().position(|line| !line.trim().is_empty()) else { return false };
    first > 0 || attribution::within_quotation(&inner[first..])
}

/// The quotations: lines of [`Mark::Quoted`] side by side.
fn runs(marks: &[Mark]) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut start = None;
    for (index, mark) in marks.iter().enumerate() {
        match (mark, start) {
            (Mark::Quoted, None) => start = Some(index),
            (Mark::Quoted, Some(_)) => {}
            (_, Some(first)) => {
                runs.push((first, index));
                start = None;
            }
            _ => {}
        }
    }
    runs.extend(start.map(|first| (first, marks.len())));
    runs
}

/// Where the last paragraph of a quotation begins.
fn last_paragraph(lines: &[&str], start: usize, end: usize) -> usize {
    let is_blank = |index: &usize| unquoted(lines[*index]).trim().is_empty();
    let solid = (start..end).rev().find(|index| !is_blank(index)).unwrap_or(start);
    (start..solid).rev().find(is_blank).map_or(start, |blank| blank + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(text: &str, wanted: &str) {
        assert_eq!(cut(text, "").as_deref(), Some(wanted), "{text}");
        assert_eq!(cut(wanted, ""), None, "twice: {wanted}");
    }

    #[track_caller]
    fn stays(text: &str) {
        assert_eq!(cut(text, ""), None, "{text}");
    }

    #[test]
    fn quoted_lines_go_and_the_answer_stays() {
        becomes("Hello\n\nOn Apr 3, 2012, at 4:19 PM, bob wrote:\n\n> Hi\n> there", "Hello");
        becomes("On 04/02/2012 06:26 PM, Megan One wrote:\n> Hi \nHello", "Hello");
        becomes(
            "Test\n\nOn 04/19/2011 07:10 AM, Bob wrote:\n\n>\n> Test\n\nRegards, Bob",
            "Test\n\nRegards, Bob",
        );
        becomes("reply On Wed, Apr 4, 2012 at 3:59 PM, bob@x.example wrote:\n> Hi", "reply");
        becomes("Hello\n\n> Subject: Test\n> From: bob@x.example\n> To: a@x.example\n> \n> Hi", "Hello");
        becomes("On 04/02/2012 06:26 PM, Megan One wrote:\n> Hi", "");
        becomes("Hi\n\n> On Fri, Mar 1, 2024 at 9:00 AM Kim <k@x.example> wrote:\n>\n> Broken.", "Hi");
        becomes(
            "Hi\n\n> On Fri, Mar 1, 2024 at 9:00 AM Kim <k@x.example> wrote:\n>\n> Broken.\n>\n> Kim",
            "Hi",
        );
        becomes(
            "Old\n\nOn Fri, Mar 1, 2024 at 1:00 PM Kim <k@x.example> wrote:\n\n> ---------- Forwarded message ---------\n> From: Zoe",
            "Old",
        );
    }

    #[test]
    fn short_quotations_go_where_they_are_sure() {
        becomes("It left.\n\n>\n> Where is it?", "It left.");
        becomes(
            "It left.\n\n> On Fri, 1 Mar at 9:00 AM , Kim <kim@ex.org> wrote:\n> Where is it?",
            "It left.",
        );
        becomes("It left.\n\n> Kim Berg wrote:\n> Where is it?", "It left.");
        stays("Try\n\n> npm install");
        stays("Try\n\n> Kim Berg wrote:");
    }

    #[test]
    fn the_rest_goes_where_something_is_said_before_it() {
        becomes("Thanks!\n\n-----Original Message-----\n\nTest", "Thanks!");
        becomes(
            "Hi\n\n________________________________\nFrom: a@x.example\nSent: Monday\nTo: b\nSubject: c\n\nText",
            "Hi",
        );
        becomes("Hi\n---\nFrom: a@x.example\nTo: b\nSent: Friday\nSubject: c\n\nText", "Hi");
        becomes(
            "Lorem\n\nOp 13-02-2014 3:18 schreef Julius Caesar <j@rome.example>:\n\nVeniam laborum.",
            "Lorem",
        );
        becomes(
            "ok\n\nOn Jan 27, 2015 at 12:42 PM, \"A\" <a@x.example> wrote:\n\nHi,\n\nOn Jan 26, 2015, at 11:55 AM, M <m@x.example> wrote:\n\nLorem?",
            "ok",
        );
        becomes("Yes.\n\n## Please reply above this line ##\n\nOld text", "Yes.");
    }

    #[test]
    fn finds_the_line_that_announces() {
        for (text, line) in [
            (
                "Hello\n\nOn Apr 3, 2012, at 4:19 PM, bob wrote:\n\n> Hi\n> there",
                "On Apr 3, 2012, at 4:19 PM, bob wrote:",
            ),
            (
                "reply On Wed, Apr 4, 2012 at 3:59 PM, bob@x.example wrote:\n> Hi",
                "On Wed, Apr 4, 2012 at 3:59 PM, bob@x.example wrote:",
            ),
            ("Thanks!\n\n-----Original Message-----\n\nTest", "-----Original Message-----"),
            ("Hi\n\n___________\nVon: Ana\nGesendet: Montag\nAn: Kim\nBetreff: x\n\nText", "Von: Ana"),
            (
                "Lorem\n\nOp 13-02-2014 3:18 schreef Julius <j@rome.example>:\n\nVeniam.",
                "Op 13-02-2014 3:18 schreef Julius <j@rome.example>:",
            ),
        ] {
            assert_eq!(find(text), Some(line), "{text}");
        }
        for text in [
            "> When will it come?\n> I wait.\n> Kim\n\nTomorrow.",
            "FYI\n\n---------- Forwarded message ----------\nFrom: a@x.example\nSubject: x\nTo: b\n\nText",
            "On Monday I wrote: please call. Nobody did.\nKim",
            "Step 1:\n---\nTo do: this\nNote: that",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn forwarded_mail_stays() {
        stays(
            "---------- Forwarded message ----------\nFrom: a@x.example\nDate: Tue\nSubject: x\n\nText\n> old\n> old\n> old",
        );
        stays("FYI\n\n---------- Forwarded message ----------\nFrom: a@x.example\nSubject: x\nTo: b\n\nText");
        stays("Begin forwarded message:\n\n> From: a@x.example\n> Subject: x\n>\n> Text");
        stays("> Begin forwarded message:\n>\n> From: a@x.example\n> Subject: x\n>\n> Text");
        stays("-----Original Message-----\nFrom: a\nSent: x\nSubject: y\n\nText");
        stays("Sent from my iPhone\n\nFrom: a@x.example\nSent: Monday\nTo: b\nSubject: y\n\nText");
        becomes(
            "Bad\n\n-----Original Message-----\nFYI\n---------- Forwarded message ----------\nText",
            "Bad",
        );
    }

    #[test]
    fn answers_between_quoted_lines_stay_with_what_they_answer() {
        let mail = "Hi Kim,\n\nOn 3 Apr 2012, at 16:19, Kim <k@x.example> wrote:\n\n> Hello shop,\n>\n> Which colour is it?\n\nBlue.\n\n> And the size?\n\n42.\n\n> Kim";
        becomes(mail, "Hi Kim,\n\n> Which colour is it?\n\nBlue.\n\n> And the size?\n\n42.");
        stays("> When will it come?\n\nTomorrow.");
    }

    #[test]
    fn what_only_looks_quoted_stays() {
        for text in [
            "On Monday I wrote: please call. Nobody did.",
            "Visit us now\n>>> >>>  http://www.x.example <<<\nby the link above",
            "I ran these:\n> npm install\n> npm test\n> npm start",
            "> npm install\nfails\n> npm test\nfails\n> npm start",
            "> npm install\nfails",
            "The page says:\n\n> No refunds\n> after thirty\n> days\n\nIs it true?",
            "I travel\nFrom: Berlin\nTo: Paris\nDate: 3 May 10:00",
            "a > b\nb < c",
            "",
            "\n\n",
            ">",
        ] {
            stays(text);
        }
    }

    #[test]
    fn hostile_texts_take_linear_time() {
        let lines = |line: &str| std::iter::repeat_n(line, 20_000).collect::<Vec<_>>().join("\n");
        for text in [
            lines(">"),
            lines("> a\nb"),
            lines("On 3 Apr 2012, at 16:19, bob@x.example"),
            lines("From: a@x.example"),
            lines("a:"),
            "On ".repeat(300_000),
            ">".repeat(300_000),
            "-".repeat(300_000),
        ] {
            let _ = cut(&text, "Ana <ana@x.example>");
            let _ = find(&text);
        }
    }
}
