"""What ends a script under `set -e`: substitutions, `let`, and pipelines under pipefail."""

from __future__ import annotations

import pytest

from .evaluation import run, told

ENDS = [
    ("set -e; X=$(exit 2); exec app", "ends 2"),
    ('set -e; X="$(exit 2)"; exec app', "ends 2"),
    ("set -e; X=$(false); exec app", "ends 1"),
    ("set -e; Y=$(cat /nosuch); exec app", "ends 1"),
    ("set -e; f() { local X=$(false); }; f; exec app", "exec app"),
    ("set -e; export X=$(exit 2); exec app", "exec app"),
    ('set -e; X=$(echo "$(false)"); exec app', "exec app"),
    ("set -e; X=$(false) || exec app", "exec app"),
    ("if X=$(false); then exec no; fi; exec app", "exec app"),
    ("X=$(exit 3); exec app $?", "exec app 3"),
    ("set -e; false | true; exec app", "exec app"),
    ("set -e; true | false; exec app", "ends 1"),
]
BASH_ENDS = [
    ("set -e; let x=0; exec app", "ends 1"),
    ("set -e; let x=1; exec app", "exec app"),
    ('set -e; let "x = $# + 1"; exec app $x', "exec app 1"),
    ("set -eo pipefail; false | true; exec app", "ends 1"),
    ("set -o pipefail; false | true || exec app; exec no", "exec app"),
    ("set -o pipefail; if false | true; then exec no; fi; exec app", "exec app"),
    ("set -o pipefail; (exit 3) | (exit 4) | true; exec app $?", "exec app 4"),
    ("set -o pipefail; set +o pipefail; false | true && exec app", "exec app"),
    ("shopt -s lastpipe; true | exec app; exec no", "exec app"),
    ("shopt -s lastpipe; echo x | X=app; exec $X", "exec app"),
]


@pytest.mark.parametrize(("script", "end"), ENDS)
@pytest.mark.parametrize("shell", ["dash", "bash", "ash"])
def test_what_fails_ends_the_script(shell: str, script: str, end: str) -> None:
    (found,) = run(script, shell=shell, files={})
    assert (told(found), found.sure) == (end, True)


@pytest.mark.parametrize(("script", "end"), BASH_ENDS)
def test_what_fails_ends_a_bash_script(script: str, end: str) -> None:
    (found,) = run(script, shell="bash", files={})
    assert (told(found), found.sure) == (end, True)


def test_a_file_that_may_be_missing_may_end_the_script() -> None:
    (found,) = run("set -e; X=$(cat /unknown/x); exec app", files={})
    assert (told(found), found.sure) == ("exec app", False)
    (found,) = run("set -e; X=$(cat /unknown/x) || true; exec app", files={})
    assert found.sure
