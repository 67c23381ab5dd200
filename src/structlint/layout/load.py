"""From a layout's name or file to the layout, with all that it extends."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from structlint.errors import CannotCheck, LayoutError, Problem
from structlint.finding import Place
from structlint.layout import NAMED, is_layout
from structlint.layout.bundled import BUNDLED, data
from structlint.layout.merge import merge_layouts, with_turns
from structlint.layout.model import Layout, PatternEntry, PatternList
from structlint.layout.parse import LayoutFile, parse_layout
from structlint.layout.validate import contradictions
from structlint.markdown import is_document
from structlint.text.quoting import quote, shortened
from structlint.text.suggestions import suggestion
from structlint.yaml_nodes import parse

if TYPE_CHECKING:
    from importlib.metadata import PackagePath

    from structlint.markdown.document import Reading

_MOST_FILES = 100
_LONGEST_PATH = 1_000


class LayoutSource(NamedTuple):
    """A place that layouts are read from, by paths within it; `label` names one of them to a user.

    `read` raises `FileNotFoundError` where there is no such file. `shows` is whether a message may quote the
    contents of a file: `named` where the user names it, else a layout extends it. What is not part of the
    repository, such as a file that git ignores, may be a secret that a change asks for.
    """

    read: Callable[[str], bytes]
    label: Callable[[str], str] = quote
    shows: Callable[[str, bool], bool] = lambda path, named: True
    bundled: bool = False


BUNDLED_SOURCE = LayoutSource(
    lambda path: data("layouts", path), lambda path: path.removesuffix(".yaml"), bundled=True
)


def bundled_layout(name: str) -> Layout:
    """A bundled layout by its name. Raises `LayoutError` for a name there is not."""
    return load(BUNDLED_SOURCE, f"{name}.yaml")


def load(source: LayoutSource, path: str, extra: tuple[str, ...] = ()) -> Layout:
    """The layout in a file of a source, merged with all that it extends; `extra` patterns are excluded too.

    Raises `LayoutError` with every problem, and `CannotCheck` where the file itself is not there.
    """
    loader = _Loader()
    try:
        sheet = loader.sheet(source, path, ())
    except FileNotFoundError:
        raise CannotCheck(f"no such file: {source.label(path)}") from None
    layout = _layout(sheet, extra, loader)
    if wrong := contradictions(layout):
        raise LayoutError(wrong)
    return layout


def _layout(sheet: LayoutFile, extra: tuple[str, ...], loader: _Loader) -> Layout:
    def pattern_list(reasons: dict[str, PatternEntry | None]) -> PatternList:
        return PatternList(tuple(reason for reason in reasons.values() if reason))

    files = tuple(known.label for known in loader.read)
    options = tuple(PatternEntry(pattern, Place("--exclude", 1)) for pattern in extra)
    return Layout(
        name=sheet.file,
        about=sheet.about,
        root=with_turns(sheet.root, files),
        names={name: naming for name, naming in sheet.names.items() if naming},
        belongs=pattern_list(sheet.belongs),
        forbid=pattern_list(sheet.forbid),
        local=PatternList(sheet.local),
        exclude=PatternList(sheet.exclude + options),
        limits={name: bound for name, bound in sheet.limits.items() if bound},
        severity=sheet.severity,
        ignore=sheet.ignore,
        ports={name: assigned for name, assigned in sheet.ports.items() if assigned},
        together=PatternList(sheet.together),
        imports=sheet.imports,
        references=sheet.references,
        files=files,
        documents=loader.documents,
        layers=sheet.layers,
    )


class _Known(NamedTuple):
    """What tells one layout file from another: `base` may be a bundled one and a file of a repository."""

    bundled: bool
    label: str


class _Loader:
    """Reads each file once, however many others extend it."""

    def __init__(self) -> None:
        self.read: dict[_Known, LayoutFile] = {}
        self.failed: dict[_Known, list[Problem]] = {}
        self.documents: dict[str, Reading] = {}

    def sheet(self, source: LayoutSource, path: str, chain: tuple[_Known, ...]) -> LayoutFile:
        """The file at `path` with what it extends; `chain` has the files that led to it."""
        label = source.label(path)
        known = _Known(source.bundled, label)
        if known in self.read:
            return self.read[known]
        if len(self.read) + len(self.failed) + len(chain) >= _MOST_FILES:
            raise CannotCheck(f"{label}: more than {_MOST_FILES} layouts extend one another")
        try:
            self.read[known] = self.whole(source, path, (*chain, known))
        except LayoutError as error:
            if source.shows(path, not chain):
                raise
            raise LayoutError(_without_content(error.problems, label)) from None
        return self.read[known]

    def whole(self, source: LayoutSource, path: str, chain: tuple[_Known, ...]) -> LayoutFile:
        """The file at `path`, the last of the chain, merged with what it extends."""
        sheet = self.alone(source, path, source.label(path))
        below: dict[str, LayoutFile] = {}
        wrong: list[Problem] = []
        for text, place in sheet.extends:
            try:
                extended = self.extended(source, path, text, place, chain)
            except LayoutError as error:
                wrong += error.problems
            else:
                below[extended.file] = extended
        if wrong:
            raise LayoutError(wrong)
        if len(below) < 2:
            return next((merge_layouts(each, sheet) for each in below.values()), sheet)
        from structlint.layout.compose import compose

        return merge_layouts(compose(list(below.values()), sheet), sheet)

    def alone(self, source: LayoutSource, path: str, label: str) -> LayoutFile:
        """What the file at `path` says itself: a layout in YAML, or a document with a drawn tree."""
        data = source.read(path)
        if not is_document(path):
            return parse_layout(parse(data, label), label, trusted=source.bundled)
        from structlint.markdown.document import read_document

        reading = self.documents[label] = read_document(data, label)
        return parse_layout(reading.layout, label)

    def extended(
        self, source: LayoutSource, path: str, text: str, place: Place, chain: tuple[_Known, ...]
    ) -> LayoutFile:
        """The sheet that `text` in an `extends` names."""

        def wrong(message: str) -> LayoutError:
            return LayoutError([Problem(place.file, place.line, place.column, message)])

        extended, inside = _named(source, path, text, wrong)
        label = extended.label(inside)
        known = _Known(extended.bundled, label)
        if known in chain:
            circle = " -> ".join(link.label for link in (*chain[chain.index(known) :], known))
            raise wrong(f"extends itself: {circle}")
        if known in self.failed:
            raise LayoutError(self.failed[known])
        try:
            return self.sheet(extended, inside, chain)
        except FileNotFoundError:
            raise wrong(f"no such file: {label}") from None
        except LayoutError as error:
            self.failed[known] = [_led_to(problem, place) for problem in error.problems]
            raise LayoutError(self.failed[known]) from None
        except CannotCheck as error:
            raise wrong(str(error)) from None


def _without_content(problems: Sequence[Problem], label: str) -> list[Problem]:
    """The problems, of which those of the file called `label` do not quote it."""
    message = (
        "this is not valid in a layout; the text is not shown, because the file is not in the repository"
    )
    hidden = [problem._replace(message=message) if problem.file == label else problem for problem in problems]
    return list(dict.fromkeys(hidden))


def _led_to(problem: Problem, place: Place) -> Problem:
    if "(extended from " in problem.message or problem.file == place.file:
        return problem
    return problem._replace(message=f"{problem.message} (extended from {place})")


def _named(
    source: LayoutSource, path: str, text: str, wrong: Callable[[str], LayoutError]
) -> tuple[LayoutSource, str]:
    """The source and the path that `text` means in a file at `path`."""
    if text in BUNDLED:
        return BUNDLED_SOURCE, f"{text}.yaml"
    if text.startswith("package:"):
        return _packaged(text.removeprefix("package:"), wrong)
    if "://" in text or text.startswith(("git+", "//", "\\\\")):
        raise wrong(
            f"{shortened(text)}: layouts are not fetched from a network; keep a copy in the repository"
        )
    if not ("/" in text or text.endswith((".yaml", ".yml")) or is_document(text)) or source.bundled:
        raise wrong(f"unknown layout {shortened(text)}; {suggestion(text, BUNDLED)}")
    if len(text) > _LONGEST_PATH:
        raise wrong(f"{shortened(text)} is longer than {_LONGEST_PATH:,} characters")
    if "\\" in text:
        raise wrong(f"{shortened(text)}: write the path with `/`")
    inside = posixpath.normpath(posixpath.join(posixpath.dirname(path), text))
    if inside.startswith(("/", "../")) or inside == ".." or text[1:2] == ":":
        raise wrong(f"{shortened(text)} leads out of the repository; write a path within it")
    if not is_layout(inside):
        raise wrong(f"{shortened(text)} is not a layout by its name; {NAMED}")
    return source, inside


def _packaged(text: str, wrong: Callable[[str], LayoutError]) -> tuple[LayoutSource, str]:
    """A file that an installed distribution brought. Its code is not run."""
    from importlib.metadata import files

    name, _, inside = text.partition("/")
    if not name or not inside:
        raise wrong(f"{shortened(text)}: write package:distribution/file.yaml")
    try:
        brought = files(name) or []
    except Exception:  # it may be anything, also of what a distribution's own RECORD says
        raise wrong(f"the package {shortened(name)} is not installed beside structlint") from None
    paths = {str(path): path for path in brought if _is_own(path)}
    fitting = [path for path in paths if path == inside or path.partition("/")[2] == inside]
    if len(fitting) != 1:
        problem = "several files are called" if fitting else "no such file:"
        raise wrong(f"{problem} {shortened(inside)} in the package {shortened(name)}")

    def read(path: str) -> bytes:
        packaged = paths.get(f"{top}{path}")
        if packaged is None:
            raise FileNotFoundError(path)
        return packaged.read_binary()

    def label(path: str) -> str:
        return f"package:{name}/{path}"

    top = fitting[0].removesuffix(inside)
    return LayoutSource(read, label, shows=lambda path, named: False), inside


def _is_own(path: PackagePath) -> bool:
    """Whether a file that a distribution claims to have brought is a layout that lies in it.

    The claim is a line of the distribution's own RECORD. The file has to be in the directory that the line
    begins with, below the one that the distribution is installed in, and not only by a link.
    """
    text = str(path)
    steps = text.replace("\\", "/").split("/")
    if not is_layout(text) or {"", ".", ".."} & {*steps} or ":" in steps[0]:
        return False
    try:
        real = os.path.realpath(str(path.locate()), strict=True)
        location = os.path.realpath(str(path.dist.locate_file("")), strict=True)
        inside = Path(real).relative_to(location)
    except (OSError, ValueError):
        return False
    return inside.parts[0] == steps[0] and is_layout(inside.as_posix()) and Path(real).is_file()
