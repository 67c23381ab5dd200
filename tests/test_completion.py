"""Shell completion, with the words as click's scripts for bash, zsh and fish pass them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Make, Run

from structlint.finding import RULE_NAMES
from structlint.layout.bundled import BUNDLED

LAYOUT = "tree: {services/: {<service>/: }, src/: {<module>/: }}\n"
FILES, MISSING = ["file,"], sorted(name for name in RULE_NAMES if name.startswith("missing-"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("che", ["plain,check"]),
        ("check serv", ["file,serv"]),
        ("check --config st", ["file,st"]),
        ("check --paths-from ", FILES),
        ("check --select missing-", [f"plain,{name}" for name in MISSING]),
        ("fix --ignore orphan,missing-", [f"plain,orphan,{name}" for name in MISSING]),
        ("check --layout pyth", [f"plain,{name}" for name in sorted(BUNDLED) if name.startswith("pyth")]),
        ("check --layout ./lay", ["file,./lay"]),
        ("check --report sar", ["plain,sarif="]),
        ("check --color al", ["plain,always"]),
        ("explain missing-", [f"plain,{name}" for name in MISSING]),
        ("layouts mono", ["plain,monorepo"]),
        ("new ", ["plain,module", "plain,service"]),
        ("new mod", ["plain,module"]),
        ("new service --with ", []),
        ("where services/m", ["file,services/m"]),
        ("tree --write ", FILES),
        ("init --from ", FILES),
        ("test ", FILES),
    ],
)
def test_f11_shell_completion(
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    line: str,
    expected: list[str],
) -> None:
    repository({"structlint.yaml": LAYOUT})
    monkeypatch.chdir(tmp_path / "repo")
    assert complete(run, monkeypatch, line) == expected


def test_invalid_layout_has_no_completions(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository({"structlint.yaml": "tre: {}\n"})
    monkeypatch.chdir(tmp_path / "repo")
    assert complete(run, monkeypatch, "new ") == []


def complete(run: Run, monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    monkeypatch.setenv("_STRUCTLINT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"structlint {line}")
    monkeypatch.setenv("COMP_CWORD", str(len(line.split()) + line.endswith(" ")))
    result = run()
    assert (result.status, result.err) == (0, "")
    return list(filter(None, result.out.splitlines()))
