"""Where there's no fix, or only an unsafe one: each with its reason."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from initlint.rule import CureStep

from .making import fixed

PYTHON = "RUN apt-get install -y python3\n"
DEBIAN = f"FROM debian:bookworm-slim\n{PYTHON}"
APP = "import subprocess\nsubprocess.run(['true'])\n"
INIT: frozenset[CureStep] = frozenset({"init"})
EXEC: frozenset[CureStep] = frozenset({"exec"})

# name → (files, wanted, a part of the reason)
REFUSED: dict[str, tuple[dict[str, str], frozenset[CureStep], str]] = {
    "a background job": (
        {
            "Dockerfile": f'{DEBIAN}COPY run.sh app.py /\nCMD ["/run.sh"]\n',
            "run.sh*": "#!/bin/sh\npython3 /worker.py &\npython3 /app.py\n",
        },
        EXEC,
        "jobs run in the background",
    ),
    "a pipeline": ({"Dockerfile": f"{DEBIAN}COPY app.py /\nCMD python3 /app.py | tee /log\n"}, EXEC, "pipeline"),
    "a loop": ({"Dockerfile": f"{DEBIAN}CMD while true; do python3 -m http.server; done\n"}, EXEC, "loop"),
    "an or-list": ({"Dockerfile": f"{DEBIAN}COPY app.py /\nCMD python3 /app.py || echo x\n"}, EXEC, "`exec` can't"),
    "a trap": (
        {
            "Dockerfile": f'{DEBIAN}COPY run.sh app.py /\nCMD ["/run.sh"]\n',
            "run.sh*": "#!/bin/sh\ntrap 'echo bye' EXIT\npython3 /app.py\n",
        },
        EXEC,
        "a trap would be lost",
    ),
    "a script in a heredoc that isn't copied as it is": (
        {
            "Dockerfile": f"{DEBIAN}COPY app.py /\nCOPY --chmod=755 <<-EOF /run.sh\n\t#!/bin/sh\n\tpython3 /app.py\nEOF\n"
            'CMD ["/run.sh"]\n'
        },
        EXEC,
        "is written by the build",
    ),
    "an init that is there": (
        {
            "Dockerfile": "FROM debian:bookworm-slim\nRUN apt-get install -y tini python3\nCOPY app.py /\n"
            'ENTRYPOINT ["tini", "--", "python3", "/app.py"]\n'
        },
        INIT,
        "PID 1 does its duties",
    ),
    "systemd": ({"Dockerfile": 'FROM debian:bookworm\nRUN apt-get install -y systemd\nCMD ["/sbin/init"]\n'}, INIT, ""),
    "a base that isn't known": (
        {"Dockerfile": 'FROM registry.example.com/own/base:7\nCOPY app.py /\nCMD ["python3", "/app.py"]\n'},
        INIT,
        "",
    ),
    "a template": (
        {
            "Dockerfile": 'FROM {{ base }}\nCMD ["python3", "/app.py"]\n'.replace(
                "{{ base }}", "debian\nUSER {{ user }}"
            )
        },
        INIT,
        "template",
    ),
    "stages by number": (
        {
            "Dockerfile": "FROM golang AS a\nRUN go build\nFROM scratch\nCOPY --from=0 /a /python3\nCOPY --from=1 /a /b\n"
            'ENTRYPOINT ["/python3", "-m", "http.server"]\n'
        },
        INIT,
        "--from=1 counts stages",
    ),
    "the build machine's platform": (
        {
            "Dockerfile": 'FROM --platform=$BUILDPLATFORM scratch\nCOPY --from=golang /a /python3\nENTRYPOINT ["/python3", "-m", "http.server"]\n'
        },
        INIT,
        "platform",
    ),
    "npm": (
        {
            "Dockerfile": 'FROM node:20-bookworm\nWORKDIR /app\nCOPY package.json .\nCMD ["npm", "start"]\n',
            "package.json": '{"scripts": {"start": "node server.js"}}',
        },
        frozenset({"exec", "init"}),
        "npm stays in front of node",
    ),
    "a shell that is what runs": (
        {
            "Dockerfile": 'FROM debian:bookworm-slim\nCOPY run.sh /\nCMD ["/run.sh"]\n',
            "run.sh*": "#!/bin/sh\nwhile true; do date; sleep 60; done\n",
        },
        INIT,
        "",
    ),
    "JSON with a variable": ({"Dockerfile": f"{DEBIAN}CMD ['python3', '$APP']\n"}, frozenset({"json"}), "variable"),
    "nothing wanted": ({"Dockerfile": f'{DEBIAN}COPY app.py /\nCMD ["python3", "/app.py"]\n'}, frozenset(), "nothing"),
    "a package that isn't there": (
        {"Dockerfile": 'FROM scratch\nENTRYPOINT ["pid1", "/x"]\n'},
        INIT,
        "",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """No edit is made, and the reason is one plain sentence."""
    monkeypatch.chdir(tmp_path)
    files, wanted, reason = REFUSED[name]
    result = fixed(tmp_path, {"app.py": APP, **files}, wanted=wanted)
    assert reason in result.why
    assert result.why.strip() == result.why and "\n" not in result.why and not result.why.endswith(".")


# name → (files, wanted, a part of the reason)
UNSAFE: dict[str, tuple[dict[str, str], frozenset[CureStep], str]] = {
    "a health check that signals PID 1": (
        {"Dockerfile": f'{DEBIAN}COPY app.py /\nHEALTHCHECK CMD kill -USR1 1 || exit 1\nCMD ["python3", "/app.py"]\n'},
        INIT,
        "HEALTHCHECK in line 4 refers to PID 1 (`kill -USR1 1`)",
    ),
    "a health check's script": (
        {
            "Dockerfile": f'{DEBIAN}COPY app.py check.sh /\nHEALTHCHECK CMD /check.sh\nCMD ["python3", "/app.py"]\n',
            "check.sh*": "#!/bin/sh\n# kill 1 would be wrong\n\ntr '\\0' '\\n' < /proc/1/environ\n",
        },
        INIT,
        "check.sh:4 refers to PID 1",
    ),
    "a script that asks whether it is PID 1": (
        {
            "Dockerfile": f'{DEBIAN}COPY app.py run.sh /\nENTRYPOINT ["/run.sh"]\nCMD ["python3", "/app.py"]\n',
            "run.sh*": '#!/bin/sh\nif [ "$$" -eq 1 ]; then echo first; fi\nexec "$@"\n',
        },
        INIT,
        "run.sh:2 refers to PID 1",
    ),
    "a program that asks whether it is PID 1": (
        {
            "Dockerfile": f'{DEBIAN}COPY app.py /\nCMD ["python3", "/app.py"]\n',
            "app.py": f"import os\n{APP}\nif os.getpid() == 1:\n    print('first')\n",
        },
        INIT,
        "app.py:5 refers to PID 1",
    ),
    "a module that signals PID 1": (
        {
            "Dockerfile": f'{DEBIAN}COPY app.py helper.py /\nCMD ["python3", "/app.py"]\n',
            "app.py": f"import helper\n{APP}",
            "helper.py": "import os\ndef reload():\n    os.kill(1, 1)\n",
        },
        INIT,
        "helper.py:3 refers to PID 1",
    ),
    "a sourced script that asks whether it is PID 1": (
        {
            "Dockerfile": f'{DEBIAN}COPY app.py run.sh lib.sh /\nENTRYPOINT ["/run.sh"]\nCMD ["python3", "/app.py"]\n',
            "run.sh*": '#!/bin/sh\n. /lib.sh\nexec "$@"\n',
            "lib.sh": 'first() {\n  [ "$$" -eq 1 ]\n}\n',
        },
        INIT,
        "lib.sh:2 refers to PID 1",
    ),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The fix is there for those who consent, and names the place."""
    monkeypatch.chdir(tmp_path)
    files, wanted, reason = UNSAFE[name]
    result = fixed(tmp_path, {"app.py": APP, **files}, wanted=wanted)
    assert result.applicability == "unsafe", result.fix
    assert reason in result.message


def test_logs_to_the_files_of_pid_1_are_no_danger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An init has the same standard output as the program that it starts."""
    monkeypatch.chdir(tmp_path)
    dockerfile = f'{DEBIAN}RUN ln -sf /proc/1/fd/1 /var/log/x\nCOPY app.py /\nCMD ["python3", "/app.py"]\n'
    assert fixed(tmp_path, {"Dockerfile": dockerfile, "app.py": APP}).applicability == "safe"


SCRIPT = {
    "ctx/run.sh*": "#!/bin/sh\npython3 /app.py\n",
    "ctx/app.py": APP,
}


def script_project(folder: Path) -> dict[str, str]:
    return {"Dockerfile": f'{DEBIAN}COPY ctx/app.py ctx/run.sh /\nCMD ["/run.sh"]\n', **SCRIPT}


@pytest.mark.skipif(shutil.which("git") is None, reason="git isn't here")
def test_a_script_that_git_ignores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It's generated by something: the edit would be lost."""
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q", "."], check=True)
    result = fixed(tmp_path, {**script_project(tmp_path), ".gitignore": "run.sh\n"})
    assert result.why.endswith("ctx/run.sh is ignored by git")


@pytest.mark.skipif(shutil.which("git") is None, reason="git isn't here")
def test_a_script_in_a_submodule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It's another project's file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    project = {**script_project(tmp_path), "ctx/.git": "gitdir: ../.git/modules/ctx\n"}
    assert "submodule" in fixed(tmp_path, project).why


@pytest.mark.parametrize("link", ["ctx/run.sh", "ctx"])
def test_a_script_behind_a_symlink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: str) -> None:
    """Nothing is written through a link: another name of the file may be meant for something else."""
    monkeypatch.chdir(tmp_path)
    project = script_project(tmp_path)
    first = fixed(tmp_path, project)
    assert set(first.files) == {"Dockerfile", "ctx/run.sh"}
    os.rename(link, "real")
    os.symlink("../real" if "/" in link else "real", link)
    result = fixed(tmp_path, {"Dockerfile": project["Dockerfile"]})
    assert result.files == {}


def test_exec_alone_is_unsafe_where_the_shell_reaped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shell did for orphans nobody would do, when no init can be had."""
    monkeypatch.chdir(tmp_path)
    dockerfile = (
        "FROM registry.example.com/own/base:7\nRUN apt-get install -y redis\nENTRYPOINT []\n"
        "CMD redis-server --port $PORT\n"
    )
    result = fixed(tmp_path, {"Dockerfile": dockerfile}, wanted=EXEC, init="pid1")
    if isinstance(result.fix, str):
        pytest.skip(result.fix)
    assert result.applicability == "unsafe"


@pytest.mark.parametrize(
    ("init", "expected"),
    [("tini", "apt-get install -y python3 tini\n"), ("dumb-init", "apt-get install -y python3 dumb-init\n")],
)
def test_the_init_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, init: str, expected: str) -> None:
    """Another one that is there isn't taken in its place."""
    monkeypatch.chdir(tmp_path)
    dockerfile = f'{DEBIAN}COPY app.py /\nCMD ["python3", "/app.py"]\n'
    result = fixed(tmp_path, {"Dockerfile": dockerfile, "app.py": APP}, init=init)
    assert expected in result.dockerfile.decode()
    assert f'ENTRYPOINT ["/usr/bin/{init}", "--"]' in result.dockerfile.decode()
