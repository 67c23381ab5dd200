"""A file or directory exists that the layout forbids."""

from __future__ import annotations

from collections.abc import Iterator

from structlint.finding import Finding, Plural, Severity
from structlint.matching.survey import Survey, deciding

ABOUT = "a file or directory that the layout forbids"
SEVERITY = Severity.ERROR
NEEDS_LAYOUT = True

_IF_NEW = "do not create it"
_PLURAL = Plural("paths", "remove them", " that the layout forbids")


def find(survey: Survey) -> Iterator[Finding]:
    """Finds what `forbid` matches, and entries whose value is `false`; of a directory only its top.

    Of several reasons for one path, a pattern of `forbid` is named, or else the nearest entry.
    """
    findings: dict[str, Finding] = {}
    for finding in (*_matched(survey), *_listed(survey)):
        findings.setdefault(finding.path, finding)
    tops = {path for path in findings if path.endswith("/")}
    for path, finding in findings.items():
        above = (path[: at + 1] for at, letter in enumerate(path[:-1]) if letter == "/")
        if not tops or tops.isdisjoint(above):
            yield finding


def _matched(survey: Survey) -> Iterator[Finding]:
    """What `forbid` matches."""
    for path, reason, files in survey.matched(survey.layout.forbid, empty=True):
        yield Finding(
            path,
            "forbidden by the layout",
            "remove it",
            origin=reason.place,
            about=reason.why,
            number=len(files) if path.endswith("/") else None,
            hint_if_new=_IF_NEW,
            plural=_PLURAL,
            discriminator=f"forbid {deciding(survey.layout.forbid, reason, files)}",
        )


def _listed(survey: Survey) -> Iterator[Finding]:
    """What an entry whose value is `false` matches."""
    for matches in survey.entry_matches:
        for name in matches.names if matches.entry.forbidden else ():
            path, place = matches.path(name), matches.entry.place
            number = survey.files_below(path) if path.endswith("/") else None
            yield Finding(
                path,
                "forbidden by the layout",
                "remove it",
                origin=place,
                number=number,
                hint_if_new=_IF_NEW,
                plural=_PLURAL,
            )
