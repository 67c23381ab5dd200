"""Resolution of imports to files, for each language."""

from __future__ import annotations

import json

import pytest
from tables import table

from structlint.imports.graph import Imports
from structlint.imports.model import Target


def resolve_imports(files: dict[str, str], path: str, *roots: str) -> list[str]:
    """Import targets in a file: paths, `= module` if external, `? alias` if unresolved."""
    contents = {name: text.encode() for name, text in files.items()}
    imports = Imports(tuple(contents), contents.__getitem__, roots)
    language = imports.language(path)
    assert language
    found = list(language.scan(contents[path]))
    confirmed = language.confirm(path, contents[path], sorted({each.at for each in found}))
    assert confirmed is not None
    known = [language.resolve(path, each) for each in found if each.at in confirmed]
    return [" or ".join(map(format_target, targets)) or "-" for targets in known]


def format_target(target: Target) -> str:
    if target.alias:
        return f"? {target.alias}"
    return target.path or f"= {target.module}"


def empty_files(*paths: str) -> dict[str, str]:
    return dict.fromkeys(paths, "")


PACKAGE = empty_files("p/__init__.py", "p/a.py", "p/sub/__init__.py", "p/sub/b.py")


@table(
    ("files", "path", "text", "expected"),
    [
        (PACKAGE, "p/m.py", "import p.a", ["p/a.py"]),
        (PACKAGE, "p/m.py", "import p.a as x, p.sub", ["p/a.py", "p/sub/__init__.py"]),
        (PACKAGE, "p/m.py", "from p import a, other", ["p/a.py", "p/__init__.py"]),
        (PACKAGE, "p/m.py", "from p import *", ["p/__init__.py"]),
        (PACKAGE, "p/m.py", "from p.sub.b import thing", ["p/sub/b.py"]),
        (PACKAGE, "p/m.py", "from . import a", ["p/a.py"]),
        (PACKAGE, "p/sub/m.py", "from .. import a", ["p/a.py"]),
        (PACKAGE, "p/sub/m.py", "from ..a import x", ["p/a.py"]),
        (PACKAGE, "p/sub/m.py", "from . import b, x", ["p/sub/b.py", "p/sub/__init__.py"]),
        # Beyond the top-level package.
        (PACKAGE, "p/sub/m.py", "from .... import a", ["-"]),
        # A missing module of a package may be generated.
        (PACKAGE, "p/m.py", "from p.generated.api_pb2 import X", ["p/generated/api_pb2.py"]),
        (PACKAGE, "p/m.py", "from .version import v", ["p/version.py"]),
        (PACKAGE, "p/m.py", "import os, sqlalchemy.orm", ["= os", "= sqlalchemy.orm"]),
        (PACKAGE, "p/m.py", "from sqlalchemy import orm", ["= sqlalchemy.orm"]),
        # Absolute imports are not relative to a package: this is the external `graphql`.
        (
            empty_files("shop/__init__.py", "shop/graphql/__init__.py"),
            "shop/m.py",
            "from graphql import x",
            ["= graphql.x"],
        ),
        # Packages of the same name in two services: each imports its own.
        (
            empty_files("a/app/__init__.py", "a/app/x.py", "b/app/__init__.py", "b/app/x.py"),
            "b/app/m.py",
            "import app.x",
            ["b/app/x.py"],
        ),
        # A namespace package contains only modules, so other names are external.
        (empty_files("src/ns/a/b.py"), "src/ns/a/m.py", "from ns.a import b", ["src/ns/a/b.py"]),
        (empty_files("src/ns/a/b.py"), "src/ns/a/m.py", "from ns import nothing", ["= ns.nothing"]),
        # `src` layouts, including those of other projects in the repository.
        (
            empty_files("src/p/__init__.py", "src/p/a.py"),
            "tests/test_a.py",
            "from p import a",
            ["src/p/a.py"],
        ),
        (
            empty_files(
                "libs/core/pyproject.toml", "libs/core/src/core/__init__.py", "libs/core/src/core/x.py"
            ),
            "apps/web/m.py",
            "from core import x",
            ["libs/core/src/core/x.py"],
        ),
        # A package without `__init__.py`, imported by its own files: `dns` in it is not the external one.
        (
            {**empty_files("p/dns/__init__.py", "p/dns/message.py"), "p/b.py": "from p.dns import message\n"},
            "p/m.py",
            "from dns import message",
            ["= dns.message"],
        ),
        # A package that is not installable is not found from other directories.
        (empty_files("docs/redis/__init__.py"), "app/m.py", "import redis", ["= redis"]),
        # Either of two projects with a package of the same name.
        (
            empty_files("x/setup.py", "x/util/__init__.py", "y/setup.py", "y/util/__init__.py"),
            "app/m.py",
            "import util",
            ["x/util/__init__.py or y/util/__init__.py"],
        ),
        # The standard library, unless the whole dotted name exists in the tree.
        (empty_files("logging/__init__.py", "logging/own.py"), "m.py", "import logging", ["= logging"]),
        (
            empty_files("logging/__init__.py", "logging/own.py"),
            "m.py",
            "from logging import own",
            ["logging/own.py"],
        ),
        (empty_files("p.pyi"), "m.py", "import p", ["p.pyi"]),
    ],
)
def test_python(files: dict[str, str], path: str, text: str, expected: list[str]) -> None:
    assert resolve_imports({**files, path: text}, path) == expected


def test_declared_import_root() -> None:
    files = empty_files("libs/x/python/x/__init__.py", "libs/x/python/x/a.py")
    assert resolve_imports({**files, "m.py": "from x import a"}, "m.py") == ["= x.a"]
    assert resolve_imports({**files, "m.py": "from x import a"}, "m.py", "libs/x/python/") == [
        "libs/x/python/x/a.py"
    ]


def package_json(**fields: object) -> str:
    return json.dumps(fields)


WORKSPACE = {
    "package.json": package_json(workspaces=["packages/*", "!packages/old"]),
    "packages/ui/package.json": package_json(name="@x/ui", version="1.2.0"),
    "packages/ui/src/index.ts": "",
    "packages/ui/src/button.tsx": "",
    "packages/utils/package.json": package_json(name="utils", version="2.0.0", main="dist/main.js"),
    "packages/utils/src/main.ts": "",
    "packages/exp/package.json": package_json(
        name="exp",
        exports={
            ".": {"types": "./dist/index.d.ts", "default": "./dist/index.js"},
            "./in/*": "./src/in/*.ts",
        },
        imports={"#own/*": "./src/*.ts"},
    ),
    "packages/exp/src/index.ts": "",
    "packages/exp/src/in/a.ts": "",
    "packages/old/package.json": package_json(name="old"),
    "packages/web/package.json": package_json(
        name="web", dependencies={"@x/ui": "workspace:*", "utils": "^1.0.0"}
    ),
}
ALIASES = {
    "tsconfig.base.json": '{"compilerOptions": {"baseUrl": ".", /* of all */'
    ' "paths": {"@a/*": ["libs/a/*"],},},}',
    "app/tsconfig.json": '{"extends": "../tsconfig.base.json"}',
    "libs/a/x.ts": "",
    "libs/a/index.ts": "",
    "plain/y.ts": "",
    "app/near/tsconfig.json": '{"compilerOptions": {"paths":'
    ' {"@/*": ["${configDir}/src/*"], "one": ["./src/z.ts"]}}}',
    "app/near/src/z.ts": "",
    "ref/tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.app.json"}]}',
    "ref/tsconfig.app.json": '{"compilerOptions": {"paths": {"~/*": ["./src/*"]}}}',
    "ref/src/q.ts": "",
}


@table(
    ("files", "path", "text", "expected"),
    [
        (empty_files("a/b.ts"), "a/m.ts", 'import x from "./b"', ["a/b.ts"]),
        (empty_files("a/b.ts"), "a/m.ts", 'export * from "./b.js"', ["a/b.ts"]),
        (empty_files("a/b/index.tsx"), "m.js", 'const x = require("./a/b")', ["a/b/index.tsx"]),
        (empty_files("a/b.ts"), "m.ts", "await import(/* chunk */ `./a/b`)", ["a/b.ts"]),
        (empty_files("a/b.ts"), "m.ts", 'import type { T } from "./a/b"', ["a/b.ts"]),
        (empty_files("a/b.ts"), "m.ts", 'import b = require("./a/b")', ["a/b.ts"]),
        (empty_files("a/b.ts"), "m.ts", 'let t: import("./a/b").T', ["a/b.ts"]),
        (empty_files("a/b.ts"), "m.ts", 'import x from ".\\x2fa/b"', ["a/b.ts"]),
        (empty_files("a/b.svg"), "m.ts", 'import x from "./a/b.svg?raw"', ["a/b.svg"]),
        (empty_files("a/b.vue"), "m.ts", 'import x from "./a/b.vue"', ["a/b.vue"]),
        # A missing file, which may be generated: the rules of its directory apply.
        (empty_files("a/b.ts"), "m.ts", 'import x from "./a/gen"', ["a/gen"]),
        (empty_files("a/b.ts"), "m.ts", 'import x from "../../a/gen"', ["-"]),
        (
            empty_files(),
            "m.ts",
            'import fs from "node:fs"; import y from "lodash/fp"',
            ["= fs", "= lodash/fp"],
        ),
        (empty_files(), "m.ts", '// import x from "./a"\nconst t = `import x from "./a"`', []),
        (empty_files(), "m.ts", 'foo.require("./a"); declare module "./b" {}', []),
        (empty_files(), "m.tsx", 'const a = <p>import x from "./a"</p>', []),
        (WORKSPACE, "packages/web/m.ts", 'import "@x/ui"', ["packages/ui/src/index.ts"]),
        (WORKSPACE, "packages/web/m.ts", 'import "@x/ui/button"', ["packages/ui/src/button.tsx"]),
        # An npm package with the name of a member, depending on the required version.
        (WORKSPACE, "packages/web/m.ts", 'import "utils"', ["= utils"]),
        (WORKSPACE, "packages/ui/m.ts", 'import "utils"', ["packages/utils/src/main.ts"]),
        (WORKSPACE, "packages/ui/m.ts", 'import "exp"', ["packages/exp/src/index.ts"]),
        (WORKSPACE, "packages/ui/m.ts", 'import "exp/in/a"', ["packages/exp/src/in/a.ts"]),
        (WORKSPACE, "packages/exp/m.ts", 'import "#own/in/a"', ["packages/exp/src/in/a.ts"]),
        (WORKSPACE, "packages/ui/m.ts", 'import "old"', ["= old"]),
        (ALIASES, "app/m.ts", 'import "@a/x"', ["libs/a/x.ts"]),
        (ALIASES, "app/m.ts", 'import "plain/y"', ["plain/y.ts"]),
        (ALIASES, "app/m.ts", 'import "react"', ["= react"]),
        (ALIASES, "app/m.ts", 'import "@a/lost"', ["libs/a/lost"]),
        (ALIASES, "app/m.ts", 'import "@a/."; import "@a/../a/x"', ["libs/a/index.ts", "libs/a/x.ts"]),
        (ALIASES, "app/m.ts", 'import "~icons/lucide/x"', ["= ~icons/lucide/x"]),
        (ALIASES, "app/near/m.ts", 'import "@/z"; import "one"', ["app/near/src/z.ts"] * 2),
        (ALIASES, "ref/src/m.ts", 'import "~/q"', ["ref/src/q.ts"]),
        (ALIASES, "m.ts", 'import "@/z"', ["? @/"]),
        # Without a `tsconfig.json` a `.vue` file or an address is not an alias.
        (empty_files(), "m.js", 'import "https://x.org/a.js"', ["= https://x.org/a.js"]),
    ],
)
def test_javascript(files: dict[str, str], path: str, text: str, expected: list[str]) -> None:
    assert resolve_imports({**files, path: text}, path) == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("m.vue", '<template><p/></template>\n<script setup>\nimport x from "./a/b"\n</script>', ["a/b.ts"]),
        ("m.vue", '<script lang="ts">\nimport type { T } from "./a/b"\nlet x: T<U>\n</script>', ["a/b.ts"]),
        (
            "m.vue",
            "<script>import './a/b'</script><SCRIPT setup\n>import './c.vue'</SCRIPT >",
            ["a/b.ts", "c.vue"],
        ),
        ("m.vue", '<script generic="T extends A<B>" lang="ts">import "./a/b"</script>', ["a/b.ts"]),
        ("m.vue", '<script src="./a/b.ts"></script>', ["a/b.ts"]),
        ("m.vue", '<script>const c = () => import("./c.vue")</script>', ["c.vue"]),
        ("m.svelte", '<script context="module">import "./a/b"</script>\n<p>import "./c.vue"</p>', ["a/b.ts"]),
        ("m.svelte", '<!-- <script>import "./a/b"</script> --><script>// import "./c.vue"</script>', []),
        ("m.astro", '---\nimport x from "./a/b";\nconst y: T = 1;\n---\n<p>from "./c.vue"</p>', ["a/b.ts"]),
        ("m.vue", '<script>import "./a/b"', ["a/b.ts"]),
        ("m.vue", "<script", []),
        ("m.vue", "", []),
    ],
)
def test_component_scripts(path: str, text: str, expected: list[str]) -> None:
    assert resolve_imports({**empty_files("a/b.ts", "c.vue"), path: text}, path) == expected


def test_package_json_depends_on_workspace_members() -> None:
    dependencies = {"@x/ui": "1", "react": "18", "exp": "*"}
    files = {**WORKSPACE, "packages/web/package.json": package_json(name="web", devDependencies=dependencies)}
    found = resolve_imports(files, "packages/web/package.json")
    assert found == ["packages/ui/", "-", "packages/exp/"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('package a\nimport "x.org/m/in/b"', ["in/b/"]),
        ('package a; import ("fmt"; y "x.org/m"; . "x.org/m/in")', ["= fmt", "-", "in/"]),
        ('// import "no"\n/* import "no" */ package a\nimport (\n\t_ "x.org/m/in/b" // (in)\n)\n', ["in/b/"]),
        ('package a\nimport `x.org/m2/c`\nvar x = `import "x.org/m/in"`', ["= x.org/m2/c"]),
        ('package a\nimport "x.org/m/other/d"', ["other/d/"]),
        ("package a\nimport (", []),
        ("", []),
    ],
)
def test_go(text: str, expected: list[str]) -> None:
    files = {"go.mod": "module x.org/m\n", "other/go.mod": 'module "x.org/m/other"', "in/b/b.go": ""}
    assert resolve_imports({**files, "m.go": text}, "m.go") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'<ProjectReference Include="..\Domain\Domain.csproj" />', ["src/Domain/Domain.csproj"]),
        (r"<ProjectReference Condition='x' Include='..\domain\domain.csproj'>", ["src/Domain/Domain.csproj"]),
        (r'<!-- <ProjectReference Include="a.csproj" /> -->', []),
        ('<PackageReference Include="EF.Core" Version="8" />', ["= EF.Core"]),
        (r'<ProjectReference Include="$(Root)\a.csproj" />', [r"? $(Root)\a.csproj"]),
        (r'<ProjectReference Include="..\..\..\a.csproj" />', ["-"]),
    ],
)
def test_dotnet(text: str, expected: list[str]) -> None:
    files = {"src/Domain/Domain.csproj": "", "src/Api/Api.csproj": f"<Project>{text}</Project>"}
    assert resolve_imports(files, "src/Api/Api.csproj") == expected
