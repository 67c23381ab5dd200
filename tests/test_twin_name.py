"""Second names for a file or a directory are found beside the first."""

from __future__ import annotations

from datetime import date

import pytest

from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules.engine import check
from structlint.tree import Tree
from structlint.tree.drawing import Drawn

OPEN = "tree: {.: {unlisted: allow}}"


def found(*files: str, layout: str = OPEN) -> list[str]:
    tree = Tree(tuple(sorted(files)), Drawn({}, frozenset()))
    survey = match(load(LayoutSource(lambda path: layout.encode()), "structlint.yaml"), tree)
    return [finding.path for finding in check(survey, {"twin-name"}, date(2026, 1, 1))]


@pytest.mark.parametrize("mark", ["_fixed", "-final", "_FINAL", "_new", "-v2", "_V3"])
def test_copy_beside_its_original_is_found(mark: str) -> None:
    assert found("src/report.py", f"src/report{mark}.py") == [f"src/report{mark}.py"]


@pytest.mark.parametrize(
    "files",
    [
        ("report_fixed.py",),  # there is no original
        ("a/report.py", "b/report_fixed.py"),
        ("logo.png", "logo_new.png"),
        ("dto.rs", "dto_v2.rs"),  # in compiled code, it is often a version of a protocol
        ("order.py", "order_updated.py", "cart.py", "cart_updated.py"),  # events
        ("report.py", "report_v2.js"),
    ],
)
def test_other_files_are_allowed(files: tuple[str, ...]) -> None:
    assert not found(*files)


def test_copy_in_compiled_code_is_found_if_its_mark_is_clear() -> None:
    assert found("src/dto.rs", "src/dto_fixed.rs") == ["src/dto_fixed.rs"]


@pytest.mark.parametrize(
    ("less", "more"),
    [("util", "utils"), ("models", "model"), ("Helper", "Helpers"), ("factories", "factory")],
)
def test_second_directory_of_one_role_is_found(less: str, more: str) -> None:
    assert found(f"src/{less}/a.py", f"src/{more}/b.py", f"src/{more}/c.py") == [f"src/{less}/"]


@pytest.mark.parametrize(
    ("less", "more"), [("html-tests", "htmltests"), ("fire_flies", "fire-flies"), ("webapp", "web_app")]
)
def test_directory_with_another_separator_is_found(less: str, more: str) -> None:
    assert found(f"src/{less}/a.py", f"src/{more}/b.py", f"src/{more}/c.py") == [f"src/{less}/"]


@pytest.mark.parametrize("name", ["_tests", "__tests__", "t-ests-x"])
def test_other_uses_of_separators_are_allowed(name: str) -> None:
    assert not found("src/tests/a.py", f"src/{name}/b.py", "other/te-sts/a.py")


@pytest.mark.parametrize(
    "files",
    [
        ("plugin/a.py", "plugins/b.py"),  # a module that manages plugins
        ("get-order/a.ts", "get-orders/b.ts"),
        ("a/util/a.py", "b/utils/b.py"),
    ],
)
def test_other_plurals_are_allowed(files: tuple[str, ...]) -> None:
    assert not found(*files)


@pytest.mark.parametrize("name", ["serices", "servicces", "serivces"])
def test_directory_with_a_typing_error_is_found(name: str) -> None:
    assert found(f"{name}/a.py", "services/b.py", "services/c.py") == [f"{name}/"]


@pytest.mark.parametrize(
    "files",
    [
        ("serices/a.py", "serices/b.py", "services/c.py"),  # the rest of the repository uses this spelling
        ("forms/a.py", "forums/b.py", "forums/c.py"),
        ("mipmap-hdpi/a.png", "mipmap-xhdpi/a.png"),
        ("service/a.py", "other/services/b.py"),
    ],
)
def test_other_directories_are_allowed(files: tuple[str, ...]) -> None:
    assert not found(*files)


def test_directories_that_exclude_each_other_are_reported_once() -> None:
    assert not found("doc/a.md", "docs/b.md", layout="tree: {docs/ ^ doc/?: }")


def test_base_turns_the_rule_off_for_other_peoples_code() -> None:
    copies = [f"{place}/{name}.py" for place in ("src", "vendor/x") for name in ("a", "a_fixed")]
    assert found(*copies, layout="extends: base\ntree: {.: {unlisted: allow}}") == ["src/a_fixed.py"]
