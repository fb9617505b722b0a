"""PHP programs, by their syntax trees."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterable
from typing import TYPE_CHECKING

from initlint.boot.script_tree import MAX_DEPTH, File, ScriptReader, row_of, text_of, until_end

if TYPE_CHECKING:
    from tree_sitter import Node

_LINES = frozenset(["exec", "shell_exec", "system", "passthru", "popen", "proc_open"])
_STARTERS = _LINES | {"pcntl_fork", "pcntl_rfork"}
_REQUIRES = frozenset(
    ["require_expression", "require_once_expression", "include_expression", "include_once_expression"]
)
_BY_NAME = frozenset(["call_user_func", "call_user_func_array", "array_map", "eval"])
_ENDS = frozenset(["return_statement", "exit_statement"])
_HOISTED = frozenset(["function_definition", "class_declaration"])
_EXITS = re.compile(rb"(?:exit|die)\b|throw\b")


class PhpReader(ScriptReader):
    """A function counts where its name is met, in a string too: PHP calls by name."""

    def grammars(self, path: str) -> tuple[str, ...]:
        return ("php",)

    def unit(self, node: Node) -> tuple[str, Node] | None:
        if node.type != "function_definition":
            return None
        body = node.child_by_field_name("body")
        return (text_of(node.child_by_field_name("name")).lower(), body) if body is not None else None

    def names(self, node: Node) -> Iterable[str]:
        return (text_of(node).lower(),) if node.type in ("name", "string_content") else ()

    def inner(self, file: File, node: Node) -> list[Node]:
        kind = node.type
        if kind == "if_statement":
            condition = text_of(node.child_by_field_name("condition")).strip("() ").lower()
            if condition in ("false", "0", "true", "1"):
                field = "body" if condition in ("true", "1") else "alternative"
                taken = node.child_by_field_name(field)
                return [taken] if taken is not None else []
        if kind in ("program", "compound_statement"):
            return until_end(node.named_children, _ENDS, _HOISTED, _EXITS)
        return node.named_children

    def visit(self, file: File, node: Node) -> None:
        kind = node.type
        if kind == "function_call_expression":
            self._call(file, node)
        elif kind == "shell_command_expression":
            self.found.starts(file.source, row_of(node))
            self.found.runs(file.source, row_of(node), _line(node))
        elif kind in _REQUIRES:
            self._require(file, node)
        elif kind == "namespace_use_declaration":
            text = re.sub(r"^use\s+(?:function|const)?\s*\\?", "", text_of(node))
            name = re.match(r"\w+", text)
            if name is not None:
                self.found.libraries.add(name.group())
        elif kind == "declare_directive" and text_of(node).startswith("ticks"):
            self.found.dispatches = True
        elif kind == "member_call_expression" and text_of(node.child_by_field_name("name")) in (
            "addSignal",
            "onSignal",
        ):
            arguments = _arguments(node)
            for one in (self._values(file, arguments[0]) or ()) if arguments else ():
                self.found.handles(file.source, row_of(node), one, text_of(node))

    def _call(self, file: File, node: Node) -> None:
        name = text_of(node.child_by_field_name("function")).lstrip("\\").lower()
        arguments = _arguments(node)
        row = row_of(node)
        if name.startswith("$") or (name in _BY_NAME and arguments and "$" in text_of(arguments[0])):
            self.everything_runs()
        if name in _STARTERS:
            self.found.starts(file.source, row)
            self.found.begins = self.found.begins or name in ("popen", "proc_open", "pcntl_fork", "pcntl_rfork")
            self.found.forks = self.found.forks or name.startswith("pcntl_")
            if name in _LINES and arguments:
                self.found.runs(file.source, row, self._command(file, arguments[0]))
        elif name == "pcntl_exec":
            self.found.becomes(file.source, row, _argv(arguments) if file.main and _is_at_top(node) else None)
        elif name in ("pcntl_async_signals", "pcntl_signal_dispatch", "sapi_windows_set_ctrl_handler"):
            if not arguments or text_of(arguments[0]).lower() not in ("false", "0"):
                self.found.dispatches = True
        elif name == "pcntl_signal" and len(arguments) > 1:
            self._signal(file, row, arguments)

    def _signal(self, file: File, row: int, arguments: list[Node]) -> None:
        signals = self._values(file, arguments[0])
        if signals is None:
            self.found.unread.append(f"which signal {file.source.name}:{row} handles")
            return
        handler = text_of(arguments[1]).lstrip("\\")
        for name in sorted(signals):
            if handler == "SIG_DFL":
                continue
            if handler == "SIG_IGN":
                self.found.ignores(file.source, row, name)
                if name in ("SIGCHLD", "SIGCLD"):
                    self.found.reaps = f"{file.source.name}:{row} ignores SIGCHLD, so that the kernel reaps"
            elif _does_nothing(arguments[1]):
                self.found.ignores(file.source, row, name)
            else:
                if name == "SIGTERM":
                    self.found.on_stop.append(text_of(arguments[1]))
                self.found.queued.append((name, f"{file.source.name}:{row} handles {name}"))

    def _values(self, file: File, node: Node, depth: int = 0) -> set[str] | None:
        """The signals that an expression may be; None where they aren't written out."""
        if depth > MAX_DEPTH:
            return None
        text = text_of(node)
        if node.type in ("name", "qualified_name"):
            name = text.lstrip("\\")
            if name.startswith("SIG"):
                return {name}
            value = self.assigned(file).get(name)
            return self._values(file, value, depth + 1) if value is not None else None
        if node.type == "integer":
            try:
                return {signal.Signals(int(text)).name}
            except ValueError:
                return None
        if node.type == "array_creation_expression":
            found: set[str] = set()
            for child in node.named_children:
                values = self._values(file, child.named_children[-1], depth + 1) if child.named_children else set()
                if values is None:
                    return None
                found |= values
            return found
        if node.type == "variable_name":
            bound = _loop_over(node) or self.assigned(file).get(text_of(node))
            return self._values(file, bound, depth + 1) if bound is not None else None
        return None

    def assignment(self, node: Node) -> tuple[Node | None, Node | None]:
        if node.type in ("assignment_expression", "augmented_assignment_expression"):
            return node.child_by_field_name("left"), node.child_by_field_name("right")
        if node.type == "const_element" and len(node.named_children) > 1:
            return node.named_children[0], node.named_children[-1]
        return None, None

    def _command(self, file: File, node: Node) -> str:
        if node.type == "variable_name":
            value = self.assigned(file).get(text_of(node))
            return _line(value) if value is not None else "x"
        return _line(node)

    def _require(self, file: File, node: Node) -> None:
        path = _path(node.named_children[0]) if node.named_children else None
        if path is None:
            self.found.unread.append("it requires files by names that aren't written out")
        else:
            self.found.required.append((path, file.path))


def _arguments(node: Node) -> list[Node]:
    given = node.child_by_field_name("arguments")
    found = [child for child in given.named_children if child.type == "argument"] if given is not None else []
    return [child.named_children[-1] for child in found if child.named_children]


def _line(node: Node, depth: int = 0) -> str:
    """A command as far as it is written out; a gap becomes the plain word x."""
    if node.type in ("string", "encapsed_string", "shell_command_expression", "heredoc"):
        parts = []
        for child in node.named_children:
            parts.append(text_of(child) if child.type in ("string_content", "escape_sequence") else "x")
        return "".join(parts).replace("\\n", "\n").replace("\\", "")
    if node.type == "parenthesized_expression" and node.named_children:
        return _line(node.named_children[0], depth + 1)
    if node.type == "binary_expression" and text_of(node.child_by_field_name("operator")) == "." and depth < 60:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        return "".join(_line(part, depth + 1) for part in (left, right) if part is not None)
    if node.type == "function_call_expression" and text_of(node.child_by_field_name("function")) == "sprintf":
        arguments = _arguments(node)
        return re.sub(r"%\d*\$?[sdu]", "x", _line(arguments[0], depth + 1)) if arguments else "x"
    return "x"


def _argv(arguments: list[Node]) -> tuple[str, ...] | None:
    """The words of `pcntl_exec("/a", ["b"])`."""
    given: list[Node] = arguments[:1]
    if len(arguments) > 1:
        if arguments[1].type != "array_creation_expression":
            return None
        for item in arguments[1].named_children:
            if item.type != "array_element_initializer" or len(item.named_children) != 1:
                return None
            given.append(item.named_children[0])
    plain = [_path(each) if each.type in ("string", "encapsed_string") else None for each in given]
    words = [word for word in plain if word is not None]
    return tuple(words) if words and len(words) == len(given) else None


def _is_at_top(node: Node) -> bool:
    """Whether a call is a statement of the file itself, behind nothing that may end the program."""
    statement = node.parent
    if statement is None or statement.type != "expression_statement":
        return False
    if statement.parent is None or statement.parent.type != "program":
        return False
    return not any(
        child.end_byte <= statement.start_byte
        and child.type not in _HOISTED
        and re.search(rb"\b(?:exit|die|return|pcntl_exec)\b", child.text or b"")
        for child in statement.parent.named_children
    )


def _does_nothing(node: Node) -> bool:
    if node.type not in ("anonymous_function", "anonymous_function_creation_expression"):
        return False
    body = node.child_by_field_name("body")
    statements = [child for child in body.named_children if child.type != "comment"] if body is not None else []
    return body is not None and all(child.type == "echo_statement" for child in statements)


def _loop_over(node: Node) -> Node | None:
    """What a variable goes through in a `foreach` around it."""
    at: Node | None = node
    for _ in range(40):
        at = at.parent if at is not None else None
        if at is None:
            return None
        if at.type == "foreach_statement" and len(at.named_children) > 1:
            bound = at.named_children[1]
            variable = bound.named_children[-1] if bound.type == "pair" and bound.named_children else bound
            if variable.text == node.text:
                return at.named_children[0]
    return None


def _path(node: Node) -> str | None:
    """The file that a require names: a string, or one put together with __DIR__."""
    if node.type == "parenthesized_expression" and node.named_children:
        return _path(node.named_children[0])
    if node.type in ("string", "encapsed_string"):
        if any(child.type not in ("string_content", "escape_sequence") for child in node.named_children):
            return None
        return "".join(text_of(child) for child in node.named_children)
    if node.type == "binary_expression" and text_of(node.child_by_field_name("operator")) == ".":
        left, right = text_of(node.child_by_field_name("left")), node.child_by_field_name("right")
        rest = _path(right) if right is not None else None
        if rest and rest.startswith("/") and left.replace(" ", "").lower() in ("__dir__", "dirname(__file__)"):
            return f".{rest}"
        if rest and left.replace(" ", "").lower() in ("dirname(__dir__)", "dirname(__file__,2)", "dirname(__dir__,1)"):
            return f"..{rest}"
    return None
