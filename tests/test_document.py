"""YAML as 1.2 has it, with positions; whatever the bytes, one clear error with a place or a value."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structlint.document import Mapping, Scalar, Sequence, parse, value
from structlint.errors import LayoutError


def read(text: str | bytes) -> object:
    return value(parse(text if isinstance(text, bytes) else text.encode(), "f.yaml"))


def wrong(text: str | bytes) -> list[str]:
    with pytest.raises(LayoutError) as caught:
        read(text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("a: no", "no"),
        ("a: on", "on"),
        ("a: 22:22", "22:22"),
        ("a: 014", 14),
        ("a: 0o14", 12),
        ("a: 0x1F", 31),
        ("a: 1_000", "1_000"),
        ("a: 3.10", 3.1),
        ("a: 1e3", 1000.0),
        ("a: .inf", float("inf")),
        ("a: 2026-11-20", "2026-11-20"),
        ("a: 2026-13-45", "2026-13-45"),
        ("a: true", True),
        ("a: False", False),
        ("a: yes", "yes"),
        ("a: ~", None),
        ("a:", None),
        ("a: '1'", "1"),
        ("a: ! 1", "1"),
        ("a: =", "="),
        ("a: |\n  x\n", "x\n"),
        ("a: [1, b, {c: d}]", [1, "b", {"c": "d"}]),
        ("a: &x [1]", [1]),
    ],
)
def test_values_are_those_of_yaml_1_2(text: str, read_as: object) -> None:
    assert read(text) == {"a": read_as}


@pytest.mark.parametrize(
    "key", ["no/", "on", "1.0/", "22:22", "01", "null", "true", "~", "docs/?", "a | b", "<x>.py"]
)
def test_keys_stay_as_they_are_written(key: str) -> None:
    assert read(f"{key}: 1") == {key: 1}


def test_aliases_stand_for_their_anchors() -> None:
    assert read("a: &x {b: 1}\nc: *x\n") == {"a": {"b": 1}, "c": {"b": 1}}


def test_every_node_has_its_place() -> None:
    node = parse("a: 1\nb:\n  - x\n  - é: y\n".encode(), "f.yaml")
    assert isinstance(node, Mapping)
    (first, one), (second, items) = node.items
    assert (first.line, first.column, one.line, one.column) == (1, 1, 1, 4)
    assert (second.line, items.line, items.column) == (2, 3, 3)
    assert isinstance(items, Sequence)
    last = items.items[1]
    assert isinstance(last, Mapping)
    assert last.items[0][1] == Scalar("y", True, 4, 8)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_are_counted_whatever_ends_them(end: str) -> None:
    assert wrong(f"a: 1{end}b: 2{end}a: 3{end}") == ["f.yaml:3:1: the key a stands in line 1 already"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1: the layout is empty"),
        ("# only this\n", "1:1: the layout is empty"),
        ("---\n", "2:1: the layout is empty"),
        ("a: 1\n---\nb: 2\n", "2:1: a second document begins here; a layout is one document"),
        ("a: 1\na: 2\n", "2:1: the key a stands in line 1 already"),
        ("a:\n\tb: 1\n", "2:1: tab in the indentation; use spaces"),
        ("a: [1, 2\nb: 3\n", "2:2: what is opened at 1:4 is not closed before here"),
        ("a: {b: 1\n", "2:1: what is opened at 1:4 is not closed before here"),
        ('a: "x\n', "2:1: what is opened at 1:4 is not closed before here"),
        ("*.py: sources\n", '1:1: YAML reads * at the beginning in its own way; quote it: "*.py"'),
        ("tree:\n  src/:\n    */?:\n", '3:5: YAML reads * at the beginning in its own way; quote it: "*/?"'),
        ("**/:\n", '1:1: YAML reads * at the beginning in its own way; quote it: "**/"'),
        ("@scope/: x\n", '1:1: YAML reads @ at the beginning in its own way; quote it: "@scope/"'),
        ("`x`: x\n", '1:1: YAML reads ` at the beginning in its own way; quote it: "`x`"'),
        ("%x: x\n", '1:1: YAML reads % at the beginning in its own way; quote it: "%x"'),
        ("a:\n  [id]/: x\n", '2:3: YAML reads [ at the beginning in its own way; quote it: "[id]/"'),
        ("{{slug}}/: x\n", '1:1: YAML reads { at the beginning in its own way; quote it: "{{slug}}/"'),
        ("!x/: y\n", '1:1: YAML reads ! at the beginning in its own way; quote it: "!x/"'),
        ("a: *x\n", "1:4: there is no anchor &x before this alias"),
        ("a: &x [*x]\n", "1:8: the alias *x stands inside what it stands for"),
        ("a: !!python/object/apply:os.system [id]\n", "1:4: the tag "),
        ("<<: {a: 1}\n", "1:1: `<<` merges nothing in YAML 1.2; share parts of a layout with `extends:`"),
        ("a: b: c\n", "1:5: a `: ` inside a value, or a line indented too far; quote the value"),
        ("a: 1\n b: 2\n", "2:3: a `: ` inside a value, or a line indented too far; quote the value"),
        ("a: 1\nbc\n", "3:1: this is neither `key:` nor `- item`; a key ends in a colon"),
        ("? [a]\n: b\n", "1:3: a key must be text; quote it"),
        (f"a: {'9' * 5000}\n", "1:4: the number 999999999…999999999 is too long"),
        ('a: "\\0"\n', r'1:4: holds the control character "\x00"; take it out'),
        ("a: 1\n<<<<<<< ours\nb: 1\n", "2:1: merge conflict markers at line 2; resolve the conflict"),
    ],
)
def test_errors_say_where_and_what(text: str, message: str) -> None:
    (told,) = wrong(text)
    assert told.startswith(f"f.yaml:{message}")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a: 1".encode("utf-16"), "1:1: this is UTF-16 or UTF-32; save it as UTF-8"),
        (b"a: 1\nb: caf\xe9\n", "2:7: this byte is not UTF-8; save the file as UTF-8"),
        (b"a: 1\nb: \x1b[0m\n", '2:4: the control character "\\x1b"; take it out'),
        (b"a: \0", '1:4: the control character "\\x00"; take it out'),
        (b"#" * (1 << 20) + b"\na: 1", "1:1: larger than 1 MiB; a layout is a short text"),
    ],
)
def test_bytes_that_are_no_yaml(data: bytes, message: str) -> None:
    assert wrong(data) == [f"f.yaml:{message}"]


def test_a_byte_order_mark_is_no_part_of_a_key() -> None:
    assert read(b"\xef\xbb\xbfa: 1") == {"a": 1}


@pytest.mark.parametrize(
    "bomb",
    [
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)),
        "[" * 100_000,
        "a: " + "{a: " * 5_000,
        "".join(f"{'  ' * n}a:\n" for n in range(300)),
        "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 200)),
    ],
    ids=["aliases", "flow", "mappings", "block", "deep aliases"],
)
def test_bombs_do_not_go_off(bomb: str) -> None:
    (told,) = wrong(bomb)
    assert "nested deeper than 64 levels" in told or "aliases expanded" in told


_VALID = b"""extends: base
names: {service: kebab-case, env: [a, 'b', "c"]}
tree:
  README.md: &x Start here
  "*.py?": *x
  services/:
    <service>/: {.: {about: x, needs: [y]}, src/: , tests/: }
limits: {root-files: 20}
"""


def test_whatever_the_bytes_only_layout_errors_come_out() -> None:
    random.seed(20)
    alphabet = b"\t\n\r -:?[]{}#&*!|>'\"%@`<\\\x00\x1b\x85\xc2\xa0\xff\xef\xbb\xbf0aA,.~="
    for _ in range(4_000):
        data = bytearray(_VALID)
        for _ in range(random.randint(1, 6)):
            at = random.randrange(len(data))
            data[at : at + random.randint(0, 3)] = bytes(random.choices(alphabet, k=random.randint(0, 3)))
        _reads_or_tells(bytes(data))


@given(st.binary(max_size=60) | st.text("ab:-?[]{}#&*!|>'\"%@`\n\t ", max_size=60).map(str.encode))
def test_any_bytes(data: bytes) -> None:
    _reads_or_tells(data)


def _reads_or_tells(data: bytes) -> None:
    try:
        read(data)
    except LayoutError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.line >= 1 <= problem.column
            assert problem.message and "\n" not in str(problem)
