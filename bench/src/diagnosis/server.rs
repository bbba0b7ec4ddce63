//! The real server behind the proxy: started, waited for, mutated, ended.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::case::{Case, TextEdit};
use super::suite::{Suite, Workshop, call};
use crate::fault::send;

/// A server that does not answer within this does not start.
const START: Duration = Duration::from_secs(60);

/// A running server.
pub(super) struct Server {
    process: Child,
    suite: &'static Suite,
    edits: Vec<TextEdit>,
}

impl Server {
    /// Starts the server of a suite, with the mutations of the product that a case asks for.
    pub(super) fn start(
        workshop: &Workshop,
        suite: &'static Suite,
        case: Option<&Case>,
    ) -> Result<Self> {
        let edits = case.map_or_else(Vec::new, |case| case.scene.server_edits.clone());
        let environment = workshop.environment(suite.name);
        let port = suite.server().port().to_string();
        let words: Vec<String> = suite
            .server
            .iter()
            .map(|word| word.replace("{port}", &port))
            .collect();
        let log = File::create(workshop.of(suite.name).join("server.log"))?;
        let program = words.first().map_or("", String::as_str);
        let mut command = Command::new(environment.join(program));
        command
            .args(words.iter().skip(1))
            .current_dir(&environment)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        if !edits.is_empty() {
            let mutant = workshop.of(suite.name).join("mutant");
            mutate(
                &workshop.packages(suite.name)?,
                suite.package,
                &mutant,
                &edits,
            )?;
            command.env("PYTHONPATH", mutant);
        }
        let process = command.spawn().context("failed to start the server")?;
        let mut server = Self {
            process,
            suite,
            edits,
        };
        server.wait_until_up()?;
        Ok(server)
    }

    /// Whether it is the server that a case needs.
    pub(super) fn fits(&self, case: Option<&Case>) -> bool {
        case.map_or(&[][..], |case| &case.scene.server_edits) == self.edits
    }

    fn wait_until_up(&mut self) -> Result<()> {
        let begin = Instant::now();
        let ready = call("GET", self.suite.ready);
        while begin.elapsed() < START {
            if send(self.suite.server(), &ready).is_ok_and(|status| status < 500) {
                return Ok(());
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("the server of {} ended: {status}", self.suite.name);
            }
            pause();
        }
        bail!("the server of {} does not answer", self.suite.name)
    }
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
