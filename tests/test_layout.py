"""Lower rooms know nothing of the higher ones: imports only run downward."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# From the bottom to the top; what stands in one row may import what stands beside it.
ROOMS: tuple[tuple[str, ...], ...] = (
    ("initlint.records", "initlint.pyinit"),
    ("initlint.text",),
    ("initlint.facts",),
    ("initlint.targets",),
    ("initlint.rootfs",),
    ("initlint.boot",),
    ("initlint.subject",),
    ("initlint.rule", "initlint.registry"),
    ("initlint.cure",),
    ("initlint.rules",),
    ("initlint.fixing",),
    ("initlint.lab", "initlint.host"),
    ("initlint.linter", "initlint.discovery", "initlint.configuration", "initlint.suppression"),
    ("initlint.report",),
    ("initlint.cli",),
    ("initlint.__main__",),
)


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / "initlint").rglob("*.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path
    for path in sorted((ROOT / "rules").glob("*.py")):
        yield f"initlint.rules.{path.stem}".removesuffix(".__init__"), path


def level(module: str) -> int | None:
    for number, row in enumerate(ROOMS):
        for room in row:
            if module == room or module.startswith(room + "."):
                return number
    return None


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module of ours that a file imports: at its top, in functions, for type checking."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            names = [node.module or ""]
            if level(names[0]) is None:  # `from initlint import text`
                names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name.startswith("initlint."))


@pytest.mark.parametrize(("module", "path"), [pytest.param(*item, id=item[0]) for item in modules()])
def test_imports_run_downward(module: str, path: Path) -> None:
    own = level(module)
    if module == "initlint":
        assert not list(imports(path)), "importing the package itself costs nothing"
        return
    assert own is not None, f"{module} belongs to no room: say where it stands in ROOMS"
    for line, name in imports(path):
        other = level(name)
        if other is None:
            continue
        assert other <= own, f"{path}:{line}: {module} imports {name}, which stands above it"


def test_pyinit_imports_nothing_of_ours() -> None:
    path = ROOT / "initlint" / "pyinit.py"
    if path.exists():
        assert not list(imports(path)), "it is copied into images as a single file"


def test_no_rule_is_imported_by_name() -> None:
    for module, path in modules():
        for line, name in imports(path):
            assert not name.startswith("initlint.rules."), f"{path}:{line}: {module} imports {name}"
