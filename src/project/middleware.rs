//! `MIDDLEWARE`: whether what a class needs runs before it.

use crate::eval::value::{Item, Value};

/// What a middleware needs to run before it.
#[derive(Debug)]
pub struct Need {
    /// The middleware: this class, or one that inherits from it.
    pub user: &'static [&'static str],
    /// What it needs: one of these classes.
    pub needed: &'static [&'static str],
    /// A word in the name of whatever else may do the same; empty where nothing else does.
    pub word: &'static str,
}

/// A need that is not met, in one form that the list can have.
#[derive(Debug)]
pub enum Unmet<'v> {
    /// What is needed stands behind.
    Behind {
        /// The middleware that needs it.
        user: &'v Value,
        /// What it needs.
        needed: &'v Value,
    },
    /// What is needed is not there at all.
    Missing {
        /// The middleware that needs it.
        user: &'v Value,
    },
    /// It cannot be known.
    Open {
        /// The middleware that needs it.
        user: &'v Value,
        /// Why, as a clause.
        why: String,
        /// Whether what is needed is not in sight, rather than there in some cases only.
        may_be_missing: bool,
    },
}

/// `SessionMiddleware`.
pub const SESSION: &str = "django.contrib.sessions.middleware.SessionMiddleware";
/// `AuthenticationMiddleware`.
pub const AUTHENTICATION: &str = "django.contrib.auth.middleware.AuthenticationMiddleware";
/// `LoginRequiredMiddleware`.
pub const LOGIN_REQUIRED: &str = "django.contrib.auth.middleware.LoginRequiredMiddleware";
/// `CsrfViewMiddleware`.
pub const CSRF: &str = "django.middleware.csrf.CsrfViewMiddleware";
/// `MessageMiddleware`.
pub const MESSAGES: &str = "django.contrib.messages.middleware.MessageMiddleware";
/// `CommonMiddleware`.
pub const COMMON: &str = "django.middleware.common.CommonMiddleware";
/// `SecurityMiddleware`.
pub const SECURITY: &str = "django.middleware.security.SecurityMiddleware";
/// `UpdateCacheMiddleware`.
pub const UPDATE_CACHE: &str = "django.middleware.cache.UpdateCacheMiddleware";
/// `FetchFromCacheMiddleware`.
pub const FETCH_FROM_CACHE: &str = "django.middleware.cache.FetchFromCacheMiddleware";

/// Classes in the order in which they belong in `MIDDLEWARE`.
/// Source: https://docs.djangoproject.com/en/stable/ref/middleware/#middleware-ordering, and the documentation of the
/// packages.
const ORDER: [&str; 20] = [
    UPDATE_CACHE,
    SECURITY,
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "debug_toolbar.middleware.DebugToolbarMiddleware",
    SESSION,
    "django.middleware.http.ConditionalGetMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    COMMON,
    CSRF,
    AUTHENTICATION,
    LOGIN_REQUIRED,
    MESSAGES,
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    FETCH_FROM_CACHE,
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
];

/// The classes that belong before a class in `MIDDLEWARE`, the nearest first, and those that belong behind it, likewise.
pub fn neighbours(path: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let Some(at) = ORDER.iter().position(|known| *known == path) else { return (Vec::new(), Vec::new()) };
    (ORDER[..at].iter().rev().copied().collect(), ORDER[at + 1..].to_vec())
}

/// Packages of which no middleware inherits from one of Django's, or does the work of Django's sessions,
/// authentication or messages.
const PLAIN: [&str; 11] = [
    "allauth",
    "axes",
    "corsheaders",
    "csp",
    "debug_toolbar",
    "django_permissions_policy",
    "django_prometheus",
    "django_structlog",
    "log_request_id",
    "simple_history",
    "whitenoise",
];

/// Whether a dotted path names a class of Django's, or of a package that does not stand in for one of these.
pub fn is_plain(path: &str) -> bool {
    let root = path.split('.').next().unwrap_or_default();
    root == "django" || PLAIN.contains(&root)
}

/// Where a need is not met: once for every form of the list in which it is not, those at the same place once.
pub fn unmet<'v>(middleware: &'v Value, need: &Need) -> Vec<Unmet<'v>> {
    let mut found: Vec<Unmet> = Vec::new();
    for (_, list) in middleware.options() {
        let Some(sequence) = list.sequence() else { continue };
        let Some(unmet) = unmet_in(&sequence.items, sequence.open.as_deref(), need) else { continue };
        let is_same = |known: &Unmet| known.user().origin == unmet.user().origin;
        if !found.iter().any(is_same) {
            found.push(unmet);
        }
    }
    found
}

impl<'v> Unmet<'v> {
    fn user(&self) -> &'v Value {
        match self {
            Self::Behind { user, .. } | Self::Missing { user } | Self::Open { user, .. } => user,
        }
    }
}

fn unmet_in<'v>(items: &'v [Item], open: Option<&str>, need: &Need) -> Option<Unmet<'v>> {
    let is = |item: &Item, names: &[&str]| item.value.as_str().is_some_and(|path| names.contains(&path));
    let at = items.iter().position(|item| is(item, need.user))?;
    let (user, when) = (&items[at].value, &items[at].when);
    let (before, after) = (&items[..at], &items[at + 1..]);
    let is_together = |item: &Item| item.when.is_always() || item.when.is_same_as(when);
    let is_open = |why: String, may_be_missing| Some(Unmet::Open { user, why, may_be_missing });
    let is_needed = |item: &&Item| is(item, need.needed);
    let alike = |item: &&Item| {
        let path = item.value.as_str().unwrap_or_default();
        !need.word.is_empty() && !is_plain(path) && path.to_lowercase().contains(need.word)
    };
    match before.iter().find(is_needed) {
        Some(item) if is_together(item) => return None,
        Some(item) => return is_open(format!("what it needs is there {}", item.when.describe()), false),
        None => {}
    }
    if let Some(item) = before.iter().find(alike) {
        return is_open(format!("{} may do the same", item.value.as_str().unwrap_or_default()), false);
    }
    if before.iter().any(|item| item.value.as_str().is_none()) {
        return is_open("an entry before it is not known".to_owned(), true);
    }
    match after.iter().find(is_needed) {
        Some(item) if is_together(item) => return Some(Unmet::Behind { user, needed: &item.value }),
        Some(item) => return is_open(format!("what it needs is there {}", item.when.describe()), false),
        None => {}
    }
    if let Some(why) = open {
        return is_open(why.to_owned(), true);
    }
    match before.iter().filter_map(|item| item.value.as_str()).find(|path| !is_plain(path)) {
        Some(path) => is_open(format!("{path} may do the same"), true),
        None => Some(Unmet::Missing { user }),
    }
}
