"""Words and cases: how one name is spelled in different places.

Letters and digits make words, everything else separates them. A new word also begins at an upper-case
letter after one that is not (`authService`: auth, service), and at the last of several capitals before
a small letter (`HTTPServer`: http, server). Digits belong to the word before them. Upper and lower case
are Unicode's, whatever the locale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from unicodedata import category

_ASCII_WORD = "[A-Z]+(?![a-z])[a-z0-9]*|[A-Z]?[a-z0-9]+"
# A large repository has the same names many times: `src`, `models`, `test_models`.
_REMEMBERED = 1 << 15


def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: ("auth", "service") for `AuthService` and `auth_service`."""
    name = name if any(map(str.islower, name)) else name.lower()  # `API2` is one word
    if name.isascii():  # nearly all names
        return tuple([word.lower() for word in re.findall(_ASCII_WORD, name)])
    parts = [""]
    for character, following in zip(name, f"{name} "[1:], strict=True):
        before = parts[-1]
        if not _in_word(character) or not (
            before or character.isalnum()
        ):  # a combining mark does not begin a word
            parts.append("")
            continue
        if before and character.isupper() and (not before[-1].isupper() or following.islower()):
            parts.append("")
        parts[-1] += character
    return tuple(word.lower() for word in parts if word)


@lru_cache(_REMEMBERED)
def by_words(name: str) -> str:
    """A text that is equal for the spellings of one name in different cases, which have the same words.

    A character that does not separate words in any case, such as a dot, makes a different name.
    """
    dashed = name.replace("_", "-")
    if name.isascii() and name == name.lower() and dashed.replace("-", "").isalnum():
        return "-".join(filter(None, dashed.split("-")))  # nearly all names
    parts: list[str] = []
    at = 0
    for place, character in enumerate(f"{name}/"):
        if not (_in_word(character) or character in "-_"):
            parts += [*words(name[at:place]), character]
            at = place + 1
    return "-".join(word.upper().casefold() for word in parts[:-1])


@lru_cache(_REMEMBERED)
def caseless(name: str) -> str:
    """A name without its case and separators, equal for all spellings of one name."""
    return "".join(_in_words(name)).upper().casefold()


# Words that are optional in a service's name.
_COMMON = ("service", "services", "svc", "app", "application", "server")


@lru_cache(_REMEMBERED)
def stem(name: str) -> str:
    """The stem of a service's name: without case, plural and generic words."""
    return "".join(word.removesuffix("s") for word in telling_words(name) or words(name))


def telling_words(name: str) -> tuple[str, ...]:
    """The words of a service's name without generic ones: ("mail",) for `mail-service`."""
    return tuple(word for word in words(name) if word not in _COMMON)


def fits(name: str, case: str) -> bool:
    """Whether a name is spelled in a case, one of `CASES`."""
    if name.isascii() and case in _ASCII:
        return _of_ascii(case)(name) is not None
    return _FITS[case](name)


@cache
def fitting(cases: tuple[str, ...], with_extension: bool) -> Callable[[str], object]:
    """A function that accepts names in ASCII which are spelled in one of these cases.

    With `with_extension`, the part of a name from the first dot on may be spelled in any way.
    """
    spelled = "|".join(_ASCII[case] for case in cases if case in _ASCII) or "(?!)"
    return re.compile(f"(?:{spelled})" + r"(?s:\..*)?" * with_extension).fullmatch


def spell(name: str, case: str) -> str:
    """A name in another case; unchanged if it fits already, or has no letter or digit."""
    if fits(name, case):
        return name
    return name.lower() if case == "lowercase" else _JOINED[case](words(name)) or name


def _in_words(name: str) -> Iterator[str]:
    """The characters of the words in a name; a combining mark does not begin a word."""
    within = False
    for character in name:
        within = character.isalnum() or (within and _in_word(character))
        if within:
            yield character


def _in_word(character: str) -> bool:
    # A combining mark is part of a letter: an accent in a name from macOS, a vowel sign of Hindi.
    return character.isalnum() or (character > "\x7f" and category(character).startswith("M"))


def _parts_fit(parts: list[str], part_fits: Callable[[str], bool]) -> bool:
    return all((part.isalnum() or (part and all(map(_in_word, part)))) and part_fits(part) for part in parts)


def _is_lower(text: str) -> bool:
    return text == text.lower()


def _is_upper(text: str) -> bool:
    return text == text.upper()


def _capitalised(word: str) -> str:
    return word[0].upper() + word[1:]


# `_private` and `__init__` are snake_case: underscores at the ends have meanings of their own.
_FITS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "kebab-case": lambda name: _parts_fit(name.split("-"), _is_lower),
        "snake_case": lambda name: _parts_fit(re.split("_+", name.strip("_")), _is_lower),
        "camelCase": lambda name: _parts_fit([name], lambda part: _is_lower(part[0])),
        "PascalCase": lambda name: _parts_fit([name], lambda part: _is_upper(part[0])),
        "SCREAMING_SNAKE_CASE": lambda name: _parts_fit(re.split("_+", name.strip("_")), _is_upper),
        "lowercase": _is_lower,
    }
)
# The same for names in ASCII, which nearly all are: three times as fast.
_ASCII = MappingProxyType(
    {
        "kebab-case": r"[a-z0-9]+(?:-[a-z0-9]+)*",
        "snake_case": r"_*[a-z0-9]+(?:_+[a-z0-9]+)*_*",
        "camelCase": r"[a-z0-9][A-Za-z0-9]*",
        "PascalCase": r"[A-Z0-9][A-Za-z0-9]*",
        "SCREAMING_SNAKE_CASE": r"_*[A-Z0-9]+(?:_+[A-Z0-9]+)*_*",
    }
)


@cache
def _of_ascii(case: str) -> Callable[[str], re.Match[str] | None]:
    """The function that matches a name in ASCII which is spelled in a case."""
    return re.compile(_ASCII[case]).fullmatch


_JOINED: Mapping[str, Callable[[tuple[str, ...]], str]] = MappingProxyType(
    {
        "kebab-case": "-".join,
        "snake_case": "_".join,
        "camelCase": lambda parts: "".join([*parts[:1], *map(_capitalised, parts[1:])]),
        "PascalCase": lambda parts: "".join(map(_capitalised, parts)),
        "SCREAMING_SNAKE_CASE": lambda parts: "_".join(parts).upper(),
    }
)
CASES = tuple(_FITS)
