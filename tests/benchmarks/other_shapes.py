"""More shapes: trees with the statistics of public repositories, and layouts that are expensive to check.

The statistics are from three repositories with at least 10,000 files: an application in Java and TypeScript,
a Go program with vendored packages, and documentation with a directory for each version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from random import Random
from typing import NamedTuple

from shapes import Shape, word_names
from trees import File


class Statistics(NamedTuple):
    """Statistics of the paths in a repository.

    `depths` is the percentage of directories at each depth, from 1. `held` is the minimum, median and maximum
    number of files in a directory. `endings` is the percentage of files with each extension. `distinct` is
    the percentage of files with a unique name.
    """

    depths: Sequence[int]
    held: Sequence[int]
    endings: dict[str, int]
    distinct: int


APPLICATION = Statistics(
    (1, 1, 2, 9, 6, 16, 10, 14, 18, 13, 6, 4),
    (1, 2, 2, 3, 3, 5, 7, 14, 54),
    {".java": 49, ".ts": 18, ".html": 11, ".json": 7, ".scss": 6, ".xml": 6, ".svg": 3},
    96,
)
PROGRAM = Statistics(
    (2, 4, 5, 20, 26, 18, 12, 4, 2, 7),
    (1, 1, 1, 3, 3, 5, 7, 14, 57),
    {".go": 76, ".libsonnet": 9, ".md": 7, ".yaml": 4, ".s": 4},
    55,
)
DOCUMENTATION = Statistics(
    (2, 8, 31, 22, 30, 7),
    (1, 2, 7, 7, 14, 24, 61, 120, 584),
    {".md": 65, ".png": 23, ".html": 10, ".json": 2},
    14,
)


def of_statistics(statistics: Statistics, files: int, random: Random) -> Iterator[File]:
    """A tree with these statistics."""
    names = word_names(random)
    common = [next(names) for _ in range(200)]
    levels: list[list[str]] = [["src/"]]
    endings = random.choices(list(statistics.endings), list(statistics.endings.values()), k=files)
    yield from (File("README.md"), File("LICENSE"), File(".gitignore", ".env\n*.local.yaml\n"))
    yielded = 3
    while yielded < files:
        depth = random.choices(range(1, len(statistics.depths) + 1), statistics.depths)[0]
        while len(levels) <= depth:
            levels.append([f"{random.choice(levels[-1])}{next(names)}/"])
        directory = f"{random.choice(levels[depth - 1])}{next(names)}/"
        levels[depth].append(directory)
        held = {
            (next(names) if random.randrange(100) < statistics.distinct else random.choice(common))
            + endings[(yielded + number) % files]
            for number in range(random.choice(statistics.held))
        }
        yield from (File(directory + name) for name in sorted(held))
        yielded += len(held)


OF_STATISTICS = """\
names: {area: kebab-case}
tree:
  README.md:
  LICENSE:
  .gitignore:
  src/:
    "**/": {"*~": false, .DS_Store: false, target/: false}
    <area>/:
belongs: {"*.java": src/, "*.go": src/, "*.md": [src/, /]}
forbid: {"*.orig": a merge, "**/tmp/**": a run, "*.log": a run}
local: [.env, "*.local.yaml"]
limits: {depth: 20, files: 1000, path-length: 400}
"""

_TIED = 2_000  # placeholders, with three entries each


def _with_ties() -> str:
    lines = ["tree:", "  README.md:"]
    for number in range(_TIED):
        lines += [
            f"  area-{number}/?:",
            f"    src/: {{<part-{number}>.py: }}",
            f"    tests/: {{test_<part-{number}>.py: }}",
            f"    docs/: {{<part-{number}>.md: }}",
        ]
    return "\n".join(lines) + "\n"


def _tied(files: int, random: Random) -> Iterator[File]:
    """Areas, each with its own placeholder that ties modules, tests and pages."""
    names = word_names(random, "_")
    yield File("README.md")
    parts = max(1, files // (3 * _TIED))
    for number in range(min(_TIED, max(1, files // (3 * parts)))):
        for _ in range(parts):
            name = next(names)
            for path in (f"src/{name}.py", f"tests/test_{name}.py", f"docs/{name}.md"):
                yield File(f"area-{number}/{path}")


PATH_MIRRORS = """\
names: {module: snake_case}
tree:
  README.md:
  src/:
    <place**>/: {<module>.py: }
  tests/:
    <place**>/: {test_<module>.py: }
"""


def _path_mirrors(files: int, random: Random) -> Iterator[File]:
    """Modules in directories at all depths, with tests in the same directories of another tree."""
    names = word_names(random, "_")
    yield File("README.md")
    yield from map(File, ("src/main.py", "tests/test_main.py"))
    places = [""]
    for _ in range(max(1, files // 16)):
        place = f"{random.choice(places[-50:])}{next(names)}/"
        places.append(place)
        for _ in range(8):
            name = next(names)
            yield from map(File, (f"src/{place}{name}.py", f"tests/{place}test_{name}.py"))


MEMBERS = """\
names: {service: kebab-case, library: kebab-case}
tree:
  README.md:
  parts/:
    .: {unlisted: forbid}
    <service>/: {.: {if: Dockerfile | deploy/*.yaml}, README.md: , src/: , Dockerfile?: , deploy/?: }
    <library>/: {.: {if: pyproject.toml | package.json}, README.md: , src/: , "*.toml?": , "*.json?": }
"""
_MEMBER = 8  # files per directory


def _members(files: int, random: Random) -> Iterator[File]:
    """Directories that are services or libraries depending on their contents."""
    names = word_names(random)
    yield File("README.md")
    for _ in range(max(1, files // _MEMBER)):
        part = f"parts/{next(names)}"
        shown = random.choice(("Dockerfile", "deploy/app.yaml", "pyproject.toml", "package.json"))
        yield from map(File, (f"{part}/README.md", f"{part}/{shown}"))
        yield from (File(f"{part}/src/{next(names)}.py") for _ in range(_MEMBER - 2))


OTHER_SHAPES = (
    Shape("application", 25_000, OF_STATISTICS, partial(of_statistics, APPLICATION)),
    Shape("program", 25_000, OF_STATISTICS, partial(of_statistics, PROGRAM)),
    Shape("documentation", 25_000, OF_STATISTICS, partial(of_statistics, DOCUMENTATION)),
    Shape("tied", 40_000, _with_ties(), _tied),
    Shape("path-mirrors", 40_000, PATH_MIRRORS, _path_mirrors),
    Shape("members", 40_000, MEMBERS, _members),
)
