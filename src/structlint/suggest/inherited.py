"""Loosens requirements of a bundled layout that most members do not meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from structlint.finding import Place
from structlint.layout.entry import Entry
from structlint.layout.import_rules import Side
from structlint.layout.key_writer import key_text
from structlint.layout.keys import Key
from structlint.layout.model import Layout, ill_spelled
from structlint.matching.import_check import import_check
from structlint.matching.survey import Survey
from structlint.suggest.draft import FILE, Draft, Law, LearnedEntry
from structlint.suggest.thresholds import MOST_ACCEPTED, RECOMMENDED
from structlint.suggest.trial import Trial
from structlint.text.cases import CASES, fits
from structlint.text.quoting import shortened
from structlint.tree import Tree


def loosen_inherited(draft: Draft, trial: Trial, tree: Tree) -> bool:
    """Loosens requirements of an extended layout that the repository does not meet.

    Makes a path optional if more than a fifth of the members of an entry lack it, and drops cases that more
    than a third of the names violate, and rules for imports that more than a third of the files violate.
    Paths that the root lacks stays required. Returns whether anything changed; `draft.loosened` lists it.
    """
    before = len(draft.loosened)
    _make_optional(draft, trial.layout, trial.survey)
    _set_cases(draft, trial.layout, trial.survey)
    _allow_imports(draft, trial)
    return len(draft.loosened) > before


def _make_optional(draft: Draft, layout: Layout, survey: Survey) -> None:
    chains = dict(_chains(layout.root))
    lacking = Counter(
        missing.origin
        for missing in survey.missing
        if missing.origin.file != FILE
        and not missing.needed_by
        and not missing.near_miss
        and not missing.within
    )
    members = Counter(match.entry.place for match in survey.directory_matches)
    for place, number in lacking.items():
        if place not in chains or len(chains[place]) < 2:
            continue
        above, entry = chains[place][:-1], chains[place][-1]
        of = members[above[-1].place]
        if len(above) > 1 and of > 1 and number > (1 - RECOMMENDED) * of:
            inside = draft.root
            for entry_above in above[1:]:
                inside = _child(inside, entry_above)
            # If none exists, one name represents all alternatives; if some exist, they are listed again.
            key = Key(entry.key.members[:1], entry.key.directory) if number == of else entry.key
            _child(inside, entry._replace(key=key)).optional = True
            path = "".join(key_text(step.key) for step in chains[place][1:-1])
            draft.loosened[f"{path}{key_text(key)}: optional, as {number} of {of} lack it"] = None


def _chains(entry: Entry, above: tuple[Entry, ...] = ()) -> Iterator[tuple[Place, tuple[Entry, ...]]]:
    """Each entry with the entries that enclose it, by its place in the layout."""
    for child in entry.children.values():
        yield child.place, (*above, entry, child)
        yield from _chains(child, (*above, entry))


def _child(node: LearnedEntry, entry: Entry) -> LearnedEntry:
    """The learned entry for an entry of the layout, created if necessary with the same requirement level."""
    names = {
        key_text(entry.key),
        *(f"{member}{'/' if entry.key.directory else ''}" for member in entry.key.members),
    }
    known = next((child for key, child in node.children.items() if key in names), None)
    return known or node.add(LearnedEntry(key_text(entry.key), optional=not entry.required))


def _set_cases(draft: Draft, layout: Layout, survey: Survey) -> None:
    """Gives placeholders the case of their names if most names violate the inherited case."""
    values: dict[str, list[str]] = {}
    broken: Counter[str] = Counter()
    for match in survey.path_matches:
        for slot in match.name.member.slots if not match.entry.forbidden else ():
            naming = layout.names.get(slot.placeholder)
            if naming and naming.case and not slot.case and not naming.values:
                value = match.values[slot.placeholder]
                stem = value if match.entry.key.directory else value.partition(".")[0]
                values.setdefault(slot.placeholder, []).append(stem)
                broken[slot.placeholder] += bool(ill_spelled(slot, value, naming, match.entry.key.directory))
    for placeholder, number in broken.items():
        of = len(values[placeholder])
        naming = layout.names[placeholder]
        if number * 3 > of and number > 1 and naming.place.file != FILE:
            case = _case_of(values[placeholder])
            draft.names[placeholder] = Law(case, of, of)
            now = f"{case}, as nearly all are" if case else "any name, as they follow several"
            draft.loosened[f"<{placeholder}>: {now}; {number} of {of} are not {naming.case}"] = None


def _case_of(values: Sequence[str]) -> str:
    """The case that nearly all names follow, `lowercase` last; "" if there is none."""
    having = {case: sum(fits(value, case) for value in values) for case in CASES}
    best = max(having, key=lambda case: (having[case], case != "lowercase"))
    return best if having[best] >= 0.8 * len(values) else ""


def _allow_imports(draft: Draft, trial: Trial) -> None:
    """Revokes the rules for imports that more than a third of the files on their side violate."""
    rules = trial.layout.import_rules
    broken = Counter(
        place
        for _, place in {
            (wrong.path, wrong.origin) for wrong in trial.findings if wrong.rule == "wrong-import"
        }
    )
    if rules is None or not broken:
        return
    for key, group in rules.apart.items():
        if group and (share := _share(group.side, broken[group.side.place], trial)):
            draft.allowed_apart[key] = None
            draft.loosened[
                f"imports of {shortened(key)}: allowed of each other, as {share} files import another"
            ] = None
    for key, forbidden in rules.never.items():
        for name, target in forbidden.targets.items() if forbidden else ():
            if forbidden and target and (share := _share(forbidden.side, broken[target.place], trial)):
                draft.allowed_imports.setdefault(key, {})[name] = None
                sentence = f"{shortened(name)} allowed, as {share} files import it"
                draft.loosened[f"imports of {shortened(key)}: {sentence}"] = None


def _share(side: Side, number: int, trial: Trial) -> str:
    """The share of files on a side of an extended layout that violate a rule; "" if only a few do."""
    if number <= MOST_ACCEPTED or side.place.file == FILE:
        return ""
    check = import_check(trial.survey)
    of = sum(any(place.side == side for place in check.sides.of(path)) for path in check.restricted)
    return f"{number} of {of}" if number * 3 > of else ""
