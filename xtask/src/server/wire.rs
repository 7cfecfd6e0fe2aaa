//! HTTP on one connection, as far as a page of static files needs it, with a limit on everything that the other side sends.
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// The longest request line with its headers, in bytes; a browser sends less than one thousand.
const MOST_HEAD: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;

/// A request without its body: no request that is answered has one.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) address: String,
    /// The answer may be compressed.
    pub(super) gzip: bool,
    /// Nothing more is read from this connection.
    pub(super) last: bool,
}

/// A connection to one visitor, on which each request and each answer has to be over in time.
pub(super) struct Wire {
    stream: TcpStream,
    patience: Duration,
    until: Instant,
    /// What has arrived and is not read yet.
    arrived: Vec<u8>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, patience: Duration) -> Self {
        Self { stream, patience, until: Instant::now() + patience, arrived: Vec::new() }
    }

    /// The next request; nothing if the visitor has left; the status to refuse it with.
    pub(super) fn request(&mut self) -> io::Result<Option<Result<Request, &'static str>>> {
        self.until = Instant::now() + self.patience;
        loop {
            match parse(&self.arrived) {
                Ok(Some((request, length))) => {
                    self.arrived.drain(..length);
                    return Ok(Some(Ok(request)));
                }
                Ok(None) if self.arrived.len() < MOST_HEAD => {}
                Ok(None) => return Ok(Some(Err(TOO_LARGE))),
                Err(status) => return Ok(Some(Err(status))),
            }
            let mut piece = [0; 1024];
            let length = self.read(&mut piece)?;
            if length == 0 {
                return Ok(None);
            }
            self.arrived.extend_from_slice(&piece[..length]);
        }
    }

    /// Sends one answer.
    pub(super) fn answer(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.until = Instant::now() + self.patience;
        let mut rest = bytes;
        while !rest.is_empty() {
            self.stream.set_write_timeout(Some(self.left()?))?;
            match self.stream.write(rest)? {
                0 => return Err(ErrorKind::WriteZero.into()),
                length => rest = &rest[length..],
            }
        }
        Ok(())
    }

    /// Ends the connection so that the last answer arrives: to close it with bytes unread would take that answer back.
    pub(super) fn close(mut self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Write)?;
        self.until = Instant::now() + self.patience.min(Duration::from_secs(1));
        let mut unread = [0; 1024];
        for _ in 0..64 {
            if !matches!(self.read(&mut unread), Ok(1..)) {
                break;
            }
        }
        Ok(())
    }

    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(piece)
    }

    /// The time left for what is going on. One limit for the whole, not for each byte: a visitor who sends a byte a
    /// second would keep a thread for hours.
    fn left(&self) -> io::Result<Duration> {
        match self.until.saturating_duration_since(Instant::now()) {
            Duration::ZERO => Err(ErrorKind::TimedOut.into()),
            left => Ok(left),
        }
    }
}

const BAD: &str = "400 Bad Request";
const TOO_LARGE: &str = "431 Request Header Fields Too Large";

/// The request at the beginning of what has arrived, and its length; nothing if it is not whole yet.
fn parse(arrived: &[u8]) -> Result<Option<(Request, usize)>, &'static str> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let length = match head.parse(arrived) {
        Ok(httparse::Status::Complete(length)) if length <= MOST_HEAD => length,
        Ok(httparse::Status::Complete(_)) | Err(httparse::Error::TooManyHeaders) => return Err(TOO_LARGE),
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err(BAD),
    };
    let values = |name: &str| {
        let found = head.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        let text = found.map(|header| String::from_utf8_lossy(header.value).to_ascii_lowercase());
        text.collect::<Vec<_>>().join(",")
    };
    let lists = |name: &str, word: &str| {
        values(name).split(',').any(|part| part.split(';').next().is_some_and(|part| part.trim() == word))
    };
    let length_of_body = values("content-length");
    let has_body = !values("transfer-encoding").is_empty() || !matches!(length_of_body.trim(), "" | "0");
    let old = head.version == Some(0) && !lists("connection", "keep-alive");
    let request = Request {
        method: head.method.unwrap_or_default().to_owned(),
        address: head.path.unwrap_or_default().to_owned(),
        gzip: lists("accept-encoding", "gzip"),
        // A body is not read, so what follows it cannot be told from it.
        last: has_body || old || lists("connection", "close"),
    };
    Ok(Some((request, length)))
}

#[cfg(test)]
mod tests {
    use super::{BAD, MOST_HEAD, Request, TOO_LARGE, parse};

    fn request(text: &str) -> Request {
        parse(text.as_bytes()).expect("it is allowed").expect("it is whole").0
    }

    #[test]
    fn a_request_ends_with_an_empty_line() {
        assert_eq!(parse(b"GET / HTTP/1.1\r\nHost: a\r\n"), Ok(None));
        let (first, length) = parse(b"GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n").unwrap().unwrap();
        assert_eq!((first.method.as_str(), first.address.as_str(), length), ("GET", "/a", 19));
    }

    #[test]
    fn what_the_headers_ask_for_is_understood() {
        assert!(request("GET / HTTP/1.1\r\nAccept-Encoding: br, gzip;q=0.8\r\n\r\n").gzip);
        assert!(!request("GET / HTTP/1.1\r\nAccept-Encoding: gzipped\r\n\r\n").gzip);
        assert!(!request("GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n").last);
        for last in [
            "1.1\r\nConnection: Close",
            "1.0\r\nHost: a",
            "1.1\r\nContent-Length: 3",
            "1.1\r\nTransfer-Encoding: chunked",
        ] {
            assert!(request(&format!("GET / HTTP/{last}\r\n\r\n")).last, "{last}");
        }
    }

    #[test]
    fn too_much_and_nonsense_are_refused() {
        let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(MOST_HEAD));
        assert_eq!(parse(long.as_bytes()), Err(TOO_LARGE));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(65));
        assert_eq!(parse(many.as_bytes()), Err(TOO_LARGE));
        assert_eq!(parse(b"\x16\x03\x01 hello"), Err(BAD));
    }
}
