//! A small static server for looking at the built page: one folder, GET and HEAD, gzip, 127.0.0.1 only.
use std::io::{self, ErrorKind};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, thread};

mod wire;

use crate::shell::{Outcome, Project, span, timed};
use crate::{page, size, tools};
use wire::{Request, Wire};

const PORT: u16 = 8080;
/// How long a visitor may take to ask, and to read the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Each visitor costs a thread; a browser opens six connections.
const MOST_VISITORS: usize = 64;

/// Builds the release page and serves it until the process is ended.
pub(crate) fn serve(project: &Project, port: Option<&str>) -> Outcome {
    let port = match port {
        None => PORT,
        Some(text) => {
            text.parse().map_err(|_| format!("--port takes a number from 1 to 65535, not {text:?}"))?
        }
    };
    // Before the build: nobody wants to hear after two minutes that the port is taken.
    let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            format!("Port {port} is in use by another program. End that one, or choose another: cargo xtask serve --port {}",
                port.checked_add(1).unwrap_or(PORT))
        }
        _ => format!("Port {port} cannot be opened: {error}"),
    })?;
    let start = Instant::now();
    tools::for_page(project)?;
    timed("building the release page into dist/", || page::build(project))?;
    println!(
        "\nReady after {}. Faultline is at http://127.0.0.1:{port}/ (Ctrl+C ends it)",
        span(start.elapsed())
    );
    listen(&listener, &project.root.join("dist"));
    Ok(())
}

fn listen(listener: &TcpListener, folder: &Path) {
    let visitors = Arc::new(());
    for stream in listener.incoming().flatten() {
        let visitor = Arc::clone(&visitors);
        if Arc::strong_count(&visitors) > MOST_VISITORS {
            continue;
        }
        let folder = folder.to_owned();
        thread::spawn(move || {
            // A visitor who hangs up, or is too slow, is nobody's concern.
            let _ = talk(stream, &folder, PATIENCE);
            drop(visitor);
        });
    }
}

/// Answers what one visitor asks until either of them ends the connection.
fn talk(stream: TcpStream, folder: &Path, patience: Duration) -> io::Result<()> {
    let mut wire = Wire::new(stream, patience);
    while let Some(asked) = wire.request()? {
        let (answer, last) = match asked {
            Ok(request) => response(folder, &request),
            Err(status) => (whole(status, "text/plain", CLOSE, b"refused", true), true),
        };
        wire.answer(&answer)?;
        if last {
            return wire.close();
        }
    }
    Ok(())
}

const CLOSE: &str = "Connection: close\r\n";

/// The whole answer to a request, and whether it is the last one on its connection.
fn response(folder: &Path, request: &Request) -> (Vec<u8>, bool) {
    let (known, with_body) = (matches!(request.method.as_str(), "GET" | "HEAD"), request.method != "HEAD");
    // What follows another method may be its body, which must not be taken for a request.
    let last = request.last || !known;
    let end = if last { CLOSE } else { "" };
    if !known {
        let headers = format!("{end}Allow: GET, HEAD\r\n");
        return (whole("405 Method Not Allowed", "text/plain", &headers, b"only GET and HEAD", true), last);
    }
    let file = file_of(folder, &request.address).filter(|file| is_inside(folder, file));
    let Some((kind, body)) = file.and_then(|file| Some((mime(&file), fs::read(&file).ok()?))) else {
        return (whole("404 Not Found", "text/plain", end, b"not found", with_body), last);
    };
    // Each build must be seen at once, so nothing is kept; a real host may keep the files whose names hold a digest.
    let headers = format!("{end}Cache-Control: no-cache\r\n");
    if request.gzip && kind != "font/woff2" {
        let headers = format!("{headers}Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n");
        return (whole("200 OK", kind, &headers, &size::gzip(&body), with_body), last);
    }
    (whole("200 OK", kind, &headers, &body, with_body), last)
}

/// The file is in the folder even if links on the way are followed.
fn is_inside(folder: &Path, file: &Path) -> bool {
    match (folder.canonicalize(), file.canonicalize()) {
        (Ok(folder), Ok(file)) => file.starts_with(folder) && file.is_file(),
        _ => false,
    }
}

fn whole(status: &str, kind: &str, headers: &str, body: &[u8], with_body: bool) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         X-Content-Type-Options: nosniff\r\n{headers}\r\n"
    );
    let mut all = head.into_bytes();
    if with_body {
        all.extend_from_slice(body);
    }
    all
}

/// The file that an address names, never one outside the folder.
fn file_of(folder: &Path, address: &str) -> Option<PathBuf> {
    let path = address.split(['?', '#']).next()?.strip_prefix('/')?;
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    if path.is_empty() {
        return Some(folder.join("index.html"));
    }
    path.split('/').all(plain).then(|| folder.join(path))
}

fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::path::{Path, PathBuf};
    use std::time::Duration;
    use std::{fs, thread};

    use super::{Request, file_of, mime, response, talk};

    #[test]
    fn an_address_names_a_file_in_the_folder_and_nothing_else() {
        let folder = Path::new("dist");
        assert_eq!(file_of(folder, "/"), Some(folder.join("index.html")));
        assert_eq!(file_of(folder, "/boot.js?v=a.wasm"), Some(folder.join("boot.js")));
        for outside in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "//etc/passwd", "/.git/config", "boot.js", ""]
        {
            assert_eq!(file_of(folder, outside), None, "{outside}");
        }
    }

    #[test]
    fn wasm_has_the_type_that_streaming_compilation_asks_for() {
        assert_eq!(mime(Path::new("a/faultline-1f_bg.wasm")), "application/wasm");
    }

    #[test]
    fn what_cannot_be_answered_is_said_in_http() {
        let status = |method: &str, address: &str| {
            let request =
                Request { method: method.to_owned(), address: address.to_owned(), ..Request::default() };
            String::from_utf8_lossy(&response(Path::new("."), &request).0[9..12]).into_owned()
        };
        assert_eq!(status("GET", "/no-such-file"), "404");
        assert_eq!(status("POST", "/"), "405");
    }

    /// A folder with a page, removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("faultline-{name}-{}", std::process::id()));
            fs::create_dir_all(folder.join("dist")).unwrap();
            fs::write(folder.join("dist/index.html"), "the page").unwrap();
            Self(folder)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// A visitor, and what becomes of the conversation with it.
    fn visit(folder: &Folder) -> (TcpStream, thread::JoinHandle<io::Result<()>>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let visitor = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        visitor.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let (stream, folder) = (listener.accept().unwrap().0, folder.0.join("dist"));
        (visitor, thread::spawn(move || talk(stream, &folder, Duration::from_millis(500))))
    }

    /// Everything that is answered to these bytes until the server ends the connection.
    fn answers(folder: &Folder, asked: &str) -> String {
        let (mut visitor, server) = visit(folder);
        visitor.write_all(asked.as_bytes()).unwrap();
        let mut text = String::new();
        visitor.read_to_string(&mut text).unwrap();
        server.join().unwrap().unwrap();
        text
    }

    #[test]
    fn a_connection_is_kept_until_the_visitor_asks_to_close_it() {
        let folder = Folder::new("kept");
        let two = "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n";
        let said = answers(&folder, two);
        assert_eq!(said.matches("HTTP/1.1 200 OK").count(), 2, "{said}");
        assert_eq!(said.matches("Connection: close").count(), 1, "{said}");
    }

    #[test]
    fn the_body_of_a_request_is_not_read_as_a_request() {
        let folder = Folder::new("body");
        let inner = "GET / HTTP/1.1\r\n\r\n";
        let said = answers(&folder, &format!("POST / HTTP/1.1\r\nContent-Length: 18\r\n\r\n{inner}"));
        assert!(said.starts_with("HTTP/1.1 405") && said.matches("HTTP/1.1 ").count() == 1, "{said}");
    }

    #[test]
    fn a_request_without_an_end_is_refused() {
        let folder = Folder::new("long");
        for endless in ["a".repeat(40_000), format!("GET / HTTP/1.1\r\nA: {}", "b".repeat(40_000))] {
            let said = answers(&folder, &endless);
            assert!(said.starts_with("HTTP/1.1 431"), "{said}");
        }
    }

    #[test]
    fn a_visitor_who_neither_asks_nor_reads_is_left() {
        let folder = Folder::new("slow");
        let (_silent, server) = visit(&folder);
        assert!(server.join().unwrap().is_err(), "a visitor who says nothing");
        // More than the system keeps for a visitor.
        fs::write(folder.0.join("dist/large.bin"), vec![b'x'; 32 << 20]).unwrap();
        let (mut deaf, server) = visit(&folder);
        deaf.write_all(b"GET /large.bin HTTP/1.1\r\n\r\n").unwrap();
        assert!(server.join().unwrap().is_err(), "a visitor who does not read");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_of_the_folder_is_not_followed() {
        let folder = Folder::new("link");
        fs::write(folder.0.join("secret.txt"), "a secret").unwrap();
        std::os::unix::fs::symlink("../secret.txt", folder.0.join("dist/link.txt")).unwrap();
        let said = answers(&folder, "GET /link.txt HTTP/1.1\r\nConnection: close\r\n\r\n");
        assert!(said.starts_with("HTTP/1.1 404") && !said.contains("secret"), "{said}");
    }
}
