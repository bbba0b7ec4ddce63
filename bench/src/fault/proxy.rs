//! Listens, reads requests, and hands on what the plan makes of them.

use std::io::{self, BufReader, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;

use super::act::{Outcome, carry_out};
use super::http;
use super::plan::{Plan, PlanError};
use super::state::{Passed, State};
use super::wire::{self, Writer};

/// A client that says nothing for so long is let go, and a hung call ends at the latest.
pub(super) const PATIENCE: Duration = Duration::from_secs(180);

/// A running proxy. Ends with its process, or when it is dropped.
pub struct Proxy {
    state: Arc<State>,
    address: SocketAddr,
    speaks_http: bool,
    listening: Mutex<Option<JoinHandle<()>>>,
}

impl Proxy {
    /// Listens at `listen` and hands HTTP on to `upstream`. Without a plan nothing is changed.
    ///
    /// # Errors
    /// When the address is taken.
    pub fn start(listen: SocketAddr, upstream: SocketAddr) -> io::Result<Self> {
        Self::new(listen, upstream, true)
    }

    /// The same for any protocol: only what a plan says of connections is done.
    ///
    /// # Errors
    /// When the address is taken.
    pub fn start_tcp(listen: SocketAddr, upstream: SocketAddr) -> io::Result<Self> {
        Self::new(listen, upstream, false)
    }

    fn new(listen: SocketAddr, upstream: SocketAddr, speaks_http: bool) -> io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        let proxy = Self {
            state: Arc::new(State::new(upstream)),
            address: listener.local_addr()?,
            speaks_http,
            listening: Mutex::default(),
        };
        proxy.listen(listener);
        Ok(proxy)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Follows another plan from now on. All counters begin anew, and calls that were made to wait go on.
    ///
    /// # Errors
    /// When a pattern is none, or the address is taken meanwhile.
    pub fn follow(&self, plan: Plan) -> Result<(), PlanError> {
        let was_refusing = self.state.is_refusing();
        self.state.follow(plan)?;
        if was_refusing {
            self.join();
            self.listen(TcpListener::bind(self.address)?);
        }
        Ok(())
    }

    /// The calls that came by under this plan, in their order.
    #[must_use]
    pub fn passed(&self) -> Vec<Passed> {
        self.state.passed()
    }

    fn listen(&self, listener: TcpListener) {
        let (state, speaks_http) = (Arc::clone(&self.state), self.speaks_http);
        let address = self.address;
        let thread = thread::spawn(move || {
            for client in listener.incoming() {
                if state.is_refusing() {
                    break;
                }
                let Ok(client) = client else { continue };
                let state = Arc::clone(&state);
                thread::spawn(move || {
                    if speaks_http {
                        converse(&state, &client, address);
                    } else {
                        wire::copy(&state, &client);
                    }
                });
            }
            drop(listener);
            state.closed();
        });
        *self
            .listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(thread);
    }

    fn join(&self) {
        let mut listening = self
            .listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = listening.take() {
            knock(self.address);
            let _ended = thread.join();
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.refuse();
        self.join();
    }
}

/// Wakes a thread that waits for connections, so that it sees that it should not.
fn knock(address: SocketAddr) {
    drop(TcpStream::connect(address));
}

/// One connection of a client, request after request.
fn converse(state: &State, client: &TcpStream, address: SocketAddr) {
    let _best_effort = client.set_nodelay(true);
    let _best_effort = client.set_read_timeout(Some(PATIENCE));
    let mut reader = BufReader::new(client);
    let mut writer = Writer::new(state, client);
    loop {
        let mut request = match http::read_request(&mut reader, &mut writer) {
            Ok(Some(request)) => request,
            Ok(None) => return,
            Err(error) => {
                if error.kind() == ErrorKind::InvalidData {
                    let body = error.to_string().into_bytes();
                    let refusal = http::Message::answer(400, "text/plain", body);
                    let _gone = refusal.write(&mut writer);
                }
                return;
            }
        };
        let visit = state.enter(&request);
        let outcome = carry_out(state, &mut request, &visit);
        let written = match &outcome {
            Outcome::Answer(answer) => answer.write(&mut writer),
            Outcome::Cut(answer, kept) => answer.write_cut(&mut writer, *kept),
            Outcome::Last(answer) => answer.write_last(&mut writer),
            Outcome::Pieces(answer, piece, time) => {
                let wait = || state.pause(visit.generation, *time);
                answer.write_in_pieces(&mut writer, *piece, &wait)
            }
            Outcome::Reset => {
                reset(client);
                return;
            }
            Outcome::Silent => {
                state.pause(visit.generation, PATIENCE);
                return;
            }
            Outcome::Refuse(answer) => {
                // Closed before the client knows of the answer, or its next call could still get in.
                state.refuse();
                knock(address);
                state.wait_until_closed();
                answer.write_last(&mut writer)
            }
        };
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return reset(client),
            Err(_) => return,
        }
        let (Outcome::Answer(answer) | Outcome::Pieces(answer, ..) | Outcome::Last(answer)) =
            &outcome
        else {
            return;
        };
        state.answered(&visit, &request, answer.status());
        if !request.keeps_alive() || matches!(outcome, Outcome::Last(_)) {
            return;
        }
    }
}

/// Whoever drops the connection now resets it.
pub(super) fn reset(client: &TcpStream) {
    let _best_effort = set_socket_linger(client, Some(Duration::ZERO));
}
