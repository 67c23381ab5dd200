"""Times structlint, git and other tools, in turn on the same trees, and writes the results.

    python tests/benchmarks/run.py --peers DIRECTORY --write docs/benchmarks
    python tests/benchmarks/run.py --shapes --scale 0.1 --against OTHER/.venv/bin/structlint

`--peers` is a directory with `alint` and `repo_structure` (`pip install alint repo-structure` in a virtual
environment there) and `ls-lint` (`npm install @ls-lint/ls-lint` there), in its bin/ or node_modules/.bin/.
Tools that are not installed are skipped with a note. Nothing is installed or downloaded. `--write` creates
results.json, README.md and, if matplotlib is installed, cost.svg.

`--shapes` measures the trees of `shapes.py` instead. It compares each command with `git ls-files`, with and
without its startup time, which is measured on a tree of a hundred files. `--against` is another structlint,
such as that of another checkout. Both run in each round, and the ratio of each round is compared. There is a
table of seconds and one of processor seconds, which are valid on a busy machine. `--write` then creates
shapes.json.

All contenders of a race run once in each round, and in reverse order in the next round, so that other load on
the machine affects all of them. The first round is a warm-up and is not counted; in this round Python
compiles the imported modules, as pip does on installation. The results are medians and ratios: seconds depend
on the machine, ratios much less. The memory is that of the largest process, including git.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from other_shapes import OTHER_SHAPES
from shape_races import Shaped, measured, shape_tables, shapes_as_json
from shapes import SHAPES, Shape
from timing import STRUCTLINT, Cost, Run, environment, medians, timed
from trees import services, with_gitignores, with_ignored

GIT = ["git", "ls-files", "-co", "--exclude-standard"]
PYTHON = [sys.executable, "-c", "pass"]
CONCISE = ["--output-format", "concise"]


class Goal(NamedTuple):
    """A contender may take at most `most` times as long as another one."""

    contender: str
    other: str
    most: float


class Race(NamedTuple):
    """Commands to run in turn, by contender. None may take more than `room` MB."""

    name: str
    files: int
    runs: Mapping[str, Run]
    goals: tuple[Goal, ...]
    room: int | None = None


class Result(NamedTuple):
    """The median costs of each contender of a race."""

    race: Race
    costs: Mapping[str, Cost]


_HEAD = """\
# Benchmarks

`tests/benchmarks/run.py` writes this page. The docstring of the script explains how to run the benchmarks.

All tools check the same services. Each tool applies seven rules, or as many of them as it supports.
In each table, the ratio is relative to the fastest row.
"""


_BY_NAME = {shape.name: shape for shape in (*SHAPES, *OTHER_SHAPES)}


def main() -> int:
    """Runs all races and prints the table; returns 1 if a contender fails."""
    parser = argparse.ArgumentParser(description="Times structlint against git and its peers.")
    parser.add_argument("--peers", type=Path, help="where alint, ls-lint and repo_structure are installed")
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of files, with commas")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", type=Path, help="where what was measured goes")
    parser.add_argument(
        "--shapes",
        nargs="?",
        const=",".join(_BY_NAME),
        help="only these shapes, with commas; all if none is named",
    )
    parser.add_argument(
        "--scale", type=float, default=1, help="with --shapes: 0.1 makes a tenth of the files"
    )
    parser.add_argument("--against", type=Path, help="with --shapes: the program of another structlint")
    options = parser.parse_args()
    if options.shapes is None:
        _run_races(options)
        return 0
    if unknown := set(options.shapes.split(",")) - set(_BY_NAME):
        parser.error(f"no shape is named {', '.join(sorted(unknown))}; there are {', '.join(_BY_NAME)}")
    _run_shapes(options, [_BY_NAME[name] for name in options.shapes.split(",")])
    return 0


def _run_races(options: argparse.Namespace) -> None:
    """The races against git and the peers."""
    peers = _peers(options.peers)
    versions = _versions(peers)
    print("\n".join(f"{name}: {version}" for name, version in versions.items()), file=sys.stderr)
    results = []
    with tempfile.TemporaryDirectory(prefix="structlint-benchmark-") as scratch:
        for race in _races(Path(scratch), [int(size) for size in options.sizes.split(",")], peers):
            print(f"{race.name}, {race.files:,} files", file=sys.stderr)
            taken = timed(race.runs, options.rounds, environment(Path(scratch)))
            results.append(Result(race, medians(taken)))
    print(_table(versions, options.rounds, results))
    if options.write:
        _write(options.write, versions, options.rounds, results)


def _run_shapes(options: argparse.Namespace, shapes: Sequence[Shape]) -> None:
    """Races structlint on trees of several shapes against git and another structlint."""
    other = options.against and options.against.absolute()
    versions = _versions({"the other": [str(other)]} if other else {})
    results: list[list[Shaped]] = []
    with tempfile.TemporaryDirectory(prefix="structlint-benchmark-") as name:
        scratch = Path(name)
        for shape in shapes:
            print(f"{shape.name}, {shape.files * options.scale:,.0f} files", file=sys.stderr)
            trees = scratch / "trees"
            results.append(measured(shape, options.scale, other, options.rounds, trees, environment(scratch)))
            shutil.rmtree(trees)
    print(_line(versions, options.rounds), shape_tables(results, against=other is not None), sep="\n")
    if options.write:
        options.write.mkdir(parents=True, exist_ok=True)
        said = {"versions": versions, "rounds": options.rounds, "races": shapes_as_json(results)}
        (options.write / "shapes.json").write_text(json.dumps(said, indent=2) + "\n")


def _peers(directory: Path | None) -> dict[str, list[str]]:
    """The commands of the peers that are installed."""
    commands = {"alint": ["alint", "check", "."], "ls-lint": ["ls-lint"]}
    commands["repo-structure"] = ["repo_structure", "full-scan"]
    places = [directory / "bin", directory / "node_modules" / ".bin"] if directory else []
    found = {}
    for name, (program, *arguments) in commands.items():
        if path := shutil.which(program, path=os.pathsep.join(map(str, places))):
            found[name] = [path, *arguments]
        else:
            print(f"{name}: not there, left out", file=sys.stderr)
    return found


def _versions(peers: Mapping[str, Sequence[str]]) -> dict[str, str]:
    programs = {"structlint": STRUCTLINT, "git": ["git"], **{name: [each[0]] for name, each in peers.items()}}
    said = {name: _said([*program, "--version"]) for name, program in programs.items()}
    cores = os.cpu_count() or 1
    return {
        **{name: found[0] if (found := re.search(r"\d[\w.]*", text)) else "?" for name, text in said.items()},
        "Python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {cores} cores",
    }


def _said(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().split("\n")[0]


def _races(scratch: Path, sizes: Sequence[int], peers: Mapping[str, Sequence[str]]) -> Iterator[Race]:
    """The races, each with its tree, which is created on demand."""
    for size in sizes:
        tree = services(scratch / f"tree-{size}", size)
        runs = {
            "git ls-files": Run(GIT, tree),
            "structlint": Run([*STRUCTLINT, "check", "."], tree),
            "structlint --tracked": Run([*STRUCTLINT, "check", ".", "--tracked"], tree),
            "structlint where": Run([*STRUCTLINT, "where", "services/service-0/src/new.py"], tree),
            "python -c pass": Run(PYTHON, tree),
            **{name: Run(command, tree) for name, command in peers.items()},
        }
        yield Race("check", size, runs, tuple(_goals(size, peers)))
    yield from _growth(scratch, sizes)
    yield _small(scratch)
    yield _with_ignored(scratch)
    yield _with_findings(scratch)
    yield _outside_git(scratch)


def _goals(size: int, peers: Mapping[str, Sequence[str]]) -> Iterator[Goal]:
    if size == 10_000 and "alint" in peers:
        yield Goal("structlint", "alint", 1.5)
    if size >= 100_000 and "alint" in peers:
        yield Goal("structlint", "alint", 0.5)
    if size == 100_000:
        if "alint" in peers:
            yield Goal("structlint --tracked", "alint", 0.35)
        yield Goal("structlint", "git ls-files", 2.5)
        yield Goal("structlint where", "python -c pass", 6)


def _growth(scratch: Path, sizes: Sequence[int]) -> Iterator[Race]:
    """A tree ten times as large as another one."""
    for size in sizes:
        if size >= 100_000 and 10 * size in sizes:
            names = f"{size:,} files", f"{10 * size:,} files"
            trees = scratch / f"tree-{size}", scratch / f"tree-{10 * size}"
            runs = {
                name: Run([*STRUCTLINT, "check", "."], tree) for name, tree in zip(names, trees, strict=True)
            }
            yield Race("growth", 10 * size, runs, (Goal(names[1], names[0], 11),), room=600)


def _small(scratch: Path) -> Race:
    tree = services(scratch / "small", 100)
    runs = {
        "python -c pass": Run(PYTHON, tree),
        "structlint": Run([*STRUCTLINT, "check", ".", *CONCISE], tree),
    }
    return Race("small", 100, runs, (Goal("structlint", "python -c pass", 6),))


def _with_ignored(scratch: Path) -> Race:
    plain, full = services(scratch / "plain", 10_000), services(scratch / "full", 10_000)
    with_ignored(full, 200_000)
    with_layout = (full / "structlint.yaml").read_text().replace("tree:\n", "tree:\n  .gitignore:\n")
    (full / "structlint.yaml").write_text(with_layout)
    check = [*STRUCTLINT, "check", "."]
    runs = {"without them": Run(check, plain), "with 200,000 ignored files": Run(check, full)}
    return Race("ignored", 10_000, runs, (Goal("with 200,000 ignored files", "without them", 1.3),))


def _with_findings(scratch: Path) -> Race:
    clean, wrong = services(scratch / "clean", 22_000), services(scratch / "wrong", 22_000, wrong=10_000)
    check = [*STRUCTLINT, "check", "."]
    runs = {
        "clean": Run([*check, *CONCISE], clean),
        "concise": Run([*check, *CONCISE], wrong, status=(1,)),
        "json": Run([*check, "--output-format", "json"], wrong, status=(1,)),
    }
    return Race("10,000 findings", 22_000, runs, (Goal("concise", "clean", 2), Goal("json", "clean", 2)))


def _outside_git(scratch: Path) -> Race:
    """The same files with a `.gitignore` in each service: in a repository, outside one, and without git."""
    inside, outside = services(scratch / "inside", 10_000), services(scratch / "outside", 10_000)
    with_gitignores(inside)
    with_gitignores(outside)
    shutil.rmtree(outside / ".git")
    check = [*STRUCTLINT, "check", "."]
    without = [shutil.which("env") or "env", f"PATH={scratch / 'nowhere'}", *check]
    runs = {
        "inside git": Run(check, inside),
        "outside git": Run(check, outside),
        "without git": Run(without, outside),
    }
    goals = Goal("outside git", "inside git", 3), Goal("without git", "inside git", 3)
    return Race("outside git", 10_000, runs, goals)


def _line(versions: Mapping[str, str], rounds: int) -> str:
    programs = ", ".join(f"{name} {version}" for name, version in versions.items() if name != "machine")
    return f"The figures are medians of {rounds} rounds on {versions['machine']}, with {programs}."


def _table(versions: Mapping[str, str], rounds: int, results: Sequence[Result]) -> str:
    """The measurements in Markdown."""
    lines = [_line(versions, rounds)]
    for race, costs in results:
        least = min(cost.seconds for cost in costs.values())
        lines += ["", f"## {race.name}: {race.files:,} files", ""]
        lines += ["| | seconds | ratio |", "|---|---:|---:|"]
        lines += [
            f"| {name} | {cost.seconds:.3f} | {cost.seconds / least:.1f} |" for name, cost in costs.items()
        ]
        if race.goals:
            lines += ["", "| goal | at most | measured | |", "|---|---:|---:|---|"]
        for goal in race.goals:
            ratio = costs[goal.contender].seconds / costs[goal.other].seconds
            lines.append(_judged(f"{goal.contender} / {goal.other}", goal.most, ratio))
        if race.room:
            lines.append(_judged("MB", race.room, _most_megabytes(costs)))
    return "\n".join(lines)


def _most_megabytes(costs: Mapping[str, Cost]) -> int:
    # The reported memory of a small process is that of this process, which forked it.
    return round(max(cost.megabytes for cost in costs.values()))


def _judged(what: str, most: float, measured: float) -> str:
    return f"| {what} | {most} | {measured:.2f} | {'met' if measured <= most else 'not met'} |"


def _write(directory: Path, versions: Mapping[str, str], rounds: int, results: Sequence[Result]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    measured = [
        {
            "race": race.name,
            "files": race.files,
            "seconds": {name: round(cost.seconds, 4) for name, cost in costs.items()},
            **({"megabytes": _most_megabytes(costs)} if race.room else {}),
            "goals": [goal._asdict() for goal in race.goals],
        }
        for race, costs in results
    ]
    told = {"versions": versions, "rounds": rounds, "races": measured}
    (directory / "results.json").write_text(json.dumps(told, indent=2) + "\n")
    plotted = _plot(directory / "cost.svg", [each for each in results if each.race.name == "check"])
    picture = "\n![Seconds against the number of files](cost.svg)\n" if plotted else ""
    (directory / "README.md").write_text(f"{_HEAD}{picture}\n{_table(versions, rounds, results)}\n")


def _plot(path: Path, results: Sequence[Result]) -> bool:
    """Draws the cost of a check against its size; False if matplotlib is not installed."""
    try:
        import matplotlib
    except ImportError:
        print("matplotlib: not there, no picture", file=sys.stderr)
        return False
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "structlint"  # makes the output reproducible
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    sizes = [race.files for race, _ in results]
    for name in results[0].costs:
        axes.plot(sizes, [each.costs[name].seconds for each in results], "o-", label=name)
    axes.set(xscale="log", yscale="log", xlabel="files", ylabel="seconds")
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")
    return True


if __name__ == "__main__":
    sys.exit(main())
