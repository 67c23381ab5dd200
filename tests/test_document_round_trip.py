# ruff: noqa: E501
"""A tree drawn in any style is read back as the same tree, in every repository.

The trees are random, and `DIALECTS` draws one in each style.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from conftest import Make, Run, write
from effort import limit_calls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from structlint.markdown import purpose
from structlint.markdown.document import read_document
from structlint.yaml_nodes import MapNode, TextNode

Picture: TypeAlias = "dict[str, Picture | None]"
Row: TypeAlias = "tuple[int, tuple[bool, ...], str, bool, str]"

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.md"))
WORDS = ("alder", "birch", "cedar", "dogwood", "elm", "fir", "gingko", "hazel", "iris", "juniper")
files = st.sampled_from([f"{word}.py" for word in WORDS] + ["README.md", "Makefile", ".env.example"])
directories = st.sampled_from([f"{word}/" for word in WORDS])


def with_files_in_empty_directories(picture: Picture) -> Picture:
    return {
        name: (inside or {"kept.txt": None}) if name.endswith("/") else None
        for name, inside in picture.items()
    }


pictures: st.SearchStrategy[Picture] = st.recursive(
    st.dictionaries(files, st.none(), min_size=1, max_size=4),
    lambda inner: st.dictionaries(files | directories, inner, min_size=1, max_size=4).map(
        with_files_in_empty_directories
    ),
    max_leaves=14,
).map(lambda picture: {"README.md": None, "src/": {"main.py": None}, **picture})


def paths(picture: Picture, above: str = "") -> Iterator[str]:
    for name, inside in picture.items():
        yield above + name
        if inside is not None:
            yield from paths(inside, above + name)


def rows(picture: Picture, above: tuple[bool, ...] = (), path: str = "") -> Iterator[Row]:
    """Yields depth, whether each ancestor is the last entry, name, whether it is the last entry, and path."""
    names = list(picture.items())
    for name, inside in names:
        last = name == names[-1][0]
        yield len(above), above, name, last, path + name
        if inside is not None:
            yield from rows(inside, (*above, last), path + name)


def with_guides(before: str, last: str, bar: str, blank: str) -> Callable[[Picture], list[str]]:
    def draw(picture: Picture) -> list[str]:
        return [
            "".join(blank if done else bar for done in above) + (last if is_last else before) + name
            for _, above, name, is_last, _ in rows(picture)
        ]

    return draw


def with_indentation(width: int, bullet: str = "") -> Callable[[Picture], list[str]]:
    return lambda picture: [" " * width * depth + bullet + name for depth, _, name, _, _ in rows(picture)]


DIALECTS: dict[str, tuple[str, Callable[[Picture], list[str]]]] = {
    "tree": (".", with_guides("├── ", "└── ", "│   ", "    ")),
    "a name": ("shop/", with_guides("├── ", "└── ", "│   ", "    ")),
    "short guides": (".", with_guides("├─ ", "└─ ", "│  ", "   ")),
    "heavy": (".", with_guides("┣━━ ", "┗━━ ", "┃   ", "    ")),
    "double": (".", with_guides("╠══ ", "╚══ ", "║   ", "    ")),
    "ASCII": (".", with_guides("|-- ", "`-- ", "|   ", "    ")),
    "underscores": (".", with_guides("|__ ", "|__ ", "|   ", "    ")),
    "plus": (".", with_guides("+-- ", "+-- ", "|   ", "    ")),
    "Windows": (".", with_guides("+---", "\\---", "|   ", "    ")),
    "no first line": ("", with_guides("├── ", "└── ", "│   ", "    ")),
    "indented": ("shop/", lambda picture: [f"  {line}" for line in with_indentation(2)(picture)]),
    "four blanks": ("shop/", lambda picture: [f"    {line}" for line in with_indentation(4)(picture)]),
    "bullets": (".", lambda picture: [f"  {line}" for line in with_indentation(2, "- ")(picture)]),
}
SIGNS = {"#": "  # {}", "arrow": "  <- {}", "dash": " - {}", "long dash": " — {}", "right arrow": " → {}"}


def document(picture: Picture, dialect: str, sign: str, title: str = "Shop") -> tuple[str, dict[str, str]]:
    """A document with a picture in a style, and the comment of each path."""
    first, draw = DIALECTS[dialect]
    comments = {path: f"What {number} is for" for number, path in enumerate(paths(picture))}
    drawn = [
        line + SIGNS[sign].format(comments[path])
        for line, (*_, path) in zip(draw(picture), rows(picture), strict=True)
    ]
    lines = [first, *drawn] if first else drawn
    return "\n".join([f"# {title}", "", "## Structure", "", "```", *lines, "```", ""]), comments


def paths_with_purposes(tree: object, above: str = "") -> Iterator[tuple[str, str]]:
    """The paths of a layout's tree, each with its purpose."""
    assert isinstance(tree, MapNode)
    for key, node in tree.items:
        if key.text == ".":
            continue
        itself = node.get(".") if isinstance(node, MapNode) else node
        about = itself.get("about") if isinstance(itself, MapNode) else itself
        yield above + key.text.replace("\\", ""), about.text if isinstance(about, TextNode) else ""
        if isinstance(node, MapNode):
            yield from paths_with_purposes(node, above + key.text.replace("\\", ""))


@pytest.mark.parametrize("dialect", DIALECTS)
@given(picture=pictures, sign=st.sampled_from(sorted(SIGNS)))
@settings(max_examples=6)
def test_every_style_is_read_back(dialect: str, picture: Picture, sign: str) -> None:
    text, comments = document(picture, dialect, sign)
    reading = read_document(text.encode(), "README.md")
    assert dict(paths_with_purposes(reading.layout.get("tree"))) == comments
    assert reading.notes == ()


def show_layout(run: Run, place: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> str:
    monkeypatch.chdir(place)
    status, out, err = run("check", "--show-config", "--layout", name)
    assert status == 0, err
    return out


def create_repositories(make: Make, text: str, own: list[str]) -> list[Path]:
    """Creates an empty repository, the drawn one, and another one, each with the document."""
    other = ["src/other/x.ts", "docs/none.md", "services/zed/main.go", "shop/main.py", "package.json"]
    contents = {"empty": [], "own": own, "other": other}
    return [
        make({**dict.fromkeys(existing, ""), "DRAWN.md": text}, at=name).path
        for name, existing in contents.items()
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=[path.stem for path in DOCUMENTS])
def test_layout_of_document_does_not_depend_on_repository(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, path: Path
) -> None:
    own = path.with_suffix(".tree").read_text().split("\n")
    names = [line.strip().partition("  ")[0] for line in own]
    places = create_repositories(
        repository, path.read_text(), [name for name in names if name and "/" not in name]
    )
    layouts = {show_layout(run, place, monkeypatch, "DRAWN.md") for place in places}
    assert len(layouts) == 1


@given(picture=pictures, dialect=st.sampled_from(sorted(DIALECTS)))
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_layout_of_random_document_does_not_depend_on_repository(
    tmp_path_factory: pytest.TempPathFactory, run: Run, picture: Picture, dialect: str
) -> None:
    text, _ = document(picture, dialect, "#")
    own = [path for path in paths(picture) if not path.endswith("/")]
    layouts = set()
    for existing in ([], own, ["shop/src/main.py", "elm/x", "alder/elm/birch.py"]):
        place = tmp_path_factory.mktemp("place")
        write(place, {**dict.fromkeys(existing, ""), "DRAWN.md": text})
        with pytest.MonkeyPatch.context() as patch:
            layouts.add(show_layout(run, place, patch, "DRAWN.md"))
            checked = own[:3]
            status, out, _ = run("where", *checked, "--layout", "DRAWN.md")
            assert status == 0, out
            found = run("check", "--layout", "DRAWN.md", "--output-format", "concise").out
            missing = {line.partition(":")[0] for line in found.splitlines() if "missing" in line}
            assert not missing.intersection(own if existing is own else ())
    assert len(layouts) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_marked_tree_keeps_comments(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, dialect: str
) -> None:
    picture: Picture = {
        "README.md": None,
        "birch/": {"elm.py": None, "fir/": {"iris.py": None}},
        "cedar/": {"hazel.py": None},
        "src/": {"main.py": None},
    }
    text, comments = document(picture, dialect, "#")
    drawing = text[text.index("```") :].strip().replace("shop/\n", ".\n")
    marked = f"# Shop\n\n<!-- structlint:tree depth=9 -->\n\n{drawing}\n\n<!-- /structlint:tree -->\n"
    layout = "tree:\n  birch/: {elm.py: , fir/: {iris.py: }}\n  cedar/: {hazel.py: }\n  src/: {main.py: , new.py: }\n  README.md:\n"
    existing = dict.fromkeys([path for path in paths(picture) if not path.endswith("/")], "")
    git = repository({**existing, "src/new.py": "", "structlint.yaml": layout, "README.md": marked})
    monkeypatch.chdir(git.path)
    assert "outdated tree; it does not show `src/new.py`" in run("check").out.replace("\n", " ")
    assert run("tree", "--write", "README.md").status == 0
    after = (git.path / "README.md").read_text()
    for path, comment in comments.items():
        name = path.rstrip("/").rpartition("/")[2]
        (line,) = [each for each in after.splitlines() if comment in each]
        assert name in line
    assert "src/new.py" not in run("check").out
    assert run("check", "--select", "stale-document").status == 0
    assert run("tree", "--write", "README.md").err.strip().endswith("up to date, nothing written")


def windows_listing(number: int) -> str:
    """The output of Windows `tree` for a project with a virtual environment of this many packages."""
    packages = "".join(
        f"|           +---pkg{n}\n|           |       __init__.py\n|           |       \n"
        for n in range(number)
    )
    return (
        "Folder PATH listing\nC:.\n|   main.py\n|   \n+---.venv\n|   \\---Lib\n|       \\---site-packages\n"
        f"{packages}|           \\---zz\n|                   a.py\n|                   \n\\---src\n        app.py\n"
    )


def test_large_listing_is_reduced_to_tracked_entries(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    files = {"tree.txt": windows_listing(300), ".gitignore": ".venv/\n", "main.py": "", "src/app.py": ""}
    git = repository(files)
    monkeypatch.chdir(git.path)
    assert run("check", "--layout", "tree.txt").status == 0
    assert run("init", "--from", "tree.txt").status == 0
    layout = (git.path / "structlint.yaml").read_text()
    assert "pkg1" not in layout
    assert len(layout.splitlines()) < 20
    assert run("check").status == 0


def test_reading_time_is_linear() -> None:
    with limit_calls(calls=1_000_000):
        read_document(windows_listing(1_000).encode(), "tree.txt")


def test_purpose_is_determined_once_per_drawing() -> None:
    for searched in (purpose.purpose_of, purpose._kind):
        searched.cache_clear()
    part = "## Step {0}\n\nOpen it, and edit `a{0}.py`.\n\n- Save it.\n- Read on.\n\n```sh\nmake {0}\n```\n\n"
    tree = "## Structure\n\n```\n.\n├── src/\n└── tests/\n```\n\n"
    sections = 200
    read_document(("# Shop\n\n" + tree + "".join(map(part.format, range(sections)))).encode(), "README.md")
    # The text above a list can make it a tree; paragraphs and commands are never trees.
    assert purpose.purpose_of.cache_info().misses <= sections + 5
    assert purpose._kind.cache_info().misses <= 2 * sections + 10  # one heading and one sentence for each
