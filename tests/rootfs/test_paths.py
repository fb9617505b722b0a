"""Joining paths, following symlinks, looking programs up on PATH."""

from __future__ import annotations

import posixpath
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.rootfs import Absent, Present, Unknown
from initlint.rootfs.directory import DirectoryRootFilesystem
from initlint.rootfs.paths import join, normalise, parents, resolve, which

PATHS = st.lists(st.sampled_from(["a", "b", ".", "..", "", "c d", "…"]), max_size=8).map("/".join)


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/", "/"), ("", "/"), ("//a//b/", "/a/b"), ("/a/../../b", "/b"), ("a/./b", "/a/b"), ("/..", "/"), ("//", "/")],
)
def test_normalise(path: str, expected: str) -> None:
    assert normalise(path) == expected


@given(PATHS)
def test_a_normalised_path_stays_as_it_is_and_below_the_root(path: str) -> None:
    once = normalise(path)
    assert normalise(once) == once
    assert once.startswith("/") and ".." not in once.split("/") and "//" not in once


@given(PATHS, PATHS)
def test_joining_is_what_a_process_in_that_folder_sees(folder: str, path: str) -> None:
    assert join(normalise(folder), path) == normalise(posixpath.join(normalise(folder), path))


def test_parents_are_listed_nearest_first() -> None:
    assert parents("/a/b/c") == ["/a/b", "/a", "/"]
    assert parents("/") == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root/usr/bin").mkdir(parents=True)
    (tmp_path / "root/etc").mkdir()
    (tmp_path / "outside").write_text("secret")
    tool = tmp_path / "root/usr/bin/tool"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    (tmp_path / "root/usr/bin/plain").write_text("x")
    (tmp_path / "root/bin").symlink_to("usr/bin")
    return tmp_path / "root"


@pytest.mark.parametrize(
    ("link", "target", "path", "expected"),
    [
        ("a", "/usr/bin/tool", "/a", "/usr/bin/tool"),
        ("a", "usr/bin", "/a/tool", "/usr/bin/tool"),
        ("usr/a", "../bin/tool", "/usr/a", "/usr/bin/tool"),
        ("etc/a", "../../../../usr/bin/tool", "/etc/a", "/usr/bin/tool"),
        ("a", "bin/../bin/./tool", "/a", "/usr/bin/tool"),
    ],
)
def test_links_are_followed_inside_the_root(root: Path, link: str, target: str, path: str, expected: str) -> None:
    (root / link).symlink_to(target)
    node = resolve(DirectoryRootFilesystem(str(root)), path)
    assert isinstance(node, Present) and node.path == expected


def test_a_loop_of_links_is_absent(root: Path) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    node = resolve(DirectoryRootFilesystem(str(root)), "/a")
    assert isinstance(node, Absent) and "levels" in node.why


def test_a_link_to_nothing_says_which_link_it_was(root: Path) -> None:
    (root / "a").symlink_to("/nowhere")
    node = resolve(DirectoryRootFilesystem(str(root)), "/a")
    assert isinstance(node, Absent) and node.why.startswith("/a is a link to /nowhere")


@pytest.mark.parametrize("target", ["../outside", "../../../../../../{tmp}/outside", "{tmp}/outside"])
def test_a_link_never_leads_out_of_the_folder(root: Path, target: str) -> None:
    (root / "a").symlink_to(target.format(tmp=root.parent))
    (root / "d").symlink_to("..")
    fs = DirectoryRootFilesystem(str(root))
    for path in ("/a", "/d/outside", "/d/root/../outside"):
        assert isinstance(fs.read(resolve(fs, path).path), Absent)
        assert not isinstance(fs.read(path), Present)


@pytest.mark.parametrize(
    ("name", "search_path", "cwd", "expected"),
    [
        ("tool", "/nowhere:/usr/bin", "/", "/usr/bin/tool"),
        ("tool", "/bin", "/", "/usr/bin/tool"),
        ("./tool", "/nowhere", "/usr/bin", "/usr/bin/tool"),
        ("bin/tool", "", "/usr", "/usr/bin/tool"),
        ("tool", ":/nowhere", "/usr/bin", "/usr/bin/tool"),
        ("/usr/bin/tool", None, None, "/usr/bin/tool"),
        ("plain", "/usr/bin", "/", "/usr/bin/plain"),
    ],
)
def test_a_program_is_looked_up_as_execvp_does(
    root: Path, name: str, search_path: str | None, cwd: str | None, expected: str
) -> None:
    node = which(DirectoryRootFilesystem(str(root)), name, search_path, cwd)
    assert isinstance(node, Present) and node.path == expected


def test_a_folder_and_a_file_that_is_not_executable_are_passed_over(root: Path) -> None:
    (root / "first/tool").mkdir(parents=True)
    (root / "second").mkdir()
    (root / "second/tool").write_text("x")
    node = which(DirectoryRootFilesystem(str(root)), "tool", "/first:/second:/usr/bin", "/")
    assert isinstance(node, Present) and node.path == "/usr/bin/tool"


@pytest.mark.parametrize(("name", "cwd"), [("./tool", None), ("x.wasm", "/")])
def test_what_cannot_be_looked_up_is_unknown(root: Path, name: str, cwd: str | None) -> None:
    assert isinstance(which(DirectoryRootFilesystem(str(root)), name, "/usr/bin", cwd), Unknown)


def test_a_program_in_no_folder_is_absent_only_with_a_known_path(root: Path) -> None:
    fs = DirectoryRootFilesystem(str(root))
    assert isinstance(which(fs, "nothing", "/usr/bin:/bin", "/"), Absent)
    assert isinstance(which(fs, "nothing", None, "/"), Unknown)


def test_a_folder_lists_its_names_and_reads_its_files(root: Path) -> None:
    fs = DirectoryRootFilesystem(str(root))
    assert fs.list("/usr/bin").names == ("plain", "tool")
    source = fs.read("/usr/bin/tool")
    assert not isinstance(source, (Absent, Unknown)) and source.data == b"#!/bin/sh\n"
    assert isinstance(fs.read("/usr/bin"), Unknown)
