"""Compares the findings of this structlint with those of another one, byte for byte.

    python tests/same_findings.py OTHER/bin/python --cases 20000
    python tests/same_findings.py OTHER/bin/python --repositories DIRECTORY/*/repo --layouts base,monorepo

Both check random layouts and trees, and bare repositories with bundled layouts. OTHER is a virtual
environment with the other structlint. What differs is printed, and the exit status is then 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

PROGRAM = Path(__file__).resolve()
MOST_SHOWN = 5


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares the findings of two structlints.")
    parser.add_argument("other", help="the Python that the other structlint is installed for")
    parser.add_argument("--cases", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repositories", nargs="*", default=[])
    parser.add_argument("--layouts", default="monorepo,microservices,clean-architecture")
    options = parser.parse_args()
    if options.other == "-":
        print(*of_cases(options.seed, options.cases), sep="\n")
        return 0
    pythons = [sys.executable, options.other]
    differing = 0
    if options.cases:
        cases = [str(PROGRAM), "-", "--cases", str(options.cases), "--seed", str(options.seed)]
        ours, theirs = (_lines([python, *cases]) for python in pythons)
        pairs = list(zip(ours, theirs, strict=True))
        differing += _report("cases", [(f"case {n}", *pair) for n, pair in enumerate(pairs)])
    checks = [
        (repository, layout) for repository in options.repositories for layout in options.layouts.split(",")
    ]
    answers = []
    for repository, layout in checks:
        check = [
            "-m",
            "structlint",
            "check",
            repository,
            "--rev=HEAD",
            f"--layout={layout}",
            "--output-format=json",
        ]
        answer, other = ("\n".join(_lines([python, *check], failing=True)) for python in pythons)
        answers.append((f"{repository} {layout}", answer, other))
    differing += _report("repositories", answers) if answers else 0
    return 1 if differing else 0


def of_cases(seed: int, number: int) -> Iterator[str]:
    """The findings of random cases, a line each."""
    from engine_under_test import whole_findings
    from reference_run import cases

    for loaded, case in islice(cases(seed), number):
        try:
            found = whole_findings(loaded, *case.tree)
        except Exception as error:  # both fail alike, or they differ
            yield repr(error)
        else:
            yield repr([tuple(map(str, finding)) for finding in found])


def _lines(command: Sequence[str], *, failing: bool = False) -> list[str]:
    # The random cases depend on the order of sets.
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=not failing,
        errors="surrogateescape",
    )
    return [*done.stdout.splitlines(), *([f"status {done.returncode}", done.stderr] if failing else [])]


def _report(what: str, answers: Sequence[tuple[str, str, str]]) -> int:
    """Prints how many answers differ, and the first of them; returns their number."""
    differing = [answer for answer in answers if answer[1] != answer[2]]
    print(f"{what}: {len(answers):,} compared, {len(differing):,} differ")
    for name, ours, theirs in differing[:MOST_SHOWN]:
        print(f"{name}\n  this:  {ours[:2000]}\n  other: {theirs[:2000]}")
    return len(differing)


if __name__ == "__main__":
    sys.exit(main())
