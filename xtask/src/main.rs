//! The tasks of the project, as `cargo xtask TASK`: one door for people and for CI.

mod bench;
mod demo;
mod generate;
mod layers;
mod matrix;
mod npm;
mod pages;
mod process;
mod suites;
mod system;
mod test;
mod tidy;
mod venv;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo xtask TASK

  demo [--no-serve]          build the product, show it on examples/insights, and serve what was recorded
  pages                      build the web pages, which the next `cargo build` embeds
  test [--install] [STEP…]   install what the tests need and run all of them, or only the named steps
  bench [NAME…]              measure beside the references and append to bench/results
  bench diagnosis [--evaluate-only]
                             record the labelled fault matrix and say how its causes are named
  tidy                       hold the files against the house rules
  layers                     hold the crates' dependencies against the map
  gen                        write the committed generated files again
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((task, rest)) = arguments.split_first() else {
        bail!("no task was named\n\n{USAGE}");
    };
    match task.as_str() {
        "demo" => demo::run(rest),
        "pages" => pages::run(rest),
        "test" => test::run(rest),
        "bench" if rest.first().is_some_and(|name| name == "diagnosis") => matrix::run(&rest[1..]),
        "bench" => bench::run(rest),
        "tidy" => tidy::run(rest),
        "layers" => layers::run(rest),
        "gen" => generate::run(rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        unknown => bail!("there is no task `{unknown}`\n\n{USAGE}"),
    }
}
