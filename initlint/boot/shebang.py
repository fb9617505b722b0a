"""The first line of a script, as the kernel reads it."""

from __future__ import annotations

import posixpath

from initlint.records import NamedTuple
from initlint.text import BOM, Source

ELF = b"\x7fELF"


class Shebang(NamedTuple):
    """`interpreter`: the path behind `#!`; `argument`: the rest as one word, None for none.

    `carriage_return`: the line ends in CR, so that the kernel looks for an interpreter (or hands
    over an argument) that ends in CR.
    """

    interpreter: str
    argument: str | None
    carriage_return: bool

    @property
    def name(self) -> str:
        return posixpath.basename(self.interpreter)


def read_shebang(data: bytes) -> Shebang | None:
    """The `#!` line; None where the file doesn't start with one (a BOM before it counts as none)."""
    if not data.startswith(b"#!") or data.startswith(BOM):
        return None
    line = data[2:256].split(b"\n", 1)[0]
    carriage_return = line.endswith(b"\r")
    words = line.rstrip(b"\r").strip(b" \t").split(None, 1)
    if not words:
        return Shebang("", None, carriage_return)
    argument = words[1].strip(b" \t").decode("utf-8", "surrogateescape") if len(words) > 1 else None
    return Shebang(words[0].decode("utf-8", "surrogateescape"), argument, carriage_return)


_OTHER_ENDINGS = (".py", ".rb", ".js", ".mjs", ".pl", ".php", ".lua", ".ts")


def looks_like_shell(source: Source) -> bool:
    """Whether a file without `#!` may be meant for a shell: False for one that is Python, or that
    its name gives to another language."""
    if source.name.endswith(_OTHER_ENDINGS):
        return False
    if b"import " not in source.data and b"def " not in source.data:
        return True
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.data)
    except (SyntaxError, ValueError, RecursionError):
        return True
    return not any(isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef)) for node in tree.body)
