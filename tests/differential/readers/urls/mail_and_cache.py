import dj_email_url
import django_cache_url

EMAILS = [
    dj_email_url.config(),
    dj_email_url.config(default="console:"),
    dj_email_url.parse("smtp://"),
    dj_email_url.parse("smtp://user%40x:p%2F@Mail.example.com:2525/path?ssl=True&timeout=5"),
    dj_email_url.parse("submission://u:p@h?_server_email=a@b&_default_from_email=c@d"),
    dj_email_url.parse("smtp://h:587?tls=1"),
    dj_email_url.parse("smtp://h:587?tls=no"),
    dj_email_url.parse("file:///var/mail"),
    dj_email_url.parse("dummy:"),
    dj_email_url.parse("other://h"),
]
email = dj_email_url.config(default="smtp://u:p@h")
EMAIL_HOST = email["EMAIL_HOST"]
EMAIL_USE_TLS = email["EMAIL_USE_TLS"]
CACHES = {
    "default": django_cache_url.config(),
    "given": django_cache_url.config(default="redis://h:6380/2"),
    "env": django_cache_url.config(env="OTHER_CACHE", default="dummy://"),
    "redis": django_cache_url.parse("redis://:pass@Host/1?key_prefix=x&timeout=5"),
    "rediss": django_cache_url.parse("rediss://h"),
    "hiredis": django_cache_url.parse("hiredis://h:1/0?max_entries=5"),
    "memcached": django_cache_url.parse("memcached://a:1,b:2?prefix=x"),
    "socket": django_cache_url.parse("pymemcache:///tmp/sock"),
    "file": django_cache_url.parse("file:///var/cache?cull_frequency=3&max_entries=10"),
    "db": django_cache_url.parse("db://table"),
    "locmem": django_cache_url.parse("locmem://name?x=1&x=2"),
    "uwsgi": django_cache_url.parse("uwsgicache://"),
}
try:
    WRONG = django_cache_url.parse("other://")
except Exception:
    WRONG = "raised"
