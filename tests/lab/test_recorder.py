"""The recorder itself: on programs whose behaviour is known because it stands here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from initlint.facts import ProgramFact, SignalEffect
from initlint.lab import experiment
from initlint.lab.experiment import scratch
from initlint.lab.pidspace import PidSpace, sleep_until
from initlint.lab.recipe import HERE, PROBE, Recipe

REAPS = """
import os, signal, time
def reap(*_):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]: pass
    except ChildProcessError: pass
signal.signal(signal.SIGCHLD, reap)
"""
LATE = """
import os, time
end = time.monotonic() + 3.5
while time.monotonic() < end: time.sleep(0.1)
while True:
    try: os.waitpid(-1, os.WNOHANG)
    except ChildProcessError: pass
    time.sleep(0.005)
"""
DIES = "import os, signal\nsignal.signal(signal.SIGCHLD, lambda *_: os._exit(1))\n"
SLEEPS = "import time\nwhile True: time.sleep(1)\n"
CHILD = "import subprocess\nchild = subprocess.Popen(['PROBE'])\n"
FORWARDS = CHILD + (
    "import os, signal\n"
    "def stop(*_):\n    child.terminate(); child.wait(); os._exit(0)\n"
    "signal.signal(signal.SIGTERM, stop)\n"
)
LEAVES = CHILD + "import os, signal\nsignal.signal(signal.SIGTERM, lambda *_: os._exit(0))\n"
HANDLES = "import os, signal\nsignal.signal(signal.SIGTERM, lambda *_: os._exit(0))\n"

pytestmark = pytest.mark.usefixtures("namespaces")


def space(code: str, folder: Path) -> PidSpace:
    (folder / "app.py").write_text(code)
    return PidSpace(["python3", str(folder / "app.py")], folder)


def python(code: str, *, says: str = "no", effect: SignalEffect = "ignored", **changes: object) -> Recipe:
    """A recipe for a program, with the fact that is to be tried."""

    def change(fact: ProgramFact) -> ProgramFact:
        return fact._replace(reaps=says, reaps_why="", effects={"SIGTERM": effect})  # type: ignore[arg-type]

    recipe = Recipe("test", "python3", ("python3", f"{HERE}/app.py"), {"app.py": code}, change=change, seconds=0.5)
    return recipe._replace(**changes)  # type: ignore[arg-type]


def test_program_is_pid_1_and_leads_a_session_of_fresh_namespaces() -> None:
    """As an engine starts it: nothing of the host's processes, network or sockets is in sight."""
    kinds = ("ipc", "mnt", "net", "pid", "uts")
    code = f"import os\nprint(os.getpid(), os.getsid(0), *(os.readlink('/proc/self/ns/' + k) for k in {kinds}), *os.listdir('/run'), flush=True)\n"
    with scratch() as folder, space(code + SLEEPS, folder) as pid1:
        assert pid1.settle()
        words = pid1.output().split()
    assert words[:2] == ["1", "1"]
    assert words[7:] == ["lock"]
    assert not {os.readlink(f"/proc/self/ns/{kind}") for kind in kinds} & set(words)


@pytest.mark.parametrize(
    ("code", "verdict"), [(REAPS + SLEEPS, "yes"), (SLEEPS, "no"), (DIES + SLEEPS, "dies")], ids=["reaps", "no", "dies"]
)
def test_orphans_are_followed_to_their_end(code: str, verdict: str) -> None:
    """PID 1 is seen as their parent; then they are reaped, stay zombies, or take PID 1 with them."""
    with scratch() as folder, space(code, folder) as pid1:
        assert pid1.settle()
        orphans = pid1.orphans(10)
        assert orphans.made == 10
        assert orphans.adopted or verdict == "dies"
        assert orphans.verdict == verdict
        assert orphans.left == (10 if verdict == "no" else 0)


def test_late_reaping_is_told_from_none() -> None:
    """With patience only: after two seconds they are all still there."""
    with scratch() as folder, space(LATE, folder) as pid1:
        assert sleep_until(pid1.started, 10)
        orphans = pid1.orphans(1, patience=10)
    assert (orphans.left, orphans.late, orphans.verdict) == (1, 0, "late")


@pytest.mark.parametrize(
    ("code", "effect"),
    [("", "ignored"), (HANDLES, "exits"), (FORWARDS, "forwards"), (LEAVES, "kills")],
    ids=["ignored", "exits", "forwards", "kills"],
)
def test_signals_are_told_apart(code: str, effect: SignalEffect) -> None:
    """Whether the program behind PID 1 got it decides between forwarding and killing."""
    result = experiment.run(python(code + REAPS + SLEEPS, says="yes", effect=effect))
    assert not result.differences
    assert result.measured["SIGTERM"] == {"ignored": "stays"}.get(effect, effect)


def test_each_wrong_claim_is_one_difference() -> None:
    """The sentence names the aspect, what the fact says and what was measured."""
    result = experiment.run(python(HANDLES + SLEEPS, says="yes"))
    assert result.differences == [
        "test: orphans: the fact says 'are reaped', measured 'stay zombies'",
        "test: SIGTERM: the fact says 'stays', measured 'exits'",
    ]


def test_probe_shows_who_took_the_place() -> None:
    """A program that execs the probe isn't taken for one that stays in front of it."""
    result = experiment.run(python("import os\nos.execv('PROBE', ['PROBE'])\n", effect="exits"))
    assert result.measured["the program behind it"] == "becomes PID 1"
    assert result.differences[0].startswith("test: the program behind it: the fact says 'is a child'")


def test_program_that_does_not_start_is_a_problem() -> None:
    """With its last words; it is never taken for a program that ends at once by design."""
    for code in ("raise SystemExit('no such option')\n", f"print('no such option')\n# {PROBE}\n"):
        result = experiment.run(python(code))
        assert result.differences == ["test: it ends at once (no such option)"]


def test_orphans_that_end_pid_1_leave_the_signal_to_another_start() -> None:
    result = experiment.run(python(DIES + SLEEPS))
    assert result.measured == {"PID 1": "stays", "orphans": "end PID 1", "SIGTERM": "stays"}


def test_nothing_is_left_behind() -> None:
    """Neither PID 1 nor what it started, nor the folder; also when the experiment fails half-way."""
    pids: list[int] = []
    with (
        pytest.raises(RuntimeError),
        scratch() as folder,
        space(CHILD.replace("PROBE", "sleep', '60") + SLEEPS, folder) as pid1,
    ):
        assert pid1.settle()
        pids.append(pid1.pid)
        children = Path(f"/proc/{pid1.pid}/task/{pid1.pid}/children")
        assert sleep_until(lambda: bool(children.read_text()), 5)
        pids += map(int, children.read_text().split())
        raise RuntimeError
    assert len(pids) == 2
    assert sleep_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), 5)
    assert not folder.exists()


def test_hidden_places_are_empty() -> None:
    """The host's cron jobs stay out of an experiment with cron."""
    code = "import os\nprint(len(os.listdir('/etc/apt')), os.path.getsize('/etc/passwd'), flush=True)\n"
    with scratch() as folder:
        (folder / "app.py").write_text(code + SLEEPS)
        with PidSpace(
            ["python3", str(folder / "app.py")], folder, hides=("/etc/apt", "/etc/passwd", "/no/such")
        ) as pid1:
            assert pid1.settle()
            assert pid1.output() == "0 0"


def test_signal_after_the_end_is_no_error() -> None:
    with scratch() as folder, PidSpace(["true"], folder) as pid1:
        assert sleep_until(pid1.ended, 5)
        pid1.send("SIGTERM")
        assert not pid1.settle()
