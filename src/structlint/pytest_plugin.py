"""`pytest --structlint`: one item for each rule, which fails with the findings of the rule."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from structlint.checking.check import CheckResult
    from structlint.finding import Finding


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("structlint", "the structure of the repository")
    group.addoption(
        "--structlint", action="store_true", help="Check that the repository matches its declared structure."
    )
    parser.addini("structlint_layout", "The layout to check, instead of the nearest structlint.yaml.")


@pytest.hookimpl(tryfirst=True)  # before `-k` and `-m` select items
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    if config.getoption("--structlint"):
        items.extend(RuleCollector.from_parent(session, name="structlint", nodeid="structlint").collect())


class StructureError(Exception):
    """A rule reports errors. The message has a line for each."""


class RuleCollector(pytest.Collector):
    """The rules as items. The repository is checked once, when the first item runs."""

    result: CheckResult | None = None
    failed = False

    def collect(self) -> Iterator[pytest.Item]:
        from structlint.finding import RULE_NAMES

        for rule in RULE_NAMES:
            yield RuleItem.from_parent(self, name=rule)

    def findings(self, rule: str) -> list[Finding]:
        """The findings of a rule in the root directory of pytest.

        Raises `CannotCheck` the first time if the check cannot be completed, and skips the item later.
        """
        if self.failed:
            pytest.skip("the check cannot be completed")
        if self.result is None:
            from structlint import check

            self.failed = True
            layout = self.config.getini("structlint_layout") or None
            self.result = check(self.config.rootpath, layout=layout)
            self.failed = False
        return [finding for finding in self.result.findings if finding.rule == rule]


class RuleItem(pytest.Item):
    """One rule. Errors fail it, warnings are warnings of pytest."""

    parent: RuleCollector

    def runtest(self) -> None:
        from structlint.report.concise import line

        errors = []
        for finding in self.parent.findings(self.name):
            if finding.severity == "error":
                errors.append(line(finding))
            else:
                warnings.warn(pytest.PytestWarning(line(finding)), stacklevel=1)
        if errors:
            raise StructureError("\n".join(errors))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        from structlint.errors import CannotCheck

        if isinstance(excinfo.value, StructureError | CannotCheck):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[str, int | None, str]:
        return "structlint", None, self.name
