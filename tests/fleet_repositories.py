"""Repositories for the tests of `fleet`, valid and damaged ones."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path

LAYOUT = (
    "tree: {.: {unlisted: allow}, README.md: , src/?: {.: {unlisted: allow}}}\nforbid: {'*.exe': never}\n"
)


def git(place: Path, *arguments: str, text: bytes = b"") -> str:
    """Returns the output of `git ARGUMENTS` in a directory; fails if git fails."""
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments]
    done = subprocess.run(command, cwd=place, input=text, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def make_mirror(place: Path, files: Mapping[str, str | bytes]) -> Path:
    """Creates a bare repository with one commit."""
    place.mkdir(parents=True)
    git(place, "init", "-q", "--bare", "-b", "main", "--template=")
    commit(place, files)
    return place


def commit(place: Path, files: Mapping[str, str | bytes]) -> None:
    """Replaces the contents of the branch `main` by `files`."""
    stream = [
        b"commit refs/heads/main\ncommitter t <t@t> 0 +0000\ndata 0\nfrom refs/heads/main^0\ndeleteall\n"
    ]
    if not (place / "packed-refs").exists() and not (place / "refs/heads/main").exists():
        stream = [stream[0].replace(b"from refs/heads/main^0\n", b"")]
    for name, text in files.items():
        data = text.encode() if isinstance(text, str) else text
        stream.append(b"M 644 inline " + _quoted(name) + b"\ndata %d\n%b\n" % (len(data), data))
    git(place, "fast-import", "--quiet", "--force", text=b"".join(stream))


def _quoted(name: str) -> bytes:
    """Quotes a name for `git fast-import`."""
    escaped = b"".join(
        b"\\%03o" % byte if byte < 32 or byte in b'"\\' or byte > 126 else bytes([byte])
        for byte in os.fsencode(name)
    )
    return b'"' + escaped + b'"'


def rows(store: Path, query: str) -> list[tuple[object, ...]]:
    """The rows that a query of a store returns."""
    database = sqlite3.connect(store)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def statuses(store: Path) -> dict[str, str]:
    """The status of each repository in the last run, by name."""
    query = (
        "SELECT repo.name, status FROM run_result JOIN repo ON repo.id = run_result.repo "
        "JOIN result ON result.id = run_result.result WHERE run = (SELECT max(id) FROM run) ORDER BY 1"
    )
    return {str(name): str(status) for name, status in rows(store, query)}
