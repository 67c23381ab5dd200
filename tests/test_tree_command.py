"""`structlint tree`: the tree in every format, and trees in documents."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
from conftest import Git, Make, Run, write
from hypothesis import given, settings
from hypothesis import strategies as st

from structlint.checking.pages import examples
from structlint.errors import LayoutError
from structlint.layout.load import load
from structlint.layout.source import LayoutSource
from structlint.markdown.markers import CLOSING, OPENING, marked_trees, rewritten
from structlint.matching import match
from structlint.matching.treeview.build import build_tree
from structlint.matching.treeview.markdown import redrawn
from structlint.matching.treeview.model import documented
from structlint.rules import stale_document
from structlint.rules.engine import check
from structlint.tree import Tree
from structlint.tree.drawing import Drawn, drawn

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "tree.md"

LAYOUT = """\
extends: base
names: {service: kebab-case}
tree:
  README.md: Start here
  services/:
    .: All services
    <service>/: {.: One service, README.md: , src/: Its code}
"""
FILES = {
    "structlint.yaml": LAYOUT,
    "README.md": f"# Shop\n\n{OPENING}\n{CLOSING}\n",
    "services/auth/README.md": "",
    "services/auth/src/a.go": "",
    "services/billing/src/a.go": "",
    "notes.odd": "",
}
TREE = """
```text
.
├── README.md     # Start here
└── services/     # All services
    ├── auth/     # One service
    │   ├── README.md
    │   └── src/  # Its code
    └── billing/  # One service
        ├── README.md
        └── src/  # Its code
```

"""


@pytest.fixture
def shop(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    git = repository(FILES)
    monkeypatch.chdir(git.path)
    return git


def document_with(inside: str = TREE) -> str:
    return f"# Shop\n\n{OPENING}\n{inside}{CLOSING}\n"


# --- The tree


def test_text(shop: Git, run: Run) -> None:
    write(shop.path, {"structlint.yaml": f"{LAYOUT}local: [.env]\n"})
    assert run("tree") == (
        0,
        dedent(
            """\
            . against structlint.yaml
            ├── README.md              warning: outdated tree; it does not show `README.md` and 1 more
            ├── services/              # All services
            │   ├── auth/              # One service
            │   │   ├── README.md
            │   │   └── src/ … 1 more  # Its code
            │   └── billing/           # One service
            │       ├── README.md      missing file
            │       └── src/ … 1 more  # Its code
            ├── .gitignore             warning: `.env` should stay local, but git does not ignore it
            ├── notes.odd              unlisted file
            └── … 1 more

            6 as expected, 1 missing, 1 unlisted, 2 wrong
            """
        ),
        "",
    )


FINDINGS = {
    "structlint.yaml": """\
names: {service: kebab-case, module: kebab-case}
tree: {src/: , docs/?: , services/: {<service>/: , "<module>.py?": }}
belongs: {"*.md": docs/}
forbid: {"*.orig": no}
limits: {root-files: 1}
ignore: [{rule: bad-name, path: services/Accepted.py, why: it was there first}]
""",
    **dict.fromkeys(["docs/x.md", "src/a.md", "src/b.orig", "src/c.py", "spare.txt"], ""),
    **dict.fromkeys(["services/ok/x", "services/user_bad/x"], ""),
    **dict.fromkeys(["services/ok.py", "services/UserBad.py", "services/Accepted.py"], ""),
}


def test_findings_are_shown_at_their_paths(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository(FINDINGS).path)
    assert run("tree").out == dedent(
        """\
        . against structlint.yaml  2 files; at most 1 allowed
        ├── src/
        │   ├── a.md                → docs/a.md
        │   ├── b.orig              forbidden by the layout
        │   └── … 1 more
        ├── docs/ … 1 more
        ├── services/
        │   ├── ok/ … 1 more
        │   ├── user_bad/ … 1 more  → services/user-bad/
        │   ├── <module>.py … 2
        │   └── UserBad.py          → services/user-bad.py
        ├── spare.txt               unlisted file
        └── … 1 more

        5 as expected, 1 unlisted, 5 wrong
        """
    )


@pytest.mark.parametrize(
    ("arguments", "present", "absent"),
    [
        (["--expected"], ["user_bad/ … 1 more\n", "<module>.py … 3"], ["→", "at most", "wrong"]),
        (["services"], ["→ services/user-bad/", "2 wrong"], ["a.md"]),
        (["--depth", "1"], ["user_bad/ … 1 more  → services/user-bad/"], ["ok/"]),
        (
            ["--color", "always"],
            ["\x1b[31m  → services/user-bad/", "\x1b[31m  2 files; at most 1 allowed"],
            [],
        ),
        (["--format", "markdown"], ["user_bad/"], ["→", "UserBad.py"]),
    ],
)
def test_findings_and_options(
    arguments: list[str],
    present: list[str],
    absent: list[str],
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(repository(FINDINGS).path)
    result = run("tree", *arguments).out
    assert [each for each in present if each not in result] == []
    assert [each for each in absent if each in result] == []


def test_findings_in_a_project_below_the_root(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository({f"app/{path}": text for path, text in FINDINGS.items()}).path)
    result = run("tree", "app").out
    assert "app/ against app/structlint.yaml  2 files; at most 1 allowed\n" in result
    assert "a.md                → app/docs/a.md\n" in result
    assert "5 as expected, 1 unlisted, 5 wrong\n" in result


def test_baselined_findings_are_not_shown(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository(FINDINGS).path)
    assert run("tree").out.endswith("5 as expected, 1 unlisted, 5 wrong\n")
    assert run("check", "--update-baseline").status == 0
    result = run("tree").out
    assert "├── spare.txt               unlisted file (baselined)\n" in result
    assert result.endswith("5 as expected, 6 baselined\n")


def test_numbers_agree_with_check(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if rules are off or ignored, or similar names are combined into one finding."""
    layout = """\
tree: {README.md: , src/: {<m>.py: }, tests/: {test_<m>.py: }, docs/: {a.md: {level: recommended}}}
severity: {stray-directory: off, orphan: warning}
ignore: [{rule: stray-file, path: kept.txt, why: it was there first}]
"""
    files = dict.fromkeys(["src/a.py", "test/test_a.py", "docs/b", "other/x", "kept.txt", "new.txt"], "")
    monkeypatch.chdir(repository({"structlint.yaml": layout, **files, "README.txt": ""}).path)
    stale_trees = json.loads(run("check", "--output-format", "json").out)["findings"]
    result = run("tree").out
    numbers = re.findall(r"(\d+) (?:missing|unlisted|wrong)", result.splitlines()[-1])
    assert sum(map(int, numbers)) == len(stale_trees) == 4
    assert "├── README.txt       → README.md\n" in result
    assert "kept.txt" not in result and "other/" not in result
    assert re.search("a.md +warning: missing file\n", result)


def test_orphan_is_not_counted_for_another_pattern(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = 'tree: {src/: {"*.py?": }, "**/": {"<m>.py?": , "test_<m>.py?": }}'
    files = dict.fromkeys(["src/a.py", "src/c.py", "src/test_a.py", "src/test_b.py"], "")
    monkeypatch.chdir(repository({"structlint.yaml": layout, **files}).path)
    assert "orphan; its counterpart `src/b.py` does not exist" in run("check").out
    result = run("tree").out
    assert "├── *.py … 3\n" in result
    assert "└── test_b.py  orphan; its counterpart `src/b.py` does not exist\n" in result


def test_colored_output(shop: Git, run: Run) -> None:
    result = run("tree", "--color", "always").out.replace("\x1b[0m", "")
    assert "\x1b[31mREADME.md" in result
    assert "\x1b[31mnotes.odd" in result
    assert "\x1b[32mservices/" in result
    assert re.sub(r"\x1b\[[0-9;]*m", "", result) == run("tree").out


@pytest.mark.parametrize(
    ("arguments", "present", "absent"),
    [
        (["--depth", "1"], ["services/", "missing", "unlisted", "… 1 more"], ["auth/"]),
        (["--expected"], ["billing/", "missing"], ["unlisted", "notes.odd"]),
        (["--all"], ["src/", "unlisted"], []),
        (["services"], ["services/ against", "├── auth/"], ["notes.odd", "├── README.md         #"]),
        (["services/auth"], ["services/auth/ against", "2 as expected"], ["billing"]),
        (["--layout", "monorepo"], [". against monorepo"], []),
        (["--layout", "base"], ["services/", "unlisted"], []),
        (["--tracked"], ["6 as expected"], []),
        (["--rev", "HEAD"], ["6 as expected"], []),
        (["-c", "structlint.yaml"], ["6 as expected"], []),
        (
            ["--format", "markdown", "--depth", "1"],
            ["```text\n.\n├── README.md  #", "└── services/  #"],
            ["notes"],
        ),
    ],
)
def test_options(arguments: list[str], present: list[str], absent: list[str], shop: Git, run: Run) -> None:
    shop("commit", "-q", "-m", "one")
    result = run("tree", *arguments)
    assert (result.status, result.err) == (0, "")
    assert [each for each in present if each not in result.out] == []
    assert [each for each in absent if each in result.out] == []


def test_markdown(shop: Git, run: Run) -> None:
    assert run("tree", "--format", "markdown").out == TREE.strip("\n") + "\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "no such directory: `nowhere`"),
        (["services/auth/src"], None),
        (["odd"], "the layout has no directory odd/"),
        (["--layout", "nothing"], "unknown layout `nothing`"),
        (["--depth", "0"], "`0` is not a whole number"),
        (["--all", "--depth", "2"], "--all and --depth cannot be used together"),
        (["--write", "README.md", "--depth", "2"], "<!-- structlint:tree depth=2 -->"),
        (["--write", "README.md", "--format", "svg"], "--write updates a document"),
        (["--write", "README.md", "-o", "x"], "--write updates a document"),
        (["--write", "new.md"], f"no such file: `new.md`; create it with the two lines {OPENING}"),
        (["--write", "services"], "`services` is not a regular file"),
        (["--write", "services/auth/README.md"], "has no marked tree; add these two lines"),
        (["--write", "a\0b"], "Invalid argument"),
        (["--write", ""], "Is a directory"),
    ],
)
def test_invalid_options(arguments: list[str], message: str | None, shop: Git, run: Run) -> None:
    write(shop.path, {"odd/x.txt": ""})
    result = run("tree", *arguments)
    assert result.status == (0 if message is None else 2), result
    assert message is None or message in result.err
    assert shop("diff", "--name-only") == ""


def test_without_a_layout(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(repository({"a": ""}).path)
    assert run("tree").status == 2
    assert run("tree", "-l", "base").status == 0


def test_project_below_the_root(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    git = repository({f"shop/{path}": text for path, text in FILES.items()})
    monkeypatch.chdir(git.path)
    assert run("tree", "shop").out.startswith("shop/ against shop/structlint.yaml\n")
    assert run("tree", "shop", "--write", "shop/README.md").status == 0
    assert (git.path / "shop/README.md").read_text() == document_with()
    write(git.path, {"shop/services/new/src/x": ""})
    assert "run `structlint tree shop --write shop/README.md`" in run("check", "shop").out


@pytest.mark.parametrize("kind", ["svg", "html"])
def test_svg_and_html_do_not_depend_on_the_terminal(
    kind: str, shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run("tree", "--format", kind).out
    for name, value in {"COLUMNS": "20", "TERM": "dumb", "NO_COLOR": "1", "JUPYTER_COLUMNS": "9"}.items():
        monkeypatch.setenv(name, value)
    assert run("tree", "--format", kind).out == first
    assert run("tree", "-o", f"../x.{kind}") == (0, "", "")
    assert (shop.path.parent / f"x.{kind}").read_text() == first
    assert "http" not in first.replace("http://www.w3.org/2000/svg", "")
    assert "[1m" not in first


def text_of_svg(svg: str) -> str:
    return " ".join(element.text or "" for element in ET.fromstring(svg).iter() if element.text)  # noqa: S314 - our own


HOSTILE = ["a[bold]b", "<b>&", "x\x1b[31m", "new\nline", "\u202egnp", "::error::x", "caf\udce9", "{matrix}"]


@pytest.mark.parametrize("kind", ["text", "markdown", "svg", "html"])
def test_hostile_names_are_escaped(kind: str, shop: Git, run: Run) -> None:
    about = "[red]x[/red] <i> & {styles}"
    layout = {"about": about, "tree": {"units/": {"<unit>/": {".": about, "\\<b>.c?": about}}}}
    write(shop.path, {f"units/{name}/a.c": "" for name in HOSTILE} | {f"{name}.odd": "" for name in HOSTILE})
    write(shop.path, {"structlint.yaml": json.dumps(layout)})
    result = run("tree", "--format", kind)
    assert (result.status, result.err) == (0, "")
    assert not set(result.out).intersection("\x1b\u202e\udce9")
    assert not any(line.startswith(("line", "::")) for line in result.out.splitlines())
    words = text_of_svg(result.out) if kind == "svg" else result.out
    assert "a[bold]b" in words
    assert "{matrix}" in words
    assert ("&lt;b&gt;&amp;" if kind == "html" else "<b>&") in words
    assert "<i>" not in result.out or kind in ("text", "markdown")


# --- Documents


def test_write(shop: Git, run: Run) -> None:
    assert run("tree", "--write", "README.md") == (0, "", "README.md: 11 lines added, 0 removed\n")
    assert (shop.path / "README.md").read_text() == document_with()
    before = (shop.path / "README.md").stat()
    assert run("tree", "--write", "README.md") == (0, "", "README.md: up to date, nothing written\n")
    assert (shop.path / "README.md").stat() == before
    assert "stale-document" not in run("check").out


def test_write_keeps_comments(shop: Git, run: Run) -> None:
    run("tree", "--write", "README.md")
    text = (shop.path / "README.md").read_text()
    edited = text.replace("# One service\n    │", "# Who may do what (see #12)\n    │").replace(
        "\n.\n", "\nshop/\n"
    )
    (shop.path / "README.md").write_text(edited)
    assert "stale-document" not in run("check").out
    assert run("tree", "--write", "README.md").err == "README.md: up to date, nothing written\n"
    write(shop.path, {"services/a-much-longer-name/src/x.go": ""})
    assert (
        "it does not show `services/a-much-longer-name/` [" in run("check", "--output-format", "concise").out
    )
    assert run("tree", "--write", "README.md").err == "README.md: 3 lines added, 0 removed\n"
    new = (shop.path / "README.md").read_text()
    assert "```text\nshop/\n├── README.md" in new
    assert "├── auth/                # Who may do what (see #12)\n" in new
    assert "├── a-much-longer-name/  # One service\n" in new
    assert "stale-document" not in run("check").out


def test_write_updates_all_trees_in_a_document(shop: Git, run: Run) -> None:
    marks = f"{OPENING.replace('tree', 'tree depth=1 comments=no')}\n{CLOSING}\n"
    marks += f"{OPENING.replace('tree', 'tree path=services/auth')}\n{CLOSING}\n"
    write(shop.path, {"odd.md": marks})
    assert run("tree", "--write", "odd.md").status == 0
    text = (shop.path / "odd.md").read_text()
    assert "\n.\n├── README.md\n├── services/\n└── odd.md\n```\n" in text  # `base` lists pages
    assert "\nservices/auth/\n├── README.md\n└── src/  # Its code\n```\n" in text
    assert re.findall(r"(?m)^odd.md:\d+: .*", run("check", "--output-format", "concise").out) == []


@pytest.mark.parametrize(
    "marks",
    [
        OPENING,
        f"{OPENING.replace('tree', 'tree dept=1')}\n{CLOSING}",
        f"{OPENING}\n{CLOSING}\n\n{OPENING.replace('tree', 'tree path=nowhere')}\n{CLOSING}",
    ],
)
def test_write_with_an_invalid_marker(marks: str, shop: Git, run: Run) -> None:
    write(shop.path, {"README.md": marks})
    result = run("tree", "--write", "README.md")
    assert result.status == 2
    assert re.match(r"README\.md:\d+:\d+: ", result.err)
    assert (shop.path / "README.md").read_text() == marks
    assert re.search(
        r"(?m)^README\.md:\d+: warning: invalid marker; ", run("check", "--output-format", "concise").out
    )


def test_write_replaces_an_unreadable_tree(shop: Git, run: Run) -> None:
    write(shop.path, {"README.md": document_with("```text\na/../x\n```\n")})
    assert "unreadable tree; README.md:5:" in run("check").out
    result = run("tree", "--write", "README.md")
    assert result.status == 0
    assert "no comments were kept" in result.err
    assert "stale-document" not in run("check").out


def test_write_preserves_the_rest_of_the_file(shop: Git, run: Run) -> None:
    path = shop.path / "README.md"
    before, after = b"\xef\xbb\xbf# A\r\n\xff\r\n", b"\r\n\x80 no end of a line"
    path.write_bytes(before + f"{OPENING}\r\n{CLOSING}".encode() + after)
    path.chmod(0o640)
    assert run("tree", "--write", "README.md", "-q") == (0, "", "")
    data = path.read_bytes()
    assert data.startswith(before + OPENING.encode())
    assert data.endswith(CLOSING.encode() + after)
    assert data.count(b"\n") == data.count(b"\r\n")
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(shop.path.glob(".README*")) == []


def test_write_does_not_follow_symlinks_of_the_repository(shop: Git, run: Run) -> None:
    write(shop.path.parent, {"outside.md": document_with("")})
    (shop.path.parent / "own.md").symlink_to("outside.md")
    for name, target in (("inside.md", "README.md"), ("out.md", "../outside.md")):
        (shop.path / name).symlink_to(target)
        result = run("tree", "--write", name)
        assert result.status == 2
        assert f"{name} is a symbolic link to {target}" in result.err
        (shop.path / name).unlink()
    assert (shop.path / "README.md").read_text() == document_with("")
    assert (shop.path.parent / "outside.md").read_text() == document_with("")
    assert run("tree", "--write", "../own.md").status == 0  # links outside the repository belong to the user
    assert (shop.path.parent / "outside.md").read_text() == document_with()


def test_tree_in_the_layout_document_is_not_checked(shop: Git, run: Run) -> None:
    text = document_with("```text\n.\n├── README.md\n└── docs/  # (optional)\n```\n").replace(
        "# Shop", "# Structure"
    )
    write(shop.path, {"README.md": text})
    assert "outdated tree" in run("check").out
    result = run("check", "-l", "README.md").out
    assert "stale-document" not in result
    assert "unlisted" in result
    assert "is the layout itself" in run("tree", "-l", "README.md", "--write", "README.md").err
    assert run("tree", "-l", "README.md", "--write", "./README.md").status == 2
    assert (shop.path / "README.md").read_text() == text


def test_large_document_is_skipped(shop: Git, run: Run) -> None:
    write(shop.path, {"README.md": document_with("") + "x" * (1 << 20)})
    assert "larger than 1 MiB" in run("tree", "--write", "README.md").err
    assert "stale-document" not in run("check").out


# --- The rule `stale-document`


def stale_trees(layout: object, files: Mapping[str, str]) -> list[str]:
    """The positions of the trees that the rule reports."""
    source = Drawn({path: text.encode() for path, text in files.items()}, frozenset())
    shelf = LayoutSource({"structlint.yaml": json.dumps(layout).encode()}.__getitem__)
    survey = match(load(shelf, "structlint.yaml"), Tree(tuple(sorted(files)), source))
    return [f"{each.path}:{each.line}" for each in check(survey, {"stale-document"}, date(2026, 1, 1))]


@pytest.mark.parametrize(
    ("path", "is_read"),
    [
        ("README.md", True),
        ("docs/a.markdown", True),
        (".github/CONTRIBUTING.MD", True),
        ("docs/deep/a.md", False),
        ("src/README.md", False),
        ("README.txt", False),
        ("README.rst", False),
    ],
)
def test_documents_that_are_read(path: str, is_read: bool) -> None:
    assert (
        stale_trees({"tree": {"a?": None, "b": None}}, {path: document_with("")}) == [f"{path}:3"] * is_read
    )


class Unread:
    """A source that fails if a file is read."""

    root = Path(os.devnull)

    def read(self, path: str) -> bytes:
        raise AssertionError(path)

    def expect(self, paths: object) -> None:
        raise AssertionError(paths)

    def is_directory(self, path: str) -> bool:
        return False

    def would_ignore(self, paths: object) -> frozenset[str]:
        return frozenset()


def test_other_files_are_not_read() -> None:
    layout = load(LayoutSource({"structlint.yaml": b"tree: {a: }"}.__getitem__), "structlint.yaml")
    tree = Tree(("a", "b.txt", "docs/x/y.md", "src/a.md"), Unread())
    assert list(stale_document.find(match(layout, tree))) == []


_NAMES = [
    "a",
    "b.txt",
    "my notes",
    "<x>",
    "<x>.md",
    "*.py",
    "[id]",
    "a | b",
    "service-name",
    "\\<y>",
    "é",
    "-",
    "..x",
]
_keys = st.sampled_from(_NAMES)
_files = st.builds(str.__add__, _keys, st.sampled_from(["", "?"]))
_directories = st.builds(
    lambda key, end: " | ".join(f"{each}/" for each in key.split(" | ")) + end,
    _keys,
    st.sampled_from(["", "?"]),
)
_layouts = st.recursive(
    st.dictionaries(_files, st.sampled_from([None, "Words # and more", "(optional) x - y"]), max_size=3),
    lambda inside: st.builds(
        lambda files, directories: {**files, **directories},
        st.dictionaries(_files, st.none() | st.just("Words"), max_size=2),
        st.dictionaries(_directories, inside, max_size=3),
    ),
    max_leaves=6,
)
_steps = st.sampled_from(
    ["a", "b.txt", "my notes", "c.py", "[id]", "service-name", "<y>", "é", "d", "x # y", "...", "-"]
)
_paths = st.lists(st.lists(_steps, min_size=1, max_size=4).map("/".join), max_size=8)
_options = st.sampled_from(["", " depth=1", " depth=9", " comments=no", " depth=2 comments=no"])


@settings(max_examples=60)
@given(_layouts, _paths, _options)
def test_written_tree_is_up_to_date(written: dict[str, object], paths: list[str], options: str) -> None:
    """Writing it again does not change it."""
    files = {path: b"" for path in paths if not any(other.startswith(f"{path}/") for other in paths)}
    data = f"x\n{OPENING.replace('tree', f'tree{options}')}\n{CLOSING}\ny".encode()
    try:
        shelf = LayoutSource({"structlint.yaml": json.dumps({"tree": written}).encode()}.__getitem__)
        layout = load(shelf, "structlint.yaml")
    except LayoutError:
        return
    for _ in range(2):
        contents = {**files, "README.md": data}
        survey = match(layout, Tree(tuple(sorted(contents)), Drawn(contents, frozenset())))
        trees = marked_trees(data, "README.md")
        result = documented(build_tree(survey), "", trees[0].options.depth)
        assert result
        new = rewritten(data, trees, [redrawn(result, trees[0], "README.md").lines])
        assert new.startswith(b"x\n<!--")
        assert new.endswith(b"-->\ny")
        again = match(layout, Tree(survey.tree.files, Drawn({**files, "README.md": new}, frozenset())))
        assert list(stale_document.find(again)) == []
        assert _ == 0 or new == data
        data = new


# --- The documentation page


@pytest.fixture
def example(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    """The example on the page, as a repository."""
    (result,) = examples(PAGE)
    assert result.layout
    git = repository(dict.fromkeys(drawn(result.tree).files, "") | {"structlint.yaml": result.layout})
    monkeypatch.chdir(git.path)
    return git


def test_svg_of_the_documentation(example: Git, run: Run) -> None:
    """To update it, run `structlint tree -o docs/tree.svg` in a directory with the example."""
    assert run("tree", "--format", "svg").out == (ROOT / "docs" / "tree.svg").read_text(encoding="utf-8")


def test_markdown_of_the_documentation(example: Git, run: Run) -> None:
    block = run("tree", "--format", "markdown").out
    assert f"\n\n{block}" in PAGE.read_text(encoding="utf-8")
