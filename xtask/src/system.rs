//! What must be on the machine before anything can be built or tested.
//!
//! Nothing is installed on the system unless it was asked for: as root with `CI=true`, or with `--install`.
//! Otherwise what is missing is listed with the command that would install it.

use std::path::Path;

use anyhow::{Result, bail};

use crate::process;

/// A program that the tests start, and how to tell that it is there.
struct Need {
    name: &'static str,
    probe: &'static [&'static str],
    install: Install,
}

/// How a missing program can be had.
enum Install {
    /// A Debian package.
    Debian(&'static str),
    /// A component of the Rust toolchain.
    Rust(&'static str),
    /// Not by us: too many ways, and a wrong one breaks the machine.
    ByHand(&'static str),
}

const NEEDS: [Need; 8] = [
    Need {
        name: "git",
        probe: &["git", "--version"],
        install: Install::Debian("git"),
    },
    Need {
        name: "a C compiler",
        probe: &["cc", "--version"],
        install: Install::Debian("gcc libc6-dev"),
    },
    Need {
        name: "rustfmt",
        probe: &["cargo", "fmt", "--version"],
        install: Install::Rust("rustfmt"),
    },
    Need {
        name: "clippy",
        probe: &["cargo", "clippy", "--version"],
        install: Install::Rust("clippy"),
    },
    Need {
        name: "Node 20 or newer",
        probe: &[
            "node",
            "-e",
            "process.exit(Number(process.versions.node.split('.')[0]) < 20 ? 1 : 0)",
        ],
        install: Install::ByHand("https://nodejs.org"),
    },
    Need {
        name: "npm",
        probe: &["npm", "--version"],
        install: Install::ByHand("comes with Node"),
    },
    Need {
        name: "Python 3.11 or newer, with venv",
        probe: &[
            "python3",
            "-c",
            "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))",
        ],
        install: Install::Debian("python3 python3-venv"),
    },
    Need {
        name: "Chromium",
        probe: &["chromium", "--version"],
        install: Install::Debian("chromium"),
    },
];

/// Makes sure that everything is there, installing it if `asked` or in CI.
///
/// # Errors
/// When something is missing and may not or cannot be installed.
pub(crate) fn prepare(asked: bool) -> Result<()> {
    let allowed = asked || (std::env::var("CI").is_ok_and(|ci| ci == "true") && is_root());
    if allowed {
        for need in missing() {
            install(need)?;
        }
    }
    let missing: Vec<String> = missing().map(describe).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join("\n  ");
    bail!("these are missing:\n  {list}\nhint: `cargo xtask test --install` installs what it can")
}

fn missing() -> impl Iterator<Item = &'static Need> {
    NEEDS
        .iter()
        .filter(|need| !process::succeeds(need.probe[0], &need.probe[1..]))
}

fn describe(need: &Need) -> String {
    let name = need.name;
    match need.install {
        Install::Debian(packages) => format!("{name}: apt-get install {packages}"),
        Install::Rust(component) => format!("{name}: rustup component add {component}"),
        Install::ByHand(hint) => format!("{name}: {hint}"),
    }
}

fn install(need: &Need) -> Result<()> {
    let anywhere = Path::new("/");
    match need.install {
        Install::Debian(packages) => {
            process::run(&mut process::command(
                "apt-get",
                &["update", "-qq"],
                anywhere,
            ))?;
            let mut apt = process::command("apt-get", &["install", "-y", "-qq"], anywhere);
            apt.args(packages.split(' '))
                .env("DEBIAN_FRONTEND", "noninteractive");
            process::run(&mut apt)
        }
        Install::Rust(component) => {
            let arguments = ["component", "add", component];
            process::run(&mut process::command("rustup", &arguments, anywhere))
        }
        Install::ByHand(_) => Ok(()),
    }
}

fn is_root() -> bool {
    process::output(&mut process::command("id", &["-u"], Path::new("/")))
        .is_ok_and(|user| user == "0")
}
