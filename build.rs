//! Tells the tests whether real data is there, so that they are reported as ignored where it is not.
#![allow(missing_docs, clippy::print_stdout, reason = "a build script speaks to cargo by printing")]

use std::path::Path;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(real_data)");
    println!("cargo::rerun-if-env-changed=CHATMILL_DATA");
    println!("cargo::rerun-if-changed=build.rs");
    let folder = std::env::var("CHATMILL_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
    if Path::new(&folder).is_dir() {
        println!("cargo::rustc-cfg=real_data");
        println!("cargo::rustc-env=CHATMILL_DATA={folder}");
    }
}
