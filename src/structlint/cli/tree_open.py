"""`structlint tree --open`: lists the directories that the layout does not cover."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.checking.project import Project
from structlint.matching.coverage import coverage
from structlint.report.wording import count
from structlint.text.quoting import quote


def open_lines(project: Project) -> Iterator[str]:
    """The topmost open directories of a project, with their files, and the number of checked directories."""
    result = coverage(project.survey)
    shown = [path for path in result.directories if project.shows(path)]
    opened = [path for path in result.open if project.shows(path)]
    for path in result.open_tops:
        if project.shows(path):
            yield f"{quote(project.prefix + path)}  {count(project.survey.files_below(path), 'file')}"
    total = count(len(shown), "directory", "directories")
    yield f"checked: {len(shown) - len(opened):,} of {total}"
