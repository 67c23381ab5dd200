"""What should stay local could be committed by accident."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.layout.model import PatternEntry
from structlint.matching.survey import Survey
from structlint.text.quoting import in_backticks

ABOUT = "a local file or pattern that git does not ignore"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True
FIX = "safe"


def find(survey: Survey) -> Iterator[Finding]:
    """Finds patterns of `local` that no `.gitignore` covers, and files that are not ignored all the same."""
    tree, local = survey.tree, survey.layout.local
    if not (tree.in_git and local.items):
        return
    from structlint.layout.gitignore import escape_pattern, example

    examples = {path: reason for reason in local.items if (path := example(reason.pattern))}
    examples = {path: reason for path, reason in examples.items() if local.match(path)}
    ignored = tree.source.would_ignore(list(examples)) if examples else frozenset()
    uncovered = {reason for path, reason in examples.items() if path not in ignored}
    for reason in uncovered:
        pattern = in_backticks(reason.pattern)
        message = f"{pattern} should stay local, but git does not ignore it"
        hint = f"add {pattern} to `.gitignore`"
        yield _finding(reason, ".gitignore", message, hint, reason.pattern, which=reason.pattern)
    for path, reason, files in survey.local_matches:
        if reason not in uncovered and survey.whole.untracked.issuperset(files):
            number = len(files) if path.endswith("/") else None
            hint = "add it to the nearest `.gitignore`"
            message = f"not ignored by git, but {in_backticks(reason.pattern)} should stay local"
            yield _finding(reason, path, message, hint, f"/{escape_pattern(path)}", number=number)


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
