//! How fast text is masked, and which lines of it change: `cargo run --release --example masking_rate -- FILE…`.
//! The figures in `docs/design/0003-masking.md` come from here. `FLAKESCOPE_LEARNED=N` has the run show N secrets first.

use std::io::{self, Write};
use std::time::Instant;
use std::{env, fs};

use recorder::{Key, MaskRules, Masker};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret_values = (0..20)
        .map(|number| format!("environment-value-{number}"))
        .collect();
    let rules = MaskRules {
        secret_values,
        ..MaskRules::default()
    };
    let begin = Instant::now();
    let masker = Masker::new(&rules, Key::generate()?)?;
    let prepared = begin.elapsed().as_millis();
    let learned = env::var("FLAKESCOPE_LEARNED").ok();
    for number in 0..learned.and_then(|text| text.parse().ok()).unwrap_or(0) {
        let _masked = masker.text(&format!(r#"{{"token":"learned-value-{number:08x}"}}"#));
    }
    let texts: Vec<String> = env::args()
        .skip(1)
        .filter_map(|path| fs::read_to_string(path).ok())
        .collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let begin = Instant::now();
    let masked: Vec<String> = texts.iter().map(|text| masker.text(text)).collect();
    let seconds = begin.elapsed().as_secs_f64();
    let mut out = io::stdout().lock();
    let (mut lines, mut changed) = (0, 0);
    for (before, after) in texts.iter().zip(&masked) {
        lines += before.lines().count();
        for (before, after) in before.lines().zip(after.lines()) {
            if before != after {
                changed += 1;
                let shown = |line: &str| line.trim().chars().take(160).collect::<String>();
                writeln!(out, "- {}\n+ {}", shown(before), shown(after))?;
            }
        }
    }
    let rate = bytes as f64 / 1e6 / seconds;
    writeln!(
        out,
        "{} files, {bytes} bytes, prepared in {prepared} ms, {rate:.0} MB/s, {changed} of {lines} lines changed",
        texts.len()
    )?;
    Ok(())
}
