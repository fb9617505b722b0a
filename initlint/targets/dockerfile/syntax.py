"""What a Dockerfile is made of: directives, instructions, stages; each with its exact span."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from initlint.facts import BaseMatch
from initlint.records import NamedTuple
from initlint.text import Position, Source, Span, encode

if TYPE_CHECKING:
    from initlint.targets.dockerfile.scanner import Folded


class Directive(NamedTuple):
    """A parser directive at the top of the file: `# escape=`, `# syntax=`, `# check=`."""

    name: str
    value: str
    span: Span


class Flag(NamedTuple):
    """`--name=value` in front of an instruction's arguments. `value` is "" for a bare flag."""

    name: str
    value: str
    span: Span


class Heredoc(NamedTuple):
    """One heredoc of a RUN, COPY or ADD.

    `content` is the body as BuildKit hands it on (tabs stripped for `<<-`), `body` its lines
    in the file without the terminator. `expand` is False where the name is quoted.
    """

    name: str
    content: str
    body: Span
    expand: bool
    strip_tabs: bool
    file_descriptor: int


class Segment(NamedTuple):
    """A run of an instruction's folded text that stands unbroken in the file."""

    index: int  # type: ignore[assignment]  # where it starts in `Instruction.value`
    offset: int  # the byte where it starts in the file
    length: int  # in characters of `value`


class Instruction(NamedTuple):
    """One instruction of a Dockerfile.

    `keyword` is upper-case. `span` goes from the keyword's first byte to the last byte of the
    instruction (its newline excluded, its heredocs included). `value` is what follows the
    keyword and the flags: continuations, and the comments and blank lines inside them, folded
    as BuildKit does. `value_span` covers the same in the file (empty where there is none).
    `json` is the array where the instruction takes one and the text is one, else None;
    `json_problem` says why a text that starts with `[` is not one.
    `sub` is ONBUILD's or HEALTHCHECK's inner instruction (keyword "" for none: HEALTHCHECK NONE).
    `lines` are BuildKit's 1-based first and last line.
    """

    keyword: str
    span: Span
    lines: tuple[int, int]
    flags: tuple[Flag, ...]
    value: str
    folded: Folded  # the text that keyword and value are parts of
    word: tuple[int, int]  # where the keyword stands in there
    at: int  # where the value starts
    json: tuple[str, ...] | None
    json_problem: str
    heredocs: tuple[Heredoc, ...]
    sub: Instruction | None
    comment_rows: tuple[int, ...]

    # All places but its own are worked out when they're asked for: fixes need them, and few checks do.

    @property
    def keyword_span(self) -> Span:
        start, end = self.word
        return self._between(start, end)

    @property
    def value_span(self) -> Span:
        """What `value` stands for in the file; empty where there is none."""
        return self._between(self.at, self.at + len(self.value))

    def _between(self, start: int, end: int) -> Span:
        folded = self.folded
        first = folded.byte_at(start) if start < end else folded.byte_after(start)
        return Span(self.span.source, first, folded.byte_after(end) if start < end else first)

    @property
    def comments(self) -> tuple[Span, ...]:
        """The comment lines inside its continuations."""
        return tuple(_comment(self.span.source, row) for row in self.comment_rows)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The runs of `value` that stand unbroken in the file."""
        return self.folded.segments(self.at, self.at + len(self.value))

    def flag(self, name: str) -> str | None:
        """The value of the last flag of that name, None when it isn't given."""
        found = None
        for flag in self.flags:
            if flag.name == name:
                found = flag.value
        return found

    def span_of(self, start: int, end: int) -> Span:
        """The bytes in the file behind `value[start:end]`, what is folded between them included."""
        first = self.offset_of(start)
        if end <= start:
            return Span(self.span.source, first, first)
        last = self.offset_of(end - 1)
        return Span(self.span.source, first, last + len(encode(self.value[end - 1])))

    def offset_of(self, index: int) -> int:
        """The byte in the file at which character `index` of `value` stands.

        An index at the end of `value` gives the byte after its last character.
        """
        for segment in reversed(self.segments):
            if index >= segment.index:
                start = segment.offset
                within = self.value[segment.index : min(index, segment.index + segment.length)]
                return start + len(encode(within))
        return self.value_span.start


class Env(dict[str, str | None]):
    """Variables as a build step sees them; a value of None is set, but not known.

    `complete` is False where the base image may set names that aren't in here. `open` names
    the ARGs that are declared without a value and that nobody gave one.
    """

    __slots__ = ("complete", "open")

    def __init__(
        self,
        values: Mapping[str, str | None] | None = None,
        *,
        complete: bool = True,
        open: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(values or {})
        self.complete = complete
        self.open = open

    def copy(self) -> Env:
        return Env(self, complete=self.complete, open=self.open)


class BuildStep(NamedTuple):
    """An instruction of a stage with the state that is in force when it runs.

    `env` holds ENV and ARG values (None: set, value unknown), the later one over the earlier.
    `workdir` is absolute, None where unknown. `user` is None where the base's user is unknown,
    "" for the default (root). `shell` is the SHELL in force. `triggered` is True for what an
    ONBUILD of the parent stage brings in.
    """

    instruction: Instruction
    env: Env
    workdir: str | None
    user: str | None
    shell: tuple[str, ...]
    triggered: bool = False


class Stage(NamedTuple):
    """A build stage. `parent` is the index of the earlier stage that FROM names, else None.

    `reference` is FROM's image after expansion, None where it can't be resolved; `name` is
    lower-cased, None for an unnamed stage. `platform` is --platform's value after expansion.
    `steps` leaves FROM out. `env_after` and the like are the state at the stage's end;
    `config_env` is what of it goes into the image: ENV without ARG, the base's included.
    `why` says why `reference` is None. `base_match` is what the facts know of the image, None
    for one that they don't know and for a stage that is built on another.
    """

    index: int  # type: ignore[assignment]
    name: str | None
    reference: str | None
    reference_text: str
    parent: int | None
    platform: str | None
    from_instruction: Instruction
    steps: tuple[BuildStep, ...]
    env_after: Env
    config_env: Env
    workdir_after: str | None
    user_after: str | None
    shell_after: tuple[str, ...]
    why: str = ""
    base_match: BaseMatch | None = None


class ParsedDockerfile(NamedTuple):
    """A whole file. `instructions` are in file order, those before the first FROM included.

    `comment_rows` are the 0-based rows of the comment lines outside instructions. `syntax` is the `# syntax=` value.
    """

    source: Source
    directives: tuple[Directive, ...]
    escape: str
    syntax: str | None
    instructions: tuple[Instruction, ...]
    comment_rows: tuple[int, ...]

    @property
    def comments(self) -> tuple[Span, ...]:
        """The comment lines outside instructions."""
        return tuple(_comment(self.source, row) for row in self.comment_rows)


def _comment(source: Source, row: int) -> Span:
    """The comment on a 0-based row, without the blanks around it."""
    from initlint.targets.dockerfile.scanner import SPACE

    text = source.line(row + 1)
    inner = text.lstrip(SPACE)
    start = source.offset_of(Position(row + 1, len(text) - len(inner) + 1))
    return Span(source, start, start + len(encode(inner.rstrip(SPACE))))
