//! Refusals: what assistants say instead of an answer, or of themselves as models, in the words of published models.
//!
//! A refusal stands at the beginning of an answer, so that only its first sentence or two are looked at. Nothing here
//! judges whether it was right to refuse.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;
use regex::Regex;

use crate::model::{Message, Role};
use crate::text::cut::head;

/// Bytes of an answer that are looked at.
const LOOKED_AT: usize = 240;

/// One way to refuse: a pattern, and of which words or parts of words one is in every text that fits it, once that is
/// [folded](folded). Some begin within a word, since the search goes by the first four letters: `again` is in more texts than
/// `nst m`.
struct Form {
    needs: &'static [&'static str],
    pattern: &'static str,
}

/// What a refusal says it cannot do.
macro_rules! verbs {
    () => {
        r"(?:help (?:you )?with (?:that|this)|assist (?:you )?with (?:that|this|your request)|comply|fulfil?l (?:that|this|your) request|answer (?:that|this|your) question|provide (?:that|this|such|instructions|advice|assistance|any|(?:medical|legal|financial|personal|professional) advice|(?:information|guidance|instructions) (?:on|about) how)|(?:generate|create|write|produce|engage in|discuss|support|promote|condone|encourage|participate in|share|give you|give|offer) (?:that|this|such|any|content|instructions|advice|information|medical|legal|financial|harmful|illegal|hateful|violence|hate)|do that|do this|continue (?:this|with this) conversation|respond to (?:that|this))"
    };
}

/// The words of the first sentences that refuse, in several languages.
///
/// "I can't find your order" is no refusal: the verb behind "can't" must be one of doing what was asked. "Sorry, we don't
/// ship there" is none either.
const FORMS: &[Form] = &[
    Form {
        needs: &[
            "can't",
            "cant",
            "cannot",
            "an not",
            "won't",
            "wont",
            "ll not",
            "m not ",
            "unable",
            "comfortable",
        ],
        pattern: concat!(
            r"\bI(?: am|['’]m|)(?: really| very| truly|)(?: sorry| afraid|),?(?: but| that|)(?: I|)\s*(?:can['’]?t|cannot|can not|won['’]?t|will not|(?:am|['’]m) (?:not able|unable) to|(?:am|['’]m) not (?:going|willing) to|(?:am|['’]m) not comfortable|don['’]t feel comfortable)\s*",
            verbs!()
        ),
    },
    Form {
        needs: &["n ai", "a ai", "artificial intelligence", "language"],
        pattern: r"\bas an? (?:AI|artificial intelligence|large language|language)(?:[- ](?:language|powered|based))?(?: model| assistant| chatbot|)(?: developed by \w+|)\s*(?:,|I\b)",
    },
    Form {
        needs: &["n ai", "a ai", "artificial intelligence", "language"],
        pattern: r"\bI(?: am|['’]m) (?:just |only )?an? (?:AI|artificial intelligence|large language|language)(?:[- ](?:language|powered))?(?: model| assistant| chatbot)?,? (?:and|so|I) (?:I )?(?:can['’]?t|cannot|don['’]t|do not|am not)",
    },
    Form {
        needs: &["nst my", "hin my"],
        pattern: r"\b(?:it is|it['’]s|that is|that['’]s) (?:against|not within) my (?:programming|guidelines|principles|ethical)",
    },
    Form {
        needs: &["i must ", "decline"],
        pattern: r"\bI must (?:decline|refuse)\b|\bI (?:have to|will have to) decline\b",
    },
    Form {
        needs: &["ls ki", "als künst", "sprachmodell", "kann ich"],
        pattern: r"\bals (?:KI|künstliche Intelligenz|KI-?(?:Sprach)?modell|Sprachmodell)\b|\b(?:dabei|damit) kann ich (?:dir |Ihnen |leider )*nicht (?:weiter)?helfen|\bkann ich (?:Ihnen |dir |leider )*nicht dabei helfen",
    },
    Form {
        needs: &["nt qu", "je ne "],
        pattern: r"\ben tant qu['’](?:IA\b|intelligence artificielle|assistant IA|modèle de langage)|\bje ne peux pas (?:vous |t['’])?aider (?:avec|à) (?:cela|ça|cette)|\bje ne (?:peux|suis) pas (?:en mesure de )?répondre à cette (?:demande|question)",
    },
    Form {
        needs: &["como", "puedo"],
        pattern: r"\bcomo (?:una? )?(?:IA\b|inteligencia artificial|modelo de lenguaje)|\bno puedo (?:ayudarte|ayudarle|ayudar|cumplir) con (?:eso|esto|esa|esta)",
    },
    Form {
        needs: &["como", "não posso"],
        pattern: r"\bcomo (?:uma? )?(?:IA\b|inteligência artificial|modelo de linguagem)|\bnão posso (?:te |lhe |o |a )?ajud(?:ar|á-lo|á-la) com (?:isso|isto|esse|essa)",
    },
    Form {
        needs: &["in quanto", "non posso"],
        pattern: r"\bin quanto (?:IA\b|intelligenza artificiale|modello linguistico)|\bnon posso aiutart[ie] con (?:questo|questa)",
    },
    Form {
        needs: &["s ai", "n ai", "taalmodel", "daar kan ik"],
        pattern: r"\bals (?:een )?(?:AI|AI-taalmodel|taalmodel)\b|\bdaar kan ik (?:je|u) niet (?:bij|mee) helpen",
    },
    Form {
        needs: &["jako ", "как языковая", "как искусственный", "как ии", "помочь с этим"],
        pattern: r"\bjako (?:model językowy|sztuczna inteligencja|AI)\b|как (?:языковая модель|искусственный интеллект|ИИ)|я не могу (?:вам )?помочь с этим",
    },
    Form {
        needs: &["作为", "作為", "抱歉", "对不起", "對不起"],
        pattern: r"作为(?:一个|一名)?(?:AI|人工智能|语言模型|大语言模型)|作為(?:一個|一名)?(?:AI|人工智慧|語言模型)|(?:抱歉|对不起|對不起)，?我(?:无法|不能|無法)(?:满足|回答|提供|协助|帮助|滿足|協助|幫助)",
    },
    Form {
        needs: &["として", "なので", "ですので", "申し訳"],
        pattern: r"(?:AI|人工知能|言語モデル)(?:として|なので|ですので)|申し訳(?:ありません|ございません)が、?(?:その|この|お手伝い|ご要望)(?:.{0,20})(?:できません|いたしかねます)",
    },
    Form {
        needs: &["로서", "이기 때문에", "이므로", "죄송하지만"],
        pattern: r"(?:AI|인공지능|언어 ?모델)(?:로서|이기 때문에|이므로)|죄송하지만,? ?(?:.{0,20})(?:도와드릴 수 없|답변할 수 없|제공할 수 없)",
    },
];

static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let forms: Vec<String> = FORMS.iter().map(|form| format!("(?:{})", form.pattern)).collect();
    ascii_bounds(&forms.join("|"))
});

/// What the forms need in texts of ASCII: found many times faster than the forms themselves, and nearly always missing. `None`
/// where the processor has no instructions for it, which are best with few words, each of four bytes at least: two searches for
/// half of them each take two thirds of the time of one (answers of HH-RLHF, 2026-11-22).
static NEEDS: LazyLock<Option<Vec<Searcher>>> = LazyLock::new(|| {
    let words: Vec<&str> = needs().into_iter().filter(|word| word.is_ascii()).collect();
    words.chunks(words.len().div_ceil(2)).map(Searcher::new).collect()
});

/// The same in all others.
static NEEDS_BEYOND_ASCII: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(needs()).ok());

fn needs() -> BTreeSet<&'static str> {
    FORMS.iter().flat_map(|form| form.needs).copied().collect()
}

/// A pattern in any case, with bounds of words between ASCII letters: Unicode's would take its search off the fast path in
/// every text with one quotation mark beyond ASCII.
fn ascii_bounds(pattern: &str) -> Option<Regex> {
    Regex::new(&format!("(?i){}", pattern.replace(r"\b", r"(?-u:\b)"))).ok()
}

/// The words with which a text refuses, if it begins so.
pub(super) fn find(text: &str) -> Option<&str> {
    found(text).and_then(|at| text.get(at)).map(str::trim)
}

fn found(text: &str) -> Option<Range<usize>> {
    if !may_begin(text) {
        return None;
    }
    WORDS.as_ref()?.find(head(text, LOOKED_AT)).map(|found| found.range())
}

/// Whether one of the forms can be in the beginning of a text: many times faster than to look for them.
pub(super) fn may_begin(text: &str) -> bool {
    let head = head(text, LOOKED_AT);
    if !head.is_ascii() {
        let folded: String = head.chars().flat_map(folded).collect();
        return NEEDS_BEYOND_ASCII.as_ref().is_none_or(|needs| needs.is_match(&folded));
    }
    let mut lower = [0; LOOKED_AT];
    let Some(lower) = lower.get_mut(..head.len()) else { return true };
    lower.copy_from_slice(head.as_bytes());
    lower.make_ascii_lowercase();
    NEEDS.as_ref().is_none_or(|needs| needs.iter().any(|some| some.find(&*lower).is_some()))
}

/// A character in lower case, as the forms are written: all that a pattern takes for the same in any case become one, and the
/// apostrophe is that of ASCII.
fn folded(character: char) -> impl Iterator<Item = char> {
    let one = match character {
        '’' => '\'',
        'ſ' => 's',
        // Shapes of letters in old church books.
        '\u{1c80}' => 'в',
        '\u{1c81}' => 'д',
        '\u{1c82}' => 'о',
        '\u{1c83}' => 'с',
        '\u{1c84}' | '\u{1c85}' => 'т',
        '\u{1c86}' => 'ъ',
        other => other,
    };
    one.to_lowercase()
}

/// Whether a text refuses: "As an AI, I'd be happy to" does not, and has no "not" in it.
fn refuses(text: &str) -> bool {
    static NOT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let words = r"\b(?:not|cannot|unable|no|never|lack|without|decline|refuse|against|nicht|keine?n?|pas|no|não|non|niet|geen|nie)\b";
        ascii_bounds(&format!(r"{words}|n['’]t\b|не |нет|无|無|不|没|沒|ない|ません|ず|없|않|못"))
    });
    let Some(at) = found(text) else { return false };
    NOT.as_ref().is_some_and(|not| not.is_match(head(text.get(at.start..).unwrap_or_default(), LOOKED_AT)))
}

/// Whether the last answer of a conversation refuses.
pub(super) fn ends_with_one(messages: &[Message]) -> bool {
    let last = messages.iter().rfind(|message| message.role == Role::Assistant);
    last.is_some_and(|last| last.texts().next().is_some_and(refuses))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::strategy::ValueTree;
    use proptest::string::string_regex;
    use proptest::test_runner::TestRunner;

    use super::*;

    #[test]
    fn what_forms_need_is_found_fast() {
        let words: Vec<&str> = needs().into_iter().filter(|word| word.is_ascii()).collect();
        assert!(words.len() <= 32 && words.iter().all(|word| word.len() >= 4), "{words:?}");
    }

    #[test]
    fn every_form_says_what_it_needs() {
        let mut runner = TestRunner::deterministic();
        for form in FORMS {
            // Bounds are nothing that could be made up.
            let texts = string_regex(&form.pattern.replace(r"\b", "")).unwrap();
            for _ in 0..2_000 {
                let text = texts.new_tree(&mut runner).unwrap().current();
                assert!(may_begin(&text), "{text}");
            }
        }
    }

    #[test]
    fn characters_that_patterns_take_for_the_same_are_folded_to_the_same() {
        let letters: BTreeSet<char> = FORMS
            .iter()
            .flat_map(|form| form.pattern.chars())
            .filter(|letter| letter.is_alphabetic())
            .collect();
        let small: BTreeSet<char> = letters.iter().flat_map(|letter| letter.to_lowercase()).collect();
        let any = Regex::new(&format!("(?i)[{}]", letters.iter().collect::<String>())).unwrap();
        for character in (0..=0x0010_ffff).filter_map(char::from_u32) {
            if any.is_match(character.encode_utf8(&mut [0; 4])) {
                let folded: Vec<char> = folded(character).collect();
                assert!(
                    folded.len() == 1 && small.contains(&folded[0]),
                    "{character} is folded to {folded:?}"
                );
            }
        }
    }

    #[test]
    fn words_of_refusals() {
        for text in [
            "I'm sorry, but I can't assist with that request.",
            "I’m sorry, I cannot help you with that.",
            "I am sorry but I am not able to provide medical advice.",
            "As an AI language model, I do not have feelings.",
            "Sorry, as a large language model I have no access.",
            "I won't help with that.",
            "I'm just an AI and I can't open the door.",
            "I must decline.",
            "Als KI-Sprachmodell habe ich keine Gefühle.",
            "Tut mir leid, dabei kann ich Ihnen nicht helfen.",
            "En tant qu'IA, je n'ai pas de corps.",
            "Lo siento, no puedo ayudarte con eso.",
            "Desculpe, não posso ajudar com isso.",
            "作为一个AI语言模型，我没有感情。",
            "抱歉，我无法提供这些信息。",
            "申し訳ありませんが、そのご質問にはお答えできません。",
        ] {
            assert!(find(text).is_some(), "{text}");
        }
    }

    #[test]
    fn words_of_answers() {
        for text in [
            "I'm sorry, I can't find your order. What is its number?",
            "I am sorry to hear that! It left our house today.",
            "Sorry, we don't ship there.",
            "I can help with that.",
            "Unfortunately the item cannot be returned.",
            "An AI model is a program.",
            "I can't wait to help you!",
            "",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
        assert!(!refuses("As an AI assistant, I'd be happy to help you plan your days."));
        assert!(refuses("As an AI, I don't have access to that.") && refuses("作为一个AI，我没有感情。"));
        // Beyond the first sentences it is talk about something.
        assert_eq!(find(&format!("{}I must decline.", "Yes. ".repeat(60))), None);
        assert_eq!(find(&"é".repeat(200)), None);
    }
}
