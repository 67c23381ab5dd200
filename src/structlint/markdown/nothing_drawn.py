"""The error for a document that neither requires nor forbids anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from structlint.errors import LayoutError, Problem
from structlint.markdown.blocks import Block, Code
from structlint.markdown.drawings import Remark
from structlint.markdown.plausible import is_hinted

_REMEDY = "draw one in a code block, such as `src/` with its files below it"


class NothingDrawn(LayoutError):
    """A document requires and forbids nothing. `skipped` has the skipped parts, each with its line."""

    def __init__(self, problems: Iterable[Problem], skipped: Iterable[str] = ()) -> None:
        self.skipped = tuple(skipped)
        super().__init__(problems)


def nothing_drawn(file: str, blocks: Iterable[Block], notes: Sequence[Remark]) -> NothingDrawn:
    """The error at the skipped parts, or else at a code block below a heading about a structure."""
    if notes:
        return NothingDrawn(
            [
                Problem(file, line, 1, f"no other tree is drawn here: {text}; {_REMEDY}")
                for line, text in sorted(notes)
            ],
            [f"{file}:{line}: {text}" for line, text in sorted(notes)],
        )
    codes = (block for block in blocks if isinstance(block, Code) and block.lines)
    line = next((code.lines[0][0] for code in codes if is_hinted(code.context)), 1)
    return NothingDrawn([Problem(file, line, 1, f"no drawn tree here; {_REMEDY}")])
