"""Reads what an ELF program tells of itself: how it is linked, in which language, whether it is an init.

Only headers and a few tables are read, each up to a limit; a damaged file gives what could be read
of it, or None. What the bytes mean is written down in the System V ABI, elf(5), and the sources of
the linkers; nothing is executed.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import Literal

from initlint.records import NamedTuple
from initlint.rootfs import BinaryFiles, RootFilesystem

ReadAt = Callable[[int, int], bytes]  # offset, size

MAX_SECTIONS = 1024
MAX_TABLE = 1 << 20
MAX_TEXT = 4 << 20

_PT_LOAD, _PT_DYNAMIC, _PT_INTERP, _PT_NOTE = 1, 2, 3, 4
_DT_NEEDED, _DT_STRTAB, _DT_SYMTAB, _DT_STRSZ = 1, 5, 6, 10
_EXECUTABLE = (2, 3)  # ET_EXEC, ET_DYN
_MACHINES = {
    3: "386", 8: "mips", 20: "ppc", 21: "ppc64", 22: "s390x", 40: "arm", 62: "amd64", 183: "arm64", 243: "riscv64",
    258: "loong64",
}  # fmt: skip

_WAITS = frozenset(["wait", "waitpid", "waitid", "wait3", "wait4", "__wait", "__waitpid"])
_HANDLERS = frozenset(
    "signal sigaction __sigaction sigset bsd_signal __bsd_signal sysv_signal __sysv_signal ssignal sigvec signalfd "
    "sigwait sigwaitinfo sigtimedwait sigprocmask pthread_sigmask sigignore".split()
)
_STARTERS = frozenset(
    "fork __fork vfork __vfork _Fork clone __clone clone3 posix_spawn posix_spawnp system popen daemon forkpty "
    "execv execve execvp execvpe execl execlp execle fexecve execveat __libc_system".split()
)
# By these a program does what its imports don't show, or becomes another one.
_REPLACES = frozenset("execv execve execvp execvpe execl execlp execle fexecve execveat".split())
_HIDES = _REPLACES | frozenset(["syscall", "dlopen", "dlsym", "dlmopen", "__libc_dlopen_mode"])
# Libraries of which it is known that they neither wait for children nor handle signals by themselves.
_PLAIN_LIBRARIES = re.compile(
    r"(?:libc|libm|libpthread|libdl|librt|libutil|libresolv|libgcc_s|libstdc\+\+|libatomic|ld-linux[\w-]*|ld64|libz|"
    r"libc\.musl-\w+|ld-musl-\w+)\.so(?:\.\d+)*"
)


_GO_MAGIC = b"\xff Go buildinf:"
_GO_REAPERS = ("github.com/ramr/go-reaper", "github.com/hashicorp/go-reap")


class Elf(NamedTuple):
    """A program's headers. `machine` in the names that images use (amd64, arm64); `interpreter`
    and `needed` are empty for a static program; `imports` is None where they can't be told."""

    machine: str
    interpreter: str
    needed: tuple[str, ...]
    imports: frozenset[str] | None
    language: Literal["go", "rust", "unknown"]
    init: Literal["tini", "dumb-init", "catatonit", ""] = ""
    init_version: str = ""
    build_id: str = ""
    go_version: str = ""
    reaper: str = ""  # a Go module in it that waits for every child
    loaded: int = 0  # how many bytes of the file its segments take

    @property
    def static(self) -> bool:
        return not self.interpreter and not self.needed

    @property
    def libc(self) -> Literal["musl", "glibc", ""]:
        if not self.interpreter:
            return ""
        return "musl" if "ld-musl" in self.interpreter else "glibc"

    @property
    def _open(self) -> bool:
        """Whether it may do more than its own imports say."""
        hidden = self.imports is None or bool(self.imports & _HIDES)
        return self.static or hidden or not all(_PLAIN_LIBRARIES.fullmatch(name) for name in self.needed)

    @property
    def never_waits(self) -> bool:
        """It certainly waits for no child, and doesn't ignore SIGCHLD."""
        return not self._open and self.imports is not None and not self.imports & (_WAITS | _HANDLERS)

    @property
    def never_handles(self) -> bool:
        """It certainly has no handler for any signal."""
        return not self._open and self.imports is not None and not self.imports & _HANDLERS

    @property
    def never_starts(self) -> bool:
        """It certainly starts no process."""
        return not self._open and self.imports is not None and not self.imports & _STARTERS


def read_elf(rootfs: RootFilesystem, path: str) -> Elf | None:
    """The headers of a regular file in a root filesystem; None where it is no ELF program or can't be seen."""
    if not isinstance(rootfs, BinaryFiles):
        return None
    files = rootfs

    def read(offset: int, size: int) -> bytes:
        return files.read_bytes(path, size, offset) or b""

    return parse_elf(read)


def parse_elf(read: ReadAt) -> Elf | None:
    """The headers of the program whose bytes `read` gives; None for anything else."""
    head = read(0, 64)
    if len(head) < 52 or head[:4] != b"\x7fELF" or head[4] not in (1, 2) or head[5] not in (1, 2):
        return None
    try:
        return _File(read, head).parse()
    except (struct.error, IndexError, ValueError, OverflowError):
        return None


class _Section(NamedTuple):
    name: str
    kind: int
    address: int
    offset: int
    size: int
    link: int


class _Segment(NamedTuple):
    kind: int
    flags: int
    offset: int
    address: int
    size: int


class _File:
    """One file while it is read."""

    def __init__(self, read: ReadAt, head: bytes) -> None:
        self._read_at = read
        self.wide = head[4] == 2
        self.order = "<" if head[5] == 1 else ">"
        self.head = head
        self.segments: list[_Segment] = []
        self.sections: list[_Section] = []

    def read(self, offset: int, size: int) -> bytes:
        return self._read_at(offset, min(size, MAX_TEXT)) if size > 0 else b""

    def parse(self) -> Elf | None:
        if self.wide:
            fields = struct.unpack_from(self.order + "HHIQQQIHHHHHH", self.head, 16)
        else:
            fields = struct.unpack_from(self.order + "HHIIIIIHHHHHH", self.head, 16)
        kind, machine, _, _, segments_at, sections_at, _, _, step, count, section_step, section_count, names = fields
        if kind not in _EXECUTABLE:
            return None
        self._read_segments(segments_at, step, count)
        self._read_sections(sections_at, section_step, section_count, names)
        interpreter = ""
        for segment in self.segments:
            if segment.kind == _PT_INTERP:
                interpreter = self.read(segment.offset, min(segment.size, 4096)).split(b"\x00")[0].decode("latin-1")
        needed, imports = self._dynamic()
        notes = self._notes()
        info = self._go_info()
        go_version, modules = _go_strings(info)
        go_table = self._section(".gopclntab") or self._section(".data.rel.ro.gopclntab")
        language = self._language(bool(info or go_table) or any(name == b"Go" for name, _, _ in notes))
        init, version = self._init() if language != "go" else ("", "")
        return Elf(
            _MACHINES.get(machine, f"machine {machine}"),
            interpreter,
            needed,
            imports,
            language,
            init,
            version,
            next((data.hex() for name, number, data in notes if name == b"GNU" and number == 3), ""),
            go_version,
            next((name for name in _GO_REAPERS if f"\t{name}\t" in modules), ""),
            max(
                [segments_at + step * count, *(one.offset + one.size for one in self.segments if one.kind == _PT_LOAD)]
            ),
        )

    # Tables.

    def _read_segments(self, at: int, step: int, count: int) -> None:
        layout, size = (self.order + "IIQQQQQQ", 56) if self.wide else (self.order + "IIIIIIII", 32)
        data = self.read(at, step * min(count, 256)) if step >= size else b""
        for start in range(0, len(data) - size + 1, step or size):
            fields = struct.unpack_from(layout, data, start)
            if self.wide:
                self.segments.append(_Segment(fields[0], fields[1], fields[2], fields[3], fields[5]))
            else:
                self.segments.append(_Segment(fields[0], fields[6], fields[1], fields[2], fields[4]))

    def _read_sections(self, at: int, step: int, count: int, names: int) -> None:
        layout, size = (self.order + "IIQQQQIIQQ", 64) if self.wide else (self.order + "IIIIIIIIII", 40)
        data = self.read(at, step * min(count, MAX_SECTIONS)) if at and step >= size else b""
        rows = [struct.unpack_from(layout, data, start) for start in range(0, len(data) - size + 1, step or size)]
        if names >= len(rows):
            return
        texts = self.read(rows[names][4], min(rows[names][5], 1 << 16))
        for row in rows:
            self.sections.append(_Section(_string(texts, row[0]), row[1], row[3], row[4], row[5], row[6]))

    def _section(self, name: str) -> _Section | None:
        return next((section for section in self.sections if section.name == name and section.kind != 8), None)

    def _content(self, name: str, limit: int) -> bytes:
        section = self._section(name)
        return self.read(section.offset, min(section.size, limit)) if section is not None else b""

    def _dynamic(self) -> tuple[tuple[str, ...], frozenset[str] | None]:
        """The libraries that are loaded with it, and the names that it takes from them."""
        segment = next((one for one in self.segments if one.kind == _PT_DYNAMIC), None)
        if segment is None:
            return (), None
        layout, size = (self.order + "qQ", 16) if self.wide else (self.order + "iI", 8)
        data = self.read(segment.offset, min(segment.size, 1 << 16))
        entries = [struct.unpack_from(layout, data, at) for at in range(0, len(data) - size + 1, size)]
        tags = dict(reversed(entries))
        strings_at = self._offset(tags.get(_DT_STRTAB, 0))
        strings = self.read(strings_at, min(tags.get(_DT_STRSZ, 0), MAX_TABLE)) if strings_at is not None else b""
        needed = [_string(strings, value) for tag, value in entries[:512] if tag == _DT_NEEDED]
        symbols_at = self._offset(tags.get(_DT_SYMTAB, 0))
        if symbols_at is None or strings_at is None or not strings:
            return tuple(needed), None
        return tuple(needed), self._imports(symbols_at, strings_at, strings)

    def _imports(self, symbols_at: int, strings_at: int, strings: bytes) -> frozenset[str] | None:
        size = 24 if self.wide else 16
        table = next((one for one in self.sections if one.kind == 11 and one.offset == symbols_at), None)
        # Linkers put the strings right behind the symbols: where sections were cut off this is their end.
        length = table.size if table is not None else strings_at - symbols_at
        if not 0 < length <= MAX_TABLE:
            return None
        data = self.read(symbols_at, length)
        if len(data) < length:
            return None
        found = set()
        for at in range(size, len(data) - size + 1, size):
            (name,) = struct.unpack_from(self.order + "I", data, at)
            (section,) = struct.unpack_from(self.order + "H", data, at + (6 if self.wide else 14))
            if section == 0 and name:
                found.add(_string(strings, name))
        return frozenset(found)

    def _offset(self, address: int) -> int | None:
        """Where in the file an address is loaded from."""
        for segment in self.segments:
            if segment.kind == _PT_LOAD and segment.address <= address < segment.address + segment.size:
                return address - segment.address + segment.offset
        return None

    def _notes(self) -> list[tuple[bytes, int, bytes]]:
        found: list[tuple[bytes, int, bytes]] = []
        for segment in self.segments:
            if segment.kind != _PT_NOTE or len(found) > 64:
                continue
            data = self.read(segment.offset, min(segment.size, 1 << 14))
            at = 0
            while at + 12 <= len(data):
                name_size, size, number = struct.unpack_from(self.order + "III", data, at)
                name_end = at + 12 + name_size
                start = (name_end + 3) & ~3
                if name_size > 256 or size > len(data):
                    break
                found.append((data[at + 12 : name_end].rstrip(b"\x00"), number, data[start : start + size]))
                at = (start + size + 3) & ~3
        return found

    # What it was made from.

    def _go_info(self) -> bytes:
        """What Go's linker wrote down: in a section of its own, else near the start of the data."""
        found = self._content(".go.buildinfo", MAX_TABLE)
        if found.startswith(_GO_MAGIC):
            return found
        for segment in self.segments:
            if segment.kind == _PT_LOAD and segment.flags & 2:
                data = self.read(segment.offset, min(segment.size, MAX_TABLE))
                at = data.find(_GO_MAGIC)
                return data[at:] if at >= 0 and at % 16 == 0 else b""
        return b""

    def _language(self, go: bool) -> Literal["go", "rust", "unknown"]:
        if go:
            return "go"
        # A C program with a library in Rust has the compiler's mark as well, but its own main isn't Rust's.
        if b"rustc version" in self._content(".comment", 1 << 14) and b"fatal runtime error: " in self._texts():
            return "rust"
        return "unknown"

    def _texts(self) -> bytes:
        """Its constant strings, as far as the limit goes."""
        if self._section(".rodata") is not None:
            return self._content(".rodata", MAX_TEXT)
        return self.read(0, MAX_TEXT)

    def _init(self) -> tuple[Literal["tini", "dumb-init", "catatonit", ""], str]:
        texts = self._texts()
        version = re.search(rb"tini version (\d[\w.]*)", texts)
        if b"CATATONIT_" in texts or (b"catatonit" in texts and b"tini version %s" in texts):
            return "catatonit", ""
        if version is not None and b"Tini is not running as PID 1" in texts:
            return "tini", version.group(1).decode()
        if b"dumb-init v%" in texts and b"[option] command" in texts:
            return "dumb-init", ""
        return "", ""


def _string(texts: bytes, at: int) -> str:
    if not 0 <= at < len(texts):
        return ""
    end = texts.find(b"\x00", at, at + 4096)
    return texts[at : end if end >= 0 else at].decode("latin-1")


def _go_strings(info: bytes) -> tuple[str, str]:
    """The version of Go and the modules, which stand behind the head since Go 1.18."""
    if len(info) < 33 or not info[15] & 2:
        return "", ""
    version, at = _counted(info, 32)
    modules, _ = _counted(info, at)
    return version.decode("latin-1"), modules.decode("latin-1")


def _counted(data: bytes, at: int) -> tuple[bytes, int]:
    """A string with its length in front, seven bits a byte; and where it ends."""
    size = shift = 0
    while at < len(data) and shift < 35:
        byte = data[at]
        size |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            break
    return data[at : at + size], at + size
