"""Writes a merged layout as YAML that can be used as a layout, with the origin of each line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from structlint.finding import Place, Severity
from structlint.layout.entry import Contents, Entry, Level, Naming, Need, entries, placeholders
from structlint.layout.import_rules import Apart, ImportRules, Never
from structlint.layout.key_writer import key_text
from structlint.layout.keys import KeyPath
from structlint.layout.model import (
    AcceptedFinding,
    AssignedPorts,
    Layout,
    PatternEntry,
    PatternList,
    SeverityByPath,
)
from structlint.report.terminal import cells, padded
from structlint.text.quoting import in_quotes
from structlint.text.records import Record

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_.(<][A-Za-z0-9_./<>()|^?+=@ -]*(?<! )")
_PLAIN_VALUE = re.compile(r"[A-Za-z][A-Za-z0-9_./()-]*")
_WORDS = ("null", "true", "false")
_WIDTH = 48  # of the longest line that the places of all others are aligned to


class _Line(Record):
    """A line of the output, the place of the setting, and a note that follows the place."""

    text: str
    place: Place | None = None
    note: str = ""

    @property
    def origin(self) -> str:
        return f"{self.place}{self.note}"


def config(layout: Layout, columns: int | None = None) -> str:
    """The layout and everything that it extends, as one equivalent file.

    The output does not contain unused names. It does not show which of several layouts, extended side by
    side, lists an entry. An unused `ignore` entry that was inherited would be reported.

    The places are aligned. On a terminal with this number of `columns`, they are moved to the left to fit.
    """
    lines = list(_lines(layout))
    placed = [(cells(line.text), cells(line.origin)) for line in lines if line.place]
    width = min(_WIDTH, max((text for text, _ in placed), default=0))
    if columns is not None:
        width = min(width, columns - len("  # ") - max((place for _, place in placed), default=0))
    return "".join(
        f"{padded(line.text, width)}  # {line.origin}\n" if line.place else f"{line.text}\n" for line in lines
    )


def _lines(layout: Layout) -> Iterator[_Line]:
    if layout.layers:
        yield _Line(
            "# Combined from several layouts: in each of them, the most specific entry applies to a name."
        )
    if layout.about:
        yield _Line(f"about: {in_quotes(layout.about)}")
    yield from _section("names", _names(layout))
    yield from _section("tree", _inside(layout.root, "  "))
    yield from _section("belongs", (_belongs(entry, layout) for entry in _last(layout.belongs)))
    yield from _section("forbid", (_forbids(entry, layout) for entry in _last(layout.forbid)))
    yield from _section("local", _patterns(layout.local, layout))
    yield from _section("exclude", _patterns(layout.exclude, layout))
    limits = layout.limits.items()
    yield from _section("limits", (_Line(f"  {name}: {bound.number}", bound.place) for name, bound in limits))
    yield from _section("ports", _ports(layout))
    listings = layout.references
    yield from _section(
        "references", (_Line(f"  - {in_quotes(str(listing))}", listing.place) for listing in listings)
    )
    yield from _section("imports", _imports(layout.imports) if layout.imports else ())
    severities = layout.severity.items()
    yield from _section(
        "severity", (_Line(f"  {rule}: {_severity(severity)}") for rule, severity in severities)
    )
    yield from _section("ignore", map(_ignore, layout.ignore))


def _section(name: str, lines: Iterable[_Line]) -> Iterator[_Line]:
    section_lines = list(lines)
    if section_lines:
        yield _Line(f"{name}:")
        yield from section_lines


def _ports(layout: Layout) -> Iterator[_Line]:
    if layout.together.items:
        yield _Line("  .:")
        yield _Line("    together:")
        yield from (_Line(f"    {line.text}", line.place) for line in _patterns(layout.together, layout))
    yield from (_Line(f"  {_port(name, ports)}", ports.place) for name, ports in layout.ports.items())


def _port(name: str, assigned: AssignedPorts) -> str:
    numbers = [str(number) for number in assigned.numbers]
    return f"{_yaml(name, _PLAIN_KEY)}: {numbers[0] if len(numbers) == 1 else _flow(numbers)}"


def _imports(rules: ImportRules) -> Iterator[_Line]:
    if rules.layers:
        yield _Line("  layers:")
        for line in rules.layers:
            texts = [in_quotes(side.text) for side in line]
            yield _Line(f"    - {texts[0] if len(texts) == 1 else _list(texts)}", line[0].place)
    yield from _below("apart", (_apart(apart) for apart in rules.apart.values() if apart))
    yield from _below("never", (line for never in rules.never.values() if never for line in _never(never)))
    if rules.types:
        yield _Line(f"  types: {rules.types}")
    yield from _below("roots", (_Line(f"    - {in_quotes(side.text)}", side.place) for side in rules.roots))


def _below(name: str, lines: Iterable[_Line]) -> Iterator[_Line]:
    section_lines = list(lines)
    if section_lines:
        yield _Line(f"  {name}:")
        yield from section_lines


def _apart(apart: Apart) -> _Line:
    settings = {"through": _list([in_quotes(side.text) for side in apart.through])} if apart.through else {}
    if apart.why:
        settings["why"] = in_quotes(apart.why)
    return _Line(
        f"    {in_quotes(apart.side.text)}: {_mapping(settings) if settings else ''}".rstrip(),
        apart.side.place,
    )


def _never(never: Never) -> Iterator[_Line]:
    targets = [target for target in never.targets.values() if target]
    if targets:
        yield _Line(f"    {in_quotes(never.side.text)}:", never.side.place)
    for target in targets:
        why = f" {in_quotes(target.why)}" if target.why else ""
        yield _Line(f"      {in_quotes(target.name)}:{why}", target.place)


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(texts)}]"


def _names(layout: Layout) -> Iterator[_Line]:
    used = placeholders(layout.root)
    for name, naming in layout.names.items():
        if name in used:
            yield _Line(f"  {name}: {_naming(naming)}", naming.place)


def _naming(naming: Naming) -> str:
    settings = {}
    if naming.cases:
        settings["case"] = _flow(naming.cases) if len(naming.cases) > 1 else naming.cases[0]
    if naming.pattern:
        settings["pattern"] = in_quotes(naming.pattern.source)
    if naming.values:
        settings["values"] = (
            _mapping(_described(naming)) if any(naming.descriptions.values()) else _flow(naming.values)
        )
    if naming.min or naming.max is not None:
        settings["count"] = f'"{naming.min}-{"" if naming.max is None else naming.max}"'
    if naming.listing:
        settings["from"] = in_quotes(str(naming.listing))
    settings |= {name: "true" for name in ("unique", "consecutive") if getattr(naming, name)}
    plain_list = settings.keys() == {"values"} and not any(naming.descriptions.values())
    short = plain_list or (settings.keys() == {"case"} and len(naming.cases) == 1)
    return next(iter(settings.values())) if short else _mapping(settings)


def _described(naming: Naming) -> dict[str, str]:
    """The values of a list, each with its description."""
    sentences = {value: naming.descriptions.get(value, "") for value in naming.values}
    return {in_quotes(value): in_quotes(text) if text else "null" for value, text in sentences.items()}


def _inside(entry: Entry, indent: str) -> Iterator[_Line]:
    """The settings of a directory, under the key `.`, and its children."""
    if settings := _settings(entry):
        yield _Line(f"{indent}.: {settings}", entry.place)
    for child in sorted(entry.in_turn(), key=_first_turn):
        if child.other and not child.key.directory:
            continue  # with the directories of its group
        key = _yaml(_written(child), _PLAIN_KEY)
        if child.forbidden:
            yield _Line(f"{indent}{key}: false", child.place)
        elif child.children or (child.key.directory and _settings(child).startswith("{")):
            yield _Line(f"{indent}{key}:", child.place)
            yield from _inside(child, indent + "  ")
        else:
            yield _Line(f"{indent}{key}: {_settings(child)}".rstrip(), child.place)


def _first_turn(entry: Entry) -> tuple[int, int, int]:
    """The turn of an entry or of its first placeholder, because the first place defines the values."""
    inside = [entry, *(child for _, child in entries(entry))]
    return min((child.turn for child in inside if child.key.placeholders), default=entry.turn)


def _settings(entry: Entry) -> str:
    """The settings of a file or directory: nothing, a description or a mapping."""
    settings = {}
    if entry.about:
        settings["about"] = in_quotes(entry.about)
    if entry.level is Level.RECOMMENDED:
        settings["level"] = "recommended"
    if entry.condition:
        settings["if"] = _contents(entry.condition)
    if entry.holds:
        several = list(map(_contents, entry.holds))
        settings["holds"] = several[0] if len(several) == 1 else _list(several)  # of composed layouts
    if entry.needs:
        settings["needs"] = _flow(map(_need, entry.needs))
    if entry.without:
        settings["without"] = _flow(map(_need, entry.without))
    if entry.unlisted:
        settings["unlisted"] = entry.unlisted
    settings |= {name: str(bound.number) for name, bound in entry.bounds.items()}
    return settings["about"] if settings.keys() == {"about"} else _mapping(settings) if settings else ""


def _written(entry: Entry) -> str:
    """The key of an entry."""
    return key_text(entry.key, entry.other) + ("?" if entry.level is Level.OPTIONAL else "")


def _need(need: Need) -> str:
    return ("/" if need.from_root else "") + _path(need.path)


def _contents(contents: Contents) -> str:
    paths = in_quotes(" | ".join(map(_path, contents.paths)))
    return _mapping({"about": in_quotes(contents.about), "paths": paths}) if contents.about else paths


def _path(path: KeyPath) -> str:
    return "".join(map(key_text, path.steps))


def _belongs(reason: PatternEntry, layout: Layout) -> _Line:
    homes = f" {_flow(reason.targets)}" if reason.targets else ""
    return _Line(f"  {in_quotes(reason.pattern)}:{homes}", reason.place, _limited(reason, layout))


def _forbids(reason: PatternEntry, layout: Layout) -> _Line:
    why = f" {in_quotes(reason.why)}" if reason.why else ""
    return _Line(f"  {in_quotes(reason.pattern)}:{why}", reason.place, _limited(reason, layout))


def _patterns(reasons: PatternList, layout: Layout) -> Iterator[_Line]:
    for reason in _last(reasons):
        yield _Line(f"  - {in_quotes(reason.pattern)}", reason.place, _limited(reason, layout))


def _limited(reason: PatternEntry, layout: Layout) -> str:
    """The note for an exception that does not apply to the patterns of all layouts extended side by side."""
    is_limited = reason.is_exception and reason.layers is not None and reason.layers != layout.layers
    return ", only for patterns of this layout" if is_limited else ""


def _last(reasons: PatternList) -> Iterator[PatternEntry]:
    """Each pattern once, at its last place, because that one applies."""
    last = {reason.pattern: reason for reason in reasons.items}
    return (reason for reason in reasons.items if last[reason.pattern] is reason)


def _severity(severity: Severity | SeverityByPath | None) -> str:
    if not isinstance(severity, SeverityByPath):
        return severity or "off"
    patterns = [in_quotes(entry.pattern) for entry in severity.patterns.items]
    return _mapping(dict(zip(patterns, (one or "off" for one in severity.severities), strict=True)))


def _ignore(ignore: AcceptedFinding) -> _Line:
    settings = {"rule": ignore.rule, "path": in_quotes(ignore.path), "why": in_quotes(ignore.why)}
    if ignore.until:
        settings["until"] = ignore.until.isoformat()
    if ignore.mentioned_in.items:
        settings["mentioned-in"] = _flow(file.pattern for file in ignore.mentioned_in.items)
    return _Line(f"  - {_mapping(settings)}", ignore.place)


def _mapping(settings: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {text}" for name, text in settings.items()) + "}"


def _flow(texts: Iterable[str]) -> str:
    return f"[{', '.join(_yaml(text, _PLAIN_VALUE) for text in texts)}]"


def _yaml(text: str, plain: re.Pattern[str]) -> str:
    """A string as YAML, in quotes if it needs them."""
    return text if plain.fullmatch(text) and text.lower() not in _WORDS else in_quotes(text)
