"""What should stay on one machine could be committed by accident."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.layout.model import PatternEntry
from structlint.matching.survey import Survey
from structlint.text.quoting import quote

ABOUT = "what should stay on one machine is not ignored by git"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = True


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
        pattern = quote(reason.pattern)
        yield _finding(
            reason, ".gitignore", "it", f"add {pattern} to .gitignore", reason.pattern, which=reason.pattern
        )
    for path, reason, files in survey.matched(local):
        if reason not in uncovered and tree.untracked.issuperset(files):
            number = len(files) if path.endswith("/") else None
            hint = "add it to the nearest .gitignore"
            yield _finding(reason, path, "this", hint, f"/{escape_pattern(path)}", number=number)


def _finding(
    reason: PatternEntry,
    path: str,
    it: str,
    hint: str,
    pattern: str,
    number: int | None = None,
    which: str = "",
) -> Finding:
    from structlint.edits.steps import AddIgnorePattern

    return Finding(
        path,
        f"{quote(reason.pattern)} stays on one machine, and git does not ignore {it}",
        hint,
        origin=reason.place,
        fix=(AddIgnorePattern(pattern),),
        number=number,
        discriminator=which,
    )
