//! What a recording looked like is kept in stores under [`SIGNATURE_VERSION`]: whoever reads calls otherwise raises it, and
//! this test notices when that is forgotten.
//!
//! `signature_version.txt` has the version, and of each fixture the hash of its evidence and of the signatures of its
//! recordings. `FLAKESCOPE_UPDATE_FIXTURES=1` writes it anew, except while the same evidence is signed otherwise under the same
//! version.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use diagnosis::{SIGNATURE_VERSION, signature};
use model::{Baseline, Evidence};

const UPDATE: &str = "FLAKESCOPE_UPDATE_FIXTURES";

/// Of a fixture the hashes of its evidence and of its signatures.
type Hashes = BTreeMap<String, (String, String)>;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/signature_version.txt")
}

/// FNV-1a with 64 bits.
fn hash(bytes: &[u8]) -> String {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, step))
}

/// All signatures that evidence leads to, as text.
fn signed(evidence: &Evidence) -> String {
    let peers = &evidence.peers;
    let own = signature(
        &evidence.attempt,
        &evidence.recording,
        &evidence.fixtures,
        peers,
        &evidence.listeners,
    );
    let of = |pass: &Baseline| {
        signature(
            &pass.attempt,
            &pass.recording,
            &pass.fixtures,
            peers,
            &pass.listeners,
        )
    };
    let passes = evidence.baseline.iter().chain(&evidence.variants).map(of);
    let all: Vec<_> = [own].into_iter().chain(passes).collect();
    format!("{all:?}")
}

fn found() -> io::Result<Hashes> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut found = Hashes::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(bytes) = fs::read(entry.path().join("evidence.jsonl")) else {
            continue;
        };
        let (evidence, _) = archive::evidence::decode(&bytes).map_err(io::Error::other)?;
        let hashes = (hash(&bytes), hash(signed(&evidence).as_bytes()));
        found.insert(entry.file_name().to_string_lossy().into_owned(), hashes);
    }
    Ok(found)
}

/// The version, and the hashes that were written under it.
fn written() -> io::Result<(u32, Hashes)> {
    let text = fs::read_to_string(golden())?;
    let mut lines = text.lines();
    let version = lines.next().and_then(|line| line.strip_prefix("version "));
    let version = version.and_then(|text| text.parse().ok());
    let hashes = lines.filter_map(|line| {
        let mut words = line.split(' ').map(str::to_owned);
        Some((words.next()?, (words.next()?, words.next()?)))
    });
    Ok((version.unwrap_or_default(), hashes.collect()))
}

fn text(hashes: &Hashes) -> String {
    let line = |(name, (evidence, signed)): (&String, &(String, String))| {
        format!("{name} {evidence} {signed}\n")
    };
    let lines: String = hashes.iter().map(line).collect();
    format!("version {SIGNATURE_VERSION}\n{lines}")
}

#[test]
fn who_reads_calls_otherwise_raises_the_version() -> io::Result<()> {
    let found = found()?;
    assert!(found.len() >= 14, "{found:?}");
    let (version, before) = written().unwrap_or_default();
    let otherwise: Vec<&str> = found
        .iter()
        .filter(|(name, (evidence, signed))| {
            let known = before.get(*name);
            known.is_some_and(|(then, known)| then == evidence && known != signed)
        })
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(
        otherwise.is_empty() || version != SIGNATURE_VERSION,
        "recordings get another signature than stores have kept under version {SIGNATURE_VERSION}: raise SIGNATURE_VERSION in \
         src/signature.rs, then run this with {UPDATE}=1 ({otherwise:?})"
    );
    if std::env::var_os(UPDATE).is_some() {
        return fs::write(golden(), text(&found));
    }
    let is_current = version == SIGNATURE_VERSION && before == found;
    assert!(
        is_current,
        "signature_version.txt is stale: run with {UPDATE}=1"
    );
    Ok(())
}
