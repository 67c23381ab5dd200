"""Modules that a check does not import, because startup dominates the time of a small check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Make

from structlint.finding import RULE_NAMES

ROOT = Path(__file__).parent.parent

# Modules that take longer to import than a small check takes to run, or that few checks need.
# `local` in a layout runs git in a temporary repository.
HEAVY = {
    "structlint.imports",
    "structlint.layout.import_rules",
    "structlint.markdown.tree_lines",
    "structlint.markdown.markers",
    "structlint.matching.import_check",
    "structlint.matching.port_registry",
    "structlint.matching.treeview",
    "structlint.ports.compose.project",
    "structlint.ports.dockerfile",
    "structlint.ports.kubernetes.manifests",
    "structlint.report.gitlab",
    "structlint.report.junit",
    "structlint.report.tree",
    "structlint.report.sarif",
    "structlint.tree.disk",
    "asyncio",
    "difflib",
    "hashlib",
    "http",
    "importlib.metadata",
    "jsonschema",
    "markdown_it",
    "pathspec",
    "rich",
    "tempfile",
    "tree_sitter",
    "yaml",
}
# Modules that are slow to import and only needed for findings and errors.
ONLY_FOR_PROBLEMS = {
    "jsonschema",
    "dataclasses",
    "structlint.yaml_nodes.errors",
    "structlint.layout.gitignore",
    "structlint.ports.conflicts",
    "structlint.edits.steps",
}
ONLY_FOR_OTHER_COMMANDS = {
    "structlint.markdown.markers",
    "structlint.matching.port_registry",
    "structlint.matching.treeview",
}
PAGE = "```yaml\ntree: {a: }\n```\n```tree\na\n```\n```console\n$ structlint check .\n```\n"
IGNORING = {"README.md": "", ".gitignore": ".env\n"}
SCRIPT = """
import json, sys
from structlint.__main__ import main
status = main()
json.dump([status, sorted(sys.modules)], sys.stderr)
"""


def imported_modules(directory: Path, *arguments: str) -> set[str]:
    """The modules that a command has imported; its exit status must be 0."""
    result = subprocess.run(
        [sys.executable, "-P", "-c", SCRIPT, *arguments],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=True,
    )
    status, modules = json.loads(result.stderr.splitlines()[-1])
    assert status == 0
    return set(modules)


@pytest.mark.parametrize(
    ("files", "arguments", "allowed"),
    [
        (IGNORING, ["check", "--quiet", "--layout=base", "--output-format=concise"], {"tempfile"}),
        (IGNORING, ["check", "--quiet", "--layout=base"], {"tempfile"}),
        (IGNORING, ["check", "--output-format=json", "--select=missing-file", "--layout=base"], set()),
        ({"structlint.yaml": "tree: {a: }", "a": ""}, ["check", "--quiet"], {"tempfile"}),
        ({"a": ""}, ["check", "--show-files"], set()),
        ({}, ["explain", "missing-file"], set()),
        ({}, ["layouts"], {"structlint.layout.import_rules"}),
        ({}, ["schema"], set()),
        ({"p.md": PAGE}, ["test", "p.md"], set()),
        ({}, ["--help"], ONLY_FOR_OTHER_COMMANDS),
    ],
)
def test_heavy_modules_are_not_imported(
    files: dict[str, str], arguments: list[str], allowed: set[str], repository: Make
) -> None:
    assert imported_modules(repository(files).path, *arguments) & HEAVY <= allowed


def test_clean_check_does_not_import_modules_for_problems(repository: Make) -> None:
    path = repository({"structlint.yaml": "tree: {a: }", "a": ""}).path
    assert imported_modules(path, "check", "--quiet") & (HEAVY | ONLY_FOR_PROBLEMS) == set()
    assert imported_modules(path, "where", "a") & (HEAVY | ONLY_FOR_PROBLEMS | {"subprocess"}) == set()
    for arguments in (["check", "--tracked"], ["check", "-q", "."], ["where", "a"]):
        assert "click" not in imported_modules(path, *arguments)


def test_only_rules_that_may_find_something_are_imported(repository: Make) -> None:
    path = repository({"structlint.yaml": "tree: {a: }", "a": ""}).path
    modules = imported_modules(path, "check", "--quiet")
    rules = {name for name in RULE_NAMES if f"structlint.rules.{name.replace('-', '_')}" in modules}
    assert rules == {"misspelled-name", "number-gap", "stale-document", "twin-name", "unportable-name"}
    assert "structlint.layout.impossible" not in modules  # nothing is forbidden


def test_bundled_layout_is_not_read_from_yaml(repository: Make) -> None:
    """`python-service` extends several layouts side by side, which would have to be composed."""
    path = repository({"structlint.yaml": "extends: python-service\n"}).path
    modules = imported_modules(path, "check", "--quiet", "--exit-zero")
    assert modules & {"structlint.layout.compose", "structlint.layout.parse_imports"} == set()


def test_clean_check_compiles_few_regular_expressions(repository: Make) -> None:
    """Expressions for problems and for rare settings are compiled on first use."""
    script = """
import re._compiler, sys
compiled, original = [], re._compiler.compile
def compile(pattern, flags=0):
    frame = sys._getframe(1)
    while frame.f_globals["__name__"].partition(".")[0] in ("re", "functools"):
        frame = frame.f_back
    compiled.append((frame.f_globals["__name__"], pattern))
    return original(pattern, flags)
re._compiler.compile = compile
from structlint.__main__ import main
main()
print(*(repr(pattern) for name, pattern in compiled if name.startswith("structlint.")), sep="\\n")
"""
    result = subprocess.run(
        [sys.executable, "-P", "-c", script, "check", "--quiet"],
        cwd=repository({"structlint.yaml": "tree: {a: }", "a": ""}).path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    expressions = result.stdout.splitlines()
    assert 0 < len(expressions) <= 20, expressions


def test_allowed_imports_are_not_parsed(repository: Make) -> None:
    layout = "tree: {a/: , b/: }\nimports: {layers: [a/, b/]}"
    path = repository({"structlint.yaml": layout, "a/m.py": "import b.n\n", "b/n.py": "import os\n"}).path
    modules = imported_modules(path, "check", "--quiet")
    assert "structlint.imports.python" in modules
    assert modules & {"tree_sitter", "structlint.imports.syntax", "structlint.imports.javascript"} == set()


def test_schema_does_not_import_the_rules(repository: Make) -> None:
    assert not any(
        name.startswith("structlint.rules") for name in imported_modules(repository({}).path, "schema")
    )


def test_garbage_collector_is_disabled(repository: Make) -> None:
    script = "import gc, structlint.__main__ as m; m.main(); print(gc.isenabled(), gc.get_freeze_count() > 0)"
    result = subprocess.run(
        [sys.executable, "-P", "-c", script, "check", "--quiet"],
        cwd=repository({"structlint.yaml": "tree: {a: }", "a": ""}).path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.splitlines()[-1] == "False True"
