"""Node, Ruby, PHP and Perl programs that are seen to keep running: what stands at their outermost level lasts, and
nothing in the file leaves it.

Comments and texts are taken out and brackets are counted; a word by which the program might end, wherever it stands,
leaves it unknown.
"""

from __future__ import annotations

import re
from functools import lru_cache

from initlint.boot.script_languages import LANGUAGES
from initlint.text import decode

_MAX_BYTES = 200_000
_LEAVING = {
    "node": re.compile(r"\b(?:exit|close|clearInterval|unref|abort|throw|disconnect|reallyExit)\b|\bprocess\.kill\b"),
    "ruby": re.compile(r"\b(?:exit!?|abort|break|return|raise|throw|fail|exec|fork|daemon|gets|readline)\b"),
    "php": re.compile(r"\b(?:exit|die|break|return|throw|goto|pcntl_\w+|readline|fgets|__halt_compiler)\b"),
    "perl": re.compile(r"\b(?:exit|die|last|return|exec|fork|goto|croak|confess|readline|daemonize)\b|<STDIN>|<>"),
}
_LOOP = {
    "ruby": re.compile(r"^(?:loop\s*(?:do\b|\{)|while\s+(?:true|1)\b|until\s+false\b)", re.MULTILINE),
    "php": re.compile(r"(?:while\s*\(\s*(?:true|1)\s*\)|for\s*\(\s*;\s*;\s*\))\s*[:{]?", re.IGNORECASE),
    "perl": re.compile(r"(?:while\s*\(\s*1\s*\)|for\s*\(\s*;\s*;\s*\))\s*\{"),
}
_WAITING = re.compile(r"\b(?:u?sleep|accept|select|recv|poll|time_nanosleep|socket_accept|stream_select)\b")
# Ruby and Perl: a wait without an end, alone on its line.
_FOR_EVER = {
    "ruby": re.compile(r"^sleep\s*(?:\(\s*\)\s*)?;?\s*$", re.MULTILINE),
    "perl": re.compile(r"^(?:sleep|pause)\s*(?:\(\s*\)\s*)?;\s*$", re.MULTILINE),
}
_NODE_SERVER = re.compile(r"\.\s*listen\s*\(|\bsetInterval\s*\(")
_NODE_LIBRARY = re.compile(r"""['"](?:node:)?(?:https?|net|http2|express|koa|fastify|restify|polka)['"]""")


def lasts(data: bytes, language: str) -> bool:
    """Whether a program is seen to keep running until it is stopped."""
    rules = LANGUAGES.get(language)
    if rules is None or len(data) > _MAX_BYTES:
        return False
    return _lasts(data, "node" if language in ("bun", "deno") else language)


@lru_cache(maxsize=64)
def _lasts(data: bytes, language: str) -> bool:
    whole = LANGUAGES[language].comments.sub(lambda match: match["keep"] or " ", decode(data))
    text = LANGUAGES[language].comments.sub("''", whole)
    if _LEAVING[language].search(text):
        return False
    if language == "node":
        known = _NODE_LIBRARY.search(whole) is not None
        return any(
            _at_top(text, match.start()) and (known or "setInterval" in match[0])
            for match in _NODE_SERVER.finditer(text)
        )
    for match in _LOOP[language].finditer(text):
        if _at_top(text, match.start()) and _WAITING.search(text, match.end()):
            return True
    endless = _FOR_EVER.get(language)
    return endless is not None and any(_at_top(text, match.start()) for match in endless.finditer(text))


def _at_top(text: str, at: int) -> bool:
    """Whether a place stands in no bracket, and on a line that isn't indented."""
    before = text[:at]
    line = before.rpartition("\n")[2]
    opened = before.count("{") + before.count("(") + before.count("[")
    closed = before.count("}") + before.count(")") + before.count("]")
    return opened == closed and line[:1] not in (" ", "\t") and "=>" not in line and "function" not in line
