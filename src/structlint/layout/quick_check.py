"""Validates data with a JSON Schema, for the keywords of draft-07 that the schema of layouts uses.

Importing `jsonschema` takes several times as long as a small check. Because nearly every layout is valid,
this module decides first, and `jsonschema` is imported only to explain errors. The tests compare the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

_REFERENCE = "#/definitions/"


def is_valid(data: object, schema: Schema) -> bool:
    """Whether a schema accepts data that consists of dict, list, str, int, float, bool and None.

    Raises `KeyError` for a schema with an unknown keyword.
    """
    return _is_valid(data, schema, schema.get("definitions", {}))


def _is_valid(data: object, schema: Schema, definitions: Schema) -> bool:
    while "$ref" in schema:  # `$ref` makes its siblings ineffective
        schema = definitions[schema["$ref"].removeprefix(_REFERENCE)]
    if isinstance(data, str) and data in schema.get("examples", ()):
        return True  # all examples are valid, and the expression for a name is slow to compile
    if not all(_CHECKS[keyword](data, wanted) for keyword, wanted in schema.items()):
        return False
    if isinstance(data, dict):
        return _are_valid(data, schema, definitions)
    if isinstance(data, list) and "items" in schema:
        return all(_is_valid(item, schema["items"], definitions) for item in data)
    return True


def _are_valid(data: dict[str, object], schema: Schema, definitions: Schema) -> bool:
    """Whether a schema accepts the keys and the values of a mapping."""
    named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    others, names = schema.get("additionalProperties", {}), schema.get("propertyNames", {})
    for key, inside in data.items():
        fitting = [named[key]] if key in named else []
        fitting += [other for pattern, other in patterns.items() if re.search(pattern, key)]
        if not fitting and others is False:
            return False
        if not _is_valid(key, names, definitions):
            return False
        if not all(_is_valid(inside, other, definitions) for other in fitting or [others]):
            return False
    return True


def repeated(items: list[object]) -> object:
    """The first text or number that a list contains twice; None if there is none."""
    seen: set[object] = set()
    for item in items:
        if isinstance(item, str | int | float) and not isinstance(item, bool):
            if item in seen:
                return item
            seen.add(item)
    return None


def _is_number(data: object) -> bool:
    return isinstance(data, int | float) and not isinstance(data, bool)


_IS: dict[str, Callable[[Any], bool]] = {
    "object": lambda data: isinstance(data, dict),
    "array": lambda data: isinstance(data, list),
    "string": lambda data: isinstance(data, str),
    "integer": lambda data: _is_number(data) and data % 1 == 0,
    "boolean": lambda data: isinstance(data, bool),
    "null": lambda data: data is None,
}


def _is_of_type(data: object, wanted: str | list[str]) -> bool:
    return any(_IS[kind](data) for kind in ([wanted] if isinstance(wanted, str) else wanted))


def _is_not(data: object, wanted: Schema) -> bool:
    """Whether data is not the value of a `{"const": …}`, the only kind of schema that is negated."""
    if set(wanted) != {"const"}:
        raise KeyError("not")
    return not (type(data) is type(wanted["const"]) and data == wanted["const"])


# Each keyword constrains one type of data and accepts all others.
_CHECKS: dict[str, Callable[[Any, Any], bool]] = {
    "type": _is_of_type,
    "not": _is_not,
    "enum": lambda data, wanted: isinstance(data, str) and data in wanted,
    "required": lambda data, wanted: not isinstance(data, dict) or all(key in data for key in wanted),
    "minLength": lambda data, wanted: not isinstance(data, str) or len(data) >= wanted,
    "minItems": lambda data, wanted: not isinstance(data, list) or len(data) >= wanted,
    "minProperties": lambda data, wanted: not isinstance(data, dict) or len(data) >= wanted,
    "minimum": lambda data, wanted: not (_is_number(data) and data < wanted),
    "maximum": lambda data, wanted: not (_is_number(data) and data > wanted),
    "uniqueItems": lambda data, wanted: not isinstance(data, list) or repeated(data) is None,
    # In JSON Schema `$` is the end; in Python it also matches before a final line break.
    "pattern": lambda data, wanted: not isinstance(data, str) or bool(re.fullmatch(wanted, data)),
}
_INSIDE = ("items", "properties", "patternProperties", "additionalProperties", "propertyNames")
_ANNOTATIONS = ("$schema", "title", "description", "examples", "default", "defaultSnippets", "definitions")
_CHECKS |= dict.fromkeys((*_INSIDE, *_ANNOTATIONS), lambda data, wanted: True)
