//! What a row of a table is: an example, a message, a conversation; settled by the user, else by names and
//! values.

use std::collections::BTreeSet;

use super::cell;
use super::columns::{self, find, numbered};
use super::header::Header;
use super::value::{identifier, is_nothing, truth};
use crate::error::{Error, Result};
use crate::read::settings::ColumnSettings;

/// Most characters of a number that may say the place in a conversation: longer ones are identifiers.
const LONGEST_PLACE: usize = 6;
/// Cells of a column that are tried as transcripts.
const CELLS_TRIED: usize = 20;

/// What a row is, and which columns say what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// A row is an example.
    Examples { prompt: usize, answer: usize, context: Option<usize> },
    /// A row is a message; rows of one identifier are a conversation.
    Messages { id: usize, turn: TurnColumns },
    /// A row is a message that names the one it replies to; what hangs together is a conversation.
    Replies { message: usize, parent: usize, turn: TurnColumns },
    /// A row is a conversation, in one cell.
    Transcripts { transcript: usize, id: Option<usize> },
    /// A row is a conversation, a turn a column: the column and whether the customer speaks.
    Wide { turns: Vec<(usize, bool)>, id: Option<usize> },
    /// A row is a question, and nobody answers.
    Questions { text: usize },
    /// Nothing known.
    Unknown,
}

impl Shape {
    /// The columns of texts.
    pub(super) fn prose(&self) -> Vec<usize> {
        match self {
            Self::Examples { prompt, answer, context } => {
                [*prompt, *answer].into_iter().chain(*context).collect()
            }
            Self::Messages { turn, .. } | Self::Replies { turn, .. } => vec![turn.text],
            Self::Transcripts { transcript, .. } => vec![*transcript],
            Self::Wide { turns, .. } => turns.iter().map(|(column, _)| *column).collect(),
            Self::Questions { .. } | Self::Unknown => Vec::new(),
        }
    }
}

/// The columns of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TurnColumns {
    pub text: usize,
    /// A role or a name.
    pub speaker: Option<usize>,
    /// All values of `speaker` looked at are `user` or `assistant`.
    pub plain_roles: bool,
    /// A flag or direction, and whether "yes" means the customer.
    pub inbound: Option<(usize, bool)>,
    pub time: Option<usize>,
    pub order: Option<usize>,
    /// A flag or word, and whether "yes" means public.
    pub visibility: Option<(usize, bool)>,
    pub kind: Option<usize>,
}

/// The shape, the column of instructions, and what to tell the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    pub shape: Shape,
    pub system: Option<usize>,
    pub notes: Vec<String>,
}

/// Columns the user named.
#[derive(Default)]
struct Named {
    id: Option<usize>,
    role: Option<usize>,
    text: Option<usize>,
    time: Option<usize>,
    order: Option<usize>,
    prompt: Option<usize>,
    answer: Option<usize>,
    system: Option<usize>,
    transcript: Option<usize>,
    message_id: Option<usize>,
    reply_to: Option<usize>,
}

impl Named {
    fn of(settings: &ColumnSettings, header: &Header, source: &str) -> Result<Self> {
        let column = |typed: &Option<String>, flag: &str| {
            typed.as_deref().map(|typed| header.find(typed, flag, source)).transpose()
        };
        Ok(Self {
            id: column(&settings.id, "--id-column")?,
            role: column(&settings.role, "--role-column")?,
            text: column(&settings.text, "--text-column")?,
            time: column(&settings.time, "--time-column")?,
            order: column(&settings.order, "--order-column")?,
            prompt: column(&settings.prompt, "--prompt-column")?,
            answer: column(&settings.answer, "--answer-column")?,
            system: column(&settings.system, "--system-column")?,
            transcript: column(&settings.transcript, "--transcript-column")?,
            message_id: column(&settings.message_id, "--message-id-column")?,
            reply_to: column(&settings.reply_to, "--reply-to-column")?,
        })
    }
}

/// Chooses the shape of the table from which `rows` are the first.
pub(super) fn choose(
    header: &Header,
    rows: &[Vec<String>],
    settings: &ColumnSettings,
    source: &str,
) -> Result<Chosen> {
    let named = Named::of(settings, header, source)?;
    let chooser = Chooser { header, rows, named, source };
    let shape = chooser.shape()?;
    let system = match shape {
        Shape::Questions { .. } | Shape::Unknown => None,
        _ => chooser.named.system.or_else(|| find(&header.plain, columns::SYSTEM, &[])),
    };
    let notes = chooser.notes(&shape, system);
    Ok(Chosen { shape, system, notes })
}

/// What is looked at to choose.
pub(super) struct Chooser<'a> {
    pub(super) header: &'a Header,
    rows: &'a [Vec<String>],
    named: Named,
    source: &'a str,
}

impl Chooser<'_> {
    fn shape(&self) -> Result<Shape> {
        let named = &self.named;
        if named.prompt.is_some() || named.answer.is_some() {
            return self.examples().ok_or_else(|| {
                self.missing(
                    "a row is an example",
                    &[("prompt", named.prompt.is_none()), ("answer", named.answer.is_none())],
                )
            });
        }
        if let Some(transcript) = named.transcript {
            return Ok(Shape::Transcripts { transcript, id: self.row_id(&[transcript]) });
        }
        if named.message_id.is_some() || named.reply_to.is_some() {
            return self.replies(false).ok_or_else(|| {
                self.missing(
                    "a row is a message that replies to another",
                    &[
                        ("message-id", named.message_id.is_none()),
                        ("reply-to", named.reply_to.is_none()),
                        ("text", true),
                    ],
                )
            });
        }
        if named.role.is_some() || named.text.is_some() {
            return self.messages().or_else(|| self.replies(true)).ok_or_else(|| {
                self.missing(
                    "a row is a message",
                    &[
                        ("id", named.id.is_none()),
                        ("role", named.role.is_none()),
                        ("text", named.text.is_none()),
                    ],
                )
            });
        }
        Ok(self.guess())
    }

    fn guess(&self) -> Shape {
        if let Some(shape) = self.wide().or_else(|| self.transcripts()) {
            return shape;
        }
        let (messages, examples) = (self.messages(), self.examples());
        match (messages, examples) {
            (Some(Shape::Messages { id, turn }), Some(example)) => {
                if self.repeats(id) {
                    Shape::Messages { id, turn }
                } else {
                    example
                }
            }
            (Some(shape), None) => self.replies(true).filter(|_| self.id_is_parent(&shape)).unwrap_or(shape),
            (None, Some(shape)) if self.find(columns::PROMPT, &[]).is_some() => shape,
            (_, shape) => self.replies(true).or(shape).or_else(|| self.questions()).unwrap_or(Shape::Unknown),
        }
    }

    fn find(&self, aliases: &[&str], taken: &[usize]) -> Option<usize> {
        find(&self.header.plain, aliases, taken)
    }

    /// What stands in a column of the rows looked at.
    pub(super) fn values(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows
            .iter()
            .filter_map(move |row| row.get(column))
            .map(|cell| cell.trim())
            .filter(|cell| !is_nothing(cell))
    }

    /// The column of identifiers of conversations.
    fn id(&self, taken: &[usize]) -> Option<usize> {
        self.named.id.or_else(|| self.find(columns::ID, taken))
    }

    /// The column that names a row that is a whole conversation.
    fn row_id(&self, taken: &[usize]) -> Option<usize> {
        self.id(taken).or_else(|| self.find(&["id"], taken)).filter(|id| !taken.contains(id))
    }

    /// Whether the same identifiers come again among the rows looked at.
    fn repeats(&self, column: usize) -> bool {
        let values: Vec<&str> = self.values(column).collect();
        let distinct = values.iter().collect::<BTreeSet<_>>().len();
        distinct * 10 < values.len() * 9
    }

    fn examples(&self) -> Option<Shape> {
        let answer = self.named.answer.or_else(|| {
            let taken: Vec<usize> = self.named.prompt.into_iter().collect();
            self.find(columns::ANSWER, &taken)
        })?;
        let prompt = self
            .named
            .prompt
            .or_else(|| self.find(columns::PROMPT, &[answer]))
            .or_else(|| self.find(columns::WEAK_PROMPT, &[answer]))?;
        let context = self.find(columns::CONTEXT, &[answer, prompt]);
        (prompt != answer).then_some(Shape::Examples { prompt, answer, context })
    }

    fn messages(&self) -> Option<Shape> {
        // A column that is called no more than `id` names rows, unless the same ones come again.
        let repeated = || self.find(&["id"], &[]).filter(|id| self.repeats(*id));
        let id = self.id(&[]).or_else(repeated)?;
        let turn = self.turn(&[id])?;
        (turn.speaker.is_some() || turn.inbound.is_some()).then_some(Shape::Messages { id, turn })
    }

    /// Whether the only thing that makes a conversation is a column named like a reply's parent.
    fn id_is_parent(&self, shape: &Shape) -> bool {
        matches!(shape, Shape::Messages { id, .. } if self.named.id.is_none()
            && self.header.plain.get(*id).is_some_and(|name| name == "parentid"))
    }

    /// A column that names another row is believed when one row looked at really is the one named.
    fn replies(&self, verify: bool) -> Option<Shape> {
        let parent = self.named.reply_to.or_else(|| self.find(columns::REPLY_TO, &[]))?;
        let message = self.named.message_id.or_else(|| self.find(columns::MESSAGE_ID, &[parent]))?;
        let turn = self.turn(&[message, parent])?;
        if verify {
            let known: BTreeSet<&str> = self.values(message).map(identifier).collect();
            if !self.values(parent).any(|value| known.contains(identifier(value))) {
                return None;
            }
        }
        (message != parent).then_some(Shape::Replies { message, parent, turn })
    }

    /// The columns of a message, none of them one of `taken`.
    fn turn(&self, taken: &[usize]) -> Option<TurnColumns> {
        let text = self.named.text.or_else(|| self.find(columns::TEXT, taken))?;
        let mut taken = taken.to_vec();
        taken.push(text);
        let all = |column: usize, fits: &dyn Fn(&str) -> bool| {
            self.values(column).next().is_some() && self.values(column).all(fits)
        };
        let is_flag = |column: &usize| all(*column, &|value| inbound(value).is_some());
        let (speaker, inbound_column) = match self.named.role {
            Some(role) if is_flag(&role) => (self.find(columns::SPEAKER, &taken), Some(role)),
            Some(role) => (Some(role), None),
            None => {
                let speaker =
                    self.find(columns::ROLE, &taken).or_else(|| self.find(columns::SPEAKER, &taken));
                (speaker, self.find(columns::INBOUND, &taken).filter(is_flag))
            }
        };
        taken.extend(speaker);
        taken.extend(inbound_column);
        let is_plain_role =
            |value: &str| value.eq_ignore_ascii_case("user") || value.eq_ignore_ascii_case("assistant");
        let is_place = |value: &str| value.len() <= LONGEST_PLACE && value.parse::<f64>().is_ok();
        let order = self.named.order.or_else(|| {
            let guessed =
                self.find(columns::ORDER, &taken).or_else(|| self.find(columns::MESSAGE_ID, &taken));
            guessed.filter(|column| all(*column, &is_place))
        });
        taken.extend(order);
        let time = self.named.time.or_else(|| self.find(columns::TIME, &taken));
        taken.extend(time);
        Some(TurnColumns {
            text,
            speaker,
            plain_roles: speaker.is_some_and(|column| all(column, &is_plain_role)),
            inbound: inbound_column.map(|column| (column, self.yes_is_customer(column))),
            time,
            order,
            visibility: self.find(columns::VISIBILITY, &taken).map(|column| {
                let name = self.header.plain.get(column).map_or("", String::as_str);
                (column, !(name.contains("private") || name.contains("internal")))
            }),
            kind: self.find(columns::KIND, &taken),
        })
    }

    fn yes_is_customer(&self, column: usize) -> bool {
        let name = self.header.plain.get(column).map_or("", String::as_str);
        !["agent", "bot", "assistant", "outbound", "outgoing", "support"]
            .iter()
            .any(|side| name.contains(side))
    }

    fn transcripts(&self) -> Option<Shape> {
        let transcript = columns::TRANSCRIPT.iter().find_map(|alias| {
            let column = self.header.plain.iter().position(|name| name == alias)?;
            let (mut cells, mut held) = (0, 0);
            for value in self.values(column).take(CELLS_TRIED) {
                cells += 1;
                held += usize::from(cell::read(value, None).is_some());
            }
            (held > 0 && held * 2 >= cells).then_some(column)
        })?;
        Some(Shape::Transcripts { transcript, id: self.row_id(&[transcript]) })
    }

    fn wide(&self) -> Option<Shape> {
        let mut turns: Vec<(u32, usize, bool)> = Vec::new();
        for (column, name) in self.header.plain.iter().enumerate() {
            turns.extend(numbered(name).map(|(customer, number)| (number, column, customer)));
        }
        turns.sort_unstable();
        let both = turns.iter().any(|turn| turn.2) && turns.iter().any(|turn| !turn.2);
        let columns: Vec<usize> = turns.iter().map(|turn| turn.1).collect();
        let turns = turns.into_iter().map(|(_, column, customer)| (column, customer)).collect();
        both.then(|| Shape::Wide { turns, id: self.row_id(&columns) })
    }

    fn questions(&self) -> Option<Shape> {
        let text = self.find(columns::PROMPT, &[]).or_else(|| self.find(columns::WEAK_PROMPT, &[]))?;
        Some(Shape::Questions { text })
    }

    fn missing(&self, what: &str, columns: &[(&str, bool)]) -> Error {
        let flags: Vec<String> = columns
            .iter()
            .filter(|(_, missing)| *missing)
            .map(|(name, _)| format!("`--{name}-column`"))
            .collect();
        Error::usage(format!("`{}`: {what}, and not all of its columns are known", self.source)).with_hint(
            format!("name them with {}; the columns are {}", flags.join(", "), self.header.listed()),
        )
    }
}

/// What a flag or a direction says: "yes", coming in.
pub(super) fn inbound(value: &str) -> Option<Direction> {
    match value.trim().to_ascii_lowercase().as_str() {
        "inbound" | "incoming" | "in" | "received" => Some(Direction::In),
        "outbound" | "outgoing" | "out" | "sent" => Some(Direction::Out),
        // Twilio says how: `outbound-api`, `outbound-reply`.
        word if word.starts_with("outbound-") => Some(Direction::Out),
        _ => truth(value).map(Direction::Flag),
    }
}

/// A direction, or a flag whose meaning its column's name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    In,
    Out,
    Flag(bool),
}
