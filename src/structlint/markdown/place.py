"""Determines the directory that a document is about from its path."""

from __future__ import annotations

import re

_OF_DOCUMENTS = (
    r"(?i)(?:docs?|documentation|wiki|guides?|adr|design|\.github|\.claude|\.cursor|\.agents?|rules)/$"
)


def own_directory(path: str) -> str:
    """The directory that contains a document, "" or with a trailing slash."""
    return path[: path.rfind("/") + 1]


def own_steps(path: str) -> tuple[str, ...]:
    """The directory that contains a document, as keys; () for the root, or outside the current directory."""
    directory = own_directory(path)
    steps = directory.split("/")[:-1]
    return () if directory.startswith("/") or ".." in steps else tuple(f"{step}/" for step in steps)


def described_directory(path: str) -> str:
    """The directory that a document is about: its own, or the one that contains `docs/` or similar."""
    directory = own_directory(path)
    while re.search(_OF_DOCUMENTS, directory):
        directory = directory[: directory.rstrip("/").rfind("/") + 1]
    return directory


def is_beside(path: str) -> bool:
    """Whether a document is in a directory of documents, and about the directory around it."""
    return described_directory(path) != own_directory(path)
