# ruff: noqa: RUF001, E501
"""Kinds of drawings in real documents: some only look like a tree, and some trees are easy to miss."""

from __future__ import annotations

import pytest
from test_document_cases import TREE, drawn, fenced, findings

from structlint.errors import LayoutError

BOX = (
    "┌──────────────────────┐\n│  Header: brand       │\n├──────────────────────┤\n"
    "│  src/     the code   │\n│  main.py  begins     │\n└──────────────────────┘"
)
LOOKS_LIKE_A_TREE = [
    ("a box", "## Page layout\n\n" + fenced(BOX)),
    (
        "a box of plain signs",
        "## Layout\n\n" + fenced("+----------+\n| Side/ | Main/ |\n+----------+\n| Status/  |\n+----------+"),
    ),
    (
        "layers in boxes",
        "## Folder layers\n\n"
        + fenced("┌────────┐\n│ src/api/\n│ └── chat.py  │\n└────────┘\n    ▼\n┌────────┐\n│ src/db/ │\n└────────┘"),
    ),
    (
        "fields of a type",
        "## State structure\n\n"
        + fenced("ShopApp\n├── config: Config      // settings\n│   ├── theme: Theme\n│   └── name: String\n└── carts: Vec<Cart>"),
    ),
    (
        "measures",
        "## Layout grid\n\n" + fenced("Spacing:\n├── 4dp: inside\n├── 8dp: least\n└── 16dp: usual"),
    ),
    (
        "components below a file",
        "## Component structure\n\n" + fenced("App.jsx      # The routes\n├── Cart.jsx  # x\n├── Login.jsx\n└── Menu.jsx"),
    ),
    (
        "parts of a script",
        "## 代码结构\n\n" + fenced("install.ps1 / install.sh\n├── 参数解析\n├── 工具函数\n│   └── 错误处理\n└── 安装流程"),
    ),
    (
        "dependencies of files",
        "## Directory of handlers\n\n"
        + fenced("cart.py\n├── add_item → Basket, Users\n└── drop_item → Basket\n\nlogin.py\n└── sign_in → Users"),
    ),
    (
        "alternatives",
        "## Structure by size\n\n"
        + fenced("Small project:\n├── main.py\n└── utils.py\n\nMedium API:\n├── app/\n│   └── main.py\n└── tests/"),
    ),
    ("a banner", "## Directory\n\n" + fenced(" ____  _\n/ ___|| |__   ___  _ __\n\\___ \\| '_ \\ / _ \\| '_ \\\n ___) | | | | (_) | |_) |\n|____/|_| |_|\\___/| .__/")),
    (
        "packages of Java",
        "## Domain\n\nJust look at the package structure:\n\n" + fenced("└── library\n    ├── catalogue\n    ├── commons\n    └── lending"),
    ),
    (
        "packages with usual names",
        "## Domain\n\nSee the package structure:\n\n" + fenced("└── library\n    ├── lending\n    │   └── web\n    └── model"),
    ),
    ("one service", "## Product service structure\n\n" + fenced("+---Product.Api\n|   |   Program.cs\n|   |\n\\---Product.Core\n        a.cs")),
    ("shape of a kind of directory, in Chinese", "## 目录\n\n技能是一个包含两个文件的目录：\n\n" + fenced(".shop/skills/review/\n├── skill.json\n└── SKILL.md")),
    ("logs", "## File organization\n\n" + fenced("logs/\n├── 2024-11-23/\n│   └── app.log\n└── 2024-11-24/")),
    ("build output", "## Directory structure\n\n" + fenced("dist/web/\n├── k8s/\n└── index.html")),
    (
        "one example by its path",
        "## Features\n\nEach feature should be self-contained:\n\n" + fenced("src/features/awesome/\n├── api/\n└── hooks/"),
    ),
    (
        "shape of a kind of directory",
        "## Layout of skills\n\nA skill is a directory containing two files:\n\n"
        + fenced(".shop/skills/review/\n├── skill.json\n└── SKILL.md"),
    ),
    ("a new one in Spanish", "### Crear una nueva feature\n\n" + fenced("src/features/nueva/\n├── hooks/\n└── index.ts")),
    ("a new one in Japanese", "### 新しいプラグインの追加\n\n" + fenced("plugins/x/\n├── agents/\n└── README.md")),
    ("each of a kind in Spanish", "### Features\n\nCada feature agrupa todo:\n\n" + fenced("features/auth/\n├── hooks/\n└── index.ts")),
    ("deleted directories, in Spanish", "### Carpetas\n\nEstas carpetas fueron eliminadas:\n\n- `lib/auth/`\n- `lib/menu/`\n"),
    ("deleted directories", "### Deleted directories\n\n- `lib/auth/`\n- `lib/menu/`\n"),
    ("excluded files", "### Scan\n\nThe following directories are automatically skipped:\n\n1. `vendor/`\n2. `out/`\n"),
    ("moved directories", "## Directory move\n\n- `k8s/base/` → `infra/k8s/base/`\n- `k8s/apps/` → `infra/k8s/apps/`\n"),
    ("output of a command", "### Design\n\nThis creates:\n\n- `design/` — rules\n- `design/pages/` — pages\n"),
    ("output of a program, in French", "### Dossiers\n\nLe programme génère :\n\n- `rapports/` : x\n- `journaux/` : y\n"),
]  # fmt: skip


@pytest.mark.parametrize(
    "text", [case[1] for case in LOOKS_LIKE_A_TREE], ids=[case[0] for case in LOOKS_LIKE_A_TREE]
)
def test_drawings_that_only_look_like_a_tree_of_this_repository(text: str) -> None:
    found, notes = findings(drawn(TREE) + "\n" + text, "README.md src/main.py")
    assert found == ""
    assert len(notes) == 1
    with pytest.raises(LayoutError, match="no other tree is drawn here"):
        findings(f"# Shop\n\n{text}", "")


EASY_TO_MISS = [
    ("a tick is an ornament", "# Guide\n\n## ✅ Project structure\n\n" + fenced(TREE), "README.md src/"),
    ("a tick before the current state", "# Guide\n\n## Ahora ✅\n\n" + fenced(TREE), "README.md src/"),
    ("a tick above", "# Guide\n\n## ✅ Done\n\n### Project structure\n\n" + fenced(TREE), "README.md src/"),
    ("a tick after a change", "# Guide\n\n### ✅ Depois da reorganização\n\n" + fenced(TREE), "README.md src/"),
    (
        "a sample application",
        "## Compose sample application\n### Flask application\n\nProject structure:\n\n" + fenced(TREE),
        "README.md src/",
    ),
    (
        "an adjective in the heading",
        "# Estrutura Completa do Projeto\n\n" + fenced("Loja_v2/\n├── engine/\n├── app/\n└── menu/"),
        "app/ engine/ menu/",
    ),
    (
        "the comment calls it the root",
        "# Facts\n\n## Layout\n\n" + fenced("shop_x/    ← project root\n  skills/\n    setup/\n  engine/"),
        "engine/ skills/",
    ),
    (
        "the comment calls it the root, in Spanish",
        "# Guía\n\n## Estructura\n\n" + fenced("tienda/   # Raíz del proyecto\n├── motor/\n└── cli/"),
        "cli/ motor/",
    ),
    (
        "a generic name in Chinese",
        "# 指南\n\n## 目录\n\n" + fenced("项目根目录/\n├── engine/\n└── cli/"),
        "cli/ engine/",
    ),
    (
        "a generic name in Polish",
        "# Struktura katalogów\n\n" + fenced("nazwa_projektu/\n|--main.py\n|--database/"),
        "database/ main.py",
    ),
    (
        "names in brackets",
        "# Map\n\n## Structure\n\n" + fenced("docs/\n├── [guides/]     # x\n└── [a.md](a.md)  # y"),
        "docs/",
    ),
    (
        "captions with their directory",
        "# Estructura del proyecto\n\n"
        + fenced(
            "Shop/\n├── 📱 Aplicación Principal\n│   └── Shop.swift\n├── 📊 Modelos de Datos (Models/)\n"
            "│   └── Cart.swift\n├── 🧠 ViewModels (ViewModels/)\n│   └── A.swift\n└── 📄 Configuración\n    └── Info.plist"
        ),
        "Models/ ViewModels/",
    ),
    (
        "captions of one word and longer ones",
        "# Shop\n\n## Estructura\n\n"
        + fenced("Shop/\n├── 📱 App Principal\n│   └── a.swift\n├── 🎨 Vistas (UI)\n│   └── b.swift\n├── 🔧 lib/\n└── README.md"),
        "README.md lib/",
    ),
    (
        "a heading with a name that the tree has once, near its top",
        "# Shop\n\n## Structure\n\n"
        + fenced("src/\n├── components/\n│   └── a.ts\n└── features/\n    └── cart/\n        └── components/")
        + "\n### 2. **components/** - parts\n\n- **ui/**: x\n- **layout/**: y\n",
        "src/",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "tops"), [case[1:] for case in EASY_TO_MISS], ids=[case[0] for case in EASY_TO_MISS]
)
def test_trees_that_are_easy_to_miss(text: str, tops: str) -> None:
    assert findings(text, "")[0] == tops


REAL_DOCUMENTS = [
    (
        "directories created later, in Portuguese",
        drawn(".\n├── out/\n│   └── a.csv\n│   │\n│   └── (Após execução serão criados:)\n│       └── b.csv\n└── README.md"),
        "README.md out/a.csv",
        1,
    ),
    (
        "the end of a block is missing",
        "# Shop\n\n## Estrutura\n\n```\n.\n├── src/\n└── README.md\n\n## Uso\n\n```bash\n# Begin\npip install -r requirements.txt\n```\n",
        "README.md src/a",
        0,
    ),
    (
        "a sentence that begins as an example",
        drawn(TREE) + "\n### Features\n\n> Example for a TypeScript project\n\n" + fenced("src/\n├── users/\n└── orders/"),
        "README.md src/main.py",
        1,
    ),
    (
        "a caption with its directory",
        drawn(".\n├── src/\n└── README.md")
        + "\n#### **Runtime (`src/run/`)**\n\n**Tools (`tools/`)**\n\n- `a.ts` - x\n- `deep/` - y\n",
        "README.md src/run/tools/a.ts src/run/tools/deep/x",
        0,
    ),
    (
        "a part with a heading of its own",
        "# Guide\n\n## Test suite\n\n### Architecture\n\n" + fenced("test-suite/\n├── src/\n└── docs/"),
        "test-suite/src/a test-suite/docs/a",
        0,
    ),
    (
        "a part that commands enter",
        "# Guide\n\nRun `cd suite && make`.\n\n### Architecture\n\n" + fenced("suite/\n├── src/\n└── docs/"),
        "suite/src/a suite/docs/a",
        0,
    ),
    (
        "a repository that commands enter",
        "# Guide\n\n`git clone x && cd suite`\n\n### Architecture\n\n" + fenced("suite/\n├── src/\n└── docs/"),
        "src/a docs/a",
        0,
    ),
    (
        "yours",
        drawn(".\n├── tests/\n│   └── yourexchange-utils.test.ts\n├── src/\n│   └── [adapter]-adapter.ts\n└── README.md"),
        "README.md src/gmx-adapter.ts tests/gmx-utils.test.ts",
        0,
    ),
    (
        "a bar before the first line",
        drawn("| Shop/\n├── src/\n│   └── core/\n└── README.md"),
        "README.md src/core/a",
        0,
    ),
    (
        "comments that go on in lines of their own",
        "# Shop\n\n## Overview\n\n"
        + fenced("shop/\n├── README.md   # Begin\n│               # + a note\n├── src/\n│   └── a.py    # x\n│               # y\n└── (local, not in git):\n    ├── .venv/\n    └── quiz.md"),
        "README.md src/a.py",
        0,
    ),
    (
        "words that go on in lines of their own",
        "# Shop\n\n## Overview\n\n"
        + fenced("shop/\n├── api/    Go, one codebase\n├── web/    Astro, the site,\n│           the console,\n│           the admin.\n└── docs/   Notes"),
        "api/a web/a docs/a",
        0,
    ),
    (
        "a table that repeats the last step of the directory in its heading",
        drawn(".\n├── README.md\n└── src/\n    └── etl/\n        └── load/\n            ├── csv/\n            └── db/")
        + "\n#### `etl/load/`\n\n| Directory | What |\n|---|---|\n| `load/csv/` | x |\n| `load/db/` | y |\n",
        "README.md src/etl/load/csv/a src/etl/load/db/a",
        0,
    ),
    (
        "deprecated, after a sign and before the replacement",
        drawn(".\n├── src/\n├── old/    # ⚠️ DEPRECADO (usar src/)\n└── README.md"),
        "README.md src/main.py",
        0,
    ),
    (
        "files that git excludes",
        "# Projektstruktur\n\n" + fenced(TREE) + "\n\n## Lokales Archiv (`docs/alt/`)\n\nPer `.gitignore` ausgeschlossen, lokal vorhanden:\n\n- `a.py`\n- `b.txt`\n- `c.md`\n",
        "README.md src/main.py",
        1,
    ),
    (
        "modules of a part",
        drawn(TREE) + "\n## Files\n\n### Web project structure\n\n" + fenced("Carts/\n  Create.cs\n  Create.Request.cs\n  Delete.cs, Update.cs, etc."),
        "README.md src/main.py",
        1,
    ),
    (
        "a sentence in the list says that git ignores the entry",
        "# Folder structure\n\n## Top level\n\n| Path | Purpose |\n|---|---|\n| `app/` | x |\n| `conf/` | y |\n\n"
        "## Rules\n\n- `app/` should stay thin.\n- `conf/local/` should remain git-ignored apart from `.gitkeep`.\n",
        "app/a conf/a",
        0,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "files", "notes"),
    [case[1:] for case in REAL_DOCUMENTS],
    ids=[case[0] for case in REAL_DOCUMENTS],
)
def test_documents_without_findings(text: str, files: str, notes: int) -> None:
    found = findings(text, files)
    assert found[0] == ""
    assert len(found[1]) == notes


STILL_TREES = [
    ("a file above its neighbors", "src/\n├── A.vue\n│   └── A.css\n└── b.js", "src/"),
    ("a name with a dot", "chart.js/\n├── lib/\n└── README.md", "README.md lib/"),
    ("a root without a slash that looks like a file", "chart.js\n├── lib/\n└── README.md", "README.md lib/"),
    ("names with a colon", ".\n├── src: the code\n├── docs: the texts\n└── README.md: begin here", "README.md docs/ src/"),
    ("a corner at the top", "┌─ src/\n├─ docs/\n└─ README.md", "README.md docs/ src/"),
    ("logs next to other directories", ".\n├── logs/\n└── src/", "src/"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("tree", "tops"), [case[1:] for case in STILL_TREES], ids=[case[0] for case in STILL_TREES]
)
def test_trees_with_unusual_lines(tree: str, tops: str) -> None:
    assert findings(f"# Guide\n\n## Structure\n\n{fenced(tree)}", "")[0] == tops


OTHER_LISTS = [
    ("files to read", "# Shop\n\n## Structure\n\n### To begin, read in order:\n\n1. **README.md** - x\n2. **src/** - y\n"),
    ("files that changed", "# Checks\n\n## Notes\n\n- `web/Header.tsx` - x\n- `web/auth/` - y\n- `web/menu/` - z\n"),
    ("names of code", "# API\n\n## Types\n\n- `.store`: x\n- `.custom`: y\n- `a/`: z\n"),
]  # fmt: skip


@pytest.mark.parametrize("text", [case[1] for case in OTHER_LISTS], ids=[case[0] for case in OTHER_LISTS])
def test_lists_that_show_no_structure(text: str) -> None:
    with pytest.raises(LayoutError, match=r"skipped a list of paths|no drawn tree here"):
        findings(text, "")
