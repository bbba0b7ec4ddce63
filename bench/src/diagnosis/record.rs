//! Recording: each test passes three times, each case runs once, all of it under `flakescope run`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::case::{Case, Cases, TextEdit};
use super::insights;
use super::natural;
use super::runner;
use super::server::{Server, edited, wait_for};
use super::suite::Suite;
use super::workshop::Workshop;
use crate::fault::{Fault, Passed, Plan, Proxy, send};

/// So many passing recordings of each test.
const PASSES: usize = 3;
/// A run that takes longer is killed: it hangs.
const RUN: Duration = Duration::from_secs(600);
/// Pseudonyms of one secret are equal in all recordings.
const MASK_KEY: &str = "5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed";
/// What a case left behind beside its store.
const OUTCOME: &str = "case.json";

/// Which cases.
#[derive(Debug, Default)]
pub struct Selection {
    /// Only those of this suite.
    pub suite: Option<String>,
    /// Only those whose id matches.
    pub only: Option<Regex>,
    /// Those too that were recorded as they stand.
    pub again: bool,
    /// The report is kept in the repository too, with its day and commit.
    pub publish: bool,
}

impl Selection {
    /// Whether a case is meant.
    #[must_use]
    pub fn has(&self, case: &Case) -> bool {
        let suite = self.suite.as_ref();
        suite.is_none_or(|suite| *suite == case.suite)
            && self
                .only
                .as_ref()
                .is_none_or(|only| only.is_match(&case.id()))
    }
}

/// What became of a case when it was recorded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Recorded {
    /// The case as it stood then.
    pub(super) definition: String,
    /// The exit code of the runner; none if it had to be killed.
    pub(super) exit: Option<i32>,
    /// The calls that came by, with the rules that hit them.
    pub(super) passed: Vec<Passed>,
}

impl Recorded {
    /// What is known of a case, if it was recorded.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        let text = fs::read(folder.join(OUTCOME)).ok()?;
        serde_json::from_slice(&text).ok()
    }
}

/// Records what is not recorded yet.
///
/// # Errors
/// When a server does not start, or a test does not pass without faults.
pub fn record(workshop: &Workshop, selection: &Selection) -> Result<()> {
    let Cases(cases) = Cases::read(&workshop.cases())?;
    for suite in &Suite::all(workshop)? {
        let is_wanted = |case: &&Case| {
            case.suite == suite.name && selection.has(case) && is_due(workshop, case, selection)
        };
        let mut cases: Vec<&Case> = cases.iter().filter(is_wanted).collect();
        // Those that need a server of their own come last.
        cases.sort_by_key(|case| !case.scene.server_edits.is_empty());
        if !cases.is_empty() {
            Session::start(workshop, suite)?.record(&cases)?;
        }
    }
    let is_natural = |suite: &String| suite == natural::NAME;
    if selection.suite.as_ref().is_none_or(is_natural)
        && selection.only.is_none()
        && (selection.again || !natural::is_recorded(workshop))
    {
        let suite = Suite::named(workshop, natural::SUITE)?;
        Session::start(workshop, &suite)?.natural()?;
    }
    let is_insights = |suite: &String| suite == insights::NAME;
    if selection.suite.as_ref().is_none_or(is_insights) && selection.only.is_none() {
        insights::record(workshop, selection.again)?;
    }
    Ok(())
}

fn is_due(workshop: &Workshop, case: &Case, selection: &Selection) -> bool {
    let recorded = Recorded::read(&workshop.case(&case.suite, &case.name));
    selection.again || recorded.is_none_or(|recorded| recorded.definition != case.definition)
}

/// A suite with its server and the proxy between them.
struct Session<'a> {
    workshop: &'a Workshop,
    suite: &'a Suite,
    /// None: the suite has none.
    proxy: Option<Proxy>,
    server: Option<Server>,
}

impl<'a> Session<'a> {
    fn start(workshop: &'a Workshop, suite: &'a Suite) -> Result<Self> {
        let proxy = match suite.proxied() {
            Some((proxy, server)) => Some(
                Proxy::start(proxy, server)
                    .with_context(|| format!("{proxy} is not free for the proxy"))?,
            ),
            None => None,
        };
        Ok(Self {
            workshop,
            suite,
            proxy,
            server: None,
        })
    }

    fn record(mut self, cases: &[&Case]) -> Result<()> {
        for case in cases {
            self.pass(&case.test)?;
        }
        for (number, case) in cases.iter().enumerate() {
            let exit = self
                .case(case)
                .with_context(|| format!("case {}", case.id()))?;
            let ended = exit.map_or_else(|| "killed".to_owned(), |code| format!("exit {code}"));
            eprintln!("{}/{} {}: {ended}", number + 1, cases.len(), case.id());
        }
        Ok(())
    }

    /// Records a test passing, unless it is.
    fn pass(&mut self, test: &str) -> Result<()> {
        let unit = self.suite.unit(test);
        let folder = self.workshop.passing(&self.suite.name, unit);
        if folder.join("done").exists() {
            return Ok(());
        }
        clear(&folder)?;
        for _ in 0..PASSES {
            self.follow(Plan::default())?;
            self.serve_empty(None)?;
            let words = self.suite.runner.one(unit);
            if self.run(&folder, &Way::default(), &words)? != Some(0) {
                bail!("{unit} does not pass; see {}", folder.display());
            }
        }
        eprintln!("{} passes {unit}: recorded", self.suite.name);
        fs::write(folder.join("done"), "").context("failed to note a passing test")
    }

    fn case(&mut self, case: &Case) -> Result<Option<i32>> {
        let folder = self.workshop.case(&case.suite, &case.name);
        clear(&folder)?;
        let unit = self.suite.unit(&case.test);
        let passing = self.workshop.passing(&case.suite, unit);
        copy(&passing.join("store"), &folder.join("store"))?;
        let tests = self.workshop.tests(&self.suite.name);
        let _restored = Edits::make(&tests, &case.scene.test_edits)?;
        let _mutated = match &self.suite.server {
            Some(_) => None,
            // The tests start the product as it is.
            None => Some(Edits::make(
                &self.suite.packages(self.workshop)?,
                &case.scene.server_edits,
            )?),
        };
        let _taken_away = match (&case.scene.neighbour, case.scene.with.first()) {
            (Some(file), Some(place)) => Some(Neighbour::move_in(
                &self.workshop.shared().join(file),
                &tests.join(runner::file(place)),
            )?),
            _ => None,
        };
        self.serve_empty(Some(case))?;
        for call in &case.scene.before {
            let server = self.suite.server.as_ref();
            let server = server.context("there is no server before the tests start")?;
            send(server.address(), call).context("failed to prepare the server")?;
        }
        self.follow(plan(case, &folder, &self.workshop.of(&self.suite.name)))?;
        let way = Way::of(case, &folder);
        let exit = self.run(&folder, &way, &self.suite.runner.case(case, unit))?;
        let recorded = Recorded {
            definition: case.definition.clone(),
            exit,
            passed: self.proxy.as_ref().map_or_else(Vec::new, Proxy::passed),
        };
        self.follow(Plan::default())?;
        let text = serde_json::to_vec_pretty(&recorded)?;
        fs::write(folder.join(OUTCOME), text).context("failed to note a case")?;
        Ok(exit)
    }

    /// Records a whole suite, one test after the other and then several at once.
    fn natural(mut self) -> Result<()> {
        let folder = natural::folder(self.workshop);
        self.serve(None)?;
        clear(&folder)?;
        let tests = natural::TESTS.to_owned();
        let at_once = ["-n", natural::WORKERS].map(str::to_owned);
        let serial = self.run(&folder, &Way::default(), std::slice::from_ref(&tests))?;
        let words = [&[tests][..], &at_once].concat();
        let change = Way {
            is_change: true,
            ..Way::default()
        };
        let parallel = self.run(&folder, &change, &words)?;
        eprintln!("natural failures: exit {serial:?} one by one, {parallel:?} at once");
        natural::done(self.workshop)
    }

    fn follow(&self, plan: Plan) -> Result<()> {
        match &self.proxy {
            Some(proxy) => proxy.follow(plan).context("a plan cannot be followed"),
            None if plan.rules.is_empty() => Ok(()),
            None => bail!("{} has no proxy that could follow rules", self.suite.name),
        }
    }

    /// Has the server running that a case needs.
    fn serve(&mut self, case: Option<&Case>) -> Result<()> {
        let Some(launch) = &self.suite.server else {
            return Ok(());
        };
        if self.server.as_ref().is_none_or(|server| !server.fits(case)) {
            self.server = None;
            self.server = Some(Server::start(self.workshop, self.suite, launch, case)?);
        }
        Ok(())
    }

    /// The same, with nothing in it.
    fn serve_empty(&mut self, case: Option<&Case>) -> Result<()> {
        let Some(launch) = &self.suite.server else {
            return Ok(());
        };
        if launch.empty.is_none() {
            self.server = None;
        }
        self.serve(case)?;
        if let Some(empty) = &launch.empty {
            send(launch.address(), &empty.call()).context("failed to empty the server")?;
        }
        Ok(())
    }

    /// Runs tests under the product, into the store of a folder.
    fn run(&self, folder: &Path, way: &Way, words: &[String]) -> Result<Option<i32>> {
        let suite = self.suite;
        let shared = self.workshop.shared();
        let home = self.workshop.of(&suite.name);
        let runner = suite.runner.command(&home, &shared);
        let filled = |value: &String| value.replace("{folder}", &home.display().to_string());
        // Passing runs are of the base branch, all others of a change to something, whatever it was.
        let (branch, revision) = if way.is_change {
            ("change", "b")
        } else {
            ("main", "a")
        };
        let revision = revision.repeat(40);
        let output = File::create(folder.join("output.txt"))?;
        let mut command = Command::new(&self.workshop.product);
        command
            // What the rules say is not to be read by who looks at why a test failed.
            .args(["run", "--no-report", "--store"])
            .arg(folder.join("store"))
            .arg("--config")
            .arg(shared.join(format!("{}.toml", suite.name)))
            .arg("--report-json")
            .arg(folder.join("report.json"))
            .args(["--tag", &format!("vcs.ref.head.revision={revision}")])
            .args(["--tag", &format!("vcs.ref.head.name={branch}")])
            .args(["--tag", "vcs.ref.base.name=main", "--"])
            .args(&way.prefix)
            .arg(runner.get_program())
            .args(runner.get_args())
            .args(&suite.arguments)
            .args(words)
            .current_dir(self.workshop.tests(&suite.name))
            .env("FLAKESCOPE_MASK_KEY", MASK_KEY)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONPATH", &shared)
            .envs(
                suite
                    .environment
                    .iter()
                    .map(|(name, value)| (name, filled(value))),
            )
            .envs(way.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        let mut process = command.spawn().context("failed to start the product")?;
        let status = wait_for(&mut process, RUN)?;
        Ok(status.and_then(|status| status.code()))
    }
}

/// How tests are run.
#[derive(Default)]
struct Way {
    /// As a case, which is of a change; else of the base branch.
    is_change: bool,
    /// Words before those of the runner.
    prefix: Vec<String>,
    variables: Vec<(String, String)>,
}

impl Way {
    /// As a case asks for; `{folder}` is what is recorded of it.
    fn of(case: &Case, folder: &Path) -> Self {
        let folder = folder.display().to_string();
        let filled = |value: &String| value.replace("{folder}", &folder);
        let variables = case.scene.environment.iter();
        Self {
            is_change: true,
            prefix: case.scene.prefix.iter().map(filled).collect(),
            variables: variables
                .map(|(name, value)| (name.clone(), filled(value)))
                .collect(),
        }
    }
}

/// The plan of a case, with the folder of what is recorded of it where that is asked for. Commands run in the suite's.
fn plan(case: &Case, folder: &Path, home: &Path) -> Plan {
    let mut plan = case.plan.clone();
    for rule in &mut plan.rules {
        match &mut rule.fault {
            Fault::Hold { signal, .. } => {
                *signal = signal.replace("{folder}", &folder.display().to_string());
            }
            Fault::Run { command } | Fault::RunAfter { command } => {
                *command = format!("cd '{}' && {command}", home.display());
            }
            _ => {}
        }
    }
    plan
}

/// A file of tests beside those of the suite, taken away when it is dropped.
struct Neighbour(PathBuf);

impl Neighbour {
    fn move_in(file: &Path, place: &Path) -> Result<Self> {
        fs::copy(file, place).context("failed to add a neighbour")?;
        Ok(Self(place.to_owned()))
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            eprintln!("failed to take {} away: {error}", self.0.display());
        }
    }
}

/// Edits of the suite's files, undone when it is dropped.
struct Edits(Vec<(PathBuf, String)>);

impl Edits {
    fn make(root: &Path, edits: &[TextEdit]) -> Result<Self> {
        let mut made = Self(Vec::new());
        for edit in edits {
            let path = root.join(&edit.file);
            let text = edited(&path, edit)?;
            if !made.0.iter().any(|(known, _)| *known == path) {
                made.0.push((path.clone(), fs::read_to_string(&path)?));
            }
            fs::write(&path, text)?;
        }
        Ok(made)
    }
}

impl Drop for Edits {
    fn drop(&mut self) {
        for (path, text) in &self.0 {
            if let Err(error) = fs::write(path, text) {
                eprintln!("failed to restore {}: {error}", path.display());
            }
        }
    }
}

/// An empty folder.
fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder).context("failed to make a folder")
}

/// A copy of a store that nobody has open.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
