//! Links from findings to the pages of their rules, for terminals that follow them.

use std::fmt::Write as _;

use crate::rule::Page;

/// Where this release of the program has its rule pages, as its package names it; empty where it names none.
pub const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The address of a rule's page: in the repository, or that of a user's own file. None where there is no repository.
pub fn address(page: &Page, repository: &str) -> Option<String> {
    if let Some(path) = &page.path {
        let path = path.to_string_lossy().replace('\\', "/");
        return Some(format!("file://{}{}", if path.starts_with('/') { "" } else { "/" }, escaped(&path)));
    }
    let (repository, version) = (repository.trim_end_matches('/'), env!("CARGO_PKG_VERSION"));
    let file = page.id.replace('-', "_");
    (!repository.is_empty()).then(|| format!("{repository}/blob/v{version}/rules/{}/{file}.md", page.group))
}

/// A text in which the name of a rule, where it first stands in brackets, leads to an address.
///
/// Source: <https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>.
pub fn linked(text: &str, rule: &str, address: &str) -> String {
    text.replacen(&format!("[{rule}]"), &format!("[\u{1b}]8;;{address}\u{1b}\\{rule}\u{1b}]8;;\u{1b}\\]"), 1)
}

fn escaped(path: &str) -> String {
    path.bytes().fold(String::new(), |mut escaped, byte| {
        match byte.is_ascii_alphanumeric() || b"/-._~:".contains(&byte) {
            true => escaped.push(byte as char),
            false => {
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: Option<&str>) -> Page {
        let text = "# a-rule\n\nWrong.\n\n```toml\ngroup = \"local\"\nseverity = \"warning\"\n\n[when]\nsetting = \"A\"\nis = 1\n```\n";
        Page::parse("a_rule", text, path.map(Into::into)).expect("a page")
    }

    #[test]
    fn addresses_of_pages() {
        let here = format!("https://example.com/djudge/blob/v{}/rules/local/a_rule.md", env!("CARGO_PKG_VERSION"));
        assert_eq!(address(&page(None), "https://example.com/djudge/"), Some(here));
        assert_eq!(address(&page(None), ""), None);
        assert_eq!(address(&page(Some("/a b/é.md")), "").as_deref(), Some("file:///a%20b/%C3%A9.md"));
    }

    #[test]
    fn a_name_becomes_a_link() {
        assert_eq!(linked("error[a]\n[a]", "a", "u:"), "error[\u{1b}]8;;u:\u{1b}\\a\u{1b}]8;;\u{1b}\\]\n[a]");
        assert_eq!(linked("error[b]", "a", "u:"), "error[b]");
    }
}
