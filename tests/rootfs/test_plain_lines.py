"""Lines of plain words are read without the parser, and come to what the parser makes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.rootfs import shell_run
from initlint.rootfs.shell_run import State, commands

WORDS = st.sampled_from(
    "apt-get apk update install -y --no-cache nginx=1.2 rm -rf /var/lib/apt/lists/* cd /app .. ./run 2 a=b x,y +x "
    "curl https://host/a?b=c :/ % @ npm ci cp -a /a/. /b/ if test export then echo - -- * in time true".split()
)
BLANKS = st.sampled_from([" ", "  ", "\t"])
COMMANDS = st.lists(st.tuples(BLANKS, WORDS), min_size=1, max_size=5).map(lambda each: "".join(map("".join, each)))
LINES = st.lists(st.tuples(COMMANDS, st.sampled_from([" && ", "&&", "; ", ";", " ; "])), min_size=1, max_size=4).map(
    lambda parts: "".join(command + joint for command, joint in parts[:-1]) + parts[-1][0]
)


def read(text: str) -> tuple[list[object], str | None, dict[str, str | None]]:
    shell_run._READ.clear()
    state = State({"HOME": "/root", "V": None}, "/work")
    found = commands(text, state, braces=False)
    return [*found], state.cwd, state.variables


@given(LINES)
def test_a_plain_line_is_read_as_the_parser_reads_it(text: str) -> None:
    direct = read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shell_run, "_plain", lambda text: None)
        assert direct == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "a || b",
        "a | b",
        "a & b",
        "X=1 a",
        "a > b",
        "a $b",
        "a 'b'",
        "a \\ b",
        "a #b",
        "a {b,c}",
        "test -f a && b",
        "! a",
    ],
)
def test_a_line_that_needs_the_parser_gets_it(text: str) -> None:
    assert shell_run._plain(text) is None


def test_a_plain_line_needs_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell_run, "bash_parser", None)
    found, cwd, _ = read("apt-get update && apt-get install -y nginx; cd /app && rm -rf *")
    assert [command.words[0].text for command in found] == ["apt-get", "apt-get", "rm"]  # type: ignore[attr-defined]
    assert cwd == "/app"
