"""Enumerations in a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def either(texts: Sequence[str], most: int | None = None) -> str:
    """`a`, `a or b`, or `a, b or c`; at least one text is needed.

    If there are more than `most` and one, the first `most` are named: `a, b or one of 5 others`.
    """
    if most is not None and len(texts) > most + 1:
        texts = [*texts[:most], f"one of {len(texts) - most:,} others"]
    return _joined(texts, "or")


def every(texts: Sequence[str]) -> str:
    """`a`, `a and b`, or `a, b and c`; at least one text is needed."""
    return _joined(texts, "and")


def _joined(texts: Sequence[str], word: str) -> str:
    return f" {word} ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
