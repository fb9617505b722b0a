"""Node, Ruby, PHP and Perl programs by their syntax trees: only code that can run counts.

Comments and strings are no code. A function that nothing refers to, what follows a `return`, and
a branch under a constant condition are left out. Which of several branches is taken at run time
isn't decided: a handler in any of them counts. One reader goes over all files of a program.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from initlint.boot.script_found import Found
from initlint.records import NamedTuple
from initlint.text import Source, decode

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

MAX_DEPTH = 8  # of values that stand for others
MAX_BYTES = 200_000  # of a program that is read by trees: a second, where they are minified

_GRAMMARS = {
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "ruby": ("tree_sitter_ruby", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "perl": ("tree_sitter_perl", "language"),
}
_READERS = {
    "node": ("initlint.boot.script_node", "NodeReader"),
    "bun": ("initlint.boot.script_node", "NodeReader"),
    "deno": ("initlint.boot.script_node", "NodeReader"),
    "ruby": ("initlint.boot.script_ruby", "RubyReader"),
    "php": ("initlint.boot.script_php", "PhpReader"),
    "perl": ("initlint.boot.script_perl", "PerlReader"),
}
_parsers: dict[str, Parser | None] = {}


class File(NamedTuple):
    """One parsed file. `main`: the program's own, not one that it requires."""

    source: Source
    path: str
    main: bool
    root: Node


def parser(grammar: str) -> Parser | None:
    """The parser of a grammar; None where its package isn't installed or is of another tree-sitter."""
    if grammar not in _parsers:
        try:
            from tree_sitter import Language, Parser

            module, name = _GRAMMARS[grammar]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # Perl's gives its language as a number
                _parsers[grammar] = Parser(Language(getattr(import_module(module), name)()))
        except (ImportError, AttributeError, ValueError, TypeError):
            _parsers[grammar] = None
    return _parsers[grammar]


def reader_for(language: str, found: Found) -> ScriptReader | None:
    """What reads programs of a language by trees; None where patterns must do."""
    entry = _READERS.get(language)
    if entry is None:
        return None
    reader: type[ScriptReader] = getattr(import_module(entry[0]), entry[1])
    return reader(found)


class ScriptReader:
    """Walks the code that can run, from the files' top levels on; each language says what its nodes mean."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.defined: set[str] = set()
        self._given: dict[str, dict[str, Node]] = {}
        self._pending: dict[str, list[tuple[File, Node]]] = {}
        self._referenced: set[str] = set()
        self._queue: list[tuple[File, Node]] = []
        self._bytes = 0
        self._all = False

    # What a language says.

    def grammars(self, path: str) -> tuple[str, ...]:
        """Grammars to try, in order."""
        raise NotImplementedError

    def prepare(self, file: File) -> None:
        """Look at a whole file before it is walked: what names stand for."""

    def unit(self, node: Node) -> tuple[str, Node] | None:
        """The name of a function that runs only where it is referred to, and its body."""
        raise NotImplementedError

    def names(self, node: Node) -> Iterable[str]:
        """Names that a node refers to."""
        raise NotImplementedError

    def visit(self, file: File, node: Node) -> None:
        """Take note of what a node does."""
        raise NotImplementedError

    def inner(self, file: File, node: Node) -> list[Node]:
        """The parts of a node that can run."""
        return node.named_children

    def assignment(self, node: Node) -> tuple[Node | None, Node | None]:
        """What a node gives a value, and the value."""
        return None, None

    def assigned(self, file: File) -> dict[str, Node]:
        """What names are given, where that happens once in the file."""
        found = self._given.get(file.path)
        if found is None:
            found, often = {}, set()
            for node in descend(file.root):
                left, right = self.assignment(node)
                if left is not None and right is not None:
                    name = text_of(left)
                    often.update({name} & found.keys())
                    found[name] = right
            for name in often:
                del found[name]
            self._given[file.path] = found
        return found

    # The walk.

    def read(self, source: Source, path: str, *, main: bool) -> File | None:
        """Walk a file; None where it can't be parsed or is too large."""
        self._bytes += len(source.data)
        if self._bytes > MAX_BYTES:
            return None
        for grammar in self.grammars(path):
            parse = parser(grammar)
            root = parse.parse(source.data).root_node if parse is not None else None
            if root is not None and not root.has_error:
                file = File(source, path, main, root)
                self.prepare(file)
                self._queue.append((file, root))
                self._drain()
                return file
        return None

    def release_all(self) -> None:
        """A part of the program isn't seen as a tree: it may refer to everything."""
        self.everything_runs()
        self._drain()

    def everything_runs(self) -> None:
        """Names are put together at run time: any function may be called."""
        self._all = True
        for items in self._pending.values():
            self._queue.extend(items)
        self._pending.clear()

    def _drain(self) -> None:
        while self._queue:
            file, top = self._queue.pop(0)
            stack = [top]
            while stack:
                node = stack.pop()
                unit = self.unit(node) if node is not top else None
                if unit is not None:
                    self._define(file, *unit)
                    continue
                for name in self.names(node):
                    self._refer(name)
                self.visit(file, node)
                stack.extend(reversed(self.inner(file, node)))

    def _define(self, file: File, name: str, body: Node) -> None:
        self.defined.add(name)
        if self._all or name in self._referenced:
            self._queue.append((file, body))
        else:
            self._pending.setdefault(name, []).append((file, body))

    def _refer(self, name: str) -> None:
        if name not in self._referenced:
            self._referenced.add(name)
            self._queue.extend(self._pending.pop(name, ()))


def text_of(node: Node | None) -> str:
    return decode(node.text or b"") if node is not None else ""


def row_of(node: Node) -> int:
    return int(node.start_point[0]) + 1


def descend(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.named_children))


def until_end(nodes: list[Node], ends: Iterable[str], hoisted: Iterable[str], exits: re.Pattern[bytes]) -> list[Node]:
    """Statements up to the first that leaves the block, and the functions behind it."""
    kept: list[Node] = []
    over = False
    for node in nodes:
        if not over or node.type in hoisted:
            kept.append(node)
        over = over or node.type in ends or bool(exits.match(node.text or b""))
    return kept


def without_comments(file: File) -> str:
    """A file's text with blanks for its comments."""
    data = file.source.data
    out = bytearray(data)
    for node in descend(file.root):
        if node.type == "comment":
            out[node.start_byte : node.end_byte] = re.sub(rb"[^\n]", b" ", data[node.start_byte : node.end_byte])
    return decode(bytes(out))
