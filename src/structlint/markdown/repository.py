"""Finds the tree whose first line is the name of the repository itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from structlint.markdown.drawn_tree import Drawing
from structlint.markdown.known_names import COMMON, HIDDEN_DIRECTORIES, is_project
from structlint.markdown.mentions import Mentions
from structlint.markdown.named_places import heading_path, unit_in
from structlint.markdown.outline import is_plain, steps_of
from structlint.markdown.root_signs import (
    OF_A_ROOT,
    OF_ALL,
    OF_USER,
    begins_beside,
    directories_below,
    first_lines,
    heads_a_part,
    holds_a_root,
    holds_sources,
    is_code,
    is_entered_part,
    is_in_root,
    is_package,
    is_titled,
    may_hold_a_root,
    score,
    shows_root,
)


class RootFinder:
    """Finds the drawing of the repository among all drawings of a document."""

    def __init__(
        self, drawings: Sequence[Drawing], mentions: Mentions, known: Collection[str], own: Sequence[str]
    ) -> None:
        """`known` has keys of directories in the root; `own` is the directory of the document."""
        self.drawings = drawings
        self.mentions = mentions
        self.known = known
        self.own = own
        self.first_lines = first_lines(drawings)
        self.unclear = ""  # the first line that could be the repository or a directory in it

    def repository(self) -> Drawing | None:
        """The drawing whose first line is the name of the repository itself.

        Several names, none of which is clearly that of the repository, are directories in the root.
        """
        beside = directories_below(self.drawings)
        scores = [
            (score(drawing) + 2 * self.is_cloned(drawing), drawing)
            for drawing in self.drawings
            if self._may_be_root(drawing, beside)
        ]
        most = max((score for score, _ in scores), default=0)
        best = [drawing for score, drawing in scores if score == most]
        if not most:  # if one drawing looks like a root, the names of the others do not matter
            best = [drawing for _, drawing in scores]
        names = {drawing.top.key for drawing in best if drawing.top}
        if len(names) != 1 or (not most and is_code(best[0])):
            return None
        if not (most or may_hold_a_root(best[0]) or names <= {*self.own}):
            self.unclear = names.pop()
            return None
        return best[0]

    def is_of_user(self, drawing: Drawing) -> bool:
        """Whether the first line of a drawing is a name for a project of the user, such as `my-shop/`."""
        if not drawing.top or not OF_USER.match(drawing.top.key):
            return False
        named = is_titled(drawing) or not drawing.context.titled
        return not (named or self.is_cloned(drawing) or {drawing.top.key} <= {*self.own})

    def is_cloned(self, drawing: Drawing) -> bool:
        """Whether commands clone a repository with the name in the first line, and it is not its package."""
        return self.mentions.clones(drawing) and not is_code(drawing)

    def _may_be_root(self, drawing: Drawing, beside: Mapping[str, set[int]]) -> bool:
        """Whether the first line of a drawing may be the name of the repository."""
        top = drawing.top
        if top is None or top.key == "./" or not is_plain(top.key) or len(steps_of(top.key)) > 1:
            return False
        marked, titled = any(OF_A_ROOT.match(entry.key) for entry in top.children), is_titled(drawing)
        is_cloned = self.is_cloned(drawing)
        titled |= is_cloned
        if HIDDEN_DIRECTORIES.fullmatch(top.key.rstrip("/")) or is_package(top) or self.is_of_user(drawing):
            return False
        if is_project(top.key.rstrip("/")) and not (titled or holds_sources(top)):
            return False
        if not (marked or titled) and (
            self._is_rooted(drawing) or drawing.listed or begins_beside(top, self.drawings)
        ):
            return False  # another drawing shows the contents of the root
        path = heading_path(drawing.context)
        elsewhere = top.key in self.known or top.key in path or unit_in(drawing.context.lead) != ""
        named = is_cloned or (titled and drawing.context.titled)  # the title of the document is its name
        elsewhere |= not named and not beside.get(top.key, {drawing.line}) <= {drawing.line}
        a_part = is_entered_part(drawing, self.drawings, self.mentions.parts_entered) or heads_a_part(drawing)
        elsewhere |= not (marked or titled) and (a_part or self.mentions.are_below(top))
        common = COMMON.fullmatch(top.key.rstrip("/")) or top.key.startswith(".")
        alone = len(self.drawings) == 1 and marked and titled and top.key not in self.mentions.parts_entered
        return not elsewhere and (not common or alone or is_cloned or holds_a_root(top))

    @cached_property
    def rooted(self) -> bool:
        """Whether a drawing begins in the root, or with a directory that is certainly in it."""
        return any(top is None or is_in_root(top) for top in self.first_lines)

    def _is_rooted(self, drawing: Drawing) -> bool:
        """Whether another drawing shows the root, and no complete drawing contains this one."""
        assert drawing.top
        if not OF_ALL.search(drawing.context.lead):
            return self.rooted
        inside = {entry.key for entry in drawing.top.children}
        return self._shows_root or any(
            top is not None and is_in_root(top) and top.key not in inside for top in self.first_lines
        )

    @cached_property
    def _shows_root(self) -> bool:
        """Whether a tree with several tops certainly shows the root."""
        trees = [other for other in self.drawings if not (other.called or other.listed or other.top)]
        return any(shows_root(tree) for tree in trees if not heading_path(tree.context))
