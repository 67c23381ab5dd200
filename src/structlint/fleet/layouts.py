"""A layout with all its files, so that every child process and machine reads the same contents."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from structlint.checking.discovery import load_layout, named_source
from structlint.errors import CannotCheck
from structlint.layout.bundled import BUNDLED
from structlint.text.quoting import in_backticks
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.layout.model import Layout
    from structlint.layout.source import LayoutSource

_PACKAGE = "package:"  # the prefix of the label of a layout from an installed distribution


class PackedLayout(Record):
    """A layout by its name, its path, and the contents (in base64) and labels of its files by their paths.

    `digest` identifies the contents. A bundled layout has no files: structlint's version identifies it.
    """

    name: str
    path: str
    files: Mapping[str, str]
    labels: Mapping[str, str]
    digest: str


def pack(name: str) -> tuple[PackedLayout, Layout]:
    """Reads the layout that `--layout` names. Raises `CannotCheck` as `check --layout` does."""
    source, path = named_source(name)
    if source.bundled:
        layout = load_layout(source, path)
        return PackedLayout(name, path, {}, {}, _digest(name, {}, layout)), layout
    read: dict[str, bytes] = {}

    def keep(path: str) -> bytes:
        read[path] = source.read(path)
        return read[path]

    layout = load_layout(source._replace(read=keep), path)
    files = {path: b64encode(data).decode() for path, data in sorted(read.items())}
    labels = {path: source.label(path) for path in files}
    return PackedLayout(name, path, files, labels, _digest(name, files, layout)), layout


def unpack(packed: PackedLayout) -> Layout:
    """The layout. Raises `CannotCheck` if it extends a distribution that differs on this machine."""
    layout = load_layout(*_source(packed))
    if _digest(packed.name, packed.files, layout) != packed.digest:
        problem = "extends a package with a different version on this machine; install the same version"
        raise CannotCheck(f"the layout {in_backticks(packed.name)} {problem}")
    return layout


def _source(packed: PackedLayout) -> tuple[LayoutSource, str]:
    from structlint.layout.source import BUNDLED_SOURCE, LayoutSource

    if packed.name in BUNDLED and not packed.files:
        return BUNDLED_SOURCE, packed.path

    def read(path: str) -> bytes:
        if path not in packed.files:
            raise FileNotFoundError(path)
        return b64decode(packed.files[path])

    return LayoutSource(read, lambda path: packed.labels.get(path, path)), packed.path


def _digest(name: str, files: Mapping[str, str], layout: Layout) -> str:
    from importlib.metadata import version

    packages = {
        label.removeprefix(_PACKAGE).partition("/")[0] for label in layout.files if label.startswith(_PACKAGE)
    }
    parts = [name if not files else "", *(f"{package}=={version(package)}" for package in sorted(packages))]
    parts += (f"{path}\0{data}" for path, data in files.items())
    return sha256("\0\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def is_from_package(layout: Layout) -> bool:
    """Whether a layout extends a layout of an installed distribution."""
    return any(label.startswith(_PACKAGE) for label in layout.files)
