"""The constructs of the language and the kinds of paths in a case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reference_cases import Case
from reference_layout import Json, naming_of
from reference_tree import LAYOUT


def constructs(case: Case) -> set[str]:
    """The constructs, named as in `docs/language.md`."""
    found = {"extends"} if len(case.layouts) > 1 else set[str]()
    for layout in case.layouts:
        found |= layout.keys() | set(_of_tree(layout.get("tree") or {}))
        found |= {f"names: {field}" for name in layout.get("names", {}).values() for field in _fields(name)}
        found |= {
            "severity by path" for each in layout.get("severity", {}).values() if isinstance(each, dict)
        }
        found |= {f"limits: {limit}" for limit in layout.get("limits", {})}
    return found | set(_of_paths(case))


def _fields(written: Any) -> Iterator[str]:
    fields = naming_of(written) if written is not False else {"false": True}
    yield from (
        "several cases" if name == "case" and isinstance(fields[name], list) else name for name in fields
    )


def _of_tree(tree: Mapping[str, Any]) -> Iterator[str]:
    for key, value in tree.items():
        is_directory = any(name.endswith("/") for name in re.split(" [|^] ", key.removesuffix("?")))
        if key == "." or (isinstance(value, dict) and not is_directory):
            settings: Json = value if isinstance(value, dict) else {}
            yield from (f"setting: {name}" for name in settings)
        if key != ".":
            yield from _of_key(key)
        if value is False:
            yield "an entry with `false`"
        elif isinstance(value, dict) and is_directory:
            yield from _of_tree(value)
            own = value.get(".")
            if key == "**/" and isinstance(own, dict) and "unlisted" in own:
                yield "a closed `**/`"


def _of_key(key: str) -> Iterator[str]:
    name = key.removesuffix("?")
    forms = {
        "an optional entry": name != key,
        "`**/`": name == "**/",
        "`<dir**>/`": "**>" in name,
        "`*`": "*" in name.replace("**", ""),
        "`<placeholder>`": re.search(r"<[\w-]+>", name),
        "`<placeholder:case>`": re.search(r"<[\w-]+:", name),
        "`a | b`": " | " in name,
        "`a ^ b`": " ^ " in name,
        "a file or a directory": re.search(r"/ [|^] [^ ]*[^/]$|[^/] [|^] [^ ]*/$", name),
        "a short key": " " not in name and "/" in name[:-1] and name != "**/",
    }
    yield from (form for form, is_there in forms.items() if is_there)


def _of_paths(case: Case) -> Iterator[str]:
    paths = {
        "symbolic links": case.links,
        "submodules": case.submodules,
        "nested projects": any(path.endswith(f"/{LAYOUT}") for path in case.files),
        "empty directories": case.empty,
        "untracked files": case.untracked,
        "lists in files": case.contents,
        "a baseline": case.accepted is not None,
    }
    yield from (name for name, there in paths.items() if there)
