"""All experiments: which there are, which can be made here, and their results side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from initlint.facts.programs._index import INDEX
from initlint.facts.wrappers import WRAPPERS as WRAPPER_FACTS
from initlint.lab import experiment, last_command
from initlint.lab.experiment import Result
from initlint.lab.programs import PROGRAMS
from initlint.lab.recipe import Recipe, expected
from initlint.lab.wrappers import WRAPPERS
from initlint.records import NamedTuple

RECIPES: tuple[Recipe, ...] = (*PROGRAMS, *WRAPPERS)
# Experiments mostly wait for a deadline, so that many run side by side even on one core.
AT_ONCE = 24


class Task(NamedTuple):
    """One experiment. `names`: what it can be asked for by; `seconds`: about how long it takes."""

    name: str
    package: str
    names: frozenset[str]
    installed: bool
    seconds: float
    run: Callable[[], Result]


def tasks(only: Collection[str] = ()) -> list[Task]:
    """The experiments, those that take longest first; `only`: by the name of a recipe, a program or a shell."""
    found = [*map(_of_recipe, RECIPES), *(task for shell in last_command.SHELLS for task in _of_shell(shell))]
    if only:
        found = [task for task in found if task.names & set(only)]
    return sorted(found, key=lambda task: -task.seconds)


def measure(chosen: Sequence[Task], at_once: int = AT_ONCE) -> Iterator[Result]:
    """The results of the experiments whose programs are installed, as they come.

    What differs is tried once more by itself, since a busy machine can be late, and counts then.
    """
    again: list[Task] = []
    there = [task for task in chosen if task.installed]
    with ThreadPoolExecutor(at_once) as pool:
        for task, result in zip(there, pool.map(lambda task: task.run(), there), strict=True):
            if result.differences:
                again.append(task)
            else:
                yield result
    for task in again:
        yield task.run()


def without_recipe() -> list[str]:
    """The measured facts that no recipe tries: they stay as they were measured by hand."""
    tried = {(fact.name, fact.variant) for recipe in RECIPES if (fact := recipe.program_fact())}
    tried_wrappers = {wrapper.name for recipe in RECIPES if (wrapper := recipe.wrapper_fact())}
    modules = sorted(set(INDEX.values()))
    facts = {
        key: fact for name in modules for key, fact in import_module(f"initlint.facts.programs.{name}").FACTS.items()
    }
    programs = {key for key, fact in facts.items() if fact.measured and (fact.name, fact.variant) not in tried}
    wrappers = {name for name, fact in WRAPPER_FACTS.items() if fact.measured and name not in tried_wrappers}
    return sorted(programs | wrappers)


def _of_recipe(recipe: Recipe) -> Task:
    told = expected(recipe)
    waits = sum(recipe.seconds for name, word in told.items() if name.startswith("SIG") and word == "stays")
    waits += {"stay zombies": 4.0, "are reaped late": 8.0}.get(told.get("orphans", ""), 0.0)
    program = recipe.argv[1] if recipe.argv[0] == "busybox" else recipe.argv[0].rsplit("/", 1)[-1]
    names = frozenset({recipe.name, program, recipe.argv[0]})
    return Task(recipe.name, recipe.package, names, recipe.installed(), waits, lambda: experiment.run(recipe))


def _of_shell(shell: last_command.Shell) -> Iterator[Task]:
    if not last_command.installed(shell):
        yield Task(f"{shell.name}: last command", shell.package, frozenset({shell.name}), False, 0.0, _nothing)
        return
    names = frozenset({shell.name, shell.words[-1], "shells"})

    def task(cell: last_command.Cell, form: str, said: bool) -> Task:
        name = f"{shell.name}: {cell.code!r} {form}"
        return Task(name, shell.package, names, True, 0.0, lambda: last_command.run(shell, cell, form, said))

    for cell, form, said in last_command.cells(shell):
        yield task(cell, form, said)


def _nothing() -> Result:  # pragma: no cover  (what isn't installed is never run)
    raise AssertionError
