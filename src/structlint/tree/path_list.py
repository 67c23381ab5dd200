"""Trees from lists of paths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from structlint.errors import TreeError
from structlint.text.quoting import shortened
from structlint.text.system_paths import with_slashes
from structlint.tree.model import Tree
from structlint.tree.scan import refuse_other_encodings
from structlint.tree.sources import WorkTreeFiles, gitignores


def listed_tree(data: bytes, root: Path, name: str) -> Tree:
    r"""The tree of the paths in `data`, one per line, or separated by NUL if it contains one.

    A path is relative to `root`, with `/`; one that ends in `/` is a directory with unknown contents.
    Contents are read below `root`. `name` is the name of the list in errors. Raises `TreeError`.
    """
    refuse_other_encodings()
    separator = b"\0" if b"\0" in data else b"\n"
    files: set[str] = set()
    opaque: set[str] = set()
    for number, raw in enumerate(data.split(separator), start=1):
        text = raw.removesuffix(b"\r") if separator == b"\n" else raw
        if not text:
            continue
        path = with_slashes(text.decode("utf-8", "surrogateescape")).removeprefix("./")
        steps = path.rstrip("/").split("/")
        if path.startswith("/") or any(step in ("", ".", "..") for step in steps):
            message = "is not a path in the project; write it relative, without `.`, `..` and `//`"
            raise TreeError(f"{name}:{number}: {shortened(path)} {message}")
        (opaque if path.endswith("/") else files).add(path)
    # A path with another path below it is a directory with known contents.
    known = {path[: at + 1] for path in (*files, *opaque) for at in _slashes(path)}
    files.difference_update(path.rstrip("/") for path in known)
    return Tree(
        tuple(sorted(files)),
        WorkTreeFiles(root, gitignores(files), listed=True),
        opaque=frozenset(opaque - known),
    )


def _slashes(path: str) -> Iterator[int]:
    """The ends of the names in a path, except the last."""
    return (at for at, letter in enumerate(path[:-1]) if letter == "/")
