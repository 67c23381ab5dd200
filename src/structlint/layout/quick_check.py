"""Whether data is valid by a JSON Schema, for the keywords of draft-07 that the schema of layouts uses.

Importing `jsonschema` takes several times as long as a small check. Nearly every layout is valid, so this
decides first, and `jsonschema` is imported only to say what is wrong. The tests compare the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

_REFERENCE = "#/definitions/"


def is_valid(found: object, schema: Schema) -> bool:
    """Whether a schema accepts data made of dict, list, str, int, float, bool and None.

    Raises `KeyError` for a schema with a keyword that is not known here.
    """
    return _is_valid(found, schema, schema.get("definitions", {}))


def _is_valid(found: object, schema: Schema, definitions: Schema) -> bool:
    while "$ref" in schema:  # what stands beside it has no effect
        schema = definitions[schema["$ref"].removeprefix(_REFERENCE)]
    if not all(_CHECKS[keyword](found, wanted) for keyword, wanted in schema.items()):
        return False
    if isinstance(found, dict):
        return _are_valid(found, schema, definitions)
    if isinstance(found, list) and "items" in schema:
        return all(_is_valid(item, schema["items"], definitions) for item in found)
    return True


def _are_valid(found: dict[str, object], schema: Schema, definitions: Schema) -> bool:
    """Whether a schema accepts the keys and the values of a mapping."""
    named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    others, names = schema.get("additionalProperties", {}), schema.get("propertyNames", {})
    for key, inside in found.items():
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
    """The first text or number that is in a list twice, None if none is."""
    seen: set[object] = set()
    for item in items:
        if isinstance(item, str | int | float) and not isinstance(item, bool):
            if item in seen:
                return item
            seen.add(item)
    return None


def _is_number(found: object) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool)


_IS: dict[str, Callable[[Any], bool]] = {
    "object": lambda found: isinstance(found, dict),
    "array": lambda found: isinstance(found, list),
    "string": lambda found: isinstance(found, str),
    "integer": lambda found: _is_number(found) and found % 1 == 0,
    "boolean": lambda found: isinstance(found, bool),
    "null": lambda found: found is None,
}


def _is_of_type(found: object, wanted: str | list[str]) -> bool:
    return any(_IS[kind](found) for kind in ([wanted] if isinstance(wanted, str) else wanted))


def _is_not(found: object, wanted: Schema) -> bool:
    """Whether data is not the value of `{"const": …}`, the only schema that is negated."""
    if set(wanted) != {"const"}:
        raise KeyError("not")
    return not (type(found) is type(wanted["const"]) and found == wanted["const"])


# Each keyword constrains one type of data and accepts all others.
_CHECKS: dict[str, Callable[[Any, Any], bool]] = {
    "type": _is_of_type,
    "not": _is_not,
    "enum": lambda found, wanted: isinstance(found, str) and found in wanted,
    "required": lambda found, wanted: not isinstance(found, dict) or all(key in found for key in wanted),
    "minLength": lambda found, wanted: not isinstance(found, str) or len(found) >= wanted,
    "minItems": lambda found, wanted: not isinstance(found, list) or len(found) >= wanted,
    "minProperties": lambda found, wanted: not isinstance(found, dict) or len(found) >= wanted,
    "minimum": lambda found, wanted: not (_is_number(found) and found < wanted),
    "maximum": lambda found, wanted: not (_is_number(found) and found > wanted),
    "uniqueItems": lambda found, wanted: not isinstance(found, list) or repeated(found) is None,
    # In JSON Schema `$` is the end; in Python it also matches before a final line break.
    "pattern": lambda found, wanted: not isinstance(found, str) or bool(re.fullmatch(wanted, found)),
}
_INSIDE = ("items", "properties", "patternProperties", "additionalProperties", "propertyNames")
_ANNOTATIONS = ("$schema", "title", "description", "examples", "default", "definitions")
_CHECKS |= dict.fromkeys((*_INSIDE, *_ANNOTATIONS), lambda found, wanted: True)
