# ruff: noqa: RUF001, E501
"""Documents that earlier versions read incorrectly, each with the files next to it and the expected findings.

The ids of the cases are stable. If a case has only a tree, the tree is in a code block below `## Structure`.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest

from structlint.errors import LayoutError
from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.tree import Tree
from structlint.tree.drawing import Drawn

ALL = frozenset(name_of(rule) for rule in RULES)
TREE = """
.
├── src/
│   └── main.py
└── README.md
"""


class Case(NamedTuple):
    """Expected findings are paths, with `!` before forbidden and `+` before unlisted ones.

    `found` is None if nothing is left to check, which is an error. `noted` are parts of the notes, one for
    each.
    """

    id: str
    document: str
    files: str
    found: str | None = ""
    noted: tuple[str, ...] = ()
    name: str = "S.md"


def fenced(tree: str) -> str:
    return f"```\n{tree.strip(chr(10))}\n```\n"


def drawn(tree: str) -> str:
    return f"# Shop\n\n## Structure\n\n{fenced(tree)}"


SIGNS = {"forbidden-path": "!", "stray-file": "+", "stray-directory": "+"}


def findings(document: str, files: str, name: str = "S.md") -> tuple[str, tuple[str, ...]]:
    layout = load(LayoutSource({name: document.encode()}.__getitem__), name)
    source = Drawn({}, frozenset())
    tree = Tree(tuple(sorted(files.replace(",", " ").split())), source)
    found = check(match(layout, tree), ALL, date(2026, 1, 1))
    message = " ".join(SIGNS.get(each.rule, "") + each.path for each in found)
    return message, layout.documents[name].notes


CASES = [
    Case(
        "D1",
        drawn(TREE)
        + "\n## Prohibited folders\n\nThese must not exist:\n\n"
        + fenced("src/helpers/\nsrc/utils/"),
        "README.md src/main.py src/helpers/a.py",
        "!src/helpers/",
    ),
    Case(
        "D2",
        drawn(TREE) + "\n## Avoid\n\n" + fenced(".\n├── utils/\n└── common/"),
        "README.md src/main.py common/a",
        "!common/",
    ),
    Case(
        "D3",
        "# Guide\n\n## Before\n\n" + fenced("shop/\n├── box/\n└── src/"),
        "README.md src/a",
        None,
        ("no other tree is drawn here: skipped a tree below `Before`",),
    ),
    *(
        Case(
            f"D4 with {files or 'nothing'}",
            "# Guide\n## Structure\n### Service\n"
            + fenced("till-api/\n├── package.json\n└── src/\n    └── index.ts")
            + "### Screen\n"
            + fenced("till-ui/\n├── package.json\n└── src/\n    └── main.ts"),
            files,
            found,
        )
        for files, found in (
            ("", "till-api/ till-ui/"),
            ("till-api/package.json till-api/src/index.ts", "till-ui/"),
            ("till-ui/package.json till-ui/src/main.ts", "till-api/"),
        )
    ),
    Case(
        "D5",
        drawn("shop/\n├── src/\n│   └── main.py\n├── Dockerfile\n├── Makefile\n└── LICENSE"),
        "src/main.py Dockerfile/a Makefile/a LICENSE/a",
        "Dockerfile LICENSE Makefile",
    ),
    Case(
        "D6",
        "# Developer guide\n## Project layout\n"
        + fenced("shop/\n├── docs/\n├── src/\n│   └── main.py\n└── tests/")
        + "## Infrastructure\n- `terraform/` - the cloud\n",
        "junk/x terraform/main.tf",
        "docs/ +junk/ src/ +terraform/ tests/",
        ("skipped a list",),
    ),
    Case(
        "D7",
        "# Shop\n\n## Directory layout\n\n| Directory | Purpose |\n|---|---|\n| `src/` | code |\n\n"
        "## Allowed root-level files\n\n| File | Purpose |\n|---|---|\n| README.md | x |\n| Makefile | y |\n",
        "README.md Makefile notes.txt src/a",
        "+notes.txt",
    ),
    Case(
        "D7 as a list",
        "# Shop\n\n## Directory layout\n\n| Directory | Purpose |\n|---|---|\n| `src/` | code |\n\n"
        "## Files allowed in the root\n\n- `README.md` - x\n- `Makefile` - y\n",
        "README.md Makefile notes.txt src/a",
        "+notes.txt",
    ),
    Case(
        "D8",
        drawn(
            "shop/\n├── src/ the code\n├── web the screen\n├── conf/ the settings\n└── README.md begin here"
        ),
        "src/a web/a conf/a README.md",
        "",
        ("skipped: a line of text",),
    ),
    Case(
        "D9",
        "## Structure\n\n| Folder / File | What |\n|---|---|\n| `src/` | x |\n| `src/main.py` | y |\n| `README.md` | z |\n",
        "src/a",
        "README.md src/main.py",
    ),
    Case(
        "D10",
        "## Structure\n\n| Directory | Purpose |\n|---|---|\n| (root) | settings |\n| `docs/` | words |\n| `bin/`, `etc/` | x |\n",
        "docs/a",
        "bin/ etc/",
    ),
    Case(
        "D11",
        "# Shop\n\n## Structure\n\n- **src/**\n  - **init**.py\n  - **main**.py\n- README.md\n",
        "README.md src/__init__.py src/__main__.py",
    ),
    Case(
        "D12",
        drawn(".\n├── src/\n│   └── Server.hpp/cpp\n└── README.md"),
        "README.md src/Server.hpp src/Server.cpp",
    ),
    Case("D13", drawn(".\n├── src/\n└── .env    # local only (not committed)"), "src/a"),
    Case("D14", "## Structure\n\n- `src/` - the code\n- `.env` - local only (not committed)\n", "src/a"),
    Case(
        "D16",
        drawn(
            "shop/\n├── README.md\n├── compose.yaml\n├── cart/\n│   └── Dockerfile\n└── mail/\n    └── Dockerfile"
        )
        + "\n## Why one repository\n\n"
        + fenced(
            "Project Root/\n├── ops/\n│   └── docker-compose.yml\n├── service-one/\n│   └── Dockerfile\n"
            "└── service-two/\n    └── Dockerfile"
        ),
        "README.md compose.yaml cart/Dockerfile mail/Dockerfile",
        "",
        ("skipped a tree",),
    ),
    Case(
        "D17",
        drawn("shop/\n├── README.md\n└── app.yaml")
        + "\n### What others do:\n\n"
        + fenced("project/\n├── README.md\n├── LICENSE\n├── package.json\n├── src/\n└── tests/"),
        "README.md app.yaml",
        "",
        ("skipped a tree below `What others do`",),
    ),
    Case(
        "D18",
        drawn(TREE)
        + "\n## Proposed structure\n\nWe may split it one day:\n\n"
        + fenced(".\n├── platform/\n└── core/"),
        "README.md src/main.py",
        "",
        ("skipped a tree",),
    ),
    Case(
        "D19",
        "# Shop\n\n## Code organization\n\n"
        + fenced("shop/\n├── README.md\n└── flow/\n    └── cli.py")
        + "### Module hierarchy\n"
        + fenced(
            "flow.core.Planner\n    ├── uses: prepare.*\n    └── uses: rank.*\n\nflow.cli\n    └── calls: Planner"
        )
        + "## Flow\n"
        + fenced(
            "data/in/a.csv\ndata/in/b.csv\n        ↓\n    [Cleaning]\n        ↓\ndata/out/run/\n"
            "    ├── ready/\n    └── sum.json"
        ),
        "README.md flow/cli.py",
        "",
        ("skipped a drawing", "skipped a drawing"),
    ),
    Case(
        "D20",
        drawn(".\n└── src/")
        + "\n## Infrastructure\n\n- `network/` - the network\n- `main.tf` - entry\n\n"
        + "## Organization\n\n- `team-a/` - first team\n",
        "README.md src/a",
        "",
        ("skipped a list", "skipped a list"),
    ),
    Case(
        "D21",
        drawn("shop/\n├── docs/\n│   ├── adr/\n│   └── ops/\n└── src/")
        + "\n## Documentation organization\n\nWhat is in `docs/` is organized by purpose:\n\n"
        + "- **adr/** - for developers\n- **ops/** - for operators\n",
        "docs/adr/a docs/ops/a src/a",
    ),
    Case(
        "D22",
        "## Repository layout\n\n- `src/` - source\n- `docs/` - documentation\n  - `docs/usage/` - usage\n",
        "src/a docs/usage/a",
    ),
    Case(
        "D23",
        drawn(".\n├── docs/\n│   └── docs/adr/\n├── src/\n│   └── src/main.py\n└── README.md"),
        "README.md docs/adr/a src/main.py",
    ),
    Case(
        "D24",
        drawn(
            ".\n├── README.md\n└── apps/\n    └── server/\n        └── modules/\n            ├── cart/\n"
            "            └── mail/"
        )
        + "\n## Module template\n\n"
        + fenced("modules/<module>/\n├── routes/\n└── tests/")
        + "\n| Folder | Responsibility |\n|---|---|\n| `routes/` | x |\n| `tests/` | y |\n",
        "README.md "
        + " ".join(f"apps/server/modules/{m}/{d}/a" for m in ("cart", "mail") for d in ("routes", "tests")),
    ),
    Case(
        "D25",
        drawn(
            ".\n├── src/       # The code\n├── charts/    # Charts (planned)\n├── mobile/    # Mobile app (future)\n"
            "├── web/       # TODO\n├── logs/      # Log files (gitignored)\n└── out/       # generated, not in git"
        ),
        "src/a",
    ),
    Case(
        "D27",
        drawn(".\n├── src/\n│   ├── main.py\n│   └── ...other modules\n└── README.md"),
        "README.md src/main.py src/other/a",
    ),
    Case(
        "D28",
        drawn(
            "shop/\n├── src/\n│   └── main.py\n├── Makefile\n└── 📖 Documentation Files (Root Level)\n"
            "    ├── CHANGELOG.md\n    └── README.md"
        ),
        "src/main.py Makefile CHANGELOG.md README.md",
    ),
    Case(
        "D29",
        drawn(
            ".\n├── src/\n│   └── (no package.json - uses root)\n├── pkg/\n│   └── .gitignore excludes:\n"
            "│       ├── sdk-a/\n│       └── sdk-b/\n└── README.md"
        ),
        "README.md src/a pkg/a",
        "",
        ("skipped: a line of text",),
    ),
    *(
        Case(
            f"D30 {first}",
            drawn(TREE.replace(".\n", f"{first}\n", 1)),
            "README.md src/main.py",
            "",
            ("is a local path",),
        )
        for first in ("/home/ann/shop", r"C:\Users\ann\shop", "~/work/shop/")
    ),
    *(
        Case(
            f"D30 {first}",
            f"## Structure\n\n{words}\n\n" + fenced(f"{first}\n├── conf/\n└── run.sh"),
            "src/a",
            found,
            notes,
        )
        for first, words, found, notes in (
            ("/app", "Inside the container the layout is:", None, ("another place",)),
            ("/var/www/shop", "On the server:", None, ("another place",)),
        )
    ),
    Case(
        "D31",
        "Folder PATH listing\nC:.\nª   main.py\nª   \n+---data\nª   +---raw\nª           a.json\nª           \n+---src\n        app.py\n",
        "main.py data/raw/a.json src/app.py",
        name="S.txt",
    ),
    Case(
        "D31 in another code page",
        "Auflistung der Ordnerpfade\nC:\\SHOP\n³   main.py\n³\nÃÄÄÄdata\n³   ÀÄÄÄraw\n³           a.json\n³\nÀÄÄÄsrc\n        app.py\n",
        "main.py data/raw/a.json src/app.py",
        name="S.txt",
    ),
    *(
        Case(
            f"first line {first}",
            drawn(TREE) + "\n## More\n\n" + fenced(f"{first}\n├── a.conf\n└── b/"),
            "README.md src/main.py",
            "",
            ("another place",),
        )
        for first in (
            "/etc/shop/",
            "s3://shop-data/",
            "~/.config/shop/",
            "$HOME/.shop",
            "%APPDATA%\\shop",
            "github.com/",
        )
    ),
    Case(
        "a command is not a name",
        drawn(TREE) + "\n## Clean\n\nIn the `app` directory, run:\n\n" + fenced("cd ../../net/\n./net.sh"),
        "README.md src/main.py",
    ),
    Case(
        "the output of a command",
        drawn(TREE)
        + "\n## Run\n\n"
        + fenced("$ curl localhost\n\n   ##   .\n \\______ O   __/\n  \\    /\n"),
        "README.md src/main.py",
    ),
    Case(
        "a short underline",
        "Shop\n====\n\nA longer title\n~~~~\n\nStructure\n---------\n\n::\n\n  .\n  └── src/\n",
        "",
        "src/",
        name="S.rst",
    ),
    Case(
        "options are not guides",
        drawn(TREE)
        + "\n## The layout of options\n\nWords `src/` or\n`--undo` takes back `a/`, and\n`--resume` goes on.\n",
        "README.md src/main.py",
    ),
    Case(
        "names in code are not files",
        drawn(TREE)
        + "\n## Layout of the code\n\n1. `shop.cart.basket.read_items` reads\n2. `shop.cart.Basket` has them.\n",
        "README.md src/main.py",
    ),
    Case(
        "steps to add something",
        drawn(TREE)
        + "\n## Add a layout\n\n1. `layouts/<name>.yaml`: the layout\n2. `docs/layouts/`: its page\n",
        "README.md src/main.py",
        "",
        ("a template",),
    ),
    Case(
        "one pattern is not a drawing",
        drawn(TREE) + "\n## Ignoring\n\nThis ignores the directory:\n\n" + fenced("log/"),
        "README.md src/main.py",
    ),
    Case(
        "a row that cannot be read",
        "## Structure\n\n| Directory | x |\n|---|---|\n| `src/` | y |\n| `../lib/` | z |\n",
        "src/a",
        "",
        ("skipped: ../lib/ leads upwards",),
    ),
    Case(
        "D32",
        drawn("shop/\n├── src/（代码）\n│   └── main.py（入口）\n├── conf（配置）\n└── README.md"),
        "src/main.py conf/a README.md",
    ),
    Case(
        "D33",
        drawn("shop\n├── src 前端代码\n├── docs 文档\n└── package.json 配置"),
        "src/a docs/a package.json",
    ),
    Case(
        "D33 with a root in words",
        drawn("/ 根目录\n|__ src 代码目录\n|__ docs 文档"),
        "src/a docs/a",
    ),
    Case(
        "D34",
        drawn(
            "shop\n| README.md\n| setup.cfg\n|__ src\n|  | main.py\n|  |__ core\n|  |  | plan.py\n|__ docs"
        ),
        "README.md setup.cfg src/main.py src/core/plan.py docs/a",
    ),
    Case(
        "D35",
        drawn("shop/ │ ├── data/ → the inputs ├── src/ → the code └── README.md → begin here"),
        "data/a src/a README.md",
        None,
        ("several entries in one line",),
    ),
    Case(
        "D36",
        "## Structure\n\n```bash\nshop/\n|__ src/\n|__ README.md\n```\n",
        "src/a README.md",
    ),
    Case(
        "D37",
        drawn("shop/\n+-- src/\n|\t+-- core/\n|\t|\t+-- plan/\n|\t|   +-- rank/\n|\t+-- web/\n+-- main.py"),
        "src/core/plan/a src/core/rank/a src/web/a main.py",
    ),
    Case(
        "D38",
        drawn("shop/\n   |\n   ---- src/\n   |     |\n   |     ---- main.py\n   |\n   ---- README.md"),
        "src/main.py README.md",
    ),
    Case("D39", drawn(".\n├── src/\n│   └── {core/web}/\n└── README.md"), "README.md src/core/a src/web/a"),
    Case("D40", drawn(".shop/\n├── README.md\n├── src/\n└── tests/"), "README.md src/a tests/a"),
    *(
        Case(f"D41 {heading}", f"## {heading}\n\n- `src/` — code\n- `docs/` — text\n", "src/a", "docs/")
        for heading in ("Структура проекта", "Projektstruktur", "ディレクトリ構成", "Estrutura", "Rakenne")
    ),
    Case(
        "D42",
        "# Repository structure\n\n## Top level\n\n- `README.md` — begin here\n- `src/` — code\n",
        "README.md src/a",
    ),
    Case(
        "D42 missing",
        "# Repository structure\n\n## Top level\n\n- `README.md` — begin here\n- `src/` — code\n",
        "README.md",
        "src/",
    ),
    *(
        Case(
            f"D43 {head}",
            f"# Layout\n\n| {head} | x |\n|---|---|\n| `{one}/` | a |\n| `{two}/` | b |\n",
            f"{one}/a",
            f"{two}/",
        )
        for head, one, two in (
            ("Path", "src", "tests"),
            ("Module", "packages/core", "packages/web"),
            ("パス", "src", "tests"),
        )
    ),
    Case(
        "D44 rst",
        "Shop\n====\n\nStructure\n---------\n\n.. code-block:: text\n   :caption: x\n\n   .\n   ├── src/\n   └── docs/\n\nMore.\n",
        "src/a",
        "docs/",
        name="S.rst",
    ),
    Case(
        "D44 rst literal",
        "====\nShop\n====\n\nThe structure is as follows::\n\n  shop/\n    src/\n    docs/\n",
        "src/a",
        "docs/",
        name="S.rst",
    ),
    Case(
        "D44 rst skipped",
        "Shop\n====\n\nExample\n-------\n\n::\n\n  .\n  ├── x/\n\nStructure\n---------\n\n- ``src/`` code\n- ``docs/`` text\n",
        "src/a",
        "docs/",
        ("skipped a tree below `Example`",),
        name="S.rst",
    ),
    Case(
        "D44 AsciiDoc",
        "= Shop\n\n== Structure\n\n[source,bash]\n----\n.\n├── src/\n└── docs/\n----\n\n== Sources in `src/`\n\n* `main.py` starts\n** `not a path`\n",
        "src/a",
        "docs/",
        name="S.adoc",
    ),
    Case(
        "an ignored drawing",
        drawn(TREE)
        + "\n## More\n\n<!-- structlint: ignore -->\n\nWords.\n\n"
        + fenced(".\n├── lib/\n└── b.py"),
        "README.md src/main.py",
    ),
    Case(
        "a marked example",
        "# Shop\n\n## Example\n\n<!-- structlint: layout -->\n" + fenced(TREE),
        "src/main.py",
        "README.md",
    ),
    Case(
        "a marked list next to a tree",
        drawn(TREE) + "\n## Infrastructure\n\n<!-- structlint: layout -->\n- `network/` - the network\n",
        "README.md src/main.py",
        "network/",
    ),
    Case(
        "Mermaid",
        drawn(TREE) + "\n```mermaid\n.\n├── lib/\n└── b.py\n```\n",
        "README.md src/main.py",
    ),
    Case(
        "marked Mermaid",
        drawn(TREE) + "\n<!-- structlint: layout -->\n```mermaid\n.\n├── lib/\n└── b.py\n```\n",
        "README.md src/main.py",
        "b.py lib/",
    ),
    Case(
        "an ignored table",
        drawn(TREE) + "\n<!-- structlint: ignore -->\n\n| Directory | x |\n|---|---|\n| `lib/` | y |\n",
        "README.md src/main.py",
    ),
    Case(
        "D45",
        "# Guide\n\n## Structure\n\n"
        + fenced("__ project-name\n    |__ box\n        |__ Dockerfile\n    |__ src\n        |__ run.py"),
        "",
        "box/ src/",
    ),
    Case(
        "D46",
        drawn(
            ".\n├── ADR-001.md ... ADR-020.md\n├── plot1.png - plot9.png\n├── 01_a.sql … 09_z.sql\n└── README.md"
        ),
        "ADR-001.md ADR-002.md plot1.png plot2.png 01_a.sql 02_b.sql README.md",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_findings_of_documents(case: Case) -> None:
    if case.found is None:
        with pytest.raises(LayoutError) as caught:
            findings(case.document, case.files, case.name)
        notes = tuple(each.message for each in caught.value.problems)
    else:
        found, notes = findings(case.document, case.files, case.name)
        assert found == case.found
    assert len(notes) == len(case.noted), notes
    for note, part in zip(notes, case.noted, strict=True):
        assert part in note


DRAWING_STYLES = [
    (
        "paths without slashes in code",
        "## 目录结构\n\n- `src/app`：页面\n- `src/api`：接口\n",
        "src/",
    ),
    ("bold paths from the root", "# 结构\n\n- **/src**：代码（页面等）\n- **/docs**：文档\n", "docs/ src/"),
    (
        "a comment that touches a name",
        "## 结构\n\n├── src  # x\n│   ├── Main.java# 入口\n└── pom.xml  # y\n",
        "pom.xml src/",
    ),
    (
        "pictures for guides",
        "> The directory:\n> ```text\n> 📂 assets  # x\n> 📜 .env    # y\n> ```\n",
        "assets/",
    ),
    (
        "several names in an item",
        "## Layout\n\n- `Makefile`, `Makefile.rules`: build\n- `src/`: code\n",
        "Makefile Makefile.rules src/",
    ),
    (
        "names in a comment",
        "## Layout\n\n- `docs/` — pages (A.md, TODO.md, etc.)\n- `src/` — x\n",
        "docs/ src/",
    ),
    (
        "one directory with files",
        "## Structure\n\n- **peer/** - words\n  - `a.md` - x\n  - `b.md` - y\n",
        "peer/",
    ),
    (
        "links with pictures",
        "# Directory structure\n\n## Go\n\n- [📁 `/lang/go`](./lang/go)\n  <br>x\n- [📁 `/lang/c`](./lang/c)\n",
        "lang/",
    ),
    (
        "a hidden directory with files of a root",
        "## Overview\n\n```\n.claude/\n├── settings.json\n└── .gitignore\n```\n",
        ".claude/",
    ),
    (
        "a title that names a hidden directory",
        "# .agents Directory\n\n## Structure\n\n- `a.md` - x\n- `b/` - y\n",
        ".agents/",
    ),
    (
        "brackets in a comment",
        "├── src/  # x\n├── LICENSE    # the terms (all of them/both)\n└── a.md\n",
        "LICENSE a.md src/",
    ),
    (
        "names in capitals",
        "## Folders\n\n```\n.\n├── README.md\n└── KING\n    ├── CUDA_GPU\n    └── OpenCL\n```\n",
        "KING/ README.md",
    ),
    (
        "slashes before names",
        "## Structure\n\n<pre>\n/project\n├── /.github - x\n├── /docs\n│   └── a.md\n└── /src\n</pre>\n",
        ".github/ docs/ src/",
    ),
    (
        "guides from bars",
        "📁 my-shop/\n│── 📁 src/\n│   │── index.ts  # x\n│── package.json\n",
        "package.json src/",
    ),
    ("fences of other signs", "´´´\nproject/\n├── a/   # x\n└── b.md\n´´´\n", "a/ b.md"),
    (
        "files beside directories",
        "# Estructura\n\n## Directorios\n\n- **/src**: x\n\n## Archivos\n\n- **README.md**: y\n- **package.json**: z\n",
        "README.md package.json src/",
    ),
    (
        "a path as the first line",
        "# 构成\n\n```json\n./src\n├── views   `页面`\n├── main.ts `入口`\n└──App.vue `根`\n```\n",
        "src/",
    ),
    (
        "files from the root",
        "## Verzeichnisstruktur\n\n- [data/a.md](data/a.md) - x\n- [docs/](docs/) - y\n\t- [docs/b/c.md](docs/b/c.md) - z\n",
        "data/ docs/",
    ),
    (
        "planned in Japanese",
        "## 構成\n\n```\n├── index.html\n├── src/\n└── utils/ → [予定]汎用\n```\n",
        "index.html src/",
    ),
]


MORE_DRAWING_STYLES = [
    (
        "files with their descriptions below them",
        ".\n├── Results.ipynb\n│   └── notebook with the analysis\n├── a.csv and b.csv\n│   └── Figures\n└── src/",
        "Results.ipynb a.csv b.csv src/",
        0,
    ),
    (
        "indented paths without extension",
        "app/\n  bin/start   begins\n  src/        code\n  cli/  x\n  a.json",
        "app/",
        0,
    ),
    (
        "one part is on somebody's machine",
        "shop-dev/\n  skills/\n    setup/\n\n~/shop/\n  notes/",
        "skills/",
        1,
    ),
]


def test_windows_listing_with_comments_and_files_without_guides() -> None:
    """Only some of the directories end in a slash."""
    tree = (
        "lib/\n|\n+---services\n|       net.dart     # The core\n|\n+---models\n|       local/\n"
        "|           a.dart   # Models\n|\n\\---screens\n        page.dart    # The page\n"
        "        card.dart    # A card"
    )
    files = "lib/services/x lib/models/local/x lib/screens/x"
    found = "lib/models/local/a.dart lib/screens/card.dart lib/screens/page.dart lib/services/net.dart"
    assert findings(drawn(tree), files)[0].replace("+lib/models/local/x ", "") == found


def test_comment_continues_on_next_line() -> None:
    tree = "lib/\n├── a.py   # The core,\n│            see b.py # for more\n└── c.py"
    assert findings(drawn(tree), "lib/x")[0].replace(" +lib/x", "") == "lib/a.py lib/c.py"


@pytest.mark.parametrize(
    ("tree", "tops", "notes"),
    [case[1:] for case in MORE_DRAWING_STYLES],
    ids=[case[0] for case in MORE_DRAWING_STYLES],
)
def test_more_drawing_styles(tree: str, tops: str, notes: int) -> None:
    found = findings(drawn(tree), "")
    assert found[0] == tops
    assert len(found[1]) == notes


STATUS = [
    ("# Charts (planned)", "", ""),
    ("# generated", "", ""),
    ("# deprecated, kept for reference", "x/a", ""),
    ("# do not use", "x/a", ""),
    ("# Deprecated: use src/ instead", "", ""),
    ("(deprecated in favor of src/)", "", ""),
    ("# The old API, now deprecated", "", ""),
    ("# 已弃用，请使用 src/", "", ""),
    ("# finds deprecated calls", "", "x/"),
    ("# The deprecated-api plugin", "", "x/"),
    ("# 需新增", "", ""),
    ("（可能需新建）", "", ""),
    ("(opsional — untuk build)", "", ""),
    ("# not committed", "", ""),
    ("# ❌ not created yet", "", ""),
    ("# must not exist", "x/a", "!x/"),
    ("# ❌ never allowed here, forbidden", "x/a", "!x/"),
    ("# ✗ do not create", "x/a", "!x/"),
    ("# must not exist", "", ""),
    ("# the 403 page (Forbidden)", "", "x/"),
    ("# do not add other files", "", "x/"),
]


@pytest.mark.parametrize(("words", "files", "found"), STATUS)
def test_status_in_comments(words: str, files: str, found: str) -> None:
    tree = f".\n├── src/\n│   └── main.py\n├── x/  {words}\n│   └── a\n└── README.md"
    assert findings(drawn(tree), f"README.md src/main.py {files}") == (found, ())


@pytest.mark.parametrize(
    ("line", "files", "found"), [("❌ x/", "x/a", "!x/"), ("🚫 x/", "", ""), ("❌ x/  # missing", "", "")]
)
def test_cross_before_a_name(line: str, files: str, found: str) -> None:
    tree = f".\n├── ✅ src/\n│   └── main.py\n├── {line}\n└── README.md"
    assert findings(drawn(tree), f"README.md src/main.py {files}")[0] == found


def test_entries_below_a_file_are_its_siblings() -> None:
    tree = "src/\n├── A.vue\n│   └── A.css\n└── three.js\n    └── x.js"
    assert findings(drawn(tree), "src/A.vue")[0] == "src/A.css src/three.js/"


NOT_REQUIREMENTS = [
    ("a package", "## Structure\n\n" + fenced("com.br.shop.api/\n├── config/\n└── dto/")),
    (
        "deployed files",
        "## Structure of the deployment\n\n"
        + fenced(
            "azd up\n├─ infra/main.bicep\n│   ├─ Azure AI Foundry and model\n│   └─ User-assigned identity\n└─ Log Analytics + Apps"
        ),
    ),
    (
        "another project",
        "## Structure\n\n대상 프로젝트에 `init`을 실행하면, 아래 구조가 생긴다.\n\n"
        + fenced("x/\n├── a/\n└── b.md"),
    ),
    (
        "output of a bot",
        "## Yapı\n\nBot her proje için klasör yapısı oluşturur:\n\n" + fenced("x/\n├── src/\n└── b.md"),
    ),
    (
        "protected files",
        "# Layout\n\n## Protected files\n\n- `Cargo.toml` - x\n- `src/go.mod` - y\n",
    ),
    ("contents of a kind of directory", "## API\n\n" + fenced("modules/<name>/\n├── index.ts\n└── model.ts")),
]


@pytest.mark.parametrize(
    "text", [case[1] for case in NOT_REQUIREMENTS], ids=[case[0] for case in NOT_REQUIREMENTS]
)
def test_drawings_that_require_nothing(text: str) -> None:
    found, notes = findings(drawn(TREE) + "\n" + text, "README.md src/main.py")
    assert found == ""
    assert len(notes) == 1


LOCATIONS = [
    (
        "projects of .NET",
        "### Project structure\n\n- **Shop.Core**: logic\n  - `Basket`: x\n- **Shop.Web**: pages\n- README.md\n",
        "README.md Shop.Core/ Shop.Web/",
    ),
    (
        "a group in brackets",
        "## Structure\n\n" + fenced("src/\n└── modules/\n    └── (group)/\n        └── a/"),
        "src/",
    ),
    (
        "a path before a dash in the heading",
        "## Structure\n\n"
        + fenced(".\n└── src/\n    └── shop/\n        └── a.py")
        + "\n### src/shop — Core\n\n**Key files:**\n- `a.py` — x\n",
        "src/",
    ),
    ("a link with its path", "# Layout\n\n- [a.md](docs/a.md) — x\n- [src/](src/) — y\n", "docs/ src/"),
    (
        "paths in code begin with the first line",
        "# Setup\n\nThe data is below `install/`, and in `install/board/`.\n\n"
        + fenced("install/\n├── board/\n└── host/"),
        "install/",
    ),
    (
        "a part that the heading names",
        "# Guide\n\n## Frontend structure\n\n"
        + fenced("src/\n├── pages/\n└── lib/")
        + "\nRun `cd frontend && npm start`.\n",
        "frontend/",
    ),
    (
        "the place that the sentence names",
        "# Guide\n\n## Project structure\n\n- `src/`: code\n- `docs/`: text\n\n"
        "First-level package layout in `src/shop/`:\n\n- `core/`: x\n- `cli/`: y\n",
        "docs/ src/",
    ),
    (
        "a pattern in the heading",
        "# Structure\n\n### docs/templates/*.md\n\n1. **A.md**\n   - words\n2. **B.md**\n   - Node.js\n",
        "docs/",
    ),
    (
        "the files that matter",
        "# Design\n\nImportant files:\n\n" + fenced("docs/a.css\ndocs/b.md\ndocs/kits/"),
        "docs/",
    ),
    (
        "a starter",
        "## Project structure\n\nInside of your Astro project, you'll see the following folders and files:\n\n"
        + fenced("/\n├── public/\n└── package.json"),
        "package.json public/",
    ),
    (
        "nested words in a list",
        "### Source structure\n\n- `src/core/`\n  - Center of it.\n  - Owns things.\n- `src/cli/`\n  - Commands.\n",
        "src/",
    ),
]


@pytest.mark.parametrize(
    ("text", "tops"), [case[1:] for case in LOCATIONS], ids=[case[0] for case in LOCATIONS]
)
def test_location_of_drawing_from_surrounding_text(text: str, tops: str) -> None:
    assert findings(text, "")[0] == tops


def test_list_of_paths_is_noted() -> None:
    text = "## Architecture map\n\n" + "".join(f"- `src/{name}.ts` — x\n" for name in "abc")
    assert "skipped a list of paths" in findings(drawn(TREE) + "\n" + text, "README.md src/main.py")[1][0]


@pytest.mark.parametrize(
    ("text", "tops"), [case[1:] for case in DRAWING_STYLES], ids=[case[0] for case in DRAWING_STYLES]
)
def test_drawing_styles(text: str, tops: str) -> None:
    assert findings(text, "")[0] == tops


NOTED = [
    (
        "items of words",
        "## Layout\n\n- src: code\n- README.md: begin\n- lib: more\n",
        "skipped a list; most of its items",
    ),
    (
        "paths in another column",
        "## Six\n\n| What | Where |\n|---|---|\n| x | `.github/skills/` |\n",
        "skipped a table of paths",
    ),
    (
        "a template",
        "When adding a project, follow this structure:\n\n```\n/Name\n  ├── a.md\n  └── docs/\n```\n",
        "a template",
    ),
]


@pytest.mark.parametrize(("text", "note"), [case[1:] for case in NOTED], ids=[case[0] for case in NOTED])
def test_skipped_text_is_noted(text: str, note: str) -> None:
    _, notes = findings(drawn(TREE) + "\n" + text, "README.md src/main.py")
    assert len(notes) == 1
    assert note in notes[0]


# --- Lists and headings that repeat entries of a tree

LIB = fenced("lib/\n├── main.dart\n├── models/\n├── screens/\n└── utils/")
REPEATED = [
    (
        "a list that describes deeper entries of a tree",
        "# Shop structure\n\n"
        + LIB
        + "\n## Folder descriptions\n\n- **models/**: x\n- **utils/**: y\n- **test/**: z\n",
        "lib/ test/",
        (),
    ),
    (
        "a name that occurs twice in a tree",
        "## Structure\n\n"
        + fenced("a/\n├── docs/\n└── rules/\nb/\n└── docs/")
        + "\n- `rules/`: x\n- `docs/`: y\n",
        "a/ b/",
        ("S.md:12: skipped a list: the path of `docs/` is unclear",),
    ),
    (
        "a list of the root with a name that also occurs deeper in a tree",
        "## Structure\n\n"
        + fenced(".\n├── src/\n│   └── tests/\n└── README.md")
        + "\n### Directories\n\n- `src/`: x\n- `tests/`: y\n",
        "README.md src/ tests/",
        (),
    ),
    (
        "a list of the files in the root",
        "## Structure\n\n"
        + fenced("web/\n├── package.json\n└── src/")
        + "\n### Root files\n\n- `package.json`: x\n- `Makefile`: y\n",
        "Makefile package.json web/",
        (),
    ),
    (
        "a table that describes deeper entries of a tree",
        "## Structure\n\n"
        + LIB
        + "\n## Layers\n\n| Directory | x |\n|---|---|\n| `models/` | a |\n| `screens/` | b |\n| `docs/` | c |\n",
        "docs/ lib/",
        (),
    ),
    (
        "a path in a heading that occurs deeper in the tree",
        "## Structure\n\n"
        + fenced("team/\n├── README.md\n└── shop/\n    └── app/\n        └── css/")
        + "\n#### CSS files (`app/css/`)\n\n- **main.css**: x\n- **other.css**: y\n",
        "README.md shop/",
        (),
    ),
    (
        "a path in a heading that begins deeper in the tree",
        "## Structure\n\n"
        + fenced("team/\n├── README.md\n└── shop/\n    └── app/")
        + "\n#### Folder `app/css/`\n\n- **main.css**: x\n- **other.css**: y\n",
        "README.md shop/",
        (),
    ),
    (
        "a path from the root in a heading that occurs deeper in the tree",
        "## Structure\n\n"
        + fenced(".\n├── README.md\n└── shop/\n    └── config/")
        + "\n### `/config` - Settings\n\n- **a.toml**: x\n- **b.toml**: y\n",
        "README.md config/ shop/",
        (),
    ),
    (
        "a path in a heading, without a tree of the root",
        "## Structure\n\n### `shared/`\n\n"
        + fenced("shared/\n├── proto/\n└── config/")
        + "\n### `config/`\n\n- **a.toml**: x\n- **b.toml**: y\n",
        "config/ shared/",
        (),
    ),
    (
        "a list with few entries of a tree",
        "## Structure\n\n" + LIB + "\n### Beside it\n\n- `models/`: x\n- `docs/`: x\n- `web/`: y\n",
        "docs/ lib/ models/ web/",
        (),
    ),
    (
        "a .NET project in a heading, without a location in a tree",
        "# Estrutura\n\n## Camadas\n\n### 1. **Shop.Domain** (x)\n\n#### `Entities/`\n\n- **Basket.cs** - x\n- **Line.cs** - y\n",
        None,
        ("the path of `Shop.Domain/` is unclear",),
    ),
    (
        "a .NET project in a heading, with a location in a tree",
        "# Structure\n\n"
        + fenced(".\n├── README.md\n└── src/\n    └── Shop.Domain/")
        + "\n### Shop.Domain (the core)\n\n#### `Entities/` folder\n\n- **Basket.cs** - x\n- **Line.cs** - y\n",
        "README.md src/",
        (),
    ),
]


@pytest.mark.parametrize(
    ("text", "tops", "noted"), [case[1:] for case in REPEATED], ids=[case[0] for case in REPEATED]
)
def test_lists_and_headings_that_repeat_entries_of_a_tree(
    text: str, tops: str | None, noted: tuple[str, ...]
) -> None:
    if tops is None:
        with pytest.raises(LayoutError) as caught:
            findings(text, "")
        notes = tuple(each.message for each in caught.value.problems)
    else:
        found, notes = findings(text, "")
        assert found == tops
    assert len(notes) == len(noted)
    for note, part in zip(notes, noted, strict=True):
        assert part in note


LINKS = (
    "# Index\n\n- [home](../README.md)\n- [first](guides/a.md)\n- [plan](plans/b.md)\n\n## Guides\n\n"
    + fenced("guides/\n├── a.md\n└── c.md")
    + "\n## Plans\n\n"
    + fenced("plans/\n└── b.md")
)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("docs/README.md", LINKS, "docs/"),
        ("README.md", LINKS, "guides/ plans/"),
        ("docs/README.md", LINKS.replace("(../README.md)", "(README.md)"), "guides/ plans/"),
        ("docs/README.md", LINKS.replace("(plans/b.md)", "(../plans/b.md)"), "docs/ plans/"),
    ],
    ids=["below the root", "in the root", "no link upwards", "another link"],
)
def test_document_with_links_to_siblings(name: str, text: str, found: str) -> None:
    assert findings(text, "", name)[0] == found


FIRST_LINES = [
    ("only directories", "## Architecture\n\n" + fenced("crates/\n├── engine/\n├── tools/\n└── cli/"), None),
    (
        "with other directories",
        "## Architecture\n\n" + fenced("shop/\n├── engine/\n├── docs/\n└── cli/"),
        "cli/ docs/ engine/",
    ),
    ("the title", "# Shop\n\n## Architecture\n\n" + fenced("shop/\n├── engine/\n└── cli/"), "cli/ engine/"),
    (
        "a path begins another tree",
        "## 1. Python folder structure\n\n"
        + fenced("api/shop/\n├── domain/\n└── tests/")
        + "## 2. Rust folder structure\n\n"
        + fenced("courier/\n├── domain/\n└── main.rs"),
        "api/ courier/",
    ),
    (
        "a path in this one begins another tree",
        "## Project structure\n\n"
        + fenced("shop/\n├── src/\n└── web/")
        + "## Screens\n\n"
        + fenced("src/screens/\n├── a.tsx\n└── b.tsx"),
        "src/ web/",
    ),
]


@pytest.mark.parametrize(
    ("text", "tops"), [case[1:] for case in FIRST_LINES], ids=[case[0] for case in FIRST_LINES]
)
def test_first_line_may_be_the_repository(text: str, tops: str | None) -> None:
    if tops is None:
        with pytest.raises(LayoutError, match="the path of `crates/` is unclear"):
            findings(text, "")
    else:
        assert findings(text, "")[0] == tops


def test_block_of_paths_is_noted() -> None:
    text = "\n## Layers\n\n" + fenced("src/boot/  → x\nsrc/pipe/  → y\nsrc/domain/  → z")
    found, notes = findings(drawn(TREE) + text, "README.md src/main.py")
    assert found == ""
    assert len(notes) == 1
    assert "skipped a drawing" in notes[0]


OTHER_PLACES = [
    (
        "a drive",
        "### Structure on Google Drive\n\n" + fenced("ShopSync/\n├── Music/\n├── Backups/\n└── Lists/"),
    ),
    ("a bucket", "### Layout in the S3 bucket\n\n" + fenced("shop-data/\n├── raw/\n└── ready/")),
    (
        "keys",
        "### Storage\n\n**Subspace structure**:\n" + fenced("rootSubspace/\n├── records/\n└── indexes/"),
    ),
    (
        "files to modify",
        "## Key files to modify\n\n### Backend module structure\n\n- `service.js` - x\n- `routes.js` - y\n",
    ),
]


@pytest.mark.parametrize("text", [case[1] for case in OTHER_PLACES], ids=[case[0] for case in OTHER_PLACES])
def test_drawing_of_another_place_is_skipped(text: str) -> None:
    with pytest.raises(LayoutError, match="no other tree is drawn here: skipped"):
        findings(text, "")


WAYS_OF_DRAWING = [
    ("an ideographic comma", "shop/\n├── src/、コード\n│   └── main.py、入口\n└── README.md"),
    ("an ideographic space", "shop\n├── src　源代码\n│   └── main.py　入口\n└── README.md　说明"),
    ("a plus after a bar", "shop\n|- README.md\n|+ src\n|  |- main.py"),
    ("arrows of dashes", "shop/\n  --> src/\n      --> main.py\n  --> README.md"),
    ("names with a bar between them", "shop/\n├── src|lib/\n│   └── main.py\n└── README.md"),
    ("a name that is struck out", "shop/\n├── src/\n│   └── main.py\n├── ~~old/~~\n└── README.md"),
    ("work in progress", "shop/\n├── src/\n│   └── main.py\n├── api/   # in progress\n└── README.md"),
    ("two names with an ideographic comma", "shop/\n├── src/\n│   └── main.py\n└── README.md、LICENSE?"),
]


@pytest.mark.parametrize("tree", [case[1] for case in WAYS_OF_DRAWING], ids=[c[0] for c in WAYS_OF_DRAWING])
def test_way_of_drawing(tree: str) -> None:
    assert findings(drawn(tree), "README.md src/main.py")[0] == ""


@pytest.mark.parametrize("drawn_range", ["w01/ ... w12/", "w{1..12}/", "w[01-12]/", "w01 - w12"])
def test_range_of_directories_is_a_pattern(drawn_range: str) -> None:
    tree = f"shop/\n├── {drawn_range}\n└── README.md"
    assert findings(drawn(tree), "README.md w01/a w02/a other/a")[0] == "+other/"


def test_words_are_not_a_range() -> None:
    assert findings(drawn("shop/\n├── step1 - 2 parts\n└── README.md"), "README.md step1/a")[0] == ""


@pytest.mark.parametrize("heading", ["Option B", "Alternative", "Alternatives"])
def test_alternative_structure_is_skipped(heading: str) -> None:
    other = fenced(".\n├── platform/\n└── core/")
    text = f"{drawn(TREE)}\n## {heading}\n\n{other}"
    found, notes = findings(text, "README.md src/main.py")
    assert found == ""
    assert "which shows a plan" in notes[0]


def test_paths_in_another_column_of_a_table_are_read() -> None:
    table = "| What | Where |\n|---|---|\n| Code | `src/` |\n| Entry | `src/main.py` |\n| Pages | `docs/` |\n"
    assert findings(f"# Repository layout\n\n{table}", "src/a")[0] == "docs/ src/main.py"


@pytest.mark.parametrize("title", ["Documentation:", "[Docs]", "Documentation files:"])
def test_title_in_a_tree_is_not_a_directory(title: str) -> None:
    tree = f"shop/\n├── src/\n│   └── main.py\n└── {title}\n    ├── CHANGELOG.md\n    └── README.md"
    assert findings(drawn(tree), "README.md CHANGELOG.md src/main.py")[0] == ""


def test_common_directory_with_a_colon_is_a_directory() -> None:
    tree = "shop/\n├── src/\n│   └── main.py\n└── docs:\n    └── guide.md"
    assert findings(drawn(tree), "src/main.py")[0] == "docs/"


def test_diff_draws_the_state_after_it() -> None:
    text = (
        "# Shop\n\n## Structure\n\n"
        "```diff\n shop/\n ├── README.md\n-├── legacy/\n+├── src/\n └── docs/\n```\n"
    )
    assert findings(text, "README.md src/a")[0] == "docs/"


@pytest.mark.parametrize("language", ["json", "mermaid", ""])
def test_code_below_a_heading_on_the_structure_is_in_the_error(language: str) -> None:
    text = f"# Shop\n\nWords.\n\n## Structure\n\n```{language}\n{{'src': ['main.py']}}\n```\n"
    with pytest.raises(LayoutError, match=r"^S.md:8:1: no drawn tree here"):
        findings(text, "README.md")


@pytest.mark.parametrize("other", ["│   ├── core/\n", ""])
def test_contents_of_alternatives_are_required_of_one_that_is_drawn_alone(other: str) -> None:
    tree = f"shop/\n├── src/\n{other}│   └── core or kernel/\n│       ├── b.py\n│       └── d/\n│           └── c.py"
    table = "" if other else "\n| Directory | Words |\n|---|---|\n| `src/core/` | Code |\n"
    assert findings(drawn(tree) + table, "src/core/b.py")[0] == "src/core/d/"


def test_dash_in_a_table_is_not_a_description() -> None:
    table = "| Directory | Purpose |\n|---|---|\n| `src/` | Code |\n| `lib/x/` | - |\n"
    layout = load(LayoutSource({"S.md": f"# Layout\n\n{table}".encode()}.__getitem__), "S.md")
    found = {str(entry.key): entry for entry in layout.root.children.values()}
    assert (found["src/"].about, *(entry.about for entry in found["lib/"].children.values())) == ("Code", "")


def test_table_of_moved_directories_is_skipped() -> None:
    table = "| Old | New |\n|---|---|\n| `lib/api/` | `src/api/` |\n| `lib/core/` | `src/core/` |\n"
    text = f"{drawn(TREE)}\n## Code organization\n\n{table}"
    found, notes = findings(text, "README.md src/main.py")
    assert found == ""
    assert "skipped a table that shows an earlier state" in notes[0]
