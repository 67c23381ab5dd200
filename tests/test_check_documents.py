"""`structlint check --documents` compares the trees in documents with the directories that they draw."""

from __future__ import annotations

import pytest
from conftest import Make, Run

TREE = """# {title}

## Structure

```
{tree}
```
"""


def document_with(tree: str, title: str = "Structure of Shop") -> str:
    return TREE.format(title=title, tree=tree)


FILES = {
    "README.md": document_with("shop/\n├── README.md\n├── docs/\n│   └── api/\n└── services/\n    └── mail/"),
    "docs/guide.md": "Words only: `docs/none/`.",
    "services/mail/README.md": document_with("mail/\n├── README.md\n├── main.py\n└── gone.py"),
    "services/mail/main.py": "",
}


def errors(run: Run, *arguments: str) -> tuple[int, list[str]]:
    status, out, _ = run("check", "--documents", "--output-format", "concise", *arguments)
    return status, out.splitlines()


def test_documents_are_compared_with_their_directories(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(repository(FILES).path)
    assert errors(run) == (
        1,
        [
            "README.md:9: error: draws `docs/api/`, which does not exist [stale-document]"
            " -- remove it from the document, or create it",
            "services/mail/README.md:9: error: draws `services/mail/gone.py`, which does not exist"
            " [stale-document] -- remove it from the document, or create it",
        ],
    )


DRAWN_DIRECTORIES = [
    ("docs/STRUCTURE.md", "shop/\n├── src/\n├── docs/\n└── gone/", "gone/"),
    ("docs/README.md", ".\n├── STRUCTURE.md\n├── more/\n└── gone.md", "docs/gone.md"),
    (".github/copilot-instructions.md", ".\n├── src/\n├── docs/\n└── gone/", "gone/"),
    (
        "services/mail/README.md",
        "services/mail/\n├── main.py\n├── gone.py\n└── README.md",
        "services/mail/gone.py",
    ),
    (
        "services/mail/docs/design.md",
        "mail/\n├── main.py\n├── README.md\n└── gone.py",
        "services/mail/gone.py",
    ),
    ("services/mail/NOTES.md", ".\n├── docs/\n│   └── STRUCTURE.md\n└── gone/", "gone/"),
]


@pytest.mark.parametrize(
    ("name", "tree", "missing"), DRAWN_DIRECTORIES, ids=[case[0] + case[2] for case in DRAWN_DIRECTORIES]
)
def test_tree_applies_to_the_directory_with_most_matches(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, name: str, tree: str, missing: str
) -> None:
    files = dict.fromkeys(
        ["src/a", "docs/STRUCTURE.md", "docs/more/a", "services/mail/main.py", "services/mail/README.md"], ""
    )
    monkeypatch.chdir(repository({**files, name: document_with(tree)}).path)
    status, lines = errors(run)
    assert status == 1
    assert [line.split(", which")[0].split("draws ")[1].strip("`") for line in lines] == [missing]


ANYWHERE = [
    ("directory of its name", "users/", "card list form gone old", "web/users/gone.py web/users/old.py"),
    ("path of a part", "ui/users/", "card list form gone", "app/ui/users/gone.py"),
    ("repository by a name", "shop-ui/core/", "card list form gone", "core/gone.py"),
    ("another name", "people/", "card list form menu gone", "web/users/gone.py"),
    ("too little in another name", "people/", "card list form gone", ""),
    ("too little", "users/", "card list form a b c d", ""),
    ("too little in a common name", "src/", "card list form gone", ""),
    ("enough in a common name", "src/", "card list form menu gone", "web/src/gone.py"),
    ("common name in the root", "shop/api/", "card list form gone", "api/gone.py"),
    ("common names", "users/", "index main app gone", ""),
    ("directory beside the document", "site/", "card list form menu gone", ""),
    ("whole project", ".", "card list form menu gone", ""),
    ("two directories", "mail/", "send read sort gone", ""),
]
ELSEWHERE = {
    "web/users/": "card list form menu index main app",
    "app/ui/users/": "card list form",
    "core/": "card list form",
    "web/src/": "card list form menu",
    "api/": "card list form",
    "docs/site/": "start",
    "one/mail/": "send read sort",
    "two/mail/": "send read sort",
}


@pytest.mark.parametrize(
    ("base", "drawn", "missing"), [case[1:] for case in ANYWHERE], ids=[case[0] for case in ANYWHERE]
)
def test_tree_applies_to_the_only_directory_with_its_paths(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, base: str, drawn: str, missing: str
) -> None:
    others = {"ui/users/": "app/ui/users/", "shop-ui/core/": "core/", "src/": "web/src/", "shop/api/": "api/"}
    used = others.get(base, "web/users/")
    unused = {"web/users/", *others.values()} - {used}
    files = {
        f"{place}{name}.py": "" for place in ELSEWHERE.keys() - unused for name in ELSEWHERE[place].split()
    }
    tree = "".join(f"\n├── {name}.py" for name in drawn.split())
    monkeypatch.chdir(repository({**files, "docs/web.md": document_with(base + tree)}).path)
    status, out, err = run("check", "--documents", "--output-format", "concise")
    assert [line.split("`")[1] for line in out.splitlines()] == missing.split()
    assert status == bool(missing)
    assert ("drawn entries exist; skipped" in err) == (not missing)


ABOUT_STRUCTURE = [
    ("README.md", "# Shop\n\n## Directory layout\n\n### Sources\n\n"),
    ("README.md", "# Structure of the shop\n\n## Sources\n\n"),
    ("docs/project-structure.md", "# Shop\n\n## Sources\n\n"),
    ("docs/ProjectStructure.md", "# Shop\n\n## Sources\n\n"),
    ("README.md", "# Shop\n\n## Sources\n\nThe directories of the sources:\n\n"),
    ("README.md", "# Shop\n\n## Architecture\n\n"),
    ("README.md", "# Shop\n\n## 架构\n\n"),
    ("README.md", "# Shop\n\n## 目錄結構\n\n"),
    ("README.md", "# Shop\n\n## 엔티티 위치\n\n"),
    ("README.md", "# 추천 시스템\n\n## 구조\n\n"),
    ("README.md", "# 推荐系统\n\n## 目录结构\n\n"),
    ("README.md", "# Shop\n\n## Test organization\n\n"),
]


@pytest.mark.parametrize(("name", "above"), ABOUT_STRUCTURE)
def test_words_that_introduce_a_structure(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, name: str, above: str
) -> None:
    tree = "```\nsrc/\n├── a.py\n├── cart.py\n├── mail.py\n└── gone.py\n```\n"
    files = {name: above + tree, "src/a.py": "", "src/cart.py": "", "src/mail.py": ""}
    monkeypatch.chdir(repository(files).path)
    assert [line.split("`")[1] for line in errors(run)[1]] == ["src/gone.py"]


@pytest.mark.parametrize(("gone", "found"), [("gone.py", True), ("gone.py lost.py", False)])
def test_tree_without_words_on_the_structure(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, gone: str, found: bool
) -> None:
    there = [f"part{number}.py" for number in range(22)]
    tree = "\n".join(f"├── {name}" for name in (*there, *gone.split()))
    files = {f"src/{name}": "" for name in there}
    text = f"# Shop\n\n## Remaining work\n\n```\nsrc/\n{tree}\n```\n"
    monkeypatch.chdir(repository({**files, "README.md": text}).path)
    _, out, err = run("check", "--documents", "--output-format", "concise")
    assert ("draws `src/gone.py`" in out) == found
    note = "README.md:6: skipped, because no heading, title or name of the document refers to a structure"
    assert (note in err) == (not found)


@pytest.mark.parametrize(("root", "found"), [("app/", True), ("my-project/", False), (".", False)])
def test_named_tree_shows_directory_of_its_name(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, root: str, found: bool
) -> None:
    tree = f"{root}\n├── menu.cfg\n├── list.cfg\n├── card.cfg\n├── gone.cfg\n└── lost.cfg"
    files = dict.fromkeys(["app/menu.cfg", "app/list.cfg", "app/card.cfg"], "")
    monkeypatch.chdir(repository({**files, "app/guides/setup/tools.md": document_with(tree)}).path)
    _, out, err = run("check", "--documents", "--output-format", "concise")
    assert ("draws `app/gone.cfg`" in out) == found
    assert ("drawn entries exist; skipped" in err) == (not found)


def test_hint_names_moved_file(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    tree = ".\n├── README.md\n├── Guide.md\n├── src/\n└── deployments/"
    files = {"README.md": document_with(tree), "docs/Guide.md": "", "src/a": "", "deployment/a": ""}
    monkeypatch.chdir(repository(files).path)
    hints = [line.partition("] -- ")[2] for line in errors(run)[1]]
    assert hints == [
        "`docs/Guide.md` exists; correct the document",
        "`deployment/` exists; correct the document",
    ]


WITHOUT_FINDINGS = [
    ("example", "## Example\n\n```\nx/\n├── a.py\n└── b.py\n```\n"),
    ("no drawing", "Words about `src/`.\n"),
    ("optional", document_with(".\n├── README.md\n├── src/\n└── gone/  # (optional)")),
    ("ignored by git", document_with(".\n├── README.md\n├── src/\n└── dist/")),
    (
        "tree of a placeholder",
        document_with(".\n├── README.md\n└── src/\n    ├── cart/\n    └── mail/")
        + "\n### What a module looks like\n\n```\nsrc/\n└── <module>/\n    └── gone.py\n```\n",
    ),
    ("generated directory", document_with(".\n├── README.md\n├── src/\n└── logs/  # the reports of a run")),
    (
        "example of a layout",
        "```tree\nREADME.md\nsrc/\nnotes.txt\n```\n\n```console\n$ structlint check .\n```\n",
    ),
    ("advice", "# Shop\n\n## Recommended structure\n\n```\n.\n├── README.md\n├── src/\n└── gone/\n```\n"),
    ("advice in Chinese", "# Shop\n\n## 推荐的项目结构\n\n```\n.\n├── README.md\n├── src/\n└── gone/\n```\n"),
    ("hidden directory without a slash", document_with(".\n├── README.md\n├── src/\n└── .ai")),
    (
        "design document",
        "# Carts: Design Document\n\n## Structure\n\n```\n.\n├── README.md\n├── src/\n└── gone/\n```\n",
    ),
    (
        "placeholder of any repository",
        "## Structure\n\n```\n<workspace-root>/\n├── README.md\n├── src/\n└── gone/\n```\n",
    ),
    (
        "not implemented",
        "## Structure\n\n**Status**: Not implemented\n**Files**:\n```\nsrc/\n├── a.py\n└── gone.py\n```\n",
    ),
    (
        "advice in a heading further up",
        "# Shop\n\n## Recommended structure\n\n### Sources\n\n```\nsrc/\n├── a.py\n└── gone.py\n```\n",
    ),
    (
        "directory of what is planned",
        document_with(".\n├── README.md\n├── src/\n└── gone/\n    ├── a.md  # [TODO]\n    └── b/  # planned"),
    ),
    (
        "not in the repository",
        document_with(".\n├── README.md\n├── src/\n└── gone/  # (not in the repository)"),
    ),
    (
        "separate repository",
        document_with(".\n├── README.md\n├── src/\n└── gone/  # 참고용 서브프로젝트(별도 레포; 무관)"),
    ),
    (
        "state after a change",
        "# Shop\n\n## Move\n\n### Before\n\n```\n.\n└── old/\n```\n\n### After\n\n"
        "```\n.\n├── README.md\n├── src/\n└── gone/\n```\n",
    ),
    ("not present", document_with(".\n├── README.md\n├── src/\n└── gone.py  # (not present)")),
    (
        "no words on the structure",
        "# Shop\n\n## Remaining work\n\n```\nsrc/\n├── a.py\n├── cart/\n├── mail/\n└── gone.py\n```\n",
    ),
    ("reorganization", "# Reorganization\n\n```\nsrc/\n├── a.py\n├── cart/\n└── gone.py\n```\n"),
    ("placeholder in brackets", document_with(".\n├── README.md\n├── src/\n└── [feature]/")),
    (
        "range of numbers",
        document_with(".\n├── README.md\n└── src/\n    ├── cart/\n    └── 01-31: Core generation"),
    ),
    ("example with a date", document_with(".\n├── README.md\n├── src/\n└── 2026-02-maintenance.md")),
    ("caption", document_with(".\n├── README.md\n├── src/\n└── Styling System/\n    └── themes/")),
    ("pattern", document_with(".\n├── README.md\n└── src/\n    └── *.py")),
    (
        "pattern that matches nothing",
        document_with(".\n├── README.md\n└── src/\n    ├── a.py\n    └── *.sql  # pending"),
    ),
    (
        "placeholder with values in another directory",
        document_with(".\n├── README.md\n├── src/\n│   └── [part]/\n└── tests/\n    └── [part]/"),
    ),
]


@pytest.mark.parametrize(
    "text", [case[1] for case in WITHOUT_FINDINGS], ids=[case[0] for case in WITHOUT_FINDINGS]
)
def test_documents_without_findings(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, text: str
) -> None:
    files = {
        "README.md": text,
        "src/a.py": "",
        "src/cart/a.py": "",
        "src/mail/a.py": "",
        ".ai/rules.md": "",
        ".gitignore": "dist/\n",
        "tests/data/README.md": document_with("./\n└── none/"),
        "_bmad/steps/a.md": document_with(".\n├── README.md\n├── src/\n└── none/"),
    }
    monkeypatch.chdir(repository(files).path)
    assert errors(run) == (0, [])


def test_tree_of_something_else_is_noted(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    files = {
        "README.md": document_with(".\n├── a/\n├── b/\n└── README.md"),
        "docs/BAD.md": "```\nsrc/\n├── a.py\n",
    }
    monkeypatch.chdir(repository(files).path)
    status, out, err = run("check", "--documents", "--output-format", "concise")
    assert (status, out) == (0, "")
    assert "note: README.md:6: only 1 of 3 drawn entries exist; skipped" in err
    assert "note: not checked: docs/BAD.md:1:1: the code block that begins here is never closed" in err


def test_skipped_trees_are_noted(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    example = "\n## Example\n\n```\nx/\n└── y/\n```\n"
    files = {
        "README.md": document_with(".\n├── README.md\n└── src/") + example,
        "A.md": "# A\n" + example,
        "src/a": "",
    }
    monkeypatch.chdir(repository(files).path)
    _, _, err = run("check", "--documents", "--output-format", "concise")
    notes = [line.removeprefix("note: ") for line in err.splitlines() if line.startswith("note: ")]
    assert notes == [
        "A.md:6: skipped a tree below `Example`, which shows an example",
        "README.md:14: skipped a tree below `Example`, which shows an example",
    ]


def test_documents_skipped_for_one_reason_are_in_one_note(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    tree = document_with(".\n├── README.md\n└── src/\n    └── b")
    plans = {f"docs/{number}-plan.md": tree for number in range(1, 8)}
    monkeypatch.chdir(repository({"README.md": "", "src/a": "", **plans}).path)
    _, _, err = run("check", "--documents", "--output-format", "concise")
    notes = [line for line in err.splitlines() if "skipped" in line]
    named = ", ".join(f"docs/{number}-plan.md" for number in range(1, 6))
    assert notes == [
        "note: 7 documents skipped, because the name of each suggests a plan or a past state: "
        f"{named} and 2 more"
    ]


def test_number_of_notes_is_limited(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    example = "\n## Example\n\n```\nx/\n└── y/\n```\n"
    monkeypatch.chdir(repository({f"{n:02}.md": example for n in range(30)}).path)
    _, _, err = run("check", "--documents", "--output-format", "concise")
    assert err.count("skipped a tree below `Example`") == 20
    assert "note: 10 more drawings, lists and lines were skipped; list those" in err


@pytest.mark.parametrize("text", ["Words.\n", "# A\n\n## Structure\n\nWords.\n"])
def test_repository_without_drawn_trees(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, text: str
) -> None:
    monkeypatch.chdir(repository({"README.md": text}).path)
    status, out, err = run("check", "--documents", "--output-format", "concise")
    assert (status, out) == (0, "")
    assert "note: No document draws a tree of this repository" in err


@pytest.mark.parametrize(
    "name",
    [
        "docs/plan.md",
        "ROADMAP.md",
        "rfcs/0001-x.md",
        "docs/GUIDE_v1.2.md",
        "docs/user-stories/a.md",
        "docs/design/cart.md",
        "docs/cart-design.md",
        "docs/RESTRUCTURING_COMPLETE.md",
        "docs/PHASE2_SUMMARY.md",
        "docs/relatorio-final.md",
        "docs/test-specification.md",
        "docs/architecture-decisions.md",
        "docs/analisis-comparativo.md",
        ".ai/memory/tasks/task005.md",
        ".ai/03_GENERAL_TASKS/T002.md",
        "docs/rejected/cart.md",
        "docs/planShop/cart.md",
        "docs/ReleasePlan.md",
        "PROJEKTPLAN.md",
    ],
)
def test_plans_are_skipped(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, name: str) -> None:
    monkeypatch.chdir(
        repository({name: document_with(".\n├── src/\n├── docs/\n└── gone/"), "src/a": ""}).path
    )
    _, out, err = run("check", "--documents", "--output-format", "concise")
    assert out == ""
    assert f"{name}: skipped, because its name suggests a plan or a past state" in err


@pytest.mark.parametrize(
    ("name", "gone", "found"),
    [
        ("docs/codebase-analysis.md", "gone.py", True),
        ("docs/codebase-analysis.md", "gone.py lost.py", False),
        ("docs/layout_2026-01-23.md", "gone.py lost.py", False),
        ("docs/stories/codebase-analysis.md", "gone.py", False),
    ],
)
def test_report_of_the_present_state_is_checked(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, name: str, gone: str, found: bool
) -> None:
    there = [f"part{number}.py" for number in range(22)]
    tree = ".\n" + "\n".join(f"├── {drawn}" for drawn in (*there, *gone.split()))
    monkeypatch.chdir(repository({name: document_with(tree), **dict.fromkeys(there, "")}).path)
    _, out, err = run("check", "--documents", "--output-format", "concise")
    assert ("draws `gone.py`, which does not exist" in out) == found
    assert ("name suggests a plan or a past state" in err) == (not found)
    assert run("fix", "--document").out == ""


LATER_TREE = "```\n.\n├── src/\n├── shop.cfg\n└── gone/\n```\n"
FENCED_HEADINGS = [
    ("fences in a longer fence", "````text\n```\n# Recommended layout\n````\n\n## Structure\n\n"),
    ("fence of the other kind", "~~~text\n```\n## Recommended layout\n~~~\n\n## Structure\n\n"),
    ("indented code", "Words:\n\n    ```\n\n## Structure\n\n"),
    ("comment in code", "## Structure\n\n~~~sh\n# recommended\nmake\n~~~\n\n"),
]


@pytest.mark.parametrize("above", [case[1] for case in FENCED_HEADINGS], ids=[c[0] for c in FENCED_HEADINGS])
def test_headings_in_code_are_ignored(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, above: str
) -> None:
    files = {"README.md": f"# Shop\n\n{above}{LATER_TREE}", "src/a": "", "shop.cfg": ""}
    monkeypatch.chdir(repository(files).path)
    assert [line.split(":")[0] for line in errors(run)[1]] == ["README.md"]


UNUSUAL_HEADINGS = [
    ("README.md", f"# Shop\n\nRecommended structure\n---------------------\n\n{LATER_TREE}"),
    ("README.md", f"# Shop\n\n   ## Recommended structure\n\n{LATER_TREE}"),
    (
        "README.rst",
        "Shop\n====\n\nRecommended structure\n---------------------\n\n::\n\n"
        "    .\n    ├── src/\n    ├── shop.cfg\n    └── gone/\n",
    ),
]


@pytest.mark.parametrize(("name", "text"), UNUSUAL_HEADINGS)
def test_heading_styles(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, name: str, text: str
) -> None:
    monkeypatch.chdir(repository({name: text, "src/a": "", "shop.cfg": ""}).path)
    assert errors(run) == (0, [])


@pytest.mark.parametrize(
    "name", ["docs/design.md", "src/report/README.md", "docs/design-system.md", "src/tasks/README.md"]
)
def test_names_that_only_resemble_plans(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, name: str
) -> None:
    files = {name: document_with(".\n├── src/\n├── shop.cfg\n└── gone/"), "src/a": "", "shop.cfg": ""}
    monkeypatch.chdir(repository(files).path)
    assert errors(run)[0] == 1


def test_layouts_are_ignored(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    files = {
        **FILES,
        "structlint.yaml": "tree: {none/: }",
        "services/mail/structlint.yaml": "tree: {none/: }",
    }
    monkeypatch.chdir(repository(files).path)
    assert len(errors(run)[1]) == 2
    assert run("check", "--documents", "--layout", "README.md").status == 2


def test_tree_from_shows_line_numbers(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    text = (
        document_with("shop/\n├── README.md  # Begin\n└── src/\n    └── a.py")
        + "\n## Example\n\n```\nx/\n└── y/\n```\n"
    )
    monkeypatch.chdir(repository({"README.md": text}).path)
    status, out, err = run("tree", "--from", "README.md")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        " 7  ├── README.md  # Begin",
        " 8  └── src/",
        " 9      └── a.py",
        "README.md:15: skipped a tree below `Example`, which shows an example",
    ]
    assert run("tree", "--from", "README.md", "--write", "README.md").status == 2
    assert run("tree", "--from", "none.md").status == 2


def test_tree_from_shows_local_and_forbidden_paths(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    local = "├── .env  # gitignored\n├── data/  # not committed\n│   └── x.db"
    tree = f"shop/\n├── src/\n{local}\n└── old/  # do not create"
    monkeypatch.chdir(repository({"README.md": document_with(tree)}).path)
    _, out, _ = run("tree", "--from", "README.md")
    assert out.splitlines() == [
        " 7  └── src/",
        " 8  ignored by git: `.env`",
        " 9  ignored by git: `data/`",
        "11  must not exist: `old/`: do not create",
    ]


DOUBTFUL = "shop/\n├── README.md\n├── src/\n│   └── main.py\n├── core/\n└── jobs/"
DOUBT = (
    "{}:6: 2 drawn entries do not exist, such as `core/`; if the tree shows the present structure, "
    "write `<!-- structlint: layout -->` before it"
)


@pytest.mark.parametrize(
    ("path", "title", "certain"),
    [
        ("docs/overview.md", "Shop", False),
        ("docs/overview.md", "Structure of Shop", True),
        ("docs/structure.md", "Shop", True),
        ("docs/README.md", "Shop", False),
        ("AGENTS.md", "Shop", True),
        ("README.md", "Shop", True),
        ("docs/CLAUDE.md", "Shop", False),
    ],
)
def test_missing_paths_of_a_doubtful_tree_are_one_note(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, path: str, title: str, certain: bool
) -> None:
    files = {"README.md": "", "src/main.py": "", path: document_with(DOUBTFUL, title)}
    monkeypatch.chdir(repository(files).path)
    status, out, err = run("check", "--documents", "--output-format", "concise")
    assert (status, len(out.splitlines())) == ((1, 2) if certain else (0, 0))
    assert (DOUBT.format(path) in err) is not certain


@pytest.mark.parametrize(("shown", "certain"), [("mail", True), ("services", False)])
def test_readme_that_shows_its_own_directory_is_certain(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, shown: str, certain: bool
) -> None:
    inside = "README.md\n├── main.py\n├── gone.py\n" if shown == "mail" else "mail/\n├── post/\n├── gone/\n"
    files = {
        "services/mail/README.md": document_with(f"{shown}/\n├── {inside}", "Mail"),
        **dict.fromkeys(["services/mail/main.py", "services/post/a.py"], ""),
    }
    monkeypatch.chdir(repository(files).path)
    assert len(errors(run)[1]) == certain


def test_nearly_complete_tree_is_certain(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    names = [f"part_{number}.py" for number in range(8)]
    tree = "\n".join([".", *(f"├── {name}" for name in names), "└── gone.py"])
    monkeypatch.chdir(repository({**dict.fromkeys(names, ""), "docs/a.md": document_with(tree, "Shop")}).path)
    assert len(errors(run)[1]) == 1


@pytest.mark.parametrize("path", ["docs/overview.md", "docs/cart-plan.md"])
def test_mark_makes_a_tree_certain(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, path: str
) -> None:
    marked = document_with(DOUBTFUL, "Shop").replace("```\nshop", "<!-- structlint: layout -->\n\n```\nshop")
    monkeypatch.chdir(repository({"README.md": "", "src/main.py": "", path: marked}).path)
    status, lines = errors(run)
    assert status == 1
    assert [line.split("`")[1] for line in lines] == ["core/", "jobs/"]


@pytest.mark.parametrize("entry", ["[`start.md`](start.md)", "`[page].tsx`"])
def test_link_or_placeholder_is_not_a_missing_path(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, entry: str
) -> None:
    lines = ["# Structure", "", "## Directories", "", "- `src/main.py`", f"- {entry}", "- `src/gone.py`"]
    files = {"src/main.py": "", "docs/start.md": "", "docs/a.md": "\n".join(lines)}
    monkeypatch.chdir(repository(files).path)
    assert [line.split("`")[1] for line in errors(run)[1]] == ["src/gone.py"]


def test_broken_link_is_not_a_missing_path(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    tree = ".\n├── src/\n│   └── main.py\n├── menu.py\n└── gone.py"
    root = repository({"src/main.py": "", "README.md": document_with(tree)}).path
    (root / "menu.py").symlink_to("src/menu.py")
    monkeypatch.chdir(root)
    assert [line.split("`")[1] for line in errors(run)[1]] == ["gone.py"]


def test_contents_of_alternatives_are_compared(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    tree = ".\n├── src/\n│   └── main.py\n└── core or kernel/\n    ├── a.py\n    └── gone.py"
    for_one = repository({"README.md": document_with(tree), "src/main.py": "", "kernel/a.py": ""})
    monkeypatch.chdir(for_one.path)
    assert [line.split("`")[1] for line in errors(run)[1]] == ["kernel/gone.py"]
