"""Base images for the engine tests, made without a registry from this Debian machine's own packages.

The names are those of public images, because a Dockerfile's FROM decides what initlint knows about it. So
they belong on a scratch engine; where an image of that name is there already and isn't ours, we refuse.
Inside, apt works without a network: its only source is a folder of the image that holds tini and dumb-init.

``python tests/engine/bases.py`` makes them all on the engine that DOCKER_HOST names.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docker
from docker.errors import ImageNotFound

LABEL = "io.github.initlint.test-base"
SYSTEM = ("apt", "bash", "dash", "passwd", "procps", "python3")
INITS = ("tini", "dumb-init")
#: what ``apt-get install`` names, for a machine that has to get them first
HOST_PACKAGES = (*SYSTEM, *INITS, "busybox-static", "nodejs")

UNNEEDED = ("usr/share/doc/", "usr/share/man/", "usr/share/locale/", "usr/share/info/", "usr/lib/node_modules/")
REPOSITORY = "srv/packages"
DPKG = Path("/var/lib/dpkg")

# What Debian's maintainer scripts would have written into a new system.
ETC_APT = f"deb [trusted=yes] file:/{REPOSITORY} ./\n"
APT_USER = "_apt:x:100:65534::/nonexistent:/usr/sbin/nologin\n"

PYTHON = """\
FROM debian:bookworm-slim
ENV LANG=C.UTF-8
RUN ln -s /usr/bin/python3 /usr/local/bin/python3 && ln -s python3 /usr/local/bin/python
CMD ["python3"]
"""
NODE = """\
FROM debian:bookworm-slim
ADD node.tar /
COPY docker-entrypoint.sh /usr/local/bin/
RUN ln -s /usr/bin/node /usr/local/bin/node
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]
"""
# Does what the official image's script does: options and names that aren't commands go to node.
NODE_ENTRYPOINT = """\
#!/bin/sh
set -e

if [ "${1#-}" != "$1" ] || ! command -v "$1" >/dev/null 2>&1; then
    set -- node "$@"
fi

exec "$@"
"""


@dataclass(frozen=True)
class Package:
    """One installed package, as dpkg's status file describes it."""

    name: str
    stanza: str
    fields: dict[str, str] = field(repr=False)

    @property
    def version(self) -> str:
        return self.fields["Version"]

    def files(self) -> list[str]:
        return (self._info("list").read_text().splitlines())[1:]

    def control_files(self) -> list[Path]:
        return sorted(DPKG.glob(f"info/{self._info('list').stem}.*"))

    def _info(self, suffix: str) -> Path:
        plain = DPKG / f"info/{self.name}.{suffix}"
        return plain if plain.exists() else DPKG / f"info/{self.name}:{self.fields['Architecture']}.{suffix}"


class Installed:
    """The packages of this machine, and what they depend on."""

    def __init__(self) -> None:
        self.packages: dict[str, Package] = {}
        self.providers: dict[str, str] = {}
        native = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
        for stanza in (DPKG / "status").read_text().strip().split("\n\n"):
            fields = dict(re.findall(r"^([A-Z][\w-]*): *(.*)$", stanza, re.MULTILINE))
            if fields["Status"] == "install ok installed" and fields["Architecture"] in (native, "all"):
                package = Package(fields["Package"], stanza, fields)
                self.packages[package.name] = package
                for name in _names(fields.get("Provides", "")):
                    self.providers.setdefault(name, package.name)

    def closure(self, names: Iterable[str]) -> list[Package]:
        """The named packages, the essential ones, and all that these depend on, in a stable order."""
        todo = [*names, *(p.name for p in self.packages.values() if p.fields.get("Essential") == "yes")]
        found: dict[str, Package] = {}
        while todo:
            package = self[todo.pop()]
            if package.name in found:
                continue
            found[package.name] = package
            for key in ("Pre-Depends", "Depends"):
                for alternatives in filter(None, package.fields.get(key, "").split(",")):
                    todo.append(next(n for n in _names(alternatives.replace("|", ",")) if n in self))
        return [found[name] for name in sorted(found)]

    def __contains__(self, name: str) -> bool:
        return name in self.packages or name in self.providers

    def __getitem__(self, name: str) -> Package:
        try:
            return self.packages.get(name) or self.packages[self.providers[name]]
        except KeyError:
            raise LookupError(
                f"the package {name} isn't installed: apt-get install {' '.join(HOST_PACKAGES)}"
            ) from None


def _names(relation: str) -> list[str]:
    """``a (>= 1), b:any`` -> ``["a", "b"]``"""
    return [re.split(r"[\s(:]", part.strip())[0] for part in relation.split(",") if part.strip()]


class Root:
    """A root filesystem on its way into a tar archive."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self.archive = archive
        self.names: set[str] = set()

    def text(self, name: str, content: str | bytes, mode: int = 0o644) -> None:
        data = content.encode() if isinstance(content, str) else content
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(data), mode
        self._add(info, io.BytesIO(data))

    def folder(self, name: str, mode: int = 0o755) -> None:
        info = tarfile.TarInfo(name)
        info.type, info.mode = tarfile.DIRTYPE, mode
        self._add(info)

    def link(self, name: str, target: str) -> None:
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, target, 0o777
        self._add(info)

    def host(self, path: str) -> None:
        """Copy one path of this machine, by the name that it has once /bin and /lib are links into /usr."""
        name = _merged(path)
        if name in self.names or name.startswith(UNNEEDED) or not os.path.lexists(path):
            return
        self.archive.add(path, name, recursive=False)
        self.names.add(name)

    def _add(self, info: tarfile.TarInfo, data: io.BytesIO | None = None) -> None:
        if info.name not in self.names:
            self.archive.addfile(info, data)
            self.names.add(info.name)


def _merged(path: str) -> str:
    first, _, rest = path.lstrip("/").partition("/")
    return f"usr/{first}/{rest}" if rest and os.path.islink(f"/{first}") else path.lstrip("/")


def debian(archive: tarfile.TarFile, installed: Installed) -> None:
    """A small Debian whose dpkg and apt work."""
    root = Root(archive)
    packages = installed.closure(SYSTEM)
    for name in ("bin", "sbin", "lib", "lib64"):
        root.link(name, f"usr/{name}")
    root.link("usr/bin/sh", "dash")
    for path in sorted(path for package in packages for path in package.files()):
        root.host(path)
    if (awk := os.path.basename(os.path.realpath("/usr/bin/awk"))) and f"usr/bin/{awk}" in root.names:
        root.link("usr/bin/awk", awk)

    for name in ("usr/local", "usr/local/bin", "usr/local/sbin", "usr/local/lib", "usr/local/share"):
        root.folder(name)
    master = Path("/usr/share/base-passwd")
    passwd, group = (master / "passwd.master").read_text(), (master / "group.master").read_text()
    root.text("etc/passwd", passwd.replace(":*:", ":x:") + APT_USER)
    root.text("etc/group", group.replace(":*:", ":x:"))
    root.text(
        "etc/shadow", "".join(f"{line.split(':')[0]}:*:19000:0:99999:7:::\n" for line in passwd.splitlines()), 0o640
    )
    root.text("etc/gshadow", "".join(f"{line.split(':')[0]}:*::\n" for line in group.splitlines()), 0o640)
    root.text("etc/apt/sources.list", ETC_APT)

    root.text("var/lib/dpkg/status", "".join(f"{package.stanza}\n\n" for package in packages))
    for name in (
        "available",
        "diversions",
        "statoverride",
        "triggers/File",
        "triggers/Unincorp",
        "triggers/Lock",
        "lock",
    ):
        root.text(f"var/lib/dpkg/{name}", "")
    root.text("var/lib/dpkg/info/format", "1\n")
    for package in packages:
        for file in package.control_files():
            root.host(str(file))

    index = ""
    root.folder(REPOSITORY)
    for init in INITS:
        deb, name = packed(installed[init]), f"{init}.deb"
        root.text(f"{REPOSITORY}/{name}", deb)
        index += f"{_control(installed[init])}Filename: ./{name}\nSize: {len(deb)}\nSHA256: {hashlib.sha256(deb).hexdigest()}\n\n"
    root.text(f"{REPOSITORY}/Packages", index)


def packed(package: Package) -> bytes:
    """The .deb of an installed package, put together again from its files."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        for path in package.files():
            source, copy = Path(path), tree / path.lstrip("/")
            if path.lstrip("/").startswith(UNNEEDED) or not os.path.lexists(path):
                continue
            if source.is_dir():
                copy.mkdir(parents=True, exist_ok=True)
            elif source.is_symlink():
                copy.symlink_to(os.readlink(path))
            else:
                copy.write_bytes(source.read_bytes())
                copy.chmod(source.stat().st_mode & 0o7777)
        control = tree / "DEBIAN/control"
        control.parent.mkdir(parents=True)
        control.write_text(_control(package))
        deb = Path(folder, "package.deb")
        subprocess.run(["dpkg-deb", "--root-owner-group", "-b", str(tree), str(deb)], check=True, capture_output=True)
        return deb.read_bytes()


def _control(package: Package) -> str:
    """The stanza of a package as its archive has it: without what dpkg notes about the installation."""
    return re.sub(r"^(Status|Conffiles):.*\n(?: .*\n)*", "", package.stanza + "\n", flags=re.MULTILINE)


def busybox(archive: tarfile.TarFile) -> None:
    root = Root(archive)
    for name in ("bin", "etc", "root", "tmp"):
        root.folder(name, 0o1777 if name == "tmp" else 0o755)
    root.text("bin/busybox", Path("/bin/busybox").read_bytes(), 0o755)
    for applet in subprocess.check_output(["/bin/busybox", "--list"], text=True).split():
        root.link(f"bin/{applet}", "busybox")
    root.text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
    root.text("etc/group", "root:x:0:\n")


def node(archive: tarfile.TarFile, installed: Installed) -> None:
    """What node needs on top of our Debian."""
    root = Root(archive)
    below = {package.name for package in installed.closure(SYSTEM)}
    for package in installed.closure(["nodejs"]):
        if package.name not in below:
            for path in sorted(path for path in package.files() if not os.path.isdir(path)):
                root.host(path)


class Bases:
    """Makes the base images on one engine; what is there already is used again."""

    def __init__(self, client: docker.DockerClient) -> None:
        self.client = client
        self.installed = Installed()
        packages = self.installed.closure(HOST_PACKAGES)
        content = Path(__file__).read_text() + "".join(f"{p.name} {p.version}\n" for p in packages)
        self.key = hashlib.sha256(content.encode()).hexdigest()[:16]

    def make(self) -> list[str]:
        """Make all images that are missing; returns the names of those that it made."""
        return list(self._make())

    def _make(self) -> Iterator[str]:
        for name, command in (("debian:bookworm-slim", "bash"), ("busybox:latest", "sh")):
            if not self.present(name):
                data = io.BytesIO()
                with tarfile.open(fileobj=data, mode="w") as archive:
                    busybox(archive) if name.startswith("busybox") else debian(archive, self.installed)
                changes = [f'CMD ["{command}"]', f"LABEL {LABEL}={self.key}"]
                repository, _, tag = name.partition(":")
                self.client.api.import_image_from_data(data.getvalue(), repository, tag, changes)
                yield name
        for name in ("python:3", "python:3.12-slim"):
            if not self.present(name):
                self.build(name, {"Dockerfile": PYTHON.encode()})
                yield name
        if not self.present("node:20-bookworm-slim"):
            packed_node = io.BytesIO()
            with tarfile.open(fileobj=packed_node, mode="w") as archive:
                node(archive, self.installed)
            files = {"node.tar": packed_node.getvalue(), "docker-entrypoint.sh": NODE_ENTRYPOINT.encode()}
            self.build("node:20-bookworm-slim", {"Dockerfile": NODE.encode(), **files})
            yield "node:20-bookworm-slim"

    def present(self, name: str) -> bool:
        try:
            labels = self.client.images.get(name).labels
        except ImageNotFound:
            return False
        if LABEL not in labels:
            raise RuntimeError(
                f"this engine has an image {name} of its own: give the tests a scratch engine (tests/run does)"
            )
        return bool(labels[LABEL] == self.key)

    def build(self, name: str, files: dict[str, bytes]) -> None:
        context = io.BytesIO()
        with tarfile.open(fileobj=context, mode="w") as archive:
            for path, content in files.items():
                Root(archive).text(path, content, 0o755)
        context.seek(0)
        self.client.images.build(
            fileobj=context,
            custom_context=True,
            tag=name,
            network_mode="none",
            labels={LABEL: self.key},
            rm=True,
            forcerm=True,
        )


if __name__ == "__main__":
    print("made:", ", ".join(Bases(docker.from_env()).make()) or "nothing, all are there")
