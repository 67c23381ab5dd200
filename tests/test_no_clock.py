"""No test reads a clock, because it would fail on a slow machine; `effort.py` counts calls instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CLOCKS = re.compile(r"(perf_counter|monotonic|process_time|thread_time)(_ns)?|default_timer|getrusage")
TIME_FUNCTIONS = re.compile(r"(time|clock_gettime)(_ns)?")  # only in the module `time`
MIN_TIMEOUT = 60  # seconds; a shorter timeout may expire on a slow machine


def clock_lines(source: str) -> Iterator[int]:
    """The lines that read a clock, use a timeout below `MIN_TIMEOUT`, or set a hypothesis deadline."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "timeit", "resource"):
            if any(CLOCKS.fullmatch(each.name) or TIME_FUNCTIONS.fullmatch(each.name) for each in node.names):
                yield node.lineno
        elif isinstance(node, ast.Attribute):
            in_time_module = isinstance(node.value, ast.Name) and node.value.id == "time"
            if CLOCKS.fullmatch(node.attr) or (in_time_module and TIME_FUNCTIONS.fullmatch(node.attr)):
                yield node.lineno
        elif isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
            seconds = node.value.value
            if node.arg == "deadline" and seconds is not None:
                yield node.value.lineno
            if node.arg == "timeout" and isinstance(seconds, int | float) and seconds < MIN_TIMEOUT:
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
def test_clock_lines(source: str, lines: list[int]) -> None:
    assert list(clock_lines(source)) == lines


def test_tests_do_not_read_a_clock() -> None:
    """`benchmarks` and `mutation.py` are programs that measure time, not tests."""
    found = [
        f"{path.name}:{line}"
        for path in TESTS.glob("*.py")
        if path.name != "mutation.py"
        for line in clock_lines(path.read_text(encoding="utf-8"))
    ]
    assert found == []
