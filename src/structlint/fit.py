"""Which bundled layout fits a repository that has none of its own."""

from __future__ import annotations

from dataclasses import dataclass

from structlint.layout.bundled import BUNDLED
from structlint.layout.load import bundled_layout
from structlint.survey import Survey
from structlint.tree import Tree


@dataclass(frozen=True)
class Fit:
    """How well a bundled layout fits a tree: what it asks for and is there, all it asks for, and strays."""

    name: str
    fulfilled: int
    expected: int
    strays: int

    @property
    def score(self) -> float:
        """From 0 to 1."""
        return self.fulfilled / max(1, self.expected + self.strays)


def best_fit(tree: Tree) -> Fit:
    """The bundled layout that fits a tree best; of equals the one that is listed first."""
    return max((_fit(name, tree) for name in BUNDLED if name not in ("base", "usual")), key=lambda fit: fit.score)


def _fit(name: str, tree: Tree) -> Fit:
    survey = Survey(bundled_layout(name), tree)
    strays = sum(each.path.count("/") == 1 and each.path.endswith("/") for each in survey.unlisted)
    return Fit(name, survey.fulfilled, survey.fulfilled + len(survey.missing), strays)
