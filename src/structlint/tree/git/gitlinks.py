"""Finds submodules that `.gitmodules` does not declare."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from structlint.errors import TreeError

_PATH = rb"""(?m)^[ \t]*path[ \t]*=[ \t]*"?(.*?)"?[ \t\r]*$"""


def undeclared(modules: Collection[str], prefix: str, read: Callable[[str], bytes]) -> frozenset[str]:
    """The submodules that are not declared, each with a trailing "/".

    The paths of `modules` are relative to the prefix; `read` returns the content of a file of the repository.
    git cannot fetch a submodule that is not declared.
    """
    if not modules:
        return frozenset()
    try:
        content = read(".gitmodules")
    except (FileNotFoundError, TreeError):
        content = b""
    declared = {path.decode("utf-8", "surrogateescape").rstrip("/") for path in re.findall(_PATH, content)}
    return frozenset(f"{path}/" for path in modules if prefix + path not in declared)
