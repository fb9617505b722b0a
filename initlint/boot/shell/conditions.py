"""`test`, `[` and `[[`: true, false, or not known."""

from __future__ import annotations

from initlint.boot.model import Opaque
from initlint.boot.shell import patterns
from initlint.boot.shell.arithmetic import number
from initlint.boot.shell.files import test_file
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import NOT_EMPTY, Context, State, Text, excluded
from initlint.boot.shell.words import fields, parts_of, single
from initlint.records import NamedTuple

_UNARY = frozenset("-" + letter for letter in "bcdefghknopruvwxzstGLNOSR")
_BINARY = frozenset(
    {"=", "==", "!=", "<", ">", "\\<", "\\>", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"}
)
_NUMERIC = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}
_EXPRESSIONS = frozenset({"unary_expression", "binary_expression", "parenthesized_expression", "negated_command"})


class Verdict(NamedTuple):
    """`value` None: not known; `lean`: what it likely is then. `broken`: test reports a fault."""

    value: bool | None
    lean: bool
    broken: bool = False


_FALSE = Verdict(False, False)
_TRUE = Verdict(True, True)


def _known(value: bool) -> Verdict:
    return _TRUE if value else _FALSE


def _not(one: Verdict) -> Verdict:
    return one if one.broken else Verdict(None if one.value is None else not one.value, not one.lean)


def _and(one: Verdict, other: Verdict) -> Verdict:
    if one.value is False or other.value is False:
        return _FALSE
    value = True if one.value and other.value else None
    return Verdict(value, one.lean and other.lean, one.broken or other.broken)


def _or(one: Verdict, other: Verdict) -> Verdict:
    return _not(_and(_not(one), _not(other)))


class Token(NamedTuple):
    """One word of a test: its node, or the text of an operator."""

    node: Node | None
    text: str


def tokens(node: Node) -> list[Token]:
    """The words of `[ … ]` in the order in which they stand."""
    found: list[Token] = []
    for child in node.children:
        if child.type in _EXPRESSIONS:
            found.extend(tokens(child))
        elif not child.is_named or child.type == "test_operator":
            text = child.text.strip()
            if text not in ("[", "]", "[[", "]]", ""):
                found.append(Token(None, text))
        elif child.type != "comment":
            found.append(Token(child, child.text))
    return found


def bracket_words(machine: Machine, node: Node, state: State, context: Context) -> list[str]:
    """The words that `[` gets as its arguments, without the `]`."""
    words: list[str] = []
    for token in node.remember(tokens):
        if token.node is None:
            words.append(token.text)
        else:
            words.extend(_test_fields(machine, token.node, state, context))
    return words


def several(machine: Machine, node: Node, state: State, context: Context) -> Verdict:
    """Tests that the parser ran together, told apart again at `] && [` and `] || [`."""
    total: Verdict | None = None
    operator = ""
    words: list[str] = []
    pending = [*node.remember(tokens), Token(None, "]")]
    for index, token in enumerate(pending):
        if token.text == "]":
            verdict = test_words(machine, words, state)
            total = verdict if total is None else (_and if operator == "&&" else _or)(total, verdict)
            words = []
        elif token.text in ("&&", "||") and pending[index - 1].text == "]":
            operator = token.text
        elif token.text == "[" and pending[index - 1].text == operator:
            continue
        elif token.node is None:
            words.append(token.text)
        else:
            words.extend(_test_fields(machine, token.node, state, context))
    return total or _FALSE


def _test_fields(machine: Machine, node: Node, state: State, context: Context) -> list[str]:
    if node.type in ("extglob_pattern", "regex"):
        text = node.text
        if "$" not in text and "`" not in text:
            return [text.replace('"', "").replace("'", "").replace("\\", "")]
        return [Text(text)]
    return fields(machine, node, state, context)


def test_words(machine: Machine, words: list[str], state: State) -> Verdict:
    """POSIX test: what it does depends on how many words there are."""
    if any(isinstance(word, Opaque) and word.many for word in words):
        # An unquoted expansion that is one word in all likelihood.
        words = [
            Text(word, never=excluded(word), hint=hint_of(word)) if isinstance(word, Opaque) else word for word in words
        ]
    count = len(words)
    if count == 0:
        return _FALSE
    if count == 1:
        return _nonempty(words[0])
    if count == 2:
        if words[0] == "!":
            return _not(_nonempty(words[1]))
        return _unary(machine, words[0], words[1], state)
    if count == 3:
        if words[1] in _BINARY:
            return _binary(machine, words[0], words[1], words[2], state)
        if words[1] in ("-a", "-o"):
            combine = _and if words[1] == "-a" else _or
            return combine(_nonempty(words[0]), _nonempty(words[2]))
        if words[0] == "!":
            return _not(test_words(machine, words[1:], state))
        if words[0] in ("(", "\\(") and words[2] in (")", "\\)"):
            return _nonempty(words[1])
        return Verdict(False, False, True)
    if count == 4 and words[0] == "!":
        return _not(test_words(machine, words[1:], state))
    verdict, rest = _parse_or(machine, words, state, 0)
    return verdict if not rest else Verdict(False, False, True)


def _parse_or(machine: Machine, words: list[str], state: State, depth: int) -> tuple[Verdict, list[str]]:
    verdict, rest = _parse_and(machine, words, state, depth)
    while rest and rest[0] == "-o":
        other, rest = _parse_and(machine, rest[1:], state, depth)
        verdict = _or(verdict, other)
    return verdict, rest


def _parse_and(machine: Machine, words: list[str], state: State, depth: int) -> tuple[Verdict, list[str]]:
    verdict, rest = _parse_primary(machine, words, state, depth)
    while rest and rest[0] == "-a":
        other, rest = _parse_primary(machine, rest[1:], state, depth)
        verdict = _and(verdict, other)
    return verdict, rest


def _parse_primary(machine: Machine, words: list[str], state: State, depth: int) -> tuple[Verdict, list[str]]:
    if not words or depth > 20:
        return Verdict(False, False, True), []
    if words[0] == "!":
        verdict, rest = _parse_primary(machine, words[1:], state, depth + 1)
        return _not(verdict), rest
    if len(words) > 2 and words[1] in _BINARY:
        return _binary(machine, words[0], words[1], words[2], state), words[3:]
    if words[0] in ("(", "\\("):
        verdict, rest = _parse_or(machine, words[1:], state, depth + 1)
        return verdict, rest[1:]
    if len(words) > 1 and words[0] in _UNARY:
        return _unary(machine, words[0], words[1], state), words[2:]
    return _nonempty(words[0]), words[1:]


def _nonempty(word: str) -> Verdict:
    if isinstance(word, Opaque):
        return _known(True) if "" in excluded(word) else Verdict(None, True)
    return _known(word != "")


def _unary(machine: Machine, operator: str, word: str, state: State) -> Verdict:
    if operator == "-n":
        return _nonempty(word)
    if operator == "-z":
        return _not(_nonempty(word))
    if operator == "-t":
        # Nobody allocates a terminal for a service.
        return _FALSE
    if operator == "-v":
        if isinstance(word, Opaque):
            return Verdict(None, False)
        machine.indirect.add(word)
        if word not in state.variables:
            machine.outside.add(word)
        return _known(state.variables.get(word) is not None)
    if operator not in _UNARY:
        return Verdict(False, False, True)
    if operator in ("-o", "-R"):
        return Verdict(None, False)
    if isinstance(word, Opaque):
        return Verdict(None, False)
    value, lean = test_file(machine, operator[1:], word, state)
    return Verdict(value, lean)


def _equal(left: str, right: str) -> Verdict:
    if not isinstance(left, Opaque) and not isinstance(right, Opaque):
        return _known(left == right)
    if isinstance(left, Opaque) and isinstance(right, Opaque):
        return _known(True) if str(left) == str(right) and "$(" not in left else Verdict(None, False)
    unknown, text = (left, right) if isinstance(left, Opaque) else (right, left)
    if text in excluded(unknown) or _differs(unknown, text):
        return _FALSE
    hint = hint_of(unknown)
    # `$(command -v nginx)` may well be /usr/sbin/nginx.
    return Verdict(None, hint is not None and hint in (text, text.rpartition("/")[2]))


def hint_of(word: str) -> str | None:
    """What the word is, or what an unknown one is in all likelihood."""
    if isinstance(word, Text):
        return word.hint
    return None if isinstance(word, Opaque) else word


def _differs(unknown: str, text: str) -> bool:
    """`x$A` is never `y`, nor is it ever empty."""
    written = str(unknown)
    start = min((at for at in (written.find("$"), written.find("`")) if at != -1), default=0)
    return bool(start) and not text.startswith(written[:start]) and "*" not in written[:start]


def _binary(machine: Machine, left: str, operator: str, right: str, state: State) -> Verdict:
    if operator in ("=", "=="):
        return _equal(left, right)
    if operator == "!=":
        return _not(_equal(left, right))
    if operator in _NUMERIC:
        if isinstance(left, Opaque) or isinstance(right, Opaque):
            unknown, text = (left, right) if isinstance(left, Opaque) else (right, left)
            differs = not isinstance(text, Opaque) and text in excluded(unknown)
            if operator in ("-eq", "-ne") and differs:
                return _known(operator == "-ne")
            one, other = number(hint_of(left) or ""), number(hint_of(right) or "")
            if one is not None and other is not None:
                return Verdict(None, _NUMERIC[operator](one, other))
            return Verdict(None, operator in ("-ne", "-ge"))
        one, other = _decimal(left), _decimal(right)
        if one is None or other is None:
            return Verdict(False, False, True)
        return _known(_NUMERIC[operator](one, other))
    if operator in ("<", ">", "\\<", "\\>") and not isinstance(left, Opaque) and not isinstance(right, Opaque):
        return _known(left < right if "<" in operator else left > right)
    return Verdict(None, False)


def _decimal(text: str) -> int | None:
    """A number to `test`: 08 is 8, and there are no octal ones."""
    digits = text.strip()
    sign, digits = (-1 if digits[:1] == "-" else 1), digits[digits[:1] in ("-", "+") :]
    return sign * int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None


def _arithmetic(left: str, operator: str, right: str) -> Verdict:
    """`[[ a -eq b ]]` in bash: both sides are expressions, in which 010 is 8 and 08 an error."""
    one, other = number(left or "0"), number(right or "0")
    if one is not None and other is not None:
        return _known(_NUMERIC[operator](one, other))
    return _FALSE if all(side.lstrip("-").isdigit() for side in (left, right)) else Verdict(None, False)


# -- [[ … ]]


def double_bracket(machine: Machine, node: Node, state: State, context: Context) -> Verdict:
    found = node.remember(tokens)
    verdict, rest = _double_or(machine, found, state, context, 0)
    return verdict if not rest else Verdict(None, False)


def _double_or(
    machine: Machine, words: list[Token], state: State, context: Context, depth: int
) -> tuple[Verdict, list[Token]]:
    verdict, rest = _double_and(machine, words, state, context, depth)
    while rest and rest[0] == Token(None, "||"):
        other, rest = _double_and(machine, rest[1:], state, context, depth)
        verdict = _or(verdict, other)
    return verdict, rest


def _double_and(
    machine: Machine, words: list[Token], state: State, context: Context, depth: int
) -> tuple[Verdict, list[Token]]:
    verdict, rest = _double_primary(machine, words, state, context, depth)
    while rest and rest[0] == Token(None, "&&"):
        other, rest = _double_primary(machine, rest[1:], state, context, depth)
        verdict = _and(verdict, other)
    return verdict, rest


def _double_primary(
    machine: Machine, words: list[Token], state: State, context: Context, depth: int
) -> tuple[Verdict, list[Token]]:
    if not words or depth > 20:
        return Verdict(None, False), []
    first = words[0]
    if first.node is None:
        if first.text == "!":
            verdict, rest = _double_primary(machine, words[1:], state, context, depth + 1)
            return _not(verdict), rest
        if first.text == "(":
            verdict, rest = _double_or(machine, words[1:], state, context, depth + 1)
            return verdict, rest[1:]
        if len(words) > 1 and words[1].node is not None and first.text in _UNARY:
            return _unary(machine, first.text, single(machine, words[1].node, state, context), state), words[2:]
        return Verdict(None, False), words[1:]
    left = single(machine, first.node, state, context)
    if len(words) > 2 and words[1].node is None and words[1].text in _BINARY and words[2].node is not None:
        right = [words[2].node]
        for token in words[3:]:
            # The parser takes `*"$1"*` apart.
            if token.node is None or token.node.start_byte != right[-1].end_byte:
                break
            right.append(token.node)
        return _compare(machine, left, words[1].text, right, state, context), words[2 + len(right) :]
    return _nonempty(left), words[1:]


def _compare(machine: Machine, left: str, operator: str, words: list[Node], state: State, context: Context) -> Verdict:
    right = words[0]
    if operator in ("=", "==", "!="):
        parts = [part for word in words for part in parts_of(machine, word, state, context)]
        pattern = patterns.joined(parts, extended=True)
        if pattern.anything:
            verdict = _known(True)
        elif pattern.regex is None and len(words) == 1 and right.type in ("string", "command_substitution"):
            verdict = _equal(left, single(machine, right, state, context))
        elif not isinstance(left, Opaque):
            value = patterns.matches(pattern, left)
            verdict = Verdict(value, bool(value))
        elif pattern.literal is not None:
            verdict = _equal(left, pattern.literal)
        else:
            verdict = Verdict(None, False)
        return _not(verdict) if operator == "!=" else verdict
    if operator == "=~":
        return _regular(machine, left, right, state, context)
    text = single(machine, right, state, context)
    if operator in _NUMERIC and machine.is_bash and not isinstance(left, Opaque) and not isinstance(text, Opaque):
        return _arithmetic(left, operator, text)
    return _binary(machine, left, operator, text, state)


def _regular(machine: Machine, left: str, right: Node, state: State, context: Context) -> Verdict:
    """POSIX extended expressions and Python's agree on the simple ones that scripts use."""
    text = right.text if right.type in ("regex", "extglob_pattern", "word") else single(machine, right, state, context)
    state.assign("BASH_REMATCH", (Text("${BASH_REMATCH[@]}", many=True),))
    if isinstance(left, Opaque) or isinstance(text, Opaque) or "$(" in text or "${" in text:
        return Verdict(None, False)
    bare = text.replace('"', "").replace("'", "")
    # A group that is repeated can take for ever.
    repeated = any(sign in bare for sign in (")*", ")+", "){"))
    if len(bare) > 200 or len(left) > 200 or bare.count("*") + bare.count("+") > 4 or "[[:" in bare or repeated:
        return Verdict(None, False)
    expression = patterns.compiled(bare)
    if expression is None:
        return Verdict(None, False)
    found = expression.search(left)
    if found is not None:
        state.assign("BASH_REMATCH", (found.group(), *(part or "" for part in found.groups())))
    return _known(found is not None)


def double_words(machine: Machine, node: Node, state: State, context: Context) -> list[str]:
    """The words of a short `[[ … ]]`, for what can be learned of them."""
    found = node.remember(tokens)
    if len(found) > 4 or any(token.text in ("&&", "||", "=~") for token in found):
        return []
    words = [token.text if token.node is None else single(machine, token.node, state, context) for token in found]
    return [] if any("*" in word or "?" in word or "[" in word for word in words) else words


def learn(state: State, words: list[str], names: set[str], outcome: bool) -> None:
    """On a way where a test came out so, what it says of a variable that was unknown."""
    words = list(words)
    while words and words[0] == "!":
        words, outcome = words[1:], not outcome
    if len(words) == 2 and words[0] in ("-n", "-z"):
        _learn_one(state, words[1], names, "", same=outcome == (words[0] == "-z"))
    elif len(words) == 1:
        _learn_one(state, words[0], names, "", same=not outcome)
    elif len(words) == 3 and words[1] in ("=", "==", "!=", "-eq", "-ne"):
        same = outcome == (words[1] in ("=", "==", "-eq"))
        for unknown, text in ((words[0], words[2]), (words[2], words[0])):
            if isinstance(unknown, Opaque) and not isinstance(text, Opaque):
                _learn_one(state, unknown, names, text, same=same)


def _learn_one(state: State, unknown: str, names: set[str], text: str, *, same: bool) -> None:
    written = str(unknown)
    name = written[1:] if written.startswith("$") else ""
    if name not in names and not isinstance(state.variables.get(name), Opaque):
        return
    value = state.variables.get(name)
    if same:
        state.assume(name, text)
    else:
        never = excluded(value) if isinstance(value, str) else frozenset()
        state.assume(name, Text(written, never=never | {text} | (NOT_EMPTY if text == "" else set())))
