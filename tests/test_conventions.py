"""Learned conventions of a few files, and the findings of changes that break them."""

from __future__ import annotations

from datetime import date

import pytest

from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, engine, name_of
from structlint.suggest.infer import infer
from structlint.tree import Tree
from structlint.tree.drawing import Drawn
from structlint.yaml_nodes.writer import write

_WORDS = ["boat-yard", "car-port", "dew-point", "egg-cup", "fig-leaf", "gas-lamp", "hat-box", "ink-pot"]
_SNAKE = [word.replace("-", "_") for word in _WORDS]
_CLASSES = [word.title().replace("-", "") for word in _WORDS]
_CRATES = [f"{name}/{file}" for name in "abcd" for file in ("Cargo.toml", "src/lib.rs", "src/main.rs")]
_PARTS = ["a", "b", "c", "d", "e"]

# The files at the time of inference, files that are added or removed (with a leading "-") later, and the new
# findings.
BROKEN: dict[str, tuple[list[str], list[str], list[str]]] = {
    "another form of the names of tests": (
        [*(f"shop/{word}.py" for word in _SNAKE), *(f"shop/tests/{word}_tests.py" for word in _SNAKE)],
        ["shop/tests/test_a.py", "shop/tests/helpers.py"],
        ["shop/tests/test_a.py: forbidden-path"],
    ),
    "a form of the names of tests in Java that other code has too": (
        [
            *(f"src/main/java/{name}.java" for name in _CLASSES),
            *(f"test/{name}Test.java" for name in _CLASSES),
        ],
        ["test/TestCart.java", "test/CartSpec.java", "test/Testarossa.java"],
        ["test/CartSpec.java: forbidden-path", "test/TestCart.java: forbidden-path"],
    ),
    "helpers of tests in Java are named `Test*`": (
        [*(f"test/{name}Test.java" for name in _CLASSES), "test/TestServer.java"],
        ["test/TestProxy.java", "test/CartTests.java"],
        ["test/CartTests.java: forbidden-path"],
    ),
    "both forms of the names of tests occur": (
        [*(f"tests/{word}_test.py" for word in _SNAKE), "tests/test_a.py"],
        ["tests/test_b.py"],
        [],
    ),
    "a second directory of tests in the root": (
        [*(f"shop/{word}.py" for word in _SNAKE), *(f"shop/tests/{word}_tests.py" for word in _SNAKE)],
        ["tests/a_tests.py"],
        ["tests/: forbidden-path"],
    ),
    "a lock file below the root of a workspace": (
        ["Cargo.toml", "Cargo.lock", *_CRATES],
        ["a/Cargo.lock", "fuzz/Cargo.lock"],
        ["a/Cargo.lock: forbidden-path"],
    ),
    "compiled code among headers": (
        ["net.c", *(f"adapters/{part}.h" for part in _PARTS)],
        ["adapters/f.h", "adapters/f.c"],
        ["adapters/f.c: forbidden-path"],
    ),
    "names without a number": (
        [
            *(f"guide/0{number}-{word}.rst" for number, word in enumerate(_WORDS)),
            "guide/07-b.rst",
            "guide/index.rst",
        ],
        ["guide/09-new.rst", "guide/New.rst"],
        ["guide/New.rst: forbidden-path"],
    ),
    "a number that repeats": (
        [*(f"db/0{number}_{word}.py" for number, word in enumerate(_SNAKE)), "db/__init__.py"],
        ["db/07_again.py"],
        ["db/07_ink_pot.py: duplicate-name"],
    ),
    "a page in lowercase among capitalized ones": (
        [f"docs/Guides/{word.title()}.md" for word in _WORDS],
        ["docs/Guides/New-Page.md", "docs/Guides/new_page.md", "docs/Guides/index.md"],
        ["docs/Guides/new_page.md: forbidden-path"],
    ),
    "examples in another case": (
        [f"examples/{word}.rs" for word in _WORDS],
        ["examples/new-one.rs", "examples/newOne.rs"],
        ["examples/newOne.rs: bad-name"],
    ),
    "pages in another case": (
        [f"docs/pages/{word}.md" for word in _WORDS],
        ["docs/pages/AGENTS.md", "docs/pages/README.md", "docs/pages/NewPage.md"],
        ["docs/pages/NewPage.md: bad-name"],
    ),
    "a case without its expected output": (
        [f"tests/ui/{part}.{end}" for part in _PARTS for end in ("rs", "stderr")],
        ["tests/ui/f.rs", "tests/ui/g.stderr"],
        ["tests/ui/f.stderr: missing-file", "tests/ui/g.rs: missing-file"],
    ),
    "generated code without its source": (
        [f"api/{part}/{part}.{end}" for part in _PARTS for end in ("pb.go", "proto")],
        ["-api/a/a.proto", "api/b/b.go"],
        ["api/a/a.proto: missing-file"],
    ),
    "a migration without its generated part": (
        [
            *(f"src/Db/Migrations/{number}_A.{end}" for number in range(5) for end in ("cs", "Designer.cs")),
            "src/Db/Migrations/Snapshot.cs",
        ],
        ["src/Db/Migrations/6_B.cs", "src/Db/Migrations/Other.cs"],
        ["src/Db/Migrations/6_B.Designer.cs: missing-file"],
    ),
    "a test above the directory of its subject": (
        [
            *(f"src/{part}/{name}.php" for part in ("Io", "Net") for name in "ABCDEFGH"),
            *(f"tests/{part}/{name}Test.php" for part in ("Io", "Net") for name in "ABC"),
        ],
        ["src/Io/New.php", "tests/NewTest.php", "tests/OtherTest.php"],
        ["src/Io/New.php: conflicting-entries"],
    ),
    "a second directory with one role": (
        [f"src/{top}/{part}.php" for top in ("Exception", "Http", "Cookie") for part in "ABC"],
        ["src/Exceptions/D.php"],
        ["src/Exceptions/: twin-name"],
    ),
    "a test in a package that is not the largest directory": (
        [
            *("shop/__init__.py", *(f"shop/{word}.py" for word in _SNAKE)),
            *(f"docs_src/{word}/tutorial{number}.py" for word in _SNAKE for number in range(9)),
            *(f"tests/test_{word}.py" for word in _SNAKE),
        ],
        ["shop/test_new.py"],
        ["shop/test_new.py: misplaced-file"],
    ),
    "a workflow with another extension, and one in another case": (
        [f".github/workflows/{word}.yml" for word in _WORDS],
        [".github/workflows/new-one.yaml", ".github/workflows/new_one.yml", ".github/workflows/lint.yml"],
        [".github/workflows/new-one.yaml: forbidden-path", ".github/workflows/new_one.yml: bad-name"],
    ),
    "the rarer extension of workflows": (
        [*(f".github/workflows/{word}.yaml" for word in _WORDS), ".github/workflows/lint.yml"],
        [".github/workflows/new-one.yml"],
        [".github/workflows/new-one.yml: forbidden-path"],
    ),
    "both extensions of workflows": (
        [*(f".github/workflows/{word}.yaml" for word in _WORDS[:4]), ".github/workflows/lint.yml"],
        [".github/workflows/new-one.yml"],
        [],
    ),
    "code among pages": (
        [*(f"shop/{word}.py" for word in _SNAKE), *(f"docs/{word}.md" for word in _WORDS)],
        ["docs/convert.py", "docs/new.md"],
        ["docs/convert.py: forbidden-path"],
    ),
    "a second file for one purpose": (
        ["CHANGELOG.md", "compose.yaml"],
        ["CHANGES.md", "docker-compose.yml"],
        ["CHANGES.md: conflicting-entries", "compose.yaml: conflicting-entries"],
    ),
    "a file gets another name for the same purpose": (
        ["CHANGELOG.md", "docker-compose.yml"],
        ["-CHANGELOG.md", "CHANGES.md", "-docker-compose.yml", "compose.yaml"],
        [],
    ),
    "a script and a picture in a root without any, of which there are several elsewhere": (
        [
            "Makefile",
            *(f"scripts/{word}.sh" for word in "abc"),
            *(f"docs/images/{word}.png" for word in "abc"),
        ],
        ["deploy.sh", "screenshot.png"],
        ["deploy.sh: forbidden-path", "screenshot.png: forbidden-path"],
    ),
    "a module in another case in a single directory": (
        [
            *(f"web/api/{word}.ts" for word in ("getUser", "putUser", "getCart", "putCart", "getTax", "vat")),
            *(f"web/ui/{word}.ts" for word in _WORDS),
            *(f"web/views/{word}.ts" for word in _SNAKE),
        ],
        ["web/api/new-one.ts", "web/ui/newOne.ts", "web/views/new-one.ts", "web/ui/other.ts"],
        ["web/api/new-one.ts: bad-name", "web/ui/newOne.ts: bad-name", "web/views/new-one.ts: bad-name"],
    ),
    "a class in another case, in a package with tests in the same directories": (
        [
            *(f"src/main/java/{part}/{name}.java" for part in ("io", "net") for name in _CLASSES),
            *(f"src/test/java/{part}/{name}Test.java" for part in ("io", "net") for name in _CLASSES[:4]),
        ],
        ["src/main/java/io/newOne.java", "src/main/java/io/Other.java", "src/test/java/OtherTest.java"],
        ["src/main/java/io/Other.java: conflicting-entries", "src/main/java/io/newOne.java: bad-name"],
    ),
    "a second directory with one role, several levels down": (
        [f"web/src/app/{top}/{part}.ts" for top in ("hooks", "models", "x") for part in "abc"],
        ["web/src/app/hook/d.ts", "web/src/app/api/d.ts"],
        ["web/src/app/hook/: twin-name"],
    ),
    "settings are no test": (
        [
            *("shop/__init__.py", "shop/settings.py", *(f"shop/{word}.py" for word in _SNAKE)),
            *(f"tests/test_{word}.py" for word in _SNAKE),
        ],
        ["shop/test_settings.py", "shop/test_new.py"],
        ["shop/test_new.py: misplaced-file"],
    ),
    "a directory of another kind in a family": (
        [
            f"examples/{word}/{name}"
            for word in _WORDS
            for name in ("README.md", "Makefile", "main.c", "a.cfg")
        ],
        ["examples/scripts/run.sh", "examples/new-one/main.c"],
        [
            "examples/new-one/Makefile: missing-file",
            "examples/new-one/README.md: missing-file",
            "examples/new-one/a.cfg: missing-file",
            "examples/scripts/: stray-directory",
        ],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_change_that_breaks_a_convention(name: str) -> None:
    files, changes, expected = BROKEN[name]
    files = ["README.md", *files]
    text = write(infer(_tree(files)).layout).encode()
    layout = load(LayoutSource(lambda path: text), "structlint.yaml")
    removed = {change[1:] for change in changes if change.startswith("-")}
    added = [change for change in changes if not change.startswith("-")]

    def found_in(paths: set[str]) -> set[str]:
        survey = match(layout, _tree([*paths, "structlint.yaml"]), own=["structlint.yaml"])
        findings = engine.check(survey, {name_of(rule) for rule in RULES}, date.min)
        return {f"{finding.path}: {finding.rule}" for finding in findings}

    assert sorted(found_in({*files, *added} - removed) - found_in(set(files))) == expected


def _tree(files: list[str]) -> Tree:
    return Tree(tuple(sorted(set(files))), Drawn({}, frozenset()))


def test_exceptions_cancel_no_entry_of_another_layout() -> None:
    files = ["README.md", *(f"notes/0{number}-{word}.md" for number, word in enumerate(_WORDS))]
    text = write(infer(_tree(files)).layout).encode()
    layout = load(LayoutSource(lambda path: text), "structlint.yaml")
    added = ["notes/08-alpha copy.md", "notes/09-alpha_old.md"]
    survey = match(layout, _tree([*files, *added, "structlint.yaml"]), own=["structlint.yaml"])
    found = engine.check(survey, {"forbidden-path"}, date.min)
    assert [finding.path for finding in found] == added
