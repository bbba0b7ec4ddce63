//! Recording never changes a test's result: input, output, signals and exit code pass through.

use rustix::process::Signal;

use crate::sandbox::{Running, Sandbox, ending, feed, noise};

#[test]
fn input_and_output_pass_through_byte_for_byte() {
    let sandbox = Sandbox::new();
    let bytes = noise(1 << 20);
    let output = feed(
        &mut sandbox.flakescope(&["run", "--", "cat"]),
        bytes.clone(),
    );
    assert!(output.stdout == bytes);
    let output = feed(&mut sandbox.run_script("cat >&2"), bytes.clone());
    assert!(output.stdout.is_empty());
    assert!(output.stderr.starts_with(&bytes));
    let output = feed(
        &mut sandbox.flakescope(&["run", "--no-report", "--", "sh", "-c", "cat >&2"]),
        bytes.clone(),
    );
    assert!(output.stderr == bytes);
}

#[test]
fn the_exit_code_is_the_commands() {
    let sandbox = Sandbox::new();
    for code in [0, 1, 2, 7, 125, 126, 127, 128, 137, 255] {
        let output = sandbox
            .run_script(&format!("exit {code}"))
            .output()
            .unwrap();
        assert_eq!(ending(&output), format!("exit {code}"));
    }
}

#[test]
fn death_by_a_signal_is_ours_too() {
    let sandbox = Sandbox::new();
    for signal in [
        "HUP", "INT", "QUIT", "KILL", "TERM", "USR1", "SEGV", "ABRT", "PIPE",
    ] {
        let script = format!("kill -{signal} $$");
        let plain = sandbox
            .program("sh")
            .args(["-c", &script])
            .output()
            .unwrap();
        let recorded = sandbox.run_script(&script).output().unwrap();
        assert_eq!(ending(&recorded), ending(&plain), "{signal}");
        assert!(ending(&plain).starts_with("signal"), "{signal}");
    }
}

#[test]
fn a_signal_to_us_reaches_the_command_once() {
    let sandbox = Sandbox::new();
    for (name, signal) in [
        ("HUP", Signal::HUP),
        ("INT", Signal::INT),
        ("QUIT", Signal::QUIT),
        ("TERM", Signal::TERM),
        ("USR1", Signal::USR1),
        ("USR2", Signal::USR2),
    ] {
        // A shell runs a trap at once only while it waits for a process: here one that ends with our input.
        let script = format!(
            "exec 3<&0; cat <&3 >/dev/null & trap 'echo got {name}' {name}; echo ready; wait $!; wait $!; exit 5"
        );
        let mut running = Running::start(&mut sandbox.run_script(&script));
        assert_eq!(running.line(), "ready");
        running.signal(signal);
        assert_eq!(running.line(), format!("got {name}"));
        let output = running.finish();
        assert_eq!(ending(&output), "exit 5");
        assert_eq!(output.stdout, b"");
    }
}

#[test]
fn ignored_signals_stay_ignored() {
    let sandbox = Sandbox::new();
    let binary = env!("CARGO_BIN_EXE_flakescope");
    let script = format!(
        "trap '' INT HUP; exec {binary} run -- sh -c 'kill -INT $$; kill -HUP $$; echo survived'"
    );
    let output = sandbox
        .program("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"survived\n");
    assert_eq!(ending(&output), "exit 0");
}

#[test]
fn the_exit_code_is_known_even_if_the_end_of_children_is_ignored() {
    let sandbox = Sandbox::new();
    let binary = env!("CARGO_BIN_EXE_flakescope");
    let output = sandbox
        .program("env")
        .args([
            "--ignore-signal=CHLD",
            binary,
            "run",
            "--",
            "sh",
            "-c",
            "exit 7",
        ])
        .output()
        .unwrap();
    assert_eq!(ending(&output), "exit 7");
}

#[test]
fn only_what_is_documented_is_added_to_the_environment() {
    let sandbox = Sandbox::new();
    let variables = |command: &mut std::process::Command| {
        let output = command
            .env("FLAKESCOPE_MASK_KEY", "ab".repeat(32))
            .env("NODE_OPTIONS", "--max-old-space-size=512")
            .output()
            .unwrap();
        let mut lines: Vec<String> = String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect();
        lines.sort();
        lines
    };
    let plain = variables(&mut sandbox.program("env"));
    let recorded = variables(&mut sandbox.flakescope(&["run", "--", "env"]));
    let added: Vec<&str> = recorded
        .iter()
        .filter(|line| !plain.contains(line))
        .filter_map(|line| line.split('=').next())
        .collect();
    let removed: Vec<&str> = plain
        .iter()
        .filter(|line| !recorded.contains(line))
        .filter_map(|line| line.split('=').next())
        .collect();
    assert_eq!(
        added,
        [
            "FLAKESCOPE_OTLP_ENDPOINT",
            "FLAKESCOPE_RUN_ID",
            "FLAKESCOPE_SPOOL",
            "NODE_OPTIONS",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "PYTHONPATH",
        ]
    );
    assert_eq!(removed, ["FLAKESCOPE_MASK_KEY", "NODE_OPTIONS"]);
    let options = recorded
        .iter()
        .find(|line| line.starts_with("NODE_OPTIONS"))
        .unwrap();
    assert!(options.starts_with("NODE_OPTIONS=--require /"), "{options}");
    assert!(
        options.ends_with("/agent.cjs --max-old-space-size=512"),
        "{options}"
    );
}

#[test]
fn it_can_be_switched_off() {
    let sandbox = Sandbox::new();
    let seen = sandbox.seen(
        sandbox
            .run_script("echo ${FLAKESCOPE_SPOOL-none} ${NODE_OPTIONS-none}; exit 3")
            .env("FLAKESCOPE_DISABLE", "1"),
    );
    assert_eq!(seen, "exit 3\n---- stdout\nnone none\n---- stderr\n");
    assert!(!sandbox.project().join(".flakescope").exists());
}

#[test]
fn a_script_that_names_no_interpreter_runs() {
    let sandbox = Sandbox::new();
    sandbox.write("script", "echo $1; exit 4\n");
    sandbox
        .program("chmod")
        .args(["+x", "script"])
        .status()
        .unwrap();
    let output = sandbox
        .flakescope(&["run", "./script", "word"])
        .output()
        .unwrap();
    assert_eq!(
        (output.stdout, output.status.code()),
        (b"word\n".to_vec(), Some(4))
    );
}
