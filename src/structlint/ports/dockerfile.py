"""Ports that a Dockerfile exposes, see https://docs.docker.com/reference/dockerfile/#expose."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from structlint.finding import Place
from structlint.ports.interpolation import BadVariable, Unresolved, interpolated
from structlint.ports.model import BadPort, Port, read_port_range
from structlint.text.records import Record

if TYPE_CHECKING:
    from structlint.ports.model import PortRange

DOCKERFILE = re.compile(
    r"(?:docker|container)file(?:[._-][^/]+)?|[^/]+\.(?:docker|container)file", re.IGNORECASE
)
IGNORE_FILE = ".dockerignore"  # `Dockerfile.dockerignore` is not a Dockerfile
_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)\s+(.*)", re.DOTALL)
_DIRECTIVE = re.compile(r"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*")
_DIRECTIVES = ("syntax", "escape", "check")
_FROM = re.compile(r"(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?.*", re.IGNORECASE | re.DOTALL)
_ASSIGNED = re.compile(r"""([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|(\S*))""")
_HEREDOC = re.compile(r"""(?<!\S)\d*<<(-?)(["']?)([^\s<"']+)\2(?!\S)""")


class Instruction(Record):
    """A line of a Dockerfile: its number, the instruction in capitals, and the arguments."""

    line: int
    name: str
    rest: str


@dataclass
class _Stage:
    """A stage of a build, and its base stage."""

    base: _Stage | None
    instructions: list[Instruction] = field(default_factory=list)

    @property
    def all(self) -> Iterator[Instruction]:
        """The instructions of its base stages, followed by its own."""
        below = [self]
        while base := below[-1].base:
            below.append(base)
        return (instruction for stage in reversed(below) for instruction in stage.instructions)


@dataclass
class _ImageState:
    """The state of an image: variables, where `ENV` overrides `ARG`, and ports with their lines."""

    common: Mapping[str, str]  # arguments before the first stage
    arguments: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    ports: list[tuple[int, PortRange]] = field(default_factory=list)

    def run(self, instructions: Iterable[Instruction]) -> _ImageState:
        values = ChainMap(self.environment, self.arguments)
        for line, name, rest in instructions:
            if name == "ARG":
                self.arguments |= {name: self.common[name] for name in rest.split() if name in self.common}
                self.arguments |= _assigned(rest, values)
            elif name == "ENV":
                self.environment |= _environment(rest, values)
            elif name == "EXPOSE":
                self.ports += [(line, numbers) for numbers in _exposed(rest, values)]
        return self


class Image(Record):
    """The ports that a Dockerfile exposes, and all numbers in it.

    `by_variables`: it exposes ports with unknown numbers.
    """

    ports: tuple[Port, ...]
    numbers: frozenset[str]
    by_variables: bool


def dockerfile_ports(text: str, path: str, directory: str) -> Iterator[Port]:
    """The ports of the last stage and of its base stages."""
    stage = _Stage(None)
    common: dict[str, str] | None = None
    known: dict[str, _Stage] = {}
    for instruction in instructions(text):
        if instruction.name != "FROM" or not (match := _FROM.fullmatch(instruction.rest)):
            stage.instructions.append(instruction)
            continue
        if common is None:
            common = _ImageState({}).run(stage.instructions).arguments
        stage = _Stage(known.get(_expanded(match[1], common).lower()))
        if match[2]:
            known[match[2].lower()] = stage
    for line, numbers in _ImageState(common or {}).run(stage.all).ports:
        yield Port(last_step(directory), numbers, Place(path, line), "EXPOSE", directory)


def _exposed(text: str, values: Mapping[str, str]) -> Iterator[PortRange]:
    """The ports among words; a word may be a variable, which may contain several ports."""
    for word in text.split():
        for number in _expanded(word.strip("\"'"), values).split():
            with suppress(BadPort):
                yield read_port_range(number, "tcp")


def _expanded(text: str, values: Mapping[str, str]) -> str:
    """A text with its variables replaced; "" if a value is unknown."""
    try:
        return interpolated(text, values)
    except (Unresolved, BadVariable):
        return ""


def instructions(text: str) -> Iterator[Instruction]:
    """All instructions, with their continuation lines and without heredocs."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    mark = re.escape(_escape_of(lines))
    ends = _ends(lines)
    continued = re.compile(rf"(?<!{mark}){mark}[ \t]*\Z")
    at = 0
    while at < len(lines):
        number, whole = at + 1, lines[at]
        at += 1
        if not whole.strip() or _is_comment(whole):
            continue
        parts = [whole]
        while continued.search(parts[-1]) and at < len(lines):
            if lines[at].strip() and not _is_comment(lines[at]):
                parts.append(lines[at])
            at += 1
        whole = "".join(continued.sub("", part) for part in parts)
        if instruction := _INSTRUCTION.fullmatch(whole):
            name = instruction[1].upper()
            if name in ("RUN", "COPY", "ADD"):
                at = _after_heredocs(whole, lines, ends, at)
            yield Instruction(number, name, instruction[2])


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _escape_of(lines: list[str]) -> str:
    """The line continuation character, which a directive at the top can set."""
    for line in lines:
        match = _DIRECTIVE.fullmatch(line)
        if not match or match[1].lower() not in _DIRECTIVES:
            break
        if match[1].lower() == "escape" and match[2] in ("\\", "`"):
            return match[2]
    return "\\"


def _ends(lines: list[str]) -> dict[str, list[int]]:
    """The line numbers of each text that could end a heredoc."""
    lines_of: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        lines_of.setdefault(line.lstrip("\t"), []).append(at)
    return lines_of


def _after_heredocs(whole: str, lines: list[str], ends: dict[str, list[int]], at: int) -> int:
    """The line after the heredocs that an instruction starts; a heredoc without an end is not one."""
    for match in _HEREDOC.finditer(whole):
        dash, name = match[1], match[3]
        numbers = ends.get(name, [])
        after = (number for number in numbers[bisect_left(numbers, at) :] if dash or lines[number] == name)
        at = next(after, at - 1) + 1
    return at


def _environment(text: str, values: Mapping[str, str]) -> dict[str, str]:
    """The variables that `ENV` sets: `NAME=value ...`, or the old form `NAME value`."""
    name, rest = [*text.split(None, 1), "", ""][:2]
    if "=" in name:
        return _assigned(text, values)
    return {name: value} if (value := _expanded(rest.strip(), values)) else {}


def _assigned(text: str, values: Mapping[str, str]) -> dict[str, str]:
    """The variables in `NAME=value ...`; a value can use the variables before it."""
    pairs = ((match[1], match[2] or match[3] or match[4] or "") for match in _ASSIGNED.finditer(text))
    return {name: expanded for name, value in pairs if (expanded := _expanded(value, values)) or not value}


def last_step(directory: str) -> str:
    """The last name in the path of a directory."""
    return directory.rstrip("/").rpartition("/")[2]
