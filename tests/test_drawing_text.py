"""Reading the text of a document, in various encodings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structlint.errors import LayoutError
from structlint.markdown.decoding import read_text

TREE = "📁 Files\n.\n├── src/  # The code → here\n│   └── a.py\n└── docs/  # “For” users — all\n"
PAGES = ["cp1252", "cp1254", "cp1250", "cp1251", "cp437", "cp850", "cp852", "mac_roman", "latin-1"]


def decode_wrongly(text: str, page: str, lost: str = "ignore") -> str:
    """Decodes the UTF-8 of a text with the wrong code page."""
    return "".join(bytes([byte]).decode(page, errors=lost) for byte in text.encode())


@pytest.mark.parametrize("page", PAGES)
def test_wrong_code_page(page: str) -> None:
    text = read_text(decode_wrongly(TREE, page).encode(), "f")
    assert text.repaired
    drawing = text.text.split("\n")[1:-1]
    assert [line.partition("  #")[0] for line in drawing] == [".", "├── src/", "│   └── a.py", "└── docs/"]


@pytest.mark.parametrize("page", ["cp1252", "cp1254"])
def test_wrong_code_page_with_replacement_characters(page: str) -> None:
    text = read_text(decode_wrongly(TREE, page, "replace").encode(), "f")
    assert text.text.split("\n")[3] == "│   └── a.py"
    assert "“For” users — all" in text.text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=60))
def test_correct_drawings_are_unchanged(text: str) -> None:
    drawing = f"├── a\n{text}"
    assert read_text(drawing.encode(), "f").text == drawing


@given(st.text("aä öü—“éßñ€ \n", max_size=60))
def test_ordinary_text_is_unchanged(text: str) -> None:
    assert read_text(text.encode(), "f").text == text


DECODED = [
    (TREE.encode(), TREE),
    (b"\xef\xbb\xbf" + TREE.encode(), TREE),
    (TREE.encode("utf-16"), TREE),
    (TREE.encode("utf-16-le"), TREE),
    (b"C:.\n\xc3\xc4\xc4\xc4src\n\xb3   a.py\n", "C:.\n├───src\n│   a.py\n"),
    (b"a\r\nb\rc\n", "a\nb\nc\n"),
    ("a\x0bb\x85c\u2028d\n".encode(), "a\x0bb\x85c\u2028d\n"),
]


@pytest.mark.parametrize(("data", "expected"), DECODED)
def test_encodings(data: bytes, expected: str) -> None:
    assert read_text(data, "f").text == expected


INVALID = [
    (b"a\nb\xff\n", "f:2:1: the byte 0xff is not UTF-8"),
    (b"# long enough to be text\na\0b\n", "f:2:1: this line contains a NUL byte"),
    (b"x" * (1024 * 1024 + 1), "f:1:1: larger than 1 MiB"),
]


@pytest.mark.parametrize(("data", "message"), INVALID)
def test_binary_data(data: bytes, message: str) -> None:
    with pytest.raises(LayoutError) as caught:
        read_text(data, "f")
    assert str(caught.value).startswith(message)
