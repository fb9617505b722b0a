"""What BuildKit refuses once it looks at an instruction's meaning."""

from __future__ import annotations

import re
from typing import NoReturn

from initlint.targets.dockerfile.expansion import ExpansionError
from initlint.targets.dockerfile.reader import KEYWORDS
from initlint.targets.dockerfile.syntax import Instruction, ParsedDockerfile
from initlint.targets.dockerfile.words import arguments, assignments
from initlint.text import Source, UnparsableInput

_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*\Z")
# newer frontends may know more flags for the others
_WITHOUT_FLAGS = frozenset(
    ("CMD", "ENTRYPOINT", "ENV", "EXPOSE", "LABEL", "MAINTAINER", "ONBUILD", "SHELL", "USER", "VOLUME", "WORKDIR")
)
_ONE_ARGUMENT = frozenset(("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"))
_NOT_EMPTY = frozenset(("ARG", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "ONBUILD", "SHELL", "VOLUME"))
_NEVER_TRIGGERED = frozenset(("FROM", "MAINTAINER"))


def validate(parsed: ParsedDockerfile) -> None:
    """Raises UnparsableInput for the first instruction that BuildKit would refuse."""
    source, escape = parsed.source, parsed.escape
    in_stage = False
    for instruction in parsed.instructions:
        keyword = instruction.keyword
        if keyword not in KEYWORDS:
            _fail(source, instruction, f"unknown instruction: {keyword or 'an empty one'}")
        _check(source, instruction, escape)
        if keyword == "FROM":
            in_stage = True
        elif not in_stage and keyword != "ARG":
            _fail(source, instruction, f"{keyword} before the first FROM: there is no build stage yet")
    if not in_stage:
        raise UnparsableInput("no FROM: a Dockerfile needs at least one build stage", filename=source.name)


def _check(source: Source, instruction: Instruction, escape: str) -> None:
    keyword = instruction.keyword
    if not instruction.value and instruction.json is None:
        if keyword in _ONE_ARGUMENT:
            _fail(source, instruction, f"{keyword} requires exactly one argument")
        if keyword in _NOT_EMPTY:
            _fail(source, instruction, f"{keyword} requires at least one argument")
    if instruction.flags and keyword in _WITHOUT_FLAGS:
        _fail(source, instruction, f"unknown flag: --{instruction.flags[0].name}")
    check = _CHECKS.get(keyword)
    if check is not None:
        check(source, instruction, escape)


def _check_assignments(source: Source, instruction: Instruction, escape: str) -> None:
    for assignment in assignments(instruction.keyword, instruction.value, escape):
        if not assignment.name:
            _fail(source, instruction, f"{instruction.keyword} names can not be blank")


def _check_copy(source: Source, instruction: Instruction, _: str) -> None:
    words = arguments(instruction)
    if len(words) < 2:
        _fail(source, instruction, f"{instruction.keyword} requires at least two arguments")
    if "<<" in words[-1].text:
        from initlint.targets.dockerfile.heredoc import heredoc_of

        try:
            destination = heredoc_of(words[-1].text)
        except ExpansionError:
            return
        if destination is not None:
            _fail(source, instruction, f"{instruction.keyword} cannot accept a heredoc as a destination")


def _check_from(source: Source, instruction: Instruction, _: str) -> None:
    words = arguments(instruction)
    if len(words) == 3 and words[1].text.lower() == "as":
        if _STAGE_NAME.match(words[2].text.lower()) is None:
            _fail(source, instruction, f"invalid name for a build stage: {words[2].text!r}")
    elif len(words) != 1:
        _fail(source, instruction, "FROM requires either one or three arguments")


def _check_health(source: Source, instruction: Instruction, _: str) -> None:
    sub = instruction.sub
    if sub is None:
        return
    if sub.keyword == "":
        if sub.value:
            _fail(source, instruction, "HEALTHCHECK NONE takes no arguments")
    elif sub.keyword != "CMD":
        _fail(source, instruction, f"unknown type {sub.keyword!r} in HEALTHCHECK (try CMD)")
    elif not sub.json and not (sub.value and sub.json is None):
        _fail(source, instruction, "missing command after HEALTHCHECK CMD")


def _check_onbuild(source: Source, instruction: Instruction, escape: str) -> None:
    sub = instruction.sub
    if sub is None:
        return
    if sub.keyword == "ONBUILD":
        _fail(source, instruction, "chaining ONBUILD via ONBUILD ONBUILD isn't allowed")
    if sub.keyword in _NEVER_TRIGGERED:
        _fail(source, instruction, f"{sub.keyword} isn't allowed as an ONBUILD trigger")


def _check_shell(source: Source, instruction: Instruction, _: str) -> None:
    if instruction.json is None:
        _fail(source, instruction, "SHELL requires the arguments to be in JSON form")
    if not instruction.json:
        _fail(source, instruction, "SHELL requires at least one argument")


def _check_volume(source: Source, instruction: Instruction, _: str) -> None:
    words = arguments(instruction)
    if not words:
        _fail(source, instruction, "VOLUME requires at least one argument")
    if any(not word.text.strip() for word in words):
        _fail(source, instruction, "VOLUME specified can not be an empty string")


_CHECKS = {
    "ADD": _check_copy,
    "ARG": _check_assignments,
    "COPY": _check_copy,
    "ENV": _check_assignments,
    "FROM": _check_from,
    "HEALTHCHECK": _check_health,
    "LABEL": _check_assignments,
    "ONBUILD": _check_onbuild,
    "SHELL": _check_shell,
    "VOLUME": _check_volume,
}


def _fail(source: Source, instruction: Instruction, message: str) -> NoReturn:
    raise UnparsableInput(message, filename=source.name, span=instruction.span)
