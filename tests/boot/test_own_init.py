"""pyinit is recognised by its text; another program of that name is read as any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.boot.model import Outcome
from initlint.cure.dangers import pid1_references
from initlint.rootfs.files import HostFiles
from initlint.subject import examine

PYINIT = (Path(__file__).parents[2] / "initlint/pyinit.py").read_text(encoding="utf-8")
SLEEPS = "import time\nwhile True:\n    time.sleep(1)\n"
HANDLES = "import signal\nsignal.signal(signal.SIGTERM, lambda *a: exit(0))\nwhile True:\n    signal.pause()\n"
STAYS = "#!/bin/sh\npython3 /app.py\necho end\n"


def likely(folder: Path, start: str, files: dict[str, str], copy: str = "COPY . /\n") -> Outcome:
    for name, text in {"app.py": SLEEPS, **files}.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    (folder / "Dockerfile").write_text(f"FROM python:3.12\n{copy}{start}\n")
    files_of_host = HostFiles()
    subject = examine(files_of_host.source(str(folder / "Dockerfile")), files_of_host).subjects[-1]
    return next(outcome for outcome in subject.trace.outcomes if outcome.likely)


@pytest.mark.parametrize(
    "start",
    [
        'ENTRYPOINT ["python3", "-I", "-S", "/pyinit.py", "--"]\nCMD ["python3", "/app.py"]',
        'CMD ["python3", "/pyinit.py", "python3", "/app.py"]',
        'CMD ["/pyinit.py", "-s", "python3", "/app.py"]',
        'WORKDIR /\nCMD ["python3", "-ISB", "pyinit.py", "--", "python3", "app.py"]',
        "CMD exec python3 -I -S /pyinit.py -- python3 /app.py",
        'ENTRYPOINT ["python3", "-m", "initlint.pyinit", "--", "python3", "/app.py"]',
    ],
)
def test_it_reaps_and_forwards(start: str, tmp_path: Path) -> None:
    """However it is started; what it starts is followed."""
    outcome = likely(tmp_path, start, {"pyinit.py": PYINIT})
    assert (outcome.pid1, outcome.kind, outcome.reaps, outcome.stops) == ("python3", "init", "yes", "yes")
    assert outcome.sure, outcome.why
    assert outcome.chain[-1].argv[-1].endswith("app.py")


@pytest.mark.parametrize(("option", "stops"), [("--", "no"), ("-g", "yes")])
def test_the_group_is_signalled_with_g(option: str, stops: str, tmp_path: Path) -> None:
    """Behind a script that stays the program gets the signal with -g only, as with tini."""
    start = f'CMD ["python3", "-I", "-S", "/pyinit.py", "{option}", "/start.sh"]'
    outcome = likely(tmp_path, start, {"pyinit.py": PYINIT, "start.sh": STAYS})
    assert (outcome.kind, outcome.reaps, outcome.stops) == ("init", "yes", stops)


def test_under_another_name(tmp_path: Path) -> None:
    """Its text counts, not its name."""
    outcome = likely(tmp_path, 'CMD ["python3", "/init.py", "python3", "/app.py"]', {"init.py": PYINIT})
    assert (outcome.kind, outcome.sure) == ("init", True)


def test_an_altered_one_isnt_sure(tmp_path: Path) -> None:
    """Or that of another version."""
    altered = {"pyinit.py": PYINIT + "# ours\n"}
    outcome = likely(tmp_path, 'CMD ["python3", "/pyinit.py", "python3", "/app.py"]', altered)
    assert (outcome.kind, outcome.reaps, outcome.sure) == ("init", "yes", False)


def test_one_that_cant_be_read_isnt_sure(tmp_path: Path) -> None:
    """Its name is all there is."""
    start = 'CMD ["python3", "/opt/x/pyinit.py", "--", "python3", "/app.py"]'
    outcome = likely(tmp_path, start, {}, "COPY . /\nRUN make\n")
    assert (outcome.kind, outcome.reaps, outcome.sure) == ("init", "yes", False)


@pytest.mark.parametrize(("text", "stops"), [(SLEEPS, "no"), (HANDLES, "yes")])
def test_another_program_of_that_name(text: str, stops: str, tmp_path: Path) -> None:
    """It is read."""
    outcome = likely(tmp_path, 'CMD ["python3", "/pyinit.py"]', {"pyinit.py": text})
    assert (outcome.kind, outcome.reaps, outcome.stops) == ("runtime", "no", stops)


def test_one_that_certainly_isnt_there(tmp_path: Path) -> None:
    """The container doesn't start."""
    start = 'CMD ["/bin/python3", "/srv/pyinit.py", "/bin/python3", "/app.py"]'
    outcome = likely(tmp_path, start, {"python3": "\x7fELF"}, "FROM scratch\nCOPY app.py /\nCOPY python3 /bin/\n")
    assert outcome.pid1 == "none"
    assert [problem.fault for problem in outcome.problems] == ["missing"]


def test_it_isnt_a_danger_to_itself(tmp_path: Path) -> None:
    """It asks whether it is PID 1: an `exec` in front of it is safe all the same."""
    likely(tmp_path, "CMD python3 -I -S /pyinit.py -- python3 /app.py", {"pyinit.py": PYINIT})
    files = HostFiles()
    (subject,) = examine(files.source(str(tmp_path / "Dockerfile")), files).subjects
    assert pid1_references(subject) == ()


@pytest.mark.parametrize("words", ['"-h"', '"--version"', '"-z", "app"', '"--"'])
def test_it_starts_nothing(words: str, tmp_path: Path) -> None:
    """It ends at once."""
    outcome = likely(tmp_path, f'CMD ["python3", "/pyinit.py", {words}]', {"pyinit.py": PYINIT})
    assert outcome.pid1 == "none"
