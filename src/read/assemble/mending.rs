//! What a mending is, and the list of all.

use crate::diagnostic::Def;
use crate::error::{Error, Result};
use crate::text::similar::suggestion;

/// One thing that may be done to a record: described as data, switchable by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MendingDef {
    /// Code, name and the rest.
    pub def: Def,
    /// Whether it is done unless switched off.
    pub on_by_default: bool,
}

/// Mendings of one family, each of which leaves out one kind of turn, and `DROPS`, the table of kinds and mendings. Each
/// says how to keep what it drops in the words of the family, after its own switch.
macro_rules! drops {
    (
        $kinds:ident, $remedy:literal;
        $($constant:ident = $code:literal $name:literal $kind:ident; $summary:literal; $why:expr;)+
    ) => {
        $(
            #[doc = concat!("`", $code, "`.")]
            pub(super) static $constant: MendingDef = MendingDef {
                def: Def {
                    code: $code,
                    name: $name,
                    severity: Severity::Info,
                    summary: $summary,
                    why: $why,
                    remedy: concat!("`--no-mend ", $name, "` ", $remedy),
                },
                on_by_default: true,
            };
        )+

        static DROPS: &[($kinds, &MendingDef)] = &[$(($kinds::$kind, &$constant)),+];
    };
}
pub(super) use drops;

/// Every mending, sorted by name.
pub static MENDINGS: &[&MendingDef] = &[
    &super::add_system::MENDING,
    &super::cut_agent_initials::MENDING,
    &super::cut_disclaimer::MENDING,
    &super::cut_into_windows::MENDING,
    &super::cut_mention::MENDING,
    &super::cut_quoted_mail::MENDING,
    &super::cut_signature::MENDING,
    &super::cut_tracking::MENDING,
    &super::cut_trailing_tool::MENDING,
    &super::cut_trailing_user::MENDING,
    &super::drop_event::ASSIGNMENT,
    &super::drop_auto_message::OTHER,
    &super::drop_auto_message::REPLY,
    &super::drop_auto_message::MENU,
    &super::drop_auto_message::BOUNCE,
    &super::drop_event::CALL,
    &super::drop_auto_message::GREETING,
    &super::drop_event::DELETION,
    &super::drop_event::EDIT,
    &super::drop_empty_turn::MENDING,
    &super::drop_event::OTHER,
    &super::drop_internal_note::MENDING,
    &super::drop_event::JOIN,
    &super::drop_event::LEAVE,
    &super::drop_media::MENDING,
    &super::drop_opening_assistant::MENDING,
    &super::drop_event::RATING,
    &super::drop_event::REACTION,
    &super::drop_repeated_turn::MENDING,
    &super::drop_event::ROOM,
    &super::drop_tool_turn::MENDING,
    &super::drop_event::TRANSFER,
    &super::drop_auto_message::TRANSLATION,
    &super::join_split_answer::MENDING,
    &super::merge_bursts::MENDING,
    &super::merge_system::MENDING,
    &super::order_by_time::MENDING,
    &super::preference_to_chosen::MENDING,
    &super::repair_mojibake::MENDING,
    &super::split_answers::MENDING,
    &super::split_at_gap::MENDING,
    &super::strip_invisible::MENDING,
];

/// The mending of that name, or which one was probably meant.
pub fn mending_by_name(name: &str) -> Result<&'static MendingDef> {
    MENDINGS.iter().copied().find(|mending| mending.def.name == name).ok_or_else(|| {
        Error::usage(format!("unknown mending `{name}`"))
            .with_hint(suggestion(name, MENDINGS.iter().map(|mending| mending.def.name)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_every_name_is_found() {
        assert!(MENDINGS.windows(2).all(|pair| pair[0].def.name < pair[1].def.name));
        assert_eq!(mending_by_name("merge-bursts").unwrap().def.code, "TALK113");
        let error = mending_by_name("merge-burst").unwrap_err();
        assert_eq!(error.hint(), Some("did you mean `merge-bursts`?"));
    }
}
