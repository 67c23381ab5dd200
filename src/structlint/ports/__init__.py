"""Who listens where: the ports that compose files, manifests and their like name, each with its line."""

from collections.abc import Iterable


def yaml_files(paths: Iterable[str]) -> tuple[str, ...]:
    """The files that may name ports of a host, by their names: all YAML is looked at."""
    likely = (path for path in paths if path.endswith(("ml", "mL", "Ml", "ML", "Kustomization")))
    return tuple(sorted(path for path in likely if path.lower().endswith((".yaml", ".yml", "kustomization"))))
