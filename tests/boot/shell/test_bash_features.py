"""What bash has beyond the others, what differs between them, and what only few scripts do."""

from __future__ import annotations

import pytest

from initlint.boot.model import Opaque

from .evaluation import run, told

FILES = {"/etc/p": "app\nx\n", "/lib.sh": "X=$1\n", "/set.sh": "set -- app\n"}
BASH = [
    ('A=(x y); for i in "${!A[@]}"; do exec app $i; done', "exec app 0"),
    ("declare -A m=([web]=app [a]=deaf); exec ${m[${1:-web}]}", "exec app"),
    ('declare -A m; m[web]=app; m[x]=y; exec "${m[web]}"', "exec app"),
    ('declare -A m=([web]=x); exec "${m[nope]:-app}"', "exec app"),
    ("A=(x app); exec ${A[-1]}", "exec app"),
    ("A=(x app y); i=0; exec ${A[i+1]} ${A[$i]}", "exec app x"),
    ('set -- a b c; exec "${@: -1}"', "exec c"),
    ('set -- a b c; exec "${@: -2:1}"', "exec b"),
    ('set -- a b c; exec "${!#}"', "exec c"),
    ('set -- a b c; n=2; exec "${!n}"', "exec b"),
    ('mapfile -t L < /etc/p; exec "${L[@]}"', "exec app x"),
    ('printf -v X "%s%s" a pp; exec $X', "exec app"),
    ("set -- a; case $1 in a) X=1 ;;& *) exec app$X ;; esac", "exec app1"),
    ("set -- a; case $1 in a) X=1 ;;& b) exec no ;; c*|a*) exec app$X ;; esac", "exec app1"),
    ("set -- a; case $1 in a) X=1 ;;& b) exec no ;; esac; exec app", "exec app"),
    ("[[ 08 -eq 8 ]] && exec no; exec app", "exec app"),
    ("[[ 010 -eq 8 ]] && exec app; exec no", "exec app"),
    ("set -- a; . /lib.sh app x; exec $X $1", "exec app a"),
    ("set -- a; . /set.sh b; exec $1", "exec app"),
]
PLAIN = [
    ("[ 08 -eq 8 ] && exec app; exec no", "exec app"),
    ("[ 8 -eq 010 ] && exec no; exec app", "exec app"),
    ("case $(uname -s) in Linux) exec app ;; esac", "exec app"),
    ("exec $(printf '%s-%s\\n' a b)", "exec a-b"),
    ('trap "exec app" EXIT; true', "exec app"),
    ('trap "exec app" EXIT; exit 3', "exec app"),
    ("trap 'rm x; exit' EXIT; exec app", "exec app"),
]
DASH = [
    ("readonly P=a; P=b; exec app", "ends 2"),
    ("P=a; readonly P; export P=b; exec app", "ends 2"),
    ("readonly P=a; unset P; exec app", "ends 2"),
    ("readonly P=app; (P=b); exec $P", "exec app"),
    ("set -- a; . /lib.sh app x; exec $X $1", "exec a a"),
    ("set -- a; . /set.sh b; exec $1", "exec app"),
    ('trap "exec no" ERR; false; exec app', "exec app"),
]


@pytest.mark.parametrize(
    ("shell", "script", "end"),
    [
        *(("bash", *case) for case in BASH),
        *((shell, *case) for case in PLAIN for shell in ("bash", "dash", "ash")),
        *(("dash", *case) for case in DASH),
    ],
)
def test_it_is_what_the_shell_does(shell: str, script: str, end: str) -> None:
    (found,) = run(script, shell=shell, files=FILES)
    assert (told(found), found.sure) == (end, True)


@pytest.mark.parametrize(
    "script",
    [
        "readonly P=app; P=b; exec $P",
        'trap "exec app" ERR; false; exec deaf',
        'trap "exit 1" ERR; false; exec app',
        'X=$("$0"); exec app',
    ],
)
def test_what_is_not_followed_is_not_sure(script: str) -> None:
    assert not run(script, shell="bash")[0].sure


def test_what_is_done_under_another_name_is_unknown() -> None:
    end = run("f() { local -n r=$1; r=app; }; f P; exec $P", shell="bash")[0]
    assert isinstance(end.argv[0], Opaque)


def test_a_program_without_a_name_is_not_found() -> None:
    assert told(run('exec ""', shell="bash")[0]) == "ends 127"
    assert told(run("exec ''", shell="dash")[0]) == "ends 126"
    assert told(run('""; exec app', shell="dash")[0]) == "exec app"
    likely, other = run('exec "$CMD"', shell="bash")
    assert (told(likely), told(other)) == ("ends 127", "exec $CMD")
    assert [told(end) for end in run('. /unknown/x; exec "$CMD"', shell="bash", files=FILES)] == ["exec $CMD"]
    assert told(run('. /unknown/x; "$CMD"', shell="bash", files=FILES)[0]) == "stays $CMD"
