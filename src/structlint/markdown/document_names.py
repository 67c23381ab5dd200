"""Recognizes documents that describe the present state of their repository, by path and first lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from structlint.markdown import words
from structlint.markdown.word_patterns import any_of

_FIRST_LINES = 30  # in which a document may say that it is a draft


def _between_separators(pattern: str) -> str:
    return rf"(?:^|[/._ -])(?:{pattern})(?=[/._ -]|$)"


def _listed(terms: words.Terms) -> str:
    """A pattern of words, without the boundaries that `any_of` adds, which `_` and `-` are not here."""
    every = ", ".join(" ".join(one.split()) for one in terms.values()).split(", ")
    return "|".join(re.escape(word) for word in every)


def _of_names(terms: words.Terms) -> str:
    """A pattern of words between separators, and of words in scripts without blanks anywhere."""
    latin = {language: text for language, text in terms.items() if language not in ("zh", "ja", "ko")}
    others = {language: text for language, text in terms.items() if language not in latin}
    return "|".join([_between_separators(_listed(latin)), *([_listed(others)] if others else [])])


_FOREIGN = re.compile(
    rf"(?:^|/)(?:{_listed(words.FOREIGN_DIRECTORIES)}|[._]?bmad[\w-]*|\.agents?/workflows|"
    r"\.[\w-]+/(?:commands|skills|agents))/"
    r"|(?:^|/)(?:CHANGELOG|CHANGES|HISTORY|NEWS|RELEASE[-_]?NOTES)[^/]*$",
    re.IGNORECASE,
)
_PLAN_PATH = re.compile(
    rf"{_of_names(words.PLAN_PATHS)}|(?:^|[/._-])v\d+(?:\.\d+)+(?=[/_.-]|$)", re.IGNORECASE
)
_DATE = r"(?<!\d)20\d\d-?[01]\d-?[0-3]\d(?!\d)"  # what has a date describes that day
_PLAN_FILE = re.compile(rf"{_of_names(words.PLAN_FILES)}|{_DATE}", re.IGNORECASE)
_PLAN_ENDING = re.compile(rf"[^/][_-](?:{_listed(words.PLAN_ENDINGS)})$", re.IGNORECASE)
_PLAN_DIRECTORY = re.compile(rf"(?:^|[/_-])(?:{_listed(words.PLAN_DIRECTORIES)})/", re.IGNORECASE)
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OF_ITS_DIRECTORY = re.compile(r"(?:^|/)(?:README|AGENTS|CLAUDE)\b[^/]*$", re.IGNORECASE)
_OF_REPOSITORY = re.compile(r"(?:README|AGENTS|CLAUDE|CONTRIBUTING)\b[^/]*", re.IGNORECASE)
_STAGE = re.compile(
    rf"^[\s>*_|#-]*(?:{any_of(words.STAGE)})[\s*_]*[:：|][\s*_`]*\W{{0,3}}(?:{any_of(words.STAGE_OF_A_PLAN)})",  # noqa: RUF001
    re.IGNORECASE | re.MULTILINE,
)


# A restructuring is a change.
_STRUCTURE = re.compile(rf"(?<!re)(?:{words.STRUCTURE})", re.IGNORECASE)
_ADVICE = re.compile(any_of(words.ADVICE), re.IGNORECASE)
_ARRANGEMENT = re.compile(words.ARRANGEMENT, re.IGNORECASE)


def is_foreign(path: str) -> bool:
    """Whether a document is about another repository, or is data of tests, by its path."""
    return _FOREIGN.search(path) is not None


def is_of_repository(path: str) -> bool:
    """Whether a document in the root is about the whole repository, such as a README, by its name."""
    return _OF_REPOSITORY.fullmatch(path) is not None


def suggests_a_plan(path: str) -> bool:
    """Whether the path of a document suggests a plan or a past state."""
    return _is_planned(path) or _PLAN_FILE.search(_name(path)) is not None


def suggests_a_report(path: str) -> bool:
    """Whether the name of a document suggests a past state, such as that of an audit, and no plan."""
    return _PLAN_FILE.search(_name(path)) is not None and not _is_planned(path)


def describes_structure(path: str, above: Sequence[str], nearest: str) -> bool:
    """Whether a drawing shows a structure, by the document's path, the words above it and its heading."""
    names = _name(path).replace("_", " ")
    return any(map(_STRUCTURE.search, (names, *above))) or _ARRANGEMENT.search(nearest) is not None


def is_advice(heading: str) -> bool:
    """Whether a heading shows that what is below it is only a design."""
    return _ADVICE.search(heading) is not None


def _is_planned(path: str) -> bool:
    stem = _CAMEL_CASE.sub("-", re.sub(r"\.\w+$", "", path))
    in_plans = _PLAN_DIRECTORY.search(path) and not _OF_ITS_DIRECTORY.search(path)
    return any([_PLAN_PATH.search(stem), _PLAN_ENDING.search(stem), in_plans])


def _name(path: str) -> str:
    """The words in the name of a document, without the ending."""
    return _CAMEL_CASE.sub("-", re.sub(r"\.\w+$", "", path.rpartition("/")[2]))


def is_in_planning(text: str) -> bool:
    """Whether the first lines of a document say that it is a draft or a plan, as in "Status: Proposed"."""
    return _STAGE.search("\n".join(text.split("\n", _FIRST_LINES)[:_FIRST_LINES])) is not None
