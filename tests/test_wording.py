"""The wording of findings for one and for several paths, and the alignment of columns."""

from __future__ import annotations

import pytest
from conftest import Make, Run

from structlint.report.terminal import Span, wrapped
from structlint.text.quoting import patch_line
from structlint.text.suggestions import suggestion

SERVICES = "names: {service: kebab-case}\ntree: {services/: {<service>/: {.: One service, %s}}}\n"
# For each kind of finding: a layout, the files, and the combined finding.
SEVERAL = [
    (
        "tree: {README.md: }",
        "README.md a.txt b.txt c.txt",
        "3 unlisted files in ./: a.txt, b.txt, c.txt",
        "move them, remove them, or list them in the layout",
    ),
    (
        "tree: {README.md: }",
        "README.md a/x b/x c/x",
        "3 unlisted directories in ./: a/, b/, c/",
        "move them, remove them, or list them in the layout",
    ),
    (
        "tree: {s/: {<x>/: {.: {if: go.mod}}}}",
        "s/a/x s/b/x s/c/x s/d/go.mod",
        "3 unlisted directories in s/ that do not match `<x>/`, because they do not contain `go.mod`: "
        "a/, b/, c/",
        "move them, remove them, or list them in the layout",
    ),
    (
        SERVICES % "README.md: How to run it",
        "services/a/x services/b/x services/c/x",
        "3 missing files in services/ (How to run it): a/README.md, b/README.md, c/README.md",
        "create them",
    ),
    (
        SERVICES % "tests/: Unit tests",
        "services/a/test/x services/b/test/x services/c/test/x",
        "3 missing directories in services/ (Unit tests); `test/` exists: a/tests/, b/tests/, c/tests/",
        "in each directory, rename `test/` to `tests/`",
    ),
    (
        SERVICES % "README.md | README.rst: How to run it",
        "services/a/x services/b/x services/c/x",
        "3 missing files in services/ (How to run it); expected `README.md` or `README.rst`: a/README.md, "
        "b/README.md, c/README.md",
        "create one of them in each directory",
    ),
    (
        SERVICES % "'*.md': How to run it",
        "services/a/x services/b/x services/c/x",
        "3 missing files in services/ (How to run it); nothing matches `*.md`: a/*.md, b/*.md, c/*.md",
        "create a file that matches in each directory",
    ),
    (
        SERVICES % "x?: ",
        "services/A_a/x services/B_b/x services/C_c/x",
        "3 names in services/ (One service) that are not kebab-case: A_a/, B_b/, C_c/",
        "rename them to kebab-case",
    ),
    (
        "tree: {i/: , s/: }\nbelongs: {'*.tf': i/}",
        "i/x s/a.tf s/b.tf s/c.tf",
        "3 misplaced files in s/; `*.tf` belongs in `i/`: a.tf, b.tf, c.tf",
        "move them to `i/`",
    ),
    (
        "forbid: {'*.orig': left over}",
        "s/a.orig s/b.orig s/c.orig",
        "3 paths in s/ (left over) that the layout forbids: a.orig, b.orig, c.orig",
        "remove them",
    ),
    (
        "limits: {depth: 1}",
        "s/a/x s/b/x s/c/x",
        "3 directories in s/ nested 2 levels deep; the limit is 1: a/, b/, c/",
        "move their contents further up",
    ),
    (
        "limits: {files: 1}",
        "s/a/x s/a/y s/b/x s/b/y s/c/x s/c/y",
        "3 directories in s/ with 2 files; at most 1 allowed: a/, b/, c/",
        "in each, move or merge 1 of them",
    ),
    (
        "limits: {}",
        "s/a? s/b? s/c?",
        "3 unportable names in s/; Windows forbids `?` in names: a?, b?, c?",
        "rename them",
    ),
]


@pytest.mark.parametrize(("layout", "files", "message", "hint"), SEVERAL)
def test_combined_findings(
    layout: str, files: str, message: str, hint: str, repository: Make, run: Run
) -> None:
    git = repository({"structlint.yaml": layout, **dict.fromkeys(files.split(), "")})
    lines = run("check", str(git.path)).out.splitlines()
    at = next(number for number, line in enumerate(lines) if message in line)
    assert lines[at][9:] == message
    assert lines[at + 1].strip().split("  (")[0] == hint


# The purpose of an entry follows the noun phrase, so that it does not seem to belong to another path.
PURPOSES = [
    (
        SERVICES % "tests/: Unit tests",
        "services/a/test/x",
        "missing directory: Unit tests; `services/a/test/` exists",
    ),
    ("tree: {a.md | b.md: The terms}", "", "missing file: The terms; expected `a.md` or `b.md`"),
    (
        "tree: {a ^ b: The lock file}",
        "a b",
        "conflicts with `b`: The lock file; only one of them is allowed",
    ),
    (
        "tree: {s/: {<x>/: }, k/: {<x>.yaml: How it runs}}",
        "s/a/x k/a.yaml k/b.yaml",
        "orphan: How it runs; its counterpart `s/b/` does not exist",
    ),
    (SERVICES % "x?: ", "services/A_a/x", "`A_a` is not kebab-case: One service"),
]


@pytest.mark.parametrize(("layout", "files", "message"), PURPOSES)
def test_purpose_follows_the_noun_phrase(
    layout: str, files: str, message: str, repository: Make, run: Run
) -> None:
    git = repository({"structlint.yaml": layout, **dict.fromkeys(files.split(), "")})
    assert f": {message}\n" in run("check", str(git.path)).out


def test_line_of_a_finding_in_the_layout_is_printed_once(repository: Make, run: Run) -> None:
    layout = "tree: {README.md: }\nignore:\n  - {rule: orphan, path: x, why: y}\n"
    git = repository({"structlint.yaml": layout, "README.md": ""})
    assert run("check", str(git.path)).out.count("structlint.yaml:3") == 1
    assert run("check", str(git.path), "--output-format", "concise").out.count("structlint.yaml:3") == 1


def test_number_of_fixable_findings_agrees_with_fix(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`fix` does not create manifests and licenses, because empty ones would only hide the problem."""
    git = repository({"structlint.yaml": "tree: {README.md: , LICENSE: , package.json: }"})
    monkeypatch.chdir(git.path)
    assert "1 of 3 can be fixed: structlint fix --diff\n" in run("check").out
    assert run("fix").out == "create  README.md\n"
    remaining = run("check")
    assert "can be fixed" not in remaining.out
    assert "fixable" not in remaining.out


def test_hint_for_a_new_path_is_not_to_move_it(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = SERVICES % "src/: " + "belongs: {'*.tf': i/}\nforbid: {'*.orig': no}\n"
    git = repository({"structlint.yaml": layout, "services/a/src/x": ""})
    monkeypatch.chdir(git.path)
    paths = ("notes.txt", "structlint.yml", "services/A_b/", "services/a/src/x.tf", "services/a/src/x.orig")
    for path in paths:
        out = run("where", path, "--output-format", "json").out
        assert '"allowed": false' in out
        for word in ("move it", "rename it", "remove it"):
            assert word not in out


WIDE = "服务名称"  # eight columns


def test_wide_characters_are_aligned(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = f"tree: {{{WIDE}/: {{<service>/: }}, README.md: Start}}"
    git = repository({"structlint.yaml": layout, f"{WIDE}/支付/x": "", "README.md": ""})
    monkeypatch.chdir(git.path)
    head, row, *_ = run("new").out.splitlines()
    assert head.index("existing") - len(WIDE) == row.index("支付")
    tree = run("tree").out.splitlines()
    assert "│   └── 支付/ … 1 more" in tree  # 22 columns
    assert next(line for line in tree if "README.md" in line).index("#") == 24


def test_wrapped_row_is_indented() -> None:
    """Also in the right half, if there is room for a few words."""
    line = (Span("a" * 44 + "  "), Span("unlisted file; unportable name; it ends in a dot"))
    rows = ["".join(span.text for span in row) for row in wrapped(line, 80, 46)]
    assert [len(row) - len(row.lstrip()) for row in rows] == [0, 46]


def test_long_path_is_wrapped_after_a_slash() -> None:
    path = "src/main/java/com/example/organization/platform/User_Accounts/Application.java"
    rows = ["".join(span.text for span in row) for row in wrapped((Span(path),), 50, 4)]
    assert rows == [
        "src/main/java/com/example/organization/platform/",
        "    User_Accounts/Application.java",
    ]
    long = ["".join(span.text for span in row) for row in wrapped((Span("a/" + "b" * 30),), 20, 2)]
    assert long == ["a/" + "b" * 18, "  " + "b" * 12]


def test_only_unsafe_patch_lines_are_quoted() -> None:
    assert patch_line('+"""The entry point"""') == '+"""The entry point"""'
    assert patch_line("+") == "+"
    assert patch_line("+    indented") == "+    indented"
    assert patch_line("+\x1b[31mred") == r'+"\x1b[31mred"'


def test_prefix_of_a_name_is_a_suggestion() -> None:
    assert suggestion("path", ["depth", "files", "path-length"]) == "did you mean `path-length`?"
