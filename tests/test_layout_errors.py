"""What is said of a wrong layout: each case of `cases/errors.md`, and what its form has no room for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from effort import limit_calls

from structlint.errors import CannotCheck
from structlint.layout.bundled import BUNDLED
from structlint.layout.load import LayoutSource, load
from structlint.layout.schema import schema_text

PAGE = Path(__file__).parent / "cases" / "errors.md"
_LAYOUT = re.compile(r'```yaml(?: title="([^"]+)")?\n(.*?)```', re.DOTALL)
_SAID = re.compile(r"```text\n(.*?)```", re.DOTALL)


class Case(NamedTuple):
    """One case: the files of a repository by their paths, and what is said of its `structlint.yaml`."""

    title: str
    files: dict[str, str]
    said: str


def cases() -> Iterator[Case]:
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        files = {title or "structlint.yaml": text for title, text in _LAYOUT.findall(section)}
        yield Case(section.partition("\n")[0], files, "".join(_SAID.findall(section)))


CASES = list(cases())


def reading(files: dict[str, str]) -> Callable[[str], bytes]:
    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path].encode()

    return read


def said_of(files: dict[str, str]) -> str:
    """What is said of a `structlint.yaml`, a line for each mistake."""
    with pytest.raises(CannotCheck) as error:
        load(LayoutSource(reading(files)), "structlint.yaml")
    return f"{error.value}\n"


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_says(case: Case) -> None:
    assert said_of(case.files) == case.said


def in_a_list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def test_an_unknown_key_that_is_like_no_other() -> None:
    keys = in_a_list(json.loads(schema_text())["properties"])
    said = f"structlint.yaml:1:1: unknown key `plugins`; expected one of {keys}\n"
    assert said_of({"structlint.yaml": "plugins: [a]"}) == said


def test_not_the_name_of_a_bundled_layout() -> None:
    said = f"unknown layout `nonsense`; expected one of {in_a_list(BUNDLED)}\n"
    assert said_of({"structlint.yaml": "extends: nonsense"}) == f"structlint.yaml:1:10: {said}"
    said = said.replace("nonsense", "team")
    assert said_of({"structlint.yaml": "extends: [base, team]"}) == f"structlint.yaml:1:17: {said}"


def test_a_layout_that_is_not_there() -> None:
    assert said_of({}) == "no such file: `structlint.yaml`\n"


def diamonds(bottom: str, levels: int = 10) -> dict[str, str]:
    """Two files a level, each extending both of the next; 2 ** levels ways lead to the bottom."""
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


def test_a_tower_of_diamonds_costs_little() -> None:
    with limit_calls(calls=500_000):
        layout = load(LayoutSource(reading(diamonds("tree: {a.txt: }", levels=20))), "structlint.yaml")
    assert len(layout.root.children) == 41


def test_a_broken_tower_of_diamonds_costs_little_and_says_it_once() -> None:
    with limit_calls(calls=500_000):
        said = said_of(diamonds("treee: {}", levels=20))
    assert re.findall("^([ab]20).yaml:1:1: unknown key `treee`", said, re.MULTILINE) == ["a20", "b20"]
    assert said.count("\n") == 2


def test_an_endless_chain_ends() -> None:
    files = {f"{number}.yaml": f"extends: ./{number + 1}.yaml" for number in range(1000)}
    said = said_of({"structlint.yaml": "extends: ./0.yaml", **files})
    assert "more than 100 layouts extend one another" in said


def test_a_file_may_have_the_name_of_a_bundled_layout() -> None:
    files = {"structlint.yaml": "extends: ./base.yaml", "base.yaml": "extends: base\nabout: Ours"}
    assert load(LayoutSource(reading(files)), "structlint.yaml").about == "Ours"


@pytest.mark.parametrize("number", ["2.0", "0x2", "0o2", "+2", "02"])
def test_a_whole_number_however_it_is_written(number: str) -> None:
    text = f"names: {{a: {{count: {number}}}}}\nlimits: {{depth: {number}}}\ntree: {{<a>/: }}"
    layout = load(LayoutSource(reading({"structlint.yaml": text})), "structlint.yaml")
    assert (layout.names["a"].min, layout.names["a"].max) == (2, 2)
    assert str(layout.limits["depth"].number) == "2"
