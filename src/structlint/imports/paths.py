"""Resolves paths in JavaScript and TypeScript imports to files."""

from __future__ import annotations

from posixpath import normpath

from structlint.imports.files import SourceFiles

_TRIED = (
    *(".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mts", ".d.mts", ".cts", ".d.cts", ".mjs", ".cjs"),
    *(".json", ".vue", ".svelte", ".astro"),
)
_WRITTEN_AS = {
    ".js": (".ts", ".tsx", ".d.ts", ".jsx"),
    ".jsx": (".tsx",),
    ".mjs": (".mts", ".d.mts"),
    ".cjs": (".cts", ".d.cts"),
}


def joined(directory: str, path: str) -> str | None:
    """A path relative to a directory ("" or ending in "/"); None if it leads out of the tree."""
    resolved = normpath(directory + path)
    if resolved.startswith(("../", "/")) or resolved == "..":
        return None
    resolved = "" if resolved == "." else resolved
    return f"{resolved}/" if resolved and path.endswith("/") else resolved


class Paths:
    """The files of a tree by the paths in imports: without an extension, or with that of the built file."""

    def __init__(self, files: SourceFiles) -> None:
        self._files = files
        self._known: dict[str, str | None] = {}

    def file(self, path: str) -> str | None:
        """The file at a path from the root, including the index file of a directory."""
        if path not in self._known:
            self._known[path] = self._resolved(path)
        return self._known[path]

    def _resolved(self, path: str) -> str | None:
        paths = self._files.paths
        path = path.rstrip("/")
        if path in paths:
            return path
        for built, endings in _WRITTEN_AS.items():
            if path.endswith(built):
                stem = path.removesuffix(built)
                return next(
                    (stem + end for end in endings if stem + end in paths), None
                ) or self._with_ending(path)
        return self._with_ending(path)

    def _with_ending(self, path: str) -> str | None:
        paths = self._files.paths
        if resolved := next((path + end for end in _TRIED if path + end in paths), None):
            return resolved
        inside = f"{path}/" if path else ""
        if inside in self._files.directories:
            return next((f"{inside}index{end}" for end in _TRIED if f"{inside}index{end}" in paths), None)
        return None
