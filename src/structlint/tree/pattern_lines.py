"""The patterns in a `.gitignore`, line by line."""

from __future__ import annotations

from collections.abc import Iterator


def pattern_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines of a `.gitignore` with their numbers, split and trimmed as in git's dir.c."""
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        line = raw.removesuffix(b"\r").partition(b"\0")[0]
        trimmed = line.rstrip(b" ")
        escapes = len(trimmed) - len(trimmed.rstrip(b"\\"))
        if escapes % 2 and trimmed != line:
            trimmed += b" "
        if trimmed and not trimmed.startswith(b"#"):
            yield number, trimmed
