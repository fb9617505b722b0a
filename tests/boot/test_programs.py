"""Programs at the end of a chain: which commands end, which program an interpreter reads, package.json."""

from __future__ import annotations

import pytest

from initlint.boot import interpreters, package_json, programs
from initlint.boot.model import Environment, Opaque
from initlint.boot.source_facts import SourceFacts
from initlint.facts import programs as program_table
from initlint.rootfs import Absent

from .fakes import FakeRoot

ENDS = """
true | mkdir -p /data | sleep 5 | sleep 0.5 | sleep 1m | tail -n 5 log | python manage.py migrate | rails db:prepare
./manage.py collectstatic --noinput | php artisan config:cache | npm install | pg_isready -h db | nc -z db 5432
wait-for-it.sh db:5432 -t 30 | dockerize -wait tcp://db:5432 -timeout 30s | git clone URL | make build | node --version
consul --help x | postgres -C data_directory | mysqld --initialize-insecure | timeout 30 tail -f log | su-exec app mkdir x
nginx -g x --help | service cron start | env FOO=1 mkdir x | busybox mkdir x | crond | confd -onetime | ping -c1 db
alembic upgrade head | flask db upgrade | composer install | supervisorctl reread | env | rsync a b
"""
KEEPS = """
watch -n 60 date
tail -f log | tail -F log | sleep infinity | sleep 1d | gunicorn app | nginx -g 'daemon off;' | npm start | cron -f
env FOO=1 gunicorn app | wait-for-it.sh db:5432 -- gunicorn app | su-exec app redis-server | mysqld | postgres
bundle exec puma | git daemon | airflow scheduler | airflow celery worker | containerd --log-level info | timeout 0 tail -f log
"""
OPEN = """
watch -g date
python app.py | node server.js | ./start | make run | dockerize -wait tcp://db:5432 ./start | nc -l 80 | confd
env FOO=1 node server.js | xargs ./start | airflow upgradedb | airflow scheduler -D | containerd config default | composer serve | java -jar app.jar
"""


def _lines(text: str) -> list[tuple[str, ...]]:
    import shlex

    return [tuple(shlex.split(part)) for line in text.strip().splitlines() for part in line.split(" | ")]


@pytest.mark.parametrize("argv", _lines(ENDS), ids=" ".join)
def test_commands_that_end(argv: tuple[str, ...]) -> None:
    """A script goes on behind them."""
    assert programs.keeps_running(argv) is False


@pytest.mark.parametrize("argv", _lines(KEEPS), ids=" ".join)
def test_commands_that_keep_running(argv: tuple[str, ...]) -> None:
    """What follows them in a script runs only when they are stopped."""
    assert programs.keeps_running(argv) is True


@pytest.mark.parametrize("argv", _lines(OPEN), ids=" ".join)
def test_commands_that_are_left_open(argv: tuple[str, ...]) -> None:
    """Their names don't tell."""
    assert programs.keeps_running(argv) is None


def test_unknown_words_leave_it_open() -> None:
    """A program that isn't known, and a time that isn't."""
    assert programs.keeps_running((Opaque("$X"),)) is None
    assert not programs.ends_by_itself(("sleep", Opaque("$X")))


def read(line: str, files: dict[str, str], **variables: str) -> programs.FoundProgram | Absent | str:
    words = tuple(line.split())
    invocation = interpreters.invocation(words[0], words)
    assert invocation is not None
    environment = Environment(dict(variables), True, "/app", "root")
    return programs.read_invocation(invocation, environment, FakeRoot({"/app/.keep": "", **files}))


FOUND = {
    "python app.py": "/app/app.py",
    "python sub/app.py": "/app/sub/app.py",
    "python /srv/app.py": "/srv/app.py",
    "python pkg": "/app/pkg/__main__.py",
    "python -m pkg": "/app/pkg/__main__.py",
    "python -m pkg.tool": "/app/pkg/tool.py",
    "node server": "/app/server.js",
    "node .": "/app/dist/main.js",
    "node lib": "/app/lib/index.js",
    "ruby app.rb": "/app/app.rb",
}


@pytest.mark.parametrize(("line", "path"), FOUND.items())
def test_finds_the_file_that_an_interpreter_runs(line: str, path: str) -> None:
    """As the interpreter itself looks for it: suffixes, folders, package.json's main file, modules."""
    files = dict.fromkeys(FOUND.values(), "") | {"/app/package.json": '{"main": "dist/main"}', "/app/server/x": ""}
    found = read(line, files)
    assert isinstance(found, programs.FoundProgram), found
    assert found.source.name == path.lstrip("/")


def test_pythonpath_is_searched() -> None:
    """Modules are found in its folders, relative ones from the current folder."""
    found = read("python -m tool", {"/app/src/tool.py": ""}, PYTHONPATH="src")
    assert isinstance(found, programs.FoundProgram)
    handler = "import signal\nsignal.signal(signal.SIGTERM, stop)"
    found = read("python a.py", {"/app/a.py": "import b", "/srv/b.py": handler}, PYTHONPATH="/srv")
    assert isinstance(found, programs.FoundProgram) and "SIGTERM" in found.facts.handled


def test_a_missing_script_is_absent_and_a_missing_module_only_unread() -> None:
    """`python -m x` may be a library that isn't seen."""
    assert isinstance(read("python gone.py", {}), Absent)
    assert isinstance(read("node gone.js", {}), Absent)
    assert isinstance(read("python -m gone", {}), str)


def test_what_a_program_becomes_gets_its_arguments() -> None:
    """An entry program in Python hands its own arguments on."""
    text = "import os, sys\nos.execvp(sys.argv[1], sys.argv[1:])"
    found = read("python entry.py gunicorn app", {"/app/entry.py": text})
    assert isinstance(found, programs.FoundProgram) and found.facts.execs == ("gunicorn", "app")


def test_a_programs_own_handlers_change_its_runtimes_fact() -> None:
    """Handled signals end it, ignored ones don't; an unread library keeps it open."""
    python = program_table.lookup(["python3", "app.py"])
    assert python is not None
    handled, _, open_ = programs.program_facts(python, SourceFacts("no", handled={"SIGTERM": "x"}))
    assert handled.effects["SIGTERM"] == "exits" and open_ == ""
    ignored, _, _ = programs.program_facts(python, SourceFacts("no", ignored=("SIGINT",)))
    assert ignored.effects["SIGINT"] == "ignored"
    _, _, open_ = programs.program_facts(python, SourceFacts("no", handlers_known=False, why=("not read: thing",)))
    assert open_ == "not read: thing"


APPS = {
    ("uvicorn", "app.main:app", "--host", "::", "--port", "80"): "/app/app/main.py",
    ("uvicorn", "--app-dir", "src", "main:app"): "/app/src/main.py",
    ("hypercorn", "--bind", "0.0.0.0:80", "main:app"): "/app/main.py",
    ("daphne", "-b", "0.0.0.0", "-e", "tcp:80", "site.asgi:application"): "/app/site/asgi.py",
    ("waitress-serve", "--call", "main:create"): "/app/main.py",
    ("flask", "run"): "/app/app.py",
    ("flask", "--app", "web", "run"): "/app/web/__init__.py",
    ("celery", "-A", "proj", "worker"): "/app/proj/celery.py",
    ("celery", "-Aproj", "worker"): "/app/proj/celery.py",
    ("streamlit", "run", "ui.py"): "/app/ui.py",
}


@pytest.mark.parametrize(("argv", "path"), APPS.items(), ids=[" ".join(argv) for argv in APPS])
def test_reads_the_application_behind_a_server(argv: tuple[str, ...], path: str) -> None:
    """Its children count; its handlers and its `__main__` block don't."""
    text = "import os\nos.system('worker &')\nif __name__ == '__main__':\n    import signal\n    signal.signal(15, x)"
    facts = programs.app_source_facts(argv, Environment({}, True, "/app", "root"), FakeRoot({path: text}))
    assert facts is not None and facts.children == "yes" and not facts.handled


def test_an_unseen_application_says_nothing() -> None:
    """No file, no module named, or an unknown folder."""
    root = FakeRoot({"/app/main.py": ""})
    here = Environment({}, True, "/app", "root")
    assert programs.app_source_facts(("uvicorn", "gone:app"), here, root) is None
    assert programs.app_source_facts(("uvicorn", "--host", "0.0.0.0"), here, root) is None
    assert programs.app_source_facts(("uvicorn", "main:app"), here._replace(cwd=None), root) is None
    assert programs.app_source_facts(("redis-server",), here, root) is None


PACKAGE = '{"name": "node a.js", "scripts": {"dev": "node a.js", "start" : "node a.js", "test": "x \\"y\\""}}'


def test_finds_a_script_line_and_its_place() -> None:
    """The span is that of the named script, although another has the same line."""
    found = package_json.script_line(FakeRoot({"/app/package.json": PACKAGE}), "/app", "start")
    assert isinstance(found, package_json.ScriptLine) and found.line == "node a.js"
    assert found.span is not None and found.span.text == "node a.js"
    assert found.span.start > PACKAGE.index('"start"')


@pytest.mark.parametrize(
    ("files", "folder"),
    [({}, "/app"), ({"/app/package.json": "{"}, "/app"), ({"/app/package.json": "[]"}, "/app"), ({}, None)],
)
def test_says_why_a_script_line_cannot_be_told(files: dict[str, str], folder: str | None) -> None:
    """A missing, broken or odd package.json, and an unknown folder."""
    assert isinstance(package_json.script_line(FakeRoot(files), folder, "start"), str)


def test_npms_default_start_needs_its_file() -> None:
    """Without a start script npm runs server.js, if it is there."""
    empty = {"/app/package.json": "{}"}
    assert isinstance(package_json.script_line(FakeRoot(empty), "/app", "start"), str)
    found = package_json.script_line(FakeRoot({**empty, "/app/server.js": ""}), "/app", "start")
    assert found == package_json.ScriptLine("node server.js", None)
