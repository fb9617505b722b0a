"""IFS: where words are split, what `read` makes of a line, and what "$*" puts between."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from initlint.boot.model import Opaque
from initlint.boot.shell.reading import read_line
from initlint.boot.shell.values import State
from initlint.boot.shell.words import Fields

from .evaluation import environment, run

SPLIT = [
    ("IFS=,; set -- $LIST; exec $2", "app"),
    ('IFS=:; for p in ${LIST2}; do case $p in app) exec "$p" ;; esac; done', "app"),
    ('f() { local IFS=:; set -- $LIST2; exec "$2"; }; f', "app"),
    ("f() { local IFS=:; :; }; f; exec $CMD", "app"),
    ("IFS=,; unset IFS; exec $CMD", "app"),
    ("O=$IFS; IFS=,; IFS=$O; exec $CMD", "app"),
    ("IFS=, read a b c <<EOF\nx,app,y\nEOF\nexec $b", "app"),
    ("IFS=,; set -- app x; exec $*", "app"),
    ("IFS=; exec $CMD", "app -x"),
    ("IFS='\n'; exec $CMD", "app -x"),
    ('IFS=-; set -- app x; exec "$*"', "app-x"),
    ('IFS=; set -- app x; exec "$*"', "appx"),
]
ENVIRONMENT = {"LIST": "deaf,app,x", "LIST2": "deaf:app:x", "CMD": "app -x", "IFS": "p"}


@pytest.mark.parametrize(("script", "program"), SPLIT, ids=[script for script, _ in SPLIT])
@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_words_are_split_at_ifs(shell: str, script: str, program: str) -> None:
    (end,) = run(script, shell=shell, env=environment(dict(ENVIRONMENT)))
    assert (end.kind, end.argv[0], end.sure) == ("exec", program, True)


@pytest.mark.parametrize(
    ("script", "program"),
    [
        ("IFS=: read -ra w <<< deaf:app:x; exec ${w[1]}", "app"),
        ("IFS=$'\\n\\t'; CMD='app -x'; exec $CMD", "app -x"),
        ("IFS=$'\\n\\t'; CMD=$'app\\t-x'; exec $CMD", "app"),
        ('A=(app x); IFS=,; exec "${A[*]}"', "app,x"),
        ('set -- a b c; IFS=,; exec "${*:2}"', "b,c"),
    ],
)
def test_bash_splits_at_ifs(script: str, program: str) -> None:
    (end,) = run(script, shell="bash")
    assert (end.kind, end.argv[0], end.sure) == ("exec", program, True)


def test_an_unknown_ifs_leaves_the_words_unknown() -> None:
    (end, *_) = run('CMD="app -x"; IFS=$(something); exec $CMD')
    assert end.kind == "exec" and isinstance(end.argv[0], Opaque)


VALUES = ["", "a", "a b", " a  b ", ",a", "a,", "a,,b", " , a ,b ", ":a:b:", "a\tb", "\t:a, b", ", ,"]


@pytest.mark.parametrize("ifs", ["", " ", ",", ", ", "\t", ", :", " \t\n"])
@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_splitting_is_what_the_shell_does(shell: str, ifs: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell}")
    script = (
        'set -f; IFS=$1; shift; for v in "$@"; do set -- x${v}y; printf "<%s>" "$@"; set -- $v; '
        'printf "<%s>" "$@" end; IFS=$IFS read p q <<EOF\n$v\nEOF\nprintf "<%s>" "$p" "$q"; done'
    )
    shown = subprocess.run([shell, "-c", script, "x", ifs, *VALUES], capture_output=True, text=True, check=True).stdout
    words: list[str] = []
    for value in VALUES:
        around, alone = Fields(ifs), Fields(ifs)
        around.literal("x")
        around.value(value, quoted=False)
        around.literal("y")
        alone.value(value, quoted=False)
        around.close()
        alone.close()
        state = State()
        assert read_line(state, value + "\n", ["p", "q"], ifs) == (0, "")
        words += [*around.words, *alone.words, "end", str(state.variables["p"]), str(state.variables["q"])]
    assert shown == "".join(f"<{word}>" for word in words)
