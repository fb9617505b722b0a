"""What probes were seen to leave behind: HEALTHCHECK, for now."""

from __future__ import annotations

import ast
import posixpath

from initlint.boot import interpreters
from initlint.boot.commands import bare
from initlint.boot.model import Evidence
from initlint.targets.container import Container, ShellForm
from initlint.text import encode

_SHELLS = frozenset(["sh", "bash", "ash", "dash", "zsh"])
_MAX_DEPTH = 3  # of shells in shells


def probe_evidence(container: Container) -> tuple[Evidence, ...]:
    """A probe that backgrounds a process orphans it to PID 1 (yes); one whose shell keeps a
    child would orphan that child when the engine kills the probe at its timeout (unknown).

    Measured on Docker 20.10: a shell-form HEALTHCHECK that ends by itself left no zombie in ten
    runs; a killed one left one in three of three.
    """
    health = container.healthcheck
    if health is None or health.form is None:
        return ()
    left = ""
    if isinstance(health.form, ShellForm):
        text: str | None = health.form.text
        left = _leaves_behind(health.form.text)
    else:
        text = _line_of(list(health.form.argv))
        left = _is_left_by(list(health.form.argv), 0)
    if left:
        return (Evidence("yes", left, health.span),)
    if text is None:
        return ()
    from initlint.boot.lines import keeps_a_child

    if keeps_a_child(text, container.base.sh, container.base.sh_version):
        return (
            Evidence("unknown", "the HEALTHCHECK's shell keeps a child, which a timeout would orphan", health.span),
        )
    return ()


def _leaves_behind(line: str, depth: int = 0) -> str:
    """How a shell line leaves a process to PID 1, a shell's or Python's own line in it included; else empty."""
    from initlint.boot.lines import backgrounds, commands_of

    if "&" in line and backgrounds(line):
        return "the HEALTHCHECK leaves a process in the background"
    if depth >= _MAX_DEPTH or not ("-" in line and "c" in line):
        return ""
    return next(filter(None, (_is_left_by(words, depth + 1) for words in commands_of(line))), "")


def _is_left_by(words: list[str], depth: int) -> str:
    words = bare(words)[0]
    line = _line_of(words)
    if line is not None:
        return _leaves_behind(line, depth)
    invocation = interpreters.invocation(posixpath.basename(words[0]), tuple(words)) if words else None
    if invocation is None or invocation.language != "python" or invocation.code is None:
        return ""
    from initlint.boot.python_lasts import tree_of

    tree = tree_of(encode(invocation.code))
    for statement in () if tree is None else tree.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            called = ast.unparse(statement.value.func)
            if called in ("subprocess.Popen", "Popen"):
                return "the HEALTHCHECK starts a process and doesn't wait for it"
    return ""


def _line_of(words: list[str]) -> str | None:
    """The line that `sh -c LINE` is given."""
    if not words or words[0].rsplit("/", 1)[-1] not in _SHELLS:
        return None
    for at, word in enumerate(words[1:-1], start=1):
        if not word.startswith("-") or word.startswith("--"):
            return None
        if "c" in word:
            return words[at + 1]
    return None
