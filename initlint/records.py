"""`NamedTuple` as `typing` has it, made at a fraction of the cost: a start makes over a hundred of them.

`typing` looks at every annotation and compiles a constructor for every class. Here the code of a
constructor is compiled once for each number of fields, and given the names of the class. Type
checkers see `typing.NamedTuple` itself. A module that uses it has its annotations as text
(`from __future__ import annotations`): they are never evaluated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import _tuplegetter
    from functools import cache
    from sys import intern
    from types import FunctionType

    def _make(cls, values):
        """A new one from a sequence or iterable."""
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"expected {len(cls._fields)} values, got {len(made)}")
        return made

    def _replace(self, /, **changes):
        """A new one with other values in the fields that are named."""
        made = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"{type(self).__name__} has no fields {sorted(changes)}")
        return made

    def _asdict(self):
        return dict(zip(self._fields, self, strict=True))

    def _shown(self):
        values = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({values})"

    def _getnewargs(self):
        return tuple(self)

    @cache
    def _constructor(count):
        """The code of a constructor for as many fields, and the names that it looks up."""
        words = "".join(f"_{index}, " for index in range(count))
        space = {"_tuple_new": tuple.__new__, "__builtins__": {}}
        return eval(f"lambda _cls, {words}: _tuple_new(_cls, ({words}))", space).__code__, space

    class _Meta(type):
        def __new__(cls, typename, bases, space):
            if not bases:
                return super().__new__(cls, typename, bases, space)
            fields = tuple(map(intern, space.get("__annotations__", ())))
            given = fields[len(fields) - sum(name in space for name in fields) :]
            defaults = [space.pop(name, _make) for name in given]
            if not fields or len(bases) > 1 or _make in defaults or any(name[0] == "_" for name in fields):
                raise TypeError(f"{typename} isn't made as a NamedTuple can be")
            code, names = _constructor(len(fields))
            code = code.replace(co_varnames=("_cls", *fields), co_name="__new__")
            space.setdefault("__repr__", _shown)
            space.update(
                __slots__=(),
                __match_args__=fields,
                __new__=FunctionType(code, names, "__new__", tuple(defaults)),
                __getnewargs__=_getnewargs,
                _fields=fields,
                _field_defaults=dict(zip(given, defaults, strict=True)),
                _make=classmethod(_make),
                _replace=_replace,
                __replace__=_replace,
                _asdict=_asdict,
            )
            for index, name in enumerate(fields):
                space[name] = _tuplegetter(index, name)
            return type(typename, (tuple,), space)

    NamedTuple = _Meta("NamedTuple", (), {})

__all__ = ["NamedTuple"]
