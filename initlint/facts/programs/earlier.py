"""What is known of a program's earlier versions, which old distributions have.

Nearly all facts were measured with one version, most of them in Debian 12. A fact whose bound is known
is changed for what came before it; any other server of a distribution that old keeps its fact, but no
longer as one that was measured.
"""

from __future__ import annotations

from initlint.facts import OsFamily, ProgramFact, SignalEffect
from initlint.facts.packages import release_name
from initlint.facts.programs._index import INDEX
from initlint.records import NamedTuple

# Distributions whose servers are a decade older than those that were measured.
_OLD: dict[OsFamily, frozenset[str]] = {
    "rhel": frozenset({"5", "6", "7"}),
    "amazon": frozenset({"1", "2"}),
    "debian": frozenset({"squeeze", "wheezy", "jessie"}),
    "ubuntu": frozenset({"lucid", "precise", "trusty"}),
}
_OLDEST_ALPINE = (3, 3)
_OLDEST_FEDORA = 24

# Servers that waited for any child and ended on SIGTERM long before those distributions.
_STEADY = frozenset({"apache2", "nginx", "postgres", "sshd"})


class _Bound(NamedTuple):
    """`before`: the first version of which the fact holds. `had`: the release's own version, where it was read."""

    before: str
    effects: dict[str, SignalEffect]
    handles_term: bool
    source: str
    had: dict[tuple[OsFamily, str], str]


_BOUNDS = {
    "memcached": _Bound(
        "1.4.22",
        {"SIGTERM": "ignored", "SIGINT": "exits"},
        False,
        "memcached/memcached@1.4.4:memcached.c#L4273 installs a handler for SIGINT alone, as 1.4.13 to 1.4.21 do; "
        "measured 2026-11: 1.4.4 built from source",
        {("rhel", "6"): "1.4.4", ("rhel", "7"): "1.4.15"},
    ),
}


def as_of(fact: ProgramFact, family: OsFamily, release: str | None) -> ProgramFact:
    """The fact for a program as a release of a distribution packages it."""
    name = release_name(family, release)
    if name is None or not is_old(family, name) or INDEX.get(fact.name) != "servers":
        return fact
    bound = _BOUNDS.get(fact.name)
    if bound is not None:
        version = bound.had.get((family, name))
        return fact._replace(
            effects={**fact.effects, **bound.effects},
            handles_term=bound.handles_term,
            version=version or "",
            source=bound.source if version else f"the version of {family} {name} wasn't looked up; {bound.source}",
            measured=version is not None,
        )
    if fact.name in _STEADY or not fact.measured:
        return fact
    return fact._replace(measured=False, source=f"{family} {name} has an older one than {fact.version}")


def is_old(family: OsFamily, release: str) -> bool:
    """Whether a release, by the name that `release_name` gives it, is much older than what was measured."""
    if family == "alpine":
        numbers = release.removeprefix("v").split(".")[:2]
        return len(numbers) == 2 and all(each.isdecimal() for each in numbers) and _tuple(numbers) < _OLDEST_ALPINE
    if family == "fedora":
        return release.isdecimal() and int(release) < _OLDEST_FEDORA
    return release.partition(".")[0] in _OLD.get(family, ()) or release in _OLD.get(family, ())


def _tuple(numbers: list[str]) -> tuple[int, ...]:
    return tuple(int(each) for each in numbers)
