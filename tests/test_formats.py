"""The formats for other programs: each by what reads it, with names in the findings that would break it."""

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
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from structlint.finding import Finding, Place, Severity
from structlint.report import Report, Style, sarif
from structlint.report import render as render_in
from structlint.report.markdown import code, prose
from structlint.rules import RULES, name_of
from structlint.text.quoting import quote
from structlint.tree import Tree
from structlint.tree.drawing import drawn

OURS = ("github", "gitlab", "sarif", "junit", "rdjson", "markdown")
JSON = ("gitlab", "sarif", "rdjson")
RULE_NAMES = [name_of(rule) for rule in RULES]


def printed(report: Report, name: str, look: Style | None = None) -> str:
    out = StringIO()
    render_in(name, report, out, look or Style())
    return out.getvalue()


def finding(rule: str, path: str, message: str = "wrong", hint: str = "mend it", **more: Any) -> Finding:
    return Finding(path, message, hint, **{"rule": rule, "severity": Severity.ERROR, **more})


# --- What reads a format: schemas as the owners of the formats give them, strict about what is not known

TEXT = {"type": "string", "minLength": 1}
NUMBER = {"type": "integer", "minimum": 1}


def objects(properties: dict[str, Any]) -> dict[str, Any]:
    """A schema of objects with these properties and no others; a "?" after a name makes it optional."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in properties if not name.endswith("?")],
        "properties": {name.rstrip("?"): schema for name, schema in properties.items()},
    }


def arrays(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


def one_of(*values: str) -> dict[str, Any]:
    return {"enum": list(values)}


# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
CODE_QUALITY = arrays(
    objects(
        {
            "description": TEXT,
            "check_name": one_of(*RULE_NAMES),
            "fingerprint": TEXT,
            "severity": one_of("info", "minor", "major", "critical", "blocker"),
            "location": objects({"path": TEXT, "lines": objects({"begin": NUMBER})}),
        }
    )
)

# https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto
RDF_LOCATION = objects({"path": TEXT, "range": objects({"start": objects({"line": NUMBER})})})
DIAGNOSTICS = objects(
    {
        "source": objects({"name": TEXT}),
        "diagnostics": arrays(
            objects(
                {
                    "message": TEXT,
                    "location": RDF_LOCATION,
                    "severity": one_of("ERROR", "WARNING", "INFO"),
                    "code": objects({"value": one_of(*RULE_NAMES)}),
                    "original_output?": TEXT,
                    "related_locations?": arrays(
                        objects({"message": TEXT, "location": RDF_LOCATION}), minItems=1
                    ),
                }
            )
        ),
    }
)

# https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json, as far as it
# is used, with all that GitHub requires besides.
MESSAGE = objects({"text": TEXT})
DESCRIPTION = objects({"text": {**TEXT, "maxLength": 1024}})
LEVEL = one_of("note", "warning", "error")
PHYSICAL = objects(
    {
        "artifactLocation": objects(
            {
                # RFC 3986: a relative reference of segments, none of them empty, "." or ".."
                "uri": {
                    "type": "string",
                    "pattern": r"^(?!\.{0,2}(/|$))(?!.*/$)([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$",
                },
                "uriBaseId": {"const": "%SRCROOT%"},
            }
        ),
        "region": objects(dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), NUMBER)),
    }
)
SARIF_RULE = objects(
    {
        "id": one_of(*RULE_NAMES),
        "shortDescription": DESCRIPTION,
        "fullDescription": DESCRIPTION,
        "help": objects({"text": TEXT, "markdown": TEXT}),
        "defaultConfiguration": objects({"level": LEVEL}),
        "properties": objects(
            {
                "tags": arrays(TEXT, uniqueItems=True, minItems=1, maxItems=10),
                "precision": one_of("very-high", "high", "medium", "low"),
                "problem.severity": one_of("error", "warning", "recommendation"),
            }
        ),
    }
)
SARIF_RESULT = objects(
    {
        "ruleId": one_of(*RULE_NAMES),
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": arrays(objects({"physicalLocation": PHYSICAL}), minItems=1, maxItems=1),
        "partialFingerprints": objects({"primaryLocationLineHash": TEXT}),
        "relatedLocations?": arrays(
            objects({"id": NUMBER, "physicalLocation": PHYSICAL, "message": MESSAGE}),
            uniqueItems=True,
            minItems=1,
            maxItems=100,
        ),
    }
)
SARIF_RUN = objects(
    {
        "tool": objects(
            {
                "driver": objects(
                    {
                        "name": TEXT,
                        "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                        "rules": arrays(SARIF_RULE, uniqueItems=True),
                    }
                )
            }
        ),
        "invocations": arrays(
            objects(
                {
                    "executionSuccessful": {"const": True},
                    "toolExecutionNotifications": arrays(objects({"level": LEVEL, "message": MESSAGE})),
                }
            )
        ),
        "originalUriBaseIds": objects({"%SRCROOT%": objects({"description": MESSAGE})}),
        "columnKind": one_of("utf16CodeUnits", "unicodeCodePoints"),
        "results": arrays(SARIF_RESULT, maxItems=5000),
    }
)
LOG = objects({"$schema": TEXT, "version": {"const": "2.1.0"}, "runs": arrays(SARIF_RUN, minItems=1)})
VALIDATORS = {
    name: Draft7Validator(schema)
    for name, schema in {"gitlab": CODE_QUALITY, "rdjson": DIAGNOSTICS, "sarif": LOG}.items()
}


class Shown(NamedTuple):
    """A finding as the reader of a format sees it."""

    path: str
    line: int
    rule: str
    text: str
    mark: str = ""


def document(report: Report, name: str) -> Any:
    """What a strict reader of JSON makes of a report, held against the format's schema."""
    text = printed(report, name)
    assert text.isascii()
    found = json.loads(text)
    json.dumps(found, ensure_ascii=False).encode()  # fails if it holds half a surrogate pair
    VALIDATORS[name].validate(found)
    return found


def run_of(report: Report) -> Any:
    (run,) = document(report, "sarif")["runs"]
    return run


def decoded(uri: str) -> str:
    return unquote_to_bytes(uri).decode("utf-8", "surrogateescape")


def by_sarif(report: Report) -> Iterator[Shown]:
    run = run_of(report)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        physical = result["locations"][0]["physicalLocation"]
        yield Shown(
            decoded(physical["artifactLocation"]["uri"]),
            physical["region"]["startLine"],
            result["ruleId"],
            result["message"]["text"],
            result["partialFingerprints"]["primaryLocationLineHash"],
        )


def by_gitlab(report: Report) -> Iterator[Shown]:
    for issue in document(report, "gitlab"):
        location = issue["location"]
        yield Shown(
            location["path"],
            location["lines"]["begin"],
            issue["check_name"],
            issue["description"],
            issue["fingerprint"],
        )


def by_rdjson(report: Report) -> Iterator[Shown]:
    for each in document(report, "rdjson")["diagnostics"]:
        location = each["location"]
        line = location["range"]["start"]["line"]
        yield Shown(location["path"], line, each["code"]["value"], each["message"])


def by_github(report: Report) -> Iterator[Shown]:
    """As the runner parses a line: https://github.com/actions/runner, `ActionCommand.TryParseV2`."""
    for line in printed(report, "github").splitlines():
        command, data = line.lstrip()[2:].split("::", 1)
        level, properties = command.split(" ", 1)
        assert level in ("error", "warning", "notice")
        given = dict(each.split("=", 1) for each in properties.split(","))
        if level == "notice":
            continue
        message = {name: unescaped(value, "%0D", "%0A", "%3A", "%2C", "%25") for name, value in given.items()}
        assert list(message) == ["file", "line", "title"]
        yield Shown(
            message["file"], int(message["line"]), message["title"], unescaped(data, "%0D", "%0A", "%25")
        )


def unescaped(text: str, *escapes: str) -> str:
    for escape in escapes:
        text = text.replace(escape, chr(int(escape[1:], 16)))
    return text


READERS: dict[str, Callable[[Report], Iterator[Shown]]] = {
    "sarif": by_sarif,
    "gitlab": by_gitlab,
    "rdjson": by_rdjson,
    "github": by_github,
}


def cases(report: Report) -> dict[str, tuple[str, list[str]]]:
    """What junitparser finds of each rule: how it came out, and the lines of what failed."""
    text = printed(report, "junit")
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
    """What a reader makes of Markdown: rows of cells, each a list of what is in it, and all text and HTML."""

    rows: list[list[list[tuple[str, str]]]]
    html: str
    text: list[str]


def page(text: str) -> Page:
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
STRAY = finding("stray-file", "notes.txt", "unlisted file", "remove it", origin=Place(LAYOUT, 2))
MISSING = finding(
    "missing-file",
    "services/billing/README.md",
    "missing file",
    "create it",
    origin=Place(LAYOUT, 14, 7),
    about="Service documentation",
)
PORT = finding(
    "port-conflict",
    "compose.yaml",
    "`billing` and `auth` (compose.yaml:4) both publish port 8001",
    "use another port for one of them",
    line=8,
    related=("compose.yaml", "services/auth/", "gone.txt"),
    severity=Severity.WARNING,
)
REPORT = Report(
    (PORT, STRAY, MISSING),
    notes=("something to know",),
    trees={"": TREE},
    layouts=(LAYOUT,),
    files=8,
    directories=6,
)


def test_sarif() -> None:
    run = run_of(REPORT)
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning"]
    stray, missing, port = run["results"]
    assert stray["message"]["text"] == "notes.txt: unlisted file ([structlint.yaml:2](1)) -- remove it"
    (asked,) = stray["relatedLocations"]
    assert (asked["id"], asked["physicalLocation"]["region"]["startLine"]) == (1, 2)
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


def test_a_rule_in_sarif_is_its_page() -> None:
    everything = tuple(finding(name, "notes.txt") for name in RULE_NAMES)
    rules = run_of(REPORT._replace(findings=everything))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == RULE_NAMES
    for rule in rules:
        assert rule["help"]["markdown"].startswith(f"# {rule['id']}\n\n{rule['shortDescription']['text']}\n")
        assert rule["fullDescription"]["text"].startswith(rule["shortDescription"]["text"])
        assert len(rule["fullDescription"]["text"]) > len(rule["shortDescription"]["text"]) + 40
        assert "](" not in rule["help"]["markdown"]
    assert {rule["defaultConfiguration"]["level"] for rule in rules} == {"error", "warning"}


def test_github() -> None:
    assert printed(REPORT, "github").splitlines() == [
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
    assert stray["original_output"] == printed(REPORT, "concise").splitlines()[1]
    assert [each["message"] for each in port["related_locations"]] == ["compose.yaml", "services/auth/"]
    assert "related_locations" not in missing


def test_junit() -> None:
    found = cases(REPORT._replace(findings=(*REPORT.findings, finding("stray-file", "old/z.txt"))))
    assert list(found) == RULE_NAMES
    assert found["stray-file"] == (
        "Failure",
        [
            "error: notes.txt: unlisted file (structlint.yaml:2) -- remove it",
            "error: old/z.txt: wrong -- mend it",
        ],
    )
    assert found["port-conflict"][1][0].startswith("warning: compose.yaml:8: ")
    assert found["bad-name"] == ("Passed", [])


@pytest.mark.parametrize(
    ("report", "passed", "why"),
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
def test_a_rule_passes_in_junit_if_it_is_known_to_be_fine(
    report: Report, passed: list[str], why: str | None
) -> None:
    found = cases(report)
    assert [name for name, (kind, _) in found.items() if kind == "Passed"] == passed
    assert {lines[0] for kind, lines in found.values() if kind == "Skipped"} == ({why} if why else set())


def test_markdown() -> None:
    assert printed(REPORT, "markdown") == (
        """### structlint

Found 2 errors and 1 warning (checked 8 files)

#### 2 errors

| where | what is wrong | what to do | rule |
|---|---|---|---|
| `notes.txt` | unlisted file | remove it | stray-file, `structlint.yaml:2` |
| `services/billing/README.md` | missing file: Service documentation | create it | missing-file, `structlint.yaml:14` |

#### 1 warning

| where | what is wrong | what to do | rule |
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
def test_nothing_found(name: str, expected: str) -> None:
    assert printed(Report((), layouts=(LAYOUT,)), name) == expected


def test_nothing_found_for_readers() -> None:
    clean = Report((), layouts=(LAYOUT,))
    assert run_of(clean)["results"] == run_of(clean)["tool"]["driver"]["rules"] == []
    assert document(clean, "rdjson")["diagnostics"] == []
    assert {kind for kind, _ in cases(clean).values()} == {"Passed"}


# --- Where a finding is shown

NESTED = {
    "": drawn("structlint.yaml\nservices/\n  billing/  (submodule)"),
    "services/billing/": drawn("a.go\nstructlint.yaml\ndb/\n  x.sql"),
}
BARE = {"": drawn("b.txt\nsrc/\n  app/\n    main.go\n    x/\n      y.go")}
ODD = {"": drawn('"\\xe9/"\n  structlint.yaml\n"\\n/"\n  structlint.yaml')}


@pytest.mark.parametrize(
    ("found", "path", "line"),
    [
        (finding("stray-file", "notes.txt", origin=Place(LAYOUT, 2)), "notes.txt", 1),
        (MISSING, LAYOUT, 14),
        (finding("missing-directory", "tests/", origin=Place(LAYOUT, 5)), LAYOUT, 5),
        (finding("missing-directory", "serv/", origin=Place(LAYOUT, 5)), LAYOUT, 5),
        (finding("stray-directory", "old/", origin=Place(LAYOUT, 2)), "old/b/c.txt", 1),
        (finding("bad-name", "services/", origin=Place(LAYOUT, 2)), "services/auth/main.go", 1),
        (finding("stray-directory", "docs/", origin=Place(LAYOUT, 2)), "docs", 1),
        (finding("stray-directory", "vendor/", origin=Place(LAYOUT, 2)), LAYOUT, 2),
        (finding("too-many-files", "./", origin=Place(LAYOUT, 40)), LAYOUT, 40),
        (PORT, "compose.yaml", 8),
        (finding("unused-ignore", LAYOUT, line=30, origin=Place(LAYOUT, 30)), LAYOUT, 30),
        # asked by a bundled layout, by one outside the repository, by one that was not looked at, by none
        (finding("missing-file", "LICENSE", origin=Place("base", 3)), LAYOUT, 1),
        (finding("missing-file", "LICENSE", origin=Place("../shared/base.yaml", 3)), LAYOUT, 1),
        (finding("missing-file", "LICENSE", origin=Place("--exclude", 1)), LAYOUT, 1),
        (
            finding("missing-file", "LICENSE", origin=Place("layouts/service.yaml", 3)),
            "layouts/service.yaml",
            3,
        ),
        (finding("missing-file", "services/auth/x"), LAYOUT, 1),
    ],
)
def test_where_a_finding_is_shown(found: Finding, path: str, line: int) -> None:
    assert_shown(REPORT._replace(findings=(found,)), path, line)


@pytest.mark.parametrize(
    ("trees", "layouts", "found", "path", "line"),
    [
        (NESTED, (), finding("stray-directory", "services/billing/"), "services/billing/a.go", 1),
        (NESTED, (), finding("stray-directory", "services/billing/db/"), "services/billing/db/x.sql", 1),
        (
            NESTED,
            (LAYOUT, f"services/billing/{LAYOUT}"),
            finding("missing-file", "services/billing/README.md", origin=Place("base", 3)),
            f"services/billing/{LAYOUT}",
            1,
        ),
        (NESTED, ("base", f"services/billing/{LAYOUT}"), finding("missing-file", "LICENSE"), LAYOUT, 1),
        (BARE, ("base",), finding("missing-file", "LICENSE", origin=Place("base", 3)), "b.txt", 1),
        (BARE, (), finding("missing-file", "src/app/x/z/README.md"), "src/app/x/y.go", 1),
        (BARE, (), finding("missing-directory", "src/lib/"), "src/app/main.go", 1),
        (BARE, (), finding("too-few-files", "./"), "b.txt", 1),
        (
            {},
            ("base",),
            finding("missing-file", "docs/README.md", origin=Place("base", 3)),
            "docs/README.md",
            1,
        ),
        ({}, ("base",), finding("missing-directory", "docs/", origin=Place("base", 3)), "docs", 1),
    ],
)
def test_where_a_finding_is_shown_in_other_trees(
    trees: dict[str, Tree], layouts: tuple[str, ...], found: Finding, path: str, line: int
) -> None:
    assert_shown(Report((found,), trees=trees, layouts=layouts), path, line)


def assert_shown(report: Report, path: str, line: int) -> None:
    for name, read in READERS.items():
        assert [each[:2] for each in read(report)] == [(path, line)], name


def test_a_layout_with_an_odd_name_is_found_by_what_it_is_called() -> None:
    asked = Place(quote("\n/structlint.yaml"), 3)
    found = finding("missing-file", "\n/a", origin=asked), finding("unused-ignore", asked.file, line=9)
    report = Report(found, trees=ODD, layouts=(asked.file,))
    assert [each[:2] for each in by_sarif(report)] == [("\n/structlint.yaml", 3), ("\n/structlint.yaml", 9)]
    assert [each[:2] for each in by_gitlab(report)] == [("\n/structlint.yaml", 3), ("\n/structlint.yaml", 9)]


def test_locations_of_a_repository(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
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


# --- What tells a finding from all others

PORTS = tuple(
    PORT._replace(
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

    assert len(set(marks(*PORTS, STRAY, STRAY, MISSING))) == 7
    moved = [
        each._replace(line=(each.line or 0) + 10, message=re.sub(r":(\d+)\)", r":1\1)", each.message))
        for each in PORTS
    ]
    assert marks(*moved) == marks(*PORTS)
    shifted = MISSING._replace(origin=Place(LAYOUT, 99, 3), about="Other words")
    assert marks(shifted) == marks(MISSING)
    others = (
        MISSING._replace(rule="stray-file"),
        MISSING._replace(path="x"),
        MISSING._replace(discriminator="y"),
    )
    alone = [marks(each)[0] for each in (MISSING, *others)]
    assert len(set(alone)) == 4
    assert marks(MISSING, *others) == alone


def test_conflicts_of_ports_are_told_apart(
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
def test_a_fingerprint_stays_while_numbers_of_a_limit_change(
    before: dict[str, str],
    after: dict[str, str],
    rules: set[str],
    repository: Make,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def issues(at: str, there: dict[str, str]) -> list[dict[str, str]]:
        monkeypatch.chdir(repository(there, at=at).path)
        found: list[dict[str, str]] = json.loads(run("check", "-q", "--output-format", "gitlab").out)
        return found

    first, second = issues("before", before), issues("after", after)
    assert {each["check_name"] for each in first} == rules
    assert [each["description"] for each in first] != [each["description"] for each in second]
    marks = [each["fingerprint"] for each in first]
    assert [each["fingerprint"] for each in second] == marks
    assert len({mark.partition(":")[0] for mark in marks}) == len(marks)


# --- Limits

ERRORS = tuple(finding("stray-file", f"{number:04}") for number in range(12))
WARNINGS = tuple(
    finding("unused-ignore", LAYOUT, line=number, severity=Severity.WARNING) for number in range(1, 12)
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
def test_as_many_annotations_as_github_shows(
    findings: tuple[Finding, ...], annotated: int, left: str
) -> None:
    report = Report(findings)
    lines = printed(report, "github").splitlines()
    levels = [line[2:].split(" ")[0] for line in lines]
    assert levels == sorted(levels, key=["error", "warning", "notice"].index)
    assert len(list(by_github(report))) == annotated
    assert lines[annotated:] == ([f"::notice title=structlint::{left}"] if left else [])


def test_the_summary_of_a_job_has_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"before\n\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    report = Report((*WARNINGS, *ERRORS))
    assert printed(report, "github").endswith("1 more warning; see the summary of the job\n")
    text = summary.read_bytes().decode()
    assert text == "before\n\n" + printed(report, "markdown")
    assert len(page(text).rows) == 23


MANY = Report(
    tuple(finding("stray-file", f"src/{number:05}.txt", "stray file " * 5) for number in range(12000))
)


@pytest.mark.parametrize(("before", "rows"), [(0, 9000), (1024 * 1024 - 60_000, 500), (1024 * 1024 - 500, 0)])
def test_the_summary_of_a_job_is_not_too_large(
    before: int, rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"\n" * before)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    printed(MANY, "github")
    text = summary.read_bytes().decode()
    assert len(text) <= 1024 * 1024
    shown = text.count("| `src/")
    assert rows <= shown < 12000
    assert (
        shown == 0
        or f"- {12000 - shown:,} more findings, not listed because the report would be too long" in text
    )


@pytest.mark.parametrize("name", ["gone/summary.md", ".", "a\0b", "/dev/full", "/dev/null"])
def test_a_summary_that_cannot_be_written(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.environ", {"GITHUB_STEP_SUMMARY": name})
    assert len(printed(Report(ERRORS), "github").splitlines()) == 11


def test_as_many_results_as_github_takes() -> None:
    findings = (*WARNINGS, *(finding("stray-file", f"{number:04}") for number in range(5200)))
    run = run_of(Report(findings))
    assert len(run["results"]) == 5000
    assert {result["level"] for result in run["results"]} == {"error"}
    (left,) = run["invocations"][0]["toolExecutionNotifications"]
    assert left["message"]["text"].startswith("211 more findings are not in this file")
    assert (
        len({result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]}) == 5000
    )


def test_a_log_is_not_too_large_to_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "_MOST_BYTES", 20_000)
    run = run_of(MANY)
    assert 100 < len(run["results"]) < 5000
    left = 12000 - len(run["results"])
    (message,) = run["invocations"][0]["toolExecutionNotifications"]
    assert message["message"]["text"].startswith(f"{left:,} more ")


def test_of_many_related_paths_some_are_shown() -> None:
    names = [f"{number:03}" for number in range(300)]
    found = finding("conflicting-entries", "000", related=tuple(names))
    (result,) = run_of(Report((found,), trees={"": drawn("\n".join(names))}))["results"]
    assert len(result["relatedLocations"]) == 20


def test_a_comment_is_not_too_long() -> None:
    text = printed(MANY, "markdown")
    assert len(text) <= 65_000
    rows = len(page(text).rows)
    assert rows > 500
    assert f"- {12000 - rows:,} more findings, not listed because the report would be too long\n" in text


@pytest.mark.parametrize(
    ("findings", "folded"),
    [(ERRORS * 4, []), (ERRORS * 5, ["10"]), ((*ERRORS * 5, *WARNINGS), ["10", "11"])],
)
def test_what_is_much_is_folded(findings: tuple[Finding, ...], folded: list[str]) -> None:
    text = printed(Report(findings), "markdown")
    assert re.findall(r"<summary>(\d+) more findings</summary>", text) == folded
    assert len(page(text).rows) == len(findings)
    assert text.count("<details>") == text.count("</details>") == len(folded)


LIMITED = REPORT._replace(findings=(*ERRORS, MISSING), notes=(), max_findings=2)


def test_what_is_not_listed_is_counted() -> None:
    assert [each.text for each in by_gitlab(LIMITED)][-1] == "… and 10 more [stray-file]"
    assert [each.text for each in by_rdjson(LIMITED)][-1] == "… and 10 more [stray-file]"
    assert document(LIMITED, "gitlab")[-1]["severity"] == "info"
    assert document(LIMITED, "rdjson")["diagnostics"][-1]["severity"] == "INFO"
    assert len(list(by_gitlab(LIMITED))) == len(list(by_rdjson(LIMITED))) == 4
    run = run_of(LIMITED)
    assert len(run["results"]) == 3
    assert run["invocations"][0]["toolExecutionNotifications"] == [
        {"level": "warning", "message": {"text": "… and 10 more [stray-file]"}}
    ]
    kind, lines = cases(LIMITED)["stray-file"]
    assert (kind, len(lines), lines[-1]) == ("Failure", 3, "… and 10 more [stray-file]")
    assert printed(LIMITED, "github").splitlines()[3:] == ["::notice title=structlint::10 more errors"]
    assert printed(LIMITED, "markdown").endswith("- 10 more of stray-file, not listed\n")


@pytest.mark.parametrize("name", OURS)
def test_nothing_is_listed_and_all_is_counted(name: str) -> None:
    text = printed(LIMITED._replace(max_findings=0), name)
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
def test_a_line_of_a_file_is_prose_and_an_emoji_is_code(text: str, plain: bool) -> None:
    assert prose(text) == (text if plain else code(text))


def test_statistics_in_markdown() -> None:
    text = printed(LIMITED._replace(statistics=True), "markdown")
    assert "- 12 stray-file\n- 1 missing-file\n" in text


# --- Names that would do harm

HOSTILE = [
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


def hostile(name: str) -> Report:
    message = quote(name)
    found = finding(
        "stray-file", name, f"stray {message}", f"remove {message}", about=name, related=(name, f"{name}/")
    )
    inside = finding("stray-directory", f"{name}/x/", "unlisted directory", origin=Place(message, 3))
    return Report(
        (found, inside), trees={"": Tree((name,), TREE.source)}, layouts=(message,), notes=(message,)
    )


def assert_read(name: str) -> None:
    """Each reader sees two findings, and the first of them on the file that has this name."""
    report = hostile(name)
    message = quote(name)
    at = {format_: [each.path for each in read(report)] for format_, read in READERS.items()}
    assert [len(paths) for paths in at.values()] == [2, 2, 2, 2]
    assert at["sarif"][0] == name
    assert at["gitlab"][0] == at["rdjson"][0] == (message if re.search("[\ud800-\udfff]", name) else name)
    assert at["github"][0] == message
    for read in READERS.values():
        assert next(read(report)).text.replace(r"]\(", "](").startswith(f"{message}: stray {message}")
    assert [len(cases(report)[rule][1]) for rule in ("stray-file", "stray-directory")] == [1, 1]


def assert_harmless(text: str) -> None:
    assert not re.search(r"##\w*\[", text)
    assert not re.search(r"[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)


def assert_a_page(name: str) -> None:
    """Two rows of four cells, the name as code, and nothing that is a link or speaks to anyone."""
    text = printed(hostile(name), "markdown")
    read = page(text)
    assert [len(row) for row in read.rows] == [4, 4]
    if r"\|" not in name and "x7c" not in text:
        assert read.rows[0][0] == [("code_inline", quote(name))]
    assert read.html == ""
    assert not re.search(r"[@#<&]|www\.|://|\b[0-9a-f]{7}|GH-\d|:\w+:", "\n".join(read.text))


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_is_read_as_it_is(name: str) -> None:
    assert_read(name)
    assert_a_page(name)
    for format_ in OURS:
        assert_harmless(printed(hostile(name), format_))


@given(
    st.text(min_size=1, max_size=12).filter(
        lambda name: not re.search(r"^\.{0,2}/|/\.{0,2}(/|$)|^\.+$|\0", name)
    )
)
def test_any_name_is_read_as_it_is(name: str) -> None:
    assert_read(name)
    assert_a_page(name)
    for format_ in OURS:
        assert_harmless(printed(hostile(name), format_))


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_no_line_of_a_format_is_a_command_of_a_name(name: str) -> None:
    for format_ in OURS:
        lines = printed(hostile(name), format_).splitlines()
        commands = [line for line in lines if line.lstrip().startswith("::")]
        assert len(commands) == (2 if format_ == "github" else 0)


def test_a_name_in_a_message_is_no_link() -> None:
    (result, _) = run_of(hostile("[x](https://evil.example)"))["results"]
    links = re.findall(r"(?<!\\)\]\(([^)]*)\)", result["message"]["text"])
    assert links == []


def test_html_is_ours_alone() -> None:
    report = Report(ERRORS * 5 + hostile("<script>").findings)
    html = page(printed(report, "markdown")).html
    assert re.findall(r"<[^>]*>", html) == ["<details>", "<summary>", "</summary>", "</details>"]
    assert unescape(html) == html


@pytest.mark.parametrize("name", OURS)
def test_the_same_report_is_the_same_text(name: str) -> None:
    backwards = REPORT._replace(trees=dict(reversed(NESTED.items())))
    assert printed(REPORT._replace(trees=NESTED), name) == printed(backwards, name)
    assert printed(REPORT, name) == printed(REPORT, name, Style(drawn=True, coloured=True))


def test_half_a_surrogate_pair_has_a_uri() -> None:
    (result, _) = run_of(hostile("\ud800"))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%ED%A0%80"
