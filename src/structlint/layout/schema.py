"""Holds a layout's text against the JSON Schema, and says in words what is wrong and where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from structlint.document import Mapping, Node, Scalar, value
from structlint.document import Sequence as NodeSequence
from structlint.errors import Problem
from structlint.layout.bundled import data
from structlint.meant import nearest, suggestion
from structlint.quoting import shortened

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "false",
    "null": "nothing",
}


def schema_text() -> str:
    """The JSON Schema (draft-07) of a layout."""
    return data("layout", "schema.json").decode()


_OF_DIRECTORIES = ("strays", "min-files", "max-files", "min-directories", "max-directories")


@dataclass(frozen=True)
class _Fault:
    """What the schema holds against one place of a layout: which keyword, what it wants, what is there."""

    keyword: str
    wanted: Any
    found: Any
    schema: dict[str, Any]
    path: tuple[str | int, ...]
    of_key: bool


def problems(root: Node, file: str) -> list[Problem]:
    """Everything the schema holds against a layout, at the keys and values concerned."""
    from jsonschema import Draft7Validator

    errors = Draft7Validator(json.loads(schema_text())).iter_errors(value(root))
    return sorted({problem for error in errors for problem in _told(_fault(error), root, file)})


def _fault(error: ValidationError) -> _Fault:
    schema, path = cast("dict[str, Any]", error.schema), tuple(error.absolute_path)
    of_key = "propertyNames" in error.absolute_schema_path
    return _Fault(str(error.validator), error.validator_value, error.instance, schema, path, of_key)


def _told(fault: _Fault, root: Node, file: str) -> Iterator[Problem]:
    node = _at(root, fault.path)
    if fault.keyword == "additionalProperties" and isinstance(node, Mapping):
        known = fault.schema["properties"]
        for key in (key for key, _ in node.items if key.text not in known):
            yield Problem(file, key.line, key.column, _unknown_message(key, node, fault))
        return
    if fault.of_key and isinstance(node, Mapping):
        node = next((key for key, _ in node.items if key.text == fault.found), node)
    yield Problem(file, node.line, node.column, _message(fault, node))


def _at(root: Node, path: Sequence[str | int]) -> Node:
    node = root
    for step in path:
        if isinstance(node, Mapping):
            node = next(child for key, child in node.items if key.text == step)
        elif isinstance(node, NodeSequence) and isinstance(step, int):
            node = node.items[step]
    return node


def _unknown_message(key: Scalar, node: Mapping, fault: _Fault) -> str:
    known = list(fault.schema["properties"])
    if _follows_a_comma(key, node):
        return f"unknown key {shortened(key.text)}; a sentence with a comma needs quotes between braces"
    file_entry = "needs" in known and "strays" not in known
    entry = shortened(str(fault.path[-1])) if fault.path else ""
    if file_entry and key.text in _OF_DIRECTORIES:
        return f"{key.text} is a setting of directories; {entry} is a file, a directory is written {entry}/"
    if file_entry and (key.text.rstrip("?").endswith("/") or not nearest(key.text, known)):
        return f"{entry} is a file, {shortened(key.text)} cannot lie in it; for a directory write {entry}/"
    if not fault.path and key.text.rstrip("?").endswith("/"):
        return f"unknown key {shortened(key.text)}; what the repository holds goes under `tree:`"
    return f"unknown key {shortened(key.text)}; {suggestion(key.text, known)}"


def _follows_a_comma(key: Scalar, node: Mapping) -> bool:
    """Whether an unknown key is the rest of a sentence, as in `{about: Reads, writes}`."""
    keys = [each for each, _ in node.items]
    (inside,) = (child for each, child in node.items if each is key)
    after_a_sentence = any(each.text in ("about", "why") for each in keys[: keys.index(key)])
    return after_a_sentence and isinstance(inside, Scalar) and inside.plain and not inside.text


def _message(fault: _Fault, node: Node) -> str:
    keyword, wanted, found = fault.keyword, fault.wanted, _shown(node)
    if keyword == "type":
        return _type_message(wanted, node, whole=not fault.path)
    if keyword == "enum":
        return f"{found} is not one of the choices; {suggestion(str(fault.found), wanted)}"
    if keyword == "not":
        may_be_empty = "null" in fault.schema["type"] and "array" not in fault.schema["type"]
        right = "leave the value empty, or write false" if may_be_empty else "write a value, or false"
        return f"true says nothing here; {right}"
    if keyword == "required":
        missing = [name for name in wanted if name not in fault.found]
        told = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
        return told + ("; say why this is accepted" if "why" in missing else "")
    if keyword == "pattern":
        return f"{found} has not the right form; {_form(str(wanted))}"
    if keyword in ("minimum", "maximum"):
        return f"{found} is too {'small' if keyword == 'minimum' else 'large'}; the {keyword} is {wanted}"
    if keyword == "uniqueItems":
        twice = next(each for number, each in enumerate(fault.found) if each in fault.found[:number])
        return f"the list names {shortened(str(twice))} twice"
    what = "list" if keyword == "minItems" else "key" if fault.of_key else "text"
    return f"the {what} is empty; write something, or take it away"


def _form(pattern: str) -> str:
    examples = {
        "^[0-9]{4}": "write a day, such as 2027-01-31",
        "^[0-9]{1,5}": "write a port, such as 8000, a range, such as 8001-8099, or 53/udp",
        "^[0-9]{1,9}": "write a number without quotes, such as 3, or a range, such as 2-10 or 2-",
        "^[0-9]+": 'write a version in quotes, such as "0.1"',
        "^[A-Za-z]": "a placeholder's name is a letter, then letters, digits, - and _",
    }
    return next(form for start, form in examples.items() if pattern.startswith(start))


def _type_message(wanted: str | list[str], node: Node, whole: bool) -> str:
    kinds = [wanted] if isinstance(wanted, str) else wanted
    choices = [_KINDS[kind] for kind in kinds]
    expected = choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"
    message = f"expected {expected}, found {_shown(node)}"
    if isinstance(node, Scalar) and node.plain and node.text and "string" in kinds:
        return f'{message}; quote it: "{node.text}"'
    if isinstance(node, Scalar) and kinds == ["array"]:
        return f"{message}; write [{shortened(node.text)}]"
    if isinstance(node, Scalar) and node.text.isdecimal():
        return f"{message}; take the quotes away"
    if isinstance(node, NodeSequence) and "object" in kinds and not whole:
        return f"{message}; write each item as a key, with a colon at its end"
    if whole:
        return f"{message}; a layout has keys such as `extends:` and `tree:`"
    return message


def _shown(node: Node) -> str:
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, NodeSequence):
        return "a list"
    found = value(node)
    if found is None:
        return "nothing"
    if isinstance(found, str):
        return f"the text {shortened(found)}"
    return f"the number {shortened(node.text)}" if not isinstance(found, bool) else node.text
