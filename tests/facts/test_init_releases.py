"""What the names of inits' release files say."""

from __future__ import annotations

import pytest

from initlint.facts.init_releases import ADDRESS, checksum, named_for, release_file


@pytest.mark.parametrize(
    ("project", "name", "architecture", "linking"),
    [
        ("krallin/tini", "tini", "amd64", "glibc"),
        ("krallin/tini", "tini-arm64", "arm64", "glibc"),
        ("krallin/tini", "tini-static", "amd64", "static"),
        ("krallin/tini", "tini-static-armhf", "arm", "static"),
        ("krallin/tini", "tini-muslc-amd64", "amd64", None),
        ("krallin/tini", "tini-static-${TARGETARCH}", None, "static"),
        ("krallin/tini", "tini-${ARCH}", None, None),
        ("krallin/tini", "tini_0.19.0-amd64.deb", None, None),
        ("Yelp/dumb-init", "dumb-init_1.2.5_x86_64", "amd64", "static"),
        ("yelp/dumb-init", "dumb-init_1.2.0_amd64", "amd64", "static"),
        ("Yelp/dumb-init", "dumb-init_1.2.5_aarch64", "arm64", "static"),
        ("openSUSE/catatonit", "catatonit.x86_64", "amd64", "static"),
    ],
)
def test_names(project: str, name: str, architecture: str | None, linking: str | None) -> None:
    file = release_file(project, name)
    assert file is not None and (file.architecture, file.linking) == (architecture, linking)


@pytest.mark.parametrize("name", ["tini.asc", "tini-amd64.sha256sum", "tini-static.sha1sum", "tini-wasm"])
def test_what_is_no_init(name: str) -> None:
    """Signatures, checksums, and architectures that nobody knows."""
    assert release_file("krallin/tini", name) is None


@pytest.mark.parametrize(
    ("project", "name", "architecture", "static", "expected"),
    [
        ("krallin/tini", "tini", None, True, "tini-static"),
        ("krallin/tini", "tini-amd64", None, True, "tini-static-amd64"),
        ("krallin/tini", "tini", "arm64", False, "tini-arm64"),
        ("krallin/tini", "tini-static", "arm64", False, "tini-static-arm64"),
        ("krallin/tini", "tini", "riscv64", False, None),
        ("Yelp/dumb-init", "dumb-init_1.2.5_x86_64", "arm64", False, "dumb-init_1.2.5_aarch64"),
        ("Yelp/dumb-init", "dumb-init_1.2.0_amd64", "arm64", False, None),
        ("Yelp/dumb-init", "dumb-init_1.2.5_x86_64", "arm", False, None),
    ],
)
def test_the_file_that_is_meant(
    project: str, name: str, architecture: str | None, static: bool, expected: str | None
) -> None:
    """None where the release has no such file."""
    file = release_file(project, name)
    assert file is not None and named_for(file, architecture=architecture, static=static) == expected


@pytest.mark.parametrize(
    ("project", "version", "name", "starts"),
    [
        ("krallin/tini", "v0.19.0", "tini-arm64", "0795"),
        ("krallin/tini", "v0.19.0", "tini-static-arm64", "eae1"),
        ("Yelp/dumb-init", "v1.2.5", "dumb-init_1.2.5_x86_64", "e874"),
        ("yelp/dumb-init", "v1.2.5", "dumb-init_1.2.5_s390x", "47e4"),
        ("krallin/tini", "v0.18.0", "tini-arm64", None),
        ("krallin/tini", "v0.19.0", "tini-riscv64", None),
        ("Yelp/dumb-init", "v1.2.5", "tini", None),
        ("openSUSE/catatonit", "v0.2.1", "catatonit.x86_64", None),
    ],
)
def test_checksums(project: str, version: str, name: str, starts: str | None) -> None:
    known = checksum(project, version, name)
    assert known is None if starts is None else known is not None and len(known) == 64 and known.startswith(starts)


def test_an_address_ends_where_a_word_ends() -> None:
    match = ADDRESS.search('curl -L "https://github.com/krallin/tini/releases/download/v0.19.0/tini-amd64" -o /tini')
    assert match is not None and match["name"] == "tini-amd64"
