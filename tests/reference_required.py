"""Missing paths, as found by the reference: requirements of entries, `needs`, `holds` and alternatives."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from reference_layout import (
    Entry,
    Form,
    Hole,
    Json,
    Values,
    above,
    form,
    holes,
    letters,
    near_twins,
    spelled,
    top,
)
from reference_names import At, Governed, Names, Undetermined
from reference_tree import Paths

Found: TypeAlias = "set[tuple[str, str, str]]"  # path, rule, severity
Pairs: TypeAlias = "list[tuple[At, Governed]]"  # the entry for a name, and where it is listed

WARNINGS = {"unignored-local", "unused-ignore"}


class Required(Names):
    """A layout, a tree, the findings so far, and the missing paths of a directory."""

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
        self.is_linked = False  # whether this is in the target of a link
        self.values_of: dict[str, set[str]] = {}  # by placeholder: the definers of its names
        self.found: Found = set()
        self.forbidden: set[str] = (
            set()
        )  # paths, including those that are not reported because the rule is off
        self.rejected: set[str] = set()  # directories without an entry because of an `if`
        self.needed_far: list[tuple[str, list[str], str, str]] = []  # paths that exist, except these
        self.pairs: dict[frozenset[str], Entry] = {}  # pairs of files that exclude each other
        self.held_in: dict[str, list[str]] = {}  # required contents of directories
        self.twins: Found = set()  # not reported, because they are similar to a missing name

    def severity(self, rule: str, level: str = "required", path: str = "") -> str:
        default = "warning" if rule in WARNINGS else "error"
        severity = self.layout.get("severity", {}).get(rule, default)
        if isinstance(severity, list):  # the last matching pattern applies
            root = path in ("", "./")
            fitting = (
                each
                for pattern, each in severity[::-1]
                if (pattern in ("/", "*", "**") if root else pattern != "/" and top([pattern], path))
            )
            severity = next(fitting, default)
        return "warning" if level == "recommended" and severity != "off" else str(severity)

    def add(self, path: str, rule: str, level: str = "required") -> str:
        """Adds a finding, unless its rule is off. Returns its severity, or `off` if it is ignored."""
        severity = self.severity(rule, level, path)
        if rule == "forbidden-path":
            self.forbidden.add(path)
        if severity != "off":
            self.found.add((path or "./", rule, severity))
        is_accepted = any(
            accepts(each, path, rule) and each.get("until", self.today) >= self.today
            for each in self.layout.get("ignore", [])
        )
        return "off" if is_accepted else severity

    def hidden(self, at: At, twins: list[str], severity: str) -> Iterator[str]:
        """The similar names that a missing name hides: those with a severity that is not higher."""
        for twin in twins:
            rule = "stray-directory" if twin.endswith("/") else "stray-file"
            stray = self.severity(rule, path=at.path + twin)
            if severity in ("error", stray):
                yield twin

    def missing(self, views: list[At], names: Mapping[str, Pairs]) -> Iterator[str]:
        """Reports the missing entries of a directory, and returns the names that were probably meant."""
        unlisted = [name for name, governed in names.items() if not governed]
        unlisted = [name for name in unlisted if views and not self.is_emptied(views[0].path + name)]
        rejected = {name for name in unlisted for view in views if self.is_rejected(view, name)}
        self.rejected |= {views[0].path + name for name in rejected}
        for view in views:
            self.missing_below(view)
            for entry in view.entry.listed:
                texts = [self.rendered(each, view.values) + "/" * entry.key[1] for each in entry.key[0]]
                is_lifted = view.entry.is_every and not self.owned[view.path].isdisjoint(texts)
                if not entry.absent:
                    mine = {
                        n: g
                        for n, all_ in names.items()
                        for v, g in all_
                        if v is view and view.path + n not in self.paths.broken
                        if g.entry is entry or (entry.other and g.entry is entry.other and entry.key[1])
                    }
                    seen = {n: each for n, each in mine.items() if not each.unseen}
                    if not is_lifted:
                        self.exclusive(view, entry, seen)
                    if mine == seen and not is_lifted:  # otherwise another one can be meant
                        yield from self.required(view, entry, mine, unlisted)
                    mine = {n: each for n, each in seen.items() if each.entry is entry}
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
                is_forbidden = is_forbidden or self.is_forbidden(self.paths.real(view.path + name))
                if not (is_forbidden or self.is_forbidden(view.path + name)):  # it must be removed
                    yield from self.needed(view, each, unlisted)

    def is_emptied(self, path: str) -> bool:
        """Whether a path is a directory in which every file is excluded."""
        if self.is_linked:
            return path in self.paths.emptied
        there = self.paths.known_to_git | self.paths.opaque | set(self.paths.linked)
        return path.endswith("/") and not any(file.startswith(path) for file in there)

    def broken_directory(self, views: list[At], name: str) -> Iterator[str]:
        """Reports a dangling link in the place of a directory with required contents."""
        for view in views:
            fitting = self.candidates(view, f"{name}/")
            if fitting and not fitting[0].entry.absent and requires(fitting[0].entry):
                severity = self.add(f"{view.path}{name}/", "missing-directory", fitting[0].entry.wanted)
                yield from self.hidden(view, [name], severity)

    def missing_below(self, begun: At) -> None:
        """Reports the tied files that are missing in directories of another place of a `<dir**>/`."""
        entry, hole = begun.entry, begun.entry.path_hole
        if not hole or begun.values[hole] or not begun.outer or not self.tied(entry):
            return
        spread = self.spread(begun.outer, entry)
        entered = {each.values[hole] for each in spread if self.is_spread_in(each)}
        for value in self.required_names(hole, begun.outer, begun.values).values():
            first = next((each.rstrip("/") for each in above(value + "/") if each[:-1] not in entered), "")
            at = At(f"{begun.path}{value}/", entry, {**begun.values, hole: value}, begun.outer)
            there = (self.paths.directories, self.paths.inside, self.paths.opaque)
            is_there = any(f"{begun.path}{first}/" in paths for paths in there)
            if not first or is_there or self.is_forbidden(at.path):
                continue
            for child in entry.listed:
                if self.tied(child) and not child.absent:
                    list(self.required(at, child, {}, []))

    def held_by_each(self, at: At, entry: Entry, mine: Mapping[str, Governed]) -> None:
        """The required contents of each directory, and of one of those with exact names."""
        exact = [name for name in mine if all(isinstance(part, str) for part in mine[name].form)]
        for names in [exact, *([name] for name in mine if name not in exact)]:
            if names:
                self.held(entry, [at.path + name for name in names], mine[names[0]].values)

    def held(self, entry: Entry, paths: list[str], values: Values) -> None:
        holds = entry.settings.get("holds")
        holds = holds["paths"] if isinstance(holds, dict) else holds
        is_forbidden = all(path and self.is_forbidden(path) for path in paths)
        is_open = not is_forbidden and not any(map(self.is_unseen, paths))
        if holds and is_open and not any(self.contains(path, holds, values) for path in paths):
            named = [
                re.sub(r"<([\w-]+)>", lambda found: values.get(found[1], found[0]), each)
                for each in holds.split(" | ")
            ]
            wanted = paths[0] + named[0]
            rule = "missing-directory" if wanted.endswith("/") else "missing-file"
            if on_disk := [path + each for path in paths for each in named if path + each in self.empty]:
                wanted, rule = on_disk[0], "empty-directory"
            self.held_in.setdefault(wanted, []).extend(paths)
            self.add(wanted, rule, entry.wanted)

    def not_beside(self, at: At, governed: Governed, name: str) -> None:
        """Reports `without` conflicts; two files that exclude each other are one finding, at the first."""
        without = governed.entry.settings.get("without", [])
        beside = [each for each in sorted(self.inside[at.path]) if at.path + each not in self.paths.broken]
        for text in [without] if isinstance(without, str) else without:
            regex = re.escape(self.rendered(form(text), governed.values, as_is=True)).replace(r"\*", "[^/]*")
            others = [each for each in beside if each != name and re.fullmatch(regex, each)]
            if not others:
                continue
            pair = frozenset([at.path + name, at.path + others[0]])
            if self.pairs.get(pair, governed.entry) is not governed.entry:
                raise Undetermined("which of two that exclude each other is the first")
            if pair not in self.pairs:
                self.add(at.path + name, "conflicting-entries")
            self.pairs[pair] = governed.entry

    def required(
        self, at: At, entry: Entry, mine: Mapping[str, Governed], unlisted: list[str]
    ) -> Iterator[str]:
        if entry.other and not entry.key[1]:
            return  # including the directories of its group
        if entry.other and any(each.orphan for each in mine.values()):
            raise Undetermined("whether an orphan is one of a group of files and directories")
        keys = [entry.key, *([entry.other.key] if entry.other else [])]
        fixed = self.fixed(at, entry)
        self.ask_which_is_meant(at, [each for key in keys for each in key[0]], fixed)
        for values in self.asked(at, fixed):
            names = [self.rendered(each, values) + "/" * key[1] for key in keys for each in key[0]]
            there = {name for name in self.inside.get(at.path, ()) if at.path + name not in self.paths.broken}
            is_there = any(self.agrees(each, values) for each in mine.values() if not each.orphan)
            is_member = not entry.settings.get("if")
            is_there = is_there or (is_member and bool(there.intersection(names)))
            if is_there or entry.wanted == "optional":
                continue
            is_name = Hole("") not in entry.key[0][0] and set(holes(entry.key[0][:1])) <= set(values)
            twins = self.meant_by_any(at, names, unlisted, is_name)
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

    def ask_which_is_meant(self, at: At, forms: list[Form], fixed: list[str]) -> None:
        """Raises `Undetermined` if two names are equal in lower case, and a place has this case."""
        parts = [part for each in forms for part in each if isinstance(part, Hole)]
        for name in {part.name for part in parts if part.case == "lowercase"}.intersection(fixed):
            known = [letters(each) for each in self.choices(at, name)]
            if len(set(known)) < len(known):
                raise Undetermined("which of two names that are the same in lower case is meant")

    def fixed(self, at: At, entry: Entry) -> list[str]:
        """The placeholders of an entry for which every value is required."""
        return [x for x in holes(entry.key[0]) if x in at.values or self.values(x) or x in self.tied(entry)]

    def exclusive(self, at: At, entry: Entry, mine: Mapping[str, Governed]) -> None:
        """Reports several existing alternatives of an entry that allows one."""
        if entry.key[2] and not (entry.other and not entry.key[1]):  # a group includes its directories
            fixed = self.fixed(at, entry)
            forms = [*entry.key[0], *(entry.other.key[0] if entry.other else ())]
            in_each = [x for x in holes(forms) if all(x in holes([each]) for each in forms)]
            self.conflicting(at, entry, mine, [*fixed, *(x for x in in_each if x not in fixed)])

    def asked(self, at: At, fixed: list[str]) -> Iterator[Values]:
        """The values of placeholders in the required names: all combinations.

        A `unique` placeholder determines the others in the name that defines it.
        """
        is_unique = (
            x for x in fixed if self.naming(x, "unique") and not self.values(x) and x not in at.values
        )
        unique = next(is_unique, "")
        known = (
            [values for values, _ in self.defined(unique, at, at.values, only_required=True).values()]
            if unique
            else [{}]
        )
        named = {x for entry in self.definers(unique) for x in holes(entry.key[0])} if unique else set()
        for values in known:
            row = {x: value for x, value in values.items() if x in named and x not in at.values}
            for chosen in itertools.product(*([row[x]] if x in row else self.choices(at, x) for x in fixed)):
                yield {**at.values, **dict(zip(fixed, chosen, strict=True))}

    def is_forbidden(self, path: str) -> bool:
        """Whether a path or one of its parents is forbidden. Patterns treat links as files."""
        return any(at in self.forbidden for at in above(path)) or self.matches_forbid(path)

    def needed(self, at: At, governed: Governed, unlisted: list[str]) -> Iterator[str]:
        needs = governed.entry.settings.get("needs", [])
        for need in [needs] if isinstance(needs, str) else needs:
            names = [self.rendered(form(each), governed.values, as_is=True) for each in need.split(" | ")]
            if any("<" in name for name in names):
                raise Undetermined("which paths a `needs` with a placeholder without a value means")
            wanted = [name[1:] if name.startswith("/") else at.path + name for name in names]
            outer = above(wanted[0])[:-1]
            beside = [each[len(at.path) :] for each in wanted if each.startswith(at.path)]
            there = [path for each in wanted for path in self.existing(each)]
            unread = self.may_contain(at, outer)
            members = [path for path in [*there, *unread] if not self.is_no_member(at, path, unlisted)]
            rule = "missing-directory" if wanted[0].endswith("/") else "missing-file"
            if members:
                self.needed_far.append((wanted[0], members, rule, governed.entry.wanted))
            if members or any(map(self.is_forbidden, outer)):
                continue
            rejected = [path[len(at.path) :] for path in there]
            twins = rejected or self.meant_by_any(at, beside, unlisted, True)
            if len(twins) > 1:
                raise Undetermined("which of several near twins was meant")
            on_disk = [each for each in wanted if each in self.empty and not twins]
            rule = "empty-directory" if on_disk else rule
            yield from self.hidden(at, twins, self.add((on_disk or wanted)[0], rule, governed.entry.wanted))

    def existing(self, wanted: str) -> list[str]:
        """The existing paths for a path that can contain `*`."""
        regex = re.escape(wanted).replace(r"\*", "[^/]*")
        outer = wanted[: wanted.rstrip("/").rfind("/") + 1]
        around = [outer] if "*" not in outer else self.inside
        there = (each + name for each in around for name in self.inside.get(each, ()))
        return [path for path in sorted(there) if re.fullmatch(regex, path) and path not in self.paths.broken]

    def may_contain(self, at: At, outer: list[str]) -> list[str]:
        """The directories on a path that are not read."""
        regexes = [re.escape(each).replace(r"\*", "[^/]*") for each in outer if not at.path.startswith(each)]
        return [each for each in self.paths.opaque if any(re.fullmatch(regex, each) for regex in regexes)]

    def is_no_member(self, at: At, path: str, unlisted: list[str]) -> bool:
        """Whether a path is a sibling directory that does not meet an `if` and that no other entry lists."""
        beside = path.removeprefix(at.path) if path.startswith(at.path) else ""
        return beside in unlisted and self.is_rejected(at, beside)

    def rejected_far(self) -> None:
        """Reports needed paths of other directories that are rejected by an `if`."""
        for wanted, there, rule, level in self.needed_far:
            if all(not self.rejected.isdisjoint(above(path)) for path in there) and not any(
                map(self.is_forbidden, above(wanted)[:-1])
            ):
                self.add(wanted, rule, level)

    def is_rejected(self, at: At, name: str) -> bool:
        """Whether a directory matches an entry by name, but not its `if`."""
        conditional = (each for each in at.entry.listed if each.key[1] and each.settings.get("if"))
        return name.endswith("/") and any(self.readings(at, each, name) for each in conditional)

    def conflicting(self, at: At, entry: Entry, mine: Mapping[str, Governed], fixed: list[str]) -> None:
        """Reports several alternatives with the same values, at the first in alphabetical order."""
        forms: dict[Any, dict[str, Form]] = {}
        for name, each in mine.items():
            values = tuple(self.same(x, each.values.get(x, "")) for x in fixed)
            forms.setdefault(values, {})[name] = each.form
        for found in forms.values():
            if len(set(found.values())) > 1:
                self.pairs[frozenset(at.path + name for name in found)] = entry
                self.add(at.path + min(found, key=lambda name: name.strip("/")), "conflicting-entries")

    def choices(self, at: At, name: str) -> list[str]:
        """The values of a placeholder that are all required."""
        if name in at.values:
            return [at.values[name]]
        return self.values(name) or list(self.required_names(name, at, at.values).values())

    def agrees(self, governed: Governed, values: Values) -> bool:
        named = {part.name: part for part in governed.form if isinstance(part, Hole)}
        both = governed.values.keys() & values.keys()
        return all(self.means(named.get(x) or Hole(x), governed.values[x], values[x]) for x in both)

    def meant(self, at: At, missing: str, unlisted: list[str]) -> list[str]:
        """The unlisted name or dangling link that was probably meant by a missing name, if any."""
        others = [name for name in unlisted if name != missing or at.path + name in self.paths.broken]
        found = [name for name in others if near_twins(name, missing)]
        if len(found) > 1:
            raise Undetermined("which of several near twins was meant")
        return found

    def meant_by_any(self, at: At, names: list[str], unlisted: list[str], is_name: bool) -> list[str]:
        """The unlisted name that was probably meant by one of several alternatives."""
        plain = [name for name in names if "<" not in name and "*" not in name]
        found = {twin for name in plain for twin in self.meant(at, name, unlisted)}
        for name in [name for name in names if "*" in name and "<" not in name]:
            form = re.escape(name).replace(r"\*", ".*")
            found |= {each for each in unlisted if re.fullmatch(form, each, re.IGNORECASE)}
        if len(found) > 1 or (found and not is_name and not plain and len(unlisted) > 1):
            raise Undetermined("which of several near twins was meant")
        return list(found)

    def rendered(self, parts: Form, values: Values, as_is: bool = False) -> str:
        """A name with the known values in the case of its place, and the other placeholders unchanged."""
        text = ""
        for part in parts:
            if isinstance(part, str) or part.name not in values:
                text += str(part)
            else:
                case = None if as_is or self.values(part.name) else self.naming(part.name, "case")
                text += spelled(values[part.name], part.case or case)
        return text


def requires(entry: Entry) -> bool:
    """Whether anything is required or recommended in a directory of an entry."""
    present = [child for child in entry.children.values() if not (child.absent or child.is_every)]
    return any(child.wanted != "optional" or requires(child) for child in present)


def accepts(ignore: Mapping[str, Any], path: str, rule: str) -> bool:
    """Whether an `ignore` matches a finding."""
    pattern = ignore["path"]
    is_there = pattern in ("/", "*", "*/") if path == "./" else top([pattern], path) is not None
    return ignore["rule"] == rule and is_there
