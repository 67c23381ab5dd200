"""Reads the status of an entry from the words after its name: planned, optional, generated, gone."""

from __future__ import annotations

import re

from structlint.markdown import words
from structlint.markdown.word_patterns import any_of

_END = r"(?=\s*(?:[)\],;!。，、；）】」–—]|\.(?!\w)|$)|\s+-\s|\])"  # noqa: RUF001
_START = r"(?:^\W*?|[(\[,;:–—-]|[（，；：])\s*"  # noqa: RUF001
_ABOUT_IGNORING = re.compile(r"\.git.*|.*ignore")
_CROSSES = re.compile(r"^\W*[❌✗✘🚫⛔]")
_MISSING = re.compile(
    r"\b(?:missing|not (?:yet|started|done|there|implemented|created|written|available))\b", re.IGNORECASE
)


def _at_the_end(anywhere: words.Terms, alone: words.Terms) -> re.Pattern[str]:
    """A pattern for words at the end of a clause, and for words that are the whole clause."""
    whole = any_of(alone)
    return re.compile(
        rf"(?:(?:{any_of(anywhere)})|{_START}(?:{whole})){_END}|^\W*(?:{whole})\s*[:：]",  # noqa: RUF001
        re.IGNORECASE,
    )


_LATER = _at_the_end(words.LATER, words.LATER_ALONE)
# "Deprecated services" describes contents, "deprecated: use x/" and "deprecated in favor of x/" do not.
_USE = r"(?:use|usar|usa|utiliser|verwende|nutze)"
_GOES_ON = (
    rf"(?=\s*(?:[:：,，;；.。)）]|$)|\s+\({_USE}\b"  # noqa: RUF001
    r"|\s+(?:[-–—]|(?:in|since|as|use|seit|au|depuis|desde|en|em|od|с)\b))"  # noqa: RUF001
)
_GOING = re.compile(rf"(?:^\W{{1,4}}|{_START})(?:{any_of(words.GOING)}){_GOES_ON}", re.IGNORECASE)
_LOCAL = _at_the_end(words.LOCAL, words.LOCAL_ALONE)
_GONE = re.compile(rf"{_START}(?:{any_of(words.GONE)}){_END}", re.IGNORECASE)

_UNDECIDED = re.compile(r"\b(?:TBD|WIP)\b")
_MOVED = re.compile(words.MOVED, re.IGNORECASE)
_EMPTY = re.compile(words.EMPTY, re.IGNORECASE)
_UNFINISHED = re.compile(rf"^\W*?(?:{any_of(words.UNFINISHED)})|(?:{any_of(words.UNFINISHED)})\W*$")
_UNTICKED = re.compile(rf"^\W*?(?:{any_of(words.UNTICKED)})")
_TICKED = re.compile(rf"^\W*?(?:{any_of(words.TICK)})|(?:{any_of(words.TICK)})\W*$")

_FORBIDDEN = re.compile(any_of(words.FORBIDDEN), re.IGNORECASE)


def is_local(name: str, about: str) -> bool:
    """Whether, according to the words after the name, git must not track the entry."""
    return not _ABOUT_IGNORING.fullmatch(name.rstrip("/")) and bool(_LOCAL.search(about))


def may_be_missing(about: str) -> bool:
    """Whether, according to the words after the name, the entry does not exist yet, or not always."""
    if any(pattern.search(about) for pattern in (_LATER, _GOING, _UNFINISHED, _EMPTY, _MOVED, _UNDECIDED)):
        return True
    return _CROSSES.match(about) is not None and is_missing(about)


def is_ticked(about: str) -> bool:
    """Whether a tick behind a name says that it is finished."""
    return _TICKED.search(about) is not None


def is_unticked(about: str) -> bool:
    """Whether a sign behind a name says that it is not finished, where others have ticks."""
    return _UNTICKED.search(about) is not None


def is_missing(about: str) -> bool:
    """Whether, according to the words after a crossed name, the entry only does not exist yet."""
    return _MISSING.search(about) is not None


def is_gone(about: str) -> bool:
    """Whether, according to the words after the name or a cross, nothing of this name may exist."""
    if cross := _CROSSES.match(about):
        rest = about[cross.end() :]
        return not is_missing(rest) and (_GONE.search(rest) or _FORBIDDEN.search(rest)) is not None
    return _GONE.search(about) is not None


def reason_of(about: str) -> str:
    """The words after a forbidden name, without the cross before them."""
    return _CROSSES.sub("", about).strip() or "drawn with a cross"
