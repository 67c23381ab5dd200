"""Runs the rules on a survey: selection, severity, accepted findings, order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import filterfalse

from structlint.errors import CannotCheck, Unread
from structlint.finding import RULE_NAMES, Finding, Severity
from structlint.layout.bundled import BUNDLED
from structlint.layout.model import AcceptedFinding, PatternList, SeverityByPath
from structlint.matching.survey import Survey
from structlint.rules import Rule, name_of, rule_named
from structlint.rules.needed import may_find
from structlint.text.paths import way_to

# A finding of the first rule explains those of the others, on the same path or below it, unless they are more
# severe.
_EXPLAINS = {
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
    "missing-file": {"unignored-local"},  # a `.gitignore` that does not exist ignores nothing
    "stray-directory": {"misplaced-file", "bad-name"},
    "stray-file": {"bad-name"},
    "tracked-local": {"tracked-ignored", "stray-file", "stray-directory", "forbidden-path"},
}
_LAST = "unused-ignore"  # it needs the findings of the others
_LEADING_AWAY = frozenset(["bad-name", "forbidden-path"])  # their hints are to rename or remove a path

OnFailure = Callable[[str, Exception], object]


def _raise(rule: str, error: Exception) -> object:
    raise error


def check(
    survey: Survey, selected: Collection[str], today: date, on_failure: OnFailure = _raise
) -> list[Finding]:
    """Runs the selected rules and returns their findings, sorted by path, then rule.

    Findings that an `ignore` of the layout accepts, or that another finding explains, are dropped. `today`
    decides which `ignore` entries still apply. An entry that accepts nothing, although its rule ran, is a
    finding itself. `on_failure` is called with the name of a rule that did not finish, and the reason:
    `Unread` if the rule needs something that cannot be read; any other exception is a bug. If it returns,
    the check continues with the other rules.
    """
    findings: list[Finding] = []
    completed: set[str] = set()
    for name in RULE_NAMES:
        if name not in selected or name == _LAST:
            continue
        before = len(findings)
        try:
            if rule := _rule(name, survey):
                severity = severity_of(rule, survey)
                for finding in rule.find(survey):
                    findings += _stamped(finding, name, rule, severity)  # kept if the next fails
            completed.add(name)
        except Unread as error:  # the findings before the error are reported
            on_failure(name, error)
        except (CannotCheck, OSError, MemoryError):  # not a bug in the rule
            raise
        except Exception as error:
            on_failure(name, error)
            del findings[before:]
    accepted = _Accepted(survey, findings, today)
    findings = _one_for_each_mistake(filterfalse(accepted, findings) if accepted.ignores else findings)
    if not survey.imagined and any(finding.rule in _LEADING_AWAY for finding in findings):
        from structlint.matching.contradictions import corrected_layout

        findings = corrected_layout(survey, findings, _LEADING_AWAY)
    if _LAST in selected and (rule := _rule(_LAST, survey)):
        from structlint.rules import unused_ignore

        severity = severity_of(rule, survey)
        for finding in unused_ignore.find(survey, accepted.unused(completed)):
            findings += _stamped(finding, _LAST, rule, severity)
    return sorted(findings, key=lambda one: (one.path, one.rule, one.line or 0, one.message))


def _rule(name: str, survey: Survey) -> Rule | None:
    """The rule with a name, None if it cannot find anything or the layout turns it off."""
    is_off = survey.layout.severity.get(name, Severity.ERROR) is None
    return None if is_off or not may_find(name, survey) else rule_named(name)


def severity_of(rule: Rule, survey: Survey) -> Severity | SeverityByPath | None:
    """The severity of a rule's findings under the layout of `survey`; None if the layout turns it off."""
    return survey.layout.severity.get(name_of(rule), rule.SEVERITY)


def _stamped(
    finding: Finding, name: str, rule: Rule, severity: Severity | SeverityByPath | None
) -> list[Finding]:
    """A finding with the name of its rule and its severity; none if the layout turns the rule off there."""
    if isinstance(severity, SeverityByPath):
        severity = severity.at(finding.path, rule.SEVERITY)
    return [finding.stamped(name, severity)] if severity else []


class _Accepted:
    """Decides whether an `ignore` of a layout accepts a finding, and records the used entries."""

    def __init__(self, survey: Survey, findings: Sequence[Finding], today: date) -> None:
        self.ignores = survey.layout.ignore
        self.today = today
        self.used: set[AcceptedFinding] = set()
        if_mentioned = [ignore for ignore in self.ignores if ignore.mentioned_in.items]
        covered = findings if if_mentioned else ()
        if doubtful := [one.path for one in covered if any(map(_covers(one), if_mentioned))]:
            from structlint.matching.mentions import Mentions

            self.mentions = Mentions(survey.tree, doubtful)

    def __call__(self, finding: Finding) -> bool:
        covering = list(filter(_covers(finding), self.ignores))
        self.used.update(covering)
        matching = [one for one in covering if self._is_met(one.mentioned_in, finding.path)]
        return any(ignore.until is None or self.today <= ignore.until for ignore in matching)

    def _is_met(self, mentioned_in: PatternList, path: str) -> bool:
        return not mentioned_in.items or self.mentions.has(path, mentioned_in)

    def unused(self, rules: Collection[str]) -> Iterator[AcceptedFinding]:
        """The entries for these rules that cover no finding, except in bundled and extended layouts."""
        for ignore in self.ignores:
            is_ours = ignore.inherited or ignore.place.file in BUNDLED
            if ignore.rule in rules and not is_ours and ignore not in self.used:
                yield ignore


def _covers(finding: Finding) -> Callable[[AcceptedFinding], bool]:
    return lambda ignore: ignore.covers(finding.rule, finding.path)


def _one_for_each_mistake(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that no other finding, at the same path or at a directory above it, explains.

    A warning does not explain an error.
    """
    remaining = _without_near_misses(_one_for_each_reason(findings))
    explained: dict[str, set[tuple[str, bool]]] = {}  # by path: rules, and whether of errors too
    for finding in remaining:
        is_error = finding.severity is not Severity.WARNING
        for rule in _EXPLAINS.get(finding.rule, ()):
            known = explained.setdefault(finding.path.rstrip("/"), set())  # a link may be a file to a pattern
            known.update({(rule, False), (rule, is_error)})
    return (
        [finding for finding in remaining if not _is_explained(finding, explained)]
        if explained
        else remaining
    )


def _one_for_each_reason(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each rule, path and reason: the first of the most severe.

    Entries in several places can report the same mistake. Those nearer to the path come first, because
    matching processes `**/` last.
    """
    first: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        reason = (finding.rule, finding.path, finding.line, finding.discriminator, finding.message)
        earlier = first.setdefault(reason, finding)
        if earlier.severity is Severity.WARNING and finding.severity is not Severity.WARNING:
            first[reason] = finding
    return list(first.values())


def _without_near_misses(findings: list[Finding]) -> list[Finding]:
    """The findings without unlisted names that a finding about a missing name mentions as its near miss.

    A finding about an empty directory is dropped too if something in the directory is missing. A warning does
    not hide an error: if only a recommendation mentions an unlisted name, the error about the name remains.
    """
    named: dict[tuple[str, str], bool] = {}  # by rule and path: whether an error names it
    for finding in findings:
        if finding.rule in ("missing-file", "missing-directory"):
            strays = [(rule, path) for path in finding.related for rule in ("stray-file", "stray-directory")]
            for each in (*strays, ("empty-directory", finding.path)):
                named[each] = named.get(each, False) or finding.severity is not Severity.WARNING

    def is_hidden(finding: Finding) -> bool:
        by_error = named.get((finding.rule, finding.path))
        return by_error is not None and (by_error or finding.severity is Severity.WARNING)

    return [finding for finding in findings if not is_hidden(finding)] if named else findings


def _is_explained(finding: Finding, explained: Mapping[str, set[tuple[str, bool]]]) -> bool:
    key = finding.rule, finding.severity is not Severity.WARNING
    places = {place.rstrip("/") for place in (*way_to(finding.path)[1:], finding.path)}
    return any(key in explained.get(place, ()) for place in places)
