"""Computes the fingerprints of findings, and their locations for services that need a file and line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from structlint.finding import Finding, Severity
from structlint.layout.bundled import BUNDLED
from structlint.report.wording import place, with_origin
from structlint.text.paths import parent, parents
from structlint.text.quoting import quote
from structlint.text.records import Record

if TYPE_CHECKING:
    from json import JSONEncoder

    from structlint.report import Report

# The name of a layout that is not in the repository: outside of it, or an option.
_OUTSIDE = ("../", "/", "--")
_HALF = "[\ud800-\udfff]"  # of a surrogate pair


class Location(Record):
    """A place in a file: the unquoted path from the root of the repository, line and column from 1."""

    path: str
    line: int = 1
    column: int = 1


class Locator:
    """Finds the location of each finding of a report in the checked files."""

    def __init__(self, report: Report) -> None:
        self._layouts = report.layouts
        self._known: dict[str, str] = {}
        self._firsts: dict[str, str] = {}
        self._spots: dict[int, tuple[Finding, Location]] = {}
        self._files = sorted(prefix + path for prefix, tree in report.trees.items() for path in tree.files)

    def spot(self, finding: Finding) -> Location:
        """The place of a finding, in an existing file if possible.

        This is its line, its path, or the first file in its directory. For a missing path and for the root,
        it is the line of the layout that requires the path, the layout, or the nearest file. Several formats
        ask for it, so it is stored by the identity of the finding.
        """
        known = self._spots.get(id(finding))
        if known is None:
            known = self._spots[id(finding)] = finding, self._spot(finding)
        return known[1]

    def _spot(self, finding: Finding) -> Location:
        if finding.line:
            return Location(self._layout(finding.path) or finding.path, finding.line)
        there = self._first(finding.path)
        return Location(there) if there else self._asked(finding) or Location(self._nearest(finding.path))

    def related(self, finding: Finding) -> Iterator[tuple[str, Location]]:
        """The related locations of a finding with their titles; a line of the layout comes first."""
        seen = [self.spot(finding)]
        for name, spot in self._related(finding):
            if spot not in seen:
                seen.append(spot)
                yield name, spot

    def _related(self, finding: Finding) -> Iterator[tuple[str, Location]]:
        if asked := self._asked(finding):
            yield str(finding.origin), asked
        for path in finding.related:
            if there := self._first(path):
                yield quote(path), Location(there)

    def _asked(self, finding: Finding) -> Location | None:
        asked = finding.origin
        path = self._layout(asked.file) if asked else None
        return Location(path, asked.line, asked.column) if asked and path else None

    def _layout(self, name: str) -> str | None:
        """The path of a layout file with this name in messages; None if it is not in the repository.

        It need not be one of the checked files: a check of a list of paths, or of a part of the repository,
        may use a layout that it does not check.
        """
        if name.startswith('"'):
            return self._quoted.get(name)
        return name if name and name not in BUNDLED and not name.startswith(_OUTSIDE) else None

    @cached_property
    def _quoted(self) -> dict[str, str]:
        return {shown: path for path in self._files if (shown := quote(path)) != path}

    def _first(self, path: str) -> str:
        """A file, or the first file in a directory other than the root, or "". A link counts as a file."""
        if path not in self._firsts:
            self._firsts[path] = self._searched(path)
        return self._firsts[path]

    def _searched(self, path: str) -> str:
        for wanted in (path.rstrip("/"), path):
            at = bisect_left(self._files, wanted)
            first = self._files[at] if at < len(self._files) else ""
            if first == wanted or (wanted.endswith("/") and first.startswith(wanted)):
                return first
        return ""

    def _nearest(self, path: str) -> str:
        """A file for a missing path: the nearest layout above it, or else the nearest file."""
        layouts = [there for name in self._layouts if (there := self._layout(name))]
        around = [layout for layout in layouts if path.startswith(parent(layout))]
        if around:
            return max(around, key=lambda layout: len(parent(layout)))
        for directory in parents(path):
            if there := self._beside(directory):
                return there
        return path.rstrip("/")  # there is no file at all

    def _beside(self, directory: str) -> str:
        """The first file directly in a directory, or else the first below it, or ""."""
        if directory not in self._known:
            inside = [path for path in self._files if path.startswith(directory)]
            near = (path for path in inside if parent(path) == directory)
            self._known[directory] = next(near, inside[0] if inside else "")
        return self._known[directory]


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, the most severe first, otherwise in their order."""
    return sorted(findings, key=lambda finding: finding.severity is Severity.WARNING)


def fingerprints(findings: Iterable[Finding]) -> Iterator[str]:
    """A unique fingerprint for each finding, which stays the same in later checks.

    It does not change if lines move, or if the counted number of a limit changes.
    """
    from hashlib import sha256

    seen: Counter[str] = Counter()
    for finding in findings:
        text = "\0".join(finding.identity)
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        seen[digest] += 1
        yield f"{digest}:{seen[digest]}"


def left_out(report: Report) -> Iterator[tuple[Finding, int]]:
    """The first omitted finding of each rule, and the number of omitted findings."""
    listed = Counter([finding.rule for finding in report.listed])
    for finding in report.findings:
        listed[finding.rule] -= 1
        if listed[finding.rule] == -1:
            yield finding, report.left_out[finding.rule]


def one_line_finding(finding: Finding) -> str:
    """A finding in one line: the place, the problem, the origin and the hint."""
    return f"{place(finding)}: {with_origin(finding)} -- {finding.hint}"


def json_path(path: str) -> str:
    """The path, quoted if it is not UTF-8, because strict JSON parsers reject lone surrogates."""
    return quote(path) if not path.isascii() and re.search(_HALF, path) else path


def to_json(document: object, indent: int | None = None) -> str:
    """A document as JSON, in ASCII."""
    text = _encoder().encode(document) if indent is None else _indented(document, " " * indent)
    # GitHub reads `##[` anywhere in a line as a command. In JSON, "#" occurs only in strings.
    return text.replace("##", r"#\u0023")


def _indented(document: object, indent: str) -> str:
    """A document over several lines, as `json` writes it, which takes three times as long if it indents."""
    from json.encoder import encode_basestring_ascii as quoted

    ways: dict[type, Callable[[Any], str]] = {str: quoted, int: str}

    def written(value: object, line: str) -> str:
        inner = line + indent
        if isinstance(value, dict) and value:
            items = [
                f"{quoted(str(key))}: {way(one) if (way := ways.get(type(one))) else written(one, inner)}"
                for key, one in value.items()
            ]
            return f"{{{inner}{f',{inner}'.join(items)}{line}}}"
        if isinstance(value, (list, tuple)) and value:
            return f"[{inner}{f',{inner}'.join([written(one, inner) for one in value])}{line}]"
        return way(value) if (way := ways.get(type(value))) else _encoder().encode(value)

    return written(document, "\n")


@cache
def _encoder() -> JSONEncoder:
    from json import JSONEncoder

    return JSONEncoder(check_circular=False)
