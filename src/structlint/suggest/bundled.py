"""Which bundled layout fits a repository best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from structlint.layout.bundled import BUNDLED
from structlint.layout.load import bundled_layout
from structlint.matching import match

if TYPE_CHECKING:
    from structlint.tree import Tree

LEAST = 0.3  # with less of it a layout says nothing of a repository


@dataclass(frozen=True)
class Fit:
    """How well a bundled layout fits a tree: existing required names, all required names, unlisted names."""

    name: str
    fulfilled: int
    expected: int
    strays: int

    @property
    def score(self) -> float:
        """From 0 to 1."""
        return self.fulfilled / max(1, self.expected + self.strays)


def fits_of(tree: Tree) -> list[Fit]:
    """How well each bundled layout fits a tree, the best first, then in the order of the list."""
    found = [_fit(name, tree) for name in BUNDLED if name not in ("base", "usual")]
    return sorted(found, key=lambda fit: -fit.score)


def best_fit(tree: Tree) -> Fit:
    """The bundled layout that fits a tree best; of several, the one that is listed first."""
    return fits_of(tree)[0]


def _fit(name: str, tree: Tree) -> Fit:
    survey = match(bundled_layout(name), tree)
    near_misses = {each.near_miss for each in survey.missing}
    strays = sum(
        each.path.count("/") == 1 and each.path.endswith("/") and each.path not in near_misses
        for each in survey.strays
    )
    return Fit(name, survey.fulfilled, survey.fulfilled + len(survey.missing), strays)


def chosen(tree: Tree) -> tuple[list[str], str]:
    """The names of the bundled layouts to extend, and why."""
    best = best_fit(tree)
    if best.score < LEAST:
        return ["base"], "No bundled layout fits; it builds on `base`, what any repository may have."
    return [best.name], f"It builds on `{best.name}`."
