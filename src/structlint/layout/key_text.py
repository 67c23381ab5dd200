r"""Reads the keys of a tree: `README.md`, `docs/?`, `a | b`, `test_<module>.py`, `**/`, `\<plain>`."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from structlint.layout.keys import EVERYWHERE, STAR, Key, KeyPath, Name, Part, Slot
from structlint.text.cases import CASES
from structlint.text.key_escapes import needless_escape
from structlint.text.quoting import in_backticks
from structlint.text.suggestions import suggestion

PLACEHOLDER = re.compile(r"<([A-Za-z][A-Za-z0-9_-]*)(?::([A-Za-z_-]+))?>")
_PATH_PLACEHOLDER = re.compile(r"<([A-Za-z][A-Za-z0-9_-]*)\*\*>")
_MOST_WILDCARDS = 4
_MOST_WITH_ONE_TWICE = 3  # matching a name that repeats a placeholder takes more attempts
_LONGEST_NAME = 255  # bytes: what every common file system allows

# Marks the next character as escaped by a backslash. YAML text never contains a NUL.
_PLAIN: Final = "\0"
_LITERAL = re.compile(r"[^\0*<]+")


class BadKey(ValueError):
    """A key that is not valid. The message describes a valid one."""


def read_paths(text: str) -> tuple[KeyPath, ...]:
    """The alternative paths in an `if` or a `holds`, such as `go.mod | **/*.csproj`. Raises `BadKey`."""
    plain = _unescaped(text)
    if " ^ " in plain:
        raise BadKey("alternatives are separated by ` | ` here")
    paths = [_path(path) for path in plain.split(" | ")]
    if any(path.optional for path in paths):
        raise BadKey("`?` has no meaning here; remove it")
    if any(path.steps[-1].everywhere for path in paths):
        raise BadKey("`**/` needs a name after it, as in `**/Dockerfile`")
    if any(step.path_placeholder for path in paths for step in path.steps):
        raise BadKey("a placeholder for a path has no meaning here; write `**/`")
    if len(set(paths)) < len(paths):
        raise BadKey("lists the same alternative twice")
    return tuple(paths)


def read_key(text: str) -> KeyPath:
    """The path in a key, or in an item of `needs`. Raises `BadKey`."""
    plain = _unescaped(text)
    if " | " in plain and " ^ " in plain:
        raise BadKey("`|` and `^` cannot be mixed in one key")
    exclusive = " ^ " in plain
    members = re.split(r" [|^] ", plain)
    if len(members) == 1:
        return _path(plain)
    optional = _is_optional(plain)
    members[-1] = members[-1].removesuffix("?") if optional else members[-1]
    if any(member.endswith("?") and not member.endswith(_PLAIN + "?") for member in members):
        raise BadKey("`?` goes at the end and applies to all the alternatives")
    directories = [member for member in members if member.endswith("/")]
    files = [member for member in members if not member.endswith("/")]
    if directories and files:
        other = _alternatives(files, exclusive=False)
        return KeyPath((_alternatives(directories, exclusive),), optional, other)
    return KeyPath((_alternatives(members, exclusive),), optional)


def _is_optional(plain: str) -> bool:
    return plain.endswith("?") and not plain.endswith(_PLAIN + "?")


def _path(plain: str) -> KeyPath:
    """The path in a text without alternatives, and whether it ends in `?`."""
    optional = _is_optional(plain)
    plain = plain.removesuffix("?") if optional else plain
    directory = plain.endswith("/") and not plain.endswith(_PLAIN + "/")
    written = (plain.removesuffix("/") if directory else plain).split("/")
    steps = [_step(segment, directory=True) for segment in written[:-1]]
    return KeyPath((*steps, _step(written[-1], directory)), optional)


def _unescaped(text: str) -> str:
    """`text` with each backslash replaced by the marker for an escaped character."""
    if "\\" not in text:
        return text
    if re.search(r"(?<!\\)(?:\\\\)*\\$", text):
        raise BadKey(r"ends in a backslash; write `\\` for a backslash itself")
    if re.search(r"(?<!\\)(?:\\\\)*\\/", text):
        raise BadKey("a name cannot contain a `/`; remove the backslash")
    if problem := needless_escape(text):
        raise BadKey(problem)
    return re.sub(r"\\(.)", _PLAIN + r"\1", text, flags=re.DOTALL)


def _alternatives(members: list[str], exclusive: bool) -> Key:
    names = []
    for member in members:
        segment = member.removesuffix("/")
        if "/" in segment.replace(_PLAIN + "/", ""):
            raise BadKey("alternatives are names in one directory; nest them under it")
        names.append(_name(segment))
    if len(set(names)) < len(names):
        raise BadKey("lists the same alternative twice")
    return Key(tuple(names), members[0].endswith("/"), exclusive)


def _step(segment: str, directory: bool) -> Key:
    if segment == "**":
        if not directory:
            raise BadKey("`**` matches directories; write `**/`")
        return EVERYWHERE
    if match := _PATH_PLACEHOLDER.fullmatch(segment):
        if not directory:
            raise BadKey(f"`{segment}` matches directories; write `{segment}/`")
        return Key((Name((Slot(match[1], path=True),)),), directory=True)
    if directory and segment.endswith("?") and not segment.endswith(_PLAIN + "?"):
        raise BadKey(r"`?` goes at the very end, as in `docs/?`; write `\?` for the character itself")
    return Key((_name(segment),), directory)


def _name(segment: str) -> Name:
    _refuse_impossible(segment.replace(_PLAIN, ""))
    parts: list[Part] = []
    at = 0
    while at < len(segment):
        if literal := _LITERAL.match(segment, at):
            _add_text(parts, literal[0])
            at = literal.end()
        elif segment[at] == _PLAIN:
            _add_text(parts, segment[at + 1])
            at += 2
        elif segment[at] == "*":
            if segment.startswith("**", at):
                raise BadKey("`**` must stand alone, as in `**/tests/`; within a name, write one `*`")
            parts.append(STAR)
            at += 1
        elif slot := PLACEHOLDER.match(segment, at):
            parts.append(_slot(slot[1], slot[2]))
            at = slot.end()
        elif match := _PATH_PLACEHOLDER.match(segment, at):
            raise BadKey(f"`{match[0]}/` matches whole directories; write it alone between two slashes")
        elif segment[at] == "<" and ">" in segment[at:]:
            raise BadKey(
                r"a placeholder's name has letters, digits, `-` and `_`; write `\<` for the character itself"
            )
        else:
            _add_text(parts, segment[at])
            at += 1
    _refuse_unclear(parts)
    return Name(tuple(parts))


def _slot(placeholder: str, case: str | None) -> Slot:
    if case is None or case in CASES:
        return Slot(placeholder, case)
    raise BadKey(f"unknown case {in_backticks(case)}; {suggestion(case, list(CASES))}")


def _add_text(parts: list[Part], text: str) -> None:
    if parts and isinstance(parts[-1], str):
        parts[-1] += text
    else:
        parts.append(text)


def _refuse_impossible(name: str) -> None:
    if not name:
        raise BadKey("contains an empty name; write one `/` between names, and none at the beginning")
    if name in (".", ".."):
        raise BadKey(f"`{name}` is not a valid name of an entry; write the path without it")
    if name.lower() == ".git":
        raise BadKey("`.git` belongs to git and is never part of a tree, so this entry can never match")
    if len(name.encode("utf-8", "surrogatepass")) > _LONGEST_NAME:
        raise BadKey(f"a name can have at most {_LONGEST_NAME} bytes")
    if name != name.strip():
        raise BadKey("a name begins or ends in a space; remove it")


def _refuse_unclear(parts: list[Part]) -> None:
    wild = [not isinstance(part, str) for part in parts]
    if sum(wild) > _MOST_WILDCARDS:
        raise BadKey(f"a name can have at most {_MOST_WILDCARDS} wildcards")
    if any(one and other for one, other in pairwise(wild)):
        raise BadKey("two wildcards follow each other; put a character between them")
    slots = [part for part in parts if isinstance(part, Slot)]
    if len({slot.placeholder for slot in slots}) < len(slots):
        _refuse_unclear_repetition(slots, sum(wild))


def _refuse_unclear_repetition(slots: list[Slot], wildcards: int) -> None:
    if wildcards > _MOST_WITH_ONE_TWICE:
        raise BadKey(f"a name that repeats a placeholder can have at most {_MOST_WITH_ONE_TWICE} wildcards")
    if len(set(slots)) > len({slot.placeholder for slot in slots}):
        raise BadKey("a placeholder occurs in two cases in one name; use one case")
