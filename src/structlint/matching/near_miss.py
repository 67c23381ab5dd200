"""Near misses: an unlisted name that is probably a misspelling of a missing one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from unicodedata import normalize

from structlint.matching.children import Children
from structlint.matching.model import Missing, Stray
from structlint.text.cases import caseless
from structlint.text.paths import split
from structlint.tree import Tree

# Extensions of one kind of file: text, YAML.
_KINDS = ({"", "md", "markdown", "rst", "txt", "adoc"}, {"yml", "yaml"})
# Common names: one in another directory is not the missing one.
_IN_MANY = (
    r"readme(?:\.\w+)?|__init__\.py|(?:index|main)\.\w+|mod\.rs|makefile|dockerfile|license|package\.json|"
    r"(?:src|tests?|docs?|lib|config|utils|common)/"
)
_SHORTEST_TYPO = 5
# The end of the longer of two names for one thing: `deploy` and `deployment`, `design` and `design-v2`.
_SUFFIX = re.compile(
    r"ments?|ations?|urations?|ing|structure|[-_. ]?(?:v\d+|new|final|latest)", re.IGNORECASE
)
_SHORTEST_STEM = 4
_MOST_TYPOS_TRIED = 200


def pair(
    directories: Iterable[Children], tree: Tree, own: frozenset[str]
) -> tuple[list[Missing], list[Stray]]:
    """The missing paths of some directories, each with its near miss, and the strays in them.

    A near miss is also stray. Whether it is reported depends on how the missing path is reported, which only
    the rules know. `own` are paths that are never stray.
    """
    missing: list[Missing] = []
    strays: list[Stray] = []
    for children in directories:
        if not (children.missing or children.closed_by):
            continue
        files, subdirectories = children.unlisted_files(), children.unlisted_directories()
        if not (children.missing or files or subdirectories):
            continue
        unlisted = _Unlisted(files, subdirectories)
        if children.missing:
            missing += _paired(children, unlisted, tree)
        strays += _strays(children, unlisted, own)
    return missing, strays


def with_near_misses(children: Children) -> list[Missing]:
    """The missing paths of a directory that a link leads to, each with its near miss there."""
    if not children.missing:
        return []
    unlisted = _Unlisted(children.unlisted_files(), children.unlisted_directories())
    return [_with_near_miss(missing, children, unlisted) for missing in _required_first(children)]


def _paired(children: Children, unlisted: _Unlisted, tree: Tree) -> Iterator[Missing]:
    """The missing paths of a directory, each with the unlisted name that is probably a misspelling of it."""
    for one in _required_first(children):
        missing = one if one.link else _with_near_miss(one, children, unlisted)
        if missing.within:
            empty = _empty_within(missing, tree)
        else:
            has_files = _holds_files(missing.path, tree) if missing.needed_by else missing.entry.condition
            is_tried = missing.directory and not (missing.near_miss or has_files)
            empty = _empty(missing, children, tree) if is_tried else ""
        if empty:
            yield missing._replace(path=empty, names=(empty[len(children.directory.path) :],), empty=True)
        else:
            yield missing


def _required_first(children: Children) -> list[Missing]:
    """The missing paths of a directory, the required ones first: a name can be the near miss of one."""
    return sorted(children.missing, key=lambda missing: missing.recommended)


def _with_near_miss(missing: Missing, children: Children, unlisted: _Unlisted) -> Missing:
    """A missing path with the unlisted name of a directory that is probably a misspelling of it."""
    above = children.directory.path
    if missing.within or not missing.path.startswith(above):
        return missing
    name = missing.path[len(above) :]
    near_miss, meant = unlisted.take(name, missing.names)
    if not near_miss and not (near_miss := _in_place(name, children)):
        return missing
    return missing._replace(
        near_miss=above + near_miss, meant=missing.path if meant in (name, "") else above + meant
    )


def _in_place(name: str, children: Children) -> str:
    """The listed directory in place of a missing file, or the other way around; "" if there is none."""
    directory = children.directory
    if name.endswith("/"):
        return name[:-1] if name[:-1] in directory.files else ""
    return f"{name}/" if name in directory.directories else ""


def _holds_files(directory: str, tree: Tree) -> bool:
    """Whether a required directory exists and has a file; it does not count because of an `if`."""
    at = bisect_left(tree.files, directory)
    return at < len(tree.files) and tree.files[at].startswith(directory)


def _empty(missing: Missing, children: Children, tree: Tree) -> str:
    """The first directory among the alternatives that exists without a file that git would track.

    "" if there is none.
    """
    start = missing.path[: len(missing.path) - len(missing.names[0])]
    names = [name for name in missing.names if name.endswith("/")]
    paths = [start + name for name in names] if missing.path == start + missing.names[0] else []
    if missing.path[len(children.directory.path) : -1] in children.directory.directories:
        return ""
    return next((path for path in paths or [missing.path] if tree.source.is_directory(path)), "")


def _empty_within(missing: Missing, tree: Tree) -> str:
    """The first path of a `holds` that is a directory without a file that git would track; "" without one."""
    names = [name for name in missing.names if name.endswith("/") and not ("<" in name or "*" in name)]
    paths = (directory + name for directory in missing.within for name in names)
    return next((path for path in paths if tree.source.is_directory(path)), "")


def _strays(children: Children, unlisted: _Unlisted, own: frozenset[str]) -> Iterator[Stray]:
    """The unlisted names in a directory that lists its contents."""
    above = children.directory.path
    for name in unlisted.names if children.closed_by else ():
        if above + name not in own:
            yield Stray(above + name, children.effective_policy, children.closed_by or children.entries[0])


class _Unlisted:
    """The unlisted names of one directory, a directory's with its "/"; each can be a near miss once."""

    def __init__(self, files: Sequence[str], directories: Sequence[str]) -> None:
        self.names = [*files, *(f"{name}/" for name in directories)]
        self.taken: dict[str, str] = {}  # each with the missing name that it probably means

    def take(self, missing: str, alternatives: Sequence[str]) -> tuple[str, str]:
        """The unlisted name that is most likely a misspelling of a missing one, and that name.

        That is one of some `alternatives`. Both are "" if there is none.
        """
        wanted = alternatives if missing in alternatives else [missing]
        for name, meant in (*self._alike(wanted), *self._mistyped(wanted)):
            # A file in place of a directory is a near miss, but not if the case differs.
            alike = name.endswith("/") == meant.endswith("/") or name.rstrip("/") == meant.rstrip("/")
            if alike and self._is_free(name, missing):
                self.taken[name] = missing
                return name, meant
        return "", ""

    def _alike(self, wanted: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The unlisted names that share a form with a missing one, those with the same letters first."""
        plain = [meant for meant in wanted if not ("<" in meant or "*" in meant)]
        forms = [(meant, list(_forms(meant))) for meant in plain]
        for meant, (letters, *_) in forms:
            yield from ((name, meant) for name in self._by_form.get(letters, ()))
        for pattern in [meant for meant in wanted if "*" in meant and "<" not in meant]:
            yield from self._in_another_case(pattern)
        for meant, (_, *others) in forms:
            yield from ((name, meant) for form in others for name in self._by_form.get(form, ()))

    def _in_another_case(self, pattern: str) -> Iterator[tuple[str, str]]:
        """The unlisted names that match a pattern except for the case, each with the right spelling."""
        texts = pattern.split("*")
        fits = re.compile("(.*?)".join(map(re.escape, texts)), re.IGNORECASE | re.DOTALL)
        for name in self.names if len(self.names) <= _MOST_TYPOS_TRIED else ():
            if match := fits.fullmatch(name):
                spelled = zip(texts, (*match.groups(), ""), strict=True)
                yield name, "".join(text + between for text, between in spelled)

    def _mistyped(self, wanted: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The unlisted names that are a missing one with a typo, or with another suffix."""
        names = self.names if len(self.names) <= _MOST_TYPOS_TRIED else ()
        for alike in (is_one_typo, _differ_by_suffix):
            for name in names:
                yield from ((name, meant) for meant in wanted if alike(name, meant))

    def _is_free(self, name: str, missing: str) -> bool:
        """Whether a name is not yet used for another missing path; an entry and a `needs` can share it."""
        return self.taken.get(name, missing) == missing

    @cached_property
    def _by_form(self) -> dict[str, list[str]]:
        by_form: dict[str, list[str]] = {}
        for name in self.names:
            for form in _forms(name):
                by_form.setdefault(form, []).append(name)
        return by_form


def _forms(name: str) -> Iterator[str]:
    """The forms of a name: its words, its kind of file, its singular. A near miss shares one of them."""
    plain = normalize("NFC", name.rstrip("/"))
    letters = caseless(plain) or plain
    yield letters
    if name.endswith("/"):
        yield from (letters + "/", letters.removesuffix("s") + "/")
    stem, _, extension = plain.rpartition(".")
    for number, kind in enumerate(_KINDS):
        if not name.endswith("/") and (extension.lower() if stem else "") in kind:
            yield f"{caseless(stem or plain)}.{number}"


def _differ_by_suffix(one: str, other: str) -> bool:
    """Whether two names of one kind differ only by a common suffix of the longer one."""
    (short, ending), (long, other_ending) = sorted(map(_stem, (one, other)), key=lambda name: len(name[0]))
    same = ending == other_ending and len(short) >= _SHORTEST_STEM and long.startswith(short)
    return same and _SUFFIX.fullmatch(long[len(short) :]) is not None


def _stem(name: str) -> tuple[str, str]:
    """A name without its extension or the slash of a directory, and that."""
    if name.endswith("/"):
        return name[:-1], "/"
    stem, dot, extension = name.rpartition(".")
    return (stem, extension) if dot and stem else (name, "")


def by_name(tree: Tree) -> Mapping[str, Sequence[str]]:
    """The paths of a tree, directories with a slash, by their last name without case and plural."""
    index: dict[str, list[str]] = {}
    directories = {path[: at + 1] for path in tree.files for at, letter in enumerate(path) if letter == "/"}
    for path in (*tree.files, *sorted(directories)):
        index.setdefault(_alike(split(path)[1]), []).append(path)
    return index


def elsewhere(missing: str, index: Mapping[str, Sequence[str]]) -> str:
    """The only path elsewhere with the name of a missing one; "" if there is none, or more than one.

    `index` is the result of `by_name`. Common names, such as `__init__.py`, do not count.
    """
    name = split(missing)[1]
    if re.fullmatch(_IN_MANY, name.lower()):
        return ""
    alike = [path for path in named_alike(missing, index) if path != missing]
    same = [path for path in alike if split(path)[1] == name] or alike
    return same[0] if len(same) == 1 else ""


def named_alike(path: str, index: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The paths with the same last name, apart from its case, and from the plural of a directory."""
    return index.get(_alike(split(path)[1]), ())


def _alike(name: str) -> str:
    return name.lower().removesuffix("/").removesuffix("s") + "/" if name.endswith("/") else name.lower()


def is_one_typo(one: str, other: str) -> bool:
    """Whether a letter is missing or added, or two are swapped. A changed letter counts as another word."""
    if min(map(len, (one.rstrip("/"), other.rstrip("/")))) < _SHORTEST_TYPO:
        return False
    if one.endswith("/") != other.endswith("/"):
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        return short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return short[at:] == long[at + 1 :] and not long[at].isdigit()
