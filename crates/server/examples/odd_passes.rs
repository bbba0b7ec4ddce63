//! Which passing recordings of these stores are not like the other passes of their tests, earlier and later ones:
//! `cargo run -p flakescope-server --example odd_passes -- STORE…`. Where nothing was done to the tests each line is a false
//! warning. First it says how long the end of the newest run had to think about that.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use diagnosis::{may_be_unlike, unlike_passes};
use model::{Attempt, AttemptId, Unlike};
use server::SIGNER;
use store::{AttemptQuery, RunContext, RunQuery, Store, StoreError};

fn main() -> ExitCode {
    let mut sum = Sum::default();
    for folder in std::env::args().skip(1) {
        if let Err(error) = sum.add(Path::new(&folder)) {
            eprintln!("{folder}: {error}");
            return ExitCode::FAILURE;
        }
    }
    for line in &sum.odd {
        println!("{line}");
    }
    println!("{} of {} are odd", sum.odd.len(), sum.compared);
    ExitCode::SUCCESS
}

#[derive(Default)]
struct Sum {
    /// Passing recordings with at least two other passes.
    compared: usize,
    odd: Vec<String>,
}

impl Sum {
    fn add(&mut self, folder: &Path) -> Result<(), StoreError> {
        let store = store::open_existing(folder)?;
        time_the_newest(&*store)?;
        for run in store.runs(&RunQuery::default())? {
            let passes = AttemptQuery {
                run: Some(run.id),
                passed_only: true,
                ..AttemptQuery::default()
            };
            let attempts = store.attempts(&passes)?;
            let ids: Vec<AttemptId> = attempts.iter().map(|(attempt, _)| attempt.id).collect();
            let context = RunContext::new(&*store, run.id, SIGNER)?;
            let said = context.each_pass(&ids, |evidence| {
                (evidence.signatures.len() >= 2, unlike_passes(&evidence))
            });
            for ((attempt, test), said) in attempts.iter().zip(said) {
                let (compared, unlike) = said?.unwrap_or_default();
                self.compared += usize::from(compared);
                let odd = unlike.map(|unlike: Unlike| {
                    let texts = unlike.oddities.iter();
                    let texts = texts.map(|one| {
                        format!("\n    {} {}: {}", one.kind.as_str(), one.call, one.text)
                    });
                    let (title, summary) = (test.title(), unlike.summary);
                    let texts: String = texts.collect();
                    format!(
                        "{} {} {title}: {summary}{texts}",
                        folder.display(),
                        attempt.id
                    )
                });
                self.odd.extend(odd);
            }
        }
        Ok(())
    }
}

/// Prints how long it takes to ask of all passes of the newest run whether they may be odd, with what is kept by now.
fn time_the_newest(store: &dyn Store) -> Result<(), StoreError> {
    let newest = RunQuery {
        limit: Some(1),
        ..RunQuery::default()
    };
    let Some(run) = store.runs(&newest)?.into_iter().next() else {
        return Ok(());
    };
    let passes = AttemptQuery {
        run: Some(run.id),
        passed_only: true,
        ..AttemptQuery::default()
    };
    let rows = store.attempts(&passes)?.into_iter();
    let attempts: Vec<Attempt> = rows.map(|(attempt, _)| attempt).collect();
    for time in ["first", "then"] {
        let since = Instant::now();
        let asked = RunContext::new(store, run.id, SIGNER)?.may_differ(&attempts, may_be_unlike);
        let odd = asked
            .into_iter()
            .filter(|odd| matches!(odd, Ok(Some(true))))
            .count();
        let millis = since.elapsed().as_millis();
        eprintln!(
            "{time}: {} passes asked in {millis} ms, {odd} may be odd",
            attempts.len()
        );
    }
    Ok(())
}
