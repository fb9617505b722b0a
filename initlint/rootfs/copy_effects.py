"""COPY and ADD as effects: from the build context, from other stages and images, heredocs, URLs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from initlint.rootfs import Origin
from initlint.rootfs.build_context import BuildContext, ContextEntry, ContextGap
from initlint.rootfs.effects import Answer, Doubt, Effect, Hit, Lacking, name_below, top_of, within
from initlint.rootfs.known_commands import NEVER_BUILT
from initlint.rootfs.modes import apply_mode
from initlint.rootfs.patterns import PatternMatcher, go_match, has_wildcard
from initlint.rootfs.transfer import Copy, CopySource, is_archive
from initlint.targets.dockerfile.syntax import BuildStep

if TYPE_CHECKING:
    from initlint.rootfs.symbolic import SymbolicRootFilesystem, View

# A wildcard that matches more than this is answered for its folder only.
MAX_MATCHES = 200


class CopyEffect(Effect):
    """One COPY or ADD. `origin_fs` is the filesystem that --from names, None for the context."""

    __slots__ = ("_context", "_copy", "_excluded", "_matches", "_origin", "_other", "_step", "_why")

    def __init__(
        self,
        copy: Copy,
        step: BuildStep,
        context: BuildContext | None,
        why: str,
        other: SymbolicRootFilesystem | None,
    ) -> None:
        self._copy = copy
        self._step = step
        self._context = context
        self._why = why  # why the context isn't known
        self._other = other
        shown = copy.sources[-1].text if len(copy.sources) == 1 else f"{copy.sources[0].text} …"
        flag = f"--from={copy.instruction.flag('from')} " if not copy.from_context else ""
        self._origin = Origin("instruction", f"{copy.keyword} {flag}{shown}", copy.span)
        self._excluded = PatternMatcher(copy.excludes) if copy.excludes else None
        self._matches: dict[str, tuple[str, ...]] = {}

    def top(self) -> str:
        return "" if self._copy.destination is None else top_of(self._copy.destination)

    def look(self, view: View, path: str) -> Answer:
        destination = self._copy.destination
        if destination is None:
            return Doubt(f"{self._origin.note} has a destination that isn't known", self._origin)
        if not within(path, destination):
            if within(destination, path):
                return Hit("directory", None, self._origin)
            return None
        doubt: Doubt | None = None
        lacking: Lacking | None = None
        for source in reversed(self._copy.sources):
            answer = self._source(view, source, destination, path)
            if isinstance(answer, Hit):
                return self._with_mode(answer)
            if isinstance(answer, Doubt):
                doubt = doubt or answer
            elif isinstance(answer, Lacking):
                lacking = lacking or answer
        if doubt is None and path == destination and self._copy.into:
            return Hit("directory", None, self._origin)
        return doubt or lacking

    def names(self, folder: str) -> Iterable[str]:
        destination = self._copy.destination
        if destination is None:
            return ()
        found = dict.fromkeys(name_below(destination, folder))
        if within(folder, destination):
            inside = folder[len(destination.rstrip("/")) + 1 :]
            for source in self._copy.sources:
                for name in self._source_names(source, inside):
                    found[name] = None
        return found

    def _source_names(self, source: CopySource, inside: str) -> Iterable[str]:
        if source.heredoc is not None:
            return (source.heredoc.name,)
        path = source.path
        if path is None:
            return ()
        if not self._copy.from_context:
            names = self._other.list(f"/{path.strip('/')}/{inside}").names if self._other is not None else ()
            return (*names, path.rstrip("/").rpartition("/")[2])
        if self._context is None or source.is_url:
            return (path.rstrip("/").rpartition("/")[2],)
        matches = (self._glob(self._context, path) or ()) if has_wildcard(path) else (path,)
        found: list[str] = []
        for match in matches:
            entry = self._context.follow(match)
            if isinstance(entry, ContextEntry) and entry.kind == "directory":
                found.extend(self._context.list(f"{entry.path}/{inside}").names)
            elif not inside:
                found.append(match.rstrip("/").rpartition("/")[2])
        return found

    def targets(self) -> Iterable[str]:
        """Where its single files land: the destination, or the name below it."""
        destination = self._copy.destination
        if destination is None:
            return
        yield destination
        for source in self._copy.sources:
            name = source.heredoc.name if source.heredoc is not None else source.path or ""
            if has_wildcard(name) and self._context is not None and self._copy.from_context:
                for match in self._glob(self._context, name) or ():
                    yield f"{destination.rstrip('/')}/{match.rpartition('/')[2]}"
            elif base := name.rstrip("/").rpartition("/")[2]:
                yield f"{destination.rstrip('/')}/{base}"

    def _with_mode(self, hit: Hit) -> Hit:
        if self._copy.mode is None or hit.kind == "symlink":
            return hit
        mode = apply_mode(self._copy.mode, hit.mode or 0o644, folder=hit.kind == "directory")
        return hit._replace(mode=mode, mode_span=self._copy.span)

    def _source(self, view: View, source: CopySource, destination: str, path: str) -> Answer:
        if source.heredoc is not None:
            return self._heredoc(view, source, destination, path)
        if source.path is None:
            return Doubt(f"{self._origin.note} copies a path that isn't known", self._origin)
        if self._copy.keyword == "ADD" and source.is_url:
            return self._url(view, source.path, destination, path)
        if not self._copy.from_context:
            return self._from_stage(view, source.path, destination, path)
        if self._context is None:
            return self._blind(view, source.path, destination, path, self._why)
        return self._from_context(view, self._context, source.path, destination, path)

    def _heredoc(self, view: View, source: CopySource, destination: str, path: str) -> Answer:
        heredoc = source.heredoc
        if heredoc is None or path != self._file_target(view, heredoc.name, destination):
            return None
        text = expand_heredoc(heredoc.content, self._step) if heredoc.expand else heredoc.content
        data = None if text is None else text.encode("utf-8", "surrogateescape")
        origin = Origin("instruction", f"{self._copy.keyword} <<{heredoc.name}", heredoc.body)
        return Hit("file", 0o644, origin, data=data, why="its heredoc holds variables that aren't known")

    def _url(self, view: View, url: str, destination: str, path: str) -> Answer:
        if url.startswith(("git@", "git://", "ssh://")) or url.partition("#")[0].endswith(".git"):
            return Doubt(f"{self._origin.note} adds a repository there", self._origin)
        if self._copy.unpack:
            return Doubt(f"{self._origin.note} unpacks an archive there", self._origin)
        name = url.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
        if path == self._file_target(view, name, destination):
            return Hit("file", 0o600, self._origin, mode_span=self._copy.span, why="it is downloaded")
        return None

    def _file_target(self, view: View, name: str, destination: str) -> str:
        """Where a single file lands: in the destination, or as the destination."""
        if not self._copy.into:
            before = view.found(destination)
            if not (isinstance(before, Hit) and before.kind == "directory"):
                return destination
        return f"{destination.rstrip('/')}/{name}"

    def _blind(self, view: View, source: str, destination: str, path: str, why: str) -> Answer:
        """A source that can't be seen: it exists, since the build fails otherwise."""
        name = source.rstrip("/").rpartition("/")[2]
        if has_wildcard(source) or not name or name in (".", ".."):
            if path == destination:
                return None
            return Doubt(f"{self._origin.note} may bring it ({why})", self._origin, covers=True)
        target = self._file_target(view, name, destination)
        if path in (target, destination):
            if path != target and path == destination:
                return Hit("directory", None, self._origin)
            return Hit("file", None, self._origin, why=why)
        if within(path, target) or within(path, destination):
            return Doubt(f"{self._origin.note} may bring it ({why})", self._origin, covers=True)
        return None

    def _from_context(self, view: View, context: BuildContext, source: str, destination: str, path: str) -> Answer:
        if has_wildcard(source):
            matches = self._glob(context, source)
            if matches is None:
                return Doubt(f"{self._origin.note} may bring it", self._origin)
        else:
            matches = (source,)
        lacking: Lacking | None = None
        doubt: Doubt | None = None
        for match in reversed(matches):
            answer = self._entry(view, context, match, destination, path)
            if isinstance(answer, Hit):
                return answer
            if isinstance(answer, Doubt):
                doubt = answer
            elif isinstance(answer, Lacking):
                lacking = answer
        if doubt is None and has_wildcard(source) and not context.exact and path != destination:
            return Doubt(f"{self._origin.note} may bring it", self._origin)
        return doubt or lacking

    def _entry(self, view: View, context: BuildContext, source: str, destination: str, path: str) -> Answer:
        entry = context.follow(source)
        if isinstance(entry, ContextGap):
            return self._blind(view, source, destination, path, entry.why)
        if entry.kind == "directory":
            if self._copy.parents:
                destination = f"{destination.rstrip('/')}/{source.strip('./')}".rstrip("/")
            if path == destination:
                if not context.exact and not self._copy.into:
                    # another folder may be meant, which holds a file of that name
                    return Doubt(f"{self._origin.note} brings a file or a folder there", self._origin)
                return Hit("directory", entry.mode, self._origin)
            if not within(path, destination):
                return None
            return self._below(context, entry, path[len(destination.rstrip("/")) + 1 :], path)
        name = source.rstrip("/").rpartition("/")[2]
        if self._copy.parents:
            if path == f"{destination.rstrip('/')}/{source.lstrip('./')}":
                return self._hit(context, entry)
            return None
        if self._copy.keyword == "ADD" and self._copy.unpack is not False and is_archive(entry.path):
            if path == destination:
                return Hit("directory", None, self._origin)
            return Doubt(f"{self._origin.note} unpacks an archive there", self._origin)
        target = self._file_target(view, name, destination)
        if path == target:
            return self._hit(context, entry)
        return Hit("directory", None, self._origin) if path == destination else None

    def _below(self, context: BuildContext, folder: ContextEntry, rest: str, path: str) -> Answer:
        """A file of a copied folder. Links on the way are left to the caller, as in the image."""
        inside = f"{folder.path}/{rest}" if folder.path else rest
        if self._excluded is not None and self._excluded.matching(rest) is not None:
            return Lacking(f"{self._origin.note} leaves it out (--exclude)", self._origin)
        entry = context.stat(inside)
        if isinstance(entry, ContextEntry):
            if entry.path != inside:
                return None  # reached over a link: the image has the link, paths.resolve follows it
            return self._hit(context, entry)
        # `COPY . /` and usr/bin/tini: builds fill bin/, but not with inits and shells
        is_built = not (entry.filled and path.rpartition("/")[2] in NEVER_BUILT)
        if not entry.certain and is_built:
            return Doubt(f"{self._origin.note}: {entry.why}", self._origin)
        start = path[: len(path) - len(rest)]
        prefix = f"{folder.path}/" if folder.path else ""
        found = context.find(inside.rpartition("/")[2])
        near = tuple(start + name[len(prefix) :] for name in found if name.startswith(prefix))
        why = "the build context doesn't hold it" if entry.filled else entry.why
        return Lacking(f"{self._origin.note} doesn't bring it: {why}", self._origin, near)

    def _hit(self, context: BuildContext, entry: ContextEntry) -> Hit:
        origin = Origin("context", self._origin.note, self._copy.span, entry.host)
        if entry.kind == "file":
            return Hit("file", entry.mode, origin, host=entry.host)
        return Hit(entry.kind, entry.mode, origin, target=entry.target)

    def _glob(self, context: BuildContext, source: str) -> tuple[str, ...] | None:
        """The paths that a wildcard matches, component by component; None for too many."""
        found = self._matches.get(source)
        if found is None:
            paths = [""]
            for part in source.strip("/").split("/"):
                if part in ("", "."):
                    continue
                if not has_wildcard(part):
                    paths = [f"{path}/{part}" if path else part for path in paths]
                    continue
                expression = go_match(part)
                if expression is None:
                    return None
                paths = [
                    f"{path}/{name}" if path else name
                    for path in paths
                    for name in context.names(path) or ()
                    if expression.fullmatch(name)
                ]
                if len(paths) > MAX_MATCHES:
                    return None
            found = tuple(path for path in paths if isinstance(context.stat(path), ContextEntry))
            self._matches[source] = found
        return found

    def _from_stage(self, view: View, source: str, destination: str, path: str) -> Answer:
        other = self._other
        if other is None:
            return self._blind(view, source, destination, path, "the image that it is copied from isn't known")
        source = "/" + source.strip("/")
        if has_wildcard(source):
            return self._stage_glob(other, source, destination, path)
        real, node = other.followed(source)
        if isinstance(node, Hit) and node.kind == "directory":
            if path == destination:
                return Hit("directory", node.mode, self._origin)
            inside = other.found(f"{real.rstrip('/')}/{path[len(destination.rstrip('/')) + 1 :]}")
            if isinstance(inside, Doubt):
                return Doubt(f"{self._origin.note}: {inside.why}", self._origin)
            return inside if isinstance(inside, Hit) else Lacking(f"{self._origin.note} doesn't bring it", self._origin)
        if isinstance(node, Hit) and node.kind == "file":
            target = self._file_target(view, source.rpartition("/")[2], destination)
            if path == target:
                return node
            if path == destination:
                return Hit("directory", None, self._origin)
            # a file whose kind was taken for granted may be a folder after all
            return Doubt(f"{self._origin.note} may bring it", self._origin) if node.mode is None else None
        return self._blind(view, source, destination, path, "its content isn't known")

    def _stage_glob(self, other: SymbolicRootFilesystem, source: str, destination: str, path: str) -> Answer:
        """A wildcard in the last component: the file that would land at the path, if it matches."""
        doubt = Doubt(f"{self._origin.note} may bring it", self._origin)
        if path == destination:
            return None
        folder, _, pattern = source.rpartition("/")
        name, slash, _ = path[len(destination.rstrip("/")) + 1 :].partition("/")
        expression = go_match(pattern)
        if slash or expression is None or has_wildcard(folder):
            return doubt
        if not expression.fullmatch(name):
            return doubt if pattern == "*" else None
        answer = other.followed(f"{folder}/{name}")[1]
        return answer if isinstance(answer, Hit) and answer.kind == "file" else doubt


def expand_heredoc(text: str, step: BuildStep) -> str | None:
    """A COPY heredoc's body with its variables, as BuildKit expands it."""
    if "$" not in text and "\\" not in text:
        return text
    from initlint.rootfs.shell_run import expand_heredoc as expand

    return expand(text, step.env)
