"""The files that ports are read from: which they are, each read once, with notes on what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from posixpath import normpath

from structlint.errors import CannotCheck, LayoutError, NotRead, Problem, Unread
from structlint.ports import yaml_files
from structlint.ports.commands import is_script, mentions_compose
from structlint.ports.json_text import read_json
from structlint.ports.model import PortScan
from structlint.yaml_nodes import MOST_YAML_BYTES, ListNode, MapNode, Node, TextNode, parse_foreign

Read = Callable[[str], bytes]

_COMPOSE = re.compile(
    r"(?:[^/]+[._-])?compose(?:v?\d+)?(?:[._-][^/]*)?\.ya?ml|docker-compose[^/]*\.ya?ml", re.IGNORECASE
)
_SERVICES = re.compile(rb"(?m)^[\"']?services[\"']?[ \t]*:")
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
# A number, or what stands for one; a definition has a type there. The last is the path of a JSON patch.
_SPEAKS = (
    rb"""(?:[nN]odePort|hostPort)["']?\s*:\s*["']?(?:[0-9$&*!+-]|\{\{)"""
    rb"""|hostNetwork["']?\s*:\s*["']?(?:(?i:true|yes|on|y)\b|[$&*!]|\{\{)"""
    rb"""|/(?:[nN]odePort|hostPort|hostNetwork)\b"""
)
_WORDS = (b"odePort", b"hostPort", b"hostNetwork")  # without one of which it does not
_KIND = rb"""\bkind["']?\s*:"""


class Files:
    """The files of a tree, each read when it is needed. `scan` collects what is wrong with them."""

    def __init__(
        self,
        paths: Iterable[str],
        read: Read,
        scan: PortScan,
        yaml: tuple[str, ...] | None = None,
        declared: Callable[[str], bool] = lambda path: False,
    ) -> None:
        """`read` gives the content of a path, and raises `FileNotFoundError` or `CannotCheck`.

        Of the files that are `declared`, those with services are compose files, whatever their names.
        """
        self._declared = declared
        self._paths = paths
        self.yaml = yaml_files(paths) if yaml is None else yaml
        self.read = read
        self.scan = scan
        self._speaking: dict[str, bool] = {}
        self._nodes: dict[str, tuple[Node, ...]] = {}

    @cached_property
    def paths(self) -> frozenset[str]:
        return frozenset(self._paths)

    @cached_property
    def choosing(self) -> tuple[str, ...]:
        """The directories whose `.env` sets `COMPOSE_FILE`: "" or with a trailing "/"."""
        likely = (path for path in self.paths if path == ".env" or path.endswith("/.env"))
        return tuple(sorted(path[:-4] for path in likely if b"COMPOSE_FILE" in self.peek(path)))

    @cached_property
    def compose(self) -> tuple[str, ...]:
        """The compose files, by their names or, if they are declared, by their content."""
        return tuple(path for path in self.yaml if is_compose(path) or self._is_declared(path))

    def _is_declared(self, path: str) -> bool:
        return self._declared(path) and _SERVICES.search(self.peek(path)) is not None

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """The scripts and workflows that may have commands which name compose files."""
        return tuple(
            path for path in sorted(filter(is_script, self.paths)) if mentions_compose(self.peek(path))
        )

    def documents(self, path: str) -> Iterator[MapNode]:
        """The documents of a compose file; compose merges each into those before it."""
        return (node for node in self.nodes(path) if isinstance(node, MapNode))

    def data(self, path: str) -> bytes:
        """The content of a file; nothing if it has vanished or cannot be read, which is noted."""
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
        """The content of a file that may be of no concern; nothing if it cannot be read or is too large."""
        try:
            return self.read(path)
        except Unread as error:  # nobody knows whether it is of concern
            self._unread(path, error)
        except (FileNotFoundError, CannotCheck):
            pass
        return b""

    def _not_read(self, path: str, problem: Problem) -> None:
        """Compose reads such a file, so the check is incomplete without it.

        Of large manifests, nearly all name no port of a node; a note is enough.
        """
        if path in self.compose:
            self.scan.unread[path] = f"{problem.message} (line {problem.line})"
        else:
            self.note(path, problem.line, f"{problem.message}; its ports are not read", problem.column)

    def _unread(self, path: str, error: Unread) -> None:
        self.scan.unread[path] = next(iter(error.reasons.values()))

    def speaks(self, path: str) -> bool:
        """Whether a file may be a manifest with the port of a node in it, so that it is worth parsing."""
        if path not in self._speaking:
            data = self.peek(path)
            may_be = any(word in data for word in _WORDS)
            may_be = may_be and (is_manifest(data) or is_kustomization(path) or b"op" in data)
            self._speaking[path] = may_be and re.search(_SPEAKS, data) is not None
        return self._speaking[path]

    def text(self, path: str) -> str:
        """The content of a file that is text."""
        return self.data(path).decode("utf-8", "replace").removeprefix("\ufeff")

    def nodes(self, path: str) -> tuple[Node, ...]:
        """The YAML documents of a file; none if it is not YAML, which is noted except for templates."""
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
            if b"{{" in data and path not in self.compose:  # compose files have no templates
                self.scan.templates.append(path)
            else:
                first = error.problems[0]
                self.note(path, first.line, f"{first.message}; its ports are not read", first.column)
            return ()

    def note(self, path: str, line: int, message: str, column: int = 1) -> None:
        """Notes a problem, once."""
        problem = Problem(path, line, column, message)
        if problem not in self.scan.problems:
            self.scan.problems.append(problem)


def is_compose(path: str) -> bool:
    """Whether a file is read as a compose file, by its name."""
    return _COMPOSE.fullmatch(path.rpartition("/")[2]) is not None


def is_kustomization(path: str) -> bool:
    """Whether a file says what manifests are built from, by its name."""
    return path.rpartition("/")[2] in KUSTOMIZATIONS


def is_manifest(data: bytes) -> bool:
    """Whether a file has objects of Kubernetes in it, by its content."""
    return b"apiVersion" in data and re.search(_KIND, data) is not None


def resolve_path(directory: str, name: str) -> str | None:
    """The path of `name` as seen from a directory ("" or with a trailing "/"); None if it is outside."""
    if not name or name.startswith(("/", "~")) or "://" in name or "\\" in name or "\0" in name:
        return None
    path = normpath(directory + name)
    return None if path.startswith("../") or path == ".." else "" if path == "." else path


def scalars(node: Node | None) -> list[TextNode]:
    """The texts of a list, or the one that stands for a list of one."""
    if isinstance(node, TextNode):
        return [node] if node.text or not node.plain else []
    return [item for item in node.items if isinstance(item, TextNode)] if isinstance(node, ListNode) else []


def inside(node: Node | None, *keys: str) -> Node | None:
    """What stands in a mapping under a key, and in that under the next one."""
    for key in keys:
        node = node.get(key) if isinstance(node, MapNode) else None
    return node


def list_items(node: Node | None) -> tuple[Node, ...]:
    """The items of a list; none where there is no list."""
    return node.items if isinstance(node, ListNode) else ()


def text_of(node: Node | None) -> str:
    """The text of a scalar, "" for anything else and for nothing."""
    if not isinstance(node, TextNode) or (node.plain and node.text in ("null", "~", "Null", "NULL")):
        return ""
    return node.text
