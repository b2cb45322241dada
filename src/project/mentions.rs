//! Where a file names a settings module: `DJANGO_SETTINGS_MODULE` in whatever syntax, and `--settings`.

use std::ffi::OsStr;
use std::path::Path;

use crate::source::Span;

/// A settings module named somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Its dotted name.
    pub module: String,
    /// Where the name stands.
    pub span: Span,
    /// What kind of file names it.
    pub evidence: Evidence,
}

/// How much a mention says about what is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Test configuration and continuous integration: nothing.
    Tests,
    /// `manage.py` and other scripts: what is used where nothing else is set.
    Script,
    /// `wsgi.py` and `asgi.py`: what a server uses where nothing else is set.
    EntryPoint,
    /// Dockerfile, compose, Procfile, environment files: what the server is started with.
    Deployment,
}

/// The mentions in a file. `text` may be anything; what is no mention is passed over.
pub fn mentions(path: &Path, text: &str) -> Vec<Mention> {
    found_by(&Name { variable: "DJANGO_SETTINGS_MODULE", option: "--settings", is_dotted: true }, path, text)
}

/// The classes of django-configurations that a file names: `DJANGO_CONFIGURATION` in whatever syntax, and
/// `--configuration`.
pub fn configurations(path: &Path, text: &str) -> Vec<Mention> {
    found_by(&Name { variable: "DJANGO_CONFIGURATION", option: "--configuration", is_dotted: false }, path, text)
}

/// What stands before the name of a module or a class.
struct Name {
    variable: &'static str,
    option: &'static str,
    is_dotted: bool,
}

fn found_by(name: &Name, path: &Path, text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut open = 0;
    while let Some(start) = [name.variable, name.option].iter().filter_map(|key| text[open..].find(key)).min() {
        let start = open + start;
        let value = match text[start..].strip_prefix(name.variable) {
            Some(rest) => after_variable(rest),
            None => text[start + name.option.len()..].strip_prefix(['=', ' ']),
        };
        let Some((at, module)) = value.and_then(|value| {
            let (before, module) = named(value, name.is_dotted)?;
            Some((text.len() - value.len() + before, module))
        }) else {
            open = start + 1;
            continue;
        };
        let end = at + module.len();
        // `os.environ.get(…)` and the like is code, not a name.
        let is_end = |c: &char| c.is_whitespace() || "\"',;)]}".contains(*c);
        let more = text[end..].chars().next().filter(|c| !is_end(c));
        let is_code = matches!(module, "os" | "os.environ" | "env" | "config" | "get" | "None");
        if more.is_none() && !is_code {
            let span = Span::new(at as u32, end as u32);
            found.push(Mention { module: module.to_owned(), span, evidence: evidence(path) });
        }
        open = end + more.map_or(0, char::len_utf8);
    }
    found
}

/// What follows the name of a variable as its value: `NAME = "x"`, `NAME: x`, `"NAME", "x"`, `NAME x` (Dockerfile), and
/// `name: NAME` with `value: x` on the next line (Kubernetes).
fn after_variable(rest: &str) -> Option<&str> {
    const BLANKS: [char; 2] = [' ', '\t'];
    let rest = rest.trim_start_matches(['"', '\'', ']']);
    let value = rest.trim_start_matches(BLANKS);
    let next_line = value.strip_prefix("\r\n").or_else(|| value.strip_prefix('\n'));
    let on_next_line = next_line.and_then(|line| line.trim_start_matches(BLANKS).strip_prefix("value:"));
    let value = value.strip_prefix([',', '=', ':']).or(on_next_line).or((value.len() < rest.len()).then_some(value));
    value.map(str::trim_start)
}

/// The name that a value begins with, in quotes or without, and how many bytes stand before it.
fn named(value: &str, is_dotted: bool) -> Option<(usize, &str)> {
    let unquoted = value.strip_prefix('f').unwrap_or(value).strip_prefix(['"', '\'']);
    let texts = unquoted.into_iter().chain([value]);
    texts.into_iter().find_map(|text| Some((value.len() - text.len(), identifier(text, is_dotted)?)))
}

fn identifier(text: &str, is_dotted: bool) -> Option<&str> {
    let is_start = |c: char| c.is_ascii_alphabetic() || c == '_';
    let is_rest = |c: char| c.is_alphanumeric() || c == '_';
    let mut end = 0;
    loop {
        if !text[end..].starts_with(is_start) {
            // A dot at the end is none of the name's.
            return (end > 0).then(|| &text[..end - 1]);
        }
        end = text[end..].find(|c| !is_rest(c)).map_or(text.len(), |length| end + length);
        if !is_dotted || !text[end..].starts_with('.') {
            return Some(&text[..end]);
        }
        end += 1;
    }
}

/// Whether a file that is not Python may name a settings module or show how the project is deployed.
pub fn is_deployment_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| is_deployment_file_in(path.parent().unwrap_or(Path::new("")), name))
}

/// The same of a file in a folder.
pub fn is_deployment_file_in(folder: &Path, name: &OsStr) -> bool {
    const STARTS: [&str; 6] = ["dockerfile", "containerfile", "procfile", "caddyfile", "makefile", ".env"];
    const ENDS: [&str; 14] = [
        ".yml",
        ".yaml",
        ".env",
        ".ini",
        ".cfg",
        ".toml",
        ".sh",
        ".service",
        ".conf",
        ".tf",
        ".dockerfile",
        ".template",
        ".envrc",
        ".config",
    ];
    const NAMES: [&str; 6] = ["app.json", "railway.json", "pipfile", "runtime.txt", "haproxy.cfg", "scalingo.json"];
    let Some(name) = name.to_str().map(str::as_bytes) else { return false };
    let begins = |start: &&str| name.get(..start.len()).is_some_and(|part| part.eq_ignore_ascii_case(start.as_bytes()));
    let ends = |end: &&str| {
        let at = name.len().checked_sub(end.len());
        at.is_some_and(|at| name[at..].eq_ignore_ascii_case(end.as_bytes()))
    };
    STARTS.iter().any(begins)
        || ENDS.iter().any(ends)
        || NAMES.iter().any(|whole| name.eq_ignore_ascii_case(whole.as_bytes()))
        || folder.ends_with("sites-available")
        || folder.ends_with("sites-enabled")
}

fn evidence(path: &Path) -> Evidence {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_ascii_lowercase();
    let is_below = |folder: &str| path.components().any(|part| part.as_os_str().eq_ignore_ascii_case(folder));
    let words =
        |name: &str| -> Vec<String> { name.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect() };
    let is_about = |wanted: &[&str]| words(&name).iter().any(|word| wanted.contains(&word.as_str()));
    let is_test_tool = matches!(
        name.as_str(),
        "pytest.ini"
            | "tox.ini"
            | "setup.cfg"
            | "pyproject.toml"
            | "mypy.ini"
            | ".pylintrc"
            | "conftest.py"
            | "runtests.py"
            | "noxfile.py"
            | ".travis.yml"
            | ".gitlab-ci.yml"
            | "makefile"
    ) || is_below(".github")
        || is_below(".circleci")
        || is_below("tests")
        || is_about(&["test", "tests", "testing", "ci"]);
    let is_development =
        is_about(&["dev", "development", "local", "example", "sample", "override"]) || is_below(".devcontainer");
    match () {
        () if is_test_tool => Evidence::Tests,
        () if matches!(name.as_str(), "wsgi.py" | "asgi.py") => Evidence::EntryPoint,
        () if name.ends_with(".py") => Evidence::Script,
        () if is_development => Evidence::Script,
        () => Evidence::Deployment,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules(path: &str, text: &str) -> Vec<(String, Evidence)> {
        mentions(Path::new(path), text).into_iter().map(|mention| (mention.module, mention.evidence)).collect()
    }

    #[test]
    fn every_syntax_ok() {
        for (path, text) in [
            ("manage.py", r#"os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a.b")"#),
            ("x.py", r#"os.environ["DJANGO_SETTINGS_MODULE"] = 'a.b'"#),
            ("Dockerfile", "ENV DJANGO_SETTINGS_MODULE=a.b"),
            ("Dockerfile", "ENV DJANGO_SETTINGS_MODULE a.b\nRUN x"),
            ("compose.yml", "      DJANGO_SETTINGS_MODULE: a.b"),
            ("compose.yml", "      - DJANGO_SETTINGS_MODULE=a.b"),
            ("deploy.yaml", "- name: DJANGO_SETTINGS_MODULE\n  value: \"a.b\""),
            ("pytest.ini", "DJANGO_SETTINGS_MODULE = a.b"),
            ("pyproject.toml", "DJANGO_SETTINGS_MODULE = \"a.b\""),
            (".env", "DJANGO_SETTINGS_MODULE=a.b\n"),
            ("Procfile", "web: python manage.py runserver --settings=a.b 0.0.0.0"),
            ("run.sh", "django-admin migrate --settings a.b"),
            (
                "asgi.py",
                r#"os.environ.setdefault("DJANGO_SETTINGS_MODULE", os.environ.get("DJANGO_SETTINGS_MODULE", "a.b"))"#,
            ),
        ] {
            let found = modules(path, text);
            assert!(found.iter().any(|(module, _)| module == "a.b") && found.len() == 1, "{path}: {text}: {found:?}");
        }
    }

    #[test]
    fn classes_in_every_syntax_ok() {
        for (path, text) in [
            ("manage.py", r#"environ.setdefault("DJANGO_CONFIGURATION", "Dev")"#),
            ("x.py", r#"os.environ["DJANGO_CONFIGURATION"] = 'Dev'"#),
            ("Dockerfile", "RUN DJANGO_CONFIGURATION=Dev python manage.py collectstatic"),
            ("compose.yml", "      - DJANGO_CONFIGURATION=Dev"),
            ("deploy.yaml", "- name: DJANGO_CONFIGURATION\n  value: \"Dev\""),
            ("Procfile", "web: python manage.py runserver --configuration=Dev"),
        ] {
            let found = configurations(Path::new(path), text);
            assert!(found.len() == 1 && found[0].module == "Dev", "{path}: {text}: {found:?}");
        }
        assert_eq!(configurations(Path::new("x.sh"), "DJANGO_CONFIGURATION=${NAME}"), []);
    }

    /// The same as a regular expression, which takes long to compile.
    const PATTERN: &str = r#"(?x)
        (?: DJANGO_SETTINGS_MODULE ["'\]]* [\ \t]* (?: [,=:][\ \t]* | \r?\n[\ \t]*value:[\ \t]* | [\ \t] ) \s*
          | --settings[=\ ] )
        (?: f?["'] )?
        (?P<module> [A-Za-z_]\w* (?: \.[A-Za-z_]\w* )* )
        (?P<after> [^\s"',;)\]}]? )
        "#;

    #[test]
    fn mentions_are_those_of_the_pattern() {
        const PARTS: [&str; 24] = [
            "DJANGO_SETTINGS_MODULE",
            "DJANGO_SETTINGS_MODULE",
            "--settings",
            "=",
            " ",
            "\t",
            "\n",
            "\r\n",
            "value:",
            "\"",
            "'",
            "]",
            ",",
            ":",
            "f",
            "f\"",
            "a.b",
            "é",
            "os",
            ".",
            "9",
            "(",
            "_x.",
            "{",
        ];
        let pattern = regex::Regex::new(PATTERN).unwrap();
        let mut seed = 1_u64;
        for _ in 0..50_000 {
            let mut text = String::new();
            for _ in 0..10 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text += PARTS[(seed >> 33) as usize % PARTS.len()];
            }
            let expected = pattern.captures_iter(&text).filter_map(|captures| {
                let module = captures.name("module").unwrap();
                let is_name = captures["after"].is_empty() && !matches!(module.as_str(), "os" | "get" | "None");
                is_name.then(|| (module.as_str().to_owned(), module.start() as u32))
            });
            let found = mentions(Path::new("x.py"), &text);
            let found: Vec<_> = found.into_iter().map(|found| (found.module, found.span.start)).collect();
            assert_eq!(found, expected.collect::<Vec<_>>(), "{text:?}");
        }
    }

    #[test]
    fn no_name_ok() {
        for text in [
            r#"os.environ.get("DJANGO_SETTINGS_MODULE")"#,
            r#"DJANGO_SETTINGS_MODULE = os.environ["X"]"#,
            "DJANGO_SETTINGS_MODULE=${SETTINGS}",
            "# the DJANGO_SETTINGS_MODULE.",
        ] {
            assert_eq!(modules("x.py", text), [], "{text}");
        }
    }

    #[test]
    fn evidence_by_file() {
        assert_eq!(evidence(Path::new("/p/proj/asgi.py")), Evidence::EntryPoint);
        assert_eq!(evidence(Path::new("/p/manage.py")), Evidence::Script);
        assert_eq!(evidence(Path::new("/p/docker-compose.dev.yml")), Evidence::Script);
        assert_eq!(evidence(Path::new("/p/docker-compose.yml")), Evidence::Deployment);
        assert_eq!(evidence(Path::new("/p/.github/workflows/x.yml")), Evidence::Tests);
        assert_eq!(evidence(Path::new("/p/pytest.ini")), Evidence::Tests);
    }
}
