"""Where `exec ` may be written before a command that the shell waits for, and why not."""

from __future__ import annotations

from initlint.boot.model import ExecObstacle, Opaque
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.traps import has_action
from initlint.boot.shell.values import Call, Context, State
from initlint.text import Span

KEYWORDS = frozenset(
    "if then elif else fi for while until do done case esac in function select time coproc { } ! [[".split()
)
# What some shell in a container does by itself: an `exec` before it looks for a program instead.
BUILTINS = frozenset(
    ". : [ alias bg bind break builtin caller cd chdir command compgen complete compopt continue declare dirs disown "
    "echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd "
    "print printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type "
    "typeset ulimit umask unalias unset wait".split()
)

_WHY: dict[ExecObstacle, str] = {
    "": "it is the last command and has no exec before it",
    "background-job": "a background job runs beside it",
    "trap": "a trap with an action is set",
    "pipeline": "it stands in a pipeline",
    "loop": "it stands in a loop",
    "not-last": "commands follow it",
    "or-list": "`||` follows it",
    "subshell": "it runs in a subshell",
    "negated": "`!` stands before it",
    "eval": "its text is put together by eval",
    "function": "it stands in a function that is called in several places",
    "builtin": "its word is, or may be, a builtin",
    "keyword": "its word is a keyword",
    "alias": "its word may be an alias",
    "unknown-word": "what its word expands to isn't known",
    "heredoc": "a here-document follows it",
    "wait": "the shell waits for a background job",
    "read": "the shell waits for input",
    "unended": "a program before it may be the one that the container is for",
    "other": "it stands in a file that other scripts may read",
}


def reason(obstacle: ExecObstacle) -> str:
    return _WHY[obstacle]


def place(machine: Machine, state: State, context: Context, call: Call) -> tuple[Span | None, ExecObstacle]:
    """The empty span before the command word, or why there is none."""
    obstacle = _around(machine, state, context) or _word(state, context, call)
    if obstacle:
        return None, obstacle
    span = context.frame.span(call.start, call.start)
    return (span, "") if span is not None else (None, "other")


def _around(machine: Machine, state: State, context: Context) -> ExecObstacle:
    if context.pipeline:
        return "pipeline"
    if context.loop:
        return "loop"
    if context.negated:
        return "negated"
    if context.or_left:
        return "or-list"
    if context.subshell:
        return "subshell"
    if context.evaluated or context.frame.kind == "eval":
        return "eval"
    if any(index not in state.done for index in range(len(state.jobs))):
        return "background-job"
    if has_action(state):
        return "trap"
    if not context.tail:
        return "not-last"
    if context.frame.kind == "source":
        return "other"
    if context.function is not None and _calls(machine, context.function.name) != 1:
        return "function"
    return ""


def _calls(machine: Machine, name: str) -> int:
    """How often the text names the function, its definition not counted."""
    raw = name.encode("utf-8", "surrogateescape")
    return sum(frame.data.count(raw) for frame in machine.frames) - 1


def _word(state: State, context: Context, call: Call) -> ExecObstacle:
    first = call.words[0]
    if any(redirect.type == "heredoc_redirect" for redirect in call.redirects):
        return "heredoc"
    written = "" if call.name is None else call.name.text
    plain = "$" not in written and "`" not in written
    if isinstance(first, Opaque) and not _is_arguments(written):
        return "unknown-word"
    if first in KEYWORDS:
        return "keyword"
    if not plain and not isinstance(first, Opaque) and first in BUILTINS:
        return "builtin"
    if first in BUILTINS:
        return "builtin"
    if first in state.functions:
        return "function"
    if "alias" in state.options and plain and "/" not in written:
        return "alias"
    return ""


def _is_arguments(written: str) -> bool:
    """`"$@"`: the arguments of a container name a program, whatever they are."""
    return written in ('"$@"', '"${@}"', "$@", "${@}", "$*")
