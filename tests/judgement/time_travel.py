"""Checks whether the findings of a layout that was created six months ago are useful today.

    python tests/judgement/time_travel.py DIRECTORY [OWNER/NAME ...] [--aside | --all]

For each repository of `time_travel.yaml`, `init` writes a layout for the commit `then`, which is used to
check the commit `now`. Findings that already exist in `then` are ignored. All others have a verdict in the
file: `keep` or `noise`, with a reason. Findings without a verdict are listed and counted separately.
DIRECTORY contains the repositories as bare git directories: `OWNER+NAME/repo`. Missing repositories are
skipped and listed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from learned import findings, learned, options, selected, tree_of

from structlint.errors import LayoutError

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    chosen = options(__doc__, arguments)
    verdicts: Counter[str] = Counter()
    for travel, place in selected(HERE / "time_travel.yaml", chosen):
        print(f"# {travel['repository']}")
        for line, verdict in _found(travel, place):
            print(line)
            verdicts[verdict] += 1
    judged = verdicts["keep"] + verdicts["noise"]
    print(f"worth keeping: {verdicts['keep']} of {judged}; without a verdict: {verdicts['none']}")
    return 0


def _found(travel: dict[str, Any], place: Path) -> Iterator[tuple[str, str]]:
    then, now = tree_of(place, travel["then"]), tree_of(place, travel["now"])
    layout = learned(then).layout
    before = {(finding.rule, finding.path) for finding in findings(layout, then)}
    known = {(each["rule"], each["path"]): each for each in travel.get("findings") or ()}
    try:
        today = findings(layout, now)
    except LayoutError as error:  # a path in `imports` no longer exists
        yield f"{error} none", "none"
        return
    for finding in today:
        key = (finding.rule, finding.path)
        if key in before:
            continue
        verdict = known.get(key, {"verdict": "none", "why": ""})
        text = f"{finding.path}: {finding.message} [{finding.rule}] {verdict['verdict']} {verdict['why']}"
        yield text.rstrip(), verdict["verdict"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
