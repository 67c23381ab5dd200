"""Files of variables, read by python-dotenv."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import NamedTuple

from structlint.ports.interpolation import BadVariable, Unresolved, interpolated

# Compose takes a colon for an equals sign, python-dotenv does not.
_COLON = re.compile(r"^([ \t]*(?:export[ \t]+)?[\w.\[\]-]+[ \t]*):", re.MULTILINE)


class _Binding(NamedTuple):
    """A variable with its value as it is written; `literal` if a `$` in it stands for itself."""

    name: str
    value: str
    line: int
    literal: bool


def bindings(text: str) -> Iterator[tuple[str, str, int]]:
    """Each variable of a `.env` file with its value, as it is written, and its line."""
    return ((each.name, each.value, each.line) for each in _bindings(text))


def variables(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """The variables of a `.env` file; a later one of a name wins.

    A value has those of `known` and those before it, of which the known ones count more.
    """
    found: dict[str, str] = {}
    values = ChainMap(dict(known), found)
    for name, value, _, literal in _bindings(text):
        try:
            found[name] = value if literal else interpolated(value, values)
        except Unresolved:
            found.pop(name, None)
        except BadVariable:
            found[name] = value
    return found


def _bindings(text: str) -> Iterator[_Binding]:
    from dotenv.parser import parse_stream

    for binding in parse_stream(StringIO(_COLON.sub(r"\1=", text))):
        if binding.key is not None and binding.value is not None and not binding.error:
            written = binding.original.string
            blank = len(written) - len(written.lstrip("\r\n"))
            literal = written.partition("=")[2].lstrip().startswith("'")
            yield _Binding(
                binding.key, binding.value, binding.original.line + _breaks(written[:blank]), literal
            )


def _breaks(text: str) -> int:
    return len(text.replace("\r\n", "\n"))
