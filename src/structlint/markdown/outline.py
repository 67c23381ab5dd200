"""Combines all drawings of a document into one outline, and converts it to the nodes of a layout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from structlint.errors import LayoutError, Problem
from structlint.markdown.known_names import MANIFEST, is_kept_by_git, is_written, may_be_either
from structlint.markdown.status import is_gone, is_local, is_missing, may_be_missing
from structlint.markdown.tree_lines import DrawnEntry
from structlint.text.key_escapes import escape_setting
from structlint.text.quoting import quote
from structlint.yaml_nodes import MOST_DEPTH, MapNode, Node, TextNode

_PLACEHOLDER = re.compile(r"<([A-Za-z][A-Za-z0-9_-]*)>/")
_ALTERNATIVES = re.compile(r" [|^] ")
_KEEPS = re.compile(r"\.gitkeep|\.gitignore|\.keep|README")  # by these, git keeps a directory
_MOST = 20_000  # entries that templates add to the directories of their kind


@dataclass
class OutlineNode:
    """A file or directory of the outline: its key (with "/" for a directory), and its first place.

    `certain` is false if a file may be a directory or vice versa. `passed`: no drawing
    shows its contents, paths only lead through it. `more`: according to a drawing, it has further contents.
    `local`: git must not track it. `gone`: nothing of this name may exist. `drawing` is the line of its
    drawing, `path` has the keys that lead to it, its own last.
    """

    key: str
    line: int
    column: int = 1
    about: str = ""
    optional: bool = False
    certain: bool = True
    passed: bool = False
    more: bool = False
    drawing: int = 0
    local: bool = False
    gone: bool = False
    path: tuple[str, ...] = ()
    inside: dict[str, OutlineNode] = field(default_factory=dict)

    @property
    def directory(self) -> bool:
        return self.key.endswith("/")

    @property
    def name(self) -> str:
        """The key without the slash, which is the same for a file and a directory of one name."""
        return self.key.rstrip("/")

    @property
    def placeholder(self) -> str | None:
        """The placeholder, if a directory's key is only a placeholder."""
        match = _PLACEHOLDER.fullmatch(self.key)
        return match[1] if match else None

    def directories(self) -> list[OutlineNode]:
        """The directories in this one with plain names."""
        return [spot for spot in self.inside.values() if spot.directory and is_plain(spot.key)]


def is_plain(key: str) -> bool:
    """Whether a key is a single name, without wildcards, placeholders and alternatives."""
    return not re.search(r"(?<!\\)[*<]", key) and not _ALTERNATIVES.search(key)


def steps_of(key: str) -> list[str]:
    """The keys of the steps of a key: `a/` and `b.py` for `a/b.py`."""
    return [key] if _ALTERNATIVES.search(key) else re.findall(r"[^/]+/?", key)


def _below(path: tuple[str, ...], steps: list[str]) -> list[str]:
    """The steps of an entry, without the path of its directory or the end of that path."""
    most = min(len(path), len(steps) - 1)
    repeated = next((n for n in range(most, 0, -1) if path[-n:] == tuple(steps[:n])), 0)
    return steps[repeated:]


@dataclass
class Outline:
    """The outline under construction. Errors are collected in `problems`."""

    file: str
    root: OutlineNode = field(default_factory=lambda: OutlineNode("", 1, passed=True))
    problems: list[Problem] = field(default_factory=list)
    given: int = 0

    def count(self, line: int) -> None:
        """Counts an entry that a template adds. Raises `LayoutError` if there are too many."""
        self.given += 1
        if self.given > _MOST:
            problem = f"the drawn directories expand to more than {_MOST:,} entries; write the layout in YAML"
            raise LayoutError([Problem(self.file, line, 1, problem)])

    def add(self, where: OutlineNode, entries: Iterable[DrawnEntry], drawing: int) -> None:
        """Adds the drawn entries of a directory; an entry that repeats its path is the directory itself."""
        where.passed = False
        for entry in entries:
            *above, key = _below(where.path, steps_of(entry.key))
            parent = where
            for step in above:
                parent = self.put(
                    parent, OutlineNode(step, entry.line, entry.column, passed=True, drawing=drawing)
                )
            shown = bool(entry.children) or entry.more or not entry.key.endswith("/")
            missing = entry.crossed and is_missing(entry.about)
            spot = OutlineNode(
                key,
                entry.line,
                entry.column,
                entry.about,
                entry.optional or missing or may_be_missing(entry.about),
                entry.certain,
                not shown,
                entry.more,
                drawing,
                entry.local or is_local(key, entry.about),
                (entry.crossed and not missing) or is_gone(entry.about),
            )
            node = self.put(parent, spot)
            if entry.children:
                self.add(node, entry.children, drawing)

    def put(self, parent: OutlineNode, spot: OutlineNode) -> OutlineNode:
        """The node of this key in a directory, merged with an existing one."""
        known = parent.inside.get(spot.name)
        if known is None:
            spot.path = (*parent.path, spot.key)
            if len(spot.path) > MOST_DEPTH:
                problem = f"nested deeper than {MOST_DEPTH} directories, the limit for a drawing"
                raise LayoutError([Problem(self.file, spot.line, spot.column, problem)])
            parent.inside[spot.name] = spot
            return spot
        if known.directory != spot.directory:
            self.decide(known, spot)
        known.about = known.about or spot.about
        known.optional |= spot.optional
        known.local |= spot.local
        known.gone |= spot.gone
        known.more |= spot.more
        known.passed &= spot.passed
        return known

    def decide(self, known: OutlineNode, spot: OutlineNode) -> None:
        """Determines whether a name is a file or a directory if two drawings differ."""
        if known.certain and spot.certain:
            kind, other = ("a directory", "a file") if spot.directory else ("a file", "a directory")
            message = f"{quote(spot.name)} is drawn as {kind} here and as {other} in line {known.line}"
            self.problems.append(Problem(self.file, spot.line, spot.column, message))
        elif spot.certain:
            known.key, known.certain = spot.key, True

    def reach(self, keys: Sequence[str], line: int) -> OutlineNode:
        """The directory at the end of a path, created if necessary."""
        spot = self.root
        for key in keys:
            spot = self.put(spot, OutlineNode(key, line, passed=True))
        return spot

    def find(self, keys: Sequence[str]) -> OutlineNode | None:
        """The directory at the end of a path, if it exists."""
        spot: OutlineNode | None = self.root
        for key in keys:
            spot = spot.inside.get(key.rstrip("/")) if spot else None
        return spot if spot is None or spot.directory or not keys else None

    def move_to(self, keys: tuple[str, ...]) -> bool:
        """Moves the outline to a directory unless it shows that directory itself; returns whether it did.

        An outline with a single directory of that name shows its contents.
        """
        if not keys or self.find(keys):
            return False
        named = self.root.inside.get(keys[-1].rstrip("/"))
        drawn = named if named and named.directory and len(self.root.inside) == 1 else self.root
        self.root = OutlineNode("", drawn.line, passed=True)
        place = self.reach(keys, drawn.line)
        place.inside, place.about, place.more, place.passed = drawn.inside, drawn.about, drawn.more, False
        return True

    def walk(self) -> Iterator[tuple[tuple[str, ...], OutlineNode]]:
        """The directories with plain names, shallow ones first, each with the keys that lead to it."""
        ahead: list[tuple[tuple[str, ...], OutlineNode]] = [((), self.root)]
        for keys, spot in ahead:  # grows as it goes
            yield keys, spot
            ahead += [((*keys, inner.key), inner) for inner in spot.directories()]

    def outermost(
        self, chosen: Callable[[OutlineNode], bool]
    ) -> Iterator[tuple[tuple[str, ...], OutlineNode]]:
        """The outermost entries of a choice, each with the keys of the directories above it."""
        ahead: list[tuple[tuple[str, ...], OutlineNode]] = [((), self.root)]
        for above, where in ahead:  # grows as it goes
            yield from ((above, spot) for spot in where.inside.values() if chosen(spot))
            ahead += [((*above, spot.key), spot) for spot in where.inside.values() if not chosen(spot)]

    def nodes(self) -> Node:
        """The value of `tree` in an equivalent layout."""
        if self.problems:
            raise LayoutError(sorted(self.problems))
        self._share(self.root)
        return _inside(self.root, "forbid")

    def _share(self, where: OutlineNode) -> None:
        """Joins `core or kernel/` with a `core/` or `kernel/` that is also drawn alone.

        If nothing is drawn in it, such as in a row of a table, either of the two may still exist.
        """
        for entry in [entry for entry in where.inside.values() if _ALTERNATIVES.search(entry.key)]:
            alone = [where.inside[member] for member in _members(entry.key) if member in where.inside]
            if any(spot.inside for spot in alone):
                for spot in (spot for spot in alone if spot.directory):
                    self._adopt(spot, entry)
            else:
                for spot in alone:
                    entry.about = entry.about or spot.about
                    entry.optional |= spot.optional
                    del where.inside[spot.name]
        for entry in where.inside.values():
            self._share(entry)

    def _adopt(self, where: OutlineNode, other: OutlineNode) -> None:
        """Adds the contents of another directory."""
        where.passed &= other.passed
        where.more |= other.more
        for entry in other.inside.values():
            self._adopt(self.put(where, replace(entry, path=(), inside={})), entry)


def _inside(spot: OutlineNode, inherited: str) -> MapNode:
    """The mapping of a directory and its entries; `inherited` is its `unlisted` if it has none of its own."""
    unlisted = _unlisted(spot, inherited)
    items = list(_settings(spot, unlisted if unlisted != inherited else ""))
    below = "allow-files" if unlisted == "forbid" else unlisted
    for entry in spot.inside.values():
        if entry.local or entry.gone:
            continue  # a pattern of `local` or `forbid` instead
        members = _members(entry.key)
        if len(members) == 1 or not any(
            member in spot.inside for member in members
        ):  # otherwise one of them is drawn
            key = escape_setting(_of_either_kind(entry) + "?" * _may_be_missing(entry, spot))
            items.append((text(key, entry), _value(entry, below)))
    return MapNode(tuple(items), spot.line, spot.column)


def _may_be_missing(entry: OutlineNode, parent: OutlineNode) -> bool:
    """Whether nothing is wrong where an entry is missing: so its words say, or git keeps none of it."""
    if entry.optional or (entry.inside and all(child.local or child.gone for child in entry.inside.values())):
        return True
    # A project in the repository is like a root.
    of_project = is_written(entry.key) and any(MANIFEST.fullmatch(name) for name in parent.inside)
    kept = is_kept_by_git(entry.key) and not (of_project or is_written("".join(entry.path)))
    return not (kept or any(map(_KEEPS.match, entry.inside)))


def _of_either_kind(entry: OutlineNode) -> str:
    """The key of an entry, with and without a slash where nothing tells a file from a directory."""
    either = not (entry.certain or entry.inside) and may_be_either(entry.name)
    return f"{entry.name}/ | {entry.name}" if either else entry.key


def _unlisted(spot: OutlineNode, inherited: str) -> str:
    """The `unlisted` of a directory: `forbid` only for a root with drawn files."""
    if not spot.inside:
        return inherited
    if spot.passed or spot.more:
        return "allow"
    root_of_directories = not spot.key and all(entry.directory for entry in spot.inside.values())
    return "forbid" if not spot.key and not root_of_directories else "allow-files"


def _settings(spot: OutlineNode, unlisted: str) -> Iterator[tuple[TextNode, Node]]:
    """The settings of a directory itself."""
    if unlisted:
        settings = {"about": spot.about, "unlisted": unlisted}
        items = tuple((text(key, spot), text(words, spot)) for key, words in settings.items() if words)
        yield text(".", spot), MapNode(items, spot.line, spot.column)
    elif spot.about:
        yield text(".", spot), text(spot.about, spot)


def _value(spot: OutlineNode, inherited: str) -> Node:
    if spot.inside:
        return _inside(spot, inherited)
    return text(spot.about, spot) if spot.about else TextNode("", True, spot.line, spot.column)


def alternatives_of(key: str) -> list[str]:
    """The names in a key: `core/` and `kernel/` in `core/ | kernel/`."""
    return _ALTERNATIVES.split(key)


def _members(key: str) -> list[str]:
    return [member.rstrip("/") for member in _ALTERNATIVES.split(key)]


def text(words: str, at: OutlineNode) -> TextNode:
    """Words as a node, at the place of an outline node."""
    return TextNode(words, False, at.line, at.column)


def graft(
    sketch: Outline,
    where: OutlineNode,
    spots: Iterable[OutlineNode],
    placeholder: str,
    called: str | None = None,
) -> None:
    """Also adds nodes to a directory; its name replaces the placeholder in their names."""
    called = where.name if called is None else called
    for spot in spots:
        sketch.count(spot.line)
        known = sketch.put(where, replace(spot, key=spot.key.replace(placeholder, called), inside={}))
        graft(sketch, known, spot.inside.values(), placeholder, called)
    where.passed = False
