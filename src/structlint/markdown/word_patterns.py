"""Patterns of the words in `structlint.markdown.words`."""

from __future__ import annotations

import re

from structlint.markdown.words import Terms

_NO_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def any_of(terms: Terms) -> str:
    """A pattern that matches any of the words, none of them within a longer word."""
    words = (word for words_of_term in terms.values() for word in " ".join(words_of_term.split()).split(", "))
    return "|".join(map(_whole, words))


def _whole(words: str) -> str:
    pattern = re.escape(words)
    if _NO_BLANKS.search(words) or not re.search(r"\w", words):
        return pattern
    return rf"(?<![\w-]){pattern}(?![\w-])"
