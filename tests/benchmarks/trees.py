"""Trees for measurements; the same number of files gives the same tree on every machine."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_MODULES = 24  # per service, with one test each
IN_A_SERVICE = 2 + 2 * _MODULES

# The same seven rules for all tools, if supported: a README, a pyproject.toml and a tests/ in every service,
# services in kebab-case, modules in snake_case, no other entries in a service, few files in a directory.
LAYOUT = """\
names: {service: kebab-case, module: snake_case, subject: snake_case}
tree:
  .alint.yml:
  .ls-lint.yml:
  repo_structure.yaml:
  services/:
    <service>/:
      README.md:
      pyproject.toml:
      src/: {<module>.py: }
      tests/: {test_<subject>.py: }
limits: {files: 60, depth: 6}
"""

ALINT = """\
version: 1
rules:
  - {id: readme, kind: for_each_dir, select: "services/*", level: error,
     require: [{kind: file_exists, paths: "{path}/README.md"}]}
  - {id: project, kind: for_each_dir, select: "services/*", level: error,
     require: [{kind: file_exists, paths: "{path}/pyproject.toml"}]}
  - {id: tests, kind: for_each_dir, select: "services/*", level: error,
     require: [{kind: dir_exists, paths: "{path}/tests"}]}
  - {id: kebab, kind: dir_absent, paths: "services/*[A-Z_]*", level: error}
  - {id: snake, kind: filename_case, paths: "services/*/{src,tests}/*.py", case: snake, level: error}
  - {id: strays, kind: dir_only_contains, select: "services/*", allow: [README.md, pyproject.toml],
     level: error}
  - {id: crowd, kind: max_files_per_directory, paths: "**", max_files: 60, level: error}
"""

LS_LINT = """\
ls:
  services/*:
    .dir: kebab-case
    .md: exists:1
    .toml: exists:1
  services/*/src:
    .py: snake_case
  services/*/tests:
    .py: snake_case
"""

REPO_STRUCTURE = """\
structure_rules:
  root:
    - description: what lies in the root
    - allow: '.*\\.(yaml|yml)'
    - allow: 'services/'
      if_exists:
        - require: '[a-z0-9-]+/'
          if_exists:
            - require: 'README\\.md'
            - require: 'pyproject\\.toml'
            - require: 'src/'
              if_exists: [{require: '[a-z0-9_]+\\.py'}]
            - require: 'tests/'
              if_exists: [{require: 'test_[a-z0-9_]+\\.py'}]
directory_map:
  /:
    - description: the root
    - use_rule: root
"""

# The configuration files of the other tools, in the root.
PEERS = {".alint.yml": ALINT, ".ls-lint.yml": LS_LINT, "repo_structure.yaml": REPO_STRUCTURE}


class File(NamedTuple):
    """A file of a tree, with its path from the root."""

    path: str
    text: str = ""
    tracked: bool = True


def services(directory: Path, files: int, wrong: int = 0) -> Path:
    """Creates a git repository with services and about this many files, all tracked, and returns its path.

    The first `wrong` modules have names in the wrong case, so there are as many findings.
    """
    return write(directory, [File("structlint.yaml", LAYOUT), *service_files(files, wrong)])


def service_files(files: int, wrong: int = 0) -> Iterator[File]:
    """About this many files of services, with the configuration of the other tools."""
    for number in range(max(1, files // IN_A_SERVICE)):
        service = f"services/service-{number}"
        yield File(f"{service}/README.md")
        yield File(f"{service}/pyproject.toml")
        for module in range(_MODULES):
            name = f"part{module}Of" if number * _MODULES + module < wrong else f"part_{module}"
            yield File(f"{service}/src/{name}.py")
            yield File(f"{service}/tests/test_part_{module}.py")
    yield from (File(name, text) for name, text in PEERS.items())


def write(directory: Path, files: Iterable[File]) -> Path:
    """Creates a git repository with these files and returns its path."""
    made: set[Path] = set()
    untracked = []
    directory.mkdir(parents=True)
    for file in files:
        _put(directory, file, made) if file.tracked else untracked.append(file)
    git(directory, "init", "--quiet")
    git(directory, "add", "--all")
    for file in untracked:
        _put(directory, file, made)
    return directory


def _put(root: Path, file: File, made: set[Path]) -> None:
    path = root / file.path
    if path.parent not in made:
        path.parent.mkdir(parents=True, exist_ok=True)
        made.add(path.parent)
    path.write_text(file.text)


def with_ignored(directory: Path, files: int) -> Path:
    """Adds this many ignored files, in the packages of a `node_modules/`."""
    for number in range(files):
        package = directory / "node_modules" / f"package-{number // 50}"
        if number % 50 == 0:
            package.mkdir(parents=True)
        (package / f"file-{number % 50}.js").touch()
    (directory / ".gitignore").write_text("node_modules/\n")
    return directory


def with_gitignores(directory: Path) -> None:
    """Adds a tracked `.gitignore` to each service of a repository."""
    for service in (directory / "services").iterdir():
        (service / ".gitignore").write_text("*.log\n/build/\n__pycache__/\n!keep.log\n")
    git(directory, "add", "--all")


def git(directory: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=directory, check=True, capture_output=True)
