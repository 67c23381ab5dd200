"""Reads one layout file and validates it, without what it extends."""

from __future__ import annotations

import re
from typing import cast

from structlint.errors import LayoutError, Problem
from structlint.finding import Place
from structlint.layout.entry import (
    Contents,
    Entry,
    Level,
    Need,
    Unlisted,
    most_wanted,
)
from structlint.layout.key_text import BadKey, read_key, read_paths
from structlint.layout.keys import Key, KeyPath, Name
from structlint.layout.model import LayoutFile
from structlint.layout.parse_settings import SettingsReader, is_false, map_items, text_in, texts_in
from structlint.layout.settings import SETTINGS
from structlint.text.key_escapes import BOUNDS
from structlint.text.quoting import short_name
from structlint.text.version import __version__
from structlint.yaml_nodes import MOST_DEPTH, MapNode, Node, TextNode

ROOT_KEY = Key((), directory=True)
_VERSION = r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,2}"


def parse_layout(root: Node, file: str, *, trusted: bool = False) -> LayoutFile:
    """The contents of a layout; `file` is its name in messages.

    A `trusted` layout is known to be valid and is not validated against the schema again. Raises
    `LayoutError` with all problems.
    """
    if isinstance(root, MapNode) and (newer := _newer(root.get("structlint"), file)):
        raise LayoutError([newer])  # the rest may be valid in that version
    if not trusted:
        from structlint.layout.schema import schema_problems

        if wrong := schema_problems(root, file):
            raise LayoutError(wrong)
    assert isinstance(root, MapNode)
    reader = _Reader(file)
    sheet = reader.sheet(root)
    if reader.problems:
        raise LayoutError(sorted(reader.problems))
    return sheet


class _Reader(SettingsReader):
    """Reads nodes that match the schema, and collects other problems."""

    def sheet(self, root: MapNode) -> LayoutFile:
        keys = {key.text: key for key, _ in root.items}
        parts = {key.text: node for key, node in root.items}
        return LayoutFile(
            file=self.file,
            root=self.tree(keys.get("tree"), parts.get("tree")),
            extends=tuple((text.text, self.place(text)) for text in texts_in(parts.get("extends"))),
            **{field: setting.read(self, parts.get(setting.key)) for field, setting in SETTINGS.items()},
        )

    def tree(self, key: TextNode | None, node: Node | None) -> Entry:
        """The root. Its line is that of `tree:`, with which it lists its contents."""
        entry = self.directory(Entry(ROOT_KEY, self.place(key) if key else Place(self.file, 1)), node)
        if entry.level or entry.needs or entry.condition:
            itself = next(name for name, _ in map_items(node) if name.text == ".")
            self.wrong(itself, "the root always exists; remove its `level`, `if` and `needs`")
        return entry

    def directory(self, entry: Entry, node: Node | None) -> Entry:
        """`entry` with the children and settings in a mapping."""
        children: dict[Key, Entry] = {}
        for key, inside in map_items(node):
            if key.text == ".":
                entry = self.settings(entry, inside)
            elif (child := self.child(key, inside)) is not None:
                self.add(children, child)
                if child.other:
                    self.add(children, files_of(child))
        self.refuse_overlaps(children)
        return entry._replace(children=children)

    def child(self, key: TextNode, node: Node) -> Entry | None:
        """The entry for one key of a tree and its value."""
        try:
            path = read_key(key.text)
        except BadKey as error:
            self.wrong(key, f"{short_name(key.text)}: {error}")
            return None
        place = self.place(key)
        level = Level.OPTIONAL if path.optional else None
        entry = Entry(path.steps[-1], place, place, level, other=path.other)
        self.depth += len(path.steps)
        if self.depth > MOST_DEPTH:
            self.wrong(key, _too_deep(key))
        else:
            entry = _unfolded(path, self.described(entry, key, node), place)
        self.depth -= len(path.steps)
        return entry

    def described(self, entry: Entry, key: TextNode, node: Node) -> Entry:
        if is_false(node):
            if entry.level:
                self.wrong(key, "`?` makes it optional, and `false` forbids it; remove one of them")
            if entry.key.any_depth:
                self.wrong(
                    key,
                    f"`{entry.key}` cannot be `false`; to forbid all directories in one, write `*/: false`",
                )
            return entry._replace(level=Level.FORBIDDEN)
        if entry.key.directory and isinstance(node, MapNode):
            entry = self.directory(entry, node)
        else:
            entry = self.settings(entry, node)
        if entry.key.everywhere and (entry.level or entry.needs):
            self.wrong(key, "`**/` applies to every directory; it cannot have `?`, `level` or `needs`")
        if entry.key.path_placeholder and (entry.level not in (None, Level.OPTIONAL) or entry.needs):
            self.wrong(
                key, f"`{entry.key}` matches any number of directories; it cannot have `level` or `needs`"
            )
        return entry

    def settings(self, entry: Entry, node: Node) -> Entry:
        """`entry` with a description, or with settings of the file or directory itself."""
        if not isinstance(node, MapNode):
            return entry._replace(about=text_in(node))
        settings = {key.text: inside for key, inside in node.items}
        if entry.level and "level" in settings and text_in(settings["level"]) != entry.level.value:
            self.wrong(
                settings["level"],
                f"`?` makes the entry optional, but its `level` is `{text_in(settings['level'])}`",
            )
        bounds = {name: self.bound(settings[name]) for name in BOUNDS if name in settings}
        return entry._replace(
            level=Level(text_in(settings["level"])) if "level" in settings else entry.level,
            about=text_in(settings.get("about")),
            needs=tuple(need for text in texts_in(settings.get("needs")) if (need := self.need(text))),
            without=tuple(need for text in texts_in(settings.get("without")) if (need := self.need(text))),
            unlisted=cast(Unlisted, text_in(settings["unlisted"])) if "unlisted" in settings else None,
            bounds=bounds,
            condition=self.contents(settings["if"]) if "if" in settings else None,
            holds=tuple(filter(None, [self.contents(settings["holds"])])) if "holds" in settings else (),
        )

    def contents(self, node: Node) -> Contents | None:
        """The paths of an `if` or a `holds`; none if it is `false`."""
        if is_false(node):
            return Contents((), self.place(node))
        if isinstance(node, MapNode):
            described = {key.text: inside for key, inside in node.items}
            contents = self.contents(described["paths"])
            return contents and contents._replace(about=text_in(described.get("about")))
        try:
            paths = read_paths(text_in(node))
        except BadKey as error:
            self.wrong(node, f"{short_name(text_in(node))}: {error}")
            return None
        if any(len(path.steps) > MOST_DEPTH for path in paths):
            self.wrong(node, _too_deep(node))
            return None
        return Contents(paths, self.place(node))

    def need(self, node: TextNode) -> Need | None:
        try:
            path = read_key(node.text.removeprefix("/"))
        except BadKey as error:
            self.wrong(node, f"{short_name(node.text)}: {error}")
            return None
        if path.optional or any(step.any_depth for step in path.steps):
            self.wrong(node, f"{short_name(node.text)}: write a name or a path, without `?` and `**/`")
            return None
        if path.other:
            problem = "alternatives must all be files or all be directories (each with a trailing `/`)"
            self.wrong(node, f"{short_name(node.text)}: {problem}")
            return None
        if path.steps[-1].exclusive:
            self.wrong(node, f"{short_name(node.text)}: alternatives are separated by ` | ` here")
            return None
        if len(path.steps) > MOST_DEPTH:
            self.wrong(node, _too_deep(node))
            return None
        return Need(path, node.text.startswith("/"), self.place(node))

    def add(self, children: dict[Key, Entry], entry: Entry) -> None:
        """Adds an entry to its siblings, or merges it with the one that a short key has created."""
        present = children.get(entry.key)
        if present is None:
            children[entry.key] = entry
        elif not (present.implied or entry.implied):
            self.duplicate(entry, present, f"{_shown(entry)} is listed twice")
        elif present.forbidden or entry.forbidden:
            self.duplicate(entry, present, f"{_shown(entry)} is forbidden, but has entries")
        else:
            children[entry.key] = self.joined(present, entry)

    def joined(self, one: Entry, other: Entry) -> Entry:
        """Two entries of one name in this file as a single one; at most one of them is not a short key."""
        explicit, implied = (other, one) if one.implied else (one, other)
        level = explicit.level
        if explicit.implied:
            level = most_wanted(one.level, other.level)
        children = dict(one.children)
        for child in other.children.values():
            self.add(children, child)
        self.refuse_overlaps(children)
        born = min(explicit.place, implied.place)
        place = born if explicit.implied else explicit.place
        return explicit._replace(level=level, children=children, place=place, born=born)

    def refuse_overlaps(self, children: dict[Key, Entry]) -> None:
        """Reports siblings with the same name, one of them among alternatives."""
        named: dict[tuple[bool, Name], Entry] = {}
        for entry in children.values():
            names = [(entry.key.directory, member) for member in entry.key.members]
            if other := next((named[name] for name in names if name in named), None):
                self.duplicate(entry, other, f"{_shown(entry)} and {_shown(other)} match the same name")
            named.update(dict.fromkeys(names, entry))

    def duplicate(self, entry: Entry, present: Entry, message: str) -> None:
        self.problems.append(
            Problem(
                self.file,
                entry.place.line,
                entry.place.column,
                f"{message} (see line {present.place.line})",
            )
        )


def files_of(group: Entry) -> Entry:
    """The entry of the files in a group of directories and files, which allows them."""
    assert group.other
    level = Level.FORBIDDEN if group.forbidden else Level.OPTIONAL
    return Entry(group.other, group.place, group.born, level, about=group.about, other=group.key)


def _unfolded(path: KeyPath, entry: Entry, place: Place) -> Entry:
    """The nested entries of a short key; the outer entries have the level of the last one."""
    level = Level.OPTIONAL if entry.forbidden else entry.level
    for key in reversed(path.steps[:-1]):
        passed = None if key.any_depth else level
        entry = Entry(key, place, place, passed, implied=True, children={entry.key: entry})
    return entry


def _too_deep(node: Node) -> str:
    return f"{short_name(text_in(node))}: deeper than {MOST_DEPTH} directories"


def _shown(entry: Entry) -> str:
    """The name of an entry in messages."""
    return short_name(str(entry.key))


def _newer(node: Node | None, file: str) -> Problem | None:
    """The problem of a layout that needs a newer version of structlint, if it does."""
    wanted = text_in(node)
    if node is None or not re.fullmatch(_VERSION, wanted) or _numbers(wanted) <= _numbers(__version__):
        return None
    message = f"this layout requires structlint {wanted}, but this is {__version__}; upgrade structlint"
    return Problem(file, node.line, node.column, message)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
