//! The labelled fault matrix: `diagnosis-matrix [record] [evaluate] [--suite NAME] [--only PATTERN] [--again]
//! [--publish]`.
//!
//! `cargo xtask bench diagnosis` builds and starts it, in a network of its own where it records.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use fault_matrix::diagnosis::{Selection, Workshop, evaluate, record};

const USAGE: &str = "usage: diagnosis-matrix [record] [evaluate] [--suite NAME] [--only PATTERN] [--again] [--publish]";

fn main() -> Result<()> {
    let (mut records, mut evaluates) = (false, false);
    let mut selection = Selection::default();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "record" => records = true,
            "evaluate" => evaluates = true,
            "--suite" => selection.suite = Some(words.next().context(USAGE)?),
            "--only" => {
                let pattern = words.next().context(USAGE)?;
                selection.only = Some(pattern.parse().context("this is no pattern")?);
            }
            "--again" => selection.again = true,
            "--publish" => selection.publish = true,
            _ => bail!(USAGE),
        }
    }
    let workshop = workshop()?;
    if records {
        record(&workshop, &selection)?;
    }
    if evaluates {
        evaluate(&workshop, &selection)?;
    }
    Ok(())
}

fn workshop() -> Result<Workshop> {
    let variable = |name: &str| {
        let value = std::env::var_os(name);
        value.context("start this with `cargo xtask bench diagnosis`")
    };
    Ok(Workshop {
        repository: PathBuf::from(variable("FLAKESCOPE_BENCH_REPOSITORY")?),
        folder: PathBuf::from(variable("FLAKESCOPE_BENCH_FOLDER")?),
        product: PathBuf::from(variable("FLAKESCOPE_BENCH_BINARY")?),
    })
}
