"""Races on trees of several shapes: structlint against git, and against another structlint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from shapes import Shape, made
from timing import STRUCTLINT, Run, timed

GIT = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
_OF_GIT, _SMALL, _OTHER = "git ls-files", "{}, of 100 files", "{}, of the other"
# The first is the time that users wait; the second hardly depends on other load.
CLOCKS = {"seconds": "seconds", "processor seconds": "processor_seconds"}
_FEW = 100  # files of a tree that measures the startup time


class Shaped(NamedTuple):
    """The seconds of each contender on a shape in each round, by one clock."""

    shape: Shape
    files: int
    seconds: Mapping[str, Sequence[float]]


class Ratio(NamedTuple):
    """The median of the ratios of all rounds, and their quartiles."""

    middle: float
    low: float
    high: float


def contenders(shape: Shape, large: Path, small: Path, other: Path | None) -> dict[str, Run]:
    """The commands to run on a large and on a small tree of a shape.

    `other` is the program of another structlint.
    """
    runs = {_OF_GIT: Run(GIT, large)}
    for name, options in shape.commands.items():
        for tree, tree_name in ((large, name), (small, _SMALL.format(name))):
            arguments = ["check", ".", *options]
            runs[tree_name] = Run([*STRUCTLINT, *arguments], tree, shape.status)
            if other:
                command = [str(other), *arguments]
                runs[_OTHER.format(tree_name)] = Run(command, tree, shape.status)
    return runs


def measured(
    shape: Shape, scale: float, other: Path | None, rounds: int, scratch: Path, environment: Mapping[str, str]
) -> list[Shaped]:
    """Creates trees of a shape in `scratch` and times all contenders; returns the result by each clock."""
    files = max(_FEW, round(shape.files * scale))
    large = made(shape, scratch / f"{shape.name}-{files}", files)
    small = made(shape, scratch / f"{shape.name}-small", _FEW)
    taken = timed(contenders(shape, large, small, other), rounds, environment)
    return [
        Shaped(
            shape, files, {name: [getattr(cost, field) for cost in costs] for name, costs in taken.items()}
        )
        for field in CLOCKS.values()
    ]


def shape_tables(results: Sequence[Sequence[Shaped]], against: bool) -> str:
    """The measurements of the shapes by each clock, in Markdown."""
    lines = [
        "The ratios are to `git ls-files -co --exclude-standard -z` on the same tree, in the same run;",
        f"beyond the start is less what the same command takes on {_FEW} files.",
    ]
    if against:
        lines.append("This / the other is the median of the ratios of each round, and their middle half.")
    for clock, of_clock in zip(CLOCKS, zip(*results, strict=True), strict=True):
        lines += ["", *_table(clock, of_clock, against)]
    return "\n".join(lines)


def _table(clock: str, results: Sequence[Shaped], against: bool) -> Iterator[str]:
    columns = ["shape", "files", "command", clock, "git", "ratio", "beyond the start: ratio"]
    columns += ["this / the other", "beyond the start: this / the other"] if against else []
    yield _row(columns)
    yield "|---|---:|---|" + "---:|" * (len(columns) - 3)
    for result in results:
        for command in result.shape.commands:
            cells = [result.shape.name, f"{result.files:,}", command, *_to_git(result, command)]
            yield _row([*cells, *(_to_other(result, command) if against else ())])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _to_git(result: Shaped, command: str) -> list[str]:
    ours, small = median(result.seconds[command]), median(result.seconds[_SMALL.format(command)])
    git = median(result.seconds[_OF_GIT])
    return [f"{ours:.3f}", f"{git:.3f}", f"{ours / git:.2f}", f"{(ours - small) / git:.2f}"]


def _to_other(result: Shaped, command: str) -> list[str]:
    ratios = [paired(result, command), paired(result, command, beyond=True)]
    return [f"{each.middle:.2f} ({each.low:.2f} to {each.high:.2f})" if each else "-" for each in ratios]


def paired(result: Shaped, command: str, beyond: bool = False) -> Ratio | None:
    """The ratio of this structlint to the other in each round, with or without the startup time.

    None if the other one takes no measurable time after startup.
    """
    small = _SMALL.format(command)
    rounds = zip(
        result.seconds[command],
        result.seconds[small],
        result.seconds[_OTHER.format(command)],
        result.seconds[_OTHER.format(small)],
        strict=True,
    )
    ratios = []
    for ours, our_start, theirs, their_start in rounds:
        if beyond and theirs <= their_start:
            return None
        ratios.append((ours - our_start) / (theirs - their_start) if beyond else ours / theirs)
    low, middle, high = quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    return Ratio(middle, low, high)


def shapes_as_json(results: Sequence[Sequence[Shaped]]) -> list[dict[str, object]]:
    """The races on shapes in the format of results.json: medians by contender."""
    return [
        {
            "race": f"shape: {by_clock[0].shape.name}",
            "files": by_clock[0].files,
            **{
                clock: {name: round(median(each), 4) for name, each in result.seconds.items()}
                for clock, result in zip(CLOCKS, by_clock, strict=True)
            },
            "goals": [],
        }
        for by_clock in results
    ]
