# ruff: noqa: E501, RUF001
"""Kinds of drawings in documents that were not used during development."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tables import table
from test_document_cases import TREE, drawn, fenced, findings

from structlint.errors import LayoutError
from structlint.markdown.document import read_document
from structlint.yaml_nodes import MapNode

FILES = "README.md src/main.py"

NOT_REQUIREMENTS = [
    ("a path of the user's disk", "## Storage\n\n" + fenced("~/photo-box/\n├── originals/\n└── small/")),
    (
        "a path of another disk",
        "## Files\n\nThe tool reads:\n\n" + fenced("D:\\photos\\box\n├── originals/\n└── small/"),
    ),
    (
        "build output",
        "**Directory structure:**\n\n"
        + fenced("target/\n├── films/\n│   └── 2026_CartTest.webm\n└── shots/"),
    ),
    (
        "output of a test run",
        "**Directory structure:**\n\n" + fenced("playwright-report/\n├── data/\n└── index.html"),
    ),
    (
        "contents of backups",
        "## Backup structure of a day\n\n" + fenced("backups/\n├── db.sql\n└── files.tar"),
    ),
    (
        "a step of a guide",
        "### Step 3: Create your new module file\n\n"
        + fenced("shop/\n├── flows/\n│   └── your_flow.py\n└── parts/"),
    ),
    (
        "a numbered step",
        "### 2. Add a new adapter\n\n" + fenced("src/adapters/\n├── base.py\n└── your_adapter.py"),
    ),
    (
        "placeholders next to a root",
        "## Layers\n\nEach subdomain keeps these:\n\n"
        + fenced("domain/{domain}/{part}/\n├── api/\n└── entity/"),
    ),
    (
        "projects of a kind",
        "## Structure\n\n### Spring Boot projects\n\n"
        + fenced("src/main/java/\n├── controller/\n└── model/"),
    ),
    (
        "projects of a kind in Spanish",
        "## Estructura\n\n### Proyectos Python\n\n" + fenced("src/\n├── modelos/\n└── vistas/"),
    ),
    ("detection by a tool", "## Project structure detection\n\n" + fenced("src/\n├── views/\n└── stores/")),
    (
        "a typical layout",
        "## Packaging\n\nA typical layout mirrors the kinds of parts:\n\n"
        + fenced("mybox/          # repository root\n├── pyproject.toml\n└── mybox/"),
    ),
    (
        "an archive",
        "## Structure of the ZIP archive\n\n" + fenced("parts-name/\n├── module.json\n└── backend/"),
    ),
    (
        "dependency graph",
        "## Module dependencies\n\n"
        + fenced("boot.py\n├── api/\n│   └── cart.py\n└── core/\n    └── basket.py"),
    ),
    ("dependency graph, in Chinese", "## 依赖关系图\n\n" + fenced("boot.py\n├── api/\n└── core/")),
    (
        "a module of a kind",
        "## Module structure\n\n" + fenced("modules/cart/\n├── cart.model.ts\n└── cart.view.ts"),
    ),
    (
        "optional addition",
        "## Structure of notes\n\nMore files may be added as needed:\n\n- `MORE.md` - x\n- `NEXT.md` - y\n",
    ),
    (
        "output of one day",
        "## Structure of a backup\n\n" + fenced("till_dump_YYYY-MM-DD/\n├── all.sql\n└── all.sha256"),
    ),
    (
        "output in the directory of a run",
        "## Structure of a run\n\n" + fenced("run-{run_id}/\n├── log.txt\n└── out/"),
    ),
    (
        "downloaded files, in French",
        "## Téléchargement des modèles\n\n### Dossiers nécessaires\n\n"
        + fenced("models/\n├── a/\n└── b.bin"),
    ),
    (
        "state after a step, in French",
        "## Structure post-installation\n\nAprès installation complète :\n\n"
        + fenced("till/\n├── models/\n└── data/"),
    ),
    (
        "files that were moved",
        "## Structure notes\n\n- `src/css/` was renamed to `src/styles/`.\n- `src/a.svg` has been moved to `assets/a.svg`.\n",
    ),
    (
        "files that were moved, in Italian",
        "## Struttura\n\n- `src/css/` è stato rinominato in `src/styles/`.\n- `a.svg` è stato spostato in `assets/`.\n",
    ),
    ("routes", "## Pages\n\n### URL structure\n\n- `/` - x\n- `/cart` - y\n- `/cart/items` - z\n"),
    ("an archive in Portuguese", "## Estrutura do ZIP\n\n" + fenced("parte/\n├── module.json\n└── backend/")),
    ("a target in Russian", "## Целевая структура\n\n" + fenced("src/\n├── ui/\n└── lib/")),
    (
        "desired state",
        "### Desired codebase tree\n\n" + fenced(".\n├── src/\n│   └── later.py\n└── README.md"),
    ),
]


@pytest.mark.parametrize(
    "text", [case[1] for case in NOT_REQUIREMENTS], ids=[case[0] for case in NOT_REQUIREMENTS]
)
def test_drawings_that_require_nothing(text: str) -> None:
    shop = "# Shop\n\n## Structure\n\n" + fenced(TREE.replace(".", "shop/", 1))
    for document in (shop + "\n" + text, "# Shop\n\n" + text + "\n" + shop.removeprefix("# Shop\n")):
        found, notes = findings(document, FILES)
        assert found == ""
        assert len(notes) == 1
        assert "skipped" in notes[0]


LINES = [
    # A description ends in a path in brackets.
    ("gen/\n│   └── Assembler.cs   Joins the shared parts (.pipes/v0/)", "gen/ gen/Assembler.cs"),
    ("gen/\n│   └── join.py   Joins (parts/) and more", "gen/ gen/join.py"),
    ("gen/\n│   └── Data models (models/)", "gen/ gen/models/"),
    # An arrow in a description is not a link.
    ("tasks/   # Tasks (open -> done -> old)", "tasks/"),
    ("tasks.txt   (open -> done)", "tasks.txt"),
    ("latest -> v2.txt", "latest"),
    ("deploy -> scripts/deploy.sh   # Quick access", "deploy"),
    ("deploy -> scripts/deploy.sh  (a link)", "deploy"),
    ("specs/\n│   └── 1-aims.md, 2-needs.md, ...", "specs/ specs/1-aims.md specs/2-needs.md"),
    ("specs/\n│   └── 01-cart/, 02-mail/, …   # by feature", "specs/ specs/01-cart/ specs/02-mail/"),
    # Words for other entries.
    ("tests/\n│   ├── conftest.py\n│   └── それ以外のディレクトリ => src と同じ", "tests/ tests/conftest.py"),
    ("tests/\n│   ├── conftest.py\n│   └── other files", "tests/ tests/conftest.py"),
    ("docs/\n├── 기타 필요한 파일들", "docs/"),
    ("docs/\n├── autres fichiers", "docs/"),
    # Blanks that a formatter has collapsed.
    (
        "box/\n│ ├── api/ # x\n│ │ └── v1/ # y\n│ │ ├── end.py\n│ │ └── all/\n│ │ └── a.py\n│ └── b.py",
        "box/ box/api/ box/api/v1/ box/api/v1/end.py box/api/v1/all/ box/api/v1/all/a.py box/b.py",
    ),
    ("box/\n│   ├── a.py\n│   └── b.py   # (TBD after the next step)", "box/ box/a.py box/b.py?"),
    # A caption of files beside directories.
    (
        "docs/\n│   ├── 📁 api/   # x\n│   └── 📄 More words   # y\n│       ├── A.md\n│       └── B.md",
        "docs/ docs/api/ docs/A.md docs/B.md",
    ),
    # A placeholder for others, and a plan.
    ("box/\n│   ├── a.py\n│   └── [設定ファイル]   # x", "box/ box/a.py"),
    ("box/\n│   ├── a.py\n│   └── (plan) ai/   # x", "box/ box/a.py box/ai/?"),
    # A description below a file, of several levels.
    (
        "box/\n│   ├── a.py\n│   │   └── 7 ways:\n│   │       ├── mean (x)\n│   │       └── peak (y)\n│   └── b.py",
        "box/ box/a.py box/b.py",
    ),
    # Slashes between names
    ("site/\n│   ├── index.html\n│   └── cart/menu/login.html   app pages", "site/ site/index.html"),
    (
        "site/\n│   └── cart/menu/login.html   # the page",
        "site/ site/cart/ site/cart/menu/ site/cart/menu/login.html",
    ),
    ("site/\n│   ├── a.html\n│   └── faq/terms/help.html  # 帮助等页面", "site/ site/a.html"),
    # New entries may not exist yet.
    ("ai/   # NEW - models\n│   └── plan.py", "ai/? ai/?plan.py"),
    ("ai/   # новый\n│   └── plan.py", "ai/? ai/?plan.py"),
    ("docs/   # New documentation", "docs/"),
    # A placeholder, not a route.
    ("types/\n│   ├── enums.ts\n│   └── [domain].ts   # Types", "types/ types/enums.ts types/<domain>.ts"),
    ("types/\n│   └── [id].ts", "types/ types/[id].ts"),
    ("views/\n│   └── [domain].tsx", "views/ views/[domain].tsx"),
    # Placeholders.
    ("docs/\n│   └── your-topic.md", "docs/ docs/<topic>.md"),
    ("steps/\n│   └── xxx_create_cart.py", "steps/ steps/<number>_create_cart.py"),
    # A class with the name of a file.
    ("box/\n│   └── CartService   # x", "box/ box/CartService | CartService.*"),
]


@table(("lines", "keys"), LINES)
def test_entries_of_lines(lines: str, keys: str) -> None:
    reading = read_document(drawn(f".\n├── {lines}\n└── src/").encode(), "S.md")
    tree = reading.layout.get("tree")
    assert isinstance(tree, MapNode)
    assert " ".join(_paths(tree, "")) == f"{keys} src/"


def _paths(tree: MapNode, above: str) -> Iterator[str]:
    for key, node in tree.items:
        if key.text != ".":
            yield above + key.text
            if isinstance(node, MapNode):
                yield from _paths(node, above + key.text)


def test_lost_blanks_in_a_flat_tree() -> None:
    text = drawn("src/\n├─ a.py\n└─ parts/\n├─ b.py\n└─ c.py")
    tree = read_document(text.encode(), "S.md").layout.get("tree")
    assert isinstance(tree, MapNode)
    assert " ".join(_paths(tree, "")) == "src/ src/a.py src/parts/ src/parts/b.py src/parts/c.py"


def test_class_names_match_their_files() -> None:
    tree = ".\n├── src/\n│   ├── CartService   # x\n│   └── UserService\n└── docs/"
    assert findings(drawn(tree), "src/CartService.java src/UserService docs/a")[0] == ""
    found, _ = findings(drawn(tree), "src/CartService.java docs/a")
    assert "src/UserService" in found


ROOTS = [
    ("the title has the name among other words", "# Contributing to Box of Shops\n\n## Project structure\n\n" + fenced("box-of-shops/\n├── engine/\n└── tests/") + "\n## Test structure\n\n" + fenced("tests/\n├── unit/\n└── whole/"), "engine/ tests/"),
    ("it contains the first line of another tree", "# Guide\n\n## Project structure\n\n" + fenced("till/\n├── engine/\n├── src/\n└── tests/") + "\n## Test structure\n\n" + fenced("tests/\n├── unit/\n└── whole/"), "engine/ src/ tests/"),
    ("its comment says so", "# Notes\n\n## Modules\n\n" + fenced("Till (root)\n├── global       # x\n└── app-main     # y"), "app-main/ global/"),
    ("it is a usual directory that the title names", "# Shop backend\n\n## Structure\n\n" + fenced("backend/\n├── README.md\n├── package.json\n└── src/"), "README.md package.json src/"),
    ("a usual directory that commands enter", "# Shop backend\n\n## Structure\n\n" + fenced("backend/\n├── README.md\n├── package.json\n└── src/") + "\n```sh\ncd backend\n```\n", "backend/"),
    ("a usual directory in another title", "# Shop\n\n## Structure\n\n" + fenced("backend/\n├── README.md\n├── package.json\n└── src/"), "backend/"),
    ("a table below an index of files", "# Guide\n\n## File index\n\n| Path | x |\n|---|---|\n| `engine/` | y |\n| `box.py` | z |\n", "box.py engine/"),
    ("what is current and planned", "# Guide\n\n## Structure (current + planned)\n\n" + fenced(".\n├── engine/\n└── (plan) ai/"), "engine/"),
    ("a rule for new files", "# Guide\n\nThis layout is the expected structure. New files should follow it.\n\n" + fenced("/\n├── engine/\n└── box.py"), "box.py engine/"),
    ("groups of routes in a list", "# Guide\n\n## Directory structure\n\n- `/engine/` - x\n  - `(app)/` - y\n- `/box/` - z\n", "box/ engine/"),
    ("tests in a document on the structure", "# Structure\n\n" + fenced(".\n├── engine/\n└── box.py") + "\n## Recommended tests\n\n- `test_one.py` - x\n- `test_two.py` - y\n", "box.py engine/"),
    ("documents with blanks in their names", "# Guide\n\n## 1. 资料\n\n" + fenced("资料12.12/\n├── Plan of May.docx\n├── Big picture.xmind\n└── a.zip") + "\n## 2. Code\n\n" + fenced("engine/\n├── a.py\n└── b.py"), "engine/ 资料12.12/"),
    ("the title has the name in brackets", "# 小店（Till）— 收银\n\n## 结构\n\n" + fenced("till/\n├── engine/      # x\n└── box.py"), "box.py engine/"),
    ("the title has the name next to other letters", "# 欢迎使用till项目\n\n## 结构\n\n" + fenced("till/\n├── engine/\n└── box.py"), "box.py engine/"),
    ("a tree of the root without a heading for it", "# Guide\n\n### Automated tests\n\n" + fenced(".\n├── ...\n├── checks\n│   ├── whole\n│   └── unit\n└── ..."), "checks/"),
    ("text before a tree of the root", "# Guide\n\n### Structure\n\nYou don't want to test the code, but the program.\n\n" + fenced(".\n├── engine/\n└── checks/"), "checks/ engine/"),
    ("a part that a later tree shows", "# Guide\n\n### Module structure\n\nEach module follows this pattern:\n\n" + fenced("modules/\n└── users/\n    └── users.model.ts") + "\n- **model.ts**: tables\n\n## Current project structure\n\n" + fenced("src/\n├── box.ts\n└── modules/\n    └── users/") + "\n- **modules/**: the parts\n", "src/"),
    ("first line is the state in the heading", "# Notes\n\n### New structure\n\n" + fenced("new/\n└── engine/\n    └── a.ts"), "engine/"),
    ("first line is the state, in Chinese", "# 说明\n\n#### 新结构\n\n" + fenced("new/\n├── engine/\n└── box.ts"), "box.ts engine/"),
    ("first line is the state after a change", "# Notes\n\n## After\n\n" + fenced("after/\n├── engine/\n└── box.ts"), "box.ts engine/"),
    ("a heading of modules in Korean", "# 아키텍처\n\n## 1. 모듈 구성\n\n" + fenced("till/\n├── src/\n└── app-main"), "app-main/ src/"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), [case[1:] for case in ROOTS], ids=[case[0] for case in ROOTS])
def test_first_line_is_the_repository(text: str, found: str) -> None:
    assert findings(text, "")[0] == found


@pytest.mark.parametrize("heading", ["Box (`@shop/box`)", "Structure of `@shop/box`", "`@shop/box/`"])
def test_package_name_is_not_a_directory(heading: str) -> None:
    text = f"# {heading}\n\n## Structure\n\n" + fenced("box/\n├── src/\n│   └── a.ts\n└── test/")
    assert findings(text, "", "box/CLAUDE.md")[0] == "src/ test/"


def test_link_to_a_sibling_does_not_move_a_tree_of_the_root() -> None:
    text = "# Guide\n\n[Home](../README.md), [rules](./rules.md)\n\n## Structure\n\n" + fenced(TREE)
    assert findings(text, "", "docs/guide.md")[0] == "README.md src/"


@pytest.mark.parametrize("heading", ["Key Files", "## Important files"])
def test_table_of_important_files(heading: str) -> None:
    table = "| File | Purpose |\n|---|---|\n| `src/boot.py` | x |\n| `entry.sh` | y |\n"
    text = drawn(TREE) + f"\n## {heading.lstrip('# ')}\n\n{table}"
    assert findings(text, FILES)[0] == "entry.sh src/boot.py"


def test_local_path_is_the_repository() -> None:
    assert (
        findings("# Shop\n\n## Structure\n\n" + fenced("~/work/shop/\n├── README.md\n└── src/"), "")[0]
        == "README.md src/"
    )


def test_document_with_only_a_template_is_an_error() -> None:
    with pytest.raises(LayoutError, match="which shows a template"):
        findings(
            "# Guide\n\n### Step 1 - x\n\n### Step 2: Create a new flow\n\n"
            + fenced("shop/\n├── flows/\n└── parts/"),
            "",
        )


@pytest.mark.parametrize("block", ["```\n```\n", "```text\n\n```\n", "    \n"])
def test_empty_block_is_not_a_drawing(block: str) -> None:
    assert findings(drawn(TREE) + "\n## Layout of x\n\n" + block, FILES)[0] == ""
