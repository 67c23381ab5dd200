"""Checks `references`: paths in files of other programs that must exist.

The paths are in a list of a JSON, YAML or TOML file, in a `CODEOWNERS` file, copied by a Dockerfile, or
linked in a Markdown document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from structlint.errors import TreeError, Unread
from structlint.layout.entry import Listing
from structlint.layout.gitignore import PatternError, Patterns
from structlint.markdown.links import MARKDOWN, links, possible_paths
from structlint.matching.listed import (
    Dangling,
    Item,
    dangling_items,
    matches_nothing,
    may_exist,
    may_match_unseen,
    tree_paths,
)
from structlint.matching.survey import Survey
from structlint.text.paths import name_of, parent, resolve
from structlint.text.quoting import quote
from structlint.tree import holds

CODEOWNERS = "CODEOWNERS"
_WILDCARDS = frozenset("*?[")
_SPECIAL = _WILDCARDS | {"\\"}
# Compiled only where a file needs them
_SECTION = r"\^?\[[^\]]*\](\[\d+\])?"  # GitLab's
_PATTERN = r"(?:\\.|[^\\\s])+"
_OPTION = r"--[a-z-]+(?:=\S*)?\s+"
_NOT_A_PATH = r"\$|<<|^[a-z+]+://|^git@"


class PathReferences:
    """The `references` of a layout. `unknown` has the Dockerfiles with an unknown build context."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self.unknown: list[str] = []
        self.dangling = list(self._dangling())

    def _dangling(self) -> Iterator[Dangling]:
        for listing in self._survey.layout.references:
            for file in self._files(listing):
                reference = listing._replace(file=file)
                if listing.pointer:
                    yield from dangling_items(self._survey, reference, frozenset())
                elif name_of(file) == CODEOWNERS:
                    yield from self._of_owners(reference)
                elif file.endswith(MARKDOWN):
                    yield from self._of_links(reference)
                else:
                    yield from self._of_dockerfile(reference)

    def _files(self, listing: Listing) -> list[str]:
        """The files that a reference names or that its pattern matches."""
        file = listing.file.removesuffix("?").lstrip("/")
        if _WILDCARDS.isdisjoint(file):
            return [file] if file == listing.file or holds(self._survey.tree.files, file) else []
        directory = parent(file)
        if _SPECIAL.isdisjoint(directory):
            names = self._survey.tree.file_groups.held.get(directory, ())
            begin = re.split(r"[*?\[\\]", file[len(directory) :], maxsplit=1)[0]
            paths = [directory + name for name in names if name.startswith(begin)]
        else:
            paths = list(self._survey.tree.files)
        if not paths:
            return []  # nearly always so, and reading a pattern takes time
        pattern = Patterns([f"/{file}"])
        return [path for path in paths if pattern.match(path) is not None]

    def _text(self, file: str) -> str | None:
        """The text of a file; None if it is missing, and "" if it is only assumed to exist for a hint."""
        try:
            return self._survey.tree.read(file).decode("utf-8", "replace")
        except FileNotFoundError:
            return "" if holds(self._survey.tree.files, file) else None
        except TreeError as error:
            raise Unread({quote(self._survey.prefix + file): str(error)}) from None

    def _of_owners(self, listing: Listing) -> Iterator[Dangling]:
        """The patterns of a CODEOWNERS that match nothing. They begin at the root of the repository."""
        text = self._text(listing.file)
        if text is None:
            yield Dangling(listing)
            return
        for item in owned(text):
            if self._matches_nothing(item.text, ""):
                yield Dangling(listing, item)

    def _of_links(self, listing: Listing) -> Iterator[Dangling]:
        """The paths that a Markdown document links to, each at its first link."""
        text = self._text(listing.file)
        if text is None:
            yield Dangling(listing)
            return
        home = parent(listing.file)
        if not any(self._gone(home, path) for path in possible_paths(text)):
            return
        gone: dict[str, Item] = {}
        for link in links(text):
            if path := self._gone(home, link.path):
                gone.setdefault(path, Item(link.text, link.line))
        ignored = self._survey.tree.source.would_ignore([*gone, *(f"{path}/" for path in gone)])
        yield from (
            Dangling(listing, item) for path, item in gone.items() if ignored.isdisjoint((path, f"{path}/"))
        )

    def _gone(self, home: str, link: str) -> str:
        """The path that a link in a directory leads to, if it does not exist; otherwise ""."""
        path = resolve(home, link) or ""
        return "" if not path or may_exist(self._survey, path) else path

    def _of_dockerfile(self, listing: Listing) -> Iterator[Dangling]:
        """The paths that a Dockerfile copies but its build context lacks."""
        text = self._text(listing.file)
        if text is None:
            yield Dangling(listing)
            return
        items = list(copied(text))
        contexts = self._contexts.get(listing.file, ())
        if items and not contexts:
            self.unknown.append(listing.file)
        for item in items:
            if any(self._is_absent(item.text, context) for context in contexts):
                yield Dangling(listing, item)

    @property
    def _contexts(self) -> Mapping[str, list[str]]:
        """The build contexts of Dockerfiles, as far as a compose file names them."""
        from structlint.matching.port_files import port_files

        contexts: dict[str, list[str]] = {}
        for built in port_files(self._survey).published.built:
            contexts.setdefault(built.dockerfile, []).append(built.context)
        return contexts

    def _is_absent(self, source: str, context: str) -> bool:
        """Whether a path that a Dockerfile copies is missing in its build context."""
        path = resolve(context, source)
        may_be_unseen = may_match_unseen(self._survey, source, context) or may_exist(self._survey, path or "")
        return not may_be_unseen and self._matches_nothing(f"/{source}", context)

    def _matches_nothing(self, pattern: str, directory: str) -> bool:
        """Whether a gitignore pattern matches no path in a directory, and none that git would ignore."""
        plain = resolve(directory, pattern.strip("/").replace("\\", ""))
        if plain == "" or (plain is not None and f"{plain}/" in tree_paths(self._survey)):
            return False
        try:
            patterns = Patterns([pattern])
        except PatternError:
            return False
        if not matches_nothing(self._survey, patterns, directory):
            return False
        likely = re.sub(r"[*?]+", "x", plain or "")
        return not (likely and self._survey.tree.source.would_ignore([likely, f"{likely}/"]))


def owned(text: str) -> Iterator[Item]:
    """The patterns of a CODEOWNERS, with their lines."""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#") or re.match(_SECTION, stripped):
            continue
        if match := re.match(_PATTERN, stripped):
            pattern = match[0].replace("\\ ", " ")
            if not pattern.startswith("!"):
                yield Item(pattern, number)


def copied(text: str) -> Iterator[Item]:
    """The paths that `COPY` and `ADD` take from the build context of a Dockerfile, with their lines."""
    from structlint.ports.dockerfile import instructions

    for line, name, rest in instructions(text):
        if name not in ("COPY", "ADD"):
            continue
        while option := re.match(_OPTION, rest):
            rest = "" if option[0].startswith("--from") else rest[option.end() :]
        for source in _sources(rest)[:-1]:
            path = source.removeprefix("./").strip("/")
            if path not in ("", ".") and not re.search(_NOT_A_PATH, source):
                yield Item(path, line)


def _sources(rest: str) -> list[str]:
    """The sources and the destination of a `COPY`, as words or as a JSON list."""
    if not rest.lstrip().startswith("["):
        return rest.split() if "<<" not in rest else []
    import json

    try:
        words = json.loads(rest)
    except ValueError:
        return []
    return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []


def unknown_contexts(survey: Survey) -> Iterable[str]:
    """The Dockerfiles of `references` whose build context is not known, so that they were not checked."""
    return survey.once(PathReferences).unknown
