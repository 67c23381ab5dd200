"""Commands are called in the same way with and without click."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest

from structlint.cli import main, plain
from structlint.cli.check_run import run_check
from structlint.cli.console import CommandConsole
from structlint.cli.hook_run import run_hook
from structlint.cli.where_run import run_where

CALLS = [
    *(
        ["check"],
        ["check", "."],
        ["check", "a", "b"],
        ["check", "a", "-q"],
        ["check", "--quiet", "--verbose", "a"],
    ),
    *(["check", "--output-format", "json"], ["check", "--output-format=concise", "a", "-q"]),
    *(["check", "a", "--output-format", "full"], ["check", "--tracked", "--output-format=sarif"]),
    *(["check", "-v"], ["check", "--tracked", "a"], ["check", ""], ["check", "check"], ["check", "-q", "-q"]),
    *(["where", "a"], ["where", "a", "b/", "-v"], ["where", "--quiet", "where"], ["hook"], ["hook", "-v"]),
]
OTHERS = [
    *(
        [],
        ["-q"],
        ["-q", "check"],
        ["check", "--statistics"],
        ["check", "--layout", "base"],
        ["check", "--", "a"],
    ),
    *(
        ["check", "-qv"],
        ["check", "--quie"],
        ["check", "-"],
        ["where"],
        ["where", "--tracked", "a"],
        ["hook", "a"],
    ),
    *(["fix"], ["tree", "-q"], ["no-command"], ["check", "--help"], ["where", "a", "--output-format=json"]),
    *(["check", "--output-format"], ["check", "--output-format=no"], ["check", "--output-format=json=full"]),
    ["check", "--output-format=json", "--output-format=full"],
]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The arguments of all calls of a command, which does nothing."""
    calls: list[Any] = []

    def recorded(command: Callable[..., int]) -> Callable[..., int]:
        def record(*given: Any, **named: Any) -> int:
            call = signature(command).bind(*given, **named)
            call.apply_defaults()
            values = call.arguments.values()
            calls.append([vars(each) if isinstance(each, CommandConsole) else each for each in values])
            return 17

        return record

    for variable in ("STRUCTLINT_OUTPUT_FORMAT", "GITHUB_ACTIONS"):
        monkeypatch.delenv(variable, raising=False)
    for name, command in (("check", run_check), ("where", run_where), ("hook", run_hook)):
        for module in (name, f"{name}_run"):
            monkeypatch.setattr(f"structlint.cli.{module}.run_{name}", recorded(command))
    return calls


@pytest.mark.parametrize("arguments", CALLS, ids=" ".join)
def test_plain_call_is_the_same(
    arguments: list[str], calls: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plain.run_plain(arguments) == 17
    monkeypatch.setattr("structlint.cli.run_plain", lambda arguments: None)
    assert main(arguments) == 17
    assert calls[0] == calls[1]


@pytest.mark.parametrize("arguments", OTHERS, ids=" ".join)
def test_other_arguments_are_left_to_click(arguments: list[str], calls: list[Any]) -> None:
    assert plain.run_plain(arguments) is None
    assert calls == []


@pytest.mark.parametrize("variable", ["STRUCTLINT_OUTPUT_FORMAT", "GITHUB_ACTIONS"])
def test_variables_for_the_format_are_left_to_click(
    variable: str, calls: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "json")
    assert plain.run_plain(["check"]) is None
