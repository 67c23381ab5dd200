"""Resolves Python modules to files of a tree.

An absolute import starts in a root: a directory above the importing file that is not a package, its `src/`,
or the package directory of an installable project. The nearest root counts, so two services
can have packages of the same name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import cached_property
from itertools import islice, takewhile

from structlint.imports.endings import PYTHON
from structlint.imports.files import SourceFiles
from structlint.imports.model import Import, Target, Targets
from structlint.text.paths import name_of, parent, upwards

_MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg")
_MOST_PEEKED = 50  # files that are read to classify a directory
_BESIDE_MANIFEST = ("", "src/", "lib/", "python/")


class PythonModules:
    """The modules of a tree. `roots` are further directories where absolute imports start."""

    def __init__(self, files: SourceFiles, roots: Sequence[str] = ()) -> None:
        self._files = files
        self._declared = tuple(roots)
        self._ways: dict[str, tuple[str, ...]] = {}
        self._namespaces: dict[str, bool] = {}
        self._known: dict[tuple[tuple[str, ...], str, str], Targets] = {}

    def resolve(self, path: str, imported: Import) -> Targets:
        """The target of an import in the file at `path`."""
        directory = parent(path)
        module, name, _ = imported
        relative = module.startswith(".")
        # An absolute import has the same target in all files below the same roots.
        key = (directory,) if relative else self._way(directory), module, name
        if key not in self._known:
            resolve = self._relative if relative else self._absolute
            self._known[key] = resolve(directory, module, name)
        return self._known[key]

    def _relative(self, directory: str, module: str, name: str) -> Targets:
        below = module.lstrip(".")
        for _ in range(len(module) - len(below) - 1):
            if not directory:
                return ()  # beyond the top
            directory = parent(directory)
        steps = below.split(".") if below else []
        path = self._inside(directory, steps, name)
        path = path or directory + "/".join(steps) + ".py" * bool(steps)
        return (Target(path, module),) if path else ()

    def _absolute(self, directory: str, module: str, name: str) -> Targets:
        steps = module.split(".")
        if not all(steps):
            return ()
        full = f"{module}.{name}" if name and name != "*" else module
        standard = steps[0] in sys.stdlib_module_names
        for root in self._way(directory):
            path = self._inside(root, steps, name) if self._begins(root, steps[0]) else None
            whole = path and (not standard or self._is_whole(root, path, steps, name))
            if path and whole and not self._is_namespace(root):
                return (Target(path, full),)
        near = () if standard else self._near(directory, steps[0])
        paths = filter(None, (self._inside(root, steps, name) for root in near))
        return tuple(Target(path, full) for path in paths) or (Target("", full),)

    def _way(self, directory: str) -> tuple[str, ...]:
        """The roots above a directory, the nearest first, followed by the declared ones."""
        if directory not in self._ways:
            above = [directory for directory in upwards(directory) if not self._is_package(directory)]
            roots = [
                root
                for directory in above
                for root in (directory, f"{directory}src/")
                if root in self._python
            ]
            self._ways[directory] = tuple(dict.fromkeys((*roots, *self._declared)))
        return self._ways[directory]

    def _is_namespace(self, directory: str) -> bool:
        """Whether the imports in a directory show that it is a package without an `__init__.py`."""
        name = name_of(directory)
        if directory not in self._namespaces:
            inside = sorted(path for path in self._files.paths if path.startswith(directory)) if name else []
            files = islice((path for path in inside if path.endswith(PYTHON)), _MOST_PEEKED)
            word = re.escape(name.encode("utf-8", "replace"))
            imports = re.compile(rb"^\s*+(?:from|import)[ \t]++" + word + rb"[ \t.]", re.MULTILINE)
            self._namespaces[directory] = any(imports.search(self._files.peek(path)) for path in files)
        return self._namespaces[directory]

    def _near(self, directory: str, name: str) -> list[str]:
        """The nearest roots elsewhere in the repository with a module of this name."""
        roots = self._elsewhere.get(name, ())
        shared = {root: _shared(root, directory) for root in roots}
        return [root for root in roots if shared[root] == max(shared.values())]

    @cached_property
    def _elsewhere(self) -> dict[str, list[str]]:
        """The package directories of installable projects, by the names of the packages."""
        manifests = {home for name in _MANIFESTS for home in self._files.named(name)}
        homes = {home + beside for home in manifests for beside in _BESIDE_MANIFEST}
        homes = {home for home in homes if home in self._python and not self._is_package(home)}
        roots_of: dict[str, list[str]] = {}
        for path in sorted(self._python):
            above = parent(path)
            if path and above in homes:
                roots_of.setdefault(path[len(above) : -1], []).append(above)
        for path in sorted(self._files.paths):
            above, _, name = path.rpartition("/")
            if name.endswith(PYTHON) and (above and f"{above}/") in homes:
                roots = roots_of.setdefault(name.partition(".")[0], [])
                roots += [above and f"{above}/"] * ((above and f"{above}/") not in roots)
        return roots_of

    @cached_property
    def _python(self) -> frozenset[str]:
        """The directories with a Python file at any depth."""
        directories = {""}
        for path in self._files.paths:
            above = parent(path)
            while above not in directories and path.endswith(PYTHON):
                directories.add(above)
                above = parent(above)
        return frozenset(directories)

    def _is_package(self, directory: str) -> bool:
        return bool(directory) and self._init(directory) is not None

    def _init(self, directory: str) -> str | None:
        return self._modules.get(f"{directory}__init__")

    @cached_property
    def _modules(self) -> dict[str, str]:
        """The Python files by their paths without an extension; the first extension wins."""
        paths = [path for path in self._files.paths if path.endswith(PYTHON)]
        return {
            path.removesuffix(end): path for end in reversed(PYTHON) for path in paths if path.endswith(end)
        }

    def _begins(self, root: str, name: str) -> bool:
        return f"{root}{name}/" in self._python or root + name in self._modules

    def _child(self, directory: str, name: str) -> str | None:
        """The module or package of this name in a directory: a file, or a directory with its "/"."""
        inside = f"{directory}{name}/"
        if inside in self._python and self._is_package(inside):
            return inside
        return self._modules.get(directory + name) or (inside if inside in self._python else None)

    def _inside(self, root: str, steps: Sequence[str], name: str) -> str | None:
        """The file of a module below a root; None if there is none.

        A name imported from a package is a module if one exists, else it belongs to the package. A module
        that is missing in a package may be generated, so it is treated as existing.
        """
        at = root
        for number, step in enumerate(steps):
            child = self._child(at, step)
            if child is None:
                return at + "/".join(steps[number:]) + ".py" if self._is_package(at) else None
            if not child.endswith("/"):
                return child
            at = child
        part = self._child(at, name) if name else None
        if part:
            return self._init(part) or part
        return self._init(at) or (at if not name and len(steps) > 1 else None)

    def _is_whole(self, root: str, path: str, steps: Sequence[str], name: str) -> bool:
        """Whether a path covers the complete import, and not only the name of a module."""
        wanted = [*steps, *([name] if name else [])]
        stem = path[len(root) :].rsplit(".", 1)[0].removesuffix("/__init__").rstrip("/")
        return len(wanted) > 1 and stem == "/".join(wanted) and path in self._files.paths


def _shared(one: str, other: str) -> int:
    """The number of leading directories that two paths share."""
    pairs = zip(one.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
