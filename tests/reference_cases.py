"""Random layouts of every construct, and trees that mostly fit them, for `test_reference.py`."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import reference
from reference_layout import CASES, Entry, Form, Json, Values, above, combined, holes, spelled
from reference_tree import LAYOUT

WORDS = ["cart", "mail", "user-account", "search", "page", "old", "v1", "k8s", "stock-control-unit"]
HOLES = ["service", "module", "package", "stage", "version", "view", "any"]
FILES = [
    "README.md",
    "main.py",
    "setup.py",
    "config.yaml",
    "Makefile",
    "index.ts",
    "LICENSE",
    ".env",
    "notes.txt",
]
DIRECTORIES = ["src", "lib", "docs", "tests", "services", "deploy", "models", "archive", ".cache"]
ENDS = [".py", ".yaml", ".md", ".test.ts", ".ts"]
LEVELS = ["required", "recommended", "optional"]
RULES = [
    "missing-file",
    "missing-directory",
    "stray-file",
    "stray-directory",
    "bad-name",
    "orphan",
    "forbidden-path",
]
RULES += [
    "conflicting-entries",
    "misplaced-file",
    "too-many-files",
    "too-deep",
    "tracked-local",
    "empty-directory",
]
LISTS = ["list.json#/members", "docs/list.json#/members", "list.json#/a/b"]
NUMBERS = ["1", "01", "002", "3", "4", "10"]
UNLISTED = ["forbid", "allow-files", "allow"]


class Case(NamedTuple):
    """What is compared: layouts, the farthest first, and a tree."""

    layouts: list[Json]
    files: frozenset[str]
    empty: frozenset[str] = frozenset()
    untracked: frozenset[str] | None = None
    links: Mapping[str, str] = MappingProxyType({})
    submodules: frozenset[str] = frozenset()
    contents: Mapping[str, bytes] = MappingProxyType({})
    accepted: frozenset[str] | None = None  # the files of a tree of which the findings are accepted

    @property
    def before(self) -> Case | None:
        """The case whose findings are accepted: with other files, and without links and the like."""
        return None if self.accepted is None else Case(self.layouts, self.accepted)

    @property
    def tree(self) -> tuple[Any, ...]:
        return self[1:7]


class Layouts:
    """Writes random layouts."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.is_single = self.chance(0.5)  # whether there is one layout, whose groups may be of both kinds
        self.is_spread = False  # whether what is written is in a `<dir**>/`
        self.holes = rng.sample(HOLES, rng.choice([1, 2, 2, 3, 4]))
        self.names = {hole: self.naming() for hole in self.holes if self.chance(0.6)}

    def chance(self, of: float) -> bool:
        return self.rng.random() < of

    def layouts(self) -> list[Json]:
        first = self.layout()
        if self.is_single or self.chance(0.4):
            return [first]
        if self.chance(0.2):
            return self.split(first)
        second = self.layout() if self.chance(0.5) else self.changed(first)
        return [first, second] if self.chance(0.8) else [first, second, self.layout()]

    def split(self, layout: Json) -> list[Json]:
        """A layout split over two files, with the entries of one of them exchanged."""
        near = {key: value for key, value in layout["tree"].items() if self.chance(0.5)}
        exchanged = self.rng.sample(sorted(near), len(near))
        far = {key: value for key, value in layout["tree"].items() if key not in near}
        return [{**layout, "tree": far}, {"tree": {key: near[key] for key in exchanged}}]

    def layout(self) -> Json:
        rng = self.rng
        tree = self.directory(rng.choice([2, 3, 3, 4]), root=True)
        text = repr(tree)
        names = {hole: naming for hole, naming in self.names.items() if f"<{hole}" in text}
        layout: Json = {"names": names, "tree": tree}
        for key, make, often in self.besides():
            if self.chance(often):
                layout[key] = make()
        return layout

    def besides(self) -> list[tuple[str, Callable[[], Any], float]]:
        rng = self.rng
        return [
            ("forbid", lambda: {p: rng.choice([None, "a reason"]) for p in self.patterns()}, 0.3),
            ("belongs", self.belongs, 0.25),
            ("local", self.patterns, 0.25),
            ("exclude", self.patterns, 0.12),
            ("limits", self.limits, 0.2),
            (
                "severity",
                self.severities,
                0.2,
            ),
            ("references", lambda: [rng.choice(LISTS)], 0.08),
            ("ignore", lambda: [self.ignore() for _ in range(rng.randint(1, 2))], 0.2),
        ]

    def patterns(self) -> list[str]:
        rng = self.rng
        every = [
            "*.orig",
            "old/",
            "*.txt",
            "/docs/*.md",
            "**/tests/",
            "src/**/*.ts",
            "notes.*",
            "/archive/",
            "*.bak",
        ]
        every += ["page*", "/src/**", ".env", ".cache/", "mail.py", "/services/*/Makefile", "tmp", "docs/"]
        chosen = rng.sample(every, rng.randint(1, 2))
        if self.chance(0.3):
            taken = [
                f"!{p}"
                for p in ["/notes.txt", "main.py", "/src/old/", "docs/*.txt", "old/", "*.md", "page.ts"]
            ]
            chosen.append(rng.choice(taken))
        return chosen

    def belongs(self) -> Json:
        rng = self.rng
        targets: list[Any] = ["docs/", "/", "src/", ["docs/", "src/"], "services/mail/", ["lib/", "/"]]
        of = {
            p: rng.choice(targets)
            for p in rng.sample(["*.md", "*.txt", "*.py", "*.ts", "config.*", "/src/**"], 2)
        }
        return of | ({rng.choice(["!lib/**", "!main.py", "!/src/*.md"]): None} if self.chance(0.3) else {})

    def limits(self) -> Json:
        every = {
            "root-files": 2,
            "files": self.rng.randint(1, 3),
            "depth": self.rng.randint(1, 3),
            "path-length": 20,
        }
        return {key: every[key] for key in self.rng.sample(sorted(every), self.rng.randint(1, 3))}

    def ignore(self) -> Json:
        path = self.rng.choice(
            ["*", "/", "docs/", "*.txt", "main.py", "/src/**", "old/", "src/", "*.py", "k8s/**", "*/"]
        )
        until = (
            {"until": self.rng.choice(["2000-12-31", "2999-12-31", "2026-01-01"])} if self.chance(0.3) else {}
        )
        return {"rule": self.rng.choice(RULES), "path": path, "why": "a reason", **until}

    def severities(self) -> Json:
        """Severities of some rules, often a warning of one that explains the findings of others."""
        of = {rule: self.severity() for rule in self.rng.sample(RULES, self.rng.choice([1, 2, 4]))}
        explaining = ["forbidden-path", "misplaced-file", "stray-directory", "tracked-local"]
        return of | ({self.rng.choice(explaining): "warning"} if self.chance(0.7) else {})

    def severity(self) -> Any:
        every = ["error", "warning", "warning", "off"]
        if self.chance(0.6):
            return self.rng.choice(every)
        parts = [*(part for part in self.patterns() if not part.startswith("!")), "/", "*"]
        return {part: self.rng.choice(every) for part in self.rng.sample(parts, 2)}

    def naming(self) -> Any:
        rng = self.rng
        cases = list(CASES)
        kinds = ["case", "case", "list", "pattern", "both", "count", "described"]
        kind = rng.choice([*kinds, "cases", "unique", "numbers", "from"])
        return {
            "cases": {"case": rng.sample(cases, 2)},
            "unique": {"unique": True},
            "numbers": {"consecutive": True, **({"unique": True} if self.chance(0.5) else {})},
            "from": {"from": rng.choice(LISTS)},
            "case": rng.choice(cases),
            "list": rng.sample(["cart", "mail", "page", "user-account"], 2),
            "pattern": rng.choice(["/v[0-9]+/", "/[a-z0-9]+/", "/(cart|mail).*/", "/[A-Z].*/"]),
            "both": {"pattern": rng.choice(["[a-zA-Z].*", ".{3,}"]), "case": rng.choice(cases)},
            "count": {"count": rng.choice(["1-2", "2-", 1, 2, "2-3"])},
            "described": {"values": {"cart": "Carts", "search": None}},
        }[kind]

    def directory(self, depth: int, root: bool = False, every: bool = False) -> Json:
        of: Json = {}
        if self.chance(0.3) and not every:
            of["."] = self.of_directory(root)
        if self.chance(0.08) and not root:
            return of | {self.name(directory=self.chance(0.5)): False}
        if self.chance(0.03):
            of[LAYOUT] = False
        for _ in range(self.rng.choice([0, 1, 2, 2, 3, 4]) + root):
            key, value = self.entry(depth, every)
            if not any(key.rstrip("?") == other.rstrip("?") for other in of):
                of[key] = value
        below = [
            value for key, value in of.items() if isinstance(value, dict) and key.rstrip("?").endswith("/")
        ]
        if "**/" in of and len(below) > 1 and self.chance(0.5):
            inner = self.rng.choice([value for value in below if value is not of["**/"]])
            inner.setdefault("**/", self.directory(0, every=True))  # a nearer one
        return of

    def of_directory(self, root: bool) -> Json:
        rng = self.rng
        of: Json = {"unlisted": rng.choice(UNLISTED)} if self.chance(0.6) else {}
        for key in ("min-files", "max-files", "min-directories", "max-directories"):
            if self.chance(0.1):
                of[key] = rng.randint(0, 2)
        if not root and self.chance(0.1):
            of["needs"] = self.needs()
        if not root and self.chance(0.25):
            of["if"] = self.contents()
        if self.chance(0.12):
            of["holds"] = self.contents()
        return of

    def contents(self) -> str:
        every = ["main.py", "*.yaml", "src/", "docs/index.md", "**/*.py", "**/src/", "*.md", "lib/main.py"]
        return " | ".join(self.rng.sample(every, self.rng.choice([1, 1, 2, 3])))

    def needs(self) -> Any:
        every = ["Makefile", "/README.md", "docs/", "/docs/index.md", ".env", "/src/", "config.yaml"]
        every += [f"/deploy/<{hole}>.yaml" for hole in self.holes] + [f"<{hole}>.md" for hole in self.holes]
        return self.rng.choice([self.rng.choice(every), self.rng.sample(every, 2)])

    def entry(self, depth: int, every: bool) -> tuple[str, Any]:
        optional = "?" if self.chance(0.55 if every else 0.35) else ""
        if depth > 0 and self.chance(0.08):
            everywhere = self.directory(min(depth - 1, 1), every=True)
            closing = {".": {"unlisted": self.rng.choice(UNLISTED)}} if self.chance(0.3) else {}
            return "**/", {**closing, **everywhere}
        if depth > 0 and self.chance(0.08) and not every and not self.is_spread:
            self.is_spread = True
            listed = self.directory(0)
            self.is_spread = False
            return "<dir**>/", {key: value for key, value in listed.items() if key != "."}
        if depth > 0 and self.chance(0.5):
            key = self.name(directory=True)
            inside: Any = self.directory(depth - 1, every=every) if self.chance(0.75) else self.leaf()
            return (key if inside is False else key + optional), inside
        key, value = self.name(directory=False), self.leaf()
        if isinstance(value, dict) and "level" not in value and self.chance(0.5):
            value["level"] = self.rng.choice(LEVELS)
        return (key if value is False or isinstance(value, dict) else key + optional), value

    def leaf(self) -> Any:
        return self.rng.choice([None, None, None, "What it is for", False, {}]) or (
            self.rng.choice(
                [{"needs": self.needs()}, {"without": self.rng.choice(["*", "*.ts", "notes.txt"])}]
            )
            if self.chance(0.15)
            else None
        )

    def name(self, directory: bool) -> str:
        rng, hole = self.rng, self.rng.choice(self.holes)
        other = rng.choice(self.holes)
        slash = "/" if directory else ""
        exact = DIRECTORIES if directory else FILES
        end = "" if directory else rng.choice(ENDS)
        is_pattern = "/" in str(self.names.get(hole)) or "pattern" in str(self.names.get(hole))
        case = f":{rng.choice(list(CASES))}" if self.chance(0.15) and not is_pattern else ""
        kind = rng.choices(
            ["exact", "hole", "affix", "two", "star", "group", "short"], [8, 5, 3, 1, 2, 2, 2]
        )[0]
        if kind == "group" and self.is_single and self.chance(0.4):
            names = [rng.choice([*DIRECTORIES, f"<{hole}>"]) + "/", rng.choice([*FILES, f"<{hole}>{end}"])]
            rng.shuffle(names)
            return rng.choice([" | ", " ^ "]).join(names)
        if kind == "group":
            return self.group(directory, hole, end)
        if kind == "short":
            above = "/".join(rng.choice([*DIRECTORIES, f"<{hole}>"]) for _ in range(rng.randint(1, 2)))
            return f"{above}/{rng.choice(exact)}{slash}"
        return {
            "exact": rng.choice([*exact, *WORDS] if directory else exact),
            "hole": f"<{hole}{case}>{end}",
            "affix": rng.choice(
                [f"test_<{hole}{case}>{end}", f"<{hole}>-tests{end}", f"<{hole}>.d{end}", f"x-<{hole}>{end}"]
            ),
            "two": f"<{hole}>{rng.choice(['-', '.', '--'])}<{other}>{end}",
            "star": rng.choice(
                [
                    f"*{end}",
                    f"*{end}",
                    f"page*{end}",
                    f"*a*{end}",
                    f"<{hole}>-*{end}",
                    f"*.{rng.choice('ab')}{end}",
                ]
            ),
        }[kind] + slash

    def group(self, directory: bool, hole: str, end: str) -> str:
        rng, slash = self.rng, "/" if directory else ""
        names = rng.sample(DIRECTORIES if directory else FILES, rng.randint(2, 3))
        if self.chance(0.3):
            names = rng.choice(
                [
                    [f"<{hole}>{e}" for e in rng.sample(ENDS, 2)],
                    ["README.*", "README"],
                    [f"*{end}x", "main.py"],
                ]
            )
        return rng.choice([" | ", " ^ "]).join(name + slash for name in names)

    def changed(self, layout: Json) -> Json:
        """A nearer layout that says other things of the same entries."""

        def tree(of: Json) -> Json:
            new: Json = {}
            for key, value in of.items():
                if key == "." or self.chance(0.4):
                    continue
                name = key.removesuffix("?")
                inside = tree(value) if isinstance(value, dict) and name.endswith("/") else self.leaf()
                if name != "**/" and self.chance(0.15):
                    inside = False
                name = name.split(" ")[0] if self.chance(0.2) else name
                new[name + ("?" if inside is not False and name != "**/" and self.chance(0.3) else "")] = (
                    inside
                )
            return new | self.directory(0, every=True)

        near: Json = {"tree": tree(layout["tree"])}
        for key in ("names", "belongs", "forbid", "limits"):
            for name in layout.get(key, {}):
                if not name.startswith("!") and self.chance(0.3):
                    near.setdefault(key, {})[name] = False
        for key, make, often in self.besides():
            if key not in near and self.chance(often):
                near[key] = make()
        return near


class Trees:
    """Grows trees that fit a layout, and changes them."""

    def __init__(self, rng: random.Random, layouts: list[Json]) -> None:
        self.rng = rng
        self.layout = combined(layouts)
        self.reading = reference.Reading(self.layout)
        every = _below(self.layout["tree"])
        self.entries = [each for each in every if not (each.is_every or each.path_hole)]

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
            files.add(self.path(files) + LAYOUT)
        text = repr(layouts)
        files |= {file for file in ("list.json", "docs/list.json") if file in text and self.chance(0.8)}
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            files = self.changed(files)
        directories = {d for f in files for d in above(f)[:-1]}
        files = {f for f in files if f + "/" not in directories and not f.startswith(LAYOUT + "/")}
        empty = {self.path(files) + self.a_name(directory=True) for _ in range(2) if self.chance(0.25)}
        empty = {each for each in empty - directories if each.rstrip("/") not in files}
        untracked = frozenset(f for f in sorted(files) if self.chance(0.2)) if self.chance(0.6) else None
        links: dict[str, str] = {}
        if self.chance(0.15):
            files, links = self.linked(files)
        shut = sorted({d for f in files for d in above(f)[:-1]})
        submodules = [rng.choice(shut)] if shut and self.chance(0.1) else []
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
        """The files with a change or two: the tree of which the findings were accepted."""
        for _ in range(self.rng.choice([1, 2, 4])):
            files = self.changed(files)
        directories = {d for f in files for d in above(f)[:-1]}
        return {f for f in files if f + "/" not in directories and not f.startswith(LAYOUT + "/")}

    def contents(self, files: set[str]) -> dict[str, bytes]:
        """What the files list to which the layout refers: paths, names and patterns, some of which exist."""
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
        """The files with a link or two in the place of some: to a file, a directory, or nowhere."""
        links: dict[str, str] = {}
        for _ in range(self.rng.choice([1, 1, 2])):
            every = sorted({each for f in files for each in above(f) if f not in links})
            if not every:
                break
            path = self.rng.choice([each for each in every if "list.json" not in each] or ["x"]).rstrip("/")
            others = [each.rstrip("/") for each in every if not each.startswith(path)]
            to = self.rng.choice([*others, "nowhere", *others]) if others else "nowhere"
            files = {f for f in files if path not in (f, f"{f}/") and not f.startswith(f"{path}/")} | {path}
            links = {each: to for each, to in links.items() if each in files}
            links[path] = self.rng.choice(["../" * path.count("/") + to, "../" * 9 + to, to])
        return files, links

    def values(self, name: str) -> list[str]:
        listed = self.reading.values(name)
        pattern, case = self.reading.naming(name, "pattern"), self.reading.naming(name, "case")
        is_numbered = self.reading.naming(name, "consecutive") or self.reading.naming(name, "unique")
        usable = [spelled(word, case) for word in [*(NUMBERS if is_numbered else []), *WORDS]]
        usable = [word for word in usable if not pattern or re.fullmatch(pattern, word)]
        return listed or self.rng.sample(usable, min(len(usable), self.rng.choice([1, 2, 2, 3])))

    def grown(self, entry: Entry, path: str, values: Values) -> Iterator[str]:
        """The files below a directory that an entry governs."""
        for child in entry.children.values():
            is_wanted = {"required": 1.0, "recommended": 0.8, "optional": 0.5}[child.wanted]
            if child.is_every or child.absent or not self.chance(is_wanted):
                continue
            if hole := child.path_hole:
                for value in self.directories(hole):
                    at = f"{path}{value}/" if value else path
                    yield from self.grown(child, at, {**values, hole: value})
                continue
            pairs = list(zip(child.key[0], child.texts, strict=True))
            several = self.chance(0.1 if child.key[2] else 0.3)
            for parts, _ in pairs if several else [self.rng.choice(pairs)]:
                for chosen in self.chosen(parts, values):
                    at = path + self.filled(parts, chosen)
                    if child.key[1]:
                        inside = list(self.grown(child, at + "/", chosen))
                        yield from inside or [f"{at}/{self.rng.choice(FILES)}"]
                    else:
                        yield at

    def directories(self, hole: str) -> list[str]:
        """Some paths of directories for a `<dir**>/`, most of them the same at each of its places."""
        self.table[hole] = self.table.get(hole) or self.rng.sample(["a", "a/b", "mail", "a/b/src"], 2)
        return ["", *(value for value in self.table[hole] if self.chance(0.8))]

    def chosen(self, parts: Form, values: Values) -> Iterator[Values]:
        free = [x for x in holes([parts]) if x not in values]
        lists = [self.reading.values(x) or self.table.get(x) or ["cart"] for x in free]
        some = [
            self.rng.sample(each, self.rng.randint(1, len(each)) if self.chance(0.25) else len(each))
            for each in lists
        ]
        for each in itertools.product(*some):
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
        return self.rng.choice(["", *sorted({d for f in files for d in above(f)[:-1]})])

    def a_name(self, directory: bool) -> str:
        """A name that an entry somewhere in the layout might have, or any."""
        same = [each for each in self.entries if each.key[1] == directory]
        slash = "/" if directory else ""
        if same and self.chance(0.6):
            parts = self.rng.choice(self.rng.choice(same).key[0])
            return self.filled(parts, {x: self.a_word() for x in holes([parts])}) + slash
        pool = (
            [*DIRECTORIES, *WORDS, "tmp", ".hidden"]
            if directory
            else [*FILES, "a.orig", "b.bak", "mail.py", "page.ts"]
        )
        return self.rng.choice(pool) + slash

    def a_word(self) -> str:
        word = self.rng.choice([*WORDS, *NUMBERS, "ghost", ".hidden", "two.dots"])
        return spelled(word, self.rng.choice(list(CASES))) if self.chance(0.3) else word

    def changed(self, files: set[str]) -> set[str]:
        kind = self.rng.choice(
            ["gone", "gone", "add", "add", "add", "add-dir", "twin", "move", "kind", "rename"]
        )
        at, name = self.path(files), self.a_name(directory=False)
        if kind == "add" or not files:
            return {*files, at + name}
        if kind == "add-dir":
            return {*files, at + self.a_name(directory=True) + name}
        path = self.rng.choice(sorted({each for f in files for each in above(f)}))
        inside = {f for f in files if path in above(f)}
        stem = path.rstrip("/").rpartition("/")
        new = {
            "gone": "",
            "twin": stem[0] + stem[1] + self.twin(stem[2]) + "/" * path.endswith("/"),
            "rename": stem[0] + stem[1] + self.a_name(path.endswith("/")),
            "move": at + stem[2] + "/" * path.endswith("/"),
            "kind": path.rstrip("/") + "/" * (not path.endswith("/")),
        }[kind]
        if not new or (new.startswith(path) and kind != "kind"):
            return files - inside
        if kind == "kind":
            return (files - inside) | {new + "x.txt" if new.endswith("/") else new}
        return (files - inside) | {new + each[len(path) :] for each in inside}

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
