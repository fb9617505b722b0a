"""What names and expressions of a JavaScript file stand for, as far as it is written out in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from initlint.boot.script_tree import File, descend, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_DEPTH = 8
_ROOTS = frozenset(["process", "Deno", "Bun", "require", "cluster", "module"])
_WRAPPERS = frozenset(
    ["await_expression", "parenthesized_expression", "as_expression", "non_null_expression", "satisfies_expression"]
)
_FUNCTION_VALUES = frozenset(["arrow_function", "function_expression", "function_declaration"])
_EACH = frozenset(["forEach", "map", "every", "some"])


class Names:
    """The bindings of one file, whatever their scope. `signals`: names of signals in its strings."""

    def __init__(self, file: File) -> None:
        self.origins: dict[str, str] = {}
        self.values_of: dict[str, Node] = {}
        self.signals: set[str] = set()
        data = file.source.data
        if not any(word in data for word in (b"child_process", b"SIG", b"cluster", b"process", b"bun", b"shelljs")):
            return
        declared: list[Node] = []
        for node in descend(file.root):
            kind = node.type
            if kind == "import_statement":
                self._import(node)
            elif kind == "variable_declarator" or kind == "assignment_expression":
                declared.append(node)
            elif kind == "function_declaration":
                self.values_of.setdefault(text_of(node.child_by_field_name("name")), node)
            elif kind == "string_fragment" and (node.text or b"").startswith(b"SIG"):
                self.signals.add(text_of(node))
        for _ in range(2):  # a name may stand for one that is declared below it
            for node in declared:
                self._declare(node)

    def _import(self, node: Node) -> None:
        clauses = ("import_clause", "import_require_clause")
        clause = next((child for child in node.named_children if child.type in clauses), None)
        source = node.child_by_field_name("source")
        if clause is None:
            return
        if clause.type == "import_require_clause":
            source = clause.child_by_field_name("source")
        module = _module(self.text(source)) if source is not None else None
        if module is None:
            return
        for child in clause.named_children:
            if child.type == "identifier":
                self.origins[text_of(child)] = module
            elif child.type == "namespace_import":
                self.origins[text_of(child.named_children[0])] = module
            elif child.type == "named_imports":
                for one in child.named_children:
                    name = text_of(one.child_by_field_name("name"))
                    alias = text_of(one.child_by_field_name("alias")) or name
                    self.origins[alias] = module if name == "default" else f"{module}.{name}"

    def _declare(self, node: Node) -> None:
        left = node.child_by_field_name("name") or node.child_by_field_name("left")
        value = node.child_by_field_name("value") or node.child_by_field_name("right")
        if left is None or value is None:
            return
        if left.type == "identifier":
            self.values_of.setdefault(text_of(left), value)
            origin = self.origin(value)
            if origin and text_of(left) not in _ROOTS:
                self.origins[text_of(left)] = origin
        elif left.type == "object_pattern":
            origin = self.origin(value)
            for child in left.named_children if origin else ():
                key, name = child, child
                if child.type == "pair_pattern":
                    key, name = child.child_by_field_name("key") or child, child.child_by_field_name("value") or child
                elif child.type == "object_assignment_pattern":
                    key = name = child.child_by_field_name("left") or child
                self.origins[text_of(name)] = f"{origin}.{text_of(key)}"

    def origin(self, node: Node, depth: int = 0) -> str | None:
        """`child_process.exec` for whatever stands for that function; None for what isn't followed."""
        kind = node.type
        if depth > MAX_DEPTH:
            return None
        if kind in ("identifier", "shorthand_property_identifier"):
            name = text_of(node)
            return self.origins.get(name) or (name if name in _ROOTS else None)
        if kind in ("member_expression", "subscript_expression"):
            inner = node.child_by_field_name("object")
            origin = self.origin(inner, depth + 1) if inner is not None else None
            index = node.child_by_field_name("index")
            prop = self.text(index) if index is not None else text_of(node.child_by_field_name("property"))
            return origin if prop in ("default", "promises") else f"{origin}.{prop}" if origin and prop else None
        if kind in _WRAPPERS and node.named_children:
            return self.origin(node.named_children[0], depth + 1)
        return self._call_origin(node, depth) if kind == "call_expression" else None

    def _call_origin(self, node: Node, depth: int) -> str | None:
        callee, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        first = given.named_children[0] if given is not None and given.named_children else None
        if callee is None or first is None:
            return None
        called = text_of(callee)
        if callee.type == "import" or called == "require" or called.endswith((".require", ".getBuiltinModule")):
            return _module(self.text(first))
        if called.endswith("promisify"):
            return self.origin(first, depth + 1)
        if called.endswith(".bind"):
            inner = callee.child_by_field_name("object")
            return self.origin(inner, depth + 1) if inner is not None else None
        return None

    def text(self, node: Node) -> str | None:
        """A string that is written out."""
        if node.type == "string" or node.type == "template_string":
            if any(child.type == "template_substitution" for child in node.named_children):
                return None
            return text_of(node)[1:-1]
        return None

    def line(self, node: Node, depth: int = 0) -> str:
        """A string as far as it is written out; a gap becomes the plain word x."""
        kind = node.type
        if kind == "string":
            return _unescaped(text_of(node)[1:-1])
        if kind == "template_string":
            parts = []
            for child in node.named_children:
                parts.append("x" if child.type == "template_substitution" else _unescaped(text_of(child)))
            return "".join(parts)
        if kind == "binary_expression" and depth < 40:
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None and text_of(node.child_by_field_name("operator")) == "+":
                return self.line(left, depth + 1) + self.line(right, depth + 1)
        if kind == "identifier" and depth < MAX_DEPTH:
            value = self.values_of.get(text_of(node))
            if value is not None and value.type in ("string", "template_string", "binary_expression"):
                return self.line(value, depth + 1)
        return "x"

    def path(self, node: Node) -> str | None:
        """The path or package that a require names: a string, or one put together with __dirname."""
        text = self.text(node)
        if text is not None:
            return text
        if node.type == "binary_expression":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if text_of(left) == "__dirname" and right is not None:
                rest = self.text(right)
                return f".{rest}" if rest and rest.startswith("/") else None
        if node.type == "call_expression":
            given = node.child_by_field_name("arguments")
            called = text_of(node.child_by_field_name("function"))
            words = given.named_children if given is not None else []
            joins = called in ("path.join", "path.resolve", "join", "resolve")
            if joins and words and text_of(words[0]) == "__dirname":
                parts = [self.text(word) for word in words[1:]]
                return "./" + "/".join(part for part in parts if part) if all(parts) else None
        return None

    def values(self, node: Node, depth: int = 0) -> set[str] | None:
        """The strings that an expression may be; None where that isn't written out."""
        if depth > MAX_DEPTH:
            return None
        kind = node.type
        text = self.text(node)
        if text is not None:
            return {text}
        if kind == "array":
            return self._union(node.named_children, depth)
        if kind in _WRAPPERS and node.named_children:
            return self.values(node.named_children[0], depth + 1)
        if kind == "template_string":
            return self._template(node, depth)
        if kind == "call_expression":
            if text_of(node.child_by_field_name("function")) not in ("Object.keys", "Object.entries"):
                return None
            given = node.child_by_field_name("arguments")
            first = given.named_children[0] if given is not None and given.named_children else None
            return self._keys(first)
        if kind != "identifier":
            return None
        bound = _loop_over(node)
        if bound is not None:
            return self.values(bound, depth + 1)
        value = self.values_of.get(text_of(node))
        return self.values(value, depth + 1) if value is not None else None

    def _union(self, nodes: list[Node], depth: int) -> set[str] | None:
        found: set[str] = set()
        for node in nodes:
            if node.type == "comment":
                continue
            values = self.values(node, depth + 1)
            if values is None:
                return None
            found |= values
        return found

    def _template(self, node: Node, depth: int) -> set[str] | None:
        found = {""}
        for child in node.named_children:
            ends: set[str] | None = {text_of(child)}
            if child.type == "template_substitution":
                ends = self.values(child.named_children[0], depth + 1) if child.named_children else None
            if ends is None or len(found) * len(ends) > 64:
                return None
            found = {start + end for start in found for end in ends}
        return found

    def _keys(self, node: Node | None) -> set[str] | None:
        if node is not None and node.type == "identifier":
            node = self.values_of.get(text_of(node))
        if node is None or node.type != "object":
            return None
        keys = [child.child_by_field_name("key") or child for child in node.named_children]
        return {text_of(key).strip("'\"") for key in keys}


def _loop_over(node: Node) -> Node | None:
    """What an identifier goes through as the variable of a loop, or of a function given to forEach."""
    name = node.text
    at: Node | None = node
    for _ in range(40):
        at = at.parent if at is not None else None
        if at is None:
            return None
        if at.type == "for_in_statement" and _first_name(at.child_by_field_name("left")) == name:
            return at.child_by_field_name("right")
        if at.type in _FUNCTION_VALUES:
            taken = at.child_by_field_name("parameter") or at.child_by_field_name("parameters")
            if _first_name(taken) != name:
                continue
            call = at.parent.parent if at.parent is not None and at.parent.type == "arguments" else None
            callee = call.child_by_field_name("function") if call is not None else None
            if callee is not None and text_of(callee.child_by_field_name("property")) in _EACH:
                return callee.child_by_field_name("object")
            return None
    return None


def _first_name(node: Node | None) -> bytes | None:
    """`s` of `s`, `(s, i)`, `[s, code]` and `(s: string)`."""
    while node is not None and node.type != "identifier":
        node = node.named_children[0] if node.named_children else None
    return node.text if node is not None else None


def function_of(node: Node, names: Names) -> Node | None:
    """The function that a handler is, written there or in the same file under a name."""
    if node.type == "identifier":
        found = names.values_of.get(text_of(node))
        return found if found is not None and found.type in _FUNCTION_VALUES else None
    return node if node.type in _FUNCTION_VALUES else None


_ITSELF = re.compile(r"process\s*\.\s*kill\s*\(\s*process\s*\.\s*pid\s*(?:,\s*([^)]*?)\s*)?\)")
_OFF = re.compile(r"process\s*\.\s*(?:off|removeListener|removeAllListeners)\b")
_STATUS = re.compile(r"process\s*\.\s*exitCode\s*=[^=]")
_LOGS = re.compile(r"(?:console|logger|log|winston)\s*\.\s*\w+\s*\(|process\s*\.\s*std(?:out|err)\s*\.\s*write\s*\(")


def comes_to(function: Node, signal: str, *, once: bool) -> Literal["", "nothing", "dropped"]:
    """What a handler comes to that ends nothing: one that only says something or sets the exit status, or that
    signals its own process. `once`: it is taken away before it runs. Empty where it may end the program."""
    body = function.child_by_field_name("body")
    if body is None:
        return ""
    block = body.type == "statement_block"
    statements = [child for child in (body.named_children if block else [body]) if child.type != "comment"]
    text = text_of(body)
    dropped = False
    for statement in statements:
        part = text_of(statement).strip("; \n")
        itself = _ITSELF.fullmatch(part)
        if itself is not None:
            sent = (itself.group(1) or "").strip("'\"`")
            if sent == "SIGKILL" or (
                (once or _OFF.search(text)) and (sent in ("", signal) or not sent.startswith("SIG"))
            ):
                dropped = True
            elif sent.startswith("SIG") and sent != signal:
                return ""
        elif not (
            part in ("return", "undefined", "null") or _STATUS.match(part) or _OFF.match(part) or _only_logs(statement)
        ):
            return ""
    return "dropped" if dropped else "nothing"


def _only_logs(statement: Node) -> bool:
    call: Node | None = statement
    if statement.type == "expression_statement":
        call = statement.named_children[0] if statement.named_children else None
    text = text_of(call)
    return call is not None and call.type == "call_expression" and _LOGS.match(text) is not None and "exit" not in text


def _module(name: str | None) -> str | None:
    return name.removeprefix("node:") if name else None


def _unescaped(text: str) -> str:
    return text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\n", "").replace("\\", "")
