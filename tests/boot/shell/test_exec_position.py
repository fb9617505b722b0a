"""Where `exec ` may be written, to the byte, and where it must not be."""

from __future__ import annotations

import pytest

from initlint.boot.model import ShellStays
from initlint.text import Source

from .evaluation import run, run_c


def stays_of(script: str, *arguments: str, shell: str = "dash") -> ShellStays:
    source = Source("entrypoint.sh", script.encode())
    end = run(script, *arguments, shell=shell, source=source)[0]
    assert end.kind == "stays", end
    assert end.stays is not None
    return end.stays


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("server\n", "exec server\n"),
        ("set -e\n\n  server --x  # why\n", "set -e\n\n  exec server --x  # why\n"),
        ("A=1 B='x y' server\n", "A=1 B='x y' exec server\n"),
        ("migrate && server\n", "migrate && exec server\n"),
        ("cd /x; server > /log 2>&1\n", "cd /x; exec server > /log 2>&1\n"),
        ("if true; then\n\tserver\nfi\n", "if true; then\n\texec server\nfi\n"),
        ("case x in x) server ;; esac\n", "case x in x) exec server ;; esac\n"),
        ("{ server; }\n", "{ exec server; }\n"),
        ('echo é\n"/usr/bin/server" x\n', 'echo é\nexec "/usr/bin/server" x\n'),
        ('"$@"\n', 'exec "$@"\n'),
        ("$@\n", "exec $@\n"),
        ("CMD=server\n$CMD --x\n", "CMD=server\nexec $CMD --x\n"),
        ("main() { server; }\nmain\n", "main() { exec server; }\nmain\n"),
        ("trap '' HUP\nserver\n", "trap '' HUP\nexec server\n"),
        ("migrate | cat\nserver\n", "migrate | cat\nexec server\n"),
        ("nohup server\n", "exec nohup server\n"),
    ],
)
def test_exec_goes_right_before_the_command_word(script: str, expected: str) -> None:
    """Behind assignments, before the word, in the innermost branch, and nothing else changes."""
    stays = stays_of(script, "server")
    assert stays.obstacle == "" and stays.exec_at is not None
    assert stays.exec_at.start == stays.exec_at.end
    data = script.encode()
    assert (data[: stays.exec_at.start] + b"exec " + data[stays.exec_at.start :]).decode() == expected
    assert stays.command is not None and stays.command.start <= stays.exec_at.start < stays.command.end


@pytest.mark.parametrize(
    ("script", "obstacle"),
    [
        ("worker &\nserver\n", "background-job"),
        ("trap 'echo bye' EXIT\nserver\n", "trap"),
        ("trap cleanup TERM\nserver\n", "trap"),
        ("server | tee log\n", "pipeline"),
        ("while true; do server; done\n", "loop"),
        ("for i in 1 2; do server; done\n", "loop"),
        ("server\necho done\n", "not-last"),
        ("server; exit $?\n", "not-last"),
        ("server || exit 1\n", "or-list"),
        ("! server\n", "negated"),
        ("(server)\n", "subshell"),
        ("eval server\n", "eval"),
        ('f() { server; }\nif [ -n "$X" ]; then f; fi\nf\n', "function"),
        ("$(cat /cmd)\n", "unknown-word"),
        ("server & wait\n", "wait"),
        ("alias server='server --x'\nserver\n", "alias"),
        ("server <<EOF\nx\nEOF\n", "heredoc"),
    ],
)
def test_exec_is_not_written(script: str, obstacle: str) -> None:
    """Each of these would change what the script does."""
    stays = stays_of(script)
    assert (stays.exec_at, stays.obstacle) == (None, obstacle)
    assert stays.why


def test_job_that_was_waited_for_is_no_obstacle() -> None:
    """A background job that has ended before leaves nothing behind."""
    assert stays_of("migrate & pid=$!\nwait $pid\nserver\n").obstacle == ""


def test_shell_form_knows_its_place_in_the_dockerfile() -> None:
    """The span of a -c string lies in the file that `span_at` maps it to."""
    source = Source("Dockerfile", b"cd /app && server --port $PORT")
    end = run_c("cd /app && server --port $PORT", shell="dash", source=source)[0]
    assert end.stays is not None and end.stays.exec_at == source.span(11, 11)


def test_without_a_place_there_is_no_exec() -> None:
    """Where the text stands nowhere in a file, nothing can be written."""
    stays = run_c("server", shell="dash")[0].stays
    assert stays is not None and (stays.exec_at, stays.obstacle) == (None, "other")


@pytest.mark.parametrize(
    ("text", "dash", "bash", "ash"),
    [
        ("server", "stays", "exec", "exec"),
        ("server\n", "stays", "exec", "stays"),
        ("cd / && server", "stays", "exec", "exec"),
        ("cd /; server", "stays", "exec", "exec"),
        ("server > /log", "stays", "stays", "exec"),
        ("if true; then server; fi", "stays", "stays", "exec"),
        ("server; true", "stays", "stays", "stays"),
        ("trap : TERM; server", "stays", "stays", "stays"),
        ("trap '' TERM; server", "stays", "exec", "exec"),
        ("server | cat", "stays", "stays", "stays"),
        ("(server)", "stays", "stays", "exec"),
        ("exec server", "exec", "exec", "exec"),
        ("f() { server; }; f", "stays", "stays", "stays"),
        ("server # why", "stays", "exec", "exec"),
    ],
)
def test_last_command_of_a_string(text: str, dash: str, bash: str, ash: str) -> None:
    """Whether a shell becomes the last command of -c by itself is as measured."""
    for shell, expected in (("dash", dash), ("bash", bash), ("ash", ash)):
        end = run_c(text, shell=shell)[0]
        assert (shell, end.kind, end.argv) == (shell, expected, ("server",))
        assert end.implicit == (expected == "exec" and "exec" not in text)


def test_unmeasured_shell_is_told_both_ways() -> None:
    """For a shell that nobody measured, neither is claimed for sure."""
    ends = run_c("server", shell="unknown")
    assert [end.kind for end in ends] == ["stays", "exec"]
    assert not any(end.sure for end in ends)
