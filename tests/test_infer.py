"""Inference of a layout from a repository, and the findings of later changes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, engine, name_of
from structlint.suggest.infer import InferredLayout, infer
from structlint.suggest.names import plural_of
from structlint.tree import Tree
from structlint.tree.drawing import Drawn, drawn
from structlint.yaml_nodes.writer import write


def make_tree(files: Iterable[str]) -> Tree:
    return Tree(tuple(sorted(set(files))), Drawn({}, frozenset()))


def layout_text(found: InferredLayout) -> str:
    return write(found.layout, (), found.remarks)


def expand_directories(names: Iterable[str], *files_in_each: str) -> list[str]:
    """The same files in each directory; `{}` is replaced by the name of the directory."""
    return [
        f"{name}/{each}".replace("{}", name.rpartition("/")[2]) for name in names for each in files_in_each
    ]


_NAMED = ["auth", "billing", "cart", "mail", "search", "stock-control", "user-profile"]
SERVICES = [f"services/{name}" for name in _NAMED]
MODULES = ["cart", "dates", "mail", "order_items", "stock", "users"]

INFERRED: dict[str, tuple[list[str], str]] = {
    "named directories, without entries of base": (
        [
            "README.md",
            "LICENSE",
            "go.mod",
            ".gitignore",
            "docs/a.md",
            "cmd/main.go",
            "web/src/a.js",
            "web/x/b.js",
        ],
        """\
        extends: base

        tree:
          go.mod:
          LICENSE:
          README.md:
          cmd/?:
          web/?:
          "*/?":
        """,
    ),
    "a family": (
        ["README.md", *expand_directories(SERVICES, "Dockerfile", "package.json", "src/a.ts", "src/{}.ts")],
        """\
        extends: base

        names:
          module: {case: kebab-case, pattern: "[A-Za-z].*"}
          service: kebab-case

        tree:
          README.md:
          "**/":
            "*.csv | *.docx | *.ipynb | *.pdf | *.sql | *.xlsx | *notes*.txt | *todo*.txt?":
              about: Data or notes
              without: "*.ts"
          services/?:
            <service>/:
              Dockerfile:
              package.json:
              "**/":
                <module>.ts?:
              src/:
              "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.ts", holds: "*.md | *.rst | **/package.json"}
          "*/?":
        """,
    ),
    "required and optional files of a family": (
        [
            "README.md",
            *expand_directories(SERVICES, "Dockerfile", "package.json", "src/a.ts"),
            *expand_directories(SERVICES[:5], "README.md"),
            *expand_directories(SERVICES[:2], "migrations/1.sql"),
            *expand_directories(SERVICES[:1], "notes.md"),
        ],
        """\
        extends: base

        names:
          service: kebab-case

        tree:
          README.md:
          "**/":
            "*.csv | *.docx | *.ipynb | *.pdf | *.sql | *.xlsx | *notes*.txt | *todo*.txt?":
              about: Data or notes
              without: "*.ts"
          services/?:
            <service>/:
              Dockerfile:
              package.json:
              src/:
              "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.ts", holds: "*.md | *.rst | **/package.json"}
          "*/?":
        """,
    ),
    "a sibling that is not like the family": (
        ["README.md", *expand_directories(SERVICES, "Dockerfile", "main.go"), "services/shared/log.go"],
        """\
        extends: base

        names:
          service: kebab-case

        tree:
          README.md:
          "**/":
            "*.csv | *.docx | *.ipynb | *.pdf | *.sql | *.xlsx | *notes*.txt | *todo*.txt?":
              about: Data or notes
              without: "*.go"
          services/?:
            <service>/:
              Dockerfile:
              main.go:
            shared/?:
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.go", holds: "*.md | *.rst"}
          "*/?":
        """,
    ),
    "a family of three without a case": (
        [
            "README.md",
            *expand_directories(["apps/web", "apps/admin", "apps/docs"], "package.json", "src/main.ts"),
        ],
        """\
        extends: base

        tree:
          README.md:
          apps/?:
            <app>/:
              package.json:
              "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.ts", holds: "*.md | *.rst | **/package.json"}
          "*/?":
        """,
    ),
    "directories with a manifest": (
        [
            "README.md",
            *expand_directories(SERVICES, "Makefile"),
            *expand_directories(SERVICES[:4], "go.mod"),
            *expand_directories(SERVICES[4:], "package.json"),
        ],
        """\
        extends: base

        names:
          service: kebab-case

        tree:
          README.md:
          services/?:
            <service>/:
              go.mod | package.json:
          "*/?":
        """,
    ),
    "a family in the root with a common prefix": (
        [
            "README.md",
            "pom.xml",
            "docker/x.sh",
            *expand_directories(["shop-cart", "shop-mail", "shop-web"], "pom.xml", "src/A.java"),
        ],
        """\
        extends: base

        tree:
          pom.xml:
          README.md:
          shop-<module>/:
            .: {if: pom.xml}
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.java", holds: "*.md | *.rst | **/pom.xml"}
          "*/?":
        """,
    ),
    "layers are not a family": (
        [
            "README.md",
            *expand_directories(
                ["src/Domain", "src/Application", "src/Infrastructure", "src/Web"], "{}.csproj", "Setup.cs"
            ),
        ],
        """\
        extends: base

        tree:
          README.md:
          src/?:
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.cs", holds: "*.md | *.rst | **/*.csproj"}
          "*/?":
        """,
    ),
    "names in two cases": (
        [
            "README.md",
            *expand_directories(["packages/my-ui", "packages/my-api", "packages/my-db"], "pyproject.toml"),
            *(f"packages/my-{name}/my_{name}/__init__.py" for name in ("ui", "api", "db")),
        ],
        """\
        extends: base

        tree:
          README.md:
          packages/?:
            <package>/:
              pyproject.toml:
              <package:snake_case>/?:
              "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.py", holds: "*.md | *.rst | **/pyproject.toml"}
          "*/?":
        """,
    ),
    "tests mirror modules": (
        [
            "README.md",
            "src/shop/__init__.py",
            *(f"src/shop/{name}.py" for name in MODULES),
            "tests/conftest.py",
            *(f"tests/test_{name}.py" for name in MODULES),
        ],
        """\
        extends: base

        names:
          module: snake_case

        tree:
          README.md:
          "**/":
            "*.csv | *.docx | *.ipynb | *.pdf | *.sql | *.xlsx | *notes*.txt | *todo*.txt?":
              about: Data or notes
              without: "*.py"
          src/?:
            shop/?:
              <module>.py:
              __init__.py?:
            "*/?":
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.py", holds: "*.md | *.rst | **/test_*.py"}
          "*/?":
          tests/?:
            # 6 of 6, as in src/shop/
            test_<module>.py:

        belongs:
          /src/**/test_*.py: tests/
          "!**/*[tT]est*/**":

        forbid:
          /tests/**/*_test.py: Tests are named `test_*.py`
          /tests/**/*_tests.py: Tests are named `test_*.py`
          /test/: All tests are in `tests/`
        """,
    ),
    "manifests mirror services, with one exception": (
        [
            "README.md",
            *expand_directories(SERVICES, "Dockerfile", "main.go"),
            *(f"k8s/{each.partition('/')[2]}.yaml" for each in SERVICES),
            "k8s/kustomization.yaml",
        ],
        """\
        extends: base

        names:
          service: kebab-case

        tree:
          README.md:
          "**/":
            "*.csv | *.docx | *.ipynb | *.pdf | *.sql | *.xlsx | *notes*.txt | *todo*.txt?":
              about: Data or notes
              without: "*.go"
          services/?:
            <service>/:
              Dockerfile:
              main.go:
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.go", holds: "*.md | *.rst"}
          "*/?":
          k8s/?:
            kustomization.yaml?:
            # 7 of 7, as in services/
            <service>.yaml:
        """,
    ),
    "numbered files": (
        ["README.md", "docs/adr/README.md", *(f"docs/adr/000{number}-why.md" for number in range(1, 7))],
        """\
        extends: base

        names:
          number: {pattern: "[0-9]{4}", unique: true, consecutive: true}

        tree:
          README.md:
          docs/adr/?:
            .: {unlisted: forbid}
            <number>-<adr>.md:
            README.md?:
          "*/?":
        """,
    ),
    "files of one kind": (
        ["README.md", "LICENSE", *(f"layouts/{name}.yaml" for name in "abcde"), "src/a.py"],
        """\
        extends: base

        tree:
          LICENSE:
          README.md:
          layouts/?:
          src/?:
          "*/?":
        """,
    ),
    "no tie for four names or half of the names": (
        [
            "README.md",
            *(f"src/{name}.py" for name in MODULES[:4]),
            *(f"tests/test_{name}.py" for name in MODULES[:4]),
            *(f"lib/{name}.py" for name in "abcdefgh"),
            *(f"spec/test_{name}.py" for name in "abcd"),
        ],
        """\
        extends: base

        tree:
          README.md:
          "**/":
            "*.csv | *.docx | *.ipynb | *.pdf | *.sql | *.xlsx | *notes*.txt | *todo*.txt?":
              about: Data or notes
              without: "*.py"
          lib/?:
            <dir**>/:
              <module:snake_case>.py?:
          spec/?:
          src/?:
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.py", holds: "*.md | *.rst | **/test_*.py"}
          "*/?":

        belongs:
          /lib/**/test_*.py: [spec/, tests/]
          /src/**/test_*.py: [spec/, tests/]
          "!**/*[tT]est*/**":
          "!**/*[sS]pec*/**":

        forbid:
          /spec/**/*_test.py: Tests are named `test_*.py`
          /spec/**/*_tests.py: Tests are named `test_*.py`
          /tests/**/*_test.py: Tests are named `test_*.py`
          /tests/**/*_tests.py: Tests are named `test_*.py`
          /test/: Tests are in `tests/`
        """,
    ),
    "many files in the root that would be there by mistake if they were few": (
        ["README.md", *(f"{number}_chapter.ipynb" for number in range(10, 16)), "figures.pdf"],
        """\
        extends: base

        tree:
          README.md:
          "*.ipynb?":
          "*/?":
        """,
    ),
    "odd files in the root": (
        ["README.md", "server.zig", "a.dat", "b.dat", "c.dat", "d.dat", "e.dat", "x<y>.q"],
        """\
        extends: base

        tree:
          README.md:
          "*.dat?":
          server.zig?:
          x\\<y>.q?:
          "*/?":
        """,
    ),
    "junk is not listed": (
        [
            "README.md",
            "a.go",
            "b.py.orig",
            ".env",
            "tmp/x",
            "dist/a.js",
            "src/a.go",
            "src/a copy.go",
            "src/a (1).go",
            "server.log",
            "coverage/index.html",
            "node_modules/a/b.js",
        ],
        """\
        extends: base

        tree:
          README.md:
          a.go?:
          src/?:
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.go", holds: "*.md | *.rst"}
          "*/?":
        """,
    ),
    "no limit on existing files": (
        ["README.md", *(f"{letter}.{letter}{letter}" for letter in "abcdefghijklmnopqrstuvwx")],
        """\
        extends: base

        tree:
          README.md:
"""
        + "".join(f"          {letter}.{letter}{letter}?:\n" for letter in "abcdefghijklmnopqrstuvwx")
        + '          "*/?":\n',
    ),
    "numbered files in pairs, with gaps": (
        [
            "README.md",
            *(
                f"db/migrate/2024010{day}120000_a.{way}.sql"
                for day in (1, 2, 4, 5, 7)
                for way in ("up", "down")
            ),
        ],
        """\
        extends: base

        names:
          number: {pattern: "[0-9]{14}", unique: true}

        tree:
          README.md:
          db/migrate/?:
            .: {unlisted: forbid}
            <number>_<migrate>.down.sql:
            <number>_<migrate>.up.sql:
          "*/?":
        """,
    ),
    "missing in one of a few, not essential": (
        [
            "README.md",
            *expand_directories(
                ["features/cart", "features/mail", "features/user", "features/shop"], "package.json"
            ),
            *(
                f"features/{name}/{file}"
                for name in ("cart", "mail", "user")
                for file in ("routes.ts", "tests/a.ts")
            ),
            "features/shop/pages.ts",
        ],
        """\
        extends: base

        tree:
          README.md:
          "**/":
            "*.csv | *.docx | *.ipynb | *.pdf | *.sql | *.xlsx | *notes*.txt | *todo*.txt?":
              about: Data or notes
              without: "*.ts"
          features/?:
            <feature>/:
              package.json:
              # 3 of 4
              tests/:
              "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.ts", holds: "*.md | *.rst | **/package.json"}
          "*/?":
        """,
    ),
    "a few directories that consist of the same files": (
        [
            "README.md",
            *expand_directories(
                [f"lib/rules/{name}" for name in ("english", "french", "latin", "spanish", "turkish")],
                "Factory.php",
                "Rules.php",
            ),
        ],
        """\
        extends: base

        names:
          module: {case: PascalCase, pattern: "[A-Za-z].*"}
          rule: lowercase

        tree:
          README.md:
          # none in the root
          "*.php": false
          "**/":
            "*.csv | *.docx | *.ipynb | *.pdf | *.sql | *.xlsx | *notes*.txt | *todo*.txt?":
              about: Data or notes
              without: "*.php"
          lib/?:
            "**/":
              <module>.php?:
            rules/?:
              <rule>/:
                Factory.php:
                Rules.php:
            "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.php", holds: "*.md | *.rst"}
          "*/?":
        """,
    ),
    "a common file of only three": (
        [
            "README.md",
            *expand_directories(
                ["services/cart", "services/mail", "services/user"], "Dockerfile", "GlobalUsings.cs"
            ),
            *(
                f"services/{name}/{about}_{name}.go"
                for name in ("cart", "mail", "user")
                for about in ("a", "b")
            ),
        ],
        """\
        extends: base

        tree:
          README.md:
          "**/":
            "*.csv | *.docx | *.ipynb | *.pdf | *.sql | *.xlsx | *notes*.txt | *todo*.txt?":
              about: Data or notes
              without: "*.cs | *.go"
          services/?:
            <service>/:
              Dockerfile:
              <module:snake_case>.go?:
              "**/":
                <cart-module:snake_case>.go?:
              "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.cs | **/*.go", holds: "*.md | *.rst"}
          "*/?":
        """,
    ),
    "test projects next to the tested projects": (
        [
            "README.md",
            *expand_directories(
                [f"src/{name}Service" for name in ("Mail", "Shop", "User")], "a.csproj", "Dockerfile"
            ),
            *expand_directories(["src/MailService.UnitTests"], "a.csproj"),
        ],
        """\
        extends: base

        tree:
          README.md:
          src/?:
            <module>/:
              a.csproj:
              Dockerfile:
            "*Tests/?":
            MailService.UnitTests/?:
          "*/?":
        """,
    ),
    "versions are not listed by name": (
        ["README.md", *(f"versioned/version-0.1{number}/{name}.md" for number in (6, 7) for name in "ab")],
        """\
        extends: base

        tree:
          README.md:
          versioned/?:
          "*/?":
        """,
    ),
    "editor settings are not listed": (
        [
            "README.md",
            *expand_directories(
                [f"services/s{number}" for number in range(6)], "pom.xml", ".classpath", ".settings/x"
            ),
        ],
        """\
        extends: base

        names:
          service: lowercase

        tree:
          README.md:
          services/?:
            <service>/:
              pom.xml:
              "*/?":
          "*/?":
        """,
    ),
}


@pytest.mark.parametrize(("files", "layout"), INFERRED.values(), ids=INFERRED)
def test_inferred_layout(files: list[str], layout: str) -> None:
    assert layout_text(infer(make_tree(files))) == dedent(layout)


OUTLIERS: dict[str, tuple[list[str], list[str]]] = {
    "of a family": (
        [
            "README.md",
            *expand_directories([f"services/s{number}" for number in range(20)], "Dockerfile", "main.go"),
            "services/odd/main.go",
            "services/odd/go.mod",
            "services/s3/scratch/x",
        ],
        [
            "services/odd/: no Dockerfile (20 of 21 services have one)",
            "services/s3/scratch/: no other of the 21 services has one",
        ],
    ),
    "of a case": (
        [
            "README.md",
            *expand_directories([f"apps/my-{each}" for each in "abcdefghi"], "package.json", "a.ts"),
            *expand_directories(["apps/MyOwn"], "package.json", "a.ts"),
        ],
        ["apps/MyOwn/: `MyOwn` is not kebab-case (9 of 10 are)"],
    ),
    "of a tie": (
        [
            "README.md",
            *(f"src/{each}.py" for each in "abcdefghij"),
            *(f"tests/test_{each}.py" for each in "abcdefghi"),
        ],
        ["tests/test_j.py: missing (9 of 10 are there, as in src/)"],
    ),
    "severe ones first, and junk": (
        ["README.md", "src/a.go", "src/b.go", ".env", "a.orig", "tmp/x"],
        [
            ".env: tracked, but `.env` should stay local",
            "a.orig: forbidden by the layout: left over from a merge",
            "tmp/: forbidden by the layout: temporary files",
        ],
    ),
}


@pytest.mark.parametrize(("files", "outliers"), OUTLIERS.values(), ids=OUTLIERS)
def test_outliers(files: list[str], outliers: list[str]) -> None:
    tree = make_tree(files)._replace(in_git=True)
    messages = [str(each) for each in infer(tree).outliers]
    assert [each for each in messages if not each.startswith(".gitignore:")] == outliers


def test_skipped_files_have_a_reason() -> None:
    files = [
        "README.md",
        "a.go",
        "src/a.go",
        "tmp/x",
        "tmp/y",
        "src/a.bak",
        ".env",
        "src/in/a.go",
        "src/out/a.go",
    ]
    assert [tuple(each) for each in infer(make_tree(files)).passed] == [
        (".env", "a local file"),
        ("src/a.bak", "an old version; git keeps the history"),
        ("tmp/", "temporary files"),
    ]


@pytest.mark.parametrize("files", [["README.md"], ["README.md", "a.xyz", "tmp/a", "b.orig"]])
def test_small_repository(files: list[str]) -> None:
    assert layout_text(infer(make_tree(files))).startswith("extends: base\n\ntree:\n  README.md:\n")


def test_submodules_and_links() -> None:
    tree = drawn("""
        .
        ├── README.md
        ├── go.mod
        ├── current -> engine
        ├── engine/
        │   └── a.go
        ├── gone -> nowhere
        └── parser/  (submodule)
    """)
    found = infer(tree)
    assert layout_text(found).splitlines()[3:] == [
        "  go.mod:",
        "  README.md:",
        "  current/?:",
        "  engine/?:",
        "  parser/?:",
        '  "*/?":',
    ]
    assert [each.path for each in found.outliers if each.path != ".gitignore"] == ["gone"]


def test_layout_of_a_large_repository_is_short() -> None:
    shared = ["package.json", "README.md", "src/index.ts", "src/util/a.ts", "test/{}.test.ts", "docs/a.md"]
    names = [f"packages/p{number}" for number in range(300)] + [f"apps/a{number}" for number in range(60)]
    loose = [f"site/d{number % 40}/e{number % 7}/f{number}.md" for number in range(2000)]
    found = infer(make_tree(["README.md", "package.json", *expand_directories(names, *shared), *loose]))
    assert len(layout_text(found).splitlines()) < 70
    assert found.outliers == ()


# Names that a layout cannot list or must escape, and names with a meaning.
_NAMES = st.sampled_from(
    re.findall(
        r"\S+",
        r"""README.md Dockerfile package.json src tests a b cart cart.py test_cart.py cart.test.ts Cart
        user-api user_api <x> *.py a|b ?q x? \ about level - # [id] {a} docs k8s tmp dist .env .github
        __init__.py 0001-a.md services apps min-files true 1.0 ~ é …""",
    )
) | st.sampled_from(["a copy.py", "x | y", " lead", "new\nline", "\udcff", "bell\x07", "a: b"])
_PATHS = st.lists(st.lists(_NAMES, min_size=1, max_size=4).map("/".join), min_size=3, max_size=40)


def _without_clashes(paths: list[str]) -> list[str]:
    """The paths, without those inside a path that is a file."""
    files = set(paths)
    return sorted(path for path in files if not any(other.startswith(f"{path}/") for other in files))


_MEMBERS = st.sampled_from(
    re.findall(
        r"\S+",
        """Dockerfile package.json go.mod {}.csproj {}.test.ts index.ts README.md .env src/index.ts src/{}.ts
        src/a/b.ts src/{}/c.ts tests/test_{}.py docs/a.md migrations/0001-a.sql build/x __init__.py""",
    )
)
_UNITS = st.lists(st.text("abAB-_.", min_size=1, max_size=6), min_size=3, max_size=12, unique=True)


@st.composite
def _of_families(draw: st.DrawFn) -> list[str]:
    """Similar directories, and files that mirror their names."""
    files = ["README.md", "go.mod", "main.go"]
    names = [name for name in draw(_UNITS) if name.strip(".")]
    for parent in draw(
        st.lists(st.sampled_from(["services", "apps", "src", "docs", "k8s", "x/y", "."]), unique=True)
    ):
        members = draw(st.lists(_MEMBERS, min_size=1, max_size=6, unique=True))
        for name in names:
            less = draw(st.sampled_from([None, None, None, *members]))
            files += [
                f"{parent}/{name}/{each}".replace("{}", name).removeprefix("./")
                for each in members
                if each != less
            ]
    for form in draw(
        st.lists(st.sampled_from(["k8s/{}.yaml", "tests/test_{}.py", "lib/{}.py", "docs/{}/a.md"]))
    ):
        files += [form.replace("{}", name) for name in names]
    return files


@pytest.mark.parametrize(
    ("noun", "plural"),
    [("service", "services"), ("directory", "directories"), ("gateway", "gateways"), ("box", "boxes")],
)
def test_plural(noun: str, plural: str) -> None:
    assert plural_of(noun) == plural


def test_existing_root_modules_are_listed() -> None:
    modules = [f"app/{name}.py" for name in ("__init__", "forms", "models", "routes")]
    files = [".flaskenv", "README.md", "config.py", "requirements.txt", "shop.py", *modules]
    found = infer(make_tree(files), ["flask"])
    assert '  config.py?:\n  shop.py?:\n  # none in the root\n  "*.py": false\n' in layout_text(found)
    assert not [outlier for outlier in found.outliers if outlier.path.endswith(".py")]


@settings(max_examples=12)  # each example runs two inferences and a check
@given(_PATHS | _of_families())
def test_findings_are_the_outliers_for_any_repository(paths: list[str]) -> None:
    files = _without_clashes(paths)
    tree = make_tree(files)
    found = infer(tree)
    data = layout_text(found).encode()
    layout = load(LayoutSource(lambda path: data), "structlint.yaml")
    tree_with_layout = make_tree([*files, "structlint.yaml"])
    findings = engine.check(
        match(layout, tree_with_layout, own=["structlint.yaml"]), {name_of(rule) for rule in RULES}, date.min
    )
    assert len(findings) == len(found.outliers)
    for passed in found.passed:
        assert f"\n  {passed.path}:" not in layout_text(found)
    shuffled = Tree(tuple(files[::-1]), Drawn({}, frozenset()))
    assert layout_text(infer(Tree(tuple(sorted(shuffled.files)), shuffled.source))) == layout_text(found)


def test_root_directories_without_manifests_are_not_a_family() -> None:
    parts = [
        f"{part}/{name}.go" for part in ("plan", "source", "registry") for name in (part, f"{part}_test")
    ]
    inferred = layout_text(infer(make_tree(["README.md", "go.mod", *parts]), ("go",)))
    assert "<" not in inferred.replace("<addition>", "") and "plan/" not in inferred.replace("plan/?", "")


def test_family_next_to_other_code_is_not_apart() -> None:
    def has_apart(*more: str) -> bool:
        imports = "".join(f"import 'lib{number}'\n" for number in range(12)).encode()
        contents = {f"services/{part}/src/index.ts": imports for part in "abcde"}
        names = ("package.json", "Dockerfile", "src/index.ts", "src/helper.ts")
        paths = [*more, "README.md", *(f"services/{part}/{name}" for part in "abcde" for name in names)]
        return "apart:" in layout_text(infer(Tree(tuple(sorted(paths)), Drawn(contents, frozenset()))))

    assert has_apart()
    assert not has_apart("services/common/log.ts")


def test_entry_for_any_directory_does_not_name_a_family() -> None:
    parts = [f"api/api/{part}/__init__.pyi" for part in "abcdef"]
    inferred = layout_text(
        infer(make_tree(["README.md", "pyproject.toml", "api/api/__init__.py", *parts]), ("python",))
    )
    assert "python-other" not in inferred


def test_root_file_listed_by_one_of_several_layouts_is_allowed() -> None:
    paths = ["README.md", "manage.py", "package.json", *(f"shop/{name}.py" for name in ("__init__", *"abcd"))]
    inferred = infer(make_tree(paths), ("node", "django"))
    assert "manage.py" not in {outlier.path for outlier in inferred.outliers}


def test_family_has_its_own_placeholder() -> None:
    apps = [f"src/{app}/{name}" for app in ("cart", "mail", "users") for name in ("__init__.py", "models.py")]
    files = [*apps, *(f"src/{app}/tests/__init__.py" for app in ("cart", "mail", "users"))]
    files += ["README.md", "package.json", "pyproject.toml", "src/manage.py", "src/mail/search/__init__.py"]
    layout = layout_text(infer(make_tree([*files, "src/cart/search/__init__.py"]), ("node", "django")))
    assert "<module>/:" in layout
    assert "python-subpackage" not in layout


_PARTS = ["auth", "billing", "cart", "mail", "search"]
_PYTHON = ["README.md", "pyproject.toml", *(f"src/shop/{name}.py" for name in [*MODULES, "tax_rates", "vat"])]
_CLASSES = ["Album", "Artist", "Cart", "Genre", "Song", "User"]
_SCRIPTS = ["README.md", *(f"src/{name}.ts" for name in ("a", "cartItem", "mailBox", "userName", *"bcdef"))]
# The files at the time of inference, files that are added or removed (with a leading "-") later, and the new
# findings.
_PAGES_IN_JS = [
    *("README.md", "ui/package.json"),
    *(f"ui/{part}/{part}{name}.js" for part in ("src", "plugins") for name in "ABCDEFGHIJKLMNOP"),
]
_HASHES = ["Cq3xTY6M", "qI6si9uJ", "75iz1Xmg", "NXiq7pZI", "CQUyIsim", "Ap21j9FE"]
_HASHED_IN_DIST = [f"ui/dist/assets/docs{part}-{part}.js" for part in _HASHES]
_HASHED_IN_STATIC = [f"ui/static/assets/docsPage-{part}.js" for part in _HASHES]
_MODULES_IN_JAVA = [
    *("README.md", "pom.xml", "jpa/pom.xml", "envers/pom.xml"),
    *(f"{part}/src/main/java/{name}.java" for part in ("jpa", "envers") for name in "ABCDEFGH"),
    *(f"jpa/src/test/java/T{number}Tests.java" for number in range(100)),
    *(f"envers/src/test/java/{name}Tests.java" for name in "ABC"),
]

LATER_CHANGES: dict[str, tuple[list[str], list[str], list[str]]] = {
    "code gets templates, pictures and another language": (
        _PYTHON,
        ["src/shop/mail/templates/a.html", "src/shop/static/logo.png", "src/shop/static/a.js"],
        [],
    ),
    "code gets data, notes and names in other cases": (
        _PYTHON,
        ["src/shop/dump.sql", "src/shop/notes.txt", "src/shop/BadName.py", "src/shop/deep/AnotherOne.py"],
        [
            "src/shop/BadName.py: bad-name",
            "src/shop/deep/AnotherOne.py: bad-name",
            "src/shop/dump.sql: conflicting-entries",
            "src/shop/notes.txt: conflicting-entries",
        ],
    ),
    "files next to a listed directory have its case": (
        ["README.md", *(f"server/{name}.go" for name in ("a_b", "c_d", "e_f", "g", "h", "i"))]
        + [
            f"server/plugins/{part}/{name}" for part in _PARTS for name in ("go.mod", "main.go", "Dockerfile")
        ],
        ["server/BadName.go"],
        ["server/BadName.go: bad-name"],
    ),
    "members of a small family get directories of their own": (
        [
            "README.md",
            *expand_directories([f"src/api/{part}" for part in _PARTS], "{}.module.ts", "dto/request/a.ts"),
        ]
        + [f"src/api/{part}/admin/dto/b.ts" for part in _PARTS[:3]],
        ["src/api/auth/swagger/a.ts", "src/api/cart/admin/test/c.ts", "src/api/mail/dto/response/d.ts"],
        [],
    ),
    "data among the members of a family": (
        [
            "README.md",
            *expand_directories(
                [f"app/{part}" for part in _PARTS], "{}_models.php", "{}_views.php", "urls.php"
            ),
        ],
        ["app/cart/notes.txt", "app/mail/dump.sql", "app/mail/logo.png"],
        ["app/cart/notes.txt: conflicting-entries", "app/mail/dump.sql: conflicting-entries"],
    ),
    "files of a member have its case": (
        [
            "README.md",
            *expand_directories([f"internal/{part}" for part in _PARTS], "go.mod", "{}_client.go", "a_b.go"),
        ]
        + [f"internal/{part}/sub/{name}_{part}.go" for part in _PARTS for name in "xy"],
        ["internal/cart/BadName.go", "internal/cart/sub/BadName.go"],
        ["internal/cart/BadName.go: bad-name", "internal/cart/sub/BadName.go: bad-name"],
    ),
    "a module is named for its class": (
        [*_SCRIPTS, "src/ApiError.ts"],
        ["src/HttpError.ts", "src/MailSender.ts"],
        ["src/MailSender.ts: bad-name"],
    ),
    "the description of a Java package": (
        ["README.md", *(f"src/main/java/shop/{name}Service.java" for name in [*_CLASSES, "Tax", "Vat"])],
        ["src/main/java/shop/package-info.java", "src/main/java/shop/badName.java"],
        ["src/main/java/shop/badName.java: bad-name"],
    ),
    "types of a package": (
        [*_SCRIPTS, "src/types/search-box.d.ts"],
        ["src/types/react-modal.d.ts", "src/BadName.ts"],
        ["src/BadName.ts: bad-name"],
    ),
    "a component in the index file of its directory": (
        [
            "README.md",
            *expand_directories(
                [f"web/components/{part}" for part in [*_PARTS, *"abcd"]], "index.ts", "a.css"
            ),
        ],
        ["-web/components/cart/index.ts", "web/components/cart/index.tsx", "-web/components/mail/index.ts"],
        ["web/components/mail/index.ts: missing-file"],
    ),
    "tests of examples and benchmarks": (
        [*_PYTHON, *(f"tests/test_{name}.py" for name in "abcdef"), "bench/test_speed.py"],
        ["bench/test_size.py", "src/shop/test_g.py"],
        ["src/shop/test_g.py: misplaced-file"],
    ),
    "a part of the code gets a directory for a role": (
        ["README.md", *(f"app/Http/Controllers/{name}Controller.php" for name in _CLASSES)]
        + [f"app/Models/{name}.php" for name in _CLASSES],
        ["app/Subsonic/Controllers/AlbumController.php", "app/Models/CartController.php"],
        ["app/Models/CartController.php: misplaced-file"],
    ),
    "a name that ends like a directory": (
        ["README.md", *(f"app/dto/{name}Dto.java" for name in [*_CLASSES, "Tax", "Vat"])]
        + [f"app/models/{name}.java" for name in _CLASSES],
        ["app/queries/CountDto.java"],
        [],
    ),
    "hooks, tests of components and the setup of tests among modules in kebab-case": (
        [f"src/{name}.ts" for name in ("a", "cart-item", "mail-box", "user-name", *"bcdef")]
        + [f"src/{name}.ts" for name in ("useCart", "CartItem.test", "setupTests")],
        ["src/hooks/useMail.ts", "src/MailBox.test.ts", "src/hooks/useTax.ts", "src/BadName.ts"],
        ["src/BadName.ts: bad-name"],
    ),
    "text files that a program reads": (
        _PYTHON,
        ["src/shop/prompts/greeting.txt", "src/shop/release_notes.txt"],
        ["src/shop/release_notes.txt: conflicting-entries"],
    ),
    "statements next to scripts": (
        [*_PYTHON, "src/shop/scripts/roles.sql"],
        ["src/shop/scripts/users.sql"],
        [],
    ),
    "a directory with a page, and one without": (
        [*_PYTHON, "debug.py"],
        [
            "specs/README.md",
            "specs/a.py",
            "stuff/models.py",
            "data/a.yaml",
            "web/b/pyproject.toml",
            "web/c.py",
        ],
        ["stuff/*.md: missing-file"],
    ),
    "another of many packages in the root": (
        ["README.md", "go.mod", *(f"{name}/{name}.go" for name in [*MODULES, "tax"]), "app.go"],
        ["vat/vat.go", "app_test.go"],
        [],
    ),
    "a module of a package with unclear names": (
        [
            "README.md",
            "pyproject.toml",
            *(f"shop/{name}.py" for name in ("__init__", "_api", "_cart", "_mail")),
        ]
        + [f"shop/_{name}/{part}.py" for name in "ab" for part in ("__init__", "_x", "_y")],
        ["shop/cartItem.py", "shop/tax/rates.py"],
        ["shop/cartItem.py: bad-name", "shop/tax/__init__.py: missing-file"],
    ),
    "directories with pages and instructions for agents": (
        [
            "README.md",
            *expand_directories(
                [f"web/app/{part}" for part in _PARTS], "page.tsx", "layout.tsx", "CLAUDE.md"
            ),
        ],
        ["web/app/tax/[id]/page.tsx", "web/app/vat/a.ts"],
        [],
    ),
    "a directory among those of a large family": (
        [
            "README.md",
            *expand_directories([f"lib/{name}-lib" for name in "abcdefghijkl"], "package.json", "src/a.ts"),
        ],
        ["lib/a-lib/__tests__/a.test.ts"],
        [],
    ),
    "tests in a directory without a case": (
        [
            "lib/mail/__tests__/a.ts",
            *expand_directories([f"lib/{name}" for name in [*_NAMED, "tax"]], "a.ts", "b.ts", "c.ts"),
        ],
        ["lib/__tests__/a.ts", "lib/__tests__/b.ts", "lib/__tests__/c.ts", "lib/BadName/a.ts"],
        ["lib/BadName/: bad-name", "lib/BadName/b.ts: missing-file", "lib/BadName/c.ts: missing-file"],
    ),
    "an application without migrations": (
        [
            "README.md",
            *expand_directories(
                ["apps/cart", "apps/mail", "apps/tax"], "apps.py", "urls.py", "migrations/0001_a.py"
            ),
        ],
        ["apps/vat/apps.py", "apps/vat/urls.py"],
        [],
    ),
    "an image of a program that is installed": (
        ["README.md", *expand_directories(SERVICES, "Dockerfile", "README.md"), "services/mail/package.json"]
        + [
            f"{service}/requirements.txt"
            for service in SERVICES
            if service not in ("services/mail", "services/cart")
        ],
        ["services/proxy/Dockerfile", "services/proxy/README.md"],
        [],
    ),
    "such an image next to programs in several languages": (
        expand_directories(SERVICES[:4], "Dockerfile", "README.md", "requirements.txt")
        + expand_directories(SERVICES[4:], "Dockerfile", "README.md", "package.json"),
        ["services/proxy/Dockerfile", "services/proxy/README.md", "services/tax/README.md"],
        ["services/tax/Dockerfile: missing-file"],
    ),
    "a removed family": (
        ["README.md", *expand_directories([f"plugin/{part}" for part in _PARTS], "{}.go", "b.go")],
        [f"-plugin/{part}/{name}.go" for part in _PARTS for name in (part, "b")],
        [],
    ),
    "another version": (
        ["README.md", *(f"pages/version-1.0/serving/{name}.py" for name in ("a_b", "c_d", "e_f", *"abcdef"))],
        ["pages/version-2.0/a.md"],
        [],
    ),
    "pictures next to their sources": (
        ["README.md", *(f"docs/model/{name}.puml" for name in "abcdef")],
        ["docs/model/a.png"],
        [],
    ),
    "a name that only looks like a role": (
        ["README.md", "app/Rules/CustomPreference.php"]
        + [f"app/Values/Preferences/{name}Preference.php" for name in "ABCDEF"]
        + [f"app/Models/{name}.php" for name in "ABCD"],
        ["app/Rules/OtherPreference.php"],
        [],
    ),
    "an older manifest is removed": (
        [*_PYTHON, "setup.py", "requirements.txt"],
        ["-setup.py", "-requirements.txt"],
        [],
    ),
    "scripts of a build": (["README.md", "build/images/all.sh", "build/ci.yml"], ["build/b.sh"], []),
    "another build next to sources": (
        [*_PAGES_IN_JS, *_HASHED_IN_DIST],
        ["ui/dist/assets/cartPage-Zz1yXw2v.js", "ui/dist/assets/bad_name.js", "ui/other/bad_name.js"],
        ["ui/other/bad_name.js: bad-name"],
    ),
    "another build in a directory with another name": (
        [*_PAGES_IN_JS, *_HASHED_IN_STATIC],
        [
            "ui/static/assets/cartPage-Zz1yXw2v.js",
            "ui/static/js/main.0123abcd.chunk.js",
            "ui/other/bad_name.js",
        ],
        ["ui/other/bad_name.js: bad-name"],
    ),
    "tests of another module, and among the code": (
        [*_MODULES_IN_JAVA],
        [
            *("envers/src/test/java/DTests.java", "new/pom.xml", "new/src/test/java/ETests.java"),
            *("jpa/src/main/java/ATests.java", "envers/src/main/java/FTests.java"),
        ],
        [
            "envers/src/main/java/FTests.java: misplaced-file",
            "jpa/src/main/java/ATests.java: misplaced-file",
        ],
    ),
}


# The bundled layouts that are extended in some of these cases.
EXTENDED = {
    "a directory with a page, and one without": ("python",),
    "another of many packages in the root": ("go",),
    "a module of a package with unclear names": ("python",),
    "an application without migrations": ("python",),
}


@pytest.mark.parametrize("name", LATER_CHANGES)
def test_findings_of_later_changes(name: str) -> None:
    files, changes, expected = LATER_CHANGES[name]
    data = layout_text(infer(make_tree(files), EXTENDED.get(name, ("base",)))).encode()
    layout = load(LayoutSource(lambda path: data), "structlint.yaml")
    removed = {change[1:] for change in changes if change.startswith("-")}
    added = [change for change in changes if not change.startswith("-")]

    def found_in(paths: Iterable[str]) -> set[str]:
        survey = match(layout, make_tree([*paths, "structlint.yaml"]), own=["structlint.yaml"])
        findings = engine.check(survey, {name_of(rule) for rule in RULES}, date.min)
        return {f"{finding.path}: {finding.rule}" for finding in findings}

    new = found_in({*files, *added} - removed) - found_in(files)
    assert sorted(new) == expected


def test_package_in_tests_is_not_tied_to_other_packages() -> None:
    parts = [*_PARTS, "case", "tag"]
    files = [f"src/shop/{part}/{name}.py" for part in parts for name in ("__init__", "models")]
    files += [f"tests/{part}/test_{part}_service.py" for part in parts]
    files += ["README.md", "pyproject.toml", "src/shop/__init__.py", "tests/case/__init__.py"]
    files += [f"src/shop/{part}/tag/__init__.py" for part in ("cart", "mail")]
    found = infer(make_tree(files), ("python",))
    assert "<python-subpackage>" not in layout_text(found)
    assert not [outlier for outlier in found.outliers if outlier.path.startswith(("src/", "tests/"))]


def test_directory_used_by_all_others_is_not_a_layer() -> None:
    def has_layers(*names: str) -> bool:
        contents = {
            f"src/{one}/{one}{number}.py": f"from src.{other} import {other}1\n".encode()
            for one, other in pairwise(names)
            for number in range(1, 9)
        }
        contents |= {f"src/{names[-1]}/{names[-1]}1.py": b""}
        paths = ["README.md", *contents]
        return "layers:" in layout_text(infer(Tree(tuple(sorted(paths)), Drawn(contents, frozenset()))))

    assert has_layers("web", "usecases", "store")
    assert not has_layers("web", "common", "store")
    assert not has_layers("mocks", "usecases", "store")


def test_layers_without_generated_code() -> None:
    contents = {
        f"src/{one}/{one}{number}.ts": f"import {{a}} from '../{other}/a{number}'\n".encode()
        for one, other in pairwise(["web", "usecases", "store", "generated"])
        for number in range(1, 9)
    }
    contents |= {f"src/{part}/a{number}.ts": b"" for part in ("usecases", "store") for number in range(1, 9)}
    found = infer(Tree(tuple(sorted(["README.md", *contents])), Drawn(contents, frozenset())))
    assert "layers: [src/web/, src/usecases/, src/store/]" in layout_text(found)


def test_import_rule_with_many_violations_is_removed() -> None:
    def infer_with_violations(violations: int) -> tuple[str, tuple[str, ...], int]:
        """The layout for ten files in a domain, some of which import a use case."""
        contents = {
            f"src/domain/a{number}.js": b"import '../application/b0.js'\n" * (number < violations)
            for number in range(10)
        }
        contents |= {f"src/application/b{number}.js": b"" for number in range(9)}
        contents |= {"README.md": b"", "package.json": b"{}", "tests/a.test.js": b"", ".gitignore": b""}
        found = infer(
            Tree(tuple(sorted(contents)), Drawn(contents, frozenset())), ("node", "clean-architecture")
        )
        number = sum("forbidden import" in str(outlier) for outlier in found.outliers)
        return layout_text(found), found.loosened, number

    layout, loosened, outliers = infer_with_violations(7)
    assert "\n  never:\n    src/**/domain/ | " in layout and ": false\n" in layout
    assert len(loosened) == 1 and loosened[0].endswith(" allowed, as 7 of 10 files import it")
    assert outliers == 0
    for number in (1, 5):
        layout, loosened, outliers = infer_with_violations(number)
        assert "imports:" not in layout
        assert (loosened, outliers) == ((), number)


def test_packages_must_not_import_applications() -> None:
    def inferred(back: str, number: int = 6) -> str:
        contents = {
            f"apps/web/a{part}.js": b"import '../../packages/ui/index.js'\n" for part in range(number)
        }
        contents |= {"apps/web/package.json": b"{}", "packages/ui/package.json": b"{}", "README.md": b""}
        contents |= {"package.json": b"{}", "packages/ui/index.js": back.encode(), "tests/a.test.js": b""}
        return layout_text(
            infer(Tree(tuple(sorted(contents)), Drawn(contents, frozenset())), ("node", "monorepo"))
        )

    rule = "imports:\n  never:\n    packages/:\n      apps/: none of them imports these\n"
    assert rule in inferred("")
    assert "imports:" not in inferred("import '../../apps/web/a0.js'\n")
    assert "imports:" not in inferred("", number=4)


def test_names_in_test_data_and_vendored_code_are_not_tied() -> None:
    for above in ("testdata", "tests/fixtures", "third_party"):
        paths = [f"gen/{above}/{name}.{ending}" for name in MODULES for ending in ("py", "rs")]
        found = layout_text(infer(make_tree(["README.md", "gen/main.py", *paths])))
        assert "as in" not in found, above


def test_test_files_next_to_code() -> None:
    paths = [f"packages/{name}/{name}.test.ts" for name in MODULES]
    code = [f"packages/{name}/{name}{number}.ts" for name in MODULES for number in range(3)]
    found = layout_text(infer(make_tree(["README.md", *paths, *code])))
    assert "belongs" not in found


def test_root_directory_of_only_one_layout_needs_no_page() -> None:
    paths = [
        "README.md",
        "pyproject.toml",
        "train.py",
        "dvc.yaml",
        "models/a.py",
        "models/b.py",
        "models/c.py",
    ]
    for extends in (("library", "mlops"), ("python",), ("base",)):
        assert not [each for each in infer(make_tree(paths), extends).outliers if "models" in each.path]


def test_language_without_a_test_directory_may_add_one() -> None:
    assert "  tests/?:" in layout_text(infer(make_tree(_PYTHON), ("python", "library"))).splitlines()


def test_only_notebooks_define_a_place_for_data() -> None:
    def has_belongs(form: str) -> bool:
        return "belongs" in layout_text(
            infer(make_tree(["README.md", *(f"work/{at}{form}" for at in "abcdef")]))
        )

    assert has_belongs(".ipynb")
    assert not has_belongs(".csv")


def test_license_of_the_extended_layout_is_not_repeated() -> None:
    for extends in (("library", "python-service"), ("python-service", "library")):
        paths = ["README.md", "LICENSE.txt", "app/__init__.py", "tests/test_a.py", "uv.lock", ".gitignore"]
        found = infer(make_tree(paths), extends)
        assert "LICENSE" not in layout_text(found) and not found.outliers


def test_listed_directory_inherits_the_case() -> None:
    kinds = {
        "core": [f"part_{name}.py" for name in "abcdefgh"],
        "web": [*(f"a_{name}.py" for name in "abc"), *(f"viewPage{name}.ts" for name in "ABCDEFGH")],
        "pages": [f"{number}.toml" for number in range(40)],
    }
    paths = [f"app/{part}/{name}" for part, names in kinds.items() for name in names]
    data = layout_text(infer(make_tree(["README.md", *paths]), ("python", "node"))).encode()
    layout = load(LayoutSource(lambda path: data), "structlint.yaml")
    tree = make_tree(["README.md", "structlint.yaml", *paths, "app/core/BadName.py", "app/web/BadName.py"])
    findings = engine.check(match(layout, tree, own=["structlint.yaml"]), {"bad-name"}, date.min)
    assert [finding.path for finding in findings] == ["app/core/BadName.py", "app/web/BadName.py"]


def test_modules_named_like_their_directories() -> None:
    def inferred(*more: str) -> str:
        parts = [f"core/{name}/{name}{end}.go" for name in [*MODULES, "a1", "a2"] for end in ("", "_test")]
        return layout_text(infer(make_tree(["README.md", "go.mod", *parts, *more]), ("go",)))

    assert "<core>.go:" in inferred()
    assert "<core>.go:" not in inferred(*(f"core/{name}/x.go" for name in ("stream", "sonic", "external")))


def test_files_that_the_compiler_requires_are_not_listed() -> None:
    parts = [f"src/{name}/{file}.rs" for name in MODULES for file in ("mod", "types")]
    found = layout_text(infer(make_tree(["README.md", "Cargo.toml", *parts]), ("rust",)))
    assert "mod.rs:" not in found


def test_many_settings_files_in_one_directory() -> None:
    names = [
        f"{one}-{other}"
        for one in ("helm", "kube", "node", "log")
        for other in [*MODULES[:3], "dive", "ns", "pvc"]
    ]

    def inferred(*more: str) -> str:
        paths = [f"plugins/{name.replace('_', '-')}.yaml" for name in names]
        return layout_text(infer(make_tree(["README.md", *paths, *(f"plugins/{name}" for name in more)])))

    assert "<plugin>.yaml?:" in inferred() and "plugin: kebab-case" in inferred()
    assert "# 24 of 25" in inferred("liveMigration.yaml", "kubectl/purge.sh")
    assert "<plugin>" not in inferred("liveMigration.yaml", "otherPlugin.yaml", "lastOne.yaml")
    data = inferred("kubectl/purge.sh").encode()
    layout = load(LayoutSource(lambda path: data), "structlint.yaml")
    paths = [f"plugins/{name}.yaml" for name in names]
    tree = make_tree(
        ["README.md", "structlint.yaml", *paths, "plugins/badName.yaml", "plugins/x.sh", "plugins/new/a.sh"]
    )
    findings = engine.check(
        match(layout, tree, own=["structlint.yaml"]), {name_of(rule) for rule in RULES}, date.min
    )
    assert [(finding.rule, finding.path) for finding in findings] == [("bad-name", "plugins/badName.yaml")]


def test_names_of_partials_and_gem_files() -> None:
    styles = [f"src/styles/{name.replace('_', '-')}-box.scss" for name in [*MODULES, "a", "b", "c"]]
    assert "_*.scss?:" in layout_text(infer(make_tree(["README.md", *styles])))
    code = [f"lib/shop/{name}_box.rb" for name in [*MODULES, "a", "b", "c"]]
    found = infer(make_tree(["README.md", "shop-rails.gemspec", *code, "lib/shop-rails.rb"]))
    assert "<module:snake_case>.rb?:" in layout_text(found) and not found.outliers


def test_names_of_tool_settings_and_the_root_component() -> None:
    code = [
        f"web/src/{part}/{name}.ts"
        for part in ("cart", "mail")
        for name in ("orderList", "userCard", "priceTag", "logIn", "signUp")
    ]
    found = infer(
        make_tree(["README.md", "web/package.json", *code, "web/src/open-api.config.ts"]), ("node",)
    )
    assert '"*.config.ts?"' in layout_text(found) and not found.outliers
    code = [
        f"web/src/{name}.tsx"
        for name in (
            "order-list",
            "user-card",
            "price-tag",
            "cart-row",
            "mail-box",
            "nav-bar",
            "log-in",
            "sign-up",
        )
    ]
    found = infer(make_tree(["README.md", "web/package.json", *code, "web/src/App.tsx"]), ("node",))
    assert "App.tsx?:" in layout_text(found) and not found.outliers


def test_names_of_helper_and_extension_files() -> None:
    names = (
        "OrderList",
        "UserCard",
        "PriceTag",
        "CartRow",
        "MailBox",
        "NavBar",
        "LogIn",
        "SignUp",
        "LogOut",
        "Row",
    )
    for odd, ending, key in (("helpers", "php", "helpers.php?:"), ("Feed+Kind", "swift", '"*+*.swift?":')):
        paths = [f"src/{name}.{ending}" for name in (*names, odd)]
        found = infer(make_tree(["README.md", *paths]))
        assert key in layout_text(found) and "PascalCase" in layout_text(found) and not found.outliers
    paths = [f"src/{name}{number}.cs" for name in names for number in range(8)]
    found = infer(make_tree(["README.md", *paths, *(f"src/{name}_Specs.cs" for name in "ABC")]))
    assert '"*_*.cs?":' in layout_text(found) and not found.outliers


def test_test_data_in_a_code_root_is_allowed() -> None:
    paths = [f"shop/{name}/{name}.py" for name in MODULES]
    found = infer(make_tree(["README.md", *paths, *(f"shop/fixtures/{number}.csv" for number in range(4))]))
    assert "*.csv | *.docx" in layout_text(found) and not found.outliers
    beside = infer(make_tree(["README.md", *paths, "shop/cart/prices.csv"]))
    assert '"*.docx' in layout_text(beside) and "*.csv" not in layout_text(beside) and not beside.outliers
