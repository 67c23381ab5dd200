"""The names and paths in `docs/architecture.md` and CONTRIBUTING exist; generated parts are up to date."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from house import ROOT, generated_pages, layers, modules

ARCHITECTURE = ROOT / "docs" / "architecture.md"
PAGES = [ARCHITECTURE, ROOT / "CONTRIBUTING.md"]
GENERATED = [ARCHITECTURE, ROOT / "docs" / "rules" / "README.md"]


def exists(name: str) -> bool:
    """Whether a dotted name is a module of the package, or is defined in a module or class of it."""
    trees = modules()
    if name in trees:
        return True
    owner, _, last = name.rpartition(".")
    if owner in trees:
        return last in _defined(trees[owner].body)
    module, _, class_ = owner.rpartition(".")
    body = trees[module].body if module in trees else []
    classes = (node.body for node in body if isinstance(node, ast.ClassDef) and node.name == class_)
    return any(last in _defined(inside) for inside in classes)


def _defined(body: list[ast.stmt]) -> set[str]:
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names.update(target.id for target in targets if isinstance(target, ast.Name))
    return names


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_names_and_paths_in_pages_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    names = set(re.findall(r"\bstructlint(?:\.\w+)+", text)) - {"structlint.yaml"}
    paths = set(re.findall(r"`((?:src|tests|docs|layouts)/[\w./-]*)`", text))
    assert names or paths
    assert [name for name in sorted(names) if not exists(name)] == []
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_exists() -> None:
    assert exists("structlint.matching.match") and exists("structlint.matching.walk.Matcher.outcome")
    assert not exists("structlint.matching.walk.Matcher.run") and not exists("structlint.matching.nowhere")


def test_architecture_describes_every_package() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    rows = set(re.findall(r"(?m)^\| `(\w+)(?:/|\.py)` \|", text))
    assert rows == {name.split(".")[1] for name in modules() if "." in name} - {"__main__"}


@pytest.mark.parametrize("page", GENERATED, ids=["architecture", "rules"])
def test_generated_parts_are_up_to_date(page: Path) -> None:
    """To update them, run `python tests/house.py --write`."""
    assert page.read_text(encoding="utf-8") == generated_pages()[page]


def test_architecture_shows_layers() -> None:
    assert f"```text\n{layers()}```\n" in ARCHITECTURE.read_text(encoding="utf-8")
