"""Colours for a terminal, and text that is safe to show on one."""

from __future__ import annotations

import os
from typing import IO, Any

from initlint.rule import Severity

_CODES = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "blue": "34", "cyan": "36", "green": "32"}
_SEVERITY: dict[Severity, str] = {"error": "red", "warning": "yellow", "info": "blue"}


class Style:
    """Wraps text in escape sequences, or leaves it as it is."""

    def __init__(self, color: bool = False) -> None:
        self.color = color

    def __call__(self, text: str, *looks: str) -> str:
        if not self.color or not text or not looks:
            return text
        return f"\x1b[{';'.join(_CODES[look] for look in looks)}m{text}\x1b[0m"

    def severity(self, severity: Severity, text: str | None = None) -> str:
        return self(text or severity, "bold", _SEVERITY[severity])


def wants_color(stream: IO[Any] | None) -> bool:
    """NO_COLOR and FORCE_COLOR first, then whether it is a terminal."""
    if stream is None or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def printable(text: str) -> str:
    """Text from a file without what would steer a terminal or can't be encoded."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in "\t\n" else _escaped(char) for char in text)


def shown_name(name: str) -> str:
    """A file name on one line, whatever is in it."""
    return printable(name).replace("\n", "\\x0a").replace("\t", "\\x09")


def _escaped(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that isn't UTF-8
        return "\N{REPLACEMENT CHARACTER}"
    if char == "\N{NO-BREAK SPACE}":
        return char
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
