"""Python imports found by structlint compared with those found by grimp, and the intended differences."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from conftest import Make, Run
from house import ROOT

from structlint.imports.graph import Imports

grimp = pytest.importorskip("grimp", reason="installed with import-linter")

Edges = set[tuple[str, str]]


def grimp_edges(root: Path, package: str, monkeypatch: pytest.MonkeyPatch) -> Edges:
    """Pairs of an importing file and an imported file or external package."""
    monkeypatch.syspath_prepend(str(root))
    for name in [
        name for name in sys.modules if name.partition(".")[0] == package and package != "structlint"
    ]:
        monkeypatch.delitem(sys.modules, name)
    graph = grimp.build_graph(package, include_external_packages=True, cache_dir=None)

    def path_of(module: str) -> str:
        stem = module.replace(".", "/")
        files = (f"{stem}/__init__.py", f"{stem}.py")
        return next((name for name in files if (root / name).is_file()), module)

    modules = {module for module in graph.modules if module.partition(".")[0] == package}
    return {
        (path_of(one), path_of(other))
        for one in modules
        for other in graph.find_modules_directly_imported_by(one)
    }


def structlint_edges(root: Path, package: str) -> Edges:
    paths = [path.relative_to(root).as_posix() for path in root.rglob("*.py")]
    imports = Imports(paths, lambda path: (root / path).read_bytes())
    edges = set()
    for path in paths:
        language = imports.language(path)
        if not path.startswith(f"{package}/") or language is None:
            continue
        data = imports.files.data(path)
        scanned = list(imports.scan(path, language, data))
        confirmed = language.confirm(path, data, sorted({imported.at for imported in scanned}))
        for imported in scanned:
            if confirmed is None or imported.at in confirmed:
                for target in language.resolve(path, imported):
                    edges.add((path, target.path or target.module.partition(".")[0]))
    return {(one, other) for one, other in edges if one != other}


def test_same_edges_for_structlint_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    source = ROOT / "src"
    assert structlint_edges(source, "structlint") == grimp_edges(source, "structlint", monkeypatch)


COMMON = {"p/__init__.py": "", "p/api.py": "", "p/core/__init__.py": "", "p/core/m.py": "from p import api\n"}
CORE = ("p/core/m.py", "p/api.py")


@pytest.mark.parametrize(
    ("files", "only_ours", "only_grimps"),
    [
        ({}, set(), set()),
        # A namespace package.
        (
            {"p/plain/a.py": "from p import api\n", "p/b.py": "from p.plain import a\n"},
            {("p/plain/a.py", "p/api.py"), ("p/b.py", "p/plain/a.py")},
            {("p/b.py", "p/__init__.py")},
        ),
        # A module that does not exist, because it is generated.
        (
            {"p/b.py": "from p.core import gen\nfrom p.core.gen import x\nfrom .core.gen import y\n"},
            {("p/b.py", "p/core/gen.py")},
            {("p/b.py", "p/__init__.py")},
        ),
        # A file name that is not a valid module name.
        ({"p/a.b.py": "from p import api\n"}, {("p/a.b.py", "p/api.py")}, set()),
        # A docstring, a `;`, a function, `TYPE_CHECKING`, line continuations.
        (
            {
                "p/b.py": '"""\nfrom p import core\n"""\nx = 1; import p.api\ndef f():\n import p.core.m\n',
                "p/c.py": "if TYPE_CHECKING:\n  from p import (  # c\n    api,\n    core as c,\n  )\n",
                "p/d.py": "from \\\n  p import \\\n  api\n",
            },
            set(),
            set(),
        ),
    ],
)
def test_intended_differences(
    files: dict[str, str],
    only_ours: Edges,
    only_grimps: Edges,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, text in {**COMMON, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    by_structlint, by_grimp = structlint_edges(tmp_path, "p"), grimp_edges(tmp_path, "p", monkeypatch)
    assert CORE in by_structlint & by_grimp
    assert (by_structlint - by_grimp, by_grimp - by_structlint) == (only_ours, only_grimps)


def test_syntax_error_stops_only_grimp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {**COMMON, "p/b.py": "from p import api\n<<<<<<< HEAD\n"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert structlint_edges(tmp_path, "p") == {CORE, ("p/b.py", "p/api.py")}
    with pytest.raises(grimp.exceptions.SourceSyntaxError):
        grimp_edges(tmp_path, "p", monkeypatch)


def test_packages_of_the_same_name_in_two_services(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = {"app/__init__.py": "", "app/api.py": "", "app/core.py": "from app import api\n"}
    files = {f"services/{name}/{path}": text for name in ("a", "b") for path, text in service.items()}
    files["services/b/app/core.py"] = "from app import other\n"
    files["services/b/app/other.py"] = "import services.a.app.api\n"
    files["structlint.yaml"] = """\
tree: {.: {unlisted: allow}, services/<service>/: }
imports:
  layers: [services/*/app/api.py, services/*/app/core.py]
  apart: {services/<service>/: }
"""
    monkeypatch.chdir(repository(files).path)
    lines = run("check", "--output-format=concise", "--quiet").out.splitlines()
    assert [line.partition(": `")[0] for line in lines] == [
        "services/a/app/core.py:1: error: forbidden import of `services/a/app/api.py`",
        "services/b/app/other.py:1: error: forbidden import of `services/a/app/api.py`",
    ]
