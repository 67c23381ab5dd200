"""Limits the work of a test: the number of function calls, which is the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class CallLimitExceeded(BaseException):
    """More functions were called than allowed. No `except Exception` in the measured code catches it."""


@contextmanager
def limit_calls(calls: int) -> Iterator[None]:
    """Raises `CallLimitExceeded` if the block calls more than `calls` Python functions.

    Only calls in this thread count. The work of a C function counts as one call, for example a search with a
    regular expression. If it does not end, the time limit of pytest stops it.
    """
    made = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal made
        made += event == "call"
        if made > calls:
            sys.setprofile(None)
            raise CallLimitExceeded(f"more than {calls:,} calls")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)
