"""The parser of shell text, loaded when the first text needs it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tree_sitter import Parser


@cache
def bash_parser() -> Parser:
    """The one parser of bash's grammar; the other shells' texts are near enough to it."""
    from tree_sitter import Language, Parser

    return Parser(Language(_binding().language()))


def _binding() -> Any:
    """The compiled part of tree-sitter-bash.

    The package around it imports `importlib.resources` for queries that nobody asks for here, and
    `tempfile` and `shutil` with it: four milliseconds of a start of sixty.
    """
    name = "tree_sitter_bash._binding"
    package = PathFinder.find_spec("tree_sitter_bash")
    spec = None if package is None else PathFinder.find_spec(name, package.submodule_search_locations)
    module = None if spec is None or spec.loader is None else spec.loader.create_module(spec)
    if spec is None or spec.loader is None or module is None:  # it lies somewhere else, as in an archive
        return import_module("tree_sitter_bash")
    spec.loader.exec_module(module)
    return module
