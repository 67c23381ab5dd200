"""A second reading of the layout language: slow, short, and written from `docs/language.md` alone.

`findings` takes layouts as parsed YAML and a tree as paths, and returns what `check` must report. It shares no
code with structlint, so that a mistake in one of them is a difference between the two (`test_reference.py`).
It does not read drawn trees, links, submodules, nested projects or ports, and expects a layout without errors.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

Json: TypeAlias = "dict[str, Any]"
Values: TypeAlias = "dict[str, str]"  # what each placeholder stands for
Found: TypeAlias = "set[tuple[str, str, str]]"  # path, rule, severity

LEVELS = ("optional", "recommended", "required")
LAYOUT = "structlint.yaml"
CASES = {
    "kebab-case": r"[a-z0-9]+(-[a-z0-9]+)*",
    "snake_case": r"_*[a-z0-9]+(_+[a-z0-9]+)*_*",
    "camelCase": r"[a-z0-9][A-Za-z0-9]*",
    "PascalCase": r"[A-Z][A-Za-z0-9]*",
    "SCREAMING_SNAKE_CASE": r"_*[A-Z0-9]+(_+[A-Z0-9]+)*_*",
    "lowercase": r"[^A-Z]*",
}
WARNINGS = {"unignored-local", "unused-ignore"}
ORDER = [
    "forbidden-path",
    "misplaced-file",
    "stray-file",
    "stray-directory",
    "bad-name",
]  # on one path, the first
ONCE = {*ORDER, "orphan", "missing-file", "missing-directory", "empty-directory", "conflicting-entries"}
ONCE |= {"too-few-files", "too-few-directories"}


class Undetermined(Exception):
    """The page leaves open what this layout and tree come to, for example names that depend on themselves."""


# --- gitignore patterns -------------------------------------------------------------------------------------


def ignores(patterns: Iterable[str], path: str) -> str | None:
    """The last of the patterns that matches this very path (a directory ends in "/"), if it has no `!`."""
    last = None
    for pattern in patterns:
        body = pattern.removeprefix("!")
        anchored = "/" in body[:-1]
        parts = re.split(r"(\*\*/|/\*\*$|\*|\?)", body.strip("/") if body != "/" else body)
        table = {"**/": "(?:.*/)?", "/**": "/.+", "*": "[^/]*", "?": "[^/]"}
        regex = ("" if anchored else "(?:.*/)?") + "".join(table.get(part, re.escape(part)) for part in parts)
        if re.fullmatch(regex + ("/" if body.endswith("/") else "/?"), path):
            last = pattern
    return None if last is None or last.startswith("!") else last


def above(path: str) -> list[str]:
    """The directories that a path lies in and the path itself, the topmost first."""
    return [path[: at + 1] for at, letter in enumerate(path[:-1]) if letter == "/"] + [path]


def top(patterns: Sequence[str], path: str) -> str | None:
    """The topmost of a path and its directories that the patterns match."""
    return next((each for each in above(path) if ignores(patterns, each)), None)


# --- names and keys -----------------------------------------------------------------------------------------


class Hole(NamedTuple):
    """A placeholder in a name, or with the name "" a `*`."""

    name: str
    case: str | None = None


Form: TypeAlias = "tuple[str | Hole, ...]"


def form(text: str) -> Form:
    parts: list[str | Hole] = [""]
    for token in re.findall(r"\\.|<[A-Za-z][\w-]*(?::[A-Za-z_-]+)?>|.", text, re.DOTALL):
        if token == "*":
            parts += [Hole(""), ""]
        elif token[0] == "<" and token != "<":
            name, _, case = token[1:-1].partition(":")
            parts += [Hole(name, case or None), ""]
        else:
            parts[-1] = f"{parts[-1]}{token[-1]}"
    return tuple(part for part in parts if part)


def holes(forms: Iterable[Form]) -> list[str]:
    named = (part.name for each in forms for part in each if isinstance(part, Hole) and part.name)
    return list(dict.fromkeys(named))


def fits(parts: Form, name: str) -> Iterator[Values]:
    """All the ways to read a name as this form."""
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
    """`user-account`, `user_account` and `UserAccount` are one name."""
    text = value if re.search("[a-z]", value) else value.lower()
    return tuple(word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[^A-Za-z0-9_-]", text))


def spelled(value: str, case: str | None) -> str:
    parts = words(value)
    if not case or re.fullmatch(CASES[case], value.partition(".")[0]):
        return value
    if case in ("camelCase", "PascalCase"):
        text = "".join(word.capitalize() for word in parts)
        return text[0].lower() + text[1:] if case == "camelCase" else text
    text = value.lower() if case == "lowercase" else {"kebab-case": "-"}.get(case, "_").join(parts)
    return text.upper() if case.startswith("S") else text


# --- the tree of a layout -----------------------------------------------------------------------------------


@dataclass(eq=False)
class Entry:
    """An entry of the tree; its `key` is its forms, whether it is a directory, and whether `^` joins them."""

    key: tuple[tuple[Form, ...], bool, bool] = ((), True, False)
    texts: tuple[str, ...] = ()
    rank: tuple[int, int] = (0, 0)  # the nearer file first, then as written
    origin: int = 0  # the farthest file that has it, as the reverse of its nearness
    level: str = ""  # what the entry itself says
    implied: str = ""  # what the short keys through it ask for
    absent: bool = False
    settings: Json = field(default_factory=dict)
    children: dict[Any, Entry] = field(default_factory=dict)
    parent: Entry | None = None

    @property
    def wanted(self) -> str:
        return self.level or self.implied or "required"

    @property
    def is_every(self) -> bool:
        return self.texts == ("**",)

    @property
    def lists(self) -> bool:
        return any(not child.is_every and not child.absent for child in self.children.values())


def read(into: Entry, tree: Json, nearness: int) -> Entry:
    """Adds the entries of a mapping, short keys unfolded."""
    for key, value in tree.items():
        if key == ".":
            into.settings |= {} if isinstance(value, str) else value or {}
            continue
        optional = key.endswith("?") and not key.endswith("\\?")
        group = re.split(r"(?<!\\) ([|^]) ", key[:-1] if optional else key)
        steps = (
            [group[::2]]
            if len(group) > 1
            else [[step] for step in re.findall(r"(?:\\.|[^/\\])+/?", group[0])]
        )
        settings = value if isinstance(value, dict) else {}
        if steps[-1][0].endswith("/"):
            settings = settings.get(".") if isinstance(settings.get("."), dict) else {}
        level = settings.get("level", "optional" if optional else "required")
        at = into
        for names in steps:
            texts = tuple(name.removesuffix("/") for name in names)
            entry = Entry((tuple(map(form, texts)), names[0].endswith("/"), "^" in group), texts)
            entry.rank, entry.origin = (nearness, len(at.children)), -nearness
            at = at.children.setdefault(entry.key, entry)
            at.implied = max(
                at.implied or "optional", "optional" if value is False else level, key=LEVELS.index
            )
        at.level, at.absent = level, value is False
        if at.key[1] and isinstance(value, dict):
            read(at, value, nearness)
        else:
            at.settings |= settings
    return into


def merge(far: Entry, near: Entry) -> None:
    """Makes the farther entry what it is with the nearer one over it."""
    if far.absent or near.absent:
        far.level, far.absent, far.settings, far.children = (
            near.level,
            near.absent,
            near.settings,
            near.children,
        )
    elif near.level or near.implied:
        far.level = near.level or max(near.implied, far.wanted, key=LEVELS.index)
    far.rank, far.settings = near.rank, {**far.settings, **near.settings}
    for key, child in near.children.items():
        for other in [other for other in far.children if other[1] == key[1] and other != key]:
            if set(other[0]) & set(key[0]):
                del far.children[other]
        if key in far.children:
            merge(far.children[key], child)
        else:
            far.children[key] = child


def combined(layouts: Sequence[Json]) -> Json:
    """One layout of several, the farthest first; its tree an `Entry`."""
    both: Json = {"tree": Entry()}
    for number, layout in enumerate(layouts):
        for key, value in layout.items():
            if isinstance(value, list):
                both[key] = [*both.get(key, []), *value]
            elif isinstance(value, dict) and key != "tree":
                both[key] = {**both.get(key, {}), **value}
        merge(both["tree"], read(Entry(), layout.get("tree") or {}, -number))
    for key in ("names", "belongs", "forbid", "limits"):
        both[key] = {name: value for name, value in both.get(key, {}).items() if value is not False}
    todo = [both["tree"]]
    for entry in todo:
        todo += entry.children.values()
        for child in entry.children.values():
            child.parent = entry
    return both


# --- a layout against a tree --------------------------------------------------------------------------------


class At(NamedTuple):
    """An entry where it is: the path of a directory that it governs, and what its placeholders stand for."""

    path: str
    entry: Entry
    values: Values
    parent: At | None


class Governed(NamedTuple):
    entry: Entry
    form: Form
    values: Values
    orphan: bool = False


class Reading:
    """A layout, a tree, and what is found as the tree is walked from its root."""

    others_count = True  # whether what is asked for is there if another entry governs it
    all_readings = True  # whether `<a>-<b>` stands for `x-y-z` in two ways
    farthest_defines = True  # whether a place in a farther file comes before those of a nearer one
    neighbours_take = True  # whether an orphan is another entry's whose names are defined in this directory
    compared = staticmethod(words)

    def __init__(
        self, layout: Json, files: frozenset[str], empty: frozenset[str], untracked: frozenset[str] | None
    ) -> None:
        self.layout, self.empty, self.untracked = layout, empty, untracked
        self.files = {path for path in files if not top(layout.get("exclude", []), path)}
        self.inside: dict[str, set[str]] = {"": set()}
        for path in files:
            for each in above(path) if path in self.files else above(path)[:-1]:
                self.inside.setdefault(each, set()) if each.endswith("/") else None
                directory = each.rstrip("/").rpartition("/")[0]
                self.inside.setdefault(directory and directory + "/", set()).add(
                    each[len(directory and directory + "/") :]
                )
        self.found: Found = set()
        self.asking: list[object] = []
        self.answers: dict[Any, Any] = {}  # to the same questions, asked again and again
        self.places: dict[str, list[Entry]] = {}
        self.cased: set[str] = set()
        self._place(layout["tree"], frozenset())
        for places in self.places.values():
            places.sort(key=lambda place: place.origin if self.farthest_defines else 0)

    # Placeholders: what `names` says of them, where they are, which names there are.

    def _place(self, entry: Entry, bound: frozenset[str]) -> None:
        for child in entry.children.values():
            named = holes(child.key[0])
            self.cased |= {p.name for f in child.key[0] for p in f if isinstance(p, Hole) and p.case}
            for name in named:
                if name not in bound and self.values(name) is None:
                    self.places.setdefault(name, []).append(child)
            self._place(child, bound | set(named))

    def rule(self, name: str, what: str) -> Any:
        said = self.layout["names"].get(name)
        if isinstance(said, dict):
            return said.get(what)
        kind = "values" if isinstance(said, list) else "pattern" if str(said).startswith("/") else "case"
        return None if kind != what or said is None else said.strip("/") if what == "pattern" else said

    def values(self, name: str) -> list[str] | None:
        said = self.rule(name, "values")
        return None if said is None else list(said)

    def same(self, name: str, value: str) -> tuple[str, ...]:
        """What equal names have in common: their words if a case is asked for anywhere, or all of their letters."""
        return self.compared(value) if name in self.cased or self.rule(name, "case") else (value,)

    def definer(self, name: str) -> Entry:
        """The first place; one that says `false` defines nothing (L7)."""
        return next((place for place in self.places[name] if not place.absent), self.places[name][0])

    def tied(self, entry: Entry) -> list[str]:
        return [
            x for x in holes(entry.key[0]) if entry in self.places.get(x, []) and entry is not self.definer(x)
        ]

    def readings(self, at: At, entry: Entry, name: str) -> Iterator[Governed]:
        """The forms of an entry that a name fits, with what the placeholders then stand for."""
        for each in entry.key[0]:
            ways = []
            for values in fits(each, name.rstrip("/")):
                if values not in ways and all(self._may(at, part, values) for part in each):
                    ways.append(values)
            yield from (
                Governed(entry, each, {**at.values, **values})
                for values in ways[: None if self.all_readings else 1]
            )

    def _may(self, at: At, part: str | Hole, values: Values) -> bool:
        if isinstance(part, str) or not part.name:
            return True
        value, listed, pattern = values[part.name], self.values(part.name), self.rule(part.name, "pattern")
        if part.name in at.values:
            return self.same(part.name, at.values[part.name]) == self.same(part.name, value)
        if listed is not None:
            return value in [spelled(each, part.case) for each in listed]
        return value[0] != "." and (
            not pattern or bool(part.case) or re.fullmatch(pattern, value) is not None
        )

    def candidates(self, at: At, name: str) -> list[Governed]:
        """Exact names first, then what has more literal characters, then what is written earlier."""
        question = (at.path, at.entry, name, *at.values.items())
        if question not in self.answers:
            entries = [
                e for e in at.entry.children.values() if not e.is_every and e.key[1] == name.endswith("/")
            ]
            every = [reading for entry in entries for reading in self.readings(at, entry, name)]
            self.answers[question] = sorted(every, key=lambda g: (*precedence(g.form), g.entry.rank))
        return self.answers[question]

    def governor(self, at: At, name: str, defined: str = "") -> Governed | None:
        """What governs a name; with `defined`, only if it defines that placeholder, which nobody knows yet."""
        orphan, barred = None, set[str]()
        for each in self.candidates(at, name):
            mine = holes([each.form])
            if barred & set(mine) and not (orphan and orphan.entry is each.entry):
                continue
            if defined in mine and each.entry is not self.definer(defined):
                return None
            unknown = [
                x
                for x in self.tied(each.entry)
                if self.same(x, each.values[x]) not in self.known(x, at, each.values)
            ]
            neighbours = {x for x in self.tied(each.entry) if self.definer(x).parent is at.entry}
            if not unknown and not (orphan and neighbours and not self.neighbours_take):
                return each
            if not each.entry.absent:
                barred |= set(unknown)
                orphan = orphan or each._replace(orphan=True)
        return orphan

    def known(self, name: str, at: At, values: Values) -> dict[tuple[str, ...], str]:
        """The names that a tied placeholder can have here, by their words."""
        lines = [lineage(place) for place in self.places[name]]
        scope = next(e for e in lines[0][1:] if all(e in line for line in lines))
        shared = set.intersection(*({x for e in line[1:] for x in holes(e.key[0])} for line in lines))
        at_scope = next(each for each in ancestors(at) if each.entry is scope)
        question = (name, at_scope.path, *sorted((x, self.same(x, values[x])) for x in shared))
        if question in self.answers:
            return self.answers[question]
        if question in self.asking:
            raise Undetermined(f"the names of <{name}> depend on themselves")
        self.asking.append(question)
        chain = lines[self.places[name].index(self.definer(name))]
        known = self._names(at_scope, chain[: chain.index(scope)][::-1], name, {x: values[x] for x in shared})
        self.asking.pop()
        self.answers[question] = known
        return known

    def _names(self, at: At, chain: list[Entry], name: str, shared: Values) -> dict[tuple[str, ...], str]:
        known: dict[tuple[str, ...], str] = {}
        for inside in sorted(self.inside.get(at.path, ())):
            if all(each.entry is not chain[0] for each in self.candidates(at, inside)):
                continue
            governed = self.governor(at, inside, name if len(chain) == 1 else "")
            if not governed or governed.entry is not chain[0] or governed.orphan:
                continue
            if any(
                x in shared and self.same(x, v) != self.same(x, shared[x]) for x, v in governed.values.items()
            ):
                continue
            if len(chain) == 1:
                known.setdefault(self.same(name, governed.values[name]), governed.values[name])
            else:
                known |= self._names(
                    At(at.path + inside, chain[0], governed.values, at), chain[1:], name, shared
                )
        return known

    # What is found, directory by directory.

    def add(self, path: str, rule: str, level: str = "required") -> None:
        said = self.layout.get("severity", {}).get(rule, "warning" if rule in WARNINGS else "error")
        if said != "off":
            self.found.add((path, rule, "warning" if level == "recommended" else said))

    def visit(self, path: str, main: At | None, sides: list[At], everys: list[At], inherited: str) -> None:
        """A directory: `main` lists it, `sides` and the `**/` of `everys` apply besides."""
        views = [*([main] if main else []), *sides, *(every._replace(path=path) for every in everys)]
        said = main.entry.settings.get("strays") if main else None
        strays = said or inherited or "all"
        unlisted = [
            name for name in self.inside[path] if not any(self.governor(view, name) for view in views)
        ]
        asked = [
            (view, entry) for view in views for entry in view.entry.children.values() if not entry.is_every
        ]
        missing = {name for view, entry in asked for name in self.require(view, entry, unlisted)}
        self.count(path, main, views)
        for view in views:
            blocks = [e for e in view.entry.children.values() if e.is_every]
            everys = everys + [At(path, block, view.values, view) for block in blocks]
        for name in sorted(self.inside[path]):
            if top(self.layout.get("exclude", []), path + name):
                continue
            governed = [(view, each) for view in views if (each := self.governor(view, name))]
            listed = [each for each in governed if not each[1].entry.absent]
            is_stray = (
                any(view.entry.lists for view in (main, *sides) if view)
                and not listed
                and not self.is_never_stray(path + name)
            )
            is_stray = is_stray and (strays == "all" or (strays == "directories" and name.endswith("/")))
            self.judge(
                path + name, governed, is_stray and not any(near_twins(name, other) for other in missing)
            )
            if name.endswith("/"):
                below = [
                    At(path + name, each.entry, each.values, view) for view, each in listed if not each.orphan
                ]
                first = next((each for each in below if each.parent is main), below[0] if below else None)
                rest = [each for each in below if each is not first]
                is_local = self.untracked is not None and top(self.layout.get("local", []), path + name)
                self.visit(
                    path + name,
                    first,
                    rest,
                    [] if is_stray or is_local else everys,
                    said or inherited or "directories",
                )

    def judge(self, path: str, governed: list[tuple[At, Governed]], is_stray: bool) -> None:
        """Reports all that is wrong with a path; `settled` leaves of it what is to be reported once."""
        limits, listed = self.layout["limits"], [each for _, each in governed]
        if path.endswith("/") and path.count("/") == limits.get("depth", -2) + 1:
            self.add(path, "too-deep")
        if not path.endswith("/") and len(path) > limits.get("path-length", len(path)):
            self.add(path, "long-path")
        if ignores(self.layout["forbid"], path) or any(each.entry.absent for each in listed):
            self.add(path, "forbidden-path")
        if self.misplaced(path, listed):
            self.add(path, "misplaced-file")
        if is_stray:
            self.add(path, "stray-directory" if path.endswith("/") else "stray-file")
        for view, each in governed:
            self.needed(view, each, path)
            if each.orphan:
                self.add(path, "orphan")
            elif self.breaks_case(each):
                self.add(path, "bad-name")

    def is_never_stray(self, path: str) -> bool:
        """The layout, and what stays on one machine and is not in git; without git nobody knows."""
        files = {
            file for file in self.files if file == path or (path.endswith("/") and file.startswith(path))
        }
        untracked, patterns = self.untracked or (), self.layout.get("local", [])
        return path == LAYOUT or all(f in untracked and top(patterns, f) for f in files)

    def misplaced(self, path: str, listed: list[Governed]) -> bool:
        belongs = self.layout["belongs"]
        matched = [list(belongs).index(last) for each in above(path) if (last := ignores(belongs, each))]
        if path.endswith("/") or not matched:
            return False
        if any(all(isinstance(part, str) for part in each.form) for each in listed):
            return False
        said = [*belongs.values()][max(matched)]
        targets = said if isinstance(said, list) else [said]
        return not any("/" not in path if t == "/" else path.startswith(t.strip("/") + "/") for t in targets)

    def breaks_case(self, governed: Governed) -> bool:
        for part in governed.form:
            case = isinstance(part, Hole) and part.name and (part.case or self.rule(part.name, "case"))
            if isinstance(part, Hole) and case:
                value = governed.values[part.name]
                if not re.fullmatch(CASES[case], value if governed.entry.key[1] else value.partition(".")[0]):
                    return True
        return False

    def needed(self, at: At, governed: Governed, path: str) -> None:
        said = governed.entry.settings.get("needs", [])
        for need in [said] if isinstance(said, str) else said:
            name = self.rendered(form(need), governed.values, as_is=True)
            wanted = name[1:] if name.startswith("/") else at.path + name
            if wanted not in self.files and wanted not in self.inside:
                what = "missing-directory" if wanted.endswith("/") else "missing-file"
                self.add(wanted, "empty-directory" if wanted in self.empty else what, governed.entry.wanted)

    def require(self, at: At, entry: Entry, unlisted: list[str]) -> Iterator[str]:
        """Reports what an entry asks for in a directory, and returns the names that are missing."""
        slash = "/" if entry.key[1] else ""
        names = [name for name in self.inside[at.path] if name.endswith("/") == entry.key[1]]
        governed = {name: self.governor(at, name) for name in names} if not entry.absent else {}
        present = {name: g for name, g in governed.items() if g and g.entry is entry and not g.orphan}
        fixed = [x for x in holes(entry.key[0]) if x in at.values or self.values(x) or x in self.tied(entry)]
        choices = [self.choices(at, entry, x) for x in fixed]
        for chosen in itertools.product(*choices) if not entry.absent else ():
            values = {**at.values, **dict(zip(fixed, chosen, strict=True))}
            here = {
                n: g
                for n, g in present.items()
                if all(self.same(x, g.values.get(x, v)) == self.same(x, v) for x, v in values.items())
            }
            if entry.key[2] and len({g.form for g in here.values()}) > 1:
                self.add(at.path + min(here, key=lambda name: name.strip("/")), "conflicting-entries")
            named = [self.rendered(each, values) + slash for each in entry.key[0]]
            if here or entry.wanted == "optional" or (self.others_count and set(named) & set(names)):
                continue
            twin = Hole("") not in entry.key[0][0] and set(holes(entry.key[0][:1])) <= set(values)
            twin = twin and any(near_twins(other, named[0]) for other in unlisted if other != named[0])
            on_disk = [] if twin else [name for name in named if at.path + name in self.empty]
            what = "empty-directory" if on_disk else "missing-directory" if slash else "missing-file"
            self.add(at.path + [*on_disk, named[0]][0], what, entry.wanted)
            yield from named[:1] if twin else ()

    def choices(self, at: At, entry: Entry, name: str) -> list[str]:
        if name in at.values:
            return [at.values[name]]
        return self.values(name) or list(self.known(name, at, at.values).values())

    def rendered(self, parts: Form, values: Values, as_is: bool = False) -> str:
        """A name with the values that are known, in the case of the place; what is not known as it is written."""
        out = ""
        for part in parts:
            if isinstance(part, str):
                out += part
            elif part.name in values:
                case = part.case or self.rule(part.name, "case")
                out += spelled(values[part.name], part.case if as_is or self.values(part.name) else case)
            else:
                out += f"<{part.name}{':' + part.case if part.case else ''}>" if part.name else "*"
        return out

    def count(self, path: str, main: At | None, views: list[At]) -> None:
        names, limits = self.inside[path], self.layout["limits"]
        settings = main.entry.settings if main else {}
        most = limits.get("root-files", limits.get("files")) if path == "" else limits.get("files")
        files = sum(not name.endswith("/") for name in names)
        for kind, number, top in (("files", files, most), ("directories", len(names) - files, None)):
            if number < settings.get(f"min-{kind}", 0):
                self.add(path or "./", f"too-few-{kind}")
            limit = settings.get(f"max-{kind}", top)
            if limit is not None and number > limit:
                self.add(path or "./", f"too-many-{kind}")
        for view, entry in [(view, entry) for view in views for entry in view.entry.children.values()]:
            for name in [x for x in holes(entry.key[0]) if x in self.places and entry is self.definer(x)]:
                self.count_names(view, entry, name)

    def count_names(self, at: At, entry: Entry, name: str) -> None:
        said = str(self.rule(name, "count") or "0-")
        least, _, most = said.partition("-")
        governed = [
            g for inside in self.inside[at.path] if (g := self.governor(at, inside)) and g.entry is entry
        ]
        if any(g.orphan for g in governed) and self.rule(name, "count"):
            raise Undetermined(f"whether an orphan counts as one of <{name}>")
        number = len({self.same(name, g.values[name]) for g in governed})
        kind = "directories" if entry.key[1] else "files"
        if number < int(least) and (number or entry.wanted == "optional"):
            self.add(at.path or "./", f"too-few-{kind}")
        if number > int(most or number if "-" in said else least):
            self.add(at.path or "./", f"too-many-{kind}")

    def local(self, gitignore: Sequence[str]) -> None:
        """What stays on one machine: git must not track it, and the `.gitignore` of the root must list it."""
        patterns = self.layout.get("local", [])
        asked = [p for p in patterns if not p.startswith("!") and top(patterns, sample(p))]
        listed = [p for p in asked if p in gitignore or f"/{p}" in gitignore]
        for path in sorted(self.files):
            match = top(patterns, path)
            if match and path not in (self.untracked or ()):
                self.add(match, "tracked-local")
            elif match and ignores(patterns, match) in listed and not top(gitignore, path):
                self.add(path, "unignored-local")
        is_missing = (".gitignore", "missing-file") in {each[:2] for each in self.found}
        if not is_missing and set(asked) - set(listed):
            self.add(".gitignore", "unignored-local")


# --- the whole ----------------------------------------------------------------------------------------------


def precedence(parts: Form) -> tuple[bool, int]:
    return any(isinstance(part, Hole) for part in parts), -sum(len(p) for p in parts if isinstance(p, str))


def is_at(pattern: str, path: str) -> bool:
    """Whether a pattern of `ignore` is for a finding at a path; "/", and what has no name in it, is for the root too."""
    return pattern in ("/", "*", "*/") if path == "./" else top([pattern], path) is not None


def sample(pattern: str) -> str:
    """A path that a pattern matches."""
    return pattern.replace("**/", "").replace("**", "x").replace("*", "x").removeprefix("/")


def lineage(entry: Entry) -> list[Entry]:
    """An entry and what encloses it, the innermost first."""
    return [entry, *(lineage(entry.parent) if entry.parent else [])]


def ancestors(at: At) -> Iterator[At]:
    while at:
        yield at
        at = at.parent  # type: ignore[assignment]


def near_twins(one: str, other: str) -> bool:
    """Whether one name was likely meant for the other; a directory ends in "/"."""
    if not one.endswith("/") and not other.endswith("/"):
        (stem, end), (stem2, end2) = (
            re.fullmatch(r"(.+?)(?:\.([^.]*))?", name).groups("") for name in (one, other)
        )
        for ends in ({"md", "rst", "txt", "adoc", ""}, {"yml", "yaml"}):
            if stem and stem2 and end in ends and end2 in ends and letters(stem) == letters(stem2):
                return True
    if letters(one) == letters(other):
        return True
    if one.endswith("/") and other.endswith("/") and letters(one).rstrip("s") == letters(other).rstrip("s"):
        return abs(len(one) - len(other)) == 1
    if one.endswith("/") != other.endswith("/"):
        return False
    short, long = sorted((one.strip("/"), other.strip("/")), key=len)
    if len(short) == len(long):
        swapped = (short[:i] + short[i + 1] + short[i] + short[i + 2 :] for i in range(len(short) - 1))
        return len(short) >= 5 and any(each == long for each in swapped)
    dropped = (i for i in range(len(long)) if long[:i] + long[i + 1 :] == short and long[i].isalpha())
    return len(short) >= 5 and any(True for _ in dropped)


def letters(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def findings(
    layouts: Sequence[Mapping[str, Any]],
    files: Iterable[str],
    empty: Iterable[str] = (),
    untracked: Iterable[str] | None = None,
    gitignore: Sequence[str] = (),
    today: str = "2026-01-01",
) -> Found:
    """What is wrong: paths, rules and severities.

    `layouts` are parsed, the farthest of those that one extends first. `empty` are directories on disk without
    a file, ending in "/". `untracked` are the files that git does not track; without git it is `None`.
    `gitignore` are the lines of the `.gitignore` in the root.
    """
    layout = combined(layouts)
    reading = Reading(
        layout, frozenset(files), frozenset(empty), None if untracked is None else frozenset(untracked)
    )
    accepted: Found = set()
    reading.visit("", At("", layout["tree"], {}, None), [], [], "")
    if untracked is not None:
        reading.local(gitignore)
    for each in layout.get("ignore", []):
        matched = {f for f in reading.found if f[1] == each["rule"] and is_at(each["path"], f[0])}
        if not matched and each in layouts[-1].get("ignore", []):
            reading.add(LAYOUT, "unused-ignore")
        accepted |= matched if each.get("until", today) >= today else set()
    return settled(reading.found - accepted)


def settled(found: Found) -> Found:
    """What is reported of all findings: of a path only the first, and inside less; a warning hides no error."""
    kept = set()
    for path, rule, severity in found:
        heavy = found if severity == "warning" else {each for each in found if each[2] == "error"}
        here = {each for at, each, _ in heavy if at == path}
        outer = {each for at, each, _ in heavy if at in above(path)[:-1]}
        before = ORDER[: ORDER.index(rule)] if rule in ORDER else ORDER[:1] if rule == "orphan" else []
        if "tracked-local" in here | outer and rule in ("forbidden-path", "stray-file", "stray-directory"):
            continue
        if here.intersection(before) or (severity == "warning" and (path, rule, "error") in found):
            continue
        if ("forbidden-path" in outer and rule in ONCE) or ("stray-directory" in outer and rule in ORDER[1:]):
            continue
        kept.add((path, rule, severity))
    return kept
