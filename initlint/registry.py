"""Finds the rules: the modules of `initlint.rules`, and those that other packages bring.

A module is a rule when it has a docstring with the sections in `SECTIONS` and a `RULE`. A
package adds one through the entry point group `initlint.rules`; each entry point names a module.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from io import FileIO
from types import ModuleType

from initlint.rule import Rule

GROUP = "initlint.rules"

# What the documentation of a rule consists of, in this order.
SECTIONS = ("What it does", "Why it matters", "Example", "Use instead", "Fix safety", "References")


class RegistryError(Exception):
    """A rule module that can't be used, or two that claim one code."""


class UnknownRule(ValueError):
    """A code, prefix or name that no rule has."""


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, by code. Raises RegistryError."""
    return collect([*_own_modules(), *_foreign_modules()])


def collect(modules: Iterable[ModuleType]) -> tuple[Rule, ...]:
    """The rules of some modules, by code, each with its module's docstring."""
    found: dict[str, tuple[Rule, str]] = {}
    names: dict[str, str] = {}
    for module in modules:
        rule = rule_of(module)
        for taken, what in ((found.get(rule.code, (rule, ""))[1], rule.code), (names.get(rule.name, ""), rule.name)):
            if taken:
                raise RegistryError(f"{what} is taken twice: by {taken} and by {module.__name__}")
        found[rule.code] = rule, module.__name__
        names[rule.name] = module.__name__
    return tuple(found[code][0] for code in sorted(found))


def rule_of(module: ModuleType) -> Rule:
    """The rule that a module is, with its documentation. Raises RegistryError."""
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise RegistryError(f"{module.__name__} has no RULE")
    documentation = (module.__doc__ or "").strip()
    for section in SECTIONS:
        if section not in documentation:
            raise RegistryError(f"{module.__name__} has no section “{section}” in its docstring")
    return rule._replace(documentation=documentation)


def find(word: str) -> Rule | None:
    """The rule of a code (in any case) or a name."""
    for rule in rules():
        if word.upper() == rule.code or word == rule.name:
            return rule
    return None


def codes(word: str) -> frozenset[str]:
    """The codes that a code, a prefix of codes, a name or `ALL` stands for. Raises UnknownRule."""
    upper = word.upper()
    if upper == "ALL":
        return frozenset(rule.code for rule in rules())
    # one letter would stand for every rule by accident
    found = frozenset(
        rule.code
        for rule in rules()
        if rule.name == word or rule.code == upper or (len(upper) > 1 and rule.code.startswith(upper))
    )
    if not found:
        raise UnknownRule(word)
    return found


def _own_modules() -> Iterator[ModuleType]:
    package = import_module(GROUP)
    for folder in package.__path__:
        for name in sorted(_module_names(folder)):
            yield import_module(f"{GROUP}.{name}")


def _module_names(folder: str) -> Iterable[str]:
    try:
        entries = os.listdir(folder)
    except OSError:  # a package inside a zip archive
        from pkgutil import iter_modules

        return [module.name for module in iter_modules([folder])]
    return [entry[:-3] for entry in entries if entry.endswith(".py") and not entry.startswith("_")]


def _foreign_modules() -> Iterator[ModuleType]:
    """Modules named by entry points. importlib.metadata is slow to import: the files are looked at first."""
    if not any(_names_group(folder) for folder in sys.path):
        return
    from importlib.metadata import entry_points

    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        try:
            module = point.load()
        except Exception as error:
            raise RegistryError(f"the rule {point.value} can't be loaded: {error}") from error
        if not isinstance(module, ModuleType):
            raise RegistryError(f"the entry point {point.name} = {point.value} is not a module")
        yield module


def _names_group(folder: str) -> bool:
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return False
    for name in names:
        if name.endswith((".dist-info", ".egg-info")):
            try:
                with FileIO(f"{folder or '.'}/{name}/entry_points.txt") as stream:
                    text = stream.readall()
            except OSError:
                continue
            if b"[initlint.rules]" in text or b"[ initlint.rules ]" in text:
                return True
    return False
