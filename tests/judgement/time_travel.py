"""What a layout of six months ago says today: is it worth reading?

    python tests/judgement/time_travel.py DIRECTORY [OWNER/NAME ...] [--aside | --all]

For each repository of `time_travel.yaml`, `init` writes a layout for the commit `then`, which is held against
the commit `now`. Findings that it has for `then` already are left out. Each other one has a verdict there:
`keep` or `noise`, and why. New ones are listed without, and counted apart. DIRECTORY holds the repositories,
each as a bare git directory: `OWNER+NAME/repo`. What is not there is left out, and listed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from learned import findings, learned, place_of, tree_of

from structlint.errors import LayoutError

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    verdicts: Counter[str] = Counter()
    for travel in yaml.safe_load((HERE / "time_travel.yaml").read_text(encoding="utf-8")):
        aside = bool(travel.get("aside"))
        if options.names and travel["repository"] not in options.names:
            continue
        if not options.all and aside != options.aside:
            continue
        place = place_of(travel["repository"], options.directory)
        if place is None:
            print(f"not there: {travel['repository']}")
            continue
        print(f"# {travel['repository']}")
        for line, verdict in _found(travel, place):
            print(line)
            verdicts[verdict] += 1
    judged = verdicts["keep"] + verdicts["noise"]
    print(f"worth keeping: {verdicts['keep']} of {judged}; without a verdict: {verdicts['none']}")
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--aside", action="store_true", help="those that were looked at once, at the end")
    parser.add_argument("--all", action="store_true")
    return parser.parse_args(arguments)


def _found(travel: dict[str, Any], place: Path) -> Iterator[tuple[str, str]]:
    then, now = tree_of(place, travel["then"]), tree_of(place, travel["now"])
    layout = learned(then).layout
    before = {(finding.rule, finding.path) for finding in findings(layout, then)}
    known = {(each["rule"], each["path"]): each for each in travel.get("findings") or ()}
    try:
        today = findings(layout, now)
    except LayoutError as error:  # what `imports` names is gone
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
