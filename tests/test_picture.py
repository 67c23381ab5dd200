"""The tree of listed and existing paths, for terminals and for documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import table

from structlint.layout.key_text import read_key
from structlint.layout.load import bundled_layout, load
from structlint.layout.source import LayoutSource
from structlint.markdown.markers import marked_trees, rewritten
from structlint.markdown.tree_lines import read_tree
from structlint.matching import match
from structlint.matching.survey import Survey
from structlint.matching.treeview.build import build_tree
from structlint.matching.treeview.folding import fold_alike, fold_below, folded, thin_out
from structlint.matching.treeview.markdown import drawing_of, quoted_name, redrawn
from structlint.matching.treeview.model import (
    DRAWN,
    TYPED,
    Note,
    TreeNode,
    below,
    counts,
    documented,
    for_audience,
    tree_lines,
)
from structlint.text.quoting import quote
from structlint.tree import Tree
from structlint.tree.drawing import Drawn, drawn

SERVICES = """
names: {service: kebab-case}
tree:
  README.md: Start here
  services/:
    .: All services
    <service>/:
      .: One service
      README.md:
      src/: Its code
      Dockerfile?: Its image
  k8s/: {<service>.yaml: How it is deployed}
"""
TREE = """
README.md
k8s/
  auth.yaml
  old.yaml
services/
  auth/
    README.md
    src/
      deep/
        main.go
  billing/
    main.go
notes.txt
"""


def survey(layout: str, tree: str) -> Survey:
    shelf = LayoutSource({"structlint.yaml": dedent(layout).encode()}.__getitem__)
    return match(load(shelf, "structlint.yaml"), drawn(tree), own=["structlint.yaml"])


def format_outline(shown: TreeNode) -> str:
    """One line per entry: its name, its state unless it exists, and the number of folded entries."""
    lines = []
    for row in tree_lines(shown, TYPED, hidden=True):
        lead = "  " * (len(row.lead) // 4 - 1)
        if row.shown is None:
            lines.append(f"{lead}+{row.more}")
            continue
        state = "" if row.shown.state == "there" else f" {row.shown.state}"
        more = f" +{row.shown.more}" if row.shown.more and not row.shown.inside else ""
        lines.append(f"{lead}{row.shown.name}{state}{more}")
    return "".join(f"{line}\n" for line in lines)


def terminal_outline(layout: str, tree: str, depth: int = 9) -> str:
    return format_outline(fold_below(for_audience(build_tree(survey(layout, tree)), "terminal"), depth))


def document_outline(layout: str, tree: str, path: str = "", depth: int = 9) -> str:
    shown = documented(build_tree(survey(layout, tree)), path, depth)
    assert shown
    return format_outline(shown)


def test_terminal_shows_missing_and_unlisted_entries() -> None:
    assert terminal_outline(SERVICES, TREE) == dedent(
        """\
        README.md
        services/
          auth/
            README.md
            src/ +1
          billing/
            README.md missing
            src/ missing
            +1
        k8s/
          <service>.yaml +1
          billing.yaml missing
          old.yaml unlisted
        notes.txt unlisted
        """
    )


def test_document_shows_required_and_existing_listed_entries() -> None:
    assert document_outline(SERVICES, TREE) == dedent(
        """\
        README.md
        services/
          auth/
            README.md
            src/ +1
          billing/
            README.md missing
            src/ missing
            +1
        k8s/
          <service>.yaml +1
        """
    )


# The layout, the existing paths, and the paths in the drawn tree of a document.
DOCUMENTS = {
    "optional, missing": ("a?: , b/?: {c: }", "x", ""),
    "optional, existing": ("a?: , b/?: {c: }", "a, b/c", "a, b/, b/c"),
    "required in an optional directory": ("b/?: {c: , d/: {e: }}", "b/x", "b/, b/c, b/d/, b/d/e"),
    "required, missing": ("a: , b/: {c/: {d: , e?: }}", "x", "a, b/, b/c/, b/c/d"),
    "recommended, missing": ("a: {level: recommended}", "x", ""),
    "recommended, existing": ("a: {level: recommended}", "a", "a"),
    "forbidden": ("a: , b: false, c/: false", "a, b, c/x", "a"),
    "unlisted": ("a: ", "a, b, c/x", "a"),
    "files of a pattern": ("'*.py': , s/: {'t_*.py': }", "a.py, b.py, s/t_a.py", "*.py, s/, s/t_*.py"),
    "a pattern without matches": ("'*.py': , '*.js?': ", "x", "*.py"),
    "a pattern that matches only exact names": ("a.py: , '*.py?': ", "a.py", "a.py"),
    "a longer pattern before a shorter": ("'*.py?': , 'test_*.py?': ", "test_a.py", "test_*.py"),
    "files of a placeholder": ("s/: {<m>.py: }, t/: {t_<m>.py: }", "s/a.py", "s/, s/<m>.py, t/, t/t_<m>.py"),
    "directories of a placeholder": ("a/: {<b>/: {c: }}", "a/x/c, a/y/d", "a/, a/x/, a/x/c, a/y/, a/y/c"),
    "a placeholder without values": ("a/: {<b>/: {c: }}", "a/x", "a/, a/<b>/, a/<b>/c"),
    "directories of a pattern": ("a/: {'*/': }", "a/x/c, a/y/d", "a/, a/x/, a/y/"),
    "a list of directories": ("<l>/: {a: }", "x/a", "x/, x/a, y/, y/a"),
    "a list of directories, all missing": ("d/: {<l>/: {a: }}", "z", "d/, d/x/, d/x/a, d/y/, d/y/a"),
    "a list of files": ("<l>.yaml: ", "x.yaml", "<l>.yaml"),
    "a list of files, all missing": ("c/: {<l>.yaml: }", "c/z", "c/, c/<l>.yaml"),
    "a value twice in a path": ("<p>/: {<p>_x.py: }", "a/a_x.py, b/x", "a/, a/a_x.py, b/, b/b_x.py"),
    "alternatives": ("a | b: , c/ | d/: ", "b, d/x", "b, d/"),
    "several of the alternatives": ("a | b: ", "a, b", "a, b"),
    "alternatives, all missing": ("a | b: , c/ ^ d/: {x: }", "z", "a | b, c/ | d/, c/ | d/x"),
    "an orphan": ("s/: {<m>/: }, d/: {<m>/: }", "s/a/x, d/a/x, d/b/x", "s/, s/a/, d/, d/a/"),
    "every directory": ("'**/': {README.md: }, a/: ", "a/b/x", "a/"),
    "needs": ("a?: {needs: b}", "a", "a"),
    "a short key": (
        ".github/workflows/ci.yml: ",
        "x",
        ".github/, .github/workflows/, .github/workflows/ci.yml",
    ),
    "an open directory": ("src/: ", "src/a, src/b/c", "src/"),
    "a submodule": ("lib/: {x: }", "lib/  (submodule)\n", "lib/"),
    "a dangling link": ("a: , b?: ", "a -> gone\n", "a"),
}


def paths(shown: TreeNode, above: str = "") -> Iterator[str]:
    for each in shown.inside:
        yield above + each.name
        yield from paths(each, above + each.name)


def make_tree(text: str) -> Tree:
    """A tree from a comma-separated list of paths, or from a drawing, which ends with a newline."""
    if text.endswith("\n"):
        return drawn(text)
    files = tuple(sorted(text.split(", ")))
    return Tree(files, Drawn({}, frozenset()))


@table(("layout", "existing", "expected"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_paths_in_a_document(layout: str, existing: str, expected: str) -> None:
    listed = "names: {l: [x, y]}\n" if "<l>" in layout else ""
    shelf = LayoutSource({"structlint.yaml": f"{listed}tree: {{{layout}}}".encode()}.__getitem__)
    result = match(load(shelf, "structlint.yaml"), make_tree(existing))
    shown = documented(build_tree(result), "", 9)
    assert shown
    assert ", ".join(paths(shown)) == expected


@pytest.mark.parametrize(
    ("layout", "tree", "expected"),
    [
        ("tree: {b: false}", "b\n", "b unlisted\n"),
        ("tree: {a: {level: recommended}}", "x\n", "a missing\nx unlisted\n"),
        ("tree: {a?: {needs: b}}", "a\n", "a\nb missing\n"),
        ("tree: {'**/': {R: }, a/: }", "a/\n  R\n  b/\n    x\n", "a/\n  b/\n    R missing\n"),
        ("tree: {readme.txt: }", "README.txt\n", "readme.txt missing\nREADME.txt unlisted\n"),
        ("tree: {'*.py': }", "x.py -> gone\n", "*.py missing +1\n"),
        ("names: {s: [x, y]}\ntree: {<s>.c: }", "x.c\n", "<s>.c +1\ny.c missing\n"),
        ("names: {s: [x, y]}\ntree: {<s>.c: }", "", "x.c missing\ny.c missing\n"),
    ],
)
def test_lines_on_a_terminal(layout: str, tree: str, expected: str) -> None:
    """Problems are shown at any depth; entries without problems are only counted."""
    lines = terminal_outline(layout, tree).splitlines()
    assert [line for line in lines if not line.strip().startswith("+")] == expected.splitlines()


def without_states(shown: str) -> str:
    """The outline without states and numbers."""
    lines = (re.sub(r"( missing)?( \+\d+)?$", "", line) for line in shown.splitlines())
    return "".join(f"{line}\n" for line in lines if line.strip(" +0123456789"))


def test_common_root_files_are_last_and_have_no_comment() -> None:
    layout = "extends: base\ntree: {README.md: Start here, src/: Code}"
    shown = documented(
        build_tree(survey(layout, "LICENSE\nREADME.md\n.gitignore\n.editorconfig\nsrc/\n  a\n")), "", 3
    )
    assert shown
    assert [(each.name, each.about) for each in shown.inside] == [
        ("README.md", "Start here"),
        ("src/", "Code"),
        ("LICENSE", ""),
        (".gitignore", ""),
        (".editorconfig", ""),
    ]


def test_purpose_of_a_value_takes_precedence() -> None:
    layout = """
    names: {service: {values: {auth: Who may do what, billing: }}}
    tree: {services/: {<service>/: {.: One service, <service>.c: Its code}}, k8s/: {<service:snake_case>/: }}
    """
    existing = "services/\n  auth/\n    auth.c\n  billing/\n    x\nk8s/\n  auth/\n    x\n"
    shown = build_tree(survey(layout, existing))
    services, k8s = shown.inside
    assert [(each.name, each.about) for each in services.inside] == [
        ("auth/", "Who may do what"),
        ("billing/", "One service"),
    ]
    assert [(each.name, each.about) for each in k8s.inside] == [
        ("auth/", "Who may do what"),
        ("billing/", ""),
    ]
    assert services.inside[1].inside[0] == TreeNode("billing.c", "missing", "Its code")


def test_directories_of_a_bundled_layout_have_a_purpose() -> None:
    shown = build_tree(match(bundled_layout("microservices"), drawn("services/\n  a/\n    README.md\n")))
    services = below(shown, "services/")
    assert services
    assert services.about


@pytest.mark.parametrize("depth", range(4))
def test_deep_entries_without_problems_are_folded(depth: int) -> None:
    fine = "tree: {a/: {b/: {c/: {d: }}}}"
    everything = ["a/", "  b/", "    c/", "      d"]
    lines = terminal_outline(fine, "a/\n  b/\n    c/\n      d\n", depth).splitlines()
    assert [line.removesuffix(" +1") for line in lines] == everything[:depth]
    missing = terminal_outline(fine, "a/\n  b/\n    c/\n      x\n", depth).splitlines()
    assert "      d missing" in missing


def test_contents_of_a_missing_directory_are_folded() -> None:
    assert terminal_outline("tree: {a/: {b/: {c: , d: }}}", "x\n", 1) == "a/ missing +1\nx unlisted\n"


def test_surplus_siblings_are_counted() -> None:
    files = [f"{letter}.py" for letter in "abcdefgh"]
    layout = "tree: {" + "".join(f"{file}: , " for file in files) + "z.py: }"
    whole = build_tree(survey(layout, "\n".join(files)))
    assert without_states(format_outline(thin_out(whole, 3))) == "a.py\nb.py\nc.py\nz.py\n"
    assert thin_out(whole, 3).more == 5
    assert thin_out(whole, 7) == whole  # a line with `1 more` would not save space


def unlisted_node(name: str, kind: str, *inside: TreeNode, error: bool = True) -> TreeNode:
    return TreeNode(name, "unlisted", inside=inside, notes=(Note("stray", error, kind),))


def row_names(shown: TreeNode) -> list[str]:
    return [
        f"{row.shown.name}" if row.shown else f"+{row.more} {row.like.name if row.like else ''}".strip()
        for row in tree_lines(shown, DRAWN, hidden=True)
    ]


def test_siblings_with_the_same_findings_are_counted() -> None:
    alike = [unlisted_node(f"a{number}", "x") for number in range(6)]
    other = unlisted_node("other", "y")
    whole = TreeNode("./", inside=(*alike[:3], other, *alike[3:]))
    assert row_names(fold_alike(whole, 2)) == ["a0", "a1", "+4 a1", "other"]
    assert fold_alike(whole, 5) == whole  # a line with `1 more` would not save space


def test_directories_with_the_same_findings_inside_are_counted() -> None:
    def service(number: int, kind: str) -> TreeNode:
        return TreeNode(f"s{number}/", inside=(TreeNode("fine"), unlisted_node(f"{number}.orig", kind)))

    whole = TreeNode("./", inside=(*(service(n, "x") for n in range(4)), service(4, "y")))
    names = ["s0/", "fine", "0.orig", "+3 s0/", "s4/", "fine", "4.orig"]
    assert row_names(fold_alike(whole, 1)) == names


def test_findings_at_one_path_are_counted() -> None:
    notes = tuple(Note(f"port {number}", number == 4) for number in range(5))
    [node] = fold_alike(TreeNode("./", inside=(TreeNode("a", "wrong", notes=notes),)), 2).inside
    assert node.notes == (*notes[:2], Note("and 3 more findings", True))


@pytest.mark.parametrize("max_rows", [2, 3, 5, 9, 20, 60])
def test_folded_view_fits_and_keeps_errors(max_rows: int) -> None:
    ones = [unlisted_node(f"w{number}", f"w{number}", error=False) for number in range(20)]
    ones += [TreeNode(f"d{n}/", inside=(TreeNode("fine"), unlisted_node(f"e{n}", f"e{n}"))) for n in range(3)]
    whole = TreeNode("./", inside=(*ones, *(TreeNode(f"fine{number}") for number in range(30))))

    def fits(view: TreeNode) -> bool:
        return len(row_names(view)) <= max_rows

    view, cut = folded(whole, 3, fits)
    names = row_names(view)
    assert cut == (max_rows < 60)
    if max_rows > 3:  # the minimum is an error, its directory and two counts
        assert fits(view)
    assert "e0" in names
    if max_rows < 20:
        assert not any(name.startswith("w") for name in names) or "e2" in names
    else:
        assert {"e0", "e1", "e2"} <= set(names)


@given(
    st.recursive(
        st.builds(TreeNode, st.text("ab", min_size=1)),
        lambda below: st.builds(
            lambda name, inside, notes: TreeNode(
                f"{name}/",
                "unlisted" if notes else "there",
                inside=tuple({node.name: node for node in inside}.values()),
                notes=tuple(Note("x", error, kind) for error, kind in notes),
            ),
            st.text("ab", min_size=1),
            st.lists(below, max_size=6),
            st.lists(st.tuples(st.booleans(), st.sampled_from("xyz")), max_size=2),
        ),
    ),
    st.integers(0, 30),
)
def test_folded_view_contains_or_counts_every_node(whole: TreeNode, max_rows: int) -> None:
    def total(node: TreeNode) -> int:
        return len(node.inside) + node.more + sum(child.alike for child in node.inside)

    view, _ = folded(whole, 3, lambda view: len(row_names(view)) <= max_rows)
    assert total(view) == len(whole.inside)
    assert counts(view)["unlisted"] <= counts(whole)["unlisted"]


def test_counts() -> None:
    shown = for_audience(build_tree(survey(SERVICES, TREE)), "terminal")
    found = {state: number for state, number in counts(shown).items() if number}
    assert found == {"there": 8, "missing": 3, "unlisted": 2}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("services/", "auth/\n  README.md\n  src/\nbilling/\n  README.md\n  src/\n"),
        ("services/auth/", "README.md\nsrc/\n"),
        ("k8s", "<service>.yaml\n"),
    ],
)
def test_document_of_one_directory(path: str, expected: str) -> None:
    assert without_states(document_outline(SERVICES, TREE, path)) == expected


@pytest.mark.parametrize("path", ["nowhere/", "README.md/", "services/auth/src/deep/", "services/x/"])
def test_document_of_an_unlisted_directory(path: str) -> None:
    assert documented(build_tree(survey(SERVICES, TREE)), path, 3) is None


def test_deeply_nested_tree() -> None:
    deep = "".join(f"{'  ' * number}d/\n" for number in range(200)) + "  " * 200 + "x\n"
    shown = build_tree(survey("tree: {'**/': {R?: {needs: b}}, d/: }", deep.replace("x\n", "R\n")))
    assert "missing" in format_outline(shown)


# --- Documents


def test_drawing_with_comments() -> None:
    shown = documented(build_tree(survey(SERVICES, TREE)), "", 2)
    assert shown
    assert "\n".join(drawing_of(shown)) == dedent(
        """\
        .
        ├── README.md           # Start here
        ├── services/           # All services
        │   ├── auth/           # One service
        │   └── billing/        # One service
        └── k8s/
            └── <service>.yaml  # How it is deployed"""
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("README.md", "README.md"),
        ("src/", "src/"),
        (".github/", ".github/"),
        ("@scope/", "@scope/"),
        ("my notes.txt", '"my notes.txt"'),
        ("my notes/", '"my notes/"'),
        ("a # b", '"a # b"'),
        ("<x>.py", '"<x>.py"'),
        ("[id]/", '"[id]/"'),
        ("*.py", '"*.py"'),
        ('a"b', r'"a\"b"'),
        ("a\\b", r'"a\\b"'),
    ],
)
def test_ambiguous_name_is_quoted(name: str, expected: str) -> None:
    assert quoted_name(TreeNode(name)) == expected


def test_placeholders_are_not_quoted() -> None:
    assert quoted_name(TreeNode("test_<module>.py", form=True)) == "test_<module>.py"


def marked_tree(*lines: str) -> str:
    return "\n".join(["<!-- structlint:tree -->", "```", *lines, "```", "<!-- /structlint:tree -->"])


def redraw(layout: str, tree: str, *lines: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The new lines of a marked tree, the paths that it lacks, and the paths that it should not contain."""
    (found,) = marked_trees(marked_tree(*lines).encode(), "f.md")
    shown = documented(build_tree(survey(layout, tree)), found.options.path, found.options.depth)
    assert shown
    anew = redrawn(shown, found, "f.md")
    return anew.lines, anew.lacks, anew.draws


LAYOUT, TREE_OF_LAYOUT = "tree: {a.txt: Words, b/: {c.txt: }}", "a.txt\nb/\n  c.txt\n"
FRESH = (".", "├── a.txt  # Words", "└── b/", "    └── c.txt")
MINE = "└── b/     # Mine"


@pytest.mark.parametrize(
    ("lines", "expected", "lacks", "draws"),
    [
        ((), FRESH, ("a.txt", "b/"), ()),
        (FRESH, FRESH, (), ()),
        ((".", "├── a.txt  # Words"), FRESH, ("b/",), ()),
        ((".", "├── a.txt  # Words", "└── b/"), FRESH, ("b/c.txt",), ()),
        ((*FRESH, "└── old/", "    └── x.txt"), FRESH, (), ("old/",)),
        ((".", "└── b/  # Mine", "    └── c.txt"), (*FRESH[:2], MINE, FRESH[3]), ("a.txt",), ()),
        ((".", "├── a.txt  # Mine", *FRESH[2:]), (".", "├── a.txt  # Mine", *FRESH[2:]), (), ()),
        (("billing/  # Ours", *FRESH[1:]), ("billing/  # Ours", *FRESH[1:]), (), ()),
        (("b/", *FRESH[1:]), ("b/", *FRESH[1:]), (), ()),
        (("b/", "└── c.txt"), FRESH, ("a.txt", "b/"), ("c.txt",)),
        (FRESH[1:], FRESH, (), ()),
        ((".",), FRESH, ("a.txt", "b/"), ()),
        (("b/",), FRESH, ("a.txt", "b/c.txt"), ()),
        ((".", "├── b/", "│   └── c.txt", "└── a.txt"), FRESH, (), ()),
    ],
)  # fmt: skip
def test_redrawn_tree(
    lines: tuple[str, ...], expected: tuple[str, ...], lacks: tuple[str, ...], draws: tuple[str, ...]
) -> None:
    assert redraw(LAYOUT, TREE_OF_LAYOUT, *lines) == (expected, lacks, draws)


def test_invalid_drawing_is_reported() -> None:
    (found,) = marked_trees(marked_tree(".", "└── a/../b").encode(), "f.md")
    shown = documented(build_tree(survey(LAYOUT, TREE_OF_LAYOUT)), "", 3)
    assert shown
    anew = redrawn(shown, found, "f.md")
    assert anew.lines == FRESH
    assert anew.unread.startswith("f.md:4:")


_names = st.text(
    st.sampled_from("ab.-_ #'\"`*<>[]{}()|\\/é😀├─│:;,?@$~=") | st.characters(codec="utf-8"),
    min_size=1,
    max_size=8,
).filter(
    lambda name: (
        "/" not in name and name.strip() == name and name not in (".", "..") and name.lower() != ".git"
    )
)


@given(
    st.dictionaries(_names, st.booleans() | st.dictionaries(_names, st.just(True), max_size=3), max_size=5)
)
def test_redrawing_is_idempotent(tree: dict[str, bool | dict[str, bool]]) -> None:
    inside = tuple(
        TreeNode(f"{name}/", inside=tuple(map(TreeNode, value)))
        if isinstance(value, dict)
        else TreeNode(name, about=name)
        for name, value in tree.items()
    )
    shown = TreeNode("./", inside=inside)
    data = marked_tree().encode()
    (fresh,) = marked_trees(data, "f.md")
    first = redrawn(shown, fresh, "f.md")
    assert all("\n" not in line and "\r" not in line for line in first.lines)
    (again,) = marked_trees(rewritten(data, [fresh], [first.lines]), "f.md")
    second = redrawn(shown, again, "f.md")
    assert (second.lines, second.lacks, second.draws) == (first.lines, (), ())


def test_guides_have_the_same_width() -> None:
    for guides in (DRAWN, TYPED):
        assert len({len(guides.before), len(guides.last), len(guides.beside)}) == 1


# Absolute paths are invalid even in quotes, and emoji variation selectors are dropped.
_MISREAD = re.compile(r"~$|(?:[A-Za-z]:|\\)\\|.*\ufe0f")
_printable = _names.filter(lambda name: quote(name) == name and not _MISREAD.match(name))


@given(st.dictionaries(_printable, st.booleans(), min_size=1, max_size=5))
def test_parsed_drawing_has_the_same_names(tree: dict[str, bool]) -> None:
    """For printable names, both of files and directories."""
    inside = tuple(
        TreeNode(f"{name}/", inside=(TreeNode("x.txt"),)) if directory else TreeNode(name)
        for name, directory in tree.items()
    )
    lines = drawing_of(TreeNode("./", inside=inside))
    (top,) = read_tree(list(enumerate(lines, 1)), "f.md")
    found = {}
    for each in top.children:
        (step,) = read_key(each.key).steps
        assert step.exact
        found[step.exact] = bool(each.children)
    assert found == tree
