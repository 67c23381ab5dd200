"""Decides whether the first line of a tree is the repository, by its contents and the headings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from structlint.markdown import words
from structlint.markdown.drawn_paths import paths_of
from structlint.markdown.drawn_tree import Drawing
from structlint.markdown.known_names import COMMON, MANIFEST
from structlint.markdown.named_places import heading_path, unit_in
from structlint.markdown.outline import is_plain, steps_of
from structlint.markdown.tree_lines import DrawnEntry
from structlint.text.cases import stem

OF_A_ROOT = re.compile(
    r"README|LICEN[SC]E|\.git|\.github/|(docker-)?compose|pnpm-workspace|turbo\.json|nx\.json"
)
NAMED_ROOT = re.compile(r"\b(?:root|top[ -]level)\b", re.IGNORECASE)
OF_ALL = re.compile(words.WHOLE, re.IGNORECASE)
OF_USER = re.compile(r"(?:my|your)[-_.]?(?=[a-z])[\w.-]+/", re.IGNORECASE)
# Names beside the sources in the root of a repository, or of a project in it.
_BESIDE_SOURCES = re.compile(
    rf"(?:src|source|docs?|tests?|scripts)/|\.\w|Makefile|Dockerfile|{MANIFEST.pattern}"
)
_LONG_TITLE = 200
_OF_SOURCES = re.compile(r"(?:src|app|lib|source|sources|internal|components|pages)/")
_NOT_IN_NAMES = re.compile(r"[\s()\[\]（）【】「」《》:：,，、|·]+")  # noqa: RUF001
_SCRIPTS = re.compile(
    r"(?<=[\u3040-\u9fff\uac00-\ud7af])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u3040-\u9fff\uac00-\ud7af])"
)
_PACKAGE_MARK = re.compile(r"__init__\.py|__main__\.py|mod\.rs")
_MODULE = re.compile(r"[\w-]+\.(?:py|js|ts|tsx|jsx|go|rs|c|h|cc|cpp|hpp|java|kt|rb|php|cs|swift|lua|ex|exs)")


def first_lines(drawings: Iterable[Drawing]) -> list[DrawnEntry | None]:
    """The first lines of the trees that may be in the root; None for a tree with several tops."""
    trees = [drawing for drawing in drawings if not drawing.called and not drawing.listed]
    return [tree.top for tree in trees if not heading_path(tree.context)]


def shows_root(drawing: Drawing) -> bool:
    """Whether a tree with several tops has typical contents of a root, or its words say that it is one."""
    above = OF_ALL.search(drawing.context.lead) or NAMED_ROOT.search(drawing.context.lead)
    return above is not None or any(
        OF_A_ROOT.match(t.key) or _BESIDE_SOURCES.match(t.key) for t in drawing.tops
    )


def is_in_root(top: DrawnEntry) -> bool:
    """Whether the first line of a tree is the root, or a directory that is certainly in it."""
    return top.key == "./" or COMMON.fullmatch(top.key.rstrip("/")) is not None


def titles_of(drawing: Drawing) -> list[str]:
    """The words of the outermost heading, which may name the repository."""
    first = str(drawing.context.headings[0]) if drawing.context.headings else ""
    return [first, *_NOT_IN_NAMES.split(_SCRIPTS.sub(" ", first))]


def heads_a_part(drawing: Drawing) -> bool:
    """Whether a heading other than the outermost one contains the name in the first line of a drawing."""
    assert drawing.top
    return any(stem(words.text) == stem(drawing.top.key) for words in drawing.context.headings[1:])


def holds_a_root(top: DrawnEntry) -> bool:
    keys = {entry.key for entry in top.children}
    hidden = top.key.startswith(".") and {"README.md", "src/"} <= keys
    return hidden or any(key.startswith((".gitignore", ".github/", "LICENSE")) for key in keys)


def is_entered_part(drawing: Drawing, drawings: Sequence[Drawing], entered: Collection[str]) -> bool:
    """Whether commands enter the drawn directory, and it is a part of the repository.

    All that they enter, drawn alone and with a manifest in it, is the repository.
    """
    assert drawing.top
    only = len(drawings) == 1 and {*entered} == {drawing.top.key}
    all_there_is = only and any(MANIFEST.match(entry.key) for entry in drawing.top.children)
    return drawing.top.key in entered and not all_there_is


def may_hold_a_root(drawing: Drawing) -> bool:
    """Whether a first line begins with the title, or has typical contents of a repository."""
    assert drawing.top
    titles = [title for word in titles_of(drawing) if (title := stem(word))]
    titled = stem(drawing.top.key).startswith(tuple(titles)) if titles else False
    return titled or holds_sources(drawing.top)


def is_of_repository(drawing: Drawing) -> bool:
    """Whether words or the first line relate a drawing to the repository, or it forbids something."""
    context = drawing.context
    above = (*filter(None, [context.label]), *context.headings[-1:])
    stated = context.mark == "layout" or drawing.purpose.kind == "forbidden"
    top = drawing.top
    rooted = top is not None and not drawing.called and (top.key == "./" or is_titled(drawing))
    return (
        stated or rooted or heading_path(context) != () or any(OF_ALL.search(words.text) for words in above)
    )


def holds_sources(top: DrawnEntry) -> bool:
    """Whether a directory contains what is usually beside the sources in a repository or project."""
    return any(_BESIDE_SOURCES.match(entry.key) for entry in top.children)


def begins_beside(top: DrawnEntry, drawings: Iterable[Drawing]) -> bool:
    """Whether another tree begins with a path of several steps that is not in this one."""
    inside = {top.key, *(entry.key for entry in top.children)}
    tops = [drawing.top for drawing in drawings if drawing.top and not heading_path(drawing.context)]
    paths = [steps_of(other.key) for other in tops if is_plain(other.key)]
    return any(len(steps) > 1 and steps[0] not in inside for steps in paths)


def is_same(top: DrawnEntry, other: DrawnEntry) -> bool:
    """Whether two first lines are of one directory: they have the same name, or mostly the same contents."""
    keys = [{entry.key for entry in first.children} for first in (top, other)]
    shared = len(keys[0] & keys[1])
    return top.key == other.key or (shared > 1 and shared * 2 > max(map(len, keys)))


def is_package(top: DrawnEntry) -> bool:
    """Whether a tree shows the modules of a Python package, and nothing that is beside a package."""
    keys = [entry.key for entry in top.children]
    marked = top.key.rstrip("/").isidentifier() and any(map(_PACKAGE_MARK.fullmatch, keys))
    return marked and not any(OF_A_ROOT.match(key) or _BESIDE_SOURCES.match(key) for key in keys)


def is_code(drawing: Drawing) -> bool:
    """Whether a drawing shows only the modules and packages of a package."""
    entries = drawing.top.children if drawing.top else ()
    marked = any(_PACKAGE_MARK.fullmatch(entry.key) for entry in entries)
    return marked or all(_MODULE.fullmatch(entry.key) or _is_marked(entry) for entry in entries)


def _is_marked(entry: DrawnEntry) -> bool:
    return any(_PACKAGE_MARK.fullmatch(inner.key) for inner in entry.children)


def score(drawing: Drawing) -> int:
    """The strength of the evidence that a drawing is of the whole repository."""
    assert drawing.top
    signs = sum(OF_A_ROOT.match(entry.key) is not None for entry in drawing.top.children)
    return signs + 2 * is_titled(drawing) + (OF_ALL.search(drawing.context.lead) is not None)


def is_titled(drawing: Drawing) -> bool:
    """Whether the outermost heading contains the name in the first line of a drawing."""
    assert drawing.top
    title, *words = titles_of(drawing)
    parts = [stem(word) for word in words]
    name = stem(drawing.top.key)
    several = ("".join(parts[at:end]) for at in range(len(parts)) for end in range(at + 2, len(parts) + 1))
    return name in (stem(title), *parts) or (len(title) < _LONG_TITLE and name in several)


def directories_below(drawings: Iterable[Drawing]) -> dict[str, set[int]]:
    """The names of directories below the first lines of drawings, with the lines of these drawings."""
    lines: dict[str, set[int]] = {}
    for drawing in drawings:
        for path in paths_of(drawing.top.children if drawing.top else drawing.tops):
            lines.setdefault(path[-1], set()).add(drawing.line)
    return lines


def paths_below_root(drawing: Drawing, *, of_repository: bool) -> Iterable[tuple[str, ...]]:
    """The paths of the directories in a tree of the root, or of a directory that is usually in it."""
    top = drawing.top
    if top is None and not drawing.listed and shows_root(drawing):
        return paths_of(drawing.tops)
    if top is None or drawing.listed:
        return ()
    if top.key == "./" or of_repository:
        return paths_of(top.children)
    usual = COMMON.fullmatch(top.key.rstrip("/")) and not unit_in(drawing.context.lead)
    return paths_of(top.children, (top.key,)) if usual else ()


def shows_sources(drawing: Drawing) -> bool:
    """Whether a drawing may show the contents of any part: several entries, or a directory of sources."""
    return not drawing.listed and (not drawing.top or _OF_SOURCES.match(drawing.top.key) is not None)
