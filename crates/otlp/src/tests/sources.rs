//! The generated messages are those of the .proto files that stand beside them.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

#[test]
fn the_messages_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("proto");
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    assert!(!files.is_empty());
    let mut hash = Sha256::new();
    for file in files {
        let name = file.strip_prefix(&folder).unwrap();
        hash.update(name.to_string_lossy().as_bytes());
        hash.update(fs::read(&file).unwrap());
    }
    let digest: String = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(
        crate::proto::SOURCES,
        digest,
        "the .proto files have changed: run `cargo xtask gen`"
    );
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "proto")
        {
            files.push(path);
        }
    }
}
