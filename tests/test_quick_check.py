"""The quick check of a layout against its schema decides as `jsonschema` does."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend
from test_fuzz_layouts import HOSTILE, NUMBER, SEEDS, SMALL, at, changed, places

from structlint.layout.quick_check import is_valid, repeated
from structlint.layout.schema import layout_schema

SCHEMA = layout_schema()
STRIDE, CHANGED = (1, NUMBER) if NUMBER else (11, 5)


def _pattern(validator: object, wanted: str, found: object, schema: object) -> Iterator[ValidationError]:
    """`pattern` as the standard has it: in Python, `$` is also before a line break at the end."""
    if isinstance(found, str) and not re.fullmatch(wanted, found):
        yield ValidationError("")


def _unique(validator: object, wanted: bool, found: object, schema: object) -> Iterator[ValidationError]:
    """`uniqueItems` of texts and numbers only; other items are of a wrong type anyway."""
    if isinstance(found, list) and repeated(found) is not None:
        yield ValidationError("")


Oracle: Any = extend(Draft7Validator, {"pattern": _pattern, "uniqueItems": _unique})  # type: ignore[no-untyped-call]


ORACLE = Oracle(SCHEMA)


def by_jsonschema(layout: object) -> bool:
    return bool(ORACLE.is_valid(layout))


def by_us(layout: object) -> bool:
    return is_valid(layout, SCHEMA)


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_each_type_at_each_place(number: int) -> None:
    """In a long run at each; else of each type at other places."""
    for seed in SMALL:
        for path in list(places(seed))[number % STRIDE :: STRIDE]:
            layout = json.loads(json.dumps(seed))
            if path:
                at(layout, path[:-1])[path[-1]] = HOSTILE[number]
            else:
                layout = HOSTILE[number]
            assert by_us(layout) == by_jsonschema(layout), layout


@pytest.mark.parametrize("seed", SEEDS)
def test_changed_at_random(seed: Any) -> None:
    dice = random.Random(repr(seed))
    assert by_us(seed) and by_jsonschema(seed)
    for _ in range(CHANGED):
        layout = seed
        for _ in range(dice.choice([1, 2, 5])):
            layout = changed(dice, layout) if isinstance(layout, dict | list) else layout
        assert by_us(layout) == by_jsonschema(layout), layout


@pytest.mark.parametrize(
    "schema",
    [
        {"oneOf": [{}]},
        {"not": {"type": "null"}},
        {"properties": {"a": {"format": "date"}}},
        {"items": {"contains": {}}},
    ],
)
def test_a_keyword_that_is_not_known_is_a_bug(schema: Any) -> None:
    with pytest.raises(KeyError):
        is_valid({"a": 1} if "properties" in schema else [1], schema)
