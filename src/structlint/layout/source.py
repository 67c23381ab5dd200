"""Defines the places that layouts are read from, and finds the file that a text in `extends` refers to."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from structlint.errors import LayoutError
from structlint.layout import NAMED, is_layout
from structlint.layout.bundled import BUNDLED, data
from structlint.markdown import is_document
from structlint.text.quoting import quote, short_name
from structlint.text.records import Record
from structlint.text.suggestions import suggestion

if TYPE_CHECKING:
    from importlib.metadata import PackagePath

_LONGEST_PATH = 1_000


class LayoutSource(Record):
    """A place to read layouts from, by paths in it; `label` returns the name of one for messages.

    `read` raises `FileNotFoundError` if the file does not exist. `shows` returns whether a message may quote
    a file, because a malicious change could try to print a secret from a file that is not part of the
    repository, such as an ignored one. `named` is true if the user gave the file, and false if a layout
    extends it. `files` returns the paths that a pattern in `extends` selects from.
    """

    read: Callable[[str], bytes]
    label: Callable[[str], str] = quote
    shows: Callable[[str, bool], bool] = lambda path, named: True
    bundled: bool = False
    files: Callable[[], Iterable[str]] = tuple


BUNDLED_SOURCE = LayoutSource(
    lambda path: data("layouts", path), lambda path: path.removesuffix(".yaml"), bundled=True
)


def find_layout(
    source: LayoutSource, path: str, text: str, wrong: Callable[[str], LayoutError]
) -> tuple[LayoutSource, str]:
    """The source and the path that `text` refers to in a file at `path`."""
    if text in BUNDLED:
        return BUNDLED_SOURCE, f"{text}.yaml"
    if text.startswith("package:"):
        return _packaged(text.removeprefix("package:"), wrong)
    if "://" in text or text.startswith(("git+", "//", "\\\\")):
        raise wrong(
            f"{short_name(text)}: layouts are not fetched from a network; keep a copy in the repository"
        )
    if not ("/" in text or text.endswith((".yaml", ".yml")) or is_document(text)) or source.bundled:
        raise wrong(f"unknown layout {short_name(text)}; {suggestion(text, BUNDLED)}")
    if len(text) > _LONGEST_PATH:
        raise wrong(f"{short_name(text)} is longer than {_LONGEST_PATH:,} characters")
    if "\\" in text:
        raise wrong(f"{short_name(text)}: write the path with `/`")
    inside = posixpath.normpath(posixpath.join(posixpath.dirname(path), text))
    if inside.startswith(("/", "../")) or inside == ".." or text[1:2] == ":":
        raise wrong(f"{short_name(text)} leads out of the repository; write a path within it")
    if not is_layout(inside):
        raise wrong(f"{short_name(text)} is not the name of a layout; {NAMED}")
    return source, inside


def _packaged(text: str, wrong: Callable[[str], LayoutError]) -> tuple[LayoutSource, str]:
    """A file of an installed distribution, whose code is not run."""
    from importlib.metadata import files

    name, _, inside = text.partition("/")
    if not name or not inside:
        raise wrong(f"{short_name(text)}: write `package:distribution/file.yaml`")
    try:
        brought = files(name) or []
    except Exception:  # any exception, because a distribution's RECORD may contain anything
        raise wrong(
            f"the package {short_name(name)} is not installed in the environment of structlint"
        ) from None
    paths = {str(path): path for path in brought if _is_own(path)}
    fitting = [path for path in paths if path == inside or path.partition("/")[2] == inside]
    if len(fitting) != 1:
        problem = "several files are called" if fitting else "no such file:"
        raise wrong(f"{problem} {short_name(inside)} in the package {short_name(name)}")

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
    """Whether a file in a distribution's RECORD is a layout inside the distribution.

    With links resolved, the file must be in the first directory of its path, below the directory in which the
    distribution is installed.
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
