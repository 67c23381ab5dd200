"""Compares the findings of two versions of structlint byte for byte.

    python tests/same_findings.py OTHER/bin/python --cases 20000
    python tests/same_findings.py OTHER/bin/python --repositories DIRECTORY/*/repo --layouts base,monorepo

Both versions check random layouts and trees, and bare repositories with bundled layouts. OTHER is a virtual
environment with the other version. The exit status is 1 if there are differences, which are printed.
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
    parser = argparse.ArgumentParser(description="Compares the findings of two versions of structlint.")
    parser.add_argument("other", help="the Python interpreter of the other version")
    parser.add_argument("--cases", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repositories", nargs="*", default=[])
    parser.add_argument("--layouts", default="monorepo,microservices,clean-architecture")
    options = parser.parse_args()
    if options.other == "-":
        print(*case_findings(options.seed, options.cases), sep="\n")
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
    outputs = []
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
        this, other = ("\n".join(_lines([python, *check], failing=True)) for python in pythons)
        outputs.append((f"{repository} {layout}", this, other))
    differing += _report("repositories", outputs) if outputs else 0
    return 1 if differing else 0


def case_findings(seed: int, number: int) -> Iterator[str]:
    """The findings of random cases, one line per case."""
    from engine_under_test import full_findings
    from reference_run import cases

    for loaded, case in islice(cases(seed), number):
        try:
            found = full_findings(loaded, *case.tree)
        except Exception as error:  # compared like findings
            yield repr(error)
        else:
            yield repr([tuple(map(str, finding)) for finding in found])


def _lines(command: Sequence[str], *, failing: bool = False) -> list[str]:
    # The random cases depend on the iteration order of sets.
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=not failing,
        errors="surrogateescape",
    )
    return [*done.stdout.splitlines(), *([f"status {done.returncode}", done.stderr] if failing else [])]


def _report(what: str, outputs: Sequence[tuple[str, str, str]]) -> int:
    """Prints the number of differences and the first of them; returns the number."""
    differing = [answer for answer in outputs if answer[1] != answer[2]]
    print(f"{what}: {len(outputs):,} compared, {len(differing):,} differ")
    for name, ours, theirs in differing[:MOST_SHOWN]:
        print(f"{name}\n  this:  {ours[:2000]}\n  other: {theirs[:2000]}")
    return len(differing)


if __name__ == "__main__":
    sys.exit(main())
