"""The layouts of the reference: patterns, names, tree entries, and merging of `extends`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, TypeAlias

Json: TypeAlias = "dict[str, Any]"
Values: TypeAlias = "dict[str, str]"  # the value of each placeholder

LEVELS = ("optional", "recommended", "required")
CASES = {
    "kebab-case": r"[a-z0-9]+(-[a-z0-9]+)*",
    "snake_case": r"_*[a-z0-9]+(_+[a-z0-9]+)*_*",
    "camelCase": r"[a-z0-9][A-Za-z0-9]*",
    "PascalCase": r"[A-Z0-9][A-Za-z0-9]*",
    "SCREAMING_SNAKE_CASE": r"_*[A-Z0-9]+(_+[A-Z0-9]+)*_*",
    "lowercase": r"[^A-Z]*",
}
WRITTEN = itertools.count()  # the entries in source order


# --- gitignore patterns -------------------------------------------------------------------------------------


def ignores(patterns: Iterable[str], path: str) -> str | None:
    """The last pattern that matches this exact path (directories end in "/"); None if it begins with `!`."""
    last = None
    for pattern in patterns:
        if expression(pattern.removeprefix("!")).fullmatch(path):
            last = pattern
    return None if last is None or last.startswith("!") else last


@cache
def expression(pattern: str) -> re.Pattern[str]:
    """The regular expression of a gitignore pattern."""
    parts = re.split(r"(\*\*/|/\*\*$|\*|\?)", pattern.strip("/"))
    table = {"**/": "(?:.*/)?", "/**": "/.+", "*": "[^/]*", "?": "[^/]"}
    regex = "" if "/" in pattern[:-1] else "(?:.*/)?"
    regex += "".join(table.get(part, re.escape(part)) for part in parts)
    return re.compile(regex + ("/" if pattern.endswith("/") else "/?"))


def above(path: str) -> list[str]:
    """The parent directories of a path and the path itself, the topmost first."""
    return [path[: at + 1] for at, letter in enumerate(path[:-1]) if letter == "/"] + [path]


def top(patterns: Sequence[str], path: str) -> str | None:
    """The topmost of a path and its parents that the patterns match."""
    return next((each for each in above(path) if ignores(patterns, each)), None)


def sample(pattern: str) -> str:
    """A path that a pattern matches."""
    return pattern.replace("**/", "").replace("**", "x").replace("*", "x").removeprefix("/")


# --- names --------------------------------------------------------------------------------------------------


class Hole(NamedTuple):
    """A placeholder in a name, or a `*` if its name is "". If it is a `path`, it matches directories."""

    name: str
    case: str | None = None
    path: bool = False

    def __str__(self) -> str:
        if self.path:
            return f"<{self.name}**>"
        return f"<{self.name}{':' + self.case if self.case else ''}>" if self.name else "*"


Form: TypeAlias = "tuple[str | Hole, ...]"  # of a name: literal text and placeholders


def form(text: str) -> Form:
    """The form of a name, parsed from its text."""
    parts: list[str | Hole] = [""]
    for part in re.findall(r"\\.|<[A-Za-z][\w-]*(?::[A-Za-z_-]+|\*\*)?>|.", text, re.DOTALL):
        if part == "*":
            parts += [Hole(""), ""]
        elif part[0] == "<" and len(part) > 1:
            name, _, case = part[1:-1].removesuffix("**").partition(":")
            parts += [Hole(name, case or None, "**" in part), ""]
        else:
            parts[-1] = f"{parts[-1]}{part[-1]}"
    return tuple(part for part in parts if part)


def holes(forms: Iterable[Form]) -> list[str]:
    """The placeholders of forms, without duplicates."""
    named = (part.name for each in forms for part in each if isinstance(part, Hole) and part.name)
    return list(dict.fromkeys(named))


def precedence(parts: Form) -> tuple[bool, int]:
    """The sort key of forms: exact names first, then by the number of literal characters."""
    literal = sum(len(part) for part in parts if isinstance(part, str))
    return any(isinstance(part, Hole) for part in parts), -literal


def fits(parts: Form, name: str) -> Iterator[Values]:
    """All ways to match a name with this form, with the shortest first value first."""
    if not parts:
        if not name:
            yield {}
    elif isinstance(parts[0], str):
        if name.startswith(parts[0]):
            yield from fits(parts[1:], name[len(parts[0]) :])
    else:
        hole = parts[0].name
        for end in range(1 if hole else 0, len(name) + 1):
            for rest in fits(parts[1:], name[end:]):
                if not hole or rest.get(hole, name[:end]) == name[:end]:
                    yield {hole: name[:end], **rest} if hole else rest


def words(value: str) -> tuple[str, ...]:
    """The words of a name: `user-account`, `user_account` and `UserAccount` are equal."""
    text = value if re.search("[a-z]", value) else value.lower()
    found = re.findall(r"[A-Z]+(?![a-z0-9])|[A-Z]?[a-z0-9]+|[^A-Za-z0-9_-]", text)
    return tuple(word.lower() for word in found)


def letters(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def spelled(value: str, cases: str | Sequence[str] | None) -> str:
    """A value in one of these cases; in the first one if it has none of them."""
    every = [cases] if isinstance(cases, str) else cases or []
    if not every or any(re.fullmatch(CASES[case], value.partition(".")[0]) for case in every):
        return value
    case = every[0]
    value, dot, rest = value.partition(".") if value[0] != "." else (value, "", "")
    parts = words(value)
    if case in ("camelCase", "PascalCase"):
        text = "".join(word.capitalize() for word in parts)
        return (text[0].lower() + text[1:] if case == "camelCase" else text) + dot + rest
    text = value.lower() if case == "lowercase" else {"kebab-case": "-"}.get(case, "_").join(parts)
    return (text.upper() if case.startswith("S") else text) + dot + rest


def near_twins(one: str, other: str) -> bool:
    """Whether two names are similar enough for a hint; directories end in "/"."""
    directories = one.endswith("/") + other.endswith("/")
    if directories == 1:
        return one.strip("/") == other.strip("/")
    if letters(one) == letters(other):
        return True
    if directories == 0:
        (stem, end), (stem2, end2) = (
            name.rsplit(".", 1) if "." in name[1:] else (name, "") for name in (one, other)
        )
        for ends in ({"md", "rst", "txt", "adoc", ""}, {"yml", "yaml"}):
            if {end.lower(), end2.lower()} <= ends and letters(stem) == letters(stem2):
                return True
    short, long = sorted((one.strip("/"), other.strip("/")), key=len)
    if directories == 2 and letters(long) in (letters(short) + "s", letters(short)):
        return True
    if len(short) < 5:
        return False
    if len(short) == len(long):
        swapped = (short[:i] + short[i + 1] + short[i] + short[i + 2 :] for i in range(len(short) - 1))
        return long in swapped
    return any(long[:i] + long[i + 1 :] == short and long[i].isalpha() for i in range(len(long)))


# --- the tree of a layout -----------------------------------------------------------------------------------


@dataclass(eq=False)
class Entry:
    """An entry of the tree. Its `key` is its forms, whether it is a directory, and whether `^` joins them."""

    key: tuple[tuple[Form, ...], bool, bool] = ((), True, False)
    texts: tuple[str, ...] = ()
    rank: tuple[int, int] = (0, 0)  # the nearer file first, then in source order
    order: tuple[int, int] = (0, 0)  # the farther file first, then in source order of the whole file
    level: str = ""  # the requirements of the entry itself
    implied: str = ""  # the requirements of short keys through the entry
    absent: bool = False  # the value is `false`
    settings: Json = field(default_factory=dict)
    children: dict[Any, Entry] = field(default_factory=dict)
    parent: Entry | None = None
    other: Entry | None = None  # the other half of a group of files and directories

    def rekeyed(self, numbers: list[int]) -> None:
        """Removes some of the alternatives."""
        self.texts = tuple(self.texts[number] for number in numbers)
        self.key = (tuple(self.key[0][number] for number in numbers), self.key[1], self.key[2])

    @property
    def wanted(self) -> str:
        return self.level or self.implied or "required"

    @property
    def is_every(self) -> bool:
        return self.texts == ("**",)

    @property
    def path_hole(self) -> str:
        """The placeholder of a `<dir**>/`, or ""."""
        hole = self.key[0][0][0] if self.key[0] and self.key[0][0] else ""
        return hole.name if isinstance(hole, Hole) and hole.path else ""

    @property
    def listed(self) -> list[Entry]:
        """The children except `**/` and `<dir**>/`."""
        return [child for child in self.children.values() if not (child.is_every or child.path_hole)]

    @property
    def spreading(self) -> list[Entry]:
        """The children with `<dir**>/`."""
        return [child for child in self.children.values() if child.path_hole]

    @property
    def blocks(self) -> list[Entry]:
        """The children with `**/`."""
        return [child for child in self.children.values() if child.is_every]

    @property
    def exact(self) -> set[str]:
        """The names of children without a wildcard; directories end in "/"."""
        return {
            f"{each[0] if each else ''}{'/' * child.key[1]}"
            for child in self.listed
            for each in child.key[0]
            if all(isinstance(part, str) for part in each)
        }

    @property
    def always(self) -> set[str]:
        """The placeholders that all alternatives have."""
        named = [set(holes([each])) for each in self.key[0]]
        return set.intersection(*named) if named else set()

    @property
    def closes(self) -> bool:
        lists = any(not child.absent for child in [*self.listed, *self.spreading])
        return lists and (not self.is_every or self.settings.get("unlisted", "allow") != "allow")

    @property
    def line(self) -> list[Entry]:
        """The entry and its parents, the innermost first."""
        return [self, *(self.parent.line if self.parent else [])]


def steps_of(key: str) -> tuple[list[list[str]], bool]:
    """The steps of a key, each with its alternatives, and whether `^` joins them."""
    group = re.split(r"(?<!\\) ([|^]) ", key)
    if len(group) > 1:
        return [group[::2]], "^" in group
    return [[step] for step in re.findall(r"(?:\\.|[^/\\])+/?", key)], False


def of_one_kind(names: list[str]) -> list[str]:
    """The directories among the alternatives, or all of them if there are none."""
    return [name for name in names if name.endswith("/")] or names


def read(into: Entry, tree: Mapping[str, Any], nearness: int) -> Entry:
    """Adds the entries of a mapping and unfolds short keys."""
    for key, value in tree.items():
        if key == ".":
            into.settings |= value if isinstance(value, dict) else {}
            continue
        optional = key.endswith("?") and not key.endswith("\\?")
        steps, is_one = steps_of(key[:-1] if optional else key)
        settings = value if isinstance(value, dict) else {}
        if any(name.endswith("/") for name in steps[-1]):
            settings = settings["."] if isinstance(settings.get("."), dict) else {}
        level = settings.get("level", "optional" if optional else "required")
        asked = "optional" if value is False else level
        at = into
        for names in map(of_one_kind, steps):
            texts = tuple(name.removesuffix("/") for name in names)
            entry = Entry((tuple(map(form, texts)), names[0].endswith("/"), is_one), texts)
            entry.rank, entry.order = (nearness, len(at.children)), (-nearness, next(WRITTEN))
            at = at.children.setdefault(entry.key, entry)
            at.implied = max(at.implied or "optional", asked, key=LEVELS.index)
        at.level, at.absent = level, value is False
        if files := [name for name in steps[-1] if not name.endswith("/")] if at.key[1] else []:
            other = Entry((tuple(map(form, files)), False, is_one), tuple(files), at.rank, at.order, level)
            other.absent, other.other, at.other = at.absent, at, other
            into.children[other.key] = other
        if at.key[1] and isinstance(value, dict):
            read(at, value, nearness)
        else:
            at.settings |= settings
    return into


def only_forbids(entry: Entry) -> bool:
    """Whether an entry is a directory that only keys with the value `false` pass through."""
    listed = entry.children.values()
    return bool(entry.implied and not entry.level and all(one.absent or only_forbids(one) for one in listed))


def merge(far: Entry, near: Entry) -> None:
    """Merges the nearer entry into the farther one."""
    if far.absent and not near.absent:
        far.order = near.order  # the farther file does not have this entry
    if far.absent or near.absent:
        far.level, far.implied, far.absent = near.level, near.implied, near.absent
        far.settings, far.children = near.settings, near.children
    elif near.level or near.implied:
        far.level = near.level or max(near.implied, far.wanted, key=LEVELS.index)
    far.rank, far.settings = near.rank, {**far.settings, **near.settings}
    for key, child in near.children.items():
        inherited = far.children.get(key)
        alike = (
            one for other, one in far.children.items() if other[1] == key[1] and set(other[0]) & set(key[0])
        )
        if only_forbids(child) and any(one.absent for one in alike):
            continue
        is_taken_back = child.absent and child.texts == ("*",) and inherited and not inherited.absent
        if is_taken_back and far.settings.get("unlisted") != "allow":  # the names are unlisted again
            del far.children[key]
            continue
        for other in [other for other in far.children if other[1] == key[1] and other != key]:
            names = set(other[0]) & set(key[0])
            if names and child.absent:
                inherited = far.children.pop(other)
                inherited.rekeyed([number for number, each in enumerate(other[0]) if each not in names])
                if inherited.key[0]:
                    far.children[inherited.key] = inherited
            elif names and key not in far.children:
                inherited = far.children.pop(other)
                inherited.key, inherited.texts = key, child.texts
                far.children[key] = inherited
            elif names:
                inherited = far.children.pop(other)
                merge(inherited, far.children[key])
                inherited.key, inherited.texts = key, child.texts
                far.children[key] = inherited
        if key in far.children:
            merge(far.children[key], child)
        else:
            far.children[key] = child


def naming_of(written: Any) -> Json:
    """The `names` setting of a placeholder, by field."""
    if isinstance(written, dict) or written is None:
        return written or {}
    kind = "values" if isinstance(written, list) else "pattern" if written.startswith("/") else "case"
    return {kind: written.strip("/") if kind == "pattern" else written}


def severities(far: Mapping[str, Any], near: Mapping[str, Any]) -> Json:
    """The severities of rules. Those with paths are pairs, the patterns of the farther file first."""
    merged: Json = {}
    for rule, written in near.items():
        known = far.get(rule, [])
        known = [("*", known)] if isinstance(known, str) else known
        merged[rule] = [*known, *written.items()] if isinstance(written, dict) else written
    return merged


def combined(layouts: Sequence[Mapping[str, Any]]) -> Json:
    """Merges layouts, the most general first; the `tree` of the result is an `Entry`."""
    both: Json = {"tree": Entry(), "names": {}}
    for number, layout in enumerate(layouts):
        for key, value in layout.items():
            if isinstance(value, list):
                both[key] = [*both.get(key, []), *value]
            elif key == "names":
                for name, written in value.items():
                    fields = {**both[key].get(name, {}), **naming_of(written)} if written is not False else {}
                    both[key][name] = {field: each for field, each in fields.items() if each is not False}
            elif key == "severity":
                both[key] = {**both.get(key, {}), **severities(both.get(key, {}), value)}
            elif isinstance(value, dict) and key != "tree":
                again = {each for each in value if each.startswith("!")}  # exceptions follow the patterns
                known = {each: far for each, far in both.get(key, {}).items() if each not in again}
                both[key] = {**known, **value}
        merge(both["tree"], read(Entry(), layout.get("tree") or {}, -number))
    for key in ("belongs", "forbid", "limits"):
        both[key] = {name: value for name, value in both.get(key, {}).items() if value is not False}
    entries = [both["tree"]]
    for entry in entries:
        entries += entry.children.values()
        for child in entry.children.values():
            child.parent = entry
    return both
