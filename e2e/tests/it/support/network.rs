//! A network that ends at the loopback, and counts what would have left it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use super::Process;

/// Holds the network until its stdin is closed.
const HOLD: &str = "ip link set lo up && echo up && exec cat";
/// What counts whatever a process wanted to send away: connections for which there is no route, names that were looked up.
const COUNTERS: [&str; 4] = [
    "IpOutNoRoutes",
    "UdpOutDatagrams",
    "Ip6OutNoRoutes",
    "Udp6OutDatagrams",
];

/// A network of its own for some commands: they reach each other, and nobody else. Its ports are nobody else's either.
pub(crate) struct Network {
    holder: Child,
}

impl Network {
    /// A new one. Needs what `unshare`, `nsenter` and `ip` need: Linux that lets a user make namespaces.
    pub(crate) fn alone() -> Self {
        let mut unshare = Command::new("unshare");
        unshare.args(["--user", "--map-root-user", "--net", "sh", "-c", HOLD]);
        unshare
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let help = "this test needs a network of its own: `unshare -rn ip link set lo up` must work here (packages \
                    util-linux and iproute2; on Ubuntu, the sysctl kernel.apparmor_restrict_unprivileged_userns=0)";
        let mut holder = unshare
            .spawn()
            .unwrap_or_else(|error| panic!("{help}: {error}"));
        let mut said = String::new();
        let stdout = holder.stdout.take().unwrap();
        let _said = BufReader::new(stdout).read_line(&mut said);
        if said != "up\n" {
            let mut complaint = String::new();
            let _read = holder.stderr.take().unwrap().read_to_string(&mut complaint);
            panic!("{help}: {complaint}");
        }
        Self { holder }
    }

    /// The same command, in this network.
    pub(crate) fn enter(&self, command: &Command) -> Command {
        let mut inside = Command::new("nsenter");
        inside.args(["--user", "--net", "--preserve-credentials", "--target"]);
        inside.arg(self.holder.id().to_string()).arg("--");
        inside.arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => inside.env(name, value),
                None => inside.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            inside.current_dir(folder);
        }
        inside
    }

    /// How often somebody in it wanted to speak to somebody outside, so far.
    pub(crate) fn attempts_to_leave(&self) -> u64 {
        let mut read = Command::new("cat");
        read.args(["/proc/net/snmp", "/proc/net/snmp6"]);
        let counters = counters(&Process::start(&mut self.enter(&read), "").finish().stdout);
        let counted = COUNTERS.map(|name| {
            let counter = counters.iter().find(|(known, _)| known == name);
            counter
                .unwrap_or_else(|| panic!("no {name} in {counters:?}"))
                .1
        });
        counted.iter().sum()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        let _ended = self.holder.wait();
    }
}

/// The counters of Linux. Of IPv4, names stand in one line and values in the next, both behind the protocol's name; of
/// IPv6, each has a line.
fn counters(text: &str) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    let mut names: Option<(&str, &str)> = None;
    for line in text.lines() {
        if let Some((protocol, rest)) = line.split_once(": ") {
            if let Some((_, names)) = names.take_if(|(known, _)| *known == protocol) {
                let pairs = names.split_whitespace().zip(rest.split_whitespace());
                let values = pairs.filter_map(|(name, value)| {
                    Some((format!("{protocol}{name}"), value.parse().ok()?))
                });
                found.extend(values);
            } else {
                names = Some((protocol, rest));
            }
        } else if let Some((name, value)) = line.split_once(char::is_whitespace) {
            let value = value.trim().parse().unwrap_or_default();
            found.push((name.to_owned(), value));
        }
    }
    found
}
