"""structlint checks that a repository matches its declared structure.

`check` is the public API, with what it returns and raises; everything else may change with any version.
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
    result has the findings, which are `structlint.finding.Finding`s, and `passed`.

    Raises `structlint.errors.CannotCheck` where the command exits with 2. Its message says what is wrong and
    what to do.
    """
    from os import fspath

    from structlint.checking.check import check as check_request
    from structlint.checking.request import Request

    return check_request(Request(paths=(fspath(path),), layout=layout))
