"""Times the import rules and other tools with the same rules, in turn on the same trees.

    python tests/benchmarks/imports.py
    python tests/benchmarks/imports.py --peers DIRECTORY --against OTHER/.venv/bin/structlint --scale 0.1

import-linter, which reads imports with grimp, and dependency-cruiser check the same four rules. They are run
from `--peers` (its `bin/` or `node_modules/.bin/`), from the directory of this Python, or from PATH, and
skipped if they are not installed. It reports the medians of seconds and processor seconds, and the memory of
the largest process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from import_trees import some_files
from timing import STRUCTLINT, Cost, Run, environment, medians, timed
from trees import write


class ImportGoal(NamedTuple):
    """A tree in one language, and the limits of seconds and MB for checking it."""

    language: str
    files: int
    seconds: float
    megabytes: int
    peer: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = {}


GOALS = (
    ImportGoal("Python", 5_000, 0.5, 150, "lint-imports", ("--no-cache",), {"PYTHONPATH": "src"}),
    ImportGoal(
        "TypeScript",
        3_000,
        1.2,
        150,
        "depcruise",
        ("--config", ".dependency-cruiser.cjs", "apps", "packages"),
    ),
)


def main() -> int:
    """Measures all goals and prints the table."""
    parser = argparse.ArgumentParser(description="Times the rules for imports beside their peers.")
    parser.add_argument("--peers", type=Path, help="where dependency-cruiser is installed")
    parser.add_argument("--against", type=Path, help="the program of another structlint")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1, help="0.1 makes a tenth of the files")
    options = parser.parse_args()
    print(import_table(options.rounds, options.scale, options.peers, options.against))
    return 0


def import_table(
    rounds: int, scale: float = 1, peers: Path | None = None, against: Path | None = None
) -> str:
    """The measurements in Markdown."""
    lines = ["| tree | contender | seconds | processor seconds | MB | goal |", "|---|---|---:|---:|---:|---|"]
    with tempfile.TemporaryDirectory(prefix="structlint-benchmark-") as scratch:
        for goal in GOALS:
            costs = _measured(goal, rounds, scale, Path(scratch), peers, against)
            lines += [_row(goal, name, cost, scale) for name, cost in costs.items()]
    return "\n".join(lines)


def _measured(
    goal: ImportGoal, rounds: int, scale: float, scratch: Path, peers: Path | None, against: Path | None
) -> dict[str, Cost]:
    files = round(goal.files * scale)
    print(f"imports of {goal.language}, {files:,} files", file=sys.stderr)
    tree = write(scratch / goal.language, some_files(goal.language, files))
    check = ["check", ".", "--select=wrong-import,unseen-imports"]
    runs = {"structlint": Run([*STRUCTLINT, *check], tree)}
    if against:
        runs["the other structlint"] = Run([str(against.absolute()), *check], tree)
    if peer := _program(goal.peer, peers):
        runs[goal.peer] = Run([peer, *goal.command], tree, environment=goal.environment)
    else:
        print(f"{goal.peer}: not there, left out", file=sys.stderr)
    return medians(timed(runs, rounds, environment(scratch)))


def _program(name: str, peers: Path | None) -> str | None:
    places = [str(peers / "bin"), str(peers / "node_modules" / ".bin")] if peers else []
    places += [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    return shutil.which(name, path=os.pathsep.join(places))


def _row(goal: ImportGoal, name: str, cost: Cost, scale: float) -> str:
    judged = ""
    if name == "structlint" and scale == 1:
        met = cost.processor_seconds <= goal.seconds and cost.megabytes <= goal.megabytes
        judged = f"{goal.seconds} s, {goal.megabytes} MB: {'met' if met else '**not met**'}"
    tree = f"{goal.files * scale:,.0f} files of {goal.language}"
    seconds = f"{cost.seconds:.2f} | {cost.processor_seconds:.2f} | {cost.megabytes:.0f}"
    return f"| {tree} | {name} | {seconds} | {judged} |"


if __name__ == "__main__":
    sys.exit(main())
