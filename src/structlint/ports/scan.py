"""Reads all ports from the files of a tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from structlint.finding import Place
from structlint.ports.files import Files, Read, is_kustomization
from structlint.ports.model import BadPort, Port, PortScan, read_port_range
from structlint.text.paths import split

if TYPE_CHECKING:
    from structlint.ports.dockerfile import Image
    from structlint.text.path_groups import Names, PathGroups

_ENV = re.compile(r"\.env(?:\.[^/]+)?|[^/]+\.env")
_JSON = frozenset(["package.json", "devcontainer.json", ".devcontainer.json", "launchSettings.json"])
_SETTINGS = (".properties", ".yml", ".yaml")
_PARTS = (".env", "dockerf", "conta")  # of "dockerfile" and "containerfile", whatever the case of an "i"
_SETTINGS_DIRECTORIES = ("", "src/main/resources/", "Properties/")


def published_ports(
    paths: Iterable[str],
    read: Read,
    yaml: tuple[str, ...] | None = None,
    declared: Callable[[str], bool] = lambda path: False,
    groups: PathGroups | None = None,
) -> PortScan:
    """The host ports in the files at `paths`, and the files that could not be read.

    `read` returns the content of a path; it raises `FileNotFoundError` or `CannotCheck`. `yaml` has the
    `manifests` among the paths, if they are known; of those that are `declared` to run together, any with
    services is a compose file. `groups` has the paths by their directories, if they are known.
    """
    scan = PortScan()
    files = Files(paths, read, scan, yaml, declared, groups)
    if files.yaml and (files.compose or files.choosing or files.scripts):
        from structlint.ports.compose.project import Compose

        scan.ports += Compose(files).ports()
    if any(is_kustomization(path) or files.speaks(path) for path in files.yaml):
        from structlint.ports.kubernetes.manifests import Kubernetes

        scan.ports += Kubernetes(files).ports()
    return scan


def compared_ports(paths: Iterable[str], read: Read) -> PortScan:
    """The ports in files that are used for comparison only."""
    scan = PortScan()
    scan.ports += _exposed_ports(Files(paths, read, scan))
    return scan


def names_with_ports(names: Names) -> set[str]:
    """The names of files that `compared_ports` may read."""
    likely = {*(names.known & _JSON), *names.ending_in(_SETTINGS), *names.holding(*_PARTS)}
    return set(filter(_may_name_ports, likely))


def _may_name_ports(name: str) -> bool:
    from structlint.ports.declared import declares_ports
    from structlint.ports.devcontainer import is_devcontainer

    known = _is_dockerfile(name) or _ENV.fullmatch(name) or is_devcontainer(name)
    return bool(known or any(declares_ports(directory + name) for directory in _SETTINGS_DIRECTORIES))


def _is_dockerfile(name: str) -> bool:
    from structlint.ports.dockerfile import DOCKERFILE, IGNORE_FILE

    return DOCKERFILE.fullmatch(name) is not None and not name.endswith(IGNORE_FILE)


def _exposed_ports(files: Files) -> Iterator[Port]:
    """The ports in the Dockerfiles, `.env` files, dev containers, scripts and settings of a tree."""
    from structlint.ports.declared import declared_ports, declares_ports
    from structlint.ports.devcontainer import devcontainer_ports, is_devcontainer
    from structlint.ports.dockerfile import dockerfile_ports

    for path in sorted(files.paths):
        directory, name = split(path)
        if _is_dockerfile(name):
            yield from dockerfile_ports(files.text(path), path, directory)
        elif _ENV.fullmatch(name):
            yield from _of_env(files.text(path), path, directory)
        elif is_devcontainer(path):
            yield from devcontainer_ports(files.text(path), path)
        elif declares_ports(path):
            yield from declared_ports(files.text(path), path)


def images(dockerfiles: Iterable[str], read: Read) -> tuple[dict[str, Image], PortScan]:
    """The ports of images by the path of the Dockerfile, and the files that could not be read."""
    from structlint.ports.dockerfile import Image, dockerfile_ports

    scan = PortScan()
    files = Files(dockerfiles, read, scan)
    images = {}
    for path in dockerfiles:
        text = files.text(path)
        ports = tuple(dockerfile_ports(text, path, ""))
        numbers = frozenset(re.findall(r"(?a:\d{2,5})", text))
        images[path] = Image(ports, numbers, re.search(r"(?im)^\s*EXPOSE\s.*\$", text) is not None)
    return images, scan


def _of_env(text: str, path: str, directory: str) -> Iterator[Port]:
    """The port in `PORT`; if it is set more than once, the last value counts."""
    from structlint.ports.dockerfile import last_step
    from structlint.ports.dotenv import located_variables

    variable = located_variables(text, {}).get("PORT") if "PORT" in text else None
    if variable:
        with suppress(BadPort):
            numbers = read_port_range(variable.value, "tcp")
            yield Port(last_step(directory), numbers, Place(path, variable.line), "PORT", directory)
