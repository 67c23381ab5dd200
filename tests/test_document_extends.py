"""Layouts that extend several documents, each of which draws its own directory."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from conftest import Make, Run

ALL = "extends: [README.md, docs/STRUCTURE.md, services/*/README.md]\n"


def document_with(tree: str, title: str = "Shop") -> str:
    return f"# {title}\n\n## Structure\n\n```\n{tree}\n```\n"


ROOT = document_with("shop/\n├── README.md\n├── docs/\n├── services/\n│   ├── cart/\n│   └── mail/\n└── src/")
FILES = {
    "README.md": ROOT,
    "docs/STRUCTURE.md": document_with("src/\n└── b.py"),
    "services/mail/README.md": document_with("mail/\n├── README.md\n├── main.py\n└── queue.py", "Mail"),
    "services/cart/README.md": document_with("services/cart/\n├── README.md\n└── gone.py", "Cart"),
    "services/mail/main.py": "",
    "src/a.py": "",
}


def check_concise(
    files: Mapping[str, str], make: Make, monkeypatch: pytest.MonkeyPatch, run: Run, extends: str = ALL
) -> tuple[list[str], str]:
    monkeypatch.chdir(make({**files, "structlint.yaml": extends}).path)
    _, out, err = run("check", "--output-format", "concise")
    return [line.partition(" [")[0] for line in out.splitlines()], err


def test_documents_apply_to_their_directories(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    found, _ = check_concise(FILES, repository, monkeypatch, run)
    assert found == [
        "services/cart/gone.py: error: missing file (services/cart/README.md:8)",
        "services/mail/queue.py: error: missing file (services/mail/README.md:9)",
        "src/b.py: error: missing file (docs/STRUCTURE.md:7)",
    ]
    assert run("where", "services/mail/new.py", "src/b.py").status == 0


FIRST_LINES = [
    ("its name", "mail/\n├── README.md\n└── gone.py", "services/mail/gone.py"),
    ("its path", "services/\n└── mail/\n    ├── README.md\n    └── gone.py", "services/mail/gone.py"),
    ("a dot", ".\n├── README.md\n└── gone.py", "services/mail/gone.py"),
    ("no first line", "├── README.md\n└── gone/", "services/mail/gone/"),
    (
        "the repository",
        "shop/\n├── README.md\n├── gone/\n└── services/\n    └── mail/\n        └── README.md",
        "gone/",
    ),
]


@pytest.mark.parametrize(
    ("tree", "missing"), [case[1:] for case in FIRST_LINES], ids=[case[0] for case in FIRST_LINES]
)
def test_first_line_names_the_drawn_directory(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, tree: str, missing: str
) -> None:
    files = {**FILES, "services/mail/README.md": document_with(tree, "Mail")}
    found, _ = check_concise(files, repository, monkeypatch, run, "extends: services/mail/README.md\n")
    assert [line.partition(":")[0] for line in found if "missing" in line] == [missing]


def test_forbidden_and_local_paths_apply_to_the_directory(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    text = document_with("mail/\n├── README.md\n└── .env  # not committed", "Mail")
    text += "\n## Avoid\n\n```\nutils/\n*.bak\n```\n"
    files = {
        **FILES,
        "services/mail/README.md": text,
        "services/mail/.env": "",
        "services/mail/utils/a": "",
        "services/mail/deep/old.bak": "",
        ".env": "",
        "utils/a": "",
        "old.bak": "",
    }
    found, _ = check_concise(files, repository, monkeypatch, run, "extends: [services/*/README.md]\n")
    paths = {line.partition(":")[0] for line in found}
    assert {"services/mail/.env", "services/mail/utils/", "services/mail/deep/old.bak"} <= paths
    assert paths.isdisjoint({".env", "utils/", "old.bak"})


CONTRADICTIONS = [
    (
        "a file and a directory",
        ROOT.replace("└── mail/", "└── mail/\n│       └── main.py/"),
        "mail/\n└── main.py",
        "services/mail/README.md:7:5: main.py cannot be a file and a directory (see README.md:12)",
    ),
    (
        "forbidden and required",
        ROOT + "\n## Avoid\n\n```\nservices/mail/utils/\n```\n",
        "mail/\n└── utils/",
        "services/mail/README.md:7:5: services/mail/utils/ is required here, but forbidden"
        " (README.md:18: /services/mail/utils/)",
    ),
    (
        "two ports",
        ROOT.replace("└── mail/", "└── mail/  # Port 8001"),
        "mail/\n└── main.py\n```\n\n## Mail (Port 8002)\n\n```",
        "services/mail/README.md:10:1: mail has port 8002 here and 8001 in README.md:11; give it one",
    ),
]


@pytest.mark.parametrize(
    ("root", "mail", "error"), [case[1:] for case in CONTRADICTIONS], ids=[case[0] for case in CONTRADICTIONS]
)
def test_contradiction_shows_both_lines(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, root: str, mail: str, error: str
) -> None:
    files = {"README.md": root, "services/mail/README.md": document_with(mail, "Mail")}
    _, err = check_concise(
        files, repository, monkeypatch, run, "extends: [README.md, services/*/README.md]\n"
    )
    assert error.replace("`", "") in err.replace("`", "").splitlines()


def test_pattern_in_extends(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    files = {**FILES, "services/none/README.md": "# Words\n"}
    _, err = check_concise(files, repository, monkeypatch, run)
    assert "note: services/none/README.md:1:1: no drawn tree here" in err
    monkeypatch.undo()
    _, err = check_concise(
        {**FILES, "a.md": ""}, lambda f: repository(f, at="other"), monkeypatch, run, "extends: x/*.md"
    )
    assert "structlint.yaml:1:10: x/*.md matches no document" in err.replace("`", "")
