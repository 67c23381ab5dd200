"""Checks that the tests detect small mistakes: `python tests/mutation.py --seed 7 --number 60`.

A mutant is a random small change of an operator, number or condition in a function that matches paths, reads
patterns or compose files, or implements a rule. The tests run once to record which functions each test calls.
Then a child process applies each mutant and runs the tests that call its function, the fastest first, until
one fails. If none fails, it compares random cases with the reference. The exit status is 1 if a mutant
survives. Review each survivor: it may be equivalent, or only a test that starts processes may detect it.
"""

from __future__ import annotations

import argparse
import ast
import gc
import itertools
import os
import random
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "structlint"
MODULES = (
    *("matching/*", "layout/pattern", "layout/gitignore", "layout/regex", "layout/*_search"),
    *("rules/*", "ports/compose/*"),
)
# Tests of these modules that start few processes, ordered by the number of detected mutants per second.
TESTS = (
    *("pages_run", "small_changes", "patterns", "expression", "hints", "ports_compose", "imports_check"),
    *("language", "language_groups", "language_unseen", "keys", "kinds", "unread", "catalogue_tree", "merge"),
    *(
        "new_where",
        "tree_command",
        "impossible",
        "report",
        "locked",
        "baseline",
        "coverage",
        "documents",
        "ports_cases",
    ),
    *("ports_stacks", "ports_command", "ports_exposed", "fix", "reference", "documents", "project"),
)
OPTIONS = ("-o", "addopts=", "--import-mode=importlib", "-pno:xdist", "-pno:cacheprovider", "-pno:terminal")
CASES = 200  # random cases for each seed
SEEDS = 8
LONGEST = 1200  # seconds for one mutant
OPPOSITE = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is", ast.And: "or", ast.Or: "and",
}  # fmt: skip
Function = tuple[str, int]  # file and first line


class Mutant(NamedTuple):
    """A change of a function: replaces the bytes between two offsets of its file."""

    function: Function
    start: int
    end: int
    text: str

    def __str__(self) -> str:
        source = Path(self.function[0]).read_bytes()
        line = source.count(b"\n", 0, self.start)
        before = source[self.start : self.end].decode().strip()
        where = f"{'/'.join(Path(self.function[0]).parts[-2:])}:{line + 1}"
        return f"{where} [{before} -> {self.text.strip()}] {source.splitlines()[line].decode().strip()}"

    def codes(self) -> dict[Function, CodeType]:
        """The changed functions of the module, by their original location. Raises `SyntaxError`."""
        file = self.function[0]
        source = Path(file).read_bytes()
        changed = source[: self.start] + self.text.encode() + source[self.end :]
        old, new = (list(_codes(compile(text, file, "exec"))) for text in (source, changed))
        return {(file, code.co_firstlineno): other for code, other in zip(old, new, strict=True)}

    def apply(self) -> None:
        """Replaces the code of the module's functions."""
        file = Path(self.function[0]).relative_to(PACKAGE.parent)
        import_module(".".join(file.with_suffix("").parts))
        codes = self.codes()
        gc.unfreeze()  # conftest.py freezes all objects
        for function in gc.get_objects():
            if isinstance(function, FunctionType) and function.__code__.co_filename == self.function[0]:
                code = function.__code__
                changed = codes.get((code.co_filename, code.co_firstlineno), code)
                function.__code__ = changed if changed.co_name == code.co_name else code


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of the functions and methods of a module, without nested functions."""
    for constant in filter(lambda constant: isinstance(constant, CodeType), code.co_consts):
        is_function = constant.co_flags & 0x1  # CO_OPTIMIZED; otherwise it is a class
        yield from (constant,) if is_function else _codes(constant)


def mutants(file: Path) -> Iterator[Mutant]:
    """The mutants of a file; a few of them are not valid Python."""
    source = file.read_bytes()
    starts = [0, *itertools.accumulate(map(len, source.splitlines(keepends=True)))]

    def span(node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno and node.end_col_offset is not None
        return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset

    def text(node: ast.expr) -> str:
        return source[slice(*span(node))].decode()

    def changes(node: ast.expr) -> Iterator[tuple[int, int, str]]:
        if isinstance(node, ast.Compare):
            operands = itertools.pairwise([node.left, *node.comparators])
            for operator, (one, other) in zip(node.ops, operands, strict=True):
                yield span(one)[1], span(other)[0], f" {OPPOSITE[type(operator)]} "
        elif isinstance(node, ast.BoolOp):
            for one, other in itertools.pairwise(node.values):
                at, end = span(one)[1], span(other)[0]
                yield (
                    at,
                    end,
                    re.sub(r"\b(and|or)\b", OPPOSITE[type(node.op)], source[at:end].decode(), count=1),
                )
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield *span(node), text(node.operand)
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield *span(node), str(not node.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            yield from ((*span(node), str(node.value + step)) for step in (1, -1))
        elif isinstance(node, ast.IfExp):
            yield *span(node), f"{text(node.orelse)} if {text(node.test)} else {text(node.body)}"

    for node, line, decides in _expressions(ast.parse(source)):
        inverted = [(*span(node), f"(not ({text(node)}))")] * decides
        yield from (Mutant((str(file), line), *change) for change in (*changes(node), *inverted))


def _expressions(tree: ast.AST, line: int = 0, decides: bool = False) -> Iterator[tuple[ast.expr, int, bool]]:
    """The expressions in functions: each, the first line of its function, and whether it is a condition."""
    if isinstance(tree, ast.expr) and line:
        yield tree, line, decides
    if isinstance(tree, ast.FunctionDef):
        line = line or min([tree.lineno, *(decorator.lineno for decorator in tree.decorator_list)])
    unread = (
        "args",
        "returns",
        "annotation",
        "decorator_list",
        *(["values"] * isinstance(tree, ast.JoinedStr)),
    )
    for name, value in ast.iter_fields(tree):
        for child in (value if isinstance(value, list) else [value]) if name not in unread else ():
            if isinstance(child, ast.AST):
                condition = name in ("test", "ifs") and not isinstance(tree, ast.IfExp)
                yield from _expressions(child, line, condition)


class Runner:
    """A pytest plugin that runs the collected tests for each mutant."""

    def __init__(self, picked: list[Mutant], budget: float) -> None:
        self.picked, self.budget = picked, budget
        self.survivors = 0
        self.failed = False
        self.seconds: dict[pytest.Item, float] = {}
        self.calling: dict[Function, set[pytest.Item]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.record_calls(session.items)
        for number, mutant in enumerate(self.picked, 1):
            begin = time.monotonic()
            detected_by = self.detected_by(mutant)
            self.survivors += not detected_by
            state = f"noticed by {detected_by}" if detected_by else "SURVIVES"
            log(f"{number} {mutant}: {state} ({time.monotonic() - begin:.0f} s)")
        return True

    def fails(self, item: pytest.Item) -> bool:
        self.failed = False
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return self.failed

    def record_calls(self, items: list[pytest.Item]) -> None:
        """Records the functions that each test calls, within a budget of processor seconds."""
        begin, package = time.process_time(), str(PACKAGE)
        for item in itertools.takewhile(lambda item: time.process_time() - begin < self.budget, items):
            called: set[Function] = set()

            def note(frame: FrameType, event: str, argument: Any, called: set[Function] = called) -> None:
                if event == "call" and frame.f_code.co_filename.startswith(package):
                    called.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

            start = time.process_time()
            sys.setprofile(note)
            failed = self.fails(item)
            sys.setprofile(None)
            self.seconds[item] = time.process_time() - start
            for function in called if not failed else ():
                self.calling.setdefault(function, set()).add(item)
        log(f"{len(self.seconds):,} of {len(items):,} tests in {time.process_time() - begin:.0f} s")

    def detected_by(self, mutant: Mutant) -> str:
        """The test that detects a mutant, or "".

        Skips tests that also fail without the mutant, for example because of earlier tests.
        """
        while detected_by := in_child(lambda: self.first_to_fail(mutant)):
            tests = self.tests_calling(mutant)
            before = itertools.takewhile(lambda item: item.nodeid != detected_by, tests)
            item = next((item for item in tests if item.nodeid == detected_by), None)
            if item is None or not in_child(partial(self.fails_after, item, list(before))):
                return detected_by
            log(f"{detected_by} fails without a change")
            for items in self.calling.values():
                items.discard(item)
        return ""

    def tests_calling(self, mutant: Mutant) -> list[pytest.Item]:
        """The tests that call the function of a mutant, the fastest first."""
        return sorted(self.calling.get(mutant.function, ()), key=self.seconds.__getitem__)

    def first_to_fail(self, mutant: Mutant) -> str:
        """Applies the mutant, then runs the tests that call its function and compares random cases."""
        mutant.apply()
        for item in self.tests_calling(mutant):
            if self.fails(item):
                return item.nodeid
        from reference_run import first_difference

        seeds = range(SEEDS if "compose" not in mutant.function[0] else 0)
        return next((f"case {seed}" for seed in seeds if first_difference(seed, CASES)), "")

    def fails_after(self, item: pytest.Item, before: list[pytest.Item]) -> str:
        """Returns "fails" if a test fails after these other tests, otherwise ""."""
        for other in before:
            self.fails(other)
        return "fails" if self.fails(item) else ""


def in_child(run: Callable[[], str]) -> str:
    """Returns the result of a function in a child process, or "crashed" if the process fails."""
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        with os.fdopen(reading) as pipe:
            text = pipe.read()
        status = os.waitpid(child, 0)[1]
        return text or "crashed" * bool(status)
    try:
        signal.alarm(LONGEST)
        os.write(writing, run().encode())
        os._exit(0)
    finally:
        os._exit(1)


def log(text: str) -> None:
    os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, f"{text}\n".encode())


def picked(seed: int, number: int) -> list[Mutant]:
    """Random mutants that are valid Python."""
    files = sorted(file for pattern in MODULES for file in PACKAGE.glob(f"{pattern}.py"))
    possible = [mutant for file in files for mutant in mutants(file)]
    random.Random(seed).shuffle(possible)
    log(f"{number} of {len(possible):,} mutants of {len(files)} files")
    return list(itertools.islice(filter(_is_valid, possible), number))


def _is_valid(mutant: Mutant) -> bool:
    try:
        mutant.codes()
    except SyntaxError:
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=60)
    parser.add_argument("--budget", type=float, default=300, help="seconds to learn what the tests call")
    parser.add_argument(
        "--tests", nargs="*", default=TESTS, help="only these: pages_run for test_pages_run.py"
    )
    options = parser.parse_args()
    runner = Runner(picked(options.seed, options.number), options.budget)
    files = [str(ROOT / "tests" / f"test_{name}.py") for name in options.tests]
    pytest.main([*OPTIONS, f"--rootdir={ROOT}", *files], plugins=[runner])
    log(f"{runner.survivors} of {len(runner.picked)} survive")
    return int(runner.survivors > 0)


if __name__ == "__main__":
    raise SystemExit(main())
