"""structlint checks that a repository matches its declared structure.

`check`, its result and its exceptions are the public API. Everything else can change in any version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from structlint.text.version import __version__

if TYPE_CHECKING:
    from os import PathLike

    from structlint.checking.check import CheckResult

__all__ = ["__version__", "check"]


def check(path: str | PathLike[str] = ".", *, layout: str | None = None) -> CheckResult:
    """Check a directory, as `structlint check PATH --layout LAYOUT` does.

    The layout is a file, the name of a bundled layout, or by default the nearest `structlint.yaml`. The
    result contains the findings (`structlint.finding.Finding`) and `passed`.

    Raises `structlint.errors.CannotCheck` if the command would exit with 2. The message contains the problem
    and a correction.
    """
    from os import fspath

    from structlint.checking.check import check as check_request
    from structlint.checking.request import Request

    return check_request(Request(paths=(fspath(path),), layout=layout))
