"""Perl programs by their syntax trees."""

from __future__ import annotations

import pytest

from initlint.boot.script_source import read_program
from initlint.boot.source_facts import SourceFacts
from initlint.text import Source

from .fakes import FakeRoot


def read(text: str, **files: str) -> SourceFacts:
    """Facts of /app/main; other files are named `lib_pl` for /app/lib.pl."""
    others = {f"/app/{name.replace('_', '.')}": body for name, body in files.items()}
    facts = read_program(Source("main", text.encode()), "/app/main", FakeRoot(others), "perl")
    assert facts is not None
    return facts


@pytest.mark.parametrize(
    "text",
    [
        "$SIG{TERM} = sub { exit 0 };",
        "$SIG{'TERM'} = \\&stop; sub stop { exit }",
        '$SIG{"TERM"} = "stop";',
        "$SIG{INT} = $SIG{TERM} = sub { exit };",
        "@SIG{qw(TERM INT)} = (\\&stop) x 2;",
        "$SIG{$_} = \\&stop for qw(TERM INT);",
        "foreach my $s ('INT', 'TERM') { $SIG{$s} = \\&stop; }",
        "sub setup { $SIG{TERM} = \\&stop } setup();",
        "sub main::setup { $SIG{TERM} = \\&stop } &setup;",
        "my $name = 'setup'; sub setup { $SIG{TERM} = \\&stop } $name->();",
        "BEGIN { $SIG{TERM} = sub { exit } }",
    ],
)
def test_finds_handlers(text: str) -> None:
    """For one signal or several, in subs that are called."""
    assert "SIGTERM" in read(text).handled


@pytest.mark.parametrize(
    "text",
    [
        "# $SIG{TERM} = sub { exit }",
        "print '$SIG{TERM} = sub { exit }';",
        "=pod\n\n$SIG{TERM} = sub { exit };\n\n=cut\n1;",
        "1;\n__END__\n$SIG{TERM} = sub { exit };",
        "$SIG{TERM} = 'DEFAULT';",
        "$SIG{TERM} = 'IGNORE';",
        "$SIG{TERM} = sub {};",
        "$SIG{USR1} = sub { exit };",
        "sub unused { $SIG{TERM} = sub { exit } }",
        "if (0) { $SIG{TERM} = sub { exit }; }",
        "exit; $SIG{TERM} = sub { exit };",
        "my %SIGNAL; $SIGNAL{TERM} = sub { exit };",
    ],
)
def test_finds_no_handler(text: str) -> None:
    """Text that isn't code, code that can't run, and handlers that are none."""
    facts = read(text)
    assert "SIGTERM" not in facts.handled
    assert facts.handlers_known


@pytest.mark.parametrize(
    "text",
    [
        "$SIG{$name} = sub { exit };",
        "%SIG = (TERM => sub { exit });",
        "use sigtrap qw(die normal-signals);",
        "use POSIX; sigaction(SIGTERM, $action);",
        "exec 'redis-server';",
        "require $file;",
        "use Some::Module;",
    ],
)
def test_leaves_open_what_it_cannot_see(text: str) -> None:
    """Then it isn't said that there is no handler."""
    assert not read(text).handlers_known


@pytest.mark.parametrize(
    "text", ["exit if $done; $SIG{TERM} = sub { exit };", "exit unless @ARGV; $SIG{TERM} = \\&stop;"]
)
def test_an_exit_under_a_condition_ends_nothing(text: str) -> None:
    """What follows may run."""
    assert "SIGTERM" in read(text).handled


@pytest.mark.parametrize(
    "text",
    [
        "system('ls');", "system 'ls', '-l';", "my $x = `ls`;", "my $x = qx{ls};", "my $pid = fork;", "fork();",
        "open(my $fh, '-|', 'ls');", "open(F, 'ls |');", "open(F, '| ls');", "my $pid = open3($a, $b, $c, 'ls');",
    ],
)  # fmt: skip
def test_finds_children(text: str) -> None:
    """Each way of starting a program."""
    assert read(text).children == "unknown"


@pytest.mark.parametrize("text", ["open(my $fh, '<', 'file');", "print 'fork';", "my %h = (system => 1);", "$o->fork;"])
def test_what_starts_no_child(text: str) -> None:
    """Files, strings, keys and methods of that name."""
    assert read(text).children == "no"


def test_a_shell_line_that_leaves_a_job_is_evidence() -> None:
    """Where it is written out, as one string or behind a pipe."""
    for text in ("system('worker &');", "my $x = `worker & echo`;", "open(F, 'worker & |');"):
        assert read(text).children == "yes", text
    assert read("system('worker', '&');").children == "unknown"


def test_ignoring_sigchld_reaps() -> None:
    """The kernel does, unless it is for a while only."""
    assert read("$SIG{CHLD} = 'IGNORE';").reaps == "yes"
    assert read("{ local $SIG{CHLD} = 'IGNORE'; }").reaps == "no"
    assert read("$SIG{CHLD} = sub {};").reaps == "no"


def test_follows_required_files() -> None:
    """By a path that is written out."""
    assert "SIGTERM" in read("require './lib.pl';", lib_pl="$SIG{TERM} = sub { exit };").handled


def test_a_broken_program_is_read_by_words() -> None:
    """What the grammar doesn't parse counts wherever it stands."""
    assert "SIGTERM" in read("sub { ) $SIG{TERM} = sub { exit };").handled
