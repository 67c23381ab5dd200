# ruff: noqa: RUF001
"""Trees of a package, of one side of a program, or of a part that no words name."""

from __future__ import annotations

import pytest
from test_document_cases import TREE, drawn, fenced, findings

ROOT = "# Guide\n\n## Project structure\n\n" + fenced(
    ".\n├── README.md\n└── src/\n    ├── cart/\n    └── pay/"
)
CLONE = "```sh\ngit clone https://example.org/ann/{}.git\n```\n\n## Structure\n\n"
SIDES = (
    "## {}\n\n### {}\n\n" + fenced("src/\n└── views/") + "\n## {}\n\n### {}\n\n" + fenced("app/\n└── models/")
)

READ = [
    (
        "a package with the name of the project",
        "# Shop\n\n## Structure\n\n" + fenced("shop/\n├── __init__.py\n└── cart.py"),
        "shop/",
    ),
    (
        "a package beside a README",
        "# Shop\n\n## Structure\n\n" + fenced("shop/\n├── __init__.py\n├── README.md\n└── cart.py"),
        "README.md __init__.py cart.py",
    ),
    (
        "a cloned repository",
        "# Guide\n\n" + CLONE.format("till-box") + fenced("till_box/\n├── engine/\n└── parts/"),
        "engine/ parts/",
    ),
    (
        "a cloned repository with a usual name",
        "# Guide\n\n" + CLONE.format("backend") + fenced("backend/\n├── engine/\n└── parts/"),
        "engine/ parts/",
    ),
    (
        "the package of a cloned repository",
        "# Guide\n\n" + CLONE.format("Till-Box") + fenced("till_box/\n├── cart.py\n└── menu.py"),
        "till_box/",
    ),
    (
        "languages",
        "# Guide\n\n## Structure\n\n"
        + fenced(".\n├── engine/\n└── texts/\n    ├── ja   # ?\n    ├── ja-JP.ts\n    └── no-NO.ts"),
        "engine/ texts/",
    ),
    (
        "one of two cloned repositories",
        "# Guide\n\n"
        + CLONE.format("backend")
        + CLONE.format("frontend")
        + fenced("backend/\n├── engine/\n└── parts/"),
        "backend/",
    ),
    (
        "the repository by another name",
        "# Till\n\n## Architecture\n\n"
        + fenced("till/\n├── engine/\n├── parts/\n└── docs/")
        + "\n## Project structure\n\n"
        + fenced("till_final/\n├── engine/\n├── parts/\n├── docs/\n└── web/"),
        "docs/ engine/ parts/ web/",
    ),
    (
        "a repository below trees of its parts",
        "# Guide\n\n## Core architecture\n\n"
        + fenced("cart/\n├── Cart.ts\n└── Item.ts\nmenu/\n└── Menu.ts")
        + "\n## Project structure\n\n"
        + fenced("till-box/\n├── engine/\n└── parts/"),
        "engine/ parts/",
    ),
    (
        "layers that a later tree contains",
        "# Guide\n\n### Layers\n\n"
        + fenced("engine/   — steps\nparts/   — things\n└── common/")
        + "\n## Structure\n\n"
        + fenced("src/\n├── engine/\n└── parts/\n\ntests/\n└── unit/"),
        "src/ tests/",
    ),
    (
        "modules and packages",
        "# Guide\n\n## Structure\n\n" + fenced("till_app/\n├── parts/\n│   └── __init__.py\n└── camera.py"),
        "till_app/",
    ),
    (
        "a .NET project with its repository",
        "# Guide\n\n## Structure\n\n" + fenced("Shop.Core/\n├── src/\n├── tests/\n└── Shop.Core.sln"),
        "Shop.Core.sln src/ tests/",
    ),
    (
        "several directories in a line",
        drawn(".\n├── engine/   parts/   views/\n└── docs/ checks/   # x"),
        "checks/ docs/ engine/ parts/ views/",
    ),
    (
        "a downloaded repository",
        "# Shop\n\n## Installation\n\nAfter downloading the repository you have:\n\n"
        + fenced("shop/\n├── engine/\n└── README.md"),
        "README.md engine/",
    ),
    (
        "the files that a directory needs, in Chinese",
        ROOT
        + "\n## 文件结构\n\n将以下文件放在 `src/cart/` 目录：\n\n- **cart.json** — x\n- **menu.json** — y\n",
        "README.md src/",
    ),
]

SKIPPED = [
    ("a part that no words name", "## Cart module\n\n" + fenced("cart.ts\nparts/\n├── a.ts\n└── b.ts")),
    (
        "output with the name of its directory",
        "## Results format\n\n" + fenced("results/\n├── a.json\n└── b.md"),
    ),
    (
        "an example of a document",
        "## Documentation\n\nEach README has this structure:\n\n~~~markdown\n# Title\n\n## Structure\n\n"
        + fenced("src/\n└── index.ts")
        + "~~~\n",
    ),
    (
        "a decision tree",
        "## Where code goes, by directory\n\n"
        + fenced("Is it a part?\n├── YES → src/parts/\n└── NO\n    ├── YES → src/\n    └── NO → lib/"),
    ),
    ("a right example", "**Right (flat):**\n\n" + fenced("modules/cart/\n├── a/\n└── b/")),
    (
        "what an addition means",
        "## Cohesion\n\nAdding a report means touching one folder:\n\n"
        + fenced("parts/report/\n├── a.ts\n└── b.ts"),
    ),
    ("a target", "## Folder structure (target)\n\n" + fenced("shop/\n├── engine/\n└── docs/")),
    ("a target, in Turkish", "## Klasör Yapısı (Hedef)\n\n" + fenced("shop/\n├── engine/\n└── docs/")),
    ("a target, in Chinese", "## 目录结构（目标）\n\n" + fenced("shop/\n├── engine/\n└── docs/")),
    ("a .NET project", "## Directory structure\n\n" + fenced("Shop.Domain/\n└── Cart/\n    └── Cart.cs")),
    (
        "what a program will create, in Spanish",
        "## Estructura\n\nEl programa creará estos directorios al ejecutarse:\n\n"
        + fenced("shop/\n├── a/\n└── b/"),
    ),
    ("a format of files", "## File format\n\n### Project layout\n\n" + fenced("a.shop/\n├── a.json\n└── b/")),
    (
        "a format, in Japanese",
        "## ファイル形式\n\n### プロジェクト構成\n\n" + fenced("a.shop/\n├── a.json\n└── b/"),
    ),
    (
        "fields of a type",
        "## Layout model\n\n" + fenced("Layout\n├── cells: [Cell]   // x\n├── top: UUID?\n└── units: Units"),
    ),
    ("a desktop", "## Directories\n\n" + fenced("/Users/ann/Desktop/\n├── shop/\n└── mail/")),
]


@pytest.mark.parametrize(("text", "found"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_places(text: str, found: str) -> None:
    assert findings(text, "")[0] == found


@pytest.mark.parametrize("text", [case[1] for case in SKIPPED], ids=[case[0] for case in SKIPPED])
def test_skipped_with_a_note(text: str) -> None:
    found, notes = findings(ROOT + "\n" + text, "")
    assert found == "README.md src/"
    assert any("skipped" in note for note in notes)


def test_forbidden_names_beside_a_tree_of_the_root() -> None:
    text = ROOT + "\n## Avoid\n\n" + fenced("utils/\n*.bak")
    found, notes = findings(text, "README.md src/cart/a src/pay/a utils/a src/old.bak")
    assert found == "!src/old.bak !utils/"
    assert not notes


@pytest.mark.parametrize(
    ("first", "second", "structure"),
    [
        ("Frontend guide", "Backend guide", "Directory structure"),
        ("前端开发指南", "后端开发指南", "目录结构"),
        ("프론트엔드 안내", "백엔드 안내", "폴더 구조"),
    ],
)
def test_sources_of_two_sides(first: str, second: str, structure: str) -> None:
    """The directory of each side is unknown; a drawing of the root shows that there is only one."""
    text = SIDES.format(first, structure, second, structure)
    found, notes = findings(ROOT + "\n" + text.replace("src/", "lib/", 1), "")
    assert found == "README.md src/"
    assert len(notes) == len(["lib/", "app/"])


def test_remark_on_the_files_of_a_directory() -> None:
    text = drawn(".\n├── checks/\n│   ├── unit/\n│   └── (root)   # x\n└── src/")
    assert findings(text, "checks/unit/a src/a")[0] == ""


def test_number_and_name_of_a_feature() -> None:
    tree = drawn(".\n├── specs/\n│   └── XX-feature-name.md\n└── src/")
    assert findings(tree, "specs/01-cart.md src/a")[0] == ""


@pytest.mark.parametrize("remark", ["(left empty)", "(비워둠)", "(留空)", "(空のまま)"])
def test_directory_that_is_left_empty(remark: str) -> None:
    assert findings(drawn(TREE + f"└── web/   # {remark}"), "README.md src/main.py")[0] == ""


@pytest.mark.parametrize("remark", ["not under version control", "sürüm kontrolünde değil"])
def test_directory_that_git_does_not_keep(remark: str) -> None:
    assert findings(drawn(TREE + f"└── media/   # Sounds - {remark}"), "README.md src/main.py")[0] == ""


def test_planned_for_the_future() -> None:
    assert (
        findings(drawn(TREE + "└── server/   # Minimal (planned for future)"), "README.md src/main.py")[0]
        == ""
    )
