//! Tables of what was measured, appended to a dated file with a description of the machine.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::measure::{Cost, Variant};

/// The costs of some variants beside each other; the first is the reference of the ratios.
pub(crate) struct Table {
    title: String,
    rows: Vec<Row>,
}

struct Row {
    name: &'static str,
    cpu: Spread,
    wall: Spread,
    rounds: usize,
}

/// In milliseconds.
struct Spread {
    median: f64,
    least: f64,
}

impl Table {
    /// A table of what each variant cost in each round.
    pub(crate) fn new(title: &str, variants: &[Variant], costs: &[Vec<Cost>]) -> Self {
        let row = |(variant, costs): (&Variant, &Vec<Cost>)| Row {
            name: variant.name,
            cpu: spread(costs.iter().map(|cost| cost.cpu)),
            wall: spread(costs.iter().map(|cost| cost.wall)),
            rounds: costs.len(),
        };
        Self {
            title: title.to_owned(),
            rows: variants.iter().zip(costs).map(row).collect(),
        }
    }

    fn markdown(&self) -> String {
        let rounds = self.rows.first().map_or(0, |row| row.rounds);
        let mut text = format!(
            "### {}\n\n{rounds} rounds, variants in turn. CPU is user and system time of all processes.\n\n\
             | | CPU median ms | least | × | wall median ms | least | × |\n|---|--:|--:|--:|--:|--:|--:|\n",
            self.title
        );
        for row in &self.rows {
            let cpu_ratio = self
                .rows
                .first()
                .map_or(1.0, |first| row.cpu.median / first.cpu.median);
            let wall_ratio = self
                .rows
                .first()
                .map_or(1.0, |first| row.wall.median / first.wall.median);
            let Row {
                name, cpu, wall, ..
            } = row;
            let _infallible = writeln!(
                text,
                "| {name} | {:.1} | {:.1} | {cpu_ratio:.2} | {:.1} | {:.1} | {wall_ratio:.2} |",
                cpu.median, cpu.least, wall.median, wall.least
            );
        }
        text
    }
}

fn spread(times: impl Iterator<Item = Duration>) -> Spread {
    let mut millis: Vec<f64> = times.map(|time| time.as_secs_f64() * 1000.0).collect();
    millis.sort_by(f64::total_cmp);
    let at = |index: usize| millis.get(index).copied().unwrap_or_default();
    let middle = millis.len() / 2;
    let median = if millis.len() % 2 == 1 {
        at(middle)
    } else {
        f64::midpoint(at(middle.saturating_sub(1)), at(middle))
    };
    Spread {
        median,
        least: at(0),
    }
}

/// Prints the tables and appends them to the file of this day and bench in `folder`.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn record(folder: &Path, bench: &str, tables: &[Table]) -> Result<()> {
    let mut text = format!(
        "## {bench}, {}\n\n{}\n\n",
        said(&["date", "-u", "+%F %H:%M UTC"]),
        machine()
    );
    for table in tables {
        text.push_str(&table.markdown());
        text.push('\n');
    }
    print!("{text}");
    fs::create_dir_all(folder).context("failed to make the folder of results")?;
    let path = folder.join(format!("{}-{bench}.md", said(&["date", "-u", "+%F"])));
    let file = OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("failed to write {}", path.display()))
}

/// What matters of this machine, without its name.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    format!(
        "{cores} cores, load {load} at the end, {}, node {}, commit {}, release build.",
        said(&["uname", "-srm"]),
        said(&["node", "--version"]),
        said(&["git", "rev-parse", "--short", "HEAD"]),
    )
}

/// What a small command prints; nothing if it cannot.
fn said(command: &[&str]) -> String {
    let Some((program, arguments)) = command.split_first() else {
        return String::new();
    };
    let output = Command::new(program).args(arguments).output();
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(millis: &[u64], median: f64, least: f64) {
        let found = spread(millis.iter().copied().map(Duration::from_millis));
        assert!(
            (found.median - median).abs() < 1e-9,
            "{millis:?}: {}",
            found.median
        );
        assert!(
            (found.least - least).abs() < 1e-9,
            "{millis:?}: {}",
            found.least
        );
    }

    #[test]
    fn the_median_does_not_follow_outliers() {
        check(&[3, 1, 2], 2.0, 1.0);
        check(&[4, 1, 3, 2], 2.5, 1.0);
        check(&[1, 1, 1, 1, 1000], 1.0, 1.0);
        check(&[7], 7.0, 7.0);
        check(&[], 0.0, 0.0);
    }

    #[test]
    fn ratios_are_to_the_first_row() {
        let variant = |name| Variant {
            name,
            command: Box::new(|| Ok(Command::new("true"))),
        };
        let cost = |millis| Cost {
            cpu: Duration::from_millis(millis),
            wall: Duration::from_millis(2 * millis),
        };
        let table = Table::new(
            "T",
            &[variant("a"), variant("b")],
            &[vec![cost(10)], vec![cost(25)]],
        );
        let text = table.markdown();
        assert!(text.ends_with("| a | 10.0 | 10.0 | 1.00 | 20.0 | 20.0 | 1.00 |\n| b | 25.0 | 25.0 | 2.50 | 50.0 | 50.0 | 2.50 |\n"), "{text}");
    }
}
