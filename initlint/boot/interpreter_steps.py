"""Interpreters and their programs: what a source that can be read comes to, as one step of the boot trace."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from initlint.boot import interpreters, wrappers
from initlint.boot.model import Argv, Environment, Link, Outcome, is_known
from initlint.boot.programs import READS_COMMANDS, FoundProgram, OldPython, program_facts
from initlint.boot.settle import settle, undecided
from initlint.boot.state import State
from initlint.facts import programs as program_table
from initlint.rootfs import Absent, Present, Unknown
from initlint.text import Source

if TYPE_CHECKING:
    from initlint.boot.follow import Follower
    from initlint.boot.python_ends import Ending


def run_interpreter(follower: Follower, state: State, name: str, argv: Argv, link: Link) -> list[Outcome]:
    fact = program_table.lookup([str(word) for word in argv])
    if fact is not None and fact.name == "pyinit":
        fact = program_table.lookup([name])
    invocation = interpreters.invocation(name, argv)
    link = link._replace(kind="runtime" if fact is None else fact.kind, fact=fact)
    if invocation is None or fact is None or fact.kind != "runtime":
        if fact is None:
            return [undecided(follower.container, state, f"what {name} does isn't known", link)]
        if fact.background:
            return [follower.backgrounds(state, link)]
        return [follower.settle(state, link)]
    if invocation.other:
        return [follower.settle(state, link, main_unknown=f"what `{' '.join(argv)}` runs isn't known")]
    if invocation.unknown:
        return [follower.settle(state, link, program_unread=f"which program {name} runs isn't known")]
    if invocation.script is None and invocation.module is None and invocation.code is None:
        why = READS_COMMANDS.format(name)
        return [undecided(follower.container, state, why, link, pid1="none")]
    from initlint.boot.programs import read_invocation, unbrought

    found = read_invocation(invocation, state.environment, follower.rootfs, follower.asks_for)
    if isinstance(found, Absent):
        why = f"{invocation.script} isn't there: {found.why}"
        return [follower.cannot_start(state, "missing", found.path, found, why, link=link)]
    if isinstance(found, OldPython):
        return [_run_old_python(follower, state, name, link, found.source)]
    if isinstance(found, str):
        missing = unbrought(invocation, state.environment, follower.rootfs)
        if missing and not follower.names_folder(invocation.script or "", state.environment):
            state = state.doubt(missing)
        return [follower.settle(state, link, program_unread=found)]
    if link.script is None and invocation.code is None:
        link = link._replace(script=found.source)
    if found.facts.execs is not None:
        return follower.run(state.then(link, found.facts.execs, execvp=True))
    if found.facts.gem:
        return _run_gem(follower, state, link, found.facts.gem, invocation.arguments)
    state = state.doubt(found.facts.replaced)
    others: list[Outcome] = []
    end = _python_end(follower, found, invocation, state.environment) if invocation.language == "python" else None
    if end is not None:
        ended = undecided(follower.container, state, f"{found.source.name} {end.why}", link, pid1="none")
        if not end.wanted:
            return [ended]
        # As with a start script that wants a variable: it is meant to run with it set.
        others.append(ended._replace(likely=False))
        state = state._replace(when=(*state.when, *(f"if ${each} is set" for each in end.wanted)))
    changed, evidence, unread = program_facts(fact, found.facts)
    state = state._replace(evidence=(*state.evidence, *evidence))
    link = link._replace(fact=changed, mistakes=found.facts.mistakes)
    daemon = next((mistake for mistake in link.mistakes if mistake.kind == "daemonizes"), None)
    from initlint.boot.python_start import DETACHES

    if daemon is not None and daemon.why == DETACHES and any(item.stays for item in state.chain):
        # Below an init it isn't PID 1, and mostly a child of it, which doesn't detach itfollower.
        link = link._replace(mistakes=())
        state = state.doubt(f"{link.program} detaches itself unless PID 1 is its parent")
        daemon = None
    if daemon is not None and any(item.shell is not None and item.stays for item in state.chain):
        # The script may have more to do: what it comes to isn't known here.
        link = link._replace(mistakes=tuple(item for item in link.mistakes if item is not daemon))
    elif daemon is not None:
        return [undecided(follower.container, state, f"{link.program} {daemon.why}", link, pid1="none"), *others]
    from initlint.boot.lasting import may_end_at_once

    if may_end_at_once(found.source.text, invocation.language):
        state = state.doubt(f"nothing in {found.source.name} is seen to keep it running: it may end by itself")
    launches = f"{link.program}: {found.facts.launches}" if found.facts.launches else ""
    settled = settle(
        follower.container,
        state,
        link,
        program_unread=unread,
        launches=launches,
        open_stops=found.facts.open_stops,
        unsure_stops=found.facts.unsure_stops,
    )
    return [settled, *others]


def run_tsx(follower: Follower, state: State, link: Link) -> list[Outcome]:
    """tsx keeps its program in a node behind it, and ends on the signal once that has."""
    from initlint.boot.programs import read_invocation

    fact = program_table.lookup([str(word) for word in link.argv])
    invocation = interpreters.invocation(link.program, link.argv)
    if fact is None or invocation is None or invocation.script is None or not is_known(invocation.script):
        return [follower.settle(state, link._replace(kind="wrapper", fact=fact))]
    link = link._replace(kind=fact.kind, fact=fact)
    found = read_invocation(invocation, state.environment, follower.rootfs, follower.asks_for)
    if not isinstance(found, FoundProgram):
        why = (
            f"{invocation.script} wasn't read: {found}"
            if isinstance(found, str)
            else f"{invocation.script} wasn't read"
        )
        return [settle(follower.container, state, link, open_stops=dict.fromkeys(fact.effects, why))]
    own = found.facts._replace(handled={}, kills=(), ignored=(), refused=(), handlers_known=True, reaps="no")
    changed, evidence, _ = program_facts(fact, own)
    state = state._replace(evidence=(*state.evidence, *evidence)).doubt(found.facts.replaced)
    why = f"{found.source.name} goes on after the signal, and tsx waits for it"
    launches = f"{link.program}: {found.facts.launches}" if found.facts.launches else ""
    opened = dict.fromkeys(found.facts.refused, why)
    return [settle(follower.container, state, link._replace(fact=changed), launches=launches, open_stops=opened)]


def _run_gem(follower: Follower, state: State, link: Link, program: str, arguments: Argv) -> list[Outcome]:
    """What a binstub loads is the program of a gem: known by its name, or it may even exec another one."""
    argv = (program, *arguments)
    if program_table.lookup([str(word) for word in argv]) is None and wrappers.unwrap(program, argv) is None:
        why = f"it loads {program} of a gem, which wasn't read"
        return [
            follower.settle(state.doubt(f"{why} and may give its place to another program"), link, program_unread=why)
        ]
    return follower.run_named(state.then(link, argv, execvp=True), program, Unknown(program, "a gem brings it"))


def _python_end(
    follower: Follower, found: FoundProgram, invocation: interpreters.Invocation, environment: Environment
) -> Ending | None:
    from initlint.boot.python_ends import ending
    from initlint.boot.python_module import read_module

    module = read_module(found.source, found.path, is_main=True)
    folder = posixpath.dirname(found.path)

    def is_own(name: str) -> bool:
        nodes = [follower.rootfs.stat(f"{folder.rstrip('/')}/{name}{suffix}") for suffix in (".py", "")]
        return any(isinstance(node, Present) for node in nodes)

    return None if module is None else ending(module.tree, invocation.arguments, environment, is_own)


def _run_old_python(follower: Follower, state: State, name: str, link: Link, source: Source) -> Outcome:
    """Python 2 code: Python 3 refuses it, and which of them `python` is depends on the image."""
    version = name[6:7] if name.startswith("python") else ""
    match = follower.container.base.match
    if not version and match is not None and match.fact.image == "python":
        tag = (follower.container.base.reference or "").partition("@")[0].partition(":")[2]
        version = "2" if tag.startswith("2") else "3"
    why = f"{source.name} is written for Python 2"
    if version == "3":
        return undecided(follower.container, state, f"{why}: Python 3 refuses it and ends", link, pid1="none")
    if version != "2":
        state = state.doubt("under Python 3 it ends at once, and which one this is isn't known")
    return follower.settle(state, link, program_unread=why)
