"""What was likely meant by a name that there is not."""

from __future__ import annotations

from collections.abc import Sequence


def nearest(text: str, known: Sequence[str], alike: float = 0.6) -> str | None:
    """The one of `known` that was most likely meant by `text`, at least so much alike (1.0: the same)."""
    from difflib import get_close_matches

    folded = {each.casefold().replace("_", "-"): each for each in known}
    close = get_close_matches(text.casefold().replace("_", "-"), folded, n=1, cutoff=alike)
    return folded[close[0]] if close else None


def suggestion(text: str, known: Sequence[str]) -> str:
    """What to say after an unknown name: the one that was meant, or all there are."""
    if meant := nearest(text, known):
        return f"did you mean `{meant}`?"
    return f"expected one of {', '.join(known)}"
