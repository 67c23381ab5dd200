"""Keeps a learned layout short enough to read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from structlint.matching.survey import Survey
from structlint.suggest.draft import PLACEHOLDER, LearnedEntry, family_in
from structlint.suggest.thresholds import DEEPEST_IN_FAMILY, DEEPEST_LEARNED, ENOUGH, FAMILY, MOST_IN_ROOT


def collapses(node: LearnedEntry) -> bool:
    """Whether a directory and the only entry in it are written as one path."""
    if len(node.children) != 1 or node.unlisted or node.noun or node.key == "/":
        return False
    child = next(iter(node.children.values()))
    plain = not child.noun or not child.directory
    return (
        plain
        and child.optional == node.optional
        and child.key != "*/"
        and " | " not in child.key
        and not (node.remark() or child.remark())
    )


def drop_lawless(node: LearnedEntry) -> None:
    """Keeps only the entries in a directory that lead to a law; any other directory stays allowed."""
    kept = {key_: child for key_, child in node.children.items() if any(below.law for below in child.walk())}
    family = family_in(node)
    for key_, child in node.children.items():
        if family and child.directory and key_ not in kept:  # a name here is not a member
            kept[key_] = child
            child.children.clear()
    dropped = any(child.directory for key_, child in node.children.items() if key_ not in kept)
    if dropped and any(left.directory for left in kept.values()):
        kept["*/"] = LearnedEntry("*/", optional=True)
    node.children = kept


def recognize_members(root: LearnedEntry, survey: Survey) -> None:
    """Limits families with several required files to directories that contain one of them.

    So a directory of another kind is one finding, not one for each file that it lacks. This does not apply
    where any directory is allowed, and to names that recur elsewhere.
    """
    used = Counter(noun for node in root.walk() for noun in set(PLACEHOLDER.findall(node.key)))
    for above in list(root.walk()):
        known = survey.entry_of(above.held[0].directory.path) if above.held and above is not root else None
        if "*/" in above.children or (known and known.unlisted == "allow"):
            continue
        for family in above.children.values():
            within = sum(family.noun in PLACEHOLDER.findall(node.key) for node in family.walk())
            if family.noun and family.in_family and not family.condition and used[family.noun] == within:
                family.condition = _condition_of(family)


def _condition_of(family: LearnedEntry) -> str:
    """The required files of which each member has one; "" if they are too few."""
    keys = [
        child.key
        for child in family.children.values()
        if not (child.directory or child.optional or child.recommended or re.search(r"[|*<\\]", child.key))
    ]
    is_known = all(set(held.directory.files).intersection(keys) for held in family.held)
    return " | ".join(keys) if len(keys) >= FAMILY and is_known else ""


def make_optional(node: LearnedEntry) -> None:
    """Makes single directories optional: a directory that is removed or renamed is rarely a mistake."""
    if node.directory and node.held and not node.in_family:
        node.optional = True
        for child in node.children.values():
            make_optional(child)


def drop_idle(node: LearnedEntry) -> None:
    """Removes optional directories without contents below a node where any directory is allowed.

    Beside a family, such an entry means that the directory is not one of its members.
    """
    for child in node.children.values():
        drop_idle(child)
    if node.key == "/" or "*/" not in node.children or family_in(node):
        return
    node.children = {key: child for key, child in node.children.items() if key == "*/" or not _is_idle(child)}
    if len(node.children) == 1:
        node.children.clear()


def open_as_a_whole(root: LearnedEntry, survey: Survey) -> None:
    """Opens a directory in the root as a whole, instead of several directories in it one by one."""
    for node in root.children.values():
        is_single = node.directory and node.held and not (node.noun or node.condition)
        if not is_single or not all(map(_is_open, node.walk())):
            continue
        known = survey.entry_of(node.held[0].directory.path)
        level = known.unlisted if known else None
        opened = [below for below in node.walk() if "*/" in below.children]
        if any(_is_closed_by(survey, below) for below in opened[1:]):
            continue
        if level in (None, "allow") and len(opened) > (level is None):
            node.unlisted = "" if level else "allow"
            for below in node.walk():
                below.children.pop("*/", None)


def _is_closed_by(survey: Survey, node: LearnedEntry) -> bool:
    """Whether the extended layout lists the contents of a directory."""
    entries = [survey.entry_of(held.directory.path) for held in node.held]
    return any(entry is not None and entry.closed for entry in entries)


def _is_open(node: LearnedEntry) -> bool:
    """Whether an entry allows any directory in its own, or lists none."""
    keys = [key for key in node.children if key.endswith("/") and key != "**/"]
    return not node.unlisted and (not keys or any(key == "*/" or key.endswith("**>/") for key in keys))


def _is_idle(node: LearnedEntry) -> bool:
    """Whether an entry only lists a directory."""
    settings = node.condition or node.holds or node.needs or node.without or node.unlisted
    is_plain = not (node.children or settings or node.forbidden or node.law or node.late)
    return node.directory and node.optional and is_plain and not PLACEHOLDER.search(node.key)


def _lines(node: LearnedEntry) -> int:
    inside = sum(map(_lines, node.children.values()))
    return inside + (not collapses(node)) + bool(node.unlisted) + bool(node.remark())


def prune(root: LearnedEntry, most: int) -> None:
    """Removes the contents of directories, deepest first, until the layout is short enough. Laws are kept."""
    for least in (FAMILY, ENOUGH, 2 * ENOUGH, 4 * ENOUGH, 1_000_000):
        for depth in range(DEEPEST_LEARNED + DEEPEST_IN_FAMILY, 1 if least == FAMILY else 2, -1):
            if _lines(root) <= most:
                return
            _cut(root, 0, depth, least)


def _cut(node: LearnedEntry, level: int, depth: int, least: int) -> None:
    """Removes the contents `depth` levels down, unless there is a law that at least `least` places follow."""
    for child in node.children.values():
        _cut(child, level + 1, depth, least)
    if level >= depth and not any(below.law and below.of >= least for below in node.walk()):
        node.children.clear()
        node.unlisted = ""


def only_laws(node: LearnedEntry, depth: int, strays: Collection[str] = ()) -> bool:
    """Keeps only the entries in a node that lead to a law within `depth` levels; False if there are none.

    Other directories stay allowed, except `strays`.
    """
    if node.law or not depth:
        return node.law and node.of >= (FAMILY if node.directory else ENOUGH)
    family = family_in(node)
    led = {}
    for key_, child in node.children.items():
        if only_laws(child, depth - 1, strays):
            led[key_] = child
        elif family and child.directory:  # a name here is not a member
            led[key_] = child
            child.children.clear()
    if not any(below.law for child in led.values() for below in child.walk()):
        led = {}
    elif any(child.law and not child.directory for child in led.values()):
        led |= {key_: child for key_, child in node.children.items() if not child.directory}
    if led and _leaves_out(node, led, strays):
        led["*/"] = LearnedEntry("*/", optional=True)
    node.children = led
    return bool(led)


def _leaves_out(node: LearnedEntry, led: dict[str, LearnedEntry], strays: Collection[str]) -> bool:
    """Whether a directory has subdirectories that are not listed."""
    listed = {*strays, *(held.directory.path for child in led.values() for held in child.held)}
    return any(
        subdirectory.path not in listed for subdirectory in node.held[0].directory.directories.values()
    )


def group_files(root: LearnedEntry) -> None:
    """Replaces many optional files of one kind in the root by one pattern."""
    kinds: dict[str, list[str]] = {}
    for key_, node in root.children.items():
        if node.optional and not key_.startswith((".", "\\")) and "." in key_:
            kinds.setdefault(key_[key_.rfind(".") :], []).append(key_)
    for extension, keys in kinds.items():
        if len(keys) >= ENOUGH:
            for replaced in keys:
                del root.children[replaced]
            root.add(LearnedEntry(f"*{extension}", optional=True))
    if len(root.children) > MOST_IN_ROOT:
        root.children = {key_: node for key_, node in root.children.items() if not node.optional}
        root.add(LearnedEntry("*", optional=True))
