//! What a diagnosis costs: one failed attempt of 300 calls beside a passing recording of as many, each with 2 KiB of
//! JSON each way. Prints the median of the repetitions; asserts nothing.

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use diagnosis::diagnose;
use support::{Call, Story, post};

const CALLS: i64 = 300;
const REPETITIONS: usize = 51;

fn main() {
    let mut failing = calls();
    failing.push(post("http://127.0.0.1:7000/charges", 4_900).answers(503, "{}"));
    let mut passing = calls();
    passing.push(post("http://127.0.0.1:7000/charges", 4_900).answers(200, "{}"));
    let evidence = Story::of(failing).passing(passing).evidence();
    let mut times: Vec<Duration> = (0..REPETITIONS)
        .map(|_| {
            let began = Instant::now();
            std::hint::black_box(diagnose(std::hint::black_box(&evidence)));
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!(
        "{CALLS} calls on each side: {:?} (least {:?})",
        times[REPETITIONS / 2],
        times[0]
    );
    println!("{}", diagnose(&evidence).summary);
}

fn calls() -> Vec<Call> {
    let items: Vec<String> = (0..40)
        .map(|n| format!(r#"{{"id":{n},"state":"open","at":"2026-11-22T18:42:45Z"}}"#))
        .collect();
    let body = format!("[{}]", items.join(","));
    (0..CALLS)
        .map(|n| {
            post(&format!("http://127.0.0.1:3000/items/{n}"), n * 16)
                .takes(10)
                .sends(&body)
                .answers(200, &body)
        })
        .collect()
}
