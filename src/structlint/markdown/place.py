"""The directory that a document is about, by the path of the document."""

from __future__ import annotations

import re

_OF_DOCUMENTS = re.compile(
    r"(?:docs?|documentation|wiki|guides?|adr|design|\.github|\.claude|\.cursor|\.agents?|rules)/$",
    re.IGNORECASE,
)


def own_directory(path: str) -> str:
    """The directory that a document is in, "" or with a slash at its end."""
    return path[: path.rfind("/") + 1]


def own_steps(path: str) -> tuple[str, ...]:
    """The directory that a document is in, as keys; () for the root, and outside of the current directory."""
    directory = own_directory(path)
    steps = directory.split("/")[:-1]
    return () if directory.startswith("/") or ".." in steps else tuple(f"{step}/" for step in steps)


def described_directory(path: str) -> str:
    """The directory that a document is about: its own, or the one around `docs/` and the like."""
    directory = own_directory(path)
    while _OF_DOCUMENTS.search(directory):
        directory = directory[: directory.rstrip("/").rfind("/") + 1]
    return directory
