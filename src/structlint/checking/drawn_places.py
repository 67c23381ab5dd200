"""Finds the directory that a drawing shows, by the paths that exist there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from structlint.markdown.known_names import is_usual
from structlint.markdown.place import described_directory, own_directory

if TYPE_CHECKING:
    from structlint.checking.compared import Background

# In a directory that neither the path nor the words of the document name:
_FEWEST = 3  # drawn paths exist
_FEWEST_TELLING = 2  # of these have an uncommon name
_MOST_ALIKE = 50  # paths have the same uncommon name
_OF_ITS_NAME = 0.5  # of the drawn paths exist in a directory with the drawn name
_OF_ANOTHER = 0.8  # of the drawn paths exist in a directory with another name


def places_of(path: str) -> list[str]:
    """The directories that a document may draw, the likeliest first."""
    own = own_directory(path)
    above = [own[: at + 1] for at in range(len(own) - 2, 0, -1) if own[at] == "/"]
    return list(dict.fromkeys([own, described_directory(path), *above, ""]))


def directory_with(drawn: Sequence[str], base: str, background: Background) -> str | None:
    """The only directory in which most of some drawn paths exist; None if there is none.

    `base` is the directory that contains them in the document, "" if none is drawn. In a directory with
    another name, nearly all of the paths must exist.
    """
    votes = Counter(place for path in drawn for place in _containing(path, background.named))
    likely = [place for place, number in votes.items() if number >= _FEWEST_TELLING]
    exist = {place: sum(background.has(place + path) for path in drawn) for place in likely}
    most = max(exist.values(), default=0)
    best = [place for place, number in exist.items() if number == most]
    if len(best) != 1 or most < _FEWEST:
        return None
    least = _OF_ITS_NAME if _is_named(best[0], base) else _OF_ANOTHER
    return best[0] if most >= least * len(drawn) else None


def _is_named(place: str, base: str) -> bool:
    """Whether a directory may have the name that a document draws for it; a repository has any uncommon name.

    A common name is that of a directory in the root.
    """
    *above, name = base.lower().split("/")[:-1] or [""]
    if not place:
        return not above and name != "" and not is_usual(name)
    *outside, last = place.lower().rstrip("/").split("/")
    return last == name and not (outside and is_usual(name))


def _containing(path: str, named: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The directories of the repository that contain a drawn path with an uncommon name."""
    bare = path.rstrip("/")
    name = bare.rpartition("/")[2]
    alike = named.get(name, ())
    if not is_usual(name) and len(alike) <= _MOST_ALIKE:
        for real in alike:
            if real == bare or real.endswith(f"/{bare}"):
                yield real[: len(real) - len(bare)]
