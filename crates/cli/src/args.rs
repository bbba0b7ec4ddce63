//! The command line: what can be said, and the help that says it.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use model::Cause;

use crate::report::style::ColorChoice;

/// Records integration tests and names why they failed.
#[derive(Debug, Parser)]
#[command(
    name = "flakescope",
    version = env!("FLAKESCOPE_VERSION"),
    arg_required_else_help = true,
    after_help = "Examples:\n  \
        flakescope run -- npx mocha        run the tests, record them, explain what failed\n  \
        flakescope list                    runs that were recorded\n  \
        flakescope show last               the newest run again\n  \
        flakescope open last               the newest run in the browser\n  \
        flakescope diff 8f2c1              what an attempt did otherwise than when it passed\n  \
        flakescope why checkout            what differs when a test fails\n\n\
        Exit codes: `run` ends as its command ends; 125, 126 and 127 mean that it could not be started."
)]
pub(crate) struct Cli {
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a test command and record it
    Run(RunArgs),
    /// List what was recorded
    List(ListArgs),
    /// Show a run or one attempt of a test
    Show(ShowArgs),
    /// Say what differs between two recordings of a test
    Diff(DiffArgs),
    /// Say what the recordings of a test say together: how often it fails, and what differs when it does
    Why(WhyArgs),
    /// Say that a diagnosis is wrong, or right
    Dispute(DisputeArgs),
    /// Write recordings as files for other tools
    Export(ExportArgs),
    /// Serve the recordings as web pages and as an API
    Serve(ServeArgs),
    /// Open a run or an attempt in the browser
    Open(OpenArgs),
    /// Say what is recorded of this project's tests, and what to do
    Doctor(DoctorArgs),
    /// Print a shell's completion script
    #[command(after_help = "Example:\n  \
        flakescope completions bash > ~/.local/share/bash-completion/completions/flakescope")]
    Completions(CompletionsArgs),
}

/// Where recordings and settings are.
#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    /// Folder of the store [default: .flakescope in the project's root]
    #[arg(
        long,
        value_name = "DIR",
        env = "FLAKESCOPE_STORE",
        hide_env_values = true
    )]
    pub(crate) store: Option<PathBuf>,
    /// Settings [default: the nearest flakescope.toml upwards]
    #[arg(
        long,
        value_name = "FILE",
        env = "FLAKESCOPE_CONFIG",
        hide_env_values = true
    )]
    pub(crate) config: Option<PathBuf>,
}

/// Runs a test command and records it.
///
/// The command's input, output, signals and exit code pass through untouched. What Flakescope has to say goes to
/// stderr, after the command has ended.
#[derive(Debug, Args)]
#[command(
    override_usage = "flakescope run [OPTIONS] -- COMMAND...",
    after_help = "Examples:\n  \
    flakescope run -- npx mocha\n  \
    flakescope run --tag team=checkout --report-json report.json -- npm test\n\n\
    Exit codes: that of the command, or its signal. 125: Flakescope could not start the command. \
    126: the command cannot be executed. 127: there is no such command."
)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// What to call this run
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Tag this run; can be given several times
    #[arg(long = "tag", value_name = "KEY=VALUE", value_parser = tag)]
    pub(crate) tags: Vec<(String, String)>,
    /// Follow a service's log file; can be given several times
    #[arg(long = "log", value_name = "NAME=FILE", value_parser = log_file)]
    pub(crate) logs: Vec<(String, PathBuf)>,
    /// Take in OpenTelemetry at this address too, from services that are started elsewhere
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) otlp: Option<SocketAddr>,
    /// Compare failures with passing recordings of this store or evidence file too; can be given several times
    #[arg(long = "baseline", value_name = "DIR|FILE")]
    pub(crate) baselines: Vec<PathBuf>,
    /// The project whose tests these are [default: from flakescope.toml, else the repository]
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
    /// Write the report as JSON to this file too
    #[arg(long, value_name = "FILE")]
    pub(crate) report_json: Option<PathBuf>,
    /// Report only when something failed or was lost
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Print no report
    #[arg(long, conflicts_with = "quiet")]
    pub(crate) no_report: bool,
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// Says what is recorded of this project's tests: runners, agents (each is tried out), the last run, and what to do.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  flakescope doctor\n\n\
    Exit codes: 1 when something stands in the way of recording, else 0.")]
pub(crate) struct DoctorArgs {
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// Lists what was recorded.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  flakescope list\n  flakescope list tests --flaky\n  \
    flakescope list dependencies --limit 5\n  flakescope list --json"
)]
pub(crate) struct ListArgs {
    /// What to list
    #[arg(value_enum, default_value_t = ListWhat::Runs)]
    pub(crate) what: ListWhat,
    /// Only tests that failed and passed with nothing changed
    #[arg(long)]
    pub(crate) flaky: bool,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = limit)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListWhat {
    /// Runs, newest first
    Runs,
    /// Tests of the newest runs
    Tests,
    /// Whom the tests call, and what that costs
    Dependencies,
    /// Failures of one cause across runs
    Incidents,
    /// What was said of diagnoses, and how often they were right
    Disputes,
}

/// Shows a run or one attempt of a test.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    flakescope show last\n  \
    flakescope show 8f2c1 --json\n  \
    flakescope show 8f2c1 --baseline ../main/.flakescope       with what passed there\n  \
    flakescope show --evidence 8f2c1abc.evidence.flakescope    without a store")]
pub(crate) struct ShowArgs {
    /// The id of a run or an attempt, or as many of its first digits as make it unique; or `last`
    #[arg(value_name = "RUN|ATTEMPT|last", required_unless_present = "evidence")]
    pub(crate) id: Option<String>,
    /// Diagnose the attempt of this file again and show it, without a store; see `flakescope export --evidence`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["id", "baselines"])]
    pub(crate) evidence: Option<PathBuf>,
    /// Diagnose again, with passing recordings of this store or evidence file too; can be given several times
    #[arg(long = "baseline", value_name = "DIR|FILE")]
    pub(crate) baselines: Vec<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// Says what differs between two recordings of a test, in the order in which it happened.
///
/// Calls are held against each other whatever their identifiers, times and ports; tries and polls of one call are one.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    flakescope diff 8f2c1              against the best passing recording of the test\n  \
    flakescope diff 8f2c1 8d01a        against this one\n  \
    flakescope diff 8f2c1 --all        with identifiers and times too\n\n\
    Exit codes: 0 whether they differ or not; 1 when there is nothing to compare with.")]
pub(crate) struct DiffArgs {
    /// The id of an attempt, or as many of its first digits as make it unique
    #[arg(value_name = "ATTEMPT")]
    pub(crate) attempt: String,
    /// The attempt to hold it against [default: the best passing recording of the same test]
    #[arg(value_name = "OTHER")]
    pub(crate) other: Option<String>,
    /// Also what differs in every recording: identifiers, times, ports
    #[arg(long)]
    pub(crate) all: bool,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// Says what the recordings of a test say together: how it came out, how often it is flaky, why it failed, what differs
/// when it does, and how its duration changes. Each figure says of how many it was counted.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    flakescope why \"pays with card\"   a part of its name\n  \
    flakescope why test/checkout.js   or of its file\n  \
    flakescope why 8f2c1a             the test of an attempt")]
pub(crate) struct WhyArgs {
    /// A part of the test's name or file, its id, or the id of one of its attempts
    #[arg(value_name = "TEST")]
    pub(crate) test: String,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// Says that the diagnosis of an attempt is wrong, or right.
///
/// Claims of a disputed cause are withheld, in every run, until somebody agrees with one or the dispute is withdrawn.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    flakescope dispute 8f2c1a --cause test-code --note \"the fixture is too small\"\n  \
    flakescope dispute 8f2c1a --agree\n  \
    flakescope dispute 8f2c1a --withdraw\n  \
    flakescope list disputes")]
pub(crate) struct DisputeArgs {
    /// The id of an attempt, or as many of its first digits as make it unique
    #[arg(value_name = "ATTEMPT")]
    pub(crate) attempt: String,
    #[command(flatten)]
    pub(crate) said: Said,
    /// Why, in your words
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// What was kept, as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// What is said of a diagnosis: one of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Said {
    /// It is wrong, and this is the cause
    #[arg(long, value_name = "CAUSE", value_parser = causes())]
    pub(crate) cause: Option<String>,
    /// It is right
    #[arg(long)]
    pub(crate) agree: bool,
    /// Take back what was said of it before
    #[arg(long)]
    pub(crate) withdraw: bool,
}

/// The names of causes.
fn causes() -> PossibleValuesParser {
    PossibleValuesParser::new(Cause::ALL.iter().map(|cause| cause.as_str()))
}

/// Writes the recording of an attempt, or all of a run, as a file for other tools. What is masked stays masked.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    flakescope export 8f2c1 -o calls.har                      for browsers and HTTP tools\n  \
    flakescope export last -o spans.json                      for Jaeger and the OpenTelemetry collector\n  \
    flakescope export last -o spans.json --logs logs.json     with the log records\n  \
    flakescope export 8f2c1 --format har -o - | jq .          to stdout\n  \
    flakescope export 8f2c1 --evidence                        what its diagnosis was made of")]
pub(crate) struct ExportArgs {
    /// The id of a run or an attempt, or as many of its first digits as make it unique; or `last`
    #[arg(value_name = "RUN|ATTEMPT|last")]
    pub(crate) id: String,
    /// The file to write, which is replaced if it is there; `-` for stdout
    #[arg(long, short, value_name = "FILE", required_unless_present = "evidence")]
    pub(crate) output: Option<PathBuf>,
    /// Write the evidence of the attempt, for `flakescope show --evidence` anywhere [default file: ATTEMPT.evidence.flakescope]
    #[arg(long, conflicts_with_all = ["format", "logs"])]
    pub(crate) evidence: bool,
    /// The format [default: by the file's extension: .json is otlp, .har is har]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<ExportFormat>,
    /// Write the log records to this file, as OTLP; a file of OTLP holds either spans or log records
    #[arg(long, value_name = "FILE")]
    pub(crate) logs: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// The formats of `export`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Spans as JSON of the OpenTelemetry protocol
    Otlp,
    /// Calls as HTTP Archive 1.2
    Har,
}

/// Serves the recordings as web pages and as an API, until Ctrl-C.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  flakescope serve\n  flakescope serve --listen 0.0.0.0:8080\n\n\
    On any address but the loopback, a token is asked for; the address that is printed has it."
)]
pub(crate) struct ServeArgs {
    /// Where to listen; port 0 means any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4318")]
    pub(crate) listen: SocketAddr,
    /// The token to ask for [default on other addresses than the loopback: a random one]
    #[arg(
        long,
        value_name = "TOKEN",
        env = "FLAKESCOPE_TOKEN",
        hide_env_values = true
    )]
    pub(crate) token: Option<String>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// Opens a run or an attempt in the browser. If nothing serves the store, this does, until Ctrl-C.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  flakescope open\n  flakescope open last --no-browser")]
pub(crate) struct OpenArgs {
    /// The id of a run or an attempt, or as many of its first digits as make it unique; or `last`
    #[arg(value_name = "RUN|ATTEMPT|last")]
    pub(crate) id: Option<String>,
    /// Only print the address
    #[arg(long)]
    pub(crate) no_browser: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// Prints a shell's completion script.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: Shell,
}

/// Reads `key=value`. A key is what other tools take for one: letters, digits and `._-/`.
fn tag(text: &str) -> Result<(String, String), String> {
    let Some((key, value)) = text.split_once('=') else {
        return Err(format!("no `=` in it; write --tag {text}=VALUE"));
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    if key.is_empty() || !key.chars().all(allowed) {
        return Err("a key has letters, digits and . _ - / only; write --tag KEY=VALUE".into());
    }
    Ok((key.to_owned(), value.to_owned()))
}

/// Reads `name=file`.
fn log_file(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            Ok((name.to_owned(), PathBuf::from(file)))
        }
        _ => Err("write --log NAME=FILE, with the name of the service".into()),
    }
}

fn limit(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("not a number above 0".into()),
        Ok(number) => Ok(number),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definitions_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn log_files_have_a_service() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let read = log_file(text).ok();
            let expected = expected.map(|(name, file)| (name.to_owned(), PathBuf::from(file)));
            assert_eq!(read, expected, "{text}");
        };
        check("api=logs/api.log", Some(("api", "logs/api.log")));
        check("api=a=b", Some(("api", "a=b")));
        check("api=", None);
        check("=a", None);
        check("api.log", None);
    }

    #[test]
    fn tags_are_pairs() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let read = tag(text).ok();
            let read = read.as_ref().map(|(key, value)| (&**key, &**value));
            assert_eq!(read, expected, "{text}");
        };
        check("team=checkout", Some(("team", "checkout")));
        check("vcs.change.id=7", Some(("vcs.change.id", "7")));
        check("expression=a=b", Some(("expression", "a=b")));
        check("empty=", Some(("empty", "")));
        check("team", None);
        check("=x", None);
        check("a b=x", None);
        check("é=x", None);
    }
}
