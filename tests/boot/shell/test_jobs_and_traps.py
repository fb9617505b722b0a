"""Background jobs, waiting for them, and what a trap passes on."""

from __future__ import annotations

import pytest

from .evaluation import environment, run, told


def test_wait_keeps_the_shell_for_its_job() -> None:
    """`app & wait`: the shell stays, the job is the main program."""
    for script in ("server & wait\n", "server &\npid=$!\nwait $pid\n", 'server &\nwait "$!"\n', "server & wait -n\n"):
        (end,) = run(script)
        assert told(end) == "stays server"
        assert end.stays is not None and end.stays.how == "wait"
        assert [job.argv for job in end.jobs] == [("server",)]


def test_job_that_is_waited_for_stands_where_it_was_started() -> None:
    """The place of the main program is its own line, not that of `wait`."""
    (end,) = run("setup\nserver &\npid=$!\nwait $pid\n")
    assert end.span is not None
    assert end.span.text.startswith("server")


def test_waiting_for_what_ends_goes_on() -> None:
    """A job that is known to end, or that the script kills, doesn't keep it."""
    for script in ("migrate & wait\nexec server\n", "temporary & p=$!\nkill $p\nwait $p\nexec server\n"):
        assert [told(end) for end in run(script)] == ["exec server"]


@pytest.mark.parametrize(
    ("trap", "wait", "forwards", "again"),
    [
        ("trap 'kill -TERM $pid' TERM", "wait $pid", True, False),
        ("trap 'kill -TERM $pid' TERM", "wait $pid\nwait $pid", True, True),
        ("trap 'kill -TERM $pid; wait $pid' TERM", "wait $pid", True, True),
        ("stop() { kill $pid; wait $pid; }\ntrap stop TERM INT", "wait", True, True),
        ("trap 'kill 0' TERM", "wait", True, False),
        ("trap 'exit 0' TERM", "wait $pid", False, False),
        ("trap 'kill -0 $pid' TERM", "wait $pid", False, False),
        ("trap 'kill $pid' TERM", "while kill -0 $pid; do wait $pid; done", True, True),
        ("trap 'nginx -s quit' TERM", "wait $pid", True, False),
    ],
)
def test_what_a_trap_does(trap: str, wait: str, forwards: bool, again: bool) -> None:
    """A trap forwards when it signals the program; with a single wait the program dies in its cleanup."""
    end = run(f"server & pid=$!\n{trap}\n{wait}\n")[0]
    assert told(end) == "stays server"
    (found,) = end.traps
    assert "SIGTERM" in found.signals
    assert (found.forwards, found.waits_again) == (forwards, again)


@pytest.mark.parametrize(
    ("shell", "script", "forwards", "again", "idle"),
    [
        ("bash", 'trap "kill -TERM $!" TERM\nserver &\nwait $!\nwait $!', False, True, True),
        ("bash", 'trap "kill $(jobs -p); wait" TERM\nserver & wait', False, False, True),
        ("bash", 'trap "kill $pid" TERM\nserver & pid=$!\nwait $pid', False, False, True),
        ("bash", 'server & pid=$!\ntrap "kill $pid $other; wait" TERM\nwait', True, True, False),
        ("bash", 'server & trap "kill $(jobs -p); wait" TERM\nwait', True, True, False),
        ("dash", 'server & trap "kill $(jobs -p); wait" TERM\nwait', False, False, False),
        ("bash", "server & p=$!\ntrap 'kill -TERM -- -$p; wait $p' TERM\nwait $p", True, True, False),
        ("dash", "server & p=$!\ntrap 'kill -TERM -- -$p; wait $p' TERM\nwait $p", False, False, True),
        ("dash", "server & p=$!\ntrap 'kill -- -$p; wait $p' TERM\nwait $p", True, True, False),
        ("dash", "server & p=$!\ntrap 'kill -s TERM -- -$p; wait $p' TERM\nwait $p", True, True, False),
        ("dash", "server & p=$!\ntrap 'kill $p; sleep 2' TERM\nwait $p", True, True, False),
        ("dash", "server & p=$!\ntrap 'kill $p; sleep 0.1' TERM\nwait $p", True, False, False),
        ("dash", "server & p=$!\ntrap 'kill $p; wait $p' EXIT\ntrap exit TERM\nwait $p", True, True, False),
        ("dash", "server & p=$!\ntrap 'echo bye' EXIT\ntrap exit TERM\nwait $p", False, False, True),
        ("dash", "trap stop TERM\nstop() { kill $p; wait; }\nserver & p=$!\nwait $p", True, True, False),
        ("dash", "trap /stop.sh TERM\nserver & wait", False, False, False),
        ("dash", 'trap "$STOP" TERM\nserver & wait', False, False, False),
    ],
)
def test_what_a_trap_reaches(shell: str, script: str, forwards: bool, again: bool, idle: bool) -> None:
    """In double quotes it is expanded when it is set; what reaches nobody is told from what isn't known."""
    end = run(script, shell=shell, env=environment({"STOP": None}))[0]
    assert told(end) == "stays server"
    found = next(trap for trap in end.traps if "SIGTERM" in trap.signals)
    assert (found.forwards, found.waits_again, found.idle) == (forwards, again, idle)


def test_trap_does_not_forward_under_a_foreground_program() -> None:
    """The action runs only when the foreground program has ended."""
    (end,) = run("trap 'kill $(jobs -p)' TERM\nserver\n")
    assert not end.traps[0].forwards


def test_exec_leaves_ignored_signals_alone() -> None:
    """What replaces the shell inherits ignored signals, no actions."""
    (end,) = run("trap '' CHLD\ntrap 'echo bye' EXIT\nexec server\n")
    assert [(trap.signals, trap.action) for trap in end.traps] == [(("SIGCHLD",), "")]


def test_trap_can_be_taken_back() -> None:
    """`trap - TERM` resets, by name or number."""
    (end,) = run("trap 'echo bye' TERM INT\ntrap - TERM 2\nserver\n", shell="dash")
    assert end.traps == () and end.stays is not None and end.stays.obstacle == ""


@pytest.mark.parametrize(
    ("script", "argv", "loops"),
    [
        ("worker --x &\nexec server\n", ("worker", "--x"), False),
        ("nohup worker &\nexec server\n", ("nohup", "worker"), False),
        ("(sleep 5; worker) &\nexec server\n", ("worker",), False),
        ("while true; do worker; sleep 60; done &\nexec server\n", ("worker",), True),
        ("start() { worker; }\nstart &\nexec server\n", ("worker",), False),
        ("worker | tee log &\nexec server\n", ("worker",), False),
        ("A=1 worker >log 2>&1 &\nexec server\n", ("worker",), False),
        ("coproc worker\nexec server\n", ("worker",), False),
    ],
)
def test_job_that_the_program_inherits(script: str, argv: tuple[str, ...], loops: bool) -> None:
    """`worker & exec server`: the job becomes a child of the server."""
    (end,) = run(script)
    assert told(end) == "exec server"
    assert [(job.argv, job.loops) for job in end.jobs] == [(argv, loops)]
    assert end.jobs[0].span is not None


def test_program_in_a_command_substitution() -> None:
    """`a=$(server)` waits for its output; dash doesn't reap meanwhile, bash does."""
    for shell, reaps in (("dash", False), ("bash", True)):
        for script in ("a=$(server)\n", "echo $(server)\n"):
            (end,) = run(script, shell=shell)
            assert told(end) == "stays server" and end.stays is not None
            assert (end.stays.how, end.stays.exec_at, end.stays.reaps_meanwhile) == ("substitution", None, reaps)


def test_disowned_job() -> None:
    """`disown` is kept with the job."""
    assert run("worker & disown\nexec server\n")[0].jobs[0].disowned


def test_script_that_only_backgrounds_ends() -> None:
    """With nothing behind `app &` the container stops."""
    (end,) = run("server &\n")
    assert end.kind == "ends" and len(end.jobs) == 1


@pytest.mark.parametrize(
    ("script", "endless"),
    [
        ("while true; do server & wait $!; done", True),
        ("while :; do\n  server & wait ${!} || true\ndone", True),
        ("until false; do server & wait $!; done", True),
        ("for ((;;)); do server & wait $!; done", True),
        ("again() { echo again; }\nwhile true; do server & wait $!; again; done", True),
        ("while true; do sleep 1 & wait $!; done", True),
        ("server & while true; do wait; done", True),
        ("while true; do server & wait $! || break; done", False),
        ("over() { exit; }\nwhile true; do server & wait $!; over; done", False),
        ("while [ -z $stop ]; do server & wait $!; done", False),
        ("while server & wait $!; do :; done", False),
        ("set -e\nwhile true; do server & wait $!; done", False),
        ("server & wait", False),
    ],
)
def test_a_loop_that_nothing_leaves(script: str, endless: bool) -> None:
    """A trap that doesn't exit interrupts the `wait` in it, and the next round starts the program anew."""
    end = run(f"trap 'kill $!' TERM\n{script}\n")[0]
    assert end.stays is not None
    assert end.stays.endless is endless


@pytest.mark.parametrize(
    ("action", "exits", "itself"),
    [
        ("kill $!; exit", True, False),
        ("bye", True, False),
        ("exec true", True, False),
        ("trap - TERM; kill -TERM $$", False, True),
        ("kill 0", False, True),
        ("kill $!", False, False),
    ],
)
def test_what_a_trap_does_to_the_shell(action: str, exits: bool, itself: bool) -> None:
    """An action ends the shell by `exit`, in a function too, or by a signal to itself."""
    (trap,) = run(f"bye() {{ exit 3; }}\ntrap '{action}' TERM\nserver & wait\n")[0].traps
    assert (trap.exits, trap.hits_itself) == (exits, itself)
