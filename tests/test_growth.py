"""The work that a match takes grows with the layout and the tree, not with their square."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import engine_under_test
import pytest

from structlint.matching.scope import DefiningNames, Definition

NAMES = {
    "defined before they are tied": (
        {"tree": {"services/": {"<s>/": None}, "k8s/": {"<s:lowercase>.yaml": None}}},
        "services/UserAccount{0}/f k8s/useraccount{0}.yaml",
    ),
    "defined in each directory beside what is tied": (
        {
            "tree": {
                "<group>/": {"<s>/?": {".": {"if": "main.go"}}, "<s:lowercase>.yaml?": None},
                "docs/?": {"<s>.md?": None},
            }
        },
        "group{0}/UserAccount{0}/main.go group{0}/useraccount{0}.yaml",
    ),
}


@pytest.mark.parametrize(("layout", "files"), NAMES.values(), ids=NAMES)
def test_names_in_another_case_are_looked_up_at_once(
    layout: Mapping[str, object], files: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Counter[int]()
    known, spelled = DefiningNames.known, DefiningNames.spelled

    def counted_known(self: DefiningNames) -> dict[str, Definition]:
        names = known(self)
        work[number] += len(names)
        return names

    def counted_spelled(
        self: DefiningNames, case: str, spell: Callable[[Definition], str]
    ) -> Mapping[str, str]:
        def counted(definition: Definition) -> str:
            work[number] += 1
            return spell(definition)

        return spelled(self, case, counted)

    monkeypatch.setattr(DefiningNames, "known", counted_known)
    monkeypatch.setattr(DefiningNames, "spelled", counted_spelled)
    loaded = engine_under_test.loaded([layout])
    assert loaded
    for number in (40, 400):
        paths = [path for each in range(number) for path in files.format(each).split()]
        assert engine_under_test.findings(loaded, paths) == set()
    assert work[40]
    assert work[400] <= 20 * work[40]
