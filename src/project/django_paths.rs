//! What Django has that settings name by a dotted path.
//!
//! Taken from Django 5.2 by looking into its modules, with what 6.0 adds. What older versions had is in `removed`.

/// The classes of `MIDDLEWARE`.
pub const MIDDLEWARE: &[&str] = &[
    "django.contrib.admindocs.middleware.XViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.auth.middleware.PersistentRemoteUserMiddleware",
    "django.contrib.auth.middleware.RemoteUserMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.redirects.middleware.RedirectFallbackMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.sites.middleware.CurrentSiteMiddleware",
    "django.middleware.cache.CacheMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.common.BrokenLinkEmailsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.security.SecurityMiddleware",
];

/// Those of `AUTHENTICATION_BACKENDS`.
pub const AUTHENTICATION_BACKENDS: &[&str] = &[
    "django.contrib.auth.backends.AllowAllUsersModelBackend",
    "django.contrib.auth.backends.AllowAllUsersRemoteUserBackend",
    "django.contrib.auth.backends.BaseBackend",
    "django.contrib.auth.backends.ModelBackend",
    "django.contrib.auth.backends.RemoteUserBackend",
];

/// Those of `PASSWORD_HASHERS`.
pub const PASSWORD_HASHERS: &[&str] = &[
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.BCryptPasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.BasePasswordHasher",
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
];

/// Those of `STATICFILES_FINDERS`.
pub const FINDERS: &[&str] = &[
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "django.contrib.staticfiles.finders.BaseFinder",
    "django.contrib.staticfiles.finders.BaseStorageFinder",
    "django.contrib.staticfiles.finders.DefaultStorageFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
];

/// Those of `FILE_UPLOAD_HANDLERS`.
pub const UPLOAD_HANDLERS: &[&str] = &[
    "django.core.files.uploadhandler.FileUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
];

/// The context processors of templates.
pub const CONTEXT_PROCESSORS: &[&str] = &[
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "django.template.context_processors.csp",
    "django.template.context_processors.csrf",
    "django.template.context_processors.debug",
    "django.template.context_processors.i18n",
    "django.template.context_processors.media",
    "django.template.context_processors.request",
    "django.template.context_processors.static",
    "django.template.context_processors.tz",
];

/// The loaders of templates.
pub const LOADERS: &[&str] = &[
    "django.template.loaders.app_directories.Loader",
    "django.template.loaders.base.Loader",
    "django.template.loaders.cached.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.locmem.Loader",
];

/// The apps of `INSTALLED_APPS`, below `django.contrib`.
pub const APPS: &[&str] = &[
    "django.contrib.admin",
    "django.contrib.admin.apps.AdminConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.admindocs",
    "django.contrib.admindocs.apps.AdminDocsConfig",
    "django.contrib.auth",
    "django.contrib.auth.apps.AuthConfig",
    "django.contrib.contenttypes",
    "django.contrib.contenttypes.apps.ContentTypesConfig",
    "django.contrib.flatpages",
    "django.contrib.flatpages.apps.FlatPagesConfig",
    "django.contrib.gis",
    "django.contrib.gis.apps.GISConfig",
    "django.contrib.humanize",
    "django.contrib.humanize.apps.HumanizeConfig",
    "django.contrib.messages",
    "django.contrib.messages.apps.MessagesConfig",
    "django.contrib.postgres",
    "django.contrib.postgres.apps.PostgresConfig",
    "django.contrib.redirects",
    "django.contrib.redirects.apps.RedirectsConfig",
    "django.contrib.sessions",
    "django.contrib.sessions.apps.SessionsConfig",
    "django.contrib.sitemaps",
    "django.contrib.sitemaps.apps.SiteMapsConfig",
    "django.contrib.sites",
    "django.contrib.sites.apps.SitesConfig",
    "django.contrib.staticfiles",
    "django.contrib.staticfiles.apps.StaticFilesConfig",
    "django.contrib.syndication",
    "django.contrib.syndication.apps.SyndicationConfig",
];

/// The modules of `SESSION_ENGINE`.
pub const SESSION_ENGINES: &[&str] = &[
    "django.contrib.sessions.backends.base",
    "django.contrib.sessions.backends.cache",
    "django.contrib.sessions.backends.cached_db",
    "django.contrib.sessions.backends.db",
    "django.contrib.sessions.backends.file",
    "django.contrib.sessions.backends.signed_cookies",
];

/// The classes of `SESSION_SERIALIZER`.
pub const SESSION_SERIALIZERS: &[&str] =
    &["django.contrib.sessions.serializers.BaseJSONSerializer", "django.contrib.sessions.serializers.JSONSerializer"];

/// Those of `EMAIL_BACKEND`.
pub const EMAIL_BACKENDS: &[&str] = &[
    "django.core.mail.backends.base.BaseEmailBackend",
    "django.core.mail.backends.console.EmailBackend",
    "django.core.mail.backends.dummy.EmailBackend",
    "django.core.mail.backends.filebased.EmailBackend",
    "django.core.mail.backends.locmem.EmailBackend",
    "django.core.mail.backends.smtp.EmailBackend",
];

/// Those of `STORAGES`.
pub const STORAGES: &[&str] = &[
    "django.contrib.staticfiles.storage.ConfiguredStorage",
    "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    "django.contrib.staticfiles.storage.StaticFilesStorage",
    "django.core.files.storage.DefaultStorage",
    "django.core.files.storage.FileSystemStorage",
    "django.core.files.storage.InMemoryStorage",
    "django.core.files.storage.Storage",
    "django.core.files.storage.base.Storage",
    "django.core.files.storage.filesystem.FileSystemStorage",
    "django.core.files.storage.memory.InMemoryStorage",
];

/// Those of `MESSAGE_STORAGE`.
pub const MESSAGE_STORAGES: &[&str] = &[
    "django.contrib.messages.storage.base.BaseStorage",
    "django.contrib.messages.storage.cookie.CookieStorage",
    "django.contrib.messages.storage.fallback.FallbackStorage",
    "django.contrib.messages.storage.session.SessionStorage",
];

/// Those of `FORM_RENDERER`.
pub const FORM_RENDERERS: &[&str] = &[
    "django.forms.renderers.BaseRenderer",
    "django.forms.renderers.DjangoTemplates",
    "django.forms.renderers.EngineMixin",
    "django.forms.renderers.Jinja2",
    "django.forms.renderers.TemplatesSetting",
];
