"""A syntax tree whose nodes are read from the parser once: its own take a conversion at every look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import ref

from initlint.records import NamedTuple
from initlint.text import decode

if TYPE_CHECKING:
    import tree_sitter

T = TypeVar("T")

# The parser reads `[ -e /x ] || [ -e /y ]` as arithmetic with a division in it, over several lines
# at times. `[` is a command like others: under another name it is parsed as one.
OPEN, CLOSE = b"\x01", b"\x02"
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,=+@%^!#")


class Variable(NamedTuple):
    """A plain `$name` or `${name}` in a word, in double quotes or not."""

    name: str
    quoted: bool


class Default(NamedTuple):
    """`${name:-text}` or `${name-text}` where the text has no expansions in it; `${!name:-text}` is `indirect`."""

    name: str
    quoted: bool
    indirect: bool
    colon: bool
    text: str
    tells: bool  # the text makes the whole not empty, whatever the variable holds
    written: str


Piece = str | Variable | Default


class Node:
    """One node. What isn't asked for in a run is never built: `__getattr__` fills a slot when it is empty."""

    # A node knows the one above it weakly: trees without cycles go as soon as nobody holds them,
    # and the collector has nothing to look for. The root is held for as long as a tree is evaluated.
    __slots__ = (
        "__weakref__",
        "_above",
        "_memory",
        "_raw",
        "children",
        "data",
        "end_byte",
        "has_error",
        "is_missing",
        "is_named",
        "literal",
        "named_children",
        "pieces",
        "start_byte",
        "text",
        "type",
    )
    children: list[Node]
    has_error: bool
    is_missing: bool
    literal: str | None
    named_children: list[Node]
    pieces: tuple[Piece, ...] | None
    text: str
    _memory: dict[object, object]

    def __init__(self, raw: tree_sitter.Node, data: bytes, above: ref[Node] | None = None) -> None:
        self._raw = raw
        self.data = data
        self._above = above
        self.type = raw.type
        self.start_byte = raw.start_byte
        self.end_byte = raw.end_byte
        self.is_named = raw.is_named

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            read = _READERS.get(name)
            if read is None:
                raise AttributeError(name)
            value = read(self)
            setattr(self, name, value)
            return value

    @property
    def parent(self) -> Node | None:
        return None if self._above is None else self._above()

    def child_by_field_name(self, name: str) -> Node | None:
        found = self.children_by_field_name(name)
        return found[0] if found else None

    def children_by_field_name(self, name: str) -> list[Node]:
        known = self._memory.get(name)
        if known is None:
            raw = self._raw.children_by_field_name(name)
            known = self._memory[name] = [child for child in self.children if child._raw in raw]
        return cast("list[Node]", known)

    def remember(self, read: Callable[[Node], T]) -> T:
        """What is read off a node, once: loops and ways come by again and again."""
        found = self._memory.get(read)
        if found is None:
            found = self._memory[read] = read(self)
        return cast(T, found)

    def between(self, other: Node) -> bytes:
        """The bytes from this node's end to the other's start."""
        return self.data[self.end_byte : other.start_byte]


def _text(node: Node) -> str:
    return _decoded(node.data[node.start_byte : node.end_byte])


def _decoded(data: bytes) -> str:
    text = decode(data)
    if "\x01" in text or "\x02" in text:
        text = text.replace("\x01", "[").replace("\x02", "]")
    return text


def _literal(node: Node) -> str | None:
    """The text of a word without any expansion in it, None for all others."""
    kind = node.type
    if kind in ("word", "number"):
        return node.text if PLAIN.issuperset(node.text) else None
    if kind == "raw_string":
        return node.text[1:-1]
    if kind == "string" and all(child.type in ('"', "string_content") for child in node.children):
        # A bare `$` and the parser's lost blanks aside, there is nothing to do for such a string.
        return unescape(node.text[1:-1])
    return None


def _pieces(node: Node) -> tuple[Piece, ...] | None:
    """A word of literal text and plain variables alone, None for all others."""
    found: list[Piece] = []
    return tuple(found) if _gather(node, found) else None


def _gather(node: Node, found: list[Piece]) -> bool:
    if node.literal is not None:
        found.append(node.literal)
        return True
    if node.type == "simple_expansion" or node.type == "expansion":
        return _variable(node, found, quoted=False)
    if node.type == "concatenation":
        return all(child.is_named and _gather(child, found) for child in node.children)
    return node.type == "string" and _gather_string(node, found)


def _variable(node: Node, found: list[Piece], *, quoted: bool) -> bool:
    children = [child for child in node.children if child.type not in ("${", "}", "$")]
    plain = len(children) == 1 and children[0].type in ("variable_name", "special_variable_name")
    if plain and children[0].text not in ("@", "*"):
        found.append(Variable(children[0].text, quoted))
        return True
    return node.type == "expansion" and _default(node, children, found, quoted=quoted)


def _default(node: Node, children: list[Node], found: list[Piece], *, quoted: bool) -> bool:
    indirect = bool(children) and children[0].type == "!"
    parts = children[1:] if indirect else children
    if not 2 <= len(parts) <= 3 or parts[1].text not in (":-", "-") or node.has_error:
        return False
    name, *rest = parts
    if name.type not in ("variable_name", "special_variable_name") or name.text in ("@", "*", "#", "!"):
        return False
    text = "" if len(rest) == 1 else rest[1].literal
    if text is None or (indirect and len(rest) == 2 and text != rest[1].text.strip("\"'")):
        return False
    tells = len(rest) == 2 and rest[1].text.strip("\"'").isalnum()
    found.append(Default(name.text, quoted, indirect, rest[0].text == ":-", text, tells, node.text.strip()))
    return True


def _gather_string(node: Node, found: list[Piece]) -> bool:
    found.append("")
    before = node.children[0].end_byte
    for child in node.children[1:]:
        if child.start_byte > before:
            # The parser drops blanks between two expansions.
            found.append(_decoded(node.data[before : child.start_byte]))
        before = child.end_byte
        if child.type == "string_content":
            found.append(unescape(child.text))
        elif not child.is_named:
            if child.type == "$":
                found.append("$")
        elif child.type not in ("simple_expansion", "expansion"):
            return False
        else:
            found.append(child.text[: len(child.text) - len(child.text.lstrip())])
            if not _variable(child, found, quoted=True):
                return False
    return True


def _children(node: Node) -> list[Node]:
    above = ref(node)
    return [_regrouped(Node(child, node.data, above)) for child in node._raw.children]


# The parser binds `!` and a redirection wrongly where a pipeline or a list is about: `a && ! b 2>x | c`
# is `a && ! (b 2>x | c)`, and `! a | b` is `! (a | b)`.


def _regrouped(node: Node) -> Node:
    """The node as the shell reads it: `!` and `&&` bind less than `|`, a redirection more."""
    if node.type == "pipeline" and node.children:
        first, rest = node.children[0], node.children[1:]
        if first.type == "negated_command" and len(first.children) == 2:
            inner = _made(node, "pipeline", [first.children[1], *rest])
            return _become(node, "negated_command", [first.children[0], inner])
        if first.type == "list" and len(first.children) == 3:
            left, operator, right = first.children
            inner = _regrouped(_made(node, "pipeline", [right, *rest]))
            return _become(node, "list", [left, operator, inner])
    if node.type == "redirected_statement" and node.children:
        body, redirects = node.children[0], node.children[1:]
        plain = all(redirect.type == "file_redirect" for redirect in redirects)
        if plain and body.type == "negated_command" and len(body.children) == 2:
            inner = _redirected(node, body.children[1], redirects)
            return _become(node, "negated_command", [body.children[0], inner])
        if plain and body.type == "list" and len(body.children) == 3:
            left, operator, right = body.children
            inner = _regrouped(_redirected(node, right, redirects))
            return _become(node, "list", [left, operator, inner])
    return node


def _become(node: Node, kind: str, children: list[Node]) -> Node:
    node.type, node.children = kind, children
    node._memory = {}
    above = ref(node)
    for child in children:
        child._above = above
    return node


def _made(node: Node, kind: str, children: list[Node]) -> Node:
    """A node that the parser didn't make, of parts of one that it made."""
    made = Node(node._raw, node.data, ref(node))
    made.start_byte = children[0].start_byte
    return _become(made, kind, children)


def _redirected(node: Node, body: Node, redirects: list[Node]) -> Node:
    made = _made(node, "redirected_statement", [body, *redirects])
    made._memory = {"body": [body], "redirect": redirects}
    return made


_READERS: dict[str, Callable[[Node], object]] = {
    "_memory": lambda node: {},
    "children": _children,
    "has_error": lambda node: node._raw.has_error,
    "is_missing": lambda node: node._raw.is_missing,
    "literal": _literal,
    "named_children": lambda node: [child for child in node.children if child.is_named],
    "pieces": _pieces,
    "text": _text,
}


def unescape(text: str) -> str:
    """The inside of double quotes."""
    if "\\" not in text:
        return text
    out = ""
    at = 0
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in ("\\", '"', "$", "`", "\n"):
            out += "" if text[at + 1] == "\n" else text[at + 1]
            at += 2
        else:
            out += text[at]
            at += 1
    return out
