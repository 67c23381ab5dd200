"""The ports that the files of a tree name. Files are read once for all rules and commands."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from structlint.errors import CannotCheck
from structlint.matching.survey import Survey
from structlint.ports import yaml_files, yaml_names

if TYPE_CHECKING:
    from structlint.ports.dockerfile import Image
    from structlint.ports.model import PortScan

_MOST_JSON = 50  # files of one directory
_MOST_SEARCHED = 1_000  # files of one directory
# Test data, which is never started and may be wrong on purpose.
_FIXTURE = r"(?:^|/)(?:fixtures|__fixtures__|testdata|test[-_]data)/"
_SAYS_NOTHING = r"(?i)compose[^/]*\.ya?ml$|\.(?:lock|md|rst|svg|png|jpe?g|gif|ico)$|-lock\.(?:json|yaml)$"


class PortFiles:
    """The files of a survey's tree that name ports, and the ports they name."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The files that may name ports on hosts. Without one, nothing is `published`."""
        yaml, json = yaml_names(self._survey.names)
        likely = yaml | json
        directories = self._survey.directories if likely else ()
        files = [
            directory.path + name
            for directory in directories
            for name in _without_data(likely.intersection(directory.files), json)
        ]
        linked = yaml_files(path[:-1] for path in self._survey.tree.linked_directories)
        return tuple(
            sorted(path for path in (*files, *linked) if path not in self._survey.own and self._runs(path))
        )

    def _runs(self, path: str) -> bool:
        """Whether a file may be started: it is not a fixture, or is declared `together`."""
        return not re.search(_FIXTURE, path) or self._survey.layout.together.match(path) is not None

    @cached_property
    def published(self) -> PortScan:
        """The ports on hosts."""
        from structlint.ports.scan import published_ports
        from structlint.ports.together import with_joined

        together = self._survey.layout.together

        def declared(path: str) -> bool:
            return together.match(path) is not None

        self._survey.tree.source.expect(self.paths)
        tree = self._survey.tree
        scan = published_ports(tree.files, tree.read, self.paths, declared, tree.file_groups)
        scan.ports = with_joined(scan, declared)
        return scan

    @cached_property
    def images(self) -> tuple[dict[str, Image], PortScan]:
        """The ports of the images of services, by Dockerfile, and the unread files."""
        from structlint.ports.scan import images

        dockerfiles = sorted({built.dockerfile for built in self.published.built})
        return images(dockerfiles, self._survey.tree.read)

    def mentions(self, directory: str, number: str) -> bool:
        """Whether a file below a directory, except compose files and documents, contains a number.

        Also true if there are too many files to read.
        """
        below = (path for path in self._survey.tree.files if path.startswith(directory))
        likely = (path for path in below if not re.search(_SAYS_NOTHING, path))
        paths = list(islice(likely, _MOST_SEARCHED + 1))
        word = re.compile(rf"(?<![\w.]){number}(?![\w.])".encode())
        return len(paths) > _MOST_SEARCHED or any(word.search(self._text(path)) for path in paths)

    def _text(self, path: str) -> bytes:
        try:
            return self._survey.tree.read(path)
        except (FileNotFoundError, CannotCheck):
            return b""

    @cached_property
    def compared(self) -> PortScan:
        """The ports that are only compared with those on hosts: `EXPOSE`, `PORT` and the like."""
        from structlint.ports.scan import compared_ports, names_with_ports

        likely = names_with_ports(self._survey.names)
        files = (
            directory.path + name
            for directory in (self._survey.directories if likely else ())
            if not likely.isdisjoint(directory.files)
            for name in directory.files
            if name in likely
        )
        paths = [path for path in files if self._runs(path)]
        self._survey.tree.source.expect(sorted(paths))
        return compared_ports(paths, self._survey.tree.read)


def _without_data(names: set[str], json: set[str]) -> set[str]:
    """The names, without JSON files if they are so many that they must be data."""
    return names if len(names & json) <= _MOST_JSON else names - json


def port_files(survey: Survey) -> PortFiles:
    """The port files of a survey."""
    return survey.once(PortFiles)
