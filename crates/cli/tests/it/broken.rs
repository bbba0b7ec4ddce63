//! A recorder broken on purpose: the outcome of the command never changes, and the report says what was lost.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use insta::assert_snapshot;

use crate::sandbox::{Sandbox, ending, spooled_failure};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[test]
fn nothing_reports() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.seen(&mut sandbox.flakescope(&["run", "--", "true"])));
}

#[test]
fn wrong_settings_are_loud_and_stop_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "flakescope.toml",
        "project = \"shop\"\n[[peer]]\nname = \"a\"\nhost = [\"a\"]\nrole = \"product\"\n",
    );
    assert_snapshot!(
        "settings_run",
        sandbox.seen(&mut sandbox.run_script("echo out; exit 3"))
    );
    assert_snapshot!(
        "settings_list",
        sandbox.seen(&mut sandbox.flakescope(&["list"]))
    );
    assert_eq!(sandbox.runs()[0].project, "shop");
}

#[test]
fn hostile_settings_cannot_act() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "flakescope.toml",
        "\"\\u001b[2J\" = 1\n# \u{1b}[31m\n::error:: = 2\n",
    );
    for command in ["run", "list"] {
        let mut command = sandbox.flakescope(&[command]);
        command.arg("true");
        let output = command.output().unwrap();
        assert!(!output.stderr.contains(&0x1b));
        assert!(!output.stderr.windows(3).any(|window| window == b"\n::"));
    }
}

#[test]
fn a_store_that_cannot_be_made() {
    let sandbox = Sandbox::new();
    sandbox.write(".flakescope", "a file where the folder should be");
    assert_snapshot!(sandbox.seen(&mut sandbox.run_script("echo out; exit 3")));
}

#[test]
fn the_report_of_a_run_without_a_store() {
    let sandbox = Sandbox::new();
    sandbox.write(".flakescope", "a file where the folder should be");
    let script = spooled_failure("pays", TRACE) + "exit 1";
    let output = sandbox
        .flakescope(&[
            "run",
            "--report-json",
            "report.json",
            "--",
            "sh",
            "-c",
            &script,
        ])
        .output()
        .unwrap();
    assert_eq!(ending(&output), "exit 1");
    let report = std::fs::read_to_string(sandbox.project().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["tests"][0]["attempts"][0]["status"], "failed");
}

#[test]
fn no_place_for_a_spool() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.run_script("echo ${FLAKESCOPE_SPOOL-none}; exit 3");
    command.env("FLAKESCOPE_SPOOL_DIR", sandbox.path("missing"));
    let seen = sandbox.seen(&mut command);
    let run = sandbox.runs()[0].id.to_string();
    assert_snapshot!(seen.replace(&run, "[RUN]"));
}

#[test]
fn no_place_for_agents() {
    let sandbox = Sandbox::new();
    sandbox.write("file", "");
    let mut command = sandbox.run_script("echo ${NODE_OPTIONS-none}; exit 3");
    command.env(
        "FLAKESCOPE_AGENT_DIR",
        sandbox.project().join("file/agents"),
    );
    assert_snapshot!(sandbox.seen(&mut command));
}

#[test]
fn the_spool_is_removed_in_mid_run() {
    let sandbox = Sandbox::new();
    assert_snapshot!(
        sandbox.seen(&mut sandbox.run_script("rm -r \"$FLAKESCOPE_SPOOL\"; echo out; exit 3"))
    );
}

#[test]
fn the_store_is_removed_in_mid_run() {
    let sandbox = Sandbox::new();
    let script = spooled_failure("pays", TRACE) + "rm -r .flakescope; exit 3";
    let output = sandbox.run_script(&script).output().unwrap();
    assert_eq!(ending(&output), "exit 3");
    let report = String::from_utf8(output.stderr).unwrap();
    assert!(report.contains("pays"), "{report}");
}

#[test]
fn the_working_directory_is_gone() {
    let sandbox = Sandbox::new();
    let gone = sandbox.path("gone");
    std::fs::create_dir(&gone).unwrap();
    let binary = env!("CARGO_BIN_EXE_flakescope");
    let script = format!(
        "rmdir {}; {binary} run -- sh -c 'echo out; exit 3'",
        gone.display()
    );
    assert_snapshot!(
        sandbox.seen(
            sandbox
                .program("sh")
                .args(["-c", &script])
                .current_dir(&gone)
        )
    );
}

#[test]
fn a_wrong_key_is_told_and_not_used() {
    let sandbox = Sandbox::new();
    assert_snapshot!(
        sandbox.seen(
            sandbox
                .run_script("exit 3")
                .env("FLAKESCOPE_MASK_KEY", "secret")
        )
    );
}

#[test]
fn the_json_report_cannot_be_written() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.seen(&mut sandbox.flakescope(&[
        "run",
        "--report-json",
        "no/such/folder/report.json",
        "--",
        "sh",
        "-c",
        "exit 3"
    ])));
}

#[test]
fn closed_outputs_are_no_reason_to_fail() {
    let sandbox = Sandbox::new();
    let binary = env!("CARGO_BIN_EXE_flakescope");
    for redirection in [">&-", "2>&-", "<&-", "2>/dev/full"] {
        let script = format!("{binary} run -- sh -c 'exit 3' {redirection}");
        let status = sandbox
            .program("sh")
            .args(["-c", &script])
            .output()
            .unwrap()
            .status;
        assert_eq!(status.code(), Some(3), "{redirection}");
    }
}

#[test]
fn the_disk_is_full() {
    let sandbox = Sandbox::new();
    let disk = sandbox.path("disk");
    std::fs::create_dir(&disk).unwrap();
    let mounted = sandbox
        .program("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(&disk)
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("SKIP: only root can mount a small disk");
        return;
    }
    let script = spooled_failure("pays", TRACE) + "echo out; exit 3";
    let mut command = sandbox.run_script(&script);
    command
        .env("FLAKESCOPE_STORE", disk.join("store"))
        .env("FLAKESCOPE_AGENT_DIR", disk.join("agents"));
    let output = command.output().unwrap();
    sandbox.program("umount").arg(&disk).status().unwrap();
    assert_eq!(
        (ending(&output), output.stdout),
        ("exit 3".to_owned(), b"out\n".to_vec())
    );
    let report = String::from_utf8(output.stderr).unwrap();
    assert!(report.contains("lost"), "{report}");
}

#[test]
fn somebody_elses_agents_are_not_loaded() {
    let sandbox = Sandbox::new();
    let open = sandbox.path("open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o777)).unwrap();
    let output = sandbox
        .run_script("echo ${NODE_OPTIONS-none}")
        .env("FLAKESCOPE_AGENT_DIR", &open)
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"none\n");
}
