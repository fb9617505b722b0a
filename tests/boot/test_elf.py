"""ELF programs: what their headers tell, of real programs and of damaged ones."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from initlint.boot.elf import Elf, parse_elf
from initlint.boot.model import Outcome
from initlint.rootfs import BinaryFiles
from initlint.rootfs.directory import DirectoryRootFilesystem
from initlint.rootfs.files import HostFiles
from initlint.subject import examine

MAX_READ = 4 << 20


def reader(data: bytes) -> Callable[[int, int], bytes]:
    def read(offset: int, size: int) -> bytes:
        assert 0 <= size <= MAX_READ, "a read without a bound"
        return data[offset : offset + size] if offset >= 0 else b""

    return read


def parse(path: Path | str) -> Elf:
    found = parse_elf(reader(Path(path).read_bytes()))
    assert found is not None
    return found


def build(folder: Path, code: str, *options: str, compiler: str = "gcc") -> Path:
    """A program compiled on this machine; skipped where it has no compiler."""
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} isn't installed")
    source = folder / {"gcc": "a.c", "rustc": "a.rs", "go": "a.go"}[compiler]
    source.write_text(code)
    target = folder / "app"
    command = [compiler, *(["build"] if compiler == "go" else []), *options, "-o", str(target), str(source)]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    return target


def installed(path: str) -> Path:
    if not Path(path).exists():
        pytest.skip(f"{path} isn't installed")
    return Path(path)


QUIET = "#include <unistd.h>\nint main(void) { for (;;) pause(); }\n"
WAITS = "#include <sys/wait.h>\n#include <unistd.h>\nint main(void) { while (wait(0) > 0); pause(); }\n"
HANDLES = "#include <signal.h>\n#include <unistd.h>\nvoid f(int s) { _exit(0); }\nint main(void) { signal(SIGTERM, f); for (;;) pause(); }\n"
STARTS = '#include <stdlib.h>\n#include <unistd.h>\nint main(void) { system("worker &"); for (;;) pause(); }\n'
EXECS = "#include <unistd.h>\nint main(int c, char **v) { execvp(v[1], v + 1); return 1; }\n"


def test_a_dynamic_program_shows_its_loader_and_its_imports(tmp_path: Path) -> None:
    """What it doesn't import it doesn't do."""
    found = parse(build(tmp_path, QUIET))
    assert not found.static and found.libc == "glibc" and "libc.so.6" in found.needed
    assert found.imports is not None and "pause" in found.imports
    assert found.never_waits and found.never_handles and found.never_starts


@pytest.mark.parametrize(
    ("code", "waits", "handles", "starts"),
    [
        (WAITS, True, False, False),
        (HANDLES, True, True, False),
        (STARTS, False, False, True),
        (EXECS, True, True, True),
    ],
    ids=["wait", "signal", "system", "exec"],
)
def test_an_import_opens_what_it_can_do(tmp_path: Path, code: str, waits: bool, handles: bool, starts: bool) -> None:
    """A handler may be one for SIGCHLD; what execs becomes another program."""
    found = parse(build(tmp_path, code))
    assert (not found.never_waits, not found.never_handles, not found.never_starts) == (waits, handles, starts)


def test_a_static_program_tells_nothing_for_certain(tmp_path: Path) -> None:
    """Its library is part of it, with all that it could do."""
    found = parse(build(tmp_path, QUIET, "-static"))
    assert found.static and found.libc == "" and not found.never_waits


def test_section_headers_may_be_gone(tmp_path: Path) -> None:
    """Imports are found through the program headers alone, as the loader does."""
    data = bytearray(build(tmp_path, WAITS).read_bytes())
    data[40:48] = bytes(8)  # e_shoff
    data[58:64] = bytes(6)
    found = parse_elf(reader(bytes(data)))
    assert found is not None and found.imports is not None and "wait" in found.imports


def test_rust_is_recognised(tmp_path: Path) -> None:
    """By the compiler's mark and the runtime's text."""
    found = parse(build(tmp_path, 'fn main() { println!("x"); }\n', compiler="rustc"))
    assert found.language == "rust"


def test_go_is_recognised(tmp_path: Path) -> None:
    """With its version, from the build information."""
    found = parse(build(tmp_path, "package main\nfunc main() { select {} }\n", compiler="go"))
    assert found.language == "go" and found.go_version.startswith("go1.")


@pytest.mark.parametrize("path", ["/usr/bin/docker", "/usr/sbin/runc", "/usr/bin/containerd"])
def test_go_programs_of_a_distribution_are_recognised(path: str) -> None:
    """Docker's own programs are written in Go."""
    assert parse(installed(path)).language == "go"


@pytest.mark.parametrize(
    ("path", "init", "version"),
    [
        ("/usr/bin/tini", "tini", "0.19.0"),
        ("/usr/bin/tini-static", "tini", "0.19.0"),
        ("/usr/bin/dumb-init", "dumb-init", ""),
        ("/usr/bin/catatonit", "catatonit", ""),
        ("/bin/busybox", "", ""),
        ("/bin/sleep", "", ""),
    ],
)
def test_inits_are_told_by_their_text(path: str, init: str, version: str) -> None:
    """catatonit knows tini's words too, and is catatonit all the same."""
    found = parse(installed(path))
    assert (found.init, found.init_version) == (init, version)


@pytest.mark.parametrize("data", [b"", b"\x7fELF", b"#!/bin/sh\n", b"\x7fELF\x02\x01" + bytes(58), b"MZ" + bytes(100)])
def test_other_files_are_no_programs(data: bytes) -> None:
    """Scripts, empty files, heads alone."""
    assert parse_elf(reader(data)) is None


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_damage_is_survived(data: st.DataObject) -> None:
    """Bytes changed, cut off, or headers of nonsense: an answer, no error, and no read without a bound."""
    path = data.draw(st.sampled_from(["/usr/bin/tini", "/bin/sleep", "/bin/cat"]))
    content = bytearray(Path(path).read_bytes() if Path(path).exists() else b"\x7fELF\x02\x01\x01" + bytes(500))
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.one_of(st.integers(4, 900), st.integers(4, len(content) - 1)))
        content[at : at + 8] = data.draw(st.one_of(st.binary(min_size=8, max_size=8), st.just(b"\xff" * 8)))
    parse_elf(reader(bytes(content[: data.draw(st.integers(0, len(content)))])))
    parse_elf(reader(bytes(content)))


@given(st.binary(max_size=400), st.sampled_from([b"\x01\x01", b"\x01\x02", b"\x02\x01", b"\x02\x02"]))
def test_nonsense_behind_a_head_is_survived(rest: bytes, kind: bytes) -> None:
    """32 and 64 bits, both byte orders."""
    parse_elf(reader(b"\x7fELF" + kind + rest))


def test_another_byte_order_and_word_size_are_read() -> None:
    """A head for s390x, and one for 32-bit ARM, without tables."""
    big = b"\x7fELF\x02\x02\x01" + bytes(9) + struct.pack(">HHIQQQIHHHHHH", 2, 22, 1, 0, 0, 0, 0, 64, 56, 0, 64, 0, 0)
    small = b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 40, 1, 0, 0, 0, 0, 52, 32, 0, 40, 0, 0)
    assert [one.machine for one in map(parse_elf, (reader(big), reader(small + bytes(12)))) if one] == ["s390x", "arm"]


# In the trace.


def outcome(folder: Path, program: Path, dockerfile: str, name: str = "app") -> Outcome:
    """The likely outcome of a Dockerfile beside a program."""
    if program != folder / name:
        shutil.copy(program, folder / name)
    (folder / name).chmod(0o755)
    path = folder / "Dockerfile"
    path.write_text(dockerfile)
    files = HostFiles()
    (subject,) = examine(files.source(str(path)), files).subjects
    return subject.likely


DEBIAN = 'FROM debian:bookworm-slim\nCOPY app /app\nCMD ["/app"]\n'


def test_a_quiet_program_is_judged_by_its_imports(tmp_path: Path) -> None:
    """It doesn't reap and ignores the signal; whether it keeps running isn't known."""
    found = outcome(tmp_path, build(tmp_path, QUIET), DEBIAN)
    assert (found.pid1, found.kind, found.reaps, found.stops, found.children) == ("app", "other", "no", "no", "no")
    assert not found.sure and any("may end by itself" in why for why in found.why)


@pytest.mark.parametrize(("code", "reaps", "stops"), [(WAITS, "unknown", "no"), (HANDLES, "unknown", "unknown")])
def test_what_it_might_do_stays_open(tmp_path: Path, code: str, reaps: str, stops: str) -> None:
    """wait may be for all children or for one; a handler may be for any signal."""
    found = outcome(tmp_path, build(tmp_path, code), DEBIAN)
    assert (found.pid1, found.reaps, found.stops, found.sure) == ("app", reaps, stops, False)


@pytest.mark.parametrize("path", ["/usr/bin/docker", "/usr/sbin/runc"])
def test_a_go_program_has_gos_handlers(tmp_path: Path, path: str) -> None:
    """Its runtime ends it on SIGTERM."""
    found = outcome(tmp_path, installed(path), DEBIAN)
    assert (found.pid1, found.kind, found.reaps, found.stops) == ("app", "other", "no", "yes")
    assert any("built with go1." in why for why in found.why)


@pytest.mark.parametrize("path", ["/usr/bin/tini", "/usr/bin/tini-static", "/usr/bin/dumb-init", "/usr/bin/catatonit"])
def test_an_init_under_another_name_is_an_init(tmp_path: Path, path: str) -> None:
    """It starts what stands behind its own options."""
    text = 'FROM debian:bookworm-slim\nCOPY app /pidone\nENTRYPOINT ["/pidone", "--"]\nCMD ["sleep", "infinity"]\n'
    found = outcome(tmp_path, installed(path), text)
    assert (found.pid1, found.kind, found.reaps, found.stops) == ("pidone", "init", "yes", "yes")
    assert [link.program for link in found.chain] == ["pidone", "sleep"]


def test_a_program_without_its_loader_cannot_start(tmp_path: Path) -> None:
    """A dynamic program on an empty image."""
    found = outcome(tmp_path, build(tmp_path, QUIET), 'FROM scratch\nCOPY app /app\nCMD ["/app"]\n')
    assert found.pid1 == "none" and found.problem is not None and found.problem.fault == "interpreter-missing"
    static = outcome(tmp_path, build(tmp_path, QUIET, "-static"), 'FROM scratch\nCOPY app /app\nCMD ["/app"]\n')
    assert static.pid1 == "app" and static.problem is None


def test_parts_of_files_are_read_without_the_rest(tmp_path: Path) -> None:
    """Any offset, never more than asked for; nothing of what isn't a regular file."""
    (tmp_path / "a").write_bytes(b"\x00123456789")
    (tmp_path / "d").mkdir()
    root = DirectoryRootFilesystem(str(tmp_path))
    assert isinstance(root, BinaryFiles)
    assert root.read_bytes("/a", 3) == b"\x0012" and root.read_bytes("/a", 100, 8) == b"89"
    assert root.read_bytes("/a", 3, 50) == b"" and root.read_bytes("/a", 3, 1 << 70) is None
    assert root.read_bytes("/d", 3) is None and root.read_bytes("/none", 3) is None
