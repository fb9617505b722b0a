"""Servers whose configuration decides what their command line leaves out: where it stands, and who says so.

How such a file is read is `boot.server_config`'s affair.
"""

from __future__ import annotations

from initlint.records import NamedTuple


class Configuration(NamedTuple):
    """`started_by`: how the names of the programs begin that start the server. `file`: what it reads without
    being told, empty where there's none. `variables`: options that it takes from the environment."""

    started_by: tuple[str, ...]
    source: str
    file: str = ""
    variables: tuple[str, ...] = ()


class PackagedAnswer(NamedTuple):
    """What files of an image answer in place of an option: `option` counts where the command line has none of
    `told`, and none of the `files` was changed."""

    image: str
    flavour: str
    files: tuple[str, ...]
    told: frozenset[str]
    option: str
    source: str


CONFIGURATIONS: dict[str, Configuration] = {
    "gunicorn": Configuration(
        ("gunicorn", "python"),
        "docs.gunicorn.org/en/stable/configure.html: the command line goes before GUNICORN_CMD_ARGS, "
        "and that before ./gunicorn.conf.py",
        "gunicorn.conf.py",
        variables=("GUNICORN_CMD_ARGS",),
    ),
    "haproxy": Configuration(
        ("haproxy",), "docs.haproxy.org, management guide: -f names its files, and nothing else does"
    ),
    "java": Configuration(
        ("java",),
        "docs.oracle.com, The java Command: JDK_JAVA_OPTIONS; JVM TI: JAVA_TOOL_OPTIONS",
        variables=("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"),
    ),
    "nginx": Configuration(
        ("nginx",), "nginx.org/en/docs/ngx_core_module.html: `daemon`, on by default", "/etc/nginx/nginx.conf"
    ),
    "php-fpm": Configuration(
        ("php",),
        "php.net/manual/en/install.fpm.configuration.php: `daemonize`, yes by default; the path is the image's: "
        "docker-library/php@445bf414f1d5:8.4/bookworm/fpm/Dockerfile#L262",
        "/usr/local/etc/php-fpm.conf",
    ),
    "redis-server": Configuration(
        ("redis-server",), "redis.io/docs/latest/operate/oss_and_stack/management/config: a file is its first argument"
    ),
    "uvicorn": Configuration(
        ("uvicorn", "python"),
        "uvicorn.dev/settings: options as UVICORN_*, and WEB_CONCURRENCY for --workers",
        variables=("UVICORN_RELOAD", "UVICORN_WORKERS", "WEB_CONCURRENCY"),
    ),
    "uwsgi": Configuration(
        ("uwsgi",),
        "uwsgi-docs.readthedocs.io/en/latest/Configuration.html: options as UWSGI_*, UWSGI_INI for a file",
        variables=("UWSGI_INI",),
    ),
}
STARTERS: tuple[str, ...] = tuple(sorted({name for row in CONFIGURATIONS.values() for name in row.started_by}))

PHP_FPM = PackagedAnswer(
    "php",
    "fpm",
    ("/usr/local/etc/php-fpm.conf", "/usr/local/etc/php-fpm.d/zz-docker.conf"),
    frozenset(["-D", "--daemonize", "-F", "--nodaemonize", "-y", "--fpm-config"]),
    "-F",
    "docker-library/php@445bf414f1d5:8.4/bookworm/fpm/Dockerfile#L262 (daemonize = no)",
)
