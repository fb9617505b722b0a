"""Where a condition can't be decided, every outcome is told with its condition."""

from __future__ import annotations

from initlint.boot.shell import meant_to_run

from .evaluation import environment, likely, run, told


def test_unknown_command_as_condition_gives_two_outcomes() -> None:
    """`if some-command` is told both ways, in the file's own words; success is the likely one."""
    ends = run("if curl -f http://x; then exec a; fi\nexec b\n")
    assert [(told(end), end.when) for end in ends] == [
        ("exec a", ("if curl -f http://x",)),
        ("exec b", ("if not curl -f http://x",)),
    ]
    assert not ends[0].sure


def test_variable_that_nothing_sets_is_unset_in_the_likely_outcome() -> None:
    """A plain `docker run` sets nothing: the likely outcome has no condition, the other one has."""
    ends = run('if [ -n "$DEBUG" ]; then exec debugger; fi\nexec server\n')
    assert [(told(end), end.when) for end in ends] == [
        ("exec server", ()),
        ("exec debugger", ('if [ -n "$DEBUG" ]',)),
    ]
    assert ends[0].sure


def test_incomplete_environment_makes_it_less_sure() -> None:
    """Where the base image may set the variable, the likely outcome isn't sure."""
    script = 'if [ -n "$DEBUG" ]; then exec debugger; fi\nexec server\n'
    ends = run(script, env=environment(complete=False))
    assert told(ends[0]) == "exec server" and not ends[0].sure


def test_variable_of_the_image_decides() -> None:
    """ENV DEBUG=1 in the image leaves one outcome."""
    (end,) = run('if [ -n "$DEBUG" ]; then exec debugger; fi\nexec server\n', env=environment({"DEBUG": "1"}))
    assert told(end) == "exec debugger" and end.sure


def test_equal_ends_are_one_outcome() -> None:
    """Conditions that lead to the same end are dropped."""
    script = 'if [ -n "$A" ]; then mkdir a; fi\nif curl x; then B=1; else B=2; fi\nexec server\n'
    (end,) = run(script)
    assert (told(end), end.when, end.sure) == ("exec server", (), True)


def test_case_of_an_unset_variable_tells_every_arm() -> None:
    """Each literal pattern is an outcome; what an unset variable matches is the likely one."""
    ends = run('case "$ROLE" in web) exec web;; worker) exec worker;; *) exec all;; esac\n')
    assert [told(end) for end in ends] == ["exec all", "exec web", "exec worker"]
    assert ends[1].when == ("if $ROLE is set", 'if "$ROLE" is web')


def test_assumption_holds_further_down() -> None:
    """On the way where `$MODE` is `web`, later tests of it are decided."""
    script = 'a=none\nif [ "$MODE" = web ]; then a=web; fi\n[ "$MODE" = web ] && exec server $a\nexec other $a\n'
    assert {told(end) for end in run(script)} == {"exec other none", "exec server web"}


def test_helper_that_could_fail_is_no_outcome() -> None:
    """`helper || exit 1` and `helper && program` are told as if the helper succeeds."""
    for script in ("helper || exit 1\nexec server\n", "helper && exec server\n", "set -e\nhelper\nexec server\n"):
        (end,) = run(script)
        assert (told(end), end.when, end.sure) == ("exec server", (), True)


def test_fallback_behind_or_is_an_outcome() -> None:
    """`helper || exec other` is told both ways."""
    assert [told(end) for end in run("helper || exec other\nexec server\n")] == ["exec server", "exec other"]


def test_file_that_may_be_there() -> None:
    """A file test is answered by the root filesystem, and told both ways where it can't answer."""
    script = "if [ -f /etc/app.conf ]; then exec a; fi\nexec b\n"
    assert [told(end) for end in run(script, files={"/etc/app.conf": ""})] == ["exec a"]
    assert [told(end) for end in run(script, files={"/x": ""})] == ["exec b"]
    assert [told(end) for end in run(script.replace("/etc", "/unknown"), files={})] == ["exec b", "exec a"]


def test_file_that_the_script_makes_is_not_taken_for_absent() -> None:
    """What a command that ran before has made may be there, whatever the image says."""
    script = "cp /x /etc/app.conf\nif [ -f /etc/app.conf ]; then exec a; fi\nexec b\n"
    assert [told(end) for end in run(script, files={"/x": ""})] == ["exec a", "exec b"]


def test_sourced_file_is_evaluated() -> None:
    """`.` reads the file from the image: its variables, functions, `return` and `exit` count."""
    files = {"/etc/env.sh": "PORT=80\nserve() { exec server -p $PORT; }\nreturn 0\nexit 9\n", "/etc/out.sh": "exit 4\n"}
    assert [told(end) for end in run(". /etc/env.sh\nserve\n", files=files)] == ["exec server -p 80"]
    assert [told(end) for end in run("source /etc/out.sh\nexec server\n", files=files)] == ["ends 4"]


def test_sourced_file_that_cannot_be_seen_lowers_sureness() -> None:
    """What an unknown file sets isn't known; the script goes on, not sure."""
    (end,) = run(". /unknown/env.sh\nexec server\n", files={})
    assert told(end) == "exec server" and not end.sure


def test_cat_of_a_known_file() -> None:
    """`$(cat file)` is the file's text where the image shows it."""
    assert told(run('exec "$(cat /etc/cmd)"\n', files={"/etc/cmd": "server\n"})[0]) == "exec server"


def test_test_that_makes_no_sense_while_unset() -> None:
    """`[ "$N" -lt 3 ]` fails with an error while N is unset; with N set it is told both ways."""
    ends = run('if [ "$N" -lt 3 ]; then exec few; fi\nexec many\n')
    assert [told(end) for end in ends] == ["exec many", "exec few"]


def test_refusal_to_start_can_be_looked_behind() -> None:
    """`meant_to_run` makes the way on which the needed variable is set the likely one."""
    ends = run('if [ -z "$PASSWORD" ]; then echo no >&2; exit 1; fi\nexec server\n')
    assert [told(end) for end in ends] == ["ends 1", "exec server"]
    assert [(told(end), end.likely) for end in meant_to_run(ends)] == [("exec server", True), ("ends 1", False)]


def test_guess_that_leads_to_an_error_is_not_the_likely_way() -> None:
    """Where only unknown text decides between an error and a running program, the program is likelier."""
    ends = run('if [ "$(check-version)" != ok ]; then exit 1; fi\nexec server\n')
    assert told(ends[0]) == "exec server" and not ends[0].sure


def test_environment_reaches_the_program() -> None:
    """Exports, prefixed assignments and cd are what the program finds; other variables aren't."""
    (end,) = run("A=1\nexport B=2\nC=3\nexport C\ncd /srv\nD=4 exec server\n")
    variables = end.environment.variables
    assert {name: variables.get(name) for name in "ABCD"} == {"A": None, "B": "2", "C": "3", "D": "4"}
    assert "A" not in variables and end.environment.cwd == "/srv"


def test_commands_that_ran_are_told_in_order() -> None:
    """What ran to its end before is kept, for daemons that it may have left."""
    (end,) = run("service cron start\nmkdir -p /run/x\nexec server\n")
    assert [argv for argv, _ in end.ran] == [("service", "cron", "start"), ("mkdir", "-p", "/run/x")]


def test_helper_behind_a_redirection_is_told() -> None:
    """`exec > >(tee log)` leaves a helper process beside the program."""
    (end,) = run("exec > >(tee -a /log) 2>&1\nexec server\n")
    assert end.redirects_to == "tee -a /log"


def test_a_loop_that_a_return_leaves_is_not_endless() -> None:
    """A function waits for a service in `while true`, and returns when it is there."""
    text = "wait_for() {\n  while true; do\n    if ping-it; then\n      return 0\n    fi\n    sleep 1\n  done\n}\nwait_for\nexec server\n"
    assert told(run(text)[0]) == "exec server"


def test_yash_execs_the_last_command_of_a_file_with_an_open_end() -> None:
    """Measured: without a newline at its end, a file is to yash what a -c string is; a comment there keeps it."""
    assert likely("cd /x\nserver\n", shell="yash") == "stays server"
    assert likely("cd /x\nserver", shell="yash") == "exec server"
    assert likely("cd /x\nserver # why", shell="yash") == "stays server"
    assert likely("cd /x\nserver", shell="bash") == "stays server"
