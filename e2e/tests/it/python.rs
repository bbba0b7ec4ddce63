//! A small Python project under pytest and under unittest: what is counted, what is named, and that nothing changes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::thread;

use crate::support::{Output, Project, Recorded, repository};

/// A service that is no part of the run: it refuses `/refuse` for quota and answers everything else.
fn billing() -> String {
    let (listener, address) = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr().map(|address| (listener, address)))
        .unwrap_or_else(|error| panic!("{error}"));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that leaves in the middle is a normal case.
            let _left = answer(stream);
        }
    });
    format!("http://{address}")
}

/// Answers one request and closes the connection.
fn answer(stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut target = String::new();
    reader.read_line(&mut target)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.is_empty() {
            break;
        }
    }
    reader.take(length).read_to_end(&mut Vec::new())?;
    let (status, body) = if target.contains("/refuse") {
        ("429 Too Many Requests", "{\"message\": \"Rate Exceeded\"}")
    } else {
        ("200 OK", "{\"ok\": true}")
    };
    write!(
        &stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn project() -> Project {
    let file = repository().join("e2e/python/test_shop.py");
    let test = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    Project::new(&[("test_shop.py", &test)])
}

/// A program of the Python environment that the tests share.
fn program(name: &str) -> String {
    let path = repository()
        .join("agents/conformance/python/.venv/bin")
        .join(name);
    assert!(
        path.exists(),
        "packages are missing: `cargo xtask test e2e` installs them"
    );
    path.display().to_string()
}

/// The same command without and with Flakescope.
fn both(project: &Project, words: &[&str], set_up: impl Fn(&mut Command)) -> (Output, Recorded) {
    (
        project.plain(words, &set_up),
        project.record_with(&[], words, &set_up),
    )
}

/// Without what differs between two runs of the same tests: durations, which pytest centres in a line, and addresses.
fn without_chance(text: &str) -> String {
    let patterns = [
        (r"in \d+\.\d+s", "in <time>"),
        ("=+", "="),
        ("0x[0-9a-f]+", "<address>"),
    ];
    let mut text = text.to_owned();
    for (pattern, word) in patterns {
        let pattern = regex::Regex::new(pattern).unwrap_or_else(|error| panic!("{error}"));
        text = pattern.replace_all(&text, word).into_owned();
    }
    text
}

fn check_unchanged(plain: &Output, recorded: &Recorded) {
    assert_eq!(recorded.output.code, plain.code);
    assert_eq!(
        without_chance(&recorded.output.stdout),
        without_chance(&plain.stdout)
    );
}

#[test]
fn a_refused_call_of_pytest_is_named() {
    let (project, billing) = (project(), billing());
    let pytest = program("pytest");
    let words = [pytest.as_str(), "-p", "no:cacheprovider"];
    let (plain, recorded) = both(&project, &words, |command| {
        command.env("BILLING", &billing);
        command.env("PYTHONDONTWRITEBYTECODE", "1");
    });
    check_unchanged(&plain, &recorded);
    let report = recorded.report();
    let counts = &report.0["run"]["counts"];
    for (word, count) in [
        ("passed", 2),
        ("failed", 3),
        ("skipped", 1),
        ("unfinished", 0),
        ("failed_fixtures", 0),
    ] {
        assert_eq!(counts[word], count, "{word}: {counts}");
    }
    let refused = report
        .tests()
        .into_iter()
        .find(|test| test["name"] == "test_charges" && test["parameters"] == "team")
        .unwrap();
    assert_eq!(refused["suite"], serde_json::json!(["TestBilling"]));
    assert_eq!(refused["file"], "test_shop.py");
    let diagnosis = &refused["attempts"][0]["diagnosis"];
    assert_eq!(diagnosis["cause"], "rate-limited", "{diagnosis:#}");
    assert_eq!(diagnosis["culprit"]["status"], 429);
    assert_eq!(diagnosis["culprit"]["url"], format!("{billing}/refuse"));
    assert_eq!(report.test("test_adds_up")["status"], "failed");
    assert_eq!(report.gaps(), [].into());
}

#[test]
fn unittest_is_recorded_too() {
    let project = Project::new(&[(
        "test_totals.py",
        "import os, unittest, urllib.request\n\n\nclass Totals(unittest.TestCase):\n    def test_adds_up(self):\n        \
         self.assertEqual(1 + 1, 2)\n\n    def test_charges(self):\n        urllib.request.urlopen(os.environ['BILLING'] + '/refuse')\n",
    )]);
    let billing = billing();
    let python = program("python");
    let words = [python.as_str(), "-B", "-m", "unittest"];
    let (plain, recorded) = both(&project, &words, |command| {
        command.env("BILLING", &billing);
    });
    check_unchanged(&plain, &recorded);
    let report = recorded.report();
    assert_eq!(
        report.statuses(),
        [("test_adds_up", "passed"), ("test_charges", "failed")].into()
    );
    assert_eq!(report.diagnosis("test_charges")["cause"], "rate-limited");
}

#[test]
fn where_python_is_not_to_look_nothing_changes_and_the_report_says_so() {
    let (project, billing) = (project(), billing());
    let python = program("python");
    let words = [
        python.as_str(),
        "-I",
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-k",
        "adds_up",
    ];
    let (plain, recorded) = both(&project, &words, |command| {
        command.env("BILLING", &billing);
    });
    check_unchanged(&plain, &recorded);
    assert_eq!(recorded.report().gaps(), [("no-agent", 1)].into());
    let said = &recorded.output.stderr;
    assert!(said.contains("(-I, -E)"), "{said}");
}

#[test]
fn the_projects_own_path_and_folder_stay_as_they_are() {
    let project = Project::new(&[
        ("own/sitecustomize.py", "print('mine')\n"),
        (
            "test_path.py",
            "import os, sys\n\n\ndef test_path():\n    assert any(entry.endswith('/own') for entry in sys.path), sys.path\n    \
             assert not [entry for entry in sys.path if 'agents' in entry.replace('agents/conformance', '')]\n",
        ),
    ]);
    let pytest = program("pytest");
    let own = project.path().join("own");
    let words = [pytest.as_str(), "-p", "no:cacheprovider", "-q"];
    let (plain, recorded) = both(&project, &words, |command| {
        command.env("PYTHONPATH", &own);
        command.env("PYTHONDONTWRITEBYTECODE", "1");
    });
    check_unchanged(&plain, &recorded);
    assert_eq!(plain.code, Some(0), "{}", plain.stdout);
    assert_eq!(
        recorded.report().statuses(),
        [("test_path", "passed")].into()
    );
}
