"""What a compiled program that lies in the context or the image does as PID 1, from its ELF headers."""

from __future__ import annotations

from initlint.boot.elf import Elf, read_elf
from initlint.facts import ProgramFact
from initlint.facts import programs as program_table
from initlint.records import NamedTuple
from initlint.rootfs import Absent, Present, RootFilesystem, paths


class Binary(NamedTuple):
    """`init`: the init that it is under another name. `unread`: why its handlers stay open. `lacks`:
    the loader that it wants and that certainly isn't there."""

    elf: Elf
    why: str
    init: str
    fact: ProgramFact
    unread: str
    lacks: Absent | None


def read_binary(name: str, node: Present, rootfs: RootFilesystem) -> Binary | None:
    """What is known of the ELF program at `node`, a file; None where it is none, or its bytes can't be seen."""
    elf = read_elf(rootfs, node.path)
    if elf is None:
        return None
    loader = paths.resolve(rootfs, elf.interpreter) if elf.interpreter.startswith("/") else None
    lacks = loader if isinstance(loader, Absent) else None
    if elf.init:
        init_fact = program_table.lookup([elf.init])
        assert init_fact is not None
        version = f" {elf.init_version}" if elf.init_version else ""
        return Binary(elf, f"{name} is {elf.init}{version}, as its text tells", elf.init, init_fact, "", lacks)
    if elf.language == "go":
        fact = program_table.runtime("go")._replace(name=name, kind="other")
        if elf.reaper:
            fact = fact._replace(reaps="unknown", reaps_why=f"it holds {elf.reaper}, which can wait for every child")
        why = f"{name} is built with {elf.go_version or 'Go'}, as its build information tells"
        return Binary(elf, why, "", fact, "", lacks)
    return _compiled(name, elf, lacks)


def _compiled(name: str, elf: Elf, lacks: Absent | None) -> Binary:
    """A program in C, Rust or the like: sure only of what its imports rule out."""
    fact = program_table.runtime("rust" if elf.language == "rust" else "c")._replace(name=name, kind="other")
    how = "statically linked" if elf.static else f"linked with {elf.libc or 'no loader'}"
    why = f"{name} is {'a Rust' if elf.language == 'rust' else 'a compiled'} program for {elf.machine}, {how}"
    if elf.never_starts:
        fact = fact._replace(children="no", children_why="it imports nothing that starts a process")
    else:
        fact = fact._replace(children="unknown", children_why="what it starts isn't known")
    if elf.never_waits:
        fact = fact._replace(reaps="no", reaps_why="it imports neither wait nor waitpid, nor what handles signals")
    else:
        fact = fact._replace(reaps="unknown", reaps_why="whether it waits for every child can't be told from outside")
    if not elf.never_waits or not elf.never_handles:
        fact = fact._replace(measured=False, source="only its ELF headers were read")
    unread = "" if elf.never_handles else "its source wasn't read"
    return Binary(elf, why, "", fact, unread, lacks)
