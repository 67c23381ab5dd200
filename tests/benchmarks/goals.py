"""Measures all performance goals in one run, and writes a table in which missed goals are marked.

    python tests/benchmarks/goals.py --write docs/benchmarks

It reports processor seconds, which are valid on a busy machine: the minimum of all rounds for each contender.
The time of a command without startup is its time minus that on a tree of a hundred files. Each shape is
checked with its own layout and with a bundled layout; outside git, a copy of the tree is checked.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from imports import import_table
from other_shapes import OTHER_SHAPES
from shapes import SHAPES, Shape, made
from timing import STRUCTLINT, Run, environment, timed
from trees import File
from trees import write as write_tree

from structlint.layout.bundled import BUNDLED

PYTHON = [sys.executable, "-c", "pass"]
CHECK = [*STRUCTLINT, "check", "."]
_LEAST_FILES = 25_000
_SMALL = 100
_STARTED = ("README.md", ".gitignore", "pyproject.toml", "src/a/__init__.py", "tests/test_a.py")


class Row(NamedTuple):
    """A measurement, its divisor, and the limit of the quotient."""

    what: str
    seconds: float
    by: float
    most: float

    def __str__(self) -> str:
        ratio = self.seconds / self.by
        met = "met" if ratio <= self.most else "**not met**"
        return f"| {self.what} | {self.seconds:.3f} | {self.by:.3f} | {ratio:.2f} | {self.most} | {met} |"


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="Measures every goal of speed in one run.")
    parser.add_argument("--files", type=int, default=_LEAST_FILES, help="of each shape, at least")
    parser.add_argument("--million", type=int, default=1_000_000, help="files of the largest tree")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--peers", type=Path, help="where dependency-cruiser is installed")
    parser.add_argument("--write", type=Path, help="the directory that goals.md is written to")
    options = parser.parse_args()
    lines = [
        "# Speed goals",
        "",
        "`tests/benchmarks/goals.py` writes this page. Each row compares the processor time of a command",
        "with the time of another command, or of the same command in another case. *Without startup* means",
        "that the time of the same command in a tree of 100 files is subtracted.",
        "",
    ]
    lines += [
        "| command / compared with | seconds | seconds of the other | ratio | goal (at most) | result |"
    ]
    lines += ["|---|---:|---:|---:|---:|---|"]
    with tempfile.TemporaryDirectory(prefix="structlint-benchmark-") as name:
        scratch = Path(name)
        for shape in (*SHAPES, *OTHER_SHAPES):
            print(shape.name, file=sys.stderr)
            if shape.status == (0,):
                lines += map(str, _of_shape(shape, options.files, options.rounds, scratch))
            else:
                lines += map(str, _of_findings(shape, shape.files, options.rounds, scratch))
        lines += map(str, _starts(options.rounds + 3, scratch))
        lines += map(str, _growth(options.million, scratch))
    lines += ["", "## Imports", "", import_table(options.rounds, peers=options.peers)]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        (options.write / "goals.md").write_text(text)
    return 0


def _least(runs: Mapping[str, Run], rounds: int, scratch: Path) -> dict[str, float]:
    """The minimum processor seconds of each contender."""
    taken = timed(runs, rounds, environment(scratch))
    return {name: min(cost.processor_seconds for cost in costs) for name, costs in taken.items()}


def _of_shape(shape: Shape, files: int, rounds: int, scratch: Path) -> Iterator[Row]:
    large, small = scratch / "large", scratch / "small"
    made(shape, large, files)
    made(shape, small, _SMALL)
    outside = {"large": scratch / "outside", "small": scratch / "outside-small"}
    for inside, copy in ((large, outside["large"]), (small, outside["small"])):
        shutil.copytree(inside, copy, ignore=shutil.ignore_patterns(".git"))
    runs = {
        "git": Run(["git", "ls-files", "-co", "--exclude-standard", "-z"], large),
        "git of the index": Run(["git", "ls-files", "-z"], large),
    }
    commands = {"check": (), "check --tracked": ("--tracked",), "check --layout base": ("--layout", "base")}
    for name, arguments in commands.items():
        runs[name] = Run([*CHECK, *arguments], large, (0, 1))
        runs[f"{name}, small"] = Run([*CHECK, *arguments], small, (0, 1))
    runs["outside git"] = Run(CHECK, outside["large"], (0, 1))
    runs["outside git, small"] = Run(CHECK, outside["small"], (0, 1))
    least = _least(runs, rounds, scratch)
    for name in (*commands, "outside git"):
        of_index = name == "check --tracked"
        by = least["git of the index"] if of_index else least["git"]
        if by:
            seconds = least[name] - least[f"{name}, small"]
            yield Row(f"{shape.name}: {name}, without startup / git", seconds, by, 4 if of_index else 2.5)
    for tree in (large, small, *outside.values()):
        shutil.rmtree(tree)


def _of_findings(shape: Shape, files: int, rounds: int, scratch: Path) -> Iterator[Row]:
    """A tree with findings, in each format, compared with one without findings."""
    wrong, clean = made(shape, scratch / "wrong", files), made(SHAPES[0], scratch / "clean", files)
    runs = {"clean": Run(CHECK, clean)}
    runs |= {name: Run([*CHECK, *arguments], wrong, (1,)) for name, arguments in shape.commands.items()}
    least = _least(runs, rounds, scratch)
    for name in shape.commands:
        yield Row(f"{shape.name}: {name} / clean", least[name], least["clean"], 1.5)
    for tree in (wrong, clean):
        shutil.rmtree(tree)


def _starts(rounds: int, scratch: Path) -> Iterator[Row]:
    """The startup time of commands, compared with an empty Python program."""
    places = {name: scratch / f"start-{name}" for name in BUNDLED}
    for name, place in places.items():
        subprocess.run(["git", "init", "-q", str(place)], check=True)
        for path in _STARTED:
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).touch()
        (place / "structlint.yaml").write_text(f"extends: {name}\n")
    own = scratch / "start-own"
    subprocess.run(["git", "init", "-q", str(own)], check=True)
    (own / "structlint.yaml").write_text("tree: {a: }\n")
    (own / "a").touch()
    runs = {"python": Run(PYTHON, own), "a small layout": Run(CHECK, own)}
    runs["where"] = Run([*STRUCTLINT, "where", "b"], own, (0, 1))
    runs |= {f"the layout {name}": Run(CHECK, place, (0, 1)) for name, place in places.items()}
    least = _least(runs, rounds, scratch)
    for name in (name for name in runs if name != "python"):
        most = 5.5 if name.startswith("the layout") else 5
        yield Row(f"start: {name} / python", least[name], least["python"], most)


def _growth(files: int, scratch: Path) -> Iterator[Row]:
    """The time and memory for an index ten times as large."""
    taken = {}
    for number in (files // 10, files):
        tree = scratch / f"index-{number}"
        write_tree(tree, [File("structlint.yaml", "tree: {d*/: {.: {unlisted: allow}}}\n")])
        blob = subprocess.run(
            ["git", "hash-object", "-w", "--stdin"], cwd=tree, input=b"", capture_output=True, check=True
        ).stdout.decode()
        entries = (f"100644 {blob.strip()}\td{at // 50}/file-{at}.py\n" for at in range(number))
        subprocess.run(
            ["git", "update-index", "--index-info"], cwd=tree, input="".join(entries).encode(), check=True
        )
        run = {"check": Run([*CHECK, "--tracked"], tree, (0, 1))}
        taken[number] = timed(run, 1, environment(scratch))["check"][0]
    small, large = taken[files // 10], taken[files]
    yield Row(
        "growth: ten times the files, in the index", large.processor_seconds, small.processor_seconds, 11
    )
    yield Row(f"MB of {files:,} files", large.megabytes, 1, 300)


if __name__ == "__main__":
    sys.exit(main())
