"""The package stays within the limits in `house.py`."""

from __future__ import annotations

from house import cycles, measures


def test_package_is_within_its_limits() -> None:
    assert [str(each) for each in measures() if each.number > each.limit] == []


def test_cycles_finds_an_import_cycle() -> None:
    graph = {"p": set(), "p.a": {"p.b"}, "p.b": set(), "p.b.c": {"p.a"}}
    assert len(cycles(graph)) == 1
    assert cycles({"p.a": {"p.b"}, "p.b": set()}) == []
