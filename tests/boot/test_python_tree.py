"""The walk over a Python program's tree, and what is kept between two readings of one program."""

from __future__ import annotations

import ast
import inspect

import pytest

from initlint.boot import python_flags, python_module, python_source
from initlint.boot.python_flags import Flags
from initlint.boot.python_module import read_module
from initlint.boot.python_source import read_program
from initlint.boot.python_tree import children, walk
from initlint.text import Source

from .fakes import FakeRoot

_BARE = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
_ODD = """
match command:
    case {"go": [x, *rest], **others} if x: pass
    case Point(x=0) | None: pass
async def f(a, /, b=1, *c, d=2, **e) -> int:
    global g
    async with x as y, z: return [i async for i in j if i]
class C(B, metaclass=M):
    x: int = {**a, 'k': (yield)}
try: pass
except* (A, B) as error: print(f"{a!r:>{width}}")
lambda *, k=1: (w := a[1:2, ...])
"""


@pytest.mark.parametrize("text", [_ODD, *map(inspect.getsource, (python_flags, python_module, ast))])
def test_the_walk_meets_all_nodes_that_hold_code(text: str) -> None:
    if "except*" in text and not hasattr(ast, "TryStar"):
        text = text.replace("except*", "except")
    tree = ast.parse(text)
    wanted = [node for node in ast.walk(tree) if not isinstance(node, _BARE)]
    assert walk(tree) == wanted
    for node in wanted:
        assert children(node) == [child for child in ast.iter_child_nodes(node) if not isinstance(child, _BARE)]


def test_a_function_that_a_loop_calls_over_several_others_is_in_the_loop() -> None:
    depth = 12
    chain = "".join(f"def f{index}():\n    f{index + 1}()\n" for index in range(depth))
    source = Source("main.py", f"import signal\nwhile True:\n    f0()\n{chain}".encode())
    module = read_module(source, "/app/main.py", is_main=True)
    assert module is not None
    flags = Flags([module])
    assert {f"f{index}" for index in range(depth + 1)} <= flags.looped


def test_a_program_is_read_again_only_where_something_that_it_rests_on_differs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken_apart: list[str] = []
    inner = python_source._facts_of

    def counted(source: Source, *rest: object) -> object:
        taken_apart.append(source.name)
        return inner(source, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(python_source, "_facts_of", counted)
    main = Source("main.py", b"import signal, helper\n")
    quiet, telling = b"x = 1\n", b"import signal\nsignal.signal(signal.SIGTERM, lambda *a: exit())\n"
    root = FakeRoot({"/app/main.py": main.data, "/app/helper.py": quiet})
    first = read_program(main, "/app/main.py", root, cwd="/app")
    assert read_program(main, "/app/main.py", root, cwd="/app") is first
    assert len(taken_apart) == 1
    other = FakeRoot({"/app/main.py": main.data, "/app/helper.py": telling})
    found = read_program(main, "/app/main.py", other, cwd="/app")
    assert found is not None and first is not None
    assert (set(first.handled), set(found.handled)) == (set(), {"SIGTERM"})
    assert len(taken_apart) == 2
    read_program(main, "/app/main.py", other, cwd="/app", asks_for=lambda package: True)
    read_program(Source("main.py", main.data), "/app/main.py", other, cwd="/app")
    assert len(taken_apart) >= 3
