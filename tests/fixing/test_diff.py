"""`git apply` takes every diff, and makes of the old bytes the new ones."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initlint.fixing.apply import Changed
from initlint.fixing.diff import unified
from initlint.text import Source

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git isn't here")


def round_trip(folder: Path, name: str, before: bytes | None, after: bytes, mode: int | None = None) -> bytes:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if before is not None:
        path.write_bytes(before)
    elif path.exists():
        path.unlink()
    change = Changed(Source(name, before or b"", path=str(path), exists=before is not None), after, mode)
    diff = unified([change])
    if not diff:
        return path.read_bytes() if path.exists() else b""
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    for arguments in (["--check", "-"], ["-"]):
        command = ["git", "apply", "--whitespace=nowarn", *arguments]
        subprocess.run(command, input=diff, cwd=folder, env=environment, check=True)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"FROM a\nCMD b\n", b"FROM a\nUSER c\nCMD b\n"),
        (b"FROM a\nCMD b", b"FROM a\nCMD exec b"),
        (b"FROM a\nCMD b", b"FROM a\nCMD b\n"),
        (b"FROM a\nCMD b\n", b"FROM a\nCMD b"),
        (b"FROM a\r\nCMD b\r\n", b"FROM a\r\nCMD exec b\r\n"),
        (b"#!/bin/sh\r\nb\r\n", b"#!/bin/sh\nb\n"),
        (b"\xef\xbb\xbfFROM a\nCMD b\n", b"\xef\xbb\xbfFROM a\nCMD c\n"),
        (b"# \xff\xe9\nCMD b\n", b"# \xff\xe9\nCMD c\n"),
        (b"a\x0bb\x0cc\x1cd\n", b"a\x0bb\x0cc\x1ce\n"),
        (b"", b"x\n"),
        (b"x\n" * 40, b"y\n" + b"x\n" * 38 + b"y\n"),
        (b"x", b""),
    ],
)
def test_files(tmp_path: Path, before: bytes, after: bytes) -> None:
    """CRLF, BOM, odd bytes, and the last line without a newline."""
    assert round_trip(tmp_path, "Dockerfile", before, after) == after


@pytest.mark.parametrize(
    "name",
    [
        "a b/Dockerfile",
        "tab\tname",
        'quo"te',
        "back\\slash",
        "ümlaut/Döckerfile",
        "new\nline",
        "-dash",
        "b/a/Dockerfile",
        "bytes\udcff",
    ],
)
def test_names(tmp_path: Path, name: str) -> None:
    """File names that git writes in quotes."""
    assert round_trip(tmp_path, name, b"FROM a\n", b"FROM b\n") == b"FROM b\n"
    assert round_trip(tmp_path, name, None, b"FROM b\n") == b"FROM b\n"


def test_a_new_file(tmp_path: Path) -> None:
    """It comes with its permission."""
    assert round_trip(tmp_path, "new/pyinit.py", None, b"#!\nx", 0o755) == b"#!\nx"
    assert (tmp_path / "new/pyinit.py").stat().st_mode & 0o111


def test_several_files_stand_in_order_of_their_names() -> None:
    """One diff for all."""
    changes = [Changed(Source(name, b"a\n"), b"b\n") for name in ("z", "a")]
    text = unified(changes).decode()
    assert text.index("a/a") < text.index("a/z")
    assert unified([Changed(Source("same", b"a"), b"a")]) == b""


LINES = st.lists(st.sampled_from([b"", b"a", b"b", b"\\ No newline at end of file", b"--- a", b"x\r", b"\xff"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, LINES)
def test_any_files(tmp_path: Path, old: list[bytes], new: list[bytes]) -> None:
    """Whatever the lines are."""
    before, after = b"\n".join(old), b"\n".join(new)
    if before:
        assert round_trip(tmp_path, "f", before, after or b"z") == (after or b"z")
