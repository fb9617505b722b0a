"""Pipelines and subshells: what runs there is a child of the shell, `exec` or not."""

from __future__ import annotations

from initlint.boot.shell.commands import settle
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.reading import STDIN
from initlint.boot.shell.substitution import greps
from initlint.boot.shell.syntax import Item
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import Context, State, Text

# Programs that merely pass on what another one prints.
_FILTERS = frozenset(
    "tee cat grep egrep sed awk gawk logger ts sort uniq tr cut head tail jq multilog cronolog rotatelogs tai64n "
    "svlogd xargs fold wc while stdbuf unbuffer less more read".split()
)


def _name(node: Node) -> str:
    while node.type == "redirected_statement" and node.children:
        node = node.children[0]
    if node.type != "command":
        return node.type.partition("_")[0]
    for child in node.children:
        if child.type == "command_name":
            return child.text.rpartition("/")[2]
    return ""


def pipeline(machine: Machine, node: Node, state: State, context: Context, stages: list[Node]) -> list[State]:
    """The shell waits for all of its commands; the main one is that which isn't a mere filter."""
    machine.step()
    commands = [stage for stage in stages if _name(stage) not in _FILTERS]
    main = commands[-1] if commands else stages[0] if stages else None
    if len(commands) > 1 and _name(commands[0]) not in ("echo", "printf", "yes", "find", "ls", "env", "date"):
        main = commands[0]
    if len(stages) == 2 and (matched := greps(machine, stages[0], stages[1], state, context)) is not None:
        state.status, state.lean = int(not matched), matched
        return settle([state], context)
    results: list[tuple[int | None, bool]] = []
    in_shell = "lastpipe" in state.options
    for index, stage in enumerate(stages):
        place = context._replace(
            pipeline=True,
            subshell=True,
            guarded=True,
            tail=context.tail and stage is main,
            labels=context.labels | {"last-of-pipeline" if stage is stages[-1] else "pipeline"},
        )
        if in_shell and stage is stages[-1]:
            return _last(machine, stage, state, context, results)
        own = _child(state)
        if index and STDIN in own.variables:
            own.variables[STDIN] = Text(STDIN)
        before = len(machine.endings)
        ways = machine.execute(machine, stage, own, place)
        # A stage that keeps running on the likely way keeps the shell.
        if not any(way.likely or not state.likely for way in ways) and len(machine.endings) > before:
            return []
        result: tuple[int | None, bool] = None, True
        for way in ways:
            if way.likely == state.likely:
                state.ran = way.ran
                state.created = way.created
                result = way.status, way.lean
                break
        results.append(result)
    state.status, state.lean = _status(results, state)
    if state.status is None and not context.loop and not state.daemons and stages and _name(stages[0]) == "ps":
        # `ps | grep server` asks whether it runs already: not in a container that starts.
        state.lean = False
    return settle([state], context)


def _status(results: list[tuple[int | None, bool]], state: State) -> tuple[int | None, bool]:
    """That of the last command; under pipefail, of the last one that failed."""
    if "pipefail" not in state.options or not results:
        return results[-1] if results else (None, True)
    failed = next((status for status, _ in reversed(results) if status), None)
    if failed is not None:
        return failed, False
    return (None if any(status is None for status, _ in results) else 0), all(lean for _, lean in results)


def _last(
    machine: Machine, stage: Node, state: State, context: Context, results: list[tuple[int | None, bool]]
) -> list[State]:
    """The last command under `shopt -s lastpipe`: the shell itself runs it."""
    outer = state.variables.get(STDIN)
    state.variables[STDIN] = Text(STDIN)
    ways = machine.execute(machine, stage, state, context._replace(guarded=True, tail=False))
    for way in ways:
        way.status, way.lean = _status([*results, (way.status, way.lean)], way)
        way.variables[STDIN] = outer
        if outer is None:
            del way.variables[STDIN]
    return settle(ways, context)


def _child(state: State) -> State:
    """What a subshell starts with. It resets traps, but where it stays its parent still has them."""
    return state.copy()


def subshell(machine: Machine, commands: list[Item], state: State, context: Context) -> list[State]:
    """`( … )`: what it changes is gone when it ends."""
    from initlint.boot.shell.statements import run_list

    ways = run_list(machine, commands, _child(state), context.within("in-subshell")._replace(subshell=True))
    after: list[State] = []
    for way in ways:
        back = state.copy()
        back.status, back.lean = way.status, way.lean
        back.ran, back.created, back.done = way.ran, way.created, way.done
        back.when, back.likely, back.hard, back.failed = way.when, way.likely, way.hard, way.failed
        back.sure = way.sure
        after.append(back)
    return after
