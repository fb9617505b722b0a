"""How an init gets into the image: the one that is there, else by the first way that is open."""

from __future__ import annotations

from collections.abc import Callable

from initlint.cure.by_copy import from_stage
from initlint.cure.by_download import from_release
from initlint.cure.by_file import beside_dockerfile
from initlint.cure.by_package import from_distribution, from_pypi
from initlint.cure.model import CureOptions, InstallChoice, NoCure
from initlint.cure.provided import NoWay, Provided
from initlint.facts.static_inits import WARNINGS
from initlint.rootfs import Present
from initlint.rootfs.paths import resolve
from initlint.subject import Subject
from initlint.targets.dockerfile.syntax import Stage

_Way = Callable[[Subject, Stage, str, tuple[NoWay, ...]], Provided | NoWay]

# What --install stands for, in the order in which it is tried.
_WAYS: dict[InstallChoice, tuple[_Way, ...]] = {
    "auto": (from_distribution, from_pypi, from_stage, from_release),
    "package": (from_distribution, from_pypi),
    "copy": (from_stage,),
    "download": (from_release,),
}

# Where images keep an init, the usual paths first.
_FOLDERS = ("/usr/bin", "/sbin", "/usr/local/bin", "/bin", "/usr/sbin", "/usr/local/sbin", "/opt/conda/bin", "")
_USABLE = ("tini", "dumb-init", "catatonit")
_NO_PID1 = (
    "pid1 is put in front where the image has it: no distribution is known to package it, and the checksums of its "
    "releases aren't known from a source"
)


def provide(subject: Subject, options: CureOptions, home: Stage) -> Provided | NoCure:
    """An init for the stage `home`: the image's own, else by the first way that is open."""
    found = _present(subject, options, home)
    if found is not None:
        return found
    name = "tini" if options.init == "auto" else options.init
    if name == "pyinit":
        if options.install not in ("auto", "copy"):
            return NoCure(f"pyinit is a file that is copied: there is no {options.install} of it")
        own = beside_dockerfile(subject, home)
        return own if isinstance(own, Provided) else NoCure(own.why)
    if name == "pid1":
        return NoCure(_NO_PID1)
    barred: list[NoWay] = []
    for way in _WAYS[options.install]:
        answer = way(subject, home, name, tuple(barred))
        if isinstance(answer, Provided):
            return answer
        barred.append(answer)
    told = [item.why for item in barred if item.told] or [barred[0].why]
    return NoCure(", and ".join(dict.fromkeys(told)))


def _present(subject: Subject, options: CureOptions, home: Stage) -> Provided | None:
    wanted = _USABLE if options.init == "auto" else (options.init,)
    match = subject.container.base.match
    if match is not None:
        for name in wanted:
            path = match.fact.inits.get(name)
            if path is not None and (path.startswith("/")):
                unsafe = () if match.exact else (f"that the base has {name} was {match.why or 'read for another tag'}",)
                return Provided(name, path, f"which {match.fact.image} brings", unsafe=unsafe)
    if home.index != subject.container.stage_index:
        return None
    for name in wanted:
        for folder in _FOLDERS:
            path = f"{folder}/{name}"
            node = resolve(subject.rootfs, path)
            if isinstance(node, Present) and node.kind == "file" and (node.mode is None or node.mode & 0o111 == 0o111):
                return Provided(name, path, "which the image has", notes=WARNINGS.get(name, ()))
    return None
