"""Simple commands: assignments, functions, builtins, and programs of which one may be the main one."""

from __future__ import annotations

import posixpath
import re
from typing import Literal

from initlint.boot.model import Argv, Opaque, ShellStays
from initlint.boot.shell.exec_position import place, reason
from initlint.boot.shell.files import absolute
from initlint.boot.shell.last_command import execs_by_itself
from initlint.boot.shell.lookup import read
from initlint.boot.shell.machine import MAX_TEXT, Exhausted, Machine
from initlint.boot.shell.patterns import compiled
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import MISSING, NOT_EMPTY, OPEN, Call, Chain, Context, Function, State, Text, Value
from initlint.boot.shell.words import Fields, concatenation, fields, separators, single
from initlint.records import NamedTuple

# Options with which any server does one thing and ends, or goes to the background.
_ONE_SHOT = frozenset(
    "--version --help --initialize --initialize-insecure --validate --validate-config --configtest --daemonize "
    "--test-config --check-config --install --init".split()
)
# Programs that leave a daemon behind when they end: whether one ran matters later.
_LEAVING = frozenset("service systemctl rc-service cron crond sshd start-stop-daemon nginx redis-server".split())
_MAKING = frozenset(
    {"mkdir", "touch", "cp", "mv", "ln", "install", "tee", "tar", "unzip", "wget", "curl", "rsync", "rm"}
)


_KEYED = re.compile(r"\[[^\]]*\]=")


_READS = re.compile(r"\$\(\s*cat\s+[\w./-]+\s*\)")


class Shape(NamedTuple):
    """The parts of a simple command; a word is a list of nodes, of one node in most cases."""

    assignments: list[Node]
    groups: list[list[Node]]
    redirects: list[Node]


def _shape(node: Node) -> Shape:
    groups: list[list[Node]] = []
    assignments: list[Node] = []
    redirects: list[Node] = []
    end = -1
    for child in node.children:
        kind = child.type
        if kind == "variable_assignment" and not groups:
            assignments.append(child)
        elif kind.endswith("_redirect"):
            redirects.append(child)
        elif kind != "comment":
            parts = child.children if kind == "command_name" else [child]
            # The parser splits some words in two where a `$` stands alone.
            if groups and child.start_byte == end:
                groups[-1].extend(parts)
            else:
                groups.append(list(parts))
            end = child.end_byte
    return Shape(assignments, groups, redirects)


def command(
    machine: Machine, node: Node, state: State, context: Context, redirects: list[Node] | None = None
) -> list[State]:
    """Run one simple command."""
    assignments, groups, own = node.remember(_shape)
    redirects = [*redirects, *own] if redirects else own
    if redirects and machine.lacks_arrays and any(each.type == "herestring_redirect" for each in redirects):
        why = f"{machine.shell.word} has no here-strings: a syntax error"
        return machine.finish(state, "fails", span=context.frame.node_span(node), why=why)
    if redirects and machine.is_plain and _backgrounds(redirects):
        from initlint.boot.shell.jobs import background

        return background(machine, node, state, context)
    machine.outside.clear()
    words: list[str] = []
    for group in groups:
        if len(group) == 1:
            literal = group[0].literal
            if literal is not None:
                words.append(literal)
            else:
                words.extend(fields(machine, group[0], state, context))
        else:
            out = Fields(separators(state))
            concatenation(machine, group, state, context, out, quoted=False)
            out.close()
            words.extend(out.words)
    outside = machine.outside.copy() if machine.outside else None
    extra: dict[str, Value] = {}
    if assignments and words:
        for assignment in assignments:
            name, value = assigned(machine, assignment, state, context)
            extra[name] = value
    if machine.fatal is not None:
        return fatal(machine, state, lambda other: command(machine, node, other, context, redirects))
    if machine.blocked is not None:
        return blocked(machine, state, context, node)
    if not words:
        if groups and outside and not assignments:
            ways = _unset_command(machine, node, state, context, redirects, outside)
            return ways if OPEN in state.variables else [*ways, state]
        return settle(_assign_only(machine, assignments, state, context), context)
    start = groups[0][0].start_byte
    call = Call(words, node, groups[0][0], start, redirects, extra)
    if redirects:
        written(machine, redirects, state, context)
    return settle(dispatch(machine, state, context, call, outside), context)


def _backgrounds(redirects: list[Node]) -> bool:
    """To dash, `app &> log` is `app &` and an empty `> log`."""
    return any(redirect.type == "file_redirect" and redirect.text.startswith("&>") for redirect in redirects)


def _unset_command(
    machine: Machine, node: Node, state: State, context: Context, redirects: list[Node], outside: set[str]
) -> list[State]:
    """`$CMD` that a plain run leaves empty: the other way has it set."""
    name = min(outside)
    if OPEN in state.variables:
        # Something that isn't known may well have set it.
        state.assume(name, Text(f"${name}", never=NOT_EMPTY))
        state.sure = False
        return command(machine, node, state, context, redirects)
    other = machine.fork(state, f"${name} is set", lean=False, hard=not machine.complete)
    other.assume(name, Text(f"${name}", never=NOT_EMPTY))
    state.assume(name, None)
    state.status = 0
    return command(machine, node, other, context, redirects)


def blocked(machine: Machine, state: State, context: Context, node: Node) -> list[State]:
    """`a=$(server)`: the shell waits for the end of an output that doesn't end."""
    argv, machine.blocked = machine.blocked or (), None
    if state.substituted is not None and state.substituted.argv == argv:
        state.substituted = state.substituted.before  # it hasn't ended
    span = context.frame.node_span(node)
    why = f"{machine.shell.word} waits for what a command substitution prints"
    stays = ShellStays("substitution", span, None, "other", why, reaps_meanwhile=machine.is_bash)
    return machine.finish(state, "stays", argv=argv, span=span, stays=stays)


def fatal(machine: Machine, state: State, retry: object) -> list[State]:
    """An expansion ended the shell; where the variable could have been set, the other way goes on."""
    assert machine.fatal is not None and callable(retry)
    name, outside, state.reason = machine.fatal
    machine.fatal = None
    ways: list[State] = []
    if outside:
        other = machine.fork(state, f"${name} is set", lean=False, hard=not machine.complete)
        other.assume(name, Text(f"${name}", never=NOT_EMPTY))
        ways = retry(other)
    state.flow, state.status = "exit", 1 if machine.is_bash else 2
    return [state, *ways]


def done(state: State, status: int | None = 0, *, lean: bool = True) -> list[State]:
    state.status, state.lean = status, lean
    return [state]


def number_of(words: list[str], state: State) -> int | None:
    if not words:
        return state.status
    word = words[0]
    return int(word) & 255 if not isinstance(word, Opaque) and word.isdigit() else None


def settle(states: list[State], context: Context) -> list[State]:
    """What `set -e` makes of a command that failed."""
    if not context.guarded:
        for state in states:
            if not state.status or state.flow:
                continue
            if "e" in state.options:
                state.flow = "exit"
                state.reason = "a command fails under `set -e`"
            elif "ERR" in state.traps and state.traps["ERR"].exits:
                # Whether the action runs in functions, too, and what it comes to, isn't followed.
                state.sure = False
    return states


# -- assignments


def assigned(machine: Machine, node: Node, state: State, context: Context) -> tuple[str, Value]:
    """The name and the new value of an assignment."""
    target = node.children[0]
    value_node = node.child_by_field_name("value")
    name = (target if target.type != "subscript" else target.children[0]).text
    added = len(node.children) > 1 and node.children[1].type == "+="
    value: Value
    if value_node is None:
        value = ""
    elif value_node.type == "array":
        found: list[str] = []
        for child in value_node.named_children:
            if child.type != "comment":
                found.extend(fields(machine, child, state, context))
        if f"{name}[" in state.variables or any(_KEYED.match(child.text) for child in value_node.named_children):
            return name, _by_keys(machine, name, value_node, state, context)
        value = tuple(found)
    else:
        value = single(machine, value_node, state, context)
        if value == "" and (machine.outside or machine.missing) and value_node.type != "raw_string":
            value = MISSING
    if target.type == "subscript":
        return name, _element(machine, target, value, state, context)
    if added:
        value = _added(read(machine, name, state), value)
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise Exhausted("a variable grows longer than is followed")
    return name, value


def _by_keys(machine: Machine, name: str, array: Node, state: State, context: Context) -> Value:
    """`A=([key]=value …)`: what is known is kept by key, and as a whole it isn't."""
    state.assign(f"{name}[", "")
    for child in array.named_children:
        keyed = None if child.type == "comment" else _KEYED.match(child.text)
        parts = fields(machine, child, state, context)
        text = parts[0] if len(parts) == 1 else Opaque("")
        key, equals, value = text.partition("]=")
        if keyed is None or not equals or key[:1] != "[" or isinstance(text, Opaque):
            state.assign(f"{name}[", Text(f"{name}["))
            return (Text(f"${{{name}[@]}}", many=True),)
        state.assign(f"{name}[{key[1:]}", value)
    return (Text(f"${{{name}[@]}}", many=True),)


def _added(before: Value, value: Value) -> Value:
    if before is None:
        return value
    if isinstance(before, tuple):
        return before + (value if isinstance(value, tuple) else ())
    if isinstance(value, tuple):
        return (before, *value)
    assert value is not None
    text = before + value
    return Text(text) if isinstance(before, Opaque) or isinstance(value, Opaque) else text


def _element(machine: Machine, target: Node, value: Value, state: State, context: Context) -> Value:
    name = target.children[0].text
    index_node = target.child_by_field_name("index")
    index = "" if index_node is None else single(machine, index_node, state, context)
    if f"{name}[" in state.variables:
        if isinstance(index, Opaque):
            for key in [key for key in state.variables if key.startswith(f"{name}[")]:
                state.assign(key, Text(f"${{{key}]}}"))
        else:
            state.assign(f"{name}[{index}", value if isinstance(value, str) else "")
        return (Text(f"${{{name}[@]}}", many=True),)
    array = read(machine, name, state)
    known = array if isinstance(array, tuple) else () if array is None else (array,)
    if isinstance(value, str) and not isinstance(index, Opaque) and index.isdigit() and int(index) <= len(known):
        return (*known[: int(index)], value, *known[int(index) + 1 :])
    return (Text(f"${{{name}[@]}}", many=True),)


def _assign_only(machine: Machine, assignments: list[Node], state: State, context: Context) -> list[State]:
    machine.substitution_status = None
    for assignment in assignments:
        if (machine.lacks_arrays) and _is_array(assignment):
            return machine.finish(
                state,
                "fails",
                span=context.frame.node_span(assignment),
                why=f"{machine.shell.word} has no arrays: a syntax error",
            )
        name, value = assigned(machine, assignment, state, context)
        if machine.fatal is not None:
            return fatal(machine, state, lambda other: _assign_only(machine, assignments, other, context))
        if machine.blocked is not None:
            return blocked(machine, state, context, assignment)
        if name in state.readonly:
            return read_only(machine, state, name)
        state.assign(name, value)
        if "a" in state.options:
            state.exported.add(name)
    state.status, state.lean = machine.substitution_status or (0, True)
    fails = state.status is None and "e" in state.options and not context.guarded and len(assignments) == 1
    if fails and _READS.fullmatch(assignments[0].text.partition("=")[2].strip('"')) is not None:
        # Whether the file is there, and the script goes on, isn't known.
        state.sure = False
    return [state]


def read_only(machine: Machine, state: State, name: str) -> list[State]:
    """An assignment that is refused: dash ends, bash leaves the rest of the line."""
    if machine.lacks_arrays:
        state.flow, state.status, state.reason = "exit", 2, f"${name} is read-only"
        return [state]
    state.status, state.sure = 1, False
    return [state]


def _is_array(node: Node) -> bool:
    value = node.child_by_field_name("value")
    return value is not None and value.type == "array"


def assignment(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    """One or several assignments without a command."""
    nodes = [node] if node.type == "variable_assignment" else list(node.named_children)
    return settle(_assign_only(machine, nodes, state, context), context)


# -- what the word names


def dispatch(
    machine: Machine, state: State, context: Context, call: Call, outside: set[str] | None = None
) -> list[State]:
    name = call.words[0]
    if name == "" and not isinstance(name, Opaque):
        # No program has an empty name, unless `"$CMD"` gets one from outside.
        ways = _unset_command(machine, call.node, state.copy(), context, call.redirects, outside) if outside else []
        return ways if outside and OPEN in state.variables else [*ways, *done(state, 127)]
    if not isinstance(name, Opaque):
        function = state.functions.get(name)
        if function is not None:
            return call_function(machine, state, context, function, call)
        handler = machine.builtins.get(name)
        if handler is not None:
            if outside:
                machine.outside = outside
            return handler(machine, state, context, call)
    return external(machine, state, context, call)


def call_function(machine: Machine, state: State, context: Context, function: Function, call: Call) -> list[State]:
    from initlint.boot.shell.statements import run_body

    machine.enter()
    machine.enter()
    before = state.positional
    state.positional = tuple(call.words[1:])
    state.saved = (*state.saved, {})
    for name, value in call.extra.items():
        state.assign(name, value)
    inner = context.within("function-call")._replace(frame=function.frame, function=function)
    ways = run_body(machine, function.body, state, inner)
    for way in ways:
        way.positional = before
        for name, old in way.saved[-1].items():
            if isinstance(old, bool):
                way.variables.pop(name, None)
            else:
                way.variables[name] = old
        way.saved = way.saved[:-1]
        if way.flow == "return":
            way.flow = ""
    machine.leave()
    machine.leave()
    return ways


def written(machine: Machine, redirects: list[Node], state: State, context: Context) -> None:
    """Files that are written to are there afterwards."""
    for redirect in redirects:
        if redirect.type == "file_redirect" and ">" in redirect.text:
            target = redirect.child_by_field_name("destination")
            if target is None or target.type in ("number", "process_substitution"):
                continue
            word = target.literal if target.pieces is None else single(machine, target, state, context)
            path = None if word is None or word == "" or isinstance(word, Opaque) else absolute(state, word)
            if path is not None and path != "/dev/null":
                state.created |= {path}


def keeps(machine: Machine, argv: Argv) -> bool | None:
    """Whether a program keeps running, as far as its words tell."""
    name = posixpath.basename(argv[0])
    if name == "sleep" and len(argv) > 1 and isinstance(argv[1], Opaque):
        return None
    if name == "sleep" and len(argv) > 1 and argv[1].startswith(("inf", "99999")):
        return True
    if name == "tail" and any(word in ("-f", "-F", "--follow") or word.startswith(("-f", "-F")) for word in argv[1:]):
        return True
    if any(word in _ONE_SHOT for word in argv[1:]):
        return False
    return machine.keeps_running(argv)


def external(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    """A program in the foreground: it ends by itself, or it is what the container is for."""
    argv = tuple(call.words)
    runs = keeps(machine, argv)
    if argv[0] == "expr" and (status := _expr(argv)) is not None:
        state.status = status
        return [state]
    if runs is False or (runs is None and not context.tail):
        return _ended(machine, state, context, call, argv)
    return main_program(machine, state, context, call, argv)


def _expr(argv: Argv) -> int | None:
    """`expr TEXT : PATTERN`, where the pattern is simple enough to mean the same to everybody."""
    if len(argv) != 4 or argv[2] != ":" or any(isinstance(word, Opaque) for word in argv):
        return None
    pattern = argv[3].replace("\\.", "[.]")
    if "\\" in pattern or pattern.count("*") > 4 or any(char in pattern for char in "+?(){}|"):
        return None
    expression = compiled(pattern)
    found = None if expression is None else expression.match(argv[1])
    return None if expression is None else int(found is None or found.end() == 0)


def _ended(machine: Machine, state: State, context: Context, call: Call, argv: Argv) -> list[State]:
    state.ran = Chain(state.ran, argv, context.frame.node_span(call.node))
    name = posixpath.basename(argv[0])
    if name in _LEAVING or "/init.d/" in argv[0]:
        state.daemons = (*state.daemons, argv)
    if name in _MAKING:
        made = {absolute(state, word) for word in argv[1:] if word and not isinstance(word, Opaque) and word[0] != "-"}
        state.created |= {path for path in made if path is not None and path != "/"}
    if state.last_job is not None and any(word in ("shutdown", "stop", "quit") for word in argv[1:]):
        state.done |= {state.last_job}
    state.status = None
    state.lean = name not in ("pgrep", "pidof", "mountpoint", "fuser", "lsof")
    return [state]


def main_program(machine: Machine, state: State, context: Context, call: Call, argv: Argv) -> list[State]:
    """The shell waits for it, or is replaced by it: the way ends here."""
    span = context.frame.node_span(call.node)
    execs = execs_by_itself(machine, state, context, call)
    if execs:
        return machine.finish(state, "exec", argv=argv, span=span, implicit=True, extra=call.extra)
    at, obstacle = place(machine, state, context, call)
    how: Literal["pipeline", "loop", "foreground"] = "foreground"
    if context.pipeline or context.loop:
        how = "pipeline" if context.pipeline else "loop"
    stays = ShellStays(how, span, at, obstacle, f"{machine.shell.word} waits for it: {reason(obstacle)}")
    if execs is None:
        other = state.copy()
        other.likely = False
        other.hard = True
        rule = f"this {machine.shell.word} execs its last command"
        machine.finish(
            other, "exec", argv=argv, span=span, implicit=True, extra=call.extra, sure=False, when=(f"if {rule}",)
        )
        return machine.finish(
            state, "stays", argv=argv, span=span, stays=stays, extra=call.extra, sure=False, when=(f"if not {rule}",)
        )
    return machine.finish(state, "stays", argv=argv, span=span, stays=stays, extra=call.extra)
