r"""The keys of a tree: `README.md`, `docs/?`, `a | b`, `test_<module>.py`, `**/`, `\<plain>`.

A key is read into steps, one for each directory it passes through and one for what it names; each
step has one or more alternative names, and each name is literal text, `*` and placeholders in turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice, pairwise
from typing import Final, NamedTuple

from structlint.text.cases import CASES, spell
from structlint.text.quoting import quote

_PLACEHOLDER = re.compile(r"<([A-Za-z][A-Za-z0-9_-]*)(?::([A-Za-z_-]+))?>")
_MOST_WILDCARDS = 4
_MOST_WITH_ONE_TWICE = 3  # a name that repeats a placeholder is read with more trial and error
_MOST_READINGS = 100  # of one name
_LONGEST_NAME = 255  # bytes: what every common file system allows

# Stands before a character that a backslash has made plain. YAML text never holds a NUL.
_PLAIN: Final = "\0"
_LITERAL = re.compile(r"[^\0*<]+")


class BadKey(ValueError):
    """A key that cannot be read; the message says what would be right."""


class Star:
    """Any text, none too. There is one, `STAR`."""

    def __str__(self) -> str:
        return "*"


STAR: Final = Star()


class Slot(NamedTuple):
    """A placeholder in a name; with a case, its value is spelled in that case here."""

    placeholder: str
    case: str | None = None

    def spelled(self, value: str) -> str:
        """A value in the case of this place. What follows its first dot is an extension, and of any case."""
        if self.case is None:
            return value
        stem, dot, rest = value.partition(".") if not value.startswith(".") else (value, "", "")
        return spell(stem, self.case) + dot + rest

    def __str__(self) -> str:
        return f"<{self.placeholder}:{self.case}>" if self.case else f"<{self.placeholder}>"


Part = str | Star | Slot
Admits = Callable[[Slot, str], bool]


class _Name(NamedTuple):
    parts: tuple[Part, ...]


class Name(_Name):
    """One name as a layout writes it: literal text and wildcards in turn."""

    @cached_property
    def exact(self) -> str | None:
        """The name itself where it holds no wildcard."""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], str) else None

    @cached_property
    def literal_characters(self) -> int:
        return sum(len(part) for part in self.parts if isinstance(part, str))

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(part for part in self.parts if isinstance(part, Slot))

    @cached_property
    def _around(self) -> tuple[str, Star | Slot, str] | None:
        """The only wildcard with the literal text before and after it, where there is only one."""
        wild = [(index, part) for index, part in enumerate(self.parts) if not isinstance(part, str)]
        if len(wild) != 1:
            return None
        index, part = wild[0]
        return "".join(map(str, self.parts[:index])), part, "".join(map(str, self.parts[index + 1 :]))

    def match(self, name: str, admits: Admits) -> dict[str, str] | None:
        """The values that the placeholders have in `name`, or None where it does not fit.

        `admits` tells whether a placeholder may have a value. Of several readings the one whose first
        wildcards are shortest is taken.
        """
        if self._around:
            before, wildcard, after = self._around
            end = len(name) - len(after)
            if end < len(before) or not (name.startswith(before) and name.endswith(after)):
                return None
            return _bound(wildcard, name[len(before) : end], {}, admits)
        return next(self._read(name, admits), None)

    def readings(self, name: str, admits: Admits) -> Iterator[dict[str, str]]:
        """All values that the placeholders can have in `name`, those with the shortest wildcards first."""
        if self._around or not self.slots:
            first = self.match(name, admits)
            return iter([] if first is None else [first])
        return islice(self._read(name, admits), _MOST_READINGS)

    def _read(self, name: str, admits: Admits) -> Iterator[dict[str, str]]:
        """The readings of a name with several wildcards, or none."""
        failed: set[tuple[int, int]] = set()
        forgetful = len({slot.placeholder for slot in self.slots}) < len(self.slots)

        def rest(index: int, at: int, values: dict[str, str]) -> Iterator[dict[str, str]]:
            if index == len(self.parts):
                yield from [values] * (at == len(name))
                return
            if (index, at) in failed:
                return
            found, part = False, self.parts[index]
            for end in self._ends(index, name, at):
                bound = values if isinstance(part, str) else _bound(part, name[at:end], values, admits)
                for each in rest(index + 1, end, bound) if bound is not None else ():
                    found = True
                    yield each
            if not (found or forgetful):
                failed.add((index, at))

        return rest(0, 0, {})

    def _ends(self, index: int, name: str, at: int) -> list[int]:
        """Where the part at `index` can end if it begins at `at`; a wildcard, before the text after it."""
        part = self.parts[index]
        if isinstance(part, str):
            return [at + len(part)] if name.startswith(part, at) else []
        if index + 1 == len(self.parts):
            return [len(name)]
        following = self.parts[index + 1]
        assert isinstance(following, str)  # two wildcards never follow each other
        if index + 2 == len(self.parts):
            end = len(name) - len(following)
            return [end] if end >= at and name.endswith(following) else []
        return [end for end in range(at, len(name)) if name.startswith(following, end)]

    def spelled(self, values: Mapping[str, str]) -> str:
        """This name with the placeholders that `values` knows filled in, each in its case."""
        return "".join(map(str, self.filled(values)))

    def given(self, values: Mapping[str, str]) -> Name:
        """This name with the placeholders that `values` knows filled in; neighbouring texts are one."""
        return Name(joined(self.filled(values)))

    def filled(self, values: Mapping[str, str]) -> tuple[Part, ...]:
        """The parts of this name, the placeholders that `values` knows replaced by their values."""

        def fill(part: Part) -> Part:
            if not isinstance(part, Slot) or part.placeholder not in values:
                return part
            return part.spelled(values[part.placeholder])

        return tuple(map(fill, self.parts))

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Parts with neighbouring texts made one."""
    found: list[Part] = []
    for part in parts:
        if found and isinstance(part, str) and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return tuple(found)


def _bound(part: Star | Slot, value: str, values: dict[str, str], admits: Admits) -> dict[str, str] | None:
    """`values` with the wildcard's value added, or None where it may not have that value."""
    if isinstance(part, Star):
        return values
    if not value or values.get(part.placeholder, value) != value or not admits(part, value):
        return None
    return {**values, part.placeholder: value}


class _Key(NamedTuple):
    members: tuple[Name, ...]
    directory: bool
    exclusive: bool = False  # `^`: exactly one of the members


class Key(_Key):
    """What one entry names: a file or a directory, by one name or by alternatives."""

    @cached_property
    def exact(self) -> str | None:
        """The one name this key stands for, if it is one name without wildcards."""
        return self.members[0].exact if len(self.members) == 1 else None

    @cached_property
    def placeholders(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(slot.placeholder for name in self.members for slot in name.slots))

    @cached_property
    def always(self) -> tuple[str, ...]:
        """The placeholders that every alternative has."""
        named = [{slot.placeholder for slot in name.slots} for name in self.members]
        return tuple(each for each in self.placeholders if all(each in names for names in named))

    def match(self, name: str) -> bool:
        """Whether a name fits one of the members, whatever its placeholders may stand for."""
        return any(member.match(name, _any_value) is not None for member in self.members)

    def given(self, values: Mapping[str, str]) -> Key:
        """This key with the placeholders that `values` knows filled in."""
        if values.keys().isdisjoint(self.placeholders):
            return self
        return self._replace(members=tuple(member.given(values) for member in self.members))

    def __str__(self) -> str:
        slash = "/" if self.directory else ""
        return (" ^ " if self.exclusive else " | ").join(f"{member}{slash}" for member in self.members)


def _any_value(slot: Slot, value: str) -> bool:
    return True


EVERYWHERE: Final = Key((Name((STAR, STAR)),), directory=True)


class KeyPath(NamedTuple):
    """A whole key: the steps it passes through, what it names, and whether that may be absent."""

    steps: tuple[Key, ...]
    optional: bool

    def spelled(self, values: Mapping[str, str]) -> str:
        """The path with the placeholders that `values` knows filled in."""
        return "".join(str(step.given(values)) for step in self.steps)

    def __str__(self) -> str:
        return "".join(map(str, self.steps))


def read_paths(text: str) -> tuple[KeyPath, ...]:
    """The alternative paths that an `if` or a `holds` writes, as `go.mod | **/*.csproj`. Raises `BadKey`."""
    plain = _unescaped(text)
    if " ^ " in plain:
        raise BadKey("alternatives are separated by ` | ` here")
    paths = [_path(each) for each in plain.split(" | ")]
    if any(path.optional for path in paths):
        raise BadKey("`?` has no meaning here; leave it out")
    if any(path.steps[-1] == EVERYWHERE for path in paths):
        raise BadKey("`**/` needs a name after it, as in `**/Dockerfile`")
    if len(set(paths)) < len(paths):
        raise BadKey("lists the same alternative twice")
    return tuple(paths)


def read_key(text: str) -> KeyPath:
    """The path that a key of a tree, or an item of `needs`, writes. Raises `BadKey`."""
    plain = _unescaped(text)
    if " | " in plain and " ^ " in plain:
        raise BadKey("`|` and `^` cannot be mixed in one key")
    exclusive = " ^ " in plain
    members = re.split(r" [|^] ", plain)
    if len(members) == 1:
        return _path(plain)
    optional = _is_optional(plain)
    members[-1] = members[-1].removesuffix("?") if optional else members[-1]
    return KeyPath((_alternatives(members, exclusive),), optional)


def _is_optional(plain: str) -> bool:
    return plain.endswith("?") and not plain.endswith(_PLAIN + "?")


def _path(plain: str) -> KeyPath:
    """The path that one text without alternatives writes, and whether a `?` ends it."""
    optional = _is_optional(plain)
    plain = plain.removesuffix("?") if optional else plain
    directory = plain.endswith("/") and not plain.endswith(_PLAIN + "/")
    written = (plain.removesuffix("/") if directory else plain).split("/")
    steps = [_step(segment, directory=True) for segment in written[:-1]]
    return KeyPath((*steps, _step(written[-1], directory)), optional)


def _unescaped(text: str) -> str:
    """`text` with each backslash replaced by the mark that makes the next character plain."""
    if "\\" not in text:
        return text
    if re.search(r"(?<!\\)(?:\\\\)*\\$", text):
        raise BadKey(r"ends in a backslash; write `\\` for a backslash itself")
    if re.search(r"(?<!\\)(?:\\\\)*\\/", text):
        raise BadKey("no name can hold a `/`; take the backslash away")
    return re.sub(r"\\(.)", _PLAIN + r"\1", text, flags=re.DOTALL)


def _alternatives(members: list[str], exclusive: bool) -> Key:
    directories = [member.endswith("/") for member in members]
    if len(set(directories)) > 1:
        raise BadKey("alternatives must all be files or all be directories (each with a trailing `/`)")
    names = []
    for member in members:
        segment = member.removesuffix("/")
        if "/" in segment.replace(_PLAIN + "/", ""):
            raise BadKey("alternatives are names in one directory; nest them under it")
        if segment.endswith("?") and not segment.endswith(_PLAIN + "?"):
            raise BadKey("`?` goes at the end and speaks of all the alternatives")
        names.append(_name(segment))
    if len(set(names)) < len(names):
        raise BadKey("names the same alternative twice")
    return Key(tuple(names), directories[0], exclusive)


def _step(segment: str, directory: bool) -> Key:
    if segment == "**":
        if not directory:
            raise BadKey("`**` stands for directories; write `**/`")
        return EVERYWHERE
    if directory and segment.endswith("?") and not segment.endswith(_PLAIN + "?"):
        raise BadKey(r"`?` goes at the very end, as in `docs/?`; write `\?` for a name that holds one")
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
                raise BadKey("`**` stands alone, as in `**/tests/`; within a name write one `*`")
            parts.append(STAR)
            at += 1
        elif slot := _PLACEHOLDER.match(segment, at):
            parts.append(_slot(slot[1], slot[2]))
            at = slot.end()
        elif segment[at] == "<" and ">" in segment[at:]:
            raise BadKey(r"a placeholder's name is letters, digits, - and _; write `\<` for a plain <")
        else:
            _add_text(parts, segment[at])
            at += 1
    _refuse_unclear(parts)
    return Name(tuple(parts))


def _slot(placeholder: str, case: str | None) -> Slot:
    if case is None or case in CASES:
        return Slot(placeholder, case)
    raise BadKey(f"no such case: {quote(case)}; there are {', '.join(CASES)}")


def _add_text(parts: list[Part], text: str) -> None:
    if parts and isinstance(parts[-1], str):
        parts[-1] += text
    else:
        parts.append(text)


def _refuse_impossible(name: str) -> None:
    if not name:
        raise BadKey("holds an empty name; paths are relative, with one `/` between names")
    if name in (".", ".."):
        raise BadKey(f"`{name}` is no name of an entry; write the path without it")
    if name.lower() == ".git":
        raise BadKey("`.git` is git's own and never part of a tree; this entry could never match")
    if len(name.encode("utf-8", "surrogatepass")) > _LONGEST_NAME:
        raise BadKey(f"a name can have at most {_LONGEST_NAME} bytes")
    if name != name.strip():
        raise BadKey("a name begins or ends in a space; take it away")


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
        raise BadKey("a placeholder in two cases in one name; write it in one")
