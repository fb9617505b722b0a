"""Servers whose reloader stays in front: Flask's, Django's and werkzeug's, told by option, variable or source.

Measured with Flask 2.2.5 and 3.1.3, Django 5.2.19 and werkzeug 2.3.8: the parent ends at once on SIGTERM, by
sys.exit() in its handler, and subprocess kills the server, whose atexit functions never run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.boot.model import Outcome
from initlint.rootfs.files import HostFiles
from initlint.subject import examine

PYTHON = "FROM python:3.12\n"
RUN = 'CMD ["flask", "run"]\n'
APP = "from flask import Flask\napp = Flask(__name__)\n"


def settle(folder: Path, dockerfile: str, **files: str) -> Outcome:
    (folder / "Dockerfile").write_text(dockerfile)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    host = HostFiles()
    return examine(host.source(str(folder / "Dockerfile")), host).subjects[-1].likely


@pytest.mark.parametrize(
    "lines",
    [
        'CMD ["flask", "run", "--debug"]\n',
        'CMD ["flask", "run", "--reload"]\n',
        "ENV FLASK_DEBUG=1\n" + RUN,
        "ENV FLASK_ENV=development\nRUN pip install flask==2.0.1\n" + RUN,
        "ENV FLASK_ENV development\nENV FLASK_DEBUG=\nRUN pip install 'flask<2.3'\n" + RUN,
        'CMD ["python", "-m", "flask", "run", "--debug"]\n',
        'CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]\n',
        'COPY debug.py .\nCMD ["python", "debug.py"]\n',
    ],
)
def test_a_reloader_doesn_t_stop_its_server(tmp_path: Path, lines: str) -> None:
    """PID 1 ends on SIGTERM, its server is killed: not a stop; and the server is a child of PID 1."""
    outcome = settle(tmp_path, PYTHON + lines, debug=APP + 'app.run(host="0.0.0.0", debug=True)\n', manage="")
    assert (outcome.reaps, outcome.stops, outcome.stop_effect) == ("no", "no", "kills"), outcome.why
    assert outcome.children in ("unlikely", "unknown")
    assert any("child" in why for why in outcome.why), outcome.why


@pytest.mark.parametrize(
    "lines",
    [
        RUN,
        'CMD ["flask", "run", "--debug", "--no-reload"]\n',
        "ENV FLASK_ENV=production\nRUN pip install flask==2.0.1\n" + RUN,
        "ENV FLASK_ENV=development\nENV FLASK_DEBUG=0\nRUN pip install flask==2.0.1\n" + RUN,
        "ENV FLASK_ENV=development\nRUN pip install flask==2.3.0\n" + RUN,
        'CMD ["python", "manage.py", "runserver", "--noreload"]\n',
        'COPY debug.py .\nCMD ["python", "debug.py"]\n',
    ],
)
def test_without_a_reloader_the_signal_is_ignored(tmp_path: Path, lines: str) -> None:
    """The server is PID 1 itself and has no handler."""
    outcome = settle(tmp_path, PYTHON + lines, debug=APP + 'app.run(host="0.0.0.0")\n', manage="")
    assert (outcome.stops, outcome.stop_effect) == ("no", "ignored"), outcome.why


@pytest.mark.parametrize("install", ["", "RUN pip install flask\n", "RUN pip install -r unseen.txt\n"])
def test_the_version_of_flask_decides_about_the_variable(tmp_path: Path, install: str) -> None:
    """Where it isn't told, what FLASK_ENV=development means stays open."""
    outcome = settle(tmp_path, f"{PYTHON}ENV FLASK_ENV=development\n{install}{RUN}")
    assert (outcome.pid1, outcome.reaps, outcome.stops, outcome.sure) == ("flask", "no", "unknown", False)
    assert any("Flask 2.3" in why for why in outcome.why), outcome.why


def test_an_application_adds_to_what_the_reloader_does(tmp_path: Path) -> None:
    """Source that starts nothing doesn't say that PID 1 has no child."""
    outcome = settle(tmp_path, PYTHON + 'COPY app.py .\nCMD ["flask", "run", "--debug"]\n', app="x = 1\n")
    assert outcome.children == "unlikely"
    assert any("runs the server in a child" in why for why in outcome.why), outcome.why
