"""What Google's distroless images start: one rule for each kind, for every Debian release and user.

The versions are those that the repository built at some time from 2022 to 2026; its entrypoints never changed.
"""

from __future__ import annotations

from initlint.facts import BaseFact
from initlint.facts.bases.platforms import DISTROLESS, DISTROLESS_DEBUG, base

_READ = "GoogleContainerTools/distroless@cd080764af31"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# tag without ":debug" → user, static/static.bzl#L63
_USERS = {"*": "0", "nonroot": "65532"}


def _rows(image: str, source: str, entrypoint: tuple[str, ...] | None, programs: tuple[str, ...]) -> list[BaseFact]:
    """The four tags of one image: root and nonroot, each also with busybox for debugging."""
    rows = []
    sources = {"entrypoint": f"{_READ}:{source}", "user": f"{_READ}:static/static.bzl#L63"}
    for tag, user in _USERS.items():
        name = f"gcr.io/distroless/{image}"
        rows.append(
            base(
                name,
                tag,
                on=DISTROLESS,
                flavour="default" if tag == "*" else tag,
                entrypoint=entrypoint,
                user=user,
                env={"PATH": _PATH},
                programs=programs,
                source=sources,
            )
        )
        rows.append(
            base(
                name,
                "debug" if tag == "*" else "debug-nonroot",
                on=DISTROLESS_DEBUG,
                flavour="debug",
                entrypoint=entrypoint or ("/busybox/sh",),
                user=user,
                env={"PATH": f"{_PATH}:/busybox"},
                programs=programs,
                source=sources,
            )
        )
    return rows


def _all() -> tuple[BaseFact, ...]:
    rows: list[BaseFact] = []
    for kind in ("static", "base", "base-nossl", "cc"):
        for release in ("", "-debian11", "-debian12", "-debian13"):
            rows += _rows(kind + release, "static/static.bzl#L75", None, ())
    for release, javas in (("debian11", ("11", "17")), ("debian12", ("17", "21")), ("debian13", ("17", "21", "25"))):
        for java in javas:
            program = "/usr/bin/java"
            rows += _rows(f"java{java}-{release}", "java/java.bzl#L140", (program, "-jar"), (program,))
    nodes = (("debian11", "16 18 20"), ("debian12", "18 20 22 24"), ("debian13", "22 24 26"))
    for release, versions in nodes:
        for node in versions.split():
            program = "/nodejs/bin/node"
            rows += _rows(f"nodejs{node}-{release}", "nodejs/nodejs.bzl#L62", (program,), (program,))
    for release, python in (("debian12", "3.11"), ("debian13", "3.13")):
        program = f"/usr/bin/python{python}"
        rows += _rows(f"python3-{release}", "python3/python.bzl#L67", (program,), (program, "/usr/bin/python3"))
    return tuple(rows)


FACTS: tuple[BaseFact, ...] = _all()
