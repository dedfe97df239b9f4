//! Conversations that rest for longer than the caller allows: each part is its own example.

use crate::diagnostic::{Def, Severity};

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Said;

/// `TALK117`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK117",
        name: "split-at-gap",
        severity: Severity::Info,
        summary: "the conversation was split where it rested for longer than asked",
        why: "a customer who comes back after weeks begins anew; what was said before explains little",
        remedy: "leave the longest pause out to keep conversations whole",
    },
    on_by_default: true,
};

/// The parts, in order; one where nothing is to be split. Pauses are looked for between turns that are left, so that
/// a status change in between does not bridge them.
pub(super) fn mend(said: Vec<Said>, settings: &AssembleSettings) -> Vec<Vec<Said>> {
    let Some(gap) = settings.gap_ms.filter(|_| settings.does(&MENDING)) else { return vec![said] };
    let mut parts: Vec<Vec<Said>> = Vec::new();
    let mut last: Option<i64> = None;
    for one in said {
        let rests =
            matches!((last, one.turn.time), (Some(last), Some(now)) if now.saturating_sub(last) > gap);
        last = one.turn.time.or(last);
        match parts.last_mut() {
            Some(part) if !rests => part.push(one),
            _ => parts.push(vec![one]),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::talk;
    use super::*;

    fn sizes(times: [Option<i64>; 4], gap_ms: Option<i64>) -> Vec<usize> {
        let mut talk = talk("uaua");
        for (said, time) in talk.said.iter_mut().zip(times) {
            said.turn.time = time;
        }
        let settings = AssembleSettings { gap_ms, ..settings() };
        mend(talk.said, &settings).iter().map(Vec::len).collect()
    }

    #[test]
    fn splits_at_long_pauses_only() {
        assert_eq!(sizes([Some(0), Some(5), Some(16), Some(17)], Some(10)), [2, 2]);
        assert_eq!(sizes([Some(0), Some(10), Some(20), Some(30)], Some(10)), [4]);
        assert_eq!(sizes([Some(0), None, Some(11), None], Some(10)), [2, 2]);
        assert_eq!(sizes([None, None, None, None], Some(10)), [4]);
        assert_eq!(sizes([Some(0), Some(99), Some(199), Some(299)], None), [4]);
    }
}
