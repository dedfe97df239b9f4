//! Whole messages, as they come and as they should never come.

use std::fmt::Write as _;

use super::charset::Charsets;
use super::*;
use crate::model::Kind;
use crate::read::frame::{Batch, Frames};
use crate::read::source::Place;

fn letter(message: &str) -> turns::Letter {
    turns::read(message.as_bytes(), Charsets::default()).unwrap()
}

/// The texts of a message's turns, with what they are where they are no text.
fn texts(message: &str) -> Vec<String> {
    let shown = |sentence: &turns::Sentence| match sentence.turn.kind {
        Kind::Text => sentence.turn.text.clone(),
        kind => format!("{kind:?} {}", sentence.turn.text),
    };
    letter(message).turns.iter().map(shown).collect()
}

#[test]
fn ten_thousand_levels_are_looked_into_a_little() {
    for (kind, most) in [("multipart/mixed", 3), ("message/rfc822", 60), ("multipart/digest", 60)] {
        let mut message = String::from("From: a@b.example\n");
        for level in 0..10_000 {
            match kind {
                "message/rfc822" => message.push_str("Content-Type: message/rfc822\n\n"),
                _ => write!(message, "Content-Type: {kind}; boundary=b{level}\n\n--b{level}\n").unwrap(),
            }
        }
        message.push_str("\n\nfar down\n");
        let turns = texts(&message);
        assert!((1..=most).contains(&turns.len()), "{kind}: {}", turns.len());
        assert!(turns.iter().skip(1).any(|turn| turn.starts_with("Media")), "{kind}: {turns:?}");
    }
}

#[test]
fn a_digest_is_its_messages() {
    let message = "From: list@x.example\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nTopics\n--o\nContent-Type: multipart/digest; boundary=i\n\n--i\n\nFrom: kim@x.example\nMessage-ID: <1@x>\n\nHello\n--i\n\nFrom: ana@x.example\n\nHi\n--i--\n--o--\n";
    assert_eq!(texts(message), ["Auto(Other) Topics", "Auto(Other) Hello", "Auto(Other) Hi"]);
    let authors: Vec<String> = letter(message).turns.into_iter().map(|sentence| sentence.author.1).collect();
    assert_eq!(authors, ["list@x.example", "kim@x.example", "ana@x.example"]);
}

#[test]
fn many_parts_are_looked_at_up_to_a_bound() {
    let mut message = String::from("From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n");
    message.push_str(&"--x\n\nword\n".repeat(200_000));
    let turns = texts(&message);
    assert_eq!(turns.len(), 2);
    assert!(turns[0].starts_with("word\nword"));
}

#[test]
fn long_headers_and_lists() {
    let long = "x".repeat(1 << 20);
    let turns = texts(&format!("From: a@b.example\nX-Long: {long}\nSubject: {long}\n\nHello\n"));
    assert_eq!(turns, ["Hello"]);
    let (mut ids, mut addresses) = (String::new(), String::new());
    for number in 0..50_000 {
        writeln!(ids, " <{number}@x.example>").unwrap();
        writeln!(addresses, " a{number}@x.example,").unwrap();
    }
    let turns = texts(&format!("From: a@b.example\nReferences:{ids}To:{addresses} z@x.example\n\nHello\n"));
    assert_eq!(turns, ["Hello"]);
}

#[test]
fn names_and_addresses() {
    for (from, name, address) in [
        ("Ana Lima <help@shop.example>", "Ana Lima", "help@shop.example"),
        ("\"Lima, Ana\" <help@shop.example>", "Lima, Ana", "help@shop.example"),
        ("help@shop.example", "", "help@shop.example"),
        ("\"help@shop.example\" <help@shop.example>", "", "help@shop.example"),
        ("=?utf-8?q?Ana_L=C3=ADma?= <help@shop.example>", "Ana Líma", "help@shop.example"),
        ("=?utf-8?q?Ana?=\n =?utf-8?q?_Lima?= <help@shop.example>", "Ana Lima", "help@shop.example"),
    ] {
        let found = letter(&format!("From: {from}\n\nx\n")).author;
        assert_eq!(found, (name.into(), address.into()), "{from}");
    }
}

#[test]
fn dates_that_cannot_be_are_none() {
    for (date, wanted) in [
        ("Fri, 1 Mar 2024 10:00:00 +0100", Some(1_709_283_600_000)),
        ("1 Mar 2024 10:00:00 +0100", Some(1_709_283_600_000)),
        ("Fri, 1 Mar 1824 10:00:00 +0100", None),
        ("Fri, 99 Mar 9999 99:99:99 +9999", None),
        ("yesterday", None),
        ("", None),
    ] {
        let found = letter(&format!("From: a@b.example\nDate: {date}\n\nx\n")).time;
        assert_eq!(found, wanted, "{date}");
    }
}

#[test]
fn heads_are_mail_or_not() {
    let sniffs =
        |name: &str, text: &str| Mail.sniff(&Sample::new(name, text.as_bytes().to_vec(), true)).is_some();
    assert!(sniffs("x", "From a@b.example Fri Mar  1 10:00:00 2024\nSubject: x\n\nHello\n"));
    assert!(sniffs("x.eml", "From: a@b.example\n\nHello\n"));
    assert!(sniffs("x", "Received: by x\nFrom: a@b.example\n\nHello\n"));
    assert!(sniffs("x", "From: a@b.example\nTo: c\nSubject: d\n\nHello\n"));
    for text in [
        "From: Ana\nTo: Kim\nDate: today\n\nAna: hello\nKim: hi\n",
        "From here to 2024\nNote: x\n",
        "Agent: hello\nCustomer: hi\n",
        "{\"from\":\"a\"}",
        "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>x</p>",
        "",
    ] {
        assert!(!sniffs("x.txt", text), "{text}");
    }
}

/// The messages of a mailbox, with their lines; read in one piece or byte by byte, which must be the same.
fn messages(text: &str, limit: usize) -> Vec<(u64, String, bool)> {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("in.mbox");
    std::fs::write(&path, text).unwrap();
    let source = Source::new("in.mbox", Place::File(path), text.len() as u64);
    let mut settings = ReadSettings::default();
    settings.limits.record_bytes = limit;
    let mut frames = Mailboxes::new(vec![source], settings);
    let mut found = Vec::new();
    loop {
        let mut batch = Batch::default();
        let more = frames.fill(&mut batch).unwrap();
        for frame in batch.frames() {
            let bytes = String::from_utf8_lossy(frame.bytes).into_owned();
            found.push((frame.origin.line, bytes, frame.fault.is_some()));
        }
        if !more {
            return found;
        }
    }
}

#[test]
fn mailboxes_are_cut_at_separators_only() {
    let one = "From a@b.example Fri Mar  1 10:00:00 2024\nSubject: 1\n\nFrom now on until 2025\nand: more\n\nFrom Mon to Fri 2024\nwe are here\n";
    let two = "From MAILER-DAEMON Fri Mar 01 10:00:00 +0000 2024\r\nSubject: 2\r\n\r\ntext\r\n";
    let found = messages(
        &format!("\n{one}\n{two}From - Fri Mar  1 10:00:00 2024 EST\nX-Mozilla-Status: 1\n\n"),
        10_000,
    );
    let lines: Vec<u64> = found.iter().map(|message| message.0).collect();
    assert_eq!(lines, [2, 11, 15], "{found:?}");
    assert_eq!(found[0].1, one.trim_end());
    assert_eq!(messages("no separator\n", 100).len(), 1);
    assert!(messages("", 100).is_empty());
}

#[test]
fn a_message_that_is_too_long_is_passed_over() {
    let long = "x".repeat(700_000);
    let text = format!(
        "From a@b.example Fri Mar  1 10:00:00 2024\nSubject: 1\n\n{long}\nFrom a@b.example Fri Mar  1 10:00:00 2024\nSubject: 2\n\nshort\n"
    );
    for limit in [1_000, 300_000, 699_999] {
        let found = messages(&text, limit);
        assert_eq!(found.iter().map(|message| message.2).collect::<Vec<_>>(), [true, false], "{limit}");
        assert_eq!(found[1].0, 5);
        assert!(found[1].1.ends_with("short"));
    }
}

#[test]
fn large_files_do_not_make_a_message_too_long() {
    let lines =
        "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD\n".repeat(2_000);
    let part = |kind: &str| {
        format!("--x\nContent-Type: {kind}; name=\"file\"\nContent-Transfer-Encoding: base64\n\n{lines}")
    };
    let message = |kind: &str| {
        format!(
            "From a@b.example Fri Mar  1 10:00:00 2024\nFrom: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHello\n{}--x\n\nBye\n--x--\n",
            part(kind)
        )
    };
    let found = messages(&message("image/png"), 100_000);
    assert!(!found[0].2 && found[0].1.len() < 1_000, "{}", found[0].1.len());
    assert_eq!(texts(found[0].1.split_once('\n').unwrap().1), ["Hello\nBye", "Media file"]);
    // A text is kept whole, and so is what nobody says is base64.
    assert!(messages(&message("text/plain"), 100_000)[0].2);
    assert!(!messages(&message("text/plain"), 1_000_000)[0].2);
    let plain = message("image/png").replace("base64", "8bit");
    assert_eq!(messages(&plain, 1_000_000)[0].1.len(), plain.trim_end().len());
}

#[test]
fn marks_of_mailboxes_are_taken_away_once() {
    for (written, wanted) in [
        (
            ">From here\n>>From there\n> From it\na >From b\n",
            "From here\n>From there\n> From it\na >From b\n",
        ),
        ("plain", "plain"),
        (">From ", "From "),
    ] {
        assert_eq!(mailbox::unmangled(written.as_bytes()).as_ref(), wanted.as_bytes());
    }
}

#[test]
fn files_of_one_place_come_together() {
    let file = |name: &str, root: &str| {
        let mut source = Source::new(name, Place::File(name.into()), 1);
        source.root = root.len();
        source
    };
    let files = [
        file("mail/a.eml", "mail"),
        file("mail/deep/b.EML", "mail"),
        file("mail/Inbox", "mail"),
        file("mail/Inbox.msf", "mail"),
        file("mail/notes", "mail"),
        file("x.zip!c.mbox", "x.zip"),
        file("x.zip!d.mbox", "x.zip"),
        file("box/cur/1700000000.M1P1.host:2,S", "box"),
        file("alone/e.eml", ""),
        file("two/f.eml", ""),
        file("two/g.eml", ""),
    ];
    let groups: Vec<Vec<usize>> = Mail.gather(&files).into_iter().map(|group| group.parts).collect();
    assert_eq!(groups, [vec![0, 1, 2], vec![9, 10], vec![5, 6]]);
}

#[test]
fn nothing_panics_on_cut_and_flipped_mail() {
    let message = include_bytes!("../../../fixtures/read/mail/attachments/input/1.eml");
    for end in 0..message.len() {
        let _ = turns::read(&message[..end], Charsets::default());
    }
    for at in 0..message.len() {
        let mut flipped = message.to_vec();
        flipped[at] ^= 0x80;
        let _ = turns::read(&flipped, Charsets::default());
        flipped[at] = b'\n';
        let _ = turns::read(&flipped, Charsets::default());
    }
}
