"""The experiment that started this project, and its variations, on a real engine.

Each project under tests/fixtures/engine is built as it is and shows its fault: a zombie, or a stop that takes
the whole grace period. initlint reports that fault, and what it writes makes it go away, while the program
sees the same arguments, user, environment and working directory as before.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from docker.errors import APIError

from .containers import GRACE, SOON, Engine, Running, wait_until

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests/fixtures/engine"

TINI = "RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*\n"


@dataclass(frozen=True)
class Case:
    """A project with a fault.

    ``cure`` holds the replacements (file, old, new) that a person would make. They prove on the engine that
    design and documentation ask for the right thing, whatever initlint writes.
    """

    name: str
    codes: frozenset[str]
    zombies: bool
    cure: tuple[tuple[str, str, str], ...]

    def __str__(self) -> str:
        return self.name


CASES = [
    Case(
        "python-cmd",
        frozenset({"IL101", "IL102"}),
        zombies=True,
        cure=(("Dockerfile", "CMD", f'{TINI}ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD'),),
    ),
    # dash stays PID 1, so it reaps (while it waits for the program) and keeps the signal to itself. With `exec`
    # alone the program would be PID 1, and the zombies would come: the cure needs both.
    Case(
        "shell-form",
        frozenset({"IL103"}),
        zombies=False,
        cure=(("Dockerfile", "CMD", f'{TINI}ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD exec'),),
    ),
    Case(
        "entrypoint-script",
        frozenset({"IL103"}),
        zombies=False,
        cure=(
            ("docker-entrypoint.sh", '\n"$@"', '\nexec "$@"'),
            ("Dockerfile", "ENTRYPOINT [", f'{TINI}ENTRYPOINT ["/usr/bin/tini", "--", '),
        ),
    ),
    Case(
        "user",
        frozenset({"IL101", "IL102"}),
        zombies=True,
        cure=(
            ("Dockerfile", "USER app\n", f"{TINI}USER app\n"),
            ("Dockerfile", "CMD", 'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD'),
        ),
    ),
    Case(
        "two-stage",
        frozenset({"IL101", "IL102"}),
        zombies=True,
        cure=(
            ("Dockerfile", " python3 &&", " python3 tini &&"),
            ("Dockerfile", "CMD", 'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD'),
        ),
    ),
    Case(
        "own-entrypoint",
        frozenset({"IL101", "IL102"}),
        zombies=True,
        cure=(
            ("Dockerfile", "USER ", f"{TINI}USER "),
            ("Dockerfile", "CMD", 'ENTRYPOINT ["/usr/bin/tini", "--", "docker-entrypoint.sh"]\nCMD'),
        ),
    ),
]

#: `docker run IMAGE other-command`: the image's own start command, another one, and one that only the base's
#: entrypoint script understands.
COMMANDS = {
    "python-cmd": ("python", "-u", "app.py", "--other", "a b"),
    "entrypoint-script": ("python", "-u", "app.py", "--other", "a b"),
    "user": ("python", "/home/app/app.py"),
    "own-entrypoint": ("--no-warnings", "server.js"),
}

each_case = pytest.mark.parametrize("case", CASES, ids=str)


def initlint(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("INITLINT_")}
    command = [sys.executable, "-m", "initlint", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=60)


def check(project: Path) -> list[dict[str, Any]]:
    done = initlint("check", "--output-format", "json", cwd=project)
    assert done.returncode in (0, 1), done.stderr
    findings: list[dict[str, Any]] = json.loads(done.stdout)
    assert done.returncode == (1 if findings else 0)
    return findings


def codes(findings: list[dict[str, Any]]) -> set[str]:
    return {finding["code"] for finding in findings}


def fix(project: Path, *options: str) -> None:
    """Let initlint fix it, with safe fixes alone; a second run changes nothing, and nothing is left to report."""
    done = initlint("fix", "--write", *options, cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    written = content(project)
    again = initlint("fix", "--write", *options, cwd=project)
    assert again.returncode == 0, again.stdout + again.stderr
    assert content(project) == written
    assert check(project) == []


def content(project: Path) -> dict[str, tuple[int, bytes]]:
    files = (path for path in sorted(project.rglob("*")) if path.is_file())
    return {str(path.relative_to(project)): (path.stat().st_mode, path.read_bytes()) for path in files}


def cure_by_hand(case: Case, project: Path) -> None:
    for file, old, new in case.cure:
        path = project / file
        before, found, after = path.read_text().rpartition(old)
        assert found, f"{file} has no {old!r}"
        path.write_text(before + new + after)


def project_of(name: str, tmp_path: Path) -> Path:
    """A copy of a fixture, with those of the shared programs that its Dockerfile copies."""
    project = tmp_path / name
    shutil.copytree(FIXTURES / name, project)
    dockerfile = (project / "Dockerfile").read_text()
    for program in (FIXTURES / "programs").iterdir():
        if program.name in dockerfile:
            shutil.copy(program, project)
    return project


@pytest.fixture
def project(case: Case, tmp_path: Path) -> Path:
    return project_of(case.name, tmp_path)


def assert_reaps_and_stops(running: Running) -> None:
    running.wait_for("orphan ended")
    running.wait_for_no_zombie()
    assert running.stop() < SOON
    assert running.exit_code() == 143


@each_case
def test_the_fault_is_real(case: Case, project: Path, engine: Engine) -> None:
    """The image as it is leaves a zombie, or lets `docker stop` wait for nothing."""
    running = engine.run(engine.build(project))
    running.wait_for("orphan ended")
    if case.zombies:
        assert "<defunct>" in running.wait_for_zombie()[0]
    else:
        running.wait_for_no_zombie()
    assert running.stop() >= GRACE
    assert running.exit_code() == 137


@each_case
def test_the_cure_by_hand_works(case: Case, project: Path, engine: Engine) -> None:
    """What design.md has initlint write does what it is for."""
    commands = [(), COMMANDS[case.name]] if case.name in COMMANDS else [()]
    image = engine.build(project)
    before = [engine.run(image, *command).main_program() for command in commands]
    cure_by_hand(case, project)
    image = engine.build(project)
    cured = [engine.run(image, *command) for command in commands]
    assert [running.main_program() for running in cured] == before
    for running in cured:
        assert_reaps_and_stops(running)


@each_case
def test_check_reports_it(case: Case, project: Path) -> None:
    findings = check(project)
    assert codes(findings) == case.codes
    assert {finding["filename"] for finding in findings} <= set(content(project))
    assert all(finding["fix"]["applicability"] == "safe" for finding in findings)


@each_case
def test_fix_cures_it(case: Case, project: Path, engine: Engine) -> None:
    """The fixed image leaves no zombie, stops at once, and its program notices no difference."""
    before = engine.run(engine.build(project)).main_program()
    fix(project)
    fixed = engine.run(engine.build(project))
    assert fixed.main_program() == before
    assert_reaps_and_stops(fixed)


@pytest.mark.parametrize("init", ["dumb-init", "pyinit"])
@pytest.mark.parametrize("case", [case for case in CASES if case.name != "own-entrypoint"], ids=str)
def test_another_init_cures_it(case: Case, init: str, project: Path, engine: Engine) -> None:
    """From Debian's package, or as a file beside the Dockerfile that the image's own python3 runs."""
    before = engine.run(engine.build(project)).main_program()
    fix(project, "--init", init)
    fixed = engine.run(engine.build(project))
    assert fixed.main_program() == before
    assert_reaps_and_stops(fixed)
    assert (project / "pyinit.py").exists() is (init == "pyinit")


@pytest.mark.parametrize("case", [case for case in CASES if case.name in COMMANDS], ids=str)
def test_another_command_still_runs(case: Case, project: Path, engine: Engine) -> None:
    """`docker run IMAGE other-command` starts what it started before the fix, now with an init."""
    command = COMMANDS[case.name]
    before = engine.run(engine.build(project), *command).main_program()
    fix(project)
    image = engine.build(project)
    fixed = engine.run(image, *command)
    assert fixed.main_program() == before
    assert_reaps_and_stops(fixed)
    assert engine.run(image, "sh", "-c", "exit 7").exit_code() == 7


# What a shell does with its last command depends on the shell and on where it reads the command from.
PID1 = {
    "python-cmd": "python",
    "shell-form": "sh",
    "entrypoint-script": "sh",
    "user": "python",
    "two-stage": "python3",
    "own-entrypoint": "node",
    "background-exec": "python",
    "background-server": "sh",
    "background-worker": "python",
    "busybox-shell": "sleep",
}


@pytest.mark.parametrize("name", PID1)
def test_pid1_on_the_engine(name: str, tmp_path: Path, engine: Engine) -> None:
    running = engine.run(engine.build(project_of(name, tmp_path)))
    wait_until(running.container.logs, "the first output")
    wait_until(lambda: running.pid1() == PID1[name], f"{PID1[name]} as PID 1")


@pytest.mark.parametrize("name", PID1)
def test_trace_names_the_pid1_that_the_engine_has(name: str, tmp_path: Path) -> None:
    done = initlint("trace", "--output-format", "json", cwd=project_of(name, tmp_path))
    assert done.returncode == 0, done.stderr
    [target] = json.loads(done.stdout)["targets"]
    *_, container = target["containers"]
    [likely] = [outcome for outcome in container["outcomes"] if outcome["likely"]]
    assert (likely["pid1"], likely["stops"]) == (PID1[name], "no")


# `worker & exec server`: the server becomes the worker's parent and knows nothing of it. The zombie belongs to the
# server, not to PID 1, so no init can help; a person has to start the worker in a subshell: `(worker &)`. So IL105
# is reported and carries no fix. What initlint may still do is to put an init in front, for the stop signal.


def test_no_init_helps_where_a_worker_precedes_exec(tmp_path: Path, engine: Engine) -> None:
    """What IL105 says is true: the zombie is there with an init as PID 1, too."""
    image = engine.build(project_of("background-exec", tmp_path))
    alone = engine.run(image)
    assert "<defunct>" in alone.wait_for_zombie()[0]
    assert alone.stop() >= GRACE
    under_init = engine.run(image, init=True)
    assert "<defunct>" in under_init.wait_for_zombie()[0]
    assert under_init.stop() < SOON


def test_a_worker_before_exec_is_reported(tmp_path: Path, engine: Engine) -> None:
    project = project_of("background-exec", tmp_path)
    before = engine.run(engine.build(project)).main_program()
    script = (project / "start.sh").read_text()
    findings = check(project)
    assert "IL105" in codes(findings)
    assert [finding["fix"] for finding in findings if finding["code"] == "IL105"] == [None]

    done = initlint("fix", "--write", cwd=project)
    assert done.returncode == 1, "IL105 remains"
    assert "IL105" in codes(check(project))
    assert (project / "start.sh").read_text() == script
    fixed = engine.run(engine.build(project))
    assert fixed.main_program() == before
    assert "<defunct>" in fixed.wait_for_zombie()[0]
    if "IL102" not in codes(check(project)):
        assert fixed.stop() < SOON


def test_a_worker_that_stays_does_not_keep_the_server_from_its_cure(tmp_path: Path, engine: Engine) -> None:
    """The server's own orphans become zombies and the stop signal is lost: an init in front cures both. That the
    worker's end would go unnoticed (IL105) is still said."""
    project = project_of("background-worker", tmp_path)
    running = engine.run(engine.build(project))
    before = running.main_program()
    running.wait_for("orphan ended")
    assert "<defunct>" in running.wait_for_zombie()[0]
    assert running.stop() >= GRACE
    assert codes(check(project)) == {"IL102", "IL105"}

    script = (project / "start.sh").read_text()
    assert initlint("fix", "--write", cwd=project).returncode == 1, "IL105 remains"
    assert codes(check(project)) == {"IL105"}
    assert (project / "start.sh").read_text() == script
    fixed = engine.run(engine.build(project))
    assert fixed.main_program() == before
    assert_reaps_and_stops(fixed)


# `worker & server`: the shell stays PID 1. It reaps the worker, and keeps the stop signal from the server. `exec`
# would make the worker the server's child (the case above), and an init in front would end the shell and with it
# the server, which is then killed without ever getting the signal. So IL103 is reported and nothing is written
# by safe fixes.


def test_a_worker_beside_a_server_keeps_the_signal_from_it(tmp_path: Path, engine: Engine) -> None:
    running = engine.run(engine.build(project_of("background-server", tmp_path)))
    running.main_program()
    running.wait_for("worker done")
    running.wait_for_no_zombie("worker.py")
    assert running.stop() >= GRACE
    assert running.exit_code() == 137


def test_a_worker_beside_a_server_is_reported(tmp_path: Path) -> None:
    project = project_of("background-server", tmp_path)
    before = content(project)
    findings = check(project)
    assert codes(findings) == {"IL103"}
    assert all(finding["fix"] is None or finding["fix"]["applicability"] == "unsafe" for finding in findings)
    assert initlint("fix", "--write", cwd=project).returncode == 1
    assert content(project) == before


@pytest.mark.parametrize("name", ["background-exec", "background-server"])
def test_a_worker_in_a_subshell_is_reaped_by_an_init(name: str, tmp_path: Path, engine: Engine) -> None:
    """The cure that a person has to write: the worker's parent ends, the worker becomes PID 1's, and the init reaps it."""
    project = project_of(name, tmp_path)
    before = engine.run(engine.build(project)).main_program()
    script = project / "start.sh"
    script.write_text(script.read_text().replace("python worker.py &", "(python worker.py &)").replace("exec ", ""))
    script.write_text(script.read_text().replace("\npython server", "\nexec python server"))
    dockerfile = project / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("CMD", f'{TINI}ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD'))
    cured = engine.run(engine.build(project))
    assert cured.main_program() == before
    cured.wait_for("worker done")
    cured.wait_for_no_zombie("worker.py")
    assert cured.stop() < SOON
    assert check(project) == []


# The Dockerfile that people copy from blog posts. Its three traps hide one another: each shows when the one
# before it is gone.


@pytest.fixture
def blog_post(tmp_path: Path) -> Path:
    project = project_of("blog-post", tmp_path)
    (project / "tini").write_bytes(Path("/usr/bin/tini").read_bytes())  # as downloaded: nobody may execute it
    (project / "tini").chmod(0o644)
    return project


def test_the_blog_post_has_three_traps(blog_post: Path, engine: Engine) -> None:
    dockerfile = blog_post / "Dockerfile"

    # 1. What looks like JSON is shell form, with a quote too many for sh.
    running = engine.run(engine.build(blog_post))
    assert running.exit_code() == 2
    assert b"Unterminated quoted string" in running.container.logs()

    # 2. tini isn't executable.
    dockerfile.write_text(dockerfile.read_text().replace('"--""', '"--"'))
    container = engine.create(engine.build(blog_post))
    with pytest.raises(APIError, match="permission denied"):
        container.start()

    # 3. A Python file without `#!`: tini runs it with sh.
    dockerfile.write_text(dockerfile.read_text().replace("ADD tini /\n", "ADD tini /\nRUN chmod +x /tini\n"))
    running = engine.run(engine.build(blog_post))
    assert running.exit_code() == 2
    assert running.events() == []

    # Without the three it works.
    script = blog_post / "test.sh"
    script.write_text("#!/usr/bin/env python3\n" + script.read_text())
    running = engine.run(engine.build(blog_post))
    running.main_program()
    assert running.stop() < SOON


def test_all_three_traps_are_reported(blog_post: Path) -> None:
    """One look finds what takes three builds to find."""
    found = codes(check(blog_post))
    assert {"IL301", "IL307"} <= found
    assert found & {"IL204", "IL306"}


def test_the_blog_post_starts_once_it_is_fixed(blog_post: Path, engine: Engine) -> None:
    """Its fix changes what runs, from nothing to something: it needs --unsafe-fixes. What is left is said."""
    done = initlint("fix", "--write", "--unsafe-fixes", cwd=blog_post)
    left = codes(check(blog_post))
    assert left <= {"IL307"}
    assert done.returncode == (1 if left else 0), done.stdout + done.stderr
    if left:  # nobody but the author knows which interpreter the file is for
        script = blog_post / "test.sh"
        script.write_text("#!/usr/bin/env python3\n" + script.read_text())
        initlint("fix", "--write", "--unsafe-fixes", cwd=blog_post)
    assert check(blog_post) == []
    running = engine.run(engine.build(blog_post))
    running.main_program()
    assert running.stop() < SOON


# The example that the README begins with: two images, one fault each.

PUT = """
from urllib.request import Request, urlopen
urlopen(Request("http://127.0.0.1:8000/a.png", data=b"picture", method="PUT"), timeout=10)
"""


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "examples/web", tmp_path / "web"))


def put_a_picture(web: Running) -> None:
    wait_until(lambda: web.container.exec_run(["python", "-c", PUT]).exit_code == 0, "the server's answer")
    wait_until(lambda: web.container.exec_run(["test", "-s", "pictures/a.png.gz"]).exit_code == 0, "a packed picture")


def hand_a_picture_to(worker: Running) -> None:
    assert worker.container.exec_run(["sh", "-c", "mkdir -p pictures && echo picture > pictures/a.png"]).exit_code == 0
    wait_until(
        lambda: worker.container.exec_run(["test", "-s", "pictures/a.png.gz"]).exit_code == 0, "a packed picture"
    )


def test_the_example_has_its_faults(example: Path, engine: Engine) -> None:
    web = engine.run(engine.build(example))
    put_a_picture(web)
    assert web.stop() >= GRACE

    worker = engine.run(engine.build(example, dockerfile="Dockerfile.worker"))
    hand_a_picture_to(worker)
    assert "<defunct>" in worker.wait_for_zombie()[0]
    assert worker.stop() >= GRACE


def test_the_example_is_fixed(example: Path, engine: Engine) -> None:
    assert codes(check(example)) == {"IL101", "IL102", "IL103"}
    fix(example)

    web = engine.run(engine.build(example))
    put_a_picture(web)
    web.wait_for_no_zombie("gzip")
    assert web.stop() < SOON

    worker = engine.run(engine.build(example, dockerfile="Dockerfile.worker"))
    hand_a_picture_to(worker)
    worker.wait_for_no_zombie("gzip")
    assert worker.stop() < SOON
