"""Compiled programs that the image can't run: made here byte by byte, as elf(5) describes them."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from initlint.boot.model import Outcome
from initlint.rootfs.files import HostFiles
from initlint.subject import examine

AMD64, ARM64, I386 = 62, 183, 3
GLIBC, MUSL = "/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"


def elf(machine: int = AMD64, interpreter: str = "", missing: int = 0) -> bytes:
    """A program of one segment, 300 bytes long, `missing` of them cut off."""
    count = 2 if interpreter else 1
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, 0x400000, 64, 0, 0, 64, 56, count, 64, 0, 0)
    segments = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 300, 300, 4096)
    if interpreter:
        size = len(interpreter) + 1
        segments += struct.pack("<IIQQQQQQ", 3, 4, 200, 0x4000C8, 0x4000C8, size, size, 1)
    data = (header + segments).ljust(200, b"\0") + interpreter.encode() + b"\0"
    return data.ljust(300, b"\0")[: 300 - missing]


def outcome(folder: Path, dockerfile: str, data: bytes, name: str = "app") -> Outcome:
    (folder / name).write_bytes(data)
    (folder / name).chmod(0o755)
    (folder / "Dockerfile").write_text(f'{dockerfile}\nCOPY {name} /{name}\nCMD ["/{name}"]\n')
    host = HostFiles()
    (subject,) = examine(host.source(str(folder / "Dockerfile")), host).subjects
    return subject.likely


@pytest.mark.parametrize(
    ("base", "data", "why"),
    [
        ("FROM --platform=linux/amd64 debian:12", elf(ARM64), "is built for arm64, the image for amd64"),
        ("FROM --platform=linux/arm64/v8 debian:12", elf(AMD64), "is built for amd64, the image for arm64"),
        ("FROM --platform=linux/arm64 debian:12", elf(ARM64), ""),
        ("FROM --platform=linux/amd64 debian:12", elf(I386), ""),
        ("FROM debian:12", elf(ARM64), ""),
        ("FROM debian:12", elf(missing=200), "is cut short"),
        ("FROM debian:12", elf(missing=10), "is cut short"),
        ("FROM debian:12", elf(), ""),
        ("FROM alpine:3.20", elf(interpreter=GLIBC), "which Alpine doesn't have"),
        ("FROM alpine:3.20\nRUN apk add gcompat", elf(interpreter=GLIBC), ""),
        ("FROM alpine:3.20\nRUN apk add --no-cache libc6-compat", elf(interpreter=GLIBC), ""),
        ("FROM alpine:3.20", elf(interpreter=MUSL), ""),
        ("FROM debian:12", elf(interpreter=GLIBC), ""),
    ],
)
def test_a_program_that_the_image_cannot_run(tmp_path: Path, base: str, data: bytes, why: str) -> None:
    """The kernel refuses it; what it can run, or what isn't known, isn't reported."""
    found = outcome(tmp_path, base, data)
    if why:
        assert found.pid1 == "none" and found.problem is not None and found.problem.fault == "unfit"
        assert why in found.problem.why
    else:
        assert found.problem is None and found.pid1 == "app"
