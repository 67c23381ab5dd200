"""A file that should stay local could be committed by accident."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from structlint.errors import TreeError
from structlint.finding import Finding, Severity
from structlint.layout.bundled import BUNDLED
from structlint.layout.model import PatternEntry
from structlint.matching.survey import Survey
from structlint.text.paths import name_of, parent
from structlint.text.quoting import in_backticks
from structlint.tree import holds

if TYPE_CHECKING:
    from structlint.tree import Tree

ABOUT = "a file or pattern that the layout declares `local` but git does not ignore"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True
FIX = "safe"

_LIST_FIRST = "list `.gitignore` in the layout, and add"
_TEMPLATE_ENDS = (".example", ".sample", ".template", ".dist", ".tmpl", ".defaults", "-example")
_READERS = (
    *("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"),
    *("pyproject.toml", "requirements.txt", "Pipfile", "go.mod", "Cargo.toml", "Gemfile"),
)


def find(survey: Survey) -> Iterator[Finding]:
    """Finds `local` patterns that no `.gitignore` covers, and files (not links) that git does not ignore."""
    tree, local = survey.tree, survey.layout.local
    if not (tree.in_git and local.items):
        return
    from structlint.layout.gitignore import escape_pattern, example

    patterns = {reason.pattern: reason for reason in local.items}  # one that is written twice counts once
    examples = {reason: path for reason in patterns.values() if (path := example(reason.pattern))}
    places = {
        reason: _places(path, tree) if reason.place.file in BUNDLED else [path]
        for reason, path in examples.items()
        if local.match(path)
    }
    places = {reason: [place for place in listed if local.match(place)] for reason, listed in places.items()}
    sought = [place for listed in places.values() for place in listed]
    ignored = tree.source.would_ignore(sought) if sought else frozenset()
    uncovered = [reason for reason, listed in places.items() if not ignored.issuperset(listed)]
    add = "add" if not uncovered or _may_exist(survey, ".gitignore") else _LIST_FIRST
    for reason in uncovered:
        pattern = in_backticks(reason.pattern)
        message = f"{pattern} should stay local, but git does not ignore it"
        hint = f"{add} {pattern} to `.gitignore`"
        yield _finding(reason, ".gitignore", message, hint, reason.pattern, which=reason.pattern)
    for path, reason, files in survey.local_matches:
        if reason not in uncovered and survey.whole.untracked.issuperset(files):
            number = len(files) if path.endswith("/") else None
            hint = "add it to the nearest `.gitignore`"
            message = f"not ignored by git, but {in_backticks(reason.pattern)} should stay local"
            yield _finding(reason, path, message, hint, f"/{escape_pattern(path)}", number=number)


def _may_exist(survey: Survey, path: str) -> bool:
    from structlint.rules.trial import refusals

    return holds(survey.tree.files, path) or not refusals(survey, {path: ""})


def _places(path: str, tree: Tree) -> list[str]:
    """The paths where the file is likely to be; empty if one is tracked, which `tracked-local` reports."""
    name = name_of(path)
    if not tree.untracked.issuperset(tree.file_groups.named([name])):
        return []
    return [f"{above}{path}" for above in _used_in(path, tree)]


def _used_in(path: str, tree: Tree) -> set[str]:
    """The directories that are likely to have the file: those with a template, or a file that reads it."""
    stem = path.rpartition("/")[2]
    names = {f"{stem}{end}" for end in _TEMPLATE_ENDS}
    names |= {name.lstrip(".") for name in names} | {f"{end[1:]}{stem}" for end in _TEMPLATE_ENDS}
    shown = set(map(parent, tree.file_groups.named(names)))
    return shown | {parent(file) for file in tree.file_groups.named(_READERS) if _reads(file, tree)}


def _reads(path: str, tree: Tree) -> bool:
    """Whether a file mentions a library or a setting that reads such files."""
    try:
        text = tree.read(path)
    except (FileNotFoundError, TreeError):
        return False
    lines = (line for line in text.splitlines() if not line.rstrip().endswith(b"// indirect"))
    return any(b"env_file" in line or b"dotenv" in line for line in lines)


def _finding(
    reason: PatternEntry,
    path: str,
    message: str,
    hint: str,
    pattern: str,
    number: int | None = None,
    which: str = "",
) -> Finding:
    from structlint.edits.steps import AddIgnorePattern

    return Finding(
        path,
        message,
        hint,
        origin=reason.place,
        fix=(AddIgnorePattern(pattern),),
        number=number,
        discriminator=which,
    )
