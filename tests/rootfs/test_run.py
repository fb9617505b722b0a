"""RUN: what its commands do to files. The table was compared with images that BuildKit built."""

from __future__ import annotations

import pytest

from initlint.rootfs import Absent, Present, Unknown, heredocs
from initlint.rootfs.modes import apply_mode
from initlint.rootfs.paths import resolve
from initlint.rootfs.symbolic import shell_behind_sh
from initlint.text import Source

from .conftest import Project

BASE = "FROM debian:bookworm-slim\n"


@pytest.fixture
def sources(project: Project) -> Project:
    project.add("a.txt", "a")
    project.add("app/run.sh", "run", mode=0o755)
    project.add("app/sub/deep.sh", "deep")
    project.add("d/e1.sh", "1", mode=0o755)
    project.add("d/e2.sh", "2")
    project.add("crlf.sh", "#!/bin/sh\r\nexec x\r\n")
    project.add("build.sh", "chmod -R 755 /", mode=0o755)
    return project


COPIES = "COPY a.txt /a\nCOPY app /app\nCOPY d /d\nCOPY crlf.sh /crlf.sh\n"


@pytest.mark.parametrize(
    ("run", "path", "mode"),
    [
        ("chmod +x /a", "/a", 0o755),
        ("chmod a+x,go-r /a", "/a", 0o711),
        ("cat <<EOF > /f && chmod +x /f\none\nEOF", "/f", 0o755),
        ("cat > /f <<EOF && chmod +x /f\none\nEOF", "/f", 0o755),
        ("cat <<'EOF' > /f; chmod +x /f; echo done\none $V\nEOF", "/f", 0o755),
        ('cat <<-"EOF" > /f && echo done && chmod +x /f\n\tone\n\tEOF', "/f", 0o755),
        ("mkdir -p /x && cat << EOF > /x/f && chmod +x /x/f && echo ok\none\nEOF", "/x/f", 0o755),
        ("tee /f <<EOF && chmod 755 /f\none\nEOF", "/f", 0o755),
        ("cat <<EOF | tee /f && chmod 755 /f\none\nEOF", "/f", 0o755),
        ("<<EOF cat > /f; chmod +x /f\none\nEOF", "/f", 0o755),
        ("cat <<A > /a && cat <<B > /f && chmod +x /a /f\none\nA\ntwo\nB", "/a", 0o755),
        ("cat <<EOF > /f || chmod +x /f\none\nEOF", "/f", None),
        ("chmod 0711 /a", "/a", 0o711),
        ('["chmod", "0711", "/a"]', "/a", 0o711),
        ('["/bin/sh", "-c", "chmod 0711 /a"]', "/a", 0o711),
        ("chmod -R 700 /d", "/d/e2.sh", 0o700),
        ("chmod +x /d/*.sh", "/d/e2.sh", 0o755),
        ("chmod +x /a /d/e2.sh", "/d/e2.sh", 0o755),
        ("cd /d && chmod +x e2.sh", "/d/e2.sh", 0o755),
        ("(cd /d; chmod +x e2.sh)", "/d/e2.sh", 0o755),
        ("set -eux; true && chmod \\\n  +x /a", "/a", 0o755),
        ("for f in /d/*.sh; do chmod +x $f; done", "/d/e2.sh", 0o755),
        ('for f in a b; do chmod +x "/$f"; done || true', "/a", 0o755),
        ("find /d -name '*.sh' -exec chmod +x {} \\;", "/d/e2.sh", 0o755),
        ("find /d -name '*.sh' | xargs chmod 700", "/d/e2.sh", 0o700),
        ("F=/a; chmod +x $F", "/a", 0o755),
        ("sudo chmod +x /a", "/a", 0o755),
        ("sh -c 'chmod 705 /a'", "/a", 0o705),
        ("ln -s /a /lnk && chmod 755 /lnk", "/a", 0o755),
        ("cp /app/run.sh /copy", "/copy", 0o755),
        ("cp -r /app /copy", "/copy/run.sh", 0o755),
        ("mkdir /copy && cp -r /app /copy", "/copy/app/run.sh", 0o755),
        ("mkdir /copy && cp -r /app/. /copy/", "/copy/run.sh", 0o755),
        ("mv /app /moved", "/moved/run.sh", 0o755),
        ("mv /app/run.sh /usr/local/bin/", "/usr/local/bin/run.sh", 0o755),
        ("install -m 750 /a /b", "/b", 0o750),
        ("install -D /a /deep/er", "/deep/er", 0o755),
        ("echo x > /new", "/new", 0o644),
        ("echo x > /app/run.sh", "/app/run.sh", 0o755),
        ("curl -fsSLo /usr/bin/tool https://e.org/x && chmod +x /usr/bin/tool", "/usr/bin/tool", 0o755),
        ("wget https://e.org/tool.sh?raw=1 -P /opt", "/opt/tool.sh", 0o644),
        ("cd /opt; curl -LO https://e.org/tool.sh", "/opt/tool.sh", 0o644),
        ("go build -o /srv/app ./cmd", "/srv/app", 0o755),
        # not certain: it may have happened
        ("if [ -f /a ]; then chmod 711 /a; fi", "/a", None),
        ("[ -f /x ] && chmod 711 /a || true", "/a", None),
        ("[ -f /x ] || chmod 711 /a", "/a", None),
        ("chmod +x $FILES", "/a", None),
        # a program that isn't read may have made it executable; one that is there already stays so
        ("/app/run.sh", "/a", None),
        ("/app/run.sh", "/app/run.sh", 0o755),
    ],
)
def test_modes_after_a_run(sources: Project, run: str, path: str, mode: int | None) -> None:
    node = sources.filesystem(f"{BASE}ARG FILES\n{COPIES}RUN {run}").stat(path)
    assert isinstance(node, Present) and node.kind == "file" and node.mode == mode


@pytest.mark.parametrize(
    ("run", "content"),
    [
        ("echo hello > /f", b"hello\n"),
        ("echo -n hello > /f", b"hello"),
        ("echo a > /f && echo b >> /f", b"a\nb\n"),
        ("printf '#!/bin/sh\\nexec \"$@\"\\n' > /f", b'#!/bin/sh\nexec "$@"\n'),
        ("printf '%s\\n' one two > /f", b"one\ntwo\n"),
        ("{ echo a; echo b; } > /f", b"a\nb\n"),
        ("echo '#!/bin/sh\\nexec x' > /f", b"#!/bin/sh\nexec x\n"),  # dash's echo knows escapes
        ("echo x | tee /f", b"x\n"),
        ("cat <<EOF > /f\none $V\nEOF", b"one value\n"),
        ("cat > /f <<'EOF'\none $V\nEOF", b"one $V\n"),
        ("<<EOF\necho one > /f\nEOF", b"one\n"),
        ("<<EOF cat > /f\none\nEOF", b"one\n"),
        ("cat << EOF > /f && chmod +x /f\none\nEOF", b"one\n"),
        ("cat <<-EOF > /f; chmod +x /f\n\tone\n\tEOF", b"one\n"),
        ("cat <<A > /a && cat <<B > /f\none\nA\ntwo\nB", b"two\n"),
        ("cat <<A > /f && cat <<B > /b\none\nA\ntwo\nB", b"one\n"),
        ("tee /f <<EOF\none\nEOF", b"one\n"),
        ("cp /a /f", b"a"),
        ("mv /crlf.sh /f && sed -i 's/\\r$//' /f", b"#!/bin/sh\nexec x\n"),
        ("mv /crlf.sh /f && dos2unix /f", b"#!/bin/sh\nexec x\n"),
        ("true > /f", b""),
    ],
)
def test_contents_after_a_run(sources: Project, run: str, content: bytes) -> None:
    source = sources.filesystem(f"{BASE}ENV V=value\n{COPIES}RUN {run}\n").read("/f")
    assert isinstance(source, Source) and source.data == content


@pytest.mark.parametrize(
    "run", ["sed -i s/a/b/ /a", "curl -o /a https://e.org", "date > /a", "echo $(date) > /a", "echo $UNKNOWN >> /a"]
)
def test_a_changed_content_is_unknown(sources: Project, run: str) -> None:
    fs = sources.filesystem(f"{BASE}ARG UNKNOWN\n{COPIES}RUN {run}")
    assert isinstance(fs.stat("/a"), Present)
    assert isinstance(fs.read("/a"), Unknown)


@pytest.mark.parametrize(
    ("text", "bodies", "masked"),
    [
        ("cat <<A > /f; b\nit's\nA\n'c'\n", ["it's\n"], "cat <&0 > /f; b\n    \n \n'c'\n"),
        ("cat <<'A B' <<-C\n1\nA B\n\t2\n\tC\n", ["1\n", "\t2\n"], "cat <&0     <&0 \n \n   \n  \n  \n"),
        ("x=$((1<<2)) # it's <<E\ncat <<\\A\n$b\nA", ["$b\n"], "x=$((1<<2)) # it's <<E\ncat <&0 \n  \n "),
        ("cat <<A \\\n > f\nb\nA\n", ["b\n"], "cat <&0 \\\n > f\n \n \n"),
        # nothing is blanked out where it isn't certain
        ('echo "a <<A"; cat <<<b\n', [], None),
        ("cat <<A\nb\n", [], None),
        ("cat <<A", [], None),
        ("echo it's; cat <<A\nb\nA\n", [], None),
    ],
)
def test_heredocs_are_blanked_out_before_parsing(text: str, bodies: list[str], masked: str | None) -> None:
    """Offsets and lines stay what they are."""
    data = text.encode()
    found = heredocs.heredocs(data)
    assert [each.body.decode() for each in found] == bodies
    result = heredocs.masked(data, found).decode()
    assert result == (text if masked is None else masked) and len(result) == len(text)


def test_taking_carriage_returns_away_leaves_a_clean_file_as_it_is(sources: Project) -> None:
    source = sources.filesystem(f"{BASE}{COPIES}RUN sed -i 's/\\r$//' /a").read("/a")
    assert isinstance(source, Source) and source.path == str((sources.root / "a.txt").resolve())


@pytest.mark.parametrize(
    ("run", "path"),
    [
        ("rm -rf /app", "/app/run.sh"),
        ("rm /app/*.sh", "/app/run.sh"),
        ("rm -f /a /crlf.sh", "/crlf.sh"),
        ("cd /app && rm -rf *", "/app/sub/deep.sh"),
        ("mv /a /b", "/a"),
        ("cp /a /usr/bin/ && rm -f /a", "/a"),
    ],
)
def test_what_a_run_removes_is_absent(sources: Project, run: str, path: str) -> None:
    assert isinstance(sources.filesystem(f"{BASE}{COPIES}RUN {run}").stat(path), Absent)


@pytest.mark.parametrize("run", ["rm -rf /var/lib/apt/lists/*", "rm -rf $X/a", "if x; then rm /a; fi", "mv $X/* /opt"])
def test_what_a_run_may_remove_stays(sources: Project, run: str) -> None:
    assert isinstance(sources.filesystem(f"{BASE}ARG X\n{COPIES}RUN {run}").stat("/a"), Present)


@pytest.mark.parametrize(
    ("run", "link", "target"),
    [
        ("ln -s /app/run.sh /usr/local/bin/run", "/usr/local/bin/run", "/app/run.sh"),
        ("ln -s /app/run.sh /usr/local/bin/", "/usr/local/bin/run.sh", "/app/run.sh"),
        ("ln -s /app/run.sh /usr/local/bin", "/usr/local/bin/run.sh", "/app/run.sh"),
        ("cd /app && ln -s sub/deep.sh", "/app/deep.sh", "sub/deep.sh"),
        ("ln -sfn /app/sub /d", "/d", "/app/sub"),
        ("ln -s /a /app/run.sh /opt/", "/opt/run.sh", "/app/run.sh"),
    ],
)
def test_links(sources: Project, run: str, link: str, target: str) -> None:
    node = sources.filesystem(f"{BASE}{COPIES}RUN {run}").stat(link)
    assert isinstance(node, Present) and node.kind == "symlink" and node.target == target


def test_a_program_is_found_through_a_link(sources: Project) -> None:
    fs = sources.filesystem(f"{BASE}{COPIES}RUN ln -s /app /opt/app && ln -s app/run.sh /opt/start")
    node = resolve(fs, "/opt/start")
    assert isinstance(node, Present) and node.path == "/app/run.sh" and node.origin.kind == "context"


def test_the_shell_behind_sh(project: Project) -> None:
    assert shell_behind_sh(project.filesystem(f"{BASE}RUN ln -sf /bin/bash /bin/sh")) == "/bin/bash"
    assert shell_behind_sh(project.filesystem(BASE)) is None


@pytest.mark.parametrize(
    "lines",
    [
        'SHELL ["powershell", "-Command"]\nRUN Copy-Item a /x.sh',
        "RUN python3 <<EOF\nopen('/x.sh', 'w')\nEOF",
        "RUN ./build.sh",
        "RUN make install",
        "RUN curl https://e.org/install | bash",
        "RUN case in esac )",
    ],
)
def test_an_unread_program_makes_the_rest_unknown(project: Project, lines: str) -> None:
    assert isinstance(project.filesystem(f"FROM scratch\n{lines}\n").stat("/x.sh"), Unknown)


@pytest.mark.parametrize(
    ("mode", "before", "after"),
    [
        ("+x", 0o644, 0o755),
        ("u+x", 0o644, 0o744),
        ("a-x,u+rwx", 0o755, 0o744),
        ("go=", 0o755, 0o700),
        ("u=rwx,g=rx,o=", 0o000, 0o750),
        ("g=u", 0o744, 0o774),
        ("+X", 0o644, 0o644),
        ("+X", 0o744, 0o755),
        ("755", 0o000, 0o755),
        ("00755", 0o000, 0o755),
        ("file.sh", 0o644, None),
        ("?", 0o644, None),
    ],
)
def test_chmod(mode: str, before: int, after: int | None) -> None:
    assert apply_mode(mode, before, folder=False) == after
