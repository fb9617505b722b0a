"""Which heredocs a RUN, COPY or ADD line asks for."""

from __future__ import annotations

import re

from initlint.records import NamedTuple
from initlint.targets.dockerfile.expansion import ExpansionError, split

# from BuildKit's master: blanks may stand between << and the name
_HEREDOC = re.compile(r"([0-9]*)<<(-?)[\t\n\f\r ]*([^<]*)\Z")
_LEADING_TABS = re.compile(r"^\t+", re.MULTILINE)


class Wanted(NamedTuple):
    """A heredoc that a line announces, before its body is read."""

    name: str
    expand: bool
    strip_tabs: bool
    file_descriptor: int


def heredocs_of(line: str) -> list[Wanted]:
    """The heredocs of a folded instruction, in order. Raises ExpansionError for a broken name."""
    try:
        words = split(line, raw_quotes=True, raw_escapes=True)
    except ExpansionError:
        # what the lexer can't read has no heredocs
        return []
    return [found for word in words if "<<" in word and (found := heredoc_of(word)) is not None]


def heredoc_of(word: str) -> Wanted | None:
    """The heredoc that a single word announces, None when it is none. Raises ExpansionError."""
    match = _HEREDOC.match(word)
    if match is None or not match[3]:
        return None
    words = split(match[3], raw_quotes=False, raw_escapes=False)
    if len(words) != 1:
        return None
    quoted = split(match[3], raw_quotes=True, raw_escapes=False)
    # fewer quotes than in the file: part of the name is quoted, so the body isn't expanded
    expand = _quotes(words[0]) == _quotes(quoted[0])
    return Wanted(words[0], expand, match[2] == "-", int(match[1] or 0))


def strip_tabs(content: str) -> str:
    """A heredoc's content without the tabs at the start of its lines, as `<<-` asks for."""
    return _LEADING_TABS.sub("", content)


def _quotes(text: str) -> int:
    return text.count("'") + text.count('"')
