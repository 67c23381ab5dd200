"""`structlint init`: the written layout, the messages, and the files that it does not change."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest
from conftest import Git, Make, Run, write

from structlint.cli import init

PAGE = (Path(__file__).parent.parent / "docs" / "init.md").read_text(encoding="utf-8")

Project = Callable[[Mapping[str, str]], Git]

SERVICES = {
    f"services/{name}/{file}": ""
    for name in ("auth", "billing", "cart", "mail", "search")
    for file in ("Dockerfile", "package.json", "README.md", "src/index.ts")
}
MICROSERVICES = {"README.md": "", ".gitignore": ".env\n", **SERVICES}

DOCUMENT = """\
# Shop

## Project structure

```
shop/
├── README.md       # Start here
├── services/
│   ├── cart/       # What will be bought
│   │   └── main.go
│   └── mail/
│       └── main.go
└── docs/           # (optional)
```
"""


@pytest.fixture
def project(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Create a repository and change into it."""

    def make(files: Mapping[str, str]) -> Git:
        git = repository(files)
        monkeypatch.chdir(git.path)
        return git

    return make


def names(git: Git) -> list[str]:
    return sorted(each.name for each in git.path.iterdir())


FITTED: dict[str, tuple[dict[str, str], str, str]] = {
    "everything matches": (
        MICROSERVICES,
        """\
        # Written by `structlint init`. Edit it as needed.
        # It builds on
        #   node: services/auth/package.json, services/auth/src/index.ts
        #   microservices: services/auth/Dockerfile, services/auth/package.json

        extends: [node, microservices]

        tree:
          # none in the root
          "*.ts": false
          "**/":
            "*.csv | *.docx | *.ipynb | *.pdf | *.sql | *.xlsx | *notes*.txt | *todo*.txt?":
              about: Data or notes
              without: "*.ts"
          services/?:
            <service>/:
              Dockerfile:
              package.json:
              src/index.ts:
              "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.ts", holds: "*.md | *.rst | **/package.json"}
        """,
        """\
        wrote structlint.yaml
        It builds on
          node: services/auth/package.json, services/auth/src/index.ts
          microservices: services/auth/Dockerfile, services/auth/package.json
        checked: 11 of 11 directories
        next: structlint check .
        """,
    ),
    "additional, missing and problematic files": (
        {
            **{path: text for path, text in MICROSERVICES.items() if not path.endswith("README.md")},
            "notes.xyz": "",
            "PLAN.md": "",
            "billing-data/a.csv": "",
            "old.orig": "",
        },
        """\
        # Written by `structlint init`. Edit it as needed.
        # It builds on
        #   node: services/auth/package.json, services/auth/src/index.ts
        #   microservices: services/auth/Dockerfile, services/auth/package.json

        extends: [node, microservices]

        tree:
          # none in the root
          "*.ts": false
          "**/":
            "*.csv | *.docx | *.ipynb | *.pdf | *.sql | *.xlsx | *notes*.txt | *todo*.txt?":
              about: Data or notes
              without: "*.ts"
          billing-data/?:
          services/?:
            <service>/:
              Dockerfile:
              package.json:
              README.md?:
              src/index.ts:
              "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .: {if: "**/*.ts", holds: "*.md | *.rst | **/package.json"}
        """,
        """\
        wrote structlint.yaml
        It builds on
          node: services/auth/package.json, services/auth/src/index.ts
          microservices: services/auth/Dockerfile, services/auth/package.json
        skipped; not added to the layout: old.orig (left over from a merge)
        added as optional, because no bundled layout lists them: billing-data/
        loosened:
          services/<service>/README.md: optional, as 5 of 5 lack it
        needs your decision:
          old.orig: forbidden by the layout: left over from a merge
          README.md: missing file: Purpose and first steps; expected `README.md`, `README.rst`, \
`README.adoc`, `README.txt` or one of 4 others
          notes.xyz: unlisted file
        checked: 11 of 12 directories; any name is allowed in billing-data/
        next: structlint check .
        """,
    ),
    "a different case, and an exception": (
        {
            "README.md": "",
            ".gitignore": ".env\n",
            **{
                f"services/{name}/{file}": ""
                for name in ("user_auth", "user_mail", "order_list", "order_item", "big_cart", "BigData")
                for file in ("Dockerfile", "README.md")
            },
        },
        """\
        # Written by `structlint init`. Edit it as needed.
        # It builds on
        #   microservices: services/BigData/Dockerfile

        extends: microservices

        tree:
          services/?:
            <service>/:
              Dockerfile:
        """,
        """\
        wrote structlint.yaml
        It builds on
          microservices: services/BigData/Dockerfile
        needs your decision:
          services/BigData/: `BigData` is not kebab-case or snake_case: One service, deployed separately
        checked: 7 of 7 directories
        next: structlint check .
        """,
    ),
    "no layout fits": (
        {"README.md": "", ".gitignore": ".env\n", "x.zig": "", **{f"{part}/a.zig": "" for part in "pqrstu"}},
        """\
        # Written by `structlint init`. Edit it as needed.
        # It builds on base; no other bundled layout describes this repository.

        extends: base

        tree:
          README.md:
          x.zig?:
          p/?:
          q/?:
          r/?:
          s/?:
          t/?:
          u/?:
          "*/?":
        """,
        """\
        wrote structlint.yaml
        It builds on base; no other bundled layout describes this repository.
        added as optional, because no bundled layout lists them: p/, q/, r/, s/, t/, and 2 more
        checked: 0 of 6 directories; any name is allowed in p/, q/, r/, s/, t/, and 1 more
        next: structlint check .
        """,
    ),
}


@pytest.mark.parametrize(("files", "layout", "message"), FITTED.values(), ids=FITTED)
def test_best_fitting_bundled_layout(
    files: dict[str, str], layout: str, message: str, project: Project, run: Run
) -> None:
    git = project(files)
    assert run("init") == (0, "", dedent(message))
    assert (git.path / "structlint.yaml").read_text() == dedent(layout)
    has_decisions = "needs your decision" in message
    assert run("check", ".", "-q", "--output-format", "concise").status == has_decisions


ODD = {f"services/odd/{file}": "" for file in ("Dockerfile", "README.md", "src/index.ts")}
EXAMPLE = {**MICROSERVICES, **ODD, "billing-data/a.csv": "", "notes.txt": "", "old.orig": ""}


def test_example_in_the_documentation(project: Project, run: Run) -> None:
    git = project(EXAMPLE)
    assert f"```text\n{run('init').err}```\n" in PAGE
    assert f"```text\n{(git.path / 'structlint.yaml').read_text()}```\n" in PAGE
    found = run("check", ".", "-q", "--output-format", "concise").out
    assert [line.partition(":")[0] for line in found.splitlines()] == [
        "notes.txt",
        "old.orig",
        "services/odd/package.json",
    ]


def test_infer_has_no_effect(project: Project, run: Run) -> None:
    project(EXAMPLE)
    status, out, err = run("init", "--infer", "-o", "-")
    assert (status, out) == (0, run("init", "-o", "-").out)
    assert err.startswith("note: --infer has no effect; `init` always learns from the repository\n")


def test_layout_option(project: Project, run: Run) -> None:
    project(EXAMPLE)
    assert (
        "\nextends: [python, service]\n" in run("init", "-l", "python", "--layout", "service", "-o", "-").out
    )
    status, _, err = run("init", "--layout", "pyhton", "-o", "-")
    assert (status, err) == (2, "structlint: unknown layout `pyhton`; did you mean `python`?\n")


def test_bare_lists_everything(project: Project, run: Run) -> None:
    git = project({"README.md": "", ".gitignore": "", "a.zig": "", "src/b.zig": ""})
    assert run("init", "--bare").err.splitlines()[1] == "It does not build on a bundled layout."
    layout = (git.path / "structlint.yaml").read_text()
    assert layout.partition("\n\n")[2] == "tree:\n  README.md:\n  .gitignore?:\n  a.zig?:\n  src/?:\n"
    assert run("check", ".").status == 0


CHANGED = """\
--- a/structlint.yaml
+++ b/structlint.yaml
@@ -22,6 +22,7 @@
       src/index.ts:
       "*/?":
   tests/?:
+  web/?:
   # a new directory with code needs a page or a manifest
   <addition>/?:
     .: {if: "**/*.ts", holds: "*.md | *.rst | **/package.json"}
"""


def test_second_run_prints_changes(project: Project, run: Run) -> None:
    git = project(EXAMPLE)
    assert run("init", "-q").status == 0
    before = (git.path / "structlint.yaml").read_bytes()
    assert run("init") == (0, "", run("init").err)
    assert run("init").err.endswith("`structlint.yaml` exists and was not changed; it is up to date\n")
    write(git.path, {"web/x.q": ""})
    status, out, err = run("init")
    assert (status, out) == (0, CHANGED)
    assert err.endswith("exists and was not changed; apply the changes that you want\n")
    assert (git.path / "structlint.yaml").read_bytes() == before


def test_second_run_patches_an_edited_layout(project: Project, run: Run) -> None:
    git = project(EXAMPLE)
    run("init", "-q")
    layout = git.path / "structlint.yaml"
    refined = layout.read_text().replace("tree:\n", "tree:\n  # ours\n  justfile?: What to run\n", 1)
    layout.write_text(refined)
    git("add", "-A")
    git("commit", "-qm", "layout")
    assert run("init").out == ""
    assert "; nothing to add since its last commit (" in run("init").err
    write(git.path, {"web/x.q": "", "services/new/package.json": "", "services/new/src/index.ts": ""})
    patch = run("init", "-q").out
    assert [line for line in patch.splitlines()[2:] if line[0] in "+-"] == ["+  web/?:"]
    git("apply", patch_file(git, patch))
    assert layout.read_text() == refined.replace("  # a new", "  web/?:\n  # a new")
    assert run("init").out == ""


def test_second_run_with_an_extended_layout_in_a_parent(project: Project, run: Run) -> None:
    git = project({"team.yaml": "names: {a: kebab-case}\n", **{f"shop/{path}": "" for path in EXAMPLE}})
    run("init", "-q", "shop")
    layout = git.path / "shop/structlint.yaml"
    layout.write_text(f"{layout.read_text()}limits: {{depth: 9}}\n".replace("[node,", "[../team.yaml, node,"))
    git("add", "-A")
    git("commit", "-qm", "layout")
    write(git.path, {"shop/web/x.q": ""})
    patch = run("init", "-q", "shop").out
    assert run("init", "shop").err.endswith("next: structlint init -q shop | git -C shop apply\n")
    git("-C", "shop", "apply", patch_file(git, patch))
    assert "  web/?:\n" in layout.read_text()
    assert "[../team.yaml, node," in layout.read_text()


def patch_file(git: Git, patch: str) -> str:
    file = git.path.parent / "changes.patch"
    file.write_text(patch)
    return str(file)


def test_second_run_lists_changes_that_do_not_apply(project: Project, run: Run) -> None:
    git = project({**EXAMPLE, "structlint.yaml": "tree: {README.md: }\n"})
    git("commit", "-qm", "layout")
    write(git.path, {"web/x.q": ""})
    status, out, err = run("init")
    assert (status, out) == (0, "")
    first, second, last = err.splitlines()
    assert first.endswith(" that do not apply to the current layout:")
    assert (second, last) == ("  +   web/?:", "`structlint.yaml` exists and was not changed; edit it by hand")


def test_baseline_is_suggested_for_many_findings(project: Project, run: Run) -> None:
    project({**EXAMPLE, **{f"{number}.orig": "" for number in range(12)}})
    last = run("init").err.splitlines()[-1]
    assert last == "next: structlint check . --update-baseline, which accepts these 15 findings"
    assert run("check", ".", "--update-baseline").status == 0
    assert run("check", ".", "-q").status == 0


def test_from_document(project: Project, run: Run) -> None:
    git = project({"README.md": DOCUMENT, "services/cart/main.go": "", "services/mail/x.go": ""})
    status, out, err = run("init", "--from", "README.md")
    assert (status, out) == (0, "")
    assert err.splitlines()[0] == "wrote structlint.yaml"
    assert err.splitlines()[-1] == "next: structlint check ."
    written = (git.path / "structlint.yaml").read_text()
    assert written.startswith(
        "# Written by `structlint init --from` from the tree in README.md.\n# Edit it as needed."
    )
    drawn = run("check", ".", "--layout", "README.md", "--output-format", "json")
    checked = run("check", ".", "--output-format", "json")
    assert drawn.status == checked.status == 1
    assert '"services/mail/main.go"' in drawn.out
    assert '"services/mail/main.go"' in checked.out


def test_output_to_stdout(project: Project, run: Run) -> None:
    git = project(MICROSERVICES)
    status, out, err = run("init", "-o", "-")
    assert (status, out.splitlines()[-1], err.count("\n")) == (
        0,
        '    .: {if: "**/*.ts", holds: "*.md | *.rst | **/package.json"}',
        1,
    )
    assert names(git) == [".git", ".gitignore", "README.md", "services"]
    assert run("init", "-o", "-", "-q") == (0, out, "")


@pytest.mark.parametrize(
    ("arguments", "file", "check_arguments"),
    [
        (["init", "web"], "web/structlint.yaml", "web"),
        (["init", "web", "-o", "layout.yaml"], "layout.yaml", "web --config layout.yaml"),
        (["init", "-o", ".structlint.yaml"], ".structlint.yaml", "."),
    ],
)
def test_output_path(
    arguments: list[str], file: str, check_arguments: str, project: Project, run: Run
) -> None:
    git = project({**MICROSERVICES, "web/package.json": "", "web/src/a.ts": ""})
    status, out, err = run(*arguments)
    assert (status, out, err.splitlines()[0]) == (0, "", f"wrote {file}")
    assert err.splitlines()[-1] == f"next: structlint check {check_arguments}"
    assert (git.path / file).read_text().startswith("# ")
    assert run(*err.splitlines()[-1].split()[2:]).status in (0, 1)


def test_mode_of_the_new_file(project: Project, run: Run) -> None:
    git = project(MICROSERVICES)
    before = os.umask(0o027)
    try:
        assert run("init").status == 0
    finally:
        os.umask(before)
    assert (git.path / "structlint.yaml").stat().st_mode & 0o777 == 0o640


INVALID: dict[str, tuple[list[str], dict[str, str], str]] = {
    "another file": (["init", "-o", "README.md"], {}, "`README.md` already exists"),
    "the other name": (
        ["init", "-o", ".structlint.yaml"],
        {"structlint.yaml": "x:"},
        "`structlint.yaml` already exists",
    ),
    "a directory": (["init", "-o", "services"], {}, "`services` already exists"),
    "a missing directory": (
        ["init", "-o", "no/such/x.yaml"],
        {},
        "cannot write `no/such/x.yaml`: No such file",
    ),
    "a missing path": (["init", "nowhere"], {}, "no such directory: `nowhere`"),
    "a file": (["init", "README.md"], {}, "`README.md` is a file"),
    "an empty path": (["init", ""], {}, 'no such directory: ""'),
    "two exclusive options": (["init", "--bare", "--from", "README.md"], {}, "use one of them"),
    "not a document": (["init", "--from", "x.yaml"], {}, "expected a name that ends in .md"),
    "a missing document": (["init", "--from", "x.md"], {}, "no such file: `x.md`"),
    "a document without a tree": (["init", "--from", "README.md"], {}, "README.md:1:1: no drawn tree here"),
}


@pytest.mark.parametrize(("arguments", "more", "message"), INVALID.values(), ids=INVALID)
def test_invalid_arguments(
    arguments: list[str], more: dict[str, str], message: str, project: Project, run: Run
) -> None:
    git = project({**MICROSERVICES, **more})
    before = names(git)
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert names(git) == before
    assert all((git.path / path).read_text() == text for path, text in more.items())


def test_output_ignores_an_existing_layout(project: Project, run: Run) -> None:
    git = project({**MICROSERVICES, "structlint.yaml": "extends: base\n"})
    assert "\nextends: [node, microservices]\n" in run("init", "-o", "-").out
    assert "structlint.yaml" not in run("init", "--infer", "-o", "-").out.partition("tree:")[2]
    assert (git.path / "structlint.yaml").read_text() == "extends: base\n"


def test_empty_repository_is_an_error(project: Project, run: Run) -> None:
    project({})
    for arguments in ([], ["--bare"]):
        status, _, err = run("init", *arguments)
        assert (status, "structlint: no files found, so no layout can be chosen" in err) == (2, True)
    assert "unknown layout `pythn`" in run("init", "--layout", "pythn").err


@pytest.mark.parametrize("layout", ["base", "dbt", "monorepo", "python"])
def test_empty_repository_with_a_given_layout(layout: str, project: Project, run: Run) -> None:
    """The new layout requires what the bundled one does, and allows nothing in particular."""
    project({})
    assert run("init", "--layout", layout).status == 0
    concise = ("--output-format", "concise")
    findings = run("check", ".", "-q", *concise).out
    assert findings == run("check", ".", "-q", *concise, "--layout", layout).out


@pytest.mark.parametrize("arguments", [["init"], ["init", "--infer"]])
@pytest.mark.parametrize("number", [19, 20, 30])
def test_new_layout_counts_as_a_root_file(
    arguments: list[str], number: int, project: Project, run: Run
) -> None:
    project({"README.md": "", ".gitignore": ".env\n", **{f"{at}.x": "" for at in range(number - 2)}})
    assert run(*arguments).status == 0
    assert run("check", ".", "--fail-level", "warning").status == 0


def test_gitignore_of_a_parent_applies(project: Project, run: Run) -> None:
    project({".gitignore": ".env\n", "web/README.md": "", "web/package.json": "", "web/src/a.ts": ""})
    assert "\nchecked: 0 of 1 directory; any name is allowed in src/\n" in run("init", "web", "-o", "-").err


def test_verbose_prints_the_parsed_tree(project: Project, run: Run) -> None:
    project({"README.md": DOCUMENT})
    assert "\nREADME.md:" in "\n" + run("init", "--from", "README.md", "-o", "-", "-v").err
    assert "\nREADME.md:" not in "\n" + run("init", "--from", "README.md", "-o", "-").err


def test_symlink_is_not_followed(project: Project, run: Run, tmp_path: Path) -> None:
    git = project(MICROSERVICES)
    (git.path / "structlint.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert run("init").status == 2
    assert not (tmp_path / "elsewhere.yaml").exists()


def test_file_created_meanwhile_is_not_overwritten(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = project(MICROSERVICES)
    file = git.path / "structlint.yaml"
    real = init._learned
    monkeypatch.setattr(
        init, "_learned", lambda *args, **more: (file.write_text("mine"), real(*args, **more))[1]
    )
    status, _, err = run("init")
    assert (status, err) == (2, "structlint: cannot write `structlint.yaml`: File exists\n")
    assert file.read_text() == "mine"
    assert [name for name in names(git) if name.startswith(".structlint")] == []


def test_file_system_without_hard_links(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **more: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    git = project(MICROSERVICES)
    monkeypatch.setattr(os, "link", fail)
    assert run("init").status == 0
    assert (git.path / "structlint.yaml").read_text().startswith("# Written by")
    assert [name for name in names(git) if name.startswith(".structlint")] == []


def test_invalid_generated_layout_is_not_written(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = project({"README.md": DOCUMENT})
    monkeypatch.setattr("structlint.yaml_nodes.writer.write", lambda *_: "tree: [\n")
    status, _, err = run("init", "--from", "README.md")
    assert status == 3
    assert "a bug in structlint" in err
    assert not (git.path / "structlint.yaml").exists()


def test_nested_project_is_one_entry(project: Project, run: Run) -> None:
    project({**MICROSERVICES, "odd/structlint.yaml": "extends: base\n", "odd/a/b/c.q": "", "odd/d/e.q": ""})
    assert "\n  odd/?:\n" in run("init", "-o", "-").out


def test_number_of_printed_outliers_is_limited(project: Project, run: Run) -> None:
    project({**MICROSERVICES, **{f"a{number}.orig": "" for number in range(30)}})
    lines = run("init", "-o", "-").err.splitlines()
    assert lines[-2] == "  and 10 more; list them with `structlint check`"
    assert len([line for line in lines if line.startswith("  ")]) == 21


def test_ports_of_several_systems_are_not_written(project: Project, run: Run) -> None:
    compose = "services:\n  {name}: {{image: x, ports: ['{port}:80']}}\n"
    ports = {"a": 80, "b": 80, "c": 80, "d": 8080}
    project({f"{name}/compose.yaml": compose.format(name=name, port=port) for name, port in ports.items()})
    result = run("init", "-o", "-")
    assert "ports:" not in result.out
    assert (
        "`ports` left out:\n"
        "  2 of 4 services share a port with another: these are several systems, or variants of one\n"
    ) in result.err


def test_directory_that_a_layout_cannot_list(repository: Make, run: Run) -> None:
    git = repository({"bell\x07/a.py": "", "bell\x07/b.py": "", "src/main.py": ""})
    assert run("init", str(git.path)).status == 0
    assert "bell" not in (git.path / "structlint.yaml").read_text()
