"""pyinit, our own init: a file beside the Dockerfile, copied into an image that has python3."""

from __future__ import annotations

import json
import os
from pathlib import Path

from initlint.cure import places
from initlint.cure.package_lists import installs
from initlint.cure.provided import NoWay, Provided
from initlint.cure.style import style_of
from initlint.facts import BaseMatch
from initlint.facts.bases.reference import parse_reference
from initlint.facts.bases.tags import parse_tag
from initlint.facts.packages import PYTHON_BEFORE_3_6
from initlint.rootfs import Absent, Present
from initlint.rootfs.build_context import BuildContext
from initlint.rootfs.paths import resolve
from initlint.subject import Subject
from initlint.targets.dockerfile.syntax import Stage
from initlint.text import Edit, Source, Span, UnreadableInput

_OWN = Path(__file__).parents[1] / "pyinit.py"
_NAME = "pyinit.py"
_TARGET = f"/{_NAME}"
_PYTHONS = ("/usr/local/bin/python3", "/usr/bin/python3")
_OLDEST = (3, 6)


def beside_dockerfile(subject: Subject, home: Stage) -> Provided | NoWay:
    """pyinit.py written beside the Dockerfile, where that lies in the build context, and a COPY of it."""
    python = _python(subject, home)
    if isinstance(python, NoWay):
        return python
    context = subject.context
    own = subject.dockerfile.parsed.source
    if not isinstance(context, BuildContext) or not context.exact or context.rivalled:
        return NoWay("which folder is the build context isn't certain (--context says so)")
    if own.path is None:
        return NoWay("the Dockerfile lies in no file that pyinit.py could be written beside")
    path = os.path.join(os.path.realpath(os.path.dirname(own.path)), _NAME)
    root = context.root.rstrip("/") + "/"
    if not path.startswith(root):
        return NoWay("the Dockerfile lies outside the build context, and nothing is written there")
    relative = path[len(root) :]
    if context.ignores(relative):
        return NoWay(f"{os.path.basename(context.ignore_file or '.dockerignore')} leaves {relative} out of the build")
    target = resolve(subject.rootfs, _TARGET)
    edits = _file(subject, path)
    if isinstance(edits, NoWay):
        return edits
    if isinstance(target, Present) and edits:
        return NoWay(f"the image has another {_TARGET}")
    style = style_of(subject.dockerfile.parsed)
    plain = all(character.isalnum() or character in "-_./@+" for character in relative)
    words = f"{relative} {_TARGET}" if plain else json.dumps([relative, _TARGET], ensure_ascii=False)
    copy = f"{style.keyword('COPY')} {words}"
    how = "a file beside the Dockerfile that python3 runs"
    return Provided("pyinit", _TARGET, how, edits, copy, in_front=(python, "-I", "-S", _TARGET, "--"))


def _file(subject: Subject, path: str) -> tuple[Edit, ...] | NoWay:
    """The edit that creates the file; none where it is there already."""
    content = _OWN.read_bytes()
    if subject.files.exists(path):
        try:
            same = subject.files.source(path).data == content
        except UnreadableInput:
            same = False
        name = subject.files.display_name(path)
        return () if same else NoWay(f"{name} is there and is another file, which isn't overwritten")
    barrier = places.why_not_creatable(path)
    if barrier is not None:
        return NoWay(barrier)
    source = Source(subject.files.display_name(path), b"", path=path, exists=False)
    # whoever the image's user is, python3 has to read it
    return (Edit(Span(source, 0, 0), content, 0o644),)


def _python(subject: Subject, home: Stage) -> str | NoWay:
    """The absolute path of a python3 that is certainly there and new enough."""
    match = subject.container.base.match
    barrier = _too_old(match, subject.container.base.reference)
    if barrier is not None:
        return barrier
    if home.index == subject.container.stage_index:
        for path in _PYTHONS:
            node = resolve(subject.rootfs, path)
            if isinstance(node, Present) and node.kind == "file":
                return path
            if not isinstance(node, Absent) and path == "/usr/bin/python3" and _packaged(subject, home):
                return path
    elif match is not None:
        for path in _PYTHONS:
            if path in match.fact.programs:
                return path
    return NoWay("it isn't certain that the image has python3")


def _packaged(subject: Subject, home: Stage) -> bool:
    """Whether a RUN of the stage, or of one that it builds on, installs the distribution's python3."""
    base = subject.container.base
    if base.os_family not in ("debian", "ubuntu", "alpine"):
        return False
    stages = [subject.dockerfile.stages[index] for index in places.chain_of(subject, home.index)]
    return any(installs(step.instruction, base.package_tool, "python3") for stage in stages for step in stage.steps)


def _too_old(match: BaseMatch | None, reference: str | None) -> NoWay | None:
    if match is None:
        return None
    old = match.fact.os_release in PYTHON_BEFORE_3_6
    if match.fact.image == "python":
        named = parse_reference(reference or "")
        version = parse_tag(named.tag or "latest").version if named is not None else None
        old = version is not None and version[:2] < _OLDEST[: len(version)]
    return NoWay(f"pyinit needs Python {_OLDEST[0]}.{_OLDEST[1]} or later") if old else None
