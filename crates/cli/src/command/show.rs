//! `flakescope show`: a run or an attempt, found by the beginning of its id.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{AttemptId, RunId};
use store::{PrefixMatch, RunQuery, Store};

use super::open_store;
use super::run::diagnose;
use crate::args::ShowArgs;
use crate::evidence;
use crate::exit::{self, Ending, Failure};
use crate::report::style::ColorChoice;
use crate::report::units::count;
use crate::talk::{self, Output};
use crate::view;

/// The most ids that are listed when a beginning means several.
const SHOWN: usize = 5;
/// The digits of an id in such a list.
const DIGITS: usize = 12;

/// Prints a run or an attempt on stdout.
///
/// # Errors
/// When there is none or several with this id, or the store cannot be read.
pub(crate) fn run(args: &ShowArgs, color: ColorChoice) -> Result<Ending, Failure> {
    let style = talk::style(Output::Stdout, color);
    let mut out = Vec::new();
    if let Some(file) = &args.evidence {
        let (store, target) = presented(file, color)?;
        view::show(&*store, target, args.json, &style, &mut out)?;
        return super::print(&out);
    }
    let store = open_store(&args.place)?;
    let target = find(&*store, args.id.as_deref().unwrap_or_default())?;
    let store = match args.baselines.is_empty() {
        true => store,
        false => diagnosed_again(store, target, &args.baselines)?,
    };
    view::show(&*store, target, args.json, &style, &mut out)?;
    super::print(&out)
}

/// The attempt of an evidence file, as a store of its own.
fn presented(file: &Path, color: ColorChoice) -> Result<(Arc<dyn Store>, PrefixMatch), Failure> {
    let unread = |error| {
        Failure::new(exit::FAILED, error)
            .hint("`flakescope export ATTEMPT --evidence` writes such a file")
    };
    let (evidence, problems) = evidence::read(file).map_err(unread)?;
    if let Some(first) = problems.first() {
        let lines = count(problems.len() as u64, "line");
        let text = format!(
            "{}: {lines} could not be read; line {}: {}",
            file.display(),
            first.line,
            first.reason
        );
        talk::say(&talk::style(Output::Stderr, color), &text);
    }
    let target = PrefixMatch::Attempt(evidence.attempt.id);
    Ok((evidence::present(&evidence)?, target))
}

/// The same store with the diagnoses that further passing recordings lead to. Nothing of it is kept.
fn diagnosed_again(
    store: Arc<dyn Store>,
    target: PrefixMatch,
    baselines: &[PathBuf],
) -> Result<Arc<dyn Store>, Failure> {
    let (elsewhere, errors) = evidence::baselines(baselines);
    if let Some(error) = errors.into_iter().next() {
        return Err(Failure::new(exit::FAILED, error).hint(
            "--baseline takes the folder of a store, or a file that `flakescope export ATTEMPT --evidence` wrote",
        ));
    }
    let diagnoses = diagnose::again(&*store, target, &elsewhere)?;
    let above = store::overlaid(store)?;
    above.put_diagnoses(&diagnoses)?;
    Ok(above)
}

/// What the user means by an id: `last`, or the beginning of one.
pub(super) fn find(store: &dyn Store, id: &str) -> Result<PrefixMatch, Failure> {
    if id == "last" {
        let query = RunQuery {
            limit: Some(1),
            ..RunQuery::default()
        };
        return match store.runs(&query)?.first() {
            Some(run) => Ok(PrefixMatch::Run(run.id)),
            None => Err(Failure::message(exit::FAILED, "there are no runs yet")
                .hint("record one with `flakescope run -- COMMAND`")),
        };
    }
    let prefix = id.to_ascii_lowercase();
    if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Failure::message(exit::FAILED, format!("not an id: {id}"))
            .hint("an id has the digits 0-9 and a-f; `flakescope list` shows those of runs"));
    }
    let mut matches = store.find(&prefix, SHOWN + 1)?;
    matches.sort();
    match *matches {
        [only] => Ok(only),
        [] => Err(Failure::message(
            exit::FAILED,
            format!("nothing has an id that begins with {prefix}"),
        )
        .hint("`flakescope list` shows the runs, `flakescope show last` the newest")),
        [..] => Err(ambiguous(&prefix, &matches)),
    }
}

fn ambiguous(prefix: &str, matches: &[PrefixMatch]) -> Failure {
    let more = if matches.len() > SHOWN { ", …" } else { "" };
    let names: Vec<String> = matches.iter().take(SHOWN).map(name).collect();
    let text = format!(
        "several ids begin with {prefix}: {}{more}",
        names.join(", ")
    );
    Failure::message(exit::FAILED, text).hint("give more digits")
}

fn name(found: &PrefixMatch) -> String {
    let short = |id: String| id[..DIGITS].to_owned();
    match found {
        PrefixMatch::Run(RunId(bytes)) => format!("run {}", short(RunId(*bytes).to_string())),
        PrefixMatch::Attempt(AttemptId(bytes)) => {
            format!("attempt {}", short(AttemptId(*bytes).to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{Run, RunState, Timestamp};

    use super::*;

    fn store_with(ids: &[[u8; 16]]) -> std::sync::Arc<dyn Store> {
        let store = store::open_in_memory().unwrap();
        for (index, id) in ids.iter().enumerate() {
            let run = Run {
                id: RunId(*id),
                name: None,
                project: String::new(),
                command: Vec::new(),
                started: Timestamp(i64::try_from(index).unwrap()),
                ended: None,
                exit: None,
                state: RunState::Sealed,
                tags: Default::default(),
                peers: Vec::new(),
                parent: None,
                recorder_version: String::new(),
            };
            store.put_run(&run).unwrap();
        }
        store
    }

    #[test]
    fn ids_are_found_by_their_beginning() {
        let [one, other] = [[0xab; 16], [0xac; 16]];
        let store = store_with(&[one, other]);
        let check = |id: &str, expected: Result<[u8; 16], &str>| {
            let expected = expected.map(|id| PrefixMatch::Run(RunId(id)));
            let found = find(&*store, id).map_err(|failure| failure.to_string());
            let found = found
                .as_ref()
                .map(|id| *id)
                .map_err(|text| text.lines().next().unwrap_or_default());
            assert_eq!(found, expected, "{id}");
        };
        check("last", Ok(other));
        check("ab", Ok(one));
        check("AC", Ok(other));
        check(
            "a",
            Err("error: several ids begin with a: run abababababab, run acacacacacac"),
        );
        check("af", Err("error: nothing has an id that begins with af"));
        check("xy", Err("error: not an id: xy"));
        check("", Err("error: not an id: "));
    }

    #[test]
    fn there_may_be_no_last_run() {
        let failure = find(&*store_with(&[]), "last").unwrap_err();
        assert_eq!(
            failure.to_string().lines().next(),
            Some("error: there are no runs yet")
        );
    }
}
