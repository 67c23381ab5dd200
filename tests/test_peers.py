"""Test cases of other tools for names, collisions and patterns, and the differences of structlint.

Each difference is documented in `docs/comparison.md`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from test_language import Findings, found  # noqa: F401 - a fixture

from structlint.text.cases import fits

COMPARISON = Path(__file__).parent.parent / "docs/comparison.md"

# By case: the names that ls-lint accepts, and those that it rejects.
LS_LINT = {
    "camelCase": (
        "camel camelcase camelCase camel1Case camelVCase camelCase123 camelCaseForever",
        "camelCASE123 Camelcase CamelCase CAMELCASE camel_case camel.case",
    ),
    "PascalCase": (
        "Pascalcase PascalCase PascałCase Pascal1Case PascalVCase PascalCaseForever",
        "pascal pascalcase pascalCase PASCALCASE pascal_case pascal.case pascal-case",
    ),
    "kebab-case": (
        "kebab kebabcase kebab-case kebab-case-test kebab-123-test",
        "kebabCase Kebabcase KebabCase KEBABCASE kebab.test kebab_test",
    ),
    "snake_case": (
        "snake snakecase snake_case snake_123_case snake_case_test",
        "snakeCase Snakecase SnakeCase SNAKECASE snake.case.test snake-case-test",
    ),
    "SCREAMING_SNAKE_CASE": (
        "SNAKE SNAKECASE SNAKE_CASE SNAKE_123_CASE SNAKE_CASE_TEST",
        "SNAKECase Snakecase SnakeCase snake.case SNAKE.CASE.TEST snake-case SNAKE-CASE-TEST",
    ),
    "lowercase": ("abc abc-1", "abC"),
}
# The same for alint, which accepts only ASCII letters, except in `lowercase`.
ALINT = {
    "camelCase": ("fooBar foo ssrVFor getXMLParser foo1Bar", "FooBar foo_bar"),
    "PascalCase": ("Button FooBar Foo1Bar A XMLParser", "foo Foo_Bar Foo-Bar PascałCase"),
    "kebab-case": ("foo-bar-baz -foo foo--bar", "foo_bar fooBar"),
    "snake_case": ("foo_bar_baz _foo foo__bar", "fooBar"),
    "SCREAMING_SNAKE_CASE": ("FOO_BAR HELLO_2_WORLD", "Foo_Bar"),
    "lowercase": ("hello_world café", "É Foo"),
}
# By tool and case: the names that only structlint accepts, and those that only the tool accepts.
DIFFERENCES = {
    ("ls-lint", "camelCase"): ("camelCASE123", ""),
    ("ls-lint", "PascalCase"): ("PASCALCASE", ""),
    ("alint", "PascalCase"): ("PascałCase", ""),
    ("alint", "kebab-case"): ("", "-foo foo--bar"),
}


@pytest.mark.parametrize("tool", ["ls-lint", "alint"])
@pytest.mark.parametrize("case", LS_LINT)
def test_case_agrees_except_for_known_differences(tool: str, case: str) -> None:
    accepted, rejected = (LS_LINT if tool == "ls-lint" else ALINT)[case]
    only_ours = [name for name in rejected.split() if fits(name, case)]
    only_theirs = [name for name in accepted.split() if not fits(name, case)]
    assert (" ".join(only_ours), " ".join(only_theirs)) == DIFFERENCES.get((tool, case), ("", ""))


@pytest.mark.parametrize("name", " ".join(map(" ".join, DIFFERENCES.values())).split())
def test_difference_is_documented(name: str) -> None:
    assert f"`{name}`" in COMPARISON.read_text(encoding="utf-8")


# Paths that collide if case is ignored (pre-commit's check-case-conflict, alint's no_case_conflicts),
# and the number of findings.
COLLISIONS = {
    "one file": ("f.py", 0),
    "two files": ("f.py F.py", 1),
    "two directories": ("dir/x DIR/y", 1),
    "a directory and a file": ("dir/x DIR", 1),
    "a deep directory and a file": ("x/y/z X", 1),
    "files in two directories": ("a/README.md b/readme.md", 0),
    "three files": ("README.md readme.md ReadMe.md", 2),
    "non-ASCII letters": ("É.txt é.txt Ω.md ω.md", 2),
    "different names": ("README.md src/main.rs Cargo.toml", 0),
}


@pytest.mark.parametrize(("files", "number"), COLLISIONS.values(), ids=COLLISIONS)
def test_collisions(found: Findings, files: str, number: int) -> None:  # noqa: F811
    reported = found("tree: {.: {unlisted: allow}}", files, "--select", "unportable-name")
    assert len(reported) == number


# Names that are invalid on Windows, and similar valid ones (alint's no_illegal_windows_names).
FORBIDDEN = [
    *(["CON", "con", "con.txt", "Con.py", "nul", "aux.h", "PRN", "foo."]),
    *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10)),
    *(f"bad{character}name" for character in '<>:"|?*'),
    "foo ",
]
ALLOWED = ["COM10", "confused", "conventional", "README.md", "my-config.yaml", "src"]


@pytest.mark.parametrize("name", [*FORBIDDEN, *ALLOWED])
def test_names_for_windows(found: Findings, name: str) -> None:  # noqa: F811
    git = found.make("tree: {.: {unlisted: allow}}", "x")
    (git.path / name).touch()
    reported = found.check("--select", "unportable-name")
    assert len(reported) == (name in FORBIDDEN)


# ls-lint's `regex:` for the whole name; its negation with `!` is an entry with `false` here.
EXPRESSIONS = [
    ("/.+/", "regex", True),
    ("/[0-9]+/", "123", True),
    ("/[a-z]+/", "123", False),
    ("/[a-z-]+/", "google-test", True),
    ("/[a-z-]+/", "google.test", False),
]


@pytest.mark.parametrize(("expression", "name", "matches"), EXPRESSIONS)
def test_regular_expressions(found: Findings, expression: str, name: str, matches: bool) -> None:  # noqa: F811
    layout = f"names: {{x: '{expression}'}}\ntree: {{src/: {{.: {{unlisted: forbid}}, <x>.ts?: }}}}"
    assert found(layout, f"src/{name}.ts") == [] if matches else [f"error stray-file src/{name}.ts"]


def test_negated_regular_expression(found: Findings) -> None:  # noqa: F811
    layout = "names: {number: '/[0-9]+/'}\ntree: {src/: {<number>.ts: false, '*.ts?': }}"
    assert found(layout, "src/123.ts src/a.ts") == ["error forbidden-path src/123.ts"]


def test_more_specific_of_two_globs_applies(found: Findings) -> None:  # noqa: F811
    """In ls-lint, `src/**/entities` takes precedence over `src/*/*`; here, an entry over `**/`."""
    layout = """
        names: {file: kebab-case, entity: snake_case}
        tree:
          src/:
            "*/":
              entities/?: {<entity>.ts?: }
            "**/": {<file>.ts?: }
    """
    files = "src/kernel/entities/my_money.ts src/kernel/entities/my-coin.ts src/kernel/a_b.ts"
    assert found(layout, files) == [
        "error bad-name src/kernel/a_b.ts",
        "error bad-name src/kernel/entities/my-coin.ts",
    ]
