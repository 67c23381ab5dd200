"""Measures how many planted deviations structlint finds after `structlint init`.

    python tests/judgement/drift.py DIRECTORY [OWNER/NAME ...] [--aside | --all]

Each line of `drifts.yaml` adds, deletes or moves files of a commit. The result is checked with the layout
that `init` writes for this commit. A deviation is caught if it causes a new finding at one of its paths.
DIRECTORY contains the repositories as bare git directories: `OWNER+NAME/repo`. Missing repositories are
skipped and listed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from learned import findings, learned, options, selected, tree_of, with_files

from structlint.finding import Finding
from structlint.tree import Tree

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    chosen = options(__doc__, arguments)
    caught = number = 0
    for plant, place in selected(HERE / "drifts.yaml", chosen):
        for line, is_caught in _tried(plant, tree_of(place, plant["commit"])):
            print(line)
            number += 1
            caught += is_caught
    print(f"caught: {caught} of {number}")
    return 0


def _tried(plant: dict[str, Any], tree: Tree) -> Iterator[tuple[str, bool]]:
    layout = learned(tree).layout
    before = {_key(finding) for finding in findings(layout, tree)}
    for drift in plant["drifts"]:
        moves = drift.get("move", {})
        removed = [*drift.get("delete", []), *moves]
        added = [*drift.get("add", []), *moves.values()]
        changed = with_files(tree.without(removed), added)
        found = [each for each in findings(layout, changed) if _key(each) not in before]
        paths = [*added, *removed]
        at_it = [each for each in found if _concerns(each, paths, tree)]
        verdict = f"caught ({at_it[0].rule})" if at_it else "MISSED"
        yield f"{plant['repository']}: {paths[0]} ({drift['why']}): {verdict}", bool(at_it)


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.path, finding.discriminator or ""


def _concerns(finding: Finding, changed: Iterable[str], tree: Tree) -> bool:
    """Whether a finding is at a changed file, or at a directory that was added with it."""
    for path in changed:
        new = _first_new(path, tree)
        if not {path, new}.isdisjoint((finding.path, *finding.related)):
            return True
        if new.endswith("/") and finding.path.startswith(new):
            return True
        if finding.path != "./" and finding.path.endswith("/") and path.startswith(finding.path):
            return True
    return False


def _first_new(path: str, tree: Tree) -> str:
    """The topmost directory of a path that does not exist in the tree, or the path itself."""
    steps = path.split("/")
    for number in range(1, len(steps)):
        directory = "/".join(steps[:number]) + "/"
        if not any(each.startswith(directory) for each in tree.files):
            return directory
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
