//! The reference pages equal what the code says; `BLESS=1 cargo test` writes them.

use std::fmt::Write as _;

use chatmill::pipeline::codes;
use chatmill::read::READERS;
use chatmill::read::assemble::MENDINGS;
use chatmill::target::TARGETS;
use chatmill::text::number::thousands;
use chatmill::tokens::MODELS;

use crate::support::{compare, root};

fn check(name: &str, text: &str) {
    let page = format!("<!-- Made from the code by tests/reference.rs; do not edit. -->\n\n{text}");
    if let Err(fault) = compare(&root().join("docs/reference").join(name), &page) {
        panic!("{fault}");
    }
}

#[test]
fn readers() {
    let mut page = String::from("# Readers\n");
    for reader in READERS {
        let spec = reader.spec();
        let _ = write!(
            page,
            "\n## {}\n\n{}.\n\nRecognised by {}.\n\n{}\n",
            spec.name, spec.title, spec.recognised_by, spec.notes
        );
        if !spec.how_to_get.is_empty() {
            let _ = write!(page, "\nHow to get it:\n\n{}\n", spec.how_to_get);
        }
    }
    check("readers.md", &page);
}

#[test]
fn targets() {
    let number = |number: Option<u64>| number.map_or_else(|| "not published".into(), thousands);
    let mut page = String::from("# Targets\n");
    for target in TARGETS {
        let spec = target.spec();
        let roles: Vec<&str> = spec.roles.iter().map(chatmill::model::Role::name).collect();
        let _ = write!(
            page,
            "\n## {}\n\n{}. Rules checked {}.\n\n- a row is: {:?}\n- keys of a row: `{}`\n- keys of a message: `{}`\n- roles: {}\n- system message: {:?}\n- first after it must be the user: {}\n- two of one role side by side: {:?}\n- last message: {:?}\n- tool results: {:?}\n- blank content refused: {}\n- fewest examples: {}, recommended: {}\n- largest file in bytes: {}\n- texts refused in messages: {}\n\nSources:\n\n",
            spec.name,
            spec.title,
            spec.checked,
            spec.shape,
            spec.row_keys.join("`, `"),
            spec.message_keys.join("`, `"),
            roles.join(", "),
            spec.system,
            spec.user_first,
            spec.adjacent,
            spec.last,
            spec.tool_results,
            spec.blank_content_refused,
            number(spec.limits.examples_min),
            number(spec.limits.examples_recommended),
            number(spec.limits.file_bytes),
            spec.forbidden_text.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(" ")
        );
        for source in spec.sources {
            let _ = writeln!(page, "- {source}");
        }
    }
    check("targets.md", &page);
}

#[test]
fn every_code() {
    let mut page = String::from(
        "# Codes\n\nEvery finding, rejection and mending; `chatmill explain CODE` says the same.\n",
    );
    for described in codes::all() {
        let def = described.def;
        let _ = write!(
            page,
            "\n## {} {}\n\n{}, {}: {}.\n\nWhy it matters: {}.\n\nThe way out: {}.\n",
            def.code, def.name, def.severity, described.kind, def.summary, def.why, def.remedy
        );
        if let Some((safety, does)) = described.fix() {
            let _ = write!(page, "\nThe fix, {}: {does}.\n", safety.name());
        }
        if let Some(rule) = described.rule {
            let _ = write!(
                page,
                "\nBad:\n\n```json\n{}\n```\n\nGood:\n\n```json\n{}\n```\n\nSource: {}\n",
                rule.bad, rule.good, rule.source
            );
        }
    }
    check("codes.md", &page);
}

#[test]
fn mendings() {
    let mut page = String::from(
        "# Mendings\n\nWhat is done to turns on the way to messages; each is counted, and stands in the provenance.\n\n| name | default | what it does |\n|---|---|---|\n",
    );
    for mending in MENDINGS {
        let default = if mending.on_by_default { "on" } else { "off" };
        let _ = writeln!(
            page,
            "| `{}` ({}) | {default} | {} |",
            mending.def.name, mending.def.code, mending.def.summary
        );
    }
    check("mendings.md", &page);
}

#[test]
fn models() {
    let mut page = String::from(
        "# Models\n\n| model | vocabulary | tokens an example | also called |\n|---|---|--:|---|\n",
    );
    for model in MODELS {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            model.name,
            model.encoding,
            thousands(model.example_tokens),
            model.aliases.join(", ")
        );
    }
    check("models.md", &page);
}
