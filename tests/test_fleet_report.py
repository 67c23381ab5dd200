"""`structlint fleet report`: the changes between runs, in every format, and hostile names."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from contextlib import chdir
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import Run
from fleet_repositories import LAYOUT, commit, make_mirror

from structlint.cli import main

pytest.importorskip("resource", reason="`fleet` needs a POSIX system")

FORMATS = ("full", "markdown", "html", "json", "csv")
HOSTILE = "[red]\n::error::<script>alert(1)</script>"


CHECK = ["fleet", "check", "m", "--repos=l.jsonl", "--store=s.sqlite", "--workers=1", "--layout=org.yaml"]


def check(run: Run, *arguments: str) -> None:
    result = run(*(argument for argument in CHECK if argument != "--repos=l.jsonl"), *arguments)
    assert result.out, result.err


def report(run: Run, *arguments: str) -> str:
    result = run("fleet", "report", "--store", "s.sqlite", *arguments)
    assert (result.status, result.err) == (0, "")
    return result.out


def section(text: str, title: str) -> list[list[str]]:
    """The rows of a table in the report for terminals, as lists of cells."""
    lines = text.partition(f"\n{title.upper()}\n")[2].split("\n\n")[0].splitlines()
    return [re.split(r" {2,}", line.strip()) for line in lines if line.startswith("  ")][1:]


@pytest.fixture(scope="module")
def store_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two runs; findings, repositories and an exception changed between them."""
    place = tmp_path_factory.mktemp("fleet")
    later = [(date.today() + timedelta(days)).isoformat() for days in (-3, 10, 300)]
    ignores = ", ".join(f"{{rule: stray-file, path: /x, why: later, until: {day}}}" for day in later)
    own = f"tree: {{.: {{unlisted: allow}}}}\nignore: [{ignores}]\n"
    for name in ("worse", "better", "same", "leaves"):
        make_mirror(place / f"m/{name}.git", {"README.md": "", **({"a.exe": ""} if name != "worse" else {})})
    make_mirror(place / "m/lax.git", {"README.md": "", "sub/structlint.yaml": own})
    make_mirror(place / "m/broken.git", {})
    with chdir(place):
        Path("org.yaml").write_text(LAYOUT)
        Path("l.jsonl").write_text('{"path": "m/worse.git", "team": "blue", "tier": "1"}\n')
        assert main(CHECK) == 1
        commit(place / "m/worse.git", {"b.exe": "", "c.exe": ""})
        commit(place / "m/better.git", {"README.md": ""})
        shutil.rmtree(place / "m/leaves.git")
        shutil.rmtree(place / "m/broken.git/objects")
        make_mirror(place / "m/added.git", {"d.exe": ""})
        assert main(CHECK) == 2
    return place


@pytest.fixture
def two_runs(store_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the store in the current directory."""
    for name in ("s.sqlite", "org.yaml"):
        shutil.copy(store_directory / name, tmp_path)
    (tmp_path / "m").symlink_to(store_directory / "m")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_report(two_runs: Path, run: Run) -> None:
    text = report(run)
    lines = text.splitlines()
    assert lines[0] == ("2 of 6 repositories (33.3%) have no errors, 3 have errors, 1 could not be checked.")
    assert re.fullmatch(r"Since run 1 \(.*\): 3 new findings in 1 repository, 1 fixed\.", lines[1])
    assert lines[2] == "Repositories: 1 added, 1 no longer checked."
    assert [row[:3] for row in section(text, "Could not be checked")] == [["broken", "(none)", "unreadable"]]
    assert [row[:4] for row in section(text, "New findings")] == [
        ["worse", "blue", "missing-file", "README.md"],
        ["worse", "blue", "forbidden-path", "b.exe"],
        ["worse", "blue", "forbidden-path", "c.exe"],
    ]
    assert [row[:4] for row in section(text, "Fixed findings")] == [
        ["better", "(none)", "forbidden-path", "a.exe"]
    ]
    assert section(text, "Rules") == [
        ["forbidden-path", "3", "50.0%", "4"],
        ["missing-file", "2", "33.3%", "2"],
        ["unused-ignore", "1", "16.7%", "3"],
    ]
    assert section(text, "By team") == [
        ["blue", "1", "0", "1", "0", "3", "3", "0"],
        ["(none)", "5", "2", "2", "1", "3", "0", "1"],
    ]
    assert section(report(run, "--by", "tier"), "By tier")[0][0] == "1"
    assert section(text, "Most errors")[0][:2] == ["worse", "blue"]
    endings = section(text, "Exceptions that expire")
    assert [(row[0], "expired" in row) for row in endings] == [("lax", True), ("lax", False)]


def test_since_option(two_runs: Path, run: Run) -> None:
    check(run, "m/same.git")
    assert "Since run 2 " in report(run) and "0 new findings" in report(run)
    for since, base in (("1", 1), ("2", 2), ("2999-01-01", 2)):
        assert f"Since run {base} " in report(run, "--since", since)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "7"], "--since: no finished run 7 in `s.sqlite`; it has the runs 1 to 2"),
        (["--since", "2000-01-01"], "--since: no finished run on or before 2000-01-01 in `s.sqlite`"),
        (["--since", "monday"], "--since: `monday` is neither the number of a run nor a date such as"),
        (["--by", "tiers"], "--by: unknown column `tiers`; did you mean `tier`?"),
        (["--format", "htm"], "unknown value `htm`; did you mean `html`?"),
        (["--store", "gone"], "no such store: `gone`; create it with `structlint fleet check --store`"),
        (["--store", "org.yaml"], "`org.yaml` is not a store of `structlint fleet`"),
        (["-o", "./s.sqlite"], "cannot write `./s.sqlite`: it is the store; use another file"),
        (["-o", "org.yaml"], "may be a layout; use another file"),
    ],
)
def test_invalid_options(two_runs: Path, run: Run, arguments: list[str], message: str) -> None:
    result = run("fleet", "report", "--store", "s.sqlite", *arguments)
    assert (result.status, result.out) == (2, "") and message in result.err


def test_json_and_csv(two_runs: Path, run: Run) -> None:
    document = json.loads(report(run, "--format", "json"))
    assert document["summary"]["statuses"] == {"findings": 3, "ok": 2, "unreadable": 1}
    assert document["summary"]["gone"] == ["leaves"]
    by_name = {one["name"]: one for one in document["repositories"]}
    alone = run("check", "m/worse.git", "--rev=HEAD", "--layout=org.yaml", "--output-format=json")
    assert by_name["worse"]["findings"] == json.loads(alone.out)["findings"]
    assert by_name["same"]["unchanged"] and by_name["worse"]["columns"] == {"tier": "1"}
    rows = list(csv.DictReader(io.StringIO(report(run, "--format", "csv"))))
    assert {row["name"]: (row["status"], row["errors"], row["tier"]) for row in rows} == {
        name: (one["status"], str(one["errors"]), one["columns"].get("tier", ""))
        for name, one in by_name.items()
    }


def test_interrupted_run_is_reported_as_incomplete(two_runs: Path, run: Run) -> None:
    import sqlite3

    database = sqlite3.connect("s.sqlite")
    database.execute("UPDATE run SET finished = NULL WHERE id = 2")
    database.commit()
    assert "Run 2 is later but has not finished; it is not in this report." in report(run)
    database.execute("UPDATE run SET finished = NULL")
    database.commit()
    database.close()
    assert "This run has not finished" in report(run)


class _Page(HTMLParser):
    """The elements, references and text of an HTML page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.targets: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.targets += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "style")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_is_self_contained(two_runs: Path, run: Run) -> None:
    page = _Page(text := report(run, "--format", "html"))
    assert not page.elements & {"script", "link", "img", "iframe", "object", "form"}
    assert all(target.startswith("#") for target in page.targets)
    assert not re.search(r"https?:|url\(|@import", text)
    assert {"svg", "rect", "title", "table"} <= page.elements
    assert "A finding is one place that does not match." in " ".join(page.text.split())
    assert "structlint check PATH --rev HEAD --layout org.yaml --own-exceptions count" in page.text
    assert "A finding is one place that does not match." in report(run, "--format", "markdown")


def test_hostile_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)
    Path("org.yaml").write_text(LAYOUT)
    make_mirror(tmp_path / "m" / f"{HOSTILE.replace('/', '_')}.git", {f"{HOSTILE}.exe": "", "=x.exe": ""})
    make_mirror(tmp_path / "m" / "=cmd().git", {"structlint-baseline.json": f"<script>{HOSTILE}"})
    (listed := {"path": "m/=cmd().git", "team": f"@a {HOSTILE}", "tier": "=1+1", HOSTILE: HOSTILE})
    Path("l.jsonl").write_text(json.dumps(listed) + "\n")
    check(run, "--repos", "l.jsonl")
    printed = {name: report(run, "--format", name) for name in FORMATS}
    for name, text in printed.items():
        assert not any(line.lstrip().startswith("::") for line in text.splitlines()), name
        assert "\x1b" not in text and "alert(1)" in text, name
    assert "script" not in _Page(printed["html"]).elements
    prose = re.sub(r"(`+).*?\1", "", printed["markdown"])
    assert "<script" not in prose and "@a" not in prose
    json.loads(printed["json"])
    cells = [cell for row in csv.reader(io.StringIO(printed["csv"])) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert "'=cmd()" in cells and "'=1+1" in cells


def test_markdown_is_limited_to_the_size_of_an_issue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("org.yaml").write_text(LAYOUT)
    make_mirror(tmp_path / "m/a.git", {"README.md": ""})
    check(run)
    commit(tmp_path / "m/a.git", {f"{'|' * 90}{number}.exe": "" for number in range(400)})
    check(run)
    text = report(run, "--format", "markdown")
    assert len(text.encode()) <= 65_000 and "more" in text


FRAME = '<iframe src="page.html" width="{}" height="2400" style="border: 0; color-scheme: {}"></iframe>\n'


def test_html_in_a_browser(two_runs: Path, run: Run) -> None:
    """Saves a screenshot for review: two widths, light and dark."""
    if not (browser := shutil.which("chromium") or shutil.which("google-chrome")):
        pytest.skip("no browser")
    report(run, "--format", "html", "-o", "page.html")
    frames = [FRAME.format(width, scheme) for width in (400, 1100) for scheme in ("light", "dark")]
    Path("all.html").write_text(f"<body style='display: flex'>{''.join(frames)}")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={two_runs}/browser"]
    picture = two_runs / "pages.png"
    subprocess.run(
        [browser, *flags, "--window-size=3040,2420", f"--screenshot={picture}", "all.html"],
        capture_output=True,
        check=True,
    )
    assert picture.stat().st_size > 10_000
