"""A name contains a misspelled word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey
from structlint.text.misspellings import SHORTEST, frequent, is_word, misspellings
from structlint.text.path_groups import Names
from structlint.text.paths import name_of, parent
from structlint.text.quoting import in_backticks
from structlint.tree import holds

ABOUT = "a name that contains a misspelled word"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True

_WORD = re.compile(f"[A-Z]?[a-z]{{{SHORTEST - 1},}}")
_SPLIT = bytes(code if chr(code).isascii() and chr(code).isalpha() else 32 for code in range(256))
_PIECE = 1_000_000  # characters
_FREQUENT = 4  # names that contain the right spelling
_RATIO = 4  # of the names that contain the right spelling to those that contain the wrong one


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names with a frequent misspelling, or with a word that most names spell slightly differently."""
    groups = survey.tree.file_groups
    counts = _counted(groups.files, groups.steps)
    wrong = {**_unlike_others(counts), **_frequent(counts)}
    if wrong:
        directories = _with(wrong, groups.steps)
        yield from _findings(survey, sorted(groups.named(_with(wrong, groups.files))), wrong)
        found = [path for path in sorted(groups.held) if path and name_of(path) in directories]
        yield from _findings(survey, found, wrong)


def _counted(*groups: Names) -> Counter[str]:
    """The number of occurrences of each word.

    Names are first split where they contain no ASCII letter, so that each different part is read once.
    """
    occurrences: Counter[bytes] = Counter()
    for names in groups:
        for text in _pieces(names.text):
            occurrences.update(text.encode("ascii", "replace").translate(_SPLIT).split())
    parts: dict[int, list[bytes]] = {}  # by the number of their occurrences
    for part, number in occurrences.items():
        parts.setdefault(number, []).append(part)
    counts: Counter[str] = Counter()
    for number, alike in parts.items():
        words = _WORD.findall(b" ".join(alike).decode())
        for word, times in Counter(map(str.lower, words)).items():
            counts[word] += times * number
    return counts


def _pieces(text: str) -> Iterator[str]:
    """A text of names in pieces, so that the parts of a million names are not in memory at once."""
    begin = 0
    while begin < len(text):
        end = text.find("/", begin + _PIECE)
        end = len(text) if end < 0 else end
        yield text[begin:end]
        begin = end


def _frequent(counts: Mapping[str, int]) -> dict[str, str]:
    """The words that contain a frequent misspelling, with the right spelling of the whole word."""
    every = " ".join(counts)
    there = {wrong: right for wrong, right in frequent().items() if wrong in every}
    corrected: dict[str, str] = {}
    for wrong in sorted(there, key=len, reverse=True):
        for word in counts:
            if wrong in word:
                corrected[word] = corrected.get(word, word).replace(wrong, there[wrong])
    return corrected


def _unlike_others(counts: Mapping[str, int]) -> dict[str, str]:
    """The words that many more names spell slightly differently, with the other spelling."""
    most = max(counts.values(), default=0)
    rare = {word for word, number in counts.items() if number * _RATIO <= most and not is_word(word)}
    frequent_words = sorted((number, word) for word, number in counts.items() if number >= _FREQUENT)
    return {  # of several other spellings, the most frequent one
        wrong: right
        for number, right in frequent_words
        for wrong in misspellings(right, rare)
        if counts[wrong] * _RATIO <= number
    }


def _with(wrong: Mapping[str, str], names: Names) -> set[str]:
    """The names with one of these words."""
    spelled = [spelling for word in wrong for spelling in (word, word.capitalize())]
    return {name for name in names.containing(spelled) if not wrong.keys().isdisjoint(_words(name))}


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _findings(survey: Survey, paths: list[str], wrong: Mapping[str, str]) -> Iterator[Finding]:
    for path in paths:
        words = {word: wrong[word] for word in _words(name_of(path)) if word in wrong}
        right = parent(path) + _corrected(name_of(path), words) + "/" * path.endswith("/")
        if survey.tree.has_directory(right) if path.endswith("/") else holds(survey.tree.files, right):
            continue  # both exist, so the difference is probably meant
        spelled = " and ".join(f"{in_backticks(word)} for {in_backticks(words[word])}" for word in words)
        hint = f"rename it to {survey.mentioned(right)}"
        yield Finding(path, f"probably misspelled: {spelled}", hint, discriminator=" ".join(words))


def _corrected(name: str, words: Mapping[str, str]) -> str:
    """A name with the right spelling of these words, in the same case."""

    def spelled(found: re.Match[str]) -> str:
        right = words.get(found[0].lower(), found[0])
        return right.capitalize() if found[0][0].isupper() else right

    return _WORD.sub(spelled, name)
