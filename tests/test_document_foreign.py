"""The YAML reader for files of other programs: multiple documents, tags, merge keys and errors."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
import yaml
from effort import limit_calls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables import table

from structlint.errors import LayoutError
from structlint.yaml_nodes import (
    MOST_DEPTH,
    MOST_EXPANDED,
    MOST_YAML_BYTES,
    ListNode,
    MapNode,
    Node,
    TextNode,
    parse_foreign,
    value,
)

# Each property test uses the same parser for all of its examples.
property_settings = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(params=["libyaml", "pure"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "pure":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("requires PyYAML with libyaml")
    return str(request.param)


def nodes(text: str | bytes) -> tuple[Node, ...]:
    return parse_foreign(text if isinstance(text, bytes) else text.encode(), "f")


def read(text: str | bytes) -> list[object]:
    return [value(node) for node in nodes(text)]


def errors_of(text: str | bytes) -> list[str]:
    with pytest.raises(LayoutError) as caught:
        nodes(text)
    return [str(each) for each in caught.value.problems]


def descendants(node: Node) -> Iterator[Node]:
    """A node and all of its descendants, including keys."""
    yield node
    if isinstance(node, ListNode):
        for each in node.items:
            yield from descendants(each)
    elif isinstance(node, MapNode):
        for key, each in node.items:
            yield from (key, *descendants(each))


# --- Documents

DOCUMENTS: list[tuple[str, str | bytes, list[object]]] = [
    ("none", "", []),
    ("only a comment", "# x\n\n# y\n", []),
    ("one", "a: 1", [{"a": 1}]),
    ("one empty document", "---", [None]),
    ("several empty documents", "---\n---\n# x\n---\n...\n", [None, None, None]),
    ("several", "a: 1\n---\n- 2\n---\nthree\n", [{"a": 1}, [2], "three"]),
    ("content on the line of `---`", "--- {a: 1}\n--- '2'\n--- >\n x\n", [{"a": 1}, "2", "x\n"]),
    ("with `...` and comments", "# x\n--- # y\na: 1\n... # z\n# zz\n---\nb: 2\n...\n", [{"a": 1}, {"b": 2}]),
    ("with directives", "%YAML 1.2\n---\na: 1\n...\n%YAML 1.1\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
    (
        "`---` in a text",
        "a: |\n  ---\n  b\n---\nc: '\n  --- x'\n",
        [{"a": "---\nb\n"}, {"c": " --- x"}],
    ),
    (
        "after a byte order mark",
        b"\xef\xbb\xbfa: 1\r\n---\r\nb: |\r\n  c\r\n  d\r\n",
        [{"a": 1}, {"b": "c\nd\n"}],
    ),
    ("CRLF", "a:\r\n- 1\r\n- b: 2\r\n", [{"a": [1, {"b": 2}]}]),
    ("CR", "a:\r- 1\r- 2\r", [{"a": [1, 2]}]),
    ("JSON", '{"a":1,"b":[true,null,{"c":"\\u00e9\\/"}]}', [{"a": 1, "b": [True, None, {"c": "é/"}]}]),
]


@table(("text", "values"), [each[1:] for each in DOCUMENTS], ids=[each[0] for each in DOCUMENTS])
def test_documents(text: str | bytes, values: list[object]) -> None:
    assert read(text) == values


def test_locations_in_several_documents() -> None:
    text = b"\xef\xbb\xbfa: 1\r\n---\r\n# x\r\n- b: 'c'\r\n  d:\r\n"
    assert [
        (type(each).__name__, each.line, each.column) for node in nodes(text) for each in descendants(node)
    ] == [
        ("MapNode", 1, 1),
        ("TextNode", 1, 1),
        ("TextNode", 1, 4),
        ("ListNode", 4, 1),
        ("MapNode", 4, 3),
        ("TextNode", 4, 3),
        ("TextNode", 4, 6),
        ("TextNode", 5, 3),
        ("TextNode", 5, 3),  # an empty value has the location of its key
    ]


# --- Values

VALUES: list[tuple[str, object]] = [
    ("80", 80),
    ("!!str 80", "80"),
    ("!!str", ""),
    ("!<tag:yaml.org,2002:str> 80", "80"),
    ('"80"', "80"),
    ("'80'", "80"),
    ("!!int '80'", "80"),
    ("~", None),
    ("", None),
    ("null", None),
    ("!!null ''", ""),
    ("!!str ~", "~"),
    ("yes", "yes"),
    ("0o17", 15),
    ("22:22", "22:22"),
    ("2026-11-21", "2026-11-21"),
    ("!!python/object/apply:os.system [x]", ["x"]),
    ("!!binary aGk=", "aGk="),
    ("!!set {a, b}", {"a": None, "b": None}),
    ("!!timestamp x", "x"),
    ("1" * 5000, "1" * 5000),
    ('"a\\tb\\x07"', "a\tb\a"),
    ("a?", "a?"),
    ("[a?, b]", ["a?", "b"]),
]


@table(("text", "expected"), VALUES, ids=[each[0][:30] or "empty" for each in VALUES])
def test_values(text: str, expected: object) -> None:
    assert read(f"a: {text}") == [{"a": expected}]


TAGS = [
    ("a: !reset", "!reset"),
    ("a: !reset null", "!reset"),
    ("a: !override [1]", "!override"),
    ("a: !Ref x", "!Ref"),
    ("a: !Sub\n- x\n- {b: 1}", "!Sub"),
    ("a: !vault |\n  x\n", "!vault"),
    ("a: !!str 80", "tag:yaml.org,2002:str"),
    ("%TAG !e! tag:example.org,1:\n---\na: !e!x 1", "tag:example.org,1:x"),
    ("a: &b !x 1", "!x"),
    ("a: !x &b 1", "!x"),
    ("b: &b !x {c: 1}\na: *b", "!x"),
    ("a: 1", ""),
]


@table(("text", "tag"), TAGS, ids=[each[0].replace("\n", " ") for each in TAGS])
def test_tags(text: str, tag: str) -> None:
    (root,) = nodes(text)
    assert isinstance(root, MapNode)
    found = root.get("a")
    assert found is not None
    assert found.tag == tag


KEYS: list[tuple[str, object]] = [
    ("a b: 1", {"a b": 1}),
    ("'a': 1", {"a": 1}),
    ('"\\u0061": 1', {"a": 1}),
    ("80: 1", {"80": 1}),
    ("1.0: 1", {"1.0": 1}),
    ("true: 1", {"true": 1}),
    ("~: 1", {"~": 1}),
    ("on: 1", {"on": 1}),
    ("'': 1", {"": 1}),
    ("? a\n: 1", {"a": 1}),
    ("? a", {"a": None}),
    ("? |\n  a\n: 1", {"a\n": 1}),
    ("{a, b: 1}", {"a": None, "b": 1}),
    ("&k a: 1", {"a": 1}),
    ("&k a: 1\nb: *k", {"a": 1, "b": "a"}),
    ("a: &k x\n*k : 1", {"a": "x", "x": 1}),
    ("!!str 80: 1", {"80": 1}),
    ("!x &k a: 1\nb: *k", {"a": 1, "b": "a"}),
    ("!!merge <<: {a: 1}", {"a": 1}),
    ("!!str <<: {a: 1}", {"<<": {"a": 1}}),
]


@table(("text", "expected"), KEYS, ids=[each[0].replace("\n", " ") for each in KEYS])
def test_keys(text: str, expected: object) -> None:
    assert read(text) == [expected]


# --- Anchors and merge keys

MERGE_KEYS: list[tuple[str, str, object]] = [
    ("one", "{<<: {a: 1, b: 2}, c: 3}", {"a": 1, "b": 2, "c": 3}),
    ("an alias", "[&x {a: 1}, {<<: *x}]", [{"a": 1}, {"a": 1}]),
    ("own keys win, before it", "{a: 0, <<: {a: 1, b: 2}}", {"b": 2, "a": 0}),
    ("own keys win, after it", "{<<: {a: 1, b: 2}, a: 0}", {"b": 2, "a": 0}),
    ("own empty value wins", "{<<: {a: 1}, a: ~}", {"a": None}),
    ("a list", "{<<: [{a: 1}, {b: 2}], c: 3}", {"a": 1, "b": 2, "c": 3}),
    ("earlier mapping in a list wins", "{<<: [{a: 1}, {a: 2, b: 2}]}", {"a": 1, "b": 2}),
    ("an empty list", "{<<: [], a: 1}", {"a": 1}),
    ("an empty mapping", "{<<: {}, a: 1}", {"a": 1}),
    ("nested", "{<<: {<<: {a: 1, b: 1, c: 1}, b: 2, c: 2}, c: 3}", {"a": 1, "b": 2, "c": 3}),
    (
        "chains",
        "[&x {a: 1}, &y {<<: *x, b: 2}, {<<: *y, c: 3}]",
        [{"a": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}],
    ),
    ("not recursive", "{<<: {a: {b: 1}}, a: {c: 2}}", {"a": {"c": 2}}),
    ("twice", "{<<: {a: 1}, <<: {a: 2, b: 2}}", {"a": 1, "b": 2}),
    ("quoted, as an ordinary key", "{'<<': {a: 1}}", {"<<": {"a": 1}}),
    ("in a list", "[<<: {a: 1}]", [{"a": 1}]),
]


@table(("text", "expected"), [each[1:] for each in MERGE_KEYS], ids=[each[0] for each in MERGE_KEYS])
def test_merge_keys(text: str, expected: object) -> None:
    assert read(text) == [expected]


def test_merged_entries_keep_their_locations() -> None:
    (root,) = nodes("x: &x\n  a: 1\ny:\n  <<: *x\n  b: 2\n")
    assert isinstance(root, MapNode)
    merged = root.get("y")
    assert isinstance(merged, MapNode)
    assert {key.text: (key.line, each.line) for key, each in merged.items} == {"a": (2, 2), "b": (5, 5)}


def test_merge_order_is_the_same_as_in_pyyaml() -> None:
    text = "{z: 0, <<: [{a: 1, z: 2}, {c: 3, a: 4}], b: {<<: {a: 1}}}"
    theirs = yaml.safe_load(text)
    assert read(text) == [theirs]


ANCHORS: list[tuple[str, str, object]] = [
    ("redefined", "[&x 1, *x, &x 2, *x]", [1, 1, 2, 2]),
    ("empty value", "{a: &x , b: *x}", {"a": None, "b": None}),
    ("nested", "[&x [&y 1, 2], *x, *y]", [[1, 2], [1, 2], 1]),
    ("unusual names", "[&a-c_1 1, *a-c_1 ]", [1, 1]),
]


@pytest.mark.parametrize(
    ("text", "expected"), [each[1:] for each in ANCHORS], ids=[each[0] for each in ANCHORS]
)
def test_anchors(text: str, expected: object) -> None:
    assert read(text) == [expected]


# --- Errors

ERRORS: list[tuple[str, str | bytes, list[str]]] = [
    (
        "anchor of another document",
        "a: &x 1\n---\nb: *x",
        ['f:3:4: unknown anchor `&x`; if this is text, quote it: "*x"'],
    ),
    (
        "anchor defined later",
        "[*x, &x 1]",
        ['f:1:2: unknown anchor `&x`; if this is text, quote it: "*x"'],
    ),
    ("cycle", "&x [*x]", ["f:1:5: `*x` is inside its own anchor"]),
    ("cycle of merge keys", "a: &x\n  <<: *x", ["f:2:7: `*x` is inside its own anchor"]),
    ("duplicate key", "a: 1\nb: 2\na: 3", ["f:3:1: duplicate key `a`, first in line 1; remove one"]),
    (
        "duplicate key, in several documents",
        "a: 1\na: 2\n---\nb: 1\n'b': 2",
        [
            "f:2:1: duplicate key `a`, first in line 1; remove one",
            "f:5:1: duplicate key `b`, first in line 4; remove one",
        ],
    ),
    (
        "duplicate key, through an anchor",
        "&k a: 1\n*k : 2",
        ["f:2:1: duplicate key `a`, first in line 1; remove one"],
    ),
    ("merged text", "<<: x", ["f:1:1: `<<` takes a mapping, or a list of mappings"]),
    ("merged null", "a:\n  <<:", ["f:2:3: `<<` takes a mapping, or a list of mappings"]),
    ("merged list of texts", "<<: [{a: 1}, x]", ["f:1:1: `<<` takes a mapping, or a list of mappings"]),
    ("template", "a: {{ x }}", ['f:1:4: a text that begins with `{` needs quotes; quote it: "{{ x }}"']),
    ("list as a key", "? [a]\n: 1", ["f:1:3: a key must be text without an anchor or a tag; quote it"]),
    ("alias of a list as a key", "a: &x [1]\n*x : 2", ["f:2:1: a key must be text; `*x` is not"]),
    ("missing key", ": 1", ["f:1:1: missing key before the colon"]),
    ("UTF-16", "a: 1".encode("utf-16"), ["f:1:1: this is UTF-16; save it as UTF-8"]),
    (
        "UTF-16 without a byte order mark",
        "a: 1".encode("utf-16-be"),
        ["f:1:1: this is UTF-16; save it as UTF-8"],
    ),
    ("UTF-32", "a: 1".encode("utf-32"), ["f:1:1: this is UTF-32; save it as UTF-8"]),
    ("Latin-1", b"a: 1\nb: \xe9", ["f:2:4: the byte 0xe9 here is not UTF-8; save the file as UTF-8"]),
    ("NUL", b"a: 1\n\0", ["f:2:1: the character U+0000 is not allowed here; remove it"]),
    (
        "byte order mark in the middle",
        b"a: 1\n\xef\xbb\xbfb: 2",
        ["f:2:1: the character U+FEFF is not allowed here; remove it"],
    ),
    (
        "merge conflicts",
        "a: 1\n<<<<<<< x\nb: 2\n",
        ["f:2:1: merge conflict markers at line 2; resolve the conflict and remove them"],
    ),
    ("too large", b"#" * (MOST_YAML_BYTES + 1), ["f:1:1: larger than 1 MiB"]),
    ("tab", "a:\n\t- b", ["f:2:1: tab in indentation; use spaces"]),
    (
        "unclosed bracket",
        "a: [b\nc: 1\n",
        ["f:2:2: expected `,` or `]` here: the `[` opened at line 1, column 4 is not closed"],
    ),
    ("in the second document", "a: 1\n---\nb: 'c\n", ["f:3:4: this quote is never closed"]),
]


@table(("text", "messages"), [each[1:] for each in ERRORS], ids=[each[0] for each in ERRORS])
def test_errors(text: str | bytes, messages: list[str]) -> None:
    assert errors_of(text) == messages


@pytest.mark.parametrize(
    ("text", "place"),
    [("a: !q!x 1", "f:1:4: "), ("{a: 1}: 2", "f:1:1: "), ("a: 1\n... x\n", "f:2:5: "), ("a: *", "f:1:4: ")],
    ids=["undefined tag prefix", "mapping as a key", "text after the end", "alias without a name"],
)
def test_locations_of_errors(text: str, place: str) -> None:
    assert [each.startswith(place) for each in errors_of(text)] == [True]


def alias_bomb(levels: int, merged: bool = False) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]" if not merged else "a0: &a0 {x0: 1}"]
    for at in range(1, levels):
        items = ", ".join([f"*a{at - 1}"] * 10)
        lines.append(
            f"a{at}: &a{at} {{<<: [{items}], x{at}: [{items}]}}" if merged else f"a{at}: &a{at} [{items}]"
        )
    return "\n".join(lines)


LIMITS = [
    ("aliases", alias_bomb(9), f"the aliases expand to more than {MOST_EXPANDED:,} values"),
    (
        "merge keys",
        alias_bomb(9, merged=True),
        f"the aliases expand to more than {MOST_EXPANDED:,} values",
    ),
    (
        "aliases in several documents",
        "\n---\n".join([alias_bomb(4)] * 12),
        f"the aliases expand to more than {MOST_EXPANDED:,} values",
    ),
    ("nested lists", "[" * 100_000, f"nested deeper than {MOST_DEPTH} levels"),
    ("nested mappings", "{a: " * 50_000, f"nested deeper than {MOST_DEPTH} levels"),
    (
        "nested lists, one per line",
        "\n".join(" " * at + "-" for at in range(1000)),
        f"nested deeper than {MOST_DEPTH} levels",
    ),
    (
        "nested through aliases",
        "\n".join(["a0: &a0 [x]"] + [f"a{at}: &a{at} [*a{at - 1}]" for at in range(1, 70)]),
        f"nested deeper than {MOST_DEPTH} levels",
    ),
]


@pytest.mark.parametrize(("text", "message"), [each[1:] for each in LIMITS], ids=[each[0] for each in LIMITS])
def test_limits(text: str, message: str) -> None:
    with limit_calls(calls=1_000_000):
        assert message in errors_of(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "".join(
            f"k{at}: &a{at} {{<<: *a{at - 1}, k: {at}}}\n" if at else "k0: &a0 {k: 0}\n" for at in range(1000)
        ),
        "a: &a {b: 1, c: [d, e]}\n" + "".join(f"k{at}: {{<<: *a}}\n" for at in range(1500)),
        "---\na: 1\n" * 3000,
        "a: |\n" + "  {{ x }}\n" * 20_000,
    ],
    ids=["chain of merge keys", "many merge keys", "many documents", "long text"],
)
def test_documents_within_the_limits(text: str) -> None:
    assert read(text)


def test_empty_document_has_a_location() -> None:
    (node,) = nodes(b"---")
    assert (node.line, node.column) == (1, 3)


# --- Fuzzing

SINGLE = "*&!@`%[]{}:,'|#\\?~aé\n\t\"\0\x85\xa0\u2028\u202e\ufeff"
MARKS = "*a |&a |b: |- |? |> |<<: |!!str |!x |!q!x |!<x> |!<|{{a}}|\\ud800|\\U00110000|\\0|<<<<<<< "
LINES = "\n  |\r\n|---\n|...\n|%TAG ! x\n|%YAML 1.1\n"
FRAGMENTS = st.sampled_from([*SINGLE, *MARKS.split("|"), *LINES.split("|")])


@given(st.binary() | st.lists(FRAGMENTS, max_size=60).map(lambda parts: "".join(parts).encode()))
@settings(property_settings, max_examples=150)
def test_random_bytes_raise_only_layout_errors(data: bytes) -> None:
    lines = 1 + sum(data.count(end.encode()) for end in ("\n", "\r", "\x85", "\u2028", "\u2029"))
    try:
        found = [each for node in nodes(data) for each in descendants(node)]
    except LayoutError as error:
        assert error.problems
        for problem in error.problems:
            assert 1 <= problem.line <= lines
            assert 1 <= problem.column <= len(data) + 1
            assert not [
                each for each in problem.message if unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp")
            ]
    else:
        for each in found:
            assert isinstance(each, TextNode | ListNode | MapNode)
            assert 1 <= each.line <= lines


def test_both_parsers_give_the_same_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [each[0] for each in (*VALUES, *TAGS, *KEYS)] + [each[1] for each in (*MERGE_KEYS, *ANCHORS)]
    first = [nodes(text) for text in texts]
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert [nodes(text) for text in texts] == first
