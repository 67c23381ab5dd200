"""`structlint init`: what it writes and says, and what it leaves alone."""

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
    """Makes a repository of some files, and is in it."""

    def make(files: Mapping[str, str]) -> Git:
        git = repository(files)
        monkeypatch.chdir(git.path)
        return git

    return make


def names(git: Git) -> list[str]:
    return sorted(each.name for each in git.path.iterdir())


FITTED: dict[str, tuple[dict[str, str], str, str]] = {
    "all of it fits": (
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
          services/?:
            <service>/:
              Dockerfile:
              package.json:
              src/index.ts:
              "*/?":
          tests/?:
          # a new directory with code needs a page or a manifest
          <addition>/?:
            .:
              if: "**/*.ts"
              holds: "*.md | *.rst | **/package.json"
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
    "what is there besides, what is not, and what is trouble": (
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
            .:
              if: "**/*.ts"
              holds: "*.md | *.rst | **/package.json"
        """,
        """\
        wrote structlint.yaml
        It builds on
          node: services/auth/package.json, services/auth/src/index.ts
          microservices: services/auth/Dockerfile, services/auth/package.json
        skipped; not added to the layout: old.orig (left over from a merge)
        listed as optional; not in a bundled layout: billing-data/
        loosened:
          services/<service>/README.md: optional, as 5 of 5 lack it
        needs your decision:
          old.orig: forbidden by the layout: left over from a merge
          README.md: missing file: Purpose and first steps; expected `README.md`, `README.rst`, \
`README.adoc`, `README.txt` or one of 4 others
          notes.xyz: unlisted file
        checked: 11 of 12 directories; open: billing-data/
        next: structlint check .
        """,
    ),
    "a case of its own, and one that breaks it": (
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
    "nothing fits": (
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
        listed as optional; not in a bundled layout: p/, q/, r/, s/, t/, and 2 more
        checked: 0 of 6 directories; open: p/, q/, r/, s/, t/, and 1 more
        next: structlint check .
        """,
    ),
}


@pytest.mark.parametrize(("files", "layout", "said"), FITTED.values(), ids=FITTED)
def test_the_bundled_layout_that_fits_best(
    files: dict[str, str], layout: str, said: str, project: Project, run: Run
) -> None:
    git = project(files)
    assert run("init") == (0, "", dedent(said))
    assert (git.path / "structlint.yaml").read_text() == dedent(layout)
    left = "needs your decision" in said
    assert run("check", ".", "-q", "--output-format", "concise").status == left


ODD = {f"services/odd/{file}": "" for file in ("Dockerfile", "README.md", "src/index.ts")}
EXAMPLE = {**MICROSERVICES, **ODD, "billing-data/a.csv": "", "notes.txt": "", "old.orig": ""}


def test_the_example_of_the_page(project: Project, run: Run) -> None:
    git = project(EXAMPLE)
    assert f"```text\n{run('init').err}```\n" in PAGE
    assert f"```text\n{(git.path / 'structlint.yaml').read_text()}```\n" in PAGE
    found = run("check", ".", "-q", "--output-format", "concise").out
    assert [line.partition(":")[0] for line in found.splitlines()] == [
        "notes.txt",
        "old.orig",
        "services/odd/package.json",
    ]


def test_infer_is_what_init_does(project: Project, run: Run) -> None:
    project(EXAMPLE)
    status, out, err = run("init", "--infer", "-o", "-")
    assert (status, out) == (0, run("init", "-o", "-").out)
    assert err.startswith("note: --infer has no effect; `init` always learns from the repository\n")


def test_a_layout_is_forced(project: Project, run: Run) -> None:
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
@@ -18,6 +18,7 @@
       src/index.ts:
       "*/?":
   tests/?:
+  web/?:
   # a new directory with code needs a page or a manifest
   <addition>/?:
     .:
"""


def test_run_again_it_shows_what_changed(project: Project, run: Run) -> None:
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


def test_run_again_it_patches_a_layout_that_was_refined(project: Project, run: Run) -> None:
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


def test_run_again_in_a_project_that_extends_a_layout_above(project: Project, run: Run) -> None:
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


def test_run_again_what_does_not_fit_is_left(project: Project, run: Run) -> None:
    git = project({**EXAMPLE, "structlint.yaml": "tree: {README.md: }\n"})
    git("commit", "-qm", "layout")
    write(git.path, {"web/x.q": ""})
    status, out, err = run("init")
    assert (status, out) == (0, "")
    first, second, last = err.splitlines()
    assert first.endswith(" that do not apply to the current layout:")
    assert (second, last) == ("  +   web/?:", "`structlint.yaml` exists and was not changed; edit it by hand")


def test_many_findings_go_to_the_baseline(project: Project, run: Run) -> None:
    project({**EXAMPLE, **{f"{number}.orig": "" for number in range(12)}})
    last = run("init").err.splitlines()[-1]
    assert last == "next: structlint check . --update-baseline, which accepts these 15 findings"
    assert run("check", ".", "--update-baseline").status == 0
    assert run("check", ".", "-q").status == 0


def test_what_a_document_draws(project: Project, run: Run) -> None:
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


def test_it_is_printed(project: Project, run: Run) -> None:
    git = project(MICROSERVICES)
    status, out, err = run("init", "-o", "-")
    assert (status, out.splitlines()[-1], err.count("\n")) == (
        0,
        '      holds: "*.md | *.rst | **/package.json"',
        1,
    )
    assert names(git) == [".git", ".gitignore", "README.md", "services"]
    assert run("init", "-o", "-", "-q") == (0, out, "")


@pytest.mark.parametrize(
    ("arguments", "file", "following"),
    [
        (["init", "web"], "web/structlint.yaml", "web"),
        (["init", "web", "-o", "layout.yaml"], "layout.yaml", "web --config layout.yaml"),
        (["init", "-o", ".structlint.yaml"], ".structlint.yaml", "."),
    ],
)
def test_where_it_is_written(
    arguments: list[str], file: str, following: str, project: Project, run: Run
) -> None:
    git = project({**MICROSERVICES, "web/package.json": "", "web/src/a.ts": ""})
    status, out, err = run(*arguments)
    assert (status, out, err.splitlines()[0]) == (0, "", f"wrote {file}")
    assert err.splitlines()[-1] == f"next: structlint check {following}"
    assert (git.path / file).read_text().startswith("# ")
    assert run(*err.splitlines()[-1].split()[2:]).status in (0, 1)


def test_its_mode_is_that_of_a_new_file(project: Project, run: Run) -> None:
    git = project(MICROSERVICES)
    before = os.umask(0o027)
    try:
        assert run("init").status == 0
    finally:
        os.umask(before)
    assert (git.path / "structlint.yaml").stat().st_mode & 0o777 == 0o640


REFUSED: dict[str, tuple[list[str], dict[str, str], str]] = {
    "another file": (["init", "-o", "README.md"], {}, "`README.md` already exists"),
    "the other name": (
        ["init", "-o", ".structlint.yaml"],
        {"structlint.yaml": "x:"},
        "`structlint.yaml` already exists",
    ),
    "a directory": (["init", "-o", "services"], {}, "`services` already exists"),
    "no directory": (["init", "-o", "no/such/x.yaml"], {}, "cannot write `no/such/x.yaml`: No such file"),
    "no such path": (["init", "nowhere"], {}, "no such directory: `nowhere`"),
    "a file": (["init", "README.md"], {}, "`README.md` is a file"),
    "an empty path": (["init", ""], {}, 'no such directory: ""'),
    "two ways": (["init", "--bare", "--from", "README.md"], {}, "use one of them"),
    "no document": (["init", "--from", "x.yaml"], {}, "expected a name that ends in .md"),
    "no such document": (["init", "--from", "x.md"], {}, "no such file: `x.md`"),
    "no drawing": (["init", "--from", "README.md"], {}, "README.md:1:1: no drawn tree here"),
}


@pytest.mark.parametrize(("arguments", "more", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(
    arguments: list[str], more: dict[str, str], message: str, project: Project, run: Run
) -> None:
    git = project({**MICROSERVICES, **more})
    before = names(git)
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert names(git) == before
    assert all((git.path / path).read_text() == text for path, text in more.items())


def test_a_layout_that_is_there_can_be_compared(project: Project, run: Run) -> None:
    git = project({**MICROSERVICES, "structlint.yaml": "extends: base\n"})
    assert "\nextends: [node, microservices]\n" in run("init", "-o", "-").out
    assert "structlint.yaml" not in run("init", "--infer", "-o", "-").out.partition("tree:")[2]
    assert (git.path / "structlint.yaml").read_text() == "extends: base\n"


def test_where_there_is_nothing_nothing_fits(project: Project, run: Run) -> None:
    project({})
    status, _, err = run("init")
    assert (status, "structlint: no files found, so no layout can be chosen" in err) == (2, True)


@pytest.mark.parametrize("arguments", [["init"], ["init", "--infer"]])
@pytest.mark.parametrize("number", [19, 20, 30])
def test_the_layout_itself_is_counted(arguments: list[str], number: int, project: Project, run: Run) -> None:
    project({"README.md": "", ".gitignore": ".env\n", **{f"{at}.x": "" for at in range(number - 2)}})
    assert run(*arguments).status == 0
    assert run("check", ".", "--fail-level", "warning").status == 0


def test_what_git_ignores_above_is_ignored_here(project: Project, run: Run) -> None:
    project({".gitignore": ".env\n", "web/README.md": "", "web/package.json": "", "web/src/a.ts": ""})
    assert "\nchecked: 0 of 1 directory; open: src/\n" in run("init", "web", "-o", "-").err


def test_verbose_says_what_was_read(project: Project, run: Run) -> None:
    project({"README.md": DOCUMENT})
    assert "\nREADME.md:" in "\n" + run("init", "--from", "README.md", "-o", "-", "-v").err
    assert "\nREADME.md:" not in "\n" + run("init", "--from", "README.md", "-o", "-").err


def test_a_link_is_not_written_through(project: Project, run: Run, tmp_path: Path) -> None:
    git = project(MICROSERVICES)
    (git.path / "structlint.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert run("init").status == 2
    assert not (tmp_path / "elsewhere.yaml").exists()


def test_what_comes_meanwhile_is_not_replaced(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = project(MICROSERVICES)
    file = git.path / "structlint.yaml"
    real = init._learned
    monkeypatch.setattr(
        init, "_learned", lambda *told, **more: (file.write_text("mine"), real(*told, **more))[1]
    )
    status, _, err = run("init")
    assert (status, err) == (2, "structlint: cannot write `structlint.yaml`: File exists\n")
    assert file.read_text() == "mine"
    assert [name for name in names(git) if name.startswith(".structlint")] == []


def test_a_file_system_without_hard_links(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(*_: object, **more: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    git = project(MICROSERVICES)
    monkeypatch.setattr(os, "link", no_link)
    assert run("init").status == 0
    assert (git.path / "structlint.yaml").read_text().startswith("# Written by")
    assert [name for name in names(git) if name.startswith(".structlint")] == []


def test_a_layout_that_does_not_load_is_a_bug_and_no_file(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = project({"README.md": DOCUMENT})
    monkeypatch.setattr("structlint.yaml_nodes.writer.write", lambda *_: "tree: [\n")
    status, _, err = run("init", "--from", "README.md")
    assert status == 3
    assert "a bug in structlint" in err
    assert not (git.path / "structlint.yaml").exists()


def test_a_project_in_the_project_is_one_entry(project: Project, run: Run) -> None:
    project({**MICROSERVICES, "odd/structlint.yaml": "extends: base\n", "odd/a/b/c.q": "", "odd/d/e.q": ""})
    assert "\n  odd/?:\n" in run("init", "-o", "-").out


def test_outliers_are_bounded(project: Project, run: Run) -> None:
    project({**MICROSERVICES, **{f"a{number}.orig": "" for number in range(30)}})
    told = run("init", "-o", "-").err.splitlines()
    assert told[-2] == "  and 10 more; list them with `structlint check`"
    assert len([line for line in told if line.startswith("  ")]) == 21


def test_no_ports_of_many_systems(project: Project, run: Run) -> None:
    compose = "services:\n  {name}: {{image: x, ports: ['{port}:80']}}\n"
    ports = {"a": 80, "b": 80, "c": 80, "d": 8080}
    project({f"{name}/compose.yaml": compose.format(name=name, port=port) for name, port in ports.items()})
    ran = run("init", "-o", "-")
    assert "ports:" not in ran.out
    assert (
        "`ports` left out:\n"
        "  2 of 4 services share a port with another: these are several systems, or variants of one\n"
    ) in ran.err
