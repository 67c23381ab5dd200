"""The package keeps to the limits that `house.py` has for it."""

from __future__ import annotations

from house import cycles, measures


def test_the_package_keeps_to_its_limits() -> None:
    assert [str(each) for each in measures() if each.number > each.limit] == []


def test_a_cycle_is_found() -> None:
    graph = {"p": set(), "p.a": {"p.b"}, "p.b": set(), "p.b.c": {"p.a"}}
    assert len(cycles(graph)) == 1
    assert cycles({"p.a": {"p.b"}, "p.b": set()}) == []
