//! How the process of an attempt that never ended went: by itself, or killed; and how the test command ended.

use model::{Exit, RunFacts, attribute};

use crate::context::Context;

/// `its process was killed, and the test command ended by signal 9`; nothing where neither is known, or the attempt did
/// end.
pub(crate) fn clause(context: &Context) -> Option<String> {
    if !context.failure.killed {
        return None;
    }
    let evidence = context.evidence;
    let root = evidence.recording.span(evidence.attempt.root_span_id);
    let pid = root.and_then(|root| root.resource.attributes.int(attribute::PROCESS_PID));
    let pid = pid.and_then(|pid| u32::try_from(pid).ok());
    words(&evidence.facts, pid)
}

fn words(facts: &RunFacts, pid: Option<u32>) -> Option<String> {
    let process = pid
        .and_then(|pid| facts.ended.get(&pid))
        .map(|by_itself| match by_itself {
            true => "its process exited before the test was over (process.exit, or an error that nobody caught)",
            false => "its process was killed",
        });
    let command = facts.exit.map(|exit| match exit {
        Exit::Code(code) => format!("the test command exited with code {code}"),
        Exit::Signal(signal) => format!("the test command was killed by signal {signal}"),
    });
    match (process, command) {
        (Some(process), Some(command)) => Some(format!("{process}, and {command}")),
        (Some(process), None) => Some(process.to_owned()),
        (None, command) => command,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ended: Option<bool>, exit: Option<Exit>, expected: &str) {
        let facts = RunFacts {
            exit,
            ended: ended.map(|by_itself| (7, by_itself)).into_iter().collect(),
            ..RunFacts::default()
        };
        assert_eq!(words(&facts, Some(7)).unwrap_or_default(), expected);
    }

    #[test]
    fn what_is_known_is_said() {
        check(None, None, "");
        check(Some(false), None, "its process was killed");
        check(
            Some(false),
            Some(Exit::Signal(9)),
            "its process was killed, and the test command was killed by signal 9",
        );
        check(
            Some(true),
            Some(Exit::Code(3)),
            "its process exited before the test was over (process.exit, or an error that nobody caught), and the test command exited with code 3",
        );
        check(
            None,
            Some(Exit::Code(1)),
            "the test command exited with code 1",
        );
    }
}
