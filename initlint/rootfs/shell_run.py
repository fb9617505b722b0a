"""A RUN line as the simple commands that it runs, in order, with what is certain about them.

The text is parsed with tree-sitter-bash. A command is certain where the build fails unless it
runs: not under `if`, `case`, a loop, behind `||` or in a function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from initlint.records import NamedTuple
from initlint.rootfs.effects import ANYTHING
from initlint.rootfs.heredocs import Heredoc, heredocs, masked
from initlint.rootfs.paths import join
from initlint.rootfs.shell_parser import bash_parser
from initlint.rootfs.shell_words import PLAIN_WORDS, Expander, Word, literal, plain_word

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_DEPTH = 150
MAX_LOOP = 24


class Redirect(NamedTuple):
    """`operator` is >, >>, <, << (`body` then holds the heredoc's text, None where unknown)."""

    operator: str
    word: Word
    body: str | None = None


class Command(NamedTuple):
    """A simple command. `before` is what is piped into it. `group` holds the commands of
    `{ …; } > file`, whose output goes to the redirects (then `words` is empty)."""

    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    certain: bool
    cwd: str | None
    before: Command | None = None
    group: tuple[Command, ...] = ()
    piped: bool = False  # its output goes to another command


class Unreadable(NamedTuple):
    """A part of the line that isn't followed."""

    why: str


class State:
    """What the shell keeps between commands."""

    __slots__ = ("complete", "cwd", "functions", "globs", "variables")

    def __init__(self, variables: Mapping[str, str | None], cwd: str | None) -> None:
        self.variables: dict[str, str | None] = dict(variables)
        # an ARG without a value is unknown until somebody gives it one
        self.variables.update(dict.fromkeys(getattr(variables, "open", ())))
        self.complete = getattr(variables, "complete", True)
        self.cwd = cwd
        self.functions: set[str] = set()
        self.globs: set[str] = set()  # loop variables that stand for all that a wildcard matches

    def copy(self) -> State:
        twin = State(self.variables, self.cwd)
        twin.complete = self.complete
        twin.functions = self.functions
        twin.globs = set(self.globs)
        return twin


class _Variables(dict[str, "str | None"]):
    complete = True


# Lines that were read, with what they left in the shell's state: the Dockerfiles of a repository
# share most of their RUN lines.
_READ: dict[tuple[object, ...], tuple[list[Command | Unreadable], State]] = {}
MAX_READ = 512


def commands(text: str, state: State, *, braces: bool) -> list[Command | Unreadable]:
    """The commands of a shell text; `state` is as they leave it."""
    key = (text, braces, state.cwd, state.complete, tuple(state.variables.items()), frozenset(state.functions))
    known = _READ.get(key) if not state.globs else None
    if known is None:
        plain = _plain(text)
        if plain is not None:
            read = _Reader(state, [], braces=braces).run_plain(plain)
        else:
            data = text.encode("utf-8", "surrogateescape")
            found_heredocs = heredocs(data)
            tree = bash_parser().parse(masked(data, found_heredocs))
            read = _Reader(state, found_heredocs, braces=braces).run(tree.root_node)
        known = read, state.copy()
        if len(_READ) >= MAX_READ:
            _READ.clear()
        _READ[key] = known
    found, after = known
    state.cwd, state.variables = after.cwd, dict(after.variables)
    state.functions, state.globs = set(after.functions), set(after.globs)
    return found


_PLAIN = re.compile(rf"[ \t]*{PLAIN_WORDS.pattern}(?:[ \t]*(?:&&|;)[ \t]*{PLAIN_WORDS.pattern})*[ \t]*;?[ \t]*")
_JOINTS = re.compile("&&|;")
# What starts more than a simple command, and what isn't read as one.
_KEYWORDS = frozenset(
    "if then else elif fi for while until do done case esac function select coproc time test export declare local "
    "readonly typeset unset in".split()
)


def _plain(text: str) -> list[str] | None:
    """The commands of a line of plain words between `&&` and `;`, which needs no parser; None for all others."""
    if _PLAIN.fullmatch(text) is None:
        return None
    found = [part for part in _JOINTS.split(text) if part.strip()]
    return None if any(part.split(None, 1)[0] in _KEYWORDS for part in found) else found


class _Reader:
    def __init__(self, state: State, found: list[Heredoc], *, braces: bool) -> None:
        self.heredocs = {each.start: each for each in found}
        self.state = state
        self.braces = braces
        self.out: list[Command | Unreadable] = []
        self.certain = True
        self.depth = 0

    def run(self, root: Node) -> list[Command | Unreadable]:
        self.visit(root)
        return self.out

    def run_plain(self, texts: list[str]) -> list[Command | Unreadable]:
        for text in texts:
            self._simple([plain_word(word) for word in text.split()], [])
        return self.out

    @property
    def expander(self) -> Expander:
        state = self.state
        return Expander(state.variables, braces=self.braces, globs=state.globs, complete=state.complete)

    def visit(self, node: Node) -> None:
        kind = node.type
        handler = _HANDLERS.get(kind)
        self.depth += 1
        if kind == "ERROR" or node.is_missing:
            self.out.append(Unreadable("a part of it can't be parsed"))
        elif self.depth > MAX_DEPTH:
            self.out.append(Unreadable("it is nested too deeply"))
        elif handler is not None:
            handler(self, node)
        self.depth -= 1

    def children(self, node: Node) -> None:
        for child in node.named_children:
            self.visit(child)

    def maybe(self, nodes: Iterator[Node]) -> None:
        """Commands that may run or not; the folder and variables they set are unknown after."""
        certain, self.certain = self.certain, False
        cwd, variables = self.state.cwd, dict(self.state.variables)
        for node in nodes:
            self.visit(node)
        self.certain = certain
        if self.state.cwd != cwd:
            self.state.cwd = None
        for name, value in self.state.variables.items():
            if variables.get(name) != value:
                self.state.variables[name] = None

    def command_list(self, node: Node) -> None:
        """`a && b`: both run or the build fails; `a || b`: b may run, a is taken to have worked."""
        left, operator, right = _list_parts(node)
        if left is None or right is None:
            self.out.append(Unreadable("a part of it can't be parsed"))
            return
        test = left.type in ("test_command", "negated_command") or _is_test(left)
        if operator == "&&" and test:
            self.maybe(iter((right,)))
        elif operator == "&&":
            self.visit(left)
            self.visit(right)
        elif right.type == "command" and _is_true(right):
            self.visit(left)
        else:
            if not test:
                self.visit(left)
            self.maybe(iter((right,)))

    def conditional(self, node: Node) -> None:
        self.maybe(iter(node.named_children))

    def for_loop(self, node: Node) -> None:
        """A loop over known words is run word by word; else once, with an unknown word."""
        name = node.child_by_field_name("variable")
        body = node.child_by_field_name("body")
        if name is None or body is None:
            self.maybe(iter(node.named_children))
            return
        variable = _text(name)
        values = [word for child in node.children_by_field_name("value") for word in self.expander.words(child)]
        if values and len(values) <= MAX_LOOP and all(word.known and word.plain for word in values):
            for word in values:
                self.state.variables[variable] = word.text
                self.visit(body)
        else:
            self.state.variables[variable] = None
            single = values[0] if len(values) == 1 else None
            if single is not None and single.known:
                # a wildcard: what is done to $f is done to all that match
                self.state.variables[variable] = single.pattern
                self.state.globs.add(variable)
                self.visit(body)
            else:
                self.maybe(iter((body,)))
        self.state.variables[variable] = None
        self.state.globs.discard(variable)

    def subshell(self, node: Node) -> None:
        state, self.state = self.state, self.state.copy()
        self.children(node)
        self.state = state

    def group(self, node: Node) -> None:
        self.children(node)

    def function(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        if name is not None:
            self.state.functions.add(_text(name))
        self.maybe(iter(node.named_children[1:]))

    def pipeline(self, node: Node) -> None:
        state, self.state = self.state, self.state.copy()
        before: Command | None = None
        parts = node.named_children
        for index, child in enumerate(parts):
            here = len(self.out)
            self.visit(child)
            made = [each for each in self.out[here:] if isinstance(each, Command)]
            last = index == len(parts) - 1
            for at in range(here, len(self.out)):
                each = self.out[at]
                if isinstance(each, Command):
                    self.out[at] = each._replace(before=each.before or before, piped=each.piped or not last)
            before = made[-1] if len(made) == 1 else None
            if before is not None:
                before = self.out[-1] if isinstance(self.out[-1], Command) else before
        self.state = state

    def redirected(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        redirects = tuple(self.redirects(node))
        if body is None:
            self.out.append(Command((), redirects, self.certain, self.state.cwd))
            return
        start = len(self.out)
        self.visit(body)
        made = [each for each in self.out[start:] if isinstance(each, Command)]
        simple = body.type in ("command", "declaration_command")
        if (simple or body.type in ("list", "pipeline", "negated_command")) and made:
            # tree-sitter hangs the redirect of the last command on the whole list
            last = max(at for at in range(start, len(self.out)) if isinstance(self.out[at], Command))
            command = self.out[last]
            if isinstance(command, Command):
                self.out[last] = command._replace(redirects=(*command.redirects, *redirects))
        else:
            self.out.append(Command((), redirects, self.certain, self.state.cwd, group=tuple(made)))

    def redirects(self, node: Node) -> Iterator[Redirect]:
        for child in node.children_by_field_name("redirect"):
            yield from self.redirect(child)

    def redirect(self, node: Node) -> Iterator[Redirect]:
        if node.type == "heredoc_redirect":
            self.out.append(Unreadable("a part of it can't be parsed"))
            return
        if node.type == "herestring_redirect":
            words = [self.expander.one(child) for child in node.named_children]
            yield Redirect("<<", literal(""), words[0].text + "\n" if words and words[0].known else None)
            return
        sign = next((child for child in node.children if child.type in _OPERATORS), None)
        operator = sign.type if sign is not None else ""
        heredoc = self.heredocs.get(sign.start_byte) if sign is not None else None
        if heredoc is not None:
            yield Redirect("<<", literal(""), self._heredoc(heredoc))
            return
        descriptor = next((_text(child) for child in node.children if child.type == "file_descriptor"), "")
        target = node.child_by_field_name("destination")
        if target is not None and operator in (">", ">>", ">|", "&>", "&>>") and descriptor in ("", "1", "2"):
            kind = ">>" if operator.endswith(">>") else ">"
            yield Redirect("2" + kind if descriptor == "2" else kind, self.expander.one(target))

    def _heredoc(self, heredoc: Heredoc) -> str | None:
        text = heredoc.body.decode("utf-8", "surrogateescape")
        if heredoc.tabs:
            text = "".join(line.lstrip("\t") for line in text.splitlines(keepends=True))
        if heredoc.quoted or ("$" not in text and "`" not in text and "\\" not in text):
            return text
        from initlint.rootfs.transfer import expand_or_none

        if "`" in text or "$(" in text:
            return None
        variables = _Variables(self.state.variables)
        return expand_heredoc(text, variables) if self.state.complete else expand_or_none(text, variables)

    def command(self, node: Node) -> None:
        words: list[Word] = []
        redirects: list[Redirect] = []
        text = _text(node)
        if PLAIN_WORDS.fullmatch(text) is not None:
            words = [plain_word(each) for each in text.split()]
        else:
            expander = self.expander
            for child in node.children:
                kind = child.type
                if kind == "variable_assignment":
                    continue
                if kind in ("file_redirect", "heredoc_redirect", "herestring_redirect"):
                    redirects.extend(self.redirect(child))
                elif kind == "subshell":
                    self.out.append(Unreadable("a part of it can't be parsed"))
                elif child.is_named:
                    words.extend(expander.words(child))
        self._simple(words, redirects)

    def _simple(self, words: list[Word], redirects: list[Redirect]) -> None:
        name = words[0].text if words else ""
        if name in self.state.functions:
            self.out.append(Unreadable(f"it calls its function {name}"))
            return
        if name in ("cd", "pushd") and not redirects:
            self._change_folder(words[1:])
            return
        if name == "export":
            for word in words[1:]:
                variable, equals, value = word.text.partition("=")
                if equals:
                    self.state.variables[variable] = None if ANYTHING in value else value
            return
        if name in (".", "source", "read", "eval"):
            # it may set any variable
            self.state.complete = False
        self.out.append(Command(tuple(words), tuple(redirects), self.certain, self.state.cwd))

    def _change_folder(self, words: list[Word]) -> None:
        folders = [word for word in words if not word.text.startswith("-") or word.text == "-"]
        if not folders:
            self.state.cwd = self.state.variables.get("HOME", "/root")
        elif not folders[0].known or not folders[0].plain or folders[0].text == "-":
            self.state.cwd = None
        elif folders[0].text.startswith("/"):
            self.state.cwd = join("/", folders[0].text)
        elif self.state.cwd is not None:
            self.state.cwd = join(self.state.cwd, folders[0].text)

    def assignment(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        if name is None:
            return
        word = self.expander.one(value) if value is not None else literal("")
        self.state.variables[_text(name)] = word.text if word.known and self.certain else None

    def declaration(self, node: Node) -> None:
        for child in node.named_children:
            if child.type == "variable_assignment":
                self.assignment(child)

    def negated(self, node: Node) -> None:
        self.maybe(iter(node.named_children))


def expand_heredoc(text: str, variables: Mapping[str, str | None]) -> str | None:
    """A heredoc's body with its variables, None where one isn't known."""
    from initlint.targets.dockerfile.expansion import ExpansionError, expand

    try:
        return expand(text, variables, quotes=False)
    except ExpansionError:
        return None


_OPERATORS = frozenset((">", ">>", ">|", "&>", "&>>", "<", ">&", "<&"))

_HANDLERS: dict[str, Callable[[_Reader, Node], None]] = {
    "program": _Reader.children,
    "list": _Reader.command_list,
    "command": _Reader.command,
    "redirected_statement": _Reader.redirected,
    "pipeline": _Reader.pipeline,
    "subshell": _Reader.subshell,
    "compound_statement": _Reader.group,
    "do_group": _Reader.group,
    "if_statement": _Reader.conditional,
    "elif_clause": _Reader.conditional,
    "else_clause": _Reader.conditional,
    "while_statement": _Reader.conditional,
    "c_style_for_statement": _Reader.conditional,
    "case_statement": _Reader.conditional,
    "case_item": _Reader.conditional,
    "for_statement": _Reader.for_loop,
    "function_definition": _Reader.function,
    "variable_assignment": _Reader.assignment,
    "variable_assignments": _Reader.children,
    "declaration_command": _Reader.declaration,
    "negated_command": _Reader.negated,
}


def _list_parts(node: Node) -> tuple[Node | None, str, Node | None]:
    named = node.named_children
    operator = next((child.type for child in node.children if child.type in ("&&", "||")), "")
    return (named[0], operator, named[-1]) if len(named) >= 2 else (None, operator, None)


def _is_true(node: Node) -> bool:
    return (node.text or b"").strip() in (b"true", b":", b"/bin/true", b"exit 0")


def _is_test(node: Node) -> bool:
    return node.type == "command" and (node.text or b"").split()[:1] in ([b"test"], [b"["])


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "surrogateescape")
