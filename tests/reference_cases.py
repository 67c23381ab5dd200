"""Random cases for `test_reference.py`: layouts, and trees that mostly fit them."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import reference
from reference_layout import CASES, Entry, Form, Json, Values, above, combined, fits, holes, sample, spelled
from reference_random import DIRECTORIES, FILES, LISTS, NUMBERS, WORDS, Layouts
from reference_tree import LAYOUT


class Case(NamedTuple):
    """Layouts, the most general first, and a tree."""

    layouts: list[Json]
    files: frozenset[str]
    empty: frozenset[str] = frozenset()
    untracked: frozenset[str] | None = None
    links: Mapping[str, str] = MappingProxyType({})
    submodules: frozenset[str] = frozenset()
    contents: Mapping[str, bytes] = MappingProxyType({})
    accepted: frozenset[str] | None = None  # the files of a tree whose findings are in the baseline

    @property
    def before(self) -> Case | None:
        """The case for the baseline: with other files, and without links, contents and the like."""
        return None if self.accepted is None else Case(self.layouts, self.accepted)

    @property
    def tree(self) -> tuple[Any, ...]:
        return self[1:7]


class Trees:
    """Generates trees that match a layout, and changes them."""

    def __init__(self, rng: random.Random, layouts: list[Json]) -> None:
        self.rng = rng
        self.layout = combined(layouts)
        self.reading = reference.Reading(self.layout)
        every = _below(self.layout["tree"])
        self.entries = [each for each in every if not (each.is_every or each.path_hole)]
        patterns = [each for key in ("forbid", "exclude", "local") for each in self.layout.get(key, ())]
        self.matched = [sample(each.removeprefix("!")) for each in patterns]  # paths that match the patterns
        self.focus = ""  # the directory with most of the changes

    def chance(self, of: float) -> bool:
        return self.rng.random() < of

    def case(self, layouts: list[Json]) -> Case:
        rng = self.rng
        self.table = {x: self.values(x) for x in self.reading.places if x != "dir"}
        files = set(self.grown(self.layout["tree"], "", {}))
        for path, block in self.blocks(self.layout["tree"], ""):
            below = {d for f in files for d in above(f)[:-1] if d.startswith(path) and d != path}
            for directory in sorted(below):
                files |= set(self.grown(block, directory, {}))
        if self.chance(0.4):
            files.add(LAYOUT)
        if self.chance(0.06):
            shut = self.conditional(sorted({d for f in files for d in above(f)[:-1]}))
            files.add((rng.choice(shut) if shut else self.path(files)) + LAYOUT)
        text = repr(layouts)
        files |= {file for file in ("list.json", "docs/list.json") if file in text and self.chance(0.8)}
        links: dict[str, str] = {}
        self.focus = ""
        if self.chance(0.22):
            files, links = self.linked(files)
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            files = self.changed(files)
        empty = {self.path(files) + self.a_name(directory=True) for _ in range(2) if self.chance(0.2)}
        if self.chance(0.1):
            files, emptied = self.emptied(files)
            empty |= emptied
        directories = {d for f in files for d in above(f)[:-1]}
        files = {f for f in files if f + "/" not in directories and not f.startswith(LAYOUT + "/")}
        empty = {each for each in empty - directories if each.rstrip("/") not in files}
        untracked = frozenset(f for f in sorted(files) if self.chance(0.2)) if self.chance(0.6) else None
        shut = sorted({d for f in files for d in above(f)[:-1]})
        submodules = [rng.choice(self.conditional(shut) or shut)] if shut and self.chance(0.15) else []
        rivals = [each for each in self.rivals() if self.chance(0.3)]
        submodules = [each for each in rivals if self.is_free(each, files)][:1] or submodules
        files = {f for f in files if not f.startswith(tuple(submodules))}
        links = {path: to for path, to in links.items() if path in files}
        untracked = None if untracked is None else untracked & files
        taken = (*submodules, *(f"{path}/" for path in links))
        empty = {each for each in empty if not each.startswith(taken)}
        contents = self.contents(files - links.keys())
        case = Case(
            layouts, frozenset(files), frozenset(empty), untracked, links, frozenset(submodules), contents
        )
        return case._replace(accepted=frozenset(self.earlier(files))) if self.chance(0.1) else case

    def earlier(self, files: set[str]) -> set[str]:
        """The files with some changes: the tree whose findings are in the baseline."""
        for _ in range(self.rng.choice([1, 2, 4])):
            files = self.changed(files)
        directories = {d for f in files for d in above(f)[:-1]}
        return {f for f in files if f + "/" not in directories and not f.startswith(LAYOUT + "/")}

    def conditional(self, directories: list[str]) -> list[str]:
        """A selection of directories whose names match an entry with `if`."""
        forms = [each for entry in self.entries if entry.settings.get("if") for each in entry.key[0]]
        names = {path: path[:-1].rpartition("/")[2] for path in directories if self.chance(0.5)}
        return [path for path, name in names.items() if any(any(fits(each, name)) for each in forms)]

    def rivals(self) -> Iterator[str]:
        """Directories whose names match an entry, and perhaps also one with `if`."""
        for child, path in self.places(self.layout["tree"], ""):
            beside = child.parent.listed if child.parent else []
            is_patterned = "<" in child.texts[0] and not child.settings.get("if")
            if is_patterned and any(each.key[1] and each.settings.get("if") for each in beside):
                yield path

    def places(self, entry: Entry, path: str) -> Iterator[tuple[Entry, str]]:
        """The entries of directories, each with a path that it may govern."""
        for child in entry.listed:
            if child.key[1] and not child.absent:
                parts = self.rng.choice(child.key[0])
                at = f"{path}{self.filled(parts, {x: self.a_word() for x in holes([parts])})}/"
                yield child, at
                yield from self.places(child, at)

    def is_free(self, path: str, files: set[str]) -> bool:
        """Whether no file conflicts with a directory or one of its parents."""
        return files.isdisjoint(each[:-1] for each in above(path))

    def contents(self, files: set[str]) -> dict[str, bytes]:
        """The contents of files that the layout refers to: paths, names and patterns, some of which exist."""
        every = sorted({each for f in files for each in above(f)})
        found = {}
        for path in files & {source.partition("#")[0] for source in LISTS}:
            home = path[: path.rfind("/") + 1]
            some = [each[len(home) :] for each in every if each.startswith(home) and each != home]
            listed = self.rng.sample(some, min(len(some), self.rng.choice([1, 2, 4, 8])))
            listed += self.rng.sample(
                [*WORDS, *NUMBERS, "gone/", "./src", "src/*", "*/", "!docs/", "*.ts"], 2
            )
            kind: Any = self.rng.choice([listed, [{"path": each} for each in listed], dict.fromkeys(listed)])
            found[path] = json.dumps(self.rng.choice([{"members": kind}, {"a": {"b": kind}}])).encode()
        return found

    def linked(self, files: set[str]) -> tuple[set[str], dict[str, str]]:
        """Replaces some files by links to a file, a directory or nothing."""
        links: dict[str, str] = {}
        plain = [each for each in self.layout.get("exclude", ()) if "/" not in each and each[0] != "!"]
        for _ in range(self.rng.choice([1, 1, 2])):
            every = sorted({each for f in files for each in above(f) if f not in links})
            if not every:
                break
            path = self.rng.choice([each for each in every if "list.json" not in each] or ["x"]).rstrip("/")
            others = [each.rstrip("/") for each in every if not each.startswith(path)]
            to = self.rng.choice([*others, "nowhere", *others]) if others else "nowhere"
            inside = {f for f in files if f.startswith(f"{path}/")}
            if (barred := [*self.barred(files)]) and self.chance(0.4):
                path, inside = self.rng.choice(barred)
            if inside and plain and self.chance(0.2):  # the directory contained only excluded files
                inside = {f"{path}/{sample(self.rng.choice(plain))}"}
            if inside and self.chance(0.75):  # move the contents to another path
                place = self.rng.choice(["", self.path(files - inside)])
                to = (place + self.a_name(directory=True)).rstrip("/")
                files = files | {to + f.removeprefix(path) for f in inside}
                self.focus = f"{to}/"
            files = {f for f in files if path not in (f, f"{f}/") and not f.startswith(f"{path}/")} | {path}
            links = {each: to for each, to in links.items() if each in files}
            links[path] = self.rng.choice(["../" * path.count("/") + to, "../" * 9 + to, to])
        return files, links

    def barred(self, files: set[str]) -> Iterator[tuple[str, set[str]]]:
        """Directories with forbidden entries, each with its contents and some forbidden paths."""
        for entry, path in self.places(self.layout["tree"], ""):
            forms = [child.key[0][0] for child in entry.listed if child.absent]
            if forms and self.is_free(path, files):
                names = [self.filled(each, {x: self.a_word() for x in holes([each])}) for each in forms]
                forbidden = {path + name + self.rng.choice(["", "/x.txt"]) for name in names}
                yield path[:-1], forbidden | {f for f in files if f.startswith(path)}

    def values(self, name: str) -> list[str]:
        listed = self.reading.values(name)
        pattern, cases = self.reading.naming(name, "pattern"), self.reading.naming(name, "case")
        case = self.rng.choice(cases) if isinstance(cases, list) else cases
        is_numbered = self.reading.naming(name, "consecutive") or self.reading.naming(name, "unique")
        usable = [spelled(word, case) for word in [*(NUMBERS if is_numbered else []), *WORDS]]
        usable = [word for word in usable if not pattern or re.fullmatch(pattern, word)]
        return listed or self.rng.sample(usable, min(len(usable), self.rng.choice([1, 1, 2, 2, 3])))

    def grown(self, entry: Entry, path: str, values: Values) -> Iterator[str]:
        """The files below a directory that an entry governs."""
        is_absent_there = 0.15 if any(not child.absent for child in entry.children.values()) else 0.5
        for child in entry.children.values():
            is_wanted = {"required": 1.0, "recommended": 0.8, "optional": 0.5}[child.wanted]
            if child.is_every or not self.chance(is_absent_there if child.absent else is_wanted):
                continue
            if hole := child.path_hole:
                for value in self.directories(hole):
                    at = f"{path}{value}/" if value else path
                    yield from self.grown(child, at, {**values, hole: value})
                continue
            pairs = list(zip(child.key[0], child.texts, strict=True))
            several = self.chance(0.1 if child.key[2] else 0.4)
            for parts, _ in pairs if several else [self.rng.choice(pairs)]:
                for chosen in self.chosen(parts, values):
                    at = path + self.filled(parts, chosen)
                    if child.key[1]:
                        inside = list(self.grown(child, at + "/", chosen))
                        yield from inside or [f"{at}/{self.rng.choice(FILES)}"]
                    else:
                        yield at

    def directories(self, hole: str) -> list[str]:
        """Some paths for a `<dir**>/`, mostly the same at each of its places."""
        self.table[hole] = self.table.get(hole) or self.rng.sample(["a", "a/b", "mail", "a/b/src"], 2)
        return ["", *(value for value in self.table[hole] if self.chance(0.8))]

    def chosen(self, parts: Form, values: Values) -> Iterator[Values]:
        free = [x for x in holes([parts]) if x not in values]
        lists = [self.reading.values(x) or self.table.get(x) or ["cart"] for x in free]
        some = [
            self.rng.sample(each, self.rng.randint(1, len(each)) if self.chance(0.25) else len(each))
            for each in lists
        ]
        every = list(itertools.product(*some))
        for each in self.rng.sample(every, min(len(every), self.rng.choice([2, 4]))):
            yield {**values, **dict(zip(free, each, strict=True))}

    def filled(self, parts: Form, values: Values) -> str:
        star = self.rng.choice(["", "cart", "page", "old-a"])
        return "".join(
            part
            if isinstance(part, str)
            else self.reading.rendered((part,), values)
            if part.name
            else star or "a"
            for part in parts
        )

    def blocks(self, entry: Entry, path: str) -> Iterator[tuple[str, Entry]]:
        for child in entry.children.values():
            if child.is_every:
                yield path, child
            elif child.key[1] and all(isinstance(part, str) for part in child.key[0][0]):
                yield from self.blocks(child, path + child.texts[0] + "/")

    # Changes.

    def path(self, files: set[str]) -> str:
        every = sorted({d for f in files for d in above(f)[:-1]})
        focus = [d for d in every if d.startswith(self.focus)] if self.focus and self.chance(0.65) else []
        return self.rng.choice(focus or ["", *every])

    def a_name(self, directory: bool) -> str:
        """A name that matches some entry of the layout, or any name."""
        same = [each for each in self.entries if each.key[1] == directory]
        slash = "/" if directory else ""
        if same and self.chance(0.5):
            parts = self.rng.choice(self.rng.choice(same).key[0])
            return self.filled(parts, {x: self.a_word() for x in holes([parts])}) + slash
        matched = [each for each in self.matched if directory or not each.endswith("/")]
        if matched and self.chance(0.4):
            return self.rng.choice(matched).rstrip("/") + slash
        pool = (
            [*DIRECTORIES, *WORDS, "tmp", ".hidden"]
            if directory
            else [*FILES, "a.orig", "b.bak", "mail.py", "page.ts"]
        )
        return self.rng.choice(pool) + slash

    def a_word(self) -> str:
        known = [value for name, values in self.table.items() if name != "dir" for value in values]
        pool = [*WORDS, *NUMBERS, "ghost", ".hidden", "two.dots"]
        word = self.rng.choice(known if known and self.chance(0.5) else pool)
        return spelled(word, self.rng.choice(list(CASES))) if self.chance(0.3) else word

    def changed(self, files: set[str]) -> set[str]:
        kind = self.rng.choice(
            ["gone", "gone", "add", "add", "add-dir", "twin", "move", "kind", "rename", "value", "copy"]
        )
        at, name = self.path(files), self.a_name(directory=False)
        if kind == "add" or not files:
            return {*files, at + name}
        if kind == "add-dir":
            return {*files, at + self.a_name(directory=True) + name}
        every = sorted({each for f in files for each in above(f)})
        focus = [each for each in every if each.startswith(self.focus) and each != self.focus]
        path = self.rng.choice(focus if self.focus and focus and self.chance(0.65) else every)
        inside = {f for f in files if path in above(f)}
        stem = path.rstrip("/").rpartition("/")
        new = {
            "gone": "",
            "twin": stem[0] + stem[1] + self.twin(stem[2]) + "/" * path.endswith("/"),
            "value": stem[0] + stem[1] + self.with_value(stem[2]) + "/" * path.endswith("/"),
            "copy": stem[0] + stem[1] + self.with_value(stem[2]) + "/" * path.endswith("/"),
            "rename": stem[0] + stem[1] + self.a_name(path.endswith("/")),
            "move": at + stem[2] + "/" * path.endswith("/"),
            "kind": path.rstrip("/") + "/" * (not path.endswith("/")),
        }[kind]
        if not new or (new.startswith(path) and kind != "kind"):
            return files - inside
        if kind == "kind":
            return (files - inside) | {new + "x.txt" if new.endswith("/") else new}
        left = files if kind == "copy" else files - inside
        return left | {new + each[len(path) :] for each in inside}

    def with_value(self, name: str) -> str:
        """A name with a different value of a placeholder."""
        known = [each for values in self.table.values() for each in values if each in name]
        return name.replace(self.rng.choice(known), self.a_word(), 1) if known else self.twin(name)

    def emptied(self, files: set[str]) -> tuple[set[str], set[str]]:
        """Removes the files of a directory and leaves it empty."""
        path = self.path(files)
        inside = {f for f in files if path and f.startswith(path)}
        return files - inside, {each for f in inside for each in above(f)[:-1]}

    def twin(self, name: str) -> str:
        stem = name.rpartition(".")[0]
        swapped = name[:1] + name[2:3] + name[1:2] + name[3:]
        every = [
            name.lower(),
            name.upper(),
            name + "s",
            name.rstrip("s"),
            name.replace("-", "_"),
            swapped,
            name[:2] + name[3:],
        ]
        every += [f"{stem}.rst", f"{stem}.yml", name.capitalize()] if stem else []
        return self.rng.choice([each for each in every if each.strip(".")] or ["x"])


def _below(entry: Entry) -> Iterator[Entry]:
    for child in entry.children.values():
        yield child
        yield from _below(child)


def layouts(rng: random.Random) -> list[Json]:
    return Layouts(rng).layouts()
