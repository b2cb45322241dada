//! Modules of packages that cannot be imported before Django is set up.
//!
//! The list was measured, by importing each module of the packages on its own: `tests/django/app_registry.py`.

use std::sync::OnceLock;

/// Whether importing a module of a package needs the app registry, because it defines or uses models at once.
pub fn needs_app_registry(module: &str) -> bool {
    static MODULES: OnceLock<Vec<&str>> = OnceLock::new();
    let modules = MODULES.get_or_init(|| include_str!("app_registry.txt").lines().collect());
    // The list is written by Python, which sorts as Rust does.
    modules.binary_search(&module).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measured_modules_are_found() {
        assert!(needs_app_registry("django.contrib.auth.models"));
        assert!(needs_app_registry("rest_framework_simplejwt.tokens"));
        assert!(!needs_app_registry("django.contrib.auth"));
        assert!(!needs_app_registry("channels.auth"));
        assert!(include_str!("app_registry.txt").lines().is_sorted());
    }
}
