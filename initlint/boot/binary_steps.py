"""Compiled programs, and inits that only their origin tells of, as one step of the boot trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.boot import wrapper_steps, wrappers
from initlint.boot.model import Link, Outcome
from initlint.boot.shebang import ELF
from initlint.boot.state import State
from initlint.rootfs import BinaryFiles, Present

if TYPE_CHECKING:
    from initlint.boot.binaries import Binary
    from initlint.boot.follow import Follower


def by_bytes(follower: Follower, state: State, name: str, node: Present) -> list[Outcome] | None:
    """A compiled program that can't be run here, or has an init's name and certainly isn't one."""
    if not isinstance(follower.rootfs, BinaryFiles) or follower.rootfs.read_bytes(node.path, 4) != ELF:
        return None
    from initlint.boot.binaries import read_binary
    from initlint.boot.unfit import why_unfit

    binary = read_binary(name, node, follower.rootfs)
    if binary is None:
        return None
    link = Link(name, state.argv, state.step, state.cause, path=node.path, node=node)
    why = why_unfit(name, binary.elf, node.path, follower.container, follower.rootfs, follower.stages)
    if not why and binary.lacks is not None and name in wrappers.INITS:
        why = f"{name} wants {binary.elf.interpreter}, which isn't there: {binary.lacks.why}"
    if why:
        own = None if name in wrappers.INITS else link
        return [follower.cannot_start(state, "unfit", node.path, node, why, link=own)]
    if name in wrappers.INITS and not binary.init and (binary.elf.never_waits or binary.elf.never_starts):
        return run_binary(follower, state, link, binary)
    return None


def is_released(follower: Follower, name: str, node: Present) -> bool:
    """Whether a file comes from the releases of the init that it's named after."""
    if name not in wrappers.INITS or not follower.stages:
        return False
    from initlint.boot.init_files import downloads

    return bool(downloads(node, wrappers.init_of(name), follower.stages))


def by_origin(follower: Follower, name: str, node: Present) -> str:
    """Why an init that can't be read can't run: where it was brought from says so."""
    if name not in wrappers.INITS or not follower.stages:
        return ""
    from initlint.boot.init_files import why_unfit

    return why_unfit(name, node, follower.container, follower.rootfs, follower.stages)


def run_binary(follower: Follower, state: State, link: Link, binary: Binary) -> list[Outcome]:
    """A compiled program whose bytes are seen, of a name that nothing is known of."""
    if binary.lacks is not None:
        why = f"{link.program} wants {binary.elf.interpreter}, which isn't there: {binary.lacks.why}"
        return [
            follower.cannot_start(state, "interpreter-missing", binary.elf.interpreter, binary.lacks, why, link=link)
        ]
    if binary.init:
        return wrapper_steps.run_init(follower, state, link._replace(why=binary.why), known_as=binary.init)
    link = link._replace(kind="other", fact=binary.fact, why=binary.why)
    state = state.doubt(f"the source of {link.program} wasn't read: it may end by itself")
    return [follower.settle(state, link, program_unread=binary.unread)]
