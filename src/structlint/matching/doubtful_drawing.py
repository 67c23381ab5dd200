"""Decides whether `fix` creates the paths of a drawing: not if it probably does not show this repository."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from structlint.layout.model import Layout
from structlint.markdown.document import Reading
from structlint.markdown.plain_paths import plain_paths
from structlint.matching.model import Missing
from structlint.matching.survey import Survey
from structlint.text.quoting import in_backticks
from structlint.tree import Tree, holds
from structlint.yaml_nodes import MapNode


def why_doubtful(survey: Survey, missing: Missing) -> str:
    """The reason why a missing path may not be needed, if a document draws it; "" if there is none.

    Less than half of the drawing exists, although the repository already has files in directories.
    """
    file = missing.origin.file
    reading = survey.layout.documents.get(file)
    if reading is None or missing.needed_by or survey.once(_is_of_new):
        return ""
    drawn, exist = survey.once(_numbers)[file]
    begin = reading.begin_of(missing.origin.line)
    if exist[begin] * 2 >= drawn[begin]:
        return ""
    return f"only {exist[begin]:,} of the {drawn[begin]:,} entries that {in_backticks(file)} draws exist"


def is_new(layout: Layout, tree: Tree, prefix: str) -> bool:
    """Whether a repository has no files in directories, except hidden ones and its layout."""
    own = {*layout.files, *layout.documents}
    return not any(
        "/" in path and not path.startswith(".") and prefix + path not in own for path in tree.files
    )


def _is_of_new(survey: Survey) -> bool:
    return is_new(survey.layout, survey.tree, survey.prefix)


def _numbers(survey: Survey) -> dict[str, tuple[Counter[int], Counter[int]]]:
    """The numbers of drawn and of existing entries by document and by the first line of each drawing."""
    return {file: _number(reading, survey.tree) for file, reading in survey.layout.documents.items()}


def _number(reading: Reading, tree: Tree) -> tuple[Counter[int], Counter[int]]:
    drawn, exist = Counter[int](), Counter[int]()
    for line, exists in _drawn(reading, tree):
        begin = reading.begin_of(line)
        drawn[begin] += 1
        exist[begin] += exists
    return drawn, exist


def _drawn(reading: Reading, tree: Tree) -> Iterator[tuple[int, bool]]:
    """The line of each drawn path, and whether the path exists."""
    layout = reading.layout.get("tree")
    for entry in plain_paths(layout) if isinstance(layout, MapNode) else ():
        path = entry.path.rstrip("/")
        yield entry.line, holds(tree.files, path) or tree.has_directory(f"{path}/")
