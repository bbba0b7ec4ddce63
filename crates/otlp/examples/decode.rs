//! What a request says, and how fast it is read: `cargo run --release --example decode -- FILE…`. A file is JSON or
//! protobuf by its extension, traces or logs by its name. Prints counts and problems, then the rate of reading all files
//! again and again for two seconds of processor time. Asserts nothing.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use otlp::{Encoding, Limits, Signal, decode};

/// In seconds of processor time.
const MEASURED: f64 = 2.0;

fn main() -> Result<(), Box<dyn Error>> {
    let limits = Limits::default();
    let mut requests = Vec::new();
    for path in env::args().skip(1) {
        let bytes = fs::read(&path)?;
        let (encoding, signal) = kind(Path::new(&path));
        let decoded = decode(encoding, signal, &bytes, &limits);
        println!(
            "{path}: {} spans, {} logs, {:?}",
            decoded.spans.len(),
            decoded.logs.len(),
            decoded.counts
        );
        for problem in &decoded.problems {
            println!("  {problem}");
        }
        requests.push((encoding, signal, bytes));
    }
    for wanted in [Encoding::Json, Encoding::Protobuf] {
        let (mut bytes, mut spans) = (0, 0);
        let began = processor_seconds()?;
        let mut seconds = 0.0;
        while seconds < MEASURED {
            // Asking for the time takes as long as a small request.
            for (encoding, signal, body) in requests.iter().cycle().take(50 * requests.len()) {
                if *encoding == wanted {
                    let decoded = decode(*encoding, *signal, body, &limits);
                    bytes += body.len();
                    spans += std::hint::black_box(decoded).spans.len();
                }
            }
            seconds = processor_seconds()? - began;
        }
        println!(
            "{wanted:?}: {:.0} MB and {:.0} spans in a second of processor time",
            bytes as f64 / 1e6 / seconds,
            spans as f64 / seconds
        );
    }
    Ok(())
}

/// The time that this thread was on a processor: the machine may be busy with other things.
fn processor_seconds() -> Result<f64, Box<dyn Error>> {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos: u64 = statistics.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanos as f64 / 1e9)
}

fn kind(path: &Path) -> (Encoding, Signal) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let signal = match () {
        () if name.contains("logs") => Signal::Logs,
        () if name.contains("metrics") => Signal::Metrics,
        () => Signal::Traces,
    };
    let is_protobuf = path.extension().is_some_and(|extension| extension == "pb");
    let encoding = if is_protobuf {
        Encoding::Protobuf
    } else {
        Encoding::Json
    };
    (encoding, signal)
}
