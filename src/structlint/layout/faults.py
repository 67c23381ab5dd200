"""Plain data held against a JSON Schema: draft-07, as far as the schema of layouts uses it.

`jsonschema` knows all of the standard, and takes several times as long to import as a small check takes to
run. The tests hold both against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

Schema: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str | int, ...]

ANNOTATIONS = frozenset(
    ("$schema", "title", "description", "examples", "default", "definitions")
)  # keywords that ask for nothing
_REFERENCE = "#/definitions/"


class Fault(NamedTuple):
    """What a schema holds against one place of some data.

    `keyword` of the sub-schema `schema` wants `wanted`, and `found` is there. `path` has the keys and indexes
    that lead to the place; with `of_key`, `found` is a key of the mapping there.
    """

    keyword: str
    wanted: Any
    found: Any
    schema: Schema
    path: Path
    of_key: bool


def faults(found: object, schema: Schema) -> list[Fault]:
    """Everything that a schema holds against data made of dict, list, str, int, float, bool and None.

    Raises `KeyError` for a schema with a keyword that is not known here.
    """
    return list(_Checker(schema).faults(found, schema, (), of_key=False))


class _Checker:
    def __init__(self, schema: Schema) -> None:
        self.definitions: Schema = schema.get("definitions", {})

    def faults(self, found: object, schema: Schema, path: Path, *, of_key: bool) -> Iterator[Fault]:
        """What one sub-schema holds against what is at a place, and against all that is in it."""
        while "$ref" in schema:  # what stands beside it has no effect
            schema = self.definitions[schema["$ref"].removeprefix(_REFERENCE)]
        for keyword, wanted in schema.items():
            if keyword in _FITS:
                if not _FITS[keyword](found, wanted):
                    yield Fault(keyword, wanted, found, schema, path, of_key)
            elif keyword not in ANNOTATIONS and keyword not in _OF_INSIDE:
                raise KeyError(keyword)
        if isinstance(found, dict):
            yield from self.in_mapping(found, schema, path)
        elif isinstance(found, list) and "items" in schema:
            for index, each in enumerate(found):
                yield from self.faults(each, schema["items"], (*path, index), of_key=False)

    def in_mapping(self, found: dict[str, object], schema: Schema, path: Path) -> Iterator[Fault]:
        """What a sub-schema holds against the keys and the values of a mapping."""
        named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
        others, names = schema.get("additionalProperties", {}), schema.get("propertyNames")
        unknown = False
        for key, inside in found.items():
            if names is not None:
                yield from self.faults(key, names, path, of_key=True)
            fitting = [named[key]] if key in named else []
            fitting += [each for pattern, each in patterns.items() if re.search(pattern, key)]
            if not fitting and others is False:
                unknown = True
                continue
            for each in fitting or [others]:
                yield from self.faults(inside, each, (*path, key), of_key=False)
        if unknown:
            yield Fault("additionalProperties", others, found, schema, path, of_key=False)


def repeated(items: list[object]) -> object:
    """The first text or number that is in a list twice, None if none is."""
    seen: set[object] = set()
    for each in items:
        if isinstance(each, str | int | float) and not isinstance(each, bool):
            if each in seen:
                return each
            seen.add(each)
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


def _fits_type(found: object, wanted: str | list[str]) -> bool:
    return any(_IS[kind](found) for kind in ([wanted] if isinstance(wanted, str) else wanted))


def _fits_not(found: object, wanted: Schema) -> bool:
    """Whether data is not what `{"const": …}`, the only schema known to be negated, asks for."""
    if set(wanted) != {"const"}:
        raise KeyError("not")
    return not (type(found) is type(wanted["const"]) and found == wanted["const"])


# Each keyword asks something of one type of data and leaves the others alone.
_FITS: dict[str, Callable[[Any, Any], bool]] = {
    "type": _fits_type,
    "not": _fits_not,
    "enum": lambda found, wanted: isinstance(found, str) and found in wanted,
    "required": lambda found, wanted: not isinstance(found, dict) or all(each in found for each in wanted),
    "minLength": lambda found, wanted: not isinstance(found, str) or len(found) >= wanted,
    "minItems": lambda found, wanted: not isinstance(found, list) or len(found) >= wanted,
    "minProperties": lambda found, wanted: not isinstance(found, dict) or len(found) >= wanted,
    "minimum": lambda found, wanted: not (_is_number(found) and found < wanted),
    "maximum": lambda found, wanted: not (_is_number(found) and found > wanted),
    "uniqueItems": lambda found, wanted: not isinstance(found, list) or repeated(found) is None,
    # In JSON Schema `$` is the end, in Python also what comes before a line break at the end.
    "pattern": lambda found, wanted: not isinstance(found, str) or bool(re.fullmatch(wanted, found)),
}
_OF_INSIDE = ("items", "properties", "patternProperties", "additionalProperties", "propertyNames")
