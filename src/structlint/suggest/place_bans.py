"""Bans in places with a known purpose: the root, the workflows, and the directory of pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from structlint.layout.gitignore import escape_pattern
from structlint.layout.key_writer import is_writable
from structlint.suggest.names import CODE
from structlint.suggest.thresholds import ENOUGH, FAMILY
from structlint.text.paths import name_of, parent
from structlint.text.records import Record
from structlint.tree import Tree


class Ban(Record):
    """Patterns of forbidden paths, the reason, and patterns of the paths that are allowed all the same."""

    patterns: tuple[str, ...]
    why: str
    exceptions: tuple[str, ...] = ()


_CLEAR = 5  # times as many files with one extension as with the other
WORKFLOWS = ".github/workflows/"
_PAGES = ("docs", "doc", "documentation")
_LANGUAGES = ("py", "go", "rs", "rb", "java", "kt", "cs", "php", "swift", "scala", "c", "cpp")
# Each lock file, and the manifest that it is for
_LOCKS = {
    "package-lock.json": "package.json",
    "yarn.lock": "package.json",
    "pnpm-lock.yaml": "package.json",
    "bun.lock": "package.json",
    "Cargo.lock": "Cargo.toml",
    "uv.lock": "pyproject.toml",
    "poetry.lock": "pyproject.toml",
    "composer.lock": "composer.json",
    "Gemfile.lock": "Gemfile",
}
_OWN_LOCKS = frozenset(("fuzz", "examples", "example"))  # these are often projects of their own


def place_bans(tree: Tree) -> Iterator[Ban]:
    """The bans that all files of a tree obey."""
    yield from _of_workflows(tree.files)
    yield from _of_pages(tree.files)
    yield from _of_locks(tree)


def _of_workflows(paths: Sequence[str]) -> Iterator[Ban]:
    """Bans the rarer extension of workflows, except for those that have it."""
    names = [name_of(path) for path in paths if parent(path) == WORKFLOWS]
    having = {end: [name for name in names if name.endswith(end)] for end in (".yml", ".yaml")}
    rare, usual = sorted(having, key=lambda end: len(having[end]))
    number = len(having[usual])
    if number >= max(FAMILY, _CLEAR * len(having[rare])) and all(map(is_writable, having[rare])):
        kept = tuple(f"!/{WORKFLOWS}{escape_pattern(name)}" for name in having[rare])
        yield Ban((f"/{WORKFLOWS}*{rare}",), f"Workflows are named `*{usual}`", kept)


def _of_pages(paths: Sequence[str]) -> Iterator[Ban]:
    """Bans code in the usual languages of the repository from a directory that has only pages."""
    kinds = Counter(path.rpartition(".")[2] for path in paths)
    languages = sorted((kind for kind in _LANGUAGES if kinds[kind] >= FAMILY), key=lambda kind: -kinds[kind])
    for place in _PAGES:
        inside = [path for path in paths if path.startswith(f"{place}/")]
        if len(inside) >= ENOUGH and not any(path.rpartition(".")[2] in CODE for path in inside):
            patterns = tuple(f"/{place}/**/*.{kind}" for kind in languages[:1])
            if patterns:
                yield Ban(patterns, "Contains no code")


def _of_locks(tree: Tree) -> Iterator[Ban]:
    """Bans lock files from the members of a workspace, whose root has the only one."""
    counts = Counter(map(name_of, tree.files))
    for lock, manifest in _LOCKS.items():
        if lock not in tree.root.files or counts[lock] > 1:
            continue
        places = [parent(path) for path in tree.files if name_of(path) == manifest and "/" in path]
        members = [place for place in places if _OWN_LOCKS.isdisjoint(place.split("/"))]
        above = Counter(map(parent, members))
        groups = [place for place in sorted(above) if above[place] > 1 and (not place or is_writable(place))]
        if len(members) >= FAMILY and groups:
            patterns = tuple(f"/{escape_pattern(place)}*/{lock}" for place in groups)
            kept = tuple(f"!/{name}/{lock}" for name in sorted(_OWN_LOCKS)) if "" in groups else ()
            yield Ban(patterns, "The only lock file of the workspace is in the root", kept)
