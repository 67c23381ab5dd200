"""Each construct of the layout language works in every command."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from test_language import Findings, found  # noqa: F401 - a fixture

from structlint.layout.schema import layout_schema


class Construct(NamedTuple):
    """A layout and files, as `path` or `path=content`, and the expected output of each command."""

    layout: str
    files: str
    shown: dict[str, str]


CONSTRUCTS = {
    "if": Construct(
        "tree: {.: {unlisted: forbid}, <svc>/?: {.: {if: Dockerfile | go.mod}, README.md: }}",
        "a/go.mod b/x",
        {
            "check .": "a/README.md: error: missing file",
            "where a/": "it contains `go.mod`",
            "where b/": "does not contain `Dockerfile` or `go.mod`",
            "where c/": "if it contains `Dockerfile` or `go.mod`",
            "fix --diff": "create  a/README.md",
            "new svc c --diff": "create  c/go.mod",
            "tree .": "README.md",
            "check . --show-config": '{if: "Dockerfile | go.mod"}',
        },
    ),
    "holds": Construct(
        "tree: {src/: {.: {holds: '**/domain/'}}}",
        "src/a/b",
        {
            "check .": "`src/` does not contain `**/domain/`",
            "where src/domain/": "allowed",
            "fix --diff": "needs your decision",
            "tree .": "domain",
            "check . --show-config": 'holds: "**/domain/"',
        },
    ),
    "a closed `**/`": Construct(
        "tree: {src/: {'**/': {.: {unlisted: forbid}, '*.py?': , '*/?': }}}",
        "src/a/b.py src/a/c.txt",
        {
            "check .": "src/a/c.txt: error: unlisted file",
            "where src/a/c.txt": "not allowed",
            "where src/a/d.py": "allowed",
            "tree .": "c.txt",
            "check . --show-config": ".: {unlisted: forbid}",
        },
    ),
    "several cases": Construct(
        "names: {m: {case: [camelCase, PascalCase]}}\ntree: {src/: {<m>.ts?: }}",
        "src/a_b.ts",
        {
            "check .": "rename it to `src/aB.ts` or `src/AB.ts`",
            "where src/c-d.ts": "is not camelCase or PascalCase",
            "new m e_f --diff": "",
            "tree .": "a_b.ts",
            "check . --show-config": "{case: [camelCase, PascalCase]}",
        },
    ),
    "numbers": Construct(
        "names: {n: {unique: true, consecutive: true}}\n"
        "tree: {db/: {.: {unlisted: forbid}, <n>_<what>.sql: }}",
        "db/001_a.sql db/003_b.sql",
        {
            "check .": "number gap; `<n>` 002 does not exist",
            "where db/004_x.sql": "allowed",
            "where db/x_y.sql": "not allowed",
            "new what c --diff": "create  db/004_c.sql",
            "tree .": "003_b.sql",
            "check . --show-config": "unique: true, consecutive: true",
        },
    ),
    "from": Construct(
        "names: {m: {from: package.json#/workspaces}}\ntree: {package.json: , libs/: {<m>/: }}",
        'package.json={"workspaces":["libs/a","libs/c"]} libs/a/x libs/b/x',
        {
            "check .": "package.json:1: error: `libs/c` does not exist",
            "where libs/b/": "`package.json` does not list it",
            "tree .": "b/",
            "check . --show-config": '{from: "package.json#/workspaces"}',
        },
    ),
    "references": Construct(
        "tree: {.: {unlisted: allow}}\nreferences: [CODEOWNERS, a.json#/x]",
        'CODEOWNERS=/gone/ a.json={"x":["b"]}',
        {
            "check .": "CODEOWNERS:1: error: `/gone/` matches nothing",
            "tree .": "CODEOWNERS",
            "check . --show-config": '- "CODEOWNERS"',
        },
    ),
    "a file or a directory": Construct(
        "tree: {docs/ ^ docs.md: , x/?: }",
        "x/y",
        {
            "check .": "expected `docs/` or `docs.md`",
            "where docs.md": "allowed",
            "fix --diff": "create  docs/.gitkeep",
            "tree .": "docs/ | docs.md",
            "check . --show-config": "docs/ ^ docs.md:",
        },
    ),
    "a placeholder for paths": Construct(
        "tree: {src/: {<d**>/: {<m>.py?: }}, tests/: {<d**>/: {test_<m>.py: }}}",
        "src/a/b.py tests/x",
        {
            "check .": "tests/a/test_b.py: error: missing file; required because `src/a/b.py` exists",
            "where tests/a/test_c.py": "orphan",
            "where tests/a/test_b.py": "allowed",
            "fix --diff": "create  tests/a/test_b.py",
            "new m c --with d=a --diff": "create  src/a/c.py",
            "tree .": "│   └── a/\n│       └── <m>.py",
            "check . --show-config": '"<d**>/":',
        },
    ),
    "without": Construct(
        "tree: {a.lock?: {without: b.lock}, b.lock?: }",
        "a.lock b.lock",
        {
            "check .": "conflicts with `b.lock`",
            "fix --diff": "needs your decision",
            "tree .": "conflicts with `b.lock`",
            "check . --show-config": "a.lock?: {without: [b.lock]}",
        },
    ),
    "severity of a part": Construct(
        "tree: {a/: {.: {unlisted: forbid}, x?: }}\nseverity: {stray-file: {/a/: warning}}",
        "a/b",
        {
            "check .": "a/b: warning: unlisted file",
            "where a/b": "unlisted file",
            "tree .": "b",
            "check . --show-config": 'stray-file: {"/a/": warning}',
        },
    ),
    "composed layouts": Construct(
        "extends: [./l/one.yaml, ./l/two.yaml]\ntree: {l/: }",
        "l/one.yaml=tree:{app/:{<p>/:{one:}}} l/two.yaml=tree:{app/:{x/?:{two:}}} app/x/y",
        {
            "check .": "app/x/one: error: missing file",
            "where app/x/": "allowed",
            "fix --diff": "create  app/x/two",
            "tree .": "one",
            "check . --show-config": "# Combined from several layouts",
        },
    ),
}
CELLS = [(name, command) for name, construct in CONSTRUCTS.items() for command in construct.shown]


@pytest.mark.parametrize(("name", "command"), CELLS)
def test_construct_in_command(found: Findings, name: str, command: str) -> None:  # noqa: F811
    construct = CONSTRUCTS[name]
    files = dict([*file.split("=", 1), ""][:2] for file in construct.files.split())
    git = found.make(construct.layout, " ".join(files))
    for file, text in files.items():
        (git.path / file).write_text(text.replace(":{", ": {").replace(":}", ": }"))
    git("add", "-A")
    git("commit", "-qm", "x")
    arguments = command.split()
    result = found.run(*arguments, *(["--output-format", "concise"] if command == "check ." else []))
    assert construct.shown[command] in result.out + result.err
    assert result.status in (0, 1) or not construct.shown[command]


# Paths of settings in the schema.
SETTING_PATHS = [
    *(("properties", key) for key in ("references", "severity", "extends", "exclude")),
    *(("definitions", "itself", "properties", key) for key in ("if", "holds", "unlisted", "needs")),
    ("definitions", "file-entry", "properties", "without"),
]


@pytest.mark.parametrize("setting_path", SETTING_PATHS, ids="/".join)
def test_schema_has_a_description_and_an_example(setting_path: tuple[str, ...]) -> None:
    schema = layout_schema()
    part = schema
    for step in setting_path:
        part = part[step]
    if "$ref" in part:
        part = {**schema["definitions"][part["$ref"].rpartition("/")[2]], **part}
    assert part["description"]
    values = part.get("additionalProperties") or {}  # of a setting with arbitrary keys
    named = schema["definitions"][values["$ref"].rpartition("/")[2]] if "$ref" in values else values
    assert any(described.get(key) for described in (part, named) for key in ("examples", "enum", "oneOf"))


# A layout with a misspelled word, and the suggested word.
MISSPELLED = {
    "if": ("tree: {a/: {.: {iff: b}}}", "`if`"),
    "holds": ("tree: {a/: {.: {hold: b}}}", "`holds`"),
    "unlisted": ("tree: {a/: {.: {unlisted: forbidd}}}", "`forbid`"),
    "case": ("names: {a: {case: kebab-cas}}\ntree: {<a>/: }", "`kebab-case`"),
    "unique": ("names: {a: {uniqe: true}}\ntree: {<a>/: }", "`unique`"),
    "consecutive": ("names: {a: {consecutiv: true}}\ntree: {<a>/: }", "`consecutive`"),
    "from": ("names: {a: {form: x.json#/a}}\ntree: {<a>/: }", "`from`"),
    "references": ("refrences: x.json#/a", "`references`"),
    "without": ("tree: {a: {witout: b}}", "`without`"),
    "severity": ("severity: {stray-file: {src/: warnin}}", "`warning`"),
}


@pytest.mark.parametrize(("layout", "suggested"), MISSPELLED.values(), ids=MISSPELLED)
def test_misspelled_word(found: Findings, layout: str, suggested: str) -> None:  # noqa: F811
    found.make(layout, "a")
    result = found.run("check", ".")
    assert result.status == 2
    assert f"did you mean {suggested}?" in result.err


CONFLICTS = {
    "excluded by an existing file": ("tree: {a?: {without: b}, b?: }", "a", "b", "conflicts with `a`"),
    "excludes an existing file": ("tree: {a?: {without: b}, b?: }", "b", "a", "conflicts with `b`"),
    "another alternative": ("tree: {c ^ d?: }", "c", "d", "conflicts with `c`"),
    "a number that is in use": (
        "names: {n: {unique: true}}\ntree: {m/: {<n>_<t>.sql: }}",
        "m/1_b.sql",
        "m/1_a.sql m/1_c.sql",
        "duplicate name; `m/1_b.sql` has the same `<n>`",
    ),
}


@pytest.mark.parametrize(("layout", "existing", "new", "problem"), CONFLICTS.values(), ids=CONFLICTS)
def test_where_reports_conflicts(
    found: Findings,  # noqa: F811
    layout: str,
    existing: str,
    new: str,
    problem: str,
) -> None:
    found.make(layout, existing)
    for path in new.split():
        result = found.run("where", path)
        assert result.status == 1
        assert f"{path}: not allowed; {problem}" in result.out
    assert found.run("where", existing).status == 0


def test_where_sorts_conflicting_alternatives(
    found: Findings,  # noqa: F811
) -> None:
    found.make("tree: {a ^ b ^ c?: }", "a b")
    assert "c: not allowed; conflicts with `a` and `b`; only one of them" in found.run("where", "c").out


def test_first_of_two_conflicting_files_is_reported(found: Findings) -> None:  # noqa: F811
    layout = "tree: {<x>/?: {<any>.ts?: }, <any>.<any>.md?: , '*.md?': {without: '*.md'}}"
    assert found(layout, "cart.cart.md page.md") == ["error conflicting-entries cart.cart.md"]
