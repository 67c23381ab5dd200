"""Lists in files of the tree: the values that a placeholder may have, and paths that must exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING

from structlint.errors import LayoutError, TreeError, Unread
from structlint.layout.entry import Entry, Listing
from structlint.matching.survey import Survey
from structlint.text.paths import parent, parents, resolve
from structlint.text.quoting import quote
from structlint.text.records import Record
from structlint.tree import holds, holds_below
from structlint.yaml_nodes import ListNode, MapNode, Node, TextNode, parse_foreign

if TYPE_CHECKING:
    from structlint.layout.gitignore import Patterns

_COMMENT = r"(?m)^[ \t]*//.*$"
_BRACES = r"\{([^{}]*,[^{}]*)\}"
_MOST_SPELLED = 100  # patterns that one item with braces expands to
_MOST_PATTERNS = 1_000  # patterns of one list; each is matched against the whole tree


class Item(Record):
    """One item of a list in a file, with its line if it is known."""

    text: str
    line: int | None = None

    @property
    def is_pattern(self) -> bool:
        return bool(re.search(r"[*?\[{]", self.text)) or self.text.startswith("!")


class Listed:
    """The items of a list in a file, and whether they name a path.

    `items` is None if there is no such list. Items with wildcards are patterns; one that begins with `!`
    excludes. Paths are relative to the directory of the file.
    """

    def __init__(self, file: str, items: list[Item] | None) -> None:
        self.file = file
        self.items = items
        self.home = parent(file)
        self._plain = {_plain(item.text) for item in items or () if not item.is_pattern}
        self._patterns = [item.text for item in items or () if item.is_pattern]

    def names(self, path: str, value: str) -> bool:
        """Whether a path, or a value of a placeholder in it, is listed."""
        inside = path[len(self.home) :] if path.startswith(self.home) else None
        plain = value in self._plain or (inside is not None and inside.rstrip("/") in self._plain)
        return plain or (inside is not None and bool(self._patterns) and self._matches(inside))

    @cached_property
    def _matches(self) -> Callable[[str], bool]:
        return matching(self._patterns)


def matching(patterns: list[str]) -> Callable[[str], bool]:
    """A function that returns whether patterns of a list match a path. Invalid patterns match every path."""
    from structlint.layout.gitignore import PatternError, Patterns

    spelled = [text for pattern in patterns for text in _without_braces(pattern)]
    try:
        read = Patterns([_anchored(text) for text in spelled])
    except PatternError:
        return lambda path: True
    return lambda path: read.match(path) is not None


def listed(survey: Survey, listing: Listing) -> Listed:
    """The items that a file of the tree lists. Raises `Unread` for a file that cannot be read."""
    return survey.once(_Lists).of(listing)


class _Lists:
    """The lists of a survey's tree, each read once."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._known: dict[tuple[str, str], Listed] = {}

    def of(self, listing: Listing) -> Listed:
        known = listing.file, listing.pointer
        if known not in self._known:
            self._known[known] = Listed(listing.file, self._read(*known))
        return self._known[known]

    def _read(self, file: str, pointer: str) -> list[Item] | None:
        if not holds(self._survey.whole.files, file):
            return None
        try:
            data = self._survey.whole.read(file)
            return items_in(data, file, pointer)
        except FileNotFoundError:  # it is only assumed to exist, while a hint is tested
            return None
        except (LayoutError, TreeError, ValueError, RecursionError) as error:
            raise Unread({quote(self._survey.prefix + file): str(error)}) from None


def items_in(data: bytes, file: str, pointer: str) -> list[Item] | None:
    """The items to which a JSON pointer leads in a JSON, YAML or TOML file; None if it leads nowhere.

    They are the texts of a list, the `path` of mappings in a list, or the keys of a mapping. Raises
    `LayoutError` and `ValueError` for an unreadable file.
    """
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    if file.endswith(".toml"):
        import tomllib

        return _of_data(tomllib.loads(data.decode()), steps)
    if file.endswith((".json", ".jsonc")):
        text = data.decode("utf-8-sig")
        data = re.sub(_COMMENT, "", text).replace("\t", " ").encode()
    documents = parse_foreign(data, file)
    return _of_node(documents[0], steps) if documents else None


def _of_node(node: Node | None, steps: list[str]) -> list[Item] | None:
    for step in steps:
        if isinstance(node, MapNode):
            node = node.get(step)
        elif isinstance(node, ListNode) and step.isdecimal() and int(step) < len(node.items):
            node = node.items[int(step)]
        else:
            return None
    if isinstance(node, MapNode):
        return [Item(key.text, key.line) for key, _ in node.items]
    if not isinstance(node, ListNode):
        return None
    texts = (item.get("path") if isinstance(item, MapNode) else item for item in node.items)
    return [Item(text.text, text.line) for text in texts if isinstance(text, TextNode)]


def _of_data(data: object, steps: list[str]) -> list[Item] | None:
    for step in steps:
        if not isinstance(data, dict):
            return None
        data = data.get(step)
    if isinstance(data, dict):
        return [Item(str(key)) for key in data]
    if not isinstance(data, list):
        return None
    texts = (item.get("path") if isinstance(item, dict) else item for item in data)
    plain = (text for text in texts if isinstance(text, (str, int, float)))
    return [Item(text if isinstance(text, str) else str(text).lower()) for text in plain]


class Dangling(Record):
    """An item of a list that matches nothing in the tree; `item` is None if there is no such list."""

    listing: Listing
    item: Item | None = None


def dangling(survey: Survey) -> Iterator[Dangling]:
    """The items of the lists of placeholders with a `from` that match nothing."""
    for name, naming in survey.layout.names.items():
        if naming.listing:
            values = frozenset(value for _, value, _ in defined_paths(survey, name))
            yield from dangling_items(survey, naming.listing, values)


def defined_paths(survey: Survey, placeholder: str) -> Iterator[tuple[str, str, Entry]]:
    """The paths that define the values of a placeholder, each with its value and its entry."""
    ways = survey.layout.ties.defining.get(placeholder, ())
    defining = {way[-1].id for way in ways}
    for matches in survey.entry_matches:
        if matches.entry.id in defining:
            for name in matches.names:
                if placeholder in name.values:
                    yield matches.path(name), name.values[placeholder], matches.entry


def unlisted_names(survey: Survey) -> Iterator[tuple[str, Listing, Entry]]:
    """The paths that define a value which the `from` of their placeholder does not list."""
    for name, naming in survey.layout.names.items():
        if naming.listing is None:
            continue
        listing = listed(survey, naming.listing)
        for path, value, entry in defined_paths(survey, name) if listing.items is not None else ():
            if not listing.names(path, value):
                yield path, naming.listing, entry


def dangling_items(survey: Survey, listing: Listing, values: frozenset[str]) -> Iterator[Dangling]:
    """The items of a list that match nothing, and are not among some `values`."""
    wanted = listed(survey, listing)
    if wanted.items is None:
        yield Dangling(listing)
    paths = tree_paths(survey)
    ignored: list[tuple[Item, str]] = []
    number = 0
    for item in wanted.items or ():
        if item.text.startswith("!"):
            continue
        path = resolve(wanted.home, item.text)
        if path is None or item.text in values:
            continue
        if item.is_pattern:
            inside = (path[len(wanted.home) :] for path in paths if path.startswith(wanted.home))
            number += 1
            is_found = number > _MOST_PATTERNS or any(map(matching([item.text]), filter(None, inside)))
            if not (is_found or may_match_unseen(survey, item.text, wanted.home)):
                yield Dangling(listing, item)
        elif path and not may_exist(survey, path):
            ignored.append((item, path))
    would_ignore = survey.tree.source.would_ignore([path for _, path in ignored]) if ignored else frozenset()
    yield from (Dangling(listing, item) for item, path in ignored if path not in would_ignore)


def tree_paths(survey: Survey) -> Mapping[str, None]:
    """All files and directories of a tree, including nested projects; directories end in "/"."""
    return survey.once(_paths)


def matches_nothing(survey: Survey, patterns: Patterns, directory: str) -> bool:
    """Whether patterns match no path in a directory of a tree."""
    if not directory:
        found = next(iter(patterns.decided(survey.whole.file_groups)), None)
        return found is None and all(patterns.match(path) is None for path in survey.once(_opaque))
    inside = (path[len(directory) :] for path in tree_paths(survey) if path.startswith(directory))
    return not any(patterns.match(path) is not None for path in inside if path)


def may_exist(survey: Survey, path: str) -> bool:
    """Whether a file or directory exists, or is in an opaque directory.

    Links to directories are followed. `path` has no "/" at its end.
    """
    whole = survey.whole
    if holds(whole.files, path) or holds_below(whole.files, f"{path}/"):
        return True
    if any(opaque.startswith(f"{path}/") for opaque in survey.once(_opaque)):
        return True
    for above in parents(path):
        link = whole.links.get(above[:-1])
        if link and link.kind == "directory":
            return may_exist(survey, f"{link.leads}/{path[len(above) :]}".lstrip("/"))
    return not whole.opaque.isdisjoint(parents(path))


def may_match_unseen(survey: Survey, pattern: str, home: str) -> bool:
    """Whether a pattern of a list may match in an opaque directory.

    `home` is the directory that the pattern begins in. Links to directories are opaque, too.
    """
    unseen = [
        path for path in (*survey.whole.opaque, *survey.whole.linked_directories) if path.startswith(home)
    ]
    spelled = [_anchored(text)[1:].split("/") for text in _without_braces(pattern)] if unseen else []
    return any(_reaches(steps, path[len(home) : -1].split("/")) for path in unseen for steps in spelled)


def _reaches(steps: list[str], names: list[str]) -> bool:
    """Whether a path that matches the steps of a pattern may be in the directory with these names."""
    for step, name in zip_longest(steps, names):
        if step == "**" or name is None:
            return True
        if step is None or not matching([step])(name):
            return False
    return False


def _paths(survey: Survey) -> dict[str, None]:
    files = (*survey.whole.files, *survey.once(_opaque))
    return dict.fromkeys([*files, *(directory for path in files for directory in parents(path))])


def _opaque(survey: Survey) -> set[str]:
    """The directories of a tree whose contents are not read."""
    return {*survey.whole.opaque, *survey.tree.opaque}


def _plain(text: str) -> str:
    return text.removeprefix("./").rstrip("/")


def _anchored(pattern: str) -> str:
    """A pattern of a list as one of a `.gitignore`."""
    sign, plain = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    return f"{sign}/{_plain(plain).lstrip('/')}"


def _without_braces(pattern: str) -> list[str]:
    """A pattern with each of its alternatives in braces spelled out."""
    spelled: list[str] = []
    pending = [pattern]
    while pending:
        text = pending.pop()
        if (match := re.search(_BRACES, text)) and len(spelled) + len(pending) < _MOST_SPELLED:
            pending += [f"{text[: match.start()]}{part}{text[match.end() :]}" for part in match[1].split(",")]
        else:
            spelled.append(text)
    return spelled
