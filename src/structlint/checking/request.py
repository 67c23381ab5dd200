"""What a user asks to be checked, and which options exclude one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from structlint.errors import CannotCheck
from structlint.text.quoting import in_backticks

NAMES = ("structlint.yaml", ".structlint.yaml")
BASELINE = "structlint-baseline.json"


class Request(NamedTuple):
    """What a user asks to be checked. Names of files and directories are as they were given.

    `paths_from` is the name and the content of a list of paths, which stands for what is in the one
    directory of `paths`.
    """

    paths: tuple[str, ...] = (".",)
    config: str | None = None
    layout: str | None = None
    tracked: bool = False
    rev: str | None = None
    changed: str | None = None
    paths_from: tuple[str, bytes] | None = None
    gitignore: bool = True
    exclude: tuple[str, ...] = ()
    baseline: str | None = None


def refuse_contradictions(request: Request) -> None:
    if request.tracked and request.rev is not None:
        raise CannotCheck("--tracked and --rev exclude one another; use one of them")
    if request.rev is not None and request.changed is not None:
        raise CannotCheck("--changed compares the work tree; remove --rev")
    if request.config and request.layout:
        raise CannotCheck("--config and --layout exclude one another; use one of them")
    if request.paths_from and (request.tracked or request.rev is not None):
        raise CannotCheck("--paths-from already lists the files; remove --tracked or --rev")
    if request.paths_from and len(request.paths) > 1:
        raise CannotCheck("--paths-from takes one PATH: the directory that its paths are relative to")
    if request.exclude:
        _refuse_bad_patterns(request.exclude)


def _refuse_bad_patterns(exclude: Sequence[str]) -> None:
    from structlint.layout.gitignore import PatternError, Patterns

    try:
        Patterns(exclude)
    except PatternError as error:
        raise CannotCheck(f"--exclude {in_backticks(exclude[error.index])}: {error}") from None
