//! What a diagnosis costs: one failed attempt of 301 calls beside a passing recording of as many, each with 2 KiB of
//! JSON each way. Three times: the same text in every body; no text twice, for identifiers and instants, as in most
//! recordings; no body like another, for numbers and texts too. Prints the median of the repetitions, as CPU time, which
//! others on the machine do not lengthen much; asserts nothing.

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::Duration;

use diagnosis::diagnose;
use support::{Call, Story, post};

const CALLS: i64 = 300;
const ITEMS: i64 = 40;
const REPETITIONS: usize = 51;

fn main() {
    measure("one text in all bodies", |_| same_text());
    measure("other identifiers in each body", other_ids);
    measure("other values in each body", other_values);
}

/// Measures with bodies that are made from a number that no other body of either recording has.
fn measure(name: &str, body: impl Fn(i64) -> String) {
    let mut failing = calls(0, &body);
    failing.push(post("http://127.0.0.1:7000/charges", 4_900).answers(503, "{}"));
    let mut passing = calls(2 * CALLS, &body);
    passing.push(post("http://127.0.0.1:7000/charges", 4_900).answers(200, "{}"));
    let evidence = Story::of(failing).passing(passing).evidence();
    let mut times: Vec<Duration> = (0..REPETITIONS)
        .map(|_| {
            let began = cpu_time();
            std::hint::black_box(diagnose(std::hint::black_box(&evidence)));
            cpu_time().saturating_sub(began)
        })
        .collect();
    times.sort_unstable();
    println!(
        "{name}, {} calls of {} bytes each way on each side: {:.1?} of CPU (least {:.1?})",
        CALLS + 1,
        body(CALLS).len(),
        times[REPETITIONS / 2],
        times[0]
    );
    println!("  {}", diagnose(&evidence).summary);
}

/// The time that this thread has had a processor, as Linux says; nothing elsewhere.
fn cpu_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = text.split(' ').next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}

fn same_text() -> String {
    list(|n| format!(r#"{{"id":{n},"state":"open","at":"2026-11-22T18:42:45Z"}}"#))
}

fn other_ids(seed: i64) -> String {
    list(|n| {
        let (id, minute) = (seed * ITEMS + n, (seed + n) % 60);
        format!(r#"{{"id":{id},"state":"open","at":"2026-11-22T18:{minute:02}:45Z"}}"#)
    })
}

fn other_values(seed: i64) -> String {
    list(|n| {
        let (amount, total) = (seed * 7 + n, seed * ITEMS + n);
        format!(r#"{{"amount":{amount},"state":"open","note":"paid {total} of it"}}"#)
    })
}

fn list(item: impl Fn(i64) -> String) -> String {
    let items: Vec<String> = (0..ITEMS).map(item).collect();
    format!("[{}]", items.join(","))
}

fn calls(seed: i64, body: impl Fn(i64) -> String) -> Vec<Call> {
    (0..CALLS)
        .map(|n| {
            post(&format!("http://127.0.0.1:3000/items/{n}"), n * 16)
                .takes(10)
                .sends(&body(seed + 2 * n))
                .answers(200, &body(seed + 2 * n + 1))
        })
        .collect()
}
