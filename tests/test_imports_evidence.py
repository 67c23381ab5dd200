"""Inference of `imports` rules: layers, nearly kept layers and separate kinds of directories."""

from __future__ import annotations

from itertools import pairwise

import pytest

from structlint.imports.evidence import Counterexample, ImportEvidence, Kind, import_evidence

FIVE = "from {0} import a\nfrom {0} import b\nfrom {0} import c\nfrom {0} import d\nfrom {0} import e\n"


def infer(files: dict[str, str], *kinds: Kind) -> ImportEvidence:
    contents = {path: text.encode() for path, text in files.items()}
    return import_evidence(tuple(contents), contents.__getitem__, kinds)


def import_chain(*names: str) -> dict[str, str]:
    """Packages of which each imports the next one five times."""
    files = {f"{name}/__init__.py": "" for name in names}
    return files | {f"{one}/m.py": FIVE.format(other) for one, other in pairwise(names)}


def imports_of(count: int, module: str) -> str:
    return "".join(f"from {module} import x{i}\n" for i in range(count))


@pytest.mark.parametrize(
    ("files", "layers"),
    [
        (import_chain("api", "core"), ("api/", "core/")),
        (import_chain("tests", "api", "app", "core"), ("tests/", "api/", "app/", "core/")),
        # A cycle, even an indirect one, has no direction.
        ({**import_chain("api", "core"), "core/back.py": "import api\n"}, None),
        (
            {
                **import_chain("api", "core", "low"),
                "low/back.py": "import side\n",
                "side/__init__.py": "import api",
            },
            None,
        ),
        ({**import_chain("api", "core", "low"), "core/back.py": "import api\n"}, ("core/", "low/")),
        # Too few imports.
        ({**import_chain("core"), "api/m.py": imports_of(4, "core")}, None),
        # Too small a part of a large tree.
        ({**import_chain("api", "core"), **{f"big/m{i}.py": "" for i in range(40)}}, None),
        # In a subdirectory; files next to the layers do not matter.
        (
            {
                "src/__init__.py": "",
                "src/main.py": "from . import api, core",
                "src/api/__init__.py": FIVE.format("src.core"),
                "src/core/__init__.py": "from src import main",
            },
            ("src/api/", "src/core/"),
        ),
        (
            {"go.mod": "module x.org/m\n", "core/c.go": "package core"}
            | {f"api/a{i}.go": 'package api\nimport "x.org/m/core"\n' for i in range(5)},
            ("api/", "core/"),
        ),
        ({}, None),
        ({"README.md": ""}, None),
    ],
)
def test_layers(files: dict[str, str], layers: tuple[str, ...] | None) -> None:
    found = infer(files).layers
    assert (found.directories if found else None) == layers


def test_layers_with_few_counterexamples() -> None:
    files = {
        **import_chain("core"),
        "api/__init__.py": imports_of(30, "core"),
        "core/back.py": "\nfrom api import x\n",
    }
    found = infer(files)
    assert found.layers is None
    assert found.nearly
    assert found.nearly.directories == ("api/", "core/")
    assert found.nearly.imports == 30
    assert found.nearly.counterexamples == (Counterexample("core/back.py", 2, "api/__init__.py"),)
    files["api/__init__.py"] = imports_of(29, "core")
    assert infer(files).nearly is None


def test_import_in_a_docstring_is_not_a_counterexample() -> None:
    files = {
        **import_chain("core"),
        "api/__init__.py": imports_of(30, "core"),
        "core/back.py": '"""\nfrom api import x\n"""',
    }
    found = infer(files)
    assert found.nearly is None
    assert found.layers
    assert found.layers.directories == ("api/", "core/")


SERVICES = {f"services/{name}/{name}_app/__init__.py": imports_of(10, "flask") for name in "abc"}
KIND = Kind("services/<service>/", ("services/a/", "services/b/", "services/c/"))


@pytest.mark.parametrize(
    ("changed", "kind", "apart"),
    [
        ({}, KIND, [("services/<service>/", 30)]),
        ({"services/a/x.py": "# from b_app import x"}, KIND, [("services/<service>/", 30)]),
        ({"services/b/setup.py": "", "services/a/x.py": "from b_app import x"}, KIND, []),
        ({"services/a/a_app/__init__.py": ""}, KIND, []),
        ({}, Kind("services/<service>/", ("services/a/", "services/b/")), []),
    ],
)
def test_kinds(changed: dict[str, str], kind: Kind, apart: list[tuple[str, int]]) -> None:
    found = infer({**SERVICES, **changed}, kind).apart
    assert [(separate.key, separate.imports) for separate in found] == apart
