//! Texts that are almost settings: the examples of the rule pages, changed and spliced.

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;

use super::{judge, root};

/// Texts that break what is around them, or take much to evaluate.
const SNIPPETS: &[&str] = &[
    "(",
    ")",
    "[",
    "{",
    "\"\"\"",
    "'",
    "\\",
    "\n",
    "\r",
    "\t",
    "    ",
    "\0",
    "\u{feff}",
    "é",
    "🐍",
    ":=",
    "**",
    "*",
    ":",
    ",",
    ";",
    "%",
    "@",
    "...",
    "0x",
    "1e999",
    "99999999999999999999",
    "-1",
    "f\"{x!r:>{y}}\"",
    "b'\\xff'",
    "lambda: 0",
    "import ",
    "from . import *\n",
    "from .settings import *\n",
    "from config.settings import *\n",
    "def f(*a, **k): return f(*a, **k)\n",
    "f()\n",
    "class C(C): pass\n",
    "while True: pass\n",
    "while X: X += X\n",
    "for x in X: X.append(x)\n",
    "X = [X, X]\n",
    "X = X + X\n",
    "X *= 99\n",
    "X = 'a' * 10**9\n",
    "X = 1 << 10**9\n",
    "X = range(10**18)\n",
    "X.append(X)\n",
    "X = {'a': X}\n",
    "del X\n",
    "X[::0]",
    "X[-1:99:-1] = X\n",
    "globals().clear()\n",
    "globals().update(vars())\n",
    "try:\n    ",
    "except Exception:\n    ",
    "finally:\n    ",
    "if os.environ.get('A'):\n    ",
    "else:\n    ",
    "match X:\n    case [x, *y] | {'a': x, **y}: pass\n",
    "raise",
    "return",
    "yield",
    "await",
    "# djudge: ignore[",
    "# djudge: ignore-file[hosts] \n",
    "# coding: utf-16\n",
    "=== Procfile\nweb: daphne config.asgi:application\n",
    "=== config/asgi.py\n",
    "=== djudge.toml\nplatform = \"heroku\"\n",
    "=== djudge.toml\n[",
    "=== docker-compose.yml\n",
    "=== requirements.txt\nchannels==4.0\n-r requirements.txt\n",
    "=== nginx.conf\n",
    "=== .env\n",
    "=== env\n",
];

/// The projects of the rule pages' examples, as [`judge::check`] reads them.
static EXAMPLES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut found = Vec::new();
    pages(&root().join("rules"), &mut found);
    found.sort();
    found
});

fn pages(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|end| end == "md") {
            let page = std::fs::read_to_string(&path).expect("a page can be read");
            found.extend(page.split("\n##").map(example).filter(|text| !text.is_empty()));
        }
    }
}

/// The files that code blocks hold.
fn example(section: &str) -> String {
    let mut text = String::new();
    let mut is_inside = false;
    for line in section.lines() {
        match (line.strip_prefix("```"), line.split_once(" file=")) {
            (Some(_), Some((_, path))) => {
                text.push_str(&format!("{}{path}\n", judge::FILE));
                is_inside = true;
            }
            (Some(_), None) => is_inside = false,
            _ if is_inside => text.push_str(&format!("{line}\n")),
            _ => {}
        }
    }
    text
}

fn any_example() -> impl Strategy<Value = &'static str> {
    select(EXAMPLES.iter().map(String::as_str).collect::<Vec<_>>())
}

/// An example in which some parts are replaced by something else.
pub fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..40_usize, prop_oneof![select(SNIPPETS), Just("")]);
    (any_example(), proptest::collection::vec(change, 1..6)).prop_map(|(text, changes)| {
        let mut characters: Vec<char> = text.chars().collect();
        for (place, length, instead) in changes {
            let start = place.index(characters.len() + 1);
            let end = (start + length).min(characters.len());
            characters.splice(start..end, instead.chars());
        }
        characters.into_iter().collect()
    })
}

/// Lines of several examples, and what breaks them, in any order.
pub fn spliced() -> impl Strategy<Value = String> {
    let line = |text: &'static str| select(text.split_inclusive('\n').collect::<Vec<_>>());
    let part = prop_oneof![
        2 => any_example().prop_flat_map(line).prop_map(str::to_owned),
        1 => select(SNIPPETS).prop_map(str::to_owned),
        1 => any_example().prop_map(str::to_owned),
    ];
    proptest::collection::vec(part, 1..12).prop_map(|parts| parts.concat())
}
