"""If most directories with an entry lack a path, the report says so in one line, at the entry."""

from __future__ import annotations

import pytest
from conftest import Make, Run

LAYOUT = """\
tree:
  src/:
    <service>/:
      .: {unlisted: allow}
      service.toml: Settings
"""
NAMES = ("auth", "billing", "cart", "mail", "orders", "search")


def services(having: int) -> dict[str, str]:
    """Six services, of which some have a `service.toml`."""
    files = {f"src/{name}/main.py": "" for name in NAMES}
    return {"structlint.yaml": LAYOUT, **files, **{f"src/{name}/service.toml": "" for name in NAMES[:having]}}


@pytest.mark.parametrize(("having", "said"), [(0, True), (1, True), (2, False), (3, False)])
def test_path_that_most_directories_lack(having: int, said: bool, repository: Make, run: Run) -> None:
    git = repository(services(having))
    out = run("check", str(git.path), "--output-format", "full").out
    lacking = len(NAMES) - having
    rows = [line for line in out.splitlines() if "service.toml" in line]
    assert len(rows) == 1
    assert (f"{lacking} of 6 directories lack one" in out) == said
    assert ("make them optional in the layout, or create them" in out) == said
    assert "structlint.yaml:5" in out
