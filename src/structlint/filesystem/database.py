"""Opens SQLite databases. It is a module of its own, so that a check does not import SQLite."""

from __future__ import annotations

import sqlite3
from pathlib import Path

Database = sqlite3.Connection
DatabaseError = sqlite3.Error

_SECONDS = 30  # to wait for another process that writes


def open_database(path: Path) -> Database:
    """A database to read and write, created if it does not exist. Transactions begin explicitly."""
    return sqlite3.connect(path, timeout=_SECONDS, isolation_level=None, check_same_thread=False)


def read_database(path: Path) -> Database:
    """An existing database, to read. Raises `DatabaseError` if it does not exist."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_SECONDS, isolation_level=None
    )
