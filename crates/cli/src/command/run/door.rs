//! Step of a run: the door through which services hand over what they trace with OpenTelemetry themselves.

use std::net::SocketAddr;
use std::process::Command;

use recorder::door::Door;

use super::notes::Notes;
use crate::tags::Environment;

/// Where exporters send everything, unless a signal has a place of its own.
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
/// Places of single signals, which win over the common one.
const SIGNALS: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
];
/// The address of the door, whoever the exporters speak to.
const OURS: &str = "FLAKESCOPE_OTLP_ENDPOINT";

/// What clients show at an address that was named.
const TOKEN: &str = "FLAKESCOPE_TOKEN";

/// Binds the door, also at `named`, if there is such an address. Without it, the spans of services are not recorded.
pub(super) fn bind(
    named: Option<SocketAddr>,
    environment: &Environment,
    notes: &mut Notes,
) -> Option<Door> {
    let mut door = Door::bind()
        .inspect_err(|error| notes.lose(format!("what services trace is not recorded: {error}")))
        .ok()?;
    if let Some(address) = named
        && let Err(reason) = bind_named(&mut door, address, environment)
    {
        notes.lose(format!(
            "what services send to {address} is not recorded: {reason}"
        ));
    }
    for name in elsewhere(environment, &|endpoint| door.answers(endpoint)) {
        notes.lose(format!(
            "{name} is set: what services send there is not recorded"
        ));
    }
    Some(door)
}

/// Whoever can reach more than the loopback must show a token.
fn bind_named(
    door: &mut Door,
    address: SocketAddr,
    environment: &Environment,
) -> Result<(), String> {
    let token = environment.get(TOKEN).filter(|token| !token.is_empty());
    if token.is_none() && !address.ip().is_loopback() {
        return Err(format!("{TOKEN} must be set, the token that they show"));
    }
    door.bind_also(address, token.cloned())
        .map_err(|error| error.to_string())
}

/// Tells the command where the door is. Whether and what it traces stays its own affair.
pub(super) fn hand_on(door: &Door, environment: &Environment, command: &mut Command) {
    let endpoint = door.endpoint();
    if !is_theirs(environment) {
        command.env(ENDPOINT, &endpoint);
    }
    command.env(OURS, &endpoint);
}

/// Whether the user has said where exporters send. A run inside a run finds what the outer one has set.
fn is_theirs(environment: &Environment) -> bool {
    let set = environment.get(ENDPOINT).filter(|value| !value.is_empty());
    set.is_some() && set != environment.get(OURS)
}

/// The variables by which something goes to somebody else.
fn elsewhere(environment: &Environment, answers: &dyn Fn(&str) -> bool) -> Vec<&'static str> {
    let common = Some(ENDPOINT).filter(|_| is_theirs(environment));
    let is_elsewhere = |name: &&str| {
        let value = environment.get(*name);
        value.is_some_and(|value| !value.is_empty() && !answers(value))
    };
    let names = common.into_iter().chain(SIGNALS);
    names.filter(is_elsewhere).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_addresses_than_the_loopback_ask_for_a_token() {
        let check = |address: &str, token: &str, expected: bool| {
            let mut door = Door::bind().unwrap();
            let environment = [(TOKEN.to_owned(), token.to_owned())].into_iter().collect();
            let bound = bind_named(&mut door, address.parse().unwrap(), &environment);
            assert_eq!(bound.is_ok(), expected, "{address} {token:?}: {bound:?}");
        };
        check("127.0.0.1:0", "", true);
        check("127.0.0.1:0", "t0ken", true);
        check("0.0.0.0:0", "", false);
        check("0.0.0.0:0", "t0ken", true);
        // An address of nobody here.
        check("192.0.2.1:0", "t0ken", false);
    }

    #[test]
    fn what_the_user_has_set_stays() {
        let check = |variables: &[(&str, &str)], theirs: bool, expected: &[&str]| {
            let pairs = variables.iter();
            let environment = pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            assert_eq!(is_theirs(&environment), theirs, "{variables:?}");
            let answers = |endpoint: &str| endpoint == "http://127.0.0.1:4318";
            assert_eq!(elsewhere(&environment, &answers), expected, "{variables:?}");
        };
        let (outer, collector) = ("http://127.0.0.1:40000", "http://collector:4318");
        check(&[], false, &[]);
        check(&[(ENDPOINT, "")], false, &[]);
        check(&[(ENDPOINT, collector)], true, &[ENDPOINT]);
        check(&[(ENDPOINT, "http://127.0.0.1:4318")], true, &[]);
        check(&[(ENDPOINT, outer), (OURS, outer)], false, &[]);
        check(&[(ENDPOINT, collector), (OURS, outer)], true, &[ENDPOINT]);
        check(&[(SIGNALS[0], collector)], false, &[SIGNALS[0]]);
    }
}
