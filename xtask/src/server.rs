//! A small static server for looking at the built page: one folder, GET and HEAD, gzip, 127.0.0.1 only.
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::shell::{Outcome, Project, seconds, timed};
use crate::{page, size, tools};

const PORT: u16 = 8080;

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
    println!("\nReady after {}. Faultline is at http://127.0.0.1:{port}/ (Ctrl+C ends it)", seconds(start));
    listen(&listener, &project.root.join("dist"));
    Ok(())
}

fn listen(listener: &TcpListener, folder: &Path) {
    for stream in listener.incoming().flatten() {
        // A visitor who hangs up, or says nothing, costs a thread for ten seconds and nothing else.
        let folder = folder.to_owned();
        thread::spawn(move || answer(stream, &folder));
    }
}

fn answer(stream: TcpStream, folder: &Path) -> Option<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut stream = stream;
    loop {
        let (mut request, mut gzip) = (String::new(), false);
        reader.read_line(&mut request).ok().filter(|read| *read > 0)?;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok().filter(|read| *read > 0)?;
            if header.trim().is_empty() {
                break;
            }
            let header = header.to_ascii_lowercase();
            gzip |= header.starts_with("accept-encoding:") && header.contains("gzip");
        }
        stream.write_all(&response(folder, &request, gzip)).ok()?;
    }
}

/// The whole answer to one request line.
fn response(folder: &Path, request: &str, gzip: bool) -> Vec<u8> {
    let mut words = request.split_whitespace();
    let (method, address) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if method != "GET" && method != "HEAD" {
        return whole("405 Method Not Allowed", "text/plain", "", b"only GET and HEAD", true);
    }
    let file = file_of(folder, address);
    let Some((kind, body)) = file.and_then(|file| Some((mime(&file), fs::read(&file).ok()?))) else {
        return whole("404 Not Found", "text/plain", "", b"not found", method == "GET");
    };
    // Each build must be seen at once, so nothing is kept; a real host may keep the files whose names hold a digest.
    let cache = "Cache-Control: no-cache\r\n";
    if gzip && kind != "font/woff2" {
        let headers = format!("{cache}Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n");
        return whole("200 OK", kind, &headers, &size::gzip(&body), method == "GET");
    }
    whole("200 OK", kind, cache, &body, method == "GET")
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
    use std::path::Path;

    use super::{file_of, mime, response};

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
        let status = |request: &str| {
            String::from_utf8_lossy(&response(Path::new("."), request, false)[9..12]).into_owned()
        };
        assert_eq!(status("GET /no-such-file HTTP/1.1\r\n"), "404");
        assert_eq!(status("POST / HTTP/1.1\r\n"), "405");
    }
}
