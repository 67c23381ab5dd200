"""The fast validation of a layout against the schema agrees with `jsonschema`."""

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
STRIDE, CHANGED = (1, NUMBER) if NUMBER else (24, 5)


def _pattern(validator: object, value: str, instance: object, schema: object) -> Iterator[ValidationError]:
    """`pattern` as in the standard: in Python, `$` also matches before a final newline."""
    if isinstance(instance, str) and not re.fullmatch(value, instance):
        yield ValidationError("")


def _unique(validator: object, value: bool, instance: object, schema: object) -> Iterator[ValidationError]:
    """`uniqueItems` for strings and numbers only; other items have the wrong type anyway."""
    if isinstance(instance, list) and repeated(instance) is not None:
        yield ValidationError("")


Oracle: Any = extend(Draft7Validator, {"pattern": _pattern, "uniqueItems": _unique})  # type: ignore[no-untyped-call]


ORACLE = Oracle(SCHEMA)


def is_valid_jsonschema(layout: object) -> bool:
    return bool(ORACLE.is_valid(layout))


def is_valid_structlint(layout: object) -> bool:
    return is_valid(layout, SCHEMA)


def test_schema_is_valid() -> None:
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_every_type_at_every_position(number: int) -> None:
    """At every position in a long run, otherwise at a sample of them."""
    for seed in SMALL:
        for path in list(places(seed))[number % STRIDE :: STRIDE]:
            layout = json.loads(json.dumps(seed))
            if path:
                at(layout, path[:-1])[path[-1]] = HOSTILE[number]
            else:
                layout = HOSTILE[number]
            assert is_valid_structlint(layout) == is_valid_jsonschema(layout), layout


@pytest.mark.parametrize("seed", SEEDS)
def test_random_changes(seed: Any) -> None:
    rng = random.Random(repr(seed))
    assert is_valid_structlint(seed) and is_valid_jsonschema(seed)
    for _ in range(CHANGED):
        layout = seed
        for _ in range(rng.choice([1, 2, 5])):
            layout = changed(rng, layout) if isinstance(layout, dict | list) else layout
        assert is_valid_structlint(layout) == is_valid_jsonschema(layout), layout


@pytest.mark.parametrize(
    "schema",
    [
        {"oneOf": [{}]},
        {"not": {"type": "null"}},
        {"properties": {"a": {"format": "date"}}},
        {"items": {"contains": {}}},
    ],
)
def test_unknown_keyword_raises(schema: Any) -> None:
    with pytest.raises(KeyError):
        is_valid({"a": 1} if "properties" in schema else [1], schema)
