"""The files that ports are read from. Each is read once; notes list the files that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from posixpath import normpath

from structlint.errors import CannotCheck, LayoutError, NotRead, Problem, Unread
from structlint.ports import yaml_files
from structlint.ports.commands import mentions_compose, scripts
from structlint.ports.json_text import read_json
from structlint.ports.model import PortScan
from structlint.text.path_groups import PathGroups, grouped
from structlint.yaml_nodes import MOST_YAML_BYTES, ListNode, MapNode, Node, TextNode, parse_foreign

Read = Callable[[str], bytes]

_COMPOSE = re.compile(
    r"(?:[^/]+[._-])?compose(?:v?\d+)?(?:[._-][^/]*)?\.ya?ml|docker-compose[^/]*\.ya?ml", re.IGNORECASE
)
_SERVICES = re.compile(rb"(?m)^[\"']?services[\"']?[ \t]*:")
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
# A number or a variable; a schema has a type instead. The last alternative is the path of a JSON patch.
_SPEAKS = (
    rb"""(?:[nN]odePort|hostPort)["']?\s*:\s*["']?(?:[0-9$&*!+-]|\{\{)"""
    rb"""|hostNetwork["']?\s*:\s*["']?(?:(?i:true|yes|on|y)\b|[$&*!]|\{\{)"""
    rb"""|/(?:[nN]odePort|hostPort|hostNetwork)\b"""
)
_WORDS = (b"odePort", b"hostPort", b"hostNetwork")  # a file without any of these words names no host port
_KIND = rb"""\bkind["']?\s*:"""


class Files:
    """The files of a tree, each read on demand. `scan` collects the problems found in them."""

    def __init__(
        self,
        paths: Iterable[str],
        read: Read,
        scan: PortScan,
        yaml: tuple[str, ...] | None = None,
        declared: Callable[[str], bool] = lambda path: False,
        groups: PathGroups | None = None,
    ) -> None:
        """`read` returns the content of a path, and raises `FileNotFoundError` or `CannotCheck`.

        The `declared` files that contain services are compose files, whatever their names.
        """
        self._declared = declared
        self._paths = paths
        self._groups = groups
        self.yaml = yaml_files(paths) if yaml is None else yaml
        self.read = read
        self.scan = scan
        self._speaking: dict[str, bool] = {}
        self._nodes: dict[str, tuple[Node, ...]] = {}

    @cached_property
    def paths(self) -> frozenset[str]:
        return frozenset(self._paths)

    @cached_property
    def groups(self) -> PathGroups:
        """The paths by their directories."""
        return self._groups or grouped(self._paths)

    @cached_property
    def choosing(self) -> tuple[str, ...]:
        """The directories ("" or with a trailing "/") whose `.env` sets `COMPOSE_FILE`."""
        likely = self.groups.named([".env"])
        return tuple(sorted(path[:-4] for path in likely if b"COMPOSE_FILE" in self.peek(path)))

    @cached_property
    def compose(self) -> tuple[str, ...]:
        """The compose files, by their names or, if they are declared, by their content."""
        return tuple(path for path in self.yaml if is_compose(path) or self._is_declared(path))

    def _is_declared(self, path: str) -> bool:
        return self._declared(path) and _SERVICES.search(self.peek(path)) is not None

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """The scripts and workflows that may contain commands with the names of compose files."""
        return tuple(path for path in sorted(scripts(self.groups)) if mentions_compose(self.peek(path)))

    def documents(self, path: str) -> Iterator[MapNode]:
        """The documents of a compose file; compose merges each into the previous ones."""
        return (node for node in self.nodes(path) if isinstance(node, MapNode))

    def data(self, path: str) -> bytes:
        """The content of a file; empty, with a note, if it has vanished or cannot be read."""
        try:
            data = self.read(path)
        except Unread as error:
            self._unread(path, error)
        except FileNotFoundError:
            self.note(path, 1, "it no longer exists; its ports are not read")
        except CannotCheck as error:
            self.note(path, 1, f"{error}; its ports are not read")
        else:
            if len(data) <= MOST_YAML_BYTES:
                return data
            self._not_read(path, Problem(path, 1, 1, f"larger than {MOST_YAML_BYTES >> 20} MiB"))
        return b""

    def peek(self, path: str) -> bytes:
        """The content of a file that may be irrelevant; empty if it cannot be read or is too large."""
        try:
            return self.read(path)
        except Unread as error:  # it may be irrelevant
            self._unread(path, error)
        except (FileNotFoundError, CannotCheck):
            pass
        return b""

    def _not_read(self, path: str, problem: Problem) -> None:
        """Records an unread file. Compose reads it, so the check is incomplete without it.

        Nearly all large manifests contain no host port, so a note is enough for them.
        """
        if path in self.compose:
            self.scan.unread[path] = f"{problem.message} (line {problem.line})"
        else:
            self.note(path, problem.line, f"{problem.message}; its ports are not read", problem.column)

    def _unread(self, path: str, error: Unread) -> None:
        self.scan.unread[path] = next(iter(error.reasons.values()))

    def speaks(self, path: str) -> bool:
        """Whether a file may be a manifest with a host port, so that parsing it is worthwhile."""
        if path not in self._speaking:
            data = self.peek(path)
            may_be = any(word in data for word in _WORDS)
            may_be = may_be and (is_manifest(data) or is_kustomization(path) or b"op" in data)
            self._speaking[path] = may_be and re.search(_SPEAKS, data) is not None
        return self._speaking[path]

    def text(self, path: str) -> str:
        """The content of a text file."""
        return self.data(path).decode("utf-8", "replace").removeprefix("\ufeff")

    def nodes(self, path: str) -> tuple[Node, ...]:
        """The YAML documents of a file; none if it is invalid, with a note unless it is a template."""
        if path not in self._nodes:
            self._nodes[path] = ()
            self._nodes[path] = self._parsed(path, self.data(path))
        return self._nodes[path]

    def _parsed(self, path: str, data: bytes) -> tuple[Node, ...]:
        if path.endswith(".json"):
            node = read_json(data.decode("utf-8", "replace").removeprefix("\ufeff"), path)
            if node is None:
                self.note(path, 1, "not valid JSON; its ports are not read")
            return () if node is None else (node,)
        try:
            return parse_foreign(data, path)
        except NotRead as error:
            self._not_read(path, error.problems[-1])
            return ()
        except LayoutError as error:
            if b"{{" in data and path not in self.compose:  # compose files are never templates
                self.scan.templates.append(path)
            else:
                first = error.problems[0]
                self.note(path, first.line, f"{first.message}; its ports are not read", first.column)
            return ()

    def note(self, path: str, line: int, message: str, column: int = 1) -> None:
        """Adds a note on a problem, once."""
        problem = Problem(path, line, column, message)
        if problem not in self.scan.problems:
            self.scan.problems.append(problem)


def is_compose(path: str) -> bool:
    """Whether a file has the name of a compose file."""
    return _COMPOSE.fullmatch(path.rpartition("/")[2]) is not None


def is_kustomization(path: str) -> bool:
    """Whether a file has the name of a kustomization."""
    return path.rpartition("/")[2] in KUSTOMIZATIONS


def is_manifest(data: bytes) -> bool:
    """Whether the content of a file contains Kubernetes objects."""
    return b"apiVersion" in data and re.search(_KIND, data) is not None


def resolve_path(directory: str, name: str) -> str | None:
    """The path of `name` relative to a directory ("" or with a trailing "/"); None outside the tree."""
    if not name or name.startswith(("/", "~")) or "://" in name or "\\" in name or "\0" in name:
        return None
    path = normpath(directory + name)
    return None if path.startswith("../") or path == ".." else "" if path == "." else path


def scalars(node: Node | None) -> list[TextNode]:
    """The texts of a list; a single text counts as a list of one."""
    if isinstance(node, TextNode):
        return [node] if node.text or not node.plain else []
    return [item for item in node.items if isinstance(item, TextNode)] if isinstance(node, ListNode) else []


def inside(node: Node | None, *keys: str) -> Node | None:
    """The node at a sequence of keys in nested mappings."""
    for key in keys:
        node = node.get(key) if isinstance(node, MapNode) else None
    return node


def list_items(node: Node | None) -> tuple[Node, ...]:
    """The items of a list; none if the node is not a list."""
    return node.items if isinstance(node, ListNode) else ()


def text_of(node: Node | None) -> str:
    """The text of a scalar; "" for other nodes and for None."""
    if not isinstance(node, TextNode) or (node.plain and node.text in ("null", "~", "Null", "NULL")):
        return ""
    return node.text
