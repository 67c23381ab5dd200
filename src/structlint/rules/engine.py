"""Runs the rules over a survey: what is selected, how much it matters, what is accepted, in which order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from structlint.errors import CannotCheck, Unread
from structlint.finding import Finding, Severity
from structlint.layout.model import AcceptedFinding, PatternEntry, PatternList
from structlint.matching.survey import Survey
from structlint.rules import RULES, Rule, name_of, unused_ignore

# On one path the first of these speaks for the others, and a directory's for all that is in it. Nothing
# speaks for what is more severe.
_SPEAKS_FOR = {
    "forbidden-path": {
        "misplaced-file",
        "stray-file",
        "stray-directory",
        "bad-name",
        "orphan",
        "tracked-ignored",
        "too-few-files",
        "too-few-directories",
        "conflicting-entries",
    },
    "misplaced-file": {"stray-file", "bad-name"},
    "missing-file": {"unignored-local"},  # a `.gitignore` that is not there ignores nothing
    "stray-directory": {"misplaced-file", "bad-name"},
    "stray-file": {"bad-name"},
    "tracked-local": {"tracked-ignored", "stray-file", "stray-directory", "forbidden-path"},
}


Broken = Callable[[str, Exception], object]


def _raised(rule: str, error: Exception) -> object:
    raise error


def check(survey: Survey, selected: Collection[str], today: date, broken: Broken = _raised) -> list[Finding]:
    """What the selected rules find, each mistake once, in the order of paths, then rules.

    A finding that an `ignore` of the layout accepts is left out; one that accepts nothing, though its
    rule ran, is a finding itself. `today` decides which of them still hold. `broken` gets the name of a
    rule that does not run to its end and why: `Unread` for what it needs and cannot be read, anything else
    is a bug. If `broken` returns, what was found besides are the findings of the check.
    """
    asked = [rule for rule in RULES if name_of(rule) in selected and rule is not unused_ignore]
    failed: set[str] = set()

    def note(rule: str, error: Exception) -> None:
        broken(rule, error)
        failed.add(rule)

    found = [finding for rule in asked for finding in _answer(rule, survey, note)]
    accepted = _Accepted(survey.layout.ignore, today)
    if survey.layout.ignore:
        found = [finding for finding in found if not accepted(finding)]
    left = _one_for_each_mistake(found)
    if name_of(unused_ignore) in selected:
        unused = unused_ignore.find(survey, accepted.unused({*map(name_of, asked)} - failed))
        left += _stamped(unused_ignore, unused, survey)
    return sorted(left, key=lambda finding: (finding.path, finding.rule, finding.line or 0, finding.message))


def _answer(rule: Rule, survey: Survey, broken: Broken) -> list[Finding]:
    """What a rule finds; nothing if it failed, which no memory and no disk is not a fault of the rule's."""
    found: list[Finding] = []
    try:
        for finding in _stamped(rule, rule.find(survey), survey):
            found.append(finding)  # noqa: PERF402 - what was found before something could not be read
    except Unread as error:
        broken(name_of(rule), error)
    except (CannotCheck, OSError, MemoryError):
        raise
    except Exception as error:
        broken(name_of(rule), error)
        return []
    return found


def _stamped(rule: Rule, findings: Iterable[Finding], survey: Survey) -> Iterator[Finding]:
    """A rule's findings with its name and their severity here; none where the layout turns the rule off."""
    name = name_of(rule)
    severity = survey.layout.severity.get(name, rule.SEVERITY)
    for finding in findings if severity else ():
        yield finding._replace(rule=name, severity=finding.severity or severity)


class _Accepted:
    """Whether a layout's `ignore` accepts a finding; remembers which ones were needed."""

    def __init__(self, ignores: Sequence[AcceptedFinding], today: date) -> None:
        self.ignores = [(each, PatternList((PatternEntry(each.path, each.place),))) for each in ignores]
        self.today = today
        self.used: set[AcceptedFinding] = set()

    def __call__(self, finding: Finding) -> bool:
        fitting = [each for each, where in self.ignores if self._fits(each, where, finding)]
        self.used.update(fitting)
        return any(each.until is None or self.today <= each.until for each in fitting)

    def _fits(self, each: AcceptedFinding, where: PatternList, finding: Finding) -> bool:
        if each.rule != finding.rule:
            return False
        return finding.path == "./" if each.path == "/" else where.match(finding.path) is not None

    def unused(self, rules: Collection[str]) -> tuple[AcceptedFinding, ...]:
        """Those that no finding needed, less those of rules not asked and of layouts this one extends."""
        asked = (each for each, _ in self.ignores if each.rule in rules and not each.inherited)
        return tuple(each for each in asked if each not in self.used)


def _one_for_each_mistake(findings: Iterable[Finding]) -> list[Finding]:
    """The findings less those for which another, on the same path or a directory above it, speaks.

    A warning does not speak for an error.
    """
    left = _without_near_misses(_one_for_each_reason(findings))
    spoken: dict[str, set[tuple[str, bool]]] = {}  # by path: rules, and whether of errors too
    for finding in left:
        is_error = finding.severity is not Severity.WARNING
        for rule in _SPEAKS_FOR.get(finding.rule, ()):
            spoken.setdefault(finding.path, set()).update({(rule, False), (rule, is_error)})
    return [each for each in left if not _is_spoken_for(each, spoken)] if spoken else left


def _one_for_each_reason(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with one of each rule for a path and a reason, the first of the most severe.

    Entries of several places can see one fault. Those nearer to the path come first: the match lists what is
    below `**/` last.
    """
    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        reason = (finding.rule, finding.path, finding.line, finding.discriminator, finding.message)
        first = found.setdefault(reason, finding)
        if first.severity is Severity.WARNING and finding.severity is not Severity.WARNING:
            found[reason] = finding
    return list(found.values())


def _without_near_misses(findings: list[Finding]) -> list[Finding]:
    """The findings without strays that a finding about something missing names as its near miss.

    A warning hides no error: whatever may be missing, a stray is reported as if it had no near twin.
    """
    named: dict[str, bool] = {}  # by path: whether an error names it
    for finding in findings:
        for path in finding.related if finding.rule in ("missing-file", "missing-directory") else ():
            named[path] = named.get(path, False) or finding.severity is not Severity.WARNING

    def is_hidden(finding: Finding) -> bool:
        if finding.rule not in ("stray-file", "stray-directory") or finding.path not in named:
            return False
        return named[finding.path] or finding.severity is Severity.WARNING

    return [finding for finding in findings if not is_hidden(finding)] if named else findings


def _is_spoken_for(finding: Finding, spoken: Mapping[str, set[tuple[str, bool]]]) -> bool:
    wanted = finding.rule, finding.severity is not Severity.WARNING
    at = finding.path.find("/")
    while at >= 0:
        if wanted in spoken.get(finding.path[: at + 1], ()):
            return True
        at = finding.path.find("/", at + 1)
    return wanted in spoken.get(finding.path, ())
