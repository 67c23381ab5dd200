"""Validates a layout with the JSON Schema, and words the problems."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from structlint.errors import Problem
from structlint.finding import RULE_NAMES
from structlint.layout.bundled import BUNDLED, data
from structlint.layout.quick_check import is_valid, repeated
from structlint.markdown import DOCUMENT_SUFFIXES
from structlint.text.cases import CASES
from structlint.text.enumerations import every
from structlint.text.key_escapes import ENTRY_SETTINGS
from structlint.text.quoting import in_backticks, short_name
from structlint.text.records import Record
from structlint.text.suggestions import nearest, suggestion
from structlint.yaml_nodes import ListNode, MapNode, Node, TextNode, value

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "`false`",
    "null": "nothing",
}


def _any_case(text: str) -> str:
    return "".join(f"[{letter}{letter.upper()}]" if letter.isalpha() else f"\\{letter}" for letter in text)


# What the values of a layout must match. JSON Schema's patterns are those of ECMAScript; these mean the same
# to Python.
_TEXT = r"[\s\S]*"
_FILES = "|".join(map(_any_case, (".yaml", ".yml", *DOCUMENT_SUFFIXES)))
_LAYOUT = rf"^(?:{'|'.join(BUNDLED)}|package:{_TEXT}|{_TEXT}[/\\]{_TEXT}|{_TEXT}(?:{_FILES}))$"
_CASE = f"^(?:{'|'.join(CASES)})$"
_CONVENTION = f"^(?:{'|'.join(CASES)}|/{_TEXT}/)$"
_ADDRESS = "https://www.schemastore.org/structlint.json"
_CHILD = f"^(?!(?:{'|'.join(ENTRY_SETTINGS)})$){_TEXT}$"


def layout_schema() -> dict[str, Any]:
    """The JSON Schema (draft-07) of a layout, with the names of all rules, bundled layouts and cases."""
    schema: dict[str, Any] = json.loads(data("layout", "schema.json"))
    definitions, extends = schema["definitions"], schema["properties"]["extends"]
    definitions["rule"]["enum"] = list(RULE_NAMES)
    definitions["case"]["enum"] = list(CASES)
    for place, pattern, choices in (
        (extends, _LAYOUT, BUNDLED),
        (extends["items"], _LAYOUT, BUNDLED),
        (definitions["naming"], _CONVENTION, CASES),
        (definitions["naming"]["properties"]["case"], _CASE, CASES),
    ):
        place |= {"pattern": pattern, "examples": [*choices, *place.get("examples", ())]}
    for name in ("directory", "directory-entry"):
        definitions[name]["propertyNames"]["pattern"] = _CHILD
    return schema


def schema_text() -> str:
    """The JSON Schema of a layout, as text for editors.

    yaml-language-server inserts the snippets of `defaultSnippets`, and shows `markdownDescription`.
    """
    schema = {"$id": _ADDRESS, **layout_schema()}
    for place in _with_snippets(schema):
        body = place["defaultSnippets"][0]["body"]
        example = "\n".join(_example(body if place.get("type") != "array" else [body]))
        place["markdownDescription"] = f"{place['description']}\n\n```yaml\n{example}\n```"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _with_snippets(schema: Any) -> Iterator[dict[str, Any]]:
    """The parts of a schema that have a description and snippets."""
    if isinstance(schema, dict):
        if "defaultSnippets" in schema and "description" in schema:
            yield schema
        for inside in list(schema.values()):
            yield from _with_snippets(inside)


def _example(body: Any) -> Iterator[str]:
    """The lines of YAML that a snippet inserts, with `${1:text}` as its text, and `^` as a number."""
    if not isinstance(body, dict | list):
        yield re.sub(r"\$\{\d+:([^}]*)\}", r"\1", str(body)).removeprefix("^")
        return
    for key, inside in enumerate(body) if isinstance(body, list) else body.items():
        first, *others = _example(inside)
        head = "-" if isinstance(body, list) else f"{next(_example(key))}:"
        if isinstance(inside, dict | list) and isinstance(body, dict):
            yield head
            yield from (f"  {line}" for line in (first, *others))
        else:
            yield f"{head} {first}".rstrip()
            yield from (f"  {line}" for line in others)


_MOST_WORDED = 1_000  # suggestions take time, and nobody reads more


_OLD_UNLISTED = "strays"
_OLD_VALUES = {"all": "forbid", "directories": "allow-files", "none": "allow"}


class _Fault(Record):
    """A violation of the schema at one place of a layout: the keyword, its value, and the actual value."""

    keyword: str
    wanted: Any
    actual: Any
    schema: dict[str, Any]
    path: tuple[str | int, ...]
    of_key: bool


class _Wrong(Record):
    """An invalid place in a layout, and the function that words the problem."""

    line: int
    column: int
    words: Callable[[], str]


def schema_problems(root: Node, file: str) -> list[Problem]:
    """All violations of the schema in a layout, at their keys and values."""
    schema, values = layout_schema(), cast("Any", value(root))
    if is_valid(values, schema):
        return []
    errors = _validator()(schema).iter_errors(values)
    faults = [_fault(error) for error in errors]
    mistyped = {fault.path for fault in faults if fault.keyword == "type"}
    wrongs = [wrong for fault in faults if _says_more(fault, mistyped) for wrong in _wrongs(fault, root)]
    wrongs.sort(key=lambda wrong: (wrong.line, wrong.column))
    problems = (
        Problem(file, wrong.line, wrong.column, wrong.words() if number < _MOST_WORDED else "not valid")
        for number, wrong in enumerate(wrongs)
    )
    return sorted(set(problems))


def _says_more(fault: _Fault, mistyped: Collection[tuple[str | int, ...]]) -> bool:
    """Whether a violation does not just follow from a wrong type: -.inf is not an integer, and too small."""
    return fault.keyword not in ("minimum", "maximum") or fault.path not in mistyped


def _validator() -> type[Validator]:
    """A validator for schemas of draft-07."""
    from jsonschema import Draft7Validator, ValidationError
    from jsonschema.validators import extend

    def pattern(validator: Validator, wanted: str, data: object, schema: object) -> Iterator[ValidationError]:
        # In JSON Schema `$` is the end; in Python it also matches before a final line break.
        if isinstance(data, str) and not re.fullmatch(wanted, data):
            yield ValidationError("")

    def unique(validator: Validator, wanted: bool, data: object, schema: object) -> Iterator[ValidationError]:
        # The validator's own check is quadratic if the items have different types.
        if isinstance(data, list) and repeated(data) is not None:
            yield ValidationError("")

    made = extend(Draft7Validator, {"pattern": pattern, "uniqueItems": unique})  # type: ignore[no-untyped-call]
    return cast("type[Validator]", made)


def _fault(error: ValidationError) -> _Fault:
    schema, path = cast("dict[str, Any]", error.schema), tuple(error.absolute_path)
    of_key = "propertyNames" in error.absolute_schema_path
    return _Fault(str(error.validator), error.validator_value, error.instance, schema, path, of_key)


def _wrongs(fault: _Fault, root: Node) -> Iterator[_Wrong]:
    node = _at(root, fault.path)
    if fault.keyword == "additionalProperties" and isinstance(node, MapNode):
        known = fault.schema["properties"]
        after_a_sentence = False
        for key, inside in node.items:
            if key.text not in known:
                rest = after_a_sentence and _is_nothing(inside)
                yield _Wrong(key.line, key.column, partial(_unknown_message, key, inside, fault, rest))
            after_a_sentence |= key.text in ("about", "why")
        return
    if fault.of_key and isinstance(node, MapNode):
        node = node.key(str(fault.actual)) or node
    yield _Wrong(node.line, node.column, partial(_message, fault, node))


def _is_nothing(node: Node) -> bool:
    return isinstance(node, TextNode) and node.plain and not node.text


def _at(root: Node, path: Sequence[str | int]) -> Node:
    node = root
    for step in path:
        if isinstance(node, MapNode):
            node = node.get(str(step)) or node
        elif isinstance(node, ListNode) and isinstance(step, int):
            node = node.items[step]
    return node


def _settings_of_directories() -> set[str]:
    """The settings that directories have and files do not."""
    definitions = layout_schema()["definitions"]
    return {*definitions["itself"]["properties"]} - {*definitions["file-entry"]["properties"]}


def _unknown_message(key: TextNode, inside: Node, fault: _Fault, rest_of_a_sentence: bool) -> str:
    """The message for an unknown key, which may be the rest of a sentence, as in `{about: Reads, writes}`."""
    known = list(fault.schema["properties"])
    if rest_of_a_sentence:
        return f"unknown key {short_name(key.text)}; quote the sentence: between braces, a comma ends it"
    if key.text == _OLD_UNLISTED and "unlisted" in known:
        old = inside.text if isinstance(inside, TextNode) else ""
        return f"`{key.text}` is now `unlisted`; write `unlisted: {_OLD_VALUES.get(old, 'forbid')}`"
    file_entry = "needs" in known and "unlisted" not in known
    entry = str(fault.path[-1]) if fault.path else ""
    directory = short_name(f"{entry}/")
    if file_entry and key.text in _settings_of_directories():
        return (
            f"`{key.text}` is a setting of directories, but {short_name(entry)} is a file; write {directory}"
        )
    if file_entry and (key.text.rstrip("?").endswith("/") or not nearest(key.text, known)):
        return f"{short_name(entry)} is a file and cannot contain {short_name(key.text)}; write {directory}"
    if not fault.path and key.text.rstrip("?").endswith("/"):
        return f"unknown key {short_name(key.text)}; list files and directories under `tree:`"
    return f"unknown key {short_name(key.text)}; {suggestion(key.text, known)}"


def _message(fault: _Fault, node: Node) -> str:
    keyword, wanted, shown = fault.keyword, fault.wanted, _shown(node)
    if keyword == "type":
        return _type_message(fault, node)
    if keyword == "enum" and isinstance(fault.actual, str) and wanted == list(CASES):
        return f"{short_name(fault.actual)} is not a case; {suggestion(fault.actual, CASES)}"
    if keyword == "enum":
        return _unknown(fault, shown, wanted)
    if keyword == "not":
        may_be_empty = "null" in fault.schema["type"] and "array" not in fault.schema["type"]
        right = "leave the value empty, or write `false`" if may_be_empty else "write a value, or `false`"
        return f"`true` is not a value here; {right}"
    if keyword == "required":
        missing = [name for name in wanted if name not in fault.actual]
        reason = "; add the reason for accepting the finding" if "why" in missing else ""
        return f"missing {every([*map(in_backticks, missing)])}{reason}"
    if keyword == "pattern":
        if choices := re.fullmatch(r"\^\((\w+(?:\|\w+)+)\)\$", str(wanted)):
            return _unknown(fault, shown, choices[1].split("|"))
        return _pattern_message(str(wanted), str(fault.actual), shown)
    if keyword in ("minimum", "maximum"):
        return f"{shown} is too {'small' if keyword == 'minimum' else 'large'}; the {keyword} is {wanted}"
    if keyword == "uniqueItems":
        return f"{short_name(str(repeated(fault.actual)))} is in the list twice"
    what = "list" if keyword == "minItems" else "key" if fault.of_key else "text"
    return f"the {what} is empty; complete or remove it"


def _unknown(fault: _Fault, shown: str, choices: Sequence[str]) -> str:
    """The message for a value that is not one of the choices."""
    if not isinstance(fault.actual, str):
        return f"{shown} is not allowed here; {suggestion(str(fault.actual), choices)}"
    what = "rule" if choices[0] in RULE_NAMES else "value"
    return f"unknown {what} {short_name(fault.actual)}; {suggestion(fault.actual, choices)}"


def _pattern_message(pattern: str, text: str, shown: str) -> str:
    name = short_name(text)
    if pattern == _LAYOUT:
        return f"unknown layout {name}; {suggestion(text, BUNDLED)}"
    if pattern == _CASE:
        return f"{name} is not a case; {suggestion(text, CASES)}"
    if pattern == _CONVENTION:
        expression = "" if nearest(text, CASES) else ", or a regular expression between slashes"
        return f"{name} is not a case; {suggestion(text, CASES)}{expression}"
    if pattern == _CHILD:
        return (
            f"`{text}` is a setting; write it under `.:`, as in `.: {{{text}: …}}`. "
            f"For a file of this name, write `\\{text}`"
        )
    return f"{shown} is not valid; {_form(pattern)}"


def _form(pattern: str) -> str:
    examples = {
        "^[0-9]{4}": "write a date such as `2027-01-31`",
        "^[0-9]{1,5}": "write a port such as `8000` or `53/udp`, or a range such as `8001-8099`",
        "^[0-9]{1,9}-": "write a number without quotes, such as `3`, or a range such as `2-10` or `2-`",
        "^[0-9]{1,9}(": 'write a version in quotes, such as `"0.1"`',
        "^[A-Za-z]": "a placeholder's name is a letter, then up to 99 letters, digits, `-` and `_`",
    }
    return next(form for start, form in examples.items() if pattern.startswith(start))


def _type_message(fault: _Fault, node: Node) -> str:
    kinds = [fault.wanted] if isinstance(fault.wanted, str) else fault.wanted
    whole = not fault.path
    choices = [_KINDS[kind] for kind in kinds]
    expected = choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"
    message = f"expected {expected}, found {_shown(node)}"
    if isinstance(node, TextNode) and node.plain and node.text and "string" in kinds:
        right = re.fullmatch(fault.schema.get("pattern", ".*"), node.text)
        return f'{message}; quote it: `"{node.text}"`' if right else message
    if isinstance(node, TextNode) and kinds == ["array"] and value(node) is not None:
        return f"{message}; write {short_name(f'[{node.text}]')}"
    if isinstance(node, TextNode) and "integer" in kinds and node.text.isdecimal():
        return f"{message}; remove the quotes"
    if isinstance(node, ListNode) and "object" in kinds and not whole:
        return f"{message}; write each item as a key, with a colon at the end"
    if whole:
        return f"{message}; a layout has keys such as `extends:` and `tree:`"
    return message


def _shown(node: Node) -> str:
    if isinstance(node, MapNode):
        return "a mapping"
    if isinstance(node, ListNode):
        return "a list"
    data = value(node)
    if data is None:
        return "nothing"
    if isinstance(data, str):
        return f"the text {short_name(data)}"
    return f"the number {short_name(node.text)}" if not isinstance(data, bool) else in_backticks(node.text)
