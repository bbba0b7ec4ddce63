//! Steering a running proxy from outside: `PUT /plan` with a plan as JSON, `GET /passed` for the calls that came by.

use std::io::{self, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use super::http::{self, Message};
use super::proxy::Proxy;

/// Answers admin requests, one connection after the other, for as long as the process lives.
///
/// # Errors
/// When the listener fails.
pub fn serve(proxy: &Proxy, listener: &TcpListener) -> io::Result<()> {
    for client in listener.incoming() {
        // A client that breaks off has no effect on the next one.
        let _gone = answer_one(proxy, &client?);
    }
    Ok(())
}

fn answer_one(proxy: &Proxy, mut client: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(client);
    let mut writer = client;
    let Some(request) = http::read_request(&mut reader, &mut writer)? else {
        return Ok(());
    };
    let mut answer = match (request.method(), request.target()) {
        ("PUT", "/plan") => match serde_json::from_slice(&request.body) {
            Ok(plan) => match proxy.follow(plan) {
                Ok(()) => Message::answer(200, "text/plain", Vec::new()),
                Err(error) => refusal(&error.to_string()),
            },
            Err(error) => refusal(&error.to_string()),
        },
        ("GET", "/passed") => {
            let passed = serde_json::to_vec(&proxy.passed())?;
            Message::answer(200, "application/json", passed)
        }
        _ => Message::answer(404, "text/plain", b"PUT /plan, GET /passed\n".to_vec()),
    };
    answer.remove_header("connection");
    answer.write(&mut client)?;
    client.flush()
}

fn refusal(why: &str) -> Message {
    Message::answer(400, "text/plain", format!("{why}\n").into_bytes())
}
