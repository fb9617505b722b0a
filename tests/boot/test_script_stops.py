"""Whether a Node, Ruby, Perl or PHP program ends on the stop signal: said of a text, and seen of it as PID 1."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
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
START = {
    "node": ("node:22", "a.js", "require('fs').writeFileSync('ready', '');\n"),
    "ruby": ("ruby:3.3", "a.rb", "File.write('ready', '')\n"),
    "perl": ("debian:bookworm", "a.pl", "open(my $f, '>', 'ready'); close($f);\n"),
    "php": ("php:8.3-cli", "a.php", "<?php touch('ready');\n"),
}
TICKS = "setInterval(() => {}, 1000);\n"
CP = "const cp = require('child_process');\n"

# What it does, whether it ends on the signal by itself, and what is said.
MEASURED: dict[str, tuple[str, str, bool, str]] = {
    "Node exits": ("node", "process.on('SIGTERM', () => process.exit(0));\n" + TICKS, True, "yes"),
    "Node exits in a function": ("node", "function stop() { console.log('x'); process.exit(0) }\nprocess.on('SIGTERM', stop);\n" + TICKS, True, "yes"),
    "Node clears what keeps it": ("node", "const t = setInterval(() => {}, 1000);\nprocess.on('SIGTERM', () => clearInterval(t));\n", True, "yes"),
    "Node logs": ("node", "process.on('SIGTERM', () => console.log('x'));\n" + TICKS, False, "no"),
    "Node logs in a function": ("node", "function stop(s) { console.log(s) }\nprocess.on('SIGTERM', stop);\n" + TICKS, False, "no"),
    "Node sets its status": ("node", "process.on('SIGTERM', () => { console.log('x'); process.exitCode = 1 });\n" + TICKS, False, "no"),
    "Node signals itself": ("node", "process.once('SIGTERM', s => { console.log(s); process.kill(process.pid, s) });\n" + TICKS, False, "no"),
    "Node signals itself by name": ("node", "process.once('SIGTERM', () => process.kill(process.pid, 'SIGTERM'));\n" + TICKS, False, "no"),
    "Node kills itself": ("node", "process.on('SIGTERM', () => process.kill(process.pid, 'SIGKILL'));\n" + TICKS, False, "no"),
    "Node is busy": ("node", "process.on('SIGTERM', () => process.exit(0));\nwhile (true) {}\n", False, "no"),
    "Node waits for a line": ("node", CP + "process.on('SIGTERM', () => process.exit(0));\ncp.execSync('sleep 60');\n", False, "unknown"),
    "Node waits for a program": (
        "node", "process.on('SIGTERM', () => process.exit(0));\nrequire('child_process').spawnSync('sleep', ['60']);\n", False, "unknown"),
    "Node tells its child at its exit": (
        "node", CP + "const c = cp.spawn('sleep', ['60']);\nprocess.on('exit', () => c.kill());\n", False, "no"),
    "Ruby runs a line": ("ruby", "system('sleep 60')\n", True, "unknown"),
    "Ruby reads a line": ("ruby", "puts `sleep 60`\n", True, "unknown"),
    "Ruby kills itself": ("ruby", "trap('TERM') { Process.kill('KILL', Process.pid) }\nsleep\n", False, "no"),
    "Ruby signals itself": ("ruby", "trap('TERM') { trap('TERM', 'SYSTEM_DEFAULT'); Process.kill('TERM', $$) }\nloop { sleep 1 }\n", False, "no"),
    "Perl runs a line": ("perl", "$SIG{TERM} = sub { exit 0 };\nsystem('sleep 60');\n", True, "unknown"),
    "Perl reads a line": ("perl", "$SIG{TERM} = sub { exit 0 };\nprint `sleep 60`;\n", True, "unknown"),
    "Perl signals itself": ("perl", "$SIG{TERM} = sub { $SIG{TERM} = 'DEFAULT'; kill('TERM', $$) };\nsleep 1 while 1;\n", False, "no"),
    "Perl exits": ("perl", "$SIG{TERM} = sub { print 'x'; exit 0 };\nsleep 1 while 1;\n", True, "yes"),
}  # fmt: skip


def settled(folder: Path, title: str, front: str = "") -> Outcome:
    language, text, _, _ = MEASURED[title]
    image, name, head = START[language]
    (folder / name).write_text(head + text)
    lines = f"FROM {image}\nRUN apt-get update && apt-get install -y tini\nWORKDIR /app\nCOPY . .\nENTRYPOINT []\n"
    (folder / "Dockerfile").write_text(f'{lines}CMD [{front}"{language}", "{name}"]\n')
    files = HostFiles()
    return examine(files.source(str(folder / "Dockerfile")), files).subjects[-1].likely


@pytest.mark.parametrize("title", MEASURED)
def test_says_what_becomes_of_it(title: str, tmp_path: Path) -> None:
    """It is sure of a yes and of a no."""
    stops = MEASURED[title][3]
    outcome = settled(tmp_path, title)
    assert (outcome.stops, outcome.sure) == (stops, stops != "unknown"), outcome.why


@pytest.mark.parametrize(
    ("title", "stops"), [("Node logs", "no"), ("Node signals itself", "yes"), ("Node is busy", "no")]
)
def test_below_an_init(title: str, stops: str, tmp_path: Path) -> None:
    """Only for PID 1 does the kernel drop what the default action is for."""
    assert settled(tmp_path, title, '"tini", "--", ').stops == stops


def test_a_cluster_that_is_imported_when_it_runs(tmp_path: Path) -> None:
    """What starts children has any name there."""
    (tmp_path / "a.js").write_text("import('cluster').then(c => c.default.fork());\n")
    (tmp_path / "Dockerfile").write_text('FROM node:22\nWORKDIR /app\nCOPY . .\nENTRYPOINT []\nCMD ["node", "a.js"]\n')
    files = HostFiles()
    likely = examine(files.source(str(tmp_path / "Dockerfile")), files).subjects[-1].likely
    assert likely.children == "unknown"
    assert likely.why


GOES_ON = "process.on('SIGTERM', () => console.log(1));\n" + TICKS


@pytest.mark.parametrize(
    ("command", "text", "stops"),
    [
        pytest.param(
            '"ts-node", "a.ts"', "process.on('SIGTERM', () => process.exit(0));\n" + TICKS, "yes", id="ts-node"
        ),
        pytest.param('"ts-node", "-P", "b.json", "a.ts"', TICKS, "no", id="ts-node with options"),
        pytest.param('"ts-node", "a.ts"', GOES_ON, "no", id="ts-node, a handler that ends nothing"),
        pytest.param('"tsx", "a.ts"', TICKS, "yes", id="tsx"),
        pytest.param('"tsx", "a.ts"', GOES_ON, "unknown", id="tsx, a handler that ends nothing"),
        pytest.param('"tsx", "dist/b.ts"', TICKS, "unknown", id="tsx, a file that isn't there"),
    ],
)
def test_typescript_that_is_run_as_it_is(command: str, text: str, stops: str, tmp_path: Path) -> None:
    """Its program decides."""
    (tmp_path / "a.ts").write_text(text)
    lines = "FROM node:22\nRUN npm i -g tsx ts-node\nWORKDIR /app\nCOPY . .\nENTRYPOINT []\n"
    (tmp_path / "Dockerfile").write_text(f"{lines}CMD [{command}]\n")
    files = HostFiles()
    likely = examine(files.source(str(tmp_path / "Dockerfile")), files).subjects[-1].likely
    assert likely.stops == stops, likely.why


@pytest.mark.skipif(bool(WHY_NOT), reason=str(WHY_NOT))
@pytest.mark.parametrize("title", MEASURED)
def test_measured(title: str, tmp_path: Path) -> None:
    """As PID 1 of a namespace of its own, a program ends on SIGTERM as the table has it."""
    language, text, ends, _ = MEASURED[title]
    if shutil.which(language) is None:
        pytest.skip(f"there is no {language}")
    _, name, head = START[language]
    (tmp_path / name).write_text(head + text)
    process = subprocess.Popen(
        ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", language, name],
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
        assert not sleep_until(lambda: process.poll() is not None, 0.7)  # by now it is in its main part
        os.kill(pid1, signal.SIGTERM)
        assert sleep_until(lambda: process.poll() is not None, DEADLINE if ends else STAYS) is ends
    finally:
        process.kill()
        process.wait()
