"""Each row of docs/testing.md has a test with its number in the name."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)
NAME = re.compile(r"^def test_(\d{3})_", re.MULTILINE)


def test_rows_match_the_numbered_tests() -> None:
    rows = [int(number) for number in ROW.findall((TESTS.parent / "docs/testing.md").read_text())]
    tests = {int(number) for path in TESTS.glob("test_*.py") for number in NAME.findall(path.read_text())}
    assert rows == list(range(1, 109))
    assert tests == set(rows)
