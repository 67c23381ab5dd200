"""Three-way merge of lines; git is the oracle if it merges without a conflict."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from structlint.text.merge_lines import LineChange, merge_lines


@pytest.mark.parametrize(
    ("base", "current", "other", "merged", "conflicts"),
    [
        ("a b c", "a b c", "a x b c", "a x b c", []),
        ("a b c", "a b c d", "a c", "a c d", []),
        ("a b c", "0 a b c", "a b c d", "0 a b c d", []),
        ("a b c", "a x c", "a y c", "a x c", [(("b",), ("y",))]),
        ("a b c", "a y c", "a y c", "a y c", []),
        ("a b c", "a c", "a c", "a c", []),
        ("a b", "x y", "a b c", "x y", [((), ("c",))]),
        ("", "x", "c", "x", [((), ("c",))]),
        ("a", "a", "", "", []),
    ],
)
def test_merge_lines(
    base: str, current: str, other: str, merged: str, conflicts: list[tuple[tuple[str, ...], tuple[str, ...]]]
) -> None:
    got = merge_lines(base.split(), current.split(), other.split())
    assert got == (merged.split(), [LineChange(*each) for each in conflicts])


_LINES = st.lists(st.sampled_from("abcdef"), max_size=6, unique=True)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_LINES, _LINES, _LINES)
def test_merge_without_conflicts_agrees_with_git(
    tmp_path: Path, base: list[str], current: list[str], other: list[str]
) -> None:
    merged, conflicts = merge_lines(base, current, other)
    for name, lines in (("base", base), ("current", current), ("other", other)):
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines))
    command = ["git", "merge-file", "-p", "current", "base", "other"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    if result.returncode == 0 and not conflicts:
        assert merged == result.stdout.split()
