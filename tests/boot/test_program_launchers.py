"""Programs whose work is to start others: a stop is up to those, and isn't said to work.

A dozen like these were run in PID namespaces (Ruby 3.1, node, Perl 5.36, PHP 8.2, Python 3.11) with a child that needs
a second for its cleanup: three let it finish, one cut it short, six killed it unsignalled, two ignored the signal.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.boot.model import Outcome
from initlint.rootfs.files import HostFiles
from initlint.subject import examine

RUN = {
    "a.rb": ("ruby:3.3", "ruby"),
    "a.js": ("node:22", "node"),
    "a.php": ("php:8.3-cli", "php"),
    "a.pl": ("debian:bookworm", "perl"),
    "a.py": ("python:3.12", "python"),
}


def settle(folder: Path, name: str, text: str, front: str = "") -> Outcome:
    image, language = RUN[name]
    (folder / name).write_text(text)
    start = ", ".join(f'"{word}"' for word in (*front.split(), language, name))
    lines = f"FROM {image}\nRUN apt-get install -y tini\nWORKDIR /app\nCOPY . .\nENTRYPOINT []\nCMD [{start}]\n"
    (folder / "Dockerfile").write_text(lines)
    files = HostFiles()
    return examine(files.source(str(folder / "Dockerfile")), files).subjects[-1].likely


LAUNCHERS = {
    "Ruby objects that are told to end": ("a.rb", ("class P\n  def start; @pid = Process.spawn(ENV['CMD']); end\n"
        "  def finish; Process.kill 'TERM', @pid; end\n  def await; Process.wait @pid; end\nend\n"
        "all = [P.new, P.new]\n%w[TERM CLD].each { |s| trap(s) { all.each(&:finish) } }\nall.each(&:start)\nall.each(&:await)\n")),
    "Ruby without a handler": ("a.rb", "pid = spawn('worker')\nProcess.wait(pid)\n"),
    "Ruby that ends in system": ("a.rb", "system('rake db:migrate')\nexit system('puma')\n"),
    "Node that passes the signal on": ("a.js", ("const { spawn } = require('child_process');\n"
        "const c = spawn('node', ['b.js'], { stdio: 'inherit' });\nprocess.on('SIGTERM', () => c.kill('SIGTERM'));\n")),
    "Node through functions": ("a.js", ("const { fork } = require('node:child_process');\nconst all = ['b', 'c'].map(f => fork(f));\n"
        "function down() { each() }\nconst each = () => { for (const c of all) c.kill() };\n['SIGINT', 'SIGTERM'].forEach(s => process.on(s, down));\n")),
    "Node that ends with its child": ("a.js", ("const { spawn } = require('child_process');\n"
        "function go() { const c = spawn('x'); c.on('close', code => process.exit(code)) }\ngo();\nprocess.on('SIGTERM', () => process.exit());\n")),
    "Node that is kept by a line": ("a.js", ("const { execSync } = require('child_process');\n"
        "process.on('SIGTERM', () => process.exit());\nexecSync('node b.js');\n")),
    "Node's cluster": ("a.js", ("const cluster = require('cluster');\nif (cluster.isPrimary) { cluster.fork() }\n"
        "else { const s = require('http').createServer().listen(1); process.on('SIGTERM', () => s.close()) }\n")),
    "PHP": ("a.php", ("<?php pcntl_async_signals(true);\n$p = proc_open('php -S 0:80', [], $x);\n"
        "pcntl_signal(SIGTERM, function () use ($p) { proc_terminate($p); exit; });\nwhile (true) { sleep(1); }\n")),
    "Perl": ("a.pl", ("my @all;\nfor my $c ('a', 'b') { my $p = fork(); if (!$p) { exec($c); } push @all, $p; }\n"
        "$SIG{TERM} = sub { kill 'TERM', @all; };\nwaitpid($_, 0) for @all;\n")),
    "Python that invokes one": ("a.py", ("import invoke, signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit())\n"
        "invoke.run('app')\n")),
    "Python that ends them": ("a.py", ("import signal, subprocess, sys\nall = [subprocess.Popen([c]) for c in ('a', 'b')]\n"
        "def down(*_):\n    for one in all:\n        one.terminate()\n    sys.exit()\nsignal.signal(signal.SIGTERM, down)\n"
        "while True:\n    signal.pause()\n")),
    "Python that waits for them": ("a.py", ("import signal, subprocess, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit())\n"
        "all = [subprocess.Popen([c]) for c in ('a', 'b')]\nfor one in all:\n    one.wait()\n")),
    "Python's one child": ("a.py", ("import signal, subprocess, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit())\n"
        "def main():\n    subprocess.run(['redis-server'])\nmain()\n")),
    "Python that looks for its end": ("a.py", ("import signal, subprocess, time\nstop = []\nsignal.signal(signal.SIGTERM, stop.append)\n"
        "def main():\n    p = subprocess.Popen(['redis-server'])\n    while not stop and p.poll() is None:\n        time.sleep(1)\nmain()\n")),
    "asyncio": ("a.py", ("import asyncio, signal\nasync def main():\n    p = await asyncio.create_subprocess_exec('redis-server')\n"
        "    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, p.terminate)\n    await p.wait()\nasyncio.run(main())\n")),
}  # fmt: skip

LAUNCHERS |= {
    "Ruby's pipe": ("a.rb", "trap('TERM') { exit }\nIO.popen('redis-server') { |io| io.each { |l| puts l } }\n"),
    "Ruby's system in a method": ("a.rb", "class X\n  def run\n    prepare\n    system('puma')\n  end\nend\nX.new.run\n"),
    "Node that ends with its child, by a function": ("a.js", ("const c = require('child_process').spawn('redis-server');\n"
        "c.on('exit', done);\nfunction done(code) { process.exit(code) }\nprocess.on('SIGTERM', () => process.exit());\n")),
    "Node through a library": ("a.js", "require('pm2').start({ script: 'b.js' });\nprocess.on('SIGTERM', () => process.exit());\n"),
    "a line at Python's end": ("a.py", ("import os, signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit())\n"
        "sys.exit(os.system('redis-server'))\n")),
    "what Python does when it ends": ("a.py", ("import atexit, signal, subprocess, sys\np = subprocess.Popen(['redis-server'])\n"
        "atexit.register(p.terminate)\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit())\nwhile True:\n    signal.pause()\n")),
}  # fmt: skip

NONE = {
    "a line before Python's work": ("a.py", ("import os, signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit())\n"
        "os.system('alembic upgrade head')\nwhile True:\n    time.sleep(1)\n")),
    "a line before Ruby's work": ("a.rb", "trap('TERM') { exit }\nsystem('rake db:migrate')\nloop { sleep 1 }\n"),
    "Ruby's helper": ("a.rb", "trap('TERM') { $stop = true }\nuntil $stop\n  Process.detach(spawn('convert', 'a', 'b'))\n  sleep 1\nend\n"),
    "Node's helper with a limit": ("a.js", ("const { spawn } = require('child_process');\n"
        "const s = require('http').createServer((q, r) => { const p = spawn('ffmpeg'); setTimeout(() => p.kill(), 9) }).listen(1);\n"
        "process.on('SIGTERM', () => s.close(() => process.exit()));\n")),
    "PHP's helper": ("a.php", ("<?php pcntl_async_signals(true);\npcntl_signal(SIGTERM, function () { exit; });\n"
        "while (true) { exec('convert a b'); sleep(1); }\n")),
    "Python's helper with a limit": ("a.py", ("import signal, subprocess, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit())\n"
        "def job():\n    p = subprocess.Popen(['ffmpeg'])\n    try:\n        p.wait(timeout=3)\n    except subprocess.TimeoutExpired:\n        p.kill()\n"
        "while True:\n    job()\n")),
    "Python's own workers": ("a.py", ("import multiprocessing, signal, sys\nall = [multiprocessing.Process(target=print) for _ in '12']\n"
        "def down(*_):\n    for one in all:\n        one.terminate()\n    sys.exit()\nsignal.signal(signal.SIGTERM, down)\nfor one in all:\n    one.join()\n")),
}  # fmt: skip


@pytest.mark.parametrize("case", LAUNCHERS.values(), ids=LAUNCHERS)
def test_a_stop_is_up_to_the_programs_that_a_launcher_starts(case: tuple[str, str], tmp_path: Path) -> None:
    """Neither yes nor no, and never sure."""
    outcome = settle(tmp_path, *case)
    assert (outcome.stops, outcome.sure) == ("unknown", False), outcome.why
    assert any("decides" in why or "workers" in why for why in outcome.why), outcome.why


@pytest.mark.parametrize("case", NONE.values(), ids=NONE)
def test_a_program_with_helpers_ends_by_itself(case: tuple[str, str], tmp_path: Path) -> None:
    """Its own handler decides."""
    outcome = settle(tmp_path, *case)
    assert (outcome.stops, outcome.sure) == ("yes", True), outcome.why


WORKERS = "import multiprocessing, signal, sys\ndone = multiprocessing.Event()\ndef work():\n    while not done.wait(1): pass\nsignal.signal(signal.SIGTERM, {})\nif __name__ == '__main__':\n    p = {}\n    p.start()\n    p.join()\n"


@pytest.mark.parametrize(
    ("handler", "made", "stops"),
    [
        ("lambda *_: sys.exit()", "multiprocessing.Process(target=work)", "unknown"),
        ("lambda *_: sys.exit()", "multiprocessing.Process(target=work, daemon=True)", "yes"),
        ("lambda *_: p.terminate()", "multiprocessing.Process(target=work)", "yes"),
        ("lambda *_: done.set()", "multiprocessing.Process(target=work)", "yes"),
    ],
)
def test_python_waits_for_workers_that_get_no_signal(handler: str, made: str, stops: str, tmp_path: Path) -> None:
    """Measured: a handler that only raises SystemExit waits for them for ever, unless they are daemons."""
    outcome = settle(tmp_path, "a.py", WORKERS.format(handler, made))
    assert (outcome.stops, outcome.sure) == (stops, stops == "yes"), outcome.why


THREADS = (
    "import signal, sys, threading, time\ndone = threading.Event()\ndef work():\n    {}\nsignal.signal(signal.SIGTERM, {})\n"
    "threading.Thread(target=work{}).start()\nwhile True:\n    time.sleep(1)\n"
)
LOOP = "while True: time.sleep(1)"
EXITS = "lambda *_: sys.exit()"


@pytest.mark.parametrize(
    ("body", "handler", "more", "stops"),
    [
        (LOOP, EXITS, "", "unknown"),
        (LOOP, EXITS, ", daemon=True", "yes"),
        (LOOP, "lambda *_: done.set()", "", "no"),
        ("time.sleep(1)", EXITS, "", "yes"),
    ],
)
def test_python_waits_for_threads_that_nothing_tells(
    body: str, handler: str, more: str, stops: str, tmp_path: Path
) -> None:
    """Measured: SystemExit in the main thread, and an endless thread that is no daemon, keep it for ever."""
    outcome = settle(tmp_path, "a.py", THREADS.format(body, handler, more))
    assert (outcome.stops, outcome.sure) == (stops, stops != "unknown"), outcome.why


def test_a_program_that_only_waits_for_one_that_ends_is_no_launcher(tmp_path: Path) -> None:
    """It ends with it."""
    text = "import subprocess\nsubprocess.run(['true'])\n"
    assert settle(tmp_path, "a.py", text, "tini --").stops == "yes"


def test_without_a_handler_pid_1_ignores_the_signal_whatever_it_starts(tmp_path: Path) -> None:
    """As PID 1 node doesn't end; below an init it does, and what it started is killed."""
    text = "const { spawn } = require('child_process');\nspawn('node', ['b.js'], { stdio: 'inherit' });\n"
    assert settle(tmp_path, "a.js", text).stops == "no"
    assert settle(tmp_path, "a.js", text, "tini --").stops == "unknown"
