"""`--changed` reports each finding that a change causes, wherever it is, and none that existed before."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from conftest import Git, Make, Run, write

CONTROL = {"old.bak": "", "kept/x.bak": ""}
BASELINE = "structlint-baseline.json"


def accepting(*paths: str) -> str:
    items = [{"rule": "forbidden-path", "path": path, "which": "forbid *.bak"} for path in paths]
    return json.dumps({"version": 1, "findings": items})


FORBID = 'forbid: {"*.bak": }\n'
ANY = '"**/": {"*?": }, "*/?": , "*?": '
CASES: dict[str, tuple[str, Mapping[str, str], Mapping[str, str | None], list[str]]] = {
    "a file meets an `if`": (
        'tree: {svc/: {<s>/?: {.: {if: Dockerfile}, README.md: }, "*/?": }, "*/?": , "*?": }',
        {"svc/y/main.py": "", "svc/x/Dockerfile": ""},
        {"svc/y/Dockerfile": ""},
        ["svc/y/README.md"],
    ),
    "a file no longer meets an `if`": (
        'tree: {svc/: {<s>/?: {.: {if: Dockerfile}}}, "*/?": , "*?": }',
        {"svc/y/Dockerfile": "", "svc/y/a.py": ""},
        {"svc/y/Dockerfile": None},
        ["svc/y/"],
    ),
    "a path that `holds` names is deleted": (
        'tree: {sub/: {.: {holds: "**/z.md", unlisted: allow}}, "*/?": , "*?": }',
        {"sub/d/z.md": "", "sub/d/o": ""},
        {"sub/d/z.md": None},
        ["sub/**/z.md"],
    ),
    "a referenced file is deleted": (
        f"tree: {{{ANY}}}\nreferences: [package.json#/refs]",
        {"package.json": '{"refs": ["src/r.md", "src/gone.md"]}', "src/r.md": "", "src/s.md": ""},
        {"src/r.md": None},
        ["package.json"],
    ),
    "a number is deleted": (
        'names: {n: {consecutive: true}}\ntree: {num/: {<n>_<t>.sql: }, "*/?": , "*?": }',
        {"num/1_a.sql": "", "num/2_b.sql": "", "num/3_c.sql": ""},
        {"num/2_b.sql": None},
        ["num/3_c.sql"],
    ),
    "a number next to a gap is deleted": (
        'names: {n: {consecutive: true}}\ntree: {num/: {<n>_<t>.sql: }, "*/?": , "*?": }',
        {"num/1_a.sql": "", "num/2_b.sql": "", "num/4_c.sql": ""},
        {"num/2_b.sql": None},
        ["num/4_c.sql"],
    ),
    "the defining entry of a placeholder is deleted": (
        'tree: {s/: {<s>/: }, k/: {<s>.yaml: }, "*/?": , "*?": }',
        {"s/a/x": "", "s/b/x": "", "k/a.yaml": "", "k/b.yaml": ""},
        {"s/a/x": None},
        ["k/a.yaml"],
    ),
    "a file that `needs` another is added": (
        'tree: {src/: {"*.c?": {needs: "/doc/manual.md"}, "*?": }, doc/?: , "*/?": , "*?": }',
        {"src/a.h": ""},
        {"src/a.c": ""},
        ["doc/manual.md"],
    ),
    "a module is added that makes an import internal": (
        f"tree: {{{ANY}}}\nimports: {{never: {{domain/: {{api/: }}}}}}",
        {"domain/a.py": "import api.views\n", "api/other.md": ""},
        {"api/views.py": ""},
        ["domain/a.py"],
    ),
    "a variable of a compose file changes": (
        f"tree: {{{ANY}}}",
        {
            "compose.yaml": "services:\n"
            '  a: {image: x, ports: ["${PORT}:80"]}\n'
            '  b: {image: x, ports: ["8001:80"]}\n',
            ".env": "PORT=8000\n",
        },
        {".env": "PORT=8001\n"},
        ["compose.yaml"],
    ),
    "a baseline is deleted": (
        f"tree: {{{ANY}}}",
        {BASELINE: accepting("old.bak")},
        {BASELINE: None},
        ["old.bak"],
    ),
    "a finding is removed from a baseline": (
        f"tree: {{{ANY}}}",
        {BASELINE: accepting("old.bak", "kept/x.bak")},
        {BASELINE: accepting("old.bak")},
        ["kept/x.bak"],
    ),
    "a finding is added to a baseline": (
        f"tree: {{{ANY}}}",
        {BASELINE: accepting("old.bak")},
        {BASELINE: accepting("old.bak", "kept/x.bak")},
        [],
    ),
    "a file is added where one was missing already": (
        'tree: {a/: {README.md: , "*?": }, "*/?": , "*?": }',
        {"a/x": ""},
        {"a/y": ""},
        [],
    ),
}  # fmt: skip


def paths_of(run: Run, *arguments: str) -> list[str]:
    findings = json.loads(run("check", *arguments, "--output-format=json").out)["findings"]
    return sorted(finding["path"] for finding in findings)


def change(git: Git, files: Mapping[str, str | None]) -> None:
    write(git.path, {name: text for name, text in files.items() if text is not None})
    for name, text in files.items():
        if text is None:
            (git.path / name).unlink()


@pytest.mark.parametrize(("nested", "staged"), [("", False), ("inner/", True)])
@pytest.mark.parametrize(("layout", "files", "changes", "caused"), CASES.values(), ids=list(CASES))
def test_findings_of_a_change(
    layout: str,
    files: Mapping[str, str],
    changes: Mapping[str, str | None],
    caused: list[str],
    nested: str,
    staged: bool,
    repository: Make,
    run: Run,
) -> None:
    before = {"structlint.yaml": f"{layout}\n{FORBID}", **CONTROL, **files}
    git = repository({nested + name: text for name, text in before.items()})
    git("commit", "-q", "-m", "one")
    earlier = paths_of(run, str(git.path))
    assert paths_of(run, str(git.path), "--changed") == []
    change(git, {nested + name: text for name, text in changes.items()})
    if staged:
        git("add", "-A")
    more = ["--tracked"] if staged else []
    now = paths_of(run, str(git.path), *more)
    reported = paths_of(run, str(git.path), "--changed", *more)
    assert reported == [nested + path for path in caused]
    assert {*now} - {*earlier} <= {*reported} <= {*now}


ONE, TWO = "tree: {.: {unlisted: allow}, a: }\n", "tree: {.: {unlisted: allow}, a: , b: }\n"
LINKED: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "the layout": ({"structlint.yaml": "one.yaml"}, {}),
    "an extended layout": ({"far.yaml": "one.yaml"}, {"structlint.yaml": "extends: ./far.yaml"}),
    "a link to a link": ({"structlint.yaml": "far.yaml", "far.yaml": "one.yaml"}, {}),
    "a directory": ({"far": "near"}, {"structlint.yaml": "extends: ./far/one.yaml"}),
    "the layout that `pyproject.toml` names": (
        {"far.yaml": "one.yaml"},
        {"pyproject.toml": "[tool.structlint]\nlayout = 'far.yaml'\n"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("retargeted", [False, True], ids=["file changed", "link changed"])
@pytest.mark.parametrize(("links", "files"), LINKED.values(), ids=list(LINKED))
def test_layout_behind_a_link_is_changed(
    links: Mapping[str, str], files: Mapping[str, str], retargeted: bool, repository: Make, run: Run
) -> None:
    contents = {"one.yaml": ONE, "two.yaml": TWO, "near/one.yaml": ONE, "other/one.yaml": TWO}
    git = repository({**contents, **files, "a": ""})
    for path, target in links.items():
        (git.path / path).symlink_to(target)
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    assert paths_of(run, str(git.path), "--changed") == []
    if retargeted:
        path, target = list(links.items())[-1]
        (git.path / path).unlink()
        (git.path / path).symlink_to({"one.yaml": "two.yaml", "near": "other"}[target])
    else:
        write(git.path, {"one.yaml": TWO, "near/one.yaml": TWO})
    assert paths_of(run, str(git.path), "--changed") == ["b"]
