"""Whether a Python program's own handler ends it: said of a text, and seen of that text as PID 1."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from initlint.boot.model import Outcome
from initlint.rootfs.files import HostFiles
from initlint.subject import examine

from .shell.real_shells import sleep_until, why_not
from .test_mistakes_measured import pid1_of

WHY_NOT = why_not()
DEADLINE = 20.0
STAYS = 1.5

HEAD = "import asyncio, logging, os, signal, sys, threading, time\nopen('ready', 'w').close()\n"
WAITS = "while True:\n    time.sleep(0.1)\n"
ON = "signal.signal(signal.SIGTERM, stop)\n"


def handler(body: str) -> str:
    return f"def stop(number, frame):\n    {body}\n{ON}"


# What it does, whether it ends, and what is said: None where that stays open.
MEASURED: dict[str, tuple[str, bool, str]] = {
    "it exits": (handler("sys.exit(0)") + WAITS, True, "yes"),
    "it exits the hard way": (handler("print('x'); os._exit(0)") + WAITS, True, "yes"),
    "it raises": (handler("raise KeyboardInterrupt") + WAITS, True, "yes"),
    "it is sys.exit": ("signal.signal(signal.SIGTERM, sys.exit)\n" + WAITS, True, "yes"),
    "it only logs": (handler("logging.warning('got %s', number)") + WAITS, False, "no"),
    "it only prints": ("signal.signal(signal.SIGTERM, lambda *_: print('x'))\n" + WAITS, False, "no"),
    "a flag that the loop looks at": (
        "run = True\n" + handler("global run; run = False") + "while run:\n    time.sleep(0.1)\n", True, "yes"),
    "a flag in an if": (
        "run = True\n" + handler("global run; run = False") + "while True:\n    time.sleep(0.1)\n    if not run:\n        break\n",
        True, "yes"),
    "a flag through a function": (
        "run = True\ndef on():\n    return run\n" + handler("global run; run = False") + "while on():\n    time.sleep(0.1)\n",
        True, "yes"),
    "a flag of an object": (
        ("class A:\n    def __init__(self):\n        self.on = True\n        signal.signal(signal.SIGTERM, self.stop)\n"
        "    def stop(self, *_):\n        self.on = False\n    def run(self):\n        while self.on:\n            time.sleep(0.1)\nA().run()\n"),
        True, "yes"),
    "a flag that nothing looks at": ("run = True\n" + handler("global run; run = False") + WAITS, False, "no"),
    "a local name": ("run = True\n" + handler("run = False") + "while run:\n    time.sleep(0.1)\n", False, "no"),
    "a flag that another loop looks at": (
        "run = True\n" + handler("global run; run = False")
        + "def work():\n    while run:\n        time.sleep(0.1)\nthreading.Thread(target=work).start()\n" + WAITS, False, "unknown"),
    "an event that is waited for": (
        "done = threading.Event()\nsignal.signal(signal.SIGTERM, lambda *_: done.set())\ndone.wait()\n", True, "yes"),
    "an event in a loop": (
        "done = threading.Event()\nsignal.signal(signal.SIGTERM, lambda *_: done.set())\nwhile not done.wait(0.1): pass\n",
        True, "yes"),
    "an event loop is stopped": (
        "loop = asyncio.new_event_loop()\nloop.add_signal_handler(signal.SIGTERM, loop.stop)\nloop.run_forever()\n", True, "yes"),
    "an event of an event loop": (
        ("async def main():\n    done = asyncio.Event()\n    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, done.set)\n"
        "    await done.wait()\nasyncio.run(main())\n"), True, "yes"),
    "an error in an event loop": (
        ("def stop():\n    raise ValueError\nloop = asyncio.new_event_loop()\n"
        "loop.add_signal_handler(signal.SIGTERM, stop)\nloop.run_forever()\n"), False, "unknown"),
    "it signals itself again": (
        handler("signal.signal(number, signal.SIG_DFL); os.kill(os.getpid(), number)") + WAITS, False, "no"),
    "it kills itself": (handler("os.kill(os.getpid(), signal.SIGKILL)") + WAITS, False, "no"),
    "it interrupts itself": (handler("os.kill(os.getpid(), signal.SIGINT)") + WAITS, True, "yes"),
    "the default is put back": (handler("sys.exit(0)") + "signal.signal(signal.SIGTERM, signal.SIG_DFL)\n" + WAITS, False, "no"),
    "the default is put back first": ("signal.signal(signal.SIGTERM, signal.SIG_DFL)\n" + handler("sys.exit(0)") + WAITS, True, "yes"),
    "a condition of the environment": (
        "def stop(*_):\n    sys.exit(0)\nif os.environ.get('GRACEFUL'):\n    " + ON + WAITS, False, "unknown"),
    "the loop catches it": (
        handler("sys.exit(0)") + "while True:\n    try:\n        time.sleep(0.1)\n    except SystemExit:\n        print('x')\n",
        False, "unknown"),
    "the loop catches everything": (
        handler("sys.exit(0)") + "while True:\n    try:\n        time.sleep(0.1)\n    except:\n        print('x')\n", False, "unknown"),
    "the loop catches its error": (
        handler("raise ValueError") + "while True:\n    try:\n        time.sleep(0.1)\n    except Exception:\n        print('x')\n",
        False, "unknown"),
    "the loop catches other errors": (
        handler("sys.exit(0)") + "while True:\n    try:\n        time.sleep(0.1)\n    except Exception:\n        print('x')\n", True, "yes"),
    "a class that nothing makes": (
        "def stop(*_):\n    sys.exit(0)\nclass A:\n    def __init__(self):\n        " + ON + WAITS, False, "no"),
    "the first signal ends it": (
        "seen = False\n" + handler("global seen\n    if not seen:\n        seen = True\n        sys.exit(0)") + WAITS,
        True,
        "yes",
    ),
    "the second signal ends it": (
        "seen = 0\n" + handler("global seen\n    if seen:\n        sys.exit(0)\n    seen = 1") + WAITS, False, "unknown"),
    "one of two signals": (handler("if number == signal.SIGINT:\n        sys.exit(0)") + WAITS, False, "no"),
    "a thread that goes on": (
        handler("sys.exit(0)") + "threading.Thread(target=time.sleep, args=(60,)).start()\n" + WAITS, False, "unknown"),
    "a server that waits for itself": (
        "import http.server\ns = http.server.HTTPServer(('127.0.0.1', 0), None)\n" + handler("s.shutdown()") + "s.serve_forever()\n",
        False, "unknown"),
}  # fmt: skip


def settled(folder: Path, text: str, front: str = "") -> Outcome:
    (folder / "app.py").write_text(HEAD + text)
    lines = f'FROM python:3.12\nRUN apt-get install -y tini\nWORKDIR /app\nCOPY app.py .\nENTRYPOINT [{front}"python3", "app.py"]\n'
    (folder / "Dockerfile").write_text(lines)
    files = HostFiles()
    return examine(files.source(str(folder / "Dockerfile")), files).subjects[-1].likely


@pytest.mark.parametrize("title", MEASURED)
def test_says_what_a_handler_comes_to(title: str, tmp_path: Path) -> None:
    """It is sure of a yes and of a no."""
    text, _, stops = MEASURED[title]
    outcome = settled(tmp_path, text)
    assert (outcome.stops, outcome.sure) == (stops, stops != "unknown"), outcome.why


def test_below_an_init_the_default_action_ends_it(tmp_path: Path) -> None:
    """Only for PID 1 does the kernel drop the signal; a handler that goes on keeps any process."""
    front = '"tini", "--", '
    assert settled(tmp_path, MEASURED["it signals itself again"][0], front).stops == "yes"
    assert settled(tmp_path, MEASURED["it only logs"][0], front).stops == "no"


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        pytest.param(
            "from lib import server\n" + handler("server.stop()") + "server.run()\n",
            False,
            id="an object that isn't known",
        ),
        pytest.param(
            "import uvicorn\n" + handler("server.should_exit = True") + "uvicorn.run('a:b')\n",
            True,
            id="a server's own",
        ),
    ],
)
def test_what_libraries_end(text: str, sure: bool, tmp_path: Path) -> None:
    """A server that is told to stop stops, which is certain only of one that is known."""
    outcome = settled(tmp_path, text)
    assert (outcome.stops, outcome.sure) == ("yes", sure), outcome.why


@pytest.mark.skipif(bool(WHY_NOT), reason=str(WHY_NOT))
@pytest.mark.parametrize("title", MEASURED)
def test_measured(title: str, tmp_path: Path) -> None:
    """As PID 1 of a namespace of its own, a program ends on SIGTERM as the table has it."""
    text, ends, _ = MEASURED[title]
    (tmp_path / "app.py").write_text(HEAD + text)
    process = subprocess.Popen(
        ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", sys.executable, "app.py"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
        start_new_session=True,
    )
    try:
        assert sleep_until((tmp_path / "ready").exists, DEADLINE)
        pid1 = pid1_of(process.pid)
        assert pid1 is not None
        assert sleep_until(lambda: _settled(pid1), DEADLINE)
        os.kill(pid1, signal.SIGTERM)
        assert sleep_until(lambda: process.poll() is not None, DEADLINE if ends else STAYS) is ends
    finally:
        process.kill()
        process.wait()


def _settled(pid: int) -> bool:
    """Whether a process sleeps, in its main loop, two looks in a row."""
    import time

    def state() -> str:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]

    first = state()
    time.sleep(0.3)
    return first == state() == "S"
