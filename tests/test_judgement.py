"""The recorded verdicts on real repositories are complete, and each names a listed repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import yaml

from structlint.finding import RULE_NAMES
from structlint.layout.bundled import BUNDLED

HERE = Path(__file__).parent / "judgement"
_LISTED = yaml.safe_load((HERE / "repositories.yaml").read_text(encoding="utf-8"))
REPOSITORIES = cast("dict[str, Any]", _LISTED)
VERDICTS = sorted((HERE / "verdicts").glob("*.yaml"))


def test_expected_layouts_are_bundled() -> None:
    for name, listed in REPOSITORIES.items():
        named = {each for text in listed["is"] for each in text.split(" | ")}
        assert named | {*listed["may"]} <= {*BUNDLED}, name
        assert listed.keys() <= {"is", "may", "aside"}, name


def test_at_least_a_fifth_is_held_out() -> None:
    aside = sum("aside" in listed for listed in REPOSITORIES.values())
    assert 5 * aside >= len(REPOSITORIES)


def test_verdicts_are_complete() -> None:
    assert VERDICTS
    for path in VERDICTS:
        judged = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert judged["repository"] in REPOSITORIES, path
        assert path.stem == judged["repository"].replace("/", "+")
        assert len(judged["commit"]) == 40, path
        found = [(each["path"], each["rule"]) for each in judged["verdicts"]]
        assert len(found) == len(set(found)), path
        for each in judged["verdicts"]:
            assert each["rule"] in RULE_NAMES and each["why"] and isinstance(each["keep"], bool), path
        for remark in judged.get("expert") or []:
            assert remark["says"] and remark["paths"], path
