"""Files that a fix does not create: what they say cannot be known, and an empty one would only look right."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache

_MANIFESTS = (
    "package.json",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "requirements*.txt",
    "Pipfile",
    "environment.yml",
    "go.mod",
    "Cargo.toml",
    "pom.xml",
    "build.gradle*",
    "settings.gradle*",
    "composer.json",
    "Gemfile",
    "mix.exs",
    "Package.swift",
    "*.csproj",
    "*.fsproj",
    "*.sln",
    "*.slnx",
    "Chart.yaml",
    "dbt_project.yml",
    "dvc.yaml",
)
_LOCK_FILES = ("*.lock", "*.lockb", "*-lock.json", "*-lock.yaml", "*-lock.yml", "go.sum")
_LICENSES = ("LICENSE*", "LICENCE*", "COPYING*", "UNLICENSE*", "license*")


def why_hollow(path: str) -> str:
    """The reason why a file of this name is left to a person; "" if it may be created."""
    name = path.rpartition("/")[2]
    return next((reason for reason in _REASONS if _any_of(reason).match(name)), "")


def for_several(reason: str) -> str:
    """A reason of `why_hollow`, worded for several files."""
    return re.sub(r"\bit\b", "them", reason)


@cache
def _any_of(reason: str) -> re.Pattern[str]:
    """Matches the names of a reason."""
    return re.compile("|".join(map(translate, _REASONS[reason])))


_REASONS = {
    "write it, or run the tool that generates it": _MANIFESTS,
    "run the tool that generates it": _LOCK_FILES,
    "choose a license, and add its text": _LICENSES,
}
