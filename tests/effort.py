"""What work costs, in a measure that is the same on every machine: calls of functions, never seconds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooMuchWork(BaseException):
    """More functions were called than allowed; no `except Exception` of what is measured catches it."""


@contextmanager
def at_most(calls: int) -> Iterator[None]:
    """Stops what is done within with `TooMuchWork` once it has called more than `calls` Python functions.

    Only calls in this thread count, and not what C does in one call, such as the matching of an expression;
    where that could go on for ever, the time limit of the runner stops it.
    """
    made = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal made
        made += event == "call"
        if made > calls:
            sys.setprofile(None)
            raise TooMuchWork(f"more than {calls:,} calls")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)
