"""Finds the rules for `imports` that a tree already follows: directions of imports, and separate parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from structlint.imports.graph import Imports
from structlint.imports.model import Read, line_of
from structlint.text.paths import parent, upwards
from structlint.text.records import Record

LEAST_IMPORTS = 5  # imports from a layer to the next
LEAST_OF_KIND = 3
LEAST_IMPORTS_OF_KIND = 30
TOLERATED = 30  # a rule is nearly followed if at most one of so many imports violates it
LEAST_SHARE = 0.1  # the share of source files that layers must contain to be relevant
_MOST_SIBLINGS = 60


class Kind(Record):
    """Directories of one kind, such as services. `key` is the path with placeholders."""

    key: str
    directories: tuple[str, ...]


class Counterexample(Record):
    """An import that a rule would forbid."""

    path: str
    line: int
    target: str


class Layers(Record):
    """Neighboring directories, each of which imports the next; the outermost is first.

    `imports` is the number of imports in this direction; `counterexamples` are in the other direction.
    """

    directories: tuple[str, ...]
    imports: int
    counterexamples: tuple[Counterexample, ...] = ()


class Separate(Record):
    """A kind whose directories do not import each other, and the number of imports in all of them."""

    key: str
    imports: int


class Direction(Record):
    """Two directories, of which the first may import the second, but not the other way."""

    user: str
    used: str


class ImportEvidence(Record):
    """The rules for `imports` that a tree follows, and the layers that it nearly follows."""

    layers: Layers | None
    nearly: Layers | None
    apart: tuple[Separate, ...]
    directions: tuple[Direction, ...] = ()


def import_evidence(
    paths: Collection[str], read: Read, kinds: Sequence[Kind] = (), directions: Sequence[Direction] = ()
) -> ImportEvidence:
    """The rules that the imports of a tree follow.

    `paths` are the files of the tree without links. `read` returns the content of one, and raises
    `FileNotFoundError` or `CannotCheck`. A rule needs enough imports to support it: layers with a tenth of
    the source files, of which each imports the next at least 5 times; kinds of at least 3 directories with
    at least 30 imports; one of the `directions` with at least 5.
    """
    edges = _Edges(paths, read)
    layers = _longest(edges, tolerated=0)
    nearly = _longest(edges, tolerated=TOLERATED)
    if nearly and not nearly.counterexamples:
        layers, nearly = nearly, None
    if nearly and layers and len(nearly.directories) <= len(layers.directories):
        nearly = None
    apart = tuple(separate for kind in kinds if (separate := _separate(edges, kind)))
    kept = tuple(direction for direction in directions if _is_kept(edges, direction))
    return ImportEvidence(layers, nearly, apart, kept)


class _Edge(Record):
    path: str
    target: str
    at: int


class _Edges:
    """The imports between files of a tree, as found by the scan."""

    def __init__(self, paths: Collection[str], read: Read) -> None:
        self._imports = Imports(paths, read)
        self.all: list[_Edge] = []
        self.files: Counter[str] = Counter()  # source files by their directory
        self.counts: Counter[str] = Counter()  # the number of all imports in them
        for path in sorted(paths):
            language = self._imports.language(path)
            if language is None:
                continue
            self.files[parent(path)] += 1
            for imported in self._imports.scan(path, language, self._imports.files.data(path)):
                self.counts[parent(path)] += 1
                targets = language.resolve(path, imported)
                if len(targets) == 1 and targets[0].path and not targets[0].alias:
                    self.all.append(_Edge(path, targets[0].path, imported.at))

    def share(self, directories: Sequence[str]) -> float:
        """The share of the source files in these directories."""
        inside = sum(count for path, count in self.files.items() if path.startswith(tuple(directories)))
        return inside / self.files.total() if inside else 0

    def confirmed(self, edges: Iterable[_Edge]) -> Iterator[Counterexample]:
        """The edges that a parser confirms as imports."""
        by_path: dict[str, list[_Edge]] = {}
        for edge in edges:
            by_path.setdefault(edge.path, []).append(edge)
        for path, group in by_path.items():
            language = self._imports.language(path)
            data = self._imports.files.data(path)
            assert language
            places = language.confirm(path, data, sorted({edge.at for edge in group}))
            for edge in group:
                if places is None:
                    yield Counterexample(path, line_of(data, edge.at), edge.target)
                elif edge.at in places:
                    yield Counterexample(path, places[edge.at].line, edge.target)


# --- Layers

_Pair = tuple[str, str]


def _longest(edges: _Edges, tolerated: int) -> Layers | None:
    """The longest sequence of neighboring layers; of several, the one with the most imports."""
    chains: list[Layers] = []
    for counts in _siblings(edges.all).values():
        names = {name for pair in counts for name in pair}
        if len(names) <= _MOST_SIBLINGS:
            chains += _chains(_followed(counts, tolerated), names)
    chains = [chain for chain in chains if edges.share(chain.directories) >= LEAST_SHARE]
    for chain in sorted(
        chains, key=lambda chain: (-len(chain.directories), -chain.imports, chain.directories)
    ):
        against = tuple(edges.confirmed(_against(edges.all, chain.directories)))
        if not tolerated or len(against) * tolerated <= chain.imports:
            return chain._replace(counterexamples=against)
    return None


def _siblings(edges: Iterable[_Edge]) -> Mapping[str, Counter[_Pair]]:
    """The number of imports between each two neighboring directories, by their parent directory."""
    by_parent: dict[str, Counter[_Pair]] = {}
    pairs = Counter((parent(edge.path), _directory(edge.target)) for edge in edges)
    for (source, target), count in pairs.items():
        one, other = source.split("/"), target.split("/")
        same = next(
            (i for i, steps in enumerate(zip(one, other, strict=False)) if steps[0] != steps[1]), None
        )
        if same is not None and same < len(one) - 1 and same < len(other) - 1:
            above = "".join(f"{step}/" for step in one[:same])
            counts = by_parent.setdefault(above, Counter())
            counts[f"{above}{one[same]}/", f"{above}{other[same]}/"] += count
    return by_parent


def _directory(target: str) -> str:
    return target if target.endswith("/") else parent(target)


def _followed(counts: Counter[_Pair], tolerated: int) -> Counter[_Pair]:
    """The imports between siblings, without those outnumbered by imports in the other direction."""
    return Counter(
        {
            (one, other): count
            for (one, other), count in counts.items()
            if not tolerated or count * tolerated > counts[other, one]
        }
    )


def _chains(counts: Counter[_Pair], names: Collection[str]) -> Iterator[Layers]:
    """The longest chain of imports from each directory, without cycles."""
    below: dict[str, set[str]] = {}
    for one, other in counts:
        below.setdefault(one, set()).add(other)
    reached = {name: _reached(below, name) for name in names}
    best: dict[str, Layers] = {}
    # A directory comes after all directories that it reaches.
    for name in sorted(names, key=lambda name: (len(reached[name] | {name}), name)):
        longer = [
            Layers((name, *best[other].directories), best[other].imports + counts[name, other])
            for other in sorted(below.get(name, ()))
            if name not in reached[other] and counts[name, other] >= LEAST_IMPORTS
        ]
        alone = Layers((name,), 0)
        best[name] = max(longer, key=lambda chain: (len(chain.directories), chain.imports), default=alone)
        if longer:
            yield best[name]


def _reached(below: Mapping[str, Collection[str]], name: str) -> set[str]:
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        new = set(below.get(waiting.pop(), ())) - reached
        reached |= new
        waiting += new
    return reached


def _against(edges: Iterable[_Edge], layers: Sequence[str]) -> Iterator[_Edge]:
    """The imports from one of the layers to one above it."""
    for edge in edges:
        source = _index(layers, edge.path)
        target = _index(layers, edge.target)
        if source is not None and target is not None and target < source:
            yield edge


def _index(layers: Sequence[str], path: str) -> int | None:
    return next((row for row, layer in enumerate(layers) if path.startswith(layer)), None)


# --- Kinds


def _separate(edges: _Edges, kind: Kind) -> Separate | None:
    """The kind, if its directories contain enough imports and none of them imports another."""
    members = frozenset(kind.directories)
    counts: Counter[str] = Counter()
    for directory, count in edges.counts.items():
        if member := _member(members, directory):
            counts[member] += count
    if len(counts) < LEAST_OF_KIND or counts.total() < LEAST_IMPORTS_OF_KIND:
        return None
    across = (
        edge
        for edge in edges.all
        if (one := _member(members, edge.path)) and (other := _member(members, edge.target)) and one != other
    )
    return None if any(edges.confirmed(across)) else Separate(kind.key, counts.total())


def _member(members: Collection[str], path: str) -> str:
    """The outermost of the directories that contain a path; "" if none does."""
    directories = upwards(path if path.endswith("/") else parent(path))
    return next((directory for directory in reversed(directories) if directory in members), "")


# --- Directions


def _is_kept(edges: _Edges, direction: Direction) -> bool:
    """Whether a directory imports another often enough, and that one never imports the first."""
    counts = Counter(
        (edge.path.startswith(direction.user), edge.target.startswith(direction.user))
        for edge in edges.all
        if edge.path.startswith(direction) and edge.target.startswith(direction)
    )
    against = (
        edge
        for edge in edges.all
        if edge.path.startswith(direction.used) and edge.target.startswith(direction.user)
    )
    return counts[True, False] >= LEAST_IMPORTS and not any(edges.confirmed(against))
