"""The check of plain words before a RUN line is parsed: it never changes an answer."""

from __future__ import annotations

from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initlint.rootfs.run_filter import RunWords

from .conftest import Project

PATHS = ("/a", "/d/e1.sh", "/d/e2.sh", "/app/run.sh", "/app/sub/deep.sh", "/usr/local/bin/run.sh", "/srv/a")

PLACES = (
    *PATHS,
    *("/d", "/app", "/app/sub", "/", ".", "..", "./", "/usr/local/bin", "/usr/local/bin/", "/srv", "/srv/"),
    *("a", "e1.sh", "run.sh", "sub", "*", "*.sh", "/d/*", "/*", "/app/*.sh", "$F", "${D}/run.sh", "/u*/local/bin"),
)

WORDS = (
    *("chmod 700", "chmod -R 700", "chmod +x", "mv", "cp", "cp -r", "ln -s", "ln -sf", "sed -i s/x/y/", "tee"),
    *("D=/app; F=/a; true", "find"),
)
# nobody removes the root
REMOVED = (*PATHS, "/d", "/app/sub", "a", "run.sh", "sub", "*", "/d/*", "/app/*.sh")

COMMANDS = st.one_of(
    st.builds(
        lambda word, places: " ".join((word, *places)),
        st.sampled_from(WORDS),
        st.lists(st.sampled_from(PLACES), min_size=1, max_size=2),
    ),
    st.builds("rm -rf {}".format, st.sampled_from(REMOVED)),
    st.builds("{} {}".format, st.sampled_from(("touch", "mkdir -p", "install -m 700 /a")), st.sampled_from(PATHS)),
    st.builds("cd {}".format, st.sampled_from(("/", "/d", "/app", "..", "sub", "$D"))),
    st.builds("echo x > {}".format, st.sampled_from((*PATHS, "a", "e1.sh", "$F", '"${D}/run.sh"'))),
)
LINES = st.lists(COMMANDS, min_size=1, max_size=3).map(" && ".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=st.lists(LINES, min_size=1, max_size=3), folder=st.sampled_from(("/", "/d", "/app", "/usr/local/bin")))
def test_filtered_walks_answer_as_full_ones_do(project: Project, runs: list[str], folder: str) -> None:
    for name in ("a", "d/e1.sh", "d/e2.sh", "app/run.sh", "app/sub/deep.sh"):
        project.add(name, "x")
    copies = "FROM scratch\nCOPY a /a\nCOPY d /d\nCOPY app /app\n"
    text = f"{copies}WORKDIR {folder}\n" + "".join(f"RUN {line}\n" for line in runs)
    filtered = [project.filesystem(text).stat(path) for path in PATHS]
    with mock.patch.object(RunWords, "concern", lambda self, path: True):
        full = [project.filesystem(text).stat(path) for path in PATHS]
    assert [(type(one), getattr(one, "mode", None)) for one in filtered] == [
        (type(one), getattr(one, "mode", None)) for one in full
    ]
