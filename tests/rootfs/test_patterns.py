"""filepath.Match, .dockerignore and .gitignore."""

from __future__ import annotations

import fnmatch
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from initlint.rootfs.patterns import GitIgnore, PatternMatcher, go_match, read_dockerignore


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        # the table of Go's path/filepath match_test.go
        ("abc", "abc", True),
        ("*", "abc", True),
        ("*c", "abc", True),
        ("a*", "a", True),
        ("a*", "ab/c", False),
        ("a*/b", "abc/b", True),
        ("a*/b", "a/c/b", False),
        ("a*b*c*d*e*/f", "axbxcxdxe/f", True),
        ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", False),
        ("a*b?c*x", "abxbbxdbxebxczzx", True),
        ("a*b?c*x", "abxbbxdbxebxczzy", False),
        ("ab[c]", "abc", True),
        ("ab[b-d]", "abc", True),
        ("ab[e-g]", "abc", False),
        ("ab[^c]", "abc", False),
        ("ab[^b-d]", "abc", False),
        ("ab[^e-g]", "abc", True),
        ("a\\*b", "a*b", True),
        ("a\\*b", "ab", False),
        ("a?b", "a☺b", True),
        ("a[^a]b", "a☺b", True),
        ("a???b", "a☺b", False),
        ("[a-ζ]*", "α", True),
        ("*[a-ζ]", "A", False),
        ("a?b", "a/b", False),
        ("a*b", "a/b", False),
        ("[\\]a]", "]", True),
        ("[\\-]", "-", True),
        ("[x\\-]", "x", True),
        ("[x\\-]", "z", False),
        ("[\\-x]", "a", False),
        ("*x", "xxx", True),
    ],
)
def test_matching_as_go_does(pattern: str, name: str, expected: bool) -> None:
    expression = go_match(pattern)
    assert expression is not None
    assert (expression.fullmatch(name) is not None) is expected


@pytest.mark.parametrize("pattern", ["[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]", "[", "[^", "[^bc", "a[", "[a", "\\"])
def test_patterns_that_go_rejects_match_nothing(pattern: str) -> None:
    assert go_match(pattern) is None


@given(st.text("ab.*?", max_size=6), st.text("ab.", max_size=6))
def test_without_slashes_and_classes_it_is_the_shell_s_matching(pattern: str, name: str) -> None:
    expression = go_match(pattern)
    assert expression is not None
    assert (expression.fullmatch(name) is not None) == fnmatch.fnmatchcase(name, pattern)


@pytest.mark.parametrize(
    ("patterns", "path", "ignored"),
    [
        # the table of moby/patternmatcher's tests
        (["**"], "file", True),
        (["**"], "file/", True),
        (["**/"], "file", True),
        (["**/"], "dir/file", True),
        (["**/**"], "dir/file", True),
        (["dir/**"], "dir/file", True),
        (["dir/**"], "dir/dir2/file", True),
        (["**/dir"], "dir", True),
        (["**/dir"], "dir/file", True),
        (["**/dir2/*"], "dir/dir2/file", True),
        (["**/dir2/*"], "dir/dir2/dir2/file", True),
        (["**/dir2/**"], "dir/dir2/dir2/file", True),
        (["**file"], "file", True),
        (["**file"], "dir/file", True),
        (["**/file"], "dir/dir/file", True),
        (["**/file*"], "dir/dir/file.txt", True),
        (["**/file*txt"], "dir/dir/file.txt", True),
        (["**/file*.txt*"], "dir/dir/file.txt", True),
        (["**/**/*.txt"], "dir/dir/file.txt", True),
        (["**/**/*.txt2"], "dir/dir/file.txt", False),
        (["**/*.txt"], "file.txt", True),
        (["**/*.txt"], "a/b/c.txt", True),
        (["a**/*.txt"], "a/file.txt", True),
        (["a**/*.txt"], "a/dir/dir/file.txt", True),
        (["a/*.txt"], "a/dir/file.txt", False),
        (["a[b-d]e"], "ae", False),
        (["a[b-d]e"], "ace", True),
        (["a[b-d]e"], "aae", False),
        (["a[^b-d]e"], "aze", True),
        ([".*"], ".foo", True),
        ([".*"], "foo", False),
        (["abc.def"], "abcdef", False),
        (["abc.def"], "abcZdef", False),
        (["abc?def"], "abcZdef", True),
        (["a\\*b"], "a*b", True),
        (["a\\*b"], "aab", False),
        (["**/foo/bar"], "foo/bar", True),
        (["**/foo/bar"], "dir/dir2/foo/bar", True),
        (["abc/**"], "abc", False),
        (["abc/**"], "abc/def/ghi", True),
        (["**/.foo"], ".foo", True),
        (["**/.foo"], "bar.foo", False),
        (["./bar.*"], "bar.foo", True),
        # exceptions: the last match wins, and a folder's files go with it
        (["*", "!a.sh"], "a.sh", False),
        (["*", "!a.sh"], "b.sh", True),
        (["dir", "!dir/keep"], "dir/keep", False),
        (["dir", "!dir/keep"], "dir/drop", True),
        (["!a.sh", "*"], "a.sh", True),
        (["*", "!scripts", "scripts/secret"], "scripts/secret", True),
        (["*", "!scripts", "scripts/secret"], "scripts/run", False),
        (["*.md", "!README*.md", "README-secret.md"], "README-secret.md", True),
    ],
)
def test_dockerignore_patterns(patterns: list[str], path: str, ignored: bool) -> None:
    assert (PatternMatcher(patterns).matching(path.rstrip("/")) is not None) is ignored


def test_a_dockerignore_file_is_read_line_by_line() -> None:
    text = "\ufeff# comment\n\n  /abs  \n! keep\n./a//b/\n #not a comment\n!\n"
    assert read_dockerignore(text) == ["abs", "!keep", "a/b", "#not a comment"]


NAMES = st.lists(st.sampled_from(["a", "b", "ab", "a.sh", "x"]), min_size=1, max_size=4).map("/".join)
IGNORES = st.lists(
    st.tuples(
        st.sampled_from(["", "!"]),
        st.sampled_from(["", "/"]),
        st.lists(st.sampled_from(["a", "b", "*", "a*", "**", "*.sh"]), min_size=1, max_size=3).map("/".join),
        st.sampled_from(["", "/"]),
    ).map("".join),
    max_size=4,
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


@settings(max_examples=60, deadline=None)
@given(lines=IGNORES, path=NAMES)
def test_gitignore_decides_as_git_does(repository: Path, lines: list[str], path: str) -> None:
    text = "\n".join(lines)
    (repository / ".gitignore").write_text(text)
    ours = GitIgnore(text)
    parts = path.split("/")
    levels = range(1, len(parts) + 1)
    decided = any(ours.decides("/".join(parts[:count]), folder=count < len(parts)) for count in levels)
    command = ["git", "-C", str(repository), "check-ignore", "-q", "--no-index", path]
    assert decided == (subprocess.run(command, check=False).returncode == 0)
