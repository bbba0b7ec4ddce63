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

/// The port that exporters take when nobody tells them another.
const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 4318);
/// So long must nothing have come before the door is closed …
const QUIET: Duration = Duration::from_millis(300);
/// … and it is closed after this, whatever comes.
const MOST: Duration = Duration::from_secs(2);

/// A door that is bound. Who knocks waits until it is opened.
#[derive(Debug)]
pub struct Door {
    listeners: Vec<TcpListener>,
    address: SocketAddr,
}

/// A door through which a run receives.
#[derive(Debug)]
pub struct OpenDoor {
    activity: Arc<Activity>,
    /// Dropped, it ends the thread.
    _stop: oneshot::Sender<()>,
}

impl Door {
    /// Binds a free port of the loopback, and the usual one of OTLP if it is free.
    ///
    /// # Errors
    /// When no port of the loopback can be bound.
    pub fn bind() -> io::Result<Self> {
        Self::bind_with(Some(USUAL))
    }

    fn bind_with(usual: Option<SocketAddr>) -> io::Result<Self> {
        let own = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = own.local_addr()?;
        let usual = usual.and_then(|usual| TcpListener::bind(usual).ok());
        let listeners: Vec<TcpListener> = [Some(own), usual].into_iter().flatten().collect();
        for listener in &listeners {
            listener.set_nonblocking(true)?;
        }
        Ok(Self { listeners, address })
    }

    /// The address for exporters: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Whether what is sent to an endpoint comes here.
    #[must_use]
    pub fn answers(&self, endpoint: &str) -> bool {
        let authority = endpoint
            .strip_prefix("http://")
            .and_then(|rest| rest.split('/').next());
        let ports = self
            .listeners
            .iter()
            .filter_map(|one| one.local_addr().ok());
        let mut names = ports
            .flat_map(|at| ["127.0.0.1", "localhost"].map(|host| format!("{host}:{}", at.port())));
        authority.is_some_and(|authority| names.any(|name| name == authority))
    }

    /// Answers from now on, in a thread of its own.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn open(self, inbox: Arc<Inbox>) -> io::Result<OpenDoor> {
        let activity = Arc::new(Activity::default());
        let nowhere = Router::new().fallback(|| async { StatusCode::NOT_FOUND });
        let app = routes(Taker::Run(inbox), Arc::clone(&activity), nowhere);
        let (stop, stopped) = oneshot::channel();
        let listeners = self.listeners;
        thread::Builder::new()
            .name("flakescope-door".into())
            .spawn(move || serve(listeners, &app, stopped))?;
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
fn serve(listeners: Vec<TcpListener>, app: &Router, stopped: oneshot::Receiver<()>) {
    // Without a runtime nobody answers, exporters fail as they would without us, and spans are missing from recordings,
    // which then say so themselves.
    let Ok(runtime) = Builder::new_current_thread().enable_all().build() else {
        return;
    };
    runtime.block_on(async {
        for listener in listeners {
            if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                let app = app.clone();
                tokio::spawn(async move { axum::serve(listener, app).await });
            }
        }
        let _told = stopped.await;
    });
    runtime.shutdown_background();
}
