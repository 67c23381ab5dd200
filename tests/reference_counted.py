"""The parts of the reference that count: names, numbers, references of files, and local files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reference_layout import Entry, holes, ignores, sample, top
from reference_names import At, Governed, Undetermined
from reference_numbers import Numbered, dangling, gaps, items, lists, repeated
from reference_required import Pairs, Required


def strictest(several: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The strictest limits on the contents of a directory with several entries."""
    limits: dict[str, int] = {}
    for settings in several:
        for key, number in settings.items():
            if key.startswith(("min-", "max-")):
                decide = max if key.startswith("min-") else min
                limits[key] = decide(limits.get(key, number), number)
    return limits


class Counted(Required):
    """Adds the findings that depend on counts and comparisons of names."""

    def count(self, path: str, main: At | None, views: list[At], governed: Mapping[str, Pairs]) -> None:
        limits = self.layout["limits"]
        names = self.inside[path]
        broken = sum(path + name in self.paths.broken for name in names)
        settings = strictest(view.entry.settings for view in ([main] if main else []) + views)
        most = limits.get("files") if path else limits.get("root-files", limits.get("files"))
        files = sum(not name.endswith("/") for name in names)
        for kind, number, limit in (("files", files, most), ("directories", len(names) - files, None)):
            limit = settings.get(f"max-{kind}", limit)
            if kind == "directories" and number and {"min-directories", "max-directories"} & set(settings):
                self.ask_whether_counted(path)
            if number - broken * (kind == "files") < settings.get(f"min-{kind}", 0):
                self.add(path, f"too-few-{kind}")
            if limit is not None and number > limit:
                self.add(path, f"too-many-{kind}")
        there = [pair for n, each in governed.items() if path + n not in self.paths.broken for pair in each]
        for view in views:
            for entry in view.entry.listed:
                for name in holes(entry.key[0]):
                    if self.naming(name, "count") and entry in self.definers(name) and not entry.absent:
                        both = [each for each in (entry, entry.other) if each in self.definers(name)]
                        mine = [g for v, g in there if v is view and g.entry in both and not g.unseen]
                        if entry.key[1] or len(both) == 1:  # a group counts with its directories
                            self.count_names(path, entry, name, mine)

    def ask_whether_counted(self, path: str) -> None:
        """Raises `Undetermined` if every file in a directory is excluded, because it then counts as empty."""
        there = self.paths.known_to_git | self.paths.opaque | set(self.paths.linked)
        for name in self.inside[path]:
            if name.endswith("/") and not any(each.startswith(path + name) for each in there):
                raise Undetermined("whether a directory is counted of which every file is excluded")

    def count_names(self, path: str, entry: Entry, name: str, mine: list[Governed]) -> None:
        least, dash, most = str(self.naming(name, "count")).partition("-")
        number = len({self.same(name, each.values[name]) for each in mine if name in each.values})
        kind = "directories" if entry.key[1] else "files"
        is_group = len(entry.key[0]) > 1 or entry.other
        if number < int(least) and (number or (entry.wanted == "optional" and not is_group)):
            self.add(path, f"too-few-{kind}")
        if number > int((most or number) if dash else least):
            self.add(path, f"too-many-{kind}")

    def number(self, path: str, names: Mapping[str, Pairs]) -> None:
        """Reports repeated unique names, gaps in numbers, and unlisted names."""
        there = [
            (path + name, view, each)
            for name, governed in names.items()
            for view, each in governed
            if not (each.orphan or each.entry.absent or each.unseen)
        ]
        for x in dict.fromkeys([*self.places, *self.layout["names"]]):
            mine = [(at, view, each) for at, view, each in there if x in holes([each.form])]
            numbered = [
                Numbered(
                    at, each.form, each.values[x], {y: each.values[y] for y in holes([each.form]) if y != x}
                )
                for at, _, each in mine
            ]
            for twice in repeated(numbered) if self.naming(x, "unique") else ():
                self.add(twice, "duplicate-name")
            for gap in gaps(numbered) if self.naming(x, "consecutive") else ():
                self.add(gap, "number-gap")
            for at, view, each in mine if x in self.places else ():
                if each.entry in self.definers(x):
                    self.defining(at, view, each, x)

    def defining(self, path: str, at: At, governed: Governed, name: str) -> None:
        """Reports a name that repeats the value of another one, or that its file does not list."""
        if path not in self.paths.broken and governed.entry.settings.get("if") and len(self.places[name]) > 1:
            _, first = self.defined(name, at, governed.values)[self.same(name, governed.values[name])]
            if first != path:
                self.add(path, "duplicate-name")
        self.values_of.setdefault(name, set()).add(governed.values[name])
        if source := self.naming(name, "from"):
            file, _, pointer = source.partition("#")
            listed = items(self.contents.get(file), pointer)
            home = file[: file.rfind("/") + 1]
            if listed is not None and not lists(listed, home, path, governed.values[name]):
                self.add(path, "orphan")

    def refer(self) -> None:
        """Reports references in files to paths that do not exist."""
        pairs: list[tuple[str, set[str]]] = [(source, set()) for source in self.layout.get("references", [])]
        for name in self.layout["names"]:
            source = self.naming(name, "from")
            pairs += [(source, self.values_of.get(name, set()))] if source else []
        for source, known in pairs:
            file, _, pointer = source.partition("#")
            listed = items(self.contents.get(file), pointer)
            home = file[: file.rfind("/") + 1]
            unknown = [each for each in listed or () if each not in known]
            if listed is None or any(dangling(each, home, self.paths) for each in unknown):
                self.add(file, "dangling-reference")

    def stays_local(self, gitignore: Sequence[str]) -> None:
        """Local files: git must not track them, and the `.gitignore` of the root must list them."""
        patterns = self.layout.get("local", [])
        asked = [p for p in patterns if not p.startswith("!") and top(patterns, sample(p))]
        listed = [p for p in asked if p in gitignore or f"/{p}" in gitignore]
        for path in sorted(self.paths.known_to_git | self.paths.all_submodules):
            if path in self.paths.links:  # which are empty
                continue
            match = top(patterns, path)
            if match and path not in (self.untracked or ()):
                self.add(match, "tracked-local")
            elif match and ignores(patterns, match) in listed and not top(gitignore, path):
                self.add(path, "unignored-local")
        is_missing = (".gitignore", "missing-file") in {each[:2] for each in self.found}
        if not is_missing and set(asked) - set(listed):
            self.add(".gitignore", "unignored-local")
