//! A server that keeps what is put there, and a client that shows what it gets, both over bare sockets.
#![expect(
    clippy::expect_used,
    reason = "a helper of tests that cannot go on fails the test"
)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request that reads.
pub(crate) fn get(path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: here\r\nX-Kind: read\r\nAuthorization: Basic mine\r\n\r\n"
    )
}

/// A request that writes.
pub(crate) fn put(path: &str, body: &str) -> String {
    let length = body.len();
    format!("PUT {path} HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// Keeps bodies by path.
pub(crate) struct Server {
    address: SocketAddr,
    credentials: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let credentials = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&credentials);
        thread::spawn(move || {
            let kept = Arc::new(Mutex::new(BTreeMap::new()));
            for client in listener.incoming().map_while(Result::ok) {
                let (kept, seen) = (Arc::clone(&kept), Arc::clone(&seen));
                thread::spawn(move || serve(&client, &kept, &seen));
            }
        });
        Self {
            address,
            credentials,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The values of `Authorization` that came, in their order.
    pub(crate) fn credentials(&self) -> Vec<String> {
        self.credentials.lock().expect("no panic").clone()
    }
}

fn serve(client: &TcpStream, kept: &Mutex<BTreeMap<String, String>>, seen: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(client);
    while let Ok((first, headers, body)) = read(&mut reader) {
        let header = |name: &str| headers.get(name).cloned();
        seen.lock()
            .expect("no panic")
            .extend(header("authorization"));
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut kept = kept.lock().expect("no panic");
        let (status, body) = if first.starts_with("PUT") {
            kept.insert(path, body.clone());
            (201, body)
        } else {
            match kept.get(&path) {
                Some(body) => (200, body.clone()),
                None => (404, "none".to_owned()),
            }
        };
        let length = body.len();
        let mut client = client;
        let _gone = write!(
            client,
            "HTTP/1.1 {status} Status\r\nContent-Length: {length}\r\n\r\n{body}"
        );
    }
}

/// A connection.
pub(crate) struct Client(BufReader<TcpStream>);

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self(BufReader::new(
            TcpStream::connect(address).expect("somebody listens"),
        ))
    }

    /// Sends a request and gives status and body of its answer, or what went wrong.
    pub(crate) fn ask(&mut self, request: &str) -> Result<String, String> {
        self.send(request);
        self.answer()
    }

    pub(crate) fn send(&mut self, request: &str) {
        // Who was hung up on says so when the answer is read.
        let _gone = self.0.get_mut().write_all(request.as_bytes());
    }

    pub(crate) fn answer(&mut self) -> Result<String, String> {
        let (first, _, body) = read(&mut self.0)?;
        let status = first.split(' ').nth(1).unwrap_or_default();
        Ok(format!("{status} {body}"))
    }
}

type Message = (String, BTreeMap<String, String>, String);

fn read(reader: &mut BufReader<impl std::io::Read>) -> Result<Message, String> {
    let kind = |error: std::io::Error| format!("{:?}", error.kind());
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).map_err(kind)? == 0 {
            return Err("the connection is closed".to_owned());
        }
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let headers: BTreeMap<String, String> = lines
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length");
    let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a number"))];
    reader
        .read_exact(&mut body)
        .map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => "the body ends early".to_owned(),
            _ => kind(error),
        })?;
    let first = lines.into_iter().next().unwrap_or_default();
    Ok((first, headers, String::from_utf8_lossy(&body).into_owned()))
}
