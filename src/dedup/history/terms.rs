//! On what terms rows are recorded: rows that were compared by other terms say nothing about one another.

use crate::dedup::Compare;
use crate::dedup::near::Cut;

/// Version of how texts are folded, cut and hashed. It grows when the fingerprint or the shingles of any row change, so
/// that an index that was kept is refused instead of finding nothing; a test holds both to their values.
const FORM: u32 = 1;

/// What fingerprints and sets of an index depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms(String);

impl Terms {
    /// The terms of a run that compares rows `on` this, and looks for near twins among rows that are `cut` so.
    pub fn new(on: Compare, cut: Option<Cut>) -> Self {
        let near = cut.map_or_else(
            || "no near twins".to_owned(),
            |Cut { shingle, masks, .. }| format!("near twins by {shingle}, mask {masks}"),
        );
        Self(format!("twins on {on}, {near}, form {FORM}"))
    }

    /// The terms as they stand in the index.
    pub fn text(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedup::fingerprint;
    use crate::dedup::near::Shingler;
    use crate::model::{Body, Example, Message, Prints, Role};

    #[test]
    fn what_an_index_holds_never_changes_within_a_form() {
        let body = Body::Example(Example {
            messages: vec![
                Message::text(Role::System, "Be kind."),
                Message::text(Role::User, "Where is\tORDER 4711?"),
                Message::text(Role::Assistant, "On its way."),
            ],
            ..Example::default()
        });
        let print = fingerprint(&body, &Prints::of(&body, &mut Vec::new()), Compare::default());
        let set = Shingler::new(Cut { masks: "all".parse().unwrap(), ..Cut::default() }).set(&body).to_vec();
        let shingles = [
            1_176_383_818_694_915_495,
            2_249_068_683_192_827_542,
            6_035_914_668_801_527_755,
            6_644_721_227_505_521_639,
            10_388_566_340_997_249_257,
            15_294_862_833_174_483_176,
        ];
        let known = (1, 81_322_508_245_941_833_142_268_794_329_261_601_474, shingles.to_vec());
        assert_eq!((FORM, print, set), known, "raise FORM: an index that was kept would find nothing again");
    }

    #[test]
    fn terms_are_told_apart_by_what_they_say() {
        let masked = Cut { masks: "numbers".parse().unwrap(), ..Cut::default() };
        let all = [None, Some(Cut::default()), Some(masked)].map(|cut| Terms::new(Compare::default(), cut));
        assert_eq!(all[0].text(), "twins on conversation, no near twins, form 1");
        assert_eq!(all[1].text(), "twins on conversation, near twins by words:2, mask off, form 1");
        assert_eq!(all[2].text(), "twins on conversation, near twins by words:2, mask numbers, form 1");
    }
}
