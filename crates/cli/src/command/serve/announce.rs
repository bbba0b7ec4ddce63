//! How other commands find the server of a store: its address stands in a file that it holds locked while it lives.
//!
//! The lock is the kernel's, so that a server that was killed is not mistaken for one that answers.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// The file in the store's folder.
const FILE: &str = "server";
/// An address is not longer than this.
const LONGEST: u64 = 1024;

/// A server that lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Live {
    /// `http://host:port`
    pub(crate) address: String,
    /// What it asks for, if it does.
    pub(crate) token: Option<String>,
}

impl Live {
    /// The address of a page, as a browser that does not know the token yet needs it.
    pub(crate) fn page(&self, path: &str) -> String {
        match &self.token {
            Some(token) => format!("{}{path}?token={token}", self.address),
            None => format!("{}{path}", self.address),
        }
    }
}

/// Writes down the address. It is true while the result lives.
///
/// # Errors
/// When the file cannot be written, or another server of this store holds it.
pub(crate) fn announce(store: &Path, server: &Live) -> io::Result<File> {
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(store.join(FILE))?;
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => io::Error::other("another server serves this store"),
        TryLockError::Error(error) => error,
    })?;
    file.set_len(0)?;
    let token = server.token.as_deref().unwrap_or_default();
    file.write_all(format!("{}\n{token}\n", server.address).as_bytes())?;
    Ok(file)
}

/// The server of a store, if one lives.
pub(crate) fn live(store: &Path) -> Option<Live> {
    let file = File::open(store.join(FILE)).ok()?;
    match file.try_lock_shared() {
        // Nobody holds it: what it says is of a server that has ended.
        Ok(()) | Err(TryLockError::Error(_)) => None,
        Err(TryLockError::WouldBlock) => read(file),
    }
}

fn read(file: File) -> Option<Live> {
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).ok()?;
    let mut lines = text.lines();
    let address = lines.next().filter(|line| line.starts_with("http://"))?;
    let token = lines.next().filter(|line| !line.is_empty());
    Some(Live {
        address: address.to_owned(),
        token: token.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_true_while_its_server_lives() {
        let folder = tempfile::tempdir().unwrap();
        let server = |port: u16, token: Option<&str>| Live {
            address: format!("http://127.0.0.1:{port}"),
            token: token.map(str::to_owned),
        };
        assert_eq!(live(folder.path()), None);
        let held = announce(folder.path(), &server(40000, Some("abc"))).unwrap();
        assert_eq!(live(folder.path()), Some(server(40000, Some("abc"))));
        assert!(announce(folder.path(), &server(1, None)).is_err());
        assert_eq!(live(folder.path()), Some(server(40000, Some("abc"))));
        drop(held);
        assert_eq!(live(folder.path()), None);
        let _held = announce(folder.path(), &server(1, None)).unwrap();
        assert_eq!(live(folder.path()), Some(server(1, None)));
    }

    #[test]
    fn a_page_brings_its_token() {
        let server = Live {
            address: "http://127.0.0.1:1".to_owned(),
            token: Some("abc".to_owned()),
        };
        assert_eq!(server.page("/runs"), "http://127.0.0.1:1/runs?token=abc");
    }
}
