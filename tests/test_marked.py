"""Marker comments in documents: their positions, errors, and the replacement of trees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import table

from structlint.errors import LayoutError
from structlint.markdown import is_marked
from structlint.markdown.markers import CLOSING, OPENING, MarkedTree, Options, marked_trees, rewritten

NEW = ("./", "└── new.txt")


def parse_trees(text: str) -> list[tuple[int, Options, list[str]]]:
    trees = marked_trees(dedent(text).encode("utf-8", "surrogateescape"), "f.md")
    return [(tree.line, tree.options, [line for _, line in tree.drawn]) for tree in trees]


def rewrite(data: bytes) -> bytes:
    trees = marked_trees(data, "f.md")
    return rewritten(data, trees, [NEW] * len(trees))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", Options()),
        (" depth=2", Options(depth=2)),
        (" depth=64", Options(depth=64)),
        (" path=services/", Options(path="services/")),
        (" path=services", Options(path="services/")),
        (" path=./a/b/", Options(path="a/b/")),
        (' path="my services/"', Options(path="my services/")),
        (" path=.", Options()),
        (" path=./", Options()),
        (" comments=no", Options(comments=False)),
        (" comments=yes", Options(comments=True)),
        (" depth=1  path=a   comments=no", Options(1, "a/", False)),
    ],
)
def test_options(options: str, expected: Options) -> None:
    assert parse_trees(f"<!-- structlint:tree{options} -->\n{CLOSING}\n") == [(1, expected, [])]


@table(
    ("text", "lines"),
    [
        ("<!-- structlint:tree -->\n<!-- /structlint:tree -->", [1]),
        ("<!--structlint:tree-->\n<!--/structlint:tree-->", [1]),
        ("<!-- structlint:tree -->\n<!-- / structlint:tree -->  ", [1]),
        ("text\n<!-- structlint:tree -->\n<!-- /structlint:tree -->\ntext", [2]),
        ("\ufeff<!-- structlint:tree -->\n<!-- /structlint:tree -->", [1]),
        ("<details>\n<!-- structlint:tree -->\n\n```\na\n```\n\n<!-- /structlint:tree -->\n</details>", [2]),
        ("> <!-- structlint:tree -->\n> <!-- /structlint:tree -->", [1]),
        ("- a\n\n  <!-- structlint:tree -->\n  <!-- /structlint:tree -->", [3]),
        (f"{OPENING}\n{CLOSING}\n\n{OPENING}\n{CLOSING}\n", [1, 4]),
        (f"{OPENING}\n{CLOSING}\n{OPENING}\n{CLOSING}\n", [1, 3]),
        # Examples.
        (f"```\n{OPENING}\n{CLOSING}\n```", []),
        (f"~~~~markdown\n{OPENING}\n~~~\n{CLOSING}\n~~~~", []),
        (f"text\n\n    {OPENING}\n    {CLOSING}\n", []),
        (f"`{OPENING}` and `{CLOSING}`", []),
        (f"| a |\n|---|\n| `{OPENING}` |", []),
        (f"- ```\n  {OPENING}\n  {CLOSING}\n  ```", []),
        (f"<pre>\n{OPENING}\n{CLOSING}\n</pre>", []),
        (f"<!-- not yet:\n{OPENING}\n", []),
        (f"\\{OPENING}", []),
        ("<!-- structlint is a tool -->", []),
        ("structlint:tree", []),
        ("", []),
    ],
)
def test_lines_of_markers(text: str, lines: list[int]) -> None:
    assert [line for line, _, _ in parse_trees(text)] == lines


@table(
    ("text", "expected"),
    [
        (OPENING, ["1:1: this tree is never closed"]),
        (f"a\n\n{CLOSING}", ["3:1: nothing to close here"]),
        (f"{CLOSING}\n{OPENING}", ["1:1: nothing to close here", "2:1: this tree is never closed"]),
        (
            f"{OPENING}\n{OPENING}\n{CLOSING}\n{CLOSING}",
            ["1:1: this tree is never closed", "4:1: nothing to close here"],
        ),
        (f"{OPENING}\n```\na\n{CLOSING}", ["1:1: this tree is never closed"]),
        (f"> {OPENING}", ["1:3: this tree is never closed"]),
        (f"text {OPENING}\n\n{CLOSING}", ["1:6: a marker must be on its own line"]),
        (f"{OPENING} text\n{CLOSING}", ["1:1: a marker must be on its own line"]),
        (f"{OPENING}{CLOSING}", ["1:1: a marker must be on its own line"]),
        (f"- {OPENING}\n  {CLOSING}", ["1:3: a marker must be on its own line"]),
        (f"text\n    {OPENING}", ["2:5: a marker must be on its own line"]),
        ("<!-- structlint:tree\ndepth=2 -->", ["1:1: a marker must be on its own line"]),
        ("<!-- structlint:tre -->", ["1:1: unknown marker `structlint:tre`;"]),
        ("<!-- structlint:Tree -->", ["1:1: unknown marker `structlint:Tree`;"]),
        (f"<!-- structlint:tree dept=2 -->\n{CLOSING}", ["1:22: unknown option"]),
        (f"<!-- structlint:tree depth=0 -->\n{CLOSING}", ["1:22: `depth` is a number from 1 to 64, not `0`"]),
        (f"<!-- structlint:tree depth=65 -->\n{CLOSING}", ["1:22: `depth` is a number"]),
        (f"<!-- structlint:tree depth=٣ -->\n{CLOSING}", ["1:22: `depth` is a number"]),
        (f"<!-- structlint:tree depth={'9' * 5000} -->\n{CLOSING}", ["1:22: `depth` is a number"]),
        (
            f"<!-- structlint:tree depth=2 depth=3 -->\n{CLOSING}",
            ["1:30: `depth` is given twice;"],
        ),
        (
            f"<!-- structlint:tree depth -->\n{CLOSING}",
            ["1:22: `depth` is not an option; write options as `depth=2`"],
        ),
        (f"<!-- structlint:tree: -->\n{CLOSING}", ['1:21: ":" is not an option']),
        (
            f"<!-- structlint:tree comments=off -->\n{CLOSING}",
            ["1:22: `comments` is `yes` or `no`, not"],
        ),
        (
            f"<!-- structlint:tree path=../x -->\n{CLOSING}",
            ["1:22: `path` is a directory such as"],
        ),
        (f"<!-- structlint:tree path=/etc -->\n{CLOSING}", ["1:22: `path` is a directory"]),
        (f"<!-- structlint:tree path=a//b -->\n{CLOSING}", ["1:22: `path` is a directory"]),
        (f'<!-- structlint:tree path="" -->\n{CLOSING}', ["1:22: `path` is a directory"]),
        (f"{OPENING}\n<!-- /structlint:tree depth=2 -->", ["2:1: options belong in the opening marker"]),
    ],
)
def test_invalid_markers(text: str, expected: list[str]) -> None:
    with pytest.raises(LayoutError) as raised:
        marked_trees(text.encode(), "f.md")
    messages = [str(problem) for problem in raised.value.problems]
    assert len(messages) == len(expected)
    for message, begin in zip(messages, expected, strict=True):
        assert message.startswith(f"f.md:{begin}")


FRESH = "\n```text\n./\n└── new.txt\n```\n\n"


@pytest.mark.parametrize(
    ("inside", "drawn", "expected"),
    [
        ("", [], FRESH),
        ("\n\n", ["", ""], FRESH),
        ("old/\n  a\n", ["old/", "  a"], FRESH),
        ("```\nold\n```\n", ["old"], "```\n./\n└── new.txt\n```\n"),
        ("\n```\nold\n```\n\n", ["old"], "\n```\n./\n└── new.txt\n```\n\n"),
        ("``` text x\n```\n", [], "``` text x\n./\n└── new.txt\n```\n"),
        ("~~~~text\nold\n~~~~\n", ["old"], "~~~~text\n./\n└── new.txt\n~~~~\n"),
        ("Our tree:\n\n```\nold\n```\n", ["old"], "Our tree:\n\n```\n./\n└── new.txt\n```\n"),
        ("```\na\n```\n\n```\nb\n```\n", ["a", "b"], FRESH),
        ("    a\n    b\n", ["a", "b"], FRESH),
        ("```\n\na\n```\n", ["", "a"], "```\n./\n└── new.txt\n```\n"),
    ],
)
def test_tree_is_parsed_and_replaced(inside: str, drawn: list[str], expected: str) -> None:
    text = f"# A\n\n{OPENING}\n{inside}{CLOSING}\nrest"
    ((_, _, lines),) = parse_trees(text)
    assert lines == drawn
    assert rewrite(text.encode()) == f"# A\n\n{OPENING}\n{expected}{CLOSING}\nrest".encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<o>\r\n</o>\r\nx", b"<o>\r\n\r\n```text\r\n./\r\nL new.txt\r\n```\r\n\r\n</o>\r\nx"),
        (b"<o>\r</o>", b"<o>\r\r```text\r./\rL new.txt\r```\r\r</o>"),
        (b"\xef\xbb\xbf<o>\n</o>", b"\xef\xbb\xbf<o>\n\n```text\n./\nL new.txt\n```\n\n</o>"),
        (b"\xff\x85\n<o>\n</o>\n\xfe", b"\xff\x85\n<o>\n\n```text\n./\nL new.txt\n```\n\n</o>\n\xfe"),
        (b"a\r\nb\n<o>\n</o>\n\x0b", b"a\r\nb\n<o>\n\n```text\n./\nL new.txt\n```\n\n</o>\n\x0b"),
        (b"> <o>\n> </o>", b"> <o>\n>\n> ```text\n> ./\n> L new.txt\n> ```\n>\n> </o>"),
        (b"- a\n\n  <o>\n  </o>", b"- a\n\n  <o>\n\n  ```text\n  ./\n  L new.txt\n  ```\n\n  </o>"),
        (
            b"- a\n\n  <o>\n  ```\n  b\n  ```\n  </o>",
            b"- a\n\n  <o>\n  ```\n  ./\n  L new.txt\n  ```\n  </o>",
        ),
        (b"> <o>\n> ```\n> b\n> ```\n> </o>", b"> <o>\n> ```\n> ./\n> L new.txt\n> ```\n> </o>"),
    ],
)
def test_bytes_outside_the_tree_are_preserved(before: bytes, after: bytes) -> None:
    """Line endings, byte order marks, invalid UTF-8, quotes and lists do not change."""

    def expand(data: bytes) -> bytes:
        marks = data.replace(b"<o>", OPENING.encode()).replace(b"</o>", CLOSING.encode())
        return marks.replace(b"L ", "└── ".encode())

    assert rewrite(expand(before)) == expand(after)
    assert rewrite(expand(after)) == expand(after)


def test_fence_is_longer_than_backticks_in_the_tree() -> None:
    data = f"{OPENING}\n{CLOSING}".encode()
    trees = marked_trees(data, "f.md")
    drawing = ["./", "└── a````b"]
    new = rewritten(data, trees, [drawing])
    assert b"`````text\n" in new
    assert [line for _, line in marked_trees(new, "f.md")[0].drawn] == drawing


def test_several_trees() -> None:
    data = f"{OPENING}\n{CLOSING}\nbetween\n{OPENING}\n```\nx\n```\n{CLOSING}\n".encode()
    new = rewritten(data, marked_trees(data, "f.md"), [["a"], ["b", "c"]])
    assert new.decode() == (
        f"{OPENING}\n\n```text\na\n```\n\n{CLOSING}\nbetween\n{OPENING}\n```\nb\nc\n```\n{CLOSING}\n"
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"", False), (b"structlint:tree", False), (b"<!--structlint:x", True), (OPENING.encode(), True)],
)
def test_is_marked(data: bytes, expected: bool) -> None:
    assert is_marked(data) is expected


_pieces = st.sampled_from(
    [
        *(OPENING, CLOSING, f"\n{OPENING}\n", f"\n{CLOSING}\n", f"\n{OPENING}\n```\na\n```\n{CLOSING}\n"),
        *(
            "```",
            "~~~",
            "text",
            "`",
            "> ",
            "- ",
            "1. ",
            "# h",
            "  ",
            "    ",
            "\t",
            "\n",
            "\r\n",
            "\r",
            "\n\n",
        ),
        *("<pre>", "<!--", "-->", "<details>", "├── a", "| a |\n|--|\n"),
        *("\ufeff", "\udcff", "\x0b", "\x85", "\u2028", "\0"),
    ]
)


@given(st.lists(_pieces, max_size=25).map("".join))
def test_only_text_between_markers_changes(text: str) -> None:
    data = text.encode("utf-8", "surrogateescape")
    try:
        trees = marked_trees(data, "f.md")
    except LayoutError:
        return
    new = rewritten(data, trees, [NEW] * len(trees))
    again = marked_trees(new, "f.md")
    assert [tree.options for tree in again] == [tree.options for tree in trees]
    assert all([line for _, line in tree.drawn] == list(NEW) for tree in again)
    assert rewritten(new, again, [NEW] * len(again)) == new
    assert text_outside(new, again) == text_outside(data, trees)


def text_outside(data: bytes, trees: Sequence[MarkedTree]) -> bytes:
    """The document without the text between its markers."""
    lines = re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", data)
    inside: set[int] = set()
    for tree in trees:
        closing = next(at for at in range(tree.place[1], len(lines)) if b"/structlint:tree" in lines[at])
        inside.update(range(tree.line, closing))
    return b"".join(line for number, line in enumerate(lines) if number not in inside)
