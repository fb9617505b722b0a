"""Perl programs, by their syntax trees."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from initlint.boot.procfile import needs_shell
from initlint.boot.python_exec import ARGUMENTS
from initlint.boot.script_tree import File, ScriptReader, row_of, text_of, until_end

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLS = frozenset(f"{kind}_call_expression" for kind in ("function", "ambiguous_function", "func0op", "func1op"))
_NAMES = frozenset(["bareword", "function", "method", "string_content", "varname"])
_STRINGS = frozenset(["string_literal", "interpolated_string_literal"])
_LISTS = frozenset(["list_expression", "parenthesized_expression"])
_BY_THEMSELVES = frozenset(["AUTOLOAD", "BEGIN", "DESTROY", "END", "INIT", "import"])
_HOISTED = frozenset(["package_statement", "subroutine_declaration_statement", "use_statement"])
_EXITS = re.compile(rb"(?:die|exit|return)\b(?![^;]*\b(?:for|foreach|if|unless|until|while)\b)")
_LOOPS = frozenset(["for_statement", "postfix_for_expression"])


class PerlReader(ScriptReader):
    """A sub counts where its name is met, in a string too: Perl calls by name."""

    def grammars(self, path: str) -> tuple[str, ...]:
        return ("perl",)

    def unit(self, node: Node) -> tuple[str, Node] | None:
        if node.type != "subroutine_declaration_statement":
            return None
        body = node.child_by_field_name("body")
        name = text_of(node.child_by_field_name("name")).rsplit("::", 1)[-1]
        return (name, body) if body is not None and name not in _BY_THEMSELVES else None

    def names(self, node: Node) -> Iterable[str]:
        if node.type not in _NAMES or node.named_child_count:
            return ()
        return [word.rsplit("::", 1)[-1] for word in text_of(node).lstrip("&").split()]

    def inner(self, file: File, node: Node) -> list[Node]:
        children = node.named_children
        if node.type == "conditional_statement" and children and text_of(children[0]) in ("0", "''", '""'):
            return children[2:]
        if node.type in ("block", "source_file"):
            return until_end(children, (), _HOISTED, _EXITS)
        return children

    def visit(self, file: File, node: Node) -> None:
        kind = node.type
        if kind in _CALLS:
            self._call(file, node)
        elif kind == "command_string":
            self.found.starts(file.source, row_of(node))
            self.found.runs(file.source, row_of(node), _content(node))
        elif kind == "assignment_expression":
            self._assign(file, node)
        elif kind == "use_statement":
            self._use(file, text_of(next(iter(node.named_children), None)), node)
        elif kind == "require_expression":
            self._require(file, node)
        elif kind == "coderef_call_expression" or (kind == "method_call_expression" and "->$" in text_of(node)):
            self.everything_runs()

    def _call(self, file: File, node: Node) -> None:
        match = re.match(r"&?(?:\w+::)*(\w+)", text_of(node))
        name = match.group(1) if match is not None else ""
        row = row_of(node)
        arguments = _arguments(node)
        if not name or (name == "eval" and arguments and arguments[0].type != "block"):
            self.everything_runs()
        if name in ("fork", "open2", "open3"):
            self.found.starts(file.source, row)
            self.found.forks = self.found.begins = True
        elif name == "system":
            self.found.starts(file.source, row)
            self.found.runs(file.source, row, _line(arguments))
        elif name == "exec":
            argv = _argv(node, arguments) if file.main and _is_at_top(node) else None
            self.found.becomes(file.source, row, argv)
        elif name == "open" and len(arguments) > 1:
            mode = _content(arguments[1]).strip() if arguments[1].type in _STRINGS else ""
            if mode in ("-|", "|-") or mode.startswith("|") or mode.endswith("|"):
                self.found.starts(file.source, row)
                self.found.runs(file.source, row, _line(arguments[2:]) or mode.strip("|"))
        elif name == "sigaction":
            self.found.unread.append(f"which signal {file.source.name}:{row} handles")

    def _assign(self, file: File, node: Node) -> None:
        """`$SIG{TERM} = sub { … }`, `@SIG{qw(TERM INT)} = …`."""
        if len(node.named_children) < 2:
            return
        left, right = node.named_children[0], node.named_children[-1]
        local = left.type == "localization_expression"
        if local and left.named_children:
            left = left.named_children[0]
        if not re.match(r"[$@%]SIG\b", text_of(left)):
            return
        row = row_of(node)
        while right.type == "assignment_expression" and right.named_children:
            right = right.named_children[-1]
        signals = _words(left.named_children[-1], node) if left.type in _SIG_PARTS else None
        if signals is None:
            self.found.unread.append(f"which signal {file.source.name}:{row} handles")
            return
        given = _content(right) if right.type in _STRINGS else ""
        for name in signals:
            if given == "DEFAULT" or (local and given == "IGNORE"):
                continue
            if given == "IGNORE" or _does_nothing(right):
                self.found.ignores(file.source, row, name)
                if name in ("CHLD", "CLD") and given:
                    self.found.reaps = f"{file.source.name}:{row} ignores SIGCHLD, so that the kernel reaps"
            elif _signals_itself(right):
                self.found.ignores(file.source, row, name, dropped=True)
            else:
                self.found.handles(file.source, row, name, text_of(node))

    def _use(self, file: File, package: str, node: Node) -> None:
        if package == "sigtrap":
            self.found.unread.append(f"which signals {file.source.name}:{row_of(node)} handles")
        elif package:
            self.found.libraries.add(package)

    def _require(self, file: File, node: Node) -> None:
        named = next(iter(node.named_children), None)
        if named is not None and named.type in _STRINGS and "$" not in text_of(named):
            self.found.required.append((_content(named), file.path))
        elif named is not None and re.fullmatch(r"[\w:]+", text_of(named)):
            self.found.libraries.add(text_of(named))
        else:
            self.everything_runs()
            self.found.unread.append("it requires files by names that aren't written out")


_SIG_PARTS = frozenset(["hash_element_expression", "slice_expression"])


def _arguments(node: Node) -> list[Node]:
    found = [child for child in node.named_children if child.type != "function"]
    return found[0].named_children if len(found) == 1 and found[0].type in _LISTS else found


def _content(node: Node) -> str:
    """A string's text, with `x` for what is put into it."""
    parts = [text_of(child) if child.type == "string_content" else "x" for child in node.named_children]
    inside = node.named_children[0] if node.named_child_count == 1 else None
    if inside is not None and inside.type == "string_content" and inside.named_child_count:
        text = text_of(inside)
        for child in inside.named_children:
            if child.type != "escape_sequence":
                text = text.replace(text_of(child), "x")
        return text
    return "".join(parts)


def _line(arguments: list[Node]) -> str:
    """The command line of `system`: a line for a shell, or words."""
    if len(arguments) == 1:
        return _content(arguments[0]) if arguments[0].type in _STRINGS else ""
    import shlex

    words = [_content(argument) if argument.type in _STRINGS else "x" for argument in arguments]
    return shlex.join(words)


def _argv(node: Node, arguments: list[Node]) -> tuple[str, ...] | None:
    """The words of `exec 'a', 'b'`, `exec 'a b'`, `exec @ARGV` and `exec { $ARGV[0] } @ARGV`."""
    if re.fullmatch(r"exec\s*\(?\s*(?:\{\s*\$ARGV\[0\]\s*\}\s*)?\(?\s*@ARGV\s*\)?\s*\)?", text_of(node)):
        return (ARGUMENTS,)
    if not arguments or any(item.type not in _STRINGS for item in arguments):
        return None
    words = [_content(item) for item in arguments]
    if any(re.search(r"[$@]", word) for word in words):
        return None
    if len(words) == 1:
        return None if needs_shell(words[0]) else tuple(words[0].split()) or None
    return tuple(words)


def _is_at_top(node: Node) -> bool:
    """Whether a call is a statement of the file itself."""
    at = node.parent
    return (
        at is not None
        and at.type == "expression_statement"
        and at.parent is not None
        and at.parent.type == "source_file"
    )


def _words(node: Node, assignment: Node) -> list[str] | None:
    """The signals that an index names: a word, a string, a list of them, the variable of a loop over such a list."""
    if node.type == "autoquoted_bareword":
        return [text_of(node)]
    if node.type in _STRINGS and "$" not in text_of(node):
        return [_content(node)]
    if node.type == "quoted_word_list":
        return _content(node).split()
    if node.type in _LISTS:
        found = [_words(child, assignment) for child in node.named_children]
        return [word for words in found if words is not None for word in words] if None not in found else None
    if node.type == "scalar":
        at = assignment.parent
        while at is not None and at.type not in _LOOPS:
            at = at.parent
        parts = at.named_children if at is not None else []
        over = next((child for child in parts if child.type in {"quoted_word_list", *_LISTS}), None)
        return _words(over, assignment) if over is not None else None
    return None


_ITSELF = re.compile(
    r"\s*(?:kill\s*\(?\s*['\"]?(?:SIG)?(?P<signal>\w+)['\"]?\s*(?:,|=>)\s*\$\$\s*\)?"
    r"|(?P<default>(?:local\s+)?\$SIG\{\s*['\"]?\w+['\"]?\s*\}\s*=\s*['\"]DEFAULT['\"])"
    r"|(?:print|warn|say)\b[^;{}]*)?\s*"
)


def _signals_itself(node: Node) -> bool:
    """A `sub` that leaves the end to a signal of its own that nothing handles."""
    inside = re.fullmatch(r"sub\s*\{(.*)\}", text_of(node), re.S)
    if node.type != "anonymous_subroutine_expression" or inside is None:
        return False
    found = [_ITSELF.fullmatch(part) for part in inside.group(1).split(";")]
    if None in found:
        return False
    sent = [match["signal"] for match in found if match is not None and match["signal"]]
    default = any(match is not None and match["default"] for match in found)
    return bool(sent) and (default or all(name in ("KILL", "9") for name in sent))


def _does_nothing(node: Node) -> bool:
    """`sub {}` and `sub { 1 }`."""
    if node.type != "anonymous_subroutine_expression":
        return False
    return re.fullmatch(r"sub\s*\{\s*(?:[01]|return)?\s*;?\s*\}", text_of(node)) is not None
