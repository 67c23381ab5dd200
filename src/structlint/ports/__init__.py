"""The ports that compose files, manifests and similar files name, each with its line."""

from collections.abc import Iterable

from structlint.text.path_groups import Names

_YAML_ENDS = ("ml", "mL", "Ml", "ML", "Kustomization")
_LIKELY_ENDS = (*_YAML_ENDS, ".json")
_ENDINGS = (".yaml", ".yml", ".json", "kustomization")
_OTHER_JSON = ("package.json", "package-lock.json", "composer.json", "tsconfig.json", "devcontainer.json")


def yaml_files(paths: Iterable[str]) -> tuple[str, ...]:
    """The files that may name host ports, by name: YAML files, and JSON files, which can be manifests."""
    likely = [path for path in paths if path.endswith(_LIKELY_ENDS)]
    return tuple(sorted([path for path in likely if path.lower().endswith(_ENDINGS) and not _is_other(path)]))


def yaml_names(names: Names) -> tuple[set[str], set[str]]:
    """The same, among names: the YAML files, and the JSON files."""
    return {*yaml_files(names.ending_in(_YAML_ENDS))}, {*names.ending(".json")}.difference(_OTHER_JSON)


def _is_other(path: str) -> bool:
    return path.endswith(_OTHER_JSON) and path.rpartition("/")[2] in _OTHER_JSON
