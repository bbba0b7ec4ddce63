//! The service that measured suites call, in a process that is not measured.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

/// The running service and the sink for other agents' exports. Both end with this value.
pub(crate) struct Server {
    process: Child,
    /// Address of the service.
    pub(crate) service: String,
    /// Address of the sink.
    pub(crate) sink: String,
}

impl Server {
    /// Starts both in `folder` and waits until they listen.
    ///
    /// # Errors
    /// When Node cannot be started or does not say where the service is.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        let mut process = Command::new("node")
            .arg("server.cjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("failed to start the service")?;
        let stdout = process.stdout.take().context("the service has no output")?;
        let mut line = String::new();
        BufReader::new(stdout)
            .read_line(&mut line)
            .context("failed to read the service's addresses")?;
        let (service, sink) = line
            .trim()
            .split_once(' ')
            .context("the service names no addresses")?;
        let (service, sink) = (service.to_owned(), sink.to_owned());
        Ok(Self {
            process,
            service,
            sink,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends when its input does.
        drop(self.process.stdin.take());
        let _status = self.process.wait();
    }
}
