//! `--baseline`: passing recordings of another store's folder, or of a file of evidence.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use store::Elsewhere;

use super::file;

/// The folder of a store in a project.
const STORE: &str = ".flakescope";

/// Where else passing recordings are, and for each place that cannot be read why.
pub(crate) fn baselines(places: &[PathBuf]) -> (Elsewhere, Vec<anyhow::Error>) {
    let mut elsewhere = Elsewhere::default();
    let add = |place: &PathBuf| add(&mut elsewhere, place).err();
    let errors = places.iter().filter_map(add).collect();
    (elsewhere, errors)
}

fn add(elsewhere: &mut Elsewhere, place: &Path) -> Result<()> {
    let told = || format!("failed to read passing recordings of {}", place.display());
    if place.is_dir() {
        let store = store::open_existing(&folder(place)).with_context(told)?;
        elsewhere.add_store(store);
        return Ok(());
    }
    let (evidence, _) = file::read(place)?;
    if elsewhere.add_evidence(evidence) == 0 {
        bail!("there is no passing recording in {}", place.display());
    }
    Ok(())
}

/// The store's folder, or that of a project that has one.
fn folder(place: &Path) -> PathBuf {
    let inside = place.join(STORE);
    match inside.is_dir() {
        true => inside,
        false => place.to_owned(),
    }
}
