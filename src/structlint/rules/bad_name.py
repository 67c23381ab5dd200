"""A name is in the right place and in the wrong case."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Severity
from structlint.layout.model import ill_spelled
from structlint.quoting import quote
from structlint.steps import Move
from structlint.survey import Governed, Survey

ABOUT = "a name that is not in the case that its placeholder asks for"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True


def find(survey: Survey) -> Iterator[Finding]:
    """Finds names in the wrong case, with the right spelling."""
    for each in survey.governed:
        if each.member.slots and not each.entry.forbidden and (wrong := _wrong(survey, each)):
            parent = each.path[: each.path.rstrip("/").rfind("/") + 1]
            slash = "/" if each.entry.key.directory else ""
            right = parent + each.member.spelled(wrong[0]) + slash
            spelled = right != each.path
            yield Finding(
                "bad-name",
                each.path,
                f"bad name: {wrong[1]}",
                f"rename it to {survey.named(right)}" if spelled else "give it a name with letters",
                asked=each.entry.place,
                about=each.entry.about,
                related=(right,) if spelled else (),
                mend=(Move(each.path, right),) if spelled else (),
            )


def _wrong(survey: Survey, each: Governed) -> tuple[dict[str, str], str] | None:
    """The values of a name's placeholders as they should be and what is wrong; None if nothing is."""
    values, said = dict(each.values), ""
    for slot in each.member.slots:
        naming = survey.layout.names.get(slot.placeholder)
        value = each.values[slot.placeholder]
        right = ill_spelled(slot, value, naming, each.entry.key.directory)
        if right is not None:
            values[slot.placeholder] = right
            said = f"{quote(value)} is not {slot.case or (naming and naming.case)}"
    return (values, said) if said else None
