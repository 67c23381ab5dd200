"""Starting structlint in a directory with planted Python modules, and the commands in the documentation."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Make
from tables import table

ROOT = Path(__file__).parent.parent
PLANTED = "open('RAN', 'w').close()\nprint('All checks passed')\nraise SystemExit(0)\n"
# Modules that Python, structlint and its dependencies import, or that CI steps start with `python -m`.
MODULES = [
    "click",
    "yaml",
    "pathspec",
    "rich",
    "json",
    "re",
    "site",
    "sitecustomize",
    "usercustomize",
    "venv",
]
SCRIPT = str(Path(sys.executable).with_name("structlint"))
COMMANDS = {
    "the command": [SCRIPT],
    "-P": [sys.executable, "-P", "-m", "structlint"],
    "-I": [sys.executable, "-I", "-m", "structlint"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
@pytest.mark.skipif(os.name == "nt", reason="the command has another file name")
def test_planted_modules_are_not_imported(command: list[str], repository: Make) -> None:
    planted = {f"{name}.py": PLANTED for name in MODULES}
    packages = {"structlint/__init__.py": PLANTED, "structlint/__main__.py": PLANTED}
    git = repository({"structlint.yaml": "tree: {README.md: }\n", **planted, **packages})
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    result = subprocess.run(
        [*command, "check", "."],
        cwd=git.path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    assert "README.md" in result.stdout
    assert not (git.path / "RAN").exists()


def test_plain_python_m_imports_planted_modules(repository: Make) -> None:
    """The documentation warns of this, and the tests below check its commands."""
    git = repository({"structlint/__init__.py": "", "structlint/__main__.py": PLANTED})
    result = subprocess.run([sys.executable, "-m", "structlint", "check"], cwd=git.path, check=False)
    assert result.returncode == 0
    assert (git.path / "RAN").exists()


# In a clone of structlint itself, the directory is already trusted.
PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / name for name in ("README.md", ".pre-commit-hooks.yaml", ".github/SECURITY.md")),
    *sorted((ROOT / ".github/actions").rglob("*.yml")),
]
PYTHON_M = re.compile(r"python[0-9.]*\"?(?P<switches>(?: -[A-Za-z]+)*?) -m (?P<module>[\w.]+)")
SETUP_OF_A_CLONE = "python3 -m venv .venv && .venv/bin/pip install"


EXPECTED_MODULES = {"action.yml": {"venv", "pip"}, "docs/ci.md": {"structlint"}}
FENCED = re.compile(r"^( *)(`{3,})[^`\n]*\n(.*?)^ *\2", re.MULTILINE | re.DOTALL)


def commands_in(page: Path) -> str:
    """The text of a workflow file, or the code blocks of a page."""
    text = page.read_text(encoding="utf-8")
    return "\n".join(block for _, _, block in FENCED.findall(text)) if page.suffix == ".md" else text


@table("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_documented_commands_use_isolated_python(page: Path) -> None:
    lines = [line for line in commands_in(page).splitlines() if not line.startswith(SETUP_OF_A_CLONE)]
    for found in PYTHON_M.finditer("\n".join(lines)):
        assert re.search(r" -[IP]", found["switches"]), found[0]


def test_documented_commands_are_found() -> None:
    found = {
        page: {each["module"] for each in PYTHON_M.finditer(commands_in(ROOT / page))}
        for page in EXPECTED_MODULES
    }
    assert found == EXPECTED_MODULES
    for page in ("docs/ci.md", ".github/SECURITY.md", "docs/reliability.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert re.search(r"python -[IP] -m\s+structlint", text), page
