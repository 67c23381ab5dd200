"""Layouts learned from a repository: trees in, what a maintainer would have written out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structlint.layout.load import LayoutSource, load
from structlint.matching import match
from structlint.rules import RULES, engine, name_of
from structlint.suggest.infer import InferredLayout, infer
from structlint.suggest.names import plural_of
from structlint.tree import Tree
from structlint.tree.drawing import Drawn, drawn
from structlint.yaml_nodes.writer import write


def tree_of(files: Iterable[str]) -> Tree:
    return Tree(tuple(sorted(set(files))), Drawn({}, frozenset()))


def text(found: InferredLayout) -> str:
    return write(found.layout, (), found.remarks)


def units(names: Iterable[str], *holds: str) -> list[str]:
    """The same files in each directory; `{}` in them is its name."""
    return [f"{name}/{each}".replace("{}", name.rpartition("/")[2]) for name in names for each in holds]


_NAMED = ["auth", "billing", "cart", "mail", "search", "stock-control", "user-profile"]
SERVICES = [f"services/{name}" for name in _NAMED]
MODULES = ["cart", "dates", "mail", "order_items", "stock", "users"]

LEARNED: dict[str, tuple[list[str], str]] = {
    "named directories, and what base knows left out": (
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
        ["README.md", *units(SERVICES, "Dockerfile", "package.json", "src/a.ts", "src/{}.ts")],
        """\
        extends: base

        names:
          module: {case: kebab-case, pattern: "[A-Za-z].*"}
          service: kebab-case

        tree:
          README.md:
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
            .:
              if: "**/*.ts"
              holds: "*.md | *.rst | **/package.json"
          "*/?":
        """,
    ),
    "what most, and what some of a family have": (
        [
            "README.md",
            *units(SERVICES, "Dockerfile", "package.json", "src/a.ts"),
            *units(SERVICES[:5], "README.md"),
            *units(SERVICES[:2], "migrations/1.sql"),
            *units(SERVICES[:1], "notes.md"),
        ],
        """\
        extends: base

        names:
          service: kebab-case

        tree:
          README.md:
          services/?:
            <service>/:
              Dockerfile:
              package.json:
              src/:
              "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .:
              if: "**/*.ts"
              holds: "*.md | *.rst | **/package.json"
          "*/?":
        """,
    ),
    "a sibling that is not like the family": (
        ["README.md", *units(SERVICES, "Dockerfile", "main.go"), "services/shared/log.go"],
        """\
        extends: base

        names:
          service: kebab-case

        tree:
          README.md:
          services/?:
            <service>/:
              Dockerfile:
              main.go:
            shared/?:
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .:
              if: "**/*.go"
              holds: "*.md | *.rst"
          "*/?":
        """,
    ),
    "three are a family, of no law of their case": (
        ["README.md", *units(["apps/web", "apps/admin", "apps/docs"], "package.json", "src/main.ts")],
        """\
        extends: base

        tree:
          README.md:
          apps/?:
            <app>/:
              package.json:
              src/?:
              "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .:
              if: "**/*.ts"
              holds: "*.md | *.rst | **/package.json"
          "*/?":
        """,
    ),
    "a manifest each": (
        [
            "README.md",
            *units(SERVICES, "Makefile"),
            *units(SERVICES[:4], "go.mod"),
            *units(SERVICES[4:], "package.json"),
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
    "a family in the root, by what its names begin with": (
        [
            "README.md",
            "pom.xml",
            "docker/x.sh",
            *units(["shop-cart", "shop-mail", "shop-web"], "pom.xml", "src/A.java"),
        ],
        """\
        extends: base

        tree:
          pom.xml:
          README.md:
          shop-<module>/:
            .: {if: pom.xml}
            src/?:
            "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .:
              if: "**/*.java"
              holds: "*.md | *.rst | **/pom.xml"
          "*/?":
        """,
    ),
    "layers are no family, whatever they share": (
        [
            "README.md",
            *units(
                ["src/Domain", "src/Application", "src/Infrastructure", "src/Web"], "{}.csproj", "Setup.cs"
            ),
        ],
        """\
        extends: base

        tree:
          README.md:
          src/?:
            <dir**>/:
              # no data or notes among the code
              "*.csv | *.db | *.docx | *.ipynb | *.pdf | *.sql | *notes*.txt | *todo*.txt | *.xlsx": false
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .:
              if: "**/*.cs"
              holds: "*.md | *.rst | **/*.csproj"
          "*/?":
        """,
    ),
    "names in two cases": (
        [
            "README.md",
            *units(["packages/my-ui", "packages/my-api", "packages/my-db"], "pyproject.toml"),
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
            .:
              if: "**/*.py"
              holds: "*.md | *.rst | **/pyproject.toml"
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
          src/?:
            # no data or notes among the code
            "*.csv | *.db | *.docx | *.ipynb | *.pdf | *.sql | *notes*.txt | *todo*.txt | *.xlsx": false
            "**/":
              # no data or notes among the code
              "*.csv | *.db | *.docx | *.ipynb | *.pdf | *.sql | *notes*.txt | *todo*.txt | *.xlsx": false
            shop/?:
              <module>.py:
              __init__.py?:
            "*/?":
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .:
              if: "**/*.py"
              holds: "*.md | *.rst | **/test_*.py"
          "*/?":
          tests/?:
            # 6 of 6, as in src/shop/
            test_<module>.py:

        belongs:
          /src/**/test_*.py: tests/
          "!**/*[tT]est*/**":
        """,
    ),
    "manifests mirror services, and one that is nobody's": (
        [
            "README.md",
            *units(SERVICES, "Dockerfile", "main.go"),
            *(f"k8s/{each.partition('/')[2]}.yaml" for each in SERVICES),
            "k8s/kustomization.yaml",
        ],
        """\
        extends: base

        names:
          service: kebab-case

        tree:
          README.md:
          services/?:
            <service>/:
              Dockerfile:
              main.go:
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .:
              if: "**/*.go"
              holds: "*.md | *.rst"
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
          number:
            pattern: "[0-9]{4}"
            unique: true
            consecutive: true

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
    "no tie of four, and none of half": (
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
          lib/?:
            <dir**>/:
              <module:snake_case>.py?:
              # no data or notes among the code
              "*.csv | *.db | *.docx | *.ipynb | *.pdf | *.sql | *notes*.txt | *todo*.txt | *.xlsx": false
          spec/?:
          src/?:
            <src-dir**>/:
              # no data or notes among the code
              "*.csv | *.db | *.docx | *.ipynb | *.pdf | *.sql | *notes*.txt | *todo*.txt | *.xlsx": false
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .:
              if: "**/*.py"
              holds: "*.md | *.rst | **/test_*.py"
          "*/?":

        belongs:
          /lib/**/test_*.py: [spec/, tests/]
          /src/**/test_*.py: [spec/, tests/]
          "!**/*[tT]est*/**":
          "!**/*[sS]pec*/**":
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
    "junk is never law": (
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
            .:
              if: "**/*.go"
              holds: "*.md | *.rst"
          "*/?":
        """,
    ),
    "no limit is set to what there is": (
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
          number:
            pattern: "[0-9]{14}"
            unique: true

        tree:
          README.md:
          db/migrate/?:
            .: {unlisted: forbid}
            <number>_<migrate>.down.sql:
            <number>_<migrate>.up.sql:
          "*/?":
        """,
    ),
    "what one of a few lacks is no law if it is not essential": (
        [
            "README.md",
            *units(["features/cart", "features/mail", "features/user", "features/shop"], "package.json"),
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
          features/?:
            <feature>/:
              package.json:
              # 3 of 4
              tests/:
              "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .:
              if: "**/*.ts"
              holds: "*.md | *.rst | **/package.json"
          "*/?":
        """,
    ),
    "what all of three happen to have is no law": (
        [
            "README.md",
            *units(["services/cart", "services/mail", "services/user"], "Dockerfile", "GlobalUsings.cs"),
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
            .:
              if: "**/*.cs | **/*.go"
              holds: "*.md | *.rst"
          "*/?":
        """,
    ),
    "projects of tests beside the projects that they test": (
        [
            "README.md",
            *units([f"src/{name}Service" for name in ("Mail", "Shop", "User")], "a.csproj", "Dockerfile"),
            *units(["src/MailService.UnitTests"], "a.csproj"),
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
    "versions are not listed by their names": (
        ["README.md", *(f"versioned/version-0.1{number}/{name}.md" for number in (6, 7) for name in "ab")],
        """\
        extends: base

        tree:
          README.md:
          versioned/?:
          "*/?":
        """,
    ),
    "the settings of an editor, which nobody has to keep": (
        [
            "README.md",
            *units([f"services/s{number}" for number in range(6)], "pom.xml", ".classpath", ".settings/x"),
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
              .settings/?:
              "*/?":
          "*/?":
        """,
    ),
}


@pytest.mark.parametrize(("files", "layout"), LEARNED.values(), ids=LEARNED)
def test_what_is_learned(files: list[str], layout: str) -> None:
    assert text(infer(tree_of(files))) == dedent(layout)


OUTLIERS: dict[str, tuple[list[str], list[str]]] = {
    "of a family": (
        [
            "README.md",
            *units([f"services/s{number}" for number in range(20)], "Dockerfile", "main.go"),
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
            *units([f"apps/my-{each}" for each in "abcdefghi"], "package.json", "a.ts"),
            *units(["apps/MyOwn"], "package.json", "a.ts"),
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
    "grave ones first, and junk": (
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
    tree = tree_of(files)._replace(in_git=True)
    told = [str(each) for each in infer(tree).outliers]
    assert [each for each in told if not each.startswith(".gitignore:")] == outliers


def test_what_is_passed_over_is_said_with_the_reason() -> None:
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
    assert [tuple(each) for each in infer(tree_of(files)).passed] == [
        (".env", "a local file"),
        ("src/a.bak", "an old version; git keeps the history"),
        ("tmp/", "temporary files"),
    ]


@pytest.mark.parametrize("files", [["README.md"], ["README.md", "a.xyz", "tmp/a", "b.orig"]])
def test_few_files_are_listed(files: list[str]) -> None:
    assert text(infer(tree_of(files))).startswith("extends: base\n\ntree:\n  README.md:\n")


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
    assert text(found).splitlines()[3:] == [
        "  go.mod:",
        "  README.md:",
        "  current/?:",
        "  engine/?:",
        "  parser/?:",
        '  "*/?":',
    ]
    assert [each.path for each in found.outliers if each.path != ".gitignore"] == ["gone"]


def test_a_large_repository_is_learned_in_few_lines() -> None:
    shared = ["package.json", "README.md", "src/index.ts", "src/util/a.ts", "test/{}.test.ts", "docs/a.md"]
    names = [f"packages/p{number}" for number in range(300)] + [f"apps/a{number}" for number in range(60)]
    loose = [f"site/d{number % 40}/e{number % 7}/f{number}.md" for number in range(2000)]
    found = infer(tree_of(["README.md", "package.json", *units(names, *shared), *loose]))
    assert len(text(found).splitlines()) < 65
    assert found.outliers == ()


# Names that a layout cannot list, or must escape, and names that mean something.
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
    """The paths less those that lie in what another one makes a file."""
    files = set(paths)
    return sorted(path for path in files if not any(other.startswith(f"{path}/") for other in files))


_HELD = st.sampled_from(
    re.findall(
        r"\S+",
        """Dockerfile package.json go.mod {}.csproj {}.test.ts index.ts README.md .env src/index.ts src/{}.ts
        src/a/b.ts src/{}/c.ts tests/test_{}.py docs/a.md migrations/0001-a.sql build/x __init__.py""",
    )
)
_UNITS = st.lists(st.text("abAB-_.", min_size=1, max_size=6), min_size=3, max_size=12, unique=True)


@st.composite
def _of_families(draw: st.DrawFn) -> list[str]:
    """Directories that hold much the same, and what mirrors their names."""
    files = ["README.md", "go.mod", "main.go"]
    names = [name for name in draw(_UNITS) if name.strip(".")]
    for parent in draw(
        st.lists(st.sampled_from(["services", "apps", "src", "docs", "k8s", "x/y", "."]), unique=True)
    ):
        holds = draw(st.lists(_HELD, min_size=1, max_size=6, unique=True))
        for name in names:
            less = draw(st.sampled_from([None, None, None, *holds]))
            files += [
                f"{parent}/{name}/{each}".replace("{}", name).removeprefix("./")
                for each in holds
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
def test_what_several_are_called(noun: str, plural: str) -> None:
    assert plural_of(noun) == plural


def test_the_root_keeps_the_modules_that_it_has_where_a_layout_allows_any() -> None:
    modules = [f"app/{name}.py" for name in ("__init__", "forms", "models", "routes")]
    files = [".flaskenv", "README.md", "config.py", "requirements.txt", "shop.py", *modules]
    found = infer(tree_of(files), ["flask"])
    assert '  config.py?:\n  shop.py?:\n  # none in the root\n  "*.py": false\n' in text(found)
    assert not [outlier for outlier in found.outliers if outlier.path.endswith(".py")]


@settings(max_examples=25)  # each is learned twice, and checked
@given(_PATHS | _of_families())
def test_whatever_a_repository_holds(paths: list[str]) -> None:
    files = _without_clashes(paths)
    tree = tree_of(files)
    found = infer(tree)
    data = text(found).encode()
    layout = load(LayoutSource(lambda path: data), "structlint.yaml")
    with_it = tree_of([*files, "structlint.yaml"])
    findings = engine.check(
        match(layout, with_it, own=["structlint.yaml"]), {name_of(rule) for rule in RULES}, date.min
    )
    assert len(findings) == len(found.outliers)
    for passed in found.passed:
        assert f"\n  {passed.path}:" not in text(found)
    shuffled = Tree(tuple(files[::-1]), Drawn({}, frozenset()))
    assert text(infer(Tree(tuple(sorted(shuffled.files)), shuffled.source))) == text(found)


def test_directories_of_the_root_are_no_family_without_manifests() -> None:
    parts = [
        f"{part}/{name}.go" for part in ("plan", "source", "registry") for name in (part, f"{part}_test")
    ]
    learned = text(infer(tree_of(["README.md", "go.mod", *parts]), ("go",)))
    assert "<" not in learned.replace("<addition>", "") and "plan/" not in learned.replace("plan/?", "")


def test_a_family_is_not_apart_where_other_code_is_beside_it() -> None:
    def has_law(*more: str) -> bool:
        imports = "".join(f"import 'lib{number}'\n" for number in range(12)).encode()
        contents = {f"services/{part}/src/index.ts": imports for part in "abcde"}
        names = ("package.json", "Dockerfile", "src/index.ts", "src/helper.ts")
        paths = [*more, "README.md", *(f"services/{part}/{name}" for part in "abcde" for name in names)]
        return "apart:" in text(infer(Tree(tuple(sorted(paths)), Drawn(contents, frozenset()))))

    assert has_law()
    assert not has_law("services/common/log.ts")


def test_what_governs_every_directory_below_names_no_family() -> None:
    parts = [f"api/api/{part}/__init__.pyi" for part in "abcdef"]
    learned = text(
        infer(tree_of(["README.md", "pyproject.toml", "api/api/__init__.py", *parts]), ("python",))
    )
    assert "python-other" not in learned


def test_what_one_of_several_layouts_lists_in_the_root_stays_allowed() -> None:
    paths = ["README.md", "manage.py", "package.json", *(f"shop/{name}.py" for name in ("__init__", *"abcd"))]
    inferred = infer(tree_of(paths), ("node", "django"))
    assert "manage.py" not in {outlier.path for outlier in inferred.outliers}


def test_the_placeholder_of_packages_at_any_depth_is_not_the_one_of_a_family() -> None:
    apps = [f"src/{app}/{name}" for app in ("cart", "mail", "users") for name in ("__init__.py", "models.py")]
    files = [*apps, *(f"src/{app}/tests/__init__.py" for app in ("cart", "mail", "users"))]
    files += ["README.md", "package.json", "pyproject.toml", "src/manage.py", "src/mail/search/__init__.py"]
    layout = text(infer(tree_of([*files, "src/cart/search/__init__.py"]), ("node", "django")))
    assert "<module>/:" in layout
    assert "python-subpackage" not in layout


_PARTS = ["auth", "billing", "cart", "mail", "search"]
_PYTHON = ["README.md", "pyproject.toml", *(f"src/shop/{name}.py" for name in [*MODULES, "tax_rates", "vat"])]
_CLASSES = ["Album", "Artist", "Cart", "Genre", "Song", "User"]
_SCRIPTS = ["README.md", *(f"src/{name}.ts" for name in ("a", "cartItem", "mailBox", "userName", *"bcdef"))]
# What a repository contains when its layout is learned, what is added to it and removed from it later (with a
# leading "-"), and what is then found.
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

LATER: dict[str, tuple[list[str], list[str], list[str]]] = {
    "code gets templates, pictures and another language": (
        _PYTHON,
        ["src/shop/mail/templates/a.html", "src/shop/static/logo.png", "src/shop/static/a.js"],
        [],
    ),
    "code gets data, notes and names in other cases": (
        _PYTHON,
        ["src/shop/dump.sql", "src/notes.txt", "src/shop/BadName.py", "src/shop/deep/AnotherOne.py"],
        [
            "src/notes.txt: forbidden-path",
            "src/shop/BadName.py: bad-name",
            "src/shop/deep/AnotherOne.py: bad-name",
            "src/shop/dump.sql: forbidden-path",
        ],
    ),
    "the files beside a listed directory follow the case too": (
        ["README.md", *(f"server/{name}.go" for name in ("a_b", "c_d", "e_f", "g", "h", "i"))]
        + [
            f"server/plugins/{part}/{name}" for part in _PARTS for name in ("go.mod", "main.go", "Dockerfile")
        ],
        ["server/BadName.go"],
        ["server/BadName.go: bad-name"],
    ),
    "members of a small family get directories of their own": (
        ["README.md", *units([f"src/api/{part}" for part in _PARTS], "{}.module.ts", "dto/request/a.ts")]
        + [f"src/api/{part}/admin/dto/b.ts" for part in _PARTS[:3]],
        ["src/api/auth/swagger/a.ts", "src/api/cart/admin/test/c.ts", "src/api/mail/dto/response/d.ts"],
        [],
    ),
    "data among the members of a family": (
        [
            "README.md",
            *units([f"app/{part}" for part in _PARTS], "{}_models.php", "{}_views.php", "urls.php"),
        ],
        ["app/cart/notes.txt", "app/dump.sql", "app/mail/logo.png"],
        ["app/cart/notes.txt: forbidden-path", "app/dump.sql: forbidden-path"],
    ),
    "the files of a member follow the case too": (
        ["README.md", *units([f"internal/{part}" for part in _PARTS], "go.mod", "{}_client.go", "a_b.go")]
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
    "a component in the file that its directory is imported by": (
        ["README.md", *units([f"web/components/{part}" for part in [*_PARTS, *"abcd"]], "index.ts", "a.css")],
        ["-web/components/cart/index.ts", "web/components/cart/index.tsx", "-web/components/mail/index.ts"],
        ["web/components/mail/index.ts: missing-file"],
    ),
    "tests of examples and benchmarks": (
        [*_PYTHON, *(f"tests/test_{name}.py" for name in "abcdef"), "bench/test_speed.py"],
        ["bench/test_size.py", "src/shop/test_g.py"],
        ["src/shop/test_g.py: misplaced-file"],
    ),
    "a part of the code gets its own directory of a role": (
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
    "texts that a program reads": (
        _PYTHON,
        ["src/shop/prompts/greeting.txt", "src/shop/release_notes.txt"],
        ["src/shop/release_notes.txt: forbidden-path"],
    ),
    "statements beside scripts": (
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
    "a module of a package whose names say little": (
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
        ["README.md", *units([f"web/app/{part}" for part in _PARTS], "page.tsx", "layout.tsx", "CLAUDE.md")],
        ["web/app/tax/[id]/page.tsx", "web/app/vat/a.ts"],
        [],
    ),
    "a directory among those of a large family": (
        ["README.md", *units([f"lib/{name}-lib" for name in "abcdefghijkl"], "package.json", "src/a.ts")],
        ["lib/a-lib/__tests__/a.test.ts"],
        [],
    ),
    "tests in a directory whose name is in no case": (
        [
            "lib/mail/__tests__/a.ts",
            *units([f"lib/{name}" for name in [*_NAMED, "tax"]], "a.ts", "b.ts", "c.ts"),
        ],
        ["lib/__tests__/a.ts", "lib/__tests__/b.ts", "lib/__tests__/c.ts", "lib/BadName/a.ts"],
        ["lib/BadName/: bad-name", "lib/BadName/b.ts: missing-file", "lib/BadName/c.ts: missing-file"],
    ),
    "an application without migrations": (
        [
            "README.md",
            *units(["apps/cart", "apps/mail", "apps/tax"], "apps.py", "urls.py", "migrations/0001_a.py"),
        ],
        ["apps/vat/apps.py", "apps/vat/urls.py"],
        [],
    ),
    "an image of a program that is installed": (
        ["README.md", *units(SERVICES, "Dockerfile", "README.md"), "services/mail/package.json"]
        + [
            f"{service}/requirements.txt"
            for service in SERVICES
            if service not in ("services/mail", "services/cart")
        ],
        ["services/proxy/Dockerfile", "services/proxy/README.md"],
        [],
    ),
    "such an image beside programs in several languages": (
        units(SERVICES[:4], "Dockerfile", "README.md", "requirements.txt")
        + units(SERVICES[4:], "Dockerfile", "README.md", "package.json"),
        ["services/proxy/Dockerfile", "services/proxy/README.md", "services/tax/README.md"],
        ["services/tax/Dockerfile: missing-file"],
    ),
    "a family that is no longer there": (
        ["README.md", *units([f"plugin/{part}" for part in _PARTS], "{}.go", "b.go")],
        [f"-plugin/{part}/{name}.go" for part in _PARTS for name in (part, "b")],
        [],
    ),
    "another version": (
        ["README.md", *(f"pages/version-1.0/serving/{name}.py" for name in ("a_b", "c_d", "e_f", *"abcdef"))],
        ["pages/version-2.0/a.md"],
        [],
    ),
    "pictures beside their sources": (
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
    "an older manifest goes": (
        [*_PYTHON, "setup.py", "requirements.txt"],
        ["-setup.py", "-requirements.txt"],
        [],
    ),
    "scripts of a build": (["README.md", "build/images/all.sh", "build/ci.yml"], ["build/b.sh"], []),
    "another build beside sources": (
        [*_PAGES_IN_JS, *_HASHED_IN_DIST],
        ["ui/dist/assets/cartPage-Zz1yXw2v.js", "ui/dist/assets/bad_name.js", "ui/other/bad_name.js"],
        ["ui/other/bad_name.js: bad-name"],
    ),
    "another build in a directory that is not named for it": (
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
    "a module of a package whose names say little": ("python",),
    "an application without migrations": ("python",),
}


@pytest.mark.parametrize("name", LATER)
def test_later(name: str) -> None:
    files, changes, expected = LATER[name]
    data = text(infer(tree_of(files), EXTENDED.get(name, ("base",)))).encode()
    layout = load(LayoutSource(lambda path: data), "structlint.yaml")
    gone = {change[1:] for change in changes if change.startswith("-")}
    added = [change for change in changes if not change.startswith("-")]

    def found_in(paths: Iterable[str]) -> set[str]:
        survey = match(layout, tree_of([*paths, "structlint.yaml"]), own=["structlint.yaml"])
        findings = engine.check(survey, {name_of(rule) for rule in RULES}, date.min)
        return {f"{finding.path}: {finding.rule}" for finding in findings}

    new = found_in({*files, *added} - gone) - found_in(files)
    assert sorted(new) == expected


def test_a_package_among_tests_is_not_tied_to_packages_elsewhere() -> None:
    parts = [*_PARTS, "case", "tag"]
    files = [f"src/shop/{part}/{name}.py" for part in parts for name in ("__init__", "models")]
    files += [f"tests/{part}/test_{part}_service.py" for part in parts]
    files += ["README.md", "pyproject.toml", "src/shop/__init__.py", "tests/case/__init__.py"]
    files += [f"src/shop/{part}/tag/__init__.py" for part in ("cart", "mail")]
    found = infer(tree_of(files), ("python",))
    assert "<python-subpackage>" not in text(found)
    assert not [outlier for outlier in found.outliers if outlier.path.startswith(("src/", "tests/"))]


def test_what_all_parts_use_is_no_layer() -> None:
    def layers(*names: str) -> bool:
        contents = {
            f"src/{one}/{one}{number}.py": f"from src.{other} import {other}1\n".encode()
            for one, other in pairwise(names)
            for number in range(1, 9)
        }
        contents |= {f"src/{names[-1]}/{names[-1]}1.py": b""}
        paths = ["README.md", *contents]
        return "layers:" in text(infer(Tree(tuple(sorted(paths)), Drawn(contents, frozenset()))))

    assert layers("web", "usecases", "store")
    assert not layers("web", "common", "store")
    assert not layers("mocks", "usecases", "store")


def test_a_layer_that_is_only_imported() -> None:
    contents = {
        f"src/{one}/{one}{number}.ts": f"import {{a}} from '../{other}/a{number}'\n".encode()
        for one, other in pairwise(["web", "usecases", "store", "generated"])
        for number in range(1, 9)
    }
    contents |= {f"src/{part}/a{number}.ts": b"" for part in ("usecases", "store") for number in range(1, 9)}
    found = infer(Tree(tuple(sorted(["README.md", *contents])), Drawn(contents, frozenset())))
    assert "layers: [src/web/, src/usecases/, src/store/]" in text(found)


def test_a_rule_of_imports_that_many_files_break_is_taken_back() -> None:
    def loosened(wrong: int) -> tuple[str, tuple[str, ...], int]:
        """What is learned of ten files in a domain, some of which import a use case."""
        contents = {
            f"src/domain/a{number}.js": b"import '../application/b0.js'\n" * (number < wrong)
            for number in range(10)
        }
        contents |= {f"src/application/b{number}.js": b"" for number in range(9)}
        contents |= {"README.md": b"", "package.json": b"{}", "tests/a.test.js": b"", ".gitignore": b""}
        found = infer(
            Tree(tuple(sorted(contents)), Drawn(contents, frozenset())), ("node", "clean-architecture")
        )
        number = sum("forbidden import" in str(outlier) for outlier in found.outliers)
        return text(found), found.loosened, number

    layout, said, left = loosened(7)
    assert "\n  never:\n    src/**/domain/ | " in layout and ": false\n" in layout
    assert len(said) == 1 and said[0].endswith(" allowed, as 7 of 10 files import it")
    assert left == 0
    for number in (1, 5):
        layout, said, left = loosened(number)
        assert "imports:" not in layout
        assert (said, left) == ((), number)


def test_packages_that_do_not_import_an_application() -> None:
    def learned(back: str, number: int = 6) -> str:
        contents = {
            f"apps/web/a{part}.js": b"import '../../packages/ui/index.js'\n" for part in range(number)
        }
        contents |= {"apps/web/package.json": b"{}", "packages/ui/package.json": b"{}", "README.md": b""}
        contents |= {"package.json": b"{}", "packages/ui/index.js": back.encode(), "tests/a.test.js": b""}
        return text(infer(Tree(tuple(sorted(contents)), Drawn(contents, frozenset())), ("node", "monorepo")))

    rule = "imports:\n  never:\n    packages/:\n      apps/: none of them imports these\n"
    assert rule in learned("")
    assert "imports:" not in learned("import '../../apps/web/a0.js'\n")
    assert "imports:" not in learned("", number=4)


def test_names_in_data_of_tests_and_code_of_others_are_not_tied() -> None:
    for above in ("testdata", "tests/fixtures", "third_party"):
        paths = [f"gen/{above}/{name}.{ending}" for name in MODULES for ending in ("py", "rs")]
        found = text(infer(tree_of(["README.md", "gen/main.py", *paths])))
        assert "as in" not in found, above


def test_tests_in_directories_that_are_not_named_for_tests() -> None:
    paths = [f"packages/{name}/{name}.test.ts" for name in MODULES]
    code = [f"packages/{name}/{name}{number}.ts" for name in MODULES for number in range(3)]
    found = text(infer(tree_of(["README.md", *paths, *code])))
    assert "belongs" not in found


def test_a_directory_in_the_root_that_only_one_layout_lists_needs_no_page() -> None:
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
        assert not [each for each in infer(tree_of(paths), extends).outliers if "models" in each.path]


def test_a_language_without_a_directory_for_tests_can_get_one() -> None:
    assert "  tests/?:" in text(infer(tree_of(_PYTHON), ("python", "library"))).splitlines()


def test_data_has_no_home_but_notebooks_have() -> None:
    def homes(form: str) -> bool:
        return "belongs" in text(infer(tree_of(["README.md", *(f"work/{at}{form}" for at in "abcdef")])))

    assert homes(".ipynb")
    assert not homes(".csv")


def test_a_license_that_the_extended_layout_requires() -> None:
    for extends in (("library", "python-service"), ("python-service", "library")):
        paths = ["README.md", "LICENSE.txt", "app/__init__.py", "tests/test_a.py", "uv.lock", ".gitignore"]
        found = infer(tree_of(paths), extends)
        assert "LICENSE" not in text(found) and not found.outliers


def test_a_directory_that_is_listed_follows_the_case_of_the_directory_above() -> None:
    kinds = {
        "core": [f"part_{name}.py" for name in "abcdefgh"],
        "web": [*(f"a_{name}.py" for name in "abc"), *(f"viewPage{name}.ts" for name in "ABCDEFGH")],
        "pages": [f"{number}.toml" for number in range(40)],
    }
    paths = [f"app/{part}/{name}" for part, names in kinds.items() for name in names]
    data = text(infer(tree_of(["README.md", *paths]), ("python", "node"))).encode()
    layout = load(LayoutSource(lambda path: data), "structlint.yaml")
    tree = tree_of(["README.md", "structlint.yaml", *paths, "app/core/BadName.py", "app/web/BadName.py"])
    findings = engine.check(match(layout, tree, own=["structlint.yaml"]), {"bad-name"}, date.min)
    assert [finding.path for finding in findings] == ["app/core/BadName.py", "app/web/BadName.py"]


def test_modules_with_the_names_of_their_directories() -> None:
    def learned(*more: str) -> str:
        parts = [f"core/{name}/{name}{end}.go" for name in [*MODULES, "a1", "a2"] for end in ("", "_test")]
        return text(infer(tree_of(["README.md", "go.mod", *parts, *more]), ("go",)))

    assert "<core>.go:" in learned()
    assert "<core>.go:" not in learned(*(f"core/{name}/x.go" for name in ("stream", "sonic", "external")))


def test_what_the_compiler_reports_is_not_required() -> None:
    parts = [f"src/{name}/{file}.rs" for name in MODULES for file in ("mod", "types")]
    found = text(infer(tree_of(["README.md", "Cargo.toml", *parts]), ("rust",)))
    assert "mod.rs:" not in found


def test_many_pages_or_settings_in_one_directory() -> None:
    names = [
        f"{one}-{other}"
        for one in ("helm", "kube", "node", "log")
        for other in [*MODULES[:3], "dive", "ns", "pvc"]
    ]

    def learned(*more: str) -> str:
        paths = [f"plugins/{name.replace('_', '-')}.yaml" for name in names]
        return text(infer(tree_of(["README.md", *paths, *(f"plugins/{name}" for name in more)])))

    assert "<plugin>.yaml?:" in learned() and "plugin: kebab-case" in learned()
    assert "# 24 of 25" in learned("liveMigration.yaml", "kubectl/purge.sh")
    assert "<plugin>" not in learned("liveMigration.yaml", "otherPlugin.yaml", "lastOne.yaml")
    data = learned("kubectl/purge.sh").encode()
    layout = load(LayoutSource(lambda path: data), "structlint.yaml")
    paths = [f"plugins/{name}.yaml" for name in names]
    tree = tree_of(
        ["README.md", "structlint.yaml", *paths, "plugins/badName.yaml", "plugins/x.sh", "plugins/new/a.sh"]
    )
    findings = engine.check(
        match(layout, tree, own=["structlint.yaml"]), {name_of(rule) for rule in RULES}, date.min
    )
    assert [(finding.rule, finding.path) for finding in findings] == [("bad-name", "plugins/badName.yaml")]


def test_partials_and_the_file_of_a_gem_have_names_of_their_own() -> None:
    styles = [f"src/styles/{name.replace('_', '-')}-box.scss" for name in [*MODULES, "a", "b", "c"]]
    assert "_*.scss?:" in text(infer(tree_of(["README.md", *styles])))
    code = [f"lib/shop/{name}_box.rb" for name in [*MODULES, "a", "b", "c"]]
    found = infer(tree_of(["README.md", "shop-rails.gemspec", *code, "lib/shop-rails.rb"]))
    assert "<module:snake_case>.rb?:" in text(found) and not found.outliers


def test_the_settings_of_tools_and_the_first_component_have_names_of_their_own() -> None:
    code = [
        f"web/src/{part}/{name}.ts"
        for part in ("cart", "mail")
        for name in ("orderList", "userCard", "priceTag", "logIn", "signUp")
    ]
    found = infer(tree_of(["README.md", "web/package.json", *code, "web/src/open-api.config.ts"]), ("node",))
    assert '"*.config.ts?"' in text(found) and not found.outliers
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
    found = infer(tree_of(["README.md", "web/package.json", *code, "web/src/App.tsx"]), ("node",))
    assert "App.tsx?:" in text(found) and not found.outliers


def test_files_of_functions_and_extensions_of_types_are_named_otherwise() -> None:
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
        found = infer(tree_of(["README.md", *paths]))
        assert key in text(found) and "PascalCase" in text(found) and not found.outliers
    paths = [f"src/{name}{number}.cs" for name in names for number in range(8)]
    found = infer(tree_of(["README.md", *paths, *(f"src/{name}_Specs.cs" for name in "ABC")]))
    assert '"*_*.cs?":' in text(found) and not found.outliers


def test_data_of_tests_in_a_code_root_are_allowed() -> None:
    paths = [f"shop/{name}/{name}.py" for name in MODULES]
    found = infer(tree_of(["README.md", *paths, *(f"shop/fixtures/{number}.csv" for number in range(4))]))
    assert "*.db" in text(found) and "*.csv" not in text(found) and not found.outliers
