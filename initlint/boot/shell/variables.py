"""The builtins that change variables, options and positional parameters."""

from __future__ import annotations

import re

from initlint.boot.model import Argv, Opaque, ShellStays
from initlint.boot.shell.arithmetic import evaluate_text
from initlint.boot.shell.commands import assigned, done, fatal, number_of, read_only, settle
from initlint.boot.shell.filters import formatted
from initlint.boot.shell.machine import Exhausted, Machine
from initlint.boot.shell.reading import STDIN, forget_names, read_line, redirected_input
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import NOT_EMPTY, OPEN, Call, Context, State, Text, Value
from initlint.boot.shell.words import fields, separators

_MAX_WORDS = 2_000
# What an arithmetic expression may assign to.
_TARGETS = re.compile(r"([A-Za-z_]\w*)\s*(?:[-+*/%&|^]|<<|>>)?=(?!=)|([A-Za-z_]\w*)\s*(?:\+\+|--)")
# Where getopts keeps what is left of `-abc`: no name that a script could use.
_INSIDE = " getopts"


def run_set(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    words = call.words[1:]
    if len(words) > _MAX_WORDS:
        raise Exhausted("the arguments grow longer than is followed")
    at = 0
    while at < len(words):
        word = words[at]
        if isinstance(word, Opaque):
            state.positional = tuple(words[at:])
            return done(state)
        if word == "--" or word == "-":
            if word == "--" or at + 1 < len(words):
                state.positional = tuple(words[at + 1 :])
            break
        if word[:1] not in ("-", "+") or len(word) < 2:
            state.positional = tuple(words[at:])
            break
        letters = word[1:]
        if "o" in letters:
            at += 1
            name = words[at] if at < len(words) else ""
            if name == "pipefail" and machine.is_plain:
                # Not known to dash before 0.5.13: a special builtin's fault ends the shell.
                state.flow, state.status, state.reason = "exit", 2, f"{machine.shell.word}: Illegal option -o pipefail"
                return [state]
            short = {"errexit": "e", "nounset": "u", "allexport": "a", "pipefail": "pipefail"}.get(name, "")
            letters = letters.replace("o", "")
            _option(state, short, on=word[0] == "-")
        for letter in letters:
            _option(state, letter if letter in "eua" else "", on=word[0] == "-")
        at += 1
    return done(state)


def _option(state: State, name: str, *, on: bool) -> None:
    if name:
        state.options = state.options | {name} if on else state.options - {name}


def set_options(state: State, word: str, machine: Machine) -> None:
    """An option word that the shell itself was started with: `-e`, `-eux`, `pipefail` behind `-o`."""
    if word in ("errexit", "nounset"):
        _option(state, word[0] if word == "errexit" else "u", on=True)
    elif word == "pipefail":
        _option(state, word, on=not machine.is_plain)
    elif word[:1] == "-" and word[:2] != "--":
        for letter in word[1:]:
            _option(state, letter if letter in "eua" else "", on=True)
            if letter == "i":
                state.options |= {"alias"}


def run_shopt(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    """Of its options only `lastpipe` matters: the last command of a pipeline isn't run in a subshell."""
    if "lastpipe" in call.words[2:]:
        _option(state, "lastpipe", on="-s" in call.words)
    return done(state)


def run_shift(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    count = number_of(call.words[1:] or ["1"], state)
    known = state.positional
    if count is None or any(isinstance(word, Opaque) and word.many for word in known[:count]):
        state.positional = (Opaque('"$@"', many=True),)
        return done(state)
    if count > len(known):
        if machine.is_plain:
            state.flow, state.status = "exit", 2  # dash: can't shift that many
            return [state]
        return done(state, 1)
    state.positional = known[count:]
    return done(state)


def run_unset(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    words = [word for word in call.words[1:] if word not in ("-v", "-f")]
    for word in words:
        if "-f" in call.words:
            state.functions.pop(word, None)
        elif word in state.readonly:
            return read_only(machine, state, word)
        else:
            state.assign(word, None)
            state.exported.discard(word)
    return done(state)


def run_read(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    words = call.words[1:]
    own = [each for each in call.redirects if each.type != "file_redirect" or each.text.startswith("<")]
    given = call.extra.get("IFS", separators(state))
    ifs = given if isinstance(given, str) and not isinstance(given, Opaque) else None
    inherited = state.variables.get(STDIN)
    text = inherited if isinstance(inherited, str) and not isinstance(inherited, Opaque) else None
    if own:
        text = redirected_input(machine, own, state, context)
    taken = None if text is None else read_line(state, text, words, ifs)
    if taken is not None:
        status, rest = taken
        if not own:
            state.variables[STDIN] = rest
        return done(state, status)
    forget_names(state, words)
    timed = any(word.startswith("-t") for word in words)
    if not timed and any(redirect.text.startswith("<>") for redirect in call.redirects):
        return _reads_for_ever(machine, state, context, call)
    if own or context.pipeline or inherited is not None:
        if inherited is not None and not own:
            state.variables[STDIN] = Text(STDIN)
        return done(state, None)
    # Without -i standard input is empty: read fails at once.
    return done(state, 1)


def _reads_for_ever(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    """`read <> fifo`: as long as the shell can write to it itself, its input never ends."""
    lasting = [job for index, job in enumerate(state.jobs) if index not in state.done]
    argv = lasting[-1].argv if lasting else ()
    why = f"{machine.shell.word} reads from an input that never comes"
    span = context.frame.node_span(call.node)
    stays = ShellStays("builtin", span, None, "read", why, reaps_meanwhile=machine.is_bash)
    return machine.finish(state, "stays", argv=argv, span=lasting[-1].span if lasting else span, stays=stays)


def run_printf(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    if call.words[1:2] == ["-v"] and len(call.words) > 3 and call.words[2].isidentifier():
        form, rest = call.words[3], call.words[4:]
        text = rest[0] if form == "%s" and len(rest) == 1 else formatted(form, tuple(rest))
        state.assign(call.words[2], Text(f"${call.words[2]}") if text is None else text)
    return done(state)


def run_getopts(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    if len(call.words) < 3 or not call.words[2].isidentifier():
        return done(state, 2)
    name, given = call.words[2], tuple(call.words[3:]) or state.positional
    found = _next_option(state, call.words[1], given)
    if found is None:
        # What is unknown from here on: one more option, or their end.
        state.assign(name, Text(f"${name}", never=NOT_EMPTY))
        state.assign("OPTARG", Text("$OPTARG"))
        state.assign("OPTIND", Text("$OPTIND", never=NOT_EMPTY))
        return done(state, None)
    letter, argument = found
    state.assign(name, letter or "?")
    state.assign("OPTARG", argument)
    return done(state, 0 if letter else 1)


def _next_option(state: State, options: str, given: Argv) -> tuple[str, str | None] | None:
    """The next option's letter ("" behind the last) and its argument; None where words aren't known."""
    index = state.variables.get("OPTIND", "1")
    inside = state.variables.get(_INSIDE)
    if isinstance(options, Opaque) or not isinstance(index, str) or isinstance(index, Opaque) or not index.isdigit():
        return None
    at = int(index) - 1
    letters = inside if isinstance(inside, str) else ""
    if not letters:
        if at < len(given) and isinstance(given[at], Opaque):
            return None
        word = given[at] if at < len(given) else ""
        if word[:1] != "-" or word == "-" or word == "--":
            state.assign("OPTIND", str(at + (2 if word == "--" else 1)))
            return "", None
        letters = word[1:]
    letter, rest = letters[0], letters[1:]
    takes = letter != ":" and f"{letter}:" in options
    argument: str | None = None
    if takes:
        at += 1
        argument, rest = rest or None, ""
        if argument is None:
            argument = given[at] if at < len(given) else None
            if isinstance(argument, Opaque) and argument.many:
                return None
            at += 1
    elif not rest:
        at += 1
    state.assign("OPTIND", str(at + 1))
    state.assign(_INSIDE, rest or None)
    if letter == ":" or letter not in options or (takes and argument is None):
        silent = options.startswith(":")
        return (":" if silent and takes else "?"), (letter if silent else None)
    return letter, argument


def run_mapfile(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    name = next((word for word in reversed(call.words[1:]) if word.isidentifier()), "MAPFILE")
    text = (
        redirected_input(machine, call.redirects, state, context) if call.words[1:] in (["-t", name], [name]) else None
    )
    if text is None:
        state.assign(name, (Text(f"${{{name}[@]}}", many=True),))
        return done(state)
    ends = "" if "-t" in call.words else "\n"
    state.assign(name, tuple(line + ends for line in text.removesuffix("\n").split("\n")) if text else ())
    return done(state)


def _names(expression: str) -> list[str]:
    return [assigned or stepped for assigned, stepped in _TARGETS.findall(expression)]


def run_let(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    value: int | None = 0
    for word in call.words[1:]:
        value = None if isinstance(word, Opaque) else evaluate_text(machine, word, state, context)
        for name in _names(word) if value is None else ():
            state.assign(name, Text(f"${name}", never=NOT_EMPTY))
    return done(state, None if value is None else int(value == 0))


def _is_global(node: Node) -> bool:
    return any(child.type == "word" and child.text in ("-g", "-gx", "-xg") for child in node.children)


def declaration(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    """export, readonly, local, declare, typeset."""
    keyword = node.children[0].text
    if keyword in ("declare", "typeset") and machine.is_plain:
        return settle(done(state, 127), context)
    machine.substitution_status = None
    exported = keyword == "export"
    keeps = keyword == "readonly"
    bad = ""
    options = ""
    local = bool(state.saved) and keyword in ("local", "declare", "typeset")
    if local and node.remember(_is_global):
        local = False
    for child in node.children[1:]:
        pairs: list[tuple[str, Value]]
        if child.type == "variable_assignment":
            pairs = [assigned(machine, child, state, context)]
        else:
            words = fields(machine, child, state, context)
            pairs = []
            for word in words:
                if word.startswith("-"):
                    options += word[1:] if keyword in ("local", "declare", "typeset") else ""
                    keeps = keeps or "r" in options
                    exported = exported or ("x" in word and keyword != "export")
                    continue
                name, equals, text = word.partition("=")
                if isinstance(word, Opaque) and not (equals and name.isidentifier()):
                    # Whatever it sets is unknown from here on: `export $(grep -v '#' .env)`.
                    state.assign(OPEN, Text(OPEN))
                    continue
                if name and not name.isidentifier() and child.type != "comment" and not node.has_error:
                    bad = name
                    continue
                if not equals:
                    if local and name not in state.saved[-1]:
                        pairs.append((name, None))
                        continue
                    machine.outside.discard(name)
                    if exported:
                        state.exported.add(name)
                    if keeps and not local:
                        state.readonly |= {name}
                    if "A" in options:
                        state.assign(name, ())
                        state.assign(f"{name}[", "")
                    continue
                pairs.append((name, Text(text) if isinstance(word, Opaque) else text))
        if machine.fatal is not None:
            return fatal(machine, state, lambda other: declaration(machine, node, other, context))
        for name, value in pairs:
            if not name.isidentifier():
                continue
            if name in state.readonly:
                return settle(read_only(machine, state, name), context)
            if local and name not in state.saved[-1]:
                state.saved[-1][name] = state.variables.get(name) if name in state.variables else False
            if "n" in options and isinstance(value, str):
                # Another name for a variable: what is done under it isn't followed.
                state.assign(value, Text(f"${value}"))
                value = Text(f"${name}")
            state.assign(name, value)
            if keeps and not local:
                state.readonly |= {name}
            if exported or "a" in state.options:
                state.exported.add(name)
        if bad and machine.lacks_arrays:
            state.flow, state.status, state.reason = "exit", 2, f"{machine.shell.word}: {bad[:40]}: bad variable name"
            return [state]
    return settle(done(state, int(bad != "")), context)


def unset_command(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    words = ["unset"]
    for child in node.named_children:
        words.extend(fields(machine, child, state, context))
    return run_unset(machine, state, context, Call(words, node, None, node.start_byte, [], {}))
