"""Decides whether patterns match every possible path of an entry.

gitignore patterns and names in a layout are regular. Therefore, the entry is converted to an automaton that
reads a path letter by letter, and the patterns to a nondeterministic one (Thompson, 1968). Both read the same
paths, to find a path that the first accepts and the second does not. Only one of the letters that no pattern
or name distinguishes is tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from structlint.layout.keys import Slot, Star
from structlint.layout.pattern import ANY_NAMES, ANY_TEXT, Pattern, Piece
from structlint.text.records import Record

NameParts = Sequence[str | Star | Slot]


class Undecided(Exception):
    """The decision would take too long."""


class Budget:
    """The remaining work, as a number of states."""

    def __init__(self, work: int = 300_000) -> None:
        self.left = work

    def spend(self, work: int) -> None:
        """Uses up work. Raises `Undecided` when none is left."""
        self.left -= work
        if self.left < 0:
            raise Undecided


class PathStep(Record):
    """The alternative names for one step of a path or, with `anywhere`, one or more directories.

    A placeholder matches any name that does not begin with a dot.
    """

    names: tuple[NameParts, ...]
    anywhere: bool = False


ANY_DEPTH: Final = PathStep((), anywhere=True)
NameTest = Callable[[str], bool]


class Prohibition:
    """Patterns in order. The last matching one decides, and negated ones allow a path."""

    def __init__(self, inside: bool = True) -> None:
        self._machine = _Machine()
        self._inside = inside
        self._starts: list[int] = []
        self._ends: dict[int, tuple[int, bool, bool]] = {}

    @classmethod
    def of_patterns(cls, patterns: Iterable[Pattern], *, inside: bool = True) -> Prohibition:
        """The paths that patterns of a layout match, including those `inside` a matched directory."""
        made = cls(inside)
        for pattern in patterns:
            start = made._machine.state()
            names = pattern.names if pattern.anchored else [[ANY_NAMES], *pattern.names]
            made._add(start, made._machine.pattern(names, start), not pattern.takes_back, pattern.directory)
        return made

    @classmethod
    def of_names(cls, names: Iterable[tuple[NameParts, bool]]) -> Prohibition:
        """The names in one directory, and whether each is forbidden; the last match decides."""
        made = cls()
        for parts, forbidden in names:
            start = made._machine.state()
            made._add(start, made._machine.name(parts, start), forbidden, directory=False)
        return made

    def _add(self, start: int, end: int, forbids: bool, directory: bool) -> None:
        self._ends[end] = len(self._starts), forbids, directory
        self._starts.append(start)

    def escape(self, steps: Sequence[PathStep], budget: Budget, *, directory: bool) -> str | None:
        """A path with these steps that is not matched or in a matched directory; None if there is none.

        Raises `Undecided`.
        """
        budget.spend(1 + len(self._starts))
        wanted = _Machine()
        start = at = wanted.state()
        for number, step in enumerate(steps):
            if number:
                at = wanted.then_slash(at)
            at = wanted.step(step, at)
        search = _Search(self._machine, wanted, self.forbids if self._inside else _allow, budget)
        ends = _Ends(at, lambda states: not self.forbids(states, directory))
        return search.path(self._machine.closed(self._starts), start, ends)

    def forbids(self, states: frozenset[int], directory: bool) -> bool:
        """Whether the path that leads to these states is matched itself."""
        ends = (self._ends[state] for state in states if state in self._ends)
        fitting = [(number, forbids) for number, forbids, only in ends if directory or not only]
        return max(fitting, default=(0, False))[1]


class _Machine:
    """A nondeterministic automaton. `letters` has the letters in its tests."""

    def __init__(self) -> None:
        self.moves: list[list[tuple[NameTest, int]]] = []
        self.empty: list[list[int]] = []
        self.letters = {".", "/"}

    def state(self) -> int:
        self.moves.append([])
        self.empty.append([])
        return len(self.moves) - 1

    def move(self, start: int, test: NameTest, to: int | None = None) -> int:
        """Adds a move, by default to a new state, and returns the target."""
        to = self.state() if to is None else to
        self.moves[start].append((test, to))
        return to

    def closed(self, states: Iterable[int]) -> frozenset[int]:
        """These states, and all states that can be reached from them without reading a letter."""
        reached: set[int] = set()
        ahead = list(states)
        while ahead:
            if (state := ahead.pop()) not in reached:
                reached.add(state)
                ahead += self.empty[state]
        return frozenset(reached)

    def text(self, text: str, at: int) -> int:
        """Adds a text. Like all methods below, returns the state after reading it."""
        for letter in text:
            self.letters.add(letter)
            at = self.move(at, letter.__eq__)
        return at

    def anything(self, at: int, first: NameTest | None = None) -> int:
        """Adds any text within a name; with `first`, the test for its first letter, it is not empty."""
        if first:
            at = self.move(at, first)
        loop = self.state()
        self.empty[at].append(loop)
        self.move(loop, _in_a_name, loop)
        return loop

    def then_slash(self, at: int) -> int:
        return self.move(at, "/".__eq__)

    def names(self, at: int) -> int:
        """Adds any number of directories, including none."""
        loop = self.state()
        self.empty[at].append(loop)
        self.move(self.anything(loop, _in_a_name), "/".__eq__, loop)
        return loop

    def name(self, parts: NameParts, at: int) -> int:
        """Adds a name in the syntax of a layout."""
        for part in parts:
            if isinstance(part, str):
                at = self.text(part, at)
            elif isinstance(part, Slot):
                at = self.anything(at, _begins_a_value)
            else:
                at = self.anything(at, _in_a_name if len(parts) == 1 else None)
        return at

    def step(self, step: PathStep, at: int) -> int:
        """Adds a step of a path."""
        if step.anywhere:
            return self.anything(self.names(at), _in_a_name)
        end = self.state()
        for parts in step.names:
            start = self.state()
            self.empty[at].append(start)
            self.empty[self.name(parts, start)].append(end)
        return end

    def pattern(self, names: Sequence[Sequence[Piece]], at: int) -> int:
        """Adds the names of a pattern, without the slash at its end."""
        for number, name in enumerate(names, start=1):
            if list(name) != [ANY_NAMES]:
                at = self._pieces(name, at)
                at = self.then_slash(at) if number < len(names) else at
            elif number < len(names):
                at = self.names(at)
            else:
                at = self.anything(self.names(at), _in_a_name)
        return at

    def _pieces(self, name: Iterable[Piece], at: int) -> int:
        for piece in name:
            if piece is ANY_TEXT:
                at = self.anything(at)
            elif piece.is_exact:
                at = self.text(piece.sample, at)
            else:
                self.letters.update(piece.expression)
                at = self.move(at, _fits(piece.expression))
        return at


@lru_cache(maxsize=1024)
def _fits(expression: str) -> NameTest:
    matches = re.compile(expression, re.DOTALL).fullmatch
    return lambda letter: matches(letter) is not None


def _in_a_name(letter: str) -> bool:
    return letter != "/"


def _begins_a_value(letter: str) -> bool:
    return letter not in "/."


def _allow(states: frozenset[int], directory: bool) -> bool:
    return False


class _Ends(Record):
    """The ends of paths, and whether a path that ends there counts."""

    state: int
    escapes: Callable[[frozenset[int]], bool]


class _Search:
    """Searches for a path that one automaton accepts and the patterns of the other do not match."""

    def __init__(
        self,
        patterns: _Machine,
        wanted: _Machine,
        forbids: Callable[[frozenset[int], bool], bool],
        budget: Budget,
    ) -> None:
        self.patterns = patterns
        self.wanted = wanted
        self.forbids = forbids
        self.alphabet = list(_alphabet(patterns.letters | wanted.letters))
        self.after: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self.budget = budget

    def path(self, patterns: frozenset[int], start: int, ends: _Ends) -> str | None:
        """The path; None if there is none."""
        ahead = [(start, patterns)]
        led: dict[tuple[int, frozenset[int]], tuple[tuple[int, frozenset[int]], str] | None]
        led = {ahead[0]: None}
        while ahead:
            here = state, known = ahead.pop()
            if state == ends.state and ends.escapes(known):
                return _path(led, here)
            for letter, there in self._next(state, known):
                if there not in led:
                    led[there] = here, letter
                    ahead.append(there)
        return None

    def _next(self, state: int, known: frozenset[int]) -> Iterator[tuple[str, tuple[int, frozenset[int]]]]:
        for to in self.wanted.empty[state]:
            yield "", (to, known)
        for test, to in self.wanted.moves[state]:
            for letter in filter(test, self.alphabet):
                self.budget.spend(1)
                if letter != "/" or not self.forbids(known, True):
                    yield letter, (to, self._read(known, letter))

    def _read(self, known: frozenset[int], letter: str) -> frozenset[int]:
        if (known, letter) not in self.after:
            self.budget.spend(len(known))
            moves = (move for state in known for move in self.patterns.moves[state])
            self.after[known, letter] = self.patterns.closed(to for test, to in moves if test(letter))
        return self.after[known, letter]


def _alphabet(letters: Iterable[str]) -> Iterator[str]:
    """One letter of each kind: the letters in tests, and the first of the others between them."""
    numbers = {code for letter in letters for code in (ord(letter), ord(letter) + 1)}
    return (chr(code) for code in sorted({1, *numbers}) if 0 < code <= 0x10FFFF)


def _path(
    led: dict[tuple[int, frozenset[int]], tuple[tuple[int, frozenset[int]], str] | None],
    at: tuple[int, frozenset[int]],
) -> str:
    letters = []
    while before := led[at]:
        at, letter = before
        letters.append(letter)
    return "".join(reversed(letters))
