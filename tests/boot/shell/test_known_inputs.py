"""What scripts read of files that the image holds, and what stays unknown where it doesn't."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from initlint.boot.model import Opaque
from initlint.boot.shell.filters import filtered
from initlint.rootfs import Listing

from .evaluation import Files, run, told

FILES = {"/etc/f": "x deaf\nprog app -x\n", "/etc/env": "# c\nA=1\n\nPROG=app\n", "/etc/p": "app\n"}
KNOWN = [
    ("export $(grep -v '^#' /etc/env | xargs); exec $PROG $A", "exec app 1"),
    ("while read a b; do [ $a = prog ] && P=$b; done < /etc/f; exec $P", "exec app -x"),
    ("while read -r a b c; do [ $a = prog ] && exec $b; done < /etc/f; exec deaf", "exec app"),
    (
        'while IFS== read -r k v || [ -n "$k" ]; do case $k in \\#* | "") continue ;; esac; export "$k=$v"; done < /etc/env; exec $PROG',
        "exec app",
    ),
    ("while read a; do read b c; done < /etc/f; exec $b $c", "exec prog app -x"),
    ("read -r x < /etc/p; exec $x", "exec app"),
    ('exec $(echo "app:deaf" | cut -d: -f1)', "exec app"),
    ("exec $(head -n 1 /etc/f | cut -d' ' -f2)", "exec deaf"),
    ("exec $(grep prog /etc/f | cut -c6-8)", "exec app"),
    ("IFS=$(printf '\\n'); X='app x'; exec $X", "exec app x"),
]


@pytest.mark.parametrize(("script", "end"), KNOWN, ids=[script for script, _ in KNOWN])
@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_a_file_that_is_known_is_read(shell: str, script: str, end: str) -> None:
    (found,) = run(script, shell=shell, files=FILES)
    assert (told(found), found.sure) == (end, True)


def test_names_that_are_none_end_dash() -> None:
    """`export '#'`: bash goes on with a status of 1."""
    script = "export $(cat /etc/env | xargs) B=2; exec $PROG $B"
    assert told(run(script, shell="bash", files=FILES)[0]) == "exec app 2"
    assert told(run(f"set -e; {script}", shell="bash", files=FILES)[0]) == "ends 1"
    for shell in ("dash", "ash"):
        assert told(run(script, shell=shell, files=FILES)[0]) == "ends 2"


def test_a_file_in_a_substitution_without_a_command() -> None:
    """bash prints the file, the others nothing."""
    assert told(run("exec $(< /etc/p)", shell="bash", files=FILES)[0]) == "exec app"
    assert told(run("exec $(< /etc/p)", shell="dash", files=FILES)[0]) == "ends 0"


@pytest.mark.parametrize(
    "script",
    [
        "export $(grep -v '^#' /unknown/env | xargs); exec $PROG",
        "export $(grep -v '^#' /unknown/env | xargs); $PROG",
        ". /unknown/env; exec $PROG",
        'eval "$(cat /unknown/env)"; exec $PROG',
        "while read -r a b; do [ $a = prog ] && PROG=$b; done < /unknown/f; exec $PROG",
        'while read -r line; do export "$line"; done < /unknown/f; exec $PROG',
    ],
)
@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_what_an_unknown_file_sets_is_unknown(shell: str, script: str) -> None:
    """The program isn't known then: it isn't `none`."""
    found = run(script, shell=shell, files=FILES)[0]
    assert found.kind in ("exec", "stays")
    assert isinstance(found.argv[0], Opaque)


def test_a_loop_over_an_unknown_file_may_not_go_round() -> None:
    found = run("while read -r line; do exec app $line; done < /unknown/f; exec other", files=FILES)[0]
    assert not found.sure


FILTERS = [
    ("cut", "-d:", "-f2"),
    ("cut", "-d", ":", "-f", "2-"),
    ("cut", "-f1"),
    ("cut", "-c2-3"),
    ("grep", "-v", "^#"),
    ("grep", "-vE", "^(#|$)"),
    ("grep", "-v", "^\\s*#"),
    ("grep", "-F", "."),
    ("grep", "-i", "B$"),
    ("tr", "-d", "\\r"),
    ("tr", "a-z", "A-Z"),
    ("tr", ":", "\\n"),
    ("tr", "ab", "x"),
    ("head", "-1"),
    ("head", "-n", "2"),
    ("tail", "-n1"),
    ("xargs",),
]


@pytest.mark.parametrize("argv", FILTERS, ids=[" ".join(argv) for argv in FILTERS])
def test_filters_print_what_the_programs_print(argv: tuple[str, ...]) -> None:
    if not shutil.which(argv[0]):
        pytest.skip(f"there is no {argv[0]}")
    for text in ("a:b:c\n", "# x\nA=1\n\n  # y\nB='x y'\n", "a.b\nab\r\n", "", "no newline", "\n\n", ":\n"):
        shown = subprocess.run(argv, input=text.encode(), capture_output=True, check=False).stdout.decode()
        found = filtered(argv, text)
        assert found is not None
        assert found.rstrip("\n") == shown.rstrip("\n")


@pytest.mark.parametrize(
    "argv", [("cut", "-f1,2"), ("grep", "-c", "x"), ("grep", "a\\+"), ("tr", "-s", " "), ("xargs", "-n1"), ("sed", "p")]
)
def test_other_uses_of_filters_are_unknown(argv: tuple[str, ...]) -> None:
    assert filtered(argv, "a b\n") is None


@pytest.mark.parametrize(
    ("script", "end"),
    [
        ('set -- -x; if echo "$1" | grep -q "^-"; then exec app; fi; exec no', "exec app"),
        ("set -e; echo abc | grep -q zzz; exec no", "ends 1"),
        ('set -- -x; if test "$(printf %.1s "$1")" = "-"; then exec app; fi; exec no', "exec app"),
    ],
)
def test_grep_of_a_known_text(script: str, end: str) -> None:
    for shell in ("dash", "bash"):
        (found,) = run(script, shell=shell, files=FILES)
        assert (told(found), found.sure) == (end, True)


def test_grep_of_what_somebody_may_set_is_open() -> None:
    found = run('echo "$X" | grep -q x && exec app; exec other', files=FILES)
    assert {told(end) for end in found} == {"exec app", "exec other"}


def test_what_is_sourced_last_and_unknown_is_told() -> None:
    for script in (". /unknown/x", ". <(something)", "cat > /tmp/x <<EOF\nexec app\nEOF\n. /tmp/x", ". /dev/stdin"):
        (found,) = run(script, shell="bash", files=FILES)
        assert (found.kind, found.sure) == ("undecided", False)
    assert told(run('source /dev/stdin <<< "exec app"', shell="bash", files=FILES)[0]) == "exec app"


def test_exec_has_no_options_in_dash() -> None:
    assert told(run("exec -c app || exec app", shell="dash")[0]) == "ends 127"
    assert told(run("exec -c app", shell="bash")[0]) == "exec app"


def test_a_loop_over_the_files_of_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that are copied there are known; the base image may hold more of them."""

    def names(files: Files, path: str) -> Listing:
        found = [other for other in files.files if other.rpartition("/")[0] == path]
        return Listing(tuple(other.rpartition("/")[2] for other in found), complete)

    monkeypatch.setattr(Files, "list", names)
    files = {"/d/a.sh": "PROG=no\n", "/d/b.sh": "PROG=app\n", "/d/c.txt": "PROG=deaf\n"}
    for complete in (True, False):
        for script in (
            "cd /d; for f in *.sh; do . ./$f; done; exec $PROG",
            "for f in /d/*.sh; do . $f; done; exec $PROG",
        ):
            found = run(script, shell="dash", files=files)[0]
            assert (told(found), found.sure) == ("exec app", complete)
