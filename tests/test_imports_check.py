"""`imports` on the command line: sources of files, baselines, reports, invalid settings and unread files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Git, Make, Run

from structlint.imports.model import Import
from structlint.imports.python import Python, scan

LAYOUT = """\
tree: {.: {unlisted: allow}}
imports:
  layers: [api/, core/]
"""
FILES = {
    "structlint.yaml": LAYOUT,
    "api/views.py": "from core import model\n",
    "core/model.py": "import os\nfrom api import views\n",
}
WRONG = "core/model.py:2: error: forbidden import of `api/views.py`: `core/` must not import `api/`"
UNSEEN = "[unseen-imports] -- exclude the file, or correct it"


def check_lines(run: Run, *arguments: str) -> list[str]:
    result = run("check", *arguments, "--output-format=concise", "--quiet")
    assert result.status in (0, 1), result.err
    return [line.partition(", a layer")[0] for line in result.out.splitlines()]


@pytest.fixture
def project(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    git = repository(FILES)
    git("commit", "-qm", "x")
    monkeypatch.chdir(git.path)
    return git


def test_check_from_each_source(project: Git, run: Run) -> None:
    # A finding concerns both the importing and the imported file.
    for arguments in ([], ["--tracked"], ["--rev", "HEAD"], ["core"], ["api"]):
        assert check_lines(run, *arguments) == [WRONG]
    assert check_lines(run, "--changed") == []
    (project.path / "core/model.py").write_text("import os\n")
    assert check_lines(run) == []
    assert check_lines(run, "--tracked") == [WRONG]
    project("add", "-A")
    assert check_lines(run, "--tracked") == []
    assert check_lines(run, "--rev", "HEAD") == [WRONG]


def test_bare_repository(project: Git, run: Run) -> None:
    project("clone", "-q", "--bare", ".", "../bare.git")
    assert check_lines(run, "../bare.git", "--rev", "HEAD") == [WRONG]


def test_changed(project: Git, run: Run) -> None:
    (project.path / "core/other.py").write_text("import api.views\n")
    assert check_lines(run, "--changed") == [WRONG.replace("model.py:2", "other.py:1")]


def test_baseline_stores_the_target_but_not_the_line(project: Git, run: Run) -> None:
    assert run("check", "--update-baseline", "--allow-growth", "--quiet").status == 0
    (project.path / "core/model.py").write_text("\n\n\nfrom api import views\n")
    assert check_lines(run) == []
    (project.path / "api/other.py").write_text("")
    (project.path / "core/model.py").write_text("from api import views, other\n")
    assert check_lines(run) == [WRONG.replace(":2", ":1").replace("views", "other")]


def test_baseline_stores_the_alias_but_no_message(project: Git, run: Run) -> None:
    (project.path / "core/a.ts").write_text('import "@/x"\nimport "@/y"\n')
    assert run("check", "--update-baseline", "--quiet").status == 0
    text = (project.path / "structlint-baseline.json").read_text()
    assert '"rule": "unseen-imports", "path": "core/a.ts", "which": "@/", "severity"' in text
    (project.path / "core/a.ts").write_text('import "~/z"\nimport "@/x"\n')
    assert [line.partition(" does")[0] for line in check_lines(run)] == ["core/a.ts:1: warning: `~/`"]


def test_ignored_finding(project: Git, run: Run) -> None:
    accepted = "ignore: [{rule: wrong-import, path: core/model.py, why: moves out}]\n"
    (project.path / "structlint.yaml").write_text(LAYOUT + accepted)
    assert check_lines(run) == []


def test_reports_contain_the_line_of_the_import(project: Git, run: Run) -> None:
    sarif = json.loads(run("check", "--output-format=sarif").out)
    location = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "core/model.py"
    assert location["region"]["startLine"] == 2
    assert "file=core/model.py,line=2" in run("check", "--output-format=github").out


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("layers: [apis/, core/]", "3:12: no such directory: `apis/`; did you mean `api/`?"),
        ("layers: [api/, core/, api/]", "3:25: `api/` is in two layers (see line 3)"),
        ("layers: [api/]", "3:11: a single layer has no effect; list at least two, the outermost first"),
        ("layers: [api, core/]", "3:12: `api`: for a directory write `api/`"),
        ("apart: {<srvice>/: }", "3:11: no entry of `tree` contains `<srvice>`; did you mean `<service>`?"),
        (
            "apart: {api/: }",
            "3:11: `api/` is one directory; write a placeholder or `*` for several of a kind",
        ),
        (
            'apart: {"*/": {through: <x>/}}',
            "3:27: `<x>` has no value here: it is not in `*/`",
        ),
        ('never: {core/: {"a b": }}', "3:19: `a b`: write an external module, such as `requests`"),
        ("never: {core/: {apis/: }}", "3:19: no such directory: `apis/`; did you mean `api/`?"),
        ("layer: [api/, core/]", "3:3: unknown key"),
        ("types: maybe", "3:10: unknown value `maybe`"),
        ("layers: [core/, 'api/ | core/']", "3:19: `core/` is in two layers (see line 3)"),
        (
            "layers: ['*pi/', core/, 'ap*/']",
            "3:27: `api/` is in two layers: `*pi/`, line 3, and `ap*/`; keep one of them",
        ),
        ("layers: [apis/*/, core/]", "3:12: no such directory: `apis/`; did you mean `api/`?"),
        ("apart: {apis/<service>/: }", "3:11: no such directory: `apis/`; did you mean `api/`?"),
        (
            "roots: [apis/]\n  layers: [api/, core/]",
            "3:11: no such directory: `apis/`; did you mean `api/`?",
        ),
        (
            "never: {core/: {core/: }}",
            "3:19: `core/` may always import itself; write another directory here, or",
        ),
        ("roots: [src]", "3:11: `src`: write a directory, with a `/` at its end"),
    ],
)
def test_invalid_imports_settings(layout: str, expected: str, project: Git, run: Run) -> None:
    text = f"tree: {{.: {{unlisted: allow}}, services/<service>/: }}\nimports:\n  {layout}\n"
    (project.path / "structlint.yaml").write_text(text)
    result = run("check")
    assert result.status == 2
    assert f"structlint.yaml:{expected}" in result.err


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("errors", "write `errors.py` for the file"),
        ("api.views", "write `api/views.py` for the file"),
        ("web/db", "write `web/db.ts` for the file"),
        ("chart.js", "move the file into a directory"),
    ],
)
def test_module_name_that_matches_a_file_is_a_warning(name: str, hint: str, project: Git, run: Run) -> None:
    (project.path / "web").mkdir()
    for path in ("errors.py", "api/views.py", "web/db.ts", "chart.js"):
        (project.path / path).write_text("")
    text = f"tree: {{.: {{unlisted: allow}}}}\nimports:\n  never: {{core/: {{{name}: }}}}\n"
    (project.path / "structlint.yaml").write_text(text)
    (line,) = check_lines(run)
    assert line.startswith(f"structlint.yaml:3: warning: `{name}` is read as an external module")
    assert line.endswith(hint)


def test_file_in_the_root_and_module_with_a_file_suffix(project: Git, run: Run) -> None:
    (project.path / "errors.py").write_text("")
    (project.path / "core/a.py").write_text("import errors\n")
    never = "{core/: {errors.py: , github.com/nats-io/nats.go: }}"
    text = f"tree: {{.: {{unlisted: allow}}}}\nimports: {{never: {never}}}\n"
    (project.path / "structlint.yaml").write_text(text)
    (line,) = check_lines(run)
    assert line.startswith("core/a.py:1: error: forbidden import of `errors.py`")


@pytest.mark.parametrize("name", ["api", "api.views", "api/views"])
def test_module_name_that_matches_a_directory_is_a_warning(name: str, project: Git, run: Run) -> None:
    (project.path / "api/views").mkdir()
    (project.path / "api/views/a.py").write_text("")
    text = f"tree: {{.: {{unlisted: allow}}}}\nimports:\n  never: {{core/: {{{name}: }}}}\n"
    (project.path / "structlint.yaml").write_text(text)
    (line,) = check_lines(run)
    assert line.startswith(f"structlint.yaml:3: warning: `{name}` is read as an external module")
    assert line.endswith(f"-- write `{name.replace('.', '/')}/` for the directory")


def test_never_restricts_imports_that_layers_allow(project: Git, run: Run) -> None:
    text = LAYOUT.replace("core/]", "core/, low/]") + "  never: {core/: {low/: }}\n"
    (project.path / "low").mkdir()
    (project.path / "low/a.py").write_text("")
    (project.path / "structlint.yaml").write_text(text)
    (line,) = run("check", "--output-format=concise", "--quiet").out.splitlines()
    assert line.endswith("[wrong-import] -- remove it; `core/` may import no other layer")
    shown = run("where", "--imports", "core/new.py").out.splitlines()
    assert [line.strip() for line in shown[1:]] == [
        "must not import `api/` (structlint.yaml:3)",
        "must not import `low/` (structlint.yaml:4)",
    ]


def test_missing_optional_layer_is_a_warning(project: Git, run: Run) -> None:
    text = "tree: {.: {unlisted: allow}, web/?: }\nimports:\n  layers: [web/, api/, core/]\n"
    (project.path / "structlint.yaml").write_text(text)
    first, second = check_lines(run)
    assert first == WRONG
    assert second.startswith("structlint.yaml:3: warning: `web/` matches nothing")


def test_inherited_layer_without_a_match_is_not_reported(project: Git, run: Run) -> None:
    (project.path / "team.yaml").write_text(LAYOUT.replace("[api/,", "[web/, api/,"))
    (project.path / "structlint.yaml").write_text("extends: ./team.yaml\n")
    assert check_lines(run) == [WRONG]


def test_unreadable_and_unparsable_files(project: Git, run: Run) -> None:
    core = project.path / "core"
    (core / "bundle.js").write_bytes(b"var a;" * 500_000)
    (core / "wide.py").write_bytes("import api.views".encode("utf-16"))
    (core / "model.py").write_bytes(b"x = (\nfrom api import views\n<<<<<<< HEAD\n")
    (core / "deep.py").write_bytes(b"import api.views\nx = " + b"[" * 100_000)
    (core / "long.py").write_bytes(b"x = 1;" * 100_000 + b"import api.views\n")
    assert check_lines(run) == [
        f"core/bundle.js:1: warning: imports not checked: it is larger than 2 MiB {UNSEEN}",
        f"core/deep.py:1: warning: cannot be parsed; lines that look like imports count as imports {UNSEEN}",
        WRONG.replace("model.py:2", "deep.py:1"),
        f"core/long.py:1: warning: cannot be parsed; lines that look like imports count as imports {UNSEEN}",
        WRONG.replace("model.py:2", "long.py:1"),
        WRONG,
        f"core/wide.py:1: warning: imports not checked: it is not UTF-8 text {UNSEEN}",
    ]


def test_line_of_an_import_in_a_vue_component(project: Git, run: Run) -> None:
    (project.path / "api/b.ts").write_text("")
    text = '<template>\n</template>\n<script lang="ts">\nimport x from "../api/b"\n</script>\n'
    (project.path / "core/model.py").write_text("")
    (project.path / "core/a.vue").write_text(text)
    assert check_lines(run) == [
        "core/a.vue:4: error: forbidden import of `api/b.ts`: `core/` must not import `api/`",
    ]


def test_symlinks_are_not_followed(project: Git, run: Run) -> None:
    (project.path / "core/same.py").symlink_to("model.py")
    (project.path / "core/away.py").symlink_to("/etc/passwd")
    assert check_lines(run) == [WRONG]


def test_type_only_imports(project: Git, run: Run) -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from api import views\n"
    (project.path / "core/model.py").write_text(text)
    assert check_lines(run) == [WRONG.replace(":2", ":3")]
    (project.path / "structlint.yaml").write_text(LAYOUT + "  types: allowed\n")
    assert check_lines(run) == []


def test_show_config_round_trips(project: Git, run: Run, tmp_path: Path) -> None:
    text = """\
tree: {.: {unlisted: allow}, services/: {<service>/: }}
imports:
  layers: [[api/, core/ | kernel/], core/model.py]
  apart:
    services/<service>/: {through: [services/<service>/api/, shared/*/], why: "alone: always"}
    "*/": each alone
  never:
    "**/core/": {sqlalchemy: no database, api/: }
  types: allowed
  roots: ["libs/*/"]
"""
    (project.path / "structlint.yaml").write_text(text)
    first = run("check", "--show-config").out
    (project.path / "structlint.yaml").write_text(first)
    again = run("check", "--show-config").out
    assert [line.partition("  #")[0] for line in again.splitlines()] == [
        line.partition("  #")[0] for line in first.splitlines()
    ]
    assert "imports:" in first


def test_merge_with_the_extended_layout(project: Git, run: Run) -> None:
    far = "imports:\n  layers: [api/, core/]\n  never: {core/: {requests: , flask: }, api/: {flask: }}\n"
    (project.path / "team.yaml").write_text(f"tree: {{.: {{unlisted: allow}}}}\n{far}")
    near = "imports:\n  layers: false\n  never: {core/: {requests: false, os: no system}, api/: false}\n"
    (project.path / "structlint.yaml").write_text(f"extends: ./team.yaml\n{near}")
    (project.path / "core/model.py").write_text("import requests, flask, os\nfrom api import views\n")
    (project.path / "api/views.py").write_text("import flask\n")
    found = [line.partition(" (")[0] for line in check_lines(run)]
    assert found == [
        "core/model.py:1: error: forbidden import of `flask`: `core/` must not import `flask`",
        "core/model.py:1: error: forbidden import of `os`: `core/` must not import `os`: no system",
    ]


def test_where_imports(project: Git, run: Run) -> None:
    text = """\
tree: {.: {unlisted: allow}, services/<service>/: }
imports:
  layers: [api/, core/]
  apart: {services/<service>/: {through: services/<service>/api/, why: alone}}
  never: {core/: {requests: no network}}
"""
    (project.path / "structlint.yaml").write_text(text)
    paths = ["core/new.py", "api/new.py", "services/a/x.py", "README.md"]
    result = run("where", "--imports", *paths)
    rules = [line.strip() for line in result.out.splitlines() if line.startswith("  ")]
    assert rules == [
        "must not import `api/` (structlint.yaml:3)",
        "must not import `requests`: no network (structlint.yaml:5)",
        "may import `core/` (structlint.yaml:3)",
        "must not import any other `services/<service>/` than `services/a/`, except "
        "`services/<service>/api/`: alone (structlint.yaml:4)",
        "may import everything: no rule of `imports` applies to it",
    ]
    data = json.loads(run("where", "--imports", "--output-format=json", "api/new.py").out)
    line = {"file": "structlint.yaml", "line": 3}
    assert data["paths"][0]["imports"] == [{"allowed": True, "what": "`core/`", "why": None, "asked": line}]


def test_equal_statements_are_scanned_once(project: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    scanned: list[bytes] = []

    def record(self: Python, data: bytes) -> Iterator[Import]:
        scanned.append(data)
        return scan(data)

    monkeypatch.setattr(Python, "scan", record)
    harmless = "import os, re\nfrom core.part import (\n    a,\n)\n"
    for number in range(20):
        (project.path / f"core/part{number}.py").write_text(f"# the import of {number}\n{harmless}")
    assert check_lines(run) == [WRONG]
    whole = b"import os\nfrom api import views\n"  # the file with the finding
    statements = {text for text in scanned if not text.startswith(b"#")}
    assert statements == {b"import os, re", b"from core.part import (\n    a,\n)", *whole.splitlines(), whole}
    assert len(scanned) == len(statements) + 20


def test_empty_and_unrestricted_files_are_not_scanned(
    project: Git, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned: list[bytes] = []
    monkeypatch.setattr(Python, "statements", lambda self, data: scanned.append(data))
    (project.path / "core/empty.py").write_text("")
    (project.path / "other.py").write_text("import api.views\n")
    assert check_lines(run) == [WRONG]
    assert scanned == [b"import os\nfrom api import views\n"]
