//! Answers that were too long for one post and are counted: `1/2` … `2/2`. The counters go, so that the pieces read as
//! one when bursts are joined.

use crate::diagnostic::{Def, Severity};
use crate::model::Medium;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::{Said, Talk};

/// `TALK140`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK140",
        name: "join-split-answer",
        severity: Severity::Info,
        summary: "counters of posts that belong together (1/2, 2/2) were cut off",
        why: "the model would learn to count its answers",
        remedy: "`--no-mend join-split-answer` keeps them",
    },
    on_by_default: true,
};

/// Cuts the counters off complete series of one speaker.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if !settings.does(&MENDING) {
        return;
    }
    let mut at = 0;
    while at < talk.said.len() {
        let length = series(&talk.said[at..]);
        for said in talk.said.iter_mut().skip(at).take(length) {
            if let Some((text, _)) = counted(&said.turn.text) {
                said.turn.text = text;
                talk.done.add(&MENDING.def, 1);
            }
        }
        at += length.max(1);
    }
}

/// The length of the series `1/n` … `n/n` at the beginning; 0 where there is none.
fn series(said: &[Said]) -> usize {
    let Some(first) = said.first().filter(|said| said.turn.medium == Medium::Post) else { return 0 };
    let Some((_, (1, all))) = counted(&first.turn.text) else { return 0 };
    let is_next = |(said, number): (&Said, usize)| {
        said.turn.medium == Medium::Post
            && said.turn.speaker == first.turn.speaker
            && counted(&said.turn.text).is_some_and(|(_, place)| place == (number, all))
    };
    let length = said.iter().zip(1..=all).take_while(|one| is_next(*one)).count();
    if length == all { length } else { 0 }
}

/// Most posts of one answer.
const MOST: usize = 12;

/// The text without its counter, and which of how many it is.
fn counted(text: &str) -> Option<(String, (usize, usize))> {
    let text = text.trim();
    let place = |word: &str| {
        let word = word.trim_start_matches('(').trim_end_matches([')', '.']);
        let (number, all) = word.split_once('/')?;
        let (number, all) = (number.parse::<usize>().ok()?, all.parse::<usize>().ok()?);
        (number >= 1 && number <= all && (2..=MOST).contains(&all)).then_some((number, all))
    };
    if let Some((before, last)) = text.rsplit_once(char::is_whitespace)
        && let Some(found) = place(last)
    {
        return Some((before.trim_end().to_owned(), found));
    }
    let (first, rest) = text.split_once(char::is_whitespace)?;
    place(first).map(|found| (rest.trim_start().to_owned(), found))
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;

    fn posts(sides: &str, written: &[&str]) -> Talk {
        let mut talk = talk(sides);
        for (said, text) in talk.said.iter_mut().zip(written) {
            said.turn.text = (*text).into();
            said.turn.medium = Medium::Post;
        }
        talk
    }

    #[test]
    fn complete_series_lose_their_counters() {
        let mut sample = posts("uaau", &["help", "First part 1/2", "(2/2) and more", "done 1/2"]);
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "help First part and more done 1/2");
        assert_eq!(sample.done.sorted(), [(&MENDING.def, 2)]);
    }

    #[test]
    fn other_numbers_stay() {
        for written in
            [["a 1/2", "b 1/2"], ["a 2/2", "b 1/2"], ["a 1/3", "b 2/3"], ["1/2 cup of milk", "then stir"]]
        {
            let mut sample = posts("aa", &written);
            mend(&mut sample, &settings());
            assert_eq!(texts(&sample), written.join(" "));
        }
        let mut two_speakers = posts("ua", &["a 1/2", "b 2/2"]);
        mend(&mut two_speakers, &settings());
        assert_eq!(texts(&two_speakers), "a 1/2 b 2/2");
    }
}
