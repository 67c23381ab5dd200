# ruff: noqa: E501
"""`structlint fix --document` removes, renames or moves entries that do not exist in the document."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from conftest import Make, Run

HEAD = "# Shop\n\n## Structure\n\n"


class Case(NamedTuple):
    """A document, the other files, the document after the fix, and the findings that remain."""

    id: str
    before: str
    files: str
    after: str
    left: tuple[str, ...] = ()


def fenced(tree: str) -> str:
    return f"{HEAD}```\n{tree.strip(chr(10))}\n```\n\nWords about `gone.md`.\n"


CASES = [
    Case(
        "removed file",
        fenced(".\n├── README.md  # Begin\n├── gone.md    # Gone\n└── src/"),
        "src/a",
        fenced(".\n├── README.md  # Begin\n└── src/"),
    ),
    Case(
        "last entry with its contents",
        fenced(
            ".\n├── README.md\n├── src/\n│   ├── a\n│   └── b\n└── gone/      # All\n    ├── c       # of\n    └── d/      # it\n        └── e"
        ),
        "src/a src/b x y z",
        fenced(".\n├── README.md\n└── src/\n    ├── a\n    └── b"),
    ),
    Case(
        "comment in two lines",
        fenced(
            ".\n├── README.md   # Begin\n├── gone.md     # Gone\n│               # for ever\n├── src/        # Code\n└── docs/"
        ),
        "src/a docs/a",
        fenced(".\n├── README.md   # Begin\n├── src/        # Code\n└── docs/"),
    ),
    Case(
        "different letter, extension or plural",
        fenced(
            ".\n├── README.md\n├── exampels/     # To try\n├── CHANGES.rst   # News\n├── script/       # Run\n└── notes/ # No gap"
        ),
        "examples/a CHANGES.md scripts/a note/a",
        fenced(
            ".\n├── README.md\n├── examples/     # To try\n├── CHANGES.md    # News\n├── scripts/      # Run\n└── note/ # No gap"
        ),
    ),
    Case(
        "moved to a drawn directory",
        fenced(
            ".\n├── README.md    # Begin\n├── Guide.md     # How\n├── docs/        # Pages\n│   └── a.md\n└── src/"
        ),
        "docs/a.md docs/Guide.md src/a",
        fenced(
            ".\n├── README.md    # Begin\n├── docs/        # Pages\n│   ├── Guide.md # How\n│   └── a.md\n└── src/".replace(
                "Guide.md # How", "Guide.md  # How"
            )
        ),
    ),
    Case(
        "moved to a directory drawn without contents",
        fenced(".\n├── README.md\n├── Guide.md\n├── docs/\n└── src/"),
        "docs/Guide.md src/a",
        fenced(".\n├── README.md\n├── docs/\n│   └── Guide.md\n└── src/"),
    ),
    Case(
        "moved to another directory",
        fenced(".\n├── README.md\n├── Guide.md   # How\n└── src/"),
        "docs/Guide.md src/a",
        fenced(".\n├── README.md\n├── docs/Guide.md  # How\n└── src/"),
    ),
    Case(
        "moved to the root",
        fenced(".\n├── README.md\n└── src/\n    ├── a\n    └── Guide.md"),
        "Guide.md src/a",
        fenced(".\n├── Guide.md\n├── README.md\n└── src/\n    └── a"),
    ),
    Case(
        "drawn twice",
        fenced(".\n├── README.md\n├── gone.md\n├── docs/\n└── src/")
        + fenced(".\n├── gone.md\n└── docs/\n    └── a.md"),
        "docs/a.md src/a",
        fenced(".\n├── README.md\n├── docs/\n└── src/") + fenced(".\n└── docs/\n    └── a.md"),
    ),
    Case(
        "ASCII guides",
        fenced("shop\n|-- README.md\n|-- src\n|   |-- a.py\n|   `-- gone.py\n`-- gone.md"),
        "src/a.py",
        fenced("shop\n|-- README.md\n`-- src\n    `-- a.py"),
    ),
    Case(
        "indented",
        fenced(
            "shop/\n  README.md   # Begin\n  gone/       # Gone\n    a.py\n  src/        # Code\n    a.py"
        ),
        "src/a.py",
        fenced("shop/\n  README.md   # Begin\n  src/        # Code\n    a.py"),
    ),
    Case(
        "a list",
        HEAD
        + "- `src/` - code\n- `gone/` - was here,\n  once\n  - `gone/a.md` - x\n- `doc/` - pages\n\nWords.\n",
        "src/a docs/a",
        HEAD + "- `src/` - code\n- `docs/` - pages\n\nWords.\n",
    ),
    Case(
        "in a quote",
        HEAD + "> ```\n> .\n> ├── README.md\n> ├── gone.md\n> └── src/\n> ```\n",
        "src/a",
        HEAD + "> ```\n> .\n> ├── README.md\n> └── src/\n> ```\n",
    ),
    Case(
        "Windows line ends",
        fenced(".\n├── README.md\n├── src/\n└── gone.md").replace("\n", "\r\n"),
        "src/a",
        fenced(".\n├── README.md\n└── src/").replace("\n", "\r\n"),
    ),
    Case(
        "path in one line",
        fenced(".\n├── README.md\n├── src/core/gone.py   # Gone\n├── src/core/a.py      # Code\n└── docs/"),
        "src/core/a.py docs/a",
        fenced(".\n├── README.md\n├── src/core/a.py      # Code\n└── docs/"),
    ),
    Case(
        "several names in one line",
        fenced(".\n├── README.md\n├── src/\n├── docs/\n└── a.py, gone.py"),
        "src/a docs/a a.py",
        fenced(".\n├── README.md\n├── src/\n├── docs/\n└── a.py, gone.py"),
        ("README.md:10: draws `gone.py`, which does not exist; its line draws several entries",),
    ),
    Case(
        "one of two",
        fenced(".\n├── README.md\n├── src/\n├── docs/\n└── a.lock or b.lock"),
        "src/a docs/a",
        fenced(".\n├── README.md\n├── src/\n├── docs/\n└── a.lock or b.lock"),
        ("its line lists several paths",),
    ),
    Case(
        "renamed directory with its contents",
        fenced(
            ".\n├── README.md\n├── src/\n│   ├── bill/    # Bills\n│   │   ├── a.py\n│   │   └── gone.py\n│   └── c.py\n└── docs/"
        ),
        "src/bills/a.py src/c.py docs/a",
        fenced(
            ".\n├── README.md\n├── src/\n│   ├── bills/   # Bills\n│   │   └── a.py\n│   └── c.py\n└── docs/"
        ),
    ),
    Case(
        "a table",
        HEAD + "| Directory | What |\n|---|---|\n| `src/` | x |\n| `docs/` | y |\n| `gone/` | z |\n",
        "src/a docs/a",
        HEAD + "| Directory | What |\n|---|---|\n| `src/` | x |\n| `docs/` | y |\n",
    ),
    Case(
        "directory moved with its contents",
        fenced(
            "shop/\n├── lib/\n│   ├── z.py\n│   └── deep/\n│       └── y.py\n├── README.md\n└── src/\n    ├── core/\n    │   └── x.py\n"
            "    └── cart/           # The cart\n        ├── in/\n        │   └── c.py    # C\n        ├── a.py        # A\n        └── b.py"
        ),
        "lib/z.py lib/deep/y.py src/core/x.py lib/deep/cart/in/c.py lib/deep/cart/a.py lib/deep/cart/b.py",
        fenced(
            "shop/\n├── lib/\n│   ├── z.py\n│   └── deep/\n│       ├── cart/       # The cart\n│       │   ├── in/\n│       │   │   └── c.py  # C\n"
            "│       │   ├── a.py    # A\n│       │   └── b.py\n│       └── y.py\n├── README.md\n└── src/\n    └── core/\n        └── x.py"
        ),
    ),
    Case(
        "directory moved with its contents in a list",
        f"{HEAD}- `src/`\n  - `core/`\n    - `x.py`\n  - `cart/` - The cart\n    - `a.py` - A\n    - `b.py`\n- `lib/`\n  - `z.py`\n",
        "src/core/x.py lib/cart/a.py lib/cart/b.py lib/z.py",
        f"{HEAD}- `src/`\n  - `core/`\n    - `x.py`\n- `lib/`\n  - `cart/` - The cart\n    - `a.py` - A\n    - `b.py`\n  - `z.py`\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_fix_corrects_the_document(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, case: Case
) -> None:
    git = repository(dict.fromkeys(case.files.split(), "") | {"README.md": "x"})
    readme = git.path / "README.md"
    readme.write_bytes(case.before.encode())
    monkeypatch.chdir(git.path)
    shown = run("fix", "--document")
    assert readme.read_bytes() == case.before.encode()
    assert shown.status == 1
    assert run("fix", "--document", "README.md", "--diff", "--unsafe").out == shown.out
    status, _, err = run("fix", "--document", "--unsafe")
    assert readme.read_bytes().decode() == case.after
    assert status == bool(case.left)
    lines = err.splitlines()
    left = lines[lines.index("needs your decision:") + 1 :] if case.left else []
    assert len(left) == len(case.left)
    for line, part in zip(left, case.left, strict=True):
        assert part in line
    assert run("check", "--documents").status == bool(case.left)
    if case.before != case.after:
        assert run("fix", "--undo").status == 0
        assert readme.read_bytes() == case.before.encode()


def test_fix_corrects_a_tree_of_a_directory_that_nothing_names(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    tree = "users/\n├── card.py\n├── list.py\n├── form.py\n├── gone.py\n└── menus.py"
    files = {f"web/users/{name}": "" for name in ("card.py", "list.py", "form.py", "menu.py")}
    repo = repository({**files, "docs/web.md": fenced(tree)})
    monkeypatch.chdir(repo.path)
    status, _, _ = run("fix", "--document", "docs/web.md", "--unsafe")
    fixed = "users/\n├── card.py\n├── list.py\n├── form.py\n└── menu.py"
    assert (repo.path / "docs/web.md").read_text(encoding="utf-8") == fenced(fixed)
    assert status == 0


def test_diff_can_be_applied_with_git(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    files = {"README.md": CASES[1].before, **dict.fromkeys(CASES[1].files.split(), "")}
    git = repository(files)
    monkeypatch.chdir(git.path)
    patch = git.path.parent / "a.patch"
    patch.write_text(run("fix", "--document", "--diff").out)
    git("apply", str(patch))
    assert (git.path / "README.md").read_text() == CASES[1].after


OPTION_CONFLICTS = [
    (("--layout", "README.md"), "without a layout"),
    (("--select", "missing-file"), "without a layout"),
    (("--document=none.md",), "expected a document of the repository"),
    (("--document=../README.md",), "expected a document of the repository"),
    (("--document=src/a",), "expected a document of the repository"),
]


@pytest.mark.parametrize(
    ("options", "error"), OPTION_CONFLICTS, ids=[" ".join(case[0]) for case in OPTION_CONFLICTS]
)
def test_option_conflicts(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, options: tuple[str, ...], error: str
) -> None:
    monkeypatch.chdir(repository({"README.md": CASES[0].before, "src/a": ""}).path)
    status, out, err = run("fix", "--document", *options)
    assert (status, out) == (2, "")
    assert error in err


def test_document_in_other_encoding_is_not_changed(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    git = repository({"README.md": "x", "src/a": ""})
    (git.path / "README.md").write_bytes(CASES[0].before.encode("utf-16"))
    monkeypatch.chdir(git.path)
    status, out, err = run("fix", "--document", "README.md", "--unsafe")
    assert (status, out) == (1, "")
    assert "README.md:8: draws `gone.md`, which does not exist; the document is not in UTF-8" in err


def test_links_are_not_followed(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    git = repository({"src/a": ""})
    outside = git.path.parent / "outside.md"
    outside.write_text(CASES[0].before)
    (git.path / "README.md").symlink_to(outside)
    git("add", "-A")
    monkeypatch.chdir(git.path)
    assert run("fix", "--document", "--unsafe").status == 0
    assert run("fix", "--document", "README.md", "--unsafe").status == 2
    assert outside.read_text() == CASES[0].before


@pytest.mark.parametrize("heading", ["Recommended structure", "Remaining work"])
def test_trees_that_are_not_checked_are_not_edited(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, heading: str
) -> None:
    text = f"# Shop\n\n## {heading}\n\n```\nsrc/\n├── a\n├── b\n└── gone.md\n```\n"
    made = repository({"README.md": text, "src/a": "", "src/b": ""})
    monkeypatch.chdir(made.path)
    assert run("fix", "--document", "--unsafe").status == 0
    assert (made.path / "README.md").read_text("utf-8") == text


def test_doubtful_tree_is_corrected_only_if_its_document_is_named(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    files = {
        "README.md": "",
        "src/main.py": "",
        "docs/overview.md": fenced(".\n├── README.md\n├── src/\n└── gone/"),
    }
    monkeypatch.chdir(repository(files).path)
    assert run("fix", "--document") == (0, "", "nothing to fix\n")
    status, out, _ = run("fix", "--document", "docs/overview.md")
    assert (status, "-└── gone/" in out) == (1, True)
