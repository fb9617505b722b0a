"""Dockerfiles before and after, byte for byte."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from initlint.fixing.apply import apply
from initlint.fixing.diff import unified
from initlint.rule import Fix

from .making import Result, fixed, write_project

APT = "RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*\n"
PYTHON = "RUN apt-get install -y python3\n"
BOTH = "RUN apt-get install -y python3 tini\n"
INIT = 'ENTRYPOINT ["/usr/bin/tini", "--"]\n'
STATIC = "FROM alpine:3.22 AS init\nRUN apk add --no-cache tini-static\n\n"
COPY = "COPY --from=init /sbin/tini-static /usr/bin/tini\n"
APP = "import subprocess\nsubprocess.run(['true'])\n"

# name → (before, after); the projects hold an app.py as well
TABLE: dict[str, tuple[str, str]] = {
    "an array": (
        f'FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nCMD ["python3", "app.py"]\n',
        f'FROM debian:bookworm-slim\n{BOTH}COPY app.py .\n{INIT}CMD ["python3", "app.py"]\n',
    ),
    "shell form with a variable": (
        f"FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nCMD python3 app.py --port $PORT\n",
        f"FROM debian:bookworm-slim\n{BOTH}COPY app.py .\n{INIT}CMD exec python3 app.py --port $PORT\n",
    ),
    "shell form of plain words": (
        f"FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nCMD python3 app.py\n",
        f'FROM debian:bookworm-slim\n{BOTH}COPY app.py .\n{INIT}CMD ["python3", "app.py"]\n',
    ),
    "the last of several commands": (
        f"FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nCMD cd / && python3 app.py\n",
        f"FROM debian:bookworm-slim\n{BOTH}COPY app.py .\n{INIT}CMD cd / && exec python3 app.py\n",
    ),
    "an assignment stays in front of exec": (
        f"FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nCMD A=1 python3 app.py\n",
        f"FROM debian:bookworm-slim\n{BOTH}COPY app.py .\n{INIT}CMD A=1 exec python3 app.py\n",
    ),
    "ENTRYPOINT in shell form": (
        f"FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nENTRYPOINT python3 $OPTS app.py\n",
        (f"FROM debian:bookworm-slim\n{BOTH}COPY app.py .\nENTRYPOINT exec /usr/bin/tini -- python3 $OPTS app.py\n"),
    ),
    "ENTRYPOINT in shell form with exec": (
        f"FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nENTRYPOINT exec python3 $OPTS app.py\n",
        (f"FROM debian:bookworm-slim\n{BOTH}COPY app.py .\nENTRYPOINT exec /usr/bin/tini -- python3 $OPTS app.py\n"),
    ),
    "ENTRYPOINT with arguments in CMD": (
        f'FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nENTRYPOINT ["python3","app.py"]\nCMD ["--x"]\n',
        (
            f"FROM debian:bookworm-slim\n{BOTH}COPY app.py .\n"
            'ENTRYPOINT ["/usr/bin/tini","--","python3","app.py"]\nCMD ["--x"]\n'
        ),
    ),
    "padded arrays": (
        f'FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nENTRYPOINT [ "python3", "app.py" ]\n',
        (
            f"FROM debian:bookworm-slim\n{BOTH}COPY app.py .\n"
            'ENTRYPOINT [ "/usr/bin/tini", "--", "python3", "app.py" ]\n'
        ),
    ),
    "ENTRYPOINT that is reset": (
        f'FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nENTRYPOINT []\nCMD ["python3", "app.py"]\n',
        f'FROM debian:bookworm-slim\n{BOTH}COPY app.py .\n{INIT}CMD ["python3", "app.py"]\n',
    ),
    "no last newline": (
        f'FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nCMD ["python3", "app.py"]',
        f'FROM debian:bookworm-slim\n{BOTH}COPY app.py .\n{INIT}CMD ["python3", "app.py"]',
    ),
    "a BOM": (
        f'\ufeffFROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nCMD ["python3", "app.py"]\n',
        f'\ufeffFROM debian:bookworm-slim\n{BOTH}COPY app.py .\n{INIT}CMD ["python3", "app.py"]\n',
    ),
    "tabs and lower case": (
        'from debian:bookworm-slim\nrun\tapt-get install -y python3\n\tcopy app.py .\n\tcmd\t["python3","app.py"]\n',
        (
            "from debian:bookworm-slim\nrun\tapt-get install -y python3 tini\n"
            '\tcopy app.py .\n\tentrypoint ["/usr/bin/tini","--"]\n\tcmd\t["python3","app.py"]\n'
        ),
    ),
    "continuations that lead with &&": (
        (
            "FROM debian:bookworm-slim\nRUN apt-get update \\\n    && apt-get install -y python3 $MORE \\\n    && rm -rf /x\n"
            'COPY app.py .\nCMD ["python3", "app.py"]\n'
        ),
        (
            "FROM debian:bookworm-slim\nRUN apt-get update \\\n    && apt-get install -y python3 $MORE \\\n    && rm -rf /x\n"
            "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends tini \\\n"
            f'    && rm -rf /var/lib/apt/lists/*\nCOPY app.py .\n{INIT}CMD ["python3", "app.py"]\n'
        ),
    ),
    "continuations that end in &&": (
        (
            "FROM debian:bookworm-slim\nRUN apt-get update && \\\n  apt-get install -y python3 $MORE\n"
            'COPY app.py .\nCMD ["python3", "app.py"]\n'
        ),
        (
            "FROM debian:bookworm-slim\nRUN apt-get update && \\\n  apt-get install -y python3 $MORE\n"
            "RUN apt-get update && \\\n  apt-get install -y --no-install-recommends tini && \\\n"
            f'  rm -rf /var/lib/apt/lists/*\nCOPY app.py .\n{INIT}CMD ["python3", "app.py"]\n'
        ),
    ),
    "a user, packages installed before": (
        f"FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nUSER app\nCMD python3 app.py $X\n",
        f"FROM debian:bookworm-slim\n{BOTH}COPY app.py .\nUSER app\n{INIT}CMD exec python3 app.py $X\n",
    ),
    "a user, nothing installed": (
        'FROM debian:bookworm-slim\n\nUSER 1000:1000\n\nCOPY app.py /\nCMD ["/usr/bin/python3", "/app.py"]\n',
        (
            f"FROM debian:bookworm-slim\n\n{APT}\nUSER 1000:1000\n\nCOPY app.py /\n"
            f'{INIT}CMD ["/usr/bin/python3", "/app.py"]\n'
        ),
    ),
    "an inherited user": (
        (
            "FROM debian:bookworm-slim AS base\nUSER 7\n\n"
            'FROM base\nCOPY app.py /\nCMD ["/usr/bin/python3", "/app.py"]\n'
        ),
        (
            "FROM debian:bookworm-slim AS base\nUSER 7\n\n"
            f"FROM base\nUSER root\n{APT}USER 7\nCOPY app.py /\n"
            f'{INIT}CMD ["/usr/bin/python3", "/app.py"]\n'
        ),
    ),
    # no RUN could go back to it: the other stage's variable has no value here
    "an inherited user that a variable gives": (
        (
            "FROM debian:bookworm-slim AS base\nARG UID=7\nUSER $UID\n\n"
            'FROM base\nCOPY app.py /\nCMD ["/usr/bin/python3", "/app.py"]\n'
        ),
        (
            f"FROM debian:bookworm-slim AS base\nARG UID=7\nUSER $UID\n\n{STATIC}"
            f'FROM base\nCOPY app.py /\n{COPY}{INIT}CMD ["/usr/bin/python3", "/app.py"]\n'
        ),
    ),
    "pragmas stay with their instruction": (
        f"FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\n# start it\n# hadolint ignore=DL3025\nCMD python3 app.py $X\n",
        (
            f"FROM debian:bookworm-slim\n{BOTH}COPY app.py .\n{INIT}"
            "# start it\n# hadolint ignore=DL3025\nCMD exec python3 app.py $X\n"
        ),
    ),
    "a comment inside a continuation": (
        f"FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nCMD python3 app.py \\\n  # the port\n  --port $PORT\n",
        (
            f"FROM debian:bookworm-slim\n{BOTH}COPY app.py .\n{INIT}"
            "CMD exec python3 app.py \\\n  # the port\n  --port $PORT\n"
        ),
    ),
    "heredocs and ONBUILD are left alone": (
        (
            f"FROM debian:bookworm-slim\n{PYTHON}RUN <<EOF\nCMD x\nUSER y\nEOF\nONBUILD CMD python3 z.py\nCOPY app.py .\n"
            'CMD ["python3", "app.py"]\n'
        ),
        (
            f"FROM debian:bookworm-slim\n{BOTH}RUN <<EOF\nCMD x\nUSER y\nEOF\nONBUILD CMD python3 z.py\n"
            f'COPY app.py .\n{INIT}CMD ["python3", "app.py"]\n'
        ),
    ),
    "the escape directive": (
        (
            "# escape=`\nFROM debian:bookworm-slim\nRUN apt-get update `\n && apt-get install -y python3 $MORE\n"
            'COPY app.py .\nCMD ["python3", "app.py"]\n'
        ),
        (
            "# escape=`\nFROM debian:bookworm-slim\nRUN apt-get update `\n && apt-get install -y python3 $MORE\n"
            "RUN apt-get update `\n && apt-get install -y --no-install-recommends tini `\n"
            f' && rm -rf /var/lib/apt/lists/*\nCOPY app.py .\n{INIT}CMD ["python3", "app.py"]\n'
        ),
    ),
    "CMD of a stage of the file is written again": (
        (
            f"FROM debian:bookworm-slim AS base\n{PYTHON}COPY app.py .\nCMD python3 app.py $X\n\n"
            "FROM base AS dev\nENV A=1\nCMD python3 -X dev app.py $X\n\nFROM base\nENV B=2\n"
        ),
        (
            f"FROM debian:bookworm-slim AS base\n{PYTHON}COPY app.py .\nCMD python3 app.py $X\n\n"
            "FROM base AS dev\nENV A=1\nCMD python3 -X dev app.py $X\n\nFROM base\nENV B=2\n"
            f"{APT}{INIT}CMD exec python3 app.py $X\n"
        ),
    ),
    "an init that is there": (
        (
            "FROM debian:bookworm-slim\nRUN apt-get install -y python3 dumb-init\nCOPY app.py .\n"
            'CMD ["python3", "app.py"]\n'
        ),
        (
            "FROM debian:bookworm-slim\nRUN apt-get install -y python3 dumb-init\nCOPY app.py .\n"
            'ENTRYPOINT ["/usr/bin/dumb-init", "--"]\nCMD ["python3", "app.py"]\n'
        ),
    ),
    "damaged JSON": (
        (
            "FROM debian:bookworm-slim\nRUN apt-get install -y python3 tini\nCOPY app.py .\n"
            'ENTRYPOINT ["/usr/bin/tini","--""]\nCMD ["python3", "app.py"]\n'
        ),
        (
            "FROM debian:bookworm-slim\nRUN apt-get install -y python3 tini\nCOPY app.py .\n"
            'ENTRYPOINT ["/usr/bin/tini","--"]\nCMD ["python3", "app.py"]\n'
        ),
    ),
    "an init that isn't installed": (
        f'FROM debian:bookworm-slim\n{PYTHON}COPY app.py .\nENTRYPOINT ["tini", "--"]\nCMD ["python3", "app.py"]\n',
        (f'FROM debian:bookworm-slim\n{BOTH}COPY app.py .\nENTRYPOINT ["tini", "--"]\nCMD ["python3", "app.py"]\n'),
    ),
    "an init under another path": (
        (
            "FROM debian:bookworm-slim\nRUN apt-get install -y python3 tini\nCOPY app.py .\n"
            'ENTRYPOINT ["/sbin/tini", "--"]\nCMD ["python3", "app.py"]\n'
        ),
        (
            "FROM debian:bookworm-slim\nRUN apt-get install -y python3 tini\nCOPY app.py .\n"
            'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["python3", "app.py"]\n'
        ),
    ),
}


def git_apply(folder: Path, result: Result) -> None:
    """The diff applies to the project, and gives the same bytes."""
    assert isinstance(result.fix, Fix)
    diff = unified(apply(result.fix.edits).values())
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=diff, cwd=folder, env=environment, check=True)
    for name, content in result.files.items():
        assert (folder / name).read_bytes() == content


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", TABLE)
def test_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, newline: str) -> None:
    """The fix changes what it must and no other byte; the second run changes nothing."""
    if newline == "\r\n" and "<<EOF" in TABLE[name][0]:
        pytest.skip("BuildKit ends a heredoc at LF alone")
    monkeypatch.chdir(tmp_path)
    before, after = (text.replace("\n", newline) for text in TABLE[name])
    result = fixed(tmp_path, {"Dockerfile": before, "app.py": APP})
    assert result.dockerfile.decode() == after, result.fix
    if shutil.which("git"):
        git_apply(tmp_path, result)
    write_project(tmp_path, result.files)
    again = fixed(tmp_path, {"app.py": APP})
    assert again.files == {}, again.fix


SCRIPT = '#!/bin/sh\nset -e\n\nif [ -n "$X" ]; then\n  echo x\nfi\n{}\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"$@"', 'exec "$@"'),
        ("python3 /app.py", "exec python3 /app.py"),
        ("python3 /app.py > /log 2>&1", "exec python3 /app.py > /log 2>&1"),
        ('A=1 python3 /app.py "$@"', 'A=1 exec python3 /app.py "$@"'),
    ],
)
def test_scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    """exec goes before the program that the script ends in, and keeps the rest of the line."""
    monkeypatch.chdir(tmp_path)
    result = fixed(
        tmp_path,
        {
            "Dockerfile": f"FROM debian:bookworm-slim\n{PYTHON}COPY app.py run.sh /\n"
            'ENTRYPOINT ["/run.sh"]\nCMD ["python3", "/app.py"]\n',
            "app.py": APP,
            "run.sh*": SCRIPT.format(before),
        },
    )
    assert result.files["run.sh"].decode() == SCRIPT.format(after), result.fix
    assert b'ENTRYPOINT ["/usr/bin/tini", "--", "/run.sh"]' in result.dockerfile
    assert result.applicability == "safe"


def test_the_message_says_what_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ignored signal becomes a sudden end; whoever stops the container should know."""
    monkeypatch.chdir(tmp_path)
    result = fixed(tmp_path, {"Dockerfile": TABLE["an array"][0], "app.py": APP})
    assert result.message == (
        "Put tini in front of python3, from Debian's package; "
        "python3 now ends at once on SIGTERM, without cleanup, exit code 143 in place of 137"
    )
    assert result.applicability == "safe"


BUILD = "ARG GO=1.22\nFROM golang:$GO AS build\nRUN go build -o /python3\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f'{BUILD}# the image\nFROM scratch\nCOPY --from=build /python3 /python3\nENTRYPOINT ["/python3", "-m", "http.server"]\n',
            (
                f"{BUILD}{STATIC}# the image\nFROM scratch\nCOPY --from=build /python3 /python3\n"
                f'{COPY}ENTRYPOINT ["/usr/bin/tini", "--", "/python3", "-m", "http.server"]\n'
            ),
        ),
        (
            '# syntax=docker/dockerfile:1\n# hadolint ignore=DL3007\nFROM scratch\nUSER 1\nCOPY --from=node /python3 /python3\nENTRYPOINT ["/python3", "-m", "http.server"]',
            (
                f"# syntax=docker/dockerfile:1\n{STATIC}# hadolint ignore=DL3007\nFROM scratch\nUSER 1\nCOPY --from=node /python3 /python3\n"
                f'{COPY}ENTRYPOINT ["/usr/bin/tini", "--", "/python3", "-m", "http.server"]'
            ),
        ),
        (  # the file's own pragma holds for the new line as well
            '# hadolint ignore=DL3029\nFROM --platform=linux/amd64 scratch\nCOPY --from=node /python3 /python3\nENTRYPOINT ["/python3", "-m", "http.server"]\n',
            (
                "# hadolint ignore=DL3029\nFROM --platform=linux/amd64 alpine:3.22 AS init\nRUN apk add --no-cache tini-static\n\n"
                "# hadolint ignore=DL3029\nFROM --platform=linux/amd64 scratch\nCOPY --from=node /python3 /python3\n"
                f'{COPY}ENTRYPOINT ["/usr/bin/tini", "--", "/python3", "-m", "http.server"]\n'
            ),
        ),
        (  # what is built for is every stage's platform, unless it says otherwise
            'FROM --platform=$TARGETPLATFORM scratch\nCOPY --from=node /python3 /python3\nENTRYPOINT ["/python3", "-m", "http.server"]\n',
            (
                f"{STATIC}FROM --platform=$TARGETPLATFORM scratch\nCOPY --from=node /python3 /python3\n"
                f'{COPY}ENTRYPOINT ["/usr/bin/tini", "--", "/python3", "-m", "http.server"]\n'
            ),
        ),
        (
            'from golang as init\nfrom --platform=linux/amd64 scratch\ncopy --from=init /python3 /python3\nentrypoint ["/python3", "-m", "http.server"]\n',
            (
                "from golang as init\nfrom --platform=linux/amd64 alpine:3.22 as tini\nrun apk add --no-cache tini-static\n\n"
                "from --platform=linux/amd64 scratch\ncopy --from=init /python3 /python3\n"
                'copy --from=tini /sbin/tini-static /usr/bin/tini\nentrypoint ["/usr/bin/tini", "--", "/python3", "-m", "http.server"]\n'
            ),
        ),
    ],
)
def test_where_there_is_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    """A static init is copied from a small stage directly before the final one."""
    monkeypatch.chdir(tmp_path)
    result = fixed(tmp_path, {"Dockerfile": before}, wanted=frozenset({"init"}))
    assert result.dockerfile.decode() == after, result.fix
    git_apply(tmp_path, result)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN apt-get install -y python3", "RUN apt-get install -y python3 tini"),
        ("RUN apt-get install -y python3 zip", "RUN apt-get install -y python3 tini zip"),
        ("RUN apt-get install -y zip python3", "RUN apt-get install -y zip python3 tini"),
        (
            "RUN apt-get update && apt-get install -y python3=3.11 && rm -rf /x",
            "RUN apt-get update && apt-get install -y python3=3.11 tini && rm -rf /x",
        ),
        (
            "RUN apt-get install -y \\\n  curl \\\n  python3 \\\n  zip",
            "RUN apt-get install -y \\\n  curl \\\n  python3 \\\n  tini \\\n  zip",
        ),
        (
            "RUN apt-get install -y \\\n  zip \\\n  # for the app\n  python3 \\\n && true",
            "RUN apt-get install -y \\\n  zip \\\n  # for the app\n  python3 \\\n  tini \\\n && true",
        ),
        (
            "RUN apt-get install -y \\\n    python3 && \\\n    rm -rf /x",
            "RUN apt-get install -y \\\n    python3 tini && \\\n    rm -rf /x",
        ),
        ("RUN apt-get install -y zip python3; ls", "RUN apt-get install -y zip python3 tini; ls"),
        (
            "RUN apt-get install -y --no-install-recommends python3 zip && rm -rf /x",
            "RUN apt-get install -y --no-install-recommends python3 tini zip && rm -rf /x",
        ),
        (
            "RUN apt-get install -y zsh -y python3-pip zip python3",
            "RUN apt-get install -y zsh -y python3-pip zip python3 tini",
        ),
    ],
)
def test_a_package_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    """The stage's own install command takes it; a sorted list stays sorted."""
    monkeypatch.chdir(tmp_path)
    frame = 'FROM debian:bookworm-slim\n{}\nCOPY app.py .\n{}CMD ["python3", "app.py"]\n'
    result = fixed(tmp_path, {"Dockerfile": frame.format(before, ""), "app.py": APP})
    assert result.dockerfile.decode() == frame.format(after, INIT), result.fix


@pytest.mark.parametrize(
    "run",
    [
        "if true; then apt-get install -y python3; fi",
        "apt-get install -y python3 $MORE",
        "apt-get install -y python3 || true",
        "apt-get install -y python3 && apt-get install -y zip",
        "apt-get install -y -t bookworm-backports python3",
        "apt-get install -y python3 ./x.deb",
        "apt-get install -y python3 > /dev/null",
        "apt-get install --download-only python3",
        "sh -c 'apt-get install -y python3'",
    ],
)
def test_a_run_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: str) -> None:
    """An install command that does more than that isn't touched."""
    monkeypatch.chdir(tmp_path)
    before = f'FROM debian:bookworm-slim\nRUN {run}\nCOPY app.py .\nCMD ["/usr/bin/python3", "app.py"]\n'
    result = fixed(tmp_path, {"Dockerfile": before, "app.py": APP}, wanted=frozenset({"init"}))
    if isinstance(result.fix, str):
        pytest.skip(result.fix)
    assert f"RUN {run}\n{APT}".encode() in result.dockerfile


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN apk add jq\nRUN ls\nCOPY a b\nUSER x\n", "RUN apk add jq tini\nRUN ls\nCOPY a b\nUSER x\n"),
        (
            "RUN apk add $X\nRUN ls\nCOPY a b\nCOPY c d\n",
            "RUN apk add $X\nRUN ls\nCOPY a b\nRUN apk add --no-cache tini\nCOPY c d\n",
        ),
        (
            "RUN apk add --virtual .build gcc\nRUN ls && true\n",
            "RUN apk add --virtual .build gcc\nRUN ls && true\nRUN apk add --no-cache tini\n",
        ),
        ("RUN ls\nCOPY a b\nCOPY c d\n", "RUN ls\nCOPY a b\nRUN apk add --no-cache tini\nCOPY c d\n"),
    ],
)
def test_no_two_runs_of_one_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    """hadolint's DL3059 would have them as one."""
    monkeypatch.chdir(tmp_path)
    frame = 'FROM node:22-alpine\n{}{}CMD ["node", "app.js"]\n'
    files = {"Dockerfile": frame.format(before, ""), "app.js": "", "a": "", "c": ""}
    result = fixed(tmp_path, files, wanted=frozenset({"init"}))
    expected = frame.format(after, 'ENTRYPOINT ["/sbin/tini", "--", "docker-entrypoint.sh"]\n')
    assert result.dockerfile.decode() == expected, result.fix


@pytest.mark.parametrize(
    ("start", "script", "expected", "expected_script"),
    [
        ('ENTRYPOINT ["tini", "--", "/run.sh"]', "python3 /app.py", None, "exec python3 /app.py"),
        ("ENTRYPOINT tini -- /run.sh", "exec python3 /app.py", "ENTRYPOINT exec tini -- /run.sh", None),
        ('CMD ["/run.sh"]', "tini -- python3 /app.py", None, "exec tini -- python3 /app.py"),
        (
            'CMD ["sh", "-c", "python3 /app.py $X"]',
            "",
            'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["sh", "-c", "exec python3 /app.py $X"]',
            None,
        ),
        (
            'ENTRYPOINT ["sh","-c","python3 /app.py $X"]',
            "",
            'ENTRYPOINT ["/usr/bin/tini","--","sh","-c","exec python3 /app.py $X"]',
            None,
        ),
    ],
)
def test_an_init_and_a_shell(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    start: str,
    script: str,
    expected: str | None,
    expected_script: str | None,
) -> None:
    """An init that is there gets its place by exec alone; no second one is put in front."""
    monkeypatch.chdir(tmp_path)
    head = "FROM debian:bookworm-slim\nRUN apt-get install -y python3 tini\nCOPY run.sh app.py /\n"
    files = {"Dockerfile": f"{head}{start}\n", "app.py": APP, "run.sh*": f"#!/bin/sh\n{script}\n"}
    result = fixed(tmp_path, files, wanted=frozenset({"exec"}))
    changed = {}
    if expected is not None:
        changed["Dockerfile"] = f"{head}{expected}\n".encode()
    if expected_script is not None:
        changed["run.sh"] = f"#!/bin/sh\n{expected_script}\n".encode()
    assert result.files == changed, result.fix
    assert result.applicability == "safe"


def test_containers_that_start_alike_share_the_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What both inherit is mended where it stands, and the two fixes are one."""
    monkeypatch.chdir(tmp_path)
    text = (
        f"FROM debian:bookworm-slim AS base\n{PYTHON}COPY app.py /\nENTRYPOINT {{}}\n"
        "FROM base AS dev\nENV A=1\nCMD []\nFROM base AS prod\nENV B=1\n"
    )
    before = text.format('["python3", "/app.py"]').replace("CMD []\n", "")
    after = before.replace(PYTHON, BOTH).replace('["python3"', '["/usr/bin/tini", "--", "python3"')
    final = fixed(tmp_path, {"Dockerfile": before, "app.py": APP})
    assert final.dockerfile.decode() == after, final.fix


def test_containers_that_start_otherwise_keep_to_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage that others use for something else isn't touched."""
    monkeypatch.chdir(tmp_path)
    head = f'FROM debian:bookworm-slim AS base\n{PYTHON}COPY app.py /\nENTRYPOINT ["python3"]\nCMD ["/app.py"]\n'
    before = f'{head}FROM base AS dev\nCMD ["-i", "/app.py"]\nFROM base\nENV B=1\n'
    after = f'{before}{APT}ENTRYPOINT ["/usr/bin/tini", "--", "python3"]\nCMD ["/app.py"]\n'
    result = fixed(tmp_path, {"Dockerfile": before, "app.py": APP}, wanted=frozenset({"init"}))
    assert result.dockerfile.decode() == after, result.fix


def test_the_stop_signal_is_the_container_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """STOPSIGNAL stays, and the message counts with it."""
    monkeypatch.chdir(tmp_path)
    text = f'FROM debian:bookworm-slim\n{PYTHON}STOPSIGNAL SIGHUP\nCMD ["sleep", "infinity"]\n'
    result = fixed(tmp_path, {"Dockerfile": text}, wanted=frozenset({"init"}))
    assert b"STOPSIGNAL SIGHUP" in result.dockerfile
    assert result.applicability == "safe"


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_an_array_over_several_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, newline: str) -> None:
    """It stays one."""
    monkeypatch.chdir(tmp_path)
    before = f'FROM debian:bookworm-slim\n{PYTHON}COPY app.py /\nENTRYPOINT [ \\\n  "python3", \\\n  "/app.py" \\\n]\n'
    after = before.replace(PYTHON, BOTH).replace('"python3"', '"/usr/bin/tini", "--", "python3"')
    result = fixed(tmp_path, {"Dockerfile": before.replace("\n", newline), "app.py": APP})
    assert result.dockerfile.decode() == after.replace("\n", newline), result.fix


BRANCHES = (
    '#!/bin/bash\ncase "$1" in\n  web) {0}python3 /app.py ;;\n  work) {1}celery worker ;;\n  *) {1}"$@" ;;\nesac\n'
)


@pytest.mark.parametrize("likely", ["", "exec "])
def test_every_command_that_a_script_may_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, likely: str) -> None:
    """`docker run IMAGE work` has the init in front as well: its shell must not stay either."""
    monkeypatch.chdir(tmp_path)
    dockerfile = f'FROM debian:bookworm-slim\n{PYTHON}COPY app.py run.sh /\nENTRYPOINT ["/run.sh"]\nCMD ["web"]\n'
    files = {"Dockerfile": dockerfile, "run.sh*": BRANCHES.format(likely, ""), "app.py": APP}
    result = fixed(tmp_path, files)
    assert result.applicability == "safe"
    assert result.files["run.sh"].decode() == BRANCHES.format("exec ", "exec ")
    assert "run.sh" in result.message


def test_a_command_whose_shell_has_to_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The init would end that shell before its program: people are asked."""
    monkeypatch.chdir(tmp_path)
    dockerfile = f'FROM debian:bookworm-slim\n{PYTHON}COPY app.py run.sh /\nENTRYPOINT ["/run.sh"]\nCMD ["web"]\n'
    script = '#!/bin/sh\nif [ "$1" = web ]; then\n  python3 /app.py\nelse\n  "$@" | tee /log\nfi\n'
    result = fixed(tmp_path, {"Dockerfile": dockerfile, "run.sh*": script, "app.py": APP})
    assert result.applicability == "unsafe"
    assert "an init in front would end the shell before the program" in result.message


def test_containers_that_share_a_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`exec` in it is for all of them, and so is the init that has to reap in its shell's place."""
    monkeypatch.chdir(tmp_path)
    before = (
        f'FROM debian:bookworm-slim AS base\n{PYTHON}COPY app.py run.sh /\nENTRYPOINT ["/run.sh"]\n'
        'FROM base AS web\nCMD ["python3", "/app.py"]\nFROM base AS work\nCMD ["celery", "worker"]\n'
    )
    files = {"Dockerfile": before, "run.sh*": '#!/bin/sh\n"$@"\n', "app.py": APP}
    after = before.replace(PYTHON, BOTH).replace('["/run.sh"]', '["/usr/bin/tini", "--", "/run.sh"]')
    for container in (0, 1):
        result = fixed(tmp_path, files, container=container)
        assert result.applicability == "safe"
        assert result.files == {"Dockerfile": after.encode(), "run.sh": b'#!/bin/sh\nexec "$@"\n'}


@pytest.mark.parametrize("default", ["", "ENV QUIET=0\n"])
def test_every_environment_that_a_script_may_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, default: str
) -> None:
    """`docker run -e QUIET=1` goes the script's other way, under the init as well."""
    monkeypatch.chdir(tmp_path)
    dockerfile = f'FROM debian:bookworm-slim\n{PYTHON}{default}COPY app.py run.sh /\nCMD ["/run.sh"]\n'
    script = '#!/bin/sh\nif [ "$QUIET" = 1 ]; then\n  {0}python3 /app.py > /dev/null\nelse\n  {0}python3 /app.py\nfi\n'
    result = fixed(tmp_path, {"Dockerfile": dockerfile, "run.sh*": script.format(""), "app.py": APP})
    assert result.applicability == "safe"
    assert result.files["run.sh"].decode() == script.format("exec ")
