"""Shapes of trees, each with a layout that accepts it. Shapes differ in what makes a check slow.

A shape always has the same files for the same size. Rare kinds of files, such as untracked ones, keep their
proportion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from trees import LAYOUT, File, service_files, write

from structlint.report import FORMATS

_CHECKS = {"check": (), "check --tracked": ("--tracked",)}
_FORMATS = {f"check, {name}": ("--output-format", name) for name in FORMATS}


class Shape(NamedTuple):
    """A kind of tree with `files` files at full scale; `of` yields about the requested number of files.

    `commands` are options of `check` by the name of the measurement, and `status` is their exit status.
    """

    name: str
    files: int
    layout: str
    of: Callable[[int, Random], Iterator[File]]
    status: tuple[int, ...] = (0,)
    commands: Mapping[str, Sequence[str]] = _CHECKS


def made(shape: Shape, directory: Path, files: int) -> Path:
    """Creates a git repository of this shape with about this many files, and returns its path."""
    layout = File("structlint.yaml", shape.layout)
    return write(directory, [layout, *shape.of(files, Random(shape.name))])


def word_names(random: Random, join: str = "-") -> Iterator[str]:
    """Unique names of two words in random order."""
    given: set[str] = set()
    while True:
        words = ("".join(random.choice(_SYLLABLES) for _ in range(3)) for _ in range(2))
        name = join.join(words)
        if name not in given:
            given.add(name)
            yield name


_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
_MODULES = 24  # per service, with one test each
_MIRRORED = 1 + 2 * _MODULES  # files per service, including its manifest


def _present(files: int, random: Random) -> Iterator[File]:
    yield from service_files(files)


MIRRORED = """\
names: {service: kebab-case, module: snake_case}
tree:
  README.md:
  services/:
    <service>/:
      manifest.yaml: How it is deployed
      src/: {<module>.py: }
      tests/: {test_<module>.py: }
limits: {files: 60, depth: 6}
"""

_MANIFEST = """\
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec:
  selector: {{app: {name}}}
  ports: [{{port: 80, targetPort: 8080}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers: [{{name: {name}, image: "registry/{name}:1", ports: [{{containerPort: 8080}}]}}]
"""


def _mirrored(files: int, random: Random) -> Iterator[File]:
    """Services with tests named after their modules, which differ between services."""
    names, modules = word_names(random), word_names(random, "_")
    known = [next(modules) for _ in range(20 * _MODULES)]
    yield File("README.md")
    for _ in range(max(1, files // _MIRRORED)):
        name = next(names)
        yield File(f"services/{name}/manifest.yaml", _MANIFEST.format(name=name))
        for module in random.sample(known, _MODULES):
            yield File(f"services/{name}/src/{module}.py")
            yield File(f"services/{name}/tests/test_{module}.py")


VARIED = """\
names: {area: kebab-case, topic: kebab-case}
tree:
  .: {unlisted: forbid}
  README.md:
  .gitignore:
  src/:
    "**/": {"*.py?": , "*.ts?": , "*.orig": false, generated/: false}
    <area>/:
  docs/:
    "**/": {"*.md?": , images/?: }
    <topic>/?:
belongs:
  "*.py": src/
  "*.ts": [src/, tests/]
  "*.md": docs/
  /README.md: /
  "*.sql": [src/, db/]
  "!**/vendor/**":
forbid:
  "*.bak": git keeps what was before
  "**/tmp/**": made by a run
  __pycache__/: compiled
  "/src/**/*.min.ts": made by a build
local: [.env, "*.local.yaml", .idea/]
exclude: ["**/snapshots/**", "*.snap", /src/*/vendor/]
limits: {depth: 9, files: 60, path-length: 200}
"""

_SUFFIXES = {"src": (".py", ".ts", ".sql", ".json", ".snap"), "docs": (".md", ".svg")}
_DEEPEST = 9  # nesting levels


def _varied(files: int, random: Random) -> Iterator[File]:
    """Directories at all depths from two to nine; all directories and files have unique names."""
    names = word_names(random)
    yield File("README.md")
    yield File(".gitignore", ".env\n*.local.yaml\n.idea/\n")
    yielded = 2
    directories = {root: [root] for root in _SUFFIXES}
    while yielded < files:
        root = random.choice(list(directories))
        known = directories[root]
        # Begin with a chain to the last depth, so that small trees have all depths.
        above = known[-1] if len(known) < _DEEPEST else random.choice(known)
        if above.count("/") + 1 == _DEEPEST:
            above = root
        directory = f"{above}/{next(names)}"
        known.append(directory)
        for _ in range(random.randint(1, 7)):
            yield File(f"{directory}/{next(names)}{random.choice(_SUFFIXES[root])}")
            yielded += 1
    for excluded in ("snapshots", "vendor"):  # otherwise structlint notes that the pattern matches nothing
        yield File(f"src/{next(names)}/{excluded}/{next(names)}.txt")


FIXTURES = """\
extends: monorepo
"""


def _fixtures(files: int, random: Random) -> Iterator[File]:
    """Packages with a thousand fixtures each; a fixture is a directory with two files."""
    names = word_names(random)
    yield from map(File, ("README.md", "package.json"))
    yield File(".gitignore", ".env\n")
    package = ""
    for number in range(max(1, files // 2)):
        if number % 1000 == 0:
            package = f"packages/{next(names)}"
            yield from map(File, (f"{package}/package.json", f"{package}/src/index.ts"))
        fixture = f"{package}/tests/fixtures/{next(names)}"
        yield from map(File, (f"{fixture}/input.ts", f"{fixture}/output.json"))


FLAT = """\
names: {record: kebab-case}
tree:
  .: {unlisted: forbid}
  README.md:
  records/: {<record>.json: }
"""


def _flat(files: int, random: Random) -> Iterator[File]:
    names = word_names(random)
    yield File("README.md")
    yield from (File(f"records/{next(names)}.json") for _ in range(files - 1))


_EACH = 40  # patterns per list
_WORDS = [name for name, _ in zip(word_names(Random("words"), ""), range(_EACH), strict=False)]


def _of_four_kinds(*kinds: str) -> list[str]:
    """Forty patterns, a quarter of each kind, with a word that only excluded files contain."""
    return [kinds[number % len(kinds)].format(word) for number, word in enumerate(_WORDS)]


_FORBIDDEN = _of_four_kinds("*.{}", "{}/", "/services/*/{}.cfg", "**/{}/**/*.tmp")
_LOCAL = _of_four_kinds(".env.{}", "*.{}.local", "/{}-local/", "{}*.key")
_EXCLUDED = _of_four_kinds("*.{}.snap", "/services/*/{}-vendor/", "**/{}/generated/**", "!{}.keep.snap")
_BELONGING = _of_four_kinds("test_{}*.py", "/services/**/{}*.sql", "*.{}.md", "{}_*.ts")[4:]


def _with_patterns() -> str:
    lines = ["names: {service: kebab-case, module: snake_case}", "tree:"]
    lines += ["  .: {unlisted: forbid}", "  .gitignore:", "  README.md:"]
    lines += ["  services/:", "    <service>/:", "      manifest.yaml:"]
    lines += ["      src/: {<module>.py: }", "      tests/: {test_<module>.py: }"]
    common = {"*.py": "services/", "test_*.py": "services/", "*.yaml": "[/, services/]", "*.md": "/"}
    belongs = {**common, **dict.fromkeys(_BELONGING, "[services/, docs/]")}
    lines += ["belongs:", *(f'  "{pattern}": {where}' for pattern, where in belongs.items())]
    lines += ["forbid:", *(f'  "{pattern}": made by a run' for pattern in _FORBIDDEN)]
    lines += ["local:", *(f'  - "{pattern}"' for pattern in _LOCAL)]
    lines += ["exclude:", *(f'  - "{pattern}"' for pattern in _EXCLUDED)]
    return "\n".join(lines) + "\n"


PATTERNS = _with_patterns()


def _patterns(files: int, random: Random) -> Iterator[File]:
    """Services, some of them with excluded files."""
    yield File(".gitignore", "".join(f"{pattern}\n" for pattern in _LOCAL))
    for number, file in enumerate(_mirrored(files, random)):
        yield file
        if number % 100 == 1:
            word = random.choice(_WORDS[::4])  # every fourth word is in a pattern for snapshots
            yield File(f"{file.path.rpartition('/')[0]}/{number}.{word}.snap")
    service = "/".join(file.path.split("/")[:2])
    for pattern in _EXCLUDED:  # each matches something, because structlint notes unused patterns
        if not pattern.startswith("!"):
            yield File(service + _matching(pattern))


def _matching(pattern: str) -> str:
    """A path in a service that a pattern of `_EXCLUDED` excludes."""
    if pattern.startswith("*."):
        return f"/src/all{pattern[1:]}"
    if pattern.startswith("/"):
        return f"/{pattern.split('/')[3]}/x.c"
    return f"/src/{pattern.strip('*/')}/x.c"


MICROSERVICES = """\
extends: microservices
"""


def _microservices(files: int, random: Random) -> Iterator[File]:
    names = word_names(random)
    around = ("README.md", "compose.yaml", "docs/README.md", "infra/main.tf", "packages/log/index.ts")
    yield from map(File, around)
    yield File(".gitignore", ".env\n")
    beside = ("README.md", "package.json", "Dockerfile", ".env.example")
    for _ in range(max(1, files // (len(beside) + 2 * _MODULES))):
        service = f"services/{next(names)}"
        yield from (File(f"{service}/{name}") for name in beside)
        for _ in range(_MODULES):
            module = next(names)
            yield from map(File, (f"{service}/src/{module}.ts", f"{service}/tests/{module}.test.ts"))


def _untracked(files: int, random: Random) -> Iterator[File]:
    """Services with new files, and new services: 5% of all files are untracked."""
    for number, file in enumerate(_mirrored(files, random)):
        service, module = divmod(number - 1, _MIRRORED)
        new_service = service % 33 == 3
        new_module = service % 2 == 1 and module in (1, 2)  # a module and its test
        yield file._replace(tracked=not (new_service or new_module))


_WRONG = 10 / 22  # of the files in a tree; half of them are modules


def _with_findings(files: int, random: Random) -> Iterator[File]:
    yield from service_files(files, round(files * _WRONG))


SHAPES = (
    Shape("present", 100_000, LAYOUT, _present),
    Shape("mirrored", 100_000, MIRRORED, _mirrored),
    Shape("varied", 100_000, VARIED, _varied),
    Shape("fixtures", 60_000, FIXTURES, _fixtures),
    Shape("flat", 50_000, FLAT, _flat),
    Shape("patterns", 100_000, PATTERNS, _patterns),
    Shape("microservices", 100_000, MICROSERVICES, _microservices),
    Shape("untracked", 100_000, MIRRORED, _untracked),
    Shape("findings", 22_000, LAYOUT, _with_findings, (1,), _FORMATS),
)
