"""Runs all rows of a table in one test, for thousands of rows that each take less time than a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any


def table(
    names: str | Sequence[str], rows: Iterable[Any], ids: Iterable[str] | Callable[[Any], str] = ()
) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Like `pytest.mark.parametrize`, for a test without fixtures. The first row that fails is shown."""
    table_rows = list(rows)
    several = not isinstance(names, str) or "," in names
    texts = list(map(ids, table_rows)) if callable(ids) else list(ids)

    def decorate(test: Callable[..., None]) -> Callable[[], None]:
        def run() -> None:
            for number, row in enumerate(table_rows):
                try:
                    test(*row) if several else test(row)
                except BaseException as error:
                    error.add_note(f"in the row {texts[number] if texts else repr(row)}")
                    raise

        assert table_rows
        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        return run

    return decorate
