"""The table of programs: what a look-up by argv answers."""

from __future__ import annotations

import shlex
from importlib import import_module

import pytest

from initlint.facts import ProgramFact
from initlint.facts.programs import (
    INITS,
    canonical,
    is_init,
    lookup,
    runtime,
    with_handler,
    with_reaper,
    with_sigchld_ignored,
)
from initlint.facts.programs._index import INDEX
from initlint.facts.programs.options import CHOOSERS

MODULES = sorted(set(INDEX.values()))


def fact(command: str) -> ProgramFact:
    found = lookup(shlex.split(command))
    assert found is not None, command
    return found


def all_facts() -> list[tuple[str, str, ProgramFact]]:
    return [
        (module, key, row)
        for module in MODULES
        for key, row in import_module(f"initlint.facts.programs.{module}").FACTS.items()
    ]


@pytest.mark.parametrize(
    ("command", "kind", "reaps", "sigterm"),
    [
        # Inits
        ("tini -- app", "init", "yes", "forwards"),
        ("/usr/bin/tini-static -g -- app", "init", "yes", "forwards"),
        ("dumb-init app", "init", "yes", "forwards"),
        ("catatonit -- app", "init", "yes", "forwards"),
        ("catatonit -P", "init", "yes", "exits"),
        ("/pause", "init", "yes", "exits"),
        ("s6-svscan /etc/s6", "init", "yes", "forwards"),
        ("/sbin/my_init", "init", "yes", "forwards"),
        ("/lib/systemd/systemd", "init", "yes", "reloads"),
        ("busybox init", "init", "yes", "forwards"),
        # Shells
        ("sh -c app", "shell", "while-waiting", "ignored"),
        ("/bin/bash -lc app", "shell", "while-waiting", "ignored"),
        ("dash start.sh", "shell", "while-waiting", "ignored"),
        ("busybox sh -c app", "shell", "while-waiting", "ignored"),
        # Supervisors
        ("supervisord -n -c /etc/supervisord.conf", "supervisor", "yes", "forwards"),
        ("runsvdir -P /etc/service", "supervisor", "no", "kills"),
        ("monit -I", "supervisor", "no", "exits"),
        ("honcho start", "supervisor", "no", "forwards"),
        ("foreman start", "supervisor", "no", "forwards"),
        ("nodemon app.js", "supervisor", "no", "kills"),
        # Servers
        ("nginx -g 'daemon off;'", "server", "yes", "exits"),
        ("apache2 -DFOREGROUND", "server", "yes", "exits"),
        ("httpd -D FOREGROUND", "server", "yes", "exits"),
        ("apache2 -X", "server", "no", "exits"),
        ("php-fpm8.2 -F", "server", "yes", "exits"),
        ("php-fpm81 --nodaemonize", "server", "yes", "exits"),
        ("/usr/lib/postgresql/15/bin/postgres -D /data", "server", "yes", "exits"),
        ("mariadbd", "server", "no", "exits"),
        ("mysqld", "server", "no", "exits"),
        ("redis-server /etc/redis.conf", "server", "no", "exits"),
        ("memcached -u nobody", "server", "no", "exits"),
        ("/usr/sbin/sshd -De", "server", "yes", "exits"),
        ("cron -f", "server", "yes", "ignored"),
        ("crond -f -l 2", "server", "no", "ignored"),
        ("haproxy -W -db -f haproxy.cfg", "server", "yes", "exits"),
        ("haproxy -db -f haproxy.cfg", "server", "no", "ignored"),
        ("vsftpd vsftpd.conf", "server", "no", "ignored"),
        # Application servers
        ("gunicorn -w 4 app:app", "server", "yes", "exits"),
        ("python -m gunicorn app:app", "server", "yes", "exits"),
        ("python3 /usr/local/bin/gunicorn app:app", "server", "yes", "exits"),
        ("uvicorn app:app", "server", "no", "exits"),
        ("python -um uvicorn app:app --reload", "server", "no", "exits"),
        ("uwsgi --http :80 --wsgi-file app.py", "server", "no", "exits"),
        ("uwsgi --master --http :80", "server", "yes", "reloads"),
        ("uwsgi --master --die-on-term --http :80", "server", "yes", "exits"),
        ("waitress-serve app:app", "server", "no", "ignored"),
        ("celery -A app worker", "server", "no", "exits"),
        ("celery -A app worker --pool=solo", "server", "no", "exits"),
        ("celery -A app beat", "server", "no", "exits"),
        ("flask --app app run", "server", "no", "ignored"),
        ("flask --app app run --debug", "server", "no", "kills"),
        ("python manage.py runserver 0.0.0.0:8000", "server", "no", "kills"),
        ("./manage.py runserver --noreload", "server", "no", "ignored"),
        ("python -m http.server", "server", "no", "ignored"),
        ("puma -w 2", "server", "no", "exits"),
        ("unicorn config.ru", "server", "yes", "exits"),
        ("bin/rails s -b 0.0.0.0", "server", "no", "exits"),
        # Runtimes
        ("/usr/local/bin/python3.11 -u app.py", "runtime", "no", "ignored"),
        ("python app.py", "runtime", "no", "ignored"),
        ("node18 server.js", "runtime", "no", "ignored"),
        ("nodejs server.js", "runtime", "no", "ignored"),
        ("ruby3.1 app.rb", "runtime", "no", "exits"),
        ("perl app.pl", "runtime", "no", "ignored"),
        ("php app.php", "runtime", "no", "ignored"),
        ("php8.2 -d memory_limit=1G -S 0.0.0.0:80", "server", "no", "ignored"),
        ("java -jar app.jar", "runtime", "no", "exits"),
        ("erl -noshell", "runtime", "yes", "exits"),
        ("deno run -A main.ts", "runtime", "no", "exits"),
        ("bun index.ts", "runtime", "no", "ignored"),
        ("traefik --providers.docker", "server", "no", "exits"),
        # The rest
        ("tail -f /dev/null", "other", "no", "ignored"),
        ("sleep infinity", "other", "no", "ignored"),
    ],
)
def test_a_start_command_gives_the_behaviour_of_its_program(command: str, kind: str, reaps: str, sigterm: str) -> None:
    """Name, version, path, interpreter and options lead to one fact."""
    found = fact(command)
    assert (found.kind, found.reaps, found.effects["SIGTERM"]) == (kind, reaps, sigterm)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "no-such-program",
        "httpd-foreground",
        "apache2-foreground",
        "docker-entrypoint.sh nginx",
        "go",
        "c",
        "rust",
        "nginx -t",
        "haproxy -c -f haproxy.cfg",
        "flask db upgrade",
        "celery -A app shell",
        "busybox httpd -f",
        "tail /etc/hosts",
        "npm start",
    ],
)
def test_a_program_without_a_fact_gives_nothing(command: str) -> None:
    """Scripts, wrappers, one-shot commands and strangers aren't guessed at."""
    assert lookup(shlex.split(command)) is None


@pytest.mark.parametrize(
    ("command", "background"),
    [
        ("rsyslogd -dn -f /etc/x.conf", False),
        ("nginx", None),
        ("php-fpm", None),
        ("supervisord -c supervisord.conf", None),
        ("cron", True),
        ("sshd", True),
        ("sshd -oUseDNS=no", True),
        ("apache2 -k start", True),
        ("redis-server --daemonize yes", True),
        ("redis-server --daemonize no", False),
        ("gunicorn -D app:app", True),
        ("pm2 start app.js", True),
        ("nginx -g 'daemon  off; error_log stderr;'", False),
    ],
)
def test_it_says_which_programs_leave_the_foreground(command: str, background: bool | None) -> None:
    """None stands where a configuration file decides; none of these counts as measured unless it stays."""
    found = fact(command)
    assert found.background is background
    assert found.measured is (background is False)


@pytest.mark.parametrize(
    ("command", "children"),
    [
        ("cron -f", "yes"),
        ("sshd -D", "yes"),
        ("java -jar /usr/share/jenkins/jenkins.war", "yes"),
        ("jupyter lab", "yes"),
        ("google-chrome --headless", "yes"),
        ("gitlab-runner run", "yes"),
        ("java -jar app.jar", "unknown"),
        ("node server.js", "unknown"),
        ("redis-server", "unlikely"),
        ("nginx -g 'daemon off;'", "unlikely"),
        ("memcached", "no"),
        ("sleep infinity", "no"),
    ],
)
def test_children_are_evident_only_where_the_program_is_for_starting_others(command: str, children: str) -> None:
    """An interpreter's program decides, a cache starts nothing."""
    assert fact(command).children == children


@pytest.mark.parametrize(
    "command", ["dotnet App.dll", "uwsgi --ini app.ini", "crond -n", "google-chrome", "supervisord"]
)
def test_a_known_program_of_unknown_behaviour_says_so(command: str) -> None:
    """Its kind is known, its reaping and signals aren't, and it isn't called measured."""
    found = fact(command)
    assert (found.reaps, found.effects, found.measured) == ("unknown", {}, False)


def test_what_is_carried_over_from_a_runtime_is_not_called_measured() -> None:
    """A Go server, a module of Python's and a node tool lower `sure`, and name what was measured."""
    for command, word in (
        ("traefik", "Go 1.19.8"),
        ("python3 -m foo", "3.11.2"),
        ("node_modules/.bin/next", "node 20"),
    ):
        found = fact(command)
        assert not found.measured
        assert word in found.source


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("/init", False),  # what was installed decides
        ("/sbin/init", True),
        ("tini", True),
        ("/usr/local/bin/dumb-init", True),
        ("docker-init -- app", True),
        ("python3 /pyinit.py -- app", True),
        ("busybox init", True),
        ("runsvdir /etc/service", True),
        ("busybox sh", False),
        ("supervisord -n", False),
        ("bash", False),
    ],
)
def test_inits_are_told_from_other_programs(command: str, expected: bool) -> None:
    """By name, path or argv, through an interpreter and busybox."""
    argv = shlex.split(command)
    assert is_init(argv) is expected
    if len(argv) == 1:
        assert is_init(command) is expected


def test_every_init_but_the_unmeasured_runit_has_a_fact() -> None:
    """`is_init` and `lookup` know the same programs."""
    assert {name for name in INITS if name not in INDEX} == {"runit", "runit-init", "s6-linux-init"}


def test_late_and_fatal_reaping_counts_as_none_and_says_why() -> None:
    """What reaps sometimes, or dies of an orphan, is "no" with the reason."""
    assert "late" in fact("runsvdir /etc/service").reaps_why
    assert "crashes" in fact("vsftpd").reaps_why
    assert "background save" in fact("redis-server").reaps_why


def test_other_stop_signals_are_kept() -> None:
    """SIGINT ends Python, SIGQUIT nginx, SIGUSR1 haproxy; nothing ends node."""
    assert fact("python3 app.py").effects["SIGINT"] == "exits"
    assert fact("nginx -g 'daemon off;'").own_stop_signal == "SIGQUIT"
    assert fact("haproxy -db").effects["SIGUSR1"] == "exits"
    assert set(fact("node app.js").effects.values()) == {"ignored"}


def test_a_handler_in_the_program_makes_the_signal_arrive() -> None:
    """Only that signal changes; reaping stays as it was."""
    plain = fact("node app.js")
    handled = with_handler(plain)
    assert (handled.effects["SIGTERM"], handled.effects["SIGINT"]) == ("exits", "ignored")
    assert (handled.reaps, handled.handles_term) == ("no", True)
    assert plain.effects["SIGTERM"] == "ignored"
    assert with_handler(plain, "SIGINT").handles_term is False


def test_a_program_that_waits_for_all_children_reaps() -> None:
    """One wait a signal isn't enough, and only what was run counts as measured."""
    python = fact("python3 app.py")
    assert with_reaper(python, "ignores").reaps == "yes"
    assert with_reaper(python, "waits-for-all").measured
    assert not with_reaper(fact("node app.js"), "waits-for-all").measured
    assert with_reaper(runtime("c"), "waits-once").reaps == "no"


@pytest.mark.parametrize(
    ("command", "reaps"),
    [
        ("python3 app.py", "yes"),
        ("redis-server", "yes"),
        ("uvicorn app:app", "yes"),
        ("deno run main.ts", "yes"),
        ("node app.js", "no"),
        ("ruby app.rb", "no"),
        ("perl app.pl", "no"),
        ("java -jar app.jar", "unknown"),
        ("mosquitto", "unknown"),
        ("nginx -g 'daemon off;'", "yes"),
    ],
)
def test_sigchld_ignored_at_the_start_helps_those_that_leave_it_so(command: str, reaps: str) -> None:
    """What `env --ignore-signal=CHLD` does to a program depends on its runtime."""
    assert with_sigchld_ignored(fact(command)).reaps == reaps


@pytest.mark.parametrize(
    ("argv0", "name"),
    [
        ("python3.13t", "python3"),
        ("python2.7", "python2"),
        ("python", "python3"),
        ("php8.2", "php"),
        ("php-fpm8.2", "php-fpm"),
        ("php81-fpm", "php-fpm"),
        ("lua5.4", "lua"),
        ("uwsgi_python3", "uwsgi"),
        ("dumb-init_1.2.5_x86_64", "dumb-init"),
        ("-bash", "bash"),
        ("pythonista", "pythonista"),
        ("s6-svscan", "s6-svscan"),
    ],
)
def test_versions_are_taken_off_a_name(argv0: str, name: str) -> None:
    """And nothing else is."""
    assert canonical([argv0]) == name


def test_every_fact_has_a_source_and_says_why() -> None:
    """A fact without its source couldn't be checked by anyone."""
    for module, key, row in all_facts():
        assert row.source, (module, key)
        assert row.reaps_why, (module, key)
        assert row.children_why, (module, key)
        assert row.measured == row.source.startswith("measured "), (module, key)
        assert not row.measured or row.version, (module, key)
        assert not row.measured or row.effects, (module, key)


def test_the_index_leads_to_every_fact() -> None:
    """Each row's name stands in the index, under the module that holds the row."""
    for module, key, _ in all_facts():
        if not key.startswith("<"):
            assert INDEX[key if key in INDEX else key.split(" ")[0]] == module, key
    assert list(INDEX) == sorted(INDEX)


def test_no_option_leads_to_a_row_that_is_missing() -> None:
    """Whatever the arguments, a chooser names a row or says that there is none."""
    words = [
        "-f",
        "-F",
        "-D",
        "-n",
        "-N",
        "-W",
        "-db",
        "-X",
        "-d",
        "-P",
        "-g",
        "-s",
        "-I",
        "-i",
        "-S",
        "--master",
        "--die-on-term",
        "--reload",
        "--workers=2",
        "-P",
        "solo",
        "threads",
        "gevent",
        "worker",
        "beat",
        "run",
        "start",
        "start-fg",
        "runserver",
        "--noreload",
        "--debug",
        "--daemon",
        "--no-daemon",
        "artisan",
        "server",
        "daemon",
        "auto-restart",
        "--single-child",
        "--foreground",
        "-DFOREGROUND",
    ]
    for name, chooser in CHOOSERS.items():
        rows = import_module(f"initlint.facts.programs.{INDEX[name]}").FACTS
        for args in ([], *([word] for word in words), *([first, second] for first in words for second in words)):
            variant = chooser(args)
            assert variant is None or f"{name} {variant}".strip() in rows, (name, args, variant)
