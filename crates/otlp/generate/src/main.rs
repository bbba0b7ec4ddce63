//! Writes `crates/otlp/src/proto/`: the messages of the .proto files as Rust types. Run by `cargo xtask gen`.
//!
//! `mod.rs` there holds the digest of the .proto files, by which a test sees that it is current without a protobuf
//! compiler.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result, ensure};
use prost_build::{Config, Module};
use sha2::{Digest as _, Sha256};

/// The roots; what they import is found from them.
const ROOTS: [&str; 2] = [
    "opentelemetry/proto/trace/v1/trace.proto",
    "opentelemetry/proto/logs/v1/logs.proto",
];
/// The beginning that all packages have in common; the modules go without.
const PACKAGE: [&str; 2] = ["opentelemetry", "proto"];
/// How each file begins.
const HEAD: &str = "//! OTLP's messages as its .proto files have them. Written by `cargo xtask gen`: change them there.\n\n";

fn main() -> Result<()> {
    let here: PathBuf = env::var("CARGO_MANIFEST_DIR")?.into();
    let sources = here.join("../proto");
    let target = here.join("../src/proto");
    let descriptors = protox::compile(ROOTS, [&sources])?;
    let requests = descriptors
        .file
        .into_iter()
        .map(|file| (Module::from_protobuf_package_name(file.package()), file))
        .collect();
    let mut config = Config::new();
    config.disable_comments(["."]);
    config.enum_attribute(
        ".opentelemetry.proto.common.v1.AnyValue.value",
        "#[expect(clippy::enum_variant_names, reason = \"the names of the specification\")]",
    );
    let mut tree = Tree::default();
    for (module, code) in config.generate(requests)? {
        let parts: Vec<&str> = module.parts().collect();
        let parts = parts
            .strip_prefix(&PACKAGE)
            .with_context(|| format!("{module} is not a package of OpenTelemetry"))?;
        tree.put(parts, code);
    }
    tree.write_files(&target, &digest(&sources)?)?;
    let status = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .arg(target.join("mod.rs"))
        .status()?;
    ensure!(status.success(), "rustfmt: {status}");
    Ok(())
}

/// Modules in modules.
#[derive(Default)]
struct Tree {
    code: String,
    below: BTreeMap<String, Tree>,
}

impl Tree {
    fn put(&mut self, parts: &[&str], code: String) {
        match parts.split_first() {
            None => self.code = code,
            Some((first, rest)) => self
                .below
                .entry((*first).to_owned())
                .or_default()
                .put(rest, code),
        }
    }

    /// A file for each package directly below, and one that names them.
    fn write_files(&self, folder: &Path, digest: &str) -> Result<()> {
        fs::create_dir_all(folder)?;
        let mut index = String::from(HEAD);
        writeln!(
            index,
            "#[cfg(test)]\npub(crate) const SOURCES: &str =\n    \"{digest}\";\n"
        )?;
        for (name, tree) in &self.below {
            writeln!(index, "pub mod {name};")?;
            let mut text = String::from(HEAD);
            tree.write(&mut text)?;
            fs::write(folder.join(format!("{name}.rs")), text)?;
        }
        fs::write(folder.join("mod.rs"), index)?;
        Ok(())
    }

    fn write(&self, text: &mut String) -> Result<()> {
        for line in self.code.lines().filter(|line| !line.starts_with("// ")) {
            writeln!(text, "{line}")?;
        }
        for (name, tree) in &self.below {
            writeln!(text, "pub mod {name} {{")?;
            tree.write(text)?;
            writeln!(text, "}}")?;
        }
        Ok(())
    }
}

/// SHA-256 over the paths and texts of all .proto files, in the order of their paths.
fn digest(sources: &Path) -> Result<String> {
    let mut files = Vec::new();
    collect(sources, &mut files)?;
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.strip_prefix(sources)?.to_string_lossy().as_bytes());
        hash.update(fs::read(&file)?);
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "proto")
        {
            files.push(path);
        }
    }
    Ok(())
}
