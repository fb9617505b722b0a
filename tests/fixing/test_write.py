"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from initlint.fixing import write as module
from initlint.fixing.apply import Changed
from initlint.fixing.write import WriteError, write
from initlint.text import Source


def change(path: Path, after: bytes, *, before: bytes | None = None) -> Changed:
    data = path.read_bytes() if before is None and path.exists() else before or b""
    return Changed(Source(path.name, data, path=str(path), exists=before is not None or path.exists()), after)


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def test_mode_and_owner_stay(tmp_path: Path) -> None:
    """A script stays executable, and its owner's."""
    path = tmp_path / "run.sh"
    path.write_bytes(b"old")
    path.chmod(0o2754)
    if os.geteuid() == 0:
        os.chown(path, 12345, 54321)
        path.chmod(0o2754)
    before = path.stat()
    assert write([change(path, b"new")]) == ("run.sh",)
    after = path.stat()
    assert path.read_bytes() == b"new"
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert names(tmp_path) == ["run.sh"]


def test_a_new_file(tmp_path: Path) -> None:
    """It is created with the mode that it is given, and never over another."""
    path = tmp_path / "new"
    item = Changed(Source("new", b"", path=str(path), exists=False), b"x", 0o755)
    write([item])
    assert path.read_bytes() == b"x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
    with pytest.raises(WriteError, match="is there already"):
        write([item])


def test_nothing_is_written_through_a_symlink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file that is one, nor below a folder that is one."""
    real = tmp_path / "real"
    real.mkdir()
    (real / "f").write_bytes(b"a")
    (tmp_path / "link").symlink_to("real/f")
    (tmp_path / "folder").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / "link", tmp_path / "folder" / "f"):
        with pytest.raises(WriteError, match="symlink"):
            write([change(path, b"b")])
    assert (real / "f").read_bytes() == b"a"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda path: path.write_bytes(b"other"), "changed since"),
        (lambda path: path.unlink(), "gone since"),
        (lambda path: path.chmod(0o444), "read-only"),
        (lambda path: (path.unlink(), path.mkdir()), "not a regular file"),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, prepare: object, message: str) -> None:
    """It says what stands in the way, and leaves all as it was: the other file too."""
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"a")
    second.write_bytes(b"b")
    changes = [change(first, b"A"), change(second, b"B")]
    assert callable(prepare)
    prepare(second)
    with pytest.raises(WriteError, match=message) as error:
        write(changes)
    assert error.value.filename == "b"
    assert first.read_bytes() == b"a"
    assert all(not name.startswith(".initlint") for name in names(tmp_path))


def test_a_folder_that_is_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the folder's fault, not a temporary file's."""
    path = tmp_path / "a"
    path.write_bytes(b"a")

    def refuse(**_: object) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module.tempfile, "mkstemp", refuse)
    with pytest.raises(WriteError, match="its folder can't be written: Permission denied"):
        write([change(path, b"b")])


def test_a_failure_half_way_puts_the_first_file_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All the files of a fix, or none."""
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"a")
    second.write_bytes(b"b")
    replace = os.replace

    def fails(source: str, target: str) -> None:
        if target == str(second):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(module.os, "replace", fails)
    with pytest.raises(WriteError, match="No space left"):
        write([change(first, b"A"), change(second, b"B")])
    assert (first.read_bytes(), second.read_bytes()) == (b"a", b"b")
    assert names(tmp_path) == ["a", "b"]


def test_standard_input_has_no_file() -> None:
    """There's nowhere to write it."""
    with pytest.raises(WriteError, match="lies in no file"):
        write([Changed(Source("<stdin>", b"a"), b"b")])
