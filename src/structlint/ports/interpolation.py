"""Variables in compose files, https://docs.docker.com/reference/compose-file/interpolation/."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from structlint.text.quoting import in_backticks

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-?+]")
_DEEPEST = 20
_LONGEST = 100_000  # characters that variables may add to one text


class Unresolved(ValueError):
    """A variable has no value; `names` are the variables that would have to be set."""

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.names = names


def without_value(names: Collection[str]) -> str:
    """The note on variables that have no value."""
    have, them = ("has", "it") if len(names) == 1 else ("have", "them")
    listed = ", ".join(map(in_backticks, names))
    return f"{listed} {have} no value here; settings that use {them} are not checked"


class BadVariable(ValueError):
    """A `$` is not followed by a variable."""


def interpolated(text: str, values: Mapping[str, str]) -> str:
    """Replaces the variables in a text: `$V ${V} ${V:-d} ${V-d} ${V:?e} ${V?e} ${V:+x} ${V+x}` and `$$`.

    Raises `Unresolved` for a variable without a value or default, and `BadVariable` for a lone `$`.
    """
    return _Text(text, values).upto("")


class _Text:
    """Reads a text from left to right."""

    def __init__(self, text: str, values: Mapping[str, str]) -> None:
        self.text = text
        self.values = values
        self.at = 0
        self.depth = 0
        self.brought = 0

    def upto(self, end: str) -> str:
        """The text before `end` with its variables replaced; the whole rest if `end` is empty."""
        parts: list[str] = []
        missing: list[str] = []
        while self.at < len(self.text) and not (end and self.text[self.at] == end):
            try:
                parts.append(self.piece())
            except Unresolved as error:
                missing += error.names
        if missing:
            raise Unresolved(*dict.fromkeys(missing))
        return "".join(parts)

    def piece(self) -> str:
        """The next character, or the value of the next variable."""
        if self.text[self.at] != "$":
            self.at += 1
            return self.text[self.at - 1]
        self.at += 1
        if self.take("$"):
            return "$"
        if self.take("{"):
            return self.braces()
        return self.plain(self.name())

    def take(self, character: str) -> bool:
        taken = self.text.startswith(character, self.at)
        self.at += taken
        return taken

    def name(self) -> str:
        match = _NAME.match(self.text, self.at)
        if not match:
            raise BadVariable("a $ is followed by a variable; for the character itself write $$")
        self.at = match.end()
        return match[0]

    def plain(self, name: str) -> str:
        if name not in self.values:
            raise Unresolved(name)
        self.brought += len(self.values[name])
        if self.brought > _LONGEST:
            raise BadVariable(f"the variables have more than {_LONGEST:,} characters")
        return self.values[name]

    def braces(self) -> str:
        name = self.name()
        operator = _OPERATOR.match(self.text, self.at)
        if operator:
            self.at = operator.end()
        elif "}" in self.text[self.at + 1 :] and self.text[self.at] != "}":
            raise BadVariable("a name in ${} is followed by one of :- - :? ? :+ +, or by nothing")
        set_here = bool(self.values.get(name)) if operator and ":" in operator[0] else name in self.values
        rest, failure = self.rest()
        if not self.take("}"):
            raise BadVariable("a ${ is not closed")
        kind = operator[0][-1] if operator else ""
        if kind == "+":
            return self.given(rest, failure) if set_here else ""
        if set_here or not kind:
            return self.plain(name)
        if kind == "?":
            raise Unresolved(name)
        if failure:
            raise Unresolved(name, *failure.names)
        return rest

    def rest(self) -> tuple[str, Unresolved | None]:
        """The text up to the closing brace, or the reason why it has no value."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BadVariable("variables are nested too deeply")
        try:
            return self.upto("}"), None
        except Unresolved as error:
            return "", error
        finally:
            self.depth -= 1

    def given(self, rest: str, failure: Unresolved | None) -> str:
        if failure:
            raise failure
        return rest
