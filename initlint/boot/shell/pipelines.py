"""Pipelines and subshells: what runs there is a child of the shell, `exec` or not."""

from __future__ import annotations

from initlint.boot.shell.machine import Machine
from initlint.boot.shell.syntax import Item
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import Context, State

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
    status: int | None = None
    lean = True
    for stage in stages:
        place = context._replace(
            pipeline=True,
            subshell=True,
            guarded=True,
            tail=context.tail and stage is main,
            labels=context.labels | {"last-of-pipeline" if stage is stages[-1] else "pipeline"},
        )
        own = _child(state)
        before = len(machine.endings)
        ways = machine.execute(machine, stage, own, place)
        # A stage that keeps running on the likely way keeps the shell.
        if not any(way.likely or not state.likely for way in ways) and len(machine.endings) > before:
            return []
        for way in ways:
            if way.likely == state.likely:
                state.ran = way.ran
                state.created = way.created
                status, lean = way.status, way.lean
                break
    state.status, state.lean = status, lean
    if status is None and not context.loop and not state.daemons and stages and _name(stages[0]) == "ps":
        # `ps | grep server` asks whether it runs already: not in a container that starts.
        state.lean = False
    return [state]


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
