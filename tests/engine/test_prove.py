"""`initlint prove`: containers built, run, left an orphan and stopped, and the result beside the trace."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from .containers import Engine, wait_until

FIXTURES = Path(__file__).parents[1] / "fixtures/engine"
APP = (FIXTURES / "programs/app.py").read_text()
TINI = "RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*\n"
IDLE = "import time\nwhile True:\n    time.sleep(60)\n"

PROJECTS: dict[str, dict[str, str | bytes]] = {
    "python": {"Dockerfile": 'FROM python:3\nCOPY app.py /\nCMD ["python", "/app.py"]\n', "app.py": APP},
    "shell": {"Dockerfile": "FROM python:3\nCOPY app.py /\nCMD python /app.py\n", "app.py": APP},
    "tini": {
        "Dockerfile": f'FROM python:3\n{TINI}COPY app.py /\nENTRYPOINT ["tini", "--"]\nCMD ["python", "/app.py"]\n',
        "app.py": APP,
    },
    # the shell ends by the signal, tini with it, and the kernel kills python
    "tini-shell": {
        "Dockerfile": f'FROM python:3\n{TINI}COPY app.py /\nENTRYPOINT ["tini", "--"]\nCMD python /app.py\n',
        "app.py": APP,
    },
    "scratch": {
        "Dockerfile": 'FROM scratch\nCOPY sleep /\nCMD ["/sleep", "1000"]\n',
        "sleep": Path("/bin/busybox").read_bytes() if Path("/bin/busybox").exists() else b"",
    },
    "ends": {"Dockerfile": 'FROM busybox\nCMD ["echo", "that is all"]\n'},
    "build-fails": {"Dockerfile": "FROM busybox\nRUN echo no luck && false\nCMD sleep 1\n"},
    "no-base": {"Dockerfile": "FROM busybox:of-another-planet\nCMD sleep 1\n"},
    "two": {"Dockerfile": 'FROM busybox\nCMD ["sleep", "1000"]\nFROM scratch\nCOPY --from=busybox /bin/busybox /sleep\nCMD ["/sleep", "1"]\n'},
    # Python runs a file of that name first: nothing in the start command tells.
    "surprise": {
        "Dockerfile": 'FROM python:3\nENV PYTHONPATH=/lib/own\nCOPY sitecustomize.py /lib/own/\nCOPY app.py /\nCMD ["python", "/app.py"]\n',
        "sitecustomize.py": "import signal, sys\nsignal.signal(17, signal.SIG_IGN)\nsignal.signal(15, lambda *_: sys.exit(0))\n",
        "app.py": IDLE,
    },
    "dies-of-orphans": {
        "Dockerfile": 'FROM python:3\nCOPY app.py /\nCMD ["python", "/app.py"]\n',
        "app.py": f"import os, signal\nsignal.signal(signal.SIGCHLD, lambda *_: os._exit(3))\n{IDLE}",
    },
}  # fmt: skip


FROM_FIXTURES = ("entrypoint-script", "background-worker")


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(0o755)
    _set_apart(folder)


def _set_apart(project: Path) -> None:
    """Have a project share no layers with others that are built, and removed, at the same time."""
    dockerfile = project / "Dockerfile"
    text = re.sub(r"^(FROM [\w:]+)$", rf"\1\nENV CASE={project.name}", dockerfile.read_text(), flags=re.MULTILINE)
    dockerfile.write_text(text)


def prove(cwd: Path, *arguments: str, first: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, after Python that changes what it finds."""
    code = f"import sys; from initlint.cli import run\n{first}\nsys.exit(run(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "prove", "--grace", "2", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=90)


# Where this machine's namespaces can't be used: as for someone who isn't root, and for an engine elsewhere.
ELSEWHERE = "from initlint.lab import engine_orphan, engine_run; engine_run.is_here = lambda pid, container: False"
ALONE = f"{ELSEWHERE}; engine_orphan._with_shell = lambda engine, container: [container.attrs['Image']]"

Proofs = dict[str, "Future[subprocess.CompletedProcess[str]]"]


@pytest.fixture(scope="module")
def proofs(session_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proofs]:
    """All projects, proven side by side: most of the time is spent waiting."""
    folder = tmp_path_factory.mktemp("proofs")
    for name, files in PROJECTS.items():
        write(folder / name, files)
    for name in FROM_FIXTURES:
        shutil.copytree(FIXTURES / name, folder / name)
        for program in (FIXTURES / "programs").iterdir():
            shutil.copy(program, folder / name)
        _set_apart(folder / name)
    for name in ("elsewhere", "alone"):
        write(folder / name, PROJECTS["scratch"])
    targets = {name: name for name in (*PROJECTS, *FROM_FIXTURES)}
    targets |= {"image": "docker-daemon:busybox", "no-image": "docker-daemon:of/another:planet"}
    with ThreadPoolExecutor(10) as pool:
        found = {
            name: pool.submit(prove, folder, "--output-format", "json", target) for name, target in targets.items()
        }
        for name, first in (("elsewhere", ELSEWHERE), ("alone", ALONE)):
            found[name] = pool.submit(prove, folder, "--output-format", "json", name, first=first)
        yield found


def told(proofs: Proofs, name: str) -> tuple[int, list[dict[str, Any]]]:
    done = proofs[name].result()
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)["containers"]


@pytest.mark.parametrize(
    ("name", "pid1", "reaps", "stops"),
    [
        ("python", "python", "no", "no"),
        ("shell", "sh", "yes", "no"),
        ("tini", "tini", "yes", "yes"),
        ("tini-shell", "tini", "yes", "no"),
        ("scratch", "sleep", "no", "no"),
        ("entrypoint-script", "sh", "yes", "no"),
        ("background-worker", "python", "no", "no"),
    ],
)
def test_measured_and_predicted_agree(name: str, pid1: str, reaps: str, stops: str, proofs: Proofs) -> None:
    code, [container] = told(proofs, name)
    measured = container["measured"]
    assert (measured["pid1"], measured["reaps"], measured["stops"]) == (pid1, reaps, stops)
    assert (code, container["agrees"], container["differences"]) == (0, True, [])


def test_a_signal_that_works_is_quick(proofs: Proofs) -> None:
    _, [quick] = told(proofs, "tini")
    assert (quick["measured"]["seconds"] < 2, quick["measured"]["exit_code"]) == (True, 143)
    _, [slow] = told(proofs, "python")
    assert (slow["measured"]["seconds"] >= 2, slow["measured"]["exit_code"]) == (True, 137)


def test_a_program_that_the_kernel_kills_was_not_stopped(proofs: Proofs) -> None:
    """PID 1 ends at once, and what it should have told dies with it."""
    _, [container] = told(proofs, "tini-shell")
    assert container["measured"]["seconds"] < 2
    assert container["measured"]["notes"] == ["when PID 1 had ended, the kernel killed python"]


def test_a_difference_is_reported(proofs: Proofs) -> None:
    code, [container] = told(proofs, "surprise")
    assert (code, container["agrees"], container["differences"]) == (1, False, ["reaps", "stops"])


def test_a_container_that_ends_at_once(proofs: Proofs) -> None:
    code, [container] = told(proofs, "ends")
    assert (code, container["measured"]["pid1"], container["predicted"]["pid1"]) == (0, "none", "none")
    assert container["measured"]["notes"] == ["it ended by itself, exit code 0", "its output: that is all"]


def test_a_program_that_an_orphan_ends(proofs: Proofs) -> None:
    """Doesn't reap it; the stop signal is tried in a container of its own."""
    _, [container] = told(proofs, "dies-of-orphans")
    assert (container["measured"]["reaps"], container["measured"]["stops"]) == ("no", "no")
    assert "PID 1 ended when the orphan did" in container["measured"]["notes"]


def test_every_container_of_a_file(proofs: Proofs) -> None:
    """An unnamed stage that nothing builds on, too; the last one ends before it has settled, or soon after."""
    _, [first, last] = told(proofs, "two")
    assert (first["measured"]["pid1"], first["differences"]) == ("sleep", [])
    assert last["name"] == "final stage"


def test_an_image_has_no_prediction(proofs: Proofs) -> None:
    code, [container] = told(proofs, "image")
    assert (code, container["predicted"], container["agrees"]) == (0, None, None)
    assert container["measured"]["pid1"] == "none", "a shell without a terminal ends"


@pytest.mark.parametrize(
    ("name", "error", "output"),
    [
        ("build-fails", "the build failed: The command '/bin/sh -c echo no luck && false' returned", "no luck"),
        ("no-base", "the build failed: ", "Step 1/2 : FROM busybox:of-another-planet"),
        ("no-image", "the engine has no such image", ""),
    ],
)
def test_what_cannot_be_built_or_found(name: str, error: str, output: str, proofs: Proofs) -> None:
    code, [container] = told(proofs, name)
    assert (code, container["measured"], container["agrees"]) == (2, None, None)
    assert container["error"].startswith(error)
    assert output in "\n".join(container["output"])


def test_nothing_is_left_on_the_engine(proofs: Proofs, engine: Engine) -> None:
    assert all(future.result() for future in proofs.values())
    assert _ours(engine, "sleep 1000") == []


def test_the_table(tmp_path: Path, session_engine: Engine) -> None:
    write(tmp_path / "ends", PROJECTS["ends"])
    done = prove(tmp_path, "ends")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "ends/Dockerfile  final stage (line 1)",
        "                measured            predicted",
        "  PID 1         none                none",
        "  reaps orphans –                   –",
        "  stops         –                   –",
        "  - it ended by itself, exit code 0",
        "  - its output: that is all",
        "",
        "1 container, 0 differ",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_proof_leaves_no_container(number: int, tmp_path: Path, engine: Engine) -> None:
    command = f"sleep 424{number}"
    write(tmp_path / "waits", {"Dockerfile": f"FROM busybox\nCMD {json.dumps(command.split())}\n"})
    running = subprocess.Popen(
        [sys.executable, "-m", "initlint", "prove", "waits"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip
    wait_until(lambda: _ours(engine, command), "its container")
    running.send_signal(number)
    running.communicate(timeout=15)
    assert running.returncode == 130
    assert _ours(engine, command) == []


def _ours(engine: Engine, command: str) -> list[str]:
    found = engine.client.api.containers(all=True, filters={"label": "io.github.initlint.prove"})
    return [container["Id"] for container in found if container["Command"] == command]


def test_a_sidecar_leaves_the_orphan(proofs: Proofs) -> None:
    """An image without a shell, an engine whose processes can't be seen: another image's shell does it."""
    code, [container] = told(proofs, "elsewhere")
    assert (code, container["measured"]["pid1"], container["measured"]["reaps"]) == (0, "sleep", "no")


def test_without_any_shell_reaping_is_not_measured(proofs: Proofs) -> None:
    code, [container] = told(proofs, "alone")
    assert (code, container["agrees"], container["measured"]["reaps"]) == (0, True, "unknown")
    assert container["measured"]["notes"][0].startswith("reaping is not measured: ")
