"""Ruby programs, by their syntax trees."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterable
from typing import TYPE_CHECKING

from initlint.boot.procfile import needs_shell
from initlint.boot.python_exec import ARGUMENTS
from initlint.boot.script_found import signal_name
from initlint.boot.script_tree import MAX_DEPTH, File, ScriptReader, descend, row_of, text_of, until_end

if TYPE_CHECKING:
    from tree_sitter import Node

_STARTERS = {
    "": frozenset(["system", "spawn", "fork", "exec"]),
    "Kernel": frozenset(["system", "spawn", "fork", "exec"]),
    "Process": frozenset(["spawn", "fork", "daemon", "exec"]),
    "IO": frozenset(["popen"]),
    "PTY": frozenset(["spawn", "getpty", "open"]),
    "Open3": frozenset(
        "popen2 popen2e popen3 capture2 capture2e capture3 "
        "pipeline pipeline_r pipeline_rw pipeline_start pipeline_w".split()
    ),
}
_WAITED = frozenset(["system", "capture2", "capture2e", "capture3"])
_BY_NAME = frozenset(["send", "public_send", "__send__", "method", "eval", "instance_eval"])
_TRAPS = frozenset(["", "Signal", "Kernel", "Process"])
_NOTHING = frozenset(["IGNORE", "SIG_IGN", "", "SIGIGN"])
_DEFAULT = frozenset(["DEFAULT", "SIG_DFL", "SYSTEM_DEFAULT"])
_EACH = frozenset(["each", "map", "each_with_index"])
_WAITS = frozenset(["waitall", "waitpid2", "waitpid", "wait", "wait2"])
_LOOPS = frozenset(["while", "until", "while_modifier", "until_modifier"])
_MAIN = re.compile(r"(?:__FILE__\s*==\s*\$(?:0|PROGRAM_NAME)|\$(?:0|PROGRAM_NAME)\s*==\s*__FILE__)")
_ENDS = frozenset(["return"])
_EXITS = re.compile(rb"(?:exit!?|abort|raise)(?![\w.]|.*\b(?:if|unless)\b)")
_BODIES = frozenset(["program", "body_statement", "then", "do", "block_body", "begin"])


class RubyReader(ScriptReader):
    """A method that is defined outside of a class counts where its name is met; those of classes always do."""

    def grammars(self, path: str) -> tuple[str, ...]:
        return ("ruby",)

    def unit(self, node: Node) -> tuple[str, Node] | None:
        if node.type != "method":
            return None
        at = node.parent
        while at is not None:
            if at.type in ("class", "module", "singleton_class"):
                return None
            at = at.parent
        body = node.child_by_field_name("body")
        return (text_of(node.child_by_field_name("name")), body) if body is not None else None

    def names(self, node: Node) -> Iterable[str]:
        if node.type == "identifier":
            return (text_of(node),)
        return (text_of(node).lstrip(":"),) if node.type == "simple_symbol" else ()

    def inner(self, file: File, node: Node) -> list[Node]:
        kind = node.type
        if kind in ("if", "unless", "if_modifier", "unless_modifier"):
            verdict = _condition(text_of(node.child_by_field_name("condition")), file)
            if verdict is not None:
                if kind.startswith("unless"):
                    verdict = not verdict
                field = ("body" if kind.endswith("modifier") else "consequence") if verdict else "alternative"
                taken = node.child_by_field_name(field)
                return [taken] if taken is not None else []
        if kind in _BODIES:
            return until_end(node.named_children, _ENDS, ("method", "class", "module", "rescue", "ensure"), _EXITS)
        return node.named_children

    def visit(self, file: File, node: Node) -> None:
        if node.type == "subshell":
            self.found.starts(file.source, row_of(node))
            self.found.runs(file.source, row_of(node), _line(node))
        elif node.type == "call":
            self._call(file, node)
        elif node.type == "identifier" and node.text == b"fork" and "fork" not in self.defined and _is_alone(node):
            self.found.starts(file.source, row_of(node))
            self.found.begins = True

    def _call(self, file: File, node: Node) -> None:
        receiver = text_of(node.child_by_field_name("receiver")).removeprefix("::")
        name = text_of(node.child_by_field_name("method"))
        given = node.child_by_field_name("arguments")
        arguments = [child for child in given.named_children if child.type != "comment"] if given is not None else []
        if not receiver and name in self.defined:
            return  # the program's own method of that name
        if name in _BY_NAME and arguments and _literal(arguments[0]) is None:
            self.everything_runs()
        elif name in _STARTERS.get(receiver, ()):
            self._starts(file, node, name, arguments)
        elif name == "trap" and receiver in _TRAPS and arguments:
            self._trap(file, node, arguments)
        elif name in ("require", "require_relative", "load") and receiver in ("", "Kernel"):
            self._require(file, name, arguments)
        elif name == "autoload" or (receiver == "Bundler" and name == "require"):
            self.found.unread.append("it requires files by names that aren't written out")

    def _starts(self, file: File, node: Node, name: str, arguments: list[Node]) -> None:
        words = [child for child in arguments if child.type not in ("pair", "hash", "hash_splat_argument")]
        if name == "exec":
            self._becomes(file, node, words)
        else:
            self.found.starts(file.source, row_of(node))
            self.found.begins = self.found.begins or name not in _WAITED
        if words and words[0].type == "string":
            line = _line(words[0]) if len(words) == 1 else " ".join(_line(word).replace("&", "x") for word in words)
            self.found.runs(file.source, row_of(node), line)

    def _becomes(self, file: File, node: Node, words: list[Node]) -> None:
        """`exec "a", "b"`, `exec "a b"` and `exec(*ARGV)`; in the block of a fork it is the child's."""
        at = node.parent
        while at is not None:
            if at.type == "call" and text_of(at.child_by_field_name("method")) in ("fork", "spawn", "popen"):
                self.found.unread.append(f"what {file.source.name}:{row_of(node)} replaces it by")
                return
            at = at.parent
        argv: list[str] = []
        for word in words if file.main and _is_at_top(node, file) else ():
            text = _literal(word)
            if word.type == "splat_argument" and text_of(word) == "*ARGV":
                argv.append(ARGUMENTS)
            elif text is not None and (len(words) > 1 or not needs_shell(text)):
                argv.extend([text] if len(words) > 1 else text.split())
            else:
                argv = []
                break
        self.found.becomes(file.source, row_of(node), tuple(argv) or None)

    # Signals.

    def _trap(self, file: File, node: Node, arguments: list[Node]) -> None:
        row = row_of(node)
        signals = self._values(file, arguments[0])
        if signals is None:
            self.found.unread.append(f"which signal {file.source.name}:{row} handles")
            return
        block = node.child_by_field_name("block")
        action = _literal(arguments[1]) if len(arguments) > 1 else None
        for name in sorted(signals):
            name = "SIGCHLD" if name in ("CLD", "SIGCLD") else signal_name(name)
            if action is not None and action in _DEFAULT:
                continue
            if action is not None and action in _NOTHING:
                self.found.ignores(file.source, row, name)
                if name == "SIGCHLD":
                    self.found.reaps = f"{file.source.name}:{row} ignores SIGCHLD, so that the kernel reaps"
            elif block is not None and _is_empty(block):
                self.found.ignores(file.source, row, name)
            elif block is not None and _signals_itself(block):
                self.found.ignores(file.source, row, name, dropped=True)
            elif name != "SIGEXIT":
                self.found.handles(file.source, row, name, text_of(node))
            if name == "SIGCHLD" and block is not None and _waits_for_all(block):
                self.found.reaps = f"{file.source.name}:{row} waits for every child on SIGCHLD"

    def _values(self, file: File, node: Node, depth: int = 0) -> set[str] | None:
        """The signals that an expression may name; None where they aren't written out."""
        if depth > MAX_DEPTH:
            return None
        text = _literal(node)
        if text is not None:
            return {text}
        if node.type == "integer":
            return _by_number(text_of(node))
        if node.type in ("array", "string_array", "symbol_array"):
            found: set[str] = set()
            for child in node.named_children:
                values = self._values(file, child, depth + 1)
                if values is None:
                    return None
                found |= values
            return found
        if node.type == "string":
            parts = {""}
            for child in node.named_children:
                ends: set[str] | None = {text_of(child)}
                if child.type == "interpolation":
                    ends = self._values(file, child.named_children[0], depth + 1) if child.named_children else None
                if ends is None or len(parts) * len(ends) > 64:
                    return None
                parts = {start + end for start in parts for end in ends}
            return parts
        if node.type == "call" and text_of(node.child_by_field_name("method")) in ("freeze", "to_s", "to_sym"):
            receiver = node.child_by_field_name("receiver")
            return self._values(file, receiver, depth + 1) if receiver is not None else None
        if node.type in ("identifier", "constant"):
            value = _loop_over(node) or self.assigned(file).get(text_of(node))
            return self._values(file, value, depth + 1) if value is not None else None
        return None

    def assignment(self, node: Node) -> tuple[Node | None, Node | None]:
        if node.type == "assignment":
            return node.child_by_field_name("left"), node.child_by_field_name("right")
        return None, None

    # Other files.

    def _require(self, file: File, name: str, arguments: list[Node]) -> None:
        path = _path(arguments[0]) if arguments else None
        gem = _gem(arguments[0]) if arguments and name == "load" else ""
        if gem:
            self.found.unread.append(f"the gem's program {gem}")
            self.found.gem = self.found.gem or (gem if file.main else "")
        elif path is None:
            self.found.unread.append("it requires files by names that aren't written out")
        elif name == "require" and not path.startswith("."):
            if not path.startswith("/"):
                self.found.libraries.add(path)
        else:
            self.found.required.append((path, file.path))


def _condition(text: str, file: File) -> bool | None:
    if _MAIN.fullmatch(text.strip("() ")):
        return file.main
    return {"false": False, "nil": False, "true": True}.get(text.strip("() "))


def _literal(node: Node) -> str | None:
    if node.type == "simple_symbol":
        return text_of(node)[1:]
    if node.type in ("string", "bare_string", "bare_symbol", "delimited_symbol"):
        if any(child.type == "interpolation" for child in node.named_children):
            return None
        return "".join(text_of(child) for child in node.named_children)
    return None


def _line(node: Node) -> str:
    """A command as far as it is written out; a gap becomes the plain word x."""
    if node.type not in ("string", "subshell"):
        return "x"
    parts = ["x" if child.type == "interpolation" else text_of(child) for child in node.named_children]
    return "".join(part.replace("\\n", "\n").replace("\\", "") for part in parts)


def _by_number(text: str) -> set[str] | None:
    try:
        return {signal.Signals(int(text, 0)).name}
    except ValueError:
        return set() if text == "0" else None


def _is_alone(node: Node) -> bool:
    """Whether a name is a call by itself, not the method of one or of a definition."""
    return node.parent is None or node not in (
        node.parent.child_by_field_name("method"),
        node.parent.child_by_field_name("name"),
    )


def _is_empty(block: Node) -> bool:
    """A block without a statement; one of `{ puts "…" }` writes and comes back."""
    body = block.child_by_field_name("body")
    statements = [child for child in body.named_children if child.type != "comment"] if body is not None else []
    return all(
        child.type in ("nil", "true", "false")
        or (child.type == "call" and child.child_by_field_name("receiver") is None
            and text_of(child.child_by_field_name("method")) in ("puts", "p", "print", "warn"))
        for child in statements
    )  # fmt: skip


_ITSELF = re.compile(
    r"(?:Process\.kill\s*\(?\s*['\":]?(?:SIG)?(?P<signal>\w+)['\"]?\s*,\s*(?:Process\.pid|\$\$)\s*\)?"
    r"|(?P<default>(?:Signal\.)?trap\s*\(?[^,\n]*,\s*['\"](?:SIG_)?(?:DFL|DEFAULT|SYSTEM_DEFAULT)['\"]\s*\)?)"
    r"|(?:puts|warn|print|p)\b[^\n]*)"
)


def _signals_itself(block: Node) -> bool:
    """Whether a block leaves the end to a signal of its own that nothing handles."""
    body = block.child_by_field_name("body")
    statements = [child for child in body.named_children if child.type != "comment"] if body is not None else []
    found = [_ITSELF.fullmatch(text_of(child).strip()) for child in statements]
    if not found or None in found:
        return False
    sent = [match["signal"] for match in found if match is not None and match["signal"]]
    default = any(match is not None and match["default"] for match in found)
    return bool(sent) and (default or all(name in ("KILL", "9") for name in sent))


def _waits_for_all(block: Node) -> bool:
    """Whether a block waits for children in a loop (or by `waitall`)."""
    looping = waiting = False
    for node in descend(block):
        if node.type in _LOOPS:
            looping = True
        if node.type == "call":
            name = text_of(node.child_by_field_name("method"))
            if name == "loop" and node.child_by_field_name("block") is not None:
                looping = True
            if text_of(node.child_by_field_name("receiver")) == "Process" and name in _WAITS:
                given = text_of(node.child_by_field_name("arguments")).strip("() ")
                waiting = waiting or not given or given.startswith(("-1", "0"))
                looping = looping or name == "waitall"
    return looping and waiting


def _loop_over(node: Node) -> Node | None:
    """The list that a name goes through as a block's parameter or the variable of a `for`."""
    at: Node | None = node
    for _ in range(40):
        at = at.parent if at is not None else None
        if at is None:
            return None
        if at.type in ("block", "do_block"):
            taken = at.child_by_field_name("parameters")
            first = taken.named_children[0] if taken is not None and taken.named_children else None
            if first is not None and first.text == node.text:
                call = at.parent
                if call is not None and text_of(call.child_by_field_name("method")) in _EACH:
                    return call.child_by_field_name("receiver")
                return None
        if at.type == "for" and text_of(at.child_by_field_name("pattern")) == text_of(node):
            value = at.child_by_field_name("value")
            return value.named_children[0] if value is not None and value.named_children else None
    return None


def _is_at_top(node: Node, file: File) -> bool:
    """Whether a call is a statement of the file itself, where nothing before it may end the program."""
    if node.parent is None or node.parent.type != "program":
        return False
    return not any(
        child.end_byte <= node.start_byte
        and child.type not in ("method", "class", "module")
        and re.search(rb"\b(?:exit!?|abort|exec|return)\b", child.text or b"")
        for child in node.parent.named_children
    )


def _gem(node: Node) -> str:
    """The program in `Gem.bin_path("gem", "program")`; empty where it isn't one."""
    method = text_of(node.child_by_field_name("method")) if node.type == "call" else ""
    given = node.child_by_field_name("arguments") if method in ("bin_path", "activate_bin_path") else None
    if given is None or text_of(node.child_by_field_name("receiver")) != "Gem" or len(given.named_children) < 2:
        return ""
    return _literal(given.named_children[1]) or ""


def _path(node: Node) -> str | None:
    """The name of a required file: a string, or one put together with __dir__."""
    text = _literal(node)
    if text is not None:
        return text
    if node.type == "call" and text_of(node.child_by_field_name("receiver")) == "File":
        given = node.child_by_field_name("arguments")
        words = given.named_children if given is not None else []
        method = text_of(node.child_by_field_name("method"))
        if method == "join" and words and text_of(words[0]) in ("__dir__", "File.dirname(__FILE__)"):
            parts = [_literal(word) for word in words[1:]]
            return "./" + "/".join(part for part in parts if part) if all(parts) else None
        if method == "expand_path" and len(words) == 2:
            text = _literal(words[0])
            if text and text_of(words[1]) in ("__dir__", "File.dirname(__FILE__)"):
                return text if text.startswith(".") else f"./{text}"
            if text and text_of(words[1]) == "__FILE__" and text.startswith("../"):
                return "./" + text[3:]
    return None
