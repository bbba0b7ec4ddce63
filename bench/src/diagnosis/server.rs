//! The real server behind the proxy: started, waited for, mutated, ended.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::case::{Case, TextEdit};
use super::suite::{Launch, Suite, call};
use super::workshop::Workshop;
use crate::fault::send;

/// A server that does not answer within this does not start.
const START: Duration = Duration::from_secs(60);

/// A running server.
pub(super) struct Server {
    process: Child,
    changes: Changes,
}

/// What makes a server another one than that of the passing recordings.
#[derive(Debug, Clone, Default, PartialEq)]
struct Changes {
    edits: Vec<TextEdit>,
    environment: BTreeMap<String, String>,
    prefix: Vec<String>,
}

impl Changes {
    fn of(case: Option<&Case>) -> Self {
        case.map_or_else(Self::default, |case| Self {
            edits: case.scene.server_edits.clone(),
            environment: case.scene.server_environment.clone(),
            prefix: case.scene.server_prefix.clone(),
        })
    }
}

impl Server {
    /// Starts the server of a suite, changed as a case asks for.
    pub(super) fn start(
        workshop: &Workshop,
        suite: &Suite,
        launch: &Launch,
        case: Option<&Case>,
    ) -> Result<Self> {
        let changes = Changes::of(case);
        let log = File::create(workshop.of(&suite.name).join("server.log"))?;
        let mut command = command(workshop, suite, launch, &changes)?;
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let process = command.spawn().context("failed to start the server")?;
        let mut server = Self { process, changes };
        server
            .wait_until_up(launch)
            .with_context(|| format!("the server of {} is not up", suite.name))?;
        Ok(server)
    }

    /// Whether it is the server that a case needs.
    pub(super) fn fits(&self, case: Option<&Case>) -> bool {
        self.changes == Changes::of(case)
    }

    fn wait_until_up(&mut self, launch: &Launch) -> Result<()> {
        let begin = Instant::now();
        let ready = call("GET", &launch.ready);
        while begin.elapsed() < START {
            if send(launch.address(), &ready).is_ok_and(|status| status < 500) {
                return Ok(());
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("it ended: {status}");
            }
            pause();
        }
        bail!("it does not answer")
    }
}

/// The command that starts a server.
fn command(
    workshop: &Workshop,
    suite: &Suite,
    launch: &Launch,
    changes: &Changes,
) -> Result<Command> {
    let folder = workshop.of(&suite.name);
    let mut packages = suite.packages(workshop)?;
    let is_mutant = !changes.edits.is_empty();
    if is_mutant {
        let mutant = folder.join("mutant");
        mutate(&packages, &suite.product.name, &mutant, &changes.edits)?;
        packages = mutant;
    }
    let filled = |word: &String| {
        word.replace("{folder}", &folder.display().to_string())
            .replace("{shared}", &workshop.shared().display().to_string())
            .replace("{product}", &packages.display().to_string())
    };
    for made in &launch.made {
        fs::create_dir_all(folder.join(made))?;
    }
    let working = folder.join(&launch.folder);
    let mut words: Vec<String> = launch.words.iter().map(filled).collect();
    if let Some(program) = words.first_mut().filter(|program| program.contains('/')) {
        *program = working.join(&*program).display().to_string();
    }
    words.splice(0..0, changes.prefix.iter().map(filled));
    let mut words = words.into_iter();
    let mut command = Command::new(words.next().context("a server has no words")?);
    command.args(words).current_dir(working);
    if is_mutant {
        // Where it finds packages before all others; a server of another language has them in its words.
        command.env("PYTHONPATH", &packages);
    }
    for (name, value) in launch.environment.iter().chain(&changes.environment) {
        command.env(name, filled(value));
    }
    Ok(command)
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}

/// Waits for a process, at most so long; then it is killed. None: it was.
pub(super) fn wait_for(process: &mut Child, most: Duration) -> io::Result<Option<ExitStatus>> {
    let begin = Instant::now();
    loop {
        if let Some(status) = process.try_wait()? {
            return Ok(Some(status));
        }
        if begin.elapsed() > most {
            process.kill()?;
            process.wait()?;
            return Ok(None);
        }
        pause();
    }
}

/// Lets a little time pass where there is nothing to be woken by.
fn pause() {
    std::thread::park_timeout(Duration::from_millis(20));
}

/// A copy of the package, by links where nothing is changed, with these texts replaced.
fn mutate(packages: &Path, package: &str, mutant: &Path, edits: &[TextEdit]) -> Result<()> {
    if mutant.exists() {
        fs::remove_dir_all(mutant)?;
    }
    link(&packages.join(package), &mutant.join(package))?;
    for edit in edits {
        let path = mutant.join(&edit.file);
        let text = edited(&path, edit)?;
        // Away first: it is a link to the file of the environment.
        fs::remove_file(&path)?;
        fs::write(&path, text)?;
    }
    Ok(())
}

/// The text of a file after an edit.
pub(super) fn edited(path: &PathBuf, edit: &TextEdit) -> Result<String> {
    let text =
        fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    if !text.contains(&edit.find) {
        bail!("{} does not have: {}", edit.file, edit.find);
    }
    Ok(text.replace(&edit.find, &edit.replace))
}

fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_name() == "__pycache__" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            link(&entry.path(), &target)?;
        } else {
            fs::hard_link(entry.path(), target)?;
        }
    }
    Ok(())
}
