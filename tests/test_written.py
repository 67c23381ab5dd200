"""Writing nodes as YAML: the text parses to the same nodes and is formatted like handwritten YAML."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structlint.yaml_nodes import ListNode, MapNode, Node, TextNode, parse, value
from structlint.yaml_nodes.writer import write

ODD = re.split(
    " ",
    "- -- --- ... #a *.py &a !a @a/ [id]/ {a} `a` %a 'a' \"a\" ? | > = << <a>/ ~ null yes no on 1.0 08 22:22 "
    "true False 0x1F .5 1e3 .inf a: é a] a\\",
)
SPACED = ["", "- a", "a: b", ": a", "a #b", "a, b", "? a", " a", "a ", "\t", "a\tb", "a\nb", "\u2028", "📁 a"]
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"), max_size=30
) | st.sampled_from([*ODD, *SPACED])
SCALARS = st.builds(lambda text: TextNode(text, False, 1, 1), TEXTS) | st.sampled_from(
    [TextNode(text, True, 1, 1) for text in ("", "8000", "false", "1.5", "plain")]
)


def mapping(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    keys = st.lists(TEXTS, max_size=4, unique=True)
    return keys.flatmap(
        lambda names: st.tuples(*[nodes for _ in names]).map(
            lambda inside: MapNode(
                tuple((TextNode(name, False, 1, 1), node) for name, node in zip(names, inside, strict=True)),
                1,
                1,
            )
        )
    )


def sequence(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.lists(nodes, max_size=4).map(lambda items: ListNode(tuple(items), 1, 1))


NODES: st.SearchStrategy[Node] = st.recursive(
    SCALARS, lambda nodes: mapping(nodes) | sequence(nodes), max_leaves=12
)


def without_places(node: Node) -> object:
    """Strings, and values in their order."""
    if isinstance(node, TextNode):
        return value(node)
    if isinstance(node, ListNode):
        return [without_places(each) for each in node.items]
    return [(key.text, without_places(each)) for key, each in node.items]


@given(mapping(NODES))
def test_written_text_parses_to_the_same_nodes(layout: MapNode) -> None:
    assert without_places(parse(write(layout, ["A header"]).encode(), "f")) == without_places(layout)


FORMATTED = [
    "tree:\n  README.md:\n  src/: The code\n",
    "about: A shop\n\ntree:\n  src/:\n    .: {about: The code, unlisted: allow}\n    main.py: Entry point\n",
    'tree:\n  "*.py":\n  "@azora/": It is scoped\n  <service>/: One of them\n  [id]: "a: b"\n'.replace(
        "[id]", '"[id]"'
    ),
    "local: [.env, .venv/]\n\nlimits: {root-files: 20}\n\nports:\n  auth: 8000\n  <service>: 8001-8099\n",
    "names:\n  environment: [development, staging]\n  service:\n    values:\n      auth: Who\n      cart:\n",
    "tree:\n  old/: false\n",
]


@pytest.mark.parametrize("text", FORMATTED)
def test_handwritten_format_is_preserved(text: str) -> None:
    layout = parse(text.encode(), "f")
    assert isinstance(layout, MapNode)
    assert write(layout) == text


def test_comments() -> None:
    layout = parse(b"tree:\n  a/:\n    b.py:\n", "f")
    assert isinstance(layout, MapNode)
    tree = layout.items[0][1]
    assert isinstance(tree, MapNode)
    inside = tree.items[0][1]
    assert isinstance(inside, MapNode)
    key = inside.items[0][0]
    assert write(layout, ["From README.md.", "", "More."], {key: "19 of 21"}) == dedent(
        """\
        # From README.md.
        #
        # More.

        tree:
          a/:
            # 19 of 21
            b.py:
        """
    )


def test_long_list_has_one_item_per_line() -> None:
    items = tuple(TextNode(f"pattern-number-{number}", False, 1, 1) for number in range(12))
    layout = MapNode(((TextNode("local", False, 1, 1), ListNode(items, 1, 1)),), 1, 1)
    assert write(layout).startswith("local:\n  - pattern-number-0\n  - pattern-number-1\n")
