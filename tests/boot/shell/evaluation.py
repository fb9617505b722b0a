"""Evaluate a script in a line, and say in a line how it ended."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.boot.model import Argv, Environment, ShellEnd, ShellProgram
from initlint.boot.shell import run_script, run_string
from initlint.rootfs import Absent, Listing, Node, Origin, Present, Unknown
from initlint.text import Source, Span

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SHELLS = {
    "dash": ShellProgram("dash-debian", None, "sh"),
    "bash": ShellProgram("bash", (5, 2, 15), "bash"),
    "ash": ShellProgram("busybox-ash", (1, 36, 1), "sh"),
    "yash": ShellProgram("yash", (2, 52), "yash"),
    "unknown": ShellProgram("unknown", None, "sh"),
}
SERVERS = frozenset({"server", "nginx", "postgres", "redis-server", "mysqld", "supervisord"})
TOOLS = frozenset({"mkdir", "chown", "find", "sed", "curl", "envsubst", "migrate", "cat", "chmod", "cp", "rm", "tee"})


def keeps_running(argv: Argv) -> bool | None:
    name = argv[0].rpartition("/")[2]
    return True if name in SERVERS else False if name in TOOLS else None


class Files:
    """A root filesystem of a few files; nothing else is there, unless it lies below /unknown."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = {path: Source(path, text.encode()) for path, text in files.items()}

    def stat(self, path: str) -> Node:
        if path in self.files:
            return Present(path, "file", 0o755, Origin("context", "COPY"))
        if any(other.startswith(path.rstrip("/") + "/") for other in self.files):
            return Present(path, "directory", 0o755, Origin("context", "COPY"))
        if path.startswith("/unknown"):
            return Unknown(path, "nobody knows")
        return Absent(path, "nothing puts it there")

    def read(self, path: str) -> Source | Unknown | Absent:
        return self.files.get(path) or Absent(path, "nothing puts it there")

    def list(self, path: str) -> Listing:
        return Listing((), False)


def environment(
    variables: Mapping[str, str | None] | None = None, *, user: str | None = "", complete: bool = True
) -> Environment:
    return Environment({"PATH": PATH, **(variables or {})}, complete, "/app", user)


def run(
    text: str,
    *arguments: str,
    shell: str = "bash",
    env: Environment | None = None,
    files: Mapping[str, str] | None = None,
    source: Source | None = None,
    options: Argv = (),
) -> tuple[ShellEnd, ...]:
    ends = run_script(
        source or Source("entrypoint.sh", text.encode()),
        shell=SHELLS[shell],
        arg0="/usr/local/bin/entrypoint.sh",
        arguments=arguments,
        environment=env or environment(),
        rootfs=None if files is None else Files(files),
        keeps_running=keeps_running,
        is_pid1=True,
        options=options,
    )
    assert [end.likely for end in ends] == [True] + [False] * (len(ends) - 1)
    assert len(ends) <= 64
    return ends


def run_c(text: str, *arguments: str, shell: str = "bash", source: Source | None = None) -> tuple[ShellEnd, ...]:
    def span_at(start: int, end: int) -> Span | None:
        return None if source is None else source.span(start, end)

    return run_string(
        text,
        span_at=span_at,
        shell=SHELLS[shell],
        arg0="sh",
        arguments=arguments,
        environment=environment(),
        rootfs=None,
        keeps_running=keeps_running,
        is_pid1=True,
    )


def told(end: ShellEnd) -> str:
    """`exec node app.js`, `stays server`, `ends 1`, `undecided`."""
    words = [end.kind, *end.argv]
    if end.kind == "ends" and end.status is not None:
        words.append(str(end.status))
    return " ".join(words)


def likely(text: str, *arguments: str, **options: object) -> str:
    return told(run(text, *arguments, **options)[0])  # type: ignore[arg-type]
