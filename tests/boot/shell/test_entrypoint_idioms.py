"""What the start scripts of public images do, each in a few lines of our own."""

from __future__ import annotations

import pytest

from initlint.boot.shell import meant_to_run

from .evaluation import environment, run, told


@pytest.mark.parametrize(
    "test",
    [
        "[[ \"$1\" = 'server' && \"$(id -u)\" = '0' ]]",
        '[[ "$1" = s* && "$2" = -x ]]',
        '[[ "$1" = *"/run.sh"* || "$1" = *"erve"* ]]',
        '[[ ! "$1" = client && $1 = server ]]',
        '[[ "help serve server" == *"$1"* ]]',
    ],
)
def test_single_equals_sign_between_double_brackets(test: str) -> None:
    """`[[ a = b && … ]]` is what `[[ a == b && … ]]` is, and a pattern may hold a quoted variable."""
    (end,) = run(f'if {test}; then exec "$@"; fi\nexec other\n', "server", "-x", env=environment(user="root"))
    assert told(end) == "exec server -x"


def test_condition_is_told_as_it_is_written() -> None:
    """The parser's view of a test doesn't show in what people read."""
    ends = run("if [[ $(curl x) = y && $(curl z) = z ]]; then exec a; fi\nexec b\n")
    assert ends[0].when == ("if not [[ $(curl x) = y && $(curl z) = z ]]",)


def test_engine_leaves_its_mark_in_every_container() -> None:
    """A script that looks for /.dockerenv finds it."""
    (end,) = run("[ -f /.dockerenv ] || exit 1\nexec server\n")
    assert told(end) == "exec server"


def test_required_variable_lies_far_behind_many_branches() -> None:
    """A script that refuses to start without a variable is followed as though it were set."""
    branches = "".join(f'if [ -n "$SETTING_{index}" ]; then helper {index}; fi\n' for index in range(60))
    later = "".join(f"if some-check {index}; then helper {index}; fi\n" for index in range(60))
    script = f'{branches}if [ -z "$PASSWORD" ]; then echo needed; exit 1; fi\n{later}exec server\n'
    ends = meant_to_run(run(script))
    assert told(ends[0]) == "exec server"
    assert "$PASSWORD" in ends[0].when[0]
    assert sum(end.likely for end in ends) == 1
    assert told(ends[1]) == "ends 1"


def test_one_of_several_variables_is_required() -> None:
    """Where any of several variables would do, one of them is taken for set."""
    refusal = 'if [ -z "$A" ] && [ -z "$B" ] && [ -z "$C" ]; then exit 1; fi\n'
    later = "".join(f"if some-check {index}; then helper {index}; fi\n" for index in range(80))
    assert told(meant_to_run(run(f"{refusal}{later}exec server\n"))[0]) == "exec server"


def test_script_that_always_fails_is_no_start() -> None:
    """No variable helps a script that ends with an error on every way."""
    ends = meant_to_run(run('if [ -z "$A" ]; then exit 1; fi\nexit 2\n'))
    assert {end.kind for end in ends} == {"ends"}


@pytest.mark.parametrize("word", ["$(command -v nginx)", '"$(which nginx)"', "`command -v nginx`"])
def test_program_that_is_looked_up(word: str) -> None:
    """What `command -v` finds is what the bare name starts, wherever it lies."""
    ends = run(f"exec {word} -g 'daemon off;'\n", env=environment({"PATH": "/unknown/bin"}), files={"/bin/x": ""})
    assert told(ends[0]) == "exec nginx -g daemon off;" and not ends[0].sure


def test_looked_up_program_is_likely_the_one_given() -> None:
    """`[[ $1 == "$(command -v nginx)" ]]` holds in all likelihood for a path that ends in that name."""
    ends = run(
        'if [[ $1 == "$(command -v nginx)" ]]; then exec nginx; fi\nexec "$@"\n',
        "/usr/sbin/nginx",
        env=environment({"PATH": "/unknown/bin"}),
        files={"/bin/x": ""},
    )
    assert told(ends[0]) == "exec nginx"


def test_text_in_another_case() -> None:
    """`$(echo "$X" | tr A-Z a-z)` is known where X is."""
    script = "m=$(echo \"${MODE:-Web}\" | tr '[:upper:]' '[:lower:]')\ncase $m in web) exec a;; *) exit 1;; esac\n"
    assert told(run(script)[0]) == "exec a"


def test_list_in_quotes_as_default() -> None:
    """`${A:-['x', 'y']}` is text, and the script around it can be read."""
    ends = run("A=${A:-['x', 'y']}\nB=\"${B:-['z']}\"\nexec server \"$A\" \"$B\"\n")
    assert told(ends[0]).startswith("exec server")


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("false && ! helper 2> /dev/null | grep -q x", "exec b"),
        ("false && helper 2> /dev/null | grep -q x", "exec b"),
        ("true || ! helper 2> /dev/null | cat 2> /dev/null | grep -q x", "exec a"),
        ("! true | false", "exec a"),
        ("! false | true", "exec b"),
        ("! false 2> /dev/null | true", "exec b"),
        ("true && ! true 2> /dev/null", "exec b"),
        ("! helper 2> /dev/null | grep -q x", "exec b"),
        ("true && false 2> /dev/null || true > /dev/null", "exec a"),
    ],
)
def test_negation_and_redirection_bind_as_the_shell_binds_them(test: str, expected: str) -> None:
    """`!` negates a whole pipeline, and a redirection belongs to the command before it."""
    for shell in ("dash", "ash", "bash"):
        assert told(run(f"if {test}; then exec a; fi\nexec b\n", shell=shell)[0]) == expected


def test_nothing_runs_yet_when_a_container_starts() -> None:
    """`ps | grep` asks whether the program runs already; in a loop it will some time."""
    asks = "ps -ef | egrep -v grep | grep -q server"
    assert told(run(f"if {asks}; then echo runs already; else exec server; fi\n")[0]) == "exec server"
    assert told(run(f"server &\nuntil {asks}; do sleep 1; done\nkill $!\nexec other\n")[0]) == "exec other"
