"""The fast import scan finds every import that a parser finds; `ast` is the oracle for Python."""

from __future__ import annotations

import ast
import random
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structlint.imports.javascript import scan as scan_javascript
from structlint.imports.model import Import, Intricate
from structlint.imports.python import scan, statements
from structlint.imports.syntax import python_imports
from structlint.imports.syntax_javascript import javascript_imports

_NAMES = ["a", "b1", "importer", "from_", "_x", "é", "ﬁx", "imports", "asx"]
_SPACES = [" ", "  ", "\t", " \\\n ", "\\\n", "\f ", " \\\n\\\n\t"]


def _space(rng: random.Random) -> str:
    return rng.choice(_SPACES) if rng.random() < 0.4 else " "


def _gap(rng: random.Random) -> str:
    return rng.choice(["", "", "", *_SPACES])


def _dotted(rng: random.Random) -> str:
    names = [rng.choice(_NAMES) for _ in range(rng.randint(1, 3))]
    return f"{_gap(rng)}.{_gap(rng)}".join(names) if rng.random() < 0.2 else ".".join(names)


def _alias(rng: random.Random) -> str:
    return f"{_space(rng)}as{_space(rng)}{rng.choice(_NAMES)}" if rng.random() < 0.3 else ""


def _names(rng: random.Random) -> str:
    if rng.random() < 0.1:
        return rng.choice(["*", " *"])
    parts = [rng.choice(_NAMES) + _alias(rng) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.5:
        return f"{_space(rng)}" + f"{_gap(rng)},{_gap(rng)}".join(parts)
    between = rng.choice([", ", ",", ",\n  ", ", # (note)\n", ",\n\n", " ,\\\n"])
    return (
        f"{_gap(rng)}({rng.choice(['', ' ', chr(10), ' # first_offsets)' + chr(10)])}"
        + between.join(parts)
        + rng.choice([")", ",)", "\n)"])
    )


def import_statement(rng: random.Random) -> str:
    """A random Python import in any form of the grammar."""
    if rng.random() < 0.4:
        parts = [_dotted(rng) + _alias(rng) for _ in range(rng.randint(1, 3))]
        return f"import{_space(rng)}" + f"{_gap(rng)},{_gap(rng)}".join(parts)
    dots = rng.choice(["", "", ".", "..", ". .", "..."])
    module = f"{_space(rng)}{_dotted(rng)}" if not dots else f"{_gap(rng)}{dots}"
    if dots and rng.random() < 0.6:
        module += _gap(rng) + _dotted(rng)
    return f"from{module}{_space(rng)}import{_names(rng)}"


_BLOCKS = [
    "if x: {}\n",
    "x = 1; {}\n",
    "{}; y = 2\n",
    "try:\n    {}\nexcept E: pass\n",
    "def f():\n\t{}\n\treturn 1\n",
    "class C:\n    {}\n",
    "if TYPE_CHECKING:\n    {}\nelse: {}\n",
    "{}\n",
    "{}  # import no\n",
    "'''\n{}\n'''\n",
    '"""doc\nfrom x import y\n"""\n{}\n',
    "# {}\n",
    "# note \\\n{}\n",
    "s = 'a; import b'; {}\n",
    'f"{{ x }} import y"; {}\n',
    "match m:\n  case 1: {}\n",
    "with a: {}\n",
    "lambda_ = [1,\n 2]; {}\n",
]


def python_source(rng: random.Random) -> bytes:
    """A Python file with imports and with text that looks like imports."""
    text = "".join(
        rng.choice(_BLOCKS).replace("{}", import_statement(rng)).replace("{{", "{").replace("}}", "}")
        for _ in range(6)
    )
    ending = rng.choice(["\n", "\n", "\r\n", "\r"])
    data = text.replace("\n", ending).encode()
    return b"\xef\xbb\xbf" + data if rng.random() < 0.1 else data


def imports_by_ast(data: bytes) -> set[tuple[str, str]]:
    found = set()
    for node in ast.walk(ast.parse(data)):
        if isinstance(node, ast.Import):
            found |= {(each.name, "") for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {("." * node.level + (node.module or ""), each.name) for each in node.names}
    return {
        (unicodedata.normalize("NFKC", module), unicodedata.normalize("NFKC", name)) for module, name in found
    }


def scan_matches_ast(seed: int) -> bool:
    """Compare one random file; false if it is not valid Python."""
    data = python_source(random.Random(seed))
    try:
        expected = imports_by_ast(data)
    except SyntaxError:
        return False
    scanned = list(scan(data))
    assert expected <= {(each.module, each.name) for each in scanned}, (seed, data)
    confirmed = python_imports(data, sorted({each.at for each in scanned}))
    assert confirmed is not None
    kept = {(each.module, each.name) for each in scanned if each.at in confirmed}
    assert expected <= kept, (seed, data)
    return True


def test_python_scan_finds_all_imports_of_the_parser() -> None:
    assert sum(map(scan_matches_ast, range(1_500))) > 300


_TOKENS = ["import", "from", "import (", ")", "(", " ", " ", "\n", "\n", "\r\n", "#", "\\", ",", ";", ":"]
_TOKENS += [".", "a", "b1", "é", "\ufeff", " as ", "*", "'", "    ", "from a import b\n", "import a.b, c\n"]


def imports_by_statement(data: bytes) -> set[tuple[str, str]] | None:
    """The imports found by scanning each statement, or `None` if the text is not split."""
    parts = statements(data)
    return None if parts is None else {one[:2] for part in parts for one in scan(part)}


def test_scan_by_statement_matches_whole_scan() -> None:
    split = 0
    for seed in range(1_500):
        data = re.sub(rb"\\(\r\n|\n|\r)", b" ", python_source(random.Random(seed)))
        found = imports_by_statement(data)
        assert found in (None, {one[:2] for one in scan(data)}), (seed, data)
        split += found is not None
    assert split > 100


@settings(max_examples=500)
@given(st.lists(st.sampled_from(_TOKENS), max_size=40))
def test_scan_by_statement_matches_whole_scan_for_any_text(tokens: list[str]) -> None:
    data = "".join(tokens).encode()
    assert imports_by_statement(data) in (None, {one[:2] for one in scan(data)})


def test_imports_in_strings_and_comments_are_dropped() -> None:
    data = b'"""\nimport a\n"""\n# import b\nx = """;import c"""\nimport d\nif TYPE_CHECKING:\n    import e\n'
    scanned = list(scan(data))
    confirmed = python_imports(data, [each.at for each in scanned])
    assert confirmed is not None
    kept = {each.module: confirmed[each.at] for each in scanned if each.at in confirmed}
    assert {name: (each.line, each.types_only) for name, each in kept.items()} == {
        "d": (6, False),
        "e": (8, True),
    }


_JAVASCRIPT = [
    'import x from "{}";',
    "import {{ a,\n b }} from '{}'",
    'import "{}"',
    'import/* c */"{}"',
    'export * from "{}"',
    'export {{ a }} from // c\n "{}"',
    'const y = require("{}");',
    'require?.("{}")',
    'await import("{}")',
    "import(\n/* webpackChunkName: 'x' */ `{}`)",
    'import type {{ T }} from "{}"',
    'import z = require("{}");',
    'import d, * as e from"{}"',
]


def test_javascript_scan_finds_every_form() -> None:
    for seed in range(300):
        rng = random.Random(seed)
        forms = [rng.choice(_JAVASCRIPT) for _ in range(5)]
        lines = [
            form.replace("{{", "{").replace("}}", "}").replace("{}", f"./m{i}")
            for i, form in enumerate(forms)
        ]
        data = rng.choice(["\n", "\r\n"]).join(lines).encode()
        found = list(scan_javascript(data))
        confirmed = javascript_imports("m.ts", data, [each.at for each in found])
        assert confirmed is not None
        assert {each.module for each in found if each.at in confirmed} == {f"./m{i}" for i in range(5)}, lines


@pytest.mark.parametrize(
    "text",
    [
        "import/* " + "long " * 1000 + '*/"a"',
        "import(" + "/* c */" * 100 + '"a")',
        "import" + "// c\n" * 100 + '"a"',
        "export * from // \u2028 /* c */ 'a'",
        "require/**/?./**/(/**/ `a`)",
        "/* import/* */ import /* */ 'a'",
        "// import /*\nfrom /* b */ 'a'",
    ],
)
def test_javascript_imports_next_to_comments(text: str) -> None:
    assert {imported.module for imported in scan_javascript(text.encode())} == {"a"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("from" + " " * 5000 + "a import b", [("a", "b")]),
        ("if x:" + " " * 5000 + "import a", [("a", "")]),
        ("x = 1;" * 5000 + "from a import b", [("a", "b")]),
        ("from a import" + " " * 5000 + "b", [("a", "b")]),
        ("from a import (" + "# c\n" * 5000 + "b)", [("a", "b")]),
        ("from" + " \\\n" * 5000 + "a import b", [("a", "b")]),
        # The second to last byte is a backslash.
        ("import a\n# \\a", [("a", "")]),
        ("\ufeffimport a", [("a", "")]),
        ("from reimport import a", [("reimport", "a")]),
        ("from importlib import a", [("importlib", "a")]),
        ("x = 'import'; import a", [("a", "")]),
        ("# import \\\nfrom a \\\n import b", [("a", "b")]),
        ("lazy import a.b, c", [("a.b", ""), ("c", "")]),
        ("x = 1; lazy\tfrom \\\n .a import b", [(".a", "b")]),
        ("lazyimport a\nlazy.import b\nlazy from importx", []),
    ],
)
def test_python_imports_after_whitespace_and_similar_words(text: str, names: list[tuple[str, str]]) -> None:
    assert [(imported.module, imported.name) for imported in scan(text.encode())] == names


def test_lazy_python_imports_are_statements() -> None:
    data = (
        b'lazy import a\nif x:\n    lazy from a.b import (c,\n        d)\n"lazy import e"\n# lazy import f\n'
    )
    confirmed = python_imports(data, [each.at for each in scan(data)])
    assert confirmed is not None
    kept = [(each.module, each.name, confirmed[each.at].line) for each in scan(data) if each.at in confirmed]
    assert kept == [("a", "", 1), ("a.b", "c", 3), ("a.b", "d", 3)]


def test_type_only_javascript_imports() -> None:
    lines = [
        'import type { A } from "t1"',
        'import { type A, type B } from "t2"',
        'export type { A } from "t3"',
        'let x: import("t4").A',
        'import { type A, B } from "v1"',
        'import D, { type A } from "v2"',
        'import {} from "v3"',
        'const f = (a: B) => import("v4")',
    ]
    data = "\n".join(lines).encode()
    found = list(scan_javascript(data))
    confirmed = javascript_imports("m.ts", data, [each.at for each in found])
    assert confirmed is not None
    assert {each.module: confirmed[each.at].types_only for each in found} == {
        **dict.fromkeys(["t1", "t2", "t3", "t4"], True),
        **dict.fromkeys(["v1", "v2", "v3", "v4"], False),
    }


def first_offsets(scanned: Iterator[Import]) -> list[int]:
    """The offsets of the first ten imports."""
    try:
        return [imported.at for imported in islice(scanned, 10)]
    except Intricate:
        return []


@pytest.mark.parametrize(
    "data",
    [
        b"import a\n" + b"(" * 100_000,
        b"\\\n" * 300_000 + b"import a",
        b"import a;" * 100_000,
        b"from " * 200_000 + b"import a",
        b"import " + b"a," * 300_000,
        b"from a import (" + b"#\n" * 300_000,
        b"from a import (" + b"\\\n" * 300_000,
        b"from" + b"." * 500_000 + b"import a",
        bytes(range(1, 256)) * 4_000,
    ],
    ids=range(9),
)
def test_hostile_python_terminates(data: bytes) -> None:
    python_imports(data, first_offsets(scan(data)))


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000 + b'import "a"',
        b"import/*" * 200_000,
        b"import //" * 200_000,
        b'from "' * 200_000,
        b"from " * 200_000 + b'"a"',
        b"require(" * 200_000,
        b"a<" * 200_000 + b'import "a"',
        b"`${" * 100_000 + b'import("a")',
        bytes(range(1, 256)) * 4_000,
        b"import(`" + b"\\" * 500_000,
    ],
    ids=range(10),
)
def test_hostile_javascript_terminates(data: bytes) -> None:
    javascript_imports("a.ts", data, first_offsets(scan_javascript(data)))
