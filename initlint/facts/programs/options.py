"""What a program's arguments say about its configuration: the variant of its fact.

One small function per program: arguments in (argv[1:]), the variant's key suffix out, ""
for the plain fact, None where no fact fits. Only words that are surely options are read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Args = Sequence[str]
Chooser = Callable[[Args], "str | None"]


def has(args: Args, *names: str) -> bool:
    """Whether one of the options stands there, alone or as --name=value."""
    return any(arg in names or arg.split("=", 1)[0] in names for arg in args)


def has_letter(args: Args, letter: str) -> bool:
    """Whether a cluster of short options such as -De holds the letter."""
    return any(arg[:1] == "-" and arg[1:].isalnum() and letter in arg for arg in args)


def value_of(args: Args, *names: str) -> str | None:
    """The value of an option, written as `-P solo`, `--pool solo`, `--pool=solo` or `-Psolo`."""
    for index, arg in enumerate(args):
        if arg in names:
            return args[index + 1] if index + 1 < len(args) else None
        for name in names:
            if name.startswith("--") and arg.startswith(name + "="):
                return arg[len(name) + 1 :]
            if not name.startswith("--") and arg.startswith(name) and not arg.startswith("--"):
                return arg[len(name) :]
    return None


def _foreground(*names: str, letter: str = "") -> Chooser:
    """Programs that stay only with an option, and go to the background without it."""

    def choose(args: Args) -> str:
        return "" if has(args, *names) or (letter and has_letter(args, letter)) else "background"

    return choose


def _flag(variant: str, *names: str, letter: str = "") -> Chooser:
    """Programs whose fact changes with one option."""

    def choose(args: Args) -> str:
        return variant if has(args, *names) or (letter and has_letter(args, letter)) else ""

    return choose


def _tini(args: Args) -> str:
    own = _before_program(args)
    return "-g" if has_letter(own, "g") else "-s" if has_letter(own, "s") else ""


def _pyinit(args: Args) -> str:
    return "-g" if has_letter(_before_program(args), "g") else ""


def _before_program(args: Args) -> Args:
    """The leading options, up to `--` or the first word that isn't an option."""
    end = 0
    while end < len(args) and args[end].startswith("-") and args[end] != "--":
        end += 2 if args[end] in ("-p", "-e") else 1
    return args[:end]


def _dumb_init(args: Args) -> str:
    return "--single-child" if has(_before_program(args), "--single-child", "-c") else ""


def _catatonit(args: Args) -> str:
    own = _before_program(args)
    return "-P" if has(own, "-P") else "-g" if has(own, "-g") else ""


def has_unfinished_directives(args: Args) -> bool:
    """Whether nginx refuses what `-g` brings: "unexpected end of parameter, expecting ;".

    A known value must end in `;` or `}`: `-g "daemon off"` and `-g "'daemon off;'"`, whose quotes
    reach nginx, do not (nginx's ngx_conf_file.c, ngx_conf_read_token).
    """
    given = value_of(args, "-g")
    return given is not None and "$" not in given and given.strip()[-1:] not in ("", ";", "}")


def _nginx(args: Args) -> str | None:
    if has(args, "-t", "-T", "-v", "-V", "-s", "-h", "-?") or has_unfinished_directives(args):
        return None  # ends at once
    joined = " ".join(" ".join(args).split())
    return "" if "daemon off" in joined else "daemon on" if "daemon on" in joined else "background"


def _apache(args: Args) -> str | None:
    if has(args, "-t", "-v", "-V", "-S") or value_of(args, "-k") in ("stop", "graceful", "graceful-stop"):
        return None  # ends at once
    joined = " ".join(args)
    if "-X" in args:
        return "-X"
    return "" if any(word in joined for word in ("FOREGROUND", "NO_DETACH", "DEBUG", "ONE_PROCESS")) else "background"


def _apache2ctl(args: Args) -> str:
    return "" if "FOREGROUND" in " ".join(args) else "background"


def _haproxy(args: Args) -> str | None:
    if has(args, "-c", "-v", "-vv"):
        return None
    if has(args, "-W", "-Ws"):
        return "-W"
    return "-db" if has(args, "-db") else "-D" if has(args, "-D") else ""


def _squid(args: Args) -> str:
    return "" if has(args, "--foreground") or has_letter(args, "N") else "background"


def _redis(args: Args) -> str:
    return "background" if (value_of(args, "--daemonize") or "").lower() == "yes" else ""


def _crond(args: Args) -> str:
    if has_letter(args, "n"):
        return "-n"
    return "" if has_letter(args, "f") else "background"


def _postfix(args: Args) -> str | None:
    return "" if "start-fg" in args else "start" if "start" in args else None


def _php_fpm(args: Args) -> str | None:
    if has(args, "-t", "-tt", "-v", "-i", "-m"):
        return None
    if has(args, "-D", "--daemonize"):
        return "-D"
    return "" if has(args, "--nodaemonize") or has_letter(args, "F") else "background"


def _php(args: Args) -> str:
    index = 0
    while index < len(args):
        arg = args[index]
        if arg.startswith("-S") or arg == "--server":
            return "-S"
        if not arg.startswith("-"):
            return "artisan" if arg.rsplit("/", 1)[-1] == "artisan" else ""
        index += 2 if arg in ("-d", "-c", "-z", "-t") else 1
    return ""


def _java(args: Args) -> str:
    for arg in args:
        low = arg.rsplit("/", 1)[-1].lower()
        if low in ("jenkins.war", "agent.jar", "slave.jar", "remoting.jar") or arg.startswith("hudson.remoting."):
            return "jenkins"
    return "-Xrs" if "-Xrs" in args else ""


def _uwsgi(args: Args) -> str:
    words = [arg.lstrip("-") for arg in args]
    if has(args, "-d", "--daemonize", "--daemonize2"):
        return "--daemonize"
    if any(
        word.split("=")[0] in _UWSGI_FILES or word.split(":")[0].endswith((".ini", ".xml", ".yml", ".yaml", ".json"))
        for word in words
    ):
        master = _uwsgi_master(args)
        # A file can add a master or die-on-term, never take what the command line sets.
        return master if master == "--master --die-on-term" else "configured"
    return _uwsgi_master(args)


_UWSGI_FILES = frozenset({"ini", "ini-paste", "xml", "yaml", "yml", "json", "paste", "emperor"})


def _uwsgi_master(args: Args) -> str:
    if not has(args, "--master", "-M", "--master-process"):
        return ""
    return "--master --die-on-term" if has(args, "--die-on-term") else "--master"


def _gunicorn(args: Args) -> str:
    return "--daemon" if has(args, "-D", "--daemon") else ""


def _uvicorn(args: Args) -> str:
    if has(args, "--reload"):
        return "--reload"
    workers = value_of(args, "--workers")
    return "--workers" if workers is not None and workers != "1" else ""


def _fastapi(args: Args) -> str | None:
    return "" if args and args[0] in ("run", "dev") else None


def _celery(args: Args) -> str | None:
    command = next((arg for arg in args if arg in ("worker", "beat", "flower")), None)
    if command == "flower":
        return "flower"
    if command is None:
        return None
    if has(args, "--detach", "-D"):
        return "--detach"
    if command == "beat":
        return "beat"
    pool = value_of(args, "-P", "--pool")
    if pool is None or pool in ("prefork", "processes"):
        return "worker"
    return f"worker -P {pool}" if pool in ("solo", "threads") else "worker -P other"


# Stands for FLASK_ENV=development, whose meaning depends on Flask's version.
FLASK_BY_VERSION = "--reload-by-version"


def _flask(args: Args) -> str | None:
    if "run" not in args:
        return None
    if has(args, "--no-reload"):
        return ""
    if has(args, FLASK_BY_VERSION):
        return "by its version"
    return "--debug" if has(args, "--debug", "--reload") else ""


def _django(args: Args) -> str | None:
    if "runserver" not in args:
        return None
    return "runserver --noreload" if has(args, "--noreload") else "runserver"


def _run(args: Args) -> str | None:
    return "" if args and args[0] == "run" else None


def _rails(args: Args) -> str | None:
    if not args or args[0] not in ("server", "s"):
        return None
    return "server -d" if has(args, "-d", "--daemon") else "server"


def _pm2(args: Args) -> str:
    return "--no-daemon" if has(args, "--no-daemon") else ""


def _forever(args: Args) -> str:
    return "start" if args and args[0] in ("start", "restart") else ""


def _watchmedo(args: Args) -> str | None:
    return "" if args and args[0] == "auto-restart" else None


def _git(args: Args) -> str | None:
    return "" if "daemon" in args else None


def _tail(args: Args) -> str | None:
    return "" if has(args, "--follow", "--retry") or has_letter(args, "f") or has_letter(args, "F") else None


def _inotifywait(args: Args) -> str | None:
    return "" if has(args, "--monitor") or has_letter(args, "m") else None


def _bash(args: Args) -> str:
    own = args[: next((index for index, arg in enumerate(args) if arg[:1] not in "-+"), len(args))]
    return "-i" if has_letter(own, "i") else ""


_AIRFLOW = frozenset(
    "webserver scheduler worker flower triggerer standalone api-server dag-processor kerberos celery serve_logs".split()
)


def _airflow(args: Args) -> str | None:
    """Its other verbs do one thing and end; `-D` makes these daemons."""
    return "" if args and args[0] in _AIRFLOW and not has(args, "-D", "--daemon", "stop") else None


def _no_verb(args: Args) -> str | None:
    """Programs that serve unless a verb asks for something else."""
    return None if args and not args[0].startswith("-") else ""


CHOOSERS: dict[str, Chooser] = {
    "airflow": _airflow,
    "containerd": _no_verb,
    "bash": _bash,
    "tini": _tini,
    "dumb-init": _dumb_init,
    "catatonit": _catatonit,
    "pyinit": _pyinit,
    "supervisord": _foreground("--nodaemon", letter="n"),
    "monit": _foreground("-I"),
    "pm2": _pm2,
    "forever": _forever,
    "watchmedo": _watchmedo,
    "nginx": _nginx,
    "apache2": _apache,
    "apache2ctl": _apache2ctl,
    "php-fpm": _php_fpm,
    "redis-server": _redis,
    "memcached": _flag("-d", "--daemon", "-d"),
    "sshd": _foreground(letter="D"),
    "cron": _foreground(letter="f"),
    "crond": _crond,
    "rsyslogd": _foreground("-n", letter="n"),
    "haproxy": _haproxy,
    "varnishd": _foreground("-F", "-d"),
    "lighttpd": _foreground("-D"),
    "mosquitto": _flag("-d", "-d", "--daemon"),
    "squid": _squid,
    "named": _foreground("-f", "-g"),
    "dnsmasq": _foreground("-k", "-d", "--keep-in-foreground", "--no-daemon"),
    "postfix": _postfix,
    "dovecot": _foreground("-F"),
    "xinetd": _foreground("-dontfork", "-d"),
    "snmpd": _foreground("-f"),
    "git": _git,
    "gunicorn": _gunicorn,
    "uvicorn": _uvicorn,
    "fastapi": _fastapi,
    "celery": _celery,
    "uwsgi": _uwsgi,
    "flask": _flask,
    "django": _django,
    "streamlit": _run,
    "unicorn": _flag("-D", "-D", "--daemonize"),
    "rails": _rails,
    "php": _php,
    "java": _java,
    "tail": _tail,
    "inotifywait": _inotifywait,
}
