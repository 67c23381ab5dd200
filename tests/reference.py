"""A second, slow and small implementation of the layout language, written from `docs/language.md` alone.

`findings` takes parsed layouts and the paths of a tree, and returns the findings that `check` must report. It
shares no code with structlint, so a bug in one of them causes a difference: see `test_reference.py`. It does
not read drawn trees or ports. The layout must be valid.

`reference_layout.py` reads layouts, and `reference_tree.py` reads trees. `reference_names.py` finds the entry
for a name, `reference_required.py` finds missing paths, and `reference_counted.py` counts.
`reference_settled.py` decides which findings are reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from reference_counted import Counted
from reference_layout import CASES, Hole, above, combined, holes, ignores, top
from reference_names import At, Governed, Undetermined
from reference_required import Found, Pairs, accepts
from reference_settled import missing_in_forbidden, nested_forbidden, select_reported, similar_in_forbidden
from reference_tree import LAYOUT

UNLISTED = ("allow", "allow-files", "forbid")  # from the most permissive to the strictest


class Reading(Counted):
    """A layout, a tree, and the findings so far."""

    def visit(self, path: str, main: At | None, sides: list[At], everys: list[At], inherited: str) -> None:
        """Checks a directory. `main` lists it; the `sides` and the `**/` of `everys` also apply."""
        lists = [main, *sides] if main else sides
        lists = lists + [self.begun(view, entry) for view in lists for entry in view.entry.spreading]
        allowing = everys if self.is_linked else []  # in links, a `**/` only allows names
        everywhere = [] if self.is_linked else everys
        applying = [every for every in everywhere if self.is_member(every.entry, path, every.values)]
        views = [*lists, *(every._replace(path=path) for every in applying)]
        own = self.own_unlisted([each for each in lists if each is main or not each.is_besides], inherited)
        self.owns_unlisted[path] = own
        unlisted = own or inherited or "forbid"
        self.owned[path] = exact = {text for view in lists for text in view.entry.exact}
        names: dict[str, Pairs] = {}
        for name in sorted(self.inside[path]):
            found = [(view, each) for view in views if (each := self.governor(view, name))]
            found += [(view, each) for view in lists if (each := self.spread_to(view, name))]
            names[name] = list(self.decided(found, views, name in exact))
        twins = set(self.missing(views, names))
        self.count(path, main, views, names)
        for view in views:
            everys = everys + [At(path, block, view.values, view) for block in view.entry.blocks]
        below = next(
            (
                block.settings["unlisted"]
                for view in views
                for block in view.entry.blocks
                if "unlisted" in block.settings and not self.is_linked
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
            is_stray = is_stray and not any(self.allows(every, path, name) for every in allowing)
            is_reported = is_stray and not self.is_never_stray(path + name)
            if is_reported and name in twins:
                rule = "stray-directory" if name.endswith("/") else "stray-file"
                severity = self.severity(rule, path=path + name)
                self.twins |= {(path + name, rule, severity)} if severity != "off" else set()
                is_reported = False
            self.judge(path + name, [each for _, each in governed], is_reported)
            if name.endswith("/"):
                is_link = path + name in self.paths.linked
                listed = [each for each in listed if not (is_link and each[1].entry.path_hole)]
                ways = [At(path + name, g.entry, g.values, view) for view, g in listed if not g.orphan]
                first = next((each for each in ways if each.outer is main), ways[0] if ways else None)
                rest = [each for each in ways if each is not first]
                outer = [] if is_stray or self.is_linked else everys
                if outer and any(each.orphan for _, each in governed) and self.is_emptied(path + name):
                    raise Undetermined("whether a `**/` applies to an orphan of which every file is excluded")
                if path + name in self.paths.opaque:
                    self.closed(path + name, [*ways, *outer])
                elif is_link:
                    self.through(path + name, first, rest, everys)
                else:
                    self.visit(path + name, first, rest, [] if is_stray else everys, below)

    def own_unlisted(self, views: list[At], inherited: str) -> str | None:
        """The `unlisted` of a directory; the strictest value if several entries list names in it."""
        listing = [each for each in views if each.entry.closes] or views
        if not any("unlisted" in each.entry.settings for each in listing):
            return None
        every = []
        for each in listing:
            outer = (
                each.outer if each.outer and each.outer.path == each.path else each
            )  # the entry of a `<dir**>/`
            own = each.entry.settings.get("unlisted") or outer.entry.settings.get("unlisted")
            every.append(own or inherited or "allow-files")
        return max(every, key=UNLISTED.index)

    def allows(self, every: At, path: str, name: str) -> bool:
        """Whether a `**/` lists a name in a directory and does not forbid it."""
        listing = self.candidates(every._replace(path=path), name)
        return bool(listing) and not listing[0].entry.absent

    def through(self, path: str, first: At | None, rest: list[At], everys: list[At]) -> None:
        """Adds missing, forbidden and unlisted paths in the target of a link.

        `**/` and its `unlisted` do not apply there, except that names listed by the `everys` are allowed.
        """
        around = [own for each in ["", *above(path)] if (own := self.owns_unlisted.get(each))]
        inner = copy(self)
        inner.found, inner.is_linked = set(), True
        inner.visit(path, first, rest, everys, around[-1] if around else "allow-files")
        kept = ("stray-file", "stray-directory", "forbidden-path", "missing-file", "missing-directory")
        self.found |= {each for each in inner.found if each[1] in kept}

    def closed(self, path: str, views: list[At]) -> None:
        """Applies the parts of the layout that also apply in a nested project."""
        inside = {each for each in self.paths.all_submodules if each.startswith(path)}
        for file in self.paths.nested[path] | inside if path in self.paths.nested else ():
            for each in above(file)[path.count("/") :]:
                if ignores(self.layout["forbid"], each):
                    self.add(each, "forbidden-path")
        forbidden = {
            text for view in views for child in view.entry.listed if child.absent for text in child.texts
        }
        if path in self.paths.nested and LAYOUT in forbidden:
            self.add(path + LAYOUT, "forbidden-path")

    def begins_an_if(self, view: At, name: str) -> bool:
        """Whether a path in the `if` of a directory begins with this name."""
        for text in (view.entry.settings.get("if") or "").split(" | "):
            first = re.findall("[^/]+/?", text)[:1]
            known = "".join(first) if first != ["**/"] else ""
            known = re.sub(r"<([\w-]+)>", lambda found: view.values.get(found[1], found[0]), known)
            if known and re.fullmatch(re.escape(known).replace(r"\*", "[^/]*"), name):
                return True
        return False

    def decided(self, found: Pairs, views: list[At], is_exact: bool) -> Iterator[tuple[At, Governed]]:
        """The entries for a name, without a `**/` that the directory or a nearer one overrides."""
        listed = [pair for pair in found if not pair[0].entry.is_every]
        everys = [pair for pair in found if pair[0].entry.is_every]
        deciding = [each for _, each in listed if self.decides_spelling(each)]
        is_spelled = any(not each.orphan for each in deciding)
        is_open = bool(deciding) and not is_spelled
        kept: Pairs = []
        for view, each in reversed(everys):
            nearer = views[views.index(view) + 1 :]
            is_shut = any(each.entry.closes for each in nearer)
            is_allowed = each.entry.wanted == "optional" and not each.entry.absent
            if is_exact or (is_shut and is_allowed and not [*listed, *kept]):
                if any(each.entry in self.definers(x) for x in holes([each.form]) if x in self.places):
                    self.ask_whether_it_defines(holes([each.form]))
                continue
            kept.insert(0, (view, each._replace(respelled=is_spelled, spelled_by_orphan=is_open)))
        yield from [*listed, *kept]

    def ask_whether_it_defines(self, names: list[str]) -> None:
        """Raises `Undetermined` if a tied name is no longer allowed in its directory."""
        if any(len(self.places.get(name, ())) > 1 for name in names):
            raise Undetermined("whether a name defines others that a `**/` no longer allows")

    def decides_spelling(self, governed: Governed) -> bool:
        named = [part for part in governed.form if isinstance(part, Hole) and part.name]
        deciding = ("case", "values", "pattern")
        return any(part.case or any(self.naming(part.name, each) for each in deciding) for part in named)

    def judge(self, path: str, governed: list[Governed], is_stray: bool) -> None:
        """Reports all problems of a path; `select_reported` selects the ones to report."""
        limits = self.layout["limits"]
        if path.endswith("/") and path.count("/") == limits.get("depth", -2) + 1:
            if self.is_emptied(path):
                raise Undetermined("whether a directory is too deep of which every file is excluded")
            self.add(path, "too-deep")
        file = path.rstrip("/") if path in self.paths.linked else path
        if not file.endswith("/") and len(file) > limits.get("path-length", len(file)):
            self.add(file, "long-path")
        if path in self.paths.linked and any(ignores(self.layout["belongs"], each) for each in above(file)):
            raise Undetermined("whether a link to a directory is one of the files that belong elsewhere")
        is_forbidden = (path == file and not self.is_linked) or path in self.paths.linked
        if is_forbidden and ignores(self.layout["forbid"], file):
            self.add(file, "forbidden-path")
        elif any(each.entry.absent for each in governed):
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
        """Whether a path is the layout, or a local file that is not in git. Without git, this is unknown."""
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
        if governed.respelled or governed.entry.absent:
            return False
        for part in governed.form:
            if isinstance(part, Hole) and part.name:
                cases = part.case or self.naming(part.name, "case") or []
                value = governed.values[part.name]
                stem = value if governed.entry.key[1] else value.partition(".")[0]
                every = [cases] if isinstance(cases, str) else cases
                if every and not any(re.fullmatch(CASES[case], stem) for case in every):
                    if governed.spelled_by_orphan:
                        raise Undetermined("whether an orphan decides how a name is spelled")
                    return True
        return False


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
    """The findings: paths, rules and severities.

    `layouts` are parsed layouts, the most general first. `empty` are directories on disk without files,
    ending in "/". `untracked` are the untracked files, or `None` without git. `gitignore` are the lines of
    the `.gitignore` in the root. `links` are the targets of the symbolic links among the files. `submodules`
    are directories that are not read. `contents` are the parsed contents of JSON files. Raises `Undetermined`
    if the page does not define the result.
    """
    layout = combined(layouts)
    in_git = None if untracked is None else frozenset(untracked)
    files = frozenset(files)
    reading = Reading(layout, files, frozenset(empty), in_git, today, links, frozenset(submodules), contents)
    reading.visit("", At("", layout["tree"], {}, None), [], [], "")
    reading.rejected_far()
    reading.refer()
    if in_git is not None:
        reading.stays_local(gitignore)
    held_in = {
        path
        for path, directories in reading.held_in.items()
        if not all(directory and reading.is_forbidden(directory) for directory in directories)
    }
    reading.found -= nested_forbidden(reading.found) | missing_in_forbidden(
        reading.found, reading.forbidden, held_in
    )
    reading.found |= similar_in_forbidden(reading.twins, reading.forbidden)
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
    return select_reported(reading.found - accepted, held_in)
