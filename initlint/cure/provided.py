"""What a way of getting an init into an image comes to: the init at its path, or why that way is barred."""

from __future__ import annotations

from typing import Literal

from initlint.records import NamedTuple
from initlint.text import Edit

# Where it is said why the next way was taken: in a comment of the Dockerfile too, in the fix's message alone,
# or nowhere, since nobody expects that way there (a package in scratch).
Told = Literal["diff", "message", ""]


class Provided(NamedTuple):
    """An init at `path`. `edits` bring it there; `before_start` are lines that belong directly above ENTRYPOINT;
    `how` ends the sentence "tini …". `in_front`: what stands before the program, where that is more than the path
    and `--`. `notes` say what else whoever builds or runs the image should know."""

    name: str
    path: str
    how: str
    edits: tuple[Edit, ...] = ()
    before_start: str = ""
    unsafe: tuple[str, ...] = ()
    in_front: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The words in front of the program, `--` included."""
        return self.in_front or (self.path, "--")


class NoWay(NamedTuple):
    """Why an init can't come this way (one short clause)."""

    why: str
    told: Told = "message"


def since(barred: tuple[NoWay, ...]) -> str:
    """The end of a sentence that says why this way was taken and not an earlier one."""
    reasons = [item.why for item in barred if item.told]
    return f", since {' and '.join(reasons)}" if reasons else ""


def comment(barred: tuple[NoWay, ...]) -> str | None:
    """The same as a comment for the Dockerfile; None where there is nothing to wonder at."""
    for item in barred:
        if item.told == "diff":
            return f"# {item.why[:1].upper()}{item.why[1:]}"
    return None
