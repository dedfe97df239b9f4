//! Docs run: console blocks in the README and the guide are tests.

#[test]
fn console_blocks_say_what_happens() {
    // Commands of the docs write below `out/`, which must be new to each run.
    for folder in ["out/check", "out/demo", "out/guide"] {
        let _ = std::fs::remove_dir_all(crate::support::root().join(folder));
    }
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_chatmill"));
    trycmd::TestCases::new()
        .register_bin("chatmill", bin)
        .env("NO_COLOR", "1")
        .env("CHATMILL_TODAY", "2026-11-21")
        .case("README.md")
        .case("docs/guide/*.md")
        .run();
}

/// Commands that show what an error says; every other one has to work, also when its block is recorded anew.
const SHOWN_TO_FAIL: &[&str] = &[
    "chatmill convert --quiet fixtures/guide/tickets.csv --prompt-column Anfragen --answer-column Antwort",
    "chatmill convert fixtures/read/csv/sqlite-messages/input.db",
];

#[test]
fn no_page_shows_a_command_that_cannot_run() {
    let root = crate::support::root();
    let guide = crate::support::files_below(&root.join("docs/guide"));
    let pages =
        guide.into_iter().map(|page| root.join("docs/guide").join(page)).chain([root.join("README.md")]);
    let mut failing: Vec<String> = Vec::new();
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair[1] == "? 2") {
            failing.push(pair[0].trim_start_matches("$ ").to_owned());
        }
    }
    failing.sort_unstable();
    assert_eq!(failing, SHOWN_TO_FAIL, "recorded in a folder that was not fresh?");
}
