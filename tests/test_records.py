"""`initlint.records.NamedTuple` is what `typing.NamedTuple` is."""

from __future__ import annotations

import copy
import pickle
import re
import typing
from pathlib import Path

import pytest

from initlint.records import NamedTuple

ROOT = Path(__file__).parent.parent


class Ours(NamedTuple):
    """A place."""

    name: str
    row: int = 1
    tags: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return f"{self.name}:{self.row}"


class Theirs(typing.NamedTuple):
    """A place."""

    name: str
    row: int = 1
    tags: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return f"{self.name}:{self.row}"


class Below(Ours):
    __slots__ = ()

    def __repr__(self) -> str:
        return self.shown


@pytest.mark.parametrize("kind", [Ours, Theirs])
def test_it_does_what_typings_does(kind: type[Ours]) -> None:
    made = kind("a", tags=("x",))
    assert made == ("a", 1, ("x",)) == kind(name="a", row=1, tags=("x",))
    assert hash(made) == hash(("a", 1, ("x",)))
    assert (made.name, made.row, made.shown, kind.__doc__) == ("a", 1, "a:1", "A place.")
    assert repr(made) == f"{kind.__name__}(name='a', row=1, tags=('x',))"
    assert made._replace(row=2) == ("a", 2, ("x",)) and type(made._replace(row=2)) is kind
    assert made._asdict() == {"name": "a", "row": 1, "tags": ("x",)}
    assert kind._make(["b", 3, ()]).shown == "b:3"
    assert kind._fields == kind.__match_args__ == ("name", "row", "tags")
    assert kind._field_defaults == {"row": 1, "tags": ()}
    assert pickle.loads(pickle.dumps(made)) == copy.copy(made) == made
    assert type(pickle.loads(pickle.dumps(made))) is type(copy.copy(made)) is kind
    assert not hasattr(made, "__dict__")
    match made:
        case kind("a", row):
            assert row == 1
    for wrong in (lambda: kind(), lambda: kind("a", 1, (), 2), lambda: kind(nam="a")):  # type: ignore[call-arg]
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(ValueError, match="nothing"):
        made._replace(nothing=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        kind._make(["a"])
    with pytest.raises(AttributeError):
        made.name = "b"  # type: ignore[misc]


def test_a_class_below_one_keeps_its_own() -> None:
    made = Below("a", 2)
    assert repr(made) == "a:2" and type(made._replace(row=3)) is Below and isinstance(made, Ours)


def test_a_class_that_cannot_be_made_is_refused() -> None:
    with pytest.raises(TypeError):

        class Hidden(NamedTuple):  # type: ignore[misc]
            _name: str

    with pytest.raises((TypeError, ValueError)):

        class Order(NamedTuple):
            first: int = 1
            second: int  # type: ignore[misc]


def test_modules_that_use_it_have_their_annotations_as_text() -> None:
    users = [path for folder in ("initlint", "rules") for path in (ROOT / folder).rglob("*.py")]
    users = [path for path in users if "from initlint.records import NamedTuple" in path.read_text()]
    assert len(users) > 50
    for path in users:
        assert re.search(r"(?m)^from __future__ import annotations$", path.read_text()), path
