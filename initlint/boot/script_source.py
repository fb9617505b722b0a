"""What Node, Ruby, PHP and Perl programs show of themselves: how they start children and handle signals.

JavaScript, TypeScript, Ruby, PHP and Perl are read by their syntax trees (`script_tree`). What a
grammar can't parse, files too large for it, and everything where no grammar is installed are read
by telling words: comments are taken out, and a word counts wherever it stands. That it does
neither is said only of programs that could be read with everything they require.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache, partial

from initlint.boot.model import Evidence
from initlint.boot.script_found import Found
from initlint.boot.script_languages import LANGUAGES, Rules
from initlint.boot.script_tree import File, reader_for, without_comments
from initlint.boot.source_facts import SourceFacts
from initlint.facts import Children
from initlint.facts.node_libraries import (
    BUILTIN_MODULES,
    CHILD_MAKERS,
    HARMLESS,
    LAUNCHERS,
    ORPHAN_MAKERS,
    SIGNAL_HANDLERS,
    UNSURE_HANDLERS,
    NodeFact,
)
from initlint.rootfs import Present, RootFilesystem, paths
from initlint.text import Source

MAX_FILES = 60
MAX_BYTES = 1_000_000
MAX_LINE = 600  # of a command that is written out in a call

__all__ = ["LANGUAGES", "read_program"]


def read_program(source: Source, path: str, rootfs: RootFilesystem, language: str) -> SourceFacts | None:
    """The facts of a program in one of LANGUAGES; files that it requires by a relative path are read too."""
    rules = LANGUAGES.get(language)
    if rules is None:
        return None
    found = Found()
    reader = reader_for(language, found)
    seen = {path}
    queue = [(source, path)]
    count = 0
    size = 0
    files: list[File] = []
    while queue:
        text_source, where = queue.pop(0)
        count += 1
        size += len(text_source.data)
        if count > MAX_FILES or size > MAX_BYTES:
            found.unread.append("it is too large")
            break
        file = reader.read(text_source, where, main=count == 1) if reader is not None else None
        if file is not None:
            found.texts.append(partial(without_comments, file))
            files.append(file)
        else:
            text = rules.comments.sub(_blank, text_source.text)
            _look_at(text_source, text, rules, found)
            found.required.extend((relative, where) for relative in _requires(text, rules, found))
            found.texts.append(partial(str, text))
            if reader is not None:
                reader.release_all()
        required, found.required = found.required, []
        for relative, at in required:
            located = _locate(relative, at, rootfs, rules.suffixes)
            if located is None:
                found.unread.append(f"{relative} isn't seen")
            elif located[0] not in seen:
                seen.add(located[0])
                if located[1] is None:
                    found.unread.append(f"{located[0]} can't be read")
                elif not located[0].endswith((".json", ".node")):
                    queue.append((located[1], located[0]))
    _settle_queued(found)
    if rules.packages and files and files[0].main:
        from initlint.boot.script_node import blocks_its_loop

        if blocks_its_loop(files[0]):  # then no handler ever runs
            found.ignored.update(found.handled)
            found.handled.clear()
            found.on_stop.clear()
    facts = _conclude(found, rules)
    if not facts.evidence:
        return facts
    from initlint.boot.script_launcher import launches

    launchers = sorted(found.libraries & LAUNCHERS) if facts.handled else []
    if launchers and rules.packages:
        return facts._replace(launches=f"{launchers[0]} starts its programs: what they do on the signal decides")
    begins = found.begins or any(item.span is None for item in facts.evidence)
    return facts._replace(launches=launches(language, files, found.on_stop, begins=begins, cluster=found.cluster))


def _settle_queued(found: Found) -> None:
    """PHP calls handlers only where it is told to: without that the signal is taken and forgotten."""
    for name, why in found.queued:
        if found.dispatches or found.unread or found.libraries:
            found.handled.setdefault(name, why)
        else:
            found.ignored.setdefault(name, f"{why}, but nothing dispatches signals")


def _blank(match: re.Match[str]) -> str:
    """Comments become spaces, strings stay."""
    text = match.group()
    return text if match.group("keep") is not None else re.sub(r"[^\n]", " ", text)


def _look_at(source: Source, text: str, rules: Rules, found: Found) -> None:
    for match in rules.handlers.finditer(text):
        found.handles(source, _row(text, match.start()), match.group("signal"))
    if rules.variable_handlers is not None:
        match_ = rules.variable_handlers.search(text)
        if match_ is not None:
            where = f"{source.name}:{_row(text, match_.start())}"
            names = set(re.findall(r"['\"`](SIG[A-Z0-9]+)['\"`]", text))
            for name in sorted(names):
                found.handled.setdefault(name, f"{where} handles {name}")
            if not names:
                found.unread.append(f"which signal {where} handles")
    for match in rules.reaps.finditer(text) if rules.reaps is not None else ():
        found.reaps = f"{source.name}:{_row(text, match.start())} ignores SIGCHLD, so that the kernel reaps"
    first = rules.children.search(text)
    if first is None:
        return
    found.starts(source, _row(text, first.start()))
    found.begins = True
    for at, line in _commands(text, rules):
        found.runs(source, _row(text, at), line)


def _requires(text: str, rules: Rules, found: Found) -> Iterator[str]:
    for match in rules.requires.finditer(text):
        relative = match.group("path")
        if relative is not None:
            yield relative
            continue
        name = match.group("library")
        if name.startswith(("node:", "/")):
            continue
        found.libraries.add(_package(name) if rules.packages else name)
    if rules.dynamic is not None and rules.dynamic.search(text):
        found.unread.append("it requires files by names that aren't written out")


def _package(name: str) -> str:
    """`@scope/name/sub` as @scope/name, `lodash/fp` as lodash."""
    parts = name.split("/")
    return "/".join(parts[:2]) if name.startswith("@") else parts[0]


def _commands(text: str, rules: Rules) -> Iterator[tuple[int, str]]:
    """Shell lines that calls are given, as far as they are written out; a gap becomes a plain word."""
    for match in rules.shell_lines.finditer(text):
        if match.lastgroup == "line":
            yield match.start(), re.sub(r"[#$]\{[^}]*\}", "x", match.group("line"))
            continue
        line = _first_argument(text, match.end(), rules.joins)
        if line:
            yield match.start(), line


_PART = re.compile(
    r"\s*(?:(?P<quote>['\"`])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)|(?P<other>[^'\"`,();]+))", re.S
)


def _first_argument(text: str, at: int, joins: str) -> str:
    """String parts up to the first comma at the top level, put together; what isn't a string becomes `x`."""
    out: list[str] = []
    depth = 0
    end = min(len(text), at + MAX_LINE)
    while at < end:
        char = text[at]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth < 0:
                return "".join(out)
        elif char in ",;" and depth == 0:
            return "".join(out)
        part = _PART.match(text, at) if char in "'\"`" else None
        if part is not None and part.group("text") is not None:
            if depth == 0:
                out.append(re.sub(r"\$\{[^}]*\}|\{\$[^}]*\}|#\{[^}]*\}", "x", part.group("text")))
            at = part.end()
            continue
        if depth == 0 and not char.isspace() and char not in joins and (not out or out[-1] != "x"):
            out.append("x")
        at += 1
    return ""


def _conclude(found: Found, rules: Rules) -> SourceFacts:
    evidence = list(found.evidence)
    handled = dict(found.handled)
    unread = list(found.unread)
    unknown: list[str] = []

    @cache
    def text() -> str:
        return "\n".join(make() for make in found.texts)

    def uses(fact: NodeFact) -> bool:
        return not fact.pattern or re.search(fact.pattern, text()) is not None

    for name in sorted(found.libraries):
        if not rules.packages:
            if name in rules.child_libraries:
                evidence.append(Evidence("unknown", f"{name} starts programs", None))
            elif name not in rules.harmless:
                unknown.append(name)
            continue
        if name in BUILTIN_MODULES:
            continue
        orphans, children, handler = ORPHAN_MAKERS.get(name), CHILD_MAKERS.get(name), SIGNAL_HANDLERS.get(name)
        if orphans is not None and uses(orphans):
            evidence.append(Evidence("yes", f"{name}: {orphans.why}", None))
        elif children is not None and uses(children):
            evidence.append(Evidence("unknown", f"{name}: {children.why}", None))
        if handler is not None and uses(handler):
            handled.setdefault("SIGTERM", f"{name} handles SIGTERM")
        if name in UNSURE_HANDLERS:
            unread.append(UNSURE_HANDLERS[name])
        elif not (orphans or children or handler or name in HARMLESS):
            unknown.append(name)
    children_found: Children = "no"
    why: list[str] = []
    if any(item.children == "yes" for item in evidence):
        children_found = "yes"
    elif evidence or found.unread:
        children_found = "unknown"
        why.extend(item.why for item in evidence[:1])
    elif found.libraries - BUILTIN_MODULES:
        children_found = "unlikely"
        why.append("nothing in the source that was read starts a child")
    else:
        why.append("all of its source was read, and none of it starts a child")
    if "SIGTERM" not in handled:
        if unknown:
            why.append(f"not read: {', '.join(unknown[:4])}")
        why.extend(f"not read: {reason}" for reason in unread[:2])
    return SourceFacts(
        children=children_found,
        evidence=tuple(evidence),
        handled=handled,
        handlers_known=not unread and not unknown,
        reaps="yes" if found.reaps else "no",
        reaps_why=found.reaps,
        whole=not unread and not unknown,
        why=tuple(why),
        ignored=tuple(name for name in found.ignored if name not in handled),
        refused=tuple(name for name in found.ignored if name not in handled and name not in found.dropped),
        execs=found.execs,
        gem=found.gem,
        replaced=found.replaced if not found.forks else "",
    )


def _row(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _locate(
    relative: str, where: str, rootfs: RootFilesystem, suffixes: tuple[str, ...]
) -> tuple[str, Source | None] | None:
    stem = posixpath.normpath(posixpath.join(posixpath.dirname(where), relative))
    stems = [stem]
    if stem.endswith((".js", ".mjs")):
        stems.append(stem.rpartition(".")[0])  # TypeScript names the file that it will be compiled to
    for candidate in (one + suffix for one in stems for suffix in suffixes):
        node = paths.resolve(rootfs, candidate)
        if isinstance(node, Present) and node.kind == "file":
            text = rootfs.read(node.path)
            return candidate, text if isinstance(text, Source) else None
    return None
