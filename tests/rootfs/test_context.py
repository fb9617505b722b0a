"""Finding the build context, and never leaving it."""

from __future__ import annotations

import os

import pytest

from initlint.rootfs import Unknown
from initlint.rootfs.build_context import ContextEntry, ContextGap
from initlint.rootfs.context import BuildContext, UnknownContext
from initlint.rootfs.files import HostFiles
from initlint.text import UnreadableInput

from .conftest import Project

BASE = "FROM python:3.12\n"


@pytest.mark.parametrize(
    ("at", "files", "lines", "folder"),
    [
        # the Dockerfile's own folder
        ("Dockerfile", [], "", ""),
        ("svc/Dockerfile", [], "", "svc"),
        ("svc/Dockerfile", ["svc/run.sh"], "COPY run.sh /", "svc"),
        ("svc/Dockerfile", ["svc/run.sh", "run.sh"], "COPY run.sh /", "svc"),
        # relative to the repository root
        ("docker/Dockerfile", ["run.sh"], "COPY run.sh /", ""),
        ("docker/Dockerfile", ["docker/run.sh", "app/x"], "COPY docker/run.sh /\nCOPY app /app", ""),
        ("a/b/Dockerfile", ["a/run.sh"], "COPY run.sh /", "a"),
        ("a/b/Dockerfile", ["a/b/run.sh", "a/x", "x"], "COPY x b/run.sh /", "a"),
        # what says nothing: wildcards, variables, URLs, other stages, heredocs
        ("svc/Dockerfile", ["svc/x"], "COPY *.sh /\nARG F\nCOPY $F /\nADD https://e.org/x /\nCOPY --from=a b /", "svc"),
        ("svc/Dockerfile", ["svc/x"], "COPY <<EOF /x\nhello\nEOF", "svc"),
        # ARG with a default tells
        ("docker/Dockerfile", ["run.sh"], "ARG F=run.sh\nCOPY $F /", ""),
        # only whole folders: the own folder, unless it holds Dockerfiles alone
        ("svc/Dockerfile", ["svc/app.py"], "COPY . .", "svc"),
        ("docker/Dockerfile", ["requirements.txt"], "COPY . .\nRUN pip install -r requirements.txt", ""),
        ("docker/Dockerfile", ["app.py"], 'COPY . .\nCMD ["python", "app.py"]', ""),
        ("docker/Dockerfile", ["docker/e.sh", "x.py"], 'COPY . .\nENTRYPOINT ["./docker/e.sh"]', ""),
        ("docker/Dockerfile", ["docker/e.sh", "app.py"], 'COPY . .\nCMD ["./e.sh"]', "docker"),
        ("a/deb/Dockerfile", ["a/deb/build.sh"], 'ADD . /src\nCMD ["/src/a/deb/build.sh"]', ""),
        ("a/deb/Dockerfile", ["a/deb/build.sh"], 'ADD . /src\nCMD ["/src/deb/build.sh"]', "a"),
        ("a/deb/Dockerfile", ["a/deb/build.sh"], 'ADD . /src\nCMD ["/src/build.sh"]', "a/deb"),
        # the folder in front of a wildcard
        ("docker/Dockerfile", ["docker/e.conf", "x.py"], "COPY . /app\nCOPY ./docker/*.conf /etc/", ""),
        # .dockerignore takes a folder out of the running
        ("svc/Dockerfile", ["svc/run.sh", "run.sh", "svc/.dockerignore=run.sh"], "COPY run.sh /", ""),
        (
            "svc/Dockerfile",
            ["svc/run.sh", "svc/Dockerfile.dockerignore=", "svc/.dockerignore=*"],
            "COPY run.sh /",
            "svc",
        ),
    ],
)
def test_the_context_is_the_nearest_folder_that_fits(
    project: Project, at: str, files: list[str], lines: str, folder: str
) -> None:
    for file in files:
        path, _, text = file.partition("=")
        project.add(path, text)
    context = project.context(BASE + lines, at=at)
    assert isinstance(context, BuildContext)
    assert context.root == os.path.realpath(project.root / folder)


def test_folders_alone_do_not_make_a_context_certain(project: Project) -> None:
    """`COPY hugo /` in hugo/Dockerfile: the folder above has a hugo, which isn't the binary that is meant."""
    project.add("hugo/README.md", "")
    context = project.context(BASE + "COPY hugo /\n", at="hugo/Dockerfile")
    assert isinstance(context, BuildContext) and not context.exact
    project.add("go.mod", "")
    context = project.context(BASE + "COPY hugo go.mod /\n", at="hugo/Dockerfile")
    assert isinstance(context, BuildContext) and context.exact


@pytest.mark.parametrize(
    ("at", "files", "lines"),
    [
        ("docker/Dockerfile", [], "COPY run.sh /"),
        ("docker/Dockerfile", ["x"], "COPY . ."),
        ("a/Dockerfile", ["a/x", "y"], "COPY x y z /"),
    ],
)
def test_with_nothing_to_go_by_the_context_is_unknown(project: Project, at: str, files: list[str], lines: str) -> None:
    for file in files:
        project.add(file)
    assert isinstance(project.context(BASE + lines, at=at), UnknownContext)


def test_a_folder_without_the_built_files_is_taken_and_nothing_in_it_is_absent(project: Project) -> None:
    project.add("docker/entrypoint.sh")
    context = project.context(BASE + "COPY dist /app\nCOPY docker/entrypoint.sh /\n", at="docker/Dockerfile")
    assert isinstance(context, BuildContext) and not context.exact
    assert context.root == os.path.realpath(project.root)
    gap = context.stat("start.sh")
    assert isinstance(gap, ContextGap) and not gap.certain


def test_a_dockerfile_at_the_root_has_no_other_context(project: Project) -> None:
    context = project.context(BASE + "COPY target/app.jar /app.jar")
    assert isinstance(context, BuildContext) and not context.exact


def test_a_named_context_is_taken_as_it_is(project: Project) -> None:
    project.add("other/run.sh")
    context = project.context(BASE + "COPY run.sh missing /", explicit=str(project.root / "other"))
    assert isinstance(context, BuildContext) and context.why == "--context" and context.exact


@pytest.mark.parametrize("name", ["nowhere", "Dockerfile"])
def test_a_named_context_must_be_a_folder(project: Project, name: str) -> None:
    with pytest.raises(UnreadableInput):
        project.context(BASE, explicit=str(project.root / name))


@pytest.mark.parametrize(
    ("ignored", "path", "certain"),
    [
        ("", "start.sh", True),
        ("*.sh", "start.sh", False),
        ("/build", "build/start.sh", False),
        ("build/\n!build/", "other/start.sh", True),
        ("", "dist/start.sh", False),
        ("", "app.jar", False),
    ],
)
def test_a_missing_file_is_absent_unless_something_hints_at_its_making(
    project: Project, ignored: str, path: str, certain: bool
) -> None:
    project.add(".gitignore", ignored)
    context = project.context(BASE)
    assert isinstance(context, BuildContext)
    gap = context.stat(path)
    assert isinstance(gap, ContextGap) and gap.certain is certain


@pytest.mark.parametrize(
    ("link", "target", "path"),
    [
        ("out", "../secret", "out"),
        ("out", "/etc/passwd", "out"),
        ("out", "..", "out/secret"),
        ("out", "/", "out/etc/passwd"),
        ("a/out", "../../secret", "a/out"),
        ("a/out", "b/../../../secret", "a/out"),
    ],
)
def test_a_link_out_of_the_context_is_unknown(project: Project, link: str, target: str, path: str) -> None:
    secret = project.root.parent / "secret"
    secret.write_text("secret")
    project.link(link, target)
    context = project.context(BASE)
    assert isinstance(context, BuildContext)
    found = context.follow(path)
    assert isinstance(found, ContextGap) and not found.certain
    fs = project.filesystem(f"{BASE}COPY {path} /x\nCOPY . /all\n")
    for asked in ("/x", f"/all/{path}"):
        source = fs.read(asked)
        assert not hasattr(source, "data"), asked


def test_the_ignore_files_are_not_read_through_a_link(project: Project) -> None:
    (project.root.parent / "patterns").write_text("*\n")
    project.link(".dockerignore", "../patterns")
    project.link(".gitignore", "../patterns")
    project.add("run.sh")
    context = project.context(BASE)
    assert isinstance(context, BuildContext) and not context.ignores("run.sh")
    gap = context.stat("missing.sh")
    assert isinstance(gap, ContextGap) and gap.certain


@pytest.mark.parametrize(("link", "target"), [("l", "a/run.sh"), ("b", "a"), ("c", "b"), ("a/up", "../run.sh")])
def test_links_inside_the_context_are_followed(project: Project, link: str, target: str) -> None:
    project.add("a/run.sh", "a")
    project.add("run.sh", "top")
    project.link("b", "a") if link == "c" else None
    project.link(link, target)
    context = project.context(BASE)
    assert isinstance(context, BuildContext)
    assert isinstance(context.follow(link), ContextEntry)


def test_a_loop_of_links_ends(project: Project) -> None:
    project.link("a", "b")
    project.link("b", "a")
    context = project.context(BASE)
    assert isinstance(context, BuildContext) and isinstance(context.follow("a"), ContextGap)


def test_files_not_written_yet_count_as_there(project: Project) -> None:
    path = str(project.root / "new/init.py")
    files = HostFiles({path: b"print()"}, {path: 0o755})
    context = project.context(BASE, files=files)
    assert isinstance(context, BuildContext)
    entry = context.stat("new/init.py")
    assert isinstance(entry, ContextEntry) and entry.mode == 0o755
    assert context.list("new").names == ("init.py",)


def test_a_folder_of_another_context_may_be_a_file_in_the_one_that_is_meant(project: Project) -> None:
    """`ADD ./server /usr/bin/app` in cmd/server/Dockerfile: a build puts the program beside the Dockerfile."""
    project.add("cmd/server/main.go", "")
    fs = project.filesystem(BASE + "ADD ./server /usr/bin/app\n", at="cmd/server/Dockerfile")
    assert isinstance(fs.stat("/usr/bin/app"), Unknown)
