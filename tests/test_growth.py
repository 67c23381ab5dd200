"""Matching takes time proportional to the layout and the tree, not to their product."""

from __future__ import annotations

import json
import os
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

import engine_under_test
import pytest
from effort import limit_calls

from structlint.finding import Finding
from structlint.layout.bundled import BUNDLED
from structlint.layout.gitignore import Patterns
from structlint.layout.load import bundled_layout, load
from structlint.layout.model import PatternEntry, PatternList
from structlint.layout.name_search import _Searched
from structlint.layout.pattern import read_pattern
from structlint.layout.prepared import prepared_layout
from structlint.layout.source import LayoutSource
from structlint.layout.validate import contradictions
from structlint.matching.import_judge import Judge
from structlint.matching.import_sides import Places
from structlint.matching.lookup import ChildTable, Lookup, NameTable
from structlint.matching.model import Assigned
from structlint.matching.scope import DefiningNames, Definition
from structlint.report import FORMATS, Report, Style, render
from structlint.report.locations import to_json
from structlint.rules import allowed, trial, unignored_local, unused_ignore
from structlint.text.path_groups import Names, grouped
from structlint.text.paths import name_of, upwards
from structlint.tree import Directory, Tree
from structlint.tree.git import patterns as git_patterns
from structlint.tree.sources import WorkTreeFiles

TIED_NAMES = {
    "defined before they are tied": (
        {"tree": {"services/": {"<s>/": None}, "k8s/": {"<s:lowercase>.yaml": None}}},
        "services/UserAccount{0}/f k8s/useraccount{0}.yaml",
    ),
    "defined in each directory next to the tied names": (
        {
            "tree": {
                "<group>/": {"<s>/?": {".": {"if": "main.go"}}, "<s:lowercase>.yaml?": None},
                "docs/?": {"<s>.md?": None},
            }
        },
        "group{0}/UserAccount{0}/main.go group{0}/useraccount{0}.yaml",
    ),
}


@pytest.mark.parametrize(("layout", "files"), TIED_NAMES.values(), ids=TIED_NAMES)
def test_lookup_of_names_in_another_case_is_linear(
    layout: Mapping[str, object], files: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Counter[int]()
    known, spelled = DefiningNames.known, DefiningNames.spelled

    def count_known(self: DefiningNames) -> dict[str, Definition]:
        names = known(self)
        work[number] += len(names)
        return names

    def count_spelled(
        self: DefiningNames, case: str, spell: Callable[[Definition], str]
    ) -> Mapping[str, str]:
        def count(definition: Definition) -> str:
            work[number] += 1
            return spell(definition)

        return spelled(self, case, count)

    monkeypatch.setattr(DefiningNames, "known", count_known)
    monkeypatch.setattr(DefiningNames, "spelled", count_spelled)
    loaded = engine_under_test.load_layouts([layout])
    assert loaded
    for number in (40, 400):
        paths = [path for each in range(number) for path in files.format(each).split()]
        assert engine_under_test.findings(loaded, paths) == set()
    assert work[40]
    assert work[400] <= 20 * work[40]


COSTS = {  # maximum function calls per additional file
    "a case": ({"names": {"r": "kebab-case"}, "tree": {"records/": {"<r>.json": None}}}, 4),
    "no case": ({"tree": {"records/": {"<r>.json": None}}}, 4),
    "belongs": ({"belongs": {"*.json": ["records/", "/"]}}, 4),
    "other endings": ({"tree": {"records/": {"*.md?": None, "*.txt?": None, "<r>.json": None}}}, 4),
    "no case, any directory": ({"tree": {"**/": {"<r>.json": None}}}, 4),
}


@pytest.mark.parametrize(("layout", "most"), COSTS.values(), ids=COSTS)
def test_cost_per_file(layout: Mapping[str, object], most: int) -> None:
    loaded = engine_under_test.load_layouts([layout])
    assert loaded
    engine_under_test.findings(loaded, [])  # imports the rules before the calls are counted
    with limit_calls(most * 2_000):
        assert engine_under_test.findings(loaded, [f"records/r-{n}.json" for n in range(2_000)]) == set()


def test_names_are_decided_together_as_they_are_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = ["x.py", "<a>.py", "t_*.py", "t_*y.py", "*.md | t.m", "<n>.ts", "<p>.go", "<a>-<b>.c", "*c", ".*"]
    names = {"a": "kebab-case", "n": {"values": ["x", "t"]}, "p": {"pattern": "t.*"}, "m": "snake_case"}
    inside: dict[str, object] = {f"{key}?": None for key in keys}
    tree = {".": {"unlisted": "forbid"}, "d/": inside, "e/": {**inside, "*.py?": None, "<m>y": False}}
    loaded = engine_under_test.load_layouts([{"names": names, "tree": tree}])
    assert loaded
    parts = ["", "x", "t_", "T", ".", "-y", ".py", ".md", ".m", ".ts", ".go", ".c"]
    paths = [f"{above}/{''.join(name)}" for above in "de" for name in product(parts, repeat=3) if any(name)]

    def findings() -> list[Finding]:
        return engine_under_test.full_findings(loaded, sorted({*paths} - {"d/.", "e/.", "d/..", "e/.."}))

    together = findings()
    monkeypatch.setattr(NameTable, "decided", lambda table, names, admits_any: ({}, names))
    assert findings() == together


def test_patterns_are_tried_only_on_names_with_the_same_extension(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    ending = Names.ending

    def record(names: Names, end: str) -> Collection[str]:
        found = ending(names, end)
        compared.extend(found)
        return found

    monkeypatch.setattr(Names, "ending", record)
    paths = grouped([f"a/x{number}.ts" for number in range(1_000)] + ["a/x_PLAN_1.md", "y.md"])
    assert dict(Patterns(["*_P*_1.md", "x*.md", "x[0-9].md"]).decided(paths)) == {"a/x_PLAN_1.md": 1}
    assert {*compared} == {"x_PLAN_1.md", "y.md"}


def test_patterns_are_tried_only_if_all_their_texts_occur(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Searched, "_fits", lambda pattern, name: pytest.fail(f"{name} was tried"))
    paths = grouped([f"a/x{number}.py" for number in range(100)])
    assert dict(Patterns(["* [2-9].py", "?_*.py", "[a-c]z*.p[x-z]y"]).decided(paths)) == {}


def test_cost_of_prepared_layouts_and_their_patterns() -> None:
    """Runs of letters in a pattern are read at once, and only the shared parts of `base` are loaded."""
    prepared_layout("python")  # compiles the constructors
    with limit_calls(9_400):
        loaded = prepared_layout("python")
    assert loaded
    patterns = [key for key, entry in loaded[1].forbid.items() if entry]
    read_pattern.cache_clear()
    with limit_calls(30 * len(patterns)):
        Patterns(patterns)


@pytest.mark.parametrize("paths", [["a/b/c.py", "docs/build/x"], ["a.b/x", "x/a.b"], ["Build"]])
def test_patterns_of_git_are_searched_for_in_names_as_in_paths(
    paths: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = ["", "/", "a", "b", ".", "build", "docs/build", "*", "a.b", "b/c", "py"]
    for pattern in ("".join(both) for both in product(parts, repeat=3)):
        known = []
        for many in (0, sys.maxsize):
            monkeypatch.setattr(git_patterns, "_MANY", many)
            known.append(git_patterns._may_match([pattern.encode()], "", paths))
        assert known[0] == known[1], pattern


def test_excluded_paths_are_not_matched_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Grouped(PatternList):
        def match(self, path: str) -> PatternEntry | None:
            pytest.fail(f"{path} was matched alone")

    monkeypatch.setattr(unused_ignore, "PatternList", Grouped)
    layout = {"exclude": ["*.snap", "old/", "**/none/**"], "tree": {"a.py": None}}
    loaded = engine_under_test.load_layouts([layout])
    assert loaded
    paths = ["a.py", *(f"{above}/{number}.snap" for above in ("a", "old") for number in range(9))]
    assert engine_under_test.findings(loaded, paths) == {("structlint.yaml", "unused-ignore", "warning")}


def test_restrictions_of_imports_are_decided_by_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Places] = []
    restricts = Judge.restricts

    def record(judge: Judge, places: Places) -> bool:
        asked.append(places)
        return restricts(judge, places)

    monkeypatch.setattr(Judge, "restricts", record)
    loaded = engine_under_test.load_layouts([{"imports": {"layers": ["api/", "domain/"]}}])
    assert loaded
    paths = [f"{where}/m{number}.py" for where in ("api", "domain", "other") for number in range(500)]
    assert engine_under_test.findings(loaded, paths) == set()
    assert len(asked) == 3


def test_files_at_home_are_left_out_by_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    is_home_to = PatternEntry.is_home_to

    def record(pattern: PatternEntry, path: str) -> bool:
        asked.append(path)
        return is_home_to(pattern, path)

    monkeypatch.setattr(PatternEntry, "is_home_to", record)
    loaded = engine_under_test.load_layouts([{"belongs": {"*.py": "src/", "*.md": ["docs/", "/"]}}])
    assert loaded
    paths = [f"src/d{number}/m.py" for number in range(500)] + ["README.md", "src/d1/a.md", "docs/a/b.md"]
    found = {("src/d1/a.md", "misplaced-file", "error")}
    assert engine_under_test.findings(loaded, paths) == found
    assert len(asked) < 20


def test_cost_per_directory_of_patterns_without_matches() -> None:
    lists = {"forbid": {"*.bak": "old", "**/tmp/**": "temporary"}, "belongs": {"*.sql": "db/"}}
    loaded = engine_under_test.load_layouts([lists])
    assert loaded
    engine_under_test.findings(loaded, [])  # imports the rules before the calls are counted
    with limit_calls(42 * 2_000):
        assert engine_under_test.findings(loaded, [f"d{n}/a.json" for n in range(2_000)]) == set()


def test_cost_per_directory_with_an_if() -> None:
    service = {".": {"if": "package.json"}, "package.json?": None}
    library = {".": {"if": "go.mod | *.csproj"}, "go.mod?": None}
    loaded = engine_under_test.load_layouts(
        [{"tree": {"services/": {"<s>/?": service, "<t>-lib/?": library}}}]
    )
    assert loaded
    paths = [f"services/s{n}/package.json" for n in range(2_000)]
    engine_under_test.findings(loaded, paths[:1])  # imports the rules before the calls are counted
    with limit_calls(121 * 2_000):
        assert engine_under_test.findings(loaded, paths) == set()


def test_cost_per_tied_file() -> None:
    """The files that `forbid` matches are searched for once, and words are not split letter by letter."""
    layout = {
        "names": {"m": "snake_case"},
        "forbid": {"*.bak": "git keeps what was before"},
        "tree": {"src/": {"<m>.py": None}, "tests/": {"test_<m>.py": None}},
    }
    loaded = engine_under_test.load_layouts([layout])
    assert loaded
    engine_under_test.findings(loaded, [])  # imports the rules before the calls are counted
    paths = [path for n in range(1_000) for path in (f"src/m_{n}.py", f"tests/test_m_{n}.py")]
    with limit_calls(7 * 2_000):
        assert engine_under_test.findings(loaded, paths) == set()


COSTS_OF_FORMATS = {  # maximum function calls per finding
    "full": 42,
    "concise": 10,
    "json": 15,
    "github": 4,
    "gitlab": 28,
    "sarif": 48,
    "junit": 9,
    "rdjson": 61,
    "markdown": 28,
}


def test_cost_per_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names within the limits are suggested without a second match, and reports compute nothing twice."""
    layout = {
        "limits": {"depth": 3, "path-length": 100},
        "names": {"m": "snake_case"},
        "tree": {"src/": {"<m>.py": None}},
    }
    loaded = engine_under_test.load_layouts([layout])
    assert loaded
    engine_under_test.full_findings(loaded, ["src/Wrong.py"])  # imports the rules before calls are counted
    monkeypatch.setattr(trial, "match", lambda *_: pytest.fail("the tree was matched twice"))
    paths = [f"src/Wrong{number}.py" for number in range(1_000)]
    with limit_calls(88 * 1_000):
        findings = engine_under_test.full_findings(loaded, paths)
    assert len(findings) == 1_000
    tree = Tree(tuple(paths), WorkTreeFiles(Path(), ()))
    assert COSTS_OF_FORMATS.keys() == {*FORMATS}
    for name, most in COSTS_OF_FORMATS.items():
        for report in (Report(()), Report(tuple(findings), trees={"": tree}, full=True, fix_command="fix")):
            with limit_calls(most * 1_000 + 100 if report.findings else sys.maxsize):
                render(name, report, StringIO(), Style())


@pytest.mark.parametrize(
    "document", [{}, [], [[]], {"a": {}, "b": [1, None, True, -2.5, "##[é\n"]}, ({"1": [{"x": ()}]}, "")]
)
def test_indented_json_is_that_of_the_standard_library(document: object) -> None:
    expected = json.dumps(document, indent=2).replace("##", r"#\u0023")
    assert to_json(document, indent=2) == expected


def test_memory_per_file() -> None:
    """The names of a large tree are not copied to look for unportable ones."""
    loaded = engine_under_test.load_layouts([{"tree": {"records/": {".": {"unlisted": "allow"}}}}])
    assert loaded
    engine_under_test.findings(loaded, [])  # imports the rules before memory is counted
    peaks = []
    for number in (5_000, 15_000):
        paths = [f"records/r-{n}.json" for n in range(number)]
        tracemalloc.start()
        assert engine_under_test.findings(loaded, paths) == set()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (peaks[1] - peaks[0]) / 10_000 < 300  # bytes


def test_what_is_in_the_way_to_a_renamed_path_is_looked_up_once_per_directory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_up: list[str] = []

    def record(directory: str) -> list[str]:
        looked_up.append(directory)
        return upwards(directory)

    monkeypatch.setattr(allowed, "upwards", record)
    layout = {
        "names": {"r": "kebab-case"},
        "tree": {"a/": {"b/": {"<r>.json": None}}, "c/": {"<r>.md": None}},
    }
    loaded = engine_under_test.load_layouts([layout])
    assert loaded
    paths = [f"a/b/Wrong_{n}.json" for n in range(50)] + [f"c/Wrong_{n}.md" for n in range(50)]
    assert len(engine_under_test.findings(loaded, paths)) == 100
    assert sorted(looked_up) == ["a/b/", "c/"]


def test_names_are_not_compared_with_each_path_of_an_if() -> None:
    loaded = load(
        LayoutSource({"structlint.yaml": b"extends: microservices\n"}.__getitem__), "structlint.yaml"
    )
    service = [f"services/a/{name}" for name in ("README.md", "package.json", "Dockerfile", ".env.example")]
    engine_under_test.findings(loaded, service)  # imports the rules before the calls are counted
    with limit_calls(800 * 1_000):
        engine_under_test.findings(
            loaded, [*service, *(f"services/a/{number}.md" for number in range(1_000))]
        )


def test_local_files_are_looked_up_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def record(path: str) -> str:
        asked.append(path)
        return name_of(path)

    monkeypatch.setattr(unignored_local, "name_of", record)
    layout = {"extends": "python", "tree": {"src/": None}}
    loaded = load(
        LayoutSource({"structlint.yaml": json.dumps(layout).encode()}.__getitem__), "structlint.yaml"
    )
    engine_under_test.findings(loaded, [f"src/m{n}.py" for n in range(500)], untracked=())
    assert 0 < len(asked) < 100


def test_cost_per_directory_does_not_grow_with_the_number_of_names() -> None:
    """The table of names of an entry contains only the names of its children."""

    def layout_with_areas(number: int) -> Mapping[str, object]:
        tree = {
            f"area-{at}/": {"src/": {f"<m{at}>.py": None}, "tests/": {f"test_<m{at}>.py": None}}
            for at in range(number)
        }
        return {"tree": tree}

    for number in (100, 200):
        loaded = engine_under_test.load_layouts([layout_with_areas(number)])
        assert loaded
        engine_under_test.findings(loaded, [])  # imports the rules before the calls are counted
        paths = [f"area-{at}/{path}" for at in range(number) for path in ("src/a.py", "tests/test_a.py")]
        with limit_calls(500 * number):
            assert engine_under_test.findings(loaded, paths) == set()


def test_listed_names_are_normalized_once_per_directory() -> None:
    listed = {f"module-{number}.py?": None for number in range(300)}
    loaded = engine_under_test.load_layouts([{"tree": listed}])
    assert loaded
    engine_under_test.findings(loaded, ["a.txt"])  # imports the rules before the calls are counted
    with limit_calls(200 * 300):  # comparing each pair of names would need 300 * 300
        assert len(engine_under_test.findings(loaded, [f"note-{number}.txt" for number in range(300)])) == 300


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_layouts_have_no_contradictions(name: str) -> None:
    assert contradictions(bundled_layout(name)) == []


@pytest.mark.parametrize(
    ("text", "searches"),
    [
        ("extends: monorepo\n", 0),
        ("extends: monorepo\nseverity: {missing-file: warning}\n", 0),
        ("extends: monorepo\nforbid: {x: }\n", 1),
        ("extends: monorepo\ntree: {x: }\n", 1),
        ("extends: [python, node]\n", 1),
    ],
)
def test_contradiction_search_skips_unchanged_bundled_layouts(
    text: str, searches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[str] = []
    monkeypatch.setattr(
        "structlint.layout.validate.contradictions", lambda layout: searched.append(layout.name)
    )
    load(LayoutSource({"structlint.yaml": text.encode()}.__getitem__), "structlint.yaml")
    assert len(searched) == searches


def test_directories_are_resolved_once_and_files_opened_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "a/b/c"
    inside.mkdir(parents=True)
    for number in range(50):
        (inside / str(number)).write_text("x")
    calls = Counter[str]()
    for name in ("open", "lstat"):
        original = getattr(os, name)

        def count(*arguments: object, name: str = name, original: Any = original, **more: object) -> object:
            calls[name] += 1
            return original(*arguments, **more)

        monkeypatch.setattr(os, name, count)
    files = WorkTreeFiles(tmp_path, (), directories={})
    assert {files.read(f"a/b/c/{number}") for number in range(50)} == {b"x"}
    assert calls["open"] == 50
    assert calls["lstat"] <= len(tmp_path.parts) + 3


def test_everywhere_is_applied_only_where_its_optional_names_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    entered: list[str] = []
    assign = Lookup.assign

    def record(lookup: Lookup, directory: Directory, table: ChildTable, known: Mapping[str, str]) -> Assigned:
        entered.append(directory.path)
        return assign(lookup, directory, table, known)

    monkeypatch.setattr(Lookup, "assign", record)
    loaded = engine_under_test.load_layouts(
        [{"tree": {".": {"unlisted": "allow"}, "**/": {".gitkeep?": {"without": "*"}}}}]
    )
    assert loaded is not None
    paths = [*(f"d{number}/a.py" for number in range(1_000)), "d7/.gitkeep"]
    findings = engine_under_test.findings(loaded, paths)
    assert findings == {("d7/.gitkeep", "conflicting-entries", "error")}
    assert sorted(entered) == ["", "d7/"]
