"""`structlint init`: what it writes and says, and what it leaves alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest
from conftest import Git, Make, Run

from structlint.cli import init
from structlint.suggest.bundled import fits_of
from structlint.tree.scan import scan

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
        # microservices is the bundled layout that this builds on: structlint layouts microservices

        extends: microservices
        """,
        """\
        wrote structlint.yaml
        microservices fits best: 14 of 14 required entries exist, 0 unlisted; next: monorepo 2 of 4
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
        # microservices is the bundled layout that this builds on: structlint layouts microservices

        extends: microservices

        tree:
          PLAN.md?:
          README.md?:
          notes.xyz?:
          billing-data/:
          services/ | src/ | apps/ | microservices/:
            <service>/:
              README.md?:
        """,
        """\
        wrote structlint.yaml
        microservices fits best: 8 of 14 required entries exist, 1 unlisted; next: monorepo 1 of 4
        needs your decision:
          old.orig: forbidden by the layout: what a merge has left behind [forbidden-path] -- remove it
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
        # microservices is the bundled layout that this builds on: structlint layouts microservices

        extends: microservices

        names:
          service: snake_case
        """,
        """\
        wrote structlint.yaml
        microservices fits best: 16 of 16 required entries exist, 0 unlisted; next: monorepo 2 of 4
        needs your decision:
          services/BigData/: `BigData` is not snake_case: One service, deployed by itself \
[bad-name] -- rename it to `services/big_data/`
        next: structlint check .
        """,
    ),
    "nothing fits": (
        {"README.md": "", ".gitignore": ".env\n", "x.zig": "", **{f"{part}/a.zig": "" for part in "pqrstu"}},
        """\
        # base is the bundled layout that this builds on: structlint layouts base

        extends: base

        tree:
          x.zig?:
          p/:
          q/:
          r/:
          s/:
          t/:
          u/:
        """,
        """\
        wrote structlint.yaml
        no bundled layout fits; the nearest is microservices: 2 of 3 required entries exist, 6 unlisted
        so this builds on base, which says what any repository may have
        to learn a layout from what is here, run: structlint init --infer
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


def test_the_example_of_the_page(project: Project, run: Run) -> None:
    git = project({**MICROSERVICES, "PLAN.md": "", "billing-data/a.csv": "", "old.orig": ""})
    assert f"```text\n{run('init').err}```\n" in PAGE
    assert f"```text\n{(git.path / 'structlint.yaml').read_text()}```\n" in PAGE


def test_what_was_learned(project: Project, run: Run) -> None:
    odd = {"services/odd/package.json": "", "services/odd/src/index.ts": "", "services/odd/README.md": ""}
    more = {path.replace("services/", "services/more-"): "" for path in SERVICES}
    git = project({**MICROSERVICES, **more, **odd, "tmp/x": ""})
    said = """\
        wrote structlint.yaml
        learned from 46 files
        skipped; not added to the layout: tmp/ (for a while only)
        needs your decision:
          services/odd/: no Dockerfile (10 of 11 services have one)
          tmp/: for a while only, so not in the layout
        next: structlint check .
        """
    layout = """\
        # Learned from the repository by `structlint init --infer`; now it is yours to refine.
        # A remark such as `19 of 21` says how many have what follows it.

        extends: base

        names:
          service: kebab-case

        tree:
          README.md:
          services/:
            <service>/:
              # 10 of 11
              Dockerfile:
              package.json:
              README.md:
              src/index.ts:
        """
    assert run("init", "--infer") == (0, "", dedent(said))
    assert (git.path / "structlint.yaml").read_text() == dedent(layout)
    assert f"```text\n{dedent(layout)}```\n" in PAGE
    assert f"```text\n{dedent(said)}```\n" in PAGE
    found = run("check", ".", "-q", "--output-format", "concise").out
    assert [line.partition(":")[0] for line in found.splitlines()] == ["services/odd/Dockerfile", "tmp/"]


def test_what_a_document_draws(project: Project, run: Run) -> None:
    git = project({"README.md": DOCUMENT, "services/cart/main.go": "", "services/mail/x.go": ""})
    status, out, err = run("init", "--from", "README.md")
    assert (status, out) == (0, "")
    assert err.splitlines()[0] == "wrote structlint.yaml"
    assert err.splitlines()[-1] == "next: structlint check ."
    written = (git.path / "structlint.yaml").read_text()
    assert written.startswith(
        "# From README.md, which `structlint init --from` has read;\n# this is now the layout"
    )
    drawn = run("check", ".", "--layout", "README.md", "--output-format", "json")
    checked = run("check", ".", "--output-format", "json")
    assert drawn.status == checked.status == 1
    assert '"services/mail/main.go"' in drawn.out
    assert '"services/mail/main.go"' in checked.out


def test_it_is_printed(project: Project, run: Run) -> None:
    git = project(MICROSERVICES)
    status, out, err = run("init", "-o", "-")
    assert (status, out.splitlines()[-1], err.count("\n")) == (0, "extends: microservices", 1)
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
    "a layout": (["init"], {"structlint.yaml": "tree:\n  a:\n"}, "`structlint.yaml` already exists"),
    "a hidden layout": (["init"], {".structlint.yaml": "tree:\n  a:\n"}, "`.structlint.yaml` already exists"),
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
    "two ways": (["init", "--infer", "--from", "README.md"], {}, "use one of them"),
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
    assert run("init", "-o", "-").out.splitlines()[-1] == "extends: microservices"
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
    assert run("init", "web", "--infer", "-o", "-").err == "learned from 3 files\n"


def test_verbose_says_what_was_read(project: Project, run: Run) -> None:
    project({"README.md": DOCUMENT})
    assert "\nREADME.md:" in "\n" + run("init", "--from", "README.md", "-o", "-", "-v").err
    assert "\nREADME.md:" not in "\n" + run("init", "--from", "README.md", "-o", "-").err


@pytest.mark.parametrize("files", [{}, {"README.md": ""}])
def test_too_little_to_learn_from(files: dict[str, str], project: Project, run: Run) -> None:
    git = project(files)
    status, out, err = run("init", "--infer")
    assert (status, out) == (2, "")
    assert "too little to learn a layout from" in err
    assert not (git.path / "structlint.yaml").exists()


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
    assert (git.path / "structlint.yaml").read_text().endswith("extends: microservices\n")
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
    assert "\n  odd/:\n" in run("init", "-o", "-").out
    assert "\n  odd/:\n" in run("init", "--infer", "-o", "-").out


def test_outliers_are_bounded(project: Project, run: Run) -> None:
    project({**MICROSERVICES, **{f"a{number}.orig": "" for number in range(30)}})
    told = run("init", "-o", "-").err.splitlines()
    assert told[-1] == "  and 10 more; list them with `structlint check`"
    assert len([line for line in told if line.startswith("  ")]) == 21


def test_the_same_tree_is_fitted_the_same(repository: Make) -> None:
    tree = scan(repository(MICROSERVICES).path)
    assert adapt("base", tree) == adapt("base", tree)
    assert [fit.name for fit in fits_of(tree)][:2] == ["microservices", "monorepo"]


def test_no_ports_of_many_systems(project: Project, run: Run) -> None:
    compose = "services:\n  {name}: {{image: x, ports: ['{port}:80']}}\n"
    ports = {"a": 80, "b": 80, "c": 80, "d": 8080}
    project({f"{name}/compose.yaml": compose.format(name=name, port=port) for name, port in ports.items()})
    ran = run("init", "-o", "-")
    assert "ports:" not in ran.out
    assert (
        "nothing is said of `ports`:\n"
        "  2 of 4 services are on the port of another: these are several systems, or variants of one\n"
    ) in ran.err
