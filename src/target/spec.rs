//! What a target accepts, as data.

use super::registration::Registration;
use crate::diagnostic::{Def, Finding, Severity};
use crate::model::Role;
use crate::text::number::thousands;

/// What a row of the target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One conversation to learn from.
    Example,
    /// A prompt with a preferred and another answer.
    Preference,
}

impl Shape {
    /// In words, for help and docs.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Example => "one conversation",
            Self::Preference => "a prompt with a preferred and another answer",
        }
    }
}

/// Where instructions may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemPlace {
    /// Anywhere, any number; first is usual.
    Anywhere,
    /// At most one, first.
    FirstOnly,
}

impl SystemPlace {
    /// In words, for help and docs.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Anywhere => "anywhere",
            Self::FirstOnly => "at most one, first",
        }
    }
}

/// Whether two messages of one role may stand side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjacent {
    /// Accepted.
    Allowed,
    /// Refused.
    Refused,
}

impl Adjacent {
    /// In words, for help and docs.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Allowed => "accepted",
            Self::Refused => "refused",
        }
    }
}

/// What the last message must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// The assistant's.
    Assistant,
    /// Not the assistant's (the prompt of a preference).
    NotAssistant,
    /// Anybody's.
    Any,
}

impl Last {
    /// In words, for help and docs.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Assistant => "the assistant's",
            Self::NotAssistant => "not the assistant's",
            Self::Any => "anybody's",
        }
    }
}

/// How strictly tool results must follow tool calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolResults {
    /// A result without its call is refused; a call without its result is a warning.
    Answered,
    /// Every call is answered exactly once.
    AnsweredOnce,
    /// Every call is answered exactly once, but for those of the last message; calls of the first message and results are
    /// counted as `mistral-common` counts them, and a result follows an answer or another result.
    Counted,
}

impl ToolResults {
    /// In words, for help and docs.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Answered => "a result needs its call",
            Self::AnsweredOnce => "every call is answered exactly once",
            Self::Counted => "as many results as calls before each answer",
        }
    }
}

/// What the identifiers of tool calls look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallIds {
    /// Any text.
    Any,
    /// Nine ASCII letters and digits.
    Nine,
}

impl CallIds {
    /// In words, for help and docs.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Any => "any text",
            Self::Nine => "nine letters and digits",
        }
    }
}

/// What pictures must look like where they stand in the row itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InlineImages {
    /// What their addresses begin with, to the letter.
    pub prefixes: &'static [&'static str],
    /// Most characters of an address, with what it begins with.
    pub url_chars: usize,
    /// Most pictures of a row.
    pub most: usize,
}

/// What becomes of an example that is longer than the target takes, unless it is told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlong {
    /// Its end is cut off.
    CutAtEnd,
    /// It is left out without a word.
    Dropped,
    /// The file is refused.
    Refused,
    /// Nothing is published.
    Unsaid,
}

impl Overlong {
    /// In words, for help and docs.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::CutAtEnd => "cut at the end",
            Self::Dropped => "left out",
            Self::Refused => "refused",
            Self::Unsaid => "not published",
        }
    }
}

/// What becomes of a row that is against the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFault {
    /// The file is refused, and nothing is trained.
    RefusesFile,
    /// The row is left out, with a line in a log at most.
    DropsRow,
    /// The run stops with an error.
    StopsRun,
}

impl OnFault {
    /// In words, for help and docs.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::RefusesFile => "the file is refused",
            Self::DropsRow => "the row is left out",
            Self::StopsRun => "the run stops",
        }
    }
}

/// How long an example may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// Tokens, where they do not depend on the model.
    pub tokens: Option<u64>,
    /// The setting that changes it, where there is one.
    pub setting: Option<&'static str>,
    /// What becomes of longer ones.
    pub overlong: Overlong,
    /// Of what the model takes, an example of this target takes one of so many parts.
    pub parts: u64,
}

impl Length {
    /// What an example takes of a model that takes so many tokens.
    pub fn of_model(&self, tokens: u64) -> u64 {
        tokens / self.parts.max(1)
    }
}

/// How a trainer packs rows into sequences, where it is told to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packing {
    /// What the trainer calls it.
    pub name: &'static str,
    /// What becomes of rows.
    pub how: Packed,
    /// Tokens by which the limit of length is lower than without.
    pub less: u64,
    /// What else is to be known, for people.
    pub notes: &'static str,
}

/// What becomes of rows that are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packed {
    /// They stay whole; of longer ones becomes what becomes of them without packing.
    Whole,
    /// Those that are longer than a sequence are cut into pieces of its length, and nothing is lost.
    Split,
    /// They follow one another and are cut wherever a sequence is full, beginning again with each batch of so many rows.
    Wrapped {
        /// Rows of a batch.
        batch: u64,
    },
}

/// Which messages are learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trained {
    /// Every answer of the assistant, or those with a weight.
    Answers,
    /// The last answer only.
    LastAnswer,
    /// Every token.
    Everything,
}

impl Trained {
    /// In words, for help and docs.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Answers => "every answer of the assistant",
            Self::LastAnswer => "the last answer",
            Self::Everything => "every token",
        }
    }
}

/// Numbers; `None` where nothing is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Fewest examples a file may have.
    pub examples_min: Option<u64>,
    /// Fewest examples that are recommended.
    pub examples_recommended: Option<u64>,
    /// Most examples a file may have.
    pub examples_max: Option<u64>,
    /// Most of them that may hold pictures, films or sounds.
    pub media_examples_max: Option<u64>,
    /// Largest file in bytes.
    pub file_bytes: Option<u64>,
    /// Most tool definitions in a row.
    pub tools_max: Option<usize>,
    /// What the file may hold that a job is validated by.
    pub validation: Validation,
}

impl Limits {
    /// Nothing is published.
    pub(super) const NONE: Self = Self {
        examples_min: None,
        examples_recommended: None,
        examples_max: None,
        media_examples_max: None,
        file_bytes: None,
        tools_max: None,
        validation: Validation::NONE,
    };
}

/// What the file may hold that a job is validated by; `None` where nothing is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validation {
    /// Whether no job begins without one.
    pub required: bool,
    /// Fewest examples.
    pub examples_min: Option<u64>,
    /// Most examples.
    pub examples_max: Option<u64>,
    /// Most examples of both files together.
    pub examples_of_both: Option<u64>,
    /// Most bytes.
    pub bytes: Option<u64>,
    /// Most bytes, in percent of those of the training file.
    pub percent_of_training: Option<u64>,
}

impl Validation {
    /// Nothing is published.
    pub(super) const NONE: Self = Self {
        required: false,
        examples_min: None,
        examples_max: None,
        examples_of_both: None,
        bytes: None,
        percent_of_training: None,
    };

    /// Whether anything is published about its size.
    pub fn is_limited(&self) -> bool {
        Self { required: false, ..*self } != Self::NONE
    }

    /// In words, for help and docs.
    pub fn in_words(&self) -> String {
        let examples = match (self.examples_min, self.examples_max) {
            (None, None) => None,
            (Some(least), Some(most)) => {
                Some(format!("{} to {} examples", thousands(least), thousands(most)))
            }
            (Some(least), None) => Some(format!("{} examples or more", thousands(least))),
            (None, Some(most)) => Some(format!("at most {} examples", thousands(most))),
        };
        let both =
            self.examples_of_both.map(|most| format!("with the training file at most {}", thousands(most)));
        let bytes = self.bytes.map(|most| format!("at most {} bytes", thousands(most)));
        let percent = self.percent_of_training.map(|most| format!("at most {most} % of the training file"));
        let required = self.required.then(|| "required".to_owned());
        let said: Vec<String> = [required, examples, both, bytes, percent].into_iter().flatten().collect();
        if said.is_empty() { "not published".to_owned() } else { said.join(", ") }
    }
}

/// The description of a target, from which rules, help and docs are made.
#[derive(Debug, Clone, Copy)]
pub struct TargetSpec {
    /// Name for `--to` and `--target`, kebab-case.
    pub name: &'static str,
    /// One line: what it is.
    pub title: &'static str,
    /// Providers that take the same rows, beside the one with whose name the target's begins.
    pub also_at: &'static [&'static str],
    /// What a row is.
    pub shape: Shape,
    /// Roles that are accepted.
    pub roles: &'static [Role],
    /// Where instructions may stand.
    pub system: SystemPlace,
    /// Whether the first message after the instructions must be the user's.
    pub user_first: bool,
    /// Whether a row is more than text: then a user should speak in it.
    pub needs_user: bool,
    /// Whether two messages of one role may stand side by side.
    pub adjacent: Adjacent,
    /// What the last message must be.
    pub last: Last,
    /// How tool results must follow calls.
    pub tool_results: ToolResults,
    /// What their identifiers look like.
    pub call_ids: CallIds,
    /// Whether one message may call several tools.
    pub parallel_calls: bool,
    /// Whether a message may say something and call tools.
    pub content_beside_calls: bool,
    /// Whether every tool must have a description and parameters.
    pub complete_tools: bool,
    /// Whether blank content is refused (otherwise a warning).
    pub blank_content_refused: bool,
    /// Whether content may be a list of parts.
    pub content_parts: bool,
    /// Whether parts of text are written as one text, although lists are taken.
    pub joins_parts: bool,
    /// Whether a part may be a refusal.
    pub refusal_parts: bool,
    /// What pictures must look like; `None` where other rules say it.
    pub inline_images: Option<InlineImages>,
    /// Whether some messages of a conversation may be texts and others lists of parts.
    pub mixed_content: bool,
    /// Whether an answer without calls may say nothing.
    pub empty_answers: bool,
    /// Whether a refusal or sound may stand in place of an answer's content.
    pub substitutes: bool,
    /// Whether the content of an answer of a preference may be `null` beside calls.
    pub null_answers: bool,
    /// Whether `"weight": null` means that there is none.
    pub null_weights: bool,
    /// Whether a message with pictures may be trained.
    pub weighted_images: bool,
    /// Whether `"tools": null` means that there are none.
    pub null_tools: bool,
    /// Whether the input of a preference may have keys of its own, which nobody looks at.
    pub open_input: bool,
    /// Whether an answer may be one that is to be continued (`prefix`).
    pub continued_answers: bool,
    /// Whether a row may be one message.
    pub lone_message: bool,
    /// Whether the parameters of tools are checked against JSON Schema, and the names of their results are.
    pub checks_tools: bool,
    /// Keys of a row.
    pub row_keys: &'static [&'static str],
    /// Whether all rows become one table, in which each value is of one kind in every row.
    pub one_table: bool,
    /// Whether other keys of a row are kept: graders read them.
    pub keeps_other_keys: bool,
    /// Keys of a message, of any role, as the chat format calls them.
    pub message_keys: &'static [&'static str],
    /// Texts that the target refuses anywhere in a message.
    pub forbidden_text: &'static [&'static str],
    /// Whether they are compared without regard to capitals.
    pub forbidden_in_any_case: bool,
    /// Whether a row holds one answer to learn, behind all that was said before it.
    pub one_answer: bool,
    /// Which messages are learned.
    pub trained: Trained,
    /// What becomes of a row that is against the rules.
    pub on_fault: OnFault,
    /// How long an example may be.
    pub length: Length,
    /// The setting of a job that makes it shorter, where a provider has one.
    pub shortened_by: Option<&'static str>,
    /// Characters of each text that count as a token of the limit, where its validator counts those and no tokens.
    pub characters_a_token: Option<u64>,
    /// Numbers.
    pub limits: Limits,
    /// Whether a row that is too long is cut within a question and its answer, each by its share, and the pairs behind are left
    /// out.
    pub cuts_pairs: bool,
    /// Whether a row of which the limit leaves nothing to learn is left out.
    pub drops_unlearned: bool,
    /// What its loader adds to the instructions of rows without tools.
    pub adds_instructions: Option<&'static str>,
    /// How its trainer packs rows, the way that it takes when none is named first; empty where that is not its matter.
    pub packing: &'static [Packing],
    /// How its trainer is told of a file, where it does not take the file alone.
    pub registration: Option<Registration>,
    /// How bad a finding of a code is here, where that differs from the rule's usual severity; sorted by code.
    pub severities: &'static [(&'static str, Severity)],
    /// Sentences of the target itself, by the code of our finding: people search for them. Numbers that differ from
    /// file to file are written `N` and `M`, a key `KEY`, a control token `TOKEN`, a kind `TYPE`, a role `ROLE`, other
    /// words `X` or `…`; sorted by code.
    pub sentences: &'static [(&'static str, &'static str)],
    /// When the rules were last compared with their sources (ISO date).
    pub checked: &'static str,
    /// Where the rules are published or were seen.
    pub sources: &'static [&'static str],
}

impl TargetSpec {
    /// Whether findings of `code` are errors here where they need not be elsewhere.
    pub(super) fn refuses(&self, code: &str) -> bool {
        self.severities.contains(&(code, Severity::Error))
    }

    /// A target about which nothing is known but that it reads chats: what others differ from.
    pub(crate) const CHAT: Self = Self {
        name: "",
        title: "",
        also_at: &[],
        shape: Shape::Example,
        roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
        system: SystemPlace::Anywhere,
        user_first: false,
        needs_user: true,
        adjacent: Adjacent::Allowed,
        last: Last::Assistant,
        tool_results: ToolResults::Answered,
        call_ids: CallIds::Any,
        parallel_calls: true,
        content_beside_calls: true,
        complete_tools: false,
        blank_content_refused: false,
        content_parts: false,
        joins_parts: false,
        refusal_parts: true,
        inline_images: None,
        mixed_content: true,
        empty_answers: true,
        substitutes: true,
        null_answers: true,
        null_weights: true,
        weighted_images: true,
        null_tools: false,
        open_input: false,
        continued_answers: true,
        lone_message: true,
        checks_tools: false,
        row_keys: &["messages", "tools"],
        one_table: false,
        keeps_other_keys: false,
        message_keys: &["role", "content", "name", "tool_calls", "tool_call_id"],
        forbidden_text: &[],
        forbidden_in_any_case: false,
        one_answer: false,
        trained: Trained::Answers,
        on_fault: OnFault::RefusesFile,
        length: Length { tokens: None, setting: None, overlong: Overlong::Unsaid, parts: 1 },
        shortened_by: None,
        characters_a_token: None,
        limits: Limits::NONE,
        cuts_pairs: false,
        drops_unlearned: false,
        adds_instructions: None,
        packing: &[],
        registration: None,
        severities: &[],
        sentences: &[],
        checked: "",
        sources: &[],
    };

    /// The target's own sentence for a finding of `code`, if one is known.
    pub fn sentence(&self, code: &str) -> Option<&'static str> {
        self.sentences.iter().find(|(known, _)| *known == code).map(|(_, sentence)| *sentence)
    }

    /// How bad a finding of `def` is for this target, where that differs from the usual.
    pub fn severity(&self, def: &Def) -> Option<Severity> {
        self.severities.iter().find(|(code, _)| *code == def.code).map(|(_, severity)| *severity)
    }

    /// Adds the target's own sentence to findings that have none, where one is known.
    pub fn quote(&self, findings: &mut [Finding]) {
        for finding in findings.iter_mut().filter(|finding| finding.says.is_none()) {
            finding.says = self.sentence(finding.def.code).map(str::to_owned);
        }
    }

    /// Whether the target accepts the role.
    pub fn accepts_role(&self, role: &Role) -> bool {
        self.roles.contains(role)
    }
}
