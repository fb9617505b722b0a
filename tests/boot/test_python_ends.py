"""Programs that come to their end at once; any other may stay."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from initlint.boot.model import Environment, Opaque
from initlint.boot.python_ends import Ending, ending, is_python2

from .test_trace import Case, settle

FLASK = "from flask import Flask\napp = Flask(__name__)\n@app.route('/')\ndef index():\n    return 'x'\n"
USAGE = (
    "import sys\nimport numpy as np\ndef usage():\n    print('usage: x A B')\n    sys.exit(-1)\n"
    "if __name__ == '__main__':\n    if len(sys.argv) != 3:\n        usage()\n    work(sys.argv[1])\n"
)
WANTS = "import os, sys\nkey = os.getenv('API_KEY')\nif key is None or key == '':\n    sys.exit(1)\nserve(key)\n"


def read(text: str, *arguments: str, own: str = "", **variables: str | None) -> Ending | None:
    environment = Environment(dict(variables), True, "/", None)
    return ending(ast.parse(text), arguments, environment, lambda name: name == own)


@pytest.mark.parametrize(
    "text",
    [
        'print("done")\n',
        '"""Says its version."""\nimport sys\nprint(sys.version)\nsys.exit(3)\n',
        "print('a', end='')",
        "x = 1\nprint(x)\n",
        FLASK,
        FLASK + "app.config.from_object('settings')\nif __name__ != '__main__':\n    app.run()\n",
        "def main():\n    print(1)\nif __name__ == '__main__':\n    main()\n",
        "try:\n    import json\nexcept ImportError:\n    raise\nfor x in range(3):\n    print(x)\n",
        "import sys\nprint(sys.argv[1])\nserve()\n",
        "raise RuntimeError('not here')\n",
        "import os\nif os.getenv('X', 'a') == 'a':\n    quit()\nserve()\n",
    ],
)
def test_what_does_nothing_that_lasts_ends(text: str) -> None:
    """A few statements, each of which is known."""
    found = read(text)
    assert found is not None
    assert not found.wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import app\n",
        "from .app import run\nprint(1)\n",
        "print(serve())\n",
        "while True:\n    print(1)\n",
        "import sys\nprint(sys.stdin.read())\n",
        FLASK + "app.run()\n",
        FLASK + "if __name__ == '__main__':\n    app.run()\n",
        "import unheard_of_library\nprint(1)\n",
        "import atexit\n@atexit.register\ndef stay():\n    serve()\n",
        "def now(f):\n    serve()\n@now\ndef g():\n    pass\n",
        "import sys\ntry:\n    sys.exit(1)\nexcept SystemExit:\n    serve()\n",
        "import sys\ndef check():\n    if unknown:\n        return\n    sys.exit(1)\ncheck()\nserve()\n",
        "import sys\nif unknown:\n    sys.exit(1)\nserve()\n",
        "import sys\nok = unknown and sys.exit(1)\nserve()\n",
        "import os\nif os.getenv('PORT', '80') == '80':\n    serve()\n",
        "for x in forever():\n    print(x)\n",
        "import asyncio\nasync def main():\n    print(1)\nasyncio.run(main())\n",
        "import threading\nthreading.Thread(target=work).start()\n",
        "from jobs import run\nclass A:\n    def run(self):\n        pass\nrun()\n",
        "import sys\ndef exit(code):\n    serve()\nexit(1)\n",
        "import flask\n@flask.once\ndef main():\n    pass\nmain()\n",
        "def work():\n    yield 1\nprint(list(work()))\n",
    ],
)
def test_anything_else_may_stay(text: str) -> None:
    """Imports of one's own, calls, loops, ways that aren't decided."""
    assert read(text, own="app") is None


def test_arguments_decide_where_they_are_known() -> None:
    """A program that wants two arguments exits without them, and may run with them."""
    found = read(USAGE)
    assert found == Ending("exits at once")
    assert read(USAGE, "a", "b") is None
    assert read(USAGE, Opaque("$A", many=True)) is None


@pytest.mark.parametrize(
    "text",
    [
        WANTS,
        "import os, sys\nif 'API_KEY' not in os.environ:\n    sys.exit(1)\nserve()\n",
        "import os, sys\nif not os.environ.get('API_KEY'):\n    print('set it')\n    sys.exit(1)\nserve()\n",
        "import os\nkey = os.environ['API_KEY']\nserve(key)\n",
        "from os import environ\nkey = int(environ['API_KEY'])\nserve(key)\n",
    ],
)
def test_a_variable_that_nobody_sets_is_wanted(text: str) -> None:
    """As with start scripts: it is meant to run with the variable set."""
    assert read(text) == Ending("ends at once without $API_KEY", ("API_KEY",))
    assert read(text, API_KEY="1") is None
    assert read(text, API_KEY=None) is None


def test_python_2() -> None:
    """print as a statement is refused by Python 3; other mistakes may be a newer Python's words."""
    assert is_python2(b"import os\nprint 'x'\n")
    assert not is_python2(b"print('x')\n")
    assert not is_python2(b"def f(:\n")


@pytest.mark.parametrize(
    ("base", "program", "pid1", "sure"),
    [
        ("python:3.12", "python", "none", True),
        ("python:slim", "python", "none", True),
        ("debian:bookworm", "python3", "none", True),
        ("alpine:3.22", "/usr/bin/python", "python", False),
        ("python:2.7", "python", "python", True),
    ],
)
def test_python_2_under_python_3_ends(base: str, program: str, pid1: str, sure: bool, tmp_path: Path) -> None:
    """Which Python `python` is, is known for the official images."""
    case = Case("", f'FROM {base}\nCOPY a.py /a.py\nCMD ["{program}", "/a.py"]\n', "", "", "",
                {"a.py": "import time\nwhile True:\n    print 1\n    time.sleep(1)\n"})  # fmt: skip
    outcome = settle(tmp_path, case)
    assert (outcome.pid1, outcome.sure) == (pid1, sure), outcome.why


def test_a_program_that_wants_a_variable_runs_with_it(tmp_path: Path) -> None:
    """The way on is the likely one, with its condition, as for a start script."""
    case = Case("", 'FROM python:3.12\nCOPY a.py .\nCMD ["python", "a.py"]\n', "", "", "", {"a.py": WANTS})
    outcome = settle(tmp_path, case)
    assert (outcome.pid1, outcome.when) == ("python", ("if $API_KEY is set",)), outcome.why


def test_an_application_without_a_server_ends(tmp_path: Path) -> None:
    """`python app.py` of a Flask application that nothing runs."""
    case = Case("", 'FROM python:3.12\nCOPY a.py .\nCMD ["python", "a.py"]\n', "", "", "", {"a.py": FLASK})
    outcome = settle(tmp_path, case)
    assert (outcome.pid1, outcome.sure) == ("none", True), outcome.why
