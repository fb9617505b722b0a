"""Whether a Node, Ruby, PHP or Perl program's work is to start others: then a stop is up to those.

A program that starts a helper now and then ends by itself on the stop signal. One whose handler
signals or awaits the children that it started, or that ends when they do, is stopped when they are:
what they do on the signal decides, and that isn't read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from initlint.boot.script_tree import File, descend, text_of
from initlint.records import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_FUNCTIONS = 60
_WORD = re.compile(r"\w+")
_NAMED = {
    "method": "name",
    "singleton_method": "name",
    "function_declaration": "name",
    "generator_function_declaration": "name",
    "method_definition": "name",
    "variable_declarator": "name",
    "assignment_expression": "left",
    "pair": "key",
    "function_definition": "name",
    "method_declaration": "name",
    "subroutine_declaration_statement": "name",
}
_VALUES = frozenset(["arrow_function", "function_expression", "generator_function", "anonymous_function"])
_DEFINES = frozenset(
    "method singleton_method class module function_declaration generator_function_declaration class_declaration "
    "function_definition subroutine_declaration_statement package_statement use_statement comment".split()
)
_NAMED_EXIT = re.compile(r"\.on(?:ce)?\(\s*['\"`](?:exit|close)['\"`]\s*,\s*([\w.]+)\s*\)")
_AROUND = frozenset(["if", "then", "body_statement", "expression_statement", "statement_block", "begin"])
_CALLED = re.compile(r"(?:await\s+)?(?:[\w$:]+(?:\.new)?(?:\([^()]*\))?\s*\.\s*)?(\w+)\s*(?:\([^()]*\))?\s*;?\s*$")
_INHERITS = re.compile(r"\binherit\b")


class _Words(NamedTuple):
    """`ends`: what signals or awaits a child; `itself`: the same, of the program's own process; `begins`
    and `waits`: what starts a child that runs beside it, and what its work then is; `last`: a last
    statement that is nothing but the wait for a program."""

    ends: re.Pattern[str]
    itself: re.Pattern[str]
    begins: re.Pattern[str]
    waits: re.Pattern[str]
    last: re.Pattern[str] | None = None


_RUBY = _Words(
    re.compile(r"\bProcess\s*\.\s*(?:kill|wait\w*)\b"),
    re.compile(r"\bProcess\s*\.\s*kill\s*\(?[^,\n]*,\s*(?:Process\.pid|\$\$)"),
    re.compile(r"\b(?:spawn|fork|popen\w*)\b"),
    re.compile(r"\bProcess\s*\.\s*wait\w*"),
    re.compile(
        r"(?:\w+\s*=\s*)?(?:exit!?\s*\(?\s*|abort\s*\(?\s*)?"
        r"(?:(?:puts|print|p|\$stdout\s*\.\s*\w+|STDOUT\s*\.\s*\w+)\s*\(?\s*)?"
        r"(?:(?:Kernel\s*\.\s*)?system\b|`|%x\W|IO\s*\.\s*popen\b|(?:PTY|Open3)\s*\.\s*\w+)"
    ),
)
_NODE = _Words(
    re.compile(r"\b(?:kill|treeKill|killTree)\s*\("),
    re.compile(r"\bprocess\s*\.\s*kill\s*\(\s*process\s*\.\s*pid"),
    re.compile(r"\b(?:spawn|fork|exec|execFile)\s*\("),
    re.compile(r"\.on(?:ce)?\(\s*['\"`](?:exit|close)['\"`][^;]{0,300}?process\s*\.\s*exit", re.S),
    re.compile(
        r"(?:(?:const|let|var)\s+\w+\s*=\s*)?(?:process\s*\.\s*exit\s*\(\s*)?"
        r"(?:(?:\w+|require\([^()]*\))\s*\.\s*)?(?:execSync|spawnSync|execFileSync)\s*\("
    ),
)
_PHP = _Words(
    re.compile(r"\b(?:posix_kill|proc_terminate|proc_close|pcntl_wait\w*)\s*\("),
    re.compile(r"\bposix_kill\s*\(\s*(?:posix_getpid|getmypid)\b"),
    re.compile(r"\b(?:popen|proc_open|pcntl_fork)\s*\("),
    re.compile(r"\b(?:proc_close|proc_get_status|pcntl_wait\w*)\s*\("),
    re.compile(r"(?:(?:exit|die|print)\s*\(?\s*|echo\s+|\$\w+\s*=\s*)?(?:(?:passthru|system|exec|shell_exec)\s*\(|`)"),
)
_PERL = _Words(
    re.compile(r"\b(?:kill|waitpid|wait)\b"),
    re.compile(r"\bkill\b[^;]*,\s*\$\$"),
    re.compile(r"\b(?:fork|open2|open3)\b"),
    re.compile(r"\b(?:waitpid|wait)\b"),
    re.compile(r"(?:(?:exit|print|say)\s*\(?\s*|(?:my\s+)?[$@]\w+\s*=\s*)?(?:system\b|`|qx\b)"),
)
_LANGUAGES = {"ruby": _RUBY, "node": _NODE, "bun": _NODE, "deno": _NODE, "php": _PHP, "perl": _PERL}


def launches(language: str, files: list[File], handlers: Iterable[str], *, begins: bool, cluster: bool) -> str:
    """Why a stop is up to the children of a program; empty where it isn't.

    `handlers`: the text of those for the stop signal; `begins`: it starts children that run beside it;
    `cluster`: it runs its own file again in them.
    """
    words = _LANGUAGES[language]
    main = next((file for file in files if file.main), None)
    handled = list(handlers)
    if cluster and handled:
        return "it runs itself again in workers, and which of them handles the signal isn't known"
    functions = _functions(files)
    if begins and any(_ends_children(words, text) for text in _reached(handled, functions)):
        return "its handler is there for the programs that it starts: what they do on the signal decides"
    if main is None:
        return ""
    if begins and words is _NODE:
        names = [match.group(1) for file in files for match in _NAMED_EXIT.finditer(text_of(file.root))]
        if any("process.exit" in text for text in _reached(names, functions)):
            return "it ends with the program that it starts: what that does on the signal decides"
    top = [node for node in main.root.named_children if node.type not in _DEFINES]
    if top and words.last is not None and _waits_last(words.last, top[-1], functions, 4):
        return "its last statement waits for a program that it starts: what that does on the signal decides"
    if not begins:
        return ""
    texts = [text_of(node) for node in top]
    all_texts = texts if len(files) > 1 else [*texts, *_reached(texts, functions)]
    if _found(words.begins, all_texts) and _found(words.waits, all_texts):
        return "it waits for the programs that it starts: what they do on the signal decides"
    if words is _NODE and any(words.begins.search(text) and _INHERITS.search(text) for text in texts):
        return "it starts a program in its own place: what that does on the signal decides"
    return ""


def _waits_last(last: re.Pattern[str], node: Node, functions: dict[str, list[Node]], depth: int) -> bool:
    """Whether a statement is the wait for a program, or the call of a function that comes to one."""
    while node.type in _AROUND and node.named_children:
        node = node.named_children[-1]
    text = text_of(node)
    if last.match(text):
        return True
    name = _CALLED.match(text)
    if name is None or not depth:
        return False
    bodies = [function.child_by_field_name("body") for function in functions.get(name.group(1), ())]
    if len(bodies) != 1 or bodies[0] is None or not bodies[0].named_children:
        return False
    return _waits_last(last, bodies[0].named_children[-1], functions, depth - 1)


def _found(pattern: re.Pattern[str], texts: Iterable[str]) -> bool:
    return any(pattern.search(text) for text in texts)


def _ends_children(words: _Words, text: str) -> bool:
    return words.ends.search(words.itself.sub(" ", text)) is not None


def _functions(files: list[File]) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for file in files:
        for node in descend(file.root):
            field = _NAMED.get(node.type)
            if field is None or (
                node.type in ("variable_declarator", "assignment_expression", "pair") and not _is_function(node)
            ):
                continue
            name = text_of(node.child_by_field_name(field)).rpartition(".")[2].rpartition("::")[2].lstrip("$")
            found.setdefault(name, []).append(node)
    return found


def _is_function(node: Node) -> bool:
    value = node.child_by_field_name("right") or node.child_by_field_name("value")
    return value is not None and value.type in _VALUES


def _reached(texts: Iterable[str], functions: dict[str, list[Node]]) -> list[str]:
    """Texts, and those of the functions that they name, as far as names lead."""
    found = list(texts)
    seen: set[str] = set()
    for text in found:
        for name in dict.fromkeys(_WORD.findall(text)):
            if name in functions and name not in seen and len(seen) < MAX_FUNCTIONS:
                seen.add(name)
                found.extend(text_of(node) for node in functions[name])
    return found
