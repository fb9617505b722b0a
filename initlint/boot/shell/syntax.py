"""Shell text as tree-sitter-bash reads it: the parser, loaded on first use, and helpers on its nodes."""

from __future__ import annotations

import re
from collections.abc import Callable

from initlint.boot.shell.tree import CLOSE, OPEN, Node
from initlint.records import NamedTuple
from initlint.rootfs import heredocs as here
from initlint.rootfs.shell_parser import bash_parser
from initlint.text import BOM, Span

# Repositories hold many variants of one image with the same script, and a script is run with several arguments.
_MAX_TREES = 32
_trees: dict[bytes, Node] = {}
# The parser reads `[[ a = b && … ]]` as though all of `b && …` stood behind the `=`; not so with `==`.
_EQUALS = re.compile(rb"\[\[[ \t][^\n]*?[ \t]\]\]")


def _doubled(test: re.Match[bytes]) -> bytes:
    return test[0].replace(b" = ", b" ==")


# A list in quotes as a default (`${A:-['x', 'y']}`): the parser doesn't expect a bracket there.
_LISTS = re.compile(rb"(?<=[:-]-|:=)\[(['\"][^\n\]]*['\"])\](?=\})")


def parse(data: bytes) -> Node:
    """The root of the tree; the same bytes give the same tree, for some time."""
    root = _trees.pop(data, None)
    if root is None:
        root = _parse(data)
        if len(_trees) >= _MAX_TREES:
            del _trees[next(iter(_trees))]
    _trees[data] = root
    return root


def _parse(data: bytes) -> Node:
    parser = bash_parser()
    masked = _masked(_without_heredocs(data))
    # Offsets and texts stay those of the script: only the parser sees other operators.
    root = parser.parse(_EQUALS.sub(_doubled, masked) if b"[[" in data else masked).root_node
    if root.has_error and masked is not data:
        plain = parser.parse(data).root_node
        if not plain.has_error:
            return Node(plain, data)
    return Node(root, masked)


# Behind a heredoc on its line: the parser takes `; command` for words of the redirect, and loses a second heredoc.
_LOST_BEHIND = re.compile(rb";|<<(?!<)|(?<![&>])&(?![&>0-9-])")


def _without_heredocs(data: bytes) -> bytes:
    if b"<<" not in data:
        return data
    found = here.heredocs(data)
    lost = (_LOST_BEHIND.search(data, each.end, here.line_end(data, each.end)) for each in found)
    return here.masked(data, found) if any(lost) else data


def _masked(data: bytes) -> bytes:
    if b"[" not in data or OPEN in data or CLOSE in data:
        return data
    masked = bytearray(_LISTS.sub(lambda found: OPEN + found[1] + CLOSE, data))
    for bracket, mask, behind in ((b"[", OPEN, b" \t"), (b"]", CLOSE, b" \t\n;&|)")):
        at = data.find(bracket)
        while at != -1:
            before = data[at - 1 : at] if at else b"\n"
            after = data[at + 1 : at + 2] or b"\n"
            if before in b" \t\n;&|(!{" and after in behind:
                masked[at : at + 1] = mask
            at = data.find(bracket, at + 1)
    return bytes(masked)


class Frame:
    """One piece of shell text under evaluation, and where its bytes stand in a file.

    `kind`: file (the script itself), string (-c), source (a file read by `.`), eval (text that
    was put together at run time: every span in it is the span of the `eval`). `broken` is True
    where the parser met something that it couldn't read.
    """

    __slots__ = ("broken", "data", "kind", "name", "root", "span")

    def __init__(self, data: bytes, kind: str, name: str, span: Callable[[int, int], Span | None]) -> None:
        # A BOM makes the first line a command that isn't found; the shell goes on behind it.
        self.data = data.replace(BOM, b"#  ", 1) if data.startswith(BOM) else data
        self.kind = kind
        self.name = name
        self.span = span
        self.root = parse(self.data)
        self.broken = self.root.has_error

    def node_span(self, node: Node) -> Span | None:
        return self.span(node.start_byte, node.end_byte)


def text_of(node: Node) -> str:
    return node.text


def words_of(node: Node, limit: int = 120) -> str:
    """The node as it is written, on one line: for people to read."""
    text = node.remember(_one_line)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _one_line(node: Node) -> str:
    return " ".join(node.text.replace("\\\n", " ").split())


class Item(NamedTuple):
    """A command of a list, and whether an `&` follows it."""

    node: Node
    background: bool


_SKIPPED = frozenset({"comment", "heredoc_body", "heredoc_end"})


def items(nodes: list[Node]) -> list[Item]:
    """The commands among the children of a list: separators and comments are left out."""
    found: list[Item] = []
    for node in nodes:
        if node.is_named:
            if node.type not in _SKIPPED:
                found.append(Item(node, False))
        elif node.type == "&" and found:
            found[-1] = Item(found[-1].node, True)
    return found


def items_of(node: Node) -> list[Item]:
    return items(node.children)


def is_damaged(node: Node) -> bool:
    """Whether the parser failed in this very node, its nested commands not counted."""
    return node.type == "ERROR" or any(child.is_missing or child.type == "ERROR" for child in node.children)


def is_unreadable(node: Node) -> bool:
    """Whether the parser failed in a simple command, expansions aside that it saw the end of: `${A:-x://`b`}`."""
    return node.has_error and node.remember(_has_open_error)


def _has_open_error(node: Node) -> bool:
    if node.type == "ERROR" or node.is_missing:
        return True
    if node.type == "expansion" and node.text.startswith("${") and node.text.endswith("}") and "\n" not in node.text:
        return False
    return any(child.has_error and _has_open_error(child) for child in node.children)


def descend(node: Node) -> list[Node]:
    """All nodes of a (small) tree, in the order of the text."""
    found = []
    pending = [node]
    while pending:
        here = pending.pop()
        found.append(here)
        pending.extend(reversed(here.children))
    return found
