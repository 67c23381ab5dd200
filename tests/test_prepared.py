"""The prepared forms of the bundled layouts are the same as their YAML."""

from __future__ import annotations

from typing import Any

import pytest
from effort import limit_calls
from prepared_layouts import DIRECTORY, prepared_texts

from structlint.layout import prepared
from structlint.layout.bundled import BUNDLED, data
from structlint.layout.load import bundled_sheet
from structlint.layout.regex import SafeRegex


def test_prepared_forms_are_up_to_date() -> None:
    """If this fails, run `python tests/prepared_layouts.py`."""
    expected = prepared_texts()
    assert sorted(DIRECTORY.iterdir()) == sorted(expected)
    assert [path.name for path, text in expected.items() if path.read_text(encoding="utf-8") != text] == []


@pytest.mark.parametrize("name", BUNDLED)
def test_prepared_form_is_the_same_as_the_yaml(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SafeRegex, "__eq__", lambda one, other: one.source == other.source)
    found = prepared.prepared_layout(name)
    assert found is not None
    expected = bundled_sheet(f"{name}.yaml", prepared=False)
    assert found == expected
    assert _shape(found) == _shape(expected)  # the types, and the order of mappings


@pytest.mark.parametrize("name", ["base", "python-service"])
def test_prepared_form_is_loaded_with_few_calls(name: str) -> None:
    """Reading `python-service` from YAML takes 100,000 calls."""
    prepared.prepared_layout(name)  # imports modules before the calls are counted
    with limit_calls(20_000):
        prepared.prepared_layout(name)


def _shape(value: Any) -> Any:
    """A value with all types and the order of mappings."""
    if isinstance(value, SafeRegex):
        return value.source
    if hasattr(value, "items") and hasattr(value, "keys"):
        return "mapping", [(_shape(key), _shape(inside)) for key, inside in value.items()]
    if isinstance(value, tuple | list):
        return type(value), [_shape(inside) for inside in value]
    return type(value), value


def test_prepared_form_is_not_used_if_the_yaml_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(*path: str) -> bytes:
        return data(*path) + b"#" * (path == ("layouts", "usual.yaml"))

    assert prepared.prepared_layout("go") is not None
    monkeypatch.setattr(prepared, "data", changed)
    assert prepared.prepared_layout("go") is None


@pytest.mark.parametrize("name", ["usual", "python", "base"])
def test_prepared_form_is_not_used_if_that_of_base_is_out_of_date(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The forms of the other layouts refer to that of `base`, including the one that `base` extends."""
    read = prepared._read
    monkeypatch.setattr(prepared, "_read", lambda each: None if each == "base" else read(each))
    assert prepared.prepared_layout(name) is None
