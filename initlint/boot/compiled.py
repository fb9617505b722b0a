"""Programs that the same Dockerfile compiles: their language, from the RUN line that builds them.

Only lines that name what they build count: `go build -o PATH`, `go install`, `cargo build` with
target/…/NAME copied, `cargo install`, `dotnet publish -o FOLDER` of a project of that name.
Shell text is read with tree-sitter, as everywhere.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from initlint.facts.programs import Language
from initlint.records import NamedTuple
from initlint.rootfs import Absent, Node, paths
from initlint.rootfs.transfer import expand_or_none, parse_copy
from initlint.targets.dockerfile.syntax import BuildStep, Stage

MAX_STAGES = 12

_SCRIPT_ENDINGS = (".sh", ".py", ".js", ".rb", ".pl", ".php", ".jar", ".bash")
# Options of `dotnet publish` that a value follows.
_DOTNET_VALUED = frozenset(
    "-o --output -c --configuration -r --runtime -f --framework -a --arch --os -v --verbosity --source".split()
)


class Compiled(NamedTuple):
    """`why`: where the line that builds it stands."""

    language: Language
    why: str


def compiled_program(node: Node, stages: Sequence[Stage], index: int) -> Compiled | None:
    """The language of the program at `node` of stage `index`; None where no line tells."""
    if isinstance(node, Absent) or not node.path.startswith("/") or node.path.endswith(_SCRIPT_ENDINGS):
        return None
    return _look(node.path, stages, index, 0)


def _look(path: str, stages: Sequence[Stage], index: int, depth: int) -> Compiled | None:
    """Follow a path back through COPY --from to the stage that builds it."""
    if depth > MAX_STAGES:
        return None
    stage: Stage | None = stages[index]
    while stage is not None:
        for step in reversed(stage.steps):
            keyword = step.instruction.keyword
            if keyword == "RUN":
                found = _built(path, step)
                if found is not None:
                    return found
            elif keyword in ("COPY", "ADD"):
                came = _copied_from(path, step, stages)
                if came is not None:
                    return _look(came[1], stages, came[0], depth + 1)
        stage = stages[stage.parent] if stage.parent is not None else None
    return None


def _copied_from(path: str, step: BuildStep, stages: Sequence[Stage]) -> tuple[int, str] | None:
    """The stage and the path in it that a COPY brings `path` from."""
    copy = parse_copy(step)
    if copy is None or copy.destination is None or copy.origin_stage is None:
        return None
    stage = _stage_named(copy.origin_stage, stages)
    if stage is None:
        return None
    for source in copy.sources:
        if source.path is None or source.is_url:
            continue
        origin = paths.normalise(source.path)
        if source.is_glob:
            name = posixpath.basename(path)
            if posixpath.dirname(path) == copy.destination and posixpath.basename(origin) == "*":
                return stage, posixpath.join(posixpath.dirname(origin), name)
            continue
        if path == copy.destination:
            return stage, origin
        if path.startswith(copy.destination.rstrip("/") + "/"):
            rest = path[len(copy.destination.rstrip("/")) + 1 :]
            if rest == posixpath.basename(origin):
                return stage, origin
            return stage, posixpath.join(origin, rest)
    return None


def _stage_named(name: str, stages: Sequence[Stage]) -> int | None:
    for stage in stages:
        if stage.name == name.lower():
            return stage.index
    if name.isdecimal() and int(name) < len(stages):
        return int(name)
    return None


def _built(path: str, step: BuildStep) -> Compiled | None:
    text = step.instruction.value
    if "go " not in text and "cargo " not in text and "dotnet " not in text:
        return None
    source = step.instruction.span
    where = f"{source.source.name}:{source.row}"
    folder = step.workdir
    for words in _commands(step):
        if words[:1] == ["cd"] and len(words) == 2:
            folder = paths.join(folder or "/", words[1]) if folder is not None or words[1].startswith("/") else None
        elif (words[:2] == ["go", "build"] and _is_output(path, words, folder)) or (
            words[:2] == ["go", "install"] and posixpath.dirname(path) in ("/go/bin", "/root/go/bin")
        ):
            return Compiled("go", f"{where} builds it with Go")
        elif (
            words[:2] == ["cargo", "build"]
            and "/target/" in path
            and posixpath.dirname(path).endswith(("/release", "/debug"))
        ) or (words[:2] == ["cargo", "install"] and posixpath.dirname(path).endswith("/bin")):
            return Compiled("rust", f"{where} builds it with Rust")
        elif words[:2] == ["dotnet", "publish"] and _is_published(path, words, folder):
            return Compiled("dotnet", f"{where} publishes it with .NET")
    return None


def _is_published(path: str, words: list[str], folder: str | None) -> bool:
    """Whether `dotnet publish` puts the program that starts the application, named after the project, at `path`."""
    if any("useapphost=false" in word.lower() for word in words):
        return False
    output = project = None
    for at, word in enumerate(words[2:], start=2):
        if word in ("-o", "--output") and at + 1 < len(words):
            output = words[at + 1]
        elif word.startswith(("--output=", "-o=")):
            output = word.partition("=")[2]
        elif not word.startswith(("-", "/p:")) and words[at - 1] not in _DOTNET_VALUED and project is None:
            project = word
    if output is None or folder is None:
        return False
    named = posixpath.basename(paths.join(folder, project or ".")).removesuffix(".csproj")
    return posixpath.dirname(path) == paths.join(folder, output) and posixpath.basename(path) == named


def _is_output(path: str, words: list[str], folder: str | None) -> bool:
    output: str | None = None
    for at, word in enumerate(words):
        if word == "-o" and at + 1 < len(words):
            output = words[at + 1]
        elif word.startswith("-o="):
            output = word[3:]
    if output is None:
        # Named after the package: only its folder can be told.
        return folder is not None and posixpath.dirname(path) == paths.normalise(folder)
    if not output.startswith("/"):
        if folder is None:
            return False
        is_folder = output.endswith("/")
        output = paths.join(folder, output) + ("/" if is_folder else "")
    if output.endswith("/"):
        return posixpath.dirname(path) == output.rstrip("/")
    return path == paths.normalise(output) or posixpath.dirname(path) == paths.normalise(output)


def _commands(step: BuildStep) -> Iterator[list[str]]:
    """The simple commands of a RUN line, in order, assignments left out and variables expanded."""
    from initlint.boot.shell import syntax

    texts = [heredoc.content for heredoc in step.instruction.heredocs] or [step.instruction.value]
    for text in texts:
        for node in syntax.descend(syntax.parse(text.encode("utf-8", "surrogateescape"))):
            if node.type != "command":
                continue
            words: list[str] = []
            for child in node.named_children:
                if child.type in ("variable_assignment", "file_redirect"):
                    continue
                raw = syntax.text_of(child).replace("\\\n", "").strip("\"'")
                words.append(expand_or_none(raw, step.env) or raw)
            # `env`, `time` and the like stand in front of the compiler now and then.
            while (words and words[0] in ("env", "time", "exec")) or (words and "=" in words[0]):
                words = words[1:]
            if words:
                yield words
