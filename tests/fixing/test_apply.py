"""Edits go into bytes once each, and none over another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.fixing.apply import Conflict, apply, edits_between, merge
from initlint.rule import Fix
from initlint.text import Edit, Source


def edit(source: Source, start: int, end: int, content: bytes) -> Edit:
    return Edit(source.span(start, end), content)


def applied(source: Source, *edits: Edit) -> bytes:
    return apply(edits)[source.name].after


def test_inserts_and_replaces_in_any_order() -> None:
    """Offsets are those of the file as it was read."""
    source = Source("Dockerfile", b"FROM a\nCMD b\n")
    assert applied(source, edit(source, 11, 12, b"c"), edit(source, 7, 7, b"USER x\n")) == b"FROM a\nUSER x\nCMD c\n"


def test_the_same_edit_twice_counts_once() -> None:
    """Two containers that share a line get it changed once."""
    source = Source("Dockerfile", b"CMD b\n")
    assert applied(source, edit(source, 4, 4, b"exec "), edit(source, 4, 4, b"exec ")) == b"CMD exec b\n"


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([(0, 3, b"x"), (2, 4, b"y")], id="overlapping"),
        pytest.param([(0, 3, b"x"), (0, 3, b"y")], id="another text for the same bytes"),
        pytest.param([(2, 2, b"x"), (2, 2, b"y")], id="two insertions at one place"),
        pytest.param([(0, 3, b""), (1, 1, b"y")], id="an insertion into what goes"),
        pytest.param([(3, 99, b"")], id="outside the file"),
    ],
)
def test_conflicts(edits: list[tuple[int, int, bytes]]) -> None:
    """What contradicts itself is never written."""
    source = Source("Dockerfile", b"abcdef")
    with pytest.raises(Conflict):
        apply([edit(source, *item) for item in edits])


def test_an_insertion_beside_a_replacement_is_no_conflict() -> None:
    """Before and behind the bytes that change there's room."""
    source = Source("f", b"abc")
    assert applied(source, edit(source, 1, 2, b"B"), edit(source, 1, 1, b"<"), edit(source, 2, 2, b">")) == b"a<B>c"


def test_a_file_that_was_read_twice_is_one_file() -> None:
    """Two sources of one path with the same bytes are the same."""
    first, second = Source("f", b"ab", path="/f"), Source("f", b"ab", path="/f")
    assert apply([edit(first, 0, 1, b"x"), edit(second, 1, 2, b"y")])["/f"].after == b"xy"
    changed = Source("f", b"zz", path="/f")
    with pytest.raises(Conflict):
        apply([edit(first, 0, 1, b"x"), edit(changed, 1, 2, b"y")])


def test_fixes_that_collide_wait() -> None:
    """The first of two that collide is taken, the other one named."""
    source = Source("f", b"abc")
    first = Fix("safe", "", (edit(source, 0, 1, b"x"),))
    other = Fix("safe", "", (edit(source, 0, 2, b"y"), edit(source, 2, 2, b"z")))
    third = Fix("safe", "", (edit(source, 2, 3, b"C"),))
    edits, waiting = merge([first, other, third, first])
    assert applied(source, *edits) == b"xbC"
    assert waiting == (1,)


LINES = st.lists(
    st.sampled_from([b"", b"FROM a", b"CMD b", b"  # c", b"\xc3\xa4\xc3\xb6", b"\xff\xfe", b"x\r"]), max_size=12
)


@given(LINES, LINES, st.booleans(), st.booleans())
def test_edits_between_lead_from_one_to_the_other(old: list[bytes], new: list[bytes], end: bool, new_end: bool) -> None:
    """Whatever the bytes are, newlines at the end included."""
    before = b"\n".join(old) + (b"\n" if end else b"")
    after = b"\n".join(new) + (b"\n" if new_end else b"")
    source = Source("f", before)
    edits = edits_between(source, after)
    assert (apply(edits)["f"].after if edits else before) == after


@given(st.text(alphabet="aä€𝄞\n", max_size=40), st.text(alphabet="aä€𝄞\n", max_size=40))
def test_edits_between_never_cut_a_character(old: str, new: str) -> None:
    """What an edit says is text."""
    source = Source("f", old.encode())
    for item in edits_between(source, new.encode()):
        item.content.decode()
        item.span.data.decode()
