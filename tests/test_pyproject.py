"""`[tool.structlint]` in pyproject.toml names the layout of a repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Make, Run

LAYOUT = "tree: {.: {unlisted: forbid}, pyproject.toml: , docs/: , README.md: }\n"


def table(line: str) -> str:
    return f'[project]\nname = "a"\n\n[tool.structlint]\n{line}\n'


@pytest.fixture
def project(repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    def make(files: dict[str, str], **options: str) -> object:
        git = repository(files, **options)
        monkeypatch.chdir(tmp_path / "repo")
        return git

    return make  # type: ignore[return-value]


@pytest.mark.parametrize("arguments", [["check"], ["check", "docs"], ["check", "--tracked"]])
def test_it_names_the_layout(project: Make, run: Run, arguments: list[str]) -> None:
    project(
        {
            "pyproject.toml": table('layout = "docs/LAYOUT.yaml"'),
            "docs/LAYOUT.yaml": LAYOUT,
            "docs/notes/x": "",
            "x": "",
        }
    )
    out = run(*arguments, "--output-format", "concise").out
    of_root = "x: error: unlisted file (docs/LAYOUT.yaml:1) [stray-file]" in out
    assert of_root is ("docs" not in arguments)
    assert run("check", "--require-layout", *arguments[1:]).status == int(of_root)


def test_a_bundled_layout(project: Make, run: Run) -> None:
    project({"pyproject.toml": table('layout = "monorepo"'), "a/x": ""})
    assert "monorepo" in run("check", "--show-config").out


def test_structlint_yaml_counts_before_it(project: Make, run: Run) -> None:
    files = {"pyproject.toml": table('layout = "nonsense"'), "structlint.yaml": LAYOUT}
    project({**files, "README.md": "", "docs/x": ""})
    assert run("check").status == 0


def test_it_makes_no_nested_project(project: Make, run: Run) -> None:
    inner = {"sub/pyproject.toml": table('layout = "nonsense"'), "sub/x": ""}
    project({"structlint.yaml": "tree: {sub/: }\n", **inner})
    assert run("check").status == 0
    assert run("check", "sub").status == 0
    project({"README.md": "", **inner}, at="other")
    assert run("check", "../other/sub").status == 0


def test_another_tool_of_the_name(project: Make, run: Run) -> None:
    project({"pyproject.toml": '[project]\ndependencies = ["structlint-cli"]\n'})
    assert run("check").status == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            table('layout = "python-servce"'),
            "5:1: unknown layout `python-servce`; did you mean `python-service`?",
        ),
        (table('layuot = "monorepo"'), "5:1: unknown key `layuot`; did you mean `layout`?"),
        (table("layout = 3"), "5:1: `layout` must be the name of a bundled layout or the path of a layout"),
        (table(""), "4:1: `layout` must be the name of a bundled layout or the path of a layout"),
        (
            table('layout = "../x.yaml"'),
            "5:1: `../x.yaml` leads out of the repository; write a path within it",
        ),
        (
            table('layout = "https://a/x.yaml"'),
            "5:1: `https://a/x.yaml`: layouts are not fetched from a network",
        ),
        (table('layout = ".env"'), "5:1: unknown layout `.env`; expected one of"),
        ("[tool]\nstructlint = 1\n", "1:1: `tool.structlint` must be a table with the key `layout`"),
        ("[tool.structlint\n", "1:1: this is not valid TOML: Expected ']'"),
    ],
)
def test_what_is_wrong_in_it(project: Make, run: Run, text: str, message: str) -> None:
    project({"pyproject.toml": text})
    ran = run("check")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"pyproject.toml:{message}")


def test_a_layout_that_does_not_exist(project: Make, run: Run) -> None:
    project({"pyproject.toml": table('layout = "docs/LAYOUT.yaml"')})
    ran = run("check")
    assert (ran.status, ran.err) == (2, "structlint: no such file: `docs/LAYOUT.yaml`\n")
