"""Reads everything in a layout file except the tree: names, limits, patterns and accepted findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, cast

from structlint.errors import Problem
from structlint.finding import Place, Severity
from structlint.layout.entry import Limit, Listing, Naming
from structlint.layout.model import (
    AcceptedFinding,
    AssignedPorts,
    PatternEntry,
    PatternList,
    SeverityByPath,
)
from structlint.text.cases import CASES
from structlint.text.quoting import short_name
from structlint.yaml_nodes import ListNode, MapNode, TextNode, value

if TYPE_CHECKING:
    from structlint.yaml_nodes import Node


# A Dockerfile, or a Markdown document
_WITH_PATHS = r"(?i)(?:docker|container)file\S*|\S+\.(?:docker|container)file|\S+\.(?:md|markdown)"
_PATTERN_SIGN = r"[*?]| [|^] |<[A-Za-z][\w-]*(?:\*\*|:[A-Za-z_-]+)?>"
_LISTING = (".json", ".jsonc", ".yaml", ".yml", ".toml")


class SettingsReader:
    """Reads the settings of a layout file, and collects problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.depth = 0  # of the directory that is read

    def place(self, node: Node) -> Place:
        return Place(self.file, node.line, node.column)

    def wrong(self, node: Node, message: str) -> None:
        self.problems.append(Problem(self.file, node.line, node.column, message))

    def wrong_at(self, place: Place, message: str) -> None:
        self.problems.append(Problem(place.file, place.line, place.column, message))

    def naming(self, key: TextNode, node: Node) -> Naming | None:
        if is_false(node):
            return None
        place = self.place(key)
        if isinstance(node, ListNode):
            return Naming(place, values=self.listed(key, node), given=frozenset(["values"]))
        if isinstance(node, TextNode):
            return self.named(node, place)
        settings = {key.text: child for key, child in map_items(node)}
        least, most = self.count(settings.get("count"))
        naming = Naming(
            place,
            cases=tuple(case.text for case in texts_in(settings.get("case"))),
            min=least,
            max=most,
            unique=_is_true(settings.get("unique")),
            consecutive=_is_true(settings.get("consecutive")),
            listing=self.listing(settings["from"])
            if "from" in settings and not is_false(settings["from"])
            else None,
            given=frozenset(settings),
        )
        if "values" in settings and not is_false(settings["values"]):
            descriptions = {key.text: text_in(text) for key, text in map_items(settings["values"])}
            naming = naming._replace(values=self.values(settings["values"]), descriptions=descriptions)
        if "pattern" in settings and not is_false(settings["pattern"]):
            naming = self.patterned(naming, settings["pattern"], text_in(settings["pattern"]))
        return naming

    def listing(self, node: Node) -> Listing | None:
        """The list in a file that a text such as `package.json#/workspaces` refers to."""
        file, sign, pointer = text_in(node).partition("#")
        steps = file.split("/")
        if not sign or not file.endswith(_LISTING) or not pointer.startswith("/"):
            self.wrong(
                node,
                f"{short_name(text_in(node))}: write a JSON, YAML or TOML file and a pointer into it, "
                "as in `package.json#/workspaces`",
            )
            return None
        if {"", ".", ".."}.intersection(steps):
            self.wrong(node, f"{short_name(file)} is not a path within the repository")
            return None
        return Listing(file, pointer, self.place(node))

    def reference(self, node: Node) -> Listing | None:
        """A list, as above, with wildcards in the path, or a file that contains paths itself.

        A `?` at the end marks such a file as optional, as in the tree.
        """
        from structlint.layout.gitignore import PatternError, check_pattern

        text = text_in(node)
        file = text.partition("#")[0]
        plain = file if "#" in text else file.removesuffix("?")
        last = plain.rpartition("/")[2]
        if not ("#" in text or last == "CODEOWNERS" or re.fullmatch(_WITH_PATHS, last)):
            self.wrong(
                node,
                f"{short_name(text)}: write a JSON, YAML or TOML file and a pointer into it, "
                "as in `tsconfig.json#/references`, a `CODEOWNERS`, a `Dockerfile` or a Markdown document",
            )
            return None
        try:
            check_pattern(plain)
        except PatternError as error:
            self.wrong(node, f"the pattern {short_name(file)} {error}")
            return None
        if "#" in text:
            return self.listing(node)
        if {"", ".", ".."}.intersection(plain.split("/")):
            self.wrong(node, f"{short_name(plain)} is not a path within the repository")
            return None
        return Listing(file, "", self.place(node))

    def listed(self, key: TextNode, node: ListNode) -> tuple[str, ...]:
        """The names in a list. All of them being cases is an error, because a case was probably meant."""
        values = self.values(node)
        if values and all(text in CASES for text in values):
            cases = ", ".join(values)
            right = f"{key.text}: {{case: [{cases}]}}"
            self.wrong(key, f"a list contains names, but these are cases; write {short_name(right)}")
        return values

    def values(self, node: Node) -> tuple[str, ...]:
        listed = [key for key, _ in map_items(node)] or texts_in(node)
        for name in listed:
            if "/" in name.text or name.text in (".", ".."):
                self.wrong(
                    name,
                    f"{short_name(name.text)} is not a valid name; a name has no `/`, and is not `.` or `..`",
                )
        return tuple(name.text for name in listed)

    def named(self, node: TextNode, place: Place) -> Naming:
        """A naming in the form of text: a case or a regular expression."""
        text = node.text
        if len(text) > 1 and text.startswith("/") and text.endswith("/"):
            return self.patterned(Naming(place, given=frozenset(["pattern"])), node, text[1:-1])
        return Naming(place, cases=(text,), given=frozenset(["case"]))

    def patterned(self, naming: Naming, node: Node, text: str) -> Naming:
        from structlint.layout.regex import SafeRegex

        try:
            return naming._replace(pattern=SafeRegex(text))
        except ValueError as error:
            self.wrong(node, f"the regular expression {short_name(text)} {error}")
            return naming

    def count(self, node: Node | None) -> tuple[int, int | None]:
        if node is None or is_false(node):
            return 0, None
        if not isinstance(value(node), str):
            number = self.bound(node).number
            return number, number
        least, _, most = text_in(node).partition("-")
        if most and int(most) < int(least):
            self.wrong(node, "the range ends before it begins; write the smaller number first")
        return int(least), int(most) if most else None

    def bound(self, node: Node) -> Limit:
        # The schema accepts a number such as 2.0 as an integer.
        return Limit(int(cast(float, value(node))), self.place(node))

    def assigned(self, key: TextNode, node: Node) -> AssignedPorts | None:
        if is_false(node):
            return None
        from structlint.ports.model import BadPort, read_port_range

        numbers = []
        for port in texts_in(node):
            try:
                numbers.append(read_port_range(port.text))
            except BadPort as error:
                self.wrong(port, f"{short_name(port.text)}: {error}")
        return AssignedPorts(tuple(numbers), self.place(key))

    def together(self, ports: Node | None) -> tuple[PatternEntry, ...]:
        """The patterns of files whose services run at the same time: `together` under `.` of `ports`."""
        common = ports.get(".") if isinstance(ports, MapNode) else None
        return self.pattern_list(common.get("together") if isinstance(common, MapNode) else None)

    def reasons(
        self, node: Node | None, homes: Callable[[TextNode, Node], tuple[str, ...]]
    ) -> dict[str, PatternEntry | None]:
        """A mapping whose keys are patterns. A value is a reason, unless it names `homes`."""
        entries: dict[str, PatternEntry | None] = {}
        for key, reason in map_items(node):
            targets = homes(key, reason)
            why = "" if targets else text_in(reason)
            entries[key.text] = (
                None if is_false(reason) else PatternEntry(key.text, self.place(key), why, targets)
            )
        self.patterns([key for key, _ in map_items(node)])
        return entries

    def homes(self, key: TextNode, node: Node) -> tuple[str, ...]:
        targets = tuple(text.text for text in texts_in(node) if value(text) is not None)
        for target in targets:
            self.target(node, target)
        if not targets and not is_false(node) and not key.text.startswith("!"):
            self.wrong(key, f"{short_name(key.text)} has no directory; write where these files belong")
        return targets

    def target(self, node: Node, target: str) -> None:
        steps = target.strip("/").split("/")
        if target != "/" and (target.startswith("/") or not target.endswith("/")):
            directory = short_name("/".join([*steps, ""]))
            self.wrong(node, f"{short_name(target)}: write {directory}, a directory from the root")
        elif target != "/" and any(step in ("", ".", "..") for step in steps):
            self.wrong(node, f"{short_name(target)} is not a path in the repository")
        elif re.search(_PATTERN_SIGN, target):
            self.wrong(node, f"{short_name(target)}: write a directory, or a list of directories")

    def pattern_list(self, node: Node | None) -> tuple[PatternEntry, ...]:
        self.patterns(texts_in(node))
        return tuple(PatternEntry(text.text, self.place(text)) for text in texts_in(node))

    def patterns(self, nodes: list[TextNode]) -> None:
        if not nodes:
            return
        from structlint.layout.gitignore import PatternError, check_pattern

        for node in nodes:
            try:
                check_pattern(node.text)
            except PatternError as error:
                self.wrong(node, f"the pattern {short_name(node.text)} {error}")

    def severity(self, node: Node) -> Severity | SeverityByPath | None:
        """The severity of a rule; None if it is off."""
        if not isinstance(node, MapNode):
            return _severity(node)
        keys = [key for key, _ in node.items]
        self.patterns([key for key in keys if key.text != "/"])
        for key in keys:
            if key.text.startswith("!"):
                self.wrong(
                    key,
                    f"{short_name(key.text)}: `!` has no meaning here; write a pattern with its own severity",
                )
        entries = tuple(PatternEntry(key.text, self.place(key)) for key in keys)
        return SeverityByPath(PatternList(entries), tuple(_severity(value) for _, value in node.items))

    def ignores(self, node: Node | None) -> Iterator[AcceptedFinding]:
        for item in node.items if isinstance(node, ListNode) else ():
            settings = {key.text: value for key, value in map_items(item)}
            self.patterns([pattern for pattern in texts_in(settings["path"]) if pattern.text != "/"])
            until = self.day(settings.get("until"))
            rule, path, why = (text_in(settings[name]) for name in ("rule", "path", "why"))
            mentioned_in = self.files(texts_in(settings.get("mentioned-in")))
            yield AcceptedFinding(rule, path, why, until, self.place(item), mentioned_in=mentioned_in)

    def files(self, nodes: list[TextNode]) -> PatternList:
        self.patterns(nodes)
        return PatternList(tuple(PatternEntry(node.text, self.place(node)) for node in nodes))

    def day(self, node: Node | None) -> date | None:
        if node is None:
            return None
        try:
            return date.fromisoformat(text_in(node))
        except ValueError:
            self.wrong(node, f"{short_name(text_in(node))} is not a valid date")
            return None


def _severity(node: Node) -> Severity | None:
    return None if text_in(node) == "off" else Severity(text_in(node))


def _is_true(node: Node | None) -> bool:
    return node is not None and value(node) is True


def map_items(node: Node | None) -> list[tuple[TextNode, Node]]:
    return list(node.items) if isinstance(node, MapNode) else []


def texts_in(node: Node | None) -> list[TextNode]:
    if isinstance(node, ListNode):
        return [item for item in node.items if isinstance(item, TextNode)]
    return [node] if isinstance(node, TextNode) and not is_false(node) else []


def text_in(node: Node | None) -> str:
    if not isinstance(node, TextNode) or value(node) is None or is_false(node):
        return ""
    return node.text


def is_false(node: Node) -> bool:
    return isinstance(node, TextNode) and value(node) is False
