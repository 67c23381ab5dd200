"""The directories and kinds that words in a document name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from structlint.markdown import words
from structlint.markdown.blocks import Context, Words
from structlint.markdown.known_names import COMMON, is_project
from structlint.markdown.outline import steps_of
from structlint.markdown.tree_lines import DrawnEntry

# Names for one of many, so that "Service structure" is about each service.
UNITS = (
    "service|microservice|app|application|package|module|feature|component|plugin|library|lib|crate|"
    "function|lambda|agent|tool|skill|model|domain|adapter|connector|integration|worker|job|workspace"
)
_PATH = re.compile(r"(?:^|(?<=[\s(\[:]))/?((?:[\w.@-]{1,255}/){1,40})(?=$|[\s)\]:,]|\*\.\w+(?:$|\s))")
# At the beginning of a heading, before a dash: "src/shop — The package".
_LEADING_PATH = re.compile(r"[^\w@]{0,3}((?:[\w.-]{1,255}/){1,40}[\w-]{1,255})(?=\s+[—–-]\s)")  # noqa: RUF001
_HIDDEN_TITLE = re.compile(
    r"\W*?(\.[A-Za-z][\w-]*) (?:directory|folder)\b", re.IGNORECASE
)  # ".github Directory"
# "1. Shop.Domain (the core)": a .NET project, which is a directory.
_PROJECT_TITLE = re.compile(r"(?:\d+[.)] )?(?!ASP\.)((?:[A-Z]\w+\.)+[A-Z]\w+)(?=\s*(?:$|[(:—–-]))")  # noqa: RUF001
_CODE = re.compile(r"`([^`]+)`")
_PART = re.compile(
    r"\W*(front-?end|back-?end|client|server|mobile|web|admin|api|ios|android)\b"
    r"[^`/]*\b(?:structure|layout|organi[sz]ation|director(?:y|ies)|folders?)\b",
    re.IGNORECASE,
)
_SIDE = re.compile(words.SIDES, re.IGNORECASE)
_PART_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)+")
_ENTERED = re.compile(r"\bcd ([\w-]+)/?(?=\s|$|[&`;])")
_CLONED = re.compile(
    r"\bgit clone (?:--?[\w=-]+ )*(?:https?://|git@|ssh://)\S*?[/:]([\w.-]+?)(?:\.git)?/?(?=[\s`]|$)"
)
_LINKED_STEP = re.compile(r"\]\((?:\./)?((?!\.{1,2}/)[\w.@-]+/)(?=[\w@-])")
_FIRST_KEY = re.compile(r"`(?:\./)?([\w.@-]+/)[\w.@*<>{}/-]*`")
_SCOPED_PACKAGE = re.compile(r"@[\w.-]+/[\w.-]+/?")  # `@shop/cart`, an npm name
# A directory with a slash: `/services`, `src/`, `src/core`, but not `src` or `src/main.py`.
_CODE_PATH = re.compile(r"(?=.*/)(?:\./|/)?((?:[\w.@-]+/)*(?:\.?[\w@-]+/?|[\w.@-]+/))")
_EACH = re.compile(
    rf"\b(?:each|every|an?|one|any|new|typical|single|individual) (?:\w+ )?({UNITS})(?: directory| folder)?"
    r"(?:'s)? (?:looks?|has|contains?|holds|follows|consists|should|must|structure|template|"
    r"layout|is (?:an? )?(?:\w+ )?(?:directory|folder))\b"
)
_ALL = re.compile(rf"\ball (?:\w+ )?({UNITS})s? (?:follow|have|share|use|contain|look)\b")
_KIND = re.compile(
    rf"\b({UNITS})(?:-level)?s?'?s? (?:template|structure|layout|skeleton|anatomy|directory|folder)"
)
# A path in code with a slash, as the place of the following entries: "Inside `src/`:", "`src/` contains".
_IS_IN = re.compile(
    r"\b(?:in|inside|under|within|below) (?:the |our )?`[^`]*/[^`]*`|`[^`]*/[^`]*`(?: directory| folder)?"
    r" (?:contains?|has|holds?|includes?|consists|is (?:organi[sz]ed|structured|laid out))\b"
    r"|^[^.`]{0,60}[(（]`[^`]*/[^`]*`[)）]\W*$"  # noqa: RUF001
    r"|^[^\s`]{0,4}`[^`]*/[^`]*`[^.`]{0,12}[:：]$"  # noqa: RUF001
    rf"|{words.ENTERS}",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"\b(?!(?:an?|the|our|each|every|any|new|typical|single|main|this|of|and)\b)\w+ "
    r"(?:micro)?service structure\b",
    re.IGNORECASE,
)
_OF_PACKAGES = re.compile(words.PACKAGES, re.IGNORECASE)
_PLURALS = {"application": ("apps",), "microservice": ("services",), "library": ("libs",)}


def heading_path(context: Context) -> tuple[str, ...]:
    """The directory that the headings name: `/services`, or `src/app/` and below it `api/`."""
    path: tuple[str, ...] = ()
    for heading in context.headings:
        for inner in paths_in(heading)[:1]:
            from_root = f"`/{inner[0]}".removesuffix("/") in heading.text or inner[: len(path)] == path
            path = inner if from_root else (*path, *inner[_shared(path, inner) :])
    return path


def base_of(context: Context, entries: Iterable[DrawnEntry]) -> tuple[str, ...]:
    """The directory that the words above a block name as the place of its entries.

    It is in the headings and the sentence before, unless the entries themselves begin with it.
    """
    path = heading_path(context)
    inner = intro_path(context)
    if not inner or any(steps_of(top.key)[0] == inner[0] for entry in entries for top in _first_two(entry)):
        return path
    return inner if inner[: len(path)] == path else (*path, *inner[_shared(path, inner) :])


def _first_two(entry: DrawnEntry) -> Iterator[DrawnEntry]:
    yield entry
    yield from entry.children


def intro_path(context: Context) -> tuple[str, ...]:
    """The directory in the last sentence before a block, such as "What is in `docs/`:"."""
    last = re.split(r"(?<=[.!?。])\s+", context.intro.text)[-1] if context.intro else ""
    paths = paths_in(Words(last, 0)) if _IS_IN.search(last) else []
    return paths[0] if len(paths) == 1 else ()


def _shared(path: tuple[str, ...], inner: tuple[str, ...]) -> int:
    """The number of steps that end one path and begin another: `src/app/` and `app/db/` share one."""
    most = min(len(path), len(inner))
    return next(n for n in range(most, -1, -1) if path[len(path) - n :] == inner[:n])


def paths_in(words: Words) -> list[tuple[str, ...]]:
    """The directories that a text names as such, each as keys."""
    hidden = _HIDDEN_TITLE.match(words.text)
    found = [code for code in _CODE.findall(words.text) if not _SCOPED_PACKAGE.fullmatch(code)]
    codes = [f"{hidden[1]}/"] if hidden else [m[1] for code in found if (m := _CODE_PATH.fullmatch(code))]
    if not codes and (project := _PROJECT_TITLE.match(words.text)) and is_project(project[1]):
        codes = [project[1]]
    paths = codes or [match[1] for match in _PATH.finditer(_CODE.sub("", words.text))]
    if not paths and (leading := _LEADING_PATH.match(words.text)):
        paths = [leading[1]]
    return [tuple(f"{step}/" for step in path.strip("/").split("/")) for path in paths]


def first_keys(source: Iterable[str]) -> Counter[str]:
    """The number of paths in code in a document that begin with each directory's key."""
    return Counter(match[1] for line in source for match in _FIRST_KEY.finditer(line))


def linked_beside(source: Sequence[str]) -> frozenset[str]:
    """The first steps of the paths that a document links to from its own directory, which is not the root.

    This is certain if it also links upwards, as in `[the guide](guides/a.md)` and `[home](../README.md)`.
    """
    if not any("](../" in line for line in source):
        return frozenset()
    return frozenset(match[1] for line in source for match in _LINKED_STEP.finditer(line))


def unit_in(words: str) -> str:
    """The kind of which a text describes each instance; "" if there is none."""
    match = _EACH.search(words.lower()) or _ALL.search(words.lower()) or _KIND.search(words.lower())
    return match[1] if match else ""


def describes_units(words: str) -> bool:
    """Whether a text describes each directory of a kind, and not only names the kind."""
    return (_EACH.search(words.lower()) or _ALL.search(words.lower())) is not None


def is_of_one(words: str) -> bool:
    """Whether a text is about a single named one of a kind, such as "Product service structure"."""
    return _ONE.search(words) is not None


def is_of_packages(context: Context, entries: Iterable[DrawnEntry]) -> bool:
    """Whether a drawing shows packages of a language, by its words, and contains no files."""
    entries = tuple(entries)
    usual = any(COMMON.fullmatch(entry.key.rstrip("/")) for entry in entries)
    return not usual and _OF_PACKAGES.search(context.lead) is not None and _has_directories_only(entries)


def _has_directories_only(entries: Iterable[DrawnEntry]) -> bool:
    """Whether only directories are drawn."""
    return all(entry.key.endswith("/") and _has_directories_only(entry.children) for entry in entries)


def plurals(noun: str) -> tuple[str, ...]:
    """The possible names of the directory for all of a kind, as keys."""
    regular = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return tuple(f"{name}/" for name in (regular, *_PLURALS.get(noun, ())))


def part_of(context: Context) -> str:
    """The key of the part that the innermost heading names: "Frontend structure" names `frontend/`."""
    match = _PART.match(context.headings[-1].text) if context.headings else None
    return f"{match[1].lower()}/" if match else ""


def side_of(context: Context) -> str:
    """The part of a program that a heading below the title names; "" if there is none.

    It is a side, such as "frontend", or a name in code with several words, such as `cart-service`.
    """
    for heading in reversed(context.headings[context.titled :]):
        if match := _SIDE.search(heading.text):
            return re.sub(r"\W", "", match[0].lower())
        for code in _CODE.finditer(heading.text):
            if _PART_NAME.fullmatch(code[1]):
                return code[1]
    return ""


def begins_with_side(title: str) -> bool:
    """Whether a title, or the name of a document after a number, begins with a side of a program."""
    return _SIDE.match(re.sub(r"^[\W\d_]*", "", title)) is not None


def is_of_kinds(key: str) -> bool:
    """Whether a directory has the name of all of a kind, such as `modules/`."""
    return any(key in plurals(unit) for unit in UNITS.split("|"))


def entered_directories(source: Iterable[str]) -> Iterator[str]:
    """The keys of directories that commands in the lines of a document enter: `cd frontend`."""
    for line in source:
        yield from (f"{name}/" for name in _ENTERED.findall(line))


def cloned(source: Iterable[str]) -> str:
    """The name of the only repository that commands in the lines of a document clone; "" if there is none."""
    names = {name for line in source for name in _CLONED.findall(line)}
    return names.pop() if len(names) == 1 else ""


def parts_entered(source: Sequence[str]) -> frozenset[str]:
    """The keys of directories in the repository that commands enter, or, after `git clone`, its own."""
    cloned = any("git clone" in line for line in source)
    return frozenset() if cloned else frozenset(entered_directories(source))
