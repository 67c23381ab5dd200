"""Trees of source files with imports, each with a layout of four rules and no findings.

The files have the typical length and number of imports of public code: about a hundred lines and ten imports,
three quarters of them of modules of the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random

from trees import File

# Outermost first: each layer may import the layers after it.
LAYERS = ("api", "services", "domain", "kernel")
_PACKAGES = 25  # per layer
_OUTSIDE_PYTHON = (
    "os",
    "re",
    "json",
    "logging",
    "dataclasses",
    "typing",
    "collections.abc",
    "pydantic",
    "httpx",
)
_OUTSIDE_TYPESCRIPT = ("react", "zod", "node:path", "@tanstack/query", "lodash/merge", "date-fns")

PYTHON_LAYOUT = """\
tree:
  src/app/services/<package>/:
imports:
  layers: [src/app/api/, src/app/services/, src/app/domain/, src/app/kernel/]
  apart:
    src/app/services/<package>/:
  never:
    src/app/domain/: {httpx: the domain has no network, sqlalchemy: the domain has no database}
    src/app/kernel/: {pydantic: the kernel has no dependencies}
"""

# The same four rules for import-linter, which finds imports with grimp.
PYTHON_CONTRACTS = """\
[importlinter]
root_package = app
include_external_packages = True

[importlinter:contract:layers]
name = layers
type = layers
layers =
    app.api
    app.services
    app.domain
    app.kernel

[importlinter:contract:apart]
name = apart
type = independence
modules = app.services.*

[importlinter:contract:domain]
name = domain
type = forbidden
source_modules = app.domain
forbidden_modules =
    httpx
    sqlalchemy
allow_indirect_imports = True

[importlinter:contract:kernel]
name = kernel
type = forbidden
source_modules = app.kernel
forbidden_modules = pydantic
allow_indirect_imports = True
"""

TYPESCRIPT_LAYOUT = """\
tree:
  package.json:
  tsconfig.json:
  apps/<app>/:
  packages/:
imports:
  layers: [apps/, packages/]
  apart:
    apps/<app>/:
  never:
    packages/*/src/model/: {react: the model has no user interface}
    packages/: {apps/: a package does not know who uses it}
"""

TYPESCRIPT_RULES = """\
module.exports = {
  forbidden: [
    {name: "layers", severity: "error", from: {path: "^packages/"}, to: {path: "^apps/"}},
    {name: "apart", severity: "error", from: {path: "^apps/([^/]+)/"},
     to: {path: "^apps/", pathNot: "^apps/$1/"}},
    {name: "model", severity: "error", from: {path: "^packages/[^/]+/src/model/"}, to: {path: "^react$"}},
    {name: "packages", severity: "error", from: {path: "^packages/"}, to: {path: "^apps/"}},
  ],
  options: {doNotFollow: {path: "node_modules"}, tsConfig: {fileName: "tsconfig.json"},
    tsPreCompilationDeps: true},
};
"""


def python_files(files: int, random: Random) -> Iterator[File]:
    """A package `app` in `src/` with four layers, and the configuration of import-linter."""
    yield from (File(".importlinter", PYTHON_CONTRACTS), File("structlint.yaml", PYTHON_LAYOUT))
    yield File("src/app/__init__.py")
    in_package = max(1, files // (len(LAYERS) * _PACKAGES))
    names = [f"part_{number}" for number in range(in_package - 1)]
    for row, layer in enumerate(LAYERS):
        yield File(f"src/app/{layer}/__init__.py")
        for package in _packages():
            yield File(f"src/app/{layer}/{package}/__init__.py")
            for name in names:
                own = [f"app.{layer}.{package}.{random.choice(names)}" for _ in range(3)]
                below = LAYERS[row + 1 :] or ()
                lower = [
                    _python_module(random, random.choice(below), names) for _ in range(4 if below else 0)
                ]
                yield File(f"src/app/{layer}/{package}/{name}.py", _python(random, layer, [*own, *lower]))


def _packages() -> list[str]:
    return [f"area_{number}" for number in range(_PACKAGES)]


def _python_module(random: Random, layer: str, names: list[str]) -> str:
    return f"app.{layer}.{random.choice(_packages())}.{random.choice(names)}"


def _python(random: Random, layer: str, modules: list[str]) -> str:
    """A Python module with imports followed by functions."""
    forbidden = {"domain": "httpx", "kernel": "pydantic"}.get(layer)
    outside = [name for name in random.sample(_OUTSIDE_PYTHON, 4) if name != forbidden]
    lines = ['"""What the imports of this module are for."""', "", "from __future__ import annotations", ""]
    lines += [f"import {name}" for name in outside[:2]]
    lines += [f"from {name} import something, something_else" for name in outside[2:]]
    lines += [f"from . import {modules[0].rpartition('.')[2]}"]
    lines += [f"from {module} import (\n    First,\n    Second,\n)" for module in modules[1:3]]
    lines += [f"from {module} import Third" for module in modules[3:]]
    for number in range(random.randint(4, 12)):
        lines += ["", "", f"def function_{number}(argument: str) -> str:"]
        lines += ['    """Imports nothing from anywhere."""', "    value = argument.strip()"]
        lines += [f"    if len(value) > {number}:", '        raise ValueError("too long to import")']
        lines += ["    return value"]
    return "\n".join(lines) + "\n"


def typescript_files(files: int, random: Random) -> Iterator[File]:
    """Apps and packages of a workspace, and the configuration of dependency-cruiser."""
    yield File("structlint.yaml", TYPESCRIPT_LAYOUT)
    yield File(".dependency-cruiser.cjs", TYPESCRIPT_RULES)
    yield File("package.json", '{"name": "root", "private": true, "workspaces": ["apps/*", "packages/*"]}\n')
    yield File("tsconfig.json", '{"compilerOptions": {"baseUrl": ".", "moduleResolution": "node"}}\n')
    members = [*(f"apps/app-{n}" for n in range(10)), *(f"packages/lib-{n}" for n in range(20))]
    names = [f"part-{number}" for number in range(max(1, files // (3 * len(members))))]
    for member in members:
        name = member.partition("/")[2]
        yield File(f"{member}/package.json", f'{{"name": "@own/{name}", "version": "1.0.0"}}\n')
        yield File(f"{member}/tsconfig.json", '{"extends": "../../tsconfig.json"}\n')
        yield File(f"{member}/src/index.ts", f'export * from "./model/{names[0]}";\n')
        for directory in ("model", "view", "lib"):
            for part in names:
                text = _typescript(random, directory, names)
                yield File(f"{member}/src/{directory}/{part}.ts", text)


def _typescript(random: Random, directory: str, names: list[str]) -> str:
    """A TypeScript module with imports followed by functions."""
    outside = [
        name for name in random.sample(_OUTSIDE_TYPESCRIPT, 3) if directory != "model" or name != "react"
    ]
    lines = [f'import {{ something }} from "{name}";' for name in outside]
    lines += [f'import {{ first }} from "./{random.choice(names)}";' for _ in range(2)]
    lines += [f'import type {{ Kind }} from "../lib/{random.choice(names)}";']
    lines += [f'import {{\n  second,\n  third,\n}} from "@own/lib-{random.randrange(20)}";' for _ in range(2)]
    for number in range(random.randint(4, 12)):
        lines += ["", f"export function part{number}(argument: string): string {{"]
        lines += ["  const value = argument.trim();", f"  if (value.length > {number}) {{"]
        lines += ['    throw new Error("too long to import from anywhere");', "  }", "  return value;", "}"]
    return "\n".join(lines) + "\n"


def some_files(language: str, files: int) -> list[File]:
    """About this many files in "Python" or "TypeScript", with a layout and the peer's rules."""
    of_language = {"Python": python_files, "TypeScript": typescript_files}[language]
    return list(islice(of_language(files, Random(language)), None))
