"""Instructions, line ranges, flags and the JSON decision: the same as BuildKit's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from buildkit_reference import REFUSED, Row, as_in_v0_12_5, buildkits, from_case, ours
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initlint.targets.dockerfile import parse
from initlint.targets.dockerfile.reader import read
from initlint.text import Source

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "fixtures/parser/cases.json").read_text(encoding="utf-8")
)

# where BuildKit's master, which we follow, differs from the v0.12.5 that the cases were recorded with
MASTER: dict[str, list[Row]] = {
    "check before escape": [
        Row("FROM", None, False, (3, 3), (), ("a",)),
        Row("RUN", None, False, (4, 5), (), ("x  y",)),
    ],
    "JSON + trailing junk": [
        Row("FROM", None, False, (1, 1), (), ("a",)),
        Row("CMD", None, False, (2, 2), (), ('["a"] x',)),
    ],
}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_reads_every_recorded_case_as_buildkit_does(case: dict[str, Any]) -> None:
    """All 51 cases: BuildKit's answer as recorded, master's where it differs."""
    expected = REFUSED if "buildkit_error" in case else from_case(case["buildkit"])
    rows = ours(case["text"])
    if isinstance(rows, list):
        rows = [row._replace(heredocs=()) for row in rows]
    assert rows == MASTER.get(case["name"], expected)


NASTY = {
    "nothing at all": "",
    "only blank lines": "\n \n\t\n",
    "no final newline": "FROM a\nCMD x",
    "two escapes at the end of the file": "FROM a\nCMD x \\\\",
    "three escapes at the end of a line": "FROM a\nRUN x \\\\\\\n y\nCMD z\n",
    "an escape alone at the end of the file": "FROM a\n\\",
    "an escape alone between instructions": "FROM a\n\\\n\\\nCMD x\n",
    "a keyword cut in two": "FROM a\nCM\\\nD x\n",
    "a keyword cut in two with blanks": "FROM a\nCM\\\n  D x\n",
    "a comment behind a glued escape": "FROM a\nRUN\\\n# c\n x\n",
    "comments with blanks in front": "FROM a\nRUN x \\\n   # c\n\t# d\n   && y\n",
    "comment lines that end in an escape": "FROM a\nRUN x \\\n# c \\\n y\nCMD z\n",
    "a continuation that only comments follow": "FROM a\nRUN x \\\n# c\n# d\n\n",
    "CR without LF": "FROM a\rCMD x\n",
    "several CR before LF": "FROM a\r\r\nCMD x \\\r\r\n y\r\n",
    "CRLF heredoc": "FROM a\r\nRUN <<E\r\nx\r\nE\r\nCMD y\r\n",
    "BOM before a directive": "\ufeff# escape=`\nFROM a\nRUN x `\n y\n",
    "BOM on the second line": "FROM a\n\ufeffCMD x\n",
    "a directive with blanks": "  #  ESCAPE =  `  \nFROM a\nRUN x `\n y\n",
    "a directive behind a comment": "# c\n# escape=`\nFROM a\nRUN x \\\n y\n",
    "a directive without a value": "# escape=\nFROM a\nRUN x \\\n y\n",
    "a shebang before a directive": "#!/usr/bin/env x\n# escape=`\nFROM a\nRUN x \\\n y\n",
    "escapes inside words": 'FROM a\nENV A=b\\ c D="e\\"f" G=\'h\\\'\n',
    "escapes inside words with a backtick": '# escape=`\nFROM a\nENV A=b` c D="e`"f"\n',
    "ENV in the old form": "FROM a\nENV  A   b = c \nENV B\tc\n",
    "ENV without =": "FROM a\nENV A=b C\n",
    "LABEL with an open quote": 'FROM a\nLABEL a="b c\n',
    "ARG with several names": 'FROM a\nARG A B=c D="e f"\n',
    "ENV without arguments": "FROM a\nENV\n",
    "a flag alone": "FROM a\nCOPY --from=b\n",
    "several flags": "FROM a\nCOPY --from=b --chown=c:d  --link x y\n",
    "quotes inside flags": "FROM a\nRUN --mount=type=bind,\"source=a b\" --x='y z' w\n",
    "-- ends the flags": "FROM a\nRUN --a -- --b c\n",
    "a flag over two lines": "FROM a\nRUN --mount=type=cache,\\\ntarget=/x \\\n  y\n",
    "a flag with an accent": "FROM a\nCOPY --chown=é:à x ÿ\n",
    "HEALTHCHECK NONE": "FROM a\nHEALTHCHECK NONE\n",
    "HEALTHCHECK in lower case": 'FROM a\nhealthcheck --retries=3 cmd ["x"]\n',
    "HEALTHCHECK CMD alone": "FROM a\nHEALTHCHECK CMD\n",
    "ONBUILD with flags": "FROM a\nONBUILD COPY --from=x a b\n",
    "ONBUILD HEALTHCHECK": "FROM a\nONBUILD EXPOSE 1 2\n",
    "ONBUILD alone": "FROM a\nONBUILD\n",
    "ONBUILD with a broken array": 'FROM a\nONBUILD CMD ["a", 1]\n',
    "an array with a newline escape": 'FROM a\nCMD ["a\\nb", "\\u00e9", "\\ud83d\\ude00", "\\ud800"]\n',
    "an array with a tab": 'FROM a\nCMD ["a\tb"]\n',
    "an array with a comma too many": 'FROM a\nCMD ["a",]\n',
    "an array of nothing known to JSON": "FROM a\nCMD [NaN]\nCMD [Infinity]\n",
    "an array of null": "FROM a\nCMD [null]\n",
    "an array in an array": 'FROM a\nCMD [["a"]]\n',
    "a shell test": "FROM a\nCMD [ -f x ] && y\n",
    "COPY from an array": 'FROM a\nCOPY ["a b", "c"]\nADD ["a"]\nVOLUME ["/x"]\nVOLUME /x\t/y\n',
    "an array behind NBSP": 'FROM a\nCMD \u00a0["a"]\n',
    "spaces that only Unicode knows": "FROM a\n\u2003CMD\u2003x\n\u3000\nRUN y\u2028z\x85\n",
    "VT and FF": "FROM\va\n\fCMD\fx \\\v\ny\n",
    "U+001C is no blank": "FROM a\nCMD x\x1c\n\x1c\n",
    "a heredoc behind a pipe": "FROM a\nRUN cat <<E | sh\nUSER x\nE\n",
    "a heredoc with a quoted name": "FROM a\nRUN <<'E F' cat\nx\nE F\nCMD y\n",
    "a heredoc with an escaped name": "FROM a\nRUN <<\\E\nx\nE\nCMD y\n",
    "a heredoc with a number": "FROM a\nRUN 3<<E x\ny\nE\nCMD z\n",
    "a heredoc glued to a word": "FROM a\nRUN cat<<E\nCMD y\n",
    "a heredoc in an array": 'FROM a\nRUN ["<<E"]\nCMD y\n',
    "a heredoc behind an open quote": "FROM a\nRUN echo \"it's <<E\nCMD y\n",
    "a heredoc beside a bad substitution": "FROM a\nRUN echo ${a[0]} <<E\nCMD y\n",
    "a heredoc beside an array's length": "FROM a\nRUN echo ${#a} <<E\nCMD y\n",
    "a heredoc in a comment of a continuation": "FROM a\nRUN x \\\n# <<E\n y\nCMD z\n",
    "a heredoc over a continuation": "FROM a\nRUN x \\\n <<E\ny\nE\nCMD z\n",
    "a heredoc in CMD": "FROM a\nCMD cat <<E\nx y\nE z\n",
    "a heredoc in ENV": "FROM a\nENV A=<<E\nCMD x\n",
    "heredocs without a body": "FROM a\nCOPY <<a <<b /x/\na\nb\nCMD y\n",
    "a heredoc that never ends": "FROM a\nRUN <<E\nx\n",
    "a heredoc whose end has a blank": "FROM a\nRUN <<E\nE \nE\nCMD x\n",
    "a heredoc with tabs": "FROM a\nRUN <<-E\n\tx\n\t\tE\nCMD y\n",
    "a heredoc named like a variable": "FROM a\nRUN <<$E\nx\n$E\nCMD y\n",
    "lower-case ONBUILD heredoc": "FROM a\nonbuild run <<E\nUSER x\nE\nCMD y\n",
    "a word that is no instruction": "FROM a\nFOO bar\n",
    "a Turkish dotless i": "FROM a\nenv\u0131 x\n",
    "a Kelvin sign": "FROM a\nWOR\u212aDIR /x\n",
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_reads_nasty_texts_as_buildkit_does(text: str) -> None:
    """What people, editors and generators really put into Dockerfiles, and worse."""
    with as_in_v0_12_5():
        assert ours(text) == buildkits(text)


MASTER_WINS = {
    "text behind an array": 'FROM a\nENTRYPOINT ["a"] b\n',
    "a blank before a heredoc's name": "FROM a\nRUN cat << E\nUSER x\nE\nCMD y\n",
    "a heredoc beside ${V#x}": "FROM a\nRUN x ${V#y} <<E\nUSER x\nE\nCMD y\n",
    "a heredoc beside ${V/x/y}": "FROM a\nRUN x ${V/x/y} <<E\nUSER x\nE\nCMD y\n",
    "a backslash in a flag, escape=`": "# escape=`\nFROM a\nCOPY --chown=a\\b x y\n",
    "check= before escape=": "# check=skip=all\n# escape=`\nFROM a\nRUN x `\n && y\n",
    "check= given twice": "# check=skip=all\n# check=skip=none\nFROM a\n",
}


@pytest.mark.parametrize("text", MASTER_WINS.values(), ids=MASTER_WINS.keys())
def test_follows_master_where_v0_12_5_reads_otherwise(text: str) -> None:
    """The whole list of differences: should one vanish, the reference has moved."""
    assert ours(text) != buildkits(text)


def test_takes_a_heredoc_with_a_blank_before_its_name() -> None:
    """As on master: `<< EOF` is a heredoc."""
    parsed = parse(Source("Dockerfile", b"FROM a\nRUN cat << EOF\nUSER x\nEOF\nCMD y\n"))
    assert [item.keyword for item in parsed.instructions] == ["FROM", "RUN", "CMD"]
    assert parsed.instructions[1].heredocs[0].content == "USER x\n"


# fmt: off
PIECES = st.sampled_from([
    " ", "  ", "\t", "\\", "\\\n", "\\ \n", "\\\\\n", "\n", "\n\n", "#", "# c\n", "\\\n# c\n", "\\\n\n", "`", "`\n", "\r\n",
    "\\\r\n", "x", "y", "=", "A=b", "'", '"', '"a"', "[", "]", '["a"]', '["a", "b"]', ",", "<<E", "<<-E", "<<'E'",
    '<<"E F"', "<<<", "E\n", "\nE\n", "\tE\n", "3<<E", "$X", "${X:-y}", "${X[0]}", "$(", "--", "--f=v", '--f="a b"',
    "-- ", "é", "\u00a0", "\u2028", "\v", "\f", "\x1c", "1", "null", "&&", "|", ";", "\ufeff", "\\n", '\\"', "\\u00e9",
    "\\ud800",
])
KEYWORDS = st.sampled_from([
    "RUN ", "CMD ", "ENTRYPOINT ", "COPY ", "ADD ", "ENV ", "LABEL ", "ARG ", "USER ", "WORKDIR ", "FROM ", "run ",
    "HEALTHCHECK CMD ", "HEALTHCHECK NONE", "ONBUILD RUN ", "ONBUILD COPY ", "SHELL ", "VOLUME ", "EXPOSE ", "Cmd",
    "STOPSIGNAL ", "MAINTAINER ", "FOO ",
])
# fmt: on
STARTS = st.sampled_from(
    ["", "# escape=`\n", "# escape=\\\n", "# syntax=a\n", "\ufeff", "# c\n", "\n", "#ESCAPE = ` \n"]
)
LINES = st.tuples(KEYWORDS, st.lists(PIECES, max_size=6).map("".join), st.sampled_from(["\n", "\r\n", ""])).map("".join)
DOCKERFILES = st.tuples(STARTS, st.lists(LINES, min_size=1, max_size=5).map("".join)).map("".join)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCKERFILES)
def test_reads_any_text_as_buildkit_does(text: str) -> None:
    """Texts put together at random from what trips parsers up."""
    expected = buildkits(text)
    if expected is None:
        return
    with as_in_v0_12_5():
        assert ours(text) == expected


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_it_crash(data: bytes) -> None:
    """Whatever the bytes: instructions, or UnparsableInput."""
    ours(data.decode("utf-8", "surrogateescape"))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCKERFILES)
def test_every_segment_leads_back_to_its_bytes(text: str) -> None:
    """The bytes of a segment are the slice of the value that it stands for, and segments cover the value."""
    if ours(text) == REFUSED:
        return
    source = Source("Dockerfile", text.encode())
    for item in read(source).instructions:
        pieces = []
        for segment in item.segments:
            piece = item.value[segment.index : segment.index + segment.length]
            data = piece.encode()
            assert source.data[segment.offset : segment.offset + len(data)] == data
            assert item.offset_of(segment.index) == segment.offset
            pieces.append(piece)
        assert "".join(pieces) == item.value
        assert item.span.start <= item.keyword_span.start <= item.keyword_span.end <= item.span.end
        assert item.value_span.end <= item.span.end
        if item.value:
            assert item.span_of(0, len(item.value)) == item.value_span
