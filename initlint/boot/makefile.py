"""What `make TARGET` runs: the recipes of a Makefile, as far as its text tells.

Variables are expanded where the file sets them once and plainly; functions and conditional
parts aren't followed, and what depends on them isn't known; a file that it includes by its plain name is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from initlint.boot.model import Argv, Environment, is_known
from initlint.records import NamedTuple
from initlint.rootfs import Present, RootFilesystem, paths
from initlint.text import Source, Span

_NAMES = ("GNUmakefile", "makefile", "Makefile")
_MAX_LINES = 400
_MAX_DEPTH = 20
_VALUED = frozenset(
    "-C --directory -f --file --makefile -I --include-dir -o --old-file --assume-old -W --what-if --new-file "
    "--assume-new -E --eval".split()
)
# make runs a line without a shell when none of these is in it (GNU make 4.3, job.c: sh_chars_sh, sh_cmds_sh).
_FOR_SHELL = frozenset('#;"*?[]&|<>(){}$`^~!\\\n')
_BUILTINS = frozenset(
    ". : alias bg break case cd command continue eval exec exit export fc fg for getopts hash if jobs login logout "
    "read readonly return set shift test times trap type ulimit umask unalias unset wait while".split()
)
_INCLUDES = ("include", "-include", "sinclude")
_CONDITIONALS = ("ifeq", "ifneq", "ifdef", "ifndef")


class MakeLine(NamedTuple):
    """A line of a recipe. `why`: why its text isn't known."""

    text: str
    span: Span
    why: str = ""


class MakeRun(NamedTuple):
    """What is run, in order, in `cwd`. `shell`: what reads the lines that aren't plain."""

    lines: tuple[MakeLine, ...]
    shell: str
    cwd: str


class _Rule(NamedTuple):
    prerequisites: tuple[str, ...]
    lines: tuple[MakeLine, ...]


class _Makefile(NamedTuple):
    rules: dict[str, _Rule]
    values: dict[str, str | None]  # None: set more than once, or where it isn't followed
    default: str
    one_shell: bool


def needs_shell(line: str) -> bool:
    """Whether make hands a line to a shell, which a plain command doesn't need."""
    first = line.split(None, 1)[0] if line.split() else ""
    return bool(_FOR_SHELL & set(line)) or first in _BUILTINS or "=" in first


def made(argv: Argv, environment: Environment, rootfs: RootFilesystem) -> MakeRun | str:
    """The lines that a make command runs; a reason where they can't be told."""
    cwd, file, goals, given = environment.cwd, "", [], dict[str, str | None]()
    index = 1
    while index < len(argv):
        word = argv[index]
        if not is_known(word):
            return f"{word} isn't known"
        name, equals, value = word.partition("=")
        if name in _VALUED and not equals and index + 1 < len(argv):
            value = argv[index + 1]
            index += 1
        elif word[:2] in ("-C", "-f") and len(word) > 2:
            name, value = word[:2], word[2:]
        if name in ("-C", "--directory"):
            cwd = paths.join(cwd or "/", value) if cwd is not None or value.startswith("/") else None
        elif name in ("-f", "--file", "--makefile"):
            file = value
        elif name in ("-n", "--just-print", "--dry-run", "-q", "--question", "-v", "--version", "-h", "--help"):
            return f"make {name} runs nothing"
        elif word in ("-j", "-l", "--jobs", "--load-average"):
            index += index + 1 < len(argv) and argv[index + 1].replace(".", "").isdigit()
        elif not word.startswith("-"):
            if equals:
                given[name.rstrip(":+?")] = value
            else:
                goals.append(word)
        index += 1
    if cwd is None:
        return "the folder of its Makefile is unknown"
    source = _file(rootfs, cwd, file)
    if isinstance(source, str):
        return source
    folder = cwd
    makefile = _read(_with_included(source, lambda name: _file(rootfs, folder, name), 0))
    values = {**_defaults(environment), **makefile.values, **given}
    if makefile.one_shell:
        return f"{source.name} has .ONESHELL"
    goals = goals or [makefile.default]
    for goal in goals:
        if goal not in makefile.rules:
            return f"{source.name} has no rule for {goal or 'anything'} that can be read"
    expanded = [_expanded(line, values) for line in islice(_collect(makefile, goals, set()), _MAX_LINES)]
    # A variable of the command line goes before the file's; one of the environment never counts here.
    shell = _expand("$(SHELL)", {"SHELL": given.get("SHELL", makefile.values.get("SHELL", "/bin/sh"))}, 0)
    if shell is None:
        return f"which SHELL {source.name} sets isn't known"
    return MakeRun(tuple(line for line in expanded if line.text or line.why), shell, cwd)


def _defaults(environment: Environment) -> dict[str, str | None]:
    known = {name: value if value is not None and is_known(value) else None
             for name, value in environment.variables.items()}  # fmt: skip
    return {**known, "MAKE": "make", "MAKEFLAGS": None, "CURDIR": environment.cwd}


def _file(rootfs: RootFilesystem, cwd: str, name: str) -> Source | str:
    for candidate in (name,) if name else _NAMES:
        node = paths.resolve(rootfs, paths.join(cwd, candidate))
        source = rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else None
        if isinstance(source, Source):
            return source
    return f"{name or 'the Makefile'} in {cwd} can't be read"


def _collect(makefile: _Makefile, goals: Sequence[str], done: set[str], depth: int = 0) -> Iterator[MakeLine]:
    """The recipes of what a target needs come first, then its own; each target is made once."""
    for goal in goals:
        rule = makefile.rules.get(goal)
        if rule is None or goal in done or depth > _MAX_DEPTH:
            continue
        done.add(goal)
        yield from _collect(makefile, rule.prerequisites, done, depth + 1)
        yield from rule.lines


def _with_included(source: Source, read: Callable[[str], Source | str], depth: int) -> Iterator[tuple[str, Span]]:
    """The lines of a Makefile, with those of the files that it names behind `include` in their place."""
    for text, span in _logical_lines(source):
        words = text.split("#", 1)[0].split()
        if words[:1] and words[0] in _INCLUDES and not text.startswith("\t") and depth < _MAX_DEPTH:
            for name in words[1:]:
                other = read(name) if not set(name) & set("$*?[") else ""
                if isinstance(other, Source):
                    yield from _with_included(other, read, depth + 1)
        yield text, span


def _read(lines: Iterable[tuple[str, Span]]) -> _Makefile:
    rules: dict[str, _Rule] = {}
    values: dict[str, str | None] = {}
    default, one_shell = "", False
    targets: tuple[str, ...] = ()
    depth = 0  # of conditional parts
    defining = False
    for text, span in lines:
        if text.startswith("\t") and targets and not defining:
            for target in targets:
                rule = rules[target]
                why = "it stands in a conditional part" if depth else ""
                rules[target] = rule._replace(lines=(*rule.lines, MakeLine(text.strip(), span, why)))
            continue
        line = text.split("#", 1)[0].strip()
        word = line.split(None, 1)[0] if line else ""
        if defining or word == "define":
            defining = word != "endef"
            continue
        depth += word in _CONDITIONALS
        depth -= word == "endif" and depth > 0
        if not line or word in (
            *_CONDITIONALS,
            "else",
            "endif",
            *_INCLUDES,
            "vpath",
            "unexport",
        ):
            continue
        name, operator, value = _assignment(line)
        if operator:
            targets = ()
            again = name in values and operator != "?="
            if operator != "?=" or name not in values:
                values[name] = None if again or depth or operator in ("+=", "!=") else value
            continue
        head, colon, rest = line.partition(":")
        if not colon:
            continue
        rest, _, inline = rest.lstrip(":").partition(";")
        if _assignment(rest.strip())[1]:  # a variable of a target's own
            values[_assignment(rest.strip())[0]] = None
            continue
        targets = tuple(name for name in head.split() if "%" not in name and "$" not in name)
        one_shell = one_shell or ".ONESHELL" in targets
        for target in targets:
            before = rules.get(target, _Rule((), ()))
            own = (MakeLine(inline.strip(), span),) if inline.strip() else ()
            needs = tuple(name for name in rest.split() if name != "|")
            rules[target] = _Rule((*before.prerequisites, *needs), (*before.lines, *own))
            default = default or ("" if target.startswith(".") else target)
    return _Makefile(rules, values, values.get(".DEFAULT_GOAL") or default, one_shell)


def _logical_lines(source: Source) -> list[tuple[str, Span]]:
    """Lines with those that continue them; a recipe's lose the tab that the next begins with."""
    found: list[tuple[str, Span]] = []
    offset = start = 0
    text = ""
    for raw in source.data.split(b"\n"):
        end = offset + len(raw)
        piece = raw.decode("utf-8", "surrogateescape").rstrip("\r")
        text = text + piece.removeprefix("\t") if text else piece
        offset = end + 1
        if text.endswith("\\") and end < len(source.data):
            text = text[:-1] + ("" if text.startswith("\t") else " ")
            continue
        found.append((text, Span(source, start, end)))
        text, start = "", offset
    return found


def _assignment(line: str) -> tuple[str, str, str]:
    """Name, operator and value; an empty operator where the line assigns nothing."""
    at = line.find("=")
    if at < 0:
        return "", "", ""
    left = line[:at].rstrip()
    operator = "="
    for candidate in (":::", "::", ":", "?", "+", "!"):
        if left.endswith(candidate):
            operator, left = f"{candidate}=", left[: -len(candidate)]
            break
    words = left.split()
    while words and words[0] in ("export", "override", "private"):
        words = words[1:]
    if len(words) != 1 or ":" in words[0]:
        return "", "", ""
    return words[0], operator, line[at + 1 :].strip()


def _expanded(line: MakeLine, values: dict[str, str | None]) -> MakeLine:
    text = _expand(line.text.lstrip("@-+ \t"), values, 0)
    if text is None:
        return line._replace(why=line.why or f"what `{line.text}` becomes isn't known")
    return line._replace(text=text.lstrip("@-+ \t"))


def _expand(text: str, values: dict[str, str | None], depth: int) -> str | None:
    """A text with its variables; None where it has one that isn't known, a function, or a rule's own ($@)."""
    out = ""
    at = 0
    while at < len(text):
        character = text[at]
        if character != "$" or at + 1 >= len(text):
            out += character
            at += 1
            continue
        after = text[at + 1]
        if after == "$":
            out += "$"
            at += 2
            continue
        closing = {"(": ")", "{": "}"}.get(after)
        end = text.find(closing, at) if closing else at + 1
        name = text[at + 2 : end] if closing else after
        if end < 0 or depth >= _MAX_DEPTH or not name.replace("_", "").replace("-", "").replace(".", "").isalnum():
            return None
        value = values.get(name, "")  # make takes what isn't set for empty
        inner = None if value is None else _expand(value, values, depth + 1)
        if inner is None:
            return None
        out += inner
        at = end + 1
    return out
