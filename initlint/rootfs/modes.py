"""chmod's modes: octal and symbolic, applied to permission bits."""

from __future__ import annotations

UMASK = 0o022

_WHO = {"u": 0o700, "g": 0o070, "o": 0o007, "a": 0o777}
_BITS = {"r": 0o444, "w": 0o222, "x": 0o111}


def is_mode(text: str) -> bool:
    """Whether chmod would take a word for a mode."""
    return apply_mode(text, 0, folder=False) is not None


def apply_mode(text: str, mode: int, *, folder: bool) -> int | None:
    """The bits after `chmod text`; None for what isn't a mode."""
    if text and all(char in "01234567" for char in text):
        return int(text, 8) & 0o7777
    for clause in text.split(","):
        changed = _clause(clause, mode, folder=folder)
        if changed is None:
            return None
        mode = changed
    return mode


def _clause(clause: str, mode: int, *, folder: bool) -> int | None:
    at = 0
    who = 0
    while at < len(clause) and clause[at] in _WHO:
        who |= _WHO[clause[at]]
        at += 1
    mask = who or 0o777 & ~UMASK
    if at >= len(clause) or clause[at] not in "+-=":
        return None
    while at < len(clause):
        operator = clause[at]
        if operator not in "+-=":
            return None
        at += 1
        bits = 0
        while at < len(clause) and clause[at] not in "+-=":
            char = clause[at]
            if char in _BITS:
                bits |= _BITS[char]
            elif char == "X":
                bits |= 0o111 if folder or mode & 0o111 else 0
            elif char in "st":
                pass  # set-id and sticky bits decide nothing here
            elif char in "ugo" and operator:
                shift = {"u": 6, "g": 3, "o": 0}[char]
                value = mode >> shift & 7
                bits |= value << 6 | value << 3 | value
            else:
                return None
            at += 1
        if operator == "+":
            mode |= bits & mask
        elif operator == "-":
            mode &= ~(bits & mask)
        else:
            mode = mode & ~(who or 0o777) & 0o7777 | bits & mask
    return mode
