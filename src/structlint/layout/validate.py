"""Finds contradictions in a merged layout: requirements that nothing can satisfy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from math import prod

from structlint.errors import Problem
from structlint.finding import Place
from structlint.layout.entry import (
    Entry,
    Level,
    Unlisted,
    covers,
    entries,
    is_whole_number,
    placeholders,
    share,
)
from structlint.layout.keys import KeyPath, Name, Slot, Star
from structlint.layout.model import Layout
from structlint.layout.placeholders import PlaceholderScopes
from structlint.text.cases import fits
from structlint.text.enumerations import either
from structlint.text.quoting import short_name
from structlint.text.suggestions import nearest

_MOST_COMPARED = 100_000
_MOST_NAMES = 10_000  # that one entry may have


def contradictions(layout: Layout) -> list[Problem]:
    """Every contradiction in a layout, in the order of its lines."""
    problems = [*_unused_names(layout), *_values(layout)]
    ties, bounded = layout.ties, False
    for above, entry in [((), layout.root), *entries(layout.root)]:
        bounded = bounded or bool(entry.bounds)
        problems += _needs(above, entry)
        problems += _paths(above, entry, layout)
        problems += _without(above, entry)
        problems += _conditions(above, entry)
        problems += _unlisted(entry)
        problems += _never_matching(above, entry, layout, ties)
        problems += _twofold(entry)
        problems += _too_many(entry, layout)
        problems += _endless(entry)
        problems += _defined_everywhere(above, entry, layout)
        problems += _inert(above, entry, layout)
    problems += _ports(layout)
    problems += _imports(layout)
    return sorted({*problems, *_limits(layout, bounded=bounded), *_impossible(layout)})


def _limits(layout: Layout, *, bounded: bool) -> Iterable[Problem]:
    """The contradictions between limits and entries; none if no limit is low enough to contradict any.

    `bounded` is whether an entry limits the number of files or directories.
    """
    in_root, others = layout.limits.get("root-files"), layout.limits.keys() - {"root-files"}
    required = sum(child.wanted for child in layout.root.children.values())
    if not (bounded or others) and (in_root is None or required <= in_root.number):
        return ()
    from structlint.layout.bounds import contradicted_limits

    return contradicted_limits(layout)


def _impossible(layout: Layout) -> Iterable[Problem]:
    """The entries that a layout both requires and forbids; without anything forbidden, there are none."""
    lists = (layout.forbid, layout.exclude, layout.local, layout.belongs)
    if not any(patterns.items for patterns in lists) and not any(
        entry.forbidden for _, entry in entries(layout.root)
    ):
        return ()
    from structlint.layout.impossible import impossible

    return impossible(layout)


def _at(place: Place, message: str) -> Problem:
    return Problem(place.file, place.line, place.column, message)


def _named(entry: Entry) -> str:
    return _shown(entry.key) if entry.key.members else "the root"


def _shown(what: object) -> str:
    return short_name(str(what))


def _unused_names(layout: Layout) -> Iterator[Problem]:
    if not layout.names:
        return
    used = set(placeholders(layout.root))
    used |= set(layout.port_ranges)
    unused = [
        name for name, naming in layout.names.items() if name not in used and naming.place.file == layout.name
    ]
    likely = _few(used, unused)
    for name in unused:
        meant = nearest(name, likely)
        hint = f"did you mean `{meant}`?" if meant else "use it in `tree`, or remove it"
        yield _at(
            layout.names[name].place, f"`{name}` is not used: no entry of `tree` contains `<{name}>`; {hint}"
        )


def _ports(layout: Layout) -> Iterator[Problem]:
    """Finds port ranges for placeholders that are not in the tree."""
    if not layout.port_ranges:
        return
    known = set(placeholders(layout.root))
    unknown = {name: assigned for name, assigned in layout.port_ranges.items() if name not in known}
    likely = _few(known, unknown)
    for name, assigned in unknown.items():
        meant = nearest(name, likely)
        hint = f"did you mean `<{meant}>`?" if meant else "use it there, or remove the range"
        yield _at(assigned.place, f"no entry of `tree` contains {_shown(f'<{name}>')}; {hint}")


def _imports(layout: Layout) -> Iterator[Problem]:
    """Finds placeholders in `imports` that are not in the tree."""
    if layout.imports is None:
        return
    sides = [side for side in (*layout.imports.sides, *layout.imports.roots) if side.placeholders]
    known = set(placeholders(layout.root))
    unknown = {name: side.place for side in sides for name in side.placeholders if name not in known}
    likely = _few(known, unknown)
    for name, place in unknown.items():
        meant = nearest(name, likely)
        hint = f"did you mean `<{meant}>`?" if meant else "use it there, or write `*` here"
        yield _at(place, f"no entry of `tree` contains {_shown(f'<{name}>')}; {hint}")


def _few(known: Collection[str], wrong: Collection[str]) -> list[str]:
    """The names to compare with wrong ones; none if there are too many."""
    return sorted(known) if len(known) * len(wrong) <= _MOST_COMPARED else []


def _values(layout: Layout) -> Iterator[Problem]:
    for name, naming in layout.names.items():
        if naming.values and (naming.min or naming.max is not None):
            yield _at(naming.place, f"`{name}` has both a list of values and a `count`; remove `count`")
        for value in naming.values:
            if naming.cases and not any(fits(value, case) for case in naming.cases):
                cases = either(naming.cases)
                yield _at(naming.place, f"`{name}`: the value {_shown(value)} is not {cases}")
            elif naming.pattern and not naming.pattern.fullmatch(value):
                yield _at(naming.place, f"`{name}`: the value {_shown(value)} does not match the pattern")
            elif naming.consecutive and not is_whole_number(value):
                yield _at(naming.place, f"`{name}`: the value {_shown(value)} is not a whole number")


def _needs(above: tuple[Entry, ...], entry: Entry) -> Iterator[Problem]:
    if not (entry.needs or entry.without):
        return
    bound = {name for step in (*above, entry) for name in step.key.placeholders}
    for need in (*entry.needs, *entry.without):
        for name in {name for key in need.path.steps for name in key.placeholders} - bound:
            yield _at(need.place, f"`<{name}>` has no value here: {_named(entry)} is not below a `<{name}>`")


def _paths(above: tuple[Entry, ...], entry: Entry, layout: Layout) -> Iterator[Problem]:
    """Finds placeholders for paths that always match the same directories."""
    placeholder = entry.key.path_placeholder
    outer = next((each for each in above if each.key.any_depth), None) if entry.key.any_depth else None
    if outer and (placeholder or outer.key.path_placeholder):
        yield _at(entry.place, f"{_shown(entry.key)} is below {_shown(outer.key)}; one is enough in a path")
    siblings = [child for child in entry.children.values() if child.key.path_placeholder]
    for sibling in [sibling for sibling in siblings[1:] if share(sibling.layers, siblings[0].layers)]:
        both = f"{_shown(sibling.key)} and {_shown(siblings[0].key)}"
        yield _at(sibling.place, f"{both} match the same directories; keep one of them")
    if placeholder and placeholder in layout.names:
        place = layout.names[placeholder].place
        yield _at(place, f"`{placeholder}` matches a path ({entry.place}); remove it from `names`")


def _without(above: tuple[Entry, ...], entry: Entry) -> Iterator[Problem]:
    """Finds required paths that the `without` of another required entry excludes."""
    siblings = above[-1].children if above and entry.required else {}
    for need in entry.without:
        other = siblings.get(need.path.steps[0]) if len(need.path.steps) == 1 and not need.from_root else None
        if other and other.required and other is not entry:
            where = f"{_shown(entry.key)} and {_shown(other.key)}"
            yield _at(need.place, f"{where} are both required ({other.place}); make one of them optional")


def _conditions(above: tuple[Entry, ...], entry: Entry) -> Iterator[Problem]:
    """Finds placeholders without a value in `if` and `holds`, and each `if` that a required path meets."""
    if not (entry.condition or entry.holds):
        return
    bound = {name for step in (*above, entry) for name in step.key.placeholders}
    for contents in filter(None, (entry.condition, *entry.holds)):
        for name in sorted(contents.placeholders - bound):
            yield _at(
                contents.place, f"`<{name}>` has no value here: {_named(entry)} is not below a `<{name}>`"
            )
    condition = entry.condition
    if condition is None:
        return
    child = _required_child(entry, condition.paths[0])
    if child and all(_required_child(entry, path) is child for path in condition.paths):
        yield _at(
            child.place,
            f"{_shown(child.key)} can never be missing, as {_named(entry)} is a directory that contains it "
            f"({condition.place}); make it optional with `?`",
        )


def _required_child(entry: Entry, path: KeyPath) -> Entry | None:
    """The required entry below another that a path in it always satisfies."""
    for step in path.steps:
        named = [child for child in entry.children.values() if child.key.directory == step.directory]
        child = next(
            (candidate for candidate in named if set(step.members) <= set(candidate.key.members)), None
        )
        if child is None or not child.required or child.key.exclusive or child.condition:
            return None
        entry = child
    return None if entry.key.everywhere else entry


def _unlisted(entry: Entry) -> Iterator[Problem]:
    if entry.unlisted in ("allow-files", "forbid") and not entry.closed:
        yield _at(
            entry.place,
            f"`unlisted` has no effect: {_named(entry)} lists no entries, so nothing in it is unlisted",
        )


def _never_matching(
    above: tuple[Entry, ...], entry: Entry, layout: Layout, ties: PlaceholderScopes
) -> Iterator[Problem]:
    """Finds entries that never match, because an earlier sibling matches all of their possible names."""
    wild = [c for c in entry.children.values() if c.key.exact is None and not c.key.any_depth]
    wild.sort(key=lambda child: child.condition is None)  # the order in which they are tried
    if len(wild) < 2:
        return
    bound = {name for step in (*above, entry) for name in step.key.placeholders}
    taking: dict[tuple[str | None, ...], list[Entry]] = {}
    for child in wild:
        alike = taking.get(_form(child.key.members[0]), ())
        if first := next((sibling for sibling in alike if _takes_all(sibling, child)), None):
            taken = f"{_shown(first.key)} ({first.place}) matches the same names first"
            yield _at(child.place, f"{_shown(child.key)} can never match: {taken}")
        members = tuple(member for member in child.key.members if _is_free(member, bound, layout))
        if members and not (child.forbidden or child.condition) and child.id not in ties.tied:
            taker = child._replace(key=child.key._replace(members=members))
            for form in dict.fromkeys(map(_form, members)):
                taking.setdefault(form, []).append(taker)


def _form(name: Name) -> tuple[str | None, ...]:
    """The literal parts of a name, with None for each wildcard."""
    return tuple(part if isinstance(part, str) else None for part in name.parts)


def _is_free(name: Name, bound: set[str], layout: Layout) -> bool:
    """Whether all names of this form match, because no placeholder is restricted."""
    placeholders = [slot.placeholder for slot in name.slots]
    namings = [layout.names[placeholder] for placeholder in placeholders if placeholder in layout.names]
    limited = any(naming.values or naming.pattern for naming in namings)
    return not limited and bound.isdisjoint(placeholders) and len(set(placeholders)) == len(placeholders)


def _takes_all(first: Entry, second: Entry) -> bool:
    """Whether one key matches every possible name of another one."""
    one, other = first.key, second.key
    if one.directory != other.directory or not covers(first.layers, second.layers):
        return False
    return all(any(_covers(a, b) for a in one.members) for b in other.members)


def _covers(one: Name, other: Name) -> bool:
    """Whether two names have the same form. A star also matches empty and hidden names."""
    return len(one.parts) == len(other.parts) and all(
        a == b if isinstance(a, str) or isinstance(b, str) else isinstance(a, Star) or isinstance(b, Slot)
        for a, b in zip(one.parts, other.parts, strict=True)
    )


def _twofold(entry: Entry) -> Iterator[Problem]:
    """Finds files and directories of the same name that are both required."""
    required = {c.key.exact: c for c in entry.children.values() if c.key.directory and c.required}
    for child in entry.children.values():
        other = required.get(child.key.exact)
        if child.key.exact and not child.key.directory and child.required and other:
            yield _at(
                child.place, f"{_shown(child.key)} cannot be a file and a directory (see {other.place})"
            )


def _too_many(entry: Entry, layout: Layout) -> Iterator[Problem]:
    """Finds entries whose lists of values have too many combinations."""
    if not entry.key.placeholders:
        return
    lists = [layout.names[name].values for name in entry.key.placeholders if name in layout.names]
    number = prod(len(values) for values in lists if values)
    if number > _MOST_NAMES:
        problem = f"{_shown(entry.key)} expands to {number:,} names, one for each combination of values"
        yield _at(entry.place, f"{problem}; at most {_MOST_NAMES:,} are allowed")


def _endless(entry: Entry) -> Iterator[Problem]:
    if not entry.key.any_depth or entry.condition:
        return
    for contents in entry.holds:
        if any(_is_a_file_in_it(path) for path in contents.paths):
            continue
        yield _at(
            contents.place,
            f"{_shown(contents)} would be required in every directory, including itself, without end; "
            "choose the directories with `if`",
        )
    for child in entry.children.values():
        for need in child.needs if child.wanted else ():
            if not need.from_root and (len(need.path.steps) > 1 or need.path.steps[0].directory):
                yield _at(
                    need.place,
                    f"{_shown(need.path)} would be required in every directory, including itself, "
                    "without end; "
                    f"make {_shown(child.key)} optional with `?`, or write a path from the root",
                )
        if child.key.directory and child.wanted and not child.key.any_depth:
            yield _at(
                child.place,
                f"{_shown(child.key)} would be required in every directory, including itself, without end; "
                "make it optional with `?`, or list the directories that need it",
            )


def _is_a_file_in_it(path: KeyPath) -> bool:
    return not path.steps[-1].directory and all(step.everywhere for step in path.steps[:-1])


def _inert(above: tuple[Entry, ...], entry: Entry, layout: Layout) -> Iterator[Problem]:
    """Finds patterns below `**/` without effect, because all names are allowed if no directory is closed."""
    if not entry.key.everywhere or entry.unlisted in ("allow-files", "forbid"):
        return
    policies = set(_closed_below(above))
    for child in entry.children.values():
        reporting = {"forbid", "allow-files"} if child.key.directory else {"forbid"}
        if policies.isdisjoint(reporting) and _only_allows(child, layout):
            remedy = "close these directories with `.: {unlisted: forbid}` under `**/`"
            yield _at(
                child.place,
                f"{_shown(child.key)} cannot report anything: no directory below is closed; {remedy}",
            )


def _only_allows(entry: Entry, layout: Layout) -> bool:
    """Whether an entry only allows names of a form: a list or a pattern, but not a case."""
    more = (entry.children, entry.needs, entry.without, entry.bounds, entry.condition, entry.holds)
    if entry.level is not Level.OPTIONAL or any(more) or entry.id in layout.ties.tied:
        return False
    for member in entry.key.members:
        known = [slot for slot in member.slots if slot.placeholder in layout.names]
        namings = [layout.names[slot.placeholder] for slot in known]
        if any(slot.case for slot in member.slots) or any(
            naming.case or naming.counted for naming in namings
        ):
            return False
        if not any(naming.pattern or naming.values for naming in namings):
            return False
    return True


def _closed_below(above: tuple[Entry, ...]) -> Iterator[Unlisted]:
    """The policies of the closed directories below the last of some entries."""
    policy = next((ancestor.unlisted for ancestor in reversed(above) if ancestor.unlisted), None)
    waiting: list[tuple[Entry, Unlisted | None]] = [(child, policy) for child in above[-1].children.values()]
    while waiting:
        entry, policy = waiting.pop()
        policy = entry.unlisted or policy
        if entry.closed and (not entry.key.everywhere or entry.unlisted):
            yield policy or "allow-files"
        waiting += [(child, policy) for child in entry.children.values()]


def _defined_everywhere(above: tuple[Entry, ...], entry: Entry, layout: Layout) -> Iterator[Problem]:
    """Finds placeholders that a `**/` defines and that are tied outside it, without their directory."""
    ties = layout.ties
    inside = next((number for number, step in enumerate(above) if step.key.everywhere), None)
    for name in ties.defines.get(entry.id, ()) if inside is not None else ():
        outer = above[:inside]
        if entry.condition is None and any(name in ties.scopes.get(ancestor.id, ()) for ancestor in outer):
            tied = [way for way, entry in entries(layout.root) if name in ties.tied.get(entry.id, ())]
            is_mirror = all(any(step.key.everywhere for step in way) for way in tied)
            remedy = "write `<dir**>/` instead of `**/` in both places"
            if not is_mirror:
                remedy = f"write the entry outside it first, or {remedy}"
            yield _at(
                entry.place, f"`<{name}>` is defined below `**/` and tied to a place outside it; {remedy}"
            )
