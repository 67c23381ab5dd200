"""Finds the compose files that are started together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from structlint.ports.commands import Command, compose_commands
from structlint.ports.compose.definitions import Name, defined_names, lacking_names
from structlint.ports.compose.services import parent_directory
from structlint.ports.devcontainer import NAMES, compose_files
from structlint.ports.dotenv import variables
from structlint.ports.files import Files, inside, list_items, resolve_path, scalars
from structlint.text.paths import upwards
from structlint.text.records import Record
from structlint.yaml_nodes import MapNode

# in the order in which compose searches for them
DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
_MOST_COMPLETING = 5  # files, each of which defines names that another one lacks
_MOST_SCRIPTS = 2_000


class Stack(Record):
    """The files of a compose project in the order in which they are merged.

    `directory`, "" or with a trailing "/", is where compose is started; the `.env` file there applies.
    `profiles` are active in addition to those of that `.env` file.
    """

    paths: tuple[str, ...]
    directory: str
    env_files: tuple[str, ...] = ()
    profiles: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """A name that no other stack has."""
        more = [*self.env_files, *sorted(self.profiles)]
        if self.directory != parent_directory(self.paths[0]):
            more.insert(0, self.directory or "./")
        return f"compose {' '.join(self.paths)}" + (f" with {' '.join(more)}" if more else "")


@dataclass
class Stacks:
    """Finds the projects among the compose files of a tree."""

    files: Files
    _defined: dict[str, frozenset[Name]] = field(default_factory=dict)

    def all(self) -> Iterator[Stack]:
        """All projects: named in a `.env`, a dev container or a command, started by default, or inferred."""
        named_in = ((directory, self._chosen(directory)) for directory in self.files.choosing)
        chosen = {directory: stack for directory, stack in named_in if stack.paths}
        started = [*self._of_devcontainers(), *self._of_commands()]
        named = {path for stack in chosen.values() for path in stack.paths}
        joined = named.union(*(stack.paths for stack in started if len(stack.paths) > 1))
        stacks: dict[Stack, None] = {}
        for directory in sorted({*self._by_directory, *chosen}):
            paths = self._by_directory.get(directory, [])
            first = chosen.get(directory) or _default(directory, paths)
            if first and (first == chosen.get(directory) or first.paths[-1] not in named):
                stacks[first] = None
            for path in paths:
                if path not in joined and not (first and path in first.paths):
                    stacks.update(dict.fromkeys(self._inferred(directory, path)))
        yield from {**stacks, **dict.fromkeys(started)}

    def _chosen(self, directory: str) -> Stack:
        """The existing files that `COMPOSE_FILE` names instead of the default ones."""
        path = f"{directory}.env"
        values = variables(self.files.text(path), {}) if path in self.files.paths else {}
        names = values.get("COMPOSE_FILE", "").split(values.get("COMPOSE_PATH_SEPARATOR") or ":")
        paths = (resolve_path(directory, name.strip()) for name in names)
        return Stack(
            tuple(dict.fromkeys(path for path in paths if path and path in self.files.paths)), directory
        )

    def _of_devcontainers(self) -> Iterator[Stack]:
        for path in sorted(self.files.groups.named(NAMES)):
            directory = parent_directory(path)
            names = compose_files(self.files.peek(path), path)
            paths = tuple(resolved for name in names if (resolved := resolve_path(directory, name)))
            if paths and all(file in self.files.paths for file in paths):
                yield Stack(paths, parent_directory(paths[0]))

    def _of_commands(self) -> Iterator[Stack]:
        for path in self.files.scripts[:_MOST_SCRIPTS]:
            for command in compose_commands(self.files.peek(path)):
                if stack := self._of_command(command, parent_directory(path)):
                    yield stack

        if len(self.files.scripts) > _MOST_SCRIPTS:
            note = f"more than {_MOST_SCRIPTS:,} scripts mention compose; the rest is not read"
            self.files.note(self.files.scripts[_MOST_SCRIPTS], 1, note)

    def _of_command(self, command: Command, directory: str) -> Stack | None:
        """The files of a command, relative to the directory of its script or to one above it."""
        for above in upwards(directory):
            where = resolve_path(above, command.directory) if command.directory else above.rstrip("/")
            if where is None:
                continue
            where = where and f"{where}/"
            paths = tuple(resolve_path(where, name) for name in command.files)
            known = tuple(path for path in paths if path and path in self.files.paths)
            if len(known) == len(paths):
                env_files = (resolve_path(where, name) for name in command.env_files)
                return Stack(
                    tuple(dict.fromkeys(known)),
                    where,
                    tuple(name for name in env_files if name and name in self.files.paths),
                    frozenset(command.profiles),
                )
        return None

    # --- Files that cannot run alone

    def _inferred(self, directory: str, path: str) -> Iterator[Stack]:
        """The projects of a file that nothing names: the file alone, or with each set that completes it."""
        lacking = lacking_names(self.files.documents(path))
        lacking -= self._definitions(path)
        completed = [*islice(self._completing(directory, path, lacking), _MOST_COMPLETING)] if lacking else []
        for paths in completed or [()]:
            yield Stack((*paths, path), parent_directory(paths[0]) if paths else directory)

    def _completing(self, directory: str, path: str, lacking: set[Name]) -> Iterator[tuple[str, ...]]:
        """The files that define the missing names of a file: the default file, single files, or several."""
        for above in upwards(directory):
            default = _default(above, self._by_directory.get(above, []))
            if default and default.paths[0] != path and lacking & self._definitions(default.paths[0]):
                yield default.paths[:1]
                return
            if above == directory:
                others = [other for other in self._by_directory.get(above, []) if other != path]
                whole = [other for other in others if lacking <= self._definitions(other)]
                yield from ((other,) for other in whole)
                if whole:
                    return
                if needed := self._needed(others, lacking):
                    yield needed
                    return

    def _needed(self, paths: Iterable[str], lacking: set[Name]) -> tuple[str, ...]:
        """The first files, each of which defines a name that is still missing."""
        lacking_files = []
        for path in paths:
            if lacking & self._definitions(path):
                lacking = lacking - self._definitions(path)
                lacking_files.append(path)
        return tuple(lacking_files)

    @cached_property
    def _by_directory(self) -> dict[str, list[str]]:
        by_directory: dict[str, list[str]] = {}
        for path in self.files.compose:
            by_directory.setdefault(parent_directory(path), []).append(path)
        return by_directory

    def _definitions(self, path: str) -> frozenset[Name]:
        """The names that a file and the files that it includes define."""
        if path not in self._defined:
            self._defined[path] = frozenset()  # stops at files that include one another
            documents = tuple(self.files.documents(path))
            names = defined_names(documents)
            for name in included_paths(documents):
                included = resolve_path(parent_directory(path), name)
                if included and included in self.files.paths:
                    names |= self._definitions(included)
            self._defined[path] = frozenset(names)
        return self._defined[path]


def included_paths(documents: Iterable[MapNode]) -> Iterator[str]:
    """The paths in `include`, as written."""
    for document in documents:
        for item in list_items(document.get("include")):
            node = inside(item, "path") if isinstance(item, MapNode) else item
            yield from (item.text for item in scalars(node))


def _default(directory: str, paths: Collection[str]) -> Stack | None:
    """The files that compose starts in a directory without options."""
    base = next((directory + name for name in DEFAULTS if directory + name in paths), None)
    over = next((directory + name for name in _OVERRIDES if directory + name in paths), None)
    return Stack((base, over) if over else (base,), directory) if base else None
