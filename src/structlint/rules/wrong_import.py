"""A file imports something that the layout forbids."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey
from structlint.text.quoting import quote

ABOUT = "an import that the layout forbids"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds imports that violate a rule of `imports`, each target once per file."""
    if survey.layout.import_rules is None:
        return
    from structlint.matching.import_check import import_check

    check = import_check(survey)
    there = frozenset((*survey.tree.files, *(directory.path for directory in survey.directories)))
    for path, line, target, broken in check.wrong:
        what = survey.named(target.path) if target.path else quote(target.module)
        yield Finding(
            path,
            f"forbidden import of `{what}`: {broken.message}",
            broken.instead,
            origin=broken.place,
            about=broken.why,
            related=(target.path,) if target.path in there else (),
            line=line,
            discriminator=target.path or broken.module,
        )
    check.refuse_unread()
