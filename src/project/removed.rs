//! Settings and classes that releases have done away with.

/// A setting that Django reads no more.
#[derive(Debug)]
pub struct RemovedSetting {
    /// Its name.
    pub name: &'static str,
    /// The version of Django since which nothing reads it.
    pub since: &'static str,
    /// What holds now.
    pub now: &'static str,
    /// What to do.
    pub help: &'static str,
    /// The value that means what holds now, if there is one.
    pub same: Same,
    /// The setting that took its place: where it is set, the old one is kept for older versions.
    pub successor: Option<&'static str>,
}

/// The value of an old setting that means what holds without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Same {
    /// A truth value.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A string, in whatever case.
    Str(&'static str),
    /// Whatever it is, nobody misses it.
    Any,
    /// There is none.
    Never,
}

/// What was removed since Django 1.8, the settings of storages apart.
///
/// Source: <https://docs.djangoproject.com/en/dev/internals/deprecation/> and the release notes.
pub const SETTINGS: [RemovedSetting; 14] = [
    RemovedSetting {
        name: "MIDDLEWARE_CLASSES",
        since: "2.0",
        now: "none of its classes runs",
        help: "rename it to `MIDDLEWARE`, with classes of the new style",
        same: Same::Never,
        successor: Some("MIDDLEWARE"),
    },
    template("TEMPLATE_DIRS", "list the folders in `TEMPLATES`, as `DIRS` of the engine"),
    template("TEMPLATE_CONTEXT_PROCESSORS", "list them in `TEMPLATES`, as `context_processors` in `OPTIONS`"),
    template("TEMPLATE_LOADERS", "list them in `TEMPLATES`, as `loaders` in `OPTIONS`"),
    template("TEMPLATE_STRING_IF_INVALID", "put it into `TEMPLATES`, as `string_if_invalid` in `OPTIONS`"),
    RemovedSetting {
        name: "USE_ETAGS",
        since: "2.1",
        now: "no `ETag` is sent",
        help: "use `django.middleware.http.ConditionalGetMiddleware`",
        same: Same::Bool(false),
        successor: None,
    },
    RemovedSetting {
        name: "DEFAULT_CONTENT_TYPE",
        since: "3.0",
        now: "pages are `text/html`",
        help: "give `content_type` to the responses that need it",
        same: Same::Str("text/html"),
        successor: None,
    },
    RemovedSetting {
        name: "FILE_CHARSET",
        since: "3.1",
        now: "templates and fixtures are read as UTF-8",
        help: "convert the files to UTF-8, and remove it",
        same: Same::Str("utf-8"),
        successor: None,
    },
    RemovedSetting {
        name: "SECURE_BROWSER_XSS_FILTER",
        since: "4.0",
        now: "`X-XSS-Protection`, which browsers ignore, is not sent",
        help: "remove it",
        same: Same::Any,
        successor: None,
    },
    RemovedSetting {
        name: "PASSWORD_RESET_TIMEOUT_DAYS",
        since: "4.0",
        now: "links to reset a password are good for 3 days",
        help: "write `PASSWORD_RESET_TIMEOUT`, in seconds",
        same: Same::Int(3),
        successor: Some("PASSWORD_RESET_TIMEOUT"),
    },
    RemovedSetting {
        name: "DEFAULT_HASHING_ALGORITHM",
        since: "4.0",
        now: "SHA-256 is used",
        help: "remove it",
        same: Same::Str("sha256"),
        successor: None,
    },
    RemovedSetting {
        name: "USE_L10N",
        since: "5.0",
        now: "numbers and dates are always shown as the language has them",
        help: "remove it",
        same: Same::Bool(true),
        successor: None,
    },
    RemovedSetting {
        name: "USE_DEPRECATED_PYTZ",
        since: "5.0",
        now: "time zones are those of `zoneinfo`",
        help: "remove it, and what the project does with `pytz`",
        same: Same::Bool(false),
        successor: None,
    },
    RemovedSetting {
        name: "CSRF_COOKIE_MASKED",
        since: "5.0",
        now: "the cookie is not masked",
        help: "remove it",
        same: Same::Bool(false),
        successor: None,
    },
];

const fn template(name: &'static str, help: &'static str) -> RemovedSetting {
    RemovedSetting {
        name,
        since: "1.10",
        now: "templates are found by `TEMPLATES` alone",
        help,
        same: Same::Never,
        successor: Some("TEMPLATES"),
    }
}

/// A class, or a function, that a release has done away with.
#[derive(Debug)]
pub struct RemovedPath {
    /// Its dotted path; with `.` at the end, everything in that module.
    pub path: &'static str,
    /// The package that had it, as it is installed.
    pub package: &'static str,
    /// The version since which it is gone.
    pub since: &'static str,
    /// What took its place, if anything did.
    pub successor: Option<&'static str>,
}

/// What settings name by a dotted path.
///
/// Source: the wheels of Django 1.11 to 6.1; <https://whitenoise.readthedocs.io/en/stable/changelog.html>.
pub const PATHS: [RemovedPath; 13] = [
    gone("django.core.cache.backends.memcached.MemcachedCache", "4.1", Some(PY_MEMCACHE)),
    gone("django.contrib.sessions.serializers.PickleSerializer", "5.0", Some(JSON)),
    gone("django.contrib.staticfiles.storage.CachedStaticFilesStorage", "3.1", Some(MANIFEST)),
    gone("django.contrib.auth.hashers.CryptPasswordHasher", "5.0", None),
    gone("django.contrib.auth.hashers.SHA1PasswordHasher", "5.1", None),
    gone("django.contrib.auth.hashers.UnsaltedSHA1PasswordHasher", "5.1", None),
    gone("django.contrib.auth.hashers.UnsaltedMD5PasswordHasher", "5.1", None),
    gone("django.contrib.auth.middleware.SessionAuthenticationMiddleware", "2.0", None),
    gone("django.core.context_processors.", "1.10", Some("django.template.context_processors.")),
    gone("django.template.loaders.eggs.Loader", "2.2", None),
    gone("django.forms.renderers.DjangoDivFormRenderer", "6.0", Some("django.forms.renderers.DjangoTemplates")),
    gone("django.forms.renderers.Jinja2DivFormRenderer", "6.0", Some("django.forms.renderers.Jinja2")),
    RemovedPath {
        path: "whitenoise.django.GzipManifestStaticFilesStorage",
        package: "whitenoise",
        since: "4.0",
        successor: Some("whitenoise.storage.CompressedManifestStaticFilesStorage"),
    },
];

const PY_MEMCACHE: &str = "django.core.cache.backends.memcached.PyMemcacheCache";
const JSON: &str = "django.contrib.sessions.serializers.JSONSerializer";
const MANIFEST: &str = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage";

const fn gone(path: &'static str, since: &'static str, successor: Option<&'static str>) -> RemovedPath {
    RemovedPath { path, package: "django", since, successor }
}

impl RemovedPath {
    /// Whether a dotted path is meant, and then what took its place.
    pub fn matches(&self, path: &str) -> Option<Option<String>> {
        match self.path.ends_with('.') {
            true => {
                path.strip_prefix(self.path).map(|rest| self.successor.map(|successor| format!("{successor}{rest}")))
            }
            false => (path == self.path).then(|| self.successor.map(str::to_owned)),
        }
    }
}
