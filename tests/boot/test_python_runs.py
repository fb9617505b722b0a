"""Python programs that are another program's: gunicorn's, a daemon's, one that runpy runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.boot.model import Outcome
from initlint.rootfs.files import HostFiles
from initlint.subject import examine

EXITS = "import signal, sys, time\nsignal.signal(signal.SIGTERM, sys.exit)\nwhile True:\n    time.sleep(1)\n"
MAIN = "import signal, sys, time\nif __name__ == '__main__':\n    signal.signal(signal.SIGTERM, sys.exit)\nwhile True:\n    time.sleep(1)\n"


def settled(folder: Path, text: str, front: str = "", **files: str) -> Outcome:
    for name, body in {"app": text, **files}.items():
        path = folder / f"{name.replace('__', '/', 1) if name.startswith('pkg') else name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(body)
    lines = f'FROM python:3.12\nRUN apt-get install -y tini\nWORKDIR /app\nCOPY . .\nENTRYPOINT [{front}"python3", "app.py"]\n'
    (folder / "Dockerfile").write_text(lines)
    source = HostFiles()
    return examine(source.source(str(folder / "Dockerfile")), source).subjects[-1].likely


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("from gunicorn.app.wsgiapp import run\nrun()\n", id="its main function"),
        pytest.param(
            "from gunicorn.app.base import BaseApplication\nclass A(BaseApplication):\n    def load(self):\n        return 1\n"
            "if __name__ == '__main__':\n    A().run()\n",
            id="an application of one's own",
        ),
        pytest.param(
            "from gunicorn.app.wsgiapp import WSGIApplication\nWSGIApplication('%(prog)s').run()\n",
            id="its application",
        ),
    ],
)
def test_gunicorn_reaps_in_a_program_of_ones_own(text: str, tmp_path: Path) -> None:
    """Measured with gunicorn 25 as PID 1: its arbiter waits for any child."""
    outcome = settled(tmp_path, text)
    assert (outcome.pid1, outcome.reaps, outcome.stops) == ("python3", "yes", "yes"), outcome.why


DAEMON = "import daemon, time\nwith daemon.DaemonContext({}):\n    time.sleep(100)\n"


@pytest.mark.parametrize(
    ("text", "front", "pid1"),
    [
        pytest.param(DAEMON.format(""), "", "none", id="as PID 1"),
        pytest.param(DAEMON.format("umask=2"), "", "none", id="with other options"),
        pytest.param(DAEMON.format("detach_process=False"), "", "python3", id="told to stay"),
        pytest.param(DAEMON.format(""), '"tini", "--", ', "tini", id="started by an init, which it looks for"),
        pytest.param(
            "import daemon\ndef main():\n    with daemon.DaemonContext():\n        run()\nif __name__ == '__main__':\n    main()\n",
            "", "none", id="in a function",
        ),
        pytest.param("import sys, daemon\nif sys.argv[1:]:\n    with daemon.DaemonContext():\n        run()\nrun()\n", "", "python3", id="perhaps"),
    ],
)  # fmt: skip
def test_a_daemon_context_ends_the_container(text: str, front: str, pid1: str, tmp_path: Path) -> None:
    """Measured: as PID 1 it forks and ends, as a child of PID 1 it stays."""
    outcome = settled(tmp_path, text, front)
    assert outcome.pid1 == pid1, outcome.why
    assert (outcome.main_link is None) == (pid1 == "none")


@pytest.mark.parametrize(
    ("text", "files", "stops"),
    [
        pytest.param("import runpy\nrunpy.run_module('mod')\n", {"mod": EXITS}, "yes", id="a module"),
        pytest.param("import runpy\nrunpy.run_module('mod')\n", {"mod": MAIN}, "no", id="a module's main block"),
        pytest.param(
            "import runpy\nrunpy.run_module('mod', run_name='__main__')\n", {"mod": MAIN}, "yes", id="as the program"
        ),
        pytest.param("import runpy\nrunpy.run_path('mod.py')\n", {"mod": EXITS}, "yes", id="a file"),
        pytest.param(
            "import runpy\nrunpy.run_path('mod.py', run_name='__main__')\n",
            {"mod": MAIN},
            "yes",
            id="a file as the program",
        ),
        pytest.param("import runpy\nrunpy.run_module('mod')\n", {}, "unknown", id="a module that isn't there"),
        pytest.param("import runpy, sys\nrunpy.run_path(sys.argv[1])\n", {}, "unknown", id="what isn't written out"),
    ],
)
def test_what_runpy_runs(text: str, files: dict[str, str], stops: str, tmp_path: Path) -> None:
    """It is followed as an import is."""
    outcome = settled(tmp_path, text, **files)
    assert outcome.stops == stops, outcome.why


def test_a_thread_that_waits_for_any_child_reaps(tmp_path: Path) -> None:
    """Measured: which thread of PID 1 waits doesn't matter; a worker process waits for its own children."""
    text = (
        "import multiprocessing, os, threading, time\ndef reap():\n    while True:\n        os.waitpid(-1, 0)\n"
        "{}(target=reap).start()\nwhile True:\n    time.sleep(1)\n"
    )
    assert settled(tmp_path, text.format("threading.Thread")).reaps == "yes"
    assert settled(tmp_path, text.format("multiprocessing.Process")).reaps == "no"


def test_an_old_name_of_sigchld(tmp_path: Path) -> None:
    """Linux has SIGCLD as well."""
    text = "import signal, time\nsignal.signal(signal.SIGCLD, signal.SIG_IGN)\ntime.sleep(9)\n"
    assert settled(tmp_path, text).reaps == "yes"
