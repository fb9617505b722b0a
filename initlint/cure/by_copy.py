"""A static init copied from a small stage: for images that have no package of it."""

from __future__ import annotations

from initlint.cure.init_stages import free_name, from_line, stage_edit, why_no_stage
from initlint.cure.provided import NoWay, Provided, comment, since
from initlint.cure.style import style_of
from initlint.facts.static_inits import static_package
from initlint.subject import Subject
from initlint.targets.dockerfile.syntax import Stage


def from_stage(subject: Subject, home: Stage, name: str, barred: tuple[NoWay, ...]) -> Provided | NoWay:
    """A stage that installs a static build of the init, and a COPY from it."""
    package = static_package(name)
    if package is None:
        return NoWay(f"no image is known that has a static {name}")
    barrier = why_no_stage(subject, home)
    if barrier is not None:
        return barrier
    style = style_of(subject.dockerfile.parsed)
    stage = free_name(subject, home)
    path = f"/usr/bin/{name}"
    lines = [
        from_line(subject, home, package.image, stage),
        f"{style.keyword('RUN')} apk add --no-cache {package.package}",
    ]
    edit = stage_edit(subject, home, lines, comment(barred))
    copy = f"{style.keyword('COPY')} --from={stage} {package.path} {path}"
    how = f"copied from a stage of its own ({package.image}){since(barred)}"
    return Provided(name, path, how, (edit,), copy)
