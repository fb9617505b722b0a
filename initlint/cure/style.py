"""How a Dockerfile is written, so that what is added looks as if its author had written it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from initlint.records import NamedTuple
from initlint.targets.dockerfile.syntax import Instruction, ParsedDockerfile

Chain = Literal["one line", "leading", "trailing"]


class Style(NamedTuple):
    """`comma` parts the words of a JSON array, `pad` stands inside its brackets. `chain`: where
    a RUN over several lines puts its `&&`; `chain_indent` and `chain_gap` stand around it."""

    newline: str
    lower: bool
    comma: str
    pad: str
    escape: str
    chain: Chain
    chain_indent: str
    chain_gap: str

    def keyword(self, keyword: str) -> str:
        return keyword.lower() if self.lower else keyword

    def array(self, words: Sequence[str]) -> str:
        inner = self.comma.join(quoted(word) for word in words)
        return f"[{self.pad}{inner}{self.pad}]"

    def run(self, commands: Sequence[str], indent: str = "") -> str:
        """A RUN of several commands, as the file writes its own."""
        keyword = f"{indent}{self.keyword('RUN')}"
        if self.chain == "leading":
            glue = f" {self.escape}{self.newline}{self.chain_indent}&&{self.chain_gap}"
        elif self.chain == "trailing":
            glue = f" && {self.escape}{self.newline}{self.chain_indent}"
        else:
            glue = " && "
        return f"{keyword} {glue.join(commands)}"


def quoted(word: str) -> str:
    """A word as a JSON string."""
    return json.dumps(word, ensure_ascii=False)


def style_of(parsed: ParsedDockerfile, near: Instruction | None = None) -> Style:
    """The file's style; an array of its own in `near` counts first."""
    arrays = [item for item in _with_sub(parsed.instructions) if item.json and len(item.json) > 1]
    if near is not None and near.json is not None and len(near.json) > 1:
        arrays.insert(0, near)
    comma, pad = _array_style(arrays[0]) if arrays else (", ", "")
    if near is not None and near.json:
        pad = _array_style(near)[1]
    keywords = [item.keyword_span.text for item in parsed.instructions]
    lower = sum(word.islower() for word in keywords) * 2 > len(keywords)
    chain, indent, gap = _chain(parsed.instructions)
    newline = "\r\n" if parsed.source.newline == b"\r\n" else "\n"
    return Style(newline, lower, comma, pad, parsed.escape, chain, indent, gap)


def _with_sub(instructions: Iterable[Instruction]) -> Iterable[Instruction]:
    for instruction in instructions:
        yield instruction
        if instruction.sub is not None:
            yield instruction.sub


def _array_style(instruction: Instruction) -> tuple[str, str]:
    text = instruction.value
    comma = ", " if re.search(r'"\s*,\s', text) else ","
    pad = " " if re.match(r"\[[ \t]", text) else ""
    return (", " if instruction.json is not None and len(instruction.json) < 2 else comma), pad


_LEADING = re.compile(r"[\\`][ \t]*\r?\n([ \t]*)&&([ \t]*)(?=[^ \t])")
_TRAILING = re.compile(r"&&[ \t]*[\\`][ \t]*\r?\n([ \t]*)(?=[^ \t#\r\n])")


def _chain(instructions: Iterable[Instruction]) -> tuple[Chain, str, str]:
    for instruction in instructions:
        if instruction.keyword != "RUN" or instruction.heredocs or instruction.lines[0] == instruction.lines[1]:
            continue
        text = instruction.span.text
        leading = _LEADING.search(text)
        if leading:
            return "leading", leading[1], leading[2]
        trailing = _TRAILING.search(text)
        if trailing:
            return "trailing", trailing[1], ""
    return "one line", "", ""
