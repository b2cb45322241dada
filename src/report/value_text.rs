//! A value for people: as Python would write it, and between `<` and `>` what Python could not.

use crate::eval::value::{Call, Choice, Condition, Dict, Either, Kind, Sequence, Template, Value, brief};

/// How far nested values are shown on one line.
const MAX_NESTING: usize = 4;
const INDENT: &str = "    ";

/// A value on one line of at most `width` columns, cut short where it is longer.
pub fn value_line(value: &Value, width: usize) -> String {
    let whole = (1..=MAX_NESTING).rev().map(|nesting| Line { nesting, items: usize::MAX });
    let parts = [8, 5, 3, 2, 1].into_iter().map(|items| Line { nesting: 1, items });
    let shapes = whole.chain(parts).chain([Line { nesting: 0, items: 0 }]);
    let mut line = String::new();
    for shape in shapes {
        line = shape.text(value);
        if columns(&line) <= width {
            return line;
        }
    }
    cut(&line, width)
}

/// A value in full: over several lines where it does not fit one, the first of which begins after `indent` columns.
pub fn value_lines(value: &Value, indent: usize, width: usize) -> String {
    Lines { width }.text(value, indent, 0)
}

/// What a value is called that only environment variables know: `<$DEBUG as bool>`.
fn from_environment(variables: &[std::sync::Arc<str>], type_name: Option<&str>) -> String {
    let names: Vec<String> = variables.iter().map(|name| format!("${name}")).collect();
    let names = names.join(" and ");
    match type_name.filter(|name| *name != "str") {
        Some(name) => format!("<{names} as {name}>"),
        None => format!("<{names}>"),
    }
}

/// The variable's name alone, where only that decides a value, else the value as text in braces.
fn hole(value: &Value) -> String {
    let variables = match &value.kind {
        Kind::Unknown(unknown) => unknown.variables.as_slice(),
        Kind::Either(either) => either.variables.as_slice(),
        _ => &[],
    };
    match variables {
        [name] => format!("${name}"),
        _ => "…".to_owned(),
    }
}

fn template_text(template: &Template) -> String {
    let pieces = template.pieces.iter().map(|piece| match piece {
        crate::eval::value::Piece::Literal(text) => {
            text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
        }
        crate::eval::value::Piece::Hole(value) => format!("{{{}}}", hole(value)),
    });
    format!("f\"{}\"", pieces.collect::<String>())
}

/// A string, number or constant; none for what is made of parts.
fn atom(value: &Value) -> Option<String> {
    Some(match &value.kind {
        Kind::Str(text) => quoted(text),
        Kind::Template(template) => template_text(template),
        Kind::Path(path) => format!("Path({})", atom(path)?),
        Kind::Unknown(unknown) if unknown.variables.is_empty() => "<unknown>".to_owned(),
        Kind::Unknown(unknown) => from_environment(&unknown.variables, unknown.type_name),
        Kind::Function(function) => format!("<function {}>", function.name),
        Kind::Class(class) => format!("<class {}.{}>", class.module, class.name),
        Kind::Module(name) => format!("<module {name}>"),
        Kind::Symbol(name) => format!("<{name}>"),
        Kind::Instance(instance) => format!("<instance of {}>", brief(&instance.class)),
        Kind::Missing => "<not set>".to_owned(),
        Kind::None | Kind::Ellipsis | Kind::Bool(_) | Kind::Int(_) | Kind::Bytes(_) => brief(value),
        Kind::Float(number) => format!("{number:?}"),
        Kind::List(_) | Kind::Tuple(_) | Kind::Set(_) | Kind::Dict(_) | Kind::Call(_) | Kind::Either(_) => return None,
    })
}

/// A string as Python writes it, with double quotes.
fn quoted(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 2);
    result.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => result.extend(['\\', c]),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            c if c.is_control() => result.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => result.push(c),
        }
    }
    result.push('"');
    result
}

/// A value on one line.
struct Line {
    /// How many levels of lists and dicts are shown; deeper ones are `[…]`.
    nesting: usize,
    /// How many items of each are shown.
    items: usize,
}

impl Line {
    fn text(&self, value: &Value) -> String {
        if let Some(text) = atom(value) {
            return text;
        }
        let inner = Self { nesting: self.nesting.saturating_sub(1), items: self.items };
        let is_closed = self.nesting == 0;
        match &value.kind {
            Kind::List(items) => self.sequence(items, ("[", "]"), &inner),
            Kind::Tuple(items) if items.items.len() == 1 && items.open.is_none() && !is_closed => {
                self.sequence(items, ("(", ",)"), &inner)
            }
            Kind::Tuple(items) => self.sequence(items, ("(", ")"), &inner),
            Kind::Set(items) if items.items.is_empty() && items.open.is_none() => "set()".to_owned(),
            Kind::Set(items) => self.sequence(items, ("{", "}"), &inner),
            Kind::Dict(dict) => self.dict(dict, &inner),
            Kind::Call(call) => self.call(call, &inner),
            Kind::Either(either) => self.either(either, &inner),
            _ => brief(value),
        }
    }

    fn parts(&self, parts: Vec<String>, total: usize, is_open: bool, (open, close): (&str, &str)) -> String {
        let mut parts = parts;
        match total - parts.len() {
            0 if is_open => parts.push("…".to_owned()),
            0 => {}
            hidden => parts.push(format!("… {hidden} more")),
        }
        format!("{open}{}{close}", parts.join(", "))
    }

    fn sequence(&self, items: &Sequence, ends: (&str, &str), inner: &Self) -> String {
        let total = items.items.len();
        if self.nesting == 0 && total > 0 {
            return format!("{}…{}", ends.0, ends.1);
        }
        let shown = items.items.iter().take(self.items).map(|item| optional(inner.text(&item.value), &item.when));
        self.parts(shown.collect(), total, items.open.is_some(), ends)
    }

    fn dict(&self, dict: &Dict, inner: &Self) -> String {
        let total = dict.entries.len();
        if self.nesting == 0 && total > 0 {
            return "{…}".to_owned();
        }
        let shown = dict.entries.iter().take(self.items).map(|entry| {
            let pair = format!("{}: {}", inner.text(&entry.key), inner.text(&entry.value));
            optional(pair, &entry.when)
        });
        self.parts(shown.collect(), total, dict.open.is_some(), ("{", "}"))
    }

    fn call(&self, call: &Call, inner: &Self) -> String {
        let name = call.function.rsplit('.').next().unwrap_or_default();
        let total = call.args.len() + call.named.len();
        if self.nesting == 0 && total > 0 {
            return format!("{name}(…)");
        }
        let positional = call.args.iter().map(|value| inner.text(value));
        let named = call.named.iter().map(|(name, value)| format!("{name}={}", inner.text(value)));
        let shown = positional.chain(named).take(self.items).collect();
        self.parts(shown, total, call.open, (&format!("{name}("), ")"))
    }

    fn either(&self, either: &Either, inner: &Self) -> String {
        if let Some((variables, unset)) = fallback(either) {
            return format!("<{variables} or {}>", inner.text(unset));
        }
        let shown: Vec<String> = either.options.iter().take(3).map(|choice| inner.text(&choice.value)).collect();
        let more = if either.options.len() > shown.len() { " or …" } else { "" };
        format!("<{}{more}>", shown.join(" or "))
    }
}

/// What is there in some cases only.
fn optional(text: String, when: &Condition) -> String {
    if when.is_always() { text } else { format!("<{text} or nothing>") }
}

/// The variables and what holds while they are not set, where they alone decide a value.
pub fn fallback(either: &Either) -> Option<(String, &Value)> {
    let unset = either.unset?;
    let is_theirs =
        |choice: &Choice| matches!(&choice.value.kind, Kind::Unknown(unknown) if !unknown.variables.is_empty());
    let others_are_theirs =
        either.options.iter().enumerate().all(|(index, choice)| index == unset || is_theirs(choice));
    if !others_are_theirs {
        return None;
    }
    let names: Vec<String> = either.variables.iter().map(|name| format!("${name}")).collect();
    Some((names.join(" or "), &either.options[unset].value))
}

/// A value over several lines.
struct Lines {
    width: usize,
}

impl Lines {
    /// The text of a value; its first line begins after `used` columns, the others at `depth`.
    fn text(&self, value: &Value, used: usize, depth: usize) -> String {
        let line = Line { nesting: usize::MAX, items: usize::MAX }.text(value);
        if !has_conditions(value) && used + columns(&line) < self.width || atom(value).is_some() {
            return line;
        }
        match &value.kind {
            Kind::List(items) => self.sequence(items, ("[", "]"), depth),
            Kind::Tuple(items) => self.sequence(items, ("(", ")"), depth),
            Kind::Set(items) => self.sequence(items, ("{", "}"), depth),
            Kind::Dict(dict) => self.dict(dict, depth),
            Kind::Either(either) => match fallback(either) {
                Some((variables, unset)) => format!("<{variables} or {}>", self.text(unset, used, depth)),
                None => self.options(either, depth),
            },
            _ => line,
        }
    }

    fn sequence(&self, items: &Sequence, (open, close): (&str, &str), depth: usize) -> String {
        let inner = INDENT.len() * (depth + 1);
        let written = items.items.iter().map(|item| {
            let text = self.text(&item.value, inner, depth + 1) + ",";
            self.commented(&text, &item.when, depth + 1)
        });
        self.block(open, written, items.open.as_deref(), close, depth)
    }

    fn dict(&self, dict: &Dict, depth: usize) -> String {
        let inner = INDENT.len() * (depth + 1);
        let written = dict.entries.iter().map(|entry| {
            let key = value_line(&entry.key, self.width) + ": ";
            let text = self.text(&entry.value, inner + columns(&key), depth + 1);
            self.commented(&format!("{key}{text},"), &entry.when, depth + 1)
        });
        self.block("{", written, dict.open.as_deref(), "}", depth)
    }

    /// The options of a value, each with when it holds.
    fn options(&self, either: &Either, depth: usize) -> String {
        let inner = INDENT.len() * (depth + 1);
        let written = either.options.iter().map(|choice| {
            let text = self.text(&choice.value, inner, depth + 1);
            self.commented(&text, &choice.when, depth + 1)
        });
        self.block("one of", written, None, "", depth)
    }

    fn block(
        &self,
        open: &str,
        parts: impl Iterator<Item = String>,
        more: Option<&str>,
        close: &str,
        depth: usize,
    ) -> String {
        let indent = INDENT.repeat(depth + 1);
        let mut text = open.to_owned();
        for part in parts {
            text += &format!("\n{indent}{part}");
        }
        if let Some(why) = more {
            text += &format!("\n{indent}…  # there may be more: {why}");
        }
        if !close.is_empty() {
            text += &format!("\n{}{close}", INDENT.repeat(depth));
        }
        text
    }

    /// A part with when it holds: behind it where there is room, else above it.
    fn commented(&self, text: &str, when: &Condition, depth: usize) -> String {
        if when.is_always() {
            return text.to_owned();
        }
        let indent = INDENT.repeat(depth);
        let said = when.describe();
        let is_short = !text.contains('\n') && indent.len() + columns(text) + columns(&said) + 4 <= self.width;
        if is_short {
            return format!("{text}  # {said}");
        }
        let room = self.width.saturating_sub(indent.len() + 2).max(30);
        let above: Vec<String> = wrapped(&said, room).into_iter().map(|line| format!("# {line}\n{indent}")).collect();
        above.concat() + text
    }
}

/// Whether some part of a value is one of several, which a single line tells too little of.
pub fn has_conditions(value: &Value) -> bool {
    match &value.kind {
        Kind::Either(either) => match fallback(either) {
            Some((_, unset)) => has_conditions(unset),
            None => true,
        },
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => {
            items.open.is_some() || items.items.iter().any(|item| !item.when.is_always() || has_conditions(&item.value))
        }
        Kind::Dict(dict) => {
            dict.open.is_some()
                || dict.entries.iter().any(|entry| !entry.when.is_always() || has_conditions(&entry.value))
        }
        _ => false,
    }
}

/// How many columns a text takes.
pub fn columns(text: &str) -> usize {
    text.chars().count()
}

/// A text that is cut where it is longer than `width` columns.
pub fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

/// A text in lines of at most `width` columns, broken at blanks.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut().filter(|line| columns(line) + 1 + columns(word) <= width) {
            Some(line) => *line += &format!(" {word}"),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}
