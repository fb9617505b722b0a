"""Is an argument a JSON array of strings?"""

from __future__ import annotations

import json
import re

_SURROGATE = re.compile("[\ud800-\udfff]")


class NotStrings(ValueError):
    """An array that holds something else than strings: BuildKit refuses the file."""


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode


def parse_array(text: str) -> tuple[str, ...] | None:
    """The array's strings, None where `text` isn't a JSON array. Raises NotStrings."""
    try:
        array = _decode(text)
    except RecursionError:
        raise NotStrings from None
    except ValueError:
        return None
    for item in array:
        if type(item) is not str:
            raise NotStrings
    if text.isascii() and "\\u" not in text:
        return tuple(array)
    # as Go does: what isn't a character becomes U+FFFD
    return tuple([_SURROGATE.sub("\ufffd", item) for item in array])
