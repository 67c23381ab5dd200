"""Chooses the bundled layouts that describe a repository, by evidence in its files, not by findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from structlint.errors import TreeError
from structlint.layout.bundled import BUNDLED, GENERAL, data
from structlint.layout.keys import EVERYWHERE, Key
from structlint.layout.model import ENOUGH, Evidence, LayoutFile
from structlint.layout.parse import parse_layout
from structlint.suggest.thresholds import set_of
from structlint.text.quoting import quote
from structlint.text.records import Record
from structlint.tree import Directory, Tree, holds
from structlint.yaml_nodes import parse

if TYPE_CHECKING:
    from structlint.layout.keys import KeyPath

# Their contents are no evidence about the repository itself. An exact name in a path still leads into them.
_ASIDE = set_of(
    "test tests testdata fixtures __fixtures__ __tests__ e2e spec example examples sample samples demo demos"
    " docs doc documentation templates template vendor third_party node_modules hack tools benchmarks archive"
)
_MOST_READ = 40  # files that are searched for one piece of evidence
_MOST_SHOWN = 3


class Sign(Record):
    """A piece of evidence in a repository: an existing path, and the conclusion from it."""

    path: str
    about: str
    weight: int = ENOUGH


class Choice(Record):
    """A bundled layout with the evidence for it in a repository, the strongest first."""

    name: str
    signs: tuple[Sign, ...]

    def __str__(self) -> str:
        paths = dict.fromkeys(quote(sign.path) for sign in self.signs)
        return f"{self.name}: {', '.join([*paths][:_MOST_SHOWN])}"


def choose(tree: Tree) -> tuple[Choice, ...]:
    """The bundled layouts that describe a tree, languages first; none without evidence.

    A layout replaces the layouts that it extends. If all layouts that a composition
    without its own evidence extends are chosen, it replaces them.
    """
    finder = _Finder(tree)
    chosen = {
        name: signs for name, file in _files().items() if file.evidence and (signs := finder.signs(file))
    }
    for name, file in _files().items():
        parts = [text for text, _ in file.extends if text not in GENERAL]
        if not file.evidence and len(parts) > 1 and all(part in chosen for part in parts):
            chosen[name] = tuple(sign for part in parts for sign in chosen[part])
    for name in [*chosen]:
        for part in _extended(name):
            chosen.pop(part, None)
    return tuple(Choice(name, chosen[name]) for name in BUNDLED if name in chosen)


def described(choices: Sequence[Choice]) -> str:
    """The chosen layouts, each with its evidence, for a message."""
    return "; ".join(map(str, choices))


@lru_cache(maxsize=1)
def _files() -> Mapping[str, LayoutFile]:
    """The bundled layouts, each without the layouts that it extends."""
    texts = {name: data("layouts", f"{name}.yaml") for name in BUNDLED if name not in GENERAL}
    return {name: parse_layout(parse(text, name), name, trusted=True) for name, text in texts.items()}


def _extended(name: str) -> Iterator[str]:
    for text, _ in _files()[name].extends if name in _files() else ():
        yield text
        yield from _extended(text)


class _Finder:
    """Finds evidence in a tree. Each file is read once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._texts: dict[str, str] = {}
        self._walked: dict[str, list[Directory]] = {}

    def signs(self, file: LayoutFile) -> tuple[Sign, ...]:
        """The evidence that a layout describes the tree; none if it is insufficient."""
        signs = [sign for evidence in file.evidence for sign in self._sign(evidence)]
        if sum(sign.weight for sign in signs) < ENOUGH:
            return ()
        return tuple(sorted((sign for sign in signs if sign.weight > 0), key=lambda sign: -sign.weight))

    def _sign(self, evidence: Evidence) -> Iterator[Sign]:
        files = [path for key_path in evidence.paths for path in self._matching(key_path)]
        if evidence.mentions:
            mentioned = re.compile("|".join(map(_as_a_word, evidence.mentions)), re.IGNORECASE)
            files = [path for path in files[:_MOST_READ] if mentioned.search(self._text(path))]
        if len(set(files)) >= evidence.least:
            yield Sign(min(files, key=lambda path: (path.count("/"), path)), evidence.about, evidence.weight)

    def _matching(self, path: KeyPath) -> Iterator[str]:
        yield from self._below(self._tree.root, path.steps)

    def _below(self, directory: Directory, steps: Sequence[Key]) -> Iterator[str]:
        step, rest = steps[0], steps[1:]
        if step == EVERYWHERE:
            for inner in self._walk(directory):
                yield from self._below(inner, rest)
        elif not step.directory:
            yield from (f"{directory.path}{name}" for name in _names(directory.files, step))
        else:
            for name in _names(directory.directories, step):
                if rest:
                    yield from self._below(directory.directories[name], rest)
                else:
                    yield f"{directory.path}{name}/"

    def _walk(self, top: Directory) -> list[Directory]:
        """A directory and all directories in it, without those that are no evidence."""
        if top.path not in self._walked:
            walked = [top]
            for directory in walked:  # grows as it goes
                walked += (inner for name, inner in directory.directories.items() if not _is_aside(name))
            self._walked[top.path] = walked
        return self._walked[top.path]

    def _text(self, path: str) -> str:
        if path not in self._texts:
            try:
                content = self._tree.read(path)
            except (FileNotFoundError, TreeError):
                content = b""
            self._texts[path] = content.decode("utf-8", "replace")
        return self._texts[path]


def _names(names: Sequence[str] | Mapping[str, Directory], step: Key) -> Iterator[str]:
    """The names that match a step; a directory that is no evidence must match by its exact name."""
    exact = [member.exact for member in step.members if member.exact is not None]
    if isinstance(names, Mapping):
        yield from (name for name in exact if name in names)
    else:
        yield from (name for name in exact if holds(names, name))
    if len(exact) < len(step.members):
        yield from (name for name in names if name not in exact and not _is_aside(name) and step.match(name))


def _is_aside(name: str) -> bool:
    return name.startswith((".", "{{")) or name.lower() in _ASIDE


def _as_a_word(text: str) -> str:
    """An expression for a text as a whole word."""
    before, after = (r"\b" if text[at].isalnum() else "" for at in (0, -1))
    return before + re.escape(text) + after
