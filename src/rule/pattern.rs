//! Regular expressions on rule pages.

use std::sync::OnceLock;

use regex::{Regex, bytes};

/// A regular expression, compiled when it is first asked for: few of the rule book's are.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    regex: OnceLock<Option<Regex>>,
    /// The same for texts of ASCII, in which it matches alike: without the tables of Unicode it is compiled in a tenth
    /// of the time. None where the pattern itself names other characters.
    ascii: OnceLock<Option<bytes::Regex>>,
}

impl Pattern {
    /// A pattern that is known to be sound.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), regex: OnceLock::new(), ascii: OnceLock::new() }
    }

    /// Whether a pattern is sound.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn check(text: &str) -> Result<(), String> {
        Regex::new(text).map(drop).map_err(|error| format!("{text:?} is no regular expression: {error}"))
    }

    /// Whether it is found in a text; none where it is not sound.
    pub fn is_in(&self, text: &str) -> Option<bool> {
        let compile = || bytes::RegexBuilder::new(&self.text).unicode(false).build().ok();
        let is_plain = self.text.is_ascii() && text.is_ascii();
        match is_plain.then(|| self.ascii.get_or_init(compile).as_ref()).flatten() {
            Some(regex) => Some(regex.is_match(text.as_bytes())),
            None => self.regex().map(|regex| regex.is_match(text)),
        }
    }

    /// The expression, with which parts of any text can be taken out; none where it is not sound.
    pub fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| Regex::new(&self.text).ok()).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_ascii_match_alike() {
        for pattern in
            ["[^/]$", "(?i)^straße", r"^\w+$", r"\W", "(?i)k", ".", r"\bx", r"\p{Lu}", "é", "[^a]", "^$", r"\d"]
        {
            let regex = Regex::new(pattern).unwrap();
            for text in ["", "/", "a/", "/static", "Kelvin \u{212a}", "STRASSE", "straße", "x y", "É", "9", "٣", "a\n"]
            {
                assert_eq!(Pattern::new(pattern).is_in(text), Some(regex.is_match(text)), "{pattern} {text}");
            }
        }
    }

    #[test]
    fn unsound_patterns() {
        assert!(Pattern::check("(").is_err() && Pattern::new("(").is_in("x").is_none());
    }
}
