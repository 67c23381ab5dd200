"""The YAML reader: YAML 1.2 with line numbers, and one located error for anything else, with both parsers."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from structlint.errors import LayoutError
from structlint.text.quoting import in_backticks, in_quotes
from structlint.yaml_nodes import MOST_YAML_BYTES, ListNode, MapNode, Node, TextNode, parse, value

LAYOUT = """\
# structlint.yaml
extends: microservices
names:
  service: kebab-case
  environment: [development, staging, "pro\\u0064uction"]
tree:
  README.md: Main project documentation
  docker-compose.yml | compose.yaml: &local Local development
  services/:
    .: 'All backend services'
    <service>/:
      Dockerfile?: {about: Container definition, needs: [.dockerignore, a?], "b": }
      package.json ^ requirements.txt: |
        Dependencies
          of all kinds
  "[id]/": *local
  ? x
  : >-
    8001-8099
belongs:
  "*.tf": infrastructure/terraform/
local: [.env, '!.venv/']
"""

# Each property test uses the same parser for all of its examples.
property_settings = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(params=["libyaml", "pure"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "pure":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("requires PyYAML with libyaml")
    return str(request.param)


def read(text: str) -> object:
    return value(parse(text.encode(), "f"))


def errors_of(data: str | bytes) -> list[str]:
    with pytest.raises(LayoutError) as caught:
        parse(data if isinstance(data, bytes) else data.encode(), "f")
    return str(caught.value).split("\n")


# --- Valid documents


def describe(node: Node) -> Iterator[str]:
    """Describes the nodes in document order, each with its location."""
    place = f"{node.line}:{node.column}"
    if isinstance(node, TextNode):
        yield f"{place} {node.text!r}{'' if node.plain else ' not plain'}"
    elif isinstance(node, ListNode):
        yield f"{place} list"
        for each in node.items:
            yield from describe(each)
    else:
        yield f"{place} mapping"
        for key, each in node.items:
            yield from (*describe(key), *describe(each))


def test_nodes_have_locations() -> None:
    text = "a:\n  - b: 'c'\n    \"d\": |\n      e\n  - {f: [g, é, h]}\ni:\nj: &k l\nm: *k\n"
    assert list(describe(parse(text.encode(), "f"))) == [
        "1:1 mapping",
        "1:1 'a'",
        "2:3 list",
        "2:5 mapping",
        "2:5 'b'",
        "2:8 'c' not plain",
        "3:5 'd' not plain",
        "3:10 'e\\n' not plain",
        "5:5 mapping",
        "5:6 'f'",
        "5:9 list",
        "5:10 'g'",
        "5:13 'é'",
        "5:16 'h'",
        "6:1 'i'",
        "6:1 ''",  # an empty value has the location of its key
        "7:1 'j'",
        "7:4 'l'",  # starts at its anchor
        "8:1 'm'",
        "7:4 'l'",
    ]


def test_get_value_by_key() -> None:
    root = parse(b"a: 1\nb: 2", "f")
    assert isinstance(root, MapNode)
    assert root.get("b") == TextNode("2", True, 2, 4)
    assert root.get("c") is None


KEYS = "no/  on  yes  1.0/  014  0x1F  22:22  ~  null  2026-11-20  .  =  <service>/  a | b  a ^ b?  (group)/"
MORE_KEYS = r"test_<m>.py  k8s/?  -x  a]  \*  日本/"


@pytest.mark.parametrize("key", [*KEYS.split("  "), *MORE_KEYS.split("  "), "1" * 500])
def test_keys_are_not_converted(key: str) -> None:
    assert read(f"{key}: x") == {key: "x"}
    assert read(f"- {key}:") == [{key: None}]


@pytest.mark.parametrize("key", ["Makefile?", "src/?", "a|b?", "22:22", "<service>/?"])
def test_keys_in_flow_collections_without_quotes(key: str) -> None:
    assert read(f"x: {{{key}: y, b: [{key}]}}") == {"x": {key: "y", "b": [key]}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("nUll", "nUll"),
        ("true", True),
        ("FALSE", False),
        ("no", "no"),
        ("NO", "NO"),
        ("on", "on"),
        ("Off", "Off"),
        ("yes", "yes"),
        ("y", "y"),
        ("0", 0),
        ("-12", -12),
        ("+12", 12),
        ("014", 14),
        ("0o14", 12),
        ("0x1F", 31),
        ("-0x1F", "-0x1F"),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("22:22", "22:22"),
        ("1:2:3", "1:2:3"),
        ("20:30:40.5", "20:30:40.5"),
        ("8001-8099", "8001-8099"),
        ("3.10", 3.1),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("1.5e-3", 0.0015),
        (".", "."),
        ("1.2.3", "1.2.3"),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("+.Inf", math.inf),
        (".iNF", ".iNF"),
        ("inf", "inf"),
        ("nan", "nan"),
        ("2026-11-20", "2026-11-20"),
        ("2026-13-45", "2026-13-45"),
        ("<<", "<<"),
        ("=", "="),
        ("٣", "٣"),
        ("'1'", "1"),
        ('"true"', "true"),
        ("''", ""),
        ("|\n  1", "1"),
        (">-\n  ~", "~"),
        ("a\n  b", "a b"),
        ("9" * 100, int("9" * 100)),
        ("1" * 100 + "x", "1" * 100 + "x"),
        ("http://x/#y", "http://x/#y"),
        ("{}", {}),
        ("[a, {b: c}]", ["a", {"b": "c"}]),
    ],
)
def test_values_follow_the_core_schema(text: str, expected: object) -> None:
    found = read(f"key: {text}")
    assert found == {"key": expected}
    assert isinstance(found, dict)
    assert type(found["key"]) is type(expected)


def test_nan_is_a_float() -> None:
    found = read(".nan")
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ufeffa: 1", {"a": 1}),
        ("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}),
        ("--- a", "a"),
        ("? a\n: b", {"a": "b"}),
        ('"<<": a', {"<<": "a"}),
        ("a: &x {b: [1]}\nc: *x\nd: [*x, *x]", {"a": {"b": [1]}, "c": {"b": [1]}, "d": [{"b": [1]}] * 2}),
        ("a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}),
        ('"\\t\\n\\u00e9\\U0001F6E0\\x41": 1', {"\t\né🛠A": 1}),
        ("a: '\ue000'\nb?: \"\\uE001\"", {"a": "\ue000", "b?": "\ue001"}),
    ],
)
def test_other_yaml_syntax(text: str, expected: object) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_line_endings_count_once(end: str) -> None:
    text = "a: b\n\nc:\n  d: e\n# f\ng: [h,\n  i]"
    nodes = parse(text.encode(), "f")
    assert parse(text.replace("\n", end).encode(), "f") == nodes
    assert errors_of((text + "\n@j: k\n").replace("\n", end))[0].startswith("f:8:1: ")
    assert errors_of((text + "\nl: \x07").replace("\n", end))[0].startswith("f:8:4: ")
    assert errors_of((text + "\n>>>>>>> m").replace("\n", end))[0].startswith("f:8:1: ")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
@property_settings
def test_suggested_quoting_is_correct(text: str) -> None:
    assert read(f"{in_quotes(text)}: {in_quotes(text)}") == {text: text}


# --- Errors

NEEDS = "a text that begins with {} needs quotes; quote it: {}"


STARS = r'*.py  */  */?  **/  *  *foo  *.test.{ts,tsx}  *.py | *.pyi  *"\  *日/'
BRACKETS = (
    "[id]/  [id]  [id].tsx?  [[...opt]]/  [*]  {{slug}}/  {{slug}}  {{ cookiecutter.slug }}.py  {a,b}.py"
)
OTHERS = "@scope/  @a  &foo/  &foo  &foo?  &a b  %a/  %a  `a`  |a  >x"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{}: sources", "1:1"),
        ("tree:\n  {}: sources\n", "2:3"),
        ("tree:\n  {}:\n    b:\n", "2:3"),
        ("tree:\n  a: b\n  {} : c\n  d: e\n", "3:3"),
        ("- {}: a\n", "1:3"),
        ("a:\n  b:\n    c:\n  {}: {{}}", "4:3"),
    ],
)
def test_key_requires_quotes(text: str, place: str) -> None:
    for key in f"{STARS}  {BRACKETS}  {OTHERS}".split("  "):
        message = NEEDS.format(in_backticks(key[0]), in_quotes(key))
        assert errors_of(text.format(key)) == [f"f:{place}: {message}"], key


@pytest.mark.parametrize("key", ["!important.md", "!foo/", "!", "!a b", "!!x", "!<a>/", "!a!b/"])
@pytest.mark.parametrize("text", ["{}: x", "{}:\n  a: b", "{}:\nb:"])
def test_key_begins_with_exclamation_mark(key: str, text: str) -> None:
    message = (
        f"tags such as `{key.split()[0]}` are not supported; if this is text, quote it: {in_quotes(key)}"
    )
    assert errors_of("tree:\n  " + text.replace("\n", "\n  ").format(key)) == [f"f:2:3: {message}"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exclude: [*.pyc, b]", "1:11: " + NEEDS.format(in_backticks("*"), '"*.pyc"')),
        ("exclude: [\n  *.pyc,\n]", "2:3: " + NEEDS.format(in_backticks("*"), '"*.pyc"')),
        ("- [*.pyc]", "1:4: " + NEEDS.format(in_backticks("*"), '"*.pyc"')),
        ("a: {*.py: x}", "1:5: " + NEEDS.format(in_backticks("*"), '"*.py"')),
        ("a: [b, [e]: f]", "1:8: " + NEEDS.format(in_backticks("["), '"[e]"')),
        ("exclude:\n  - *.pyc  # compiled", "2:5: " + NEEDS.format(in_backticks("*"), '"*.pyc"')),
        ("a: *b*  text # c", "1:4: " + NEEDS.format(in_backticks("*"), '"*b*  text"')),
        ("a: @team owns", "1:4: " + NEEDS.format(in_backticks("@"), '"@team owns"')),
        ("a: `b`", "1:4: " + NEEDS.format(in_backticks("`"), '"`b`"')),
        ("a: %b", "1:4: " + NEEDS.format(in_backticks("%"), '"%b"')),
        ("a: |b | c", "1:4: " + NEEDS.format(in_backticks("|"), '"|b | c"')),
        ("a: ,b", "1:4: " + NEEDS.format(in_backticks(","), '",b"')),
        ("a: ]", "1:4: " + NEEDS.format(in_backticks("]"), '"]"')),
        ("a: {{b}}/c", "1:4: " + NEEDS.format(in_backticks("{"), '"{{b}}/c"')),
        ("a: ? b", "1:4: " + NEEDS.format(in_backticks("?"), '"? b"')),
        ("a: - b", '1:4: a list begins on a line of its own; if this is text, quote it: "- b"'),
        ("a: *b c", '1:4: unknown anchor `&b`; if this is text, quote it: "*b c"'),
        ("a: [b, *c]", '1:8: unknown anchor `&c`; if this is text, quote it: "*c"'),
        ("a: [.env, !.x]", '1:11: tags such as `!.x` are not supported; if this is text, quote it: "!.x"'),
        ("a:\n  - !.x\n", '2:5: tags such as `!.x` are not supported; if this is text, quote it: "!.x"'),
        ("a: !!int 3", '1:4: tags such as `!!int` are not supported; if this is text, quote it: "!!int 3"'),
        ("a: !b!c 3", '1:4: tags such as `!b!c` are not supported; if this is text, quote it: "!b!c 3"'),
        ("a: &b !c d", "1:4: tags are not supported; remove it"),
        ("? !a b\n: c", "1:3: a key must be text without an anchor or a tag; quote it"),
        ("? [a,\n  b]\n: c", "1:3: a key must be text without an anchor or a tag; quote it"),
        (
            "a: !!python/object/apply:os.system [id]",
            "1:4: tags such as `!!python/object/apply:os.system` are not supported; "
            'if this is text, quote it: "!!python/object/apply:os.system [id]"',
        ),
        ("@" + "x" * 500, "1:1: a text that begins with `@` needs quotes; quote it"),
        ("a: @\u202eb\u200b", "1:4: " + NEEDS.format(in_backticks("@"), r'"@\u202eb\u200b"')),
    ],
)
def test_value_requires_quotes(text: str, message: str) -> None:
    assert errors_of(text) == [f"f:{message}"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: Fix: this", '1:4: a text that contains a colon and a space needs quotes; quote it: "Fix: this"'),
        ("- a: b: c", '1:6: a text that contains a colon and a space needs quotes; quote it: "b: c"'),
        ("tree:\n  README.md\n  src/:\n", "2:3: expected `README.md:` (keys end with a colon and a space)"),
        ("tree:\n  src/:\n  README.md\n", "3:3: expected `README.md:` (keys end with a colon and a space)"),
        ("a: 1\nREADME.md:Main\nb: 2", "2:1: expected `README.md:Main:` (keys end with a colon and a space)"),
        ("a: 1\n b: 2", "2:2: indented deeper than line 1, which already has a value"),
        ("a: Main\n    src/:\n", "2:5: indented deeper than line 1, which already has a value"),
        (
            "a:\n    b: 1\n  c: 2",
            "3:3: the indentation matches no line above; indent lines that belong together alike",
        ),
        ("a: b\n- c", "2:1: a list entry among keys; indent lines that belong together alike"),
        ("- a\nb: c", "2:1: expected an entry of the list; begin it with `- `, or change the indentation"),
        ("'a\n b': c", "2:4: a key must be on one line; this one begins at line 1"),
        ("a::: b\n: c:: d :: e", "2:1: missing key before the colon"),
        (": a", "1:1: missing key before the colon"),
        ("a: 1\n? \n: b", "2:2: missing key before the colon"),
        ("[a: b: c]", "1:6: expected `,` or `]` here: the `[` opened at line 1, column 1 is not closed"),
        ("a:\n\tb: 1", "2:1: tab in indentation; use spaces"),
        ("a: b\n\tc: 1", "2:1: tab in indentation; use spaces"),
        ("a:\n  b: 1\n  \tc: 1", "3:3: tab in indentation; use spaces"),
        ("a:\n  - b\n\t- c", "3:1: tab in indentation; use spaces"),
        ("-\ta: 1", "1:2: tab in indentation; use spaces"),
        ("a: |\n\tb", "2:1: tab in indentation; use spaces"),
        ("a: [1, 2\nb: 3", "2:2: expected `,` or `]` here: the `[` opened at line 1, column 4 is not closed"),
        ("a: {b: 1\nc: 3", "2:2: expected `,` or `}` here: the `{` opened at line 1, column 4 is not closed"),
        (
            "a: &b [1 2: 3\n4: 5]",
            "2:2: expected `,` or `]` here: the `[` opened at line 1, column 7 is not closed",
        ),
        (
            "a: [\n  'b'c\n]",
            "2:6: expected `,` or `]` here: the `[` opened at line 1, column 4 is not closed",
        ),
        ("a: [1, 2", "1:4: this `[` is never closed"),
        ("a: [1,\n\n# b\n\n", "1:4: this `[` is never closed"),
        ("a: {b: [1, 2]\n", "1:4: this `{` is never closed"),
        ("a: [b, {c: d]", "1:8: this `{` is never closed"),
        ("a: [1,,2]", "1:7: nothing before this `,`; remove it, or add a value"),
        ("a: }\n", "1:4: " + NEEDS.format(in_backticks("}"), '"}"')),
        ("{a: b}}", "1:7: this `}` closes nothing"),
        ('a: "b\nc: d', "1:4: this quote is never closed"),
        ("'a: b\nc: d\n", "1:1: this quote is never closed"),
        ('a: "b\n---\nc"', "1:4: this quote is never closed"),
        ('a: "b\nc: "d"\n', "2:5: the quote opened at line 1, column 4 is closed only here"),
        ("a: 'b' c", "1:4: text after a closing `'`; if all of it is text, quote it: \"'b' c\""),
        ("a: [b] c", '1:4: text after a closing `]`; if all of it is text, quote it: "[b] c"'),
        ("tree:\n  'a'/: b", '2:3: quotes go around the whole key; quote it: "a/"'),
        ('- "a" b: c', '1:3: quotes go around the whole key; quote it: "a b"'),
        ('a: "\\d+"', r"1:5: `\d` is not an escape; double the backslash, or use single quotes"),
        ("a: 1\n...\nb: 2", "3:1: text after the end of the layout"),
        ("%YAML 1.2\na: 1", "2:1: expected `---` before this"),
        ("a: 1\n---\nb: 2", "2:1: a second YAML document begins here; a layout is one document"),
        ("---\n---\n", "2:1: a second YAML document begins here; a layout is one document"),
        ("", "1:1: the layout is empty"),
        ("# a\n\n", "1:1: the layout is empty"),
        ("---\n", "1:1: the layout is empty"),
        ("\ufeff", "1:1: the layout is empty"),
        ("a: &b [*b]", "1:8: `*b` is inside its own anchor"),
        ("a: &b\n  c: {d: *b}", "2:10: `*b` is inside its own anchor"),
        ("<<: {a: b}", "1:1: merge keys are not supported; write the entries out, or use `extends`"),
        (
            "a: b\n<<<<<<< x\nc: d\n=======\nc: e\n>>>>>>> y\n",
            CONFLICT := "2:1: merge conflict markers at line 2",
        ),
        ("a: b\r\n<<<<<<<\r\n", CONFLICT),
        ("<<<<<<< x: y", "1:1: merge conflict markers at line 1"),
    ],
)
def test_syntax_errors_have_locations(text: str, message: str) -> None:
    found = errors_of(text)
    assert [each.removesuffix("; resolve the conflict and remove them") for each in found] == [f"f:{message}"]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            "a: 1\nb: 2\n'a': 3\n\"a\": 4",
            [
                "3:1: duplicate key `a`, first in line 1; remove one",
                "4:1: duplicate key `a`, first in line 1; remove one",
            ],
        ),
        ("a: {b: 1, b: 2}\nc:\n  b: 1", ["1:11: duplicate key `b`, first in line 1; remove one"]),
        ("1: a\n01: b\nyes: c\ntrue: d", []),
        (
            'a: "\\0"\n"\\x1b": b',
            [
                "1:4: the text contains the character U+0000; remove it",
                "2:1: the text contains the character U+001B; remove it",
            ],
        ),
        (
            "a: 1\na: 2\n@b: 3",
            [
                "2:1: duplicate key `a`, first in line 1; remove one",
                "3:1: " + NEEDS.format(in_backticks("@"), '"@b"'),
            ],
        ),
        ("a: " + "1" * 5000, ["1:4: a number of 5,000 characters; if this is text, quote it"]),
        ("a: 0x" + "f" * 99, ["1:4: a number of 101 characters; if this is text, quote it"]),
        ("a: 0." + "0" * 5000, ["1:4: a number of 5,002 characters; if this is text, quote it"]),
    ],
)
def test_independent_errors_are_reported_together(text: str, messages: list[str]) -> None:
    if messages:
        assert errors_of(text) == [f"f:{each}" for each in messages]
    else:
        assert read(text)


@pytest.mark.parametrize(
    "escape", ["\\ud800", "\\udfff", "\\ud83d\\ude00", "\\UFFFFFFFF", "\\U00110000", "\\x1"]
)
def test_invalid_character_escape(escape: str) -> None:
    (message,) = errors_of(f'a: b\nc: "x{escape}"')
    assert message.startswith("f:2:")
    assert message.endswith("the text contains an escape that is not a character; remove it")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: \xe9", "1:4: the byte 0xe9 here is not UTF-8; save the file as UTF-8"),
        ("é: b\nçà: ".encode() + b"\x80", "2:5: the byte 0x80 here is not UTF-8; save the file as UTF-8"),
        (b"a\xed\xa0\x80", "1:2: the byte 0xed here is not UTF-8; save the file as UTF-8"),
        ("a: 1".encode("utf-16"), "1:1: this is UTF-16; save it as UTF-8"),
        ("a: 1".encode("utf-16-be"), "1:1: this is UTF-16; save it as UTF-8"),
        ("a: 1".encode("utf-16-le"), "1:1: this is UTF-16; save it as UTF-8"),
        ("é".encode("utf-16"), "1:1: this is UTF-16; save it as UTF-8"),
        ("a: 1".encode("utf-32"), "1:1: this is UTF-32; save it as UTF-8"),
        ("a: 1".encode("utf-32-be"), "1:1: this is UTF-32; save it as UTF-8"),
        (b"a: b\nc: \0", "2:4: the character U+0000 is not allowed here; remove it"),
        (b"a: b\n\x1b[1m", "2:1: the character U+001B is not allowed here; remove it"),
        ("# \x9b".encode(), "1:3: the character U+009B is not allowed here; remove it"),
        ("a: \ufeff".encode(), "1:4: the character U+FEFF is not allowed here; remove it"),
        ("a: \uffff".encode(), "1:4: the character U+FFFF is not allowed here; remove it"),
        (b"#" * (MOST_YAML_BYTES + 1), "1:1: larger than 1 MiB, the limit for a layout"),
    ],
)
def test_encoding_errors_and_control_characters(data: bytes, message: str) -> None:
    assert errors_of(data) == [f"f:{message}"]


def test_maximum_size_is_accepted() -> None:
    assert parse(b"a: b\n" + b"#" * (MOST_YAML_BYTES - 5), "f")


# --- Limits

TOO_DEEP = "nested deeper than 64 levels"
TOO_MANY = "the aliases expand to more than 10,000 values"


def alias_bomb(levels: int) -> str:
    first = f"a0: &a0 [{', '.join('x' * 9)}]\n"
    return first + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, levels))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, f"1:65: {TOO_DEEP}"),
        ("- " * 100_000, f"1:129: {TOO_DEEP}"),
        ("".join(" " * i + "a:\n" for i in range(100)), f"65:65: {TOO_DEEP}"),
        (alias_bomb(9), f"5:10: {TOO_MANY}"),
        ("a: &a [" + "x, " * 5000 + "]\nb: [*a,\n *a]", f"3:2: {TOO_MANY}"),
        ("- &a0 [x]\n" + "".join(f"- &a{i} [*a{i - 1}]\n" for i in range(1, 100)), f"64:9: {TOO_DEEP}"),
        ("a: &a " + "[" * 40 + "]" * 40 + "\nb: " + "[" * 30 + "*a" + "]" * 30, f"2:34: {TOO_DEEP}"),
    ],
)
def test_limits_apply_before_nodes_are_built(text: str, message: str) -> None:
    assert errors_of(text) == [f"f:{message}"]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 64 + "]" * 64,
        "".join(" " * i + "a:\n" for i in range(64)),
        alias_bomb(4),
        "a: &a [" + "x, " * 4998 + "]\nb: *a\nc: *a",
    ],
)
def test_documents_within_the_limits(text: str) -> None:
    assert read(text)


# --- Fuzzing

FRAGMENTS = [*"*&!@`%[]{}:,'|#\\", "*a", "&a", "é", "\\ud800", "\\U00110000", "\\0", "{{a}}", "a?"]
SPACED = [
    ": ",
    "- ",
    "? ",
    "> ",
    " #",
    "<<: ",
    "&a ",
    "!!int ",
    "\n  ",
    "---\n",
    "...\n",
    "%TAG ! x\n",
    "<<<<<<< ",
]
CONTROLS = ["\n", "\r", "\r\n", "\t", '"', "\0", "\x85", "\xa0", "\u2028", "\u202e", "\ufeff", "1" * 200]
fragments = st.sampled_from(FRAGMENTS + SPACED + CONTROLS)


@st.composite
def damaged_layouts(draw: st.DrawFn) -> bytes:
    text = LAYOUT
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 12) | st.just(len(text)))
        text = text[:start] + draw(fragments | st.just("")) + text[end:]
    data = text.encode()
    at = draw(st.integers(0, len(data)))
    return data[:at] + draw(st.just(b"") | st.binary(max_size=2)) + data[at:]


def check_only_layout_errors(data: bytes) -> None:
    lines = 1 + sum(data.count(end.encode()) for end in ("\n", "\r", "\x85", "\u2028", "\u2029"))
    try:
        value(parse(data, "f"))
    except LayoutError as error:
        assert error.problems
        for problem in error.problems:
            assert 1 <= problem.line <= lines
            assert 1 <= problem.column <= len(data) + 1
            unseen = [
                each for each in problem.message if unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp")
            ]
            assert (problem.message, unseen) == (problem.message, [])


@given(st.binary() | st.lists(fragments | st.just("a")).map(lambda parts: "".join(parts).encode()))
@settings(property_settings, max_examples=150)
def test_random_bytes_raise_only_layout_errors(data: bytes) -> None:
    check_only_layout_errors(data)


@given(damaged_layouts())
@settings(property_settings, max_examples=150)
def test_damaged_layouts_raise_only_layout_errors(data: bytes) -> None:
    check_only_layout_errors(data)


def test_both_parsers_give_the_same_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = parse(LAYOUT.encode(), "f")
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert parse(LAYOUT.encode(), "f") == first


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\tb", {"a": "b"}),
        ("a: b\t\nc: d", {"a": "b", "c": "d"}),
        ("a: b\tc", {"a": "b\tc"}),
        ("a: b\t \n  c", {"a": "b c"}),
        ("- a\t# b\n- b", ["a", "b"]),
        ("[a,\n\tb ,\tc\td]", ["a", "b", "c\td"]),
        ("a\t: b", {"a": "b"}),
        ("a: {b:}", {"a": {"b": None}}),
        ("a: {b:, c: d}", {"a": {"b": None, "c": "d"}}),
    ],
)
def test_syntax_that_one_parser_rejects(text: str, expected: object) -> None:
    assert read(text) == expected


class FailingLoader(yaml.SafeLoader):
    """A libyaml that rejects every text after some events, with its own message."""

    accepted = 0

    def get_event(self) -> yaml.Event:
        self.accepted -= 1
        if self.accepted < 0:
            raise yaml.YAMLError("too much of a good thing")
        event: yaml.Event = super().get_event()  # type: ignore[no-untyped-call]
        return event


@pytest.mark.parametrize("parser", ["pure"], indirect=True)
@pytest.mark.parametrize("accepted", [0, 1, 2, 5, 40])
@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("a: [b, c]\nd: 'e'", []),
        ("a: b\na: c\n" + "b: [" * 20 + "]" * 20, ["f:2:1: duplicate key `a`, first in line 1; remove one"]),
        ("x:\n  " + "[" * 2000, [f"f:2:66: {TOO_DEEP}"]),
        (
            "a: b\n" + "- " * 100,
            ["f:2:1: a list entry among keys; indent lines that belong together alike"],
        ),
        ("a: [b,\nc", ["f:1:4: this `[` is never closed"]),
        ("a: 'b", ["f:1:4: this quote is never closed"]),
    ],
)
def test_errors_of_libyaml_are_not_passed_on(
    text: str, messages: list[str], accepted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FailingLoader, "accepted", accepted)
    monkeypatch.setattr(yaml, "CSafeLoader", FailingLoader, raising=False)
    if messages:
        assert errors_of(text) == messages
    else:
        assert read(text)
