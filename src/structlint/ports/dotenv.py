"""Files of variables, read by python-dotenv."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from structlint.ports.interpolation import BadVariable, Unresolved, interpolated


def bindings(text: str) -> Iterator[tuple[str, str, int]]:
    """Each variable of a `.env` file with its value, as it is written, and its line."""
    from dotenv.parser import parse_stream

    for binding in parse_stream(StringIO(text)):
        if binding.key is not None and binding.value is not None and not binding.error:
            blank = len(binding.original.string) - len(binding.original.string.lstrip("\r\n"))
            yield binding.key, binding.value, binding.original.line + _breaks(binding.original.string[:blank])


def variables(text: str) -> dict[str, str]:
    """The variables of a `.env` file, each with the values of those before it; a later one of a name wins."""
    found: dict[str, str] = {}
    for name, value, _ in bindings(text):
        try:
            found[name] = interpolated(value, found)
        except Unresolved:
            found.pop(name, None)
        except BadVariable:
            found[name] = value
    return found


def _breaks(text: str) -> int:
    return len(text.replace("\r\n", "\n"))
