//! All work of a run is done by the workers of that run.

use chatmill::config::Settings;
use chatmill::pipeline::conflicts::{Terms, conflicts};
use chatmill::pipeline::watch::Silent;
use chatmill::pipeline::{CheckOptions, Plan, check, prepare, verify};

/// Rayon starts workers of its own for whoever asks it outside a pool, and `--threads` does not bind those. Whether anybody did is
/// asked in a process of its own, for other tests may.
#[test]
fn all_work_is_done_by_the_workers_of_the_run() {
    const ALONE: &str = "CHATMILL_TEST_ALONE";
    if std::env::var_os(ALONE).is_none() {
        let name = "workers::all_work_is_done_by_the_workers_of_the_run";
        let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
        let ran = crate::support::Ran::from(alone.args(["--exact", name]).env(ALONE, "").output().unwrap());
        assert!(ran.code == 0 && ran.stdout.contains("1 passed"), "{}", ran.all());
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let row = |n: usize| {
        format!(
            "{{\"messages\":[{{\"role\":\"user\",\"content\":\"Where are my {n} cups and {} plates?\"}},{{\"role\":\"assistant\",\"content\":\"On their way.\"}}]}}\n",
            n % 7
        )
    };
    let rows: String = (0..200).map(row).collect();
    let [one, other] = ["train.jsonl", "valid.jsonl"].map(|name| {
        let path = home.path().join(name);
        std::fs::write(&path, &rows).unwrap();
        path.display().to_string()
    });
    let settings = |inputs: &[&String]| Settings {
        inputs: inputs.iter().map(|input| (*input).clone()).collect(),
        threads: 2,
        ..Settings::default()
    };
    let out = home.path().join("out");
    prepare(&Plan::make(settings(&[&one])).unwrap(), &out, false, &Silent).unwrap();
    verify(&out, &settings(&[]), &Silent).unwrap();
    let mut told = |_| Ok(());
    let checked = check(&settings(&[&one, &other]), CheckOptions::default(), &Silent, &mut told).unwrap();
    assert!(checked.errors > 0, "the rows of one file stand in the other");
    conflicts(&Plan::make(settings(&[&one])).unwrap(), Terms::default(), &Silent).unwrap();
    let own = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
    assert!(own.is_ok(), "somebody asked");
}
