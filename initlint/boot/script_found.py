"""What is gathered over all files of a Node, Ruby, PHP or Perl program, whichever way they are read."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from initlint.boot.model import Argv, Evidence
from initlint.text import Source, Span


class Found:
    """Facts as they come in. `texts`: sources without comments, made where a
    library's pattern is looked for in them."""

    def __init__(self) -> None:
        self.evidence: list[Evidence] = []
        self.handled: dict[str, str] = {}
        self.ignored: dict[str, str] = {}
        self.dropped: set[str] = set()  # those of them that are left to the default action
        self.libraries: set[str] = set()
        self.required: list[tuple[str, str]] = []  # a path as it is written, and the file that it stands in
        self.unread: list[str] = []
        self.reaps = ""
        self.texts: list[Callable[[], str]] = []
        self.queued: list[tuple[str, str]] = []  # PHP's handlers run only where the program asks for them
        self.dispatches = False
        self.execs: Argv | None = None  # what the main file certainly becomes
        self.gem = ""  # the program of a gem that a binstub loads
        self.replaced = ""  # why it may become another program
        self.forks = False
        self.begins = False  # it starts children that run beside it
        self.cluster = False  # those run the same file
        self.on_stop: list[str] = []  # the text of what handles the stop signal

    def starts(self, source: Source, row: int, what: str = "starts a child process") -> None:
        """A child, of which nothing tells whether it leaves others behind; the first of a file is enough."""
        why = f"{source.name}:{row} {what}"
        prefix = f"{source.name}:"
        if not any(item.why.startswith(prefix) and item.children == "unknown" for item in self.evidence):
            self.evidence.append(Evidence("unknown", why, row_span(source, row)))

    def runs(self, source: Source, row: int, line: str) -> None:
        """A command line: evidence where it is seen to leave a process behind."""
        reason = orphans(line)
        if reason:
            self.evidence.append(Evidence("yes", f"{source.name}:{row} {reason}", row_span(source, row)))

    def becomes(self, source: Source, row: int, argv: Argv | None) -> None:
        """It replaces itself: by `argv` where nothing decides whether it does, None where that isn't known."""
        why = f"what {source.name}:{row} replaces it by"
        self.unread.append(why)
        if argv is not None and self.execs is None and not self.replaced:
            self.execs = argv
        self.replaced = self.replaced or f"{source.name}:{row} may put another program in its place"

    def handles(self, source: Source, row: int, signal: str, text: str = "") -> None:
        name = signal_name(signal)
        if name == "SIGTERM":
            self.on_stop.append(text)
        self.handled.setdefault(name, f"{source.name}:{row} handles {name}")

    def ignores(self, source: Source, row: int, signal: str, *, dropped: bool = False) -> None:
        """`dropped`: it puts the default action back and signals itself, which does nothing to PID 1 alone."""
        name = signal_name(signal)
        if dropped:
            self.dropped.add(name)
        self.ignored.setdefault(name, f"{source.name}:{row} ignores {name}")


def signal_name(name: str) -> str:
    return name if name.startswith("SIG") else f"SIG{name}"


def row_span(source: Source, row: int) -> Span:
    span = source.line_span(min(row, len(source.line_starts)))
    return Span(source, span.start, span.start + len(span.data.rstrip()))


def orphans(line: str) -> str:
    """Why a shell line leaves a process behind; empty where it isn't seen to."""
    if "&" in line:
        from initlint.boot.lines import backgrounds

        if backgrounds(line):
            return "runs a shell line that leaves a background job"
    from initlint.boot.commands import orphaned_by, simple_commands

    for words in simple_commands(line):
        reason = orphaned_by(words)
        if reason:
            return f"runs `{posixpath.basename(words[0])}`: {reason}"
    return ""
