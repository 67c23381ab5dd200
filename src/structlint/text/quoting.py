r"""Makes a path or other untrusted text safe to print: on one line, visible, and never a command.

A file name may contain a newline, a terminal's escape code, characters that turn the reading direction, or
bytes that are not UTF-8, and what is printed is read by terminals and by the log readers of CI systems.
Text without any of these is printed as it is. All other text is printed in double quotes, with the escapes of
a YAML string, and one more: `\x80` to `\xff` are bytes of a file name that is not UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# Control characters; what Unicode calls format characters (Cf: bidi, zero width, tags), line and paragraph
# separators; surrogates; letters and marks without ink or width; look-alikes of the space; noncharacters.
# Written out instead of computed with `unicodedata`, so that all versions of Python print the same; a test
# compares.
_UNSEEN = (
    "\0-\x1f\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5"
    "\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff"
    "\uffa0\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# A variation selector is invisible after a character that has only one form.
_CHOOSER = r"[\ufe00-\ufe0f](?<![#*0-9\xa9-\ufdff\ufe10-\U0010ffff].)"
# GitHub runs `##[command]` anywhere in a line, Azure `##vso[…]`, TeamCity `##teamcity[…]`.
_COMMAND = r"##\w*\["
# `re` compiles these when they are first used, which takes 5 ms. Most names
# do not need them.
_HARMFUL = rf'[{_UNSEEN}]|{_CHOOSER}|{_COMMAND}|^$|^\s|^:(?::|\Z)|^"|\s\Z'
_ESCAPED = rf'[{_UNSEEN}"\\]|{_CHOOSER}|{_COMMAND}'
_NOT_ASCII = rf"{_ESCAPED}|[^\0-\x7f]"
_PLAIN = re.compile(r"[\w./-](?:[ !$-~]*[!$-~])?", re.ASCII)
_SHORT = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def quote(text: str) -> str:
    """`text` as it is if it is harmless, else in double quotes with escapes; always on one line.

    Different texts give different results. Bytes of a file name that are not UTF-8 are expected as
    Python's surrogates (`os.fsdecode`).
    """
    return text if _PLAIN.fullmatch(text) or not re.search(_HARMFUL, text) else in_quotes(text)


def in_backticks(text: str) -> str:
    """`text` as a name in a sentence: between backticks if it is harmless, else in double quotes."""
    return f"`{text}`" if "`" not in text and quote(text) == text else in_quotes(text)


def short_name(text: str, most: int = 80) -> str:
    """`text` as a name in a sentence, at most about `most` characters of it; `…` replaces the rest."""
    return _fitted(text, most + 2, in_backticks)


def in_quotes(text: str) -> str:
    """`text` in double quotes, with escapes for harmful characters. Without surrogates, a YAML string."""
    return f'"{re.sub(_ESCAPED, _escape, text)}"'


def spelled_out(text: str) -> str:
    """`text` in double quotes, with escapes for all that is not ASCII, to tell similar names apart."""
    return f'"{re.sub(_NOT_ASCII, _escape, text)}"'


def is_harmless(line: str) -> bool:
    """Whether a line of text, which may contain names, can be printed as it is."""
    words = line.strip(" ")
    # A quoted name at the beginning is harmless, so only the rest matters.
    return not words.startswith("::") and quote(f"x{words}x") == f"x{words}x"


def patch_line(line: str) -> str:
    """A line of a patch, with the text behind its sign in quotes if that could do harm."""
    return line if is_harmless(line[1:]) else line[:1] + in_quotes(line[1:])


def shell_word(path: str) -> str:
    """A path as one word of the shell that is neither an option nor a command."""
    import shlex

    whole = f"./{path}" if path.startswith("-") else path
    if "\n" not in whole and is_harmless(whole):
        return shlex.quote(whole)
    data = whole.encode("utf-8", "surrogateescape")
    return f"$'{''.join(map(_octal, data))}'"


def _octal(byte: int) -> str:
    return chr(byte) if byte < 0x80 and (chr(byte).isalnum() or byte in b"/._-") else f"\\{byte:03o}"


def shortened(text: str, most: int = 80) -> str:
    """`text`, quoted if necessary, in at most `most` characters (at least 2); `…` replaces the rest."""
    return _fitted(text, most, quote)


def _fitted(text: str, most: int, printable: Callable[[str], str]) -> str:
    shown = printable(text)
    kept = min(len(text), most)
    while len(shown) > most and kept:
        shown = printable(_cut(text, kept))
        kept -= 1
    return shown


def _cut(text: str, most: int) -> str:
    tail = most // 3
    return f"{text[: most - tail - 1]}…{text[len(text) - tail :]}"


def _escape(match: re.Match[str]) -> str:
    character, code = match[0], ord(match[0][-1])
    if len(character) > 1:
        return rf"{character[:-1]}\x{code:02x}"
    if character in _SHORT:
        return _SHORT[character]
    if code < 0x80 or 0xDC80 <= code <= 0xDCFF:
        return rf"\x{code & 0xFF:02x}"
    return rf"\u{code:04x}" if code < 0x10000 else rf"\U{code:08x}"
