"""Report formats, as read by the programs that use them, with names that could break them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import pytest
from conftest import Make, Run
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from junitparser import JUnitXml
from markdown_it import MarkdownIt
from tables import table

from structlint.finding import Finding, Place, Severity
from structlint.report import Report, Style, sarif
from structlint.report import render as render_in
from structlint.report.markdown import code, prose
from structlint.rules import RULES, name_of
from structlint.text.quoting import in_backticks, quote
from structlint.tree import Tree
from structlint.tree.drawing import drawn

MACHINE_FORMATS = ("github", "gitlab", "sarif", "junit", "rdjson", "markdown")
JSON = ("gitlab", "sarif", "rdjson")
RULE_NAMES = [name_of(rule) for rule in RULES]


def render(report: Report, name: str, look: Style | None = None) -> str:
    out = StringIO()
    render_in(name, report, out, look or Style())
    return out.getvalue()


def make_finding(rule: str, path: str, message: str = "wrong", hint: str = "fix it", **more: Any) -> Finding:
    return Finding(path, message, hint, **{"rule": rule, "severity": Severity.ERROR, **more})


# --- Readers of the formats: the official schemas, but without unknown properties

TEXT = {"type": "string", "minLength": 1}
NUMBER = {"type": "integer", "minimum": 1}


def object_schema(properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object with exactly these properties; "?" after a name makes it optional."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in properties if not name.endswith("?")],
        "properties": {name.rstrip("?"): schema for name, schema in properties.items()},
    }


def array_schema(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


def enum_schema(*values: str) -> dict[str, Any]:
    return {"enum": list(values)}


# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
CODE_QUALITY = array_schema(
    object_schema(
        {
            "description": TEXT,
            "check_name": enum_schema(*RULE_NAMES),
            "fingerprint": TEXT,
            "severity": enum_schema("info", "minor", "major", "critical", "blocker"),
            "location": object_schema({"path": TEXT, "lines": object_schema({"begin": NUMBER})}),
        }
    )
)

# https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto
RDF_LOCATION = object_schema(
    {"path": TEXT, "range": object_schema({"start": object_schema({"line": NUMBER})})}
)
DIAGNOSTICS = object_schema(
    {
        "source": object_schema({"name": TEXT}),
        "diagnostics": array_schema(
            object_schema(
                {
                    "message": TEXT,
                    "location": RDF_LOCATION,
                    "severity": enum_schema("ERROR", "WARNING", "INFO"),
                    "code": object_schema({"value": enum_schema(*RULE_NAMES)}),
                    "original_output?": TEXT,
                    "related_locations?": array_schema(
                        object_schema({"message": TEXT, "location": RDF_LOCATION}), minItems=1
                    ),
                }
            )
        ),
    }
)

# https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json, limited to the
# properties in use, with the additional requirements of GitHub.
MESSAGE = object_schema({"text": TEXT})
DESCRIPTION = object_schema({"text": {**TEXT, "maxLength": 1024}})
LEVEL = enum_schema("note", "warning", "error")
PHYSICAL = object_schema(
    {
        "artifactLocation": object_schema(
            {
                # RFC 3986: a relative reference without empty, "." or ".." segments
                "uri": {
                    "type": "string",
                    "pattern": r"^(?!\.{0,2}(/|$))(?!.*/$)([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$",
                },
                "uriBaseId": {"const": "%SRCROOT%"},
            }
        ),
        "region": object_schema(dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), NUMBER)),
    }
)
SARIF_RULE = object_schema(
    {
        "id": enum_schema(*RULE_NAMES),
        "shortDescription": DESCRIPTION,
        "fullDescription": DESCRIPTION,
        "help": object_schema({"text": TEXT, "markdown": TEXT}),
        "defaultConfiguration": object_schema({"level": LEVEL}),
        "properties": object_schema(
            {
                "tags": array_schema(TEXT, uniqueItems=True, minItems=1, maxItems=10),
                "precision": enum_schema("very-high", "high", "medium", "low"),
                "problem.severity": enum_schema("error", "warning", "recommendation"),
            }
        ),
    }
)
SARIF_RESULT = object_schema(
    {
        "ruleId": enum_schema(*RULE_NAMES),
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": array_schema(object_schema({"physicalLocation": PHYSICAL}), minItems=1, maxItems=1),
        "partialFingerprints": object_schema({"primaryLocationLineHash": TEXT}),
        "relatedLocations?": array_schema(
            object_schema({"id": NUMBER, "physicalLocation": PHYSICAL, "message": MESSAGE}),
            uniqueItems=True,
            minItems=1,
            maxItems=100,
        ),
    }
)
SARIF_RUN = object_schema(
    {
        "tool": object_schema(
            {
                "driver": object_schema(
                    {
                        "name": TEXT,
                        "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                        "rules": array_schema(SARIF_RULE, uniqueItems=True),
                    }
                )
            }
        ),
        "invocations": array_schema(
            object_schema(
                {
                    "executionSuccessful": {"const": True},
                    "toolExecutionNotifications": array_schema(
                        object_schema({"level": LEVEL, "message": MESSAGE})
                    ),
                }
            )
        ),
        "originalUriBaseIds": object_schema({"%SRCROOT%": object_schema({"description": MESSAGE})}),
        "columnKind": enum_schema("utf16CodeUnits", "unicodeCodePoints"),
        "results": array_schema(SARIF_RESULT, maxItems=5000),
    }
)
LOG = object_schema(
    {"$schema": TEXT, "version": {"const": "2.1.0"}, "runs": array_schema(SARIF_RUN, minItems=1)}
)
VALIDATORS = {
    name: Draft7Validator(schema)
    for name, schema in {"gitlab": CODE_QUALITY, "rdjson": DIAGNOSTICS, "sarif": LOG}.items()
}


class ReadFinding(NamedTuple):
    """A finding as a reader of the format sees it."""

    path: str
    line: int
    rule: str
    text: str
    mark: str = ""


def document(report: Report, name: str) -> Any:
    """Parses a JSON report and validates it with the schema of the format."""
    text = render(report, name)
    assert text.isascii()
    found = json.loads(text)
    json.dumps(found, ensure_ascii=False).encode()  # fails for lone surrogates
    VALIDATORS[name].validate(found)
    return found


def sarif_run(report: Report) -> Any:
    (run,) = document(report, "sarif")["runs"]
    return run


def decode_uri(uri: str) -> str:
    return unquote_to_bytes(uri).decode("utf-8", "surrogateescape")


def read_sarif(report: Report) -> Iterator[ReadFinding]:
    run = sarif_run(report)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        physical = result["locations"][0]["physicalLocation"]
        yield ReadFinding(
            decode_uri(physical["artifactLocation"]["uri"]),
            physical["region"]["startLine"],
            result["ruleId"],
            result["message"]["text"],
            result["partialFingerprints"]["primaryLocationLineHash"],
        )


def read_gitlab(report: Report) -> Iterator[ReadFinding]:
    for issue in document(report, "gitlab"):
        location = issue["location"]
        yield ReadFinding(
            location["path"],
            location["lines"]["begin"],
            issue["check_name"],
            issue["description"],
            issue["fingerprint"],
        )


def read_rdjson(report: Report) -> Iterator[ReadFinding]:
    for each in document(report, "rdjson")["diagnostics"]:
        location = each["location"]
        line = location["range"]["start"]["line"]
        yield ReadFinding(location["path"], line, each["code"]["value"], each["message"])


def read_github(report: Report) -> Iterator[ReadFinding]:
    """Parses lines like GitHub's runner: https://github.com/actions/runner, `ActionCommand.TryParseV2`."""
    for line in render(report, "github").splitlines():
        command, data = line.lstrip()[2:].split("::", 1)
        level, properties = command.split(" ", 1)
        assert level in ("error", "warning", "notice")
        given = dict(each.split("=", 1) for each in properties.split(","))
        if level == "notice":
            continue
        parsed = {
            name: unescape_command(value, "%0D", "%0A", "%3A", "%2C", "%25") for name, value in given.items()
        }
        assert list(parsed) == ["file", "line", "title"]
        yield ReadFinding(
            parsed["file"], int(parsed["line"]), parsed["title"], unescape_command(data, "%0D", "%0A", "%25")
        )


def unescape_command(text: str, *escapes: str) -> str:
    for escape in escapes:
        text = text.replace(escape, chr(int(escape[1:], 16)))
    return text


READERS: dict[str, Callable[[Report], Iterator[ReadFinding]]] = {
    "sarif": read_sarif,
    "gitlab": read_gitlab,
    "rdjson": read_rdjson,
    "github": read_github,
}


def read_junit(report: Report) -> dict[str, tuple[str, list[str]]]:
    """The result and the output of each rule, as read by junitparser."""
    text = render(report, "junit")
    assert text.isascii()
    suites = JUnitXml.fromstring(text.encode())
    (suite,) = suites
    found: dict[str, tuple[str, list[str]]] = {}
    for case in suite:
        for result in case.result:
            found[case.name] = (type(result).__name__, (result.text or result.message).split("\n"))
        found.setdefault(case.name, ("Passed", []))
    failed = [name for name, (kind, _) in found.items() if kind == "Failure"]
    skipped = [name for name, (kind, _) in found.items() if kind == "Skipped"]
    assert (suite.tests, suite.failures, suite.skipped) == (len(RULES), len(failed), len(skipped))
    assert (suites.tests, suites.failures) == (len(RULES), len(failed))
    return found


@cache
def markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


class Page(NamedTuple):
    """A parsed Markdown page: rows of cells with their tokens, HTML, and text."""

    rows: list[list[list[tuple[str, str]]]]
    html: str
    text: list[str]


def parse_page(text: str) -> Page:
    tokens = markdown().parse(text)
    rows: list[list[list[tuple[str, str]]]] = []
    for token, inline in pairwise(tokens):
        if token.type == "tr_open":
            rows.append([])
        if token.type == "td_open":
            rows[-1].append([(each.type, each.content) for each in inline.children or ()])
    inlines = [each for token in tokens for each in token.children or ()]
    assert {each.type for each in inlines} <= {"text", "code_inline", "softbreak"}
    html = "".join(token.content for token in tokens if token.type == "html_block")
    return Page([row for row in rows if row], html, [each.content for each in inlines if each.type == "text"])


# --- One report in every format

TREE = drawn(
    """
    .
    ├── compose.yaml
    ├── docs -> documentation
    ├── documentation/
    │   └── a.md
    ├── notes.txt
    ├── old/
    │   ├── b/
    │   │   └── c.txt
    │   └── z.txt
    ├── services/
    │   ├── auth/
    │   │   └── main.go
    │   └── billing/
    │       └── main.go
    ├── structlint.yaml
    └── vendor/  (submodule)
    """
)
LAYOUT = "structlint.yaml"
STRAY_FINDING = make_finding("stray-file", "notes.txt", "unlisted file", "remove it", origin=Place(LAYOUT, 2))
MISSING_FINDING = make_finding(
    "missing-file",
    "services/billing/README.md",
    "missing file",
    "create it",
    origin=Place(LAYOUT, 14, 7),
    about="Service documentation",
)
PORT_FINDING = make_finding(
    "port-conflict",
    "compose.yaml",
    "`billing` and `auth` (compose.yaml:4) both publish port 8001",
    "use another port for one of them",
    line=8,
    related=("compose.yaml", "services/auth/", "gone.txt"),
    severity=Severity.WARNING,
)
REPORT = Report(
    (PORT_FINDING, STRAY_FINDING, MISSING_FINDING),
    notes=("something to know",),
    trees={"": TREE},
    layouts=(LAYOUT,),
    files=8,
    directories=6,
)


def test_sarif() -> None:
    run = sarif_run(REPORT)
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning"]
    stray, missing, port = run["results"]
    assert stray["message"]["text"] == "notes.txt: unlisted file ([structlint.yaml:2](1)) -- remove it"
    (related,) = stray["relatedLocations"]
    assert (related["id"], related["physicalLocation"]["region"]["startLine"]) == (1, 2)
    assert missing["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "structlint.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 14, "startColumn": 7, "endLine": 14, "endColumn": 7},
    }
    assert "relatedLocations" not in missing
    assert [each["message"]["text"] for each in port["relatedLocations"]] == [
        "compose.yaml",
        "services/auth/",
    ]
    assert run["invocations"][0]["toolExecutionNotifications"] == [
        {"level": "note", "message": {"text": "something to know"}}
    ]


def test_sarif_rules_contain_their_pages() -> None:
    everything = tuple(make_finding(name, "notes.txt") for name in RULE_NAMES)
    rules = sarif_run(REPORT._replace(findings=everything))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == RULE_NAMES
    for rule in rules:
        assert rule["help"]["markdown"].startswith(f"# {rule['id']}\n\n{rule['shortDescription']['text']}\n")
        assert rule["fullDescription"]["text"].startswith(rule["shortDescription"]["text"])
        assert len(rule["fullDescription"]["text"]) > len(rule["shortDescription"]["text"]) + 40
        assert "](" not in rule["help"]["markdown"]
    assert {rule["defaultConfiguration"]["level"] for rule in rules} == {"error", "warning"}


def test_github() -> None:
    assert render(REPORT, "github").splitlines() == [
        "::error file=notes.txt,line=1,title=stray-file::"
        "notes.txt: unlisted file (structlint.yaml:2) -- remove it",
        "::error file=structlint.yaml,line=14,title=missing-file::services/billing/README.md: "
        "missing file: Service documentation (structlint.yaml:14) -- create it",
        "::warning file=compose.yaml,line=8,title=port-conflict::compose.yaml:8: `billing` and `auth` "
        "(compose.yaml:4) both publish port 8001 -- use another port for one of them",
    ]


def test_gitlab() -> None:
    issues = document(REPORT, "gitlab")
    assert [issue["severity"] for issue in issues] == ["minor", "major", "major"]
    assert issues[1]["description"] == "notes.txt: unlisted file (structlint.yaml:2) -- remove it"


def test_rdjson() -> None:
    port, stray, missing = document(REPORT, "rdjson")["diagnostics"]
    assert [port["severity"], stray["severity"]] == ["WARNING", "ERROR"]
    assert stray["original_output"] == render(REPORT, "concise").splitlines()[1]
    assert [each["message"] for each in port["related_locations"]] == ["compose.yaml", "services/auth/"]
    assert "related_locations" not in missing


def test_junit() -> None:
    found = read_junit(REPORT._replace(findings=(*REPORT.findings, make_finding("stray-file", "old/z.txt"))))
    assert list(found) == RULE_NAMES
    assert found["stray-file"] == (
        "Failure",
        [
            "error: notes.txt: unlisted file (structlint.yaml:2) -- remove it",
            "error: old/z.txt: wrong -- fix it",
        ],
    )
    assert found["port-conflict"][1][0].startswith("warning: compose.yaml:8: ")
    assert found["bad-name"] == ("Passed", [])


@pytest.mark.parametrize(
    ("report", "passed", "reason"),
    [
        (Report((), layouts=("a",)), RULE_NAMES, None),
        (Report((), layouts=("a",), whole=False), [], "not all findings were selected"),
        (
            Report(()),
            [name_of(rule) for rule in RULES if not rule.NEEDS_LAYOUT],
            "no layout",
        ),
    ],
)
def test_junit_passes_only_rules_that_ran(report: Report, passed: list[str], reason: str | None) -> None:
    found = read_junit(report)
    assert [name for name, (kind, _) in found.items() if kind == "Passed"] == passed
    assert {lines[0] for kind, lines in found.values() if kind == "Skipped"} == (
        {reason} if reason else set()
    )


def test_markdown() -> None:
    assert render(REPORT, "markdown") == (
        """### structlint

Found 2 errors and 1 warning (checked 8 files)

#### 2 errors

| path | problem | fix | rule |
|---|---|---|---|
| `notes.txt` | unlisted file | remove it | stray-file, `structlint.yaml:2` |
| `services/billing/README.md` | missing file: Service documentation | create it | missing-file, `structlint.yaml:14` |

#### 1 warning

| path | problem | fix | rule |
|---|---|---|---|
| `compose.yaml:8` | `billing` and `auth` (compose.yaml:4) both publish port 8001 | use another port for one of them | port-conflict |

- note: something to know
"""  # noqa: E501 - a row is a finding
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("github", ""),
        ("gitlab", "[]\n"),
        ("markdown", "### structlint\n\nAll checks passed (0 files)\n"),
    ],
)
def test_report_without_findings(name: str, expected: str) -> None:
    assert render(Report((), layouts=(LAYOUT,)), name) == expected


def test_report_without_findings_as_read() -> None:
    clean = Report((), layouts=(LAYOUT,))
    assert sarif_run(clean)["results"] == sarif_run(clean)["tool"]["driver"]["rules"] == []
    assert document(clean, "rdjson")["diagnostics"] == []
    assert {kind for kind, _ in read_junit(clean).values()} == {"Passed"}


# --- Locations of findings

NESTED = {
    "": drawn("structlint.yaml\nservices/\n  billing/  (submodule)"),
    "services/billing/": drawn("a.go\nstructlint.yaml\ndb/\n  x.sql"),
}
BARE = {"": drawn("b.txt\nsrc/\n  app/\n    main.go\n    x/\n      y.go")}
UNUSUAL_NAMES = {"": drawn('"\\xe9/"\n  structlint.yaml\n"\\n/"\n  structlint.yaml')}


@pytest.mark.parametrize(
    ("found", "path", "line"),
    [
        (make_finding("stray-file", "notes.txt", origin=Place(LAYOUT, 2)), "notes.txt", 1),
        (MISSING_FINDING, LAYOUT, 14),
        (make_finding("missing-directory", "tests/", origin=Place(LAYOUT, 5)), LAYOUT, 5),
        (make_finding("missing-directory", "serv/", origin=Place(LAYOUT, 5)), LAYOUT, 5),
        (make_finding("stray-directory", "old/", origin=Place(LAYOUT, 2)), "old/b/c.txt", 1),
        (make_finding("bad-name", "services/", origin=Place(LAYOUT, 2)), "services/auth/main.go", 1),
        (make_finding("stray-directory", "docs/", origin=Place(LAYOUT, 2)), "docs", 1),
        (make_finding("stray-directory", "vendor/", origin=Place(LAYOUT, 2)), LAYOUT, 2),
        (make_finding("too-many-files", "./", origin=Place(LAYOUT, 40)), LAYOUT, 40),
        (PORT_FINDING, "compose.yaml", 8),
        (make_finding("unused-ignore", LAYOUT, line=30, origin=Place(LAYOUT, 30)), LAYOUT, 30),
        # required by a bundled layout, by one outside the repository, by one that was not read, and by none
        (make_finding("missing-file", "LICENSE", origin=Place("base", 3)), LAYOUT, 1),
        (make_finding("missing-file", "LICENSE", origin=Place("../shared/base.yaml", 3)), LAYOUT, 1),
        (make_finding("missing-file", "LICENSE", origin=Place("--exclude", 1)), LAYOUT, 1),
        (
            make_finding("missing-file", "LICENSE", origin=Place("layouts/service.yaml", 3)),
            "layouts/service.yaml",
            3,
        ),
        (make_finding("missing-file", "services/auth/x"), LAYOUT, 1),
    ],
)
def test_location_of_findings(found: Finding, path: str, line: int) -> None:
    assert_location(REPORT._replace(findings=(found,)), path, line)


@pytest.mark.parametrize(
    ("trees", "layouts", "found", "path", "line"),
    [
        (NESTED, (), make_finding("stray-directory", "services/billing/"), "services/billing/a.go", 1),
        (NESTED, (), make_finding("stray-directory", "services/billing/db/"), "services/billing/db/x.sql", 1),
        (
            NESTED,
            (LAYOUT, f"services/billing/{LAYOUT}"),
            make_finding("missing-file", "services/billing/README.md", origin=Place("base", 3)),
            f"services/billing/{LAYOUT}",
            1,
        ),
        (NESTED, ("base", f"services/billing/{LAYOUT}"), make_finding("missing-file", "LICENSE"), LAYOUT, 1),
        (BARE, ("base",), make_finding("missing-file", "LICENSE", origin=Place("base", 3)), "b.txt", 1),
        (BARE, (), make_finding("missing-file", "src/app/x/z/README.md"), "src/app/x/y.go", 1),
        (BARE, (), make_finding("missing-directory", "src/lib/"), "src/app/main.go", 1),
        (BARE, (), make_finding("too-few-files", "./"), "b.txt", 1),
        (
            {},
            ("base",),
            make_finding("missing-file", "docs/README.md", origin=Place("base", 3)),
            "docs/README.md",
            1,
        ),
        ({}, ("base",), make_finding("missing-directory", "docs/", origin=Place("base", 3)), "docs", 1),
    ],
)
def test_location_of_findings_in_other_trees(
    trees: dict[str, Tree], layouts: tuple[str, ...], found: Finding, path: str, line: int
) -> None:
    assert_location(Report((found,), trees=trees, layouts=layouts), path, line)


def assert_location(report: Report, path: str, line: int) -> None:
    for name, read in READERS.items():
        assert [each[:2] for each in read(report)] == [(path, line)], name


def test_location_of_layout_with_quoted_name() -> None:
    origin = Place(quote("\n/structlint.yaml"), 3)
    found = (
        make_finding("missing-file", "\n/a", origin=origin),
        make_finding("unused-ignore", origin.file, line=9),
    )
    report = Report(found, trees=UNUSUAL_NAMES, layouts=(origin.file,))
    assert [each[:2] for each in read_sarif(report)] == [("\n/structlint.yaml", 3), ("\n/structlint.yaml", 9)]
    assert [each[:2] for each in read_gitlab(report)] == [
        ("\n/structlint.yaml", 3),
        ("\n/structlint.yaml", 9),
    ]


def test_locations_are_existing_files(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git = repository(
        {
            "structlint.yaml": "extends: base\ntree:\n  .: {unlisted: forbid}\n  README.md:\n  a/: {x: }\n",
            "README.md": "",
            "b/c": "",
            "s/structlint.yaml": "extends: ../shared/l.yaml\n",
            "shared/l.yaml": "tree:\n  d:\n",
        }
    )
    monkeypatch.chdir(git.path)

    def shown(*arguments: str) -> dict[str, tuple[str, int]]:
        log = json.loads(run("check", "-q", "--output-format", "sarif", *arguments).out)
        VALIDATORS["sarif"].validate(log)
        physical = [
            (result["message"]["text"].partition(": ")[0], result["locations"][0]["physicalLocation"])
            for result in log["runs"][0]["results"]
        ]
        return {
            path: (each["artifactLocation"]["uri"], each["region"]["startLine"]) for path, each in physical
        }

    found = shown()
    bundled = shown("--layout", "python-service")
    assert {"structlint.yaml", "README.md"} <= {uri for uri, _ in (*found.values(), *bundled.values())}
    assert all((git.path / uri).is_file() for uri, _ in (*found.values(), *bundled.values()))
    assert found["a/"] == ("structlint.yaml", 5)
    assert found["b/"] == ("b/c", 1)
    assert found["s/d"] == ("shared/l.yaml", 2)
    assert bundled["uv.lock"] == ("README.md", 1)
    assert shown("s") == {"s/d": ("shared/l.yaml", 2)}


# --- Fingerprints

PORTS = tuple(
    PORT_FINDING._replace(
        message=f"`{service}` and `auth` (compose.yaml:{line}) both publish port {port}",
        line=line + 1,
        discriminator=f"{port} {service} auth",
    )
    for service, port, line in [("a", 80, 4), ("a", 80, 9), ("b", 80, 4), ("a", 81, 4)]
)


@pytest.mark.parametrize("name", ["sarif", "gitlab"])
def test_fingerprints(name: str) -> None:
    def marks(*findings: Finding) -> list[str]:
        return [each.mark for each in READERS[name](REPORT._replace(findings=findings))]

    assert len(set(marks(*PORTS, STRAY_FINDING, STRAY_FINDING, MISSING_FINDING))) == 7
    moved = [
        each._replace(line=(each.line or 0) + 10, message=re.sub(r":(\d+)\)", r":1\1)", each.message))
        for each in PORTS
    ]
    assert marks(*moved) == marks(*PORTS)
    shifted = MISSING_FINDING._replace(origin=Place(LAYOUT, 99, 3), about="Other words")
    assert marks(shifted) == marks(MISSING_FINDING)
    others = (
        MISSING_FINDING._replace(rule="stray-file"),
        MISSING_FINDING._replace(path="x"),
        MISSING_FINDING._replace(discriminator="y"),
    )
    alone = [marks(each)[0] for each in (MISSING_FINDING, *others)]
    assert len(set(alone)) == 4
    assert marks(MISSING_FINDING, *others) == alone


def test_fingerprints_distinguish_port_conflicts(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository({}).path)

    def marks(*ports: int) -> list[str]:
        listed = ", ".join(f'"127.0.0.1:{port}:{port}"' for port in ports)
        services = [f"  {service}: {{image: x, ports: [{listed}]}}" for service in ("a", "b")]
        Path("compose.yaml").write_text("\n".join(["services:", *services, ""]))
        issues = json.loads(run("check", "-q", "--output-format", "gitlab").out)
        assert [issue["check_name"] for issue in issues] == ["port-conflict"] * len(ports)
        return [issue["fingerprint"] for issue in issues]

    both = marks(80, 81)
    assert marks(81) == both[1:]
    assert marks(80) == both[:1]


COUNTED = """\
names: {tool: {count: 0-1}, v1: {count: 0-1}, v2: {count: 0-1}}
tree: {.: {max-files: 5}, <tool>/: , <v1>.py: , <v2>.go: }
"""


def files(layout: str, names: str) -> dict[str, str]:
    return {"structlint.yaml": layout, **dict.fromkeys(names.split(), "")}


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        (
            files("tree: {.: {max-files: 1}}", "a b c"),
            files("tree: {.: {max-files: 0}}", "a"),
            {"too-many-files"},
        ),
        (
            files("tree: {.: {min-files: 3}}", ""),
            files("tree: {.: {min-files: 4}}", "a"),
            {"too-few-files"},
        ),
        (
            files("tree: {.: {max-directories: 1}}", "a/x b/x c/x"),
            files("tree: {.: {max-directories: 1}}", "a/x b/x"),
            {"too-many-directories"},
        ),
        (
            files("tree: {.: {min-directories: 3}}", "a/x"),
            files("tree: {.: {min-directories: 3}}", "a/x b/x"),
            {"too-few-directories"},
        ),
        (
            files("limits: {path-length: 15}", "many-characters-long"),
            files("limits: {path-length: 16}", "many-characters-long"),
            {"long-path"},
        ),
        (
            files(COUNTED, "a/x b/x c/x a.py b.py c.py a.go b.go c.go"),
            files(COUNTED, "a/x b/x a.py b.py a.go b.go c.go"),
            {"too-many-files", "too-many-directories"},
        ),
    ],
)
def test_fingerprint_does_not_depend_on_numbers(
    before: dict[str, str],
    after: dict[str, str],
    rules: set[str],
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def issues(at: str, contents: dict[str, str]) -> list[dict[str, str]]:
        monkeypatch.chdir(repository(contents, at=at).path)
        found: list[dict[str, str]] = json.loads(run("check", "-q", "--output-format", "gitlab").out)
        return found

    first, second = issues("before", before), issues("after", after)
    assert {each["check_name"] for each in first} == rules
    assert [each["description"] for each in first] != [each["description"] for each in second]
    marks = [each["fingerprint"] for each in first]
    assert [each["fingerprint"] for each in second] == marks
    assert len({mark.partition(":")[0] for mark in marks}) == len(marks)


# --- Limits

ERRORS = tuple(make_finding("stray-file", f"{number:04}") for number in range(12))
WARNINGS = tuple(
    make_finding("unused-ignore", LAYOUT, line=number, severity=Severity.WARNING) for number in range(1, 12)
)


@pytest.mark.parametrize(
    ("findings", "annotated", "left"),
    [
        (ERRORS[:10], 10, ""),
        (ERRORS, 10, "2 more errors"),
        ((*WARNINGS, *ERRORS), 20, "2 more errors and 1 more warning"),
        ((*WARNINGS, *ERRORS[:3]), 13, "1 more warning"),
    ],
)
def test_github_annotations_are_limited(findings: tuple[Finding, ...], annotated: int, left: str) -> None:
    report = Report(findings)
    lines = render(report, "github").splitlines()
    levels = [line[2:].split(" ")[0] for line in lines]
    assert levels == sorted(levels, key=["error", "warning", "notice"].index)
    assert len(list(read_github(report))) == annotated
    assert lines[annotated:] == ([f"::notice title=structlint::{left}"] if left else [])


def test_github_job_summary_lists_all_findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"before\n\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    report = Report((*WARNINGS, *ERRORS))
    assert render(report, "github").endswith("1 more warning; see the summary of the job\n")
    text = summary.read_bytes().decode()
    assert text == "before\n\n" + render(report, "markdown")
    assert len(parse_page(text).rows) == 23


MANY = Report(
    tuple(make_finding("stray-file", f"src/{number:05}.txt", "stray file " * 5) for number in range(12000))
)


@pytest.mark.parametrize(("before", "rows"), [(0, 9000), (1024 * 1024 - 60_000, 500), (1024 * 1024 - 500, 0)])
def test_github_job_summary_is_limited(
    before: int, rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"\n" * before)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    render(MANY, "github")
    text = summary.read_bytes().decode()
    assert len(text) <= 1024 * 1024
    shown = text.count("| `src/")
    assert rows <= shown < 12000
    assert (
        shown == 0
        or f"- {12000 - shown:,} more findings, not listed because the report would be too long" in text
    )


@pytest.mark.parametrize("name", ["gone/summary.md", ".", "a\0b", "/dev/full", "/dev/null"])
def test_github_job_summary_cannot_be_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.environ", {"GITHUB_STEP_SUMMARY": name})
    assert len(render(Report(ERRORS), "github").splitlines()) == 11
    warning = f"structlint: warning: cannot write the job summary {in_backticks(name)}: "
    err = capsys.readouterr().err
    assert err.startswith(warning)
    assert err.count("\n") == 1


def test_sarif_results_are_limited() -> None:
    findings = (*WARNINGS, *(make_finding("stray-file", f"{number:04}") for number in range(5200)))
    run = sarif_run(Report(findings))
    assert len(run["results"]) == 5000
    assert {result["level"] for result in run["results"]} == {"error"}
    (left,) = run["invocations"][0]["toolExecutionNotifications"]
    assert left["message"]["text"].startswith("211 more findings are not in this file")
    assert (
        len({result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]}) == 5000
    )


def test_sarif_size_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "_MOST_BYTES", 20_000)
    run = sarif_run(MANY)
    assert 100 < len(run["results"]) < 5000
    left = 12000 - len(run["results"])
    (message,) = run["invocations"][0]["toolExecutionNotifications"]
    assert message["message"]["text"].startswith(f"{left:,} more ")


def test_sarif_related_locations_are_limited() -> None:
    names = [f"{number:03}" for number in range(300)]
    found = make_finding("conflicting-entries", "000", related=tuple(names))
    (result,) = sarif_run(Report((found,), trees={"": drawn("\n".join(names))}))["results"]
    assert len(result["relatedLocations"]) == 20


def test_markdown_is_limited() -> None:
    text = render(MANY, "markdown")
    assert len(text) <= 65_000
    rows = len(parse_page(text).rows)
    assert rows > 500
    assert f"- {12000 - rows:,} more findings, not listed because the report would be too long\n" in text


@pytest.mark.parametrize(
    ("findings", "folded"),
    [(ERRORS * 4, []), (ERRORS * 5, ["10"]), ((*ERRORS * 5, *WARNINGS), ["10", "11"])],
)
def test_markdown_folds_many_findings(findings: tuple[Finding, ...], folded: list[str]) -> None:
    text = render(Report(findings), "markdown")
    assert re.findall(r"<summary>(\d+) more findings</summary>", text) == folded
    assert len(parse_page(text).rows) == len(findings)
    assert text.count("<details>") == text.count("</details>") == len(folded)


LIMITED = REPORT._replace(findings=(*ERRORS, MISSING_FINDING), notes=(), max_findings=2)


def test_omitted_findings_are_counted() -> None:
    assert [each.text for each in read_gitlab(LIMITED)][-1] == "… and 10 more [stray-file]"
    assert [each.text for each in read_rdjson(LIMITED)][-1] == "… and 10 more [stray-file]"
    assert document(LIMITED, "gitlab")[-1]["severity"] == "info"
    assert document(LIMITED, "rdjson")["diagnostics"][-1]["severity"] == "INFO"
    assert len(list(read_gitlab(LIMITED))) == len(list(read_rdjson(LIMITED))) == 4
    run = sarif_run(LIMITED)
    assert len(run["results"]) == 3
    assert run["invocations"][0]["toolExecutionNotifications"] == [
        {"level": "warning", "message": {"text": "… and 10 more [stray-file]"}}
    ]
    kind, lines = read_junit(LIMITED)["stray-file"]
    assert (kind, len(lines), lines[-1]) == ("Failure", 3, "… and 10 more [stray-file]")
    assert render(LIMITED, "github").splitlines()[3:] == ["::notice title=structlint::10 more errors"]
    assert render(LIMITED, "markdown").endswith("- 10 more of stray-file, not listed\n")


@pytest.mark.parametrize("name", MACHINE_FORMATS)
def test_max_findings_zero(name: str) -> None:
    text = render(LIMITED._replace(max_findings=0), name)
    for rule, number in (("stray-file", "12"), ("missing-file", "1")):
        assert rule in text or name == "github"
        assert re.search(rf"\b{number} more|\b13 more errors", text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("`a` and `b` (compose.yaml:2) both publish port 80", True),
        ("as (compose.yaml:100), above", True),
        ("as in compose.yaml:100: above", False),  # `:100:` is an emoji
        ("as (compose.yaml:2:3)", False),
        ("compose.yaml:80", False),
        ("see (a:tada:)", False),
    ],
)
def test_locations_are_prose_and_emoji_codes_are_code(text: str, plain: bool) -> None:
    assert prose(text) == (text if plain else code(text))


def test_statistics_in_markdown() -> None:
    text = render(LIMITED._replace(statistics=True), "markdown")
    assert "- 12 stray-file\n- 1 missing-file\n" in text


# --- Hostile names

HOSTILE_NAMES = [
    "[red]\n::error::",
    "::error file=x::owned",
    "##[group]x",
    "##vso[task.setvariable]",
    "\x1b[31mred\x1b[0m",
    "a\rb",
    "a\tb",
    "\x9b2J",
    "caf\udce9",
    "\u202egpj.exe",
    "\ufffe\uffff",
    "]]>",
    "<script>alert(1)</script>",
    "<!--",
    "&amp;&lt;",
    "%0A::error::%25",
    "a,line=9:b",
    "😀",
    ":smile:",
    "app/[slug]/page.tsx",
    "[link=https://evil]x[/link]",
    "[x](https://evil.example)",
    "{0}{{cookiecutter.name}}",
    "https://evil.example",
    "www.evil.example",
    "@team",
    "#1",
    "user/repo#1",
    "GH-1",
    "deadbeefdeadbeef",
    "a|b",
    "a\\|b",
    "`|`",
    "``a`",
    "a\\",
    "*a*_b_",
    "=x",
    "?q#f",
    "C:",
    "a b",
    "/".join(["x" * 99] * 3),
]


def hostile_report(name: str) -> Report:
    quoted = quote(name)
    found = make_finding(
        "stray-file", name, f"stray {quoted}", f"remove {quoted}", about=name, related=(name, f"{name}/")
    )
    inside = make_finding("stray-directory", f"{name}/x/", "unlisted directory", origin=Place(quoted, 3))
    return Report((found, inside), trees={"": Tree((name,), TREE.source)}, layouts=(quoted,), notes=(quoted,))


def assert_read_correctly(name: str) -> None:
    """Each reader sees two findings, and the first is located at the file with this name."""
    report = hostile_report(name)
    quoted = quote(name)
    at = {format_: [each.path for each in read(report)] for format_, read in READERS.items()}
    assert [len(paths) for paths in at.values()] == [2, 2, 2, 2]
    assert at["sarif"][0] == name
    assert at["gitlab"][0] == at["rdjson"][0] == (quoted if re.search("[\ud800-\udfff]", name) else name)
    assert at["github"][0] == quoted
    for read in READERS.values():
        assert next(read(report)).text.replace(r"]\(", "](").startswith(f"{quoted}: stray {quoted}")
    assert [len(read_junit(report)[rule][1]) for rule in ("stray-file", "stray-directory")] == [1, 1]


def assert_harmless(text: str) -> None:
    assert not re.search(r"##\w*\[", text)
    assert not re.search(r"[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)


def assert_markdown_is_safe(name: str) -> None:
    """The table has two rows of four cells, the name is code, and there are no links or mentions."""
    text = render(hostile_report(name), "markdown")
    read = parse_page(text)
    assert [len(row) for row in read.rows] == [4, 4]
    if r"\|" not in name and "x7c" not in text:
        assert read.rows[0][0] == [("code_inline", quote(name))]
    assert read.html == ""
    assert not re.search(r"[@#<&]|www\.|://|\b[0-9a-f]{7}|GH-\d|:\w+:", "\n".join(read.text))


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=ascii)
def test_hostile_names_are_read_correctly(name: str) -> None:
    assert_read_correctly(name)
    assert_markdown_is_safe(name)
    for format_ in MACHINE_FORMATS:
        assert_harmless(render(hostile_report(name), format_))


@settings(max_examples=25)
@given(
    st.text(min_size=1, max_size=12).filter(
        lambda name: not re.search(r"^\.{0,2}/|/\.{0,2}(/|$)|^\.+$|\0", name)
    )
)
def test_random_names_are_read_correctly(name: str) -> None:
    assert_read_correctly(name)
    assert_markdown_is_safe(name)
    for format_ in MACHINE_FORMATS:
        assert_harmless(render(hostile_report(name), format_))


@table("name", HOSTILE_NAMES, ids=ascii)
def test_names_do_not_create_workflow_commands(name: str) -> None:
    for format_ in MACHINE_FORMATS:
        lines = render(hostile_report(name), format_).splitlines()
        commands = [line for line in lines if line.lstrip().startswith("::")]
        assert len(commands) == (2 if format_ == "github" else 0)


def test_file_name_in_message_is_not_a_hyperlink() -> None:
    (result, _) = sarif_run(hostile_report("[x](https://evil.example)"))["results"]
    links = re.findall(r"(?<!\\)\]\(([^)]*)\)", result["message"]["text"])
    assert links == []


def test_names_do_not_create_html() -> None:
    report = Report(ERRORS * 5 + hostile_report("<script>").findings)
    html = parse_page(render(report, "markdown")).html
    assert re.findall(r"<[^>]*>", html) == ["<details>", "<summary>", "</summary>", "</details>"]
    assert unescape(html) == html


@pytest.mark.parametrize("name", MACHINE_FORMATS)
def test_output_does_not_depend_on_order_or_style(name: str) -> None:
    backwards = REPORT._replace(trees=dict(reversed(NESTED.items())))
    assert render(REPORT._replace(trees=NESTED), name) == render(backwards, name)
    assert render(REPORT, name) == render(REPORT, name, Style(drawn=True, coloured=True))


def test_uri_of_name_with_lone_surrogate() -> None:
    (result, _) = sarif_run(hostile_report("\ud800"))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%ED%A0%80"
