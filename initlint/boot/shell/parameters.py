"""`$x`, `$1`, `$@` and everything that `${…}` can do."""

from __future__ import annotations

from initlint.boot.model import Argv, Opaque
from initlint.boot.shell import patterns
from initlint.boot.shell.lookup import read
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import NOT_EMPTY, Context, State, Text, Value, excluded
from initlint.boot.shell.words import BLANKS, Fields, Part, expand, parts_of, separators, single

_CASES = frozenset({"^", "^^", ",", ",,", "@"})
_FOREIGN = _CASES | {"/", "//", "/#", "/%", ":"}
_DEFAULTS = frozenset({":-", "-", ":=", "=", ":+", "+", ":?", "?"})


def joined(values: Argv, ifs: str | None = BLANKS) -> str:
    """`"$*"`: the words with the first character of IFS between them."""
    if ifs is None and len(values) > 1:
        return Text(" ".join(values))
    text = (ifs or "")[:1].join(values)
    return Text(text, many=True) if any(isinstance(word, Opaque) for word in values) else text


def _inside(node: Node) -> list[Node]:
    return [child for child in node.children if child.type not in ("${", "}", "$")]


def expansion(machine: Machine, node: Node, state: State, context: Context, out: Fields, *, quoted: bool) -> None:
    """Expand a `simple_expansion` or `expansion` node into `out`."""
    machine.step()
    children = node.remember(_inside)
    if not children:
        out.unknown(Opaque(node.text), many=not quoted)
        return
    if node.type == "simple_expansion":
        name = children[0].text
        if name in ("@", "*"):
            machine.step(len(state.positional) // 8)
            _all(state.positional, name, out, quoted=quoted)
        else:
            _plain(machine, name, read(machine, name, state), state, out, quoted=quoted)
        return
    prefix = ""
    while children and children[0].type in ("#", "!"):
        # `${#}` and `${!}` are parameters themselves.
        if len(children) == 1:
            break
        prefix += children[0].type
        children = children[1:]
    target, rest = children[0], children[1:]
    written = node.text.strip()
    values: Argv | None = None
    if machine.lacks_arrays and (target.type == "subscript" or prefix == "!"):
        machine.fatal = ("", False, "bad substitution")
        return
    if target.type == "subscript":
        name, value, values = _element(machine, target, state, context)
    else:
        name = target.text
        value = None
        if name in ("@", "*"):
            values = state.positional
        else:
            value = read(machine, name, state)
            if isinstance(value, tuple):
                value = value[0] if value else None
    if values is not None:
        machine.step(len(values) // 8)
    if prefix == "#":
        if value is None and values is None and "u" in state.options:
            _plain(machine, name, value, state, out, quoted=True)
        out.value(_length(value, values, written), quoted=True)
        return
    if prefix == "!" and values is not None and target.type == "subscript":
        # The indexes, or the keys, of an array.
        known = not any(isinstance(word, Opaque) and word.many for word in values)
        if known and not rest:
            out.several(tuple(str(index) for index in range(len(values))), quoted=True)
        else:
            out.unknown(Opaque(written), many=True)
        return
    if prefix == "!":
        _indirect(machine, name, value, rest, state, out, written, quoted=quoted)
        return
    if not rest:
        if values is not None:
            index = "*" if name == "*" or written.endswith("[*]}") else "@"
            _all(values, index, out, quoted=quoted)
        else:
            _plain(machine, name, value, state, out, quoted=quoted)
        return
    operator = rest[0].text
    if operator in _FOREIGN and machine.lacks_arrays and (machine.is_plain or operator in _CASES):
        machine.fatal = (name, False, "bad substitution")
        return
    if operator in _DEFAULTS:
        if values is not None:
            value = joined(values, out.ifs) if values else None
            if value is not None and operator not in (":+", "+"):
                _all(values, "@", out, quoted=quoted)
                return
        _default(machine, name, value, operator, rest[1:], state, context, out, written, quoted=quoted)
        return
    if values is not None:
        result = _each(machine, values, operator, rest, state, context)
        if result is None:
            out.unknown(Opaque(written), many=True)
        else:
            star = name == "*" or (target.type == "subscript" and target.text.endswith("[*]"))
            _all(result, "*" if star else "@", out, quoted=quoted)
        return
    if value is None and "u" in state.options:
        _plain(machine, name, value, state, out, quoted=True)
    changed = _change(machine, value, operator, rest, state, context)
    out.value(Text(written) if changed is None else changed, quoted=quoted)


def _all(values: Argv, name: str, out: Fields, *, quoted: bool) -> None:
    if name == "*" and quoted:
        out.value(joined(values, out.ifs), quoted=True)
    else:
        # Quoted "$@" of no words is no word at all, unlike "".
        if quoted and not values and out.raw == [""]:
            out.started = False
        out.several(values, quoted=quoted)


def _plain(machine: Machine, name: str, value: Value, state: State, out: Fields, *, quoted: bool) -> None:
    if isinstance(value, tuple):
        value = value[0] if value else None
    if value is None:
        if "u" in state.options and name not in ("@", "*", "!"):
            machine.fatal = (name, name not in state.variables and not name.isdigit(), f"${name} is not set")
        return
    out.value(value, quoted=quoted)


def _element(machine: Machine, node: Node, state: State, context: Context) -> tuple[str, Value, Argv | None]:
    name = node.children[0].text
    index_node = node.child_by_field_name("index")
    index = "" if index_node is None else single(machine, index_node, state, context)
    value = read(machine, name, state)
    if f"{name}[" in state.variables and index not in ("@", "*"):
        # An associative array: what isn't known of it is unknown.
        complete = not isinstance(state.variables[f"{name}["], Opaque) and not isinstance(index, Opaque)
        return name, state.variables.get(f"{name}[{index}", None if complete else Text(node.text)), None
    array: Argv | None = value if isinstance(value, tuple) else None if value is None else (value,)
    if index in ("@", "*"):
        return name, None, array or ()
    if array is None:
        return name, None, None
    if index_node is not None and (isinstance(index, Opaque) or not index.lstrip("-").isdigit()):
        from initlint.boot.shell.arithmetic import evaluate_text

        number = evaluate_text(machine, index_node.text, state, context)
        index = index if number is None else str(number)
    if not index.lstrip("-").isdigit() or isinstance(index, Opaque):
        return name, Text(node.text), None
    before = array[: int(index) + 1] if int(index) >= 0 else array
    if any(isinstance(word, Opaque) and word.many for word in before):
        return name, Text(node.text), None
    try:
        return name, array[int(index)], None
    except IndexError:
        return name, None, None


def _length(value: Value, values: Argv | None, written: str) -> str:
    if values is not None:
        if any(isinstance(word, Opaque) and word.many for word in values):
            return Text(written, never=NOT_EMPTY)
        return str(len(values))
    if isinstance(value, Opaque):
        return Text(written, never=NOT_EMPTY | ({"0"} if "" in excluded(value) else set()))
    return str(len(value)) if isinstance(value, str) else "0"


def _indirect(
    machine: Machine,
    name: str,
    value: Value,
    rest: list[Node],
    state: State,
    out: Fields,
    written: str,
    *,
    quoted: bool,
) -> None:
    if rest and rest[0].text in ("@", "*"):
        out.unknown(Opaque(written), many=True)
    elif isinstance(value, str) and not isinstance(value, Opaque) and (value.isidentifier() or value.isdigit()):
        machine.indirect.add(value)
        pointed = read(machine, value, state)
        operator = rest[0].text if rest else ""
        empty = pointed is None or pointed == ""
        if rest and not (operator in (":-", "-") and len(rest) < 3):
            out.unknown(Opaque(written), many=not quoted)
        elif not rest or not empty:
            _plain(machine, value, pointed, state, out, quoted=quoted)
        elif len(rest) == 2:
            out.value(rest[1].text.strip("\"'"), quoted=quoted)
    else:
        out.unknown(Opaque(written), many=not quoted)


def _default(
    machine: Machine,
    name: str,
    value: Value,
    operator: str,
    rest: list[Node],
    state: State,
    context: Context,
    out: Fields,
    written: str,
    *,
    quoted: bool,
) -> None:
    """`:-`, `:=`, `:+`, `:?` and the same without a colon."""
    text = value if isinstance(value, str) else None
    given: bool | None = text is not None
    if text is not None and operator.startswith(":"):
        if isinstance(text, Opaque):
            given = True if "" in excluded(text) else None
        else:
            given = text != ""
    kind = operator[-1]
    if given is None:
        if kind == "?":
            out.value(Text(written, never=NOT_EMPTY), quoted=quoted)
        else:
            # A default that isn't empty makes the whole not empty, whatever the variable holds.
            never = NOT_EMPTY if kind in "-=" and rest and rest[0].text.strip("\"'").isalnum() else frozenset()
            out.value(Text(written, never=never), quoted=quoted)
    elif kind == "+":
        if given:
            _operand(machine, rest, state, context, out, quoted=quoted)
    elif given:
        assert text is not None
        out.value(text, quoted=quoted)
    elif kind == "-":
        _operand(machine, rest, state, context, out, quoted=quoted)
    elif kind == "=":
        inner = Fields(separators(state))
        _operand(machine, rest, state, context, inner, quoted=True)
        inner.close()
        assigned = joined(tuple(inner.words))
        state.assign(name, assigned)
        out.value(assigned, quoted=quoted)
    else:
        message = "".join(node.text for node in rest).strip("\"'") or "is not set"
        outside = name not in state.variables and not name.isdigit()
        machine.fatal = (name, outside, f"${name}: {message}")


def _operand(machine: Machine, rest: list[Node], state: State, context: Context, out: Fields, *, quoted: bool) -> None:
    for node in rest:
        if node.type == "word" and not quoted:
            # `${X:-a b}` unquoted is split at its blanks.
            out.value(node.text, quoted=False) if "\\" not in node.text else expand(
                machine, node, state, context, out, quoted=quoted
            )
        elif node.type == "concatenation" and not quoted:
            _operand(machine, node.children, state, context, out, quoted=quoted)
        else:
            expand(machine, node, state, context, out, quoted=quoted)


def _pattern(machine: Machine, nodes: list[Node], state: State, context: Context) -> patterns.Pattern:
    parts: list[Part] = []
    for node in nodes:
        parts.extend(parts_of(machine, node, state, context))
    return patterns.joined(parts, extended=machine.is_bash)


def _change(
    machine: Machine, value: Value, operator: str, rest: list[Node], state: State, context: Context
) -> str | None:
    """`#`, `%`, `/`, `^`, `,` and `:offset:length` of one text; None where it isn't known."""
    if value is None:
        return ""
    if isinstance(value, Opaque) or not isinstance(value, str):
        return None
    if operator in ("#", "##", "%", "%%"):
        return patterns.strip(_pattern(machine, rest[1:], state, context), value, operator)
    if operator in ("/", "//", "/#", "/%"):
        at = next((index for index, node in enumerate(rest[1:], 1) if node.type == "/"), len(rest))
        replaced: list[str] = []
        for node in rest[at + 1 :]:
            text = single(machine, node, state, context)
            if isinstance(text, Opaque):
                return None
            replaced.append(text)
        return patterns.replace(_pattern(machine, rest[1:at], state, context), value, "".join(replaced), operator)
    if operator in ("^^", ",,", "^", ",") and len(rest) == 1:
        changed = value.upper() if "^" in operator else value.lower()
        return changed if len(operator) == 2 else changed[:1] + value[1:]
    if operator == ":":
        numbers = _numbers(machine, rest, state, context)
        if numbers is None:
            return None
        start = numbers[0] if numbers[0] >= 0 else len(value) + numbers[0]
        if start < 0:
            return ""
        if len(numbers) == 1:
            return value[start:]
        return value[start : start + numbers[1]] if numbers[1] >= 0 else value[start : numbers[1]]
    return None


def _numbers(machine: Machine, rest: list[Node], state: State, context: Context) -> list[int] | None:
    from initlint.boot.shell.arithmetic import evaluate

    found: list[int] = []
    for node in rest:
        if node.type == ":":
            continue
        value = evaluate(machine, node, state, context)
        if value is None:
            return None
        found.append(value)
    return found if found and len(found) < 3 else None


def _each(
    machine: Machine, values: Argv, operator: str, rest: list[Node], state: State, context: Context
) -> Argv | None:
    """An operator on `"$@"` or `"${array[@]}"`."""
    if operator == ":":
        numbers = _numbers(machine, rest, state, context)
        if numbers is None or any(isinstance(word, Opaque) and word.many for word in values):
            return None
        if numbers[0] < 0:
            if -numbers[0] > len(values):
                return None
            numbers[0] += len(values)
            return values[numbers[0] :] if len(numbers) == 1 else values[numbers[0] : numbers[0] + numbers[1]]
        whole = values
        if rest[0].parent.children[1].text in ("@", "*") if rest[0].parent is not None else False:
            whole = (state.arg0, *values)
        return whole[numbers[0] :] if len(numbers) == 1 else whole[numbers[0] : numbers[0] + numbers[1]]
    changed: list[str] = []
    for word in values:
        text = _change(machine, word, operator, rest, state, context)
        if text is None:
            return None
        changed.append(text)
    return tuple(changed)
