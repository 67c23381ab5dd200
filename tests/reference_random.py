"""Random layouts with every construct, for `test_reference.py`.

Names, cases and patterns are from small sets, so that entries often refer to each other.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from reference_layout import CASES, Json, naming_of
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


class Where(NamedTuple):
    """The context of the entries of a directory."""

    depth: int  # the number of levels allowed below
    holes: tuple[str, ...] = ()  # the placeholders of parent entries
    is_root: bool = False
    is_group: bool = False  # whether this is in a group of alternatives
    is_every: bool = False  # whether this is in a `**/`
    is_spread: bool = False  # whether this is in a `<dir**>/`

    def below(self, key: str) -> Where:
        """The context of the entries of an entry."""
        named = re.findall(r"<([\w-]+)", key)
        holes, is_group = (*self.holes, *named), " " in key
        return self._replace(depth=self.depth - 1, holes=holes, is_root=False, is_group=is_group)


def is_directory(key: str) -> bool:
    """Whether a key, or one of its alternatives, is a directory."""
    return any(name.endswith("/") for name in re.split(" [|^] ", key.removesuffix("?")))


def first_names(key: str) -> set[str]:
    """The alternatives of a key, or the first step of a short key."""
    return {re.findall("[^/]+/?", name)[0] for name in re.split(" [|^] ", key.removesuffix("?"))}


class Layouts:
    """Generates random layouts."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.is_single = self.chance(
            0.5
        )  # whether there is a single layout, in which groups can mix files and directories
        self.holes = rng.sample(HOLES, rng.choice([1, 2, 2, 3, 4]))
        self.inner = rng.sample([hole for hole in HOLES if hole not in self.holes], 2)  # only in a `**/`
        self.names = {hole: self.naming() for hole in [*self.holes, *self.inner] if self.chance(0.6)}
        self.optional: list[str] = []  # listed names without a wildcard

    def chance(self, of: float) -> bool:
        return self.rng.random() < of

    # Whole layouts.

    def layouts(self) -> list[Json]:
        first = self.layout()
        if self.is_single or self.chance(0.4):
            return [first]
        if self.chance(0.2):
            return self.split(first)
        second = self.layout() if self.chance(0.4) else self.changed(first)
        second["names"] = self.renamed(first["names"], second["names"])
        return [first, second] if self.chance(0.8) else [first, second, self.layout()]

    def split(self, layout: Json) -> list[Json]:
        """Splits a layout into two files, and exchanges some entries of one of them."""
        near = {key: value for key, value in layout["tree"].items() if self.chance(0.5)}
        exchanged = self.rng.sample(sorted(near), len(near))
        far = {key: value for key, value in layout["tree"].items() if key not in near}
        return [{**layout, "tree": far}, {"tree": {key: near[key] for key in exchanged}}]

    def layout(self) -> Json:
        tree = self.directory(Where(self.rng.choice([2, 3, 3, 4]), is_root=True))
        text = repr(tree)
        names = {hole: naming for hole, naming in self.names.items() if f"<{hole}" in text}
        layout: Json = {"names": names, "tree": tree}
        for key, make, often in self.besides():
            if self.chance(often):
                layout[key] = make()
        return layout

    def changed(self, layout: Json) -> Json:
        """A nearer layout with other settings for the same entries."""
        near: Json = {"names": {}, "tree": self.changed_tree(layout["tree"], Where(0, is_root=True))}
        for key in ("belongs", "forbid", "limits"):
            for name in layout.get(key, {}):
                if not name.startswith("!") and self.chance(0.3):
                    near.setdefault(key, {})[name] = False
        for key, make, often in self.besides():
            if key not in near and self.chance(often):
                near[key] = make()
        return near

    def changed_tree(self, of: Json, where: Where) -> Json:
        new: Json = {}
        for key, value in of.items():
            if self.chance(0.4):
                continue
            if key == ".":
                new["."] = {name: False for name in ("if", "holds") if name in value}
                new["."] |= self.own(where, of) if self.chance(0.5) and not where.is_every else {}
                continue
            name, below = key.removesuffix("?"), where.below(key)
            below = below._replace(is_every=below.is_every or name in ("**/", "<dir**>/"))
            is_plain = isinstance(value, dict) and " " not in key and is_directory(key)
            inside = self.changed_tree(value, below) if is_plain else self.leaf(below, key)
            if not below.is_every and self.chance(0.15):
                inside = False
            name = name.split(" ")[0] if self.chance(0.2) else name
            self.add(new, self.optionally(name, inside, 0.3), inside)
        for key, value in self.directory(Where(0, is_every=True)).items():
            self.add(new, key, value)
        return new

    def renamed(self, far: Json, names: Json) -> Json:
        """The `names` of a nearer layout: for some placeholders of the farther one, other fields or none."""
        near = {hole: naming for hole, naming in names.items() if hole not in far}
        for hole, written in far.items():
            fields = sorted(naming_of(written))
            without = {self.rng.choice(fields): False} if fields else {}
            if self.chance(0.4):
                near[hole] = self.rng.choice([False, without, self.naming(), self.naming()])
        return near

    def besides(self) -> list[tuple[str, Callable[[], Any], float]]:
        rng = self.rng
        return [
            ("forbid", lambda: {p: rng.choice([None, "a reason"]) for p in self.patterns()}, 0.3),
            ("belongs", self.belongs, 0.25),
            ("local", self.patterns, 0.25),
            ("exclude", self.patterns, 0.2),
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
        every = ["*.orig", "old/", "*.txt", "/docs/*.md", "**/tests/", "src/**/*.ts", "notes.*", "/archive/"]
        every += ["*.bak", "page*", "/src/**", ".env", ".cache/", "mail.py", "/services/*/Makefile", "tmp"]
        every += ["docs/", *self.optional[-2:], *(f"/{name}" for name in self.optional[:1])]
        chosen = rng.sample(every, rng.randint(1, 2))
        if self.chance(0.3):
            taken = ["/notes.txt", "main.py", "/src/old/", "docs/*.txt", "old/", "*.md", "page.ts"]
            chosen.append(f"!{rng.choice(taken)}")
        return list(dict.fromkeys(chosen))

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
        """Severities of some rules, often a warning for a rule that explains the findings of others."""
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
        """The `names` setting of a placeholder."""
        rng = self.rng
        cases = list(CASES)
        every: list[tuple[int, Callable[[], Any]]] = [
            (4, lambda: rng.choice(cases)),
            (3, lambda: {"case": rng.sample(cases, 2)}),
            (2, lambda: rng.sample(["cart", "mail", "page", "user-account"], 2)),
            (2, lambda: rng.choice(["/v[0-9]+/", "/[a-z0-9]+/", "/(cart|mail).*/", "/[A-Z].*/"])),
            (2, lambda: {"pattern": rng.choice(["[a-zA-Z].*", ".{3,}"]), "case": rng.choice(cases)}),
            (3, lambda: {"count": rng.choice(["1-2", "2-", 1, 2, "2-3"])}),
            (2, lambda: {"values": {"cart": "Carts", "search": None}}),
            (6, lambda: {"unique": True}),
            (3, lambda: {"consecutive": True, **({"unique": True} if self.chance(0.5) else {})}),
            (2, lambda: {"from": rng.choice(LISTS)}),
        ]
        return rng.choices([make for _, make in every], [often for often, _ in every])[0]()

    # The tree.

    def directory(self, where: Where) -> Json:
        of: Json = {}
        if self.chance(0.08) and not (where.is_every or where.is_root):
            of[self.name(self.chance(0.5), where)] = False
        else:
            if self.chance(0.03):
                of[LAYOUT] = False
            for _ in range(self.rng.choice([0, 1, 1, 2, 2, 3]) + where.is_root):
                self.add(of, *self.entry(where))
            if self.chance(0.25):
                self.add(of, *self.again(of))
            if self.chance(0.04) and not (where.is_every or where.is_spread):
                for key, value in self.rivals(where):
                    self.add(of, key, value)
        below = [value for key, value in of.items() if isinstance(value, dict) and is_directory(key)]
        if "**/" in of and len(below) > 1 and self.chance(0.5):
            inner = self.rng.choice([value for value in below if value is not of["**/"]])
            inner.setdefault("**/", self.every(Where(1)))  # of a nearer layout
        own = (
            self.own(where, of)
            if self.chance(0.6 if where.is_group else 0.35) and not (where.is_every or where.is_spread)
            else {}
        )
        return {".": own, **of} if own else of

    def add(self, of: Json, key: str, value: Any) -> None:
        """Adds an entry, unless another one lists one of its names."""
        names = first_names(key)
        for other in of:
            same = names & first_names(other)
            is_one = len(names) == len(first_names(other)) == 1
            if same and not (is_one and key.removesuffix("?") != other.removesuffix("?")):
                return
        of[key] = value
        if key.endswith("?") and not re.search("[<*|^]", key):
            self.optional.append(key[:-1])

    def own(self, where: Where, of: Json) -> Json:
        """The settings of a directory with some entries."""
        rng = self.rng
        own: Json = {}
        closes = any(value is not False and key != "**/" for key, value in of.items())
        if self.chance(0.6) and (closes or where.is_root):
            own["unlisted"] = rng.choice(UNLISTED)
        for kind in ("files", "directories"):
            for bound in ("min", "max"):
                if self.chance(0.08) and f"min-{kind}" not in own:
                    own[f"{bound}-{kind}"] = rng.randint(0, 2)
        if self.chance(0.5 if where.is_group else 0.2):
            own["holds"] = self.contents(where, of)
        if not where.is_root:
            own |= {"needs": self.needs(where)} if self.chance(0.1) else {}
            own |= {"if": self.contents(where, of)} if self.chance(0.4 if where.holes else 0.2) else {}
            own |= {"level": rng.choice(LEVELS)} if self.chance(0.1) else {}
        return own

    def contents(self, where: Where, of: Json) -> str:
        """Paths in a directory, some of which are listed."""
        every = ["main.py", "*.yaml", "src/", "docs/index.md", "**/*.py", "**/src/", "*.md", "lib/main.py"]
        every += [f"<{hole}>.py" for hole in where.holes[-1:]]
        listed = [key[:-1] for key in of if key.endswith("?") and not re.search("[<>|^]", key)]
        chosen = self.rng.sample(every, self.rng.choice([1, 1, 2, 3]))
        if listed and self.chance(0.5):
            chosen[0] = self.rng.choice(listed)
        return " | ".join(dict.fromkeys(chosen))

    def needs(self, where: Where) -> Any:
        every = ["Makefile", "/README.md", "docs/", "/docs/index.md", ".env", "/src/", "config.yaml"]
        for hole in dict.fromkeys(where.holes):
            every += [f"/deploy/<{hole}>.yaml", f"<{hole}>.md"]
        every += ["main.py | index.ts", "*.ts", "docs/*.md", "src/ | lib/", "/*.md", "*/main.py"]
        every = [each for each in every if not where.is_every or each.startswith("/")]
        return self.rng.choice([self.rng.choice(every), self.rng.sample(every, 2)])

    def every(self, where: Where) -> Json:
        """A `**/`, with or without `unlisted: forbid` and `if`."""
        of = self.directory(Where(min(where.depth - 1, 1), where.holes, is_every=True))
        closes = any(value is not False and key != "**/" for key, value in of.items())
        own: Json = {"unlisted": self.rng.choice(UNLISTED)} if closes and self.chance(0.4) else {}
        if self.chance(0.15):
            own["if"] = self.contents(where, of)
            own |= {"holds": self.contents(where, {})} if self.chance(0.4) else {}
        return {".": own, **of} if own else of

    def entry(self, where: Where) -> tuple[str, Any]:
        if where.depth > 0 and self.chance(0.08) and not where.is_spread:
            return "**/", self.every(where)
        is_bound = where.is_every or where.is_spread
        if where.depth > 0 and self.chance(0.02 if where.is_root else 0.12) and not is_bound:
            return "<dir**>/", self.directory(Where(0, where.holes, is_spread=True))
        key = self.name(where.depth > 0 and self.chance(0.5), where)
        below = where.below(key)
        is_filled = is_directory(key) and "/" not in key[:-1] and self.chance(0.75)
        value = self.directory(below) if is_filled and where.depth > 0 else self.leaf(below, key)
        must_be = "/" in key and (where.is_every or where.is_spread)  # otherwise it would contain itself
        return self.optionally(key, value, 1 if must_be else 0.55 if where.is_every else 0.35), value

    def optionally(self, key: str, value: Any, often: float) -> str:
        """A key with or without `?`, which a value with a level excludes."""
        settings = value.get(".", value) if isinstance(value, dict) else {}
        has_level = value is False or "level" in settings or key == "**/"
        return key + "?" * (not has_level and self.chance(often))

    def leaf(self, where: Where, key: str) -> Any:
        """The value of an entry without children."""
        if self.chance(0.85):
            forbidden = None if "<" in key and self.chance(0.6) else False
            return self.rng.choice([None, None, None, None, None, "What it is for", forbidden, {}])
        if is_directory(key):
            own = self.own(where, {})
            return {".": own} if own else {}
        value: Json = {"level": self.rng.choice(LEVELS)} if self.chance(0.5) else {}
        if self.chance(0.6):
            value |= {"needs": self.needs(where)}
        elif self.chance(0.6):
            value |= {"without": self.rng.choice(["*", "*.ts", "notes.txt", ["notes.txt", "*.py"]])}
        return value

    def again(self, of: Json) -> tuple[str, Any]:
        """Repeats an entry with placeholders: a directory with another name, or a sibling file."""
        tied = [
            key for key, value in of.items() if "<" in f"{key}{value}" and "**" not in key and " " not in key
        ]
        if not tied:
            return self.name(False, Where(0)), None
        directories = [key for key in tied if is_directory(key)]
        if any("<" in key for key in directories) and self.chance(0.1):  # with more literal characters
            return f"{self.rng.choice(['x-', 'test_'])}<{self.rng.choice(self.holes)}>/?", None
        key = self.rng.choice(directories if directories and self.chance(0.7) else tied)
        value = self.mirrored(of[key]) if isinstance(of[key], dict) else None
        if is_directory(key):
            return self.rng.choice(DIRECTORIES) + "/", value
        return self.beside(key.removesuffix("?")) + "?" * self.chance(0.4), None

    def rivals(self, where: Where) -> list[tuple[str, Any]]:
        """Two entries for one name: a placeholder that can be tied, followed by one with `if`."""
        condition = {".": {"if": self.contents(where, {})}}
        tied = f"{self.rng.choice(['x-', 'test_'])}<{self.rng.choice(self.holes)}>/?"
        return [(tied, None), (f"<{self.rng.choice(self.inner)}>/?", condition)]

    def mirrored(self, tree: Json) -> Json:
        """The entries with placeholders of a tree, some with other names."""
        new: Json = {}
        for key, value in tree.items():
            if key in (".", "**/") or ("<" not in f"{key}{value}" and self.chance(0.6)):
                continue
            name = key.removesuffix("?")
            if is_directory(key):
                inside = self.mirrored(value) if isinstance(value, dict) else None
            else:
                name, inside = self.beside(name) if " " not in name else name, None
            must_be = name == "<dir**>/"
            self.add(new, name + "?" * (not must_be and self.chance(0.3)), inside)
        return new

    def beside(self, key: str) -> str:
        """Another name with the same placeholders."""
        above, slash, name = key.rstrip("/").rpartition("/")
        end = re.search(r"\.[\w.]+$", name)
        if end and self.chance(0.6):
            name = name[: end.start()] + self.rng.choice(ENDS)
        elif "<" in name:
            name = self.rng.choice(["test_", "x-"]) + name
        if self.chance(0.15) and name.count("<") == 1 and ":" not in name and not self.is_pattern(name):
            name = name.replace(">", f":{self.rng.choice(list(CASES))}>", 1)
        return above + slash + name + "/" * key.endswith("/")

    def is_pattern(self, name: str) -> bool:
        """Whether a placeholder of a name has a pattern, which excludes a case in the key."""
        named = [str(self.names.get(hole)) for hole in re.findall(r"<([\w-]+)", name)]
        return any("/" in naming or "pattern" in naming for naming in named)

    def name(self, directory: bool, where: Where) -> str:
        rng = self.rng
        pool = self.inner if where.is_every and self.chance(0.7) else self.holes
        usual = pool[: (len(pool) + 1) // 2] if directory and self.chance(0.75) else pool
        hole, other = rng.choice(usual), rng.choice(pool)
        naming = self.names.get(hole)
        is_numbered = isinstance(naming, dict) and ("unique" in naming or "consecutive" in naming)
        if is_numbered and len(pool) > 1:
            other = rng.choice([each for each in pool if each != hole])
        slash = "/" if directory else ""
        end = "" if directory else rng.choice(ENDS)
        case = f":{rng.choice(list(CASES))}" if self.chance(0.15) and not self.is_pattern(f"<{hole}") else ""
        two = f"<{hole}>{rng.choice(['-', '.', '--'])}<{other}>"
        kinds = ["exact", "hole", "affix", "two", "star", "group", "short"]
        kind = rng.choices(kinds, [8, 5, 3, 4 if is_numbered else 1, 2, 3, 2])[0]
        if kind == "group":
            return self.group(directory, [f"<{hole}>", two if is_numbered else f"<{hole}>"], end)
        if kind == "short":
            above = "/".join(rng.choice([*DIRECTORIES, f"<{hole}>"]) for _ in range(rng.randint(1, 2)))
            return f"{above}/{self.exactly(directory)}{slash}"
        if kind == "exact":
            return self.exactly(directory) + slash
        affixes = [f"test_<{hole}{case}>", f"<{hole}>-tests", f"<{hole}>.d", f"x-<{hole}>"]
        stars = ["*", "*", "page*", "*a*", f"<{hole}>-*", f"*.{rng.choice('ab')}"]
        chosen = {"hole": [f"<{hole}{case}>"], "affix": affixes, "two": [two], "star": stars}[kind]
        return rng.choice(chosen) + end + slash

    def exactly(self, directory: bool) -> str:
        return self.rng.choice([*DIRECTORIES, *WORDS] if directory else FILES)

    def group(self, directory: bool, forms: list[str], end: str) -> str:
        """Alternatives: of both kinds, exact names, or names with a placeholder."""
        rng, slash = self.rng, "/" if directory else ""
        hole, other = forms
        if self.is_single and self.chance(0.4):
            names = [rng.choice([*DIRECTORIES, hole]) + "/", rng.choice([*FILES, f"{hole}{end}"])]
            rng.shuffle(names)
            return rng.choice([" | ", " ^ "]).join(names)
        names = rng.sample(DIRECTORIES if directory else FILES, rng.randint(2, 3))
        if self.chance(0.45):
            alike = [f"{other}{each}" for each in rng.sample(ENDS, 2)]
            one = [f"{hole}{end}", rng.choice(DIRECTORIES if directory else FILES)]
            names = rng.choice([alike, alike, one, ["README.*", "README"], [f"*{end}x", "main.py"]])
        return rng.choice([" | ", " ^ "]).join(name + slash for name in names)
