"""A second reading of the layout language: slow, small, and written from `docs/language.md` alone.

`findings` takes layouts as parsed YAML and a tree as paths, and returns what `check` must report. It shares
no code with structlint, so a mistake in one of them is a difference between the two: see `test_reference.py`.
It does not read drawn trees and ports. The layout must have no errors.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any, TypeAlias

from reference_layout import (
    CASES,
    Entry,
    Form,
    Hole,
    Json,
    Values,
    above,
    combined,
    form,
    holes,
    ignores,
    near_twins,
    sample,
    spelled,
    top,
)
from reference_names import At, Governed, Names, Undetermined
from reference_numbers import Numbered, dangling, gaps, items, lists, repeated
from reference_tree import LAYOUT, Paths

Found: TypeAlias = "set[tuple[str, str, str]]"  # path, rule, severity
Pairs: TypeAlias = "list[tuple[At, Governed]]"  # what governs a name, and where it is listed

WARNINGS = {"unignored-local", "unused-ignore"}
# On one path only the first of these is reported.
ORDER = ["forbidden-path", "misplaced-file", "stray-file", "stray-directory", "bad-name"]
# Rules of which one finding at a path is like another: none of them is new if one is accepted.
SAME = {"bad-name", "empty-directory", "misplaced-file", "stray-file"}
# What is not reported in a directory that is forbidden.
ONCE = {*ORDER, "orphan", "missing-file", "missing-directory", "empty-directory", "conflicting-entries"}
ONCE |= {"too-few-files", "too-few-directories"}


class Reading(Names):
    """A layout, a tree, and what is found as the tree is walked from its root."""

    def __init__(
        self,
        layout: Json,
        files: frozenset[str] = frozenset(),
        empty: frozenset[str] = frozenset(),
        untracked: frozenset[str] | None = None,
        today: str = "",
        links: Mapping[str, str] | None = None,
        submodules: frozenset[str] = frozenset(),
        contents: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(layout, Paths(files, layout.get("exclude", []), links, submodules))
        self.empty, self.untracked, self.today = empty, untracked, today
        self.contents = {
            path: each for path, each in (contents or {}).items() if path in self.paths.known_to_git
        }
        self.is_linked = False  # whether this is in a directory that a link leads to
        self.values_of: dict[str, set[str]] = {}  # by placeholder: what defines its names
        self.found: Found = set()
        self.pairs: dict[frozenset[str], Entry] = {}  # of files that exclude each other
        self.held_in: dict[str, list[str]] = {}  # what directories must hold
        self.twins: Found = set()  # which are not reported, because they are near twins of something missing

    def severity(self, rule: str, level: str = "required", path: str = "") -> str:
        default = "warning" if rule in WARNINGS else "error"
        severity = self.layout.get("severity", {}).get(rule, default)
        if isinstance(severity, list):  # the last pattern that matches decides
            root = path in ("", "./")
            fitting = (
                each
                for pattern, each in severity[::-1]
                if (pattern in ("/", "*", "**") if root else pattern != "/" and top([pattern], path))
            )
            severity = next(fitting, default)
        return "warning" if level == "recommended" and severity != "off" else str(severity)

    def add(self, path: str, rule: str, level: str = "required") -> str:
        """Adds a finding, unless its rule is off. Returns its severity, `off` if an `ignore` accepts it."""
        severity = self.severity(rule, level, path)
        if severity != "off":
            self.found.add((path or "./", rule, severity))
        is_accepted = any(
            accepts(each, path, rule) and each.get("until", self.today) >= self.today
            for each in self.layout.get("ignore", [])
        )
        return "off" if is_accepted else severity

    def hidden(self, at: At, twins: list[str], severity: str) -> Iterator[str]:
        """The near twins that a missing name hides: those that would not be reported more severely."""
        for twin in twins:
            rule = "stray-directory" if twin.endswith("/") else "stray-file"
            stray = self.severity(rule, path=at.path + twin)
            if severity in ("error", stray):
                yield twin

    def visit(self, path: str, main: At | None, sides: list[At], everys: list[At], inherited: str) -> None:
        """Checks a directory: `main` lists it, the `sides` and the `**/` of `everys` apply besides."""
        lists = [main, *sides] if main else sides
        lists = lists + [self.begun(view, entry) for view in lists for entry in view.entry.spreading]
        applying = [every for every in everys if self.is_member(every.entry, path, every.values)]
        views = [*lists, *(every._replace(path=path) for every in applying)]
        own = main.entry.settings.get("unlisted") if main else None
        unlisted = own or inherited or "forbid"
        self.owned[path] = exact = {text for view in lists for text in view.entry.exact}
        names: dict[str, Pairs] = {}
        for name in sorted(self.inside[path]):
            found = [(view, each) for view in views if (each := self.governor(view, name))]
            if all(view.is_besides for view, _ in found):
                found += [(view, each) for view in lists if (each := self.spreading(view, name))]
            names[name] = list(self.decided(found, views, name in exact))
        twins = set(self.missing(views, names))
        self.count(path, main, views, names)
        for view in views if not self.is_linked else ():
            everys = everys + [At(path, block, view.values, view) for block in view.entry.blocks]
        below = next(
            (
                block.settings["unlisted"]
                for view in views
                for block in view.entry.blocks
                if "unlisted" in block.settings
            ),
            own or inherited or "allow-files",
        )
        self.number(path, names)
        for name, governed in names.items():
            governed = [each for each in governed if not each[1].unseen]
            listed = [each for each in governed if not each[1].entry.absent]
            is_stray = any(view.entry.closes for view in views) and not governed
            is_stray = (
                is_stray and not names[name] and not any(self.begins_an_if(view, name) for view in views)
            )
            is_stray = is_stray and unlisted in ("forbid", "allow-files" if name.endswith("/") else "")
            is_reported = is_stray and not self.is_never_stray(path + name)
            if is_reported and name in twins:
                rule = "stray-directory" if name.endswith("/") else "stray-file"
                self.twins.add((path + name, rule, self.severity(rule, path=path + name)))
                is_reported = False
            self.judge(path + name, [each for _, each in governed], is_reported)
            if name.endswith("/"):
                is_link = path + name in self.paths.linked
                listed = [each for each in listed if not (is_link and each[1].entry.path_hole)]
                ways = [At(path + name, g.entry, g.values, view) for view, g in listed if not g.orphan]
                first = next((each for each in ways if each.outer is main), ways[0] if ways else None)
                rest = [each for each in ways if each is not first]
                outer = [] if is_stray else everys
                if path + name in self.paths.opaque:
                    self.closed(path + name, [*ways, *outer])
                elif is_link:
                    self.through(path + name, first, rest, below, bool(outer))
                else:
                    self.visit(path + name, first, rest, outer, below)

    def through(
        self, path: str, first: At | None, rest: list[At], inherited: str, is_below_every: bool
    ) -> None:
        """Adds what is missing, forbidden or unlisted in the directory that a link leads to, and no more."""
        inner = copy(self)
        inner.found, inner.is_linked = set(), True
        inner.visit(path, first, rest, [], inherited)
        strays = ("stray-file", "stray-directory")
        if is_below_every and any(each[1] in strays for each in inner.found):
            raise Undetermined("whether a `**/` lists what is in a directory that a link leads to")
        kept = (*strays, "forbidden-path", "missing-file", "missing-directory")
        self.found |= {each for each in inner.found if each[1] in kept}

    def closed(self, path: str, views: list[At]) -> None:
        """Adds what of the layout applies in a nested project too."""
        for file in self.paths.nested.get(path, ()):
            for each in above(file)[path.count("/") :]:
                if ignores(self.layout["forbid"], each):
                    self.add(each, "forbidden-path")
        forbidden = {
            text for view in views for child in view.entry.listed if child.absent for text in child.texts
        }
        if path in self.paths.nested and LAYOUT in forbidden:
            self.add(path + LAYOUT, "forbidden-path")

    def begins_an_if(self, view: At, name: str) -> bool:
        """Whether a path that the `if` of a directory lists begins with a name in it."""
        for text in view.entry.settings.get("if", "").split(" | "):
            first = re.findall("[^/]+/?", text)[:1]
            known = "".join(first) if first != ["**/"] else ""
            known = re.sub(r"<([\w-]+)>", lambda found: view.values.get(found[1], found[0]), known)
            if known and re.fullmatch(re.escape(known).replace(r"\*", "[^/]*"), name):
                return True
        return False

    def decided(self, found: Pairs, views: list[At], is_exact: bool) -> Iterator[tuple[At, Governed]]:
        """What governs a name, without a `**/` that the directory or a nearer one overrides."""
        listed = [pair for pair in found if not pair[0].entry.is_every]
        everys = [pair for pair in found if pair[0].entry.is_every]
        is_spelled = any(self.decides_spelling(each) for _, each in listed if not each.orphan)
        yield from listed
        for number, (view, each) in enumerate(everys):
            nearer = views[views.index(view) + 1 :]
            is_shut = any(each.entry.closes for each in nearer)
            others = [*listed, *everys[number + 1 :]]
            is_allowed = each.entry.wanted == "optional" and not each.entry.absent
            if is_exact or (is_shut and is_allowed and not others):
                continue
            yield view, each._replace(respelled=is_spelled)

    def decides_spelling(self, governed: Governed) -> bool:
        named = [part for part in governed.form if isinstance(part, Hole) and part.name]
        deciding = ("case", "values", "pattern")
        return any(part.case or any(self.naming(part.name, each) for each in deciding) for part in named)

    def judge(self, path: str, governed: list[Governed], is_stray: bool) -> None:
        """Reports all that is wrong with a path; `settled` leaves what is to be reported."""
        limits = self.layout["limits"]
        if path.endswith("/") and path.count("/") == limits.get("depth", -2) + 1:
            if not any(file.startswith(path) for file in self.paths.known_to_git | self.paths.opaque):
                raise Undetermined("whether a directory is too deep of which every file is excluded")
            self.add(path, "too-deep")
        file = path.rstrip("/") if path in self.paths.linked else path
        if not file.endswith("/") and len(file) > limits.get("path-length", len(file)):
            self.add(file, "long-path")
        if path in self.paths.linked and any(ignores(self.layout["belongs"], each) for each in above(file)):
            raise Undetermined("whether a link to a directory is one of the files that belong elsewhere")
        if path in self.paths.linked and ignores(self.layout["forbid"], file):
            self.add(file, "forbidden-path")
        is_forbidden = path == file and not self.is_linked and ignores(self.layout["forbid"], path)
        if is_forbidden or any(each.entry.absent for each in governed):
            self.add(path, "forbidden-path")
        if self.is_misplaced(path, governed):
            self.add(path, "misplaced-file")
        if is_stray:
            self.add(path, "stray-directory" if path.endswith("/") else "stray-file")
        for each in governed:
            if each.orphan:
                self.add(path, "orphan")
            elif self.breaks_case(each):
                self.add(path, "bad-name")

    def is_never_stray(self, path: str) -> bool:
        """The layout, and what stays on one machine and is not in git; without git nobody knows."""
        if self.is_linked:
            return path in self.paths.emptied
        there = self.paths.known_to_git | self.paths.submodules | set(self.paths.nested)
        files = {file for file in there if path in above(file) or file == path.rstrip("/")}
        untracked, patterns = self.untracked or (), self.layout.get("local", [])
        return path == LAYOUT or all(file in untracked and top(patterns, file) for file in files)

    def is_misplaced(self, path: str, governed: list[Governed]) -> bool:
        belongs = self.layout["belongs"]
        matched = [list(belongs).index(last) for each in above(path) if (last := ignores(belongs, each))]
        is_listed = any(all(isinstance(part, str) for part in each.form) for each in governed)
        if path.endswith("/") or not matched or is_listed:
            return False
        homes = [*belongs.values()][max(matched)]
        for home in homes if isinstance(homes, list) else [homes]:
            if path.startswith(home.strip("/") + "/") or (home == "/" and "/" not in path):
                return False
        return True

    def breaks_case(self, governed: Governed) -> bool:
        if governed.respelled:
            return False
        for part in governed.form:
            if isinstance(part, Hole) and part.name:
                cases = part.case or self.naming(part.name, "case") or []
                value = governed.values[part.name]
                stem = value if governed.entry.key[1] else value.partition(".")[0]
                every = [cases] if isinstance(cases, str) else cases
                if every and not any(re.fullmatch(CASES[case], stem) for case in every):
                    return True
        return False

    # What is asked for.

    def missing(self, views: list[At], names: Mapping[str, Pairs]) -> Iterator[str]:
        """Reports what is missing in a directory, and returns the names that were likely meant by it."""
        unlisted = [name for name, governed in names.items() if not governed]
        for view in views:
            self.missing_below(view)
            for entry in view.entry.listed:
                texts = [self.rendered(each, view.values) + "/" * entry.key[1] for each in entry.key[0]]
                is_lifted = view.entry.is_every and not self.owned[view.path].isdisjoint(texts)
                if not (entry.absent or is_lifted):
                    mine = {
                        n: g
                        for n, all_ in names.items()
                        for v, g in all_
                        if v is view and view.path + n not in self.paths.broken
                        if g.entry is entry or (entry.other and g.entry is entry.other and entry.key[1])
                    }
                    if not any(each.unseen for each in mine.values()):  # one of which may be the one
                        yield from self.required(view, entry, mine, unlisted)
                    mine = {n: each for n, each in mine.items() if each.entry is entry and not each.unseen}
                    self.held_by_each(view, entry, mine)
            if view.outer is None or view.entry.is_every:
                self.held(view.entry, [view.path], view.values)
        for name in names:
            if views and not names[name] and views[0].path + name in self.paths.broken:
                yield from self.broken_directory(views, name)
        for name, governed in names.items():
            for view, each in governed:
                if each.unseen or view.path + name in self.paths.broken:
                    continue
                self.not_beside(view, each, name)
                is_forbidden = any(g.entry.absent and not g.unseen for _, g in governed)
                if not (is_forbidden or self.is_forbidden(view.path + name)):  # it must go
                    yield from self.needed(view, each, unlisted)

    def broken_directory(self, views: list[At], name: str) -> Iterator[str]:
        """Reports a link that leads nowhere, in the place of a directory in which something is required."""
        for view in views:
            fitting = self.candidates(view, f"{name}/")
            if fitting and not fitting[0].entry.absent and requires(fitting[0].entry):
                severity = self.add(f"{view.path}{name}/", "missing-directory", fitting[0].entry.wanted)
                yield from self.hidden(view, [name], severity)

    def missing_below(self, begun: At) -> None:
        """Reports the tied files that are missing in directories which another place of a `<dir**>/` has."""
        entry, hole = begun.entry, begun.entry.path_hole
        if not hole or begun.values[hole] or not begun.outer or not self.tied(entry):
            return
        spread = self.spread(begun.outer, entry)
        entered = {each.values[hole] for each in spread if not self.is_unseen(each.path)}
        for value in self.known(hole, begun.outer, begun.values).values():
            first = next((each.rstrip("/") for each in above(value + "/") if each[:-1] not in entered), "")
            at = At(f"{begun.path}{value}/", entry, {**begun.values, hole: value}, begun.outer)
            if not first or f"{begun.path}{first}/" in self.paths.directories or self.is_forbidden(at.path):
                continue
            for child in entry.listed:
                if self.tied(child) and not child.absent:
                    list(self.required(at, child, {}, []))

    def held_by_each(self, at: At, entry: Entry, mine: Mapping[str, Governed]) -> None:
        """What each directory must contain somewhere, and of those with exact names one."""
        exact = [name for name in mine if all(isinstance(part, str) for part in mine[name].form)]
        for names in [exact, *([name] for name in mine if name not in exact)]:
            if names:
                self.held(entry, [at.path + name for name in names], mine[names[0]].values)

    def held(self, entry: Entry, paths: list[str], values: Values) -> None:
        holds = entry.settings.get("holds")
        is_forbidden = all(path and self.is_forbidden(path) for path in paths)
        is_open = not is_forbidden and not any(map(self.is_unseen, paths))
        if holds and is_open and not any(self.contains(path, holds, values) for path in paths):
            first = holds.split(" | ")[0]
            first = re.sub(r"<([\w-]+)>", lambda found: values.get(found[1], found[0]), first)
            rule = "missing-directory" if first.endswith("/") else "missing-file"
            self.held_in.setdefault(paths[0] + first, []).extend(paths)
            self.add(paths[0] + first, rule, entry.wanted)

    def not_beside(self, at: At, governed: Governed, name: str) -> None:
        """What must not be beside a file; two that exclude each other are one finding, at the first."""
        without = governed.entry.settings.get("without")
        without = without and self.rendered(form(without), governed.values, as_is=True)
        regex = re.escape(without or "").replace(r"\*", "[^/]*")
        beside = [each for each in sorted(self.inside[at.path]) if at.path + each not in self.paths.broken]
        others = [each for each in beside if each != name and re.fullmatch(regex, each)]
        if without and others:
            pair = frozenset([at.path + name, at.path + others[0]])
            if governed.orphan or self.pairs.get(pair, governed.entry) is not governed.entry:
                raise Undetermined("which of two that exclude each other is the first")
            if pair not in self.pairs:
                self.add(at.path + name, "conflicting-entries")
            self.pairs[pair] = governed.entry

    def required(
        self, at: At, entry: Entry, mine: Mapping[str, Governed], unlisted: list[str]
    ) -> Iterator[str]:
        if entry.other and not entry.key[1]:
            return  # with the directories of its group
        if entry.other and any(each.orphan for each in mine.values()):
            raise Undetermined("whether an orphan is one of a group of files and directories")
        keys = [entry.key, *([entry.other.key] if entry.other else [])]
        forms = [each for key in keys for each in key[0]]
        fixed = [x for x in holes(entry.key[0]) if x in at.values or self.values(x) or x in self.tied(entry)]
        if entry.key[2]:
            in_each = [x for x in holes(forms) if all(x in holes([each]) for each in forms)]
            self.conflicting(at, entry, mine, [*fixed, *(x for x in in_each if x not in fixed)])
        for values in self.asked(at, fixed):
            names = [self.rendered(each, values) + "/" * key[1] for key in keys for each in key[0]]
            there = {name for name in self.inside.get(at.path, ()) if at.path + name not in self.paths.broken}
            is_there = any(self.agrees(each, values) for each in mine.values() if not each.orphan)
            is_member = not entry.settings.get("if")
            is_there = is_there or (is_member and bool(there.intersection(names)))
            if is_there or entry.wanted == "optional":
                continue
            is_name = Hole("") not in entry.key[0][0] and set(holes(entry.key[0][:1])) <= set(values)
            twins = self.meant_by_any(names, unlisted, is_name)
            if not is_member and (rejected := [name for name in names if name in unlisted]):
                if twins or len(rejected) > 1:
                    raise Undetermined("which of several near twins was meant")
                twins = rejected
            on_disk = [name for name in names if at.path + name in self.empty and not twins and is_member]
            if on_disk:
                severity = self.add(at.path + on_disk[0], "empty-directory", entry.wanted)
            else:
                rule = "missing-directory" if entry.key[1] else "missing-file"
                severity = self.add(at.path + names[0], rule, entry.wanted)
            yield from self.hidden(at, twins, severity)

    def asked(self, at: At, fixed: list[str]) -> Iterator[Values]:
        """What some placeholders stand for in the names that are asked for: all the combinations.

        One that is `unique` determines the others of the name that defines it.
        """
        is_unique = (
            x for x in fixed if self.naming(x, "unique") and not self.values(x) and x not in at.values
        )
        unique = next(is_unique, "")
        known = [values for values, _ in self.defined(unique, at, at.values).values()] if unique else [{}]
        named = {x for entry in self.definers(unique) for x in holes(entry.key[0])} if unique else set()
        for values in known:
            row = {x: value for x, value in values.items() if x in named}
            for chosen in itertools.product(*([row[x]] if x in row else self.choices(at, x) for x in fixed)):
                yield {**at.values, **dict(zip(fixed, chosen, strict=True))}

    def is_forbidden(self, path: str) -> bool:
        """Whether a path, or a directory that it is in, is forbidden."""
        found = {at for at, rule, _ in self.found if rule == "forbidden-path"}
        return any(at in found or ignores(self.layout["forbid"], at) for at in above(path))

    def needed(self, at: At, governed: Governed, unlisted: list[str]) -> Iterator[str]:
        needs = governed.entry.settings.get("needs", [])
        for need in [needs] if isinstance(needs, str) else needs:
            name = self.rendered(form(need), governed.values, as_is=True)
            wanted = name[1:] if name.startswith("/") else at.path + name
            outer = above(wanted)[:-1]
            is_unseen = any(self.is_unseen(each) for each in outer if not at.path.startswith(each))
            if self.is_there(wanted) or is_unseen or any(map(self.is_forbidden, outer)):
                continue
            twins = self.meant(wanted[len(at.path) :], unlisted) if wanted.startswith(at.path) else []
            rule = "missing-directory" if wanted.endswith("/") else "missing-file"
            rule = "empty-directory" if wanted in self.empty and not twins else rule
            yield from self.hidden(at, twins, self.add(wanted, rule, governed.entry.wanted))

    def is_there(self, path: str) -> bool:
        """Whether a path exists, maybe in a directory that a link leads to."""
        outer = path[: path.rstrip("/").rfind("/") + 1]
        return path[len(outer) :] in self.inside.get(outer, ()) and path not in self.paths.broken

    def conflicting(self, at: At, entry: Entry, mine: Mapping[str, Governed], fixed: list[str]) -> None:
        """Reports several of the alternatives with the same values, at the first in alphabetical order."""
        forms: dict[Any, dict[str, Form]] = {}
        for name, each in mine.items():
            values = tuple(self.same(x, each.values.get(x, "")) for x in fixed)
            forms.setdefault(values, {})[name] = each.form
        for found in forms.values():
            if len(set(found.values())) > 1:
                self.pairs[frozenset(at.path + name for name in found)] = entry
                self.add(at.path + min(found, key=lambda name: name.strip("/")), "conflicting-entries")

    def choices(self, at: At, name: str) -> list[str]:
        """The values of a placeholder each of which is asked for."""
        if name in at.values:
            return [at.values[name]]
        return self.values(name) or list(self.known(name, at, at.values).values())

    def agrees(self, governed: Governed, values: Values) -> bool:
        named = {part.name: part for part in governed.form if isinstance(part, Hole)}
        both = governed.values.keys() & values.keys()
        return all(self.means(named.get(x) or Hole(x), governed.values[x], values[x]) for x in both)

    def meant(self, missing: str, unlisted: list[str]) -> list[str]:
        """The unlisted name that was likely meant by a missing one, if there is one."""
        found = [name for name in unlisted if name != missing and near_twins(name, missing)]
        if len(found) > 1:
            raise Undetermined("which of several near twins was meant")
        return found

    def meant_by_any(self, names: list[str], unlisted: list[str], is_name: bool) -> list[str]:
        """The unlisted name that was likely meant by one of some alternatives."""
        plain = [name for name in names if "<" not in name and "*" not in name]
        found = {twin for name in plain for twin in self.meant(name, unlisted)}
        for name in [name for name in names if "*" in name and "<" not in name]:
            form = re.escape(name).replace(r"\*", ".*")
            found |= {each for each in unlisted if re.fullmatch(form, each, re.IGNORECASE)}
        if len(found) > 1 or (found and not is_name and not plain and len(unlisted) > 1):
            raise Undetermined("which of several near twins was meant")
        return list(found)

    def rendered(self, parts: Form, values: Values, as_is: bool = False) -> str:
        """A name with the values that are known in the case of the place; the others as they are written."""
        text = ""
        for part in parts:
            if isinstance(part, str) or part.name not in values:
                text += str(part)
            else:
                case = None if as_is or self.values(part.name) else self.naming(part.name, "case")
                text += spelled(values[part.name], part.case or case)
        return text

    # What is counted.

    def count(self, path: str, main: At | None, views: list[At], governed: Mapping[str, Pairs]) -> None:
        limits = self.layout["limits"]
        names = self.inside[path]
        broken = sum(path + name in self.paths.broken for name in names)
        settings = main.entry.settings if main else {}
        most = limits.get("files") if path else limits.get("root-files", limits.get("files"))
        files = sum(not name.endswith("/") for name in names)
        for kind, number, limit in (("files", files, most), ("directories", len(names) - files, None)):
            limit = settings.get(f"max-{kind}", limit)
            if number - broken * (kind == "files") < settings.get(f"min-{kind}", 0):
                self.add(path, f"too-few-{kind}")
            if limit is not None and number > limit:
                self.add(path, f"too-many-{kind}")
        there = [pair for n, each in governed.items() if path + n not in self.paths.broken for pair in each]
        for view in views:
            for entry in view.entry.listed:
                for name in holes(entry.key[0]):
                    if self.naming(name, "count") and entry in self.definers(name) and not entry.absent:
                        mine = [g for v, g in there if v is view and g.entry is entry and not g.unseen]
                        self.count_names(path, entry, name, mine)

    def count_names(self, path: str, entry: Entry, name: str, mine: list[Governed]) -> None:
        least, dash, most = str(self.naming(name, "count")).partition("-")
        if any(governed.orphan for governed in mine):
            raise Undetermined(f"whether an orphan counts as one of <{name}>")
        number = len({self.same(name, each.values[name]) for each in mine if name in each.values})
        kind = "directories" if entry.key[1] else "files"
        is_group = len(entry.key[0]) > 1 or entry.other
        if number < int(least) and (number or (entry.wanted == "optional" and not is_group)):
            self.add(path, f"too-few-{kind}")
        if number > int((most or number) if dash else least):
            self.add(path, f"too-many-{kind}")

    def number(self, path: str, names: Mapping[str, Pairs]) -> None:
        """Reports names that a placeholder may have once, numbers after a gap, and unlisted names."""
        there = [
            (path + name, view, each)
            for name, governed in names.items()
            for view, each in governed
            if not (each.orphan or each.entry.absent or each.unseen)
        ]
        for x in self.places:
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
            for at, view, each in mine:
                if each.entry in self.definers(x):
                    self.defining(at, view, each, x)

    def defining(self, path: str, at: At, governed: Governed, name: str) -> None:
        """Reports a name that defines a value which another defines, or which its file does not list."""
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
        """Reports what files list that does not exist."""
        pairs: list[tuple[str, set[str]]] = [(source, set()) for source in self.layout.get("references", [])]
        for name in self.layout["names"]:
            source = self.naming(name, "from")
            pairs += [(source, self.values_of.get(name, set()))] if source else []
        for source, known in pairs:
            file, _, pointer = source.partition("#")
            listed = items(self.contents.get(file), pointer)
            every = self.paths.known_to_git | self.paths.opaque
            home = file[: file.rfind("/") + 1]
            if listed is None or any(dangling(each, home, every) for each in listed if each not in known):
                self.add(file, "dangling-reference")

    def stays_local(self, gitignore: Sequence[str]) -> None:
        """What stays on one machine: git must not track it, and the `.gitignore` of the root must list it."""
        patterns = self.layout.get("local", [])
        asked = [p for p in patterns if not p.startswith("!") and top(patterns, sample(p))]
        listed = [p for p in asked if p in gitignore or f"/{p}" in gitignore]
        for path in sorted(self.paths.known_to_git | self.paths.submodules):
            if path in self.paths.links:  # which hold nothing
                continue
            match = top(patterns, path)
            if match and path not in (self.untracked or ()):
                self.add(match, "tracked-local")
            elif match and ignores(patterns, match) in listed and not top(gitignore, path):
                self.add(path, "unignored-local")
        is_missing = (".gitignore", "missing-file") in {each[:2] for each in self.found}
        if not is_missing and set(asked) - set(listed):
            self.add(".gitignore", "unignored-local")


def settled(found: Found, held_in: set[str]) -> Found:
    """What is reported of what is found: of a path the first, inside it less. No warning hides an error.

    A forbidden directory does not hide what a directory above it must hold, `held_in`.
    """
    kept = set()
    for path, rule, severity in found:
        heavy = found if severity == "warning" else {each for each in found if each[2] == "error"}
        here = {each for at, each, _ in heavy if at == path}
        outer = {each for at, each, _ in heavy if at in above(path)[:-1]}
        before = ORDER[: ORDER.index(rule)] if rule in ORDER else ORDER[:1] if rule == "orphan" else []
        if "forbidden-path" in here and rule in (
            "too-few-files",
            "too-few-directories",
            "conflicting-entries",
        ):
            continue
        if here.intersection(before) or (severity == "warning" and (path, rule, "error") in found):
            continue
        if ("forbidden-path" in outer and rule in ONCE and path not in held_in) or (
            "stray-directory" in outer and rule in ORDER[1:]
        ):
            continue
        if "tracked-local" in here | outer and rule in ("forbidden-path", "stray-file", "stray-directory"):
            continue
        kept.add((path, rule, severity))
    return kept


def lost(found: Found, held_in: set[str]) -> Found:
    """What is missing in a forbidden directory, where nothing is required, even if that is only a warning."""
    forbidden = {path for path, rule, _ in found if rule == "forbidden-path"}
    missing = {each for each in found if each[1] in ("missing-file", "missing-directory")}
    return {
        each for each in missing if each[0] not in held_in and not forbidden.isdisjoint(above(each[0])[:-1])
    }


def left(before: Found, after: Found) -> tuple[Found, Found]:
    """What must be reported of a tree where the findings `before` are accepted, and what may be.

    What may be is what a rule counts, which may be worse, and what another line of the layout may forbid.
    """
    accepted = {(path, kept(rule), severity) for path, rule, severity in before}

    def is_new(path: str, rule: str, severity: str) -> bool:
        softer = {severity, "error"}  # an accepted warning accepts no error
        return not any((path, kept(rule), each) in accepted for each in softer)

    must = {each for each in after if is_new(*each)}
    return must, must | {each for each in after if each[1] not in SAME}


def kept(rule: str) -> str:
    """The rule of an accepted finding: an empty directory is missing in a clone."""
    return "missing-directory" if rule == "empty-directory" else rule


def requires(entry: Entry) -> bool:
    """Whether something is required or recommended in a directory that an entry governs."""
    present = [child for child in entry.children.values() if not (child.absent or child.is_every)]
    return any(child.wanted != "optional" or requires(child) for child in present)


def accepts(ignore: Mapping[str, Any], path: str, rule: str) -> bool:
    """Whether an `ignore` fits a finding."""
    pattern = ignore["path"]
    is_there = pattern in ("/", "*", "*/") if path == "./" else top([pattern], path) is not None
    return ignore["rule"] == rule and is_there


def findings(
    layouts: Sequence[Mapping[str, Any]],
    files: Iterable[str],
    empty: Iterable[str] = (),
    untracked: Iterable[str] | None = None,
    gitignore: Sequence[str] = (),
    today: str = "2026-01-01",
    links: Mapping[str, str] | None = None,
    submodules: Iterable[str] = (),
    contents: Mapping[str, Any] | None = None,
) -> Found:
    """What is wrong: paths, rules and severities.

    `layouts` are parsed, the farthest of those that one extends first. `empty` are directories on disk
    without a file, ending in "/". `untracked` are the files that git does not track, `None` without git.
    `gitignore` are the lines of the `.gitignore` in the root. `links` has the targets of the symbolic links
    among the files. `submodules` are directories that are not looked into. `contents` has what is in JSON
    files that are there, parsed. Raises `Undetermined` where the page leaves open what is right.
    """
    layout = combined(layouts)
    in_git = None if untracked is None else frozenset(untracked)
    files = frozenset(files)
    reading = Reading(layout, files, frozenset(empty), in_git, today, links, frozenset(submodules), contents)
    reading.visit("", At("", layout["tree"], {}, None), [], [], "")
    reading.refer()
    if in_git is not None:
        reading.stays_local(gitignore)
    held_in = {
        path
        for path, directories in reading.held_in.items()
        if not all(directory and reading.is_forbidden(directory) for directory in directories)
    }
    reading.found -= lost(reading.found, held_in)
    accepted: Found = set()
    for each in layout.get("ignore", []):
        fitting = {found for found in reading.found | reading.twins if accepts(each, *found[:2])}
        if not fitting and each in layouts[-1].get("ignore", []):
            reading.add(LAYOUT, "unused-ignore")
        accepted |= fitting if each.get("until", today) >= today else set()
    for pattern in layouts[-1].get("exclude", []):
        excluded = (file for file in [*files, *submodules] if top(layout["exclude"], file))
        if not (pattern.startswith("!") or any(top([pattern], file) for file in excluded)):
            reading.add(LAYOUT, "unused-ignore")
    return settled(reading.found - accepted, held_in)
