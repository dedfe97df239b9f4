//! What speakers do that only a support side does: offering help when a talk begins, signing for a department.

use crate::model::Turn;
use crate::read::labels::label_of;

use super::cast::is_spoken;
use super::{SpeakerRole, key_of};

/// What one speaker does in one conversation, or in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Habits {
    /// Conversations in which the speaker's first turn offers help.
    pub offers: u64,
    /// Conversations in which a turn ends with the name of a support department.
    pub signs: u64,
}

/// Phrases by which somebody who is there to help begins, in lower case. Whole phrases that a customer does not say of
/// himself; "can you help me" is the other side.
const OFFERS: &[&str] = &[
    "how can i help",
    "how may i help",
    "how can we help",
    "how may we help",
    "how can i assist",
    "how may i assist",
    "how can we assist",
    "what can i do for you",
    "what can i help you with",
    "thank you for contacting",
    "thanks for contacting",
    "thank you for calling",
    "thanks for calling",
    "thank you for reaching out to",
    "thanks for reaching out to",
    "wie kann ich ihnen helfen",
    "wie kann ich dir helfen",
    "wie kann ich behilflich sein",
    "wie können wir ihnen helfen",
    "was kann ich für sie tun",
    "was kann ich für dich tun",
    "vielen dank für ihre anfrage",
    "en qué puedo ayudar",
    "en qué le puedo ayudar",
    "en qué te puedo ayudar",
    "cómo puedo ayudar",
    "cómo le puedo ayudar",
    "gracias por contactar",
    "gracias por comunicarse con",
    "comment puis-je vous aider",
    "en quoi puis-je vous aider",
    "comment puis-je t'aider",
    "merci d'avoir contacté",
    "como posso ajudar",
    "como posso te ajudar",
    "em que posso ajudar",
    "obrigado por entrar em contato",
    "obrigada por entrar em contato",
    "come posso aiutar",
    "in cosa posso aiutar",
    "grazie per averci contattato",
    "waarmee kan ik u",
    "waarmee kan ik je",
    "hoe kan ik u helpen",
    "hoe kan ik je helpen",
    "bedankt voor het contact opnemen",
    "w czym mogę pomóc",
    "jak mogę pomóc",
    "size nasıl yardımcı olabilirim",
    "nasıl yardımcı olabilirim",
    "чем могу помочь",
    "чем я могу помочь",
    "чем могу вам помочь",
    "apa yang bisa saya bantu",
    "ada yang bisa saya bantu",
    "kaise help kar sakti",
    "kaise help kar sakta",
    "kya madad kar sakti",
    "kya madad kar sakta",
];
/// How much of a turn is looked at for an offer: a greeting stands at its beginning.
const GREETING: usize = 400;
/// Longest line that is a signature, in bytes.
const SIGNATURE: usize = 80;

impl Habits {
    /// What the turns of one speaker in one conversation show.
    pub fn of<'a>(turns: impl Iterator<Item = &'a Turn>) -> Self {
        let mut habits = Self::default();
        for (number, turn) in turns.filter(|turn| is_spoken(turn)).enumerate() {
            if number == 0 && offers_help(&turn.text) {
                habits.offers = 1;
            }
            if signs(&turn.text) {
                habits.signs = 1;
            }
        }
        habits
    }

    /// Adds those of other conversations.
    pub fn merge(&mut self, other: Self) {
        self.offers += other.offers;
        self.signs += other.signs;
    }
}

fn offers_help(text: &str) -> bool {
    let end = text.char_indices().nth(GREETING).map_or(text.len(), |(end, _)| end);
    let beginning = text[..end].to_lowercase().replace('\u{2019}', "'");
    OFFERS.iter().any(|phrase| beginning.contains(phrase))
}

/// Whether the last line names a department, and somebody or something before it: `Ana, Shop Support`.
fn signs(text: &str) -> bool {
    let mut lines = text.trim_end().lines().rev();
    let Some(last) = lines.next().map(str::trim) else { return false };
    if last.len() > SIGNATURE || lines.all(|line| line.trim().is_empty()) {
        return false;
    }
    let side = |part: &str| label_of(&key_of(part)).is_some_and(|label| label.role == SpeakerRole::Assistant);
    side(last)
        || last
            .rsplit([',', '|', '-'])
            .next()
            .is_some_and(|part| part.len() < last.len() && side(part.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn habits(texts: &[&str]) -> (u64, u64) {
        let turns: Vec<Turn> =
            texts.iter().map(|text| Turn { text: (*text).into(), ..Turn::default() }).collect();
        let habits = Habits::of(turns.iter());
        (habits.offers, habits.signs)
    }

    #[test]
    fn who_offers_help_and_who_asks_for_it() {
        assert_eq!(habits(&["Hi, this is Ana. How can I help you today?", "Sure"]), (1, 0));
        assert_eq!(habits(&["Guten Tag, was kann ich für Sie tun?"]), (1, 0));
        for text in
            ["Can you help me?", "How can you help?", "Hello", "", "I need help, how can I return it?"]
        {
            assert_eq!(habits(&[text]), (0, 0), "{text}");
        }
        // Later it may be an answer to "I would like to volunteer".
        assert_eq!(habits(&["Hi", "How can I help?"]), (0, 0));
    }

    #[test]
    fn who_signs_for_a_department() {
        assert_eq!(habits(&["We will send it.\n\nAna, Customer Support"]), (0, 1));
        assert_eq!(habits(&["Done\nAcme Support"]), (0, 1));
        for text in ["Customer Support", "I wrote to\nthe customer support about it yesterday", "Bye\nKim"] {
            assert_eq!(habits(&[text]), (0, 0), "{text}");
        }
    }

    #[test]
    fn phrases_are_folded() {
        assert!(OFFERS.iter().all(|phrase| phrase.to_lowercase() == *phrase));
    }
}
