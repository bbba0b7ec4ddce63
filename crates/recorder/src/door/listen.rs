//! The door of a run: bound before the command starts, so that its address can be handed on; opened when it runs; open
//! until what is under way has come in.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use super::activity::Activity;
use super::inbox::Inbox;
use super::receive::{Taker, routes};

/// So long must nothing have come before the door is closed …
const QUIET: Duration = Duration::from_millis(300);
/// … and it is closed after this, whatever comes.
const MOST: Duration = Duration::from_secs(2);

/// A door that is bound. Who knocks waits until it is opened.
#[derive(Debug)]
pub struct Door {
    /// At a port of the loopback that was free, for the command.
    own: Bound,
    /// At an address that the user has named, for everybody else.
    named: Option<Bound>,
}

#[derive(Debug)]
struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    /// What is asked for here, if anything.
    token: Option<String>,
}

impl Bound {
    fn at(address: SocketAddr, token: Option<String>) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            token,
        })
    }
}

/// A door through which a run receives.
#[derive(Debug)]
pub struct OpenDoor {
    activity: Arc<Activity>,
    /// Dropped, it ends the thread.
    _stop: oneshot::Sender<()>,
}

impl Door {
    /// Binds a free port of the loopback. No other: the tests may want it themselves.
    ///
    /// # Errors
    /// When no port of the loopback can be bound.
    pub fn bind() -> io::Result<Self> {
        let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Ok(Self {
            own: Bound::at(loopback, None)?,
            named: None,
        })
    }

    /// Binds this address too, where a token is asked for, if one is given.
    ///
    /// # Errors
    /// When it cannot be bound. The door is as it was.
    pub fn bind_also(&mut self, address: SocketAddr, token: Option<String>) -> io::Result<()> {
        self.named = Some(Bound::at(address, token)?);
        Ok(())
    }

    /// The address for exporters: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.own.address)
    }

    /// All addresses that a client on this machine may send to.
    #[must_use]
    pub fn endpoints(&self) -> Vec<String> {
        let bound = [Some(&self.own), self.named.as_ref()].into_iter().flatten();
        bound
            .flat_map(|bound| {
                let (ip, port) = (bound.address.ip(), bound.address.port());
                let is_near = ip.is_loopback() || ip.is_unspecified();
                let near = ["127.0.0.1", "localhost"].map(|host| format!("http://{host}:{port}"));
                let near = near.into_iter().filter(move |_| is_near);
                near.chain([format!("http://{}", bound.address)])
            })
            .collect()
    }

    /// Whether what is sent to an endpoint comes here.
    #[must_use]
    pub fn answers(&self, endpoint: &str) -> bool {
        let origin = endpoint
            .strip_prefix("http://")
            .and_then(|rest| rest.split('/').next());
        let ours = self.endpoints();
        origin.is_some_and(|origin| ours.iter().any(|one| one[7..] == *origin))
    }

    /// Answers from now on, in a thread of its own.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn open(self, inbox: Arc<Inbox>) -> io::Result<OpenDoor> {
        let activity = Arc::new(Activity::default());
        let nowhere = Router::new().fallback(|| async { StatusCode::NOT_FOUND });
        let bound = [Some(self.own), self.named].into_iter().flatten();
        let served = bound.map(|bound| {
            let taker = Taker::Run {
                inbox: Arc::clone(&inbox),
                token: bound.token,
            };
            let app = routes(taker, Arc::clone(&activity), nowhere.clone());
            (bound.listener, app)
        });
        let served: Vec<_> = served.collect();
        let (stop, stopped) = oneshot::channel();
        thread::Builder::new()
            .name("flakescope-door".into())
            .spawn(move || serve(served, stopped))?;
        Ok(OpenDoor {
            activity,
            _stop: stop,
        })
    }
}

impl OpenDoor {
    /// Waits until nothing has come for 300 ms, at most 2 s, and not at all when nobody ever came. To be called when the
    /// command has ended: what comes late is the evidence of a race.
    pub fn linger(&self) {
        self.activity.wait_until_quiet(QUIET, MOST);
    }
}

/// Serves until it is told to stop. What is still under way then is given up: it had its time.
fn serve(served: Vec<(TcpListener, Router)>, stopped: oneshot::Receiver<()>) {
    // Without a runtime nobody answers, exporters fail as they would without us, and spans are missing from recordings,
    // which then say so themselves.
    let Ok(runtime) = Builder::new_current_thread().enable_all().build() else {
        return;
    };
    runtime.block_on(async {
        for (listener, app) in served {
            if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                tokio::spawn(async move { axum::serve(listener, app).await });
            }
        }
        let _told = stopped.await;
    });
    runtime.shutdown_background();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_only_when_it_is_named() {
        let mut door = Door::bind().unwrap();
        assert!(door.answers(&door.endpoint()));
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(door.bind_also(taken.local_addr().unwrap(), None).is_err());
        let free = taken.local_addr().unwrap();
        assert!(!door.answers(&format!("http://{free}")));
        drop(taken);
        door.bind_also((Ipv4Addr::LOCALHOST, 0).into(), None)
            .unwrap();
        let named = door.named.as_ref().unwrap().address.port();
        let check = |endpoint: String, expected: bool| {
            assert_eq!(door.answers(&endpoint), expected, "{endpoint}");
        };
        check(format!("http://127.0.0.1:{named}"), true);
        check(format!("http://localhost:{named}/v1/traces"), true);
        check(format!("http://collector:{named}"), false);
        check(format!("https://127.0.0.1:{named}"), false);
        check("http://127.0.0.1".to_owned(), false);
    }
}
