"""What an editor makes of the JSON Schema of layouts: it marks what `check` refuses, and offers what fits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from structlint.errors import LayoutError
from structlint.layout.bundled import BUNDLED
from structlint.layout.load import LayoutSource, load
from structlint.layout.schema import layout_schema
from structlint.text.cases import CASES

SCHEMA = layout_schema()
EDITOR = Draft7Validator(SCHEMA)

WRONG = {
    "extends: pyton-service": "unknown layout `pyton-service`; did you mean `python-service`?",
    "extends: [base, nosuch]": "unknown layout `nosuch`; expected one of ",
    "names: {a: KebabCase}": "`KebabCase` is not a case; did you mean `kebab-case`?",
    "names: {a: /x}": "`/x` is not a case; expected one of ",
    "names: {a: {case: kebab}}": "`kebab` is not a case; did you mean `kebab-case`?",
    "tree: {lib/: {unlisted: forbid}}": "`unlisted` is a setting; write it under `.:`",
    "tree: {lib/: {a/: {about: x}}}": "`about` is a setting; write it under `.:`",
    "tree: {needs: x}": "`needs` is a setting; write it under `.:`",
}
RIGHT = [
    "extends: base",
    "extends: [usual, ./team.yaml, layouts/a.yml, README.md, docs/Tree.MD, 'package:x/y.yaml']",
    'names: {a: lowercase, b: "/[a-z]+/", c: [one, two], d: {case: [camelCase, PascalCase]}, e: false}',
    r"tree: {lib/: {.: {unlisted: forbid}, \about: , levels: , if.py: }}",
]


@pytest.mark.parametrize(("text", "message"), WRONG.items(), ids=WRONG)
def test_f19_what_check_refuses_is_marked(text: str, message: str) -> None:
    assert not EDITOR.is_valid(yaml.safe_load(text))
    with pytest.raises(LayoutError) as error:
        load(LayoutSource({"structlint.yaml": text.encode()}.__getitem__), "structlint.yaml")
    assert message in str(error.value)


@pytest.mark.parametrize("text", RIGHT)
def test_f19_what_check_takes_is_not_marked(text: str) -> None:
    assert list(EDITOR.iter_errors(yaml.safe_load(text))) == []


def places(schema: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """All parts of a schema that describe a value."""
    if isinstance(schema, dict):
        if "type" in schema or "enum" in schema or "examples" in schema:
            yield path, schema
        for key, inside in schema.items():
            if key not in ("examples", "enum", "default"):
                yield from places(inside, f"{path}/{key}")


def test_f18_bundled_layouts_and_cases_are_offered_by_name() -> None:
    extends = SCHEMA["properties"]["extends"]
    assert set(BUNDLED) < set(extends["examples"])
    assert set(BUNDLED) <= set(extends["items"]["examples"])
    naming = SCHEMA["definitions"]["naming"]
    assert set(CASES) < set(naming["examples"])
    assert set(CASES) == set(naming["properties"]["case"]["examples"])
    assert set(CASES) == set(SCHEMA["definitions"]["case"]["enum"])


@pytest.mark.parametrize(("path", "part"), list(places(SCHEMA)), ids=[path for path, _ in places(SCHEMA)])
def test_f18_what_is_offered_can_be_taken_as_it_stands(path: str, part: dict[str, Any]) -> None:
    """An editor offers each example as a value: a mapping as `[object Object]`, a list as JSON."""
    validator = EDITOR.evolve(schema={**part, "definitions": SCHEMA["definitions"]})
    takes_text = "string" in part.get("type", ())
    for example in part.get("examples", ()):
        assert not isinstance(example, dict)
        assert not (isinstance(example, list) and takes_text)
        assert validator.is_valid(example), example
