"""COPY and ADD: where files land. The tables were compared with images that BuildKit built."""

from __future__ import annotations

import pytest

from initlint.rootfs import Absent, Present, Unknown
from initlint.rootfs.paths import resolve
from initlint.text import Source

from .conftest import Project

BASE = "FROM debian:bookworm-slim\n"


@pytest.fixture
def sources(project: Project) -> Project:
    project.add("start.sh", "#!/bin/sh\n", mode=0o755)
    project.add("a.txt", "a")
    project.add("app/run.sh", "run", mode=0o755)
    project.add("app/x.py", "x")
    project.add("app/sub/deep.sh", "deep")
    project.add("b/run.sh", "b")
    project.add("docker/e1.sh", "1", mode=0o755)
    project.add("docker/e2.sh", "2")
    project.add("docker/readme.md", "r")
    project.add("secret.txt", "s")
    project.add("pack.tar.gz", "t")
    project.add(".dockerignore", "secret.txt\napp/*.py\n")
    project.link("link.sh", "start.sh")
    project.link("applink", "app")
    project.link("app/inner", "run.sh")
    return project


@pytest.mark.parametrize(
    ("lines", "path", "origin"),
    [
        # a file, renamed or put into a folder
        ("COPY start.sh /start.sh", "/start.sh", "start.sh"),
        ("COPY start.sh /other", "/other", "start.sh"),
        ("COPY start.sh /opt/new/", "/opt/new/start.sh", "start.sh"),
        ("COPY start.sh /usr/local/bin", "/usr/local/bin/start.sh", "start.sh"),
        ("RUN mkdir /dd\nCOPY start.sh /dd", "/dd/start.sh", "start.sh"),
        ("COPY app /x\nCOPY start.sh /x", "/x/start.sh", "start.sh"),
        ("COPY start.sh a.txt /opt/two/", "/opt/two/a.txt", "a.txt"),
        ('COPY ["start.sh", "/with space/"]', "/with space/start.sh", "start.sh"),
        ("COPY ../start.sh /s", "/s", "start.sh"),
        ("COPY /start.sh /s", "/s", "start.sh"),
        ("COPY app/../start.sh /s", "/s", "start.sh"),
        # a folder's contents
        ("COPY app /app", "/app/run.sh", "app/run.sh"),
        ("COPY app/ /srv", "/srv/sub/deep.sh", "app/sub/deep.sh"),
        ("COPY app/. /dot", "/dot/run.sh", "app/run.sh"),
        ("COPY . /all", "/all/app/run.sh", "app/run.sh"),
        ("COPY app b /merged/", "/merged/run.sh", "b/run.sh"),
        ("COPY app /x\nCOPY b /x", "/x/run.sh", "b/run.sh"),
        ("COPY app /x\nCOPY b /x", "/x/sub/deep.sh", "app/sub/deep.sh"),
        # wildcards
        ("COPY docker/*.sh /usr/bin/", "/usr/bin/e2.sh", "docker/e2.sh"),
        ("COPY docker/e[12].sh /q/", "/q/e1.sh", "docker/e1.sh"),
        ("COPY do*/e?.sh /q/", "/q/e1.sh", "docker/e1.sh"),
        # links: a source is followed, a folder's are kept
        ("COPY link.sh /linked.sh", "/linked.sh", "start.sh"),
        ("COPY applink /al", "/al/run.sh", "app/run.sh"),
        ("COPY app/inner /x", "/x", "app/run.sh"),
        ("COPY app /app", "/app/inner", "app/run.sh"),
        # WORKDIR, ENV and ARG
        ("WORKDIR /w\nCOPY start.sh .", "/w/start.sh", "start.sh"),
        ("WORKDIR /w\nCOPY start.sh sub/", "/w/sub/start.sh", "start.sh"),
        ("WORKDIR /w\nCOPY start.sh sub", "/w/sub", "start.sh"),
        ("WORKDIR /w\nWORKDIR v\nCOPY start.sh ./", "/w/v/start.sh", "start.sh"),
        ("ENV D=/dest\nCOPY start.sh $D/", "/dest/start.sh", "start.sh"),
        ("ARG N=name\nCOPY start.sh /x/$N.sh", "/x/name.sh", "start.sh"),
        # flags
        ("COPY --parents app/sub/deep.sh /p/", "/p/app/sub/deep.sh", "app/sub/deep.sh"),
        ("COPY --link app /app", "/app/run.sh", "app/run.sh"),
        ("ADD a.txt /a.txt", "/a.txt", "a.txt"),
        # merged /usr
        ("COPY start.sh /bin/", "/usr/bin/start.sh", "start.sh"),
    ],
)
def test_a_copied_file_is_the_very_file_of_the_context(sources: Project, lines: str, path: str, origin: str) -> None:
    fs = sources.filesystem(BASE + lines)
    node = resolve(fs, path)
    assert isinstance(node, Present) and node.kind == "file", node
    source = fs.read(node.path)
    assert isinstance(source, Source) and source.path == str((sources.root / origin).resolve())
    assert node.origin.context_path == source.path


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        ("COPY app /app", "/run.sh"),
        ("COPY app /srv", "/srv/app/run.sh"),
        ("COPY . /all", "/all/secret.txt"),
        ("COPY . /all", "/all/app/x.py"),
        ("COPY docker/*.sh /q/", "/q/readme.md"),
        ("COPY start.sh /opt/new", "/opt/new/start.sh"),
        ("COPY --exclude=*.sh docker /d", "/d/e1.sh"),
    ],
)
def test_what_a_copy_does_not_bring_is_not_there(sources: Project, lines: str, path: str) -> None:
    assert not isinstance(sources.filesystem(BASE + lines).stat(path), Present)


@pytest.mark.parametrize(
    ("lines", "path", "mode"),
    [
        ("COPY start.sh a.txt /", "/start.sh", 0o755),
        ("COPY start.sh a.txt /", "/a.txt", 0o644),
        ("COPY --chmod=755 a.txt /", "/a.txt", 0o755),
        ("COPY --chmod=0700 app /app", "/app/sub/deep.sh", 0o700),
        ("COPY --chmod=$M app /app", "/app/run.sh", None),
        ("ADD https://example.org/tini /tini", "/tini", 0o600),
        ("ADD https://example.org/tini?x=1 /bin2/", "/bin2/tini", 0o600),
        ("ADD --chmod=755 https://example.org/tini /tini", "/tini", 0o755),
        ("COPY <<EOF /x.sh\necho\nEOF", "/x.sh", 0o644),
    ],
)
def test_modes(sources: Project, lines: str, path: str, mode: int | None) -> None:
    node = sources.filesystem(f"{BASE}ARG M\n{lines}").stat(path)
    assert isinstance(node, Present) and node.mode == mode


@pytest.mark.parametrize(
    ("lines", "content"),
    [
        ("COPY <<EOF /x.sh\n#!/bin/sh\nexec $V\nEOF", b"#!/bin/sh\nexec value\n"),
        ("COPY <<'EOF' /x.sh\n#!/bin/sh\nexec $V\nEOF", b"#!/bin/sh\nexec $V\n"),
        ("COPY <<x.sh <<y.sh /\none\nx.sh\ntwo\ny.sh", b"one\n"),
        ("COPY <<-EOF /x.sh\n\ttabbed\n\tEOF", b"tabbed\n"),
    ],
)
def test_a_heredoc_is_a_file(project: Project, lines: str, content: bytes) -> None:
    fs = project.filesystem(f"{BASE}ENV V=value\n{lines}\n")
    source = fs.read("/x.sh")
    assert isinstance(source, Source) and source.data == content and source.path is None


STAGES = """FROM debian:bookworm-slim AS one
RUN mkdir /out && echo x > /out/f.sh && chmod 711 /out/f.sh && ln -s /out/f.sh /lnk && ln -s out /lnkdir
COPY start.sh /out/start.sh
FROM debian:bookworm-slim
"""


@pytest.mark.parametrize(
    ("line", "path", "mode"),
    [
        ("COPY --from=one /out /out2", "/out2/f.sh", 0o711),
        ("COPY --from=ONE /out/f.sh /f2.sh", "/f2.sh", 0o711),
        ("COPY --from=0 /out/f.sh /usr/bin", "/usr/bin/f.sh", 0o711),
        ("COPY --from=one out/f.sh rel.sh", "/rel.sh", 0o711),
        ("COPY --from=one /out/* /glob/", "/glob/f.sh", 0o711),
        ("COPY --from=one /out/*.sh /glob/", "/glob/start.sh", 0o755),
        ("COPY --from=one /lnk /followed", "/followed", 0o711),
        ("COPY --from=one /lnkdir /ld", "/ld/f.sh", 0o711),
        ("COPY --from=one --chmod=700 /out /out2", "/out2/f.sh", 0o700),
    ],
)
def test_files_of_an_earlier_stage(sources: Project, line: str, path: str, mode: int) -> None:
    node = sources.filesystem(STAGES + line).stat(path)
    assert isinstance(node, Present) and node.kind == "file" and node.mode == mode


def test_an_edit_finds_its_way_through_two_stages(sources: Project) -> None:
    source = sources.filesystem(f"{STAGES}COPY --from=one /out /o").read("/o/start.sh")
    assert isinstance(source, Source) and source.path == str((sources.root / "start.sh").resolve())


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        # a named source exists, or the build fails: it is there, its content isn't known
        ("COPY --from=krallin/ubuntu-tini /usr/local/bin/tini /tini", "/tini"),
        ("COPY --from=example.org/tools /opt/tool /usr/bin/", "/usr/bin/tool"),
        ("COPY dist/server /srv/", "/srv/server"),
    ],
)
def test_a_source_that_cannot_be_seen_is_there(project: Project, lines: str, path: str) -> None:
    fs = project.filesystem(BASE + lines)
    node = fs.stat(path)
    assert isinstance(node, Present) and node.mode is None
    assert isinstance(fs.read(path), Unknown)


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        ("COPY --from=example.org/tools /opt /opt", "/opt/tool"),
        ("ADD pack.tar.gz /opt/", "/opt/tool"),
        ("ADD https://github.com/x/y.git /src", "/src/run.sh"),
        ("COPY start.sh $UNSET_BY_BASE/", "/start.sh"),
        ("ARG D\nCOPY start.sh $D", "/start.sh"),
    ],
)
def test_what_cannot_be_seen_below_a_copy_is_unknown(sources: Project, lines: str, path: str) -> None:
    assert isinstance(sources.filesystem(f"FROM example.org/base\n{lines}").stat(path), Unknown)


def test_an_archive_is_unpacked_by_add_and_not_by_copy(sources: Project) -> None:
    assert isinstance(sources.filesystem(BASE + "COPY pack.tar.gz /opt/").stat("/opt/pack.tar.gz"), Present)
    assert not isinstance(sources.filesystem(BASE + "ADD pack.tar.gz /opt/").stat("/opt/pack.tar.gz"), Present)


def test_a_folder_lists_what_was_put_there(sources: Project) -> None:
    fs = sources.filesystem(f"{BASE}COPY app /app\nCOPY start.sh /app/\nRUN touch /app/new && rm /app/run.sh")
    assert fs.list("/app").names == ("inner", "new", "start.sh", "sub")


def test_an_empty_image_holds_what_was_added_and_nothing_else(sources: Project) -> None:
    fs = sources.filesystem("FROM scratch\nCOPY start.sh /\n")
    assert isinstance(fs.stat("/start.sh"), Present)
    assert isinstance(fs.stat("/bin/sh"), Absent)
