"""Near twins: an unlisted name beside a missing one that was likely meant by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from structlint.naming import key

# Extensions of one kind of file: a text to read, a YAML file.
_KINDS = ({"", "md", "markdown", "rst", "txt", "adoc"}, {"yml", "yaml"})
_SHORTEST_TYPO = 5
_MOST_TYPOS_TRIED = 200


class Twins:
    """The unlisted names of one directory, each to be taken once."""

    def __init__(self, files: Sequence[str], directories: Sequence[str]) -> None:
        names = [*files, *(f"{name}/" for name in directories)]
        self.taken: set[str] = set()
        self._names = names if len(names) <= _MOST_TYPOS_TRIED else []
        self._alike: dict[str, list[str]] = {}
        for name in names:
            for form in _forms(name):
                self._alike.setdefault(form, []).append(name)

    def take(self, missing: str) -> str:
        """The unlisted name that most likely stands for a missing one, "" if there is none."""
        for form in _forms(missing):
            for name in self._alike.get(form, ()):
                if name not in self.taken and not ("<" in missing or "*" in missing):
                    self.taken.add(name)
                    return name
        for name in self._names:
            if name not in self.taken and _one_typo(name, missing):
                self.taken.add(name)
                return name
        return ""


def _forms(name: str) -> Iterator[str]:
    """The forms under which two names are near twins: by words, by kind of file, by singular."""
    plain = name.rstrip("/")
    letters = key(plain) or plain
    yield letters
    if name.endswith("/"):
        yield letters.removesuffix("s")
    stem, _, extension = plain.rpartition(".")
    for number, kind in enumerate(_KINDS):
        if not name.endswith("/") and (extension.lower() if stem else "") in kind:
            yield f"{key(stem or plain)}.{number}"


def _one_typo(one: str, other: str) -> bool:
    """Whether a letter is missing, too many, or two are swapped. Another letter makes another word."""
    if min(len(one), len(other)) < _SHORTEST_TYPO or one.endswith("/") != other.endswith("/"):
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        return short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return short[at:] == long[at + 1 :] and not long[at].isdigit()
