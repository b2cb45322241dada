//! Commands that start the application, in whatever file: which server they run, what, and how many of it.

use super::deployment::Server;
use crate::source::Span;

/// Servers that a text starts: their names as commands, with the offset. `-m uvicorn` and `"uvicorn",` count, a name
/// within a longer word, after `install` or in a comment does not.
pub fn servers_in(text: &str) -> Vec<(Server, usize)> {
    let mut found = Vec::new();
    for server in Server::ALL {
        let name = server.name();
        for at in memchr::memmem::find_iter(text.as_bytes(), name) {
            let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let before = &text[line_start..at];
            let after = text[at + name.len()..].chars().next();
            let is_word = before.chars().next_back().is_none_or(|c| matches!(c, ' ' | '\t' | '"' | '\'' | '/' | '='))
                && after.is_none_or(|c| matches!(c, ' ' | '\t' | '"' | '\'' | '\n' | '\r'));
            let is_mentioned = before.contains('#') || before.contains("install") || before.contains("image:");
            let starts_application = {
                let rest: String = text[at..].chars().take(400).collect();
                rest.contains("sgi") || rest.contains("application")
            };
            if is_word && !is_mentioned && starts_application {
                found.push((server, at));
                break;
            }
        }
    }
    found
}

/// An option that makes a server find out the client's protocol itself: Daphne's `--proxy-headers`, a certificate, an
/// endpoint `ssl:443:…`.
pub fn scheme_option_in(text: &str) -> Option<Span> {
    const MARKS: [&str; 8] = [
        "--proxy-headers",
        "--certfile",
        "certfile =",
        "--ssl-",
        "ProxyFix",
        "privateKey=",
        // Hypercorn's configuration may hold a certificate.
        "hypercorn -c",
        "hypercorn --config",
    ];
    let found = MARKS.iter().find_map(|mark| text.find(mark).map(|at| (at, mark.len())))?;
    Some(Span::new(found.0 as u32, (found.0 + found.1) as u32))
}

/// Where static files are collected: `manage.py collectstatic`, outside of comments.
pub fn collectstatic_in(text: &str) -> Option<Span> {
    const COMMAND: &str = "collectstatic";
    let is_command = |at: usize| {
        let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let before = &text[line_start..at];
        let ends_well = text[at + COMMAND.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let names_program = before.contains("manage") || before.contains("django-admin");
        ends_well && names_program && !before.contains('#')
    };
    let at = memchr::memmem::find_iter(text.as_bytes(), COMMAND).find(|&at| is_command(at))?;
    Some(Span::new(at as u32, (at + COMMAND.len()) as u32))
}

/// The applications that a text names as servers do, with the offset: `config.asgi:application`.
pub fn applications_in(text: &str) -> Vec<(&str, usize)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '/' | '-' | '@');
    let is_identifier = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or_default();
        let mut at = 0;
        for word in code.split(|c| !is_part(c)) {
            if let Some((module, name)) = word.split_once(':')
                && (module.contains('.') || module == "asgi")
                && module.split('.').all(is_identifier)
                && is_identifier(name)
                && name.contains("app")
            {
                found.push((word, start + at));
            }
            at += word.len() + code[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        }
        start += line.len();
    }
    found
}

/// The largest number of processes that a text asks for: `--workers 4`, `-w 4`, `WEB_CONCURRENCY=4`, `replicas: 4`.
pub fn processes_in(text: &str) -> Option<(u32, Span)> {
    const MARKS: [&str; 7] =
        ["--workers", "--web-concurrency", " -w ", "WEB_CONCURRENCY", "replicas:", "desired_count", "DesiredCount:"];
    let mut most: Option<(u32, Span)> = None;
    for mark in MARKS {
        for at in memchr::memmem::find_iter(text.as_bytes(), mark) {
            let rest = &text[at + mark.len()..];
            let digits_at = rest.find(|c: char| !matches!(c, ' ' | '=' | ':' | '"' | '\'' | ','));
            let Some(digits_at) = digits_at else { continue };
            let digits: String = rest[digits_at..].chars().take_while(char::is_ascii_digit).collect();
            let Ok(count) = digits.parse::<u32>() else { continue };
            let start = at + mark.len() - mark.trim_start().len();
            let end = at + mark.len() + digits_at + digits.len();
            if most.as_ref().is_none_or(|(known, _)| *known < count) {
                most = Some((count, Span::new(start as u32, end as u32)));
            }
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_commands() {
        let found = |text: &str| servers_in(text).into_iter().map(|(server, _)| server).collect::<Vec<_>>();
        assert_eq!(found("web: daphne -b 0.0.0.0 proj.asgi:application"), [Server::Daphne]);
        assert_eq!(found("CMD [\"uvicorn\", \"proj.asgi:application\"]"), [Server::Uvicorn]);
        assert_eq!(found("python -m gunicorn proj.wsgi"), [Server::Gunicorn]);
        assert_eq!(found("RUN pip install daphne  # proj.asgi"), []);
        assert_eq!(found("image: daphne\nasgi"), []);
        assert_eq!(found("uvicorn_worker application"), []);
        assert_eq!(found(&format!("daphne a{}", "─".repeat(200))), []);
    }

    #[test]
    fn applications_are_named() {
        let text =
            "services:\n  web:\n    image: ghcr.io/x/my.app:app1\n    command: daphne -b 0.0.0.0 a.asgi:application\n";
        let found = applications_in(text);
        assert_eq!(found.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["a.asgi:application"]);
        assert_eq!(&text[found[0].1..found[0].1 + 18], "a.asgi:application");
        assert_eq!(applications_in("CMD [\"uvicorn\", \"ä.é\", \"b.c.asgi:app\"]  # d.asgi:app").len(), 1);
    }

    #[test]
    fn processes_are_counted() {
        let count = |text: &str| processes_in(text).map(|(count, _)| count);
        assert_eq!(count("uvicorn --workers 4 x"), Some(4));
        assert_eq!(count("gunicorn --workers=3 -w 2"), Some(3));
        assert_eq!(count("WEB_CONCURRENCY: \"2\""), Some(2));
        assert_eq!(count("--workers $N"), None);
    }
}
