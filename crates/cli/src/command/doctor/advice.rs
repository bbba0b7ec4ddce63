//! What to do, concluded from everything that was found out. Reads nothing but the [`Checkup`].

use std::str::FromStr as _;

use model::GapKind;

use super::checkup::{Advice, Checkup, Counted, LastRun, Place, Weight};
use super::support::Extent;
use crate::project::CONFIG_FILE;
use crate::report::declaration;

/// What to do, what stands in the way first.
pub(super) fn give(checkup: &Checkup) -> Vec<Advice> {
    let mut advice = Vec::new();
    place(checkup, &mut advice);
    runners(checkup, &mut advice);
    agents(checkup, &mut advice);
    clients(checkup, &mut advice);
    match &checkup.last_run {
        Some(last) => {
            last_run(last, &mut advice);
            undeclared(last, &checkup.place, &mut advice);
        }
        None if checkup.store_problem.is_none() => advice.push(Advice {
            weight: Weight::Advice,
            text: "Nothing is recorded here yet.".into(),
            hint: Some("put `flakescope run --` in front of your test command".into()),
        }),
        None => {}
    }
    advice.sort_by_key(|advice| advice.weight);
    advice
}

fn obstacle(text: impl Into<String>, hint: &str) -> Advice {
    Advice {
        weight: Weight::Obstacle,
        text: text.into(),
        hint: Some(hint.to_owned()),
    }
}

fn suggestion(text: impl Into<String>, hint: &str) -> Advice {
    Advice {
        weight: Weight::Advice,
        ..obstacle(text, hint)
    }
}

fn place(checkup: &Checkup, advice: &mut Vec<Advice>) {
    if let Some(mistakes) = &checkup.place.mistakes {
        advice.push(obstacle(
            mistakes.as_str(),
            "until then `run` records with what could be read of the settings",
        ));
    }
    if let Some(problem) = &checkup.store_problem {
        advice.push(Advice {
            weight: Weight::Obstacle,
            text: problem.clone(),
            hint: None,
        });
    }
}

fn runners(checkup: &Checkup, advice: &mut Vec<Advice>) {
    if checkup.runners.is_empty() {
        advice.push(suggestion(
            "No test runner is named in the project's manifests.",
            "`flakescope run -- COMMAND` finds one at run time all the same; run this in the project's folder",
        ));
    }
    for runner in &checkup.runners {
        let hint = match runner.recorded {
            Extent::Tests => continue,
            Extent::Calls => "its calls are recorded as the run's, not as a test's",
            Extent::Otlp => {
                "trace the tests with an OpenTelemetry SDK: what it sends to `run` or `serve` is recorded"
            }
        };
        let text = format!("Tests of {} are not recorded.", runner.name);
        advice.push(suggestion(text, hint));
    }
}

fn agents(checkup: &Checkup, advice: &mut Vec<Advice>) {
    for agent in &checkup.agents {
        if agent.interpreter.is_some() && !agent.reports {
            let text = format!("The {} agent was tried and did not report.", agent.language);
            let hint = match agent.language {
                "node" => {
                    "see whether NODE_OPTIONS, or a `node` that is a script, drops `--require`"
                }
                _ => "see whether PYTHONPATH is dropped on the way (`python -E`, `python -I`)",
            };
            advice.push(obstacle(text, hint));
        }
        if let Some(part) = &agent.failed_part {
            let part = part.lines().next().unwrap_or_default();
            let text = format!("A part of the {} agent failed: {part}.", agent.language);
            advice.push(obstacle(
                text,
                "this is a mistake of ours: please report it",
            ));
        }
    }
}

fn clients(checkup: &Checkup, advice: &mut Vec<Advice>) {
    for client in &checkup.clients {
        let text = format!(
            "Calls to {} by {} are not recorded.",
            client.speaks, client.name
        );
        let hint = "a service that traces them with OpenTelemetry hands them over under `run`";
        advice.push(suggestion(text, hint));
    }
}

fn last_run(last: &LastRun, advice: &mut Vec<Advice>) {
    for Counted { name, count } in &last.unseen {
        advice.push(suggestion(
            format!("{name} was used {count} times in the last run and cannot be recorded."),
            "what a test did through it is missing from its recording, and no verdict is based on it",
        ));
    }
    for gap in &last.gaps {
        let Ok(kind) = GapKind::from_str(&gap.name) else {
            continue;
        };
        if let Some((weight, hint)) = remedy(kind) {
            advice.push(Advice {
                weight,
                text: format!("{} {} in the last run.", gap.count, gap.name),
                hint: Some(hint.to_owned()),
            });
        }
    }
}

/// What to declare; of peers that no diagnosis is about, only that they are not.
fn undeclared(last: &LastRun, place: &Place, advice: &mut Vec<Advice>) {
    if !last.peers.is_empty() {
        let lines = declaration::lines(&last.peers).join("\n");
        let settings = match &place.settings {
            Some(settings) => settings.clone(),
            None => format!("{}/{CONFIG_FILE}", place.root),
        };
        advice.push(suggestion(
            format!("Failures of the last run are held against peers that nobody declared. Put what is true of this into {settings}:\n{lines}"),
            "then a diagnosis can be established and name an owner",
        ));
        return;
    }
    if !last.undeclared.is_empty() {
        let hosts: Vec<&str> = last
            .undeclared
            .iter()
            .take(3)
            .map(|host| host.name.as_str())
            .collect();
        advice.push(suggestion(
            format!("Nobody says what {} are to your tests.", hosts.join(", ")),
            "declare them as [[peer]] in flakescope.toml: then a diagnosis can be established and name an owner",
        ));
    }
}

/// What can be done about a gap; nothing about those that only tell of a limit that was meant.
fn remedy(kind: GapKind) -> Option<(Weight, &'static str)> {
    let remedy = match kind {
        GapKind::NoAgent => (
            Weight::Obstacle,
            "the command has dropped NODE_OPTIONS or PYTHONPATH on its way to the tests (`env -i`), or ignores them (`python -I`, `node --permission`), or its language has no agent",
        ),
        GapKind::SpoolFull | GapKind::SpoolWriteFailed | GapKind::SpoolGone => (
            Weight::Obstacle,
            "name a folder with more room by FLAKESCOPE_SPOOL_DIR",
        ),
        GapKind::StoreWriteFailed => (
            Weight::Obstacle,
            "see that the store's folder can be written to and has room",
        ),
        GapKind::BodyCut => (
            Weight::Advice,
            "raise `bodies` in [capture] of flakescope.toml",
        ),
        GapKind::AttemptBudget => (
            Weight::Advice,
            "raise `attempt` in [capture] of flakescope.toml",
        ),
        GapKind::ProcessKilled => (
            Weight::Advice,
            "something killed a process of the tests: a runner's time limit, or a lack of memory",
        ),
        GapKind::AgentError => (
            Weight::Advice,
            "this is a mistake of ours: please report it",
        ),
        _ => return None,
    };
    Some(remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::doctor::checkup::{Agent, Client, Runner};
    use server::document::UndeclaredPeer;

    fn healthy() -> Checkup {
        Checkup {
            schema: 1,
            place: Place {
                root: "/p".into(),
                settings: None,
                mistakes: None,
                store: "/p/.flakescope".into(),
            },
            runners: vec![Runner {
                name: "mocha",
                version: None,
                manifest: "package.json".into(),
                recorded: Extent::Tests,
                note: None,
            }],
            agents: vec![Agent {
                language: "node",
                interpreter: Some("v24".into()),
                reports: true,
                failed_part: None,
            }],
            clients: Vec::new(),
            last_run: Some(LastRun::default()),
            store_problem: None,
            advice: Vec::new(),
        }
    }

    fn counted(name: &str) -> Vec<Counted> {
        vec![Counted {
            name: name.into(),
            count: 2,
        }]
    }

    /// The advice on a healthy project after this change of it: its weight and the beginning of its text.
    fn check(change: impl Fn(&mut Checkup), expected: &[(Weight, &str)]) {
        let mut checkup = healthy();
        change(&mut checkup);
        let advice = give(&checkup);
        assert_eq!(advice.len(), expected.len(), "{advice:?}");
        for (advice, (weight, text)) in advice.iter().zip(expected) {
            assert_eq!(advice.weight, *weight, "{advice:?}");
            assert!(advice.text.starts_with(text), "{advice:?}");
        }
    }

    #[test]
    fn each_finding_has_its_advice() {
        use Weight::{Advice, Obstacle};
        check(|_| {}, &[]);
        check(|it| it.last_run = None, &[(Advice, "Nothing is recorded")]);
        check(|it| it.runners.clear(), &[(Advice, "No test runner")]);
        check(
            |it| it.runners[0].recorded = Extent::Calls,
            &[(Advice, "Tests of mocha")],
        );
        check(
            |it| it.agents[0].reports = false,
            &[(Obstacle, "The node agent")],
        );
        let half = |it: &mut Checkup| it.agents[0].failed_part = Some("http: gone\nat".into());
        check(
            half,
            &[(Obstacle, "A part of the node agent failed: http: gone.")],
        );
        let absent = |it: &mut Checkup| {
            it.agents[0].interpreter = None;
            it.agents[0].reports = false;
        };
        check(absent, &[]);
        let gaps =
            |it: &mut Checkup, name: &str| it.last_run.as_mut().unwrap().gaps = counted(name);
        check(|it| gaps(it, "no-agent"), &[(Obstacle, "2 no-agent")]);
        check(|it| gaps(it, "body-cut"), &[(Advice, "2 body-cut")]);
        check(|it| gaps(it, "header-cut"), &[]);
        let unseen = |it: &mut Checkup| it.last_run.as_mut().unwrap().unseen = counted("nock");
        check(unseen, &[(Advice, "nock was used 2 times")]);
        let hosts = |it: &mut Checkup| it.last_run.as_mut().unwrap().undeclared = counted("a:1");
        check(hosts, &[(Advice, "Nobody says what a:1 are")]);
        let blamed = |it: &mut Checkup| {
            hosts(it);
            let peer = UndeclaredPeer {
                name: "a".into(),
                host: Some("a:1".into()),
                process: None,
                role: "dependency".into(),
            };
            it.last_run.as_mut().unwrap().peers = vec![peer];
        };
        let text = "Failures of the last run are held against peers that nobody declared. Put what is true of this into \
                    /p/flakescope.toml:\n[[peer]]\nname = \"a\"\nhosts = [\"a:1\"]\n";
        check(blamed, &[(Advice, text)]);
    }

    #[test]
    fn what_stands_in_the_way_comes_first() {
        let change = |it: &mut Checkup| {
            it.clients.push(Client {
                name: "pg".into(),
                speaks: "PostgreSQL",
                manifest: "package.json".into(),
            });
            it.last_run.as_mut().unwrap().gaps = counted("spool-full");
        };
        let expected = [
            (Weight::Obstacle, "2 spool-full"),
            (Weight::Advice, "Calls to PostgreSQL by pg"),
        ];
        check(change, &expected);
    }
}
