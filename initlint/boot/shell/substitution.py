"""`$(…)`: the few commands whose output is known. All others are unknown text."""

from __future__ import annotations

import posixpath

from initlint.boot.model import Argv, Opaque
from initlint.boot.shell.exec_position import BUILTINS
from initlint.boot.shell.files import is_missing, is_program, read_file
from initlint.boot.shell.filters import filtered, formatted, of_file
from initlint.boot.shell.lookup import is_root, user_id
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.reading import redirected_input
from initlint.boot.shell.syntax import descend, items_of
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import NOT_EMPTY, ONE_WORD, Chain, Context, State, Text

# Their output is never empty when they succeed.
_SPEAKING = frozenset({"nproc", "hostname", "date", "uname", "id", "whoami", "mktemp", "pwd", "arch"})


def substitute(machine: Machine, node: Node, state: State, context: Context) -> str:
    """The text that a command substitution stands for; `machine.substitution_status` is its status."""
    machine.step()
    if machine.fatal is not None:
        return ""  # a word before it has ended the shell
    written = node.remember(_written)
    machine.substitution_status = (None, True)
    commands = node.remember(items_of)
    if len(commands) == 1 and not commands[0].background:
        machine.enter()
        try:
            text = _command(machine, commands[0].node, state, context, written)
        finally:
            machine.leave()
        if machine.fatal is not None:
            # It ended the subshell alone.
            machine.fatal = None
            machine.substitution_status = (1 if machine.is_bash else 2, False)
            return ""
        if text is not None:
            if isinstance(text, Opaque):
                _remember(machine, node, state, context)
            return text if isinstance(text, Opaque) else text.rstrip("\n")
    _remember(machine, node, state, context)
    return Text(written)


def _remember(machine: Machine, node: Node, state: State, context: Context) -> None:
    """The commands of a substitution that isn't worked out did run: what they leave behind may matter."""
    known = state.substituted
    for argv, at in node.remember(_commands):
        if isinstance(argv[0], Opaque):
            argv = _argv(machine, at, state, context) or argv
        if argv[0] not in BUILTINS and argv[0] not in state.functions and (known is None or known.argv != argv):
            state.substituted = Chain(state.substituted, argv, context.frame.node_span(at))


def _commands(node: Node) -> list[tuple[Argv, Node]]:
    found: list[tuple[Argv, Node]] = []
    for each in descend(node):
        if each.type == "command":
            words: list[str] = []
            for child in each.children:
                if child.type == "variable_assignment" or child.type.endswith("redirect"):
                    continue
                literal = child.text if child.type == "command_name" and "$" not in child.text else child.literal
                words.append(Text(child.text) if literal is None else literal)
            if words:
                found.append((tuple(words), each))
    return found


def _written(node: Node) -> str:
    return " ".join(node.text.split())


def _command(machine: Machine, node: Node, state: State, context: Context, written: str) -> str | None:
    if node.type == "redirected_statement" and node.children[0].type in ("command", "list"):
        # `2>/dev/null` doesn't change what is printed; a redirected output would.
        for redirect in node.children[1:]:
            text = redirect.text
            if redirect.type != "file_redirect" or not (text.startswith("2>") or ">&2" in text):
                return None
            if text.startswith(("1>", ">")):
                return None
        return _command(machine, node.children[0], state, context, written)
    if node.type == "pipeline" and all(child.is_named or child.type == "|" for child in node.children):
        return _through_filters(machine, node, state, context, written)
    if node.type == "file_redirect" and node.text[:1] == "<":
        # Only bash and its like read the file; to the others there's no command in it.
        content = "" if machine.lacks_arrays else redirected_input(machine, [node], state, context)
        return content if content is None else _settle(machine, content)
    if node.type == "list" and len(node.children) == 3 and node.children[1].type == "&&":
        return _changed_folder(machine, node, state, context, written)
    if node.type != "command":
        return None
    argv = _argv(machine, node, state, context)
    if argv is None or not argv or any(child.type == "variable_assignment" for child in node.children):
        return None
    if argv[0] in state.functions:
        return None
    return _output(machine, argv, state, written)


_CASES = {"[:upper:]": str.upper, "A-Z": str.upper, "[:lower:]": str.lower, "a-z": str.lower}


def _through_filters(machine: Machine, node: Node, state: State, context: Context, written: str) -> str | None:
    """`$(echo "$X" | tr A-Z a-z)`, `$(grep -v '^#' .env | xargs)`"""
    first, *others = node.named_children
    commands: list[Argv] = []
    for other in others:
        argv = _argv(machine, other, state, context) if other.type == "command" else None
        if not argv or argv[0] in state.functions:
            return None
        commands.append(argv)
    text = _command(machine, first, state, context, written)
    if text is None or isinstance(text, Opaque):
        changes_case = all(argv[0] == "tr" and len(argv) == 3 and {*argv[1:]} <= _CASES.keys() for argv in commands)
        machine.substitution_status = (None, True)
        return text if changes_case else None
    printed: str = text
    for argv in commands:
        out = filtered(argv, printed)
        if out is None:
            machine.substitution_status = (None, True)
            return None
        machine.substitution_status = (0, True) if out or argv[0] != "grep" else (1, False)
        printed = out
    return printed


def greps(machine: Machine, first: Node, last: Node, state: State, context: Context) -> bool | None:
    """`echo "$1" | grep -q '^-'`: whether it's found; None where that isn't known."""
    if first.type != "command" or last.type != "command" or not last.text.startswith("grep "):
        return None
    argv = _argv(machine, last, state, context)
    if argv is None or any(isinstance(word, Opaque) for word in argv) or "echo" in state.functions:
        return None
    quiet = [word for word in argv[1:] if word[:1] == "-" and "q" in word and word[:2] != "--"]
    machine.outside.clear()
    text = _argv(machine, first, state, context) if quiet else None
    if (
        text is None
        or machine.outside
        or machine.fatal is not None
        or text[:1] not in (("echo",), ("printf",))
        or any(isinstance(word, Opaque) for word in text)
    ):
        return None
    printed = _output(machine, text, state, "")
    if printed is None or isinstance(printed, Opaque):
        return None
    out = filtered(tuple(word.replace("q", "") if word in quiet else word for word in argv if word != "-q"), printed)
    return None if out is None else out != ""


def _argv(machine: Machine, node: Node, state: State, context: Context) -> Argv | None:
    from initlint.boot.shell.words import fields

    found: list[str] = []
    for child in node.children:
        if child.type not in ("variable_assignment",):
            if child.type.endswith("redirect"):
                return None
            found.extend(fields(machine, child, state, context))
    # What is substituted in the words has no part in how the command itself ends.
    machine.substitution_status = (None, True)
    return tuple(found)


def _changed_folder(machine: Machine, node: Node, state: State, context: Context, written: str) -> str | None:
    """`$(cd "$(dirname "$0")" && pwd)`: the folder that the script lies in."""
    first, _, last = node.children
    if first.type == "redirected_statement":
        first = first.children[0]
    if first.type != "command" or last.type != "command":
        return None
    argv = _argv(machine, first, state, context)
    printed = _argv(machine, last, state, context)
    if argv is None or printed is None or argv[:1] != ("cd",) or printed[:1] != ("pwd",):
        return None
    folder = [word for word in argv[1:] if not word.startswith("-")]
    if len(folder) != 1 or isinstance(folder[0], Opaque):
        return Text(written, never=NOT_EMPTY)
    return _resolved(state, folder[0], written)


def _resolved(state: State, path: str, written: str) -> str:
    if path.startswith("/"):
        return posixpath.normpath(path)
    if state.cwd is None:
        return Text(written, never=NOT_EMPTY)
    return posixpath.normpath(posixpath.join(state.cwd, path))


def _output(machine: Machine, argv: Argv, state: State, written: str) -> str | None:
    name = argv[0].rpartition("/")[2]
    from initlint.boot.shell.commands import keeps, number_of

    plain = not any(isinstance(word, Opaque) for word in argv)
    if argv[0] == state.arg0:
        # The script runs itself, and may well do so without end.
        state.sure = False
    words = argv[1:]
    if name == "echo":
        options = [word for word in words if word in ("-n", "-e", "-E")]
        if "-e" in options or any("\\" in word for word in words):
            return Text(written)
        printed = " ".join(words[len(options) :]) + ("" if "-n" in options else "\n")
        return _settle(machine, printed if plain else Text(written, never=_spoken(words)))
    if name == "printf" and words and (text := formatted(words[0], words[1:])) is not None:
        return _settle(machine, text)
    if name == "basename" and plain and words and not words[0].startswith("-"):
        base = words[0].rstrip("/").rpartition("/")[2] or words[0][:1]
        if len(words) > 1 and base.endswith(words[1]) and base != words[1]:
            base = base[: len(base) - len(words[1])]
        return _settle(machine, base)
    if name == "basename" and plain and words and not words[0].startswith(("-a", "-s", "-z", "--")):
        return ""  # an option that it doesn't have: it prints nothing
    if name == "dirname" and plain:
        paths = [word for word in words if word != "--"]
        if len(paths) == 1 and not paths[0].startswith("-"):
            return _settle(machine, posixpath.dirname(paths[0].rstrip("/")) or ("/" if paths[0][:1] == "/" else "."))
    if argv == ("jobs", "-p") and not state.jobs:
        return _settle(machine, "")
    if name == "pwd" and state.cwd is not None:
        return _settle(machine, state.cwd)
    if name in ("readlink", "realpath") and plain and words:
        return (
            Text(written, never=NOT_EMPTY)
            if state.cwd is None
            else _settle(machine, _resolved(state, words[-1], written))
        )
    if name == "id":
        return _identity(machine, words, state, written)
    if name == "uname" and words in ((), ("-s",)):
        return _settle(machine, "Linux")
    if name == "whoami":
        name = (state.user or "").partition(":")[0]
        if is_root(state.user) or (name and not name.isdigit()):
            return _settle(machine, name if name and not name.isdigit() else "root")
        return Text(written, never=frozenset({"", " ", "root"}))
    if argv[0] == "false" or (argv[0] == "exit" and plain):
        status = 1 if argv[0] == "false" else number_of(list(words), state)
        machine.substitution_status = (status, status in (None, 0))
        return ""
    if name == "cat" and plain and len(words) == 1:
        if is_missing(machine, words[0], state):
            machine.substitution_status = (1, False)
            return ""
        content = read_file(machine, words[0], state)
        return Text(written) if content is None else _settle(machine, content.text)
    if plain and (reading := of_file(argv)) is not None:
        content = read_file(machine, reading[1], state)
        out = None if content is None else filtered(reading[0], content.text)
        if out is None:
            return Text(written)
        machine.substitution_status = (0, True) if out or name != "grep" else (1, False)
        return out
    if (name == "command" and words[:1] == ("-v",) and len(words) == 2) or (name == "which" and len(words) == 1):
        found = None if isinstance(words[-1], Opaque) else is_program(machine, words[-1], state)
        if found is False:
            machine.substitution_status = (1, False)
            return ""
        if found:
            machine.substitution_status = (0, True)
        # Wherever it lies: executed, it is what the bare name would start.
        hint = None if isinstance(words[-1], Opaque) else words[-1].rpartition("/")[2]
        return Text(written, never=NOT_EMPTY if found else frozenset(), hint=hint)
    if plain and keeps(machine, argv):
        machine.blocked = argv
    if name in ("true", ":"):
        return _settle(machine, "")
    return Text(written, never=NOT_EMPTY if name in _SPEAKING else frozenset())


def _settle(machine: Machine, text: str) -> str:
    machine.substitution_status = (0, True)
    return text


def _spoken(words: Argv) -> frozenset[str]:
    return NOT_EMPTY if any(word and not isinstance(word, Opaque) for word in words) else frozenset()


def _identity(machine: Machine, words: Argv, state: State, written: str) -> str:
    root = is_root(state.user)
    if words in (("-u",), ("-ur",), ("-r", "-u")):
        return _settle(machine, user_id(state.user, written))
    if words == ("-g",):
        group = (state.user or "").partition(":")[2]
        if group.isdigit():
            return _settle(machine, group)
        return _settle(machine, "0") if root and not group else Text(written, never=NOT_EMPTY)
    if words in (("-un",), ("-u", "-n"), ("-nu",)):
        if root:
            return _settle(machine, "root")
        name = (state.user or "").partition(":")[0]
        return _settle(machine, name) if name and not name.isdigit() else Text(written, never=NOT_EMPTY)
    options = {word for word in words if word.startswith("-")}
    # The id or name of one user, who is there or not: a number, or a word.
    return Text(written, never=ONE_WORD if options and not any("G" in word for word in options) else NOT_EMPTY)
