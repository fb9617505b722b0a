"""One experiment: a recipe's program as PID 1, orphans, the stop signal, and what came of it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from initlint.lab import pidspace
from initlint.lab.pidspace import PidSpace, sleep_until
from initlint.lab.recipe import HERE, PROBE, Recipe, expected, orphans_word, patience
from initlint.records import NamedTuple


class Result(NamedTuple):
    """What was expected and what was seen, each as aspect → word; `problem` when it couldn't be seen."""

    name: str
    package: str
    argv: tuple[str, ...]
    expected: dict[str, str]
    measured: dict[str, str]
    problem: str | None = None

    @property
    def differences(self) -> list[str]:
        """One sentence for each aspect that isn't as the fact says."""
        if self.problem:
            return [f"{self.name}: {self.problem}"]
        return [
            f"{self.name}: {aspect}: the fact says {said!r}, measured {self.measured.get(aspect, 'nothing')!r}"
            for aspect, said in self.expected.items()
            if self.measured.get(aspect) != said
        ]


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that every user may use, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="initlint-lab-")).resolve()
    try:
        folder.chmod(0o777)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_probe(folder: Path) -> Path:
    """The probe, as a program in `folder` that any user may start."""
    path = folder / "probe"
    text = Path(__file__).with_name("probe.py").read_text()
    path.write_text(f"#!{_open_python()} -IS\n{text}")
    path.chmod(0o755)
    return path


def _open_python() -> str:
    """A Python that any user may start: our own may stand in somebody's home."""
    for python in (pidspace.PYTHON, shutil.which("python3", path="/usr/bin:/usr/local/bin:/bin")):
        if python and all(parent.stat().st_mode & 1 for parent in Path(python).resolve().parents):
            return python
    return pidspace.PYTHON


def run(recipe: Recipe) -> Result:
    """Try what the facts say of a recipe's program. Never raises on what the program does."""
    told = expected(recipe)
    try:
        measured = measure(recipe, told)
    except NotMeasured as reason:
        return Result(recipe.name, recipe.package, recipe.argv, told, {}, str(reason))
    return Result(recipe.name, recipe.package, recipe.argv, told, measured)


class NotMeasured(Exception):
    """The experiment didn't come about."""


def measure(recipe: Recipe, aspects: dict[str, str]) -> dict[str, str]:
    """What the program does, for those aspects: one start for the orphans and the first signal, one for each other."""
    signals = [aspect for aspect in aspects if aspect.startswith("SIG")]
    measured: dict[str, str] = {}
    first = True
    while first or signals:
        with scratch() as folder, _start(recipe, folder) as space:
            if not _up(recipe, space, folder):
                if not space.ended():
                    raise NotMeasured(f"it doesn't come to rest ({space.output()})")
                if measured or aspects.get("PID 1") != "ends at once" or space.output():
                    raise NotMeasured(f"it ends at once ({space.output()})")
                return {"PID 1": "ends at once"}
            log = folder / "log"
            if first:
                first = False
                measured["PID 1"] = "stays"
                if recipe.has_probe:
                    own = log.read_text().split()[1]
                    measured["the program behind it"] = "becomes PID 1" if own == "1" else "is a child"
                if "orphans" in aspects:
                    measured["orphans"] = _orphans(recipe, space)
                if space.ended():
                    continue  # the orphans ended it: the signal needs another start
            if signals:
                name = signals.pop(0)
                measured[name] = _signal(recipe, space, name, log, measured)
    return measured


@contextmanager
def _start(recipe: Recipe, folder: Path) -> Iterator[PidSpace]:
    """The program, started; what it needs is in `folder` before."""
    probe = put_probe(folder)
    (folder / "log").touch()
    (folder / "log").chmod(0o666)

    def filled(text: str) -> str:
        return text.replace(PROBE, str(probe)).replace(HERE, str(folder))

    for name, text in recipe.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(filled(text))
        path.chmod(0o755 if text.startswith("#!") else 0o644)
    with PidSpace([filled(word) for word in recipe.argv], folder, hides=recipe.hides) as space:
        yield space


def _up(recipe: Recipe, space: PidSpace, folder: Path) -> bool:
    """Whether the program, and the probe behind it, came up and came to rest."""
    log = folder / "log"

    def shown() -> bool:
        probe = not recipe.has_probe or log.read_text().endswith("\n")
        return space.ended() or (probe and (not recipe.ready or (folder / recipe.ready).exists()))

    return sleep_until(shown, pidspace.START_DEADLINE) and space.settle()


def _orphans(recipe: Recipe, space: PidSpace) -> str:
    """One orphan, then ten at once; the worse of both is what counts."""
    fact = recipe.program_fact()
    wait = patience(fact) if fact else 0.0
    verdicts = [space.orphans(1, wait).verdict]
    if verdicts[0] != "dies":
        verdicts.append(space.orphans(10, wait).verdict)
    for worst in ("dies", "unknown", "no", "late"):
        if worst in verdicts:
            return orphans_word(worst)
    return orphans_word("yes")


def _signal(recipe: Recipe, space: PidSpace, name: str, log: Path, measured: dict[str, str]) -> str:
    space.send(name)
    if not sleep_until(space.ended, recipe.seconds):
        return "stays"
    if not recipe.has_probe or measured.get("the program behind it") == "becomes PID 1":
        return "exits"
    return "forwards" if "signal " in log.read_text() else "kills"


@cache
def version(package: str) -> str:
    """The installed version of a Debian package, empty where that can't be told."""
    try:
        shown = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return shown.stdout if shown.returncode == 0 else ""
