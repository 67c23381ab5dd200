"""Error messages for invalid layouts: the cases in `cases/errors.md`, and others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from effort import limit_calls
from tables import table

from structlint.errors import CannotCheck
from structlint.layout.bundled import BUNDLED
from structlint.layout.load import load
from structlint.layout.schema import schema_text
from structlint.layout.source import LayoutSource

PAGE = Path(__file__).parent / "cases" / "errors.md"
_LAYOUT = re.compile(r'```yaml(?: title="([^"]+)")?\n(.*?)```', re.DOTALL)
_MESSAGE = re.compile(r"```text\n(.*?)```", re.DOTALL)


class Case(NamedTuple):
    """The files of a repository by path, and the error message for its `structlint.yaml`."""

    title: str
    files: dict[str, str]
    message: str


def cases() -> Iterator[Case]:
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        files = {title or "structlint.yaml": text for title, text in _LAYOUT.findall(section)}
        yield Case(section.partition("\n")[0], files, "".join(_MESSAGE.findall(section)))


CASES = list(cases())


def reader(files: dict[str, str]) -> Callable[[str], bytes]:
    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path].encode()

    return read


def error_message(files: dict[str, str]) -> str:
    """The error message for a `structlint.yaml`."""
    with pytest.raises(CannotCheck) as error:
        load(LayoutSource(reader(files)), "structlint.yaml")
    return f"{error.value}\n"


@table("case", CASES, ids=[case.title for case in CASES])
def test_error_message(case: Case) -> None:
    assert error_message(case.files) == case.message


def quoted_list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def test_unknown_key_without_a_suggestion() -> None:
    keys = quoted_list(json.loads(schema_text())["properties"])
    message = f"structlint.yaml:1:1: unknown key `plugins`; expected one of {keys}\n"
    assert error_message({"structlint.yaml": "plugins: [a]"}) == message


def test_unknown_bundled_layout() -> None:
    message = f"unknown layout `nonsense`; expected one of {quoted_list(BUNDLED)}\n"
    assert error_message({"structlint.yaml": "extends: nonsense"}) == f"structlint.yaml:1:10: {message}"
    message = message.replace("nonsense", "team")
    assert error_message({"structlint.yaml": "extends: [base, team]"}) == f"structlint.yaml:1:17: {message}"


def test_layout_file_does_not_exist() -> None:
    assert error_message({}) == "no such file: `structlint.yaml`\n"


def diamond_files(bottom: str, levels: int = 10) -> dict[str, str]:
    """Two files per level that extend both files of the next level: 2 ** levels paths to the bottom."""
    files = {
        "structlint.yaml": "extends: [./a0.yaml, ./b0.yaml]",
        f"a{levels}.yaml": bottom,
        f"b{levels}.yaml": bottom,
    }
    for level in range(levels):
        for name in "ab":
            files[f"{name}{level}.yaml"] = (
                f"extends: [./a{level + 1}.yaml, ./b{level + 1}.yaml]\ntree: {{{name}{level}.txt: }}"
            )
    return files


def test_nested_diamonds_load_in_linear_time() -> None:
    with limit_calls(calls=500_000):
        layout = load(LayoutSource(reader(diamond_files("tree: {a.txt: }", levels=20))), "structlint.yaml")
    assert len(layout.root.children) == 41


def test_errors_in_nested_diamonds_are_reported_once() -> None:
    with limit_calls(calls=500_000):
        message = error_message(diamond_files("treee: {}", levels=20))
    assert re.findall("^([ab]20).yaml:1:1: unknown key `treee`", message, re.MULTILINE) == ["a20", "b20"]
    assert message.count("\n") == 2


def test_long_chain_of_extends_is_an_error() -> None:
    files = {f"{number}.yaml": f"extends: ./{number + 1}.yaml" for number in range(1000)}
    message = error_message({"structlint.yaml": "extends: ./0.yaml", **files})
    assert "more than 100 layouts extend one another" in message


def test_file_with_the_name_of_a_bundled_layout() -> None:
    files = {"structlint.yaml": "extends: ./base.yaml", "base.yaml": "extends: base\nabout: Ours"}
    assert load(LayoutSource(reader(files)), "structlint.yaml").about == "Ours"


@pytest.mark.parametrize("number", ["2.0", "0x2", "0o2", "+2", "02"])
def test_number_formats(number: str) -> None:
    text = f"names: {{a: {{count: {number}}}}}\nlimits: {{depth: {number}}}\ntree: {{<a>/: }}"
    layout = load(LayoutSource(reader({"structlint.yaml": text})), "structlint.yaml")
    assert (layout.names["a"].min, layout.names["a"].max) == (2, 2)
    assert str(layout.limits["depth"].number) == "2"
