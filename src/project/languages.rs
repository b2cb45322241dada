//! Codes of languages, as Django takes them.

use crate::eval::value::Value;

/// Whether a text is formed as the code of a language.
///
/// Source: `django/utils/translation/trans_real.py`, `language_code_re`:
/// `^[a-z]{1,8}(?:-[a-z0-9]{1,8})*(?:@[a-z0-9]{1,20})?$`, in whatever case.
pub fn is_language_code(text: &str) -> bool {
    let (tags, variant) = text.split_once('@').map_or((text, None), |(tags, variant)| (tags, Some(variant)));
    let is_word = |word: &str, longest: usize, is_meant: fn(&u8) -> bool| {
        (1..=longest).contains(&word.len()) && word.bytes().all(|byte| is_meant(&byte))
    };
    let mut tags = tags.split('-');
    tags.next().is_some_and(|first| is_word(first, 8, u8::is_ascii_alphabetic))
        && tags.all(|tag| is_word(tag, 8, u8::is_ascii_alphanumeric))
        && variant.is_none_or(|variant| is_word(variant, 20, u8::is_ascii_alphanumeric))
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
        for code in ["en_US", "", "norwegianbokmal", "de_DE.UTF-8", "-de", "de-", "e1", "ca@", "ca@a-b", "a@b@c", "dé"]
        {
            assert!(!is_language_code(code), "{code}");
        }
        assert!(!is_covered("en-us", &["de", "fr"]) && !is_covered("de", &["en-us", "deu"]));
    }
}
