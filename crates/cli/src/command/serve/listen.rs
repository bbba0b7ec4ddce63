//! The listening socket, and the life of the server on it.

use std::net::{SocketAddr, TcpListener};

use anyhow::Context as _;
use axum::Router;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

use crate::exit::{self, Failure};

/// A server that is bound and does not answer yet.
pub(crate) struct Server {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Binds an address; port 0 means any free one.
    ///
    /// # Errors
    /// When it cannot be bound.
    pub(crate) fn bind(address: SocketAddr) -> Result<Self, Failure> {
        let listener = TcpListener::bind(address).map_err(|error| {
            Failure::message(exit::FAILED, format!("listen on {address}: {error}"))
                .hint("name another address with --listen; port 0 means any free one")
        })?;
        listener
            .set_nonblocking(true)
            .context("set up the listening socket")?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .context("start the server")?;
        Ok(Self {
            address: listener.local_addr().context("read the bound address")?,
            runtime,
            listener,
        })
    }

    /// The address that is listened on.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until Ctrl-C, a hang-up or a request to end.
    ///
    /// # Errors
    /// When the socket fails.
    pub(crate) fn run(self, app: Router) -> Result<(), Failure> {
        let Self {
            runtime, listener, ..
        } = self;
        let served = runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let told = stop()?;
            // Answers that are under way are not waited for: a browser may hold a connection open for ever.
            tokio::select! {
                served = async { axum::serve(listener, app).await } => served,
                () = told => Ok(()),
            }
        });
        runtime.shutdown_background();
        Ok(served.context("serve")?)
    }
}

/// Resolves when a signal says to stop.
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}
