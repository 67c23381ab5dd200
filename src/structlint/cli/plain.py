"""Runs the commands that editors, agents and hooks call most, without click.

Importing click takes a quarter of a small check. This module reads only paths, `--output-format` and a few
options without values. For everything else, `run_plain` returns None, and click reads the arguments.
`tests/test_plain.py` checks that both call the command in the same way.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from structlint.cli.console import CommandConsole

_VARIABLES = ("STRUCTLINT_OUTPUT_FORMAT", "GITHUB_ACTIONS")  # they determine the format of a report
_FORMAT = "--output-format"
_QUIET, _VERBOSE, _TRACKED = ("-q", "--quiet"), ("-v", "--verbose"), ("--tracked",)


def run_plain(arguments: Sequence[str]) -> int | None:
    """Runs a command and returns its exit status; None if click has to read the arguments."""
    name = arguments[0] if arguments else ""
    arguments, format_ = _without_format(arguments) if name == "check" else (arguments, "full")
    options = {argument for argument in arguments if argument.startswith("-")}
    if options - {*_QUIET, *_VERBOSE, *_TRACKED} or any(map(os.environ.get, _VARIABLES)):
        return None
    paths = [argument for argument in arguments[1:] if argument not in options]
    console, tracked = CommandConsole(), not options.isdisjoint(_TRACKED)
    console.quiet = not options.isdisjoint(_QUIET)
    console.verbose = not options.isdisjoint(_VERBOSE)
    if name == "check":
        from structlint.checking.request import Request
        from structlint.cli.check_run import CheckOptions, run_check

        request = Request(paths=tuple(paths) or (".",), tracked=tracked)
        return run_check(request, CheckOptions(output_format=format_), console)
    if name == "where" and paths and not tracked:
        from structlint.cli.where_run import run_where

        return run_where(tuple(paths), console)
    if name == "hook" and not (paths or tracked):
        from structlint.cli.hook_run import run_hook

        return run_hook(console)
    return None


def _without_format(arguments: Sequence[str]) -> tuple[list[str], str]:
    """The arguments without an `--output-format`, and its value; with it if it is not valid."""
    from structlint.report import FORMATS

    left = [argument for given in arguments for argument in _split(given)]
    at = left.index(_FORMAT) if _FORMAT in left[:-1] else 0
    return (left[:at] + left[at + 2 :], left[at + 1]) if at and left[at + 1] in FORMATS else (left, "full")


def _split(argument: str) -> list[str]:
    """The option and the value of an `--output-format=VALUE`; any other argument as it is."""
    return argument.split("=", 1) if argument.startswith(f"{_FORMAT}=") else [argument]
