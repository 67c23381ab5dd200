"""Lists the imports that a layout allows in a file. Only the layout is read."""

from __future__ import annotations

from structlint.layout.model import Layout
from structlint.matching.import_judge import Judge, Permission
from structlint.matching.import_sides import Sides


def import_permissions(layout: Layout, path: str) -> list[Permission]:
    """The imports that a file may contain; the file need not exist. Empty if no rule applies."""
    if layout.imports is None:
        return []
    sides = Sides(layout.imports.sides, layout.names)
    permissions = Judge(layout.imports).permissions(sides.of(path))
    return sorted(permissions, key=lambda permission: not permission.allowed)
