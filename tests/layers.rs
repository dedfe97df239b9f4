//! A module imports only from lower layers, and stages are strangers to one another.

use std::path::Path;

use crate::support::{files_below, root};

/// Layers from the ground up; `lib.rs` lists the same.
const LAYERS: &[&[&str]] = &[
    &["disk", "error", "text"],
    &["diagnostic", "model"],
    &["detect", "target", "tokens"],
    &["cost", "dedup", "lint", "read", "split"],
    &["report", "write"],
    &["config"],
    &["pipeline"],
];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

/// The modules of the crate that a line of code names.
fn named(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or_default();
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        // `use crate::{a, b::c}` names several.
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => list.split(',').collect(),
            None => vec![rest],
        };
        for name in names {
            let name: String =
                name.trim().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            found.push(name);
        }
    }
    found
}

#[test]
fn imports_point_down() {
    let src = root().join("src");
    let mut faults = Vec::new();
    for path in files_below(&src) {
        let module = path.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
        if matches!(module.as_str(), "lib" | "main" | "cli") {
            continue;
        }
        let own = layer(&module).unwrap_or_else(|| panic!("{module} stands in no layer of tests/layers.rs"));
        let text = std::fs::read_to_string(src.join(&path)).unwrap();
        for (number, line) in text.lines().enumerate() {
            for name in named(line) {
                let Some(other) = layer(&name) else { continue };
                // Layer 0 and 1 are vocabulary and may use one another; stages and outputs may not.
                let sibling = other == own && name != module && own > 1;
                if other > own || sibling {
                    faults.push(format!("{}:{}: {module} uses {name}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "imports that point up or sideways:\n{}", faults.join("\n"));
}

#[test]
fn the_binary_declares_the_command_line_only() {
    let main = std::fs::read_to_string(root().join("src/main.rs")).unwrap();
    let modules: Vec<&str> = main.lines().filter(|line| line.starts_with("mod ")).collect();
    assert_eq!(modules, ["mod cli;"]);
}

#[test]
fn the_library_lists_its_modules_in_the_order_of_the_layers() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let listed: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(';')))
        .collect();
    let wanted: Vec<&str> = LAYERS.concat();
    assert_eq!(listed, wanted);
}

#[test]
fn the_library_knows_nothing_of_terminals() {
    let src = root().join("src");
    let is_library = |path: &Path| !path.starts_with("cli") && path != Path::new("main.rs");
    for path in files_below(&src).into_iter().filter(|path| is_library(path)) {
        let text = std::fs::read_to_string(src.join(&path)).unwrap();
        for word in ["anstream", "indicatif", "clap::", "println!", "eprintln!", "std::process::exit"] {
            assert!(!text.contains(word), "{} uses {word}", path.display());
        }
    }
}
