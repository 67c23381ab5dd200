"""Simple YAML has the same nodes with and without PyYAML."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from tables import table

from structlint.errors import LayoutError
from structlint.yaml_nodes import MapNode, Node, TextNode, parse
from structlint.yaml_nodes.composer import Composer, with_either_parser
from structlint.yaml_nodes.simple import simple_nodes
from structlint.yaml_nodes.source import SourceText

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"```yaml[^\n]*\n(.*?)```", re.DOTALL)
PAGES = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("docs/rules/*.md"), *ROOT.glob("tests/cases/*.md")])
TEXTS = [
    *(path.read_text(encoding="utf-8") for path in (ROOT / "structlint.yaml", *ROOT.glob("layouts/*.yaml"))),
    *(block for page in PAGES for block in BLOCK.findall(page.read_text(encoding="utf-8"))),
]
PARTS = [
    *(
        "a",
        "b",
        "src/",
        "<x>",
        "a b",
        "1",
        "0x1",
        "~",
        "null",
        "<<",
        "_",
        '"a"',
        "'b'",
        '""',
        '"',
        "'",
        " ",
        "  ",
    ),
    *(
        "\n",
        "\n\n",
        "\n  ",
        "\n    ",
        "\t",
        "- ",
        "-",
        "...",
        "---",
        ".",
        "..",
        ",",
        ", ",
        ":",
        ": ",
        "#",
        " #",
    ),
    *(
        "{",
        "}",
        "[",
        "]",
        "x: {a: b}",
        "[a, b]",
        "*",
        "?",
        "|",
        "^",
        "&",
        "!",
        "%",
        "@",
        "=",
        "+",
        "(",
        ")",
        "<",
    ),
    *(">", "$", "/", "_a: ", "b: ", "c:\n", "- a\n", "k: \n", '"q": ', "a: 1\n", "b:\n  ", "b:\n- "),
]


def with_pyyaml(text: str) -> Node | None:
    """The nodes of a text that PyYAML reads; None if it is not valid."""
    try:
        return with_either_parser(lambda fast: Composer(SourceText("a", text), fast).document())
    except LayoutError:
        return None


def is_same(one: Node | None, other: Node | None) -> bool:
    """Whether two nodes are the same, with their types, places and order."""
    if one is None or other is None or type(one) is not type(other) or one[1:] != other[1:]:
        return False
    if isinstance(one, TextNode) or isinstance(other, TextNode):
        return one == other
    if len(one.items) != len(other.items):
        return False
    if isinstance(one, MapNode) and isinstance(other, MapNode):
        pairs = zip(one.items, other.items, strict=True)
        return all(key == theirs and is_same(node, its) for (key, node), (theirs, its) in pairs)
    return all(map(is_same, one.items, other.items))  # type: ignore[arg-type]


def test_most_layouts_are_simple() -> None:
    simple = [text for text in TEXTS if simple_nodes(text) is not None]
    assert len(simple) > 0.75 * len(TEXTS)
    assert [text for text in simple if not is_same(simple_nodes(text), with_pyyaml(text))] == []


@pytest.mark.parametrize("seed", range(4))
def test_random_texts_have_the_same_nodes(seed: int) -> None:
    rng, simple = random.Random(seed), 0
    for _ in range(1_000):
        parts = list(rng.choice(TEXTS)[: rng.choice([0, 60, 300])])
        for _ in range(rng.choice([1, 2, 4]) if parts else rng.randint(1, 14)):
            at = rng.randrange(len(parts) + 1)
            parts[at : at + rng.choice([0, 1])] = rng.choice(
                [[rng.choice(PARTS)], []] if parts else [PARTS[:1]]
            )
        text = "".join(parts)
        if (found := simple_nodes(text)) is not None:
            simple += 1
            assert is_same(found, with_pyyaml(text)), text
    assert simple > 50


@table(
    "text",
    [
        *(
            "",
            "a",
            "# a",
            "a: b: c",
            "a: &b",
            "a: *b",
            "a: !b",
            "a: |\n b",
            "a: >\n b",
            "a:\n  b\n  c",
            "? a\n: b",
        ),
        *(
            "a: b\n c: d",
            "a: {b: c\n}",
            "a: [b",
            "a: {b}",
            "a: {b: c,}",
            'a: "\\n"',
            "a: 'b''c'",
            "a: b\na: c",
        ),
        *(
            "<<: a",
            "... a: b",
            "--- a: b",
            "a:\tb",
            "a: b\r\n",
            "é: b",
            "%a: b",
            "a:\n- b\n  - c",
            "- a: b",
            "a: {? b: c}",
        ),
        *(
            "  a: b\nc: d",
            "a:\n    b: c\n  d: e",
            f"a: {'1' * 101}",
            "a: b #\n  c",
            "a: b#c",
            "a: {b: c}d",
            "a: {b:c}",
        ),
    ],
)
def test_other_texts_are_read_with_pyyaml(text: str) -> None:
    assert simple_nodes(text) is None


def test_simple_text() -> None:
    text = 'extends: python  # the language\ntree:\n  src/: {<m>.py?: , "*.txt": Text}\nlocal:\n- .env\n'
    root = parse(text.encode(), "a")
    assert simple_nodes(text) == root == with_pyyaml(text)
