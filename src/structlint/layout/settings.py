"""Defines how each setting at the top of a layout is read, merged and converted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from structlint.layout.entry import NAMING_FIELDS
from structlint.layout.model import PatternEntry, PatternList, SeverityByPath
from structlint.layout.parse_settings import SettingsReader, is_false, map_items, text_in, texts_in
from structlint.layout.patterns_beside import nearer
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.finding import Severity
    from structlint.layout.entry import Limit, Listing, Naming
    from structlint.layout.import_rules import ImportRules
    from structlint.layout.model import AcceptedFinding, AssignedPorts, Evidence
    from structlint.yaml_nodes import Node

T = TypeVar("T")


class Setting(Record):
    """A setting at the top of a layout.

    `key` is its key. `read` converts the node of the key, which matches the schema, or None to the value for
    a `LayoutFile`. `merge` merges the values of the farther and the nearer file. `finish` converts the merged
    value to the value for the `Layout`. An `inert` setting cannot contradict another.
    """

    key: str
    read: Callable[[SettingsReader, Node | None], Any]
    merge: Callable[[Any, Any], Any]
    finish: Callable[[Any], Any] = lambda value: value
    inert: bool = False


def _join(far: Mapping[str, T], near: Mapping[str, T]) -> dict[str, T]:
    return {**far, **near}


def _add(far: tuple[T, ...], near: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*far, *near)))


def _without_removed(values: Mapping[str, T | None]) -> dict[str, T]:
    return {name: value for name, value in values.items() if value}


def _pattern_list(reasons: Mapping[str, PatternEntry | None]) -> PatternList:
    return PatternList(tuple(reason for reason in reasons.values() if reason))


def _names(reader: SettingsReader, node: Node | None) -> dict[str, Naming | None]:
    return {key.text: reader.naming(key, value) for key, value in map_items(node)}


def _merged_names(
    far: Mapping[str, Naming | None], near: Mapping[str, Naming | None]
) -> dict[str, Naming | None]:
    return {**far, **{name: _naming(far.get(name), naming) for name, naming in near.items()}}


def _naming(far: Naming | None, near: Naming | None) -> Naming | None:
    """The naming of a placeholder: the fields of the nearer file, or else those of the farther one."""
    if far is None or near is None:
        return near
    left = [field for key, fields in NAMING_FIELDS.items() if key not in near.given for field in fields]
    kept = {field: getattr(far, field) for field in left}
    return near._replace(**kept, given=near.given | far.given)


def _belongs(reader: SettingsReader, node: Node | None) -> dict[str, PatternEntry | None]:
    return reader.reasons(node, reader.homes)


def _forbid(reader: SettingsReader, node: Node | None) -> dict[str, PatternEntry | None]:
    return reader.reasons(node, lambda key, value: ())


def _limits(reader: SettingsReader, node: Node | None) -> dict[str, Limit | None]:
    return {key.text: None if is_false(value) else reader.bound(value) for key, value in map_items(node)}


def _severities(reader: SettingsReader, node: Node | None) -> dict[str, Severity | SeverityByPath | None]:
    return {key.text: reader.severity(value) for key, value in map_items(node)}


def _merged_severities(
    far: Mapping[str, Severity | SeverityByPath | None], near: Mapping[str, Severity | SeverityByPath | None]
) -> dict[str, Severity | SeverityByPath | None]:
    refined = {
        rule: _refined(far[rule], severity) if rule in far else severity for rule, severity in near.items()
    }
    return {**far, **refined}


def _refined(
    far: Severity | SeverityByPath | None, near: Severity | SeverityByPath | None
) -> Severity | SeverityByPath | None:
    """The severity of a rule: a nearer severity by paths refines the farther one, which other paths keep."""
    if not isinstance(near, SeverityByPath):
        return near
    if not isinstance(far, SeverityByPath):
        everywhere = PatternEntry("*", near.patterns.items[0].place)
        far = SeverityByPath(PatternList((everywhere,)), (far,))
    return _refined_by_path(far, near)


def _refined_by_path(far: SeverityByPath, near: SeverityByPath) -> SeverityByPath:
    return far._replace(
        patterns=PatternList((*far.patterns.items, *near.patterns.items)),
        severities=(*far.severities, *near.severities),
        also=tuple(_refined_by_path(other, near) for other in far.also),
    )


def _ignores(reader: SettingsReader, node: Node | None) -> tuple[AcceptedFinding, ...]:
    return tuple(reader.ignores(node))


def _merged_ignores(
    far: tuple[AcceptedFinding, ...], near: tuple[AcceptedFinding, ...]
) -> tuple[AcceptedFinding, ...]:
    return _add(tuple(accepted._replace(inherited=True) for accepted in far), near)


def _ports(reader: SettingsReader, node: Node | None) -> dict[str, AssignedPorts | None]:
    return {key.text: reader.assigned(key, value) for key, value in map_items(node) if key.text != "."}


def _imports(reader: SettingsReader, node: Node | None) -> ImportRules | None:
    if node is None:
        return None
    from structlint.layout.parse_imports import parse_imports

    return parse_imports(reader, node)


def _merged_imports(far: ImportRules | None, near: ImportRules | None) -> ImportRules | None:
    if far is None or near is None:
        return far or near
    from structlint.layout.import_rules import merge_imports

    return merge_imports(far, near)


def _references(reader: SettingsReader, node: Node | None) -> tuple[Listing, ...]:
    return tuple(filter(None, map(reader.reference, texts_in(node))))


def _merged_references(far: tuple[Listing, ...], near: tuple[Listing, ...]) -> tuple[Listing, ...]:
    return tuple({str(listing): listing for listing in (*far, *near)}.values())


def _evidence(reader: SettingsReader, node: Node | None) -> tuple[Evidence, ...]:
    if node is None:
        return ()
    from structlint.layout.evidence import read_evidence

    return tuple(read_evidence(reader, node))


# By the field of `LayoutFile` and of `Layout`.
SETTINGS = {
    "about": Setting("about", lambda reader, node: text_in(node), lambda far, near: near or far, inert=True),
    "names": Setting("names", _names, _merged_names, _without_removed),
    "belongs": Setting("belongs", _belongs, nearer, _pattern_list),
    "forbid": Setting("forbid", _forbid, nearer, _pattern_list),
    "local": Setting("local", SettingsReader.pattern_list, _add, PatternList),
    "exclude": Setting("exclude", SettingsReader.pattern_list, _add, PatternList),
    "limits": Setting("limits", _limits, _join, _without_removed, inert=True),
    "severity": Setting("severity", _severities, _merged_severities, inert=True),
    "ignore": Setting("ignore", _ignores, _merged_ignores, inert=True),
    "ports": Setting("ports", _ports, _join, _without_removed),
    "together": Setting("ports", SettingsReader.together, _add, PatternList),
    "imports": Setting("imports", _imports, _merged_imports),
    "references": Setting("references", _references, _merged_references),
    "evidence": Setting("evidence", _evidence, lambda far, near: near, inert=True),
}
