"""The JSON Schema of layouts in an editor: it marks errors that `check` reports, and offers valid values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from tables import table

from structlint.errors import LayoutError
from structlint.layout.bundled import BUNDLED
from structlint.layout.load import load
from structlint.layout.schema import layout_schema, schema_text
from structlint.layout.source import LayoutSource
from structlint.text.cases import CASES

SCHEMA = layout_schema()
EDITOR = Draft7Validator(SCHEMA)

INVALID = {
    "extends: pyton-service": "unknown layout `pyton-service`; did you mean `python-service`?",
    "extends: [base, nosuch]": "unknown layout `nosuch`; expected one of ",
    "names: {a: KebabCase}": "`KebabCase` is not a case; did you mean `kebab-case`?",
    "names: {a: /x}": "`/x` is not a case; expected one of ",
    "names: {a: {case: kebab}}": "`kebab` is not a case; did you mean `kebab-case`?",
    "tree: {lib/: {unlisted: forbid}}": "`unlisted` is a setting; write it under `.:`",
    "tree: {lib/: {a/: {about: x}}}": "`about` is a setting; write it under `.:`",
    "tree: {needs: x}": "`needs` is a setting; write it under `.:`",
}
VALID = [
    "extends: base",
    "extends: [usual, ./team.yaml, layouts/a.yml, README.md, docs/Tree.MD, 'package:x/y.yaml']",
    'names: {a: lowercase, b: "/[a-z]+/", c: [one, two], d: {case: [camelCase, PascalCase]}, e: false}',
    r"tree: {lib/: {.: {unlisted: forbid}, \about: , levels: , if.py: }}",
]


@pytest.mark.parametrize(("text", "message"), INVALID.items(), ids=INVALID)
def test_schema_rejects_errors_of_check(text: str, message: str) -> None:
    assert not EDITOR.is_valid(yaml.safe_load(text))
    with pytest.raises(LayoutError) as error:
        load(LayoutSource({"structlint.yaml": text.encode()}.__getitem__), "structlint.yaml")
    assert message in str(error.value)


@pytest.mark.parametrize("text", VALID)
def test_schema_accepts_valid_layouts(text: str) -> None:
    assert list(EDITOR.iter_errors(yaml.safe_load(text))) == []


def value_schemas(schema: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """All parts of a schema that describe a value."""
    if isinstance(schema, dict):
        if "type" in schema or "enum" in schema or "examples" in schema:
            yield path, schema
        for key, inside in schema.items():
            if key not in ("examples", "enum", "default"):
                yield from value_schemas(inside, f"{path}/{key}")


def test_bundled_layouts_and_cases_are_examples() -> None:
    extends = SCHEMA["properties"]["extends"]
    assert set(BUNDLED) < set(extends["examples"])
    assert set(BUNDLED) <= set(extends["items"]["examples"])
    naming = SCHEMA["definitions"]["naming"]
    assert set(CASES) < set(naming["examples"])
    assert set(CASES) == set(naming["properties"]["case"]["examples"])
    assert set(CASES) == set(SCHEMA["definitions"]["case"]["enum"])


@table(("path", "part"), list(value_schemas(SCHEMA)), ids=[path for path, _ in value_schemas(SCHEMA)])
def test_examples_are_valid(path: str, part: dict[str, Any]) -> None:
    """An editor inserts each example as a value: a mapping as `[object Object]`, a list as JSON."""
    validator = EDITOR.evolve(schema={**part, "definitions": SCHEMA["definitions"]})
    accepts_strings = "string" in part.get("type", ())
    for example in part.get("examples", ()):
        assert not isinstance(example, dict)
        assert not (isinstance(example, list) and accepts_strings)
        assert validator.is_valid(example), example


PRINTED: dict[str, Any] = json.loads(schema_text())


def key_schemas(schema: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each named key of a layout, and its resolved schema."""
    if isinstance(schema, dict):
        for name, value in schema.get("properties", {}).items():
            yield f"{path}/{name}", _resolved(value)
        for name, inside in schema.items():
            if name not in ("examples", "enum", "default", "defaultSnippets"):
                yield from key_schemas(inside, f"{path}/{name}" if name != "properties" else path)


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A part of the schema with its `$ref` resolved, as in yaml-language-server."""
    if "$ref" not in schema:
        return schema
    return {**_resolved(PRINTED["definitions"][schema["$ref"].rpartition("/")[2]]), **schema}


@table(("path", "key"), list(key_schemas(PRINTED)), ids=[path for path, _ in key_schemas(PRINTED)])
def test_every_key_has_a_description_and_values_or_examples(path: str, key: dict[str, Any]) -> None:
    assert key["description"][-1] == "."
    assert key.get("enum") or key.get("examples") or key.get("defaultSnippets")
    if "object" in key.get("type", ()) and not key.get("examples"):
        assert "```yaml" in key["markdownDescription"]


def snippets(schema: object) -> Iterator[tuple[dict[str, Any], str, Any]]:
    """Each snippet: the schema of its value, its label, and its body with default values."""
    if isinstance(schema, dict):
        for snippet in schema.get("defaultSnippets", ()):
            yield schema, snippet["label"], _filled(snippet["body"])
        for name, inside in schema.items():
            if name != "defaultSnippets":
                yield from snippets(inside)


def _filled(body: Any) -> Any:
    if isinstance(body, dict):
        return {_filled(key): _filled(inside) for key, inside in body.items()}
    if isinstance(body, list):
        return [_filled(each) for each in body]
    text = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", body)
    return int(text[1:]) if text.startswith("^") else text.strip('"') or None


def test_snippets_are_valid() -> None:
    found = list(snippets(PRINTED))
    assert len(found) > 15
    for schema, label, body in found:
        validator = EDITOR.evolve(schema={**schema, "definitions": SCHEMA["definitions"]})
        assert validator.is_valid([body] if schema.get("type") == "array" else body), label


def test_documented_snippet_matches_its_body() -> None:
    documented = [
        (yaml.safe_load(part["markdownDescription"].split("```yaml\n")[1].rstrip("`")), part)
        for _, part in [*key_schemas(PRINTED), *PRINTED["definitions"].items()]
        if "markdownDescription" in part
    ]
    assert len(documented) > 12
    for example, part in documented:
        body = _filled(part["defaultSnippets"][0]["body"])
        assert example == ([body] if part.get("type") == "array" else body)
