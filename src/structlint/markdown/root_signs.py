"""Decides whether the first line of a tree is the repository, by its contents and the headings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from structlint.markdown import words
from structlint.markdown.drawn_tree import Drawing
from structlint.markdown.known_names import COMMON, MANIFEST
from structlint.markdown.named_places import heading_path
from structlint.markdown.outline import is_plain, steps_of
from structlint.markdown.tree_lines import DrawnEntry
from structlint.text.cases import stem

OF_A_ROOT = re.compile(
    r"README|LICEN[SC]E|\.git|\.github/|(docker-)?compose|pnpm-workspace|turbo\.json|nx\.json"
)
OF_ALL = re.compile(words.WHOLE, re.IGNORECASE)
# Names beside the sources in the root of a repository, or of a project in it.
_BESIDE_SOURCES = re.compile(
    rf"(?:src|source|docs?|tests?|scripts)/|\.\w|Makefile|Dockerfile|{MANIFEST.pattern}"
)
_LONG_TITLE = 200
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
    return titled or any(_BESIDE_SOURCES.match(entry.key) for entry in drawing.top.children)


def begins_beside(top: DrawnEntry, drawings: Iterable[Drawing]) -> bool:
    """Whether another tree begins with a path of several steps that is not in this one."""
    inside = {top.key, *(entry.key for entry in top.children)}
    tops = [drawing.top for drawing in drawings if drawing.top and not heading_path(drawing.context)]
    paths = [steps_of(other.key) for other in tops if is_plain(other.key)]
    return any(len(steps) > 1 and steps[0] not in inside for steps in paths)


def is_code(drawing: Drawing) -> bool:
    """Whether a drawing shows only the modules of a package."""
    keys = [entry.key for entry in drawing.top.children] if drawing.top else []
    return any(map(_PACKAGE_MARK.fullmatch, keys)) or all(map(_MODULE.fullmatch, keys))


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
