"""Documents as layouts: they require the entries that they draw, and findings have their line numbers.

`documents/` has documents of several kinds, each with the tree that it draws. If the original documents are
available, they are tested too; `seeds/` has the trees that they draw.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from shutil import rmtree

import pytest
from conftest import Make, Run
from test_seeds import separate

from structlint.errors import LayoutError
from structlint.finding import Finding
from structlint.layout.load import load
from structlint.layout.model import Layout
from structlint.layout.source import LayoutSource
from structlint.markdown.document import read_document
from structlint.matching import match
from structlint.rules import RULES, name_of
from structlint.rules.engine import check
from structlint.suggest.fold import fold_siblings
from structlint.text.key_escapes import ENTRY_SETTINGS
from structlint.text.paths import parent
from structlint.tree import Tree
from structlint.tree.drawing import Drawn, drawn
from structlint.yaml_nodes import MapNode, value
from structlint.yaml_nodes.writer import write

HERE = Path(__file__).parent
ORIGINALS = HERE.parent.parent / "shared" / "seeds"
SEEDS = {
    "aqmrg-microservices": "microservices",
    "azora-monorepo": "monorepo",
    "dbx-aviation-python-service": "python-service",
    "fraud-mlops": "mlops",
    "ultimate-paas-clean-architecture": "clean-architecture",
}
DOCUMENTS = {
    path.stem: (path, path.with_suffix(".tree")) for path in sorted((HERE / "documents").glob("*.md"))
}
for original, seed in SEEDS.items():
    if (ORIGINALS / f"{original}.md").is_file():
        DOCUMENTS[original] = ORIGINALS / f"{original}.md", HERE / "seeds" / f"{seed}.tree"
ALL = frozenset(name_of(rule) for rule in RULES)
MISSING = {"missing-file", "missing-directory"}


@cache
def source(name: str) -> str:
    return DOCUMENTS[name][0].read_text(encoding="utf-8")


@cache
def layout_of_document(name: str) -> Layout:
    return load_layout(f"{name}.md", source(name))


@cache
def layout_of_init(name: str) -> Layout:
    """The layout that `structlint init --from` creates from a document."""
    return load_layout(
        "structlint.yaml", write(fold_siblings(read_document(source(name).encode(), f"{name}.md").layout))
    )


def load_layout(file: str, content: str) -> Layout:
    return load(LayoutSource({file: content.encode()}.__getitem__), file)


@cache
def drawn_paths(name: str) -> tuple[str, ...]:
    """The paths that a document draws; directories end in "/"."""
    tree = drawn(DOCUMENTS[name][1].read_text(encoding="utf-8"))
    assert isinstance(tree.source, Drawn)
    paths = {*tree.files, *tree.source.directories}
    if name == "fraud-mlops":  # mentioned only in the text
        paths -= {"model_artifacts/features.txt", "tests/fixtures/conftest.py"}
    return tuple(sorted(paths))


def with_placeholder_files(paths: Iterable[str]) -> set[str]:
    """The files of a repository with these paths: empty directories get a `.gitkeep`."""
    files = {path for path in paths if not path.endswith("/")}
    for directory in (path for path in paths if path.endswith("/")):
        if not any(file.startswith(directory) for file in files):
            files.add(f"{directory}.gitkeep")
    return files


def check_files(layout: Layout, files: Collection[str], ignores: str = "") -> list[Finding]:
    lines = "\n".join([ignores, *(reason.pattern for reason in layout.local.items)])
    source = Drawn({".gitignore": lines.encode()} if ".gitignore" in files else {}, frozenset())
    tree = Tree(tuple(sorted(files)), source, in_git=True)
    return check(match(layout, tree), ALL, date(2026, 1, 1))


def topmost(paths: Iterable[str]) -> list[str]:
    return sorted(path for path in paths if "/" not in path.rstrip("/"))


@pytest.fixture(params=[layout_of_document, layout_of_init], ids=["document", "init"])
def read(request: pytest.FixtureRequest) -> Callable[[str], Layout]:
    function: Callable[[str], Layout] = request.param
    return function


@pytest.mark.parametrize("name", DOCUMENTS)
def test_empty_repository_lacks_all_drawn_entries(name: str, read: Callable[[str], Layout]) -> None:
    findings = check_files(read(name), set())
    assert [finding.path for finding in findings] == topmost(drawn_paths(name))
    for finding in findings:
        number = sum(path.startswith(finding.path) for path in drawn_paths(name)) - 1
        assert finding.rule in MISSING
        if finding.path.endswith("/") and number:
            required = re.search(r"; it must contain `([^`]+)`(?: and (\d+) more entr)?", finding.message)
            assert required
            assert finding.path + required[1] in drawn_paths(name)
            assert required[1].rstrip("/").count("/") + 1 + int(required[2] or 0) == number


@pytest.mark.parametrize("name", DOCUMENTS)
def test_drawn_repository_passes(name: str, read: Callable[[str], Layout]) -> None:
    assert check_files(read(name), with_placeholder_files(drawn_paths(name))) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_findings_have_the_line_of_their_entry(name: str, read: Callable[[str], Layout]) -> None:
    layout = read(name)
    lines = source(name).split("\n")
    for removed in separate(drawn_paths(name)):
        left = [each for each in drawn_paths(name) if not each.startswith(removed)]
        findings = [
            each for each in check_files(layout, with_placeholder_files(left)) if each.rule in MISSING
        ]
        assert len(findings) == len(removed)
        by_path = {finding.path: finding for finding in findings}
        for path in removed:
            above, _, base_name = path.rstrip("/").rpartition("/")
            alternatives = (
                each
                for each in findings
                if parent(each.path.rstrip("/")) == f"{above}/" * bool(above)
                and f"or `{base_name}`" in each.message
            )
            finding = by_path.get(path) or next(alternatives, None)
            assert finding, path
            assert finding.origin
            if finding.origin.file == f"{name}.md":
                assert base_name in lines[finding.origin.line - 1], path


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_and_layout_of_init_report_the_same(name: str) -> None:
    documents = drawn_paths(name)
    trees = [
        set[str](),
        with_placeholder_files(documents),
        {"zzz.txt", "zzz/a.txt", *with_placeholder_files(documents)},
    ]
    trees += [with_placeholder_files(documents[::step]) for step in (2, 3, 5)]
    trees += [{f"{directory}zzz/a.txt" for directory in documents if directory.endswith("/")}]
    for files in trees:
        one, other = (
            [comparable(each) for each in check_files(layout(name), files)]
            for layout in (layout_of_document, layout_of_init)
        )
        assert one == other


def comparable(finding: Finding) -> tuple[str, ...]:
    return finding.path, finding.rule, finding.message, finding.about


@pytest.mark.parametrize("name", DOCUMENTS)
def test_other_entries_are_unlisted(name: str, read: Callable[[str], Layout]) -> None:
    closed = {
        "",
        *(path.rstrip("/").rpartition("/")[0] + "/" for path in drawn_paths(name) if path.count("/") > 1),
    }
    added = {f"{directory}zzz/" for directory in closed - {".github/", "/"}}
    files = {*with_placeholder_files(drawn_paths(name)), *(f"{directory}a.txt" for directory in added)}
    findings = check_files(read(name), files)
    assert sorted((each.rule, each.path) for each in findings) == sorted(
        ("stray-directory", directory) for directory in added
    )


@cache
def as_plain_data(name: str) -> dict[str, object]:
    layout = value(read_document(source(name).encode(), f"{name}.md").layout)
    assert isinstance(layout, dict)
    return layout


OTHER_SETTINGS = [
    (
        "shop",
        "ports",
        {
            "gateway": 8000,
            "cart-service": 8001,
            "stock-keeper-service": 8002,
            "postgresql": 5432,
            "mlflow": 5000,
        },
    ),
    ("campus", "ports", {"auth-service": 4001, "campus-mint": 4003, "student-portal": 3000, "pay-ui": 3003}),
    ("campus", "limits", {"root-files": 20}),
    ("campus", "belongs", {"jest.config.js": "/"}),
    ("campus", "local", [".env", ".env.production"]),
    ("scoring", "local", ["model_cache/", ".venv"]),
    ("flights", "ports", None),
    ("rings", "about", "The platform"),
    (
        "aqmrg-microservices",
        "ports",
        {
            "api-gateway": 8000,
            "auth-service": 8001,
            "data-ingestion-service": 8002,
            "model-serving-service": 8003,
            "analytics-service": 8004,
            "notification-service": 8005,
            "sensor-adapter-service": 8006,
            "export-service": 8007,
            "grafana": 3000,
            "mlflow": 5000,
            "postgresql": 5432,
            "redis": 6379,
            "influxdb": 8086,
            "kafka": 9092,
            "prometheus": 9090,
        },
    ),
    (
        "azora-monorepo",
        "ports",
        {
            "api-gateway": 4000,
            "auth-service": 4001,
            "azora-education": 4002,
            "azora-mint": 4003,
            "azora-forge": 4004,
            "azora-sapiens": 4005,
            "ai-family-service": 4006,
            "health-monitor": 4007,
            "student-portal": 3000,
            "enterprise-ui": 3001,
            "marketplace-ui": 3002,
            "pay-ui": 3003,
        },
    ),
    ("azora-monorepo", "limits", {"root-files": 20}),
    (
        "azora-monorepo",
        "belongs",
        {"jest.config.js": "/", "docker-compose.yml": "/", "docker-compose.prod.yml": "/"},
    ),
    ("azora-monorepo", "local", [".env", ".env.production", ".env.staging"]),
    ("fraud-mlops", "local", ["model_cache/", ".venv"]),
]


@pytest.mark.parametrize(
    ("name", "key", "expected"), [each for each in OTHER_SETTINGS if each[0] in DOCUMENTS]
)
def test_other_settings_in_documents(name: str, key: str, expected: object) -> None:
    assert as_plain_data(name).get(key) == expected


WITH_PORTS = [name for name in DOCUMENTS if "ports" in as_plain_data(name)]


def compose_file(ports: dict[str, object]) -> str:
    """A compose file in which each service publishes its port."""
    services = (f'  {name}: {{image: x, ports: ["{port}:80"]}}\n' for name, port in ports.items())
    return "services:\n" + "".join(services)


def check_ports(layout: Layout, compose: str) -> list[tuple[str, int | None, str]]:
    """The findings for a compose file: the rule, the line, and the origin or the message."""
    tree = Tree(("compose.yaml",), Drawn({"compose.yaml": compose.encode()}, frozenset()))
    rules = {"port-conflict", "port-mismatch", "unknown-port"}
    found = check(match(layout, tree), rules, date(2026, 1, 1))
    return [(each.rule, each.line, str(each.origin) if each.origin else each.message) for each in found]


@pytest.mark.parametrize("name", WITH_PORTS)
def test_ports_of_documents(name: str) -> None:
    layout, ports = layout_of_document(name), as_plain_data(name)["ports"]
    assert isinstance(ports, dict)
    right = compose_file(ports)
    assert check_ports(layout, right) == []
    (one, port), (other, _) = list(ports.items())[:2]
    origin = layout.ports[other].place
    assert source(name).split("\n")[origin.line - 1].count(str(ports[other])) == 1
    wrong = compose_file({**ports, other: port})
    assert check_ports(layout, wrong) == [
        ("port-conflict", 3, f"`{other}` and `{one}` (compose.yaml:2) both publish port {port}"),
        ("port-mismatch", 3, str(origin)),
    ]
    last = len(ports) + 2
    assert check_ports(layout, compose_file({**ports, "newcomer": 7999})) == [
        ("unknown-port", last, "`newcomer` publishes port 7999, but `ports` does not list it")
    ]
    twice = right + f"  newcomer: {{image: x, ports: [{{target: 80, published: {port}}}]}}\n"
    assert check_ports(layout, twice)[0] == (
        "port-conflict",
        last,
        f"`newcomer` and `{one}` (compose.yaml:2) both publish port {port}",
    )


@pytest.mark.parametrize("page", ["cp1252", "cp1254", "cp437"])
@pytest.mark.parametrize("name", [path.stem for path in sorted((HERE / "documents").glob("*.md"))])
def test_document_decoded_with_wrong_code_page(name: str, page: str) -> None:
    """A document that was decoded with the wrong code page and has lost bytes is read as the original."""
    broken = "".join(bytes([byte]).decode(page, errors="ignore") for byte in source(name).encode())
    reading = read_document(broken.encode(), f"{name}.md")
    assert is_decoding_note(reading.notes)
    assert value(tree_of(reading.layout)) == value(tree_of(read_document(source(name).encode(), "").layout))


def is_decoding_note(notes: Collection[str]) -> bool:
    return len(notes) == 1 and "decoded" in "".join(notes)


def tree_of(layout: MapNode) -> MapNode:
    tree = layout.get("tree")
    assert isinstance(tree, MapNode)
    return tree


def error_of(text: str | bytes, file: str = "README.md") -> str:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(LayoutError) as caught:
        read_document(data, file)
    return str(caught.value)


def fenced(*lines: str) -> str:
    return "\n".join(["# Structure", "", "```", *lines, "```", ""])


ERRORS = [
    ("no tree", "# Shop\n\nNothing here.\n", "README.md:1:1: no drawn tree here"),
    ("empty", "", "README.md:1:1: no drawn tree here"),
    (
        "unclosed",
        "# A\n\n```\nsrc/\n├── a.py\n",
        "README.md:3:1: the code block that begins here is never closed",
    ),
    ("too large", "#" + "x" * 11_000_000, "README.md:1:1: "),
    (
        "a file and a directory",
        fenced(".", "├── a.py/", "└── src/") + fenced(".", "├── a.py", "└── src/"),
        "README.md:12:5: a.py is drawn as a file here and as a directory in line 5",
    ),
    (
        "two ports",
        fenced(".", "├── auth/   # Port 8000", "└── src/") + "\n## Auth (Port 8001)\n",
        "README.md:9:1: auth has port 8001 here and 8000 in line 5",
    ),
    (
        "two limits",
        fenced(".", "└── src/") + "\n- At most 20 files in the root\n- No more than 15 files in the root\n",
        "README.md:9:1: at most 15 files in the root here, 20 in line 8",
    ),
]


@pytest.mark.parametrize("delimiter", ["----", "....", "------"])
def test_unclosed_block_of_asciidoc_names_its_delimiter(delimiter: str) -> None:
    message = f"S.adoc:4:1: the code block that begins here is never closed; end it with a line {delimiter}"
    assert error_of(f"= A\n\n== Structure\n{delimiter}\nsrc/\n├── a.py\n", "S.adoc") == message


def test_literal_block_may_end_a_file_without_a_line_break() -> None:
    text = "Shop\n====\n\nThe structure is as follows::\n\n  .\n  ├── src/\n  └── docs/"
    tree = tree_of(read_document(text.encode(), "S.rst").layout)
    assert tree.get("src/") and tree.get("docs/")


@pytest.mark.parametrize(("text", "message"), [case[1:] for case in ERRORS], ids=[case[0] for case in ERRORS])
def test_errors(text: str, message: str) -> None:
    assert error_of(text).startswith(message)


INVALID_NAMES = ["../other/", "/etc/passwd", "a\x1b[31m.py", "C:\\Windows", "x" * 300, "~/shop/"]


@pytest.mark.parametrize("name", INVALID_NAMES)
def test_invalid_name_is_skipped_with_its_contents(name: str) -> None:
    text = fenced(".", "├── src/", f"│   └── {name}", "│       └── inner.py", "├── docs/", "└── a.py")
    reading = read_document(text.encode(), "README.md")
    src, docs, module = [(key.text, node) for key, node in tree_of(reading.layout).items if key.text != "."]
    assert (src[0], docs[0], module[0]) == ("src/", "docs/", "a.py")
    assert "inner" not in str(src[1])
    assert [note.partition(": ")[0] for note in reading.notes] == ["README.md:6"]
    assert "skipped" in reading.notes[0]


def test_tree_of_invalid_names_is_an_error() -> None:
    assert error_of(fenced(".", "├── ../other/", "└── ../a.py")).splitlines() == [
        "README.md:5:1: no other tree is drawn here: skipped: ../other/ leads upwards; draw the entry "
        "where it is; "
        "draw one in a code block, such as `src/` with its files below it",
        "README.md:6:1: no other tree is drawn here: skipped: ../a.py leads upwards; draw the entry "
        "where it is; "
        "draw one in a code block, such as `src/` with its files below it",
    ]


def block(*lines: str) -> str:
    return "\n".join(["", "```", *lines, "```", ""])


LOCATIONS = [
    (
        "placeholder next to its values",
        block("services/", "├── auth/", "└── <service>/", "    └── src/"),
        {"services/": {"auth/": {"src/": None}, "<service>/?": {"src/": None}}},
    ),
    (
        "placeholder next to other names",
        block(".", "├── docs/", "└── <service>/", "    └── src/"),
        {"docs/": None, "<service>/": {"src/": None}},
    ),
    (
        "placeholder in a separate drawing",
        block(".", "└── services/", "    └── auth/")
        + "Service structure:\n"
        + block("my-service/", "└── src/"),
        {"services/": {"auth/": {"src/": None}}},
    ),
    (
        "values in a list",
        block(".", "└── apps/", "    └── web/")
        + "\nEach app must have:\n\n- `src/`\n- `a.json` or `b.json` - What\n",
        {"apps/": {"web/": {"src/": None, "a.json | b.json": "What"}}},
    ),
    (
        "placeholder without drawn values",
        block(".", "└── packages/") + "\nEvery package contains\n\n- README.md\n- `src/`\n",
        {"packages/": {"<package>/": {"README.md": None, "src/": None}}},
    ),
    (
        "below a heading with a directory",
        block(".", "├── a.py", "└── src/") + "\n### `src/`\n" + block("api/", "└── b.py"),
        {"a.py": None, "src/": {"api/": {"b.py": None}}},
    ),
    (
        "below nested headings",
        block(".", "└── a.py") + "\n## App (`src/app/`)\n\n### API (`api/`)\n" + block("api/", "└── b.py"),
        {"a.py": None, "src/": {"app/": {"api/": {"b.py": None}}}},
    ),
    (
        "below a heading that repeats part of its parent",
        block(".", "└── a.py") + "\n## App (`src/app/`)\n\n### DB (`app/db/`)\n" + block("db/", "└── b.py"),
        {"a.py": None, "src/": {"app/": {"db/": {"b.py": None}}}},
    ),
    (
        "directory with a known location",
        block(".", "└── src/", "    └── domain/") + "\n## Domain\n" + block("domain/", "└── b.py"),
        {"src/": {"domain/": {"b.py": None}}},
    ),
    (
        "outdated",
        block(".", "└── src/") + "\n## Before\n" + block(".", "└── lib/"),
        {"src/": None},
    ),
    (
        "several names",
        block("services/", "├── a.py", "", "apps/", "└── b.py"),
        {"services/": {"a.py": None}, "apps/": {"b.py": None}},
    ),
    (
        "list with links, checkboxes and text",
        "## Structure\n\n- [ ] [`src/`](src/): Code\n  - [x] a.py\n\n    More of it.\n"
        "- We use make\n  - b.py\n- `docs/` - with\n\n  ```sh\n  x = 1\n  ```\n+ `lib/`\n",
        {"src/": {"a.py": None}, "docs/": "with", "lib/": None},
    ),
    (
        "several in one item",
        "## Structure\n\n- `src/` code\n- `a.toml`/`b.toml`/`c/` - What\n",
        {"src/": "code", "a.toml": "What", "b.toml": "What", "c/": "What"},
    ),
    (
        "heading for a kind of directory",
        block(".", "└── services/", "    ├── a/", "    └── b/")
        + "\n### Each service\n"
        + block("services/", "└── service-name/", "    └── service-name.py"),
        {"services/": {"a/": {"a.py": None}, "b/": {"b.py": None}}},
    ),
    (
        "drawings of other directories",
        "## Usage\n" + block("src/", "└── a.py") + "## Output\n" + block("Logs/", "└── a.log"),
        {"src/": {"a.py": None}},
    ),
    (
        "numbered list",
        "## Directories\n\n1. src/\n   - a.py\n2. docs/\n",
        {"src/": {"a.py": None}, "docs/": None},
    ),
    (
        "table with links",
        "# Tree\n\n| File | What |\n|---|---|\n| [`src/a.py`](src/a.py) | A \\| B |\n| `docs/` | Words |\n",
        {"src/": {"a.py": "A | B"}, "docs/": "Words"},
    ),
    (
        "table",
        "| Directory | What |\n|---|---|\n| `src/` | Code |\n| /docs | Words |\n| see below | No |\n",
        {"src/": "Code", "docs/": "Words"},
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), [case[1:] for case in LOCATIONS], ids=[case[0] for case in LOCATIONS]
)
def test_location_of_drawings(text: str, expected: object) -> None:
    assert without_settings(value(tree_of(read_document(text.encode(), "README.md").layout))) == expected


def without_settings(tree: object) -> object:
    """A tree without the settings of directories."""
    if not isinstance(tree, dict):
        return tree
    return {key: without_settings(inside) for key, inside in tree.items() if key != "."}


LINES = [
    ("**init**.py", ["__init__.py"]),
    (r"\_\_main\_\_.py", ["__main__.py"]),
    ("a.c/h", ["a.c", "a.h"]),
    ("a.hpp/.cpp", ["a.hpp", "a.cpp"]),
    ("a.h, .cpp  # words", ["a.h", "a.cpp"]),
    ("a.h / .cpp", ["a.h", "a.cpp"]),
    ("a.h|cpp", ["a.h", "a.cpp"]),
    ("a.(h|cpp)", ["a.h", "a.cpp"]),
    ("a.h and .cpp", ["a.h", "a.cpp"]),
    ("a.h/a.cpp", ["a.h", "a.cpp"]),
    ("a.h/cpp: words", ["a.h", "a.cpp"]),
    ("a.yml/yaml", ["a.yml | a.yaml"]),
    ("a.h or .hpp", ["a.h | a.hpp"]),
    ("[...slug].tsx", ["[...slug].tsx"]),
    *((words, []) for words in ("...other modules", "…more", "other files...", "modules…", "⋮", "⋯", "usw.")),
]


@pytest.mark.parametrize(("line", "names"), LINES, ids=[case[0] for case in LINES])
@pytest.mark.parametrize("listed", [False, True], ids=["tree", "list"])
def test_names_in_a_line(line: str, names: list[str], listed: bool) -> None:
    drawn = f"\n- lib/\n  - x.py\n  - {line}\n" if listed else block("lib/", "├── x.py", f"└── {line}")
    if listed and not names:
        return  # an item without a name is a note
    tree = value(tree_of(read_document(f"## Structure\n{drawn}".encode(), "README.md").layout))
    assert isinstance(tree, dict)
    inside = tree["lib/"]
    assert [name for name in inside if name != "."] == ["x.py", *names]
    assert ("." in inside) == bool(names)  # otherwise `unlisted` is inherited from the root


def test_asterisks_in_a_word_are_underscores() -> None:
    text = "## Structure\n\n- **src/**\n  - my*long*name.py\n"
    assert without_settings(value(tree_of(read_document(text.encode(), "README.md").layout))) == {
        "src/": {"my_long_name.py": None}
    }


SHOP = "# Shop\n\n## Structure\n" + block(".", "├── src/", "│   └── main.py", "└── README.md")
SHOP_TREE = {"src/": {"main.py": None}, "README.md": None}
OTHER = block(".", "├── utils/", "└── common/")

SKIPPED = [
    ("## Example", "an example"),
    ("## Example of a plugin", "an example"),
    ("## What a run writes", "output"),
    ("## Before", "an earlier state"),
    ("## Deprecated folders", "an earlier state"),
    ("## Proposed structure", "a plan"),
    ("## What others do", "another place"),
    ("## Anti-patterns", "a wrong example"),
    ("## Notes\n\nWe may split it one day:", "a plan"),
    ("## Notes\n\nWe might split it. Then it has:", "a plan"),
    ("## Notes\n\nFor example:", "an example"),
    ("## Legacy\n\n### Backend", "an earlier state"),
    ("## Beispiel", "an example"),
    ("## 示例结构", "an example"),
    ("## Предложение", "a plan"),
]


@pytest.mark.parametrize(("words", "shows"), SKIPPED, ids=[case[0] for case in SKIPPED])
def test_drawing_that_is_not_required_is_noted(words: str, shows: str) -> None:
    text = f"{SHOP}\n{words}\n{OTHER}"
    reading = read_document(text.encode(), "README.md")
    assert without_settings(value(tree_of(reading.layout))) == SHOP_TREE
    line = text[: text.index("├── utils/")].count("\n")
    below = words.rpartition("\n")[2].strip("# :") if "###" not in words else "Legacy"
    assert reading.notes == (f"README.md:{line}: skipped a tree below `{below}`, which shows {shows}",)
    with pytest.raises(LayoutError, match=rf"^README.md:\d+:1: no other tree is drawn here: .*{shows}"):
        read_document(f"# Guide\n\n{words}\n{OTHER}".encode(), "README.md")


@pytest.mark.parametrize(
    "words",
    [
        "## Current structure",
        "## Before you start",
        "## Counterexamples",
        "To avoid confusion, the tree is:",
        "## Proposed changes\n\nThe current state:",
        "## Before and after\n\nAfter:",
        "There is an example in `conf/`. The tree:",
    ],
)
def test_drawing_that_is_required(words: str) -> None:
    reading = read_document(f"{SHOP}\n{words}\n{OTHER}".encode(), "README.md")
    assert without_settings(value(tree_of(reading.layout))) == {**SHOP_TREE, "utils/": None, "common/": None}
    assert reading.notes == ()


def test_heading_with_a_directory_name_is_not_an_example() -> None:
    reading = read_document(f"{SHOP}\n## Examples (`examples/`)\n{OTHER}".encode(), "README.md")
    expected = {**SHOP_TREE, "examples/": {"utils/": None, "common/": None}}
    assert without_settings(value(tree_of(reading.layout))) == expected


NO_STRUCTURE = [
    ("relations", block("a.b.Planner", "├── uses: x.*", "└── calls: Ranker")),
    ("relations below directories", block("web/", "├── depends on: core/", "└── depends on: lib/")),
    ("flow", block("in/a.csv", "    ↓", "out/", "├── ready/", "└── sum.json")),
    ("packages", block("shop@1.0.0", "├── a@1.2.3", "└── b@2.0.0")),
    ("another repository", block("Project Root/", "├── ops/", "│   └── a.yml", "└── one/", "    └── b")),
    ("any repository", block("my-project/", "├── LICENSE", "├── docs/", "└── package.json")),
]


@pytest.mark.parametrize(
    "drawing", [case[1] for case in NO_STRUCTURE], ids=[case[0] for case in NO_STRUCTURE]
)
def test_drawing_of_something_else_is_noted(drawing: str) -> None:
    reading = read_document(f"{SHOP}\n## Module hierarchy\n{drawing}".encode(), "README.md")
    assert without_settings(value(tree_of(reading.layout))) == SHOP_TREE
    (note,) = reading.notes
    assert note.startswith("README.md:15: skipped a ")


def test_generic_first_line_is_the_repository() -> None:
    one = block("project/", "├── README.md", "└── src/")
    other = block("project/", "└── src/", "    └── main.py")
    reading = read_document(f"## Structure\n{one}\n## Sources\n{other}".encode(), "README.md")
    assert without_settings(value(tree_of(reading.layout))) == {"README.md": None, "src/": {"main.py": None}}
    assert reading.notes == ()


@pytest.mark.parametrize(
    "elsewhere",
    ["## Infrastructure\n\n- `terraform/` - x\n", "## Organization\n\n- `team-a/` - x\n"],
)
def test_words_that_contain_a_word_for_structure(elsewhere: str) -> None:
    reading = read_document(f"{SHOP}\n{elsewhere}".encode(), "README.md")
    assert without_settings(value(tree_of(reading.layout))) == SHOP_TREE


@pytest.mark.parametrize("heading", ["Other folders", "Code organization", "Projektstruktur", "目录"])
def test_list_does_not_move_a_tree(heading: str) -> None:
    tree = block("shop/", "├── docs/", "└── tests/")
    text = f"# Guide\n\n## Layout\n{tree}\n## {heading}\n\n- `terraform/` - x\n- `ops/` - y\n"
    reading = read_document(text.encode(), "README.md")
    expected = {"docs/": None, "tests/": None, "terraform/": "x", "ops/": "y"}
    assert without_settings(value(tree_of(reading.layout))) == expected
    assert reading.notes == ()


def test_line_of_text_in_a_tree_is_skipped() -> None:
    drawn = block(
        "shop/", "├── src/ the code", "├── web the screen", "├── conf/ the settings", "└── a.md words"
    )
    reading = read_document(f"## Structure\n{drawn}".encode(), "README.md")
    tree = value(tree_of(reading.layout))
    assert isinstance(tree, dict)
    assert tree.pop(".") == {"unlisted": "allow"}
    assert tree == {"src/": "the code", "conf/": "the settings", "a.md": "words"}
    assert reading.notes == ("README.md:6: skipped: a line of text in a tree; write text after `#`",)


def test_captions_are_not_directories() -> None:
    drawn = block(
        "shop/",
        "├── src/",
        "│   └── (no package.json - uses root)",
        "├── (app)/",
        "├── pkg/",
        "│   └── .gitignore excludes:",
        "│       └── sdk-a/",
        "└── 📖 Documentation Files (Root Level)",
        "    └── README.md",
    )
    reading = read_document(f"## Structure\n{drawn}".encode(), "README.md")
    layout = value(reading.layout)
    assert isinstance(layout, dict)
    assert without_settings(layout["tree"]) == {"src/": None, "(app)/": None, "pkg/?": {}, "README.md": None}
    assert layout["local"] == ["/pkg/sdk-a/"]
    assert reading.notes == ("README.md:6: skipped: a line of text in a tree; write text after `#`",)


@pytest.mark.parametrize("language", ["", "bash", "yaml"])
@pytest.mark.parametrize("guide", ["|__ ", "|-- ", "├── "])
def test_tree_in_code_block_of_any_language(language: str, guide: str) -> None:
    text = f"## Structure\n\n```{language}\nshop/\n{guide}src/\n{guide}README.md\n```\n"
    assert without_settings(value(tree_of(read_document(text.encode(), "README.md").layout))) == {
        "src/": None,
        "README.md": None,
    }


def test_first_line_with_leading_dot_is_the_repository() -> None:
    text = "## Structure\n" + block(".shop/", "├── README.md", "├── src/", "└── tests/")
    expected = {"README.md": None, "src/": None, "tests/": None}
    assert without_settings(value(tree_of(read_document(text.encode(), "README.md").layout))) == expected


@pytest.mark.parametrize(
    "first", ["/home/ann/shop", "/Users/ann/shop/", r"C:\Users\ann\shop", "~/work/shop/"]
)
def test_local_path_is_the_repository(first: str) -> None:
    text = "## Structure\n" + block(first, "├── src/", "└── README.md")
    reading = read_document(text.encode(), "README.md")
    assert without_settings(value(tree_of(reading.layout))) == {"src/": None, "README.md": None}
    note = "README.md:4: the first line is a local path; it is read as the root of the repository"
    assert reading.notes == (note,)


STATUS = [
    *(
        (words, {"x/?"}, None)
        for words in ("Charts (planned)", "App (future)", "TODO", "generated", "x, planned")
    ),
    *(
        (words, set[str](), ["/x/"])
        for words in ("Logs (gitignored)", "generated, not in git", "local only (not committed)", "IGNORED")
    ),
    *(
        (words, {"x/"}, None)
        for words in ("Future orders", "What git does not know", "Planned jobs run here")
    ),
]


@pytest.mark.parametrize(("words", "keys", "local"), STATUS, ids=[case[0] for case in STATUS])
@pytest.mark.parametrize(
    "drawn", [".\n├── src/\n└── x/  # ", "- `src/` - code\n- `x/` - "], ids=["tree", "list"]
)
def test_status_words(drawn: str, words: str, keys: set[str], local: object) -> None:
    layout = value(read_document(f"## Structure\n\n{drawn}{words}\n".encode(), "README.md").layout)
    assert isinstance(layout, dict)
    assert set(layout["tree"]) - {"."} == {"src/", *keys}
    got = layout.get("local")
    assert got == local or (isinstance(local, list) and got == ["x/"])  # in lists


def test_directory_with_only_local_entries_is_optional() -> None:
    drawn = block(".", "├── src/", "└── data/", "    └── raw/  # (gitignored)")
    layout = value(read_document(f"## Structure\n{drawn}".encode(), "README.md").layout)
    assert isinstance(layout, dict)
    assert set(layout["tree"]) - {"."} == {"src/", "data/?"}
    assert layout["local"] == ["/data/raw/"]


FORBIDDEN = [
    (
        "names without guides",
        "## Prohibited folders\n\nThese must not exist:\n" + block("src/helpers/", "src/utils/"),
        {"/src/helpers/": "These must not exist", "/src/utils/": "These must not exist"},
    ),
    ("a tree", "## Avoid\n" + OTHER, {"/utils/": "Avoid", "/common/": "Avoid"}),
    (
        "tree with required entries",
        "## Do not create\n" + block("src/", "├── main.py", "└── lib[1]/"),
        {"/src/lib\\[1]/": "Do not create"},
    ),
    (
        "a list",
        "## Never add\n\n- `temp/` - no\n- `src/`\n- `*.log`\n",
        {"/temp/": "Never add", "*.log": "Never add"},
    ),
    (
        "a table",
        "## Forbidden\n\n| Directory | Why |\n|---|---|\n| `temp/` | x |\n",
        {"/temp/": "Forbidden"},
    ),
    ("in German", "## Verboten\n" + OTHER, {"/utils/": "Verboten", "/common/": "Verboten"}),
]


@pytest.mark.parametrize(
    ("text", "forbid"), [case[1:] for case in FORBIDDEN], ids=[case[0] for case in FORBIDDEN]
)
def test_forbidden_entries(text: str, forbid: object) -> None:
    layout = value(read_document(f"{SHOP}\n{text}".encode(), "README.md").layout)
    assert isinstance(layout, dict)
    assert without_settings(layout["tree"]) == SHOP_TREE
    assert layout["forbid"] == forbid


def test_forbidden_entries_are_reported_and_not_created(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    git = repository({"README.md": SHOP + FORBIDDEN[0][1], "src/main.py": "", "src/helpers/a": ""})
    monkeypatch.chdir(git.path)
    status, out, _ = run("check", "-l", "README.md", "--output-format", "concise")
    assert status == 1
    assert out.startswith(
        "src/helpers/: error: forbidden by the layout: These must not exist (README.md:16) [forbidden-path]"
    )
    assert out.count("\n") == 1


README = fenced(
    "shop/",
    "├── README.md      # Start here",
    "├── src/           # The code",
    "├── dist/          # Built",
    "└── docs/          # Port 8000",
)


def test_check_with_document(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    git = repository({"README.md": README, "src/a.py": "", ".gitignore": "dist/\n", "old/a.py": ""})
    monkeypatch.chdir(git.path)
    status, out, err = run("check", "-l", "README.md", "-v", "--output-format", "concise")
    assert status == 1
    assert out.splitlines() == [
        "docs/: error: missing directory: Port 8000 (README.md:8) [missing-directory] -- create it",
        "old/: error: unlisted directory (README.md:4) [stray-directory]"
        " -- move it, remove it, or list it in the layout",
    ]
    assert err.splitlines() == [
        "./: the files that git lists; layouts read: usual, README.md",
        "README.md:4: a tree of 4 entries, at the root; its first line, shop/, is the repository",
        "README.md:8: 1 port",
        "Found 2 errors (checked 4 files)",
    ]


def test_layout_extends_document(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    layout = "extends: docs/STRUCTURE.md\ntree: {docs/?: , dist/?: }"
    files = {"structlint.yaml": layout, "docs/STRUCTURE.md": README, "README.md": ""}
    git = repository({**files, "src/a.py": ""})
    monkeypatch.chdir(git.path)
    assert run("check", "-q") == (0, "", "")
    rmtree(git.path / "src")
    assert "(docs/STRUCTURE.md:6, missing-directory, fixable)" in run("check").out


def test_output_of_the_tree_command(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    listing = ".\n├── README.md\n└── src\n    └── a.py\n\n1 directory, 2 files\n"
    git = repository({"README.md": "", "src/b.py": "", "tree.txt": listing})
    monkeypatch.chdir(git.path)
    assert "missing file" in run("check", "-l", "tree.txt", "--output-format", "concise").out


def test_init_from_document_reports_the_same(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    """Entries that git ignores are not required, and the document itself is listed."""
    document = README.replace("README.md  ", "LICENSE    ")
    git = repository({"drawing.md": document, "LICENSE": "", ".gitignore": "dist/\n", "src/a.py": ""})
    monkeypatch.chdir(git.path)
    before = run("check", "-l", "drawing.md", "--output-format", "concise").out
    assert run("init", "--from", "drawing.md").status == 0
    git("add", "structlint.yaml")
    after = run("check", "--output-format", "concise").out
    assert re.sub(r"\(\S+:\d+\)", "", after) == re.sub(r"\(\S+:\d+\)", "", before)
    assert before.startswith("docs/: error: missing directory")


def test_layout_document_is_not_misplaced(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    """The rules of `usual` for pages in the root do not apply to it."""
    layout = 'extends: [usual, ./DRAWING.md]\nlocal: ["!.env"]'
    drawing = fenced(".", "└── src/")
    git = repository({"structlint.yaml": layout, "DRAWING.md": drawing, "OTHER.md": "", "src/a.py": ""})
    monkeypatch.chdir(git.path)
    assert [line.split(":")[0] for line in run("check", "--output-format", "concise").out.splitlines()] == [
        "OTHER.md"
    ]


def test_where_uses_the_same_root_as_check(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    """D48, D49: regardless of which directories on the path exist."""
    drawing = fenced("shop/", "├── README.md", "└── src/", "    └── api/", "        └── main.py")
    git = repository({"README.md": drawing, "pyproject.toml": "", "src/pay/a.py": ""})
    monkeypatch.chdir(git.path)
    for directory in ("src", "src/api", "src/pay"):
        (git.path / directory).mkdir(exist_ok=True)
        assert run("where", "src/api/main.py", "--layout", "README.md").out.startswith(
            "src/api/main.py: allowed by"
        )
    assert "src/src" not in run("where", "src/a.py", "--layout", "python-service").out
    outside = run("where", "../a.py", "--layout", "README.md")
    assert (outside.status, outside.out) == (2, "")
    assert "is not in the current directory, which --layout makes the root" in outside.err


def test_ignored_directory_becomes_one_line(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    """D47: a listing with a virtual environment."""
    packages = [f"|   |   +---package{number}\n|   |           a.py\n" for number in range(300)]
    listing = "Folder PATH listing\nC:.\n|   main.py\n|\n+---.venv\n|   +---Lib\n"
    listing += "".join(packages) + "+---src\n        app.py\n"
    git = repository({"S.txt": listing, ".gitignore": ".venv/\n", "main.py": "", "src/app.py": ""})
    monkeypatch.chdir(git.path)
    assert run("init", "--from", "S.txt").status == 0
    written = (git.path / "structlint.yaml").read_text()
    assert len(written.splitlines()) < 20
    assert written.count(".venv/?") == 1


@pytest.mark.parametrize(
    ("ignores", "text"),
    [
        (
            "data/raw/\ndata/ready/\n",
            fenced(".", "├── README.md", "├── src/", "└── data/", "    ├── raw/", "    └── ready/"),
        ),
        (
            "/data/*\n",
            fenced(".", "├── README.md", "├── src/", "└── data/", "    └── raw/", "        └── a.csv"),
        ),
        ("*.csv\n", fenced(".", "├── README.md", "├── src/", "└── data/", "    └── a.csv")),
        ("data/\n", "## Structure\n\n- `src/` - code\n- `data/` - data\n  - `raw/` - as it came\n"),
    ],
    ids=["each file", "directory", "extension", "list"],
)
def test_directory_with_only_ignored_files(
    ignores: str, text: str, repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    """D26: such a directory is noted at any depth."""
    git = repository({"README.md": text, ".gitignore": ignores, "src/a": ""})
    monkeypatch.chdir(git.path)
    result = run("check", "--layout", "README.md")
    assert result.status == 0, result
    assert "ignored by git; not required" in result.out
    assert "data/" not in run("fix", "--layout", "README.md", "--diff").out


def test_drawn_names_are_not_settings(run: Run, repository: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawn file with the name of a layout setting is a file."""
    names = [*ENTRY_SETTINGS, "about.md"]
    drawing = "".join(f"├── {name}\n" for name in names)
    files = dict.fromkeys([*names, "lib/a"], "")  # next to a name with a slash, a name without one is a file
    git = repository({**files, "README.md": f"# x\n\n```\nx/\n├── lib/\n{drawing}└── README.md\n```\n"})
    monkeypatch.chdir(git.path)
    result = run("check", "--layout", "README.md", "--select", "missing-*,stray-*")
    assert result.status == 0, result


def test_moved_file_is_not_created(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """D15: the same name in another directory, and a directory name in the singular."""
    drawing = fenced(".", "├── README.md", "├── Guide.md", "└── deployments/")
    files = {"README.md": drawing, "docs/Guide.md": "", "deployment/a": ""}
    git = repository(files)
    monkeypatch.chdir(git.path)
    out = run("check", "--layout", "README.md", "--output-format", "concise").out
    assert "Guide.md: error: missing file; `docs/Guide.md` exists (README.md:6) [missing-file]" in out
    assert "move it, or correct the document" in out
    assert "create" not in out
    assert "Guide.md" not in run("fix", "--layout", "README.md", "--diff").out


@pytest.mark.parametrize("there", ["deploy/a", "deploy-v2/a", "deploymnt/a"])
def test_renamed_directory_is_not_created(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run, there: str
) -> None:
    meant = "deployment" if there != "deploy-v2/a" else "deploy"
    drawing = fenced(".", "├── README.md", f"└── {meant}/")
    git = repository({"README.md": drawing, there: ""})
    monkeypatch.chdir(git.path)
    out = run("check", "--layout", "README.md", "--output-format", "concise").out
    other = there.partition("/")[0]
    assert f"{meant}/: error: missing directory; `{other}/` exists" in out.replace(": Deployment;", ";")
    assert "unlisted" not in out
    assert "create" not in run("fix", "--layout", "README.md", "--diff").out


def test_moved_alternative_is_not_created(
    repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    drawing = fenced(".", "├── README.md", "└── Guide.md or Manual.md")
    monkeypatch.chdir(repository({"README.md": drawing, "docs/Manual.md": ""}).path)
    out = run("check", "--layout", "README.md", "--output-format", "concise").out
    problem = "missing file; expected `Guide.md` or `Manual.md`; `docs/Manual.md` exists"
    assert f"Guide.md: error: {problem} (README.md:6) [missing-file]" in out
    assert "move it, or correct the document" in out
    assert "Guide.md" not in run("fix", "--layout", "README.md", "--diff").out


@pytest.mark.parametrize("name", ["shop", "campus"])
def test_layout_of_document_does_not_depend_on_repository(
    name: str, repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    """A2: only the text of a document determines its layout."""
    layouts = set()
    own = [path for path in drawn_paths(name) if not path.endswith("/")]
    others = [f"{path.rstrip('/')}/a" for path in topmost(drawn_paths(name)) if path[0] != "."]
    for number, files in enumerate(([], own, others, ["shop/src/a", "README.md/a"])):
        git = repository({**dict.fromkeys(files, ""), "D.md": source(name)}, at=f"repo{number}")
        monkeypatch.chdir(git.path)
        result = run("check", "--layout", "D.md", "--show-config")
        assert result.status == 0, result
        layouts.add(result.out)
    assert len(layouts) == 1


PLAN = fenced(
    "shop/",
    *("├── README.md", "├── src/", "│   ├── main.py", "│   └── cart.py", "├── deploy/", "│   └── run.sh"),
    *("├── core/", "│   └── a.py", "└── tools/", "    └── b.py"),
)


@pytest.mark.parametrize(
    ("files", "unsafe", "created"),
    [
        (["src/main.py"], False, False),
        (["src/main.py"], True, True),
        (["src/main.py", "src/cart.py", "deploy/run.sh"], False, True),
        ([], False, True),
        ([".github/workflows/ci.yml", "LICENSE"], False, True),
    ],
    ids=["little exists", "unsafe", "half exists", "new", "hidden directory"],
)
def test_tree_of_which_little_exists_is_not_created_safely(
    repository: Make,
    monkeypatch: pytest.MonkeyPatch,
    run: Run,
    files: list[str],
    unsafe: bool,
    created: bool,
) -> None:
    monkeypatch.chdir(repository({"docs/PLAN.md": PLAN, "README.md": "", **dict.fromkeys(files, "")}).path)
    _, out, err = run("fix", "--layout", "docs/PLAN.md", "--diff", *["--unsafe"] * unsafe)
    reason = "only 3 of the 10 entries that `docs/PLAN.md` draws exist; use `--unsafe`"
    assert ("core/a.py" in out, reason in err) == (created, not created)
    assert ("unsafe fix" in run("check", "--layout", "docs/PLAN.md").out) is (len(files) == 1)
