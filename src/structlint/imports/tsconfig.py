"""The aliases of modules in `tsconfig.json` and `jsconfig.json`, see https://www.typescriptlang.org/tsconfig/#paths."""

from __future__ import annotations

from structlint.imports.files import SourceFiles
from structlint.imports.json_files import mapping, mapping_in, texts
from structlint.imports.packages import Packages, split_name
from structlint.imports.paths import Paths, joined
from structlint.text.paths import parent
from structlint.text.records import Record

_NAMES = ("tsconfig.json", "jsconfig.json")
_OWN_DIRECTORY = "${configDir}"
_MOST_CONFIGS = 20  # files that extend or refer to one another


# The text before and after the `*` of a pattern, and its paths; `_PLAIN` for a pattern without `*`.
Alias = tuple[str, str, tuple[str, ...]]
_PLAIN = "\0"


class Aliases(Record):
    """The module settings of a configuration: paths by pattern, and a base directory for all modules."""

    paths: tuple[
        tuple[str, str, tuple[str, ...]], ...
    ] = ()  # the text before and after the `*`, and the paths
    base: str | None = None

    def matched(self, module: str) -> tuple[str, tuple[str, ...]]:
        """The text before the `*` of the pattern that matches a module, and the possible paths."""
        best: tuple[str, tuple[str, ...]] = "", ()
        for before, after, targets in self.paths:
            if after == _PLAIN:
                if module == before:
                    return before, targets
            elif _fits(module, before, after):
                star = module[len(before) : len(module) - len(after)]
                if len(before) >= len(best[0]):
                    best = before, tuple(target.replace("*", star) for target in targets)
        return best


class TsConfigs:
    """The configurations of a tree."""

    def __init__(self, files: SourceFiles, paths: Paths, packages: Packages) -> None:
        self._files = files
        self._paths = paths
        self._packages = packages
        self._by_directory: dict[str, Aliases] = {}

    def aliases(self, directory: str) -> Aliases:
        """The aliases of the nearest configuration above a directory."""
        waiting = []
        aliases = self._by_directory.get(directory)
        while aliases is None:
            waiting.append(directory)
            name = next((name for name in _NAMES if directory + name in self._files.paths), None)
            if name:
                aliases = self._of(directory + name, directory, 0) or Aliases()
            elif not directory:
                aliases = Aliases()
            else:
                directory = parent(directory)
                aliases = self._by_directory.get(directory)
        self._by_directory.update(dict.fromkeys(waiting, aliases))
        return aliases

    def _of(self, path: str, own: str, depth: int) -> Aliases | None:
        """The aliases of a configuration and of those that it extends or refers to, if any."""
        if depth > _MOST_CONFIGS:
            return None
        config = mapping_in(self._files, path)
        home = parent(path)
        options = mapping(config.get("compilerOptions"))
        base = options.get("baseUrl")
        begins = _led_to(base, own, home) if isinstance(base, str) else None
        written = options.get("paths")
        paths = _patterns(mapping(written), own, home if begins is None else begins)
        aliases = Aliases(paths, begins)
        if not isinstance(written, dict) or begins is None:
            for extended in reversed(texts(config.get("extends"))):
                below = self._extended(home, extended)
                if below and (inherited := self._of(below, own, depth + 1)):
                    base_url = inherited.base if aliases.base is None else aliases.base
                    aliases = Aliases(aliases.paths or inherited.paths, base_url)
        if aliases == Aliases():
            references = config.get("references")
            for reference in references[:_MOST_CONFIGS] if isinstance(references, list) else ():
                leads = mapping(reference).get("path")
                below = self._config(joined(home, leads)) if isinstance(leads, str) else None
                if below and below != path and (referred := self._of(below, own, depth + 10)):
                    return referred
        return aliases if aliases != Aliases() else None

    def _extended(self, home: str, text: str) -> str | None:
        """The configuration that `extends` names: a path, or one in a package of the tree."""
        if text.startswith("."):
            return self._config(joined(home, text))
        name, inside = split_name(text)
        package = self._packages.member(home, name)
        return self._config(joined(package.home, inside or _NAMES[0])) if package else None

    def _config(self, path: str | None) -> str | None:
        if path is None:
            return None
        tried = (path, f"{path}.json", f"{path}/{_NAMES[0]}" if path else _NAMES[0])
        return next((path for path in tried if path in self._files.paths), None)


def _led_to(path: str, own: str, home: str) -> str | None:
    """The directory at a path in a configuration in `home`; `own` is the value of `${configDir}`."""
    rest = path.removeprefix(_OWN_DIRECTORY)
    return joined(home if rest == path else own, f"{rest.lstrip('/') if rest != path else rest}/")


def _fits(module: str, before: str, after: str) -> bool:
    """Whether a module starts and ends with these texts."""
    fits = module.startswith(before) and module.endswith(after)
    return fits and len(module) >= len(before) + len(after)


def _patterns(written: dict[str, object], own: str, begins: str) -> tuple[Alias, ...]:
    aliases = []
    for pattern, targets in written.items():
        before, star, after = pattern.partition("*")
        leads = [_led_to(target, own, begins) for target in texts(targets)]
        aliases.append((before, after if star else _PLAIN, tuple(lead.rstrip("/") for lead in leads if lead)))
    return tuple(aliases)
