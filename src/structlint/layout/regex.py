"""Matches regular expressions from a layout in time linear in the length of the name.

Python's `re` backtracks: `(a+)+` takes practically forever on thirty letters, and a layout may come with a
pull request from anyone. Therefore, Python's parser parses the expression, and the result is converted to a
nondeterministic automaton that is simulated (Thompson, 1968). Expressions that are not regular
(backreferences, lookahead, lookbehind) are rejected.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MOST_REGEX_CHARACTERS = 200
MOST_STATES = 2_000
_TOO_MUCH = "repeats too much; write smaller numbers"

Test = Callable[[str], bool]


class SafeRegex:
    """A compiled expression; `source` is its text."""

    def __init__(self, source: str) -> None:
        """Raises `ValueError` for an expression that is invalid or not supported."""
        if len(source) > MOST_REGEX_CHARACTERS:
            raise ValueError(f"is longer than {MOST_REGEX_CHARACTERS} characters")
        self.source = source
        self._tests: list[tuple[Test, int]] = []  # what a state reads, and the state it leads to
        self._empty: list[tuple[int, ...]] = []  # the states it leads to without reading
        read = _parsed(source)
        if read.state.flags & ~re.UNICODE:
            raise ValueError("contains a flag such as `(?i)`, which is not supported; write `[Aa]`")
        self._end = self._state()
        self._start = self._sequence(_inside(list(read)), self._end)

    def fullmatch(self, name: str) -> bool:
        """Whether the whole name matches."""
        at = self._reached([self._start])
        for character in name:
            at = self._reached(self._tests[s][1] for s in at if self._tests[s][0](character))
            if not at:
                return False
        return self._end in at

    def _reached(self, states: Iterable[int]) -> set[int]:
        reached: set[int] = set()
        ahead = list(states)
        while ahead:
            state = ahead.pop()
            if state not in reached:
                reached.add(state)
                ahead += self._empty[state]
        return reached

    def _state(self, *empty: int, test: Test | None = None, to: int = 0) -> int:
        if len(self._empty) >= MOST_STATES:
            raise ValueError(_TOO_MUCH)
        self._tests.append((test or _nothing, to))
        self._empty.append(empty)
        return len(self._empty) - 1

    def _sequence(self, items: Any, to: int) -> int:
        """The state from which reading all items leads to the state `to`."""
        for operation, argument in reversed(list(items)):
            to = self._item(operation, argument, to)
        return to

    def _item(self, operation: Any, argument: Any, to: int) -> int:
        if operation is sre.SUBPATTERN and not argument[1] and not argument[2]:
            return self._sequence(argument[3], to)
        if operation is sre.BRANCH:
            return self._state(*(self._sequence(branch, to) for branch in argument[1]))
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            least, most, items = argument
            return self._repeat(least, most, items, to)
        test = _test(operation, argument)
        if test is None:
            raise ValueError(f"contains {_name(operation)}, which is not supported")
        return self._state(test=test, to=to)

    def _repeat(self, least: int, most: int, items: Any, to: int) -> int:
        after = to
        if most is sre.MAXREPEAT:
            loop = self._state(to)
            self._empty[loop] = (self._sequence(items, loop), to)
            to = loop
        else:
            for _ in range(most - least):
                to = self._state(self._sequence(items, to), after)
        for _ in range(least):
            states = len(self._empty)
            to = self._sequence(items, to)
            if len(self._empty) == states:  # `(){4000000000}` matches only the empty text
                break
        return to


def _parsed(source: str) -> Any:
    try:
        with warnings.catch_warnings():
            # Python warns about `[[` and `&&`, whose meaning may change.
            warnings.simplefilter("error", FutureWarning)
            return parser.parse(source)
    except FutureWarning as warning:
        raise ValueError(
            f"is ambiguous ({warning}); write `\\` before a character that stands for itself"
        ) from None
    except re.error as error:
        raise ValueError(f"is not valid: {_reason(error)}") from None
    except OverflowError:
        raise ValueError(_TOO_MUCH) from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None


def _inside(items: list[Any]) -> list[Any]:
    """The items without `^` at the beginning and `$` at the end, which are redundant here."""
    if items and items[0] in ((sre.AT, sre.AT_BEGINNING), (sre.AT, sre.AT_BEGINNING_STRING)):
        items = items[1:]
    if items and items[-1] in ((sre.AT, sre.AT_END), (sre.AT, sre.AT_END_STRING)):
        items = items[:-1]
    return items


def _nothing(character: str) -> bool:
    return False


def _test(operation: Any, argument: Any) -> Test | None:
    """The test whether a character matches an item; None for an item that is not a single character."""
    if operation is sre.LITERAL:
        return lambda character: ord(character) == argument
    if operation is sre.NOT_LITERAL:
        return lambda character: ord(character) != argument
    if operation is sre.ANY:
        return lambda character: character != "\n"
    if operation is sre.RANGE:
        return lambda character: argument[0] <= ord(character) <= argument[1]
    if operation is sre.CATEGORY:
        return _CATEGORIES[str(argument)]
    if operation is sre.IN:
        negated = argument[0][0] is sre.NEGATE
        tests = [test for item in argument[negated:] if (test := _test(*item))]
        return lambda character: any(test(character) for test in tests) is not negated
    return None


def _category(shape: str) -> Test:
    fits = re.compile(shape).fullmatch
    return lambda character: fits(character) is not None


_CATEGORIES = {
    "CATEGORY_DIGIT": _category(r"\d"),
    "CATEGORY_NOT_DIGIT": _category(r"\D"),
    "CATEGORY_SPACE": _category(r"\s"),
    "CATEGORY_NOT_SPACE": _category(r"\S"),
    "CATEGORY_WORD": _category(r"\w"),
    "CATEGORY_NOT_WORD": _category(r"\W"),
}


def _name(operation: Any) -> str:
    names = {
        "AT": "an anchor within the pattern",
        "ASSERT": "a lookahead or lookbehind",
        "ASSERT_NOT": "a lookahead or lookbehind",
        "GROUPREF": "a reference to a group",
        "GROUPREF_EXISTS": "a condition on a group",
        "SUBPATTERN": "a group with flags",
    }
    return names.get(str(operation), "a repetition of this kind")


def _reason(error: re.error) -> str:
    return f"{error.msg}, at character {error.pos + 1}" if error.pos is not None else error.msg
