"""The request for a check, and the options that exclude each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from structlint.errors import CannotCheck
from structlint.layout import NAMES as NAMES
from structlint.text.quoting import in_backticks
from structlint.text.records import Record

if TYPE_CHECKING:
    from pathlib import Path

    from structlint.layout.model import Layout

BASELINE = "structlint-baseline.json"
NOT_READ = tuple(name.removesuffix("yaml") + "yml" for name in NAMES)  # likely mistakes for NAMES


class Request(Record):
    """A request for a check. Names of files and directories are as the user wrote them.

    `paths_from` is the name and the content of a list of paths, which replaces the contents of the only
    directory in `paths`. `gitignore` is false if ignored files are checked too. With `documents`, the trees
    in documents are checked instead of the layout. With `require_layout`, a project without a layout is an
    error. With `no_baseline`, no baseline is read. `own_exceptions` determines whether a repository's
    own exceptions are respected, counted or refused: see `structlint.checking.exceptions`. With `isolated`,
    only layouts and baselines given with options are read. `loaded` is the layout given by `layout`, if it
    was already read for another repository. `among` are the roots of all checked repositories, if others
    have separate requests: see `repositories_of`.
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
    require_layout: bool = False
    no_baseline: bool = False
    own_exceptions: str = "respect"
    isolated: bool = False
    loaded: Layout | None = None
    among: tuple[Path, ...] = ()


def refuse_contradictions(request: Request) -> None:
    """Raises `CannotCheck` for options that exclude each other, and for invalid `--exclude` patterns."""
    if request.tracked and request.rev is not None:
        raise CannotCheck("--tracked checks the index and --rev a revision; use one of them")
    if request.rev is not None and request.changed is not None:
        raise CannotCheck("--changed applies to the work tree and cannot be used with --rev")
    for option, name in (("--config", request.config), ("--layout", request.layout)):
        if name == "":
            raise CannotCheck(f"{option} is empty; give a layout, or omit the option")
    if request.baseline and request.no_baseline:
        raise CannotCheck("--baseline and --no-baseline cannot be used together; use one of them")
    if request.isolated and (request.config or request.require_layout or request.baseline):
        raise CannotCheck("--isolated reads no layout and no baseline of a repository; use --layout with it")
    if request.config and request.layout:
        raise CannotCheck("--config and --layout both name a layout; use one of them")
    if request.documents and (request.config or request.layout):
        raise CannotCheck(
            "--documents checks what documents draw, without a layout; remove --config and --layout"
        )
    if request.paths_from and (request.tracked or request.rev is not None):
        raise CannotCheck("--paths-from lists the paths and cannot be used with --tracked or --rev")
    if request.paths_from and len(request.paths) > 1:
        raise CannotCheck("--paths-from needs exactly one PATH, the directory that its paths are relative to")
    if request.exclude:
        _refuse_bad_patterns(request.exclude)


def _refuse_bad_patterns(exclude: Sequence[str]) -> None:
    from structlint.layout.gitignore import PatternError, check_pattern

    for pattern in exclude:
        try:
            check_pattern(pattern)
        except PatternError as error:
            raise CannotCheck(f"--exclude: the pattern {in_backticks(pattern)} {error}") from None
