"""A file that the layout asks for is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from structlint.finding import Finding, Severity
from structlint.layout.keys import Slot
from structlint.naming import spell
from structlint.quoting import quote
from structlint.starters import EXAMPLE, KEPT, starter
from structlint.survey import Missing, Survey
from structlint.tree import holds

if TYPE_CHECKING:
    from structlint.steps import Step

ABOUT = "a file that the layout asks for is not there"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True

_MOST_NAMES = 4
_SLOT = re.compile(r"<([A-Za-z][A-Za-z0-9_-]*)(?::([A-Za-z_-]+))?>")


def find(survey: Survey) -> Iterator[Finding]:
    """Finds every missing file."""
    return missing(survey, "missing-file", "file")


def missing(survey: Survey, rule: str, kind: str) -> Iterator[Finding]:
    """What is missing of one kind, `file` or `directory`; a directory that is only empty is not."""
    for each in survey.missing:
        if each.directory == (kind == "directory") and not each.empty:
            message, hint = _said(survey, each, kind)
            yield Finding(
                rule,
                each.path,
                message,
                hint,
                asked=each.asked,
                about="" if each.because else each.value or each.entry.about,
                related=tuple(path for path in (each.twin, each.because, *each.counterparts) if path),
                severity=Severity.WARNING if each.softly else None,
                mend=_mend(survey, each),
                number=survey.files_below(each.twin) if each.twin.endswith("/") else None,
                which=each.twin,
            )


def _said(survey: Survey, each: Missing, kind: str) -> tuple[str, str]:
    """The message and the hint for one missing thing."""
    name = quote(each.names[0])
    if link := survey.tree.links.get(each.path.rstrip("/")):
        leads = f"the link of this name leads to no {kind} of the repository ({quote(link.target)})"
        return f"missing {kind}: {leads}", f"point the link at a {kind} of the repository, or replace it"
    if each.twin:
        twin = survey.named(each.twin)
        if each.twin.rstrip("/") == each.path.rstrip("/"):
            other = "directory" if kind == "file" else "file"
            return (
                f"missing {kind}: {twin} is a {other}",
                f"put a {kind} in its place, or list {twin} in the layout",
            )
        return f"missing {kind}, though {twin} is there", f"rename {twin} to {survey.named(each.path)}"
    if each.because:
        because = survey.named(each.because)
        return f"missing {kind}: {because} needs it", f"create it, or remove {because}"
    if len(each.names) > 1:
        return f"missing {kind}: {_alternatives(each.names)}", "create one of them"
    if "<" in name or "*" in name:
        return f"missing {kind}: nothing is named {name}", f"create a {kind} of that form"
    number = survey.wanted_in(each.entry, frozenset(each.entry.key.placeholders))
    inside = f" with {number:,} {'entry' if number == 1 else 'entries'}" if number else ""
    return f"missing {kind}{inside}", "create it"


def _mend(survey: Survey, each: Missing) -> tuple[Step, ...]:
    """The step that puts it there; none where that is not clear."""
    from structlint.steps import Create, Move

    if each.path.rstrip("/") in survey.tree.links:
        return ()
    if each.twin:
        alike = each.twin.endswith("/") == each.directory
        return (Move(each.twin, each.path),) if alike else ()
    path = _first_path(survey, each)
    if path is None or holds(survey.tree.files, path.rstrip("/")):
        return ()
    if each.directory:
        return (Create(path + KEPT),)
    about = "" if each.because else each.value or each.entry.about
    local = [reason.pattern for reason in survey.layout.local.items if not reason.pattern.startswith("!")]
    return (Create(path, starter(path, about, local)),)


def _first_path(survey: Survey, each: Missing) -> str | None:
    """The path of the first name that would do, an example where it is a form; None if none fits."""
    members = each.entry.key.members
    above = each.path[: len(each.path) - len(each.names[0])]
    name = next((name for name in each.names if "<" not in name and "*" not in name), each.names[0])
    if each.because or members[each.names.index(name)].exact is not None:
        return above + name
    if any(letter in path for path in (above, *each.counterparts) for letter in "<*"):
        return None  # a name that is there already and holds one would be taken for a form here
    for placeholder, case in _SLOT.findall(name):
        naming = survey.layout.names.get(placeholder)
        value = spell(EXAMPLE, case or (naming.case if naming else None) or "lowercase")
        if naming and not naming.admits(Slot(placeholder, case or None), value):
            return None
        name = name.replace(f"<{placeholder}:{case}>" if case else f"<{placeholder}>", value)
    return above + name.replace("*", EXAMPLE)


def _alternatives(names: Sequence[str]) -> str:
    """The names that would do, the first few of many."""
    told = [quote(name) for name in names[: _MOST_NAMES if len(names) > _MOST_NAMES + 1 else None]]
    left = len(names) - len(told)
    return " or ".join(told) if not left else f"{', '.join(told)} or one of {left} others"
