import dj_database_url

DATABASES = {
    "checks": dj_database_url.config(
        default="postgres://u:p@h/n", conn_max_age=None, conn_health_checks=True, disable_server_side_cursors=True
    ),
    "test": dj_database_url.config(default="postgres://u:p@h/n", test_options={"NAME": "test"}),
    "no_test": dj_database_url.config(default="postgres://u:p@h/n", test_options={}),
    "twice": dj_database_url.parse("postgres://u:p@h/n?a=1&a=x&b=FALSE&c=007"),
    "mysql2": dj_database_url.parse("mysql2://u:p@h/n?ssl-ca=ca.pem"),
    "cockroach": dj_database_url.parse("cockroach://u:p@h:26257/n"),
    "timescale": dj_database_url.parse("timescale://u:p@h/n?currentSchema=s"),
    "mssql": dj_database_url.parse("mssql://u:p@h:1433/n"),
    "mssql_portless": dj_database_url.parse("mssqlms://u:p@h/n"),
    "spatialite": dj_database_url.parse("spatialite:///db"),
    "positional": dj_database_url.parse("postgres://u:p@h/n", "my.engine", 5, True, True, True),
}
try:
    OTHER_SCHEME = dj_database_url.parse("other://h/n")
except dj_database_url.UnknownSchemeError:
    OTHER_SCHEME = "raised"
try:
    ENGINE_OF_UNKNOWN = dj_database_url.parse("other://h/n", engine="my.engine")
except ValueError:
    ENGINE_OF_UNKNOWN = "raised"
