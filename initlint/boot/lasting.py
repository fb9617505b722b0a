"""Whether a program's source shows anything that could keep it running."""

from __future__ import annotations

import re

# Words of what lasts: loops, waiting, servers, timers, and what other files may do once they are
# loaded. A word too many here leaves an answer as it was; one too few makes it less sure.
_LASTS = re.compile(
    r"""while|\bfor\b|\bloop\b|until|await|async|\.then\b|promise
    |serve|listen|accept|\brun|start|launch|bootstrap|spawn|fork|exec|system|popen|subprocess
    |sleep|wait|\bjoin|poll|watch|consum|subscrib|connect|login|schedul|forever|interval|timeout|timer
    |thread|\bprocess\.(?:on|stdin|nexttick)|worker|queue|socket|http|stdin|input\(|read\(|createreadstream|\.on\(|\bon\w*\(
    |app\b|main_loop|mainloop|signal|execute|handle|init\(|eval|import_module|__import__""",
    re.VERBOSE | re.IGNORECASE,
)
_COMMENTS = {
    "node": re.compile(r"(?<![:'\"`])//[^\n]*|/\*.*?\*/", re.DOTALL),
    "python": re.compile(r"#[^\n]*"),
}
_OWN_FILES = {
    "node": re.compile(r"""(?:require\s*\(|import\b[^;]*?|from)\s*['"`]\.{1,2}/"""),
    "python": re.compile(r"^\s*from\s+\.", re.MULTILINE),
}
_IMPORTS = re.compile(r"^\s*(?:import|from)\s+([A-Za-z_]\w*)", re.MULTILINE)


def may_end_at_once(text: str, language: str) -> bool:
    """Whether nothing in a Python or Node program's main file could keep it running.

    False where anything might: the answer is for programs such as one that prints a line.
    """
    own = _OWN_FILES.get(language)
    if own is None:
        return False
    text = _COMMENTS[language].sub("", text)
    if own.search(text) or _LASTS.search(text):
        return False
    if language == "python":
        from initlint.facts.python_libraries import HARMLESS, STANDARD_LIBRARY

        return all(name in STANDARD_LIBRARY or name in HARMLESS for name in _IMPORTS.findall(text))
    from initlint.facts.node_libraries import BUILTIN_MODULES
    from initlint.facts.node_libraries import HARMLESS as HARMLESS_PACKAGES

    named = re.findall(r"""(?:require\s*\(|from|import)\s*['"`](?:node:)?([^'"`]+)""", text)
    return all(name in BUILTIN_MODULES or name in HARMLESS_PACKAGES for name in named)
