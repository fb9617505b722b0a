"""pyinit is one file that any Python from 3.6 on takes, whatever else an image lacks."""

from __future__ import annotations

import ast
import subprocess
import sys

from initlint.boot.own_init import MARK

from .space import PYINIT

# Built into every CPython; os and signal only where those two are missing, ctypes where it isn't PID 1.
MODULES = {"_signal", "ctypes", "errno", "os", "posix", "signal", "sys"}


def test_python_3_6_can_parse_it() -> None:
    """ast knows what came later."""
    ast.parse(PYINIT.read_text(), feature_version=(3, 6))


def test_it_imports_nothing_that_an_image_may_lack() -> None:
    """Nor anything that is slow to load."""
    found = set()
    for node in ast.walk(ast.parse(PYINIT.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        assert not isinstance(node, ast.ImportFrom)
    assert found == MODULES


def test_annotations_that_python_3_6_would_evaluate_are_plain_names() -> None:
    """`list[str]` and `int | None` stand in quotes: nobody asks for their value."""
    for node in ast.walk(ast.parse(PYINIT.read_text())):
        if isinstance(node, ast.FunctionDef):
            for annotation in (node.returns, *(argument.annotation for argument in node.args.args)):
                assert annotation is None or isinstance(annotation, (ast.Name, ast.Constant))


def test_it_carries_the_mark_by_which_it_is_recognised() -> None:
    """At its beginning, where the trace looks."""
    assert MARK in PYINIT.read_bytes()[:120]


def test_it_runs_as_a_module_too() -> None:
    """Where initlint itself is installed."""
    command = [sys.executable, "-m", "initlint.pyinit", "-s", "--", "sh", "-c", "exit 5"]
    assert subprocess.run(command, check=False, timeout=60).returncode == 5


def test_importing_it_does_nothing() -> None:
    """No signal is blocked, nothing is started."""
    code = "import signal, initlint.pyinit; print(len(signal.pthread_sigmask(signal.SIG_BLOCK, [])))"
    result = subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True, text=True)
    assert result.stdout == "0\n"
