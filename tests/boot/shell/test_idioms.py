"""The idioms of real entrypoints come to what they do in a container."""

from __future__ import annotations

import pytest

from .evaluation import environment, likely, run, told

STEP_DOWN = """#!/bin/sh
set -e
# first arg is `-f` or `--some-option`
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
    set -- redis-server "$@"
fi
if [ "$1" = 'redis-server' -a "$(id -u)" = '0' ]; then
    find . \\! -user redis -exec chown redis '{}' +
    exec gosu redis "$0" "$@"
fi
um="$(umask)"
if [ "$um" = '0022' ]; then
    umask 0077
fi
exec "$@"
"""


@pytest.mark.parametrize(
    ("arguments", "user", "expected"),
    [
        (("redis-server",), "", "exec gosu redis /usr/local/bin/entrypoint.sh redis-server"),
        (("--port", "1"), "root", "exec gosu redis /usr/local/bin/entrypoint.sh redis-server --port 1"),
        (("my.conf",), "0:0", "exec gosu redis /usr/local/bin/entrypoint.sh redis-server my.conf"),
        (("redis-server",), "redis", "exec redis-server"),
        (("redis-server",), "999", "exec redis-server"),
        (("sh", "-c", "x y"), "", "exec sh -c x y"),
    ],
)
def test_step_down_happens_for_root_alone(arguments: tuple[str, ...], user: str, expected: str) -> None:
    """A server's entrypoint started by root execs itself again under gosu; another user gets the server."""
    for shell in ("dash", "ash", "bash"):
        ends = run(STEP_DOWN, *arguments, shell=shell, env=environment(user=user))
        assert told(ends[0]) == expected
        assert ends[0].sure
        assert len(ends) == 1


def test_unknown_user_gives_both_ways() -> None:
    """Where the user isn't known, the step-down and the direct start are both told."""
    ends = run(STEP_DOWN, "redis-server", env=environment(user=None))
    assert {told(end) for end in ends} == {
        "exec gosu redis /usr/local/bin/entrypoint.sh redis-server",
        "exec redis-server",
    }
    assert not ends[0].sure
    assert all("id -u" in " ".join(end.when) for end in ends)


NODE = """#!/bin/sh
set -e
if [ "${1#-}" != "${1}" ] || [ -z "$(command -v "${1}")" ] || { [ -f "${1}" ] && ! [ -x "${1}" ]; }; then
  set -- node "$@"
fi
exec "$@"
"""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("server.js",), "exec node server.js"),
        (("--version",), "exec node --version"),
        (("npm", "start"), "exec npm start"),
        (("node",), "exec node"),
    ],
)
def test_interpreter_is_put_before_what_is_no_command(arguments: tuple[str, ...], expected: str) -> None:
    """node's entrypoint puts node before options and files, not before programs on PATH."""
    files = {"/usr/local/bin/node": "", "/usr/local/bin/npm": "", "/app/server.js": "x"}
    assert likely(NODE, *arguments, shell="dash", files=files) == expected


MAIN = """#!/bin/bash
set -eo pipefail
shopt -s nullglob
log() { local type="$1"; shift; printf '%s [%s]: %s\\n' "$(date --rfc-3339=seconds)" "$type" "$*"; }
fail() { log ERROR "$@" >&2; exit 1; }
file_env() {
    local var="$1"
    local fileVar="${var}_FILE"
    local def="${2:-}"
    if [ "${!var:-}" ] && [ "${!fileVar:-}" ]; then
        fail "Both $var and $fileVar are set (but are exclusive)"
    fi
    local val="$def"
    if [ "${!var:-}" ]; then val="${!var}"; elif [ "${!fileVar:-}" ]; then val="$(< "${!fileVar}")"; fi
    export "$var"="$val"
    unset "$fileVar"
}
is_sourced() { [ "${#FUNCNAME[@]}" -ge 2 ] && [ "${FUNCNAME[0]}" = '_is_sourced' ]; }
wants_help() {
    local arg
    for arg; do
        case "$arg" in -'?'|--help|-V|--version) return 0 ;; esac
    done
    return 1
}
_main() {
    if [ "${1:0:1}" = '-' ]; then
        set -- mysqld "$@"
    fi
    if [ "$1" = 'mysqld' ] && ! wants_help "$@"; then
        log NOTE "starting"
        if [ "$(id -u)" = "0" ]; then
            exec gosu mysql "$BASH_SOURCE" "$@"
        fi
        file_env 'MYSQL_ROOT_PASSWORD'
        if [ -z "$MYSQL_ROOT_PASSWORD" ]; then
            fail "no password"
        fi
    fi
    exec "$@"
}
if ! is_sourced; then
    _main "$@"
fi
"""


def test_main_function_that_execs() -> None:
    """`_main "$@"` is followed into its functions, with locals, shift and indirect variables."""
    password = environment({"MYSQL_ROOT_PASSWORD": "x"}, user="mysql")
    assert likely(MAIN, "--port=1", env=password) == "exec mysqld --port=1"
    assert likely(MAIN, "mysqld") == "exec gosu mysql /usr/local/bin/entrypoint.sh mysqld"
    assert likely(MAIN, "mysqld", "--help", env=environment(user="mysql")) == "exec mysqld --help"
    assert likely(MAIN, "mysqld", env=environment(user="mysql")) == "ends 1"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # wait-for-it
        ("while ! nc -z db 5432; do sleep 1; done\nexec server\n", "exec server"),
        ("until pg_isready -h db; do echo waiting; sleep 1; done\nserver\n", "stays server"),
        ("./wait-for-it.sh db:5432 -- echo up\nexec server\n", "exec server"),
        ("for i in 1 2 3; do if nc -z db 1; then break; fi; sleep 1; done\nexec server\n", "exec server"),
        ("while [ ! -S /unknown/sock ]; do sleep 1; done\nexec server\n", "exec server"),
        ("while true; do nc -z db 1 && break; sleep 1; done\nexec server\n", "exec server"),
        # templates
        ("envsubst '$PORT' < /etc/t > /etc/nginx.conf && exec nginx -g 'daemon off;'\n", "exec nginx -g daemon off;"),
        ('sed -i "s/x/$PORT/" /etc/x\nnginx\n', "stays nginx"),
        # supervisors
        ("exec /usr/bin/supervisord -n -c /etc/s.conf\n", "exec /usr/bin/supervisord -n -c /etc/s.conf"),
        ("service cron start\nserver\n", "stays server"),
        ("echo hello\n", "ends 0"),
        ("migrate\n", "ends"),
        # a program that keeps the container, and idle ones
        ("server &\ntail -f /dev/null\n", "stays tail -f /dev/null"),
        ("server &\nsleep infinity\n", "stays sleep infinity"),
        ("while true; do sleep 1; done\n", "stays"),
        ("while :; do server; done\n", "stays server"),
        ("while sleep 60; do app-check; done\n", "stays app-check"),
        ("until false; do server; done\n", "stays server"),
        # commands behind the program
        ("server\necho stopped\n", "stays server"),
        ("unknown-thing\necho stopped\n", "stays unknown-thing"),
        ("unknown-thing\nexit $?\n", "stays unknown-thing"),
        ("unknown-thing\nexit 0\n", "stays unknown-thing"),
        ("unknown-thing\nexit 1\n", "ends 1"),
        ("unknown-thing\nrc=$?\nexit $rc\n", "stays unknown-thing"),
        ("unknown-thing || code=$?\nexit $code\n", "stays unknown-thing"),
        ("if ! unknown-thing; then echo no; exit 1; fi\n", "stays unknown-thing"),
        ("if unknown-thing; then exit 0; fi\nexec server\n", "ends 0"),
        ("unknown-thing start\nexit 0\n", "ends 0"),
        ("unknown-thing\nrm -f pid\n", "stays unknown-thing"),
        ("unknown-thing || exit 1\n", "stays unknown-thing"),
        # exec in its variants
        ("exec\nserver\n", "stays server"),
        ("exec -a name server x\n", "exec server x"),
        ("exec env A=1 server\n", "exec env A=1 server"),
        ("A=1 exec server\n", "exec server"),
        ("exec > >(tee -a log) 2>&1\nexec server\n", "exec server"),
        ("exec $CMD\n", "ends 0"),
        ("exec ${CMD:-server --x}\n", "exec server --x"),
        ('exec server "$(nproc)" -p${PORT:-80} --host="$(hostname)"\n', "exec server $(nproc) -p80 --host=$(hostname)"),
        # parameters
        ('set -- a \'b c\'\nexec server "$@" "$#"\n', "exec server a b c 2"),
        ("set -- a b c\nshift 2\nexec server $*\n", "exec server c"),
        ("args=(--x)\nargs+=('y z')\nexec server \"${args[@]}\" ${#args[@]}\n", "exec server --x y z 2"),
        ('exec "$(basename /a/server.sh .sh)"\n', "exec server"),
        ('a=Ab; exec server ${a,,} ${a^^} "${a/A/x}" "${a:1}"\n', "exec server ab AB xb b"),
        ("exec server $((2 + 3 * 4)) $((010))\n", "exec server 14 8"),
        ('for i in {1..3}; do a="$a$i"; done\nexec server $a\n', "exec server 123"),
        ('eval "exec server x"\n', "exec server x"),
        ("printf -v a %s server\nexec $a\n", "exec server"),
        ("f() { local a=1; return 0; }\nf && exec server ${a:-unset}\n", "exec server unset"),
        ("(cd /tmp; exec server)\n", "stays server"),
        ("{ exec server; } 2>&1\n", "exec server"),
        ('case "$1" in "") exec server;; *) exec other;; esac\n', "exec server"),
        ("a=1; [[ $a == [0-9] && ! -z $a ]] && exec server\n", "exec server"),
        ("[ $$ = 1 ] && exec server\n", "exec server"),
        ("command -v sh >/dev/null && exec server\n", "exec server"),
        ("server | tee log\n", "stays server"),
        ('server 2>&1 | while read -r line; do echo "$line"; done\n', "stays server"),
        ("echo x | server\n", "stays server"),
        ("exec server | cat\n", "stays server"),
        ("set -m\nserver &\nmigrate\nfg %1\n", "stays server"),
    ],
)
def test_likely_end(script: str, expected: str) -> None:
    """A plain `docker run` of the script comes to this end."""
    assert likely(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("set -e\nfalse\nexec server\n", "ends 1"),
        ("set -e\nfalse || true\nexec server\n", "exec server"),
        ("set -u\necho $NOT_SET\nexec server\n", "ends 1"),
        (': "${NEEDED:?must be set}"\nexec server\n', "ends 1"),
        ('[ -n "$NEEDED" ] || exit 3\nexec server\n', "ends 3"),
    ],
)
def test_script_that_gives_up(script: str, expected: str) -> None:
    """What ends the shell early ends the container."""
    assert likely(script) == expected


def test_options_of_the_shell_itself() -> None:
    """`#!/bin/sh -eu` counts like `set -eu`."""
    assert likely("false\nexec server\n", options=("-e",)) == "ends 1"
    assert likely("echo $NOT_SET\nexec server\n", options=("-xu",)) == "ends 1"
    assert likely("false\nexec server\n") == "exec server"


def test_status_of_an_unknown_command() -> None:
    """`$?` is taken for 0 on the likely way; a test of it is told both ways."""
    ends = run("helper\nif [ $? -ne 0 ]; then exec other; fi\nexec server\n")
    assert [told(end) for end in ends] == ["exec server", "exec other"]
    assert likely("helper\n[ $? -eq 0 ] || exit 1\nexec server\n") == "exec server"


def test_tests_of_paths_on_one_line() -> None:
    """`[ -e /a ] || [ -e /b ]`: what the parser takes for a division is two tests."""
    script = "[ -d / ] && [ -d / ] && exec server\n[ -e /a/b ] || [ -e /c/d ] || shift\nexec other [ x ]\n"
    assert likely(script, files={}) == "exec server"
    assert likely(script.replace("-d /", "-d /no/such"), files={}) == "exec other [ x ]"


def test_return_outside_of_a_function() -> None:
    """dash and ash end at it; bash says that it can't and goes on."""
    script = "return 0 2>/dev/null\nexec server\n"
    assert [likely(script, shell=shell) for shell in ("dash", "ash", "bash")] == ["ends 0", "ends 0", "exec server"]


@pytest.mark.parametrize(
    "script",
    [
        "if [[ $1 == x ]]; then exec server; fi\nexec other\n",
        'if [ "a" == "a" ]; then exec server; fi\nexec other\n',
        "source /etc/profile || exec other\n",
    ],
)
def test_dash_takes_bash_syntax_for_a_failing_command(script: str) -> None:
    """To dash, `[[` and `source` are programs that aren't there, and `==` is no operator."""
    assert likely(script, "x", shell="dash") == "exec other"


@pytest.mark.parametrize(
    "script",
    ["a=(1 2)\nexec server\n", "function f { :; }\nexec server\n", "cat <<<x\nexec server\n", "exec > >(tee x)\n"],
)
def test_dash_fails_at_what_it_cannot_parse(script: str) -> None:
    """Arrays, `function`, here-strings and process substitutions are syntax errors to dash."""
    assert run(script, shell="dash")[0].kind in ("fails", "ends")


def test_dash_runs_in_the_background_what_bash_redirects() -> None:
    """`server &> log` is `server &` to dash: the script goes on and ends."""
    ends = run("server &> /tmp/log\n", shell="dash")
    assert told(ends[0]) == "ends 0"
    assert [job.argv for job in ends[0].jobs] == [("server",)]
    assert likely("server &> /tmp/log\n", shell="bash") == "stays server"


def test_dash_before_0_5_13_does_not_know_pipefail() -> None:
    """`set -o pipefail` ends dash; bash and busybox ash know it."""
    script = "set -euo pipefail\nexec server\n"
    assert likely(script, shell="dash") == "ends 2"
    assert likely(script, shell="bash") == likely(script, shell="ash") == "exec server"


def test_crlf_script_is_undecided() -> None:
    """With CRLF lines the carriage return belongs to the last word: nothing is told of such a script."""
    (end,) = run("set -e\r\nexec server\r\n")
    assert end.kind == "undecided" and "CRLF" in end.why


def test_text_that_does_not_parse_is_undecided_only_where_it_is_evaluated() -> None:
    """A fault of the text behind an exec doesn't matter; one before it does."""
    assert likely('if [ -n "$1" ]; then exec server; fi\nfor x in; {\n', "a") in ("exec server", "undecided")
    assert likely("foo(\nexec server\n") == "undecided"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # the words in front of what isn't known are known
        ('COMMAND="/usr/bin/java -server -cp $CP Main"\nexec $COMMAND\n', "exec /usr/bin/java -server -cp $CP Main"),
        ('OPTS="-a  -b$X"\nexec server $OPTS\n', "exec server -a -b$X"),
        ('export X="a $(date) b"\nexec server $X\n', "exec server a $(date) b"),
    ],
)
def test_known_words_of_a_value_are_parted(script: str, expected: str) -> None:
    env = environment({"CP": None, "X": None, "FIRST": None})
    ends = run(f"#!/bin/bash\n{script}", env=env)
    assert told(ends[0]) == expected
    assert ends[0].argv[0] == expected.split()[1]


@pytest.mark.parametrize("quote", ["", '"'])
def test_an_expansion_that_the_parser_cannot_read_is_an_unknown_value(quote: str) -> None:
    """The parser stumbles over `//` and a back quote in a default; the script around it is sound."""
    script = f"#!/bin/bash\nexport FS={quote}${{FS:-hdfs://`hostname -f`:8020}}{quote}\nexec server --fs $FS\n"
    ends = run(script)
    assert told(ends[0]).startswith("exec server --fs ")
    assert len(ends) == 1


def test_a_script_that_is_broken_elsewhere_stays_undecided() -> None:
    ends = run("#!/bin/bash\necho ${A:-x://`b`}\nif [ -f /x ; then\nexec server\n")
    assert ends[0].kind in ("undecided", "fails")


@pytest.mark.parametrize(
    "script",
    [
        "cat <<EOF > /f && exec server\nx\nEOF\n",
        "cat > /f <<EOF && exec server\nx\nEOF\n",
        "cat <<EOF > /f; exec server\nexec other\nEOF\n",
        "cat <<-'EOF' >> /f; exec server\n\texec other\n\tEOF\n",
        "cat <<EOF > /f &\nexec other\nEOF\nexec server\n",
        "<<EOF cat > /f; exec server\nexec other\nEOF\n",
        "cat <<A >/f && cat <<B >/g && exec server\nexec other\nA\nexec third\nB\n",
        "if true; then cat <<A >/f; exec server; fi\nexec other\nA\nexec third\n",
    ],
)
def test_what_stands_behind_a_heredoc_on_its_line_is_run(script: str) -> None:
    """The heredoc's body comes between a line and the next; the rest of the line isn't lost."""
    assert told(run(script)[0]) == "exec server"
