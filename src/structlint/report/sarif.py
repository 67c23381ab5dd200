"""Writes SARIF 2.1.0 in the form that GitHub code scanning accepts.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html is the standard,
https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support the form for GitHub.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

from structlint.finding import Finding, Severity
from structlint.layout.bundled import data
from structlint.report.locations import Location, Locator, fingerprints, ordered, to_json
from structlint.report.wording import more, place
from structlint.rules import RULES, Rule, name_of
from structlint.text.version import __version__

if TYPE_CHECKING:
    from structlint.report import Report, Style

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_MOST = 5000  # results; GitHub shows no more
_MOST_BYTES = 9_000_000  # compressed; GitHub refuses more than 10 MB
_MOST_RELATED = 20  # GitHub shows at most 100 locations of a result
_LONGEST = 1024  # characters that a description of a rule may have
_LINK = re.compile(r"\[([^\[\]]+)\]\((?!https?:)[^)\n]*\)")  # its text may go on in the next line


def render(report: Report, out: TextIO, look: Style) -> None:
    """Writes a log of one run, in ASCII. Notifications contain the number of omitted findings."""
    rules = [rule for rule in RULES if report.by_rule[name_of(rule)]]
    results = list(_results(report, [name_of(rule) for rule in rules]))
    text = to_json(results)
    if _may_be_too_large(len(text)):
        results = list(_fitting(results))
        text = to_json(results)
    run = {
        "tool": {
            "driver": {
                "name": "structlint",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "invocations": [
            {
                "executionSuccessful": report.complete,
                "toolExecutionNotifications": list(_notifications(report, look, len(results))),
            }
        ],
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [],
    }
    log = to_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})
    out.write(f"{log.removesuffix('[]}]}')}{text}}}]}}\n")  # the results, which are not encoded again


def _rule(rule: Rule) -> dict[str, object]:
    name = name_of(rule)
    about = f"{rule.ABOUT[0].upper()}{rule.ABOUT[1:]}."
    # A page links to its neighbors, which do not exist where it is shown.
    page = _LINK.sub(r"\1", data("docs", "rules", f"{name}.md").decode())
    why = page.partition("\n## Why\n\n")[2].partition("\n\n")[0].replace("\n", " ")
    return {
        "id": name,
        "shortDescription": {"text": about[:_LONGEST]},
        "fullDescription": {"text": f"{about} {why}".strip()[:_LONGEST]},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": str(rule.SEVERITY)},
        "properties": {
            "tags": ["structure"],
            "precision": "very-high",
            "problem.severity": str(rule.SEVERITY),
        },
    }


def _results(report: Report, rules: list[str]) -> Iterator[dict[str, object]]:
    """The results, the most severe first."""
    locator = report.locator
    findings = ordered(report.listed)[:_MOST]
    for finding, mark in zip(findings, fingerprints(findings), strict=True):
        yield {
            "ruleId": finding.rule,
            "ruleIndex": rules.index(finding.rule),
            "level": str(finding.severity or Severity.ERROR),
            **_related(finding, locator),
            "locations": [{"physicalLocation": _physical(locator.spot(finding))}],
            "partialFingerprints": {"primaryLocationLineHash": mark},
        }


def _fitting(results: Iterable[dict[str, object]]) -> Iterator[dict[str, object]]:
    """The results that fit into a compressed upload. They are compressed only if they are large."""
    from zlib import compressobj

    packer = compressobj()
    size = whole = 0
    waiting: list[bytes] = []
    for result in results:
        waiting.append(to_json(result).encode())
        whole += len(waiting[-1])
        if _may_be_too_large(whole):
            size += sum(len(packer.compress(text)) for text in waiting)
            waiting.clear()
        if size > _MOST_BYTES:
            return
        yield result


def _may_be_too_large(size: int) -> bool:
    """Whether a text of a size may be too large; compression makes it at most a little larger."""
    return size > _MOST_BYTES * 0.99


def _related(finding: Finding, locator: Locator) -> dict[str, object]:
    """The message and its related locations; the layout's line is a link to one of them.

    Braces are not doubled, although the standard requires it, because viewers undo that only in messages
    with arguments, and this message has none.
    """
    related = list(locator.related(finding))[:_MOST_RELATED]
    asked = str(finding.origin) if finding.origin else ""
    link = f"[{_in_link(asked)}](1)" if related and related[0][0] == asked else _unlinked(asked)
    text = _unlinked(f"{place(finding)}: {finding.message_with_purpose}") + (f" ({link})" if asked else "")
    return {
        "message": {"text": f"{text} -- {_unlinked(finding.hint)}"},
        **(
            {
                "relatedLocations": [
                    {"id": number, "physicalLocation": _physical(spot), "message": {"text": _unlinked(name)}}
                    for number, (name, spot) in enumerate(related, 1)
                ]
            }
            if related
            else {}
        ),
    }


def _unlinked(text: str) -> str:
    """A text in which no name is read as a link, such as `[text](target)`."""
    return text.replace("](", r"]\(")


def _in_link(text: str) -> str:
    return re.sub(r"[\[\]\\]", r"\\\g<0>", text)


def _physical(spot: Location) -> dict[str, object]:
    return {
        "artifactLocation": {"uri": _uri(spot.path), "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": spot.line,
            "startColumn": spot.column,
            "endLine": spot.line,
            "endColumn": spot.column,
        },
    }


def _uri(path: str) -> str:
    """A path as a relative reference (https://www.rfc-editor.org/rfc/rfc3986) with the bytes of the name."""
    from urllib.parse import quote

    try:
        name = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a surrogate pair, which file systems of Windows allow
        name = path.encode("utf-8", "surrogatepass")
    return quote(name, safe="/")


def _notifications(report: Report, look: Style, number: int) -> Iterator[dict[str, object]]:
    """The notifications: information in addition to the results."""
    if left := len(report.listed) - number:
        text = f"{left:,} more findings are not in this file, which would exceed the limits of GitHub"
        yield {"level": "warning", "message": {"text": text}}
    for rule, count in report.left_out.items():
        yield {"level": "warning", "message": {"text": _unlinked(more(count, rule, look))}}
    for note in report.notes:
        yield {"level": "note", "message": {"text": _unlinked(note)}}
