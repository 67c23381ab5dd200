"""Ports that are named for comparison only: `EXPOSE` of Dockerfiles, `PORT=` of `.env` files, `forwardPorts`.

See https://docs.docker.com/reference/dockerfile/#expose and
https://containers.dev/implementors/json_reference/ (JSON with comments).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from structlint.document import Scalar, parse_foreign
from structlint.errors import LayoutError
from structlint.finding import Place
from structlint.ports.dotenv import bindings
from structlint.ports.files import Files, inside, scalars
from structlint.ports.interpolation import BadVariable, Unresolved, interpolated
from structlint.ports.numbers import BadPort, read_numbers
from structlint.ports.port import Port

_DOCKERFILE = re.compile(r"(?:Dockerfile|Containerfile)(?:\.[^/]+)?|[^/]+\.(?:Dockerfile|dockerfile)")
_ENV = re.compile(r"\.env(?:\.[^/]+)?|[^/]+\.env")
_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)\s+(.*)", re.DOTALL)
_ASSIGNED = re.compile(r"""([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|(\S*))""")
_HEREDOC = re.compile(r"""<<-?\s*(["']?)([A-Za-z_]\w*)\1""")
_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/|\t', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[\]}])')


def exposed(files: Files) -> Iterator[Port]:
    """The ports that Dockerfiles, `.env` files and dev containers of a tree name."""
    for path in sorted(files.paths):
        directory, _, name = path.rpartition("/")
        if _DOCKERFILE.fullmatch(name):
            yield from _of_dockerfile(files.text(path), path, f"{directory}/" if directory else "")
        elif _ENV.fullmatch(name):
            yield from _of_env(files.text(path), path, f"{directory}/" if directory else "")
        elif name in ("devcontainer.json", ".devcontainer.json"):
            yield from _of_dev_container(files.text(path), path)


def _of_dockerfile(text: str, path: str, directory: str) -> Iterator[Port]:
    values: dict[str, str] = {}
    found: list[Port] = []
    for line, name, rest in _instructions(text):
        if name == "FROM":
            found = []  # what an earlier stage exposes, the image does not
        elif name in ("ARG", "ENV"):
            values |= _assigned(rest, values)
        elif name == "EXPOSE":
            for word in rest.split():
                try:
                    numbers = read_numbers(interpolated(word, values), "tcp")
                except (BadPort, BadVariable, Unresolved):
                    continue
                found.append(Port(_last(directory), numbers, Place(path, line), "EXPOSE", directory))
    yield from found


def _instructions(text: str) -> Iterator[tuple[int, str, str]]:
    """Each instruction with its line and what follows its name, without continued lines and heredocs."""
    lines = enumerate(text.splitlines(), 1)
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        parts = [line]
        while parts[-1].rstrip().endswith("\\"):
            parts[-1] = parts[-1].rstrip()[:-1]
            more = next((each for _, each in lines if not each.lstrip().startswith("#")), None)
            if more is None:
                break
            parts.append(more)
        whole = " ".join(parts)
        if instruction := _INSTRUCTION.fullmatch(whole):
            for heredoc in (
                _HEREDOC.finditer(whole) if instruction[1].upper() in ("RUN", "COPY", "ADD") else ()
            ):
                for _, each in lines:
                    if each.strip() == heredoc[2]:
                        break
            yield number, instruction[1].upper(), instruction[2]


def _assigned(text: str, values: dict[str, str]) -> dict[str, str]:
    """The variables that `ARG` or `ENV` set, with the values of those before them."""
    found = {}
    pairs = [(each[1], each[2] or each[3] or each[4] or "") for each in _ASSIGNED.finditer(text)]
    if not pairs and len(words := text.split(None, 1)) == 2:
        pairs = [(words[0], words[1])]  # `ENV NAME value`
    for name, value in pairs:
        try:
            found[name] = interpolated(value, values)
        except (Unresolved, BadVariable):
            continue
    return found


def _of_env(text: str, path: str, directory: str) -> Iterator[Port]:
    if "PORT" not in text:
        return
    for name, value, line in bindings(text):
        if name == "PORT":
            try:
                numbers = read_numbers(value, "tcp")
                yield Port(_last(directory), numbers, Place(path, line), "PORT", directory)
            except BadPort:
                continue


def _of_dev_container(text: str, path: str) -> Iterator[Port]:
    bare = _COMMENT.sub(lambda found: found[1] or " " + "\n" * found[0].count("\n"), text)
    bare = _TRAILING_COMMA.sub(lambda found: found[1] or "", bare)
    try:
        nodes = parse_foreign(bare.encode(), path)
    except LayoutError:
        return
    for item in scalars(inside(nodes[0], "forwardPorts")) if nodes else ():
        yield from _forwarded(item, path)


def _forwarded(item: Scalar, path: str) -> Iterator[Port]:
    """A port, or one of a service: `db:5432`."""
    service, _, number = item.text.rpartition(":")
    try:
        numbers = read_numbers(number, "tcp")
    except BadPort:
        return
    named = "" if service in ("localhost", "127.0.0.1") else service
    yield Port(named, numbers, Place(path, item.line, item.column), "forwardPorts")


def _last(directory: str) -> str:
    """The name of a directory."""
    return directory.rstrip("/").rpartition("/")[2]
