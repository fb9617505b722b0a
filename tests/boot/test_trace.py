"""What PID 1 is, whether it reaps and stops: from whole projects, through every lower room.

The expectations were measured (PID namespaces, a Docker engine) for the programs and shells
named; they are the rows of the design's table and the surprises that common knowledge gets wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from initlint.boot.model import Outcome
from initlint.boot.verdict import sentence
from initlint.rootfs.files import HostFiles
from initlint.subject import examine


class Case(NamedTuple):
    title: str
    dockerfile: str
    pid1: str
    reaps: str
    stops: str
    files: dict[str, str] = {}
    children: str | None = None
    sure: bool | None = None


DEBIAN = "FROM debian:bookworm-slim\n"
ALPINE = "FROM alpine:3.22\n"
ROCKY = "FROM rockylinux:9\n"

SLEEPS = "import time\nwhile True:\n    time.sleep(1)\n"
HANDLES = "import signal\nsignal.signal(signal.SIGTERM, lambda *a: exit(0))\nsignal.pause()\n"

CASES = [
    # Programs.
    Case("python without a handler", 'FROM python:3.12\nCOPY a.py .\nCMD ["python", "a.py"]\n', "python", "no", "no",
         {"a.py": SLEEPS}, children="no", sure=True),
    Case("python with a handler", 'FROM python:3.12\nCOPY a.py .\nCMD ["python", "a.py"]\n', "python", "no", "yes",
         {"a.py": HANDLES}),
    Case("python whose program can't be read", 'FROM python:3.12\nRUN make\nCMD ["python", "/opt/x/a.py"]\n',
         "python", "no", "unknown", children="unknown"),
    Case("python whose program nothing brings", 'FROM python:3.12\nWORKDIR /app\nCMD ["python", "a.py"]\n',
         "python", "no", "unknown", children="unknown", sure=False),
    Case("python whose program a build may bring", 'FROM python:3.12 AS b\nRUN make\nFROM python:3.12\n'
         'COPY --from=b /out /app\nWORKDIR /app\nCMD ["python", "a.py"]\n', "python", "no", "unknown", sure=True),
    Case("python whose program is cloned", 'FROM python:3.12\nRUN git clone https://example.org/x /opt/x && ( cd /opt/x && git checkout y )\n'
         'WORKDIR /opt/x\nCMD ["python", "a.py"]\n', "python", "no", "unknown", sure=True),
    Case("node whose program is built in the image", 'FROM node:22\nWORKDIR /app\nCOPY package.json .\n'
         'RUN npm run build\nCMD ["node", "dist/a.js"]\n', "node", "no", "unknown", {"package.json": "{}"}, sure=True),
    Case("python that prints and ends", 'FROM python:3.12\nCOPY a.py .\nCMD ["python", "a.py"]\n', "none", "unknown", "unknown",
         {"a.py": "import os  # run\nprint(os.getpid())\n"}, sure=True),
    Case("python that seems to end", 'FROM python:3.12\nCOPY a.py .\nCMD ["python", "a.py"]\n', "python", "no", "no",
         {"a.py": "import os  # run\nprint(os.nice(0))\n"}, sure=False),
    Case("node that prints and ends", 'FROM node:22\nCOPY a.js .\nCMD ["node", "a.js"]\n', "node", "no", "no",
         {"a.js": 'console.log("hello");\n'}, sure=False),
    Case("node that loads a file of its own", 'FROM node:22\nCOPY *.js .\nCMD ["node", "a.js"]\n', "node", "no", "no",
         {"a.js": 'require("./b");\n', "b.js": "require('http').createServer().listen(80);\n"}, sure=True),
    Case("erl without arguments reads commands", 'FROM erlang:26\nCMD ["erl"]\n', "none", "unknown", "unknown", sure=False),
    Case("lua without arguments reads commands", DEBIAN + 'CMD ["lua5.4"]\n', "none", "unknown", "unknown"),
    Case("erl -noshell", 'FROM erlang:26\nCMD ["erl", "-noshell"]\n', "erl", "yes", "yes"),
    Case("nginx gets its quotes", 'FROM nginx:1.27\nCMD ["nginx", "-g", "\'daemon off;\'"]\n', "none", "unknown", "unknown"),
    Case("nginx -g without a semicolon", 'FROM nginx:1.27\nCMD ["nginx", "-g", "daemon off"]\n', "none", "unknown", "unknown"),
    Case("SIGINT ends python", 'FROM python:3.12\nCOPY a.py .\nSTOPSIGNAL SIGINT\nCMD ["python", "a.py"]\n',
         "python", "no", "yes", {"a.py": SLEEPS}),
    Case("node ignores SIGTERM", 'FROM node:22\nCOPY a.js .\nCMD ["node", "a.js"]\n', "node", "no", "no",
         {"a.js": "require('http').createServer().listen(1)\n"}),
    Case("nginx's own image", "FROM nginx:1.27\n", "nginx", "yes", "yes"),
    Case("postgres's own image", "FROM postgres:16\n", "postgres", "yes", "yes"),
    Case("redis's own image", "FROM redis:7\n", "redis-server", "no", "yes"),
    Case("gunicorn", 'FROM python:3.12\nRUN pip install gunicorn\nCMD ["gunicorn", "app:app"]\n', "gunicorn", "yes",
         "yes"),
    Case("uvicorn", 'FROM python:3.12\nRUN pip install uvicorn\nCMD ["uvicorn", "app:app"]\n', "uvicorn", "no", "yes"),
    Case("java", 'FROM eclipse-temurin:21\nCOPY a.jar .\nCMD ["java", "-jar", "a.jar"]\n', "java", "no", "yes",
         {"a.jar": "PK"}),
    Case("cron ignores it", DEBIAN + 'CMD ["cron", "-f"]\n', "cron", "yes", "no", children="yes"),
    Case("uwsgi reloads", DEBIAN + 'CMD ["uwsgi", "--master", "--http", ":80", "--wsgi-file", "a.py"]\n', "uwsgi", "yes", "no"),
    Case("tail", DEBIAN + 'CMD ["tail", "-f", "/dev/null"]\n', "tail", "no", "no", children="no"),
    Case("supervisord", DEBIAN + 'CMD ["supervisord", "-n"]\n', "supervisord", "yes", "yes"),
    Case("a Go program of an earlier stage", 'FROM golang:1.22 AS build\nWORKDIR /src\nCOPY . .\n'
         'RUN CGO_ENABLED=0 go build -o /out/server ./cmd\nFROM scratch\nCOPY --from=build /out/server /server\n'
         'ENTRYPOINT ["/server"]\n', "server", "no", "yes", sure=False),
    Case("an unknown image is copied over the base", "FROM node:22\nCOPY --from=example.org/thing / /\n"
         'CMD ["node", "/app.js"]\n', "node", "no", "unknown", sure=False),
    # Shell form under different shells.
    Case("Debian's sh -c never execs", DEBIAN + "CMD redis-server\n", "sh", "while-waiting", "no"),
    Case("apt on Alpine", ALPINE + 'RUN apt -y install redis\nCMD ["redis-server"]\n', "redis-server", "no", "yes", sure=False),
    Case("busybox ash execs", ALPINE + "CMD redis-server\n", "redis-server", "no", "yes"),
    Case("busybox ash before 1.28 stays", "FROM alpine:3.7\nCMD redis-server\n", "sh", "while-waiting", "no"),
    Case("bash as sh execs a simple command", ROCKY + "CMD redis-server\n", "redis-server", "no", "yes"),
    Case("bash as sh stays with a redirection", ROCKY + "CMD redis-server > /var/log/x\n", "sh", "while-waiting", "no"),
    Case("exec", DEBIAN + "CMD exec redis-server --port $PORT\n", "redis-server", "no", "yes"),
    Case("cd && exec", DEBIAN + "CMD cd /srv && exec redis-server\n", "redis-server", "no", "yes"),
    Case("SHELL bash", DEBIAN + 'SHELL ["/bin/bash", "-c"]\nCMD redis-server\n', "redis-server", "no", "yes"),
    Case("sh linked to bash", DEBIAN + "RUN ln -sf bash /bin/sh\nCMD redis-server\n", "redis-server", "no", "yes"),
    Case("sh -c in JSON", DEBIAN + 'CMD ["sh", "-c", "redis-server"]\n', "sh", "while-waiting", "no"),
    Case("bash -c in JSON", DEBIAN + 'CMD ["bash", "-c", "redis-server"]\n', "redis-server", "no", "yes"),
    Case("a pipeline", DEBIAN + "CMD exec redis-server | tee /log\n", "sh", "while-waiting", "no"),
    # Scripts.
    Case("a script without exec", DEBIAN + 'COPY s.sh /\nCMD ["/s.sh"]\n', "sh", "while-waiting", "no",
         {"s.sh*": "#!/bin/sh\nset -e\nmkdir -p /x\nredis-server\n"}),
    Case("a bash script without exec", DEBIAN + 'COPY s.sh /\nCMD ["/s.sh"]\n', "bash", "while-waiting", "no",
         {"s.sh*": "#!/bin/bash\nredis-server\n"}),
    Case("a script with exec", DEBIAN + 'COPY s.sh /\nCMD ["/s.sh"]\n', "redis-server", "no", "yes",
         {"s.sh*": "#!/bin/sh\nexec redis-server\n"}),
    Case('exec "$@"', DEBIAN + 'COPY s.sh /\nENTRYPOINT ["/s.sh"]\nCMD ["redis-server"]\n', "redis-server", "no", "yes",
         {"s.sh*": '#!/bin/sh\nset -e\nexec "$@"\n'}),
    Case('"$@" alone stays', DEBIAN + 'COPY s.sh /\nENTRYPOINT ["/s.sh"]\nCMD ["redis-server"]\n', "sh",
         "while-waiting", "no", {"s.sh*": '#!/bin/sh\n"$@"\n'}),
    Case("a step down with gosu and back", DEBIAN + 'COPY e.sh /usr/local/bin/\nENTRYPOINT ["e.sh"]\nCMD ["redis-server"]\n',
         "redis-server", "no", "yes",
         {"e.sh*": '#!/bin/sh\nset -e\nif [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then\n'
                   '  exec gosu redis "$0" "$@"\nfi\nexec "$@"\n'}),
    Case("options get the program in front", DEBIAN + 'COPY e.sh /\nENTRYPOINT ["/e.sh"]\nCMD ["--port", "1"]\n',
         "redis-server", "no", "yes",
         {"e.sh*": '#!/bin/sh\nif [ "${1#-}" != "$1" ]; then\n  set -- redis-server "$@"\nfi\nexec "$@"\n'}),
    Case("a trap that forwards and waits twice", DEBIAN + 'COPY s.sh /\nCMD ["/s.sh"]\n', "sh", "while-waiting", "yes",
         {"s.sh*": "#!/bin/sh\ntrap 'kill -TERM $pid' TERM\nredis-server &\npid=$!\nwait $pid\nwait $pid\n"}),
    Case("a trap that forwards and waits once", DEBIAN + 'COPY s.sh /\nCMD ["/s.sh"]\n', "sh", "while-waiting", "no",
         {"s.sh*": "#!/bin/sh\ntrap 'kill -TERM $pid' TERM\nredis-server &\npid=$!\nwait $pid\n"}),
    Case("an endless loop", DEBIAN + 'COPY s.sh /\nCMD ["/s.sh"]\n', "sh", "while-waiting", "no",
         {"s.sh*": "#!/bin/sh\nwhile true; do\n  sleep 1\ndone\n"}),
    Case("a loop that an unknown word may leave", DEBIAN + 'COPY s.sh /\nCMD ["/s.sh"]\n', "sh", "while-waiting", "no",
         {"s.sh*": '#!/bin/sh\nwhile true; do\n  case "$(cat /run/secrets/x)" in\n    a) echo a ;;\n    *) exit 1 ;;\n  esac\n'
                   "  sleep 1\ndone\n"}, sure=False),
    # Inits.
    Case("tini in front", DEBIAN + 'RUN apt-get update && apt-get install -y tini\nENTRYPOINT ["/usr/bin/tini", "--"]\n'
         'CMD ["sleep", "infinity"]\n', "tini", "yes", "yes"),
    Case("tini in front of a script that stays", DEBIAN + "RUN apt-get update && apt-get install -y tini\nCOPY s.sh /\n"
         'ENTRYPOINT ["tini", "--", "/s.sh"]\n', "tini", "yes", "no", {"s.sh*": "#!/bin/sh\nredis-server\n"}),
    Case("tini -g reaches behind the script, but not for long", DEBIAN + "RUN apt-get update && apt-get install -y tini\nCOPY s.sh /\n"
         'ENTRYPOINT ["tini", "-g", "--", "/s.sh"]\n', "tini", "yes", "no", {"s.sh*": "#!/bin/sh\nredis-server\n"}),
    Case("dumb-init signals the group, and ends with the shell", DEBIAN + "RUN apt-get update && apt-get install -y dumb-init\nCOPY s.sh /\n"
         'ENTRYPOINT ["dumb-init", "--", "/s.sh"]\n', "dumb-init", "yes", "no", {"s.sh*": "#!/bin/sh\nredis-server\n"}),
    Case("dumb-init --single-child doesn't", DEBIAN + "RUN apt-get update && apt-get install -y dumb-init\nCOPY s.sh /\n"
         'ENTRYPOINT ["dumb-init", "-c", "--", "/s.sh"]\n', "dumb-init", "yes", "no",
         {"s.sh*": "#!/bin/sh\nredis-server\n"}),
    Case("my_init starts its services", 'FROM phusion/baseimage:noble-1.0.3\nCMD ["/sbin/my_init"]\n', "my_init", "yes", "yes"),
    Case("an init as a script's interpreter", DEBIAN + "RUN apt-get update && apt-get install -y dumb-init\nCOPY s.sh /\n"
         'CMD ["/s.sh", "redis-server"]\n', "dumb-init", "yes", "yes",
         {"s.sh*": '#!/usr/bin/dumb-init /bin/sh\nset -e\nexec "$@"\n'}),
    Case("supervisord with nodaemon=true", DEBIAN + 'COPY s.conf /etc/\nCMD ["supervisord", "-c", "/etc/s.conf"]\n',
         "supervisord", "yes", "yes", {"s.conf": "[supervisord]\nnodaemon=true\n"}, sure=False),
    Case("supervisord in the background", DEBIAN + 'COPY s.conf /etc/\nCMD ["supervisord", "-c", "/etc/s.conf"]\n',
         "none", "unknown", "unknown", {"s.conf": "[supervisord]\n;nodaemon=true\n"}, sure=True),
    Case("the official php-fpm stays in the foreground", "FROM php:8.3-fpm\nCMD php-fpm && nginx -g 'daemon off;'\n", "sh",
         "while-waiting", "no", sure=True),
    Case("the official php-fpm with another configuration", 'FROM php:8.3-fpm\nCOPY php-fpm.conf /usr/local/etc/\n'
         'CMD ["php-fpm"]\n', "php-fpm", "yes", "yes", {"php-fpm.conf": "[global]\ndaemonize = yes\n"}, sure=False),
    Case("another php-fpm may go to the background", ALPINE + "CMD php-fpm && nginx -g 'daemon off;'\n", "nginx", "yes",
         "yes", sure=False),
    Case("flask run", 'FROM python:3.12\nCMD ["flask", "run"]\n', "flask", "no", "no"),
    Case("flask run with the reloader of FLASK_DEBUG", 'FROM python:3.12\nENV FLASK_DEBUG=1\nCMD ["flask", "run"]\n',
         "flask", "no", "no", children="unknown", sure=True),
    Case("a base whose version is left open", "ARG V\nFROM php:$V-alpine\nRUN apk add supervisor\n"
         'ENTRYPOINT ["supervisord", "-n"]\n', "supervisord", "yes", "yes", sure=False),
    Case("a server that the script goes on after", DEBIAN + 'COPY s.sh /\nENTRYPOINT ["/s.sh"]\n', "sh", "while-waiting",
         "no", {"s.sh*": '#!/bin/sh\nredis-server &\npython3 /opt/server.py --port 80\nexec "$@"\n'}, sure=False),
    Case("Tomcat's script becomes the JVM", 'FROM eclipse-temurin:21\nCMD ["catalina.sh", "run"]\n', "java", "no", "yes",
         sure=False),
    Case("tini behind a shell", DEBIAN + "RUN apt-get update && apt-get install -y tini\nENTRYPOINT tini -- redis-server\n",
         "sh", "while-waiting", "no"),
    # Wrappers.
    Case("gosu execs", DEBIAN + 'CMD ["gosu", "app", "redis-server"]\n', "redis-server", "no", "yes"),
    Case("env execs", DEBIAN + 'CMD ["env", "A=1", "redis-server"]\n', "redis-server", "no", "yes"),
    Case("env with SIGCHLD ignored makes the kernel reap", DEBIAN + 'CMD ["env", "--ignore-signal=CHLD", "redis-server"]\n',
         "redis-server", "yes", "yes"),
    Case("bash hands an ignored SIGCHLD on", DEBIAN + 'COPY s.sh /\nCMD ["/s.sh"]\n', "redis-server", "yes", "yes",
         {"s.sh*": "#!/bin/bash\ntrap '' CHLD\nexec redis-server\n"}),
    Case("dash doesn't", DEBIAN + 'COPY s.sh /\nCMD ["/s.sh"]\n', "redis-server", "no", "yes",
         {"s.sh*": "#!/bin/sh\ntrap '' CHLD\nexec redis-server\n"}),
    Case("su -c stays", DEBIAN + 'CMD ["su", "app", "-c", "redis-server"]\n', "su", "no", "no"),
    Case("su -c exec passes it on", DEBIAN + 'CMD ["su", "app", "-c", "exec redis-server"]\n', "su", "no", "yes"),
    Case("coreutils' timeout stays", DEBIAN + 'CMD ["timeout", "60", "redis-server"]\n', "timeout", "no", "yes"),
    Case("busybox's timeout execs", ALPINE + 'CMD ["timeout", "60", "redis-server"]\n', "redis-server", "no", "yes"),
    Case("poetry run execs", 'FROM python:3.12\nCMD ["poetry", "run", "gunicorn", "a:a"]\n', "gunicorn", "yes", "yes"),
    Case("uv run stays and forwards", 'FROM python:3.12\nCMD ["uv", "run", "gunicorn", "a:a"]\n', "uv", "no", "yes"),
    Case("npm start under Debian's sh", 'FROM node:22\nCOPY package.json a.js ./\nCMD ["npm", "start"]\n', "npm", "no", "no",
         {"package.json": '{"scripts": {"start": "node a.js"}}', "a.js": "1"}),
    Case("npm start under busybox", 'FROM node:22-alpine\nCOPY package.json a.js ./\nCMD ["npm", "start"]\n', "npm", "no",
         "yes", {"package.json": '{"scripts": {"start": "node a.js"}}', "a.js": "1"}),
    # Nothing.
    Case("a tool image", "FROM debian:bookworm\nRUN apt-get update\n", "none", "unknown", "unknown"),
    Case("setsid as a session leader", DEBIAN + 'CMD ["setsid", "redis-server"]\n', "none", "unknown", "unknown"),
    Case("a job is left and the script ends", DEBIAN + 'COPY s.sh /\nCMD ["/s.sh"]\n', "none", "unknown", "unknown",
         {"s.sh*": "#!/bin/sh\nredis-server &\n"}),
    Case("an unknown base", "FROM ghcr.io/nobody/nothing:1\n", "unknown", "unknown", "unknown"),
    Case("an unknown program", DEBIAN + 'CMD ["/opt/thing/run"]\n', "unknown", "unknown", "unknown"),
    Case("a script that isn't executable", DEBIAN + 'COPY s.sh /\nCMD ["/s.sh"]\n', "none", "unknown", "unknown",
         {"s.sh": "#!/bin/sh\nexec redis-server\n"}),
]  # fmt: skip


def settle(folder: Path, case: Case) -> Outcome:
    (folder / "Dockerfile").write_text(case.dockerfile)
    for name, text in case.files.items():
        path = folder / name.rstrip("*")
        path.write_text(text)
        path.chmod(0o755 if name.endswith("*") else 0o644)
    files = HostFiles()
    examination = examine(files.source(str(folder / "Dockerfile")), files)
    return examination.subjects[-1].likely


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_likely_outcome_is_what_was_measured(case: Case, tmp_path: Path) -> None:
    """PID 1, reaping and stopping of each project agree with the measurement."""
    outcome = settle(tmp_path, case)
    assert (outcome.pid1, outcome.reaps, outcome.stops) == (case.pid1, case.reaps, case.stops), outcome.why
    if case.children is not None:
        assert outcome.children == case.children
    if case.sure is not None:
        assert outcome.sure == case.sure, outcome.why


def test_what_an_init_starts_stands_where_it_was_written(tmp_path: Path) -> None:
    """ENTRYPOINT names the init and CMD the program: each step has its own instruction."""
    dockerfile = 'FROM debian:bookworm\nENTRYPOINT ["tini", "--"]\nCMD ["redis-server"]\n'
    outcome = settle(tmp_path, Case("", dockerfile, "", "", ""))
    assert [link.cause.row for link in outcome.chain if link.cause is not None] == [2, 3]


def test_what_an_init_in_a_script_starts_stands_on_its_line(tmp_path: Path) -> None:
    """`exec tini -- server` in a script: both steps are caused by that line."""
    case = Case("", DEBIAN + 'RUN apt-get update && apt-get install -y tini\nCOPY s.sh /\nCMD ["/s.sh"]\n', "", "", "",
                {"s.sh*": "#!/bin/sh\n\nexec tini -- redis-server\n"})  # fmt: skip
    outcome = settle(tmp_path, case)
    places = [(link.program, link.cause.row) for link in outcome.chain if link.cause is not None]
    assert places == [("s.sh", 4), ("tini", 3), ("redis-server", 3)]


def test_a_reason_has_a_subject(tmp_path: Path) -> None:
    """Facts say "it is …", "waits …" or name another subject: the sentence is whole in any case."""
    assert sentence("apache2ctl", "it is a shell script") == "apache2ctl is a shell script"
    assert sentence("nginx", "waits for every child") == "nginx waits for every child"
    assert sentence("npm", "node waits only for its own") == "npm: node waits only for its own"
    assert sentence("python3", "python waits only for its own") == "python waits only for its own"


def test_a_base_s_script_starts_itself_again_by_its_path(tmp_path: Path) -> None:
    """`exec gosu postgres "$BASH_SOURCE" "$@"`: the kernel gave the interpreter the path that was found."""
    outcome = settle(tmp_path, Case("", "FROM postgres:18\n", "", "", ""))
    assert [link.argv for link in outcome.chain][:2] == [
        ("docker-entrypoint.sh", "postgres"),
        ("gosu", "postgres", "/usr/local/bin/docker-entrypoint.sh", "postgres"),
    ]


def test_a_script_of_another_version_is_said_to_be_one(tmp_path: Path) -> None:
    """What is told of an old tag was read in a newer one's script."""
    old = settle(tmp_path, Case("", "FROM postgres:11.1\n", "", "", ""))
    assert any("docker-entrypoint.sh#L" in why and "another commit" in why for why in old.why), old.why
    new = settle(tmp_path, Case("", "FROM postgres:18\n", "", "", ""))
    assert not any("another commit" in why for why in new.why)


def test_a_job_before_exec_is_a_child_of_the_program(tmp_path: Path) -> None:
    """`worker & exec server`: the outcome carries the job, and children are a yes."""
    case = Case("", DEBIAN + 'COPY s.sh /\nCMD ["/s.sh"]\n', "redis-server", "no", "yes",
                {"s.sh*": "#!/bin/sh\nworker &\nexec redis-server\n"})  # fmt: skip
    outcome = settle(tmp_path, case)
    assert outcome.pid1 == "redis-server"
    assert [job.argv for _, job in outcome.jobs] == [("worker",)]
    assert outcome.children == "yes"


@pytest.mark.parametrize(
    ("reference", "sure"),
    [
        ("python:3.12", True),
        ("python:3.99", False),
        ("python:4", False),
        ("python:3.12-foo", False),
        ("node:99", False),
        ("ruby:9", False),
        ("golang:9.99-alpine", False),
        ("php:99-fpm", False),
        ("redis:99", False),
        ("ubuntu:99.04", False),
        ("python@sha256:" + "0" * 64, True),
    ],
)
def test_a_version_that_no_fact_was_read_for_is_not_sure(reference: str, sure: bool, tmp_path: Path) -> None:
    """Also where the Dockerfile says all of the start itself: which programs are there is the image's."""
    outcome = settle(tmp_path, Case("", f'FROM {reference}\nENTRYPOINT ["sleep"]\nCMD ["9"]\n', "", "", ""))
    assert outcome.sure == sure, outcome.why
    assert sure or any("read for" in why and f"not for {reference}" in why for why in outcome.why)
