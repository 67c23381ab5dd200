"""What a user asks to be checked, and which options exclude one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from structlint.errors import CannotCheck
from structlint.text.quoting import quote

NAMES = ("structlint.yaml", ".structlint.yaml")
BASELINE = "structlint-baseline.json"


class Request(NamedTuple):
    """What a user asks to be checked. Names of files and directories are as they were given.

    `paths_from` is the name and the content of a list of paths, which stands for what is in the one
    directory of `paths`. With `documents`, no layout applies: what documents draw is checked.
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
    documents: bool = False


def refuse_contradictions(request: Request) -> None:
    if request.tracked and request.rev is not None:
        raise CannotCheck("--tracked is the index and --rev a revision; take one of them")
    if request.rev is not None and request.changed is not None:
        raise CannotCheck("--changed speaks of the work tree, so it cannot go with --rev")
    if request.config and request.layout:
        raise CannotCheck("--config and --layout both name a layout; take one of them")
    if request.documents and (request.config or request.layout):
        raise CannotCheck(
            "--documents checks what documents draw, without a layout; leave out --config and --layout"
        )
    if request.paths_from and (request.tracked or request.rev is not None):
        raise CannotCheck("--paths-from is a list of its own; it cannot go with --tracked or --rev")
    if request.paths_from and len(request.paths) > 1:
        raise CannotCheck("--paths-from takes one PATH, the directory that its paths are relative to")
    if request.exclude:
        _refuse_bad_patterns(request.exclude)


def _refuse_bad_patterns(exclude: Sequence[str]) -> None:
    from structlint.layout.gitignore import PatternError, Patterns

    try:
        Patterns(exclude)
    except PatternError as error:
        raise CannotCheck(f"--exclude {quote(exclude[error.index])}: {error}") from None
