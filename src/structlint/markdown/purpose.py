"""What a drawing is for, by the headings and the words above it: required, forbidden, or neither."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from structlint.markdown import purpose_words
from structlint.markdown.blocks import Context, Words

_NEITHER = {  # in this order, with what a drawing shows then
    "wrong": (purpose_words.WRONG, "how not to do it"),
    "proposed": (purpose_words.PROPOSED, "a plan"),
    "example": (purpose_words.EXAMPLE, "an example"),
    "former": (purpose_words.FORMER, "a former state"),
    "output": (purpose_words.OUTPUT, "output"),
    "elsewhere": (purpose_words.ELSEWHERE, "another place"),
}
_WORDS = {
    "forbidden": purpose_words.FORBIDDEN,
    **{kind: words for kind, (words, _) in _NEITHER.items()},
    "required": purpose_words.REQUIRED,
}
# A title that names the project may hold any word; only these make a proposal of the whole document.
_OF_A_TITLE = ("forbidden", "proposed")
_CODE_OR_PATH = re.compile(r"`[^`]*`|\S*/\S*|\S*\.\w+(?=[\s,;:)]|$)")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])")  # noqa: RUF001
_NO_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ABOUT_STRUCTURE = re.compile(r"\b(?:structure|layout|tree|director(?:y|ies)|folders?)\b", re.IGNORECASE)
# Words for output also name what is in a directory ("All components and model artifacts."), so they count
# only in a sentence that leads to the drawing.
_LEADS_TO_DRAWING = re.compile(
    r":\s*$|\b(?:this|these|here|below|above|following|will|looks? like|structure|layout|tree)\b|[：]",  # noqa: RUF001
    re.IGNORECASE,
)
# The same words with another meaning.
_OTHERWISE = re.compile(
    r"\bbefore (?:you|we|starting|running|beginning)\b|\b(?:to|helps?) avoid\b"
    r"|\b(?:examples?|samples?|outputs?|results?|artifacts?|legacy) (?:directory|folder)(?! \w)",
    re.IGNORECASE,
)


class Purpose(NamedTuple):
    """What a drawing is for: "required", "forbidden", or what else it shows; and the words that say so."""

    kind: str
    words: Words | None = None

    @property
    def shows(self) -> str:
        """What a drawing shows that is neither required nor forbidden."""
        return _NEITHER[self.kind][1]


def purpose_of(context: Context) -> Purpose:
    """The purpose of what stands below headings and a paragraph: the innermost that says one decides."""
    if context.intro and (kind := _of_sentences(context.intro.text)):
        return Purpose(kind, context.intro)
    for depth, heading in reversed(list(enumerate(context.headings))):
        kind = _kind(heading.text)
        title = depth == 0 and len(context.headings) > 1
        if kind and (not title or kind in _OF_A_TITLE):
            return Purpose(kind, heading)
    return Purpose("required")


def _of_sentences(text: str) -> str:
    """What the sentence right before a drawing says of it, or the one before that if it says nothing."""
    *before, last = [sentence for sentence in _SENTENCE.split(text) if sentence.strip()] or [""]
    kind = _kind(last)
    if kind == "output" and not _LEADS_TO_DRAWING.search(last):
        kind = ""
    if not kind and before and not _ABOUT_STRUCTURE.search(last):
        kind = _kind(before[-1])
    return kind


def _kind(text: str) -> str:
    names = "|".join(re.findall(r"\w+", " ".join(_CODE_OR_PATH.findall(text))))
    words = _CODE_OR_PATH.sub(" x ", text.replace("\u2019", "'"))
    if names:  # in "Examples (`examples/`)" the word is a name
        words = re.sub(rf"\b(?:{names})\b", "x", words, flags=re.IGNORECASE)
    words = _OTHERWISE.sub("x", words)
    return next((kind for kind in _WORDS if _pattern(kind).search(words)), "")


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    words = " ".join(_WORDS[kind].split()).split(", ")
    return re.compile("|".join(map(_whole, words)), re.IGNORECASE)


def _whole(words: str) -> str:
    """A pattern of words that does not match within longer ones."""
    pattern = re.escape(words)
    return pattern if _NO_BLANKS.search(words) else rf"(?<![\w-]){pattern}(?![\w-])"
