"""What a program's source tells of how it behaves as PID 1: one record, whatever the language."""

from __future__ import annotations

from initlint.boot.model import Argv, Evidence, Mistake
from initlint.facts import Children, Reaps
from initlint.records import NamedTuple


class SourceFacts(NamedTuple):
    """Read from a program's own text, never by running it.

    `children`: yes where it is seen to leave children to PID 1, unknown where it starts some
    (or can't be read whole), unlikely where nothing seen starts any but libraries that can't
    be read are used, no where all of it was read. `handled`: stop signals that it installs a
    handler for (name → short reason); `handlers_known` is False where a library that can't be
    read might install one. `reaps`: yes where it waits for any child in a loop or ignores
    SIGCHLD. `execs`: the argv it replaces itself by, where that is known.
    """

    children: Children
    evidence: tuple[Evidence, ...] = ()
    handled: dict[str, str] = {}
    handlers_known: bool = True
    reaps: Reaps = "no"
    reaps_why: str = ""
    execs: Argv | None = None
    whole: bool = True  # everything that it is made of was read
    why: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()  # signals that it ignores, or whose own reaction of the runtime it turns off
    mistakes: tuple[Mistake, ...] = ()
    wraps: tuple[Argv, Mistake] | None = None  # the one child that all its work is to wait for, and why that is wrong
    kills: tuple[str, ...] = ()  # of the handled ones, those that end it while its own child never gets them
    keeps_child: str = ""  # what that child is
    launches: str = ""  # why a stop is up to the programs that it starts; empty where it isn't
    gem: str = ""  # a Ruby binstub's: the program of a gem that it loads
    replaced: str = ""  # why it may give its place to another program
    open_stops: dict[str, str] = {}  # of the handled ones, why it isn't known whether they end it
    unsure_stops: dict[str, str] = {}  # of the handled ones, why they aren't certain to end it
    refused: tuple[str, ...] = ()  # of the ignored ones, those that it ignores when it isn't PID 1 either
