"""What reports print: tables of findings and text, and that no name can do harm in any of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from structlint.edits.steps import Create, Move
from structlint.finding import Finding, Place, Plural, Severity
from structlint.layout.bundled import data
from structlint.report import FORMATS, Report, Style
from structlint.report import render as render_in
from structlint.report.wording import count, summary
from structlint.text.quoting import quote
from structlint.tree.drawing import drawn

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
    plural=Plural("missing files", "create them"),
)
STRAY = finding("stray-file", "notes.txt", "unlisted file", "remove it", origin=Place("structlint.yaml", 2))
NAMED = finding(
    "bad-name",
    "services/user_data/",
    "`user_data` is not kebab-case",
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
        notes.txt: error: unlisted file (structlint.yaml:2) [stray-file] -- remove it
        services/billing/README.md: error: missing file: Service documentation (structlint.yaml:14) [missing-file] -- create it
        services/user_data/: error: `user_data` is not kebab-case (structlint.yaml:9) [bad-name] -- rename it to services/user-data/
        structlint.yaml:30: warning: unused ignore [unused-ignore] -- take it out
        """  # noqa: E501 - a line is a finding
    )


def test_full() -> None:
    assert printed(REPORT, "full") == text(
        """
        error    notes.txt: unlisted file
                 remove it  (structlint.yaml:2, stray-file)
        warning  structlint.yaml:30: unused ignore
                 take it out  (unused-ignore)
        error    services/user_data/: `user_data` is not kebab-case
                 rename it to services/user-data/  (structlint.yaml:9, bad-name)
        error    services/billing/README.md: missing file: Service documentation
                 create it  (structlint.yaml:14, missing-file)

        note: something to know
        Found 3 errors and 1 warning (checked 9 files)
        """
    )


def at_terminal(report: Report, width: int, monkeypatch: pytest.MonkeyPatch, **look: bool) -> list[str]:
    """The rows of a report for people on a terminal of this width."""
    out = StringIO()
    monkeypatch.setattr(out, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(width))
    render_in("full", report, out, Style(drawn=True, **look))
    return out.getvalue().splitlines()


LONG = finding(
    "stray-directory",
    "services/another-service/with-a-long-name/",
    "unlisted directory",
    "move it, remove it, or list it in the layout",
    about="What is in it, in more words than there is room for on the line of a terminal",
    origin=Place("structlint.yaml", 1),
)


@pytest.mark.parametrize("width", [20, 40, 60, 80, 140])
def test_f5_a_terminal_wraps_to_the_indentation(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = at_terminal(Report((LONG,), layouts=("structlint.yaml",)), width, monkeypatch)
    body = rows[: rows.index("")]
    assert all(len(row) <= width for row in rows)
    indent = min(9, width // 2)
    assert all(row.startswith(" " * indent) and not row.startswith(" " * (indent + 1)) for row in body[1:])
    if width >= 60:
        assert "(structlint.yaml:1, stray-directory)" in "\n".join(rows)


def test_f5_words_are_not_torn_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = at_terminal(Report((LONG,)), 60, monkeypatch)
    assert " ".join(" ".join(rows[: rows.index("")]).split()) == (
        "error services/another-service/with-a-long-name/: unlisted directory: "
        "What is in it, in more words than there is room for on the line of a terminal "
        "move it, remove it, or list it in the layout "
        "(structlint.yaml:1, stray-directory)"
    )


def strays(directory: str, number: int, **more: object) -> Iterator[Finding]:
    plural = Plural("unlisted files", "move them, remove them, or list them in the layout")
    for each in range(1, number + 1):
        hint = "move it, remove it, or list it in the layout"
        yield finding("stray-file", f"{directory}{each:03}.txt", "unlisted file", hint, plural=plural, **more)


def lines_of(*findings: Finding, **more: object) -> list[str]:
    report = Report(findings, layouts=("structlint.yaml",), files=9, **more)  # type: ignore[arg-type]
    return printed(report, "full").splitlines()


def test_f3_equal_findings_of_a_directory_are_one() -> None:
    assert lines_of(*strays("", 9), *strays("docs/", 2)) == [
        "error    9 unlisted files in ./: 001.txt, 002.txt, 003.txt, 004.txt, 005.txt and 4 more",
        "         move them, remove them, or list them in the layout  (stray-file)",
        "error    docs/001.txt: unlisted file",
        "         move it, remove it, or list it in the layout  (stray-file)",
        "error    docs/002.txt: unlisted file",
        "         move it, remove it, or list it in the layout  (stray-file)",
        "",
        "Found 11 errors (checked 9 files)",
    ]


def test_f3_findings_of_one_cause_are_one() -> None:
    """What one entry requires in several directories."""
    missing = [MISSING._replace(path=f"services/{name}/README.md") for name in ("auth", "billing", "mail")]
    assert lines_of(*missing, NAMED)[:2] == [
        "error    3 missing files in services/ (Service documentation): auth/README.md, billing/README.md, "
        "mail/README.md",
        "         create them  (structlint.yaml:14, missing-file)",
    ]


def test_f3_files_that_belong_in_one_directory_are_one() -> None:
    found = [
        finding(
            "misplaced-file", name, "misplaced file; `*.md` belongs in `docs/`", f"move it to `docs/{name}`"
        )
        for name in ("a.md", "b.md", "c.md")
    ]
    plural = Plural("misplaced files", "move them to `docs/`", "; `*.md` belongs in `docs/`")
    found = [each._replace(related=(f"docs/{each.path}",), plural=plural) for each in found]
    assert lines_of(*found)[:2] == [
        "error    3 misplaced files in ./; `*.md` belongs in `docs/`: a.md, b.md, c.md",
        "         move them to `docs/`  (misplaced-file)",
    ]


def test_f3_names_in_the_wrong_case_are_one() -> None:
    plural = Plural("names", "rename them to kebab-case", " that are not kebab-case")
    found = [finding("bad-name", f"src/{n}_x/", f"`{n}_x` is not kebab-case", plural=plural) for n in "abc"]
    assert lines_of(*found)[:2] == [
        "error    3 names in src/ that are not kebab-case: a_x/, b_x/, c_x/",
        "         rename them to kebab-case  (bad-name)",
    ]


def test_what_differs_in_more_than_the_path_is_not_folded() -> None:
    found = list(strays("", 3))
    for other in (
        found[2]._replace(severity=Severity.WARNING),
        found[2]._replace(plural=Plural("unlisted files", "remove them")),
        found[2]._replace(plural=None),
        found[2]._replace(fix=(Create("a", b""),)),
        found[2]._replace(origin=Place("structlint.yaml", 9)),
        found[2]._replace(about="notes"),
        found[2]._replace(line=3),
    ):
        assert len(lines_of(*found[:2], other)) == 8


def test_f3_a_report_for_people_ends() -> None:
    """At most 50 rows of findings, the errors first; then how many there are of what."""
    different = [
        finding("bad-name", f"d{n}/x", f"`{n}` is not kebab-case", f"rename it to {n}") for n in range(300)
    ]
    minor = finding("unused-ignore", "a.yaml", "unused ignore", severity=Severity.WARNING)
    lines = lines_of(minor, *different)
    assert lines[:2] == ["error    d0/x: `0` is not kebab-case", "         rename it to 0  (bad-name)"]
    assert lines[50:] == [
        "… and 276 more findings; list all with --all",
        "",
        "300  bad-name",
        "  1  unused-ignore",
        "",
        "Found 300 errors and 1 warning (checked 9 files)",
    ]
    assert len(lines_of(minor, *different, full=True)) == 2 * 301 + 2


def test_f6_what_can_be_fixed() -> None:
    create, move = Create("README.md"), Move("a", "b")
    safe, unsafe = MISSING._replace(fix=(create,)), NAMED._replace(fix=(move,))
    more = {"fix_command": "structlint fix"}
    assert lines_of(safe, unsafe, UNUSED, **more)[-1] == (
        "1 of 3 can be fixed: structlint fix --diff (1 more with --unsafe)"
    )
    assert lines_of(unsafe, UNUSED, **more)[-1] == "1 of 2 can be fixed: structlint fix --unsafe --diff"
    assert lines_of(UNUSED, **more)[-1] == "Found 1 warning (checked 9 files)"
    assert lines_of(safe)[-1] == "Found 1 error (checked 9 files)"
    document = json.loads(printed(Report((safe, unsafe, UNUSED), baselined=8), "json"))
    assert [each["fix"] for each in document["findings"]] == ["safe", "unsafe", None]
    assert document["summary"].items() >= {"fixable": 1, "unsafeFixable": 1, "baselined": 8}.items()


def test_f9_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file that exists and of the rule; a name in them is percent-encoded."""
    (tmp_path / "a\x1b]8;;evil").touch()
    found = [finding("stray-file", "a\x1b]8;;evil", "unlisted file"), MISSING]
    report = Report(tuple(found), top=str(tmp_path))
    shown = "\n".join(at_terminal(report, 200, monkeypatch, coloured=True, linked=True))
    links = re.findall(r"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\", shown)
    assert [Path(link).name for link in links if link] == [
        "a%1B%5D8%3B%3Bevil",
        "stray-file.md",
        "missing-file.md",
    ]
    assert "evil" not in re.sub(r"\x1b\]8;[^\x1b]*\x1b\\", "", shown).replace("\\x1b]8;;evil", "")
    assert "\x1b]8" not in printed(report, "full", Style(drawn=True, coloured=True))


def test_full_and_quiet() -> None:
    lines = printed(REPORT, "full").split("\n\n")[0] + "\n"
    assert printed(REPORT, "full", Style(quiet=True)) == lines
    assert printed(REPORT, "full", Style(quiet=True, drawn=True)) == lines


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (Report(()), "No problems found (0 files; structure not checked: no layout)"),
        (Report((), layouts=("base",), files=1, directories=1), "All checks passed (1 file)"),
        (
            Report((), layouts=("a",), files=1204, directories=41, open_directories=7),
            "All checks passed (1,204 files, 34 of 41 directories)",
        ),
        (
            Report((), layouts=("a",), files=9, directories=1, open_directories=1),
            "No problems found (9 files; only the root is checked)",
        ),
        (Report((), layouts=("a", "b"), files=12345), "All checks passed (12,345 files)"),
        (Report((), layouts=("a",), files=9, baselined=1208), "All checks passed (9 files, 1,208 baselined)"),
        (Report((STRAY,), files=9, baselined=8), "Found 1 error (checked 9 files; 8 findings baselined)"),
        (
            Report((), layouts=("a",), whole=False),
            "No problems found (0 files; checked a selection only)",
        ),
        (Report((STRAY,), files=2), "Found 1 error (checked 2 files)"),
        (Report((UNUSED,), files=1), "Found 1 warning (checked 1 file)"),
        (Report((STRAY, UNUSED, UNUSED), files=1), "Found 1 error and 2 warnings (checked 1 file)"),
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


MANY = Report((*(finding("stray-file", f"{number}", "unlisted file") for number in range(4322)), MISSING))


def test_a_limit_of_findings_counts_the_rest() -> None:
    limited = MANY._replace(max_findings=1, files=5000)
    assert printed(limited, "concise").splitlines()[2:] == ["… and 4,321 more [stray-file]"]
    assert "\n... and 4,321 more [stray-file]\n" in printed(limited, "full", Style(ascii=True))
    assert printed(limited, "full").endswith("\nFound 4,323 errors (checked 5,000 files)\n")
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
        "fix": None,
    }
    assert document["findings"][3]["layout"] is None
    assert document["findings"][3]["line"] == 30
    assert document["notes"] == ["something to know"]
    numbers = {"errors": 3, "warnings": 1, "files": 9, "directories": 7, "openDirectories": 0}
    assert document["summary"] == {**numbers, "baselined": 0, "fixable": 0, "unsafeFixable": 0}
    assert list(document) == ["version", "structlint", "findings", "notes", "summary"]


def test_the_page_on_json_shows_what_is_printed() -> None:
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"(?ms)^```json\n(.*?)^```$", page)
    report = Report((MISSING,), files=214, directories=38, open_directories=4)
    assert json.loads(shown) == json.loads(printed(report, "json"))
    Draft7Validator(SCHEMA).validate(json.loads(shown))
    for name in json.dumps(SCHEMA).split('"properties": {')[1:]:
        assert f"`{re.findall(r'[a-zA-Z]+', name)[0]}`" in page


def plain(output: str) -> str:
    """An output without the codes of styles."""
    return re.sub(r"\x1b\[[0-9;]*m", "", output)


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
    inside = finding("stray-directory", f"{name}/x/", "unlisted directory", origin=Place(told, 3))
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
