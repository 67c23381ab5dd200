"""All the ports that the files of a tree name."""

from __future__ import annotations

from collections.abc import Iterable

from structlint.ports.files import Files, Read, is_compose, is_kustomization
from structlint.ports.model import Sighted


def published(paths: Iterable[str], read: Read, yaml: tuple[str, ...] | None = None) -> Sighted:
    """The ports on hosts that the files at `paths` name, and what could not be read of them.

    `read` gives the content of a path; it raises `FileNotFoundError` or `CannotCheck`. `yaml` are the
    `manifests` among the paths, if they are known.
    """
    found = Sighted()
    files = Files(paths, read, found, yaml)
    if any(map(is_compose, files.yaml)):
        from structlint.ports.compose.project import Compose

        found.ports += Compose(files).ports()
    if any(is_kustomization(path) or files.speaks(path) for path in files.yaml):
        from structlint.ports.kubernetes.manifests import Kubernetes

        found.ports += Kubernetes(files).ports()
    return found


def said(paths: Iterable[str], read: Read) -> Sighted:
    """The ports that files name for comparison only."""
    from structlint.ports.exposed import exposed

    found = Sighted()
    found.ports += exposed(Files(paths, read, found))
    return found
