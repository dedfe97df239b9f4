//! Docs run: console blocks in the README and the guide are tests.

#[test]
fn console_blocks_say_what_happens() {
    // Commands of the docs write below `out/`, which must be new to each run.
    for folder in ["out/check", "out/demo", "out/guide"] {
        let _ = std::fs::remove_dir_all(crate::support::root().join(folder));
    }
    // Single files are written into a folder that is there.
    std::fs::create_dir_all(crate::support::root().join("out/check")).unwrap();
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_chatmill"));
    trycmd::TestCases::new()
        .register_bin("chatmill", bin)
        .env("NO_COLOR", "1")
        .env("CHATMILL_TODAY", "2026-11-21")
        .case("README.md")
        .case("docs/guide/*.md")
        .run();
}
