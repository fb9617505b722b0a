"""Expansion of words: quotes, variables, word splitting. What isn't known stays as it is written."""

from __future__ import annotations

import re

from initlint.boot.model import Opaque
from initlint.boot.shell.lookup import read
from initlint.boot.shell.machine import MAX_TEXT, MAX_WORDS, Exhausted, Machine
from initlint.boot.shell.tree import PLAIN, Default, Node, Piece, unescape
from initlint.boot.shell.values import NOT_EMPTY, Context, Missing, State, Text, Value, excluded

_ANSI = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "v": "\v"}

# What stands in a value before anything that is expanded, or that quotes.
_KNOWN = re.compile(r"[^$`*?\[\\\"'<>()]*")

# What IFS is at first.
BLANKS = " \t\n"

# A part of a word: text, quoted, known, whether it may be any number of words.
Part = tuple[str, bool, bool]


class Fields:
    """Builds the words that one written word becomes.

    `ifs`: the characters at which expansions are split, None where they aren't known.
    `never` remembers what an unknown part certainly isn't, for a word that consists of it alone.
    """

    __slots__ = ("ifs", "known", "many", "never", "parts", "raw", "started", "words")

    def __init__(self, ifs: str | None = BLANKS) -> None:
        self.ifs = ifs
        self.words: list[str] = []
        self._reset()

    def _reset(self) -> None:
        self.raw: list[str] = []
        self.parts: list[Part] = []
        self.known = True
        self.many = False
        self.started = False
        self.never: Opaque | None = None

    def literal(self, text: str, *, quoted: bool = True) -> None:
        self.raw.append(text)
        self.parts.append((text, quoted, True))
        self.started = True

    def unknown(self, value: Opaque, *, many: bool) -> None:
        self.never = value if not any(self.raw) else None
        self.raw.append(str(value))
        self.parts.append((str(value), False, False))
        self.known = False
        self.many = self.many or many
        self.started = True

    def value(self, value: str, *, quoted: bool) -> None:
        """The text of an expansion: split at blanks, or what IFS says, unless it is quoted."""
        if quoted and not isinstance(value, Opaque):
            self.literal(value)
        elif not quoted and self.ifs != BLANKS:
            self._otherwise(value)
        elif isinstance(value, Opaque):
            split = not quoted and " " not in excluded(value)
            front = _known_front(value) if split else ""
            for word in front.split():
                self.literal(word, quoted=False)
                self.close()
            self.unknown(Text(value[len(front) :], many=True) if front else value, many=value.many or split)
        else:
            self._split(value, BLANKS)

    def _otherwise(self, value: str) -> None:
        """An unquoted expansion where IFS isn't what it is at first."""
        if self.ifs is None and value:
            self.unknown(value if isinstance(value, Opaque) else Text(value), many=True)
        elif isinstance(value, Opaque):
            self.unknown(value, many=value.many or bool(self.ifs))
        elif self.ifs:
            self._split(value, self.ifs)
        elif value:
            self.literal(value, quoted=False)

    def _split(self, value: str, ifs: str) -> None:
        """Blanks in IFS separate in any number, and count for nothing at the ends; all else separates by itself."""
        blanks = "".join(char for char in BLANKS if char in ifs)
        rest = value
        while rest:
            end = next((at for at, char in enumerate(rest) if char in ifs), len(rest))
            if end:
                self.literal(rest[:end], quoted=False)
            found = end < len(rest)
            rest = rest[end:].lstrip(blanks)
            if rest[:1] and rest[0] in ifs:
                self.literal("", quoted=False)
                rest = rest[1:].lstrip(blanks)
            if found:
                self.close()

    def several(self, values: tuple[str, ...], *, quoted: bool) -> None:
        """`"$@"` or `$@`: a word each."""
        for index, value in enumerate(values):
            if index:
                self.close()
            if isinstance(value, Opaque):
                self.unknown(value, many=value.many or not quoted)
            else:
                self.value(value, quoted=quoted)

    def close(self) -> None:
        if not self.started:
            return
        text = self.raw[0] if len(self.raw) == 1 else "".join(self.raw)
        if len(text) > MAX_TEXT:
            raise Exhausted("a word grows longer than is followed")
        if len(self.words) >= MAX_WORDS:
            raise Exhausted("a list of words grows longer than is followed")
        if not self.known:
            if isinstance(self.never, Text) and text == str(self.never):
                known = self.never
                text = Text(text, many=self.many, never=known.never, job=known.job, hint=known.hint)
            else:
                nonempty = any(part and known for part, _, known in self.parts)
                text = Text(text, many=self.many, never=frozenset({""}) if nonempty else frozenset())
        elif _globs(text) and any(not quoted and _globs(part) for part, quoted, _ in self.parts):
            text = Text(text, many=True, never=frozenset({""}))
        self.words.append(text)
        self._reset()


def separators(state: State) -> str | None:
    """The characters in IFS, None where they aren't known."""
    value = state.variables.get("IFS", BLANKS)
    if value is None:
        return BLANKS
    return None if isinstance(value, Opaque) or not isinstance(value, str) else value


def _known_front(value: Opaque) -> str:
    """The words in front of the first expansion in a value that isn't known as a whole, and the blanks behind them."""
    known = _KNOWN.match(value)
    text = "" if known is None else known[0]
    return text[: max(text.rfind(blank) for blank in " \t\n") + 1]


def _globs(text: str) -> bool:
    return "*" in text or "?" in text or ("[" in text and "]" in text)


def fields(machine: Machine, node: Node, state: State, context: Context) -> list[str]:
    """The words that a written word becomes."""
    if node.literal is not None:
        return [node.literal]
    if node.pieces is not None and (word := _filled(machine, node.pieces, state, quoted=False)) is not None:
        return [word]
    out = Fields(separators(state) if "IFS" in state.variables else BLANKS)
    expand(machine, node, state, context, out, quoted=False, top=True)
    out.close()
    return out.words


def _filled(machine: Machine, pieces: tuple[Piece, ...], state: State, *, quoted: bool) -> str | None:
    """The one word that the pieces make; None where it takes `expand` to tell: the word may be split, or be none."""
    texts: list[str] = []
    never: Opaque | None = None
    unknown = many = filled = False
    count = 0
    for piece in pieces:
        if isinstance(piece, str):
            texts.append(piece)
            filled = filled or piece != ""
            continue
        count += 1
        inside = quoted or piece.quoted
        if isinstance(piece, Default):
            if not inside or (piece.indirect and machine.lacks_arrays):
                return None
            given = _defaulted(machine, piece, state)
            if isinstance(given, Opaque):
                never = None if any(texts) else given
                unknown, many = True, many or given.many
            else:
                filled = filled or given != ""
            texts.append(given)
            continue
        value = state.variables[piece.name] if piece.name in state.variables else read(machine, piece.name, state)
        if isinstance(value, Opaque):
            if not inside and (_known_front(value) or "IFS" in state.variables):
                return None
            never = None if any(texts) else value
            unknown = True
            many = many or value.many or not (inside or " " in excluded(value))
        elif isinstance(value, str):
            if not inside and not (value and PLAIN.issuperset(value) and "IFS" not in state.variables):
                return None
            filled = filled or value != ""
            if value == "" and isinstance(value, Missing):
                machine.missing.add(piece.name)
        elif value is None and inside and "u" not in state.options:
            continue
        else:
            return None
        texts.append(value)
    text = "".join(texts)
    if len(text) > MAX_TEXT:
        return None
    machine.step(count + len(text) // 2_000)
    if not unknown:
        return text
    if isinstance(never, Text) and text == str(never):
        return Text(text, many=many, never=never.never, job=never.job, hint=never.hint)
    return Text(text, many=many, never=NOT_EMPTY if filled else frozenset())


def _defaulted(machine: Machine, piece: Default, state: State) -> str:
    """What a variable with a default comes to in double quotes."""
    value = read(machine, piece.name, state)
    if isinstance(value, tuple):
        value = value[0] if value else None
    if piece.indirect:
        if not isinstance(value, str) or isinstance(value, Opaque) or not (value.isidentifier() or value.isdigit()):
            return Opaque(piece.written)
        machine.indirect.add(value)
        value = read(machine, value, state)
        if isinstance(value, tuple):
            value = value[0] if value else None
        return value or piece.text
    if isinstance(value, Opaque) and piece.colon and "" not in excluded(value):
        return Text(piece.written, never=NOT_EMPTY if piece.tells else frozenset())
    return piece.text if value is None or (piece.colon and not value) else value


def single(machine: Machine, node: Node, state: State, context: Context) -> str:
    """The one text of a word where no splitting takes place: an assignment, `case`, `[[`."""
    if node.literal is not None:
        return node.literal
    if node.pieces is not None and (word := _filled(machine, node.pieces, state, quoted=True)) is not None:
        return word
    out = Fields(separators(state) if "IFS" in state.variables else BLANKS)
    expand(machine, node, state, context, out, quoted=True, top=True)
    if not out.started and not out.words:
        return ""
    parts = [*out.words]
    if out.started:
        glob_free = [(text, True, known) for text, _, known in out.parts]
        out.parts = glob_free
        out.close()
        parts = out.words
    if len(parts) == 1:
        return parts[0]
    text = " ".join(parts)
    return Text(text) if any(isinstance(part, Opaque) for part in parts) else text


def parts_of(machine: Machine, node: Node, state: State, context: Context) -> list[Part]:
    """The parts of a pattern: what is quoted in it stands for itself."""
    if node.type == "concatenation":
        found: list[Part] = []
        for child in node.children:
            found.extend(parts_of(machine, child, state, context))
        return found
    if node.type in ("word", "extglob_pattern", "regex", "number"):
        text = node.text
        if "$" in text or "`" in text:
            return [(text, False, False)]
        if node.type == "extglob_pattern" or node.type == "regex":
            return _unquoted(text)
        return [(text, False, True)]
    quoted = node.type in ("string", "raw_string", "ansi_c_string")
    value = single(machine, node, state, context)
    return [(str(value), quoted, not isinstance(value, Opaque))]


def _unquoted(text: str) -> list[Part]:
    """A pattern that the parser keeps as one token may hold quotes of its own."""
    found: list[Part] = []
    while text:
        quote = min((at for at in (text.find('"'), text.find("'")) if at != -1), default=-1)
        end = text.find(text[quote], quote + 1) if quote != -1 else -1
        if quote == -1 or end == -1 or text[max(quote - 1, 0)] == "\\":
            found.append((text, False, True))
            break
        if quote:
            found.append((text[:quote], False, True))
        found.append((text[quote + 1 : end], True, True))
        text = text[end + 1 :]
    return found


def expand(
    machine: Machine, node: Node, state: State, context: Context, out: Fields, *, quoted: bool, top: bool = False
) -> None:
    kind = node.type
    if context.frame.broken and kind == "expansion" and node.has_error:
        out.unknown(Text(node.text.strip()), many=not quoted)
    elif kind in ("word", "number", "variable_name", "regex", "extglob_pattern", "special_variable_name"):
        _word(node.text, state, out, top=top)
    elif kind == "string":
        _string(machine, node, state, context, out)
    elif kind == "raw_string":
        out.literal(node.text[1:-1])
    elif kind == "concatenation" or kind == "command_name":
        concatenation(machine, node.children, state, context, out, quoted=quoted)
    elif kind == "ansi_c_string":
        # To dash it's a `$` in front of a quoted text.
        out.literal(f"${node.text[2:-1]}" if machine.is_plain else _ansi(node.text[2:-1]))
    elif kind in ("simple_expansion", "expansion"):
        from initlint.boot.shell.parameters import expansion

        expansion(machine, node, state, context, out, quoted=quoted)
    elif kind == "command_substitution":
        from initlint.boot.shell.substitution import substitute

        out.value(substitute(machine, node, state, context), quoted=quoted)
    elif kind == "arithmetic_expansion":
        from initlint.boot.shell.arithmetic import evaluate

        number = evaluate(machine, node, state, context)
        out.value(Text(node.text.strip(), never=frozenset({""})) if number is None else str(number), quoted=quoted)
    elif kind == "brace_expression" and not machine.is_plain and (numbers := _range(node.text)):
        out.several(numbers, quoted=True)
    elif kind == "process_substitution":
        if machine.is_plain:
            machine.fatal = ("", False, "a syntax error")
        out.unknown(Text(node.text, never=frozenset({""})), many=False)
    elif kind == "translated_string":
        for child in node.named_children:
            expand(machine, child, state, context, out, quoted=True)
    else:
        out.unknown(Opaque(node.text), many=True)


def concatenation(
    machine: Machine, nodes: list[Node], state: State, context: Context, out: Fields, *, quoted: bool
) -> None:
    braces = False
    for index, node in enumerate(nodes):
        if node.type == "$" and index + 1 < len(nodes) and nodes[index + 1].type == "string":
            continue  # $"…" is a translated string
        if not node.is_named and node.type == "$":
            follows = nodes[index + 1] if index + 1 < len(nodes) else None
            if follows is not None and follows.start_byte == node.end_byte and follows.type == "word":
                # The parser lost a variable here (`$a\\ b`).
                out.unknown(Opaque(f"${follows.text}"), many=True)
            else:
                out.literal("$")
        elif node.type == "word" and node.text in ("{", "}") and not quoted and not machine.is_plain:
            braces = True
            out.literal(node.text)
        else:
            expand(machine, node, state, context, out, quoted=quoted, top=index == 0)
    if braces and (numbers := _range("".join(out.raw))):
        out.raw, out.parts = [], []
        out.several(numbers, quoted=True)
    elif braces:
        # Brace expansion makes several words of it; only `{}` stays what it is.
        text = "".join(out.raw)
        if "{" in text and ("," in text or ".." in text):
            out.unknown(Opaque(""), many=True)


def _range(text: str) -> tuple[str, ...]:
    """`{1..5}`"""
    first, dots, last = text[1:-1].partition("..")
    if not (text.startswith("{") and text.endswith("}") and dots) or len(first) > 4 or len(last) > 4:
        return ()
    if not (first.lstrip("-").isdigit() and last.lstrip("-").isdigit()) or abs(int(first) - int(last)) > 64:
        return ()
    step = 1 if int(first) <= int(last) else -1
    return tuple(str(number) for number in range(int(first), int(last) + step, step))


def _word(text: str, state: State, out: Fields, *, top: bool) -> None:
    if top and text.startswith("~"):
        user, slash, rest = text[1:].partition("/")
        home: Value = state.variables.get("HOME")
        if user or not isinstance(home, str):
            out.unknown(Text(text, never=frozenset({""})), many=False)
            return
        out.value(home, quoted=True)
        text = slash + rest
        if not text:
            return
    if "\\" not in text:
        out.literal(text, quoted=False)
        return
    plain = ""
    at = 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            if plain:
                out.literal(plain, quoted=False)
                plain = ""
            if text[at + 1] == "\r" and text[at + 2 : at + 3] == "\n":
                at += 1
            if text[at + 1] != "\n":
                out.literal(text[at + 1])
            at += 2
        else:
            plain += text[at]
            at += 1
    if plain:
        out.literal(plain, quoted=False)


def _string(machine: Machine, node: Node, state: State, context: Context, out: Fields) -> None:
    out.literal("")
    children = node.children
    before = children[0].end_byte
    for child in children[1:]:
        if child.start_byte > before:
            # The parser drops blanks between two expansions.
            out.literal(context.frame.data[before : child.start_byte].decode("utf-8", "surrogateescape"))
        before = child.end_byte
        if child.type == "string_content":
            out.literal(unescape(child.text))
        elif not child.is_named:
            if child.type == "$":
                out.literal("$")
        else:
            text = child.text
            blanks = text[: len(text) - len(text.lstrip())]
            if blanks:
                out.literal(blanks)
            expand(machine, child, state, context, out, quoted=True)


def _ansi(text: str) -> str:
    out = ""
    at = 0
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in _ANSI:
            out += _ANSI[text[at + 1]]
            at += 2
        else:
            out += text[at]
            at += 1
    return out
