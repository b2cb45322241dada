//! Messages on a stream: each has a header with its length, an empty line, and JSON.
//!
//! What is no message is told and skipped, so that one bad message does not end the connection.

use std::io::{self, BufRead, Write};

use lsp_server::Message;

/// The largest message that is read, in bytes.
const MAX_MESSAGE: usize = 256 * 1024 * 1024;
/// The longest line of a header, in bytes.
const MAX_LINE: usize = 4096;

/// What came from the client.
#[derive(Debug)]
pub enum Incoming {
    /// A message.
    Message(Message),
    /// Something that is none, and why.
    Malformed(String),
}

/// Reads what comes next; none where the client has gone.
///
/// # Errors
/// Where the stream cannot be read.
pub fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let mut length = None;
    let mut stray = None;
    loop {
        let mut line = Vec::new();
        io::Read::take(&mut *input, MAX_LINE as u64).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        match (line.split_once(':'), length) {
            (Some((name, value)), _) if name.trim().eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse::<usize>().ok();
            }
            (None, Some(_)) if line.is_empty() => break,
            (None, None) if line.is_empty() => {}
            (Some((name, _)), _) if name.trim().eq_ignore_ascii_case("content-type") => {}
            _ => stray = stray.or(Some(line)),
        }
        if let (Some(line), None) = (&stray, length) {
            return Ok(Some(Incoming::Malformed(format!("no header of a message: {line:?}"))));
        }
    }
    let length = length.unwrap_or_default();
    if length > MAX_MESSAGE {
        io::copy(&mut io::Read::take(&mut *input, length as u64), &mut io::sink())?;
        return Ok(Some(Incoming::Malformed(format!("a message of {length} bytes is too large"))));
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body)?;
    Ok(Some(match serde_json::from_slice(&body) {
        Ok(message) => Incoming::Message(message),
        Err(error) => Incoming::Malformed(format!("no message of JSON-RPC: {error}")),
    }))
}

/// Writes a message.
///
/// # Errors
/// Where the stream cannot be written.
pub fn write(output: &mut impl Write, message: &Message) -> io::Result<()> {
    message.clone().write(output)
}

/// Writes the answer to something that is no message. It has no id, so that no `Message` is like it.
///
/// # Errors
/// Where the stream cannot be written.
pub fn write_parse_error(output: &mut impl Write, why: &str) -> io::Result<()> {
    let error = serde_json::json!({"code": lsp_server::ErrorCode::ParseError as i32, "message": why});
    let text = serde_json::json!({"jsonrpc": "2.0", "id": null, "error": error}).to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut input: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        while let Ok(Some(incoming)) = read(&mut input) {
            found.push(match incoming {
                Incoming::Message(Message::Notification(message)) => message.method,
                Incoming::Message(message) => format!("{message:?}"),
                Incoming::Malformed(why) => why.split(':').next().unwrap_or_default().to_owned(),
            });
        }
        found
    }

    fn framed(body: &str) -> String {
        format!(
            "Content-Length: {}\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{body}",
            body.len()
        )
    }

    #[test]
    fn a_bad_message_does_not_end_the_connection() {
        let good = framed(r#"{"jsonrpc":"2.0","method":"a"}"#);
        let bad = ["{not json", "[1, 2]", "\u{feff}", "{\"id\": {}}"].map(framed);
        for bad in bad {
            assert_eq!(all(format!("{bad}{good}").as_bytes()), ["no message of JSON-RPC", "a"], "{bad}");
        }
        assert_eq!(all(format!("hello\r\n{good}").as_bytes()), ["no header of a message", "a"]);
        assert_eq!(all(format!("Content-Length: many\r\n\r\n{good}").as_bytes()), ["a"]);
        assert_eq!(all(b"Content-Length: 10\r\n\r\n{}"), [""; 0]);
    }
}
