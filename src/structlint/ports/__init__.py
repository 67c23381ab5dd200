"""Who listens where: the ports that compose files, manifests and their like name, each with its line."""

from collections.abc import Iterable

_ENDINGS = (".yaml", ".yml", ".json", "kustomization")
_OTHER_JSON = ("package.json", "package-lock.json", "composer.json", "tsconfig.json", "devcontainer.json")


def yaml_files(paths: Iterable[str]) -> tuple[str, ...]:
    """The files that may name ports of a host, by their names: all YAML, and JSON, as manifests may be."""
    likely = [path for path in paths if path.endswith(("ml", "mL", "Ml", "ML", "Kustomization", ".json"))]
    return tuple(sorted([path for path in likely if path.lower().endswith(_ENDINGS) and not _is_other(path)]))


def _is_other(path: str) -> bool:
    return path.endswith(_OTHER_JSON) and path.rpartition("/")[2] in _OTHER_JSON
