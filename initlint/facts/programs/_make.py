"""Short builders for program facts, so that a row of the tables reads as one thought."""

from __future__ import annotations

from initlint.facts import Children, Kind, ProgramFact, Reaps, SignalEffect

WHEN = "measured 2026-11, Debian 12, kernel 6.18, x86-64"

Why = tuple[Children, str]

# What a reader gets to hear about children, by the nature of the program.
OWN_CODE: Why = ("unknown", "what it starts is up to the program that it runs")
APP: Why = ("unknown", "the application that it serves may start programs")
OWN_WORKERS: Why = ("unlikely", "it starts its own workers only, and waits for them")
NONE: Why = ("no", "it starts no other program")
RUNS_OTHERS: Why = ("yes", "starting other programs is its purpose, and they may leave children behind")
CHILD: Why = ("unknown", "the program that it starts decides")

# Measured with Flask 2.2.5 and 3.1.3, Django 5.2.19 and werkzeug's run_simple: the server's own atexit never runs.
RELOADED = "its reloader runs the server in a child, which it waits for and kills when it ends"

REAPS = "waits for every child that the kernel hands to it"
OWN_ONLY = "waits only for children that it started itself"


def measured(
    name: str,
    kind: Kind,
    reaps: Reaps,
    reaps_why: str,
    effects: dict[str, SignalEffect],
    children: Why,
    version: str,
    package: str,
    variant: str = "",
    own_stop_signal: str | None = None,
    handles_term: bool | None = None,
    note: str = "",
    background: bool | None = False,
) -> ProgramFact:
    """A fact that was run as PID 1; `version` and `package` become its source."""
    return ProgramFact(
        name,
        kind,
        reaps,
        reaps_why,
        effects,
        children[0],
        children[1],
        variant,
        version,
        f"{WHEN}: {name} {version} ({package})",
        True,
        own_stop_signal,
        handles_term,
        note,
        background,
    )


def carried(
    name: str,
    kind: Kind,
    reaps: Reaps,
    reaps_why: str,
    effects: dict[str, SignalEffect],
    children: Why,
    source: str,
    variant: str = "",
    own_stop_signal: str | None = None,
    handles_term: bool | None = None,
    note: str = "",
    background: bool | None = False,
) -> ProgramFact:
    """A fact that nobody ran: `source` says what it is carried over from."""
    return ProgramFact(
        name,
        kind,
        reaps,
        reaps_why,
        effects,
        children[0],
        children[1],
        variant,
        "",
        source,
        False,
        own_stop_signal,
        handles_term,
        note,
        background,
    )


def undecided(name: str, kind: Kind, children: Why, why: str, variant: str = "", note: str = "") -> ProgramFact:
    """A known program of which neither reaping nor signals are known in this configuration."""
    return carried(name, kind, "unknown", why, {}, children, f"not measured: {why}", variant, note=note)
