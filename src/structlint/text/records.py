"""`Record`, a `typing.NamedTuple` that is cheap to define.

A command defines about a hundred records while it starts. `typing.NamedTuple` compiles all annotations
and the constructor of each of them. `Record` compiles only the constructor, and only if it is used often:
compiling takes as long as a hundred calls of a constructor that is not compiled.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

__all__ = ["Record"]

if TYPE_CHECKING:
    from typing import NamedTuple as Record  # noqa: TID251 (for type checkers)
else:
    _MOST_FIELDS = 40
    _FEW = 20  # instances
    # What reads the field at a position is the same in all named tuples.
    _POSITIONS = namedtuple("_POSITIONS", [f"field_{position}" for position in range(_MOST_FIELDS)])
    _GETTERS = [vars(_POSITIONS)[name] for name in _POSITIONS._fields]

    class _Methods(tuple):
        __slots__ = ()
        _fields = ()

        def __new__(cls, /, *values: Any, **named: Any) -> Any:
            """Fills in the defaults. After a few calls, a compiled constructor replaces this one."""
            record = next(base for base in cls.__mro__ if "_fields" in vars(base))
            record._instances += 1
            if record._instances <= _FEW:
                left = record._fields[len(values) :]
                given = {**record._field_defaults, **named}
                filled = (*values, *[given[field] for field in left if field in given])
                if len(filled) == len(record._fields) and named.keys() <= {*left}:
                    return tuple.__new__(cls, filled)
            like = namedtuple(record.__name__, record._fields, defaults=record._field_defaults.values())
            record.__new__ = staticmethod(like.__new__)
            return record.__new__(cls, *values, **named)

        @classmethod
        def _make(cls, values: Any) -> Any:
            return tuple.__new__(cls, values)

        def _replace(self, /, **changes: Any) -> Any:
            record = tuple.__new__(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"no such fields: {', '.join(changes)}")
            return record

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            values = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({values})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

    class _Definition(type):
        """Turns the annotations of a class statement into the fields of a named tuple."""

        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            fields = tuple(namespace["__annotations__"])
            defaults = {field: namespace[field] for field in fields if field in namespace}
            namespace.update(zip(fields, _GETTERS, strict=False))
            namespace |= {"__slots__": (), "__match_args__": fields}
            namespace |= {"_fields": fields, "_field_defaults": defaults, "_instances": 0}
            return type(name, (_Methods,), namespace)

    Record = type.__new__(_Definition, "Record", (), {})
