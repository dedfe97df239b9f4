//! The loss mask, seen: an example with what is trained of it marked, and where the loss of all goes.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use chatmill::pipeline::measure::TokenMeasures;
use chatmill::pipeline::show::Shown;
use chatmill::target::Overlong;
use chatmill::text::number::{count, percent, thousands};
use chatmill::text::sanitize::{excerpt, excerpt_path, is_hidden};

const TRAINED: Style = AnsiColor::Green.on_default();
const ROLE: Style = Style::new().bold();
const CUT: Style = AnsiColor::Red.on_default().bold();
/// Characters of one stretch that are shown; of a longer one the middle is left out.
const SHOWN: usize = 4_000;

/// How it is called that nobody says what becomes of long examples.
const UNSAID: &str = Overlong::Unsaid.in_words();

/// What stands before a number: nothing where it is exact, another word where the tokenizer is another model's.
pub fn least(tokens: &TokenMeasures, exact: bool) -> &'static str {
    match (&tokens.borrowed, exact) {
        (Some(_), _) => "about ",
        (None, true) => "",
        (None, false) => "at least ",
    }
}

/// One example, what is trained in colour, or in brackets where there is none.
pub fn page(shown: &Shown, colour: bool) -> String {
    let mut out = String::new();
    let about = match (shown.borrowed, shown.exact) {
        (true, _) => "about ",
        (false, true) => "",
        (false, false) => "at least ",
    };
    let _ = write!(out, "{}, line {}", excerpt_path(&shown.path, 60), shown.line);
    if let Some(answer) = shown.answer {
        let _ = write!(out, ", with the {answer} answer");
    }
    if let Some(part) = shown.part {
        let _ = write!(out, ", example {part} of its record");
    }
    if let Some(why) = &shown.rejected {
        let _ = writeln!(
            out,
            ": not trained, rejected as {} ({}): {}",
            why.name,
            why.code,
            excerpt(&why.message, 400)
        );
        return out;
    }
    let _ = writeln!(
        out,
        ": {about}{}, {} of them trained",
        count(shown.tokens, "token"),
        thousands(shown.trained)
    );
    if shown.lead > 0 {
        let _ = writeln!(
            out,
            "{} before the first message (tools, beginning of the chat)",
            count(shown.lead, "token")
        );
    }
    out.push('\n');
    for (index, stretch) in shown.stretches.iter().enumerate() {
        let gone = shown.cut.is_some_and(|(at, _)| index > at);
        let mark = |text: &str| match (stretch.trained && !gone && !text.is_empty(), colour) {
            (false, _) => plain(text),
            (true, true) => format!("{TRAINED}{}{TRAINED:#}", plain(text)),
            (true, false) => format!("[{}]", plain(text)),
        };
        if !stretch.role.is_empty() {
            let state = match (stretch.trained, gone) {
                (_, true) if shown.overlong == UNSAID => ", beyond the limit",
                (_, true) => ", cut off",
                (true, false) => ", trained",
                (false, false) => "",
            };
            let _ = writeln!(
                out,
                "{ROLE}{}{ROLE:#} ({}{state})",
                plain(&stretch.role),
                count(stretch.tokens, "token")
            );
        }
        let cut = shown
            .cut
            .filter(|(at, _)| *at == index)
            .and_then(|(_, byte)| stretch.text.split_at_checked(byte));
        match cut {
            None => out.push_str(&mark(&stretch.text)),
            Some((before, after)) => {
                let here = if shown.overlong == UNSAID { "limit" } else { "cut" };
                let _ = write!(out, "{}{CUT}<<< {here} here >>>{CUT:#}{}", mark(before), plain(after));
            }
        }
        // What a template rendered has its own line feeds.
        out.push_str(if stretch.role.is_empty() { "" } else { "\n\n" });
    }
    let _ = match (shown.limit, shown.cut) {
        (Some(limit), Some(_)) if shown.overlong == UNSAID => {
            writeln!(out, "the limit is {}, and what becomes of more is not published", count(limit, "token"))
        }
        (Some(limit), Some(_)) => writeln!(out, "cut after {}", count(limit, "token")),
        (Some(limit), None) if shown.held.0 > limit => {
            writeln!(out, "{}: the limit is {}", shown.overlong, count(limit, "token"))
        }
        (Some(limit), None) if shown.held.1 > limit => {
            let most = count(shown.held.1, "token");
            writeln!(out, "it may be too long, with {most} at most: the limit is {}", count(limit, "token"))
        }
        (Some(limit), None) => writeln!(out, "not cut: the limit is {}", count(limit, "token")),
        (None, _) => writeln!(out, "no limit is published"),
    };
    out
}

/// Characters that a terminal would act on are shown as a dot; line feeds and tabs stay.
fn plain(text: &str) -> String {
    let safe = |character: char| match character {
        '\n' | '\t' => character,
        hidden if is_hidden(hidden) => '·',
        other => other,
    };
    let length = text.chars().count();
    if length <= SHOWN {
        return text.chars().map(safe).collect();
    }
    let half = SHOWN / 2;
    let beginning: String = text.chars().take(half).map(safe).collect();
    let end: String = text.chars().skip(length - half).map(safe).collect();
    format!("{beginning} … {} … {end}", count((length - 2 * half) as u64, "character"))
}

/// What the limit cuts and where the loss of all examples goes, a line each.
pub fn lines(tokens: &TokenMeasures) -> String {
    let mut out = String::new();
    if let (Some(cut), Some(limit)) = (&tokens.cut, tokens.limit)
        && cut.examples > 0
    {
        // Where some are over the limit with their upper ends alone, so is what is lost.
        let most = if tokens.over_limit == tokens.over_limit_most { "" } else { "at most " };
        let examples = count(cut.examples, "example");
        let nothing_left = thousands(cut.nothing_left);
        let lost = format!(
            "{most}{} and {most}{:.1} % of what is trained",
            count(cut.answers, "answer"),
            cut.lost_share * 100.0
        );
        let _ = match cut.becomes {
            UNSAID => writeln!(
                out,
                "{most}{examples} over it, and what becomes of them is not published: cut at the end, {nothing_left} of them \
                 would have nothing left to learn, and {lost} would be lost"
            ),
            becomes => writeln!(
                out,
                "{most}{examples} {becomes} there, {nothing_left} of them with nothing left to learn: {lost} are lost"
            ),
        };
        let divided = match cut.divisible {
            0 => "none of them can be divided: one exchange alone is longer".to_owned(),
            some if some == cut.examples => format!("`prepare --max-tokens {limit}` divides them"),
            some => format!(
                "`prepare --max-tokens {limit}` divides {} of them, in the others one exchange alone is longer",
                thousands(some)
            ),
        };
        let _ = writeln!(out, "`chatmill plan` says which length loses less; {divided}");
    }
    let Some(loss) = tokens.loss.filter(|loss| loss.trained > 0) else { return out };
    let _ = writeln!(
        out,
        "{} of the loss is spent on boilerplate: answers that stand word for word in three examples or more ({}), and \
         beginnings that do",
        percent(loss.boilerplate, loss.trained),
        thousands(loss.repeated_answers)
    );
    let _ = writeln!(
        out,
        "{} of it on the longest {}",
        percent(loss.longest, loss.trained),
        count(loss.longest_examples, "example")
    );
    out
}
