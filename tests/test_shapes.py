"""The trees for benchmarks: each has the properties that its name promises, and its layout accepts it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest
import yaml
from conftest import Run, write
from other_shapes import OTHER_SHAPES
from shape_races import CLOCKS, Ratio, Shaped, paired, shape_tables
from shapes import SHAPES, made

FILES = 300
PROGRAM = Path(__file__).parent / "benchmarks" / "run.py"
BY_NAME = {shape.name: shape for shape in (*SHAPES, *OTHER_SHAPES)}


def count_findings(run: Run, tree: Path) -> Counter[str]:
    """The number of findings per rule; a tree must not cause notes."""
    report = json.loads(run("check", str(tree), "--output-format=json").out)
    assert report["notes"] == []
    return Counter(finding["rule"] for finding in report["findings"])


def paths(name: str, files: int = FILES) -> list[str]:
    return [file.path for file in BY_NAME[name].of(files, Random(name))]


@pytest.mark.parametrize(
    ("name", "expected", "added"),
    [
        ("present", {}, {"services/{}/lib/x.py": "stray-directory"}),
        ("mirrored", {}, {"services/{}/tests/test_nothing_there.py": "orphan"}),
        (
            "varied",
            {},
            {
                "src/{}/generated/x.json": "forbidden-path",
                "src/{}/a.md": "misplaced-file",
                "src/{}/tmp/x/y.py": "forbidden-path",
                "src/{}/a/snapshots/b.md": None,
                "docs/a/b/c/d/e/f/g/h/i/x.svg": "too-deep",
            },
        ),
        (
            "fixtures",
            {},
            {"packages/{}/package-lock.json": "forbidden-path", "packages/new/src/x.ts": "missing-file"},
        ),
        ("flat", {}, {"records/Not_So.json": "bad-name"}),
        ("patterns", {}, {"services/{}/src/a.snap": "stray-file", "services/{}/x.md": "misplaced-file"}),
        ("microservices", {}, {"services/{}/node_modules/x.js": "forbidden-path", "x.tf": "misplaced-file"}),
        ("untracked", {}, {"services/{}/lib/x.py": "stray-directory"}),
        ("findings", {"bad-name": 136}, {"x.py": "stray-file"}),
        ("application", {}, {"src/x.orig": "forbidden-path", "y.java": "misplaced-file"}),
        ("program", {}, {"src/tmp/x": "forbidden-path"}),
        ("documentation", {}, {"x.log": "forbidden-path"}),
        ("path-mirrors", {}, {"tests/test_gone.py": "orphan"}),
        ("members", {}, {"parts/x/README.md": "stray-directory"}),
    ],
)
def test_layout_reports_only_expected_and_added_findings(
    name: str, expected: dict[str, int], added: dict[str, str | None], tmp_path: Path, run: Run
) -> None:
    tree = made(BY_NAME[name], tmp_path / name, FILES)
    assert count_findings(run, tree) == expected
    for stray in added:
        first = min((path.name for path in (tree / stray.split("/")[0]).glob("*/")), default="")
        write(tree, {stray.format(first): ""})
    assert count_findings(run, tree) == Counter(expected) + Counter(rule for rule in added.values() if rule)


@pytest.mark.parametrize("name", BY_NAME)
def test_size_and_reproducibility(name: str) -> None:
    assert 50 <= len(paths(name, 100)) <= 150
    assert 3600 <= len(paths(name, 4000)) <= 4400
    assert paths(name) == paths(name)
    assert len(set(paths(name))) == len(paths(name))


def test_tests_mirror_modules_and_each_service_has_a_manifest() -> None:
    services: dict[str, list[str]] = {}
    for file in BY_NAME["mirrored"].of(FILES, Random(1)):
        if file.path.startswith("services/"):
            _, service, path = file.path.split("/", 2)
            services.setdefault(service, []).append(path)
            if path == "manifest.yaml":
                assert {each["kind"] for each in yaml.safe_load_all(file.text)} == {"Service", "Deployment"}
    for members in services.values():
        modules = {path.removeprefix("src/") for path in members if path.startswith("src/")}
        tests = {path.removeprefix("tests/test_") for path in members if path.startswith("tests/")}
        assert modules == tests
        assert "manifest.yaml" in members
    assert len(services) == FILES // 49


def test_names_are_unique_and_at_every_depth() -> None:
    found = [path for path in paths("varied") if "/" in path]
    directories = {parent for path in found for parent in Path(path).parents if parent.name}
    assert {len(Path(path).parent.parts) for path in found} == set(range(2, 10))
    names = Counter([path.name for path in directories] + [Path(path).name for path in found])
    assert set(names.values()) == {1}


def test_fixture_directories_contain_two_files() -> None:
    members = Counter(str(Path(path).parent) for path in paths("fixtures") if "/fixtures/" in path)
    assert set(members.values()) == {2}
    assert len(members) == FILES // 2


def test_pattern_lists_have_forty_items() -> None:
    layout = yaml.safe_load(BY_NAME["patterns"].layout)
    lists = ("belongs", "forbid", "local", "exclude")
    assert {name: len(layout[name]) for name in lists} == dict.fromkeys(lists, 40)
    assert any(path.endswith(".snap") for path in paths("patterns"))


def test_a_twentieth_of_the_files_is_untracked(tmp_path: Path) -> None:
    tree = made(BY_NAME["untracked"], tmp_path / "untracked", 2000)
    listed = subprocess.run(["git", "ls-files", "-o"], cwd=tree, capture_output=True, text=True, check=True)
    assert 90 <= len(listed.stdout.splitlines()) <= 140


def test_ratios_are_computed_per_round() -> None:
    shape = BY_NAME["flat"]
    seconds = {
        "git ls-files": [1.0, 1.0, 1.0],
        "check": [2.0, 4.0, 6.0],
        "check, of 100 files": [1.0, 1.0, 1.0],
        "check, of the other": [4.0, 4.0, 4.0],
        "check, of 100 files, of the other": [2.0, 1.0, 3.0],
    }
    result = Shaped(shape._replace(commands={"check": ()}), 50_000, seconds)
    assert paired(result, "check") == Ratio(1.0, 0.75, 1.25)
    assert paired(result, "check", beyond=True) == Ratio(1.0, 0.75, 3.0)
    twice_as_long = {name: [2 * second for second in each] for name, each in seconds.items()}
    by_clock = [result, result._replace(seconds=twice_as_long)]
    rows = [line for line in shape_tables([by_clock], against=True).splitlines() if line.startswith("| flat")]
    assert rows == [
        "| flat | 50,000 | check | 4.000 | 1.000 | 4.00 | 3.00 | 1.00 (0.75 to 1.25) | 1.00 (0.75 to 3.00) |",
        "| flat | 50,000 | check | 8.000 | 2.000 | 4.00 | 3.00 | 1.00 (0.75 to 1.25) | 1.00 (0.75 to 3.00) |",
    ]
    as_fast_as_it_starts = {**seconds, "check, of 100 files, of the other": [4.0, 4.0, 4.0]}
    assert paired(result._replace(seconds=as_fast_as_it_starts), "check", beyond=True) is None


def test_comparison_with_another_structlint(tmp_path: Path) -> None:
    structlint = Path(sys.executable).with_name("structlint")
    arguments = ["--shapes=flat", "--scale=0.002", "--rounds=1", f"--write={tmp_path}"]
    command = [sys.executable, str(PROGRAM), *arguments, f"--against={structlint}"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert [line.split(" | ")[2] for line in result.stdout.splitlines() if line.startswith("| f")] == [
        "check",
        "check --tracked",
    ] * len(CLOCKS)
    races = json.loads((tmp_path / "shapes.json").read_text())["races"]
    assert [(race["race"], race["files"]) for race in races] == [("shape: flat", 100)]


def test_unknown_shape_is_an_error() -> None:
    command = [sys.executable, str(PROGRAM), "--shapes=flat,round"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "no shape is named round; there are present, mirrored" in result.stderr
