"""Decodes documents, and repairs text that was decoded wrongly before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from structlint.errors import LayoutError, Problem
from structlint.yaml_nodes import MOST_YAML_BYTES, refuse_conflict

# The code pages that UTF-8 is most often mistaken for. Of equally likely ones, the first wins.
_WINDOWS_PAGES = ("cp1252", "cp1254", "cp1250", "cp1251", "cp1253")
_PAGES = (*_WINDOWS_PAGES, "cp437", "cp850", "cp852", "cp866", "mac_roman", "latin-1")
# Characters that are not typed by accident: arrows, box drawing, dashes, quotation marks, pictograms.
_UNMISTAKABLE = re.compile(
    "[\u2013-\u2027\u2190-\u21ff\u2500-\u257f\u25a0-\u27bf\ufe0f\U0001f000-\U0001faff]"
)
_REAL_GUIDES = re.compile("[├└]─|│ +[├└│]")
_OEM_GUIDES = re.compile(rb"[\xc3\xc0]\xc4{2,3}|\xb3 {2,3}[\xc3\xc0\xb3]")
_LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class Text:
    r"""A document's text. Lines end in "\n"; `repaired` is the code page it had been wrongly decoded with."""

    text: str
    repaired: str = ""


def read_text(data: bytes, file: str) -> Text:
    """The text of a document in UTF-8, UTF-16 or the encoding of Windows' `tree`.

    Line numbers are those of an editor. Raises `LayoutError` for a file that is too large, has merge
    conflicts or is not text.
    """
    if len(data) > MOST_YAML_BYTES:
        problem = f"larger than {MOST_YAML_BYTES // 1024 // 1024} MiB; put the tree in a separate document"
        raise LayoutError([Problem(file, 1, 1, problem)])
    text = _decoded(data, file).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise LayoutError(
            [Problem(file, line, 1, "this line contains a NUL byte; save the document as UTF-8")]
        )
    refuse_conflict(text, file)
    return _repaired(text)


def _decoded(data: bytes, file: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    pairs = data[:4000]
    if len(pairs) > 3 and pairs[1::2].count(0) > len(pairs) * 0.3:
        return data.decode("utf-16-le", errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if _OEM_GUIDES.search(data):
            return data.decode("cp437")
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"the byte 0x{data[error.start]:02x} is not UTF-8; save the document as UTF-8"
        raise LayoutError([Problem(file, line, 1, problem)]) from None


def _repaired(text: str) -> Text:
    """The text decoded as UTF-8, if it was certainly decoded as something else before."""
    if text.isascii() or _REAL_GUIDES.search(text):
        return Text(text)
    evidence = {page: _evidence(text, page) for page in _PAGES}
    page = max(_PAGES, key=lambda page: evidence[page])
    if not evidence[page][0]:
        return Text(text)
    right = _sequences(page).sub(lambda match: _right(match[0], page), text)
    right = _broken_sequences(page).sub(lambda match: _completed(match, page), right)
    return Text(right, page)


def _evidence(text: str, page: str) -> tuple[int, int]:
    """The numbers of unmistakable and of broken UTF-8 sequences in a text, assuming a code page."""
    sequences = _sequences(page).findall(text)
    whole = sum(_UNMISTAKABLE.match(_right(sequence, page)) is not None for sequence in sequences)
    return whole, len(_broken_sequences(page).findall(text))


@cache
def _bytes(page: str) -> Mapping[str, int]:
    """The byte for each character; some bytes that a code page lacks become C1 characters."""
    table = {chr(byte): byte for byte in range(0x80, 0xA0)}
    for byte in range(0x80, 0x100):
        character = bytes([byte]).decode(page, errors="ignore")
        if character:
            table[character] = byte
    return table


@cache
def _lost(page: str) -> tuple[int, ...]:
    """The bytes without a character in a code page."""
    return tuple(byte for byte in range(0x80, 0xC0) if not bytes([byte]).decode(page, errors="ignore"))


def _class(page: str, first: int, last: int) -> str:
    return "".join(re.escape(character) for character, byte in _bytes(page).items() if first <= byte <= last)


@cache
def _sequences(page: str) -> re.Pattern[str]:
    """A pattern for characters that form one UTF-8 character, by the length that the first byte announces."""
    rest = f"[{_class(page, 0x80, 0xBF)}]"
    two, three, four = ((0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4))
    return re.compile(
        f"[{_class(page, *four)}]{rest}{{3}}|[{_class(page, *three)}]{rest}{{2}}|[{_class(page, *two)}]{rest}"
    )


@cache
def _broken_sequences(page: str) -> re.Pattern[str]:
    """The same pattern with lost bytes: removed, or replaced by a replacement character."""
    rest = f"[{_class(page, 0x80, 0xBF)}{_LOST}]"
    picture = _class(page, 0xF0, 0xF0)
    three = _class(page, 0xE2, 0xE2) + _class(page, 0xEF, 0xEF)
    return re.compile(f"(?:[{picture}]{rest}{{1,3}}|[{three}]{rest}{{1,2}})(?P<after>.?)")


def _right(sequence: str, page: str) -> str:
    """The UTF-8 decoding of characters of a code page; the characters themselves if it is invalid."""
    table = _bytes(page)
    try:
        return bytes(table[character] for character in sequence).decode()
    except UnicodeDecodeError:
        return sequence


def _completed(match: re.Match[str], page: str) -> str:
    """A character with a lost byte: a guide is determined by the text after it, a pictogram is left out."""
    after = match["after"]
    table = _bytes(page)
    broken = bytes(
        table[character] for character in match[0][: len(match[0]) - len(after)] if character != _LOST
    )
    if broken[0] == 0xF0:
        return after if broken[1:2] == b"\x9f" or len(broken) > 2 else match[0]
    if broken[:2] in (b"\xe2\x94", b"\xe2\x95"):
        return ("├" if after in "─━═" and after else "│") + after
    for byte in _lost(page):
        complete = (broken + bytes([byte])).decode(errors="ignore")
        if _UNMISTAKABLE.fullmatch(complete):
            return complete + after
    return match[0]
