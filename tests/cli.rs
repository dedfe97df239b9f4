//! The command line itself: help, exit codes, machine-readable output.

use crate::support::run;

#[test]
fn every_command_has_help() {
    let help = run(["--help"]);
    assert_eq!(help.code, 0);
    for command in [
        "prepare",
        "convert",
        "check",
        "count",
        "plan",
        "cost",
        "stats",
        "diff",
        "conflicts",
        "fate",
        "migrate",
        "dedup",
        "split",
        "verify",
        "explain",
        "list",
        "init",
    ] {
        assert!(help.stdout.contains(command), "{command} is missing");
        let page = run([command, "--help"]);
        assert_eq!(page.code, 0, "{}", page.all());
        assert!(page.stdout.contains("Usage: chatmill"), "{}", page.all());
    }
}

#[test]
fn mistakes_in_usage_are_2() {
    for arguments in
        [vec!["prepare"], vec!["nonsense"], vec!["check", "--fail-on", "never-ever", "x"], vec![]]
    {
        assert_eq!(run(&arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn lists_are_for_people_and_machines() {
    for what in ["rules", "readers", "targets", "models", "mendings"] {
        let people = run(["list", what]);
        let machines = run(["list", what, "--json"]);
        assert_eq!((people.code, machines.code), (0, 0));
        let rows: Vec<serde_json::Value> = serde_json::from_str(&machines.stdout).unwrap();
        assert_eq!(people.stdout.lines().count(), rows.len() + 1, "{what}");
    }
}

#[test]
fn every_code_is_explained() {
    for described in chatmill::pipeline::codes::all() {
        let ran = run(["explain", described.def.code]);
        assert_eq!(ran.code, 0);
        assert!(
            ran.stdout.contains(described.def.name) && ran.stdout.contains("The way out:"),
            "{}",
            ran.all()
        );
    }
    let ran = run(["explain", "last-turn-not-asistant"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean `last-turn-not-assistant`"), "{}", ran.all());
}

#[test]
fn a_check_ends_with_0_or_1() {
    let good = "fixtures/cli/good.jsonl";
    let bad = "fixtures/cli/bad.jsonl";
    let ran = run(["check", good, "--ignore", "too-few-examples"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let ran = run(["check", bad]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    let ran = run(["check", bad, "--fail-on", "never"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let ran = run(["check", bad, "--format", "json"]);
    let checked: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(checked["findings"].as_array().unwrap().len() as u64, {
        let sums = &checked["checked"];
        ["errors", "warnings", "infos"].iter().map(|sum| sums[*sum].as_u64().unwrap()).sum::<u64>()
    });
    let concise = run(["check", bad, "--format", "concise"]);
    assert!(
        concise.stdout.lines().all(|line| line.starts_with("fixtures/cli/bad.jsonl:")),
        "{}",
        concise.all()
    );
}
