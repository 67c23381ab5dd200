"""The work that a match takes grows with the layout and the tree, not with their square."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import engine_under_test
import pytest
from effort import limit_calls

from structlint.layout.bundled import BUNDLED
from structlint.layout.load import LayoutSource, bundled_layout, load
from structlint.layout.validate import contradictions
from structlint.matching.scope import DefiningNames, Definition
from structlint.tree.sources import WorkTreeFiles

NAMES = {
    "defined before they are tied": (
        {"tree": {"services/": {"<s>/": None}, "k8s/": {"<s:lowercase>.yaml": None}}},
        "services/UserAccount{0}/f k8s/useraccount{0}.yaml",
    ),
    "defined in each directory beside what is tied": (
        {
            "tree": {
                "<group>/": {"<s>/?": {".": {"if": "main.go"}}, "<s:lowercase>.yaml?": None},
                "docs/?": {"<s>.md?": None},
            }
        },
        "group{0}/UserAccount{0}/main.go group{0}/useraccount{0}.yaml",
    ),
}


@pytest.mark.parametrize(("layout", "files"), NAMES.values(), ids=NAMES)
def test_names_in_another_case_are_looked_up_at_once(
    layout: Mapping[str, object], files: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Counter[int]()
    known, spelled = DefiningNames.known, DefiningNames.spelled

    def counted_known(self: DefiningNames) -> dict[str, Definition]:
        names = known(self)
        work[number] += len(names)
        return names

    def counted_spelled(
        self: DefiningNames, case: str, spell: Callable[[Definition], str]
    ) -> Mapping[str, str]:
        def counted(definition: Definition) -> str:
            work[number] += 1
            return spell(definition)

        return spelled(self, case, counted)

    monkeypatch.setattr(DefiningNames, "known", counted_known)
    monkeypatch.setattr(DefiningNames, "spelled", counted_spelled)
    loaded = engine_under_test.load_layouts([layout])
    assert loaded
    for number in (40, 400):
        paths = [path for each in range(number) for path in files.format(each).split()]
        assert engine_under_test.findings(loaded, paths) == set()
    assert work[40]
    assert work[400] <= 20 * work[40]


RECORDS = {  # the calls of functions that one more file may take
    "a case": ({"names": {"r": "kebab-case"}, "tree": {"records/": {"<r>.json": None}}}, 18),
    "no case": ({"tree": {"records/": {"<r>.json": None}}}, 14),
    "a home": ({"belongs": {"*.json": ["records/", "/"]}}, 9),
    "no case, everywhere": ({"tree": {"**/": {"<r>.json": None}}}, 14),
}


@pytest.mark.parametrize(("layout", "most"), RECORDS.values(), ids=RECORDS)
def test_a_name_is_matched_and_compared_once(layout: Mapping[str, object], most: int) -> None:
    loaded = engine_under_test.load_layouts([layout])
    assert loaded
    engine_under_test.findings(loaded, [])  # imports the rules
    with limit_calls(most * 2_000):
        assert engine_under_test.findings(loaded, [f"records/r-{n}.json" for n in range(2_000)]) == set()


def test_one_more_directory_of_a_layout_takes_no_more_than_its_own_names() -> None:
    """A table of names is made only of the children that an entry has."""

    def areas(number: int) -> Mapping[str, object]:
        tree = {
            f"area-{at}/": {"src/": {f"<m{at}>.py": None}, "tests/": {f"test_<m{at}>.py": None}}
            for at in range(number)
        }
        return {"tree": tree}

    for number in (100, 200):
        loaded = engine_under_test.load_layouts([areas(number)])
        assert loaded
        engine_under_test.findings(loaded, [])  # imports the rules
        paths = [f"area-{at}/{path}" for at in range(number) for path in ("src/a.py", "tests/test_a.py")]
        with limit_calls(500 * number):  # calls of functions
            assert engine_under_test.findings(loaded, paths) == set()


def test_the_listed_names_of_a_directory_are_spelled_once_for_all_that_is_unlisted_in_it() -> None:
    listed = {f"module-{number}.py?": None for number in range(300)}
    loaded = engine_under_test.load_layouts([{"tree": listed}])
    assert loaded
    engine_under_test.findings(loaded, ["a.txt"])  # imports the rules
    with limit_calls(200 * 300):  # calls of functions; 300 * 300 names would take more
        assert len(engine_under_test.findings(loaded, [f"note-{number}.txt" for number in range(300)])) == 300


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_layout_has_no_contradiction(name: str) -> None:
    assert contradictions(bundled_layout(name)) == []


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("extends: monorepo\n", 0),
        ("extends: monorepo\nseverity: {missing-file: warning}\n", 0),
        ("extends: monorepo\nforbid: {x: }\n", 1),
        ("extends: monorepo\ntree: {x: }\n", 1),
        ("extends: [python, node]\n", 1),
    ],
)
def test_only_what_is_added_to_a_bundled_layout_is_searched_for_contradictions(
    text: str, searched: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("structlint.layout.load.contradictions", lambda layout: asked.append(layout.name))
    load(LayoutSource({"structlint.yaml": text.encode()}.__getitem__), "structlint.yaml")
    assert len(asked) == searched


def test_a_directory_is_resolved_once_and_a_file_opened_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "a/b/c"
    inside.mkdir(parents=True)
    for number in range(50):
        (inside / str(number)).write_text("x")
    calls = Counter[str]()
    for name in ("open", "lstat"):
        original = getattr(os, name)

        def counted(*arguments: object, name: str = name, original: Any = original, **more: object) -> object:
            calls[name] += 1
            return original(*arguments, **more)

        monkeypatch.setattr(os, name, counted)
    files = WorkTreeFiles(tmp_path, (), directories={})
    assert {files.read(f"a/b/c/{number}") for number in range(50)} == {b"x"}
    assert calls["open"] == 50
    assert calls["lstat"] <= len(tmp_path.parts) + 3
