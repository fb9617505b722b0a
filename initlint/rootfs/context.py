"""The build context: named by --context, or found.

It is the nearest folder, from the Dockerfile's up to the repository root, in which every
COPY/ADD source without --from exists. Without a repository the search goes up to the current
folder where the Dockerfile lies below it, and stays in the Dockerfile's folder otherwise.

- Wildcards (but for the folder in front of them), variables without a value, URLs and heredocs
  say nothing of the folder.
- Only `COPY . .`: every folder fits. The nearest one that has what the Dockerfile goes on to use
  (CMD's script, requirements.txt) is taken; where nothing is used, or no folder has it, the
  Dockerfile's own, unless that holds nothing but Dockerfiles and their like: then it is unknown.
- Some source is missing everywhere, as `dist/` and `target/app.jar` are in a checkout: the one
  folder that has strictly the most of them, or the only one to choose, is taken and marked as not
  exact: what it lacks is unknown then, never absent.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache

from initlint.rootfs.build_context import BuildContext, ContextEntry, ContextGap, UnknownContext
from initlint.rootfs.files import HostFiles, real_folder
from initlint.rootfs.paths import normalise
from initlint.rootfs.patterns import has_wildcard
from initlint.rootfs.transfer import CopySource, parse_copy
from initlint.targets.dockerfile.syntax import Stage
from initlint.text import Source, UnreadableInput

__all__ = ["BuildContext", "ContextEntry", "UnknownContext", "discover", "git_root"]

_OWN = "the Dockerfile's own folder"

# Files that a RUN names when it works on a project's root.
_MANIFESTS = frozenset(
    "requirements.txt setup.py pyproject.toml Pipfile poetry.lock uv.lock package.json package-lock.json yarn.lock"
    " pnpm-lock.yaml Gemfile go.mod Cargo.toml pom.xml build.gradle composer.json mix.exs Makefile manage.py".split()
)
# A folder that holds nothing else isn't a project's.
_BESIDE_DOCKERFILES = (".dockerignore", ".env", ".gitignore", ".gitkeep", ".md", ".yml", ".yaml", ".sample", ".example")


def discover(
    dockerfile: Source, stages: Sequence[Stage], files: HostFiles, *, explicit: str | None = None
) -> BuildContext | UnknownContext:
    """The build context of a Dockerfile. Raises UnreadableInput where `explicit` is no folder."""
    path = _place(dockerfile)
    if explicit is not None:
        root = os.path.abspath(explicit)
        if not os.path.isdir(root):
            problem = "is not a folder" if os.path.lexists(root) else "no such file or folder"
            raise UnreadableInput(problem, filename=files.display_name(root))
        return BuildContext(root, "--context", files, dockerfile=path, git_root=git_root(root))
    if path is None:
        return UnknownContext("the Dockerfile lies in no folder")
    own = os.path.dirname(path)
    top = git_root(own)
    folders = _candidates(own, top)
    named, whole = _sources(stages)

    def context(folder: str, why: str, *, exact: bool = True) -> BuildContext:
        return BuildContext(folder, why, files, dockerfile=path, exact=exact, git_root=top)

    if not named:
        if whole and len(folders) > 1:
            hints = _hints(stages)
            for folder in folders if hints else ():
                found = context(
                    folder, _OWN if folder == own else "the nearest folder that has what the Dockerfile uses"
                )
                if all(isinstance(found.stat(hint), ContextEntry) for hint in hints):
                    return found
            if _is_bare(own):
                return UnknownContext("only whole folders are copied, and nothing tells which folder is meant")
        return context(own, _OWN)
    ranked: list[tuple[int, BuildContext]] = []
    for folder in folders:
        found = context(folder, "")
        present = sum(isinstance(found.follow(source), ContextEntry) for source in named)
        if present == len(named):
            found.why = _OWN if folder == own else "the nearest folder that has every COPY source"
            # a folder of that name may be another one than a build puts beside the Dockerfile
            found.exact = folder == own or any(_is_file(found.follow(source)) for source in named)
            return found
        ranked.append((present, found))
    most = max(present for present, _ in ranked)
    best = [found for present, found in ranked if present == most]
    if most and len(best) == 1:
        best[0].exact = False
        best[0].rivalled = any(present for present, found in ranked if found is not best[0])
        best[0].why = f"the folder that has the most COPY sources, {most} of {len(named)}"
        return best[0]
    if len(folders) == 1:
        best[0].exact = False
        best[0].why = f"{_OWN}, which lacks the COPY sources"
        return best[0]
    if most:
        return UnknownContext(f"several folders have {most} of the {len(named)} COPY sources")
    return UnknownContext("no folder has the COPY sources")


def _is_file(entry: ContextEntry | ContextGap) -> bool:
    return isinstance(entry, ContextEntry) and entry.kind == "file"


def git_root(folder: str) -> str | None:
    """The nearest folder, from this one up, that holds a `.git`."""
    while not _holds_git(folder):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder or "/"


@lru_cache(maxsize=4096)
def _holds_git(folder: str) -> bool:
    """Asked for the same folders by every Dockerfile below them."""
    return os.path.lexists(f"{folder}/.git")


def _place(dockerfile: Source) -> str | None:
    """The absolute path of the Dockerfile; for standard input the one that its name tells."""
    path = dockerfile.path
    if path is None:
        if dockerfile.name in ("", "-", "<stdin>"):
            return None
        path = os.path.abspath(dockerfile.name)
        if not os.path.isdir(os.path.dirname(path)):
            return None
    return os.path.join(real_folder(os.path.dirname(path)), os.path.basename(path))


def _candidates(own: str, top: str | None) -> list[str]:
    if top is None:
        top = os.path.realpath(os.getcwd())
        if not (own + "/").startswith(top.rstrip("/") + "/"):
            return [own]
    found = [own]
    while found[-1] != top and found[-1] != "/":
        found.append(os.path.dirname(found[-1]))
    return found


def _sources(stages: Iterable[Stage]) -> tuple[list[str], bool]:
    """The plain paths that are copied from the context, and whether all of it is."""
    named: dict[str, None] = {}
    whole = False
    for stage in stages:
        for step in stage.steps:
            if step.instruction.keyword not in ("COPY", "ADD"):
                continue
            copy = parse_copy(step)
            if copy is None or not copy.from_context:
                continue
            for source in copy.sources:
                if source.is_whole:
                    whole = True
                elif _tells(source):
                    named[source.path or ""] = None
                elif source.is_glob:
                    # the folder in front of a wildcard has to be there
                    folder = _before_wildcard(source.path or "")
                    if folder:
                        named[folder] = None
                    whole = True
    return list(named), whole


def _before_wildcard(path: str) -> str:
    parts = path.split("/")
    plain = next((at for at, part in enumerate(parts) if has_wildcard(part)), len(parts))
    folder = "/".join(parts[:plain])
    return "" if normalise(folder) == "/" else folder


def _tells(source: CopySource) -> bool:
    return source.path is not None and source.heredoc is None and not source.is_url and not source.is_glob


def _is_bare(folder: str) -> bool:
    """Whether a folder holds Dockerfiles and what stands beside them, and nothing to copy."""
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    return all(
        "dockerfile" in name.lower() or name.startswith("Containerfile") or name.lower().endswith(_BESIDE_DOCKERFILES)
        for name in names
    )


def _hints(stages: Sequence[Stage]) -> list[str]:
    """Files that commands name, relative to what is copied as a whole: what the context must hold."""
    hints: dict[str, None] = {}
    for stage in stages:
        places: list[str] = []  # where the whole context goes
        for step in stage.steps:
            instruction = step.instruction
            if instruction.keyword in ("COPY", "ADD"):
                copy = parse_copy(step)
                if copy is not None and copy.from_context and copy.destination not in (None, "/"):
                    places.extend(f"{copy.destination}/" for source in copy.sources if source.is_whole)
            elif instruction.keyword == "RUN":
                for word in instruction.value.split():
                    if word.removeprefix("./") in _MANIFESTS:
                        hints[word.removeprefix("./")] = None
            elif instruction.keyword in ("CMD", "ENTRYPOINT") and instruction.json:
                for word in instruction.json:
                    place = next((place for place in places if word.startswith(place)), "")
                    name = word.removeprefix(place or "./")
                    if name.endswith((".py", ".js", ".sh", ".rb", ".php", ".pl", ".ts")) and not name.startswith("/"):
                        hints[name] = None
    return list(hints)
