"""How structlint is started where a change has put modules of its own, and how our recipes start it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Make

ROOT = Path(__file__).parent.parent
PLANTED = "open('RAN', 'w').close()\nprint('All checks passed')\nraise SystemExit(0)\n"
# What Python, structlint and what it depends on import, and what a step around it starts by `python -m`.
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
WAYS = {
    "the command": [SCRIPT],
    "-P": [sys.executable, "-P", "-m", "structlint"],
    "-I": [sys.executable, "-I", "-m", "structlint"],
}


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
@pytest.mark.skipif(os.name == "nt", reason="the command is a file with another name")
def test_s16_nothing_of_the_directory_is_imported(way: list[str], repository: Make) -> None:
    planted = {f"{name}.py": PLANTED for name in MODULES}
    packages = {"structlint/__init__.py": PLANTED, "structlint/__main__.py": PLANTED}
    git = repository({"structlint.yaml": "tree: {README.md: }\n", **planted, **packages})
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [*way, "check", "."],
        cwd=git.path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "README.md" in done.stdout
    assert not (git.path / "RAN").exists()


def test_s16_python_m_alone_would_import_it(repository: Make) -> None:
    """What the pages warn of, and why the recipes are checked below."""
    git = repository({"structlint/__init__.py": "", "structlint/__main__.py": PLANTED})
    done = subprocess.run([sys.executable, "-m", "structlint", "check"], cwd=git.path, check=False)
    assert done.returncode == 0
    assert (git.path / "RAN").exists()


# In the set-up of a clone of structlint itself, Python is started in a directory that is trusted already.
RECIPES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / name for name in ("README.md", ".pre-commit-hooks.yaml", ".github/SECURITY.md")),
    *sorted((ROOT / ".github/actions").rglob("*.yml")),
]
STARTED = re.compile(r"python[0-9.]*\"?(?P<switches>(?: -[A-Za-z]+)*?) -m (?P<module>[\w.]+)")
OF_THE_CLONE = "python3 -m venv .venv && .venv/bin/pip install"


WITH_ONE = {"action.yml": {"venv", "pip"}, "docs/ci.md": {"structlint"}}
FENCED = re.compile(r"^( *)(`{3,})[^`\n]*\n(.*?)^ *\2", re.MULTILINE | re.DOTALL)


def code(page: Path) -> str:
    """What is to be run or copied: a file of its own, the blocks of a page."""
    text = page.read_text(encoding="utf-8")
    return "\n".join(block for _, _, block in FENCED.findall(text)) if page.suffix == ".md" else text


@pytest.mark.parametrize("page", RECIPES, ids=lambda path: str(path.relative_to(ROOT)))
def test_s16_every_recipe_keeps_the_directory_out(page: Path) -> None:
    lines = [line for line in code(page).splitlines() if not line.startswith(OF_THE_CLONE)]
    for found in STARTED.finditer("\n".join(lines)):
        assert re.search(r" -[IP]", found["switches"]), found[0]


def test_s16_the_recipes_are_found() -> None:
    found = {page: {each["module"] for each in STARTED.finditer(code(ROOT / page))} for page in WITH_ONE}
    assert found == WITH_ONE
    for page in ("docs/ci.md", ".github/SECURITY.md", "docs/reliability.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert re.search(r"python -[IP] -m\s+structlint", text), page
