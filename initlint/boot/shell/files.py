"""What a script can learn of files: tests, `command -v`, what `.` and `cat` read. Three-valued."""

from __future__ import annotations

from fnmatch import fnmatchcase

from initlint.boot.shell.lookup import is_root
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.values import State
from initlint.rootfs import Absent, Present
from initlint.rootfs.paths import join, resolve, which
from initlint.text import Source

_FOLDERS = frozenset({"/etc", "/bin", "/usr", "/usr/bin", "/var", "/lib"})
_EVERYWHERE = _FOLDERS | {"/etc/passwd", "/etc/group"}
_MAX_NAMES = 24
_MAX_SOURCED = 512 * 1024


def absolute(state: State, path: str) -> str | None:
    if path.startswith("/"):
        return join("/", path)
    return None if state.cwd is None else join(state.cwd, path)


def _touched(state: State, path: str) -> bool:
    """Whether a command that ran before named the path: what was there then says little."""
    return any(path == made or path.startswith(made + "/") for made in state.created)


def test_file(machine: Machine, operator: str, path: str, state: State) -> tuple[bool | None, bool]:
    """`[ -f path ]` and its kin: the answer, and what is likelier where there's none."""
    if path == "":
        return False, False
    if path == "/.dockerenv":
        return (operator in "efr",) * 2  # the engine puts it into every container
    full = absolute(state, path)
    if full is None or machine.rootfs is None:
        return (True, True) if path == "/" else (None, False)
    if full.startswith(("/proc/1/", "/dev/")) or full in ("/proc", "/sys", "/dev", "/tmp", "/"):
        return (operator in "deraxws" or (None if operator == "f" else False)), operator in "deraxws"
    if full.startswith("/proc/"):
        return None, True
    if operator in ("h", "L"):
        node = machine.rootfs.stat(full)
        if isinstance(node, Present):
            return node.kind == "symlink", node.kind == "symlink"
        return (False, False) if isinstance(node, Absent) and not _touched(state, full) else (None, False)
    node = resolve(machine.rootfs, full)
    if isinstance(node, Absent):
        return (None, operator in "efdsrwx") if _touched(state, full) else (False, False)
    if not isinstance(node, Present) and full in _EVERYWHERE:
        # An image with a shell in it has these.
        holds = (operator == "w" and is_root(state.user)) or operator in ("er" + ("d" if full in _FOLDERS else "fs"))
        return (True, True) if holds else (None, False)
    if not isinstance(node, Present):
        return None, _touched(state, full) and operator in "efdsrwx"
    if operator in "er":
        return True, True
    if operator == "f":
        return node.kind == "file", node.kind == "file"
    if operator == "d":
        return node.kind == "directory", node.kind == "directory"
    if operator == "x":
        if node.kind == "directory":
            return True, True
        return (None, True) if node.mode is None else (bool(node.mode & 0o111),) * 2
    if operator == "s":
        if node.kind != "file":
            return True, True
        content = machine.rootfs.read(node.path)
        return (None, True) if not isinstance(content, Source) else (bool(content.data),) * 2
    if operator in "pSbc":
        return (False, False) if node.kind in ("file", "directory") else (None, False)
    return None, operator == "w"


def is_program(machine: Machine, name: str, state: State) -> bool | None:
    """Whether `name` would be found on PATH."""
    if machine.rootfs is None:
        return None
    path = state.variables.get("PATH")
    node = which(machine.rootfs, name, path if isinstance(path, str) else None, state.cwd)
    if isinstance(node, Present):
        return True
    return False if isinstance(node, Absent) else None


def read_file(machine: Machine, path: str, state: State) -> Source | None:
    full = absolute(state, path)
    if full is None or machine.rootfs is None or _touched(state, full):
        return None
    node = resolve(machine.rootfs, full)
    if not isinstance(node, Present) or node.kind != "file":
        return None
    content = machine.rootfs.read(node.path)
    return content if isinstance(content, Source) and len(content.data) <= _MAX_SOURCED else None


def globbed(machine: Machine, state: State, word: str) -> tuple[tuple[str, ...], bool] | None:
    """The files that a pattern names, and whether there are no others; None where nothing is known of them."""
    folder, slash, pattern = word.rpartition("/")
    full = absolute(state, folder or (slash or "."))
    if full is None or machine.rootfs is None or set(folder) & set("*?[$`\\") or set(pattern) & set("$`\\{"):
        return None
    if any(made == full or made.startswith(full + "/") for made in state.created):
        return None
    listing = machine.rootfs.list(full)
    names = sorted(name for name in listing.names if name[:1] != "." and fnmatchcase(name, pattern))
    if not names or len(names) > _MAX_NAMES:
        return None
    return tuple(folder + slash + name for name in names), listing.complete


def is_missing(machine: Machine, path: str, state: State) -> bool:
    full = absolute(state, path)
    if full is None or machine.rootfs is None or _touched(state, full):
        return False
    return isinstance(resolve(machine.rootfs, full), Absent)
