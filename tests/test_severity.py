"""The severity of a rule, globally and by path."""

from __future__ import annotations

import pytest
from test_language import Findings, found  # noqa: F401 - a fixture

TREE = (
    "tree: {.: {unlisted: forbid}, README.md: {level: recommended}, '*/?': {.: {unlisted: forbid}, a?: }}\n"
)
CASES = {
    "one value": ("warning", ["warning x.txt", "warning src/x.txt"]),
    "off in a directory": ("{/src/: off}", ["error x.txt"]),
    "only in a directory": ("{'*': off, /src/: error}", ["error src/x.txt"]),
    "the last match applies": ("{/src/: off, '*.txt': warning}", ["warning x.txt", "warning src/x.txt"]),
    "a file": ("{/src/x.txt: warning}", ["error x.txt", "warning src/x.txt"]),
}


@pytest.mark.parametrize(("severity", "expected"), CASES.values(), ids=CASES)
def test_severity_by_path(found: Findings, severity: str, expected: list[str]) -> None:  # noqa: F811
    reported = found(f"{TREE}severity: {{missing-file: off, stray-file: {severity}}}", "x.txt src/x.txt")
    assert sorted(line.replace(" stray-file", "") for line in reported) == sorted(expected)


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("{/: warning}", ["warning too-many-files ./", "error too-many-files src/"]),
        ("{src/: off}", ["error too-many-files ./"]),
        ("{'*': warning}", ["warning too-many-files ./", "warning too-many-files src/"]),
    ],
)
def test_severity_of_the_root(found: Findings, severity: str, expected: list[str]) -> None:  # noqa: F811
    layout = "tree: {.: {unlisted: allow, max-files: 1}, src/: {.: {max-files: 1}}}\n"
    assert found(f"{layout}severity: {{too-many-files: {severity}}}", "a b src/a src/b") == expected


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("", ["warning conflicting-entries ./"]),
        ("severity: {conflicting-entries: error}", ["error conflicting-entries ./"]),
        (
            "severity: {conflicting-entries: {'/a/': error}}",
            ["error conflicting-entries a/.gitkeep"]
            + [f"warning conflicting-entries {at}/.gitkeep" for at in "bc"],
        ),
        (
            "severity: {conflicting-entries: {'/a/': off}}",
            [f"warning conflicting-entries {at}/.gitkeep" for at in "bc"],
        ),
    ],
)
def test_combined_findings_have_the_severity_of_each(
    found: Findings,  # noqa: F811
    severity: str,
    expected: list[str],
) -> None:
    layout = f"extends: base\ntree: {{'*/': }}\n{severity}\n"
    tree = " ".join(f"{at}/{name}" for at in "abc" for name in (".gitkeep", "x.txt"))
    assert sorted(line for line in found(layout, tree) if "conflicting" in line) == sorted(expected)


def test_missing_recommended_file_is_at_most_a_warning(found: Findings) -> None:  # noqa: F811
    layout = f"{TREE}severity: {{missing-file: {{'*': error}}}}"
    assert found(layout, "src/a") == ["warning missing-file README.md"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("eror", "unknown value `eror`; did you mean `error`?"),
        ("{src/: eror}", "unknown value `eror`; did you mean `error`?"),
        ("{'[': off}", "the pattern `[`"),
        ("{'!/src/': off}", "`!/src/`: `!` has no meaning here; write a pattern with its own severity"),
        ("{}", "the text is empty; complete or remove it"),
        ("[src/]", "expected text or a mapping, found a list"),
    ],
)
def test_invalid_severity(found: Findings, value: str, message: str) -> None:  # noqa: F811
    found.make(f"tree: {{a: }}\nseverity: {{stray-file: {value}}}", "a")
    result = found.run("check", ".")
    assert result.status == 2
    assert message in result.err
