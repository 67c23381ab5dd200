"""Names of files and directories: their parts, cases and singulars."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from structlint.suggest.draft import Law
from structlint.suggest.thresholds import ENOUGH, LOOSE, NEARLY_ALL, NOUNS, set_of
from structlint.text.cases import CASES, fits, spell, words
from structlint.text.key_escapes import escape_key, plain_key
from structlint.tree import Directory

CODE = set_of(
    "py js mjs cjs ts tsx jsx go rs java kt kts cs fs vb rb php c h cc cpp hpp swift scala ex exs vue"
    " svelte css scss less html dart m lua r jl clj elm hs ml"
)
_ODD = re.compile(
    r"(?i)_.*|\..*|package-info|module-info|readme|index|main|mod|lib|conftest|kustomization|namespace|ingress|template|changelog|summary|magefile|all|common|setup-?tests"
)


def is_odd(stem: str) -> bool:
    """Whether a file has a special role in its directory, such as an index, a main file or a route."""
    return stem[:1] in "[($+" or _ODD.fullmatch(stem) is not None


_SCRATCH = re.compile(
    r"(?i)(?:.*[-_. ])?(?:notes?|todo|temp|tmp|test\d*|untitled\d*|draft|copy|old|backup|scratch)[\d_-]*"
)
_LOOSE_TEXT = re.compile(
    r"(?i).*(?:requirements|constraints|licen[cs]e|copying|version|robots|humans).*\.txt"
)


def is_loose(name: str) -> bool:
    """Whether a file is in the root by mistake: an export, an archive, a note, an experiment."""
    stem, _, extension = name.rpartition(".")
    if _LOOSE_TEXT.fullmatch(name) or name.startswith(".") or name == "CMakeLists.txt":
        return False
    return extension.lower() in LOOSE or _SCRATCH.fullmatch(stem or name) is not None


def is_numbered(names: Sequence[str]) -> bool:
    """Whether some names are versions, or differ only in a number: dates, steps."""
    forms = Counter(
        re.sub(r"[0-9][0-9._]*", "0", name) for name in names if re.search("[0-9]{2}|[0-9][.]", name)
    )
    versions = [name for name in names if re.search("[0-9][.][0-9]", name)]
    dated = sum(name[:2].isdigit() for name in names)
    return bool(versions) or dated > 1 or any(number > 1 for number in forms.values())


def stem_of(name: str) -> tuple[str, str]:
    """The name of a file up to its first dot, and the rest: ("user", ".test.ts")."""
    at = name.find(".", 1)
    return (name, "") if at < 0 else (name[:at], name[at:])


def noun_of(name: str) -> str:
    """The singular of the name of a directory, as the name of a placeholder."""
    if name in NOUNS:
        return NOUNS[name]
    split = [word for word in words(name) if word.isascii()] or ["entry"]
    noun = "-".join([*split[:-1], singular_of(split[-1])])
    return noun if noun[0].isalpha() else f"n{noun}"


def singular_of(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is", "kubernetes")):
        return word[:-1]
    return word


def called(parent: str, noun: str) -> str:
    """The plural for the members of a family: "services" in `services/`."""
    return parent if noun_of(parent) == noun != parent and parent not in NOUNS else plural_of(noun)


def between(name: str, start: str, end: str) -> str:
    return name[len(start) : len(name) - len(end)]


def common_case(values: Sequence[str]) -> Law | None:
    """The case that all of enough names, or all but one, follow; unknown if no name has two words.

    If other names do not follow it, such as `_shared` or `robots.txt`, they are probably not alike.
    """
    fitting = {case: sum(fits(value, case) for value in values) for case in CASES}
    distinct = {case: have for case, have in fitting.items() if case != "lowercase"}
    most = max(distinct.values())
    best = [case for case, have in distinct.items() if have == most]
    case = best[0] if len(best) == 1 else "lowercase"
    law = Law(case, fitting[case], len(values))
    odd = [value for value in values if not fits(value, case)]
    is_rule = not odd or (
        len(odd) == 1 and odd[0][0].isalpha() and any(fits(odd[0], other) for other in CASES)
    )
    return law if law.of >= ENOUGH and law.have >= NEARLY_ALL * law.of and is_rule else None


def kind_of(name: str) -> str:
    return f"*{name[name.rfind('.') :]}" if "." in name else name


def marked_names(
    directories: dict[str, Directory], template: str, variants: Sequence[tuple[str, str]]
) -> Directory:
    """The directory that a template represents."""
    name = template
    for mark, text in variants:
        name = name.replace(mark, text)
    return directories[name]


# These mark a placeholder's value within another name, in its own or another case.
MARKS = ("\0", "\1", "\2")
_MARKED_CASES = ("", ":snake_case", ":PascalCase")


def variants_of(value: str) -> list[tuple[str, str]]:
    """The spellings of a value to find in the names of files, with their marks."""
    if len(value) < 2:
        return []
    texts = (value, spell(value, "snake_case"), spell(value, "PascalCase"))
    return list(zip(MARKS, texts, strict=True))


def templates_of(name: str, variants: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A name, and the name with each spelling of the placeholder's value replaced by its mark."""
    yield name
    for mark, text in variants:
        at = name.find(text)
        end = at + len(text)
        if at >= 0 and not name[:at][-1:].isalnum() and not name[end : end + 1].isalnum():
            yield name[:at] + mark + name[end:]


_CONFIG = re.compile(r"([A-Za-z-]+\.config)\.[cm]?[jt]s")


def as_key(template: str, noun: str) -> str:
    """The key for a template. The settings of a tool can have any extension."""
    if config := _CONFIG.fullmatch(template):
        return f"{config[1]}.*"
    parts = re.split(r"([\0-\2])", template)
    slots = {mark: f"<{noun}{case}>" for mark, case in zip(MARKS, _MARKED_CASES, strict=True)}
    if len(parts) == 1:
        return plain_key(template)
    return "".join(slots.get(part) or escape_key(part) for part in parts)


def plural_of(noun: str) -> str:
    """The plural of a noun."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"
