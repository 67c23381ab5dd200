"""The purpose of a drawing, by the headings and words above it: required, forbidden, or neither."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from structlint.markdown import words
from structlint.markdown.blocks import Context, Words
from structlint.markdown.word_patterns import any_of
from structlint.text.records import Record

_SHOWN = {
    "wrong": "a wrong example",
    "proposed": "a plan",
    "example": "an example",
    "former": "an earlier state",
    "output": "output",
    "elsewhere": "another place",
    "fetched": "downloaded or generated files",
    "template": "a template",
    "guarded": "files that must not change",
    "excluded": "excluded files",
    "changes": "changed files",
    "step": "a step of a plan",
    "dependencies": "dependencies",
}
_WORDS = {  # the first match decides
    "guarded": words.GUARDED,
    "forbidden": words.FORBIDDEN,
    "wrong": words.WRONG,
    "proposed": words.PROPOSED,
    "example": words.EXAMPLE,
    "former": words.FORMER,
    "output": words.OUTPUT,
    "elsewhere": words.ELSEWHERE,
    "changes": words.CHANGES,
}
# A title that names the project may contain any word; only these make the whole document a proposal.
_OF_A_TITLE = {"forbidden": words.FORBIDDEN, "proposed": words.PROPOSED_BY_TITLE}
_CODE_OR_PATH = re.compile(r"`[^`]*`|\S*/\S*|\S*\.\w+(?=[\s,;:)]|$)")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])")  # noqa: RUF001
_ABOUT_STRUCTURE = re.compile(r"\b(?:structure|layout|tree|director(?:y|ies)|folders?)\b", re.IGNORECASE)
# A sentence that introduces a drawing states its purpose. Any other one describes the heading's subject
# ("All components and model artifacts.").
_LEADS_TO_DRAWING = re.compile(rf"[:：]\s*$|{any_of(words.LEADING)}", re.IGNORECASE)  # noqa: RUF001
# "Do not create other directories" accompanies a drawing of the right ones.
_BEGINS_AS_EXAMPLE = re.compile(rf"\W*(?:{words.OF_EXAMPLE})", re.IGNORECASE)
_BEYOND_DRAWING = re.compile(any_of(words.BEYOND), re.IGNORECASE)
_STRUCTURE = re.compile(words.STRUCTURE, re.IGNORECASE)
_TICK = re.compile(any_of(words.TICK))
_PHRASES = {
    "excluded": re.compile(words.EXCLUDED, re.IGNORECASE),
    "elsewhere": re.compile(words.ANOTHER_PLACE, re.IGNORECASE),
    "fetched": re.compile(words.FETCHED, re.IGNORECASE),
    "template": re.compile(words.TEMPLATE, re.IGNORECASE),
    "dependencies": re.compile(words.DEPENDENCIES, re.IGNORECASE),
    "example": re.compile(words.GOOD, re.IGNORECASE),
}
_FETCHED_REPOSITORY = re.compile(words.FETCHED_REPOSITORY, re.IGNORECASE)
_STEP = re.compile(rf"^\W*(?:\d+(?:\.\d+)*[.)]?\s+)?(?:{words.STEP_OF_A_PLAN})", re.IGNORECASE)
_STATE = re.compile(words.STATES, re.IGNORECASE)
# The same words with another meaning.
_OTHERWISE = re.compile(
    r"\bnew (?:files?|directories|folders) (?:should|must|shall|need|have to|has to|go(?:es)?|belongs?)\b"
    r"|\bbefore (?:you|we|starting|running|beginning)\b|\b(?:to|helps?) avoid(?= \w)"
    r"|\b(?:project|repo|repository|template)\b[^.:]*\byou(?:'ll| will) (?:see|find) the following"
    r"(?= (?:\w+ and )?(?:folders?|files?|director|structure))"
    r"|\b(?:examples?|samples?|outputs?|results?|artifacts?|legacy) (?:directory|folder)(?! \w)",
    re.IGNORECASE,
)


_HAS_PLACEHOLDER = re.compile(r"[<{\[]|[-_]name\b")  # such a drawing shows itself that it is one of many


class Purpose(Record):
    """The purpose of a drawing, and the words that state it.

    It is "required", "forbidden", "ignored" by a comment, or one of the kinds in `_SHOWN`.
    """

    kind: str
    words: Words | None = None

    @property
    def shows(self) -> str:
        """The description of a drawing that neither requires nor forbids."""
        return _SHOWN[self.kind]


@lru_cache(maxsize=5_000)  # each reader of a block needs its purpose
def purpose_of(context: Context, first: str = "") -> Purpose:
    """The purpose of a block below headings and a paragraph; the innermost one with a purpose decides.

    `first` is the first name of a drawing: below "Examples", a drawing of `examples/` is not an example.
    """
    if context.mark:
        return Purpose("required" if context.mark == "layout" else "ignored")
    headings = context.headings
    names = frozenset([_stem(first.strip("/"))] if first else [])
    paths = _names_in(headings[-1].text) if headings else frozenset[str]()
    kind = _of_sentences(context.intro.text, names | paths, bool(paths)) if context.intro else ""
    if context.intro and not kind and _is_ticked(context.intro.text, context):
        kind = "example"
    if kind and not (kind == "template" and _HAS_PLACEHOLDER.search(first)):
        return Purpose(kind, context.intro)
    label = context.label if context.label is not context.intro else None
    if label and (kind := _of_heading(label.text, names, first)):
        return Purpose(kind, label)
    for depth, heading in reversed(list(enumerate(headings))):
        if depth == 0 and context.titled:
            kind = next(
                (candidate for candidate in _OF_A_TITLE if _title_pattern(candidate).search(heading.text)), ""
            )
        else:
            kind = _of_heading(heading.text, names, first)
            if not kind and depth == len(headings) - 1 and _is_ticked(heading.text, context):
                kind = "example"
        if kind:
            return Purpose(kind, heading)
    return Purpose("required")


def _of_heading(text: str, names: frozenset[str], first: str) -> str:
    """The purpose of a drawing that begins with a name, from the words of a heading.

    Below "Output format", a drawing of `output/` is output, although the word is its name.
    """
    if first and _describes(text, first.strip("/")) and _kind(text, names) in ("example", "output", "former"):
        return ""
    kind = _kind(text, names) or ("output" if _kind(text, frozenset()) == "output" else "")
    return "" if kind == "template" and _HAS_PLACEHOLDER.search(first) else kind


def _describes(text: str, name: str) -> bool:
    """Whether a heading begins with the first name of a drawing, and then describes this directory."""
    return re.match(rf"\W*{re.escape(name)}/?\W*?\s[-–—:(]", text) is not None  # noqa: RUF001


def is_template(context: Context) -> bool:
    """Whether the words above a block state what each new one of a kind looks like."""
    above = [*context.headings[context.titled :], *filter(None, (context.label, context.intro))]
    return any(_kind(words.text, frozenset()) == "template" for words in above)


def _is_ticked(text: str, context: Context) -> bool:
    """Whether a sign before a text marks it as correct, and is not decoration."""
    if not _TICK.search(text):
        return False
    words = _CODE_OR_PATH.sub("", text)
    return not re.search(r"\w", words) or (context.judged and not _STRUCTURE.search(words))


def _of_sentences(text: str, names: frozenset[str], described: bool) -> str:
    """The purpose in the sentence right before a drawing, or in the one before that if there is none.

    `described` is whether the heading above names a directory, which sentences may describe.
    """
    *before, last = [sentence for sentence in _SENTENCE.split(text) if sentence.strip()] or [""]
    kind = _of_sentence(last, names, described)
    if not kind and before and not _ABOUT_STRUCTURE.search(last):
        kind = _of_sentence(before[-1], names, described)
    return kind


def _of_sentence(text: str, names: frozenset[str], described: bool) -> str:
    kind = _kind(text, names)
    leads = _LEADS_TO_DRAWING.search(text) is not None or _BEGINS_AS_EXAMPLE.match(text) is not None
    if kind == "forbidden" and (not leads or _BEYOND_DRAWING.search(text)):
        return ""
    return kind if leads or (kind == "proposed" and not described) else ""


def shows_output(text: str) -> bool:
    """Whether words in a drawing state that a program writes the entries below them."""
    return _kind(text, frozenset()) in ("output", "fetched")


def _names_in(text: str) -> frozenset[str]:
    """The names in code and in paths of a text, as stems."""
    return frozenset(_stem(name) for name in re.findall(r"\w+", " ".join(_CODE_OR_PATH.findall(text))))


@lru_cache(maxsize=5_000)  # a heading stands above many blocks
def _kind(text: str, names: frozenset[str]) -> str:
    """The kind in the words or in a phrase of a text; "" if there is none.

    In "Examples (`examples/`)", the word is a name.
    """
    words = _CODE_OR_PATH.sub(" x ", text.replace("\u2019", "'"))
    if every := names | _names_in(text):
        words = re.sub(r"\w+", lambda match: "x" if _stem(match[0]) in every else match[0], words)
    words = _OTHERWISE.sub("x", words)
    if _both().search(words):
        return "required"
    if kind := next((kind for kind in _WORDS if _pattern(kind).search(words)), ""):
        return kind
    text = _FETCHED_REPOSITORY.sub("x", text)
    if kind := next((kind for kind, phrase in _PHRASES.items() if phrase.search(text)), ""):
        return kind
    if _pattern("required").search(words):
        return "required"
    return "step" * (_STEP.search(words) is not None and not _CODE_OR_PATH.search(text))


def shows_former(text: str) -> bool:
    """Whether words, such as the head of a column, are about an earlier state."""
    return _kind(text, frozenset()) == "former"


def shows_change(own: str, others: Iterable[str]) -> bool:
    """Whether a heading is about the state after a change, and one beside it about the former state."""
    after = re.search(any_of(words.AFTER), own, re.IGNORECASE) is not None
    return after and any(map(shows_former, others))


def names_state(name: str, context: Context) -> bool:
    """Whether the first line of a tree, such as `new/`, is a state that the words above it name."""
    return _STATE.fullmatch(name) is not None and _kind(context.lead, frozenset()) in ("required", "former")


def _stem(word: str) -> str:
    return word.lower().removesuffix("s")


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    terms = words.REQUIRED if kind == "required" else _WORDS[kind]
    return re.compile(any_of(terms), re.IGNORECASE)


@cache
def _both() -> re.Pattern[str]:
    """A pattern for what exists together with what is planned: "current and planned structure"."""
    joined = r"\s*(?:[+&/,和与と및]|and|und|et|y|e|i|и|ve|dan)\s*"
    return re.compile(rf"(?:{any_of(words.REQUIRED)}){joined}(?:{any_of(words.PROPOSED)})", re.IGNORECASE)


@cache
def _title_pattern(kind: str) -> re.Pattern[str]:
    return re.compile(any_of(_OF_A_TITLE[kind]), re.IGNORECASE)
