"""A baseline accepts what was there, and no more: it shrinks by itself, and grows only when asked twice."""

from __future__ import annotations

import json

import pytest
from conftest import Git, Make, Run, write
from hypothesis import given
from hypothesis import strategies as st

from structlint.baseline import Baseline, Known, held, read, updated, written
from structlint.errors import CannotCheck
from structlint.finding import Finding

LAYOUT = "tree: {src/: }\nlimits: {root-files: 2}\n"
FILES = {"structlint.yaml": LAYOUT, "src/a.py": "", "old.txt": "", "older.txt": "", "oldest.txt": ""}
WRITTEN = """\
{
  "version": 1,
  "findings": [
    {"rule": "stray-file", "path": "old.txt"},
    {"rule": "stray-file", "path": "older.txt"},
    {"rule": "stray-file", "path": "oldest.txt"},
    {"rule": "too-many-files", "path": "./", "number": 4}
  ]
}
"""


@pytest.fixture
def old(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    git = repository(FILES)
    monkeypatch.chdir(git.path)
    return git


def test_begins_and_accepts(old: Git, run: Run) -> None:
    assert run("check", "-q").status == 1
    ran = run("check", "--update-baseline")
    assert ran == (0, "", "structlint-baseline.json: begun with 4 findings\n")
    assert (old.path / "structlint-baseline.json").read_text() == WRITTEN
    status, out, _ = run("check")
    assert status == 0
    assert "note: 4 findings accepted by structlint-baseline.json\n" in out


def test_no_more_than_those(old: Git, run: Run) -> None:
    run("check", "--update-baseline")
    write(old.path, {"new.txt": ""})
    status, out, _ = run("check", "--output-format", "concise")
    assert status == 1
    assert [line.partition(": ")[0] for line in out.splitlines()] == ["./", "new.txt"]
    assert "5 files, at most 2" in out
    ran = run("check", "--update-baseline")
    assert ran.status == 1
    assert "2 findings not in it, such as too-many-files at ./; --allow-growth takes them in" in ran.err
    assert "new.txt" not in (old.path / "structlint-baseline.json").read_text()
    assert run("check", "--update-baseline", "--allow-growth").status == 0
    assert run("check", "-q").status == 0


def test_what_is_mended_is_told_and_taken_out(old: Git, run: Run) -> None:
    run("check", "--update-baseline")
    (old.path / "oldest.txt").unlink()
    status, out, _ = run("check")
    assert status == 0
    assert (
        "note: structlint-baseline.json accepts what is mended: stray-file at oldest.txt and 1 more; "
        "`--update-baseline` takes it out\n"
    ) in out
    assert run("check", "--update-baseline").err == "structlint-baseline.json: 3 findings, 4 before\n"
    write(old.path, {"other.txt": ""})
    assert "4 files, at most 2" in run("check").out  # 3 were accepted, not 4 any more


def test_nothing_to_change(old: Git, run: Run) -> None:
    run("check", "--update-baseline")
    before = (old.path / "structlint-baseline.json").stat().st_mtime_ns
    assert run("check", "--update-baseline").err == (
        "structlint-baseline.json: nothing to change, 4 findings\n"
    )
    assert (old.path / "structlint-baseline.json").stat().st_mtime_ns == before


def test_a_file_of_another_name(old: Git, run: Run, tmp_path: object) -> None:
    assert run("check", "--baseline", "known.json", "--update-baseline").status == 0
    assert run("check", "-q").status == 1
    assert run("check", "-q", "--baseline", "known.json", "--exclude", "known.json").status == 0
    assert run("check", "--baseline", "none.json").err == (
        "structlint: there is no file none.json; `--update-baseline` writes one\n"
    )


def test_in_the_index_and_in_a_revision(old: Git, run: Run) -> None:
    run("check", "--update-baseline")
    assert run("check", "-q", "--tracked").status == 1  # it is not staged yet
    old("add", "-A")
    old("commit", "-q", "-m", "x")
    (old.path / "structlint-baseline.json").unlink()
    assert run("check", "-q", "--tracked").status == 0
    assert run("check", "-q", "--rev", "HEAD").status == 0


REFUSED = [
    (("--update-baseline", "--select", "stray-file"), "--update-baseline needs the whole check: no --select"),
    (("--update-baseline", "src"), "--update-baseline needs the whole check: no --select"),
    (("--update-baseline", "--tracked"), "--update-baseline goes with what is on disk"),
    (("--allow-growth",), "--allow-growth says how --update-baseline works; it goes with that only"),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED, ids=[" ".join(case[0]) for case in REFUSED])
def test_refuses(old: Git, run: Run, arguments: tuple[str, ...], said: str) -> None:
    ran = run("check", *arguments)
    assert ran.status == 2
    assert ran.err.startswith(f"structlint: {said}")
    assert not (old.path / "structlint-baseline.json").exists()


BROKEN = [
    ("", "b.json is no baseline: line 1: Expecting value"),
    ("{", "b.json is no baseline: line 1: "),
    ("[]", "b.json is no baseline: its form is not right"),
    ('{"version": 1}', "b.json is no baseline: its form is not right"),
    ('{"version": 1, "findings": [{"rule": "x"}]}', "b.json is no baseline: its form is not right"),
    ('{"version": 1, "findings": [{"rule": "x", "path": "y", "count": "z"}]}', "its form is not right"),
    ('{"version": 2, "findings": []}', "b.json: this structlint reads version 1 of a baseline, not 2"),
    ("[" * 100_000, "b.json is no baseline: its form is not right"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN, ids=[case[0][:30] for case in BROKEN])
def test_what_is_no_baseline(text: str, said: str) -> None:
    with pytest.raises(CannotCheck) as caught:
        read(text.encode(), "b.json")
    assert said in str(caught.value)


def finding(rule: str, path: str, number: int | None = None) -> Finding:
    return Finding(rule, path, "message", "hint", number=number)


PATHS = st.sampled_from(["x", "y/", "odd \udce9\n::error::"])
FINDINGS = st.builds(
    lambda plain, counted: [*plain, *counted],
    st.lists(st.builds(finding, st.just("a-b"), PATHS), max_size=5),
    st.lists(
        st.builds(finding, st.just("too-many"), PATHS, st.integers(1, 3)),
        max_size=3,
        unique_by=lambda each: each.path,
    ),
)


@given(FINDINGS, FINDINGS)
def test_never_accepts_more_than_it_says(before: list[Finding], now: list[Finding]) -> None:
    baseline = updated(before, None, grows=False)
    assert read(written(baseline), "f") == baseline
    against = held(now, baseline)
    assert len(against.left) + len(against.accepted) == len(now)
    for known, count in baseline.counts.items():
        assert sum(Known(each.rule, each.path) == known for each in against.accepted) <= count
    shrunk = updated(now, baseline, grows=False)
    assert all(count <= baseline.counts[known] for known, count in shrunk.counts.items())
    assert held(now, shrunk).accepted == against.accepted
    assert held(now, updated(now, baseline, grows=True)).left == ()


def test_the_same_findings_are_the_same_bytes() -> None:
    found = [finding("a", path) for path in "cab"]
    assert written(updated(found, None, grows=False)) == written(updated(found[::-1], None, grows=False))
    assert json.loads(written(Baseline()))["findings"] == []
