"""The steps of a plan as `fix` and `new` print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from structlint.cli.emitter import Emitter
from structlint.edits.steps import AddIgnorePattern, Create, Move, Rewrite, Step, Untrack
from structlint.fix.plan import PlannedStep
from structlint.report.folding import first_of, grouped, kind_of
from structlint.report.full import MOST_ROWS
from structlint.report.terminal import Line, Span
from structlint.report.wording import count
from structlint.text.paths import common_directory, parent
from structlint.text.quoting import patch_line, quote

_MOST_LINES = 12  # of one file are shown in a plan
_INDENT = 8  # of the text after the verb
_STYLES = {"create": "green", "move": "cyan", "rename": "cyan", "rewrite": "yellow", "untrack": "magenta"}


def show_steps(steps: Iterable[Step], prefix: str, emit: Emitter, *, diff: bool) -> None:
    """Writes a line for each step and, with `diff`, the changed lines."""
    for step in steps:
        _write(_block(step, prefix, diff=diff), emit)


def show_changes(
    planned: Sequence[PlannedStep], prefix: str, emit: Emitter, *, diff: bool, full: bool
) -> None:
    """Writes a line for each step or, with `diff`, the changed lines.

    Without `full`, similar steps are folded and take at most 50 rows; a diff is limited only on a terminal.
    """
    groups = _folded(planned) if not (full or diff) else [[one.step] for one in planned]
    room = MOST_ROWS if not full and (emit.width is not None or not diff) else None
    hidden = 0
    for number, steps in enumerate(groups):
        block = [_fold_line(steps, prefix)] if len(steps) > 1 else _block(steps[0], prefix, diff=diff)
        if room is not None:
            room -= sum(len(emit.rows(line, _INDENT)) for line in block)
            if number and room < 0:
                hidden = sum(len(left) for left in groups[number:])
                break
        _write(block, emit)
    if hidden:
        dots = "..." if emit.look.ascii else "…"
        emit.line((Span(f"{dots} and {count(hidden, 'more change')}; list all with --all", "bold"),))


def _write(block: Sequence[Line], emit: Emitter) -> None:
    first, *lines = block
    emit.line(first, indent=_INDENT)
    emit.lines(lines, indent=_INDENT + 1)


def _block(step: Step, prefix: str, *, diff: bool) -> list[Line]:
    verb, words = describe_step(step, prefix)
    return [_line(verb, words), *(_content(step) if diff else ())]


def _line(verb: str, words: str) -> Line:
    return Span(f"{verb:<{_INDENT}}", _STYLES.get(verb, "")), Span(words)


# --- Folding


def _folded(planned: Sequence[PlannedStep]) -> list[list[Step]]:
    """The steps in their order; those that fix similar findings in the same way are together."""
    alike: dict[tuple[object, ...], list[tuple[int, Step]]] = {}
    for number, one in enumerate(planned):
        kind = kind_of(one.finding)
        key = (_verb(one.step), _noun(one.step), kind) if kind else (number,)
        alike.setdefault(key, []).append((number, one.step))
    groups = [
        group for steps in alike.values() for _, group in grouped(steps, lambda one: _directory_of(one[1]))
    ]
    return [[step for _, step in group] for group in sorted(groups, key=lambda group: group[0][0])]


def _fold_line(steps: Sequence[Step], prefix: str) -> Line:
    """Several steps on one line: `create  9 files in services/: a/README.md, b/README.md and 7 more`."""
    directory = common_directory(map(_directory_of, steps))
    where = quote(prefix + directory or "./")
    names = [_named(step, directory) for step in steps]
    rest = " (they stay on disk)" if isinstance(steps[0], Untrack) else ""
    number = count(len(steps), *_NOUNS[_noun(steps[0])])
    return _line(_verb(steps[0]), f"{number} in {where}{rest}: {first_of(names)}")


_NOUNS = {True: ("directory", "directories"), False: ("file", "files")}


def _noun(step: Step) -> bool:
    """Whether a step is about a directory."""
    return _path(step).endswith("/")


def _path(step: Step) -> str:
    match step:
        case Move(source, _):
            return source
        case AddIgnorePattern(pattern):
            return pattern
        case _:
            return step.path


def _directory_of(step: Step) -> str:
    """The directory of the path of a step, or of both paths."""
    if isinstance(step, Move):
        return common_directory([parent(step.source), parent(step.target)])
    return parent(_path(step))


def _named(step: Step, directory: str) -> str:
    """The path of a step, or both paths, from a directory."""
    path = quote(_path(step).removeprefix(directory))
    return f"{path} -> {quote(step.target.removeprefix(directory))}" if isinstance(step, Move) else path


# --- One step


def _verb(step: Step) -> str:
    return describe_step(step, "")[0]


def describe_step(step: Step, prefix: str) -> tuple[str, str]:
    """The verb and the object of a step."""

    def named(path: str) -> str:
        return quote(prefix + path)

    match step:
        case Create(path, _):
            return "create", named(path)
        case Move(source, target):
            same = source.rstrip("/").rpartition("/")[0] == target.rstrip("/").rpartition("/")[0]
            return "rename" if same else "move", f"{named(source)} -> {named(target)}"
        case Rewrite(path, _, _):
            return "rewrite", named(path)
        case Untrack(path):
            return "untrack", f"{named(path)} (it stays on disk)"
        case AddIgnorePattern(pattern):
            return "ignore", quote(pattern)


def _content(step: Step) -> Iterator[Line]:
    """The lines that a step writes, as a patch shows them."""
    from difflib import unified_diff

    if isinstance(step, Create):
        lines = [f"+{line}" for line in _lines(step.content)]
    elif isinstance(step, Rewrite):
        lines = list(unified_diff(_lines(step.before), _lines(step.after), n=1, lineterm=""))[2:]
    else:
        return
    for line in lines[:_MOST_LINES]:
        style = "green" if line.startswith("+") else "red" if line.startswith("-") else "dim"
        yield Span("        "), Span(patch_line(line), style)
    if len(lines) > _MOST_LINES:
        yield (Span(f"        and {len(lines) - _MOST_LINES:,} more lines", "dim"),)


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "backslashreplace").splitlines()
