"""Compares structlint with the reference on random cases.

    python tests/reference_run.py --cases 100000 --seed 1

It reduces each kind of difference and prints one example. The exit status is 1 if there are differences.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple

import engine_under_test
import reference
import reference_cases
from reference_cases import Case
from reference_constructs import constructs
from reference_names import Undetermined
from reference_required import Found
from reference_settled import new_findings

TREES = 4  # per layout
# Rules that the reference does not implement
UNIMPLEMENTED = {"misspelled-name", "tracked-ignored", "twin-name", "unportable-name"}


class Difference(NamedTuple):
    """The findings that only one of the two reports."""

    case: Case
    engine: Found
    reference: Found

    @property
    def kind(self) -> tuple[str, ...]:
        return tuple(
            sorted(
                {f"engine: {rule}" for _, rule, _ in self.engine}
                | {f"reference: {r}" for _, r, _ in self.reference}
            )
        )

    def __str__(self) -> str:
        parts = [f"{json.dumps(layout)}" for layout in self.case.layouts]
        parts += [f"  files: {' '.join(sorted(self.case.files))}"]
        parts += [f"  link: {path} -> {to}" for path, to in sorted(self.case.links.items())]
        parts += [f"  {path}: {content.decode()}" for path, content in sorted(self.case.contents.items())]
        parts += [f"  submodule: {path}" for path in sorted(self.case.submodules)]
        parts += [f"  empty: {' '.join(sorted(self.case.empty))}"] if self.case.empty else []
        parts += (
            []
            if self.case.untracked is None
            else [f"  git, untracked: {' '.join(sorted(self.case.untracked))}"]
        )
        parts += (
            [] if self.case.accepted is None else [f"  accepted in: {' '.join(sorted(self.case.accepted))}"]
        )
        parts += [f"  only engine: {each}" for each in sorted(self.engine)]
        parts += [f"  only reference: {each}" for each in sorted(self.reference)]
        return "\n".join(parts)


def findings_of_both(case: Case, layout: Any) -> tuple[Found, Found]:
    """The findings of structlint and of the reference.

    Raises `Undetermined` if the page does not define them.
    """
    ours, before = reference_findings(case), case.before
    may = ours
    if before:
        ours, may = new_findings(reference_findings(before), ours)
    try:
        theirs = (
            engine_under_test.findings_after(layout, before.tree, case.tree)
            if before
            else engine_under_test.findings(layout, *case.tree)
        )
    except Exception as error:  # an exception is a difference, too
        theirs = {("", repr(error), "")}
    theirs = {each for each in theirs if each[1] not in UNIMPLEMENTED}
    return theirs, ours | (may & theirs)


def reference_findings(case: Case) -> Found:
    """The findings of the reference for the tree of a case, without a baseline."""
    return reference.findings(
        case.layouts,
        case.files,
        case.empty,
        case.untracked,
        links=case.links,
        submodules=case.submodules,
        contents={path: json.loads(text) for path, text in case.contents.items() if path in case.files},
    )


def compare(case: Case, layout: Any = None) -> Difference | None:
    """The difference between the two, if any.

    Returns None if structlint rejects the layout. Raises `Undetermined` like `findings_of_both`.
    """
    layout = layout or engine_under_test.load_layouts(case.layouts)
    if layout is None:
        return None
    theirs, ours = findings_of_both(case, layout)
    return Difference(case, theirs - ours, ours - theirs) if theirs != ours else None


def cases(seed: int) -> Iterator[tuple[Any, Case]]:
    """Random cases without end, with the layout as loaded by structlint."""
    rng = random.Random(seed)
    while True:
        layouts = reference_cases.layouts(rng)
        if (loaded := engine_under_test.load_layouts(layouts)) is None:
            continue
        trees = reference_cases.Trees(rng, layouts)
        for _ in range(TREES):
            yield loaded, trees.case(layouts)


def differs(case: Case, kind: tuple[str, ...]) -> bool:
    try:
        difference = compare(case)
    except (Undetermined, LookupError, ValueError, TypeError, AttributeError):
        return False
    return difference is not None and difference.kind == kind


def reduce(difference: Difference) -> Difference:
    """The same kind of difference in a minimal case."""
    case, is_done = difference.case, False
    while not is_done:
        is_done = True
        for each in _smaller_cases(case):
            if differs(each, difference.kind):
                case, is_done = each, False
                break
    return compare(case) or difference


def _smaller_cases(case: Case) -> Iterator[Case]:
    if case.untracked is not None:
        yield case._replace(untracked=None)
    if case.accepted is not None:
        yield case._replace(accepted=None)
        for path in sorted(case.accepted):
            yield case._replace(accepted=case.accepted - {path})
    for path in case.links:
        links = {each: to for each, to in case.links.items() if each != path}
        yield case._replace(links=links)
        yield case._replace(links=links, files=case.files - {path})
    for path, content in case.contents.items():
        for less in _smaller_values(json.loads(content)):
            yield case._replace(contents={**case.contents, path: json.dumps(less).encode()})
    for field in ("files", "empty", "untracked", "submodules"):
        for path in sorted(getattr(case, field) or ()):
            for less in (path, path[: path.find("/") + 1] or path):
                gone = {f for f in getattr(case, field) if f.startswith(less)}
                yield case._replace(**{field: getattr(case, field) - gone})
    for number, layout in enumerate(case.layouts):
        others = case.layouts[:number], case.layouts[number + 1 :]
        if len(case.layouts) > 1:
            yield case._replace(layouts=[*others[0], *others[1]])
        for less in _smaller_values(layout):
            yield case._replace(layouts=[*others[0], less, *others[1]])


def _smaller_values(value: Any) -> Iterator[Any]:
    """Smaller versions of a value."""
    if isinstance(value, dict):
        for key in value:
            yield {k: v for k, v in value.items() if k != key}
        for key, inside in value.items():
            yield from ({**value, key: less} for less in _smaller_values(inside))
    elif isinstance(value, list):
        for at, inside in enumerate(value):
            yield value[:at] + value[at + 1 :]
            yield from ([*value[:at], less, *value[at + 1 :]] for less in _smaller_values(inside))
    elif value is not None and not isinstance(value, bool):
        yield None


class Outcome(NamedTuple):
    """The result of many comparisons: the smallest difference of each kind, and counts."""

    kinds: dict[tuple[str, ...], Difference]
    counts: Counter[tuple[str, ...]]
    left_open: Counter[str]
    constructs: Counter[str]


def run_cases(seed: int, number: int) -> Outcome:
    """Compares this number of cases."""
    result = Outcome({}, Counter(), Counter(), Counter())
    for layout, case in itertools.islice(cases(seed), number):
        result.constructs.update(constructs(case))
        try:
            difference = compare(case, layout)
        except Undetermined as reason:
            result.left_open[str(reason).partition("<")[0]] += 1
            continue
        if difference:
            _add_difference(result, difference)
    return result


def _add_difference(result: Outcome, difference: Difference) -> None:
    result.counts[difference.kind] += 1
    known = result.kinds.get(difference.kind)
    if known is None or len(str(difference)) < len(str(known)):
        result.kinds[difference.kind] = difference


def combine(results: Iterable[Outcome]) -> Outcome:
    """Combines the results of several processes."""
    whole = Outcome({}, Counter(), Counter(), Counter())
    for result in results:
        for name in ("counts", "left_open", "constructs"):
            getattr(whole, name).update(getattr(result, name))
        for difference in result.kinds.values():
            whole.kinds.setdefault(difference.kind, difference)
    return whole


def first_difference(seed: int, number: int) -> str:
    """The first difference without reduction, or ""."""
    for count, (layout, case) in enumerate(itertools.islice(cases(seed), number), 1):
        try:
            difference = compare(case, layout)
        except Undetermined:
            continue
        if difference:
            return f"case {count}\n{difference}\n"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="number of processes, each with its own cases")
    parser.add_argument(
        "--first", action="store_true", help="stop at the first difference and do not reduce it"
    )
    parser.add_argument("--show", type=int, default=10, help="number of kinds of differences to print")
    options = parser.parse_args()
    if options.first:
        text = first_difference(options.seed, options.cases)
        sys.stdout.write(text)
        return int(bool(text))
    if options.jobs == 1:
        result = run_cases(options.seed, options.cases)
    else:
        seeds = [options.seed * 1000 + job for job in range(options.jobs)]
        with ProcessPoolExecutor(options.jobs) as processes:
            shares = [options.cases // options.jobs] * options.jobs
            result = combine(processes.map(run_cases, seeds, shares))
    report(result, options.cases, options.show)
    return int(bool(result.counts))


def report(result: Outcome, number: int, shown: int) -> None:
    """Prints the differences, the constructs and the totals."""
    out = sys.stdout.write
    for kind, count in result.counts.most_common(shown):
        out(f"\n{count} x {', '.join(kind)}\n{reduce(result.kinds[kind])}\n")
    for text, count in result.left_open.items():
        out(f"{count} x {text}\n")
    out(f"\n{len(result.constructs)} constructs, each with the number of cases that have it:\n")
    for name, count in sorted(result.constructs.items()):
        out(f"  {count:>7,}  {name}\n")
    undecided, differences = sum(result.left_open.values()), sum(result.counts.values())
    out(f"\n{number:,} cases: {differences} differences of {len(result.counts)} kinds, ")
    out(f"{undecided:,} left open by the page\n")


if __name__ == "__main__":
    raise SystemExit(main())
