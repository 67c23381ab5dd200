"""Converts drawings of forbidden entries to `forbid`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from structlint.markdown.blocks import Words
from structlint.markdown.outline import Outline, steps_of
from structlint.markdown.tree_lines import DrawnEntry
from structlint.yaml_nodes import TextNode

_PLACEHOLDER = re.compile(r"(?<!\\)<[\w-]+>")
_ESCAPED = re.compile(r"\\([<|^?\\])|([\[?])")


def forbidden_items(
    entries: Iterable[DrawnEntry], above: tuple[str, ...], reason: Words, sketch: Outline
) -> Iterator[tuple[TextNode, TextNode]]:
    """The patterns of `forbid` with their reasons, for the innermost entries of a drawing.

    An entry that another drawing requires is not forbidden; it only shows the place of the others.
    """
    for entry in entries:
        path = (*above, *steps_of(entry.key))
        if entry.children:
            yield from forbidden_items(entry.children, path, reason, sketch)
        elif not _is_required(path, sketch):
            for pattern in patterns_of(entry.key, above):
                words = reason.text.rstrip(": ")
                key = TextNode(pattern, False, entry.line, entry.column)
                yield key, TextNode(words, False, reason.line, 1)


def _is_required(path: tuple[str, ...], sketch: Outline) -> bool:
    spot = sketch.root
    for step in path:
        child = spot.inside.get(step.rstrip("/"))
        if child is None:
            return False
        spot = child
    return True


def patterns_of(key: str, above: tuple[str, ...]) -> Iterator[str]:
    """The gitignore patterns of a key; without a directory above it, wildcards match at any depth."""
    for member in re.split(r"(?<!\\) [|^] ", key):
        anywhere = not above and "*" in member and "/" not in member.rstrip("/")
        yield "/" * (not anywhere) + _pattern("".join((*above, member)))


def _pattern(path: str) -> str:
    return _ESCAPED.sub(_as_pattern, _PLACEHOLDER.sub("*", path))


def _as_pattern(match: re.Match[str]) -> str:
    """A character escaped for patterns, if it is escaped in keys or only special in patterns."""
    character = match[1] or match[2]
    return character if character in "<|^" else f"\\{character}"


def pattern_in(place: Sequence[str], pattern: str) -> str:
    """A gitignore pattern in a directory as a pattern of the repository."""
    if not place:
        return pattern
    anchored = "/" in pattern.rstrip("/")
    return f"/{_pattern(''.join(place))}{'' if anchored else '**/'}{pattern.removeprefix('/')}"
