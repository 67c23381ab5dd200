"""Checks that the comparison with the reference finds faults: `python tests/seeded_faults.py`.

Each fault is a small change of the source text of structlint, made in a copy of the sources.
`reference_run.py` must then find a difference. The exit status is 1 if it finds none for one of the faults,
or if the original text does not occur exactly once. In this case, plant the fault in the code that replaced
it.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent


class Fault(NamedTuple):
    """A description, the original text and the faulty text."""

    wrong: str
    text: str
    instead: str


FAULTS = [
    Fault(
        "a pattern goes before an exact name",
        "for child, member in self.exact.get(name, ()):",
        "for child, member in () if self.patterns else self.exact.get(name, ()):",
    ),
    Fault(
        "of two patterns the one with fewer literal characters governs",
        "self.patterns.sort(key=lambda pattern: (-pattern[0].literal_characters, not pattern[1].condition))",
        "self.patterns.sort(key=lambda pattern: pattern[0].literal_characters)",
    ),
    Fault(
        "of two patterns alike the one that is written later governs",
        "self.patterns.sort(key=lambda pattern: (-pattern[0].literal_characters, not pattern[1].condition))",
        "self.patterns.reverse(); self.patterns.sort(key=lambda pattern: -pattern[0].literal_characters)",
    ),
    Fault(
        "an entry that says `false` closes its directory",
        "return any(not (c.forbidden or c.key.everywhere) for c in self.children.values())",
        "return any(not c.key.everywhere for c in self.children.values())",
    ),
    Fault(
        "`unlisted` does not hold for the directories below",
        "return self.policy or self.inherited",
        "return self.policy",
    ),
    Fault(
        "stray files are reported below the root too",
        'return "allow-files" if self.directory.path else "forbid"',
        'return "forbid"',
    ),
    Fault(
        "names in another case are not compared by their words",
        "        return by_words(value) or value\n",
        "        return value\n",
    ),
    Fault(
        "the names of one package count in all",
        "self._names.setdefault((entry.id, path, placeholder), {})",
        'self._names.setdefault((entry.id, "", placeholder), {})',
    ),
    Fault(
        "names are not tied for each value of the placeholder above",
        'values = tuple(self._values.identity(name, scope.values.get(name, "")) for name in within)',
        "values = ()",
    ),
    Fault(
        "an orphan is taken by an entry with the same placeholder",
        "if barred.intersection(match.values) and not (orphan and entry is orphan[0]):",
        "if False:",
    ),
    Fault(
        "no other entry takes an orphan",
        "        if not undefined:\n            return entry, match, None\n",
        "        if not undefined and entry is child:\n            return entry, match, None\n",
    ),
    Fault(
        "`false` at a tied place reports orphans",
        "        if not entry.forbidden:\n            lacking",
        "        if True:\n            lacking",
    ),
    Fault(
        "two of the alternatives may be there",
        "if len({(group.entry.id, name.member) for group, name in pairs}) > 1:",
        "if len({(group.entry.id, name.member) for group, name in pairs}) > 2:",
    ),
    Fault(
        "one name of a list is enough",
        "absent = [wanted for wanted in wanted_values if not exists(self._identities(wanted))]",
        "absent = [] if by_values else list(wanted_values)",
    ),
    Fault(
        "what is needed from the root is looked for beside",
        "return _Place(self._tree.root, self._root, {})",
        "return _Place(matches.directory, parent, matches.above)",
    ),
    Fault(
        "`**/` asks within stray directories",
        "strays = set(children.unlisted_directories()) if children and closed else ()",
        "strays = ()",
    ),
    Fault(
        "a nearer `**/` takes the place of a farther one",
        "applying = applying + declared",
        "applying = declared or applying",
    ),
    Fault(
        "a pattern of a directory does not match what is in it",
        "decided = max(self._at(path, path[cut:]), self._within(path[:cut]))",
        "decided = self._at(path, path[cut:])",
    ),
    Fault(
        "`!` takes nothing back",
        'return Pattern(names, line.startswith("!"), directory, anchored)',
        "return Pattern(names, False, directory, anchored)",
    ),
    Fault(
        "misplaced files in a stray directory are reported",
        '"stray-directory": {"misplaced-file", "bad-name"},',
        '"stray-directory": {"bad-name"},',
    ),
    Fault(
        "a warning hides an error",
        "update({(rule, False), (rule, is_error)})",
        "update({(rule, False), (rule, True)})",
    ),
    Fault(
        "a directory may be one deeper",
        "if limit and depth == limit.number + 1:",
        "if limit and depth == limit.number + 2:",
    ),
    Fault(
        "`/` in `belongs` stands for everything",
        'return path.startswith(self.targets) or ("/" in self.targets and "/" not in path)',
        'return path.startswith(self.targets) or "/" in self.targets',
    ),
    Fault(
        "a near twin is reported as a stray besides",
        "        return by_error is not None and (by_error or finding.severity is Severity.WARNING)",
        "        return False",
    ),
    Fault(
        "what follows the first dot is held against the case",
        'stem, dot, rest = (value, "", "") if directory or value.startswith(".") else value.partition(".")',
        'stem, dot, rest = (value, "", "")',
    ),
    Fault(
        "an optional placeholder without a name is not counted",
        "if number or not (entry.wanted or is_group):",
        "if number:",
    ),
    Fault(
        "a value may begin with a dot",
        'if value.startswith(".") or (self.consecutive',
        "if (self.consecutive",
    ),
    Fault(
        "what a document recommends is an error",
        "severity=Severity.WARNING if missing.recommended else None,\n                fix",
        "severity=None,\n                fix",
    ),
    Fault(
        "a nearer `?` does not make an entry optional",
        "level = most_wanted(far.level, near.level) if near.implied else near.level",
        "level = most_wanted(far.level, near.level)",
    ),
    Fault(
        "a nearer group leaves the farther entries of its names",
        "            for one in other:\n                del left[one.key]\n            if names",
        "            if names",
    ),
    Fault(
        "a finding is accepted on the day after",
        "return any(ignore.until is None or self.today <= ignore.until for ignore in matching)",
        "return bool(matching)",
    ),
    Fault(
        "`root-files` is not the nearer limit",
        'limits.get("root-files") or limits.get("files")',
        'limits.get("files")',
    ),
    Fault(
        "a tied path may have other directories",
        "if defined is None or value in defined:",
        "if True:",
    ),
    Fault(
        "a path is the last of its directories",
        'value = f"{path}/{name}" if path else name',
        "value = name",
    ),
    Fault(
        "nothing is asked for in directories that another place of a path has",
        "for path in _absent(paths, entered) if tied else ():",
        "for path in ():",
    ),
    Fault(
        "of directories with an `if` two may have one name",
        "is_unique = placeholder in self._ties.once",
        "is_unique = False",
    ),
    Fault(
        "a unique value may stand for two names alike",
        "if first.path != one.path and (differs or members.get(member, one.path) != one.path):",
        "if first.path != one.path and differs:",
    ),
    Fault(
        "a unique value does not determine the others",
        "if first.path != one.path and (differs or members.get(member, one.path) != one.path):",
        "if first.path != one.path and members.get(member, one.path) != one.path:",
    ),
    Fault(
        "leading zeros make another number",
        'identity = one.value.lstrip("0") if one.value.isdigit()',
        "identity = one.value if one.value.isdigit()",
    ),
    Fault(
        "a gap of one number is none",
        "if length > 0:",
        "if length > 1:",
    ),
    Fault(
        "a consecutive value need not be a number",
        "or (self.consecutive and not",
        "or (False and not",
    ),
    Fault(
        "all combinations are required, also of what is unique",
        "return naming.unique and not naming.values",
        "return False",
    ),
    Fault(
        "a name must be in all of its cases",
        "        if fits(stem, case):\n            return {}",
        "        if all(fits(stem, case) for case in cases):\n            return {}",
    ),
    Fault(
        "a name is respelled in the first of its cases",
        "if not ill_spelled(Slot(placeholder), value, naming, directory=False):",
        "if not naming.case:",
    ),
    Fault(
        "a value in a list is not enough",
        "plain = value in self._plain or (",
        "plain = (False) or (",
    ),
    Fault(
        "a listed directory does not exist",
        'if holds(whole.files, path) or holds_below(whole.files, f"{path}/"):',
        "if holds(whole.files, path):",
    ),
    Fault(
        "what is not in its list is no orphan",
        "if not listing.names(path, value):",
        "if False:",
    ),
    Fault(
        "nothing is looked for in the directory that a link leads to",
        'if link is None or link.kind != "directory":',
        "if True:",
    ),
    Fault(
        "a broken link satisfies what is required",
        "return [name for name in self.names if not tree.is_broken_link(self.path(name))]",
        "return self.names",
    ),
    Fault(
        "a broken link in the place of a directory is not missing",
        "if entry and not entry.forbidden and requires_contents(entry):",
        "if False:",
    ),
    Fault(
        "what is forbidden may be in a nested project",
        "reasons.matching(self.whole.groups)",
        "reasons.matching(self.tree.groups)",
    ),
    Fault(
        "a layout that is forbidden may be in a nested project",
        "if child.forbidden and holds(files, directory.path + name):",
        "if False:",
    ),
    Fault(
        "an `if` is met by a directory that is not looked into",
        "        if directory.opaque:\n            return None\n",
        "        if directory.opaque:\n            return True\n",
    ),
    Fault(
        "a `**/` that closes a directory which lists names closes it for no other",
        "children.shut = children.shut or is_everywhere",
        "children.shut = is_everywhere and children.closed_by is entry",
    ),
    Fault(
        "a name that a directory lists is governed by `**/` too",
        "return name in self.exact and covers(",
        "return False and covers(",
    ),
    Fault(
        "an `if` must be met by all of its paths",
        "return any(self.contains_path(directory, path, values) for path in contents.paths)",
        "return all(self.contains_path(directory, path, values) for path in contents.paths)",
    ),
    Fault(
        "all of the alternatives must hold it",
        "if any(map(finder.contains, inside, [contents] * len(group), values)):",
        "if all(map(finder.contains, inside, [contents] * len(group), values)):",
    ),
    Fault(
        "`**/` in an `if` means the directory itself",
        "if self._has(directory, steps, everywhere=True) or not containing.isdisjoint(inside):",
        "if self._has(directory, steps, everywhere=True):",
    ),
    Fault(
        "a file excludes itself",
        "if not found.rejected and found.path != path)",
        "if not found.rejected)",
    ),
    Fault(
        "a place that is `false` defines names",
        "possible = [(above, entry) for above, entry in occurrences if not entry.forbidden]",
        "possible = list(occurrences)",
    ),
    Fault(
        "a nearer field of `names` takes the place of all",
        "if key not in near.given for field in fields]",
        "if False for field in fields]",
    ),
    Fault(
        "a directory of which every file is excluded is not there",
        "        if path not in excluded:\n            emptied",
        "        if False:\n            emptied",
    ),
    Fault(
        "a link may lead to what only `false` forbids",
        "(child.children and directory.path[:-1] in self._tree.links)",
        "(child.closed and directory.path[:-1] in self._tree.links)",
    ),
    Fault(
        "no near twins where a link leads to",
        "missing = with_near_misses(children)",
        "missing = children.missing",
    ),
    Fault(
        "an excluded directory that a link leads to is not looked into",
        'excluded = Directory(f"{directory.path}{step}/")  # or everything in it',
        'excluded = Directory("")\n            excluded.opaque = True',
    ),
    Fault(
        "an empty directory meets an `if`",
        "if missing.needed_by else missing.entry.condition",
        "if missing.needed_by else None",
    ),
    Fault(
        "a directory that is not read is an orphan where it could be a member",
        "if self.lookup.is_member(entry, name, inside, assignment.scope.values) is None:",
        "if False:",
    ),
    Fault(
        "an alternative must be there as often as its count",
        "or not (entry.wanted or is_group):",
        "or not entry.wanted:",
    ),
]


def planted(fault: Fault, sources: Path) -> str:
    """Plants a fault in a copy of the sources; what hinders it, or ""."""
    holding = [path for path in sorted(sources.rglob("*.py")) if fault.text in path.read_text("utf-8")]
    texts = [path.read_text("utf-8") for path in holding]
    if sum(text.count(fault.text) for text in texts) != 1:
        return f"its text is in {len(holding)} files, and must be in one, once"
    holding[0].write_text(texts[0].replace(fault.text, fault.instead), encoding="utf-8")
    return ""


def tried(fault: Fault | None, cases: int, seed: int) -> tuple[bool, str]:
    """Whether a fault (or, without one, any difference) is found, and the first case that shows it."""
    with tempfile.TemporaryDirectory() as name:
        sources = Path(shutil.copytree(ROOT / "src", Path(name) / "src"))
        if fault and (hindrance := planted(fault, sources)):
            return False, hindrance
        command = [
            sys.executable,
            str(ROOT / "tests/reference_run.py"),
            "--first",
            f"--cases={cases}",
            f"--seed={seed}",
        ]
        environment = {**os.environ, "PYTHONPATH": str(sources), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    first = re.match(r"case \d+", done.stdout)
    return bool(first), first[0] if first else (done.stderr.strip().splitlines() or ["nothing found"])[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=20_000, help="how many cases to try with each fault")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a part of the names of those to plant")
    options = parser.parse_args()
    chosen = [fault for fault in FAULTS if options.only in fault.wrong]
    differs, text = tried(None, options.cases, options.seed)
    if differs:
        sys.stdout.write(f"a difference without any fault: {text}\n")
        return 1
    missed = 0
    for fault in chosen:
        is_found, said = tried(fault, options.cases, options.seed)
        missed += not is_found
        sys.stdout.write(f"{'found ' if is_found else 'MISSED'}  {fault.wrong}: {said}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(chosen) - missed} of {len(chosen)} found\n")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
