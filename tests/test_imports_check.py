"""`imports` through the command: kinds of trees, baselines, reports, bad input, files that are not read."""

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


def check(run: Run, *arguments: str) -> list[str]:
    done = run("check", *arguments, "--output-format=concise", "--quiet")
    assert done.status in (0, 1), done.err
    return [line.partition(", a layer")[0] for line in done.out.splitlines()]


@pytest.fixture
def project(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    git = repository(FILES)
    git("commit", "-qm", "x")
    monkeypatch.chdir(git.path)
    return git


def test_each_kind_of_tree(project: Git, run: Run) -> None:
    # Both ends of an import are what a finding is about.
    for arguments in ([], ["--tracked"], ["--rev", "HEAD"], ["core"], ["api"]):
        assert check(run, *arguments) == [WRONG]
    assert check(run, "--changed") == []
    (project.path / "core/model.py").write_text("import os\n")
    assert check(run) == []
    assert check(run, "--tracked") == [WRONG]
    project("add", "-A")
    assert check(run, "--tracked") == []
    assert check(run, "--rev", "HEAD") == [WRONG]


def test_a_bare_repository(project: Git, run: Run) -> None:
    project("clone", "-q", "--bare", ".", "../bare.git")
    assert check(run, "../bare.git", "--rev", "HEAD") == [WRONG]


def test_changed(project: Git, run: Run) -> None:
    (project.path / "core/other.py").write_text("import api.views\n")
    assert check(run, "--changed") == [WRONG.replace("model.py:2", "other.py:1")]


def test_a_baseline_knows_the_target_and_not_the_line(project: Git, run: Run) -> None:
    assert run("check", "--update-baseline", "--allow-growth", "--quiet").status == 0
    (project.path / "core/model.py").write_text("\n\n\nfrom api import views\n")
    assert check(run) == []
    (project.path / "api/other.py").write_text("")
    (project.path / "core/model.py").write_text("from api import views, other\n")
    assert check(run) == [WRONG.replace(":2", ":1").replace("views", "other")]


def test_an_accepted_finding(project: Git, run: Run) -> None:
    accepted = "ignore: [{rule: wrong-import, path: core/model.py, why: moves out}]\n"
    (project.path / "structlint.yaml").write_text(LAYOUT + accepted)
    assert check(run) == []


def test_reports_name_the_line_of_the_import(project: Git, run: Run) -> None:
    sarif = json.loads(run("check", "--output-format=sarif").out)
    location = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "core/model.py"
    assert location["region"]["startLine"] == 2
    assert "file=core/model.py,line=2" in run("check", "--output-format=github").out


@pytest.mark.parametrize(
    ("layout", "told"),
    [
        ("layers: [apis/, core/]", "3:12: no such directory: `apis/`; did you mean `api/`?"),
        ("layers: [api/, core/, api/]", "3:25: `api/` is in two layers (see line 3)"),
        ("layers: [api/]", "3:11: one layer has no direction; list at least two, the outermost first"),
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
def test_bad_input(layout: str, told: str, project: Git, run: Run) -> None:
    text = f"tree: {{.: {{unlisted: allow}}, services/<service>/: }}\nimports:\n  {layout}\n"
    (project.path / "structlint.yaml").write_text(text)
    done = run("check")
    assert done.status == 2
    assert f"structlint.yaml:{told}" in done.err


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("errors", "write `errors.py` for the file"),
        ("api.views", "write `api/views.py` for the file"),
        ("web/db", "write `web/db.ts` for the file"),
        ("chart.js", "move the file into a directory"),
    ],
)
def test_a_file_that_is_written_like_a_module(name: str, hint: str, project: Git, run: Run) -> None:
    (project.path / "web").mkdir()
    for path in ("errors.py", "api/views.py", "web/db.ts", "chart.js"):
        (project.path / path).write_text("")
    text = f"tree: {{.: {{unlisted: allow}}}}\nimports:\n  never: {{core/: {{{name}: }}}}\n"
    (project.path / "structlint.yaml").write_text(text)
    (line,) = check(run)
    assert line.startswith(f"structlint.yaml:3: warning: `{name}` is read as an external module")
    assert line.endswith(hint)


def test_a_file_in_the_root_and_a_module_like_a_file(project: Git, run: Run) -> None:
    (project.path / "errors.py").write_text("")
    (project.path / "core/a.py").write_text("import errors\n")
    never = "{core/: {errors.py: , github.com/nats-io/nats.go: }}"
    text = f"tree: {{.: {{unlisted: allow}}}}\nimports: {{never: {never}}}\n"
    (project.path / "structlint.yaml").write_text(text)
    (line,) = check(run)
    assert line.startswith("core/a.py:1: error: forbidden import of `errors.py`")


@pytest.mark.parametrize("name", ["api", "api.views", "api/views"])
def test_a_directory_that_is_written_like_a_module(name: str, project: Git, run: Run) -> None:
    (project.path / "api/views").mkdir()
    (project.path / "api/views/a.py").write_text("")
    text = f"tree: {{.: {{unlisted: allow}}}}\nimports:\n  never: {{core/: {{{name}: }}}}\n"
    (project.path / "structlint.yaml").write_text(text)
    (line,) = check(run)
    assert line.startswith(f"structlint.yaml:3: warning: `{name}` is read as an external module")
    assert line.endswith(f"-- write `{name.replace('.', '/')}/` for the directory")


def test_never_narrows_what_layers_allow(project: Git, run: Run) -> None:
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


def test_a_plain_path_that_the_tree_lists_is_asked_for_there(project: Git, run: Run) -> None:
    text = "tree: {.: {unlisted: allow}, web/?: }\nimports:\n  layers: [web/, api/, core/]\n"
    (project.path / "structlint.yaml").write_text(text)
    first, second = check(run)
    assert first == WRONG
    assert second.startswith("structlint.yaml:3: warning: `web/` matches nothing")


def test_what_another_layout_brings_may_match_nothing(project: Git, run: Run) -> None:
    (project.path / "team.yaml").write_text(LAYOUT.replace("[api/,", "[web/, api/,"))
    (project.path / "structlint.yaml").write_text("extends: ./team.yaml\n")
    assert check(run) == [WRONG]


def test_files_that_are_not_read(project: Git, run: Run) -> None:
    core = project.path / "core"
    (core / "bundle.js").write_bytes(b"var a;" * 500_000)
    (core / "wide.py").write_bytes("import api.views".encode("utf-16"))
    (core / "model.py").write_bytes(b"x = (\nfrom api import views\n<<<<<<< HEAD\n")
    (core / "deep.py").write_bytes(b"import api.views\nx = " + b"[" * 100_000)
    (core / "long.py").write_bytes(b"x = 1;" * 100_000 + b"import api.views\n")
    assert check(run) == [
        f"core/bundle.js:1: warning: imports not checked: it is larger than 2 MiB {UNSEEN}",
        f"core/deep.py:1: warning: cannot be parsed; lines that look like imports count as imports {UNSEEN}",
        WRONG.replace("model.py:2", "deep.py:1"),
        f"core/long.py:1: warning: cannot be parsed; lines that look like imports count as imports {UNSEEN}",
        WRONG.replace("model.py:2", "long.py:1"),
        WRONG,
        f"core/wide.py:1: warning: imports not checked: it is not UTF-8 text {UNSEEN}",
    ]


def test_a_component_by_the_line_of_its_import(project: Git, run: Run) -> None:
    (project.path / "api/b.ts").write_text("")
    text = '<template>\n</template>\n<script lang="ts">\nimport x from "../api/b"\n</script>\n'
    (project.path / "core/model.py").write_text("")
    (project.path / "core/a.vue").write_text(text)
    assert check(run) == [
        "core/a.vue:4: error: forbidden import of `api/b.ts`: `core/` must not import `api/`",
    ]


def test_a_link_is_not_read_and_a_linked_file_is_found(project: Git, run: Run) -> None:
    (project.path / "core/same.py").symlink_to("model.py")
    (project.path / "core/away.py").symlink_to("/etc/passwd")
    assert check(run) == [WRONG]


def test_imports_for_types_only(project: Git, run: Run) -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from api import views\n"
    (project.path / "core/model.py").write_text(text)
    assert check(run) == [WRONG.replace(":2", ":3")]
    (project.path / "structlint.yaml").write_text(LAYOUT + "  types: allowed\n")
    assert check(run) == []


def test_show_config_can_be_used_again(project: Git, run: Run, tmp_path: Path) -> None:
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


def test_merging(project: Git, run: Run) -> None:
    far = "imports:\n  layers: [api/, core/]\n  never: {core/: {requests: , flask: }, api/: {flask: }}\n"
    (project.path / "team.yaml").write_text(f"tree: {{.: {{unlisted: allow}}}}\n{far}")
    near = "imports:\n  layers: false\n  never: {core/: {requests: false, os: no system}, api/: false}\n"
    (project.path / "structlint.yaml").write_text(f"extends: ./team.yaml\n{near}")
    (project.path / "core/model.py").write_text("import requests, flask, os\nfrom api import views\n")
    (project.path / "api/views.py").write_text("import flask\n")
    found = [line.partition(" (")[0] for line in check(run)]
    assert found == [
        "core/model.py:1: error: forbidden import of `flask`: `core/` must not import `flask`",
        "core/model.py:1: error: forbidden import of `os`: `core/` must not import `os`: no system",
    ]


def test_where(project: Git, run: Run) -> None:
    text = """\
tree: {.: {unlisted: allow}, services/<service>/: }
imports:
  layers: [api/, core/]
  apart: {services/<service>/: {through: services/<service>/api/, why: alone}}
  never: {core/: {requests: no network}}
"""
    (project.path / "structlint.yaml").write_text(text)
    paths = ["core/new.py", "api/new.py", "services/a/x.py", "README.md"]
    done = run("where", "--imports", *paths)
    told = [line.strip() for line in done.out.splitlines() if line.startswith("  ")]
    assert told == [
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


def test_each_statement_is_read_once(project: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []

    def counted(self: Python, data: bytes) -> Iterator[Import]:
        read.append(data)
        return scan(data)

    monkeypatch.setattr(Python, "scan", counted)
    harmless = "import os, re\nfrom core.part import (\n    a,\n)\n"
    for number in range(20):
        (project.path / f"core/part{number}.py").write_text(f"# the import of {number}\n{harmless}")
    assert check(run) == [WRONG]
    whole = b"import os\nfrom api import views\n"  # the file with the finding
    statements = {text for text in read if not text.startswith(b"#")}
    assert statements == {b"import os, re", b"from core.part import (\n    a,\n)", *whole.splitlines(), whole}
    assert len(read) == len(statements) + 20


def test_an_empty_file_and_one_that_no_rule_restricts_are_not_scanned(
    project: Git, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(Python, "statements", lambda self, data: read.append(data))
    (project.path / "core/empty.py").write_text("")
    (project.path / "other.py").write_text("import api.views\n")
    assert check(run) == [WRONG]
    assert read == [b"import os\nfrom api import views\n"]
