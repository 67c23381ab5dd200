"""The words that the parser of documents recognizes. `words.toml` lists them by meaning and language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import PurePath

Terms = Mapping[str, str]


def _tables() -> Mapping[str, Terms]:
    path = PurePath(__file__).with_name("words.toml")
    data: bytes = __spec__.loader.get_data(str(path))  # type: ignore[union-attr]
    return tomllib.loads(data.decode())


_TABLES = _tables()

# Words.
LATER, LATER_ALONE, CHANGED = (_TABLES[name] for name in ("later", "later_alone", "changed"))
UNFINISHED, UNTICKED = _TABLES["unfinished"], _TABLES["unticked"]
GOING = _TABLES["going"]
LOCAL, LOCAL_ALONE = _TABLES["local"], _TABLES["local_alone"]
GONE, FORBIDDEN, GUARDED, WRONG = (_TABLES[name] for name in ("gone", "forbidden", "guarded", "wrong"))
PROPOSED, PROPOSED_BY_TITLE = _TABLES["proposed"], _TABLES["proposed_by_title"]
EXAMPLE, FORMER, OUTPUT, ELSEWHERE = (_TABLES[name] for name in ("example", "former", "output", "elsewhere"))
ADVICE, CHANGES, AFTER = (_TABLES[name] for name in ("advice", "changes", "after"))
PLAN_PATHS, PLAN_FILES = _TABLES["plan_paths"], _TABLES["plan_files"]
PLAN_ENDINGS, PLAN_DIRECTORIES = _TABLES["plan_endings"], _TABLES["plan_directories"]
STAGE, STAGE_OF_A_PLAN = _TABLES["stage"], _TABLES["stage_of_a_plan"]
FOREIGN_DIRECTORIES = _TABLES["foreign_directories"]
REQUIRED, LEADING, BEYOND = (_TABLES[name] for name in ("required", "leading", "beyond"))
ROOT, TICK, SEVERAL = _TABLES["root"], _TABLES["tick"], _TABLES["several"]

# Patterns for all languages together.
(
    STRUCTURE,
    ARRANGEMENT,
    WHOLE,
    ANOTHER_PLACE,
    FETCHED,
    FETCHED_REPOSITORY,
    TEMPLATE,
    GOOD,
    EXCLUDED,
    ANY_REPOSITORY,
    PACKAGES,
    OF_EXAMPLE,
    OTHERS,
    EMPTY,
    OF_COMPONENTS,
    STEP_OF_A_PLAN,
    STATES,
    DEPENDENCIES,
    MOVED,
    OF_FILES,
    ANSWERS,
    ENTERS,
    SIDES,
) = (
    "|".join(_TABLES[name].values())
    for name in (
        "structure",
        "arrangement",
        "whole",
        "another_place",
        "fetched",
        "fetched_repository",
        "template",
        "good",
        "excluded",
        "any_repository",
        "packages",
        "of_example",
        "others",
        "empty",
        "of_components",
        "step_of_a_plan",
        "states",
        "dependencies",
        "moved",
        "of_files",
        "answers",
        "enters",
        "sides",
    )
)
