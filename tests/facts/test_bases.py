"""What is known of base images, and how far an answer may be stretched."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from initlint.facts import bases
from initlint.facts.bases import _index, tags
from initlint.facts.bases.reference import ImageReference, homes

DIGEST = "sha256:" + "a" * 64

REFERENCES = [
    ("python", ("docker.io", "python", None, None), "no tag"),
    ("python:3.11-slim", ("docker.io", "python", "3.11-slim", None), "a tag"),
    ("docker.io/library/python:3", ("docker.io", "python", "3", None), "Docker Hub's full name"),
    ("index.docker.io/library/python", ("docker.io", "python", None, None), "Docker Hub's index"),
    ("registry-1.docker.io/library/python", ("docker.io", "python", None, None), "Docker Hub's registry"),
    ("jenkins/jenkins:lts", ("docker.io", "jenkins/jenkins", "lts", None), "an owner"),
    ("localhost:5000/a/b:c", ("localhost:5000", "a/b", "c", None), "a port isn't a tag"),
    ("localhost/a", ("localhost", "a", None, None), "localhost is a registry"),
    ("gcr.io/distroless/static", ("gcr.io", "distroless/static", None, None), "another registry"),
    (f"nginx@{DIGEST}", ("docker.io", "nginx", None, DIGEST), "a digest"),
    (f"nginx:1.27@{DIGEST}", ("docker.io", "nginx", "1.27", DIGEST), "a tag and a digest"),
    ("Example.com/a", ("example.com", "a", None, None), "registries don't know case"),
    ("[::1]:5000/a:b", ("[::1]:5000", "a", "b", None), "an IPv6 address"),
]


@pytest.mark.parametrize(("text", "parts", "_why"), REFERENCES, ids=[row[2] for row in REFERENCES])
def test_reads_references_as_engines_do(text: str, parts: tuple[str, str, str | None, str | None], _why: str) -> None:
    """A reference falls into registry, repository, tag and digest."""
    assert bases.parse_reference(text) == ImageReference(*parts)


@pytest.mark.parametrize(
    "text", ["Python:3", "python:", "python@sha256:12", "a//b", "${BASE}", "", "python:3 as b", "a/B"]
)
def test_is_silent_about_what_is_no_reference(text: str) -> None:
    """Upper-case names, broken digests and unexpanded variables are no references."""
    assert bases.parse_reference(text) is None
    assert bases.lookup(text) is None


SAME = [
    ("docker.io/library/node:18-alpine", "node:18-alpine"),
    ("index.docker.io/library/node:18", "node:18"),
    ("public.ecr.aws/docker/library/redis:7", "redis:7"),
    ("mirror.gcr.io/library/nginx", "nginx"),
    ("mirror.gcr.io/jenkins/jenkins:lts", "jenkins/jenkins:lts"),
    ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/python:3.11", "python:3.11"),
    ("gitlab.example.com/group/dependency_proxy/containers/python:3.11", "python:3.11"),
    ("amd64/python:3.12", "python:3.12"),
    ("arm64v8/node:20", "node:20"),
    ("arm32v7/alpine:3.19", "alpine:3.19"),
    ("amazon/aws-lambda-python:3.12", "public.ecr.aws/lambda/python:3.12"),
    ("quay.io/rockylinux/rockylinux:9", "rockylinux:9"),
    ("mcr.microsoft.com/dotnet/core/aspnet:3.1", "mcr.microsoft.com/dotnet/aspnet:3.1"),
    ("quay.io/minio/minio", "minio/minio"),
]


@pytest.mark.parametrize(("spelling", "plain"), SAME)
def test_knows_an_image_under_its_other_names(spelling: str, plain: str) -> None:
    """Mirrors that only serve another registry's images, and second homes, give the same answer."""
    assert bases.lookup(spelling) == bases.lookup(plain)
    assert bases.lookup(plain) is not None


def test_doubts_a_private_mirror() -> None:
    """A registry with a library folder looks like a mirror, but nobody says that it is one."""
    match = bases.lookup("registry.example.com/library/redis:7")
    assert match is not None
    assert not match.exact
    assert "registry.example.com is taken for a mirror" in match.why


@pytest.mark.parametrize(
    "text", ["registry.example.com/redis:7", "someone/python:3", "quay.io/python", "no-such-image"]
)
def test_knows_nothing_of_other_peoples_images(text: str) -> None:
    """An image with a known name in somebody's own repository isn't that image."""
    assert bases.lookup(text) is None


# reference, entrypoint, cmd, stop signal, release
EXACT = [
    ("python:3.11-slim", None, ("python3",), None, "trixie"),
    ("python:3.11-slim-bookworm", None, ("python3",), None, "bookworm"),
    ("python:3.9.1", None, ("python3",), None, "buster"),
    ("python:2.7", None, ("python2",), None, "buster"),
    ("python:3.12-alpine3.19", None, ("python3",), None, "3.19"),
    ("node:10.15.3", None, ("node",), None, "stretch"),
    ("node:10", ("docker-entrypoint.sh",), ("node",), None, "stretch"),
    ("node:18-alpine", ("docker-entrypoint.sh",), ("node",), None, None),
    ("php:7.4-fpm", ("docker-php-entrypoint",), ("php-fpm",), "SIGQUIT", "bullseye"),
    ("php:8.2-apache", ("docker-php-entrypoint",), ("apache2-foreground",), "SIGWINCH", None),
    ("php:7.1.20-apache", ("docker-php-entrypoint",), ("apache2-foreground",), None, "stretch"),
    ("php:8.3-cli-alpine", ("docker-php-entrypoint",), ("php", "-a"), None, None),
    ("nginx:1.17", None, ("nginx", "-g", "daemon off;"), "SIGTERM", "buster"),
    ("nginx:1.25", ("/docker-entrypoint.sh",), ("nginx", "-g", "daemon off;"), "SIGQUIT", "bookworm"),
    ("httpd:2.4", None, ("httpd-foreground",), "SIGWINCH", None),
    ("postgres:9.6.18", ("docker-entrypoint.sh",), ("postgres",), None, "stretch"),
    ("postgres:9.6", ("docker-entrypoint.sh",), ("postgres",), "SIGINT", "stretch"),
    ("postgres:16-alpine", ("docker-entrypoint.sh",), ("postgres",), "SIGINT", None),
    ("mysql:5.7", ("docker-entrypoint.sh",), ("mysqld",), None, "7"),
    ("mariadb:10.6", ("docker-entrypoint.sh",), ("mariadbd",), None, "jammy"),
    ("redis:6", ("docker-entrypoint.sh",), ("redis-server",), None, "bookworm"),
    ("mongo:4.4", ("docker-entrypoint.sh",), ("mongod",), None, "focal"),
    ("golang:1.21", None, ("bash",), None, "bookworm"),
    ("golang:1.21-alpine", None, ("/bin/sh",), None, None),
    ("rust:1.75-slim", None, ("bash",), None, "bookworm"),
    ("openjdk:8-jdk-alpine", None, ("/bin/sh",), None, "3.9"),
    ("openjdk:11-jre-slim", None, ("bash",), None, "bullseye"),
    ("openjdk:17", None, ("jshell",), None, "8"),
    ("openjdk:17-bullseye", None, ("jshell",), None, "bullseye"),
    ("eclipse-temurin:17.0.7_7-jre", None, ("/bin/bash",), None, "jammy"),
    ("eclipse-temurin:17-jre-alpine", ("/__cacert_entrypoint.sh",), None, None, None),
    (
        "haproxy:2.8",
        ("docker-entrypoint.sh",),
        ("haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"),
        "SIGUSR1",
        None,
    ),
    ("ubuntu:22.04", None, ("bash",), None, "jammy"),
    ("ubuntu:focal", None, ("bash",), None, "focal"),
    ("debian:12-slim", None, ("bash",), None, "bookworm"),
    ("debian:bookworm-20240110-slim", None, ("bash",), None, "bookworm"),
    ("alpine:3.19.1", None, ("/bin/sh",), None, "3.19"),
    ("centos:7", None, ("/bin/bash",), None, "7"),
    ("amazonlinux:2", None, ("/bin/bash",), None, "2"),
    ("rockylinux:9.3", None, ("/bin/bash",), None, "9"),
    ("almalinux:9-minimal", None, ("/bin/bash",), None, "9"),
    ("gcr.io/distroless/base-debian12:nonroot", None, None, None, None),
    ("gcr.io/distroless/static:debug", ("/busybox/sh",), None, None, None),
    ("gcr.io/distroless/java17-debian12", ("/usr/bin/java", "-jar"), None, None, None),
    ("mcr.microsoft.com/dotnet/aspnet:8.0", None, ("bash",), None, "bookworm"),
    ("mcr.microsoft.com/dotnet/aspnet:8.0-jammy", None, ("/bin/bash",), None, "jammy"),
    ("mcr.microsoft.com/dotnet/runtime:8.0-jammy-chiseled", None, None, None, "jammy"),
    ("public.ecr.aws/lambda/python:3.11", ("/lambda-entrypoint.sh",), None, None, "2"),
    ("jenkins/jenkins:lts", ("/usr/bin/tini", "--", "/usr/local/bin/jenkins.sh"), None, None, None),
    ("phusion/baseimage", None, ("/sbin/my_init",), None, None),
    ("scratch", None, None, None, None),
]


@pytest.mark.parametrize(("reference", "entrypoint", "cmd", "stop", "release"), EXACT, ids=[row[0] for row in EXACT])
def test_answers_exactly_for_tags_that_were_read(
    reference: str,
    entrypoint: tuple[str, ...] | None,
    cmd: tuple[str, ...] | None,
    stop: str | None,
    release: str | None,
) -> None:
    """Versions and flavours change what an image starts; a tag that was read is answered without doubt."""
    match = bases.lookup(reference)
    assert match is not None
    assert match.exact
    assert match.why == ""
    assert (match.fact.entrypoint, match.fact.cmd, match.fact.stop_signal) == (entrypoint, cmd, stop)
    if release is not None:
        assert match.fact.os_release == release


STRETCHED = ["python:3.99", "python:3.11-mycompany", "fedora:30", "node:0.10", "debian:stretch", f"nginx@{DIGEST}"]


@pytest.mark.parametrize("reference", STRETCHED)
def test_says_when_it_extrapolates(reference: str) -> None:
    """Another version or flavour gets the nearest row, marked, with the reason."""
    match = bases.lookup(reference)
    assert match is not None
    assert not match.exact
    assert match.why


def test_takes_the_nearest_flavour() -> None:
    """An unknown word doesn't turn an Alpine image into a Debian one."""
    match = bases.lookup("node:18-alpine-mycompany")
    assert match is not None
    assert match.fact.os_family == "alpine"


def test_a_digest_beside_a_version_keeps_the_version() -> None:
    """The version says what was pinned; the digest only says which build of it."""
    match = bases.lookup(f"python:3.11-slim@{DIGEST}")
    assert match is not None
    assert match.exact


def test_windows_tags_are_windows() -> None:
    """A Windows flavour of a Linux image has no PID 1 duties."""
    match = bases.lookup("golang:1.22-windowsservercore-ltsc2022")
    assert match is not None
    assert match.fact.os_family == "windows"
    assert not match.exact
    server = bases.lookup("mcr.microsoft.com/windows/servercore:ltsc2022")
    assert server is not None
    assert server.fact.os_family == "windows"


def test_moving_tags_are_the_newest() -> None:
    """`postgres`, `postgres:latest` and the newest major are one image."""
    latest = bases.lookup("postgres")
    assert latest is not None
    assert latest == bases.lookup("postgres:latest")
    assert "/usr/lib/postgresql/18/bin/postgres" in latest.fact.programs


def test_fills_the_version_into_paths() -> None:
    """PostgreSQL's and OpenJDK's programs lie in folders named after the version."""
    old = bases.lookup("postgres:9.6-stretch")
    java = bases.lookup("openjdk:11-jre-slim")
    assert old is not None
    assert java is not None
    assert "/usr/lib/postgresql/9.6/bin/postgres" in old.fact.programs
    assert old.fact.env["PATH"].endswith("/usr/lib/postgresql/9.6/bin")
    assert java.fact.env["PATH"].startswith("/usr/local/openjdk-11/bin:")


SCRIPTS = [
    ("node:20", "/usr/local/bin/docker-entrypoint.sh", ("node",), ()),
    ("php:8.2-apache", "/usr/local/bin/docker-php-entrypoint", ("apache2-foreground",), ()),
    ("postgres:16", "/usr/local/bin/docker-entrypoint.sh", ("postgres",), ("gosu", "postgres")),
    ("redis:7.4.8", "/usr/local/bin/docker-entrypoint.sh", ("redis-server",), ("gosu", "redis")),
    ("redis:7.0-alpine", "/usr/local/bin/docker-entrypoint.sh", ("redis-server",), ("gosu", "redis")),
    ("redis:7.4-rc", "/usr/local/bin/docker-entrypoint.sh", ("redis-server",), ("gosu", "redis")),
    ("redis:alpine3.20", "/usr/local/bin/docker-entrypoint.sh", ("redis-server",), ("gosu", "redis")),
    ("redis:bullseye", "/usr/local/bin/docker-entrypoint.sh", ("redis-server",), ("gosu", "redis")),
    ("mongo:7", "/usr/local/bin/docker-entrypoint.sh", ("mongod",), ("gosu", "mongodb")),
    ("eclipse-temurin:21", "/__cacert_entrypoint.sh", (), ()),
]


@pytest.mark.parametrize(("reference", "path", "prefix", "step_down"), SCRIPTS, ids=[row[0] for row in SCRIPTS])
def test_knows_what_shipped_scripts_do(
    reference: str, path: str, prefix: tuple[str, ...], step_down: tuple[str, ...]
) -> None:
    """An entrypoint script of the image hands over to its arguments, with a default program and a step-down."""
    match = bases.lookup(reference)
    assert match is not None
    script = match.fact.scripts[path]
    assert script.execs_arguments
    assert script.prefix_when_option == prefix
    assert script.step_down == step_down


@pytest.mark.parametrize(
    ("tag", "program", "interpreter"),
    [
        ("latest", "/usr/bin/setpriv", "bash"),
        ("8.4.0", "/usr/bin/setpriv", "bash"),
        ("7", "/usr/bin/setpriv", "bash"),
        ("alpine", "/bin/setpriv", "sh"),
        ("8-alpine", "/bin/setpriv", "sh"),
        ("7-alpine", "/bin/setpriv", "sh"),
        ("6.2-alpine", "/bin/setpriv", "sh"),
    ],
)
def test_newer_redis_steps_down_with_setpriv(tag: str, program: str, interpreter: str) -> None:
    """A tag that moves stands for the newest build of its line, in which setpriv took gosu's place."""
    match = bases.lookup(f"redis:{tag}")
    assert match is not None
    assert match.exact
    script = match.fact.scripts["/usr/local/bin/docker-entrypoint.sh"]
    assert script.step_down[:3] == (program, "--reuid", "redis")
    assert script.interpreter == interpreter


INITS = [
    ("elasticsearch:8.19.20", "tini", "/bin/tini"),
    ("jenkins/jenkins", "tini", "/usr/bin/tini"),
    ("composer:2", "tini", "/sbin/tini"),
    ("apache/airflow", "dumb-init", "/usr/bin/dumb-init"),
    ("phusion/baseimage", "my_init", "/sbin/my_init"),
]


@pytest.mark.parametrize(("reference", "init", "path"), INITS)
def test_knows_inits_that_an_image_brings(reference: str, init: str, path: str) -> None:
    """An init that is there need not be installed."""
    match = bases.lookup(reference)
    assert match is not None
    assert match.fact.inits[init] == path


COVERS = [
    ("3.6…3.15-slim", "3.11-slim", True),
    ("3.6…3.15-slim", "3.11.4-slim-bookworm", True),
    ("3.6…3.15-slim", "3-slim", True),
    ("3.6…3.15-slim", "3.16-slim", False),
    ("3.6…3.15-slim", "3.5.9-slim", False),
    ("3.6…3.15-slim", "3.11", False),
    ("3.6…3.15-slim", "slim", False),
    ("3.6…3.15-slim", "3.15.0rc1-slim", True),
    ("*-slim", "slim-bookworm", True),
    ("*", "latest", True),
    ("*", "3.11", False),
    ("8…17-RELEASE", "11-buster", True),
    ("8…17-RELEASE", "11", False),
    ("8.202…8.342-jdk", "8u312-b07-jdk", True),
    ("1.31.4", "1.31.4", True),
    ("1.31.4", "1.31", False),
    ("bookworm-slim", "bookworm-20240110-slim", True),
    ("bookworm", "bullseye", False),
    ("17…17-alpine-jdk", "17-jdk-alpine3.19", True),
    ("3.8…3.9-eclipse-temurin17", "3.9-eclipse-temurin-17", True),
    ("3.8…3.9-eclipse-temurin17", "3.9-eclipse-temurin-21", False),
]


@pytest.mark.parametrize(("pattern", "tag", "expected"), COVERS)
def test_reads_tag_patterns(pattern: str, tag: str, expected: bool) -> None:
    """A row's tags stand for versions, flavours and releases as `tags.py` says."""
    assert tags.covers(pattern, tag) is expected


def test_every_row_says_where_it_was_read() -> None:
    """ENTRYPOINT and CMD each have a file, and a row with neither names what was read."""
    for row in bases.all_facts():
        assert row.source, row.image
        for field in ("entrypoint", "cmd"):
            if getattr(row, field):
                assert field in row.source, (row.image, row.tags[:2], field)
        if row.entrypoint is None and row.cmd is None:
            assert {"dockerfile", "entrypoint", "cmd"} & set(row.source), (row.image, row.tags[:2])
        for field, source in row.source.items():
            assert re.search(r"[\w.-]+/[\w.-]+|Windows|distribution", source), (row.image, field, source)


def test_every_script_says_where_it_was_read() -> None:
    """A claim about a script names repository, commit and file."""
    for row in bases.all_facts():
        for path, script in row.scripts.items():
            assert path.startswith("/")
            assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{12}:\S+", script.source), script.source


def test_a_row_is_found_by_its_own_tags() -> None:
    """The index leads to every row, and no row hides behind another one's pattern."""
    for row in bases.all_facts():
        assert row.image in _index.MODULES, row.image
        for tag in row.tags:
            if "…" in tag or tag.startswith("*"):
                continue
            match = bases.lookup(f"{row.image}:{tag}")
            if row.image == "scratch":
                continue
            assert match is not None, (row.image, tag)
            assert match.exact, (row.image, tag, match.why)
            assert (match.fact.entrypoint, match.fact.cmd) == (row.entrypoint, row.cmd), (row.image, tag)


def test_index_and_aliases_lead_somewhere() -> None:
    """Every image in the index has rows; every alias names an image in the index."""
    known = {row.image for row in bases.all_facts()}
    assert set(_index.MODULES) == known
    for alias, image in _index.ALIASES.items():
        assert image in known, alias
        assert alias not in known, alias


def test_paths_are_absolute() -> None:
    """Programs and inits are found without PATH."""
    for row in bases.all_facts():
        assert all(path.startswith("/") for path in (*row.programs, *row.inits.values())), row.image


def test_home_of_a_hub_image_has_no_library() -> None:
    """The key of an official image is its bare name."""
    reference = bases.parse_reference("docker.io/library/nginx:1")
    assert reference is not None
    assert [home.name for home in homes(reference)] == ["nginx"]


def test_a_look_up_loads_one_module_of_rows() -> None:
    """Asking for Python reads Python's rows alone."""
    code = (
        "import sys; from initlint.facts import bases; bases.lookup('python:3.11-slim');"
        "from initlint.facts.bases._index import MODULES;"
        "print(sorted(n for n in set(MODULES.values()) if f'initlint.facts.bases.{n}' in sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "['python']"


@pytest.mark.parametrize(
    ("tag", "interpreter"), [("17-jre-alpine", "sh"), ("17-jre", "bash"), ("21-ubi9-minimal", "sh")]
)
def test_temurins_script_has_the_interpreter_of_its_variant(tag: str, interpreter: str) -> None:
    """bash on Ubuntu, sh on Alpine and UBI."""
    found = bases.lookup(f"eclipse-temurin:{tag}")
    assert found is not None
    assert found.fact.scripts["/__cacert_entrypoint.sh"].interpreter == interpreter
