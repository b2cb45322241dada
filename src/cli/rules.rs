//! `djudge rules`.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::terminal::Terminal;
use super::{Exit, registry_here, usage, write_whole};
use crate::config::{Overrides, own_rule};
use crate::engine::{Error, run_example};
use crate::rule::{CaseKind, Mismatch, Rule, examples};
use crate::source::{Disk, absolute};

/// List the rules, start one of your own, test your own
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print every rule with its severity and what it finds
    List,
    /// Write the page of a new rule of your own
    New {
        /// What is wrong, in lower case with hyphens: `debug-toolbar-in-production`
        name: String,
        /// The folder to write it to
        #[arg(long, default_value = "lint", value_name = "FOLDER")]
        folder: PathBuf,
    },
    /// Run the examples on rule pages, which are their tests
    Test {
        /// The pages; all of the project's own where none is given
        pages: Vec<PathBuf>,
    },
}

pub fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Error> {
    match &args.command {
        Command::List => list(terminal),
        Command::New { name, folder } => new(name, folder, terminal),
        Command::Test { pages } => test(pages, terminal),
    }
}

fn list(terminal: &mut Terminal) -> Result<Exit, Error> {
    let config = registry_here(&Overrides::default())?;
    let mut rules: Vec<&Rule> = config.registry.rules().iter().collect();
    rules.sort_by(|a, b| (&a.page.group, &a.page.id).cmp(&(&b.page.group, &b.page.id)));
    let width = rules.iter().map(|rule| rule.page.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    let mut group = "";
    for rule in rules {
        if rule.page.group != group {
            group = &rule.page.group;
            text += &format!("{}{group}\n", if text.is_empty() { "" } else { "\n" });
        }
        let page = &rule.page;
        text += &format!("  {:width$}  {:7}  {}\n", page.id, page.severity.name(), page.message);
    }
    terminal.print(&text);
    Ok(Exit::Clean)
}

fn new(name: &str, folder: &Path, terminal: &mut Terminal) -> Result<Exit, Error> {
    let is_name =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !name.split('-').all(is_name) {
        let help =
            Some("use lower-case words with hyphens between them, such as debug-toolbar-in-production".to_owned());
        return Err(usage(format!("{name:?} is no name for a rule"), help));
    }
    let path = folder.join(format!("{}.md", name.replace('-', "_")));
    if std::fs::symlink_metadata(&path).is_ok() {
        return Err(usage(format!("{} exists already", path.display()), None));
    }
    std::fs::create_dir_all(folder)
        .map_err(|error| usage(format!("the folder {} cannot be made: {error}", folder.display()), None))?;
    write_whole(&path, template(name))?;
    terminal.print(&format!(
        "Wrote {path}. Edit it, then: djudge rules test {path}\nTo use it, write into djudge.toml: rules = [\"{folder}/*.md\"]\n",
        path = path.display(),
        folder = folder.display()
    ));
    Ok(Exit::Clean)
}

fn template(name: &str) -> String {
    format!(
        "# {name}

Say in one sentence what is wrong.

```toml
group = \"local\"
severity = \"warning\"
help = \"say what to do\"

[when]
setting = \"EMAIL_BACKEND\"
is = \"django.core.mail.backends.console.EmailBackend\"
```

Say why it matters, and when it does not.

## Wrong

```python file=config/settings.py
EMAIL_BACKEND = \"django.core.mail.backends.console.EmailBackend\"  # error
```

## Right

```python file=config/settings.py
EMAIL_BACKEND = \"django.core.mail.backends.smtp.EmailBackend\"
```

## Unknown

```python file=config/settings.py
import os

EMAIL_BACKEND = os.environ[\"EMAIL_BACKEND\"]
```
"
    )
}

fn test(pages: &[PathBuf], terminal: &mut Terminal) -> Result<Exit, Error> {
    let rules: Vec<Rule> = match pages.is_empty() {
        true => {
            let config = registry_here(&Overrides::default())?;
            config.registry.rules().iter().filter(|rule| rule.page.path.is_some()).cloned().collect()
        }
        false => pages.iter().map(|path| own_rule(&Disk, &absolute(path))).collect::<Result<_, _>>()?,
    };
    if rules.is_empty() {
        let help = "name pages, or write into djudge.toml: rules = [\"lint/*.md\"]".to_owned();
        return Err(usage("there are no rules of your own here", Some(help)));
    }
    let mut failed = false;
    for rule in &rules {
        let found = examples(&rule.page.text);
        let mut lines = String::new();
        for kind in [CaseKind::Wrong, CaseKind::Right] {
            if !found.iter().any(|example| example.kind == kind) {
                lines += &format!("  there is no example under \"## {kind:?}\"\n");
            }
        }
        for example in &found {
            let title = example.title.as_ref().map_or(String::new(), |title| format!(" ({title})"));
            for difference in run_example(rule, example)? {
                lines += &format!("  {:?}{title}: {}\n", example.kind, describe(&difference));
            }
        }
        failed |= !lines.is_empty();
        let verdict = if lines.is_empty() { "ok" } else { "FAILED" };
        terminal.print(&format!("{} {verdict}, {} examples\n{lines}", rule.page.id, found.len()));
    }
    Ok(if failed { Exit::Findings } else { Exit::Clean })
}

fn describe(difference: &Mismatch) -> String {
    match difference {
        Mismatch::Missing { path, line } => {
            format!("{path}:{line} is marked with `# error`, and nothing is found there")
        }
        Mismatch::Unexpected { path, line, message } => {
            format!("{path}:{line} is not marked with `# error`, and is found: {message}")
        }
    }
}
