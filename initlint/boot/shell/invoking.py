"""The builtins that run something else: sourced files, eval, command, time, coproc."""

from __future__ import annotations

from initlint.boot.model import Opaque
from initlint.boot.shell.commands import dispatch, done, external
from initlint.boot.shell.exec_position import BUILTINS as BUILTIN_NAMES
from initlint.boot.shell.exec_position import KEYWORDS
from initlint.boot.shell.files import is_missing, is_program, read_file
from initlint.boot.shell.jobs import add_job
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.reading import redirected_input
from initlint.boot.shell.syntax import Frame, words_of
from initlint.boot.shell.values import OPEN, Call, Context, State, Text
from initlint.text import encode


def run_source(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    from initlint.boot.shell.statements import run_nodes

    if call.words[0] == "source" and machine.is_plain:
        return done(state, 127)
    if len(call.words) < 2:
        return done(state, 2)
    path = call.words[1]
    if path == "/dev/stdin" and (text := redirected_input(machine, call.redirects, state, context)) is not None:
        return run_eval(machine, state, context, call._replace(words=["eval", text]))
    special = isinstance(path, Opaque) or path.startswith(("/dev/", "/proc/"))
    missing = not special and is_missing(machine, path, state)
    source = None if special else read_file(machine, path, state)
    if source is None:
        if missing and machine.is_plain:
            state.flow, state.status = "exit", 2  # `.` is a special builtin: dash ends
            return [state]
        # Whatever it sets is unknown from here on.
        state.sure = False
        if not missing:
            state.assign(OPEN, Text(OPEN))
            if context.tail:
                span = context.frame.node_span(call.node)
                why = f"what {words_of(call.node, 60)} does isn't known"
                return machine.finish(state, "undecided", span=span, why=why, sure=False)
        return done(state, None)
    if b"\r\n" in source.data:
        return done(state, None)
    frame = next((frame for frame in machine.frames if frame.name == path and frame.kind == "source"), None)
    if frame is None:
        frame = Frame(source.data, "source", path, source.span)
        machine.frames.append(frame)
        machine.step(10)
    machine.enter()
    machine.enter()
    before = state.positional
    # dash leaves the arguments alone; in bash a `set` in the file outlives it.
    given = tuple(call.words[2:]) if not machine.shell.name.startswith("dash") else ()
    if given:
        state.positional = given
        state.sure = state.sure and machine.shell.name != "unknown"
    inner = context.within("not-last")._replace(frame=frame)
    machine.sourcing += 1
    ways = run_nodes(machine, frame.root, state, inner)
    for way in ways:
        if given and (way.positional == given or not machine.is_bash):
            way.positional = before
        if way.flow == "return":
            way.flow = ""
    machine.sourcing -= 1
    machine.leave()
    machine.leave()
    return ways


def run_eval(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    from initlint.boot.shell.statements import run_nodes

    words = call.words[1:]
    if not words:
        return done(state)
    if any(isinstance(word, Opaque) for word in words):
        first = words[0]
        if len(words) == 1 and isinstance(first, Opaque) and str(first).startswith(("$(", "`")):
            # Most often it sets variables (`eval "$(ssh-agent)"`): which, isn't known.
            state.sure = False
            state.assign(OPEN, Text(OPEN))
            return done(state, None)
        if first == "set" or (isinstance(first, Opaque) and str(first).startswith("set ")):
            state.positional = (Opaque('"$@"', many=True),)
            return done(state)
        word = str(first).partition(" ")[0]
        if word == first and not isinstance(first, Opaque):
            word = first
        elif word == first:
            word = ""
        if word and not set(word) & set("$`(){};&|<>\"'\\") and word not in KEYWORDS and word != "exec":
            # The command itself is known, only some of its words are not.
            if word in BUILTIN_NAMES or "=" in word:
                return done(state, None)
            made = call._replace(words=[word, Opaque(" ".join(words).partition(" ")[2], many=True)])
            return external(machine, state, context._replace(evaluated=True), made)
        if not context.tail:
            state.sure = False
            return done(state, None)
        span = context.frame.node_span(call.node)
        return machine.finish(state, "undecided", span=span, why="eval of a text that isn't known")
    span = context.frame.node_span(call.node)
    frame = Frame(encode(" ".join(words)), "eval", "eval", lambda start, end: span)
    machine.step(10)
    machine.frames.append(frame)
    machine.enter()
    machine.enter()
    inner = context.within("eval")._replace(frame=frame, evaluated=True)
    ways = run_nodes(machine, frame.root, state, inner)
    machine.leave()
    machine.leave()
    return ways


def run_command(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    from initlint.boot.shell.builtins import BUILTIN

    words = call.words[1:]
    asks = False
    while words and words[0] in ("-p", "-v", "-V", "--"):
        asks = asks or words[0] in ("-v", "-V")
        words = words[1:]
    if asks:
        return found(machine, state, words)
    if not words:
        return done(state)
    inner = call._replace(words=words)
    if not isinstance(words[0], Opaque) and words[0] in BUILTIN:
        return BUILTIN[words[0]](machine, state, context, inner)
    # `exec command P` fails: nothing may be written before `command`.
    return external(machine, state, context.within("command-builtin"), inner._replace(name=None))


def found(machine: Machine, state: State, words: list[str]) -> list[State]:
    """`command -v`, `type`, `which`, `hash`: whether there is such a command."""
    lean = True
    answer: bool | None = True
    for word in words:
        if word.startswith("-"):
            continue
        one: bool | None
        if isinstance(word, Opaque):
            one = None
        elif word in BUILTIN_NAMES or word in KEYWORDS or word in state.functions:
            one = True
        else:
            one = is_program(machine, word, state)
        answer = False if one is False or answer is False else None if one is None else answer
    return done(state, None if answer is None else 0 if answer else 1, lean=lean)


def run_type(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    if call.words[0] == "hash" and len(call.words) < 2:
        return done(state)
    return found(machine, state, call.words[1:])


def run_alias(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    if not machine.is_bash and len(call.words) > 1:
        state.options |= {"alias"}
    return done(state)


def run_builtin(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    from initlint.boot.shell.builtins import BUILTIN

    words = call.words[1:]
    if words and words[0] in BUILTIN:
        return BUILTIN[words[0]](machine, state, context, call._replace(words=words))
    return done(state, None)


def run_time(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    words = [word for index, word in enumerate(call.words[1:]) if not (index == 0 and word == "-p")]
    if not words:
        return done(state)
    # A keyword: the shell stays to tell the time, and an exec before it would look for a program.
    inner = call._replace(words=words, start=call.start)
    if machine.is_plain:
        return external(machine, state, context, call)
    return dispatch(machine, state, context.within("timed")._replace(negated=True), inner)


def run_coproc(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    if machine.is_plain:
        return done(state, 127)
    return add_job(state, tuple(call.words[1:]), context.frame.node_span(call.node))
