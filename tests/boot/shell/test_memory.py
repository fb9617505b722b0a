"""A run like one before is told from memory: with its own places, and only where all that it depends on is the same."""

from __future__ import annotations

from initlint.text import Source

from .evaluation import environment, run, told

SCRIPT = 'if [ -f /etc/app.conf ]; then\n  exec server --config "$CONF"\nfi\nserver --plain\necho done\n'
FILES = {"/etc/app.conf": "x"}


def test_places_are_those_of_the_file_at_hand() -> None:
    """The second file with the same text gets spans into itself, never into the first one."""
    first = Source("one/entrypoint.sh", SCRIPT.encode())
    second = Source("two/entrypoint.sh", SCRIPT.encode())
    ends = [run(SCRIPT, source=source, env=environment({"CONF": "a"})) for source in (first, second)]
    for source, told_ends in zip((first, second), ends, strict=True):
        for end in told_ends:
            assert end.span is not None and end.span.source is source
            assert end.stays is None or (end.stays.command is not None and end.stays.command.source is source)
    assert [told(end) for end in ends[0]] == [told(end) for end in ends[1]]


def test_variable_named_in_the_text_makes_another_run() -> None:
    one = run(SCRIPT, env=environment({"CONF": "a"}), files=FILES)
    other = run(SCRIPT, env=environment({"CONF": "b"}), files=FILES)
    assert [told(one[0]), told(other[0])] == ["exec server --config a", "exec server --config b"]


def test_variable_that_is_only_passed_on_has_the_new_value() -> None:
    """VERSION isn't named in the text, but the program gets it."""
    run(SCRIPT, env=environment({"CONF": "c", "VERSION": "1", "OLD": "x"}), files=FILES)
    end = run(SCRIPT, env=environment({"CONF": "c", "VERSION": "2", "NEW": "y"}), files=FILES)[0]
    assert end.environment.variables["VERSION"] == "2"
    assert end.environment.variables["NEW"] == "y"
    assert "OLD" not in end.environment.variables


def test_variable_looked_up_by_a_name_put_together_counts() -> None:
    """`${!name}` with a name that stands nowhere in the text."""
    script = 'name="APP_${1}"\nexec server "${!name}"\n'
    assert told(run(script, "MODE", env=environment({"APP_MODE": "a"}))[0]) == "exec server a"
    assert told(run(script, "MODE", env=environment({"APP_MODE": "b"}))[0]) == "exec server b"


def test_answers_of_the_root_filesystem_count() -> None:
    """The file is there in one image and not in the other."""
    env = environment({"CONF": "d"})
    assert told(run(SCRIPT, env=env, files=FILES)[0]) == "exec server --config d"
    assert told(run(SCRIPT, env=env, files={})[0]) == "stays server --plain"


def test_content_of_a_sourced_file_counts() -> None:
    script = '. /lib.sh\nexec server "$LEVEL"\n'
    assert told(run(script, files={"/lib.sh": "LEVEL=1\n"})[0]) == "exec server 1"
    assert told(run(script, files={"/lib.sh": "LEVEL=2\n"})[0]) == "exec server 2"


def test_unknown_argument_is_no_known_one() -> None:
    """A word that isn't known equals its text, and yet makes another run."""
    from initlint.boot.model import Opaque

    script = 'if [ "$1" = "$X" ]; then exec one; fi\nexec "$@"\n'
    known = run(script, "server", env=environment({"X": "server"}))
    unknown = run(script, Opaque("server"), env=environment({"X": "server"}))
    assert told(known[0]) == "exec one"
    assert len(unknown) > 1


def test_what_is_known_of_a_program_counts() -> None:
    """The same script in an image whose program ends by itself comes to another end."""
    from initlint.boot.shell import run_script

    from .evaluation import SHELLS

    def ends(keeps: bool) -> str:
        found = run_script(
            Source("entrypoint.sh", b"thing --start\nexec server\n"),
            shell=SHELLS["bash"],
            arg0="/entrypoint.sh",
            arguments=(),
            environment=environment(),
            rootfs=None,
            keeps_running=lambda argv: keeps,
        )
        return told(found[0])

    assert [ends(False), ends(True), ends(False)] == ["exec server", "stays thing --start", "exec server"]
