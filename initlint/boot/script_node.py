"""JavaScript and TypeScript programs, for node, bun and deno, by their syntax trees."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING

from initlint.boot.script_found import Found
from initlint.boot.script_node_values import Names, comes_to, function_of
from initlint.boot.script_tree import File, ScriptReader, descend, row_of, text_of, until_end

if TYPE_CHECKING:
    from tree_sitter import Node

_FUNCTIONS = frozenset(["function_declaration", "generator_function_declaration"])
_UNIT_VALUES = frozenset(["arrow_function", "function_expression", "generator_function", "class"])
_TYPES = frozenset(
    ["interface_declaration", "type_alias_declaration", "ambient_declaration", "type_annotation", "type_arguments"]
)
_ENDS = frozenset(["return_statement", "throw_statement"])
_EXITS = re.compile(rb"process\s*\.\s*exit\s*\(")
_MAIN = re.compile(r"\(?\s*(?:require\.main\s*===?\s*module|module\s*===?\s*require\.main|import\.meta\.main)\s*\)?")
_LISTENS = frozenset(["on", "once", "addListener", "prependListener", "prependOnceListener"])
_STARTERS = frozenset("exec execSync execFile execFileSync spawn spawnSync fork".split())  # of child_process
_OTHER_STARTERS = frozenset(
    "cluster.fork Bun.spawn Bun.spawnSync bun.spawn bun.spawnSync bun.$ Bun.$ Deno.Command Deno.run".split()
)
_BINDINGS = frozenset(
    "variable_declarator import_specifier import_clause namespace_import import_require_clause pair_pattern".split()
)
_SHELLS = frozenset(["sh", "bash", "ash", "dash"])


class NodeReader(ScriptReader):
    """Follows what names stand for: modules, their functions, lists of signals."""

    def __init__(self, found: Found) -> None:
        super().__init__(found)
        self._names: dict[str, Names] = {}

    def grammars(self, path: str) -> tuple[str, ...]:
        if path.endswith(".tsx"):
            return ("tsx",)
        if path.endswith((".ts", ".mts", ".cts")):
            return ("typescript",)
        return ("javascript", "typescript", "tsx")

    def prepare(self, file: File) -> None:
        self._names[file.path] = Names(file)

    def unit(self, node: Node) -> tuple[str, Node] | None:
        kind = node.type
        if kind in _FUNCTIONS or kind == "class_declaration":
            if node.parent is not None and (node.parent.text or b"").startswith(b"export default"):
                return None
            body = node.child_by_field_name("body")
            return (text_of(node.child_by_field_name("name")), body) if body is not None else None
        if kind == "variable_declarator":
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name is not None and value is not None and name.type == "identifier" and value.type in _UNIT_VALUES:
                return text_of(name), value
        return None

    def names(self, node: Node) -> Iterable[str]:
        kind = node.type
        if kind in ("identifier", "shorthand_property_identifier"):
            return (text_of(node),)
        if kind == "member_expression":
            return (text_of(node.child_by_field_name("property")),)
        return ()

    def inner(self, file: File, node: Node) -> list[Node]:
        kind = node.type
        if kind in _TYPES:
            return []
        if kind in ("program", "statement_block"):
            return until_end(node.named_children, _ENDS, {*_FUNCTIONS}, _EXITS)
        if kind == "if_statement":
            verdict = _condition(text_of(node.child_by_field_name("condition")), file)
            if verdict is not None:
                taken = node.child_by_field_name("consequence" if verdict else "alternative")
                return [taken] if taken is not None else []
        if kind == "import_statement":
            return [] if (node.text or b"").startswith(b"import type ") else node.named_children
        return node.named_children

    def visit(self, file: File, node: Node) -> None:
        kind = node.type
        if kind in ("call_expression", "new_expression"):
            self._call(file, node)
        elif kind in ("import_statement", "export_statement"):
            source = node.child_by_field_name("source")
            if source is not None and not (node.text or b"").startswith((b"import type ", b"export type ")):
                self._require(file, source)
        elif kind == "import_require_clause":
            self._require(file, node.child_by_field_name("source"))
        elif kind in ("identifier", "member_expression", "shorthand_property_identifier"):
            self._passed_on(file, node)

    # What calls do.

    def _call(self, file: File, node: Node) -> None:
        names = self._names[file.path]
        callee = node.child_by_field_name("constructor" if node.type == "new_expression" else "function")
        given = node.child_by_field_name("arguments")
        if callee is None:
            return
        arguments = [child for child in given.named_children if child.type != "comment"] if given is not None else []
        if callee.type == "identifier" and callee.text in (b"eval", b"Function"):
            self.everything_runs()
        origin = names.origin(callee) or ""
        if callee.type == "import" and arguments and arguments[0].type == "string":
            self._imports_starter(file, node, text_of(arguments[0]).strip("'\"").removeprefix("node:"))
        if callee.type == "import" or origin in ("require", "require.resolve") or origin.endswith(".require"):
            if arguments and origin != "require.resolve":
                self._require(file, arguments[0])
            elif origin != "require.resolve" and origin:
                return
        module, _, name = origin.rpartition(".")
        if module == "child_process" and name in _STARTERS:
            self._starts(file, node, name, arguments)
        elif origin in _OTHER_STARTERS:
            self.found.starts(file.source, row_of(node))
            self.found.begins = self.found.begins or not origin.endswith("Sync")
            self.found.cluster = self.found.cluster or origin == "cluster.fork"
        elif origin in ("shelljs.exec", "shelljs.default.exec") and arguments:
            self.found.runs(file.source, row_of(node), names.line(arguments[0]))
        elif (module == "process" and name in _LISTENS) or origin == "Deno.addSignalListener":
            self._listens(file, node, arguments)

    def _imports_starter(self, file: File, node: Node, module: str) -> None:
        """`import("cluster").then(c => c.fork())`: what starts children has any name then."""
        if module not in ("cluster", "child_process") or not _STARTING.search(text_of(file.root)):
            return
        self.found.starts(file.source, row_of(node))
        self.found.begins = True
        self.found.cluster = self.found.cluster or module == "cluster"

    def _starts(self, file: File, node: Node, name: str, arguments: list[Node]) -> None:
        names = self._names[file.path]
        options = text_of(arguments[-1]) if arguments and arguments[-1].type == "object" else ""
        detached = re.search(r"\bdetached\s*:\s*true\b", options)
        self.found.starts(
            file.source, row_of(node), "starts a detached child process" if detached else "starts a child process"
        )
        self.found.begins = self.found.begins or not name.endswith("Sync")
        if not arguments or name == "fork":
            return
        if name in ("exec", "execSync"):
            self.found.runs(file.source, row_of(node), names.line(arguments[0]))
            return
        words = [names.line(arguments[0])]
        if len(arguments) > 1 and arguments[1].type == "array":
            words += [names.line(child) for child in arguments[1].named_children if child.type != "comment"]
        if posixpath.basename(words[0]) in _SHELLS and len(words) > 2 and words[1] in ("-c", "-lc", "-ec"):
            self.found.runs(file.source, row_of(node), words[2])
        elif re.search(r"\bshell\s*:\s*(?:true\b|['\"])", options):
            self.found.runs(file.source, row_of(node), " ".join(words))
        elif words[0] != "x":
            self.found.runs(file.source, row_of(node), shlex.join(words))

    def _listens(self, file: File, node: Node, arguments: list[Node]) -> None:
        if not arguments:
            return
        names = self._names[file.path]
        row = row_of(node)
        signals = names.values(arguments[0])
        if signals is None:
            signals = names.signals  # as far as the file names any, it is one of them
            if not signals:
                self.found.unread.append(f"which signal {file.source.name}:{row} handles")
        handler = function_of(arguments[1], names) if len(arguments) > 1 else None
        if handler is None and len(arguments) > 1 and arguments[1].type == "identifier":
            handler = self._declared(file, text_of(arguments[1]))
        callee = text_of(node.child_by_field_name("function"))
        for signal in sorted(signals):
            if signal.startswith("SIG"):
                end = comes_to(handler, signal, once=callee.endswith("nce")) if handler is not None else ""
                if end:
                    self.found.ignores(file.source, row, signal, dropped=end == "dropped")
                else:
                    self.found.handles(file.source, row, signal, text_of(node))

    def _declared(self, file: File, name: str) -> Node | None:
        """The one function of a file that is declared under a name."""
        found = [
            node
            for node in descend(file.root)
            if node.type == "function_declaration" and text_of(node.child_by_field_name("name")) == name
        ]
        return found[0] if len(found) == 1 else None

    def _passed_on(self, file: File, node: Node) -> None:
        """A function that starts programs, given to something else than a call of it."""
        origin = self._names[file.path].origin(node) or ""
        parent = node.parent if origin.startswith("child_process") else None
        if parent is None or parent.type in _BINDINGS or parent.type == "member_expression":
            return
        if node in (parent.child_by_field_name("function"), parent.child_by_field_name("left")):
            return
        if parent.type == "assignment_expression" and (parent.text or b"").count(b".") == 0:
            return  # let exec; exec = cp.exec
        call = parent.parent if parent.type == "arguments" else None
        if call is not None and text_of(call.child_by_field_name("function")).endswith(("promisify", ".bind")):
            return
        self.found.starts(file.source, row_of(node), "hands on what starts child processes")

    # Other files.

    def _require(self, file: File, node: Node | None) -> None:
        if node is None:
            return
        path = self._names[file.path].path(node)
        if path is None:
            self.found.unread.append("it requires files by names that aren't written out")
        elif path.startswith("."):
            self.found.required.append((path, file.path))
        elif not path.startswith(("node:", "/", "bun:")) and path != "bun":
            parts = path.split("/")
            self.found.libraries.add("/".join(parts[:2]) if path.startswith("@") else parts[0])


_STARTING = re.compile(r"\b(?:fork|spawn|exec|execFile)(?:Sync)?\s*\(")


def blocks_its_loop(file: File) -> bool:
    """Whether a main file has an endless loop at its top level that never waits for anything."""
    for node in file.root.named_children:
        if node.type not in ("while_statement", "for_statement"):
            continue
        test = text_of(node.child_by_field_name("condition")).strip("(); ")
        endless = test in ("true", "1") or (node.type == "for_statement" and not test)
        if endless and not re.search(r"\b(?:await|break|exit|throw|abort)\b", text_of(node)):
            return True
    return False


def _condition(text: str, file: File) -> bool | None:
    """What a condition is for certain."""
    if _MAIN.fullmatch(text):
        return file.main
    plain = text.strip("() \n")
    return False if plain in ("false", "0", "null") else True if plain in ("true", "1") else None
