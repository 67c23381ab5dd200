"""The ports that the files of a tree name. They are read once for all rules and commands that ask."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from structlint.matching.survey import Survey
from structlint.ports import yaml_files

if TYPE_CHECKING:
    from structlint.ports.dockerfile import Image
    from structlint.ports.model import PortScan


class PortFiles:
    """The files of a survey's tree that name ports, and the ports they name."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The files that may name ports on hosts. Without one, nothing is `published`."""
        likely = {*yaml_files(self._survey.file_names)}
        directories = self._survey.directories if likely else ()
        files = (each.path + name for each in directories for name in each.files if name in likely)
        linked = yaml_files(path[:-1] for path in self._survey.tree.linked_directories)
        return tuple(sorted(path for path in (*files, *linked) if path not in self._survey.own))

    @cached_property
    def published(self) -> PortScan:
        """The ports on hosts."""
        from structlint.ports.scan import published_ports
        from structlint.ports.together import with_joined

        scan = published_ports(self._survey.tree.files, self._survey.tree.read, self.paths)
        scan.ports = with_joined(scan, lambda path: self._survey.layout.together.match(path) is not None)
        return scan

    @cached_property
    def images(self) -> tuple[dict[str, Image], PortScan]:
        """The ports of the images that services are built as, by the Dockerfile, and what is unread."""
        from structlint.ports.scan import images

        dockerfiles = sorted({built.dockerfile for built in self.published.built})
        return images(dockerfiles, self._survey.tree.read)

    @cached_property
    def compared(self) -> PortScan:
        """The ports that are only compared with those on hosts: `EXPOSE`, `PORT` and the like."""
        from structlint.ports.scan import compared_ports

        return compared_ports(self._survey.tree.files, self._survey.tree.read)


def port_files(survey: Survey) -> PortFiles:
    """The port files of a survey."""
    return survey.once(PortFiles)
