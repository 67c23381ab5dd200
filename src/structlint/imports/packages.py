"""The npm packages in a tree: the members of workspaces, and the resolution of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from structlint.errors import LayoutError
from structlint.imports.files import SourceFiles
from structlint.imports.json_files import mapping, mapping_in, texts
from structlint.imports.model import Confirmed, Import, Target, Targets, by_line
from structlint.imports.paths import Paths, joined
from structlint.text.paths import parent
from structlint.text.records import Record
from structlint.yaml_nodes import ListNode, MapNode, TextNode, parse_foreign

MANIFEST = "package.json"
MOST_OF_YAML = 1 << 16
_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_SECTION = re.compile(rb'"(?:dev|peer|optional)?+[dD]ependencies"\s*+:\s*+\{([^{}]*+)')
_KEY = re.compile(rb'"((?:[^"\\\n]|\\.)*+)"\s*+:')
_NUMBERS = re.compile(r"(?<![\w.])[v=]?(\d+|[xX*])(?:\.(\d+|[xX*]))?")
_PATH = re.compile(r"(?:file|link|portal):(.*)")
_MOST_NESTED = 20  # the deepest nesting of conditions in `exports`


class Package(Record):
    """A `package.json`: its directory and contents."""

    home: str
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        name = self.manifest.get("name")
        return name if isinstance(name, str) else ""

    def wants(self, name: str) -> str | None:
        """The requested version of a dependency; None if it is not a dependency."""
        for kind in _DEPENDENCIES:
            version = mapping(self.manifest.get(kind)).get(name)
            if isinstance(version, str):
                return version
        return None


class Packages:
    """The packages of a tree."""

    def __init__(self, files: SourceFiles, paths: Paths) -> None:
        self._files = files
        self._paths = paths
        self._read: dict[str, Package] = {}

    def nearest(self, directory: str) -> Package | None:
        """The package that a directory belongs to."""
        while f"{directory}{MANIFEST}" not in self._files.paths:
            if not directory:
                return None
            directory = parent(directory)
        return self.at(directory)

    def at(self, home: str) -> Package:
        if home not in self._read:
            self._read[home] = Package(home, mapping_in(self._files, f"{home}{MANIFEST}"))
        return self._read[home]

    def resolve(self, directory: str, module: str) -> str | None:
        """The file or directory of a package's module; None if the package is external."""
        name, inside = split_name(module)
        own = self.nearest(directory)
        if own and own.name == name:
            return self.entry(own, inside)
        member = self.member(directory, name)
        return self.entry(member, inside) if member else None

    def member(self, directory: str, name: str) -> Package | None:
        """The package of this tree with a name, seen from a directory; None if it is external."""
        member = self._members.get(name)
        for package in self._above(directory):
            wanted = package.wants(name)
            if wanted is None:
                continue
            if local := _PATH.fullmatch(wanted):
                home = joined(package.home, f"{local[1]}/")
                return self.at(home) if home and f"{home}{MANIFEST}" in self._files.paths else None
            return member if member and _fits(wanted, member.manifest.get("version")) else None
        return member

    def _above(self, directory: str) -> Iterator[Package]:
        """The package of a directory, and the packages that contain it."""
        package = self.nearest(directory)
        while package:
            yield package
            package = self.nearest(parent(package.home)) if package.home else None

    @cached_property
    def _members(self) -> dict[str, Package]:
        """The members of all workspaces of the tree, by name."""
        homes = set(self._files.named(MANIFEST))
        packages: dict[str, Package] = {}
        for root in sorted(
            homes | {*self._files.named("pnpm-workspace.yaml"), *self._files.named("lerna.json")}
        ):
            patterns = self._workspaces(root)
            for home in sorted(homes) if patterns else ():
                if home.startswith(root) and home != root and _is_member(home[len(root) : -1], patterns):
                    package = self.at(home)
                    if package.name:
                        packages.setdefault(package.name, package)
        return packages

    def _workspaces(self, root: str) -> list[str]:
        """The member patterns of the workspace in a directory."""
        workspaces = (
            self.at(root).manifest.get("workspaces") if f"{root}{MANIFEST}" in self._files.paths else None
        )
        patterns = texts(workspaces) or texts(mapping(workspaces).get("packages"))
        if f"{root}lerna.json" in self._files.paths:
            patterns += texts(mapping_in(self._files, f"{root}lerna.json").get("packages"))
        pnpm = f"{root}pnpm-workspace.yaml"
        if pnpm in self._files.paths:
            try:
                nodes = parse_foreign(self._files.data(pnpm, MOST_OF_YAML), pnpm)
            except LayoutError:
                return patterns
            listed = nodes[0].get("packages") if nodes and isinstance(nodes[0], MapNode) else None
            items = listed.items if isinstance(listed, ListNode) else ()
            patterns += [item.text for item in items if isinstance(item, TextNode)]
        return patterns

    def entry(self, package: Package, inside: str) -> str:
        """The file of a package's module; the package's directory if the file is a build result."""
        for leaf in self.exported(package.manifest.get("exports"), f"./{inside}" if inside else "."):
            if source := self._source(package.home, leaf):
                return source
        if inside:
            return (
                self._source(package.home, inside)
                or self._paths.file(f"{package.home}src/{inside}")
                or package.home
            )
        for key in ("source", "types", "typings", "module", "main"):
            path = package.manifest.get(key)
            if isinstance(path, str) and (source := self._source(package.home, path)):
                return source
        return (
            self._paths.file(f"{package.home}src/index")
            or self._paths.file(f"{package.home}index")
            or package.home
        )

    def _source(self, home: str, leaf: str) -> str | None:
        """The file at a path in a package, or its source: `src/a.ts` for `dist/a.js`."""
        path = joined(home, leaf)
        if path is None or not path.startswith(home):
            return None
        if source := self._paths.file(path):
            return source
        first, _, rest = path[len(home) :].partition("/")
        rest = re.sub(r"(?:\.d)?\.[cm]?[jt]sx?$", "", rest)
        built = rest and first in ("dist", "lib", "build", "out", "esm", "cjs", "es")
        return self._paths.file(f"{home}src/{rest}") if built else None

    def exported(self, exports: object, wanted: str) -> list[str]:
        """The possible paths of a module in `exports` or `imports` of a package, the likeliest first."""
        if not isinstance(exports, dict) or not any(key.startswith((".", "#")) for key in exports):
            return _leaves(exports, "", 0) if wanted == "." else []
        if wanted in exports:
            return _leaves(exports[wanted], "", 0)
        for key in sorted((key for key in exports if "*" in key), key=len, reverse=True):
            before, _, after = key.partition("*")
            fits = (
                len(wanted) >= len(before) + len(after)
                and wanted.startswith(before)
                and wanted.endswith(after)
            )
            if fits:
                return _leaves(exports[key], wanted[len(before) : len(wanted) - len(after)], 0)
        return []


def split_name(module: str) -> tuple[str, str]:
    """A module name split into the package and the path in it: `@scope/name` and `a/b`."""
    steps = module.split("/")
    count = 2 if module.startswith("@") else 1
    return "/".join(steps[:count]), "/".join(steps[count:])


def _leaves(exports: object, star: str, depth: int) -> list[str]:
    if isinstance(exports, str):
        return [exports.replace("*", star)]
    if depth > _MOST_NESTED:
        return []
    inside: Iterable[object] = (
        exports.values() if isinstance(exports, dict) else exports if isinstance(exports, list) else ()
    )
    return [leaf for condition in inside for leaf in _leaves(condition, star, depth + 1)]


def _is_member(path: str, patterns: Iterable[str]) -> bool:
    """Whether a directory is a member of a workspace; the last matching pattern decides."""
    member = False
    for pattern in patterns:
        if _matches(path.split("/"), pattern.lstrip("!").removeprefix("./").rstrip("/").split("/")[:20]):
            member = not pattern.startswith("!")
    return member


def _matches(steps: list[str], pattern: list[str]) -> bool:
    """Whether a path matches a pattern; `**` matches any number of directories."""
    reached = {0}  # the numbers of path steps that the pattern up to here can match
    for part in pattern:
        if part == "**":
            reached = set(range(min(reached, default=0), len(steps) + 1)) if reached else set()
        else:
            reached = {at + 1 for at in reached if at < len(steps) and fnmatchcase(steps[at], part)}
    return len(steps) in reached


def _fits(wanted: str, version: object) -> bool:
    """Whether a member's version may satisfy a dependency; true in case of doubt."""
    if wanted.startswith(("workspace:", "catalog:")) or not isinstance(version, str):
        return True
    if ":" in wanted or "/" in wanted:
        return False  # an alias or a URL
    own = _NUMBERS.match(version)
    if not own or wanted.lstrip().startswith((">", "<")):
        return True
    numbers = list(_NUMBERS.finditer(re.sub(r"[\^~]", "", wanted)))
    return not numbers or any(_same(own, number, wanted) for number in numbers)


def _same(own: re.Match[str], other: re.Match[str], wanted: str) -> bool:
    if not other[1].isdigit() or own[1] != other[1]:
        return not other[1].isdigit()
    minor = other[2] or ""
    return own[1] != "0" or not minor.isdigit() or own[2] == minor


class PackageManifest:
    """The dependencies of a `package.json` on other packages of the tree."""

    name = "npm"
    separator = "/"

    def __init__(self, packages: Packages) -> None:
        self._packages = packages

    def scan(self, data: bytes) -> Iterator[Import]:
        for section in _SECTION.finditer(data):
            for key in _KEY.finditer(section[1]):
                yield Import(key[1].decode("utf-8", "replace"), "", section.start(1) + key.start())

    def statements(self, data: bytes) -> None:
        return None

    def confirm(self, path: str, data: bytes, places: Sequence[int]) -> Mapping[int, Confirmed]:
        return by_line(data, places)

    def resolve(self, path: str, imported: Import) -> Targets:
        """The directory of the package; empty for an external package, which source files import."""
        member = self._packages.member(path[: -len(MANIFEST)], imported.module)
        return (Target(member.home, imported.module),) if member else ()
