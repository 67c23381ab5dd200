"""Every row of docs/testing.md has a test that bears its number."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)
NAME = re.compile(r"^def test_(\d{3})_", re.MULTILINE)


def test_every_row_has_a_test_and_every_number_a_row() -> None:
    rows = [int(number) for number in ROW.findall((TESTS.parent / "docs/testing.md").read_text())]
    tests = {int(number) for path in TESTS.glob("test_*.py") for number in NAME.findall(path.read_text())}
    assert rows == list(range(1, 109))
    assert tests == set(rows)
