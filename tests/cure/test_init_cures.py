"""Inits that are there already, put right: whom they signal, one in place of two, the file that is downloaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.rule import CureStep

from .making import fixed

INSTALL = "FROM python:3.12\nRUN apt-get update && apt-get install -y tini dumb-init && pip install celery\n"
WORKER = 'CMD ["celery", "-A", "app", "worker"]\n'
ADD = "ADD {}https://github.com/krallin/tini/releases/download/v0.19.0/{} /tini\nRUN chmod +x /tini\n"
START = 'ENTRYPOINT ["/tini", "--"]\nCMD ["redis-server"]\n'
SUM = "--checksum=sha256:93dcc18adc78c65a028a84799ecf8ad40c936fdfc5f2a57b1acda5a8117fa82c "


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        (
            "group",
            f'{INSTALL}ENTRYPOINT ["dumb-init","--"]\n{WORKER}',
            f'{INSTALL}ENTRYPOINT ["dumb-init","--single-child","--"]\n{WORKER}',
        ),
        (
            "group",
            f'{INSTALL}ENTRYPOINT ["tini", "-s", "-g", "--"]\n{WORKER}',
            f'{INSTALL}ENTRYPOINT ["tini", "-s", "--"]\n{WORKER}',
        ),
        (
            "group",
            f'{INSTALL}CMD [ "tini", "-g", \\\n  "--", "celery", "worker" ]\n',
            f'{INSTALL}CMD [ "tini", "--", "celery", "worker" ]\n',
        ),
        (
            "one-init",
            f'{INSTALL}ENTRYPOINT ["tini", "--", "tini", "--", "gunicorn", "a"]\n',
            f'{INSTALL}ENTRYPOINT ["tini", "--", "gunicorn", "a"]\n',
        ),
        (
            "one-init",
            f'{INSTALL}ENTRYPOINT ["tini", "--", "tini", "--"]\nCMD ["gunicorn", "a"]\n',
            f'{INSTALL}ENTRYPOINT ["tini", "--"]\nCMD ["gunicorn", "a"]\n',
        ),
        (
            "path",
            f"FROM alpine:3.20\n{ADD.format('', 'tini')}{START}",
            f"FROM alpine:3.20\n{ADD.format('', 'tini-static')}{START}",
        ),
        (
            "path",
            f"FROM debian:12 AS i\nRUN apt-get update && apt-get install -y tini\nFROM scratch\nCOPY --from=i /usr/bin/tini /tini\n{START}",
            f"FROM debian:12 AS i\nRUN apt-get update && apt-get install -y tini\nFROM scratch\nCOPY --from=i /usr/bin/tini-static /tini\n{START}",
        ),
        (
            "checksum",
            f"# syntax=docker/dockerfile:1.7\nFROM debian:12\n{ADD.format('--chmod=755 ', 'tini')}{START}",
            f"# syntax=docker/dockerfile:1.7\nFROM debian:12\n{ADD.format('--chmod=755 ' + SUM, 'tini')}{START}",
        ),
    ],
)
def test_put_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: CureStep, before: str, after: str) -> None:
    """Only the words that are at fault change."""
    monkeypatch.chdir(tmp_path)
    result = fixed(tmp_path, {"Dockerfile": before}, wanted=frozenset({step}))
    assert result.dockerfile.decode() == after, result.fix
    assert result.applicability == "safe"


@pytest.mark.parametrize(
    ("step", "dockerfile", "why"),
    [
        (
            "group",
            f'{INSTALL}ENV TINI_KILL_PROCESS_GROUP=1\nENTRYPOINT ["tini", "--"]\n{WORKER}',
            "a variable of the environment",
        ),
        ("group", f'{INSTALL}ENTRYPOINT ["tini", "-vg", "--"]\n{WORKER}', "can't be taken out by itself"),
        ("group", 'FROM apache/airflow:2.9.0\nCMD ["celery", "worker"]\n', "isn't the first word of an array"),
        (
            "one-init",
            f'{INSTALL}ENTRYPOINT ["tini", "--"]\nCMD ["dumb-init", "gunicorn", "a"]\n',
            "don't signal the same processes",
        ),
        ("path", f"FROM alpine:3.20\n{ADD.format('--checksum=sha256:0 ', 'tini')}{START}", "compared with a checksum"),
        (
            "path",
            f"FROM debian:12 AS i\nRUN apt-get update && apt-get install -y tini\nFROM alpine:3.20\nCOPY --from=i /usr/bin/tini /bin/\n{START.replace('/tini', '/bin/tini')}",
            "take the package",
        ),
        ("checksum", f"FROM debian:12\n{ADD.format('', 'tini')}{START}", "which the file lacks"),
        (
            "checksum",
            f"# syntax=docker/dockerfile:1.4\nFROM debian:12\n{ADD.format('', 'tini')}{START}",
            "which the file lacks",
        ),
        (
            "checksum",
            f"# syntax=docker/dockerfile:1\nFROM debian:12\n{ADD.format('', 'tini-armhf')}{START}",
            "v0.19.0's tini-armhf isn't known",
        ),
    ],
)
def test_left_to_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: CureStep, dockerfile: str, why: str
) -> None:
    """The reason says what stands in the way."""
    monkeypatch.chdir(tmp_path)
    assert why in fixed(tmp_path, {"Dockerfile": dockerfile}, wanted=frozenset({step})).why
