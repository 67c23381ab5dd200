"""Suggestions for unknown names."""

from __future__ import annotations

from collections.abc import Sequence


def nearest(text: str, known: Sequence[str], alike: float = 0.6) -> str | None:
    """The name in `known` that is most similar to `text`, with at least this similarity (1.0: equal)."""
    from difflib import get_close_matches

    folded = {name.casefold().replace("_", "-"): name for name in known}
    close = get_close_matches(text.casefold().replace("_", "-"), folded, n=1, cutoff=alike)
    return folded[close[0]] if close else None


def suggestion(text: str, known: Sequence[str]) -> str:
    """The end of a message about an unknown name: the most similar name, or all names."""
    begun = [name for name in known if len(text) > 2 and name.startswith(f"{text}-")]
    if meant := begun[0] if len(begun) == 1 else nearest(text, known):
        return f"did you mean `{meant}`?"
    return f"expected one of {', '.join(f'`{name}`' for name in known)}"
