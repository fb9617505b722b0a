"""The processes of a container, as the /proc of this machine shows them."""

from __future__ import annotations

import os

from initlint.records import NamedTuple


class Process(NamedTuple):
    """One process. `pid` is this machine's; `exe` is "" where it can't be read; `ticks` is its CPU time."""

    pid: int
    argv: tuple[str, ...]
    exe: str
    comm: str
    ticks: int

    @property
    def name(self) -> str:
        """The basename that it was started by; a title that it gave itself is cut (`nginx: master process`)."""
        return program_name(self.argv) or os.path.basename(self.exe) or self.comm

    @property
    def names(self) -> frozenset[str]:
        """All that it can rightly be called: `python`, `python3.11`, `gunicorn`."""
        found = {self.name, self.comm, os.path.basename(self.exe)}
        if len(self.argv) > 1 and not self.argv[1].startswith("-"):
            found.add(os.path.basename(self.argv[1]))
        return frozenset(found - {""})

    def is_called(self, name: str) -> bool:
        return name in self.names or (len(name) > 15 and self.comm == name[:15])


def program_name(argv: tuple[str, ...]) -> str:
    """`-bash` → bash, `/usr/sbin/nginx` → nginx, `nginx: master process …` → nginx."""
    if not argv or not argv[0].strip():
        return ""
    word = argv[0].split(":")[0].split()[0] if ": " in argv[0] or len(argv) == 1 else argv[0]
    return os.path.basename(word.rstrip("/")).lstrip("-")


def read(pid: int) -> Process | None:
    """A living process; None where it has ended, as a zombie too."""
    try:
        stat = _file(f"/proc/{pid}/stat")
        comm, _, rest = stat.partition(b"(")[2].rpartition(b")")
        fields = rest.split()
        if fields[0] in (b"Z", b"X"):
            return None
        command = _file(f"/proc/{pid}/cmdline").rstrip(b"\0")
    except (OSError, IndexError):
        return None
    try:
        exe = os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")
    except OSError:
        exe = ""
    argv = tuple(part.decode("utf-8", "replace") for part in command.split(b"\0")) if command else ()
    return Process(pid, argv, exe, comm.decode("utf-8", "replace"), int(fields[11]) + int(fields[12]))


def below(pid: int) -> list[Process]:
    """All living descendants, parents before their children, the oldest first."""
    found: list[Process] = []
    for child in _children(pid):
        process = read(child)
        if process is not None:
            found.append(process)
        found += below(child)
    return found


def is_here(pid: int, container: str) -> bool:
    """Whether a process of this machine is PID 1 of that container: the engine may run on another one."""
    if pid <= 0:
        return False
    try:
        if _file(f"/proc/{pid}/status").split(b"NSpid:")[1].split(b"\n")[0].split()[-1] != b"1":
            return False
        places = _file(f"/proc/{pid}/cgroup") + _file(f"/proc/{pid}/mountinfo")
    except (OSError, IndexError):
        return False
    return container.encode() in places


def _children(pid: int) -> list[int]:
    found: set[int] = set()
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            found.update(int(word) for word in _file(f"/proc/{pid}/task/{task}/children").split())
    except OSError:
        pass
    return sorted(found)


def _file(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
