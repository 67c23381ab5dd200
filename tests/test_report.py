"""What reports print: tables of findings and text, and that no name can do harm in any of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from textwrap import dedent

import pytest
from drawing import drawn
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from structlint.finding import Finding, Place, Severity
from structlint.layout.bundled import data
from structlint.report import FORMATS, Report, Style
from structlint.report import render as render_in
from structlint.report.wording import count, summary
from structlint.text.quoting import quote
from structlint.tree import Tree

SCHEMA = json.loads(data("report", "findings.schema.json"))
ROOT = Path(__file__).parent.parent


def printed(report: Report, name: str, look: Style | None = None) -> str:
    out = StringIO()
    render_in(name, report, out, look or Style())
    return out.getvalue()


def finding(rule: str, path: str, message: str, hint: str = "mend it", **more: object) -> Finding:
    severity = more.pop("severity", Severity.ERROR)
    return Finding(path, message, hint, rule=rule, severity=severity, **more)  # type: ignore[arg-type]


MISSING = finding(
    "missing-file",
    "services/billing/README.md",
    "missing file",
    "create it",
    origin=Place("structlint.yaml", 14, 7),
    about="Service documentation",
)
STRAY = finding("stray-file", "notes.txt", "stray file", "remove it", origin=Place("structlint.yaml", 2))
NAMED = finding(
    "bad-name",
    "services/user_data/",
    "bad name: user_data is not kebab-case",
    "rename it to services/user-data/",
    related=("services/user-data/",),
    origin=Place("structlint.yaml", 9, 5),
)
UNUSED = finding(
    "unused-ignore", "structlint.yaml", "unused ignore", "take it out", line=30, severity=Severity.WARNING
)
TREE = drawn(
    """
    .
    ├── LICENSE
    ├── README.md
    ├── docs/
    │   └── a.md
    ├── notes.txt
    ├── services/
    │   ├── auth/
    │   │   └── main.go
    │   ├── billing/
    │   │   ├── Dockerfile
    │   │   └── main.go
    │   └── user_data/
    │       └── main.go
    ├── structlint.yaml
    └── tests/
        └── a.go
    """
)
REPORT = Report(
    (STRAY, MISSING, NAMED, UNUSED),
    notes=("something to know",),
    trees={"": TREE},
    layouts=("structlint.yaml",),
    files=9,
    directories=7,
)


def text(block: str) -> str:
    return dedent(block).lstrip("\n")


def test_concise() -> None:
    assert printed(REPORT, "concise") == text(
        """
        notes.txt: error: stray file (structlint.yaml:2) [stray-file] -- remove it
        services/billing/README.md: error: missing file: Service documentation (structlint.yaml:14) [missing-file] -- create it
        services/user_data/: error: bad name: user_data is not kebab-case (structlint.yaml:9) [bad-name] -- rename it to services/user-data/
        structlint.yaml:30: warning: unused ignore [unused-ignore] -- take it out
        """  # noqa: E501 - a line is a finding
    )


def test_full() -> None:
    assert printed(REPORT, "full") == text(
        """
        error    notes.txt: stray file
                 remove it  (structlint.yaml:2, stray-file)
        error    services/billing/README.md: missing file: Service documentation
                 create it  (structlint.yaml:14, missing-file)
        error    services/user_data/: bad name: user_data is not kebab-case
                 rename it to services/user-data/  (structlint.yaml:9, bad-name)
        warning  structlint.yaml:30: unused ignore
                 take it out  (unused-ignore)

        note: something to know
        3 errors, 1 warning in 9 files
        """
    )


def test_full_and_quiet() -> None:
    lines = printed(REPORT, "full").split("\n\n")[0] + "\n"
    assert printed(REPORT, "full", Style(quiet=True)) == lines
    assert printed(REPORT, "full", Style(quiet=True, drawn=True)) == lines


PICTURE = """
.
├── notes.txt        stray file
├── services/
│   ├── auth/
│   ├── billing/
│   │   ├── Dockerfile
│   │   ├── README.md  missing file
│   │   └── main.go
│   └── user_data/  → services/user-data/
├── structlint.yaml  unused ignore
└── … 4 more, fine
"""


def plain(drawing: str) -> str:
    """A drawing without the codes of styles."""
    return re.sub(r"\x1b\[[0-9;]*m", "", drawing)


def test_the_drawing() -> None:
    assert printed(REPORT, "full", Style(drawn=True)).startswith(PICTURE.lstrip())
    in_colour = printed(REPORT, "full", Style(drawn=True, coloured=True))
    assert plain(in_colour) == printed(REPORT, "full", Style(drawn=True))
    assert "\x1b[33mnotes.txt" in in_colour.replace("\x1b[0m", "")
    assert "\x1b[31mREADME.md" in in_colour.replace("\x1b[0m", "")


def test_the_drawing_in_ascii() -> None:
    wide = STRAY._replace(message="stray " * 30)
    drawing = printed(
        REPORT._replace(findings=(*REPORT.findings, wide)), "full", Style(drawn=True, ascii=True)
    )
    assert drawing.isascii()
    assert "|   |-- README.md  missing file\n|   |   `-- main.go\n|   `-- user_data/  -> services/" in drawing


def test_the_drawing_says_fine_of_nothing_that_was_not_asked_about() -> None:
    drawing = printed(REPORT._replace(whole=False), "full", Style(drawn=True))
    assert "fine" not in drawing
    assert "└── … 4 more\n" in drawing


def test_the_drawing_names_a_twin_apart_from_what_is_fine() -> None:
    tree = drawn("test/\n  a.c\nsrc/\n  a.c")
    twin = finding(
        "missing-directory", "tests/", "missing directory, though test/ is there", related=("test/",)
    )
    drawing = printed(Report((twin,), trees={"": tree}), "full", Style(drawn=True, coloured=True))
    assert "\x1b[32msrc/" in (bare := drawing.replace("\x1b[0m", "").replace("\x1b[49m", ""))
    assert "\x1b[39mtest/" in bare or "\x1b[39m\x1b[39mtest/" in bare


def test_the_drawing_counts_what_is_too_much() -> None:
    names = [f"{number:02}.txt" for number in range(30)]
    found = tuple(finding("stray-file", name, "stray file") for name in names)
    report = Report(found, trees={"": drawn("\n".join(names))})
    drawing = printed(report, "full", Style(drawn=True))
    assert drawing.split("\n\n")[0].count("\n") == 13
    assert "└── … 18 more findings\n" in drawing
    limited = report._replace(max_findings=1)
    assert printed(limited, "full", Style(drawn=True)).startswith(drawing.split("\n\n")[0])


def test_the_drawing_ends_where_no_one_could_read_it() -> None:
    path = "a/" * 2000 + "b"
    report = Report((finding("stray-file", path, "stray file"),), trees={"": Tree((path,), TREE.source)})
    drawing = printed(report, "full", Style(drawn=True)).split("\n\n")[0]
    assert drawing.count("\n") == 15
    assert drawing.endswith("a/  stray file")


def test_the_drawing_looks_into_nested_projects() -> None:
    outer = drawn("services/\n  billing/  (submodule)\n  auth/\n    a.go")
    inner = drawn("x.go\ny.go\nz.go\nu.go\nv.go")
    found = finding("missing-file", "services/billing/README.md", "missing file")
    drawing = printed(
        Report((found,), trees={"": outer, "services/billing/": inner}), "full", Style(drawn=True)
    )
    assert "│   └── … 1 more" not in drawing
    assert drawing.startswith(
        text(
            """
            .
            └── services/
                ├── billing/
                │   ├── README.md  missing file
                │   └── … 5 more, fine
                └── … 1 more, fine
            """
        )
    )


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (Report(()), "0 files, 0 directories: nothing wrong, though there is no layout to say more"),
        (Report((), layouts=("base",), files=1, directories=1), "1 file, 1 directory: all as base says"),
        (Report((), layouts=("a", "b"), files=12345), "12,345 files, 0 directories: all as a and b say"),
        (Report((), layouts=("a", "b", "c", "d")), "0 files, 0 directories: all as 4 layouts say"),
        (
            Report((), layouts=("a",), whole=False),
            "0 files, 0 directories: nothing to report of what was asked for",
        ),
        (Report((STRAY,), files=2), "1 error in 2 files"),
        (Report((UNUSED,), files=1), "1 warning in 1 file"),
        (Report((STRAY, UNUSED, UNUSED), files=1), "1 error, 2 warnings in 1 file"),
    ],
)
def test_the_summary(report: Report, expected: str) -> None:
    assert summary(report) == expected
    assert printed(report, "full").splitlines()[-1] == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 files"), (1, "1 file"), (1000000, "1,000,000 files")]
)
def test_counted(number: int, expected: str) -> None:
    assert count(number, "file") == expected


MANY = Report((*(finding("stray-file", f"{number}", "stray file") for number in range(4322)), MISSING))


def test_a_limit_of_findings_counts_the_rest() -> None:
    limited = MANY._replace(max_findings=1, files=5000)
    assert printed(limited, "concise").splitlines()[2:] == ["… and 4,321 more [stray-file]"]
    assert "\n... and 4,321 more [stray-file]\n" in printed(limited, "full", Style(ascii=True))
    assert printed(limited, "full").endswith("\n4,323 errors in 5,000 files\n")
    document = json.loads(printed(limited, "json"))
    assert [each["rule"] for each in document["findings"]] == ["stray-file", "missing-file"]
    assert document["leftOut"] == {"stray-file": 4321}
    assert document["summary"]["errors"] == 4323
    assert printed(MANY._replace(max_findings=0), "concise").count("\n") == 2


def test_statistics() -> None:
    counted_ = MANY._replace(statistics=True, max_findings=0)
    assert printed(counted_, "concise").splitlines()[-2:] == ["4322 stray-file", "1 missing-file"]
    assert "\n4,322  stray-file\n    1  missing-file\n\n" in printed(counted_, "full")
    assert json.loads(printed(counted_, "json"))["statistics"] == {"stray-file": 4322, "missing-file": 1}
    assert json.loads(printed(Report((), statistics=True), "json"))["statistics"] == {}


def test_json() -> None:
    document = json.loads(printed(REPORT, "json"))
    Draft7Validator.check_schema(SCHEMA)
    Draft7Validator(SCHEMA).validate(document)
    assert document["findings"][1] == {
        "rule": "missing-file",
        "severity": "error",
        "path": "services/billing/README.md",
        "line": None,
        "message": "missing file",
        "hint": "create it",
        "about": "Service documentation",
        "layout": {"file": "structlint.yaml", "line": 14, "column": 7},
        "related": [],
    }
    assert document["findings"][3]["layout"] is None
    assert document["findings"][3]["line"] == 30
    assert document["notes"] == ["something to know"]
    assert document["summary"] == {"errors": 3, "warnings": 1, "files": 9, "directories": 7}
    assert list(document) == ["version", "structlint", "findings", "notes", "summary"]


def test_the_page_on_json_shows_what_is_printed() -> None:
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"(?ms)^```json\n(.*?)^```$", page)
    report = Report((MISSING,), files=214, directories=38)
    assert json.loads(shown) == json.loads(printed(report, "json"))
    Draft7Validator(SCHEMA).validate(json.loads(shown))
    for name in json.dumps(SCHEMA).split('"properties": {')[1:]:
        assert f"`{re.findall(r'[a-zA-Z]+', name)[0]}`" in page


HOSTILE = [
    "[red]\n::error::",
    "::error file=x::owned",
    "##[group]x",
    "\x1b[31mred\x1b[0m",
    "a\rb",
    "caf\udce9",
    "\u202egpj.exe",
    "\x9b2J",
    "##vso[task.setvariable]",
    "app/[slug]/page.tsx",
    ":smile:",
    "[link=https://evil]x[/link]",
    "a b",
]


def hostile(name: str) -> Report:
    told = quote(name)
    found = finding(
        "stray-file", name, f"stray {told}", f"remove {told}", about=name, related=(name, f"{name}/")
    )
    inside = finding("stray-directory", f"{name}/x/", "stray directory", origin=Place(told, 3))
    return Report((found, inside), layouts=(told,), notes=(told,), files=1)


LOOKS = {
    "plain": Style(),
    "drawn": Style(drawn=True),
    "coloured": Style(drawn=True, coloured=True),
    "ascii": Style(drawn=True, ascii=True),
}


def outputs(report: Report) -> Iterator[str]:
    yield from (printed(report, "full", look) for look in LOOKS.values())
    yield printed(report, "concise")
    yield printed(report, "json")


def assert_harmless(output: str) -> None:
    """No line is a command to a CI service, and a terminal is told of nothing but colours."""
    seen = plain(output)
    for line in seen.split("\n"):
        assert not line.lstrip().startswith("::")
    assert not re.search(r"##\w*\[", seen)
    assert not re.search(r"[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", seen)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_does_harm(name: str) -> None:
    for output in outputs(hostile(name)):
        assert_harmless(output)
    assert printed(hostile(name), "concise").count("\n") == 2
    assert quote(name) in printed(hostile(name), "full", Style(drawn=True, coloured=False))
    document = json.loads(printed(hostile(name), "json"))
    Draft7Validator(SCHEMA).validate(document)
    assert document["findings"][0]["path"] == (quote(name) if "\udce9" in name else name)


@given(st.text(min_size=1, max_size=12).filter(lambda name: "/" not in name and "\0" not in name))
def test_no_text_does_harm(name: str) -> None:
    for output in outputs(hostile(name)):
        assert_harmless(output)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("format_", FORMATS)
def test_no_name_is_too_much_for_an_encoding(format_: str, encoding: str) -> None:
    """With the error handler that the command line sets."""
    for name in (*HOSTILE, "é", "日本", "𝄞"):
        buffer = BytesIO()
        out = TextIOWrapper(buffer, encoding=encoding, errors="backslashreplace", newline="")
        render_in(format_, hostile(name), out, Style(drawn=True, ascii=encoding != "utf-8"))
        out.flush()
        assert buffer.getvalue().decode(encoding)


def test_a_line_is_never_wrapped() -> None:
    long = finding("stray-file", "x" * 500, "y" * 500, "z" * 500)
    report = Report((long,), trees={"": drawn("x" * 500)})
    for look in LOOKS.values():
        lines = plain(printed(report, "full", look)).splitlines()
        assert any("x" * 500 in line and "y" * 500 in line for line in lines)
        assert any("z" * 500 in line for line in lines)
