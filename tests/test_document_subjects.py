# ruff: noqa: E501, RUF001
"""Drawings of something else than this repository: descriptions, examples of a kind, parts without a place."""

from __future__ import annotations

import pytest
from test_document_cases import TREE, drawn, fenced, findings

from structlint.errors import LayoutError
from structlint.markdown.document import read_document

FILES = "README.md src/main.py"

LISTS_BESIDE_A_TREE = [
    ("files to read", "# Project structure\n\nKey files to read first:\n\n- `notes/aims.md`\n- `notes/start.md`\n"),
    ("notes on a task", "# Set up the structure\n\n## Notes\n\n- `cmd/web/main.go` begins\n- `cmd/job/main.go` runs\n"),
]  # fmt: skip


@pytest.mark.parametrize("text", [case[1] for case in LISTS_BESIDE_A_TREE], ids=[case[0] for case in LISTS_BESIDE_A_TREE])  # fmt: skip
def test_list_beside_a_tree_only_describes_it(text: str) -> None:
    found, notes = findings(drawn(TREE) + "\n" + text, FILES)
    assert found == ""
    assert [note for note in notes if "list" in note]


@pytest.mark.parametrize(
    "text",
    [
        "\n## Structure of the jobs\n\n- `jobs/`: nightly\n",
        "\n## More\n\nOther directories:\n\n- `jobs/`: nightly\n",
    ],
)
def test_list_of_directories_beside_a_tree_is_required(text: str) -> None:
    assert findings(drawn(TREE) + text, FILES)[0] == "jobs/"


EXAMPLES_OF_A_KIND = [
    ("a module, somewhere", "# Shop\n\n## Module structure\n\n" + fenced("modules/<group>/<cart>/\n├── types.ts\n└── index.ts")),
    ("a module in the sources", "# Shop\n\n## Creating a new module\n\n" + fenced("src/parts/<cart>/\n├── view.ts\n└── index.ts")),
    ("two kinds", "# Rules\n\n## App\n\n" + fenced("<app>/\n├── src/\n└── README.md") + "\n\n## Service\n\n" + fenced("<service>/\n├── src/\n└── main.kt")),
    ("a project of the user", "# Shop\n\n## Structure\n\n" + fenced("my-cart/\n├── src/\n│   └── a.ts\n└── README.md")),
    ("a path of placeholders", "# Shop\n\n## Layout on disk\n\n" + fenced("<carts>/<name>/<part>/\n├── cart.txt\n└── meta.json")),
    ("a style guide", "# Structure\n\n## Parts\n\nBad example:\n\n" + fenced("src/\n├── stuff/\n└── misc/") + "\n\n**Basic structure**:\n\n" + fenced("src/\n├── read.py\n└── write.py")),
    ("a test plan", "# Test Plan: Carts\n\n## Structure of the tests\n\n" + fenced("tests/\n├── unit/\n│   └── test_cart.py\n└── setup.py")),
]  # fmt: skip


@pytest.mark.parametrize("text", [case[1] for case in EXAMPLES_OF_A_KIND], ids=[case[0] for case in EXAMPLES_OF_A_KIND])  # fmt: skip
def test_examples_of_a_kind_require_nothing(text: str) -> None:
    with pytest.raises(LayoutError, match="no other tree is drawn here"):
        read_document(text.encode(), "S.md")


def test_project_of_the_user_with_the_name_of_the_repository() -> None:
    text = "# My cart\n\n## Structure\n\n" + fenced("my-cart/\n├── src/\n│   └── main.py\n└── README.md")
    assert findings(text, FILES)[0] == ""


@pytest.mark.parametrize(
    ("file", "title"),
    [("docs/01-frontend-architecture.md", "Architecture"), ("docs/structure.md", "Frontend architecture")],
)
def test_sources_of_one_side_have_no_place(file: str, title: str) -> None:
    text = f"# {title}\n\n## Folder structure\n\n" + fenced("src/\n├── app/\n└── main.ts")
    with pytest.raises(LayoutError, match="the path of `src/` is unclear"):
        read_document(text.encode(), file)
    assert read_document(text.encode(), "web/README.md").notes == ()


@pytest.mark.parametrize(
    "words",
    [
        "llaves (NO en repo)",
        "llaves (no incluido en repo)",
        "Schlüssel (nicht im Repo)",
        "sleutels (niet in git)",
    ],
)
def test_entries_that_are_not_in_the_repository(words: str) -> None:
    tree = f".\n├── README.md\n├── src/\n│   └── main.py\n└── keys.toml   # {words}"
    assert findings("# Shop\n\n## Structure\n\n" + fenced(tree), FILES)[0] == ""


@pytest.mark.parametrize(
    "words", ["x（作業時に生成）", "x(必要な場合のみ)", "x (only if needed)", "运行时生成"]
)
def test_entries_that_come_later(words: str) -> None:
    tree = f".\n├── README.md\n├── src/\n│   └── main.py\n└── notes/   # {words}"
    assert findings("# Shop\n\n## Structure\n\n" + fenced(tree), FILES)[0] == ""


def test_dutch_document() -> None:
    text = "# Winkel\n\n## Mappenstructuur\n\n- `src/`: de code\n- `docs/`: teksten\n- `later/`: ideeën (gepland)\n"
    assert findings(text, "src/main.py")[0] == "docs/"


@pytest.mark.parametrize(
    "line", [".venv311/   # Python", "uploads/    # Files of the users", "package.json   # x (si aplica)"]
)
def test_entries_that_may_be_missing(line: str) -> None:
    tree = f".\n├── README.md\n├── src/\n│   └── main.py\n└── {line}"
    assert findings("# Shop\n\n## Structure\n\n" + fenced(tree), FILES)[0] == ""


def test_sources_of_several_services_have_no_place() -> None:
    parts = "".join(
        f"\n### {name} (`{name}-service`)\n\n"
        + fenced(f"src/main/java/{name}/\n├── A.java\n└── B.java")
        + "\n"
        for name in ("cart", "mail")
    )
    found, notes = findings(
        "# Shop\n\n## Structure\n\n" + fenced("web/\n├── a.js\n└── b.js") + "\n" + parts, "web/a.js web/b.js"
    )
    assert found == ""
    assert len(notes) == 2


def test_first_line_without_entries_is_not_a_directory() -> None:
    captions = "shop-box/\n├── 📋 Main files\n│   └── a.py\n└── 🔬 Scripts of analysis\n    └── b.py"
    text = "# Carts\n\n## Structure\n\n" + fenced(captions) + "\n\n" + fenced(TREE)
    assert findings(text, FILES)[0] == ""


def test_list_beside_a_skipped_tree_is_skipped() -> None:
    text = "# Move to a modular structure\n\n## Done\n\n- **main.tf** - x\n- **parts/net.tf** - x\n\n## Target structure\n\n"
    with pytest.raises(LayoutError, match="skipped a list"):
        read_document((text + fenced(TREE)).encode(), "S.md")


def test_heading_that_begins_with_the_directory_describes_it() -> None:
    text = (
        "# Shop\n\n## Structure\n\n"
        + fenced(TREE)
        + "\n\n### data/ - Data and sample files\n\n"
        + fenced("data/\n├── a.json\n└── b.json")
    )
    assert findings(text, FILES)[0] == "data/"
