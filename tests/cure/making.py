"""Small projects on the disk, read through to a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from initlint.cure.model import CureOptions
from initlint.fixing.apply import apply
from initlint.fixing.propose import needs, propose
from initlint.rootfs.files import HostFiles
from initlint.rule import CureStep, Fix
from initlint.subject import Examination, ExamineOptions, Subject, examine


class Result(NamedTuple):
    """`files` are those that change, after the fix; `fix` is a reason where there is none."""

    fix: Fix | str
    files: dict[str, bytes]

    @property
    def why(self) -> str:
        assert isinstance(self.fix, str), self.fix
        return self.fix

    @property
    def message(self) -> str:
        assert isinstance(self.fix, Fix), self.fix
        return self.fix.message

    @property
    def applicability(self) -> str:
        assert isinstance(self.fix, Fix), self.fix
        return self.fix.applicability

    @property
    def dockerfile(self) -> bytes:
        assert isinstance(self.fix, Fix), self.fix
        return self.files["Dockerfile"]


def write_project(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """A name that ends in "*" is executable."""
    for name, content in files.items():
        path = folder / name.rstrip("*")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(0o755 if name.endswith("*") else 0o644)


def examination(folder: Path, options: ExamineOptions = ExamineOptions()) -> Examination:
    files = HostFiles()
    source = files.source(str(folder.resolve() / "Dockerfile"), name="Dockerfile")
    return examine(source, files, options)


def subject(folder: Path, files: Mapping[str, str | bytes], container: int = -1) -> Subject:
    write_project(folder, files)
    return examination(folder).subjects[container]


def fixed(
    folder: Path,
    files: Mapping[str, str | bytes],
    *,
    wanted: frozenset[CureStep] | None = None,
    init: str = "auto",
    container: int = -1,
) -> Result:
    """What `fix` would make of a project."""
    found = subject(folder, files, container)
    options = CureOptions(init)  # type: ignore[arg-type]
    fix = propose(found, needs(found) if wanted is None else wanted, options)
    if isinstance(fix, str):
        return Result(fix, {})
    root = str(folder.resolve()) + "/"
    return Result(fix, {path.removeprefix(root): change.after for path, change in apply(fix.edits).items()})
