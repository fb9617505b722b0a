"""Background jobs: what is started with `&`, and waiting for it."""

from __future__ import annotations

from contextlib import suppress

from initlint.boot.model import Argv, Job, Opaque, ShellStays
from initlint.boot.shell.endless import in_endless_loop
from initlint.boot.shell.machine import MAX_STEPS, Exhausted, Machine
from initlint.boot.shell.syntax import descend, words_of
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import Call, Context, State, Text
from initlint.text import Span

_LOOPS = frozenset({"while_statement", "for_statement", "c_style_for_statement"})
_MAX_JOBS = 32
# What it may take to find out what one job comes to.
_JOB_STEPS = 1_000


def add_job(state: State, argv: Argv, span: Span | None, *, loops: bool = False) -> list[State]:
    if len(state.jobs) < _MAX_JOBS:
        state.jobs = (*state.jobs, Job(argv, span, loops=loops))
        state.last_job = len(state.jobs) - 1
    state.status = 0
    return [state]


def background(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    """`… &`: whatever it is runs beside the shell."""
    span = context.frame.node_span(node)
    # Unlikely ways come by with other values of variables that seldom matter to the job.
    key = (node.text, state.positional, () if context.function is None else context.function.name)
    known = None if state.likely else machine.job_found.get(key)
    argv, loops = known or _what_runs(machine, node, state, context)
    machine.job_found[key] = argv, loops
    return add_job(state, argv, span, loops=loops)


def _what_runs(machine: Machine, node: Node, state: State, context: Context) -> tuple[Argv, bool]:
    """The program that the job comes to, found by evaluating it as a script of its own."""
    inner = Machine(
        shell=machine.shell,
        rootfs=machine.rootfs,
        keeps_running=machine.keeps_running,
        complete=machine.complete,
        is_pid1=machine.is_pid1,
        execute=machine.execute,
        builtins=machine.builtins,
    )
    inner.frames = machine.frames
    inner.indirect = machine.indirect
    inner.job_found = machine.job_found
    inner.steps = max(machine.steps, MAX_STEPS - _JOB_STEPS)
    started = inner.steps
    inner.side = machine.side
    inner.depth = machine.depth + 2
    own = state.copy()
    own.jobs, own.ran, own.likely, own.when = (), None, True, ()
    own.options = own.options - {"e", "u"}
    place = context._replace(tail=True, guarded=False, loop=False, pipeline=False, subshell=True)
    inner.depth += 1
    ways: list[State] = []
    with suppress(Exhausted):
        ways = machine.execute(inner, node, own, place)
    machine.step(inner.steps - started)
    machine.version_decides = machine.version_decides or inner.version_decides
    for end in inner.endings.values():
        if end.end.likely:
            found = end.end
            stays = found.stays
            return found.argv, stays is not None and stays.how == "loop"
    loops = any(child.type in _LOOPS for child in descend(node)[:200])
    for way in ways:
        if way.likely and way.ran is not None:
            return way.ran.argv, loops
    return (words_of(node, 60),) if node.type != "command" else (), loops


def _waited(state: State, words: list[str]) -> list[int]:
    """The indexes of the jobs that `wait`'s words name: all when there are none."""
    alive = [index for index in range(len(state.jobs)) if index not in state.done]
    named: list[int] = []
    words = [word for word in words if word not in ("-n", "-f", "--")]
    for word in words:
        if isinstance(word, Text) and word.job is not None:
            named.append(word.job)
        elif word.startswith("%") and word[1:].isdigit():
            named.append(int(word[1:]) - 1)
        else:
            return alive
    return [index for index in named if index in alive] if words else alive


def _ends_soon(machine: Machine, job: Job) -> bool:
    from initlint.boot.shell.commands import keeps

    return bool(job.argv) and not job.loops and keeps(machine, job.argv) is False


def wait(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    waited = _waited(state, call.words[1:])
    lasting = [index for index in waited if not _ends_soon(machine, state.jobs[index])]
    if "-n" in call.words[1:] and len(lasting) < len(waited):
        lasting = []
    if not lasting:
        state.done |= frozenset(waited)
        state.status = 0 if not call.words[1:] else None
        return [state]
    from initlint.boot.shell.commands import keeps

    main = next((index for index in reversed(lasting) if keeps(machine, state.jobs[index].argv or ("",))), lasting[-1])
    job = state.jobs[main]
    # Under `set -e` the shell ends with the `wait` that a trap interrupts.
    ends = "e" in state.options and not context.guarded
    state.waits_again = (context.loop and not ends) or _waits_later(machine)
    endless = context.loop and not ends and in_endless_loop(call.node, state)
    why = f"{machine.shell.word} waits for its background job" + ("s" if len(lasting) > 1 else "")
    stays = ShellStays("wait", job.span, None, "wait", why, endless=endless)
    return machine.finish(state, "stays", argv=job.argv, span=job.span, stays=stays)


def fg(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    """`set -m; app & …; fg`: the job comes to the foreground, and the shell waits for it."""
    alive = [index for index in range(len(state.jobs)) if index not in state.done]
    if not alive:
        state.status = 1
        return [state]
    words = [f"%{word.lstrip('%')}" for word in call.words[1:]] or [f"%{alive[-1] + 1}"]
    return wait(machine, state, context, call._replace(words=["wait", *words]))


def _waits_later(machine: Machine) -> bool:
    """Whether another `wait` follows the one that a trap interrupts."""
    for commands, index in machine.following:
        for item in commands[index + 1 :]:
            for node in descend(item.node)[:400]:
                if node.type == "command_name" and node.text == "wait":
                    return True
    return False


def kill(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    words = call.words[1:]
    jobs = [word.job for word in words if isinstance(word, Text) and word.job is not None]
    if "-0" in words:
        if jobs:
            state.status = 0 if any(job not in state.done for job in jobs) else 1
        else:
            state.status, state.lean = None, True
        return [state]
    gentle = any(word in ("-HUP", "-USR1", "-USR2", "-SIGHUP", "-SIGUSR1", "-1", "-10", "-12") for word in words)
    if not gentle:
        state.done |= frozenset(jobs)
    state.status = 0 if jobs else None
    return [state]


def disown(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    if state.last_job is not None and not any(isinstance(word, Opaque) for word in call.words[1:]):
        index = state.last_job
        job = state.jobs[index]._replace(disowned=True)
        state.jobs = (*state.jobs[:index], job, *state.jobs[index + 1 :])
    state.status = 0
    return [state]
