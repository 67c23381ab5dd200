"""What `.gitignore` files say, asked of git, or of pathspec where git is not installed."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from structlint.errors import TreeError
from structlint.quoting import quote

_SECONDS = 120

# pathspec reads these as "all that is below", git as the path itself; so they are spelled otherwise.
_ALONE = re.compile(r"\*\*?/?|/\*\*/?")
_AT_THE_END = re.compile(r"/\*\*(/?)$")
_ANYTHING = re.compile(r"(?s:.+)")
_ANY_DIRECTORY = re.compile(r"(?s:.+)/")


def ignored_by(contents: Mapping[str, bytes], paths: Collection[str]) -> frozenset[str]:
    """Those of `paths` that the given `.gitignore` files ignore, and nothing else: no user's own patterns.

    The paths need not exist. Raises `TreeError` where git fails.
    """
    from structlint.tree.git import environment, git_program

    if not contents or not paths:
        return frozenset()
    try:
        program = git_program()
    except FileNotFoundError:
        return _ignored_by_pathspec(contents, paths)
    with empty_repository() as place:
        tree = place / "tree"
        for path, content in contents.items():
            file = tree / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        nothing = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "XDG_CONFIG_HOME": str(place)}
        answer = subprocess.run(
            [
                program,
                f"--git-dir={place}",
                f"--work-tree={tree}",
                "check-ignore",
                "--no-index",
                "-z",
                "--stdin",
            ],
            input=b"".join(b"./" + os.fsencode(path) + b"\0" for path in paths),
            cwd=tree,
            env=environment(nothing),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    if answer.returncode not in (0, 1):
        raise TreeError(
            f"git cannot say what it ignores: {quote(answer.stderr.decode('utf-8', 'replace').strip())}"
        )
    found = answer.stdout.decode("utf-8", "surrogateescape").split("\0")
    return frozenset(path.removeprefix("./") for path in found if path)


@contextmanager
def empty_repository() -> Iterator[Path]:
    """A directory that git takes for the data of a repository without commits, with a `tree/` in it."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="structlint-") as place:
        directory = Path(place)
        (directory / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")
        for name in ("objects", "refs", "tree"):
            (directory / name).mkdir()
        yield directory


def _ignored_by_pathspec(contents: Mapping[str, bytes], paths: Collection[str]) -> frozenset[str]:
    files = {
        path.removesuffix(".gitignore"): Ignores(path.removesuffix(".gitignore"), data)
        for path, data in contents.items()
    }

    def ignored(path: str) -> bool:
        steps = [path[: at + 1] for at, letter in enumerate(path) if letter == "/"]
        chain = [files[directory] for directory in ("", *steps) if directory in files]
        return any(is_ignored(each, chain) for each in (*steps, path))

    return frozenset(path for path in paths if ignored(path))


class Ignores:
    """The patterns of one `.gitignore`, read as git reads them.

    `directory` is where it lies, "" or with a trailing "/". A line that git would pass over is passed over.
    """

    def __init__(self, directory: str, data: bytes) -> None:
        from pathspec.patterns.gitignore import GitIgnorePatternError
        from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

        self.directory = directory
        self.patterns: list[tuple[re.Pattern[str], bool]] = []
        for line in _lines(data):
            negation, body = ("!", line[1:]) if line.startswith("!") else ("", line)
            if _ALONE.fullmatch(body):
                self.patterns.append((_ANY_DIRECTORY if body.endswith("/") else _ANYTHING, not negation))
                continue
            try:
                pattern = GitIgnoreSpecPattern(negation + _AT_THE_END.sub(r"/**/*\1", body))
            except (GitIgnorePatternError, ValueError, re.error):
                continue
            if pattern.regex is not None:
                self.patterns.append((pattern.regex, bool(pattern.include)))

    def verdict(self, path: str) -> bool | None:
        """Whether the last pattern that matches a path itself ignores it; None if none matches."""
        inside = path.removeprefix(self.directory)
        for expression, ignores in reversed(self.patterns):
            if expression.fullmatch(inside):
                return ignores
        return None


def is_ignored(path: str, chain: list[Ignores]) -> bool:
    """What the nearest `.gitignore` that speaks of a path says; a directory's path ends in "/"."""
    for ignores in reversed(chain):
        verdict = ignores.verdict(path)
        if verdict is not None:
            return verdict
    return False


def _lines(data: bytes) -> Iterator[str]:
    """The lines of a `.gitignore`, split and trimmed as git does it (gitignore(5), and dir.c of git)."""
    for raw in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        line = raw.removesuffix(b"\r").partition(b"\0")[0].decode("utf-8", "surrogateescape")
        trimmed = line.rstrip(" ")
        if trimmed.endswith("\\") and trimmed != line:
            trimmed += " "
        if trimmed and not trimmed.startswith("#"):
            yield trimmed
