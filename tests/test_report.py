"""The output formats of a report, and the quoting of names in each of them."""

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


def render(report: Report, name: str, style: Style | None = None) -> str:
    out = StringIO()
    render_in(name, report, out, style or Style())
    return out.getvalue()


def make_finding(rule: str, path: str, message: str, hint: str = "fix it", **more: object) -> Finding:
    severity = more.pop("severity", Severity.ERROR)
    return Finding(path, message, hint, rule=rule, severity=severity, **more)  # type: ignore[arg-type]


MISSING = make_finding(
    "missing-file",
    "services/billing/README.md",
    "missing file",
    "create it",
    origin=Place("structlint.yaml", 14, 7),
    about="Service documentation",
    plural=Plural("missing files", "create them"),
)
STRAY = make_finding(
    "stray-file", "notes.txt", "unlisted file", "remove it", origin=Place("structlint.yaml", 2)
)
NAMED = make_finding(
    "bad-name",
    "services/user_data/",
    "`user_data` is not kebab-case",
    "rename it to services/user-data/",
    related=("services/user-data/",),
    origin=Place("structlint.yaml", 9, 5),
)
UNUSED = make_finding(
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


def block_text(block: str) -> str:
    return dedent(block).lstrip("\n")


def test_concise() -> None:
    assert render(REPORT, "concise") == block_text(
        """
        notes.txt: error: unlisted file (structlint.yaml:2) [stray-file] -- remove it
        services/billing/README.md: error: missing file: Service documentation (structlint.yaml:14) [missing-file] -- create it
        services/user_data/: error: `user_data` is not kebab-case (structlint.yaml:9) [bad-name] -- rename it to services/user-data/
        structlint.yaml:30: warning: unused ignore [unused-ignore] -- take it out
        """  # noqa: E501 - one line per finding
    )


def test_full() -> None:
    assert render(REPORT, "full") == block_text(
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


def render_on_terminal(
    report: Report, width: int, monkeypatch: pytest.MonkeyPatch, **style: bool
) -> list[str]:
    """The rows of a full report on a terminal of this width."""
    out = StringIO()
    monkeypatch.setattr(out, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(width))
    render_in("full", report, out, Style(drawn=True, **style))
    return out.getvalue().splitlines()


LONG = make_finding(
    "stray-directory",
    "services/another-service/with-a-long-name/",
    "unlisted directory",
    "move it, remove it, or list it in the layout",
    about="What is in it, in more words than there is room for on the line of a terminal",
    origin=Place("structlint.yaml", 1),
)


@pytest.mark.parametrize("width", [20, 40, 60, 80, 140])
def test_wrapped_lines_are_indented(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = render_on_terminal(Report((LONG,), layouts=("structlint.yaml",)), width, monkeypatch)
    body = rows[: rows.index("")]
    assert all(len(row) <= width for row in rows)
    indent = min(9, width // 2)
    assert all(row.startswith(" " * indent) and not row.startswith(" " * (indent + 1)) for row in body[1:])
    if width >= 60:
        assert "(structlint.yaml:1, stray-directory)" in "\n".join(rows)


def test_lines_are_wrapped_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = render_on_terminal(Report((LONG,)), 60, monkeypatch)
    assert " ".join(" ".join(rows[: rows.index("")]).split()) == (
        "error services/another-service/with-a-long-name/: unlisted directory: "
        "What is in it, in more words than there is room for on the line of a terminal "
        "move it, remove it, or list it in the layout "
        "(structlint.yaml:1, stray-directory)"
    )


def stray_files(directory: str, number: int, **more: object) -> Iterator[Finding]:
    plural = Plural("unlisted files", "move them, remove them, or list them in the layout")
    for each in range(1, number + 1):
        hint = "move it, remove it, or list it in the layout"
        yield make_finding(
            "stray-file", f"{directory}{each:03}.txt", "unlisted file", hint, plural=plural, **more
        )


def report_lines(*findings: Finding, **more: object) -> list[str]:
    report = Report(findings, layouts=("structlint.yaml",), files=9, **more)  # type: ignore[arg-type]
    return render(report, "full").splitlines()


def test_similar_findings_in_a_directory_are_combined() -> None:
    assert report_lines(*stray_files("", 9), *stray_files("docs/", 2)) == [
        "error    9 unlisted files in ./: 001.txt, 002.txt, 003.txt, 004.txt, 005.txt and 4 more",
        "         move them, remove them, or list them in the layout  (stray-file)",
        "error    docs/001.txt: unlisted file",
        "         move it, remove it, or list it in the layout  (stray-file)",
        "error    docs/002.txt: unlisted file",
        "         move it, remove it, or list it in the layout  (stray-file)",
        "",
        "Found 11 errors (checked 9 files)",
    ]


def test_findings_of_one_entry_are_combined() -> None:
    missing = [MISSING._replace(path=f"services/{name}/README.md") for name in ("auth", "billing", "mail")]
    assert report_lines(*missing, NAMED)[:2] == [
        "error    3 missing files in services/ (Service documentation): auth/README.md, billing/README.md, "
        "mail/README.md",
        "         create them  (structlint.yaml:14, missing-file)",
    ]


def test_misplaced_files_with_the_same_target_are_combined() -> None:
    found = [
        make_finding(
            "misplaced-file", name, "misplaced file; `*.md` belongs in `docs/`", f"move it to `docs/{name}`"
        )
        for name in ("a.md", "b.md", "c.md")
    ]
    plural = Plural("misplaced files", "move them to `docs/`", "; `*.md` belongs in `docs/`")
    found = [each._replace(related=(f"docs/{each.path}",), plural=plural) for each in found]
    assert report_lines(*found)[:2] == [
        "error    3 misplaced files in ./; `*.md` belongs in `docs/`: a.md, b.md, c.md",
        "         move them to `docs/`  (misplaced-file)",
    ]


def test_names_in_the_wrong_case_are_combined() -> None:
    plural = Plural("names", "rename them to kebab-case", " that are not kebab-case")
    found = [
        make_finding("bad-name", f"src/{n}_x/", f"`{n}_x` is not kebab-case", plural=plural) for n in "abc"
    ]
    assert report_lines(*found)[:2] == [
        "error    3 names in src/ that are not kebab-case: a_x/, b_x/, c_x/",
        "         rename them to kebab-case  (bad-name)",
    ]


def test_findings_with_other_differences_are_not_combined() -> None:
    found = list(stray_files("", 3))
    for other in (
        found[2]._replace(severity=Severity.WARNING),
        found[2]._replace(plural=Plural("unlisted files", "remove them")),
        found[2]._replace(plural=None),
        found[2]._replace(fix=(Create("a", b""),)),
        found[2]._replace(origin=Place("structlint.yaml", 9)),
        found[2]._replace(about="notes"),
        found[2]._replace(line=3),
    ):
        assert len(report_lines(*found[:2], other)) == 8


def test_full_report_is_limited_to_50_rows() -> None:
    """Errors come first, and the number of findings of each rule is printed at the end."""
    different = [
        make_finding("bad-name", f"d{n}/x", f"`{n}` is not kebab-case", f"rename it to {n}")
        for n in range(300)
    ]
    minor = make_finding("unused-ignore", "a.yaml", "unused ignore", severity=Severity.WARNING)
    lines = report_lines(minor, *different)
    assert lines[:2] == ["error    d0/x: `0` is not kebab-case", "         rename it to 0  (bad-name)"]
    assert lines[50:] == [
        "… and 276 more findings; list all with --all",
        "",
        "300  bad-name",
        "  1  unused-ignore",
        "",
        "Found 300 errors and 1 warning (checked 9 files)",
    ]
    assert len(report_lines(minor, *different, full=True)) == 2 * 301 + 2


def test_number_of_fixable_findings() -> None:
    create, move = Create("README.md"), Move("a", "b")
    safe, unsafe = MISSING._replace(fix=(create,)), NAMED._replace(fix=(move,))
    more = {"fix_command": "structlint fix"}
    assert report_lines(safe, unsafe, UNUSED, **more)[-1] == (
        "1 of 3 can be fixed: structlint fix --diff (1 more with --unsafe)"
    )
    assert report_lines(unsafe, UNUSED, **more)[-1] == "1 of 2 can be fixed: structlint fix --unsafe --diff"
    assert report_lines(UNUSED, **more)[-1] == "Found 1 warning (checked 9 files)"
    assert report_lines(safe)[-1] == "Found 1 error (checked 9 files)"
    document = json.loads(render(Report((safe, unsafe, UNUSED), baselined=8), "json"))
    assert [each["fix"] for each in document["findings"]] == ["safe", "unsafe", None]
    assert document["summary"].items() >= {"fixable": 1, "unsafeFixable": 1, "baselined": 8}.items()


def test_terminal_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Existing files and rules are linked; names in links are percent-encoded."""
    (tmp_path / "a\x1b]8;;evil").touch()
    found = [make_finding("stray-file", "a\x1b]8;;evil", "unlisted file"), MISSING]
    report = Report(tuple(found), top=str(tmp_path))
    shown = "\n".join(render_on_terminal(report, 200, monkeypatch, coloured=True, linked=True))
    links = re.findall(r"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\", shown)
    assert [Path(link).name for link in links if link] == [
        "a%1B%5D8%3B%3Bevil",
        "stray-file.md",
        "missing-file.md",
    ]
    assert "evil" not in re.sub(r"\x1b\]8;[^\x1b]*\x1b\\", "", shown).replace("\\x1b]8;;evil", "")
    assert "\x1b]8" not in render(report, "full", Style(drawn=True, coloured=True))


def test_full_and_quiet() -> None:
    lines = render(REPORT, "full").split("\n\n")[0] + "\n"
    assert render(REPORT, "full", Style(quiet=True)) == lines
    assert render(REPORT, "full", Style(quiet=True, drawn=True)) == lines


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (Report(()), "No problems found (0 files; no layout, so the structure was not checked)"),
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
            "No problems found (0 files; only the selected paths and rules were checked)",
        ),
        (Report((STRAY,), files=2), "Found 1 error (checked 2 files)"),
        (Report((UNUSED,), files=1), "Found 1 warning (checked 1 file)"),
        (Report((STRAY, UNUSED, UNUSED), files=1), "Found 1 error and 2 warnings (checked 1 file)"),
    ],
)
def test_summary(report: Report, expected: str) -> None:
    assert summary(report) == expected
    assert render(report, "full").splitlines()[-1] == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 files"), (1, "1 file"), (1000000, "1,000,000 files")]
)
def test_count(number: int, expected: str) -> None:
    assert count(number, "file") == expected


MANY = Report(
    (*(make_finding("stray-file", f"{number}", "unlisted file") for number in range(4322)), MISSING)
)


def test_max_findings_counts_the_rest() -> None:
    limited = MANY._replace(max_findings=1, files=5000)
    assert render(limited, "concise").splitlines()[2:] == ["… and 4,321 more [stray-file]"]
    assert "\n... and 4,321 more [stray-file]\n" in render(limited, "full", Style(ascii=True))
    assert render(limited, "full").endswith("\nFound 4,323 errors (checked 5,000 files)\n")
    document = json.loads(render(limited, "json"))
    assert [each["rule"] for each in document["findings"]] == ["stray-file", "missing-file"]
    assert document["leftOut"] == {"stray-file": 4321}
    assert document["summary"]["errors"] == 4323
    assert render(MANY._replace(max_findings=0), "concise").count("\n") == 2


def test_statistics() -> None:
    report = MANY._replace(statistics=True, max_findings=0)
    assert render(report, "concise").splitlines()[-2:] == ["4322 stray-file", "1 missing-file"]
    assert "\n4,322  stray-file\n    1  missing-file\n\n" in render(report, "full")
    assert json.loads(render(report, "json"))["statistics"] == {"stray-file": 4322, "missing-file": 1}
    assert json.loads(render(Report((), statistics=True), "json"))["statistics"] == {}


def test_json() -> None:
    document = json.loads(render(REPORT, "json"))
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


def test_example_in_the_json_documentation() -> None:
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"(?ms)^```json\n(.*?)^```$", page)
    report = Report((MISSING,), files=214, directories=38, open_directories=4)
    assert json.loads(shown) == json.loads(render(report, "json"))
    Draft7Validator(SCHEMA).validate(json.loads(shown))
    for name in json.dumps(SCHEMA).split('"properties": {')[1:]:
        assert f"`{re.findall(r'[a-zA-Z]+', name)[0]}`" in page


def without_styles(output: str) -> str:
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


def hostile_report(name: str) -> Report:
    quoted = quote(name)
    found = make_finding(
        "stray-file", name, f"stray {quoted}", f"remove {quoted}", about=name, related=(name, f"{name}/")
    )
    inside = make_finding("stray-directory", f"{name}/x/", "unlisted directory", origin=Place(quoted, 3))
    return Report((found, inside), layouts=(quoted,), notes=(quoted,), files=1)


STYLES = {
    "plain": Style(),
    "drawn": Style(drawn=True),
    "coloured": Style(drawn=True, coloured=True),
    "ascii": Style(drawn=True, ascii=True),
}


def render_in_all_styles(report: Report) -> Iterator[str]:
    yield from (render(report, "full", style) for style in STYLES.values())
    yield render(report, "concise")
    yield render(report, "json")


def assert_safe(output: str) -> None:
    """No line is a workflow command, and there are no control characters except style codes."""
    visible = without_styles(output)
    for line in visible.split("\n"):
        assert not line.lstrip().startswith("::")
    assert not re.search(r"##\w*\[", visible)
    assert not re.search(r"[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", visible)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_is_safe(name: str) -> None:
    for output in render_in_all_styles(hostile_report(name)):
        assert_safe(output)
    assert render(hostile_report(name), "concise").count("\n") == 2
    assert quote(name) in render(hostile_report(name), "full", Style(drawn=True, coloured=False))
    document = json.loads(render(hostile_report(name), "json"))
    Draft7Validator(SCHEMA).validate(document)
    assert document["findings"][0]["path"] == (quote(name) if "\udce9" in name else name)


@given(st.text(min_size=1, max_size=12).filter(lambda name: "/" not in name and "\0" not in name))
def test_any_name_is_safe(name: str) -> None:
    for output in render_in_all_styles(hostile_report(name)):
        assert_safe(output)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("format_", FORMATS)
def test_any_name_can_be_encoded(format_: str, encoding: str) -> None:
    """With the error handler that the command line uses."""
    for name in (*HOSTILE, "é", "日本", "𝄞"):
        buffer = BytesIO()
        out = TextIOWrapper(buffer, encoding=encoding, errors="backslashreplace", newline="")
        render_in(format_, hostile_report(name), out, Style(drawn=True, ascii=encoding != "utf-8"))
        out.flush()
        assert buffer.getvalue().decode(encoding)


def test_lines_are_not_wrapped_without_a_terminal() -> None:
    long = make_finding("stray-file", "x" * 500, "y" * 500, "z" * 500)
    report = Report((long,), trees={"": drawn("x" * 500)})
    for style in STYLES.values():
        lines = without_styles(render(report, "full", style)).splitlines()
        assert any("x" * 500 in line and "y" * 500 in line for line in lines)
        assert any("z" * 500 in line for line in lines)
