//! An example longer than the target takes, cut into several before user turns.
//!
//! Services cut the end off, which is the answer. A window begins with the user, ends with the assistant and repeats
//! the leading instructions and the tools; calls stay with their results. No turn is trained twice: where the target
//! takes weights, a window begins with what was said before it, its answers masked, and where it does not, what was
//! said in earlier windows is not seen in later ones, which is the price. A window whose answers are all masked teaches
//! nothing and is left out, unless no window teaches anything. One exchange that is too long by itself stays as it is; who
//! writes the rows rejects it by name.

use std::collections::VecDeque;

use crate::diagnostic::{Def, Severity};
use crate::model::{Body, Example, Message, Role};

use super::Part;
use super::codes::NOTHING_TO_LEARN;
use super::counts::Counts;
use super::draft::Draft;
use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::split_answers;

/// `TALK102`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK102",
        name: "cut-into-windows",
        severity: Severity::Info,
        summary: "an example longer than the limit was cut into several before user turns",
        why: "services and trainers cut the end off without a word, and the end is the answer to be learned",
        remedy: "raise the limit, or switch it off with `--no-mend cut-into-windows` to see what is too long",
    },
    on_by_default: true,
};

/// What part of the limit what was said before may take, at most: a quarter, so that most of what is paid for is new.
const CONTEXT: u64 = 4;

/// Messages from one user turn to the next, with the turns in each.
struct Exchange {
    messages: Vec<Message>,
    turns: Vec<u64>,
    /// What it adds to an example, in tokens.
    tokens: u64,
}

/// The windows of a draft, or the one part it is. Turns of windows that are left out are counted in `dropped`; where none is
/// left, [`split_answers::rejection`] says why.
pub(super) fn mend(
    mut draft: Draft,
    mut rest: Example,
    settings: &AssembleSettings,
    measure: Option<&dyn Fn(&Body) -> u64>,
    dropped: &mut Counts,
) -> Vec<Part> {
    let (Some(limit), Some(measure)) = (settings.max_tokens.filter(|_| settings.does(&MENDING)), measure)
    else {
        return split_answers::parts(draft, rest, settings, dropped);
    };
    let cuts = cuts(&draft.messages);
    if cuts.is_empty() || weigh(&mut draft.messages, &mut rest, measure) <= limit {
        return split_answers::parts(draft, rest, settings, dropped);
    }
    let teaches = draft.messages.iter().any(Message::is_trained_answer);
    let Draft { mut messages, mut turns, done, dropped: _ } = draft;
    let mut exchanges = VecDeque::with_capacity(cuts.len() + 1);
    for at in cuts.into_iter().rev() {
        exchanges.push_front(Exchange {
            messages: messages.split_off(at),
            turns: turns.split_off(at),
            tokens: 0,
        });
    }
    let leading = messages.iter().take_while(|message| message.role.is_instruction()).count();
    let first =
        Exchange { messages: messages.split_off(leading), turns: turns.split_off(leading), tokens: 0 };
    exchanges.push_front(first);
    let instructions = messages;

    let base = weigh(&mut instructions.clone(), &mut rest, measure);
    for exchange in &mut exchanges {
        let mut messages = instructions.clone();
        messages.append(&mut exchange.messages);
        exchange.tokens = weigh(&mut messages, &mut rest, measure).saturating_sub(base);
        exchange.messages = messages.split_off(leading);
    }
    let (mut parts, mut windows) = (Vec::new(), 0);
    // What was done before counts for the first window, and there the instructions are turns that were read.
    let mut window = Draft { messages: Vec::new(), turns, done, ..Draft::default() };
    // What may be seen again: the latest exchanges, as many as fit beside a window.
    let mut said: VecDeque<(Vec<Message>, u64)> = VecDeque::new();
    while !exchanges.is_empty() {
        window.messages.clone_from(&instructions);
        window.turns.resize(leading, 0);
        let room = if said.is_empty() { limit } else { limit - (limit - base.min(limit)) / CONTEXT };
        let taken =
            fill(&mut window, &mut exchanges, base, room, |messages| weigh(messages, &mut rest, measure));
        let learned = window.messages.iter().any(Message::is_trained_answer);
        if windows > 0 {
            look_back(&mut window, leading, &said, limit, |messages| weigh(messages, &mut rest, measure));
        }
        if settings.takes_weights {
            let new = window.messages.len() - taken.iter().map(|(length, _)| length).sum::<usize>();
            remember(&mut said, window.messages.get(new..).unwrap_or_default(), &taken, limit / CONTEXT);
        }
        windows += 1;
        if teaches && !learned {
            dropped.add(&NOTHING_TO_LEARN, window.turns.iter().sum());
            window.turns.clear();
            continue;
        }
        window.done.add(&MENDING.def, 1);
        parts.extend(split_answers::parts(std::mem::take(&mut window), rest.clone(), settings, dropped));
    }
    parts
}

/// Keeps the latest exchanges of a window, masked, for the next one to begin with.
fn remember(
    said: &mut VecDeque<(Vec<Message>, u64)>,
    mut messages: &[Message],
    taken: &[(usize, u64)],
    room: u64,
) {
    for (length, tokens) in taken {
        let (exchange, rest) = messages.split_at((*length).min(messages.len()));
        messages = rest;
        let mut exchange = exchange.to_vec();
        for answer in exchange.iter_mut().filter(|message| message.role == Role::Assistant) {
            answer.weight = Some(0);
        }
        said.push_back((exchange, *tokens));
    }
    while said.iter().map(|(_, tokens)| tokens).sum::<u64>() > room && said.pop_front().is_some() {}
}

/// Puts the latest exchanges that fit between the instructions and the window.
fn look_back(
    window: &mut Draft,
    leading: usize,
    said: &VecDeque<(Vec<Message>, u64)>,
    limit: u64,
    mut weigh: impl FnMut(&mut Vec<Message>) -> u64,
) {
    let mut left = limit.saturating_sub(weigh(&mut window.messages));
    let fitting = said.iter().rev().take_while(|(_, tokens)| {
        let fits = *tokens <= left;
        left = left.saturating_sub(*tokens);
        fits
    });
    let mut exchanges: Vec<&Vec<Message>> = fitting.map(|(messages, _)| messages).collect();
    while !exchanges.is_empty() {
        let before: Vec<Message> =
            exchanges.iter().rev().flat_map(|messages| messages.iter().cloned()).collect();
        let count = before.len();
        window.messages.splice(leading..leading, before);
        if weigh(&mut window.messages) <= limit {
            window.turns.splice(leading..leading, std::iter::repeat_n(0, count));
            return;
        }
        // The tokens of exchanges add up but for a few where texts meet.
        window.messages.drain(leading..leading + count);
        exchanges.pop();
    }
}

/// Moves as many exchanges into the window as fit, at least one; messages and tokens of each.
///
/// The tokens of exchanges add up but for a few where texts meet, so the sum decides how many to try and the window
/// itself whether that was right.
fn fill(
    window: &mut Draft,
    exchanges: &mut VecDeque<Exchange>,
    base: u64,
    limit: u64,
    mut weigh: impl FnMut(&mut Vec<Message>) -> u64,
) -> Vec<(usize, u64)> {
    let mut taken: Vec<(usize, u64)> = Vec::new();
    let mut tokens = base;
    while let Some(exchange) = exchanges.pop_front() {
        tokens = tokens.saturating_add(exchange.tokens);
        if !taken.is_empty() && tokens > limit {
            exchanges.push_front(exchange);
            break;
        }
        taken.push((exchange.messages.len(), exchange.tokens));
        window.messages.extend(exchange.messages);
        window.turns.extend(exchange.turns);
    }
    while taken.len() > 1
        && weigh(&mut window.messages) > limit
        && let Some((length, tokens)) = taken.pop()
    {
        let at = window.messages.len().saturating_sub(length);
        let (messages, turns) = (window.messages.split_off(at), window.turns.split_off(at));
        exchanges.push_front(Exchange { messages, turns, tokens });
    }
    taken
}

/// Where an example may be cut: before a user message that follows a finished answer, but not before the first.
pub fn cuts(messages: &[Message]) -> Vec<usize> {
    let finished = |message: &Message| message.role == Role::Assistant && message.tool_calls.is_empty();
    let mut asked = false;
    let mut cuts = Vec::new();
    for (index, pair) in messages.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        asked |= before.role == Role::User;
        if asked && finished(before) && after.role == Role::User {
            cuts.push(index + 1);
        }
    }
    cuts
}

/// Measures messages without copying them: they are lent to the example and taken back.
fn weigh(messages: &mut Vec<Message>, rest: &mut Example, measure: &dyn Fn(&Body) -> u64) -> u64 {
    let mut example = std::mem::take(rest);
    std::mem::swap(messages, &mut example.messages);
    let body = Body::Example(example);
    let tokens = measure(&body);
    if let Body::Example(mut example) = body {
        std::mem::swap(messages, &mut example.messages);
        *rest = example;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::super::draft::sample::{draft, shown};
    use super::super::properties::settings;
    use super::*;
    use crate::model::ToolCall;

    /// Ten tokens a message, a hundred for a text of `long`.
    fn tokens(body: &Body) -> u64 {
        let Body::Example(example) = body else { return 0 };
        let weigh = |message: &Message| if message.texts().any(|text| text == "long") { 100 } else { 10 };
        example.messages.iter().map(weigh).sum()
    }

    fn windows(draft: Draft, max_tokens: Option<u64>) -> Vec<(String, u64)> {
        let settings = AssembleSettings { max_tokens, ..settings() };
        mend(draft, Example::default(), &settings, Some(&tokens), &mut Counts::default())
            .into_iter()
            .map(|part| match part.body {
                Body::Example(example) => (shown(&example.messages), part.kept),
                Body::Preference(_) => unreachable!(),
            })
            .collect()
    }

    fn plain(windows: &[(String, u64)]) -> Vec<(&str, u64)> {
        windows.iter().map(|(text, kept)| (text.as_str(), *kept)).collect()
    }

    #[test]
    fn windows_are_disjoint_but_for_the_instructions() {
        let made = windows(draft("suauaua"), Some(50));
        assert_eq!(plain(&made), [("s1 u2 a3 u4 a5", 5), ("s1 u6 a7", 2)]);
        let made = windows(draft("uauaua"), Some(20));
        assert_eq!(plain(&made), [("u1 a2", 2), ("u3 a4", 2), ("u5 a6", 2)]);
    }

    #[test]
    fn what_was_said_before_is_seen_again_and_masked() {
        let settings = AssembleSettings { max_tokens: Some(80), takes_weights: true, ..settings() };
        let draft = draft("suauauauaua");
        let parts = mend(draft, Example::default(), &settings, Some(&tokens), &mut Counts::default());
        let shown: Vec<String> = parts
            .iter()
            .map(|part| match &part.body {
                Body::Example(example) => {
                    let masked = |message: &Message| if message.weight == Some(0) { "-" } else { "" };
                    let one = |message: &Message| {
                        format!(
                            "{}{}",
                            masked(message),
                            super::super::draft::sample::shown(std::slice::from_ref(message))
                        )
                    };
                    example.messages.iter().map(one).collect::<Vec<_>>().join(" ")
                }
                Body::Preference(_) => unreachable!(),
            })
            .collect();
        assert_eq!(shown, ["s1 u2 a3 u4 a5 u6 a7", "s1 u6 -a7 u8 a9 u10 a11"]);
        assert_eq!(parts.iter().map(|part| part.kept).collect::<Vec<_>>(), [7, 4]);
    }

    #[test]
    fn what_fits_or_cannot_be_cut_stays_whole() {
        assert_eq!(windows(draft("uaua"), Some(40)).len(), 1);
        assert_eq!(windows(draft("uaua"), None).len(), 1);
        assert_eq!(windows(draft("uuaa"), Some(5)), [("u1 u2 a3 a4".to_owned(), 4)]);
        let mut off = settings();
        off.max_tokens = Some(5);
        off.switch("cut-into-windows", false).unwrap();
        let whole = mend(draft("uaua"), Example::default(), &off, Some(&tokens), &mut Counts::default());
        assert_eq!(whole.len(), 1);
    }

    #[test]
    fn one_exchange_that_is_too_long_stays_for_the_rule() {
        let mut long = draft("uauaua");
        long.messages[2] = Message::text(Role::User, "long");
        let made = windows(long, Some(40));
        assert_eq!(plain(&made), [("u1 a2", 2), ("ulong a4", 2), ("u5 a6", 2)]);
    }

    #[test]
    fn a_window_with_nothing_to_learn_is_left_out() {
        let masked = |answers: &[usize]| {
            let mut draft = draft("suauaua");
            for answer in answers {
                draft.messages[*answer].weight = Some(0);
            }
            draft.done.add(&MENDING.def, 7);
            let settings = AssembleSettings { max_tokens: Some(30), takes_weights: true, ..settings() };
            let mut dropped = Counts::default();
            let parts = mend(draft, Example::default(), &settings, Some(&tokens), &mut dropped);
            let kept: Vec<u64> = parts.iter().map(|part| part.kept).collect();
            (kept, dropped.total(), parts.first().map(|part| part.mendings.clone()))
        };
        // What was done before counts for the first window that is written.
        let done = Some(vec![(&MENDING.def, 8)]);
        assert_eq!(masked(&[]), (vec![3, 2, 2], 0, done.clone()));
        assert_eq!(masked(&[2]), (vec![2, 2], 3, done.clone()));
        assert_eq!(masked(&[4, 6]), (vec![3], 4, done.clone()));
        // Where no answer is learned at all, that is for the rules to say.
        assert_eq!(masked(&[2, 4, 6]), (vec![3, 2, 2], 0, done));
    }

    #[test]
    fn never_between_a_call_and_its_answer() {
        let mut calls = draft("uauatua");
        let call = ToolCall {
            id: None,
            name: "f".into(),
            arguments: "{}".into(),
            extra: crate::model::Extra::new(),
        };
        calls.messages[1].tool_calls.push(call);
        let made = windows(calls, Some(20));
        assert_eq!(plain(&made), [("u1 a2 u3 a4 t5 u6 a7", 7)]);
    }

    #[test]
    fn a_window_is_weighed_itself_where_sums_deceive() {
        // Each message beside another weighs more than alone.
        let steep = |body: &Body| match body {
            Body::Example(example) => (example.messages.len() * example.messages.len()) as u64,
            Body::Preference(_) => 0,
        };
        let settings = AssembleSettings { max_tokens: Some(16), ..settings() };
        let draft = draft("uauauaua");
        let parts = mend(draft, Example::default(), &settings, Some(&steep), &mut Counts::default());
        assert!(parts.iter().all(|part| steep(&part.body) <= 16), "{parts:?}");
        assert_eq!(parts.iter().map(|part| part.kept).sum::<u64>(), 8);
    }
}
