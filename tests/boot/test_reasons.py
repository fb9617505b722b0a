"""What a trace says of where a file comes from, and of what its context may lack."""

from __future__ import annotations

from pathlib import Path

from .test_trace import Case, settle

PYTHON = "FROM python:3.12\n"
WAITS = "import time\nwhile True:\n    time.sleep(1)\n"


def test_a_cloned_folder_is_the_reason(tmp_path: Path) -> None:
    """The base image isn't, though it is the one that can't be looked into."""
    dockerfile = (
        PYTHON + 'RUN git clone https://example.org/a.git /usr/src/a\nWORKDIR /usr/src/a\nCMD ["python", "a.py"]\n'
    )
    outcome = settle(tmp_path, Case("", dockerfile, "", "", ""))
    assert any("/usr/src/a/a.py can't be read: RUN git clone" in reason for reason in outcome.why), outcome.why
    assert not any("nothing is seen to bring" in reason for reason in outcome.why)


def test_a_copied_folder_that_is_not_seen_is_the_reason(tmp_path: Path) -> None:
    """A later RUN that may make anything says less than the COPY to that very place."""
    dockerfile = PYTHON + 'COPY submodule/ /app/\nWORKDIR /app\nCMD ["python", "./src/a.py"]\nRUN python -m tool -v\n'
    outcome = settle(tmp_path, Case("", dockerfile, "", "", ""))
    assert any("can't be read: COPY submodule/ may bring it" in reason for reason in outcome.why), outcome.why


def test_words_of_a_bases_script_that_are_not_known_are_shown(tmp_path: Path) -> None:
    """The rest of the command isn't cut off; a variable that the image sets is its value."""
    base = "FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11\nENV APP_MODULE=shop:app\n"
    outcome = settle(tmp_path, Case("", base, "", "", ""))
    assert [str(word) for word in outcome.chain[-1].argv] == [
        "gunicorn", "-k", "uvicorn.workers.UvicornWorker", "-c", "$GUNICORN_CONF", "shop:app",
    ]  # fmt: skip


def test_a_context_with_a_rival_is_not_sure(tmp_path: Path) -> None:
    """The folder was taken since it has most of what is copied; files that lie in it are read all the same."""
    dockerfile = PYTHON + 'WORKDIR /app\nCOPY requirements.txt poetry.lock ./\nCOPY a.py ./\nCMD ["python", "a.py"]\n'
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "service"
    folder.mkdir()
    case = Case("", dockerfile, "", "", "", {"a.py": WAITS, "requirements.txt": "\n"})
    # what is missing may be made before the build
    lacking = settle(folder, case)
    assert lacking.sure, lacking.why
    (tmp_path / "requirements.txt").write_text("")
    outcome = settle(folder, case)
    assert (outcome.pid1, outcome.stops, outcome.sure) == ("python", "no", False), outcome.why
    assert any("the build context may be another folder" in reason for reason in outcome.why)
    whole = settle(folder, Case("", dockerfile, "", "", "", {"a.py": WAITS, "poetry.lock": "\n"}))
    assert whole.sure, whole.why
