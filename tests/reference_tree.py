"""The trees of the reference: excluded paths, links, and directories that are not read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from reference_layout import above, top

LAYOUT = "structlint.yaml"


class Paths:
    """The paths of a tree without excluded ones; directories end in "/".

    `inside` has the names in each directory, including the targets of links. `files` are the files and the
    links to files. `linked` has the links to directories, with their targets, and `leads` also those in
    nested projects. `opaque` are the directories that are not read: `submodules`, nested projects, and links
    in the target of a link. `broken` are dangling links. `known_to_git` are the files and links, including
    those in nested projects, and `nested` the files of each nested project. `emptied` are directories that a
    link leads to, or inside them, in which every file is excluded.
    """

    def __init__(
        self,
        files: Iterable[str],
        exclude: Sequence[str] = (),
        links: Mapping[str, str] | None = None,
        submodules: Iterable[str] = (),
    ) -> None:
        self.links = links or {}
        self.inside: dict[str, set[str]] = {"": set()}
        self.linked: dict[str, str] = {}
        self.broken: set[str] = set()
        self.nested: dict[str, set[str]] = {}
        self.emptied: set[str] = set()
        every, submodules = set(files), set(submodules)
        self._lead(every, {each for path in every | submodules for each in above(path) if each[-1] == "/"})
        self.known_to_git = {path for path in every if not top(exclude, path)}
        self.leads = {path: to for path, to in self.linked.items() if path[:-1] in self.known_to_git}
        self._close({path.rstrip("/") for path in self.linked})
        self.all_submodules = {path for path in submodules if not top(exclude, path)}
        submodules = {path for path in submodules if self.nested.keys().isdisjoint(above(path))}
        self.submodules = {path for path in submodules if not top(exclude, path)}
        self.opaque = self.submodules | set(self.nested)
        gone = {path for path in every if not self.nested.keys().isdisjoint(above(path))}
        links_to_directories = {path.rstrip("/") for path in self.linked}
        self.files = self.known_to_git - gone - links_to_directories - self.broken
        self.linked = {path: to for path, to in self.linked.items() if path[:-1] in self.known_to_git - gone}
        for path in (every - gone - {each[:-1] for each in self.linked}) | submodules | self.opaque:
            self._add(path, exclude)
        for path in self.linked:
            self._add(path, ())
        self.directories = {*self.inside, *self.linked, *self.opaque} - {""}
        for path, directory in self.linked.items():
            self._copy(directory, path)

    def _lead(self, files: set[str], directories: set[str]) -> None:
        for path in self.links:
            to = self._target(path)
            if to is not None and (to == "" or f"{to}/" in directories):
                self.linked[f"{path}/"] = f"{to}/" if to else ""
            elif to not in files:
                self.broken.add(path)

    def _target(self, path: str) -> str | None:
        """The target of a link; None if it is outside the tree or the link is part of a cycle."""
        at: list[str] = []
        steps, hops = path.split("/"), 0
        while steps:
            step = steps.pop(0)
            if step == ".." and not at:
                return None
            if step == "..":
                at.pop()
            elif step not in ("", "."):
                at.append(step)
                if (link := self.links.get("/".join(at))) is not None:
                    hops += 1
                    if hops > 40 or link.startswith("/"):
                        return None
                    at.pop()
                    steps = [*link.split("/"), *steps]
        return "/".join(at)

    def real(self, path: str) -> str:
        """The actual location of a path below a link."""
        link = next((each for each in above(path)[:-1] if each in self.linked), None)
        return path if link is None else self.linked[link] + path.removeprefix(link)

    def _close(self, links: set[str]) -> None:
        """Records the nested projects: directories with their own layout, which are not read."""
        layouts = {path for path in self.known_to_git - links if path.endswith(f"/{LAYOUT}")}
        projects = {path.removesuffix(LAYOUT) for path in layouts}
        for project in projects:
            if not projects.intersection(above(project)[:-1]):
                self.nested[project] = {path for path in self.known_to_git if path.startswith(project)}

    def _add(self, path: str, exclude: Sequence[str]) -> None:
        for each in above(path):
            if not top(exclude, each):
                name = re.findall("[^/]+/?", each)[-1]
                self.inside.setdefault(each.removesuffix(name), set()).add(name)
                self.inside.setdefault(each, set()) if each.endswith("/") else None

    def _copy(self, directory: str, path: str) -> None:
        """Adds the contents of a directory to the link that leads to it, without dangling links."""
        self.inside[path] = set()
        if self.opaque.intersection(above(directory)):
            self.opaque.add(path)
            return
        if not any(each.startswith(directory) for each in self.known_to_git | self.opaque):
            self.emptied.add(path)
        for name in self.inside.get(directory, ()):
            below = directory + name
            if below in self.broken:
                continue
            self.inside[path].add(name)
            if below in self.linked or below in self.opaque:
                self.opaque.add(path + name)
            elif name.endswith("/"):
                self._copy(below, path + name)
