"""Hints and fixes never suggest or create a path that the layout does not allow."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date

import pytest
from conftest import Make, Run, write
from engine_under_test import load_layouts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_any_layout import Json, _layouts

from structlint.edits.steps import Create, Move
from structlint.finding import Finding
from structlint.fix.plan import FixContext, plan
from structlint.layout.model import Layout
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.tree import Tree
from structlint.tree.drawing import Drawn

TODAY = date(2026, 1, 1)
ALL = frozenset(name_of(rule) for rule in RULES)
_EXAMPLES = int(os.environ.get("STRUCTLINT_FUZZ", "100"))  # pairs of layout and tree
_NAMES = ["a", "b", "B", "b-c", "B_C", "a.py", "A.py", "test_a.py", "a-b", "c.tmp", "c.h"]
_paths = st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3).map("/".join)
_TARGETS = re.compile(r"(rename|move) (?:it|`[^`]+`) to (`[^`]+`(?: or `[^`]+`)*)")
_CREATED = re.compile(r"create (`[^`]+`(?:(?:,| or) `[^`]+`)*)")
_NOT_ALLOWED = {
    *("bad-name", "conflicting-entries", "duplicate-name", "forbidden-path", "long-path", "misplaced-file"),
    *("orphan", "stray-directory", "stray-file", "too-deep", "tracked-local", "unignored-local"),
}
_slow = [HealthCheck.too_slow, HealthCheck.filter_too_much]


def test_depth_of_a_path_is_not_limited() -> None:
    """git lists such a path from the index, although few file systems could contain it."""
    text: Json = {
        "tree": {".": {"unlisted": "allow"}, "**/": {".": {"if": "*.py"}, "README.md": None}},
        "forbid": {"*.bak": None},
    }
    layout = load_layouts([text])
    assert layout is not None
    place = "a/" * 2_000
    assert [finding.path for finding in check_files(layout, {f"{place}x.py"})] == [f"{place}README.md"]


@settings(suppress_health_check=_slow, max_examples=_EXAMPLES, deadline=None)
@given(_layouts, st.sets(_paths, max_size=8))
def test_hint_targets_are_allowed(text: Json, paths: set[str]) -> None:
    layout, files = load_layouts([text]), without_conflicts(paths)
    if layout is None:
        return
    for finding in check_files(layout, files):
        for source, target in suggested_renames(finding):
            if "<" in target or "*" in target:
                continue  # a pattern, not a path
            after = (
                rename_path(files, source, target)
                if source
                else without_conflicts({*files, with_file(target)})
            )
            if not source and (with_file(target) not in after or not files <= after):
                continue  # an existing file is in the way
            if source and len(after) < len(files):
                continue
            assert not new_findings_at(layout, files, after, target), (finding, check_files(layout, after))


@settings(suppress_health_check=_slow, max_examples=_EXAMPLES, deadline=None)
@given(_layouts, st.sets(_paths, max_size=8))
def test_fix_targets_are_allowed(text: Json, paths: set[str]) -> None:
    layout, files = load_layouts([text]), without_conflicts(paths)
    if layout is None:
        return
    tree = make_tree(files)
    planned = plan(FixContext(layout, tree, frozenset(), "", ALL, TODAY), unsafe=True)
    for one in planned.steps:
        step = one.step
        if isinstance(step, Create | Move):
            created = step.path if isinstance(step, Create) else step.target
            exists = any(
                path == created or path.startswith(f"{created.rstrip('/')}/") for path in planned.tree.files
            )
            if exists:
                assert not new_findings_at(layout, files, planned.tree.files, created), (step, one.finding)


CONTRADICTIONS = [
    ({"<x>/<x>.py": None, ".": {}}, {"belongs": {"*.py": "a/"}}, {"b/a"}, "b/b.py"),
    ({"<x>/<x>.tmp": None}, {"forbid": {"b.tmp": "no"}}, {"b/a"}, "b/b.tmp"),
    ({"<x>/<x>.h": None}, {"local": ["b.h"]}, {"b/a"}, "b/b.h"),
    ({"<x>/<x>.h": None}, {"exclude": ["b.h"]}, {"b/a"}, "b/b.h"),
    ({"<x>/": {"<x>.py": None, "**/": None}, "**/": {"b.py": False}}, {}, {"b/a"}, "b/b.py"),
    ({"a?": {"needs": "b"}}, {}, {"a"}, "b"),
    ({"<x>/<x>": None}, {"limits": {"path-length": 2}}, {"b/a"}, "b/b"),
]


@pytest.mark.parametrize(("tree", "rest", "files", "path"), CONTRADICTIONS)
def test_contradictory_entries_are_reported_as_such(
    tree: Json, rest: Json, files: set[str], path: str
) -> None:
    layout = load_layouts([{"tree": tree, **rest}])
    assert layout is not None
    missing = [one for one in check_files(layout, files) if one.rule == "missing-file"]
    assert [one.path for one in missing if "contradicts itself" in one.hint and not one.fix] == [path]


def new_findings_at(
    layout: Layout, before: Collection[str], after: Collection[str], path: str
) -> list[Finding]:
    """The findings at a created path, and at the directories that were created for it."""
    parents = [path[: at + 1] for at, letter in enumerate(path) if letter == "/"]
    created = {path, *(one for one in parents if not any(file.startswith(one) for file in before))}
    missing = {f"missing-{kind}" for kind in ("file", "directory")}
    wrong = _NOT_ALLOWED | missing
    return [one for one in check_files(layout, after) if one.path in created and one.rule in wrong]


def check_files(layout: Layout, files: Iterable[str]) -> list[Finding]:
    return check(match(layout, make_tree(files)), ALL, TODAY)


def make_tree(files: Iterable[str]) -> Tree:
    paths = sorted(path for path in files)
    return Tree(tuple(paths), Drawn({}, frozenset()))


def suggested_renames(finding: Finding) -> Iterator[tuple[str, str]]:
    """The pairs of source and target in a hint; the source of a path to create is ""."""
    if targets := _TARGETS.search(finding.hint):
        is_other = finding.rule.startswith("missing-") and finding.related
        source = finding.related[0] if is_other else finding.path
        yield from ((source, target) for target in re.findall("`([^`]+)`", targets[2]))
    elif created := _CREATED.search(finding.hint):
        if finding.rule == "orphan":
            yield from (("", target) for target in re.findall("`([^`]+)`", created[1]))
    elif finding.rule.startswith("missing-") and finding.hint.startswith("create it"):
        yield "", finding.path


def with_file(target: str) -> str:
    """A directory target needs a file in it, because git does not track empty directories."""
    return f"{target}x" if target.endswith("/") else target


def without_conflicts(paths: Iterable[str]) -> set[str]:
    """Drop each path that would have to be both a file and a directory."""
    paths = {*paths}
    return {path for path in paths if not any(other.startswith(f"{path}/") for other in paths)}


def rename_path(files: set[str], source: str, target: str) -> set[str]:
    moved = {path for path in files if path == source or (source.endswith("/") and path.startswith(source))}
    return without_conflicts({*files - moved, *(target + path[len(source) :] for path in moved)})


@pytest.mark.parametrize(
    ("layout", "files", "directories", "expected"),
    [
        pytest.param(
            "tree: {docs/: {index.md: }}",
            [],
            ["docs"],
            "docs/: error: empty directory; git does not track it (structlint.yaml:1) [empty-directory]"
            " -- create `docs/index.md`",
            id="empty directory with a required file",
        ),
        pytest.param(
            "tree: {docs/: {'*.md': }}",
            [],
            ["docs"],
            "docs/: error: empty directory; git does not track it (structlint.yaml:1) [empty-directory]"
            " -- add a file that matches `docs/*.md`",
            id="empty directory with a required pattern",
        ),
        pytest.param(
            "tree: {src/: }\nlocal: [.env]",
            ["src/a"],
            [],
            ".gitignore: warning: `.env` should stay local, but git does not ignore it (structlint.yaml:2)"
            " [unignored-local] -- list `.gitignore` in the layout, and add `.env` to `.gitignore`",
            id="unlisted .gitignore",
        ),
        pytest.param(
            "tree: {src/: {'<m:snake_case>.py': }}",
            ["src/FooBar.py", "src/foo_bar.py"],
            [],
            "src/FooBar.py: error: `FooBar` is not snake_case (structlint.yaml:1) [bad-name]"
            " -- rename it, but not to `src/foo_bar.py`, which already exists",
            id="existing name in the right case",
        ),
        pytest.param(
            'tree: {"caf\u00e9.md": }',
            ["cafe\u0301.md"],
            [],
            'caf\u00e9.md: error: missing file; "cafe\\u0301.md" exists (structlint.yaml:1) [missing-file]'
            ' -- rename "cafe\\u0301.md" to "caf\\u00e9.md"',
            id="other Unicode form",
        ),
        pytest.param(
            "names: {n: kebab-case}\ntree: {src/?: , notebooks/: {.: {unlisted: forbid}, <n>.ipynb: }}\n"
            "belongs: {'*.ipynb': notebooks/}",
            ["src/My_Book.ipynb", "notebooks/a.ipynb"],
            [],
            "src/My_Book.ipynb: error: misplaced file; `*.ipynb` belongs in `notebooks/` (structlint.yaml:3)"
            " [misplaced-file] -- move it to `notebooks/my-book.ipynb`",
            id="misplaced file in the wrong case",
        ),
    ],
)
def test_hint_leads_to_a_clean_check(
    layout: str,
    files: list[str],
    directories: list[str],
    expected: str,
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git = repository({"structlint.yaml": layout})
    write(git.path, dict.fromkeys(files, ""))
    for directory in directories:
        (git.path / directory).mkdir()
    monkeypatch.chdir(git.path)
    assert run("check", "--output-format", "concise").out.splitlines() == [expected]


def test_counterpart_in_any_directory_is_not_suggested_as_a_path(repository: Make, run: Run) -> None:
    layout = "tree: {src/: {<dir**>/: {<name>.py: }}, docs/: {<name>.md?: }}"
    git = repository({"structlint.yaml": layout, "src/a/x.py": "", "docs/x.md": "", "docs/z.md": ""})
    out = run("check", "--select", "orphan", str(git.path)).out
    assert "remove it, or create a file that matches `src/<dir**>/z.py`" in out
