"""No test looks at a clock: a slow machine is no mistake. What work costs is counted, by `effort.py`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CLOCKS = re.compile(r"(perf_counter|monotonic|process_time|thread_time)(_ns)?|default_timer|getrusage")
OF_TIME = re.compile(r"(time|clock_gettime)(_ns)?")  # other things bear these names too
LEAST = 60  # seconds to wait for another process: no less is a guard against hanging


def clocks(source: str) -> Iterator[int]:
    """The lines that read a clock, wait for less than `LEAST` seconds, or set hypothesis a deadline."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "timeit", "resource"):
            if any(CLOCKS.fullmatch(each.name) or OF_TIME.fullmatch(each.name) for each in node.names):
                yield node.lineno
        elif isinstance(node, ast.Attribute):
            of_time = isinstance(node.value, ast.Name) and node.value.id == "time"
            if CLOCKS.fullmatch(node.attr) or (of_time and OF_TIME.fullmatch(node.attr)):
                yield node.lineno
        elif isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
            seconds = node.value.value
            if node.arg == "deadline" and seconds is not None:
                yield node.value.lineno
            if node.arg == "timeout" and isinstance(seconds, int | float) and seconds < LEAST:
                yield node.value.lineno


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import time\nbegun = time.perf_counter()\nassert time.perf_counter_ns() - begun < 2", [2, 3]),
        ("from time import monotonic as now, sleep", [1]),
        ("from time import time\nassert time() < 5", [1]),
        ("import time\nstarted = time.time()\ntime.sleep(1)", [2]),
        ("process.wait(timeout=30)\nprocess.wait(timeout=120)\nprocess.wait()", [1]),
        ("@settings(deadline=200)\ndef test(): ...\n@settings(deadline=None)\ndef test(): ...", [1]),
        ("from datetime import time\nx.time.a = timeout = 3", []),
    ],
)
def test_a_clock_is_found(source: str, lines: list[int]) -> None:
    assert list(clocks(source)) == lines


def test_no_test_reads_a_clock() -> None:
    """The programs in `benchmarks`, and `mutation.py`, may: they measure, and are not run as tests."""
    found = [
        f"{path.name}:{line}"
        for path in TESTS.glob("*.py")
        if path.name != "mutation.py"
        for line in clocks(path.read_text(encoding="utf-8"))
    ]
    assert found == []
