"""The picture of what a layout lists and what is there: for terminals, and for the trees of documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structlint.layout.key_text import read_key
from structlint.layout.load import LayoutSource, bundled_layout, load
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


def outline(shown: TreeNode) -> str:
    """Every entry on a line: its name, its state where it is not there, and what is folded."""
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


def terminal(layout: str, tree: str, depth: int = 9) -> str:
    return outline(fold_below(for_audience(build_tree(survey(layout, tree)), "terminal"), depth))


def document(layout: str, tree: str, path: str = "", depth: int = 9) -> str:
    shown = documented(build_tree(survey(layout, tree)), path, depth)
    assert shown
    return outline(shown)


def test_a_terminal_shows_what_is_missing_and_what_is_stray() -> None:
    assert terminal(SERVICES, TREE) == dedent(
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


def test_a_document_draws_what_is_listed_and_there_or_required() -> None:
    assert document(SERVICES, TREE) == dedent(
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


# What is in the layout, what is there, and the paths that a document draws.
DOCUMENTS = {
    "optional, and not there": ("a?: , b/?: {c: }", "x", ""),
    "optional, and there": ("a?: , b/?: {c: }", "a, b/c", "a, b/, b/c"),
    "what an optional directory requires": ("b/?: {c: , d/: {e: }}", "b/x", "b/, b/c, b/d/, b/d/e"),
    "required, and not there": ("a: , b/: {c/: {d: , e?: }}", "x", "a, b/, b/c/, b/c/d"),
    "recommended, and not there": ("a: {level: recommended}", "x", ""),
    "recommended, and there": ("a: {level: recommended}", "a", "a"),
    "forbidden": ("a: , b: false, c/: false", "a, b, c/x", "a"),
    "strays": ("a: ", "a, b, c/x", "a"),
    "files of a pattern": ("'*.py': , s/: {'t_*.py': }", "a.py, b.py, s/t_a.py", "*.py, s/, s/t_*.py"),
    "a pattern of which nothing is there": ("'*.py': , '*.js?': ", "x", "*.py"),
    "a pattern that exact names leave nothing": ("a.py: , '*.py?': ", "a.py", "a.py"),
    "a longer pattern before a shorter": ("'*.py?': , 'test_*.py?': ", "test_a.py", "test_*.py"),
    "files of a placeholder": ("s/: {<m>.py: }, t/: {t_<m>.py: }", "s/a.py", "s/, s/<m>.py, t/, t/t_<m>.py"),
    "directories of a placeholder": ("a/: {<b>/: {c: }}", "a/x/c, a/y/d", "a/, a/x/, a/x/c, a/y/, a/y/c"),
    "none of a placeholder is there": ("a/: {<b>/: {c: }}", "a/x", "a/, a/<b>/, a/<b>/c"),
    "directories of a pattern": ("a/: {'*/': }", "a/x/c, a/y/d", "a/, a/x/, a/y/"),
    "a list of directories": ("<l>/: {a: }", "x/a", "x/, x/a, y/, y/a"),
    "a list of directories, none there": ("d/: {<l>/: {a: }}", "z", "d/, d/x/, d/x/a, d/y/, d/y/a"),
    "a list of files": ("<l>.yaml: ", "x.yaml", "<l>.yaml"),
    "a list of files, none there": ("c/: {<l>.yaml: }", "c/z", "c/, c/<l>.yaml"),
    "a value twice in a path": ("<p>/: {<p>_x.py: }", "a/a_x.py, b/x", "a/, a/a_x.py, b/, b/b_x.py"),
    "alternatives": ("a | b: , c/ | d/: ", "b, d/x", "b, d/"),
    "several of the alternatives": ("a | b: ", "a, b", "a, b"),
    "alternatives, none there": ("a | b: , c/ ^ d/: {x: }", "z", "a | b, c/ | d/, c/ | d/x"),
    "an orphan": ("s/: {<m>/: }, d/: {<m>/: }", "s/a/x, d/a/x, d/b/x", "s/, s/a/, d/, d/a/"),
    "what is everywhere": ("'**/': {README.md: }, a/: ", "a/b/x", "a/"),
    "what a needs asks for": ("a?: {needs: b}", "a", "a"),
    "a short key": (
        ".github/workflows/ci.yml: ",
        "x",
        ".github/, .github/workflows/, .github/workflows/ci.yml",
    ),
    "an open directory": ("src/: ", "src/a, src/b/c", "src/"),
    "a submodule": ("lib/: {x: }", "lib/  (submodule)\n", "lib/"),
    "a link that leads nowhere": ("a: , b?: ", "a -> gone\n", "a"),
}


def paths(shown: TreeNode, above: str = "") -> Iterator[str]:
    for each in shown.inside:
        yield above + each.name
        yield from paths(each, above + each.name)


def tree_of(text: str) -> Tree:
    """The tree of a list of paths, or of a drawing, which ends a line."""
    if text.endswith("\n"):
        return drawn(text)
    files = tuple(sorted(text.split(", ")))
    return Tree(files, Drawn({}, frozenset()))


@pytest.mark.parametrize(("layout", "there", "expected"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document(layout: str, there: str, expected: str) -> None:
    listed = "names: {l: [x, y]}\n" if "<l>" in layout else ""
    shelf = LayoutSource({"structlint.yaml": f"{listed}tree: {{{layout}}}".encode()}.__getitem__)
    held = match(load(shelf, "structlint.yaml"), tree_of(there))
    shown = documented(build_tree(held), "", 9)
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
def test_a_terminal(layout: str, tree: str, expected: str) -> None:
    """What is not as it should be, wherever it is; of what is fine no more than that it is there."""
    lines = terminal(layout, tree).splitlines()
    assert [line for line in lines if not line.strip().startswith("+")] == expected.splitlines()


def names(shown: str) -> str:
    """An outline without states and numbers."""
    lines = (re.sub(r"( missing)?( \+\d+)?$", "", line) for line in shown.splitlines())
    return "".join(f"{line}\n" for line in lines if line.strip(" +0123456789"))


def test_the_furniture_of_a_root_is_drawn_by_its_names_and_without_words() -> None:
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


def test_what_is_said_of_a_value_goes_before_what_is_said_of_all() -> None:
    layout = """
    names: {service: {values: {auth: Who may do what, billing: }}}
    tree: {services/: {<service>/: {.: One service, <service>.c: Its code}}, k8s/: {<service:snake_case>/: }}
    """
    there = "services/\n  auth/\n    auth.c\n  billing/\n    x\nk8s/\n  auth/\n    x\n"
    shown = build_tree(survey(layout, there))
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


def test_a_bundled_layout_says_what_its_directories_are_for() -> None:
    shown = build_tree(match(bundled_layout("microservices"), drawn("services/\n  a/\n    README.md\n")))
    services = below(shown, "services/")
    assert services
    assert services.about


@pytest.mark.parametrize("depth", range(4))
def test_what_is_fine_and_deep_is_folded(depth: int) -> None:
    fine = "tree: {a/: {b/: {c/: {d: }}}}"
    everything = ["a/", "  b/", "    c/", "      d"]
    lines = terminal(fine, "a/\n  b/\n    c/\n      d\n", depth).splitlines()
    assert [line.removesuffix(" +1") for line in lines] == everything[:depth]
    missing = terminal(fine, "a/\n  b/\n    c/\n      x\n", depth).splitlines()
    assert "      d missing" in missing


def test_the_inside_of_what_is_missing_is_folded() -> None:
    assert terminal("tree: {a/: {b/: {c: , d: }}}", "x\n", 1) == "a/ missing +1\nx unlisted\n"


def test_many_neighbours_are_counted() -> None:
    files = [f"{letter}.py" for letter in "abcdefgh"]
    layout = "tree: {" + "".join(f"{file}: , " for file in files) + "z.py: }"
    whole = build_tree(survey(layout, "\n".join(files)))
    assert names(outline(thin_out(whole, 3))) == "a.py\nb.py\nc.py\nz.py\n"
    assert thin_out(whole, 3).more == 5
    assert thin_out(whole, 7) == whole  # a line that says `1 more` takes as much room


def unlisted(name: str, kind: str, *inside: TreeNode, error: bool = True) -> TreeNode:
    return TreeNode(name, "unlisted", inside=inside, notes=(Note("stray", error, kind),))


def drawn_names(shown: TreeNode) -> list[str]:
    return [
        f"{row.shown.name}" if row.shown else f"+{row.more} {row.like.name if row.like else ''}".strip()
        for row in tree_lines(shown, DRAWN, hidden=True)
    ]


def test_neighbours_with_the_same_findings_are_counted() -> None:
    alike = [unlisted(f"a{number}", "x") for number in range(6)]
    other = unlisted("other", "y")
    whole = TreeNode("./", inside=(*alike[:3], other, *alike[3:]))
    assert drawn_names(fold_alike(whole, 2)) == ["a0", "a1", "+4 a1", "other"]
    assert fold_alike(whole, 5) == whole  # a line that says `1 more` takes as much room


def test_directories_with_the_same_findings_below_are_counted() -> None:
    def service(number: int, kind: str) -> TreeNode:
        return TreeNode(f"s{number}/", inside=(TreeNode("fine"), unlisted(f"{number}.orig", kind)))

    whole = TreeNode("./", inside=(*(service(n, "x") for n in range(4)), service(4, "y")))
    names = ["s0/", "fine", "0.orig", "+3 s0/", "s4/", "fine", "4.orig"]
    assert drawn_names(fold_alike(whole, 1)) == names


def test_findings_at_one_path_are_counted() -> None:
    notes = tuple(Note(f"port {number}", number == 4) for number in range(5))
    [node] = fold_alike(TreeNode("./", inside=(TreeNode("a", "wrong", notes=notes),)), 2).inside
    assert node.notes == (*notes[:2], Note("and 3 more findings", True))


@pytest.mark.parametrize("room", [2, 3, 5, 9, 20, 60])
def test_a_view_fits_and_keeps_errors(room: int) -> None:
    ones = [unlisted(f"w{number}", f"w{number}", error=False) for number in range(20)]
    ones += [TreeNode(f"d{n}/", inside=(TreeNode("fine"), unlisted(f"e{n}", f"e{n}"))) for n in range(3)]
    whole = TreeNode("./", inside=(*ones, *(TreeNode(f"fine{number}") for number in range(30))))

    def fits(view: TreeNode) -> bool:
        return len(drawn_names(view)) <= room

    view, cut = folded(whole, 3, fits)
    names = drawn_names(view)
    assert cut == (room < 60)
    if room > 3:  # the fewest rows are an error, its directory and two counts
        assert fits(view)
    assert "e0" in names
    if room < 20:
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
def test_a_folded_view_has_every_node_or_counts_it(whole: TreeNode, room: int) -> None:
    def total(node: TreeNode) -> int:
        return len(node.inside) + node.more + sum(child.alike for child in node.inside)

    view, _ = folded(whole, 3, lambda view: len(drawn_names(view)) <= room)
    assert total(view) == len(whole.inside)
    assert counts(view)["unlisted"] <= counts(whole)["unlisted"]


def test_numbers() -> None:
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
def test_one_directory(path: str, expected: str) -> None:
    assert names(document(SERVICES, TREE, path)) == expected


@pytest.mark.parametrize("path", ["nowhere/", "README.md/", "services/auth/src/deep/", "services/x/"])
def test_a_directory_that_is_not_listed(path: str) -> None:
    assert documented(build_tree(survey(SERVICES, TREE)), path, 3) is None


def test_a_path_of_many_steps() -> None:
    deep = "".join(f"{'  ' * number}d/\n" for number in range(200)) + "  " * 200 + "x\n"
    shown = build_tree(survey("tree: {'**/': {R?: {needs: b}}, d/: }", deep.replace("x\n", "R\n")))
    assert "missing" in outline(shown)


# --- Documents


def test_a_drawing_with_comments() -> None:
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
def test_a_name_that_would_be_misread_is_quoted(name: str, expected: str) -> None:
    assert quoted_name(TreeNode(name)) == expected


def test_a_form_is_drawn_as_it_is_written() -> None:
    assert quoted_name(TreeNode("test_<module>.py", form=True)) == "test_<module>.py"


def marked(*lines: str) -> str:
    return "\n".join(["<!-- structlint:tree -->", "```", *lines, "```", "<!-- /structlint:tree -->"])


def changed(layout: str, tree: str, *lines: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What a marked tree of these lines is to be, what it lacks, and what it draws that it should not."""
    (found,) = marked_trees(marked(*lines).encode(), "f.md")
    shown = documented(build_tree(survey(layout, tree)), found.options.path, found.options.depth)
    assert shown
    anew = redrawn(shown, found, "f.md")
    return anew.lines, anew.lacks, anew.draws


LAYOUT, HELD = "tree: {a.txt: Words, b/: {c.txt: }}", "a.txt\nb/\n  c.txt\n"
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
def test_a_marked_tree_drawn_anew(
    lines: tuple[str, ...], expected: tuple[str, ...], lacks: tuple[str, ...], draws: tuple[str, ...]
) -> None:
    assert changed(LAYOUT, HELD, *lines) == (expected, lacks, draws)


def test_what_cannot_be_read_is_said() -> None:
    (found,) = marked_trees(marked(".", "└── a/../b").encode(), "f.md")
    shown = documented(build_tree(survey(LAYOUT, HELD)), "", 3)
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
def test_drawing_anew_what_was_drawn_changes_nothing(tree: dict[str, bool | dict[str, bool]]) -> None:
    """Whatever the names: what is drawn is up to date, lacks nothing and draws nothing else."""
    inside = tuple(
        TreeNode(f"{name}/", inside=tuple(map(TreeNode, value)))
        if isinstance(value, dict)
        else TreeNode(name, about=name)
        for name, value in tree.items()
    )
    shown = TreeNode("./", inside=inside)
    data = marked().encode()
    (fresh,) = marked_trees(data, "f.md")
    first = redrawn(shown, fresh, "f.md")
    assert all("\n" not in line and "\r" not in line for line in first.lines)
    (again,) = marked_trees(rewritten(data, [fresh], [first.lines]), "f.md")
    second = redrawn(shown, again, "f.md")
    assert (second.lines, second.lacks, second.draws) == (first.lines, (), ())


def test_guides_are_as_wide_as_one_another() -> None:
    for guides in (DRAWN, TYPED):
        assert len({len(guides.before), len(guides.last), len(guides.beside)}) == 1


# Even in quotes an absolute path is refused, and what makes an emoji of a character is dropped.
_MISREAD = re.compile(r"~$|(?:[A-Za-z]:|\\)\\|.*\ufe0f")
_printable = _names.filter(lambda name: quote(name) == name and not _MISREAD.match(name))


@given(st.dictionaries(_printable, st.booleans(), min_size=1, max_size=5))
def test_a_drawing_is_read_as_what_it_draws(tree: dict[str, bool]) -> None:
    """Names that can be printed as they are, files and directories alike."""
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
