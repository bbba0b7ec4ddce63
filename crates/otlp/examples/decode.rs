//! What a request says, and how fast it is read: `cargo run --release --example decode -- FILE…`. A file is JSON or
//! protobuf by its extension, traces or logs by its name. Prints counts and problems, then the rate of reading all files
//! again and again for two seconds of processor time.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs};

use otlp::{Encoding, Limits, Signal, decode};

const MEASURED: Duration = Duration::from_secs(2);

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
        let began = Instant::now();
        while began.elapsed() < MEASURED {
            for (encoding, signal, body) in &requests {
                if *encoding == wanted {
                    let decoded = decode(*encoding, *signal, body, &limits);
                    bytes += body.len();
                    spans += std::hint::black_box(decoded).spans.len();
                }
            }
        }
        let seconds = began.elapsed().as_secs_f64();
        println!(
            "{wanted:?}: {:.0} MB/s, {:.0} spans/s",
            bytes as f64 / 1e6 / seconds,
            spans as f64 / seconds
        );
    }
    Ok(())
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
