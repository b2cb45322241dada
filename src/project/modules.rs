//! The dotted names of modules.

use std::path::Path;

/// The dotted name of a file below a root; none where a folder between is no identifier.
pub fn dotted(root: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok()?.with_extension("");
    let mut parts: Vec<&str> = relative.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
    if parts.last() == Some(&"__init__") {
        parts.pop();
    }
    let is_identifier = |part: &&str| {
        part.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && part.chars().all(|character| character.is_alphanumeric() || character == '_')
    };
    (!parts.is_empty() && parts.iter().all(is_identifier)).then(|| parts.join("."))
}

/// The module that an import in the module `name` means: `level` is the number of leading dots.
pub fn absolute(name: &str, is_package: bool, level: u32, module: &str) -> Option<String> {
    if level == 0 {
        return Some(module.to_owned());
    }
    let mut parts: Vec<&str> = name.split('.').collect();
    let up = level as usize - usize::from(is_package);
    parts.truncate(parts.len().checked_sub(up)?);
    parts.extend(module.split('.').filter(|part| !part.is_empty()));
    (!parts.is_empty()).then(|| parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_names() {
        let root = Path::new("/p");
        assert_eq!(dotted(root, Path::new("/p/a/b.py")).as_deref(), Some("a.b"));
        assert_eq!(dotted(root, Path::new("/p/a/__init__.py")).as_deref(), Some("a"));
        assert_eq!(dotted(root, Path::new("/p/my-app/settings.py")), None);
    }

    #[test]
    fn relative_imports() {
        assert_eq!(absolute("a.b.c", false, 1, "d").as_deref(), Some("a.b.d"));
        assert_eq!(absolute("a.b", true, 1, "d").as_deref(), Some("a.b.d"));
        assert_eq!(absolute("a.b.c", false, 2, "").as_deref(), Some("a"));
        assert_eq!(absolute("a", false, 2, "x"), None);
    }
}
