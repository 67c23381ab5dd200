"""The rules. Each is a module: what it is for, how much it matters, and what it finds in a survey."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from structlint.finding import Finding, Severity
from structlint.matching.survey import Survey
from structlint.rules import (
    bad_name,
    conflicting_entries,
    empty_directory,
    forbidden_path,
    long_path,
    misplaced_file,
    missing_directory,
    missing_file,
    orphan,
    port_conflict,
    port_mismatch,
    stale_document,
    stray_directory,
    stray_file,
    too_deep,
    too_few_directories,
    too_few_files,
    too_many_directories,
    too_many_files,
    tracked_ignored,
    tracked_local,
    unignored_local,
    unknown_port,
    unportable_name,
    unused_ignore,
)


class Rule(Protocol):
    """A rule, as the module of its name is one.

    `NEEDS_LAYOUT` is false for what is true of every repository. `find` is a pure function of the
    survey; it leaves `severity` alone except to soften what the layout only recommends.
    """

    ABOUT: str
    SEVERITY: Severity
    NEEDS_LAYOUT: bool

    def find(self, survey: Survey) -> Iterator[Finding]: ...


RULES: tuple[Rule, ...] = (
    bad_name,
    conflicting_entries,
    empty_directory,
    forbidden_path,
    long_path,
    misplaced_file,
    missing_directory,
    missing_file,
    orphan,
    port_conflict,
    port_mismatch,
    stale_document,
    stray_directory,
    stray_file,
    too_deep,
    too_few_directories,
    too_few_files,
    too_many_directories,
    too_many_files,
    tracked_ignored,
    tracked_local,
    unignored_local,
    unknown_port,
    unportable_name,
    unused_ignore,
)


def name_of(rule: Rule) -> str:
    """A rule's name: its module's, with dashes."""
    return rule.__name__.rpartition(".")[2].replace("_", "-")  # type: ignore[attr-defined, no-any-return]
