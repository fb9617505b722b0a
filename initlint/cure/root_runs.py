"""A RUN as root, and back to the user that was in force."""

from __future__ import annotations

import re

from initlint.cure import places
from initlint.cure.style import Style, style_of
from initlint.subject import Subject
from initlint.targets.dockerfile.syntax import BuildStep, Instruction, Stage

_SHELLS = frozenset(("sh", "bash", "ash", "dash"))


def has_shell(home: Stage) -> bool:
    """Whether RUN's shell at the stage's end can take `&&`."""
    shells = {step.shell for step in home.steps} | {home.shell_after}
    return all(not shell or shell[0].rsplit("/", 1)[-1] in _SHELLS for shell in shells)


def run_as_root(style: Style, commands: tuple[str, ...], user: str | None, text: str | None, indent: str) -> str | None:
    """The RUN, and where another user is in force USER root before it and that user after it.

    `text` is how the stage writes that user; None where the user in force isn't known.
    """
    if user is None:
        return None
    run = style.run(commands, indent)
    if places.is_root(user):
        return run
    keyword = f"{indent}{style.keyword('USER')}"
    return style.newline.join((f"{keyword} root", run, f"{keyword} {text or user}"))


def as_root(subject: Subject, home: Stage, after: Instruction, commands: tuple[str, ...]) -> str | None:
    """A RUN as root for the place below `after`, back to the user in force there; None where unknown."""
    style = style_of(subject.dockerfile.parsed)
    index = places.step_of(home, after)
    if index is None:
        user, text = (home.steps[0].user if home.steps else home.user_after), None
    elif index + 1 < len(home.steps):
        user, text = home.steps[index + 1].user, user_text(home, home.steps[index + 1])
    else:
        user, text = home.user_after, user_text(home, None)
    if user_varies(subject, home, user, text):
        return None
    return run_as_root(style, commands, user, text, places.indent_of(after))


def user_varies(subject: Subject, home: Stage, user: str | None, text: str | None) -> bool:
    """Whether the USER in force comes from a variable of another stage, which can't be written again here."""
    if text is not None or user is None or places.is_root(user):
        return False
    for index in places.chain_of(subject, home.index)[1:]:
        stage = subject.dockerfile.stages[index]
        inherited = user_text(stage, None)
        if inherited is not None:
            return "$" in inherited
    return False


def user_text(home: Stage, before: BuildStep | None) -> str | None:
    """The USER in force at a step (None: at the end), as its instruction in this stage writes it."""
    text = None
    for step in home.steps:
        if before is not None and step.instruction.span.start == before.instruction.span.start:
            break
        if step.instruction.keyword == "USER":
            text = step.instruction.value.strip()
    return text


def is_single_run(instruction: Instruction | None) -> bool:
    """A RUN of one command: two of them in a row are what hadolint (DL3059) would have as one."""
    return (
        instruction is not None
        and instruction.keyword == "RUN"
        and not instruction.heredocs
        and not re.search(r"&&|\|\||;", instruction.value)
    )
