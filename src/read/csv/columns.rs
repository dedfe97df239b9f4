//! Names of columns as they are met in exports, and what each of them holds.
//!
//! Names are compared in lower case without punctuation, so `Ticket Description`, `ticket_description` and
//! `TicketDescription` are one. Within a list the likeliest comes first. The lists are made from the exports
//! of help desks, from public data sets of dialogues, and from the column names of common question/answer
//! tables.

/// A name in the form in which names are compared.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Words before a name that say nothing (`message_body`, `ticket_subject`).
const PREFIXES: [&str; 6] = ["ticket", "message", "msg", "chat", "tweet", "comment"];

pub(super) const ID: &[&str] = &[
    "conversationid",
    "convid",
    "convoid",
    "conversationuuid",
    "conversation",
    "dialogid",
    "dialogueid",
    "dialog",
    "dialogue",
    "sessionid",
    "session",
    "ticketid",
    "ticketnumber",
    "ticketno",
    "ticket",
    "chatid",
    "chatkey",
    "threadid",
    "thread",
    "caseid",
    "casenumber",
    "case",
    "callid",
    "contactid",
    "interactionid",
    "issueid",
    "issuekey",
    "incidentid",
    "requestid",
    "roomid",
    "parentid",
    "groupid",
];

pub(super) const ROLE: &[&str] = &[
    "role",
    "authorrole",
    "senderrole",
    "speakerrole",
    "participantrole",
    "authortype",
    "sendertype",
    "actortype",
    "speakertype",
    "participanttype",
    "usertype",
    "fromtype",
];

pub(super) const SPEAKER: &[&str] = &[
    "speaker",
    "author",
    "sender",
    "from",
    "authorname",
    "sendername",
    "speakername",
    "fromname",
    "participant",
    "actor",
    "who",
    "party",
    "username",
    "authorid",
    "senderid",
    "speakerid",
    "userid",
    "participantid",
    "fromaddress",
    "createdby",
    "createdbyid",
];

pub(super) const INBOUND: &[&str] = &[
    "inbound",
    "isinbound",
    "incoming",
    "isincoming",
    "direction",
    "fromcustomer",
    "isfromcustomer",
    "iscustomer",
    "fromuser",
    "isuser",
    "isfromuser",
    "outbound",
    "isoutbound",
    "outgoing",
    "isoutgoing",
    "fromagent",
    "isfromagent",
    "isagent",
    "frombot",
    "isbot",
    "isassistant",
];

pub(super) const TEXT: &[&str] = &[
    "text",
    "messagetext",
    "message",
    "plainbody",
    "bodyplain",
    "body",
    "content",
    "plaintext",
    "textbody",
    "messagebody",
    "messagecontent",
    "utterance",
    "utterancetext",
    "msg",
    "comment",
    "commentbody",
    "tweet",
    "turntext",
    "value",
    "transcripttext",
    "htmlbody",
];

pub(super) const TIME: &[&str] = &[
    "timestamp",
    "createdat",
    "sentat",
    "messagetimestamp",
    "messagedate",
    "messagetime",
    "sentdate",
    "senttime",
    "datetime",
    "createddate",
    "createddatetime",
    "createtime",
    "entrytime",
    "created",
    "time",
    "date",
    "ts",
    "starttime",
];

pub(super) const ORDER: &[&str] = &[
    "messageindex",
    "turnindex",
    "turnnumber",
    "turnno",
    "turnid",
    "turn",
    "sequence",
    "sequencenumber",
    "seq",
    "index",
    "position",
    "order",
    "messageorder",
    "messagenumber",
    "messageno",
    "utteranceindex",
    "utteranceid",
    "linenumber",
    "step",
];

pub(super) const MESSAGE_ID: &[&str] =
    &["tweetid", "messageid", "msgid", "postid", "commentid", "uuid", "id"];

pub(super) const REPLY_TO: &[&str] = &[
    "inresponsetotweetid",
    "inreplyto",
    "inreplytoid",
    "inreplytostatusid",
    "inresponseto",
    "replyto",
    "replytoid",
    "replytomessageid",
    "parentmessageid",
    "parenttweetid",
    "parentcommentid",
    "parentpostid",
    "parentid",
    "parent",
];

pub(super) const VISIBILITY: &[&str] = &[
    "public",
    "ispublic",
    "ispublished",
    "published",
    "private",
    "isprivate",
    "internal",
    "isinternal",
    "visibility",
];

pub(super) const KIND: &[&str] =
    &["messagetype", "eventtype", "entrytype", "msgtype", "contenttype", "type", "kind", "subtype"];

pub(super) const SYSTEM: &[&str] = &["system", "systemprompt", "systemmessage", "instructions"];

pub(super) const CONTEXT: &[&str] = &["context", "input", "passage"];

/// Names that mean a question whatever stands beside them.
pub(super) const PROMPT: &[&str] = &[
    "prompt",
    "instruction",
    "question",
    "query",
    "ticketdescription",
    "description",
    "customermessage",
    "customerquery",
    "customerquestion",
    "customerinquiry",
    "usermessage",
    "userquery",
    "userquestion",
    "userprompt",
    "userinput",
    "questiontext",
    "inquiry",
    "enquiry",
    "customer",
    "user",
    "human",
    "problem",
    "issue",
    "input",
    "request",
    "q",
];

/// Names that mean a question where there is a column of answers.
pub(super) const WEAK_PROMPT: &[&str] = &[
    "text",
    "body",
    "message",
    "content",
    "email",
    "emailbody",
    "utterance",
    "title",
    "subject",
    "ticketsubject",
];

pub(super) const ANSWER: &[&str] = &[
    "completion",
    "answer",
    "response",
    "output",
    "reply",
    "resolution",
    "assistant",
    "agentresponse",
    "agentreply",
    "agentanswer",
    "agentmessage",
    "supportresponse",
    "supportreply",
    "botresponse",
    "assistantresponse",
    "assistantmessage",
    "modelresponse",
    "ticketresolution",
    "answertext",
    "responsetext",
    "expectedoutput",
    "expectedanswer",
    "companyresponse",
    "solution",
    "agent",
    "bot",
    "gpt",
    "a",
];

pub(super) const TRANSCRIPT: &[&str] = &[
    "transcript",
    "chattranscript",
    "conversationtranscript",
    "messages",
    "conversation",
    "conversations",
    "dialog",
    "dialogue",
    "dialogs",
    "chatlog",
    "chathistory",
    "conversationtext",
    "chat",
    "turns",
    "chatmessages",
];

/// Columns that name the customer's side of a wide table (`user_1`).
pub(super) const WIDE_USER: &[&str] = &[
    "user",
    "customer",
    "client",
    "human",
    "visitor",
    "question",
    "q",
    "prompt",
    "usermessage",
    "customermessage",
];

/// Columns that name the other side of a wide table (`agent_1`).
pub(super) const WIDE_ASSISTANT: &[&str] = &[
    "agent",
    "assistant",
    "bot",
    "support",
    "answer",
    "a",
    "response",
    "reply",
    "gpt",
    "operator",
    "agentmessage",
    "assistantmessage",
];

/// The column, none of those `taken`, whose name comes first in `aliases`; then the same without a prefix
/// that says nothing.
pub(super) fn find(names: &[String], aliases: &[&str], taken: &[usize]) -> Option<usize> {
    let position = |fits: &dyn Fn(&str) -> bool| {
        names.iter().enumerate().position(|(at, name)| !taken.contains(&at) && fits(name))
    };
    let exact = aliases.iter().find_map(|alias| position(&|name| name == *alias));
    exact.or_else(|| {
        aliases.iter().find_map(|alias| {
            position(&|name| {
                PREFIXES.iter().any(|prefix| name.strip_prefix(prefix).is_some_and(|rest| rest == *alias))
            })
        })
    })
}

/// Names that are values as often: who speaks, and letters.
const ALSO_VALUES: [&str; 16] = [
    "user",
    "customer",
    "human",
    "agent",
    "bot",
    "assistant",
    "system",
    "gpt",
    "q",
    "a",
    "text",
    "message",
    "email",
    "chat",
    "comment",
    "public",
];

/// Whether the name is in any of the lists, and no value that a first row of data may hold.
pub(super) fn is_known(name: &str) -> bool {
    if ALSO_VALUES.contains(&name) {
        return false;
    }
    let lists: [&[&str]; 16] = [
        ID,
        ROLE,
        SPEAKER,
        INBOUND,
        TEXT,
        TIME,
        ORDER,
        MESSAGE_ID,
        REPLY_TO,
        VISIBILITY,
        KIND,
        SYSTEM,
        PROMPT,
        WEAK_PROMPT,
        ANSWER,
        TRANSCRIPT,
    ];
    lists.iter().any(|list| list.contains(&name))
}

/// The side and the number of a column of a wide table: `agent_2` is (false, 2).
pub(super) fn numbered(name: &str) -> Option<(bool, u32)> {
    let label = name.trim_end_matches(|last: char| last.is_ascii_digit());
    let number = name.get(label.len()..)?.parse().ok()?;
    if WIDE_USER.contains(&label) {
        Some((true, number))
    } else if WIDE_ASSISTANT.contains(&label) {
        Some((false, number))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_spelling() {
        let names: Vec<String> =
            ["Ticket ID", "Ticket Subject", "Ticket Description", "session.ID", "Chat-Body"]
                .map(plain)
                .to_vec();
        assert_eq!(find(&names, PROMPT, &[]), Some(2));
        assert_eq!(find(&names, &["sessionid"], &[]), Some(3));
        assert_eq!(find(&names, TEXT, &[2]), Some(4));
        assert_eq!(numbered("agent2"), Some((false, 2)));
        assert_eq!(numbered("q10"), Some((true, 10)));
        assert_eq!(numbered("agent"), None);
        assert_eq!(numbered("line5"), None);
    }
}
