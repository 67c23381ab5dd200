"""Paths as a system writes them. `system` is `posixpath`, `ntpath` or, by default, the one of this system."""

from __future__ import annotations

import os
from types import ModuleType


def relative_to(path: str, root: str, system: ModuleType = os.path) -> str:
    """A real path from a root, with `/`; on another drive of Windows, the whole path."""
    try:
        relative: str = system.relpath(path, root)
    except ValueError:
        relative = path
    return with_slashes(relative, system)


def with_slashes(path: str, system: ModuleType = os.path) -> str:
    """A path that a user gave, with `/` between names. A backslash separates names on Windows only."""
    return path.replace(system.sep, "/")


def names_directory(path: str, system: ModuleType = os.path) -> bool:
    """Whether a path that a user gave ends as one of a directory does."""
    return with_slashes(path, system).endswith("/")


def leaves_directory(step: str, system: ModuleType = os.path) -> bool:
    """Whether a name is not one of the directory: on Windows also a drive, a stream or several names."""
    return step in ("", ".", "..") or (system.sep == "\\" and ("\\" in step or ":" in step))
