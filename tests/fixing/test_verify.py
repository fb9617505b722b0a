"""A fix that changes more than it may is withheld, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.fixing.apply import Changed, key_of
from initlint.fixing.propose import propose
from initlint.fixing.verify import Verified, Withheld, verify
from initlint.rootfs.files import HostFiles
from initlint.rule import Fix
from initlint.subject import Subject, examine

HEAD = "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y python3 tini redis && rm -rf /var/lib/apt/lists/*\n"
BEFORE = f'{HEAD}WORKDIR /app\nUSER app\nCOPY app.py .\nCMD ["python3", "/app/app.py"]\n'


def subject_of(folder: Path, text: str) -> Subject:
    (folder / "app.py").write_text("import subprocess\nsubprocess.run(['true'])\n")
    (folder / "Dockerfile").write_text(text)
    files = HostFiles()
    return examine(files.source(str(folder.resolve() / "Dockerfile")), files).subjects[-1]


def changed(subject: Subject, text: str) -> dict[str, Changed]:
    source = subject.dockerfile.parsed.source
    return {key_of(source): Changed(source, text.encode())}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"python3", "/app/app.py"', '"tini", "--", "redis-server"', "the main program would be redis-server"),
        ('"/app/app.py"', '"/app/app.py", "-x"', "python3 would get other arguments"),
        ("USER app\n", "USER app\nUSER root\n", "the user would be another"),
        ("CMD", "WORKDIR /\nCMD", "the working directory would be another"),
        ("CMD", "ENV A=1\nCMD", "the environment would be another"),
        ("CMD", "STOPSIGNAL SIGKILL\nCMD", "the stop signal would be another"),
        ("CMD", "HEALTHCHECK CMD true\nCMD", "the health check would be another"),
        ('"python3", "/app/app.py"', '"/app/app.py"', "the start fails"),
        ("FROM", "FRON", "the result can't be read"),
        ("CMD", 'CMD ["redis-server"]\nFROM scratch\nCMD', "the result has other containers"),
        ("CMD", "# nothing\nCMD", "the fix would change nothing"),
        ("CMD [", "CMD [ ", "the fix would change nothing"),
    ],
)
def test_withheld(tmp_path: Path, old: str, new: str, why: str) -> None:
    """The same program, arguments, user, folder and environment, or no fix."""
    before = subject_of(tmp_path, BEFORE)
    result = verify(before, changed(before, BEFORE.replace(old, new)))
    assert isinstance(result, Withheld), result
    assert why in result.why


def test_verified(tmp_path: Path) -> None:
    """An init in front is what a fix may be."""
    before = subject_of(tmp_path, BEFORE)
    result = verify(before, changed(before, BEFORE.replace("CMD", 'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD')))
    assert isinstance(result, Verified)
    assert result.subject.likely.pid1 == "tini"
    assert (result.subject.likely.reaps, result.subject.likely.stops) == ("yes", "yes")


def test_an_init_before_a_shell_that_stays_is_withheld(tmp_path: Path) -> None:
    """The shell would die at once, and the program in the middle of its work: nothing got better."""
    text = f"{HEAD}COPY app.py /\nCMD python3 /app.py; true\n"
    before = subject_of(tmp_path, text)
    assert isinstance(propose(before, frozenset({"exec", "init"})), str)


def test_exec_that_loses_the_reaping_is_withheld_as_safe(tmp_path: Path) -> None:
    """A shell that waits reaps; what takes its place doesn't."""
    text = f"{HEAD}COPY app.py /\nCMD python3 /app.py $X\n"
    before = subject_of(tmp_path, text)
    after = changed(before, text.replace("CMD", "CMD exec"))
    result = verify(before, after)
    assert isinstance(result, Withheld)
    assert "orphans would no longer be reaped" in result.why
    assert isinstance(verify(before, after, unsafe=True), Verified)


def test_another_container_of_the_file_must_not_change(tmp_path: Path) -> None:
    """What one stage gains, another one doesn't pay for."""
    text = f'{HEAD.replace("slim", "slim AS base")}CMD ["redis-server"]\nFROM base AS dev\nUSER app\nCMD ["redis-server", "x"]\nFROM base\n'
    before = subject_of(tmp_path, text)
    worse = text.replace("USER app", "USER other").replace(
        'CMD ["redis-server"]', 'ENTRYPOINT ["tini", "--"]\nCMD ["redis-server"]'
    )
    result = verify(before, changed(before, worse))
    assert isinstance(result, Withheld)
    assert result.why == "after the fix, in container dev, the user would be another"


def test_the_plan_and_its_result(tmp_path: Path) -> None:
    """A proposal has its steps, which say what it settles; the result needs none."""
    before = subject_of(tmp_path, BEFORE)
    fix = propose(before, frozenset({"init"}))
    assert isinstance(fix, Fix)
    assert fix.steps == ("init",)
    assert fix.applicability == "safe"
    after = subject_of(tmp_path, BEFORE.replace("CMD", 'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD'))
    assert propose(after, frozenset({"init"})) == "no shell stays, and PID 1 does its duties"
