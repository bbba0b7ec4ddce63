//! The processes that reported, and the server sockets that they opened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Attributes, Listener, Resource, RunId, process};
use store::Process;

use crate::decode::{Head, Listen};
use crate::mask::Masker;
use crate::spool::SegmentName;

/// A process keeps at most so many server sockets in mind; tests that listen anew for each case stay far below.
const LISTENERS: usize = 4096;

/// Everything known of the processes of a run, by the agent's instance.
pub(super) struct Processes {
    run_id: RunId,
    known: BTreeMap<String, Known>,
    changed: BTreeSet<String>,
    /// Process ids in which a test or a fixture was seen.
    testing: BTreeSet<u32>,
}

struct Known {
    row: Process,
    resource: Arc<Resource>,
    service: String,
    /// Not yet handed over: whether tests run in the same process may not be known yet.
    listeners: Vec<Listen>,
}

impl Processes {
    pub(super) fn new(run_id: RunId) -> Self {
        Self {
            run_id,
            known: BTreeMap::new(),
            changed: BTreeSet::new(),
            testing: BTreeSet::new(),
        }
    }

    /// How many reported.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Takes in the head of a segment; masked here, once for all its records. Returns how many values could not be.
    pub(super) fn head(&mut self, name: &SegmentName, head: Head, masker: &Masker) -> u64 {
        if self.known.contains_key(&name.instance) {
            return 0;
        }
        let mut resource = Resource {
            attributes: head.attributes,
        };
        let left_out = masker.resource(&mut resource);
        let command = masker.command(&head.argv);
        self.known.insert(
            name.instance.clone(),
            Known {
                service: service(&resource.attributes, &command),
                resource: Arc::new(resource),
                listeners: Vec::new(),
                row: Process {
                    run_id: self.run_id,
                    instance: name.instance.clone(),
                    pid: head.pid,
                    parent_pid: head.parent_pid,
                    agent: head.agent,
                    command,
                    runs_tests: false,
                    ended: None,
                },
            },
        );
        self.changed.insert(name.instance.clone());
        left_out
    }

    /// The resource of an instance's records.
    pub(super) fn resource(&self, instance: &str) -> Arc<Resource> {
        self.known
            .get(instance)
            .map(|known| Arc::clone(&known.resource))
            .unwrap_or_default()
    }

    /// A test or a fixture was seen in this instance.
    pub(super) fn runs_tests(&mut self, instance: &str) {
        let Some(known) = self.known.get_mut(instance) else {
            return;
        };
        if !known.row.runs_tests {
            known.row.runs_tests = true;
            self.testing.insert(known.row.pid);
            self.changed.insert(instance.to_owned());
        }
    }

    /// A server socket was opened or closed. Returns whether there was room for it.
    pub(super) fn listen(&mut self, instance: &str, listen: Listen) -> bool {
        match self.known.get_mut(instance) {
            Some(known) if known.listeners.len() < LISTENERS => {
                known.listeners.push(listen);
                true
            }
            _ => false,
        }
    }

    /// How an instance ended: `exit` or `killed`.
    pub(super) fn ended(&mut self, instance: &str, how: &str) {
        if let Some(known) = self.known.get_mut(instance) {
            known.row.ended = Some(how.to_owned());
            self.changed.insert(instance.to_owned());
        }
    }

    /// What a process is called, for people, if a part of it has not ended by itself.
    pub(super) fn killed(&self, pid: u32) -> Option<String> {
        let mut of_pid = self.known.values().filter(|known| known.row.pid == pid);
        if of_pid
            .clone()
            .any(|known| known.row.ended.as_deref() == Some("exit"))
        {
            return None;
        }
        let name = of_pid.next().map(|known| known.service.clone());
        Some(format!(
            "{} (pid {pid})",
            name.as_deref().unwrap_or("unknown process")
        ))
    }

    /// Rows that changed since the last call.
    pub(super) fn take_changed(&mut self) -> Vec<Process> {
        std::mem::take(&mut self.changed)
            .iter()
            .filter_map(|instance| self.known.get(instance))
            .map(|known| known.row.clone())
            .collect()
    }

    /// Rows that were taken and could not be written.
    pub(super) fn give_back(&mut self, rows: &[Process]) {
        self.changed
            .extend(rows.iter().map(|row| row.instance.clone()));
    }

    /// Server sockets of an instance whose rows will not change any more.
    pub(super) fn take_listeners(&mut self, instance: &str) -> Vec<Listener> {
        let Some(known) = self.known.get_mut(instance) else {
            return Vec::new();
        };
        let (row, service) = (&known.row, &known.service);
        let runs_tests = self.testing.contains(&row.pid);
        std::mem::take(&mut known.listeners)
            .into_iter()
            .map(|listen| Listener {
                host: listen.host,
                port: listen.port,
                time: listen.time,
                open: listen.open,
                pid: row.pid,
                service: service.clone(),
                program: process::program(&row.command)
                    .unwrap_or_default()
                    .to_owned(),
                runs_tests,
            })
            .collect()
    }

    /// Server sockets of all instances in which tests run, or of all.
    pub(super) fn take_settled_listeners(&mut self, all: bool) -> Vec<Listener> {
        let settled: Vec<String> = self
            .known
            .iter()
            .filter(|(_, known)| !known.listeners.is_empty())
            .filter(|(_, known)| all || self.testing.contains(&known.row.pid))
            .map(|(instance, _)| instance.clone())
            .collect();
        settled
            .iter()
            .flat_map(|instance| self.take_listeners(instance))
            .collect()
    }
}

/// What a process is called: its service name, else the name of its script, else of its program.
fn service(attributes: &Attributes, command: &[String]) -> String {
    let own = process::own_name(attributes).map(str::to_owned);
    own.or_else(|| process::program_name(command))
        .unwrap_or_default()
}
