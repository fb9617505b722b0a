"""What was meant to be JSON is made so where only one reading makes sense."""

from __future__ import annotations

import json

import pytest

from initlint.cure.json_repair import Ambiguous, read


def mended(text: str) -> str:
    _, changes = read(text)
    for change in sorted(changes, reverse=True):
        text = text[: change.start] + change.text + text[change.end :]
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('["/tini","--""]', '["/tini","--"]'),
        ("['npm', 'start']", '["npm", "start"]'),
        ("[ 'a' ]", '[ "a" ]'),
        ('["npm" "start"]', '["npm", "start"]'),
        ('["npm", "start",]', '["npm", "start"]'),
        ('["npm", "start"', '["npm", "start"]'),
        ('["npm", start]', '["npm", "start"]'),
        ("[npm, run, start:prod]", '["npm", "run", "start:prod"]'),
        ("[\u201cnpm\u201d, \u201cstart\u201d]", '["npm", "start"]'),
        ("[\"npm\", 'start']", '["npm", "start"]'),
        ('["a", "b""]', '["a", "b"]'),
        ('["python", "app.py" , "--x" "1" ]', '["python", "app.py" , "--x", "1" ]'),
    ],
)
def test_repairs(text: str, expected: str) -> None:
    """The least that makes it JSON; blanks stay as they are."""
    assert mended(text) == expected
    json.loads(expected)
    assert read(text)[0] == tuple(json.loads(expected))


@pytest.mark.parametrize(
    "text",
    [
        "[ -f /x ] && app",
        "[ -f /x ]",
        "[${CMD}]",
        '["a", "$PORT",]',
        '["C:\\app\\x.exe"]',
        '["a] ',
        '["a, "b"]',
        '["a""b"]',
        '["a"] && b',
        "[]",
        "['it's']",
        "app",
        '["a",,"b"]',
        '[["a"]]',
        '["a", {"b"}]',
        "['a\", 'b']",
    ],
)
def test_more_than_one_reading(text: str) -> None:
    """Then it's left alone."""
    with pytest.raises(Ambiguous):
        read(text)
