"""Drawn trees in every style are read as the tree that they draw."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import table

from structlint.errors import LayoutError
from structlint.layout.key_text import read_key
from structlint.markdown.plausible import draws_files
from structlint.markdown.tree_lines import DrawnEntry, read_tree


def read(text: str) -> tuple[DrawnEntry, ...]:
    return read_tree(list(enumerate(dedent(text).strip("\n").split("\n"), 1)), "README.md")


def outline(entries: Iterable[DrawnEntry], indent: str = "") -> Iterator[str]:
    for each in entries:
        flags = "?" * each.optional + " ..." * each.more
        yield f"{indent}{each.key}{flags}" + (f" -- {each.about}" if each.about else "")
        yield from outline(each.children, indent + "  ")


def read_outline(text: str) -> list[str]:
    return list(outline(read(text)))


# One tree in every style: root, a file, a directory with a file and a directory, a directory after it.
EXPECTED_OUTLINE = [
    "./",
    "  README.md",
    "  src/",
    "    a.py",
    "    util/",
    "      b.py",
    "  tests/",
    "    t.py",
]
STYLES = {
    "tree": """
        .
        ├── README.md
        ├── src/
        │   ├── a.py
        │   └── util/
        │       └── b.py
        └── tests/
            └── t.py
        """,
    "short guides": """
        .
        ├─ README.md
        ├─ src/
        │  ├─ a.py
        │  └─ util/
        │     └─ b.py
        └─ tests/
           └─ t.py
        """,
    "typed": """
        .
        |-- README.md
        |-- src/
        |   |-- a.py
        |   `-- util/
        |       `-- b.py
        `-- tests/
            `-- t.py
        """,
    "plus": """
        .
        +-- README.md
        +-- src/
        |   +-- a.py
        |   \\-- util/
        |       \\-- b.py
        \\-- tests/
            \\-- t.py
        """,
    "windows": """
        .
        +---README.md
        +---src/
        |   +---a.py
        |   \\---util/
        |       \\---b.py
        \\---tests/
            \\---t.py
        """,
    "long dashes": """
        .
        |—— README.md
        |—— src/
        |   |—— a.py
        |   |—— util/
        |       |—— b.py
        |—— tests/
            |—— t.py
        """,
    "heavy": """
        .
        ┣━━ README.md
        ┣━━ src/
        ┃   ┣━━ a.py
        ┃   ┗━━ util/
        ┃       ┗━━ b.py
        ┗━━ tests/
            ┗━━ t.py
        """,
    "double": """
        .
        ╠══ README.md
        ╠══ src/
        ║   ╠══ a.py
        ║   ╚══ util/
        ║       ╚══ b.py
        ╚══ tests/
            ╚══ t.py
        """,
    "round": """
        .
        ├── README.md
        ├── src/
        │   ├── a.py
        │   ╰── util/
        │       ╰── b.py
        ╰── tests/
            ╰── t.py
        """,
    "arrows": """
        .
        ├──► README.md
        ├──► src/
        │   ├──► a.py
        │   └──► util/
        │       └──► b.py
        └──► tests/
            └──► t.py
        """,
    "underscores": """
        .
        |_ README.md
        |_ src/
        |   |_ a.py
        |   |_ util/
        |       |_ b.py
        |_ tests/
            |_ t.py
        """,
    "no bars": """
        .
        ├── README.md
        ├── src/
            ├── a.py
            └── util/
                └── b.py
        └── tests/
            └── t.py
        """,
    "extra bars, and last-entry guides before other entries": """
        .
        └── README.md
        ├── src/
        │   └── a.py
        │   ├── util/
        │   │   └── b.py
        │
        └── tests/
        │   └── t.py
        """,
    "uneven indentation": """
        .
        ├── README.md
        ├── src/
        │    ├── a.py
        │   └── util/
        │        └── b.py
         └── tests/
            └── t.py
        """,
    "non-breaking spaces": ".\n├──\xa0README.md\n├──\xa0src/\n"
    "│\xa0\xa0 ├──\xa0a.py\n│\xa0\xa0 └──\xa0util/\n"
    "│\xa0\xa0     └──\xa0b.py\n└──\xa0tests/\n    └──\xa0t.py\n",
    "indented": """
        ./
          README.md
          src/
            a.py
            util/
              b.py
          tests/
            t.py
        """,
    "tabs": "./\n\tREADME.md\n\tsrc/\n\t\ta.py\n\t\tutil/\n\t\t\tb.py\n\ttests/\n\t\tt.py\n",
    "bullets": """
        - ./
          - README.md
          - src/
            - a.py
            - util/
              - b.py
          - tests/
            - t.py
        """,
    "stars": """
        * ./
            * `README.md`
            * **src/**
                * a.py
                * util/
                    * b.py
            * tests/
                * t.py
        """,
    "pictures": """
        📦 .
        ├── 📄 README.md
        ├── 📁 src/
        │   ├── 🐍 a.py
        │   └── 📂 util
        │       └── 📜 b.py
        └── :file_folder: tests
            └── t.py
        """,
    "output of tree": """
        $ tree
        .
        ├── README.md
        ├── src
        │   ├── a.py
        │   └── util
        │       └── b.py
        └── tests
            └── t.py

        3 directories, 4 files
        """,
    "tree -Qp": """
        .
        ├── [-rw-r--r--]  "README.md"
        ├── [drwxr-xr-x]  "src"
        │   ├── [-rw-r--r--]  "a.py"
        │   └── [drwxr-xr-x]  "util"
        │       └── [-rw-r--r--]  "b.py"
        └── [drwxr-xr-x]  "tests"
            └── [-rw-r--r--]  "t.py"
        """,
    "tree /F": """
        Folder PATH listing for volume Windows
        Volume serial number is 1234-ABCD
        C:.
        │   README.md
        │
        ├───src
        │   │   a.py
        │   │
        │   └───util
        │           b.py
        │
        └───tests
                t.py
        """,
    "backslashes": """
        .
        ├── README.md
        ├── src\\
        │   ├── a.py
        │   └── util\\
        │       └── b.py
        └── tests\\
            └── t.py
        """,
    "root with spaces": """
        <project-name>/
        ├── README.md
        ├── src/
        │   ├── a.py
        │   └── util/
        │       └── b.py
        └── tests/
            └── t.py
        """,
    "no root": """
        ├── README.md
        ├── src/
        │   ├── a.py
        │   └── util/
        │       └── b.py
        └── tests/
            └── t.py
        """,
}


@table("text", STYLES.values(), ids=STYLES)
def test_styles(text: str) -> None:
    assert read_outline(text) == EXPECTED_OUTLINE


# The text after the guides, and the entry that is read.
NAMES = [
    ("src/  # The code", "src/ -- The code"),
    ("src/# The code", "src/ -- The code"),
    ("src/ # The code (Port 80)", "src/ -- The code (Port 80)"),
    ("src/  // The code", "src/ -- The code"),
    ("src/  <- The code", "src/ -- The code"),
    ("src/  <-- The code", "src/ -- The code"),
    ("src/  ← The code", "src/ -- The code"),
    ("src/ - The code", "src/ -- The code"),
    ("src/ – The code", "src/ -- The code"),  # noqa: RUF001
    ("src/ — The code", "src/ -- The code"),
    ("src/ => The code", "src/ -- The code"),
    ("src/: The code", "src/ -- The code"),
    ("src/ : The code", "src/ -- The code"),
    ("src/ (The code)", "src/ -- The code"),
    ("src/   The code", "src/ -- The code"),
    ("src/\tThe code", "src/ -- The code"),
    ("src/ the code", "src/ -- the code"),
    ("main.py the entry point", "main.py -- the entry point"),
    ("`src/` - The code", "src/ -- The code"),
    ("**`src/`**: The code", "src/ -- The code"),
    ("My Notes.txt", "My Notes.txt"),
    ("Program Files/", "Program Files/"),
    ("C#/", "C#/"),
    ("a-b.c_d", "a-b.c_d"),
    ("docs/  # (optional)", "docs/?"),
    ("docs/ (optional)", "docs/?"),
    ("docs/  # Optional: For users", "docs/? -- For users"),
    ("docs/  # For users (optional)", "docs/? -- For users"),
    ("docs/api.md", "docs/api.md"),
    ("<service>/", "<service>/"),
    ("<service-name>/", "<service>/"),
    ("[service-name]/", "<service>/"),
    ("{service_name}/", "<service>/"),
    ("${SERVICE}/", "<service>/"),
    ("service-name/", "<service>/"),
    ("your-app/", "<app>/"),
    ("test_<module>.py", "test_<module>.py"),
    ("{service}.yaml", "<service>.yaml"),
    ("YYYY-MM-DD.md", "<date>.md"),
    ("NNNN-title.md", "<number>-title.md"),
    ("{{cookiecutter.slug}}/", "{{cookiecutter.slug}}/"),
    ("(group)/", "<group>/"),
    ("(shop)/", "(shop)/"),
    ("[slug].tsx", "[slug].tsx"),
    ("@scope/", "@scope/"),
    ("*.py", "*.py"),
    ("test_*.py", "test_*.py"),
    ("a?", "a?"),
    ("package.json or requirements.txt", "package.json | requirements.txt"),
    ("package.json | requirements.txt", "package.json | requirements.txt"),
    ("lib -> ../shared/lib", "lib"),
    ('"a b"  # Odd', "a b -- Odd"),
    ('"a\\"b"', 'a"b'),
    ('"*"', "\\*"),
]


@table(("text", "expected"), NAMES, ids=[text for text, _ in NAMES])
def test_entry_names(text: str, expected: str) -> None:
    assert read_outline(f".\n├── {text}\n└── z/") == ["./", f"  {expected}", "  z/"]


SEVERAL = [
    ("{unit,e2e}/", ["unit/", "e2e/"]),
    ("{unit,e2e}/conftest.py", ["unit/conftest.py", "e2e/conftest.py"]),
    ("a.py, b.py", ["a.py", "b.py"]),
    ("a.py / b.py", ["a.py", "b.py"]),
    ("api/, core/", ["api/", "core/"]),
    ("`a.py` and `b.py`", ["a.py", "b.py"]),
]


@pytest.mark.parametrize(("text", "expected"), SEVERAL, ids=[text for text, _ in SEVERAL])
def test_several_names_in_a_line(text: str, expected: list[str]) -> None:
    assert read_outline(f".\n├── {text}\n└── z/") == ["./", *(f"  {each}" for each in expected), "  z/"]


@pytest.mark.parametrize(
    "text", ["...", "…", "etc.", "... (more)", "(other services)", "[more files]", "*", "**"]
)
def test_lines_for_other_entries(text: str) -> None:
    assert read_outline(f".\n├── src/\n│   ├── a.py\n│   └── {text}\n└── z/") == [
        "./",
        "  src/ ...",
        "    a.py",
        "  z/",
    ]
    assert read_outline(".\n├── src/...\n└── z/") == ["./", "  src/ ...", "  z/"]


def test_text_in_a_tree_is_skipped() -> None:
    text = """
        apps
          ├─ expo
          |   ├─ Expo SDK 54
          |   └─ Navigation using Expo Router
          └─ web.py
        """
    assert read_outline(text) == ["apps/", "  expo/ ...", "  web.py"]


def test_routes_are_plain_names() -> None:
    assert read_outline("app/\n├── [slug]/\n│   └── page.tsx\n└── (group)/")[1] == "  [slug]/"


def test_comment_lines() -> None:
    text = """
        .
        ├── src/          # The code,
        │                 # all of it
        │   # Entry points
        │   └── main.py
        └── z/
        """
    assert read_outline(text) == ["./", "  src/ -- The code, all of it", "    main.py", "  z/"]


def test_several_trees_in_one_block() -> None:
    text = """
        services/
        ├── a.py
        └── b.py

        apps/
        └── c.py
        """
    assert read_outline(text) == ["services/", "  a.py", "  b.py", "apps/", "  c.py"]


def test_locations_of_entries() -> None:
    src = read(".\n├── src/  # The code\n│   └── a.py\n")[0].children[0]
    assert (src.line, src.column, src.children[0].line, src.children[0].column) == (2, 5, 3, 9)


def test_git_directory_is_skipped() -> None:
    assert read_outline(".\n├── .git/\n│   └── config\n└── src/") == ["./", "  src/"]


INVALID_NAMES = [
    ("../other/", "leads upwards"),
    ("src/../../etc/", "leads upwards"),
    ("/etc/passwd", "is an absolute path"),
    ("~/x/", "is an absolute path"),
    ("C:\\Users\\x", "is an absolute path"),
    ("a\x1b[31m.py", "contains a control character"),
    ("a\u202eb.py", "contains a control character"),
    ("a\x85b.py", "contains a control character"),
    ("x" * 256, "is too long"),
]


@pytest.mark.parametrize(("name", "message"), INVALID_NAMES)
def test_invalid_names(name: str, message: str) -> None:
    with pytest.raises(LayoutError) as caught:
        read(f".\n├── a.py\n└── {name}\n")
    assert re.match(r"README\.md:3:5: ", str(caught.value))
    assert message in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_tabs_and_spaces() -> None:
    with pytest.raises(LayoutError, match=r"README\.md:3:1: tabs and spaces are mixed"):
        read("src/\n    a/\n\tb.py\n")
    assert read_outline("src/\n\ta/\n\t\tb.py\n") == ["src/", "  a/", "    b.py"]


def test_depth_limit() -> None:
    with pytest.raises(LayoutError, match="nested deeper than 64 directories"):
        read("\n".join("  " * depth + "a/" for depth in range(1_500)))  # Python allows 1,000 nested calls


def test_many_lines() -> None:
    assert len(read("\n".join([".", *("├── a.py" for _ in range(5_000))]))[0].children) == 5_000


FILE_TREES = [
    (".\n├── src/\n└── a.py", True),
    ("$ tree -L 1\n.\n└── src/", True),
    ("src/\n  a.py", True),
    ("my-app@1.0.0\n├── express@4.17.1\n└── lodash@4.17.21", False),
    ("app v0.1.0\n├── serde v1.0.1\n└── rand v0.8.5", False),
    ("App\n├── Header\n└── Footer", False),
    ("def f():\n    return 1", False),
    ("a:\n  b: 1", False),
    ("make setup\nmake test", False),
    ("src/", False),
    ("+-----+\n| box |\n+-----+", False),
]


@pytest.mark.parametrize(("text", "expected"), FILE_TREES)
def test_draws_files(text: str, expected: bool) -> None:
    assert draws_files(text.split("\n")) is expected


def test_draws_files_with_hint() -> None:
    assert draws_files(["src/", "tests/"], hinted=True)
    assert not draws_files(["Fast", "Simple and/or small"], hinted=True)


# --- Round trips in every style

Nested = dict[str, "Nested"]
WORDS = st.text("abcdefgh_-.@()é", min_size=1, max_size=8).map(lambda word: f"n{word}1")
TREES: st.SearchStrategy[Nested] = st.recursive(
    st.just({}),
    lambda inner: st.dictionaries(
        WORDS.map(lambda word: f"{word}/"), inner, max_size=3
    ) | st.dictionaries(WORDS.map(lambda word: f"{word}.py"), st.just({}), max_size=3),
    max_leaves=12,
)  # fmt: skip


def with_guides(before: str, last: str, beside: str, gap: str) -> Callable[[Nested], list[str]]:
    def draw(tree: Nested, guides: str = "") -> Iterator[str]:
        for number, (name, inside) in enumerate(tree.items(), 1):
            final = number == len(tree)
            yield guides + (last if final else before) + name
            yield from draw(inside, guides + (gap if final else beside))

    return lambda tree: [".", *draw(tree)]


def with_indentation(step: str, bullet: str = "") -> Callable[[Nested], list[str]]:
    def draw(tree: Nested, indent: str) -> Iterator[str]:
        for name, inside in tree.items():
            yield indent + bullet + name
            yield from draw(inside, indent + step)

    return lambda tree: [f"{bullet}./", *draw(tree, step)]


DRAWERS = {
    "tree": with_guides("├── ", "└── ", "│   ", "    "),
    "short": with_guides("├─ ", "└─ ", "│  ", "   "),
    "typed": with_guides("|-- ", "`-- ", "|   ", "    "),
    "plus": with_guides("+-- ", "\\-- ", "|   ", "    "),
    "windows": with_guides("+---", "\\---", "|   ", "    "),
    "no bars": with_guides("├── ", "├── ", "    ", "    "),
    "extra bars": with_guides("├── ", "└── ", "│   ", "│   "),
    "heavy": with_guides("┣━━ ", "┗━━ ", "┃   ", "    "),
    "two": with_indentation("  "),
    "four": with_indentation("    "),
    "tabs": with_indentation("\t"),
    "bullets": with_indentation("  ", "- "),
}


def keys_of(entries: Sequence[DrawnEntry]) -> Nested:
    return {each.key.replace("\\", ""): keys_of(each.children) for each in entries}


@pytest.mark.parametrize("style", DRAWERS)
@given(tree=TREES)
def test_drawn_trees_are_read_back(style: str, tree: Nested) -> None:
    lines = DRAWERS[style]({"a/": {}, **tree})
    (root,) = read_tree(list(enumerate(lines, 1)), "f")
    assert root.key == "./"
    assert keys_of(root.children) == {"a/": {}, **tree}


@given(st.lists(st.text(max_size=20), max_size=8))
def test_keys_are_valid_in_layouts(texts: list[str]) -> None:
    lines = [".", *(f"├── {text}" for each in texts for text in each.splitlines() or [""])]
    try:
        (*tops,) = read_tree(list(enumerate(lines, 1)), "f")
    except LayoutError:
        return
    for entry in (each for top in tops for each in top.children):
        if entry.key.count("*") + entry.key.count("<") <= 4:
            read_key(entry.key)
