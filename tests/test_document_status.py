# ruff: noqa: RUF001
"""Entries that a document draws but does not require: planned, changed and ignored ones."""

from __future__ import annotations

import pytest
from conftest import Make, Run
from test_check_documents import document_with, errors
from test_document_cases import fenced, findings


def found(document: str, files: str) -> str:
    return findings(document, files)[0]


def structure(*lines: str) -> str:
    return "# Guide\n\n## Structure\n\n" + fenced("\n".join(lines))


NOT_REQUIRED = [
    ("a mark of a plan before a name", "├── [NEW] cart.py"),
    ("a mark in brackets", "├── (new) cart.py"),
    ("to be deleted", "├── cart.py   [DELETE]"),
    ("an arrow and a phase", "├── cart.py   ◀ 14E (new)"),
    ("new, with a colon", "├── cart.py   # NEW: the cart"),
    ("a star before the mark", "├── cart.py   # ✨ NEW"),
    ("a sign for unfinished work", "├── cart/     🚧"),
    ("a sign and words", "├── cart/     ⏳ the cart"),
    ("planned, in Japanese", "├── cart/     # カート（計画中）"),
    ("in design, in Japanese", "├── cart/     # カート（設計中）"),
    ("in planning, in Chinese", "├── cart/     # 购物车（规划中）"),
    ("if needed, in Korean", "├── cart/     # 필요 시"),
    ("an option, in Korean", "├── cart/     # 장바구니 (옵션)"),
    ("an empty directory", "├── cart/     # An empty directory for the next version"),
    ("empty, in Spanish", "├── cart/     # (vacía)"),
    ("empty, with more words", "├── cart/     # (vacío - para el carrito)"),
    ("a virtual environment", "├── .venv/"),
    ("installed packages", "├── node_modules/"),
    ("a cache", "├── .pytest_cache/"),
    ("local settings", "├── .env"),
    ("logs", "├── logs/     # The logs"),
    ("build output", "├── target/   # Compiled"),
    ("build output, according to its comment", "├── out/   # Build output"),
    ("test output, according to its comment", "├── stats/   # Test coverage reports"),
    ("build output, in Chinese", "├── out/   # 构建产物"),
    ("build output, in Portuguese", "├── out/   # Arquivos compilados"),
    ("build output, in Korean", "├── out/   # 빌드 결과물"),
    ("test output in a project", "├── till/\n│   ├── package.json\n│   └── coverage/"),
    ("build output in a project", "├── till/\n│   ├── Cargo.toml\n│   └── target/"),
    ("to be moved", "├── OLDER/   # Older notes (to be migrated)"),
    ("to be moved, in Portuguese", "├── antigos/   # Notas (a ser migrado)"),
    ("other entries", "├── Other C# Projects/    # more"),
]


@pytest.mark.parametrize("line", [case[1] for case in NOT_REQUIRED], ids=[case[0] for case in NOT_REQUIRED])
def test_entries_that_are_not_required(line: str) -> None:
    text = structure(".", "├── src/", line, "└── README.md")
    manifest = next((f" till/{name}" for name in ("package.json", "Cargo.toml") if name in line), "")
    assert found(text, f"README.md src/main.py{manifest}") == ""


@pytest.mark.parametrize(
    "line", ["├── till/\n│   └── coverage/", "├── out/   # Build output of the CI, kept"]
)
def test_directory_that_may_contain_sources_is_required(line: str) -> None:
    assert found(structure(".", "├── src/", line), "src/a") != ""


@pytest.mark.parametrize(
    "words",
    [
        "出力（gitignore）",
        "設定（.gitignore対象）",
        "출력 (gitignore)",
        "the output, not in git",
        "Local (no en git)",
        "Local (hors git)",
        "Local (fora do git)",
    ],
)
def test_entries_described_as_ignored_by_git(words: str) -> None:
    text = structure(".", "├── src/", f"├── out/  # {words}", "└── README.md")
    assert found(text, "README.md src/main.py") == ""


def test_number_of_files_is_not_a_directory() -> None:
    text = structure(
        "docs/", "├── Basics (2 files)", "│   ├── README.md", "│   └── a.md", "└── more/", "    └── b.md"
    )
    assert found(text, "docs/README.md docs/a.md docs/more/b.md") == ""


def test_first_line_is_the_directory_that_commands_enter() -> None:
    tree = fenced("till-box/\n├── package.json\n├── run.js\n└── pages/")
    text = f"# Guide\n\n```\ncd till-box\nnpm start\n```\n\n## Files\n\n### File structure\n\n{tree}"
    assert found(text, "package.json run.js pages/a") == ""


def test_first_line_is_the_name_in_the_title() -> None:
    tree = fenced("till-box/\n├── parts/\n└── core/")
    text = f"# Till Box: a guide\n\nPut it in `till-box/parts/`.\n\n## Structure\n\n{tree}"
    assert found(text, "parts/a core/a") == ""


@pytest.mark.parametrize(
    ("heading", "lines"),
    [
        ("Component Hierarchy", ["App", "├── Sidebar (menu)", "└── Header", "    └── Cart"]),
        ("Структура", ["App", "├── CartView", "├── Main menu", "└── SideBar"]),
        ("组件层次结构", ["App", "├── 侧边栏", "└── 页头"]),
    ],
)
def test_components_are_not_files(heading: str, lines: list[str]) -> None:
    text = structure(".", "├── src/", "└── README.md") + f"\n## {heading}\n\n" + fenced("\n".join(lines))
    assert found(text, "README.md src/main.py") == ""


def test_tree_of_component_files() -> None:
    text = "# Guide\n\n## Component structure\n\n" + fenced("src/\n├── Cart.tsx\n└── Menu/")
    assert found(text, "src/Cart.tsx") == "src/Menu/"


@pytest.mark.parametrize("heading", ["Modified files", "新增文件", "Novos arquivos", "変更ファイル"])
def test_list_of_changed_files_is_skipped(heading: str) -> None:
    text = structure(".", "├── src/", "└── README.md") + f"\n## {heading}\n\n" + fenced("src/\n└── cart.py")
    assert findings(text, "README.md src/main.py") == (
        "",
        (f"S.md:14: skipped a tree below `{heading}`, which shows changed files",),
    )


REQUIRED = [
    ("a changed file", "├── [MODIFY] cart.py", "cart.py"),
    ("a name that begins with such a word", "├── new cart.py   # x", "new cart.py"),
    ("a kept directory of logs", "├── logs/\n│   └── .gitkeep", "logs/"),
    ("a clipboard emoji without ticks", "├── cart/   # 📋 the plans", "cart/"),
    ("a name with a status word", "├── empty.html   # Shown for an empty cart", "empty.html"),
]


@pytest.mark.parametrize(
    ("line", "path"), [case[1:] for case in REQUIRED], ids=[case[0] for case in REQUIRED]
)
def test_entries_that_are_required(line: str, path: str) -> None:
    text = structure(".", "├── src/", line, "└── README.md")
    assert found(text, "README.md src/main.py") == path


def test_signs_and_ticks() -> None:
    lines = (".", "├── src/      # ✅ there", "├── cart/     # 📋 the cart", "└── README.md # ✅ there")
    assert found(structure(*lines), "README.md src/main.py") == ""


@pytest.mark.parametrize("name", ["hosts", ".hosts"])
def test_name_of_a_file_or_directory(name: str) -> None:
    """A name without slash and extension, in a tree whose directories have slashes."""
    text = structure(".", "├── src/", f"├── {name}", "└── README.md")
    assert found(text, f"README.md src/main.py {name}") == ""
    assert found(text, f"README.md src/main.py {name}/a") == ""
    assert found(text, "README.md src/main.py") == f"{name}/"


@pytest.mark.parametrize("name", ["Makefile", "LICENSE", "a.py"])
def test_usual_file_names_are_not_directories(name: str) -> None:
    text = structure(".", "├── src/", f"├── {name}", "└── README.md")
    assert found(text, f"README.md src/main.py {name}/a") != ""


@pytest.mark.parametrize(
    "between",
    ["", "These parts do not depend on each other.\n\n"],
    ids=["directly above", "with text between"],
)
def test_bold_line_is_a_heading(between: str) -> None:
    text = structure(".", "├── src/", "└── README.md")
    text += f"\n**Proposed structure**\n\n{between}" + fenced(".\n├── core/\n└── web/")
    assert found(text, "README.md src/main.py") == ""
    text += "\nAnd there is this:\n\n" + fenced(".\n└── docs/")
    assert found(text, "README.md src/main.py") == "docs/"


def test_several_names_including_an_ambiguous_one() -> None:
    text = structure(".", "├── src/", "├── sw.js, robots.txt, site.xml, _headers", "└── README.md")
    assert found(text, "README.md src/main.py sw.js robots.txt site.xml _headers") == ""


def test_emoji_in_a_table() -> None:
    rows = [
        "| File/Folder | Use |",
        "|---|---|",
        "| 📂 `app` | x |",
        "| 📂 `web` | (Planned) |",
        "| 📄 `run.py` | x |",
    ]
    text = "# Guide\n\n## Root Directory\n\n" + "\n".join(rows)
    assert found(text, "README.md") == "app/ run.py"


def test_copied_label_and_escaped_characters() -> None:
    lines = ["Plaintext  ", "/  ", "├── api/   \\# the service  ", "│   └── my\\_code.py  ", "└── run.py"]
    text = "# Guide\n\n## Structure\n\n" + "\n".join(lines) + "\n"
    assert found(text, "README.md api/my_code.py run.py") == ""


@pytest.mark.parametrize(
    "name",
    [
        "docs/sprints/1.md",
        "docs/legacy/cart.md",
        "docs/开发计划.md",
        "docs/実装計画.md",
        "docs/plano-de-carrinho.md",
        "docs/AUDIT_2024.md",
        "docs/history/2024.md",
        "docs/cart-design-doc.md",
    ],
)
def test_names_of_plans_are_skipped(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, name: str
) -> None:
    monkeypatch.chdir(
        repository({name: document_with(".\n├── src/\n├── docs/\n└── gone/"), "src/a": ""}).path
    )
    _, out, err = run("check", "--documents", "--output-format", "concise")
    assert out == ""
    assert "skipped, because its name suggests a plan or a past state" in err


@pytest.mark.parametrize(
    "line", ["Status: Draft", "> **Status:** In progress", "- 状态：规划中", "| Status | Proposed |"]
)
def test_documents_with_status_of_a_plan_are_skipped(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, line: str
) -> None:
    text = f"# Cart\n\n{line}\n\n" + document_with(".\n├── src/\n├── docs/\n└── gone/")
    monkeypatch.chdir(repository({"docs/cart.md": text, "src/a": ""}).path)
    _, out, err = run("check", "--documents", "--output-format", "concise")
    assert (out, "docs/cart.md: skipped, because its status says that it is a plan" in err) == ("", True)


def test_tree_applies_to_the_directory_of_its_document(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    """The names also exist in the root, but are too common to be evidence."""
    usual = {f"{name}/a": "" for name in ("src", "docs", "tests")}
    text = document_with("cart/\n├── README.md\n├── src/\n├── docs/\n└── tests/")
    monkeypatch.chdir(repository({**usual, "parts/cart/README.md": text, "parts/cart/src/a": ""}).path)
    assert [line.split(" ")[3].rstrip(",") for line in errors(run)[1]] == [
        "`parts/cart/docs/`",
        "`parts/cart/tests/`",
    ]


def test_common_names_are_not_evidence_of_the_location(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    files = {"src/a": "", "docs/a": "", "parts/cart/NOTES.md": document_with("src/\ndocs/\ntests/")}
    monkeypatch.chdir(repository(files).path)
    assert errors(run)[1] == []
