from pathlib import Path

import environ

env = environ.Env()
CACHES = {
    "locmem": env.cache(default="locmemcache://"),
    "name": env.cache("A_CACHE", default="locmemcache://name"),
    "dummy": env.cache("A_CACHE", default="dummycache://"),
    "file": env.cache("A_CACHE", default="filecache:///var/cache"),
    "memcache": env.cache("A_CACHE", default="memcache://a:11211,b:11211"),
    "socket": env.cache("A_CACHE", default="pymemcache:///tmp/sock"),
    "redis": env.cache_url("A_CACHE", default="redis://127.0.0.1:6379/1"),
    "rediss": env.cache_url("A_CACHE", default="rediss://:p@h:6379/1?timeout=5&client_class=a.b"),
    "rediscache": env.cache_url("A_CACHE", default="rediscache://a:1,b:2/1?key_prefix=x"),
    "unix": env.cache_url("A_CACHE", default="redis:///tmp/redis.sock"),
    "none": env.cache("A_CACHE", default=None),
    "db": env.cache("A_CACHE", default="dbcache://table?TIMEOUT=None&x=True"),
    "backend": env.cache("A_CACHE", default="redis://h", backend="my.Backend"),
}
CHANNELS = env.channels_url(default="redis://h:6379/0")
CHANNELS_PUBSUB = env.channels("A_CHANNEL", default="rediss+pubsub://:p@h:6379/0?a=b")
CHANNELS_MEMORY = env.channels("A_CHANNEL", default="inmemory://")
POSTGRES_SOCKET = env.db("A_DATABASE", default="postgres:////var/run/postgresql/name")
UNQUOTED = env.db("A_DATABASE", default="postgres://u:pa#ss@h:5432/n")
UNQUOTED_PLAIN = env.db("A_DATABASE", default="postgres://u:pa#ss@h:5432")
STRIPPED = env.bool("A_BOOL", default=False)
environ.Env.read_env("nowhere.env", KEYWORD="from keyword")
KEYWORD = env("KEYWORD", default="d")
environ.Env.read_env(Path(__file__).parent / "arguments.env", KEYWORD="from keyword", KEYWORD_ALONE="from keyword")
KEYWORD_FILE = env("KEYWORD", default="d")
KEYWORD_ALONE = env("KEYWORD_ALONE", default="d")
