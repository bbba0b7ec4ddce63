//! `run-true`: what `flakescope run -- true` takes over `true`.

use std::process::Command;

use anyhow::{Context as _, Result};

use crate::Setting;
use crate::measure::{Variant, interleaved};
use crate::results::Table;

/// Measures it with a store that is there already, as it is from the second run on.
///
/// # Errors
/// When something cannot be started.
pub(crate) fn measure(setting: &Setting) -> Result<Vec<Table>> {
    let store = tempfile::tempdir().context("failed to make a folder for the store")?;
    let product = setting.product.clone();
    let variants = [
        Variant {
            name: "true",
            command: Box::new(|| Ok(Command::new("true"))),
        },
        Variant {
            name: "flakescope run -- true",
            command: Box::new(move || {
                let mut command = Command::new(&product);
                command
                    .args(["run", "--store"])
                    .arg(store.path())
                    .args(["--", "true"]);
                Ok(command)
            }),
        },
    ];
    Ok(vec![Table::new(
        "A command that does nothing",
        &variants,
        &interleaved(&variants)?,
    )])
}
