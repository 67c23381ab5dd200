"""`[tool.structlint]` in pyproject.toml sets the layout of a repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Make, Run

LAYOUT = "tree: {.: {unlisted: forbid}, pyproject.toml: , docs/: , README.md: }\n"


def pyproject(line: str) -> str:
    return f'[project]\nname = "a"\n\n[tool.structlint]\n{line}\n'


@pytest.fixture
def project(repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    def make(files: dict[str, str], **options: str) -> object:
        git = repository(files, **options)
        monkeypatch.chdir(tmp_path / "repo")
        return git

    return make  # type: ignore[return-value]


@pytest.mark.parametrize("arguments", [["check"], ["check", "docs"], ["check", "--tracked"]])
def test_layout_file(project: Make, run: Run, arguments: list[str]) -> None:
    project(
        {
            "pyproject.toml": pyproject('layout = "docs/LAYOUT.yaml"'),
            "docs/LAYOUT.yaml": LAYOUT,
            "docs/notes/x": "",
            "x": "",
        }
    )
    out = run(*arguments, "--output-format", "concise").out
    of_root = "x: error: unlisted file (docs/LAYOUT.yaml:1) [stray-file]" in out
    assert of_root is ("docs" not in arguments)
    assert run("check", "--require-layout", *arguments[1:]).status == int(of_root)


def test_bundled_layout(project: Make, run: Run) -> None:
    project({"pyproject.toml": pyproject('layout = "monorepo"'), "a/x": ""})
    assert "monorepo" in run("check", "--show-config").out


def test_structlint_yaml_takes_precedence(project: Make, run: Run) -> None:
    files = {"pyproject.toml": pyproject('layout = "nonsense"'), "structlint.yaml": LAYOUT}
    project({**files, "README.md": "", "docs/x": ""})
    assert run("check").status == 0


def test_pyproject_does_not_define_a_nested_project(project: Make, run: Run) -> None:
    inner = {"sub/pyproject.toml": pyproject('layout = "nonsense"'), "sub/x": ""}
    project({"structlint.yaml": "tree: {sub/: }\n", **inner})
    assert run("check").status == 0
    assert run("check", "sub").status == 0
    project({"README.md": "", **inner}, at="other")
    assert run("check", "../other/sub").status == 0


def test_package_with_a_similar_name_is_ignored(project: Make, run: Run) -> None:
    project({"pyproject.toml": '[project]\ndependencies = ["structlint-cli"]\n'})
    assert run("check").status == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            pyproject('layout = "python-servce"'),
            "5:1: unknown layout `python-servce`; did you mean `python-service`?",
        ),
        (pyproject('layuot = "monorepo"'), "5:1: unknown key `layuot`; did you mean `layout`?"),
        (
            pyproject("layout = 3"),
            "5:1: `layout` must be the name of a bundled layout or the path of a layout",
        ),
        (pyproject(""), "4:1: `layout` must be the name of a bundled layout or the path of a layout"),
        (
            pyproject('layout = "../x.yaml"'),
            "5:1: `../x.yaml` leads out of the repository; write a path within it",
        ),
        (
            pyproject('layout = "https://a/x.yaml"'),
            "5:1: `https://a/x.yaml`: layouts are not fetched from a network",
        ),
        (pyproject('layout = ".env"'), "5:1: unknown layout `.env`; expected one of"),
        ("[tool]\nstructlint = 1\n", "1:1: `tool.structlint` must be a table with the key `layout`"),
        ("[tool.structlint\n", "1:1: this is not valid TOML: Expected ']'"),
    ],
)
def test_invalid_table(project: Make, run: Run, text: str, message: str) -> None:
    project({"pyproject.toml": text})
    result = run("check")
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith(f"pyproject.toml:{message}")


def test_layout_does_not_exist(project: Make, run: Run) -> None:
    project({"pyproject.toml": pyproject('layout = "docs/LAYOUT.yaml"')})
    result = run("check")
    assert (result.status, result.err) == (2, "structlint: no such file: `docs/LAYOUT.yaml`\n")
