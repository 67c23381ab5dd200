"""A file is tracked although it matches git's ignore rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from structlint.errors import Unread
from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey
from structlint.text.paths import way_to
from structlint.text.quoting import shell_word

ABOUT = "a tracked file that matches git's ignore rules"
SEVERITY = Severity.WARNING
NEEDS_LAYOUT = False
FIX = "unsafe"

_KEEPING = frozenset((".gitkeep", ".keep", ".gitignore", ".placeholder", ".empty"))
_OF_TESTS = frozenset(
    ("fixtures", "fixture", "__fixtures__", "testdata", "test-data", "test_data", "__snapshots__")
)


def find(survey: Survey) -> Iterator[Finding]:
    """Finds tracked files that match git's ignore rules; a directory with no other files is one finding."""
    if ignored := {path for path in survey.tree.ignored if not _is_meant(path, survey)}:
        yield from _findings(survey, ignored)
    if survey.tree.unread:
        raise Unread(survey.tree.unread)


def _is_meant(path: str, survey: Survey) -> bool:
    """Whether a file is tracked on purpose: a placeholder for a directory, a link, or test data."""
    *above, name = path.split("/")
    return name in _KEEPING or path in survey.tree.links or not _OF_TESTS.isdisjoint(above)


def _findings(survey: Survey, ignored: Collection[str]) -> Iterator[Finding]:
    from structlint.edits.steps import Untrack

    held, lost = _counts(survey.tree.files), _counts(ignored)
    whole = {path for path, number in lost.items() if held[path] == number}
    tops = Counter(next((d for d in way_to(path)[1:] if d in whole), path) for path in ignored)
    for path, number in tops.items():
        files = f" ({number:,} files)" if number > 1 else ""
        command = f"git rm {'-r ' if path.endswith('/') else ''}--cached {shell_word(survey.prefix + path)}"
        yield Finding(
            path,
            f"tracked, although it matches git's ignore rules{files}",
            f"run `{command}`, or keep it with a `!` line in `.gitignore`",
            fix=(Untrack(path),),
            number=number if path.endswith("/") else None,
        )


def _counts(paths: Iterable[str]) -> Counter[str]:
    return Counter(directory for path in paths for directory in way_to(path)[1:])
