"""A stage of its own for an init, directly before the stage that copies from it."""

from __future__ import annotations

import re

from initlint.cure import places
from initlint.cure.provided import NoWay
from initlint.cure.style import style_of
from initlint.subject import Subject
from initlint.targets.dockerfile.syntax import Instruction, Stage
from initlint.text import Edit

_NUMBER = re.compile(r"(?:^|,)from=(\d+)(?:,|$)")


def why_no_stage(subject: Subject, home: Stage) -> NoWay | None:
    """Why no stage can be put before this one, or none of the right platform."""
    number = numbered_reference(subject.dockerfile.parsed.instructions, home.index)
    if number is not None:
        return NoWay(f"--from={number} counts stages, and the init would need one more in front of it")
    if "BUILDPLATFORM" in (home.from_instruction.flag("platform") or ""):
        return NoWay("the final stage is of the build machine's platform, and an init of the target's is needed")
    return None


def platform_flag(home: Stage) -> str:
    """`--platform=… ` where the stage names one.

    What is built for is the default: hadolint (DL3065) wouldn't have it said.
    """
    platform = home.from_instruction.flag("platform") or ""
    return f"--platform={platform} " if platform and "TARGETPLATFORM" not in platform else ""


def from_line(subject: Subject, home: Stage, image: str, name: str) -> str:
    """FROM for a stage of the same platform, below a pragma that the platform needs."""
    parsed = subject.dockerfile.parsed
    style = style_of(parsed)
    flag = platform_flag(home)
    pragma = ""
    if flag and places.comments_above(parsed, home.from_instruction, "hadolint", "DL3029"):
        pragma = f"# hadolint ignore=DL3029{style.newline}"  # the platform is written out on purpose
    word_as = "as" if style.lower else "AS"
    return f"{pragma}{style.keyword('FROM')} {flag}{image} {word_as} {name}"


def stage_edit(subject: Subject, home: Stage, lines: list[str], comment: str | None) -> Edit:
    """The stage's lines above the stage that copies from it, a blank line between them."""
    parsed = subject.dockerfile.parsed
    newline = style_of(parsed).newline
    if comment is not None:
        lines = [comment, *lines]
    return places.put_above(parsed, home.from_instruction, newline.join((*lines, "")), newline, whole_block=True)


def numbered_reference(instructions: tuple[Instruction, ...], index: int) -> int | None:
    """A stage number at or above `index` that some `--from` names."""
    for outer in instructions:
        for instruction in (outer, outer.sub):
            if instruction is None:
                continue
            for flag in instruction.flags:
                value = f"from={flag.value}" if flag.name == "from" else flag.value
                for match in _NUMBER.finditer(value):
                    if int(match[1]) >= index:
                        return int(match[1])
    return None


def free_name(subject: Subject, home: Stage) -> str:
    """A name for the init's stage that nothing in the file means; another one for every stage that gets one."""
    text = subject.dockerfile.parsed.source.text.lower()
    taken = {stage.name for stage in subject.dockerfile.stages}
    taken |= {stage.reference_text.lower() for stage in subject.dockerfile.stages}
    last = home.index == len(subject.dockerfile.stages) - 1
    own = "init" if last else f"init-{home.name or home.index}"
    for name in (own, "tini", "init-stage", *(f"{own}-{number}" for number in range(2, 1000))):
        if name not in taken and not re.search(rf"from={re.escape(name)}\b", text):
            return name
    raise AssertionError("a thousand stages named init")
