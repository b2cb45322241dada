//! The language server: what `djudge check` and `djudge show` say, in an editor, as it is typed.
//!
//! - [`transport`]: messages on standard input and output. [`client`]: what the client can do, and what it is offered.
//! - [`state`]: what is known. [`documents`]: what is open. [`folder`]: what is judged, by the engine of the command line,
//!   whose [`Cache`](crate::engine::Cache) makes a run after a change cheap.
//! - [`positions`], [`uris`]: how the client counts columns and names files.
//! - [`session`]: what is done with each message. [`changes`]: what notifications change.
//! - [`diagnostics`]: what is wrong. [`actions`]: what to do about it.
//! - [`hover`], [`navigation`], [`hints`]: what a setting resolves to, and which statements made it so;
//!   [`names`]: which setting is meant. [`connection`]: which way a connection takes through the ASGI application.
//!
//! One thread reads messages and one does all the work, in the order in which they came. A request that is cancelled before
//! its turn is not worked on. After a change, findings are sent when no other came for a moment.

mod actions;
mod changes;
mod client;
mod connection;
mod diagnostics;
mod documents;
mod folder;
mod hints;
mod hover;
mod names;
mod navigation;
mod positions;
mod session;
mod state;
mod transport;
mod uris;

use std::collections::HashSet;
use std::io::{BufReader, Read, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};

use crate::eval::Trees;
use crate::source::{Disk, Overlay, Sources};
use client::{Client, Introduction};
use session::Session;
use state::State;
use transport::{Incoming, read, write, write_parse_error};

/// How long findings wait for a further change.
const PAUSE: Duration = Duration::from_millis(20);

/// The requests that the client has cancelled and that were not answered yet.
type Cancelled = Arc<Mutex<HashSet<RequestId>>>;

/// Serves a client until it is gone. Gives whether it said goodbye, as the protocol wants it: `shutdown`, then `exit`.
pub fn run(input: impl Read + Send + 'static, output: impl Write) -> bool {
    let (sender, inbox) = channel();
    let cancelled = Cancelled::default();
    let seen = cancelled.clone();
    // The thread ends with the stream; a client that keeps it open does not keep the process.
    std::thread::spawn(move || receive(input, &sender, &seen));
    let mut output = output;
    let overlay = Overlay::of_buffers(&Disk);
    let sources = Sources::new(&overlay);
    let trees = Trees::new(&sources);
    let mut waiting = Waiting::default();
    let mut session: Option<Session> = None;
    loop {
        let incoming = match session.as_ref().and_then(Session::due) {
            None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(due) => inbox.recv_timeout(due.saturating_duration_since(Instant::now())),
        };
        let outgoing = match (incoming, &mut session) {
            (Err(RecvTimeoutError::Disconnected), _) => return false,
            (Err(RecvTimeoutError::Timeout), session) => session.as_mut().map(Session::publish).unwrap_or_default(),
            (Ok(Incoming::Malformed(why)), _) => match write_parse_error(&mut output, &why) {
                Ok(()) => Vec::new(),
                Err(_) => return false,
            },
            (Ok(Incoming::Message(Message::Notification(message))), _) if message.method == "exit" => {
                return waiting.is_shut_down;
            }
            (Ok(Incoming::Message(message)), None) => waiting.take(message, |introduction| {
                let client = Client::of(introduction);
                let mut begun = Session::new(State::new(client, &overlay, &trees), cancelled.clone());
                let answer = begun.begin(introduction);
                session = Some(begun);
                answer
            }),
            (Ok(Incoming::Message(Message::Request(request))), Some(_)) if waiting.is_shut_down => {
                vec![refusal(request, ErrorCode::InvalidRequest, "the server is shut down")]
            }
            (Ok(Incoming::Message(Message::Request(request))), Some(_)) if request.method == "shutdown" => {
                waiting.is_shut_down = true;
                vec![Response::new_ok(request.id, ()).into()]
            }
            (Ok(Incoming::Message(message)), Some(session)) => session.take(message),
        };
        for message in outgoing {
            if write(&mut output, &message).is_err() {
                return waiting.is_shut_down;
            }
        }
    }
}

/// Passes on what the client sends, and takes note at once of what it cancels.
fn receive(input: impl Read, sender: &Sender<Incoming>, cancelled: &Cancelled) {
    let mut input = BufReader::new(input);
    while let Ok(Some(incoming)) = read(&mut input) {
        if let Incoming::Message(Message::Notification(message)) = &incoming
            && let Some(id) = cancelled_by(message)
        {
            cancelled.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        }
        if sender.send(incoming).is_err() {
            break;
        }
    }
}

/// The request that a notification cancels.
fn cancelled_by(message: &Notification) -> Option<RequestId> {
    let is_cancel = message.method == "$/cancelRequest";
    is_cancel.then(|| serde_json::from_value(message.params.get("id")?.clone()).ok()).flatten()
}

fn refusal(request: Request, code: ErrorCode, why: &str) -> Message {
    Response::new_err(request.id, code as i32, why.to_owned()).into()
}

/// What goes before the session and after it.
#[derive(Default)]
struct Waiting {
    is_shut_down: bool,
}

impl Waiting {
    /// Takes a message before there is a session: only `initialize` begins one.
    fn take(&mut self, message: Message, begin: impl FnOnce(&Introduction) -> serde_json::Value) -> Vec<Message> {
        match message {
            Message::Request(request) if request.method == "initialize" => {
                match serde_json::from_value::<Introduction>(request.params.clone()) {
                    Ok(introduction) => vec![Response::new_ok(request.id, begin(&introduction)).into()],
                    Err(error) => vec![refusal(request, ErrorCode::InvalidParams, &error.to_string())],
                }
            }
            Message::Request(request) if request.method == "shutdown" => {
                self.is_shut_down = true;
                vec![Response::new_ok(request.id, ()).into()]
            }
            Message::Request(request) => {
                vec![refusal(request, ErrorCode::ServerNotInitialized, "the server waits for `initialize`")]
            }
            Message::Notification(_) | Message::Response(_) => Vec::new(),
        }
    }
}
