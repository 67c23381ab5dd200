"""`structlint new` and `structlint where`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Git, Make, Run

LAYOUT = """\
names: {service: kebab-case, module: snake_case, env: [dev, prod]}
tree:
  README.md: Start here
  .gitignore:
  docs/:
  services/:
    template/?: {src/: , Dockerfile: }
    <service>/:
      .: One deployable service
      src/: {<module>.py: A module}
      tests/?: {test_<module>.py: }
      README.md: What it does
  k8s/?:
    <service>.yaml: Every service is deployed
  infra/?: {<env>.tf: }
belongs: {"*.ipynb": docs/}
forbid: {"*.orig": merge leftovers}
local: [.env]
ports:
  <service>: 8001-8003
  other: 8001  # taken
"""
FILES = {
    "structlint.yaml": LAYOUT,
    "README.md": "",
    ".gitignore": ".env\ndist/\n",
    "docs/a.md": "",
    "services/billing/src/invoice.py": "",
    "services/billing/README.md": "",
    "services/template/src/app.py": "print()\n",
    "services/template/Dockerfile": "FROM scratch\n",
    "k8s/billing.yaml": "",
}


@pytest.fixture
def shop(repository: Make, monkeypatch: pytest.MonkeyPatch) -> Git:
    git = repository(FILES)
    git("commit", "-q", "-m", "x")
    monkeypatch.chdir(git.path)
    return git


def test_another_file_is_not_suggested(repository: Make, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    layout = "tree:\n  core/:\n    .: {unlisted: forbid}\n    x.py:\n    z.md:\n"
    monkeypatch.chdir(repository({"structlint.yaml": layout, "core/x.py": ""}).path)
    assert "use" not in run("where", "core/y.py").out
    assert "use `core/x.py`" in run("where", "core/X.py").out
    assert "use `core/z.md`" in run("where", "core/y.md").out


CREATED = """\
create  services/mail/Dockerfile
create  services/mail/src/app.py
create  k8s/mail.yaml
create  services/mail/README.md
rewrite structlint.yaml
"""


def test_new_service(shop: Git, run: Run) -> None:
    status, out, err = run("new", "service", "mail", "--diff")
    assert (status, "".join(f"{line}\n" for line in out.splitlines() if line[0] != " "), err) == (
        0,
        CREATED,
        "",
    )
    assert "create  services/mail/README.md\n        +# Mail\n        +\n        +What it does\n" in out
    assert not (shop.path / "services/mail").exists()
    message = "created service `mail`; undo with `structlint fix --undo`\n"
    assert run("new", "service", "mail") == (0, CREATED, message)
    assert (shop.path / "services/mail/src/app.py").read_text() == "print()\n"
    assert (shop.path / "services/mail/README.md").read_text() == "# Mail\n\nWhat it does\n"
    text = (shop.path / "structlint.yaml").read_text()
    assert text == LAYOUT + "  mail: 8002\n"
    assert run("check", "-q") == (0, "", "")
    assert run("fix", "--undo").status == 0
    assert shop("status", "--short") == ""


def test_new_module_in_an_existing_service(shop: Git, run: Run) -> None:
    out = run("new", "<module>", "tax_rate").out
    assert out == "create  services/billing/src/tax_rate.py\n"
    assert (shop.path / "services/billing/src/tax_rate.py").read_text() == '"""A module"""\n'
    run("new", "service", "mail")
    assert run("new", "module", "queue").err == (
        "structlint: `<service>` is ambiguous: its values are billing, mail; give it with --with "
        "service=VALUE\n"
    )
    assert run("new", "module", "queue", "--with", "service=mail").out.startswith(
        "create  services/mail/src/queue.py\n"
    )


def test_new_does_not_fix_existing_findings(shop: Git, run: Run) -> None:
    (shop.path / "docs/a.md").unlink()
    (shop.path / "README.md").unlink()
    assert run("new", "service", "mail").out == CREATED


NEW_DIRECTORIES = {
    "no common file": ("<s>/: ", "svc/a/x svc/b/y", ["svc/c/.gitkeep"]),
    "a common file": ("<s>/: ", "svc/a/x svc/b/x", ["svc/c/x"]),
    "a single directory": ("<s>/: ", "svc/a/x", ["svc/c/.gitkeep"]),
    "a required and a common file": ("<s>/: {main.py: }", "svc/a/a svc/a/main.py", ["svc/c/main.py"]),
    "the most common alternative": ("<s>/: {go.mod | setup.py: }", "svc/a/setup.py", ["svc/c/setup.py"]),
}


@pytest.mark.parametrize(("entry", "files", "created"), NEW_DIRECTORIES.values(), ids=NEW_DIRECTORIES)
def test_files_of_a_new_directory(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch, entry: str, files: str, created: list[str]
) -> None:
    git = repository({"structlint.yaml": f"tree: {{svc/: {{{entry}}}}}", **dict.fromkeys(files.split(), "")})
    monkeypatch.chdir(git.path)
    out = run("new", "s", "c").out
    assert sorted(line.split()[-1] for line in out.splitlines()) == created


REFUSED = [
    (("service", "Mail"), "`Mail` is not kebab-case; use `mail`"),
    (("service", "*"), "`*` is not kebab-case; use a name with letters"),
    (("service", "userAccounts"), "`userAccounts` is not kebab-case; use `user-accounts`"),
    (("service", "billing"), "`services/billing/` already exists"),
    (("service", "a/b"), "`a/b` is not a valid name of a file or directory"),
    (("servce", "mail"), "unknown placeholder `<servce>` in `structlint.yaml`; did you mean `service`?"),
    (("env", "test"), "structlint.yaml:1 lists the values of `<env>`; add `test` there"),
    (("module", "x", "--with", "service"), "--with `service`: expected NAME=VALUE, such as service=billing"),
    (
        ("module", "x", "--with", "servce=billing"),
        "--with: unknown placeholder `<servce>`; did you mean `service`?",
    ),
    (
        ("module", "x", "--with", "service=none"),
        "--with `service=none`: unknown service; expected one of billing",
    ),
]


@pytest.mark.parametrize(
    ("arguments", "message"), REFUSED, ids=[" ".join(arguments) for arguments, _ in REFUSED]
)
def test_new_with_invalid_arguments(shop: Git, run: Run, arguments: tuple[str, ...], message: str) -> None:
    result = run("new", *arguments)
    assert (result.status, result.out, result.err) == (2, "", f"structlint: {message}\n")
    assert shop("status", "--short") == ""


def test_new_without_a_free_port(shop: Git, run: Run) -> None:
    run("new", "service", "mail")
    run("new", "service", "queue")
    message = "no port in 8001-8003 is free (structlint.yaml:20)"
    assert run("new", "service", "tax").err == f"structlint: {message}\n"
    assert not (shop.path / "services/tax").exists()


def test_new_keeps_the_executable_bit_and_skips_symlinks(shop: Git, run: Run) -> None:
    script = shop.path / "services/template/run.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    (shop.path / "services/template/l").symlink_to("run.sh")
    result = run("new", "service", "mail")
    assert (shop.path / "services/mail/run.sh").stat().st_mode & 0o111
    assert (shop.path / "services/mail/Dockerfile").stat().st_mode & 0o111 == 0
    assert "not copied: services/template/l is a symbolic link\n" in result.err


def test_new_does_not_write_a_layout_outside_the_project(shop: Git, run: Run, tmp_path: Path) -> None:
    (tmp_path / "far.yaml").write_text(LAYOUT)
    before = (shop.path / "structlint.yaml").read_text()
    result = run("new", "service", "mail", "--config", str(tmp_path / "far.yaml"))
    assert result.status == 0
    assert "`ports` is not in a file of this project: add `mail: 8002` to " in result.err
    assert (shop.path / "structlint.yaml").read_text() == before


# --- `where`

WHERE = [
    ("README.md", "allowed by `README.md` (structlint.yaml:3): Start here"),
    ("docs/", "allowed by `docs/` (structlint.yaml:5)"),
    ("docs/deep/er/x.md", "allowed by `docs/` (structlint.yaml:5)"),
    (
        "services/billing/src/tax.py",
        "allowed by `services/<service>/src/<module>.py` (structlint.yaml:10): A module",
    ),
    (
        "services/new/README.md",
        "allowed by `services/<service>/README.md` (structlint.yaml:12): What it does",
    ),
    (
        "services/billing/tests/test_invoice.py",
        "allowed by `services/<service>/tests/test_<module>.py` (structlint.yaml:11)",
    ),
    ("k8s/billing.yaml", "allowed by `k8s/<service>.yaml` (structlint.yaml:14): Every service is deployed"),
    ("infra/dev.tf", "allowed by `infra/<env>.tf` (structlint.yaml:15)"),
    ("structlint.yaml", "allowed; a file of structlint"),
    (".env", "allowed; git ignores it"),
    ("dist/x/y.js", "allowed; git ignores it"),
    (
        "notes.txt",
        "not allowed; unlisted file (structlint.yaml:2) [stray-file]; write it elsewhere, or list it "
        "in the layout",
    ),
    ("readme.md", "not allowed; unlisted file (structlint.yaml:2) [stray-file]; use `README.md`"),
    (
        "Dockerfile",
        "not allowed; unlisted file (structlint.yaml:2) [stray-file]; use `services/template/Dockerfile`",
    ),
    (
        "services/userMail/src/x.py",
        "not allowed; `userMail` is not kebab-case at `services/userMail/`: One deployable service "
        "(structlint.yaml:8) [bad-name]; "
        "use `services/user-mail/src/x.py`",
    ),
    (
        "services/billing/test/x.py",
        "not allowed; unlisted directory at `services/billing/test/` (structlint.yaml:8) [stray-directory]; "
        "use `services/billing/src/x.py`",
    ),
    (
        "services/billing/tests/test_nothing.py",
        "not allowed; orphan; its counterpart `services/billing/src/nothing.py` does not exist "
        "(structlint.yaml:11) [orphan]; "
        "first create `services/billing/src/nothing.py`",
    ),
    (
        "k8s/ghost.yaml",
        "not allowed; orphan: Every service is deployed; its counterpart `services/ghost/` does not exist "
        "(structlint.yaml:14) "
        "[orphan]; "
        "first create `services/ghost/`",
    ),
    ("infra/test.tf", "allowed by `infra/` (structlint.yaml:15)"),
    (
        "services/billing/src/x.ipynb",
        "not allowed; misplaced file; `*.ipynb` belongs in `docs/` (structlint.yaml:16) [misplaced-file]; "
        "use `docs/x.ipynb`",
    ),
    (
        "docs/x.orig",
        "not allowed; forbidden by the layout: merge leftovers (structlint.yaml:17) [forbidden-path]; do not "
        "create it",
    ),
]


@pytest.mark.parametrize(("path", "message"), WHERE, ids=[path for path, _ in WHERE])
def test_where(shop: Git, run: Run, path: str, message: str) -> None:
    status, out, err = run("where", path)
    assert (out, err) == (f"{path}: {message}\n", "")
    assert status == int(message.startswith("no"))


def test_where_agrees_with_check_of_the_created_path(shop: Git, run: Run) -> None:
    for path, message in WHERE:
        if path.endswith("/") or path in FILES or "ignores" in message or "own" in message:
            continue
        place = shop.path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        existed = place.exists()
        place.touch()
        found = json.loads(run("check", "--output-format", "json", "--ignore", "missing-*").out)["findings"]
        concerns = [each for each in found if f"{path}/".startswith(each["path"].rstrip("/") + "/")]
        assert bool(concerns) == message.startswith("no"), (path, concerns)
        if not existed:
            place.unlink()
            for above in place.parents:
                if above != shop.path and not any(above.iterdir()):
                    above.rmdir()


def test_where_as_json(shop: Git, run: Run) -> None:
    answers = json.loads(run("where", "notes.txt", "README.md", "--output-format", "json").out)["paths"]
    assert answers[0]["allowed"] is False
    assert answers[0]["rule"] == "stray-file"
    assert answers[1] == {
        "path": "README.md",
        "allowed": True,
        "entry": "README.md",
        "asked": {"file": "structlint.yaml", "line": 3},
        "about": "Start here",
        "rule": None,
        "message": None,
        "hint": None,
        "belongs": [],
        "besides": None,
        "provided": None,
        "because": None,
    }


def test_where_hint_for_an_existing_path(shop: Git, run: Run) -> None:
    """Only an existing path can be moved or removed."""
    (shop.path / "notes.txt").touch()
    assert run("where", "notes.txt").out == (
        "notes.txt: not allowed; unlisted file (structlint.yaml:2) [stray-file]; "
        "move it, remove it, or list it in the layout\n"
    )


def test_where_beyond_a_limit(shop: Git, run: Run) -> None:
    (shop.path / "structlint.yaml").write_text("tree: {docs/: }\nlimits: {depth: 2}\n")
    assert run("where", "docs/a/b/").out.endswith("[too-deep]; create it further up\n")


def test_where_reports_errors_before_warnings(shop: Git, run: Run) -> None:
    (shop.path / "structlint.yaml").write_text(
        "tree: {docs/: }\nlimits: {path-length: 12}\nseverity: {stray-directory: warning}\n"
    )
    assert "[long-path]" in run("where", "src/long_enough.py").out


def test_where_as_json_of_hostile_names(shop: Git, run: Run) -> None:
    """Different names stay different, and no name is a workflow command."""
    names = [r"\xff", "\udcff", "##[error]x"]
    out = run("where", *names, "--output-format", "json").out
    printed = [each["path"] for each in json.loads(out)["paths"]]
    assert printed == [r"\xff", r'"\xff"', "##[error]x"]
    assert "##[" not in out


def test_where_with_relative_and_absolute_paths(shop: Git, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop.path / "services")
    assert run("where", "../notes.txt").out.startswith("notes.txt: not allowed; unlisted file")
    assert run("where", str(shop.path / "README.md")).out.startswith("README.md: allowed")
    assert run("where", "nowhere/yet/x.py").out.startswith(
        "services/nowhere/yet/x.py: not allowed; unlisted directory"
    )


@pytest.mark.parametrize("path", [".git", "docs/.GIT/"])
def test_where_rejects_what_belongs_to_git(shop: Git, run: Run, path: str) -> None:
    error = f"structlint: `{path}` belongs to git, so no layout applies to it\n"
    assert run("where", path) == (2, "", error)


def test_where_in_a_nested_project(shop: Git, run: Run) -> None:
    (shop.path / "docs/structlint.yaml").write_text("tree: {a.md: }\n")
    assert run("where", "docs/b.md").out.startswith(
        "docs/b.md: not allowed; unlisted file (docs/structlint.yaml:1)"
    )


def test_where_without_a_layout(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("where", "x")
    assert result.status == 2
    assert "no structlint.yaml found for" in result.err
    assert run("where", "x", "--layout", "python-service").status in (0, 1)


@pytest.mark.parametrize("path", ["", "..", ".", "/"])
def test_where_with_an_invalid_path(shop: Git, run: Run, path: str) -> None:
    assert run("where", path).status == 2


def test_where_prints_paths_from_the_repository_root(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = "tree: {src/: {<m>.py: }, tests/: {test_<m>.py: }}"
    git = repository({"structlint.yaml": "about: x", "svc/billing/structlint.yaml": layout})
    monkeypatch.chdir(git.path)
    assert "first create `svc/billing/src/b.py`" in run("where", "svc/billing/tests/test_b.py").out


# --- Membership by content

BY_CONTENT = {
    "structlint.yaml": """\
tree:
  <service>/?:
    .: {about: A service, if: Dockerfile | go.mod | "*.csproj"}
    README.md:
  src/?:
    <group>/?:
      <service>/?:
        .: {if: "**/pom.xml"}
      lib/?:
  k8s/?:
    <service>.yaml:
""".replace(' | "*.csproj"', " | *.csproj"),
    "billing/go.mod": "",
    "billing/README.md": "",
    "mail/go.mod": "",
    "mail/Dockerfile": "",
    "mail/README.md": "",
    "tools/run.sh": "",
    "src/money/ledger/app/pom.xml": "",
    "src/money/notes/todo.txt": "",
    "k8s/billing.yaml": "",
    "k8s/mail.yaml": "",
    "k8s/ledger.yaml": "",
}
NOT_A_SERVICE = "; not a `<service>/`, because it does not contain"
WHERE_BY_CONTENT = [
    ("billing/", "allowed by `<service>/` (structlint.yaml:2): A service; it contains `go.mod`"),
    (
        "billing/main.go",
        "allowed by `<service>/` (structlint.yaml:2): A service; `billing/` contains `go.mod`",
    ),
    (
        "search/",
        "allowed by `<service>/` (structlint.yaml:2), "
        "if it contains `Dockerfile`, `go.mod` or `*.csproj`: A service",
    ),
    (
        "search/main.go",
        "allowed by `<service>/` (structlint.yaml:2), "
        "if `search/` contains `Dockerfile`, `go.mod` or `*.csproj`: A service",
    ),
    ("search/go.mod", "allowed by `<service>/` (structlint.yaml:2): A service; `search/` contains `go.mod`"),
    (
        "tools/",
        f"not allowed; unlisted directory{NOT_A_SERVICE} `Dockerfile`, `go.mod` or `*.csproj` "
        "(structlint.yaml:1) [stray-directory]; move it, remove it, or list it in the layout",
    ),
    (
        "src/money/ledger/x",
        "allowed by `src/<group>/<service>/` (structlint.yaml:7); `src/money/ledger/` contains `**/pom.xml`",
    ),
    (
        "src/money/notes/todo.txt",
        f"not allowed; unlisted directory at `src/money/notes/`{NOT_A_SERVICE} `**/pom.xml` "
        "(structlint.yaml:6) [stray-directory]; "
        "move it, remove it, or list it in the layout",
    ),
    ("k8s/ledger.yaml", "allowed by `k8s/<service>.yaml` (structlint.yaml:11)"),
    (
        "k8s/tools.yaml",
        "not allowed; orphan; its counterpart `tools/` does not contain `Dockerfile`, `go.mod` or `*.csproj` "
        "(structlint.yaml:11) [orphan]; first add `Dockerfile`, `go.mod` or `*.csproj` "
        "to `tools/`",
    ),
]


@pytest.mark.parametrize(("path", "message"), WHERE_BY_CONTENT, ids=[path for path, _ in WHERE_BY_CONTENT])
def test_where_by_content(
    path: str, message: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository(BY_CONTENT).path)
    assert run("where", path).out == f"{path}: {message}\n"


def test_new_creates_the_most_common_file_of_an_if(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository(BY_CONTENT).path)
    assert run("new", "service", "search").out == (
        "create  search/go.mod\ncreate  k8s/search.yaml\ncreate  search/README.md\n"
    )
    remaining = [line.split(":")[0] for line in run("check", "--output-format", "concise").out.splitlines()]
    assert remaining == ["src/money/notes/", "tools/"]


def test_fix_does_not_create_files_of_an_if(
    repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = "tree:\n  app/: {.: {if: manage.py}}\n  <service>/:\n    .: {if: Dockerfile}\n  docs/:\n"
    git = repository({"structlint.yaml": layout, "app/x": "", "y/z": ""})
    monkeypatch.chdir(git.path)
    assert run("fix").out == "create  docs/.gitkeep\n"


# --- Mirrors

MIRROR = {
    "structlint.yaml": (
        "tree:\n  src/: {<dir**>/: {<module>.py?: }}\n  tests/: {<dir**>/: {test_<module>.py: }}\n"
    ),
    "src/a/x.py": "",
    "tests/a/test_x.py": "",
}
WHERE_IN_A_MIRROR = [
    ("src/a/new.py", "allowed by `src/<dir**>/<module>.py` (structlint.yaml:2)"),
    ("src/new/deep/y.py", "allowed by `src/<dir**>/<dir**>/<module>.py` (structlint.yaml:2)"),
    ("tests/a/test_x.py", "allowed by `tests/<dir**>/test_<module>.py` (structlint.yaml:3)"),
    (
        "tests/a/test_y.py",
        "not allowed; orphan; its counterpart `src/a/y.py` does not exist (structlint.yaml:3) [orphan]; "
        "first create `src/a/y.py`",
    ),
    (
        "tests/b/test_x.py",
        "not allowed; unlisted directory at `tests/b/` (structlint.yaml:3) [stray-directory]; "
        "write it elsewhere, or list it in the layout",
    ),
]


@pytest.mark.parametrize(("path", "message"), WHERE_IN_A_MIRROR, ids=[path for path, _ in WHERE_IN_A_MIRROR])
def test_where_in_a_mirror(
    path: str, message: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository(MIRROR).path)
    assert run("where", path).out == f"{path}: {message}\n"


def test_new_in_a_mirror(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository(MIRROR).path)
    created = run("new", "module", "y", "--with", "dir=a/b").out
    assert created == "create  src/a/b/y.py\ncreate  tests/a/b/test_y.py\n"
    assert run("new", "module", "z").out == "create  src/z.py\ncreate  tests/test_z.py\n"
    assert run("check").status == 0


def test_new_takes_the_next_number(repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = (
        "names: {n: {unique: true, consecutive: true}}\n"
        "tree: {migrations/: {<n>_<what>.up.sql: , <n>_<what>.down.sql: }}\n"
    )
    files = {f"migrations/{name}.{way}.sql": "" for name in ("008_a", "009_b") for way in ("up", "down")}
    monkeypatch.chdir(repository({"structlint.yaml": layout, **files}).path)
    assert run("new", "what", "users").out == (
        "create  migrations/010_users.up.sql\ncreate  migrations/010_users.down.sql\n"
    )
    assert run("check").status == 0


@pytest.mark.parametrize(
    ("path", "homes"),
    [
        ("src/.foo.yaml", []),
        ("src/Big_Name.yaml", []),
        ("src/My_Book.ipynb", ["notebooks/my-book.ipynb"]),
    ],
)
def test_where_suggests_only_allowed_places(
    path: str, homes: list[str], repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = (
        "names: {s: kebab-case, n: kebab-case}\n"
        "tree:\n"
        '  src/: {.: {unlisted: forbid}, "*.py": , <s>/?: }\n'
        "  k/?: {.: {unlisted: forbid}, <s>.yaml?: }\n"
        "  notebooks/: {.: {unlisted: forbid}, <n>.ipynb?: }\n"
        'belongs: {"*.ipynb": notebooks/}\n'
    )
    git = repository({"structlint.yaml": layout, "src/a.py": "", "notebooks/a.ipynb": ""})
    monkeypatch.chdir(git.path)
    (report,) = json.loads(run("where", path, "--output-format", "json").out)["paths"]
    assert report["belongs"] == homes


OUTER = """\
tree: {src/: {old/: false, "*?": }, d/: {p/: , q/?: {old/: false, "*?": }}}
forbid: {"*.tmp": no, "/d/q/*.bak": }
exclude: [/skipped/]
"""
NESTED = {  # each path, and where the finding comes from
    "src/old/z": "structlint.yaml",
    "src/old/sub/z": "structlint.yaml",
    "src/extra/z": "structlint.yaml",  # an unlisted directory
    "d/p/ok": "",
    "d/p/bad": "d/p/structlint.yaml",
    "d/p/x.tmp": "structlint.yaml",
    "d/p/inner/x.tmp": "structlint.yaml",
    "d/p/inner/x.log": "d/p/structlint.yaml",
    "d/p/inner/y": "",
    "d/q/x.bak": "structlint.yaml",
    "d/q/old/x": "",  # the tree of an outer layout does not apply in a nested project
    "skipped/x.tmp": "",
}


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize(("path", "file"), NESTED.items(), ids=list(NESTED))
def test_enclosing_projects(
    path: str, file: str, exists: bool, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = 'tree: {"*?": , "*/?": }\n'
    files = {
        "structlint.yaml": OUTER,
        "src/old/structlint.yaml": everything,
        "src/extra/structlint.yaml": everything,
        "d/p/structlint.yaml": 'tree: {ok?: , x.tmp?: , inner/?: }\nforbid: {"*.log": }\n',
        "d/p/inner/structlint.yaml": everything,
        "d/q/structlint.yaml": everything,
        "skipped/structlint.yaml": everything,
    }
    git = repository({**files, **({path: ""} if exists else {})})
    monkeypatch.chdir(git.path)
    (answer,) = json.loads(run("where", path, "--output-format=json").out)["paths"]
    assert answer["path"] == path
    assert (answer["asked"]["file"] if not answer["allowed"] else "") == file
    if exists:
        found = json.loads(run("check", "--output-format=json").out)["findings"]
        places = [one["path"] for one in found if one["severity"] == "error"]
        reported = any(path == one or (one.endswith("/") and path.startswith(one)) for one in places)
        assert reported is not answer["allowed"]


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    ("target", "allowed"), [("..", False), ("gone", False), ("README.md", False), ("docs", True)]
)
def test_where_treats_links_as_check_does(
    target: str, allowed: bool, slash: str, repository: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"README.md": "", "docs/a.md": "", "structlint.yaml": "tree: {README.md: , docs/: , e/?: }"}
    git = repository(files)
    (git.path / "e").symlink_to(target)
    git("add", "e")
    monkeypatch.chdir(git.path)
    assert run("check").status == int(not allowed)
    assert run("where", f"e{slash}").status == int(not allowed)
