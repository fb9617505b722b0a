"""execlineb's scripts: words and blocks, in which each program becomes what stands behind it.

What the commands of execline do with their arguments is from its manual; that they chain, and that
`foreground` stays while its block runs, was measured (execline 2.9.3, Debian 12).
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from initlint.boot import wrappers
from initlint.boot.model import Argv, Environment, Evidence, Job, Link, Opaque, Outcome, is_known
from initlint.boot.settle import undecided
from initlint.boot.state import State
from initlint.facts import wrappers as wrapper_table
from initlint.records import NamedTuple
from initlint.rootfs import Absent, Present, paths
from initlint.text import Source, Span

if TYPE_CHECKING:
    from initlint.boot.follow import Follower

_MAX_STEPS = 300

Block = tuple["Token", ...]


class Word(NamedTuple):
    """`span`: where it starts and ends in the script. `plain`: it was written without quotes."""

    text: str
    span: tuple[int, int]
    plain: bool = True


Token = Word | Block


class _Command(NamedTuple):
    """`valued`: letters that take a value. `operands`: words, and `blocks` the blocks, before what it becomes."""

    valued: str = ""
    operands: int = 0
    blocks: int = 0


_COMMANDS = {
    "background": _Command(blocks=1),
    "backtick": _Command("ID", 1, 1),
    "cd": _Command(operands=1),
    "define": _Command("d", 2),
    "emptyenv": _Command(),
    "exec": _Command("a"),
    "export": _Command(operands=2),
    "fdblock": _Command(operands=1),
    "fdclose": _Command(operands=1),
    "fdmove": _Command(operands=2),
    "fdreserve": _Command(operands=1),
    "fdswap": _Command(operands=2),
    "foreground": _Command(blocks=1),
    "if": _Command("x", blocks=1),
    "importas": _Command("dD", 2),
    "multisubstitute": _Command(blocks=1),
    "pipeline": _Command(blocks=1),
    "redirfd": _Command(operands=2),
    "umask": _Command(operands=1),
    "unexport": _Command(operands=1),
}
_BRANCHES = frozenset("elgetopt elgetpositionals forbacktickx forstdin forx ifelse ifte ifthenelse loopwhilex "
                      "runblock trap wait withstdinas".split())  # fmt: skip


class Execline(NamedTuple):
    """What a script ends in. `stays`: a program that it waits for first, which may keep running.

    `why`: why it can't be told.
    """

    argv: Argv = ()
    span: tuple[int, int] | None = None
    stays: tuple[Argv, tuple[int, int]] | None = None
    jobs: tuple[tuple[Argv, tuple[int, int]], ...] = ()
    cwd: str | None = None
    user: str | None = None
    why: str = ""


def run(follower: Follower, state: State, link: Link, words: Argv) -> list[Outcome]:
    """`execlineb -P FILE` and `execlineb -P -c LINE`. `words`: its command line."""
    index, line = 1, None
    while index < len(words) and is_known(words[index]) and words[index].startswith("-") and len(words[index]) > 1:
        option = words[index]
        index += 1
        if option == "--":
            break
        if option.endswith(("c", "S", "s")):
            if option.endswith("c") and index < len(words):
                line = words[index]
            index += 1
    at: Callable[[tuple[int, int]], Span | None]
    if line is not None and is_known(line):
        text, arguments = line, words[index:]
        at = lambda span: state.cause  # noqa: E731
    else:
        if index >= len(words) or not is_known(words[index]):
            return [undecided(follower.container, state, f"which script {link.program} runs isn't known", link)]
        script = words[index]
        node = paths.resolve(follower.rootfs, paths.join(state.environment.cwd or "/", script))
        if isinstance(node, Absent):
            why = f"{script} isn't there: {node.why}"
            return [follower.cannot_start(state, "missing", node.path, node, why, link=link)]
        source = follower.rootfs.read(node.path) if isinstance(node, Present) else None
        if not isinstance(source, Source):
            return [undecided(follower.container, state, f"{script} can't be read", link)]
        text, arguments = source.text, words[index + 1 :]
        at = _positions(source)
        link = link._replace(script=source)
    link = link._replace(kind="wrapper", stays=False)
    found = follow(text, arguments, state.environment, follower.keeps_running(state.environment))
    if found.why:
        return [undecided(follower.container, state, f"{link.program}: {found.why}", link)]
    environment = state.environment
    if found.cwd is not None:
        environment = environment._replace(cwd=paths.join(environment.cwd or "/", found.cwd))
    if found.user is not None:
        environment = environment._replace(user=found.user)
    depth = len(state.chain)
    state = state._replace(
        environment=environment,
        jobs=(*state.jobs, *((depth, Job(argv, at(span))) for argv, span in found.jobs)),
        evidence=(
            *state.evidence,
            *(Evidence("yes", f"`{' '.join(argv)}` runs in the background", at(span)) for argv, span in found.jobs),
        ),
    )
    if found.stays is not None:
        argv, span = found.stays
        fact = wrapper_table.lookup("foreground")
        keeps = fact.keeps if fact is not None else None
        state = state.then(link, ("foreground", *argv))
        link = Link("foreground", ("foreground", *argv), "exec", at(span), kind="wrapper", stays=True, fact=keeps,
                    why="foreground waits for it: more follows in the script")  # fmt: skip
        return follower.run(state.then(link, argv, execvp=True, cause=at(span)))
    if not found.argv:
        return [undecided(follower.container, state, f"{link.program} comes to its end", link, pid1="none")]
    cause = at(found.span) if found.span is not None else state.cause
    return follower.run(state.then(link, found.argv, execvp=True, cause=cause))


def _positions(source: Source) -> Callable[[tuple[int, int]], Span | None]:
    def position(span: tuple[int, int]) -> Span:
        start, end = (len(source.text[:index].encode("utf-8", "surrogateescape")) for index in span)
        return source.span(start, end)

    return position


def follow(text: str, arguments: Argv, environment: Environment, lasts: Callable[[Argv], bool | None]) -> Execline:
    """What the script becomes. `lasts`: whether a program is known to keep running."""
    parsed = parse(text)
    if isinstance(parsed, str):
        return Execline(why=parsed)
    tokens: Sequence[Token] = parsed
    values: dict[str, str] = {}
    result = Execline()
    for _ in range(_MAX_STEPS):
        if not tokens:
            return result
        head = tokens[0]
        if not isinstance(head, Word):
            return result._replace(why="a block stands where a program is expected")
        name = posixpath.basename(head.text)
        if name in _BRANCHES:
            return result._replace(why=f"{name} isn't followed")
        command = _COMMANDS.get(name)
        if command is None or (name == "cd" and len(tokens) < 3):
            step = _other(tokens, values, arguments)
            if isinstance(step, str):
                return result._replace(why=step)
            argv, rest, user = step
            if not rest:
                last = tokens[-1]
                end = last.span[1] if isinstance(last, Word) else head.span[1]
                return result._replace(argv=argv, span=(head.span[0], end))
            result = result._replace(user=user if user is not None else result.user)
            tokens = rest
            continue
        index = 1
        options: list[str] = []
        while index < len(tokens) and isinstance(token := tokens[index], Word) and _is_option(token):
            options.append(token.text)
            index += 1
            if token.text == "--":
                break
            if token.text[-1] in command.valued and index < len(tokens) and isinstance(value := tokens[index], Word):
                options.append(value.text)
                index += 1
        operands = tokens[index : index + command.operands]
        index += command.operands
        blocks = tokens[index : index + command.blocks]
        if any(not isinstance(word, Word) for word in operands) or any(isinstance(block, Word) for block in blocks):
            return result._replace(why=f"the arguments of {name} can't be read")
        taken = [word.text for word in operands if isinstance(word, Word)]
        inner = [block for block in blocks if not isinstance(block, Word)]
        if len(taken) < command.operands or len(inner) < command.blocks:
            return result._replace(why=f"the arguments of {name} can't be read")
        tokens = tokens[index + command.blocks :]
        if name in ("importas", "define"):
            _set(name, taken, options, values, environment)
        elif name == "multisubstitute":
            for word in inner[0]:
                if isinstance(word, Word) and word.plain and word.text.replace("_", "").isalnum():
                    values[word.text] = Opaque(f"${{{word.text}}}", many=True)
        elif name == "cd":
            result = result._replace(cwd=_substituted(taken[0], values))
        elif name in ("foreground", "if", "background", "pipeline"):
            below = _plain_command(inner[0], values, arguments)
            if name in ("background", "pipeline"):
                where = head.span
                result = result._replace(jobs=(*result.jobs, ((below or ("a block",)), where)))
            elif below and lasts(below):
                return result._replace(stays=(below, head.span))
    return result._replace(why="the script is too long")


def _is_option(word: Word) -> bool:
    return word.plain and word.text.startswith("-") and len(word.text) > 1


def _set(name: str, taken: list[str], options: list[str], values: dict[str, str], environment: Environment) -> None:
    """`importas VARIABLE NAME` from the environment, `define VARIABLE VALUE`."""
    variable, given = taken
    plain = not any(option.startswith("-") and set(option[1:]) & set("sCdn") for option in options)
    if name == "define":
        values[variable] = given if plain else Opaque(given, many=True)
        return
    default = next((options[at + 1] for at, option in enumerate(options[:-1]) if option.endswith("D")), None)
    value = environment.variables.get(given, default if environment.complete else None)
    known = value is not None and is_known(value) and plain
    values[variable] = value if known and value is not None else Opaque(f"${{{variable}}}", many=not plain)


def _other(
    tokens: Sequence[Token], values: dict[str, str], arguments: Argv
) -> tuple[Argv, Sequence[Token], str | None] | str:
    """Words up to the end, or up to a block: then a wrapper that gives its place up, and what stands behind it."""
    end = next((at for at, token in enumerate(tokens) if not isinstance(token, Word)), len(tokens))
    more = any(isinstance(token, Word) and token.text in _COMMANDS for token in tokens[1:])
    words = _words(tokens[:end], values, arguments)
    name = posixpath.basename(words[0])
    found = wrappers.unwrap(name, words)
    if found is not None and found.argv and not found.problem:
        at = found.at
        fact = wrapper_table.lookup(found.key)
        if fact is not None and fact.execs and 0 < at < len(tokens) and (end < len(tokens) or more):
            return words[:at], tokens[at:], found.user
    if end == len(tokens):
        return words, (), None
    return f"what {name} does with a block isn't known"


def _plain_command(block: Block, values: dict[str, str], arguments: Argv) -> Argv:
    """The program of a block that holds words alone; empty for others."""
    return _words(block, values, arguments) if block and all(isinstance(token, Word) for token in block) else ()


def _words(tokens: Sequence[Token], values: dict[str, str], arguments: Argv) -> Argv:
    found: list[str] = []
    for token in tokens:
        if isinstance(token, Word):
            if token.text in ("$@", "${@}"):
                found.extend(arguments)
            else:
                found.append(_substituted(token.text, values))
    return tuple(found)


def _substituted(text: str, values: dict[str, str]) -> str:
    """A word with the variables that were set so far; `${1}` and what else isn't followed make it unknown."""
    if "$" not in text:
        return text
    unknown = False
    out = text
    for name, value in sorted(values.items(), key=lambda item: -len(item[0])):
        for written in (f"${{{name}}}", f"${name}"):
            if written in out:
                unknown = unknown or not is_known(value)
                out = out.replace(written, value)
    rest = out.replace("${", "$").partition("$")[2]
    unknown = unknown or (bool(rest) and (rest[0] in "@#" or rest[0].isdigit()))
    return Opaque(text, many=True) if unknown else out


def parse(text: str) -> Block | str:
    """The script's words and blocks; a reason where it isn't one."""
    stack: list[list[Token]] = [[]]
    index, length = 0, len(text)
    while index < length:
        character = text[index]
        if character in " \t\r\n":
            index += 1
        elif character == "#":
            end = text.find("\n", index)
            index = length if end < 0 else end
        else:
            start, word, plain = index, "", True
            while index < length and text[index] not in " \t\r\n":
                character = text[index]
                if character == "\\" and index + 1 < length:
                    word += "" if text[index + 1] == "\n" else text[index + 1]
                    index += 2
                elif character == '"':
                    piece, index = _quoted(text, index + 1)
                    if index < 0:
                        return "a quote isn't closed"
                    word, plain = word + piece, False
                else:
                    word += character
                    index += 1
            if plain and word == "{":
                stack.append([])
            elif plain and word == "}":
                if len(stack) == 1:
                    return "a } has no {"
                block = tuple(stack.pop())
                stack[-1].append(block)
            else:
                stack[-1].append(Word(word, (start, index), plain))
    return tuple(stack[0]) if len(stack) == 1 else "a { has no }"


def _quoted(text: str, index: int) -> tuple[str, int]:
    """The inside of a quoted piece and where it ends; -1 where it doesn't."""
    out = ""
    while index < len(text):
        character = text[index]
        if character == '"':
            return out, index + 1
        if character == "\\" and index + 1 < len(text):
            following = text[index + 1]
            out += {"n": "\n", "t": "\t", "r": "\r", "\n": ""}.get(following, following)
            index += 2
            continue
        out += character
        index += 1
    return out, -1


__all__ = ["Execline", "Word", "follow", "parse", "run"]
