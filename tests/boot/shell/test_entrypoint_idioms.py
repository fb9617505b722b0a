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


def test_loop_waits_until_a_helper_answers() -> None:
    """A loop with a counter that can't be followed ends when the helper answers: on side ways, too."""
    script = (
        'if [ ! -f /unknown/made ]; then\n  if [ -z "$PASSWORD" ]; then exit 1; fi\n  server --local &\n  pid=$!\n'
        '  n=0\n  up=0\n  while [ "$up" = 0 ]; do\n    if [ "$n" -gt 100 ]; then exit 1; fi\n    let n=n+1\n    up=1\n'
        "    helper ping || up=0\n  done\n"
        '  if ! kill "$pid" || ! wait "$pid"; then exit 1; fi\nfi\nexec server\n'
    )
    for shell in ("bash", "ash"):
        ends = meant_to_run(run(script, shell=shell, files={}))
        assert told(ends[0]) == "exec server"
        assert "stays" not in {end.kind for end in ends}


def test_required_variable_with_defaults_in_front() -> None:
    """What is empty for want of a variable is asked for as the variable itself is."""
    defaults = "HOST=${HOST:-$LINKED_HOST}\nNAME=${NAME:-${LINKED_NAME}}\n"
    refusal = '[[ -n "$HOST" ]] || exit 1\nif [[ -z $NAME ]]; then echo needed; exit 1; fi\n'
    ends = meant_to_run(run(f"{defaults}{refusal}exec server\n"))
    assert told(ends[0]) == "exec server"
    assert {"if $HOST is set", "if $NAME is set"} <= set(ends[0].when)
    assert told(ends[1]) == "ends 1"


def test_required_variable_in_a_function_of_a_sourced_file() -> None:
    """`set -e` ends the script where a function of a sourced file returns an error."""
    files = {"/lib.sh": "set -e\nDB=${DB:-}\ncheck() {\n  if [[ -z $DB ]]; then\n    return 1\n  fi\n}\n"}
    ends = meant_to_run(run(". /lib.sh\ncheck\nexec server\n", files=files))
    assert [told(end) for end in ends] == ["exec server", "ends 1"]


def test_check_that_a_plain_run_fails() -> None:
    """A script that gives up after a question that nobody can answer was meant to get beyond it."""
    later = "helper again\n" * 1600
    script = f"if helper 2>&1 | grep -q 'not permitted'; then\n  echo >&2 no\n  exit 1\nfi\n{later}exec server\n"
    ends = meant_to_run(run(script))
    assert told(ends[0]) == "exec server" and not ends[0].sure
    assert ends[0].when == ("if not helper 2>&1 | grep -q 'not permitted'",)
    assert told(ends[1]) == "ends 1"


def test_default_that_is_empty_stays_empty() -> None:
    """A variable that got an empty default is set, and empty, all the same."""
    assert told(run("set -u\nA=${A:-}\nexec server $A\n")[0]) == "exec server"
    assert told(run("A=${A:-}\nif [ -z ${A+x} ]; then exec unset; fi\nexec server\n")[0]) == "exec server"


@pytest.mark.parametrize("shell", ["dash", "ash", "bash"])
def test_file_that_a_pipeline_or_a_group_writes(shell: str) -> None:
    """What a redirection writes to is there afterwards, by whatever name it is called."""
    for write in ('helper | sed s/a/b/ > "$DIR/out"', "{ helper; } > $DIR/out", "helper > ${DIR}/out"):
        script = f"DIR=/made\n{write}\nif ! [ -s $DIR/out ]; then echo failed; exit; fi\nexec server\n"
        assert told(run(script, shell=shell, files={})[0]) == "exec server"


def test_unknown_program_is_not_no_program() -> None:
    """Where a guess leads to the end, and another one to a program that isn't known, the start stays open."""
    script = "if helper; then :; else exit 1; fi\nif ! [ -s /unknown/out ]; then exit 1; fi\nexec $(cat /unknown/out)\n"
    ends = meant_to_run(run(script, files={}))
    assert ends[0].kind == "exec" and ends[0].argv == ("$(cat /unknown/out)",)


def test_id_of_a_user_is_one_word() -> None:
    """`$(id -u app)` isn't known, but it is one word, quoted or not; `$(whoami)` is the user."""
    (end,) = run('u="$(id -u app)"\nexec step-down $u:$(id -g app) "$@"\n', "server")
    assert end.argv == ("step-down", "$(id -u app):$(id -g app)", "server")
    assert not any(getattr(word, "many", False) for word in end.argv)
    (end,) = run('[ "$(whoami)" = app ] || exit 1\nexec server\n', env=environment(user="app:app"))
    assert told(end) == "exec server"
