"""How programs behave as PID 1: a look-up by the argv that starts them.

`lookup` answers for the configuration that the arguments show. An interpreter's fact is
that of a program without handlers of its own; `with_handler` and `with_reaper` say how the
fact changes when the program's code turns out to have some.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Literal

from initlint.facts import ProgramFact, SignalEffect
from initlint.facts.programs._index import INDEX

Language = Literal["go", "rust", "c", "dotnet"]
ReaperKind = Literal["ignores", "waits-for-all", "waits-once"]

# Programs whose purpose is to be PID 1, by the name that `canonical` gives them.
INITS = frozenset(
    {
        "busybox-init",
        "catatonit",
        "docker-init",
        "dumb-init",
        "init",
        "my_init",
        "pause",
        "pid1",
        "podman-init",
        "pyinit",
        "runit",
        "runit-init",
        "runsvdir",
        "runsvinit",
        "s6-linux-init",
        "s6-overlay",
        "s6-svscan",
        "systemd",
        "sysvinit",
        "tini",
    }
)

_SAME = {
    "apachectl": "apache2ctl",
    "ash": "busybox-ash",
    "crond.busybox": "crond",
    "django-admin": "django",
    "gunicorn3": "gunicorn",
    "httpd": "apache2",
    "ksh": "ksh93",
    "manage.py": "django",
    "mariadbd_safe": "mariadbd-safe",
    "mysqld_safe": "mariadbd-safe",
    "nginx-debug": "nginx",
    "nodejs": "node",
    "pm2-docker": "pm2-runtime",
    "npm-run-all": "run-p",
    "postmaster": "postgres",
    "pyinit.py": "pyinit",
    "rbash": "bash",
    "run-s": "run-p",
    "stunnel4": "stunnel",
}

_VERSIONED = frozenset({"lua", "node", "perl", "php", "php-fpm", "ruby", "tclsh"})
_PLATFORMED = ("tini", "dumb-init", "catatonit")  # tini-static-arm64, dumb-init_1.2.5_x86_64

# Programs of which only a close relative was measured: name → (relative, why it counts).
_RELATIVES = {
    "openresty": ("nginx", "OpenResty bundles nginx and wasn't run itself"),
    "valkey-server": ("redis-server", "Valkey is Redis's successor and wasn't run itself"),
    "pypy3": ("python3", "PyPy wasn't run; CPython installs the same handlers"),
    "pypy": ("python3", "PyPy wasn't run; CPython installs the same handlers"),
}

_APPLETS = {
    "ash": "busybox-ash",
    "cat": "cat",
    "crond": "crond",
    "init": "busybox-init",
    "sh": "busybox-ash",
    "sleep": "sleep",
    "tail": "tail",
}

_PYTHON_MODULES = {
    "SimpleHTTPServer": "http.server",
    "celery": "celery",
    "circus.circusd": "circusd",
    "daphne": "daphne",
    "django": "django",
    "fastapi": "fastapi",
    "flask": "flask",
    "granian": "granian",
    "gunicorn": "gunicorn",
    "gunicorn.app.wsgiapp": "gunicorn",
    "honcho": "honcho",
    "http.server": "http.server",
    "hypercorn": "hypercorn",
    "initlint.pyinit": "pyinit",
    "jupyter": "jupyter",
    "jupyter_server": "jupyter-server",
    "jupyterlab": "jupyter-lab",
    "notebook": "jupyter-lab",
    "streamlit": "streamlit",
    "streamlit.web.cli": "streamlit",
    "supervisor.supervisord": "supervisord",
    "uvicorn": "uvicorn",
    "waitress": "waitress-serve",
    "watchdog.watchmedo": "watchmedo",
    "watchfiles": "watchfiles",
}
_PYTHON_SCRIPTS = frozenset(_PYTHON_MODULES.values()) | {"my_init", "pyinit"}
_NODE_SCRIPTS = frozenset(
    [
        "concurrently",
        "forever",
        "gatsby",
        "http-server",
        "json-server",
        "nest",
        "next",
        "ng",
        "nodemon",
        "nuxt",
        "pm2",
        "pm2-runtime",
        "react-scripts",
        "run-p",
        "serve",
        "ts-node",
        "tsx",
        "vite",
        "webpack",
        "webpack-dev-server",
    ]
)
_RUBY_SCRIPTS = frozenset(["foreman", "puma", "rackup", "rails", "rake", "sidekiq", "thin", "unicorn"])
_TAKES_VALUE = frozenset(
    ["-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions", "-I"]
)
_JUPYTER = {"lab": "jupyter-lab", "nbclassic": "jupyter-lab", "notebook": "jupyter-lab", "server": "jupyter-server"}


def lookup(argv: Sequence[str]) -> ProgramFact | None:
    """The fact for the program that `argv` starts, in the configuration that its arguments show.

    argv[0] may be a path. Wrappers are not looked through (`initlint.facts.wrappers`), but an
    interpreter's module or a server's start script is. None: nothing is known, or the arguments
    make it something that ends at once (`nginx -t`).
    """
    if not argv:
        return None
    name, args = _resolve(argv)
    relative = _RELATIVES.get(name)
    if relative:
        name = relative[0]
    module = INDEX.get(name)
    if module is None:
        return None
    variant: str | None = ""
    if module != "go_programs":
        from initlint.facts.programs.options import CHOOSERS

        chooser = CHOOSERS.get(name)
        variant = chooser(args) if chooser else ""
        if variant is None:
            return None
    fact = _fact(module, f"{name} {variant}" if variant else name)
    if fact and relative:
        return fact._replace(measured=False, source=f"{relative[1]}: {fact.source}")
    return fact


def runtime(language: Language) -> ProgramFact:
    """The fact for a compiled program that is known to be written in `language`, without handlers of its own."""
    fact = _fact("runtimes", language if language == "dotnet" else f"<{language}>")
    assert fact is not None
    return fact


def canonical(argv: Sequence[str]) -> str:
    """The name under which a program's fact is kept: basename, without a version, through `python -m` and busybox."""
    return _resolve(argv)[0] if argv else ""


def is_init(name_or_argv: str | Sequence[str]) -> bool:
    """Whether a name, a path or an argv is one of an init: a program whose purpose is to be PID 1.

    An init that reaps late (runsvdir) counts; `lookup` says how well it does.
    """
    argv = [name_or_argv] if isinstance(name_or_argv, str) else name_or_argv
    return canonical(argv) in INITS


def with_handler(fact: ProgramFact, signal: str = "SIGTERM") -> ProgramFact:
    """The fact for the same runtime when the program's own code handles `signal` and ends.

    A handler is what makes the kernel deliver a signal to PID 1: measured for SIGTERM with
    python3, node and Go. Reaping doesn't change.
    """
    effects: dict[str, SignalEffect] = {**fact.effects, signal: "exits"}
    handles = True if signal == "SIGTERM" else fact.handles_term
    note = f"the program handles {signal}"
    return fact._replace(effects=effects, handles_term=handles, note=f"{fact.note}; {note}" if fact.note else note)


def with_reaper(fact: ProgramFact, kind: ReaperKind) -> ProgramFact:
    """The fact for the same runtime when the program's own code cares for all children.

    `ignores`: it sets SIGCHLD to SIG_IGN; `waits-for-all`: it waits for any child in a loop;
    `waits-once`: its SIGCHLD handler waits for one child a signal, which misses bursts.
    """
    reaps, why, names = _REAPERS[kind]
    return fact._replace(reaps=reaps, reaps_why=why, measured=fact.measured and fact.name in names)


def with_sigchld_ignored(fact: ProgramFact) -> ProgramFact:
    """The fact for a program started with SIGCHLD ignored.

    That is what `env --ignore-signal=CHLD`, or `trap '' CHLD; exec` in bash and mksh, leaves
    behind. It makes the kernel reap, as long as the program doesn't set SIGCHLD itself, and it
    costs the program the exit status of its own children.
    """
    if fact.reaps == "yes":
        return fact
    if fact.name == "java":
        why = "SIGCHLD is ignored, so that the kernel reaps, until the JVM starts a child itself"
        return fact._replace(reaps="unknown", reaps_why=why)
    if fact.name in _KEEPS_IGNORED:
        return fact._replace(reaps="yes", reaps_why="SIGCHLD is ignored, so that the kernel reaps")
    if fact.name in _RESETS_IGNORED:
        return fact._replace(reaps_why=f"{fact.reaps_why}; it sets SIGCHLD itself, so that ignoring it is lost")
    why = "SIGCHLD is ignored at the start; whether the program leaves it so wasn't measured"
    return fact._replace(reaps="unknown", reaps_why=why, measured=False)


_REAPERS: dict[ReaperKind, tuple[Literal["yes", "no"], str, frozenset[str]]] = {
    "ignores": ("yes", "the program ignores SIGCHLD, so that the kernel reaps", frozenset({"python3", "perl", "c"})),
    "waits-for-all": ("yes", "the program waits for every child", frozenset({"python3", "ruby", "c"})),
    "waits-once": (
        "no",
        "its SIGCHLD handler waits once a signal, and misses children that end together",
        frozenset("c"),
    ),
}
_KEEPS_IGNORED = frozenset(["python3", "php", "deno", "rust", "c", "sleep", "redis-server", "memcached", "uvicorn"])
_RESETS_IGNORED = frozenset(["node", "go", "ruby", "perl"])


def _fact(module: str, key: str) -> ProgramFact | None:
    facts: dict[str, ProgramFact] = import_module(f"initlint.facts.programs.{module}").FACTS
    return facts.get(key)


def _base(path: str) -> str:
    """The name of a program without its path, its login dash and its version."""
    name = path.rsplit("/", 1)[-1]
    if len(name) > 1:
        name = name.lstrip("-")  # a login shell's argv[0] is "-bash"
    name = _SAME.get(name, name)
    if name in INDEX:
        return name
    return _unversioned(name)


def _unversioned(name: str) -> str:
    """The name without the version or the platform that was appended to it. (No `re`: compiling costs a millisecond.)"""
    stem = name.rstrip("0123456789.")
    if stem in _VERSIONED:
        return stem
    if (name.startswith("python") and name[6:].rstrip("t").replace(".", "").isdigit()) or name == "python":
        return "python2" if name[6:7] == "2" else "python3"
    if name.startswith("php") and name.endswith("-fpm") and name[3:-4].replace(".", "").isdigit():
        return "php-fpm"
    if name.startswith(("uwsgi_python", "uwsgi-core")):
        return "uwsgi"
    for init in _PLATFORMED:
        if name.startswith((init + "-", init + "_")):
            return init
    return name


def _resolve(argv: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The program that counts, and its arguments."""
    name, args = _base(argv[0]), argv[1:]
    if argv[0] == "/init":
        return "/init", args  # not the system's init: what it is depends on what was installed
    if name == "busybox":
        return (_APPLETS.get(args[0], "") if args else "busybox"), args[1:]
    if name == "jupyter":
        return _jupyter(args)
    if name == "apache2" and _is_busybox_httpd(args):
        return "busybox httpd", args
    if name in ("python3", "python2", "pypy3", "pypy"):
        return _python(name, args)
    if name in ("node", "ruby"):
        return _script(name, args, _NODE_SCRIPTS if name == "node" else _RUBY_SCRIPTS)
    return name, args


def _is_busybox_httpd(args: Sequence[str]) -> bool:
    """`httpd -f -p 8080`: to Apache, -f is followed by a file, and nothing is called -p, -h or -v alone."""
    at = next((at for at, arg in enumerate(args) if arg in ("-f", "-fv", "-fvv", "-vf", "-vvf")), None)
    return at is not None and (at + 1 == len(args) or args[at + 1].startswith("-")) and "FOREGROUND" not in args


def _jupyter(args: Sequence[str]) -> tuple[str, Sequence[str]]:
    return (_JUPYTER.get(args[0], "") if args else ""), args[1:]


def _python(name: str, args: Sequence[str]) -> tuple[str, Sequence[str]]:
    index = 0
    while index < len(args):
        arg = args[index]
        if not arg.startswith("-") or arg == "-":
            script = _base(arg)
            rest = args[index + 1 :]
            if script == "django":
                return ("django", rest) if "runserver" in rest else (name, args)
            return (script, rest) if script in _PYTHON_SCRIPTS else (name, args)
        if not arg.startswith("--"):
            letters = arg[1:]
            if "c" in letters.split("m")[0]:
                return name, args
            if "m" in letters and not letters.startswith(("W", "X")):
                module = letters.split("m", 1)[1]
                rest = args[index + 1 :]
                if not module and rest:
                    module, rest = rest[0], rest[1:]
                found = _PYTHON_MODULES.get(module)
                if found is None:
                    return ("python3 -m" if name == "python3" else name), args
                return _jupyter(rest) if found == "jupyter" else (found, rest)
        index += 2 if arg in ("-W", "-X") else 1
    return name, args


def _script(name: str, args: Sequence[str], known: frozenset[str]) -> tuple[str, Sequence[str]]:
    """A tool that is started by its interpreter: node node_modules/.bin/next start."""
    index = 0
    while index < len(args) and args[index].startswith("-"):
        if args[index] in ("-e", "--eval", "-p", "--print"):
            return name, args
        index += 2 if args[index] in _TAKES_VALUE else 1
    if index < len(args):
        path = args[index]
        script = path.rsplit("/", 1)[-1].removesuffix(".js")
        if script in known and ("node_modules/" in path or "bin/" in path):
            return script, args[index + 1 :]
    return name, args
