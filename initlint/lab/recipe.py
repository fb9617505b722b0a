"""What a recipe is: how one program is started for an experiment, and which fact it tries."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from initlint.facts import ProgramFact, WrapperFact
from initlint.facts import wrappers as wrapper_facts
from initlint.facts.programs import lookup
from initlint.records import NamedTuple

# Words of a recipe that are replaced: the probe program, and the folder of the experiment.
PROBE = "PROBE"
HERE = "HERE"


class Recipe(NamedTuple):
    """How a program is started. `argv` and `files` may hold PROBE and HERE.

    `name` tells recipes apart. `package`: the Debian package that brings the program. `files` are
    written into the folder first; one that begins with #! may be executed. `ready`: a file there
    that shows that the program is up. `hides`: folders and files of the host that it mustn't see.
    `change`: what the program's own code adds to the fact of its runtime. `reaps`: what the state
    that this recipe brings a shell into decides ("while-waiting" says no more). `signals`: None
    for every signal that the fact tells of. `seconds`: how long the end may take after a signal.
    `sh_execs`: the shell between a wrapper and its program gives its place up.
    """

    name: str
    package: str
    argv: tuple[str, ...]
    files: dict[str, str] = {}
    ready: str = ""
    hides: tuple[str, ...] = ()
    change: Callable[[ProgramFact], ProgramFact] | None = None
    reaps: str | None = None
    signals: tuple[str, ...] | None = None
    seconds: float = 3.0
    wrapper: bool = False
    sh_execs: bool = False

    @property
    def has_probe(self) -> bool:
        """Whether a probe stands behind the program."""
        return any(PROBE in text for text in (*self.argv, *self.files.values()))

    def installed(self) -> bool:
        """Whether the program is there."""
        return (
            shutil.which(self.argv[0], path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin") is not None
        )

    def wrapper_fact(self) -> WrapperFact | None:
        """The wrapper's fact that the recipe tries, None where it tries a program's."""
        key = wrapper_facts.key_of(self.argv) if self.wrapper else None
        return wrapper_facts.lookup(key, sh_execs=self.sh_execs) if key else None

    def program_fact(self) -> ProgramFact | None:
        """The fact of what stays: the program's own, or that of a wrapper that stays."""
        if self.wrapper:
            wrapper = self.wrapper_fact()
            return wrapper.keeps if wrapper else None
        fact = lookup(self.argv)
        return self.change(fact) if fact and self.change else fact


def patience(fact: ProgramFact) -> float:
    """How long orphans are watched for, where the fact says that they are reaped late."""
    return 7.0 if fact.reaps_why.startswith("reaps late") else 0.0


def expected(recipe: Recipe) -> dict[str, str]:
    """What the facts say that an experiment will show, in the words of `experiment.measure`."""
    wrapper = recipe.wrapper_fact()
    if wrapper and wrapper.execs:
        return {"the program behind it": "becomes PID 1"}
    fact = recipe.program_fact()
    if fact is None:
        raise LookupError(f"{recipe.name}: there is no such fact")
    if fact.background:
        return {"PID 1": "ends at once"}
    told = {"PID 1": "stays"}
    if recipe.has_probe:
        told["the program behind it"] = "is a child"
    told["orphans"] = _ORPHANS[recipe.reaps or _reaps(fact)]
    for name in fact.effects if recipe.signals is None else recipe.signals:
        told[name] = _SIGNALS.get(fact.effects[name], fact.effects[name])
        if told[name] in ("forwards", "kills") and not recipe.has_probe:
            told[name] = "exits"
    return told


def _reaps(fact: ProgramFact) -> str:
    if fact.reaps == "no":
        if fact.reaps_why.startswith("reaps late"):
            return "late"
        if "an orphan that ends stops the container" in fact.note:
            return "dies"
    return fact.reaps


_ORPHANS = {
    "yes": "are reaped",
    "late": "are reaped late",
    "no": "stay zombies",
    "dies": "end PID 1",
    "unknown": "weren't handed to PID 1",
    "while-waiting": "depend on the state",
}
_SIGNALS = {"ignored": "stays", "reloads": "stays"}


def orphans_word(verdict: str) -> str:
    """The words for what became of orphans."""
    return _ORPHANS[verdict]
