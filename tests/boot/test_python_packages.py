"""Which Python packages an image installs, and in which version."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.boot.python_packages import Installed, installed_packages
from initlint.rootfs.files import HostFiles
from initlint.subject import examine
from initlint.targets.dockerfile import parse, stages
from initlint.text import Source

from .fakes import FakeRoot


def installed(dockerfile: str, files: dict[str, str | bytes] | None = None) -> Installed:
    parsed = parse(Source("Dockerfile", dockerfile.encode()))
    return installed_packages(stages(parsed), FakeRoot(files or {}))


@pytest.mark.parametrize(
    ("lines", "named", "complete"),
    [
        ("RUN pip install flask==2.0.1 Requests", {"flask", "requests"}, True),
        ("RUN pip3 install --no-cache-dir -U 'flask[async]>=2,<3' && rm -rf /x", {"flask"}, True),
        ("RUN python -m pip install -i https://example.org/simple flask", {"flask"}, True),
        ("RUN uv pip install --system flask", {"flask"}, True),
        ("WORKDIR /app\nRUN pip install -r requirements.txt", {"flask", "gunicorn", "pillow"}, True),
        ("RUN pip install -r /app/requirements.txt", {"flask", "gunicorn", "pillow"}, True),
        ("RUN pip install -r /app/other.txt", set(), False),
        ("RUN pip install .", {""}, False),
        ("RUN pip install -e git+https://example.org/x.git#egg=x", set(), False),
        ("RUN pip install flask\nRUN poetry install", {"flask"}, False),
        ("RUN pip install flask\nRUN ./setup.sh", {"flask"}, False),
        ("RUN apt-get update", set(), False),
    ],
)
def test_what_is_asked_for(lines: str, named: set[str], complete: bool) -> None:
    """Names of `pip install` and of the requirement files that can be read; else it isn't all of them."""
    files: dict[str, str | bytes] = {
        "/app/requirements.txt": "# pinned\nflask==2.0.1\n-r more.txt\n",
        "/app/more.txt": 'gunicorn >= 20  # server\nPillow; python_version > "3"\n',
    }
    found = installed(f"FROM python:3.12\n{lines}\n", files)
    assert (set(found.named) | ({""} if named == {""} else set()), found.complete) == (named, complete)


def test_an_unknown_image_may_hold_packages() -> None:
    """Then what isn't named may be there all the same."""
    found = installed("FROM example.org/ours:1\nRUN pip install flask\n")
    assert found.asks_for("flask") is True
    assert found.asks_for("django") is None
    assert installed("FROM python:3.12\nRUN pip install flask\n").asks_for("django") is False


@pytest.mark.parametrize(
    ("written", "below"),
    [
        ("==2.0.1", True), ("==2.2.5", True), ("==2.3.0", False), ("==3.1", False), ("==1", True), ("==2.2.*", True),
        ("==2.*", None), ("~=2.0.1", True), ("~=2.0", None), ("<2.3", True), ("<2.3.0", None), ("<=2.2.5", True),
        (">=2.3", False), (">=2.0", None), (">=1.0,<2", True), ("", None), ("!=2.0", None), ("~=2.3.1", False),
    ],
)  # fmt: skip
def test_whether_the_version_is_older(written: str, below: bool | None) -> None:
    """Only where every version that is admitted is older, or none."""
    assert installed(f"FROM python:3.12\nRUN pip install 'flask{written}'\n").is_below("flask", (2, 3)) is below


def test_a_file_of_an_earlier_stage_is_read(tmp_path: Path) -> None:
    """What one stage installs and a later one copies is named by a file that only the first has."""
    (tmp_path / "requirements.txt").write_text("flask==2.0.1\n")
    (tmp_path / "app.py").write_text("x = 1\n")
    (tmp_path / "Dockerfile").write_text(
        "FROM python:3.12 AS build\nWORKDIR /build\nCOPY requirements.txt .\nRUN pip install --user -r requirements.txt\n"
        "FROM python:3.12\nCOPY --from=build /root/.local /root/.local\nCOPY app.py .\nENV FLASK_ENV=development\n"
        'CMD ["flask", "run"]\n'
    )
    host = HostFiles()
    outcome = examine(host.source(str(tmp_path / "Dockerfile")), host).subjects[-1].likely
    assert (outcome.stops, outcome.stop_effect) == ("no", "kills"), outcome.why
