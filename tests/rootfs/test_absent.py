"""When "not there" is said: it is the base of errors, so doubt wins."""

from __future__ import annotations

import pytest

from initlint.rootfs import Absent, Present, Unknown
from initlint.rootfs.paths import which

from .conftest import Project


@pytest.mark.parametrize(
    ("base", "lines", "path", "near"),
    [
        # an init that nothing installs
        ("debian:12", "", "/usr/bin/tini", ()),
        ("python:3.12", "RUN pip install flask && apt-get update && apt-get install -y curl", "/usr/bin/tini", ()),
        ("node:20", "RUN npm ci && npm run build", "/usr/bin/dumb-init", ()),
        # … or that is installed elsewhere
        ("alpine:3.19", "RUN apk add --no-cache tini", "/usr/bin/tini", ("/sbin/tini",)),
        ("debian:12", "RUN apt-get install -y tini", "/sbin/tini2/tini", ("/usr/bin/tini",)),
        ("debian:12", "COPY tini /opt/", "/tini", ("/opt/tini",)),
        # a copied folder that doesn't hold it: builds fill bin/, but not with inits
        ("python:3.12-slim", "COPY . /", "/usr/bin/dumb-init", ()),
        ("python:3.12-slim", "COPY . /", "/usr/local/bin/tini", ("/tini",)),
        # Alpine's shell is busybox's
        ("alpine:3.20", "", "/bin/bash", ()),
        ("busybox", "COPY . /", "/bin/bash", ()),
        ("python:3.12-alpine", "COPY . /\nRUN pip install -r r.txt", "/bin/bash", ()),
        ("node:20-alpine", "RUN npm ci && npm run build", "/usr/bin/bash", ()),
        ("php:8.3-fpm-alpine", "", "/bin/zsh", ()),
        # a file that a copied folder lacks
        ("python:3.12", "COPY . /app", "/app/start.sh", ("/app/scripts/start.sh",)),
        (
            "python:3.12",
            "COPY . /app\nRUN pip install -r /app/r && useradd x",
            "/app/start.sh",
            ("/app/scripts/start.sh",),
        ),
        # also where a distribution has a folder, but an empty one
        ("python:3.12-slim", "COPY . /srv/", "/srv/start.sh", ("/srv/scripts/start.sh",)),
        ("node:20", "WORKDIR /usr/src/app\nCOPY . .", "/usr/src/app/start.sh", ("/usr/src/app/scripts/start.sh",)),
        ("node:20", "COPY . /home/node", "/home/node/start.sh", ("/home/node/scripts/start.sh",)),
        ("debian:12", "COPY . /opt/x", "/opt/x/start.sh", ("/opt/x/scripts/start.sh",)),
        ("python:3.12", "WORKDIR /app\nCOPY scripts ./", "/app/scripts/start.sh", ("/app/start.sh",)),
        # a file that is put elsewhere
        ("python:3.12", "COPY scripts/start.sh /opt/", "/start.sh", ("/opt/start.sh",)),
        ("node:20", "COPY scripts/start.sh /usr/bin/", "/usr/local/bin/start.sh", ("/usr/bin/start.sh",)),
    ],
)
def test_certainly_absent(project: Project, base: str, lines: str, path: str, near: tuple[str, ...]) -> None:
    project.add("scripts/start.sh")
    project.add("tini")
    node = project.filesystem(f"FROM {base}\n{lines}").stat(path)
    assert isinstance(node, Absent), node
    assert node.near == near


@pytest.mark.parametrize(
    ("base", "lines", "path"),
    [
        # a base that nobody knows
        ("example.org/base", "", "/usr/bin/tini"),
        ("example.org/base", "COPY . /app", "/app/start.sh"),
        ("python:3-onbuild", "", "/usr/bin/tini"),
        # images that install bash, versions that weren't read, and lines that may bring it
        ("postgres:16-alpine", "", "/bin/bash"),
        ("maven:3-eclipse-temurin-21-alpine", "", "/bin/bash"),
        ("node:99-alpine", "", "/bin/bash"),
        ("alpine:3.20", "RUN apk add bash", "/bin/bash"),
        ("alpine:3.20", "RUN apk add python3", "/bin/bash"),
        ("alpine:3.20", "RUN ./install", "/bin/bash"),
        ("alpine:3.20", "COPY . /app\nRUN bash -c true", "/bin/bash"),
        ("debian:12", "", "/bin/zsh"),
        # it may be mounted when the container starts
        ("python:3.12", "", "/start.sh"),
        ("python:3.12", "", "/app/start.sh"),
        # the base may have it
        ("node:20", "COPY . /opt/x", "/opt/x/start.sh"),
        ("node:20", "COPY . /home/node", "/home/node/.profile"),
        ("nginx", "COPY . /app", "/docker-entrypoint.d/x.sh"),
        ("python:3.12", "", "/usr/bin/something"),
        # an image whose package list the facts don't hold
        ("cgr.dev/chainguard/node", "", "/usr/bin/dumb-init"),
        # a wildcard may stand for one file, which is copied to that name
        ("alpine:3.22", "RUN tar -xf a.tar; cp a-*/bin/app /usr/local/bin/app", "/usr/local/bin/app"),
        # something that isn't read may make it
        ("python:3.12", "RUN make", "/usr/bin/tini"),
        ("python:3.12", "RUN curl -L https://e.org/x.tar.gz | tar xz -C /usr/bin", "/usr/bin/tini"),
        ("debian:12", "RUN apt-get install -y $PACKAGES", "/usr/bin/tini"),
        ("debian:12", "RUN apt-get install -y docker.io", "/usr/bin/tini"),
        ("debian:12", "RUN dpkg -i /tmp/dumb-init_*.deb", "/usr/bin/dumb-init"),
        ("python:3.12", "RUN pip install -r requirements.txt", "/usr/local/bin/dumb-init"),
        ("alpine:3.19", "RUN apk add s6-overlay\nCOPY scripts /", "/init"),
        ("alpine:edge", "RUN apk add s6", "/bin/s6-svscan"),
        # into a folder, `go build` gives the program the name of its package
        ("golang:1.22", "WORKDIR /src/cmd/app\nRUN go build -v -o .", "/src/cmd/app/app"),
        ("python:3.12", "COPY . /app\nRUN cd /app && make", "/app/start.sh"),
        ("node:20", "WORKDIR /app\nCOPY . .\nRUN npm run build", "/app/start.sh"),
        ("python:3.12", "COPY --from=example.org/x / /\nCOPY . /app", "/app/start.sh"),
        # it may be made before the build
        ("node:20", "WORKDIR /app\nCOPY . .", "/app/dist/server.js"),
        ("node:20", "WORKDIR /app\nCOPY . .", "/app/generated.sh"),
        ("node:20", "WORKDIR /app\nCOPY . .\nRUN npm ci", "/app/node_modules/.bin/x"),
        # removed, and perhaps made again
        ("debian:12", "COPY scripts /s\nRUN rm /s/start.sh\nRUN make", "/s/start.sh"),
    ],
)
def test_not_certain(project: Project, base: str, lines: str, path: str) -> None:
    project.add("scripts/start.sh")
    project.add(".gitignore", "generated.sh\n")
    node = project.filesystem(f"FROM {base}\nARG PACKAGES\n{lines}").stat(path)
    assert isinstance(node, Unknown), node


@pytest.mark.parametrize(
    ("base", "lines", "path"),
    [
        ("debian:12", "RUN apt-get update && apt-get install -y --no-install-recommends tini", "/usr/bin/tini"),
        ("debian:12", "RUN apt-get -qq install -y \\\n  curl \\\n  # why\n  tini=0.19.0-1", "/usr/bin/tini"),
        ("debian:12", 'ARG P="curl tini"\nRUN apt-get install -y $P', "/usr/bin/tini"),
        ("alpine:3.19", "RUN apk add --no-cache --virtual .deps tini", "/sbin/tini"),
        ("python:3.12", "RUN pip install --no-cache-dir dumb-init==1.2.5", "/usr/local/bin/dumb-init"),
        ("debian:12", "RUN <<EOF\napt-get install -y dumb-init\nEOF", "/usr/bin/dumb-init"),
        ("example.org/base", "RUN apt-get install -y tini", "/usr/bin/tini"),
    ],
)
def test_an_installed_init_is_there(project: Project, base: str, lines: str, path: str) -> None:
    node = project.filesystem(f"FROM {base}\n{lines}").stat(path)
    assert isinstance(node, Present) and node.mode == 0o755 and node.origin.kind == "package"


@pytest.mark.parametrize(
    ("base", "name"),
    [("python:3.12", "python"), ("node:20", "docker-entrypoint.sh"), ("nginx", "nginx"), ("debian:12", "sh")],
)
def test_what_the_base_starts_by_itself_is_there(project: Project, base: str, name: str) -> None:
    node = which(project.filesystem(f"FROM {base}"), name, None, "/")
    assert isinstance(node, Present) and node.origin.kind == "base"


def test_the_shell_that_a_run_was_given_to_is_there(project: Project) -> None:
    assert isinstance(project.filesystem("FROM example.org/base\nRUN true").stat("/bin/sh"), Present)
    assert isinstance(project.filesystem("FROM example.org/base").stat("/bin/sh"), Unknown)


def test_most_dockerfiles_need_no_shell_parser(project: Project) -> None:
    """Loading tree-sitter takes longer than all the rest."""
    import subprocess
    import sys

    project.add("app.py")
    project.add(
        "Dockerfile",
        "FROM python:3.12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n"
        'COPY . /app\nRUN pip install flask\nCMD ["python", "/app/app.py"]\n',
    )
    script = f"""
import sys
from initlint.rootfs.files import HostFiles
from initlint.rootfs.context import discover
from initlint.rootfs.symbolic import build
from initlint.rootfs.paths import which
from initlint.targets.dockerfile import load
files = HostFiles()
source = files.source({str(project.root / "Dockerfile")!r})
dockerfile = load(source)
fs = build(dockerfile, dockerfile.containers[-1], discover(source, dockerfile.stages, files), files)
assert which(fs, "python", None, "/").origin.kind == "base"
assert fs.read("/app/app.py").path
assert "tree_sitter" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("ignored", ["*/*.sh", "scripts", "**/start.sh"])
@pytest.mark.parametrize("folder", ["/srv", "/app", "/usr/src/app"])
def test_what_dockerignore_leaves_out_is_absent(project: Project, ignored: str, folder: str) -> None:
    project.add("scripts/start.sh")
    project.add("app.py")
    project.add(".dockerignore", f"{ignored}\n")
    fs = project.filesystem(f"FROM python:3.12-slim\nCOPY . {folder}/\n")
    node = fs.stat(f"{folder}/scripts/start.sh")
    assert isinstance(node, Absent) and "dockerignore leaves it out" in node.why, node
    assert isinstance(fs.stat(f"{folder}/app.py"), Present)
