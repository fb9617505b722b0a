"""Recipes for programs: inits, supervisors, runtimes, servers, tools, and shells in several states."""

from __future__ import annotations

from pathlib import Path

from initlint.facts.programs import with_handler, with_reaper
from initlint.lab.recipe import HERE, PROBE, Recipe

_PYINIT = {"pyinit.py": (Path(__file__).parents[1] / "pyinit.py").read_text(encoding="utf-8")}
_SERVICE = {"sv/a/run": f"#!/bin/sh\nexec {PROBE}\n"}
_SUPERVISORD = f"""\
[supervisord]
nodaemon=true
user=root
logfile=/dev/null
logfile_maxbytes=0
pidfile={HERE}/supervisord.pid

[program:p]
command={PROBE}
"""
_NGINX = f"""\
pid {HERE}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    server {{ listen unix:{HERE}/nginx.sock; }}
}}
"""
_APACHE = f"""\
ServerRoot {HERE}
ServerName localhost
PidFile {HERE}/apache.pid
ErrorLog {HERE}/error.log
Mutex file:{HERE}
Listen 8080
LoadModule mpm_MPM_module /usr/lib/apache2/modules/mod_mpm_MPM.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
"""
_FPM = f"""\
[global]
error_log = /proc/self/fd/2
[www]
user = nobody
listen = {HERE}/fpm.sock
pm = static
pm.max_children = 1
"""
_CRON_PLACES = ("/etc/crontab", "/etc/cron.d", "/var/spool/cron")  # the host's own jobs stay out of it

_PY_WAITS = """\
import os, time
while True:
    try:
        os.wait()
    except ChildProcessError:
        time.sleep(0.05)
"""
_PY_HANDLES = (
    "import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\nwhile True:\n    signal.pause()\n"
)
_PY_IGNORES = "import signal, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\nwhile True:\n    time.sleep(1)\n"
_PY_PLAIN = "import time\nwhile True:\n    time.sleep(1)\n"
_JS_PLAIN = "setInterval(() => {}, 1000);\n"
_JS_HANDLES = "process.on('SIGTERM', () => process.exit(0));\n" + _JS_PLAIN

_TERM = ("SIGTERM",)

INITS = (
    Recipe("tini", "tini", ("tini", "--", PROBE)),
    Recipe("tini -s", "tini", ("tini", "-s", "--", PROBE)),
    Recipe("tini -g", "tini", ("tini", "-g", "--", PROBE)),
    Recipe("dumb-init", "dumb-init", ("dumb-init", "--", PROBE)),
    Recipe("dumb-init -c", "dumb-init", ("dumb-init", "-c", "--", PROBE)),
    Recipe("catatonit", "catatonit", ("catatonit", "--", PROBE)),
    Recipe("catatonit -g", "catatonit", ("catatonit", "-g", "--", PROBE)),
    Recipe("catatonit -P", "catatonit", ("catatonit", "-P")),
    Recipe("pyinit", "python3", ("python3", "-I", "-S", f"{HERE}/pyinit.py", "--", PROBE), _PYINIT),
    Recipe("pyinit -g", "python3", ("python3", "-I", "-S", f"{HERE}/pyinit.py", "-g", "--", PROBE), _PYINIT),
    Recipe("s6-svscan", "s6", ("s6-svscan", f"{HERE}/sv"), _SERVICE),
)

SUPERVISORS = (
    Recipe("s6-supervise", "s6", ("s6-supervise", f"{HERE}/sv/a"), _SERVICE),
    Recipe("runsvdir", "runit", ("runsvdir", "-P", f"{HERE}/sv"), _SERVICE),
    Recipe("runsv", "runit", ("runsv", f"{HERE}/sv/a"), _SERVICE),
    Recipe("svscan", "daemontools", ("svscan", f"{HERE}/sv"), _SERVICE),
    Recipe(
        "supervisord -n",
        "supervisor",
        ("supervisord", "-n", "-c", f"{HERE}/s.conf"),
        {"s.conf": _SUPERVISORD},
        seconds=6.0,
    ),
)

RUNTIMES = (
    Recipe("python3", "python3", ("python3", f"{HERE}/app.py"), {"app.py": _PY_PLAIN}),
    Recipe(
        "python3, SIGTERM handled",
        "python3",
        ("python3", f"{HERE}/app.py"),
        {"app.py": _PY_HANDLES},
        change=with_handler,
        signals=_TERM,
    ),
    Recipe(
        "python3, SIGCHLD ignored",
        "python3",
        ("python3", f"{HERE}/app.py"),
        {"app.py": _PY_IGNORES},
        change=lambda fact: with_reaper(fact, "ignores"),
        signals=_TERM,
    ),
    Recipe(
        "python3, waits for all",
        "python3",
        ("python3", f"{HERE}/app.py"),
        {"app.py": _PY_WAITS},
        change=lambda fact: with_reaper(fact, "waits-for-all"),
        signals=_TERM,
    ),
    Recipe("python3 -m http.server", "python3", ("python3", "-m", "http.server", "8080")),
    Recipe("node", "nodejs", ("node", f"{HERE}/app.js"), {"app.js": _JS_PLAIN}),
    Recipe(
        "node, SIGTERM handled",
        "nodejs",
        ("node", f"{HERE}/app.js"),
        {"app.js": _JS_HANDLES},
        change=with_handler,
        signals=_TERM,
    ),
    Recipe("perl", "perl-base", ("perl", "-e", "sleep 1 while 1")),
    Recipe(
        "perl, SIGCHLD ignored",
        "perl-base",
        ("perl", "-e", "$SIG{CHLD} = 'IGNORE'; sleep 1 while 1"),
        change=lambda fact: with_reaper(fact, "ignores"),
        signals=(),
    ),
    Recipe("php", "php-cli", ("php", "-r", "while (1) sleep(1);")),
    Recipe("php -S", "php-cli", ("php", "-S", "0.0.0.0:8080", "-t", HERE)),
    Recipe("ruby", "ruby", ("ruby", "-e", "sleep")),
    Recipe(
        "ruby, waits for all",
        "ruby",
        ("ruby", "-e", "loop { begin; Process.wait; rescue Errno::ECHILD; sleep 0.05; end }"),
        change=lambda fact: with_reaper(fact, "waits-for-all"),
        signals=(),
    ),
    # A program that every JRE brings: there may be no compiler for one of our own.
    Recipe("java", "default-jre-headless", ("java", "-m", "java.rmi/sun.rmi.registry.RegistryImpl", "8080")),
    Recipe("lua", "lua5.4", ("lua5.4", "-e", "while true do os.execute('sleep 1') end")),
)

SERVERS = (
    Recipe(
        "nginx",
        "nginx-light",
        ("nginx", "-c", f"{HERE}/nginx.conf", "-g", "daemon off;"),
        {"nginx.conf": _NGINX},
        "nginx.sock",
    ),
    *(
        Recipe(
            f"apache2 ({mpm})",
            "apache2",
            ("apache2", "-DFOREGROUND", "-f", f"{HERE}/apache.conf"),
            {"apache.conf": _APACHE.replace("MPM", mpm)},
            "apache.pid",
        )
        for mpm in ("prefork", "event")
    ),
    Recipe(
        "apache2 -X",
        "apache2",
        ("apache2", "-X", "-f", f"{HERE}/apache.conf"),
        {"apache.conf": _APACHE.replace("MPM", "prefork")},
        "apache.pid",
    ),
    Recipe(
        "apache2ctl",
        "apache2",
        ("apache2ctl", "-DFOREGROUND", "-f", f"{HERE}/apache.conf"),
        {"apache.conf": _APACHE.replace("MPM", "prefork")},
        "apache.pid",
        reaps="yes",  # it waits for apache2
    ),
    Recipe(
        "redis-server",
        "redis-server",
        ("redis-server", "--port", "0", "--unixsocket", f"{HERE}/redis.sock", "--save", "", "--dir", HERE),
        ready="redis.sock",
    ),
    Recipe(
        "memcached", "memcached", ("memcached", "-u", "nobody", "-s", f"{HERE}/memcached.sock"), ready="memcached.sock"
    ),
    Recipe(
        "php-fpm -F",
        "php8.2-fpm",
        ("php-fpm8.2", "-F", "-y", f"{HERE}/fpm.conf"),
        {"fpm.conf": _FPM},
        "fpm.sock",
    ),
    Recipe(
        "lighttpd -D",
        "lighttpd",
        ("lighttpd", "-D", "-f", f"{HERE}/lighttpd.conf"),
        {"lighttpd.conf": f'server.document-root = "{HERE}"\nserver.port = 8080\n'},
    ),
    Recipe("cron -f", "cron", ("cron", "-f"), hides=_CRON_PLACES),
    Recipe(
        "busybox crond -f", "busybox-static", ("busybox", "crond", "-f", "-c", f"{HERE}/tabs"), {"tabs/nobody": "#\n"}
    ),
)

TOOLS = (
    Recipe("tail -f", "coreutils", ("tail", "-f", "/dev/null")),
    Recipe("busybox tail", "busybox-static", ("busybox", "tail", "-f", "/dev/null"), signals=_TERM),
    Recipe("sleep", "coreutils", ("sleep", "infinity")),
    Recipe("busybox sleep", "busybox-static", ("busybox", "sleep", "1000"), signals=_TERM),
)

# What each state of a shell does with orphans; the facts put it into words.
_SHELLS: dict[str, tuple[str, tuple[str, ...], frozenset[str]]] = {
    "bash": ("bash", ("bash",), frozenset()),
    "dash": ("dash", ("dash",), frozenset({"read", "substitution"})),
    "busybox ash": ("busybox-static", ("busybox", "ash"), frozenset({"read", "substitution"})),
    "mksh": ("mksh", ("mksh",), frozenset()),
    "zsh": ("zsh", ("zsh",), frozenset()),
    "ksh93": ("ksh93u+m", ("ksh93",), frozenset()),
    "yash": ("yash", ("yash",), frozenset({"substitution"})),
}
_STATES = {
    "foreground": f"{PROBE}; :",
    "wait": f"{PROBE} & wait; :",
    "substitution": f"x=$({PROBE}); :",
    "read": "mkfifo f; exec 3<>f; read x <&3; :",
}


def _shells() -> tuple[Recipe, ...]:
    return tuple(
        Recipe(
            f"{name}: {state}",
            package,
            (*words, "-c", code),
            reaps="no" if state in not_in else "yes",
            signals=None if state == "foreground" else (),
        )
        for name, (package, words, not_in) in _SHELLS.items()
        for state, code in _STATES.items()
    )


# Which shell sh is differs: only what they have in common is tried.
SHELLS = (Recipe("sh: foreground", "dash", ("sh", "-c", _STATES["foreground"]), reaps="yes"), *_shells())

PROGRAMS: tuple[Recipe, ...] = (*INITS, *SUPERVISORS, *RUNTIMES, *SERVERS, *TOOLS, *SHELLS)
