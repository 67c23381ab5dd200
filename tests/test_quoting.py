"""Every name is printed visibly, on one line, and different from any other name."""

from __future__ import annotations

import json
import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import table

from structlint.text.quoting import in_quotes, quote, shortened

# Any character, including surrogates, and often parts of commands.
marks = st.sampled_from(["##", "[", "vso", "teamcity", "::", '"', "\\", "x5b", " ", "\n"])
texts = st.lists(st.characters() | marks).map("".join)

INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")  # Unicode categories


@pytest.mark.parametrize(
    "text",
    [
        "src/app/main.py",
        "a b.txt",
        "é/日本/🛠️.md",
        "日\u3000本",
        "[id]/[[...opt]].tsx",
        "{{cookiecutter.slug}}/",
        "C#/[id].cs",
        "##/x",
        "a::b",
        'say "hi"',
        "back\\slash",
        "-rf",
        "@team",
        "1\ufe0f\u20e3",
    ],
)
def test_harmless_text_is_unchanged(text: str) -> None:
    assert quote(text) == text


@table(
    ("text", "quoted"),
    [
        ("", '""'),
        (" a", '" a"'),
        ("a ", '"a "'),
        ("\u3000a", '"\u3000a"'),
        ("a\n", r'"a\n"'),
        ("ok.py\n::error file=x::owned", r'"ok.py\n::error file=x::owned"'),
        ("\r\t", r'"\r\t"'),
        ("\x1b[31m\x07\x7f", r'"\x1b[31m\x07\x7f"'),
        ("\x9b31m", r'"\u009b31m"'),
        (b"caf\xe9".decode(errors="surrogateescape"), r'"caf\xe9"'),
        ("\udc41\ud800", r'"\udc41\ud800"'),
        ("a\u202egnp.exe", r'"a\u202egnp.exe"'),
        ("a\u200bb\ufeff\u00ad\u00a0", r'"a\u200bb\ufeff\u00ad\u00a0"'),
        ("\u3164\u034f\U000e0041", r'"\u3164\u034f\U000e0041"'),
        ("a\ufe0f", r'"a\ufe0f"'),
        ("\ufe00a\u2800", r'"\ufe00a\u2800"'),
        ("a\U000e0100\ufffe\uffff", r'"a\U000e0100\ufffe\uffff"'),
        ("a\u2028b\x85", r'"a\u2028b\u0085"'),
        ("::error::x", '"::error::x"'),
        (" \t::error::x", r'" \t::error::x"'),
        ("x##[group]", r'"x##\x5bgroup]"'),
        ("###[a", r'"###\x5ba"'),
        ("##vso[task.setvariable]", r'"##vso\x5btask.setvariable]"'),
        ("##teamcity[x] ##TeamCity[y]", r'"##teamcity\x5bx] ##TeamCity\x5by]"'),
        ('"quoted"', r'"\"quoted\""'),
        ('a"b\\c\n', r'"a\"b\\c\n"'),
        (r"##\x5b" + " ", r'"##\\x5b "'),
    ],
)
def test_harmful_text_is_quoted(text: str, quoted: str) -> None:
    assert quote(text) == quoted


def test_every_invisible_character_is_escaped() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    invisible = [each for each in every if unicodedata.category(each) in INVISIBLE]
    assert [each for each in invisible if each in quote(f"a{each}b")] == []


@given(texts)
def test_result_is_one_line_without_commands(text: str) -> None:
    for quoted in (quote(text), in_quotes(text), shortened(text, 20)):
        assert len(quoted.splitlines()) == 1
        assert quoted.encode("utf-8", "strict")
        assert not [each for each in quoted if unicodedata.category(each) in INVISIBLE]
        assert not re.search(r"##(vso|teamcity)?\[", quoted, re.IGNORECASE)
        assert not quoted.lstrip().startswith("::")
        assert quoted.strip() == quoted


@given(texts)
def test_quoted_text_can_be_unquoted(text: str) -> None:
    assert unquoted(quote(text)) == text
    assert unquoted(in_quotes(text)) == text


@given(texts, st.integers(2, 100))
def test_shortened_respects_the_limit(text: str, limit: int) -> None:
    quoted = shortened(text, limit)
    assert len(quoted) <= limit
    if len(quote(text)) <= limit:
        assert quoted == quote(text)
    else:
        assert "…" in quoted


@pytest.mark.parametrize(
    ("text", "limit", "quoted"),
    [
        ("abcdefghij", 10, "abcdefghij"),
        ("abcdefghijk", 10, "abcdef…ijk"),
        ("a\n" * 20, 12, r'"a\na\n…a\n"'),
        ("\x1b" * 9, 10, r'"\x1b…"'),
        ("a" * 5000, 3, "a…a"),
        ("abc", 2, "a…"),
    ],
)
def test_shortened_cuts_in_the_middle(text: str, limit: int, quoted: str) -> None:
    assert shortened(text, limit) == quoted


_ESCAPE = re.compile(r'\\(?:x(..)|u(....)|U(.{8})|(["\\nrt]))')


def unquoted(quoted: str) -> str:
    """The inverse of `quote`."""
    if not quoted.startswith('"'):
        return quoted

    def unescape(found: re.Match[str]) -> str:
        byte, *code, short = found.groups()
        if short:
            return str(json.loads(f'"\\{short}"'))
        if byte:
            return bytes.fromhex(byte).decode(errors="surrogateescape")
        return chr(int(code[0] or code[1], 16))

    return _ESCAPE.sub(unescape, quoted[1:-1])
