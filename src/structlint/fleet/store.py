"""The store: results in SQLite, one file, written at once. `schema.sql` documents the tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from structlint.errors import CannotCheck
from structlint.filesystem import OpenDirectory, takes_lock
from structlint.filesystem.database import Database, DatabaseError, open_database, read_database
from structlint.fleet.statuses import Status
from structlint.layout.bundled import data
from structlint.text.quoting import in_backticks, is_harmless, quote
from structlint.text.records import Record
from structlint.text.version import __version__

if TYPE_CHECKING:
    from structlint.fleet.judge import Answer
    from structlint.fleet.repositories import Listed

VERSION = 1
_APPLICATION = 0x73_66_6C_74  # "sflt", which identifies the file format
_MOST_LINES = 3  # of a message
_MOST_KNOWN = 8  # trees of a repository whose results are passed to a child


class Known(Record):
    """A result that is still valid: its number, status, and number of errors."""

    result: int
    status: Status
    errors: int


class Store:
    """An open store. Methods raise `CannotCheck` if the file cannot be read or written."""

    def __init__(self, database: Database, label: str) -> None:
        self.database = database
        self.label = label

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turns an error of the database into a message for the user."""
        try:
            yield
        except DatabaseError as error:
            raise CannotCheck(
                f"cannot use the store {self.label}: {error}; earlier results are kept"
            ) from None

    def ask(self, query: str, *values: object) -> list[Any]:
        """The rows of a query."""
        with self.explained():
            return self.database.execute(query, values).fetchall()

    def _insert(self, table: str, row: Mapping[str, object]) -> int:
        marks = ", ".join("?" * len(row))
        query = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - names of ours
        number = self.database.execute(query, tuple(row.values())).lastrowid
        assert number
        return number

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self.explained():
            self.database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.database.execute("COMMIT")
            except BaseException:
                with suppress(DatabaseError):  # if the disk is full, it has been rolled back
                    self.database.execute("ROLLBACK")
                raise

    # --- A run

    def begin(self, options: Mapping[str, object], exceptions: Sequence[object], repositories: int) -> int:
        """Starts a run and returns its number."""
        row = {
            "started": _now(),
            "structlint": __version__,
            "options": json.dumps(options),
            "exceptions": json.dumps(exceptions),
            "repositories": repositories,
        }
        with self._transaction():
            return self._insert("run", row)

    def finish(self, run: int, seconds: float) -> None:
        """Records the end of a run."""
        with self._transaction():
            self.database.execute(
                "UPDATE run SET finished = ?, seconds = ? WHERE id = ?", (_now(), round(seconds, 2), run)
            )

    def register(self, repositories: Sequence[Listed]) -> list[int]:
        """The numbers of repositories; their names, teams and other columns replace the stored ones."""
        query = (
            "INSERT INTO repo (path, name, team, more) VALUES (?, ?, ?, ?) ON CONFLICT (path) DO UPDATE "
            "SET name = excluded.name, team = excluded.team, more = excluded.more RETURNING id"
        )
        with self._transaction():
            return [
                self.database.execute(
                    query,
                    (quote(one.path), one.name, quote(one.team) if one.team else "", _columns(one.more)),
                ).fetchone()[0]
                for one in repositories
            ]

    def known(self, repo: int, asked: str, today: str) -> dict[str, Known]:
        """The valid results of a repository, by tree."""
        rows = self.ask(
            "SELECT tree, id, status, errors FROM result WHERE repo = ? AND asked = ? AND tree <> '' "
            "AND status IN ('ok', 'findings', 'no-layout') AND (valid_until = '' OR valid_until >= ?) "
            "ORDER BY id DESC LIMIT ?",
            *(repo, asked, today, _MOST_KNOWN),
        )
        return {tree: Known(result, Status(status), errors) for tree, result, status, errors in rows[::-1]}

    def state(self, repo: int, rev: str) -> tuple[str, str] | None:
        """The state in which a revision was last read, and its tree."""
        rows = self.ask("SELECT state, tree FROM state WHERE repo = ? AND rev = ?", repo, _encodable(rev))
        return rows[0] if rows else None

    def keep(self, run: int, repo: int, rev: str, asked: str, day: str, answer: Answer) -> None:
        """Writes a result and its findings in one transaction."""
        hidden = answer.get("hidden") or (0, 0, 0)
        row = {
            "repo": repo,
            "tree": answer.get("tree", ""),
            "asked": asked,
            "status": answer["status"],
            "message": _one_line(answer["message"]),
            "checked": day,
            "valid_until": answer.get("valid_until", ""),
            "seconds": answer.get("seconds", 0.0),
            **{name: answer.get(name, 0) for name in ("files", "errors", "warnings", "baselined")},
            **dict(zip(("hidden_baseline", "hidden_ignore", "hidden_nested"), hidden, strict=True)),
            **{name: json.dumps(answer.get(name, [])) for name in ("layouts", "exceptions", "notes")},
            "rules": json.dumps(answer.get("rules", {})),
        }
        with self._transaction():
            result = self._insert("result", row)
            self.database.executemany(
                "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_finding(result, finding) for finding in answer.get("findings", ())],
            )
            self._note(run, repo, result, reused=False)
            self._note_state(repo, rev, answer)

    def reuse(self, run: int, repo: int, rev: str, result: int, answer: Answer) -> None:
        """Records that an earlier result of a repository is also valid for this run."""
        with self._transaction():
            self._note(run, repo, result, reused=True)
            self._note_state(repo, rev, answer)

    def _note(self, run: int, repo: int, result: int, *, reused: bool) -> None:
        self.database.execute("INSERT INTO run_result VALUES (?, ?, ?, ?)", (run, repo, result, reused))

    def _note_state(self, repo: int, rev: str, answer: Answer) -> None:
        if state := answer.get("state"):
            values = (repo, _encodable(rev), state, answer["tree"])
            self.database.execute("INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?)", values)


def _one_line(message: str) -> str:
    """The first lines of a message, joined to one printable line."""
    lines = message.split("\n")
    more = [f"and {len(lines) - _MOST_LINES:,} more"] * (len(lines) > _MOST_LINES)
    line = "; ".join([*lines[:_MOST_LINES], *more])
    return line if is_harmless(line) else quote(line)


def _columns(more: Mapping[str, str]) -> str:
    return json.dumps({quote(name): quote(value) if value else "" for name, value in more.items()})


def _encodable(text: str) -> str:
    """A text that the database accepts: surrogates are escaped."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _finding(result: int, finding: Mapping[str, Any]) -> tuple[object, ...]:
    more = {name: finding[name] for name in ("about", "layout", "related", "fix")}
    texts = (_encodable(finding[name]) for name in ("rule", "severity", "path"))
    which = quote(finding["which"]) if finding["which"] else ""
    return (
        *(result, *texts, which, finding["line"], *map(_encodable, (finding["message"], finding["hint"]))),
        json.dumps(more),
    )


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def writable_store(directory: OpenDirectory, path: str, label: str) -> Iterator[Store]:
    """The store in a file, created if it does not exist, for one run at a time.

    Raises `CannotCheck` for a file that is not a store, has a newer version, or is in use by another
    run.
    """
    import os

    lock = directory.open_lock(f"{path}-lock")
    try:
        if not takes_lock(lock):
            raise CannotCheck(f"another run uses the store {label}; wait for it, or use another store")
        with _closing(open_database, directory.root / path, label) as store:
            _prepare(store)
            yield store
            with suppress(DatabaseError):  # a report is reading it
                store.database.execute("PRAGMA journal_mode = DELETE")  # a single file is easy to copy
    finally:
        os.close(lock)


@contextmanager
def readable_store(path: Path, label: str) -> Iterator[Store]:
    """An existing store, opened for reading. Raises `CannotCheck` as `writable_store` does."""
    if not path.is_file():
        raise CannotCheck(f"no such store: {label}; create it with `structlint fleet check --store`")
    with _closing(read_database, path, label) as store:
        _refuse_others(store)
        yield store


@contextmanager
def _closing(opened: Any, path: Path, label: str) -> Iterator[Store]:
    try:
        database = opened(path)
    except DatabaseError as error:
        raise CannotCheck(f"cannot open the store {label}: {error}") from None
    try:
        yield Store(database, label)
    finally:
        database.close()


def _refuse_others(store: Store) -> None:
    """Raises `CannotCheck` for a database that is not a store, or that a newer structlint wrote."""
    try:
        (application,) = store.database.execute("PRAGMA application_id").fetchone()
        (version,) = store.database.execute("PRAGMA user_version").fetchone()
    except DatabaseError as error:
        raise CannotCheck(f"{store.label} is not a store of `structlint fleet`: {error}") from None
    if application != _APPLICATION:
        raise CannotCheck(f"{store.label} is not a store of `structlint fleet`; name another file")
    if version > VERSION:
        problem = f"has version {version}, and this structlint reads up to {VERSION}"
        raise CannotCheck(f"the store {store.label} {problem}; update structlint")


def _prepare(store: Store) -> None:
    """Creates the tables in an empty file, and refuses any other file that is not a store."""
    try:
        empty = not store.database.execute("SELECT 1 FROM sqlite_master").fetchone()
    except DatabaseError as error:
        raise CannotCheck(f"{store.label} is not a store of `structlint fleet`: {error}") from None
    if not empty:
        _refuse_others(store)
    with store.explained():
        store.database.execute("PRAGMA journal_mode = WAL")
        store.database.execute("PRAGMA synchronous = NORMAL")
    if empty:
        with store.explained():
            marks = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {VERSION};"
            script = data("fleet", "schema.sql").decode()
            store.database.executescript(f"BEGIN; {script} {marks} COMMIT;")


def label_of(name: str) -> str:
    """The name of a store in messages."""
    return in_backticks(name)
