"""The output of `init` if a layout exists: the changes to make."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from structlint.cli.output import standard_output
from structlint.errors import CannotCheck
from structlint.text.quoting import in_backticks, is_harmless, quote, shell_word
from structlint.text.records import Record
from structlint.tree.scan import repository_root

if TYPE_CHECKING:
    from structlint.cli.console import CommandConsole
    from structlint.text.merge_lines import LineChange
    from structlint.tree.scan import Commit


class Proposals(Record):
    """The layout that `init` would write now, and the one for the last commit of the layout.

    The latter is None if there is no such commit.
    """

    now: str
    then: str | None = None
    commit: Commit | None = None


def show_changes(known: Path, proposals: Proposals, console: CommandConsole) -> int:
    """Prints as a patch what to change in the layout `known`, for `git apply` in its directory, and notes.

    These are the changes between the two proposals as far as they fit the layout; without the earlier one
    it is the difference between the layout and the proposal.
    """
    current = known.read_text(encoding="utf-8", errors="replace").splitlines()
    merged, left, since = _changed(known, current, proposals)
    patch = list(_patch(current, merged, known.name))
    out = standard_output()
    out.writelines(f"{line}\n" for line in patch)
    out.flush()  # before standard error
    for line in _notes(known, since, patch, left):
        console.say(line)
    return 0


def _changed(
    known: Path, current: list[str], proposals: Proposals
) -> tuple[list[str], list[LineChange], Commit | None]:
    """The layout with the changes that apply, the other changes, and the commit that they start from."""
    from structlint.text.merge_lines import merge_lines

    now = proposals.now.splitlines()
    if proposals.then is None:
        return now, [], None
    then = proposals.then.splitlines()
    now = _with_old_remarks(then, now)
    merged, left = merge_lines(then, current, now)
    if merged != current and not _loads(known, merged):
        return current, merge_lines(then, [], now)[1], proposals.commit
    return merged, left, proposals.commit


def _with_old_remarks(then: Sequence[str], now: Sequence[str]) -> list[str]:
    """The proposal without changes to comments only."""
    from difflib import SequenceMatcher

    lines: list[str] = []
    for _, start, end, low, high in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        only = all(line.lstrip().startswith("#") for line in [*then[start:end], *now[low:high]])
        lines += then[start:end] if only else now[low:high]
    return lines


def _loads(known: Path, lines: Sequence[str]) -> bool:
    """Whether the lines contain a different layout."""
    from structlint.checking.checkout import DiskCheckout
    from structlint.layout.load import load

    place = Path(os.path.realpath(known.parent))
    root = repository_root(place) or place
    path = (place / known.name).relative_to(root).as_posix()
    text = "".join(f"{line}\n" for line in lines).encode()
    source = DiskCheckout(root).layout_source
    try:
        load(source._replace(read=lambda named: text if named == path else source.read(named)), path)
    except CannotCheck:
        return False
    return True


def _patch(before: Sequence[str], after: Sequence[str], name: str) -> Iterator[str]:
    """A patch of a file in the form that `git apply` takes in its directory."""
    from difflib import unified_diff

    for line in unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm=""):
        yield _shown(line)


def _shown(line: str) -> str:
    return line if is_harmless(line) else quote(line)


def _notes(
    known: Path, since: Commit | None, patch: Sequence[str], left: Sequence[LineChange]
) -> Iterator[str]:
    kept = f"{in_backticks(str(known))} exists and was not changed"
    if not since:
        yield f"{kept}; apply the changes that you want" if patch else f"{kept}; it is up to date"
        return
    commit = f"its last commit ({since.name[:7]}, {since.date})"
    if left:
        yield f"changes since {commit} that do not apply to the current layout:"
        for change in left:
            yield from (f"  - {_shown(line)}" for line in change.removed)
            yield from (f"  + {_shown(line)}" for line in change.added)
    if patch:
        yield f"{kept}; the patch contains the changes since {commit}"
        there = shell_word(str(known.parent))
        path, place = ("", "") if there == "." else (f" {there}", f" -C {there}")
        yield f"next: structlint init -q{path} | git{place} apply"
    elif left:
        yield f"{kept}; edit it by hand"
    else:
        yield f"{kept}; nothing to add since {commit}"
