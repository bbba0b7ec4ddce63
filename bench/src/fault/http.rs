//! HTTP/1.1 as far as a proxy needs it: heads kept as they came, bodies whole.

use std::io::{self, BufRead, Read, Write};

/// The longest head that is read, in bytes.
const HEAD_LIMIT: u64 = 256 * 1024;
/// The longest body that is read, in bytes.
const BODY_LIMIT: u64 = 64 * 1024 * 1024;

/// A request or an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Message {
    /// The request line or status line.
    pub(super) first: String,
    /// Header lines in their order, as they were written.
    pub(super) headers: Vec<(String, String)>,
    /// The body, without its transfer coding.
    pub(super) body: Vec<u8>,
    /// How long the answer to a `HEAD` says that its body would be.
    pub(super) promised: Option<u64>,
}

impl Message {
    /// An answer with a body of this type.
    pub(super) fn answer(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self {
            first: format!("HTTP/1.1 {status} {}", reason(status)),
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body,
            promised: None,
        }
    }

    /// The first value of a header, whatever the case of its name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Puts a header in place of all of its name.
    pub(super) fn set_header(&mut self, name: &str, value: &str) {
        self.remove_header(name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Takes all headers of a name away.
    pub(super) fn remove_header(&mut self, name: &str) {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// The method of a request; empty if it is none.
    pub(super) fn method(&self) -> &str {
        self.first.split(' ').next().unwrap_or_default()
    }

    /// Path and query of a request.
    pub(super) fn target(&self) -> &str {
        self.first.split(' ').nth(1).unwrap_or_default()
    }

    /// The status of an answer; 0 if there is none.
    pub(super) fn status(&self) -> u16 {
        let word = self.first.split(' ').nth(1).unwrap_or_default();
        word.parse().unwrap_or_default()
    }

    /// Whether the other side keeps the connection for more.
    pub(super) fn keeps_alive(&self) -> bool {
        let said = self.header("connection").unwrap_or_default();
        if said.eq_ignore_ascii_case("close") {
            return false;
        }
        self.first.contains("HTTP/1.1") || said.eq_ignore_ascii_case("keep-alive")
    }

    /// Writes it whole, with the length of its body.
    pub(super) fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        self.write_lines(to, "", self.body.len())
    }

    /// Writes it whole and says that the connection ends with it.
    pub(super) fn write_last(&self, to: &mut dyn Write) -> io::Result<()> {
        self.write_lines(to, "Connection: close\r\n", self.body.len())
    }

    /// Writes it, the body only as far as `kept` bytes, though the head promises all of it.
    pub(super) fn write_cut(&self, to: &mut dyn Write, kept: usize) -> io::Result<()> {
        self.write_lines(to, "", kept)
    }

    /// Writes it whole, the body in pieces of so many bytes, with a pause before each.
    pub(super) fn write_in_pieces(
        &self,
        to: &mut dyn Write,
        piece: usize,
        pause: &dyn Fn(),
    ) -> io::Result<()> {
        self.write_cut(to, 0)?;
        for part in self.body.chunks(piece) {
            pause();
            to.write_all(part)?;
            to.flush()?;
        }
        Ok(())
    }

    fn write_lines(&self, to: &mut dyn Write, more: &str, kept: usize) -> io::Result<()> {
        let mut text = format!("{}\r\n{more}", self.first);
        for (name, value) in &self.headers {
            if !is_about_the_connection(name) {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        let is_answer = self.first.starts_with("HTTP/");
        let has_body = if is_answer {
            !matches!(self.status(), 204 | 304)
        } else {
            !self.body.is_empty()
        };
        if has_body {
            let length = match self.promised {
                Some(length) if self.body.is_empty() => length,
                _ => self.body.len() as u64,
            };
            text.push_str(&format!("Content-Length: {length}\r\n"));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend(self.body.iter().take(kept));
        to.write_all(&bytes)?;
        to.flush()
    }
}

/// Headers that are rewritten for each connection.
fn is_about_the_connection(name: &str) -> bool {
    [
        "connection",
        "keep-alive",
        "transfer-encoding",
        "content-length",
        "expect",
    ]
    .iter()
    .any(|known| name.eq_ignore_ascii_case(known))
}

/// Reads a request; none when the client has closed the connection instead.
pub(super) fn read_request(
    from: &mut dyn BufRead,
    answer_to: &mut dyn Write,
) -> io::Result<Option<Message>> {
    let Some(mut message) = read_head(from)? else {
        return Ok(None);
    };
    if message.header("expect").is_some() {
        answer_to.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    if is_chunked(&message) {
        message.body = read_chunks(from)?;
    } else if let Some(length) = length(&message)? {
        message.body = read_exactly(from, length)?;
    }
    Ok(Some(message))
}

/// Reads the answer to a request of this method.
pub(super) fn read_answer(from: &mut dyn BufRead, method: &str) -> io::Result<Message> {
    let mut message = loop {
        let Some(head) = read_head(from)? else {
            return Err(broken("the server closed the connection"));
        };
        if head.status() >= 200 {
            break head;
        }
    };
    if method == "HEAD" {
        message.promised = length(&message).unwrap_or_default();
        return Ok(message);
    }
    if matches!(message.status(), 204 | 304) {
        return Ok(message);
    }
    if is_chunked(&message) {
        message.body = read_chunks(from)?;
    } else if let Some(length) = length(&message)? {
        message.body = read_exactly(from, length)?;
    } else {
        from.take(BODY_LIMIT).read_to_end(&mut message.body)?;
    }
    Ok(message)
}

fn read_head(from: &mut dyn BufRead) -> io::Result<Option<Message>> {
    let mut message = Message::default();
    let mut left = HEAD_LIMIT;
    loop {
        let mut line = Vec::new();
        let read = from.take(left).read_until(b'\n', &mut line)?;
        left = left.saturating_sub(read as u64);
        if read == 0 {
            let nothing_came = message.first.is_empty();
            return nothing_came
                .then_some(None)
                .ok_or_else(|| broken("a head ends early"));
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches(['\r', '\n']);
        if message.first.is_empty() {
            if !line.contains("HTTP/1.") {
                return Err(broken("this is not HTTP"));
            }
            line.clone_into(&mut message.first);
        } else if line.is_empty() {
            return Ok(Some(message));
        } else if let Some((name, value)) = line.split_once(':') {
            let header = (name.trim().to_owned(), value.trim().to_owned());
            message.headers.push(header);
        }
    }
}

fn is_chunked(message: &Message) -> bool {
    message
        .header("transfer-encoding")
        .is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"))
}

fn length(message: &Message) -> io::Result<Option<u64>> {
    let Some(said) = message.header("content-length") else {
        return Ok(None);
    };
    let length = said
        .parse()
        .map_err(|_| broken("a length is not a number"))?;
    if length > BODY_LIMIT {
        return Err(broken("a body is too long"));
    }
    Ok(Some(length))
}

fn read_exactly(from: &mut dyn BufRead, length: u64) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    let read = from.take(length).read_to_end(&mut body)?;
    if (read as u64) < length {
        return Err(broken("a body ends early"));
    }
    Ok(body)
}

fn read_chunks(from: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        from.take(HEAD_LIMIT).read_line(&mut line)?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size =
            u64::from_str_radix(size, 16).map_err(|_| broken("a chunk's size is not a number"))?;
        if size.saturating_add(body.len() as u64) > BODY_LIMIT {
            return Err(broken("a body is too long"));
        }
        body.extend(read_exactly(from, size)?);
        let mut end = String::new();
        from.take(HEAD_LIMIT).read_line(&mut end)?;
        if size == 0 {
            // Trailers, which nobody here sends, would end with an empty line.
            while !end.trim().is_empty() {
                end.clear();
                from.take(HEAD_LIMIT).read_line(&mut end)?;
            }
            return Ok(body);
        }
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// The usual words of a status.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_its_body_still_says_how_long_that_is() {
        let sent = b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n";
        for (method, body, expected) in [("HEAD", "", "16"), ("GET", "a harbour in fog", "16")] {
            let mut whole = sent.to_vec();
            whole.extend_from_slice(body.as_bytes());
            let answer = read_answer(&mut &*whole, method).unwrap();
            let mut written = Vec::new();
            answer.write(&mut written).unwrap();
            let written = String::from_utf8(written).unwrap();
            assert!(written.contains(&format!("Content-Length: {expected}\r\n")));
            assert!(written.ends_with(body));
        }
    }
}
