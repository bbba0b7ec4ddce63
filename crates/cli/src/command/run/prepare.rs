//! Step of a run: finds out where everything is and opens it. What does not work is noted and done without.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Context as _, Result};
use model::{RunId, Timestamp};
use recorder::{Key, MaskRules, Masker};
use store::Resilient;

use super::notes::Notes;
use crate::args::RunArgs;
use crate::config::{self, Config};
use crate::os;
use crate::project::Project;
use crate::tags::{Environment, GitFacts};

/// What a run needs to know before its command starts.
pub(super) struct Prepared {
    pub(super) run_id: RunId,
    pub(super) started: Timestamp,
    /// The run in which this one is started.
    pub(super) parent: Option<RunId>,
    pub(super) environment: Environment,
    pub(super) project: Project,
    pub(super) config: Config,
    pub(super) store_dir: PathBuf,
    pub(super) store: Arc<Resilient>,
    pub(super) key: Key,
    pub(super) masker: Arc<Masker>,
    /// Git takes a few milliseconds, which the command need not wait for.
    pub(super) git: Option<JoinHandle<GitFacts>>,
}

/// Finds the project, reads its settings, opens its store and loads the key.
///
/// # Errors
/// When the run cannot be recorded at all.
pub(super) fn prepare(args: &RunArgs, notes: &mut Notes) -> Result<Prepared> {
    let started = os::now();
    let cwd = std::env::current_dir().context("read the working directory")?;
    let environment = readable(std::env::vars_os());
    let project = Project::locate(&cwd, args.place.config.as_deref());
    let root = project.root.clone();
    let git = std::thread::Builder::new()
        .name("git".into())
        .spawn(move || GitFacts::gather(&root))
        .context("start a thread")?;
    let (config, mistakes) = config::load(project.config.as_deref());
    if let Some(mistakes) = mistakes {
        notes.warn(
            &mistakes,
            "the tests run all the same, with what could be read of the settings",
        );
        notes.lose("settings that are wrong were left out; `flakescope list` shows them again");
    }
    let parent = environment
        .get("FLAKESCOPE_RUN_ID")
        .and_then(|id| id.parse().ok());
    let asked = args
        .place
        .store
        .clone()
        .or_else(|| outer_store(&environment));
    let store_dir = project.store(&cwd, asked.as_deref());
    let store = store::open_resilient(&store_dir);
    let key = key(&environment, &store_dir, notes)?;
    let masker = Masker::new(&rules(&config, &environment), key.clone())
        .context("make the rules of masking")?;
    Ok(Prepared {
        run_id: random_id()?,
        started,
        parent,
        environment,
        project,
        config,
        store_dir,
        store,
        key,
        masker: Arc::new(masker),
        git: Some(git),
    })
}

/// The variables whose name and value are text.
pub(crate) fn readable(variables: impl Iterator<Item = (OsString, OsString)>) -> Environment {
    variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The store of the run in which we are started. A run inside a run is of use only beside it.
fn outer_store(environment: &Environment) -> Option<PathBuf> {
    let spool = Path::new(environment.get("FLAKESCOPE_SPOOL")?);
    let text = std::fs::read(spool.join("run.json")).ok()?;
    let run: serde_json::Value = serde_json::from_slice(&text).ok()?;
    Some(PathBuf::from(run.get("store")?.as_str()?))
}

/// The key of the pseudonyms: from the environment, else the store's own, else a new one.
pub(crate) fn key(environment: &Environment, store: &Path, notes: &mut Notes) -> Result<Key> {
    if let Some(text) = environment.get("FLAKESCOPE_MASK_KEY") {
        match Key::from_hex(text) {
            Ok(key) => return Ok(key),
            Err(error) => notes.warn(
                &format!("FLAKESCOPE_MASK_KEY: {error}"),
                "the store's own key is used, so pseudonyms compare within this store only",
            ),
        }
    }
    match Key::load_or_create(&store.join("key")) {
        Ok(key) => Ok(key),
        Err(error) => {
            notes.lose(format!(
                "pseudonyms of this run compare with no other run: {error}"
            ));
            Key::generate().context("make a key")
        }
    }
}

/// What to mask: what the settings say, and the values of variables that sound secret.
pub(crate) fn rules(config: &Config, environment: &Environment) -> MaskRules {
    let mask = &config.mask;
    let variables = environment
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()));
    MaskRules {
        enabled: mask.enabled,
        header_names: mask.headers.clone(),
        body_keys: mask.keys.clone(),
        query_keys: mask.query.clone(),
        patterns: mask.patterns.clone(),
        secret_values: recorder::secret_environment(variables),
        keep: mask.keep.clone(),
    }
}

fn random_id() -> Result<RunId> {
    let mut bytes = [0; RunId::BYTES];
    getrandom::fill(&mut bytes).context("draw the id of the run")?;
    Ok(RunId(bytes))
}
