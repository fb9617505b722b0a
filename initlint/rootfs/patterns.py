"""Path patterns: Go's filepath.Match, Docker's .dockerignore, git's .gitignore.

The three look alike and differ in what `*`, `**`, `/` and `!` mean; each is kept to its own
rules. A pattern becomes a compiled regular expression once and is cached.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

_SPECIAL = frozenset(".+()|{}$^")


def has_wildcard(pattern: str) -> bool:
    """Whether Go's filepath.Match would see more than plain characters."""
    return "*" in pattern or "?" in pattern or "[" in pattern or "\\" in pattern


@lru_cache(maxsize=512)
def go_match(pattern: str) -> re.Pattern[str] | None:
    """filepath.Match as an expression for fullmatch; None for a pattern that Go rejects."""
    out: list[str] = []
    at, end = 0, len(pattern)
    while at < end:
        char = pattern[at]
        at += 1
        if char == "*":
            out.append("[^/]*")
        elif char == "?":
            out.append("[^/]")
        elif char == "\\":
            if at == end:
                return None
            out.append(re.escape(pattern[at]))
            at += 1
        elif char == "[":
            parsed = _char_class(pattern, at)
            if parsed is None:
                return None
            expression, at = parsed
            out.append(expression)
        else:
            out.append(re.escape(char))
    try:
        return re.compile("".join(out), re.DOTALL)
    except re.error:
        return None


def _char_class(pattern: str, at: int) -> tuple[str, int] | None:
    """`[…]` as Go reads it, from behind the bracket: the expression and where it ends."""
    end = len(pattern)
    negated = pattern.startswith("^", at)
    at += negated
    parts: list[str] = []
    while True:
        if at < end and pattern[at] == "]" and parts:
            break
        bounds: list[str] = []
        for _ in range(2):
            if at >= end or pattern[at] in "-]":
                return None
            if pattern[at] == "\\":
                at += 1
                if at >= end:
                    return None
            bounds.append(pattern[at])
            at += 1
            if not pattern.startswith("-", at):
                break
            if len(bounds) == 1:
                at += 1
        low, high = bounds[0], bounds[-1]
        if low <= high:  # Go takes a reversed range for one that holds nothing
            parts.append(f"{re.escape(low)}-{re.escape(high)}")
        else:
            parts.append("")
    inner = "".join(parts)
    if not inner:
        return ("[^/]" if negated else "(?!)"), at + 1
    # the class never matches a slash, negated or not
    return (f"(?!/)[{'^' if negated else ''}{inner}]"), at + 1


# the text, whether it is an exception (`!`), and what tries a path
_Pattern = tuple[str, bool, Callable[[str], object]]


class PatternMatcher:
    """moby/patternmatcher: what .dockerignore and `COPY --exclude` use. The last match wins;
    a path is matched as well when one of its parents is."""

    __slots__ = ("_patterns",)

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns: list[_Pattern] = []
        for text in patterns:
            text = text.strip()
            if not text:
                continue
            exception = text.startswith("!")
            if exception:
                text = text[1:]
                if not text:
                    continue
            text = clean(text)
            matches = _docker_match(text)
            if matches is not None:
                self._patterns.append((text, exception, matches))

    def __bool__(self) -> bool:
        return bool(self._patterns)

    @property
    def has_exceptions(self) -> bool:
        return any(exception for _, exception, _ in self._patterns)

    def matching(self, path: str) -> str | None:
        """The pattern that leaves `path` (relative, clean) out, None where it stays."""
        found: str | None = None
        tried: list[str] | None = None
        for text, exception, matches in self._patterns:
            if exception != (found is not None):
                continue
            if tried is None:
                parts = path.split("/")
                tried = [path, *("/".join(parts[: count + 1]) for count in range(len(parts) - 1))]
            if any(matches(candidate) for candidate in tried):
                found = None if exception else text
        return found


def read_dockerignore(text: str) -> list[str]:
    """The patterns of a .dockerignore file: comments dropped, blanks cut, paths cleaned."""
    patterns: list[str] = []
    for line in text.removeprefix("\ufeff").split("\n"):
        if line.startswith("#"):
            continue
        pattern = line.strip()
        exception = pattern.startswith("!")
        if exception:
            pattern = pattern[1:].strip()
        if pattern:
            pattern = clean(pattern)
            if len(pattern) > 1 and pattern.startswith("/"):
                pattern = pattern[1:]
            patterns.append("!" + pattern if exception else pattern)
    return patterns


def clean(path: str) -> str:
    """Go's filepath.Clean."""
    return "/" + posixpath.normpath(path).lstrip("/") if path.startswith("/") else posixpath.normpath(path)


@lru_cache(maxsize=1024)
def _docker_match(pattern: str) -> Callable[[str], object] | None:
    """One pattern as patternmatcher compiles it: exact, prefix, suffix or an expression."""
    if go_match(pattern) is None:  # "syntax error in pattern": the engine refuses the file
        return None
    out: list[str] = []
    kind = "exact"
    at, end = 0, len(pattern)
    first = True
    while at < end:
        char = pattern[at]
        at += 1
        if char == "*":
            if pattern.startswith("*", at):
                at += 1
                if pattern.startswith("/", at):
                    at += 1
                if at == end:
                    if kind == "exact":
                        kind = "prefix"
                    else:
                        out.append(".*")
                        kind = "regexp"
                else:
                    out.append("(.*/)?")
                    kind = "regexp"
                if first:
                    kind = "suffix"
            else:
                out.append("[^/]*")
                kind = "regexp"
        elif char == "?":
            out.append("[^/]")
            kind = "regexp"
        elif char == "\\":
            if at < end:
                out.append(re.escape(pattern[at]))
                at += 1
                kind = "regexp"
            else:
                out.append("\\\\")
        elif char == "[":
            close = pattern.find("]", at + 1)
            out.append("[" + pattern[at:close].replace("[", "\\[") + "]" if close > 0 else "\\[")
            at = close + 1 if close > 0 else at
            kind = "regexp"
        else:
            out.append("\\" + char if char in _SPECIAL or char == "]" else char)
        first = False
    if kind == "exact":
        return pattern.__eq__
    if kind == "prefix":
        prefix = pattern[:-2]
        return lambda path: path.startswith(prefix)
    if kind == "suffix":
        suffix = pattern[2:]
        bare = suffix.removeprefix("/")
        return lambda path: path.endswith(suffix) or (bare != suffix and path == bare)
    try:
        return re.compile("".join(out), re.DOTALL).fullmatch
    except re.error:
        return None


# How a pattern is tried: most are a plain name or `*.ending`, and need no regular expression.
_NAME, _ENDING, _PATH, _EXPRESSION = range(4)

# whether it is an exception (`!`), whether it is for folders only, how it is tried, the text for that
_GitPattern = tuple[bool, bool, int, str]


class GitIgnore:
    """The patterns of one .gitignore file, for paths relative to its folder."""

    __slots__ = ("_endings", "_expressions", "_names", "_paths", "_patterns")

    def __init__(self, text: str) -> None:
        self._patterns = [pattern for line in text.splitlines() if (pattern := _git_pattern(line)) is not None]
        self._patterns.reverse()  # the last one that matches decides
        # Most paths match none of them, and that is told at once.
        texts: list[list[str]] = [[], [], [], []]
        for _, _, way, tried in self._patterns:
            texts[way].append(tried)
        self._names, self._paths = frozenset(texts[_NAME]), frozenset(texts[_PATH])
        self._endings = tuple(texts[_ENDING])
        self._expressions = texts[_EXPRESSION]

    def decides(self, path: str, *, folder: bool) -> bool | None:
        """True: ignored, False: taken back by `!`, None: it says nothing of that path."""
        name = path.rpartition("/")[2]
        if (
            name not in self._names
            and not name.endswith(self._endings)
            and path not in self._paths
            and not any(_expression(text)(path) for text in self._expressions)
        ):
            return None
        for exception, folders_only, way, text in self._patterns:
            if folders_only and not folder:
                continue
            if (
                name == text
                if way == _NAME
                else name.endswith(text)
                if way == _ENDING
                else path == text
                if way == _PATH
                else _expression(text)(path)
            ):
                return not exception
        return None


@lru_cache(maxsize=256)
def gitignore(text: str) -> GitIgnore:
    """The patterns of a .gitignore; the same file is asked for every Dockerfile of a repository."""
    return GitIgnore(text)


@lru_cache(maxsize=1024)
def _git_pattern(line: str) -> _GitPattern | None:
    text = line.rstrip("\r\n")
    if text.startswith("#"):
        return None
    while text.endswith(" ") and not text.endswith("\\ "):
        text = text[:-1]
    exception = text.startswith("!")
    text = text[1:] if exception else text
    folders_only = text.endswith("/")
    text = text.rstrip("/") if folders_only else text
    if not text:
        return None
    anchored = "/" in text
    text = text.removeprefix("/")
    if not has_wildcard(text):
        return exception, folders_only, _PATH if anchored else _NAME, text
    if not anchored and text.startswith("*") and not has_wildcard(text[1:]):
        return exception, folders_only, _ENDING, text[1:]
    out: list[str] = [] if anchored else ["(?:.*/)?"]
    parts = text.split("/")
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part == "**":
            out.append(".+" if last else "(?:.*/)?")
            continue
        expression = go_match(part.replace("[!", "[^"))
        if expression is None:
            return None
        out.append(expression.pattern)
        if not last:
            out.append("/")
    return exception, folders_only, _EXPRESSION, "".join(out)


@lru_cache(maxsize=1024)
def _expression(text: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(text, re.DOTALL).fullmatch
