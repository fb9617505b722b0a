"""`# initlint: ignore=…`, above or on the line; one that does nothing is IL003."""

from __future__ import annotations

import pytest

from cli.conftest import Project, Run
from cli.projects import SCRIPT

CMD = "CMD nginx -g 'daemon off;'"


@pytest.mark.parametrize(
    "text",
    [
        f"# initlint: ignore=IL103\n{CMD}\n",
        f"# initlint: ignore=IL103 -- on purpose\n{CMD}\n",
        f"#initlint:ignore=IL103\n{CMD}\n",
        f"# initlint: ignore=il103\n{CMD}\n",
        f"# initlint: ignore=shell-keeps-pid1\n{CMD}\n",
        f"# initlint: ignore=IL1\n{CMD}\n",
        f"# initlint: ignore=IL103\n# hadolint ignore=DL3025\n{CMD}\n",
        f"  # initlint: ignore=IL103\r\n{CMD}\r\n",
        f"{CMD} # initlint: ignore=IL103\n",
        "CMD nginx \\\n# initlint: ignore=IL103\n  -g 'daemon off;'\n",
        "# initlint: ignore=IL103\nCMD nginx \\\n  -g 'daemon off;'\n",
    ],
)
def test_it_suppresses(text: str, project: Project, run: Run) -> None:
    project({"Dockerfile": f"FROM debian:12\n{text}"})
    result = run("check", "--output-format", "concise")
    assert (result.code, result.out) == (0, "")


@pytest.mark.parametrize(
    ("text", "out"),
    [
        (f"# initlint: ignore=IL101\n{CMD}\n", ["2:1: IL003", "3:1: IL103"]),
        (f"# initlint: ignore=IL103\n\n{CMD}\n", ["2:1: IL003", "4:1: IL103"]),
        (f"# initlint: ignore=IL103\nUSER app\n{CMD}\n", ["2:1: IL003", "4:1: IL103"]),
        (f"# initlint: ignore=IL103,IL301\n{CMD}\n", ["2:1: IL003"]),
        (f"# initlint: ignore=IL999\n{CMD}\n", ["2:1: IL003", "3:1: IL103"]),
        (f"# initlint: ignore\n{CMD}\n", ["2:1: IL003", "3:1: IL103"]),
        (f"# initlint: ignroe=IL103\n{CMD}\n", ["2:1: IL003", "3:1: IL103"]),
        (f"# initlint: ignore=IL103 because\n{CMD}\n", ["2:1: IL003", "3:1: IL103"]),
    ],
)
def test_it_does_nothing(text: str, out: list[str], project: Project, run: Run) -> None:
    project({"Dockerfile": f"FROM debian:12\n{text}"})
    result = run("check", "--output-format", "concise")
    assert [line.removeprefix("Dockerfile:")[:10] for line in result.out.splitlines()] == out


def test_a_rule_that_is_not_selected_leaves_its_pragma(project: Project, run: Run) -> None:
    project({"Dockerfile": f"FROM debian:12\n# initlint: ignore=IL103\n{CMD}\n"})
    assert run("check", "--select", "IL2,IL003").code == 0


def test_a_finding_below_the_threshold_uses_its_pragma(project: Project, run: Run) -> None:
    project({"Dockerfile": f"FROM debian:12\n# initlint: ignore=IL103\n{CMD}\n"})
    assert run("check", "--min-severity", "error").code == 0


def test_what_is_undecided_may_need_it(project: Project, run: Run) -> None:
    """But not a pragma that names no rule."""
    project({"Dockerfile": "# initlint: ignore=IL103\nFROM example.org/of/ours\n# initlint: ignore=IL999\n"})
    result = run("check", "--output-format", "concise")
    assert [line[:20] for line in result.out.splitlines()] == ["Dockerfile:3:1: IL00"]


def test_in_a_script(project: Project, run: Run) -> None:
    for script in ('# initlint: ignore=IL103\n"$@"', '"$@" # initlint: ignore=IL103'):
        project(SCRIPT | {"start.sh*": f"#!/bin/sh\n{script}\n"})
        assert run("check").code == 0


def test_unused_in_a_script(project: Project, run: Run) -> None:
    """Another Dockerfile may need it: it is only reported when the folder is checked."""
    project(SCRIPT | {"start.sh*": '#!/bin/sh\n# initlint: ignore=IL101\nexec "$@"\n'})
    assert run("check", "Dockerfile").code == 0
    assert run("check", "--output-format", "concise").out.startswith("start.sh:2:1: IL003")


def test_used_by_one_of_two_dockerfiles(project: Project, run: Run) -> None:
    project(
        {
            "a/Dockerfile": 'FROM debian:12\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\nCMD ["nginx"]\n',
            "b/Dockerfile": 'FROM debian:12\nCOPY start.sh /\nENTRYPOINT ["/start.sh", "-x"]\nCMD ["nginx"]\n',
            "start.sh*": '#!/bin/sh\nif [ "$1" = -x ]; then shift; exec "$@"; fi\n# initlint: ignore=IL103\n"$@"\n',
            ".git/HEAD": "",
        }
    )
    assert run("check").code == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# initlint: ignore=IL101\n{}\n", "{}\n"),
        ("# initlint: ignore=IL104,IL103 -- why\n{}\n", "# initlint: ignore=IL103 -- why\n{}\n"),
        ("# initlint: ignore=IL103, IL301\n{}\n", "# initlint: ignore=IL103\n{}\n"),
        ("{} # initlint: ignore=IL101\n", "{}\n"),
        ("{}\n# initlint: ignore=IL101", "{}\n"),
        ("# initlint: ignore=IL101\r\n{}\r\n", "{}\r\n"),
    ],
)
def test_its_fix(before: str, after: str, project: Project, run: Run) -> None:
    command = CMD if "IL103" in before else "CMD exec nginx -g 'daemon off;'"
    folder = project({"Dockerfile": f"FROM debian:12\n{before.format(command)}"})
    assert run("fix", "--write").code == 0
    assert (folder / "Dockerfile").read_bytes().decode() == f"FROM debian:12\n{after.format(command)}"


def test_its_fix_alone(project: Project, run: Run) -> None:
    folder = project(
        {"Dockerfile": f"FROM debian:12\n# initlint: ignore=IL101\n{CMD} # initlint: ignore=IL103,IL301\n"}
    )
    assert run("fix", "--write").code == 0
    assert (folder / "Dockerfile").read_text() == f"FROM debian:12\n{CMD} # initlint: ignore=IL103\n"


BUILT = "FROM debian:12\nCOPY <<'END' /start.sh\n#!/bin/sh\necho hello\n{}nginx -g 'daemon off;'\nEND\n{}CMD [\"sh\", \"/start.sh\"]\n"


@pytest.mark.parametrize(
    "text",
    [
        BUILT.format("# initlint: ignore=IL103\n", ""),
        BUILT.format("", "").replace("COPY", "# initlint: ignore=IL103\nCOPY"),
        BUILT.format("", "").replace("'daemon off;'", "'daemon off;' # initlint: ignore=IL103"),
    ],
)
def test_a_script_that_the_build_writes(text: str, project: Project, run: Run) -> None:
    project({"Dockerfile": text})
    assert run("check", "--output-format", "concise").out == ""


def test_what_a_heredoc_holds_is_the_text_of_another_file(project: Project, run: Run) -> None:
    text = BUILT.format("", "COPY <<END /note\n# initlint: ignore=IL103\n# initlint: nonsense\nEND\n")
    project({"Dockerfile": text.replace("nginx", "exec nginx")})
    assert run("check").code == 0
