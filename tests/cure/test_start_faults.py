"""Start commands that can't start, mended byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from .making import fixed

DEBIAN = "FROM debian:bookworm-slim\n"
RUN_SH = "#!/bin/sh\nexec sshd -D\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f'{DEBIAN}COPY run.sh /\nRUN chown -R app /\nCMD ["/run.sh"]\n',
            f'{DEBIAN}COPY run.sh /\nRUN chmod +x /run.sh && chown -R app /\nCMD ["/run.sh"]\n',
        ),
        (
            f'{DEBIAN}COPY run.sh /\nCMD ["/run.sh"]\n',
            f'{DEBIAN}COPY run.sh /\nRUN chmod +x /run.sh\nCMD ["/run.sh"]\n',
        ),
        (
            f'{DEBIAN}USER app\nCOPY run.sh /\nCMD ["/run.sh"]',
            f'{DEBIAN}USER app\nCOPY run.sh /\nUSER root\nRUN chmod +x /run.sh\nUSER app\nCMD ["/run.sh"]',
        ),
        (
            f'# syntax=docker/dockerfile:1\n{DEBIAN}USER app\nCOPY --chown=app run.sh /\nCMD ["/run.sh"]\n',
            f'# syntax=docker/dockerfile:1\n{DEBIAN}USER app\nCOPY --chown=app --chmod=755 run.sh /\nCMD ["/run.sh"]\n',
        ),
        (
            f'{DEBIAN}COPY --chmod=0644 run.sh /\nCMD ["/run.sh"]\n',
            f'{DEBIAN}COPY --chmod=755 run.sh /\nCMD ["/run.sh"]\n',
        ),
        (
            f'# syntax=docker/dockerfile:1\n{DEBIAN}WORKDIR /app\nCOPY . .\nCMD ["./run.sh"]\n',
            f'# syntax=docker/dockerfile:1\n{DEBIAN}WORKDIR /app\nCOPY . .\nRUN chmod +x /app/run.sh\nCMD ["./run.sh"]\n',
        ),
        (
            f'{DEBIAN}COPY ["run.sh", "/my app/"]\nCMD ["/my app/run.sh"]\n',
            (f'{DEBIAN}COPY ["run.sh", "/my app/"]\nRUN chmod +x \'/my app/run.sh\'\nCMD ["/my app/run.sh"]\n'),
        ),
    ],
)
def test_executable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    """The Dockerfile gets it, for a bit in git is lost on the way through other systems."""
    monkeypatch.chdir(tmp_path)
    result = fixed(tmp_path, {"Dockerfile": before, "run.sh": RUN_SH})
    assert result.dockerfile.decode() == after, result.fix
    assert result.applicability == "safe"
    assert set(result.files) == {"Dockerfile"}


def test_crlf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All newlines of the script, since a CR hurts in every line; nothing else."""
    monkeypatch.chdir(tmp_path)
    script = b"#!/bin/sh\r\n# \xff\r\nexec sshd -D\r\nlone \r here"
    result = fixed(tmp_path, {"Dockerfile": f'{DEBIAN}COPY run.sh /\nCMD ["/run.sh"]\n', "run.sh*": script})
    assert result.files == {"run.sh": b"#!/bin/sh\n# \xff\nexec sshd -D\nlone \r here"}
    assert "text eol=lf" in result.message


@pytest.mark.parametrize(
    ("name", "text", "line", "applicability"),
    [
        ("run.sh", "set -e\nexec sshd -D\n", "#!/bin/sh\n", "safe"),
        ("run.sh", "import os\nos.execvp('sshd', ['sshd', '-D'])\n", "#!/usr/bin/env python3\n", "unsafe"),
        ("run.py", "print(1)\n", "#!/usr/bin/env python3\n", "unsafe"),
        ("run.sh", "if [[ -n $X ]]; then exec sshd -D; fi\n", "#!/bin/bash\n", "unsafe"),
    ],
)
def test_shebang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, line: str, applicability: str
) -> None:
    """The interpreter is written where there's no other reading."""
    monkeypatch.chdir(tmp_path)
    dockerfile = f'{DEBIAN}RUN apt-get install -y python3 tini\nCOPY {name} /\nCMD ["/{name}"]\n'
    result = fixed(tmp_path, {"Dockerfile": dockerfile, f"{name}*": text})
    assert result.files[name].decode() == line + text, result.fix
    assert result.applicability == applicability


def test_no_guess(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of any other file it can't be told what it's written for."""
    monkeypatch.chdir(tmp_path)
    result = fixed(tmp_path, {"Dockerfile": f'{DEBIAN}COPY run /\nCMD ["/run"]\n', "run*": "hello\n"})
    assert "can't be told" in result.why


def test_one_fault_behind_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Dockerfile that people copy from blog posts: all its traps in one diff, applied whole."""
    monkeypatch.chdir(tmp_path)
    files = {
        "Dockerfile": 'FROM python:3\n\n# Add Tini\nADD tini /\nENTRYPOINT ["/tini","--""]\n\n'
        'ADD test.sh /root/test.sh\nCMD ["/root/test.sh"]\n',
        "tini": b"\x7fELF\0",
        "test.sh": "import time\ntime.sleep(1000)\n",
    }
    result = fixed(tmp_path, files)
    assert result.dockerfile.decode() == (
        'FROM python:3\n\n# Add Tini\nADD tini /\nRUN chmod +x /tini\nENTRYPOINT ["/tini","--"]\n\n'
        'ADD test.sh /root/test.sh\nRUN chmod +x /root/test.sh\nCMD ["/root/test.sh"]\n'
    ), result.fix
    assert result.files["test.sh"].startswith(b"#!/usr/bin/env python3\nimport time\n")
    assert result.applicability == "unsafe"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('ENTRYPOINT ["tini", "python3", "-c", "x"]', 'ENTRYPOINT ["tini", "--", "python3", "-c", "x"]'),
        ('ENTRYPOINT ["tini","-g","python3","-c","x"]', 'ENTRYPOINT ["tini","-g","--","python3","-c","x"]'),
        (
            'ENTRYPOINT ["tini", "-p", "SIGTERM"]\nCMD ["python3"]',
            'ENTRYPOINT ["tini", "-p", "SIGTERM", "--"]\nCMD ["python3"]',
        ),
        ('ENTRYPOINT [ "dumb-init" ]\nCMD ["sshd", "-D"]', 'ENTRYPOINT [ "dumb-init", "--" ]\nCMD ["sshd", "-D"]'),
    ],
)
def test_separator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    """`--` goes behind the init's own options."""
    monkeypatch.chdir(tmp_path)
    head = f"{DEBIAN}RUN apt-get install -y python3 openssh-server tini dumb-init\n"
    result = fixed(tmp_path, {"Dockerfile": f"{head}{before}\n"}, wanted=frozenset({"separator"}))
    assert result.dockerfile.decode() == f"{head}{after}\n", result.fix
