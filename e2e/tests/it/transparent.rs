//! Recording changes nothing: output, input, signals and exit codes are those of the command.

use rustix::process::Signal;

use crate::support::{MOCHA, Process, Project, without_gutter, without_times};

/// Runs the command with and without Flakescope and compares what its user can see.
fn check_same(project: &Project, command: &[&str], variables: &[(&str, &str)]) {
    let set_up = |command: &mut std::process::Command| {
        command.envs(variables.iter().copied());
    };
    let plain = project.plain(command, set_up);
    let recorded = project.record_with(&[], command, set_up).output;
    assert_eq!(
        recorded.code, plain.code,
        "{command:?}: {}",
        recorded.stderr
    );
    assert_eq!(recorded.signal, plain.signal, "{command:?}");
    assert_eq!(
        without_times(&recorded.stdout),
        without_times(&plain.stdout),
        "{command:?}"
    );
    let stderr = without_times(&without_gutter(&recorded.stderr));
    assert_eq!(stderr, without_times(&plain.stderr), "{command:?}");
}

#[test]
fn the_example_looks_the_same_with_and_without() {
    for day in ["good", "bad"] {
        check_same(&Project::example(), &["npx", "mocha"], &[("SERVICES", day)]);
    }
}

#[test]
fn reporters_look_the_same_with_and_without() {
    let project = Project::example();
    for reporter in ["dot", "tap", "xunit"] {
        let command = [&MOCHA[..], &["--reporter", reporter, "test/orders.test.js"]].concat();
        let plain = project.plain(&command, |_| {});
        let recorded = project.record(&command).output;
        assert_eq!(recorded.code, plain.code);
        assert_eq!(
            recorded.stdout.lines().count(),
            plain.stdout.lines().count(),
            "{}",
            recorded.stdout
        );
    }
}

#[test]
fn exit_codes_are_those_of_the_command() {
    let project = Project::new(&[]);
    for code in [0, 1, 2, 6, 124, 125, 126, 127, 128, 143, 255] {
        check_same(
            &project,
            &["node", "-e", &format!("process.exit({code})")],
            &[],
        );
    }
}

#[test]
fn a_command_that_ends_by_a_signal_is_reported_as_a_shell_would() {
    let project = Project::new(&[]);
    let recorded = project
        .record(&["node", "-e", "process.kill(process.pid, 'SIGKILL')"])
        .output;
    let by_shell = recorded.code == Some(128 + 9);
    assert!(by_shell || recorded.signal == Some(9), "{recorded:?}");
}

#[test]
fn a_command_that_cannot_be_started_has_the_usual_codes() {
    let project = Project::new(&[("not-executable", "#!/bin/sh\n")]);
    let check = |command: &str, code: i32| {
        let recorded = project.record(&[command]).output;
        assert_eq!(recorded.code, Some(code), "{}", recorded.stderr);
        assert!(recorded.stderr.contains(command), "{}", recorded.stderr);
        assert_eq!(recorded.stdout, "");
    };
    check("./absent", 127);
    check("./not-executable", 126);
}

#[test]
fn the_commands_input_and_bytes_pass_through() {
    let project = Project::new(&[]);
    let mut run = project.flakescope(&["run", "--", "cat"]);
    let output = Process::start(&mut run, "one\ntwo\r\n\u{1b}[31mred\u{1b}[0m\n\0end").finish();
    assert_eq!(output.stdout, "one\ntwo\r\n\u{1b}[31mred\u{1b}[0m\n\0end");
    assert_eq!(output.code, Some(0));
}

/// The command says that it has got the signal, so the signal must have reached it, once.
#[test]
fn signals_reach_the_command_once() {
    const WAIT: &str = "let got = 0;
        process.on('SIGTERM', () => { got += 1; setImmediate(() => { console.log(`got ${got}`); process.exit(7); }); });
        process.on('SIGINT', () => { got += 1; setImmediate(() => { console.log(`got ${got}`); process.exit(8); }); });
        setInterval(() => {}, 1000);
        console.log('ready');";
    let project = Project::new(&[("wait.js", WAIT)]);
    for (signal, code) in [(Signal::TERM, 7), (Signal::INT, 8)] {
        let running = Process::start(
            &mut project.flakescope(&["run", "--", "node", "wait.js"]),
            "",
        );
        running.wait_for("ready");
        running.signal(signal);
        let output = running.finish();
        assert_eq!(output.code, Some(code), "{output:?}");
        assert_eq!(output.stdout, "ready\ngot 1\n");
    }
}

#[test]
fn options_of_node_that_were_there_stay() {
    let project = Project::new(&[("mine.js", "globalThis.mine = true;")]);
    let command = [
        "node",
        "-e",
        "console.log(globalThis.mine === true, process.env.NODE_OPTIONS)",
    ];
    let mine = format!("--require {}", project.path().join("mine.js").display());
    let output = project.record_with(&[], &command, |command| {
        command.env("NODE_OPTIONS", &mine);
    });
    assert!(
        output.output.stdout.starts_with("true "),
        "{:?}",
        output.output
    );
    assert!(
        output.output.stdout.trim_end().ends_with(&mine),
        "{:?}",
        output.output
    );
}
