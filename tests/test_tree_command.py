"""`structlint tree`: the picture in every format, and documents kept in step with it."""

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
from structlint.layout.load import LayoutSource, load
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


def document(inside: str = TREE) -> str:
    return f"# Shop\n\n{OPENING}\n{inside}{CLOSING}\n"


# --- The picture


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


def test_every_finding_is_drawn_at_its_path(
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
    ("arguments", "there", "absent"),
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
    there: list[str],
    absent: list[str],
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(repository(FINDINGS).path)
    shown = run("tree", *arguments).out
    assert [each for each in there if each not in shown] == []
    assert [each for each in absent if each in shown] == []


def test_the_paths_of_findings_in_a_project_below_the_root(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository({f"app/{path}": text for path, text in FINDINGS.items()}).path)
    shown = run("tree", "app").out
    assert "app/ against app/structlint.yaml  2 files; at most 1 allowed\n" in shown
    assert "a.md                → app/docs/a.md\n" in shown
    assert "5 as expected, 1 unlisted, 5 wrong\n" in shown


def test_what_the_baseline_accepts_is_not_drawn_as_wrong(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository(FINDINGS).path)
    assert run("tree").out.endswith("5 as expected, 1 unlisted, 5 wrong\n")
    assert run("check", "--update-baseline").status == 0
    shown = run("tree").out
    assert "├── spare.txt               unlisted file (baselined)\n" in shown
    assert shown.endswith("5 as expected, 6 baselined\n")


def test_f1_the_numbers_are_those_of_the_check(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the layout says of rules, and of what a near miss is one finding."""
    layout = """\
tree: {README.md: , src/: {<m>.py: }, tests/: {test_<m>.py: }, docs/: {a.md: {level: recommended}}}
severity: {stray-directory: off, orphan: warning}
ignore: [{rule: stray-file, path: kept.txt, why: it was there first}]
"""
    files = dict.fromkeys(["src/a.py", "test/test_a.py", "docs/b", "other/x", "kept.txt", "new.txt"], "")
    monkeypatch.chdir(repository({"structlint.yaml": layout, **files, "README.txt": ""}).path)
    found = json.loads(run("check", "--output-format", "json").out)["findings"]
    shown = run("tree").out
    numbers = re.findall(r"(\d+) (?:missing|unlisted|wrong)", shown.splitlines()[-1])
    assert sum(map(int, numbers)) == len(found) == 4
    assert "├── README.txt       → README.md\n" in shown
    assert "kept.txt" not in shown and "other/" not in shown
    assert re.search("a.md +warning: missing file\n", shown)


def test_an_orphan_is_no_file_of_the_form_that_lists_it_too(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = 'tree: {src/: {"*.py?": }, "**/": {"<m>.py?": , "test_<m>.py?": }}'
    files = dict.fromkeys(["src/a.py", "src/c.py", "src/test_a.py", "src/test_b.py"], "")
    monkeypatch.chdir(repository({"structlint.yaml": layout, **files}).path)
    assert "orphan; its counterpart `src/b.py` does not exist" in run("check").out
    shown = run("tree").out
    assert "├── *.py … 3\n" in shown
    assert "└── test_b.py  orphan; its counterpart `src/b.py` does not exist\n" in shown


def test_in_colour(shop: Git, run: Run) -> None:
    shown = run("tree", "--color", "always").out.replace("\x1b[0m", "")
    assert "\x1b[31mREADME.md" in shown
    assert "\x1b[31mnotes.odd" in shown
    assert "\x1b[32mservices/" in shown
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == run("tree").out


@pytest.mark.parametrize(
    ("arguments", "there", "absent"),
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
def test_options(arguments: list[str], there: list[str], absent: list[str], shop: Git, run: Run) -> None:
    shop("commit", "-q", "-m", "one")
    shown = run("tree", *arguments)
    assert (shown.status, shown.err) == (0, "")
    assert [each for each in there if each not in shown.out] == []
    assert [each for each in absent if each in shown.out] == []


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
def test_what_cannot_be_done(arguments: list[str], message: str | None, shop: Git, run: Run) -> None:
    write(shop.path, {"odd/x.txt": ""})
    shown = run("tree", *arguments)
    assert shown.status == (0 if message is None else 2), shown
    assert message is None or message in shown.err
    assert shop("diff", "--name-only") == ""


def test_without_a_layout(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(repository({"a": ""}).path)
    assert run("tree").status == 2
    assert run("tree", "-l", "base").status == 0


def test_a_project_in_a_repository(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    git = repository({f"shop/{path}": text for path, text in FILES.items()})
    monkeypatch.chdir(git.path)
    assert run("tree", "shop").out.startswith("shop/ against shop/structlint.yaml\n")
    assert run("tree", "shop", "--write", "shop/README.md").status == 0
    assert (git.path / "shop/README.md").read_text() == document()
    write(git.path, {"shop/services/new/src/x": ""})
    assert "run `structlint tree shop --write shop/README.md`" in run("check", "shop").out


@pytest.mark.parametrize("kind", ["svg", "html"])
def test_a_picture_is_the_same_wherever_it_is_made(
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


def texts(svg: str) -> str:
    """The words of a picture."""
    return " ".join(element.text or "" for element in ET.fromstring(svg).iter() if element.text)  # noqa: S314 - our own


HOSTILE = ["a[bold]b", "<b>&", "x\x1b[31m", "new\nline", "\u202egnp", "::error::x", "caf\udce9", "{matrix}"]


@pytest.mark.parametrize("kind", ["text", "markdown", "svg", "html"])
def test_names_do_no_harm(kind: str, shop: Git, run: Run) -> None:
    about = "[red]x[/red] <i> & {styles}"
    layout = {"about": about, "tree": {"units/": {"<unit>/": {".": about, "\\<b>.c?": about}}}}
    write(shop.path, {f"units/{name}/a.c": "" for name in HOSTILE} | {f"{name}.odd": "" for name in HOSTILE})
    write(shop.path, {"structlint.yaml": json.dumps(layout)})
    shown = run("tree", "--format", kind)
    assert (shown.status, shown.err) == (0, "")
    assert not set(shown.out).intersection("\x1b\u202e\udce9")
    assert not any(line.startswith(("line", "::")) for line in shown.out.splitlines())
    words = texts(shown.out) if kind == "svg" else shown.out
    assert "a[bold]b" in words
    assert "{matrix}" in words
    assert ("&lt;b&gt;&amp;" if kind == "html" else "<b>&") in words
    assert "<i>" not in shown.out or kind in ("text", "markdown")


# --- Documents


def test_writes_a_tree(shop: Git, run: Run) -> None:
    assert run("tree", "--write", "README.md") == (0, "", "README.md: 11 lines added, 0 removed\n")
    assert (shop.path / "README.md").read_text() == document()
    before = (shop.path / "README.md").stat()
    assert run("tree", "--write", "README.md") == (0, "", "README.md: up to date, nothing written\n")
    assert (shop.path / "README.md").stat() == before
    assert "stale-document" not in run("check").out


def test_keeps_comments_of_what_stays(shop: Git, run: Run) -> None:
    run("tree", "--write", "README.md")
    text = (shop.path / "README.md").read_text()
    mine = text.replace("# One service\n    │", "# Who may do what (see #12)\n    │").replace(
        "\n.\n", "\nshop/\n"
    )
    (shop.path / "README.md").write_text(mine)
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


def test_writes_all_trees_of_a_document(shop: Git, run: Run) -> None:
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
def test_writes_nothing_where_a_marker_is_wrong(marks: str, shop: Git, run: Run) -> None:
    write(shop.path, {"README.md": marks})
    shown = run("tree", "--write", "README.md")
    assert shown.status == 2
    assert re.match(r"README\.md:\d+:\d+: ", shown.err)
    assert (shop.path / "README.md").read_text() == marks
    assert re.search(
        r"(?m)^README\.md:\d+: warning: invalid marker; ", run("check", "--output-format", "concise").out
    )


def test_what_is_no_tree_is_written_over_and_said(shop: Git, run: Run) -> None:
    write(shop.path, {"README.md": document("```text\na/../x\n```\n")})
    assert "unreadable tree; README.md:5:" in run("check").out
    shown = run("tree", "--write", "README.md")
    assert shown.status == 0
    assert "no comments were kept" in shown.err
    assert "stale-document" not in run("check").out


def test_leaves_the_rest_of_a_file_as_it_is(shop: Git, run: Run) -> None:
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


def test_writes_through_no_link_of_the_repository(shop: Git, run: Run) -> None:
    write(shop.path.parent, {"outside.md": document("")})
    (shop.path.parent / "own.md").symlink_to("outside.md")
    for name, target in (("inside.md", "README.md"), ("out.md", "../outside.md")):
        (shop.path / name).symlink_to(target)
        shown = run("tree", "--write", name)
        assert shown.status == 2
        assert f"{name} is a symbolic link to {target}" in shown.err
        (shop.path / name).unlink()
    assert (shop.path / "README.md").read_text() == document("")
    assert (shop.path.parent / "outside.md").read_text() == document("")
    assert run("tree", "--write", "../own.md").status == 0  # outside, the links are the user's own
    assert (shop.path.parent / "outside.md").read_text() == document()


def test_a_document_that_is_the_layout_draws_what_is_expected(shop: Git, run: Run) -> None:
    text = document("```text\n.\n├── README.md\n└── docs/  # (optional)\n```\n").replace(
        "# Shop", "# Structure"
    )
    write(shop.path, {"README.md": text})
    assert "outdated tree" in run("check").out
    shown = run("check", "-l", "README.md").out
    assert "stale-document" not in shown
    assert "unlisted" in shown
    assert "is the layout itself" in run("tree", "-l", "README.md", "--write", "README.md").err
    assert run("tree", "-l", "README.md", "--write", "./README.md").status == 2
    assert (shop.path / "README.md").read_text() == text


def test_a_document_that_is_too_large(shop: Git, run: Run) -> None:
    write(shop.path, {"README.md": document("") + "x" * (1 << 20)})
    assert "larger than 1 MiB" in run("tree", "--write", "README.md").err
    assert "stale-document" not in run("check").out


# --- The rule


def found(layout: object, files: Mapping[str, str]) -> list[str]:
    """Where the rule finds something."""
    source = Drawn({path: text.encode() for path, text in files.items()}, frozenset())
    shelf = LayoutSource({"structlint.yaml": json.dumps(layout).encode()}.__getitem__)
    survey = match(load(shelf, "structlint.yaml"), Tree(tuple(sorted(files)), source))
    return [f"{each.path}:{each.line}" for each in check(survey, {"stale-document"}, date(2026, 1, 1))]


@pytest.mark.parametrize(
    ("path", "read"),
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
def test_which_documents_are_read(path: str, read: bool) -> None:
    assert found({"tree": {"a?": None, "b": None}}, {path: document("")}) == [f"{path}:3"] * read


class Unread:
    """A source whose files nobody should read."""

    root = Path(os.devnull)

    def read(self, path: str) -> bytes:
        raise AssertionError(path)

    def expect(self, paths: object) -> None:
        raise AssertionError(paths)

    def is_directory(self, path: str) -> bool:
        return False

    def would_ignore(self, paths: object) -> frozenset[str]:
        return frozenset()


def test_nothing_else_is_read() -> None:
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


@settings(max_examples=150)
@given(_layouts, _paths, _options)
def test_what_was_written_is_not_stale(written: dict[str, object], paths: list[str], options: str) -> None:
    """For any layout and any tree: written, a tree is up to date, and written again it is the same."""
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
        shown = documented(build_tree(survey), "", trees[0].options.depth)
        assert shown
        new = rewritten(data, trees, [redrawn(shown, trees[0], "README.md").lines])
        assert new.startswith(b"x\n<!--")
        assert new.endswith(b"-->\ny")
        again = match(layout, Tree(survey.tree.files, Drawn({**files, "README.md": new}, frozenset())))
        assert list(stale_document.find(again)) == []
        assert _ == 0 or new == data
        data = new


# --- The page


@pytest.fixture
def example(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    """The example of the page, on disk."""
    (shown,) = examples(PAGE)
    assert shown.layout
    git = repository(dict.fromkeys(drawn(shown.tree).files, "") | {"structlint.yaml": shown.layout})
    monkeypatch.chdir(git.path)
    return git


def test_the_picture_of_the_page(example: Git, run: Run) -> None:
    """To make it anew: structlint tree -o docs/tree.svg, in a directory with the example of the page."""
    assert run("tree", "--format", "svg").out == (ROOT / "docs" / "tree.svg").read_text(encoding="utf-8")


def test_the_document_of_the_page(example: Git, run: Run) -> None:
    block = run("tree", "--format", "markdown").out
    assert f"\n\n{block}" in PAGE.read_text(encoding="utf-8")
