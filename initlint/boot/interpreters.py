"""What an interpreter's arguments name: a script, a module, a line of code, or nothing."""

from __future__ import annotations

from initlint.boot.model import Argv, is_known
from initlint.records import NamedTuple


class Invocation(NamedTuple):
    """`script`: the file it runs; `module`: python -m; `code`: -c/-e text; all None for a REPL.

    `at` is where the script's own arguments start, and `arguments` are they. `unknown`: a word isn't known.
    `options`: the words before the program; of code, that which names it comes last.
    `other`: it runs something else, which may be a program of its own: a task, another file's name.
    """

    language: str
    script: str | None = None
    module: str | None = None
    code: str | None = None
    at: int = 0
    unknown: bool = False
    arguments: Argv = ()
    other: bool = False
    options: Argv = ()


class _Grammar(NamedTuple):
    language: str
    valued: frozenset[str]  # options that take the next word
    code: frozenset[str]
    module: frozenset[str] = frozenset()
    clusters: str = ""  # letters that take code even behind others: perl -ne
    verbs: frozenset[str] = frozenset()  # `deno run`, `bun run`
    suffixes: tuple[str, ...] = ()  # without one of these (and without a slash) a word isn't a file's name
    other: frozenset[str] = frozenset()  # options that name something else to run


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SOURCES = (".ts", ".js", ".tsx", ".jsx", ".mjs", ".mts", ".cjs", ".cts")
_PYTHON = _Grammar("python", _set("-W -X --check-hash-based-pycs"), _set("-c"), _set("-m"))
_NODE = _Grammar(
    "node",
    _set(
        "-r --require --import --loader --experimental-loader -C --conditions --env-file --env-file-if-exists --title "
        "--inspect-port --input-type --unhandled-rejections --dns-result-order --icu-data-dir --disable-warning "
        "--max-http-header-size --watch-path --openssl-config --redirect-warnings --diagnostic-dir --cpu-prof-dir "
        "--heapsnapshot-signal --trace-event-categories --tls-cipher-list --secure-heap --experimental-default-type"
    ),
    _set("-e --eval -p --print -pe"),
    other=_set("--run --test"),
)
_TYPESCRIPT = _Grammar(
    "node",
    _set(
        "-r --require -P --project -O --compiler-options -I --ignore -C --compiler --cwd --import --tsconfig --loader"
    ),
    _set("-e --eval -p --print"),
    other=_set("watch --test"),
)
_GRAMMARS = {
    "ts-node": _TYPESCRIPT,
    "tsx": _TYPESCRIPT,
    "python": _PYTHON,
    "node": _NODE,
    "nodejs": _NODE,
    "ruby": _Grammar("ruby", _set("-I -r -C -E"), _set("-e"), clusters="e", other=_set("-S")),
    "perl": _Grammar("perl", _set("-I"), _set("-e -E"), clusters="eE", other=_set("-S")),
    "php": _Grammar("php", _set("-c -d -z -t"), _set("-r -B -R -F -E")),
    "deno": _Grammar(
        "deno",
        _set("-c --config --import-map --lock --location -r"),
        _set("eval"),
        verbs=_set("run serve"),
        suffixes=_SOURCES,
        other=_set("task x"),
    ),
    "bun": _Grammar(
        "bun",
        _set("--cwd -c --config --env-file -r --preload"),
        _set("-e --eval -p --print"),
        verbs=_set("run"),
        suffixes=_SOURCES,
        other=_set("--filter"),
    ),
}


def language_of(name: str) -> str | None:
    """The interpreter family of a program's basename: python3.11 is python."""
    if name.startswith("pypy"):
        return "python"
    stem = name.rstrip("0123456789.t") if name.startswith("python") else name.rstrip("0123456789.")
    if stem in ("pythonw", "python"):
        return "python"
    return stem if stem in _GRAMMARS else None


def invocation(name: str, argv: Argv) -> Invocation | None:
    """How the interpreter `name` is told to run something; None when it isn't an interpreter."""
    found = _read(name, argv)
    if found is None:
        return None
    options = argv[1 : found.at - 1]
    return found._replace(arguments=tuple(argv[found.at :]), options=tuple(options))


def _read(name: str, argv: Argv) -> Invocation | None:
    language = language_of(name)
    if language is None:
        return None
    grammar = _GRAMMARS[language]
    language = grammar.language
    index = 1
    verb = False
    while index < len(argv):
        word = argv[index]
        following = argv[index + 1] if index + 1 < len(argv) else ""
        if not is_known(word) or word in grammar.other:
            return Invocation(language, unknown=True, at=index, other=is_known(word))
        if word in grammar.verbs and not verb:
            verb = True
            index += 1
            continue
        if word in grammar.code:
            return Invocation(language, code=following, at=index + 2, unknown=not is_known(following))
        if word in grammar.module:
            return Invocation(language, module=following, at=index + 2, unknown=not is_known(following))
        if word == "--":
            index += 1
            break
        if word == "-" or not word.startswith("-"):
            break
        if word in grammar.valued:
            index += 2
            continue
        if language == "python" and not word.startswith("--"):
            glued = _python_letters(word, following, index)
            if glued is not None:
                return glued
            if word[-1] in "WX" and word[1:].isalpha() and not set(word[1:-1]) & set("WX"):
                index += 1
        elif grammar.clusters and word[1:].isalnum() and word[-1] in grammar.clusters and word[1] not in "IMmrCExFi":
            return Invocation(language, code=following, at=index + 2, unknown=not is_known(following))
        elif language == "php" and word in ("-f", "--file"):
            index += 1
            break
        elif language == "php" and word in ("-S", "--server"):
            return None
        index += 1
    if index >= len(argv) or argv[index] == "-":
        return Invocation(language, at=len(argv))
    script = argv[index]
    if grammar.suffixes and is_known(script) and "/" not in script and not script.endswith(grammar.suffixes):
        return Invocation(language, unknown=True, at=index, other=True)  # a task, or a script of package.json
    return Invocation(language, script=script, at=index + 1, unknown=not is_known(script))


def _python_letters(word: str, following: str, index: int) -> Invocation | None:
    """`-um http.server` and `-Bc CODE`: an m or c behind other letters, its value glued on or the next word."""
    for at, letter in enumerate(word[1:], start=2):
        if letter in "WX":
            return None
        if letter in "mc":
            value = word[at:] or following
            end = index + (1 if word[at:] else 2)
            if letter == "m":
                return Invocation("python", module=value, at=end, unknown=not is_known(value))
            return Invocation("python", code=value, at=end, unknown=not is_known(value))
    return None
