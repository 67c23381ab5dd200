"""The ports that compose files, manifests and similar files name, each with its line."""

from collections.abc import Iterable

LIKELY_ENDS = ("ml", "mL", "Ml", "ML", "Kustomization", ".json")
_ENDINGS = (".yaml", ".yml", ".json", "kustomization")
_OTHER_JSON = ("package.json", "package-lock.json", "composer.json", "tsconfig.json", "devcontainer.json")


def yaml_files(paths: Iterable[str]) -> tuple[str, ...]:
    """The files that may name host ports, by name: YAML files, and JSON files, which can be manifests."""
    return tuple(sorted(yaml_names(paths)))


def yaml_names(paths: Iterable[str]) -> list[str]:
    """The same as `yaml_files`, in the order of `paths`."""
    likely = [path for path in paths if path.endswith(LIKELY_ENDS)]
    likely = [path for path in likely if path.lower().endswith(_ENDINGS)]
    others = {path for path in likely if path.endswith(_OTHER_JSON)}
    return [path for path in likely if path not in others or path.rpartition("/")[2] not in _OTHER_JSON]
