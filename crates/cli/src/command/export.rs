//! `flakescope export`: recordings as files for other tools.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use server::SIGNER;
use server::export::{self, Format, Records, Written};
use store::{PrefixMatch, Store};

use super::{open_store, print, show};
use crate::args::{ExportArgs, ExportFormat};
use crate::evidence;
use crate::exit::{self, Ending, Failure};
use crate::os;
use crate::report::json::harmless;
use crate::report::style::ColorChoice;
use crate::report::units::count;
use crate::talk::{self, Output};

/// Writes a file, or stdout.
///
/// # Errors
/// When there is none or several with this id, the format is not known, the store cannot be read, or the file cannot be
/// written. A file that was there before is then as it was.
pub(crate) fn run(args: &ExportArgs, color: ColorChoice) -> Result<Ending, Failure> {
    if args.evidence {
        return evidence_of(args, color);
    }
    // Required by the definition of the arguments.
    let output = args.output.as_deref().unwrap_or(Path::new("-"));
    let format = format(args.format, output)?;
    let store: &dyn Store = &*open_store(&args.place)?;
    let what = show::find(store, &args.id)?;
    let version = env!("CARGO_PKG_VERSION");
    let apart = |records| move |out: &mut dyn Write| export::write_otlp(store, what, records, out);
    match (format, &args.logs) {
        // Log records that have a file of their own are not in the other one.
        (Format::Otlp, Some(_)) => put(output, Noun::Span, color, apart(Records::Spans))?,
        _ => put(output, Noun::of(format), color, |out| {
            export::write(store, what, format, version, out)
        })?,
    }
    if let Some(file) = &args.logs {
        put(file, Noun::LogRecord, color, apart(Records::Logs))?;
    }
    Ok(Ending::Done)
}

/// Writes the evidence of an attempt.
fn evidence_of(args: &ExportArgs, color: ColorChoice) -> Result<Ending, Failure> {
    let store: &dyn Store = &*open_store(&args.place)?;
    let id = match show::find(store, &args.id)? {
        PrefixMatch::Attempt(id) => id,
        PrefixMatch::Run(_) => {
            let text = format!("{} is a run, and evidence is of one attempt", args.id);
            return Err(Failure::message(exit::FAILED, text)
                .hint("`flakescope show RUN` has the ids of its attempts"));
        }
    };
    let evidence = store::evidence(store, id, SIGNER)?
        .with_context(|| format!("read attempt {id}: the store does not know it"))?;
    let file = match &args.output {
        Some(file) if file == Path::new("-") => {
            let text = String::from_utf8(archive::evidence::encode_text(&evidence)?);
            let text = text.context("write UTF-8")?;
            // It may go to a terminal or a CI log, where nothing captured may act.
            return print(format!("{}\n", harmless(text.trim_end())).as_bytes());
        }
        Some(file) => file.clone(),
        None => PathBuf::from(format!("{:.8}.evidence.flakescope", id.to_string())),
    };
    evidence::write(&evidence, &file)?;
    let passing = count(evidence.signatures.len() as u64, "passing recording");
    let text = format!("{}: evidence with {passing}", file.display());
    talk::say(&talk::style(Output::Stderr, color), &text);
    Ok(Ending::Done)
}

/// Writes to a file, of which it says so, or to stdout.
fn put(
    file: &Path,
    noun: Noun,
    color: ColorChoice,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<Written>,
) -> Result<(), Failure> {
    if file == Path::new("-") {
        let mut out = Vec::new();
        write(&mut out)?;
        // It may go to a terminal or a CI log, where nothing captured may act.
        let text = String::from_utf8(out).context("write UTF-8")?;
        let text = harmless(text.trim_end());
        print(format!("{text}\n").as_bytes())?;
        return Ok(());
    }
    let written = os::replace_file_with(file, None, |out| {
        let mut out = BufWriter::new(out);
        let written = write(&mut out)?;
        out.flush()?;
        anyhow::Ok(written)
    });
    let written = written.with_context(|| format!("failed to write {}", file.display()))?;
    let recordings = count(written.recordings, "recording");
    let text = format!(
        "{}: {} of {recordings}",
        file.display(),
        told(written, noun)
    );
    talk::say(&talk::style(Output::Stderr, color), &text);
    Ok(())
}

/// What a file is a list of; log records may be in one of spans, too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Noun {
    Span,
    Call,
    LogRecord,
}

impl Noun {
    fn of(format: Format) -> Self {
        match format {
            Format::Otlp => Self::Span,
            Format::Har => Self::Call,
        }
    }
}

/// What was written, for people.
fn told(written: Written, noun: Noun) -> String {
    let logs = count(written.logs, "log record");
    let records = match noun {
        Noun::LogRecord => return logs,
        Noun::Span => count(written.records, "span"),
        Noun::Call => count(written.records, "call"),
    };
    match written.logs {
        0 => records,
        _ => format!("{records} and {logs}"),
    }
}

/// The format that is asked for, else that of the extension.
fn format(asked: Option<ExportFormat>, file: &Path) -> Result<Format, Failure> {
    match asked {
        Some(ExportFormat::Otlp) => Ok(Format::Otlp),
        Some(ExportFormat::Har) => Ok(Format::Har),
        None => of_extension(file).ok_or_else(|| {
            let text = match file == Path::new("-") {
                true => "stdout has no extension that names a format".to_owned(),
                false => format!("no format has the extension of {}", file.display()),
            };
            Failure::message(exit::USAGE, text)
                .hint("name the file .json or .har, or say --format otlp or --format har")
        }),
    }
}

fn of_extension(file: &Path) -> Option<Format> {
    let extension = file.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "json" | "jsonl" => Some(Format::Otlp),
        "har" => Some(Format::Har),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_name_formats() {
        let check = |file: &str, expected: Option<Format>| {
            assert_eq!(of_extension(Path::new(file)), expected, "{file}");
        };
        check("a.json", Some(Format::Otlp));
        check("a.otlp.jsonl", Some(Format::Otlp));
        check("a/b.HAR", Some(Format::Har));
        check("a.har.zip", None);
        check("har", None);
        check("-", None);
    }
}
