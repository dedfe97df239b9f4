//! The commented `chatmill.toml` that `init` writes. A test holds it against the keys that are understood.

use std::fmt::Write as _;

use super::{NearSettings, Settings};
use crate::text::number::count;

/// What was recognised in the inputs, to be written beside the settings.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Lines about the inputs.
    pub inputs: Vec<String>,
    /// Speakers: name, role and reason.
    pub speakers: Vec<(String, String, String)>,
    /// Noise: the mending's name, and how many turns it concerns.
    pub noise: Vec<(String, u64)>,
}

/// A settings file for these settings, with what was seen as comments.
pub fn template(settings: &Settings, seen: &Seen) -> String {
    let speakers = &seen.speakers;
    let mut out = String::from("# Settings of chatmill for this folder; flags win over them.\n");
    if !seen.inputs.is_empty() {
        out.push_str("#\n# What was recognised:\n");
        for line in &seen.inputs {
            let _ = writeln!(out, "#   {}", comment(line));
        }
    }
    let _ = write!(
        out,
        "\n# Where the rows go, and what will be tuned (`chatmill list targets`, `chatmill list models`).\n\
         target = {}\nmodel = {}\n# threads = 2\n",
        quoted(&settings.target),
        quoted(&settings.model)
    );
    out.push_str("\n[input]\n");
    let read = &settings.read;
    entry(&mut out, "from", read.from.as_deref(), "openai-chat", "the reader, instead of recognising it");
    entry(
        &mut out,
        "encoding",
        read.encoding.as_deref(),
        "windows-1252",
        "the encoding, instead of recognising it",
    );
    entry(
        &mut out,
        "boundary",
        read.boundary.as_deref(),
        "^Chat #",
        "regular expression that begins a transcript",
    );
    entry(
        &mut out,
        "users",
        read.users.as_deref(),
        "users.json",
        "the export's list of users, where it lies elsewhere",
    );
    entry(
        &mut out,
        "query",
        read.query.as_deref(),
        "SELECT id, role, text, time FROM messages",
        "which rows of SQLite databases are read",
    );
    let _ = write!(
        out,
        "# keep-affixes = true  # keep separators and stop suffixes of prompt/completion files\n\
         # max-record = {}  # bytes; longer records are rejected\n\
         # max-ratio = {}  # unpacked to packed bytes\n",
        read.limits.record_bytes, read.limits.ratio
    );
    out.push_str("\n[paths]  # in nested JSON, keys joined by dots\n");
    let paths = &read.paths;
    entry(&mut out, "records", paths.records.as_deref(), "data.items", "from the top to the list of records");
    entry(&mut out, "messages", paths.messages.as_deref(), "turns", "from a record to its messages");
    entry(&mut out, "role", paths.role.as_deref(), "author.type", "from a message to its speaker");
    entry(&mut out, "text", paths.text.as_deref(), "body", "from a message to its text");
    entry(&mut out, "time", paths.time.as_deref(), "created_at", "from a message to its time");
    entry(&mut out, "id", paths.id.as_deref(), "id", "from a record to its identifier");
    entry(&mut out, "system", paths.system.as_deref(), "instructions", "from a record to its instructions");
    out.push_str("\n[columns]  # of tables, by name or by number from 1\n");
    let columns = &read.columns;
    let delimiter = columns.delimiter.map(|byte| char::from(byte).to_string());
    entry(&mut out, "delimiter", delimiter.as_deref(), ";", "the field separator");
    entry(&mut out, "id", columns.id.as_deref(), "ticket_id", "the conversation a row belongs to");
    entry(&mut out, "role", columns.role.as_deref(), "author", "who speaks");
    entry(&mut out, "text", columns.text.as_deref(), "body", "what is said");
    entry(&mut out, "time", columns.time.as_deref(), "created_at", "when");
    entry(&mut out, "order", columns.order.as_deref(), "index", "the order within a conversation");
    entry(&mut out, "prompt", columns.prompt.as_deref(), "question", "the question, one example a row");
    entry(&mut out, "answer", columns.answer.as_deref(), "reply", "the answer, one example a row");
    entry(
        &mut out,
        "system",
        columns.system.as_deref(),
        "instructions",
        "the instructions, one example a row",
    );
    entry(&mut out, "transcript", columns.transcript.as_deref(), "chat", "a whole transcript in one cell");
    entry(&mut out, "message-id", columns.message_id.as_deref(), "tweet_id", "what replies refer to");
    entry(&mut out, "reply-to", columns.reply_to.as_deref(), "in_response_to", "the row this one replies to");
    out.push_str("\n[speakers]  # names, or patterns with *\n");
    for (name, role, why) in speakers {
        let _ = writeln!(out, "# {} is {}: {}", comment(name), comment(role), comment(why));
    }
    list(&mut out, "assistant", &settings.speakers.assistant, "Ana, *@shop.example");
    list(&mut out, "user", &settings.speakers.user, "Visitor *");
    list(&mut out, "system", &settings.speakers.system, "Instructions");
    list(&mut out, "ignore", &settings.speakers.ignore, "Monitoring");
    out.push_str("\n[mend]  # what is done to turns on the way (`chatmill list mendings`)\n");
    entry(
        &mut out,
        "system",
        settings.mend.system.as_deref(),
        "You are the support of …",
        "put first where there is none",
    );
    let gap = settings.mend.gap_ms.map(|gap| format!("{}s", gap / 1_000));
    entry(&mut out, "gap", gap.as_deref(), "1d", "a longer pause begins a new example");
    let _ = match settings.mend.max_tokens {
        Some(tokens) => writeln!(out, "max-tokens = {tokens}"),
        None => writeln!(out, "# max-tokens = 8192  # divide longer examples, no turn trained twice"),
    };
    for (name, turns) in &seen.noise {
        let _ = writeln!(out, "# {name}: {}", count(*turns, "turn"));
    }
    list(&mut out, "on", &settings.mend.on, "");
    list(&mut out, "off", &settings.mend.off, "");
    out.push_str("\n[check]  # rules by code, prefix or name (`chatmill list rules`)\n");
    list(&mut out, "select", &settings.lint.select, "");
    list(&mut out, "ignore", &settings.lint.ignore, "");
    list(&mut out, "no-fix", &settings.lint.no_fix, "");
    out.push_str("# severity = { TURN002 = \"warning\" }\n");
    let baseline = settings.baseline.as_ref().map(|path| path.display().to_string());
    entry(&mut out, "baseline", baseline.as_deref(), "known.json", "findings that do not count");
    out.push_str(
        "\n[personal]  # personal data and secrets that `check` names (`chatmill list detectors`)\n",
    );
    list(&mut out, "kinds", settings.lint.personal.kinds(), "email, phone, card, iban");
    list(&mut out, "allow", settings.lint.personal.allow(), "@shop.example, +49 221 8429 3517");
    let _ = write!(
        out,
        "\n[twins]\non = {}  # conversation, prompt, answer, tools, joined by commas\nkeep = {}\nwhich = {}  # of twins, this one is kept: first, longest, newest, best:FIELD\n",
        quoted(&settings.twins.on.to_string()),
        settings.twins.keep,
        quoted(&settings.twins.which.to_string())
    );
    let near = settings.twins.near;
    let threshold = near.map_or_else(|| quoted("off"), |near| near.threshold.to_string());
    let _ = writeln!(out, "near = {threshold}  # least similarity of near twins, or \"off\"");
    let given =
        near.filter(|near| *near != NearSettings { threshold: near.threshold, ..NearSettings::default() });
    let (shingle, mask, method) = (
        given.map(|near| near.shingle.to_string()),
        given.map(|near| near.masks.to_string()),
        given.map(|near| near.method.to_string()),
    );
    entry(&mut out, "shingle", shingle.as_deref(), "words:2", "what texts are cut into to be compared");
    entry(
        &mut out,
        "mask",
        mask.as_deref(),
        "numbers",
        "what differs without meaning: dates, identifiers, numbers",
    );
    entry(
        &mut out,
        "near-method",
        method.as_deref(),
        "exact",
        "or minhash, which misses some and says how many",
    );
    let index = settings.twins.index.as_ref().map(|path| path.display().to_string());
    entry(
        &mut out,
        "index",
        index.as_deref(),
        "known.index",
        "rows that earlier runs kept, and this one adds to",
    );
    let split = &settings.split;
    let _ = write!(
        out,
        "\n[split]  # amounts are shares such as 0.1, or numbers of rows\nvalid = {}\ntest = {}\nseed = {}\ntolerance = {}\n",
        split.valid, split.test, split.seed, split.tolerance
    );
    out.push_str("# Fields whose equal values stay on one side:\n");
    list(&mut out, "group-by", &settings.group_by, "customer_id");
    let _ = writeln!(
        out,
        "group-known = {}  # the same for customer_id, ticket_id and the like",
        settings.group_known
    );
    let (stratify, after, test_after) = (
        split.stratify.as_ref().map(ToString::to_string),
        split.after.as_ref().map(|moment| moment.text.clone()),
        split.test_after.as_ref().map(|moment| moment.text.clone()),
    );
    entry(&mut out, "stratify", stratify.as_deref(), "label", "the same share of each value on each side");
    entry(
        &mut out,
        "after",
        after.as_deref(),
        "2026-03-01",
        "validation begins here; shares do not count then",
    );
    entry(&mut out, "test-after", test_after.as_deref(), "2026-04-01", "test begins here");
    entry(&mut out, "time-field", settings.time_field.as_deref(), "closed_at", "where rows have their time");
    let previous = settings.previous.as_ref().map(|path| path.display().to_string());
    entry(&mut out, "previous", previous.as_deref(), "out", "an earlier run whose sides hold");
    out.push_str("\n[cost]\n");
    let _ = match settings.epochs {
        Some(epochs) => writeln!(out, "epochs = {epochs}"),
        None => writeln!(out, "# epochs = 3  # without it the documented default is assumed"),
    };
    let prices = settings.prices.as_ref().map(|path| path.display().to_string());
    entry(
        &mut out,
        "prices",
        prices.as_deref(),
        "prices.toml",
        "prices of your own, over those that come with chatmill",
    );
    let billing = &settings.billing;
    entry(
        &mut out,
        "provider",
        billing.provider.as_deref(),
        "ori",
        "who tunes, where the target does not say it",
    );
    let weights = billing.weights.map(crate::cost::Weights::name);
    entry(&mut out, "weights", weights, "lora", "which weights change: lora or full");
    let _ = match billing.evaluations {
        0 => writeln!(out, "# evaluations = 10  # how often the validation file is gone through"),
        evaluations => writeln!(out, "evaluations = {evaluations}"),
    };
    let residual = billing.residual.as_ref().map(|path| path.display().to_string());
    entry(
        &mut out,
        "residual",
        residual.as_deref(),
        "residual.toml",
        "what finished jobs taught (`cost --calibrate`)",
    );
    out
}

fn entry(out: &mut String, key: &str, value: Option<&str>, example: &str, says: &str) {
    let _ = match value {
        Some(value) => writeln!(out, "{key} = {}  # {says}", quoted(value)),
        None => writeln!(out, "# {key} = {}  # {says}", quoted(example)),
    };
}

fn list(out: &mut String, key: &str, values: &[String], example: &str) {
    let shown: Vec<String> = if values.is_empty() {
        example.split(", ").filter(|name| !name.is_empty()).map(quoted).collect()
    } else {
        values.iter().map(|value| quoted(value)).collect()
    };
    let mark = if values.is_empty() { "# " } else { "" };
    let _ = writeln!(out, "{mark}{key} = [{}]", shown.join(", "));
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Strangers' text on one line of a comment.
fn comment(text: &str) -> String {
    crate::text::sanitize::excerpt(text, 200)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file::FileSettings;

    #[test]
    fn every_key_it_shows_is_understood() {
        let seen = Seen {
            inputs: vec!["a\nb".to_owned()],
            speakers: vec![("Ana\n[x]".to_owned(), "assistant".to_owned(), "many".to_owned())],
            noise: vec![("drop-join".to_owned(), 2)],
        };
        let text = template(&Settings::default(), &seen);
        let uncommented: String = text
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if rest.split(' ').nth(1) == Some("=") => rest,
                _ => line,
            })
            .collect::<Vec<_>>()
            .join("\n");
        for text in [text.as_str(), uncommented.as_str()] {
            let parsed: Result<FileSettings, _> = toml::from_str(text);
            assert!(parsed.is_ok(), "{:?}\n{text}", parsed.err());
        }
    }
}
