"""`fix --init` and `--install`: which init gets into which base, how, and where it can't, why."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.conftest import Project, Result, Run
from initlint import pyinit
from initlint.facts import static_inits

BASES = (
    "debian:12",
    "debian:9",
    "ubuntu:24.04",
    "ubuntu:18.04",
    "alpine:3.20",
    "fedora:44",
    "opensuse/leap:15.6",
    "archlinux",
    "cgr.dev/chainguard/wolfi-base",
    "registry.access.redhat.com/ubi9/ubi",
    "rockylinux:9",
    "amazonlinux:2023",
    "scratch",
    "gcr.io/distroless/static-debian12",
    "gcr.io/distroless/python3-debian12",
    "busybox",
    "nixos/nix",
    "python:3-slim",
    "python:3.7-buster",
)
CHOICES = (
    ("auto", "auto"),
    ("tini", "package"),
    ("tini", "download"),
    ("dumb-init", "auto"),
    ("catatonit", "auto"),
    ("pid1", "auto"),
    ("pyinit", "auto"),
)
# A server that reaps nothing, as a static program: it runs on any base.
SERVER = 'FROM {}\nCOPY --from=golang /redis-server /redis-server\nENTRYPOINT ["/redis-server"]\n'
PYINIT = Path(pyinit.__file__).read_bytes()


@pytest.fixture(autouse=True)
def what_is_only_info_too(plain_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INITLINT_MIN_SEVERITY", "info")


def told(result: Result) -> Iterator[str]:
    """The changed lines of the Dockerfile, then the message: the end of the first line about it."""
    diff = re.split(r"(?m)^diff --git .*$", result.out)[0]
    for line in diff.splitlines():
        if line[:1] in ("+", "-") and line[:3] not in ("+++", "---"):
            yield line
    for line in result.err.splitlines():
        if line.startswith("Dockerfile: "):
            yield line.removeprefix("Dockerfile: ")
        elif "(not fixed: " in line:
            yield "Not fixed: " + line.rpartition("(not fixed: ")[2].removesuffix(")")
            return


def test_every_init_on_every_base(project: Project, run: Run, snapshot: Callable[[str, str], None]) -> None:
    """The whole table: tests/fixtures/snapshots/inits.txt."""
    pieces = []
    for init, install in CHOICES:
        answers: dict[str, list[str]] = {}
        for base in BASES:
            project({"Dockerfile": SERVER.format(base)})
            result = run("fix", "--init", init, "--install", install)
            answers.setdefault("\n".join(told(result)) or result.err.strip(), []).append(base)
        for lines, bases in answers.items():
            pieces.append(f"== --init {init} --install {install}: {' '.join(bases)}\n{lines}\n")
    snapshot("inits.txt", "\n".join(pieces))


@pytest.mark.parametrize(("init", "install"), CHOICES)
@pytest.mark.parametrize("base", BASES)
def test_what_is_written_is_clean_and_stays(project: Project, run: Run, base: str, init: str, install: str) -> None:
    """`check` finds nothing more that an init settles, a second `fix` changes nothing, and git takes the diff."""
    options = ("--init", init, "--install", install)
    folder = project({"Dockerfile": SERVER.format(base)})
    diff = run("fix", *options).out
    if not diff:
        return
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    subprocess.run(["git", "apply", "-"], input=diff.encode(), cwd=folder, env=environment, check=True)
    after = (folder / "Dockerfile").read_bytes()
    assert run("check", *options).code == 0
    assert run("fix", *options).out == ""
    project({"Dockerfile": SERVER.format(base)})
    assert run("fix", "--write", *options).code == 0
    assert (folder / "Dockerfile").read_bytes() == after


# Versions of packages, which a linter can't know, and the tag of `FROM init-${TARGETARCH}`, which is no image.
PINNING = {"DL3006", "DL3008", "DL3018", "DL3037", "DL3041"}


# Where the tests' own installation put it; the PATH need not name that.
HADOLINT = shutil.which("hadolint", path=os.pathsep.join((os.path.dirname(sys.executable), os.environ.get("PATH", ""))))


@pytest.mark.parametrize(("init", "install"), [choice for choice in CHOICES if choice[0] != "pid1"])
def test_hadolint_finds_nothing_but_pinning(project: Project, run: Run, init: str, install: str) -> None:
    if HADOLINT is None:
        if os.environ.get("CI") == "true":
            pytest.fail("hadolint isn't here")
        pytest.skip("hadolint isn't here")
    hadolint = HADOLINT

    def codes() -> set[str]:
        done = subprocess.run([hadolint, "--no-color", "Dockerfile"], capture_output=True, text=True, check=False)
        return set(re.findall(r"\b(?:DL|SC)\d+\b", done.stdout))

    for syntax in ("", "# syntax=docker/dockerfile:1\n"):
        for base in ("debian:12", "fedora:44", "opensuse/leap:15.6", "archlinux", "rockylinux:9", "python:3.7-buster"):
            project({"Dockerfile": syntax + SERVER.format(base)})
            before = codes()
            run("fix", "--write", "--init", init, "--install", install)
            assert codes() - before <= PINNING


@pytest.mark.parametrize(
    ("syntax", "added"),
    [
        ("docker/dockerfile:1", True),
        ("docker/dockerfile:1.6", True),
        ("docker/dockerfile:1.10.0", True),
        ("docker.io/docker/dockerfile:1.7-labs", True),
        ("docker/dockerfile:1.4", False),
        ("docker/dockerfile:1.5.2", False),
        ("docker/dockerfile", False),
        ("example.com/frontend:1", False),
    ],
)
def test_add_checks_where_the_syntax_can(project: Project, run: Run, syntax: str, added: bool) -> None:
    """Elsewhere a RUN does; nothing is ever downloaded without its checksum."""
    folder = project({"Dockerfile": f"# syntax={syntax}\n{SERVER.format('scratch')}"})
    run("fix", "--write", "--install", "download")
    text = (folder / "Dockerfile").read_text()
    assert ("ADD --checksum=sha256:" in text) is added
    assert ("sha256sum -c" in text) is not added
    release = static_inits.release("tini")
    assert release is not None
    assert all(checksum in text for _, checksum in release.files.values())


@pytest.mark.parametrize("syntax", ["", "# syntax=docker/dockerfile:1\n"])
@pytest.mark.parametrize(("platform", "there"), [("linux/arm64", True), ("linux/riscv64", False)])
def test_download_for_the_stage_s_own_platform(
    project: Project, run: Run, syntax: str, platform: str, there: bool
) -> None:
    """TARGETARCH is what is built for, which the stage needn't be of."""
    text = syntax + SERVER.format(f"--platform={platform} scratch")
    folder = project({"Dockerfile": text})
    result = run("fix", "--write", "--install", "download")
    after = (folder / "Dockerfile").read_text()
    if not there:
        assert after == text
        assert f"no checksum of tini is known for {platform}" in result.err
        return
    assert "TARGETARCH" not in after
    assert "tini-static-arm64" in after
    assert "tini-static-amd64" not in after


def test_download_in_the_file_s_style(project: Project, run: Run) -> None:
    """Lower case, CRLF, another escape, and a pragma for those who use hadolint."""
    start = '# escape=`\r\nfrom scratch\r\ncopy --from=golang /redis-server /\r\nentrypoint ["/redis-server"]\r\n'
    folder = project({"Dockerfile": start})
    run("fix", "--write", "--install", "download")
    data = (folder / "Dockerfile").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert b"\\" not in data
    assert b"from alpine:3.22 as init\r\narg TARGETARCH\r\nrun case " in data
    folder = project(
        {"Dockerfile": f"# syntax=docker/dockerfile:1\n# hadolint global ignore=DL3007\n{SERVER.format('scratch')}"}
    )
    run("fix", "--write", "--install", "download")
    assert "# hadolint ignore=DL3006\nFROM init-${TARGETARCH} AS init\n" in (folder / "Dockerfile").read_text()


@pytest.mark.parametrize("init", ["tini", "dumb-init"])
def test_releases_have_a_checksum_for_every_architecture(init: str) -> None:
    release = static_inits.release(init)
    assert release is not None and release.source
    assert {"amd64", "arm64"} <= set(release.files)
    assert all(re.fullmatch(r"[0-9a-f]{64}", checksum) for _, checksum in release.files.values())
    assert release.version in release.url


@pytest.mark.parametrize(
    ("architecture", "content", "status"),
    [
        ("amd64", b"what was released", 0),
        ("arm64", b"what was released for arm64", 0),
        ("amd64", b"something else", 1),
        ("amd64", b"", 1),
        ("arm64", b"what was released", 1),
        ("riscv64", b"what was released", 1),
    ],
)
def test_what_is_downloaded_is_verified(
    project: Project, run: Run, tmp_path: Path, architecture: str, content: bytes, status: int
) -> None:
    """The RUN itself, with a wget that brings this: another file, or one of another architecture, ends the build."""
    folder = project({"Dockerfile": SERVER.format("scratch")})
    run("fix", "--write", "--install", "download")
    text = (folder / "Dockerfile").read_text()
    release = static_inits.release("tini")
    assert release is not None
    for target, released in (("amd64", b"what was released"), ("arm64", b"what was released for arm64")):
        text = text.replace(release.files[target][1], hashlib.sha256(released).hexdigest())
    command = re.sub(r"\\\n", "", text.partition("RUN ")[2].partition("\n\n")[0])
    image = tmp_path / "image"
    image.mkdir()
    command = re.sub(r" /tini\b", f" {image}/tini", command)
    wget = image / "wget"
    wget.write_text('#!/bin/sh\ncp "$CONTENT" "$2"\n')
    wget.chmod(0o755)
    (image / "content").write_bytes(content)
    environment = {
        "PATH": f"{image}:{os.environ['PATH']}",
        "TARGETARCH": architecture,
        "CONTENT": str(image / "content"),
    }
    result = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, check=False)
    assert result.returncode == status, result.stderr
    if status == 0:
        assert (image / "tini").read_bytes() == content
        assert (image / "tini").stat().st_mode & 0o777 == 0o755


PYTHON = 'FROM python:3.12-slim\nCOPY app.py /\nCMD ["python", "/app.py"]\n'
APP = "import subprocess\nsubprocess.run(['true'])\n"


def test_pyinit_is_a_new_file(project: Project, run: Run) -> None:
    """In the diff, in JSON, and on the disk: readable for any user, byte for byte ours."""
    import json

    files = {"Dockerfile": PYTHON, "app.py": APP}
    folder = project(files)
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    diff = run("fix", "--init", "pyinit").out
    assert "new file mode 100644" in diff
    subprocess.run(["git", "apply", "-"], input=diff.encode(), cwd=folder, env=environment, check=True)
    dockerfile = (folder / "Dockerfile").read_text()
    assert (folder / "pyinit.py").read_bytes() == PYINIT
    assert (
        'COPY pyinit.py /pyinit.py\nENTRYPOINT ["/usr/local/bin/python3", "-I", "-S", "/pyinit.py", "--"]\n'
        in dockerfile
    )
    (folder / "pyinit.py").unlink()
    project(files)
    edits = json.loads(run("check", "--init", "pyinit", "--output-format", "json").out)[0]["fix"]["edits"]
    created = next(edit for edit in edits if edit["filename"] == "pyinit.py")
    assert created["location"] == created["end_location"] == {"row": 1, "column": 1}
    assert created["content"].encode() == PYINIT
    umask = os.umask(0o077)
    try:
        assert run("fix", "--init", "pyinit", "--write").code == 0
    finally:
        os.umask(umask)
    assert (folder / "pyinit.py").read_bytes() == PYINIT
    assert (folder / "pyinit.py").stat().st_mode & 0o777 == 0o644
    assert (folder / "Dockerfile").read_text() == dockerfile
    assert run("fix", "--init", "pyinit").out == ""


def test_pyinit_in_a_folder_of_the_context(project: Project, run: Run) -> None:
    """It lies beside the Dockerfile; COPY names it from the context's root."""
    folder = project({"docker/Dockerfile": PYTHON, "app.py": APP})
    run("fix", "--init", "pyinit", "--write", "--context", ".")
    assert (folder / "docker" / "pyinit.py").exists()
    assert "COPY docker/pyinit.py /pyinit.py\n" in (folder / "docker" / "Dockerfile").read_text()


def test_pyinit_for_several_containers(project: Project, run: Run) -> None:
    """One file serves two Dockerfiles, and both stages of a third."""
    two = PYTHON.replace("slim", "slim AS web") + PYTHON
    folder = project({"Dockerfile": PYTHON, "Dockerfile.dev": PYTHON, "Dockerfile.two": two, "app.py": APP})
    diff = run("fix", "--init", "pyinit").out
    assert diff.count("new file mode") == 1
    assert run("fix", "--init", "pyinit", "--write").code == 0
    for name, count in (("Dockerfile", 1), ("Dockerfile.dev", 1), ("Dockerfile.two", 2)):
        assert (folder / name).read_text().count("COPY pyinit.py") == count


def test_pyinit_that_is_there(project: Project, run: Run) -> None:
    """The same file is taken as it is."""
    project({"Dockerfile": PYTHON, "app.py": APP, "pyinit.py": PYINIT})
    result = run("fix", "--init", "pyinit")
    assert "new file" not in result.out
    assert "+COPY pyinit.py /pyinit.py\n" in result.out


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"pyinit.py": "print('mine')\n"}, "pyinit.py is there and is another file, which isn't overwritten"),
        ({"pyinit.py": b"\0"}, "pyinit.py is there and is another file, which isn't overwritten"),
        ({".dockerignore": "*.py\n!app.py\n"}, ".dockerignore leaves pyinit.py out of the build"),
        ({"Dockerfile.dockerignore": "pyinit*\n"}, "Dockerfile.dockerignore leaves pyinit.py out of the build"),
        ({"Dockerfile": PYTHON.replace("3.12", "3.5")}, "pyinit needs Python 3.6 or later"),
        ({"Dockerfile": PYTHON.replace("python:3.12-slim", "node:22")}, "it isn't certain that the image has python3"),
        ({"Dockerfile": PYTHON.replace("app.py /", "app.py gone.py /")}, "which folder is the build context isn't"),
        (
            {"Dockerfile": f"FROM debian:9\nRUN apt-get install -y python3\n{PYTHON.partition(chr(10))[2]}"},
            "pyinit needs Python 3.6 or later",
        ),
    ],
)
def test_pyinit_is_refused(project: Project, run: Run, files: dict[str, str | bytes], reason: str) -> None:
    """Nothing is written, and the reason is said."""
    given: dict[str, str | bytes] = {"Dockerfile": PYTHON, "app.py": APP, **files}
    folder = project(given)
    result = run("fix", "--init", "pyinit", "--write")
    assert reason in result.err
    for name, content in given.items():
        assert (folder / name).read_bytes() == (content if isinstance(content, bytes) else content.encode())
    if "pyinit.py" not in given:
        assert not (folder / "pyinit.py").exists()


@pytest.mark.parametrize("install", ["package", "download"])
def test_pyinit_is_only_copied(project: Project, run: Run, install: str) -> None:
    project({"Dockerfile": PYTHON, "app.py": APP})
    result = run("fix", "--init", "pyinit", "--install", install)
    assert result.out == ""
    assert f"there is no {install} of it" in result.err


def test_pyinit_that_git_would_ignore(project: Project, run: Run) -> None:
    """It would be lost for everyone else."""
    folder = project({"Dockerfile": PYTHON, "app.py": APP, ".gitignore": "pyinit.py\n"})
    subprocess.run(["git", "init", "-q"], check=True)
    result = run("fix", "--init", "pyinit", "--write")
    assert "pyinit.py would be ignored by git" in result.err
    assert not (folder / "pyinit.py").exists()


def test_pyinit_outside_the_context(project: Project, run: Run) -> None:
    folder = project({"docker/Dockerfile": PYTHON, "src/app.py": APP})
    result = run("fix", "--init", "pyinit", "--write", "--context", "src")
    assert "outside the build context" in result.err
    assert not (folder / "docker" / "pyinit.py").exists()


@pytest.mark.parametrize("base", ["debian:12", "ubuntu:22.04", "alpine:3.20"])
def test_pyinit_with_the_distribution_s_python(project: Project, run: Run, base: str) -> None:
    """What the image's own install command brings is certainly there."""
    tool = "apk add --no-cache" if base.startswith("alpine") else "apt-get update && apt-get install -y"
    start = f"FROM {base}\nRUN {tool} curl python3\nCOPY app.py /\nCMD exec python3 /app.py $X\n"
    folder = project({"Dockerfile": start, "app.py": APP})
    run("fix", "--init", "pyinit", "--write")
    text = (folder / "Dockerfile").read_text()
    assert 'ENTRYPOINT ["/usr/bin/python3", "-I", "-S", "/pyinit.py", "--"]\nCMD exec python3' in text


def test_pyinit_in_shell_form(project: Project, run: Run) -> None:
    folder = project(
        {"Dockerfile": PYTHON.replace('CMD ["python", "/app.py"]', "ENTRYPOINT python /app.py $X"), "app.py": APP}
    )
    run("fix", "--init", "pyinit", "--write")
    text = (folder / "Dockerfile").read_text()
    assert text.endswith(
        "COPY pyinit.py /pyinit.py\nENTRYPOINT exec /usr/local/bin/python3 -I -S /pyinit.py -- python /app.py $X\n"
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("ENV PATH=/venv/bin:$PATH\n", "PATH is changed"),
        ("", "PyPI has no wheel of dumb-init for linux/arm64"),
    ],
)
def test_pip_only_where_it_fits(project: Project, run: Run, change: str, reason: str) -> None:
    platform = "" if change else "--platform=linux/arm64 "
    start = f'FROM {platform}python:3.7-buster\n{change}COPY app.py /\nCMD ["python", "/app.py"]\n'
    project({"Dockerfile": start, "app.py": APP})
    result = run("fix", "--init", "dumb-init")
    assert "pip install" not in result.out
    assert "+COPY --from=init /usr/bin/dumb-init /usr/bin/dumb-init" in result.out
    assert reason in result.err


def test_pip_never_installs_tini(project: Project, run: Run) -> None:
    """PyPI's tini reads ini files."""
    project({"Dockerfile": PYTHON.replace("3.12-slim", "3.7-buster"), "app.py": APP})
    for install in ("auto", "package"):
        assert "pip" not in run("fix", "--init", "tini", "--install", install).out


def test_pid1_that_the_image_has(project: Project, run: Run) -> None:
    """It is put in front with `--`, since it refuses options of the program; its own grace period is said."""
    start = 'FROM debian:12\nCOPY --from=tools /pid1 /usr/bin/pid1\nCMD ["redis-server"]\n'
    project({"Dockerfile": start})
    result = run("fix", "--init", "pid1")
    assert '+ENTRYPOINT ["/usr/bin/pid1", "--"]\n' in result.out
    assert "kills the program 2 seconds later" in result.err


@pytest.mark.parametrize("setting", ["copy", "package"])
def test_the_way_is_a_setting(project: Project, run: Run, setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the file, in the environment, on the command line."""
    project({"Dockerfile": SERVER.format("debian:12"), "initlint.toml": f'init = "tini"\ninstall = "{setting}"\n'})
    assert ("COPY --from=init" in run("fix").out) is (setting == "copy")
    monkeypatch.setenv("INITLINT_INSTALL", "download")
    assert "sha256sum -c" in run("fix").out
    assert "apt-get install" in run("fix", "--install", "package").out
    project({"initlint.toml": 'install = "brew"\n'})
    assert "initlint.toml:1: install must be one of auto, package, copy, download" in run("fix").err.replace(
        "initlint.toml:1:1: IL002", "initlint.toml:1:"
    )


def test_lists_of_other_package_managers(project: Project, run: Run) -> None:
    """catatonit joins what zypper and pacman install already."""
    for base, line, after in (
        ("opensuse/leap:15.6", "zypper -n install curl zip", "zypper -n install catatonit curl zip"),
        ("archlinux", "pacman -Syu --noconfirm curl zip", "pacman -Syu --noconfirm catatonit curl zip"),
        ("fedora:44", "dnf install -y curl zip", "dnf install -y curl tini zip"),
    ):
        init = "tini" if "tini" in after else "catatonit"
        folder = project({"Dockerfile": SERVER.format(base).replace("COPY", f"RUN {line}\nCOPY", 1)})
        run("fix", "--init", init, "--write")
        assert f"RUN {after}\n" in (folder / "Dockerfile").read_text()
