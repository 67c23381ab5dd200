"""Reads `.env` files with python-dotenv."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from io import StringIO

from structlint.ports.interpolation import BadVariable, Unresolved, interpolated
from structlint.text.records import Record

# Compose accepts a colon instead of an equals sign, python-dotenv does not.
_COLON = re.compile(r"^([ \t]*(?:export[ \t]+)?[\w.\[\]-]+[ \t]*):", re.MULTILINE)


class _Binding(Record):
    """A variable with its value as written; `literal` if `$` has no special meaning in it."""

    name: str
    value: str
    line: int
    literal: bool


class Variable(Record):
    """The value of a variable, and the line that sets it."""

    value: str
    line: int


def variables(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """The values of the variables of a `.env` file; see `located_variables`."""
    return {name: variable.value for name, variable in located_variables(text, known).items()}


def located_variables(text: str, known: Mapping[str, str]) -> dict[str, Variable]:
    """The variables of a `.env` file; of several with one name, the last wins.

    A value can use the variables in `known` and those before it; the known ones take precedence.
    """
    variables: dict[str, Variable] = {}
    own: dict[str, str] = {}
    values = ChainMap(dict(known), own)
    for name, value, line, literal in _bindings(text):
        try:
            own[name] = value if literal else interpolated(value, values)
        except Unresolved:
            own.pop(name, None)
            variables.pop(name, None)
            continue
        except BadVariable:
            own[name] = value
        variables[name] = Variable(own[name], line)
    return variables


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
