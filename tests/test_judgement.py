"""The recorded verdicts on real repositories are complete, and each names a listed repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from structlint.finding import RULE_NAMES
from structlint.layout.bundled import BUNDLED

HERE = Path(__file__).parent / "judgement"
_LISTED = yaml.safe_load((HERE / "repositories.yaml").read_text(encoding="utf-8"))
REPOSITORIES = cast("dict[str, Any]", _LISTED)
VERDICTS = sorted((HERE / "verdicts").glob("*.yaml"))


@pytest.mark.parametrize("name", REPOSITORIES)
def test_expected_layouts_are_bundled(name: str) -> None:
    listed = REPOSITORIES[name]
    named = {each for text in listed["is"] for each in text.split(" | ")}
    assert named | {*listed["may"]} <= {*BUNDLED}
    assert listed.keys() <= {"is", "may", "aside"}


def test_at_least_a_fifth_is_held_out() -> None:
    aside = sum("aside" in listed for listed in REPOSITORIES.values())
    assert 5 * aside >= len(REPOSITORIES)


@pytest.mark.parametrize("path", VERDICTS, ids=[path.stem for path in VERDICTS])
def test_verdicts_are_complete(path: Path) -> None:
    judged = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert judged["repository"] in REPOSITORIES
    assert path.stem == judged["repository"].replace("/", "+")
    assert len(judged["commit"]) == 40
    found = [(each["path"], each["rule"]) for each in judged["verdicts"]]
    assert len(found) == len(set(found))
    for each in judged["verdicts"]:
        assert each["rule"] in RULE_NAMES and each["why"] and isinstance(each["keep"], bool)
    for remark in judged.get("expert") or []:
        assert remark["says"] and remark["paths"]
