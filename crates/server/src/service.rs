//! What processes and peers are called: the same name for a service wherever it shows, as a caller and as who is called.

use std::collections::BTreeMap;

use anyhow::Result;
use model::{Attributes, Peer, RoleBasis, RunId, attribute, process};
use store::Store;

/// What the process is called in which the tests run.
const TESTS: &str = "tests";

/// Knows the peers and the processes of a run.
#[derive(Debug)]
pub(crate) struct Peers {
    declared: Vec<model::PeerDeclaration>,
    listeners: Vec<model::Listener>,
    /// Names of processes by their id.
    processes: BTreeMap<i64, String>,
}

impl Peers {
    /// The peers of a run.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn of_run(store: &dyn Store, run: RunId) -> Result<Self> {
        let mut peers = Self {
            declared: store.run(run)?.map(|run| run.peers).unwrap_or_default(),
            listeners: store.listeners(run)?,
            processes: BTreeMap::new(),
        };
        for row in store.processes(run)? {
            let id = i64::from(row.pid);
            let name = match row.runs_tests {
                true => Some(TESTS.to_owned()),
                false => peers
                    .declared_name(id)
                    .or_else(|| process::program_name(&row.command)),
            };
            if let Some(name) = name {
                peers.processes.insert(id, name);
            }
        }
        Ok(peers)
    }

    /// Who listens at a host and port.
    pub(crate) fn peer(&self, host: &str, port: Option<u16>) -> Peer {
        model::peer::resolve(&self.declared, &self.listeners, host, port)
    }

    /// What a process is called that describes itself so: as declared where it listens, else as it calls itself, else
    /// by its script.
    pub(crate) fn service(&self, resource: &Attributes) -> String {
        let id = resource.int(attribute::PROCESS_PID);
        if let Some(name) = id.and_then(|id| self.declared_name(id)) {
            return name;
        }
        let own = process::own_name(resource).map(str::to_owned);
        own.or_else(|| self.processes.get(&id?).cloned())
            .or_else(|| resource.str(attribute::RUNTIME_NAME).map(str::to_owned))
            .unwrap_or_else(|| "unknown service".to_owned())
    }

    /// The name of the script or program that listens at this port and is called so.
    pub(crate) fn program(&self, service: &str, port: Option<u16>) -> Option<String> {
        let is_it = |one: &&model::Listener| one.service == service && Some(one.port) == port;
        let listener = self.listeners.iter().find(is_it)?;
        let name = listener.program.rsplit('/').next()?;
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// The declared peer that a process is, by where it listens.
    fn declared_name(&self, process: i64) -> Option<String> {
        let of_process = |listener: &&model::Listener| i64::from(listener.pid) == process;
        self.listeners
            .iter()
            .filter(of_process)
            .find_map(|listener| {
                let peer = self.peer(&listener.host, Some(listener.port));
                (peer.basis == RoleBasis::Declared).then_some(peer.name)
            })
    }
}

#[cfg(test)]
mod tests {
    use model::{Listener, PeerDeclaration, Role, Timestamp, Value};

    use super::*;

    #[test]
    fn a_service_has_one_name() {
        let peers = Peers {
            declared: vec![PeerDeclaration {
                name: "insights API".into(),
                hosts: vec!["127.0.0.14".into()],
                process: None,
                role: Role::Product,
            }],
            listeners: vec![Listener {
                host: "127.0.0.14".into(),
                port: 4000,
                time: Timestamp(0),
                open: true,
                pid: 7,
                service: "api.js".into(),
                program: "product/api.js".into(),
                runs_tests: false,
            }],
            processes: [(8, "worker.js".to_owned()), (9, TESTS.to_owned())].into(),
        };
        let check = |pid: i64, own: &str, expected: &str| {
            let resource: Attributes = [
                (attribute::PROCESS_PID, Value::from(pid)),
                (attribute::SERVICE_NAME, Value::from(own)),
                (attribute::RUNTIME_NAME, Value::from("nodejs")),
            ]
            .into_iter()
            .collect();
            assert_eq!(peers.service(&resource), expected);
        };
        check(7, "", "insights API");
        check(7, "api", "insights API");
        check(8, "", "worker.js");
        check(8, "unknown_service:node", "worker.js");
        check(8, "pipeline", "pipeline");
        check(9, "", "tests");
        check(10, "", "nodejs");
        assert_eq!(
            peers.program("api.js", Some(4000)).as_deref(),
            Some("api.js")
        );
        assert_eq!(peers.program("api.js", Some(1)), None);
    }
}
