//! Faults of connections, whatever these carry.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::proxy::{PATIENCE, reset};
use super::state::State;

/// What goes to a client: all bytes, or what a plan leaves of them.
pub(super) struct Writer<'a> {
    state: &'a State,
    client: &'a TcpStream,
    sent: u64,
}

impl<'a> Writer<'a> {
    pub(super) fn new(state: &'a State, client: &'a TcpStream) -> Self {
        Self {
            state,
            client,
            sent: 0,
        }
    }
}

impl Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(wire) = self.state.wire() else {
            return self.client.write(bytes);
        };
        let generation = self.state.generation();
        if let Some(ms) = wire.latency_ms {
            self.state.pause(generation, Duration::from_millis(ms));
        }
        let room = |limit: Option<u64>| limit.map(|limit| limit.saturating_sub(self.sent));
        let least = [room(wire.reset_after), room(wire.silent_after)];
        let room = least.into_iter().flatten().min().unwrap_or(u64::MAX);
        let fits = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
        if fits > 0 {
            let written = self.client.write(bytes.get(..fits).unwrap_or_default())?;
            self.sent += written as u64;
            return Ok(written);
        }
        if wire.silent_after.is_some() {
            self.state.pause(generation, PATIENCE);
            return Err(ErrorKind::TimedOut.into());
        }
        Err(ErrorKind::ConnectionReset.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.client.flush()
    }
}

/// Joins a client and the server, byte by byte, until one of them ends it.
pub(super) fn copy(state: &State, client: &TcpStream) {
    let Ok(server) = TcpStream::connect(state.upstream) else {
        return;
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (mut from, mut to) = (client, &server);
            let _ended = io::copy(&mut from, &mut to);
            let _gone = server.shutdown(Shutdown::Write);
        });
        let mut writer = Writer::new(state, client);
        let ended = hand_on(&server, &mut writer);
        if ended.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset) {
            reset(client);
        } else {
            let _gone = client.shutdown(Shutdown::Write);
        }
        let _gone = server.shutdown(Shutdown::Both);
        let _gone = client.shutdown(Shutdown::Read);
    });
}

fn hand_on(mut from: &TcpStream, to: &mut Writer<'_>) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        to.write_all(buffer.get(..read).unwrap_or_default())?;
    }
}
