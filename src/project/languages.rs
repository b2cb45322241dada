//! Codes of languages, as Django takes them.

use std::sync::OnceLock;

use regex::Regex;

use crate::eval::value::Value;

/// Whether a text is formed as the code of a language.
///
/// Source: `django/utils/translation/trans_real.py`, `language_code_re`.
pub fn is_language_code(text: &str) -> bool {
    static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern =
        PATTERN.get_or_init(|| Regex::new(r"(?i)^[a-z]{1,8}(?:-[a-z0-9]{1,8})*(?:@[a-z0-9]{1,20})?$").ok()).as_ref();
    pattern.is_none_or(|pattern| pattern.is_match(text))
}

/// The Chinese variants that stand for another one.
///
/// Source: `django/conf/locale/__init__.py`, `LANG_INFO`, what has a `fallback`.
const FALLBACKS: [(&str, &str); 6] = [
    ("zh-cn", "zh-hans"),
    ("zh-hk", "zh-hant"),
    ("zh-mo", "zh-hant"),
    ("zh-my", "zh-hans"),
    ("zh-sg", "zh-hans"),
    ("zh-tw", "zh-hant"),
];

/// Whether one of the languages may stand for a code: itself, what it is a variant of, or another variant of that.
/// Whether Django has its catalog is left open.
///
/// Source: `django/utils/translation/trans_real.py`, `get_supported_language_variant`.
pub fn is_covered(code: &str, languages: &[&str]) -> bool {
    let lower: Vec<String> = languages.iter().map(|language| language.to_lowercase()).collect();
    let has = |wanted: &str| lower.iter().any(|language| *language == wanted.to_lowercase());
    let fallback = FALLBACKS.iter().find(|(variant, _)| *variant == code).map(|(_, other)| *other);
    let generic = code.split('-').next().unwrap_or(code);
    let mut ends = code.match_indices('-').map(|(at, _)| &code[..at]);
    has(code)
        || fallback.is_some_and(has)
        || ends.any(has)
        || lower.iter().any(|language| language.starts_with(&format!("{}-", generic.to_lowercase())))
}

/// The codes in `LANGUAGES`; none where they are not all known.
pub fn codes(languages: &Value) -> Option<Vec<&str>> {
    let list = languages.sequence().filter(|list| list.open.is_none())?;
    list.items.iter().map(|item| item.value.sequence()?.items.first()?.value.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ok() {
        for code in ["en", "en-us", "zh-Hans", "ca@valencia", "sr-latn", "de-1996"] {
            assert!(is_language_code(code), "{code}");
        }
        assert!(is_covered("en-us", &["en"]) && is_covered("de", &["de-at"]) && is_covered("zh-cn", &["zh-hans"]));
        assert!(is_covered("fr-ca", &["de", "fr-fr"]) && is_covered("sr-latn-rs", &["sr-Latn"]));
    }

    #[test]
    fn codes_err() {
        for code in ["en_US", "", "norwegianbokmal", "de_DE.UTF-8", "-de"] {
            assert!(!is_language_code(code), "{code}");
        }
        assert!(!is_covered("en-us", &["de", "fr"]) && !is_covered("de", &["en-us", "deu"]));
    }
}
