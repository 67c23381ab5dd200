"""The severity of a rule, for the whole tree and for a part of it."""

from __future__ import annotations

import pytest
from test_language import Findings, found  # noqa: F401 - a fixture

TREE = (
    "tree: {.: {unlisted: forbid}, README.md: {level: recommended}, '*/?': {.: {unlisted: forbid}, a?: }}\n"
)
CASES = {
    "one value": ("warning", ["warning x.txt", "warning src/x.txt"]),
    "off in a part": ("{/src/: off}", ["error x.txt"]),
    "only in a part": ("{'*': off, /src/: error}", ["error src/x.txt"]),
    "the last decides": ("{/src/: off, '*.txt': warning}", ["warning x.txt", "warning src/x.txt"]),
    "a file": ("{/src/x.txt: warning}", ["error x.txt", "warning src/x.txt"]),
}


@pytest.mark.parametrize(("severity", "expected"), CASES.values(), ids=CASES)
def test_by_path(found: Findings, severity: str, expected: list[str]) -> None:  # noqa: F811
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
def test_the_root_itself(found: Findings, severity: str, expected: list[str]) -> None:  # noqa: F811
    layout = "tree: {.: {unlisted: allow, max-files: 1}, src/: {.: {max-files: 1}}}\n"
    assert found(f"{layout}severity: {{too-many-files: {severity}}}", "a b src/a src/b") == expected


def test_what_is_recommended_is_never_more_than_a_warning(found: Findings) -> None:  # noqa: F811
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
def test_errors(found: Findings, value: str, message: str) -> None:  # noqa: F811
    found.make(f"tree: {{a: }}\nseverity: {{stray-file: {value}}}", "a")
    ran = found.run("check", ".")
    assert ran.status == 2
    assert message in ran.err
