"""Resolves JavaScript and TypeScript modules to files of a tree."""

from __future__ import annotations

import re

from structlint.imports.files import SourceFiles
from structlint.imports.model import Import, Target, Targets
from structlint.imports.packages import Packages, split_name
from structlint.imports.paths import Paths, joined
from structlint.imports.tsconfig import TsConfigs
from structlint.text.paths import parent

_ADDRESS = re.compile(r"[a-z][a-z+.-]+:", re.IGNORECASE)
# Not valid as the name of an npm package; a plugin generates `~icons/`, without a file.
_OWN = re.compile(r"[~@]/|~(?!icons/)[^/]|#")


class JavaScriptModules:
    """The modules of a tree."""

    def __init__(self, files: SourceFiles, packages: Packages, paths: Paths) -> None:
        self._files = files
        self._packages = packages
        self._paths = paths
        self._configs = TsConfigs(files, paths, packages)
        self._known: dict[tuple[str, str], Targets] = {}

    def resolve(self, path: str, imported: Import) -> Targets:
        """The target of an import in the file at `path`."""
        directory = parent(path)
        key = directory, imported.module
        if key not in self._known:
            self._known[key] = self._resolved(directory, imported.module)
        return self._known[key]

    def _resolved(self, directory: str, module: str) -> Targets:
        if module.startswith((".", "/")):
            return self._relative(directory, module)
        if _ADDRESS.match(module):
            return (Target("", module.removeprefix("node:")),)
        bare = module.partition("?")[0]
        aliases = self._configs.aliases(directory)
        alias, targets = aliases.matched(bare)
        targets = tuple(path for target in targets if (path := joined("", target)))
        for target in targets:
            if path := self._paths.file(target):
                return (Target(path, module),)
        if aliases.base is not None and (path := self._paths.file(aliases.base + bare)):
            return (Target(path, module),)
        if module.startswith("#") and (path := self._inside(directory, bare)):
            return (Target(path, module),)
        if path := self._packages.resolve(directory, bare):
            return (Target(path, module),)
        if _OWN.match(module) or (alias and not self._is_dependency(directory, bare)):
            return self._unresolved(targets, module)
        return (Target("", bare),)

    def _relative(self, directory: str, module: str) -> Targets:
        if module.startswith("/"):
            return ()  # an absolute path, or a URL path
        path = joined(directory, module)
        if path is None:
            return ()
        resolved = self._paths.file(path) or self._paths.file(path.partition("?")[0])
        if resolved is None and path and f"{path.rstrip('/')}/" in self._files.directories:
            resolved = f"{path.rstrip('/')}/"
        return (Target(resolved or path, module),) if resolved or path else ()

    def _inside(self, directory: str, module: str) -> str | None:
        """The file that `imports` of a package maps to a name with `#`."""
        package = self._packages.nearest(directory)
        for leaf in self._packages.exported(package.manifest.get("imports"), module) if package else ():
            path = joined(package.home, leaf) if package and leaf.startswith(".") else None
            if path and (resolved := self._paths.file(path)):
                return resolved
        return None

    def _is_dependency(self, directory: str, module: str) -> bool:
        """Whether the package of a directory depends on an external module."""
        package = self._packages.nearest(directory)
        name = split_name(module)[0]
        names = (name, f"@types/{name}")
        return package is not None and any(package.wants(name) is not None for name in names)

    def _unresolved(self, targets: tuple[str, ...], module: str) -> Targets:
        """The target of an alias without a file: a generated file, if its directory exists."""
        alias = module[: module.find("/", 1) + 1] or module
        where = targets[0] if targets else ""
        directory = parent(where)
        for _ in range(module.count("/")):
            if directory and directory in self._files.directories:
                return (Target(where, module),)
            directory = parent(directory)
        return (Target(where, module, alias),)
