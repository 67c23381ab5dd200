"""`[tool.structlint]` in pyproject.toml sets the layout of a repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Git, Make, Run

LAYOUT = "tree: {.: {unlisted: forbid}, pyproject.toml: , docs/: , README.md: }\n"


def pyproject(line: str) -> str:
    return f'[project]\nname = "a"\n\n[tool.structlint]\n{line}\n'


@pytest.fixture
def project(repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    def make(files: dict[str, str], **options: str) -> Git:
        git = repository(files, **options)
        monkeypatch.chdir(tmp_path / "repo")
        return git

    return make


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
        ("[tool.structlint\n", "1:17: this is not valid TOML: Expected ']'"),
        ("x = 1\ny =\n[tool.structlint]\n", "2:4: this is not valid TOML: Invalid value\n"),
    ],
)
def test_invalid_table(project: Make, run: Run, text: str, message: str) -> None:
    project({"pyproject.toml": text})
    result = run("check")
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith(f"pyproject.toml:{message}")


def test_other_key_called_tool_is_ignored(project: Make, run: Run) -> None:
    project({"pyproject.toml": 'tool = "structlint"\n'})
    result = run("check")
    assert result.status == 0
    assert "No structlint.yaml found" in result.out


def test_layout_does_not_exist(project: Make, run: Run) -> None:
    project({"pyproject.toml": pyproject('layout = "docs/LAYOUT.yaml"')})
    result = run("check")
    assert (result.status, result.err) == (2, "structlint: no such file: `docs/LAYOUT.yaml`\n")


MORE = LAYOUT.replace("README.md: ", "README.md: , notes.txt: ")
NONE = "[project]\n"


@pytest.mark.parametrize("tracked", [[], ["--tracked"]], ids=str)
@pytest.mark.parametrize(
    ("changes", "reported"),
    [
        ({"pyproject.toml": pyproject('layout = "docs/strict.yaml"')}, True),
        ({"pyproject.toml": pyproject('layout = "docs/strict.yaml"'), "structlint.yaml": None}, True),
        ({"structlint.yaml": None}, True),
        ({"pyproject.toml": pyproject('layout = "docs/LAYOUT.yaml"') + "# comment\n"}, False),
    ],
    ids=["another layout", "structlint.yaml removed too", "structlint.yaml removed", "the same layout"],
)
def test_changed_reports_all_findings_if_pyproject_names_another_layout(
    project: Make, run: Run, changes: dict[str, str | None], reported: bool, tracked: list[str]
) -> None:
    named = "docs/strict.yaml" if changes == {"structlint.yaml": None} else "docs/LAYOUT.yaml"
    own = {"structlint.yaml": MORE} if "structlint.yaml" in changes else {}
    files = {"docs/LAYOUT.yaml": MORE if reported else LAYOUT, "docs/strict.yaml": LAYOUT}
    git = project(
        {**files, "pyproject.toml": pyproject(f'layout = "{named}"'), "README.md": "", "notes.txt": "", **own}
    )
    git("add", "-A")
    git("commit", "-qm", "x")
    for path, content in changes.items():
        if content is None:
            (git.path / path).unlink()
        else:
            (git.path / path).write_text(content)
    git("add", "-A")
    out = run("check", ".", "--changed", "--output-format", "concise", *tracked).out
    assert ("notes.txt: error: unlisted file" in out) is reported


@pytest.mark.parametrize("content", [NONE, None], ids=["key removed", "file removed"])
@pytest.mark.parametrize("directory", [".", "docs"])
def test_changed_fails_if_pyproject_no_longer_names_a_layout(
    project: Make, run: Run, content: str | None, directory: str
) -> None:
    files = {"docs/LAYOUT.yaml": LAYOUT, "pyproject.toml": pyproject('layout = "docs/LAYOUT.yaml"')}
    git = project({**files, "README.md": ""})
    git("add", "-A")
    git("commit", "-qm", "x")
    file = git.path / "pyproject.toml"
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    result = run("check", directory, "--changed")
    assert result.status == 2
    assert "`pyproject.toml` no longer names a layout, and no other layout applies" in result.err
    git("add", "-A")
    git("commit", "-qm", "y")
    assert run("check", directory, "--changed").status == 0


def test_changed_ignores_an_earlier_pyproject_that_names_no_valid_layout(project: Make, run: Run) -> None:
    git = project({"docs/LAYOUT.yaml": LAYOUT, "pyproject.toml": pyproject("layout = 3"), "README.md": ""})
    git("add", "-A")
    git("commit", "-qm", "x")
    (git.path / "notes.txt").write_text("")
    (git.path / "pyproject.toml").write_text(NONE)
    assert run("check", ".", "--changed").status == 0
    (git.path / "pyproject.toml").write_text(pyproject('layout = "docs/LAYOUT.yaml"'))
    assert run("check", ".", "--changed").status == 1
