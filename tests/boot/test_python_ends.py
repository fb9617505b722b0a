"""Programs that only print end at once; any other may stay."""

from __future__ import annotations

import pytest

from initlint.boot.python_ends import ends_at_once
from initlint.text import Source


@pytest.mark.parametrize(
    "text",
    ['print("done")\n', '"""Says its version."""\nimport sys\nprint(sys.version)\nsys.exit(3)\n', "print('a', end='')"],
)
def test_what_only_prints_ends(text: str) -> None:
    """A few statements, each of which is known."""
    assert ends_at_once(Source("main.py", text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import app\n",
        "from .app import run\nprint(1)\n",
        "print(serve())\n",
        "while True:\n    print(1)\n",
        "print(1\n",
        "import sys\nprint(sys.stdin.read())\n",
        "x = 1\nprint(x)\n",
    ],
)
def test_anything_else_may_stay(text: str) -> None:
    """Imports of one's own, calls, loops and what can't be parsed."""
    assert not ends_at_once(Source("main.py", text.encode()))
