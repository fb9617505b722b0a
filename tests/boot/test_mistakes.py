"""Mistakes that a Python program makes with its own children: what is one, and what isn't or can't be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.boot.python_source import read_program
from initlint.boot.source_facts import SourceFacts
from initlint.configuration import CommandLine, Configurations
from initlint.linter import Report, check
from initlint.rootfs.directory import DirectoryRootFilesystem
from initlint.text import Source


def facts(folder: Path, app: str, **others: str) -> SourceFacts:
    for name, text in others.items():
        (folder / f"{name}.py").write_text(text)
    (folder / "app.py").write_text(app)
    rootfs = DirectoryRootFilesystem(str(folder))
    source = rootfs.read("/app.py")
    assert isinstance(source, Source)
    read = read_program(source, "/app.py", rootfs, cwd="/")
    assert read is not None
    return read


def mistakes(folder: Path, app: str, **others: str) -> list[tuple[str, int, bool]]:
    """Kind, row and whether it happens again and again."""
    read = facts(folder, "import os, signal, subprocess, sys, time\n" + app, **others)
    return [(mistake.kind, mistake.span.row, mistake.grows) for mistake in read.mistakes]


@pytest.mark.parametrize(
    "app",
    [
        "jobs = []\ndef work():\n    jobs.append(subprocess.Popen(['sync']))\nwhile True:\n    work()\n",
        "jobs = {}\ndef work(n):\n    jobs[n] = subprocess.Popen(['sync'])\nwhile True:\n    work(input())\n",
        (
            "def main():\n    jobs = []\n    while True:\n        job = subprocess.Popen(['sync'])\n        print(job.pid)\n"
            "        jobs.append(job)\nmain()\n"
        ),
        (
            "class Pool:\n    def __init__(self):\n        self.jobs = []\n    def start(self):\n"
            "        self.jobs.append(subprocess.Popen(['sync']))\npool = Pool()\nwhile True:\n    pool.start()\n"
        ),
        (
            "import threading\nstop = threading.Event()\njobs = []\nwhile not stop.wait(5):\n"
            "    jobs.append(subprocess.Popen(['sync']))\n"
        ),
        "while True:\n    os.posix_spawn('/bin/sync', ['sync'], os.environ)\n",
    ],
)
def test_children_that_pile_up(app: str, tmp_path: Path) -> None:
    assert [(kind, grows) for kind, _, grows in mistakes(tmp_path, app)] == [("never-waited", True)]


@pytest.mark.parametrize(
    "app",
    [
        "while True:\n    subprocess.Popen(['sync'])\n",
        "while True:\n    job = subprocess.Popen(['sync'])\n",
        "def work():\n    job = subprocess.Popen(['sync'])\n    print(job.pid)\nwhile True:\n    work()\n",
        "worker = subprocess.Popen(['sync'])\nwhile True:\n    time.sleep(9)\n",
        "while True:\n    jobs = []\n    for name in sys.argv:\n        jobs.append(subprocess.Popen([name]))\n",
        (
            "def batch():\n    jobs = []\n    for name in sys.argv:\n        jobs.append(subprocess.Popen([name]))\n"
            "while True:\n    batch()\n"
        ),
    ],
)
def test_handles_that_are_dropped_leave_few(app: str, tmp_path: Path) -> None:
    """subprocess looks at dropped handles whenever it starts a child: no heap of zombies, an info."""
    assert [(kind, grows) for kind, _, grows in mistakes(tmp_path, app)] == [("never-waited", False)]


@pytest.mark.parametrize(
    "app",
    [
        "while True:\n    subprocess.Popen(['sync']).wait()\n",
        "while True:\n    with subprocess.Popen(['sync']) as job:\n        print(job.pid)\n",
        "jobs = []\nwhile True:\n    jobs.append(subprocess.Popen(['sync']))\n    [job.poll() for job in jobs]\n",
        "jobs = []\nwhile True:\n    jobs.append(subprocess.Popen(['sync']))\n    for job in jobs:\n        job.communicate()\n",
        "jobs = []\nwhile True:\n    jobs.append(subprocess.Popen(['sync']))\n    jobs.pop(0)\n",
        "import library\njobs = []\nwhile True:\n    jobs.append(subprocess.Popen(['sync']))\n    library.look_after(jobs)\n",
        "import library\nwhile True:\n    library.look_after(subprocess.Popen(['sync']))\n",
        "def start():\n    return subprocess.Popen(['sync'])\n",
        "import atexit\njob = subprocess.Popen(['sync'])\natexit.register(job.wait)\ntime.sleep(9)\n",
        "import psutil\njobs = []\nwhile True:\n    jobs.append(subprocess.Popen(['sync']))\n",
        "from gevent import monkey\njobs = []\nwhile True:\n    jobs.append(subprocess.Popen(['sync']))\n",
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\nwhile True:\n    os.spawnlp(os.P_NOWAIT, 'sync', 'sync')\n",
        "while True:\n    os.spawnlp(os.P_WAIT, 'sync', 'sync')\n",
        "while True:\n    os.spawnlp(os.P_NOWAIT, 'sync', 'sync')\n    os.wait()\n",
        "jobs = []\ndef nobody_calls_this():\n    while True:\n        jobs.append(subprocess.Popen(['sync']))\n",
        (
            "import importlib\njobs = []\nimportlib.import_module(sys.argv[1])\nwhile True:\n"
            "    jobs.append(subprocess.Popen(['sync']))\n"
        ),
    ],
)
def test_no_finding_about_popen(app: str, tmp_path: Path) -> None:
    """What is waited for, dropped by other code, or may be waited for by code that isn't seen."""
    assert mistakes(tmp_path, app) == []


def test_another_module_waits(tmp_path: Path) -> None:
    app = "import reaper\njobs = []\nwhile True:\n    jobs.append(subprocess.Popen(['sync']))\n"
    reaper = "import os\ndef reap():\n    os.waitpid(-1, os.WNOHANG)\n"
    assert mistakes(tmp_path, app, reaper=reaper) == []


@pytest.mark.parametrize(
    ("app", "grows"),
    [
        ("while True:\n    pid = os.fork()\n    if pid == 0:\n        os._exit(0)\n", True),
        ("while True:\n    if not os.fork():\n        os.execvp('sync', ['sync'])\n", True),
        ("pid = os.fork()\nif pid < 0:\n    sys.exit(1)\nif pid:\n    time.sleep(99)\nelse:\n    os._exit(0)\n", False),
    ],
)
def test_fork_without_wait(app: str, grows: bool, tmp_path: Path) -> None:
    assert [(kind, again) for kind, _, again in mistakes(tmp_path, app)] == [("fork-without-wait", grows)]


@pytest.mark.parametrize(
    "app",
    [
        "while True:\n    pid = os.fork()\n    if pid == 0:\n        os._exit(0)\n    os.waitpid(pid, 0)\n",
        "for _ in range(3):\n    if os.fork() == 0:\n        break\ntime.sleep(9)\n",  # the children go on as well
        "if os.fork() == 0:\n    os._exit(0)\ntime.sleep(9)\nsys.exit(0)\n",  # the parent ends
        "if os.fork() == 0:\n    os.execvp('a', ['a'])\nelse:\n    os.execvp('b', ['b'])\n",
        "from os import fork, wait\nwhile True:\n    if fork() == 0:\n        os._exit(0)\n    wait()\n",
    ],
)
def test_no_finding_about_fork(app: str, tmp_path: Path) -> None:
    assert mistakes(tmp_path, app) == []


@pytest.mark.parametrize(
    "handler",
    [
        "def handler(*_):\n    os.wait()\n",
        "def handler(number, frame):\n    try:\n        os.waitpid(-1, os.WNOHANG)\n    except OSError:\n        pass\n",
        "handler = 1\ndef handler(number, frame):\n    pid, status = os.waitpid(0, os.WNOHANG)\n    print(pid)\n",
    ],
)
def test_handler_waits_once(handler: str, tmp_path: Path) -> None:
    app = handler + "signal.signal(signal.SIGCHLD, handler)\nsignal.pause()\n"
    assert [kind for kind, _, _ in mistakes(tmp_path, app)] == ["waits-once"]


@pytest.mark.parametrize(
    "handler",
    [
        "def handler(*_):\n    while os.waitpid(-1, os.WNOHANG)[0]:\n        pass\n",
        "def handler(*_):\n    for pid in list(pids):\n        os.waitpid(pid, os.WNOHANG)\n",
        "def handler(*_):\n    if os.waitpid(-1, os.WNOHANG)[0]:\n        handler()\n",
        "def handler(*_):\n    os.waitpid(child, 0)\n",
        "def handler(*_):\n    print('a child has ended')\n",
        "def reap():\n    while True:\n        os.waitpid(-1, os.WNOHANG)\ndef handler(*_):\n    os.waitpid(-1, 0)\n    reap()\n",
        "from elsewhere import handler\n",
    ],
)
def test_no_finding_about_a_handler(handler: str, tmp_path: Path) -> None:
    app = handler + "signal.signal(signal.SIGCHLD, handler)\nsignal.pause()\n"
    assert mistakes(tmp_path, app) == []


def test_daemonize_of_another_module(tmp_path: Path) -> None:
    app = "from tools import daemonize\ndef main():\n    daemonize()\n    time.sleep(9)\nif __name__ == '__main__':\n    main()\n"
    tools = (
        "import os, sys\ndef daemonize():\n    try:\n        pid = os.fork()\n        if pid > 0:\n            sys.exit(0)\n"
        "    except OSError as error:\n        print(error)\n        sys.exit(1)\n    os.setsid()\n"
    )
    assert [kind for kind, _, _ in mistakes(tmp_path, app, tools=tools)] == ["daemonizes"]


@pytest.mark.parametrize(
    "app",
    [
        "if len(sys.argv) > 1:\n    daemonize()\n",
        "if os.environ.get('FOREGROUND'):\n    serve()\nelse:\n    daemonize()\n",
        "os.environ.get('DAEMON') and daemonize()\n",
        "while True:\n    daemonize()\n",
        "def unused():\n    daemonize()\n",
    ],
)
def test_daemons_on_request(app: str, tmp_path: Path) -> None:
    """A program that daemonizes itself only sometimes isn't one that does."""
    start = "def serve():\n    time.sleep(9)\ndef daemonize():\n    if os.fork() > 0:\n        os._exit(0)\n"
    assert mistakes(tmp_path, start + app + "serve()\n") == []


@pytest.mark.parametrize(
    ("app", "argv"),
    [
        ("subprocess.call(['gunicorn', 'app:app'])\n", ["gunicorn", "app:app"]),
        (
            "def main():\n    sys.exit(subprocess.run(['nginx']).returncode)\nif __name__ == '__main__':\n    main()\n",
            ["nginx"],
        ),
        ("rc = subprocess.call(['redis-server'])\nprint(rc)\nsys.exit(rc)\n", ["redis-server"]),
        ("child = subprocess.Popen(['redis-server'])\nchild.wait()\n", ["redis-server"]),
        (
            "if len(sys.argv) < 2:\n    print('usage')\n    sys.exit(2)\nsubprocess.run(sys.argv[1:])\n",
            ["sys.argv[1:]"],
        ),
        ("try:\n    subprocess.check_call(['redis-server'])\nexcept KeyboardInterrupt:\n    pass\n", ["redis-server"]),
    ],
)
def test_programs_that_wait_for_one_child(app: str, argv: list[str], tmp_path: Path) -> None:
    wraps = facts(tmp_path, "import subprocess, sys\n" + app).wraps
    assert wraps is not None
    assert [str(word) for word in wraps[0]] == argv


@pytest.mark.parametrize(
    "app",
    [
        "subprocess.call(['redis-server'])\nwork()\n",
        "subprocess.call(['redis-server'], timeout=9)\n",
        "if sys.argv[1] == 'x':\n    subprocess.call(['redis-server'])\n",
        "if sys.argv[1] == 'x':\n    work()\n    sys.exit(0)\nsubprocess.call(['redis-server'])\n",
        "while True:\n    subprocess.call(['redis-server'])\n",
        "signal.signal(signal.SIGTERM, stop)\nsubprocess.call(['redis-server'])\n",
        "import unheard_of\nsubprocess.call(['redis-server'])\n",
        "subprocess.Popen(['redis-server'])\n",
    ],
)
def test_programs_that_do_something_else(app: str, tmp_path: Path) -> None:
    assert facts(tmp_path, "import signal, subprocess, sys\n" + app).wraps is None


# Through the linter.

DOCKERFILE = 'FROM python:3.12\nWORKDIR /app\nCOPY *.py ./\nCMD ["python", "app.py"]\n'
LOOP = "import subprocess\njobs = []\nwhile True:\n    jobs.append(subprocess.Popen(['sync']))"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    return tmp_path


def report(*, fixes: bool = False) -> Report:
    return check(("Dockerfile",), Configurations(CommandLine(min_severity="info")), fixes=fixes)


def codes() -> list[str]:
    return [finding.code for finding in report().findings]


def test_a_pragma_in_the_program(folder: Path) -> None:
    """It takes the finding away and isn't reported as one that does nothing."""
    (folder / "app.py").write_text(LOOP + "\n")
    assert "IL401" in codes()
    (folder / "app.py").write_text(LOOP + "  # initlint: ignore=IL401 -- sync ends with the program\n")
    assert not {"IL401", "IL003"} & set(codes())


def test_a_pragma_in_an_imported_module(folder: Path) -> None:
    (folder / "app.py").write_text("import work\n")
    (folder / "work.py").write_text(
        LOOP.replace("    jobs", "    # initlint: ignore=child-never-waited\n    jobs") + "\n"
    )
    assert not {"IL401", "IL003"} & set(codes())


def test_a_wrapper_is_one_finding_and_has_no_fix(folder: Path) -> None:
    """Neither IL101 nor IL102 beside it, whose cure would be an init."""
    (folder / "app.py").write_text("import subprocess\nsubprocess.call(['gunicorn', 'app:app'])\n")
    found = report(fixes=True)
    assert [(finding.code, finding.span.source.name, finding.span.row) for finding in found.findings] == [
        ("IL405", "app.py", 2)
    ]
    assert found.fixes == ()


def test_children_of_its_own_are_one_finding(folder: Path) -> None:
    """They are no orphans, so that no init is called for on their account."""
    (folder / "app.py").write_text(LOOP + "\n")
    found = {finding.code: finding.severity for finding in report().findings}
    assert (found["IL101"], found["IL401"]) == ("info", "warning")
    (folder / "app.py").write_text(LOOP + "\n    subprocess.run(sys.argv[1:])\n")
    found = {finding.code: finding.severity for finding in report().findings}
    assert (found["IL101"], found["IL401"]) == ("warning", "warning")


def test_a_wrapper_whose_group_gets_the_signal(folder: Path) -> None:
    """`tini -g` signals the child as well."""
    tini = 'RUN apt-get update && apt-get install -y tini\nENTRYPOINT ["/usr/bin/tini", "{}", "--"]\nCMD'
    (folder / "app.py").write_text("import subprocess\nsubprocess.call(['gunicorn', 'app:app'])\n")
    (folder / "Dockerfile").write_text(DOCKERFILE.replace("CMD", tini.format("-v")))
    assert "IL405" in codes()
    (folder / "Dockerfile").write_text(DOCKERFILE.replace("CMD", tini.format("-g")))
    assert "IL405" not in codes()


def test_a_daemon_below_a_script_that_may_go_on(folder: Path) -> None:
    (folder / "app.py").write_text("import os, time\nif os.fork() > 0:\n    os._exit(0)\ntime.sleep(99)\n")
    assert codes() == ["IL404"]
    (folder / "Dockerfile").write_text(DOCKERFILE.replace('["python", "app.py"]', "python app.py; tail -f /dev/null"))
    assert "IL404" not in codes()


def test_the_application_of_a_server(folder: Path) -> None:
    """What a server imports is read too."""
    (folder / "Dockerfile").write_text(DOCKERFILE.replace('"python", "app.py"', '"uvicorn", "app:app"'))
    (folder / "app.py").write_text(
        "import subprocess\nfrom fastapi import FastAPI\napp = FastAPI()\njobs = []\n\n\n"
        "@app.post('/')\ndef start():\n    jobs.append(subprocess.Popen(['sync']))\n"
    )
    assert "IL401" in codes()
