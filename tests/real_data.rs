//! The front door on real data, where it is there: `CHATMILL_DATA` names the folder, else `../shared/data` is looked for
//! when the tests are built.
//!
//! The data is others' and not in this repository; where it is absent these tests are reported as ignored, never as
//! passed.

use std::path::PathBuf;

use crate::support::{assert_sums, prepare, report, root, run};

/// A place in the folder of real data.
fn data(place: &str) -> PathBuf {
    let path = root().join(option_env!("CHATMILL_DATA").unwrap_or("../shared/data")).join(place);
    assert!(path.exists(), "{} is not there", path.display());
    path
}

/// Prepares and gives the report, having held the sums.
fn prepared(paths: &[&PathBuf], flags: &[&str]) -> serde_json::Value {
    let mut arguments: Vec<&str> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    arguments.extend(["--no-tokens", "--quiet"]);
    arguments.extend(flags);
    let (_home, out, ran) = prepare(&arguments);
    assert!(ran.code < 2, "{}", ran.all());
    let report = report(&out);
    assert_sums(&report);
    report
}

fn count_of(report: &serde_json::Value, list: &str, name: &str) -> u64 {
    let tallies = report[list].as_array().unwrap();
    tallies.iter().filter(|tally| tally["name"] == name).map(|tally| tally["count"].as_u64().unwrap()).sum()
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn every_folder_is_accounted_for() {
    for folder in [
        "abcd",
        "banking77",
        "codealpaca",
        "cucom_hinglish",
        "ethereum_pm_zoom",
        "gpteacher",
        "hh_rlhf",
        "irc_disentanglement",
        "kaggle_support_tickets",
        "llama_factory",
        "order_food_legacy",
        "slack_export_viewer",
        "star",
        "talon_emails",
        "taskmaster",
        "tau_bench",
    ] {
        let path = data(folder);
        let (_home, out, ran) = prepare(&[path.to_str().unwrap(), "--no-tokens", "--quiet"]);
        assert!(ran.code < 2, "{folder}: {}", ran.all());
        assert_sums(&report(&out));
    }
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn talks_of_channels() {
    let report = prepared(&[&data("irc_disentanglement/data")], &[]);
    // Each line of the five logs of 1,250 lines and of the one of 1,200 is a turn of one talk.
    assert_eq!(report["turns"]["read"], 7_450);
    assert!(report["ledger"]["train"].as_u64().unwrap() > 200, "who asks and who answers shows by itself");
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn the_old_completion_format() {
    let path = data("order_food_legacy/data.jsonl");
    let report = prepared(&[&path], &["--near", "off"]);
    assert_eq!(report["ledger"]["records"], 1_289);
    assert_eq!(report["ledger"]["duplicates_exact"], 66);
    assert_eq!(count_of(&report, "findings", "affix-stripped"), 1_289);
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn twins_across_two_files() {
    let (a, b) =
        (data("codealpaca/data/new_codealpaca.json"), data("gpteacher/Codegen/codegen-instruct.json"));
    assert_eq!(prepared(&[&a, &b], &["--near", "off"])["ledger"]["duplicates_exact"], 4_535);
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn twins_with_and_without_tools() {
    let path = data("llama_factory/data/glaive_toolcall_en_demo.json");
    assert_eq!(prepared(&[&path], &["--near", "off"])["ledger"]["duplicates_exact"], 38);
    let with_tools = prepared(&[&path], &["--near", "off", "--twins-on", "conversation,tools"]);
    assert_eq!(with_tools["ledger"]["duplicates_exact"], 35);
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn tool_calls_are_kept_and_rows_that_end_with_a_result_are_found() {
    let path = data("tau_bench/historical_trajectories/gpt-4o-airline.json");
    let report = prepared(&[&path], &[]);
    assert_eq!(report["ledger"]["records"], 200);
    assert_eq!(count_of(&report, "findings", "last-turn-not-assistant"), 51);
    let ran = run(["convert", "--quiet", path.to_str().unwrap()]);
    assert_eq!(ran.stdout.lines().count(), 149);
    let calls: usize = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|row| {
            row["messages"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|message| message.get("tool_calls").is_some())
                .count()
        })
        .sum();
    assert!(calls > 500, "{calls} calls");
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn questions_without_answers_are_refused_with_that_reason() {
    let path = data("banking77");
    let report = prepared(&[&path], &[]);
    assert_eq!(report["ledger"]["train"], 0);
    assert_eq!(count_of(&report, "rejections", "no-answer"), 13_083);
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn tickets_with_an_answer() {
    let path = data("kaggle_support_tickets");
    let report = prepared(&[&path], &[]);
    assert_eq!(report["ledger"]["records"], 8_469);
    assert_eq!(count_of(&report, "rejections", "no-answer"), 5_700);
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn dialogues_are_prepared() {
    for (folder, least) in
        [("abcd", 3), ("star", 400), ("taskmaster", 900), ("cucom_hinglish", 5_000), ("hh_rlhf", 2_000)]
    {
        let path = data(folder);
        let ledger = &prepared(&[&path], &[])["ledger"];
        let kept = ledger["train"].as_u64().unwrap() + ledger["valid"].as_u64().unwrap();
        assert!(kept >= least, "{folder}: {ledger}");
    }
}

/// The text of a mail or page of the talon set, as the reader of mail gives it to the mendings.
fn mail_text(path: &std::path::Path) -> String {
    use chatmill::model::Raw;
    use chatmill::read::source::Place;
    use chatmill::read::{Batch, ReadSettings, Sample, Source, by_name};
    let bytes = std::fs::read(path).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => return chatmill::text::html::to_text(&text),
        None => return text,
        _ => {}
    }
    let source = Source::new(path.to_str().unwrap(), Place::File(path.into()), bytes.len() as u64);
    let settings = ReadSettings::default();
    let sample = Sample::of(&source, &settings).unwrap();
    let mut opened = by_name("mail").unwrap().open(&source, &sample, &settings).unwrap();
    let mut batch = Batch::default();
    opened.frames.fill(&mut batch).unwrap();
    let decoded = opened.decoder.decode(&batch.frames().next().unwrap()).unwrap();
    match decoded.raw {
        Raw::Conversation(conversation) => conversation.turns[0].text.clone(),
        _ => panic!("no conversation"),
    }
}

/// The words that are left of a mail, and those that should be.
fn assert_left(name: &str, text: &str, author: &str, wanted: &str, tally: &mut [usize; 3]) {
    use chatmill::text::mail::{disclaimer, quotation, signature};
    let unquoted = quotation::cut(text, author).unwrap_or_else(|| text.to_owned());
    let open = disclaimer::cut(&unquoted).unwrap_or(&unquoted);
    let left = signature::cut(open, author).unwrap_or(open);
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let (left, wanted) = (words(left), words(wanted));
    tally[0] += 1;
    let mut rest = left.iter();
    let lost: Vec<&String> = wanted.iter().filter(|word| !rest.any(|left| left == *word)).collect();
    if left == wanted {
        tally[1] += 1;
    } else {
        eprintln!("{name}: left {:?}", left.join(" "));
    }
    if !lost.is_empty() {
        tally[2] += 1;
        eprintln!("{name}: lost {lost:?}");
    }
}

/// Shares of the talon set of which quotation and signature are cut, and of which anything else is lost. Printed with
/// `cargo test --test all talon -- --nocapture`.
#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn quotations_and_signatures_of_the_talon_set() {
    let home = data("talon_emails/tests/fixtures");
    let reply = "Hi. I am fine. Thanks, Alex";
    let mut quoted = [0; 3];
    for folder in ["standard_replies", "html_replies"] {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(home.join(folder)).unwrap().flatten().map(|entry| entry.path()).collect();
        files.sort();
        for path in files {
            let wanted = if folder == "html_replies" { reply } else { "Hello" };
            assert_left(path.to_str().unwrap(), &mail_text(&path), "", wanted, &mut quoted);
        }
    }
    for (name, wanted) in
        [("OLK_SRC_BODY_SECTION.html", "Reply"), ("reply-separated-by-hr.html", "Hi there Bob")]
    {
        assert_left(name, &mail_text(&home.join(name)), "", wanted, &mut quoted);
    }
    let mut signed = [0; 3];
    let emails = home.join("signature/emails");
    for (name, author) in
        [("sparse", "John Doe"), ("long", "Gina Xxxxxxxxx <gina@example.com>"), ("jeff", "Stavros Xxxxxx")]
    {
        let read =
            |part: &str| std::fs::read_to_string(emails.join(format!("stripped/{name}_{part}"))).unwrap();
        let (body, signature) = (read("body"), read("signature"));
        let wanted = body
            .strip_suffix(signature.trim_end())
            .unwrap_or_else(|| body.trim_end().strip_suffix(signature.trim_end()).unwrap());
        assert_left(name, &body, author, wanted, &mut signed);
    }
    let annotated = std::fs::read_to_string(emails.join("P/johndoeexamplecom_body")).unwrap();
    let wanted: Vec<&str> = annotated.lines().filter(|line| !line.starts_with("#sig#")).collect();
    let body = annotated.replace("#sig#", "");
    assert_left("johndoe", &body, "John E. Doe <john@example.com>", &wanted.join("\n"), &mut signed);
    let unsigned = std::fs::read_to_string(emails.join("P/unicode_msg")).unwrap();
    assert_left("unicode_msg", &unsigned, "Сергей Обухов", &unsigned, &mut signed);
    for (what, [all, whole, lost]) in [("quotations", quoted), ("signatures", signed)] {
        eprintln!("{what}: {whole} of {all} exactly as wanted, {lost} with words of the reply lost");
    }
    assert_eq!((quoted[0], quoted[1], quoted[2]), (14, 14, 0));
    assert_eq!((signed[0], signed[1], signed[2]), (5, 5, 0));
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn published_sets_are_read_by_their_own_readers() {
    for (place, reader, records, refused) in [
        ("abcd/data/abcd_sample.json", "abcd", 3, 0),
        ("star/dialogues", "star", 554, 48),
        ("taskmaster/TM-3-2020/reward", "taskmaster", 500, 26),
        ("taskmaster/TM-4-2024/data", "taskmaster", 710, 0),
    ] {
        let report = prepared(&[&data(place)], &[]);
        for input in report["inputs"].as_array().unwrap() {
            assert_eq!(input["format"], reader, "{input}");
        }
        assert_eq!(
            (&report["ledger"]["records"], &report["ledger"]["rejected"]),
            (&records.into(), &refused.into()),
            "{place}"
        );
    }
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn a_slack_archive_is_read_by_channels() {
    let path = data("slack_export_viewer/tests/testarchive.zip");
    let report = prepared(&[&path], &["--assistant", "doubledeez", "--user", "hamza"]);
    // 158 messages, of which one is a file in the old form with a comment: two turns.
    assert_eq!(report["turns"]["read"], 159);
    assert_eq!(report["ledger"]["records"], 64);
    assert_eq!(report["turns"]["dropped"]["drop-join"], 11, "{}", report["turns"]);
    // 94 posts of apps have no text of their own.
    assert_eq!(report["turns"]["dropped"]["drop-auto-message"], 94, "{}", report["turns"]);
}
