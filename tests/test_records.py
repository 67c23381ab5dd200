"""`Record` behaves like a named tuple."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from structlint.text.records import Record


class Place(Record):
    """A place in a file."""

    file: str
    line: int = 1
    column: int | None = None

    @property
    def next_line(self) -> Place:
        return self._replace(line=self.line + 1)


class Found(Place):
    """A record with additional attributes, such as a cache."""


def test_fields_match_the_annotations() -> None:
    place = Place("a", column=3)
    assert tuple(place) == ("a", 1, 3)
    assert (place.file, place.line, place.column) == ("a", 1, 3)
    assert (Place._fields, Place._field_defaults) == (("file", "line", "column"), {"line": 1, "column": None})
    assert (Place.__doc__, Place.__name__) == ("A place in a file.", "Place")
    match place:
        case Place(file, line):
            assert (file, line) == ("a", 1)


def test_records_are_immutable() -> None:
    place = Place("a")
    assert place.next_line == Place("a", 2)
    assert (place._replace(file="b"), place) == (("b", 1, None), ("a", 1, None))
    with pytest.raises(ValueError, match="lines"):
        place._replace(lines=2)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        place.line = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        place.other = 2  # type: ignore[attr-defined]


def test_wrong_arguments_raise() -> None:
    assert Place._make(["a", 2, 3]) == Place("a", 2, 3)
    constructor: Callable[..., Place] = Place
    for values, named in (((), {}), (("a", 1, 2, 3), {}), (("a",), {"lines": 1})):
        with pytest.raises(TypeError):
            constructor(*values, **named)


def test_repr_hash_and_pickle() -> None:
    place = Place("a", 2)
    assert repr(place) == "Place(file='a', line=2, column=None)"
    assert {place: 1}["a", 2, None] == 1  # type: ignore[index]
    copy = pickle.loads(pickle.dumps(place))  # noqa: S301
    assert (copy, type(copy)) == (place, Place)
    assert place._asdict() == {"file": "a", "line": 2, "column": None}


def test_subclass_with_additional_attributes() -> None:
    found = Found("a", line=3)
    vars(found)["cached"] = 1
    assert (found, found.line, type(found), type(found._replace(line=4))) == (("a", 3, None), 3, Found, Found)


def test_first_instance_is_of_a_subclass() -> None:
    class First(Record):
        a: int

    class Second(First):
        pass

    assert type(Second(1)) is Second
    assert type(First(2)) is First
    assert First.__new__ is Second.__new__
