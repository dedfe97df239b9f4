//! Well-known labels of speakers, in the languages of common exports.
//!
//! A label says what a speaker is, not who: `Customer`, `Agent 2`, `Ana (Support)`. Ambiguous words (`speaker 1`,
//! `me`, `admin`) are not here on purpose: a wrong label teaches the wrong side.

use super::SpeakerRole;

/// What a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label {
    /// The label as it stands in the table.
    pub word: &'static str,
    /// What it means.
    pub role: SpeakerRole,
    /// Whether the name carries a number (`agent_1`): two numbered speakers of one label who talk to each other
    /// are rivals, and neither is the assistant (Topical-Chat writes `agent_1` and `agent_2` for two people).
    pub numbered: bool,
}

/// The label of a name, if it has one. `key` is the folded form of the name.
pub(super) fn label_of(key: &str) -> Option<Label> {
    let plain = plain(key);
    if let Some(label) = exact(&plain) {
        return Some(label);
    }
    // `Ana (Support)`, `Bob [Agent]`: what stands in brackets at the end is a mark, not a name.
    let open = match key.chars().next_back() {
        Some(')') => key.rfind('('),
        Some(']') => key.rfind('['),
        _ => None,
    };
    if let Some(inside) = open.and_then(|at| key.get(at + 1..key.len() - 1))
        && let Some(label) = exact(&self::plain(inside))
    {
        return Some(label);
    }
    // `Acme Customer Support`: a brand before the name of a department.
    let department = DEPARTMENTS.iter().find(|word| {
        plain.strip_suffix(**word).is_some_and(|brand| brand.len() > 1 && brand.ends_with(' '))
    })?;
    Some(Label { word: department, role: SpeakerRole::Assistant, numbered: false })
}

/// The label itself, with or without a number after it.
fn exact(plain: &str) -> Option<Label> {
    let find = |word: &str| LABELS.binary_search_by(|(known, _)| known.cmp(&word)).ok();
    if let Some(&(word, role)) = find(plain).and_then(|at| LABELS.get(at)) {
        return Some(Label { word, role, numbered: false });
    }
    let stem = plain.trim_end_matches(|character: char| character.is_ascii_digit());
    if stem.len() == plain.len() {
        return None;
    }
    let &(word, role) = find(stem.trim_end_matches([' ', '#'])).and_then(|at| LABELS.get(at))?;
    Some(Label { word, role, numbered: true })
}

/// The folded name with every separator a space: `end-user`, `end_user` and `End User` are one label.
fn plain(key: &str) -> String {
    let mut plain = String::with_capacity(key.len());
    for character in key.chars() {
        let character = if matches!(character, '_' | '-' | '/' | '.' | ':' | '*') { ' ' } else { character };
        if character != ' ' || !(plain.is_empty() || plain.ends_with(' ')) {
            plain.push(character);
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Departments that stand after the name of a firm.
static DEPARTMENTS: &[&str] = &[
    "customer care",
    "customer service",
    "customer support",
    "help desk",
    "helpdesk",
    "support",
    "support team",
];

use SpeakerRole::{Assistant, Bot, Event, System, Tool, User};

/// Every label, sorted by its folded form (compared by bytes).
///
/// The English ones are those met in published dialogue sets and help-desk exports; the others are the words that
/// help desks of those languages write in their transcripts.
static LABELS: &[(&str, SpeakerRole)] = &[
    ("action", Event),
    ("advisor", Assistant),
    ("advisor agent", Assistant),
    ("agent", Assistant),
    ("agent humain", Assistant),
    ("agente", Assistant),
    ("agente de soporte", Assistant),
    ("ai", Assistant),
    ("ai agent", Assistant),
    ("ai assistant", Assistant),
    ("answer bot", Bot),
    ("api", Tool),
    ("asesor", Assistant),
    ("asesora", Assistant),
    ("asiakas", User),
    ("asiakaspalvelija", Assistant),
    ("asiakaspalvelu", Assistant),
    ("asistente", Assistant),
    ("assistant", Assistant),
    ("assistente", Assistant),
    ("associate", Assistant),
    ("atendente", Assistant),
    ("auto reply", Bot),
    ("automated message", Bot),
    ("berater", Assistant),
    ("beraterin", Assistant),
    ("bot", Bot),
    ("buyer", User),
    ("call center agent", Assistant),
    ("caller", User),
    ("chat agent", Assistant),
    ("chat bot", Bot),
    ("chatbot", Bot),
    ("chatgpt", Assistant),
    ("client", User),
    ("cliente", User),
    ("cliente final", User),
    ("cliënt", User),
    ("conseiller", Assistant),
    ("conseiller client", Assistant),
    ("conseillère", Assistant),
    ("consultant", Assistant),
    ("consumer", User),
    ("copilot", Assistant),
    ("csr", Assistant),
    ("cust", User),
    ("customer", User),
    ("customer care", Assistant),
    ("customer rep", Assistant),
    ("customer service", Assistant),
    ("customer service agent", Assistant),
    ("customer service rep", Assistant),
    ("customer service representative", Assistant),
    ("customer support", Assistant),
    ("customer support agent", Assistant),
    ("end user", User),
    ("endnutzer", User),
    ("enduser", User),
    ("event", Event),
    ("function", Tool),
    ("function call", Tool),
    ("gebruiker", User),
    ("gpt", Assistant),
    ("guest", User),
    ("gäst", User),
    ("handläggare", Assistant),
    ("help desk", Assistant),
    ("helpdesk", Assistant),
    ("human", User),
    ("human agent", Assistant),
    ("internal note", Event),
    ("kb", Tool),
    ("khách", User),
    ("khách hàng", User),
    ("klant", User),
    ("klantenservice", Assistant),
    ("klient", User),
    ("klientka", User),
    ("knowledge base", Tool),
    ("knowledgebase", Tool),
    ("konsultant", Assistant),
    ("konsultantka", Assistant),
    ("kund", User),
    ("kunde", User),
    ("kundenberater", Assistant),
    ("kundenberaterin", Assistant),
    ("kundenbetreuer", Assistant),
    ("kundenbetreuerin", Assistant),
    ("kundendienst", Assistant),
    ("kundenservice", Assistant),
    ("kundeservice", Assistant),
    ("kundin", User),
    ("kundservice", Assistant),
    ("live agent", Assistant),
    ("llm", Assistant),
    ("medarbejder", Assistant),
    ("medarbetare", Assistant),
    ("medewerker", Assistant),
    ("mitarbeiter", Assistant),
    ("mitarbeiterin", Assistant),
    ("model", Assistant),
    ("müşteri", User),
    ("müşteri temsilcisi", Assistant),
    ("nhân viên", Assistant),
    ("note", Event),
    ("nutzer", User),
    ("nutzerin", User),
    ("observation", Tool),
    ("operador", Assistant),
    ("operadora", Assistant),
    ("operator", Assistant),
    ("operatore", Assistant),
    ("operatrice", Assistant),
    ("prompter", User),
    ("rep", Assistant),
    ("representative", Assistant),
    ("requester", User),
    ("service agent", Assistant),
    ("service desk", Assistant),
    ("service rep", Assistant),
    ("service representative", Assistant),
    ("shopper", User),
    ("soporte", Assistant),
    ("specialist", Assistant),
    ("suporte", Assistant),
    ("support", Assistant),
    ("support agent", Assistant),
    ("support engineer", Assistant),
    ("support rep", Assistant),
    ("support representative", Assistant),
    ("support specialist", Assistant),
    ("support staff", Assistant),
    ("support team", Assistant),
    ("sys", System),
    ("system", System),
    ("temsilci", Assistant),
    ("tool", Tool),
    ("usager", User),
    ("user", User),
    ("user guide", Event),
    ("userguide", Event),
    ("usr", User),
    ("usuaria", User),
    ("usuario", User),
    ("usuário", User),
    ("utente", User),
    ("utilisateur", User),
    ("utilizador", User),
    ("virtual agent", Bot),
    ("virtual assistant", Bot),
    ("visiteur", User),
    ("visitor", User),
    ("voice bot", Bot),
    ("voicebot", Bot),
    ("wizard", Assistant),
    ("zákazník", User),
    ("πελάτης", User),
    ("клиент", User),
    ("клієнт", User),
    ("оператор", Assistant),
    ("поддержка", Assistant),
    ("пользователь", User),
    ("לקוח", User),
    ("נציג", Assistant),
    ("عميل", User),
    ("موظف", Assistant),
    ("एजेंट", Assistant),
    ("ग्राहक", User),
    ("ลูกค้า", User),
    ("เจ้าหน้าที่", Assistant),
    ("お客さま", User),
    ("お客様", User),
    ("オペレーター", Assistant),
    ("ユーザー", User),
    ("客戶", User),
    ("客户", User),
    ("客服", Assistant),
    ("担当者", Assistant),
    ("用户", User),
    ("顧客", User),
    ("顾客", User),
    ("고객", User),
    ("상담사", Assistant),
    ("상담원", Assistant),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::speakers::key_of;

    fn role(name: &str) -> Option<SpeakerRole> {
        label_of(&key_of(name)).map(|label| label.role)
    }

    #[test]
    fn the_table_is_sorted_folded_and_has_no_twins() {
        for pair in LABELS.windows(2) {
            assert!(pair[0].0 < pair[1].0, "`{}` before `{}`", pair[0].0, pair[1].0);
        }
        for (word, _) in LABELS {
            assert_eq!(plain(&key_of(word)), *word);
        }
    }

    #[test]
    fn case_separators_numbers_and_brackets_do_not_matter() {
        assert_eq!(role(" CUSTOMER "), Some(User));
        assert_eq!(role("End_User"), Some(User));
        assert_eq!(role("end-user 12"), Some(User));
        assert_eq!(role("Agent#3"), Some(Assistant));
        assert_eq!(role("Ana Lima (Support)"), Some(Assistant));
        assert_eq!(role("Bob [Customer]"), Some(User));
        assert_eq!(role("Acme Customer Support"), Some(Assistant));
        assert_eq!(role("KnowledgeBase"), Some(Tool));
        assert_eq!(role("Kundin"), Some(User));
        assert_eq!(role("CONSEILLÈRE"), Some(Assistant));
        assert!(label_of("agent_1").unwrap().numbered);
    }

    #[test]
    fn names_are_no_labels() {
        for name in
            ["", "Bob", "Agent Smith", "speaker 1", "12", "(", "x (", "Support Bob", "é)", "()", "admin"]
        {
            assert_eq!(role(name), None, "{name}");
        }
    }
}
